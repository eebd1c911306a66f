//! Examples (*điển hình tiên tiến, sáng kiến*): sent in by units and citizens, checked, published, taken up by others.

use crate::domain::answer::{Recourse, Step, StepKind};
use crate::domain::comment::{EMAIL_MOST, NAME_MOST, check_reason};
use crate::domain::cursor::Cursor;
use crate::domain::day::Day;
use crate::domain::draft::DraftText;
use crate::domain::error::{AppError, Field, FieldErrors, Problem, Withdrawal};
use crate::domain::receipt::ReceiptCode;
use crate::domain::slug::Slug;
use crate::domain::text::{clean_line, clean_lines, compose, count, fold, shorten};
use crate::domain::time::Instant;
use crate::domain::tracking::{CommentState, Tracking};
use crate::server::clock::now;
use crate::server::db::campaign::CampaignRow;
use crate::server::db::comment::arrival::find_sent;
use crate::server::db::desk::example::{self as db, DeskExample, ExampleFacts, ExamplePictureRow, NewExample};
use crate::server::db::desk::unit::{UnitRow, list_units};
use crate::server::db::desk::{draft, library as uploads, queue};
use crate::server::db::example::{self as public, ExampleRow, TakerRow};
use crate::server::db::log::{self, Decision};
use crate::server::db::upload::{PICTURE_PATH, stored_picture};
use crate::server::db::{Session, announcement, campaign as campaigns};
use crate::server::error::internal;
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::announcement::whole;
use crate::server::services::comment::{Origin, make_code};
use crate::server::services::draft::{Own, Saved, Saving, TextKind, begin_within, read_unasked, save_held};
use crate::server::services::library::{read_evidence_file, store_internal_picture, store_picture};
use crate::server::services::publication::{publish_open, require_publishable};
use crate::server::services::registration::is_staff;
use crate::server::state::Store;
use crate::server::thing::{Read, Thing};

/// So many photographs come with an example at most.
pub const PICTURES_MOST: usize = 4;
/// The longest title that is taken, in characters.
pub const TITLE_MOST: usize = 150;
/// The longest text that is taken, in characters.
pub const TEXT_MOST: usize = 10_000;
/// The longest other line that is taken, in characters.
const LINE_MOST: usize = 200;
/// The kinds, as the database writes them.
pub const KINDS: [&str; 3] = ["collective", "person", "initiative"];

const DAY: i64 = 24 * 3_600_000;
/// Without a key of the browser's, the same text from the same sender within this time is the same example.
const REPEAT_TIME: i64 = 10 * 60_000;
/// A key of the browser's is remembered for as long as a phone may be without a connection.
const KEY_TIME: i64 = 7 * DAY;
/// Address hashes go after this time.
const SENDER_TIME: i64 = 30 * DAY;
/// Contacts, and the pictures of what was rejected, go this long after the decision.
const CONTACT_TIME: i64 = 90 * DAY;
/// Pictures of forms that nobody sent go after this time.
const LEFT_TIME: i64 = 2 * DAY;

/// An example as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedExample {
    /// One of [`KINDS`].
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Who it is about.
    pub person: String,
    /// The unit, by its name, or by its slug where it was chosen.
    pub unit: String,
    /// The slug of a campaign; empty for none.
    pub campaign: String,
    /// The story.
    pub text: String,
    /// That whoever is shown agrees.
    pub consent: bool,
    /// Who sends it.
    pub name: String,
    /// How they are reached; empty for none.
    pub contact: String,
    /// A field that people do not see; whoever fills it in is a program.
    pub website: String,
    /// Made by the browser, so that the same sending twice is one; empty without script.
    pub key: String,
}

impl TypedExample {
    fn cleaned(&self) -> Self {
        let line = |text: &str| clean_line(&compose(&text.replace('\0', "")));
        Self {
            kind: self.kind.clone(),
            title: line(&self.title),
            person: line(&self.person),
            unit: line(&self.unit),
            campaign: self.campaign.clone(),
            text: clean_lines(&compose(&self.text.replace('\0', ""))),
            consent: self.consent,
            name: line(&self.name),
            contact: line(&self.contact),
            website: self.website.clone(),
            key: self.key.clone(),
        }
    }

