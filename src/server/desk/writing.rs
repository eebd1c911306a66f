//! Writing an announcement: the form, its savings, and what happens when two people save.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use maud::{Markup, html};

use super::campaign::{part_fields, part_name};
use super::form::Fields;
use super::frame::{Desk, Extra, Input, failure_with_text, field_id, form_errors, hidden, input, text_area};
use super::guard::answer_error;
use super::home::{WORD_FILES, public_state_name, state_name};
use super::library::told;
use super::sign_in::is_about;
use super::word;
use crate::domain::account::Permission;
use crate::domain::draft::{DraftField, DraftText, FieldConflict, RevisionState, Step};
use crate::domain::error::{AppError, Field};
use crate::domain::lang::Lang;
use crate::domain::merge::{Piece, Side, resolve};
use crate::domain::time::Instant;
use crate::server::db::desk::front::LabelRow;
use crate::server::services::campaign::list_required_parts;
use crate::server::services::draft::{self as service, Own, Saved, Saving};
use crate::server::services::front::list_categories;
use crate::server::services::publication::{change_slug, take_step};
use crate::server::state::AppState;
use crate::text::Text;

/// POST: begins an announcement.
pub async fn begin(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    match service::begin_announcement(&state.store, &desk.actor(), fields.number("unit")).await {
        Ok(id) => desk.redirect(&format!("/quan-tri/tin/{id}")),
        Err(error) => desk.failure(&error),
    }
}

/// GET: from a public page to its editor.
pub async fn edit_by_slug(desk: Desk, State(state): State<AppState>, Path(slug): Path<String>) -> Response {
    match service::find_by_slug(&state.store, &desk.actor(), &slug).await {
        Ok(id) => desk.redirect(&format!("/quan-tri/tin/{id}")),
        Err(error) => desk.failure(&error),
    }
}

/// What the editor's page shows besides what is stored.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// What was typed, where that is not what is stored.
    pub typed: Option<DraftText>,
    /// Which saving the typed text is to follow.
    pub version: Option<(i64, i64)>,
    /// What the typed text goes on from, where that is not what the saving says.
    pub base: String,
    /// Places to choose between.
    pub conflicts: Vec<FieldConflict>,
    /// The address that was typed, where it can't be taken.
    pub slug: Option<String>,
    /// Why it was not saved.
    pub error: Option<AppError>,
    /// A sentence about what happened.
    pub notice: Option<String>,
}

/// GET: the editor.
pub async fn show(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, uri: http::Uri) -> Response {
    let notice = match uri.query() {
        Some("da-luu") => Some(desk.t().saved().to_owned()),
        Some("da-tron") => Some(desk.t().merged_notice().to_owned()),
        Some(query) => query.strip_prefix("tu-word").map(|said| word::notice(said.trim_start_matches('='), desk.t())),
        _ => None,
    };
    desk.end(page(&desk, &state, id, StatusCode::OK, &Shown { notice, ..Shown::default() }).await)
}

async fn page(desk: &Desk, state: &AppState, id: i64, status: StatusCode, shown: &Shown) -> Result<Response, AppError> {
    let actor = desk.actor();
    let own = service::read_own(&state.store, &actor, id).await?;
    let writes = actor.may(Permission::WriteAnnouncements, own.scope());
    let editable = writes && own.open.as_ref().is_some_and(|open| open.state().is_writable());
    let content = if editable || shown.typed.is_some() {
        let required = if own.is_campaign() { list_required_parts(&state.store, &actor).await? } else { Vec::new() };
        let categories = list_categories(&state.store, &actor).await?;
        let others = service::list_editing(&state.store, &actor, id).await?;
        let me = desk.signed_in.as_ref().map(|signed_in| signed_in.official.display_name.clone());
        let others: Vec<String> = others.into_iter().filter(|name| Some(name) != me.as_ref()).collect();
        editor(desk, &own, shown, &categories, &others, &required)
    } else {
        closed(desk, &own, writes)
    };
    let title = if own.text.title.is_empty() { desk.t().untitled().to_owned() } else { own.text.title.clone() };
    Ok(desk.page_with(status, &title, Extra { wide: true }, &content))
}

