//! Receipt codes: what a citizen keeps of a comment or a submission.

use std::fmt;

use serde::{Deserialize, Serialize};

/// 32 signs that nobody confuses when they are read out: no 0 and O, no 1 and I.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 12;

/// Twelve signs, 60 random bits, shown in groups of four: `K7QM-3XPA-9RTB`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReceiptCode(String);

impl ReceiptCode {
    /// Makes a code from random bytes.
    pub fn from_random(bytes: [u8; LENGTH]) -> Self {
        Self(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }

    /// Reads what a person typed: lower case, spaces and dashes do not matter.
    pub fn parse(text: &str) -> Option<Self> {
        let code = signs_of(text)?;
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// The code as the database keeps it, without dashes.
    pub fn as_stored(&self) -> &str {
        &self.0
    }
}

/// Sixteen signs, 80 bits, in groups of four: with it whoever sent something changes it or takes it back. A receipt may be
/// read out and shown; this one is for its sender alone.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditCode(String);

#[cfg(feature = "ssr")]
impl EditCode {
    /// Makes a code from bytes that nobody can guess.
    pub fn from_bytes(bytes: &[u8; 16]) -> Self {
        Self(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }

    /// Reads what a person typed, as with a receipt.
    pub fn parse(text: &str) -> Option<Self> {
        let code = signs_of(text)?;
        (code.len() == 16).then_some(Self(code))
    }

    /// The code without dashes.
    pub fn as_plain(&self) -> &str {
        &self.0
    }
}

#[cfg(feature = "ssr")]
impl fmt::Display for EditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..12], &self.0[12..])
    }
}

/// The signs of a code as people type it: lower case, spaces and dashes do not matter.
fn signs_of(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    let code: String =
        text.chars().filter(|c| !matches!(c, '-' | ' ' | '\u{2013}')).map(|c| c.to_ascii_uppercase()).collect();
    code.bytes().all(|byte| ALPHABET.contains(&byte)).then_some(code)
}

impl fmt::Display for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = ReceiptCode::from_random([0, 1, 2, 3, 31, 32, 33, 255, 9, 10, 11, 12]);
        let shown = code.to_string();
        assert_eq!(ReceiptCode::parse(&shown), Some(code.clone()));
        assert_eq!(ReceiptCode::parse(&shown.to_lowercase().replace('-', " ")), Some(code));
    }

    #[test]
    fn no_code_holds_signs_that_are_confused() {
        for sign in ['0', 'O', '1', 'I'] {
            assert!(!ALPHABET.contains(&(sign as u8)));
        }
        for text in ["", "K7QM-3XPA-9RT", "K7QM-3XPA-9RT0", "K7QM-3XPA-9RTBB", "ỄỄỄ-ỄỄỄ-ỄỄỄ"] {
            assert_eq!(ReceiptCode::parse(text), None, "{text}");
        }
    }
}
