//! The text of a document, read from its first element to its last. Nothing calls itself here: however deep elements
//! are nested, they only lengthen a list.

use std::collections::{BTreeSet, HashMap};

use super::content::{Block, Piece};
use super::field::{Field, hyperlink};
use super::numbering::{Counters, Numbering};
use super::package::{Package, Relationship};
use super::paragraph::{Paragraph, Run};
use super::styles::Styles;
use super::symbol::symbol;
use super::table::{Cell, Row, Table};
use super::xml::{Element, Markup, Xml};
use super::{Dropped, Embedded, Limits, Refusal};

mod assembly;
mod properties;

/// What the text refers to.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub styles: &'a Styles,
    pub numbering: &'a Numbering,
    pub relationships: &'a HashMap<String, Relationship>,
    pub limits: &'a Limits,
}

/// What was read.
#[derive(Default)]
pub(super) struct Body {
    pub blocks: Vec<Block>,
    pub links: Vec<String>,
    pub pictures: Vec<Embedded>,
    pub dropped: BTreeSet<Dropped>,
}

/// What an element is that has been opened, which tells what its end means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opened {
    Transparent,
    Paragraph,
    ParagraphProperties,
    /// Of the sign that ends a paragraph.
    EndProperties,
    ListProperties,
    Run,
    RunProperties,
    Text {
        keep_space: bool,
    },
    Instruction,
    Hyperlink,
    /// A field in one element; before it there were so many.
    Field(usize),
    Table,
    Row,
    RowProperties,
    Cell,
    CellProperties,
    Drawing,
    TextBox,
    /// The same thing in several forms.
    Alternatives,
    /// One of them; before it so much had been read.
    Choice(u64),
}

impl Opened {
    fn is_properties(&self) -> bool {
        use Opened::{
            CellProperties, EndProperties, ListProperties, ParagraphProperties, RowProperties, RunProperties,
        };
        matches!(
            self,
            ParagraphProperties | EndProperties | ListProperties | RunProperties | RowProperties | CellProperties
        )
    }
}

/// Blocks that follow each other: of the document, a cell or a text box.
#[derive(Default)]
struct Flow<'a> {
    blocks: Vec<Block>,
    /// What goes on in the next paragraph.
    carry: Vec<Piece>,
    paragraph: Option<Paragraph<'a>>,
    table: Option<Table>,
    /// Of a cell.
    span: usize,
    merged: bool,
}

/// A drawing that is being read, or the text in it.
enum Mode {
    Text,
    Drawing { alt: String },
}

struct Walker<'a, 'p> {
    source: Source<'a>,
    package: &'p mut Package<'a>,
    body: Body,
    counters: Counters,
    known_links: HashMap<String, usize>,
    known_pictures: HashMap<String, Option<usize>>,
    opened: Vec<Opened>,
    /// The innermost flow, and those around it.
    flow: Flow<'a>,
    around: Vec<Flow<'a>>,
    modes: Vec<Mode>,
    fields: Vec<Field>,
    hyperlinks: Vec<Option<usize>>,
    /// For each group of alternatives, whether one was taken.
    alternatives: Vec<bool>,
    /// How many elements are open in one that is left out.
    skipped: usize,
    gathered: String,
    /// How much was read, to tell whether an alternative had anything in it.
    produced: u64,
    /// Bytes of the Markdown that repeat what the file says once.
    repeated: u64,
}

/// Reads the text of a document.
pub(super) fn read<'a>(
    text: &str,
    source: Source<'a>,
    package: &mut Package<'a>,
    dropped: BTreeSet<Dropped>,
) -> Result<Body, Refusal> {
    let mut walker = Walker {
        source,
        package,
        body: Body { dropped, ..Body::default() },
        counters: Counters::default(),
        known_links: HashMap::new(),
        known_pictures: HashMap::new(),
        opened: Vec::new(),
        flow: Flow::default(),
        around: Vec::new(),
        modes: vec![Mode::Text],
        fields: Vec::new(),
        hyperlinks: Vec::new(),
        alternatives: Vec::new(),
        skipped: 0,
        gathered: String::new(),
        produced: 0,
        repeated: 0,
    };
    let mut xml = Xml::new(text, source.limits.depth);
    let mut rooted = false;
    while let Some(markup) = xml.next()? {
        match markup {
            Markup::Open(element) if !rooted => {
                if element.name() != "document" {
                    return Err(Refusal::NotWord);
                }
                rooted = true;
                walker.opened.push(Opened::Transparent);
            }
            Markup::Open(_) if walker.skipped > 0 => walker.skipped += 1,
            Markup::Open(element) => match walker.open(&element)? {
                Some(opened) => walker.opened.push(opened),
                None => walker.skipped = 1,
            },
            Markup::Close if walker.skipped > 0 => walker.skipped -= 1,
            Markup::Close => walker.close()?,
            Markup::Text(text) => walker.gather(&text),
        }
    }
    walker.body.blocks = walker.end_flow()?;
    Ok(walker.body)
}

