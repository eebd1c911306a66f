//! Units as readers meet them: who they are, what became of them, what they do.

use crate::domain::announcement::{Label, UnitCampaign, UnitDoings, UnitFacts, UnitProfile};
use crate::domain::cursor::Step;
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::slug::Slug;
use crate::server::clock::now;
use crate::server::db::announcement::list::Narrowing;
use crate::server::db::unit::{self, ListedUnitRow, PublicUnitRow};
use crate::server::db::{DbResult, Session};
use crate::server::services::announcement::read_list;
use crate::server::state::Store;
use crate::server::thing::{Read, Thing};

/// A unit's own page: what it is, what it does, and a page of its announcements. Permitted to everybody.
///
/// # Errors
/// `NotFound` where there is no such unit.
pub async fn read_unit_profile(store: &Store, slug: &str, step: Option<Step>) -> Result<Read<UnitProfile>, AppError> {
    // What is no slug is not asked of the database, which takes not every sign.
    Slug::parse(slug).ok_or(AppError::NotFound)?;
    let mut session = store.db.read().await?;
    let row = unit::find_by_slug(&mut session, slug).await?.ok_or(AppError::NotFound)?;
    let id = row.id;
    let (facts, mut things) = unit_facts(&mut session, row).await?;
    let doings = match step {
        None => {
            let (doings, shown) = unit_doings(&mut session, id).await?;
            things.extend(shown);
            Some(doings)
        }
        Some(_) => None,
    };
    let list = read_list(&mut session, Narrowing::Unit(id), step).await?;
    things.extend(list.things);
    Ok(Read { value: UnitProfile { facts, doings, list: list.value }, things })
}

/// The units that are there today, in Vietnamese order, and those that have ended. Permitted to everybody.
///
/// # Errors
/// When the database fails.
pub async fn list_public_units(store: &Store) -> Result<(Vec<ListedUnitRow>, Vec<ListedUnitRow>), AppError> {
    let today = Day::of(now()).iso();
    let all = unit::list_all(&mut store.db.read().await?, &today).await?;
    Ok(all.into_iter().partition(|row| row.ends.as_ref().is_none_or(|ends| *ends >= today)))
}

/// So many times what took a unit's place had itself ended; further nobody is led.
const SUCCESSIONS_MOST: usize = 8;

/// A unit as readers meet it, and the things that this shows. What took the place of one that has ended may have ended
/// too: readers are led to what is there today.
pub(super) async fn unit_facts(session: &mut Session, row: PublicUnitRow) -> DbResult<(UnitFacts, Vec<Thing>)> {
    let today = Day::of(now());
    let last_day = |ends: &Option<String>| ends.as_deref().and_then(Day::parse).filter(|last| *last < today);
    let mut things = vec![Thing::Unit(row.id), Thing::Today];
    things.extend(row.parent_id.map(Thing::Unit));
    let ended = last_day(&row.ends);
    let (mut successors, mut renamed) = (Vec::<Label>::new(), ended.is_some());
    let (mut met, mut open) = (vec![row.id], if ended.is_some() { vec![row.id] } else { Vec::new() });
    while let Some(id) = open.pop() {
        for next in unit::list_successors(session, id).await? {
            if met.contains(&next.id) {
                continue;
            }
            met.push(next.id);
            renamed &= next.kind == "rename";
            things.push(Thing::Unit(next.id));
            let after = if last_day(&next.ends).is_some() && met.len() <= SUCCESSIONS_MOST {
                unit::list_successors(session, next.id).await?
            } else {
                Vec::new()
            };
            if after.is_empty() {
                successors.push(Label { slug: next.slug, name: next.name });
            } else {
                open.push(next.id);
            }
        }
    }
    let (mut predecessors, mut absorbed) = (Vec::new(), Vec::new());
    let begins = row.begins.as_deref().and_then(Day::parse);
    for before in unit::list_predecessors(session, row.id).await? {
        things.push(Thing::Unit(before.id));
        // What began before the other ended was there already.
        let ended = before.ends.as_deref().and_then(Day::parse);
        let was_there = ended.is_some_and(|last| begins.is_none_or(|first| first <= last));
        let label = Label { slug: before.slug, name: before.name };
        if was_there { absorbed.push(label) } else { predecessors.push(label) }
    }
    let facts = UnitFacts {
        label: Label { slug: row.slug, name: row.name },
        level: row.level,
        parent: row.parent_slug.zip(row.parent_name).map(|(slug, name)| Label { slug, name }),
        ended: ended.map(Day::begin),
        renamed: renamed && successors.len() == 1,
        successors,
        predecessors,
        absorbed,
    };
    Ok((facts, things))
}

/// So many examples a unit's page shows.
const EXAMPLES_MOST: usize = 20;

/// What a unit does besides its announcements, and the things that this shows.
async fn unit_doings(session: &mut Session, id: i64) -> DbResult<(UnitDoings, Vec<Thing>)> {
    let today = Day::of(now());
    let mut things = vec![Thing::Campaigns, Thing::Examples, Thing::Today];
    let mut doings = UnitDoings::default();
    let mut campaigns = unit::list_campaigns(session, id).await?;
    campaigns.sort_by(|a, b| (&b.begins, b.id).cmp(&(&a.begins, a.id)));
    for row in campaigns {
        things.push(Thing::Campaign(row.id));
        things.push(Thing::Announcement(row.id));
        let Some(days) = Day::parse(&row.begins).zip(Day::parse(&row.ends)) else { continue };
        let label = Label { slug: row.slug, name: row.title };
        doings.campaigns.push(UnitCampaign { label, days: (days.0.begin(), days.1.begin()) });
    }
    let mut examples = unit::list_examples(session, id).await?;
    examples.sort_by_key(|(id, .., at)| std::cmp::Reverse((*at, *id)));
    for (id, slug, name, _) in examples.into_iter().take(EXAMPLES_MOST) {
        things.push(Thing::Announcement(id));
        doings.examples.push(Label { slug, name });
    }
    let mut members = unit::list_members(session, id).await?;
    members.retain(|(_, _, _, ends, _)| ends.as_deref().and_then(Day::parse).is_none_or(|last| last >= today));
    members.sort_by(|a, b| (&a.4, a.0).cmp(&(&b.4, b.0)));
    for (id, slug, name, ..) in members {
        things.push(Thing::Unit(id));
        doings.members.push(Label { slug, name });
    }
    Ok((doings, things))
}
