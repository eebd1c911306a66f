//! A campaign: what a launch has to say, read from the fields as they were typed.
//!
//! Lists (targets, phases, legal basis, questions) are typed a line each, with ` | ` or a tab between their cells, as
//! they come out of a spreadsheet. So they are saved, merged and compared like any text.

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::draft::{DraftField, DraftText};
use super::figure::{self, Figure, Reading};
use super::progress::{Aim, Counting, Direction};
use super::score::{LineProblem, ScoreTable, read_table};
use super::text::fold;

/// So many targets a campaign has at most.
pub const TARGETS_MOST: usize = 60;
/// So many lines any other list has at most.
pub const LINES_MOST: usize = 100;
/// So many periods are reported at most: ten years of months.
pub const PERIODS_MOST: usize = 120;

/// *Thường xuyên* or *theo chuyên đề* (Law 06/2022/QH15, art. 16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CampaignKind {
    /// Daily and yearly work.
    #[default]
    Regular,
    /// A task of a time.
    Thematic,
}

impl CampaignKind {
    /// As forms and the database write it.
    pub const fn code(self) -> &'static str {
        match self {
            CampaignKind::Regular => "regular",
            CampaignKind::Thematic => "thematic",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        [CampaignKind::Regular, CampaignKind::Thematic].into_iter().find(|kind| kind.code() == code.trim())
    }
}

/// How often units report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reporting {
    /// They do not.
    #[default]
    Never,
    /// Every month.
    Monthly,
    /// Every quarter.
    Quarterly,
    /// Every half year.
    HalfYearly,
    /// Every year.
    Yearly,
}

impl Reporting {
    /// Every one.
    pub const ALL: [Reporting; 5] =
        [Reporting::Never, Reporting::Monthly, Reporting::Quarterly, Reporting::HalfYearly, Reporting::Yearly];

    /// As forms write it.
    pub const fn code(self) -> &'static str {
        match self {
            Reporting::Never => "",
            Reporting::Monthly => "monthly",
            Reporting::Quarterly => "quarterly",
            Reporting::HalfYearly => "half-yearly",
            Reporting::Yearly => "yearly",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reporting| reporting.code() == code.trim())
    }

    /// So many months a period has; none where nobody reports.
    pub const fn months(self) -> Option<u8> {
        match self {
            Reporting::Never => None,
            Reporting::Monthly => Some(1),
            Reporting::Quarterly => Some(3),
            Reporting::HalfYearly => Some(6),
            Reporting::Yearly => Some(12),
        }
    }
}

/// A target (*chỉ tiêu*) in its pillar (*mục tiêu*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// A short code that stays: figures hang on it.
    pub code: String,
    /// The pillar.
    pub pillar: String,
    /// What is counted.
    pub name: String,
    /// In what.
    pub measure: String,
    /// How figures add up, where one begins and where one wants to get.
    pub aim: Aim,
    /// Until when.
    pub due: Day,
    /// Where the figure comes from.
    pub source: String,
}

/// A phase of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhaseKind {
    /// *Đăng ký*.
    Registration,
    /// *Thực hiện*.
    CarryingOut,
    /// *Sơ kết*.
    InterimReview,
    /// *Tổng kết*.
    FinalReview,
}

impl PhaseKind {
    /// Every one.
    pub const ALL: [PhaseKind; 4] =
        [PhaseKind::Registration, PhaseKind::CarryingOut, PhaseKind::InterimReview, PhaseKind::FinalReview];

    /// As the database writes it.
    pub const fn code(self) -> &'static str {
        match self {
            PhaseKind::Registration => "registration",
            PhaseKind::CarryingOut => "carrying-out",
            PhaseKind::InterimReview => "interim-review",
            PhaseKind::FinalReview => "final-review",
        }
    }

    /// As it is typed, in Vietnamese.
    pub const fn word(self) -> &'static str {
        match self {
            PhaseKind::Registration => "đăng ký",
            PhaseKind::CarryingOut => "thực hiện",
            PhaseKind::InterimReview => "sơ kết",
            PhaseKind::FinalReview => "tổng kết",
        }
    }

    /// Reads a code, or the Vietnamese word with or without marks.
    pub fn parse(text: &str) -> Option<Self> {
        let folded = fold(text.trim());
        Self::ALL.into_iter().find(|kind| kind.code() == text.trim() || fold(kind.word()) == folded)
    }
}

