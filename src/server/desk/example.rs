//! Examples at the desk: what waits, one that is checked, entering one, and recording that a unit took one up.

use axum::body::Body;
use axum::extract::{Extension, Multipart, Path, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use maud::{Markup, html};

use super::UPLOAD_MOST;
use super::form::Fields;
use super::frame::{Desk, Extra, Input, form_errors, hidden, input, text_area};
use crate::domain::account::Permission;
use crate::domain::error::AppError;
use crate::domain::guard::find_personal;
use crate::domain::receipt::ReceiptCode;
use crate::domain::time::Instant;
use crate::server::db::desk::example::{DeskExample, ExamplePictureRow};
use crate::server::made::example::{RefusedExample, example_form, kind_name};
use crate::server::sender::Sender;
use crate::server::services::actor::Scope;
use crate::server::services::comment::Origin;
use crate::server::services::example::{
    self as service, Checked, ChosenPictures, Edits, KINDS, NotTaken, TEXT_MOST, TypedExample,
};
use crate::server::state::AppState;
use crate::text::Text;

/// Reads the form of an example, to its end also where its pictures are too large: what was typed is kept.
///
/// # Errors
/// `BadAddress` for what no browser sends.
pub async fn read_example_form(mut form: Multipart) -> Result<(TypedExample, ChosenPictures), AppError> {
    let (mut fields, mut pictures, mut size) = (Fields::default(), ChosenPictures::default(), 0);
    loop {
        let mut part = match form.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                pictures.too_large = true;
                break;
            }
            Err(_) => return Err(AppError::BadAddress),
        };
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        // Four signs of a character and some room: a longer text is refused for its length, not cut in silence.
        let most = if file.is_some() { UPLOAD_MOST } else { TEXT_MOST * 8 };
        let mut bytes = Vec::new();
        loop {
            match part.chunk().await {
                Ok(Some(chunk)) => {
                    size += chunk.len();
                    if size <= UPLOAD_MOST && bytes.len() + chunk.len() <= most {
                        bytes.extend_from_slice(&chunk);
                    }
                }
                Ok(None) => break,
                Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                    pictures.too_large = true;
                    break;
                }
                Err(_) => return Err(AppError::BadAddress),
            }
        }
        match file {
            Some(_) if bytes.is_empty() => {}
            Some(file) => pictures.new.push((file, bytes)),
            None => fields.0.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    pictures.too_large |= size > UPLOAD_MOST;
    if pictures.too_large {
        pictures.new.clear();
    }
    pictures.kept = fields.all("anh").map(str::to_owned).collect();
    Ok((typed_example(&fields), pictures))
}

fn typed_example(fields: &Fields) -> TypedExample {
    let text = |name: &str| fields.get(name).to_owned();
    TypedExample {
        kind: text("kind"),
        title: text("title"),
        person: text("person"),
        unit: text("unit"),
        campaign: text("campaign"),
        text: text("text"),
        consent: fields.get("consent") == "1",
        name: text("name"),
        contact: text("contact"),
        website: text("website"),
        key: text("key"),
    }
}

/// What a state of an example is called.
pub fn example_state(state: &str, t: Text) -> &'static str {
    match state {
        "published" => t.state_published(),
        "rejected" => t.example_rejected(),
        _ => t.example_waiting(),
    }
}

/// GET: those that wait, or that were decided in one way.
pub async fn show(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let fields = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let narrowed = match fields.get("trang-thai") {
        known @ ("published" | "rejected") => known,
        _ => "waiting",
    };
    let page = async {
        let rows = service::list_to_check(&state.store, &desk.actor(), narrowed).await?;
        let t = desk.t();
        let content = html! {
            div class="desk-title" {
                h1 { (t.examples()) }
                a class="button" href=(desk.href("/quan-tri/dien-hinh/moi")) { (t.example_enter()) }
            }
            @if fields.has("xong") { p class="flash flash--good" role="status" { (t.done()) } }
            nav class="desk-tabs" aria-label=(t.state()) {
                ul { @for one in ["waiting", "published", "rejected"] {
                    li { a href=(format!("{}?trang-thai={one}", desk.path)) aria-current=[(one == narrowed).then_some("page")] { (sentence_case(example_state(one, t))) } }
                } }
            }
            @if rows.is_empty() { p class="desk-empty" { (t.examples_none_here()) } }
            ul class="desk-list" { @for row in &rows { (listed(&desk, row)) } }
        };
        Ok(desk.page(t.examples(), &content))
    };
    desk.end(page.await)
}

