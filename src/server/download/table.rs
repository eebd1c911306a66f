//! The tables of a campaign's results. What a column means stands beside its name, and the dictionary is made of that.

use crate::domain::account::Role;
use crate::domain::figure::Figure;
use crate::domain::lang::Lang;
use crate::domain::progress::Standing;
use crate::domain::score::ScoreTable;
use crate::domain::time::Instant;
use crate::server::desk::account::role_name;
use crate::server::made::result::words::Reached;
use crate::server::services::report::figure_of;
use crate::server::services::result::{ReportStanding, Results, TargetResult, UnitResult};
use crate::server::sheet::Cell;
use crate::text::Text;

/// What a column means, in a language.
type Meaning = fn(Text) -> &'static str;

/// A table with the names of its columns.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name, as that of its file.
    pub name: &'static str,
    columns: Vec<(String, Meaning)>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    fn new(name: &'static str, columns: &[(&str, Meaning)], rows: Vec<Vec<Cell>>) -> Self {
        Self { name, columns: columns.iter().map(|(name, meaning)| ((*name).to_owned(), *meaning)).collect(), rows }
    }

    /// The names of the columns, and below them the rows.
    pub fn into_rows(self) -> Vec<Vec<Cell>> {
        let head = self.columns.into_iter().map(|(name, _)| Cell::Text(name)).collect();
        std::iter::once(head).chain(self.rows).collect()
    }
}

const UNIT: (&str, Meaning) = ("don_vi", |t| t.data_unit());
const UNIT_NAME: (&str, Meaning) = ("ten_don_vi", |t| t.data_unit_name());
const CLUSTER: (&str, Meaning) = ("cum", |t| t.data_cluster());
const BEGINS: (&str, Meaning) = ("ky_tu", |t| t.data_begins());
const ENDS: (&str, Meaning) = ("ky_den", |t| t.data_ends());
const DUE: (&str, Meaning) = ("han_nop", |t| t.data_due());
const LATE: (&str, Meaning) = ("nop_muon", |t| t.data_late());
const TARGET: (&str, Meaning) = ("ma_chi_tieu", |t| t.data_target());
const TARGET_NAME: (&str, Meaning) = ("chi_tieu", |t| t.data_target_name());
const MEASURE: (&str, Meaning) = ("don_vi_tinh", |t| t.data_measure());
const GOAL: (&str, Meaning) = ("muc_can_dat", |t| t.data_goal());
const VALUE: (&str, Meaning) = ("dat_duoc", |t| t.data_value());
const SHARE: (&str, Meaning) = ("ty_le", |t| t.data_share());

/// Every table, the dictionary last.
pub fn tables(results: &Results) -> Vec<Table> {
    let mut tables = vec![
        figures(results),
        progress(results),
        units(results),
        ranking(results),
        reports(results),
        corrections(results),
    ];
    tables.push(dictionary(results, &tables));
    tables
}

fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

fn number(figure: Option<Figure>) -> Cell {
    figure.map_or(Cell::Empty, Cell::Number)
}

fn count(count: usize) -> Cell {
    number(i64::try_from(count).ok().and_then(Figure::whole))
}

/// Basis points as percent.
fn percent(basis_points: Option<i64>) -> Cell {
    number(basis_points.and_then(|share| Figure::new(share, 2)))
}

fn yes(is: bool) -> Cell {
    let t = Text(Lang::Vi);
    text(if is { t.file_yes() } else { t.file_no() })
}

/// Each accepted figure in a row of its own.
fn figures(results: &Results) -> Table {
    let columns: &[(&str, Meaning)] = &[
        UNIT,
        UNIT_NAME,
        CLUSTER,
        BEGINS,
        ENDS,
        DUE,
        LATE,
        TARGET,
        TARGET_NAME,
        MEASURE,
        ("so_lieu", |t| t.data_figure()),
    ];
    let mut rows = Vec::new();
    for unit in &results.units {
        for (place, (period, standing)) in results.periods.iter().zip(&unit.reports).enumerate() {
            let ReportStanding::Accepted { late, .. } = standing else { continue };
            for (result, figures) in results.targets.iter().zip(&unit.figures) {
                let Some(figure) = figures.get(place).copied().flatten() else { continue };
                let mut row = named(unit);
                row.extend([text(&period.begins), text(&period.ends), text(&period.due), yes(*late)]);
                row.extend(target_cells(result));
                row.push(Cell::Number(figure));
                rows.push(row);
            }
        }
    }
    Table::new("so-lieu", columns, rows)
}

