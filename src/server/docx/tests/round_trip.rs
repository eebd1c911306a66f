//! Any text means itself in the Markdown, read by what the portal renders with.

use super::builder::{Docx, assert_words, cell, drawing, html, item, p, paragraph, run, style, styled, words_of_html};

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % most as u64).unwrap()
    }

    fn text(&mut self, longest: usize) -> String {
        const PIECES: [&str; 56] = [
            "*",
            "**",
            "_",
            "__",
            "~",
            "~~",
            "`",
            "``",
            "#",
            "##",
            "-",
            "---",
            "+",
            ">",
            "<",
            "<b>",
            "</b>",
            "<!--",
            "&",
            "&amp;",
            "&#35;",
            "\\",
            "\\\\",
            "|",
            "||",
            "[",
            "]",
            "(",
            ")",
            "![",
            "](",
            "!",
            ":",
            "=",
            "==",
            "1.",
            "12)",
            ".",
            ";",
            "\"",
            "'",
            "{",
            "}",
            "^",
            "$",
            "@",
            "/",
            "https://a.vn/",
            "www.a.vn",
            "a@b.vn",
            "a",
            "ệ",
            "Đ",
            "“",
            "\u{a0}",
            "e\u{323}",
        ];
        let count = 1 + self.next(longest);
        (0..count).map(|_| if self.next(3) == 0 { " " } else { PIECES[self.next(PIECES.len())] }).collect()
    }
}

const NUMBERING: &str = r#"<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="x"/></w:lvl></w:abstractNum>
    <w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>
    <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>"#;

fn check(rounds: usize, seed: u64, make: impl Fn(&str) -> String) {
    let mut random = Random(seed);
    for _ in 0..rounds {
        let text = random.text(12);
        if text.trim().is_empty() {
            continue;
        }
        let styles = style("Heading1", "heading 1", "") + &style("Quote", "Quote", "");
        let docx = Docx::new(&make(&text)).styles(&styles).numbering(NUMBERING).external(
            "l",
            "hyperlink",
            "https://x.vn/_a_*b*",
        );
        assert_words(&docx.markdown(), &format!("đầu {text} cuối"));
    }
}

#[test]
fn any_text_survives_as_a_paragraph() {
    check(3000, 1, |text| p("đầu") + &p(text) + &p("cuối"));
}

#[test]
fn any_text_survives_as_an_item() {
    check(2000, 2, |text| p("đầu") + &item(1, 0, text) + &p("cuối"));
    check(1000, 3, |text| p("đầu") + &item(2, 0, text) + &item(2, 0, "cuối"));
}

#[test]
fn any_text_survives_in_a_table() {
    check(3000, 4, |text| {
        let row = |text: &str| format!("<w:tr>{}{}</w:tr>", cell("", &p(text)), cell("", &p("cuối")));
        p("đầu") + "<w:tbl>" + &row(text) + "</w:tbl>"
    });
}

#[test]
fn any_text_survives_as_a_heading() {
    check(3000, 5, |text| p("đầu") + &styled("Heading1", text) + &p("cuối"));
}

#[test]
fn any_text_survives_as_a_quotation() {
    check(1000, 6, |text| p("đầu") + &styled("Quote", text) + &p("cuối"));
}

#[test]
fn any_text_survives_as_bold_text() {
    check(3000, 7, |text| p("đầu") + &paragraph("", &run("<w:b/>", text)) + &p("cuối"));
    check(2000, 8, |text| paragraph("", &(run("", "đầu ") + &run("<w:b/>", text) + &run("", " cuối"))));
}

