//! Results in words: amounts, shares, periods, and what a target's figure means.

use crate::domain::day::Day;
use crate::domain::figure::Figure;
use crate::domain::lang::Lang;
use crate::domain::progress::{Aim, Counting, Direction, Standing};
use crate::server::chart::BarState;
use crate::server::made::campaign::day;
use crate::server::services::result::TargetResult;
use crate::text::Text;

/// The whole way in basis points.
pub const WHOLE: i64 = 10_000;

/// A figure with what it counts, in one line.
pub fn amount(figure: Figure, measure: &str, t: Text) -> String {
    let number = figure.show(t.0);
    if measure.is_empty() { number } else { format!("{number}\u{a0}{measure}") }
}

/// Basis points as percent with a decimal. They are cut, not rounded: 99.99 % is not yet all.
pub fn percent(basis_points: i64, t: Text) -> String {
    let tenths = Figure::new(basis_points.div_euclid(10), 1).unwrap_or_default();
    format!("{}\u{a0}%", tenths.show(t.0))
}

/// What a period is called: by its month, quarter, half or whole year where it lies in one.
pub fn period_name(begins: &str, ends: &str, t: Text) -> String {
    let (Some(first), Some(last)) = (Day::parse(begins), Day::parse(ends)) else { return String::new() };
    let lies_in = |months: u8| first.end_of_stretch(months) == last.end_of_stretch(months);
    let year = first.year();
    if lies_in(1) {
        return match t.0 {
            Lang::Vi => t.result_month(first.month(), year),
            // Without its number, a day is a month: `25 Nov 2026`.
            Lang::En => first.show(t.0).split_once(' ').map_or_else(String::new, |(_, month)| month.to_owned()),
        };
    }
    if lies_in(3) {
        return t.result_quarter((first.month() - 1) / 3 + 1, year);
    }
    if lies_in(6) {
        return if first.month() < 7 { t.result_first_half(year) } else { t.result_second_half(year) };
    }
    if lies_in(12) { t.result_year(year) } else { t.campaign_days(day(begins, t), day(ends, t)) }
}

/// The same for an axis or a narrow column: `6/21`, `4–6/21`.
pub fn period_short(begins: &str, ends: &str) -> String {
    let (Some(first), Some(last)) = (Day::parse(begins), Day::parse(ends)) else { return String::new() };
    let short = |day: Day| format!("{:02}", day.year().rem_euclid(100));
    match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => format!("{}/{}", first.month(), short(first)),
        (true, false) if first.month() == 1 && last.month() == 12 => first.year().to_string(),
        (true, false) => format!("{}–{}/{}", first.month(), last.month(), short(last)),
        (false, _) => format!("{}/{}–{}/{}", first.month(), short(first), last.month(), short(last)),
    }
}

/// What there is to do for a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To get up from nothing.
    Up,
    /// To get up from somewhere.
    UpFrom(Figure),
    /// To get down from somewhere.
    DownFrom(Figure),
    /// To stay at this or above.
    AtLeast,
    /// To stay at this or below.
    AtMost,
}

impl Way {
    /// What there is to do where something is measured so.
    pub fn of(aim: &Aim) -> Self {
        match (aim.direction, aim.baseline) {
            (Direction::Up, baseline) => match baseline.unwrap_or_default() {
                start if start >= aim.goal => Way::AtLeast,
                Figure::ZERO => Way::Up,
                start => Way::UpFrom(start),
            },
            (Direction::Down, Some(start)) if start > aim.goal && aim.counting == Counting::Level => {
                Way::DownFrom(start)
            }
            (Direction::Down, _) => Way::AtMost,
        }
    }

    /// Whether it is to be held from the first day on.
    pub const fn is_held(self) -> bool {
        matches!(self, Way::AtLeast | Way::AtMost)
    }
}

/// What is measured, how, and what came of it: of all units together, or of one.
#[derive(Clone, Copy, Debug)]
pub struct Reached<'a> {
    /// How it is measured.
    pub aim: &'a Aim,
    /// In what.
    pub measure: &'a str,
    /// What there is.
    pub value: Option<Figure>,
    /// How much of the way that is, in basis points.
    pub share: Option<i64>,
    /// How it stands.
    pub standing: Standing,
    /// Where one should be by now, in basis points.
    pub expected: i64,
}