    /// What is wrong with it, in the order of the form.
    fn problems(&self) -> Vec<(Field, Problem)> {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut problems = Vec::new();
        let mut check = |field: Field, text: &str, most: usize, required: bool| {
            let counted = count(text);
            if text.is_empty() && required {
                problems.push((field, Problem::Missing));
            } else if counted > most {
                problems.push((field, Problem::TooLong { most: number(most), counted: number(counted) }));
            }
        };
        check(Field::Kind, if KINDS.contains(&self.kind.as_str()) { &self.kind } else { "" }, LINE_MOST, true);
        check(Field::Title, &self.title, TITLE_MOST, true);
        check(Field::Person, &self.person, LINE_MOST, true);
        check(Field::Unit, &self.unit, LINE_MOST, false);
        check(Field::Body, &self.text, TEXT_MOST, true);
        check(Field::Consent, if self.consent { "1" } else { "" }, 1, true);
        check(Field::Name, &self.name, NAME_MOST, true);
        check(Field::Contact, &self.contact, EMAIL_MOST, false);
        problems
    }
}

/// A picture that was chosen in a form and is kept while the form is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPicture {
    /// Its upload with a keyed hash: whoever has it chose the picture.
    pub token: String,
    /// The file's name, as it came.
    pub name: String,
    id: i64,
}

/// What comes with a form: pictures that are kept already, by their tokens, and new ones.
#[derive(Clone, Debug, Default)]
pub struct ChosenPictures {
    /// Tokens.
    pub kept: Vec<String>,
    /// Names and bytes.
    pub new: Vec<(String, Vec<u8>)>,
    /// There was more than is read.
    pub too_large: bool,
}

/// Why an example was not taken, with the pictures that are kept for the next try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken {
    /// Why.
    pub error: AppError,
    /// The pictures.
    pub kept: Vec<KeptPicture>,
}

fn token_of(store: &Store, id: i64) -> String {
    format!("{id}-{}", store.secret.keyed_hash("example picture", &[&id.to_string()]))
}

async fn find_kept(store: &Store, tokens: &[String]) -> Result<Vec<KeptPicture>, AppError> {
    let mut session = store.db.read().await?;
    let mut kept: Vec<KeptPicture> = Vec::new();
    for token in tokens.iter().take(PICTURES_MOST) {
        let Some(id) = token.split_once('-').and_then(|(id, _)| id.parse().ok()) else { continue };
        if *token != token_of(store, id) || kept.iter().any(|known| known.id == id) {
            continue;
        }
        if let Some(name) = db::find_internal(&mut session, id).await? {
            kept.push(KeptPicture { token: token.clone(), name, id });
        }
    }
    Ok(kept)
}

/// Stores the new pictures beside those that are kept; gives what is wrong with any.
async fn keep_pictures(
    store: &Store,
    actor: &Actor,
    kept: &mut Vec<KeptPicture>,
    new: Vec<(String, Vec<u8>)>,
) -> Result<Option<Problem>, AppError> {
    let mut problem = None;
    for (name, bytes) in new {
        if kept.len() >= PICTURES_MOST {
            problem = Some(Problem::TooMany);
            break;
        }
        match store_internal_picture(store, actor, &name, bytes).await {
            Ok(id) if kept.iter().any(|known| known.id == id) => {}
            Ok(id) => kept.push(KeptPicture { token: token_of(store, id), name, id }),
            Err(AppError::Invalid(_) | AppError::TooLarge) => problem = Some(Problem::NoPicture),
            Err(error) => return Err(error),
        }
    }
    Ok(problem)
}

/// Takes an example in. Permitted to everybody without an account, to units for themselves, and to whoever checks
/// examples for others.
///
/// # Errors
/// Why not, with the pictures for the next try: `Invalid`, `TooMany`, `TooLarge`, `Forbidden`.
pub async fn send_example(
    store: &Store,
    actor: &Actor,
    typed: &TypedExample,
    pictures: ChosenPictures,
    origin: Origin<'_>,
) -> Result<ReceiptCode, NotTaken> {
    let mut kept = Vec::new();
    take(store, actor, &typed.cleaned(), pictures, origin, &mut kept).await.map_err(|error| NotTaken { error, kept })
}

