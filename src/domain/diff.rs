//! What changed between two texts, for people: paragraph by paragraph, and word by word inside a changed one.
//!
//! A paragraph here is one line of the Markdown with the empty lines after it. Both texts are brought to LF line
//! breaks and to the composed form (NFC) first, so texts that look the same are the same.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

/// How long a search for the best answer may take before a rougher one is taken.
const PATIENCE: Duration = Duration::from_millis(120);

/// How many words may be looked at when changed paragraphs are matched with their old selves.
const MATCHING_WORDS: usize = 4_000_000;

/// From this likeness on, of [`FULL_LIKENESS`], a paragraph counts as an old one changed, below it as another one.
const LEAST_LIKENESS: u32 = 400;

/// The likeness of two paragraphs of the same words.
const FULL_LIKENESS: u32 = 1_000;

/// What became of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParagraphKind {
    /// It looks as before. Line breaks after it may still differ in a way that nobody sees; its runs tell.
    Same,
    /// It is an old paragraph with other words.
    Changed,
    /// It is only in the new text.
    Added,
    /// It is only in the old text.
    Removed,
}

/// Where a piece of text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// In both texts.
    Same,
    /// Only in the new text: `<ins>`.
    Added,
    /// Only in the old text: `<del>`.
    Removed,
}

/// A piece of a paragraph, as long as possible; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Where it stands.
    pub change: Change,
    /// Its text, with the line breaks that end the paragraph.
    pub text: String,
}

/// One paragraph of the comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// What became of it.
    pub kind: ParagraphKind,
    /// Its text in order; what was removed stands before what came in its place.
    pub runs: Vec<Run>,
}

/// What a page shows of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// A paragraph.
    Paragraph(Paragraph),
    /// So many unchanged paragraphs, left out.
    Folded(usize),
}

/// Compares two texts. The same and removed runs together are the old text, the same and added runs the new one, both
/// with LF line breaks and in NFC.
///
/// A paragraph that moved is shown as removed and added. Two large texts with little in common get a rougher answer
/// instead of a late one: their paragraphs are then not matched by likeness.
pub fn diff_texts(old: &str, new: &str) -> Vec<Paragraph> {
    let (old, new) = (compose_text(old), compose_text(new));
    let (old, new) = (split_paragraphs(&old), split_paragraphs(&new));
    let mut numbers = Numbers::default();
    let old_ids: Vec<u32> = old.iter().map(|part| numbers.give(part.words)).collect();
    let new_ids: Vec<u32> = new.iter().map(|part| numbers.give(part.words)).collect();
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &old_ids, &new_ids, set_deadline());
    let deadline = set_deadline();
    let mut paragraphs = Vec::with_capacity(new.len());
    for op in ops {
        let (old, new) = (cut(&old, op.old_range()), cut(&new, op.new_range()));
        if matches!(op, DiffOp::Equal { .. }) {
            paragraphs.extend(old.iter().zip(new).map(|(old, new)| compare_pair(old, new, deadline)));
        } else {
            compare_block(old, new, deadline, &mut paragraphs);
        }
    }
    paragraphs
}

/// Leaves out unchanged paragraphs that are further than `context` paragraphs from a change. A single one stays: the
/// note in its place would need as much room.
pub fn fold_unchanged(paragraphs: Vec<Paragraph>, context: usize) -> Vec<Shown> {
    let changes: Vec<usize> = paragraphs
        .iter()
        .enumerate()
        .filter(|(_, paragraph)| paragraph.kind != ParagraphKind::Same)
        .map(|(index, _)| index)
        .collect();
    let is_far = |index: usize| {
        let next = changes.partition_point(|&change| change < index);
        let after = changes.get(next).is_none_or(|&change| change - index > context);
        let before = next.checked_sub(1).and_then(|last| changes.get(last)).is_none_or(|&last| index - last > context);
        after && before
    };
    let mut shown = Vec::new();
    let mut folded: Vec<Paragraph> = Vec::new();
    for (index, paragraph) in paragraphs.into_iter().enumerate() {
        if is_far(index) {
            folded.push(paragraph);
            continue;
        }
        close_fold(&mut folded, &mut shown);
        shown.push(Shown::Paragraph(paragraph));
    }
    close_fold(&mut folded, &mut shown);
    shown
}

