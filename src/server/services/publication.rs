//! The way of a text to the public: checked by a second pair of eyes, published at once or at its hour, exactly once.

use std::collections::HashMap;

use crate::domain::account::Permission;
use crate::domain::announcement::{Announcement, Figure, LEAD_MOST, Label, TITLE_MOST};
use crate::domain::comment::check_reason;
use crate::domain::draft::{DraftField, DraftText, RevisionState, Step};
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::html::Html;
use crate::domain::lang::Lang;
use crate::domain::slug::Slug;
use crate::domain::text::{clean_line, compose, count, fold, sort_key};
use crate::domain::time::Instant;
use crate::server::check::{self, Finding, FindingKind, Severity, check_draft, internal_links};
use crate::server::clock::now;
use crate::server::db::announcement::revision::{self, LatestRevision};
use crate::server::db::desk::draft::{self as db, OwnRow, PreviewLinkRow, RevisionRow};
use crate::server::db::desk::library::UploadRow;
use crate::server::db::desk::{front, library};
use crate::server::db::upload::stored_picture;
use crate::server::db::{Session, announcement, label, search};
use crate::server::error::OnConstraint;
use crate::server::markdown;
use crate::server::secret::sha256_hex;
use crate::server::services::account::{invalid, make_token};
use crate::server::services::actor::{Actor, Scope};
use crate::server::services::announcement::{Shown, make_public, note_changes, publish_within, record};
use crate::server::services::campaign::{CampaignPage, draft_page, find_part_problems, publish_parts};
use crate::server::services::draft::{Own, TextKind, add_draft, hold_within, picture_name, read_within, text_of};
use crate::server::services::result::Results;
use crate::server::services::review::{self, find_changed_figures};
use crate::server::state::Store;
use crate::server::thing::Thing;
use crate::text::Text;

/// The longest time ahead that something is scheduled for, in milliseconds: a year.
const SCHEDULE_MOST: i64 = 366 * 24 * 3_600_000;
/// The longest life of a secret link, in milliseconds: 30 days.
const LINK_MOST: i64 = 30 * 24 * 3_600_000;

/// Takes a step with the text of an announcement that is open. `hour` is for scheduling, `notes` for sending back, and
/// the reason of an emergency.
///
/// # Errors
/// `NotFound`, `Forbidden` (also for whoever wrote what they would publish), `Invalid` for a text that can't be
/// published as it is, a missing reason or an hour that has passed, `Conflict` where the text stands somewhere else.
pub async fn take_step(
    store: &Store,
    actor: &Actor,
    id: i64,
    version: Option<i64>,
    step: Step,
    hour: Option<Instant>,
    notes: &str,
) -> Result<(), AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let own = hold_within(&mut session, actor, id).await?;
    let open = own.open.clone().ok_or(AppError::Conflict)?;
    let from = open.state();
    // Whoever decides decides about what they saw.
    if version.is_some_and(|version| version != open.version) {
        return Err(AppError::Conflict);
    }
    // What was sent in becomes public by the decision about it, where consent and pictures are looked at.
    if own.is_example() && own.row.first_published_at.is_none() {
        return Err(AppError::Conflict);
    }
    let to = from.after(step).ok_or(AppError::Conflict)?;
    require_step(&mut session, actor, &own, &open, step).await?;
    if matches!(step, Step::Submit | Step::Approve | Step::Schedule | Step::Publish | Step::PublishInEmergency) {
        require_publishable(&own.text)?;
    }
    // Whoever decides that readers get it has what must be mended mended; an emergency does not wait for that.
    // A campaign is launched with everything that the law asks of it, or not at all.
    let waits = match step {
        Step::Approve | Step::Schedule | Step::Publish => true,
        Step::PublishInEmergency => own.is_campaign(),
        _ => false,
    };
    if waits && must_be_mended(&mut session, &own).await? {
        return Err(invalid(Field::Body, Problem::Unmended));
    }
    let notes = match step {
        Step::Return | Step::PublishInEmergency => check_reason(&compose(notes), count)?,
        _ => String::new(),
    };
    let scheduled = match step {
        Step::Schedule => Some(hour.filter(|hour| hour.0 > at.0 && hour.0 - at.0 < SCHEDULE_MOST))
            .map(|hour| hour.ok_or_else(|| invalid(Field::Hour, Problem::NoHour)))
            .transpose()?,
        _ => None,
    };
    match step {
        Step::Publish | Step::PublishInEmergency => {
            publish_open(&mut session, actor, &own, &open, at).await?;
            if step == Step::PublishInEmergency {
                db::mark_emergency(&mut session, open.id).await?;
                record(&mut session, actor, id, "publish-in-emergency", Some(&notes), at).await?;
            }
        }
        _ => {
            if !db::move_revision(&mut session, open.id, from, to, scheduled, &notes).await? {
                return Err(AppError::Conflict);
            }
            let told = scheduled.map(|hour| hour.minute(Lang::Vi)).unwrap_or(notes);
            record(&mut session, actor, id, action(step), (!told.is_empty()).then_some(told.as_str()), at).await?;
        }
    }
    session.commit().await?;
    Ok(())
}

