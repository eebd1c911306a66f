//! The letters of a text as a reader sees them: through look-alikes, invisible signs and what is put between them.

use std::iter::repeat_n;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The letters and digits of a text, folded, by which it is known again; empty for a text without any, which is the
/// same as no other.
pub fn skeleton(text: &str) -> String {
    read_letters(text).iter().map(|letter| letter.sign).filter(|sign| sign.is_alphanumeric()).collect()
}

/// What stands between a letter and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing that is seen.
    None,
    /// What may stand within a disguised word: punctuation, or white space between single letters.
    Trick,
    /// What parts words.
    Hard,
}

/// A letter, digit, `@` or `$` of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    /// Folded.
    pub(super) sign: char,
    /// Its Vietnamese marks, one bit each.
    pub(super) marks: u16,
    /// Whether [`stand_ins`] count.
    pub(super) stands_in: bool,
    pub(super) gap: Gap,
    pub(super) from: usize,
    /// After its marks.
    pub(super) to: usize,
}

/// The bar of `đ`, a mark that Unicode does not take off.
const BAR: u16 = 1 << 3;
/// The marks that make another letter; the others are tones.
pub(super) const SHAPES: u16 = (1 << 4) - 1;

const fn mark_bit(mark: char) -> u16 {
    match mark {
        '\u{302}' => 1,
        '\u{306}' => 1 << 1,
        '\u{31b}' => 1 << 2,
        '\u{300}' => 1 << 4,
        '\u{301}' => 1 << 5,
        '\u{303}' => 1 << 6,
        '\u{309}' => 1 << 7,
        '\u{323}' => 1 << 8,
        _ => 0,
    }
}

/// Letters that a digit or a sign is written for.
pub(super) const fn stand_ins(sign: char) -> &'static [char] {
    match sign {
        '0' => &['o'],
        '1' => &['i', 'l'],
        '3' => &['e'],
        '4' | '@' => &['a'],
        '5' | '$' => &['s'],
        _ => &[],
    }
}

/// `@` and `$`, which are letters only where a phrase needs one, and punctuation else.
pub(super) const fn is_half_letter(sign: char) -> bool {
    matches!(sign, '@' | '$')
}

/// The Latin letter that a letter without marks looks like: Cyrillic, Greek, phonetic and emoji ones.
fn look_alike(sign: char) -> Option<char> {
    Some(match sign {
        'а' | 'А' | 'α' | 'Α' | 'ɑ' | 'ᴀ' => 'a',
        'в' | 'В' | 'β' | 'Β' | 'ь' | 'Ь' | 'ʙ' => 'b',
        'с' | 'С' | 'ς' | 'ᴄ' => 'c',
        'đ' | 'Đ' | 'ð' | 'Ð' | 'ɖ' | 'Ɖ' | 'ԁ' | 'ᴅ' => 'd',
        'е' | 'Е' | 'є' | 'Є' | 'ε' | 'Ε' | 'ᴇ' => 'e',
        'ƒ' | 'ꜰ' => 'f',
        'ɡ' | 'ɢ' => 'g',
        'н' | 'Н' | 'һ' | 'Һ' | 'Η' | 'ʜ' => 'h',
        'і' | 'І' | 'ι' | 'Ι' | 'ı' | 'ɪ' => 'i',
        'ј' | 'Ј' | 'ᴊ' => 'j',
        'к' | 'К' | 'κ' | 'Κ' | 'ᴋ' => 'k',
        'ł' | 'Ł' | 'ӏ' | 'Ӏ' | 'ʟ' => 'l',
        'м' | 'М' | 'Μ' | 'ᴍ' => 'm',
        'п' | 'η' | 'Ν' | 'ɴ' => 'n',
        'о' | 'О' | 'ο' | 'Ο' | 'σ' | 'ø' | 'Ø' | 'ᴏ' => 'o',
        'р' | 'Р' | 'ρ' | 'Ρ' | 'ᴘ' => 'p',
        'ԛ' => 'q',
        'г' | 'ʀ' => 'r',
        'ѕ' | 'Ѕ' | 'ꜱ' => 's',
        'т' | 'Т' | 'τ' | 'Τ' | 'ᴛ' => 't',
        'и' | 'И' | 'υ' | 'μ' | 'ᴜ' => 'u',
        'ν' | 'ѵ' | 'ᴠ' => 'v',
        'ω' | 'ԝ' | 'ᴡ' => 'w',
        'х' | 'Х' | 'χ' | 'Χ' => 'x',
        'у' | 'У' | 'ү' | 'Ү' | 'γ' | 'Υ' | 'ʏ' => 'y',
        'ζ' | 'Ζ' | 'ᴢ' => 'z',
        '\u{1f150}'..='\u{1f169}' => nth_letter(sign, '\u{1f150}')?,
        '\u{1f170}'..='\u{1f189}' => nth_letter(sign, '\u{1f170}')?,
        _ => return None,
    })
}

