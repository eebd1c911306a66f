//! Pictures, their captions, and what is dropped of them.

use super::super::{Dropped, Embedded, Refusal};
use super::builder::{Docx, assert_words, drawing, html, p, paragraph, run, style, styled};

#[test]
fn a_picture_is_a_paragraph_of_its_own() {
    let body = paragraph("", &(run("", "trước ") + &drawing("x", "Cầu [mới]") + &run("", "sau"))) + &p("y");
    let document = Docx::new(&body).picture("x", b"PNG").read();
    assert_eq!(document.markdown, "trước sau\n\n![Cầu \\[mới\\]](word:0)\n\ny\n");
    assert_eq!(document.pictures, [Embedded { bytes: b"PNG".to_vec(), alt: "Cầu [mới]".to_owned() }]);
    assert_eq!(document.dropped, []);
}

#[test]
fn a_picture_on_a_line_of_its_own_keeps_its_place() {
    let body = format!(
        "<w:p>{}<w:r><w:t>a</w:t><w:br/></w:r>{}<w:r><w:br/><w:t>b</w:t></w:r></w:p>",
        drawing("x", "1"),
        drawing("x", "2")
    );
    let markdown = Docx::new(&body).picture("x", b"PNG").markdown();
    assert_eq!(markdown, "![1](word:0)\n\na\n\n![2](word:0)\n\nb\n");
}

#[test]
fn a_caption_behind_a_picture_is_its_caption() {
    let styles = style("Caption", "caption", "<w:rPr><w:b/></w:rPr>")
        + &style("Hinh", "Illustration", r#"<w:basedOn w:val="Caption"/>"#);
    let body = paragraph("", &drawing("x", "Cầu"))
        + &p(" ")
        + &styled("Caption", "Hình 1: \"Cầu\" \\ mới")
        + &styled("Caption", "Bảng 1")
        + &paragraph("", &drawing("x", ""))
        + &styled("Hinh", "Hình 2");
    let document = Docx::new(&body).styles(&styles).picture("x", b"PNG").read();
    assert_eq!(
        document.markdown,
        "![Cầu](word:0 \"Hình 1: \\\"Cầu\\\" \\\\ mới\")\n\nBảng 1\n\n![](word:0 \"Hình 2\")\n"
    );
    let html = html(&document.markdown, true);
    assert!(html.contains("title=\"Hình 1: &quot;Cầu&quot; \\ mới\""), "{html}");
}

#[test]
fn a_caption_that_holds_its_picture_is_its_caption() {
    let content = drawing("x", "Cầu") + &run("", "Hình 1");
    let body = paragraph(r#"<w:pStyle w:val="Caption"/>"#, &content);
    assert_eq!(Docx::new(&body).picture("x", b"PNG").markdown(), "![Cầu](word:0 \"Hình 1\")\n");
}

#[test]
fn pictures_of_old_word_are_found() {
    let body = r#"<w:p><w:r><w:pict><v:shape xmlns:v="v" alt="Cũ"><v:imagedata r:id="x" o:title="tên" xmlns:o="o"/></v:shape></w:pict></w:r></w:p>"#;
    let document = Docx::new(body).picture("x", b"PNG").read();
    assert_eq!(document.markdown, "![Cũ](word:0)\n");
}

#[test]
fn a_picture_that_is_shown_twice_is_kept_once() {
    let body =
        paragraph("", &drawing("x", "a")) + &paragraph("", &drawing("y", "b")) + &paragraph("", &drawing("x", "c"));
    let document = Docx::new(&body).picture("x", b"X").picture("y", b"Y").read();
    assert_eq!(document.markdown, "![a](word:0)\n\n![b](word:1)\n\n![c](word:0)\n");
    assert_eq!(document.pictures.len(), 2);
}

#[test]
fn pictures_elsewhere_are_dropped_and_reported() {
    let linked = r#"<w:p><w:r><w:drawing><a:blip xmlns:a="a" r:link="l"/></w:drawing></w:r></w:p>"#;
    for body in [paragraph("", &drawing("l", "x")), linked.to_owned()] {
        let document = Docx::new(&(body + &p("y"))).external("l", "image", "https://evil.example/track.png").read();
        assert_eq!((document.markdown.as_str(), document.dropped), ("y\n", vec![Dropped::ExternalPicture]));
        assert_eq!(document.pictures, []);
    }
}

#[test]
fn a_picture_that_leads_out_of_the_package_is_not_read() {
    for target in ["../../../etc/passwd", "/../x.png", "..\\..\\x.png", "file:///etc/passwd", "media/missing.png"] {
        let body = paragraph("", &drawing("x", "")) + &p("y");
        let document = Docx::new(&body)
            .part("../../../etc/passwd", b"x")
            .part("etc/passwd", b"x")
            .related("x", "image", target)
            .read();
        assert_eq!(
            (document.markdown.as_str(), document.dropped),
            ("y\n", vec![Dropped::UnreadablePicture]),
            "{target}"
        );
        assert_eq!(document.pictures, []);
    }
}

#[test]
fn only_what_is_called_a_picture_is_one() {
    let body = paragraph("", &drawing("styles", "")) + &p("y");
    let document = Docx::new(&body).styles("").read();
    assert_eq!((document.pictures, document.dropped), (vec![], vec![Dropped::UnreadablePicture]));
}

#[test]
fn names_of_parts_are_found_however_they_are_written() {
    let body = paragraph("", &drawing("a", "")) + &paragraph("", &drawing("b", "")) + &paragraph("", &drawing("c", ""));
    let document = Docx::new(&body)
        .part("word/media/A.PNG", b"1")
        .related("a", "image", "Media\\a.png")
        .part("media/b.png", b"2")
        .related("b", "image", "../media/b.png")
        .part("word/c.png", b"3")
        .related("c", "image", "/word/./c.png")
        .read();
    let bytes: Vec<&[u8]> = document.pictures.iter().map(|picture| picture.bytes.as_slice()).collect();
    assert_eq!(bytes, [b"1", b"2", b"3"]);
}

#[test]
fn too_many_pictures_are_too_large() {
    let mut docx =
        Docx::new(&(0..3).map(|index| paragraph("", &drawing(&format!("p{index}"), ""))).collect::<String>());
    for index in 0..3 {
        docx = docx.picture(&format!("p{index}"), b"PNG");
    }
    assert_eq!(docx.read().pictures.len(), 3);
    assert_eq!(docx.limits(|limits| limits.pictures = 2).result(), Err(Refusal::TooLarge));
}

#[test]
fn text_for_the_blind_means_itself() {
    let alt = "*a* ](x) `b` \\ <i> &amp; ![c] https://a.vn/_b_";
    let markdown = Docx::new(&paragraph("", &drawing("x", alt))).picture("x", b"PNG").markdown();
    let html = html(&markdown, true);
    let expected = alt.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    assert!(html.contains(&format!("alt=\"{expected}\"")), "{markdown}\n{html}");
    assert_words(&markdown, "");
}
