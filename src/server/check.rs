//! Checks of an announcement before it is published: what its readers could not use, and what should not be public.
//!
//! Findings are hints for a person. Personal data are found by their shape, so a number may be taken for a telephone's
//! that is none, and a number written in words is not found.

use std::collections::HashSet;

use comrak::Options;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::campaign::PartProblemKind;
use crate::domain::draft::DraftField;
use body::check_body;
use personal::{find_personal, plain_number};

pub use links::{Link, ReadLink, internal_links, read_links};

mod body;
mod links;
mod personal;

/// The longest title that may be published, in characters as people count them.
pub const LONGEST_TITLE: usize = 200;
/// The longest title that reads well in a list.
pub const GOOD_TITLE: usize = 100;
/// The longest lead that reads well.
pub const GOOD_LEAD: usize = 400;
/// The longest paragraph that reads well.
pub const GOOD_PARAGRAPH: usize = 1_200;

/// How much of a text a finding quotes, in characters.
const EXCERPT: usize = 80;
/// So many quotes in quotes are no announcement.
const DEEPEST_QUOTE: usize = 100;

/// What is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckedText<'a> {
    /// The title.
    pub title: &'a str,
    /// The lead: the sentence or two that lists show.
    pub lead: &'a str,
    /// The body in Markdown.
    pub body: &'a str,
    /// What the lead picture shows (its alternative text), if there is a lead picture.
    pub image: Option<&'a str>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// It has to be put right before publishing.
    Must,
    /// It should be looked at; a person decides.
    Should,
}

/// Where a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Field {
    /// In the title.
    Title,
    /// In the lead.
    Lead,
    /// In the body.
    Body,
    /// At the lead picture.
    Image,
    /// What was corrected, for readers.
    ChangeNote,
    /// In a part of a campaign.
    Part(DraftField),
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FindingKind {
    /// A part of a campaign is missing or wrong.
    Part(PartProblemKind),
    /// There is no title.
    TitleMissing,
    /// The title is longer than [`LONGEST_TITLE`] (must) or [`GOOD_TITLE`] (should).
    TitleTooLong,
    /// The title is in capitals throughout.
    TitleInCapitals,
    /// Another announcement has the same title.
    TitleTaken,
    /// There is no lead.
    LeadMissing,
    /// The lead is longer than [`GOOD_LEAD`].
    LeadTooLong,
    /// Nothing in the body would be shown.
    BodyEmpty,
    /// A picture does not say what it shows.
    AltMissing,
    /// A link within the portal leads to nothing; found by who has the database.
    LinkBroken,
    /// A public text is changed without a note for its readers; found by who knows what is public.
    ChangeNoteMissing,
    /// A figure of a review is not the frozen one that it leads to; found by who has the database.
    FrozenFigureChanged,
    /// A figure in a table of a review leads to no frozen one; found by who knows that it is a review.
    FigureUnlinked,
    /// A picture is not in the library; found by who has the database.
    PictureMissing,
    /// A heading is more than one level below the one before it (the title is the first level).
    HeadingSkipped,
    /// A heading has no text.
    HeadingEmpty,
    /// A heading of the first level, which is the title's.
    HeadingTopLevel,
    /// A link leads nowhere.
    LinkTargetMissing,
    /// A link leads to the reader's own computer.
    LinkLocalhost,
    /// A link does not say where it leads: "tại đây".
    LinkTextBare,
    /// A table has an empty header row, or none, and is then not shown as a table.
    TableHeaderMissing,
    /// A paragraph is longer than [`GOOD_PARAGRAPH`].
    ParagraphTooLong,
    /// A mark of an unfinished merge.
    ConflictMark,
    /// Text that was to be replaced: "lorem ipsum", "xxx", "TODO".
    Placeholder,
    /// What a text that was assembled leaves to be written: "[xxx – …]".
    PlaceLeft,
    /// A Vietnamese telephone number.
    PersonalPhone,
    /// The number of a citizen's or an identity card.
    PersonalNumber,
    /// An e-mail address.
    PersonalEmail,
    /// A bank account.
    PersonalAccount,
}

/// Something to put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was found.
    pub kind: FindingKind,
    /// How much it matters.
    pub severity: Severity,
    /// The line of the body, from 1; only there.
    pub line: Option<usize>,
    /// Where it is.
    pub field: Field,
    /// The words in question, shortened; empty where there are none.
    pub excerpt: String,
}

