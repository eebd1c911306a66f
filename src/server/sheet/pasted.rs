//! What people paste from a spreadsheet: tabs between cells, and quotation marks around those with line ends.

use std::borrow::Cow;

use super::{Cell, Grid, MOST_BYTES, Sheet, SheetProblem};

/// What ends a cell.
const ENDS: [char; 3] = ['\t', '\r', '\n'];

/// Reads what has been pasted. All cells are texts. A quotation mark that is not closed where a cell ends is one of the
/// text, since spreadsheets do not double those of cells without line ends.
///
/// # Errors
/// Why it is not taken.
pub fn read_pasted(text: &str) -> Result<Sheet, SheetProblem> {
    if text.len() > MOST_BYTES {
        return Err(SheetProblem::TooLarge);
    }
    // The database takes no NUL, and no spreadsheet gives one.
    if text.contains('\0') {
        return Err(SheetProblem::Unreadable);
    }
    let mut grid = Grid::default();
    let (mut row, mut column) = (0, 0);
    let mut rest = text;
    while !rest.is_empty() {
        let (cell, after) = quoted(rest).unwrap_or_else(|| bare(rest));
        grid.put(row, column, Cell::of(&cell))?;
        if let Some(next) = after.strip_prefix('\t') {
            (column, rest) = (column + 1, next);
        } else {
            (row, column) = (row + 1, 0);
            rest = after.strip_prefix("\r\n").or_else(|| after.strip_prefix(['\r', '\n'])).unwrap_or_default();
        }
    }
    grid.finish()
}

/// A cell without quotation marks around it, and what follows it.
fn bare(text: &str) -> (Cow<'_, str>, &str) {
    let (cell, after) = text.split_at(text.find(ENDS).unwrap_or(text.len()));
    (Cow::Borrowed(cell), after)
}

/// A cell in quotation marks without these, and what follows it. A mark inside is written twice.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut at = 0;
    // This takes no more time in all than the text is long: where it looks far in vain, all marks on the way are
    // doubled, and at a doubled mark it does not look far.
    loop {
        at += inner.get(at..)?.find('"')?;
        let after = inner.get(at + 1..)?;
        if after.starts_with('"') {
            at += 2;
        } else if after.is_empty() || after.starts_with(ENDS) {
            return Some((Cow::Owned(inner.get(..at)?.replace("\"\"", "\"")), after));
        } else {
            return None;
        }
    }
}
