//! The tree of units, one unit with what becomes of it, files of units, and the clusters of a year.

use std::collections::HashMap;

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, field_id, form_errors, hidden, input, text_area};
use super::library::read_upload;
use super::sign_in::is_about;
use crate::domain::day::Day;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::text::{fold, has_words};
use crate::server::clock::now;
use crate::server::db::desk::unit::UnitRow;
use crate::server::services::account::invalid;
use crate::server::services::unit::import::{ImportUnits, Imported, import_units};
use crate::server::services::unit::{self as service, Change, Clusters, Tree, TypedUnit};
use crate::server::state::AppState;
use crate::server::unit_file::{Column, LineProblem, UnitFileProblem, Wrong};
use crate::text::Text;

/// So deep a tree is shown; what stands deeper is found by searching.
const DEEPEST: usize = 12;

/// What the page of the tree says besides the tree.
#[derive(Clone, Debug, Default)]
struct Told {
    error: Option<AppError>,
    notice: Option<String>,
    problems: Vec<String>,
    /// The names of what came of a file.
    names: Vec<String>,
    /// The text of the file that was tried: what was looked at is what is imported, without being chosen again.
    kept: Option<String>,
    typed: Fields,
}

/// The field of a file that was tried, and the largest one that goes along with the page, in bytes.
const KEPT: &str = "da-xem";
const KEPT_MOST: usize = 2 * 1024 * 1024;

/// GET: the tree.
pub async fn show(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let fields = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let notice = fields.has("xong").then(|| desk.t().done().to_owned());
    desk.end(page(&desk, &state, StatusCode::OK, &fields, &Told { notice, ..Told::default() }).await)
}

async fn page(
    desk: &Desk,
    state: &AppState,
    status: StatusCode,
    query: &Fields,
    told: &Told,
) -> Result<Response, AppError> {
    let tree = service::read_tree(&state.store, &desk.actor()).await?;
    let (t, today) = (desk.t(), Day::of(now()));
    let (words, over) = (query.get("q"), query.has("cu"));
    let folded = fold(words);
    let shown = |unit: &&UnitRow| over || !unit.is_over(today);
    let content = html! {
        div class="desk-title" { h1 { (t.units()) } div class="form-actions" {
            a class="button button--quiet" href="#them" { (t.add_unit()) } " "
            a class="button button--quiet" href="#nhap" { (t.import_units()) } " "
            a class="button button--quiet" href=(desk.href("/quan-tri/cum")) { (t.clusters()) }
        } }
        @if let Some(notice) = &told.notice { p class="flash flash--good" role="status" { (notice) } }
        @if !told.names.is_empty() {
            details { summary { (t.units_import_names()) } ul class="choices--many" { @for name in &told.names { li { (name) } } } }
        }
        @if let Some(kept) = &told.kept {
            form id="nhap-da-xem" method="post" action=(desk.href("/quan-tri/nhap-don-vi")) enctype="multipart/form-data" {
                (hidden(KEPT, kept))
                @for name in ["parent", "level", "begins"] { (hidden(name, told.typed.get(name))) }
                div class="form-actions" { button class="button" name="viec" value="nhap" { (t.import_kept()) } }
            }
        }
        (form_errors(told.error.as_ref(), t))
        @if !told.problems.is_empty() {
            div class="form-errors" role="alert" tabindex="-1" {
                h2 { (t.units_not_imported()) }
                ul { @for problem in &told.problems { li { (problem) } } }
            }
        }
        form class="desk-filter" method="get" role="search" {
            div class="field" { label for="q" { (t.search_units()) } input id="q" name="q" type="search" value=(words) autocomplete="off"; }
            label class="check" { input type="checkbox" name="cu" value="1" checked[over]; " " (t.units_over_too()) }
            button class="button" type="submit" { (t.search_button()) }
        }
        @if tree.units.is_empty() { p class="desk-empty" { (t.units_none()) } }
        @if folded.is_empty() {
            @let children = children_of(&tree.units);
            ul class="desk-units" {
                @for unit in tree.units.iter().filter(|unit| unit.parent_id.is_none()).filter(shown) {
                    (branch(desk, unit, &children, today, over, 0))
                }
            }
        } @else {
            @let found: Vec<_> = tree.units.iter().filter(shown).filter(|unit| has_words(&unit.name, &folded) || unit.code.as_deref() == Some(words.trim())).take(200).collect();
            @if found.is_empty() { p class="desk-empty" { (t.units_none_found()) } }
            ul class="desk-units" { @for unit in found { li { (leaf(desk, unit, today)) } } }
        }
        section aria-labelledby="them" {
            h2 id="them" class="section-title" { (t.add_unit()) }
            form method="post" action=(desk.href("/quan-tri/don-vi")) {
                (unit_fields(desk, &tree, &typed_unit(&told.typed), told.error.as_ref(), None))
                div class="form-actions" { button class="button" type="submit" { (t.add_unit()) } }
            }
        }
        section aria-labelledby="nhap" {
            h2 id="nhap" class="section-title" { (t.import_units()) }
            p { (t.import_units_text()) }
            form method="post" action=(desk.href("/quan-tri/nhap-don-vi")) enctype="multipart/form-data" {
                div class="field" {
                    label for="tep" { (t.units_file()) }
                    input id="tep" name="file" type="file" required accept=".csv,.txt,.json,.geojson";
                }
                (parent_field("nhap-thuoc", &tree, told.typed.get("parent"), None, t))
                (input(&Input { id: "nhap-cap", name: "level", label: t.unit_level(), value: told.typed.get("level"), hint: t.import_level_hint(), ..Input::default() }))
                (input(&Input { id: "nhap-tu", name: "begins", label: t.unit_begins(), value: told.typed.get("begins"), kind: "date", ..Input::default() }))
                div class="form-actions" {
                    button class="button button--quiet" name="viec" value="thu" { (t.import_try()) }
                    button class="button" name="viec" value="nhap" { (t.import_units()) }
                }
            }
        }
    };
    Ok(desk.page_with(status, t.units(), Extra::default(), &content))
}

