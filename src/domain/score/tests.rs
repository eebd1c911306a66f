//! What the score table promises, with the working in comments.

use super::*;
use crate::domain::chance::Chance;
use LineProblemKind::*;

const TARGETS: [&str; 3] = ["CT1", "CT2", "CT 3"];

fn whole(number: i64) -> Figure {
    Figure::whole(number).unwrap()
}

/// A number with a point and at most three decimals.
fn read_figure(text: &str) -> Option<Figure> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    Figure::new(format!("{whole}{decimals}").parse().ok()?, u8::try_from(decimals.len()).ok()?)
}

fn show(figure: Figure) -> String {
    let digits = format!("{:0width$}", figure.mantissa(), width = usize::from(figure.scale()) + 1);
    let (whole, decimals) = digits.split_at(digits.len() - usize::from(figure.scale()));
    if decimals.is_empty() { digits } else { format!("{whole}.{decimals}") }
}

fn read(text: &str) -> Result<ScoreTable, Vec<LineProblem>> {
    read_table(text, &TARGETS, read_figure)
}

fn problems(text: &str) -> Vec<(usize, LineProblemKind)> {
    read(text).unwrap_err().into_iter().map(|problem| (problem.line, problem.kind)).collect()
}

/// A figure of two decimals as its hundredths, however it is stored.
fn cents(figure: Figure) -> i64 {
    figure.mantissa() * 10_i64.pow(2 - u32::from(figure.scale()))
}

fn target(code: &str, share: Option<i64>, reports: &[i64]) -> (String, Option<i64>, Vec<i64>) {
    (code.to_owned(), share, reports.to_vec())
}

fn report(id: i64, in_time: bool, accepted: bool) -> ReportRecord {
    ReportRecord { id, in_time, accepted }
}

/// The total and points and most of each line, in hundredths.
fn points(table: &str, record: &UnitRecord) -> (i64, Vec<(i64, i64)>) {
    let score = score(&read(table).unwrap(), record);
    (cents(score.total), score.lines.iter().map(|line| (cents(line.points), cents(line.most))).collect())
}

#[test]
fn a_table_is_read_with_bars_or_tabs_in_both_languages() {
    let english = "A1 | Trees | 40 | target CT1 | 120\n\
                   A2 | Books | 30.5 | target CT 3\n\
                   B | On time | 20 | on-time\n\
                   C | Examples | 2 | bonus-example | 6\n\
                   D | Late | 0.25 | deduct-late | 5\n";
    let vietnamese = "\r\nA1\tTrees\t40\tChỉ tiêu CT1\t120 %\r\n\
                      A2|Books |30.5|  chỉ  tiêu  CT  3 | |  \r\n  \t \r\n\
                      B | On time | 20 | Đúng hạn | \n\
                      C | Examples | 2 | CỘNG ĐIỂN HÌNH | 6\n\
                      D | Late | 0.25 | trừ nộp muộn | 5";
    let table = read(english).unwrap();
    assert_eq!(read(vietnamese).unwrap(), table);
    let rules: Vec<&Rule> = table.criteria.iter().map(|criterion| &criterion.rule).collect();
    let target = |code: &str| Rule::Target { code: code.to_owned() };
    let wanted = [target("CT1"), target("CT 3"), Rule::OnTime, Rule::BonusExample, Rule::DeductLate];
    assert_eq!(rules, wanted.iter().collect::<Vec<_>>());
    let caps: Vec<Option<i64>> = table.criteria.iter().map(|criterion| criterion.cap.map(cents)).collect();
    assert_eq!(caps, [Some(12_000), None, None, Some(600), Some(500)]);
    assert_eq!((table.criteria[1].name.as_str(), cents(table.criteria[1].points)), ("Books", 3_050));
}

#[test]
fn what_is_written_is_read_again() {
    let text = "A1 | Trồng cây | 40 | target CT1 | 120\n\
                A2 | Sách | 30.5 | target CT 3\n\
                B | Đúng hạn | 20 | on-time\n\
                C | Điển hình | 2 | bonus-example | 6\n\
                D | Muộn | 0.25 | deduct-late | 5\n";
    let table = read(text).unwrap();
    assert_eq!(write_table(&table, show), text);
    let json = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<ScoreTable>(&json).unwrap(), table);
    assert!(serde_json::from_str::<ScoreTable>(&json.replace("[40,0]", "[40,255]")).is_err());
}

