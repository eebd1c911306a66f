//! Merging what two people made of the same text: line by line, and word by word inside a line that both changed.
//!
//! Every paragraph of the Markdown is one long line, so lines alone would make two small corrections in one paragraph
//! a conflict. Line breaks are brought to LF first. Texts are compared as they are stored: in NFC.

use std::collections::HashSet;
use std::ops::Range;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::diff::{Numbers, cut, set_deadline, unify_line_breaks};

/// Whoever keeps less than one in so many words of a line wrote another line, into which no words are merged.
const REWRITE_SHARE: usize = 3;

/// What came of merging two texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Merge {
    /// One text with the changes of both.
    Clean(String),
    /// Pieces in order, at least one of them a choice that a person has to make.
    Conflict(Vec<Piece>),
}

/// A piece of a text that could not be merged as a whole. Every piece holds whole lines with their line breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// What both agree on, or only one changed.
    Same(String),
    /// What each of them has here; empty where it was removed. The sides differ.
    Choice {
        /// What both began with.
        base: String,
        /// What the one made of it.
        mine: String,
        /// What the other made of it.
        theirs: String,
    },
}

/// Whose version is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// The one's.
    Mine,
    /// The other's.
    Theirs,
}

/// What came of merging two values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MergedValue<T> {
    /// The value to take.
    One(T),
    /// Both changed it, and not to the same.
    Choice {
        /// What the one made of it.
        mine: T,
        /// What the other made of it.
        theirs: T,
    },
}

/// Merges a value that is changed only as a whole: a title, a date, a switch.
pub fn merge_value<T: PartialEq + Clone>(base: &T, mine: &T, theirs: &T) -> MergedValue<T> {
    if mine == theirs || theirs == base {
        MergedValue::One(mine.clone())
    } else if mine == base {
        MergedValue::One(theirs.clone())
    } else {
        MergedValue::Choice { mine: mine.clone(), theirs: theirs.clone() }
    }
}

/// Merges what two people made of `base`.
///
/// Changes merge where at least one unchanged line lies between them, or, inside one line, at least one unchanged
/// word; equal changes merge anywhere. A line whose words cannot be merged is a choice as a whole, so that people
/// choose between sentences. The result has LF line breaks and ends with one if the side that changed this has it so.
pub fn merge_text(base: &str, mine: &str, theirs: &str) -> Merge {
    let (base, mine, theirs) = (unify_line_breaks(base), unify_line_breaks(mine), unify_line_breaks(theirs));
    if let MergedValue::One(text) = merge_value(&base, &mine, &theirs) {
        return Merge::Clean(text.into_owned());
    }
    let mut numbers = Numbers::default();
    let base = Lines::split(&base, &mut numbers);
    let mine = Lines::split(&mine, &mut numbers);
    let theirs = Lines::split(&theirs, &mut numbers);
    // Each side has its own time, or it would matter which of them is called mine.
    let mine_edits = find_edits(&base.ids, &mine.ids, set_deadline());
    let theirs_edits = find_edits(&base.ids, &theirs.ids, set_deadline());
    let deadline = set_deadline();
    let moved_mine = part_edits(&base, (&mine, &mine_edits), (&theirs, &theirs_edits));
    let moved_theirs = part_edits(&base, (&theirs, &theirs_edits), (&mine, &mine_edits));
    let mut pieces = Pieces::default();
    let mut base_at = 0;
    for region in gather_regions(&moved_mine, &moved_theirs, |gap| !gap.is_empty()) {
        pieces.push_lines(cut(&base.texts, base_at..region.base.start));
        base_at = region.base.end;
        let mine = cut(&mine.texts, region.mine);
        let theirs = cut(&theirs.texts, region.theirs);
        match merge_value(&cut(&base.texts, region.base.clone()), &mine, &theirs) {
            MergedValue::One(lines) => pieces.push_lines(lines),
            MergedValue::Choice { .. } => {
                merge_lines(cut(&base.texts, region.base), mine, theirs, deadline, &mut pieces)
            }
        }
    }
    pieces.push_lines(cut(&base.texts, base_at..base.texts.len()));
    pieces.finish(&base, &mine, &theirs)
}

/// The text that comes of the choices, one for every [`Piece::Choice`] in order; nothing if their count is another.
pub fn resolve(pieces: &[Piece], choices: &[Side]) -> Option<String> {
    let mut choices = choices.iter();
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Same(same) => text.push_str(same),
            Piece::Choice { mine, theirs, .. } => text.push_str(match choices.next()? {
                Side::Mine => mine,
                Side::Theirs => theirs,
            }),
        }
    }
    choices.next().is_none().then_some(text)
}

