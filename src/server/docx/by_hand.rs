//! What a writer made by hand where Word has a style for it: bold lines for a title and headings, tables without lines
//! for the head and the foot of an official document.

use std::collections::BTreeSet;

use super::Dropped;
use super::content::{Block, Piece, Role, has_text, plain_text};
use crate::domain::day::Day;
use crate::domain::lang::Lang;
use crate::domain::text::fold;

/// The most characters of a line that is taken for a title.
const TITLE_MOST: usize = 200;
/// The fewest words of a title.
const TITLE_WORDS: usize = 4;
/// The most characters of a line that is taken for a heading.
const HEADING_MOST: usize = 120;
/// The fewest and the most characters of a paragraph that is taken for the lead.
const LEAD: std::ops::RangeInclusive<usize> = 60..=400;
/// So far from the beginning the country's name and motto are looked for.
const HEAD: usize = 8;
/// The most characters of a table that is taken for the head or the foot of an official document.
const FRAME_MOST: usize = 800;

/// Gives what was made by hand its role, and takes away what frames an official document on paper; gives its number and
/// day, if the head says them.
pub(super) fn understand(blocks: &mut Vec<Block>, dropped: &mut BTreeSet<Dropped>) -> Option<String> {
    let before = blocks.len();
    let head: String =
        blocks.iter().take(HEAD).filter(|block| is_head(block)).map(|block| words(block) + " ").collect();
    take_frame(blocks);
    if blocks.len() < before {
        dropped.insert(Dropped::PaperFrame);
    }
    let styled = |block: &Block| matches!(block, Block::Paragraph { role: Role::Title | Role::Heading(_), .. });
    if !blocks.iter().any(styled) {
        find_title(blocks);
        find_headings(blocks);
    }
    number_of(&head)
}

/// The number of an official document and its day (*Số: 45/KH-UBND … ngày 20 tháng 11 năm 2026*).
fn number_of(head: &str) -> Option<String> {
    let words: Vec<&str> = head.split_whitespace().collect();
    let after = |name: &str| words.iter().position(|word| fold(word).trim_end_matches(':') == name).map(|at| at + 1);
    let number = words.get(after("so")?)?.trim_matches([',', ';', '.']);
    // One that is still to be filled in (`…/KH-UBND`) is none.
    if !number.starts_with(|sign: char| sign.is_ascii_digit()) || !number.contains('/') {
        return None;
    }
    let day = || {
        let at = after("ngay")?;
        let [day, _, month, _, year] = words.get(at..at + 5)? else { return None };
        Day::parse(&format!("{day}/{month}/{}", year.trim_end_matches(['.', ',', ';'])))
    };
    Some(day().map_or_else(|| number.to_owned(), |day| format!("{number}, {}", day.show(Lang::Vi))))
}

/// The place of the lead: the first paragraph behind the title, if it reads like one and text follows.
pub(super) fn find_lead(blocks: &[Block], title: Option<usize>) -> Option<usize> {
    let index = blocks.iter().enumerate().position(|(index, _)| Some(index) != title)?;
    let Block::Paragraph { role: Role::Body, item: None, pieces } = blocks.get(index)? else { return None };
    let plain = pieces.iter().all(|piece| match piece {
        Piece::Text { text, look, link } => link.is_none() && !look.strike || text.trim().is_empty(),
        Piece::Break | Piece::Picture { .. } => false,
    });
    let text = plain_text(pieces);
    let follows = blocks.get(index + 1..).is_some_and(|rest| !rest.is_empty());
    let reads_so = LEAD.contains(&text.chars().count()) && !text.ends_with(':');
    (plain && follows && reads_so).then_some(index)
}

/// The place of the picture that a text begins with: first of all, or behind one paragraph.
pub(super) fn find_lead_picture(blocks: &[Block], title: Option<usize>, lead: Option<usize>) -> Option<usize> {
    let mut rest = (0..blocks.len()).filter(|index| Some(*index) != title && Some(*index) != lead);
    let is_figure = |index: &usize| matches!(blocks.get(*index), Some(Block::Figure(_)));
    let found = rest.by_ref().take(2).find(is_figure)?;
    let has_text = blocks
        .iter()
        .enumerate()
        .any(|(index, block)| Some(index) != title && Some(index) != lead && !matches!(block, Block::Figure(_)));
    has_text.then_some(found)
}

/// The country's name with its motto above, who gets the document and who signed below: a page on the web says both in
/// its own way.
fn take_frame(blocks: &mut Vec<Block>) {
    let last = blocks.len().saturating_sub(1);
    let frames =
        |(index, block): (usize, &Block)| (index < HEAD && is_head(block)) || (index == last && is_foot(block));
    let kept: Vec<Block> = blocks
        .iter()
        .enumerate()
        .filter(|(index, block)| !frames((*index, block)))
        .map(|(_, block)| block.clone())
        .collect();
    // Nobody brings a file for its frame alone.
    if !kept.is_empty() {
        *blocks = kept;
    }
}

