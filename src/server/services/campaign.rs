//! Campaigns: begun, copied, checked before they are launched, launched, and read by everybody.

use serde::{Deserialize, Serialize};

use crate::domain::announcement::{Announcement, AnnouncementPage, LIST_SIZE, Teaser};
use crate::domain::campaign::{
    Campaign, LegalBasis, PartProblem, Phase, Target, read_campaign as read_parts, sentences,
};
use crate::domain::comment::{CommentPage, CommentsWanted};
use crate::domain::day::Day;
use crate::domain::draft::{DraftField, DraftText};
use crate::domain::error::{AppError, Field, Problem, Withdrawal};
use crate::domain::html::Html;
use crate::domain::slug::Slug;
use crate::domain::text::compose;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::announcement::AnnouncementRow;
use crate::server::db::announcement::list::{self, Narrowing};
use crate::server::db::campaign::{self as public, CampaignRow, LegalRow, PeriodRow, PhaseRow, TargetRow};
use crate::server::db::comment::DiscussionRow;
use crate::server::db::desk::campaign::{self as db, CampaignColumns, ListedCampaign};
use crate::server::db::example::{ExampleRow, list_of_campaign};
use crate::server::db::review::{self, ReviewLink};
use crate::server::db::{Session, announcement, label};
use crate::server::error::internal;
use crate::server::markdown;
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::announcement::{FIRST, whole, without_lead};
use crate::server::services::comment::read_comments;
use crate::server::services::draft::{TextKind, begin_text, read_within};
use crate::server::services::example::things_of;
use crate::server::services::result::Results;
use crate::server::state::Store;
use crate::server::thing::{Read, Thing};

/// So many of its examples the page of a campaign shows.
const EXAMPLES_MOST: i64 = 4;

/// The parts of a campaign as readers get them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sections {
    /// *Mục đích*.
    pub aim: Html,
    /// *Phạm vi*.
    pub scope: Html,
    /// *Đối tượng*.
    pub subjects: Html,
    /// *Kế hoạch*.
    pub plan: Html,
    /// *Biện pháp*.
    pub measures: Html,
    /// *Nội dung thi đua*, one by one.
    pub contents: Vec<String>,
    /// *Tiêu chí*, one by one.
    pub criteria: Vec<String>,
}

/// Begins a campaign, empty or as a copy of another one (its days and history stay behind).
///
/// # Errors
/// `Forbidden`, or `NotFound` for a copy of what is not there.
pub async fn begin_campaign(
    store: &Store,
    actor: &Actor,
    unit_id: Option<i64>,
    copy_of: Option<i64>,
) -> Result<i64, AppError> {
    actor.require(Permission::ManageCampaigns)?;
    let text = match copy_of {
        Some(id) => {
            let own = read_within(&mut store.db.read().await?, actor, id).await?;
            if !own.is_campaign() {
                return Err(AppError::NotFound);
            }
            // What was fixed for that time is chosen anew for this one.
            let gone = String::new;
            DraftText { begins: gone(), ends: gone(), phases: gone(), change_note: gone(), ..own.text }
        }
        None => DraftText::default(),
    };
    begin_text(store, actor, TextKind::Campaign, unit_id, text).await
}

/// Every campaign that somebody may work on, the newest first.
///
/// # Errors
/// `Forbidden`.
pub async fn list_own_campaigns(store: &Store, actor: &Actor) -> Result<Vec<ListedCampaign>, AppError> {
    actor.require(Permission::WriteAnnouncements)?;
    let rows = db::list_all(&mut store.db.read().await?).await?;
    Ok(rows.into_iter().filter(|row| actor.may(Permission::WriteAnnouncements, Scope::of(row.unit_id))).collect())
}

/// What is wrong with the parts of a campaign that would be launched today.
///
/// # Errors
/// When the database fails.
pub(super) async fn find_part_problems(session: &mut Session, text: &DraftText) -> Result<Vec<PartProblem>, AppError> {
    let required = db::list_required_parts(session, Day::of(now())).await?;
    Ok(read_parts(text, &required).1)
}

/// The names of the fields that a launch today must have filled in.
///
/// # Errors
/// When the database fails.
pub async fn list_required_parts(store: &Store, actor: &Actor) -> Result<Vec<String>, AppError> {
    actor.require(Permission::WriteAnnouncements)?;
    Ok(db::list_required_parts(&mut store.db.read().await?, Day::of(now())).await?)
}

/// Makes what a campaign says besides its page public, as a part of its publication.
///
/// # Errors
/// `Invalid` where something that a launch must have is missing or wrong.
pub(super) async fn publish_parts(session: &mut Session, id: i64, text: &DraftText) -> Result<(), AppError> {
    let required = db::list_required_parts(session, Day::of(now())).await?;
    let (Some(campaign), _) = read_parts(text, &required) else { return Err(invalid(Field::Body, Problem::Unmended)) };
    put(session, id, text, &campaign).await
}

