//! How far figures are on the way to a goal, where they should be by now, and which of them look absurd.
//!
//! Shares are in basis points: 10,000 is the whole way.

use super::figure::Figure;

/// The whole way in basis points.
const WHOLE: i64 = 10_000;

/// Whoever is this far, in percent of what is expected by now, is on course.
const ON_COURSE_PERCENT: i128 = 90;

/// How the figures of periods and of units make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counting {
    /// The figures of periods and of units add up: trees planted.
    Sum,
    /// The latest figure of a unit counts, and units are averaged: percent of pupils vaccinated.
    Level,
}

impl Counting {
    /// As forms and the database write it.
    pub const fn code(self) -> &'static str {
        match self {
            Counting::Sum => "sum",
            Counting::Level => "level",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Counting::Sum, Counting::Level].into_iter().find(|counting| counting.code() == code)
    }
}

/// On which side of the goal a figure has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// At least the goal.
    Up,
    /// At most the goal.
    Down,
}

impl Direction {
    /// As forms and the database write it.
    pub const fn code(self) -> &'static str {
        match self {
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Direction::Up, Direction::Down].into_iter().find(|direction| direction.code() == code)
    }
}

/// What is to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Aim {
    /// How figures make one.
    pub counting: Counting,
    /// On which side of the goal the value has to be.
    pub direction: Direction,
    /// The value at the start, if there is one.
    pub baseline: Option<Figure>,
    /// The value to reach, or not to go beyond.
    pub goal: Figure,
}

impl Aim {
    /// Whether a value is on the right side of the goal.
    fn is_met_by(&self, value: Figure) -> bool {
        match self.direction {
            Direction::Up => value >= self.goal,
            Direction::Down => value <= self.goal,
        }
    }

    /// Where the way to the goal starts; nothing where an upper limit has no baseline.
    fn start(&self) -> Option<Figure> {
        match self.direction {
            Direction::Up => Some(self.baseline.unwrap_or(Figure::ZERO)),
            Direction::Down => self.baseline,
        }
    }
}

/// What a unit has, from its accepted figures by period in order (`None` = no accepted report): their sum, or the last
/// one that is there. `None` without any, or where the sum is too large for a figure.
pub fn value_of_unit(counting: Counting, figures: &[Option<Figure>]) -> Option<Figure> {
    match counting {
        Counting::Sum => sum(figures.iter().flatten().copied()).map(|(sum, _)| sum),
        Counting::Level => figures.iter().flatten().next_back().copied(),
    }
}

/// What all units have together, from the value of each that has one: the sum, or the mean in which every unit weighs
/// the same. `None` without any, or where the sum is too large for a figure.
pub fn value_of_all(counting: Counting, values: impl Iterator<Item = Figure>) -> Option<Figure> {
    let (sum, count) = sum(values)?;
    match counting {
        Counting::Sum => Some(sum),
        Counting::Level => Figure::mean(sum, count),
    }
}

/// The sum and how many there are; nothing without any, so that no report is never taken for a zero.
fn sum(mut figures: impl Iterator<Item = Figure>) -> Option<(Figure, u32)> {
    let first = figures.next()?;
    figures.try_fold((first, 1_u32), |(sum, count), figure| Some((sum.checked_add(figure)?, count.checked_add(1)?)))
}

/// How much of the way to the goal is done, in basis points: never below 0, without a cap above.
///
/// It is 10,000 or more where the goal is met and at most 9,999 where it is not: rounding reaches no goal.
///
/// - Up: (value − baseline) / (goal − baseline), with 0 for a baseline that is not given.
/// - Down with a baseline: (baseline − value) / (baseline − goal).
/// - Down without a baseline is an upper limit: 10,000 up to the goal, above it goal / value.
/// - A baseline that is the goal leaves no way to measure: 10,000 where the goal is met, else 0.
/// - A baseline beyond the goal means that it was met at the start: 10,000 while it is, else value / goal for Up and
///   goal / value for Down.
///
/// What falls off from a goal is measured by the smaller of the two amounts as a share of the larger, and is 0 where
/// one of them is zero or they lie on two sides of zero. `None` where a number is too large.
pub fn share(aim: &Aim, value: Figure) -> Option<i64> {
    let is_met = aim.is_met_by(value);
    let share = match aim.start() {
        Some(start) if !aim.is_met_by(start) => share_of_way(aim, start, value)?,
        _ if is_met => WHOLE,
        Some(start) if start.cmp(&aim.goal).is_eq() => 0,
        _ => share_of_missed(aim.goal, value)?,
    };
    Some(if is_met { share.max(WHOLE) } else { share.clamp(0, WHOLE - 1) })
}

