//! Exports of `WordPress` (WXR): a feed whose items are pages, with their comments.

use super::disqus::{Step, Xml};
use super::moment::read_time;
use super::{FileProblem, ForeignComment, ForeignState, Found, TextInput, plain_email, plain_name, plain_text};
use crate::domain::text::clean_line;
use crate::domain::time::Instant;

/// The pages of an export and their comments.
pub(super) struct Items {
    xml: Xml,
    item: Item,
    comment: Comment,
}

/// What is known so far of the page that is being read; in this format all of it is before the comments.
#[derive(Default)]
struct Item {
    link: String,
    guid: String,
    id: String,
    name: String,
}

/// The comment that is being read.
#[derive(Default)]
struct Comment {
    line: u64,
    id: String,
    parent: String,
    author: String,
    email: String,
    sent: String,
    sent_there: String,
    text: String,
    approved: String,
    kind: String,
}

fn wanted(open: &[&str]) -> bool {
    matches!(
        open,
        [_, "channel", "item", "link" | "guid" | "post_id" | "post_name"] | [_, "channel", "item", "comment", _]
    )
}

impl Items {
    pub fn new(input: TextInput) -> Self {
        Self { xml: Xml::new(input, wanted), item: Item::default(), comment: Comment::default() }
    }

    pub fn next(&mut self) -> Result<Option<Found>, FileProblem> {
        while let Some((open, step)) = self.xml.next("rss")? {
            let open: Vec<&str> = open.iter().map(String::as_str).collect();
            match (open.as_slice(), step) {
                ([_, _, "item"], Step::Open(_)) => self.item = Item::default(),
                ([_, _, "item", "comment"], Step::Open(_)) => {
                    self.comment = Comment { line: self.xml.line(), ..Comment::default() };
                }
                ([_, _, "item", "comment"], Step::Close(_)) => {
                    let comment = std::mem::take(&mut self.comment);
                    // Others are the signs of other sites and the notes of shops.
                    if matches!(comment.kind.trim(), "" | "comment") {
                        return comment.read(self.item.page()).map(Some);
                    }
                }
                ([_, _, "item", "comment", field], Step::Close(Some(text))) => self.comment.set(field, text),
                ([_, _, "item", field], Step::Close(Some(text))) => self.item.set(field, &text),
                _ => {}
            }
        }
        Ok(None)
    }
}

impl Item {
    fn set(&mut self, field: &str, text: &str) {
        match field {
            "link" => self.link = clean_line(text),
            "guid" => self.guid = clean_line(text),
            "post_id" => self.id = clean_line(text),
            "post_name" => self.name = clean_line(text),
            _ => {}
        }
    }

    fn page(&self) -> String {
        let known = [&self.link, &self.name, &self.guid].into_iter().find(|page| !page.is_empty());
        known.map_or_else(|| format!("item {}", self.id), Clone::clone)
    }
}

impl Comment {
    fn set(&mut self, field: &str, text: String) {
        match field {
            "comment_id" => self.id = clean_line(&text),
            "comment_parent" => self.parent = clean_line(&text),
            "comment_author" => self.author = text,
            "comment_author_email" => self.email = text,
            "comment_date_gmt" => self.sent = text,
            "comment_date" => self.sent_there = text,
            "comment_content" => self.text = text,
            "comment_approved" => self.approved = text,
            "comment_type" => self.kind = text,
            _ => {}
        }
    }

    fn read(self, page: String) -> Result<Found, FileProblem> {
        let problem = |why: String| FileProblem::at(self.line, format!("comment {}: {why}", self.id));
        let sent = self.sent().ok_or_else(|| problem("there is no time of the form 2021-06-01 08:00:00".into()))?;
        let state = match self.approved.trim() {
            "1" | "approve" => ForeignState::Published,
            "0" | "hold" => ForeignState::Waiting,
            "spam" => ForeignState::Rejected,
            "trash" | "post-trashed" => ForeignState::Deleted,
            other => {
                let other: String = other.chars().take(20).collect();
                return Err(problem(format!("comment_approved is \"{other}\", none of 1, 0, spam, trash")));
            }
        };
        let comment = ForeignComment {
            parent: Some(self.parent).filter(|parent| !matches!(parent.as_str(), "" | "0")),
            page,
            author: plain_name(&self.author),
            email: plain_email(&self.email),
            text: plain_text(&self.text, true),
            sent,
            edited: None,
            state,
            agreed: 0,
            id: self.id,
        };
        Ok(Found { comment, line: Some(self.line) })
    }

    /// When it was sent. Some have only the time of the site's own clock, which for a site in Vietnam is this.
    fn sent(&self) -> Option<Instant> {
        read_time(&self.sent).or_else(|| read_time(&self.sent_there).map(|there| there.plus_ms(-7 * 60 * 60 * 1000)))
    }
}
