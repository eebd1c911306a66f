//! Files of comments: those that other systems export (Remark42, Isso, Disqus, `WordPress`), and the portal's own.
//!
//! A file of another system is read twice. The first time it is checked as a whole and learned who replies to whom;
//! the second time the comments are given one by one, so that nothing is given of a file that is broken somewhere, and
//! no more of it is kept than its identifiers. Whether a page or a name is known here, the importer says.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;

use std::io::{self, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::GzDecoder;

use crate::domain::text::clean_line;
use crate::domain::time::Instant;

mod disqus;
mod input;
mod isso;
mod moment;
mod own;
mod plain;
mod reader;
mod remark42;
#[cfg(test)]
mod tests;
mod tree;
mod wordpress;

use input::{Input, TextInput, open_text};
pub use own::{
    OwnActor, OwnAgreement, OwnAnswer, OwnAnswerVersion, OwnAppeal, OwnAppealState, OwnComment, OwnDecision, OwnEdit,
    OwnEditState, OwnHandover, OwnReason, OwnReopening, OwnReport, OwnState, OwnWriter, is_own_file,
};
use plain::{plain_email, plain_name, plain_text};
pub use reader::OwnReader;
use tree::Tree;

/// The bytes that a file of another system may have.
pub const MOST_BYTES: u64 = 200 * 1024 * 1024;
/// The bytes that such a file may have unpacked.
const MOST_UNPACKED: u64 = 2 * MOST_BYTES;
/// The comments that such a file may hold.
pub const MOST_COMMENTS: usize = 1_000_000;
/// The bytes that are read in one piece: a line of JSON, a tag or a text of XML.
const MOST_PIECE: usize = if cfg!(test) { 2 } else { 16 } * 1024 * 1024;
/// The bytes of one thing that a comment says: its text, its author, its page.
const MOST_TEXT: usize = 1024 * 1024;
/// The bytes of an identifier.
const MOST_ID: usize = 200;
/// The bytes of comments that may wait for what they reply to, where the file has it after them.
const MOST_HELD: usize = if cfg!(test) { 1 } else { 64 } * 1024 * 1024;
/// The bytes of a comment beside its texts.
const COMMENT: usize = size_of::<ForeignComment>();
/// The bytes at the beginning of a file that tell which system it is of.
const HEAD: u64 = 64 * 1024;
/// The characters that are told of a problem.
const MOST_WHY: usize = 500;
/// How gzip begins.
const GZIP: &[u8] = b"\x1f\x8b";

/// A comment of another system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignComment {
    /// What that system calls it; no two of a file have the same.
    pub id: String,
    /// What it replies to, a comment of the same page that was given before it.
    pub parent: Option<String>,
    /// The address or the path of its page as the file gives it, or what the file calls the page if it gives neither.
    pub page: String,
    /// The author's name on one line, empty where the file has none.
    pub author: String,
    /// The author's e-mail address as it stands there, not checked.
    pub email: Option<String>,
    /// Plain text with paragraphs: links as their address, lists as lines, quotes behind `> `. It may be empty or too
    /// long for a comment of the portal.
    pub text: String,
    /// When it was sent.
    pub sent: Instant,
    /// When it was last changed.
    pub edited: Option<Instant>,
    /// What has become of it.
    pub state: ForeignState,
    /// How many agreed.
    pub agreed: u32,
}

/// What has become of a comment of another system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ForeignState {
    /// It stands on the page.
    Published,
    /// Nobody has decided yet.
    Waiting,
    /// It is not shown: spam.
    Rejected,
    /// It is gone and keeps the place of what others reply to; its author and its text are left out.
    Deleted,
}

/// A system whose comments can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ForeignKind {
    /// A backup of Remark42: JSON, a comment a line.
    Remark42,
    /// The database of Isso (SQLite).
    Isso,
    /// An export of Disqus (XML).
    Disqus,
    /// An export of `WordPress` (WXR).
    WordPress,
}

