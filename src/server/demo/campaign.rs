//! The campaign of the demonstration: its units, its text, who takes part, what they reported, what was corrected, its
//! examples, and its final review.

use std::collections::HashMap;

use self::content::{PlanLine, UnitLine, read, read_json, read_lines};
use super::Amount;
use super::comment::{add_comments, hold_conversations, read_comments};
use crate::domain::day::Day;
use crate::domain::draft::DraftText;
use crate::domain::error::AppError;
use crate::domain::figure::Figure;
use crate::domain::lang::Lang;
use crate::domain::report::Cells;
use crate::domain::slug::Slug;
use crate::domain::text::{fold, sort_key};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::campaign::{self as public, CampaignRow, PeriodRow};
use crate::server::db::desk::registration::{self, RegistrationColumns};
use crate::server::db::desk::unit::{self, UnitColumns};
use crate::server::db::desk::{demo as db, library};
use crate::server::db::{Session, announcement, label, upload};
use crate::server::error::{Failure, internal};
use crate::server::secret::sha256_hex;
use crate::server::services::actor::Actor;
use crate::server::services::draft::TextKind;
use crate::server::services::publication::{begin_demonstration, publish_demonstration};
use crate::server::services::registration::{AGREED, PLAN, SIGNER, SIGNER_TITLE, goal_name};
use crate::server::state::Store;
use crate::server::{image, markdown};

mod content;
mod examples;
mod reports;
mod review;

/// The file of the campaign's text, and what its address is made of.
const NAME: &str = "muc-tieu-kep-2021";
/// The year whose clusters its units are in.
const YEAR: i64 = 2021;

/// Loads the campaign with its units, registrations, reports, examples and comments; what is there already is left as it is.
///
/// # Errors
/// A sentence with what could not be loaded.
pub async fn load_campaigns(store: &Store) -> Result<Amount, Failure> {
    let lines: Vec<UnitLine> = read_lines("campaigns/units.csv")?;
    let (units, added) = load_units(store, &lines).await?;
    let launched = launch(store).await?;
    let frame = Frame::read(store, lines, units).await?;
    let registered = register(store, &frame).await?;
    reports::load(store, &frame, registered).await?;
    let examples = examples::load(store, &frame).await?;
    let announcements = review::load(store, &frame).await?;
    let comments = match &launched {
        Some((slug, at)) => {
            let added = add_comments(store, &read_comments()?, NAME, slug, *at).await?;
            hold_conversations(store, &added).await?
        }
        None => 0,
    };
    Ok(Amount { announcements, comments, campaigns: usize::from(launched.is_some()), examples, units: added })
}

/// An hour of a day in Vietnam. Not everybody does something at the same minute: `turn` moves it within the morning or
/// the afternoon.
fn at(day: Day, hour: i64, turn: usize) -> Instant {
    let turn = i64::try_from(turn).unwrap_or_default();
    day.begin().plus_ms(hour * 3_600_000 + turn * 37 % 180 * 60_000)
}

/// The units of the demonstration by the slugs of the file, and how many of them are new.
async fn load_units(store: &Store, lines: &[UnitLine]) -> Result<(HashMap<String, i64>, usize), Failure> {
    let mut session = store.db.write().await?;
    let known: HashMap<String, i64> = db::list_units(&mut session).await?.into_iter().collect();
    let (mut units, mut added) = (HashMap::new(), 0);
    for line in lines {
        let id = match known.get(&line.slug) {
            Some(id) => *id,
            None => {
                added += 1;
                add_unit(&mut session, line).await?
            }
        };
        units.insert(line.slug.clone(), id);
    }
    session.commit().await?;
    Ok((units, added))
}

async fn add_unit(session: &mut Session, line: &UnitLine) -> Result<i64, Failure> {
    let slug = unit_slug(session, line).await?;
    let level = Slug::from_folded(&fold(&line.level)).ok_or(AppError::NotFound)?;
    let columns = UnitColumns {
        name: &line.name,
        sort_key: &sort_key(&line.name),
        code: Some(&line.code),
        level_id: Some(unit::find_or_add_level(session, level.as_str(), &line.level).await?),
        ..UnitColumns::default()
    };
    let id = unit::add_unit(session, slug.as_str(), &columns, now()).await?;
    db::mark_unit(session, id).await?;
    let cluster_id = find_or_add_cluster(session, &line.cluster).await?;
    unit::put_in_cluster(session, YEAR, id, cluster_id).await?;
    Ok(id)
}

