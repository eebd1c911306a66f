//! An example on its way in: from a citizen without an account, from a unit, from staff for somebody who came in person.

use super::{DAY, KINDS, PICTURES_MOST, SENDER_TIME, TEXT_MOST, TITLE_MOST};
use crate::domain::comment::{EMAIL_MOST, NAME_MOST};
use crate::domain::day::Day;
use crate::domain::draft::DraftText;
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::receipt::ReceiptCode;
use crate::domain::slug::Slug;
use crate::domain::text::{clean_line, clean_lines, compose, count, fold, shorten};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::comment::arrival::find_sent;
use crate::server::db::desk::example::{self as db, ExampleFacts, NewExample};
use crate::server::db::desk::queue;
use crate::server::db::desk::unit::{UnitRow, list_units};
use crate::server::db::log::{self, Decision};
use crate::server::db::{Session, campaign as campaigns};
use crate::server::error::internal;
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::comment::{Origin, make_code};
use crate::server::services::draft::{TextKind, begin_within};
use crate::server::services::library::store_internal_picture;
use crate::server::services::registration::is_staff;
use crate::server::state::Store;

/// The longest other line that is taken, in characters.
const LINE_MOST: usize = 200;

/// Without a key of the browser's, the same text from the same sender within this time is the same example.
const REPEAT_TIME: i64 = 10 * 60_000;

/// A key of the browser's is remembered for as long as a phone may be without a connection.
const KEY_TIME: i64 = 7 * DAY;

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
pub(super) async fn find_unit(store: &Store, typed: &str) -> Result<Option<UnitRow>, AppError> {
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

pub(super) async fn record(
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
