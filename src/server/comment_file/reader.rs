//! Reading the portal's own file of comments.

use std::io::BufRead;

use serde::Deserialize;

use super::own::{BOM, END, FORMAT, OwnComment, OwnFile, VERSION};
use super::{FileProblem, Input};

/// Reads a file, comment by comment. After a problem comes nothing more.
pub struct OwnReader<R> {
    input: Input<R>,
    line: Vec<u8>,
    /// The number of that line.
    number: u64,
    next: Next,
}

/// What comes next in a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A comment or the end: none was read yet.
    First,
    /// A comment: there was a comma.
    Comment,
    /// The end: there was none.
    End,
    /// Nothing: there was the end.
    Nothing,
    /// Nothing that is looked at: there was a problem.
    Failed,
}

impl<R: BufRead> OwnReader<R> {
    /// Reads the beginning of a file.
    ///
    /// # Errors
    /// If it is no such file, or one of a later version.
    pub fn new(input: R) -> Result<Self, FileProblem> {
        /// What is looked at before anything else.
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u64,
        }
        let mut reader = Self { input: Input::new(input, u64::MAX), line: Vec::new(), number: 1, next: Next::First };
        if reader.input.next_line(&mut reader.line)?.is_none() {
            return Err(FileProblem::new("the file is empty"));
        }
        let line = reader.line.strip_prefix(BOM).unwrap_or(&reader.line).trim_ascii();
        let whole = [line, END.as_bytes()].concat();
        let head = serde_json::from_slice(&whole).ok().filter(|head: &Head| head.format == FORMAT);
        let Some(head) = head else {
            let begin = format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"comments\":[");
            let why = format!("this is no file of comments: its first line is {begin}");
            return Err(FileProblem::at(1, why));
        };
        if head.version != u64::from(VERSION) {
            let version = head.version;
            let why =
                format!("the file is of version {version}; this program knows version {VERSION}: use a later one");
            return Err(FileProblem::at(1, why));
        }
        let file: OwnFile = serde_json::from_slice(&whole).map_err(|error| FileProblem::of_json(1, &error))?;
        if !file.comments.is_empty() {
            return Err(FileProblem::at(1, "a comment is on the first line: each has a line of its own"));
        }
        Ok(reader)
    }

    /// The line of the comment that was read last.
    pub fn line(&self) -> u64 {
        self.number
    }

    fn read(&mut self) -> Result<Option<OwnComment>, FileProblem> {
        loop {
            let Some(number) = self.input.next_line(&mut self.line)? else {
                let ended = self.next == Next::Nothing;
                return if ended {
                    Ok(None)
                } else {
                    Err(FileProblem::new("the file ends in the middle: it was cut off"))
                };
            };
            let line = self.line.trim_ascii();
            self.number = number;
            if line.is_empty() {
                continue;
            }
            if self.next == Next::Nothing {
                return Err(FileProblem::at(number, "after the end there is something more"));
            }
            if line == END.as_bytes() {
                if self.next == Next::Comment {
                    return Err(FileProblem::at(number, "the last comment has a comma behind it"));
                }
                self.next = Next::Nothing;
                continue;
            }
            if self.next == Next::End {
                return Err(FileProblem::at(number, "the comment before this has no comma behind it"));
            }
            let comma = line.strip_suffix(b",");
            self.next = if comma.is_some() { Next::Comment } else { Next::End };
            let line = comma.unwrap_or(line);
            // PostgreSQL has no place for it in a text.
            if has_nothing(line) {
                return Err(FileProblem::at(number, "a text has the sign \\u0000, which stands for nothing"));
            }
            let comment = serde_json::from_slice(line);
            return comment.map(Some).map_err(|error| FileProblem::of_json(number, &error));
        }
    }
}

impl<R: BufRead> Iterator for OwnReader<R> {
    type Item = Result<OwnComment, FileProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == Next::Failed {
            return None;
        }
        let comment = self.read().transpose();
        if matches!(comment, Some(Err(_))) {
            self.next = Next::Failed;
        }
        comment
    }
}

/// Whether a line of JSON has the sign with the number zero in one of its texts.
fn has_nothing(json: &[u8]) -> bool {
    let mut escaped = false;
    json.iter().enumerate().any(|(at, byte)| {
        let begins = escaped && json.get(at..).is_some_and(|rest| rest.starts_with(b"u0000"));
        escaped = !escaped && *byte == b'\\';
        begins
    })
}