async fn take(
    store: &Store,
    actor: &Actor,
    typed: &TypedExample,
    pictures: ChosenPictures,
    origin: Origin<'_>,
    kept: &mut Vec<KeptPicture>,
) -> Result<ReceiptCode, AppError> {
    *kept = find_kept(store, &pictures.kept).await?;
    origin.take_turn()?;
    // A field that people can't see was filled in: a program gets a receipt and nothing else.
    if !typed.website.trim().is_empty() {
        return make_code();
    }
    let unit = find_unit(store, &typed.unit).await?;
    require_sending(actor, unit.as_ref())?;
    if pictures.too_large {
        return Err(AppError::TooLarge);
    }
    let picture_problem = keep_pictures(store, actor, kept, pictures.new).await?;
    let mut problems = typed.problems();
    let campaign = find_running(store, &typed.campaign).await?;
    problems.extend(picture_problem.map(|problem| (Field::File, problem)));
    if !problems.is_empty() {
        return Err(AppError::Invalid(FieldErrors(problems)));
    }
    store_waiting(store, actor, typed, unit.as_ref(), campaign, kept, origin).await
}

/// Who sends for whom: citizens for anybody, units for themselves.
fn require_sending(actor: &Actor, unit: Option<&UnitRow>) -> Result<(), AppError> {
    if *actor == Actor::Citizen {
        return Ok(());
    }
    let scope = Scope::of(unit.map(|unit| unit.id));
    let may = actor.may(Permission::ReportForUnit, scope) || actor.may(Permission::CheckExamples, scope);
    match unit {
        _ if may => Ok(()),
        // Whoever sends for a unit says for which.
        None => Err(invalid(Field::Unit, Problem::Missing)),
        Some(_) => Err(AppError::Forbidden),
    }
}

/// The unit that is called that, or has that slug, and is there today.
async fn find_unit(store: &Store, typed: &str) -> Result<Option<UnitRow>, AppError> {
    if typed.is_empty() {
        return Ok(None);
    }
    let (folded, today) = (fold(typed), Day::of(now()));
    let units = list_units(&mut store.db.read().await?).await?;
    let mut found: Vec<UnitRow> = units
        .into_iter()
        .filter(|unit| !unit.is_over(today) && (unit.slug == typed || fold(&unit.name) == folded))
        .collect();
    // Of two units of one name an official says which.
    let chosen = found.iter().position(|unit| unit.slug == typed);
    Ok(chosen.or((found.len() == 1).then_some(0)).map(|index| found.swap_remove(index)))
}

/// The id of a campaign that the public reads; what is none is left out.
async fn find_running(store: &Store, slug: &str) -> Result<Option<i64>, AppError> {
    let Some(slug) = Slug::parse(slug) else { return Ok(None) };
    let found = campaigns::find(&mut store.db.read().await?, slug.as_str()).await?;
    Ok(found.map(|row| row.id))
}