const fn action(step: Step) -> &'static str {
    match step {
        Step::Submit => "submit",
        Step::TakeBack => "take-back",
        Step::Return => "return",
        Step::Approve => "approve",
        Step::Schedule => "schedule",
        Step::Publish => "publish",
        Step::PublishInEmergency => "publish-in-emergency",
    }
}

/// Who may take which step: writers submit and take back, publishers do the rest, and nobody publishes what they wrote.
async fn require_step(
    session: &mut Session,
    actor: &Actor,
    own: &Own,
    open: &RevisionRow,
    step: Step,
) -> Result<(), AppError> {
    match step {
        Step::Submit => actor.require_in(Permission::WriteAnnouncements, own.scope()),
        Step::TakeBack => {
            let writes = actor.may(Permission::WriteAnnouncements, own.scope());
            // What others have approved is not taken back by its writer alone without them knowing: it is recorded.
            if writes { Ok(()) } else { actor.require_in(Permission::PublishAnnouncements, own.scope()) }
        }
        Step::Return | Step::PublishInEmergency => actor.require_in(Permission::PublishAnnouncements, own.scope()),
        Step::Approve | Step::Schedule | Step::Publish => {
            actor.require_in(Permission::PublishAnnouncements, own.scope())?;
            if wrote(session, actor, open.id).await? { Err(AppError::OwnText) } else { Ok(()) }
        }
    }
}

/// Whether an actor is among those who wrote a text. The command line writes on behalf of others.
async fn wrote(session: &mut Session, actor: &Actor, revision_id: i64) -> Result<bool, AppError> {
    let Actor::Account(_) = actor else { return Ok(false) };
    let Some(me) = actor.find_id(session).await? else { return Ok(false) };
    Ok(db::list_writers(session, revision_id).await?.contains(&me))
}

/// What keeps a text from being published.
///
/// # Errors
/// `Invalid`, field by field.
pub(super) fn require_publishable(text: &DraftText) -> Result<(), AppError> {
    let mut errors = Vec::new();
    let mut check = |field: Field, text: &str, most: usize| {
        let counted = count(&compose(text));
        if text.trim().is_empty() {
            errors.push((field, Problem::Missing));
        } else if counted > most {
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            errors.push((field, Problem::TooLong { most: number(most), counted: number(counted) }));
        }
    };
    check(Field::Title, &text.title, TITLE_MOST);
    check(Field::Lead, &text.lead, LEAD_MOST);
    check(Field::Body, &text.body, usize::MAX);
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(FieldErrors(errors))) }
}

