//! Files of units: every line becomes a unit or changes one, or nothing does.

use std::collections::{HashMap, HashSet};

use super::{Checked, insert, is_above, level_id, note_unit, parents_of, record, some};
use crate::domain::day::Day;
use crate::domain::error::{AppError, Field};
use crate::domain::text::{fold, sort_key};
use crate::server::clock::now;
use crate::server::db::desk::unit::{self as db, UnitColumns, UnitRow};
use crate::server::error::internal;
use crate::server::services::actor::{Actor, Permission};
use crate::server::state::Store;
use crate::server::thing::Thing;
use crate::server::unit_file::{Column, LineProblem, UnitFileProblem, UnitLine, Wrong, read_units};

/// What is said for all lines that don't say it.
#[derive(Clone, Debug, Default)]
pub struct ImportUnits {
    /// The slug of the unit that they belong to; empty for none.
    pub under: String,
    /// Their level; empty for none.
    pub level: String,
    /// Their first day; `None` where they always were.
    pub begins: Option<Day>,
    /// Whether to look only at what would be done.
    pub dry_run: bool,
}

/// So many names of what came of a file are told at most.
const NAMES_MOST: usize = 300;

/// What came of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// New units.
    pub added: usize,
    /// Units that were known and are otherwise now.
    pub changed: usize,
    /// Units that were known as they stand in the file.
    pub unchanged: usize,
    /// Units of which it is known now where they lie.
    pub bounded: usize,
    /// The names of those that are new or changed, at most 300.
    pub names: Vec<String>,
}

/// Imports a file of units. A line is the unit that has its code now, or else its name below the same unit; importing a
/// file again changes nothing.
///
/// # Errors
/// `Forbidden`, `Invalid` for an unknown unit above all; or what is wrong with the file, in which case nothing is done.
pub async fn import_units(
    store: &Store,
    actor: &Actor,
    bytes: Vec<u8>,
    asked: &ImportUnits,
) -> Result<Result<Imported, UnitFileProblem>, AppError> {
    actor.require(Permission::ManageUnits)?;
    let read = tokio::task::spawn_blocking(move || read_units(&bytes)).await.map_err(internal)?;
    let lines = match read {
        Ok(lines) => lines,
        Err(problem) => return Ok(Err(problem)),
    };
    let at = now();
    let mut session = store.db.write().await?;
    let mut units = db::list_units(&mut session).await?;
    let top = match some(asked.under.trim()) {
        Some(slug) => Some(super::find(&units, slug, Field::Parent)?.id),
        None => None,
    };
    let known_boundaries: HashSet<i64> = db::list_bounded(&mut session).await?.into_iter().collect();
    let (mut imported, mut problems) = (Imported::default(), Vec::new());
    let before = units.clone();
    let known = Known::of(&before);
    let mut written: Vec<(&UnitLine, UnitRow, bool)> = Vec::new();
    for line in &lines {
        if let Some(row) = known.find(line, top) {
            written.push((line, row.clone(), false));
            continue;
        }
        let unit = Checked {
            name: line.name.clone(),
            code: line.code.clone().unwrap_or_default(),
            level: line.level.clone().unwrap_or_else(|| asked.level.clone()),
            begins: line.begins.or(asked.begins),
            ends: line.ends,
        };
        let row = match insert(&mut session, &mut units, &unit, top, at).await {
            Ok(row) => row,
            // On PostgreSQL nothing more can be asked in a transaction in which something failed.
            Err(AppError::Invalid(_)) => {
                problems.push(problem(line, Column::Code, &unit.code, Wrong::Repeated));
                return Ok(Err(UnitFileProblem::Lines(problems)));
            }
            Err(error) => return Err(error),
        };
        record(&mut session, actor, row.id, "add-unit", at).await?;
        written.push((line, row, true));
    }
    // Lines name units that stand further below in the file: what belongs where is settled when all of them are there.
    let known = Known::of(&units);
    let mut parents = parents_of(&units);
    for (line, row, new) in written {
        let parent_id = match &line.parent {
            Some(name) => match known.find_called(name) {
                Some(id) if !is_above(&parents, row.id, id) => Some(id),
                found => {
                    let wrong = if found.is_some() { Wrong::OwnParent } else { Wrong::Unknown };
                    problems.push(problem(line, Column::Parent, name, wrong));
                    continue;
                }
            },
            None => row.parent_id,
        };
        parents.insert(row.id, parent_id);
        let level = line.level.clone().unwrap_or_else(|| row.level.clone());
        let level = if level.is_empty() { asked.level.clone() } else { level };
        let wanted = UnitRow {
            name: line.name.clone(),
            code: line.code.clone().or_else(|| row.code.clone()),
            level: level.clone(),
            parent_id,
            begins: line.begins.map(Day::iso).or_else(|| row.begins.clone()).or_else(|| asked.begins.map(Day::iso)),
            ends: line.ends.map(Day::iso).or_else(|| row.ends.clone()),
            ..row.clone()
        };
        let changed = wanted != row;
        if changed {
            let sort_key = sort_key(&wanted.name);
            let columns = UnitColumns {
                name: &wanted.name,
                sort_key: &sort_key,
                code: wanted.code.as_deref(),
                level_id: level_id(&mut session, &level).await?,
                parent_id,
                begins: wanted.first_day(),
                ends: wanted.last_day(),
            };
            db::change_unit(&mut session, row.id, &columns).await?;
            note_unit(&mut session, row.id, [row.parent_id, parent_id]);
        }
        if changed && !new {
            record(&mut session, actor, row.id, "change-unit", at).await?;
        }
        match (new, changed) {
            (true, _) => imported.added += 1,
            (false, true) => imported.changed += 1,
            (false, false) => imported.unchanged += 1,
        }
        if (new || changed) && imported.names.len() < NAMES_MOST {
            imported.names.push(wanted.name.clone());
        }
        if let Some(geometry) = &line.boundary {
            db::set_boundary(&mut session, row.id, geometry).await?;
            session.note_change(Thing::Boundaries);
            imported.bounded += usize::from(!known_boundaries.contains(&row.id));
        }
    }
    if !problems.is_empty() {
        problems.truncate(50);
        return Ok(Err(UnitFileProblem::Lines(problems)));
    }
    if !asked.dry_run {
        session.commit().await?;
    }
    Ok(Ok(imported))
}