impl ForeignKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Remark42, Self::Isso, Self::Disqus, Self::WordPress];

    /// The name, as [`ForeignKind::parse`] reads it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Remark42 => "remark42",
            Self::Isso => "isso",
            Self::Disqus => "disqus",
            Self::WordPress => "wordpress",
        }
    }

    /// The system with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// The system that a file is of, by how it begins, packed with gzip or not. Some kilobytes are enough.
    pub fn detect(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"SQLite format 3\0") {
            return Some(Self::Isso);
        }
        let head = unpacked(head);
        let text = String::from_utf8_lossy(&head);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('{') {
            let remark = text.contains("\"version\"") || text.contains("\"locator\"");
            return (remark && !is_own_file(text.as_bytes())).then_some(Self::Remark42);
        }
        let disqus = text.find("<disqus");
        let wordpress = text.find("http://wordpress.org/export/");
        match (disqus, wordpress) {
            _ if !text.starts_with('<') => None,
            (Some(disqus), Some(wordpress)) if wordpress < disqus => Some(Self::WordPress),
            (Some(_), _) => Some(Self::Disqus),
            (None, Some(_)) => Some(Self::WordPress),
            (None, None) => None,
        }
    }
}

/// The beginning of a file as it is unpacked, or as it is if it is not packed.
fn unpacked(head: &[u8]) -> Vec<u8> {
    if !head.starts_with(GZIP) {
        return head.to_vec();
    }
    let mut unpacked = Vec::new();
    // It ends in the middle, of course; what comes before that is enough.
    let _ = GzDecoder::new(head).take(HEAD).read_to_end(&mut unpacked);
    unpacked
}

/// Why a file is not read: where, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// The line, from 1, in a file that has lines.
    pub line: Option<u64>,
    /// What is wrong.
    pub why: String,
}

impl FileProblem {
    /// A problem of the whole file.
    pub fn new(why: impl Into<String>) -> Self {
        Self::at(None, why)
    }

    /// A problem on a line.
    pub fn at(line: impl Into<Option<u64>>, why: impl Into<String>) -> Self {
        // Words of the file may be in it, and it is written to a terminal.
        Self { line: line.into(), why: clean_line(&why.into()).chars().take(MOST_WHY).collect() }
    }

    /// What stopped the reading of a file, on this line.
    fn of_io(line: impl Into<Option<u64>>, error: &io::Error) -> Self {
        Self::at(
            line,
            match error.kind() {
                ErrorKind::UnexpectedEof => "the file ends in the middle: it was cut off".to_owned(),
                ErrorKind::FileTooLarge => error.to_string(),
                ErrorKind::InvalidInput | ErrorKind::InvalidData => format!("the file is damaged: {error}"),
                _ => format!("the file can't be read: {error}"),
            },
        )
    }

    /// What is wrong with the JSON of a line.
    fn of_json(line: u64, error: &serde_json::Error) -> Self {
        let why = error.to_string();
        let (why, _) = why.rsplit_once(" at line ").unwrap_or((&why, ""));
        // Which fields there are is a long list; which words a field may be is not.
        let why = if why.starts_with("unknown field") { why.split(", expected").next().unwrap_or(why) } else { why };
        Self::at(line, format!("{why} (column {})", error.column()))
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.why),
            None => f.write_str(&self.why),
        }
    }
}

impl std::error::Error for FileProblem {}

/// Gives the comments of a file, parents before their replies, and none if the file is broken anywhere. Deleted ones
/// are given only where a comment that is not deleted replies to them, directly or not. The system is found by the
/// content if it is not named. Blocks while it reads: for the command line.
///
/// # Errors
/// What is wrong with the file, or what `take` says.
pub async fn read_foreign(
    path: &Path,
    kind: Option<ForeignKind>,
    take: &mut dyn FnMut(ForeignComment) -> Result<(), String>,
) -> Result<(), FileProblem> {
    let mut file = ForeignFile::open(path, kind).await?;
    while let Some(comment) = file.next_comment().await? {
        take(comment).map_err(FileProblem::new)?;
    }
    Ok(())
}

/// A file of another system that was checked, whose comments can be asked for one by one.
pub struct ForeignFile {
    kind: ForeignKind,
    source: Source,
    tree: Tree,
    /// What can be given next, the first at the end.
    ready: Vec<(usize, ForeignComment)>,
    /// What waits for the comment with this number.
    held: HashMap<usize, Vec<(usize, ForeignComment)>>,
}

impl ForeignFile {
    /// Opens a file and checks all of it, as [`read_foreign`] says.
    ///
    /// # Errors
    /// What is wrong with it.
    pub async fn open(path: &Path, kind: Option<ForeignKind>) -> Result<Self, FileProblem> {
        check_size(path)?;
        let kind = match kind {
            Some(kind) => kind,
            None => detect_file(path)?,
        };
        let mut tree = Tree::default();
        let mut source = Source::open(path, kind).await?;
        while let Some(found) = source.next().await? {
            tree.add(&found)?;
        }
        tree.check()?;
        let source = Source::open(path, kind).await?;
        Ok(Self { kind, source, tree, ready: Vec::new(), held: HashMap::new() })
    }