/// Makes the open text public: gives it its address, its tags, its pictures and its HTML as they are now. Who may is asked
/// by whoever calls.
pub(super) async fn publish_open(
    session: &mut Session,
    actor: &Actor,
    own: &Own,
    open: &RevisionRow,
    at: Instant,
) -> Result<(), AppError> {
    let text = &own.text;
    let made = make_parts(session, text).await?;
    db::clear_parts(session, open.id).await?;
    for id in &made.picture_ids {
        revision::add_revision_picture(session, open.id, *id).await?;
    }
    for (picture, alt) in &made.described {
        library::describe_picture(session, picture.id, alt, &fold(&format!("{} {alt}", picture.name))).await?;
    }
    for tag in split_tags(&text.tags) {
        if let Some(slug) = Slug::from_folded(&fold(&tag)) {
            let tag_id = label::find_or_add_tag(session, slug.as_str(), &tag, &sort_key(&tag)).await?;
            revision::add_revision_tag(session, open.id, tag_id).await?;
        }
    }
    db::set_html(session, open.id, made.html.as_str()).await?;
    if own.is_campaign() {
        publish_parts(session, own.row.id, text).await?;
    }
    if !own.is_named() {
        let slug = free_slug(session, own.row.id, &text.title).await?;
        db::change_slug(session, own.row.id, &own.row.slug, slug.as_str(), false, at).await?;
    }
    let latest = LatestRevision {
        id: open.id,
        title: clean_line(&compose(&text.title)),
        lead: clean_line(&compose(&text.lead)),
        body_markdown: text.body.clone(),
        category_id: open.category_id,
        change_note: text.change_note.clone(),
    };
    make_public(session, actor, own.row.id, &latest, at).await
}

/// Begins a text of the demonstration at a past time and gives its id: what hangs on it is put in place before it is
/// published.
///
/// # Errors
/// When the slug is taken.
pub(in crate::server) async fn begin_demonstration(
    session: &mut Session,
    kind: TextKind,
    slug: &Slug,
    at: Instant,
) -> Result<i64, AppError> {
    Ok(announcement::add(session, kind.code(), slug.as_str(), true, at).await?)
}

/// Publishes a text of the demonstration at a past time, checked as any other one.
///
/// # Errors
/// `Invalid` for a text that could not be published.
pub(in crate::server) async fn publish_demonstration(
    session: &mut Session,
    id: i64,
    text: &DraftText,
    at: Instant,
) -> Result<(), AppError> {
    let actor = Actor::Demonstration;
    let actor_id = actor.find_or_add(session, at).await?;
    add_draft(session, id, text, actor_id, at).await?;
    let own = hold_within(session, &actor, id).await?;
    require_publishable(text)?;
    if must_be_mended(session, &own).await? {
        return Err(invalid(Field::Body, Problem::Unmended));
    }
    let open = own.open.clone().ok_or(AppError::Conflict)?;
    publish_open(session, &actor, &own, &open, at).await?;
    Ok(())
}

/// The tags that somebody typed, with commas between, each once.
pub fn split_tags(tags: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for tag in tags.split([',', ';']) {
        let tag: String = clean_line(&compose(tag)).chars().take(60).collect();
        if !tag.is_empty() && all.len() < 20 && all.iter().all(|known| fold(known) != fold(&tag)) {
            all.push(tag);
        }
    }
    all
}

/// Whether a page of its own stands where a text of this slug would: the form at `/dien-hinh/gui`.
fn is_reserved(slug: &Slug) -> bool {
    slug.as_str() == "gui"
}

/// A free slug made of a title.
async fn free_slug(session: &mut Session, id: i64, title: &str) -> Result<Slug, AppError> {
    let made = Slug::from_folded(&fold(title)).or_else(|| Slug::from_folded(&format!("tin {id}")));
    let made = made.ok_or(AppError::Conflict)?;
    for number in 1_u32.. {
        let slug = if number == 1 { made.clone() } else { made.numbered(number) };
        let found = announcement::find_state(session, slug.as_str()).await?;
        let taken = is_reserved(&slug) || found.is_some_and(|(other, _)| other != id);
        if !taken && !db::is_former_slug(session, slug.as_str(), id).await? {
            return Ok(slug);
        }
    }
    Err(AppError::Conflict)
}

/// What a text becomes for readers.
struct Parts {
    html: Html,
    picture_ids: Vec<i64>,
    /// Pictures of which the library does not know yet what they show, with what the text says of it.
    described: Vec<(UploadRow, String)>,
}

