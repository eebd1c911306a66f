//! Up to three lines over periods, with a goal.

use maud::{Markup, html};

use super::{LETTER, WIDTH, coordinate, drawable, text_width};

const HEIGHT: f64 = 224.0;
const BOTTOM: f64 = HEIGHT - 28.0;
const RIGHT: f64 = WIDTH - 8.0;
/// How far a marker reaches.
const MARKER: f64 = 3.6;
/// The widest name that may stand at the end of a line.
const END_WIDEST: f64 = 96.0;
/// How far the names at the ends of lines keep from each other: a name and a number are two lines of text.
const END_APART: f64 = 34.0;

/// A line.
#[derive(Clone, Debug)]
pub struct Series<'a> {
    /// What it shows.
    pub name: &'a str,
    /// Its values, one for each period; a missing one leaves a gap.
    pub points: Vec<Option<f64>>,
    /// The values as they are read, one for each period.
    pub texts: Vec<String>,
    /// Whether the line is dashed and its markers are hollow: a plan, an estimate.
    pub dashed: bool,
}

/// What a line chart shows.
#[derive(Clone, Copy)]
pub struct LineChart<'a> {
    /// The beginning of all its ids.
    pub id: &'a str,
    /// Its name.
    pub title: &'a str,
    /// What one sees in it, in a sentence or two.
    pub description: &'a str,
    /// The names of the periods.
    pub x_labels: &'a [String],
    /// Up to three lines.
    pub series: &'a [Series<'a>],
    /// What is to be reached, and how it is read.
    pub goal: Option<(f64, &'a str)>,
    /// What the numbers at the axis count; it stands above them, and may be empty.
    pub unit: &'a str,
    /// How the numbers at the axis are written.
    pub format: &'a dyn Fn(f64) -> String,
}

impl LineChart<'_> {
    fn periods(&self) -> usize {
        self.series.iter().map(|series| series.points.len()).fold(self.x_labels.len(), usize::max)
    }

    fn values(&self) -> Vec<f64> {
        let points = self.series.iter().flat_map(|series| series.points.iter().flatten().copied());
        points.chain(self.goal.map(|(goal, _)| goal)).filter(|value| drawable(*value)).collect()
    }
}

impl Series<'_> {
    fn value(&self, period: usize) -> Option<f64> {
        self.points.get(period).copied().flatten().filter(|value| drawable(*value))
    }

    fn text(&self, period: usize) -> &str {
        self.texts.get(period).map_or("", String::as_str)
    }

    /// Whether nothing comes before a value or after it.
    fn stands_at_gap(&self, period: usize) -> bool {
        period == 0 || self.value(period - 1).is_none() || self.value(period + 1).is_none()
    }

    /// The last period that has a value.
    fn end(&self) -> Option<usize> {
        (0..self.points.len()).rev().find(|period| self.value(*period).is_some())
    }
}

/// A line chart. Its lines are named at their ends, or below it where there is no room for that; the name of
/// a line that is alone is the title's business.
pub fn line_chart(chart: &LineChart<'_>) -> Markup {
    let plot = Plot::of(chart);
    let id = chart.id;
    html! {
        div class="chart line-chart" {
            svg role="img" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) width=(WIDTH) height=(HEIGHT)
                aria-labelledby={ (id) "-title" } aria-describedby={ (id) "-description" } {
                title id={ (id) "-title" } { (chart.title) }
                desc id={ (id) "-description" } { (chart.description) }
                (value_axis(chart, &plot))
                (period_axis(chart, &plot))
                @for (place, series) in chart.series.iter().enumerate() { (line(chart, series, place, &plot)) }
                (goal_line(chart, &plot))
                @if plot.named_at_end { (end_names(chart, &plot)) }
            }
            @if !plot.named_at_end { (legend(chart.series)) }
        }
    }
}

/// Round numbers for an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    fn of(values: &[f64]) -> Self {
        let (low, high) = reach(values);
        let whole = values.iter().all(|value| value.fract() == 0.0);
        let step = step((high - low) / 4.0, whole);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    /// The round numbers from the lowest to the highest. Of a fraction, dividing gives the nearest number there is.
    fn ticks(self) -> Vec<f64> {
        let first = (self.low / self.step).round();
        let count = ((self.high - self.low) / self.step).round().clamp(1.0, 12.0) as usize;
        let at = |place: usize| {
            let steps = first + place as f64;
            if self.step < 1.0 { steps / (1.0 / self.step).round() } else { steps * self.step }
        };
        (0..=count).map(|place| at(place) + 0.0).collect()
    }
}