fn nth_letter(sign: char, first: char) -> Option<char> {
    char::from_u32(u32::from('a') + u32::from(sign).checked_sub(u32::from(first))?)
}

/// Signs that take no place: control and zero-width signs, direction overrides, blank letters, tags.
pub(super) fn is_invisible(sign: char) -> bool {
    !sign.is_whitespace()
        && (sign.is_control()
            || matches!(sign,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'))
}

/// The letters of a text in order, the first after a hard gap.
pub(super) fn read_letters(text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::with_capacity(text.len());
    let mut gap = Gap::Hard;
    for (from, sign) in text.char_indices() {
        let to = from + sign.len_utf8();
        if sign.is_whitespace() {
            gap = Gap::Hard;
            continue;
        }
        if is_invisible(sign) {
            continue;
        }
        for part in sign.nfkd() {
            if is_combining_mark(part) {
                if let (Gap::None, Some(letter)) = (gap, letters.last_mut()) {
                    letter.marks |= mark_bit(part);
                    letter.to = to;
                }
                continue;
            }
            let lower = look_alike(part).or_else(|| part.to_lowercase().next()).unwrap_or(part);
            if lower.is_alphanumeric() || is_half_letter(lower) {
                let marks = if matches!(part, 'đ' | 'Đ' | 'ð' | 'Ð' | 'ɖ' | 'Ɖ') { BAR } else { 0 };
                letters.push(Letter { sign: lower, marks, stands_in: false, gap, from, to });
                gap = Gap::None;
            } else {
                gap = gap.max(Gap::Trick);
            }
        }
    }
    settle(&mut letters);
    letters
}

const fn is_consonant(sign: char) -> bool {
    sign.is_ascii_lowercase() && !matches!(sign, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// Tells white space between single letters, or parts of words, from that between words, and digits within words from numbers.
fn settle(letters: &mut [Letter]) {
    let mut is_alone = Vec::with_capacity(letters.len());
    for piece in letters.chunk_by(|_, next| next.gap == Gap::None) {
        let count = piece.iter().filter(|letter| !is_half_letter(letter.sign)).count();
        // `nh ư` is no two words: no word of Vietnamese is without a vowel.
        let is_part = piece.iter().all(|letter| is_consonant(letter.sign));
        is_alone.extend(repeat_n(count == 1 || piece.len() == 1 || is_part, piece.len()));
    }
    for at in 1..letters.len() {
        let parted = is_half_letter(letters[at].sign) || is_half_letter(letters[at - 1].sign);
        letters[at].gap = match letters[at].gap {
            Gap::Hard if is_alone[at - 1] && is_alone[at] => Gap::Trick,
            Gap::None if parted => Gap::Trick,
            gap => gap,
        };
    }
    for word in letters.chunk_by_mut(|_, next| next.gap != Gap::Hard) {
        if word.iter().any(|letter| letter.sign.is_alphabetic()) {
            for letter in word {
                letter.stands_in = !stand_ins(letter.sign).is_empty();
            }
        }
    }
}
