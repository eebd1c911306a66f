//! Writing: drafts are begun, saved without overwriting anybody, put aside, and read again.

use crate::domain::account::Permission;
use crate::domain::draft::{CAMPAIGN_FIELDS, DraftText, FieldConflict, MergedDraft, RevisionState, merge_drafts};
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::lang::Lang;
use crate::domain::slug::Slug;
use crate::domain::text::{clean_line, compose, count, fold, sort_key};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::desk::draft::{self as db, DraftColumns, ListedRow, OwnRow, RevisionRow};
use crate::server::db::desk::{front, library, unit};
use crate::server::db::upload::PICTURE_PATH;
use crate::server::db::{Session, announcement, label};
use crate::server::error::internal;
use crate::server::secret::sha256_hex;
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Scope};
use crate::server::services::announcement::record;
use crate::server::services::import::DEFAULT_CATEGORY;
use crate::server::services::sign_in::SignedIn;
use crate::server::state::Store;

/// The longest title that is kept, in characters; what is published has to be shorter.
pub const TITLE_KEPT: usize = 500;
/// The longest lead that is kept, in characters.
pub const LEAD_KEPT: usize = 5_000;
/// The longest body that is kept, in bytes.
pub const BODY_KEPT: usize = 1_000_000;
/// The longest part of a campaign that is kept, in characters.
const PART_KEPT: usize = 50_000;
/// The longest other field that is kept, in characters.
const LINE_KEPT: usize = 1_000;
/// Addresses of announcements that have none of their own yet begin with this.
const UNNAMED: &str = "nhap-";
/// Who has said nothing for so long has closed the text, in milliseconds.
const EDITING_TIME: i64 = 30_000;
/// A second click within so long is the same click, in milliseconds.
const DOUBLE_CLICK: i64 = 2_000;
/// Savings are kept for so long, in milliseconds: 14 days.
const SAVES_TIME: i64 = 14 * 24 * 3_600_000;

/// An announcement as its desk pages need it.
#[derive(Clone, Debug)]
pub struct Own {
    /// The announcement.
    pub row: OwnRow,
    /// The text that is on its way to the public, if one is.
    pub open: Option<RevisionRow>,
    /// What that text says, or else the public one.
    pub text: DraftText,
}

impl Own {
    /// Where it belongs.
    pub fn scope(&self) -> Scope {
        Scope::of(self.row.unit_id)
    }

    /// Whether it is a campaign's page.
    pub fn is_campaign(&self) -> bool {
        self.row.kind == TextKind::Campaign.code()
    }

    /// Whether it is an example.
    pub fn is_example(&self) -> bool {
        self.row.kind == TextKind::Example.code()
    }

    /// The path of its page.
    pub fn path(&self) -> String {
        announcement::path_of(&self.row.kind, &self.row.slug)
    }

    /// Whether it has an address of its own. One that readers know, or that somebody chose, may begin like that too
    /// (*nhập học*).
    pub fn is_named(&self) -> bool {
        let random = self.row.slug.strip_prefix(UNNAMED).filter(|rest| rest.len() == 16);
        let unnamed = random.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
        !unnamed || self.row.first_published_at.is_some()
    }
}

/// What a text with revisions is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// An announcement.
    Announcement,
    /// A campaign's page, with what a launch has to say.
    Campaign,
    /// A story of people or an initiative worth following.
    Example,
}

impl TextKind {
    /// As the database writes it.
    pub const fn code(self) -> &'static str {
        match self {
            TextKind::Announcement => "announcement",
            TextKind::Campaign => "campaign",
            TextKind::Example => "example",
        }
    }

    /// What beginning one needs. Once it is begun, whoever writes announcements may work on either.
    const fn writing(self) -> Permission {
        match self {
            TextKind::Announcement => Permission::WriteAnnouncements,
            TextKind::Campaign => Permission::ManageCampaigns,
            TextKind::Example => Permission::SendExamples,
        }
    }
}

/// A text that somebody saves.
#[derive(Clone, Debug)]
pub struct Saving {
    /// The revision that was read.
    pub revision_id: i64,
    /// Its version then.
    pub version: i64,
    /// What was written on, where that is not what the version says: somebody went on writing while a saving was merged.
    pub base: Option<DraftText>,
    /// What it is to say.
    pub text: DraftText,
}

