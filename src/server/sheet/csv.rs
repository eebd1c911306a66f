//! CSV as spreadsheets write it, with commas, semicolons or tabs, and as they open it without taking texts for formulas.

use std::borrow::Cow;
use std::io::{Chain, Read};

use ::csv::{QuoteStyle, Reader, ReaderBuilder, StringRecord, Terminator, WriterBuilder};

use crate::server::unit_file::decode;

use super::{Cell, Grid, MOST_BYTES, OLE, Sheet, SheetProblem};

/// What may stand between two cells. Where the file leaves it open, the first goes: tabs are rare in texts, and commas
/// are in most numbers of a file with semicolons.
const DELIMITERS: [u8; 3] = [b'\t', b';', b','];
/// Separates nothing: for a sheet of one column.
const NO_DELIMITER: u8 = 0x1f;
/// The delimiters of a whole file: the reader keeps the place of each cell of a row.
const MOST_DELIMITERS: usize = 2_000_000;
/// The rows that are looked at to find the delimiter.
const SAMPLE: usize = 20;
/// A record after the last one, unless that has a quotation mark that is never closed: then it ends with this. No text
/// that is read has a NUL itself.
const END: &str = "\n\0";
/// How files of other kinds begin that could be read as text, in lower case: web pages, which some programs call
/// workbooks, XML and PDF.
const OTHERS: [&str; 5] = ["<html", "<table", "<!doctype", "<?xml", "%pdf"];
/// With what a cell begins that spreadsheets take for a formula, also in the wide forms of East Asia.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What a cell begins with that spreadsheets leave out before a formula.
const CONTROLS: [char; 3] = ['\t', '\r', '\n'];
/// Where one cell becomes two if the file is opened with another delimiter, as Excel does where numbers have decimal
/// commas: the quotation marks of a cell that is not the first are none then.
const DIVIDERS: [char; 4] = [';', '\t', '\r', '\n'];
/// The byte order mark, without which Excel takes UTF-8 for an old encoding.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads CSV in UTF-8, or in UTF-16 with its byte order mark. All cells are texts, without the apostrophe that
/// [`write_csv`] puts before some.
///
/// # Errors
/// Why it is not taken.
pub fn read_csv(bytes: &[u8]) -> Result<Sheet, SheetProblem> {
    if bytes.len() > MOST_BYTES {
        return Err(SheetProblem::TooLarge);
    }
    if bytes.starts_with(OLE) {
        return Err(SheetProblem::NotASheet);
    }
    let text = decode(bytes).ok_or(SheetProblem::Unreadable)?;
    let beginning: String = text.trim_start().chars().take(10).collect::<String>().to_lowercase();
    if OTHERS.iter().any(|other| beginning.starts_with(other)) {
        return Err(SheetProblem::NotASheet);
    }
    let (delimiter, text) = match named_delimiter(&text) {
        Some(named) => named,
        None => (delimiter(&text), text.as_str()),
    };
    if text.bytes().filter(|byte| *byte == delimiter).count() > MOST_DELIMITERS {
        return Err(SheetProblem::TooLarge);
    }
    let mut grid = Grid::default();
    let mut records = Records::new(text, delimiter);
    while let Some((row, record)) = records.next() {
        if record.iter().any(|cell| cell.ends_with('\0')) {
            return Err(SheetProblem::Unreadable);
        }
        for (column, cell) in record.iter().enumerate() {
            grid.put(row, column, Cell::of(&unguarded(cell)))?;
        }
    }
    grid.finish()
}

/// The delimiter that Excel's first line names (`sep=;`), and the text after that line.
fn named_delimiter(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n')?;
    match line.trim_end_matches('\r').as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] if DELIMITERS.contains(delimiter) => {
            Some((*delimiter, rest))
        }
        _ => None,
    }
}

/// The delimiter that most of the first rows have the same number of times.
fn delimiter(text: &str) -> u8 {
    let rows = delimiters(text);
    let mut best = (NO_DELIMITER, 0);
    for (place, delimiter) in DELIMITERS.into_iter().enumerate() {
        let counts: Vec<usize> = rows.iter().filter_map(|row| row.get(place)).copied().collect();
        let alike = |count: &usize| counts.iter().filter(|other| *other == count).count();
        let most = counts.iter().filter(|count| **count > 0).map(alike).max().unwrap_or(0);
        if most > best.1 {
            best = (delimiter, most);
        }
    }
    best.0
}

