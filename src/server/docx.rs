//! Word documents (.docx) as Markdown with the pictures beside it.
//!
//! What people upload is read with distrust: every byte that comes out of the archive is counted, nothing outside of
//! the file is ever asked for, and neither macros nor objects are looked into. The Markdown has
//! the tables and strikethrough of GitHub's dialect; text means itself in it, whatever characters it is made of.

use std::collections::BTreeSet;
use std::fmt;

use escape::{Edge, Place};
use package::Package;

use crate::domain::text::clean_line;

mod body;
mod by_hand;
mod content;
mod emphasis;
mod escape;
mod field;
mod markdown;
mod numbering;
pub(in crate::server) mod package;
mod paragraph;
mod run;
mod styles;
mod symbol;
mod table;
#[cfg(test)]
mod tests;
pub(in crate::server) mod xml;

/// A line of text as Markdown that means itself, also in a cell of a table and between the brackets of a link.
pub fn line_as_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let place = Place { table: true, link: true, heading: true };
    escape::escape(&mut out, &clean_line(text), Edge::Markup, Edge::Markup, place);
    out
}

/// What a Word document became.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The title: plain text, not Markdown. The first paragraph, where that has the style of a title or of a
    /// first-level heading, or is a bold line in a document without headings.
    pub title: Option<String>,
    /// The first paragraph as plain text, where it reads like the lead (*sapo*) of an announcement.
    pub lead: Option<String>,
    /// The picture that the text begins with.
    pub lead_picture: Option<LeadPicture>,
    /// The number of an official document with its day, as its head on paper says them: `45/KH-UBND, 20/11/2026`.
    pub number: Option<String>,
    /// The whole text. Headings begin at the second level.
    pub markdown: String,
    /// The text without its lead and its lead picture.
    pub rest: String,
    /// The pictures. The Markdown refers to each by its place here: `word:0` is the first.
    pub pictures: Vec<Embedded>,
    /// The kinds of things that were left out, each once.
    pub dropped: Vec<Dropped>,
}

/// A picture that stands at the beginning of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadPicture {
    /// Its place among the pictures.
    pub place: usize,
    /// What it shows, as plain text.
    pub alt: String,
    /// What stands below it.
    pub caption: String,
}

/// A picture of a document, in whatever format it was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it shows, as plain text; empty where nobody said.
    pub alt: String,
}

/// A kind of thing that a document had and its Markdown has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dropped {
    /// Programs inside the document.
    Macro,
    /// A picture that lies elsewhere and was only linked to.
    ExternalPicture,
    /// A picture that the file promises and does not hold.
    UnreadablePicture,
    /// A file of another program inside the document.
    EmbeddedObject,
    /// A chart or a diagram, which is drawn by Word and not a picture.
    Drawing,
    /// A formula.
    Formula,
    /// A comment at the margin.
    Comment,
    /// A footnote.
    Footnote,
    /// An endnote.
    Endnote,
    /// Text that was struck out while changes were tracked.
    DeletedText,
    /// Text that is formatted as hidden.
    HiddenText,
    /// A link to anything but a web page or a mail address; its text stays.
    UnsafeLink,
    /// A character of a symbol font that has no counterpart in Unicode.
    Symbol,
    /// A table of contents, which tells the numbers of pages.
    Contents,
    /// The country's name and motto above an official document, and who signed and who gets it below.
    PaperFrame,
}

impl Dropped {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Macro,
        Self::ExternalPicture,
        Self::UnreadablePicture,
        Self::EmbeddedObject,
        Self::Drawing,
        Self::Formula,
        Self::Comment,
        Self::Footnote,
        Self::Endnote,
        Self::DeletedText,
        Self::HiddenText,
        Self::UnsafeLink,
        Self::Symbol,
        Self::Contents,
        Self::PaperFrame,
    ];
}

/// Why a document is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Some other kind of file.
    NotWord,
    /// A file of Word 97 to 2003 (.doc): it has to be saved as .docx.
    OldWord,
    /// It opens with a password only.
    Encrypted,
    /// Broken, or made to break a reader.
    Damaged,
    /// Over one of the limits.
    TooLarge,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotWord => "not a Word document",
            Self::OldWord => "a document of an old Word: save it as .docx",
            Self::Encrypted => "the document is protected by a password",
            Self::Damaged => "the document is damaged",
            Self::TooLarge => "the document is too large",
        })
    }
}

impl std::error::Error for Refusal {}

/// How much of a document is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The bytes of the file.
    pub file: usize,
    /// The bytes of everything that is unpacked from it, counted while they are unpacked.
    pub unpacked: u64,
    /// The bytes of one part that is XML, and of the Markdown that comes of it.
    pub xml: u64,
    /// The pictures.
    pub pictures: usize,
    /// How deep the elements of a part may be nested.
    pub depth: usize,
    /// The files in the archive.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 20 * 1024 * 1024,
            unpacked: 100 * 1024 * 1024,
            xml: 20 * 1024 * 1024,
            pictures: 50,
            // Word itself nests some sixty elements for a picture in a text box in a table in a table.
            depth: 256,
            entries: 2000,
        }
    }
}

/// Reads a Word document. Takes up to some seconds for a large one: call it off the async threads.
///
/// # Errors
/// Why it is not taken.
pub fn read_docx(bytes: &[u8], limits: &Limits) -> Result<Document, Refusal> {
    let mut package = Package::open(bytes, limits)?;
    let main = package.main_part()?;
    let relationships = package.relationships(&main)?;
    let mut dropped = BTreeSet::new();
    if relationships.values().any(|relationship| relationship.kind == "vbaProject") {
        dropped.insert(Dropped::Macro);
    }
    let part = |kind: &str| relationships.values().find(|found| found.kind == kind).and_then(|found| found.part());
    let styles = match part("styles").map(|name| package.xml(name)).transpose()?.flatten() {
        Some(text) => styles::Styles::read(&text, limits.depth)?,
        None => styles::Styles::default(),
    };
    let numbering = match part("numbering").map(|name| package.xml(name)).transpose()?.flatten() {
        Some(text) => numbering::Numbering::read(&text, limits.depth)?,
        None => numbering::Numbering::default(),
    };
    let text = package.xml(&main)?.ok_or(Refusal::Damaged)?;
    let source = body::Source { styles: &styles, numbering: &numbering, relationships: &relationships, limits };
    let mut body = body::read(&text, source, &mut package, dropped)?;
    let number = by_hand::understand(&mut body.blocks, &mut body.dropped);
    let title = markdown::title_place(&body.blocks);
    let lead = by_hand::find_lead(&body.blocks, title);
    let plain = |index: usize| body.blocks.get(index).map(markdown::plain_block).unwrap_or_default();
    let markdown = markdown::write(&body.blocks, &body.links, &[title]);
    if u64::try_from(markdown.len()).is_ok_and(|length| length > limits.xml) {
        return Err(Refusal::TooLarge);
    }
    let picture = by_hand::find_lead_picture(&body.blocks, title, lead);
    let lead_picture = picture.and_then(|index| match body.blocks.get(index) {
        Some(content::Block::Figure(figure)) => {
            Some(LeadPicture { place: figure.index, alt: figure.alt.clone(), caption: figure.caption.clone() })
        }
        _ => None,
    });
    Ok(Document {
        title: title.map(plain),
        lead: lead.map(plain),
        lead_picture,
        number,
        rest: markdown::write(&body.blocks, &body.links, &[title, lead, picture]),
        markdown,
        pictures: body.pictures,
        dropped: body.dropped.into_iter().collect(),
    })
}
