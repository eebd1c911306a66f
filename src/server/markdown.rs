//! Text that people write, as HTML: Markdown for announcements, plain paragraphs with safe links for comments.
//!
//! comrak makes HTML of Markdown (raw HTML in it is dropped), ammonia lets only a short list of elements through.

use std::collections::{HashMap, HashSet};

use comrak::nodes::{AlertType, AstNode, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};

use crate::components::figure::figure_view;
use crate::domain::announcement::Picture;
use crate::domain::html::{Html, escape};
use crate::domain::lang::Lang;
use crate::domain::time::Instant;
use crate::text::Text;

/// A picture that stands in a paragraph of its own: `![what it shows](path "Caption | Who made it")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureSource {
    /// Where the picture is.
    pub path: String,
    /// What it shows.
    pub alt: String,
    /// What stands below it.
    pub caption: String,
    /// Who made it.
    pub credit: String,
    /// The line of the text, from 1.
    pub line: usize,
}

/// Takes the place of a figure while the text is made and cleaned; taken out of what people write.
const PLACE: char = '\u{e000}';

/// Markdown as clean HTML. Headings begin at the second level, since the page's title is the first. Pictures are left
/// out.
pub fn render(markdown: &str) -> Html {
    render_with_pictures(markdown, &HashMap::new(), Text(Lang::default()))
}

/// The same with figures: `pictures` are the stored pictures by their paths in the text, `t` the words of its language.
pub fn render_with_pictures(markdown: &str, pictures: &HashMap<String, Picture>, t: Text) -> Html {
    let markdown = markdown.replace(PLACE, "");
    let arena = Arena::new();
    let options = options(&markdown);
    let root = parse_document(&arena, &markdown, &options);
    let mut places: Vec<String> = Vec::new();
    // All of them before any is changed; what stands in a list or a call-out is read like what stands by itself.
    let nodes: Vec<_> = root.descendants().collect();
    for node in nodes {
        let figure = figure_of(node).map(|figure| {
            pictures.get(&figure.path).map(|picture| {
                // One picture may stand in a text twice and show something else each time.
                let picture = Picture { alt: figure.alt, ..picture.clone() };
                figure_view(Some(&picture), &figure.caption, &figure.credit, "", false, t).into_string()
            })
        });
        let document = || document_of(node).and_then(|document| document_view(&document, t)).map(Some);
        if let Some(markup) = figure.or_else(document) {
            for child in node.children() {
                child.detach();
            }
            let place = format!("{PLACE}{}{PLACE}", places.len());
            node.append(arena.alloc(NodeValue::Text(place.into()).into()));
            places.push(markup.unwrap_or_default());
        }
        name_callout(node, t);
    }
    let mut made = String::new();
    if format_html(root, &options, &mut made).is_err() {
        return Html::default();
    }
    let mut cleaned = clean(&lower_headings(&made));
    for (index, markup) in places.iter().enumerate() {
        let place = format!("{PLACE}{index}{PLACE}");
        // The text of a tight list's item is in no paragraph.
        cleaned = cleaned.replace(&format!("<p>{place}</p>"), markup).replace(&place, markup);
    }
    Html::from_clean(cleaned)
}

/// The figures of a text, in their order.
pub fn list_figures(markdown: &str) -> Vec<FigureSource> {
    let arena = Arena::new();
    parse_document(&arena, markdown, &options(markdown)).descendants().filter_map(figure_of).collect()
}

/// Caption and credit, at the last upright line that stands by itself: a caption may have one inside a word.
fn split_title(title: &str) -> (&str, &str) {
    let alone = |at: &usize| {
        let (before, after) = (&title[..*at], &title[at + 1..]);
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    };
    match title.rmatch_indices('|').map(|(at, _)| at).find(alone) {
        Some(at) => (&title[..at], &title[at + 1..]),
        None => (title, ""),
    }
}

/// What is said of an attached document: its number, if it has one, and its day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct DocumentLink {
    title: String,
    address: String,
    number: String,
    day: String,
}

/// A paragraph that is nothing but a link whose title says number and day: `[Title](/tai-lieu/… "12/KH-UBND | 2026-05-30")`.
fn document_of<'a>(node: &'a AstNode<'a>) -> Option<DocumentLink> {
    let only = node.first_child().filter(|child| child.next_sibling().is_none())?;
    match (&node.data.borrow().value, &only.data.borrow().value) {
        (NodeValue::Paragraph, NodeValue::Link(link)) => {
            let (number, day) = link.title.rsplit_once('|')?;
            let day = day.trim();
            Instant::parse_local(day).filter(|_| day.len() == 10)?;
            let title = plain_text(only);
            let (number, day) = (number.trim().to_owned(), day.to_owned());
            Some(DocumentLink { title, address: link.url.clone(), number, day })
        }
        _ => None,
    }
}