/// The part of the way from the start to the goal that is done, which may be below zero.
fn share_of_way(aim: &Aim, start: Figure, value: Figure) -> Option<i64> {
    match aim.direction {
        Direction::Up => Figure::ratio(value.checked_sub(start)?, aim.goal.checked_sub(start)?),
        Direction::Down => Figure::ratio(start.checked_sub(value)?, start.checked_sub(aim.goal)?),
    }
}

/// What a value that is not the goal still has of it: less the farther it is, on either side.
fn share_of_missed(goal: Figure, value: Figure) -> Option<i64> {
    let (low, high) = (goal.min(value), goal.max(value));
    match (low.is_negative(), high.is_negative()) {
        (false, false) => Figure::ratio(low, high),
        (true, true) => Figure::ratio(high, low),
        _ => Some(0),
    }
}

/// Where one should be by now, in basis points, when so much of the time has passed (`elapsed`, in basis points, by
/// accepted periods or by days).
///
/// Linear wherever there is a way to go, levels too: to go from 40 % vaccinated to 90 %, half of the way is expected
/// at half of the time. The whole 10,000 from the first day where there is none and the goal is to be held instead:
///
/// - an upper limit without a baseline;
/// - what met the goal at the start;
/// - a sum that has to stay below a goal, with a baseline or without: it begins at zero, can only come nearer to its
///   limit, and what is over it does not come back.
pub fn expected(aim: &Aim, elapsed: i64) -> i64 {
    let is_allowance = matches!((aim.counting, aim.direction), (Counting::Sum, Direction::Down));
    match aim.start() {
        Some(start) if !aim.is_met_by(start) && !is_allowance => elapsed.clamp(0, WHOLE),
        _ => WHOLE,
    }
}

/// How one stands against what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The goal is met.
    Reached,
    /// At least 90 % of what is expected by now.
    OnCourse,
    /// Less than that.
    Behind,
    /// There is no value.
    Unknown,
}

/// How a share stands against what is expected by now, both in basis points.
pub fn standing(share: Option<i64>, expected: i64) -> Standing {
    match share {
        None => Standing::Unknown,
        Some(share) if share >= WHOLE => Standing::Reached,
        Some(share) if i128::from(share) * 100 >= i128::from(expected) * ON_COURSE_PERCENT => Standing::OnCourse,
        Some(_) => Standing::Behind,
    }
}

/// What looks absurd in a figure and asks for a reason; never a ground to refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// It is below zero.
    Negative,
    /// It is more than ten times what is usual.
    FarAbove {
        /// How many times as large, rounded down; 10 for anything up to 11.
        times: u32,
    },
    /// It is less than half of the level before.
    Falls,
    /// It is a percentage above one hundred, and none was before.
    OverWhole,
}

/// What looks absurd in a figure, by the unit's `earlier` ones in order and the unit's goal for all periods.
///
/// Usual is the largest earlier figure; without one above zero, and for sums only, the whole goal: the figure of one
/// period seldom is more. A level that is to go down may begin as far above its goal as it likes.
pub fn doubts(counting: Counting, figure: Figure, earlier: &[Option<Figure>], goal: Option<Figure>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    if figure.is_negative() {
        doubts.push(Doubt::Negative);
    }
    let goal = goal.filter(|_| counting == Counting::Sum);
    let largest = earlier.iter().flatten().copied().max().filter(is_positive);
    if let Some(usual) = largest.or(goal.filter(is_positive))
        && ten_times(usual).is_some_and(|limit| figure > limit)
    {
        doubts.push(Doubt::FarAbove { times: times(figure, usual) });
    }
    let before = earlier.iter().flatten().next_back().copied();
    if counting == Counting::Level && before.is_some_and(|before| is_less_than_half(figure, before)) {
        doubts.push(Doubt::Falls);
    }
    doubts
}

fn is_positive(figure: &Figure) -> bool {
    *figure > Figure::ZERO
}

/// Ten times a figure without rounding; nothing where that is larger than any figure.
fn ten_times(figure: Figure) -> Option<Figure> {
    match figure.scale().checked_sub(1) {
        Some(scale) => Figure::new(figure.mantissa(), scale),
        None => figure.mantissa().checked_mul(10).and_then(Figure::whole),
    }
}