fn problem(line: &UnitLine, column: Column, value: &str, wrong: Wrong) -> LineProblem {
    LineProblem { line: line.line, column, value: value.chars().take(60).collect(), wrong }
}

/// The units that are there now, by what a line may call them.
struct Known<'a> {
    units: HashMap<i64, &'a UnitRow>,
    by_code: HashMap<&'a str, i64>,
    by_slug: HashMap<&'a str, i64>,
    by_name: HashMap<String, Vec<i64>>,
}

impl<'a> Known<'a> {
    fn of(units: &'a [UnitRow]) -> Self {
        let present = || units.iter().filter(|unit| unit.ends.is_none());
        let mut by_name: HashMap<String, Vec<i64>> = HashMap::new();
        for unit in present() {
            by_name.entry(fold(&unit.name)).or_default().push(unit.id);
        }
        Self {
            units: units.iter().map(|unit| (unit.id, unit)).collect(),
            by_code: present().filter_map(|unit| Some((unit.code.as_deref()?, unit.id))).collect(),
            by_slug: present().map(|unit| (unit.slug.as_str(), unit.id)).collect(),
            by_name,
        }
    }

    /// The unit that is called so; none where two have the name: which one is meant?
    fn find_called(&self, name: &str) -> Option<i64> {
        let alone = |ids: &Vec<i64>| if let [id] = ids.as_slice() { Some(*id) } else { None };
        let exact = self.by_code.get(name).or_else(|| self.by_slug.get(name)).copied();
        exact.or_else(|| self.by_name.get(&fold(name)).and_then(alone))
    }

    /// The unit that a line is about: that of its code, or of its name at its place.
    fn find(&self, line: &UnitLine, top: Option<i64>) -> Option<&'a UnitRow> {
        if let Some(id) = line.code.as_deref().and_then(|code| self.by_code.get(code)) {
            return self.units.get(id).copied();
        }
        let parent = match &line.parent {
            Some(name) => Some(self.find_called(name)?),
            None => top,
        };
        let ids = self.by_name.get(&fold(&line.name))?;
        let mut same = ids.iter().filter_map(|id| self.units.get(id).copied());
        same.find(|unit| {
            let placed = unit.parent_id == parent || (line.parent.is_none() && top.is_none());
            placed && (line.code.is_none() || unit.code.is_none())
        })
    }
}
