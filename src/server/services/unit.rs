//! Units: the tree of organisation with what became of each, files of units, and the clusters of a year.

use std::collections::{HashMap, HashSet};

use crate::domain::day::Day;
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::slug::Slug;
use crate::domain::text::{clean_line, compose, fold, sort_key};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::desk::unit::{self as db, ClusterRow, UnitColumns, UnitRow};
use crate::server::db::log::{self, Decision};
use crate::server::db::{DbResult, Session};
use crate::server::error::OnConstraint;
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Permission};
use crate::server::state::Store;
use crate::server::thing::Thing;

pub mod import;

/// The longest name of a unit, in characters.
pub const NAME_MOST: usize = 200;
/// The longest code of a unit, in characters.
pub const CODE_MOST: usize = 40;
/// The longest name of a level, in characters.
pub const LEVEL_MOST: usize = 80;

/// A unit as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedUnit {
    /// Its name.
    pub name: String,
    /// Its number in a register; empty for none.
    pub code: String,
    /// What it is called by where it stands; empty for nothing.
    pub level: String,
    /// The slug of the unit that it belongs to; empty for none.
    pub parent: String,
    /// Its first day; empty where it always was.
    pub begins: String,
    /// Its last day; empty while it is there.
    pub ends: String,
}

/// A unit that was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Checked {
    name: String,
    code: String,
    level: String,
    begins: Option<Day>,
    ends: Option<Day>,
}

fn line(text: &str) -> String {
    clean_line(&compose(text))
}

fn check(typed: &TypedUnit) -> Result<Checked, AppError> {
    let mut errors = Vec::new();
    let checked = Checked {
        name: line(&typed.name),
        code: line(&typed.code),
        level: line(&typed.level),
        begins: read_day(&typed.begins, Field::Begins, &mut errors),
        ends: read_day(&typed.ends, Field::Ends, &mut errors),
    };
    if Slug::from_folded(&fold(&checked.name)).is_none() {
        errors.push((Field::Unit, Problem::Missing));
    }
    for (text, field, most) in [
        (&checked.name, Field::Unit, NAME_MOST),
        (&checked.code, Field::UnitCode, CODE_MOST),
        (&checked.level, Field::Level, LEVEL_MOST),
    ] {
        let counted = text.chars().count();
        if counted > most {
            let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            errors.push((field, Problem::TooLong { most: number(most), counted: number(counted) }));
        }
    }
    if let (Some(begins), Some(ends)) = (checked.begins, checked.ends)
        && ends < begins
    {
        errors.push((Field::Ends, Problem::EndsBeforeBegins));
    }
    if errors.is_empty() { Ok(checked) } else { Err(AppError::Invalid(FieldErrors(errors))) }
}

fn read_day(typed: &str, field: Field, errors: &mut Vec<(Field, Problem)>) -> Option<Day> {
    let day = Day::parse(typed);
    if day.is_none() && !typed.trim().is_empty() {
        errors.push((field, Problem::NoDay));
    }
    day
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// What the pages of units show.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Every unit, in Vietnamese order.
    pub units: Vec<UnitRow>,
    /// Predecessor, successor and kind.
    pub successions: Vec<(i64, i64, String)>,
    /// The names of levels in use.
    pub levels: Vec<String>,
    /// The units of which it is known where they lie.
    pub bounded: HashSet<i64>,
}

impl Tree {
    /// A unit by its id.
    pub fn find(&self, id: i64) -> Option<&UnitRow> {
        self.units.iter().find(|unit| unit.id == id)
    }

    /// What came out of a unit.
    pub fn successors(&self, id: i64) -> Vec<&UnitRow> {
        let found = self.successions.iter().filter(|(from, ..)| *from == id);
        found.filter_map(|(_, to, _)| self.find(*to)).collect()
    }

    /// What a unit came out of.
    pub fn predecessors(&self, id: i64) -> Vec<&UnitRow> {
        let found = self.successions.iter().filter(|(_, to, _)| *to == id);
        found.filter_map(|(from, ..)| self.find(*from)).collect()
    }
}

/// The units with what became of them.
///
/// # Errors
/// `Forbidden`.
pub async fn read_tree(store: &Store, actor: &Actor) -> Result<Tree, AppError> {
    actor.require(Permission::ManageUnits)?;
    let mut session = store.db.read().await?;
    Ok(Tree {
        units: db::list_units(&mut session).await?,
        successions: db::list_successions(&mut session).await?,
        levels: db::list_levels(&mut session).await?,
        bounded: db::list_bounded(&mut session).await?.into_iter().collect(),
    })
}