fn times(figure: Figure, usual: Figure) -> u32 {
    Figure::ratio(figure, usual).and_then(|ratio| u32::try_from(ratio / WHOLE).ok()).unwrap_or(u32::MAX)
}

fn is_less_than_half(figure: Figure, before: Figure) -> bool {
    // What is too large when doubled is far from small, unless it is below zero.
    let is_small = figure.checked_add(figure).map_or(figure.is_negative(), |double| double < before);
    is_positive(&before) && is_small
}

#[cfg(test)]
mod tests {
    use super::*;
    use Counting::{Level, Sum};
    use Direction::{Down, Up};

    /// The largest whole number that is a figure.
    const MOST: i64 = 999_999_999_999_999;

    fn whole(number: i64) -> Figure {
        Figure::whole(number).unwrap()
    }

    fn tenths(tenths: i64) -> Figure {
        Figure::new(tenths, 1).unwrap()
    }

    fn some(numbers: &[i64]) -> Vec<Option<Figure>> {
        numbers.iter().map(|number| Some(whole(*number))).collect()
    }

    fn aim(counting: Counting, direction: Direction, baseline: Option<i64>, goal: i64) -> Aim {
        Aim { counting, direction, baseline: baseline.map(whole), goal: whole(goal) }
    }

    /// Figures are compared by value: whether 1.0 is stored as 1 is their own affair.
    fn is_same(found: Option<Figure>, wanted: Option<Figure>) -> bool {
        found.cmp(&wanted).is_eq()
    }

    #[test]
    fn codes_are_read_as_they_are_written() {
        for counting in [Sum, Level] {
            assert_eq!(Counting::parse(counting.code()), Some(counting));
        }
        for direction in [Up, Down] {
            assert_eq!(Direction::parse(direction.code()), Some(direction));
        }
        assert_eq!((Counting::parse("Sum"), Direction::parse("")), (None, None));
    }

    #[test]
    fn periods_add_up_or_the_last_one_that_is_there_counts() {
        let figures = [None, Some(tenths(125)), None, Some(whole(-2)), None];
        // 12.5 − 2 = 10.5.
        assert!(is_same(value_of_unit(Sum, &figures), Some(tenths(105))));
        assert!(is_same(value_of_unit(Level, &figures), Some(whole(-2))));
        for counting in [Sum, Level] {
            assert_eq!(value_of_unit(counting, &[]), None);
            assert_eq!(value_of_unit(counting, &[None, None]), None, "no report is not a zero");
            assert!(is_same(value_of_unit(counting, &[Some(Figure::ZERO), None]), Some(Figure::ZERO)));
        }
    }

    #[test]
    fn units_add_up_or_are_averaged() {
        let values = [tenths(405), whole(60), tenths(795)];
        // 40.5 + 60 + 79.5 = 180; 180 / 3 = 60.
        assert!(is_same(value_of_all(Sum, values.into_iter()), Some(whole(180))));
        assert!(is_same(value_of_all(Level, values.into_iter()), Some(whole(60))));
        assert_eq!(value_of_all(Sum, std::iter::empty()), None);
        assert_eq!(value_of_all(Level, std::iter::empty()), None);
    }

    #[test]
    fn a_sum_that_is_too_large_is_nothing() {
        let figures = some(&[MOST, MOST]);
        assert_eq!(value_of_unit(Sum, &figures), None);
        assert_eq!(value_of_all(Level, figures.iter().flatten().copied()), None);
        assert!(is_same(value_of_unit(Level, &figures), Some(whole(MOST))));
    }

    #[test]
    fn the_share_is_how_much_of_the_way_is_done() {
        for (direction, baseline, goal, value, share_of_way) in [
            // 30 / 120 = 0.25; 180 / 120 = 1.5.
            (Up, None, 120, 30, 2_500),
            (Up, None, 120, 180, 15_000),
            (Up, None, 120, -5, 0),
            // (50 − 40) / (90 − 40) = 0.2; one below the baseline has done nothing.
            (Up, Some(40), 90, 50, 2_000),
            (Up, Some(40), 90, 39, 0),
            (Up, Some(40), 90, 90, 10_000),
            // From −10 to 10: (0 + 10) / 20 = 0.5.
            (Up, Some(-10), 10, 0, 5_000),
            // 1 / 3 and 2 / 3 are rounded.
            (Up, None, 3, 1, 3_333),
            (Up, None, 3, 2, 6_667),
            // (20 − 17) / (20 − 8) = 0.25; (20 − 2) / 12 = 1.5; above the baseline nothing is done.
            (Down, Some(20), 8, 17, 2_500),
            (Down, Some(20), 8, 8, 10_000),
            (Down, Some(20), 8, 2, 15_000),
            (Down, Some(20), 8, 21, 0),
            // (20 − 15) / (20 − 0) = 0.25.
            (Down, Some(20), 0, 15, 2_500),
        ] {
            let found = share(&aim(Level, direction, baseline, goal), whole(value));
            assert_eq!(found, Some(share_of_way), "{direction:?} {baseline:?} {goal} {value}");
        }
    }