fn named(unit: &UnitResult) -> Vec<Cell> {
    vec![text(&unit.part.slug), text(&unit.part.name), text(&unit.part.cluster)]
}

fn target_cells(result: &TargetResult) -> [Cell; 3] {
    [text(&result.target.code), text(&result.target.name), text(&result.target.measure)]
}

/// Each target with what all units have together.
fn progress(results: &Results) -> Table {
    let columns: &[(&str, Meaning)] = &[
        ("muc_tieu", |t| t.data_pillar()),
        TARGET,
        TARGET_NAME,
        MEASURE,
        ("khi_bat_dau", |t| t.data_baseline()),
        GOAL,
        VALUE,
        SHARE,
        ("nen_dat", |t| t.data_expected()),
        ("danh_gia", |t| t.data_standing()),
        ("so_don_vi", |t| t.data_units()),
        ("thoi_han", |t| t.data_deadline()),
    ];
    let row = |result: &TargetResult| {
        let mut row = vec![text(&result.target.pillar)];
        row.extend(target_cells(result));
        row.extend([
            number(result.aim.baseline),
            Cell::Number(result.aim.goal),
            number(result.value),
            percent(result.share),
            percent(Some(result.expected)),
            text(Reached::of(result).state_word(Text(Lang::Vi))),
            count(result.units),
            text(&result.target.due),
        ]);
        row
    };
    Table::new("tien-do", columns, results.targets.iter().map(row).collect())
}

/// Each unit with each target.
fn units(results: &Results) -> Table {
    let columns: &[(&str, Meaning)] = &[UNIT, UNIT_NAME, CLUSTER, TARGET, TARGET_NAME, MEASURE, GOAL, VALUE, SHARE];
    let mut rows = Vec::new();
    for unit in &results.units {
        let values = unit.goals.iter().zip(&unit.values).zip(&unit.shares);
        for (result, ((goal, value), share)) in results.targets.iter().zip(values) {
            let mut row = named(unit);
            row.extend(target_cells(result));
            row.extend([number(*goal), number(*value), percent(*share)]);
            rows.push(row);
        }
    }
    Table::new("don-vi", columns, rows)
}

/// Units by cluster and rank, with what each criterion gave.
fn ranking(results: &Results) -> Table {
    let columns: &[(&str, Meaning)] = &[
        UNIT,
        UNIT_NAME,
        CLUSTER,
        ("hang", |t| t.data_rank()),
        ("diem", |t| t.data_score()),
        ("bao_cao_duyet", |t| t.data_accepted()),
        ("muon_hoac_thieu", |t| t.data_late_count()),
    ];
    let none = ScoreTable::default();
    let criteria = &results.table.as_ref().unwrap_or(&none).criteria;
    let mut units: Vec<&UnitResult> = results.units.iter().collect();
    units.sort_by_key(|unit| (unit.part.cluster.is_empty(), &unit.part.cluster_key, unit.rank.unwrap_or(u32::MAX)));
    let row = |unit: &UnitResult| {
        let mut row = named(unit);
        row.extend([
            number(unit.rank.map(Figure::from)),
            number(unit.score.as_ref().map(|score| score.total)),
            count(unit.accepted()),
            count(unit.late()),
        ]);
        let lines = unit.score.as_ref().map_or(&[][..], |score| &score.lines);
        let points = |code: &str| lines.iter().find(|line| line.code == code).map(|line| line.points);
        row.extend(criteria.iter().map(|criterion| number(points(&criterion.code))));
        row
    };
    let mut table = Table::new("xep-hang", columns, units.into_iter().map(row).collect());
    table.columns.extend(criteria.iter().map(|criterion| {
        let points: Meaning = |t| t.data_points();
        (points_column(&criterion.code), points)
    }));
    table
}

/// The column of what a criterion gave.
fn points_column(code: &str) -> String {
    format!("diem_{code}")
}

