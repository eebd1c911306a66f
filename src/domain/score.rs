//! The table by which units are scored, which is data, and scores of which each point says where it is from.
//!
//! Points are counted in hundredths: what a line gives is rounded once, half away from zero, and totals are exact sums
//! of lines.

use std::cmp::Reverse;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::figure::Figure;

/// The most that one number of a table may be, in hundredths: a million. What is larger is a slip of the keyboard, and
/// without a bound it could not be calculated with.
const HUNDREDTHS_MOST: i128 = 100_000_000;

/// The whole of a target in basis points, and the cap of a criterion that names none.
const WHOLE: i128 = 10_000;

/// What points are given for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// How much of a target is done.
    Target {
        /// The target's code.
        code: String,
    },
    /// The part of the due reports that came in time and were accepted.
    OnTime,
    /// Examples that are worth following: the points are for each.
    BonusExample,
    /// Reports that came late: the points are taken off for each.
    DeductLate,
}

/// A line of a score table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// What names it within the table.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Its points, never below zero: for all of a target or of the reports, for one example or one late report.
    #[serde(with = "exact")]
    pub points: Figure,
    /// What they are given for.
    pub rule: Rule,
    /// What more does not count: percent of a target (100 if none is given), points of a bonus or a deduction (no end
    /// if none is given).
    #[serde(default, with = "exact_or_none")]
    pub cap: Option<Figure>,
}

/// By what units are scored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreTable {
    /// Its lines in order, none with the code of another.
    pub criteria: Vec<Criterion>,
}

/// What is wrong in a line of a table as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProblem {
    /// The line, from 1 and with blank lines counted.
    pub line: usize,
    /// What is wrong.
    pub kind: LineProblemKind,
}

/// What can be wrong in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineProblemKind {
    /// Code, name, points or rule are not there.
    MissingCell,
    /// There is no such rule, or it names no target.
    UnknownRule,
    /// There is no target with this code.
    UnknownTarget(String),
    /// The points are no number of at most two decimals up to a million.
    BadPoints,
    /// The points are below zero; a deduction is written without a sign as well.
    NegativePoints,
    /// The cap is no number of at most two decimals from zero to a million, or stands where there can be none; so does
    /// whatever follows the fifth cell.
    BadCap,
    /// A line above has the same code.
    RepeatedCode,
    /// There is no line at all.
    NoCriteria,
}

/// Reads a table: one criterion a line, cells between bars or tabs, `code | name | points | rule | cap`, the last one
/// as needed. Blank lines are passed over.
///
/// A rule is `target CODE`, `on-time`, `bonus-example`, `deduct-late`, or in Vietnamese `chỉ tiêu CODE`, `đúng hạn`,
/// `cộng điển hình`, `trừ nộp muộn` (in NFC), small or large. Codes are taken as they are. A target's cap may end with
/// `%`.
///
/// # Errors
///
/// All that is wrong, in the order of lines.
pub fn read_table(
    text: &str,
    known_targets: &[&str],
    read_figure: impl Fn(&str) -> Option<Figure>,
) -> Result<ScoreTable, Vec<LineProblem>> {
    let mut codes = HashSet::new();
    let (mut criteria, mut problems) = (Vec::new(), Vec::new());
    for (line, content) in (1..).zip(text.lines()).filter(|(_, content)| !content.trim().is_empty()) {
        let cells = Cells::split(content);
        let mut kinds = Vec::new();
        criteria.extend(cells.read(known_targets, &read_figure, &mut kinds));
        let code = clean_cell(cells.code);
        if !code.is_empty() && !codes.insert(code) {
            kinds.push(LineProblemKind::RepeatedCode);
        }
        problems.extend(kinds.into_iter().map(|kind| LineProblem { line, kind }));
    }
    if criteria.is_empty() && problems.is_empty() {
        problems.push(LineProblem { line: 1, kind: LineProblemKind::NoCriteria });
    }
    if problems.is_empty() { Ok(ScoreTable { criteria }) } else { Err(problems) }
}

