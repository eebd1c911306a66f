//! What a review (*sơ kết, tổng kết*) was written from: the figures of a campaign as they were taken on a day.
//!
//! They are frozen. Each has an address of its own, so that a text can lead to the figure that it names, and be asked
//! whether it still says the same. What was corrected since is told beside them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::figure::Figure;
use super::lang::Lang;
use super::progress::{Counting, value_of_all, value_of_unit};

/// A unit is among the best of its cluster down to this rank.
const BEST: u32 = 3;

/// What a review is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReviewKind {
    /// *Sơ kết*: while the campaign is under way.
    Interim,
    /// *Tổng kết*: when it is over.
    Final,
}

impl ReviewKind {
    /// Both.
    pub const ALL: [Self; 2] = [ReviewKind::Interim, ReviewKind::Final];

    /// As forms and the database write it.
    pub const fn code(self) -> &'static str {
        match self {
            ReviewKind::Interim => "interim",
            ReviewKind::Final => "final",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A period of which reports were counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FrozenPeriod {
    /// Its first day, as `2021-01-15`.
    pub begins: String,
    /// Its last day.
    pub ends: String,
}

/// A target with what was reached of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FrozenTarget {
    /// Its id, by which corrections name it.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// Its pillar.
    pub pillar: String,
    /// What is counted.
    pub name: String,
    /// In what.
    pub measure: String,
    /// `sum` or `level`.
    pub counting: String,
    /// Where one wants to get.
    pub goal: Figure,
    /// Where the figures come from.
    pub source: String,
    /// What all units have together.
    pub value: Option<Figure>,
    /// How much of the way that is, in basis points.
    pub share: Option<i64>,
    /// So many units have a figure.
    pub units: usize,
    /// Whether the goal was met.
    pub reached: bool,
    /// Whether it was behind what was to be expected by then.
    pub behind: bool,
}

/// A unit with what it reported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FrozenUnit {
    /// Its slug.
    pub slug: String,
    /// Its name then.
    pub name: String,
    /// Its cluster; empty for none.
    pub cluster: String,
    /// Its values, in the order of the targets.
    pub values: Vec<Option<Figure>>,
    /// How much of its own way that is, in basis points.
    pub shares: Vec<Option<i64>>,
    /// Its figures by target and period.
    pub figures: Vec<Vec<Option<Figure>>>,
    /// The accepted report of each period.
    pub reports: Vec<Option<i64>>,
    /// Its score, where units are scored.
    pub score: Option<Figure>,
    /// Its rank within its cluster.
    pub rank: Option<u32>,
    /// So many reports were accepted.
    pub accepted: usize,
    /// So many came after their day.
    pub late: usize,
    /// So many did not come.
    pub missing: usize,
    /// So many waited to be looked at.
    pub waiting: usize,
}

impl FrozenUnit {
    /// The accepted reports that have a figure for a target: report and period.
    pub fn reports_of(&self, target: usize) -> impl Iterator<Item = (i64, usize)> {
        let figures = self.figures.get(target).map(Vec::as_slice).unwrap_or_default();
        let known = figures.iter().zip(&self.reports).enumerate();
        known.filter_map(|(period, (figure, report))| figure.and(*report).map(|report| (report, period)))
    }

    /// Whether a report of it came late or did not come.
    pub const fn is_behind(&self) -> bool {
        self.late + self.missing > 0
    }
}

/// A correction that was made before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FrozenCorrection {
    /// When.
    pub at: i64,
    /// The unit whose report it was.
    pub unit: String,
    /// Its slug.
    pub slug: String,
    /// The report.
    pub report: i64,
    /// The first day of its period.
    pub begins: String,
    /// Its last day.
    pub ends: String,
    /// The target's name.
    pub target: String,
    /// What stood there.
    pub old: Option<Figure>,
    /// What stood there from then on.
    pub new: Option<Figure>,
    /// Why.
    pub reason: String,
}

/// The figures of a campaign as they were taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    /// The campaign's title.
    pub title: String,
    /// Its theme.
    pub theme: String,
    /// Which body launched it.
    pub launcher: String,
    /// Its first day.
    pub begins: String,
    /// Its last day.
    pub ends: String,
    /// Whether all of it is invented.
    pub demonstration: bool,
    /// The periods whose reports count.
    pub periods: Vec<FrozenPeriod>,
    /// Its targets, in their order.
    pub targets: Vec<FrozenTarget>,
    /// Its units, by cluster, and in it by rank.
    pub units: Vec<FrozenUnit>,
    /// What had been corrected, the latest first.
    pub corrections: Vec<FrozenCorrection>,
}