    /// The system that it is of.
    pub const fn kind(&self) -> ForeignKind {
        self.kind
    }

    /// How many comments are given in all.
    pub fn count(&self) -> usize {
        self.tree.nodes.iter().filter(|node| node.kept).count()
    }

    /// How many are not given, since they were deleted and nobody replied to them.
    pub fn count_deleted(&self) -> usize {
        self.tree.nodes.iter().filter(|node| node.place.is_some() && !node.kept).count()
    }

    /// The next comment.
    ///
    /// # Errors
    /// If the file was changed since it was checked.
    pub async fn next_comment(&mut self) -> Result<Option<ForeignComment>, FileProblem> {
        loop {
            if let Some((number, comment)) = self.ready.pop() {
                self.tree.give(number);
                // Their order is that of the file again.
                self.ready.extend(self.held.remove(&number).unwrap_or_default().into_iter().rev());
                return Ok(Some(comment));
            }
            let Some(Found { mut comment, line }) = self.source.next().await? else {
                let rest = self.held.is_empty();
                return if rest { Ok(None) } else { Err(FileProblem::new(CHANGED)) };
            };
            let number = self.tree.find(&comment.id).ok_or_else(|| FileProblem::at(line, CHANGED))?;
            let Some(node) = self.tree.nodes.get(number).filter(|node| node.kept) else { continue };
            if node.parent.is_none() {
                comment.parent = None;
            }
            if comment.state == ForeignState::Deleted {
                comment = empty(comment);
            }
            match node.parent.filter(|parent| !self.tree.is_given(*parent)) {
                Some(parent) => self.held.entry(parent).or_default().push((number, comment)),
                None => self.ready.push((number, comment)),
            }
        }
    }
}

/// What is said of a file that is not the same the second time.
const CHANGED: &str = "the file was changed while it was read: try again";

/// What is left of a deleted comment.
fn empty(comment: ForeignComment) -> ForeignComment {
    let ForeignComment { id, parent, page, sent, state, .. } = comment;
    let (author, text) = (String::new(), String::new());
    ForeignComment { id, parent, page, author, email: None, text, sent, edited: None, state, agreed: 0 }
}

fn check_size(path: &Path) -> Result<(), FileProblem> {
    let about = std::fs::metadata(path).map_err(|error| FileProblem::of_io(None, &error))?;
    if !about.is_file() {
        return Err(FileProblem::new("this is no file"));
    }
    if about.len() > MOST_BYTES {
        return Err(FileProblem::new(format!("the file has more than {} MB", MOST_BYTES >> 20)));
    }
    Ok(())
}

fn detect_file(path: &Path) -> Result<ForeignKind, FileProblem> {
    let mut head = Vec::new();
    let file = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    file.map_err(|error| FileProblem::of_io(None, &error))?;
    ForeignKind::detect(&head).ok_or_else(|| {
        FileProblem::new(if is_own_file(&unpacked(&head)) {
            "this is a file of this portal, not of another system"
        } else {
            "this is no file of Remark42, Isso, Disqus or WordPress that can be read"
        })
    })
}

/// A comment as a file has it, its parent not yet looked up.
struct Found {
    comment: ForeignComment,
    line: Option<u64>,
}

/// The comments of a file in its order.
enum Source {
    Remark42(remark42::Lines),
    Isso(isso::Rows),
    Disqus(disqus::Posts),
    WordPress(wordpress::Items),
}

impl Source {
    async fn open(path: &Path, kind: ForeignKind) -> Result<Self, FileProblem> {
        Ok(match kind {
            ForeignKind::Remark42 => Self::Remark42(remark42::Lines::new(open_text(path)?)),
            ForeignKind::Isso => Self::Isso(isso::Rows::open(path).await?),
            ForeignKind::Disqus => Self::Disqus(disqus::Posts::new(open_text(path)?)),
            ForeignKind::WordPress => Self::WordPress(wordpress::Items::new(open_text(path)?)),
        })
    }

    async fn next(&mut self) -> Result<Option<Found>, FileProblem> {
        match self {
            Self::Remark42(lines) => lines.next(),
            Self::Isso(rows) => rows.next().await,
            Self::Disqus(posts) => posts.next(),
            Self::WordPress(items) => items.next(),
        }
    }
}
