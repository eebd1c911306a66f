//! Reading an announcement as a person has it: copied from a news page, or Markdown with front matter.

use crate::domain::announcement::{LEAD_MOST, TITLE_MOST};
use crate::domain::lang::Lang;
use crate::domain::slug::Slug;
use crate::domain::text::{clean_line, compose, count, fold};
use crate::domain::time::Instant;

/// An announcement as it was read, not yet stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// The title.
    pub title: String,
    /// The slug that the file asks for.
    pub slug: Option<Slug>,
    /// The opening summary.
    pub lead: String,
    /// The body in Markdown.
    pub body: String,
    /// The line of the file on which the body begins, from 1.
    pub body_line: usize,
    /// The category's name.
    pub category: Option<String>,
    /// The tags' names.
    pub tags: Vec<String>,
    /// Who wrote it.
    pub author_line: String,
    /// Where it comes from.
    pub source: String,
    /// The picture's path, with the line that names it.
    pub image: Option<(String, usize)>,
    /// The picture's caption.
    pub caption: String,
    /// Who made the picture.
    pub credit: String,
    /// What the picture shows.
    pub alt: String,
    /// When it was first published.
    pub published: Option<Instant>,
    /// The line that says so.
    pub published_line: usize,
    /// When it was publicly corrected.
    pub updated: Option<Instant>,
    /// What was corrected.
    pub change_note: String,
    /// The language.
    pub language: Lang,
}

/// Why a file can't be read: the line, counted from 1, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The line.
    pub line: usize,
    /// What is wrong and what to do.
    pub why: String,
}

fn unreadable<T>(line: usize, why: impl Into<String>) -> Result<T, Unreadable> {
    Err(Unreadable { line, why: why.into() })
}

/// Headings of a news page's own furniture: from the first of them on, nothing belongs to the text.
const FURNITURE: [&str; 9] = [
    "phan hoi",
    "cac tin khac",
    "moi nhat",
    "tin lien quan",
    "cung chuyen muc",
    "binh luan",
    "y kien ban doc",
    "tin moi",
    "doc nhieu",
];

/// Reads a file's bytes.
///
/// # Errors
/// The line that can't be read, and why.
pub fn read(bytes: &[u8]) -> Result<Paper, Unreadable> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            return unreadable(line, "The text is not in UTF-8: save it again as UTF-8 (Unicode).");
        }
    };
    if let Some(at) = text.find('\0') {
        return unreadable(text[..at].matches('\n').count() + 1, "There is a zero byte: this is not a text file.");
    }
    let text = compose(&text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n"));
    // Empty lines before the front matter are nobody's intention.
    let begun = text.trim_start_matches('\n');
    let paper = if begun.starts_with("---\n") {
        read_markdown(begun, text.len() - begun.len())?
    } else {
        read_clipping(&text)?
    };
    check(&paper)?;
    Ok(paper)
}

fn check(paper: &Paper) -> Result<(), Unreadable> {
    if paper.title.is_empty() {
        return unreadable(1, "There is no title: write it on the first line, or as title: in front matter.");
    }
    if count(&paper.title) > TITLE_MOST {
        return unreadable(
            1,
            format!("The title has {} characters; at most {TITLE_MOST} are taken.", count(&paper.title)),
        );
    }
    if paper.lead.is_empty() && paper.body.is_empty() {
        return unreadable(1, "There is a title and no text.");
    }
    if count(&paper.lead) > LEAD_MOST {
        return unreadable(
            1,
            format!("The first paragraph, which becomes the lead, has over {LEAD_MOST} characters: divide it."),
        );
    }
    Ok(())
}

