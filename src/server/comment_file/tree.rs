//! Who replies to whom in a file of another system.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::{COMMENT, FileProblem, ForeignComment, ForeignState, Found, MOST_COMMENTS, MOST_HELD, MOST_ID};

/// Who replies to whom.
#[derive(Default)]
pub(super) struct Tree {
    /// The numbers of the identifiers, in the order in which they are first named.
    numbers: HashMap<Box<str>, usize>,
    pub nodes: Vec<Node>,
    /// How many comments the file has.
    count: usize,
    pages: RandomState,
}

/// What is known of an identifier.
#[derive(Default)]
pub(super) struct Node {
    /// Its place in the file, if it is that of a comment and not only named as a parent.
    pub place: Option<usize>,
    line: Option<u64>,
    /// A hash of its page.
    page: u64,
    pub parent: Option<usize>,
    /// Its bytes.
    size: usize,
    /// Whether it is to be given.
    pub kept: bool,
    given: bool,
}

impl Tree {
    pub fn find(&self, id: &str) -> Option<usize> {
        self.numbers.get(id).copied()
    }

    pub fn is_given(&self, number: usize) -> bool {
        self.nodes.get(number).is_some_and(|node| node.given)
    }

    pub fn give(&mut self, number: usize) {
        if let Some(node) = self.nodes.get_mut(number) {
            node.given = true;
        }
    }

    fn number(&mut self, id: &str) -> usize {
        if let Some(number) = self.find(id) {
            return number;
        }
        self.numbers.insert(id.into(), self.nodes.len());
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    pub fn add(&mut self, Found { comment, line }: &Found) -> Result<(), FileProblem> {
        let ForeignComment { id, parent, author, text, .. } = comment;
        if id.is_empty() {
            return Err(FileProblem::at(*line, "the comment has no identifier"));
        }
        if id.len() > MOST_ID || parent.as_ref().is_some_and(|parent| parent.len() > MOST_ID) {
            return Err(FileProblem::at(*line, format!("an identifier of the comment has more than {MOST_ID} bytes")));
        }
        if self.count == MOST_COMMENTS {
            return Err(FileProblem::at(*line, format!("the file has more than {MOST_COMMENTS} comments")));
        }
        let number = self.number(id);
        let parent = parent.as_ref().map(|parent| self.number(parent));
        let page = self.pages.hash_one(&comment.page);
        let node = self.nodes.get_mut(number).filter(|node| node.place.is_none());
        let Some(node) = node else {
            return Err(FileProblem::at(*line, format!("comment {id} is in the file twice")));
        };
        *node = Node {
            place: Some(self.count),
            line: *line,
            page,
            parent,
            size: COMMENT + id.len() + comment.page.len() + author.len() + text.len(),
            kept: comment.state != ForeignState::Deleted,
            given: false,
        };
        self.count += 1;
        Ok(())
    }

    /// Forgets parents that the page has not, leaves out deleted comments without replies, and refuses circles.
    pub fn check(&mut self) -> Result<(), FileProblem> {
        let known: Vec<_> = self.nodes.iter().map(|node| node.place.map(|_| node.page)).collect();
        let mut replies = vec![0_usize; known.len()];
        for node in &mut self.nodes {
            node.parent = node.parent.filter(|parent| known.get(*parent) == Some(&Some(node.page)));
            if let Some(replies) = node.parent.and_then(|parent| replies.get_mut(parent)) {
                *replies += 1;
            }
        }
        // From the last replies back to what begins a thread: who is in a circle is never come to.
        let mut order: Vec<usize> = (0..known.len()).filter(|number| replies.get(*number) == Some(&0)).collect();
        let mut next = 0;
        while let Some(number) = order.get(next) {
            next += 1;
            let Some((parent, kept)) = self.nodes.get(*number).map(|node| (node.parent, node.kept)) else { continue };
            let Some((parent, replies)) = parent.and_then(|parent| Some((parent, replies.get_mut(parent)?))) else {
                continue;
            };
            *replies -= 1;
            if *replies == 0 {
                order.push(parent);
            }
            if let Some(parent) = self.nodes.get_mut(parent) {
                parent.kept |= kept;
            }
        }
        if order.len() < self.nodes.len() {
            return Err(self.circle(&replies));
        }
        self.check_order(&order)
    }

    /// Names the first comment that other comments of a circle reply to.
    fn circle(&self, replies: &[usize]) -> FileProblem {
        let open = |number: &usize| replies.get(*number).is_some_and(|replies| *replies > 0);
        let first = self.numbers.iter().filter(|(_, number)| open(number)).min_by_key(|(_, number)| **number);
        let line = first.and_then(|(_, number)| self.nodes.get(*number)).and_then(|node| node.line);
        let id = first.map_or("", |(id, _)| id);
        FileProblem::at(line, format!("comment {id} replies to itself, directly or by way of what it replies to"))
    }

    /// Whether not too much has to wait for what it replies to. `order` has replies before their parents.
    fn check_order(&self, order: &[usize]) -> Result<(), FileProblem> {
        let mut places: Vec<usize> = self.nodes.iter().map(|node| node.place.unwrap_or(0)).collect();
        let mut held = 0_usize;
        for (number, node) in order.iter().rev().filter_map(|number| Some((*number, self.nodes.get(*number)?))) {
            let Some(parent) = node.parent.and_then(|parent| places.get(parent)).copied() else { continue };
            let Some(place) = places.get_mut(number).filter(|place| **place < parent) else { continue };
            *place = parent;
            held += if node.kept { node.size } else { 0 };
            if held > MOST_HELD {
                let why = format!("over {} MB of replies are in the file before what they reply to", MOST_HELD >> 20);
                return Err(FileProblem::new(why));
            }
        }
        Ok(())
    }
}