async fn store_waiting(
    store: &Store,
    actor: &Actor,
    typed: &TypedExample,
    unit: Option<&UnitRow>,
    campaign_id: Option<i64>,
    kept: &[KeptPicture],
    origin: Origin<'_>,
) -> Result<ReceiptCode, AppError> {
    let at = now();
    let address = origin.sender.0.to_string();
    let said = [typed.title.as_str(), &typed.person, &typed.text, &typed.name];
    let (key_hash, remembered) = if (16..=64).contains(&typed.key.len()) {
        (store.secret.keyed_hash("example by key", &[&[typed.key.as_str()][..], &said].concat()), KEY_TIME)
    } else {
        (store.secret.keyed_hash("example by sender", &[&[address.as_str()][..], &said].concat()), REPEAT_TIME)
    };
    let code = make_code()?;
    let mut session = store.db.write().await?;
    let receipt_id = db::add_receipt(&mut session, code.as_stored(), at).await?;
    if !db::remember(&mut session, &key_hash, receipt_id, at.plus_ms(remembered), at).await? {
        drop(session);
        let earlier = find_sent(&mut store.db.read().await?, &key_hash, at).await?.ok_or(AppError::Conflict)?;
        return ReceiptCode::parse(&earlier).ok_or_else(|| internal("a stored receipt code is none"));
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let unit_id = unit.map(|unit| unit.id);
    let text = DraftText {
        title: typed.title.clone(),
        lead: shorten(&clean_line(&typed.text), 220),
        body: paragraphs(&typed.text),
        language: origin.language.code().to_owned(),
        ..DraftText::default()
    };
    let id = begin_within(&mut session, TextKind::Example, unit_id, |_| text, actor_id, at).await?;
    let citizen = *actor == Actor::Citizen;
    let staff = !citizen && unit.is_none_or(|unit| is_staff(actor, unit.id));
    let example = NewExample {
        id,
        facts: ExampleFacts {
            kind: &typed.kind,
            person: &typed.person,
            unit_id,
            unit_name: if unit.is_some() { "" } else { &typed.unit },
            campaign_id,
        },
        sender_name: &typed.name,
        sender_contact: (!typed.contact.is_empty()).then_some(typed.contact.as_str()),
        on_behalf_of: if staff { &typed.name } else { "" },
        actor_id,
        receipt_id: Some(receipt_id),
        sender_hash: citizen.then(|| (origin.sender.hash(&store.secret, at), at.plus_ms(SENDER_TIME))),
    };
    db::add(&mut session, &example, at).await?;
    queue::open(&mut session, "example", id, None, id, at).await?;
    for (position, picture) in (0_i64..).zip(kept) {
        db::add_picture(&mut session, id, position, picture.id).await?;
    }
    if !citizen {
        record(&mut session, actor_id, id, "send-example", None, at).await?;
    }
    session.commit().await?;
    Ok(code)
}

/// What a citizen typed as Markdown: each line is a paragraph, and a sign that would begin a tag is itself.
fn paragraphs(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n\n").replace('<', "\\<")
}

async fn record(
    session: &mut Session,
    actor_id: i64,
    id: i64,
    action: &str,
    reason: Option<&str>,
    at: Instant,
) -> Result<(), AppError> {
    log::add_decision(
        session,
        actor_id,
        at,
        Decision { subject_kind: "announcement", subject_id: id, action, reason, reason_id: None },
    )
    .await?;
    Ok(())
}

/// What has become of an example. Permitted to whoever has the code.
///
/// # Errors
/// `NotFound` where no example has it.
pub async fn track_example(session: &mut Session, code: ReceiptCode) -> Result<Tracking, AppError> {
    let row = public::find_by_receipt(session, code.as_stored()).await?.ok_or(AppError::NotFound)?;
    let at = Instant(row.decided_at.unwrap_or(row.sent_at));
    let (state, path) = match row.state.as_str() {
        "published" => (CommentState::Published { at }, announcement::path_of(TextKind::Example.code(), &row.slug)),
        "rejected" => {
            (CommentState::Rejected { at, reason: row.reason.unwrap_or_default() }, "/dien-hinh/gui".to_owned())
        }
        // The form's own path: what the browser kept of it is acknowledged.
        _ => (CommentState::Waiting, "/dien-hinh/gui".to_owned()),
    };
    let mut steps = vec![Step { at: Instant(row.sent_at), kind: StepKind::Received }];
    match &state {
        CommentState::Published { at } => steps.push(Step { at: *at, kind: StepKind::Published }),
        CommentState::Rejected { at, reason } => {
            steps.push(Step { at: *at, kind: StepKind::Rejected { reason: reason.clone() } });
        }
        _ => {}
    }
    Ok(Tracking {
        code,
        received: Instant(row.sent_at),
        state,
        draft: path.clone(),
        path,
        title: row.title,
        comment: None,
        edit: None,
        steps,
        passed: None,
        official: Vec::new(),
        recourse: Recourse::default(),
    })
}

/// The campaigns in which examples can be sent. Permitted to everybody.
///
/// # Errors
/// When the database fails.
pub async fn list_running(store: &Store) -> Result<Read<Vec<CampaignRow>>, AppError> {
    let today = Day::of(now()).iso();
    let mut read = crate::server::services::campaign::list_campaigns(store).await?;
    read.value.retain(|row| row.ends >= today && row.begins <= today);
    read.things.push(Thing::Today);
    Ok(read)
}

/// A page of published examples, and where the next ones begin. Permitted to everybody.
///
/// # Errors
/// When the database fails.
pub async fn list_examples(
    store: &Store,
    kind: Option<&str>,
    after: Option<Cursor>,
) -> Result<Read<(Vec<ExampleRow>, Option<Cursor>)>, AppError> {
    let from = after.unwrap_or(Cursor { at: Instant(i64::MAX), id: i64::MAX });
    let mut session = store.db.read().await?;
    let mut rows = match kind {
        Some(kind) => public::list_of_kind(&mut session, kind, from).await?,
        None => public::list(&mut session, from).await?,
    };
    let more = rows.len() == public::PAGE_MOST;
    rows.truncate(public::PAGE_MOST - 1);
    let next = rows.last().filter(|_| more).map(|row| Cursor { at: Instant(row.decided_at), id: row.id });
    let mut things = vec![Thing::Examples];
    rows.iter().for_each(|row| things.extend(things_of(row)));
    Ok(Read { value: (rows, next), things })
}

/// What a page depends on that shows an example.
pub(super) fn things_of(row: &ExampleRow) -> impl Iterator<Item = Thing> {
    let own = [Thing::Example(row.id), Thing::Announcement(row.id)];
    own.into_iter().chain(row.unit_id.map(Thing::Unit)).chain(row.campaign_id.map(Thing::Announcement))
}

/// An example with everything that its page shows.
#[derive(Clone, Debug)]
pub struct ExamplePage {
    /// Its text.
    pub announcement: crate::domain::announcement::Announcement,
    /// What is said of it besides.
    pub row: ExampleRow,
    /// Its further pictures.
    pub pictures: Vec<crate::domain::announcement::Figure>,
    /// Who took it up.
    pub takers: Vec<TakerRow>,
}

/// Everything on the page of one example. Permitted to everybody.
///
/// # Errors
/// `NotFound`, `Moved`, or `Gone` where it was withdrawn.
pub async fn read_example(store: &Store, slug: &str) -> Result<Read<ExamplePage>, AppError> {
    let slug = Slug::parse(slug).ok_or(AppError::NotFound)?;
    let kind = TextKind::Example.code();
    let mut session = store.db.read().await?;
    let Some(text) = announcement::find_public(&mut session, slug.as_str(), kind).await? else {
        let moved = announcement::find_moved(&mut session, slug.as_str(), kind).await?;
        return Err(moved.map_or(AppError::NotFound, |path| AppError::Moved { path }));
    };
    if text.state == "withdrawn" {
        let at = Instant(text.withdrawn_at.unwrap_or_default());
        let reason = text.withdrawn_reason.unwrap_or_default();
        return Err(AppError::Gone(Withdrawal { title: text.title, reason, at, replaced_by: text.replaced_by }));
    }
    let row = public::find(&mut session, text.id).await?.ok_or(AppError::NotFound)?;
    let takers = public::list_takers(&mut session, row.id).await?;
    let mut things: Vec<Thing> = things_of(&row).collect();
    things.extend(takers.iter().map(|(unit, ..)| Thing::Unit(*unit)));
    let mut pictures = Vec::new();
    for (sizes, caption, credit) in public::list_pictures(&mut session, row.id).await? {
        let picture = stored_picture(&sizes, if caption.is_empty() { &text.title } else { &caption });
        pictures.push(crate::domain::announcement::Figure { picture, caption, credit });
    }
    let announcement = whole(&mut session, text, &mut things).await?;
    Ok(Read { value: ExamplePage { announcement, row, pictures, takers }, things })
}

/// The examples of a campaign that are some unit's and were published up to a day: unit, example.
///
/// # Errors
/// When the database fails.
pub async fn list_published_by_unit(
    session: &mut Session,
    campaign_id: i64,
    until: Option<Day>,
) -> Result<Vec<(i64, i64)>, AppError> {
    let end = until.map_or(i64::MAX, |until| until.plus_days(1).begin().0);
    let rows = public::list_by_unit(session, campaign_id).await?;
    Ok(rows.into_iter().filter(|(.., at)| *at < end).map(|(unit, example, _)| (unit, example)).collect())
}

/// The examples that somebody may decide about, in one state.
///
/// # Errors
/// `Forbidden`.
pub async fn list_to_check(store: &Store, actor: &Actor, state: &str) -> Result<Vec<DeskExample>, AppError> {
    actor.require(Permission::CheckExamples)?;
    let mut session = store.db.read().await?;
    let mut rows = match state {
        "published" | "rejected" => db::list_decided(&mut session, state).await?,
        _ => db::list_waiting(&mut session).await?,
    };
    rows.retain(|row| actor.may(Permission::CheckExamples, Scope::of(row.unit_id)));
    Ok(rows)
}

/// What a unit sent, or what was sent about it, for whoever reports for it.
///
/// # Errors
/// `Forbidden`.
pub async fn list_of_unit(store: &Store, actor: &Actor, unit_id: i64) -> Result<Vec<DeskExample>, AppError> {
    actor.require_in(Permission::ReportForUnit, Scope::Unit(unit_id))?;
    let mut rows = db::list_of_unit(&mut store.db.read().await?, unit_id).await?;
    // What citizens sent about it is between them and whoever checks it, until it is public.
    rows.retain(|row| row.actor_kind != "citizen" || row.state == "published");
    Ok(rows)
}

/// An example as whoever checks it sees it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What is said of it.
    pub row: DeskExample,
    /// Its text.
    pub own: Own,
    /// Its pictures.
    pub pictures: Vec<ExamplePictureRow>,
    /// Every unit that there is today.
    pub units: Vec<UnitRow>,
    /// Every campaign that the public reads.
    pub campaigns: Vec<CampaignRow>,
}

