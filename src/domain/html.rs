//! Text as HTML: escaping, and the newtype for HTML that the server has already cleaned.

use serde::{Deserialize, Serialize};

/// HTML that is safe to put into a page as it is: made and cleaned by the server, never typed by a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Html(String);

impl Html {
    /// Marks HTML as safe. Only for what the server cleaned or escaped itself.
    pub fn from_clean(html: impl Into<String>) -> Self {
        Self(html.into())
    }

    /// The HTML as it is put into the page.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Escapes text for element content and for quoted attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Escapes JSON for a `<script>` of data: no `<` is left that could end it.
pub fn escape_json_script(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// Text as a part of an address: everything but unreserved signs percent-encoded (RFC 3986).
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sign_of_an_address_is_left_in_its_parts() {
        assert_eq!(percent_encode("đi&về=1 a-z"), "%C4%91i%26v%E1%BB%81%3D1%20a-z");
    }

    #[test]
    fn nothing_that_ends_an_element_is_left() {
        assert_eq!(escape("</title><script>'\"&"), "&lt;/title&gt;&lt;script&gt;&#39;&quot;&amp;");
        assert!(!escape_json_script("\"</script><!--\"").contains('<'));
    }
}