fn is_head(block: &Block) -> bool {
    let text = folded(block);
    let text = text.trim();
    let names = text.contains("cong hoa xa hoi chu nghia viet nam");
    match block {
        Block::Table(_) => names,
        Block::Paragraph { .. } => {
            let motto = text.strip_prefix("doc lap").is_some_and(|rest| rest.contains("tu do") && text.len() < 50);
            (names && text.len() < 100) || motto
        }
        Block::Figure(_) => false,
    }
}

fn is_foot(block: &Block) -> bool {
    matches!(block, Block::Table(_)) && folded(block).trim_start().starts_with("noi nhan")
}

/// The words of a block without signs and capitals; of a long table none.
fn folded(block: &Block) -> String {
    let text = words(block);
    if text.chars().count() > FRAME_MOST { String::new() } else { fold(&text) }
}

fn words(block: &Block) -> String {
    match block {
        Block::Paragraph { pieces, .. } => plain_text(pieces),
        Block::Table(rows) => rows.iter().flatten().map(|cell| plain_text(cell)).collect::<Vec<_>>().join(" "),
        Block::Figure(_) => String::new(),
    }
}

/// A bold line above everything is the title. One of a word or two (*KẾ HOẠCH*) goes on in the bold line below it.
fn find_title(blocks: &mut Vec<Block>) {
    let count = |block: Option<&Block>| match block {
        Some(block @ Block::Paragraph { pieces, .. }) if is_bold_line(block, TITLE_MOST) => {
            plain_text(pieces).split(' ').count()
        }
        _ => 0,
    };
    let (first, second) = (count(blocks.first()), count(blocks.get(1)));
    let goes_on = (1..TITLE_WORDS).contains(&first) && second > 0;
    let words = if goes_on { first + second } else { first };
    let lines = if goes_on { 2 } else { 1 };
    // A title of nothing is none.
    if words < TITLE_WORDS || blocks.len() <= lines {
        return;
    }
    let below = if goes_on { Some(blocks.remove(1)) } else { None };
    if let Some(Block::Paragraph { role, pieces, .. }) = blocks.first_mut() {
        *role = Role::Title;
        if let Some(Block::Paragraph { pieces: more, .. }) = below {
            let mut more = more;
            if !is_all_capitals(&plain_text(&more)) {
                calm(pieces);
                go_on(&mut more);
            }
            pieces.push(Piece::Break);
            pieces.extend(more);
        }
    }
}

fn is_all_capitals(text: &str) -> bool {
    !text.chars().any(char::is_lowercase)
}

/// What a document is, set in capitals on paper, as a sentence begins.
fn calm(pieces: &mut [Piece]) {
    let mut begins = true;
    for piece in pieces {
        let Piece::Text { text, .. } = piece else { continue };
        let lower = text.to_lowercase();
        let mut signs = lower.chars();
        *text = match signs.next() {
            Some(first) if begins => first.to_uppercase().chain(signs).collect(),
            _ => lower,
        };
        begins &= text.trim().is_empty();
    }
}

/// A line that goes on in a sentence begins with a small letter, unless it begins with a name of several capitals.
fn go_on(pieces: &mut [Piece]) {
    let text = plain_text(pieces);
    let mut words = text.split(' ');
    let is_small = |word: &str| word.chars().next().is_some_and(char::is_lowercase);
    let is_word = |word: &str| word.chars().count() > 1 && word.chars().skip(1).all(char::is_lowercase);
    if words.next().is_some_and(is_word)
        && words.next().is_some_and(is_small)
        && let Some(Piece::Text { text, .. }) = pieces.first_mut()
    {
        let mut signs = text.chars();
        if let Some(sign) = signs.next() {
            *text = sign.to_lowercase().chain(signs).collect();
        }
    }
}

/// Short bold lines are headings; where some have Roman numbers, those stand above the others.
fn find_headings(blocks: &mut [Block]) {
    let heads = |block: &Block| {
        is_bold_line(block, HEADING_MOST)
            && matches!(block, Block::Paragraph { role: Role::Body, pieces, .. }
                if !plain_text(pieces).ends_with(['.', ';', ',', '…']) && !pieces.contains(&Piece::Break)
                    && plain_text(pieces).contains(' '))
    };
    let is_roman = |block: &Block| match block {
        Block::Paragraph { pieces, .. } => plain_text(pieces)
            .split_once(['.', ' '])
            .is_some_and(|(number, _)| !number.is_empty() && number.chars().all(|sign| "IVX".contains(sign))),
        _ => false,
    };
    let roman = blocks.iter().any(|block| heads(block) && is_roman(block));
    let last = blocks.len().saturating_sub(1);
    for (index, block) in blocks.iter_mut().enumerate() {
        // A heading of nothing is none.
        if index == last || !heads(block) {
            continue;
        }
        let level = u8::from(roman && !is_roman(block));
        if let Block::Paragraph { role, .. } = block {
            *role = Role::Heading(level);
        }
    }
}

fn is_bold_line(block: &Block, most: usize) -> bool {
    let Block::Paragraph { role: Role::Body, item: None, pieces } = block else { return false };
    let bold = pieces.iter().all(|piece| match piece {
        Piece::Text { text, look, link } => (look.bold && !look.strike && link.is_none()) || text.trim().is_empty(),
        Piece::Break => true,
        Piece::Picture { .. } => false,
    });
    bold && has_text(pieces) && plain_text(pieces).chars().count() <= most
}
