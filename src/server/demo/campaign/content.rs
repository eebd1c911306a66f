//! The files of the demonstration's campaign.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use crate::domain::day::Day;
use crate::domain::figure::Figure;
use crate::server::demo::CONTENT;
use crate::server::error::Failure;

/// A unit, and how it registered.
#[derive(Debug, Deserialize)]
pub(super) struct UnitLine {
    pub slug: String,
    pub name: String,
    pub level: String,
    pub cluster: String,
    pub code: String,
    /// Empty for a unit that takes no part.
    #[serde(deserialize_with = "some_day")]
    pub registered: Option<Day>,
    pub signer_name: String,
    pub signer_title: String,
}

/// What a unit wants to reach.
#[derive(Debug, Deserialize)]
pub(super) struct PlanLine {
    pub unit: String,
    pub target: String,
    pub goal: Figure,
}

/// A report. One that was returned has a note, and its day is that of the first sending.
#[derive(Debug, Deserialize)]
pub(super) struct ReportLine {
    pub unit: String,
    /// Which period, from 1.
    pub period: usize,
    #[serde(deserialize_with = "day")]
    pub sent: Day,
    /// Empty for one that waits.
    #[serde(deserialize_with = "some_day")]
    pub accepted: Option<Day>,
    pub returned_note: String,
    pub text: String,
    pub late_reason: String,
}

/// A figure as it was first reported.
#[derive(Debug, Deserialize)]
pub(super) struct FigureLine {
    pub unit: String,
    pub period: usize,
    pub target: String,
    pub figure: Figure,
}

/// A figure that was corrected.
#[derive(Debug, Deserialize)]
pub(super) struct CorrectionLine {
    pub unit: String,
    pub period: usize,
    pub target: String,
    pub old: Figure,
    pub new: Figure,
    pub reason: String,
}

/// An example, and the units that took it up.
#[derive(Debug, Deserialize)]
pub(super) struct ExampleEntry {
    pub slug: String,
    pub kind: String,
    pub title: String,
    pub lead: String,
    pub body: String,
    pub unit: String,
    /// Empty where it is the unit itself.
    pub person: String,
    #[serde(deserialize_with = "day")]
    pub published: Day,
    pub taken_up_by: Vec<String>,
}

fn some_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    Day::parse(&text).map(Some).ok_or_else(|| D::Error::custom(format!("{text} is no day")))
}

pub(super) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    some_day(deserializer)?.ok_or_else(|| D::Error::custom("a day is missing"))
}

/// A file of the demonstration.
pub(super) fn read(path: &str) -> Result<&'static [u8], Failure> {
    let file = CONTENT.get_file(path).ok_or_else(|| Failure::new(format!("There is no demo/{path}.")))?;
    Ok(file.contents())
}

/// The lines of a file, which begins with the names of their cells.
pub(super) fn read_lines<T: DeserializeOwned>(path: &str) -> Result<Vec<T>, Failure> {
    let lines = csv::Reader::from_reader(read(path)?).into_deserialize().collect::<Result<_, _>>();
    lines.map_err(|error| Failure::new(format!("demo/{path}: {error}.")))
}

/// A file of JSON.
pub(super) fn read_json<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    serde_json::from_slice(read(path)?).map_err(|error| Failure::new(format!("demo/{path}: {error}.")))
}