/// Writes a table so that [`read_table`] reads the same, with rules in English. `show` writes a figure with all its
/// decimals.
pub fn write_table(table: &ScoreTable, show: impl Fn(Figure) -> String) -> String {
    let mut text = String::new();
    for criterion in &table.criteria {
        let rule = match &criterion.rule {
            Rule::Target { code } => format!("target {}", clean_cell(code)),
            Rule::OnTime => "on-time".to_owned(),
            Rule::BonusExample => "bonus-example".to_owned(),
            Rule::DeductLate => "deduct-late".to_owned(),
        };
        let mut cells =
            vec![clean_cell(&criterion.code), clean_cell(&criterion.name), clean_cell(&show(criterion.points)), rule];
        cells.extend(criterion.cap.map(|cap| clean_cell(&show(cap))));
        text.push_str(&cells.join(" | "));
        text.push('\n');
    }
    text
}

/// A text without what would end a cell, which only a table that was not read from text can have, or cannot be seen.
fn clean_cell(text: &str) -> String {
    let text = text.replace(|c: char| c == '|' || c.is_control(), " ");
    text.trim().to_owned()
}

/// A line as it is written, each cell without the space around it and empty where there is none.
struct Cells<'a> {
    code: &'a str,
    name: &'a str,
    points: &'a str,
    rule: &'a str,
    cap: &'a str,
    /// Whether something stands after the cap.
    has_more: bool,
}

impl<'a> Cells<'a> {
    fn split(line: &'a str) -> Self {
        let mut cells = line.split(['|', '\t']).map(str::trim);
        let mut next = || cells.next().unwrap_or_default();
        let (code, name, points, rule, cap) = (next(), next(), next(), next(), next());
        Cells { code, name, points, rule, cap, has_more: cells.any(|cell| !cell.is_empty()) }
    }

    /// The criterion, or every kind of problem once.
    fn read(
        &self,
        known_targets: &[&str],
        read_figure: impl Fn(&str) -> Option<Figure>,
        kinds: &mut Vec<LineProblemKind>,
    ) -> Option<Criterion> {
        let code = note(read_text(self.code), kinds);
        let name = note(read_text(self.name), kinds);
        let points = note(read_points(self.points, &read_figure), kinds);
        let rule = note(read_rule(self.rule, known_targets), kinds);
        let cap = note(self.read_cap(rule.as_ref(), read_figure), kinds);
        Some(Criterion { code: code?, name: name?, points: points?, rule: rule?, cap: cap? })
    }

    fn read_cap(
        &self,
        rule: Option<&Rule>,
        read_figure: impl Fn(&str) -> Option<Figure>,
    ) -> Result<Option<Figure>, LineProblemKind> {
        let number = match rule {
            _ if self.has_more => return Err(LineProblemKind::BadCap),
            _ if self.cap.is_empty() => return Ok(None),
            Some(Rule::OnTime) => return Err(LineProblemKind::BadCap),
            Some(Rule::BonusExample | Rule::DeductLate) => self.cap,
            // A rule that is not understood may have been one of a target.
            Some(Rule::Target { .. }) | None => self.cap.strip_suffix('%').unwrap_or(self.cap).trim_end(),
        };
        let cap = read_figure(number).filter(|cap| !cap.is_negative() && is_exact(*cap));
        cap.map(Some).ok_or(LineProblemKind::BadCap)
    }
}

/// What was read; what was not is noted.
fn note<T>(read: Result<T, LineProblemKind>, kinds: &mut Vec<LineProblemKind>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(kind) => {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
            None
        }
    }
}

fn read_text(cell: &str) -> Result<String, LineProblemKind> {
    let text = clean_cell(cell);
    if text.is_empty() { Err(LineProblemKind::MissingCell) } else { Ok(text) }
}

