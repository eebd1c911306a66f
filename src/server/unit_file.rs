//! Files of units (CSV, `GeoJSON`) as lines that can be imported.
//!
//! Which of the two a file is, its content tells and not its name. Nothing is looked up here: whether a parent exists,
//! and whether a code is taken by a unit of the portal, the importer says.

use std::collections::HashSet;
use std::fmt;

use crate::domain::day::Day;
use crate::domain::text::{clean_line, compose, fold, shorten};

mod geojson;
mod table;
#[cfg(test)]
mod tests;

/// The bytes that a file of units may have.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// The units that a file may hold.
pub const MOST_UNITS: usize = 20_000;
/// The points that all the boundaries of a file may have together.
const MOST_POINTS: usize = 200_000;
/// The problems that are told of one file.
const MOST_PROBLEMS: usize = 50;
/// The characters that are shown of a value with a problem, the ellipsis among them.
const SHOWN: usize = 60;

/// The bytes of a cell from which on only that many characters are looked at, which composed are still too long for any
/// column (no more than four become one).
const LONG: usize = 4000;

/// One unit of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitLine {
    /// Its line in the file, or the number of its feature; the first is 1.
    pub line: usize,
    /// The name, at most 200 characters.
    pub name: String,
    /// The code, at most 40 characters, with its leading zeros. No two lines have the same.
    pub code: Option<String>,
    /// What kind of unit it is, in the file's own word, at most 80 characters.
    pub level: Option<String>,
    /// The unit above: a code, a slug or a name, at most 200 characters.
    pub parent: Option<String>,
    /// The day from which there is such a unit.
    pub begins: Option<Day>,
    /// The day until which there is, never before it begins.
    pub ends: Option<Day>,
    /// Its area: a `GeoJSON` geometry (Polygon or `MultiPolygon`) as compact JSON. Coordinates are longitude and
    /// latitude in degrees, rounded to 5 decimals (about a metre); heights are left out.
    pub boundary: Option<String>,
}

/// What a file may say of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The name.
    Name,
    /// The code.
    Code,
    /// The kind of unit.
    Level,
    /// The unit above.
    Parent,
    /// The first day.
    Begins,
    /// The last day.
    Ends,
    /// The area; only in `GeoJSON`.
    Boundary,
}

impl Column {
    /// The English header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Code => "code",
            Self::Level => "level",
            Self::Parent => "parent",
            Self::Begins => "begins",
            Self::Ends => "ends",
            Self::Boundary => "boundary",
        }
    }

    /// The column that a header or a property means, and its place among those that mean the same: where several have
    /// something to say of a unit, the one with the lowest place is taken.
    fn read(header: &str) -> Option<(Self, usize)> {
        if header.len() > LONG {
            return None;
        }
        let known: String = fold(header).chars().filter(|c| c.is_alphanumeric()).collect();
        // Of two headers that differ in nothing else, the one without an underscore goes first: fullName, full_name.
        let underscore = usize::from(header.contains('_'));
        HEADERS.iter().find_map(|(column, names)| {
            names.iter().position(|name| *name == known).map(|place| (*column, 2 * place + underscore))
        })
    }
}

/// The headers of each column as [`Column::read`] compares them: letters and digits, without marks, in lower case.
const HEADERS: [(Column, &[&str]); 6] = [
    (Column::Name, &["fullname", "tendaydu", "name", "tendonvi", "ten"]),
    (Column::Code, &["code", "ma", "madonvi", "maso"]),
    (Column::Level, &["level", "cap", "loai"]),
    (Column::Parent, &["parent", "parentcode", "thuoc", "donvicaptren", "tructhuoc"]),
    (Column::Begins, &["begins", "tungay", "batdau", "hieuluctu"]),
    (Column::Ends, &["ends", "denngay", "ketthuc", "hieulucden"]),
];

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wrong {
    /// A unit needs it and has it not.
    Missing,
    /// It has too many characters; or a quotation mark before it is never closed, so that it goes on to the end of the
    /// file. In the latter case the value that is shown begins with the mark.
    TooLong,
    /// No day of the calendar.
    NotADay,
    /// The last day is before the first.
    EndsBeforeBegins,
    /// An earlier line has the same code.
    Repeated,
    /// Not the boundary of a place on Earth: neither Polygon nor `MultiPolygon`, or a broken one.
    NotAPlace,
    /// The unit is said to be above itself, by its code or its name.
    OwnParent,
    /// No unit is called so, or several are; whoever imports the file knows.
    Unknown,
}

