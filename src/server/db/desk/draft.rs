//! Revisions as the desk sees them: what is written, who has it open, where it stands on its way to the public.

use crate::domain::draft::{DraftText, RevisionState};
use crate::domain::time::Instant;
use crate::server::db::upload::PICTURE_PATH;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// A revision whole, with the announcement that it belongs to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RevisionRow {
    /// Its id.
    pub id: i64,
    /// Its announcement.
    pub announcement_id: i64,
    /// Which one of that announcement, from 1.
    pub number: i64,
    /// A code of [`RevisionState`].
    pub state: String,
    /// Counts its savings.
    pub version: i64,
    /// When it was saved last.
    pub saved_at: i64,
    /// Who began it.
    pub actor_id: i64,
    /// When it was begun.
    pub created_at: i64,
    /// The title.
    pub title: String,
    /// The lead.
    pub lead: String,
    /// The body.
    pub body_markdown: String,
    /// The category.
    pub category_id: i64,
    /// Its slug.
    pub category_slug: String,
    /// Who wrote it, as readers see it.
    pub author_line: String,
    /// Where it comes from.
    pub source: String,
    /// The lead picture.
    pub image_id: Option<i64>,
    /// The name of the lead picture's fallback.
    pub image_fallback: Option<String>,
    /// Its caption.
    pub image_caption: String,
    /// Who made it.
    pub image_credit: String,
    /// What it shows.
    pub image_alt: String,
    /// The language tag.
    pub language: String,
    /// What was corrected.
    pub change_note: String,
    /// When it is to be published.
    pub scheduled_at: Option<i64>,
    /// When it was.
    pub published_at: Option<i64>,
    /// Who published it.
    pub published_by: Option<i64>,
    /// What whoever returned it asks for.
    pub notes: String,
    /// The name under which it was put aside.
    pub name: String,
    /// Whether one person alone published it.
    pub emergency: bool,
}

impl RevisionRow {
    /// Where it stands.
    pub fn state(&self) -> RevisionState {
        RevisionState::parse(&self.state)
    }

    /// What it says, with these tags.
    pub fn text(&self, tags: String) -> DraftText {
        let picture = |name: &String| format!("{PICTURE_PATH}{name}.jpg");
        DraftText {
            title: self.title.clone(),
            lead: self.lead.clone(),
            body: self.body_markdown.clone(),
            category: self.category_slug.clone(),
            tags,
            author_line: self.author_line.clone(),
            source: self.source.clone(),
            image: self.image_fallback.as_ref().map(picture).unwrap_or_default(),
            image_caption: self.image_caption.clone(),
            image_credit: self.image_credit.clone(),
            image_alt: self.image_alt.clone(),
            language: self.language.clone(),
            change_note: self.change_note.clone(),
            ..DraftText::default()
        }
    }
}

macro_rules! select_revision {
    () => {
        "SELECT r.id, r.announcement_id, r.number, r.state, r.version, r.saved_at, r.actor_id, r.created_at, r.title, r.lead,
                r.body_markdown, r.category_id, c.slug AS category_slug, r.author_line, r.source, r.image_id,
                u.fallback AS image_fallback, r.image_caption, r.image_credit, r.image_alt, r.language, r.change_note,
                r.scheduled_at, r.published_at, r.published_by, r.notes, r.name, r.emergency
         FROM revision r JOIN category c ON c.id = r.category_id LEFT JOIN upload u ON u.id = r.image_id "
    };
}

/// A revision by its id.
///
/// # Errors
/// When the database fails.
pub async fn find_revision(session: &mut Session, id: i64) -> DbResult<Option<RevisionRow>> {
    fetch_optional!(session, RevisionRow, concat!(select_revision!(), "WHERE r.id = $1"), id)
}

/// The revision of an announcement that is on its way to the public.
///
/// # Errors
/// When the database fails.
pub async fn find_open_revision(session: &mut Session, announcement_id: i64) -> DbResult<Option<RevisionRow>> {
    fetch_optional!(
        session,
        RevisionRow,
        concat!(
            select_revision!(),
            "WHERE r.announcement_id = $1 AND r.state IN ('draft', 'submitted', 'returned', 'approved', 'scheduled')"
        ),
        announcement_id
    )
}

/// A revision of an announcement by its number.
///
/// # Errors
/// When the database fails.
pub async fn find_revision_by_number(
    session: &mut Session,
    announcement_id: i64,
    number: i64,
) -> DbResult<Option<RevisionRow>> {
    fetch_optional!(
        session,
        RevisionRow,
        concat!(select_revision!(), "WHERE r.announcement_id = $1 AND r.number = $2"),
        announcement_id,
        number
    )
}

