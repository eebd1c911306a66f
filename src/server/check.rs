//! Checks of an announcement before it is published: what its readers could not use, and what should not be public.
//!
//! Findings are hints for a person. Personal data are found by their shape, so a number may be taken for a telephone's
//! that is none, and a number written in words is not found.

use std::collections::HashSet;
use std::ops::Range;

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

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
/// How far before a number the word may stand that tells what it is, in characters.
const CONTEXT: usize = 40;

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
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FindingKind {
    /// There is no title.
    TitleMissing,
    /// The title is longer than [`LONGEST_TITLE`] (must) or [`GOOD_TITLE`] (should).
    TitleTooLong,
    /// The title is in capitals throughout.
    TitleInCapitals,
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

/// A link to a page of the portal itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The line of the body, from 1.
    pub line: usize,
    /// Where it leads, as a path that begins with `/`, with its query and fragment as written.
    pub target: String,
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

/// The links of a body that lead to the portal itself: to a path, or to an address that begins with `base_url`, such
/// as `https://example.gov.vn`, with or without TLS.
pub fn internal_links(body: &str, base_url: &str) -> Vec<Link> {
    let arena = Arena::new();
    let base = strip_scheme(base_url.trim_end_matches('/')).unwrap_or_default();
    let links = parse_document(&arena, body, &choose_dialect(body)).descendants().filter_map(|node| {
        let data = node.data.borrow();
        let NodeValue::Link(link) = &data.value else { return None };
        let target = find_path(&link.url, base)?;
        Some(Link { line: data.sourcepos.start.line, target })
    });
    links.collect()
}

fn find_path(url: &str, base: &str) -> Option<String> {
    if url.starts_with('/') && !url.starts_with("//") {
        return Some(url.to_owned());
    }
    let (start, path) = strip_scheme(url)?.split_at_checked(base.len())?;
    if base.is_empty() || !start.eq_ignore_ascii_case(base) {
        return None;
    }
    // `example.gov.vn.other.com` and `example.gov.vn:8080` are other places.
    match path.chars().next() {
        None => Some("/".to_owned()),
        Some('/') => Some(path.to_owned()),
        Some('?' | '#') => Some(format!("/{path}")),
        Some(_) => None,
    }
}

fn strip_scheme(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")).then_some(rest)
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
        AltMissing, BodyEmpty, ConflictMark, LeadMissing, LinkLocalhost, LinkTargetMissing, TitleMissing,
    };
    match kind {
        TitleMissing | LeadMissing | BodyEmpty | AltMissing | LinkTargetMissing | LinkLocalhost | ConflictMark => {
            Severity::Must
        }
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

fn check_body(body: &str, findings: &mut Findings<'_>) {
    let arena = Arena::new();
    let root = parse_document(&arena, body, &choose_dialect(body));
    if !root.descendants().any(is_visible) {
        findings.add(Field::Body, None, FindingKind::BodyEmpty, "");
    }
    for (index, line) in body.lines().enumerate() {
        if is_conflict_mark(line) {
            findings.add(Field::Body, Some(index + 1), FindingKind::ConflictMark, line);
        }
    }
    let mut level = 1;
    for node in root.descendants() {
        let data = node.data.borrow();
        let line = data.sourcepos.start.line;
        match &data.value {
            NodeValue::Heading(heading) => level = check_heading(node, heading.level, level, findings),
            NodeValue::Paragraph => check_paragraph(node, findings),
            NodeValue::Table(_) => check_table(node, findings),
            NodeValue::TableRow(_) | NodeValue::CodeBlock(_) => check_lines(node, findings),
            NodeValue::Link(link) => check_link(node, &link.url, findings),
            NodeValue::Alert(alert) => {
                check_words((Field::Body, Some(line)), alert.title.as_deref().unwrap_or_default(), findings);
            }
            NodeValue::Image(link) if gather_text(node).trim().is_empty() => {
                findings.add(Field::Body, Some(line), FindingKind::AltMissing, &link.url);
            }
            _ => {}
        }
    }
}

fn is_visible<'a>(node: &'a AstNode<'a>) -> bool {
    match &node.data.borrow().value {
        NodeValue::Text(text) => !text.trim().is_empty(),
        NodeValue::Code(code) => !code.literal.trim().is_empty(),
        NodeValue::CodeBlock(block) => !block.literal.trim().is_empty(),
        NodeValue::Image(_) => true,
        _ => false,
    }
}

/// Seven signs alone or before a name. A line of `=======` underlines a heading and tells nothing.
fn is_conflict_mark(line: &str) -> bool {
    ["<<<<<<<", ">>>>>>>", "|||||||"]
        .iter()
        .filter_map(|mark| line.strip_prefix(mark))
        .any(|rest| rest.trim().is_empty() || rest.starts_with(' '))
}

/// Gives the level that the next heading is measured by. The page shows a first-level heading as a second-level one.
fn check_heading<'a>(node: &'a AstNode<'a>, level: u8, before: u8, findings: &mut Findings<'_>) -> u8 {
    let line = Some(node.data.borrow().sourcepos.start.line);
    let text = gather_text(node);
    if text.trim().is_empty() {
        findings.add(Field::Body, line, FindingKind::HeadingEmpty, "");
    }
    if level == 1 {
        findings.add(Field::Body, line, FindingKind::HeadingTopLevel, &text);
    }
    if level > before.saturating_add(1) {
        findings.add(Field::Body, line, FindingKind::HeadingSkipped, &text);
    }
    check_lines(node, findings);
    level.max(2)
}