fn read_points(cell: &str, read_figure: impl Fn(&str) -> Option<Figure>) -> Result<Figure, LineProblemKind> {
    if cell.is_empty() {
        return Err(LineProblemKind::MissingCell);
    }
    match read_figure(cell) {
        Some(points) if points.is_negative() => Err(LineProblemKind::NegativePoints),
        Some(points) if is_exact(points) => Ok(points),
        _ => Err(LineProblemKind::BadPoints),
    }
}

fn read_rule(cell: &str, known_targets: &[&str]) -> Result<Rule, LineProblemKind> {
    let small = cell.to_lowercase();
    let words: Vec<&str> = small.split_whitespace().collect();
    match words.as_slice() {
        [] => Err(LineProblemKind::MissingCell),
        ["on-time"] | ["đúng", "hạn"] => Ok(Rule::OnTime),
        ["bonus-example"] | ["cộng", "điển", "hình"] => Ok(Rule::BonusExample),
        ["deduct-late"] | ["trừ", "nộp", "muộn"] => Ok(Rule::DeductLate),
        ["target", _, ..] => read_target(cell, 1, known_targets),
        ["chỉ", "tiêu", _, ..] => read_target(cell, 2, known_targets),
        _ => Err(LineProblemKind::UnknownRule),
    }
}

/// The rule of the target whose code follows so many words; the code keeps its capitals.
fn read_target(cell: &str, words: usize, known_targets: &[&str]) -> Result<Rule, LineProblemKind> {
    let code = cell.split_whitespace().skip(words).collect::<Vec<_>>().join(" ");
    if known_targets.contains(&code.as_str()) {
        Ok(Rule::Target { code })
    } else {
        Err(LineProblemKind::UnknownTarget(code))
    }
}

/// What a unit is scored by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitRecord {
    /// The targets that apply to it: code, how much is done in basis points (`None` = no accepted report), and the ids
    /// of the reports from which this is.
    pub targets: Vec<(String, Option<i64>, Vec<i64>)>,
    /// The reports that it handed in.
    pub reports: Vec<ReportRecord>,
    /// How many were due so far.
    pub reports_due: u32,
    /// The ids of its examples that are worth following.
    pub examples: Vec<i64>,
}

/// A report that a unit handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportRecord {
    /// Its id.
    pub id: i64,
    /// Whether it came before it was due.
    pub in_time: bool,
    /// Whether it was accepted.
    pub accepted: bool,
}

/// What a criterion gave a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreLine {
    /// The criterion's code.
    pub code: String,
    /// Its points with two decimals; below zero for a deduction.
    pub points: Figure,
    /// What it gives at 100 %, of which the cap of a target may allow more; for a bonus its cap, or what it gave if it
    /// has none; zero for a deduction.
    pub most: Figure,
    /// Where the points are from.
    pub because: Because,
}

/// Where points are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// From how much of a target is done.
    Target {
        /// How much, in basis points; `None` without an accepted report.
        share: Option<i64>,
        /// Whether more is done than counts.
        capped: bool,
        /// The ids of the reports from which this is.
        reports: Vec<i64>,
    },
    /// From reports that came in time and were accepted.
    OnTime {
        /// How many.
        in_time: u32,
        /// How many were due.
        due: u32,
        /// Their ids.
        reports: Vec<i64>,
    },
    /// From examples that are worth following.
    Bonus {
        /// Their ids.
        examples: Vec<i64>,
        /// Whether there are more than count.
        capped: bool,
    },
    /// From reports that came late.
    Late {
        /// Their ids.
        reports: Vec<i64>,
        /// Whether there are more than count.
        capped: bool,
    },
}

/// What a unit got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// The sum of the lines, with two decimals, but never below zero.
    pub total: Figure,
    /// What each criterion gave, in the order of the table.
    pub lines: Vec<ScoreLine>,
}