fn close_fold(folded: &mut Vec<Paragraph>, shown: &mut Vec<Shown>) {
    match folded.len() {
        0 => {}
        1 => shown.extend(folded.drain(..).map(Shown::Paragraph)),
        count => {
            folded.clear();
            shown.push(Shown::Folded(count));
        }
    }
}

/// A text with LF line breaks only, be they CRLF or CR before.
pub(crate) fn unify_line_breaks(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

fn compose_text(text: &str) -> String {
    let text = unify_line_breaks(text);
    if is_nfc(&text) { text.into_owned() } else { text.nfc().collect() }
}

/// When to stop searching. A browser's WebAssembly has no clock in std, and asking for it there would panic.
pub(crate) fn set_deadline() -> Option<Instant> {
    if cfg!(target_family = "wasm") { None } else { Instant::now().checked_add(PATIENCE) }
}

/// A part of a slice; nothing where the range is not inside.
pub(crate) fn cut<T>(items: &[T], range: Range<usize>) -> &[T] {
    items.get(range).unwrap_or_default()
}

/// Gives equal texts equal numbers, which compare faster than texts.
#[derive(Default)]
pub(crate) struct Numbers<'a>(HashMap<&'a str, u32>);

impl<'a> Numbers<'a> {
    /// The number of a text.
    pub(crate) fn give(&mut self, text: &'a str) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(text).or_insert(next)
    }
}

/// One line and what follows up to the next line that has something in it.
#[derive(Clone, Copy)]
struct Part<'a> {
    /// The line without white space at its end.
    words: &'a str,
    /// That white space, the line break and the empty lines after it.
    end: &'a str,
    is_last: bool,
}

fn split_paragraphs(text: &str) -> Vec<Part<'_>> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if starts.is_empty() || !line.trim().is_empty() {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut parts: Vec<Part<'_>> = starts
        .iter()
        .zip(ends)
        .filter_map(|(&start, end)| {
            let whole = text.get(start..end)?;
            let (words, end) = whole.split_at_checked(whole.trim_end().len())?;
            Some(Part { words, end, is_last: false })
        })
        .collect();
    if let Some(last) = parts.last_mut() {
        last.is_last = true;
    }
    parts
}

/// A stretch in which no paragraph stayed: matches those that are much alike and shows the others whole.
fn compare_block(old: &[Part<'_>], new: &[Part<'_>], deadline: Option<Instant>, paragraphs: &mut Vec<Paragraph>) {
    let (mut old_at, mut new_at) = (0, 0);
    let pairs = match_paragraphs(old, new);
    for (old_index, new_index) in pairs.into_iter().chain([(old.len(), new.len())]) {
        paragraphs.extend(cut(old, old_at..old_index).iter().map(|part| show_whole(part, Change::Removed)));
        paragraphs.extend(cut(new, new_at..new_index).iter().map(|part| show_whole(part, Change::Added)));
        if let (Some(old), Some(new)) = (old.get(old_index), new.get(new_index)) {
            paragraphs.push(compare_pair(old, new, deadline));
        }
        (old_at, new_at) = (old_index + 1, new_index + 1);
    }
}

fn show_whole(part: &Part<'_>, change: Change) -> Paragraph {
    let mut runs = Vec::new();
    push_run(&mut runs, change, part.words);
    push_run(&mut runs, change, part.end);
    let kind = if change == Change::Added { ParagraphKind::Added } else { ParagraphKind::Removed };
    Paragraph { kind, runs }
}

fn compare_pair(old: &Part<'_>, new: &Part<'_>, deadline: Option<Instant>) -> Paragraph {
    let mut runs = Vec::new();
    if old.words == new.words {
        push_run(&mut runs, Change::Same, old.words);
    } else {
        compare_words(old.words, new.words, deadline, &mut runs);
    }
    let common = old.end.bytes().zip(new.end.bytes()).take_while(|(old, new)| old == new).count();
    // White space of more than one byte may be cut in its middle: then nothing of it is called common.
    let common = if old.end.is_char_boundary(common) && new.end.is_char_boundary(common) { common } else { 0 };
    push_run(&mut runs, Change::Same, old.end.get(..common).unwrap_or_default());
    push_run(&mut runs, Change::Removed, old.end.get(common..).unwrap_or_default());
    push_run(&mut runs, Change::Added, new.end.get(common..).unwrap_or_default());
    // An empty line parts two paragraphs, so it matters, but not at the end of a text and not how many there are.
    let has_empty_line = |part: &Part<'_>| part.end.matches('\n').count() > 1;
    let is_parted_alike = old.is_last || new.is_last || has_empty_line(old) == has_empty_line(new);
    let is_same = old.words == new.words && is_parted_alike;
    Paragraph { kind: if is_same { ParagraphKind::Same } else { ParagraphKind::Changed }, runs }
}