/// Which unit each belongs to.
type Parents = HashMap<i64, Option<i64>>;

fn parents_of(units: &[UnitRow]) -> Parents {
    units.iter().map(|unit| (unit.id, unit.parent_id)).collect()
}

/// Whether a unit stands somewhere above another one, or is it.
fn is_above(parents: &Parents, above: i64, below: i64) -> bool {
    let mut met = HashSet::new();
    let mut next = Some(below);
    while let Some(id) = next.filter(|id| met.insert(*id)) {
        if id == above {
            return true;
        }
        next = parents.get(&id).copied().flatten();
    }
    false
}

fn find<'a>(units: &'a [UnitRow], slug: &str, field: Field) -> Result<&'a UnitRow, AppError> {
    units.iter().find(|unit| unit.slug == slug).ok_or_else(|| invalid(field, Problem::Unknown))
}

async fn level_id(session: &mut Session, level: &str) -> DbResult<Option<i64>> {
    match Slug::from_folded(&fold(level)) {
        Some(slug) => Ok(Some(db::find_or_add_level(session, slug.as_str(), level).await?)),
        None => Ok(None),
    }
}

/// A slug for a name that no unit has yet.
fn free_slug(units: &[UnitRow], name: &str) -> Result<Slug, AppError> {
    let made = Slug::from_folded(&fold(name)).ok_or_else(|| invalid(Field::Unit, Problem::Missing))?;
    let taken = |slug: &Slug| units.iter().any(|unit| unit.slug == slug.as_str());
    if !taken(&made) {
        return Ok(made);
    }
    (2_u32..).map(|number| made.numbered(number)).find(|slug| !taken(slug)).ok_or(AppError::Conflict)
}

async fn insert(
    session: &mut Session,
    units: &mut Vec<UnitRow>,
    unit: &Checked,
    parent_id: Option<i64>,
    at: Instant,
) -> Result<UnitRow, AppError> {
    let slug = free_slug(units, &unit.name)?;
    let sort_key = sort_key(&unit.name);
    let columns = UnitColumns {
        name: &unit.name,
        sort_key: &sort_key,
        code: some(&unit.code),
        level_id: level_id(session, &unit.level).await?,
        parent_id,
        begins: unit.begins,
        ends: unit.ends,
    };
    let id =
        db::add_unit(session, slug.as_str(), &columns, at)
            .await
            .on_constraint("unit_code_key", "unit.code", || invalid(Field::UnitCode, Problem::Taken))?;
    let row = UnitRow {
        id,
        slug: slug.to_string(),
        name: unit.name.clone(),
        parent_id,
        code: some(&unit.code).map(str::to_owned),
        level: unit.level.clone(),
        begins: unit.begins.map(Day::iso),
        ends: unit.ends.map(Day::iso),
    };
    units.push(row.clone());
    note_unit(session, id, [parent_id, None]);
    Ok(row)
}

/// A unit changed, and with it the pages of those that it stood or stands below, which list it.
fn note_unit(session: &mut Session, id: i64, parents: [Option<i64>; 2]) {
    for unit in [Some(id)].into_iter().chain(parents).flatten() {
        session.note_change(Thing::Unit(unit));
    }
}

async fn record(session: &mut Session, actor: &Actor, id: i64, action: &str, at: Instant) -> Result<(), AppError> {
    let actor_id = actor.find_or_add(session, at).await?;
    let decision = Decision { subject_kind: "unit", subject_id: id, action, reason: None, reason_id: None };
    log::add_decision(session, actor_id, at, decision).await?;
    Ok(())
}

/// Adds a unit and gives its slug.
///
/// # Errors
/// `Forbidden`, or `Invalid` with what is wrong; a name that a unit below the same one has now is taken.
pub async fn add_unit(store: &Store, actor: &Actor, typed: &TypedUnit) -> Result<String, AppError> {
    actor.require(Permission::ManageUnits)?;
    let unit = check(typed)?;
    let at = now();
    let mut session = store.db.write().await?;
    let mut units = db::list_units(&mut session).await?;
    let parent_id = match some(typed.parent.trim()) {
        Some(slug) => Some(find(&units, slug, Field::Parent)?.id),
        None => None,
    };
    let folded = fold(&unit.name);
    let same = |other: &UnitRow| other.ends.is_none() && other.parent_id == parent_id && fold(&other.name) == folded;
    if units.iter().any(same) {
        return Err(invalid(Field::Unit, Problem::Taken));
    }
    let row = insert(&mut session, &mut units, &unit, parent_id, at).await?;
    record(&mut session, actor, row.id, "add-unit", at).await?;
    session.commit().await?;
    Ok(row.slug)
}

