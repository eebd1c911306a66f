//! Checks a figure of a report in the browser while it is typed, by the very files of rules that the server is built from.

pub mod domain;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use domain::figure::{self, Figure, Reading, Unreadable};
use domain::lang::Lang;
use domain::progress::{Counting, Doubt};
use domain::report::{self, AskedFigure, CellState};

/// What is typed, and what is known of the figure that is asked for.
#[derive(Deserialize)]
struct Asked {
    typed: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    counting: String,
    goal: Option<String>,
    #[serde(default)]
    earlier: Vec<Option<String>>,
    #[serde(default)]
    percent: bool,
    #[serde(default)]
    lang: String,
}

/// What there is to say of it; what does not apply is null.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    state: &'static str,
    can_be_sent: bool,
    shown: Option<String>,
    plain: Option<String>,
    doubts: Vec<&'static str>,
    times: Option<u32>,
    thousands: Option<String>,
    decimal: Option<String>,
    thousands_typed: Option<String>,
    decimal_typed: Option<String>,
    why: Option<&'static str>,
}

/// Checks a cell. Both sides of it are JSON, so that what stands between the script and this program is a text.
///
/// # Errors
/// What was asked is not such JSON.
#[wasm_bindgen]
pub fn check_cell(json: &str) -> Result<String, JsError> {
    // No script makes anything of what serde would say, and the words for it would be carried along.
    let asked: Asked = serde_json::from_str(json).map_err(|_| JsError::new("this is no cell"))?;
    serde_json::to_string(&check(&asked)).map_err(|_| JsError::new("what was found can't be said"))
}

fn check(asked: &Asked) -> Said {
    let lang = Lang::parse(&asked.lang).unwrap_or_default();
    let plain = |text: &Option<String>| text.as_deref().and_then(Figure::parse_plain);
    let known = AskedFigure {
        counting: Counting::parse(&asked.counting),
        goal: plain(&asked.goal),
        earlier: asked.earlier.iter().map(plain).collect(),
        percent: asked.percent,
    };
    let state = report::check_cell(&known, &asked.typed, &asked.reason);
    let said = Said { can_be_sent: state.can_be_sent(), ..Said::default() };
    match state {
        CellState::Missing => Said { state: "missing", ..said },
        CellState::Nothing => Said { state: "nothing", ..said },
        CellState::Figure { figure, doubts, .. } => Said {
            state: "figure",
            shown: Some(figure.show(lang)),
            plain: Some(figure.plain()),
            times: doubts.iter().find_map(|doubt| match doubt {
                Doubt::FarAbove { times } => Some(*times),
                _ => None,
            }),
            doubts: doubts.iter().map(name_of_doubt).collect(),
            ..said
        },
        CellState::Unclear { thousands, decimal } => Said {
            state: "unclear",
            thousands: Some(thousands.show(lang)),
            decimal: Some(decimal.show(lang)),
            thousands_typed: Some(unambiguous(thousands, lang)),
            decimal_typed: Some(unambiguous(decimal, lang)),
            ..said
        },
        CellState::Unreadable(why) => Said { state: "unreadable", why: Some(name_of_reason(why)), ..said },
    }
}

const fn name_of_doubt(doubt: &Doubt) -> &'static str {
    match doubt {
        Doubt::Negative => "negative",
        Doubt::FarAbove { .. } => "far-above",
        Doubt::Falls => "falls",
        Doubt::OverWhole => "over-whole",
    }
}

const fn name_of_reason(why: Unreadable) -> &'static str {
    match why {
        Unreadable::Empty | Unreadable::NotANumber => "not-a-number",
        Unreadable::TooLarge => "too-large",
        Unreadable::TooPrecise => "too-precise",
    }
}

/// A figure as somebody types it who leaves no doubt: without separators of thousands, and with a zero after decimals
/// that would be taken for a group.
fn unambiguous(figure: Figure, lang: Lang) -> String {
    let sign = match lang {
        Lang::Vi => ",",
        Lang::En => ".",
    };
    let typed = figure.plain().replace('.', sign);
    match figure::read(&typed) {
        Ok(Reading::Either { .. }) => typed + "0",
        _ => typed,
    }
}
