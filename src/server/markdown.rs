//! Text that people write, as HTML: Markdown for announcements, plain paragraphs with safe links for comments.
//!
//! comrak makes HTML of Markdown (raw HTML in it is dropped), ammonia lets only a short list of elements through.

use std::collections::{HashMap, HashSet};

use comrak::{Options, markdown_to_html};

use crate::domain::html::{Html, escape};

/// Markdown as clean HTML. Headings begin at the second level, since the page's title is the first.
pub fn render(markdown: &str) -> Html {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.footnotes = false;
    options.extension.header_id_prefix = None;
    options.render.r#unsafe = false;
    Html::from_clean(clean(&lower_headings(&markdown_to_html(markdown, &options))))
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
        .link_rel(Some("noopener"))
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
    fn a_comment_keeps_its_lines_and_its_links_are_safe() {
        let html = render_comment("Xem https://example.vn/a?b=1&c=\"2\n<b>dòng hai</b>\n\nđoạn hai");
        assert_eq!(
            html.as_str(),
            "<p>Xem <a href=\"https://example.vn/a?b=1&amp;c=\" rel=\"ugc nofollow noopener\">https://example.vn/a?b=1&amp;c=</a>\
             &quot;2<br>&lt;b&gt;dòng hai&lt;/b&gt;</p><p>đoạn hai</p>"
        );
    }
}