/// A text in lines.
struct Lines<'a> {
    /// The lines without their line breaks.
    texts: Vec<&'a str>,
    /// A number for each line, the same for equal lines of all texts.
    ids: Vec<u32>,
    /// Whether the last line has a line break; nothing where there is no line.
    is_ended: Option<bool>,
}

impl<'a> Lines<'a> {
    fn split(text: &'a str, numbers: &mut Numbers<'a>) -> Self {
        let texts: Vec<&str> = text.split_terminator('\n').collect();
        let ids = texts.iter().map(|line| numbers.give(line)).collect();
        Lines { texts, ids, is_ended: (!text.is_empty()).then(|| text.ends_with('\n')) }
    }
}

/// A change: these lines or words of the base became those of the side.
#[derive(Clone, PartialEq)]
struct Edit {
    base: Range<usize>,
    side: Range<usize>,
}

/// The changes from base to side in order, with something unchanged between any two, each as far down as it goes.
fn find_edits(base: &[u32], side: &[u32], deadline: Option<Instant>) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for op in capture_diff_slices_deadline(Algorithm::Myers, base, side, deadline) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let edit = Edit { base: op.old_range(), side: op.new_range() };
        match edits.last_mut() {
            Some(last) if last.base.end == edit.base.start && last.side.end == edit.side.start => {
                last.base.end = edit.base.end;
                last.side.end = edit.side.end;
            }
            _ => edits.push(edit),
        }
    }
    // The same paragraph added by both has to be found in the same place, or it would be taken twice.
    let mut next_start = None;
    for edit in edits.iter_mut().rev() {
        while next_start.is_none_or(|next| edit.base.end + 1 < next) && slide_down(edit, base, side) {}
        next_start = Some(edit.base.start);
    }
    edits
}

/// Moves an addition or removal one line down where that makes the same text: `N, ""` before `M` is `"", N` after `""`.
fn slide_down(edit: &mut Edit, base: &[u32], side: &[u32]) -> bool {
    let (Some(after), true) = (base.get(edit.base.end), edit.base.is_empty() != edit.side.is_empty()) else {
        return false;
    };
    let first = if edit.base.is_empty() { side.get(edit.side.start) } else { base.get(edit.base.start) };
    if first != Some(after) {
        return false;
    }
    edit.base = edit.base.start + 1..edit.base.end + 1;
    edit.side = edit.side.start + 1..edit.side.end + 1;
    true
}

/// Moves an addition or removal one line up where that makes the same text.
fn slide_up(edit: &mut Edit, base: &[u32], side: &[u32]) -> bool {
    let (Some(base_start), Some(side_start)) = (edit.base.start.checked_sub(1), edit.side.start.checked_sub(1)) else {
        return false;
    };
    if edit.base.is_empty() == edit.side.is_empty() {
        return false;
    }
    let last = if edit.base.is_empty() { side.get(edit.side.end - 1) } else { base.get(edit.base.end - 1) };
    if last != base.get(base_start) {
        return false;
    }
    edit.base = base_start..edit.base.end - usize::from(edit.base.end > 0);
    edit.side = side_start..edit.side.end - usize::from(edit.side.end > 0);
    true
}

/// One side's changes, moved up where they would otherwise touch a change of the other.
///
/// A paragraph added between two others comes with one empty line, above or below it as one likes. It touches the
/// paragraph on one hand only; if the other person changed just that, the other reading leaves a line between.
fn part_edits(base: &Lines<'_>, side: (&Lines<'_>, &[Edit]), other: (&Lines<'_>, &[Edit])) -> Vec<Edit> {
    let mut moved: Vec<Edit> = Vec::with_capacity(side.1.len());
    for edit in side.1 {
        let previous_end = moved.last().map(|last| last.base.end);
        let touching = find_touching(edit, other.1);
        let mut candidate = edit.clone();
        if !touching.is_empty() && !shares_lines(edit, side.0, touching, other.0) {
            while previous_end.is_none_or(|end| candidate.base.start > end + 1)
                && slide_up(&mut candidate, &base.ids, &side.0.ids)
            {}
        }
        let is_parted = find_touching(&candidate, other.1).is_empty();
        moved.push(if is_parted { candidate } else { edit.clone() });
    }
    moved
}