#[test]
fn a_name_with_a_bar_is_written_within_its_cell() {
    let mut table = read("B | On time | 20 | on-time").unwrap();
    table.criteria[0].name = " On|time\nalways ".to_owned();
    assert_eq!(write_table(&table, show), "B | On time always | 20 | on-time\n");
}

#[test]
fn all_problems_are_told_at_once() {
    let text = "A1 | Trees | forty | target CT9 | much\n\
                \n\
                A1 | Trees | -4 | goal CT1 | 120%\n\
                A2 | Trees | 40 | target CT1\n\
                A2 |  |  | on-time | 3\n\
                \t\tTrees\n\
                | | |\n";
    let wanted = [
        (1, BadPoints),
        (1, UnknownTarget("CT9".to_owned())),
        (1, BadCap),
        (3, NegativePoints),
        (3, UnknownRule),
        (3, RepeatedCode),
        (5, MissingCell),
        (5, BadCap),
        (5, RepeatedCode),
        (6, MissingCell),
        (6, BadPoints),
        (7, MissingCell),
    ];
    assert_eq!(problems(text), wanted);
}

#[test]
fn every_cell_is_checked() {
    for (line, wanted) in [
        ("A | a | 40", MissingCell),
        ("A |  | 40 | on-time", MissingCell),
        ("A | a |  | on-time", MissingCell),
        (" | a | 40 | on-time", MissingCell),
        ("A | \u{1} | 40 | on-time", MissingCell),
        ("A | a | 40 | target", UnknownRule),
        ("A | a | 40 | chỉ tiêu", UnknownRule),
        ("A | a | 40 | on-time always", UnknownRule),
        // Codes are taken as they are.
        ("A | a | 40 | target ct1", UnknownTarget("ct1".to_owned())),
        ("A | a | 0.125 | on-time", BadPoints),
        ("A | a | 1000000.01 | on-time", BadPoints),
        ("A | a | -0.01 | deduct-late", NegativePoints),
        ("A | a | 40 | target CT1 | -1", BadCap),
        ("A | a | 40 | target CT1 | 100.001", BadCap),
        ("A | a | 40 | bonus-example | 5%", BadCap),
        ("A | a | 40 | on-time | 5", BadCap),
        ("A | a | 40 | target CT1 | 120 | 3", BadCap),
    ] {
        assert_eq!(problems(line), [(1, wanted)], "{line}");
    }
    for line in ["A | a | 1000000 | on-time", "A | a | 0.120 | on-time | |", "A | a | 0 | target CT1 | 0"] {
        assert!(read(line).is_ok(), "{line}");
    }
}

#[test]
fn a_table_has_a_line() {
    for text in ["", "\n \r\n\t\n"] {
        assert_eq!(problems(text), [(1, NoCriteria)]);
    }
}

#[test]
fn a_target_gives_what_is_done_of_it_up_to_its_cap() {
    let table = "A | a | 40 | target CT1";
    let capped = "A | a | 40 | target CT1 | 120";
    let low = "A | a | 40 | target CT1 | 80";
    for (table, share, wanted) in [
        // 40 × 0.75 = 30; 40 × 0.3333 = 13.332; 40 × 0.3334 = 13.336.
        (table, Some(7_500), 3_000),
        (table, Some(3_333), 1_333),
        (table, Some(3_334), 1_334),
        (table, Some(10_000), 4_000),
        (table, Some(15_000), 4_000),
        (table, Some(0), 0),
        (table, Some(-5_000), 0),
        (table, None, 0),
        // 40 × 1.1 = 44; 40 × 1.2 = 48; 40 × 0.8 = 32.
        (capped, Some(11_000), 4_400),
        (capped, Some(15_000), 4_800),
        (low, Some(9_000), 3_200),
        (low, Some(i64::MAX), 3_200),
    ] {
        let record = UnitRecord { targets: vec![target("CT1", share, &[7])], ..UnitRecord::default() };
        assert_eq!(points(table, &record), (wanted, vec![(wanted, 4_000)]), "{table} {share:?}");
    }
}