type Children<'a> = HashMap<i64, Vec<&'a UnitRow>>;

fn children_of(units: &[UnitRow]) -> Children<'_> {
    let mut children = Children::new();
    for unit in units {
        if let Some(parent) = unit.parent_id {
            children.entry(parent).or_default().push(unit);
        }
    }
    children
}

fn branch(desk: &Desk, unit: &UnitRow, children: &Children<'_>, today: Day, over: bool, depth: usize) -> Markup {
    let below: Vec<_> =
        children.get(&unit.id).into_iter().flatten().filter(|unit| over || !unit.is_over(today)).collect();
    html! {
        li {
            @if below.is_empty() || depth >= DEEPEST { (leaf(desk, unit, today)) }
            @else {
                details open[depth == 0] {
                    summary { (leaf(desk, unit, today)) " " span class="hint" { (desk.t().units_below(below.len())) } }
                    ul { @for unit in below { (branch(desk, unit, children, today, over, depth + 1)) } }
                }
            }
        }
    }
}

fn leaf(desk: &Desk, unit: &UnitRow, today: Day) -> Markup {
    let t = desk.t();
    html! {
        a href=(desk.href(&format!("/quan-tri/don-vi/{}", unit.slug))) { (unit.name) }
        @if !unit.level.is_empty() { " " span class="hint" { (unit.level) } }
        @if let Some(last) = unit.last_day().filter(|_| unit.is_over(today)) { " " span class="badge badge--bad" { (t.unit_ended(last.show(t.0))) } }
        @if let Some(first) = unit.first_day().filter(|first| *first > today) { " " span class="badge" { (t.unit_begins_on(first.show(t.0))) } }
    }
}

