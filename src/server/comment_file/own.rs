//! The portal's own file of comments: JSON with a comment a line, so that two files can be compared line by line. What
//! each field means is told in `docs/comment-file.md`.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::{MOST_PIECE, moment};
use crate::domain::lang::Lang;
use crate::domain::time::Instant;

/// What a file says that it is.
pub(super) const FORMAT: &str = "thidua-comments";
/// The version that is written, and the only one that is read.
pub(super) const VERSION: u32 = 1;
/// What ends a file.
pub(super) const END: &str = "]}";
/// The byte order mark, which some editors put before a text.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// A file as a whole. It is read and written by [`super::OwnReader`] and [`OwnWriter`], never all at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnFile {
    /// Always `thidua-comments`.
    pub format: String,
    /// Always 1.
    pub version: u32,
    /// The comments.
    pub comments: Vec<OwnComment>,
}

/// A comment of a portal, with everything that belongs to it. What comes to belong to comments later (which rules
/// fired, notices, floods) gets a field of its own here that may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnComment {
    /// The receipt code, without dashes.
    pub code: String,
    /// The path of its page, such as `/tin/abc`.
    pub page: String,
    /// The code of the first comment of its thread, unless it is that.
    pub thread: Option<String>,
    /// The code of the comment that it replies to.
    pub reply_to: Option<String>,
    /// What has become of it.
    pub state: OwnState,
    /// Goes up with each change of the text.
    pub version: i64,
    /// The author's name as readers see it.
    pub author: String,
    /// The author's e-mail address.
    pub email: Option<String>,
    /// The text as it was typed.
    pub text: String,
    /// The language that it was sent in.
    pub language: Lang,
    /// Why it was rejected.
    pub reason: Option<OwnReason>,
    /// When it was sent.
    #[serde(with = "moment")]
    pub sent: Instant,
    /// When it was decided.
    #[serde(default, with = "moment::optional")]
    pub decided: Option<Instant>,
    /// When its text was changed after it had been published.
    #[serde(default, with = "moment::optional")]
    pub edited: Option<Instant>,
    /// What its author changed, in the order in which that came.
    #[serde(default)]
    pub edits: Vec<OwnEdit>,
    /// Who agreed.
    #[serde(default)]
    pub agreements: Vec<OwnAgreement>,
    /// Who reported it.
    #[serde(default)]
    pub reports: Vec<OwnReport>,
    /// To which units it was passed.
    #[serde(default)]
    pub handovers: Vec<OwnHandover>,
    /// What units answered.
    #[serde(default)]
    pub answers: Vec<OwnAnswer>,
    /// That its author found the answer wanting.
    pub reopening: Option<OwnReopening>,
    /// That its author asked for the rejection to be looked at again.
    pub appeal: Option<OwnAppeal>,
    /// What the log of decisions says about it, the earliest first.
    #[serde(default)]
    pub decisions: Vec<OwnDecision>,
}

/// What has become of a comment of a portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnState {
    /// Nobody has decided yet.
    Waiting,
    /// It stands on the page.
    Published,
    /// It is not shown.
    Rejected,
    /// Its author took it back.
    Withdrawn,
    /// Nothing is left of it but its place.
    Erased,
}

impl OwnState {
    /// As the database has it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Published => "published",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Erased => "erased",
        }
    }

    /// The one that the database calls so.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Published, Self::Rejected, Self::Withdrawn, Self::Erased]
            .into_iter()
            .find(|one| one.code() == code)
    }
}

/// Why something was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnReason {
    /// The code of the published reason.
    pub code: Option<String>,
    /// What was added, or words instead of one.
    pub note: Option<String>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnActor {
    /// `account`, `command-line`, `job`, `citizen` or `demonstration`.
    pub kind: String,
    /// The name, empty where there is none.
    pub name: String,
    /// For whom, empty for nobody.
    pub on_behalf_of: String,
}

/// What the author of a comment changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnEdit {
    /// What has become of the change.
    pub state: OwnEditState,
    /// The new text.
    pub text: String,
    /// What it takes the place of.
    pub old_text: String,
    /// Why it was rejected.
    pub reason: Option<OwnReason>,
    /// When it was sent.
    #[serde(with = "moment")]
    pub sent: Instant,
    /// When it was decided.
    #[serde(default, with = "moment::optional")]
    pub decided: Option<Instant>,
}

/// What has become of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnEditState {
    /// Nobody has decided yet.
    Waiting,
    /// It took the place of the text.
    Taken,
    /// The old text stays.
    Rejected,
    /// It went with the comment.
    Withdrawn,
}

impl OwnEditState {
    /// As the database has it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Taken => "taken",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The one that the database calls so.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Taken, Self::Rejected, Self::Withdrawn].into_iter().find(|one| one.code() == code)
    }
}