/// From where to where an axis goes at least. It begins at zero unless that would flatten what there is to see.
fn reach(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let largest = low.abs().max(high.abs());
    if !low.is_finite() || !high.is_finite() || largest < 1e-6 {
        return (0.0, 1.0);
    }
    let flat = high - low < largest / 4.0 && high - low > largest * 1e-6;
    if flat { (low, high) } else { (low.min(0.0), high.max(0.0)) }
}

/// The round number next above another. What is counted in whole things has no fractions at its axis.
fn step(least: f64, whole: bool) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let quarters: &[f64] = if whole && power < 10.0 { &[1.0, 2.0, 5.0] } else { &[1.0, 2.0, 2.5, 5.0] };
    let step = quarters.iter().map(|times| times * power).find(|step| *step >= least * 0.999).unwrap_or(10.0 * power);
    if whole { step.max(1.0) } else { step }
}

/// Where things are.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    periods: usize,
    scale: Scale,
    named_at_end: bool,
}

impl Plot {
    fn of(chart: &LineChart<'_>) -> Self {
        let scale = Scale::of(&chart.values());
        let widest = scale.ticks().into_iter().map(|tick| text_width(&(chart.format)(tick))).fold(0.0, f64::max);
        let top = if chart.unit.is_empty() { 14.0 } else { 32.0 };
        let left = (widest + 8.0).clamp(16.0, 96.0);
        let mut plot = Self { left, right: RIGHT, top, periods: chart.periods(), scale, named_at_end: false };
        if let Some((end, room)) = room_for_names(chart.series) {
            plot.make_room(end, room);
        }
        plot
    }

    /// Ends early enough for names at the ends of lines.
    fn make_room(&mut self, end: usize, room: f64) {
        let share = self.share(end).max(0.01);
        self.right = RIGHT.min(self.left + (WIDTH - room - self.left) / share);
        self.named_at_end = true;
    }

    /// How far to the right a period is, of 1.
    fn share(&self, period: usize) -> f64 {
        if self.periods < 2 { 0.5 } else { period as f64 / (self.periods - 1) as f64 }
    }

    fn x(&self, period: usize) -> f64 {
        // The first and the last marker keep clear of the edges.
        self.left + 5.0 + (self.right - self.left - 10.0) * self.share(period)
    }

    fn y(&self, value: f64) -> f64 {
        BOTTOM - (BOTTOM - self.top) * (value - self.scale.low) / (self.scale.high - self.scale.low)
    }

    /// Whether there is room for a marker at every value; else they stand at named periods and at gaps.
    fn roomy(&self) -> bool {
        self.periods < 2 || self.x(1) - self.x(0) >= 3.0 * MARKER
    }
}

