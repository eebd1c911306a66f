//! Text inside a paragraph: emphasis, links, breaks, signs.

use super::super::Dropped;
use super::builder::{Docx, assert_words, html, p, paragraph, run, style, styled};

const B: &str = "<w:b/>";
const I: &str = "<w:i/>";
const BI: &str = "<w:b/><w:i/>";
const S: &str = "<w:strike/>";

fn line(runs: &[(&str, &str)]) -> String {
    let runs: String = runs.iter().map(|(properties, text)| run(properties, text)).collect();
    let markdown = Docx::new(&paragraph("", &runs)).markdown();
    markdown.trim_end().to_owned()
}

#[test]
fn a_word_that_is_split_into_runs_is_emphasised_once() {
    assert_eq!(line(&[(B, "Quy"), (B, "ết đ"), (B, "ịnh")]), "**Quyết định**");
    assert_eq!(line(&[(B, "Quyết"), ("", " "), (B, "định"), ("", " số 5")]), "**Quyết định** số 5");
}

#[test]
fn blanks_stand_outside_of_emphasis() {
    assert_eq!(line(&[("", "Về"), (B, " việc khen "), ("", "thưởng")]), "Về **việc khen** thưởng");
    assert_eq!(line(&[("", "a"), (I, "\u{a0}b\u{a0}"), ("", "c")]), "a\u{a0}*b*\u{a0}c");
}

#[test]
fn emphasis_between_vietnamese_letters_is_read_as_emphasis() {
    let markdown = line(&[("", "đ"), (B, "ẹ"), ("", "p")]);
    assert_eq!(markdown, "đ**ẹ**p");
    assert!(html(&markdown, true).contains("đ<strong>ẹ</strong>p"));
    // Decomposed: the mark stands behind its letter.
    let markdown = line(&[("", "de\u{323}"), (I, "e\u{323}"), ("", "p")]);
    assert!(html(&markdown, true).contains("<em>e\u{323}</em>"), "{markdown}");
}

#[test]
fn signs_between_letters_are_moved_out_of_emphasis() {
    assert_eq!(line(&[(B, "Điều 1."), ("", "Phạm vi")]), "**Điều 1**.Phạm vi");
    assert_eq!(line(&[("", "gọi là"), (B, "“Đơn vị”"), ("", "và")]), "gọi là“**Đơn vị**”và");
    assert_eq!(line(&[(B, "Điều 1."), ("", " Phạm vi")]), "**Điều 1.** Phạm vi");
}

#[test]
fn emphasis_that_cannot_be_expressed_is_dropped_and_the_text_stays() {
    // A sign of which only the tables of Unicode tell what it is, between letters.
    let markdown = line(&[("", "a"), (B, "\u{1f389}"), ("", "b")]);
    assert_eq!(markdown, "a\u{1f389}b");
    assert_words(&markdown, "a\u{1f389}b");
}

#[test]
fn bold_and_italic_may_overlap() {
    for (runs, expected) in [
        (vec![(BI, "a")], "<em><strong>a</strong></em>"),
        (vec![(B, "a "), (BI, "b"), (B, " c")], "<strong>a <em>b</em> c</strong>"),
        (vec![(BI, "a"), (B, " b")], "<strong><em>a</em> b</strong>"),
        (vec![(B, "a "), (BI, "b")], "<strong>a <em>b</em></strong>"),
        (vec![(B, "a"), (I, "b")], "<strong>a</strong><em>b</em>"),
        (vec![(I, "a"), (B, "b")], "<em>a</em><strong>b</strong>"),
        (vec![("", "x"), (B, "a"), (BI, "b"), (B, "c"), ("", "y")], "x<strong>a<em>b</em>c</strong>y"),
        (vec![(S, "a"), (B, "b")], "<del>a</del><strong>b</strong>"),
        (vec![("<w:b/><w:strike/>", "a")], "<strong><del>a</del></strong>"),
    ] {
        let markdown = line(&runs);
        let html = html(&markdown, true);
        assert!(html.contains(expected), "{markdown}: {html}");
    }
}

#[test]
fn struck_text_is_struck() {
    assert_eq!(line(&[("", "giá "), (S, "100"), ("", " 90")]), "giá ~~100~~ 90");
    assert_eq!(line(&[("<w:dstrike/>", "100")]), "~~100~~");
}