fn check_paragraph<'a>(node: &'a AstNode<'a>, findings: &mut Findings<'_>) {
    let text = gather_text(node);
    let line = node.data.borrow().sourcepos.start.line;
    if count_characters(&text) > GOOD_PARAGRAPH {
        findings.add(Field::Body, Some(line), FindingKind::ParagraphTooLong, &text);
    }
    let lines = gather_lines(node);
    if let Some((line, text)) = lines.iter().find(|(_, text)| text.starts_with('|') && text.matches('|').count() > 2) {
        findings.add(Field::Body, Some(*line), FindingKind::TableHeaderMissing, text);
    }
    check_lines(node, findings);
}

fn check_table<'a>(table: &'a AstNode<'a>, findings: &mut Findings<'_>) {
    let Some(header) = table.first_child() else { return };
    if header.children().all(|cell| gather_text(cell).trim().is_empty()) {
        let line = table.data.borrow().sourcepos.start.line;
        let first_row = header.next_sibling().map(gather_text).unwrap_or_default();
        findings.add(Field::Body, Some(line), FindingKind::TableHeaderMissing, &first_row);
    }
}

fn check_link<'a>(node: &'a AstNode<'a>, url: &str, findings: &mut Findings<'_>) {
    let start = node.data.borrow().sourcepos.start.line;
    let line = Some(start);
    let text = gather_text(node);
    if url.trim().is_empty() || url.trim() == "#" {
        findings.add(Field::Body, line, FindingKind::LinkTargetMissing, &text);
    }
    if is_own_computer(url) {
        findings.add_once(start, FindingKind::LinkLocalhost, url);
    }
    let has_image = node.descendants().any(|part| matches!(part.data.borrow().value, NodeValue::Image(_)));
    if is_bare(&text) && !has_image {
        findings.add(Field::Body, line, FindingKind::LinkTextBare, &text);
    }
    if let Some(address) = url.strip_prefix("mailto:").or_else(|| url.strip_prefix("tel:")) {
        find_personal((Field::Body, line), address, findings);
    }
}

fn is_own_computer(url: &str) -> bool {
    let Some(rest) = strip_scheme(url).or_else(|| url.strip_prefix("//")) else { return false };
    let place = rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase();
    let place = place.rsplit('@').next().unwrap_or_default();
    if place.starts_with("[::1]") {
        return true;
    }
    let host = place.split(':').next().unwrap_or_default();
    matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0") || host.ends_with(".localhost")
}

/// Words that tell nothing when a screen reader lists the links of a page.
fn is_bare(text: &str) -> bool {
    let words = text.to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    matches!(
        words.join(" ").as_str(),
        "" | "đây"
            | "ở đây"
            | "tại đây"
            | "xem tại đây"
            | "xem ở đây"
            | "bấm vào đây"
            | "nhấn vào đây"
            | "xem thêm"
            | "xem chi tiết"
            | "chi tiết"
            | "đọc thêm"
            | "xem"
            | "link"
            | "here"
            | "click here"
            | "more"
            | "read more"
            | "see more"
            | "details"
    )
}

/// The text that a reader sees of a node, without line breaks.
fn gather_text<'a>(node: &'a AstNode<'a>) -> String {
    let lines: Vec<String> = gather_lines(node).into_iter().map(|(_, text)| text).collect();
    lines.join(" ")
}