impl<'a> Reached<'a> {
    /// What all units have together.
    pub fn of(result: &'a TargetResult) -> Self {
        Self {
            aim: &result.aim,
            measure: &result.target.measure,
            value: result.value,
            share: result.share,
            standing: result.standing,
            expected: result.expected,
        }
    }

    /// How a bar shows it.
    pub const fn state(&self) -> BarState {
        match self.standing {
            Standing::Reached => BarState::Reached,
            Standing::OnCourse => BarState::OnCourse,
            Standing::Behind => BarState::Behind,
            Standing::Unknown => BarState::Unknown,
        }
    }

    /// How it stands, in a word or three.
    pub fn state_word(&self, t: Text) -> &'static str {
        match (self.standing, Way::of(self.aim).is_held()) {
            (Standing::Unknown, _) => t.result_unknown(),
            (Standing::Reached, true) => t.result_held(),
            (Standing::OnCourse | Standing::Behind, true) => t.result_not_held(),
            (Standing::Reached, false) => t.result_reached(),
            // When all of the time has passed, nothing is on its way any longer.
            (Standing::OnCourse | Standing::Behind, false) if self.expected >= WHOLE => t.result_missed(),
            (Standing::OnCourse, false) => t.result_on_course(),
            (Standing::Behind, false) => t.result_behind(),
        }
    }

    /// What stands beside a bar: how much of the way, and how that stands.
    pub fn value_text(&self, t: Text) -> String {
        let word = self.state_word(t);
        let number = match (self.share, self.value) {
            (Some(_), Some(value)) if Way::of(self.aim).is_held() => amount(value, self.measure, t),
            (Some(share), _) => percent(share, t),
            (None, Some(value)) => amount(value, self.measure, t),
            (None, None) => return word.to_owned(),
        };
        format!("{number} · {word}")
    }

    /// Where one should be by now, of 1: what is to be held has no such place.
    pub fn mark(&self) -> Option<f64> {
        (!Way::of(self.aim).is_held()).then(|| self.expected as f64 / WHOLE as f64)
    }

    /// The same in words; empty for none.
    pub fn mark_text(&self, t: Text) -> String {
        self.mark().map_or_else(String::new, |_| t.result_expected(percent(self.expected, t)))
    }

    /// The goal, and on which side of it one has to be.
    pub fn goal(&self, t: Text) -> String {
        let goal = amount(self.aim.goal, self.measure, t);
        match self.aim.direction {
            Direction::Up => t.result_at_least(goal),
            Direction::Down => t.result_at_most(goal),
        }
    }

    /// All of it in a sentence.
    pub fn sentence(&self, t: Text) -> String {
        let goal = amount(self.aim.goal, self.measure, t);
        let (Some(value), Some(share)) = (self.value, self.share) else { return t.result_nothing(self.goal(t)) };
        let value = amount(value, self.measure, t);
        let is_met = share >= WHOLE;
        match Way::of(self.aim) {
            Way::Up => t.result_up(goal, percent(share, t), value),
            Way::UpFrom(start) => t.result_up_from(goal, percent(share, t), amount(start, self.measure, t), value),
            Way::DownFrom(start) => t.result_down_from(goal, amount(start, self.measure, t), value),
            Way::AtLeast if is_met => t.result_held_at_least(goal, value),
            Way::AtMost if is_met => t.result_held_at_most(goal, value),
            Way::AtLeast => t.result_not_held_at_least(goal, value),
            Way::AtMost => t.result_not_held_at_most(goal, value),
        }
    }
}

/// Points with both their decimals, so that they stand below each other.
pub fn hundredths(points: Figure, t: Text) -> String {
    let sign = if t.0 == Lang::Vi { "," } else { "." };
    match points.scale() {
        0 => format!("{}{sign}00", points.show(t.0)),
        1 => format!("{}0", points.show(t.0)),
        _ => points.show(t.0),
    }
}

/// A number at an axis, with two decimals at most.
pub fn axis_number(value: f64, t: Text) -> String {
    let hundredths = (value * 100.0).round();
    // What is too large for a figure is too large for an axis as well.
    if hundredths.abs() > 9e16 {
        return String::new();
    }
    Figure::new(hundredths as i64, 2).unwrap_or_default().show(t.0)
}
