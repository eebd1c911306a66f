//! Characters that are told by a font: those of symbol fonts, raised and lowered ones.

use super::styles::Shift;

/// A character of a symbol font as one that any font has. `None` if there is none.
pub(super) fn symbol(font: &str, code: u32) -> Option<char> {
    let font = font.to_lowercase();
    let private = (0xf000..=0xf0ff).contains(&code);
    let known = if font.starts_with("wingdings 2") {
        wingdings_2(code & 0xff)
    } else if font.starts_with("wingdings") {
        wingdings(code & 0xff)
    } else if font == "symbol" {
        greek(code & 0xff)
    } else {
        None
    };
    known.or_else(|| {
        char::from_u32(code)
            .filter(|character| !private && !character.is_control() && !('\u{e000}'..='\u{f8ff}').contains(character))
    })
}

fn wingdings(code: u32) -> Option<char> {
    Some(match code {
        0x21 => '✏',
        0x22 => '✂',
        0x28 => '☎',
        0x2a => '✉',
        0x4a => '☺',
        0x46 => '☞',
        0x6c => '●',
        0x6e => '■',
        0x6f | 0xa8 | 0x71 | 0x72 => '□',
        0x75 => '◆',
        0x76 => '❖',
        0x9e => '·',
        0x9f => '•',
        0xa1 => '○',
        0xa7 => '▪',
        0xab => '★',
        0xd8 => '➢',
        0xdf => '←',
        0xe0 | 0xe8 => '→',
        0xf0 => '⇨',
        0xfb => '✗',
        0xfc => '✓',
        0xfd => '☒',
        0xfe => '☑',
        _ => return None,
    })
}

fn wingdings_2(code: u32) -> Option<char> {
    Some(match code {
        0x4f => '✗',
        0x50 => '✓',
        0x52 => '☑',
        0x53 | 0x54 => '☒',
        0xa3 => '□',
        _ => return None,
    })
}

fn greek(code: u32) -> Option<char> {
    const UPPER: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
    const LOWER: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
    let of = |letters: &str, first: u32| letters.chars().nth(usize::try_from(code - first).unwrap_or(0));
    match code {
        0x41..=0x5a => of(UPPER, 0x41),
        0x61..=0x7a => of(LOWER, 0x61),
        0xa3 => Some('≤'),
        0xa5 => Some('∞'),
        0xae => Some('→'),
        0xb0 => Some('°'),
        0xb1 => Some('±'),
        0xb3 => Some('≥'),
        0xb4 => Some('×'),
        0xb7 => Some('•'),
        0xb8 => Some('÷'),
        0xb9 => Some('≠'),
        0xbb => Some('≈'),
        0xce => Some('∈'),
        0xd6 => Some('√'),
        0xde => Some('⇒'),
        0xe5 => Some('∑'),
        _ => None,
    }
}

/// Raised or lowered text in characters that stand so themselves: 10⁵ is not 105. `None` if not all of it has such.
pub(super) fn shifted(text: &str, shift: Shift) -> Option<String> {
    let (from, to) = match shift {
        Shift::None => return None,
        Shift::Up => ("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"),
        Shift::Down => ("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
    };
    let one = |character: char| {
        if character.is_whitespace() {
            return Some(character);
        }
        let index = from.chars().position(|known| known == character)?;
        to.chars().nth(index)
    };
    text.chars().map(one).collect()
}
