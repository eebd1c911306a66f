//! The styles of a document: which are headings, quotations and captions, and how their text looks.

use std::collections::HashMap;
use std::rc::Rc;

use super::Refusal;
use super::content::Role;
use super::xml::{Element, Markup, Xml};

/// A style is based on another, and so on; a longer chain than this is no one's work.
const CHAIN_MOST: usize = 32;

/// What headings are called with a number behind, in the languages that programs write the names of styles in.
const HEADING: [&str; 27] = [
    "heading",
    "tiêu đề",
    "đầu đề",
    "đề mục",
    "überschrift",
    "titre",
    "título",
    "titulo",
    "titolo",
    "titel",
    "kop",
    "rubrik",
    "overskrift",
    "otsikko",
    "nagłówek",
    "nadpis",
    "címsor",
    "başlık",
    "заголовок",
    "标题",
    "標題",
    "見出し",
    "제목",
    "judul",
    "tajuk",
    "หัวเรื่อง",
    "หัวข้อ",
];
const TITLE: [&str; 18] = [
    "title",
    "tiêu đề",
    "tựa đề",
    "nhan đề",
    "titel",
    "titre",
    "título",
    "titulo",
    "titolo",
    "tytuł",
    "название",
    "标题",
    "標題",
    "表題",
    "제목",
    "judul",
    "tajuk",
    "ชื่อเรื่อง",
];
const QUOTE: [&str; 17] = [
    "quote",
    "intense quote",
    "quotations",
    "quotation",
    "block text",
    "block quotation",
    "block quote",
    "trích dẫn",
    "lời trích dẫn",
    "trích dẫn mạnh",
    "lời trích dẫn mạnh",
    "citation",
    "citation intense",
    "zitat",
    "cita",
    "citazione",
    "引用",
];
/// `LibreOffice` has a style for the captions of each kind of thing.
const CAPTION: [&str; 12] = [
    "caption",
    "illustration",
    "figure",
    "drawing",
    "chú thích",
    "phụ đề",
    "beschriftung",
    "légende",
    "leyenda",
    "legenda",
    "didascalia",
    "题注",
];
const CONTENTS: [&str; 7] =
    ["toc", "toc heading", "contents", "contents heading", "table of figures", "mục lục", "đầu đề mục lục"];

/// Word itself has no more than some four thousand styles in a document.
const STYLES_MOST: usize = 10_000;

/// How a run of text is marked, where it says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub bold: Option<bool>,
    pub italic: Option<bool>,
    pub strike: Option<bool>,
    pub hidden: Option<bool>,
    pub shift: Option<Shift>,
}

/// Where text stands against its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    None,
    Up,
    Down,
}

impl Marks {
    /// Takes note of one property of a run.
    pub fn take(&mut self, property: &Element<'_>) {
        match property.name() {
            "b" => self.bold = Some(property.switch()),
            "i" => self.italic = Some(property.switch()),
            "strike" | "dstrike" => self.strike = Some(property.switch() || self.strike == Some(true)),
            "vanish" => self.hidden = Some(property.switch()),
            "vertAlign" => {
                self.shift = Some(match property.val().as_deref() {
                    Some("superscript") => Shift::Up,
                    Some("subscript") => Shift::Down,
                    _ => Shift::None,
                });
            }
            _ => {}
        }
    }

    fn or(self, base: Self) -> Self {
        Self {
            bold: self.bold.or(base.bold),
            italic: self.italic.or(base.italic),
            strike: self.strike.or(base.strike),
            hidden: self.hidden.or(base.hidden),
            shift: self.shift.or(base.shift),
        }
    }
}

/// A style with all that it inherits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub role: Role,
    pub marks: Marks,
    /// The list its paragraphs are in.
    pub list: Option<Rc<str>>,
    /// The level in that list, where the style says it itself.
    pub level: Option<u8>,
    /// The styles that it is, from itself down: levels of lists refer to them.
    pub line: Vec<Rc<str>>,
    /// The level that the style's name tells of a list that has but one.
    pub hint: u8,
}

/// A style as it is written.
#[derive(Debug, Default)]
struct Written {
    name: String,
    base: Option<String>,
    outline: Option<u8>,
    list: Option<Rc<str>>,
    level: Option<u8>,
    marks: Marks,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: HashMap<Rc<str>, Style>,
    standard: Style,
    /// What all text looks like that says nothing else.
    pub marks: Marks,
}