/// The text that a reader sees of a block, by the lines of the body. The cells of a table's row are in one line.
fn gather_lines<'a>(node: &'a AstNode<'a>) -> Vec<(usize, String)> {
    let mut line = node.data.borrow().sourcepos.start.line;
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut push = |line: usize, text: &str| match lines.last_mut() {
        Some((last, whole)) if *last >= line => whole.push_str(text),
        _ => lines.push((line, text.to_owned())),
    };
    for part in node.descendants() {
        let data = part.data.borrow();
        match &data.value {
            NodeValue::CodeBlock(block) => {
                let first = line + usize::from(block.fenced);
                block.literal.lines().enumerate().for_each(|(index, text)| push(first + index, text));
            }
            NodeValue::Text(text) => {
                line = line.max(data.sourcepos.start.line);
                push(line, text);
            }
            NodeValue::Code(code) => push(line, &code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => line = line.max(data.sourcepos.start.line) + 1,
            NodeValue::HtmlInline(_) => push(line, " "),
            NodeValue::TableCell if !part.same_node(node) && part.previous_sibling().is_some() => push(line, " | "),
            _ => {}
        }
    }
    lines
}

fn check_lines<'a>(node: &'a AstNode<'a>, findings: &mut Findings<'_>) {
    for (line, text) in gather_lines(node) {
        check_words((Field::Body, Some(line)), &text, findings);
        // Not every address in plain text becomes a link, this one least of all.
        let addresses = text.match_indices("http").filter_map(|(at, _)| text.get(at..));
        // The place is at the beginning: more of a long text would be read again and again.
        let mut starts = addresses.map(|rest| rest.chars().take_while(|c| !c.is_whitespace()).take(EXCERPT).collect());
        if let Some(address) = starts.find(|start: &String| is_own_computer(start)) {
            findings.add_once(line, FindingKind::LinkLocalhost, &address);
        }
    }
}

fn check_words(place: (Field, Option<usize>), text: &str, findings: &mut Findings<'_>) {
    if let Some(word) = find_placeholder(text) {
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

fn find_personal(place: (Field, Option<usize>), text: &str, findings: &mut Findings<'_>) {
    let mut finder = linkify::LinkFinder::new();
    finder.kinds(&[linkify::LinkKind::Email]);
    for address in finder.links(text) {
        let key = address.as_str().to_lowercase();
        if !findings.allows_email(&key) {
            findings.add_personal(place, FindingKind::PersonalEmail, address.as_str(), key);
        }
    }
    let groups = list_groups(text);
    let mut at = 0;
    while at < groups.len() {
        let found = find_account(text, &groups, at)
            .map(|end| (FindingKind::PersonalAccount, end))
            .or_else(|| find_citizen_number(text, &groups, at).map(|end| (FindingKind::PersonalNumber, end)))
            .or_else(|| find_phone(text, &groups, at).map(|end| (FindingKind::PersonalPhone, end)));
        let Some((kind, end)) = found else {
            at += 1;
            continue;
        };
        if let (Some(first), Some(last)) = (groups.get(at), groups.get(end.saturating_sub(1))) {
            let from = if before(text, first).ends_with('+') { first.start - 1 } else { first.start };
            let number = text.get(from..last.end).unwrap_or_default();
            let key = plain_number(number);
            if !findings.allows_number(&key) {
                findings.add_personal(place, kind, number, key);
            }
        }
        at = end.max(at + 1);
    }
}

/// The digits of a number, with the trunk zero in place of the country's code.
fn plain_number(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("84") {
        Some(rest) if number.trim_start().starts_with('+') => format!("0{}", rest.trim_start_matches('0')),
        _ => digits,
    }
}

/// The places of the runs of digits.
fn list_groups(text: &str) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match groups.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

fn before<'t>(text: &'t str, group: &Range<usize>) -> &'t str {
    text.get(..group.start).unwrap_or_default()
}