/// The pages of one announcement.
pub fn tabs(desk: &Desk, own: &Own) -> Markup {
    let t = desk.t();
    let base = format!("/quan-tri/tin/{}", own.row.id);
    let here = Lang::strip(&desk.path);
    let entries = [
        (base.clone(), t.tab_write()),
        (format!("{base}/xem-truoc"), t.tab_preview()),
        (format!("{base}/xuat-ban"), t.tab_publish()),
        (format!("{base}/lich-su"), t.tab_history()),
    ];
    html! {
        nav class="desk-tabs" aria-label=(t.tabs_of_announcement()) {
            ul { @for (path, name) in &entries { li { a href=(desk.href(path)) aria-current=[(here == path).then_some("page")] { (name) } } } }
        }
        p class="desk-state" {
            @if let Some(open) = &own.open {
                span class=(format!("badge badge--{}", open.state)) { (state_name(open.state(), t)) }
                @if let Some(at) = open.scheduled_at { " " (t.scheduled_for(Instant(at).minute(desk.lang))) }
            }
            " " span class="badge" { (public_state_name(&own.row.state, t)) }
            @if matches!(own.row.state.as_str(), "published" | "archived") {
                " " a href=(desk.href(&own.path())) { (t.see_public_page()) }
            }
            @if own.row.kind != "example" && desk.may(Permission::ModerateComments) {
                " " a href=(desk.href(&format!("{}/{}", super::mode::PATH, own.row.id))) { (t.mode_of_page()) }
            }
        }
        @if own.row.review {
            p class="flash" role="note" { (t.review_note()) " " a href=(desk.href(&format!("/quan-tri/so-ket/{}", own.row.id))) { (t.review_see_figures()) } }
        }
    }
}

/// An announcement whose text can't be changed as it stands, with the way to change it.
fn closed(desk: &Desk, own: &Own, writes: bool) -> Markup {
    let t = desk.t();
    let action = desk.href(&format!("/quan-tri/tin/{}", own.row.id));
    html! {
        h1 { @if own.text.title.is_empty() { (t.untitled()) } @else { (own.text.title) } }
        (tabs(desk, own))
        @if let Some(open) = &own.open {
            p { (t.closed_text(state_name(open.state(), t))) }
            @if writes && open.state().is_open() && !open.state().is_writable() {
                form method="post" action=(action) {
                    (hidden("viec", "lay-lai"))
                    button class="button" type="submit" { (t.take_back()) }
                }
            }
        } @else if writes {
            p { @if own.row.state == "withdrawn" { (t.withdrawn_text_stays()) } @else { (t.public_text_stays()) } }
            form method="post" action=(action) {
                (hidden("viec", "sua"))
                button class="button" type="submit" { (t.edit_public_text()) }
            }
        }
        div class="preview preview--whole" {
            iframe src=(desk.href(&format!("/quan-tri/tin/{}/xem-truoc/trang", own.row.id))) title=(t.tab_preview()) {}
        }
    }
}