    #[test]
    fn a_limit_holds_until_it_is_broken_and_then_falls_off() {
        for (limit, value, share_of_limit) in [
            (10, 0, 10_000),
            (10, 10, 10_000),
            // 10 / 16 = 0.625; 10 / 40 = 0.25.
            (10, 16, 6_250),
            (10, 40, 2_500),
            (0, 0, 10_000),
            (0, -1, 10_000),
            (0, 1, 0),
            // At most −10 (degrees in a cold store, say): −8 is 8 / 10 of it, 3 is on the other side of zero.
            (-10, -10, 10_000),
            (-10, -8, 8_000),
            (-10, 3, 0),
        ] {
            let found = share(&aim(Level, Down, None, limit), whole(value));
            assert_eq!(found, Some(share_of_limit), "{limit} {value}");
        }
    }

    #[test]
    fn what_was_reached_at_the_start_has_to_be_held() {
        for (direction, baseline, goal, value, share_held) in [
            (Up, Some(50), 50, 50, 10_000),
            (Up, Some(50), 50, 80, 10_000),
            (Up, Some(50), 50, 49, 0),
            (Up, None, 0, 0, 10_000),
            (Up, None, 0, -1, 0),
            (Down, Some(50), 50, 50, 10_000),
            (Down, Some(50), 50, 51, 0),
            // 60 / 80 = 0.75.
            (Up, Some(90), 80, 85, 10_000),
            (Up, Some(90), 80, 60, 7_500),
            (Up, Some(90), 80, -1, 0),
            // 5 / 8 = 0.625.
            (Down, Some(3), 5, 5, 10_000),
            (Down, Some(3), 5, 8, 6_250),
            // Down to −20 where at least −10 is asked: 10 / 20 = 0.5.
            (Up, None, -10, -20, 5_000),
        ] {
            let found = share(&aim(Level, direction, baseline, goal), whole(value));
            assert_eq!(found, Some(share_held), "{direction:?} {baseline:?} {goal} {value}");
        }
    }

    #[test]
    fn rounding_reaches_no_goal() {
        // 99,999 / 100,000 = 9,999.9 basis points, which would be rounded to 10,000.
        assert_eq!(share(&aim(Sum, Up, None, 100_000), whole(99_999)), Some(9_999));
        assert_eq!(share(&aim(Level, Down, Some(100_000), 0), whole(1)), Some(9_999));
        assert_eq!(share(&aim(Level, Down, None, 100_000), whole(100_001)), Some(9_999));
        assert_eq!(share(&aim(Level, Up, Some(200_000), 100_000), whole(99_999)), Some(9_999));
    }

    #[test]
    fn a_baseline_is_the_goal_however_they_are_written() {
        let aim = Aim { counting: Level, direction: Up, baseline: Some(tenths(500)), goal: whole(50) };
        assert_eq!(share(&aim, whole(49)), Some(0));
    }

    #[test]
    fn a_share_of_too_large_numbers_is_unknown() {
        assert_eq!(share(&aim(Level, Up, Some(-MOST), MOST), whole(1)), None);
        assert_eq!(standing(None, 10_000), Standing::Unknown);
    }

    #[test]
    fn what_has_a_way_to_go_is_expected_by_time_and_what_is_held_at_once() {
        for (counting, direction, baseline, goal, wanted) in [
            (Sum, Up, None, 100, 2_500),
            (Level, Up, None, 90, 2_500),
            (Level, Up, Some(40), 90, 2_500),
            (Level, Down, Some(20), 8, 2_500),
            (Level, Down, None, 8, 10_000),
            (Sum, Down, None, 8, 10_000),
            // Last year 20, this year at most 8: with 9 after a quarter of the time that is missed already.
            (Sum, Down, Some(20), 8, 10_000),
            (Level, Up, Some(90), 80, 10_000),
            (Level, Up, Some(80), 80, 10_000),
            (Level, Down, Some(3), 5, 10_000),
            (Level, Up, None, 0, 10_000),
        ] {
            let found = expected(&aim(counting, direction, baseline, goal), 2_500);
            assert_eq!(found, wanted, "{counting:?} {direction:?} {baseline:?} {goal}");
        }
        let way = aim(Sum, Up, None, 100);
        assert_eq!((expected(&way, -1), expected(&way, 10_001)), (0, 10_000));
    }