/// A browser that agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnAgreement {
    /// A hash that is keyed with the secret of the installation.
    pub voter: String,
    /// When.
    #[serde(with = "moment")]
    pub at: Instant,
}

/// A browser that reported a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnReport {
    /// The code of the published reason.
    pub reason: String,
    /// What was added.
    pub note: String,
    /// A hash that is keyed with the secret of the installation.
    pub voter: String,
    /// When.
    #[serde(with = "moment")]
    pub at: Instant,
    /// When it was decided.
    #[serde(default, with = "moment::optional")]
    pub decided: Option<Instant>,
}

/// That a comment was passed to a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnHandover {
    /// The slug of the unit.
    pub unit: String,
    /// The day until which it is to answer.
    pub due: String,
    /// What was added for the unit.
    pub note: String,
    /// When.
    #[serde(with = "moment")]
    pub at: Instant,
    /// By whom.
    pub by: OwnActor,
    /// When it was over.
    #[serde(default, with = "moment::optional")]
    pub ended: Option<Instant>,
}

/// What a unit answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnAnswer {
    /// The slug of the unit.
    pub unit: String,
    /// Who wrote it.
    pub by: OwnActor,
    /// Goes up with each correction.
    pub version: i64,
    /// The answer.
    pub text: String,
    /// When it was given.
    #[serde(with = "moment")]
    pub at: Instant,
    /// When it was corrected last.
    #[serde(default, with = "moment::optional")]
    pub edited: Option<Instant>,
    /// When it was taken back.
    #[serde(default, with = "moment::optional")]
    pub withdrawn: Option<Instant>,
    /// What the author of the comment thinks of it: 1 not satisfied, 2 fair, 3 satisfied.
    pub rating: Option<i64>,
    /// When that was said.
    #[serde(default, with = "moment::optional")]
    pub rated: Option<Instant>,
    /// What it said before it was corrected.
    #[serde(default)]
    pub versions: Vec<OwnAnswerVersion>,
}

/// What an answer said before it was corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnAnswerVersion {
    /// Its number.
    pub version: i64,
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub by: OwnActor,
    /// When.
    #[serde(with = "moment")]
    pub at: Instant,
}

/// That the author of a comment found the answer wanting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnReopening {
    /// In which words.
    pub text: String,
    /// When.
    #[serde(with = "moment")]
    pub at: Instant,
}

/// That the author of a comment asked for its rejection to be looked at again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnAppeal {
    /// What has become of that.
    pub state: OwnAppealState,
    /// In which words.
    pub text: String,
    /// Who rejected the comment.
    pub rejected_by: OwnActor,
    /// Why it was decided so.
    pub reason: Option<OwnReason>,
    /// When it came.
    #[serde(with = "moment")]
    pub at: Instant,
    /// When it was decided.
    #[serde(default, with = "moment::optional")]
    pub decided: Option<Instant>,
}

/// What has become of an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnAppealState {
    /// Nobody has decided yet.
    Waiting,
    /// The comment is shown.
    Granted,
    /// The rejection stays.
    Refused,
    /// It went with the comment.
    Withdrawn,
}

impl OwnAppealState {
    /// As the database has it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The one that the database calls so.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Granted, Self::Refused, Self::Withdrawn].into_iter().find(|one| one.code() == code)
    }
}

/// A line of the log of decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnDecision {
    /// When.
    #[serde(with = "moment")]
    pub at: Instant,
    /// By whom.
    pub by: OwnActor,
    /// What: `approve`, `reject` …
    pub action: String,
    /// Why.
    pub reason: Option<OwnReason>,
}

/// Whether a file is one of these, by how it begins.
pub fn is_own_file(head: &[u8]) -> bool {
    let head = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
    head.starts_with(format!("{{\"format\":\"{FORMAT}\"").as_bytes())
}

/// Writes a file, comment by comment.
pub struct OwnWriter<W: Write> {
    out: W,
    begun: bool,
}

impl<W: Write> OwnWriter<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        let file = OwnFile { format: FORMAT.to_owned(), version: VERSION, comments: Vec::new() };
        let file = serde_json::to_string(&file)?;
        out.write_all(file.strip_suffix(END).unwrap_or(&file).as_bytes())?;
        Ok(Self { out, begun: false })
    }

    /// Writes a comment.
    ///
    /// # Errors
    /// If it can't be written: also if one of its times is none of a calendar, or if it is longer than is read again.
    pub fn add(&mut self, comment: &OwnComment) -> io::Result<()> {
        let line = serde_json::to_vec(comment)?;
        if line.len() > MOST_PIECE - 2 {
            return Err(io::Error::other(format!("comment {} is too long", comment.code)));
        }
        self.out.write_all(if self.begun { b",\n" } else { b"\n" })?;
        self.begun = true;
        self.out.write_all(&line)
    }

    /// Ends the file. Without this it is broken.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()?;
        Ok(self.out)
    }
}