async fn make_parts(session: &mut Session, text: &DraftText) -> Result<Parts, AppError> {
    let (mut pictures, mut picture_ids, mut described) = (HashMap::new(), Vec::new(), Vec::new());
    for figure in markdown::list_figures(&text.body) {
        let Some(name) = picture_name(&figure.path) else { continue };
        if let Some(upload) = library::find_picture(session, name).await?
            && let Some(picture) = stored_picture(&upload.sizes, &figure.alt)
        {
            picture_ids.push(upload.id);
            pictures.insert(figure.path, picture);
            if upload.alt.is_empty() && !figure.alt.trim().is_empty() {
                described.push((upload, figure.alt));
            }
        }
    }
    let lang = Lang::parse(&text.language).unwrap_or_default();
    Ok(Parts { html: markdown::render_with_pictures(&text.body, &pictures, Text(lang)), picture_ids, described })
}

/// A text as readers would see it.
#[derive(Clone, Debug)]
pub enum Preview {
    /// An announcement.
    Announcement(Box<Announcement>),
    /// A campaign's page, in which nobody takes part yet.
    Campaign(Box<(CampaignPage, Results)>),
}

impl Preview {
    /// The title of the page.
    pub fn title(&self) -> &str {
        match self {
            Preview::Announcement(announcement) => &announcement.title,
            Preview::Campaign(campaign) => &campaign.0.page.announcement.title,
        }
    }
}

/// A text as readers would see it.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn preview(store: &Store, actor: &Actor, id: i64) -> Result<Preview, AppError> {
    let mut session = store.db.read().await?;
    let own = read_within(&mut session, actor, id).await?;
    make_preview(&mut session, &own.row, &own.text).await
}

/// What a secret link shows. Permitted to whoever has the link.
///
/// # Errors
/// `NotFound` for a link that nobody made or that was taken back, `Expired` for one that has run out.
pub async fn preview_by_link(store: &Store, token: &str) -> Result<Preview, AppError> {
    let mut session = store.db.read().await?;
    let link = db::find_preview_link(&mut session, &sha256_hex(token.as_bytes())).await?.ok_or(AppError::NotFound)?;
    if link.expires_at <= now().0 {
        return Err(AppError::Expired);
    }
    let row = db::find_own(&mut session, link.announcement_id).await?.ok_or(AppError::NotFound)?;
    let shown = match db::find_open_revision(&mut session, row.id).await? {
        Some(open) => Some(open),
        // What was withdrawn is shown by no link either.
        None => match row.published_revision_id.filter(|_| row.state != "withdrawn") {
            Some(id) => db::find_revision(&mut session, id).await?,
            None => None,
        },
    };
    let shown = shown.ok_or(AppError::NotFound)?;
    let text = text_of(&mut session, &shown).await?;
    make_preview(&mut session, &row, &text).await
}

async fn make_preview(session: &mut Session, row: &OwnRow, text: &DraftText) -> Result<Preview, AppError> {
    let announcement = draft_announcement(session, &row.slug, row.first_published_at, text).await?;
    Ok(if row.kind == TextKind::Campaign.code() {
        Preview::Campaign(Box::new(draft_page(announcement, text)))
    } else {
        Preview::Announcement(Box::new(announcement))
    })
}

async fn draft_announcement(
    session: &mut Session,
    slug: &str,
    published: Option<i64>,
    text: &DraftText,
) -> Result<Announcement, AppError> {
    let made = make_parts(session, text).await?;
    let picture = match picture_name(&text.image) {
        Some(name) => library::find_picture(session, name)
            .await?
            .and_then(|upload| stored_picture(&upload.sizes, &text.image_alt)),
        None => None,
    };
    let caption = text.image_caption.clone();
    let figure = (picture.is_some() || !caption.is_empty()).then(|| Figure {
        picture,
        caption,
        credit: text.image_credit.clone(),
    });
    let categories = front::list_categories(session).await?;
    let category = categories.into_iter().find(|category| category.slug == text.category);
    let label = |name: String| Label {
        slug: Slug::from_folded(&fold(&name)).map_or_else(String::new, |slug| slug.to_string()),
        name,
    };
    Ok(Announcement {
        slug: slug.to_owned(),
        title: text.title.clone(),
        lead: text.lead.clone(),
        html: made.html,
        language: Lang::parse(&text.language).unwrap_or_default(),
        category: category.map_or_else(|| label(String::new()), |row| Label { slug: row.slug, name: row.name }),
        unit: None,
        tags: split_tags(&text.tags).into_iter().map(label).collect(),
        author_line: text.author_line.clone(),
        source: text.source.clone(),
        figure,
        published: published.map_or_else(now, Instant),
        updated: None,
        changes: Vec::new(),
        archived: false,
    })
}