/// Scores a unit.
///
/// - A target gives its points times what is done of it, up to its cap. Without an accepted report it gives zero.
/// - A target that does not apply to the unit (it has no entry in [`UnitRecord::targets`]) is left out, and the points
///   of the targets that do apply are scaled up so that all targets together are worth as much as for other units.
///   Hundredths that scaling leaves over go where the running sum is rounded up, so that the sum is exact: of four
///   targets with 25 points each, three give 33.33 + 33.34 + 33.33. Where no target applies there is none to scale.
/// - Reports give their points times the part of the due ones that came in time and were accepted; none while nothing
///   is due.
/// - Every example adds the points, up to the cap. Every late report takes them off, up to the cap, accepted or not;
///   one that never came is no late one, and only misses among those in time.
pub fn score(table: &ScoreTable, record: &UnitRecord) -> Score {
    let mut scaling = Scaling::new(table, record);
    let (mut total, mut lines) = (0, Vec::new());
    for criterion in &table.criteria {
        let points = hundredths(criterion.points);
        let given = match &criterion.rule {
            Rule::Target { code } => match find_target(record, code) {
                Some((_, share, reports)) => score_target(criterion, scaling.next(points), *share, reports),
                None => continue,
            },
            Rule::OnTime => score_on_time(points, record),
            Rule::BonusExample => score_bonus(criterion, points, record),
            Rule::DeductLate => score_late(criterion, points, record),
        };
        total += given.points;
        lines.push(given.line(criterion));
    }
    Score { total: to_figure(total.max(0)), lines }
}

/// The places of units by their totals: the highest first, equal totals share a place and leave the next ones empty
/// (1, 2, 2, 4) in the order given. Ids are given and returned.
pub fn rank(scores: &[(i64, Figure)]) -> Vec<(i64, u32)> {
    let mut sorted = scores.to_vec();
    sorted.sort_by_key(|(_, total)| Reverse(*total));
    let mut last: Option<(Figure, u32)> = None;
    let mut ranks = Vec::with_capacity(sorted.len());
    for (place, (id, total)) in (1..).zip(sorted) {
        let rank = last.filter(|(above, _)| above.cmp(&total).is_eq()).map_or(place, |(_, rank)| rank);
        last = Some((total, rank));
        ranks.push((id, rank));
    }
    ranks
}

fn find_target<'a>(record: &'a UnitRecord, code: &str) -> Option<&'a (String, Option<i64>, Vec<i64>)> {
    record.targets.iter().find(|(own, _, _)| own == code)
}

/// Points of the targets that apply, made as many as those of all targets.
struct Scaling {
    /// The points of all targets.
    all: i128,
    /// The points of the targets that apply.
    applying: i128,
    /// What of these was scaled already.
    passed: i128,
}

impl Scaling {
    fn new(table: &ScoreTable, record: &UnitRecord) -> Self {
        let mut scaling = Scaling { all: 0, applying: 0, passed: 0 };
        for criterion in &table.criteria {
            if let Rule::Target { code } = &criterion.rule {
                let points = hundredths(criterion.points);
                scaling.all += points;
                scaling.applying += if find_target(record, code).is_some() { points } else { 0 };
            }
        }
        scaling
    }

    /// What the next target that applies is worth.
    fn next(&mut self, points: i128) -> i128 {
        let before = divide(self.passed * self.all, self.applying);
        self.passed += points;
        divide(self.passed * self.all, self.applying) - before
    }
}

/// A line in hundredths.
struct Given {
    points: i128,
    most: i128,
    because: Because,
}

impl Given {
    fn line(self, criterion: &Criterion) -> ScoreLine {
        let (points, most) = (to_figure(self.points), to_figure(self.most));
        ScoreLine { code: criterion.code.clone(), points, most, because: self.because }
    }
}

fn score_target(criterion: &Criterion, most: i128, share: Option<i64>, reports: &[i64]) -> Given {
    // Hundredths of a percent are basis points.
    let cap = criterion.cap.map_or(WHOLE, hundredths);
    let done = share.map_or(0, i128::from).max(0);
    let points = divide(most * done.min(cap), WHOLE);
    Given { points, most, because: Because::Target { share, capped: done > cap, reports: reports.to_vec() } }
}

