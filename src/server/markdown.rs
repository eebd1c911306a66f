//! Text that people write, as HTML: Markdown for announcements, plain paragraphs with safe links for comments.
//!
//! comrak makes HTML of Markdown (raw HTML in it is dropped), ammonia lets only a short list of elements through.

use std::collections::{HashMap, HashSet};

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};

use crate::components::figure::figure_view;
use crate::domain::announcement::Picture;
use crate::domain::html::{Html, escape};
use crate::domain::lang::Lang;
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
    let options = options();
    let root = parse_document(&arena, &markdown, &options);
    let mut figures = Vec::new();
    for node in root.children() {
        if let Some(figure) = figure_of(node) {
            for child in node.children() {
                child.detach();
            }
            let place = format!("{PLACE}{}{PLACE}", figures.len());
            node.append(arena.alloc(NodeValue::Text(place.into()).into()));
            figures.push(figure);
        }
    }
    let mut made = String::new();
    if format_html(root, &options, &mut made).is_err() {
        return Html::default();
    }
    let mut cleaned = clean(&lower_headings(&made));
    for (index, figure) in figures.iter().enumerate() {
        let markup = pictures
            .get(&figure.path)
            .map(|picture| figure_view(Some(picture), &figure.caption, &figure.credit, "", false, t).into_string());
        cleaned = cleaned.replace(&format!("<p>{PLACE}{index}{PLACE}</p>"), &markup.unwrap_or_default());
    }
    Html::from_clean(cleaned)
}

/// The figures of a text, in their order.
pub fn list_figures(markdown: &str) -> Vec<FigureSource> {
    let arena = Arena::new();
    parse_document(&arena, markdown, &options()).children().filter_map(figure_of).collect()
}

fn options() -> Options<'static> {
    let mut options = Options::default();
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
            let (caption, credit) = link.title.split_once('|').unwrap_or((&link.title, ""));
            let mut alt = String::new();
            for part in picture.descendants() {
                if let NodeValue::Text(text) = &part.data.borrow().value {
                    alt.push_str(text);
                }
            }
            let (caption, credit) = (caption.trim().to_owned(), credit.trim().to_owned());
            Some(FigureSource { path: link.url.clone(), alt, caption, credit, line })
        }
        _ => None,
    }
}

/// A first-level heading in a body would compete with the title.
fn lower_headings(html: &str) -> String {
    html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
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
    ]
    .into();
    let attributes: HashMap<&str, HashSet<&str>> =
        [("a", ["href"].into()), ("ol", ["start"].into()), ("th", ["align"].into()), ("td", ["align"].into())].into();
    ammonia::Builder::empty()
        .tags(tags)
        .tag_attributes(attributes)
        .clean_content_tags(["script", "style"].into())
        .url_schemes(["http", "https", "mailto"].into())
        // Files and other sites are not the router's, which takes every link of this origin.
        .link_rel(Some("external noopener"))
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
    fn a_comment_keeps_its_lines_and_its_links_are_safe() {
        let html = render_comment("Xem https://example.vn/a?b=1&c=\"2\n<b>dòng hai</b>\n\nđoạn hai");
        assert_eq!(
            html.as_str(),
            "<p>Xem <a href=\"https://example.vn/a?b=1&amp;c=\" rel=\"ugc nofollow noopener\">https://example.vn/a?b=1&amp;c=</a>\
             &quot;2<br>&lt;b&gt;dòng hai&lt;/b&gt;</p><p>đoạn hai</p>"
        );
    }
}
