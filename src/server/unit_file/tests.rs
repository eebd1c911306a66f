//! Files of units as people have them, and as nobody should.

use std::fmt::Write as _;

use super::*;
use crate::domain::chance::Chance;

const SQUARE: &str = "[[105,21],[105.1,21],[105.1,21.1],[105,21]]";

fn read(text: &str) -> Vec<UnitLine> {
    read_units(text.as_bytes()).unwrap()
}

fn refuse(text: &str) -> UnitFileProblem {
    read_units(text.as_bytes()).unwrap_err()
}

/// Line, column, value and fault of each problem.
fn problems(text: &str) -> Vec<(usize, Column, String, Wrong)> {
    let UnitFileProblem::Lines(problems) = refuse(text) else { panic!("{text}: {:?}", refuse(text)) };
    problems.into_iter().map(|problem| (problem.line, problem.column, problem.value, problem.wrong)).collect()
}

fn fault(line: usize, column: Column, value: &str, wrong: Wrong) -> Vec<(usize, Column, String, Wrong)> {
    vec![(line, column, value.to_owned(), wrong)]
}

fn unit(line: usize, name: &str) -> UnitLine {
    UnitLine {
        line,
        name: name.to_owned(),
        code: None,
        level: None,
        parent: None,
        begins: None,
        ends: None,
        boundary: None,
    }
}

fn names(units: &[UnitLine]) -> Vec<&str> {
    units.iter().map(|unit| unit.name.as_str()).collect()
}