/// Every revision of an announcement, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_revisions(session: &mut Session, announcement_id: i64) -> DbResult<Vec<RevisionRow>> {
    fetch_all!(
        session,
        RevisionRow,
        concat!(select_revision!(), "WHERE r.announcement_id = $1 ORDER BY r.number DESC LIMIT 500"),
        announcement_id
    )
}

/// The announcement of a desk page.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwnRow {
    /// Its id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// `announcement` or `campaign`.
    pub kind: String,
    /// `draft`, `published`, `withdrawn` or `archived`.
    pub state: String,
    /// What the public reads.
    pub published_revision_id: Option<i64>,
    /// Whose it is.
    pub unit_id: Option<i64>,
    /// First published.
    pub first_published_at: Option<i64>,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
    /// What takes its place.
    pub replaced_by: Option<String>,
    /// Whether its address leads there.
    pub moved: bool,
    /// Whether frozen figures stand behind it.
    pub review: bool,
}

/// An announcement by its id.
///
/// # Errors
/// When the database fails.
pub async fn find_own(session: &mut Session, id: i64) -> DbResult<Option<OwnRow>> {
    fetch_optional!(
        session,
        OwnRow,
        "SELECT id, slug, kind, state, published_revision_id, unit_id, first_published_at, withdrawn_reason, replaced_by, moved,
                EXISTS (SELECT 1 FROM review v WHERE v.id = announcement.id) AS review
         FROM announcement WHERE id = $1",
        id
    )
}

/// Has others who change an announcement wait until the transaction ends. SQLite has one that writes anyway.
///
/// # Errors
/// When the database fails.
pub async fn hold_announcement(session: &mut Session, id: i64) -> DbResult<()> {
    execute!(session, "UPDATE announcement SET moved = moved WHERE id = $1", id)?;
    Ok(())
}

/// Says whose an announcement is.
///
/// # Errors
/// When the database fails.
pub async fn set_unit(session: &mut Session, id: i64, unit_id: Option<i64>) -> DbResult<()> {
    execute!(session, "UPDATE announcement SET unit_id = $2 WHERE id = $1", id, unit_id)?;
    Ok(())
}

/// Gives an announcement another slug, and remembers the one before, if readers know it.
///
/// # Errors
/// When the slug is taken (`announcement_slug_key`), or the database fails.
pub async fn change_slug(
    session: &mut Session,
    id: i64,
    from: &str,
    to: &str,
    known: bool,
    at: Instant,
) -> DbResult<()> {
    execute!(session, "UPDATE announcement SET slug = $2 WHERE id = $1", id, to)?;
    execute!(session, "DELETE FROM former_slug WHERE slug = $1", to)?;
    if known {
        execute!(
            session,
            "INSERT INTO former_slug (slug, announcement_id, at) VALUES ($1, $2, $3)
             ON CONFLICT (slug) DO UPDATE SET announcement_id = excluded.announcement_id, at = excluded.at",
            from,
            id,
            at.0
        )?;
    }
    Ok(())
}

/// Whether a slug leads to another announcement than this one by a former address.
///
/// # Errors
/// When the database fails.
pub async fn is_former_slug(session: &mut Session, slug: &str, but: i64) -> DbResult<bool> {
    let row = fetch_optional!(
        session,
        (i64,),
        "SELECT announcement_id FROM former_slug WHERE slug = $1 AND announcement_id <> $2",
        slug,
        but
    )?;
    Ok(row.is_some())
}

/// What a draft is saved with.
#[derive(Clone, Debug)]
pub struct DraftColumns<'a> {
    /// The text as it was typed.
    pub text: &'a DraftText,
    /// Its category.
    pub category_id: i64,
    /// Its lead picture.
    pub image_id: Option<i64>,
}