fn typed_unit(fields: &Fields) -> TypedUnit {
    TypedUnit {
        name: fields.get("name").to_owned(),
        code: fields.get("code").to_owned(),
        level: fields.get("level").to_owned(),
        parent: fields.get("parent").to_owned(),
        begins: fields.get("begins").to_owned(),
        ends: fields.get("ends").to_owned(),
    }
}

fn unit_fields(desk: &Desk, tree: &Tree, unit: &TypedUnit, error: Option<&AppError>, own: Option<i64>) -> Markup {
    let t = desk.t();
    let about = |field: Field| is_about(error, field);
    html! {
        (input(&Input { id: field_id(Field::Unit), name: "name", label: t.unit_name(), value: &unit.name, required: true, invalid: about(Field::Unit), ..Input::default() }))
        (parent_field(field_id(Field::Parent), tree, &unit.parent, own, t))
        div class="field" {
            label for=(field_id(Field::Level)) { (t.unit_level()) }
            input id=(field_id(Field::Level)) name="level" type="text" value=(unit.level) list="cac-cap" autocomplete="off" aria-invalid=[about(Field::Level).then_some("true")];
            datalist id="cac-cap" { @for level in &tree.levels { option value=(level) {} } }
        }
        (input(&Input { id: field_id(Field::UnitCode), name: "code", label: t.unit_code(), value: &unit.code, hint: t.unit_code_hint(), invalid: about(Field::UnitCode), ..Input::default() }))
        (input(&Input { id: field_id(Field::Begins), name: "begins", label: t.unit_begins(), value: &unit.begins, kind: "date", invalid: about(Field::Begins), ..Input::default() }))
        @if own.is_some() {
            (input(&Input { id: field_id(Field::Ends), name: "ends", label: t.unit_ends(), value: &unit.ends, kind: "date", hint: t.unit_ends_hint(), invalid: about(Field::Ends), ..Input::default() }))
        }
    }
}

fn parent_field(id: &str, tree: &Tree, parent: &str, own: Option<i64>, t: Text) -> Markup {
    html! {
        div class="field" {
            label for=(id) { (t.unit_above()) }
            select id=(id) name="parent" {
                option value="" { (t.none()) }
                @for unit in tree.units.iter().filter(|unit| Some(unit.id) != own && (unit.ends.is_none() || unit.slug == parent)) {
                    option value=(unit.slug) selected[unit.slug == parent] { (unit.name) }
                }
            }
        }
    }
}

/// POST: adds a unit.
pub async fn add(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    match service::add_unit(&state.store, &desk.actor(), &typed_unit(&fields)).await {
        Ok(slug) => desk.redirect(&format!("/quan-tri/don-vi/{slug}?xong")),
        Err(error @ AppError::Invalid(_)) => {
            let told = Told { error: Some(error), typed: fields, ..Told::default() };
            desk.end(page(&desk, &state, StatusCode::UNPROCESSABLE_ENTITY, &Fields::default(), &told).await)
        }
        Err(error) => desk.failure(&error),
    }
}