fn editor(
    desk: &Desk,
    own: &Own,
    shown: &Shown,
    categories: &[LabelRow],
    others: &[String],
    required: &[String],
) -> Markup {
    let t = desk.t();
    let text = shown.typed.as_ref().unwrap_or(&own.text);
    let stored = own.open.as_ref().map_or((0, 0), |open| (open.id, open.version));
    let (revision, version) = shown.version.unwrap_or(stored);
    let id = own.row.id;
    let action = desk.href(&format!("/quan-tri/tin/{id}"));
    let error = shown.error.as_ref();
    let returned = own.open.as_ref().filter(|open| open.state() == RevisionState::Returned && !open.notes.is_empty());
    let published = own.row.first_published_at.is_some();
    html! {
        h1 class="visually-hidden" { @if text.title.is_empty() { (t.untitled()) } @else { (text.title) } }
        (tabs(desk, own))
        @if let Some(notice) = &shown.notice { p class="flash flash--good" role="status" { (notice) } }
        @if let Some(open) = returned { div class="flash flash--bad" role="note" { p { strong { (t.returned_with_notes()) } } p { (open.notes) } } }
        p class="flash editing-others" role="status" hidden[others.is_empty()] data-others=(t.also_editing("{names}")) {
            @if !others.is_empty() { (t.also_editing(others.join(", "))) }
        }
        (form_errors(error, t))
        form id="soan" class="editor-form" method="post" action=(action) autocomplete="off"
            data-save=(format!("{action}/tu-luu")) data-open=(format!("{action}/dang-mo")) data-check=(format!("{action}/kiem-tra"))
            data-upload=(desk.href("/quan-tri/anh/tai-len")) data-document=(desk.href("/quan-tri/tai-lieu/tai-len"))
            data-word=(desk.href("/quan-tri/word")) data-pictures=(desk.href("/quan-tri/anh")) data-sign-in=(desk.href("/dang-nhap"))
            data-words=(script_words(t)) data-id=(id) {
            (hidden("revision", &revision.to_string())) (hidden("version", &version.to_string())) (hidden("base", &shown.base))
            @if !shown.conflicts.is_empty() { (conflict_choices(&shown.conflicts, t)) }
            div class="editor-grid" {
                div class="editor-main" {
                    div class="field" {
                        label for="title" { (t.field_title()) }
                        textarea id="title" name="title" rows="2" lang=(language_of(text)) aria-invalid=[is_about(error, Field::Title).then_some("true")] { "\n" (text.title) }
                    }
                    div class="field" {
                        label for="lead" { (t.field_lead()) }
                        (text_area("lead", "lead", 3, &text.lead, is_about(error, Field::Lead)))
                    }
                    div class="field" {
                        label for="body" id="body-nhan" { (t.field_body()) }
                        div class="editor-place" data-editor {}
                        (text_area("body", "body", 24, &text.body, is_about(error, Field::Body)))
                        p class="hint" { (t.body_hint()) }
                    }
                }
                div class="editor-side" {
                    p class="save-state" role="status" data-save-state {}
                    div class="form-actions save-actions" {
                        button class="button" type="submit" name="viec" value="luu" { (t.save_draft()) }
                        button class="button button--strong" type="submit" name="viec" value="gui-duyet" { (t.submit_for_review()) }
                    }
                    (side_fields(desk, own, text, categories, published, shown))
                }
            }
            @if own.is_campaign() { (part_fields(text, required, t)) }
        }
        (below_editor(desk, own, &action))
    }
}

fn language_of(text: &DraftText) -> &str {
    Lang::parse(&text.language).unwrap_or_default().code()
}