/// Begins a revision as a draft.
///
/// # Errors
/// When another one is open (`revision_open_key`), or the database fails.
pub async fn add_draft(
    session: &mut Session,
    announcement_id: i64,
    columns: &DraftColumns<'_>,
    actor_id: i64,
    at: Instant,
) -> DbResult<i64> {
    let text = columns.text;
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO revision (announcement_id, number, state, title, lead, body_markdown, body_html, category_id, author_line, source,
                               image_id, image_caption, image_credit, image_alt, language, change_note, content_hash, actor_id,
                               created_at, saved_at)
         VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM revision WHERE announcement_id = $1), 'draft',
                 $2, $3, $4, '', $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, $15, $15) RETURNING id",
        announcement_id,
        text.title.as_str(),
        text.lead.as_str(),
        text.body.as_str(),
        columns.category_id,
        text.author_line.as_str(),
        text.source.as_str(),
        columns.image_id,
        text.image_caption.as_str(),
        text.image_credit.as_str(),
        text.image_alt.as_str(),
        text.language.as_str(),
        text.change_note.as_str(),
        actor_id,
        at.0,
    )?;
    Ok(id)
}

/// Saves a draft that is at this version: `false` where somebody else has saved since, or it can't be written any longer.
///
/// # Errors
/// When the database fails.
pub async fn save_draft(
    session: &mut Session,
    id: i64,
    version: i64,
    columns: &DraftColumns<'_>,
    at: Instant,
) -> DbResult<bool> {
    let text = columns.text;
    let saved = execute!(
        session,
        "UPDATE revision SET title = $3, lead = $4, body_markdown = $5, category_id = $6, author_line = $7, source = $8, image_id = $9,
                image_caption = $10, image_credit = $11, image_alt = $12, language = $13, change_note = $14, saved_at = $15,
                version = version + 1
         WHERE id = $1 AND version = $2 AND state IN ('draft', 'returned')",
        id,
        version,
        text.title.as_str(),
        text.lead.as_str(),
        text.body.as_str(),
        columns.category_id,
        text.author_line.as_str(),
        text.source.as_str(),
        columns.image_id,
        text.image_caption.as_str(),
        text.image_credit.as_str(),
        text.image_alt.as_str(),
        text.language.as_str(),
        text.change_note.as_str(),
        at.0,
    )?;
    Ok(saved == 1)
}

/// Remembers a saving.
///
/// # Errors
/// When the database fails.
pub async fn add_save(
    session: &mut Session,
    revision_id: i64,
    version: i64,
    content: &str,
    actor_id: i64,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO draft_save (revision_id, version, at, actor_id, content) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (revision_id, version) DO NOTHING",
        revision_id,
        version,
        at.0,
        actor_id,
        content
    )?;
    Ok(())
}

/// What was saved as a version.
///
/// # Errors
/// When the database fails.
pub async fn find_save(session: &mut Session, revision_id: i64, version: i64) -> DbResult<Option<String>> {
    let row = fetch_optional!(
        session,
        (String,),
        "SELECT content FROM draft_save WHERE revision_id = $1 AND version = $2",
        revision_id,
        version
    )?;
    Ok(row.map(|(content,)| content))
}

/// Who has saved a revision: their actors.
///
/// # Errors
/// When the database fails.
pub async fn list_writers(session: &mut Session, revision_id: i64) -> DbResult<Vec<i64>> {
    let rows = fetch_all!(
        session,
        (i64,),
        "SELECT actor_id FROM revision WHERE id = $1 UNION SELECT actor_id FROM draft_save WHERE revision_id = $1",
        revision_id
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Says of a revision that it holds the words of those who wrote another one. No saving has a version below 1.
///
/// # Errors
/// When the database fails.
pub async fn copy_writers(session: &mut Session, from: i64, to: i64, at: Instant) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO draft_save (revision_id, version, at, actor_id, content)
         SELECT $2, -w.actor_id, $3, w.actor_id, ''
         FROM (SELECT actor_id FROM revision WHERE id = $1 UNION SELECT actor_id FROM draft_save WHERE revision_id = $1) w",
        from,
        to,
        at.0
    )?;
    Ok(())
}

/// Forgets savings older than a moment, but for the first of each person in each text, which say who wrote.
///
/// # Errors
/// When the database fails.
pub async fn remove_old_saves(session: &mut Session, before: Instant) -> DbResult<u64> {
    execute!(
        session,
        "DELETE FROM draft_save WHERE at < $1
         AND version <> (SELECT r.version FROM revision r WHERE r.id = draft_save.revision_id)
         AND version > (SELECT MIN(first.version) FROM draft_save first
                        WHERE first.revision_id = draft_save.revision_id AND first.actor_id = draft_save.actor_id)",
        before.0
    )
}