/// Adds text to the last run where that is of the same kind.
fn push_run(runs: &mut Vec<Run>, change: Change, text: &str) {
    match runs.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.change == change => last.text.push_str(text),
        _ => runs.push(Run { change, text: text.to_owned() }),
    }
}

/// A stretch of a changed paragraph: what stood there and what stands there now.
struct Stretch {
    is_same: bool,
    old: String,
    new: String,
}

fn compare_words(old: &str, new: &str, deadline: Option<Instant>, runs: &mut Vec<Run>) {
    let mut numbers = Numbers::default();
    // Unicode's word borders: a Vietnamese syllable with its marks, a number with its points, a sign, blanks.
    let old: Vec<&str> = old.split_word_bounds().collect();
    let new: Vec<&str> = new.split_word_bounds().collect();
    let old_ids: Vec<u32> = old.iter().map(|word| numbers.give(word)).collect();
    let new_ids: Vec<u32> = new.iter().map(|word| numbers.give(word)).collect();
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &old_ids, &new_ids, deadline);
    let stretches = ops.iter().map(|op| Stretch {
        is_same: matches!(op, DiffOp::Equal { .. }),
        old: cut(&old, op.old_range()).concat(),
        new: cut(&new, op.new_range()).concat(),
    });
    for stretch in join_over_blanks(stretches) {
        if stretch.is_same {
            push_run(runs, Change::Same, &stretch.new);
        } else {
            push_run(runs, Change::Removed, &stretch.old);
            push_run(runs, Change::Added, &stretch.new);
        }
    }
}

/// Makes one change of changes with only a blank between: "ba bốn → năm sáu" reads better than two words each.
fn join_over_blanks(stretches: impl Iterator<Item = Stretch>) -> Vec<Stretch> {
    let mut joined: Vec<Stretch> = Vec::new();
    for stretch in stretches {
        let blank = joined.pop_if(|last| last.is_same && !stretch.is_same && last.new.trim().is_empty());
        match (blank, joined.last_mut()) {
            (blank, Some(last)) if !last.is_same && !stretch.is_same => {
                let blank_text = blank.as_ref().map(|blank| blank.new.as_str()).unwrap_or_default();
                // With nothing but additions (or removals) around it, the blank would be shown as removed and added.
                let is_one_sided =
                    (last.old.is_empty() && stretch.old.is_empty()) || (last.new.is_empty() && stretch.new.is_empty());
                if !is_one_sided || blank_text.is_empty() {
                    last.old.extend([blank_text, &stretch.old]);
                    last.new.extend([blank_text, &stretch.new]);
                } else {
                    joined.extend(blank);
                    joined.push(stretch);
                }
            }
            (blank, _) => {
                joined.extend(blank);
                joined.push(stretch);
            }
        }
    }
    joined
}

/// The pairs of old and new paragraphs that are the same one changed: in order, and as much alike in all as possible.
fn match_paragraphs(old: &[Part<'_>], new: &[Part<'_>]) -> Vec<(usize, usize)> {
    let mut numbers = Numbers::default();
    let old_bags: Vec<Vec<u32>> = old.iter().map(|part| bag_words(part.words, &mut numbers)).collect();
    let new_bags: Vec<Vec<u32>> = new.iter().map(|part| bag_words(part.words, &mut numbers)).collect();
    let count = |bags: &[Vec<u32>]| bags.iter().map(|bag| bag.len() + 1).sum::<usize>();
    let cost = count(&old_bags).saturating_mul(new.len()).saturating_add(count(&new_bags).saturating_mul(old.len()));
    if cost <= MATCHING_WORDS {
        return align_bags(&old_bags, &new_bags);
    }
    // Too much to try every pair. Where the counts agree, lines were most likely changed in their places.
    let pairs = old_bags.iter().zip(&new_bags).enumerate();
    pairs
        .filter(|(_, (a, b))| old.len() == new.len() && measure_likeness(a, b) >= LEAST_LIKENESS)
        .map(|(index, _)| (index, index))
        .collect()
}