/// A value of a file that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProblem {
    /// The line in the file, or the number of the feature; the first is 1.
    pub line: usize,
    /// Where in the line.
    pub column: Column,
    /// What stands there, shortened to 60 characters. Of a boundary: its type, or the part that is broken.
    pub value: String,
    /// What is wrong with it.
    pub wrong: Wrong,
}

impl LineProblem {
    fn new(line: usize, column: Column, value: &str, wrong: Wrong) -> Self {
        let shown = if value.chars().count() > SHOWN { &shorten(value, SHOWN - 1) } else { value };
        Self { line, column, value: shown.to_owned(), wrong }
    }
}

/// Why a file of units is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitFileProblem {
    /// Nothing is in it, or nothing below the headers.
    Empty,
    /// More than 20 MB, than 20,000 units, than 200,000 points in the boundaries, or than 2,000,000 cells.
    TooLarge,
    /// Neither UTF-8 nor UTF-16 with its byte order mark: a workbook, an archive, a text in an old encoding.
    NotText,
    /// No column or property is a name, or there are no features.
    NoNames,
    /// It begins like JSON and is not a feature or a collection of features.
    NotGeoJson,
    /// Some lines cannot be taken: the first 50 problems, in the order of the file.
    Lines(Vec<LineProblem>),
}

impl fmt::Display for UnitFileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the file is empty",
            Self::TooLarge => "the file is too large",
            Self::NotText => "not a text file in UTF-8 or UTF-16",
            Self::NoNames => "no column of the file is a name",
            Self::NotGeoJson => "not a GeoJSON file of features",
            Self::Lines(_) => "some lines of the file cannot be taken",
        })
    }
}

impl std::error::Error for UnitFileProblem {}

/// Reads a file of units. Takes up to a second for a large one: call it off the async threads.
///
/// # Errors
/// Why it is not taken.
pub fn read_units(bytes: &[u8]) -> Result<Vec<UnitLine>, UnitFileProblem> {
    if bytes.len() > MOST_BYTES {
        return Err(UnitFileProblem::TooLarge);
    }
    let text = decode(bytes).ok_or(UnitFileProblem::NotText)?;
    match text.trim_start().chars().next() {
        None => Err(UnitFileProblem::Empty),
        Some('{') => check(geojson::read(&text)?, None),
        Some(_) => {
            let table = table::read(&text)?;
            check(table.rows, table.unclosed)
        }
    }
}

/// The text of a file, without its byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        // An archive, as workbooks are.
        [b'P', b'K', 3 | 5 | 7, ..] => return None,
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok()?.to_owned(),
        bytes => std::str::from_utf8(bytes).ok()?.to_owned(),
    };
    // Text has none; a file in UTF-16 or UTF-32 without its mark is full of them.
    (!text.contains('\0')).then_some(text)
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks();
    if !rest.is_empty() {
        return None;
    }
    char::decode_utf16(pairs.iter().copied().map(unit)).collect::<Result<_, _>>().ok()
}

/// What a file says in one line or feature.
#[derive(Debug, Default)]
struct Row {
    line: usize,
    name: Value,
    code: Value,
    level: Value,
    parent: Value,
    begins: Value,
    ends: Value,
    /// The boundary as it is stored, or what is broken of it.
    boundary: Option<Result<String, String>>,
}