/// Changes where a revision stands; `false` where it does not stand there any longer.
///
/// # Errors
/// When the database fails.
pub async fn move_revision(
    session: &mut Session,
    id: i64,
    from: RevisionState,
    to: RevisionState,
    scheduled_at: Option<Instant>,
    notes: &str,
) -> DbResult<bool> {
    let moved = execute!(
        session,
        "UPDATE revision SET state = $3, scheduled_at = $4, notes = $5 WHERE id = $1 AND state = $2",
        id,
        from.code(),
        to.code(),
        scheduled_at.map(|at| at.0),
        notes
    )?;
    Ok(moved == 1)
}

/// Says what a revision's body is for readers.
///
/// # Errors
/// When the database fails.
pub async fn set_html(session: &mut Session, id: i64, body_html: &str) -> DbResult<()> {
    execute!(session, "UPDATE revision SET body_html = $2 WHERE id = $1", id, body_html)?;
    Ok(())
}

/// Says that one person alone published a revision.
///
/// # Errors
/// When the database fails.
pub async fn mark_emergency(session: &mut Session, id: i64) -> DbResult<()> {
    execute!(session, "UPDATE revision SET emergency = TRUE WHERE id = $1", id)?;
    Ok(())
}

/// Takes the tags and body pictures of a revision away, before it gets those that it has now.
///
/// # Errors
/// When the database fails.
pub async fn clear_parts(session: &mut Session, id: i64) -> DbResult<()> {
    execute!(session, "DELETE FROM revision_tag WHERE revision_id = $1", id)?;
    execute!(session, "DELETE FROM revision_picture WHERE revision_id = $1", id)?;
    Ok(())
}

/// Puts a draft aside under a name.
///
/// # Errors
/// When the database fails.
pub async fn keep_revision(session: &mut Session, id: i64, name: &str) -> DbResult<bool> {
    let kept = execute!(
        session,
        "UPDATE revision SET state = 'kept', name = $2, scheduled_at = NULL
         WHERE id = $1 AND state IN ('draft', 'submitted', 'returned', 'approved', 'scheduled')",
        id,
        name
    )?;
    Ok(kept == 1)
}

/// Puts whatever is open of an announcement aside: another text takes its way.
///
/// # Errors
/// When the database fails.
pub async fn keep_open_revision(session: &mut Session, announcement_id: i64) -> DbResult<()> {
    execute!(
        session,
        "UPDATE revision SET state = 'kept', scheduled_at = NULL
         WHERE announcement_id = $1 AND state IN ('draft', 'submitted', 'returned', 'approved', 'scheduled')",
        announcement_id
    )?;
    Ok(())
}

/// Takes a draft away that nobody but its writer has seen, with its announcement, if that has nothing else.
///
/// # Errors
/// When the database fails.
pub async fn remove_empty_announcement(session: &mut Session, announcement_id: i64) -> DbResult<bool> {
    let removed = execute!(
        session,
        "DELETE FROM announcement WHERE id = $1 AND state = 'draft' AND published_revision_id IS NULL
         AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.announcement_id = $1 AND r.state = 'kept')",
        announcement_id
    )?;
    Ok(removed == 1)
}

/// Says that somebody has a text open.
///
/// # Errors
/// When the database fails.
pub async fn touch_editing(
    session: &mut Session,
    announcement_id: i64,
    tab: &str,
    account_id: i64,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO editing (announcement_id, tab, account_id, seen_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (announcement_id, tab) DO UPDATE SET account_id = excluded.account_id, seen_at = excluded.seen_at",
        announcement_id,
        tab,
        account_id,
        at.0
    )?;
    Ok(())
}

/// Says that a text was closed in a tab.
///
/// # Errors
/// When the database fails.
pub async fn remove_editing(session: &mut Session, announcement_id: i64, tab: &str) -> DbResult<()> {
    execute!(session, "DELETE FROM editing WHERE announcement_id = $1 AND tab = $2", announcement_id, tab)?;
    Ok(())
}

/// Who else has a text open since a moment: account, name, whether it is the same account in another tab.
///
/// # Errors
/// When the database fails.
pub async fn list_editing(
    session: &mut Session,
    announcement_id: i64,
    but_tab: &str,
    since: Instant,
) -> DbResult<Vec<(i64, String)>> {
    fetch_all!(
        session,
        (i64, String),
        "SELECT DISTINCT a.id, a.display_name FROM editing e JOIN account a ON a.id = e.account_id
         WHERE e.announcement_id = $1 AND e.tab <> $2 AND e.seen_at > $3 ORDER BY a.display_name",
        announcement_id,
        but_tab,
        since.0
    )
}