/// Corrects what is known of a unit. What becomes of one in life is [`succeed`].
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` with what is wrong: a unit is not put below itself, and is not there beside the
/// one that goes on under another name.
pub async fn change_unit(store: &Store, actor: &Actor, slug: &str, typed: &TypedUnit) -> Result<(), AppError> {
    actor.require(Permission::ManageUnits)?;
    let unit = check(typed)?;
    let at = now();
    let mut session = store.db.write().await?;
    let units = db::list_units(&mut session).await?;
    let own = units.iter().find(|unit| unit.slug == slug).ok_or(AppError::NotFound)?;
    let parent_id = match some(typed.parent.trim()) {
        Some(slug) => Some(find(&units, slug, Field::Parent)?.id),
        None => None,
    };
    if parent_id.is_some_and(|parent| is_above(&parents_of(&units), own.id, parent)) {
        return Err(invalid(Field::Parent, Problem::Circle));
    }
    for (before, after, kind) in db::list_successions(&mut session).await? {
        let of = |id: i64| units.iter().find(|unit| unit.id == id);
        // What is joined to another one meets it there; a new name or a part begins where the former one ends.
        let (last, first, field) = match kind.as_str() {
            "merge" => continue,
            _ if before == own.id => (unit.ends, of(after).and_then(UnitRow::first_day), Field::Ends),
            _ if after == own.id => (of(before).and_then(UnitRow::last_day), unit.begins, Field::Begins),
            _ => continue,
        };
        if last.is_none_or(|last| first.is_none_or(|first| first <= last)) {
            return Err(invalid(field, Problem::Overlaps));
        }
    }
    let sort_key = sort_key(&unit.name);
    let columns = UnitColumns {
        name: &unit.name,
        sort_key: &sort_key,
        code: some(&unit.code),
        level_id: level_id(&mut session, &unit.level).await?,
        parent_id,
        begins: unit.begins,
        ends: unit.ends,
    };
    db::change_unit(&mut session, own.id, &columns)
        .await
        .on_constraint("unit_code_key", "unit.code", || invalid(Field::UnitCode, Problem::Taken))?;
    note_unit(&mut session, own.id, [own.parent_id, parent_id]);
    record(&mut session, actor, own.id, "change-unit", at).await?;
    session.commit().await?;
    Ok(())
}

/// What becomes of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It gets another name.
    Rename(String),
    /// It and others, by their slugs, become one of this name.
    Merge(Vec<String>, String),
    /// It goes into one that is there already, by its slug.
    Join(String),
    /// It becomes several.
    Split(Vec<String>),
    /// It goes without a successor.
    Abolish,
}

impl Change {
    /// As the decision log writes it.
    const fn action(&self) -> &'static str {
        match self {
            Change::Rename(_) => "rename-unit",
            Change::Merge(..) | Change::Join(_) => "merge-units",
            Change::Split(_) => "split-unit",
            Change::Abolish => "abolish-unit",
        }
    }
}

/// Ends a unit before a day, from which on its successors are there; gives their slugs. Successors stand where it stood.
/// What was below it, and who held a role in it, goes over where there is one successor.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid`: a day that is none or not after the unit's first one, a unit that is over, names
/// that are missing.
pub async fn succeed(
    store: &Store,
    actor: &Actor,
    slug: &str,
    change: &Change,
    day: &str,
) -> Result<Vec<String>, AppError> {
    actor.require(Permission::ManageUnits)?;
    let day = Day::parse(day).ok_or_else(|| invalid(Field::Begins, Problem::NoDay))?;
    let at = now();
    let mut session = store.db.write().await?;
    let mut units = db::list_units(&mut session).await?;
    let own = units.iter().find(|unit| unit.slug == slug).cloned().ok_or(AppError::NotFound)?;
    let mut ending = vec![own.clone()];
    let (names, kind): (Vec<&String>, &str) = match change {
        Change::Rename(name) => (vec![name], "rename"),
        Change::Merge(others, name) => {
            for other in others {
                let other = find(&units, other, Field::Unit)?;
                if ending.iter().all(|known| known.id != other.id) {
                    ending.push(other.clone());
                }
            }
            (vec![name], "merge")
        }
        Change::Join(_) => (Vec::new(), "merge"),
        Change::Split(names) => (names.iter().collect(), "split"),
        Change::Abolish => (Vec::new(), ""),
    };
    if matches!(change, Change::Rename(name) if line(name) == own.name) {
        return Err(invalid(Field::Unit, Problem::Unchanged));
    }
    let joined = match change {
        Change::Join(other) => Some(find(&units, other, Field::Unit)?.clone()),
        _ => None,
    };
    if let Some(other) = &joined {
        if other.id == own.id {
            return Err(invalid(Field::Unit, Problem::Circle));
        }
        if other.last_day().is_some_and(|last| last < day) {
            return Err(invalid(Field::Unit, Problem::Over));
        }
        if other.first_day().is_some_and(|first| first > day) {
            return Err(invalid(Field::Begins, Problem::EndsBeforeBegins));
        }
    }
    let least = if matches!(change, Change::Merge(..) | Change::Split(_)) { 2 } else { 1 };
    let parts = if matches!(change, Change::Split(_)) { names.len() } else { ending.len() };
    if parts < least {
        return Err(invalid(Field::Unit, Problem::TooFew));
    }
    for unit in &ending {
        if unit.ends.is_some() {
            return Err(invalid(Field::Unit, Problem::Over));
        }
        if unit.first_day().is_some_and(|first| day <= first) {
            return Err(invalid(Field::Begins, Problem::EndsBeforeBegins));
        }
    }
    for unit in &ending {
        db::end_unit(&mut session, unit.id, day.before()).await?;
        note_unit(&mut session, unit.id, [unit.parent_id, None]);
        record(&mut session, actor, unit.id, change.action(), at).await?;
    }
    if let Some(other) = &joined {
        // One that stood below goes up first, or it would stand below itself.
        if is_above(&parents_of(&units), own.id, other.id) {
            db::put_below(&mut session, other.id, own.parent_id).await?;
        }
        hand_over(&mut session, &own, other, kind, (day, true)).await?;
        session.note_change(Thing::Unit(other.id));
    }
    // A unit that is merged with the one above it stands where that one stood.
    let mut parent_id = own.parent_id;
    while let Some(above) = ending.iter().find(|unit| Some(unit.id) == parent_id) {
        parent_id = above.parent_id;
    }
    let mut slugs = Vec::new();
    for name in &names {
        let name = line(name);
        let code = if names.len() == 1 { own.code.clone().unwrap_or_default() } else { String::new() };
        let typed = TypedUnit { name, code, level: own.level.clone(), ..TypedUnit::default() };
        let unit = Checked { begins: Some(day), ..check(&typed)? };
        let successor = insert(&mut session, &mut units, &unit, parent_id, at).await?;
        for unit in &ending {
            if names.len() == 1 {
                hand_over(&mut session, unit, &successor, kind, (day, ending.len() == 1)).await?;
            } else {
                db::add_succession(&mut session, unit.id, successor.id, kind).await?;
            }
        }
        record(&mut session, actor, successor.id, "add-unit", at).await?;
        slugs.push(successor.slug);
    }
    session.commit().await?;
    Ok(slugs)
}