/// What became of a saving.
#[derive(Clone, Debug)]
pub enum Saved {
    /// It is saved.
    Done {
        /// The revision.
        revision_id: i64,
        /// The version from now on.
        version: i64,
    },
    /// Somebody else had saved; both changes are saved in one text.
    Merged {
        /// The revision.
        revision_id: i64,
        /// The version from now on.
        version: i64,
        /// What it says.
        text: Box<DraftText>,
    },
    /// Somebody else had changed the same places: nothing is saved, somebody has to choose.
    Conflict {
        /// The revision.
        revision_id: i64,
        /// The version that was met.
        version: i64,
        /// What could be merged, with the saver's side where it could not.
        text: Box<DraftText>,
        /// The places.
        conflicts: Vec<FieldConflict>,
    },
    /// The text has gone on its way, or is public: nothing is saved.
    Closed(RevisionState),
}

/// An announcement that somebody may write or publish.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_own(store: &Store, actor: &Actor, id: i64) -> Result<Own, AppError> {
    actor.require(Permission::SeeDesk)?;
    read_within(&mut store.db.read().await?, actor, id).await
}

pub(super) async fn read_within(session: &mut Session, actor: &Actor, id: i64) -> Result<Own, AppError> {
    let row = db::find_own(session, id).await?.ok_or(AppError::NotFound)?;
    let scope = Scope::of(row.unit_id);
    if !actor.may(Permission::WriteAnnouncements, scope) && !actor.may(Permission::PublishAnnouncements, scope) {
        return Err(AppError::Forbidden);
    }
    gather(session, row).await
}

/// A text by its id. Who may see it is asked by whoever calls.
pub(super) async fn read_unasked(session: &mut Session, id: i64) -> Result<Own, AppError> {
    let row = db::find_own(session, id).await?.ok_or(AppError::NotFound)?;
    gather(session, row).await
}

async fn gather(session: &mut Session, row: OwnRow) -> Result<Own, AppError> {
    let open = db::find_open_revision(session, row.id).await?;
    let text = match (&open, row.published_revision_id) {
        (Some(open), _) => text_of(session, open).await?,
        (None, Some(published)) => match db::find_revision(session, published).await? {
            Some(published) => DraftText { change_note: String::new(), ..text_of(session, &published).await? },
            None => DraftText::default(),
        },
        (None, None) => DraftText::default(),
    };
    Ok(Own { row, open, text })
}

/// The same for who is about to change it: others who are wait until the transaction ends.
pub(super) async fn hold_within(session: &mut Session, actor: &Actor, id: i64) -> Result<Own, AppError> {
    db::hold_announcement(session, id).await?;
    read_within(session, actor, id).await
}

/// What a revision says: as it was typed, where that is remembered.
///
/// # Errors
/// When the database fails.
pub(super) async fn text_of(session: &mut Session, row: &RevisionRow) -> Result<DraftText, AppError> {
    if let Some(content) = db::find_save(session, row.id, row.version).await?
        && let Ok(text) = serde_json::from_str(&content)
    {
        return Ok(text);
    }
    let tags = label::list_revision_tags(session, row.id).await?;
    let tags: Vec<_> = tags.into_iter().map(|tag| tag.name).collect();
    Ok(row.text(tags.join(", ")))
}

/// Begins an announcement, for a unit or for the whole portal: an empty draft of one's own is used again.
///
/// # Errors
/// `Forbidden`.
pub async fn begin_announcement(store: &Store, actor: &Actor, unit_id: Option<i64>) -> Result<i64, AppError> {
    begin_text(store, actor, TextKind::Announcement, unit_id, DraftText::default()).await
}