/// Where lines end and how much room their names take, where all end in the same period and no name is too long.
fn room_for_names(series: &[Series<'_>]) -> Option<(usize, f64)> {
    let end = series.first()?.end()?;
    let alone = series.len() == 1;
    let together = series.iter().all(|series| series.end() == Some(end)) && series.len() <= 3;
    let name_width = |series: &Series<'_>| if alone { 0.0 } else { text_width(series.name) };
    let widths = series.iter().flat_map(|series| [name_width(series), text_width(series.text(end))]);
    // Bold letters are wider.
    let widest = widths.fold(0.0, f64::max) * 1.1;
    (together && widest <= END_WIDEST).then_some((end, widest + if alone { 11.0 } else { 22.0 }))
}

fn value_axis(chart: &LineChart<'_>, plot: &Plot) -> Markup {
    html! {
        @if !chart.unit.is_empty() { text class="chart-soft" x="0" y=(LETTER) { (chart.unit) } }
        @for tick in plot.scale.ticks() {
            @let y = plot.y(tick);
            line class=(if tick == 0.0 { "chart-base" } else { "chart-grid" })
                x1=(coordinate(plot.left)) x2=(coordinate(plot.right)) y1=(coordinate(y)) y2=(coordinate(y)) {}
            text class="chart-soft chart-to-end" x=(coordinate(plot.left - 6.0)) y=(coordinate(y + 4.2)) {
                ((chart.format)(tick))
            }
        }
    }
}

fn period_axis(chart: &LineChart<'_>, plot: &Plot) -> Markup {
    html! {
        @for period in labelled(chart.x_labels, plot) {
            @let label = &chart.x_labels[period];
            @let half = text_width(label) / 2.0;
            @let x = coordinate(plot.x(period));
            line class="chart-base" x1=(x) x2=(x) y1=(BOTTOM) y2=(BOTTOM + 4.0) {}
            text class="chart-soft chart-centred" x=(coordinate(plot.x(period).min(WIDTH - half).max(half)))
                y=(BOTTOM + 19.0) { (label) }
        }
    }
}

/// The periods whose names are written: as many as have room, always the last.
fn labelled(labels: &[String], plot: &Plot) -> Vec<usize> {
    let widest = labels.iter().map(|label| text_width(label)).fold(0.0, f64::max);
    let apart = plot.x(1) - plot.x(0);
    let fits = |every: &usize| plot.periods < 2 || apart * *every as f64 >= widest + 8.0;
    let every = [1, 2, 3, 4, 6, 12].into_iter().find(fits).unwrap_or(plot.periods.max(1));
    let mut periods: Vec<usize> = (0..labels.len()).rev().step_by(every).collect();
    periods.reverse();
    periods
}

fn line(chart: &LineChart<'_>, series: &Series<'_>, place: usize, plot: &Plot) -> Markup {
    let period_name = |period: usize| chart.x_labels.get(period).map_or("", String::as_str);
    let labelled = labelled(chart.x_labels, plot);
    let marked = |period: usize| plot.roomy() || labelled.contains(&period) || series.stands_at_gap(period);
    html! {
        g class=(line_class(series, place)) {
            path class="chart-line" d=(line_path(series, plot)) {}
            @for period in 0..series.points.len() {
                @if let Some(value) = series.value(period).filter(|_| marked(period)) {
                    g {
                        title { (series.name) ", " (period_name(period)) ": " (series.text(period)) }
                        (marker(place, plot.x(period), plot.y(value), MARKER))
                    }
                }
            }
        }
    }
}

fn line_class(series: &Series<'_>, place: usize) -> String {
    format!("chart-series-{}{}", place % 3 + 1, if series.dashed { " chart-dashed" } else { "" })
}

/// The way of a line, which begins anew after a gap. A value without neighbours is a marker only.
fn line_path(series: &Series<'_>, plot: &Plot) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for period in 0..series.points.len() {
        let Some(value) = series.value(period) else {
            drawing = false;
            continue;
        };
        path.push(if drawing { 'L' } else { 'M' });
        path.push_str(&format!("{} {}", coordinate(plot.x(period)), coordinate(plot.y(value))));
        drawing = true;
    }
    path
}

/// A circle, a square or a triangle.
fn marker(place: usize, x: f64, y: f64, size: f64) -> Markup {
    html! {
        @match place % 3 {
            0 => circle class="chart-marker" cx=(coordinate(x)) cy=(coordinate(y)) r=(coordinate(size)) {},
            1 => {
                @let side = coordinate(size * 1.8);
                rect class="chart-marker" x=(coordinate(x - size * 0.9)) y=(coordinate(y - size * 0.9))
                    width=(side) height=(side) {}
            },
            _ => {
                @let (half, tall) = (coordinate(size * 1.25), coordinate(size * 2.2));
                path class="chart-marker"
                    d={ "M" (coordinate(x)) " " (coordinate(y - size * 1.3)) "l" (half) " " (tall) "h-"
                        (coordinate(size * 2.5)) "z" } {}
            },
        }
    }
}

fn goal_line(chart: &LineChart<'_>, plot: &Plot) -> Markup {
    html! {
        @if let Some((goal, label)) = chart.goal.filter(|(goal, _)| drawable(*goal)) {
            @let y = plot.y(goal);
            @let (x, base) = goal_label_place(chart, plot, y, text_width(label));
            line class="chart-goal" x1=(coordinate(plot.left)) x2=(coordinate(plot.right))
                y1=(coordinate(y)) y2=(coordinate(y)) {}
            text class="chart-goal-label" x=(coordinate(x)) y=(coordinate(base)) { (label) }
        }
    }
}

/// Where the name of the goal begins: above or below its line, left, in the middle or right, where the fewest
/// lines pass.
fn goal_label_place(chart: &LineChart<'_>, plot: &Plot, y: f64, width: f64) -> (f64, f64) {
    let (left, right) = (plot.left + 4.0, (plot.right - 4.0 - width).max(plot.left + 4.0));
    let bases = [y - 5.0, y + LETTER + 2.0];
    let places = bases.into_iter().flat_map(|base| [left, right, f64::midpoint(left, right)].map(|x| (x, base)));
    let inside = places.filter(|(_, base)| base - LETTER >= plot.top - 10.0 && *base < BOTTOM);
    let covered = |(x, base): &(f64, f64)| {
        let hit = |(at_x, at_y): &(f64, f64)| {
            (x - 5.0..=x + width + 5.0).contains(at_x) && (base - LETTER - 3.0..=base + 6.0).contains(at_y)
        };
        chart.series.iter().flat_map(|series| along(series, plot)).filter(hit).count()
    };
    inside.min_by_key(covered).unwrap_or((left, bases[0]))
}