/// The slug of the file, or one like it where a unit that is real has that.
async fn unit_slug(session: &mut Session, line: &UnitLine) -> Result<Slug, Failure> {
    let asked = Slug::parse(&line.slug).ok_or(AppError::NotFound)?;
    let (mut slug, mut number) = (asked.clone(), 1);
    while unit::find_unit(session, slug.as_str()).await?.is_some() {
        number += 1;
        slug = asked.numbered(number);
    }
    Ok(slug)
}

async fn find_or_add_cluster(session: &mut Session, name: &str) -> Result<i64, Failure> {
    let clusters = unit::list_clusters(session, YEAR).await?;
    let key = sort_key(name);
    if let Some(known) = clusters.iter().find(|cluster| sort_key(&cluster.name) == key) {
        return Ok(known.id);
    }
    let id = unit::add_cluster(session, YEAR, name, &key).await?;
    db::mark_cluster(session, id).await?;
    Ok(id)
}

/// Launches the campaign at eight o'clock of its first day, if there is none of the demonstration; gives its slug and the
/// moment.
async fn launch(store: &Store) -> Result<Option<(String, Instant)>, Failure> {
    if db::find_campaign(&mut store.db.read().await?).await?.is_some() {
        return Ok(None);
    }
    let mut text: DraftText = read_json(&format!("campaigns/{NAME}.json"))?;
    let begins = Day::parse(&text.begins).ok_or_else(|| Failure::new(format!("{NAME}: {} is no day.", text.begins)))?;
    let at = at(begins, 8, 0);
    let picture_id = store_picture(store, &text.image, at).await?;
    let mut session = store.db.write().await?;
    // Two who load at once: the second one sees the first one's here.
    if db::find_campaign(&mut session).await?.is_some() {
        return Ok(None);
    }
    text.image = picture_address(&mut session, picture_id).await?;
    text.category = find_or_add_category(&mut session, &text.category).await?;
    Lang::Vi.code().clone_into(&mut text.language);
    let slug = free_slug(&mut session, NAME).await?;
    let id = begin_demonstration(&mut session, TextKind::Campaign, &slug, at).await?;
    publish_demonstration(&mut session, id, &text, at).await?;
    session.commit().await?;
    Ok(Some((slug.to_string(), at)))
}

/// The id of a picture of the demonstration, stored if an announcement has not brought it along.
async fn store_picture(store: &Store, path: &str, at: Instant) -> Result<i64, Failure> {
    let bytes = read(path)?;
    if let Some(id) = upload::find_public(&mut store.db.read().await?, &sha256_hex(bytes)).await? {
        return Ok(id);
    }
    let prepared = tokio::task::spawn_blocking(move || image::prepare(bytes)).await.map_err(internal)?;
    let prepared = prepared.map_err(|why| Failure::new(format!("demo/{path}: {why:?}.")))?;
    prepared.write(store)?;
    let mut session = store.db.write().await?;
    let actor_id = Actor::Demonstration.find_or_add(&mut session, at).await?;
    let id = upload::add_public(&mut session, &prepared.upload, actor_id, at).await?;
    session.commit().await?;
    Ok(id)
}

/// The address by which a draft names a stored picture.
async fn picture_address(session: &mut Session, id: i64) -> Result<String, Failure> {
    let row = library::find_upload(session, id).await?.ok_or(AppError::NotFound)?;
    let picture = upload::stored_picture(&row.sizes, "").ok_or(AppError::NotFound)?;
    Ok(picture.fallback.url)
}

/// The slug of a category by its name.
async fn find_or_add_category(session: &mut Session, name: &str) -> Result<String, Failure> {
    let slug = Slug::from_folded(&fold(name)).ok_or(AppError::NotFound)?;
    label::find_or_add_category(session, slug.as_str(), name, &sort_key(name)).await?;
    Ok(slug.to_string())
}

/// The slug of the file, or one like it where something real has that.
async fn free_slug(session: &mut Session, asked: &str) -> Result<Slug, Failure> {
    let asked = Slug::parse(asked).ok_or(AppError::NotFound)?;
    let (mut slug, mut number) = (asked.clone(), 1);
    while announcement::find_state(session, slug.as_str()).await?.is_some() {
        number += 1;
        slug = asked.numbered(number);
    }
    Ok(slug)
}

/// What registrations and reports hang on.
struct Frame {
    /// Who does all this.
    actor_id: i64,
    campaign: CampaignRow,
    lines: Vec<UnitLine>,
    /// By the slugs of the file.
    units: HashMap<String, i64>,
    /// By their codes.
    targets: HashMap<String, i64>,
    /// The earliest first.
    periods: Vec<PeriodRow>,
}

