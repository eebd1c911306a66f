//! What is uploaded: known by its content, without what a camera wrote into it, and never run.

use std::io::{Cursor, Write};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use thidua::domain::account::Role;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{begin, borrowed, save, target, typed};
use crate::harness::{Browser, Server, attribute, fields_of, on_both, texts};

const MEGABYTE: usize = 1024 * 1024;

async fn lan(server: &Server) -> Browser {
    server.official("lan", &[(Role::Editor, None)]).await
}

/// A picture of this size; the shade makes it another one than others.
pub(super) fn picture(width: u32, height: u32, shade: u8, format: ImageFormat) -> Vec<u8> {
    let mut made = Cursor::new(Vec::new());
    let pixels = RgbImage::from_pixel(width, height, Rgb([shade, 100, 50]));
    DynamicImage::ImageRgb8(pixels).write_to(&mut made, format).unwrap();
    made.into_inner()
}

/// What a phone writes: lying on its side, and where it was taken.
pub(super) fn photo() -> Vec<u8> {
    let plain = picture(40, 20, 9, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPS 21.0285N 105.8542E Nha rieng");
    let mut made = plain[..2].to_vec();
    made.extend_from_slice(b"\xff\xe1");
    made.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    made.extend_from_slice(&exif);
    made.extend_from_slice(&plain[2..]);
    made
}

/// A PNG that says it is of this size.
fn png_that_claims(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    let mut made = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    made.extend_from_slice(&header);
    let crc = header.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    });
    made.extend_from_slice(&(!crc).to_be_bytes());
    made.extend_from_slice(b"\0\0\0\x0aIDAT\x78\x9c\x63\0\0\0\x01\0\x01\0\0\0\0");
    made
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A Word file with this between the tags of its body.
fn word_file(body: &str) -> Vec<u8> {
    let relations = b"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
    let text = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    archive(&[("_rels/.rels", relations), ("word/document.xml", text.as_bytes())])
}

on_both! {
    /// A photo is stored upright and without where it was taken; it is found again by its name and by what it shows.
    async fn a_photo_is_stored_without_where_it_was_taken(server: Server) {
        let browser = lan(&server).await;
        let (status, said) = browser.ask_upload("/quan-tri/anh/tai-len", "C:\\fakepath\\../../Ảnh <b>.JPG.html", &photo()).await;
        assert_eq!(status, 200, "{said}");
        let path = said["path"].as_str().unwrap();
        let stored = server.get(path).await;
        assert_eq!(stored.headers()["content-type"], "image/jpeg");
        assert_eq!(stored.headers()["x-content-type-options"], "nosniff");
        let bytes = stored.bytes().await.unwrap();
        let shown = image::load_from_memory(&bytes).unwrap();
        assert_eq!((shown.width(), shown.height()), (20, 40), "it stands upright");
        for file in std::fs::read_dir(&server.store.pictures).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            for secret in [&b"Nha rieng"[..], b"GPS", b"Exif"] {
                assert!(!bytes.windows(secret.len()).any(|part| part == secret));
            }
        }
        let html = browser.page("/quan-tri/anh").await;
        assert_eq!(texts(&html, ".desk-pictures li").len(), 1);
        assert!(html.contains("Ảnh &lt;b&gt;.JPG.html") && !html.contains("fakepath") && !html.contains("<b>.JPG"));
        let id = attribute(&html, "input[name=id]", "value").unwrap();
        let empty = browser.upload("/quan-tri/anh", &[("id", &id), ("alt", " ")], "", b"").await;
        assert_eq!(empty.status(), 422);
        assert!(!texts(&empty.text().await.unwrap(), ".form-errors").concat().contains("phản hồi"));
        assert_eq!(browser.upload("/quan-tri/anh", &[("id", &id), ("alt", "Chợ Đồng Xuân")], "", b"").await.status(), 303);
        assert_eq!(texts(&browser.page("/quan-tri/anh?q=dong+xuan").await, ".desk-pictures li").len(), 1);
        assert_eq!(texts(&browser.page("/quan-tri/anh?q=%25_").await, ".desk-pictures li").len(), 1, "signs of patterns are none");
        assert_eq!(texts(&browser.page("/quan-tri/anh?q=khong").await, ".desk-pictures li").len(), 0);
        let (status, again) = browser.ask_upload("/quan-tri/anh/tai-len", "khac.jpg", &photo()).await;
        assert_eq!((status, again["path"].as_str(), again["alt"].as_str()), (200, Some(path), Some("Chợ Đồng Xuân")));
        assert_eq!(texts(&browser.page("/quan-tri/anh").await, ".desk-pictures li").len(), 1, "the same picture is there once");
        for (format, shade) in [(ImageFormat::Png, 1), (ImageFormat::WebP, 2)] {
            let (status, _) = browser.ask_upload("/quan-tri/anh/tai-len", "a", &picture(30, 30, shade, format)).await;
            assert_eq!(status, 200);
        }
        let editor = begin(&browser).await;
        save(&browser, &editor, &[("body", &format!("![Chợ]({path} \"Chợ sáng | Lan\")"))]).await;
        let preview = browser.page(&format!("{editor}/xem-truoc/trang")).await;
        assert!(preview.contains("Chợ sáng") && preview.contains(path));
    }
}

