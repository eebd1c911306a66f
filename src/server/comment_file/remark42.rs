//! Backups of Remark42: a line about the site, then a comment a line, each of them JSON.

use std::collections::HashMap;

use serde::Deserialize;

use super::moment::read_time;
use super::own::BOM;
use super::{FileProblem, ForeignComment, ForeignState, Found, MOST_TEXT, TextInput, plain_name, plain_text};

/// The version of the format that is known. The oldest backups have none.
const VERSION: u64 = 1;

/// A line, with what is read of it. Votes are left out of the backups of newer versions, which have the score alone.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Line {
    version: Option<u64>,
    id: Option<String>,
    pid: String,
    text: String,
    user: User,
    locator: Option<Locator>,
    score: i64,
    votes: Option<HashMap<String, bool>>,
    time: String,
    edit: Option<Edit>,
    delete: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct User {
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Locator {
    url: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Edit {
    time: String,
}

/// The lines of a backup.
pub(super) struct Lines {
    input: TextInput,
    line: Vec<u8>,
    /// Whether anything was read.
    begun: bool,
}

impl Lines {
    pub fn new(input: TextInput) -> Self {
        Self { input, line: Vec::new(), begun: false }
    }

    pub fn next(&mut self) -> Result<Option<Found>, FileProblem> {
        while let Some(number) = self.input.next_line(&mut self.line)? {
            let mut json = self.line.trim_ascii();
            if !self.begun {
                json = json.strip_prefix(BOM).unwrap_or(json);
            }
            if json.is_empty() {
                continue;
            }
            let line: Line = serde_json::from_slice(json).map_err(|error| FileProblem::of_json(number, &error))?;
            let first = !std::mem::replace(&mut self.begun, true);
            match line.version {
                Some(0 | VERSION) if first => continue,
                Some(version) if first => {
                    let why = format!("the backup is of version {version}; known is {VERSION}");
                    return Err(FileProblem::at(number, why));
                }
                _ => return comment(line, number).map(Some),
            }
        }
        if self.begun { Ok(None) } else { Err(FileProblem::new("the file is empty")) }
    }
}

fn comment(line: Line, number: u64) -> Result<Found, FileProblem> {
    let id = line.id.unwrap_or_default();
    let problem = |why: &str| FileProblem::at(number, format!("comment {id}: {why}"));
    let page = line.locator.ok_or_else(|| problem("there is no page (locator)"))?.url;
    let sent = read_time(&line.time).ok_or_else(|| problem("there is no time of the form 2021-06-01T08:00:00Z"))?;
    if line.text.len() > MOST_TEXT {
        return Err(problem("the text has more than 1 MB"));
    }
    let edited = match line.edit {
        Some(edit) => Some(read_time(&edit.time).ok_or_else(|| problem("the time of its change is none"))?),
        None => None,
    };
    let votes = line.votes.filter(|votes| !votes.is_empty());
    let agreed = match votes {
        Some(votes) => u32::try_from(votes.values().filter(|up| **up).count()).unwrap_or(u32::MAX),
        None => u32::try_from(line.score.max(0)).unwrap_or(u32::MAX),
    };
    let comment = ForeignComment {
        parent: Some(line.pid).filter(|parent| !parent.is_empty()),
        page,
        author: plain_name(&line.user.name),
        email: None,
        text: plain_text(&line.text, false),
        sent,
        edited,
        state: if line.delete { ForeignState::Deleted } else { ForeignState::Published },
        agreed,
        id,
    };
    Ok(Found { comment, line: Some(number) })
}