impl Frame {
    async fn read(store: &Store, lines: Vec<UnitLine>, units: HashMap<String, i64>) -> Result<Self, Failure> {
        let mut session = store.db.read().await?;
        let id = db::find_campaign(&mut session).await?.ok_or(AppError::NotFound)?;
        let targets = public::list_targets(&mut session, id).await?;
        Ok(Self {
            actor_id: Actor::Demonstration.find_id(&mut session).await?.ok_or(AppError::NotFound)?,
            campaign: public::find_by_id(&mut session, id).await?.ok_or(AppError::NotFound)?,
            lines,
            units,
            targets: targets.into_iter().map(|target| (target.code, target.id)).collect(),
            periods: public::list_periods(&mut session, id).await?,
        })
    }

    fn target(&self, code: &str) -> Result<i64, Failure> {
        self.targets
            .get(code)
            .copied()
            .ok_or_else(|| Failure::new(format!("demo/campaigns: there is no target {code}.")))
    }

    fn unit(&self, slug: &str) -> Result<i64, Failure> {
        self.units.get(slug).copied().ok_or_else(|| Failure::new(format!("demo/campaigns: there is no unit {slug}.")))
    }

    fn name(&self, slug: &str) -> &str {
        self.lines.iter().find(|line| line.slug == slug).map_or("", |line| line.name.as_str())
    }

    /// A period by its number, from 1.
    fn period(&self, number: usize) -> Result<&PeriodRow, Failure> {
        let found = number.checked_sub(1).and_then(|index| self.periods.get(index));
        found.ok_or_else(|| Failure::new(format!("demo/campaigns: there is no period {number}.")))
    }
}

/// A figure as somebody types it: without separators of thousands, since 1.234 could be read in two ways.
fn typed(figure: Figure) -> String {
    figure.plain().replace('.', ",")
}

/// Registers the units that are not; gives the registrations of all that the file has, by their slugs there.
async fn register(store: &Store, frame: &Frame) -> Result<HashMap<String, i64>, Failure> {
    let plans: HashMap<String, String> = read_json("campaigns/plans.json")?;
    let goals: Vec<PlanLine> = read_lines("campaigns/plans.csv")?;
    let mut session = store.db.write().await?;
    let mut registered = HashMap::new();
    for (turn, line) in frame.lines.iter().enumerate() {
        let Some(day) = line.registered else { continue };
        let id = match registration::find(&mut session, frame.campaign.id, frame.unit(&line.slug)?).await? {
            Some(known) => known.id,
            None => {
                let own: Vec<&PlanLine> = goals.iter().filter(|goal| goal.unit == line.slug).collect();
                let plan = plans.get(&line.slug).map_or("", String::as_str);
                register_unit(&mut session, frame, line, plan, &own, at(day, 9, turn)).await?
            }
        };
        registered.insert(line.slug.clone(), id);
    }
    session.commit().await?;
    Ok(registered)
}

async fn register_unit(
    session: &mut Session,
    frame: &Frame,
    line: &UnitLine,
    plan: &str,
    goals: &[&PlanLine],
    at: Instant,
) -> Result<i64, Failure> {
    let mut cells = Cells::from(
        [(SIGNER, line.signer_name.as_str()), (SIGNER_TITLE, &line.signer_title), (PLAN, plan), (AGREED, "1")]
            .map(|(name, text)| (name.to_owned(), text.to_owned())),
    );
    cells.extend(goals.iter().map(|goal| (goal_name(&goal.target), typed(goal.goal))));
    let content = serde_json::to_string(&cells).map_err(internal)?;
    let columns = RegistrationColumns {
        signer_name: &line.signer_name,
        signer_title: &line.signer_title,
        content: &content,
        on_behalf_of: "",
    };
    let (campaign_id, unit_id) = (frame.campaign.id, frame.unit(&line.slug)?);
    let id = registration::find_or_add(session, campaign_id, unit_id, frame.actor_id, at).await?;
    registration::save(session, id, 1, &columns, markdown::render(plan).as_str()).await?;
    let mut figures = Vec::new();
    for goal in goals {
        figures.push((frame.target(&goal.target)?, goal.goal));
    }
    registration::put_plan_targets(session, id, &figures).await?;
    registration::sign(session, id, &frame.campaign.covenant, at).await?;
    Ok(id)
}
