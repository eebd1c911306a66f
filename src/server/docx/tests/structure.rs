//! Headings, quotations, boxes, and the file around them.

use super::super::Dropped;
use super::builder::{Docx, assert_words, p, paragraph, run, style, styled};

fn outline(level: u8) -> String {
    format!(r#"<w:pPr><w:outlineLvl w:val="{level}"/></w:pPr>"#)
}

fn word_styles() -> String {
    style("Normal", "Normal", "")
        + &style("Title", "Title", r#"<w:basedOn w:val="Normal"/>"#)
        + &(1..=4)
            .map(|level| style(&format!("Heading{level}"), &format!("heading {level}"), &outline(level - 1)))
            .collect::<String>()
        + &style("Quote", "Quote", "<w:rPr><w:i/></w:rPr>")
        + &style("IntenseQuote", "Intense Quote", "<w:rPr><w:i/></w:rPr>")
        + &style("Quotations", "Quotations", "")
}

#[test]
fn a_title_before_all_other_text_is_the_title() {
    let body = p("") + &styled("Title", "Kế hoạch *thi đua*") + &p("Một.");
    let document = Docx::new(&body).styles(&word_styles()).read();
    assert_eq!(document.title.as_deref(), Some("Kế hoạch *thi đua*"));
    assert_eq!(document.markdown, "Một.\n");
}

#[test]
fn a_first_heading_is_the_title_and_a_later_title_is_a_heading() {
    let body = styled("Heading1", "Đầu") + &styled("Title", "Sau") + &p("Một.");
    let document = Docx::new(&body).styles(&word_styles()).read();
    assert_eq!(document.title.as_deref(), Some("Đầu"));
    assert_eq!(document.markdown, "## Sau\n\nMột.\n");
    let document = Docx::new(&(p("Một.") + &styled("Heading1", "Đầu"))).styles(&word_styles()).read();
    assert_eq!((document.title, document.markdown.as_str()), (None, "Một.\n\n## Đầu\n"));
    let document = Docx::new(&styled("Heading2", "Đầu")).styles(&word_styles()).read();
    assert_eq!((document.title, document.markdown.as_str()), (None, "### Đầu\n"));
}

#[test]
fn headings_begin_at_the_second_level_and_end_at_the_fourth() {
    let body = p("x") + &(1..=4).map(|level| styled(&format!("Heading{level}"), "Mục")).collect::<String>();
    let markdown = Docx::new(&body).styles(&word_styles()).markdown();
    assert_eq!(markdown, "x\n\n## Mục\n\n### Mục\n\n#### Mục\n\n#### Mục\n");
}

#[test]
fn headings_are_known_by_level_by_name_and_by_what_they_are_based_on() {
    let styles = style("Tiu1", "Tiêu đề 1", "")
        + &style("u2", "Đầu đề 2", "")
        + &style("berschrift3", "Überschrift 3", "")
        + &style("x", "Của tôi", &outline(1))
        + &style("y", "Của tôi nữa", r#"<w:basedOn w:val="x"/>"#)
        + &style("z", "Thân bài", &(r#"<w:basedOn w:val="Tiu1"/>"#.to_owned() + &outline(9)))
        + &style("loop1", "a", r#"<w:basedOn w:val="loop2"/>"#)
        + &style("loop2", "b", r#"<w:basedOn w:val="loop1"/>"#);
    let styles_used = ["Tiu1", "u2", "berschrift3", "x", "y", "z", "loop1", "Heading2", "unknown"];
    let body = p("x") + &styles_used.iter().map(|id| styled(id, id)).collect::<String>();
    let direct = |level: u8| paragraph(&format!(r#"<w:outlineLvl w:val="{level}"/>"#), &run("", "trực tiếp"));
    let markdown = Docx::new(&(body + &direct(0) + &direct(9))).styles(&styles).markdown();
    assert_eq!(
        markdown,
        "x\n\n## Tiu1\n\n### u2\n\n#### berschrift3\n\n### x\n\n### y\n\nz\n\nloop1\n\n### Heading2\n\nunknown\n\n\
         ## trực tiếp\n\ntrực tiếp\n"
    );
}

#[test]
fn headings_are_known_without_a_list_of_styles() {
    let body = p("x") + &styled("Heading1", "Một") + &styled("Quote", "Hai");
    assert_eq!(Docx::new(&body).markdown(), "x\n\n## Một\n\n> Hai\n");
}

#[test]
fn bold_in_a_heading_is_dropped() {
    let content = run("<w:b/>", "Mục ") + &run("<w:b/><w:i/>", "một");
    let body = p("x") + &paragraph(r#"<w:pStyle w:val="Heading1"/>"#, &content);
    assert_eq!(Docx::new(&body).styles(&word_styles()).markdown(), "x\n\n## Mục *một*\n");
}

#[test]
fn a_heading_stays_on_one_line() {
    let content = "<w:r><w:t>Một</w:t><w:br/><w:t>hai #</w:t></w:r>";
    let body = p("x") + &paragraph(r#"<w:pStyle w:val="Heading1"/>"#, content) + &styled("Heading1", "1. Mục # C#");
    let markdown = Docx::new(&body).styles(&word_styles()).markdown();
    assert_eq!(markdown, "x\n\n## Một hai \\#\n\n## 1. Mục # C#\n");
    assert_words(&markdown, "x Một hai # 1. Mục # C#");
}

#[test]
fn quotations_stand_together() {
    let body = styled("Quote", "Một") + &styled("IntenseQuote", "Hai") + &p("x") + &styled("Quotations", "Ba");
    let markdown = Docx::new(&body).styles(&word_styles()).markdown();
    assert_eq!(markdown, "> Một\n>\n> Hai\n\nx\n\n> Ba\n");
}

#[test]
fn lines_of_a_quotation_stay_in_it() {
    let body = paragraph(r#"<w:pStyle w:val="Quote"/>"#, "<w:r><w:t>Một</w:t><w:br/><w:t>Hai</w:t></w:r>");
    assert_eq!(Docx::new(&body).styles(&word_styles()).markdown(), "> Một\\\n> Hai\n");
}

#[test]
fn a_table_of_contents_is_left_out_and_reported() {
    let styles = style("TOC1", "toc 1", "") + &style("TOCHeading", "TOC Heading", "");
    let body = styled("TOCHeading", "Mục lục") + &styled("TOC1", "Mục một\t3") + &p("x");
    let document = Docx::new(&body).styles(&styles).read();
    assert_eq!((document.markdown.as_str(), document.dropped), ("x\n", vec![Dropped::Contents]));
}

#[test]
fn empty_paragraphs_are_no_paragraphs() {
    let body = p("") + &p(" \u{a0} ") + &p("một") + "<w:p/>" + &p("hai");
    assert_eq!(Docx::new(&body).markdown(), "một\n\nhai\n");
    assert_eq!(Docx::new("").markdown(), "");
}

#[test]
fn a_strict_document_is_read_like_any_other() {
    let body = paragraph("", &format!(r#"<w:hyperlink r:id="l">{}</w:hyperlink>"#, run("<w:b/>", "chữ")));
    let document = Docx::new(&body)
        .strict()
        .external("l", "hyperlink", "https://example.vn")
        .styles(&style("Normal", "Normal", ""))
        .read();
    assert_eq!(document.markdown, "[**chữ**](https://example.vn)\n");
}

#[test]
fn prefixes_do_not_matter() {
    let xml = r#"<document xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"><body><p><pPr><outlineLvl val="1"/></pPr>
        <r><t>Một</t></r></p><x:p xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main"><x:r><x:t>Hai</x:t></x:r></x:p></body></document>"#;
    let document = Docx::new("").part("word/document.xml", xml.as_bytes()).read();
    assert_eq!(document.markdown, "### Một\n\nHai\n");
}

#[test]
fn utf_16_is_decoded() {
    let xml = Docx::new(&p("Tiếng Việt")).document_xml().replace("UTF-8", "UTF-16");
    let little: Vec<u8> = xml.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = xml.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [[&[0xff, 0xfe], little.as_slice()].concat(), little, [&[0xfe, 0xff], big.as_slice()].concat(), big] {
        assert_eq!(Docx::new("").part("word/document.xml", &bytes).markdown(), "Tiếng Việt\n");
    }
    let marked = [&[0xef, 0xbb, 0xbf], Docx::new(&p("Tiếng Việt")).document_xml().as_bytes()].concat();
    assert_eq!(Docx::new("").part("word/document.xml", &marked).markdown(), "Tiếng Việt\n");
}

#[test]
fn macros_are_dropped_and_reported() {
    let document = Docx::new(&p("x"))
        .part("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
        .related("m", "vbaProject", "vbaProject.bin")
        .read();
    assert_eq!((document.markdown.as_str(), document.dropped), ("x\n", vec![Dropped::Macro]));
}

#[test]
fn text_boxes_stand_behind_their_paragraph_and_once() {
    let shape = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(text));
    let body = format!(
        r#"<w:p>{}<w:r><mc:AlternateContent xmlns:mc="mc"><mc:Choice Requires="wps"><w:drawing><wps:txbx xmlns:wps="wps">{}</wps:txbx></w:drawing></mc:Choice>
        <mc:Fallback><w:pict><v:textbox xmlns:v="v">{}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>{}</w:p>"#,
        run("", "trước "),
        shape("hộp"),
        shape("hộp"),
        run("", "sau"),
    );
    assert_eq!(Docx::new(&body).markdown(), "trước sau\n\nhộp\n");
}

#[test]
fn of_alternatives_the_first_with_anything_in_it_is_taken() {
    let body = format!(
        r#"<w:p><mc:AlternateContent xmlns:mc="mc"><mc:Choice Requires="new"><w:drawing><c:chart xmlns:c="c"/></w:drawing></mc:Choice>
        <mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:p>"#,
        run("", "thay thế")
    );
    let document = Docx::new(&body).read();
    assert_eq!((document.markdown.as_str(), document.dropped), ("thay thế\n", vec![Dropped::Drawing]));
}
