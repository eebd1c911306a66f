//! The examples of the demonstration, each published on its day, and the units that took them up.

use super::content::{ExampleEntry, read_json};
use super::{Frame, at, free_slug};
use crate::domain::draft::DraftText;
use crate::domain::lang::Lang;
use crate::domain::time::Instant;
use crate::server::db::Session;
use crate::server::db::desk::example::{self as db, ExampleFacts, NewExample};
use crate::server::db::desk::{demo, draft};
use crate::server::error::Failure;
use crate::server::services::draft::TextKind;
use crate::server::services::publication::{begin_demonstration, publish_demonstration};
use crate::server::state::Store;
use crate::server::thing::Thing;

/// Who sent them.
const SENDER: &str = "Ban Biên tập (minh hoạ)";
/// So many days before it was published an example came in.
const DAYS_TO_CHECK: i64 = 3;
/// So many days lie between one unit that took an example up and the next one.
const DAYS_TO_TAKE_UP: i64 = 6;

/// Loads the examples, if there are none of the demonstration; gives how many are new.
pub(super) async fn load(store: &Store, frame: &Frame) -> Result<usize, Failure> {
    let entries: Vec<ExampleEntry> = read_json("campaigns/examples.json")?;
    let mut session = store.db.write().await?;
    if demo::count_examples(&mut session).await? > 0 {
        return Ok(0);
    }
    for entry in &entries {
        let id = add(&mut session, frame, entry).await?;
        take_up(&mut session, frame, entry, id).await?;
        session.note_change(Thing::Example(id));
    }
    session.note_change(Thing::Examples);
    session.note_change(Thing::Campaign(frame.campaign.id));
    session.commit().await?;
    Ok(entries.len())
}

/// Publishes one at nine o'clock of its day and gives its id.
async fn add(session: &mut Session, frame: &Frame, entry: &ExampleEntry) -> Result<i64, Failure> {
    let decided: Instant = at(entry.published, 9, 0);
    let text = DraftText {
        title: entry.title.clone(),
        lead: entry.lead.clone(),
        body: entry.body.clone(),
        language: Lang::Vi.code().to_owned(),
        ..DraftText::default()
    };
    let slug = free_slug(session, &entry.slug).await?;
    let id = begin_demonstration(session, TextKind::Example, &slug, decided).await?;
    publish_demonstration(session, id, &text, decided).await?;
    let unit_id = frame.unit(&entry.unit)?;
    draft::set_unit(session, id, Some(unit_id)).await?;
    let person = if entry.person.is_empty() { frame.name(&entry.unit) } else { &entry.person };
    let example = NewExample {
        id,
        facts: ExampleFacts {
            kind: &entry.kind,
            person,
            unit_id: Some(unit_id),
            unit_name: "",
            campaign_id: Some(frame.campaign.id),
        },
        sender_name: SENDER,
        sender_contact: None,
        on_behalf_of: "",
        actor_id: frame.actor_id,
        receipt_id: None,
        sender_hash: None,
    };
    db::add(session, &example, at(entry.published.plus_days(-DAYS_TO_CHECK), 9, 0)).await?;
    db::decide(session, id, "waiting", "published", None, decided).await?;
    Ok(id)
}

async fn take_up(session: &mut Session, frame: &Frame, entry: &ExampleEntry, id: i64) -> Result<(), Failure> {
    let mut day = entry.published;
    for (turn, slug) in entry.taken_up_by.iter().enumerate() {
        day = day.plus_days(DAYS_TO_TAKE_UP);
        db::put_take_up(session, id, frame.unit(slug)?, "", frame.actor_id, at(day, 14, turn)).await?;
    }
    Ok(())
}
