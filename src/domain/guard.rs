//! What looks like personal data in what citizens write in public, and the same text with it masked.
//!
//! The patterns are in `client/discussion/guard.json`, and the browser finds the same with them (`guard.js` beside it).
//! Earlier patterns go first where two overlap. What is found is the pattern's only group; around it stands what has to
//! be there. A match without the group is something else that must not be mistaken (an amount, a code, a document's
//! number). After a find the search goes on right behind the group, else behind the match.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

/// What stands in place of a digit.
const DOT: char = '•';

/// What a find looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonalKind {
    /// A telephone number, of a mobile or a fixed line; the short numbers of hotlines are none.
    Phone,
    /// The twelve digits of a citizen's card (CCCD), or the nine of an old one (CMND) after a word for it.
    CitizenNumber,
    /// An e-mail address, also one that is written so that machines do not see it.
    Email,
    /// A bank account's number after a word for it.
    Account,
}

/// A place in a text that looks like personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it looks like.
    pub kind: PersonalKind,
    /// The byte at which it begins.
    pub from: usize,
    /// The byte behind its end.
    pub to: usize,
}

/// A line of the list of patterns.
#[derive(Deserialize)]
struct Pattern {
    kind: PersonalKind,
    pattern: String,
}

static FINDERS: LazyLock<Vec<(PersonalKind, Regex)>> = LazyLock::new(|| {
    // Both can only fail if the file is wrong, which a test would tell.
    let patterns: Vec<Pattern> =
        serde_json::from_str(include_str!("../../client/discussion/guard.json")).unwrap_or_default();
    patterns
        .into_iter()
        .filter_map(|Pattern { kind, pattern }| {
            Some((kind, RegexBuilder::new(&pattern).case_insensitive(true).build().ok()?))
        })
        .collect()
});

/// What looks like personal data in a text, in order and without overlaps. The text has to be composed (NFC).
pub fn find_personal(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (kind, finder) in FINDERS.iter() {
        let mut places = finder.capture_locations();
        let mut at = 0;
        while let Some(whole) = finder.captures_read_at(&mut places, text, at) {
            let next = match places.get(1) {
                Some((from, to)) => {
                    if !found.iter().any(|one| from < one.to && one.from < to) {
                        found.push(Found { kind: *kind, from, to });
                    }
                    to
                }
                None => whole.end(),
            };
            if next <= at {
                break;
            }
            at = next;
        }
    }
    found.sort_by_key(|one| one.from);
    found
}

/// The text with what looks like personal data masked, so that its sentences can still be read but nobody can call,
/// write to, or be taken for whoever is in them: `09•• ••• •78`, `••••••••••45`, `l•••@gmail.com`.
pub fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for Found { kind, from, to } in find_personal(text) {
        masked.push_str(text.get(at..from).unwrap_or_default());
        let found = text.get(from..to).unwrap_or_default();
        match kind {
            PersonalKind::Phone => mask_digits(found, 2, &mut masked),
            PersonalKind::CitizenNumber | PersonalKind::Account => mask_digits(found, 0, &mut masked),
            PersonalKind::Email => mask_address(found, &mut masked),
        }
        at = to;
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    masked
}

/// Leaves the first digits and the last two, and what stands between digits. An o in a number is meant as a zero.
fn mask_digits(number: &str, first: usize, masked: &mut String) {
    let is_digit = |c: &char| matches!(c, '0'..='9' | 'o' | 'O');
    let last = number.chars().filter(is_digit).count().saturating_sub(2);
    let mut seen = 0;
    for c in number.chars() {
        let is_hidden = is_digit(&c) && {
            seen += 1;
            seen > first && seen <= last
        };
        masked.push(if is_hidden { DOT } else { c });
    }
}

/// Leaves the first sign of what stands before the @, and the provider.
fn mask_address(address: &str, masked: &mut String) {
    masked.extend(address.chars().next());
    masked.extend([DOT; 3]);
    let provider = address.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '_' | '%' | '+' | '-'));
    masked.push_str(provider.and_then(|at| address.get(at..)).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Case {
        text: String,
        found: Vec<CaseFound>,
        masked: String,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct CaseFound {
        kind: PersonalKind,
        text: String,
    }

    fn cases() -> Vec<Case> {
        serde_json::from_str(include_str!("../../client/discussion/test/guard-cases.json")).expect("the cases")
    }

    #[test]
    fn every_pattern_can_be_read_has_one_group_and_matches_something() {
        let patterns: Vec<Pattern> =
            serde_json::from_str(include_str!("../../client/discussion/guard.json")).expect("the patterns");
        assert_eq!(patterns.len(), FINDERS.len());
        for (_, finder) in FINDERS.iter() {
            assert_eq!(finder.captures_len(), 2, "{finder}");
            assert!(!finder.is_match(""), "{finder}");
        }
    }

    #[test]
    fn what_is_personal_is_found_and_nothing_else() {
        for Case { text, found, .. } in cases() {
            let seen: Vec<_> = find_personal(&text)
                .into_iter()
                .map(|Found { kind, from, to }| CaseFound { kind, text: text[from..to].to_owned() })
                .collect();
            assert_eq!(seen, found, "{text}");
        }
    }

    #[test]
    fn what_is_found_is_masked_and_then_not_found_again() {
        for Case { text, masked, .. } in cases() {
            assert_eq!(mask(&text), masked, "{text}");
            assert_eq!(find_personal(&masked), [], "{text}");
        }
    }

    #[test]
    fn places_are_between_characters_whatever_stands_around() {
        let text = "👍🏽 0912345678 👨‍👩‍👧 a@b.vn Ễ";
        let seen: Vec<_> = find_personal(text).iter().map(|one| &text[one.from..one.to]).collect();
        assert_eq!(seen, ["0912345678", "a@b.vn"]);
        // The Kelvin sign is a k to a search that does not mind the case.
        assert_eq!(mask("gửi \u{212a}im@gmail.com"), "gửi \u{212a}•••@gmail.com");
    }

    #[test]
    fn a_long_text_of_one_sort_of_sign_does_not_stop_the_server() {
        for part in ["0", "09", "0912 ", "0912.", "84", "a", "a.", "a@", "stk ", "cmnd ", "mã số a ", "1.", "0 ", "("]
        {
            assert!(!mask(&part.repeat(2000)).is_empty(), "{part}");
        }
    }
}
