//! The texts of a workbook: those that its cells share, and how it writes the characters that XML has not.

use crate::server::docx::xml::{Markup, Xml};

use super::{MOST_CHARACTERS, SheetProblem};

/// The bytes from which on a text is too long for any cell, even if each of its units were escaped.
const LONG: usize = 8 * MOST_CHARACTERS;

/// The texts that cells share, each behind the one before it: a workbook may have millions of empty ones.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    pub(super) fn read(xml: &str, depth: usize) -> Result<Self, SheetProblem> {
        let mut strings = Self::default();
        let mut xml = Xml::new(xml, depth);
        while let Some(markup) = xml.next()? {
            if let Markup::Open(element) = markup
                && element.name() == "si"
            {
                strings.text.push_str(&unescape(&rich_text(&mut xml)?));
                strings.ends.push(strings.text.len());
            }
        }
        Ok(strings)
    }

    /// The text with this number, the first being 0.
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let begin = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(begin..end)
    }
}

/// The text of an element that has just been opened, in whatever pieces, up to where it is closed. How it is
/// pronounced, which Japanese workbooks say beside it, is no part of it.
pub(super) fn rich_text(xml: &mut Xml<'_>) -> Result<String, SheetProblem> {
    let mut text = String::new();
    within(xml, |open, piece| match open.last() {
        Some(Piece::Text) if !open.contains(&Piece::Pronunciation) => push(&mut text, piece),
        _ => Ok(()),
    })?;
    Ok(text)
}

/// The text of an element that has no others in it and has just been opened, up to where it is closed.
pub(super) fn plain_text(xml: &mut Xml<'_>) -> Result<String, SheetProblem> {
    let mut text = String::new();
    within(xml, |_, piece| push(&mut text, piece))?;
    Ok(text)
}

/// Reads on to where the element is closed that has just been opened.
pub(super) fn skip(xml: &mut Xml<'_>) -> Result<(), SheetProblem> {
    within(xml, |_, _| Ok(()))
}

/// Tells each text of the element that has just been opened, and which elements it stands in, the innermost last.
fn within(
    xml: &mut Xml<'_>,
    mut tell: impl FnMut(&[Piece], &str) -> Result<(), SheetProblem>,
) -> Result<(), SheetProblem> {
    let mut open = Vec::new();
    while let Some(markup) = xml.next()? {
        match markup {
            Markup::Open(element) => open.push(Piece::of(element.name())),
            Markup::Close if open.pop().is_none() => break,
            Markup::Close => {}
            Markup::Text(piece) => tell(&open, &piece)?,
        }
    }
    Ok(())
}

fn push(text: &mut String, piece: &str) -> Result<(), SheetProblem> {
    if text.len() + piece.len() > LONG {
        return Err(SheetProblem::TooLarge);
    }
    text.push_str(piece);
    Ok(())
}

/// An element in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Text,
    Pronunciation,
    Other,
}

impl Piece {
    fn of(name: &str) -> Self {
        match name {
            "t" => Self::Text,
            "rPh" => Self::Pronunciation,
            _ => Self::Other,
        }
    }
}

/// The text without the escapes of the format: `_x000D_` for a carriage return, `_x005F_` for an underscore that would
/// begin an escape.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, after) = rest.split_at(at);
        plain.push_str(before);
        let (character, length) = escape(after).unwrap_or(('_', 1));
        plain.push(character);
        rest = after.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// The character of the escape that a text begins with, and the bytes of this. The database takes no NUL.
fn escape(text: &str) -> Option<(char, usize)> {
    let digits = text.get(2..6).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?).filter(|character| *character != '\0')?;
    text.get(6..7).filter(|end| *end == "_").map(|_| (character, 7))
}