/// A word as it stands alone.
fn sentence_case(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// An example in a list: its title leads to where it is checked.
pub fn listed(desk: &Desk, row: &DeskExample) -> Markup {
    let t = desk.t();
    html! {
        li {
            div {
                a class="desk-item" href=(desk.href(&format!("/quan-tri/dien-hinh/{}", row.id))) { (row.title) }
                p class="hint" { (example_line(row, desk)) }
                @if let Some(reason) = row.reason.as_ref().filter(|_| row.state == "rejected") { p class="hint" { (t.tracking_reason()) ": " (reason) } }
            }
        }
    }
}

fn example_line(row: &DeskExample, desk: &Desk) -> Markup {
    let t = desk.t();
    html! {
        span class=(format!("badge badge--{}", row.state)) { (example_state(&row.state, t)) } " "
        (kind_name(&row.kind, t)) " · " (row.person)
        @if !row.unit_name.is_empty() { " · " (row.unit_name) } " · "
        (Instant(row.sent_at).minute(desk.lang))
        @if !row.on_behalf_of.is_empty() { " · " (t.entered_on_behalf(&row.on_behalf_of)) }
        @else if row.actor_kind == "citizen" { " · " (t.example_of_citizen()) }
        @if row.taken_up > 0 { " · " (t.example_taken_up(usize::try_from(row.taken_up).unwrap_or_default())) }
    }
}

/// What units sent, on the page of somebody who reports for them.
pub fn sent_by_unit(desk: &Desk, rows: &[DeskExample], unit: &str) -> Markup {
    let t = desk.t();
    html! {
        p {
            a href=(format!("{}?don-vi={unit}", desk.href("/quan-tri/dien-hinh/moi"))) { (t.example_send_unit()) } " · "
            a href=(desk.href("/quan-tri/dien-hinh/nhan-rong")) { (t.example_spread_record()) }
        }
        @if !rows.is_empty() {
            ul class="desk-list" {
                @for row in rows {
                    li {
                        div {
                            @if row.state == "published" && row.public_state == "published" { a class="desk-list-title" href=(desk.href(&format!("/dien-hinh/{}", row.slug))) { (row.title) } }
                            @else { strong { (row.title) } }
                            p class="hint" { (example_line(row, desk)) }
                            @if let Some(reason) = row.reason.as_ref().filter(|_| row.state == "rejected") { p class="hint" { (t.tracking_reason()) ": " (reason) } }
                        }
                    }
                }
            }
        }
    }
}

/// GET: the form, for one's own unit or for somebody who came in person.
pub async fn show_form(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let fields = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let typed = TypedExample { unit: fields.get("don-vi").to_owned(), ..TypedExample::default() };
    let empty = RefusedExample { typed, ..RefusedExample::default() };
    desk.end(form_page(&desk, &state, StatusCode::OK, &empty).await)
}

async fn form_page(
    desk: &Desk,
    state: &AppState,
    status: StatusCode,
    of: &RefusedExample,
) -> Result<Response, AppError> {
    let t = desk.t();
    let units = service::list_sending_units(&state.store, &desk.actor()).await?;
    let campaigns = service::list_running(&state.store).await?.value;
    let content = html! {
        h1 { (t.example_enter()) }
        p { (t.example_enter_text()) }
        (example_form(of, &campaigns, Some(&units), &desk.href("/quan-tri/dien-hinh/moi"), t))
    };
    Ok(desk.page_with(status, t.example_enter(), Extra::default(), &content))
}

/// POST: an example from the desk; its receipt is for whoever it was entered for.
pub async fn take_form(
    desk: Desk,
    State(state): State<AppState>,
    Extension(sender): Extension<Sender>,
    form: Multipart,
) -> Response {
    let (typed, pictures) = match read_example_form(form).await {
        Ok(read) => read,
        Err(error) => return desk.failure(&error),
    };
    let origin = Origin { sender, limit: None, language: desk.lang, browser: None };
    match service::send_example(&state.store, &desk.actor(), &typed, pictures, origin).await {
        Ok(code) => desk.redirect(&format!("/theo-doi/{code}")),
        Err(NotTaken { error, kept }) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            desk.end(form_page(&desk, &state, status, &RefusedExample { typed, kept, error: Some(error) }).await)
        }
    }
}