/// Whether there is something in a text that must be mended before readers get it.
async fn must_be_mended(session: &mut Session, own: &Own) -> Result<bool, AppError> {
    let mut findings = find_in(session, own, &own.text, "", &[]).await?;
    findings.extend(find_missing_note(session, own).await?);
    Ok(findings.iter().any(|finding| finding.severity == Severity::Must))
}

/// What is found in a text before it is published.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn check_text(
    store: &Store,
    actor: &Actor,
    id: i64,
    base_url: &str,
    official: &[&str],
) -> Result<(Own, Vec<Finding>), AppError> {
    let mut session = store.db.read().await?;
    let own = read_within(&mut session, actor, id).await?;
    let mut findings = find_in(&mut session, &own, &own.text, base_url, official).await?;
    findings.extend(find_missing_note(&mut session, &own).await?);
    Ok((own, findings))
}

/// What units are measured by: where this changes after the launch, readers have to be told.
const MEASURES: [DraftField; 7] = [
    DraftField::Begins,
    DraftField::Ends,
    DraftField::Targets,
    DraftField::Phases,
    DraftField::Reporting,
    DraftField::ReportingDays,
    DraftField::Score,
];

/// A public text that is changed without a note for its readers.
async fn find_missing_note(session: &mut Session, own: &Own) -> Result<Option<Finding>, AppError> {
    if own.open.is_none() || own.row.state != "published" || !own.text.change_note.trim().is_empty() {
        return Ok(None);
    }
    let before = match own.row.published_revision_id.filter(|_| own.is_campaign()) {
        Some(id) => db::find_revision(session, id).await?,
        None => None,
    };
    let before = match before {
        Some(row) => Some(text_of(session, &row).await?),
        None => None,
    };
    let changed = |field: DraftField| before.as_ref().is_some_and(|before| before.get(field) != own.text.get(field));
    let severity = if MEASURES.into_iter().any(changed) { Severity::Must } else { Severity::Should };
    Ok(Some(Finding {
        kind: FindingKind::ChangeNoteMissing,
        severity,
        line: None,
        field: check::Field::ChangeNote,
        excerpt: String::new(),
    }))
}

/// The same of a text that is not saved.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn check_typed(
    store: &Store,
    actor: &Actor,
    id: i64,
    text: &DraftText,
    base_url: &str,
    official: &[&str],
) -> Result<Vec<Finding>, AppError> {
    let mut session = store.db.read().await?;
    let own = read_within(&mut session, actor, id).await?;
    find_in(&mut session, &own, text, base_url, official).await
}