/// Begins a text that says something already: an empty one where it says nothing.
///
/// # Errors
/// `Forbidden`, or `Invalid` for a unit that is not there.
pub(super) async fn begin_text(
    store: &Store,
    actor: &Actor,
    kind: TextKind,
    unit_id: Option<i64>,
    text: DraftText,
) -> Result<i64, AppError> {
    let unit_id = own_unit(actor, unit_id);
    actor.require_in(kind.writing(), Scope::of(unit_id))?;
    let at = now();
    let mut session = store.db.write().await?;
    if let Some(unit) = unit_id
        && !unit::list_units(&mut session).await?.iter().any(|known| known.id == unit)
    {
        return Err(invalid(Field::Unit, Problem::Unknown));
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    for listed in db::list_open(&mut session, RevisionState::Draft).await? {
        if text == DraftText::default()
            && listed.actor_id == actor_id
            && listed.title.is_empty()
            && listed.kind == kind.code()
            && listed.unit_id == unit_id
            && let Some(open) = db::find_open_revision(&mut session, listed.id).await?
            && open.version == 1
            && open.body_markdown.is_empty()
            && (at.0 - open.created_at < DOUBLE_CLICK || is_left(&mut session, listed.id, open.created_at, at).await?)
        {
            return Ok(listed.id);
        }
    }
    let id = add_text(&mut session, actor, kind, unit_id, |_| text).await?;
    session.commit().await?;
    Ok(id)
}

/// Adds a text that is told its own id, as a part of something larger.
///
/// # Errors
/// `Forbidden`.
pub(super) async fn add_text(
    session: &mut Session,
    actor: &Actor,
    kind: TextKind,
    unit_id: Option<i64>,
    write: impl FnOnce(i64) -> DraftText,
) -> Result<i64, AppError> {
    actor.require_in(kind.writing(), Scope::of(unit_id))?;
    let at = now();
    let actor_id = actor.find_or_add(session, at).await?;
    let write = |id| DraftText { language: Lang::Vi.code().to_owned(), ..write(id) };
    let id = begin_within(session, kind, unit_id, write, actor_id, at).await?;
    record(session, actor, id, "begin", None, at).await?;
    Ok(id)
}

/// Begins a text within a transaction; it is told its own id. Who may is asked by whoever calls.
pub(super) async fn begin_within(
    session: &mut Session,
    kind: TextKind,
    unit_id: Option<i64>,
    write: impl FnOnce(i64) -> DraftText,
    actor_id: i64,
    at: Instant,
) -> Result<i64, AppError> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(internal)?;
    let slug = format!("{UNNAMED}{}", hex::encode(bytes));
    let id = announcement::add(session, kind.code(), &slug, false, at).await?;
    db::set_unit(session, id, unit_id).await?;
    let text = write(id);
    let category =
        if text.category.is_empty() { default_category(session, kind).await? } else { text.category.clone() };
    add_draft(session, id, &DraftText { category, ..text }, actor_id, at).await?;
    Ok(id)
}

/// Whether a text that was begun a while ago stands open nowhere.
async fn is_left(session: &mut Session, id: i64, begun: i64, at: Instant) -> Result<bool, AppError> {
    let open =
        at.0 - begun < EDITING_TIME || !db::list_editing(session, id, "", at.plus_ms(-EDITING_TIME)).await?.is_empty();
    Ok(!open)
}

/// Whoever writes for one unit only need not name it.
fn own_unit(actor: &Actor, asked: Option<i64>) -> Option<i64> {
    match actor {
        Actor::Account(official) if asked.is_none() => {
            let units = official.units_for(Permission::WriteAnnouncements)?;
            units.into_iter().min()
        }
        _ => asked,
    }
}

async fn default_category(session: &mut Session, kind: TextKind) -> Result<String, AppError> {
    let categories = front::list_categories(session).await?;
    let default = fold(DEFAULT_CATEGORY);
    // A campaign belongs to the launches, where there is such a category.
    let launches = |name: &str| kind == TextKind::Campaign && fold(name).contains("phat dong");
    let found = categories.iter().find(|category| launches(&category.name));
    let found = found.or(categories.iter().find(|category| fold(&category.name) == default)).or(categories.first());
    match found {
        Some(category) => Ok(category.slug.clone()),
        None => {
            let slug = "tin-tuc";
            label::find_or_add_category(session, slug, DEFAULT_CATEGORY, &sort_key(DEFAULT_CATEGORY)).await?;
            Ok(slug.to_owned())
        }
    }
}

