//! A slim bar: how far a target has come, and how far it should have come by now.

use maud::{Markup, html};

/// How a target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarState {
    /// It is there.
    Reached,
    /// It is where it should be by now.
    OnCourse,
    /// It is behind.
    Behind,
    /// Nobody can say.
    Unknown,
}

impl BarState {
    const fn class(self) -> &'static str {
        match self {
            Self::Reached => "progress-bar progress-bar--reached",
            Self::OnCourse => "progress-bar progress-bar--on-course",
            Self::Behind => "progress-bar progress-bar--behind",
            Self::Unknown => "progress-bar progress-bar--unknown",
        }
    }

    /// A tick, a disc, a warning triangle, a question mark: drawn, since not every font has them.
    const fn shape(self) -> &'static str {
        match self {
            Self::Reached => "M1 6.5 4.5 10 11 2.5",
            Self::OnCourse => "M6 2a4 4 0 1 1 0 8 4 4 0 1 1 0-8z",
            Self::Behind => "M6 1.5 11 10.5H1z",
            Self::Unknown => "M3 4a3 2.6 0 1 1 4.2 2.2Q6 6.8 6 8.4M6 9.8v2",
        }
    }

    const fn hatched(self) -> bool {
        matches!(self, Self::Behind | Self::Unknown)
    }
}

/// What a bar shows. The shape of the state is drawn only: where it matters, `value_text` says it in words too.
#[derive(Clone, Copy, Debug)]
pub struct Bar<'a> {
    /// What is measured.
    pub label: &'a str,
    /// How far it is, as it is read.
    pub value_text: &'a str,
    /// How far it is: 1 is all of it, and it may be more.
    pub share: f64,
    /// How far it should be by now, of 1.
    pub mark: Option<f64>,
    /// How far it should be by now, as it is read; nothing is written where it is empty.
    pub mark_text: &'a str,
    /// How it stands.
    pub state: BarState,
}

/// A bar with its text around it, read as one picture whose name is that text.
pub fn progress_bar(id: &str, bar: &Bar<'_>) -> Markup {
    let with_mark = !bar.mark_text.is_empty();
    let named_by = format!("{id}-label {id}-value{}", if with_mark { format!(" {id}-mark") } else { String::new() });
    html! {
        div class=(bar.state.class()) role="img" aria-labelledby=(named_by) {
            p class="progress-bar-head" {
                span class="progress-bar-label" id={ (id) "-label" } { (bar.label) }
                " "
                span class="progress-bar-value" {
                    svg class="progress-bar-shape" viewBox="0 0 12 12" width="12" height="12" {
                        path d=(bar.state.shape()) {}
                    }
                    " " span id={ (id) "-value" } { (bar.value_text) }
                }
            }
            (track(id, bar))
            @if with_mark {
                p class="progress-bar-mark" {
                    @if mark_of(bar).is_some() {
                        svg viewBox="0 0 8 8" width="8" height="8" { path d="M0 1h8l-4 6z" {} }
                        " "
                    }
                    span id={ (id) "-mark" } { (bar.mark_text) }
                }
            }
        }
    }
}

/// As wide as there is room, and always as slim: it has no `viewBox`, and its places are percentages.
fn track(id: &str, bar: &Bar<'_>) -> Markup {
    let hatch = format!("{id}-hatch");
    let hatched = bar.state.hatched();
    html! {
        svg class="progress-bar-track" width="100%" height="20" {
            @if hatched { (hatching(&hatch, bar.state)) }
            rect class="progress-bar-whole" y="8" width="100%" height="10" {}
            @if let Some(width) = percent(bar.share) {
                rect class="progress-bar-done" y="8" width=(width) height="10"
                    fill=[hatched.then(|| format!("url(#{hatch})"))] {}
            }
            @if bar.share.is_finite() && bar.share > 1.0 {
                svg x="100%" y="8" width="1" height="10" {
                    path class="progress-bar-beyond" d="M-13 1l4 4-4 4M-8 1l4 4-4 4" {}
                }
            }
            @if let Some(mark) = mark_of(bar) {
                svg x=(mark) width="1" height="20" { path class="progress-bar-tick" d="M-4 0h8l-3.3 5V20h-1.4V5z" {} }
            }
        }
    }
}

fn hatching(id: &str, state: BarState) -> Markup {
    let turn = if state == BarState::Behind { "rotate(45)" } else { "rotate(0)" };
    html! {
        pattern id=(id) width="5" height="5" patternUnits="userSpaceOnUse" patternTransform=(turn) {
            rect class="progress-bar-hatch" width="2.5" height="5" {}
        }
    }
}

fn mark_of(bar: &Bar<'_>) -> Option<String> {
    bar.mark.and_then(percent)
}

/// A share of 1 as a percentage between none and all; nothing of what is no number.
fn percent(share: f64) -> Option<String> {
    share.is_finite().then(|| format!("{}%", super::coordinate(share.clamp(0.0, 1.0) * 100.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [BarState; 4] = [BarState::Reached, BarState::OnCourse, BarState::Behind, BarState::Unknown];

    fn drawn(share: f64, mark: Option<f64>, state: BarState) -> String {
        let bar =
            Bar { label: "Đường <mới>", value_text: "45 %", share, mark, mark_text: "kế hoạch 50 %", state };
        progress_bar("duong", &bar).into_string()
    }

    #[test]
    fn no_number_and_no_state_breaks_a_bar() {
        for state in STATES {
            for number in [0.0, -3.0, 1.0, 7.5, 1e308, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let bar = drawn(number, Some(number), state);
                assert!(!bar.contains("NaN") && !bar.contains("inf") && !bar.contains("\"-"), "{bar}");
            }
        }
    }

    #[test]
    fn a_bar_is_named_by_its_words() {
        let bar = drawn(0.45, None, BarState::Behind);
        assert!(bar.contains(r#"role="img" aria-labelledby="duong-label duong-value duong-mark""#), "{bar}");
        assert!(bar.contains("Đường &lt;mới&gt;"), "{bar}");
    }

    #[test]
    fn every_state_has_a_shape_of_its_own() {
        let shapes = STATES.map(BarState::shape);
        assert!((1..shapes.len()).all(|place| !shapes[..place].contains(&shapes[place])));
    }

    #[test]
    fn more_than_all_is_shown_as_going_on() {
        assert!(drawn(1.2, None, BarState::Reached).contains("progress-bar-beyond"));
        assert!(!drawn(1.0, None, BarState::Reached).contains("progress-bar-beyond"));
    }

    #[test]
    fn an_unknown_share_leaves_the_bar_empty() {
        assert!(!drawn(f64::NAN, None, BarState::Unknown).contains("progress-bar-done"));
    }
}