/// A phase with its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Of what kind.
    pub kind: PhaseKind,
    /// What it is called.
    pub name: String,
    /// The first day.
    pub begins: Day,
    /// The last day.
    pub ends: Day,
}

/// A document that the campaign stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalBasis {
    /// Its number; empty where it has none.
    pub number: String,
    /// Its day; empty where none is known.
    pub issued: Option<Day>,
    /// What it is called.
    pub title: String,
    /// The address of its file; empty for none.
    pub address: String,
}

/// What is reported together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub begins: Day,
    /// The last day.
    pub ends: Day,
    /// The day until which its report is in time.
    pub due: Day,
}

/// What kind of answer a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// Words.
    Text,
    /// A figure.
    Number,
    /// One of several.
    Choice,
    /// A day.
    Date,
    /// Several lines of cells.
    Table,
    /// A file.
    File,
}

impl AnswerKind {
    /// Every one with its code and its word.
    pub const ALL: [(AnswerKind, &'static str, &'static str); 6] = [
        (AnswerKind::Text, "text", "chữ"),
        (AnswerKind::Number, "number", "số"),
        (AnswerKind::Choice, "choice", "lựa chọn"),
        (AnswerKind::Date, "date", "ngày"),
        (AnswerKind::Table, "table", "bảng"),
        (AnswerKind::File, "file", "tệp"),
    ];

    fn parse(text: &str) -> Option<Self> {
        let folded = fold(text.trim());
        Self::ALL.into_iter().find(|(_, code, word)| *code == folded || fold(word) == folded).map(|(kind, ..)| kind)
    }
}

/// A question that a unit's plan answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// A short code that stays: answers hang on it.
    pub code: String,
    /// The question.
    pub label: String,
    /// What it asks for.
    pub kind: AnswerKind,
    /// Whether it has to be answered.
    pub required: bool,
    /// What helps to answer it.
    pub help: String,
    /// What there is to choose from, or the names of a table's columns.
    pub choices: Vec<String>,
    /// The last day on which the answer may be changed, as `2021-02-15`; empty for always.
    pub freeze_after: String,
}

/// Everything that a launch says besides its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// Regular or thematic.
    pub kind: CampaignKind,
    /// The first day.
    pub begins: Day,
    /// The last day.
    pub ends: Day,
    /// *Nội dung thi đua*.
    pub contents: Vec<String>,
    /// *Tiêu chí*.
    pub criteria: Vec<String>,
    /// In the order of their lines.
    pub targets: Vec<Target>,
    /// In the order of their lines.
    pub phases: Vec<Phase>,
    /// In the order of their lines.
    pub legal: Vec<LegalBasis>,
    /// What is reported together, the earliest first.
    pub periods: Vec<Period>,
    /// How units are scored, if they are.
    pub score: Option<ScoreTable>,
    /// What a plan is asked besides.
    pub form: Vec<Question>,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartProblem {
    /// Which field.
    pub field: DraftField,
    /// Which of its lines, from 1; none where it is about the field.
    pub line: Option<usize>,
    /// What.
    pub kind: PartProblemKind,
    /// The words in question.
    pub excerpt: String,
}

/// What can be wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PartProblemKind {
    /// The law, or the portal's rules, ask for it, and it is empty.
    Missing,
    /// It is no day of the calendar.
    NotADay,
    /// It ends before it begins, or lies outside of the campaign.
    DaysReversed,
    /// A cell that has to be filled in is empty.
    CellMissing,
    /// A figure that can't be read.
    NotAFigure,
    /// `1.234` can be one thousand two hundred and thirty-four or a little over one: it has to be written otherwise.
    FigureUnclear,
    /// A word that is none of those that may stand there.
    UnknownWord,
    /// A code that another line has too.
    CodeTwice,
    /// More lines than are taken.
    TooMany,
    /// A criterion of the score table names a target that is not there, or its points are none.
    ScoreWrong,
}

/// The cells of each line that says something, with the line's number from 1.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, Vec<String>)> {
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(|(index, line)| {
        let cells = line.split(['|', '\t']).map(|cell| cell.trim().to_owned()).collect();
        (index + 1, cells)
    })
}

/// The lines of a list of sentences, without the signs that lists begin with.
pub fn sentences(text: &str) -> Vec<String> {
    let plain = |line: &str| line.trim().trim_start_matches(['-', '*', '+', '•']).trim().to_owned();
    text.lines().map(plain).filter(|line| !line.is_empty()).take(LINES_MOST).collect()
}

