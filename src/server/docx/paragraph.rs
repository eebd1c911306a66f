//! A paragraph while it is read, and what becomes of it.

use std::rc::Rc;

use super::content::{Block, Figure, Item, Look, Piece, Role, has_text, plain_text};
use super::styles::{Marks, Shift, Style, role_of_outline};

/// A paragraph that is being read.
#[derive(Debug)]
pub(super) struct Paragraph<'a> {
    pub style: &'a Style,
    /// What the style is for by its identifier, where the document does not explain it.
    pub named: Option<Role>,
    pub outline: Option<u8>,
    pub list: Option<Rc<str>>,
    pub level: Option<u8>,
    /// Its end was struck out, so that it goes on in the next.
    pub merged: bool,
    pub run: Run<'a>,
    pub pieces: Vec<Piece>,
    /// What stands in text boxes that are anchored in it.
    pub after: Vec<Block>,
}

/// The run that is being read.
#[derive(Debug, Default)]
pub(super) struct Run<'a> {
    pub style: Option<&'a Style>,
    pub marks: Marks,
}

impl<'a> Paragraph<'a> {
    pub fn new(style: &'a Style) -> Self {
        Self {
            style,
            named: None,
            outline: None,
            list: None,
            level: None,
            merged: false,
            run: Run::default(),
            pieces: Vec::new(),
            after: Vec::new(),
        }
    }

    pub fn role(&self) -> Role {
        let role = self.named.unwrap_or(self.style.role);
        match (role, self.outline) {
            (Role::Body | Role::Heading(_), Some(level)) => role_of_outline(level),
            _ => role,
        }
    }

    /// What the text of the run looks like.
    pub fn look(&self, standard: Marks) -> Look {
        // What all text of a heading, a quotation or a caption looks like is said by its being one.
        let base = if self.role() == Role::Body { self.style.marks } else { Marks::default() };
        let on = |mark: fn(&Marks) -> Option<bool>| self.is_on(standard, base, mark);
        Look { bold: on(|marks| marks.bold), italic: on(|marks| marks.italic), strike: on(|marks| marks.strike) }
    }

    pub fn is_hidden(&self, standard: Marks) -> bool {
        self.is_on(standard, self.style.marks, |marks| marks.hidden)
    }

    pub fn shift(&self) -> Shift {
        let of_style = self.run.style.and_then(|style| style.marks.shift);
        self.run.marks.shift.or(of_style).unwrap_or(Shift::None)
    }

    /// Two styles that both switch a mark on switch it off together; what the run says itself wins.
    fn is_on(&self, standard: Marks, base: Marks, mark: fn(&Marks) -> Option<bool>) -> bool {
        let of = |marks: &Marks| mark(marks).unwrap_or(false);
        let of_style = self.run.style.is_some_and(|style| of(&style.marks));
        mark(&self.run.marks).unwrap_or(of(&standard) || (of(&base) ^ of_style))
    }
}

/// A paragraph as blocks: pictures stand by themselves. One that begins a line keeps its place, one amid a line goes
/// behind the paragraph, so that no sentence is torn.
pub(super) fn split(pieces: Vec<Piece>, role: Role, item: Option<Item>) -> Vec<Block> {
    let (mut blocks, mut line, mut item) = (Vec::new(), Vec::new(), item);
    let mut behind = Vec::new();
    let mut begins = true;
    for piece in pieces {
        match piece {
            Piece::Picture { index, alt } => {
                let figure = Block::Figure(Figure { index, alt, caption: String::new() });
                if begins {
                    push_paragraph(&mut blocks, std::mem::take(&mut line), role, &mut item);
                    blocks.append(&mut behind);
                    blocks.push(figure);
                } else {
                    behind.push(figure);
                }
            }
            Piece::Break => {
                begins = true;
                line.push(piece);
            }
            Piece::Text { ref text, .. } => {
                begins &= text.trim().is_empty();
                line.push(piece);
            }
        }
    }
    push_paragraph(&mut blocks, line, role, &mut item);
    blocks.append(&mut behind);
    blocks
}

fn push_paragraph(blocks: &mut Vec<Block>, pieces: Vec<Piece>, role: Role, item: &mut Option<Item>) {
    if has_text(&pieces) {
        blocks.push(Block::Paragraph { role, item: item.take(), pieces });
    }
}

/// Adds a block; a caption becomes that of the picture before it.
pub(super) fn push(blocks: &mut Vec<Block>, block: Block) {
    if let Block::Paragraph { role: Role::Caption, pieces, .. } = &block
        && let Some(Block::Figure(figure)) = blocks.last_mut()
        && figure.caption.is_empty()
    {
        figure.caption = plain_text(pieces);
    } else {
        blocks.push(block);
    }
}