/// Begins a revision of a text.
pub(super) async fn add_draft(
    session: &mut Session,
    id: i64,
    text: &DraftText,
    actor_id: i64,
    at: Instant,
) -> Result<i64, AppError> {
    let (category_id, image_id) = find_parts(session, text).await?;
    let columns = DraftColumns { text, category_id, image_id };
    let revision_id = db::add_draft(session, id, &columns, actor_id, at).await?;
    db::add_save(session, revision_id, 1, &as_json(text), actor_id, at).await?;
    Ok(revision_id)
}

fn as_json(text: &DraftText) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The ids of what a text names: its category, or any where it names none that is there, and its lead picture.
async fn find_parts(session: &mut Session, text: &DraftText) -> Result<(i64, Option<i64>), AppError> {
    let category = match label::find_category(session, &text.category).await? {
        Some((id, _)) => id,
        None => {
            let slug = default_category(session, TextKind::Announcement).await?;
            label::find_category(session, &slug).await?.ok_or(AppError::NotFound)?.0
        }
    };
    let picture = match picture_name(&text.image) {
        Some(name) => library::find_picture(session, name).await?.map(|upload| upload.id),
        None => None,
    };
    Ok((category, picture))
}

/// The name of the stored picture that an address leads to.
pub(super) fn picture_name(address: &str) -> Option<&str> {
    let name = address.strip_prefix(PICTURE_PATH)?.strip_suffix(".jpg")?;
    name.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(name)
}

/// What the public reads of an announcement, or read last; `None` where it was never public.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_published_text(store: &Store, actor: &Actor, id: i64) -> Result<Option<DraftText>, AppError> {
    let mut session = store.db.read().await?;
    let own = read_within(&mut session, actor, id).await?;
    let Some(published) = own.row.published_revision_id else { return Ok(None) };
    match db::find_revision(&mut session, published).await? {
        // What was corrected before is not what is corrected now.
        Some(row) => {
            Ok(Some(DraftText { change_note: own.text.change_note.clone(), ..text_of(&mut session, &row).await? }))
        }
        None => Ok(None),
    }
}

/// The id of an announcement that somebody may write, by the slug of its page.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn find_by_slug(store: &Store, actor: &Actor, slug: &str) -> Result<i64, AppError> {
    let slug = Slug::parse(slug).ok_or(AppError::NotFound)?;
    let mut session = store.db.read().await?;
    let (id, _) = announcement::find_state(&mut session, slug.as_str()).await?.ok_or(AppError::NotFound)?;
    read_within(&mut session, actor, id).await?;
    Ok(id)
}

/// A draft of a public or withdrawn announcement beside what the public reads; the open one, if there is one.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn open_draft(store: &Store, actor: &Actor, id: i64) -> Result<(), AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let own = hold_within(&mut session, actor, id).await?;
    actor.require_in(Permission::WriteAnnouncements, own.scope())?;
    if own.open.is_none() {
        let actor_id = actor.find_or_add(&mut session, at).await?;
        add_draft(&mut session, id, &own.text, actor_id, at).await?;
        session.commit().await?;
    }
    Ok(())
}

/// Checks that a text can be kept at all.
///
/// # Errors
/// `Invalid`, field by field.
fn check_size(text: &DraftText) -> Result<(), AppError> {
    let mut errors = Vec::new();
    let mut check = |field: Field, counted: usize, most: usize| {
        if counted > most {
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            errors.push((field, Problem::TooLong { most: number(most), counted: number(counted) }));
        }
    };
    let long = |text: &str, most: usize| if text.len() > most { count(text) } else { 0 };
    check(Field::Title, long(&text.title, TITLE_KEPT), TITLE_KEPT);
    check(Field::Lead, long(&text.lead, LEAD_KEPT), LEAD_KEPT);
    check(Field::Body, text.body.len(), BODY_KEPT);
    for (field, line) in [
        (Field::Tags, &text.tags),
        (Field::Image, &text.image),
        (Field::Image, &text.image_alt),
        (Field::Image, &text.image_caption),
        (Field::Image, &text.image_credit),
        (Field::AuthorLine, &text.author_line),
        (Field::Source, &text.source),
        (Field::ChangeNote, &text.change_note),
        (Field::Text, &text.category),
        (Field::Text, &text.language),
    ] {
        check(field, long(line, LINE_KEPT), LINE_KEPT);
    }
    for part in CAMPAIGN_FIELDS {
        check(Field::Text, long(text.get(part), PART_KEPT), PART_KEPT);
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(FieldErrors(errors))) }
}