on_both! {
    /// What is no picture, whatever it is called, or too large is refused with a sentence, and nothing of it is stored.
    async fn what_is_no_picture_is_refused_with_a_sentence(server: Server) {
        let browser = lan(&server).await;
        let mut broken = picture(100, 100, 3, ImageFormat::Jpeg);
        broken.truncate(200);
        for (name, bytes, status, said) in [
            ("a.jpg", b"<html><script>alert(1)</script></html>".to_vec(), 422, "JPEG"),
            ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), 422, "JPEG"),
            ("a.svg", b"<?xml version='1.0'?><svg/>".to_vec(), 422, "JPEG"),
            ("a.png", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), 422, "JPEG"),
            ("a.jpg", b"MZ\x90\0".to_vec(), 422, "JPEG"),
            ("a.jpg", broken, 422, "JPEG"),
            ("a.png", png_that_claims(50_000, 50_000), 413, "12.000"),
            ("a.png", png_that_claims(u32::MAX, 1), 413, "12.000"),
            ("a.png", png_that_claims(100, 100), 422, "JPEG"),
            ("a.jpg", Vec::new(), 422, ""),
            ("a.jpg", vec![0xff; 20 * MEGABYTE + 1], 413, "20 MB"),
            ("a.jpg", vec![0xff; 25 * MEGABYTE], 413, "20 MB"),
        ] {
            let (got, answer) = browser.ask_upload("/quan-tri/anh/tai-len", name, &bytes).await;
            assert!(got == status || (status == 413 && got == 422), "{name} of {} bytes: {got} {answer}", bytes.len());
            assert!(answer["sentence"].as_str().unwrap().contains(said), "{name} of {} bytes: {answer}", bytes.len());
            let page = browser.upload("/quan-tri/anh", &[], name, &bytes).await;
            assert_eq!(page.status().as_u16(), got, "{name}: the form says the same");
            assert_eq!(texts(&page.text().await.unwrap(), ".form-errors").len(), 1, "{name} of {} bytes", bytes.len());
        }
        assert_eq!(server.number("SELECT COUNT(*) FROM upload").await, 0);
        assert_eq!(std::fs::read_dir(&server.store.pictures).unwrap().count(), 0);
    }
}

