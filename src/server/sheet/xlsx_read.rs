//! Workbooks (.xlsx), of which the first sheet is read that is not hidden.

use crate::domain::figure::Figure;
use crate::server::docx::package::{Package, Relationship};
use crate::server::docx::xml::{Element, Markup, Xml};
use crate::server::docx::{Limits, Refusal};

use super::percent::Percentages;
use super::strings::{Strings, plain_text, rich_text, skip, unescape};
use super::{Cell, Grid, MOST_BYTES, Sheet, SheetProblem};

/// How much of a workbook is taken.
const LIMITS: Limits = Limits {
    file: MOST_BYTES,
    unpacked: 80 * 1024 * 1024,
    xml: 40 * 1024 * 1024,
    pictures: 0,
    depth: 64,
    entries: 5_000,
};
/// The digits that Excel keeps of a number. What a file has beyond them is the noise of floating-point numbers.
const DIGITS: usize = 15;

impl From<Refusal> for SheetProblem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotWord | Refusal::OldWord | Refusal::Encrypted => Self::NotASheet,
            Refusal::Damaged => Self::Unreadable,
            Refusal::TooLarge => Self::TooLarge,
        }
    }
}

/// Reads the first sheet of a workbook that is not hidden. A formula gives what it was when the workbook was saved, a
/// truth `TRUE` or `FALSE`, an error its sign (`#N/A`). A percentage gives what people see: 12.5 for 12.5 %. A day is
/// the number that Excel has for it, in days since the end of 1899.
///
/// # Errors
/// Why it is not taken.
pub fn read_xlsx(bytes: &[u8]) -> Result<Sheet, SheetProblem> {
    let mut package = Package::open(bytes, &LIMITS)?;
    let roots = package.relationships("")?;
    let workbook = roots.values().find(|found| found.kind == "officeDocument").and_then(Relationship::part);
    let workbook = workbook.unwrap_or("xl/workbook.xml");
    let relationships = package.relationships(workbook)?;
    let id = first_sheet(&package.xml(workbook)?.ok_or(SheetProblem::NotASheet)?)?;
    let sheet = relationships.get(&id).and_then(Relationship::part).ok_or(SheetProblem::Unreadable)?;
    let mut part = |kind: &str| match relationships.values().find(|found| found.kind == kind) {
        Some(found) => found.part().map(|name| package.xml(name)).transpose().map(Option::flatten),
        None => Ok(None),
    };
    let strings = part("sharedStrings")?.map(|xml| Strings::read(&xml, LIMITS.depth)).transpose()?;
    let percentages = part("styles")?.map(|xml| Percentages::read(&xml, LIMITS.depth)).transpose()?;
    let xml = package.xml(sheet)?.ok_or(SheetProblem::Unreadable)?;
    Cells { strings: strings.unwrap_or_default(), percentages: percentages.unwrap_or_default() }.read(&xml)
}

/// What the workbook calls the first of its sheets that is not hidden.
fn first_sheet(xml: &str) -> Result<String, SheetProblem> {
    let mut xml = Xml::new(xml, LIMITS.depth);
    let mut root = true;
    while let Some(markup) = xml.next()? {
        let Markup::Open(element) = markup else { continue };
        if std::mem::take(&mut root) && element.name() != "workbook" {
            return Err(SheetProblem::NotASheet);
        }
        let hidden = || element.get("state").is_some_and(|state| state != "visible");
        if element.name() == "sheet" && !hidden() {
            return element.id("id").ok_or(SheetProblem::Unreadable);
        }
    }
    Err(SheetProblem::Empty)
}

/// What the cells of a sheet refer to.
struct Cells {
    strings: Strings,
    percentages: Percentages,
}

impl Cells {
    fn read(&self, xml: &str) -> Result<Sheet, SheetProblem> {
        let mut grid = Grid::default();
        let mut xml = Xml::new(xml, LIMITS.depth);
        // Rows and cells may leave out where they are: then it is after the last.
        let (mut row, mut column) = (None, None);
        while let Some(markup) = xml.next()? {
            let Markup::Open(element) = markup else { continue };
            match element.name() {
                "row" => {
                    row = Some(row_of(&element).unwrap_or_else(|| after(row)));
                    column = None;
                }
                "c" => {
                    let place = column_of(&element).unwrap_or_else(|| after(column));
                    column = Some(place);
                    let cell = self.cell(&element, &mut xml)?;
                    grid.put(row.unwrap_or(0), place, cell)?;
                }
                _ => {}
            }
        }
        grid.finish()
    }

    /// What stands in the cell that has just been opened, up to where it is closed.
    fn cell(&self, element: &Element<'_>, xml: &mut Xml<'_>) -> Result<Cell, SheetProblem> {
        let kind = element.get("t").unwrap_or_default();
        let style = element.get("s").and_then(|style| style.trim().parse().ok()).unwrap_or(0);
        let mut cell = Cell::Empty;
        while let Some(markup) = xml.next()? {
            match markup {
                Markup::Open(child) => match child.name() {
                    "v" => cell = self.value(&kind, style, &plain_text(xml)?)?,
                    "is" => cell = Cell::of(&unescape(&rich_text(xml)?)),
                    _ => skip(xml)?,
                },
                Markup::Close => break,
                Markup::Text(_) => {}
            }
        }
        Ok(cell)
    }

    fn value(&self, kind: &str, style: usize, value: &str) -> Result<Cell, SheetProblem> {
        Ok(match kind {
            _ if value.trim().is_empty() => Cell::Empty,
            "s" => {
                let number = value.trim().parse().map_err(|_| SheetProblem::Unreadable)?;
                Cell::of(self.strings.get(number).ok_or(SheetProblem::Unreadable)?)
            }
            "b" => match value.trim() {
                "0" | "false" => Cell::Text("FALSE".to_owned()),
                _ => Cell::Text("TRUE".to_owned()),
            },
            "" | "n" => number(value, self.percentages.shows(style)),
            _ => Cell::of(&unescape(value)),
        })
    }
}

fn after(last: Option<usize>) -> usize {
    last.map_or(0, |last| last.saturating_add(1))
}

/// The place of a row, from 0.
fn row_of(row: &Element<'_>) -> Option<usize> {
    row.get("r")?.trim().parse::<usize>().ok()?.checked_sub(1)
}

/// The place of a cell in its row, from 0: that of `C7` is 2.
fn column_of(cell: &Element<'_>) -> Option<usize> {
    let reference = cell.get("r")?;
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let place = letters.fold(0_usize, |place, letter| {
        place.saturating_mul(26).saturating_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    place.checked_sub(1)
}

/// The number that a cell has, or the text as it stands there where that is none, or none of those that are kept.
fn number(value: &str, percentage: bool) -> Cell {
    figure(value, percentage).map_or_else(|| Cell::of(value), Cell::Number)
}

fn figure(value: &str, percentage: bool) -> Option<Figure> {
    let number: f64 = value.trim().parse().ok()?;
    if !number.is_finite() {
        return None;
    }
    let places = if percentage { 2 } else { 0 };
    let scientific = format!("{number:.digits$e}", digits = DIGITS - 1);
    let (digits, exponent) = scientific.split_once('e')?;
    let shifted: f64 = format!("{digits}e{}", exponent.parse::<i32>().ok()? + places).parse().ok()?;
    // The shortest text that means this number: at most as many digits as are kept.
    let exact = shifted.to_string();
    Figure::parse_plain(&exact).or_else(|| Figure::parse_plain(&format!("{shifted:.6}")))
}
