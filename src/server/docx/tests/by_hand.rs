//! Documents without styles, as most of them are.

use super::super::Dropped;
use super::builder::{Docx, drawing, p, paragraph, run};

const LEAD: &str = "Hơn hai trăm đoàn viên của mười hai thôn cùng ra quân trồng cây dọc đường liên xã.";

fn bold(text: &str) -> String {
    paragraph("", &run("<w:b/>", text))
}

fn table(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|text| format!("<w:tc>{}</w:tc>", p(text))).collect();
    format!("<w:tbl><w:tr>{cells}</w:tr></w:tbl>")
}

#[test]
fn bold_lines_are_title_and_headings_where_nothing_has_a_style() {
    let body = bold("Phát động thi đua trồng cây đầu xuân")
        + &p(LEAD)
        + &bold("Mục tiêu của đợt này")
        + &p("Một trăm cây mỗi thôn.")
        + &bold("Ai cũng có thể tham gia.")
        + &bold("Hết rồi đó");
    let document = Docx::new(&body).read();
    assert_eq!(document.title.as_deref(), Some("Phát động thi đua trồng cây đầu xuân"));
    let rest = "## Mục tiêu của đợt này\n\nMột trăm cây mỗi thôn.\n\n**Ai cũng có thể tham gia.**\n\n**Hết rồi đó**\n";
    assert_eq!(document.markdown, format!("{LEAD}\n\n{rest}"));
    assert_eq!((document.lead.as_deref(), document.rest.as_str()), (Some(LEAD), rest));
}

#[test]
fn a_kind_of_document_and_the_line_below_it_are_one_title() {
    let body = bold("KẾ HOẠCH") + &bold("Phát động thi đua trồng cây") + &p(LEAD) + &p("Hết.");
    assert_eq!(Docx::new(&body).read().title.as_deref(), Some("Kế hoạch phát động thi đua trồng cây"));
    let body = bold("KẾ HOẠCH") + &bold("PHÁT ĐỘNG THI ĐUA TRỒNG CÂY") + &p(LEAD) + &p("Hết.");
    assert_eq!(Docx::new(&body).read().title.as_deref(), Some("KẾ HOẠCH PHÁT ĐỘNG THI ĐUA TRỒNG CÂY"));
}

#[test]
fn headings_with_roman_numbers_stand_above_the_others() {
    let body = p("Mở đầu.")
        + &bold("I. MỤC ĐÍCH, YÊU CẦU")
        + &bold("1. Mục đích")
        + &p("a.")
        + &bold("II. NỘI DUNG")
        + &p("b.");
    let markdown = Docx::new(&body).markdown();
    assert_eq!(markdown, "Mở đầu.\n\n## I. MỤC ĐÍCH, YÊU CẦU\n\n### 1. Mục đích\n\na.\n\n## II. NỘI DUNG\n\nb.\n");
}

#[test]
fn what_frames_an_official_document_on_paper_is_left_out_and_reported() {
    let body = table(&[
        "UBND TỈNH\nSố: 12/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc Phú Thọ, ngày 05 tháng 6 năm 2026",
    ]) + &bold("Phát động thi đua trồng cây đầu xuân")
        + &p("Một.")
        + &table(&["STT", "Thôn"])
        + &p("Hai.")
        + &table(&["Nơi nhận: - Như trên; - Lưu: VT.", "TM. UỶ BAN NHÂN DÂN"]);
    let document = Docx::new(&body).read();
    assert_eq!(document.dropped, [Dropped::PaperFrame]);
    assert_eq!(document.number.as_deref(), Some("12/KH-UBND, 05/06/2026"));
    for (head, number) in
        [("Số: …/KH-UBND", None), ("Số 7/QĐ-SNV ngày … tháng 6 năm 2026", Some("7/QĐ-SNV")), ("Số:", None)]
    {
        let body = table(&[head, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]) + &p("Một.") + &p("Hai.");
        assert_eq!(Docx::new(&body).read().number.as_deref(), number, "{head}");
    }
    assert_eq!(document.title.as_deref(), Some("Phát động thi đua trồng cây đầu xuân"));
    assert_eq!(document.markdown, "Một.\n\n| STT | Thôn |\n| --- | --- |\n\nHai.\n");
    let lines = p("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM") + &p("Độc lập – Tự do – Hạnh phúc") + &p("Một.");
    assert_eq!(Docx::new(&lines).markdown(), "Một.\n");
}

#[test]
fn a_first_paragraph_is_the_lead_only_if_it_loses_nothing_by_it() {
    let struck = paragraph("", &(run("", LEAD) + &run("<w:strike/>", " bỏ")));
    for first in [p("Kính gửi các xã."), p(&format!("{LEAD}:")), p(&LEAD.repeat(6)), struck] {
        assert_eq!(Docx::new(&(first + &p("Hai."))).read().lead, None);
    }
    assert_eq!(Docx::new(&p(LEAD)).read().lead, None, "nothing would be left");
    assert_eq!(Docx::new(&(bold(LEAD) + &p("Hai."))).read().lead, None, "it is the title");
    let italic = paragraph("", &run("<w:i/>", LEAD)) + &p("Hai.");
    let document = Docx::new(&italic).read();
    assert_eq!(document.markdown, format!("*{LEAD}*\n\nHai.\n"));
    assert_eq!((document.lead.as_deref(), document.rest.as_str()), (Some(LEAD), "Hai.\n"));
}

#[test]
fn a_picture_at_the_beginning_is_the_lead_picture() {
    let picture = |alt: &str| paragraph("", &drawing("x", alt));
    let of = |body: &str| Docx::new(body).picture("x", b"PNG").read();
    let document = of(&(bold("Phát động thi đua trồng cây") + &p(LEAD) + &picture("Cây") + &p("Hai.")));
    let found = document.lead_picture.map(|picture| (picture.place, picture.alt));
    assert_eq!((found, document.rest.as_str()), (Some((0, "Cây".to_owned())), "Hai.\n"));
    assert!(document.markdown.contains("![Cây](word:0)"), "the whole text has it still");
    for body in [p("Một.") + &p("Hai.") + &picture("Cây"), picture("Chỉ có ảnh"), p(LEAD) + &picture("Cây")] {
        assert_eq!(of(&body).lead_picture, None);
    }
}