/// Collects what is wrong while fields are read.
#[derive(Default)]
struct Problems(Vec<PartProblem>);

impl Problems {
    fn add(&mut self, field: DraftField, line: Option<usize>, kind: PartProblemKind, excerpt: &str) {
        let excerpt = excerpt.chars().take(80).collect();
        self.0.push(PartProblem { field, line, kind, excerpt });
    }

    fn day(&mut self, field: DraftField, line: Option<usize>, text: &str) -> Option<Day> {
        let day = Day::parse(text);
        if day.is_none() {
            let kind = if text.trim().is_empty() { PartProblemKind::CellMissing } else { PartProblemKind::NotADay };
            self.add(field, line, kind, text);
        }
        day
    }

    fn figure(&mut self, field: DraftField, line: usize, text: &str) -> Option<Figure> {
        match figure::read(text) {
            Ok(Reading::One(figure)) => Some(figure),
            Ok(Reading::Either { .. }) => {
                self.add(field, Some(line), PartProblemKind::FigureUnclear, text);
                None
            }
            Err(figure::Unreadable::Empty) => {
                self.add(field, Some(line), PartProblemKind::CellMissing, text);
                None
            }
            Err(_) => {
                self.add(field, Some(line), PartProblemKind::NotAFigure, text);
                None
            }
        }
    }

    fn filled(&mut self, field: DraftField, line: usize, cells: &[String], at: usize) -> Option<String> {
        let cell = cells.get(at).filter(|cell| !cell.is_empty()).cloned();
        if cell.is_none() {
            self.add(field, Some(line), PartProblemKind::CellMissing, &cells.join(" | "));
        }
        cell
    }

    fn few(&mut self, field: DraftField, text: &str, most: usize) {
        if lines(text).count() > most {
            self.add(field, None, PartProblemKind::TooMany, "");
        }
    }
}

/// Reads a campaign from its fields, and says everything that is wrong with them. `required` names the fields that a
/// launch must have filled in (see [`DraftField::name`]); `None` in the first place where it can't be launched so.
pub fn read_campaign(text: &DraftText, required: &[String]) -> (Option<Campaign>, Vec<PartProblem>) {
    let mut problems = Problems::default();
    for field in DraftField::ALL {
        if required.iter().any(|name| name == field.name()) && text.get(field).trim().is_empty() {
            problems.add(field, None, PartProblemKind::Missing, "");
        }
    }
    let begins = read_own_day(&mut problems, DraftField::Begins, &text.begins);
    let ends = read_own_day(&mut problems, DraftField::Ends, &text.ends);
    if let (Some(begins), Some(ends)) = (begins, ends)
        && ends < begins
    {
        problems.add(DraftField::Ends, None, PartProblemKind::DaysReversed, &text.ends);
    }
    let kind = CampaignKind::parse(&text.campaign_kind).unwrap_or_default();
    let targets = read_targets(&mut problems, &text.targets);
    let phases = read_phases(&mut problems, &text.phases);
    let legal = read_legal(&mut problems, &text.legal);
    let form = read_form(&mut problems, &text.form);
    let score = read_score(&mut problems, &text.score, &text.targets);
    for field in [DraftField::Contents, DraftField::Criteria] {
        problems.few(field, text.get(field), LINES_MOST);
    }
    let days = text.reporting_days.trim();
    let days: Option<i64> = if days.is_empty() { Some(0) } else { days.parse().ok().filter(|days| *days <= 90) };
    if days.is_none_or(|days| days < 0) {
        problems.add(DraftField::ReportingDays, None, PartProblemKind::NotAFigure, &text.reporting_days);
    }
    let (Some(begins), Some(ends), true) = (begins, ends, problems.0.is_empty()) else { return (None, problems.0) };
    let reporting = Reporting::parse(&text.reporting).unwrap_or_default();
    let periods = make_periods(reporting, days.unwrap_or_default(), &phases, begins, ends);
    let (contents, criteria) = (sentences(&text.contents), sentences(&text.criteria));
    let campaign = Campaign { kind, begins, ends, contents, criteria, targets, phases, legal, periods, score, form };
    (Some(campaign), problems.0)
}

/// A day that is a field of its own: an empty one is missing, which is said where it is required.
fn read_own_day(problems: &mut Problems, field: DraftField, text: &str) -> Option<Day> {
    if text.trim().is_empty() { None } else { problems.day(field, None, text) }
}