/// What was below a unit and who held a role in it goes over to its one successor, which takes its place in clusters. Where
/// it is the successor of that one `alone`, it goes on with its part in the campaigns that are not over, and whoever looks
/// for the former unit there is led to it.
async fn hand_over(
    session: &mut Session,
    from: &UnitRow,
    to: &UnitRow,
    kind: &str,
    (day, alone): (Day, bool),
) -> DbResult<()> {
    db::add_succession(session, from.id, to.id, kind).await?;
    db::move_below(session, from.id, to.id).await?;
    db::copy_roles(session, from.id, to.id).await?;
    let running = db::list_running_parts(session, from.id, day).await?;
    let first = running.first().and_then(|(_, begins)| Day::parse(begins)).map_or(day, |begins| begins.min(day));
    db::copy_clusters(session, from.id, to.id, i64::from(first.year())).await?;
    for (campaign, _) in running {
        if alone {
            db::move_part(session, campaign, from.id, to.id).await?;
        }
        session.note_change(Thing::Campaign(campaign));
    }
    session.note_change(Thing::Campaigns);
    session.note_change(Thing::Examples);
    Ok(())
}

/// The clusters of a year.
#[derive(Clone, Debug, Default)]
pub struct Clusters {
    /// In Vietnamese order, each with the units in it.
    pub clusters: Vec<(ClusterRow, Vec<i64>)>,
    /// Every unit.
    pub units: Vec<UnitRow>,
    /// The years that have clusters.
    pub years: Vec<i64>,
}