/// Saves a text. What others saved in between is never overwritten.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Invalid` for a text that is too long to be kept.
pub async fn save_draft(store: &Store, actor: &Actor, id: i64, saving: Saving) -> Result<Saved, AppError> {
    let mut session = store.db.write().await?;
    let own = hold_within(&mut session, actor, id).await?;
    actor.require_in(Permission::WriteAnnouncements, own.scope())?;
    let saved = save_held(&mut session, actor, own, saving).await?;
    session.commit().await?;
    Ok(saved)
}

/// The same of a text that is held already. Who may is asked by whoever calls.
pub(super) async fn save_held(
    session: &mut Session,
    actor: &Actor,
    own: Own,
    saving: Saving,
) -> Result<Saved, AppError> {
    let mut mine = saving.text.with_plain_line_breaks();
    // Neither database's text holds it, and nobody types it.
    for field in crate::domain::draft::DraftField::ALL {
        let text = mine.get_mut(field);
        if text.contains('\0') {
            *text = text.replace('\0', "");
        }
        // Texts from some systems write ế as three signs: they are found, compared and merged as one.
        if !text.is_ascii() {
            *text = compose(text);
        }
    }
    check_size(&mine)?;
    saving.base.as_ref().map_or(Ok(()), check_size)?;
    let at = now();
    let Some(open) = own.open else {
        let closed = db::find_revision(session, saving.revision_id).await?;
        return Ok(Saved::Closed(closed.map_or(RevisionState::Published, |row| row.state())));
    };
    if !open.state().is_writable() {
        return Ok(Saved::Closed(open.state()));
    }
    let theirs = own.text;
    if mine == theirs {
        return Ok(Saved::Done { revision_id: open.id, version: open.version });
    }
    let is_newest = open.id == saving.revision_id && open.version == saving.version && saving.base.is_none();
    let text = if is_newest {
        mine.clone()
    } else {
        let base = match saving.base {
            Some(base) => base.with_plain_line_breaks(),
            None => {
                let stored = db::find_save(session, saving.revision_id, saving.version).await?;
                stored.and_then(|content| serde_json::from_str(&content).ok()).unwrap_or_default()
            }
        };
        match merge_drafts(&base, &mine, &theirs) {
            MergedDraft::Clean(text) => text,
            MergedDraft::Conflict(text, conflicts) => {
                let text = Box::new(text);
                return Ok(Saved::Conflict { revision_id: open.id, version: open.version, text, conflicts });
            }
        }
    };
    if text == theirs {
        // Whoever changed nothing only learns what others did.
        return Ok(Saved::Merged { revision_id: open.id, version: open.version, text: Box::new(text) });
    }
    let actor_id = actor.find_or_add(session, at).await?;
    // What is about to be overwritten is what the next one to save may have read.
    db::add_save(session, open.id, open.version, &as_json(&theirs), open.actor_id, at).await?;
    let (category_id, image_id) = find_parts(session, &text).await?;
    let columns = DraftColumns { text: &text, category_id, image_id };
    if !db::save_draft(session, open.id, open.version, &columns, at).await? {
        return Err(AppError::Conflict);
    }
    let version = open.version + 1;
    db::add_save(session, open.id, version, &as_json(&text), actor_id, at).await?;
    let revision_id = open.id;
    if is_newest {
        Ok(Saved::Done { revision_id, version })
    } else {
        Ok(Saved::Merged { revision_id, version, text: Box::new(text) })
    }
}