async fn find_in(
    session: &mut Session,
    own: &Own,
    text: &DraftText,
    base_url: &str,
    official: &[&str],
) -> Result<Vec<Finding>, AppError> {
    let image = (!text.image.is_empty()).then_some(text.image_alt.as_str());
    let checked = check::CheckedText { title: &text.title, lead: &text.lead, body: &text.body, image };
    let mut findings = check_draft(&checked, official);
    // The address of a title is that of whoever had it first.
    if let Some(slug) = Slug::from_folded(&fold(&text.title))
        && let Some((other, state)) = announcement::find_state(session, slug.as_str()).await?
        && other != own.row.id
        && state == "published"
    {
        findings.push(Finding {
            kind: FindingKind::TitleTaken,
            severity: Severity::Should,
            line: None,
            field: check::Field::Title,
            excerpt: String::new(),
        });
    }
    if own.is_campaign() {
        findings.extend(find_part_problems(session, text).await?.into_iter().map(|problem| Finding {
            kind: FindingKind::Part(problem.kind),
            severity: Severity::Must,
            line: problem.line,
            field: check::Field::Part(problem.field),
            excerpt: problem.excerpt,
        }));
    }
    findings.extend(find_changed_figures(session, own.row.id, text).await?);
    for link in internal_links(&text.body, base_url) {
        if !leads_somewhere(session, &link.target).await? {
            findings.push(Finding {
                kind: FindingKind::LinkBroken,
                severity: Severity::Should,
                line: Some(link.line),
                field: check::Field::Body,
                excerpt: link.target,
            });
        }
    }
    for figure in markdown::list_figures(&text.body) {
        let there = match picture_name(&figure.path) {
            Some(name) => library::find_picture(session, name).await?.is_some(),
            None => false,
        };
        if !there {
            findings.push(Finding {
                kind: FindingKind::PictureMissing,
                severity: Severity::Must,
                line: Some(figure.line),
                field: check::Field::Body,
                excerpt: figure.path,
            });
        }
    }
    Ok(findings)
}

/// Whether a path of the portal leads to something, as far as that can be known without asking for the page.
async fn leads_somewhere(session: &mut Session, target: &str) -> Result<bool, AppError> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let path = Lang::strip(path).trim_end_matches('/');
    let mut parts = path.trim_start_matches('/').split('/');
    if let ["thi-dua", slug, "so-lieu-chot", id] = parts.clone().collect::<Vec<_>>().as_slice() {
        return review::is_there(session, slug, id).await;
    }
    Ok(match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
        ("tin", Some("chuyen-muc"), Some(slug)) => label::find_category(session, slug).await?.is_some(),
        ("tin", Some(slug), None) => {
            let public = matches!(announcement::find_state(session, slug).await?, Some((_, state)) if state != "draft");
            public || announcement::find_moved(session, slug, "announcement").await?.is_some()
        }
        ("thi-dua", slug, rest) => match slug {
            Some(slug) => {
                let there =
                    matches!(announcement::find_state(session, slug).await?, Some((_, state)) if state != "draft");
                there && matches!(rest, None | Some("ket-qua" | "don-vi"))
            }
            None => true,
        },
        ("dien-hinh", None | Some("gui"), None) => true,
        ("dien-hinh", Some(slug), None) => {
            matches!(announcement::find_state(session, slug).await?, Some((_, state)) if state != "draft")
        }
        ("nhan", Some(slug), None) => label::find_tag(session, slug).await?.is_some(),
        ("tai-lieu", Some(name), None) => {
            library::find_document(session, name.split('.').next().unwrap_or_default()).await?.is_some()
        }
        ("tep", Some(name), None) => {
            library::find_picture(session, name.split('.').next().unwrap_or_default()).await?.is_some()
        }
        ("" | "tin" | "tim-kiem" | "theo-doi" | "rss.xml" | "sitemap.xml", None, None) => true,
        ("chinh-sach", Some("rieng-tu" | "kiem-duyet"), None) => true,
        _ => false,
    })
}

/// Takes an announcement away from the public, with a reason and, if there is one, what takes its place; where it has
/// moved there, its address leads there.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` without a reason or with a replacement that is not there, `Conflict` where it is
/// not public.
pub async fn withdraw(
    store: &Store,
    actor: &Actor,
    id: i64,
    reason: &str,
    replaced_by: &str,
    moved: bool,
) -> Result<(), AppError> {
    let reason = check_reason(&compose(reason), count)?;
    let at = now();
    let mut session = store.db.write().await?;
    let own = hold_within(&mut session, actor, id).await?;
    actor.require_in(Permission::PublishAnnouncements, own.scope())?;
    if !matches!(own.row.state.as_str(), "published" | "archived") {
        return Err(AppError::Conflict);
    }
    let replaced_by = replaced_by.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    if !replaced_by.is_empty() {
        let there = announcement::find_state(&mut session, &replaced_by).await?;
        // What is withdrawn itself may lead back here.
        if !matches!(there, Some((other, state)) if other != id && matches!(state.as_str(), "published" | "archived")) {
            return Err(invalid(Field::Slug, Problem::Unknown));
        }
    }
    let before = Shown::read(&mut session, id).await?;
    announcement::withdraw(&mut session, id, &reason, at).await?;
    let replacement = (!replaced_by.is_empty()).then_some(replaced_by.as_str());
    db::set_replacement(&mut session, id, replacement, moved && replacement.is_some()).await?;
    note_changes(&mut session, id, before).await?;
    search::remove(&mut session, id).await?;
    record(&mut session, actor, id, "withdraw", Some(&reason), at).await?;
    session.commit().await?;
    Ok(())
}