/// The groups from one on that may be one number, with at most `widest` signs between two: for each the group after it
/// and the digits up to its end.
fn join_groups<'g>(
    text: &'g str,
    groups: &'g [Range<usize>],
    first: usize,
    widest: usize,
) -> impl Iterator<Item = (usize, String)> + 'g {
    let mut digits = String::new();
    let mut last_end = None;
    groups.iter().enumerate().skip(first).map_while(move |(index, group)| {
        if let Some(end) = last_end.replace(group.end) {
            let between = text.get(end..group.start)?;
            let is_joint = |c: char| matches!(c, ' ' | '\u{a0}' | '.' | '-' | '–' | '(' | ')');
            if between.chars().count() > widest || !between.chars().all(is_joint) {
                return None;
            }
        }
        digits.push_str(text.get(group.clone())?);
        (digits.len() <= 19).then(|| (index + 1, digits.clone()))
    })
}

/// Whether one of the words stands shortly before a number, with no other number between. What was said about an
/// earlier number does not count for a later one.
fn follows_word(text: &str, group: &Range<usize>, words: &[&str]) -> bool {
    let before = before(text, group);
    let start = before.char_indices().rev().nth(CONTEXT).map_or(0, |(at, _)| at);
    let near = before.get(start..).unwrap_or_default();
    let near = near.rsplit(|c: char| c.is_ascii_digit()).next().unwrap_or_default().to_lowercase();
    words.iter().any(|word| {
        near.match_indices(word).any(|(at, _)| {
            let is_inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !is_inner(near.get(..at).and_then(|rest| rest.chars().next_back()))
                && !is_inner(near.get(at + word.len()..).and_then(|rest| rest.chars().next()))
        })
    })
}

/// Whether a number ends here, and is not the beginning of an amount, a code or a document's number (`…/QĐ-UBND`).
fn ends_number(text: &str, end: usize) -> bool {
    let mut after = text.get(end..).unwrap_or_default().chars();
    match (after.next(), after.next()) {
        (Some('.' | ','), Some(next)) => !next.is_ascii_digit(),
        (Some('/'), Some(next)) => !next.is_alphabetic(),
        (Some(next), _) => !next.is_alphanumeric() && next != '_',
        (None, _) => true,
    }
}

/// Whether a number begins here, and is not the end of another one, of a word or of an address.
fn begins_number(text: &str, group: &Range<usize>) -> bool {
    let mut before = before(text, group).chars().rev();
    match (before.next(), before.next()) {
        (Some('.' | ',' | '-'), Some(other)) => !other.is_ascii_digit(),
        (Some('/'), Some(other)) => other.is_ascii_digit() || other.is_whitespace(),
        (Some(other), _) => !other.is_alphanumeric() && !matches!(other, '_' | '=' | '%' | '@'),
        (None, _) => true,
    }
}

/// Eight digits or more after "số tài khoản", unless they are written as an amount. Gives the group after the number.
fn find_account(text: &str, groups: &[Range<usize>], first: usize) -> Option<usize> {
    const WORDS: [&str; 5] = ["stk", "số tài khoản", "tài khoản số", "số tk", "tài khoản ngân hàng"];
    let group = groups.get(first)?;
    if !begins_number(text, group) || !follows_word(text, group, &WORDS) {
        return None;
    }
    let (end, digits) = join_groups(text, groups, first, 1).last()?;
    let numbers = groups.get(first..end)?;
    let whole = text.get(group.start..numbers.last()?.end)?;
    let is_amount = whole.contains('.')
        && group.len() <= 3
        && numbers.iter().skip(1).all(|number| number.len() == 3)
        && whole.chars().all(|c| c == '.' || c.is_ascii_digit());
    (digits.len() >= 8 && !is_amount && !precedes_unit(text, group.start + whole.len())).then_some(end)
}

/// Twelve digits that begin with a province's code, or twelve or nine after a word for such a card.
fn find_citizen_number(text: &str, groups: &[Range<usize>], first: usize) -> Option<usize> {
    const WORDS: [&str; 5] = ["căn cước", "cccd", "cmnd", "chứng minh", "định danh"];
    let group = groups.get(first)?;
    if !begins_number(text, group) {
        return None;
    }
    let is_named = follows_word(text, group, &WORDS);
    let found = join_groups(text, groups, first, 1).find(|(end, digits)| {
        let numbers = groups.get(first..*end).unwrap_or_default();
        let is_even = numbers.iter().all(|number| number.len() == group.len() && number.len() > 2);
        let province = digits.get(..3).and_then(|code| code.parse::<u8>().ok());
        let is_citizen = digits.len() == 12 && is_even && province.is_some_and(|code| (1..=96).contains(&code));
        is_citizen || is_named && matches!(digits.len(), 9 | 12) && ends_group_run(text, groups, *end)
    });
    let (end, _) = found?;
    let is_code = !is_named && follows_code_word(text, group);
    let last = groups.get(end.checked_sub(1)?)?;
    (ends_number(text, last.end) && !is_code && !precedes_unit(text, last.end)).then_some(end)
}