/// What a line says in a column: nothing, or what stands under the header that goes first.
#[derive(Debug, Default)]
struct Value {
    place: usize,
    text: String,
}

impl Row {
    /// Notes what stands under the header of a column that has this place ([`Column::read`]).
    fn put(&mut self, column: Column, place: usize, text: &str) {
        let value = match column {
            Column::Name => &mut self.name,
            Column::Code => &mut self.code,
            Column::Level => &mut self.level,
            Column::Parent => &mut self.parent,
            Column::Begins => &mut self.begins,
            Column::Ends => &mut self.ends,
            Column::Boundary => return,
        };
        let text = clean(text);
        if !text.is_empty() && (value.text.is_empty() || place < value.place) {
            *value = Value { place, text };
        }
    }
}

/// What a cell says. Spreadsheets put an apostrophe before what could be taken for a formula.
fn clean(cell: &str) -> String {
    let line = if cell.len() <= LONG {
        clean_line(&compose(cell))
    } else {
        // Too long for any column, unless it is empty for the most part.
        let line: String = clean_line(cell).chars().take(LONG).collect();
        clean_line(&compose(&line))
    };
    match line.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => line,
    }
}

/// The units of the rows, if nothing is wrong with any of them. `unclosed` is the problem of the last line.
fn check(rows: Vec<Row>, unclosed: Option<LineProblem>) -> Result<Vec<UnitLine>, UnitFileProblem> {
    let mut units = Vec::with_capacity(rows.len());
    let mut problems = Vec::new();
    let mut codes = HashSet::new();
    for row in rows {
        if problems.len() >= MOST_PROBLEMS {
            break;
        }
        units.push(check_row(row, &mut codes, &mut problems));
    }
    problems.extend(unclosed);
    problems.truncate(MOST_PROBLEMS);
    if problems.is_empty() { Ok(units) } else { Err(UnitFileProblem::Lines(problems)) }
}

fn check_row(row: Row, codes: &mut HashSet<String>, problems: &mut Vec<LineProblem>) -> UnitLine {
    let mut report = |column, value: &str, wrong| problems.push(LineProblem::new(row.line, column, value, wrong));
    let name = row.name.text;
    if name.is_empty() {
        report(Column::Name, "", Wrong::Missing);
    }
    for (column, text, most) in [
        (Column::Name, &name, 200),
        (Column::Code, &row.code.text, 40),
        (Column::Level, &row.level.text, 80),
        (Column::Parent, &row.parent.text, 200),
    ] {
        if text.chars().count() > most {
            report(column, text, Wrong::TooLong);
        }
    }
    let code = given(row.code.text);
    if let Some(code) = &code
        && !codes.insert(code.clone())
    {
        report(Column::Code, code, Wrong::Repeated);
    }
    let parent = given(row.parent.text);
    if let Some(parent) = &parent
        && (*parent == name || Some(parent) == code.as_ref())
    {
        report(Column::Parent, parent, Wrong::OwnParent);
    }
    let mut day = |column, text: &str| {
        let day = Day::parse(text);
        if day.is_none() && !text.is_empty() {
            report(column, text, Wrong::NotADay);
        }
        day
    };
    let begins = day(Column::Begins, &row.begins.text);
    let ends = day(Column::Ends, &row.ends.text);
    if let (Some(begins), Some(ends)) = (begins, ends)
        && ends < begins
    {
        report(Column::Ends, &row.ends.text, Wrong::EndsBeforeBegins);
    }
    let boundary = match row.boundary {
        Some(Err(broken)) => {
            report(Column::Boundary, &broken, Wrong::NotAPlace);
            None
        }
        Some(Ok(boundary)) => Some(boundary),
        None => None,
    };
    UnitLine { line: row.line, name, code, level: given(row.level.text), parent, begins, ends, boundary }
}

fn given(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
