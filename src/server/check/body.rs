//! The structure of the body: headings, paragraphs, tables, pictures, and the text of each by its lines.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, parse_document};

use super::links::{check_link, is_own_computer};
use super::{EXCERPT, Field, FindingKind, Findings, GOOD_PARAGRAPH, check_words, choose_dialect, count_characters};

/// Checks the body, part by part.
pub(super) fn check_body(body: &str, findings: &mut Findings<'_>) {
    let arena = Arena::new();
    let root = parse_document(&arena, body, &choose_dialect(body));
    if !root.descendants().any(is_visible) {
        findings.add(Field::Body, None, FindingKind::BodyEmpty, "");
    }
    for (index, line) in body.lines().enumerate() {
        if is_conflict_mark(line) {
            findings.add(Field::Body, Some(index + 1), FindingKind::ConflictMark, line);
        }
    }
    let mut level = 1;
    for node in root.descendants() {
        let data = node.data.borrow();
        let line = data.sourcepos.start.line;
        match &data.value {
            NodeValue::Heading(heading) => level = check_heading(node, heading.level, level, findings),
            NodeValue::Paragraph => check_paragraph(node, findings),
            NodeValue::Table(_) => check_table(node, findings),
            NodeValue::TableRow(_) | NodeValue::CodeBlock(_) => check_lines(node, findings),
            NodeValue::Link(link) => check_link(node, &link.url, &gather_text(node), findings),
            NodeValue::Alert(alert) => {
                check_words((Field::Body, Some(line)), alert.title.as_deref().unwrap_or_default(), findings);
            }
            NodeValue::Image(link) if gather_text(node).trim().is_empty() => {
                findings.add(Field::Body, Some(line), FindingKind::AltMissing, &link.url);
            }
            _ => {}
        }
    }
}

fn is_visible<'a>(node: &'a AstNode<'a>) -> bool {
    match &node.data.borrow().value {
        NodeValue::Text(text) => !text.trim().is_empty(),
        NodeValue::Code(code) => !code.literal.trim().is_empty(),
        NodeValue::CodeBlock(block) => !block.literal.trim().is_empty(),
        NodeValue::Image(_) => true,
        _ => false,
    }
}

/// Seven signs alone or before a name. A line of `=======` underlines a heading and tells nothing.
fn is_conflict_mark(line: &str) -> bool {
    ["<<<<<<<", ">>>>>>>", "|||||||"]
        .iter()
        .filter_map(|mark| line.strip_prefix(mark))
        .any(|rest| rest.trim().is_empty() || rest.starts_with(' '))
}

/// Gives the level that the next heading is measured by. The page shows a first-level heading as a second-level one.
fn check_heading<'a>(node: &'a AstNode<'a>, level: u8, before: u8, findings: &mut Findings<'_>) -> u8 {
    let line = Some(node.data.borrow().sourcepos.start.line);
    let text = gather_text(node);
    if text.trim().is_empty() {
        findings.add(Field::Body, line, FindingKind::HeadingEmpty, "");
    }
    if level == 1 {
        findings.add(Field::Body, line, FindingKind::HeadingTopLevel, &text);
    }
    if level > before.saturating_add(1) {
        findings.add(Field::Body, line, FindingKind::HeadingSkipped, &text);
    }
    check_lines(node, findings);
    level.max(2)
}

fn check_paragraph<'a>(node: &'a AstNode<'a>, findings: &mut Findings<'_>) {
    let text = gather_text(node);
    let line = node.data.borrow().sourcepos.start.line;
    if count_characters(&text) > GOOD_PARAGRAPH {
        findings.add(Field::Body, Some(line), FindingKind::ParagraphTooLong, &text);
    }
    let lines = gather_lines(node);
    if let Some((line, text)) = lines.iter().find(|(_, text)| text.starts_with('|') && text.matches('|').count() > 2) {
        findings.add(Field::Body, Some(*line), FindingKind::TableHeaderMissing, text);
    }
    check_lines(node, findings);
}

fn check_table<'a>(table: &'a AstNode<'a>, findings: &mut Findings<'_>) {
    let Some(header) = table.first_child() else { return };
    if header.children().all(|cell| gather_text(cell).trim().is_empty()) {
        let line = table.data.borrow().sourcepos.start.line;
        let first_row = header.next_sibling().map(gather_text).unwrap_or_default();
        findings.add(Field::Body, Some(line), FindingKind::TableHeaderMissing, &first_row);
    }
}

/// The text that a reader sees of a node, without line breaks.
pub(super) fn gather_text<'a>(node: &'a AstNode<'a>) -> String {
    let lines: Vec<String> = gather_lines(node).into_iter().map(|(_, text)| text).collect();
    lines.join(" ")
}

/// The text that a reader sees of a block, by the lines of the body. The cells of a table's row are in one line.
fn gather_lines<'a>(node: &'a AstNode<'a>) -> Vec<(usize, String)> {
    let mut line = node.data.borrow().sourcepos.start.line;
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut push = |line: usize, text: &str| match lines.last_mut() {
        Some((last, whole)) if *last >= line => whole.push_str(text),
        _ => lines.push((line, text.to_owned())),
    };
    for part in node.descendants() {
        let data = part.data.borrow();
        match &data.value {
            NodeValue::CodeBlock(block) => {
                let first = line + usize::from(block.fenced);
                block.literal.lines().enumerate().for_each(|(index, text)| push(first + index, text));
            }
            NodeValue::Text(text) => {
                line = line.max(data.sourcepos.start.line);
                push(line, text);
            }
            NodeValue::Code(code) => push(line, &code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => line = line.max(data.sourcepos.start.line) + 1,
            NodeValue::HtmlInline(_) => push(line, " "),
            NodeValue::TableCell if !part.same_node(node) && part.previous_sibling().is_some() => push(line, " | "),
            _ => {}
        }
    }
    lines
}