impl Styles {
    /// Reads the part of the styles.
    pub fn read(text: &str, depth: usize) -> Result<Self, Refusal> {
        let mut xml = Xml::new(text, depth);
        let mut written: HashMap<Rc<str>, Written> = HashMap::new();
        let (mut open, mut standard, mut marks) = (Vec::<String>::new(), None, Marks::default());
        let mut current: Option<(Rc<str>, Written)> = None;
        while let Some(markup) = xml.next()? {
            match markup {
                Markup::Open(element) => {
                    let parent = open.last().map(String::as_str).unwrap_or_default();
                    match (&mut current, element.name()) {
                        (_, "style") => {
                            let id: Rc<str> = element.id("styleId").unwrap_or_default().into();
                            let paragraph = element.get("type").is_none_or(|kind| kind == "paragraph");
                            let first = element.get("default").is_some_and(|value| value != "0" && value != "false");
                            if paragraph && first {
                                standard = Some(Rc::clone(&id));
                            }
                            current = Some((id, Written::default()));
                        }
                        (Some((_, style)), _) => style.take(parent, &element),
                        (None, _) if parent == "rPr" && open.iter().any(|name| name == "docDefaults") => {
                            marks.take(&element);
                        }
                        (None, _) => {}
                    }
                    open.push(element.name().to_owned());
                }
                Markup::Close => {
                    if open.pop().as_deref() == Some("style")
                        && let Some((id, style)) = current.take()
                    {
                        written.insert(id, style);
                        if written.len() > STYLES_MOST {
                            return Err(Refusal::TooLarge);
                        }
                    }
                }
                Markup::Text(_) => {}
            }
        }
        let styles: HashMap<Rc<str>, Style> = written.keys().map(|id| (Rc::clone(id), resolve(id, &written))).collect();
        let standard = standard.and_then(|id| styles.get(&id).cloned()).unwrap_or_default();
        Ok(Self { styles, standard, marks })
    }

    /// A style by its identifier. Paragraphs that name none have the standard one.
    pub fn get(&self, id: &str) -> Option<&Style> {
        self.styles.get(id)
    }

    /// The style of paragraphs that name none.
    pub fn standard(&self) -> &Style {
        &self.standard
    }
}

impl Written {
    fn take(&mut self, parent: &str, element: &Element<'_>) {
        match (parent, element.name()) {
            ("style", "name") => self.name = element.val().unwrap_or_default().to_lowercase(),
            ("style", "basedOn") => self.base = element.id("val"),
            ("pPr", "outlineLvl") => self.outline = element.number().and_then(|level| u8::try_from(level).ok()),
            ("numPr", "numId") => self.list = element.id("val").map(Rc::from),
            ("numPr", "ilvl") => self.level = element.number().and_then(|level| u8::try_from(level).ok()),
            ("rPr", _) => self.marks.take(element),
            _ => {}
        }
    }
}

/// A style with what it inherits from those below it.
fn resolve(id: &str, written: &HashMap<Rc<str>, Written>) -> Style {
    let mut style = Style::default();
    let (mut role, mut hint, mut next) = (None, None, Some(id));
    while let Some((id, found)) = next.and_then(|id| written.get_key_value(id)) {
        if style.line.len() == CHAIN_MOST || style.line.contains(id) {
            break;
        }
        style.line.push(Rc::clone(id));
        style.marks = style.marks.or(found.marks);
        style.list = style.list.take().or_else(|| found.list.clone());
        style.level = style.level.or(found.level);
        hint = hint.or_else(|| list_level(&found.name));
        role = role.or_else(|| role_named(&found.name)).or_else(|| found.outline.map(role_of_outline));
        next = found.base.as_deref();
    }
    style.role = role.unwrap_or_default();
    style.hint = hint.unwrap_or_default();
    style
}

/// What a paragraph of an outline level is. Nine means body text.
pub(super) fn role_of_outline(level: u8) -> Role {
    if level < 9 { Role::Heading(level) } else { Role::Body }
}

/// What a style is for, by its name or, where the document does not explain it, by its identifier.
pub(super) fn role_named(name: &str) -> Option<Role> {
    let name = name.trim().to_lowercase();
    let stem = name.trim_end_matches(|character: char| character.is_ascii_digit());
    let number: Option<u8> = name.get(stem.len()..).and_then(|digits| digits.parse().ok());
    let stem = stem.trim_end();
    match number {
        Some(level @ 1..=9) if HEADING.contains(&stem) => Some(Role::Heading(level - 1)),
        _ if CONTENTS.contains(&stem) && (number.is_some() || stem.contains(' ')) => Some(Role::Contents),
        Some(_) => None,
        None if TITLE.contains(&stem) => Some(Role::Title),
        None if QUOTE.contains(&stem) || stem == "intensequote" => Some(Role::Quote),
        None if CAPTION.contains(&stem) => Some(Role::Caption),
        None => None,
    }
}

/// Word has a style for each level of its simplest lists, and each of those has a list of its own.
fn list_level(name: &str) -> Option<u8> {
    let level = name.strip_prefix("list bullet").or_else(|| name.strip_prefix("list number"))?.trim();
    let level: u8 = level.parse().ok()?;
    level.checked_sub(1).filter(|level| *level < 9)
}
