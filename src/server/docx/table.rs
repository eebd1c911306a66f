//! A table while it is read, and as Markdown can have it: as many cells in every row, one line of text in each.

use super::Refusal;
use super::content::{Block, Figure, Item, Look, Piece, has_text};

/// Word has no more columns.
const COLUMNS_MOST: usize = 63;
/// The most cells, with those that fill up short rows.
const CELLS_MOST: usize = 200_000;

/// A table that is being read.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub rows: Vec<Row>,
    pub row: Option<Row>,
}

/// A row of it.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub cells: Vec<Cell>,
    /// Struck out while changes were tracked.
    pub deleted: bool,
    /// Columns that are skipped before the first cell.
    pub before: usize,
}

/// A cell of a row.
#[derive(Debug, Default)]
pub(super) struct Cell {
    pub blocks: Vec<Block>,
    /// How many columns it is wide.
    pub span: usize,
    /// It belongs to the cell above or before it.
    pub merged: bool,
}

impl Table {
    /// What the table becomes: itself and the pictures that were in it, or what its only cell holds.
    pub fn finish(self) -> Result<Vec<Block>, Refusal> {
        let mut rows: Vec<Row> = self.rows.into_iter().filter(|row| !row.deleted).collect();
        if let [Row { cells, .. }] = rows.as_mut_slice()
            && let [cell] = cells.as_mut_slice()
        {
            return Ok(std::mem::take(&mut cell.blocks));
        }
        let mut figures = Vec::new();
        let rows: Vec<Vec<Vec<Piece>>> = rows.into_iter().map(|row| flatten_row(row, &mut figures)).collect();
        let rows = fill(rows)?;
        let table = if rows.is_empty() { None } else { Some(Block::Table(rows)) };
        Ok(table.into_iter().chain(figures.into_iter().map(Block::Figure)).collect())
    }
}

fn flatten_row(row: Row, figures: &mut Vec<Figure>) -> Vec<Vec<Piece>> {
    let mut cells = vec![Vec::new(); row.before.min(COLUMNS_MOST)];
    for cell in row.cells {
        let pieces = flatten(cell.blocks, figures);
        cells.push(if cell.merged { Vec::new() } else { pieces });
        let empty = cell.span.clamp(1, COLUMNS_MOST) - 1;
        cells.extend(std::iter::repeat_n(Vec::new(), empty));
    }
    cells
}

/// Rows of the same length, without the columns and rows that merged cells have left empty.
fn fill(mut rows: Vec<Vec<Vec<Piece>>>) -> Result<Vec<Vec<Vec<Piece>>>, Refusal> {
    rows.retain(|row| row.iter().any(|cell| has_text(cell)));
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    if width.saturating_mul(rows.len()) > CELLS_MOST {
        return Err(Refusal::TooLarge);
    }
    let mut used = vec![false; width];
    for row in &rows {
        for (used, cell) in used.iter_mut().zip(row) {
            *used |= has_text(cell);
        }
    }
    for row in &mut rows {
        row.resize(width, Vec::new());
        let mut column = used.iter();
        row.retain(|_| column.next().copied().unwrap_or(false));
    }
    Ok(rows)
}

/// What a cell holds on one line; its pictures are put aside.
fn flatten(blocks: Vec<Block>, figures: &mut Vec<Figure>) -> Vec<Piece> {
    let mut line = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph { item, pieces, .. } => {
                if !line.is_empty() {
                    line.push(plain(" "));
                }
                // Without lines of their own, items would run into each other.
                match item {
                    Some(Item { number: Some(number), .. }) => line.push(plain(&format!("{number}. "))),
                    Some(Item { number: None, .. }) => line.push(plain("• ")),
                    None => {}
                }
                line.extend(pieces);
            }
            Block::Figure(figure) => figures.push(figure),
            Block::Table(rows) => {
                for cell in rows.into_iter().flatten().filter(|cell| !cell.is_empty()) {
                    if !line.is_empty() {
                        line.push(plain(" "));
                    }
                    line.extend(cell);
                }
            }
        }
    }
    line
}

fn plain(text: &str) -> Piece {
    Piece::Text { text: text.to_owned(), look: Look::default(), link: None }
}
