//! The languages of the interface and how they stand in URLs.

use serde::{Deserialize, Serialize};

/// A language: of the interface, or of a piece of content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Vietnamese, the language of URLs without a prefix.
    #[default]
    Vi,
    /// English, under `/en`.
    En,
}

impl Lang {
    /// The language tag of HTML and of the database: `vi` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }

    /// The language with this tag, if the portal has it.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "vi" => Some(Lang::Vi),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The language of the interface at a path: `/en` and what is below it is English.
    pub fn of_path(path: &str) -> Self {
        match path.strip_prefix("/en") {
            Some(rest) if rest.is_empty() || rest.starts_with('/') || rest.starts_with('?') => Lang::En,
            _ => Lang::Vi,
        }
    }

    /// A Vietnamese path (`/tin`) as it stands in this language (`/en/tin`).
    pub fn href(self, path: &str) -> String {
        match self {
            Lang::Vi => path.to_owned(),
            Lang::En if path == "/" => "/en".to_owned(),
            Lang::En => format!("/en{path}"),
        }
    }

    /// The Vietnamese path of a path in any language: `/en/tin` gives `/tin`.
    pub fn strip(path: &str) -> &str {
        match Self::of_path(path) {
            Lang::Vi => path,
            Lang::En => match &path[3..] {
                "" => "/",
                rest => rest,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_below_en_is_english_and_a_word_that_begins_with_en_is_not() {
        assert_eq!(Lang::of_path("/en"), Lang::En);
        assert_eq!(Lang::of_path("/en/tin/a"), Lang::En);
        assert_eq!(Lang::of_path("/english"), Lang::Vi);
        assert_eq!(Lang::of_path("/"), Lang::Vi);
    }

    #[test]
    fn switching_the_language_keeps_the_page() {
        for path in ["/", "/tin", "/tin/a-b"] {
            assert_eq!(Lang::strip(&Lang::En.href(path)), path);
            assert_eq!(Lang::strip(&Lang::Vi.href(path)), path);
        }
    }
}
