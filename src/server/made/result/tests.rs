//! Tests of what results say and of what readers may choose.

use super::choice::{Choice, Order, cluster_code};
use super::place::shade;
use super::words::{Reached, Way, axis_number, hundredths, percent, period_name, period_short};
use crate::domain::figure::Figure;
use crate::domain::lang::Lang;
use crate::domain::progress::{Aim, Counting, Direction, share, standing};
use crate::text::Text;

const VI: Text = Text(Lang::Vi);
const EN: Text = Text(Lang::En);

fn whole(number: i64) -> Figure {
    Figure::whole(number).unwrap()
}

fn said(counting: Counting, direction: Direction, baseline: Option<i64>, goal: i64, value: Option<i64>) -> String {
    let aim = Aim { counting, direction, baseline: baseline.map(whole), goal: whole(goal) };
    let value = value.map(whole);
    let share = value.and_then(|value| share(&aim, value));
    let reached =
        Reached { aim: &aim, measure: "liều", value, share, standing: standing(share, 5_000), expected: 5_000 };
    format!("{} [{}]", reached.sentence(VI), reached.value_text(VI)).replace('\u{a0}', " ")
}

#[test]
fn a_target_is_told_in_plain_words() {
    use Counting::{Level, Sum};
    use Direction::{Down, Up};
    for (found, wanted) in [
        (
            said(Sum, Up, None, 950_000, Some(961_766)),
            "Đạt 961.766 liều, bằng 101,2 % chỉ tiêu 950.000 liều. [101,2 % · Đã đạt]",
        ),
        (
            said(Sum, Up, None, 10, None),
            "Chưa có báo cáo nào được duyệt; chỉ tiêu là ít nhất 10 liều. [Chưa có số liệu]",
        ),
        (
            said(Level, Up, Some(40), 90, Some(65)),
            "Đạt 65 liều, đi được 50 % chặng đường từ 40 liều đến 90 liều. [50 % · Đúng tiến độ]",
        ),
        (
            said(Level, Down, Some(9), 5, Some(8)),
            "Còn 8 liều, chỉ tiêu là không quá 5 liều; khi bắt đầu là 9 liều. [25 % · Chậm tiến độ]",
        ),
        (
            said(Sum, Down, None, 3, Some(2)),
            "Giữ được đến nay: 2 liều, chỉ tiêu là không quá 3 liều. [2 liều · Giữ được đến nay]",
        ),
        (said(Sum, Down, None, 3, Some(4)), "Đã vượt: 4 liều, chỉ tiêu là không quá 3 liều. [4 liều · Không giữ được]"),
        (
            said(Level, Up, Some(98), 95, Some(96)),
            "Giữ được đến nay: 96 liều, chỉ tiêu là ít nhất 95 liều. [96 liều · Giữ được đến nay]",
        ),
    ] {
        assert_eq!(found, wanted);
    }
}

#[test]
fn what_is_to_be_held_has_no_place_where_one_should_be() {
    let aim = Aim { counting: Counting::Sum, direction: Direction::Down, baseline: None, goal: whole(3) };
    assert!(Way::of(&aim).is_held());
    let reached =
        Reached { aim: &aim, measure: "", value: None, share: None, standing: standing(None, 0), expected: 10_000 };
    assert_eq!((reached.mark(), reached.mark_text(VI)), (None, String::new()));
}

#[test]
fn percent_is_cut_so_that_nothing_is_all_before_it_is() {
    let written = [9_999, 10_000, 10_124, 5, 0].map(|share| percent(share, VI).replace('\u{a0}', " "));
    assert_eq!(written, ["99,9 %", "100 %", "101,2 %", "0 %", "0 %"]);
    assert_eq!(percent(10_124, EN), "101.2\u{a0}%");
}

#[test]
fn a_period_is_called_by_what_it_lies_in() {
    for (begins, ends, vi, en, short) in [
        ("2021-06-01", "2021-06-30", "Tháng\u{a0}6/2021", "Jun 2021", "6/21"),
        ("2021-02-16", "2021-02-28", "Tháng\u{a0}2/2021", "Feb 2021", "2/21"),
        ("2021-02-16", "2021-03-31", "Quý 1/2021", "Q1 2021", "2–3/21"),
        ("2021-07-01", "2021-12-31", "6 tháng cuối năm 2021", "Second half of 2021", "7–12/21"),
        ("2021-01-01", "2021-12-31", "Năm 2021", "2021", "2021"),
        ("2021-11-01", "2022-02-28", "từ 01/11/2021 đến 28/02/2022", "1 Nov 2021 to 28 Feb 2022", "11/21–2/22"),
        ("x", "", "", "", ""),
    ] {
        let found = (period_name(begins, ends, VI), period_name(begins, ends, EN), period_short(begins, ends));
        assert_eq!(found, (vi.to_owned(), en.to_owned(), short.to_owned()));
    }
}

#[test]
fn numbers_stand_below_each_other_and_at_axes() {
    let written =
        [(92, 0), (929, 1), (9_296, 2)].map(|(digits, scale)| hundredths(Figure::new(digits, scale).unwrap(), VI));
    assert_eq!(written, ["92,00", "92,90", "92,96"]);
    assert_eq!([0.0, 2.5, 1_000_000.0, 1e30].map(|value| axis_number(value, VI)), ["0", "2,5", "1.000.000", ""]);
}

#[test]
fn shades_go_by_quarters() {
    let shares = [None, Some(0), Some(2_500), Some(7_499), Some(9_999), Some(10_000), Some(50_000)];
    assert_eq!(shares.map(shade), [0, 1, 2, 3, 4, 5, 5]);
}

#[test]
fn an_address_says_only_what_was_chosen() {
    let choice = Choice::default();
    assert_eq!(choice.href("a", "don-vi", VI), "/thi-dua/a/ket-qua#don-vi");
    let choice = Choice {
        cluster: Some(cluster_code("Cụm số 1")),
        order: Order::Late,
        late: true,
        target: Some("T 1&2".to_owned()),
        page: 3,
    };
    let address = "/en/thi-dua/a/ket-qua?cum=cum-so-1&xep=muon&loc=muon&chi-tieu=T%201%262&trang=3#don-vi";
    assert_eq!(choice.href("a", "don-vi", EN), address);
    assert_eq!(cluster_code(""), "-");
}
