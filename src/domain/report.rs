//! A report while it is filled in: what is wrong with a figure or doubtful, and how two people's cells become one. The
//! same rules run in the browser, while somebody types, and on the server, before anything is taken.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::figure::{self, Figure, Reading, Unreadable};
use super::progress::{Counting, Doubt, doubts};

/// The cells of a report by their names, as they were typed.
pub type Cells = BTreeMap<String, String>;

/// The name of a target's figure in forms.
pub fn figure_name(code: &str) -> String {
    format!("so-{code}")
}

/// The name of the reason of a figure that looks absurd.
pub fn reason_name(code: &str) -> String {
    format!("ly-do-{code}")
}

/// The name of what was done in the period.
pub const SUMMARY: &str = "noi-dung";

/// What is known of a figure that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskedFigure {
    /// How it counts; a sum where nothing is known.
    pub counting: Option<Counting>,
    /// What the unit wants to reach.
    pub goal: Option<Figure>,
    /// What it reported before, the earliest first.
    pub earlier: Vec<Option<Figure>>,
    /// Whether it is a percentage.
    pub percent: bool,
}

impl AskedFigure {
    /// What looks absurd in a figure.
    fn doubts(&self, figure: Figure) -> Vec<Doubt> {
        let mut doubts = doubts(self.counting.unwrap_or(Counting::Sum), figure, &self.earlier, self.goal);
        let is_over = |figure: &Figure| Figure::whole(100).is_some_and(|whole| *figure > whole);
        if self.percent && is_over(&figure) && !self.earlier.iter().flatten().any(is_over) {
            doubts.push(Doubt::OverWhole);
        }
        doubts
    }
}

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellState {
    /// Nothing is typed.
    Missing,
    /// A dash: there is no figure in this period.
    Nothing,
    /// A figure, with what is doubtful about it.
    Figure {
        /// The figure.
        figure: Figure,
        /// What looks absurd.
        doubts: Vec<Doubt>,
        /// Whether a reason is given.
        explained: bool,
    },
    /// It can be read in two ways.
    Unclear {
        /// With a separator of thousands.
        thousands: Figure,
        /// With decimals.
        decimal: Figure,
    },
    /// It can't be read.
    Unreadable(Unreadable),
}

impl CellState {
    /// Whether a report with it can be sent.
    pub fn can_be_sent(&self) -> bool {
        match self {
            CellState::Nothing => true,
            CellState::Figure { doubts, explained, .. } => doubts.is_empty() || *explained,
            CellState::Missing | CellState::Unclear { .. } | CellState::Unreadable(_) => false,
        }
    }

    /// The figure that it says.
    pub fn figure(&self) -> Option<Figure> {
        match self {
            CellState::Figure { figure, .. } => Some(*figure),
            _ => None,
        }
    }
}

/// Reads a cell with the reason that stands beside it.
pub fn check_cell(asked: &AskedFigure, typed: &str, reason: &str) -> CellState {
    if typed.trim().is_empty() {
        return CellState::Missing;
    }
    match figure::read(typed) {
        Ok(Reading::One(figure)) => {
            CellState::Figure { figure, doubts: asked.doubts(figure), explained: !reason.trim().is_empty() }
        }
        Ok(Reading::Either { thousands, decimal }) => CellState::Unclear { thousands, decimal },
        Err(Unreadable::Empty) => CellState::Nothing,
        Err(why) => CellState::Unreadable(why),
    }
}

/// What two savings on one base make: the cells, and the names of those that both changed, where mine stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedCells {
    /// One report with both people's changes.
    pub cells: Cells,
    /// Cells that both changed to different things.
    pub conflicts: Vec<String>,
}

/// Merges what I typed with what was saved in between; both began with `base`.
pub fn merge_cells(base: &Cells, mine: &Cells, theirs: &Cells) -> MergedCells {
    let mut merged = MergedCells::default();
    let empty = String::new();
    let names: std::collections::BTreeSet<&String> = mine.keys().chain(theirs.keys()).collect();
    for name in names {
        let of = |cells: &Cells| cells.get(name).unwrap_or(&empty).clone();
        let (before, own, other) = (of(base), of(mine), of(theirs));
        let chosen = if own == before || own == other {
            other
        } else {
            if other != before {
                merged.conflicts.push(name.clone());
            }
            own
        };
        merged.cells.insert(name.clone(), chosen);
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(pairs: &[(&str, &str)]) -> Cells {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_cell_is_a_figure_or_says_why_not() {
        let asked = AskedFigure { earlier: vec![Figure::whole(10)], ..AskedFigure::default() };
        let state = |typed: &str, reason: &str| check_cell(&asked, typed, reason);
        assert_eq!(state(" ", ""), CellState::Missing);
        assert_eq!(state("-", ""), CellState::Nothing);
        assert_eq!(state("1.234,5", "").figure(), Figure::new(12_345, 1));
        assert!(matches!(state("1.234", ""), CellState::Unclear { .. }));
        assert!(matches!(state("mười", ""), CellState::Unreadable(Unreadable::NotANumber)));
        for (typed, reason, sent) in [
            ("12", "", true),
            ("500", "", false),
            ("500", "Nhập bù hai tháng", true),
            ("1.234", "x", false),
            ("-", "", true),
        ] {
            assert_eq!(state(typed, reason).can_be_sent(), sent, "{typed}");
        }
    }

    #[test]
    fn a_percentage_above_a_hundred_is_asked_about_until_there_was_one() {
        let doubted = |percent: bool, earlier: &[i64], typed: &str| {
            let earlier = earlier.iter().map(|figure| Figure::whole(*figure)).collect();
            let asked = AskedFigure { counting: Some(Counting::Level), percent, earlier, ..AskedFigure::default() };
            match check_cell(&asked, typed, "") {
                CellState::Figure { doubts, .. } => doubts,
                state => panic!("{state:?}"),
            }
        };
        assert_eq!(doubted(true, &[], "900"), [Doubt::OverWhole]);
        assert_eq!(doubted(true, &[90], "100,1"), [Doubt::OverWhole]);
        assert_eq!(doubted(true, &[90, 102], "104"), []);
        assert_eq!(doubted(true, &[], "100"), []);
        assert_eq!(doubted(false, &[], "900"), []);
    }

    #[test]
    fn two_people_fill_in_one_report_and_nothing_is_lost() {
        let base = cells(&[("so-A", "1"), ("so-B", "2")]);
        let mine = cells(&[("so-A", "5"), ("so-B", "2"), ("noi-dung", "Của tôi")]);
        let theirs = cells(&[("so-A", "1"), ("so-B", "7"), ("so-C", "3")]);
        let merged = merge_cells(&base, &mine, &theirs);
        assert_eq!(merged.cells, cells(&[("so-A", "5"), ("so-B", "7"), ("so-C", "3"), ("noi-dung", "Của tôi")]));
        assert_eq!(merged.conflicts, Vec::<String>::new());
    }

    #[test]
    fn a_cell_that_both_changed_is_named_and_keeps_what_whoever_saves_typed() {
        let merged = merge_cells(&cells(&[("so-A", "1")]), &cells(&[("so-A", "2")]), &cells(&[("so-A", "3")]));
        assert_eq!(merged.conflicts, ["so-A"]);
        assert_eq!(merged.cells, cells(&[("so-A", "2")]));
        let same = merge_cells(&cells(&[]), &cells(&[("so-A", "2")]), &cells(&[("so-A", "2")]));
        assert_eq!(same.conflicts, Vec::<String>::new());
    }
}
