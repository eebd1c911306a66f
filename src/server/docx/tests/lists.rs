//! Lists, as Word and `LibreOffice` number them.

use super::builder::{Docx, assert_words, html, item, p, paragraph, run, style, styled};

fn level(index: u8, format: &str, pattern: &str, start: u32) -> String {
    format!(
        r#"<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{pattern}"/></w:lvl>"#
    )
}

fn kind(id: u32, levels: &str) -> String {
    format!(r#"<w:abstractNum w:abstractNumId="{id}">{levels}</w:abstractNum>"#)
}

fn list(id: u32, kind: u32, overrides: &str) -> String {
    format!(r#"<w:num w:numId="{id}"><w:abstractNumId w:val="{kind}"/>{overrides}</w:num>"#)
}

fn numbering() -> String {
    let bullets: String = (0..3).map(|index| level(index, "bullet", "\u{f0b7}", 1)).collect();
    let numbers =
        level(0, "decimal", "%1.", 1) + &level(1, "lowerLetter", "%2)", 1) + &level(2, "decimal", "%1.%2.%3", 1);
    kind(0, &bullets)
        + &kind(1, &numbers)
        + &kind(2, &(level(0, "decimal", "%1.", 5) + &level(1, "decimal", "%2.", 5)))
        + &kind(3, &(level(0, "decimal", "Điều %1.", 1) + &level(1, "upperRoman", "Mục %2.%1", 1)))
        + &kind(4, &level(0, "none", "", 1))
        + &list(1, 0, "")
        + &list(2, 1, "")
        + &list(3, 2, "")
        + &list(4, 1, r#"<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>"#)
        + &list(5, 3, "")
        + &list(6, 4, "")
        + &list(7, 0, "")
}

fn markdown(body: &str) -> String {
    Docx::new(body).numbering(&numbering()).markdown()
}

#[test]
fn bullets_and_numbers_are_lists() {
    assert_eq!(markdown(&(item(1, 0, "a") + &item(1, 0, "b"))), "- a\n- b\n");
    assert_eq!(markdown(&(p("x") + &item(2, 0, "a") + &item(2, 0, "b") + &p("y"))), "x\n\n1. a\n2. b\n\ny\n");
}

#[test]
fn levels_are_nested() {
    let body = item(2, 0, "a") + &item(2, 1, "b") + &item(2, 2, "c") + &item(2, 1, "d") + &item(2, 0, "e");
    let text = markdown(&body);
    assert_eq!(text, "1. a\n   1. b\n      1. c\n   2. d\n2. e\n");
    assert_eq!(html(&text, true).matches("<ol>").count(), 3);
    let text = markdown(&(item(2, 0, "a") + &item(1, 1, "b") + &item(2, 0, "c")));
    assert_eq!(text, "1. a\n   - b\n2. c\n");
}

#[test]
fn a_level_that_is_skipped_is_not_missed() {
    assert_eq!(markdown(&(item(1, 2, "a") + &item(1, 0, "b") + &item(1, 2, "c"))), "- a\n- b\n  - c\n");
}

#[test]
fn lists_begin_where_they_say_and_go_on_behind_other_text() {
    assert_eq!(markdown(&(item(3, 0, "a") + &item(3, 0, "b"))), "5. a\n6. b\n");
    assert_eq!(markdown(&(item(2, 0, "a") + &p("x") + &item(2, 0, "b"))), "1. a\n\nx\n\n2. b\n");
    let text = markdown(&(item(1, 0, "a") + &item(3, 1, "b")));
    assert!(html(&text, true).contains("<ol start=\"5\">"), "{text}");
}

#[test]
fn lists_one_behind_the_other_stay_two() {
    let text = markdown(&(item(2, 0, "a") + &item(4, 0, "b") + &item(4, 0, "c") + &item(1, 0, "d") + &item(7, 0, "e")));
    assert_eq!(text, "1. a\n\n1) b\n2) c\n\n- d\n\n* e\n");
    let html = html(&text, true);
    assert_eq!((html.matches("<ol>").count(), html.matches("<ul>").count()), (2, 2), "{html}");
}

#[test]
fn words_before_the_number_are_text() {
    let body = item(5, 0, "Phạm vi") + &item(5, 1, "a") + &item(5, 0, "Đối tượng");
    assert_eq!(markdown(&body), "Điều 1. Phạm vi\n\nMục I.1 a\n\nĐiều 2. Đối tượng\n");
}

#[test]
fn the_number_of_a_heading_is_text() {
    let heading = |level: u32, text: &str| {
        let properties = format!(
            r#"<w:pStyle w:val="Heading{}"/><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="2"/></w:numPr>"#,
            level + 1
        );
        paragraph(&properties, &run("", text))
    };
    let body = p("x") + &heading(0, "Mở đầu") + &heading(1, "Lý do") + &heading(0, "Kết");
    assert_eq!(markdown(&body), "x\n\n## 1. Mở đầu\n\n### a) Lý do\n\n## 2. Kết\n");
}

#[test]
fn a_list_without_signs_is_no_list() {
    assert_eq!(markdown(&(item(6, 0, "a") + &item(0, 0, "b") + &item(99, 0, "c"))), "a\n\nb\n\nc\n");
}

#[test]
fn styles_can_be_lists() {
    let numbered = |list: u32| format!(r#"<w:pPr><w:numPr><w:numId w:val="{list}"/></w:numPr></w:pPr>"#);
    let styles = style("ListBullet", "List Bullet", &numbered(1))
        + &style("ListBullet2", "List Bullet 2", &numbered(7))
        + &style("Muc", "Mục", &numbered(8));
    let linked = r#"<w:abstractNum w:abstractNumId="9"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
        <w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:pStyle w:val="Muc"/><w:lvlText w:val="-"/></w:lvl></w:abstractNum>"#
        .to_owned()
        + &list(8, 9, "");
    let body = styled("ListBullet", "a") + &styled("ListBullet2", "b") + &styled("ListBullet", "c");
    let body = body
        + &p("x")
        + &paragraph(r#"<w:numPr><w:numId w:val="8"/></w:numPr>"#, &run("", "d"))
        + &styled("Muc", "e")
        + &paragraph(r#"<w:pStyle w:val="ListBullet"/><w:numPr><w:numId w:val="0"/></w:numPr>"#, &run("", "f"));
    let markdown = Docx::new(&body).styles(&styles).numbering(&(linked + &numbering())).markdown();
    assert_eq!(markdown, "- a\n  - b\n- c\n\nx\n\n0. d\n   - e\n\nf\n");
}

#[test]
fn a_list_can_borrow_the_levels_of_another() {
    let numbering = r#"<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="S"/></w:abstractNum>
        <w:abstractNum w:abstractNumId="2"><w:styleLink w:val="S"/><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>"#
        .to_owned()
        + &list(1, 1, "");
    assert_eq!(Docx::new(&item(1, 0, "a")).numbering(&numbering).markdown(), "- a\n");
}

#[test]
fn lines_of_an_item_stay_in_it() {
    let properties = r#"<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>"#;
    let body = paragraph(properties, "<w:r><w:t>một</w:t><w:br/><w:t>2. hai</w:t></w:r>");
    let text = markdown(&body);
    assert_eq!(text, "1. một\\\n   2\\. hai\n");
    assert_words(&text, "một 2. hai");
}

#[test]
fn empty_items_are_no_items() {
    assert_eq!(markdown(&(item(2, 0, "a") + &item(2, 0, " ") + &item(2, 0, "b"))), "1. a\n2. b\n");
}

#[test]
fn numbers_without_end_are_still_read_as_numbers() {
    let numbering = kind(0, &level(0, "decimal", "%1.", u32::MAX)) + &list(1, 0, "");
    let text = Docx::new(&(item(1, 0, "a") + &item(1, 0, "b"))).numbering(&numbering).markdown();
    assert_words(&text, "a b");
    assert_eq!(html(&text, true).matches("<li>").count(), 2, "{text}");
}
