//! Regular expressions for folded text, and texts that were changed sign by sign with the way back.

use std::ops::Range;

use regex::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{ConditionProblem, HITS_MOST};
use crate::domain::text::fold;

/// What a regular expression may take once it is compiled, in bytes.
const PATTERN_MOST: usize = 1 << 20;

/// A regular expression for folded text: neither capitals nor marks count in it.
#[derive(Clone, Debug)]
pub struct Pattern {
    written: String,
    regex: Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// Reads a regular expression.
    ///
    /// # Errors
    ///
    /// What is wrong: there is none, it is not well formed, or it is too large.
    pub fn parse(written: &str) -> Result<Self, ConditionProblem> {
        let written = written.trim();
        if written.is_empty() {
            return Err(ConditionProblem::Empty);
        }
        // Its case stays: `\S` is not `\s`.
        let plain: String = written.nfd().filter(|sign| !is_combining_mark(*sign)).map(without_bar).collect();
        let compiled = RegexBuilder::new(&plain).case_insensitive(true).size_limit(PATTERN_MOST).build();
        let regex = compiled.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => ConditionProblem::TooLarge,
            _ => ConditionProblem::Pattern,
        })?;
        Ok(Self { written: written.to_owned(), regex })
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// At most [`HITS_MOST`] places; an empty one is none.
    pub(super) fn find(&self, text: &str) -> Vec<Range<usize>> {
        let folded = Changed::new(text, fold_sign);
        let found = self.regex.find_iter(&folded.text);
        found.filter_map(|found| folded.place(found.range())).take(HITS_MOST).collect()
    }
}

const fn without_bar(sign: char) -> char {
    match sign {
        'đ' => 'd',
        'Đ' => 'D',
        _ => sign,
    }
}

pub(super) fn fold_sign(sign: char, folded: &mut String) {
    if sign.is_ascii() {
        folded.push(sign.to_ascii_lowercase());
    } else {
        folded.push_str(&fold(sign.encode_utf8(&mut [0; 4])));
    }
}

/// A text in which each sign was changed, with the way back.
pub(super) struct Changed {
    pub(super) text: String,
    /// For each byte the bytes of the original that it was made of.
    places: Vec<(usize, usize)>,
}

impl Changed {
    pub(super) fn new(original: &str, change: fn(char, &mut String)) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut places: Vec<(usize, usize)> = Vec::with_capacity(original.len());
        for (from, sign) in original.char_indices() {
            let to = from + sign.len_utf8();
            change(sign, &mut text);
            if places.len() < text.len() {
                places.resize(text.len(), (from, to));
            } else if let Some(place) = places.last_mut().filter(|place| is_combining_mark(sign) && place.1 == from) {
                place.1 = to;
            }
        }
        Self { text, places }
    }

    /// What a range was made of, if that is anything.
    pub(super) fn place(&self, range: Range<usize>) -> Option<Range<usize>> {
        let places = self.places.get(range).filter(|places| !places.is_empty())?;
        Some(places.first()?.0..places.last()?.1)
    }
}
