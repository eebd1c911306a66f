//! Exports of Disqus: threads, each of a page, and then the posts of all of them; and how XML is gone through here.

use std::collections::HashMap;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

use super::moment::read_time;
use super::{
    FileProblem, ForeignComment, ForeignState, Found, MOST_COMMENTS, MOST_HELD, MOST_ID, MOST_TEXT, TextInput,
};
use super::{plain_email, plain_text};
use crate::domain::text::{clean_line, compose};

/// How deep elements may be nested.
const MOST_DEPTH: usize = 64;

/// The steps through a file of XML. Elements have their names without the prefixes that these formats declare.
pub(super) struct Xml {
    reader: Reader<TextInput>,
    buffer: Vec<u8>,
    /// The line that is read.
    line: u64,
    /// The names of the elements that are open, the innermost last.
    open: Vec<String>,
    /// Whether the text of the element that is open is wanted, given all that are open.
    wanted: fn(&[&str]) -> bool,
    /// The text of the last element that was opened and is wanted.
    text: Option<String>,
    begun: bool,
}

/// A step.
pub(super) enum Step {
    /// An element is opened; it may have an `id`.
    Open(Option<String>),
    /// An element is closed: its text, if that is wanted.
    Close(Option<String>),
}

impl Xml {
    pub fn new(input: TextInput, wanted: fn(&[&str]) -> bool) -> Self {
        let mut reader = Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), line: 1, open: Vec::new(), wanted, text: None, begun: false }
    }

    /// The line that is read.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next step, with the elements that are open at it: the outermost is `root`. `None` at the end.
    pub fn next(&mut self, root: &str) -> Result<Option<(Vec<String>, Step)>, FileProblem> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().next_piece();
            let event = self.reader.read_event_into(&mut self.buffer);
            let event = event.map_err(|error| xml_problem(self.line, &error))?;
            self.line += event.bytes().filter(|byte| *byte == b'\n').count() as u64;
            let line = self.line;
            match event {
                Event::Start(start) | Event::Empty(start) => {
                    if self.open.len() == MOST_DEPTH {
                        let why = format!("the elements are nested more than {MOST_DEPTH} deep");
                        return Err(FileProblem::at(line, why));
                    }
                    let name = name_of(&start);
                    if self.open.is_empty() && (name != root || self.begun) {
                        return Err(FileProblem::at(line, format!("this is no file of this kind: it has no {root}")));
                    }
                    self.begun = true;
                    self.open.push(name);
                    let path: Vec<&str> = self.open.iter().map(String::as_str).collect();
                    self.text = (self.wanted)(&path).then(String::new);
                    return Ok(Some((self.open.clone(), Step::Open(id_of(&start)))));
                }
                Event::End(_) => {
                    let open = self.open.clone();
                    self.open.pop();
                    return Ok(Some((open, Step::Close(self.text.take()))));
                }
                Event::Text(piece) => push(&mut self.text, &piece.xml10_content(), line)?,
                Event::CData(piece) => push(&mut self.text, &piece.xml10_content(), line)?,
                Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                    Ok(Some(character)) => push(&mut self.text, character.encode_utf8(&mut [0; 4]), line)?,
                    Ok(None) => match resolve_predefined_entity(&reference) {
                        Some(text) => push(&mut self.text, text, line)?,
                        None => {
                            let name: String = reference.chars().take(20).collect();
                            return Err(FileProblem::at(line, format!("there is an unknown entity, {name}")));
                        }
                    },
                    Err(error) => return Err(FileProblem::at(line, format!("a character is none: {error}"))),
                },
                // These formats have none; entities that multiply are declared there.
                Event::DocType(_) => return Err(FileProblem::at(line, "a document type is not taken")),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof if !self.open.is_empty() => {
                    return Err(FileProblem::at(line, "the file ends in the middle: it was cut off"));
                }
                Event::Eof if !self.begun => return Err(FileProblem::new("the file is empty")),
                Event::Eof => return Ok(None),
            }
        }
    }
}

fn push(text: &mut Option<String>, piece: &str, line: u64) -> Result<(), FileProblem> {
    let Some(text) = text else { return Ok(()) };
    if text.len() + piece.len() > MOST_TEXT {
        return Err(FileProblem::at(line, "a text has more than 1 MB"));
    }
    text.push_str(piece);
    Ok(())
}

fn xml_problem(line: u64, error: &Error) -> FileProblem {
    match error {
        Error::Io(error) => FileProblem::of_io(line, error),
        Error::Encoding(_) => FileProblem::at(line, "the text is not in UTF-8"),
        Error::Syntax(_) => FileProblem::at(line, format!("this is no XML, or it was cut off: {error}")),
        error => FileProblem::at(line, format!("this is no XML: {error}")),
    }
}

/// The name without `wp:`. Others keep their prefixes: feeds have `atom:link` beside `link`.
fn name_of(start: &BytesStart<'_>) -> String {
    let name = start.name().into_inner();
    name.strip_prefix("wp:").unwrap_or(name).to_owned()
}