/// Whether what is counted stands after a number.
fn precedes_unit(text: &str, end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default().trim_start();
    let unit: String = after.chars().take_while(|c| c.is_alphanumeric()).take(8).flat_map(char::to_lowercase).collect();
    matches!(
        unit.as_str(),
        "đồng" | "đ" | "vnđ" | "vnd" | "triệu" | "tỷ" | "tỉ" | "người" | "hộ" | "ha" | "m²" | "m2" | "lượt"
    )
}

/// Whether the next digits stand apart: nine digits are an old card's number only if no more of it follows.
fn ends_group_run(text: &str, groups: &[Range<usize>], end: usize) -> bool {
    join_groups(text, groups, end.saturating_sub(1), 1).nth(1).is_none()
}

/// Tax numbers, files and parcels have numbers as long as telephones.
fn follows_code_word(text: &str, group: &Range<usize>) -> bool {
    follows_word(text, group, &["mã số", "mst", "mã hồ sơ", "mã đơn", "mã vận đơn", "mã tra cứu"])
}

/// Ten digits of a mobile or eleven of a fixed line, in groups as people write them, or the same after +84. Gives the
/// group after the number.
fn find_phone(text: &str, groups: &[Range<usize>], first: usize) -> Option<usize> {
    let group = groups.get(first)?;
    let is_abroad = before(text, group).ends_with('+') && text.get(group.clone())?.starts_with("84");
    // A day or an hour before other numbers has two digits, an area code or a mobile's first group has more.
    if !is_abroad && (group.len() < 3 || !begins_number(text, group) || follows_code_word(text, group)) {
        return None;
    }
    let (end, _) = join_groups(text, groups, first, 3).find(|(end, digits)| {
        let number = if is_abroad { plain_number(&format!("+{digits}")) } else { digits.clone() };
        let shortest = groups.get(first + 1..*end).unwrap_or_default().iter().map(ExactSizeIterator::len).min();
        is_mobile(&number) && shortest.is_none_or(|shortest| shortest > 1 || is_abroad) || is_fixed_line(&number)
    })?;
    ends_number(text, groups.get(end.checked_sub(1)?)?.end).then_some(end)
}

/// Ten digits with a prefix that is given out.
fn is_mobile(number: &str) -> bool {
    let prefix = number.get(1..3).and_then(|prefix| prefix.parse::<u8>().ok());
    number.len() == 10
        && number.starts_with('0')
        && prefix.is_some_and(
            |prefix| matches!(prefix, 32..=39 | 52 | 55..=56 | 58..=59 | 70 | 76..=79 | 81..=89 | 90..=94 | 96..=99),
        )
}

/// Eleven digits: an area code of three or four, and eight or seven of the line.
fn is_fixed_line(number: &str) -> bool {
    number.len() == 11 && number.starts_with("02")
}

#[cfg(test)]
mod tests {
    use super::FindingKind::*;
    use super::*;

