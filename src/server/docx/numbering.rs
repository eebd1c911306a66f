//! Lists: what stands before their items, and how far they have counted.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::Refusal;
use super::xml::{Element, Markup, Xml};

/// Levels of a list.
const LEVELS: u8 = 9;
/// The longest pattern of a number that is taken, in characters: each item repeats it.
const PATTERN_MOST: usize = 64;

/// How a level is numbered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Format {
    #[default]
    Decimal,
    Zero,
    Roman {
        upper: bool,
    },
    Letter {
        upper: bool,
    },
    Bullet,
    None,
}

/// A level of a list.
#[derive(Clone, Debug, Default)]
struct Level {
    format: Format,
    /// What is written, with `%1` in the place of the first level's number and so on.
    pattern: String,
    start: u32,
    /// The style whose paragraphs are of this level.
    style: Option<String>,
}

#[derive(Debug, Default)]
struct Abstract {
    levels: HashMap<u8, Level>,
    /// The list has its levels from the one that lends them under this name.
    link: Option<String>,
}

#[derive(Debug, Default)]
struct Numbered {
    base: String,
    levels: HashMap<u8, Level>,
    starts: HashMap<u8, u32>,
}

/// The lists of a document.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    kinds: HashMap<String, Abstract>,
    lists: HashMap<String, Numbered>,
    /// The lists that lend their levels, by the names they do it under.
    lenders: HashMap<String, String>,
}

/// What stands before an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Bullet,
    Number(u32),
    /// Words that Markdown's lists cannot make, such as “Điều 1.”.
    Words(String),
    Nothing,
}

/// How far the lists of a document have counted.
#[derive(Debug, Default)]
pub(super) struct Counters {
    counts: HashMap<String, [Option<u32>; LEVELS as usize]>,
    restarted: HashSet<(String, u8)>,
}

impl Numbering {
    /// Reads the part of the lists.
    pub fn read(text: &str, depth: usize) -> Result<Self, Refusal> {
        let mut xml = Xml::new(text, depth);
        let (mut numbering, mut place) = (Self::default(), Place::default());
        let mut open = Vec::new();
        while let Some(markup) = xml.next()? {
            match markup {
                Markup::Open(element) => {
                    numbering.take(&mut place, open.last().map(String::as_str).unwrap_or_default(), &element);
                    open.push(element.name().to_owned());
                }
                Markup::Close => match open.pop().as_deref() {
                    Some("abstractNum") => place.kind = None,
                    Some("num") => place.list = None,
                    _ => {}
                },
                Markup::Text(_) => {}
            }
        }
        Ok(numbering)
    }

    fn take(&mut self, place: &mut Place, parent: &str, element: &Element<'_>) {
        match (parent, element.name()) {
            (_, "abstractNum") => {
                let id = element.id("abstractNumId").unwrap_or_default();
                self.kinds.insert(id.clone(), Abstract::default());
                place.kind = Some(id);
            }
            (_, "num") => {
                let id = element.id("numId").unwrap_or_default();
                self.lists.insert(id.clone(), Numbered::default());
                place.list = Some(id);
            }
            ("num", "abstractNumId") => {
                if let Some(list) = place.list.as_ref().and_then(|id| self.lists.get_mut(id)) {
                    list.base = element.id("val").unwrap_or_default();
                }
            }
            (_, "lvlOverride") => place.level = level_of(element),
            ("lvlOverride", "startOverride") => {
                if let Some(list) = place.list.as_ref().and_then(|id| self.lists.get_mut(id)) {
                    list.starts.insert(place.level, element.number().unwrap_or(1));
                }
            }
            ("abstractNum", name) => {
                if let Some(kind) = place.kind.as_ref().and_then(|id| self.kinds.get_mut(id)) {
                    match name {
                        "lvl" => place.level = level_of(element),
                        "numStyleLink" => kind.link = element.id("val"),
                        "styleLink" => {
                            if let (Some(name), Some(id)) = (element.id("val"), &place.kind) {
                                self.lenders.insert(name, id.clone());
                            }
                        }
                        _ => {}
                    }
                }
            }
            ("lvl", _) => self.take_level(place, element),
            _ => {}
        }
    }

    fn take_level(&mut self, place: &Place, property: &Element<'_>) {
        let levels = match (&place.list, &place.kind) {
            (Some(id), _) => self.lists.get_mut(id).map(|list| &mut list.levels),
            (None, Some(id)) => self.kinds.get_mut(id).map(|kind| &mut kind.levels),
            (None, None) => None,
        };
        let Some(levels) = levels else {
            return;
        };
        let level = levels.entry(place.level).or_default();
        match property.name() {
            "start" => level.start = property.number().unwrap_or(1),
            "numFmt" => level.format = format_named(&property.val().unwrap_or_default()),
            "lvlText" => level.pattern = property.val().unwrap_or_default().chars().take(PATTERN_MOST).collect(),
            "pStyle" => level.style = property.id("val"),
            _ => {}
        }
    }

    /// The list with the levels that another lends it.
    fn kind(&self, list: &Numbered) -> Option<(&String, &Abstract)> {
        let (id, kind) = self.kinds.get_key_value(&list.base)?;
        match kind.link.as_ref().and_then(|link| self.lenders.get(link)) {
            Some(lender) if kind.levels.is_empty() => self.kinds.get_key_value(lender),
            _ => Some((id, kind)),
        }
    }

