//! Examples as they come in, wait, and are decided about.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// An example about to be stored, waiting.
#[derive(Clone, Debug)]
pub struct NewExample<'a> {
    /// Its id, that of its text's identity.
    pub id: i64,
    /// What is said of it.
    pub facts: ExampleFacts<'a>,
    /// Who sent it.
    pub sender_name: &'a str,
    /// How they are reached.
    pub sender_contact: Option<&'a str>,
    /// For whom staff entered it.
    pub on_behalf_of: &'a str,
    /// Who typed it.
    pub actor_id: i64,
    /// Its receipt; none for one of the demonstration.
    pub receipt_id: Option<i64>,
    /// A keyed hash of the sender's address, and until when it is kept.
    pub sender_hash: Option<(String, Instant)>,
}

/// What is said of an example besides its text.
#[derive(Clone, Copy, Debug)]
pub struct ExampleFacts<'a> {
    /// `collective`, `person` or `initiative`.
    pub kind: &'a str,
    /// Who it is about.
    pub person: &'a str,
    /// The unit whose it is.
    pub unit_id: Option<i64>,
    /// The unit as it was typed.
    pub unit_name: &'a str,
    /// The campaign.
    pub campaign_id: Option<i64>,
}

/// Adds a receipt and gives its id.
///
/// # Errors
/// When the database fails.
pub async fn add_receipt(session: &mut Session, code: &str, at: Instant) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO receipt (code, subject_kind, created_at) VALUES ($1, 'example', $2) RETURNING id",
        code,
        at.0
    )?;
    Ok(id)
}

/// Remembers a sending; `false` where the same is remembered already. On PostgreSQL a second one waits for the first.
///
/// # Errors
/// When the database fails.
pub async fn remember(
    session: &mut Session,
    key_hash: &str,
    receipt_id: i64,
    until: Instant,
    at: Instant,
) -> DbResult<bool> {
    let added = execute!(
        session,
        "INSERT INTO submission_key (key_hash, receipt_id, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (key_hash) DO UPDATE SET receipt_id = excluded.receipt_id, expires_at = excluded.expires_at
         WHERE submission_key.expires_at <= $4",
        key_hash,
        receipt_id,
        until.0,
        at.0
    )?;
    Ok(added > 0)
}

/// Adds an example that waits.
///
/// # Errors
/// When the database fails.
pub async fn add(session: &mut Session, example: &NewExample<'_>, at: Instant) -> DbResult<()> {
    let (hash, expires) = match &example.sender_hash {
        Some((hash, expires)) => (Some(hash.as_str()), Some(expires.0)),
        None => (None, None),
    };
    execute!(
        session,
        "INSERT INTO example (id, campaign_id, unit_id, unit_name, kind, person, consent, sender_name, sender_contact, on_behalf_of,
                              actor_id, receipt_id, state, sent_at, sender_hash, sender_hash_expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7, $8, $9, $10, $11, 'waiting', $12, $13, $14)",
        example.id,
        example.facts.campaign_id,
        example.facts.unit_id,
        example.facts.unit_name,
        example.facts.kind,
        example.facts.person,
        example.sender_name,
        example.sender_contact,
        example.on_behalf_of,
        example.actor_id,
        example.receipt_id,
        at.0,
        hash,
        expires
    )?;
    Ok(())
}

/// Changes what is said of an example.
///
/// # Errors
/// When the database fails.
pub async fn set_facts(session: &mut Session, id: i64, facts: ExampleFacts<'_>) -> DbResult<()> {
    execute!(
        session,
        "UPDATE example SET kind = $2, person = $3, unit_id = $4, unit_name = $5, campaign_id = $6 WHERE id = $1",
        id,
        facts.kind,
        facts.person,
        facts.unit_id,
        facts.unit_name,
        facts.campaign_id
    )?;
    Ok(())
}

/// Puts a picture behind an example.
///
/// # Errors
/// When the database fails.
pub async fn add_picture(session: &mut Session, id: i64, position: i64, upload_id: i64) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO example_picture (example_id, position, upload_id) VALUES ($1, $2, $3)",
        id,
        position,
        upload_id
    )?;
    Ok(())
}