/// Makes a withdrawn announcement public again, as it was.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Conflict` where it is not withdrawn.
pub async fn reinstate(store: &Store, actor: &Actor, id: i64) -> Result<(), AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let own = hold_within(&mut session, actor, id).await?;
    actor.require_in(Permission::PublishAnnouncements, own.scope())?;
    if own.row.state != "withdrawn" {
        return Err(AppError::Conflict);
    }
    let published = own.row.published_revision_id.ok_or(AppError::Conflict)?;
    let row = db::find_revision(&mut session, published).await?.ok_or(AppError::Conflict)?;
    let latest = LatestRevision {
        id: row.id,
        title: row.title,
        lead: row.lead,
        body_markdown: row.body_markdown,
        category_id: row.category_id,
        change_note: String::new(),
    };
    publish_within(&mut session, actor, id, &latest, at).await?;
    session.commit().await?;
    Ok(())
}

/// Takes an announcement out of all lists, its page stays; or puts it back.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Conflict` where it does not stand there.
pub async fn archive(store: &Store, actor: &Actor, id: i64, archived: bool) -> Result<(), AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let own = hold_within(&mut session, actor, id).await?;
    actor.require_in(Permission::PublishAnnouncements, own.scope())?;
    let before = Shown::read(&mut session, id).await?;
    if !db::set_archived(&mut session, id, archived).await? {
        return Err(AppError::Conflict);
    }
    note_changes(&mut session, id, before).await?;
    if archived {
        search::remove(&mut session, id).await?;
    } else {
        // What is being written beside it is not public.
        let published = own.row.published_revision_id.ok_or(AppError::Conflict)?;
        let row = db::find_revision(&mut session, published).await?.ok_or(AppError::Conflict)?;
        let text = format!("{}\n{}\n{}", row.title, row.lead, row.body_markdown);
        search::index(&mut session, id, &fold(&text), &compose(&text).to_lowercase()).await?;
    }
    record(&mut session, actor, id, if archived { "archive" } else { "unarchive" }, None, at).await?;
    session.commit().await?;
    Ok(())
}

/// Gives an announcement another address; the one that readers know leads to it.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Invalid` for an address that can't be taken.
pub async fn change_slug(store: &Store, actor: &Actor, id: i64, slug: &str) -> Result<(), AppError> {
    let slug = Slug::parse(slug.trim()).ok_or_else(|| invalid(Field::Slug, Problem::Wrong))?;
    let at = now();
    let mut session = store.db.write().await?;
    let own = hold_within(&mut session, actor, id).await?;
    let known = own.row.first_published_at.is_some();
    // An address that nobody knows yet is the writer's business.
    let needed = if known { Permission::PublishAnnouncements } else { Permission::WriteAnnouncements };
    actor.require_in(needed, own.scope())?;
    if slug.as_str() == own.row.slug {
        return Ok(());
    }
    if is_reserved(&slug) || db::is_former_slug(&mut session, slug.as_str(), id).await? {
        return Err(invalid(Field::Slug, Problem::Taken));
    }
    let taken = || invalid(Field::Slug, Problem::Taken);
    db::change_slug(&mut session, id, &own.row.slug, slug.as_str(), known, at).await.on_constraint(
        "announcement_slug_key",
        "announcement.slug",
        taken,
    )?;
    // Links to it stand in every list.
    session.note_change(Thing::Whole);
    record(&mut session, actor, id, "change-slug", Some(slug.as_str()), at).await?;
    session.commit().await?;
    Ok(())
}