/// GET: one that is checked.
pub async fn show_one(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, uri: http::Uri) -> Response {
    let done = uri.query() == Some("xong");
    desk.end(one_page(&desk, &state, id, StatusCode::OK, None, None, done).await)
}

async fn one_page(
    desk: &Desk,
    state: &AppState,
    id: i64,
    status: StatusCode,
    typed: Option<&Fields>,
    error: Option<&AppError>,
    done: bool,
) -> Result<Response, AppError> {
    let checked = service::read_to_check(&state.store, &desk.actor(), id).await?;
    let (row, t) = (&checked.row, desk.t());
    let code = ReceiptCode::parse(&row.code).map_or_else(String::new, |code| code.to_string());
    let content = html! {
        p class="breadcrumb" { a href=(desk.href("/quan-tri/dien-hinh")) { (t.examples()) } }
        h1 { (row.title) }
        p class="hint" { (example_line(row, desk)) }
        @if done { p class="flash flash--good" role="status" { (t.done()) } }
        (form_errors(error, t))
        @if let Some(reason) = row.reason.as_ref().filter(|_| row.state == "rejected") { p class="flash" { (t.tracking_reason()) ": " q { (reason) } } }
        dl class="facts" {
            div { dt { (t.example_sender_name()) } dd { (row.sender_name) } }
            @if let Some(contact) = &row.sender_contact { div { dt { (t.example_contact()) } dd { (contact) } } }
            @if !code.is_empty() { div { dt { (t.tracking_code()) } dd { (code) } } }
            div { dt { (t.example_consent_short()) } dd { (t.example_consent_given()) } }
        }
        @if row.state == "published" { (published(desk, &checked)) }
        @else { (check_form(desk, &checked, typed)) }
    };
    Ok(desk.page_with(status, &row.title, Extra::default(), &content))
}

fn published(desk: &Desk, checked: &Checked) -> Markup {
    let (row, t) = (&checked.row, desk.t());
    let writes = desk.actor().may(Permission::WriteAnnouncements, Scope::of(row.unit_id));
    html! {
        (picture_list(desk, &checked.pictures, row.id))
        ul class="desk-links" {
            li { a href=(desk.href(&format!("/dien-hinh/{}", row.slug))) { (t.example_tracking_see()) } }
            @if writes {
                li { a href=(desk.href(&format!("/quan-tri/tin/{}", row.id))) { (t.edit()) } }
                li { a href=(desk.href(&format!("/quan-tri/tin/{}/xuat-ban", row.id))) { (t.withdraw()) } }
            }
            @if desk.may(Permission::ReportForUnit) {
                li { a href=(format!("{}?dien-hinh={}", desk.href("/quan-tri/dien-hinh/nhan-rong"), row.id)) { (t.example_spread_record()) } }
            }
        }
    }
}

fn picture_list(desk: &Desk, pictures: &[ExamplePictureRow], id: i64) -> Markup {
    html! {
        @for picture in pictures {
            figure class="example-check-picture" {
                img src=(desk.href(&format!("/quan-tri/dien-hinh/{id}/anh/{}", picture.position))) alt=(picture.caption) loading="lazy";
                @if !picture.caption.is_empty() { figcaption { (picture.caption) } }
            }
        }
    }
}