/// Places along a line, close to each other.
fn along(series: &Series<'_>, plot: &Plot) -> Vec<(f64, f64)> {
    let at = |period: usize| series.value(period).map(|value| (plot.x(period), plot.y(value)));
    let mut places = Vec::new();
    for period in 0..series.points.len() {
        let Some((x, y)) = at(period) else { continue };
        let (next_x, next_y) = at(period + 1).unwrap_or((x, y));
        places.extend(
            (0..8).map(|part| f64::from(part) / 8.0).map(|part| (x + (next_x - x) * part, y + (next_y - y) * part)),
        );
    }
    places
}

/// The names and last values at the ends of the lines, moved apart where they would cover each other.
fn end_names(chart: &LineChart<'_>, plot: &Plot) -> Markup {
    let mut ends: Vec<(usize, usize, f64)> = Vec::new();
    for (place, series) in chart.series.iter().enumerate() {
        if let Some((end, value)) = series.end().and_then(|end| Some((end, series.value(end)?))) {
            ends.push((place, end, plot.y(value)));
        }
    }
    ends.sort_by(|one, other| one.2.total_cmp(&other.2));
    let heights = apart(&ends.iter().map(|end| end.2).collect::<Vec<_>>(), plot.top, BOTTOM - 12.0);
    html! {
        @for ((place, end, _), y) in ends.iter().zip(heights) {
            @let series = &chart.series[*place];
            g class=(line_class(series, *place)) {
                (end_name(series, *place, (plot.x(*end), y), series.text(*end), chart.series.len() == 1))
            }
        }
    }
}

fn end_name(series: &Series<'_>, place: usize, (x, y): (f64, f64), last: &str, alone: bool) -> Markup {
    html! {
        @if alone {
            text class="chart-last" x=(coordinate(x + 8.0)) y=(coordinate(y + 4.5)) { (last) }
        } @else {
            (marker(place, x + 13.0, y - 0.5, MARKER))
            text class="chart-name" x=(coordinate(x + 20.0)) y=(coordinate(y + 4.0)) { (series.name) }
            text class="chart-last" x=(coordinate(x + 20.0)) y=(coordinate(y + 18.0)) { (last) }
        }
    }
}

/// Heights from the uppermost to the lowest, moved apart within limits.
fn apart(heights: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut moved = heights.to_vec();
    let mut limit = bottom;
    let mut least = top;
    for height in &mut moved {
        *height = height.max(least);
        least = *height + END_APART;
    }
    for height in moved.iter_mut().rev() {
        *height = height.min(limit);
        limit = *height - END_APART;
    }
    moved
}