#[test]
fn half_a_hundredth_is_rounded_up() {
    // 0.01 × 0.5 = 0.005; 0.01 × 0.4999 = 0.004999.
    for (share, wanted) in [(5_000, 1), (4_999, 0)] {
        let record = UnitRecord { targets: vec![target("CT1", Some(share), &[])], ..UnitRecord::default() };
        assert_eq!(points("A | a | 0.01 | target CT1", &record).0, wanted);
    }
}

#[test]
fn the_points_of_a_target_that_does_not_apply_go_to_the_others() {
    let table = "A | a | 40 | target CT1\nB | b | 20 | target CT2\nC | c | 30 | target CT 3\nD | d | 10 | on-time";
    let done = |codes: &[&str]| UnitRecord {
        targets: codes.iter().map(|code| target(code, Some(10_000), &[])).collect(),
        reports: vec![report(1, true, true)],
        reports_due: 1,
        ..UnitRecord::default()
    };
    assert_eq!(points(table, &done(&TARGETS)).1, [(4_000, 4_000), (2_000, 2_000), (3_000, 3_000), (1_000, 1_000)]);
    // Without C 60 points are worth 90: 40 × 90 / 60 = 60; 20 × 90 / 60 = 30.
    assert_eq!(points(table, &done(&["CT2", "CT1"])), (10_000, vec![(6_000, 6_000), (3_000, 3_000), (1_000, 1_000)]));
    // Without B 70 are worth 90: 40 × 90 / 70 = 51.428…; the rest of 90 is 38.57.
    assert_eq!(points(table, &done(&["CT1", "CT 3"])), (10_000, vec![(5_143, 5_143), (3_857, 3_857), (1_000, 1_000)]));
    // Nothing to scale.
    assert_eq!(points(table, &done(&[])), (1_000, vec![(1_000, 1_000)]));
    // A target that applies but is not reported stays, and gives nothing.
    let mut record = done(&["CT1", "CT2"]);
    record.targets[0].1 = None;
    assert_eq!(points(table, &record), (4_000, vec![(0, 6_000), (3_000, 3_000), (1_000, 1_000)]));
}

#[test]
fn scaling_loses_no_hundredth() {
    let lines = ["A", "B", "C", "D"].map(|code| format!("{code} | x | 25 | target {code}"));
    let table = read_table(&lines.join("\n"), &["A", "B", "C", "D"], read_figure).unwrap();
    let targets = ["A", "C", "D"].map(|code| target(code, Some(10_000), &[]));
    let score = score(&table, &UnitRecord { targets: targets.to_vec(), ..UnitRecord::default() });
    // 25 × 100 / 75 = 33.333…; 50 × 100 / 75 = 66.667, less 33.33 is 33.34; 100 less 66.67 is 33.33.
    assert_eq!(score.lines.iter().map(|line| cents(line.points)).collect::<Vec<_>>(), [3_333, 3_334, 3_333]);
    assert_eq!(cents(score.total), 10_000);
}

#[test]
fn targets_without_points_are_worth_nothing() {
    let table = "A | a | 0 | target CT1\nB | b | 20 | target CT2";
    let record = UnitRecord { targets: vec![target("CT1", Some(10_000), &[])], ..UnitRecord::default() };
    assert_eq!(points(table, &record), (0, vec![(0, 0)]));
}

#[test]
fn reports_count_that_came_in_time_and_were_accepted() {
    let table = "B | b | 20 | on-time";
    let reports = vec![report(1, true, true), report(2, false, true), report(3, true, false), report(4, true, true)];
    let record = UnitRecord { reports, reports_due: 6, ..UnitRecord::default() };
    // 20 × 2 / 6 = 6.666…
    assert_eq!(points(table, &record), (667, vec![(667, 2_000)]));
    let because = Because::OnTime { in_time: 2, due: 6, reports: vec![1, 4] };
    assert_eq!(score(&read(table).unwrap(), &record).lines[0].because, because);
    // More than were due are no more than all.
    assert_eq!(points(table, &UnitRecord { reports_due: 1, ..record }).0, 2_000);
    assert_eq!(points(table, &UnitRecord { reports_due: 3, ..UnitRecord::default() }).0, 0);
    assert_eq!(points(table, &UnitRecord::default()).0, 0, "nothing is due");
}

