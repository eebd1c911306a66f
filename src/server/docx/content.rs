//! What a document is made of between Word's form and Markdown's.

use std::rc::Rc;

/// How text looks, as far as Markdown can say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub bold: bool,
    pub italic: bool,
    pub strike: bool,
}

impl Look {
    /// What both have.
    pub fn and(self, other: Self) -> Self {
        Self { bold: self.bold && other.bold, italic: self.italic && other.italic, strike: self.strike && other.strike }
    }

    /// What either has.
    pub fn or(self, other: Self) -> Self {
        Self { bold: self.bold || other.bold, italic: self.italic || other.italic, strike: self.strike || other.strike }
    }

    /// What this has and the other has not.
    pub fn without(self, other: Self) -> Self {
        Self {
            bold: self.bold && !other.bold,
            italic: self.italic && !other.italic,
            strike: self.strike && !other.strike,
        }
    }

    pub fn is_plain(self) -> bool {
        self == Self::default()
    }
}

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text; `link` is a place in the list of addresses.
    Text { text: String, look: Look, link: Option<usize> },
    /// The end of a line.
    Break,
    /// A picture; `index` is its place among the pictures.
    Picture { index: usize, alt: String },
}

/// What a paragraph is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    Body,
    Title,
    /// A heading; the highest level is 0.
    Heading(u8),
    Quote,
    Caption,
    /// A line of a table of contents.
    Contents,
}

/// A paragraph's place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// What tells the list from the one after it.
    pub list: Rc<str>,
    pub level: u8,
    /// `None` for a bullet.
    pub number: Option<u32>,
}

/// A picture that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    pub index: usize,
    pub alt: String,
    pub caption: String,
}

/// A part of the text that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph, without pictures.
    Paragraph {
        role: Role,
        item: Option<Item>,
        pieces: Vec<Piece>,
    },
    Figure(Figure),
    /// A table of as many cells in every row.
    Table(Vec<Vec<Vec<Piece>>>),
}

/// The words of pieces, with single spaces between them.
pub(super) fn plain_text(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text { text: part, .. } => text.push_str(part),
            Piece::Break => text.push(' '),
            Piece::Picture { .. } => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether there is anything to read in pieces.
pub(super) fn has_text(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Text { text, .. } if !text.trim().is_empty()))
}