/// Text copied from a news page: the title, captions (often twice), paragraphs, the page's furniture at the end.
fn read_clipping(text: &str) -> Result<Paper, Unreadable> {
    let mut lines = text.lines().map(clean_line).filter(|line| !line.is_empty());
    let mut paper = Paper { title: lines.next().unwrap_or_default(), ..Paper::default() };
    let lines: Vec<String> =
        lines.take_while(|line| !FURNITURE.contains(&fold(line).trim_end_matches([':', '.']))).collect();
    let mut paragraphs: Vec<String> = Vec::new();
    for line in &lines {
        let repeated = lines.iter().filter(|other| *other == line).count() > 1;
        let short = count(line) <= 200;
        let (caption, credit) = split_credit(line);
        if paragraphs.is_empty() && short && (repeated || !credit.is_empty()) {
            if paper.caption.is_empty() {
                (paper.caption, paper.credit) = (caption, credit);
            }
        } else if paragraphs.is_empty() && is_date_line(line) {
            // When the page was published stands between its title and its text, and is no part of either.
        } else if *line != paper.title && paragraphs.last() != Some(line) {
            paragraphs.push(line.clone());
        }
    }
    if !paragraphs.is_empty() {
        paper.lead = paragraphs.remove(0);
    }
    paper.body = paragraphs.iter().map(|paragraph| escape_markdown(paragraph)).collect::<Vec<_>>().join("\n\n");
    Ok(paper)
}

/// Splits `A town (Ảnh: someone)` into the caption and who made the picture.
fn split_credit(line: &str) -> (String, String) {
    for opening in ["(Ảnh:", "(ảnh:", "(Ảnh :", "(Photo:", "(Nguồn ảnh:"] {
        if let Some((caption, rest)) = line.rsplit_once(opening) {
            return (caption.trim().to_owned(), rest.trim().trim_end_matches(['.', ')']).trim().to_owned());
        }
    }
    (line.to_owned(), String::new())
}

/// A line such as `Chủ nhật, 21/11/2021 - 08:15`: short, with a day in it, and no sentence.
fn is_date_line(line: &str) -> bool {
    let has_day = line.split(|c: char| !c.is_ascii_digit() && c != '/').any(|part| {
        let numbers: Vec<_> = part.split('/').collect();
        numbers.len() == 3 && numbers.iter().all(|number| !number.is_empty() && number.len() <= 4)
    });
    has_day && count(line) <= 60 && !line.ends_with('.')
}

/// A copied paragraph is text, not Markdown: its signs mean themselves.
fn escape_markdown(paragraph: &str) -> String {
    let mut escaped = String::with_capacity(paragraph.len());
    for (i, c) in paragraph.chars().enumerate() {
        let special = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '~')
            || (i == 0 && matches!(c, '#' | '>' | '-' | '+' | '='));
        if special {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && matches!(escaped.as_bytes().get(digits), Some(b'.' | b')')) {
        escaped.insert(digits, '\\');
    }
    escaped
}

/// Markdown behind front matter: lines `key: value` between two lines `---`.
/// So many empty lines stand before it.
fn read_markdown(text: &str, before: usize) -> Result<Paper, Unreadable> {
    let mut paper = Paper::default();
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + before, line)).skip(1);
    loop {
        let Some((index, line)) = lines.next() else {
            return unreadable(1, "The front matter has no end: close it with a line ---.");
        };
        let number = index + 1;
        if line.trim_end() == "---" {
            break;
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((key, value)) = line.split_once(':') else {
            return unreadable(
                number,
                "This line of the front matter is not of the form key: value, or the line --- that ends it is missing.",
            );
        };
        set(&mut paper, key.trim(), clean_line(value), number)?;
    }
    let lines: Vec<_> =
        lines.map(|(index, line)| (index + 1, line.trim_end())).skip_while(|(_, line)| line.is_empty()).collect();
    paper.body_line = lines.first().map_or(1, |(number, _)| *number);
    paper.body = lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n").trim_end().to_owned();
    Ok(paper)
}

