//! Rules of moderation: a list, one rule with what it would have done, and the words on which rules fired.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, field_id, form_errors, hidden, input, text_area};
use super::history::decision;
use crate::domain::error::{AppError, Field};
use crate::domain::lang::Lang;
use crate::domain::number::whole;
use crate::domain::rule::{Condition, RuleAction};
use crate::domain::text::shorten;
use crate::domain::time::Instant;
use crate::server::db::comment::report::ReasonRow;
use crate::server::db::desk::rule::{HitRow, RuleRow};
use crate::server::services::arrival::Words;
use crate::server::services::rule::{self as service, RulePage, SHOWN_MOST, TryOut, Turn, TypedRule};
use crate::server::state::AppState;
use crate::text::Text;

/// Where the rules are.
pub const PATH: &str = "/quan-tri/quy-tac";

fn kind_name(kind: &str, t: Text) -> &'static str {
    match kind {
        "words" => t.rule_words(),
        "pattern" => t.rule_pattern(),
        "links" => t.rule_links(),
        "repeats" => t.rule_repeats(),
        "speed" => t.rule_speed(),
        "length" => t.rule_length(),
        _ => t.rule_capitals(),
    }
}

fn kind_hint(kind: &str, t: Text) -> &'static str {
    match kind {
        "words" => t.rule_words_hint(),
        "pattern" => t.rule_pattern_hint(),
        "links" => t.rule_links_hint(),
        "repeats" => t.rule_repeats_hint(),
        "speed" => t.rule_speed_hint(),
        "length" => t.rule_length_hint(),
        _ => t.rule_capitals_hint(),
    }
}

fn action_name(action: &str, t: Text) -> &'static str {
    match RuleAction::parse(action) {
        Some(RuleAction::Reject) => t.rule_reject(),
        Some(RuleAction::Hold) => t.rule_hold(),
        _ => t.rule_flag(),
    }
}

fn state_name(state: &str, t: Text) -> &'static str {
    match state {
        "on" => t.rule_on(),
        "ended" => t.rule_ended(),
        _ => t.rule_trial(),
    }
}

/// A text with the words marked on which rules fired, as long as they still stand there.
pub fn marked(text: &str, field: &str, words: &[Words]) -> Markup {
    let stands = |words: &&Words| words.0 == field && text.get(words.1..words.2) == Some(words.3.as_str());
    let mut places: Vec<(usize, usize)> = words.iter().filter(stands).map(|words| (words.1, words.2)).collect();
    places.sort_unstable();
    let (mut parts, mut at) = (Vec::new(), 0);
    for (from, to) in places.into_iter().filter(|(from, to)| from < to) {
        if from >= at {
            parts.push((false, &text[at..from]));
            parts.push((true, &text[from..to]));
            at = to;
        }
    }
    parts.push((false, &text[at..]));
    let lines = |part: &str| {
        html! { @for (index, line) in part.split('\n').enumerate() { @if index > 0 { br; } (line) } }
    };
    html! {
        @for (is_hit, part) in parts { @if is_hit { mark { (lines(part)) } } @else { (lines(part)) } }
    }
}

/// Which rule fired on which words.
pub fn fired(hit: &HitRow, t: Text) -> Markup {
    let mut words: Vec<String> = Words::read(&hit.words).into_iter().map(|words| shorten(&words.3, 60)).collect();
    words.dedup();
    html! {
        p class="queue-rule" {
            span class="badge" { (action_name(&hit.action, t)) } " " strong { (t.rule_fired(&hit.name)) }
            @for (index, word) in words.iter().take(10).enumerate() { @if index == 0 { ": " } @else { ", " } q { (word) } }
        }
    }
}

/// GET: the rules.
pub async fn show(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let done = uri.query() == Some("xong");
    let page = async {
        let (rows, _) = service::list_rules(&state.store, &desk.actor()).await?;
        Ok(desk.page(desk.t().rules(), &list(&desk, &rows, done)))
    };
    desk.end(page.await)
}

fn list(desk: &Desk, rows: &[RuleRow], done: bool) -> Markup {
    let t = desk.t();
    let (ended, standing): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.state == "ended");
    html! {
        p class="breadcrumb" { a href=(desk.href("/quan-tri/phan-hoi")) { (t.queue_title()) } }
        h1 { (t.rules()) }
        p { (t.rules_intro()) " " a href=(desk.href(super::mode::PATH)) { (t.modes()) } }
        @if done { p class="flash flash--good" role="status" { (t.done()) } }
        @if standing.is_empty() { p class="desk-empty" { (t.rules_none()) } }
        ul class="desk-list" { @for row in &standing { (listed(desk, row)) } }
        section aria-labelledby="quy-tac-moi" {
            h2 id="quy-tac-moi" class="section-title" { (t.rule_new()) }
            ul class="desk-list" {
                @for kind in Condition::KINDS {
                    li { div {
                        a class="desk-item" href=(desk.href(&format!("{PATH}/moi?loai={kind}"))) { (kind_name(kind, t)) }
                        p class="hint" { (kind_hint(kind, t)) }
                    } }
                }
            }
        }
        @if !ended.is_empty() {
            details {
                summary { (t.rules_ended()) }
                ul class="desk-list" { @for row in &ended { (listed(desk, row)) } }
            }
        }
    }
}