/// Checks a draft. `official` lists what may be published although it looks personal: e-mail addresses, whole domains
/// as `@example.gov.vn`, telephone numbers and accounts in any spelling.
///
/// The findings come in the order of the fields, those of the body in the order of its lines. Broken links within the
/// portal are not among them: see [`internal_links`].
pub fn check_draft(draft: &CheckedText<'_>, official: &[&str]) -> Vec<Finding> {
    let mut findings = Findings::new(official);
    let [title, lead, body] = [draft.title, draft.lead, draft.body]
        .map(|text| text.replace("\r\n", "\n").replace('\r', "\n").nfc().collect::<String>());
    check_title(title.trim(), &mut findings);
    check_lead(lead.trim(), &mut findings);
    if draft.image.is_some_and(|alt| alt.trim().is_empty()) {
        findings.add(Field::Image, None, FindingKind::AltMissing, "");
    }
    check_body(&body, &mut findings);
    // Stable: title, lead and picture have no line and stay in front.
    findings.list.sort_by_key(|finding| finding.line);
    findings.list
}

/// The dialect of the announcements. comrak's search for alerts takes the square of the time for quotes in quotes, so
/// there are none in a text that only means mischief.
fn choose_dialect(body: &str) -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.alerts = !body.contains(&">".repeat(DEEPEST_QUOTE));
    options
}

/// The findings so far.
struct Findings<'a> {
    list: Vec<Finding>,
    /// The same thing twice in a line, as the text and the target of a link, is one finding.
    seen: HashSet<(FindingKind, Option<usize>, String)>,
    official: &'a [&'a str],
}

impl<'a> Findings<'a> {
    fn new(official: &'a [&'a str]) -> Self {
        Findings { list: Vec::new(), seen: HashSet::new(), official }
    }

    fn add(&mut self, field: Field, line: Option<usize>, kind: FindingKind, text: &str) {
        self.add_with(field, line, kind, rate(kind), text);
    }

    fn add_with(&mut self, field: Field, line: Option<usize>, kind: FindingKind, severity: Severity, text: &str) {
        self.list.push(Finding { kind, severity, line, field, excerpt: shorten(text) });
    }

    /// Something personal; `key` is what it is in any spelling.
    fn add_personal(&mut self, place: (Field, Option<usize>), kind: FindingKind, text: &str, key: String) {
        if self.seen.insert((kind, place.1, key)) {
            self.add(place.0, place.1, kind, text);
        }
    }

    /// Something that the text and the target of a link may both show.
    fn add_once(&mut self, line: usize, kind: FindingKind, text: &str) {
        if self.seen.insert((kind, Some(line), String::new())) {
            self.add(Field::Body, Some(line), kind, text);
        }
    }

    fn allows_number(&self, number: &str) -> bool {
        self.official.iter().any(|official| !official.contains('@') && plain_number(official) == number)
    }

    fn allows_email(&self, address: &str) -> bool {
        self.official.iter().map(|official| official.trim().to_lowercase()).any(|official| {
            let is_domain = official.starts_with('@') && official.len() > 1;
            address == official || is_domain && address.ends_with(&official)
        })
    }
}

/// What of each kind stops publishing: what no reader could use, and what was surely left by mistake.
fn rate(kind: FindingKind) -> Severity {
    use FindingKind::{
        AltMissing, BodyEmpty, ConflictMark, LeadMissing, LinkLocalhost, LinkTargetMissing, PlaceLeft, TitleMissing,
    };
    match kind {
        TitleMissing | LeadMissing | BodyEmpty | AltMissing | LinkTargetMissing | LinkLocalhost | ConflictMark
        | PlaceLeft => Severity::Must,
        _ => Severity::Should,
    }
}