/// The changes of the other side with no unchanged line between them and this one.
fn find_touching<'e>(edit: &Edit, others: &'e [Edit]) -> &'e [Edit] {
    let from = others.partition_point(|other| other.base.end < edit.base.start);
    let to = others.partition_point(|other| other.base.start <= edit.base.end);
    cut(others, from..to)
}

/// Whether both brought the same line: moved apart, it would be taken twice.
fn shares_lines(edit: &Edit, side: &Lines<'_>, others: &[Edit], other: &Lines<'_>) -> bool {
    let brought: HashSet<&str> =
        cut(&side.texts, edit.side.clone()).iter().copied().filter(|line| !line.trim().is_empty()).collect();
    others.iter().flat_map(|edit| cut(&other.texts, edit.side.clone())).any(|line| brought.contains(line))
}

/// Changes that touch: these lines or words of the base, and what each side has in their place.
struct Region {
    base: Range<usize>,
    mine: Range<usize>,
    theirs: Range<usize>,
}

/// Puts changes together that are not parted by what lies between them in the base.
fn gather_regions(mine: &[Edit], theirs: &[Edit], is_parting: impl Fn(Range<usize>) -> bool) -> Vec<Region> {
    let (mut mine_at, mut theirs_at) = (0, 0);
    let mut regions = Vec::new();
    loop {
        let start = match (mine.get(mine_at), theirs.get(theirs_at)) {
            (Some(mine), Some(theirs)) => mine.base.start.min(theirs.base.start),
            (Some(edit), None) | (None, Some(edit)) => edit.base.start,
            (None, None) => return regions,
        };
        let mut base = start..start;
        let (mine_from, theirs_from) = (mine_at, theirs_at);
        loop {
            let is_near = |edit: &&Edit| edit.base.start <= base.end || !is_parting(base.end..edit.base.start);
            if let Some(edit) = mine.get(mine_at).filter(is_near) {
                mine_at += 1;
                base.end = base.end.max(edit.base.end);
            } else if let Some(edit) = theirs.get(theirs_at).filter(is_near) {
                theirs_at += 1;
                base.end = base.end.max(edit.base.end);
            } else {
                break;
            }
        }
        regions.push(Region {
            mine: find_place(cut(mine, 0..mine_from), base.start)..find_place(cut(mine, 0..mine_at), base.end),
            theirs: find_place(cut(theirs, 0..theirs_from), base.start)
                ..find_place(cut(theirs, 0..theirs_at), base.end),
            base,
        });
    }
}

/// Where a side has a place of the base, given the changes before it.
fn find_place(before: &[Edit], base_at: usize) -> usize {
    before.last().map_or(base_at, |last| last.side.end + base_at.saturating_sub(last.base.end))
}

/// What became of one line in a region that both sides changed.
enum LineState<'a> {
    /// The same on both sides, or merged word by word.
    Agreed(String),
    /// Changed by one side only, to this.
    One(Side, &'a str),
    /// Not to be merged.
    Open,
}

/// Merges touching changes. As long as no line was added or removed, the lines are those of the base in their places.
fn merge_lines(base: &[&str], mine: &[&str], theirs: &[&str], deadline: Option<Instant>, pieces: &mut Pieces) {
    if base.len() != mine.len() || base.len() != theirs.len() {
        pieces.push_choice(base, mine, theirs);
        return;
    }
    let lines = base.iter().zip(mine).zip(theirs);
    let mut states: Vec<LineState<'_>> = lines
        .map(|((base, mine), theirs)| {
            if mine == theirs {
                LineState::Agreed((*mine).to_owned())
            } else if theirs == base {
                LineState::One(Side::Mine, mine)
            } else if mine == base {
                LineState::One(Side::Theirs, theirs)
            } else {
                merge_words(base, mine, theirs, deadline).map_or(LineState::Open, LineState::Agreed)
            }
        })
        .collect();
    open_touching(&mut states);
    let mut at = 0;
    while let Some(state) = states.get(at) {
        let mut end = at + 1;
        match state {
            LineState::Agreed(line) => pieces.push_lines(&[line]),
            LineState::One(_, line) => pieces.push_lines(&[line]),
            LineState::Open => {
                end = at + states.iter().skip(at).take_while(|state| matches!(state, LineState::Open)).count();
                pieces.push_choice(cut(base, at..end), cut(mine, at..end), cut(theirs, at..end));
            }
        }
        at = end;
    }
}