/// POST: a file of units.
pub async fn import(desk: Desk, State(state): State<AppState>, form: Multipart) -> Response {
    let t = desk.t();
    let (mut told, mut kept) = (Told::default(), String::new());
    let read = async {
        let mut uploaded = read_upload(form).await?;
        told.typed = std::mem::take(&mut uploaded.fields);
        let begins = told.typed.get("begins");
        let asked = ImportUnits {
            under: told.typed.get("parent").to_owned(),
            level: told.typed.get("level").trim().to_owned(),
            begins: Day::parse(begins),
            dry_run: told.typed.get("viec") == "thu",
        };
        if asked.begins.is_none() && !begins.trim().is_empty() {
            return Err(invalid(Field::Begins, Problem::NoDay));
        }
        let mut bytes = uploaded.take("file")?.bytes;
        if bytes.is_empty() {
            told.typed.get(KEPT).clone_into(&mut kept);
            bytes = kept.clone().into_bytes();
        } else if asked.dry_run && bytes.len() <= KEPT_MOST {
            kept = String::from_utf8(bytes.clone()).unwrap_or_default();
        }
        import_units(&state.store, &desk.actor(), bytes, &asked).await
    };
    let status = match read.await {
        Ok(Ok(imported)) => {
            let tried = told.typed.get("viec") == "thu";
            told.notice = Some(imported_sentence(&imported, tried, t));
            told.names = imported.names;
            told.kept = Some(kept).filter(|kept| tried && !kept.is_empty());
            StatusCode::OK
        }
        Ok(Err(problem)) => {
            told.problems = file_sentences(&problem, t);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(AppError::TooLarge) => {
            told.problems = vec![t.file_too_large().to_owned()];
            StatusCode::PAYLOAD_TOO_LARGE
        }
        Err(error @ AppError::Invalid(_)) => {
            told.error = Some(error);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(error) => return desk.failure(&error),
    };
    desk.end(page(&desk, &state, status, &Fields::default(), &told).await)
}

/// What came of a file, or would come of it.
pub fn imported_sentence(imported: &Imported, tried: bool, t: Text) -> String {
    let Imported { added, changed, unchanged, bounded, .. } = *imported;
    let counts = t.units_imported(added, bounded, changed, unchanged);
    if tried { format!("{} {counts}", t.units_import_tried()) } else { counts }
}

/// What is wrong with a file, in sentences.
pub fn file_sentences(problem: &UnitFileProblem, t: Text) -> Vec<String> {
    let sentence = match problem {
        UnitFileProblem::Empty => t.units_file_empty(),
        UnitFileProblem::TooLarge => t.units_file_too_large(),
        UnitFileProblem::NotText => t.units_file_not_text(),
        UnitFileProblem::NoNames => t.units_file_no_names(),
        UnitFileProblem::NotGeoJson => t.units_file_not_geojson(),
        UnitFileProblem::Lines(problems) => return problems.iter().map(|problem| line_sentence(problem, t)).collect(),
    };
    vec![sentence.to_owned()]
}

fn line_sentence(problem: &LineProblem, t: Text) -> String {
    let column = match problem.column {
        Column::Name => t.unit_name(),
        Column::Code => t.unit_code(),
        Column::Level => t.unit_level(),
        Column::Parent => t.unit_above(),
        Column::Begins => t.unit_begins(),
        Column::Ends => t.unit_ends(),
        Column::Boundary => t.unit_boundary(),
    };
    let wrong = match problem.wrong {
        Wrong::Missing => t.field_missing(),
        Wrong::TooLong => t.units_cell_too_long(),
        Wrong::NotADay => t.no_day(),
        Wrong::EndsBeforeBegins => t.ends_before_begins(),
        Wrong::Repeated => t.units_cell_repeated(),
        Wrong::NotAPlace => t.units_cell_no_place(),
        Wrong::OwnParent => t.unit_circle(),
        Wrong::Unknown => t.units_cell_unknown(),
    };
    t.units_line(column, problem.line, &problem.value, wrong)
}

/// GET: one unit.
pub async fn show_one(desk: Desk, State(state): State<AppState>, Path(slug): Path<String>, uri: http::Uri) -> Response {
    let done = uri.query().is_some_and(|query| query == "xong");
    desk.end(one(&desk, &state, &slug, StatusCode::OK, None, &Fields::default(), done).await)
}

async fn one(
    desk: &Desk,
    state: &AppState,
    slug: &str,
    status: StatusCode,
    error: Option<&AppError>,
    typed: &Fields,
    done: bool,
) -> Result<Response, AppError> {
    let tree = service::read_tree(&state.store, &desk.actor()).await?;
    let own = tree.units.iter().find(|unit| unit.slug == slug).ok_or(AppError::NotFound)?;
    let (t, today) = (desk.t(), Day::of(now()));
    let parent = own.parent_id.and_then(|id| tree.find(id));
    let stored = TypedUnit {
        name: own.name.clone(),
        code: own.code.clone().unwrap_or_default(),
        level: own.level.clone(),
        parent: parent.map(|unit| unit.slug.clone()).unwrap_or_default(),
        begins: own.begins.clone().unwrap_or_default(),
        ends: own.ends.clone().unwrap_or_default(),
    };
    let shown = if typed.get("viec") == "sua" { typed_unit(typed) } else { stored };
    let link =
        |unit: &UnitRow| html! { a href=(desk.href(&format!("/quan-tri/don-vi/{}", unit.slug))) { (unit.name) } };
    let (successors, predecessors) = (tree.successors(own.id), tree.predecessors(own.id));
    let mut others: Vec<_> = tree.units.iter().filter(|unit| unit.id != own.id && unit.ends.is_none()).collect();
    // Those beside it come first: units are mostly merged with their neighbours.
    others.sort_by_key(|unit| unit.parent_id != own.parent_id);
    let content = html! {
        p { a href=(desk.href("/quan-tri/don-vi")) { (t.units()) } @if let Some(parent) = parent { " › " (link(parent)) } }
        h1 { (own.name) }
        p class="desk-state" {
            @if !own.level.is_empty() { span class="badge" { (own.level) } " " }
            @if let Some(last) = own.last_day() { span class="badge badge--bad" { (t.unit_ended(last.show(t.0))) } " " }
            @if tree.bounded.contains(&own.id) { span class="badge" { (t.unit_has_boundary()) } " " }
            a href=(desk.href(&format!("/don-vi/{}", own.slug))) { (t.see_public_page()) }
        }
        @if done { p class="flash flash--good" role="status" { (t.done()) } }
        (form_errors(error, t))
        @if !predecessors.is_empty() { p { (t.unit_came_from()) " " @for (index, unit) in predecessors.iter().enumerate() { @if index > 0 { ", " } (link(unit)) } } }
        @if !successors.is_empty() { p { (t.unit_goes_on_in()) " " @for (index, unit) in successors.iter().enumerate() { @if index > 0 { ", " } (link(unit)) } } }
        section aria-labelledby="sua" {
            h2 id="sua" class="section-title" { (t.unit_correct()) }
            p class="hint" { (t.unit_correct_hint()) }
            form id="sua-don-vi" method="post" {
                (hidden("viec", "sua"))
                (unit_fields(desk, &tree, &shown, error, Some(own.id)))
                div class="form-actions" { button class="button" type="submit" { (t.save()) } }
            }
        }
        @if own.ends.is_none() {
            section aria-labelledby="doi" {
                h2 id="doi" class="section-title" { (t.unit_changes()) }
                p class="hint" { (t.unit_changes_hint()) }
                (change_form("doi-ten", t.unit_rename(), typed, today, t, &html! { (input(&Input { id: "ten-moi", name: "new_name", label: t.unit_new_name(), value: typed.get("new_name"), required: true, ..Input::default() })) }))
                (change_form("gop", t.unit_merge(), typed, today, t, &html! {
                    fieldset class="choices choices--many" { legend { (t.unit_merge_with()) }
                        @for unit in others.iter().filter(|unit| unit.parent_id == own.parent_id) {
                            label { input type="checkbox" name="with" value=(unit.slug) checked[typed.all("with").any(|slug| slug == unit.slug)]; " " (unit.name) }
                        }
                    }
                    (input(&Input { id: "ten-chung", name: "new_name", label: t.unit_new_name(), value: typed.get("new_name"), required: true, ..Input::default() }))
                }))
                (change_form("vao", t.unit_join(), typed, today, t, &html! {
                    div class="field" { label for="vao-don-vi" { (t.unit_join_which()) }
                        select id="vao-don-vi" name="into" { @for unit in &others { option value=(unit.slug) selected[typed.get("into") == unit.slug] { (unit.name) } } } }
                }))
                (change_form("tach", t.unit_split(), typed, today, t, &html! {
                    div class="field" { label for="cac-ten" { (t.unit_split_names()) } (text_area("cac-ten", "names", 4, typed.get("names"), false)) p class="hint" { (t.unit_split_hint()) } }
                }))
                (change_form("giai-the", t.unit_abolish(), typed, today, t, &html! { p { (t.unit_abolish_text()) } }))
            }
        }
    };
    Ok(desk.page_with(status, &own.name, Extra::default(), &content))
}

fn change_form(task: &str, name: &str, typed: &Fields, today: Day, t: Text, inner: &Markup) -> Markup {
    let here = typed.get("viec") == task;
    let today = today.iso();
    html! {
        details open[here] {
            summary { (name) }
            form method="post" class="desk-step" {
                (hidden("viec", task))
                (inner)
                (input(&Input { id: &format!("{task}-tu"), name: "day", label: t.unit_change_day(), value: if here { typed.get("day") } else { &today }, kind: "date", required: true, ..Input::default() }))
                label class="check" { input type="checkbox" name="chac" value="1" required; " " (t.unit_change_sure()) }
                div class="form-actions" { button class="button" type="submit" { (name) } }
            }
        }
    }
}

/// POST: corrects a unit, or says what becomes of it.
pub async fn take_one(desk: Desk, State(state): State<AppState>, Path(slug): Path<String>, fields: Fields) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let name = || fields.get("new_name").to_owned();
    let change = match fields.get("viec") {
        "doi-ten" => Some(Change::Rename(name())),
        "gop" => Some(Change::Merge(fields.all("with").map(str::to_owned).collect(), name())),
        "vao" => Some(Change::Join(fields.get("into").to_owned())),
        "tach" => {
            let names = fields.get("names").lines().map(str::trim).filter(|line| !line.is_empty());
            Some(Change::Split(names.map(str::to_owned).collect()))
        }
        "giai-the" => Some(Change::Abolish),
        _ => None,
    };
    let done = match change {
        Some(change) => service::succeed(store, &actor, &slug, &change, fields.get("day")).await.map(|_| ()),
        None if fields.get("viec") == "sua" => service::change_unit(store, &actor, &slug, &typed_unit(&fields)).await,
        None => Err(AppError::BadAddress),
    };
    match done {
        Ok(()) => desk.redirect(&format!("/quan-tri/don-vi/{slug}?xong")),
        Err(error @ (AppError::Invalid(_) | AppError::Conflict)) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            desk.end(one(&desk, &state, &slug, status, Some(&error), &fields, false).await)
        }
        Err(error) => desk.failure(&error),
    }
}