fn listed(desk: &Desk, row: &RuleRow) -> Markup {
    let t = desk.t();
    let badge = if row.state == "on" { "badge badge--published" } else { "badge" };
    html! {
        li { div {
            a class="desk-item" href=(desk.href(&format!("{PATH}/{}", row.id))) { (row.name) }
            p class="hint" {
                span class=(badge) { (state_name(&row.state, t)) } " " (kind_name(&row.kind, t)) " · " (action_name(&row.action, t))
                " · " (t.rule_hits(usize::try_from(row.hits).unwrap_or_default()))
            }
        } }
    }
}

fn typed_of(fields: &Fields) -> TypedRule {
    let text = |name: &str| fields.get(name).to_owned();
    let (kind, second) = (text("loai"), fields.get("dieu-kien-2").trim());
    let parameter = if second.is_empty() { text("dieu-kien") } else { format!("{} {second}", fields.get("dieu-kien")) };
    TypedRule { name: text("ten"), kind, parameter, action: text("viec-lam"), reason: text("ly-do") }
}

fn typed_of_row(row: &RuleRow) -> TypedRule {
    TypedRule {
        name: row.name.clone(),
        kind: row.kind.clone(),
        parameter: row.parameter.clone(),
        action: row.action.clone(),
        reason: row.reason.clone().unwrap_or_default(),
    }
}

/// GET: the form of a new rule.
pub async fn show_new(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let kind = Condition::KINDS.into_iter().find(|kind| *kind == query.get("loai")).unwrap_or("words");
    let typed = TypedRule { kind: kind.to_owned(), action: RuleAction::Hold.code().to_owned(), ..TypedRule::default() };
    desk.end(new_page(&desk, &state, StatusCode::OK, &typed, None, None).await)
}

async fn new_page(
    desk: &Desk,
    state: &AppState,
    status: StatusCode,
    typed: &TypedRule,
    tried: Option<&TryOut>,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let (_, reasons) = service::list_rules(&state.store, &desk.actor()).await?;
    let t = desk.t();
    let content = html! {
        p class="breadcrumb" { a href=(desk.href(PATH)) { (t.rules()) } }
        h1 { (t.rule_new()) ": " (kind_name(&typed.kind, t)) }
        (form_errors(error, t))
        (form(desk, &format!("{PATH}/moi"), typed, &reasons, error))
        @if let Some(tried) = tried { (try_out(desk, tried)) }
    };
    Ok(desk.page_with(status, t.rule_new(), Extra::default(), &content))
}

/// What a rule is called, what it looks for, and what is done.
fn form(desk: &Desk, path: &str, typed: &TypedRule, reasons: &[ReasonRow], error: Option<&AppError>) -> Markup {
    let t = desk.t();
    let wrong = |field: Field| match error {
        Some(AppError::Invalid(errors)) => errors.of(field).is_some(),
        _ => false,
    };
    html! {
        form method="post" action=(desk.href(path)) class="rule-form" {
            (hidden("loai", &typed.kind))
            (input(&Input { id: field_id(Field::RuleName), name: "ten", label: t.rule_name(), value: &typed.name, required: true, invalid: wrong(Field::RuleName), ..Input::default() }))
            (condition_fields(typed, wrong(Field::Condition), t))
            fieldset {
                legend { (t.rule_action()) }
                @for action in RuleAction::ALL {
                    label class="check" { input type="radio" name="viec-lam" value=(action.code()) checked[typed.action == action.code()]; " " (action_name(action.code(), t)) }
                }
            }
            div class="field" {
                label for="ly-do" { (t.rule_reason()) }
                select id="ly-do" name="ly-do" aria-invalid=[wrong(Field::Reason).then_some("true")] {
                    option value="" { (t.queue_choose_reason()) }
                    @for reason in reasons.iter().filter(|reason| reason.code != "other") {
                        option value=(reason.code) selected[typed.reason == reason.code] { (if t.0 == Lang::Vi { &reason.name_vi } else { &reason.name_en }) }
                    }
                }
            }
            div class="form-actions" {
                button class="button" name="viec" value="thu" { (t.rule_try()) }
                button class="button button--quiet" name="viec" value="luu" { (t.rule_save()) }
            }
        }
    }
}