/// An example, for whoever checks it.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_to_check(store: &Store, actor: &Actor, id: i64) -> Result<Checked, AppError> {
    actor.require(Permission::CheckExamples)?;
    let mut session = store.db.read().await?;
    let row = find_for(&mut session, actor, id).await?;
    let today = Day::of(now());
    let mut units = list_units(&mut session).await?;
    units.retain(|unit| !unit.is_over(today) || Some(unit.id) == row.unit_id);
    Ok(Checked {
        own: read_unasked(&mut session, id).await?,
        pictures: db::list_pictures(&mut session, id).await?,
        campaigns: campaigns::list(&mut session).await?,
        units,
        row,
    })
}

async fn find_for(session: &mut Session, actor: &Actor, id: i64) -> Result<DeskExample, AppError> {
    let row = db::find(session, id).await?.ok_or(AppError::NotFound)?;
    actor.require_in(Permission::CheckExamples, Scope::of(row.unit_id))?;
    Ok(row)
}

/// The bytes and the media type of a picture that waits.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_picture(store: &Store, actor: &Actor, id: i64, position: i64) -> Result<(String, Vec<u8>), AppError> {
    let mut session = store.db.read().await?;
    find_for(&mut session, actor, id).await?;
    let pictures = db::list_pictures(&mut session, id).await?;
    drop(session);
    let picture = pictures.into_iter().find(|picture| picture.position == position).ok_or(AppError::NotFound)?;
    let bytes = if picture.visibility == "public" {
        let file = store.picture_file(&format!("{}.jpg", picture.fallback));
        return Ok(("image/jpeg".to_owned(), tokio::fs::read(file).await.map_err(|_| AppError::NotFound)?));
    } else {
        read_evidence_file(store, &picture.sha256).await?
    };
    Ok((picture.media_type, bytes))
}