fn set(paper: &mut Paper, key: &str, value: String, number: usize) -> Result<(), Unreadable> {
    let instant = |value: &str| {
        Instant::parse_local(value).map_or_else(
            || unreadable(number, format!("{value} is no time: write it like 2021-06-01T08:00.")),
            |at| Ok(Some(at)),
        )
    };
    match key {
        "title" => paper.title = value,
        "slug" => match Slug::parse(&value) {
            Some(slug) => paper.slug = Some(slug),
            None => return unreadable(number, "A slug has only the letters a to z, digits and single hyphens."),
        },
        "lead" => paper.lead = value,
        "category" => paper.category = Some(value),
        "tags" => paper.tags = value.split(',').map(clean_line).filter(|tag| !tag.is_empty()).collect(),
        "author" => paper.author_line = value,
        "source" => paper.source = value,
        "image" => paper.image = Some((value, number)),
        "caption" => paper.caption = value,
        "credit" => paper.credit = value,
        "alt" => paper.alt = value,
        "published" => (paper.published, paper.published_line) = (instant(&value)?, number),
        "updated" => paper.updated = instant(&value)?,
        "change-note" => paper.change_note = value,
        "lang" => match Lang::parse(&value) {
            Some(language) => paper.language = language,
            None => return unreadable(number, "The language is vi or en."),
        },
        _ => return unreadable(number, format!("The front matter knows no key {key}.")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIPPING: &str = "Tỉnh minh hoạ: Phát động thi đua\nMột góc thị xã (Ảnh: bao.example.vn)\n\nMột góc thị xã (Ảnh: bao.example.vn)\n\n\
        Đoạn một, thành lời dẫn.\n\n- Đoạn hai có *dấu sao*.\n\n3. Đoạn ba.\n\nPhản hồi\n\nCác tin khác\n\nTin nào đó\n\nMới nhất";

    #[test]
    fn a_copied_page_gives_title_caption_once_paragraphs_and_no_furniture() {
        let paper = read(CLIPPING.as_bytes()).expect("a paper");
        assert_eq!(paper.title, "Tỉnh minh hoạ: Phát động thi đua");
        assert_eq!((paper.caption.as_str(), paper.credit.as_str()), ("Một góc thị xã", "bao.example.vn"));
        assert_eq!(paper.lead, "Đoạn một, thành lời dẫn.");
        assert_eq!(paper.body, "\\- Đoạn hai có \\*dấu sao\\*.\n\n3\\. Đoạn ba.");
    }

    #[test]
    fn the_line_of_the_date_is_neither_lead_nor_text() {
        let text = "Tỉnh minh hoạ phát động\nChủ nhật, 21/11/2021 - 08:15\nMột góc phố (Ảnh: Lan)\n\nNgày 1/6/2021, tỉnh phát động.\n\nHai.";
        let paper = read(text.as_bytes()).expect("a paper");
        assert_eq!((paper.caption.as_str(), paper.lead.as_str()), ("Một góc phố", "Ngày 1/6/2021, tỉnh phát động."));
        assert_eq!(paper.body, "Hai.");
    }

    #[test]
    fn decomposed_text_and_strange_line_ends_are_read() {
        let paper = read("\u{feff}Ke\u{302}\u{301}t qua\u{309}\r\n\r\nMột đoạn.".as_bytes()).expect("a paper");
        assert_eq!((paper.title.as_str(), paper.lead.as_str()), ("Kết quả", "Một đoạn."));
    }

    #[test]
    fn front_matter_is_read_and_its_faults_name_the_line() {
        let paper = read("---\ntitle: A\nlead: B\ncredit: Tranh minh hoạ: Thi Đua\ntags: x, y\npublished: 2021-06-01T08:00\n---\n\nC".as_bytes()).expect("a paper");
        assert_eq!((paper.credit.as_str(), paper.tags.len(), paper.body.as_str()), ("Tranh minh hoạ: Thi Đua", 2, "C"));
        for (text, line) in [
            ("---\ntitle: A\nnonsense\n---\nB", 3),
            ("---\ntitle: A\nkolor: red\n---\nB", 3),
            ("---\ntitle: A\npublished: soon\n---\nB", 3),
            ("---\ntitle: A\n\nB", 4),
            ("---\ntitle: A\n", 1),
            ("---\ntitle: A\nslug: Á\n---\nB", 3),
            ("", 1),
            ("Chỉ có tiêu đề", 1),
        ] {
            assert_eq!(read(text.as_bytes()).expect_err("refused").line, line, "{text}");
        }
        assert_eq!(read(b"A\n\nB\n\xff").expect_err("refused").line, 4);
        assert_eq!(read(b"A\n\nB\0").expect_err("refused").line, 3);
    }
}