fn side_fields(
    desk: &Desk,
    own: &Own,
    text: &DraftText,
    categories: &[LabelRow],
    published: bool,
    shown: &Shown,
) -> Markup {
    let (t, error) = (desk.t(), shown.error.as_ref());
    let named = if own.is_named() { own.row.slug.as_str() } else { "" };
    let slug = shown.slug.as_deref().unwrap_or(named);
    html! {
        @if published {
            (input(&Input { id: "change_note", name: "change_note", label: t.field_change_note(), value: &text.change_note, hint: t.field_change_note_hint(), ..Input::default() }))
        }
        div class="field" {
            label for="category" { (t.field_category()) }
            select id="category" name="category" {
                @for category in categories { option value=(category.slug) selected[category.slug == text.category] { (category.name) } }
            }
        }
        (input(&Input { id: "tags", name: "tags", label: t.field_tags(), value: &text.tags, hint: t.field_tags_hint(), ..Input::default() }))
        fieldset class="lead-picture" data-lead-picture {
            legend { (t.field_image()) }
            @if !text.image.is_empty() { img src=(text.image) alt=(text.image_alt) class="lead-picture-shown"; }
            (input(&Input { id: "image", name: "image", label: t.field_image_address(), value: &text.image, hint: t.field_image_hint(), ..Input::default() }))
            (input(&Input { id: "image_alt", name: "image_alt", label: t.picture_alt(), value: &text.image_alt, ..Input::default() }))
            (input(&Input { id: "image_caption", name: "image_caption", label: t.field_caption(), value: &text.image_caption, ..Input::default() }))
            (input(&Input { id: "image_credit", name: "image_credit", label: t.field_credit(), value: &text.image_credit, ..Input::default() }))
        }
        (input(&Input { id: "author_line", name: "author_line", label: t.field_author(), value: &text.author_line, ..Input::default() }))
        (input(&Input { id: "source", name: "source", label: t.field_source(), value: &text.source, ..Input::default() }))
        div class="field" {
            label for="language" { (t.field_language()) }
            select id="language" name="language" {
                option value="vi" selected[language_of(text) == "vi"] { "Tiếng Việt" }
                option value="en" selected[language_of(text) == "en"] { "English" }
            }
        }
        @if !published {
            (input(&Input { id: field_id(Field::Slug), name: "slug", label: t.field_slug(), value: slug, hint: t.field_slug_hint(), invalid: is_about(error, Field::Slug), ..Input::default() }))
        }
    }
}

/// What is done with a text besides saving it.
fn below_editor(desk: &Desk, own: &Own, action: &str) -> Markup {
    let t = desk.t();
    html! {
        section class="editor-more" aria-labelledby="them-nua" {
            h2 id="them-nua" class="section-title" { (t.more_with_text()) }
            // Both send the text above along: what was typed since it was saved comes with them.
            div class="desk-filter" {
                div class="field" {
                    label for="tep" { (t.word_file()) }
                    input id="tep" form="soan" name="file" type="file" accept=(WORD_FILES);
                    p class="hint" { (t.word_file_hint()) }
                }
                button class="button button--quiet" type="submit" form="soan" formaction=(format!("{action}/word")) formenctype="multipart/form-data" { (t.word_read_in()) }
            }
            div class="desk-filter" {
                div class="field" {
                    label for="ten-ban" { (t.keep_draft_name()) }
                    input id="ten-ban" form="soan" name="keep_name" type="text" autocomplete="off";
                }
                button class="button button--quiet" type="submit" form="soan" name="viec" value="giu-ban" { (t.keep_draft()) }
            }
            details {
                summary { (t.discard_draft()) }
                form method="post" action=(action) {
                    (hidden("viec", "bo"))
                    p { @if own.row.published_revision_id.is_some() { (t.discard_keeps_public()) } @else { (t.discard_is_final()) } }
                    button class="button button--quiet" type="submit" { (t.discard_yes()) }
                }
            }
        }
    }
}

/// The places that two people changed, side by side, to choose between.
fn conflict_choices(conflicts: &[FieldConflict], t: Text) -> Markup {
    html! {
        div class="conflicts" role="group" aria-labelledby="xung-dot" {
            h2 id="xung-dot" { (t.conflict_title()) }
            p { (t.conflict_text()) }
            @for conflict in conflicts {
                @for (number, piece) in conflict.pieces.iter().filter(|piece| matches!(piece, Piece::Choice { .. })).enumerate() {
                    @if let Piece::Choice { mine, theirs, .. } = piece {
                        @let name = format!("chon-{}-{number}", conflict.field.name());
                        fieldset class="conflict" {
                            legend { (field_name(conflict.field, t)) }
                            label class="conflict-side" { input type="radio" name=(name) value="mine" checked; " " strong { (t.conflict_mine()) } pre { (mine) } }
                            label class="conflict-side" { input type="radio" name=(name) value="theirs"; " " strong { (t.conflict_theirs()) } pre { (theirs) } }
                        }
                    }
                }
                (hidden(&format!("manh-{}", conflict.field.name()), &serde_json::to_string(&conflict.pieces).unwrap_or_default()))
            }
            button class="button" type="submit" name="viec" value="chon" { (t.conflict_choose()) }
        }
    }
}

