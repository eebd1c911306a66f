//! Which pages are kept, and under what: the path, and of the query only what the page looks at, in one order.

use std::sync::Arc;

use http::{HeaderMap, Method, Uri, header};

use crate::domain::lang::Lang;

/// Our cookies begin with one of these; whoever sends one gets a page of their own.
const OWN_COOKIES: [&str; 2] = ["thidua", "__Host-thidua"];

/// The address of a kept page, without what the page does not look at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageKey(Arc<str>);

impl PageKey {
    /// The key of a request, if its page is one that is kept.
    pub fn of(method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        if !matches!(*method, Method::GET | Method::HEAD) || has_own_cookie(headers) {
            return None;
        }
        let known = known_parameters(Lang::strip(uri.path()))?;
        let mut key = uri.path().to_owned();
        let query = uri.query().unwrap_or_default();
        let mut separator = '?';
        for name in known {
            let mut values = query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(key, _)| key == name);
            let Some((_, value)) = values.next() else { continue };
            // Which of two values counts is the page's business.
            if values.next().is_some() {
                return None;
            }
            key.push(separator);
            key.push_str(name);
            key.push('=');
            key.push_str(value);
            separator = '&';
        }
        Some(Self(key.into()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn has_own_cookie(headers: &HeaderMap) -> bool {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .any(|cookie| OWN_COOKIES.iter().any(|name| cookie.trim_start().starts_with(name)))
}

/// What the page at a Vietnamese path looks at in the query; `None` for pages that are not kept.
fn known_parameters(path: &str) -> Option<&'static [&'static str]> {
    let list = &["truoc", "sau"];
    let mut parts = path.strip_prefix('/')?.split('/');
    match (parts.next()?, parts.next(), parts.next(), parts.next()) {
        ("", None, ..) | ("chinh-sach", Some(_), None, _) => Some(&[]),
        ("tin", None, ..) | ("tin", Some("chuyen-muc"), Some(_), None) => Some(list),
        ("nhan" | "don-vi", Some(_), None, _) => Some(list),
        ("tin" | "thi-dua", Some(_), None, _) => Some(&["thu-tu", "tu", "tra-loi"]),
        ("dien-hinh", Some("gui"), None, _) => Some(&["phong-trao"]),
        ("thi-dua", None, ..) | ("dien-hinh", Some(_), None, _) => Some(&[]),
        ("thi-dua", Some(_), Some("ket-qua"), None) => Some(&["cum", "xep", "loc", "chi-tieu", "trang"]),
        ("thi-dua", Some(_), Some("don-vi"), Some(_)) if parts.next().is_none() => Some(&[]),
        ("thi-dua", Some(_), Some("so-lieu-chot"), Some(_)) if parts.next().is_none() => Some(&[]),
        ("dien-hinh", None, ..) => Some(&["loai", "truoc"]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(address: &str) -> Option<String> {
        let uri = address.parse().expect("an address");
        PageKey::of(&Method::GET, &uri, &HeaderMap::new()).map(|key| key.as_str().to_owned())
    }

    #[test]
    fn what_a_page_does_not_look_at_is_not_part_of_its_key() {
        for (address, expected) in [
            ("/", "/"),
            ("/?utm_source=x", "/"),
            ("/en", "/en"),
            ("/tin?sau=2&x=1", "/tin?sau=2"),
            ("/tin/a?tu=1-2&thu-tu=cu", "/tin/a?thu-tu=cu&tu=1-2"),
            ("/en/tin/a?fbclid=1", "/en/tin/a"),
            ("/tin/chuyen-muc/a?truoc=1-2", "/tin/chuyen-muc/a?truoc=1-2"),
            ("/nhan/a", "/nhan/a"),
            ("/don-vi/a?x=1&truoc=1-2", "/don-vi/a?truoc=1-2"),
            ("/en/thi-dua/a/so-lieu-chot/7?x=1", "/en/thi-dua/a/so-lieu-chot/7"),
            ("/dien-hinh?truoc=1-2&loai=sang-kien&x=1", "/dien-hinh?loai=sang-kien&truoc=1-2"),
            ("/dien-hinh/a?x=1", "/dien-hinh/a"),
            ("/dien-hinh/gui?phong-trao=a", "/dien-hinh/gui?phong-trao=a"),
            ("/chinh-sach/rieng-tu", "/chinh-sach/rieng-tu"),
        ] {
            assert_eq!(key(address).as_deref(), Some(expected), "{address}");
        }
    }

    #[test]
    fn what_is_of_one_reader_or_without_end_is_not_kept() {
        for address in ["/tim-kiem?q=a", "/theo-doi/K7QM", "/rss.xml", "/api/x", "/tin?sau=1&sau=2", "/a/b/c/d/e"] {
            assert_eq!(key(address), None, "{address}");
        }
        let uri = Uri::from_static("/");
        assert_eq!(PageKey::of(&Method::POST, &uri, &HeaderMap::new()), None);
        for (cookie, kept) in [("a=1; b=2", true), ("a=1; __Host-thidua=x", false), ("thidua_flash=1", false)] {
            let headers = HeaderMap::from_iter([(header::COOKIE, cookie.parse().expect("a value"))]);
            assert_eq!(PageKey::of(&Method::GET, &uri, &headers).is_some(), kept, "{cookie}");
        }
    }
}