fn read_targets(problems: &mut Problems, text: &str) -> Vec<Target> {
    let field = DraftField::Targets;
    problems.few(field, text, TARGETS_MOST);
    let mut targets: Vec<Target> = Vec::new();
    for (line, cells) in lines(text).take(TARGETS_MOST) {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let code = problems.filled(field, line, &cells, 0);
        let pillar = problems.filled(field, line, &cells, 1);
        let name = problems.filled(field, line, &cells, 2);
        let counting = parse_counting(cell(4));
        let direction = parse_direction(cell(7));
        for (read, at) in [(counting.is_some(), 4), (direction.is_some(), 7)] {
            if !read {
                problems.add(field, Some(line), PartProblemKind::UnknownWord, cell(at));
            }
        }
        let is_open = |text: &str| matches!(text, "" | "-" | "–" | "—");
        let baseline = if is_open(cell(5)) { None } else { problems.figure(field, line, cell(5)) };
        let goal = problems.figure(field, line, cell(6));
        let due = problems.day(field, Some(line), cell(8));
        let (Some(code), Some(pillar), Some(name)) = (code, pillar, name) else { continue };
        if targets.iter().any(|known| known.code.eq_ignore_ascii_case(&code)) {
            problems.add(field, Some(line), PartProblemKind::CodeTwice, &code);
        }
        let (Some(counting), Some(direction), Some(goal), Some(due)) = (counting, direction, goal, due) else {
            continue;
        };
        let aim = Aim { counting, direction, baseline, goal };
        targets.push(Target { code, pillar, name, measure: cell(3).to_owned(), aim, due, source: cell(9).to_owned() });
    }
    targets
}

/// How figures add up, as it is typed.
pub const COUNTING_WORDS: &[&str] = &["cộng dồn", "mức đạt"];
/// Where a target wants to get, as it is typed.
pub const DIRECTION_WORDS: &[&str] = &["tăng", "giảm"];
/// That a question has to be answered, as it is typed; nothing says that it need not be.
pub const REQUIRED_WORD: &str = "bắt buộc";

/// *Cộng dồn* or *mức đạt*.
fn parse_counting(text: &str) -> Option<Counting> {
    match fold(text).as_str() {
        "cong don" | "sum" => Some(Counting::Sum),
        "muc dat" | "level" => Some(Counting::Level),
        _ => None,
    }
}

/// *Tăng* (at least) or *giảm* (at most).
fn parse_direction(text: &str) -> Option<Direction> {
    match fold(text).as_str() {
        "tang" | "up" | "it nhat" => Some(Direction::Up),
        "giam" | "down" | "nhieu nhat" => Some(Direction::Down),
        _ => None,
    }
}

fn read_phases(problems: &mut Problems, text: &str) -> Vec<Phase> {
    let field = DraftField::Phases;
    problems.few(field, text, LINES_MOST);
    let mut phases = Vec::new();
    for (line, cells) in lines(text).take(LINES_MOST) {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let kind = PhaseKind::parse(cell(0));
        if kind.is_none() {
            problems.add(field, Some(line), PartProblemKind::UnknownWord, cell(0));
        }
        let (begins, ends) = (problems.day(field, Some(line), cell(2)), problems.day(field, Some(line), cell(3)));
        let (Some(kind), Some(begins), Some(ends)) = (kind, begins, ends) else { continue };
        if ends < begins {
            problems.add(field, Some(line), PartProblemKind::DaysReversed, cell(3));
        }
        phases.push(Phase { kind, name: cell(1).to_owned(), begins, ends });
    }
    phases
}

fn read_legal(problems: &mut Problems, text: &str) -> Vec<LegalBasis> {
    let field = DraftField::Legal;
    problems.few(field, text, LINES_MOST);
    let mut legal = Vec::new();
    for (line, cells) in lines(text).take(LINES_MOST) {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let issued = if cell(1).is_empty() { None } else { problems.day(field, Some(line), cell(1)) };
        let Some(title) = problems.filled(field, line, &cells, 2) else { continue };
        legal.push(LegalBasis { number: cell(0).to_owned(), issued, title, address: cell(3).to_owned() });
    }
    legal
}