/// The words of a paragraph in the order of their numbers.
fn bag_words<'a>(text: &'a str, numbers: &mut Numbers<'a>) -> Vec<u32> {
    let words = text.split_word_bounds().filter(|word| word.contains(char::is_alphanumeric));
    let mut bag: Vec<u32> = words.map(|word| numbers.give(word)).collect();
    bag.sort_unstable();
    bag
}

/// How many of the words of both are in both, from 0 to [`FULL_LIKENESS`].
fn measure_likeness(a: &[u32], b: &[u32]) -> u32 {
    let (mut a_at, mut b_at, mut shared) = (0, 0, 0_usize);
    while let (Some(in_a), Some(in_b)) = (a.get(a_at), b.get(b_at)) {
        shared += usize::from(in_a == in_b);
        a_at += usize::from(in_a <= in_b);
        b_at += usize::from(in_b <= in_a);
    }
    let likeness = (2 * shared * FULL_LIKENESS as usize).checked_div(a.len() + b.len());
    likeness.and_then(|likeness| u32::try_from(likeness).ok()).unwrap_or_default()
}

/// The best pairing that keeps the order, found from the end: what is best after each pair of places.
fn align_bags(old: &[Vec<u32>], new: &[Vec<u32>]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    let mut best = vec![0_u32; (old.len() + 1) * width];
    let mut is_pair = vec![false; best.len()];
    let look = |best: &[u32], old_at: usize, new_at: usize| best.get(old_at * width + new_at).copied().unwrap_or(0);
    for (old_at, old_bag) in old.iter().enumerate().rev() {
        for (new_at, new_bag) in new.iter().enumerate().rev() {
            let without = look(&best, old_at + 1, new_at).max(look(&best, old_at, new_at + 1));
            let likeness = measure_likeness(old_bag, new_bag);
            let with = likeness.saturating_add(look(&best, old_at + 1, new_at + 1));
            let pays = likeness >= LEAST_LIKENESS && with > without;
            if let (Some(place), Some(pair)) =
                (best.get_mut(old_at * width + new_at), is_pair.get_mut(old_at * width + new_at))
            {
                (*place, *pair) = (if pays { with } else { without }, pays);
            }
        }
    }
    let (mut old_at, mut new_at) = (0, 0);
    let mut pairs = Vec::new();
    while old_at < old.len() && new_at < new.len() {
        if is_pair.get(old_at * width + new_at).copied().unwrap_or(false) {
            pairs.push((old_at, new_at));
            (old_at, new_at) = (old_at + 1, new_at + 1);
        } else if look(&best, old_at + 1, new_at) >= look(&best, old_at, new_at + 1) {
            old_at += 1;
        } else {
            new_at += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::chance::Chance;

    /// A paragraph's runs as `same[-removed-]{+added+}`.
    fn write(paragraph: &Paragraph) -> String {
        let runs = paragraph.runs.iter().map(|run| match run.change {
            Change::Same => run.text.clone(),
            Change::Removed => format!("[-{}-]", run.text),
            Change::Added => format!("{{+{}+}}", run.text),
        });
        runs.collect()
    }

    fn written(old: &str, new: &str) -> Vec<(ParagraphKind, String)> {
        diff_texts(old, new).iter().map(|paragraph| (paragraph.kind, write(paragraph))).collect()
    }

    fn words(old: &str, new: &str) -> String {
        diff_texts(old, new).iter().map(write).collect()
    }

    fn gather(paragraphs: &[Paragraph], without: Change) -> String {
        let runs = paragraphs.iter().flat_map(|paragraph| &paragraph.runs);
        runs.filter(|run| run.change != without).map(|run| run.text.as_str()).collect()
    }

    #[test]
    fn a_changed_paragraph_shows_its_words() {
        use ParagraphKind::{Changed, Same};
        let old = "## Thời gian\n\nHọp lúc 19 giờ, thứ sáu.\n\nMời bà con đến dự.\n";
        let new = "## Thời gian\n\nHọp lúc 20 giờ, thứ bảy.\n\nMời bà con đến dự.\n";
        assert_eq!(
            written(old, new),
            [
                (Same, "## Thời gian\n\n".to_owned()),
                (Changed, "Họp lúc [-19-]{+20+} giờ, thứ [-sáu-]{+bảy+}.\n\n".to_owned()),
                (Same, "Mời bà con đến dự.\n".to_owned()),
            ]
        );
    }

    #[test]
    fn a_paragraph_finds_its_old_self_among_new_ones() {
        use ParagraphKind::{Added, Changed, Removed};
        let old = "Bà con mang theo căn cước và sổ tiêm.\n\nXe đón ở ngã ba.";
        let new = "Trạm y tế tiêm phòng dại cho đàn chó.\n\nBà con mang theo căn cước và đơn.\n\nKhông thu tiền.";
        assert_eq!(
            written(old, new),
            [
                (Added, "{+Trạm y tế tiêm phòng dại cho đàn chó.\n\n+}".to_owned()),
                (Changed, "Bà con mang theo căn cước và [-sổ tiêm-]{+đơn+}.\n\n".to_owned()),
                (Removed, "[-Xe đón ở ngã ba.-]".to_owned()),
                (Added, "{+Không thu tiền.+}".to_owned()),
            ]
        );
    }

    #[test]
    fn neighbouring_changes_are_one() {
        assert_eq!(words("sáng thứ ba tuần này", "sáng chủ nhật tuần này"), "sáng [-thứ ba-]{+chủ nhật+} tuần này");
        assert_eq!(words("a b c d e f", "a x y z e f"), "a [-b c d-]{+x y z+} e f");
        assert_eq!(words("tại hội trường xã", "tại xã"), "tại [-hội trường -]xã");
    }

    #[test]
    fn punctuation_and_numbers_stand_for_themselves() {
        assert_eq!(
            words("Kính mời các bác đến, nhé!", "Kính mời các bác đến nhé."),
            "Kính mời các bác đến[-,-] nhé[-!-]{+.+}"
        );
        assert_eq!(
            words("thu 1.200.000 đồng một hộ", "thu 1.250.000 đồng một hộ"),
            "thu [-1.200.000-]{+1.250.000+} đồng một hộ"
        );
    }

    #[test]
    fn texts_that_look_the_same_are_the_same() {
        let composed = "Thông báo về việc họp xóm\r\n";
        let decomposed: String = "Thông báo về việc họp xóm\n".nfd().collect();
        assert_ne!(composed, decomposed);
        assert_eq!(written(composed, &decomposed), [(ParagraphKind::Same, "Thông báo về việc họp xóm\n".to_owned())]);
    }

    #[test]
    fn a_sign_of_several_parts_is_not_torn() {
        assert_eq!(words("vui 👨‍👩‍👧 cả nhà", "vui 👨‍👩‍👦 cả nhà"), "vui [-👨‍👩‍👧-]{+👨‍👩‍👦+} cả nhà");
    }

    #[test]
    fn line_breaks_count_only_where_they_part_paragraphs() {
        use ParagraphKind::{Added, Changed, Same};
        assert_eq!(written("a", "a\n"), [(Same, "a{+\n+}".to_owned())]);
        assert_eq!(written("a\n\nb", "a\n\n\nb"), [(Same, "a\n\n{+\n+}".to_owned()), (Same, "b".to_owned())]);
        assert_eq!(written("a\nb", "a\n\nb"), [(Changed, "a\n{+\n+}".to_owned()), (Same, "b".to_owned())]);
        assert_eq!(written("a", "a\n\nb"), [(Same, "a{+\n\n+}".to_owned()), (Added, "{+b+}".to_owned())]);
    }

    #[test]
    fn empty_texts_have_no_paragraphs() {
        assert_eq!(diff_texts("", ""), []);
        assert_eq!(written("", "mới"), [(ParagraphKind::Added, "{+mới+}".to_owned())]);
        assert_eq!(written("cũ\n", ""), [(ParagraphKind::Removed, "[-cũ\n-]".to_owned())]);
    }

    #[test]
    fn long_unchanged_stretches_are_folded() {
        let old: Vec<String> = (0..12).map(|at| format!("đoạn thứ {at} của bài")).collect();
        let mut new = old.clone();
        "đoạn khác hẳn".clone_into(&mut new[4]);
        let paragraphs = diff_texts(&old.join("\n\n"), &new.join("\n\n"));
        let shape = |context| -> Vec<Option<usize>> {
            let shown = fold_unchanged(paragraphs.clone(), context).into_iter();
            shown.map(|shown| if let Shown::Folded(count) = shown { Some(count) } else { None }).collect()
        };
        let changed = paragraphs.iter().filter(|paragraph| paragraph.kind != ParagraphKind::Same).count();
        assert_eq!(shape(0), [vec![Some(4)], vec![None; changed], vec![Some(7)]].concat());
        assert_eq!(shape(2), [vec![Some(2)], vec![None; changed + 4], vec![Some(5)]].concat());
        assert_eq!(shape(3), [vec![None; changed + 7], vec![Some(4)]].concat(), "a single one is not folded");
        assert_eq!(shape(usize::MAX), vec![None; paragraphs.len()]);
        assert_eq!(fold_unchanged(diff_texts("a\n\nb", "a\n\nb"), 3), [Shown::Folded(2)]);
        assert_eq!(fold_unchanged(Vec::new(), 3), []);
    }

    /// What the texts are put together from.
    const PARTS: [&str; 24] = [
        "a",
        "b",
        "một",
        "hai",
        "ba",
        "e\u{302}\u{301}",
        "\u{301}",
        " ",
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
        "\u{2003}",
        "\u{a0}",
        ".",
        "\u{1100}\u{1161}",
        "\u{85}",
    ];

    #[test]
    fn the_runs_give_both_texts_back() {
        let mut chance = Chance(0x2545_f491_4f6c_dd1d);
        for round in 0..400 {
            let old = chance.text(&PARTS, 60);
            let new = if round % 2 == 0 {
                chance.text(&PARTS, 60)
            } else {
                let mut signs: Vec<char> = old.chars().collect();
                let from = chance.next(signs.len() + 1);
                let to = (from + chance.next(9)).min(signs.len());
                let put = chance.text(&PARTS, 9);
                signs.splice(from..to, put.chars());
                signs.into_iter().collect()
            };
            let paragraphs = diff_texts(&old, &new);
            assert_eq!(gather(&paragraphs, Change::Added), compose_text(&old), "{old:?} {new:?}");
            assert_eq!(gather(&paragraphs, Change::Removed), compose_text(&new), "{old:?} {new:?}");
            for paragraph in &paragraphs {
                assert!(!paragraph.runs.is_empty() && paragraph.runs.iter().all(|run| !run.text.is_empty()));
                assert!(paragraph.runs.windows(2).all(|two| two[0].change != two[1].change), "{paragraph:?}");
            }
            assert!(diff_texts(&old, &old).iter().all(|paragraph| paragraph.kind == ParagraphKind::Same));
        }
    }

    #[test]
    fn hostile_texts_are_compared_to_an_end() {
        let mut chance = Chance(5);
        let size = 20_000;
        let mut fill = |kinds: usize, end: &str| {
            let mut text = String::new();
            while text.len() < size {
                text.push_str(&format!("{:x}{end}", chance.next(kinds)));
            }
            text
        };
        let mut cases: Vec<(&str, String, String)> = Vec::new();
        for (name, kinds, end) in [
            ("all lines different", usize::MAX, "\n"),
            ("two lines again and again", 2, "\n"),
            ("two hundred lines again and again", 200, "\n"),
            ("one line of different words", usize::MAX, " "),
            ("one line of two words", 2, " "),
            ("one line of two hundred words", 200, " "),
            ("one line of one word", 16, ""),
            ("one line of signs", 2, "."),
        ] {
            cases.push((name, fill(kinds, end), fill(kinds, end)));
        }
        let long = |word: &str| vec![format!("{word} {}", "x y z ".repeat(60)); 500].join("\n");
        cases.push(("all paragraphs much alike", long("a"), long("b")));
        let short = |word: &str| (0..1300).map(|at| format!("{word}{at} chung dòng")).collect::<Vec<_>>().join("\n");
        cases.push(("many short paragraphs alike", short("a"), short("b")));
        cases.push(("only line breaks", "\n".repeat(size), "\n".repeat(size + 9)));
        cases.push((
            "marks on one letter",
            format!("a{}", "\u{301}".repeat(size / 2)),
            format!("a{}", "\u{300}".repeat(size / 2)),
        ));
        for (name, old, new) in &cases {
            assert!(!diff_texts(old, new).is_empty(), "{name}");
        }
    }
}
