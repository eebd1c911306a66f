//! Slugs: the part of a URL that names an announcement, a category or a tag.

use std::fmt;

use serde::{Deserialize, Serialize};

const LONGEST: usize = 100;
/// Words that stand below `/tin` for something else.
const RESERVED: [&str; 1] = ["chuyen-muc"];

/// Lower-case letters a–z, digits and single hyphens, 1 to 100 signs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Slug(String);

impl Slug {
    /// Reads a slug from a URL or from front matter.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = !text.is_empty()
            && text.len() <= LONGEST
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        (well_formed && !RESERVED.contains(&text)).then(|| Self(text.to_owned()))
    }

    /// Makes a slug of folded text (see [`super::text::fold`]), cut at a word; `None` if no letter is left.
    pub fn from_folded(folded: &str) -> Option<Self> {
        let mut slug = String::new();
        for word in folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
            if slug.len() + word.len() + 1 > LONGEST {
                if slug.is_empty() {
                    slug.extend(word.chars().take(LONGEST));
                }
                break;
            }
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.push_str(word);
        }
        if RESERVED.contains(&slug.as_str()) {
            slug.push_str("-1");
        }
        Self::parse(&slug)
    }

    /// The same slug with a number, for a second thing of the same name.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let suffix = format!("-{number}");
        let kept = self.0.len().min(LONGEST - suffix.len());
        Self(format!("{}{suffix}", self.0[..kept].trim_end_matches('-')))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_of_words_and_cut_between_them() {
        assert_eq!(
            Slug::from_folded("hoa binh: muc tieu \"kep\"").map(|s| s.0).as_deref(),
            Some("hoa-binh-muc-tieu-kep")
        );
        let long = "phong trao ".repeat(30);
        let slug = Slug::from_folded(&long).expect("a slug");
        assert!(slug.as_str().len() <= LONGEST && slug.as_str().ends_with("trao"));
        assert_eq!(Slug::from_folded("“…” !"), None);
    }

    #[test]
    fn the_word_for_categories_is_no_slug() {
        assert_eq!(Slug::parse("chuyen-muc"), None);
        assert_eq!(Slug::from_folded("chuyen muc").map(|s| s.0).as_deref(), Some("chuyen-muc-1"));
    }

    #[test]
    fn a_numbered_slug_is_a_slug() {
        let long = Slug::parse(&"a".repeat(100)).expect("a slug");
        assert!(Slug::parse(long.numbered(12).as_str()).is_some());
        for text in ["", "-a", "a-", "a--b", "A", "a b", "ế"] {
            assert_eq!(Slug::parse(text), None, "{text}");
        }
    }
}