/// How many of each delimiter the first rows have outside of quotation marks.
fn delimiters(text: &str) -> Vec<[usize; DELIMITERS.len()]> {
    let mut rows = Vec::new();
    let (mut row, mut blank, mut quoted) = ([0; DELIMITERS.len()], true, false);
    for byte in text.bytes().chain([b'\n']) {
        // Whatever the delimiter is, an odd number of marks before a place means that it is inside of them.
        quoted ^= byte == b'"';
        if matches!(byte, b'\r' | b'\n') && !quoted {
            if !std::mem::replace(&mut blank, true) {
                rows.push(std::mem::take(&mut row));
            }
            if rows.len() == SAMPLE {
                break;
            }
            continue;
        }
        blank = false;
        if let Some(place) = DELIMITERS.iter().position(|delimiter| *delimiter == byte).filter(|_| !quoted)
            && let Some(count) = row.get_mut(place)
        {
            *count += 1;
        }
    }
    rows.extend((!blank).then_some(row));
    rows
}

/// The rows of a file that are no blank lines, with their numbers, which count these too.
struct Records<'t> {
    text: &'t str,
    reader: Reader<Chain<&'t [u8], &'static [u8]>>,
    /// The number of the next row, from 0, if no blank line is before it.
    row: usize,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes().chain(END.as_bytes()));
        Self { text, reader, row: 0 }
    }

    fn next(&mut self) -> Option<(usize, StringRecord)> {
        let mut record = StringRecord::new();
        // The text is UTF-8 and rows may be of any length: it can only fail at the end.
        if !self.reader.read_record(&mut record).unwrap_or(false) || (record.len() == 1 && record.get(0) == Some("\0"))
        {
            return None;
        }
        let row = self.row + self.blank_lines(record.position().map_or(0, ::csv::Position::byte));
        self.row = row + 1;
        Some((row, record))
    }

    /// How many blank lines the reader skips before a record that it says begins here.
    fn blank_lines(&self, begin: u64) -> usize {
        let begin = usize::try_from(begin).unwrap_or(usize::MAX);
        let (before, rest) = self.text.as_bytes().split_at_checked(begin).unwrap_or_default();
        // The second half of the line end before it belongs to that.
        let skipped = usize::from(before.ends_with(b"\r") && rest.starts_with(b"\n"));
        let ends = rest.iter().skip(skipped).take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let (lines, _) = ends.fold((0, b' '), |(lines, last), byte| match (last, byte) {
            (b'\r', b'\n') => (lines, b'\n'),
            _ => (lines + 1, *byte),
        });
        lines
    }
}

/// Writes CSV for Excel: UTF-8 with its byte order mark and commas, and quotation marks around what is no number. What
/// spreadsheets could take for a formula, at the beginning of a text or behind something that could divide it, gets an
/// apostrophe before it, as OWASP advises; numbers stay what they are.
pub fn write_csv(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut builder = WriterBuilder::new();
    builder.flexible(true).terminator(Terminator::CRLF).quote_style(QuoteStyle::NonNumeric);
    let mut writer = builder.from_writer(BOM.to_vec());
    for row in rows {
        // In memory, writing does not fail.
        let _ = writer.write_record(row.iter().map(written));
    }
    writer.into_inner().unwrap_or_default()
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(figure) => figure.plain(),
        Cell::Text(text) => guarded(text),
    }
}

/// The text with apostrophes before what could be taken for formulas.
fn guarded(text: &str) -> String {
    let control = if text.starts_with(CONTROLS) { "'" } else { "" };
    let pieces = text.split_inclusive(DIVIDERS);
    let guarded = pieces.map(|piece| if is_formula(piece) { format!("'{piece}") } else { piece.to_owned() });
    format!("{control}{}", guarded.collect::<String>())
}

/// The text without the apostrophes that [`guarded`] gives it.
fn unguarded(text: &str) -> Cow<'_, str> {
    if !text.contains('\'') {
        return Cow::Borrowed(text);
    }
    let text = text.strip_prefix('\'').filter(|rest| rest.starts_with(CONTROLS)).unwrap_or(text);
    let pieces = text.split_inclusive(DIVIDERS);
    Cow::Owned(pieces.map(|piece| piece.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(piece)).collect())
}

fn is_formula(text: &str) -> bool {
    text.trim_start().starts_with(FORMULA)
}