#[test]
fn examples_add_points_up_to_a_cap() {
    for (table, count, wanted, most, is_capped) in [
        // 3 × 1.5 = 4.5; 5 × 1.5 = 7.5; 4 × 1.5 = 6 is the cap and nothing is cut off.
        ("C | c | 1.5 | bonus-example | 6", 3, 450, 600, false),
        ("C | c | 1.5 | bonus-example | 6", 4, 600, 600, false),
        ("C | c | 1.5 | bonus-example | 6", 5, 600, 600, true),
        ("C | c | 1.5 | bonus-example", 5, 750, 750, false),
        ("C | c | 1.5 | bonus-example", 0, 0, 0, false),
    ] {
        let examples: Vec<i64> = (0..count).collect();
        let record = UnitRecord { examples: examples.clone(), ..UnitRecord::default() };
        let score = score(&read(table).unwrap(), &record);
        let line = &score.lines[0];
        assert_eq!((cents(line.points), cents(line.most)), (wanted, most), "{table} {count}");
        assert_eq!(line.because, Because::Bonus { examples, capped: is_capped });
    }
}

#[test]
fn late_reports_take_points_off_up_to_a_cap_and_never_below_zero() {
    let reports = vec![report(1, true, true), report(2, false, true), report(3, false, false), report(4, false, true)];
    let record = UnitRecord { reports, examples: vec![9], ..UnitRecord::default() };
    for (table, wanted, total, is_capped) in [
        // 3 × 0.5 = 1.5 off the 5 of the example; 3 × 2 = 6 is more than these; the cap of 4 leaves 1.
        ("C | c | 5 | bonus-example\nD | d | 0.5 | deduct-late | 4", -150, 350, false),
        ("C | c | 5 | bonus-example\nD | d | 2 | deduct-late", -600, 0, false),
        ("C | c | 5 | bonus-example\nD | d | 2 | deduct-late | 4", -400, 100, true),
    ] {
        let score = score(&read(table).unwrap(), &record);
        assert_eq!((cents(score.total), cents(score.lines[1].points)), (total, wanted), "{table}");
        assert_eq!(cents(score.lines[1].most), 0);
        assert_eq!(score.lines[1].because, Because::Late { reports: vec![2, 3, 4], capped: is_capped });
    }
}

#[test]
fn every_line_says_where_its_points_are_from() {
    let table = read("A | a | 40 | target CT1\nB | b | 10 | target CT2").unwrap();
    let targets = vec![target("CT1", Some(12_500), &[3, 5]), target("CT2", None, &[])];
    let score = score(&table, &UnitRecord { targets, ..UnitRecord::default() });
    let because: Vec<(&str, &Because)> = score.lines.iter().map(|line| (line.code.as_str(), &line.because)).collect();
    let first = Because::Target { share: Some(12_500), capped: true, reports: vec![3, 5] };
    let second = Because::Target { share: None, capped: false, reports: vec![] };
    assert_eq!(because, [("A", &first), ("B", &second)]);
    // What is just the cap loses nothing by it.
    let record = UnitRecord { targets: vec![target("CT1", Some(10_000), &[3])], ..UnitRecord::default() };
    let whole = Because::Target { share: Some(10_000), capped: false, reports: vec![3] };
    assert_eq!(super::score(&table, &record).lines[0].because, whole);
}

#[test]
fn a_table_that_was_not_read_here_is_kept_in_bounds() {
    let criterion =
        |code: &str, points, rule| Criterion { code: code.to_owned(), name: String::new(), points, rule, cap: None };
    let criteria = vec![
        criterion("A", whole(999_999_999_999_999), Rule::Target { code: "CT1".to_owned() }),
        criterion("B", whole(-999_999_999_999_999), Rule::OnTime),
        // 0.125 is rounded to 0.13.
        criterion("C", Figure::new(125, 3).unwrap(), Rule::BonusExample),
    ];
    let targets = vec![target("CT1", Some(i64::MAX), &[])];
    let score = score(&ScoreTable { criteria }, &UnitRecord { targets, examples: vec![1], ..UnitRecord::default() });
    let points: Vec<i64> = score.lines.iter().map(|line| cents(line.points)).collect();
    assert_eq!(points, [100_000_000, 0, 13]);
    assert_eq!(cents(score.total), 100_000_013);
}

