//! Tables, merged cells, tables in tables.

use super::super::Refusal;
use super::builder::{Docx, assert_words, cell, drawing, html, p, paragraph, run, table};

#[test]
fn the_first_row_of_a_table_is_its_head() {
    let body = p("x") + &table(&[&["STT", "Họ tên"], &["1", "Lan"], &["2", "Minh"]]) + &p("y");
    let markdown = Docx::new(&body).markdown();
    assert_eq!(markdown, "x\n\n| STT | Họ tên |\n| --- | --- |\n| 1 | Lan |\n| 2 | Minh |\n\ny\n");
    assert!(html(&markdown, true).contains("<th>Họ tên</th>"));
}

#[test]
fn borders_in_cells_are_escaped_and_lines_are_joined() {
    let lines = p("# một") + &p("hai") + "<w:p><w:r><w:t>ba</w:t><w:br/><w:t>bốn</w:t></w:r></w:p>";
    let body = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("", &lines), cell("", &p("a|b \\| c\\")));
    let markdown = Docx::new(&body).markdown();
    assert_eq!(markdown, "| # một hai ba bốn | a\\|b \\\\\\| c\\\\ |\n| --- | --- |\n");
    assert_words(&markdown, "# một hai ba bốn a|b \\| c\\");
}

#[test]
fn cells_that_are_merged_leave_empty_ones() {
    let wide = cell(r#"<w:gridSpan w:val="2"/>"#, &p("rộng"));
    let tall = cell(r#"<w:vMerge w:val="restart"/>"#, &p("cao"));
    let under = cell("<w:vMerge/>", "<w:p/>");
    let row = |cells: &[&str]| format!("<w:tr>{}</w:tr>", cells.concat());
    let plain = |text: &str| cell("", &p(text));
    let body = [
        row(&[&tall, &wide]),
        row(&[&under, &plain("a"), &plain("b")]),
        format!(r#"<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{}</w:tr>"#, plain("c")),
    ];
    let markdown = Docx::new(&format!("<w:tbl>{}</w:tbl>", body.concat())).markdown();
    assert_eq!(markdown, "| cao | rộng |  |\n| --- | --- | --- |\n|  | a | b |\n|  | c |  |\n");
}

#[test]
fn columns_and_rows_without_text_are_left_out() {
    let wide = |text: &str| cell(r#"<w:gridSpan w:val="3"/>"#, &p(text));
    let body = format!("<w:tbl><w:tr>{}{}</w:tr><w:tr>{}</w:tr></w:tbl>", wide("a"), wide("b"), cell("", "<w:p/>"));
    assert_eq!(Docx::new(&body).markdown(), "| a | b |\n| --- | --- |\n");
    assert_eq!(Docx::new(&(table(&[&["", ""], &["", ""]]) + &p("x"))).markdown(), "x\n");
}

#[test]
fn a_table_of_one_cell_is_its_paragraphs() {
    let body = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cell("", &(p("một") + &table(&[&["a", "b"]]) + &p("hai"))));
    assert_eq!(Docx::new(&body).markdown(), "một\n\n| a | b |\n| --- | --- |\n\nhai\n");
}

#[test]
fn the_national_motto_stays_where_there_is_nothing_else() {
    let body =
        table(&[&["UBND XÃ A", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], &["Số: 1", "Độc lập - Tự do - Hạnh phúc"]]);
    let markdown = Docx::new(&body).markdown();
    assert_eq!(
        markdown,
        "| UBND XÃ A | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\n| --- | --- |\n| Số: 1 | Độc lập - Tự do - Hạnh phúc |\n"
    );
}

#[test]
fn a_table_in_a_table_is_the_text_of_its_cell() {
    let inner = table(&[&["a", "b"], &["c", "d"]]);
    let body = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("", &(p("x") + &inner)), cell("", &p("y")));
    assert_eq!(Docx::new(&body).markdown(), "| x a b c d | y |\n| --- | --- |\n");
}

#[test]
fn pictures_in_a_table_stand_behind_it() {
    let body = format!(
        "<w:tbl><w:tr>{}{}</w:tr></w:tbl>",
        cell("", &paragraph("", &(run("", "a") + &drawing("x", "hình")))),
        cell("", &p("b"))
    );
    let document = Docx::new(&body).picture("x", b"PNG").read();
    assert_eq!(document.markdown, "| a | b |\n| --- | --- |\n\n![hình](word:0)\n");
    let body = format!("<w:tbl><w:tr>{0}{0}</w:tr></w:tbl>", cell("", &paragraph("", &drawing("x", "hình"))));
    let document = Docx::new(&body).picture("x", b"PNG").read();
    assert_eq!(document.markdown, "![hình](word:0)\n\n![hình](word:0)\n");
}

#[test]
fn rows_that_were_deleted_are_left_out() {
    let row = |properties: &str, text: &str| {
        format!("<w:tr><w:trPr>{properties}</w:trPr>{}{}</w:tr>", cell("", &p(text)), cell("", &p("z")))
    };
    let body = format!("<w:tbl>{}{}{}</w:tbl>", row("", "a"), row("<w:del/>", "b"), row("<w:ins/>", "c"));
    assert_eq!(Docx::new(&body).markdown(), "| a | z |\n| --- | --- |\n| c | z |\n");
}

#[test]
fn tables_that_are_put_together_wrongly_are_damaged() {
    for body in [
        "<w:tr/>",
        "<w:tc/>",
        "<w:tbl><w:tbl/></w:tbl>",
        "<w:tbl><w:tr><w:tr/></w:tr></w:tbl>",
        "<w:tbl><w:tc/></w:tbl>",
    ] {
        assert_eq!(Docx::new(body).result(), Err(Refusal::Damaged), "{body}");
    }
}

#[test]
fn a_table_that_grows_by_its_spans_is_too_large() {
    let wide = cell(r#"<w:gridSpan w:val="4000000000"/>"#, &p("a"));
    let body = format!("<w:tbl><w:tr>{wide}{wide}</w:tr></w:tbl>");
    assert_eq!(Docx::new(&body).markdown(), "| a | a |\n| --- | --- |\n");
    let row = format!("<w:tr>{}</w:tr>", cell("", &p("a")));
    let body = format!("<w:tbl><w:tr>{}</w:tr>{}</w:tbl>", cell("", &p("a")).repeat(1000), row.repeat(300));
    assert_eq!(Docx::new(&body).result(), Err(Refusal::TooLarge));
}
