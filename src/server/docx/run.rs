//! The text of a paragraph in runs that look the same: Word cuts it wherever somebody has once typed, and leaves blanks
//! in or out of what is bold as it happens.

use super::content::{Look, Piece};
use super::emphasis::{Class, class};
use super::escape::is_letter;

/// Text of one look, without blanks at either end, or what is between two of those.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    text: String,
    look: Look,
    link: Option<usize>,
    kind: Kind,
}

/// A stretch or a part of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    pub text: &'a str,
    pub look: Look,
    pub link: Option<usize>,
    pub kind: Kind,
}

/// What a run is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Words,
    Blank,
    Break,
}

/// The stretches of a paragraph. Blanks in a row are one, those at the ends of lines are none.
pub(super) fn stretches(pieces: &[Piece], one_line: bool) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text { text, look, link } => {
                let mut rest = text.as_str();
                while !rest.is_empty() {
                    let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
                    let (word, behind) = rest.split_at(word);
                    add_word(&mut stretches, word, *look, *link);
                    rest = behind.trim_start();
                    let (blank, _) = behind.split_at(behind.len() - rest.len());
                    if !blank.is_empty() {
                        // A blank that forbids a break is meant so, between a number and its unit for one.
                        add_blank(&mut stretches, Kind::Blank, if blank == "\u{a0}" { blank } else { " " });
                    }
                }
            }
            Piece::Break if one_line => add_blank(&mut stretches, Kind::Blank, " "),
            Piece::Break => add_blank(&mut stretches, Kind::Break, ""),
            Piece::Picture { .. } => {}
        }
    }
    while stretches.pop_if(|last| last.kind != Kind::Words).is_some() {}
    stretches
}

/// Adds a word, to the words before it if they look the same.
fn add_word(stretches: &mut Vec<Stretch>, word: &str, look: Look, link: Option<usize>) {
    if word.is_empty() {
        return;
    }
    let blank = stretches.pop_if(|last| last.kind == Kind::Blank);
    match stretches.last_mut() {
        Some(last) if last.kind == Kind::Words && last.look == look && last.link == link => {
            last.text.push_str(blank.as_ref().map(|blank| blank.text.as_str()).unwrap_or_default());
            last.text.push_str(word);
        }
        _ => {
            stretches.extend(blank);
            stretches.push(Stretch { text: word.to_owned(), look, link, kind: Kind::Words });
        }
    }
}

fn add_blank(stretches: &mut Vec<Stretch>, kind: Kind, text: &str) {
    match (stretches.last_mut(), kind) {
        (None | Some(Stretch { kind: Kind::Break, .. }), _)
        | (Some(Stretch { kind: Kind::Blank, .. }), Kind::Blank) => {}
        (Some(last), Kind::Break) if last.kind == Kind::Blank => last.kind = Kind::Break,
        _ => stretches.push(Stretch { text: text.to_owned(), look: Look::default(), link: None, kind }),
    }
}

/// The runs of stretches. Between letters, emphasis cannot begin or end with a sign, so “**Điều 1.**Phạm vi” would keep
/// its asterisks: there, signs look like what is beside them.
pub(super) fn runs(stretches: &[Stretch]) -> Vec<Run<'_>> {
    let mut runs = Vec::with_capacity(stretches.len());
    for (index, stretch) in stretches.iter().enumerate() {
        if stretch.kind != Kind::Words {
            let Stretch { text, look, link, kind } = stretch;
            runs.push(Run { text, look: *look, link: *link, kind: *kind });
            continue;
        }
        // The brackets of a link stand between it and its neighbours.
        let beside = |index: Option<usize>| {
            let other = index.and_then(|index| stretches.get(index));
            other.filter(|other| other.kind == Kind::Words && other.link == stretch.link)
        };
        let more = |other: &&Stretch| !stretch.look.without(other.look).is_plain();
        let before = beside(index.checked_sub(1)).filter(more);
        let after = beside(Some(index + 1)).filter(more);
        let before = before.filter(|before| before.text.chars().next_back().is_some_and(is_letter));
        let after = after.filter(|after| after.text.chars().next().is_some_and(is_letter));
        let is_sign = |character: char| class(character) == Class::Sign;
        let mut text = stretch.text.as_str();
        if let Some(before) = before {
            let rest = text.trim_start_matches(is_sign);
            push(&mut runs, stretch, text.strip_suffix(rest).unwrap_or_default(), stretch.look.and(before.look));
            text = rest;
        }
        let mut signs = "";
        if after.is_some() {
            let rest = text.trim_end_matches(is_sign);
            (text, signs) = text.split_at(rest.len());
        }
        push(&mut runs, stretch, text, stretch.look);
        push(&mut runs, stretch, signs, stretch.look.and(after.map(|after| after.look).unwrap_or_default()));
    }
    blend_links(&mut runs);
    runs
}

/// Adds a part of a stretch. Where signs were cut off, a blank can be at its end.
fn push<'a>(runs: &mut Vec<Run<'a>>, stretch: &Stretch, text: &'a str, look: Look) {
    let whole = Run { text, look, link: stretch.link, kind: stretch.kind };
    let behind = text.trim_start();
    let words = behind.trim_end();
    let (before, _) = text.split_at(text.len() - behind.len());
    let (_, after) = behind.split_at(words.len());
    for (text, kind) in [(before, Kind::Blank), (words, Kind::Words), (after, Kind::Blank)] {
        if !text.is_empty() {
            runs.push(Run { text, kind, ..whole });
        }
    }
}

/// A blank is of a link if both of its neighbours are.
fn blend_links(runs: &mut [Run<'_>]) {
    let mut next = None;
    for run in runs.iter_mut().rev() {
        match run.kind {
            Kind::Words => next = run.link,
            Kind::Blank | Kind::Break => run.link = next,
        }
    }
    let mut before = None;
    for run in runs {
        match run.kind {
            Kind::Words => before = run.link,
            Kind::Blank | Kind::Break => run.link = run.link.filter(|_| run.link == before),
        }
    }
}