#[test]
fn the_highest_comes_first_and_equal_totals_share_a_place() {
    let totals = [(11, 8_000), (12, 9_000), (13, 7_000), (14, 8_000)];
    let mut scores: Vec<(i64, Figure)> = totals.map(|(id, cents)| (id, Figure::new(cents, 2).unwrap())).to_vec();
    assert_eq!(rank(&scores), [(12, 1), (11, 2), (14, 2), (13, 4)]);
    // 70 is 70.00.
    scores.push((15, whole(70)));
    assert_eq!(rank(&scores), [(12, 1), (11, 2), (14, 2), (13, 4), (15, 4)]);
    assert_eq!(rank(&[]), []);
}

/// A table of chance, with points from 0 to 50 and caps, and a record for it.
fn any_table_and_record(chance: &mut Chance) -> (ScoreTable, UnitRecord) {
    let below = |chance: &mut Chance, most: usize| i64::try_from(chance.next(most)).unwrap();
    let mut criteria = Vec::new();
    for index in 0..=chance.next(8) {
        let (points, cap) = (below(chance, 5_001), below(chance, 20_001));
        let rule = match chance.next(6) {
            0 => Rule::OnTime,
            1 => Rule::BonusExample,
            2 => Rule::DeductLate,
            _ => Rule::Target { code: format!("T{index}") },
        };
        let cap = (rule != Rule::OnTime && chance.next(2) == 0).then(|| Figure::new(cap, 2).unwrap());
        let (code, points) = (format!("K{index}"), Figure::new(points, 2).unwrap());
        criteria.push(Criterion { name: code.clone(), code, points, rule, cap });
    }
    let mut record = UnitRecord { reports_due: u32::try_from(chance.next(5)).unwrap(), ..UnitRecord::default() };
    for index in 0..9 {
        if chance.next(4) > 0 {
            let share = (chance.next(5) > 0).then(|| below(chance, 20_000));
            record.targets.push(target(&format!("T{index}"), share, &[index]));
        }
        if chance.next(2) == 0 {
            record.reports.push(report(index, chance.next(2) == 0, chance.next(3) > 0));
            record.examples.push(index);
        }
    }
    (ScoreTable { criteria }, record)
}

#[test]
fn the_total_is_the_sum_of_lines_and_no_line_gives_more_than_it_may() {
    let mut chance = Chance(0x05c0_7e5c);
    for _ in 0..5_000 {
        let (table, record) = any_table_and_record(&mut chance);
        let score = score(&table, &record);
        let sum: i64 = score.lines.iter().map(|line| cents(line.points)).sum();
        assert_eq!(cents(score.total), sum.max(0), "{table:?} {record:?}");
        let (mut all_targets, mut applying) = (0, 0);
        for criterion in &table.criteria {
            let line = score.lines.iter().find(|line| line.code == criterion.code);
            let is_target = matches!(criterion.rule, Rule::Target { .. });
            all_targets += if is_target { cents(criterion.points) } else { 0 };
            let Some(line) = line else { continue };
            let (points, most) = (cents(line.points), cents(line.most));
            applying += if is_target { most } else { 0 };
            let cap = criterion.cap.filter(|_| is_target).map_or(10_000, cents);
            // With the half hundredth by which a line may be rounded up.
            assert!(points * 10_000 <= most * cap + 5_000, "{line:?} {criterion:?}");
            assert!(points >= 0 || criterion.rule == Rule::DeductLate, "{line:?}");
        }
        assert!(applying == all_targets || applying == 0, "{table:?} {record:?}");
        let targets: Vec<String> = (0..9).map(|index| format!("T{index}")).collect();
        let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
        assert_eq!(read_table(&write_table(&table, show), &targets, read_figure).as_ref(), Ok(&table));
    }
}

#[test]
fn whatever_is_written_is_read_or_told() {
    let parts = [
        "A",
        " | ",
        "\t",
        "\n",
        "5",
        "-",
        ".",
        "%",
        "target CT1",
        "chỉ tiêu CT2",
        "on-time",
        "đúng hạn",
        "|",
        "\r",
        "ệ",
    ];
    let mut chance = Chance(0x7ab1e);
    for _ in 0..5_000 {
        let text = chance.text(&parts, 30);
        match read(&text) {
            Ok(table) => assert_eq!(read(&write_table(&table, show)).as_ref(), Ok(&table), "{text:?}"),
            Err(problems) => assert!(!problems.is_empty()),
        }
    }
}