/// What stands at an address of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A figure, or that there was none.
    Figure(Option<Figure>),
    /// Something that is no figure.
    Words,
}

/// A figure of a target or of a unit, by its place in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfTarget {
    /// What was reached.
    Value,
    /// What was to be reached.
    Goal,
    /// How much of it that is.
    Share,
    /// How many units have a figure.
    Units,
}

impl OfTarget {
    const ALL: [Self; 4] = [Self::Value, Self::Goal, Self::Share, Self::Units];

    const fn word(self) -> &'static str {
        match self {
            Self::Value => "chi-tieu",
            Self::Goal => "muc-tieu",
            Self::Share => "ty-le",
            Self::Units => "so-don-vi",
        }
    }

    /// The figure of a target.
    pub fn of(self, target: &FrozenTarget) -> Option<Figure> {
        match self {
            Self::Value => target.value,
            Self::Goal => Some(target.goal),
            Self::Share => target.share.and_then(percent),
            Self::Units => counted(target.units),
        }
    }

    /// Its address in the page.
    pub fn anchor(self, target: &FrozenTarget) -> String {
        format!("{}-{}", self.word(), anchor_code(&target.code))
    }
}

/// A figure of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfUnit {
    /// Its rank.
    Rank,
    /// Its score.
    Score,
    /// Its accepted reports.
    Accepted,
    /// Its late reports.
    Late,
    /// Its missing reports.
    Missing,
    /// Its reports that waited.
    Waiting,
}

impl OfUnit {
    const ALL: [Self; 6] = [Self::Rank, Self::Score, Self::Accepted, Self::Late, Self::Missing, Self::Waiting];

    const fn word(self) -> &'static str {
        match self {
            Self::Rank => "hang",
            Self::Score => "diem",
            Self::Accepted => "duoc-nhan",
            Self::Late => "nop-muon",
            Self::Missing => "con-thieu",
            Self::Waiting => "cho-xem",
        }
    }

    /// The figure of a unit.
    pub fn of(self, unit: &FrozenUnit) -> Option<Figure> {
        match self {
            Self::Rank => unit.rank.map(Figure::from),
            Self::Score => unit.score,
            Self::Accepted => counted(unit.accepted),
            Self::Late => counted(unit.late),
            Self::Missing => counted(unit.missing),
            Self::Waiting => counted(unit.waiting),
        }
    }

    /// Its address in the page.
    pub fn anchor(self, unit: &FrozenUnit) -> String {
        format!("{}-{}", self.word(), unit.slug)
    }
}

/// A figure of the whole campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfAll {
    /// The units that take part.
    Units,
    /// The targets.
    Targets,
    /// Those that were met.
    Reached,
    /// The accepted reports.
    Accepted,
    /// The late ones.
    Late,
    /// Those that did not come.
    Missing,
    /// Those that waited.
    Waiting,
}

impl OfAll {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Units, Self::Targets, Self::Reached, Self::Accepted, Self::Late, Self::Missing, Self::Waiting];

    /// Its address in the page.
    pub const fn anchor(self) -> &'static str {
        match self {
            Self::Units => "tong-don-vi",
            Self::Targets => "tong-chi-tieu",
            Self::Reached => "tong-dat",
            Self::Accepted => "tong-duoc-nhan",
            Self::Late => "tong-nop-muon",
            Self::Missing => "tong-con-thieu",
            Self::Waiting => "tong-cho-xem",
        }
    }

    /// The figure of a snapshot.
    pub fn of(self, snapshot: &Snapshot) -> Option<Figure> {
        let sum = |count: fn(&FrozenUnit) -> usize| snapshot.units.iter().map(count).sum();
        counted(match self {
            Self::Units => snapshot.units.len(),
            Self::Targets => snapshot.targets.len(),
            Self::Reached => snapshot.targets.iter().filter(|target| target.reached).count(),
            Self::Accepted => sum(|unit| unit.accepted),
            Self::Late => sum(|unit| unit.late),
            Self::Missing => sum(|unit| unit.missing),
            Self::Waiting => sum(|unit| unit.waiting),
        })
    }
}

fn counted(count: usize) -> Option<Figure> {
    Figure::whole(i64::try_from(count).ok()?)
}

/// Basis points as percent.
pub fn percent(share: i64) -> Option<Figure> {
    Figure::new(share, 2)
}

/// A code as a part of an address: codes are what people made them, addresses have few signs.
fn anchor_code(code: &str) -> String {
    code.chars().fold(String::new(), |mut made, sign| {
        if sign.is_ascii_alphanumeric() || sign == '-' {
            made.push(sign);
        } else {
            made.push_str(&format!("_{:x}_", u32::from(sign)));
        }
        made
    })
}