fn shorten(text: &str) -> String {
    let text = text.trim();
    match text.grapheme_indices(true).nth(EXCERPT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

fn count_characters(text: &str) -> usize {
    text.graphemes(true).count()
}

fn check_title(title: &str, findings: &mut Findings<'_>) {
    if title.is_empty() {
        findings.add(Field::Title, None, FindingKind::TitleMissing, "");
        return;
    }
    let length = count_characters(title);
    if length > GOOD_TITLE {
        let severity = if length > LONGEST_TITLE { Severity::Must } else { Severity::Should };
        findings.add_with(Field::Title, None, FindingKind::TitleTooLong, severity, title);
    }
    if is_shouted(title) {
        findings.add(Field::Title, None, FindingKind::TitleInCapitals, title);
    }
    check_words((Field::Title, None), title, findings);
}

/// All in capitals, and not only an abbreviation or two: `HĐND – UBND` is written so.
fn is_shouted(title: &str) -> bool {
    let capitals = title.chars().filter(|c| c.is_uppercase()).count();
    let words = title.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    let has_marks = title.chars().any(|c| c.is_uppercase() && !c.is_ascii() && c != 'Đ');
    capitals >= 8 && (words > 2 || words == 2 && has_marks) && !title.chars().any(char::is_lowercase)
}

fn check_lead(lead: &str, findings: &mut Findings<'_>) {
    if lead.is_empty() {
        findings.add(Field::Lead, None, FindingKind::LeadMissing, "");
        return;
    }
    if count_characters(lead) > GOOD_LEAD {
        findings.add(Field::Lead, None, FindingKind::LeadTooLong, lead);
    }
    for line in lead.lines() {
        check_words((Field::Lead, None), line, findings);
    }
}

fn check_words(place: (Field, Option<usize>), text: &str, findings: &mut Findings<'_>) {
    if let Some(at) = text.find("[xxx") {
        findings.add(place.0, place.1, FindingKind::PlaceLeft, &text[at..]);
    } else if let Some(word) = find_placeholder(text) {
        findings.add(place.0, place.1, FindingKind::Placeholder, word);
    }
    find_personal(place, text, findings);
}

/// `XXX` is none: congresses are counted so. `xxx` and `XXXX` are no numbers.
fn find_placeholder(text: &str) -> Option<&str> {
    let is_crossed = |word: &str| {
        let crosses = word.chars().count();
        crosses >= 3 && word.chars().all(|c| matches!(c, 'x' | 'X')) && (crosses > 3 || word != "XXX")
    };
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let word = words.find(|word| is_crossed(word) || matches!(*word, "TODO" | "FIXME"));
    word.or_else(|| text.to_lowercase().contains("lorem ipsum").then_some(text))
}

#[cfg(test)]
mod tests {
    use super::FindingKind::*;
    use super::*;
    use crate::domain::chance::Chance;

    pub(super) const GOOD: CheckedText<'static> = CheckedText {
        title: "Lịch thu gom rác tháng 9 của xã",
        lead: "Xe rác đến từng xóm vào sáng thứ hai và thứ năm.",
        body: "Bà con để rác ra đầu ngõ trước 6 giờ.",
        image: None,
    };

    pub(super) fn kinds(draft: &CheckedText<'_>) -> Vec<FindingKind> {
        check_draft(draft, &[]).into_iter().map(|finding| finding.kind).collect()
    }

    pub(super) fn in_title(title: &str) -> Vec<FindingKind> {
        kinds(&CheckedText { title, ..GOOD })
    }

    pub(super) fn in_body(body: &str) -> Vec<(FindingKind, usize)> {
        let findings = check_draft(&CheckedText { body, ..GOOD }, &[]);
        findings.into_iter().map(|finding| (finding.kind, finding.line.unwrap_or_default())).collect()
    }

    pub(super) fn excerpts(body: &str, official: &[&str]) -> Vec<(FindingKind, String)> {
        let findings = check_draft(&CheckedText { body, ..GOOD }, official);
        findings.into_iter().map(|finding| (finding.kind, finding.excerpt)).collect()
    }

    #[test]
    fn a_good_announcement_has_no_findings() {
        assert_eq!(kinds(&GOOD), []);
        let body = "## Thời gian\n\nTừ **15/9/2026**, lúc 5 giờ 30.\n\n### Xóm Mận\n\n\
            ![Xe rác ở đầu xóm](xe.jpg \"Xe rác | Hà\")\n\n| Ngày | Xóm |\n|---|---|\n| 2 | Mơ |\n\n\
            > [!NOTE]\n> Xem [lịch cả năm](/tin/lich-nam).\n\nThu 1.200.000 đồng theo Quyết định số 0912/QĐ-UBND.\n";
        assert_eq!(in_body(body), []);
    }

    #[test]
    fn a_title_is_needed_and_neither_long_nor_shouted() {
        assert_eq!(in_title(" \n"), [TitleMissing]);
        assert_eq!(in_title("THÔNG BÁO VỀ VIỆC HỌP XÓM"), [TitleInCapitals]);
        for fine in ["UBND", "HĐND – UBND", "Phòng chống COVID-19", "COVID-19", "2026", "Kỳ họp thứ XXX"] {
            assert_eq!(in_title(fine), [], "{fine}");
        }
        let rate = |length: usize| {
            let findings = check_draft(&CheckedText { title: &"ế".repeat(length), ..GOOD }, &[]);
            findings.first().map(|finding| (finding.kind, finding.severity, finding.field, finding.line))
        };
        assert_eq!(rate(100), None);
        assert_eq!(rate(101), Some((TitleTooLong, Severity::Should, Field::Title, None)));
        assert_eq!(rate(200), Some((TitleTooLong, Severity::Should, Field::Title, None)));
        assert_eq!(rate(201), Some((TitleTooLong, Severity::Must, Field::Title, None)));
        assert_eq!(in_title(&"e\u{302}\u{301}".repeat(100)), [], "characters are what people count");
    }

    #[test]
    fn a_lead_is_needed_and_not_long() {
        assert_eq!(kinds(&CheckedText { lead: "", ..GOOD }), [LeadMissing]);
        assert_eq!(kinds(&CheckedText { lead: &"ơ".repeat(400), ..GOOD }), []);
        assert_eq!(kinds(&CheckedText { lead: &"ơ".repeat(401), ..GOOD }), [LeadTooLong]);
    }

    #[test]
    fn text_to_be_replaced_is_found() {
        for body in ["TODO: thêm bản đồ", "Lorem ipsum dolor", "gọi 0218 3852 xxx", "XXXX hộ", "họ tên: xxx"]
        {
            assert_eq!(in_body(body), [(Placeholder, 1)], "{body}");
        }
        for body in ["Đại hội lần thứ XXX", "khóa XXXI", "todo", "cỡ áo XXL, xx", "mAutodoc"] {
            assert_eq!(in_body(body), [], "{body}");
        }
        assert_eq!(in_title("TODO đặt tên"), [Placeholder]);
    }

    #[test]
    fn findings_come_in_the_order_of_the_page() {
        let draft = CheckedText { title: "", lead: "", body: "[x](#)\n\n# Đầu đề\n\nTODO", image: Some("") };
        assert_eq!(
            kinds(&draft),
            [TitleMissing, LeadMissing, AltMissing, LinkTargetMissing, HeadingTopLevel, Placeholder]
        );
        let long = format!("TODO {}", "lời ".repeat(100));
        let excerpt = check_draft(&CheckedText { title: &long, ..GOOD }, &[]).remove(0).excerpt;
        assert!(excerpt.ends_with('…') && count_characters(&excerpt) <= EXCERPT + 1, "{excerpt}");
    }

    #[test]
    fn any_text_is_checked_in_time() {
        const PARTS: [&str; 40] = [
            "0",
            "09",
            "0912345678",
            "12",
            " ",
            " ",
            ".",
            "-",
            "/",
            "+84",
            "(",
            ")",
            "\n",
            "\n\n",
            "\r",
            "#",
            "## ",
            "[",
            "](",
            ")",
            "!",
            "|",
            "|---|\n",
            "`",
            "```\n",
            ">",
            "> [!NOTE]\n",
            "STK",
            "căn cước",
            "@",
            "a.vn",
            "http://localhost",
            "mailto:",
            "e\u{302}\u{301}",
            "\0",
            "İ",
            "\u{2028}",
            "👨‍👩‍👧",
            "xxx",
            "<<<<<<<",
        ];
        let mut chance = Chance(88_172_645_463_325_252);
        for _ in 0..200 {
            let text = chance.text(&PARTS, 40);
            let last = text.replace("\r\n", "\n").matches(['\n', '\r']).count() + 1;
            for finding in
                check_draft(&CheckedText { title: &text, lead: &text, body: &text, image: Some(&text) }, &[&text])
            {
                assert!(finding.line.is_none_or(|line| (1..=last).contains(&line)), "{text:?} {finding:?}");
            }
            internal_links(&text, &text);
        }
        for part in PARTS.iter().chain(&[
            "0912345678 ",
            "STK 1 ",
            "[a](b) ",
            "http://localhost ",
            "TODO\n\n",
            "*a **a ",
            "> ",
            "> - ",
            "- ",
        ]) {
            let text = part.repeat(20_000 / part.len());
            check_draft(&CheckedText { body: &text, lead: &text, ..GOOD }, &[]);
        }
    }
}