/// Lines next to each other of which each was changed by another side, or that touch an open one, are to be chosen
/// together.
fn open_touching(states: &mut [LineState<'_>]) {
    let touches = |a: &LineState<'_>, b: &LineState<'_>| match (a, b) {
        (LineState::One(a, _), LineState::One(b, _)) => a != b,
        (LineState::One(..), LineState::Open) | (LineState::Open, LineState::One(..)) => true,
        _ => false,
    };
    for order in [true, false] {
        for step in 1..states.len() {
            let low = if order { step - 1 } else { states.len() - 1 - step };
            if let Some([first, second]) = states.get_mut(low..low + 2)
                && touches(first, second)
            {
                (*first, *second) = (LineState::Open, LineState::Open);
            }
        }
    }
}

/// One line with the changed words of both, or nothing where they touch or the line was written anew.
fn merge_words(base: &str, mine: &str, theirs: &str, deadline: Option<Instant>) -> Option<String> {
    let mut numbers = Numbers::default();
    let (base, mine, theirs) = (split_words(base), split_words(mine), split_words(theirs));
    let base_ids: Vec<u32> = base.iter().map(|word| numbers.give(word)).collect();
    let mine_ids: Vec<u32> = mine.iter().map(|word| numbers.give(word)).collect();
    let theirs_ids: Vec<u32> = theirs.iter().map(|word| numbers.give(word)).collect();
    let mine_edits = find_edits(&base_ids, &mine_ids, deadline);
    let theirs_edits = find_edits(&base_ids, &theirs_ids, deadline);
    let before = count_words_before(&base);
    let count_words = |range: Range<usize>| match (before.get(range.start), before.get(range.end)) {
        (Some(from), Some(to)) => to.saturating_sub(*from),
        _ => 0,
    };
    let all = count_words(0..base.len());
    let is_rewritten = |edits: &[Edit]| {
        let changed: usize = edits.iter().map(|edit| count_words(edit.base.clone())).sum();
        all.saturating_sub(changed) * REWRITE_SHARE < all
    };
    if is_rewritten(&mine_edits) || is_rewritten(&theirs_edits) {
        return None;
    }
    let mut line = String::new();
    let mut base_at = 0;
    for region in gather_regions(&mine_edits, &theirs_edits, |gap| count_words(gap) > 0) {
        line.extend(cut(&base, base_at..region.base.start).iter().copied());
        base_at = region.base.end;
        let (mine, theirs) = (cut(&mine, region.mine), cut(&theirs, region.theirs));
        match merge_value(&cut(&base, region.base), &mine, &theirs) {
            MergedValue::One(words) => line.extend(words.iter().copied()),
            MergedValue::Choice { .. } => return None,
        }
    }
    line.extend(cut(&base, base_at..base.len()).iter().copied());
    Some(line)
}

/// How many words come before each place and in all. Signs alone are none: a bar or a dash is found everywhere and
/// parts nothing.
fn count_words_before(words: &[&str]) -> Vec<usize> {
    let mut before = vec![0];
    before.extend(words.iter().scan(0, |count, word| {
        *count += usize::from(word.contains(char::is_alphanumeric));
        Some(*count)
    }));
    before
}

/// The words of a line with the signs that hang on them, and the blanks between. An address or an amount is one word:
/// half of it from each side would be a third one that nobody wrote.
fn split_words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_blank = first.is_whitespace();
        let end = rest.find(|c: char| c.is_whitespace() != is_blank).unwrap_or(rest.len());
        let Some((word, after)) = rest.split_at_checked(end) else { break };
        words.push(word);
        rest = after;
    }
    words
}