fn read_form(problems: &mut Problems, text: &str) -> Vec<Question> {
    let field = DraftField::Form;
    problems.few(field, text, LINES_MOST);
    let mut form: Vec<Question> = Vec::new();
    for (line, cells) in lines(text).take(LINES_MOST) {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let code = problems.filled(field, line, &cells, 0);
        let label = problems.filled(field, line, &cells, 1);
        let kind = AnswerKind::parse(cell(2));
        let required = match fold(cell(3)).as_str() {
            "bat buoc" | "co" | "required" | "x" => Some(true),
            "" | "khong" | "tuy chon" | "optional" => Some(false),
            _ => None,
        };
        for (read, at) in [(kind.is_some(), 2), (required.is_some(), 3)] {
            if !read {
                problems.add(field, Some(line), PartProblemKind::UnknownWord, cell(at));
            }
        }
        let choices: Vec<String> =
            cell(5).split(';').map(str::trim).filter(|choice| !choice.is_empty()).map(str::to_owned).collect();
        if matches!(kind, Some(AnswerKind::Choice | AnswerKind::Table)) && choices.is_empty() {
            problems.add(field, Some(line), PartProblemKind::CellMissing, cell(1));
        }
        let freeze = if cell(6).is_empty() { None } else { problems.day(field, Some(line), cell(6)) };
        let (Some(code), Some(label), Some(kind), Some(required)) = (code, label, kind, required) else { continue };
        if form.iter().any(|known| known.code == code) {
            problems.add(field, Some(line), PartProblemKind::CodeTwice, &code);
        }
        let freeze_after = freeze.map(Day::iso).unwrap_or_default();
        form.push(Question { code, label, kind, required, help: cell(4).to_owned(), choices, freeze_after });
    }
    form
}

/// The score table. A target whose line has a fault is known all the same: it is named there, not here again.
fn read_score(problems: &mut Problems, text: &str, targets: &str) -> Option<ScoreTable> {
    if text.trim().is_empty() {
        return None;
    }
    let codes: Vec<String> = lines(targets).filter_map(|(_, cells)| cells.into_iter().next()).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let one = |text: &str| match figure::read(text) {
        Ok(Reading::One(figure)) => Some(figure),
        _ => None,
    };
    match read_table(text, &codes, one) {
        Ok(table) => Some(table),
        Err(wrong) => {
            for LineProblem { line, .. } in wrong {
                let excerpt = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
                problems.add(DraftField::Score, Some(line), PartProblemKind::ScoreWrong, excerpt);
            }
            None
        }
    }
}

