//! Links: where they lead, and whether they say so.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, parse_document};
use serde::{Deserialize, Serialize};

use super::body::gather_text;
use super::personal::find_personal;
use super::{Field, FindingKind, Findings, choose_dialect};

/// A link to a page of the portal itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The line of the body, from 1.
    pub line: usize,
    /// Where it leads, as a path that begins with `/`, with its query and fragment as written.
    pub target: String,
}

/// The links of a body that lead to the portal itself: to a path, or to an address that begins with `base_url`, such
/// as `https://example.gov.vn`, with or without TLS.
pub fn internal_links(body: &str, base_url: &str) -> Vec<Link> {
    let arena = Arena::new();
    let base = strip_scheme(base_url.trim_end_matches('/')).unwrap_or_default();
    let links = parse_document(&arena, body, &choose_dialect(body)).descendants().filter_map(|node| {
        let data = node.data.borrow();
        let NodeValue::Link(link) = &data.value else { return None };
        let target = find_path(&link.url, base)?;
        Some(Link { line: data.sourcepos.start.line, target })
    });
    links.collect()
}

/// A link as readers meet it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLink {
    /// The line of the body, from 1.
    pub line: usize,
    /// Where it leads, as written.
    pub url: String,
    /// What it is read as.
    pub text: String,
}

/// The links of a body.
pub fn read_links(body: &str) -> Vec<ReadLink> {
    let arena = Arena::new();
    let links = parse_document(&arena, body, &choose_dialect(body)).descendants().filter_map(|node| {
        let data = node.data.borrow();
        let NodeValue::Link(link) = &data.value else { return None };
        Some(ReadLink { line: data.sourcepos.start.line, url: link.url.clone(), text: gather_text(node) })
    });
    links.collect()
}

fn find_path(url: &str, base: &str) -> Option<String> {
    if url.starts_with('/') && !url.starts_with("//") {
        return Some(url.to_owned());
    }
    let (start, path) = strip_scheme(url)?.split_at_checked(base.len())?;
    if base.is_empty() || !start.eq_ignore_ascii_case(base) {
        return None;
    }
    // `example.gov.vn.other.com` and `example.gov.vn:8080` are other places.
    match path.chars().next() {
        None => Some("/".to_owned()),
        Some('/') => Some(path.to_owned()),
        Some('?' | '#') => Some(format!("/{path}")),
        Some(_) => None,
    }
}

fn strip_scheme(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")).then_some(rest)
}

/// Checks a link to `url` that is read as `text`.
pub(super) fn check_link<'a>(node: &'a AstNode<'a>, url: &str, text: &str, findings: &mut Findings<'_>) {
    let start = node.data.borrow().sourcepos.start.line;
    let line = Some(start);
    if url.trim().is_empty() || url.trim() == "#" {
        findings.add(Field::Body, line, FindingKind::LinkTargetMissing, text);
    }
    if is_own_computer(url) {
        findings.add_once(start, FindingKind::LinkLocalhost, url);
    }
    let has_image = node.descendants().any(|part| matches!(part.data.borrow().value, NodeValue::Image(_)));
    if is_bare(text) && !has_image {
        findings.add(Field::Body, line, FindingKind::LinkTextBare, text);
    }
    if let Some(address) = url.strip_prefix("mailto:").or_else(|| url.strip_prefix("tel:")) {
        find_personal((Field::Body, line), address, findings);
    }
}

/// Whether an address leads to the computer of whoever reads it.
pub(super) fn is_own_computer(url: &str) -> bool {
    let Some(rest) = strip_scheme(url).or_else(|| url.strip_prefix("//")) else { return false };
    let place = rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase();
    let place = place.rsplit('@').next().unwrap_or_default();
    if place.starts_with("[::1]") {
        return true;
    }
    let host = place.split(':').next().unwrap_or_default();
    matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0") || host.ends_with(".localhost")
}

/// Words that tell nothing when a screen reader lists the links of a page.
fn is_bare(text: &str) -> bool {
    let words = text.to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    matches!(
        words.join(" ").as_str(),
        "" | "đây"
            | "ở đây"
            | "tại đây"
            | "xem tại đây"
            | "xem ở đây"
            | "bấm vào đây"
            | "nhấn vào đây"
            | "xem thêm"
            | "xem chi tiết"
            | "chi tiết"
            | "đọc thêm"
            | "xem"
            | "link"
            | "here"
            | "click here"
            | "more"
            | "read more"
            | "see more"
            | "details"
    )
}

#[cfg(test)]
mod tests {
    use super::super::FindingKind::*;
    use super::super::tests::in_body;
    use super::*;

    #[test]
    fn links_lead_somewhere_and_say_where() {
        assert_eq!(in_body("một\n[mẫu đơn]() và\n[tờ khai](#)"), [(LinkTargetMissing, 2), (LinkTargetMissing, 3)]);
        for own in [
            "http://localhost:3000/tin",
            "https://LOCALHOST",
            "http://127.0.0.1/a",
            "//localhost/x",
            "http://[::1]:80/",
        ] {
            assert_eq!(in_body(&format!("xem [mẫu đơn]({own})")), [(LinkLocalhost, 1)], "{own}");
        }
        assert_eq!(in_body("vào http://localhost:8080/tin để xem"), [(LinkLocalhost, 1)]);
        assert_eq!(in_body("[mẫu đơn](https://localhost.vn/a) [tin](https://a.vn/localhost)"), []);
        for bare in ["tại đây", "Tại đây.", "**Xem thêm**", "here", "Xem thêm…", "»", "ta\u{323}i đây"] {
            assert_eq!(in_body(&format!("[{bare}](/tin/a)")), [(LinkTextBare, 1)], "{bare}");
        }
        assert_eq!(
            in_body("[Xem thêm về lịch tiêm](/tin/a), [![Sơ đồ](s.jpg)](/b) rồi nộp tại đây. `[tại đây](/a)`"),
            []
        );
        assert_eq!(in_body("https://example.vn/tin và www.example.vn"), []);
    }

    #[test]
    fn links_within_the_portal_are_listed_as_paths() {
        let body = "[a](/tin/a) [b](//khac.vn/b) [c](https://Xa.Example.gov.vn/c?d=1#e)\n\n\
            [d](http://xa.example.gov.vn) [e](https://xa.example.gov.vn.evil.com/x) [f](https://xa.example.gov.vn?q=1)\n\
            [g](https://khac.vn/g) [h](h.html) [i](https://xa.example.gov.vn:8080/i)\n\n> https://xa.example.gov.vn/k\n\n\
            `[l](/l)` ![m](/m.jpg) [n][so]\n\n[so]: /n\n";
        let found: Vec<_> = internal_links(body, "https://xa.example.gov.vn/")
            .into_iter()
            .map(|link| (link.line, link.target))
            .collect();
        let expected = [(1, "/tin/a"), (1, "/c?d=1#e"), (3, "/"), (3, "/?q=1"), (6, "/k"), (8, "/n")];
        assert_eq!(found, expected.map(|(line, target)| (line, target.to_owned())));
        assert_eq!(
            internal_links("[a](https://a.vn) [b](/b)", "").len(),
            1,
            "without an address only paths are internal"
        );
        assert_eq!(internal_links("[a](https://é.vn/a)", "https://e"), []);
    }
}