#[test]
fn any_text_survives_as_a_link() {
    check(3000, 9, |text| {
        let link = format!(r#"<w:hyperlink r:id="l">{}</w:hyperlink>"#, run("", text));
        paragraph("", &(run("", "đầu ") + &link + &run("", " cuối")))
    });
}

#[test]
fn any_text_survives_behind_a_break_of_lines() {
    check(3000, 10, |text| {
        paragraph(
            "",
            &("<w:r><w:t>đầu</w:t><w:br/></w:r>".to_owned() + &run("", text) + "<w:r><w:br/><w:t>cuối</w:t></w:r>"),
        )
    });
}

#[test]
fn the_bytes_of_a_title_are_not_escaped() {
    let mut random = Random(11);
    for _ in 0..300 {
        let text = random.text(8);
        if !text.trim().is_empty() {
            let document = Docx::new(&(styled("Title", &text) + &p("x"))).read();
            assert_eq!(document.title, Some(text.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
}

#[test]
fn any_text_survives_for_the_blind() {
    let mut random = Random(12);
    for _ in 0..2000 {
        let text = random.text(10);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let body = paragraph("", &drawing("x", &text)) + &styled("Caption", &text);
        let html = html(&Docx::new(&body).picture("x", b"P").markdown(), true);
        let expected = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        let title = if text.is_empty() { String::new() } else { format!(" title=\"{expected}\"") };
        assert_eq!(html.trim(), format!("<p><img src=\"word:0\" alt=\"{expected}\"{title} /></p>"));
    }
}

/// For each character that is not blank, whether it is in bold, in italics, struck out.
fn looks_of_html(html: &str) -> Vec<(char, [bool; 3])> {
    let mut looks = Vec::new();
    let mut depth = [0_i32; 3];
    let mut rest = html;
    while let Some(first) = rest.chars().next() {
        if first == '<' {
            let (tag, behind) = rest.split_once('>').unwrap();
            let by = if tag.starts_with("</") { -1 } else { 1 };
            match tag.trim_start_matches(['<', '/']) {
                "strong" => depth[0] += by,
                "em" => depth[1] += by,
                "del" => depth[2] += by,
                _ => {}
            }
            rest = behind;
        } else {
            let entity = ["&lt;", "&gt;", "&quot;", "&amp;"].iter().position(|entity| rest.starts_with(entity));
            let (character, length) = match entity {
                Some(index) => (['<', '>', '"', '&'][index], ["&lt;", "&gt;", "&quot;", "&amp;"][index].len()),
                None => (first, first.len_utf8()),
            };
            if !character.is_whitespace() {
                looks.push((character, depth.map(|depth| depth > 0)));
            }
            rest = &rest[length..];
        }
    }
    looks
}

fn runs_of(random: &mut Random, mut text: impl FnMut(&mut Random) -> String) -> (String, Vec<(char, [bool; 3])>) {
    let (mut runs, mut looks) = (String::new(), Vec::new());
    for _ in 0..1 + random.next(7) {
        let look = [random.next(2) == 0, random.next(3) == 0, random.next(5) == 0];
        let properties: String =
            ["<w:b/>", "<w:i/>", "<w:strike/>"].iter().zip(look).filter(|(_, on)| *on).map(|(mark, _)| *mark).collect();
        let text = text(random);
        looks.extend(text.chars().filter(|character| !character.is_whitespace()).map(|character| (character, look)));
        let content = run(&properties, &text);
        let linked = random.next(6) == 0;
        runs.push_str(&if linked { format!(r#"<w:hyperlink r:id="l">{content}</w:hyperlink>"#) } else { content });
    }
    (paragraph("", &runs), looks)
}

#[test]
fn emphasis_never_spreads_and_no_text_is_lost_to_it() {
    let mut random = Random(13);
    for _ in 0..6000 {
        let (body, expected) = runs_of(&mut random, |random| random.text(4));
        let markdown = Docx::new(&body).external("l", "hyperlink", "https://x.vn/").markdown();
        for autolink in [true, false] {
            let html = html(&markdown, autolink);
            let found = looks_of_html(&html);
            let text = |looks: &[(char, [bool; 3])]| looks.iter().map(|(character, _)| *character).collect::<String>();
            assert_eq!(text(&found), text(&expected), "{markdown}\n{html}");
            for ((_, found), (_, expected)) in found.iter().zip(&expected) {
                assert!(found.iter().zip(expected).all(|(found, expected)| !found || *expected), "{markdown}\n{html}");
            }
        }
    }
}

#[test]
fn emphasis_of_whole_words_is_kept_but_for_one_in_a_thousand() {
    const WORDS: [&str; 6] = ["Quyết định", "số 15", "Điều 1.", "(kèm theo)", "“Bông lúa”", "50%"];
    let mut random = Random(14);
    let mut lost = Vec::new();
    for _ in 0..4000 {
        let (body, expected) = runs_of(&mut random, |random| format!(" {} ", WORDS[random.next(WORDS.len())]));
        let markdown = Docx::new(&body).external("l", "hyperlink", "https://x.vn/").markdown();
        if looks_of_html(&html(&markdown, true)) != expected {
            lost.push(markdown);
        }
    }
    assert!(lost.len() <= 4, "{lost:?}");
}

#[test]
fn emphasis_within_words_is_mostly_kept() {
    const PARTS: [&str; 6] = ["a", "ệ", "Đường", "ng", "x1", "dư"];
    let mut random = Random(15);
    let (mut kept, mut all) = (0, 0);
    for _ in 0..2000 {
        let (body, expected) = runs_of(&mut random, |random| PARTS[random.next(PARTS.len())].to_owned());
        let markdown = Docx::new(&body).external("l", "hyperlink", "https://x.vn/").markdown();
        let html = html(&markdown, true);
        let text: String = expected.iter().map(|(character, _)| *character).collect();
        assert_eq!(words_of_html(&html), text, "{markdown}");
        for (found, expected) in looks_of_html(&html).iter().zip(&expected) {
            all += expected.1.iter().filter(|on| **on).count();
            kept += found.1.iter().filter(|on| **on).count();
        }
    }
    assert!(kept * 4 > all * 3, "{kept} of {all}");
}
