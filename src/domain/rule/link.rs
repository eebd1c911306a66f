//! Links, also those that are written so that no program takes them for one.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use unicode_normalization::UnicodeNormalization;

use super::letter::is_invisible;
use super::pattern::Changed;

/// A link with a scheme or `www.`, a domain as it is, and a domain whose last dot is disguised.
///
/// The second group of top-level domains are words as well, of which some end sentences without a space after them
/// (`xong.co`, `hay.top`): these need more, see [`is_link`]. A test has it that this is well formed.
pub(super) static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r"(?ix)
        (?: h(?:tt|xx)ps?:// | \b www \d{0,2} \. ) [\p{L}\p{N}] \S*
        |
        ( (?: [\p{L}\p{N}] [\p{L}\p{M}\p{N}-]* [.。] )+ )
        (?: asia|bet|biz|casino|click|club|com|cyou|edu|gov|icu|info|mobi|net|online|org|site|store|vn|website|xyz
        | ( (?-i: ai|app|be|cc|cf|cn|co|fun|ga|gg|gq|in|io|la|link|live|ly|me|ml|one|pro|ru|shop|so|tk|to|top|tv|uk|us
            |vip|win ) ) )
        \b (?: :\d{1,5} \b )? ( [/?\#] \S+ )?
        |
        ( [\p{L}\p{N}] [\p{L}\p{M}\p{N}-]* )
        (?: [\x20\t]? [\[({] [\x20\t]? (?: [.。] | dot | ch(?:ấ|a\u{302}\u{301})m ) [\x20\t]? [\])}] [\x20\t]?
        | [\x20\t]{1,3} [.。] [\x20\t]{0,3} | [\x20\t]{1,3} ch(?:ấ|a\u{302}\u{301})m [\x20\t]{1,3} )
        (?-i: com|info|net|org|vn|xyz|COM|INFO|NET|ORG|VN|XYZ )
        \b (?: [/?\#] \S+ )?";
    Regex::new(pattern).ok()
});

pub(super) fn find_links(text: &str) -> Vec<Range<usize>> {
    const CLOSING: [char; 12] = ['.', ',', ';', ':', '!', '?', ')', ']', '}', '"', '”', '»'];
    let Some(link) = LINK.as_ref() else { return Vec::new() };
    let composed = Changed::new(text, compose_sign);
    let found = link.captures_iter(&composed.text).filter(|found| is_link(found, &composed.text));
    let found = found.filter_map(|found| found.get(0));
    let places = found.map(|found| found.start()..found.start() + found.as_str().trim_end_matches(CLOSING).len());
    places.filter_map(|place| composed.place(place)).collect()
}

/// Whether what looks like a link is none of an e-mail address, a number before a word, and two sentences without a
/// space between them.
fn is_link(found: &Captures<'_>, text: &str) -> bool {
    let Some(labels) = found.get(1).or_else(|| found.get(4)) else { return true };
    let has_letters = labels.as_str().chars().any(char::is_alphabetic);
    let digits = labels.as_str().chars().filter(|sign| sign.is_numeric()).count();
    let has_name = has_letters || digits > 2;
    let may_be_word = found.get(2).is_some();
    let is_address = found.get(0).is_some_and(|whole| {
        let (before, after) = (text.get(..whole.start()), text.get(whole.end()..));
        before.is_some_and(|before| before.ends_with('@')) || after.is_some_and(|after| after.starts_with('@'))
    });
    has_name && !is_address && (!may_be_word || found.get(3).is_some() || (has_letters && digits > 0))
}

fn compose_sign(sign: char, composed: &mut String) {
    if !is_invisible(sign) {
        composed.extend(sign.nfkc());
    }
}
