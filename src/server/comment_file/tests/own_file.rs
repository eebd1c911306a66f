//! The portal's own file.

use super::*;

fn own(code: &str) -> OwnComment {
    OwnComment {
        code: code.to_owned(),
        page: "/tin/a".to_owned(),
        thread: None,
        reply_to: None,
        version: 1,
        author: "Lan".to_owned(),
        email: None,
        text: "Một\n\"hai\" \u{2028} \\ 👍".to_owned(),
        language: Lang::Vi,
        state: OwnState::Published,
        reason: None,
        sent: Instant(1_622_509_200_007),
        decided: None,
        edited: None,
        edits: Vec::new(),
        agreements: Vec::new(),
        reports: Vec::new(),
        handovers: Vec::new(),
        answers: Vec::new(),
        reopening: None,
        appeal: None,
        decisions: Vec::new(),
    }
}

fn write(comments: &[OwnComment]) -> Vec<u8> {
    let mut writer = OwnWriter::new(Vec::new()).unwrap();
    comments.iter().for_each(|comment| writer.add(comment).unwrap());
    writer.finish().unwrap()
}

fn read_own(bytes: &[u8]) -> Result<Vec<OwnComment>, FileProblem> {
    OwnReader::new(bytes)?.collect()
}

#[test]
fn what_the_portal_writes_it_reads_and_writes_again_the_same() {
    let bytes = fixture("own.json");
    let comments = read_own(&bytes).unwrap();
    assert_eq!(comments.len(), 2);
    assert_eq!(String::from_utf8(write(&comments)).unwrap(), String::from_utf8(bytes.clone()).unwrap());
    for comments in [vec![], vec![own("a")], vec![own("a"), own("b"), own("c")]] {
        let bytes = write(&comments);
        assert_eq!(read_own(&bytes).unwrap(), comments);
        assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), comments.len() + 2);
        let file: own::OwnFile = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(file, own::OwnFile { format: "thidua-comments".into(), version: 1, comments });
    }
    let other_ends = String::from_utf8(bytes.clone()).unwrap().replace('\n', "\r\n");
    assert_eq!(read_own(format!("\u{feff}{other_ends}").as_bytes()).unwrap(), read_own(&bytes).unwrap());
}

#[test]
fn the_portals_file_has_its_times_in_utc_with_milliseconds() {
    let text = String::from_utf8(write(&[own("a")])).unwrap();
    assert!(text.contains("\"sent\":\"2021-06-01T01:00:00.007Z\",\"decided\":null"), "{text}");
    for ms in [i64::MIN, -1, 253_402_300_800_000, i64::MAX] {
        let mut writer = OwnWriter::new(Vec::new()).unwrap();
        let comment = OwnComment { edited: Some(Instant(ms)), ..own("a") };
        assert_eq!(writer.add(&comment).unwrap_err().to_string(), "a time is none of the calendar");
        // What could not be written is not there by half.
        assert_eq!(read_own(&writer.finish().unwrap()), Ok(vec![]));
    }
    let last = OwnComment { edited: Some(Instant(253_402_300_799_999)), ..own("a") };
    assert_eq!(read_own(&write(std::slice::from_ref(&last))), Ok(vec![last]));
}