/// Says that somebody has looked at what one person alone published.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Conflict` where it is one's own, or nothing is left to look at.
pub async fn look_at_emergency(store: &Store, actor: &Actor, id: i64) -> Result<(), AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let own = read_within(&mut session, actor, id).await?;
    actor.require_in(Permission::PublishAnnouncements, own.scope())?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    if db::mark_emergency_seen(&mut session, id, actor_id).await? == 0 {
        return Err(AppError::Conflict);
    }
    record(&mut session, actor, id, "look-at-emergency", None, at).await?;
    session.commit().await?;
    Ok(())
}

/// Makes a secret link to a draft, until a day; gives its token, which is shown once.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Invalid` for a day that has passed or is over a month away.
pub async fn make_preview_link(
    store: &Store,
    actor: &Actor,
    id: i64,
    until: Option<Instant>,
) -> Result<String, AppError> {
    let at = now();
    let until = until.filter(|until| until.0 > at.0 && until.0 - at.0 <= LINK_MOST);
    let until = until.ok_or_else(|| invalid(Field::Hour, Problem::NoHour))?;
    let token = make_token()?;
    let mut session = store.db.write().await?;
    read_within(&mut session, actor, id).await?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    db::add_preview_link(&mut session, &sha256_hex(token.as_bytes()), id, actor_id, at, until).await?;
    record(&mut session, actor, id, "make-preview-link", None, at).await?;
    session.commit().await?;
    Ok(token)
}

/// The secret links of an announcement that still work.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn list_preview_links(store: &Store, actor: &Actor, id: i64) -> Result<Vec<PreviewLinkRow>, AppError> {
    let mut session = store.db.read().await?;
    read_within(&mut session, actor, id).await?;
    Ok(db::list_preview_links(&mut session, id, now()).await?)
}

/// Takes all secret links of an announcement back.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn remove_preview_links(store: &Store, actor: &Actor, id: i64) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    read_within(&mut session, actor, id).await?;
    db::remove_preview_links(&mut session, id).await?;
    record(&mut session, actor, id, "remove-preview-links", None, now()).await?;
    session.commit().await?;
    Ok(())
}

/// Publishes what is due, each text once, whatever other processes do; gives how many that were. The server's own work.
///
/// # Errors
/// When the database fails.
pub async fn publish_due(store: &Store) -> Result<usize, AppError> {
    let due = db::list_due(&mut store.db.read().await?, now()).await?;
    let mut published = 0;
    for (revision_id, announcement_id) in due {
        // One that can't be published keeps none of the others back.
        match publish_scheduled(store, revision_id, announcement_id).await {
            Ok(was) => published += usize::from(was),
            Err(error) => tracing::error!(?error, revision_id, "a scheduled text could not be published"),
        }
    }
    Ok(published)
}

/// Publishes a text whose hour has come: `false` where another process was first, or it was taken back.
async fn publish_scheduled(store: &Store, revision_id: i64, announcement_id: i64) -> Result<bool, AppError> {
    let (actor, at) = (Actor::Job("schedule"), now());
    let mut session = store.db.write().await?;
    let own = hold_within(&mut session, &actor, announcement_id).await?;
    let is_due = |open: &RevisionRow| {
        open.id == revision_id
            && open.state() == RevisionState::Scheduled
            && open.scheduled_at.is_some_and(|hour| hour <= at.0)
    };
    let Some(open) = own.open.clone().filter(is_due) else { return Ok(false) };
    publish_open(&mut session, &actor, &own, &open, at).await?;
    session.commit().await?;
    Ok(true)
}

/// Whether whoever looks at a text wrote it, and so does not publish it.
///
/// # Errors
/// When the database fails.
pub async fn is_own_text(store: &Store, actor: &Actor, own: &Own) -> Result<bool, AppError> {
    actor.require_in(Permission::SeeDesk, Scope::Somewhere)?;
    let mut session = store.db.read().await?;
    match &own.open {
        Some(open) => wrote(&mut session, actor, open.id).await,
        None => Ok(false),
    }
}