fn check_lines<'a>(node: &'a AstNode<'a>, findings: &mut Findings<'_>) {
    for (line, text) in gather_lines(node) {
        check_words((Field::Body, Some(line)), &text, findings);
        // Not every address in plain text becomes a link, this one least of all.
        let addresses = text.match_indices("http").filter_map(|(at, _)| text.get(at..));
        // The place is at the beginning: more of a long text would be read again and again.
        let mut starts = addresses.map(|rest| rest.chars().take_while(|c| !c.is_whitespace()).take(EXCERPT).collect());
        if let Some(address) = starts.find(|start: &String| is_own_computer(start)) {
            findings.add_once(line, FindingKind::LinkLocalhost, &address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::FindingKind::*;
    use super::super::tests::{GOOD, in_body, kinds};
    use super::super::{CheckedText, Field, Finding, Severity, check_draft};

    #[test]
    fn a_body_that_shows_nothing_is_empty() {
        for body in ["", " \n\t\n", "<!-- để sau -->", "---"] {
            assert_eq!(in_body(body), [(BodyEmpty, 0)], "{body:?}");
        }
        assert_eq!(in_body("![Sơ đồ](a.jpg)"), []);
        assert_eq!(in_body("    thụt vào"), []);
    }

    #[test]
    fn every_picture_says_what_it_shows() {
        assert_eq!(in_body("một\n\n![](a.jpg)\n\nhai ![ ](b.jpg)"), [(AltMissing, 3), (AltMissing, 5)]);
        let findings = check_draft(&CheckedText { image: Some(" "), ..GOOD }, &[]);
        let expected = Finding {
            kind: AltMissing,
            severity: Severity::Must,
            line: None,
            field: Field::Image,
            excerpt: String::new(),
        };
        assert_eq!(findings, [expected]);
        assert_eq!(kinds(&CheckedText { image: Some("Đập nước"), ..GOOD }), []);
        assert_eq!(in_body("Viết `![](a.jpg)` để chèn ảnh."), []);
    }

    #[test]
    fn headings_go_down_one_level_at_a_time() {
        assert_eq!(in_body("## Một\n\n#### Hai\n"), [(HeadingSkipped, 3)]);
        assert_eq!(in_body("### Một\n"), [(HeadingSkipped, 1)]);
        assert_eq!(in_body("## Một\n\n### Hai\n\n#### Ba\n\n## Bốn\n"), []);
        assert_eq!(in_body("# Một\n\n### Hai\n"), [(HeadingTopLevel, 1)]);
        assert_eq!(in_body("Đầu đề\n===\n"), [(HeadingTopLevel, 1)]);
        assert_eq!(in_body("một\n\n##\n\nhai"), [(HeadingEmpty, 3)]);
        assert_eq!(in_body("```\n# lệnh\n#### nữa\n```\n\n#hashtag và `# mã`"), []);
        assert_eq!(in_body("## `mã`"), []);
    }

    #[test]
    fn a_table_needs_a_header() {
        assert_eq!(in_body("một\n\n| | |\n|---|---|\n| Mơ | 2 |\n"), [(TableHeaderMissing, 3)]);
        assert_eq!(in_body("một\n| Mơ | 2 |\n| Mận | 3 |\n"), [(TableHeaderMissing, 2)]);
        assert_eq!(in_body("| Xóm | |\n|---|---|\n| Mơ | 2 |\n"), []);
        assert_eq!(in_body("Chọn a | b | c, hoặc |x| nhỏ."), []);
    }

    #[test]
    fn a_paragraph_is_not_endless() {
        assert_eq!(in_body(&format!("ngắn\n\n{}", "ươ ".repeat(401))), [(ParagraphTooLong, 3)]);
        assert_eq!(in_body(&"ươ ".repeat(400)), []);
        assert_eq!(in_body(&format!("ngắn [văn bản](/{})", "a".repeat(2000))), [], "an address is not read");
    }

    #[test]
    fn marks_of_a_merge_are_found() {
        let body = "một\n\n<<<<<<< mine\nhai\n=======\nba\n>>>>>>> theirs\n";
        let found = in_body(body);
        assert!(found.contains(&(ConflictMark, 3)) && found.contains(&(ConflictMark, 7)), "{found:?}");
        assert_eq!(in_body("một <<<<<<< hai\n\n<<<<<<<<<<\n\n| a |\n|---|\n| b |"), []);
    }

    #[test]
    fn lines_are_those_of_the_text() {
        let body = "[a]: /a\n\ndòng ba 0912345678\ndòng bốn\\\ndòng năm **nhiều\ndòng** 0912345679\n\n- mục\n  nữa\nlười 0912345670\n";
        assert_eq!(in_body(body), [(PersonalPhone, 3), (PersonalPhone, 6), (PersonalPhone, 10)]);
        assert_eq!(in_body("một\r\n\r\nhai\r\n0912345678\r\r0912345679"), [(PersonalPhone, 4), (PersonalPhone, 6)]);
        assert_eq!(in_body("> [!WARNING] Gọi 0912345678\n> nhé"), [(PersonalPhone, 1)]);
    }
}