/// The name of a field as its label has it.
pub fn field_name(field: DraftField, t: Text) -> &'static str {
    match field {
        DraftField::Title => t.field_title(),
        DraftField::Lead => t.field_lead(),
        DraftField::Body => t.field_body(),
        DraftField::Category => t.field_category(),
        DraftField::Tags => t.field_tags(),
        DraftField::AuthorLine => t.field_author(),
        DraftField::Source => t.field_source(),
        DraftField::Image => t.field_image(),
        DraftField::ImageCaption => t.field_caption(),
        DraftField::ImageCredit => t.field_credit(),
        DraftField::ImageAlt => t.picture_alt(),
        DraftField::Language => t.field_language(),
        DraftField::ChangeNote => t.field_change_note(),
        part => part_name(part, t),
    }
}

/// The words that scripts say of saving.
pub fn script_words_of_saving(t: Text) -> serde_json::Value {
    serde_json::json!({
        "saved": t.saved(), "saving": t.saving(), "unsaved": t.unsaved(), "offline": t.saved_offline(),
        "failed": t.save_failed(), "merged": t.merged_notice(), "conflict": t.save_conflict(), "closed": t.save_closed(),
        "signedOut": t.save_signed_out(), "signIn": t.sign_in(), "restore": t.restore_ask("{at}"), "restoreYes": t.restore_yes(),
        "restoreNo": t.restore_no(), "restored": t.restored(), "unreachable": t.error_503(), "tooLarge": t.file_too_large(),
    })
}

/// The words that the editor's script says.
fn script_words(t: Text) -> String {
    let mut words = script_words_of_saving(t);
    for (name, text) in [
        ("choosePicture", t.choose_picture()),
        ("fromLibrary", t.from_library()),
        ("close", t.close()),
        ("search", t.search_pictures()),
        ("none", t.pictures_none_found()),
        ("checks", t.checks()),
        ("checksNothing", t.checks_found_nothing()),
    ] {
        words[name] = text.into();
    }
    words["uploading"] = t.uploading("{percent}").into();
    words["editor"] = editor_words(t);
    words.to_string()
}

/// The words of the visual editor, which only its script says.
fn editor_words(t: Text) -> serde_json::Value {
    let words = match t.0 {
        Lang::Vi => include_str!("../../../locales/editor.vi.json"),
        Lang::En => include_str!("../../../locales/editor.en.json"),
    };
    serde_json::from_str(words).unwrap_or_default()
}

