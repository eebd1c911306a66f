//! Tables of units: CSV as spreadsheets write it, with commas, semicolons or tabs.

use std::io::{Chain, Read};

use csv::{Reader, ReaderBuilder, StringRecord};

use crate::domain::text::clean_line;

use super::{Column, LineProblem, MOST_UNITS, Row, UnitFileProblem, Wrong, clean};

/// What may stand between two cells; where the header line leaves it open, the first goes.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// Separates nothing: for a table of one column, whose cells may have commas.
const NO_DELIMITER: u8 = 0x1f;
/// The delimiters of a whole file: the reader keeps the place of each cell of a line, and of the first line thrice.
const MOST_DELIMITERS: usize = 2_000_000;
/// A record after the last one, unless that has a quotation mark that is never closed: then it ends with this. No text
/// that is read has a NUL itself.
const END: &str = "\n\0";

/// The rows of a table.
pub(super) struct Table {
    /// The rows that have something in them, without the headers.
    pub(super) rows: Vec<Row>,
    /// The cell in which the table ends because its quotation mark is never closed.
    pub(super) unclosed: Option<LineProblem>,
}

/// A header that is known: the place of the column in the table, its meaning, and its place in [`Column::read`].
type Header = (usize, Column, usize);

/// Reads a table.
pub(super) fn read(text: &str) -> Result<Table, UnitFileProblem> {
    if text.bytes().filter(|byte| DELIMITERS.contains(byte)).count() > MOST_DELIMITERS {
        return Err(UnitFileProblem::TooLarge);
    }
    let mut lines = Lines::new(text, delimiter(text));
    let Some((line, first)) = lines.next() else { return Err(UnitFileProblem::Empty) };
    let headers = headers(&first);
    if !headers.iter().any(|(_, column, _)| *column == Column::Name) {
        return Err(UnitFileProblem::NoNames);
    }
    let mut table = Table { rows: Vec::new(), unclosed: unclosed(line, &first, &headers) };
    while let Some((line, record)) = lines.next() {
        if table.rows.len() >= MOST_UNITS {
            return Err(UnitFileProblem::TooLarge);
        }
        table.unclosed = unclosed(line, &record, &headers);
        if table.unclosed.is_some() {
            // What else the line says is anybody's guess.
            break;
        }
        let mut row = Row { line, ..Row::default() };
        for (at, column, place) in &headers {
            row.put(*column, *place, record.get(*at).unwrap_or_default());
        }
        table.rows.push(row);
    }
    if table.rows.is_empty() && table.unclosed.is_none() {
        return Err(UnitFileProblem::Empty);
    }
    Ok(table)
}

/// The problem of a line whose last cell goes on to the end of the file.
fn unclosed(line: usize, record: &StringRecord, headers: &[Header]) -> Option<LineProblem> {
    let at = record.len().checked_sub(1)?;
    let cell = record.get(at).filter(|cell| cell.ends_with('\0'))?;
    let column = headers.iter().find(|(known, _, _)| *known == at).map_or(Column::Name, |(_, column, _)| *column);
    Some(LineProblem::new(line, column, &format!("\"{}", clean(cell)), Wrong::TooLong))
}

fn headers(record: &StringRecord) -> Vec<Header> {
    let known = |(at, header)| Column::read(header).map(|(column, place)| (at, column, place));
    record.iter().enumerate().filter_map(known).collect()
}

/// The delimiter with which most of the first line are headers that are known, or which at least divides it.
fn delimiter(text: &str) -> u8 {
    let mut best = (NO_DELIMITER, (0, 1));
    for delimiter in DELIMITERS {
        let found = Lines::new(text, delimiter).next().map(|(_, first)| (headers(&first).len(), first.len()));
        // Without a header that is known, the file is not taken, and any will do.
        if let Some((known, cells)) = found
            && cells > 1
            && (known, cells) > best.1
        {
            best = (delimiter, (known, cells));
        }
    }
    best.0
}

/// The lines of a table that have something in them, with their numbers.
struct Lines<'t> {
    text: &'t str,
    reader: Reader<Chain<&'t [u8], &'static [u8]>>,
    /// How far line ends have been counted, in bytes.
    counted: usize,
    /// The line in which that is.
    line: usize,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes().chain(END.as_bytes()));
        Self { text, reader, counted: 0, line: 1 }
    }

    fn next(&mut self) -> Option<(usize, StringRecord)> {
        let mut record = StringRecord::new();
        // The text is UTF-8 and lines may be of any length: it can only fail at the end.
        while self.reader.read_record(&mut record).unwrap_or(false) {
            if record.len() == 1 && record.get(0) == Some("\0") {
                return None;
            }
            let begin = record.position().map_or(0, csv::Position::byte);
            self.count_to(usize::try_from(begin).unwrap_or(usize::MAX));
            if record.iter().any(|cell| cell.ends_with('\0') || !clean_line(cell).is_empty()) {
                return Some((self.line, record));
            }
        }
        None
    }

    /// Counts the lines up to where a record begins. The reader's own count is behind by the line ends before it.
    fn count_to(&mut self, begin: usize) {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(begin..).unwrap_or_default();
        let begin = begin + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = bytes.get(self.counted..begin).unwrap_or_default();
        let feeds = passed.iter().filter(|byte| **byte == b'\n').count();
        // A carriage return alone ends a line too.
        let returns = passed.windows(2).filter(|pair| matches!(pair, [b'\r', after] if *after != b'\n')).count();
        let last = usize::from(passed.last() == Some(&b'\r'));
        self.line += feeds + returns + last;
        self.counted = begin.max(self.counted);
    }
}