/// What whoever checks an example makes of it.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    /// The revision that was read.
    pub revision_id: i64,
    /// Its version then.
    pub version: i64,
    /// Its title.
    pub title: String,
    /// Its summary.
    pub lead: String,
    /// Its text.
    pub body: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// Who it is about.
    pub person: String,
    /// The unit's slug; empty for none, or for one that is none of ours.
    pub unit: String,
    /// The campaign; none for empty.
    pub campaign: Option<i64>,
    /// By position: whether it is left out, caption, who made it.
    pub pictures: Vec<(i64, bool, String, String)>,
}

/// Saves what somebody changed in an example that waits. What others saved in between is never overwritten.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, or `Conflict` where others changed the same or it is decided already.
pub async fn save_edits(store: &Store, actor: &Actor, id: i64, edits: &Edits) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    draft::hold_announcement(&mut session, id).await?;
    let row = find_for(&mut session, actor, id).await?;
    if row.state == "published" {
        return Err(AppError::Conflict);
    }
    let line = |text: &str| clean_line(&compose(&text.replace('\0', "")));
    let person = line(&edits.person);
    if person.is_empty() {
        return Err(invalid(Field::Person, Problem::Missing));
    }
    let kind =
        KINDS.into_iter().find(|kind| *kind == edits.kind).ok_or_else(|| invalid(Field::Kind, Problem::Missing))?;
    let unit = list_units(&mut session).await?.into_iter().find(|unit| unit.slug == edits.unit);
    let unit_id = unit.as_ref().map(|unit| unit.id);
    // Nobody gives an example away to where they could not decide about it.
    actor.require_in(Permission::CheckExamples, Scope::of(unit_id))?;
    let unit_name = if unit.is_some() { "" } else { row.unit_name.as_str() };
    let unit_name = if row.unit_id.is_some() { "" } else { unit_name };
    let campaign_id = match edits.campaign {
        Some(id) => campaigns::find_by_id(&mut session, id).await?.map(|row| row.id),
        None => None,
    };
    db::set_facts(&mut session, id, ExampleFacts { kind, person: &person, unit_id, unit_name, campaign_id }).await?;
    draft::set_unit(&mut session, id, unit_id).await?;
    for (position, _, caption, credit) in &edits.pictures {
        db::describe_picture(&mut session, id, *position, &line(caption), &line(credit)).await?;
    }
    let own = read_unasked(&mut session, id).await?;
    let text = DraftText {
        title: edits.title.clone(),
        lead: edits.lead.clone(),
        body: edits.body.clone(),
        ..own.text.clone()
    };
    let saving = Saving { revision_id: edits.revision_id, version: edits.version, base: None, text };
    match save_held(&mut session, actor, own, saving).await? {
        Saved::Done { .. } | Saved::Merged { .. } => {}
        Saved::Conflict { .. } | Saved::Closed(_) => return Err(AppError::Conflict),
    }
    session.commit().await?;
    Ok(())
}

