//! Files that were made to do harm, or are broken.

use std::io::Write as _;
use std::time::Instant;

use super::super::{Dropped, Limits, Refusal, read_docx};
use super::builder::{Docx, archive, cell, drawing, p, paragraph, run};

fn refused(bytes: &[u8]) -> Refusal {
    read_docx(bytes, &Limits::default()).unwrap_err()
}

/// Finds a signature in an archive and changes what lies at a distance from it.
fn change(bytes: &mut [u8], signature: &[u8], distance: usize, with: &[u8]) {
    let places: Vec<usize> =
        (0..bytes.len() - signature.len()).filter(|index| bytes[*index..].starts_with(signature)).collect();
    for place in places {
        bytes[place + distance..place + distance + with.len()].copy_from_slice(with);
    }
}

#[test]
fn other_files_are_not_word() {
    for bytes in [&b""[..], b"PK", b"%PDF-1.7", b"{\\rtf1 x}", b"<html></html>", b"PK\x05\x06\0\0\0\0"] {
        assert_eq!(refused(bytes), Refusal::NotWord, "{bytes:?}");
    }
    assert_eq!(
        refused(&archive(&[("mimetype".to_owned(), b"application/vnd.oasis.opendocument.text".to_vec())])),
        Refusal::NotWord
    );
    let sheet = Docx::new("").part("word/document.xml", b"<workbook/>");
    assert_eq!(sheet.result(), Err(Refusal::NotWord));
}