fn condition_fields(typed: &TypedRule, invalid: bool, t: Text) -> Markup {
    let id = field_id(Field::Condition);
    let lines = |rows: u32| {
        html! {
            div class="field" {
                label for=(id) { (t.rule_condition()) }
                p class="hint" { (kind_hint(&typed.kind, t)) }
                (text_area(id, "dieu-kien", rows, &typed.parameter, invalid))
            }
        }
    };
    let numbers: Vec<&str> = typed.parameter.split_whitespace().collect();
    let number = |id: &str, label: &str, at: usize| {
        let value = if numbers.len() > 2 && at == 0 {
            typed.parameter.as_str()
        } else {
            numbers.get(at).copied().unwrap_or_default()
        };
        input(&Input { id, name: id, label, value, invalid, ..Input::default() })
    };
    html! {
        @match typed.kind.as_str() {
            "words" => (lines(8)),
            "pattern" => (lines(2)),
            kind => {
                p class="hint" { (kind_hint(kind, t)) }
                @match kind {
                    "links" => (number(id, t.rule_links_most(), 0)),
                    "repeats" => (number(id, t.rule_repeats_most(), 0)),
                    "speed" => (number(id, t.rule_speed_least(), 0)),
                    "length" => { (number(id, t.rule_length_least(), 0)) (number("dieu-kien-2", t.rule_length_most(), 1)) },
                    _ => { (number(id, t.rule_capitals_share(), 0)) (number("dieu-kien-2", t.rule_capitals_least(), 1)) },
                }
            }
        }
    }
}

/// What a rule would have done with the comments that came last.
fn try_out(desk: &Desk, tried: &TryOut) -> Markup {
    let t = desk.t();
    let number = |n: usize| whole(n as u64, t.0);
    html! {
        section aria-labelledby="dung-thu" class="try-out" {
            h2 id="dung-thu" class="section-title" { (t.try_title()) }
            p role="status" { (t.try_fired(number(tried.fired), number(tried.looked))) " " (t.try_decided(number(tried.published), number(tried.rejected))) }
            ul class="desk-list" {
                @for (comment, words) in &tried.rows {
                    (fired_comment(desk, &comment.state, &comment.author_name, &comment.text, comment.created_at, &comment.path, words))
                }
            }
            @if tried.fired > SHOWN_MOST { p class="hint" { (t.try_more(number(SHOWN_MOST))) } }
        }
    }
}

fn fired_comment(desk: &Desk, state: &str, name: &str, text: &str, at: i64, path: &str, words: &[Words]) -> Markup {
    let t = desk.t();
    let state = match state {
        "published" => t.comment_published(),
        "rejected" => t.comment_rejected(),
        _ => t.comment_waiting(),
    };
    html! {
        li class="desk-comment" {
            p { span class="badge" { (state) } " " strong { (marked(name, "name", words)) } " " span class="hint" { (Instant(at).minute(desk.lang)) " · " a href=(desk.href(path)) { (path) } } }
            p class="desk-comment-text" { (marked(text, "text", words)) }
        }
    }
}

/// POST: a new rule is tried, or kept on trial.
pub async fn take_new(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    let typed = typed_of(&fields);
    let (store, actor) = (&state.store, desk.actor());
    let refused = |error: AppError| async {
        match error {
            error @ AppError::Invalid(_) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                desk.end(new_page(&desk, &state, status, &typed, None, Some(&error)).await)
            }
            error => desk.failure(&error),
        }
    };
    match fields.get("viec") {
        "thu" => match service::try_rule(store, &actor, &typed).await {
            Ok(tried) => desk.end(new_page(&desk, &state, StatusCode::OK, &typed, Some(&tried), None).await),
            Err(error) => refused(error).await,
        },
        "luu" => match service::save_rule(store, &actor, None, &typed).await {
            Ok(id) => desk.redirect(&format!("{PATH}/{id}?xong")),
            Err(error) => refused(error).await,
        },
        _ => desk.failure(&AppError::BadAddress),
    }
}

/// GET: a rule; what it would have done, before it is switched on; on what it fired.
pub async fn show_one(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, uri: http::Uri) -> Response {
    let done = uri.query() == Some("xong");
    desk.end(one_page(&desk, &state, StatusCode::OK, id, None, done, None).await)
}