/// Everything that whoever checks may change, and the decision.
fn check_form(desk: &Desk, checked: &Checked, typed: Option<&Fields>) -> Markup {
    let (row, own, t) = (&checked.row, &checked.own, desk.t());
    let text = |name: &str, stored: &str| typed.map_or_else(|| stored.to_owned(), |fields| fields.get(name).to_owned());
    let (revision, version) = own.open.as_ref().map_or((0, 0), |open| (open.id, open.version));
    let unit = checked.units.iter().find(|unit| Some(unit.id) == row.unit_id).map_or("", |unit| unit.slug.as_str());
    let (unit, kind) = (text("unit", unit), text("kind", &row.kind));
    let campaign = text("campaign", &row.campaign_id.map(|id| id.to_string()).unwrap_or_default());
    let shown = [text("title", &own.text.title), text("lead", &own.text.lead), text("body", &own.text.body)].join("\n");
    let personal: Vec<&str> = find_personal(&shown).iter().map(|found| &shown[found.from..found.to]).collect();
    html! {
        @if !personal.is_empty() { p class="flash flash--bad" role="note" { (t.example_personal(personal.join(", "))) } }
        form method="post" action=(desk.href(&format!("/quan-tri/dien-hinh/{}", row.id))) class="example-check" {
            (hidden("revision", &revision.to_string())) (hidden("version", &version.to_string()))
            (input(&Input { id: "title", name: "title", label: t.example_title(), value: &text("title", &own.text.title), required: true, ..Input::default() }))
            div class="field" { label for="lead" { (t.field_lead()) } (text_area("lead", "lead", 3, &text("lead", &own.text.lead), false)) }
            div class="field" { label for="body" { (t.example_text()) } (text_area("body", "body", 14, &text("body", &own.text.body), false)) }
            (input(&Input { id: "ve-ai", name: "person", label: t.example_who(), value: &text("person", &row.person), required: true, ..Input::default() }))
            div class="field" {
                label for="loai" { (t.example_kind()) }
                select id="loai" name="kind" { @for one in KINDS { option value=(one) selected[one == kind] { (kind_name(one, t)) } } }
            }
            div class="field" {
                label for="don-vi" { (t.unit()) }
                select id="don-vi" name="unit" {
                    option value="" { (t.example_no_unit()) }
                    @for one in &checked.units { option value=(one.slug) selected[one.slug == unit] { (one.name) } }
                }
                @if row.unit_id.is_none() && !row.unit_name.is_empty() { p class="hint" { (t.example_unit_typed(&row.unit_name)) } }
            }
            div class="field" {
                label for="phong-trao" { (t.example_campaign()) }
                select id="phong-trao" name="campaign" {
                    option value="" { (t.example_no_campaign()) }
                    @for one in &checked.campaigns { option value=(one.id) selected[one.id.to_string() == campaign] { (one.title) } }
                }
            }
            @for picture in &checked.pictures { (check_picture(desk, row.id, picture, typed)) }
            div class="form-actions" {
                button class="button button--strong" type="submit" name="viec" value="duyet" { (t.approve()) }
                " " button class="button button--quiet" type="submit" name="viec" value="luu" { (t.save()) }
            }
            @if row.state == "waiting" {
                details open[typed.is_some_and(|fields| fields.get("viec") == "tu-choi")] {
                    summary { (t.reject()) }
                    div class="field" { label for="ly-do" { (t.reason_for_sender()) } (text_area("ly-do", "reason", 3, &text("reason", ""), false)) }
                    button class="button" type="submit" name="viec" value="tu-choi" { (t.reject()) }
                }
            }
        }
    }
}

fn check_picture(desk: &Desk, id: i64, picture: &ExamplePictureRow, typed: Option<&Fields>) -> Markup {
    let (t, n) = (desk.t(), picture.position);
    let text = |name: &str, stored: &str| typed.map_or_else(|| stored.to_owned(), |fields| fields.get(name).to_owned());
    let (caption, credit, out) = (format!("caption-{n}"), format!("credit-{n}"), format!("out-{n}"));
    html! {
        fieldset class="example-check-picture" {
            legend { (t.example_picture(usize::try_from(n).unwrap_or_default() + 1)) }
            img src=(desk.href(&format!("/quan-tri/dien-hinh/{id}/anh/{n}"))) alt=(picture.name) loading="lazy";
            (input(&Input { id: &caption, name: &caption, label: t.example_caption(), value: &text(&caption, &picture.caption), hint: t.example_caption_hint(), ..Input::default() }))
            (input(&Input { id: &credit, name: &credit, label: t.example_credit(), value: &text(&credit, &picture.credit), ..Input::default() }))
            label class="check" { input type="checkbox" name=(out) value="1" checked[typed.is_some_and(|fields| fields.has(&out))]; " " (t.example_picture_out()) }
        }
    }
}

fn edits_of(fields: &Fields) -> Edits {
    let text = |name: &str| fields.get(name).to_owned();
    let position = |name: &str| name.strip_prefix("caption-").and_then(|n| n.parse::<i64>().ok());
    let pictures = fields.0.iter().filter_map(|(name, caption)| {
        let n = position(name)?;
        Some((n, fields.has(&format!("out-{n}")), caption.clone(), fields.get(&format!("credit-{n}")).to_owned()))
    });
    Edits {
        revision_id: fields.number("revision").unwrap_or_default(),
        version: fields.number("version").unwrap_or_default(),
        title: text("title"),
        lead: text("lead"),
        body: text("body"),
        kind: text("kind"),
        person: text("person"),
        unit: text("unit"),
        campaign: fields.number("campaign"),
        pictures: pictures.collect(),
    }
}