/// The text of a form.
pub fn typed_text(fields: &Fields) -> DraftText {
    let mut text = DraftText::default();
    for field in DraftField::ALL {
        fields.get(field.name()).clone_into(text.get_mut(field));
    }
    if text.title.contains(['\r', '\n']) {
        text.title = text.title.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    text
}

fn saving_of(fields: &Fields, text: DraftText) -> Saving {
    Saving {
        revision_id: fields.number("revision").unwrap_or_default(),
        version: fields.number("version").unwrap_or_default(),
        base: read_base(fields.get("base")),
        text,
    }
}

/// What a script says that it went on from, field by field.
fn read_base(base: &str) -> Option<DraftText> {
    let fields: HashMap<String, String> = serde_json::from_str(base).ok()?;
    let mut text = DraftText::default();
    for field in DraftField::ALL {
        fields.get(field.name()).map(String::as_str).unwrap_or_default().clone_into(text.get_mut(field));
    }
    Some(text)
}

/// POST: one of the page's forms.
pub async fn take(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let here = format!("/quan-tri/tin/{id}");
    let done = match fields.get("viec") {
        "sua" => service::open_draft(store, &actor, id).await.map(|()| here.clone()),
        "lay-lai" => take_step(store, &actor, id, None, Step::TakeBack, None, "").await.map(|()| here.clone()),
        "bo" => service::discard_draft(store, &actor, id).await.map(|()| "/quan-tri".to_owned()),
        "luu" | "gui-duyet" | "chon" | "giu-ban" if fields.has("body") => {
            return save(&desk, &state, id, &fields).await;
        }
        _ => Err(AppError::BadAddress),
    };
    match done {
        Ok(target) => desk.redirect(&target),
        Err(error @ AppError::Invalid(_)) => {
            let shown = Shown { error: Some(error), ..Shown::default() };
            desk.end(page(&desk, &state, id, StatusCode::UNPROCESSABLE_ENTITY, &shown).await)
        }
        Err(error) => desk.failure(&error),
    }
}

/// Puts the chosen sides of what two people changed into the text.
fn choose(fields: &Fields, text: &mut DraftText) {
    for field in DraftField::ALL {
        let pieces = fields.get(&format!("manh-{}", field.name()));
        let Ok(pieces) = serde_json::from_str::<Vec<Piece>>(pieces) else { continue };
        let choices = pieces.iter().filter(|piece| matches!(piece, Piece::Choice { .. })).count();
        let sides: Vec<Side> = (0..choices)
            .map(|number| match fields.get(&format!("chon-{}-{number}", field.name())) {
                "theirs" => Side::Theirs,
                _ => Side::Mine,
            })
            .collect();
        let offered = resolve(&pieces, &vec![Side::Mine; choices]);
        // A field that was mended by hand since is what somebody wants it to say, whatever side is ticked above it.
        let untouched = offered.is_some_and(|offered| offered == text.get(field).replace("\r\n", "\n"));
        if untouched && let Some(chosen) = resolve(&pieces, &sides) {
            *text.get_mut(field) = chosen;
        }
    }
}

/// Saves the form; whatever comes of it, what was typed is in the page that follows, or stored.
pub async fn save(desk: &Desk, state: &AppState, id: i64, fields: &Fields) -> Response {
    let (store, actor, task) = (&state.store, desk.actor(), fields.get("viec"));
    let mut text = typed_text(fields);
    // With whichever button: what two people changed is never settled by not looking.
    choose(fields, &mut text);
    let saving = saving_of(fields, text.clone());
    let kept = |error: AppError| Shown {
        typed: Some(text.clone()),
        version: Some((
            saving_of(fields, DraftText::default()).revision_id,
            fields.number("version").unwrap_or_default(),
        )),
        base: fields.get("base").to_owned(),
        slug: fields.has("slug").then(|| fields.get("slug").to_owned()),
        error: Some(error),
        ..Shown::default()
    };
    let shown_page =
        async |status: StatusCode, shown: &Shown| shown_or_text(desk, state, id, status, shown, fields).await;
    let saved = match service::save_draft(store, &actor, id, saving).await {
        Ok(saved) => saved,
        Err(error @ (AppError::Forbidden | AppError::NotFound)) => return failure_with_text(desk, &error, fields),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            return shown_page(status, &kept(error)).await;
        }
    };
    let slug = fields.get("slug").trim();
    if !slug.is_empty()
        && !matches!(saved, Saved::Conflict { .. } | Saved::Closed(_))
        && let Err(error) = change_slug(store, &actor, id, slug).await
    {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let shown = Shown { slug: Some(slug.to_owned()), error: Some(error), ..Shown::default() };
        return shown_page(status, &shown).await;
    }
    match saved {
        Saved::Done { .. } | Saved::Merged { .. } if task == "giu-ban" => {
            match service::keep_draft(store, &actor, id, fields.get("keep_name")).await {
                Ok(()) => desk.redirect(&format!("/quan-tri/tin/{id}/lich-su")),
                Err(error) => {
                    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                    shown_page(status, &Shown { error: Some(error), ..Shown::default() }).await
                }
            }
        }
        Saved::Done { .. } | Saved::Merged { .. } if task == "word" => {
            desk.redirect(&format!("/quan-tri/tin/{id}?tu-word={}", fields.get("said")))
        }
        Saved::Done { .. } | Saved::Merged { .. } if task == "gui-duyet" => {
            match take_step(store, &actor, id, None, Step::Submit, None, "").await {
                Ok(()) => desk.redirect(&format!("/quan-tri/tin/{id}/xuat-ban")),
                Err(error) => {
                    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                    let shown = Shown { error: Some(error), ..Shown::default() };
                    shown_page(status, &shown).await
                }
            }
        }
        Saved::Done { .. } => desk.redirect(&format!("/quan-tri/tin/{id}?da-luu")),
        Saved::Merged { .. } => desk.redirect(&format!("/quan-tri/tin/{id}?da-tron")),
        Saved::Conflict { revision_id, version, text, conflicts } => {
            let shown =
                Shown { typed: Some(*text), version: Some((revision_id, version)), conflicts, ..Shown::default() };
            shown_page(StatusCode::CONFLICT, &shown).await
        }
        Saved::Closed(closed) => {
            let t = desk.t();
            let mut shown = kept(AppError::Conflict);
            shown.error = None;
            shown.notice = Some(t.save_closed_with(state_name(closed, t)));
            shown_page(StatusCode::CONFLICT, &shown).await
        }
    }
}

