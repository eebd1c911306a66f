//! What is read, put together to paragraphs and those to blocks.

use std::rc::Rc;

use super::super::content::{Block, Item, Piece, Role, has_text};
use super::super::numbering::Mark;
use super::super::package::Target;
use super::super::paragraph::{Paragraph, push, split};
use super::super::styles::Shift;
use super::super::symbol::shifted;
use super::super::{Dropped, Embedded, Refusal};
use super::{Mode, Opened, Walker};

impl<'a> Walker<'a, '_> {
    pub(super) fn begin_flow(&mut self) {
        self.around.push(std::mem::take(&mut self.flow));
    }

    /// Ends the innermost flow and gives what was in it.
    pub(super) fn end_flow(&mut self) -> Result<Vec<Block>, Refusal> {
        self.finish_paragraph()?;
        let mut flow = std::mem::replace(&mut self.flow, self.around.pop().unwrap_or_default());
        flow.blocks.extend(split(flow.carry, Role::Body, None));
        Ok(flow.blocks)
    }

    pub(super) fn paragraph(&mut self) -> Option<&mut Paragraph<'a>> {
        self.flow.paragraph.as_mut()
    }

    /// The paragraph that is open, or one for text that stands in none.
    pub(super) fn start_paragraph(&mut self) -> &mut Paragraph<'a> {
        let standard = self.source.styles.standard();
        self.flow.paragraph.get_or_insert_with(|| Paragraph::new(standard))
    }

    pub(super) fn gather(&mut self, text: &str) {
        if self.skipped == 0 && matches!(self.opened.last(), Some(Opened::Text { .. } | Opened::Instruction)) {
            self.gathered.push_str(text);
        }
    }

    /// Whether what is read now can be seen in Word: neither the instruction of a field nor formatted as hidden.
    pub(super) fn is_visible(&mut self, blank: bool) -> bool {
        let standard = self.source.styles.marks;
        if self.fields.iter().any(|field| !field.shown) {
            return false;
        }
        let hidden = self.start_paragraph().is_hidden(standard);
        if hidden && !blank {
            self.body.dropped.insert(Dropped::HiddenText);
        }
        !hidden
    }

    pub(super) fn text(&mut self, text: &str) -> Result<(), Refusal> {
        let blank = text.trim().is_empty();
        if text.is_empty() || !self.is_visible(blank) {
            return Ok(());
        }
        let link = self.hyperlinks.iter().rev().copied().flatten().next();
        let link = link.or_else(|| self.fields.iter().rev().find_map(|field| field.link));
        if let Some(address) = link.and_then(|link| self.body.links.get(link)) {
            self.repeat(address.len())?;
        }
        let mut text: String = text.chars().filter_map(readable).collect();
        let standard = self.source.styles.marks;
        let paragraph = self.start_paragraph();
        let look = paragraph.look(standard);
        let shift = paragraph.shift();
        if shift != Shift::None {
            text = shifted(&text, shift).unwrap_or(text);
        }
        paragraph.pieces.push(Piece::Text { text, look, link });
        self.produced += u64::from(!blank);
        Ok(())
    }

    pub(super) fn break_line(&mut self) {
        if self.is_visible(true) {
            self.start_paragraph().pieces.push(Piece::Break);
        }
    }

    /// Counts bytes that come into the Markdown more often than they are in the file.
    pub(super) fn repeat(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.repeated = self.repeated.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        if self.repeated > self.source.limits.xml { Err(Refusal::TooLarge) } else { Ok(()) }
    }

    /// Puts a picture where the text is, by the name that the relationships have for it.
    pub(super) fn place_picture(&mut self, id: Option<String>) -> Result<(), Refusal> {
        if !self.is_visible(false) {
            return Ok(());
        }
        let Some(Mode::Drawing { alt }) = self.modes.last() else {
            return Ok(());
        };
        let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        self.repeat(alt.len())?;
        let found = id.and_then(|id| self.source.relationships.get(&id));
        let index = match found.map(|found| (&found.target, found.kind.as_str())) {
            Some((Target::External(_), _)) => {
                self.body.dropped.insert(Dropped::ExternalPicture);
                return Ok(());
            }
            Some((Target::Part(name), "image")) => self.picture(name, &alt)?,
            _ => None,
        };
        match index {
            Some(index) => {
                self.start_paragraph().pieces.push(Piece::Picture { index, alt });
                self.produced += 1;
            }
            None => {
                self.body.dropped.insert(Dropped::UnreadablePicture);
            }
        }
        Ok(())
    }

    /// The place of a picture among the others; one that is shown again is not read again.
    pub(super) fn picture(&mut self, name: &str, alt: &str) -> Result<Option<usize>, Refusal> {
        if let Some(known) = self.known_pictures.get(name) {
            return Ok(*known);
        }
        if self.body.pictures.len() >= self.source.limits.pictures {
            return Err(Refusal::TooLarge);
        }
        let left = self.package.left();
        let index = match self.package.read(name, left) {
            Ok(Some(bytes)) => {
                self.body.pictures.push(Embedded { bytes, alt: alt.to_owned() });
                Some(self.body.pictures.len() - 1)
            }
            Err(Refusal::TooLarge) => return Err(Refusal::TooLarge),
            Ok(None) | Err(_) => None,
        };
        self.known_pictures.insert(name.to_owned(), index);
        Ok(index)
    }

    pub(super) fn push_all(&mut self, blocks: Vec<Block>) {
        let flow = &mut self.flow;
        for block in blocks {
            push(&mut flow.blocks, block);
        }
    }

    pub(super) fn finish_paragraph(&mut self) -> Result<(), Refusal> {
        // A field whose instruction ends nowhere would hide the rest of the document.
        self.fields.retain(|field| field.shown);
        let flow = &mut self.flow;
        let Some(mut paragraph) = flow.paragraph.take() else {
            return Ok(());
        };
        let mut pieces = std::mem::take(&mut flow.carry);
        pieces.append(&mut paragraph.pieces);
        let after = std::mem::take(&mut paragraph.after);
        if paragraph.merged {
            flow.carry = pieces;
        } else if paragraph.role() == Role::Contents {
            if has_text(&pieces) {
                self.body.dropped.insert(Dropped::Contents);
            }
        } else if !pieces.is_empty() {
            let item = if has_text(&pieces) { self.count(&paragraph, &mut pieces)? } else { None };
            self.push_all(split(pieces, paragraph.role(), item));
        }
        self.push_all(after);
        Ok(())
    }

    /// The paragraph's place in a list. What a list writes and Markdown's lists cannot goes before the text.
    pub(super) fn count(
        &mut self,
        paragraph: &Paragraph<'a>,
        pieces: &mut Vec<Piece>,
    ) -> Result<Option<Item>, Refusal> {
        let numbering = self.source.numbering;
        let Some(list) = paragraph.list.as_ref().or(paragraph.style.list.as_ref()).filter(|list| &***list != "0")
        else {
            return Ok(None);
        };
        let of_style = || paragraph.style.level.or_else(|| numbering.level_of_style(list, &paragraph.style.line));
        let own = paragraph.level.or(if paragraph.list.is_some() { Some(0) } else { None });
        let level = own.or_else(of_style).unwrap_or(0);
        let hint = if level == 0 { paragraph.style.hint } else { 0 };
        let heading = matches!(paragraph.role(), Role::Heading(_) | Role::Title);
        let number = match numbering.next(&mut self.counters, list, level, heading) {
            Mark::Bullet => None,
            Mark::Number(number) => Some(number),
            Mark::Words(words) => {
                self.repeat(words.len())?;
                let look = pieces.iter().find_map(|piece| match piece {
                    Piece::Text { look, .. } => Some(*look),
                    _ => None,
                });
                pieces.insert(0, Piece::Text { text: words + " ", look: look.unwrap_or_default(), link: None });
                return Ok(None);
            }
            Mark::Nothing => return Ok(None),
        };
        Ok(Some(Item { list: Rc::clone(list), level: level.max(hint).min(8), number }))
    }
}

/// A character as it may stand in a text: controls have no place there, and the ends of lines are no more than spaces.
fn readable(character: char) -> Option<char> {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        _ if character.is_control() => None,
        _ => Some(character),
    }
}