/// POST: saves, publishes or rejects.
pub async fn take_one(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let done = match fields.get("viec") {
        "luu" => service::save_edits(store, &actor, id, &edits_of(&fields)).await,
        "duyet" => service::approve(store, &actor, id, &edits_of(&fields)).await,
        "tu-choi" => service::reject(store, &actor, id, fields.get("reason")).await,
        _ => Err(AppError::BadAddress),
    };
    match done {
        Ok(()) if fields.get("viec") == "luu" => desk.redirect(&format!("/quan-tri/dien-hinh/{id}?xong")),
        // Whoever has decided about one goes on to the next.
        Ok(()) => desk.redirect("/quan-tri/dien-hinh?xong"),
        Err(error @ (AppError::Invalid(_) | AppError::Conflict | AppError::OwnText)) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            desk.end(one_page(&desk, &state, id, status, Some(&fields), Some(&error), false).await)
        }
        Err(error) => desk.failure(&error),
    }
}

/// GET: a picture, for whoever checks the example.
pub async fn give_picture(desk: Desk, State(state): State<AppState>, Path((id, n)): Path<(i64, i64)>) -> Response {
    match service::read_picture(&state.store, &desk.actor(), id, n).await {
        Ok((media_type, bytes)) => {
            let mut answer = Response::new(Body::from(bytes));
            let kind = HeaderValue::from_str(&media_type);
            answer.headers_mut().extend(kind.ok().map(|kind| (header::CONTENT_TYPE, kind)));
            answer
        }
        Err(error) => desk.failure(&error),
    }
}

/// GET: the form by which a unit records that it took an example up.
pub async fn show_take_up(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let fields = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let asked = Fields(vec![("example".to_owned(), fields.get("dien-hinh").to_owned())]);
    desk.end(take_up_page(&desk, &state, StatusCode::OK, &asked, None).await)
}

async fn take_up_page(
    desk: &Desk,
    state: &AppState,
    status: StatusCode,
    typed: &Fields,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let (actor, t) = (desk.actor(), desk.t());
    let examples = service::list_to_take_up(&state.store, &actor, typed.number("example")).await?;
    let mut units = service::list_sending_units(&state.store, &actor).await?;
    units.retain(|unit| actor.may(Permission::ReportForUnit, Scope::Unit(unit.id)));
    let content = html! {
        h1 { (t.example_spread_record()) }
        p { (t.example_spread_text()) }
        (form_errors(error, t))
        @if examples.is_empty() { p class="desk-empty" { (t.examples_none()) } }
        @else if units.is_empty() { p class="desk-empty" { (t.taking_part_none()) } }
        @else {
            form method="post" action=(desk.href("/quan-tri/dien-hinh/nhan-rong")) {
                div class="field" {
                    label for="dien-hinh" { (t.example_one()) }
                    select id="dien-hinh" name="example" { @for row in &examples { option value=(row.id) selected[typed.number("example") == Some(row.id)] { (row.title) } } }
                }
                div class="field" {
                    label for="don-vi" { (t.unit()) }
                    select id="don-vi" name="unit" { @for unit in &units { option value=(unit.slug) selected[typed.get("unit") == unit.slug] { (unit.name) } } }
                }
                div class="field" { label for="body" { (t.example_spread_note()) } (text_area("body", "note", 4, typed.get("note"), false)) }
                div class="form-actions" { button class="button" type="submit" { (t.example_spread_go()) } }
            }
        }
    };
    Ok(desk.page_with(status, t.example_spread_record(), Extra::default(), &content))
}

/// POST: a unit took an example up.
pub async fn take_up(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    let Some(id) = fields.number("example") else { return desk.failure(&AppError::BadAddress) };
    match service::take_up(&state.store, &desk.actor(), id, fields.get("unit"), fields.get("note")).await {
        Ok(path) => desk.redirect(&format!("{path}#nhan-rong")),
        Err(error @ AppError::Invalid(_)) => {
            desk.end(take_up_page(&desk, &state, StatusCode::UNPROCESSABLE_ENTITY, &fields, Some(&error)).await)
        }
        Err(error) => desk.failure(&error),
    }
}