/// The address of a unit.
pub fn unit_anchor(unit: &FrozenUnit) -> String {
    format!("don-vi-{}", unit.slug)
}

/// The address of what a unit has of a target.
pub fn value_anchor(unit: &FrozenUnit, target: &FrozenTarget) -> String {
    // Neither a slug nor a code has a dot in it.
    format!("gia-tri-{}.{}", unit.slug, anchor_code(&target.code))
}

/// The address of what was corrected before.
pub const CORRECTIONS: &str = "dinh-chinh";

impl Snapshot {
    /// The units of each cluster.
    pub fn clusters(&self) -> impl Iterator<Item = &[FrozenUnit]> {
        self.units.chunk_by(|a, b| a.cluster == b.cluster)
    }

    /// The targets of each pillar.
    pub fn pillars(&self) -> impl Iterator<Item = &[FrozenTarget]> {
        self.targets.chunk_by(|a, b| a.pillar == b.pillar)
    }

    /// What stands at each address.
    pub fn places(&self) -> HashMap<String, Place> {
        let mut places = HashMap::from([(CORRECTIONS.to_owned(), Place::Words)]);
        places.extend(OfAll::ALL.map(|of| (of.anchor().to_owned(), Place::Figure(of.of(self)))));
        for target in &self.targets {
            places.extend(OfTarget::ALL.map(|of| (of.anchor(target), Place::Figure(of.of(target)))));
        }
        for unit in &self.units {
            places.insert(unit_anchor(unit), Place::Words);
            places.extend(OfUnit::ALL.map(|of| (of.anchor(unit), Place::Figure(of.of(unit)))));
            let values = self.targets.iter().zip(&unit.values);
            places.extend(values.map(|(target, value)| (value_anchor(unit, target), Place::Figure(*value))));
        }
        places
    }

    /// What was corrected since, from the corrections in their order. Those that were made before change nothing.
    pub fn corrected(&self, corrections: &[Corrected]) -> Since {
        let by_report: HashMap<i64, (usize, usize)> = self
            .units
            .iter()
            .enumerate()
            .flat_map(|(index, unit)| {
                let known = unit.reports.iter().enumerate();
                known.filter_map(move |(period, report)| report.map(|report| (report, (index, period))))
            })
            .collect();
        let mut figures: HashMap<(usize, usize), Vec<Option<Figure>>> = HashMap::new();
        for correction in corrections {
            let target = self.targets.iter().position(|target| target.id == correction.target_id);
            let (Some(target), Some((unit, period))) = (target, by_report.get(&correction.report_id).copied()) else {
                continue;
            };
            let frozen = || self.units[unit].figures.get(target).cloned().unwrap_or_default();
            let figures = figures.entry((unit, target)).or_insert_with(frozen);
            if let Some(place) = figures.get_mut(period) {
                *place = correction.new;
            }
        }
        self.since(&figures)
    }

    fn since(&self, figures: &HashMap<(usize, usize), Vec<Option<Figure>>>) -> Since {
        let mut since = Since::default();
        for ((unit, target), figures) in figures {
            let Some(counting) = Counting::parse(&self.targets[*target].counting) else { continue };
            let value = value_of_unit(counting, figures);
            if self.units[*unit].values.get(*target).copied().flatten() != value {
                since.units.insert((*unit, *target), value);
            }
        }
        for (index, target) in self.targets.iter().enumerate() {
            if !since.units.keys().any(|(_, changed)| *changed == index) {
                continue;
            }
            let Some(counting) = Counting::parse(&target.counting) else { continue };
            let now = |(unit, row): (usize, &FrozenUnit)| match since.units.get(&(unit, index)) {
                Some(value) => *value,
                None => row.values.get(index).copied().flatten(),
            };
            let value = value_of_all(counting, self.units.iter().enumerate().filter_map(now));
            if value != target.value {
                since.targets.insert(index, value);
            }
        }
        since
    }
}

/// The best units of a cluster.
pub fn best(units: &[FrozenUnit]) -> impl Iterator<Item = &FrozenUnit> {
    units.iter().filter(|unit| unit.accepted > 0 && unit.rank.is_some_and(|rank| rank <= BEST))
}

/// A correction of an accepted figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// The report.
    pub report_id: i64,
    /// The target.
    pub target_id: i64,
    /// What stands there from then on.
    pub new: Option<Figure>,
}

/// What differs from the frozen figures by corrections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// The value of a unit, by the places of the unit and of the target.
    pub units: HashMap<(usize, usize), Option<Figure>>,
    /// The value of all, by the place of the target.
    pub targets: HashMap<usize, Option<Figure>>,
}

