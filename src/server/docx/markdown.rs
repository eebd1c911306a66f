//! Blocks as Markdown.

use std::rc::Rc;

use super::content::{Block, Figure, Item, Look, Piece, Role, has_text, plain_text};
use super::emphasis::inline;
use super::escape::{Edge, Place, escape, escape_title};

/// Markdown takes no longer numbers of items.
const NUMBER_MOST: u32 = 999_999_999;

/// A list that an item may go on with.
#[derive(Clone, Debug)]
struct List {
    id: Rc<str>,
    level: u8,
    ordered: bool,
    /// The second of the two signs there are, which tells a list from the one of its kind right before it.
    second: bool,
    /// How far its items' text is indented.
    content: usize,
}

/// What the last block was, which decides on what goes between it and the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Nothing,
    Item,
    Quote,
    Other,
}

struct Writer<'a> {
    links: &'a [String],
    out: String,
    lists: Vec<List>,
    last: Last,
}

/// The place of the title: the first paragraph, if that is what it is for.
pub(super) fn title_place(blocks: &[Block]) -> Option<usize> {
    let first = blocks.iter().position(|block| matches!(block, Block::Paragraph { .. }))?;
    let role = matches!(blocks.get(first), Some(Block::Paragraph { role: Role::Title | Role::Heading(0), .. }));
    role.then_some(first)
}

/// The words of a paragraph.
pub(super) fn plain_block(block: &Block) -> String {
    if let Block::Paragraph { pieces, .. } = block { plain_text(pieces) } else { String::new() }
}

/// The Markdown of blocks without those in some places; `links` are the addresses.
pub(super) fn write(blocks: &[Block], links: &[String], without: &[Option<usize>]) -> String {
    let mut writer = Writer { links, out: String::new(), lists: Vec::new(), last: Last::Nothing };
    for (index, block) in blocks.iter().enumerate() {
        if !without.contains(&Some(index)) {
            writer.block(block);
        }
    }
    if !writer.out.is_empty() {
        writer.out.push('\n');
    }
    writer.out
}

impl Writer<'_> {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph { item: Some(item), pieces, .. } => self.item(item, pieces),
            Block::Paragraph { role, pieces, .. } => self.paragraph(*role, pieces),
            Block::Figure(figure) => {
                self.begin(Last::Other);
                self.figure(figure);
            }
            Block::Table(rows) => {
                self.begin(Last::Other);
                self.table(rows);
            }
        }
    }

    /// Puts the space before a block that is no item.
    fn begin(&mut self, next: Last) {
        self.lists.clear();
        self.out.push_str(match (self.last, next) {
            (Last::Nothing, _) => "",
            (Last::Quote, Last::Quote) => "\n>\n",
            _ => "\n\n",
        });
        self.last = next;
    }

    fn paragraph(&mut self, role: Role, pieces: &[Piece]) {
        if !has_text(pieces) {
            return;
        }
        match role {
            Role::Title => self.heading(0, pieces),
            Role::Heading(level) => self.heading(level, pieces),
            Role::Quote => {
                self.begin(Last::Quote);
                let text = inline(pieces, self.links, Place::default());
                self.lines("> ", "> ", &text);
            }
            Role::Body | Role::Caption | Role::Contents => {
                self.begin(Last::Other);
                let text = inline(pieces, self.links, Place::default());
                self.out.push_str(&text);
            }
        }
    }

    /// A heading is bold by itself. If all of it is in italics, that is the look of headings and not emphasis.
    fn heading(&mut self, level: u8, pieces: &[Piece]) {
        let italic = pieces.iter().all(|piece| match piece {
            Piece::Text { text, look, .. } => look.italic || text.trim().is_empty(),
            _ => true,
        });
        let plain = |piece: &Piece| match piece {
            Piece::Text { text, look, link } => {
                let look = Look { bold: false, italic: look.italic && !italic, ..*look };
                Piece::Text { text: text.clone(), look, link: *link }
            }
            other => other.clone(),
        };
        let pieces: Vec<Piece> = pieces.iter().map(plain).collect();
        self.begin(Last::Other);
        let text = inline(&pieces, self.links, Place { heading: true, ..Place::default() });
        let signs = match level {
            0 => "## ",
            1 => "### ",
            _ => "#### ",
        };
        self.out.push_str(signs);
        self.out.push_str(&text);
    }

    fn item(&mut self, item: &Item, pieces: &[Piece]) {
        if !has_text(pieces) {
            return;
        }
        let ordered = item.number.is_some();
        let number = item.number.unwrap_or(0).min(NUMBER_MOST);
        let mut before = None;
        while let Some(list) = self.lists.pop_if(|list| list.level >= item.level) {
            before = Some(list);
        }
        let indent = self.lists.last().map_or(0, |list| list.content);
        let goes_on = before.as_ref().is_some_and(|list| list.id == item.list && list.ordered == ordered);
        let second = match &before {
            Some(list) if list.ordered == ordered => list.second == goes_on,
            _ => false,
        };
        // Right behind text, only a list that begins with one is read as a list.
        let apart = !goes_on && (before.is_some() || (ordered && number != 1));
        self.out.push_str(match self.last {
            Last::Nothing => "",
            Last::Item if !apart => "\n",
            _ => "\n\n",
        });
        self.last = Last::Item;
        let sign = match (ordered, second) {
            (true, false) => format!("{number}. "),
            (true, true) => format!("{number}) "),
            (false, false) => "- ".to_owned(),
            (false, true) => "* ".to_owned(),
        };
        let content = indent + sign.len();
        let text = inline(pieces, self.links, Place::default());
        let first = format!("{}{sign}", " ".repeat(indent));
        self.lines(&first, &" ".repeat(content), &text);
        self.lists.push(List { id: Rc::clone(&item.list), level: item.level, ordered, second, content });
    }

    /// Adds text with something before its first line and before the others.
    fn lines(&mut self, first: &str, other: &str, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.out.push('\n');
            }
            self.out.push_str(if index == 0 { first } else { other });
            self.out.push_str(line);
        }
    }

    fn figure(&mut self, figure: &Figure) {
        self.out.push_str("![");
        let alt = figure.alt.split_whitespace().collect::<Vec<_>>().join(" ");
        escape(&mut self.out, &alt, Edge::Markup, Edge::Markup, Place { link: true, ..Place::default() });
        self.out.push_str(&format!("](word:{}", figure.index));
        if !figure.caption.is_empty() {
            self.out.push_str(" \"");
            escape_title(&mut self.out, &figure.caption);
            self.out.push('"');
        }
        self.out.push(')');
    }

    fn table(&mut self, rows: &[Vec<Vec<Piece>>]) {
        let place = Place { table: true, ..Place::default() };
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                self.out.push('\n');
            }
            self.out.push('|');
            for cell in row {
                let text = inline(cell, self.links, place);
                self.out.push_str(&format!(" {text} |"));
            }
            if index == 0 {
                self.out.push_str("\n|");
                self.out.push_str(&" --- |".repeat(row.len()));
            }
        }
    }
}