#[test]
fn a_line_of_the_portals_file_that_cannot_be_taken_is_named() {
    let good = String::from_utf8(write(&[own("a"), own("b")])).unwrap();
    let change = |from: &str, to: &str| {
        let place = good.rfind(from).unwrap();
        let (before, after) = good.split_at(place);
        read_own(format!("{before}{to}{}", &after[from.len()..]).as_bytes()).unwrap_err().to_string()
    };
    let begins = |problem: String, begin: &str| assert!(problem.starts_with(begin), "{problem}");
    begins(change("\"email\"", "\"e-mail\""), "line 3: unknown field `e-mail` (column ");
    begins(change("\"email\":null", "\"email\":null,\"email\":null"), "line 3: duplicate field `email` (column ");
    begins(change("\"code\":\"b\",", ""), "line 3: missing field `code` (column ");
    begins(change("published", "deleted"), "line 3: unknown variant `deleted`, expected one of `waiting`, `published`");
    begins(change("\"vi\"", "\"fr\""), "line 3: unknown variant `fr`, expected `vi` or `en`");
    begins(
        change("2021-06-01T", "2021-06-31T"),
        "line 3: \"2021-06-31T01:00:00.007Z\" is no time: write it like 2021-",
    );
    begins(change("007Z", "007"), "line 3: \"2021-06-01T01:00:00.007\" is no time");
    begins(change("\"answers\":[]", "\"answers\":[{\"unit\":\"a\",\"from\":\"b\"}]"), "line 3: unknown field `from`");
    begins(change("\"version\":1", "\"version\":\"1\""), "line 3: invalid type: string \"1\", expected i64");
    begins(change("}\n]}\n", ""), "line 3: EOF while parsing an object");
    assert_eq!(change("]}\n", ""), "the file ends in the middle: it was cut off");
    assert_eq!(change("\n]}\n", ",\n]}\n"), "line 4: the last comment has a comma behind it");
    assert_eq!(change(",\n", "\n"), "line 3: the comment before this has no comma behind it");
    assert_eq!(change("]}\n", "]}\n\n{}"), "line 6: after the end there is something more");
    let deep = change("\"reason\":null", &format!("\"reason\":{}", "[".repeat(100_000)));
    begins(deep, "line 3: invalid type: sequence, expected a string");
}

#[test]
fn after_a_problem_nothing_more_is_read() {
    let text = String::from_utf8(write(&[own("a"), own("b"), own("c")])).unwrap().replace("\"code\":\"b\"", "");
    let mut reader = OwnReader::new(text.as_bytes()).unwrap();
    assert!(reader.next().unwrap().is_ok());
    assert_eq!(reader.line(), 2);
    assert!(reader.next().unwrap().is_err());
    assert!(reader.next().is_none());
}

#[test]
fn a_file_of_a_later_version_is_refused_with_a_sentence() {
    let problem = |text: &str| read_own(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        problem("{\"format\":\"thidua-comments\",\"version\":2,\"portal\":\"x\",\"comments\":[\n]}"),
        "line 1: the file is of version 2; this program knows version 1: use a later one"
    );
    assert_eq!(
        problem("{\"format\":\"thidua-comments\",\"version\":1,\"portal\":\"x\",\"comments\":[\n]}"),
        "line 1: unknown field `portal` (column 48)"
    );
    let no_file = "line 1: this is no file of comments: its first line is {\"format\":\"thidua-comments\",\"version\":1,\"comments\":[";
    for text in ["{", "[]", "\0", "{\"format\":\"x\",\"version\":1,\"comments\":[", "{\"version\":1}\n"] {
        assert_eq!(problem(text), no_file);
    }
    assert_eq!(problem(""), "the file is empty");
    let line = serde_json::to_string(&own("a")).unwrap();
    assert_eq!(
        problem(&format!("{{\"format\":\"thidua-comments\",\"version\":1,\"comments\":[{line}\n]}}")),
        "line 1: a comment is on the first line: each has a line of its own"
    );
}

#[test]
fn fields_that_say_nothing_may_be_left_out() {
    let mut text = "{\"format\":\"thidua-comments\",\"version\":1,\"comments\":[\n".to_owned();
    let sent = "2021-06-01T08:00:00+07:00";
    write!(
        text,
        "{{\"code\":\"a\",\"page\":\"/tin/a\",\"author\":\"Lan\",\"text\":\"Một\",\"language\":\"vi\",\"state\":\"waiting\",\"version\":1,\"sent\":\"{sent}\"}}\n]}}"
    )
    .unwrap();
    let expected =
        OwnComment { text: "Một".to_owned(), state: OwnState::Waiting, sent: Instant(1_622_509_200_000), ..own("a") };
    assert_eq!(read_own(text.as_bytes()), Ok(vec![expected]));
}

#[test]
fn a_line_without_end_is_not_kept() {
    let mut text = b"{\"format\":\"thidua-comments\",\"version\":1,\"comments\":[\n{\"code\":\"".to_vec();
    text.resize(MOST_PIECE + 99, b'a');
    assert_eq!(read_own(&text).unwrap_err().to_string(), "line 2: this line or text has more than 2 MB");
    let long = OwnComment { text: "a".repeat(MOST_PIECE), ..own("a") };
    let error = OwnWriter::new(Vec::new()).unwrap().add(&long).unwrap_err();
    assert_eq!(error.to_string(), "comment a is too long");
}