/// An attached document as readers see it.
fn document_view(document: &DocumentLink, t: Text) -> Option<String> {
    let address = document.address.as_str();
    let safe = ["https://", "http://"].iter().any(|start| address.starts_with(start))
        || (address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\"));
    let day = Instant::parse_local(&document.day)?;
    // The ending of a file's name; a site's is none.
    let name = address.split_once("://").map_or(address, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let name = name.split(['?', '#']).next().unwrap_or_default();
    let ending = name.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map_or("", |(_, ending)| ending);
    let ending = if ending.len() <= 4 { ending.to_uppercase() } else { String::new() };
    safe.then(|| {
        maud::html! {
            p class="document" {
                a href=(address) rel="external noopener" { (document.title) } " "
                span class="document-facts" {
                    @if !document.number.is_empty() { (t.document_number(&document.number)) ", " }
                    (t.document_day(day.day(t.0)))
                    @if !ending.is_empty() { " (" (ending) ")" }
                }
            }
        }
        .into_string()
    })
}

/// Deeply nested quotes take comrak's call-outs a time that grows with their square: such a text has none.
const DEEPEST_QUOTE: usize = 100;

fn options(markdown: &str) -> Options<'static> {
    let mut options = Options::default();
    options.extension.alerts = !markdown.contains(&">".repeat(DEEPEST_QUOTE));
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.footnotes = false;
    options.extension.header_id_prefix = None;
    options.render.r#unsafe = false;
    options
}

/// A paragraph that is nothing but a picture.
fn figure_of<'a>(node: &'a AstNode<'a>) -> Option<FigureSource> {
    let data = node.data.borrow();
    let picture = node.first_child().filter(|child| child.next_sibling().is_none())?;
    let line = data.sourcepos.start.line;
    match (&data.value, &picture.data.borrow().value) {
        (NodeValue::Paragraph, NodeValue::Image(link)) => {
            let (caption, credit) = split_title(&link.title);
            let alt = plain_text(picture);
            let (caption, credit) = (caption.trim().to_owned(), credit.trim().to_owned());
            Some(FigureSource { path: link.url.clone(), alt, caption, credit, line })
        }
        _ => None,
    }
}

/// The words of a node without their marks.
fn plain_text<'a>(node: &'a AstNode<'a>) -> String {
    let mut text = String::new();
    for part in node.descendants() {
        match &part.data.borrow().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// A call-out (`> [!NOTE]`) says what it is in the language of its text.
fn name_callout<'a>(node: &'a AstNode<'a>, t: Text) {
    if let NodeValue::Alert(alert) = &mut node.data.borrow_mut().value
        && alert.title.is_none()
    {
        let name = match alert.alert_type {
            AlertType::Important => t.callout_important(),
            AlertType::Warning | AlertType::Caution => t.callout_warning(),
            AlertType::Note | AlertType::Tip => t.callout_note(),
        };
        alert.title = Some(name.to_owned());
    }
}

/// A first-level heading in a body would compete with the title; below the fourth level all are alike.
fn lower_headings(html: &str) -> String {
    let levels = [("h1>", "h2>"), ("h5>", "h4>"), ("h6>", "h4>")];
    levels.iter().fold(html.to_owned(), |html, (level, shown)| {
        html.replace(&format!("<{level}"), &format!("<{shown}")).replace(&format!("</{level}"), &format!("</{shown}"))
    })
}

fn clean(html: &str) -> String {
    let tags: HashSet<&str> = [
        "p",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "blockquote",
        "em",
        "strong",
        "del",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "hr",
        "br",
        "code",
        "pre",
        "sup",
        "sub",
        "div",
    ]
    .into();
    let attributes: HashMap<&str, HashSet<&str>> =
        [("a", ["href"].into()), ("ol", ["start"].into()), ("th", ["align"].into()), ("td", ["align"].into())].into();
    // What comrak makes of a call-out; nothing that people write gets a class.
    let classes: HashMap<&str, HashSet<&str>> = [
        (
            "div",
            [
                "markdown-alert",
                "markdown-alert-note",
                "markdown-alert-tip",
                "markdown-alert-important",
                "markdown-alert-warning",
                "markdown-alert-caution",
            ]
            .into(),
        ),
        ("p", ["markdown-alert-title"].into()),
    ]
    .into();
    ammonia::Builder::empty()
        .tags(tags)
        .tag_attributes(attributes)
        .allowed_classes(classes)
        .clean_content_tags(["script", "style"].into())
        .url_schemes(["http", "https", "mailto"].into())
        // Files and other sites are not the router's, which takes every link of this origin.
        .link_rel(Some("external noopener"))
        // A reference (`&#xe000;`) may write it: in an attribute it takes nothing's place.
        .attribute_filter(|_, _, value| Some(value.replace(PLACE, "").into()))
        .clean(html)
        .to_string()
        // A wide table scrolls on a phone instead of widening the page; the keyboard reaches it.
        .replace("<table>", "<section class=\"table-scroll\" tabindex=\"0\"><table>")
        .replace("</table>", "</table></section>")
}

