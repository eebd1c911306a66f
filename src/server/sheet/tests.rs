//! What the sheets promise, with the bytes of real and of hostile files.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

/// In debug builds, on a machine with much else to do.
const FAST: Duration = Duration::from_secs(20);

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn number(plain: &str) -> Cell {
    Cell::Number(Figure::parse_plain(plain).unwrap())
}

/// Rows of texts, without the empty cells at the ends.
fn texts(rows: &[&[&str]]) -> Result<Sheet, SheetProblem> {
    Ok(Sheet { rows: rows.iter().map(|row| row.iter().map(|cell| Cell::of(cell)).collect()).collect() })
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const ROOTS: &[u8] =
    br#"<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &[u8] = br#"<workbook xmlns:r="r"><sheets>
    <sheet name="chart" sheetId="1" state="hidden" r:id="none"/><sheet name="a" sheetId="2" r:id="b"/></sheets></workbook>"#;
const RELATIONSHIPS: &[u8] =
    br#"<Relationships><Relationship Id="b" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="c" Type="x/sharedStrings" Target="/xl/sharedStrings.xml"/>
    <Relationship Id="d" Type="x/styles" Target="styles.xml"/></Relationships>"#;

/// A workbook with this XML in its sheet, and these shared strings and styles.
fn workbook(rows: &str, strings: &str, styles: &str) -> Vec<u8> {
    archive(&[
        ("_rels/.rels", ROOTS),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONSHIPS),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").as_bytes()),
        ("xl/sharedStrings.xml", format!("<sst uniqueCount=\"100000000000\">{strings}</sst>").as_bytes()),
        ("xl/styles.xml", format!("<styleSheet>{styles}</styleSheet>").as_bytes()),
    ])
}

fn cells(rows: &str, strings: &str, styles: &str) -> Result<Vec<Vec<Cell>>, SheetProblem> {
    read(&workbook(rows, strings, styles)).map(|sheet| sheet.rows)
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % below
    }
}

#[test]
fn what_is_written_as_a_workbook_is_read_back() {
    let rows = vec![
        vec![text("Đơn vị"), text("Số liệu"), number("2026")],
        vec![text("Xã Tân Lập"), number("-1234.5"), number("0.000001")],
        vec![],
        vec![Cell::Empty, text("1.234"), number("1.234"), number("999999999999999")],
        vec![text("=1+1"), text("@a"), text("https://example.org"), text("007"), text("TRUE")],
        vec![text("hai\ndòng\r\nba\tô"), text("_x0041_ _x"), text("<a & \"b\">"), text(" lùi "), text("🙂\u{1}")],
    ];
    let book = Book { sheets: vec![("Tháng 1/2026".to_owned(), rows.clone()), (String::new(), Vec::new())] };
    assert_eq!(read(&write_xlsx(&book).unwrap()), Ok(Sheet { rows }));
}

#[test]
fn texts_in_a_workbook_are_never_formulas_or_links() {
    let rows = vec![vec![text("=HYPERLINK(\"http://a\")"), text("{=1}"), text("http://a")]];
    let bytes = write_xlsx(&Book { sheets: vec![("a".to_owned(), rows)] }).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let sheet = std::io::read_to_string(zip.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(!sheet.contains("<f>") && !sheet.contains("hyperlink"), "{sheet}");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("customWidth"), "{sheet}");
}