fn feature(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","geometry":{geometry},"properties":{properties}}}"#)
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn placed(geometry: &str) -> String {
    feature(r#"{"name":"Xã A"}"#, geometry)
}

fn polygon(rings: &str) -> String {
    placed(&format!(r#"{{"type":"Polygon","coordinates":{rings}}}"#))
}

#[test]
fn every_delimiter_gives_the_same_units() {
    let expected = [
        UnitLine {
            code: Some("00123".to_owned()),
            level: Some("xã".to_owned()),
            parent: Some("25".to_owned()),
            begins: Day::parse("2025-07-01"),
            ends: Day::parse("2026-12-31"),
            ..unit(2, "Xã A")
        },
        unit(3, "Xã B"),
    ];
    for (delimiter, end) in [(",", "\n"), (";", "\r\n"), ("\t", "\r")] {
        let lines = [
            ["name", "code", "level", "parent", "begins", "ends", "note"],
            ["Xã A", "00123", "xã", "25", "1/7/2025", "2026-12-31", "x"],
            ["Xã B", "", "", "", "", "", ""],
        ];
        let text = lines.map(|line| line.join(delimiter)).join(end);
        assert_eq!(read(&text), expected, "{delimiter:?}");
    }
}

#[test]
fn cells_in_quotation_marks_hold_delimiters_line_ends_and_marks() {
    let units = read("name,code\n\"Xã A,\n\"\"mới\"\"\",1\n\n\"Xã B\",\"2\"\n");
    assert_eq!(names(&units), ["Xã A, \"mới\"", "Xã B"]);
    assert_eq!(units[1].line, 5, "line ends within cells are line ends of the file");
}

#[test]
fn a_table_of_one_column_needs_no_delimiter() {
    assert_eq!(names(&read("Tên đơn vị\nHội A, B và C; D\nHội E\n")), ["Hội A, B và C; D", "Hội E"]);
}

#[test]
fn the_delimiter_is_the_one_that_makes_sense_of_the_headers() {
    assert_eq!(names(&read("Ghi chú, nếu có, nếu cần;Tên\nx;Xã A, B\n")), ["Xã A, B"]);
    assert_eq!(names(&read("\"Mã\nsố\";\"Tên, đầy đủ\"\n1;Xã A\n")), ["Xã A"]);
}

#[test]
fn headers_are_known_in_both_languages_however_they_are_written() {
    for text in [
        "Tên,Mã,Cấp,Thuộc,Từ ngày,Đến ngày",
        "TÊN ĐƠN VỊ,mã số,Loại,Đơn vị cấp trên,Bắt đầu,Kết thúc",
        "Tên đầy đủ,Mã đơn vị (*),LOAI,Trực thuộc,Hiệu lực từ,hieu_luc_den",
        " Full Name ,CODE,Level,Parent code,Begins,Ends",
        "fullName,code,level,parent_code,begins,ends",
        "Te\u{302}n,Ma\u{303},Ca\u{302}\u{301}p,Thuo\u{323}\u{302}c,tungay,denngay",
    ] {
        let units = read(&format!("{text}\nXã A,01,xã,25,01/07/2025,02/07/2025"));
        let [found] = units.as_slice() else { panic!("{text}") };
        let given = (found.code.as_deref(), found.level.as_deref(), found.parent.as_deref());
        assert_eq!((found.name.as_str(), given), ("Xã A", (Some("01"), Some("xã"), Some("25"))), "{text}");
        assert_eq!((found.begins, found.ends), (Day::parse("1/7/2025"), Day::parse("2/7/2025")), "{text}");
    }
}

#[test]
fn the_full_name_goes_first_wherever_it_stands() {
    assert_eq!(names(&read("name,full_name\nA,Xã A\nB,\n")), ["Xã A", "B"]);
    assert_eq!(names(&read("full_name,name\nXã A,A\n,B\n")), ["Xã A", "B"]);
}

#[test]
fn empty_lines_are_skipped_and_counted() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["", "name,code", "", ",", "Xã A,1", " , \u{200b}", "", "", "Xã B,2", "Xã C", ""].join(end);
        let lines: Vec<usize> = read(&text).iter().map(|unit| unit.line).collect();
        assert_eq!(lines, [5, 9, 10], "{end:?}");
    }
}

#[test]
fn cells_are_cleaned_and_lose_the_apostrophe_of_spreadsheets() {
    let units = read("name,code\n Xa\u{303}  A\u{200b} ,'+84\n'=B,'007\n'-C,-1\n'@D,''+1\n");
    assert_eq!(names(&units), ["Xã A", "=B", "-C", "@D"]);
    let codes: Vec<_> = units.iter().map(|unit| unit.code.as_deref().unwrap()).collect();
    assert_eq!(codes, ["+84", "'007", "-1", "''+1"]);
}

#[test]
fn a_byte_order_mark_and_utf_16_are_read() {
    let text = "Tên;Mã\nXã Đồng Tâm 𠀋;007\n";
    let plain = read(text);
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let marked = format!("\u{feff}{text}");
    for bytes in [marked.clone().into_bytes(), little(&marked), big(&marked)] {
        assert_eq!(read_units(&bytes).as_ref(), Ok(&plain));
    }
    let json = placed("null");
    for bytes in [format!("\u{feff} \n{json}").into_bytes(), little(&format!("\u{feff}{json}"))] {
        assert_eq!(read_units(&bytes), Ok(vec![unit(1, "Xã A")]));
    }
    let mut odd = little(&marked);
    odd.push(b'a');
    for bytes in [odd, little(text), big(text), vec![0xff, 0xfe, 0x00, 0xd8], b"name\n\xc3\x28".to_vec()] {
        assert_eq!(read_units(&bytes), Err(UnitFileProblem::NotText));
    }
}

#[test]
fn workbooks_are_no_text_and_a_header_that_begins_like_one_is() {
    assert_eq!(read_units(b"PK\x03\x04abc"), Err(UnitFileProblem::NotText));
    assert_eq!(read_units(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Err(UnitFileProblem::NotText));
    assert_eq!(names(&read("PK,name\n1,Xã A\n")), ["Xã A"]);
}

#[test]
fn a_file_without_units_is_empty_and_one_without_names_is_told() {
    for text in ["", " \n\t\r\n", "\u{feff}", "name,code\n", "name,code\n,\n\n"] {
        assert_eq!(refuse(text), UnitFileProblem::Empty, "{text:?}");
    }
    for text in ["code,level\n1,xã\n", "Xã A,1\nXã B,2\n", "[1]", &collection(&[]), &feature("null", "null")] {
        assert_eq!(refuse(text), UnitFileProblem::NoNames, "{text:?}");
    }
}

#[test]
fn a_missing_name_is_told() {
    assert_eq!(problems("name,code\nXã A,1\n,2\n"), fault(3, Column::Name, "", Wrong::Missing));
    let features = [r#"{"name":"Xã A"}"#, r#"{"name":null}"#].map(|properties| feature(properties, "null"));
    assert_eq!(problems(&collection(&features)), fault(2, Column::Name, "", Wrong::Missing));
}

#[test]
fn what_is_too_long_is_told_shortened() {
    for (column, most) in [(Column::Name, 200), (Column::Code, 40), (Column::Level, 80), (Column::Parent, 200)] {
        let text = |length| {
            let value = "đ".repeat(length);
            if column == Column::Name { format!("name\n{value}") } else { format!("name,{}\nA,{value}", column.name()) }
        };
        assert_eq!(read(&text(most)).len(), 1, "{column:?}");
        let found = problems(&text(most + 1));
        let shown = if most < SHOWN { "đ".repeat(most + 1) } else { format!("{}…", "đ".repeat(59)) };
        assert_eq!(found, fault(2, column, &shown, Wrong::TooLong));
    }
}

#[test]
fn what_is_no_day_is_told() {
    let text = "name,begins,ends\nA,31/02/2025,\nB,,hôm nay\n";
    let mut expected = fault(2, Column::Begins, "31/02/2025", Wrong::NotADay);
    expected.extend(fault(3, Column::Ends, "hôm nay", Wrong::NotADay));
    assert_eq!(problems(text), expected);
    let number = feature(r#"{"name":"A","begins":20250701}"#, "null");
    assert_eq!(problems(&number), fault(1, Column::Begins, "20250701", Wrong::NotADay));
}

#[test]
fn a_unit_does_not_end_before_it_begins() {
    assert_eq!(read("name,begins,ends\nA,1/7/2025,1/7/2025\n").len(), 1, "a day is enough");
    let found = problems("name,begins,ends\nA,1/7/2025,30/6/2025\n");
    assert_eq!(found, fault(2, Column::Ends, "30/6/2025", Wrong::EndsBeforeBegins));
}

#[test]
fn the_same_code_twice_is_told_where_it_comes_again() {
    let found = problems("name,code\nA,01\nB,1\nC,\nD,\nE, 01\n");
    assert_eq!(found, fault(6, Column::Code, "01", Wrong::Repeated));
}

#[test]
fn no_unit_is_above_itself() {
    assert_eq!(problems("name,code,parent\nA,01,01\n"), fault(2, Column::Parent, "01", Wrong::OwnParent));
    assert_eq!(problems("name,parent\nXã A,Xã  A\n"), fault(2, Column::Parent, "Xã A", Wrong::OwnParent));
    assert_eq!(read("name,code,parent\nXã Hoà,01,1\nXã Hoà,02,Xã Hóa\nC,,\n").len(), 3);
}

#[test]
fn a_broken_boundary_is_told() {
    let cases = [
        (placed(r#"{"type":"Point","coordinates":[105,21]}"#), "Point"),
        (placed(r#"{"type":"GeometryCollection","geometries":[]}"#), "GeometryCollection"),
        (placed("{}"), ""),
        (placed(r#"{"type":"Polygon"}"#), "?"),
        (polygon("[]"), "[]"),
        (polygon("[[]]"), "[]"),
        (polygon(SQUARE), "[105, 21]"),
        (polygon("[[[105,21],[105.1,21],[105,21]]]"), "[[105, 21], [105.1, 21], [105, 21]]"),
        (polygon("[[[1,2],[1,3],[2,3],[2,2]]]"), "[[1, 2], [1, 3], [2, 3], [2, 2]]"),
        (polygon("[[[1,2],[1,3],[181,3],[1,2]]]"), "[181, 3]"),
        (polygon("[[[1,2],[1,-90.01],[2,3],[1,2]]]"), "[1, -90.01]"),
        (polygon("[[[1,2],[1,1e300],[2,3],[1,2]]]"), "[1, 1e300]"),
        (polygon("[[[1,2],[99999999999999999999999,1],[2,3],[1,2]]]"), "[1e23, 1]"),
        (polygon("[[[1,2],[1],[2,3],[1,2]]]"), "[1]"),
        (polygon("[[[1,2],[1,2,3,4,5,6],[2,3],[1,2]]]"), "[1, 2, 3, 4, 5]"),
        (polygon("[[[1,2],[null,\"2\"],[2,3],[1,2]]]"), "[?, ?]"),
        (polygon("[[[1,2],{\"a\":[]},[2,3],[1,2]]]"), "?"),
        (polygon("[[[1,2],[1,[2]],[2,3],[1,2]]]"), "[1, [2]]"),
        (polygon("[[[1,2],[[[[[[1]]]]],1],[2,3],[1,2]]]"), "[[?], 1]"),
        (placed(&format!(r#"{{"type":"MultiPolygon","coordinates":[{SQUARE}]}}"#)), "[105, 21]"),
    ];
    for (text, shown) in cases {
        assert_eq!(problems(&text), fault(1, Column::Boundary, shown, Wrong::NotAPlace), "{text}");
    }
}

#[test]
fn the_first_fifty_problems_are_told_in_the_order_of_the_file() {
    let mut text = "name,begins,code\n".to_owned();
    for at in 0..100 {
        writeln!(text, ",never,{at}").unwrap();
    }
    let found = problems(&text);
    assert_eq!(found.len(), 50);
    assert!(found.is_sorted_by_key(|(line, ..)| *line));
    assert_eq!(found.last(), fault(26, Column::Begins, "never", Wrong::NotADay).last());
}

#[test]
fn features_say_their_names_in_an_order_and_their_codes_as_text_or_number() {
    let features = [
        r#"{"ten":"d","name":"c","full_name":"b","fullName":"Xã A","code":"00123","cap":"xã","parent":25}"#,
        r#"{"ten":"d","name":"c","full_name":"Xã B","fullName":"","ma":4792,"level":"phường"}"#,
        r#"{"ten":"d","name":"Xã C","code":4793.0,"begins":"2025-07-01","ends":"2/7/2025","x":{"name":[1]}}"#,
        r#"{"ten":"Xã D","name":null,"code":[1,{"a":2}],"parent":{},"level":true}"#,
    ];
    let units = read(&collection(&features.map(|properties| feature(properties, "null"))));
    let text = |text: &str| Some(text.to_owned());
    let expected = [
        UnitLine { code: text("00123"), level: text("xã"), parent: text("25"), ..unit(1, "Xã A") },
        UnitLine { code: text("4792"), level: text("phường"), ..unit(2, "Xã B") },
        UnitLine {
            code: text("4793"),
            begins: Day::parse("2025-07-01"),
            ends: Day::parse("2025-07-02"),
            ..unit(3, "Xã C")
        },
        unit(4, "Xã D"),
    ];
    assert_eq!(units, expected);
}

#[test]
fn boundaries_are_kept_compact_and_rounded() {
    let ring = "[[ 105.123456789, 21.000004, 12.5 ], [-0.000001, 0], [180,-90], [105.1234568,21.0000041,9]]";
    let rounded = "[[105.12346,21],[0,0],[180,-90],[105.12346,21]]";
    let polygon = format!(r#"{{"coordinates": [ {ring}, {ring} ], "bbox": [1,2], "type": "Polygon"}}"#);
    let kept = format!(r#"{{"type":"Polygon","coordinates":[{rounded},{rounded}]}}"#);
    assert_eq!(read(&placed(&polygon))[0].boundary.as_ref(), Some(&kept));
    let several = format!(r#"{{"type":"MultiPolygon","coordinates":[[{ring}],[{ring}]]}}"#);
    let kept = format!(r#"{{"type":"MultiPolygon","coordinates":[[{rounded}],[{rounded}]]}}"#);
    assert_eq!(read(&placed(&several))[0].boundary.as_ref(), Some(&kept));
    assert_eq!(read(r#"{"type":"Feature","properties":{"name":"A"}}"#)[0].boundary, None);
}

#[test]
fn what_is_json_and_no_features_is_told() {
    let deep = format!("{}{}", r#"{"a":"#.repeat(100_000), "[".repeat(100_000));
    let nested = |depth: usize| polygon(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
    for text in [
        "{",
        "{}",
        "{\"type\":1}",
        r#"{"type":"FeatureCollection"}"#,
        r#"{"type":"FeatureCollection","features":null}"#,
        r#"{"type":"FeatureCollection","features":[null]}"#,
        r#"{"type":"FeatureCollection","features":[{}]}"#,
        r#"{"type":"Polygon","coordinates":[]}"#,
        r#"{"type":"Feature","properties":5}"#,
        r#"{"type":"Feature","properties":{"name":"A"},"geometry":"x"}"#,
        &format!("{} x", placed("null")),
        &polygon("[[[NaN,1]]]"),
        &polygon("[[[1e999,1]]]"),
        &polygon("[[[-1e999,1]]]"),
        &deep,
    ] {
        let start: String = text.chars().take(80).collect();
        assert_eq!(refuse(text), UnitFileProblem::NotGeoJson, "{start}");
    }
    assert_eq!(problems(&nested(100_000)), fault(1, Column::Boundary, "[[[?]]]", Wrong::NotAPlace));
}

#[test]
fn files_over_the_limits_are_too_large() {
    assert_eq!(read_units(&vec![b' '; MOST_BYTES + 1]), Err(UnitFileProblem::TooLarge));
    let rows = |count| format!("name\n{}", "A\n".repeat(count));
    assert_eq!(read(&rows(MOST_UNITS)).len(), MOST_UNITS);
    assert_eq!(refuse(&rows(MOST_UNITS + 1)), UnitFileProblem::TooLarge);
    let features = |count| collection(&vec![placed("null"); count]);
    assert_eq!(read(&features(MOST_UNITS)).len(), MOST_UNITS);
    assert_eq!(refuse(&features(MOST_UNITS + 1)), UnitFileProblem::TooLarge);
    let points = |count| collection(&vec![polygon(&format!("[[{}[1,2]]]", "[1,2],".repeat(count - 1))); 2]);
    assert_eq!(read(&points(MOST_POINTS / 2)).len(), 2);
    assert_eq!(refuse(&points(MOST_POINTS / 2 + 1)), UnitFileProblem::TooLarge);
    assert_eq!(refuse(&format!("name\n{}", ",".repeat(2_000_001))), UnitFileProblem::TooLarge);
    for item in ["[],", "[1,2,3,4,5,6,7],", "[null],", "[[[[]]]],"] {
        let text = polygon(&format!("[{}[]]", item.repeat(MOST_POINTS)));
        assert_eq!(refuse(&text), UnitFileProblem::TooLarge, "{item}");
    }
}

#[test]
fn a_quotation_mark_that_is_never_closed_swallows_nothing_in_silence() {
    let found = problems("name,code,note\nA,1,\n\"B,2,\nC,3,\nD,4,\n");
    assert_eq!(found, fault(3, Column::Name, "\"B,2, C,3, D,4,", Wrong::TooLong));
    let found = problems("name,code,note\nA,1,\nB,\"2,\nC,3,\n");
    assert_eq!(found, fault(3, Column::Code, "\"2, C,3,", Wrong::TooLong));
    let found = problems("name,code,note\n,1,\nB,2,\"x\nC,3,\n");
    let mut expected = fault(2, Column::Name, "", Wrong::Missing);
    expected.extend(fault(3, Column::Name, "\"x C,3,", Wrong::TooLong));
    assert_eq!(found, expected);
    assert_eq!(problems("name\nA\n\""), fault(3, Column::Name, "\"", Wrong::TooLong));
    assert_eq!(problems("name,\"note\nA,1\n"), fault(1, Column::Name, "\"note A,1", Wrong::TooLong));
    assert_eq!(names(&read("name,note\nA,5\" pipe\nB,\"x\"")), ["A", "B"], "a mark within a cell is only a mark");
}

#[test]
fn a_cell_is_as_long_as_it_is_without_what_nobody_sees() {
    let hidden = "\u{200b} ".repeat(LONG);
    assert_eq!(names(&read(&format!("name\n{hidden}Xa\u{303}{hidden}A{hidden}\n"))), ["Xã A"]);
    let found = problems(&format!("name\n{}", "e\u{302}\u{301}".repeat(100_000)));
    assert_eq!(found, fault(2, Column::Name, &format!("{}…", "ế".repeat(59)), Wrong::TooLong));
}

#[test]
fn one_giant_line_is_read_in_little_time() {
    let begin = std::time::Instant::now();
    let most = 300_000;
    for part in ["a", ",", "\"", "\"\"", "\u{301}", "'", "\n", "\r", "[", "{\"name\":", "\u{200b}"] {
        let giant = part.repeat(most / part.len());
        for text in [format!("name\n{giant}"), giant.clone(), format!("name,code\n\"{giant}")] {
            let _ = read_units(text.as_bytes());
        }
        let _ = read_units(feature(&format!("{{\"name\":{giant:?}}}"), "null").as_bytes());
        let _ = read_units(polygon(&giant).as_bytes());
    }
    assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
}

#[test]
fn no_bytes_make_it_panic() {
    const ROUNDS: usize = 1000;
    let mut chance = Chance(0x00c0_ffee);
    for _ in 0..ROUNDS {
        let length = chance.next(60);
        let bytes: Vec<u8> = (0..length).map(|_| u8::try_from(chance.next(256)).unwrap()).collect();
        let _ = read_units(&bytes);
    }
    let table = [
        "name", "tên", "code", "begins", ",", ";", "\t", "\n", "\r", "\"", "\"\"", "'", "=", "1/7/2025", "ã",
        "\u{feff}", "\u{1f}", " ",
    ];
    for _ in 0..ROUNDS {
        let text = format!("name,code,begins,ends,parent\n{}", chance.text(&table, 40));
        let units = read_units(text.as_bytes()).unwrap_or_default();
        assert!(units.is_sorted_by_key(|unit| unit.line));
        let last = text.split(['\n', '\r']).count();
        assert!(units.iter().all(|unit| !unit.name.is_empty() && (2..=last).contains(&unit.line)), "{text:?}");
        let _ = read_units(chance.text(&table, 40).as_bytes());
    }
    let json = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"type\"",
        "\"Feature\"",
        "\"Polygon\"",
        "\"coordinates\"",
        "\"properties\"",
        "1",
        "-1e9",
        "null",
        "\"name\"",
        "\"geometry\"",
        "\"\\ud800\"",
        "true",
    ];
    for _ in 0..ROUNDS {
        let _ = read_units(format!("{{{}", chance.text(&json, 40)).as_bytes());
        let _ = read_units(polygon(&chance.text(&json, 20)).as_bytes());
    }
    // A good file with a few bytes changed.
    let good = collection(&[polygon(&format!("[{SQUARE}]")), placed("null")]).into_bytes();
    for _ in 0..ROUNDS {
        let mut bytes = good.clone();
        for _ in 0..=chance.next(3) {
            let at = chance.next(bytes.len());
            bytes[at] = b"{}[],:\"019.-e \\\xff"[chance.next(16)];
        }
        let _ = read_units(&bytes);
    }
}

#[test]
fn the_communes_of_phu_tho_are_read() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/phu-tho-communes.geojson");
    let Ok(bytes) = std::fs::read(path) else {
        let features = [1, 2].map(|at| {
            let geometry = format!(r#"{{"type":"Polygon","coordinates":[{SQUARE}]}}"#);
            feature(&format!(r#"{{"code":"0479{at}","name":"A{at}","fullName":"Xã A{at}"}}"#), &geometry)
        });
        let units = read(&collection(&features));
        assert_eq!(names(&units), ["Xã A1", "Xã A2"]);
        assert!(units.iter().all(|unit| unit.boundary.is_some()));
        return;
    };
    let units = read_units(&bytes).unwrap();
    assert_eq!(units.len(), 148);
    assert!(units.iter().all(|unit| unit.boundary.is_some() && unit.code.as_ref().unwrap().len() == 5));
    let first = units.first().unwrap();
    assert_eq!((first.name.as_str(), first.code.as_deref()), ("Phường Tân Hoà", Some("04792")));
    for unit in &units {
        let boundary: serde_json::Value = serde_json::from_str(unit.boundary.as_ref().unwrap()).unwrap();
        assert_eq!(boundary.to_string().len(), unit.boundary.as_ref().unwrap().len(), "as compact as it gets");
    }
}