on_both! {
    /// Documents are known by their content and are only ever given out as files to keep.
    async fn documents_are_known_by_content_and_only_given_out_as_files(server: Server) {
        let browser = lan(&server).await;
        let word = include_bytes!("../../fixtures/word.docx");
        let pdf = b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF";
        for (name, bytes, ending, kind) in [
            ("Kế hoạch \"1\"\r\nX: y.pdf", &pdf[..], "pdf", "application/pdf"),
            ("bài.pdf", word, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ("../../../etc/passwd", &archive(&[("xl/workbook.xml", b"<x/>")]), "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ] {
            let (status, said) = browser.ask_upload("/quan-tri/tai-lieu/tai-len", &name.replace(['\r', '\n'], ""), bytes).await;
            assert_eq!(status, 200, "{name}: {said}");
            let path = said["path"].as_str().unwrap();
            assert!(path.starts_with("/tai-lieu/") && path.ends_with(ending) && path.len() == 11 + 64 + ending.len(), "{path}");
            let file = server.get(path).await;
            assert_eq!(file.headers()["content-type"], kind);
            assert!(file.headers()["content-disposition"].to_str().unwrap().starts_with("attachment; filename*=UTF-8''"));
            assert_eq!(file.headers()["x-content-type-options"], "nosniff");
            assert!(file.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
            assert_eq!(file.bytes().await.unwrap(), bytes);
            let other = if ending == "pdf" { "docx" } else { "pdf" };
            assert_eq!(server.get(&path.replace(ending, other)).await.status(), 404, "by no other ending");
        }
        for (name, bytes) in [
            ("a.pdf", &b"<html><script>alert(1)</script>"[..]),
            ("a.docx", b"PK\x03\x04 no archive"),
            ("a.docx", &archive(&[("index.html", b"<script>")])),
            ("a.docx", &archive(&[("word/document.xml", b"<x/>"), ("word/vbaProject.bin", b"macro")])),
            ("a.pdf", b"MZ\x90\0"),
            ("a.svg", b"<svg onload='alert(1)'/>"),
            ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            ("a.pdf", b""),
        ] {
            let (status, said) = browser.ask_upload("/quan-tri/tai-lieu/tai-len", name, bytes).await;
            assert_eq!(status, 422, "{name}: {said}");
            assert!(said["sentence"].as_str().unwrap().contains("PDF"), "{name}: {said}");
        }
        let (status, said) = browser.ask_upload("/quan-tri/tai-lieu/tai-len", "a.pdf", &[&pdf[..], &vec![0; 25 * MEGABYTE]].concat()).await;
        assert_eq!(status, 413);
        assert!(said["sentence"].as_str().unwrap().contains("20 MB"), "{said}");
        for path in ["/tai-lieu/..%2f..%2fsecret", "/tai-lieu/x.pdf", &format!("/tai-lieu/{}.pdf", "0".repeat(64)), "/tai-lieu/.%00"] {
            assert_eq!(server.get(path).await.status(), 404, "{path}");
        }
    }
}

on_both! {
    /// An announcement begins with a Word file: title, lead and text are where they belong, and what was left out is named.
    async fn an_announcement_begins_with_a_word_file(server: Server) {
        let lan = server.official("lan", &[(Role::Editor, None)]).await;
        let lead = "Hơn hai trăm đoàn viên của mười hai thôn cùng ra quân trồng cây dọc đường liên xã.";
        let paragraph = |look: &str, text: &str| format!("<w:p><w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r></w:p>");
        let frame = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>UBND XÃ</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r>\
                     <w:t>CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
        let text = paragraph("<w:b/>", "Phát động thi đua trồng cây")
            + &paragraph("", lead)
            + &paragraph("<w:b/>", "Mục tiêu của đợt này")
            + &paragraph("", "Trăm cây.");
        let begun = lan.upload("/quan-tri/word/tin-moi", &[], "a.docx", &word_file(&(frame.to_owned() + &text))).await;
        assert_eq!(begun.status(), 303);
        let editor = target(&begun);
        assert!(editor.ends_with("?tu-word=sapo.PaperFrame"), "{editor}");
        let html = lan.page(&editor).await;
        assert_eq!(texts(&html, "#title"), ["Phát động thi đua trồng cây"]);
        assert_eq!(texts(&html, "textarea#lead"), [lead]);
        assert_eq!(texts(&html, "textarea#body").concat().trim(), "## Mục tiêu của đợt này\n\nTrăm cây.");
        let told = texts(&html, "[role=status]").concat();
        assert!(told.contains("Đoạn đầu được lấy làm sapo.") && told.contains("quốc hiệu"), "{told}");
        assert_eq!(server.number("SELECT COUNT(*) FROM announcement").await, 1);

        let english = lan.page(&format!("/en{editor}")).await;
        assert!(texts(&english, "[role=status]").concat().contains("The first paragraph became the lead."));
        for address in ["x", "%3Cb%3E", "sapo.Nothing"] {
            let html = lan.page(&editor.replace("sapo.PaperFrame", address)).await;
            assert!(!texts(&html, "[role=status]").concat().contains("Không đưa lên trang"), "{address}");
        }
        // Into a text that has words already the whole document goes, behind them.
        let form = typed(&lan, editor.split('?').next().unwrap(), &[("lead", "Của tôi"), ("body", "Trước.")]).await;
        let word = word_file(&text);
        let read = lan.upload(&format!("{}/word", editor.split('?').next().unwrap()), &borrowed(&form), "a.docx", &word).await;
        let html = lan.page(&target(&read)).await;
        assert_eq!(texts(&html, "textarea#lead"), ["Của tôi"]);
        assert!(texts(&html, "textarea#body").concat().trim().starts_with(&format!("Trước.\n\n{lead}")));

        // What can't be read leaves nothing behind.
        for (name, bytes, words) in [("none", vec![], "Word"), ("a picture", picture(10, 10, 3, ImageFormat::Png), "Word")] {
            let refused = lan.upload("/quan-tri/word/tin-moi", &[], "a.docx", &bytes).await;
            assert_eq!(refused.status(), 422, "{name}");
            assert!(texts(&refused.text().await.unwrap(), "[role=alert]").concat().contains(words), "{name}");
        }
        assert_eq!(lan.upload("/quan-tri/word/tin-moi", &[], "a.docx", &vec![b'x'; 22 * MEGABYTE]).await.status(), 413);
        assert_eq!(server.number("SELECT COUNT(*) FROM announcement").await, 1);
    }
}

on_both! {
    /// A broken or hostile Word file gets a sentence and changes nothing.
    async fn a_hostile_word_file_gets_a_sentence(server: Server) {
        let browser = lan(&server).await;
        let editor = begin(&browser).await;
        save(&browser, &editor, &[("title", "Tin một"), ("body", "Đã có chữ.")]).await;
        let word = include_bytes!("../../fixtures/word.docx");
        let kinds = b"<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
        let bomb = vec![b' '; 120 * MEGABYTE];
        let deep = "<w:p>".repeat(100_000);
        let entity = b"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>";
        for (why, bytes) in [
            ("nothing", Vec::new()),
            ("no archive", b"hello".to_vec()),
            ("html", b"<html><script>".to_vec()),
            ("old Word", [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[0; 4096]].concat()),
            ("half a file", word[..word.len() / 2].to_vec()),
            ("another archive", archive(&[("index.html", b"x")])),
            ("a bomb", archive(&[("[Content_Types].xml", kinds), ("word/document.xml", &bomb)])),
            ("no XML", archive(&[("[Content_Types].xml", kinds), ("word/document.xml", b"\xff\xfe\0<<<")])),
            ("deep XML", archive(&[("[Content_Types].xml", kinds), ("word/document.xml", deep.as_bytes())])),
            ("paths", archive(&[("../../../../tmp/thidua-evil", b"x"), ("word/document.xml", b"")])),
        ] {
            let (status, said) = browser.ask_upload("/quan-tri/word", "a.docx", &bytes).await;
            assert!(matches!(status, 413 | 422), "{why}: {status} {said}");
            assert!(said["sentence"].as_str().unwrap().len() > 10, "{why}: {said}");
            let page = browser.upload(&format!("{editor}/word"), &[], "a.docx", &bytes).await;
            assert!(matches!(page.status().as_u16(), 413 | 422), "{why}: {}", page.status());
            let html = page.text().await.unwrap();
            assert_eq!(texts(&html, ".form-errors, .flash[role=status]:not([hidden])").len(), 1, "{why}");
            assert!(fields_of(&html, "#soan").contains(&("body".to_owned(), "Đã có chữ.".to_owned())), "{why}: the text is still there");
        }
        let (status, said) = browser.ask_upload("/quan-tri/word", "a.docx", &archive(&[("[Content_Types].xml", kinds), ("word/document.xml", entity)])).await;
        assert!(!said.to_string().contains("root:"), "{status} {said}");
        assert!(!std::path::Path::new("/tmp/thidua-evil").exists());
        let large = browser.upload(&format!("{editor}/word"), &[], "a.docx", &vec![0; 25 * MEGABYTE]).await;
        assert_eq!(large.status(), 413);
        assert_eq!(browser.upload(&format!("{editor}/word"), &[], "a.docx", word).await.status(), 303);
        let body = texts(&browser.page(&editor).await, "#body").concat();
        assert!(body.starts_with("Đã có chữ.\n\n") && body.len() > 200, "what it says is put behind what was there");
        let open = include_bytes!("../../fixtures/libreoffice.docx");
        assert_eq!(browser.ask_upload("/quan-tri/word", "b.docx", open).await.0, 200, "LibreOffice's are read too");
    }
}