/// Publishes an example: its pictures go to the library, its text gets its address.
///
/// # Errors
/// `NotFound`, `Forbidden`, `OwnText` for whoever entered it, `Invalid` for a text that can't be published, or
/// `Conflict` where it is public already.
pub async fn approve(store: &Store, actor: &Actor, id: i64, edits: &Edits) -> Result<(), AppError> {
    save_edits(store, actor, id, edits).await?;
    let mut session = store.db.read().await?;
    let row = find_for(&mut session, actor, id).await?;
    if actor.find_id(&mut session).await? == Some(row.actor_id) && matches!(actor, Actor::Account(_)) {
        return Err(AppError::OwnText);
    }
    require_publishable(&read_unasked(&mut session, id).await?.text)?;
    let pictures = db::list_pictures(&mut session, id).await?;
    drop(session);
    let left_out = |position: i64| edits.pictures.iter().any(|(known, out, ..)| *known == position && *out);
    let mut shown = Vec::new();
    for picture in pictures.into_iter().filter(|picture| !left_out(picture.position)) {
        // Whoever approves a rejected one again may meet pictures whose time is over.
        let Ok(bytes) = read_evidence_file(store, &picture.sha256).await else { continue };
        let stored = store_picture(store, actor, &picture.name, bytes).await?;
        shown.push((picture, stored));
    }
    let at = now();
    let mut session = store.db.write().await?;
    draft::hold_announcement(&mut session, id).await?;
    let row = find_for(&mut session, actor, id).await?;
    if row.state == "published" || !db::decide(&mut session, id, &row.state, "published", None, at).await? {
        return Err(AppError::Conflict);
    }
    db::remove_pictures(&mut session, id).await?;
    for (position, (picture, stored)) in (0_i64..).zip(&shown) {
        db::add_picture(&mut session, id, position, stored.id).await?;
        db::describe_picture(&mut session, id, position, &picture.caption, &picture.credit).await?;
    }
    let own = read_unasked(&mut session, id).await?;
    if let Some((picture, stored)) = shown.first() {
        let alt = if picture.caption.is_empty() { own.text.title.clone() } else { picture.caption.clone() };
        uploads::describe_picture(&mut session, stored.id, &alt, &fold(&alt)).await?;
        let text = DraftText {
            image: stored.path.clone(),
            image_alt: alt,
            image_caption: picture.caption.clone(),
            image_credit: picture.credit.clone(),
            ..own.text.clone()
        };
        debug_assert!(text.image.starts_with(PICTURE_PATH));
        let open = own.open.as_ref().ok_or(AppError::Conflict)?;
        let saving = Saving { revision_id: open.id, version: open.version, base: None, text };
        save_held(&mut session, actor, own, saving).await?;
    }
    let own = read_unasked(&mut session, id).await?;
    let open = own.open.clone().ok_or(AppError::Conflict)?;
    publish_open(&mut session, actor, &own, &open, at).await?;
    note_example(&mut session, &row);
    let actor_id = actor.find_or_add(&mut session, at).await?;
    queue::close(&mut session, "example", id, actor_id, at).await?;
    record(&mut session, actor_id, id, "approve-example", None, at).await?;
    session.commit().await?;
    Ok(())
}