fn make_sections(text: &DraftText) -> Sections {
    let rendered = |field: DraftField| markdown::render(text.get(field));
    Sections {
        aim: rendered(DraftField::Aim),
        scope: rendered(DraftField::Scope),
        subjects: rendered(DraftField::Subjects),
        plan: rendered(DraftField::Plan),
        measures: rendered(DraftField::Measures),
        contents: sentences(&text.contents),
        criteria: sentences(&text.criteria),
    }
}

/// The page of a campaign that is being written, as far as its parts can be read: nobody takes part yet.
pub(super) fn draft_page(announcement: Announcement, text: &DraftText) -> (CampaignPage, Results) {
    let campaign = read_parts(text, &[]).0;
    let iso = |typed: &str| Day::parse(typed).map(Day::iso).unwrap_or_default();
    let row = CampaignRow {
        id: 0,
        slug: announcement.slug.clone(),
        state: "draft".to_owned(),
        title: announcement.title.clone(),
        lead: announcement.lead.clone(),
        kind: text.campaign_kind.clone(),
        theme: text.theme.clone(),
        slogan: text.slogan.clone(),
        launcher: text.launcher.clone(),
        begins: iso(&text.begins),
        ends: iso(&text.ends),
        sections: String::new(),
        covenant: text.covenant.clone(),
        score_table: String::new(),
        form: String::new(),
        launched_at: 0,
        demonstration: false,
        registered: 0,
    };
    let (targets, phases, legal) = campaign.map_or_else(Default::default, |campaign| {
        let phase = |phase: Phase| PhaseRow {
            kind: phase.kind.code().to_owned(),
            name: phase.name,
            begins: phase.begins.iso(),
            ends: phase.ends.iso(),
        };
        let legal = |basis: LegalBasis| LegalRow {
            number: basis.number,
            issued: basis.issued.map(Day::iso).unwrap_or_default(),
            title: basis.title,
            address: basis.address,
        };
        let targets: Vec<TargetRow> = campaign.targets.iter().map(draft_target).collect();
        (targets, campaign.phases.into_iter().map(phase).collect(), campaign.legal.into_iter().map(legal).collect())
    });
    let results = Results::empty(row.clone(), &targets);
    let comments = CommentPage::default();
    let page = CampaignPage {
        page: AnnouncementPage { announcement, comments, others: Vec::new(), newest: Vec::new() },
        row,
        sections: make_sections(text),
        targets,
        phases,
        legal,
        periods: Vec::new(),
        reviews: Vec::new(),
        examples: Vec::new(),
    };
    (page, results)
}

fn draft_target(target: &Target) -> TargetRow {
    let columns = db::columns_of;
    let (goal, goal_scale) = columns(target.aim.goal);
    let baseline = target.aim.baseline.map(columns);
    TargetRow {
        id: 0,
        code: target.code.clone(),
        pillar: target.pillar.clone(),
        name: target.name.clone(),
        measure: target.measure.clone(),
        counting: target.aim.counting.code().to_owned(),
        direction: target.aim.direction.code().to_owned(),
        baseline: baseline.map(|(value, _)| value),
        baseline_scale: baseline.map(|(_, scale)| scale),
        goal,
        goal_scale,
        due: target.due.iso(),
        source: target.source.clone(),
    }
}

async fn put(session: &mut Session, id: i64, text: &DraftText, campaign: &Campaign) -> Result<(), AppError> {
    let sections = make_sections(text);
    let json = |value: Result<String, serde_json::Error>| value.map_err(|error| internal(error.to_string()));
    let sections = json(serde_json::to_string(&sections))?;
    let score_table = match &campaign.score {
        Some(table) => json(serde_json::to_string(table))?,
        None => String::new(),
    };
    let form = json(serde_json::to_string(&campaign.form))?;
    let line = |text: &str| crate::domain::text::clean_line(&compose(text));
    let (theme, slogan, launcher) = (line(&text.theme), line(&text.slogan), line(&text.launcher));
    let columns = CampaignColumns {
        kind: campaign.kind.code(),
        theme: &theme,
        slogan: &slogan,
        launcher: &launcher,
        begins: campaign.begins,
        ends: campaign.ends,
        sections: &sections,
        covenant: text.covenant.trim(),
        score_table: &score_table,
        form: &form,
    };
    db::put(session, id, &columns).await?;
    db::put_targets(session, id, &campaign.targets).await?;
    db::put_phases(session, id, &campaign.phases).await?;
    db::put_legal(session, id, &campaign.legal).await?;
    db::put_periods(session, id, &campaign.periods).await?;
    session.note_change(Thing::Campaign(id));
    session.note_change(Thing::Campaigns);
    Ok(())
}