/// Puts the present draft aside under a name and goes on with a copy of it.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` without a name, or `Conflict` where no draft is being written.
pub async fn keep_draft(store: &Store, actor: &Actor, id: i64, name: &str) -> Result<(), AppError> {
    let name: String = clean_line(&compose(name)).chars().take(100).collect();
    if name.is_empty() {
        return Err(AppError::Invalid(FieldErrors(vec![(Field::Title, Problem::Missing)])));
    }
    let at = now();
    let mut session = store.db.write().await?;
    let own = hold_within(&mut session, actor, id).await?;
    actor.require_in(Permission::WriteAnnouncements, own.scope())?;
    let open = own.open.filter(|open| open.state().is_writable()).ok_or(AppError::Conflict)?;
    db::keep_revision(&mut session, open.id, &name).await?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let draft = add_draft(&mut session, id, &own.text, actor_id, at).await?;
    db::copy_writers(&mut session, open.id, draft, at).await?;
    record(&mut session, actor, id, "keep", Some(&name), at).await?;
    session.commit().await?;
    Ok(())
}

/// Makes an earlier revision the draft that is written on; the present draft is put aside.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Conflict` where a text is on its way.
pub async fn restore_revision(store: &Store, actor: &Actor, id: i64, number: i64) -> Result<(), AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let own = hold_within(&mut session, actor, id).await?;
    actor.require_in(Permission::WriteAnnouncements, own.scope())?;
    if own.open.as_ref().is_some_and(|open| !open.state().is_writable()) {
        return Err(AppError::Conflict);
    }
    let earlier = db::find_revision_by_number(&mut session, id, number).await?.ok_or(AppError::NotFound)?;
    let text = DraftText { change_note: String::new(), ..text_of(&mut session, &earlier).await? };
    if let Some(open) = &own.open {
        db::keep_revision(&mut session, open.id, &open.name).await?;
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let draft = add_draft(&mut session, id, &text, actor_id, at).await?;
    // What was public has been checked by somebody else.
    if earlier.state() == RevisionState::Kept {
        db::copy_writers(&mut session, earlier.id, draft, at).await?;
    }
    record(&mut session, actor, id, "restore", Some(&number.to_string()), at).await?;
    session.commit().await?;
    Ok(())
}

/// Puts the present draft of a public announcement aside, or takes one away that was never public.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Conflict` where a text is on its way.
pub async fn discard_draft(store: &Store, actor: &Actor, id: i64) -> Result<(), AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let own = hold_within(&mut session, actor, id).await?;
    actor.require_in(Permission::WriteAnnouncements, own.scope())?;
    let open = own.open.filter(|open| open.state().is_writable()).ok_or(AppError::Conflict)?;
    if own.row.published_revision_id.is_some() || !db::remove_empty_announcement(&mut session, id).await? {
        db::keep_revision(&mut session, open.id, &open.name).await?;
    }
    record(&mut session, actor, id, "discard", None, at).await?;
    session.commit().await?;
    Ok(())
}

/// What a tab learns that has a text open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Who else has it open.
    pub others: Vec<String>,
    /// The revision that is being written and how often it was saved.
    pub newest: Option<(i64, i64)>,
    /// Whether it can no longer be written: somebody sent it on its way.
    pub closed: bool,
}

/// Says that somebody has a text open in a tab, and gives who else has and what is the newest.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn touch_editing(store: &Store, signed_in: &SignedIn, id: i64, tab: &str) -> Result<Touched, AppError> {
    let actor = signed_in.actor();
    let at = now();
    let tab = &sha256_hex(tab.as_bytes())[..32];
    let mut session = store.db.write().await?;
    let own = read_within(&mut session, &actor, id).await?;
    db::touch_editing(&mut session, id, tab, signed_in.official.id, at).await?;
    let others = db::list_editing(&mut session, id, tab, at.plus_ms(-EDITING_TIME)).await?;
    session.commit().await?;
    // One's own other tabs are no other person: what they save is merged all the same.
    let others = others.into_iter().filter(|(account, _)| *account != signed_in.official.id);
    let open = own.open.filter(|open| open.state().is_writable());
    let (newest, closed) = (open.as_ref().map(|open| (open.id, open.version)), open.is_none());
    Ok(Touched { others: others.map(|(_, name)| name).collect(), newest, closed })
}