#[test]
fn sheets_are_named_as_excel_takes_it() {
    let long = "Đ".repeat(40);
    let names = [
        "a/b",
        "A-B",
        "[x]: *?\\",
        "'",
        "History",
        "",
        "   ",
        &long,
        &long,
        "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂",
        "a\tb\u{0}",
    ];
    let sheets = names.map(|name| (name.to_owned(), vec![vec![text(name)]])).to_vec();
    let bytes = write_xlsx(&Book { sheets }).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let workbook = std::io::read_to_string(zip.by_name("xl/workbook.xml").unwrap()).unwrap();
    let named: Vec<&str> = workbook.split("<sheet name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let short = ["Đ".repeat(31), format!("{} (2)", "Đ".repeat(27))];
    let smiles = "🙂".repeat(15);
    let expected = [
        "a-b",
        "A-B (2)",
        "(x)- -",
        "Sheet",
        "History (2)",
        "Sheet (2)",
        "Sheet (3)",
        &short[0],
        &short[1],
        &smiles,
        "a b",
    ];
    assert_eq!(named, expected);
}

#[test]
fn a_book_that_excel_has_no_place_for_is_not_written() {
    let one = |cell: Cell, column: usize| {
        let mut row = vec![Cell::Empty; column];
        row.push(cell);
        write_xlsx(&Book { sheets: vec![("a".to_owned(), vec![row])] }).map(|_| ())
    };
    assert_eq!(one(text(&"a".repeat(MOST_CHARACTERS)), 0), Ok(()));
    assert_eq!(one(text(&"a".repeat(MOST_CHARACTERS + 1)), 0), Err(BookProblem::TooLarge));
    assert_eq!(one(number("1"), 16_384), Err(BookProblem::TooLarge));
    assert_eq!(one(Cell::Empty, 70_000), Err(BookProblem::TooLarge));
    assert!(write_xlsx(&Book::default()).is_ok());
}

#[test]
fn numbers_of_a_workbook_are_exact() {
    for (value, expected) in [
        ("5", number("5")),
        ("1.234", number("1.234")),
        ("0.30000000000000004", number("0.3")),
        ("1.1000000000000001E-2", number("0.011")),
        ("12345678901.120001", number("12345678901.12")),
        ("0.12345678", number("0.123457")),
        ("1E3", number("1000")),
        ("-2.5", number("-2.5")),
        ("1e-300", number("0")),
        ("46351", number("46351")),
        ("1234567890123456", text("1234567890123456")),
        ("1E+300", text("1E+300")),
        ("NaN", text("NaN")),
        ("inf", text("inf")),
        ("a", text("a")),
    ] {
        assert_eq!(cells(&format!("<row><c><v>{value}</v></c></row>"), "", ""), Ok(vec![vec![expected]]), "{value}");
    }
}

#[test]
fn percentages_are_read_as_people_see_them() {
    let styles = r#"<numFmts><numFmt numFmtId="164" formatCode="0.0\ %"/><numFmt numFmtId="165" formatCode="0&quot;%&quot;\%"/>
        </numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>"#;
    let row: String = (0..5).map(|style| format!("<c s=\"{style}\"><v>0.125</v></c>")).collect();
    let [plain, percent] = ["0.125", "12.5"].map(number);
    let expected = vec![plain.clone(), percent.clone(), percent, plain.clone(), plain];
    assert_eq!(cells(&format!("<row>{row}</row>"), "", styles), Ok(vec![expected]));
}

#[test]
fn all_kinds_of_cells_are_read() {
    let strings = "<si><t>một</t></si><si><r><rPr><t/></rPr><t>ha</t></r><r><t xml:space=\"preserve\">i </t></r><rPh><t>x</t></rPh></si><si/>";
    let rows = r#"<row r="2"><c r="B2" t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v/></c>
        <c t="inlineStr"><is><t>a &amp; b&#233;</t></is></c><c t="b"><v>1</v></c><c t="b"><v>0</v></c>
        <c t="e"><f>1/0</f><v>#N/A</v></c><c t="str"><f>"<![CDATA[a]]>"</f><v>a_x000D_</v></c><c><f>1+1</f><v>2</v></c>
        <c t="d"><v>2026-11-25</v></c><c s="7"/></row><row><c t="n"><v>3</v></c></row><row r="9"><c s="1"/></row>"#;
    let second = vec![
        Cell::Empty,
        text("một"),
        text("hai "),
        Cell::Empty,
        Cell::Empty,
        text("a & bé"),
        text("TRUE"),
        text("FALSE"),
        text("#N/A"),
        text("a\r"),
        number("2"),
        text("2026-11-25"),
    ];
    assert_eq!(cells(rows, strings, ""), Ok(vec![vec![], second, vec![number("3")]]));
    assert_eq!(cells("<row><c t=\"s\"><v>7</v></c></row>", strings, ""), Err(SheetProblem::Unreadable));
}

#[test]
fn a_sheet_with_more_than_its_rows_and_columns_is_not_taken() {
    for (reference, expected) in [
        ("GR5000", Ok(5000)),
        ("GS1", Err(SheetProblem::TooManyRows)),
        ("A5001", Err(SheetProblem::TooManyRows)),
        ("XFD1048576", Err(SheetProblem::TooManyRows)),
        ("ZZZZZZZZZZZZZZZZZZZZZZZZ1", Err(SheetProblem::TooManyRows)),
        ("A99999999999999999999999", Ok(1)),
    ] {
        let row: String = reference.chars().filter(char::is_ascii_digit).collect();
        let xml = format!("<row r=\"{row}\"><c r=\"{reference}\"><v>1</v></c></row>");
        assert_eq!(cells(&xml, "", "").map(|rows| rows.len()), expected, "{reference}");
    }
    let formatted = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\" s=\"1\"/></row>";
    assert_eq!(cells(formatted, "", "").map(|rows| rows.len()), Ok(1), "cells that only look different are empty");
    let lines = "a\n".repeat(5000);
    assert_eq!(read_csv(lines.as_bytes()).map(|sheet| sheet.rows.len()), Ok(5000));
    for lines in [format!("{lines}a"), "a\t".repeat(201), format!("{}a", "\n".repeat(5000))] {
        assert_eq!(read_csv(lines.as_bytes()), Err(SheetProblem::TooManyRows));
        assert_eq!(read_pasted(&lines), Err(SheetProblem::TooManyRows));
    }
}

#[test]
fn no_cell_is_longer_than_a_spreadsheet_allows() {
    for (length, expected) in [(MOST_CHARACTERS, None), (MOST_CHARACTERS + 1, Some(SheetProblem::TooLarge))] {
        let long = "đ".repeat(length);
        assert_eq!(read_pasted(&long).err(), expected);
        assert_eq!(read_csv(long.as_bytes()).err(), expected);
        let row = "<row><c t=\"s\"><v>0</v></c></row>";
        assert_eq!(cells(row, &format!("<si><t>{long}</t></si>"), "").err(), expected);
    }
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let begin = Instant::now();
    let spaces = " ".repeat(41 * 1024 * 1024);
    let row = "<row><c><v>1</v></c></row>";
    assert_eq!(cells(&spaces, "", ""), Err(SheetProblem::TooLarge), "one part");
    assert_eq!(cells(row, &spaces, ""), Err(SheetProblem::TooLarge));
    let spaces = spaces.get(..30 * 1024 * 1024).unwrap();
    assert_eq!(cells(&format!("{row}{spaces}"), spaces, spaces), Err(SheetProblem::TooLarge), "all parts together");
    let quotation = format!("<si><t>{}</t></si>", "a".repeat(MOST_CHARACTERS));
    let cell = "<c t=\"s\"><v>0</v></c>".repeat(200);
    assert_eq!(cells(&format!("<row>{cell}</row>").repeat(10), &quotation, ""), Err(SheetProblem::TooLarge));
    assert_eq!(cells(&"<a>".repeat(100), "", ""), Err(SheetProblem::TooLarge), "depth");
    let entities = "<!DOCTYPE a [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>";
    let bomb = archive(&[("xl/workbook.xml", format!("{entities}<workbook>&b;</workbook>").as_bytes())]);
    assert_eq!(read(&bomb), Err(SheetProblem::Unreadable));
    let parts: Vec<String> = (0..5001).map(|part| part.to_string()).collect();
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|name| (name.as_str(), [].as_slice())).collect();
    assert_eq!(read(&archive(&parts)), Err(SheetProblem::TooLarge), "parts without end");
    assert_eq!(read(&vec![b'a'; MOST_BYTES + 1]), Err(SheetProblem::TooLarge));
    assert!(begin.elapsed() < FAST, "{:?}", begin.elapsed());
}