/// POST: a saving by the script, every few seconds.
pub async fn save_by_script(
    desk: Desk,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    fields: Fields,
) -> Response {
    let saving = saving_of(&fields, typed_text(&fields));
    let answer = match service::save_draft(&state.store, &desk.actor(), id, saving).await {
        Ok(Saved::Done { revision_id, version }) => {
            serde_json::json!({ "saved": "done", "revision": revision_id, "version": version })
        }
        Ok(Saved::Merged { revision_id, version, text }) => {
            serde_json::json!({ "saved": "merged", "revision": revision_id, "version": version, "text": text })
        }
        Ok(Saved::Conflict { .. }) => serde_json::json!({ "saved": "conflict" }),
        Ok(Saved::Closed(state)) => serde_json::json!({ "saved": "closed", "state": state }),
        Err(error @ AppError::Invalid(_)) => return told(&error, desk.t()),
        Err(error) => return answer_error(&error),
    };
    axum::Json(answer).into_response()
}

/// POST: a tab says that it has the text open, or that it closes it; gives who else has.
pub async fn touch(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let Ok(signed_in) = desk.signed_in() else { return answer_error(&AppError::SignedOut) };
    let tab = fields.get("tab");
    let touched = if fields.has("close") {
        service::close_editing(&state.store, signed_in, id, tab).await.map(|()| service::Touched::default())
    } else {
        service::touch_editing(&state.store, signed_in, id, tab).await
    };
    match touched {
        Ok(touched) => {
            let (revision, version) = touched.newest.unwrap_or_default();
            let answer = serde_json::json!({
                "others": touched.others, "revision": revision, "version": version, "closed": touched.closed,
            });
            axum::Json(answer).into_response()
        }
        Err(error) => answer_error(&error),
    }
}

/// The editor's page, or where it can't be made the text alone.
pub async fn shown_or_text(
    desk: &Desk,
    state: &AppState,
    id: i64,
    status: StatusCode,
    shown: &Shown,
    fields: &Fields,
) -> Response {
    match page(desk, state, id, status, shown).await {
        Ok(page) => page,
        Err(error) => failure_with_text(desk, &error, fields),
    }
}