/// Who has a text open now.
///
/// # Errors
/// When the database fails.
pub async fn list_editing(store: &Store, actor: &Actor, id: i64) -> Result<Vec<String>, AppError> {
    actor.require(Permission::SeeDesk)?;
    let mut session = store.db.read().await?;
    let others = db::list_editing(&mut session, id, "", now().plus_ms(-EDITING_TIME)).await?;
    Ok(others.into_iter().map(|(_, name)| name).collect())
}

/// Says that a text was closed in a tab.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn close_editing(store: &Store, signed_in: &SignedIn, id: i64, tab: &str) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    read_within(&mut session, &signed_in.actor(), id).await?;
    db::remove_editing(&mut session, id, &sha256_hex(tab.as_bytes())[..32]).await?;
    session.commit().await?;
    Ok(())
}

/// What waits for somebody in the desk.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// One's own texts that are being written.
    pub drafts: Vec<ListedRow>,
    /// One's own texts that were sent back.
    pub returned: Vec<ListedRow>,
    /// Texts of others to be checked; `None` for whoever may not.
    pub to_check: Option<Vec<ListedRow>>,
    /// Approved texts to be published; `None` for whoever may not.
    pub to_publish: Option<Vec<ListedRow>>,
    /// One's own texts that others check.
    pub submitted: Vec<ListedRow>,
    /// Texts that wait for their hour.
    pub scheduled: Vec<ListedRow>,
    /// What one person alone published, for whoever may look at it.
    pub emergencies: Vec<ListedRow>,
    /// Who looks.
    pub me: Option<i64>,
}

/// What waits for somebody in the desk.
///
/// # Errors
/// `Forbidden`.
pub async fn list_waiting(store: &Store, actor: &Actor) -> Result<Waiting, AppError> {
    actor.require(Permission::SeeDesk)?;
    let mut session = store.db.read().await?;
    let mut list = async |state| -> Result<Vec<ListedRow>, AppError> {
        let rows = db::list_open(&mut session, state).await?;
        Ok(rows.into_iter().filter(|row| may_see(actor, row)).collect())
    };
    let drafts = list(RevisionState::Draft).await?;
    let returned = list(RevisionState::Returned).await?;
    let submitted = list(RevisionState::Submitted).await?;
    let approved = list(RevisionState::Approved).await?;
    let scheduled = list(RevisionState::Scheduled).await?;
    let emergencies = db::list_emergencies(&mut session).await?;
    let me = actor.find_id(&mut session).await?;
    let own = |rows: &[ListedRow]| rows.iter().filter(|row| Some(row.actor_id) == me).cloned().collect::<Vec<_>>();
    let publishes = actor.may(Permission::PublishAnnouncements, Scope::Somewhere);
    let may_publish = |row: &ListedRow| actor.may(Permission::PublishAnnouncements, Scope::of(row.unit_id));
    let publishable =
        |rows: &[ListedRow]| publishes.then(|| rows.iter().filter(|row| may_publish(row)).cloned().collect::<Vec<_>>());
    Ok(Waiting {
        drafts: own(&drafts),
        returned: own(&returned),
        to_check: publishable(&submitted),
        to_publish: publishable(&approved),
        submitted: own(&submitted).into_iter().chain(own(&approved)).collect(),
        emergencies: emergencies.into_iter().filter(may_publish).collect(),
        me,
        scheduled,
    })
}

fn may_see(actor: &Actor, row: &ListedRow) -> bool {
    let scope = Scope::of(row.unit_id);
    actor.may(Permission::WriteAnnouncements, scope) || actor.may(Permission::PublishAnnouncements, scope)
}

/// What one person alone published and nobody else has looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emergency {
    /// Why.
    pub reason: String,
    /// Whether it was whoever asks: somebody else has to look.
    pub own: bool,
}