#[test]
fn an_old_document_and_one_under_a_password_are_told_apart() {
    let compound = |name: &str| {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.resize(512, 0);
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    assert_eq!(refused(&compound("WordDocument")), Refusal::OldWord);
    assert_eq!(refused(&compound("EncryptedPackage")), Refusal::Encrypted);
    assert_eq!(refused(&compound("Workbook")), Refusal::NotWord);
    assert!(Refusal::OldWord.to_string().contains(".docx"));
}

#[test]
fn an_encrypted_archive_is_encrypted() {
    let mut bytes = Docx::new(&p("x")).bytes();
    change(&mut bytes, b"PK\x01\x02", 8, &[1]);
    change(&mut bytes, b"PK\x03\x04", 6, &[1]);
    assert_eq!(refused(&bytes), Refusal::Encrypted);
}

#[test]
fn a_file_over_the_limit_is_too_large() {
    let docx = Docx::new(&p("x"));
    let size = docx.bytes().len();
    assert!(docx.result().is_ok());
    assert_eq!(docx.limits(|limits| limits.file = size - 1).result(), Err(Refusal::TooLarge));
    assert_eq!(refused(&vec![b'P'; 100 * 1024 * 1024]), Refusal::TooLarge);
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    let bomb = vec![b' '; 64 * 1024 * 1024];
    let started = Instant::now();
    let docx = Docx::new("").part("word/document.xml", &bomb);
    assert!(docx.bytes().len() < 1024 * 1024);
    assert_eq!(docx.result(), Err(Refusal::TooLarge));
    let picture = Docx::new(&paragraph("", &drawing("x", ""))).picture("x", &bomb);
    assert_eq!(picture.limits(|limits| limits.unpacked = 1024 * 1024).result(), Err(Refusal::TooLarge));
    assert!(started.elapsed().as_secs() < 60);
}

#[test]
fn pictures_share_one_limit() {
    let body: String = (0..4).map(|index| paragraph("", &drawing(&format!("p{index}"), ""))).collect();
    let mut docx = Docx::new(&body);
    for index in 0..4 {
        docx = docx.picture(&format!("p{index}"), &[0; 100_000]);
    }
    assert_eq!(docx.limits(|limits| limits.unpacked = 350_000).result(), Err(Refusal::TooLarge));
}

#[test]
fn a_bomb_in_a_part_that_nobody_reads_does_nothing() {
    let docx = Docx::new(&p("x")).part("word/embeddings/bomb.bin", &vec![0; 64 * 1024 * 1024]);
    assert_eq!(docx.limits(|limits| limits.unpacked = 1024 * 1024).markdown(), "x\n");
}

#[test]
fn a_size_that_lies_is_not_believed() {
    // The list says one byte for each part, which are longer; or four thousand million.
    for size in [1_u32, u32::MAX - 1] {
        let mut bytes = Docx::new("").part("word/document.xml", &vec![b' '; 4 * 1024 * 1024]).bytes();
        change(&mut bytes, b"PK\x01\x02", 24, &size.to_le_bytes());
        change(&mut bytes, b"PK\x03\x04", 22, &size.to_le_bytes());
        let limits = Limits { xml: 1024 * 1024, ..Limits::default() };
        let refusal = read_docx(&bytes, &limits).unwrap_err();
        assert!(matches!(refusal, Refusal::TooLarge | Refusal::Damaged), "{refusal:?}");
    }
}

#[test]
fn a_list_of_parts_that_lies_is_damaged() {
    let mut bytes = Docx::new(&p("x")).bytes();
    change(&mut bytes, b"PK\x01\x02", 42, &0x7fff_ffff_u32.to_le_bytes());
    assert_eq!(refused(&bytes), Refusal::Damaged);
    let mut bytes = Docx::new(&p("x")).bytes();
    change(&mut bytes, b"PK\x05\x06", 8, &[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(refused(&bytes), Refusal::Damaged);
    let mut bytes = Docx::new(&p("x")).bytes();
    change(&mut bytes, b"PK\x01\x02", 16, &[1, 2, 3, 4]);
    assert_eq!(refused(&bytes), Refusal::Damaged);
}

#[test]
fn too_many_parts_are_too_large() {
    let mut parts: Vec<(String, Vec<u8>)> = (0..50).map(|index| (format!("x{index}"), Vec::new())).collect();
    parts.push(("word/document.xml".to_owned(), Docx::new(&p("x")).document_xml().into_bytes()));
    let bytes = archive(&parts);
    assert!(read_docx(&bytes, &Limits::default()).is_ok());
    assert_eq!(read_docx(&bytes, &Limits { entries: 50, ..Limits::default() }), Err(Refusal::TooLarge));
}

#[test]
fn two_parts_of_one_name_are_damaged() {
    let docx = Docx::new(&p("x")).part("WORD/Document.xml", b"<w:document/>");
    assert_eq!(docx.result(), Err(Refusal::Damaged));
    let mut bytes = Docx::new(&p("x")).part("word/documenu.xml", b"<w:document/>").bytes();
    let places: Vec<usize> = (0..bytes.len() - 8).filter(|index| bytes[*index..].starts_with(b"documenu")).collect();
    for place in places {
        bytes[place + 7] = b't';
    }
    assert_eq!(refused(&bytes), Refusal::Damaged);
}

#[test]
fn a_truncated_file_is_damaged() {
    let bytes = Docx::new(&p("x")).picture("y", &[7; 3000]).bytes();
    for length in 4..bytes.len() {
        let refusal = refused(&bytes[..length]);
        assert!(matches!(refusal, Refusal::Damaged | Refusal::NotWord), "{length}: {refusal:?}");
    }
}

#[test]
fn flipped_bytes_do_not_break_the_reader() {
    let bytes = Docx::new(&(p("Một *hai*") + &paragraph("", &drawing("y", "z")))).picture("y", &[7; 300]).bytes();
    let mut state = 88_172_645_463_325_252_u64;
    for _ in 0..4000 {
        let mut broken = bytes.clone();
        for _ in 0..3 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let place = usize::try_from(state % broken.len() as u64).unwrap();
            broken[place] = (state >> 32) as u8;
        }
        let _ = read_docx(&broken, &Limits::default());
    }
}

#[test]
fn xml_that_is_put_together_at_random_does_not_break_the_reader() {
    const PARTS: [&str; 40] = [
        "<w:p>",
        "</w:p>",
        "<w:r>",
        "</w:r>",
        "<w:t>a</w:t>",
        "<w:tbl>",
        "</w:tbl>",
        "<w:tr>",
        "</w:tr>",
        "<w:tc>",
        "</w:tc>",
        "<w:drawing>",
        "</w:drawing>",
        "<w:txbxContent>",
        "</w:txbxContent>",
        "<w:pPr>",
        "</w:pPr>",
        "<w:rPr>",
        "</w:rPr>",
        "<w:b/>",
        "<w:fldChar w:fldCharType=\"begin\"/>",
        "<w:fldChar w:fldCharType=\"separate\"/>",
        "<w:fldChar w:fldCharType=\"end\"/>",
        "<w:hyperlink r:id=\"l\">",
        "</w:hyperlink>",
        "<mc:AlternateContent>",
        "</mc:AlternateContent>",
        "<mc:Choice>",
        "</mc:Choice>",
        "<mc:Fallback>",
        "</mc:Fallback>",
        "<w:numPr>",
        "</w:numPr>",
        "<w:numId w:val=\"1\"/>",
        "<a:blip r:embed=\"x\"/>",
        "<w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>",
        "<w:br/>",
        "<w:del>",
        "</w:del>",
        "<w:rPr><w:del/></w:rPr>",
    ];
    let mut state = 2_463_534_242_u64;
    let mut next = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % most as u64).unwrap()
    };
    let mut read = 0;
    for _ in 0..3000 {
        // Closed in order, so that it is XML; whether it is Word is another matter.
        let (mut body, mut open) = (String::new(), Vec::<String>::new());
        for _ in 0..30 {
            let part = PARTS[next(PARTS.len())];
            if part.starts_with("</") {
                body.push_str(&open.pop().unwrap_or_default());
            } else {
                body.push_str(part);
                if !part.contains("/>") && !part.contains("</") {
                    let name = part.trim_start_matches('<').trim_end_matches('>').split(' ').next().unwrap();
                    open.push(format!("</{name}>"));
                }
            }
        }
        body.extend(open.into_iter().rev());
        read += usize::from(
            Docx::new(&body).external("l", "hyperlink", "https://a.vn").picture("x", b"P").result().is_ok(),
        );
    }
    assert!(read > 500, "{read}");
}