/// Changes what is said of a picture.
///
/// # Errors
/// When the database fails.
pub async fn describe_picture(
    session: &mut Session,
    id: i64,
    position: i64,
    caption: &str,
    credit: &str,
) -> DbResult<()> {
    execute!(
        session,
        "UPDATE example_picture SET caption = $3, credit = $4 WHERE example_id = $1 AND position = $2",
        id,
        position,
        caption,
        credit
    )?;
    Ok(())
}

/// Takes all pictures of an example away, before it gets those that it has now.
///
/// # Errors
/// When the database fails.
pub async fn remove_pictures(session: &mut Session, id: i64) -> DbResult<()> {
    execute!(session, "DELETE FROM example_picture WHERE example_id = $1", id)?;
    Ok(())
}

/// A picture of an example, as officials see it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ExamplePictureRow {
    /// Its place, from 0.
    pub position: i64,
    /// Its upload.
    pub upload_id: i64,
    /// The hash of its content.
    pub sha256: String,
    /// What its content is.
    pub media_type: String,
    /// `internal`, or `public` once the example is.
    pub visibility: String,
    /// The name of the JPEG of a public one.
    pub fallback: String,
    /// The file's name, as it came.
    pub name: String,
    /// What stands below it.
    pub caption: String,
    /// Who made it.
    pub credit: String,
}

/// The pictures of an example, in their order.
///
/// # Errors
/// When the database fails.
pub async fn list_pictures(session: &mut Session, id: i64) -> DbResult<Vec<ExamplePictureRow>> {
    fetch_all!(
        session,
        ExamplePictureRow,
        "SELECT p.position, p.upload_id, u.sha256, u.media_type, u.visibility, u.fallback, u.name, p.caption, p.credit
         FROM example_picture p JOIN upload u ON u.id = p.upload_id WHERE p.example_id = $1 ORDER BY p.position",
        id
    )
}

/// The name of a picture that is not public.
///
/// # Errors
/// When the database fails.
pub async fn find_internal(session: &mut Session, id: i64) -> DbResult<Option<String>> {
    let row =
        fetch_optional!(session, (String,), "SELECT name FROM upload WHERE id = $1 AND visibility = 'internal'", id)?;
    Ok(row.map(|(name,)| name))
}

/// An example as officials see it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeskExample {
    /// Its id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// What the public sees of its text.
    pub public_state: String,
    /// The title of its newest revision.
    pub title: String,
    /// `collective`, `person` or `initiative`.
    pub kind: String,
    /// Who it is about.
    pub person: String,
    /// The unit whose it is.
    pub unit_id: Option<i64>,
    /// Its name, or what was typed.
    pub unit_name: String,
    /// The campaign.
    pub campaign_id: Option<i64>,
    /// Who sent it.
    pub sender_name: String,
    /// How they are reached.
    pub sender_contact: Option<String>,
    /// For whom staff entered it.
    pub on_behalf_of: String,
    /// Who typed it.
    pub actor_id: i64,
    /// What that actor is: `citizen`, `account` …
    pub actor_kind: String,
    /// The code of its receipt.
    pub code: String,
    /// `waiting`, `published` or `rejected`.
    pub state: String,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it came.
    pub sent_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// So many units took it up.
    pub taken_up: i64,
}

macro_rules! select_desk {
    () => {
        "SELECT e.id, a.slug, a.state AS public_state,
                COALESCE((SELECT r.title FROM revision r WHERE r.announcement_id = e.id ORDER BY r.number DESC LIMIT 1), '') AS title,
                e.kind, e.person, e.unit_id, COALESCE(n.name, e.unit_name) AS unit_name, e.campaign_id, e.sender_name, e.sender_contact,
                e.on_behalf_of, e.actor_id, c.kind AS actor_kind, COALESCE(rc.code, '') AS code, e.state, e.reason, e.sent_at, e.decided_at,
                (SELECT COUNT(*) FROM take_up t WHERE t.example_id = e.id) AS taken_up
         FROM example e JOIN announcement a ON a.id = e.id JOIN actor c ON c.id = e.actor_id
         LEFT JOIN unit n ON n.id = e.unit_id LEFT JOIN receipt rc ON rc.id = e.receipt_id "
    };
}