    #[test]
    fn nine_tenths_of_what_is_expected_is_on_course() {
        for (share, expected, wanted) in [
            (None, 5_000, Standing::Unknown),
            (Some(10_000), 10_000, Standing::Reached),
            (Some(12_000), 0, Standing::Reached),
            // 90 % of 5,000 is 4,500.
            (Some(4_500), 5_000, Standing::OnCourse),
            (Some(4_499), 5_000, Standing::Behind),
            (Some(9_999), 10_000, Standing::OnCourse),
            (Some(0), 0, Standing::OnCourse),
            // 90 % of 1 is 0.9, and 0 is less.
            (Some(0), 1, Standing::Behind),
            (Some(0), i64::MAX, Standing::Behind),
        ] {
            assert_eq!(standing(share, expected), wanted, "{share:?} {expected}");
        }
    }

    #[test]
    fn absurd_figures_are_doubted() {
        let far = |times| Doubt::FarAbove { times };
        for (counting, figure, earlier, goal, wanted) in [
            (Sum, 5, &[][..], None, vec![]),
            (Sum, 0, &[5][..], None, vec![]),
            (Sum, -1, &[][..], None, vec![Doubt::Negative]),
            // Ten times 12 is 120, which is not more; 121 / 12 = 10.08; 1,200 / 12 = 100.
            (Sum, 120, &[12, 7][..], None, vec![]),
            (Sum, 121, &[12, 7][..], None, vec![far(10)]),
            (Sum, 1_200, &[12, 7][..], None, vec![far(100)]),
            // 1,000 / 12 = 83.3; the goal says nothing where there are earlier figures.
            (Level, 1_000, &[12][..], Some(1), vec![far(83)]),
            (Sum, 100, &[12][..], Some(1), vec![]),
            // Without earlier ones the goal for all periods is the measure: 1,001 / 100 = 10.01.
            (Sum, 1_000, &[][..], Some(100), vec![]),
            (Sum, 1_001, &[][..], Some(100), vec![far(10)]),
            (Sum, 1_001, &[0, 0][..], Some(100), vec![far(10)]),
            (Sum, 5, &[0][..], None, vec![]),
            (Sum, 5, &[][..], Some(0), vec![]),
            // A level may be to go down from 80 to 5.
            (Level, 80, &[][..], Some(5), vec![]),
            // Half of 61 is 30.5; the level just before counts, and a sum may fall as it likes.
            (Level, 31, &[90, 61][..], None, vec![]),
            (Level, 30, &[90, 61][..], None, vec![Doubt::Falls]),
            (Sum, 1, &[90, 61][..], None, vec![]),
            (Level, -1, &[0][..], None, vec![Doubt::Negative]),
            (Level, -1, &[4][..], None, vec![Doubt::Negative, Doubt::Falls]),
            // −6 is no half of −4.
            (Level, -6, &[-4][..], None, vec![Doubt::Negative]),
            (Level, MOST, &[1][..], None, vec![far(u32::MAX)]),
            (Level, -MOST, &[1][..], None, vec![Doubt::Negative, Doubt::Falls]),
            (Sum, MOST, &[MOST - 1][..], None, vec![]),
        ] {
            let found = doubts(counting, whole(figure), &some(earlier), goal.map(whole));
            assert_eq!(found, wanted, "{counting:?} {figure} {earlier:?} {goal:?}");
        }
    }

    #[test]
    fn periods_without_a_report_are_passed_over_and_decimals_are_exact() {
        let earlier = [Some(tenths(12)), None, None];
        // Ten times 1.2 is 12; 12.1 is more; half of 1.2 is 0.6.
        assert_eq!(doubts(Level, whole(12), &earlier, None), vec![]);
        assert_eq!(doubts(Level, tenths(121), &earlier, None), vec![Doubt::FarAbove { times: 10 }]);
        assert_eq!(doubts(Level, tenths(6), &earlier, None), vec![]);
        assert_eq!(doubts(Level, tenths(5), &earlier, None), vec![Doubt::Falls]);
    }
}