/// A text in a list of the desk.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListedRow {
    /// The announcement.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// `announcement` or `campaign`.
    pub kind: String,
    /// `draft`, `published`, `withdrawn` or `archived`.
    pub state: String,
    /// Whose it is.
    pub unit_id: Option<i64>,
    /// The title of the text that is open, or of the public one.
    pub title: String,
    /// Where the open text stands; empty where none is.
    pub open_state: String,
    /// When it was saved or published last.
    pub at: i64,
    /// When it is to be published.
    pub scheduled_at: Option<i64>,
    /// Who began the open text.
    pub writer: String,
    /// The actor who began it.
    pub actor_id: i64,
    /// The actor who published it.
    pub published_by: Option<i64>,
}

macro_rules! select_listed {
    () => {
        "SELECT a.id, a.slug, a.kind, a.state, a.unit_id, r.title, r.state AS open_state, r.saved_at AS at, r.scheduled_at,
                COALESCE(w.display_name, x.name) AS writer, r.actor_id, r.published_by
         FROM revision r JOIN announcement a ON a.id = r.announcement_id JOIN actor x ON x.id = r.actor_id
         LEFT JOIN account w ON x.kind = 'account' AND w.name = x.name "
    };
}

/// The texts that stand somewhere on their way, those that were saved last first, at most 200.
///
/// # Errors
/// When the database fails.
pub async fn list_open(session: &mut Session, state: RevisionState) -> DbResult<Vec<ListedRow>> {
    fetch_all!(
        session,
        ListedRow,
        concat!(select_listed!(), "WHERE r.state = $1 ORDER BY r.saved_at DESC, r.id DESC LIMIT 200"),
        state.code()
    )
}

/// The announcements below an id, the newest first, at most so many: in any state, in a state that the public sees, or
/// with a newest text that is somewhere on its way.
///
/// # Errors
/// When the database fails.
pub async fn list_all(session: &mut Session, state: &str, before: i64, most: i64) -> DbResult<Vec<ListedRow>> {
    fetch_all!(
        session,
        ListedRow,
        concat!(
            select_listed!(),
            "WHERE r.number = (SELECT MAX(newest.number) FROM revision newest WHERE newest.announcement_id = a.id)
               AND a.id < $2
               AND ($1 = '' OR CASE WHEN $1 IN ('submitted', 'returned', 'approved', 'scheduled') THEN r.state = $1 ELSE a.state = $1 END)
             ORDER BY a.id DESC LIMIT $3"
        ),
        state,
        before,
        most
    )
}

/// What one person alone published, and nobody else has looked at.
///
/// # Errors
/// When the database fails.
pub async fn list_emergencies(session: &mut Session) -> DbResult<Vec<ListedRow>> {
    fetch_all!(
        session,
        ListedRow,
        concat!(select_listed!(), "WHERE r.emergency AND r.emergency_seen_by IS NULL ORDER BY r.id DESC LIMIT 200")
    )
}

/// Says that somebody has looked at what was published in an emergency; gives how many that were.
///
/// # Errors
/// When the database fails.
pub async fn mark_emergency_seen(session: &mut Session, announcement_id: i64, actor_id: i64) -> DbResult<u64> {
    execute!(
        session,
        "UPDATE revision SET emergency_seen_by = $2
         WHERE announcement_id = $1 AND emergency AND emergency_seen_by IS NULL AND published_by <> $2",
        announcement_id,
        actor_id
    )
}

/// The revisions whose hour has come: revision and announcement.
///
/// # Errors
/// When the database fails.
pub async fn list_due(session: &mut Session, at: Instant) -> DbResult<Vec<(i64, i64)>> {
    fetch_all!(
        session,
        (i64, i64),
        "SELECT id, announcement_id FROM revision WHERE state = 'scheduled' AND scheduled_at <= $1 ORDER BY scheduled_at, id LIMIT 20",
        at.0
    )
}

/// The names of some actors, as people read them.
///
/// # Errors
/// When the database fails.
pub async fn find_actor_name(session: &mut Session, actor_id: i64) -> DbResult<String> {
    let row = fetch_optional!(
        session,
        (String, String),
        "SELECT x.kind, COALESCE(a.display_name, x.name) FROM actor x
         LEFT JOIN account a ON x.kind = 'account' AND a.name = x.name WHERE x.id = $1",
        actor_id
    )?;
    Ok(row.map_or_else(String::new, |(kind, name)| if name.is_empty() { kind } else { name }))
}