/// An example.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, id: i64) -> DbResult<Option<DeskExample>> {
    fetch_optional!(session, DeskExample, concat!(select_desk!(), "WHERE e.id = $1"), id)
}

/// Examples that wait, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_waiting(session: &mut Session) -> DbResult<Vec<DeskExample>> {
    fetch_all!(
        session,
        DeskExample,
        concat!(select_desk!(), "WHERE e.state = 'waiting' ORDER BY e.sent_at, e.id LIMIT 500")
    )
}

/// Examples that are decided in one way, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_decided(session: &mut Session, state: &str) -> DbResult<Vec<DeskExample>> {
    fetch_all!(
        session,
        DeskExample,
        concat!(select_desk!(), "WHERE e.state = $1 ORDER BY e.decided_at DESC, e.id DESC LIMIT 500"),
        state
    )
}

/// The examples of a unit, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_of_unit(session: &mut Session, unit_id: i64) -> DbResult<Vec<DeskExample>> {
    fetch_all!(
        session,
        DeskExample,
        concat!(select_desk!(), "WHERE e.unit_id = $1 ORDER BY e.sent_at DESC, e.id DESC LIMIT 50"),
        unit_id
    )
}

/// Decides about an example; `false` where somebody else was first.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    session: &mut Session,
    id: i64,
    from: &str,
    to: &str,
    reason: Option<&str>,
    at: Instant,
) -> DbResult<bool> {
    let changed = execute!(
        session,
        "UPDATE example SET state = $3, reason = $4, decided_at = $5 WHERE id = $1 AND state = $2",
        id,
        from,
        to,
        reason,
        at.0
    )?;
    Ok(changed > 0)
}

/// Records that a unit took an example up; what it said before is replaced.
///
/// # Errors
/// When the database fails.
pub async fn put_take_up(
    session: &mut Session,
    example_id: i64,
    unit_id: i64,
    note: &str,
    actor_id: i64,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO take_up (example_id, unit_id, note, at, actor_id) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (example_id, unit_id) DO UPDATE SET note = excluded.note, actor_id = excluded.actor_id",
        example_id,
        unit_id,
        note,
        at.0,
        actor_id
    )?;
    Ok(())
}

/// Takes away personal data whose time is over: address hashes, contacts, and the pictures of what was rejected.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(session: &mut Session, now: Instant, decided_before: Instant) -> DbResult<u64> {
    let hashes = execute!(
        session,
        "UPDATE example SET sender_hash = NULL, sender_hash_expires_at = NULL WHERE sender_hash IS NOT NULL AND sender_hash_expires_at <= $1",
        now.0
    )?;
    let contacts = execute!(
        session,
        "UPDATE example SET sender_contact = NULL WHERE sender_contact IS NOT NULL AND state <> 'waiting' AND decided_at <= $1",
        decided_before.0
    )?;
    let pictures = execute!(
        session,
        "DELETE FROM example_picture WHERE example_id IN (SELECT id FROM example WHERE state = 'rejected' AND decided_at <= $1)",
        decided_before.0
    )?;
    Ok(hashes + contacts + pictures)
}

/// Forgets pictures that are not public and belong to nothing: chosen in forms that nobody sent, or published since.
/// Gives the hashes of their contents.
///
/// # Errors
/// When the database fails.
pub async fn remove_left_pictures(session: &mut Session, before: Instant) -> DbResult<Vec<String>> {
    let rows = fetch_all!(
        session,
        (String,),
        "DELETE FROM upload WHERE visibility = 'internal' AND media_type = 'image/webp' AND created_at < $1
           AND NOT EXISTS (SELECT 1 FROM example_picture p WHERE p.upload_id = upload.id)
           AND NOT EXISTS (SELECT 1 FROM evidence v WHERE v.upload_id = upload.id)
         RETURNING sha256",
        before.0
    )?;
    Ok(rows.into_iter().map(|(sha256,)| sha256).collect())
}