/// GET: the clusters of a year.
pub async fn show_clusters(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let fields = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    desk.end(clusters(&desk, &state, StatusCode::OK, year_of(&fields), None, &fields).await)
}

fn year_of(fields: &Fields) -> i64 {
    let this_year = Day::of(now()).iso().chars().take(4).collect::<String>().parse().unwrap_or(2026);
    fields.number("nam").filter(|year| (1948..=2100).contains(year)).unwrap_or(this_year)
}

async fn clusters(
    desk: &Desk,
    state: &AppState,
    status: StatusCode,
    year: i64,
    error: Option<&AppError>,
    typed: &Fields,
) -> Result<Response, AppError> {
    let Clusters { clusters, units, years } = service::list_clusters(&state.store, &desk.actor(), year).await?;
    let (t, action) = (desk.t(), desk.href("/quan-tri/cum"));
    let placed: HashMap<i64, i64> =
        clusters.iter().flat_map(|(row, units)| units.iter().map(move |unit| (*unit, row.id))).collect();
    let content = html! {
        p { a href=(desk.href("/quan-tri/don-vi")) { (t.units()) } }
        h1 { (t.clusters_of(year.to_string())) }
        p { (t.clusters_text()) }
        (form_errors(error, t))
        form class="desk-filter" method="get" {
            div class="field" { label for="nam" { (t.year()) } input id="nam" name="nam" type="number" min="1948" max="2100" value=(year); }
            button class="button button--quiet" type="submit" { (t.see_year()) }
            @if !years.is_empty() { p class="hint" { @for other in &years { a href=(format!("{action}?nam={other}")) { (other) } " " } } }
        }
        @if clusters.is_empty() { p class="desk-empty" { (t.clusters_none()) } }
        @for (row, within) in &clusters {
            section aria-labelledby=(format!("cum-{}", row.id)) {
                h2 id=(format!("cum-{}", row.id)) class="section-title" { (row.name) }
                p class="hint" { (t.units_count(within.len())) }
                form method="post" action=(action) {
                    (hidden("nam", &year.to_string())) (hidden("id", &row.id.to_string()))
                    details open[within.is_empty()] {
                        summary { (t.cluster_units()) }
                        @for (level, units) in by_level(units.iter().filter(|unit| unit.ends.is_none() || within.contains(&unit.id)), within) {
                            fieldset class="choices choices--many" {
                                legend { @if level.is_empty() { (t.clusters_no_level()) } @else { (level) } " " span class="hint" { (t.units_count(units.len())) } }
                                @for unit in units {
                                    @let elsewhere = placed.get(&unit.id).is_some_and(|id| *id != row.id);
                                    label { input type="checkbox" name="unit" value=(unit.slug) checked[within.contains(&unit.id)]; " " (unit.name) @if elsewhere { " " span class="hint" { (t.in_another_cluster()) } } }
                                }
                            }
                        }
                        div class="form-actions" { button class="button" name="viec" value="xep" { (t.save()) } }
                    }
                    details {
                        summary { (t.remove_cluster()) }
                        p { (t.remove_cluster_text()) }
                        div class="form-actions" { button class="button button--quiet" name="viec" value="bo" { (t.remove_cluster()) } }
                    }
                }
            }
        }
        section aria-labelledby="them" {
            h2 id="them" class="section-title" { (t.add_cluster()) }
            form method="post" action=(action) {
                (hidden("viec", "them")) (hidden("nam", &year.to_string()))
                (input(&Input { id: field_id(Field::Unit), name: "name", label: t.cluster_name(), value: typed.get("name"), hint: t.cluster_name_hint(), required: true, invalid: is_about(error, Field::Unit), ..Input::default() }))
                div class="form-actions" { button class="button" type="submit" { (t.add_cluster()) } }
            }
        }
    };
    Ok(desk.page_with(status, t.clusters(), Extra::default(), &content))
}