/// What was decided about an announcement, the newest first, at most 200.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DecisionRow {
    /// When.
    pub at: i64,
    /// Who.
    pub who: String,
    /// What.
    pub action: String,
    /// Why.
    pub reason: Option<String>,
}

/// How a decision says that a citizen made it: no account is called so.
pub const CITIZEN: &str = "(citizen)";

/// What was decided about something, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_decisions(session: &mut Session, kind: &str, id: i64) -> DbResult<Vec<DecisionRow>> {
    fetch_all!(
        session,
        DecisionRow,
        "SELECT d.at, CASE x.kind WHEN 'citizen' THEN '(citizen)' ELSE COALESCE(a.display_name, x.name) END AS who, d.action,
                COALESCE(m.name_vi || COALESCE('. ' || d.reason, ''), d.reason) AS reason
         FROM decision d JOIN actor x ON x.id = d.actor_id
         LEFT JOIN account a ON x.kind = 'account' AND a.name = x.name LEFT JOIN moderation_reason m ON m.id = d.reason_id
         WHERE d.subject_kind = $1 AND d.subject_id = $2 ORDER BY d.at DESC, d.id DESC LIMIT 200",
        kind,
        id
    )
}

/// A secret link to a draft.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PreviewLinkRow {
    /// Its id.
    pub id: i64,
    /// What it shows.
    pub announcement_id: i64,
    /// Until when.
    pub expires_at: i64,
}

/// Adds a secret link.
///
/// # Errors
/// When the database fails.
pub async fn add_preview_link(
    session: &mut Session,
    token_hash: &str,
    announcement_id: i64,
    actor_id: i64,
    at: Instant,
    expires: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO preview_link (token_hash, announcement_id, actor_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        token_hash,
        announcement_id,
        actor_id,
        at.0,
        expires.0
    )?;
    Ok(())
}

/// A link by its token, run out or not.
///
/// # Errors
/// When the database fails.
pub async fn find_preview_link(session: &mut Session, token_hash: &str) -> DbResult<Option<PreviewLinkRow>> {
    fetch_optional!(
        session,
        PreviewLinkRow,
        "SELECT id, announcement_id, expires_at FROM preview_link WHERE token_hash = $1",
        token_hash
    )
}

/// The links of an announcement that have not run out.
///
/// # Errors
/// When the database fails.
pub async fn list_preview_links(
    session: &mut Session,
    announcement_id: i64,
    at: Instant,
) -> DbResult<Vec<PreviewLinkRow>> {
    fetch_all!(
        session,
        PreviewLinkRow,
        "SELECT id, announcement_id, expires_at FROM preview_link WHERE announcement_id = $1 AND expires_at > $2 ORDER BY id",
        announcement_id,
        at.0
    )
}

/// Takes all links of an announcement away.
///
/// # Errors
/// When the database fails.
pub async fn remove_preview_links(session: &mut Session, announcement_id: i64) -> DbResult<()> {
    execute!(session, "DELETE FROM preview_link WHERE announcement_id = $1", announcement_id)?;
    Ok(())
}

/// Says what takes the place of an announcement, and whether its address leads there.
///
/// # Errors
/// When the database fails.
pub async fn set_replacement(session: &mut Session, id: i64, slug: Option<&str>, moved: bool) -> DbResult<()> {
    execute!(session, "UPDATE announcement SET replaced_by = $2, moved = $3 WHERE id = $1", id, slug, moved)?;
    Ok(())
}

/// Takes an announcement out of all lists, or puts it back; its page stays. `false` where it does not stand there.
///
/// # Errors
/// When the database fails.
pub async fn set_archived(session: &mut Session, id: i64, archived: bool) -> DbResult<bool> {
    let (from, to) = if archived { ("published", "archived") } else { ("archived", "published") };
    let changed = execute!(session, "UPDATE announcement SET state = $3 WHERE id = $1 AND state = $2", id, from, to)?;
    if changed == 0 {
        return Ok(false);
    }
    if archived {
        execute!(session, "DELETE FROM announcement_tag WHERE announcement_id = $1", id)?;
    } else {
        execute!(
            session,
            "INSERT INTO announcement_tag (announcement_id, tag_id, first_published_at)
             SELECT a.id, rt.tag_id, a.first_published_at FROM announcement a
             JOIN revision_tag rt ON rt.revision_id = a.published_revision_id WHERE a.id = $1 AND a.kind = 'announcement'",
            id
        )?;
    }
    Ok(true)
}
