//! Sheets of cells: what people upload from a spreadsheet or paste from one, and what they download to open in one.
//!
//! What is uploaded is read with distrust: nothing of a workbook is unpacked but the parts that are needed, every byte
//! of them is counted, and no formula is computed.

use std::fmt;

use crate::domain::figure::Figure;

mod csv;
mod pasted;
mod percent;
mod strings;
#[cfg(test)]
mod tests;
mod xlsx_read;
mod xlsx_write;

pub use csv::{read_csv, write_csv};
pub use pasted::read_pasted;
pub use xlsx_read::read_xlsx;
pub use xlsx_write::{Book, BookProblem, write_xlsx};

/// The bytes that a file may have, or a text that is pasted.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// The rows that a sheet may have.
pub const MOST_ROWS: usize = 5_000;
/// The columns that a sheet may have.
pub const MOST_COLUMNS: usize = 200;
/// The characters of a cell as spreadsheets count them, in units of UTF-16.
pub const MOST_CHARACTERS: usize = 32_767;
/// The bytes of the text of all cells together. A workbook says only once what many cells say.
const MOST_TEXT: usize = 40 * 1024 * 1024;
/// How the files of old Excel begin, and those of new Excel under a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing, or nothing but white space.
    #[default]
    Empty,
    /// A text. All cells of CSV and of what is pasted are texts: what number one means, `domain::figure::read` says.
    Text(String),
    /// A number that a workbook holds as one, with 15 digits and 6 decimals at most.
    Number(Figure),
}

impl Cell {
    fn of(text: &str) -> Self {
        if text.trim().is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

/// The cells of a sheet, each in the row and the column where the spreadsheet has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The rows, the first of the sheet first. None ends with an empty cell, and the last is not empty; a row between
    /// others may be.
    pub rows: Vec<Vec<Cell>>,
}

/// Why a sheet is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SheetProblem {
    /// More than 20 MB, or than 40 MB in a part of a workbook, or a cell of more than 32,767 characters.
    TooLarge,
    /// Some other kind of file: also a workbook of Excel 97 to 2003 (.xls), and one under a password.
    NotASheet,
    /// Broken, in an old encoding, or with a quotation mark that is never closed.
    Unreadable,
    /// No cell has anything in it.
    Empty,
    /// More than 5,000 rows or 200 columns have something in them.
    TooManyRows,
}

impl fmt::Display for SheetProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the sheet is too large",
            Self::NotASheet => "neither a workbook nor CSV",
            Self::Unreadable => "the sheet is damaged or in an unknown encoding",
            Self::Empty => "the sheet is empty",
            Self::TooManyRows => "the sheet has too many rows or columns",
        })
    }
}

impl std::error::Error for SheetProblem {}

/// Reads a file: a workbook (.xlsx) or CSV, whichever its content is and whatever its name says. Takes up to some
/// seconds for a large one: call it off the async threads.
///
/// # Errors
/// Why it is not taken.
pub fn read(bytes: &[u8]) -> Result<Sheet, SheetProblem> {
    if matches!(bytes, [b'P', b'K', 3 | 5 | 7, ..]) { read_xlsx(bytes) } else { read_csv(bytes) }
}

/// A sheet that is being read.
#[derive(Default)]
struct Grid {
    rows: Vec<Vec<Cell>>,
    /// The bytes of the texts so far.
    text: usize,
}

impl Grid {
    /// Puts something into a cell; rows and columns count from 0.
    fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), SheetProblem> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(SheetProblem::TooManyRows);
        }
        if let Cell::Text(text) = &cell {
            self.text += text.len();
            if self.text > MOST_TEXT || is_too_long(text) {
                return Err(SheetProblem::TooLarge);
            }
        }
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        if let Some(cells) = self.rows.get_mut(row) {
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            if let Some(place) = cells.get_mut(column) {
                *place = cell;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Sheet, SheetProblem> {
        if self.rows.is_empty() { Err(SheetProblem::Empty) } else { Ok(Sheet { rows: self.rows }) }
    }
}

/// Whether a text is too long for a cell.
fn is_too_long(text: &str) -> bool {
    // No character has more units than bytes.
    text.len() > MOST_CHARACTERS && text.encode_utf16().count() > MOST_CHARACTERS
}