/// Units by their level, since clusters are mostly of one; the levels of those that are within come first.
fn by_level<'a>(units: impl Iterator<Item = &'a UnitRow>, within: &[i64]) -> Vec<(&'a str, Vec<&'a UnitRow>)> {
    let mut levels: Vec<(&str, Vec<&UnitRow>)> = Vec::new();
    for unit in units {
        match levels.iter_mut().find(|(level, _)| *level == unit.level) {
            Some((_, units)) => units.push(unit),
            None => levels.push((&unit.level, vec![unit])),
        }
    }
    levels.sort_by_key(|(_, units)| !units.iter().any(|unit| within.contains(&unit.id)));
    levels
}

/// POST: one of the forms of clusters.
pub async fn take_clusters(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    let (store, actor, year) = (&state.store, desk.actor(), year_of(&fields));
    let id = fields.number("id").unwrap_or_default();
    let done = match fields.get("viec") {
        "them" => service::add_cluster(store, &actor, year, fields.get("name")).await,
        "xep" => {
            let slugs: Vec<String> = fields.all("unit").map(str::to_owned).collect();
            service::fill_cluster(store, &actor, year, id, &slugs).await
        }
        "bo" => service::remove_cluster(store, &actor, id).await,
        _ => Err(AppError::BadAddress),
    };
    match done {
        Ok(()) => desk.redirect(&format!("/quan-tri/cum?nam={year}")),
        Err(error @ AppError::Invalid(_)) => {
            desk.end(clusters(&desk, &state, StatusCode::UNPROCESSABLE_ENTITY, year, Some(&error), &fields).await)
        }
        Err(error) => desk.failure(&error),
    }
}
