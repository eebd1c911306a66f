//! Workbooks (.xlsx) for download.

use std::collections::HashSet;
use std::fmt;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::Cell;

/// The characters of a sheet's name, in units of UTF-16.
const NAME_MOST: usize = 31;
/// What a name neither begins nor ends with.
const AROUND: [char; 2] = ['\'', ' '];
/// What a sheet is called that has no name.
const NAMELESS: &str = "Sheet";
/// The name that Excel keeps for itself.
const RESERVED: &str = "history";
/// How wide a column may be, in digits.
const WIDTHS: (usize, usize) = (8, 60);
/// What is left free beside the longest text of a column, in digits.
const MARGIN: usize = 2;

/// A workbook to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// The sheets, each with its name and its rows. The first row has the headers.
    pub sheets: Vec<(String, Vec<Vec<Cell>>)>,
}

/// Why a workbook cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BookProblem {
    /// More than 1,048,576 rows or 16,384 columns, or a cell of more than 32,767 characters.
    TooLarge,
    /// Anything else.
    Unwritable,
}

impl fmt::Display for BookProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "too large for a workbook",
            Self::Unwritable => "the workbook cannot be written",
        })
    }
}

impl std::error::Error for BookProblem {}

impl From<XlsxError> for BookProblem {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::RowColumnLimitError | XlsxError::MaxStringLengthExceeded => Self::TooLarge,
            _ => Self::Unwritable,
        }
    }
}

/// Writes a workbook. Texts are texts, whatever they look like, and no formulas; numbers have the 15 digits that Excel
/// has place for. The headers are bold and stay in sight. Names of sheets are made to be such as Excel takes, and no
/// two the same; a book without sheets has an empty one.
///
/// # Errors
/// What Excel has no place for.
pub fn write_xlsx(book: &Book) -> Result<Vec<u8>, BookProblem> {
    let mut workbook = Workbook::new();
    let mut names = HashSet::new();
    for (name, rows) in &book.sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(unique(&clean(name), &mut names))?;
        write_sheet(sheet, rows)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_sheet(sheet: &mut Worksheet, rows: &[Vec<Cell>]) -> Result<(), BookProblem> {
    let (plain, bold) = (Format::new(), Format::new().set_bold());
    let mut widths: Vec<usize> = Vec::new();
    for (row, cells) in rows.iter().enumerate() {
        let place = u32::try_from(row).map_err(|_| BookProblem::TooLarge)?;
        widths.resize(widths.len().max(cells.len()), 0);
        for ((column, cell), widest) in (0_u16..=u16::MAX).zip(cells).zip(&mut widths) {
            write_cell(sheet, (place, column), cell, if row == 0 { &bold } else { &plain })?;
            *widest = width(cell).max(*widest);
        }
    }
    for (column, width) in (0_u16..=u16::MAX).zip(widths) {
        let width = u32::try_from((width + MARGIN).clamp(WIDTHS.0, WIDTHS.1)).unwrap_or_default();
        sheet.set_column_width(column, width)?;
    }
    if !rows.is_empty() {
        sheet.set_freeze_panes(1, 0)?;
    }
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, at: (u32, u16), cell: &Cell, format: &Format) -> Result<(), BookProblem> {
    match cell {
        Cell::Empty => {}
        Cell::Number(figure) => {
            sheet.write_number_with_format(at.0, at.1, figure.to_f64(), format)?;
        }
        Cell::Text(text) => {
            sheet.write_string_with_format(at.0, at.1, legal(text), format)?;
        }
    }
    Ok(())
}

/// The text without the two characters that XML has not and the format has no escape for.
fn legal(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

/// The characters of the longest line of a cell.
fn width(cell: &Cell) -> usize {
    match cell {
        Cell::Empty => 0,
        Cell::Number(figure) => figure.plain().len(),
        Cell::Text(text) => text.lines().map(|line| line.chars().count()).max().unwrap_or(0),
    }
}

/// A name as Excel takes it, which may be one that another sheet has.
fn clean(name: &str) -> String {
    let replaced: String = legal(name)
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' => '-',
            '[' => '(',
            ']' => ')',
            '*' | '?' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let words: Vec<&str> = replaced.split_whitespace().collect();
    let short = shorten(words.join(" ").trim_matches(AROUND), NAME_MOST).trim_matches(AROUND).to_owned();
    if short.is_empty() { NAMELESS.to_owned() } else { short }
}

/// The beginning of a text, of no more units of UTF-16 than these.
fn shorten(text: &str, most: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > most
    });
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The name with a number behind it if another sheet has it, or Excel itself.
fn unique(name: &str, names: &mut HashSet<String>) -> String {
    let mut candidate = name.to_owned();
    let mut number = 1;
    while candidate.to_lowercase() == RESERVED || !names.insert(candidate.to_lowercase()) {
        number += 1;
        let suffix = format!(" ({number})");
        candidate = format!("{}{suffix}", shorten(name, NAME_MOST - suffix.len()).trim_end());
    }
    candidate
}