/// Where the report of each unit for each period stands.
fn reports(results: &Results) -> Table {
    let columns: &[(&str, Meaning)] =
        &[UNIT, UNIT_NAME, CLUSTER, BEGINS, ENDS, DUE, ("tinh_trang", |t| t.data_report()), LATE];
    let t = Text(Lang::Vi);
    let mut rows = Vec::new();
    for unit in &results.units {
        for (period, standing) in results.periods.iter().zip(&unit.reports) {
            let (state, late) = match standing {
                ReportStanding::Accepted { late, .. } => (t.standing_accepted(), yes(*late)),
                ReportStanding::Sent { late } => (t.standing_waiting(), yes(*late)),
                ReportStanding::Missing => (t.standing_missing(), Cell::Empty),
                ReportStanding::NotDue => (t.standing_not_due(), Cell::Empty),
                ReportStanding::NotOwed => (t.standing_not_owed(), Cell::Empty),
            };
            let mut row = named(unit);
            row.extend([text(&period.begins), text(&period.ends), text(&period.due), text(state), late]);
            rows.push(row);
        }
    }
    Table::new("bao-cao", columns, rows)
}

/// What was corrected, the latest first.
fn corrections(results: &Results) -> Table {
    let columns: &[(&str, Meaning)] = &[
        ("luc", |t| t.data_day()),
        UNIT,
        UNIT_NAME,
        BEGINS,
        ENDS,
        TARGET,
        ("so_cu", |t| t.data_old()),
        ("so_moi", |t| t.data_new()),
        ("ly_do", |t| t.data_reason()),
        ("don_vi_sua", |t| t.data_by_unit()),
        ("vai_tro", |t| t.data_by_role()),
    ];
    let figure = |value: Option<i64>, scale: Option<i64>| {
        number(value.zip(scale).and_then(|(value, scale)| figure_of(value, scale)))
    };
    let rows = results.corrections.iter().map(|row| {
        let unit = results.units.iter().find(|unit| unit.part.registration_id == row.registration_id);
        let target = results.targets.iter().find(|result| result.target.id == row.target_id);
        let role = Role::parse(&row.role).map(|role| role_name(role, Text(Lang::Vi)));
        vec![
            text(&Instant(row.at).rfc3339()),
            text(unit.map_or("", |unit| &unit.part.slug)),
            text(unit.map_or("", |unit| &unit.part.name)),
            text(&row.begins),
            text(&row.ends),
            text(target.map_or("", |result| &result.target.code)),
            figure(row.old_value, row.old_scale),
            figure(row.new_value, row.new_scale),
            text(&row.reason),
            text(&row.by_unit),
            text(role.unwrap_or_default()),
        ]
    });
    Table::new("dinh-chinh", columns, rows.collect())
}

/// What every column of every table means, and every code in them.
fn dictionary(results: &Results, tables: &[Table]) -> Table {
    let columns: &[(&str, Meaning)] = &[
        ("bang", |t| t.data_table()),
        ("cot_hoac_ma", |t| t.data_column()),
        ("nghia", |t| t.data_meaning()),
        ("nghia_tieng_anh", |t| t.data_meaning_english()),
    ];
    let meaning = |table: &str, name: &str, meaning: Meaning| {
        vec![text(table), text(name), text(meaning(Text(Lang::Vi))), text(meaning(Text(Lang::En)))]
    };
    let mut rows = Vec::new();
    for table in tables {
        rows.extend(table.columns.iter().map(|(name, of)| meaning(table.name, name, *of)));
    }
    rows.extend(columns.iter().map(|(name, of)| meaning("tu-dien", name, *of)));
    let explained = |code: String, name: &str, in_languages: [String; 2]| {
        let [vi, en] = in_languages.map(|words| text(&format!("{name}. {words}")));
        vec![Cell::Empty, text(&code), vi, en]
    };
    for result in &results.targets {
        let words = [Lang::Vi, Lang::En].map(|lang| target_words(result, Text(lang)));
        rows.push(explained(result.target.code.clone(), &result.target.name, words));
    }
    for criterion in results.table.iter().flat_map(|table| &table.criteria) {
        let words =
            [Lang::Vi, Lang::En].map(|lang| crate::server::made::result::notes::rule(results, criterion, Text(lang)));
        rows.push(explained(points_column(&criterion.code), &criterion.name, words));
    }
    Table::new("tu-dien", columns, rows)
}

/// How a target is measured.
fn target_words(result: &TargetResult, t: Text) -> String {
    let counting = match result.aim.counting {
        crate::domain::progress::Counting::Sum => t.result_summed(),
        crate::domain::progress::Counting::Level => t.result_averaged(),
    };
    let goal = Reached { value: None, share: None, standing: Standing::Unknown, ..Reached::of(result) }.goal(t);
    let source =
        if result.target.source.is_empty() { String::new() } else { format!(" {}", t.source(&result.target.source)) };
    format!("{} {counting}{source}", t.file_goal(goal))
}