impl<'a> Walker<'a, '_> {
    /// Takes note of an element. `None` leaves it out with all that is in it.
    fn open(&mut self, element: &Element<'_>) -> Result<Option<Opened>, Refusal> {
        let name = element.name();
        if let Some(parent) = self.opened.last().copied().filter(Opened::is_properties) {
            return Ok(self.take_property(parent, element));
        }
        if self.leave_out(name) {
            return Ok(None);
        }
        match name {
            "AlternateContent" => {
                self.alternatives.push(false);
                Ok(Some(Opened::Alternatives))
            }
            "Choice" | "Fallback" if self.alternatives.last() == Some(&true) => Ok(None),
            "Choice" | "Fallback" => Ok(Some(Opened::Choice(self.produced))),
            _ if matches!(self.modes.last(), Some(Mode::Drawing { .. })) => self.open_in_drawing(element),
            _ => self.open_in_text(element),
        }
    }

    /// Whether an element is nothing for the Markdown; those that one would miss are noted.
    fn leave_out(&mut self, name: &str) -> bool {
        let (kind, with_content) = match name {
            "del" => (Some(Dropped::DeletedText), true),
            "oMath" | "oMathPara" => (Some(Dropped::Formula), true),
            "object" | "altChunk" | "OLEObject" | "control" => (Some(Dropped::EmbeddedObject), true),
            "footnoteReference" => (Some(Dropped::Footnote), true),
            "endnoteReference" => (Some(Dropped::Endnote), true),
            "commentReference" => (Some(Dropped::Comment), true),
            // The text that was moved is read where it has gone; how things were before a change is past. Readings of
            // characters stand above them.
            "moveFrom" | "rPrChange" | "pPrChange" | "tblPrChange" | "trPrChange" | "tcPrChange" | "sectPrChange"
            | "tblGridChange" | "tblPrExChange" | "numberingChange" | "sdtPr" | "sdtEndPr" | "sectPr" | "tblPr"
            | "tblPrEx" | "tblGrid" | "rt" | "fldData" => (None, true),
            _ => (None, false),
        };
        self.body.dropped.extend(kind);
        with_content
    }

    fn open_in_text(&mut self, element: &Element<'_>) -> Result<Option<Opened>, Refusal> {
        let opened = match element.name() {
            "p" => {
                self.finish_paragraph()?;
                let standard = self.source.styles.standard();
                self.flow.paragraph = Some(Paragraph::new(standard));
                Opened::Paragraph
            }
            "pPr" => Opened::ParagraphProperties,
            "r" => {
                self.start_paragraph().run = Run::default();
                Opened::Run
            }
            "rPr" if self.opened.last() == Some(&Opened::Run) => Opened::RunProperties,
            "rPr" => return Ok(None),
            "drawing" | "pict" => {
                self.modes.push(Mode::Drawing { alt: String::new() });
                Opened::Drawing
            }
            "tbl" | "tr" | "tc" | "trPr" | "tcPr" => self.open_in_table(element.name())?,
            "hyperlink" => {
                let link = self.link_of(element);
                self.hyperlinks.push(link);
                Opened::Hyperlink
            }
            "fldSimple" => {
                let before = self.fields.len();
                let link = element.get("instr").and_then(|instruction| hyperlink(&instruction));
                let link = link.and_then(|address| self.link(&address));
                self.push_field(Field { shown: true, link, ..Field::default() })?;
                Opened::Field(before)
            }
            _ => return self.open_in_run(element),
        };
        Ok(Some(opened))
    }

    fn open_in_run(&mut self, element: &Element<'_>) -> Result<Option<Opened>, Refusal> {
        match element.name() {
            "t" => {
                let keep_space = element.get("space").as_deref() == Some("preserve");
                self.gathered.clear();
                return Ok(Some(Opened::Text { keep_space }));
            }
            "instrText" => {
                self.gathered.clear();
                return Ok(Some(Opened::Instruction));
            }
            "fldChar" => self.take_field_character(element)?,
            "tab" | "ptab" => self.text(" ")?,
            "noBreakHyphen" => self.text("-")?,
            // The end of a page is nothing to a page of the web.
            "br" if !matches!(element.get("type").as_deref(), Some("page" | "column")) => self.break_line(),
            "cr" => self.break_line(),
            "sym" => {
                let code = element.get("char").and_then(|code| u32::from_str_radix(&code, 16).ok());
                match code.and_then(|code| symbol(&element.get("font").unwrap_or_default(), code)) {
                    Some(character) => self.text(&character.to_string())?,
                    None => {
                        self.body.dropped.insert(Dropped::Symbol);
                    }
                }
            }
            _ => {}
        }
        Ok(Some(Opened::Transparent))
    }

    fn open_in_table(&mut self, name: &str) -> Result<Opened, Refusal> {
        Ok(match name {
            "tbl" if self.flow.table.is_none() => {
                self.finish_paragraph()?;
                self.flow.table = Some(Table::default());
                Opened::Table
            }
            "tr" => match &mut self.flow.table {
                Some(table) if table.row.is_none() => {
                    table.row = Some(Row::default());
                    Opened::Row
                }
                _ => return Err(Refusal::Damaged),
            },
            "tc" if self.flow.table.as_ref().is_some_and(|table| table.row.is_some()) => {
                self.begin_flow();
                Opened::Cell
            }
            "trPr" => Opened::RowProperties,
            "tcPr" => Opened::CellProperties,
            _ => return Err(Refusal::Damaged),
        })
    }

    fn open_in_drawing(&mut self, element: &Element<'_>) -> Result<Option<Opened>, Refusal> {
        let description = match element.name() {
            "docPr" | "cNvPr" => element.get("descr").or_else(|| element.get("title")),
            "shape" | "rect" | "roundrect" | "oval" => element.get("alt"),
            "imagedata" => element.get("alt").or_else(|| element.get("title")),
            _ => None,
        };
        if let (Some(description), Some(Mode::Drawing { alt })) = (description, self.modes.last_mut())
            && alt.trim().is_empty()
        {
            *alt = description;
        }
        match element.name() {
            "txbxContent" => {
                self.modes.push(Mode::Text);
                self.begin_flow();
                return Ok(Some(Opened::TextBox));
            }
            "blip" => {
                self.place_picture(element.get("embed").or_else(|| element.get("link")))?;
            }
            "imagedata" => self.place_picture(element.get("id").or_else(|| element.get("href")))?,
            "chart" | "relIds" => {
                self.body.dropped.insert(Dropped::Drawing);
            }
            _ => {}
        }
        Ok(Some(Opened::Transparent))
    }

    /// The end of the element that was opened last.
    fn close(&mut self) -> Result<(), Refusal> {
        match self.opened.pop().unwrap_or(Opened::Transparent) {
            Opened::Paragraph => self.finish_paragraph()?,
            Opened::Text { keep_space } => {
                let text = std::mem::take(&mut self.gathered);
                let blank = [' ', '\t', '\r', '\n'];
                self.text(if keep_space { &text } else { text.trim_matches(blank) })?;
            }
            Opened::Instruction => {
                let text = std::mem::take(&mut self.gathered);
                if let Some(field) = self.fields.last_mut().filter(|field| !field.shown) {
                    field.instruction.push_str(&text);
                }
            }
            Opened::Hyperlink => {
                self.hyperlinks.pop();
            }
            Opened::Field(before) => self.fields.truncate(before),
            table @ (Opened::Table | Opened::Row | Opened::Cell) => self.close_in_table(table)?,
            Opened::Drawing => {
                self.modes.pop();
            }
            Opened::TextBox => {
                self.modes.pop();
                let blocks = self.end_flow()?;
                match &mut self.flow.paragraph {
                    Some(paragraph) => paragraph.after.extend(blocks),
                    None => self.push_all(blocks),
                }
            }
            Opened::Alternatives => {
                self.alternatives.pop();
            }
            Opened::Choice(before) => {
                let any = self.produced > before;
                if let Some(taken) = self.alternatives.last_mut() {
                    *taken |= any;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close_in_table(&mut self, opened: Opened) -> Result<(), Refusal> {
        match opened {
            Opened::Table => {
                let table = self.flow.table.take().unwrap_or_default();
                let blocks = table.finish()?;
                self.push_all(blocks);
            }
            Opened::Row => {
                if let Some(table) = &mut self.flow.table {
                    table.rows.extend(table.row.take());
                }
            }
            Opened::Cell => {
                let (span, merged) = (self.flow.span, self.flow.merged);
                let blocks = self.end_flow()?;
                let row = self.flow.table.as_mut().and_then(|table| table.row.as_mut());
                if let Some(row) = row {
                    row.cells.push(Cell { blocks, span, merged });
                }
            }
            _ => {}
        }
        Ok(())
    }
}