/// Why one person alone published a text that nobody else has looked at yet; `None` where there is no such text.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn find_emergency(store: &Store, actor: &Actor, id: i64) -> Result<Option<Emergency>, AppError> {
    let mut session = store.db.read().await?;
    read_within(&mut session, actor, id).await?;
    let Some(row) = db::list_emergencies(&mut session).await?.into_iter().find(|row| row.id == id) else {
        return Ok(None);
    };
    let me = actor.find_id(&mut session).await?;
    let decisions = db::list_decisions(&mut session, "announcement", id).await?;
    let told = decisions.into_iter().find(|row| row.action == "publish-in-emergency").and_then(|row| row.reason);
    Ok(Some(Emergency { reason: told.unwrap_or_default(), own: row.published_by == me }))
}

/// So many announcements stand on a page of their list.
const LISTED: usize = 50;
/// So many are looked through for them first, and so many each time after.
const FIRST_LOOK: i64 = 200;
const FURTHER_LOOKS: i64 = 2000;

/// Announcements in any state, by words of the title, the newest first; and whether more follow.
///
/// # Errors
/// `Forbidden`.
pub async fn list_all(
    store: &Store,
    actor: &Actor,
    words: &str,
    state: &str,
    before: Option<i64>,
) -> Result<(Vec<ListedRow>, Option<i64>), AppError> {
    actor.require(Permission::WriteAnnouncements)?;
    let words = fold(&clean_line(&compose(words)).chars().take(100).collect::<String>());
    let found = |row: &ListedRow| words.is_empty() || fold(&row.title).contains(&words) || row.slug.contains(&words);
    let mut session = store.db.read().await?;
    let (mut rows, mut before) = (Vec::new(), before.unwrap_or(i64::MAX));
    // What somebody may see and which words a title has is known here and not in the database.
    let mut most = FIRST_LOOK;
    while rows.len() <= LISTED {
        let more = db::list_all(&mut session, state, before, most).await?;
        let last = usize::try_from(most).is_ok_and(|most| more.len() < most);
        before = more.last().map_or(0, |row| row.id);
        rows.extend(more.into_iter().filter(|row| may_see(actor, row) && found(row)));
        if last {
            break;
        }
        most = FURTHER_LOOKS;
    }
    let more = (rows.len() > LISTED).then(|| rows[LISTED - 1].id);
    rows.truncate(LISTED);
    Ok((rows, more))
}

/// A revision in the history of an announcement, with the names of who wrote and published it.
#[derive(Clone, Debug)]
pub struct PastRevision {
    /// The revision.
    pub row: RevisionRow,
    /// Who began it.
    pub writer: String,
    /// Who published it.
    pub publisher: String,
}

/// Every revision of an announcement and what was decided about it, the newest first.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_history(
    store: &Store,
    actor: &Actor,
    id: i64,
) -> Result<(Own, Vec<PastRevision>, Vec<db::DecisionRow>), AppError> {
    let mut session = store.db.read().await?;
    let own = read_within(&mut session, actor, id).await?;
    let mut past = Vec::new();
    for row in db::list_revisions(&mut session, id).await? {
        let writer = db::find_actor_name(&mut session, row.actor_id).await?;
        let publisher = match row.published_by {
            Some(actor) => db::find_actor_name(&mut session, actor).await?,
            None => String::new(),
        };
        past.push(PastRevision { row, writer, publisher });
    }
    let decisions = db::list_decisions(&mut session, "announcement", id).await?;
    Ok((own, past, decisions))
}

/// What two revisions of an announcement say, by their numbers.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_two(
    store: &Store,
    actor: &Actor,
    id: i64,
    from: i64,
    to: i64,
) -> Result<(Own, DraftText, DraftText), AppError> {
    let mut session = store.db.read().await?;
    let own = read_within(&mut session, actor, id).await?;
    let mut texts = Vec::new();
    for number in [from, to] {
        let row = db::find_revision_by_number(&mut session, id, number).await?.ok_or(AppError::NotFound)?;
        texts.push(text_of(&mut session, &row).await?);
    }
    let (to, from) = (texts.pop().unwrap_or_default(), texts.pop().unwrap_or_default());
    Ok((own, from, to))
}

/// Forgets old savings; the server's own work.
///
/// # Errors
/// When the database fails.
pub async fn forget_old_saves(store: &Store) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    db::remove_old_saves(&mut session, now().plus_ms(-SAVES_TIME)).await?;
    session.commit().await?;
    Ok(())
}