/// The result while it is made.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn push_lines(&mut self, lines: &[&str]) {
        if lines.is_empty() {
            return;
        }
        if !matches!(self.0.last(), Some(Piece::Same(_))) {
            self.0.push(Piece::Same(String::new()));
        }
        if let Some(Piece::Same(text)) = self.0.last_mut() {
            text.push_str(&end_lines(lines));
        }
    }

    fn push_choice(&mut self, base: &[&str], mine: &[&str], theirs: &[&str]) {
        let (base, mine, theirs) = (end_lines(base), end_lines(mine), end_lines(theirs));
        self.0.push(Piece::Choice { base, mine, theirs });
    }

    /// Gives the text the end that it should have: each side its own in a choice, otherwise the merged one.
    fn finish(mut self, base: &Lines<'_>, mine: &Lines<'_>, theirs: &Lines<'_>) -> Merge {
        let base_end = base.is_ended.unwrap_or(true);
        let mine_end = mine.is_ended.unwrap_or(base_end);
        let theirs_end = theirs.is_ended.unwrap_or(base_end);
        let trim = |text: &mut String, is_ended: bool| {
            if !is_ended && text.ends_with('\n') {
                text.pop();
            }
        };
        match self.0.last_mut() {
            // Of two sides that differ here, one changed it: the one that is not as the base.
            Some(Piece::Same(text)) => trim(text, if mine_end == base_end { theirs_end } else { mine_end }),
            Some(Piece::Choice { base, mine, theirs }) => {
                trim(base, base_end);
                trim(mine, mine_end);
                trim(theirs, theirs_end);
            }
            None => {}
        }
        if self.0.iter().any(|piece| matches!(piece, Piece::Choice { .. })) {
            return Merge::Conflict(self.0);
        }
        Merge::Clean(resolve(&self.0, &[]).unwrap_or_default())
    }
}