fn note_example(session: &mut Session, row: &DeskExample) {
    session.note_change(Thing::Example(row.id));
    session.note_change(Thing::Examples);
    if let Some(campaign) = row.campaign_id {
        session.note_change(Thing::Campaign(campaign));
    }
}

/// Rejects an example for a reason that its sender reads.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` without a reason, or `Conflict` where it is decided already.
pub async fn reject(store: &Store, actor: &Actor, id: i64, reason: &str) -> Result<(), AppError> {
    let reason = check_reason(&compose(reason), count)?;
    let at = now();
    let mut session = store.db.write().await?;
    find_for(&mut session, actor, id).await?;
    if !db::decide(&mut session, id, "waiting", "rejected", Some(&reason), at).await? {
        return Err(AppError::Conflict);
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    queue::close(&mut session, "example", id, actor_id, at).await?;
    record(&mut session, actor_id, id, "reject-example", Some(&reason), at).await?;
    session.commit().await?;
    Ok(())
}

/// The examples that can be taken up, the newest first, at most twenty and one that is asked for.
///
/// # Errors
/// `Forbidden`.
pub async fn list_to_take_up(store: &Store, actor: &Actor, asked: Option<i64>) -> Result<Vec<ExampleRow>, AppError> {
    actor.require(Permission::ReportForUnit)?;
    let mut session = store.db.read().await?;
    let mut rows = public::list(&mut session, Cursor { at: Instant(i64::MAX), id: i64::MAX }).await?;
    if let Some(id) = asked
        && rows.iter().all(|row| row.id != id)
        && let Some(row) = public::find(&mut session, id).await?
    {
        rows.insert(0, row);
    }
    Ok(rows)
}

/// The units of somebody who reports, there today.
///
/// # Errors
/// `Forbidden`.
pub async fn list_sending_units(store: &Store, actor: &Actor) -> Result<Vec<UnitRow>, AppError> {
    actor.require(Permission::SendExamples)?;
    let today = Day::of(now());
    let mut units = list_units(&mut store.db.read().await?).await?;
    units.retain(|unit| !unit.is_over(today) && require_sending(actor, Some(unit)).is_ok());
    Ok(units)
}

/// Records that a unit took an example up (*nhân rộng*): once for each unit, the note may be written anew.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Invalid` for a unit that is not there or a note that is too long.
pub async fn take_up(store: &Store, actor: &Actor, id: i64, unit: &str, note: &str) -> Result<String, AppError> {
    let note = clean_lines(&compose(&note.replace('\0', "")));
    let counted = count(&note);
    if counted > 500 {
        let counted = u32::try_from(counted).unwrap_or(u32::MAX);
        return Err(invalid(Field::Body, Problem::TooLong { most: 500, counted }));
    }
    let at = now();
    let unit = find_unit(store, unit).await?.ok_or_else(|| invalid(Field::Unit, Problem::Unknown))?;
    actor.require_in(Permission::ReportForUnit, Scope::Unit(unit.id))?;
    let mut session = store.db.write().await?;
    let row = public::find(&mut session, id).await?.ok_or(AppError::NotFound)?;
    if row.unit_id == Some(unit.id) {
        // Whose it is has not taken it up from anybody.
        return Err(invalid(Field::Unit, Problem::Taken));
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    db::put_take_up(&mut session, id, unit.id, &note, actor_id, at).await?;
    record(&mut session, actor_id, id, "take-up-example", Some(&unit.name), at).await?;
    session.note_change(Thing::Example(id));
    session.commit().await?;
    Ok(announcement::path_of(TextKind::Example.code(), &row.slug))
}

/// Takes away personal data whose time is over, and pictures that belong to nothing; the server's own work.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(store: &Store) -> Result<u64, AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let forgotten = db::forget_expired(&mut session, at, at.plus_ms(-CONTACT_TIME)).await?;
    let left = db::remove_left_pictures(&mut session, at.plus_ms(-LEFT_TIME)).await?;
    session.commit().await?;
    for sha256 in &left {
        // One that is gone already is what was wanted.
        let _ = tokio::fs::remove_file(store.evidence.join(sha256)).await;
    }
    Ok(forgotten)
}