fn legend(series: &[Series<'_>]) -> Markup {
    html! {
        ul class="chart-legend" {
            @for (place, series) in series.iter().enumerate() {
                li {
                    svg class=(line_class(series, place)) viewBox="0 0 30 12" width="30" height="12"
                        aria-hidden="true" {
                        path class="chart-line" d="M0 6h30" {}
                        (marker(place, 15.0, 6.0, MARKER))
                    }
                    " " (series.name)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: &[Option<f64>]) -> Series<'static> {
        let texts = points.iter().map(|point| format!("{point:?}").replace("NaN", "?").replace("inf", "∞")).collect();
        Series { name: "Đạt <chuẩn>", points: points.to_vec(), texts, dashed: false }
    }

    fn drawn(series: &[Series<'_>], goal: Option<f64>, periods: usize) -> String {
        let labels: Vec<String> = (1..=periods).map(|month| format!("T{month}")).collect();
        let (goal, format) = (goal.map(|goal| (goal, "mục tiêu")), |value: f64| format!("{value:.0}"));
        let chart = LineChart {
            id: "bieu-do",
            title: "Tiến độ",
            description: "Theo tháng",
            x_labels: &labels,
            series,
            goal,
            unit: "%",
            format: &format,
        };
        line_chart(&chart).into_string()
    }

    #[test]
    fn no_number_breaks_a_chart() {
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, -7.0, 1e-320, 1e308, -1e308, 1e14, 0.1];
        for one in odd {
            for other in odd {
                for points in [vec![], vec![Some(one)], vec![Some(one), None, Some(other)], vec![Some(one); 36]] {
                    let chart = drawn(&[series(&points), series(&[Some(other)])], Some(other), points.len());
                    assert!(!chart.contains("NaN") && !chart.contains("inf"), "{one} {other}: {chart}");
                }
            }
        }
    }

    #[test]
    fn nothing_to_show_is_an_empty_chart() {
        let chart = drawn(&[], None, 0);
        assert!(chart.contains("chart-grid") && !chart.contains("chart-marker"), "{chart}");
    }

    #[test]
    fn a_missing_value_leaves_a_gap() {
        let chart = drawn(&[series(&[Some(1.0), Some(2.0), None, Some(4.0), Some(3.0)])], None, 5);
        let path = chart.split(" d=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert_eq!((path.matches('M').count(), path.matches('L').count()), (2, 2), "{path}");
    }

    #[test]
    fn an_axis_has_few_and_round_numbers() {
        assert_eq!(Scale::of(&[3.0, 97.0]).ticks(), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(Scale::of(&[1.0, 3.0]).ticks(), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(Scale::of(&[0.1, 0.37]).ticks(), [0.0, 0.1, 0.2, 0.3, 0.4]);
        assert_eq!(Scale::of(&[-40.0, 35.0]).ticks(), [-40.0, -20.0, 0.0, 20.0, 40.0]);
        assert_eq!(Scale::of(&[96.5, 98.0]).ticks(), [96.5, 97.0, 97.5, 98.0]);
        assert_eq!(Scale::of(&[]).ticks().first(), Some(&0.0));
    }

    #[test]
    fn equal_values_stand_above_zero() {
        assert_eq!(Scale::of(&[5.0, 5.0]).low, 0.0);
        assert_eq!(Scale::of(&[-5.0]).high, 0.0);
    }

    #[test]
    fn the_names_of_three_years_of_months_do_not_touch() {
        let labels: Vec<String> = (0..36).map(|month| format!("T{}/{}", month % 12 + 1, 2024 + month / 12)).collect();
        let scale = Scale::of(&[1.0]);
        let plot = Plot { left: 30.0, right: RIGHT, top: 14.0, periods: 36, scale, named_at_end: false };
        let written = labelled(&labels, &plot);
        assert_eq!(written.last(), Some(&35));
        let clear = |pair: &[usize]| plot.x(pair[1]) - plot.x(pair[0]) > text_width(&labels[pair[0]]);
        assert!(written.len() > 2 && written.windows(2).all(clear), "{written:?}");
    }

    #[test]
    fn lines_that_end_together_are_named_at_their_ends_and_others_in_a_legend() {
        let (long, short) = (series(&[Some(1.0), Some(2.0)]), series(&[Some(2.0), None]));
        assert!(!drawn(std::slice::from_ref(&long), None, 2).contains("chart-legend"));
        assert!(drawn(&[long, short], None, 2).contains("chart-legend"));
    }

    #[test]
    fn a_line_that_is_alone_ends_with_its_last_value_only() {
        let chart = drawn(&[series(&[Some(1.0), Some(2.0)])], None, 2);
        assert!(chart.contains("chart-last") && !chart.contains("chart-name"), "{chart}");
    }

    #[test]
    fn three_years_of_months_have_few_markers_and_all_that_stand_alone() {
        let mut points = vec![Some(5.0); 36];
        (points[6], points[8]) = (None, None);
        let chart = drawn(&[series(&points)], None, 36);
        assert!((6..20).contains(&chart.matches("<circle").count()), "{chart}");
        assert!(chart.contains("T8: ") && chart.contains("T36: "), "{chart}");
    }

    #[test]
    fn the_name_of_the_goal_stays_clear_of_the_lines() {
        let falling = series(&[Some(90.0), Some(82.0), Some(60.0), Some(20.0), Some(10.0), Some(5.0)]);
        let chart = drawn(&[falling], Some(80.0), 6);
        let label = chart.split("chart-goal-label\" x=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert!(label.parse::<f64>().unwrap() > WIDTH / 2.0, "{label}");
    }

    #[test]
    fn names_at_ends_keep_apart_and_inside() {
        assert_eq!(apart(&[100.0, 100.0, 100.0], 14.0, 190.0), [100.0, 134.0, 168.0]);
        assert_eq!(apart(&[180.0, 185.0, 190.0], 14.0, 190.0), [122.0, 156.0, 190.0]);
    }

    #[test]
    fn words_are_escaped_and_the_picture_is_named() {
        let chart = drawn(&[series(&[Some(1.0)])], None, 1);
        assert!(chart.contains("Đạt &lt;chuẩn&gt;") && !chart.contains("<chuẩn>"), "{chart}");
        assert!(chart.contains(r#"role="img""#) && chart.contains(r#"<title id="bieu-do-title">Tiến độ</title>"#));
    }
}