fn end_lines(lines: &[&str]) -> String {
    let mut text = String::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::chance::Chance;

    fn clean(base: &str, mine: &str, theirs: &str) -> String {
        match merge_text(base, mine, theirs) {
            Merge::Clean(text) => text,
            Merge::Conflict(pieces) => panic!("conflict: {pieces:#?}"),
        }
    }

    fn conflict(base: &str, mine: &str, theirs: &str) -> Vec<Piece> {
        match merge_text(base, mine, theirs) {
            Merge::Clean(text) => panic!("clean: {text:?}"),
            Merge::Conflict(pieces) => pieces,
        }
    }

    fn choice(base: &str, mine: &str, theirs: &str) -> Piece {
        Piece::Choice { base: base.into(), mine: mine.into(), theirs: theirs.into() }
    }

    fn same(text: &str) -> Piece {
        Piece::Same(text.into())
    }

    #[test]
    fn changes_to_separate_lines_are_both_taken() {
        let base = "Lịch tiếp dân\n\nSáng thứ ba\n\nTại nhà văn hóa\n";
        let merged = clean(
            base,
            "Lịch tiếp công dân\n\nSáng thứ ba\n\nTại nhà văn hóa\n",
            "Lịch tiếp dân\n\nSáng thứ ba\n\nTại trụ sở xã\n",
        );
        assert_eq!(merged, "Lịch tiếp công dân\n\nSáng thứ ba\n\nTại trụ sở xã\n");
    }

    #[test]
    fn changes_to_touching_lines_are_a_choice() {
        let pieces = conflict("một\nhai\nba\nbốn\n", "một\nHAI\nba\nbốn\n", "một\nhai\nBA\nbốn\n");
        assert_eq!(pieces, [same("một\n"), choice("hai\nba\n", "HAI\nba\n", "hai\nBA\n"), same("bốn\n")]);
    }

    #[test]
    fn equal_changes_merge_even_beside_others() {
        assert_eq!(clean("a\nb\nc\n", "a\nX\nc\n", "a\nX\nc\n"), "a\nX\nc\n");
        assert_eq!(clean("a\nb\nc\nd\ne\n", "A\nb\nX\nd\ne\n", "a\nb\nX\nd\nE\n"), "A\nb\nX\nd\nE\n");
        assert_eq!(clean("a\n\nb\n", "a\n\nmới\n\nb\n", "a\n\nmới\n\nb\n\nc\n"), "a\n\nmới\n\nb\n\nc\n");
    }

    #[test]
    fn words_of_one_paragraph_merge_where_an_unchanged_word_parts_them() {
        let base = "Họp thôn lúc 19 giờ tối thứ sáu tại nhà văn hóa.\n";
        let mine = "Họp thôn lúc 20 giờ tối thứ sáu tại nhà văn hóa.\n";
        let theirs = "Họp thôn lúc 19 giờ tối thứ bảy tại nhà văn hóa xóm Mơ.\n";
        assert_eq!(clean(base, mine, theirs), "Họp thôn lúc 20 giờ tối thứ bảy tại nhà văn hóa xóm Mơ.\n");
    }

    #[test]
    fn touching_words_are_a_choice_of_the_whole_line() {
        let pieces =
            conflict("đầu\n\nlúc 19 giờ tối nay\n", "đầu\n\nlúc 20 giờ tối nay\n", "đầu\n\nlúc 19 rưỡi tối nay\n");
        assert_eq!(
            pieces,
            [same("đầu\n\n"), choice("lúc 19 giờ tối nay\n", "lúc 20 giờ tối nay\n", "lúc 19 rưỡi tối nay\n")]
        );
        conflict("một hai ba bốn", "MỘT hai ba bốn", "một HAI ba bốn");
    }

    #[test]
    fn an_amount_or_an_address_is_never_put_together_from_both() {
        conflict(
            "kinh phí 10.000.000 đồng mỗi hộ",
            "kinh phí 12.000.000 đồng mỗi hộ",
            "kinh phí 10.000.500 đồng mỗi hộ",
        );
        conflict("xem https://a.vn/b/c nhé bạn", "xem https://x.vn/b/c nhé bạn", "xem https://a.vn/b/y nhé bạn");
    }

    #[test]
    fn a_line_written_anew_takes_no_words_from_the_old_one() {
        let base = "Ủy ban thông báo lịch cắt điện của xóm Mận trong tuần này";
        let mine = "Điện lực vừa đổi kế hoạch của mình, bà con theo dõi bảng tin nhé";
        let theirs = "Ủy ban thông báo lịch cắt điện của xóm Mận trong tuần sau";
        assert_eq!(conflict(base, mine, theirs), [choice(base, mine, theirs)]);
    }

    #[test]
    fn a_paragraph_added_beside_a_corrected_one_merges_on_either_hand() {
        let base = "Đoạn một\n\nĐoạn hai\n";
        let mine = "Đoạn một\n\nĐoạn thêm\n\nĐoạn hai\n";
        assert_eq!(clean(base, mine, "Đoạn mốt\n\nĐoạn hai\n"), "Đoạn mốt\n\nĐoạn thêm\n\nĐoạn hai\n");
        assert_eq!(clean(base, mine, "Đoạn một\n\nĐoạn hài\n"), "Đoạn một\n\nĐoạn thêm\n\nĐoạn hài\n");
        conflict(base, mine, "Đoạn mốt\n\nĐoạn hài\n");
        conflict(base, mine, "Đoạn một\n\nĐoạn khác hẳn\n\nĐoạn hai\n");
        conflict(base, mine, "Đoạn một\n\nĐoạn thêm\n\nĐoạn hài\n\nnữa\n");
    }

    #[test]
    fn a_removed_paragraph_stays_removed_and_its_correction_is_a_choice() {
        let base = "một\n\nhai\n\nba\n";
        assert_eq!(clean(base, "một\n\nba\n", "một\n\nhai\n\nBA\n"), "một\n\nBA\n");
        let pieces = conflict(base, "một\n\nba\n", "một\n\nHAI\n\nba\n");
        assert_eq!(resolve(&pieces, &[Side::Mine]).as_deref(), Some("một\n\nba\n"));
        assert_eq!(resolve(&pieces, &[Side::Theirs]).as_deref(), Some("một\n\nHAI\n\nba\n"));
    }

    #[test]
    fn list_items_that_both_corrected_merge_item_by_item() {
        let base = "- sổ hộ khẩu bản chính\n- đơn theo mẫu chung\n";
        let mine = "- sổ hộ khẩu bản sao\n- đơn theo mẫu riêng\n";
        let theirs = "- Sổ hộ khẩu bản chính\n- Đơn theo mẫu chung\n";
        assert_eq!(clean(base, mine, theirs), "- Sổ hộ khẩu bản sao\n- Đơn theo mẫu riêng\n");
    }

    #[test]
    fn only_the_lines_in_dispute_are_chosen() {
        let base = "a1 x y z\nb1 x y z\nc1 x y z\n";
        let mine = "a2 x y z\nb2 x y z\nc1 x y w\n";
        let theirs = "a3 x y z\nb1 x y w\nc2 x y z\n";
        let pieces = conflict(base, mine, theirs);
        assert_eq!(pieces, [choice("a1 x y z\n", "a2 x y z\n", "a3 x y z\n"), same("b2 x y w\nc2 x y w\n")]);
    }

    #[test]
    fn line_breaks_are_lf_and_the_last_one_is_as_its_changer_left_it() {
        assert_eq!(clean("a\r\nb\r\nc\r\n", "a\nb\nC\n", "A\r\nb\r\nc\r\n"), "A\nb\nC\n");
        assert_eq!(clean("a\nb\nc", "a\nb\nc\n", "A\nb\nc"), "A\nb\nc\n");
        assert_eq!(clean("a\nb\nc\n", "a\nb\nc", "A\nb\nc\n"), "A\nb\nc");
        assert_eq!(clean("a\nb\nc", "A\nb\nc", "a\nb\nC"), "A\nb\nC");
        assert_eq!(conflict("a", "b\n", "c"), [choice("a", "b\n", "c")]);
        assert_eq!(clean("a\r\n", "a\n", "a"), "a");
    }

    #[test]
    fn empty_texts_merge() {
        assert_eq!(merge_text("", "", ""), Merge::Clean(String::new()));
        assert_eq!(clean("", "", "mới\n"), "mới\n");
        assert_eq!(clean("cũ\n", "", "cũ\n"), "");
        assert_eq!(conflict("cũ\n", "", "mới\n"), [choice("cũ\n", "", "mới\n")]);
        assert_eq!(conflict("", "a", "b\n"), [choice("", "a", "b\n")]);
    }

    #[test]
    fn choices_have_to_be_as_many_as_asked() {
        let pieces = conflict("a\nb\nc\n", "x\nb\ny\n", "z\nb\nw\n");
        assert_eq!(resolve(&pieces, &[Side::Mine, Side::Theirs]).as_deref(), Some("x\nb\nw\n"));
        assert_eq!(resolve(&pieces, &[Side::Mine]), None);
        assert_eq!(resolve(&pieces, &[Side::Mine; 3]), None);
        assert_eq!(resolve(&[], &[]).as_deref(), Some(""));
    }

    #[test]
    fn a_value_is_taken_from_whoever_changed_it() {
        assert_eq!(merge_value(&1, &2, &1), MergedValue::One(2));
        assert_eq!(merge_value(&1, &1, &2), MergedValue::One(2));
        assert_eq!(merge_value(&1, &2, &2), MergedValue::One(2));
        assert_eq!(merge_value(&"a", &"b", &"c"), MergedValue::Choice { mine: "b", theirs: "c" });
    }

    /// What the texts are put together from.
    const PARTS: [&str; 22] = [
        "a",
        "b",
        "một",
        "hai",
        "e\u{302}\u{301}",
        "\u{301}",
        " ",
        " ",
        " ",
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\0",
        "👨‍👩‍👧",
        "\u{2028}",
        "|",
        ".",
        "**",
        "\u{a0}",
        "\u{10ffff}",
    ];

    /// The text with some pieces cut out, put in or moved.
    fn change(chance: &mut Chance, text: &str) -> String {
        let mut signs: Vec<char> = text.chars().collect();
        for _ in 0..=chance.next(3) {
            let from = chance.next(signs.len() + 1);
            let to = (from + chance.next(6)).min(signs.len());
            let new = chance.text(&PARTS, 6);
            signs.splice(from..to, new.chars());
        }
        signs.into_iter().collect()
    }

    fn swap(merge: Merge) -> Merge {
        match merge {
            Merge::Clean(text) => Merge::Clean(text),
            Merge::Conflict(pieces) => Merge::Conflict(
                pieces
                    .into_iter()
                    .map(|piece| match piece {
                        Piece::Choice { base, mine, theirs } => Piece::Choice { base, mine: theirs, theirs: mine },
                        same => same,
                    })
                    .collect(),
            ),
        }
    }

    #[test]
    fn the_laws_of_merging_hold_for_any_texts() {
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
        let mut conflicts = 0;
        for round in 0..400 {
            let base = chance.text(&PARTS, 40);
            let (mine, theirs) = if round % 3 == 0 {
                (chance.text(&PARTS, 40), chance.text(&PARTS, 40))
            } else {
                (change(&mut chance, &base), change(&mut chance, &base))
            };
            let context = format!("{base:?} {mine:?} {theirs:?}");
            assert_eq!(clean(&base, &mine, &base), unify_line_breaks(&mine), "{context}");
            assert_eq!(clean(&base, &base, &theirs), unify_line_breaks(&theirs), "{context}");
            assert_eq!(clean(&base, &mine, &mine), unify_line_breaks(&mine), "{context}");
            let merge = merge_text(&base, &mine, &theirs);
            assert_eq!(swap(merge_text(&base, &theirs, &mine)), merge, "{context}");
            if let Merge::Conflict(pieces) = merge {
                conflicts += 1;
                let count = pieces.iter().filter(|piece| matches!(piece, Piece::Choice { .. })).count();
                for side in [Side::Mine, Side::Theirs] {
                    let text = resolve(&pieces, &vec![side; count]).unwrap();
                    let mut rest = text.as_str();
                    for piece in &pieces {
                        if let Piece::Same(same) = piece {
                            rest = &rest[rest.find(same.as_str()).expect(&context) + same.len()..];
                        }
                    }
                }
                for piece in &pieces {
                    match piece {
                        Piece::Same(same) => assert!(!same.is_empty(), "{context}"),
                        Piece::Choice { mine, theirs, .. } => assert_ne!(mine, theirs, "{context}"),
                    }
                }
            }
        }
        assert!(conflicts > 50, "only {conflicts} of them touch");
    }

    /// Without the short cuts for sides that are equal, the long way has to give the same.
    #[test]
    fn a_side_that_changed_little_changes_nothing_in_the_other() {
        let mut chance = Chance(77);
        for _ in 0..200 {
            let base = format!("đầu trang\n\n{}\n\ncuối trang\n", chance.text(&PARTS, 30).replace('\r', " "));
            let mine = change(&mut chance, &base).replace('\r', " ");
            let mine = format!("đầu trang\n\n{mine}\n\ncuối trang\n");
            let base = format!("đầu trang\n\n{base}\n\ncuối trang\n");
            let theirs = base.replacen("đầu trang", "đầu TRANG", 1);
            assert_eq!(clean(&base, &mine, &theirs), mine.replacen("đầu trang", "đầu TRANG", 1), "{base:?} {mine:?}");
        }
    }

    #[test]
    fn separate_changes_to_distinct_lines_are_all_in_the_result() {
        let mut chance = Chance(4242);
        for _ in 0..60 {
            let count = 4 + chance.next(30);
            let mut lines: [Vec<String>; 4] = std::array::from_fn(|_| Vec::new());
            let [base, mine, theirs, both] = &mut lines;
            for at in 0..count {
                let line = format!("dòng số {at}");
                let new = format!("câu mới {at} x{}", chance.next(100));
                let who = if at % 2 == 0 { chance.next(4) } else { 3 };
                base.push(line.clone());
                mine.push(if who == 0 { new.clone() } else { line.clone() });
                theirs.push(if who == 1 { new.clone() } else { line.clone() });
                both.push(if who < 2 { new } else { line });
            }
            let [base, mine, theirs, both] = lines.map(|lines| lines.join("\n"));
            assert_eq!(clean(&base, &mine, &theirs), both);
        }
    }

    #[test]
    fn hostile_texts_are_merged_to_an_end() {
        let mut chance = Chance(99);
        let size = 20_000;
        let mut fill = |kinds: usize, end: &str| {
            let mut text = String::new();
            while text.len() < size {
                text.push_str(&format!("{:x}{end}", chance.next(kinds)));
            }
            text
        };
        let mut cases: Vec<(&str, [String; 3])> = Vec::new();
        for (name, kinds, end) in [
            ("all lines different", usize::MAX, "\n"),
            ("two lines again and again", 2, "\n"),
            ("twenty lines again and again", 20, "\n"),
            ("two hundred lines again and again", 200, "\n"),
            ("one line of different words", usize::MAX, " "),
            ("one line of two words", 2, " "),
            ("one line of two hundred words", 200, " "),
            ("one line without a blank", 16, ""),
            ("paragraphs", 3, "\n\n"),
        ] {
            cases.push((name, [fill(kinds, end), fill(kinds, end), fill(kinds, end)]));
        }
        cases.push(("only line breaks", ["\n".repeat(size), "\n".repeat(size - 999), "\n".repeat(size + 999)]));
        cases.push(("only blanks", [" ".repeat(size), " ".repeat(size - 999), " ".repeat(size + 999)]));
        let [a, b] = ["a\nb\n".repeat(size / 4), "b\na\n".repeat(size / 4)];
        cases.push(("one shifted", [a.clone(), b.clone(), format!("{b}{a}")]));
        let every = |step: usize, text: &str| {
            let lines = text.lines().enumerate().map(|(at, line)| if at % step == 0 { "Q" } else { line });
            lines.collect::<Vec<_>>().join("\n")
        };
        cases.push(("every third line", [a.clone(), every(3, &a), every(5, &a)]));
        for (name, [base, mine, theirs]) in &cases {
            if let Merge::Conflict(pieces) = merge_text(base, mine, theirs) {
                let choices = pieces.iter().filter(|piece| matches!(piece, Piece::Choice { .. })).count();
                assert!(resolve(&pieces, &vec![Side::Mine; choices]).is_some(), "{name}");
            }
        }
    }
}