#[test]
fn deep_nesting_is_too_large_and_no_overflow() {
    for (open, close) in
        [("<w:sdt>", "</w:sdt>"), ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"), ("<w:p>", "</w:p>")]
    {
        let body = open.repeat(100_000) + &close.repeat(100_000);
        assert_eq!(Docx::new(&body).result(), Err(Refusal::TooLarge), "{open}");
        // Even if the limit lets it through, nothing is called that deep.
        let body = open.repeat(20_000) + &p("x") + &close.repeat(20_000);
        let result = Docx::new(&body).limits(|limits| limits.depth = usize::MAX).result();
        assert_eq!(result.unwrap().markdown, "x\n", "{open}");
    }
    let two = |content: &str| format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("", content), cell("", &p("y")));
    let nested = (0..40).fold(p("x"), |inner, _| two(&inner));
    assert!(Docx::new(&nested).markdown().starts_with("| x y y y"));
}

#[test]
fn a_document_type_is_refused() {
    let billion = r#"<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"#;
    assert_eq!(Docx::new("").part("word/document.xml", billion.as_bytes()).result(), Err(Refusal::Damaged));
    let external = r#"<!DOCTYPE w SYSTEM "file:///etc/passwd"><w:document/>"#;
    assert_eq!(Docx::new("").part("word/document.xml", external.as_bytes()).result(), Err(Refusal::Damaged));
    let styles = Docx::new(&p("x")).part("word/styles.xml", external.as_bytes()).related("s", "styles", "styles.xml");
    assert_eq!(styles.result(), Err(Refusal::Damaged));
}

#[test]
fn an_entity_that_nobody_declared_is_damaged() {
    let body = "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>";
    assert_eq!(Docx::new(body).result(), Err(Refusal::Damaged));
    let body = "<w:p><w:r><w:t>&#x1ED3;&#10;&lt;&#0;</w:t></w:r></w:p>";
    assert_eq!(Docx::new(body).result(), Err(Refusal::Damaged));
}

#[test]
fn xml_that_is_broken_or_cut_off_is_damaged() {
    for xml in ["<w:document><w:body>", "<w:document></w:body>", "<w:document><", "", "<w:document a=\"", "text"] {
        let result = Docx::new("").part("word/document.xml", xml.as_bytes()).result();
        assert!(matches!(result, Err(Refusal::Damaged)) || xml.is_empty() || xml == "text", "{xml}: {result:?}");
    }
    let latin = b"<w:document><w:body><w:p><w:r><w:t>\xe9</w:t></w:r></w:p></w:body></w:document>";
    assert_eq!(Docx::new("").part("word/document.xml", latin).result(), Err(Refusal::Damaged));
    assert_eq!(Docx::new("").part("word/document.xml", b"\xff\xfe<\0a").result(), Err(Refusal::Damaged));
}