/// The clusters of a year with their units.
///
/// # Errors
/// `Forbidden`.
pub async fn list_clusters(store: &Store, actor: &Actor, year: i64) -> Result<Clusters, AppError> {
    actor.require(Permission::ManageUnits)?;
    let mut session = store.db.read().await?;
    let within = db::list_cluster_units(&mut session, year).await?;
    let of = |id: i64| within.iter().filter(|(cluster, _)| *cluster == id).map(|(_, unit)| *unit).collect();
    let clusters = db::list_clusters(&mut session, year).await?;
    Ok(Clusters {
        clusters: clusters.into_iter().map(|row| (of(row.id), row)).map(|(units, row)| (row, units)).collect(),
        units: db::list_units(&mut session).await?,
        years: db::list_cluster_years(&mut session).await?,
    })
}

/// Adds a cluster to a year.
///
/// # Errors
/// `Forbidden`, or `Invalid` for a year outside of 1948 (when emulation was called for) to 2100, a name without letters
/// or one that is taken.
pub async fn add_cluster(store: &Store, actor: &Actor, year: i64, name: &str) -> Result<(), AppError> {
    actor.require(Permission::ManageUnits)?;
    let name: String = line(name).chars().take(NAME_MOST).collect();
    if !(1948..=2100).contains(&year) {
        return Err(invalid(Field::Begins, Problem::NoDay));
    }
    if Slug::from_folded(&fold(&name)).is_none() {
        return Err(invalid(Field::Unit, Problem::Missing));
    }
    let at = now();
    let mut session = store.db.write().await?;
    let id = db::add_cluster(&mut session, year, &name, &sort_key(&name)).await.on_constraint(
        "cluster_name_key",
        "cluster.sort_key",
        || invalid(Field::Unit, Problem::Taken),
    )?;
    record(&mut session, actor, id, "add-cluster", at).await?;
    session.commit().await?;
    Ok(())
}

/// Says which units are in a cluster; each leaves the one that it was in that year.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for an unknown unit.
pub async fn fill_cluster(store: &Store, actor: &Actor, year: i64, id: i64, slugs: &[String]) -> Result<(), AppError> {
    actor.require(Permission::ManageUnits)?;
    let at = now();
    let mut session = store.db.write().await?;
    if !db::list_clusters(&mut session, year).await?.iter().any(|row| row.id == id) {
        return Err(AppError::NotFound);
    }
    let units = db::list_units(&mut session).await?;
    db::clear_cluster(&mut session, id).await?;
    for slug in slugs {
        let unit = find(&units, slug, Field::Unit)?;
        db::put_in_cluster(&mut session, year, unit.id, id).await?;
    }
    record(&mut session, actor, id, "fill-cluster", at).await?;
    session.commit().await?;
    Ok(())
}

/// Takes a cluster away; its units stay.
///
/// # Errors
/// `Forbidden`, or `NotFound`.
pub async fn remove_cluster(store: &Store, actor: &Actor, id: i64) -> Result<(), AppError> {
    actor.require(Permission::ManageUnits)?;
    let at = now();
    let mut session = store.db.write().await?;
    if db::remove_cluster(&mut session, id).await? == 0 {
        return Err(AppError::NotFound);
    }
    record(&mut session, actor, id, "remove-cluster", at).await?;
    session.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: i64, parent_id: Option<i64>) -> UnitRow {
        UnitRow { id, parent_id, slug: format!("u-{id}"), ..UnitRow::default() }
    }

    #[test]
    fn what_is_above_is_found_also_in_a_ring() {
        let units = [unit(1, None), unit(2, Some(1)), unit(3, Some(2)), unit(4, Some(5)), unit(5, Some(4))];
        let units = parents_of(&units);
        assert!(is_above(&units, 1, 3) && is_above(&units, 3, 3) && !is_above(&units, 3, 1));
        assert!(is_above(&units, 5, 4) && !is_above(&units, 1, 4));
    }

    #[test]
    fn what_is_typed_of_a_unit_is_checked_field_by_field() {
        let typed = TypedUnit {
            name: " – ".into(),
            code: "1".repeat(41),
            begins: "31/02/2025".into(),
            ends: "hôm qua".into(),
            ..TypedUnit::default()
        };
        let Err(AppError::Invalid(errors)) = check(&typed) else { panic!("it was taken") };
        let fields: Vec<_> = errors.0.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, [Field::Begins, Field::Ends, Field::Unit, Field::UnitCode]);
        let days = |begins: &str, ends: &str| {
            check(&TypedUnit { name: "Xã A".into(), begins: begins.into(), ends: ends.into(), ..TypedUnit::default() })
        };
        assert_eq!(days("2/7/2025", "1/7/2025"), Err(invalid(Field::Ends, Problem::EndsBeforeBegins)));
        assert!(days("1/7/2025", "1/7/2025").is_ok() && days("", "").is_ok());
    }
}