/// Sets what an archive claims to be the unpacked size of each of its parts, in both of its lists.
fn claim(archive: &mut [u8], size: u32) {
    for (signature, place) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let found = archive.windows(4).enumerate().filter(|(_, window)| window == signature).map(|(at, _)| at);
        for at in found.collect::<Vec<_>>() {
            archive.get_mut(at + place..at + place + 4).unwrap().copy_from_slice(&size.to_le_bytes());
        }
    }
}

#[test]
fn what_an_archive_claims_of_its_size_is_not_believed() {
    let begin = Instant::now();
    let mut honest = workbook("<row><c><v>1</v></c></row>", "", "");
    let mut bomb = workbook(&" ".repeat(41 * 1024 * 1024), "", "");
    for size in [0, 10, 200 * 1024 * 1024, u32::MAX - 1] {
        claim(&mut honest, size);
        claim(&mut bomb, size);
        let honest = read(&honest).map(|sheet| sheet.rows);
        assert!(matches!(honest, Err(SheetProblem::Unreadable)) || honest == Ok(vec![vec![number("1")]]), "{size}");
        assert!(matches!(read(&bomb), Err(SheetProblem::TooLarge | SheetProblem::Unreadable)), "{size}");
    }
    assert!(begin.elapsed() < FAST, "{:?}", begin.elapsed());
}