    /// The level that paragraphs of a style have in a list, by all the names the style goes by.
    pub fn level_of_style(&self, list: &str, line: &[Rc<str>]) -> Option<u8> {
        let (_, kind) = self.kind(self.lists.get(list)?)?;
        line.iter().find_map(|id| {
            kind.levels.iter().find(|(_, level)| level.style.as_deref() == Some(&**id)).map(|(level, _)| *level)
        })
    }

    /// Counts one more item of a list and tells what stands before it.
    pub fn next(&self, counters: &mut Counters, list: &str, level: u8, heading: bool) -> Mark {
        let level = level.min(LEVELS - 1);
        let Some((numbered, (id, kind))) = self.lists.get(list).and_then(|found| Some((found, self.kind(found)?)))
        else {
            return Mark::Nothing;
        };
        let levels = |level: u8| numbered.levels.get(&level).or_else(|| kind.levels.get(&level));
        let counts = counters.counts.entry(id.clone()).or_default();
        if let Some(start) = numbered.starts.get(&level)
            && counters.restarted.insert((list.to_owned(), level))
        {
            set(counts, level, start.checked_sub(1));
        }
        for (index, count) in (0..LEVELS).zip(counts.iter_mut()) {
            let start = levels(index).map_or(1, |found| found.start);
            match index.cmp(&level) {
                std::cmp::Ordering::Less => *count = count.or(Some(start)),
                std::cmp::Ordering::Equal => *count = Some(count.map_or(start, |count| count.saturating_add(1))),
                std::cmp::Ordering::Greater => *count = None,
            }
        }
        let Some(this) = levels(level) else {
            return Mark::Nothing;
        };
        let number = counts.get(usize::from(level)).copied().flatten().unwrap_or(1);
        let wordy = words_without_numbers(&this.pattern).any(char::is_alphabetic);
        match this.format {
            Format::Bullet if heading => Mark::Nothing,
            Format::Bullet => Mark::Bullet,
            _ if this.pattern.trim().is_empty() => Mark::Nothing,
            format if heading || wordy || format == Format::None => {
                let words = fill(&this.pattern, |index| {
                    let count = counts.get(usize::from(index)).copied().flatten().unwrap_or(1);
                    levels(index).map_or(Format::Decimal, |found| found.format).write(count)
                });
                if words.trim().is_empty() { Mark::Nothing } else { Mark::Words(words.trim().to_owned()) }
            }
            _ => Mark::Number(number),
        }
    }
}

/// Where in the part the reader is.
#[derive(Debug, Default)]
struct Place {
    kind: Option<String>,
    list: Option<String>,
    level: u8,
}

fn level_of(element: &Element<'_>) -> u8 {
    element.get("ilvl").and_then(|level| level.trim().parse().ok()).unwrap_or(0).min(LEVELS - 1)
}

/// Before the first, a list that begins at 0 has counted to nothing that a number can say.
fn set(counts: &mut [Option<u32>; LEVELS as usize], level: u8, count: Option<u32>) {
    if let Some(place) = counts.get_mut(usize::from(level)) {
        *place = count;
    }
}

fn format_named(name: &str) -> Format {
    match name {
        "bullet" => Format::Bullet,
        "none" => Format::None,
        "decimalZero" => Format::Zero,
        "upperRoman" => Format::Roman { upper: true },
        "lowerRoman" => Format::Roman { upper: false },
        "upperLetter" => Format::Letter { upper: true },
        "lowerLetter" => Format::Letter { upper: false },
        _ => Format::Decimal,
    }
}

impl Format {
    fn write(self, number: u32) -> String {
        let cased = |text: String, upper: bool| if upper { text } else { text.to_lowercase() };
        match self {
            Self::Decimal => number.to_string(),
            Self::Zero => format!("{number:02}"),
            Self::Roman { upper } => cased(roman(number), upper),
            Self::Letter { upper } => cased(letters(number), upper),
            Self::Bullet | Self::None => String::new(),
        }
    }
}

/// Word repeats a letter after the 26th: AA, BB.
fn letters(number: u32) -> String {
    let index = number.saturating_sub(1);
    let letter = char::from(b'A' + u8::try_from(index % 26).unwrap_or(0));
    std::iter::repeat_n(letter, usize::try_from(index / 26 + 1).unwrap_or(1).min(8)).collect()
}

fn roman(number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let (mut left, mut text) = (number, String::new());
    for (value, sign) in SIGNS {
        while left >= value {
            left -= value;
            text.push_str(sign);
        }
    }
    text
}

/// A pattern with the numbers in their places.
fn fill(pattern: &str, number: impl Fn(u8) -> String) -> String {
    let (mut text, mut characters) = (String::new(), pattern.chars().peekable());
    while let Some(character) = characters.next() {
        match characters.peek().and_then(|next| next.to_digit(10)) {
            Some(digit @ 1..=9) if character == '%' => {
                characters.next();
                text.push_str(&number(u8::try_from(digit - 1).unwrap_or(0)));
            }
            _ => text.push(character),
        }
    }
    text
}

fn words_without_numbers(pattern: &str) -> impl Iterator<Item = char> {
    fill(pattern, |_| String::new()).chars().collect::<Vec<_>>().into_iter()
}