    const GOOD: CheckedText<'static> = CheckedText {
        title: "Lịch thu gom rác tháng 9 của xã",
        lead: "Xe rác đến từng xóm vào sáng thứ hai và thứ năm.",
        body: "Bà con để rác ra đầu ngõ trước 6 giờ.",
        image: None,
    };

    fn kinds(draft: &CheckedText<'_>) -> Vec<FindingKind> {
        check_draft(draft, &[]).into_iter().map(|finding| finding.kind).collect()
    }

    fn in_title(title: &str) -> Vec<FindingKind> {
        kinds(&CheckedText { title, ..GOOD })
    }

    fn in_body(body: &str) -> Vec<(FindingKind, usize)> {
        let findings = check_draft(&CheckedText { body, ..GOOD }, &[]);
        findings.into_iter().map(|finding| (finding.kind, finding.line.unwrap_or_default())).collect()
    }

    fn excerpts(body: &str, official: &[&str]) -> Vec<(FindingKind, String)> {
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
    fn a_body_that_shows_nothing_is_empty() {
        for body in ["", " \n\t\n", "<!-- để sau -->", "---"] {
            assert_eq!(in_body(body), [(BodyEmpty, 0)], "{body:?}");
        }
        assert_eq!(in_body("![Sơ đồ](a.jpg)"), []);
        assert_eq!(in_body("    thụt vào"), []);
    }

    #[test]
    fn every_picture_says_what_it_shows() {
        assert_eq!(in_body("một\n\n![](a.jpg)\n\nhai ![ ](b.jpg)"), [(AltMissing, 3), (AltMissing, 5)]);
        let findings = check_draft(&CheckedText { image: Some(" "), ..GOOD }, &[]);
        let expected = Finding {
            kind: AltMissing,
            severity: Severity::Must,
            line: None,
            field: Field::Image,
            excerpt: String::new(),
        };
        assert_eq!(findings, [expected]);
        assert_eq!(kinds(&CheckedText { image: Some("Đập nước"), ..GOOD }), []);
        assert_eq!(in_body("Viết `![](a.jpg)` để chèn ảnh."), []);
    }

    #[test]
    fn headings_go_down_one_level_at_a_time() {
        assert_eq!(in_body("## Một\n\n#### Hai\n"), [(HeadingSkipped, 3)]);
        assert_eq!(in_body("### Một\n"), [(HeadingSkipped, 1)]);
        assert_eq!(in_body("## Một\n\n### Hai\n\n#### Ba\n\n## Bốn\n"), []);
        assert_eq!(in_body("# Một\n\n### Hai\n"), [(HeadingTopLevel, 1)]);
        assert_eq!(in_body("Đầu đề\n===\n"), [(HeadingTopLevel, 1)]);
        assert_eq!(in_body("một\n\n##\n\nhai"), [(HeadingEmpty, 3)]);
        assert_eq!(in_body("```\n# lệnh\n#### nữa\n```\n\n#hashtag và `# mã`"), []);
        assert_eq!(in_body("## `mã`"), []);
    }

    #[test]
    fn links_lead_somewhere_and_say_where() {
        assert_eq!(in_body("một\n[mẫu đơn]() và\n[tờ khai](#)"), [(LinkTargetMissing, 2), (LinkTargetMissing, 3)]);
        for own in [
            "http://localhost:3000/tin",
            "https://LOCALHOST",
            "http://127.0.0.1/a",
            "//localhost/x",
            "http://[::1]:80/",
        ] {
            assert_eq!(in_body(&format!("xem [mẫu đơn]({own})")), [(LinkLocalhost, 1)], "{own}");
        }
        assert_eq!(in_body("vào http://localhost:8080/tin để xem"), [(LinkLocalhost, 1)]);
        assert_eq!(in_body("[mẫu đơn](https://localhost.vn/a) [tin](https://a.vn/localhost)"), []);
        for bare in ["tại đây", "Tại đây.", "**Xem thêm**", "here", "Xem thêm…", "»", "ta\u{323}i đây"] {
            assert_eq!(in_body(&format!("[{bare}](/tin/a)")), [(LinkTextBare, 1)], "{bare}");
        }
        assert_eq!(
            in_body("[Xem thêm về lịch tiêm](/tin/a), [![Sơ đồ](s.jpg)](/b) rồi nộp tại đây. `[tại đây](/a)`"),
            []
        );
        assert_eq!(in_body("https://example.vn/tin và www.example.vn"), []);
    }

    #[test]
    fn links_within_the_portal_are_listed_as_paths() {
        let body = "[a](/tin/a) [b](//khac.vn/b) [c](https://Xa.Example.gov.vn/c?d=1#e)\n\n\
            [d](http://xa.example.gov.vn) [e](https://xa.example.gov.vn.evil.com/x) [f](https://xa.example.gov.vn?q=1)\n\
            [g](https://khac.vn/g) [h](h.html) [i](https://xa.example.gov.vn:8080/i)\n\n> https://xa.example.gov.vn/k\n\n\
            `[l](/l)` ![m](/m.jpg) [n][so]\n\n[so]: /n\n";
        let found: Vec<_> = internal_links(body, "https://xa.example.gov.vn/")
            .into_iter()
            .map(|link| (link.line, link.target))
            .collect();
        let expected = [(1, "/tin/a"), (1, "/c?d=1#e"), (3, "/"), (3, "/?q=1"), (6, "/k"), (8, "/n")];
        assert_eq!(found, expected.map(|(line, target)| (line, target.to_owned())));
        assert_eq!(
            internal_links("[a](https://a.vn) [b](/b)", "").len(),
            1,
            "without an address only paths are internal"
        );
        assert_eq!(internal_links("[a](https://é.vn/a)", "https://e"), []);
    }

    #[test]
    fn a_table_needs_a_header() {
        assert_eq!(in_body("một\n\n| | |\n|---|---|\n| Mơ | 2 |\n"), [(TableHeaderMissing, 3)]);
        assert_eq!(in_body("một\n| Mơ | 2 |\n| Mận | 3 |\n"), [(TableHeaderMissing, 2)]);
        assert_eq!(in_body("| Xóm | |\n|---|---|\n| Mơ | 2 |\n"), []);
        assert_eq!(in_body("Chọn a | b | c, hoặc |x| nhỏ."), []);
    }

    #[test]
    fn a_paragraph_is_not_endless() {
        assert_eq!(in_body(&format!("ngắn\n\n{}", "ươ ".repeat(401))), [(ParagraphTooLong, 3)]);
        assert_eq!(in_body(&"ươ ".repeat(400)), []);
        assert_eq!(in_body(&format!("ngắn [văn bản](/{})", "a".repeat(2000))), [], "an address is not read");
    }

    #[test]
    fn marks_of_a_merge_are_found() {
        let body = "một\n\n<<<<<<< mine\nhai\n=======\nba\n>>>>>>> theirs\n";
        let found = in_body(body);
        assert!(found.contains(&(ConflictMark, 3)) && found.contains(&(ConflictMark, 7)), "{found:?}");
        assert_eq!(in_body("một <<<<<<< hai\n\n<<<<<<<<<<\n\n| a |\n|---|\n| b |"), []);
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
    fn telephone_numbers_are_found_as_people_write_them() {
        for number in [
            "0912345678",
            "0912 345 678",
            "0912.345.678",
            "0912-345-678",
            "091 234 5678",
            "+84 912345678",
            "+84 912 345 678",
            "+84912345678",
            "+84 (0) 912 345 678",
            "0218 3852 123",
            "(0218) 3 852 123",
            "02183852123",
            "0218.3852.123",
            "024 3825 1234",
            "+84 218 3852 123",
            "0912\u{a0}345\u{a0}678",
            "0356 789 012",
        ] {
            for body in [
                format!("Gọi {number}."),
                number.to_owned(),
                format!("(ĐT: {number}, gặp bà Mai)"),
                format!("`{number}`"),
            ] {
                assert_eq!(in_body(&body), [(PersonalPhone, 1)], "{body}");
            }
        }
        assert_eq!(
            in_body("## Gọi 0912345678\n\n- một\n- **0912** 345 678\n\n> ba\n> 0912345679\n"),
            [(PersonalPhone, 1), (PersonalPhone, 4), (PersonalPhone, 7)]
        );
        assert_eq!(in_body("0912345678/0987654321").len(), 2);
        assert_eq!(
            in_body("| Tên | Số |\n|---|---|\n| Mai | 0912345678 |\n\n```\nx\n0912345678\n```\n\n    0912345678\n"),
            [(PersonalPhone, 3), (PersonalPhone, 7), (PersonalPhone, 10)]
        );
        assert_eq!(in_title("Gọi 0912 345 678 để được tư vấn"), [PersonalPhone]);
        assert_eq!(in_body("[gọi bà Mai](tel:+84912345678)"), [(PersonalPhone, 1)]);
        assert_eq!(excerpts("Gọi +84 912 345 678!", &[]), [(PersonalPhone, "+84 912 345 678".to_owned())]);
    }

    #[test]
    fn years_amounts_and_document_numbers_are_no_telephones() {
        for body in [
            "Kinh phí 1.200.000 đồng, năm 2025 2026.",
            "Tổng 84 912 345 678 đồng",
            "Số 0912/KH-UBND ngày 05/9/2026",
            "Công văn số 0912345678/QĐ-UBND",
            "từ 05.09.2026 15 giờ",
            "Mã số thuế: 0700123456",
            "MST 0312345678-001",
            "Mã hồ sơ 000.00.19.H28-260909-0001",
            "diện tích 0,912345678 ha",
            "gọi 113, 114, 115 hoặc 1900 1234",
            "[tin](/tin/0912345678)",
            "https://a.vn/0912345678/b",
            "mã A0912345678",
            "09123456789",
            "091234567",
            "0951 234 567",
            "giai đoạn 2021-2025, 2026-2030",
            "lúc 07 giờ 30 ngày 02 9 2026",
            "1.0912.345.678",
            "0912.345.678.90",
            "<p>0912345678</p>",
        ] {
            let found: Vec<_> = in_body(body).into_iter().filter(|(kind, _)| *kind != BodyEmpty).collect();
            assert_eq!(found, [], "{body}");
        }
    }

    #[test]
    fn numbers_of_citizens_are_found() {
        for body in [
            "CCCD 017095001234",
            "số 017 095 001 234",
            "017095001234",
            "CMND số 113456789",
            "Chứng minh nhân dân: 113 456 789",
            "thẻ căn cước số 113456789",
            "CMND/CCCD: 113.456.789, cấp năm 2010",
        ] {
            assert_eq!(in_body(body), [(PersonalNumber, 1)], "{body}");
        }
        for body in [
            "113456789",
            "số 113 456 789",
            "120000000000 đồng",
            "899095001234",
            "chứng minh tài chính 120.000.000 đồng",
            "Luật Căn cước số 26/2023/QH15 có hiệu lực từ 01/7/2024",
            "căn cước cho 1.234 người",
            "mã tra cứu 017095001234",
            "đã cấp căn cước cho 250 000 000 lượt",
        ] {
            assert_eq!(in_body(body), [], "{body}");
        }
    }

    #[test]
    fn accounts_are_found_after_their_word() {
        for body in [
            "STK 0123456789 tại ngân hàng",
            "Số tài khoản: 3713.0.1058787.00000",
            "số tài khoản 1020 1234 5678 9",
            "stk: 12345678",
            "| Số tài khoản | 123456789012 |\n|---|---|\n| a | b |",
        ] {
            assert_eq!(in_body(body), [(PersonalAccount, 1)], "{body}");
        }
        assert_eq!(
            excerpts("STK 12345678 - 0912345678", &[]),
            [(PersonalAccount, "12345678".to_owned()), (PersonalPhone, "0912345678".to_owned())]
        );
        for body in [
            "Số tài khoản VNeID đã kích hoạt: 125.000",
            "số tài khoản định danh đã cấp là 12.500.000",
            "tài khoản 12345678",
            "gỗ stkx 123456789",
            "số tài khoản mới 12500000 hộ",
        ] {
            assert_eq!(in_body(body), [], "{body}");
        }
    }

    #[test]
    fn addresses_are_found_unless_they_are_official() {
        let body = "Gửi về mai.nguyen@gmail.com hoặc [hộp thư](mailto:an@yahoo.com), vanthu@xa.example.gov.vn.";
        let found = excerpts(body, &["@XA.example.gov.vn", "AN@yahoo.com"]);
        assert_eq!(found, [(PersonalEmail, "mai.nguyen@gmail.com".to_owned())]);
        assert_eq!(excerpts(body, &[]).len(), 3);
        assert_eq!(excerpts(body, &["@", ""]).len(), 3);
        assert_eq!(in_body("họp @ nhà văn hóa, @xaquangtien, a@b"), []);
    }

    #[test]
    fn official_numbers_are_known_in_any_spelling() {
        let body = "Trực ban: 0218 3852 123 và +84 218 3852 124. Ủng hộ: STK 3713.0.1058787.00000";
        assert_eq!(excerpts(body, &["02183852123", "0218.3852.124", "3713010587870000 0"]), []);
        assert_eq!(excerpts(body, &["0218 3852 123"]).len(), 2);
    }

    #[test]
    fn lines_are_those_of_the_text() {
        let body = "[a]: /a\n\ndòng ba 0912345678\ndòng bốn\\\ndòng năm **nhiều\ndòng** 0912345679\n\n- mục\n  nữa\nlười 0912345670\n";
        assert_eq!(in_body(body), [(PersonalPhone, 3), (PersonalPhone, 6), (PersonalPhone, 10)]);
        assert_eq!(in_body("một\r\n\r\nhai\r\n0912345678\r\r0912345679"), [(PersonalPhone, 4), (PersonalPhone, 6)]);
        assert_eq!(in_body("> [!WARNING] Gọi 0912345678\n> nhé"), [(PersonalPhone, 1)]);
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
        let mut state = 88_172_645_463_325_252_u64;
        let mut chance = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 16).unwrap() % below
        };
        for _ in 0..200 {
            let count = chance(40);
            let text: String = (0..count).map(|_| PARTS[chance(PARTS.len())]).collect();
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