#[test]
fn other_files_are_not_sheets() {
    let word = archive(&[
        ("_rels/.rels", br#"<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/></Relationships>"#),
        ("word/document.xml", b"<document/>"),
    ]);
    let old = [OLE, &[0; 600]].concat();
    let others: [&[u8]; 9] = [
        &word,
        &old,
        &archive(&[("a", b"b")]),
        &archive(&[]),
        b"PK\x03\x04",
        b"%PDF-1.7\n",
        b"\n<HTML><table>",
        b"<?xml version",
        &read_other(),
    ];
    for other in others {
        let problem = read(other).err();
        assert!(matches!(problem, Some(SheetProblem::NotASheet | SheetProblem::Unreadable)), "{problem:?}");
    }
    assert_eq!(read(&old), Err(SheetProblem::NotASheet));
    assert_eq!(read_xlsx(&old), Err(SheetProblem::NotASheet));
    assert_eq!(read(&word), Err(SheetProblem::NotASheet));
    assert_eq!(read(b"\x89PNG\r\n\x1a\n\0"), Err(SheetProblem::Unreadable));
}

/// A workbook in which no sheet can be seen.
fn read_other() -> Vec<u8> {
    archive(&[("xl/workbook.xml", b"<workbook><sheets><sheet id='b'/></sheets></workbook>")])
}

#[test]
fn what_has_nothing_in_it_is_empty() {
    for nothing in ["", " \n\t\t\n", "\u{feff}", ",,,\n;;", "\"\""] {
        let found = read_csv(nothing.as_bytes());
        assert!(matches!(found, Err(SheetProblem::Empty)) || nothing.contains(';'), "{nothing:?}: {found:?}");
    }
    assert_eq!(read_pasted(" \t\r\n\t\u{a0}"), Err(SheetProblem::Empty));
    assert_eq!(
        cells("<row><c s=\"1\"/><c t=\"s\"><v>0</v></c></row>", "<si><t> </t></si>", ""),
        Err(SheetProblem::Empty)
    );
    let hidden = archive(&[("xl/workbook.xml", b"<workbook><sheets><sheet state='hidden'/></sheets></workbook>")]);
    assert_eq!(read(&hidden), Err(SheetProblem::Empty));
}

#[test]
fn what_is_pasted_keeps_its_cells() {
    for (pasted, expected) in [
        ("a\tb\r\nc\td\r\n", texts(&[&["a", "b"], &["c", "d"]])),
        ("a\n\nb\rc", texts(&[&["a"], &[], &["b"], &["c"]])),
        ("\tb\t\t\n", texts(&[&["", "b"]])),
        ("\"hai\ndòng\"\tb", texts(&[&["hai\ndòng", "b"]])),
        ("\"a\"\"b\n\"\r\n\"\"\tc", texts(&[&["a\"b\n"], &["", "c"]])),
        ("5\" ống\t\"mở\n\"đóng\" rồi\tx", texts(&[&["5\" ống", "\"mở"], &["\"đóng\" rồi", "x"]])),
        ("1,5;2\t=1+1\t'x", texts(&[&["1,5;2", "=1+1", "'x"]])),
    ] {
        assert_eq!(read_pasted(pasted), expected, "{pasted:?}");
    }
    assert_eq!(read_pasted("a\0b"), Err(SheetProblem::Unreadable));
}

#[test]
fn quotation_marks_without_end_cost_no_time() {
    let begin = Instant::now();
    for unit in ["\"\t", "\"\n", "\"a\n", "\"\"\"\t", "\"\"", "\"\"a\"\n", "\t\"\"\"\"", "\"\"\n\"x"] {
        let _ = read_pasted(&unit.repeat(200_000));
        let _ = read_csv(unit.repeat(200_000).as_bytes());
        // Nothing is too far to the right or too far down to be looked at.
        let _ = read_pasted(&format!("{}\"", unit.repeat(100)));
    }
    assert!(begin.elapsed() < FAST, "{:?}", begin.elapsed());
}

#[test]
fn csv_is_read_whatever_its_delimiter() {
    for (csv, expected) in [
        ("a,b\n1,2\n", texts(&[&["a", "b"], &["1", "2"]])),
        ("Tên;Số\nA;1,5\nB;2,5\n", texts(&[&["Tên", "Số"], &["A", "1,5"], &["B", "2,5"]])),
        ("1,5;2\n1,5;3", texts(&[&["1,5", "2"], &["1,5", "3"]])),
        ("Tên, đơn vị;Số\nA;1,5", texts(&[&["Tên, đơn vị", "Số"], &["A", "1,5"]])),
        ("a\tb, c\nd\te", texts(&[&["a", "b, c"], &["d", "e"]])),
        ("a,\"b;c\"\n\"d;e\",\"f\r\n\"\"g\"\"\"\n", texts(&[&["a", "b;c"], &["d;e", "f\r\n\"g\""]])),
        ("sep=,\r\na;b,c\r\n", texts(&[&["a;b", "c"]])),
        ("một cột\n<5 tuổi\n", texts(&[&["một cột"], &["<5 tuổi"]])),
        ("a,b,,\nc\n,,d", texts(&[&["a", "b"], &["c"], &["", "", "d"]])),
    ] {
        assert_eq!(read_csv(csv.as_bytes()), expected, "{csv:?}");
    }
}

#[test]
fn rows_of_csv_stay_where_they_are() {
    for end in ["\n", "\r\n", "\r"] {
        let csv = ["", "a,b", "", "", "\"c\",d", "e,f", "", ""].join(end);
        let expected = texts(&[&[], &["a", "b"], &[], &[], &["c", "d"], &["e", "f"]]);
        assert_eq!(read_csv(csv.as_bytes()), expected, "{end:?}");
    }
}

#[test]
fn csv_is_read_in_every_encoding_that_excel_writes_for_unicode() {
    let csv = "Đơn vị;1,5\r\nXã 🙂;2";
    let units: Vec<u16> = "\u{feff}".encode_utf16().chain(csv.encode_utf16()).collect();
    let expected = texts(&[&["Đơn vị", "1,5"], &["Xã 🙂", "2"]]);
    for bytes in [
        csv.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", csv.as_bytes()].concat(),
        units.iter().copied().flat_map(u16::to_le_bytes).collect(),
        units.iter().copied().flat_map(u16::to_be_bytes).collect(),
    ] {
        assert_eq!(read(&bytes), expected);
    }
    for broken in [b"\xff\xfea".as_slice(), b"\xd0\xf0n v\xfe", b"a\0b", b"a,b\n\"c,d\ne,f\n", b"\""] {
        assert_eq!(read_csv(broken), Err(SheetProblem::Unreadable), "{broken:?}");
    }
}

#[test]
fn csv_is_written_for_excel() {
    let rows =
        vec![vec![text("Đơn vị"), number("-1234.5"), Cell::Empty, text("a,\"b\"\nc")], vec![], vec![text("x;y")]];
    let written = write_csv(&rows);
    let expected = "\u{feff}\"Đơn vị\",-1234.5,\"\",\"a,\"\"b\"\"\nc\"\r\n\"\"\r\n\"x;y\"\r\n";
    assert_eq!(std::str::from_utf8(&written).unwrap(), expected);
    assert_eq!(read(&written), texts(&[&["Đơn vị", "-1234.5", "", "a,\"b\"\nc"], &[], &["x;y"]]));
    assert_eq!(write_csv(&[]), "\u{feff}".as_bytes());
}

#[test]
fn what_is_written_as_csv_is_read_back() {
    let signs: Vec<char> = "\"',;\t\r\n=-@ aé1".chars().collect();
    let mut dice = Dice(11);
    for _ in 0..3_000 {
        // Without apostrophes of their own: before a formula, one is taken for that of the file.
        let mut some = || {
            let inner: String =
                (0..dice.roll(8)).map(|_| signs[dice.roll(signs.len())]).filter(|c| *c != '\'').collect();
            text(&format!("{inner}a"))
        };
        let rows: Vec<Vec<Cell>> = (0..4).map(|_| vec![some(), some(), some()]).collect();
        let written = write_csv(&rows);
        assert_eq!(read(&written), Ok(Sheet { rows }), "{}", String::from_utf8_lossy(&written));
    }
}

#[test]
fn no_text_of_csv_is_a_formula() {
    for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u{a0}=1", "＝1", "-"] {
        for divided in
            [format!("a;{formula}"), format!("a\t{formula}"), format!("a\r\n{formula}"), format!("a\"; {formula}")]
        {
            let written = write_csv(&[vec![text("a"), text(&divided)]]);
            let written = String::from_utf8(written).unwrap();
            let danger = |piece: &str| piece.trim_start().starts_with(['=', '+', '-', '@', '＝']);
            assert!(!written.split([';', '\t', '\r', '\n']).any(danger), "{written:?}");
        }
        let written = write_csv(&[vec![text(formula), text("a")]]);
        let written = std::str::from_utf8(&written).unwrap();
        assert!(written.trim_start_matches(['\u{feff}', '"']).starts_with('\''), "{written:?}");
        assert_eq!(read(written.as_bytes()), Ok(Sheet { rows: vec![vec![text(formula), text("a")]] }));
    }
    assert_eq!(write_csv(&[vec![number("-1")]]), "\u{feff}-1\r\n".as_bytes());
}