#[test]
fn formatting_can_be_switched_off() {
    assert_eq!(line(&[(r#"<w:b w:val="0"/><w:i w:val="false"/><w:strike w:val="off"/>"#, "thường")]), "thường");
    assert_eq!(line(&[(r#"<w:b w:val="1"/>"#, "đậm")]), "**đậm**");
}

#[test]
fn styles_of_characters_and_paragraphs_make_emphasis() {
    let styles = style("Dam", "Đậm", "<w:rPr><w:b/></w:rPr>")
        + r#"<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>"#;
    let strong = run(r#"<w:rStyle w:val="Strong"/>"#, "mạnh");
    let body = paragraph("", &strong)
        + &styled("Dam", "đậm")
        + &paragraph(r#"<w:pStyle w:val="Dam"/>"#, &(strong.clone() + &run("", " và")))
        + &paragraph(r#"<w:pStyle w:val="Dam"/>"#, &run(r#"<w:b w:val="0"/>"#, "nhạt"));
    assert_eq!(Docx::new(&body).styles(&styles).markdown(), "**mạnh**\n\n**đậm**\n\nmạnh **và**\n\nnhạt\n");
}

#[test]
fn a_short_bold_paragraph_stays_bold_text() {
    assert_eq!(line(&[(B, "Nơi nhận:")]), "**Nơi nhận:**");
}

#[test]
fn characters_that_would_be_markup_mean_themselves() {
    for (text, expected) in [
        ("*a* _b_ ~c~", r"\*a\* \_b\_ \~c\~"),
        ("[x](y) <b> &amp; \\* `c`", r"\[x](y) \<b> \&amp; \\\* \`c\`"),
        ("# a", r"\# a"),
        ("1. a", r"1\. a"),
        ("2) a", r"2\) a"),
        ("- a", r"\- a"),
        ("+ a", r"\+ a"),
        ("> a", r"\> a"),
        ("---", r"\---"),
        ("===", r"\==="),
        ("***", r"\*\*\*"),
        ("~~~", r"\~\~\~"),
        ("&#35; &copy;", r"\&#35; \&copy;"),
        ("<$a@b.vn>", r"\<$a@b.vn>"),
    ] {
        let markdown = line(&[("", text)]);
        assert_eq!(markdown, expected, "{text}");
        assert_words(&markdown, text);
    }
}

#[test]
fn text_without_markup_has_no_backslashes() {
    for text in [
        "5 - 7 kg",
        "(a) và (b)",
        "1.200 đồng",
        "1.200",
        "-5 độ",
        "#hashtag",
        "A & B",
        "x < 5",
        "2 * 3",
        "ten_tep_dinh_kem",
        "Họ tên: ____ tuổi",
        "C# và F#",
        "Số: 15/QĐ-UBND!",
        "C:\\Users",
        "a | b",
        "50%; 3 + 4 = 7",
        "https://example.vn/a_b?c=d&e=f",
        "Năm 2024.",
        "a@b.vn",
    ] {
        let markdown = line(&[("", text)]);
        assert_eq!(markdown, text);
        assert_words(&markdown, text);
    }
}

#[test]
fn addresses_in_the_text_keep_their_characters() {
    for text in [
        "https://example.vn/*a*~b~",
        "www.example.vn/*a*",
        "https://example.vn/&lt;x",
        "xem https://example.vn/[a](b).",
        "https://example.vn/a\\*b",
    ] {
        assert_words(&line(&[("", text)]), text);
    }
    let markdown = line(&[("", "https://a.vn"), (B, "đậm")]);
    assert_words(&markdown, "https://a.vnđậm");
    let markdown = Docx::new(&paragraph("", "<w:r><w:t>https://a.vn</w:t><w:br/><w:t>b</w:t></w:r>")).markdown();
    assert!(html(&markdown, true).contains("<a href=\"https://a.vn\">https://a.vn</a><br"), "{markdown}");
}

#[test]
fn lines_break_and_pages_do_not() {
    let body = r#"<w:p><w:r><w:t>một</w:t><w:br/><w:t>- hai</w:t><w:br w:type="page"/><w:cr/><w:br/><w:t>ba</w:t>
        <w:br/></w:r></w:p><w:p><w:r><w:br w:type="page"/></w:r></w:p><w:p><w:r><w:br w:type="column"/><w:t>bốn</w:t></w:r></w:p>"#;
    let markdown = Docx::new(body).markdown();
    assert_eq!(markdown, "một\\\n\\- hai\\\nba\n\nbốn\n");
    assert_words(&markdown, "một - hai ba bốn");
}

#[test]
fn tabs_hyphens_and_symbols_are_characters() {
    let body = r#"<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="1"/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t>
        <w:noBreakHyphen/><w:t>c</w:t><w:softHyphen/><w:t>d </w:t></w:r><w:r><w:sym w:font="Wingdings" w:char="F0FC"/>
        <w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Arial" w:char="20AB"/></w:r></w:p>"#;
    let document = Docx::new(body).read();
    assert_eq!(document.markdown, "a b-cd✓α₫\n");
    assert_eq!(document.dropped, []);
    let body = r#"<w:p><w:r><w:sym w:font="Wingdings" w:char="F001"/><w:t>a</w:t></w:r></w:p>"#;
    let document = Docx::new(body).read();
    assert_eq!((document.markdown.as_str(), document.dropped), ("a\n", vec![Dropped::Symbol]));
}

#[test]
fn raised_numbers_stay_raised() {
    let up = r#"<w:vertAlign w:val="superscript"/>"#;
    let down = r#"<w:vertAlign w:val="subscript"/>"#;
    assert_eq!(line(&[("", "10"), (up, "5"), ("", " m"), (up, "2"), ("", " CO"), (down, "2")]), "10⁵ m² CO₂");
    assert_eq!(line(&[("", "ngày 1"), (up, "st")]), "ngày 1st");
}

#[test]
fn blanks_count_only_where_the_file_says_so() {
    let body = "<w:p><w:r><w:t> một </w:t><w:t xml:space=\"preserve\"> hai  ba </w:t><w:t>\n bốn</w:t></w:r></w:p>";
    assert_eq!(Docx::new(body).markdown(), "một hai ba bốn\n");
}

#[test]
fn hidden_and_deleted_text_is_left_out_and_reported() {
    let body = "<w:p>".to_owned()
        + &run("", "a")
        + &run("<w:vanish/>", "ẩn")
        + &format!("<w:ins>{}</w:ins>", run("", " thêm"))
        + "<w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del>"
        + &format!("<w:moveFrom>{0}</w:moveFrom><w:moveTo>{0}</w:moveTo>", run("", " dời"))
        + "</w:p>";
    let document = Docx::new(&body).read();
    assert_eq!(document.markdown, "a thêm dời\n");
    assert_eq!(document.dropped, [Dropped::DeletedText, Dropped::HiddenText]);
}

#[test]
fn formatting_of_before_a_change_is_past() {
    let body = paragraph(
        r#"<w:pPrChange><w:pPr><w:pStyle w:val="Heading1"/></w:pPr></w:pPrChange>"#,
        &run("<w:rPrChange><w:rPr><w:b/></w:rPr></w:rPrChange>", "thường"),
    );
    assert_eq!(Docx::new(&body).markdown(), "thường\n");
}

#[test]
fn paragraphs_whose_border_was_deleted_are_one() {
    let body = paragraph("<w:rPr><w:del/></w:rPr>", &run("", "một ")) + &p("hai");
    assert_eq!(Docx::new(&body).markdown(), "một hai\n");
    let body = p("một") + &paragraph("<w:rPr><w:del/></w:rPr>", &run("", "cuối"));
    assert_eq!(Docx::new(&body).markdown(), "một\n\ncuối\n");
}

#[test]
fn notes_and_comments_are_left_out_and_reported() {
    let body = format!(
        r#"<w:p>{}<w:r><w:footnoteReference w:id="2"/><w:endnoteReference w:id="3"/></w:r>
        <w:commentRangeStart w:id="1"/>{}<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r>
        <m:oMath xmlns:m="m"><m:r><m:t>x</m:t></m:r></m:oMath><w:r><w:object><o:OLEObject xmlns:o="o"/></w:object></w:r></w:p>"#,
        run("", "a"),
        run("", "b"),
    );
    let document = Docx::new(&body).read();
    assert_eq!(document.markdown, "ab\n");
    assert_eq!(
        document.dropped,
        [Dropped::EmbeddedObject, Dropped::Formula, Dropped::Comment, Dropped::Footnote, Dropped::Endnote]
    );
}

#[test]
fn links_to_pages_and_mailboxes_are_kept() {
    let link = |id: &str, text: &str| format!(r#"<w:hyperlink r:id="{id}" w:history="1">{text}</w:hyperlink>"#);
    let body = paragraph("", &(run("", "xem ") + &link("web", &run("", "trang")) + &run("", ".")))
        + &paragraph("", &link("mail", &run("", "thư")))
        + &paragraph("", &(run(B, "a ") + &link("web", &run(B, "b")) + &run(B, " c")))
        + &paragraph("", &(run("", "a") + &link("web", &run(B, "b")) + &run("", "c!") + &link("web", &run("", "d"))));
    let document = Docx::new(&body)
        .external("web", "hyperlink", "https://example.vn/a b?c=(1)&amp;d=2")
        .external("mail", "hyperlink", "mailto:a@example.vn")
        .read();
    assert_eq!(
        document.markdown,
        "xem [trang](https://example.vn/a%20b?c=%281%29&d=2).\n\n[thư](mailto:a@example.vn)\n\n\
         **a [b](https://example.vn/a%20b?c=%281%29&d=2) c**\n\n\
         a[**b**](https://example.vn/a%20b?c=%281%29&d=2)c\\![d](https://example.vn/a%20b?c=%281%29&d=2)\n"
    );
    assert_eq!(document.dropped, []);
}

#[test]
fn other_links_lose_their_address_and_keep_their_text() {
    for (id, address) in
        [("a", "javascript:alert(1)"), ("b", "file:///etc/passwd"), ("c", "data:text/html,x"), ("d", "..\\other.docx")]
    {
        let body = paragraph("", &format!(r#"<w:hyperlink r:id="{id}">{}</w:hyperlink>"#, run("", "chữ")));
        let document = Docx::new(&body).external(id, "hyperlink", address).read();
        assert_eq!((document.markdown.as_str(), document.dropped), ("chữ\n", vec![Dropped::UnsafeLink]), "{address}");
    }
    let body = paragraph("", &format!(r#"<w:hyperlink w:anchor="x">{}</w:hyperlink>"#, run("", "trong bài")));
    let document = Docx::new(&body).read();
    assert_eq!((document.markdown.as_str(), document.dropped), ("trong bài\n", vec![]));
}

#[test]
fn links_that_are_fields_are_kept() {
    let simple =
        format!(r#"<w:fldSimple w:instr=" HYPERLINK &quot;https://a.vn&quot; ">{}</w:fldSimple>"#, run("", "một"));
    let complex = r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://b.vn" \l "muc</w:instrText></w:r>
        <w:r><w:instrText>1" \o "gợi ý" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>"#
        .to_owned()
        + &run("", "hai")
        + r#"<w:r><w:fldChar w:fldCharType="end"/></w:r>"#;
    let body = paragraph("", &(simple + &run("", " ") + &complex + &run("", " ba")));
    assert_eq!(Docx::new(&body).markdown(), "[một](https://a.vn) [hai](https://b.vn#muc1) ba\n");
}

#[test]
fn of_other_fields_one_sees_the_result() {
    let body = r#"<w:p><w:r><w:t>Trang </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>
        <w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>
        <w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>
        <w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"#;
    assert_eq!(Docx::new(body).markdown(), "Trang1\n");
}

#[test]
fn a_field_that_never_ends_hides_no_more_than_its_paragraph() {
    let body =
        r#"<w:p><w:r><w:t>a</w:t><w:fldChar w:fldCharType="begin"/><w:t>b</w:t></w:r></w:p>"#.to_owned() + &p("c");
    assert_eq!(Docx::new(&body).markdown(), "a\n\nc\n");
}

#[test]
fn controls_and_smart_tags_are_transparent() {
    let body = format!(
        r#"<w:sdt><w:sdtPr><w:rPr><w:b/></w:rPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent><w:p><w:smartTag>{}</w:smartTag>
        <w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt><w:customXml>{}</w:customXml></w:p></w:sdtContent></w:sdt>"#,
        run("", "một "),
        run("", "hai "),
        run("", "ba"),
    );
    assert_eq!(Docx::new(&body).markdown(), "một hai ba\n");
}

#[test]
fn readings_of_characters_are_left_out() {
    let body = format!(
        "<w:p><w:r><w:ruby><w:rubyPr/><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r></w:p>",
        run("", "hán"),
        run("", "漢")
    );
    assert_eq!(Docx::new(&body).markdown(), "漢\n");
}