fn id_of(start: &BytesStart<'_>) -> Option<String> {
    let mut attributes = start.attributes();
    // The check compares each with each.
    attributes.with_checks(false);
    let found = attributes.filter_map(Result::ok).find(|found| found.key.local_name().into_inner() == "id")?;
    let id = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    // Longer ones are refused as identifiers of comments, and cut they stay too long.
    Some(id.trim().chars().take(MOST_ID + 1).collect())
}

/// The posts of an export.
pub(super) struct Posts {
    xml: Xml,
    /// The page of each thread, and whether the thread was deleted.
    threads: HashMap<String, (String, bool)>,
    /// The bytes of what is kept of them.
    size: usize,
    thread: Thread,
    post: Post,
}

/// A thread that is being read.
#[derive(Default)]
struct Thread {
    id: String,
    link: String,
    name: String,
    deleted: bool,
}

/// A post that is being read.
#[derive(Default)]
struct Post {
    id: Option<String>,
    name: String,
    line: u64,
    thread: String,
    parent: Option<String>,
    message: String,
    created: String,
    deleted: bool,
    spam: bool,
    waiting: bool,
    author: String,
    email: String,
}

fn wanted(open: &[&str]) -> bool {
    matches!(
        open,
        [_, "thread", "id" | "link" | "isDeleted"]
            | [_, "post", "id" | "message" | "createdAt" | "isDeleted" | "isSpam" | "isApproved"]
            | [_, "post", "author", "name" | "email"]
    )
}

impl Posts {
    pub fn new(input: TextInput) -> Self {
        let xml = Xml::new(input, wanted);
        Self { xml, threads: HashMap::new(), size: 0, thread: Thread::default(), post: Post::default() }
    }

    pub fn next(&mut self) -> Result<Option<Found>, FileProblem> {
        while let Some((open, step)) = self.xml.next("disqus")? {
            let open: Vec<&str> = open.iter().map(String::as_str).collect();
            match (open.as_slice(), step) {
                ([_, "thread"], Step::Open(id)) => {
                    self.thread = Thread { id: id.unwrap_or_default(), ..Thread::default() };
                }
                ([_, "thread"], Step::Close(_)) => self.end_thread()?,
                ([_, "thread", field], Step::Close(Some(text))) => self.thread.set(field, text),
                ([_, "post"], Step::Open(id)) => self.post = Post { id, line: self.xml.line(), ..Post::default() },
                ([_, "post"], Step::Close(_)) => return self.end_post().map(Some),
                ([_, "post", "thread"], Step::Open(id)) => self.post.thread = id.unwrap_or_default(),
                ([_, "post", "parent"], Step::Open(id)) => self.post.parent = id.filter(|id| !id.is_empty()),
                ([_, "post", field] | [_, "post", "author", field], Step::Close(Some(text))) => {
                    self.post.set(field, text);
                }
                _ => {}
            }
        }
        Ok(None)
    }

    fn end_thread(&mut self) -> Result<(), FileProblem> {
        let Thread { id, link, name, deleted } = std::mem::take(&mut self.thread);
        let page = [link, name].into_iter().find(|page| !page.is_empty());
        let page = page.unwrap_or_else(|| format!("thread {id}"));
        self.size += id.len() + page.len();
        if self.threads.len() == MOST_COMMENTS || self.size > MOST_HELD {
            return Err(FileProblem::at(self.xml.line(), "there are too many threads before this"));
        }
        self.threads.insert(id, (page, deleted));
        Ok(())
    }

    fn end_post(&mut self) -> Result<Found, FileProblem> {
        let post = std::mem::take(&mut self.post);
        let id = post.id.filter(|id| !id.is_empty()).unwrap_or(post.name);
        let sent = read_time(&post.created).ok_or_else(|| {
            FileProblem::at(post.line, format!("post {id}: there is no time of the form 2021-06-01T08:00:00Z"))
        })?;
        let (page, gone) = match self.threads.get(&post.thread) {
            Some((page, gone)) => (page.clone(), *gone),
            None => (format!("thread {}", post.thread), false),
        };
        let state = if post.deleted || gone {
            ForeignState::Deleted
        } else if post.spam {
            ForeignState::Rejected
        } else if post.waiting {
            ForeignState::Waiting
        } else {
            ForeignState::Published
        };
        let comment = ForeignComment {
            id,
            parent: post.parent,
            page,
            author: clean_line(&compose(&post.author)),
            email: plain_email(&post.email),
            text: plain_text(&post.message, false),
            sent,
            edited: None,
            state,
            agreed: 0,
        };
        Ok(Found { comment, line: Some(post.line) })
    }
}

impl Thread {
    fn set(&mut self, field: &str, text: String) {
        match field {
            "id" => self.name = clean_line(&text),
            "link" => self.link = clean_line(&text),
            "isDeleted" => self.deleted = is_true(&text),
            _ => {}
        }
    }
}

impl Post {
    fn set(&mut self, field: &str, text: String) {
        match field {
            "id" => self.name = clean_line(&text),
            "message" => self.message = text,
            "createdAt" => self.created = text,
            "isDeleted" => self.deleted = is_true(&text),
            "isSpam" => self.spam = is_true(&text),
            "isApproved" => self.waiting = !is_true(&text),
            "name" => self.author = text,
            "email" => self.email = text,
            _ => {}
        }
    }
}

fn is_true(text: &str) -> bool {
    matches!(text.trim(), "true" | "1")
}