#[test]
fn huge_attributes_cost_no_more_than_they_are_long() {
    let huge = "x".repeat(4 * 1024 * 1024);
    let body =
        paragraph(&format!(r#"<w:pStyle w:val="{huge}"/><w:numPr><w:numId w:val="{huge}"/></w:numPr>"#), &run("", "a"));
    assert_eq!(Docx::new(&body).markdown(), "a\n");
    let many: String = (0..200_000).map(|index| format!(" a{index}=\"\"")).collect();
    let started = Instant::now();
    assert_eq!(Docx::new(&format!("<w:p{many}>{}</w:p>", run("", "a"))).markdown(), "a\n");
    assert!(started.elapsed().as_secs() < 30);
}

#[test]
fn what_is_said_once_cannot_be_repeated_without_end() {
    let address = format!("https://a.vn/{}", "x".repeat(2000));
    let link = |id: &str| format!(r#"<w:hyperlink r:id="{id}"><w:r><w:t>a</w:t></w:r></w:hyperlink>"#);
    let body = paragraph("", &(link("a") + &link("b")).repeat(1000));
    let docx =
        Docx::new(&body).external("a", "hyperlink", &address).external("b", "hyperlink", &(address.clone() + "y"));
    assert_eq!(docx.limits(|limits| limits.xml = 1024 * 1024).result(), Err(Refusal::TooLarge));
}

#[test]
fn the_markdown_is_no_longer_than_a_part_may_be() {
    let docx = Docx::new(&p(&"*".repeat(6000)));
    assert_eq!(docx.markdown().len(), 12_001);
    assert_eq!(docx.limits(|limits| limits.xml = 10_000).result(), Err(Refusal::TooLarge));
}

#[test]
fn a_paragraph_of_many_runs_is_read_in_time() {
    let looks = ["<w:b/>", "<w:i/>", "<w:b/><w:i/>", "<w:strike/>", ""];
    let runs: String =
        (0..40_000).map(|index| run(looks[index * 7 % 5], if index % 3 == 0 { "a" } else { "*b" })).collect();
    let started = Instant::now();
    let markdown = Docx::new(&paragraph("", &runs)).markdown();
    assert!(markdown.len() > 40_000);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn a_damaged_picture_is_dropped_and_the_text_stays() {
    let mut bytes =
        Docx::new(&(p("x") + &paragraph("", &drawing("y", "")))).picture("y", b"0123456789 a picture").bytes();
    let name = b"word/media/y.png";
    let place = (0..bytes.len() - name.len()).find(|index| bytes[*index..].starts_with(name)).unwrap();
    bytes[place + name.len() + 3] ^= 0x55;
    let document = read_docx(&bytes, &Limits::default()).unwrap();
    assert_eq!((document.markdown.as_str(), document.dropped), ("x\n", vec![Dropped::UnreadablePicture]));
}

#[test]
fn a_part_that_is_packed_in_an_unknown_way_is_damaged() {
    let mut bytes = Docx::new(&p("x")).bytes();
    change(&mut bytes, b"PK\x01\x02", 10, &[95]);
    change(&mut bytes, b"PK\x03\x04", 8, &[95]);
    assert_eq!(refused(&bytes), Refusal::Damaged);
}

#[test]
fn an_archive_behind_other_bytes_is_not_word() {
    let mut bytes = b"#!/bin/sh\n".to_vec();
    bytes.write_all(&Docx::new(&p("x")).bytes()).unwrap();
    assert_eq!(refused(&bytes), Refusal::NotWord);
}

#[test]
fn text_that_looks_like_markup_without_end_is_read_in_time() {
    let started = Instant::now();
    for text in [
        "www.",
        "http://",
        "(www.*",
        "http://*",
        "#",
        "[",
        "*",
        "_ ",
        "~~",
        "&amp",
        "\\",
        "![",
        "a<http://*",
        "1.",
        "`",
    ] {
        let long = text.repeat(100_000);
        let body = p(&long) + &paragraph(r#"<w:pStyle w:val="Heading1"/>"#, &run("", &format!("a {long}")));
        assert!(Docx::new(&body).markdown().len() >= long.len());
    }
    let lists: String = (0..3000)
        .map(|id| format!(r#"<w:abstractNum w:abstractNumId="{id}"><w:numStyleLink w:val="s{id}"/></w:abstractNum><w:num w:numId="{id}"><w:abstractNumId w:val="{id}"/></w:num>"#))
        .collect();
    let items: String = (1..3000)
        .map(|id| {
            paragraph(&format!(r#"<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{id}"/></w:numPr>"#), &run("", "a"))
        })
        .collect();
    assert!(Docx::new(&items).numbering(&lists).result().is_ok());
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
