//! A target over the periods: a chart, and the table behind it.

use maud::{Markup, html};

use super::words::{amount, axis_number, period_name, period_short};
use crate::domain::figure::Figure;
use crate::server::chart::{LineChart, Series, data_table, line_chart};
use crate::server::db::campaign::PeriodRow;
use crate::text::Text;

/// What a chart over periods shows.
#[derive(Clone, Copy, Debug)]
pub struct Trend<'a> {
    /// The beginning of its ids.
    pub id: &'a str,
    /// What is measured.
    pub name: &'a str,
    /// In what.
    pub measure: &'a str,
    /// What is to be reached.
    pub goal: Option<Figure>,
    /// What there was at the end of each period.
    pub values: &'a [Option<Figure>],
    /// What came in within each period, where that is something else; it stands in the table only.
    pub within: Option<&'a [Option<Figure>]>,
}

/// The chart with its table; nothing where there is no value.
pub fn trend(shown: &Trend<'_>, periods: &[PeriodRow], t: Text) -> Option<Markup> {
    let title = t.result_trend(shown.name);
    let description = description(shown, periods, t)?;
    let labels: Vec<String> = periods.iter().map(|period| period_short(&period.begins, &period.ends)).collect();
    let written = |value: &Option<Figure>| value.map_or_else(|| "–".to_owned(), |value| value.show(t.0));
    let series = Series {
        name: shown.name,
        points: shown.values.iter().map(|value| value.map(Figure::to_f64)).collect(),
        texts: shown.values.iter().map(written).collect(),
        dashed: false,
    };
    let goal = shown.goal.map(|goal| (goal.to_f64(), t.result_goal_line(goal.show(t.0))));
    let chart = LineChart {
        id: shown.id,
        title: &title,
        description: &description,
        x_labels: &labels,
        series: &[series],
        goal: goal.as_ref().map(|(goal, label)| (*goal, label.as_str())),
        unit: shown.measure,
        format: &|value| axis_number(value, t),
    };
    Some(html! { (line_chart(&chart)) (table(shown, periods, &title, t)) })
}

/// Where it began and where it is.
fn description(shown: &Trend<'_>, periods: &[PeriodRow], t: Text) -> Option<String> {
    let known = || periods.iter().zip(shown.values).filter_map(|(period, value)| Some((period, (*value)?)));
    let said = |(period, value): (&PeriodRow, Figure)| {
        (amount(value, shown.measure, t), period_name(&period.begins, &period.ends, t))
    };
    let ((first, first_period), (last, last_period)) = (said(known().next()?), said(known().next_back()?));
    Some(t.result_trend_description(first_period, last_period, first, last))
}

fn table(shown: &Trend<'_>, periods: &[PeriodRow], caption: &str, t: Text) -> Markup {
    let with_measure = |name: &str| {
        if shown.measure.is_empty() { name.to_owned() } else { format!("{name} ({})", shown.measure) }
    };
    let mut head = vec![t.result_period().to_owned()];
    if shown.within.is_some() {
        head.push(with_measure(t.result_within_period()));
    }
    head.push(with_measure(t.result_by_then()));
    let cell = |values: &[Option<Figure>], place: usize| {
        values.get(place).copied().flatten().map_or_else(|| "–".to_owned(), |value| value.show(t.0))
    };
    let row = |(place, period): (usize, &PeriodRow)| {
        let mut row = vec![period_name(&period.begins, &period.ends, t)];
        row.extend(shown.within.map(|within| cell(within, place)));
        row.push(cell(shown.values, place));
        row
    };
    let rows: Vec<Vec<String>> = periods.iter().enumerate().map(row).collect();
    data_table(t.result_data(), caption, &head, &rows)
}