/// A campaign with everything that its page shows.
#[derive(Clone, Debug)]
pub struct CampaignPage {
    /// Its text and its comments; what stands beside them is its news.
    pub page: AnnouncementPage,
    /// What a launch says.
    pub row: CampaignRow,
    /// Its parts.
    pub sections: Sections,
    /// Its targets.
    pub targets: Vec<TargetRow>,
    /// Its phases.
    pub phases: Vec<PhaseRow>,
    /// What it stands on.
    pub legal: Vec<LegalRow>,
    /// Its periods.
    pub periods: Vec<PeriodRow>,
    /// Its public reviews, the latest first.
    pub reviews: Vec<ReviewLink>,
    /// Its latest examples.
    pub examples: Vec<ExampleRow>,
}

/// Everything on the page of one campaign. Permitted to everybody.
///
/// # Errors
/// `NotFound`, `Moved`, or `Gone` where it was withdrawn.
pub async fn read_campaign(store: &Store, slug: &str, wanted: CommentsWanted) -> Result<Read<CampaignPage>, AppError> {
    let slug = Slug::parse(slug).ok_or(AppError::NotFound)?;
    let mut session = store.db.read().await?;
    let Some(text) = announcement::find_public(&mut session, slug.as_str(), TextKind::Campaign.code()).await? else {
        let moved = announcement::find_moved(&mut session, slug.as_str(), "campaign").await?;
        return Err(moved.map_or(AppError::NotFound, |path| AppError::Moved { path }));
    };
    if text.state == "withdrawn" {
        return Err(gone(text));
    }
    let row = public::find(&mut session, slug.as_str()).await?.ok_or(AppError::NotFound)?;
    let discussion = DiscussionRow { id: text.discussion_id, published_count: text.published_count };
    let comments = CommentPage { about: text.id, ..read_comments(&mut session, discussion, wanted).await? };
    let mut things =
        vec![Thing::Campaign(row.id), Thing::Announcement(row.id), Thing::Comments(row.id), Thing::Everything];
    let news = list_news(&mut session, text.revision_id, &mut things).await?;
    let announcement = whole(&mut session, text, &mut things).await?;
    let reviews = review::list_published(&mut session, row.id).await?;
    things.extend(reviews.iter().map(|review| Thing::Announcement(review.id)));
    let examples = list_of_campaign(&mut session, row.id, Instant(i64::MAX), EXAMPLES_MOST).await?;
    things.push(Thing::Examples);
    examples.iter().for_each(|row| things.extend(things_of(row)));
    let newest = list::list_page(&mut session, Narrowing::Everything, FIRST).await?;
    let newest: Vec<Teaser> = newest.into_iter().take(5).map(|placed| without_lead(placed.teaser)).collect();
    let page = CampaignPage {
        page: AnnouncementPage { announcement, comments, others: news, newest },
        sections: read_sections(&row),
        targets: public::list_targets(&mut session, row.id).await?,
        phases: public::list_phases(&mut session, row.id).await?,
        legal: public::list_legal(&mut session, row.id).await?,
        periods: public::list_periods(&mut session, row.id).await?,
        reviews,
        examples,
        row,
    };
    Ok(Read { value: page, things })
}

/// That a text was withdrawn, with why.
pub(super) fn gone(text: AnnouncementRow) -> AppError {
    let at = Instant(text.withdrawn_at.unwrap_or_default());
    let reason = text.withdrawn_reason.unwrap_or_default();
    AppError::Gone(Withdrawal { title: text.title, reason, at, replaced_by: text.replaced_by })
}

/// The parts of a campaign as they are stored; one that another version of this program wrote has none.
pub fn read_sections(row: &CampaignRow) -> Sections {
    serde_json::from_str(&row.sections).unwrap_or_default()
}

/// A campaign's news: the announcements that share a tag with its page, the newest first.
async fn list_news(session: &mut Session, revision_id: i64, things: &mut Vec<Thing>) -> Result<Vec<Teaser>, AppError> {
    let mut news = Vec::new();
    for tag in label::list_revision_tags(session, revision_id).await? {
        let Some((id, _)) = label::find_tag(session, &tag.slug).await? else { continue };
        things.push(Thing::Tag(id));
        news.extend(list::list_page(session, Narrowing::Tag(id), FIRST).await?);
    }
    news.sort_by_key(|placed| std::cmp::Reverse((placed.cursor.at.0, placed.cursor.id)));
    news.dedup_by_key(|placed| placed.cursor.id);
    news.truncate(LIST_SIZE / 2);
    things.extend(news.iter().map(|placed| Thing::Announcement(placed.cursor.id)));
    Ok(news.into_iter().map(|placed| without_lead(placed.teaser)).collect())
}

/// The campaigns that the public reads, the one that was launched last first. Permitted to everybody.
///
/// # Errors
/// When the database fails.
pub async fn list_campaigns(store: &Store) -> Result<Read<Vec<CampaignRow>>, AppError> {
    let rows = public::list(&mut store.db.read().await?).await?;
    let mut things = vec![Thing::Campaigns, Thing::Today];
    things.extend(rows.iter().map(|row| Thing::Campaign(row.id)));
    Ok(Read { value: rows, things })
}