#[test]
fn random_bytes_break_nothing() {
    let mut dice = Dice(20_261_125);
    let begins: [&[u8]; 6] = [b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", OLE, b"sep=;\n"];
    for _ in 0..2_000 {
        let mut bytes = begins[dice.roll(begins.len())].to_vec();
        bytes.extend((0..dice.roll(300)).map(|_| u8::try_from(dice.roll(256)).unwrap()));
        let _ = (read(&bytes), read_xlsx(&bytes), read_pasted(&String::from_utf8_lossy(&bytes)));
    }
    let signs: Vec<char> = "\"\",;\t\r\n'=ab".chars().collect();
    for _ in 0..20_000 {
        let length = dice.roll(20);
        let text: String = (0..length).map(|_| signs[dice.roll(signs.len())]).collect();
        let _ = (read_pasted(&text), read_csv(text.as_bytes()));
    }
}

#[test]
fn damaged_workbooks_break_nothing() {
    let rows = vec![vec![text("a"), number("1.5")], vec![text("bé"), number("2")]];
    let good = write_xlsx(&Book { sheets: vec![("a".to_owned(), rows)] }).unwrap();
    let mut dice = Dice(7);
    for _ in 0..1_500 {
        let mut bytes = good.clone();
        for _ in 0..=dice.roll(4) {
            let at = dice.roll(bytes.len());
            bytes[at] = u8::try_from(dice.roll(256)).unwrap();
        }
        bytes.truncate(if dice.roll(4) == 0 { dice.roll(bytes.len()) } else { bytes.len() });
        let _ = read(&bytes);
    }
}

#[test]
fn strange_xml_breaks_nothing() {
    let pieces = [
        "<row>",
        "</row>",
        "<row r=\"3\">",
        "<row r=\"x\">",
        "<c>",
        "</c>",
        "<c t=\"s\">",
        "<c r=\"B2\" t=\"inlineStr\">",
        "<c r=\"\" s=\"9\"/>",
        "<v>",
        "</v>",
        "<is>",
        "</is>",
        "<t>",
        "</t>",
        "<rPh>",
        "</rPh>",
        "0",
        "1e9",
        "&amp;",
        "&#0;",
        "&x;",
        "_x",
        "_x000",
        "_x0041_",
        "é",
        "<si>",
        "</si>",
        "<xf numFmtId=\"9\"/>",
        "<cellXfs>",
        "</cellXfs>",
        "<![CDATA[<v>]]>",
        "<!-- -->",
        "<",
        ">",
        "%",
    ];
    let mut dice = Dice(3);
    for _ in 0..2_000 {
        let mut some = || (0..dice.roll(12)).map(|_| pieces[dice.roll(pieces.len())]).collect::<String>();
        let _ = cells(&some(), &some(), &some());
    }
}