async fn one_page(
    desk: &Desk,
    state: &AppState,
    status: StatusCode,
    id: i64,
    typed: Option<&TypedRule>,
    done: bool,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let (store, actor) = (&state.store, desk.actor());
    let page = service::read_rule(store, &actor, id).await?;
    let stored = typed_of_row(&page.row);
    let typed = typed.unwrap_or(&stored);
    let try_anew = page.row.state == "trial" || typed != &stored;
    // What can't be tried is told above the form.
    let (tried, problem) = match error {
        None if try_anew => match service::try_rule(store, &actor, typed).await {
            Ok(tried) => (Some(tried), None),
            Err(error @ AppError::Invalid(_)) => (None, Some(error)),
            Err(error) => return Err(error),
        },
        _ => (None, None),
    };
    let t = desk.t();
    let error = error.or(problem.as_ref());
    let content = html! {
        p class="breadcrumb" { a href=(desk.href(PATH)) { (t.rules()) } }
        h1 { (page.row.name) }
        @if done { p class="flash flash--good" role="status" { (t.done()) } }
        (form_errors(error, t))
        p { span class="badge" { (state_name(&page.row.state, t)) } " " (kind_name(&page.row.kind, t)) " · " (action_name(&page.row.action, t)) }
        @if page.row.state != "ended" {
            @if let Some(old) = page.row.replaces_id { p class="hint" { (t.rule_replaces()) " " a href=(desk.href(&format!("{PATH}/{old}"))) { "#" (old) } } }
            @if let Some(tried) = &tried { (try_out(desk, tried)) }
            (turns(desk, &page.row, tried.is_some() && typed == &stored))
            section aria-labelledby="sua-quy-tac" {
                h2 id="sua-quy-tac" class="section-title" { (t.rule_change()) }
                @if page.row.begins.is_some() { p class="hint" { (t.rule_change_hint()) } }
                (form(desk, &format!("{PATH}/{id}"), typed, &page.reasons, error))
            }
        } @else { p class="desk-comment-text" { @for line in page.row.parameter.lines() { (line) br; } } }
        (history(desk, &page))
    };
    Ok(desk.page_with(status, &page.row.name, Extra::default(), &content))
}

fn turns(desk: &Desk, row: &RuleRow, was_tried: bool) -> Markup {
    let t = desk.t();
    html! {
        form method="post" action=(desk.href(&format!("{PATH}/{}", row.id))) class="form-actions" {
            @if row.state == "trial" && was_tried { button class="button button--strong" name="viec" value="bat" { (t.rule_switch_on()) } }
            @if row.state == "on" { button class="button" name="viec" value="tat" { (t.rule_switch_off()) } }
            button class="button button--quiet" name="viec" value="ket-thuc" { (t.rule_end()) }
        }
    }
}

fn history(desk: &Desk, page: &RulePage) -> Markup {
    let t = desk.t();
    html! {
        section aria-labelledby="da-bat-loi" {
            h2 id="da-bat-loi" class="section-title" { (t.rule_hits(usize::try_from(page.row.hits).unwrap_or_default())) }
            ul class="desk-list" {
                @for row in &page.fired {
                    (fired_comment(desk, &row.state, &row.author_name, &row.text, row.created_at, &row.path, &Words::read(&row.words)))
                }
            }
        }
        section aria-labelledby="quyet-dinh" {
            h2 id="quyet-dinh" class="section-title" { (t.decisions()) }
            ul class="desk-list" { @for row in &page.decisions { (decision(desk, row)) } }
        }
    }
}

/// POST: a rule is tried, changed, switched on or off, or ended.
pub async fn take_one(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let typed = typed_of(&fields);
    let turn = |turn: Turn| service::turn_rule(store, &actor, id, turn);
    let (done, is_form) = match fields.get("viec") {
        "thu" => return desk.end(one_page(&desk, &state, StatusCode::OK, id, Some(&typed), false, None).await),
        "luu" => (service::save_rule(store, &actor, Some(id), &typed).await, true),
        "bat" => (turn(Turn::On).await.map(|()| id), false),
        "tat" => (turn(Turn::Off).await.map(|()| id), false),
        "ket-thuc" => (turn(Turn::End).await.map(|()| id), false),
        _ => (Err(AppError::BadAddress), false),
    };
    match done {
        Ok(id) => desk.redirect(&format!("{PATH}/{id}?xong")),
        Err(error @ AppError::Invalid(_)) => {
            let typed = is_form.then_some(&typed);
            desk.end(one_page(&desk, &state, StatusCode::UNPROCESSABLE_ENTITY, id, typed, false, Some(&error)).await)
        }
        Err(error) => desk.failure(&error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_still_stands_there_is_marked_and_each_sign_once() {
        let words = |from: usize, to: usize, text: &str| Words("text".into(), from, to, text.into());
        let text = "a <b> cd\ne";
        let hits = [words(6, 8, "cd"), words(2, 5, "<b>"), words(3, 8, "b> cd"), words(0, 1, "x"), words(9, 99, "e")];
        let markup = marked(text, "text", &hits).into_string();
        assert_eq!(markup, "a <mark>&lt;b&gt;</mark> <mark>cd</mark><br>e");
        assert_eq!(marked("đồng", "name", &hits).into_string(), "đồng");
        assert_eq!(marked("đồng", "text", &[words(1, 3, "?")]).into_string(), "đồng", "no sign is cut");
    }
}