fn score_on_time(most: i128, record: &UnitRecord) -> Given {
    let good = record.reports.iter().filter(|report| report.in_time && report.accepted);
    let reports: Vec<i64> = good.map(|report| report.id).collect();
    let (in_time, due) = (u32::try_from(reports.len()).unwrap_or(u32::MAX), record.reports_due);
    let points = if due == 0 { 0 } else { divide(most * i128::from(in_time.min(due)), i128::from(due)) };
    Given { points, most, because: Because::OnTime { in_time, due, reports } }
}

fn score_bonus(criterion: &Criterion, each: i128, record: &UnitRecord) -> Given {
    let examples = record.examples.clone();
    let (points, capped) = give_each(criterion, each, examples.len());
    let most = criterion.cap.map_or(points, hundredths);
    Given { points, most, because: Because::Bonus { examples, capped } }
}

fn score_late(criterion: &Criterion, each: i128, record: &UnitRecord) -> Given {
    let reports: Vec<i64> = record.reports.iter().filter(|report| !report.in_time).map(|report| report.id).collect();
    let (points, capped) = give_each(criterion, each, reports.len());
    Given { points: -points, most: 0, because: Because::Late { reports, capped } }
}

/// The points for so many, and whether the cap made them fewer.
fn give_each(criterion: &Criterion, each: i128, count: usize) -> (i128, bool) {
    let points = each.saturating_mul(i128::try_from(count).unwrap_or(i128::MAX));
    let cap = criterion.cap.map_or(points, hundredths);
    (points.min(cap), points > cap)
}

/// A number of a table in hundredths, rounded half away from zero and kept from zero to a million.
fn hundredths(figure: Figure) -> i128 {
    let (mantissa, scale) = (i128::from(figure.mantissa()), u32::from(figure.scale()));
    let rounded = match 10_i128.checked_pow(scale.abs_diff(2)) {
        Some(power) if scale <= 2 => mantissa * power,
        Some(power) => divide(mantissa, power),
        // So many decimals leave nothing of any mantissa.
        None => 0,
    };
    rounded.clamp(0, HUNDREDTHS_MOST)
}

/// Whether [`hundredths`] leaves a number as it is.
fn is_exact(figure: Figure) -> bool {
    figure.cmp(&to_figure(hundredths(figure))).is_eq()
}

/// Hundredths as a figure. What a table of millions of lines may reach has room in it.
fn to_figure(hundredths: i128) -> Figure {
    i64::try_from(hundredths).ok().and_then(|hundredths| Figure::new(hundredths, 2)).unwrap_or(Figure::ZERO)
}

/// The quotient, rounded half away from zero; zero where there is nothing to divide by.
fn divide(part: i128, whole: i128) -> i128 {
    (2 * part + part.signum() * whole).checked_div(2 * whole).unwrap_or_default()
}

/// A figure as mantissa and scale, with which no decimal is lost.
mod exact {
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::{Serialize, Serializer};

    use super::Figure;

    pub(super) fn serialize<S: Serializer>(figure: &Figure, serializer: S) -> Result<S::Ok, S::Error> {
        (figure.mantissa(), figure.scale()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Figure, D::Error> {
        let (mantissa, scale) = Deserialize::deserialize(deserializer)?;
        Figure::new(mantissa, scale).ok_or_else(|| D::Error::custom("no figure has these decimals"))
    }
}

/// A figure that may be missing, as mantissa and scale.
mod exact_or_none {
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::{Serialize, Serializer};

    use super::Figure;

    pub(super) fn serialize<S: Serializer>(figure: &Option<Figure>, serializer: S) -> Result<S::Ok, S::Error> {
        figure.map(|figure| (figure.mantissa(), figure.scale())).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Figure>, D::Error> {
        let Some((mantissa, scale)) = Deserialize::deserialize(deserializer)? else { return Ok(None) };
        Figure::new(mantissa, scale).map(Some).ok_or_else(|| D::Error::custom("no figure has these decimals"))
    }
}

#[cfg(test)]
mod tests;