/// The periods of the time in which the campaign is carried out: whole months, quarters …, the first and the last one
/// cut at its ends.
fn make_periods(reporting: Reporting, days: i64, phases: &[Phase], begins: Day, ends: Day) -> Vec<Period> {
    let Some(months) = reporting.months() else { return Vec::new() };
    let carrying_out = || phases.iter().filter(|phase| phase.kind == PhaseKind::CarryingOut);
    let mut next = carrying_out().map(|phase| phase.begins).min().unwrap_or(begins);
    let last = carrying_out().map(|phase| phase.ends).max().unwrap_or(ends);
    let mut periods = Vec::new();
    while next <= last && periods.len() < PERIODS_MOST {
        let end = next.end_of_stretch(months).min(last);
        periods.push(Period { begins: next, ends: end, due: end.plus_days(days) });
        next = end.plus_days(1);
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> DraftText {
        DraftText {
            theme: "Mục tiêu kép".into(),
            begins: "15/01/2021".into(),
            ends: "31/12/2021".into(),
            contents: "- Một\n\n* Hai\n".into(),
            targets:
                "PD1 | Phòng dịch | Người được tiêm | người | cộng dồn | 0 | 12.500,5 | tăng | 31/12/2021 | Báo cáo\n\
                      KT1\tKinh tế\tTỷ lệ hồ sơ trực tuyến\t%\tmức đạt\t\t85\ttăng\t31/12/2021"
                    .into(),
            phases: "đăng ký | Đăng ký | 15/01/2021 | 15/02/2021\nThuc hien | Thực hiện | 16/02/2021 | 31/12/2021"
                .into(),
            reporting: "quarterly".into(),
            reporting_days: "5".into(),
            score: "A | Tiêm chủng | 60 | target PD1 | 110\nB | Đúng hạn | 40 | on-time | ".into(),
            form: "K1 | Cách làm | chữ | bắt buộc | Nói ngắn | | 01/03/2021".into(),
            ..DraftText::default()
        }
    }

    #[test]
    fn a_campaign_is_read_from_lines_of_a_form_or_of_a_spreadsheet() {
        let (campaign, problems) = read_campaign(&text(), &["theme".to_owned()]);
        assert_eq!(problems, []);
        let campaign = campaign.expect("a campaign");
        assert_eq!(campaign.contents, ["Một", "Hai"]);
        assert_eq!(campaign.targets.len(), 2);
        assert_eq!(campaign.targets[0].aim.goal, Figure::new(125_005, 1).expect("a figure"));
        assert_eq!(campaign.targets[1].aim.baseline, None);
        assert_eq!(campaign.form[0].freeze_after, "2021-03-01");
        assert_eq!(campaign.score.expect("a table").criteria.len(), 2);
    }

    #[test]
    fn periods_follow_the_calendar_within_the_carrying_out_and_are_due_so_many_days_later() {
        let (campaign, _) = read_campaign(&text(), &[]);
        let periods: Vec<_> = campaign.expect("a campaign").periods;
        let days: Vec<_> = periods.iter().map(|p| (p.begins.iso(), p.ends.iso(), p.due.iso())).collect();
        let day = |text: &str| text.to_owned();
        assert_eq!(days[0], (day("2021-02-16"), day("2021-03-31"), day("2021-04-05")));
        assert_eq!(days.last(), Some(&(day("2021-10-01"), day("2021-12-31"), day("2022-01-05"))));
        assert_eq!(days.len(), 4);
    }

    #[test]
    fn everything_that_is_missing_or_wrong_is_named_with_its_line() {
        let wrong = DraftText {
            theme: String::new(),
            ends: "31/02/2021".into(),
            targets: "PD1 | | Người | người | từ từ | 0 | 1.234 | tăng | mai\n\npd1 | A | B | c | sum | x | 5 | up | 1/1/2021\nPD1 | A | B | c | sum | 0 | 5 | up | 1/1/2021".into(),
            phases: "khai mạc | A | 2/1/2021 | 1/1/2021\nsơ kết | B | 2/1/2021 | 1/1/2021".into(),
            score: "A | B | x | target ZZ".into(),
            ..text()
        };
        let (campaign, problems) = read_campaign(&wrong, &["theme".to_owned(), "aim".to_owned()]);
        assert!(campaign.is_none());
        let has = |field: DraftField, line: Option<usize>, kind: PartProblemKind| {
            problems.iter().any(|p| p.field == field && p.line == line && p.kind == kind)
        };
        use PartProblemKind::{
            CellMissing, DaysReversed, FigureUnclear, Missing, NotADay, NotAFigure, ScoreWrong, UnknownWord,
        };
        assert!(has(DraftField::Theme, None, Missing) && has(DraftField::Aim, None, Missing));
        assert!(has(DraftField::Ends, None, NotADay));
        assert!(has(DraftField::Targets, Some(1), CellMissing) && has(DraftField::Targets, Some(1), FigureUnclear));
        assert!(has(DraftField::Targets, Some(1), UnknownWord) && has(DraftField::Targets, Some(1), NotADay));
        assert!(has(DraftField::Targets, Some(3), NotAFigure));
        assert!(has(DraftField::Phases, Some(1), UnknownWord) && has(DraftField::Phases, Some(2), DaysReversed));
        assert!(has(DraftField::Score, Some(1), ScoreWrong));
    }

    #[test]
    fn the_words_that_are_offered_are_read() {
        assert!(COUNTING_WORDS.iter().all(|word| parse_counting(word).is_some()));
        assert!(DIRECTION_WORDS.iter().all(|word| parse_direction(word).is_some()));
        assert!(AnswerKind::ALL.iter().all(|(kind, _, word)| AnswerKind::parse(word) == Some(*kind)));
        assert!(PhaseKind::ALL.iter().all(|kind| PhaseKind::parse(kind.word()) == Some(*kind)));
        let text = DraftText { form: format!("K1 | Cách làm | chữ | {REQUIRED_WORD}"), ..text() };
        assert!(read_campaign(&text, &[]).0.expect("a campaign").form[0].required);
    }

    #[test]
    fn nothing_that_is_typed_stops_the_program() {
        for typed in ["|", "a|b|c|d|e|f|g|h|i|j|k", "🙂|", "1|1|1|sum|1|1|1|up|1", &"x|\n".repeat(5000)] {
            let text = DraftText {
                targets: typed.to_owned(),
                phases: typed.to_owned(),
                legal: typed.to_owned(),
                form: typed.to_owned(),
                score: typed.to_owned(),
                begins: typed.to_owned(),
                reporting_days: typed.to_owned(),
                ..DraftText::default()
            };
            let (_, problems) = read_campaign(&text, &[]);
            assert!(!problems.is_empty());
        }
    }
}