/// A comment's text as HTML: paragraphs, line breaks, and links that lend the portal's name to nobody.
pub fn render_comment(text: &str) -> Html {
    let mut finder = linkify::LinkFinder::new();
    finder.kinds(&[linkify::LinkKind::Url]);
    let mut html = String::with_capacity(text.len() + 16);
    for paragraph in text.split("\n\n") {
        html.push_str("<p>");
        for span in finder.spans(paragraph) {
            let shown = escape(span.as_str()).replace('\n', "<br>");
            let web = span.as_str().starts_with("https://") || span.as_str().starts_with("http://");
            if span.kind().is_some() && web {
                html.push_str("<a href=\"");
                html.push_str(&escape(span.as_str()));
                html.push_str("\" rel=\"ugc nofollow noopener\">");
                html.push_str(&shown);
                html.push_str("</a>");
            } else {
                html.push_str(&shown);
            }
        }
        html.push_str("</p>");
    }
    Html::from_clean(html)
}

#[cfg(test)]
mod reading;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_clean_html() {
        let html =
            render("# Một\n\n**đậm** [x](https://a.vn) <script>alert(1)</script>\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n");
        let html = html.as_str();
        assert!(
            html.contains("<h2>Một</h2>") && html.contains("<strong>đậm</strong>") && html.contains("<tbody>"),
            "{html}"
        );
        assert!(!html.contains("script"), "{html}");
    }

    #[test]
    fn no_link_runs_a_script() {
        for attack in [
            "[x](javascript:alert(1))",
            "[x](data:text/html,x)",
            "<a href=\"javascript:1\">x</a>",
            "<img src=x onerror=alert(1)>",
        ] {
            let html = render(attack);
            assert!(
                !html.as_str().contains("javascript")
                    && !html.as_str().contains("data:")
                    && !html.as_str().contains("<img"),
                "{html:?}"
            );
        }
    }

    #[test]
    fn a_picture_in_a_paragraph_of_its_own_is_a_figure() {
        let text = "Một.\n\n![Cầu & bến](a.jpg \"Cầu <mới> | Lan\")\n\nHai ![trong dòng](b.jpg) ba. \u{e000}0\u{e000}";
        let figures = list_figures(text);
        let figure = FigureSource {
            path: "a.jpg".into(),
            alt: "Cầu & bến".into(),
            caption: "Cầu <mới>".into(),
            credit: "Lan".into(),
            line: 3,
        };
        assert_eq!(figures, [figure]);
        let size = |url: &str| crate::domain::announcement::PictureSize { width: 480, height: 320, url: url.into() };
        let picture =
            Picture { alt: "Cầu & bến".into(), webp: vec![size("/tep/a.webp")], fallback: size("/tep/a.jpg") };
        let html = render_with_pictures(text, &[("a.jpg".to_owned(), picture)].into(), Text(Lang::Vi));
        let html = html.as_str();
        assert!(html.starts_with("<p>Một.</p>") && html.matches("<figure>").count() == 1, "{html}");
        assert!(html.contains("alt=\"Cầu &amp; bến\"") && html.contains("Cầu &lt;mới&gt;"), "{html}");
        assert!(html.contains("(Ảnh: Lan)") && !html.contains("b.jpg"), "{html}");
        assert!(!render(text).as_str().contains("<img"), "without the stored picture there is none");
    }

    #[test]
    fn a_callout_says_what_it_is_and_a_document_its_number_and_day() {
        let html = render(
            "> [!IMPORTANT]\n> Hạn nộp là 5/6.\n\n[Kế hoạch](/tai-lieu/a.pdf \"12/KH-UBND | 2026-05-30\")\n\n[x](javascript:1 \"1 | 2026-05-30\")\n",
        );
        let html = html.as_str();
        assert!(html.contains("<div class=\"markdown-alert markdown-alert-important\">"), "{html}");
        assert!(html.contains("Quan trọng</p>"), "{html}");
        assert!(html.contains("<p class=\"document\"><a href=\"/tai-lieu/a.pdf\""), "{html}");
        assert!(html.contains("12/KH-UBND") && html.contains("30/05/2026") && !html.contains("javascript"), "{html}");
        let html = render("<div class=\"evil\">x</div>\n\n> [!NOTE]\n> a").as_str().to_owned();
        assert!(!html.contains("evil"), "{html}");
    }

    #[test]
    fn a_caption_may_hold_an_upright_line() {
        assert_eq!(split_title("Nhóm A|B | Lan"), ("Nhóm A|B ", " Lan"));
        assert_eq!(split_title("| Lan"), ("", " Lan"));
        assert_eq!(split_title("A|B"), ("A|B", ""));
    }

    #[test]
    fn a_comment_keeps_its_lines_and_its_links_are_safe() {
        let html = render_comment("Xem https://example.vn/a?b=1&c=\"2\n<b>dòng hai</b>\n\nđoạn hai");
        assert_eq!(
            html.as_str(),
            "<p>Xem <a href=\"https://example.vn/a?b=1&amp;c=\" rel=\"ugc nofollow noopener\">https://example.vn/a?b=1&amp;c=</a>\
             &quot;2<br>&lt;b&gt;dòng hai&lt;/b&gt;</p><p>đoạn hai</p>"
        );
    }
}