/// Whether a text names one number, and that is the frozen one as a language writes it.
pub fn says(text: &str, frozen: Option<Figure>, lang: Lang) -> bool {
    let words = text.split(|sign: char| !(sign.is_alphanumeric() || matches!(sign, '.' | ',' | '-')));
    let words = words.map(|word| word.trim_end_matches(['.', ',', '-']).trim_start_matches(['.', ',']));
    let numbers: Vec<&str> =
        words.filter(|word| word.trim_start_matches('-').starts_with(|sign: char| sign.is_numeric())).collect();
    match (frozen, numbers.as_slice()) {
        (Some(frozen), [number]) => *number == frozen.show(lang),
        (None, []) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(number: i32) -> Figure {
        Figure::from(number)
    }

    /// A sum and a level, of two units in two periods; reports 1 to 3.
    fn snapshot() -> Snapshot {
        let target = |id: i64, code: &str, counting: &str, value: i32| FrozenTarget {
            id,
            code: code.into(),
            counting: counting.into(),
            value: Some(figure(value)),
            goal: figure(1000),
            share: Some(8350),
            ..FrozenTarget::default()
        };
        let unit = |slug: &str, sums: [Option<i32>; 2], level: i32, reports: [Option<i64>; 2]| FrozenUnit {
            slug: slug.into(),
            values: vec![Some(figure(sums.iter().flatten().sum())), Some(figure(level))],
            figures: vec![sums.map(|sum| sum.map(figure)).to_vec(), vec![Some(figure(level)), None]],
            reports: reports.to_vec(),
            ..FrozenUnit::default()
        };
        Snapshot {
            targets: vec![target(7, "PD1", "sum", 60), target(8, "Đ 1", "level", 15)],
            units: vec![
                unit("a", [Some(10), Some(20)], 10, [Some(1), Some(2)]),
                unit("b", [Some(30), None], 20, [Some(3), None]),
            ],
            ..Snapshot::default()
        }
    }

    #[test]
    fn every_figure_has_an_address_of_its_own() {
        let snapshot = snapshot();
        let places = snapshot.places();
        assert_eq!(places["chi-tieu-PD1"], Place::Figure(Some(figure(60))));
        assert_eq!(places["ty-le-PD1"], Place::Figure(Figure::new(835, 1)));
        assert_eq!(places["chi-tieu-_110__20_1"], Place::Figure(Some(figure(15))), "whatever a code is made of");
        assert_eq!(places["gia-tri-a.PD1"], Place::Figure(Some(figure(30))));
        assert_eq!(places["don-vi-a"], Place::Words);
        assert_eq!(places["tong-don-vi"], Place::Figure(Some(figure(2))));
        assert_eq!(snapshot.units[1].reports_of(0).collect::<Vec<_>>(), [(3, 0)]);
    }

    #[test]
    fn corrections_change_what_is_told_beside_and_nothing_else() {
        let snapshot = snapshot();
        let to = |report_id, target_id, new: Option<i32>| Corrected { report_id, target_id, new: new.map(figure) };
        assert_eq!(snapshot.corrected(&[to(1, 7, Some(10))]), Since::default(), "what was corrected before is in it");
        assert_eq!(snapshot.corrected(&[to(9, 7, Some(1)), to(1, 9, Some(1))]), Since::default(), "of a later period");
        let since = snapshot.corrected(&[to(2, 7, Some(99)), to(2, 7, Some(25)), to(3, 8, None)]);
        assert_eq!(since.units, HashMap::from([((0, 0), Some(figure(35))), ((1, 1), None)]));
        assert_eq!(since.targets, HashMap::from([(0, Some(figure(65))), (1, Some(figure(10)))]));
    }

    #[test]
    fn a_text_says_the_frozen_number_or_another() {
        let frozen = Figure::new(12_345, 1);
        for text in ["1.234,5", " 1.234,5 liều", "đạt 1.234,5%.", "(1.234,5)", "PD1: 1.234,5"] {
            assert!(says(text, frozen, Lang::Vi), "{text}");
        }
        for text in ["1.234,6", "1.234", "1,234.5", "-1.234,5", "1.234,5 và 2", "gần như tất cả", "", "1.234,5kg"]
        {
            assert!(!says(text, frozen, Lang::Vi), "{text}");
        }
        assert!(says("1,234.5", frozen, Lang::En) && says("chưa có", None, Lang::Vi) && !says("0", None, Lang::Vi));
        assert!(says("-5", Figure::whole(-5), Lang::Vi));
    }
}
