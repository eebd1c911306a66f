//! The history of an announcement: every version, what changed between two of them, and the way back.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, hidden};
use super::home::state_name;
use super::writing::{field_name, tabs};
use crate::domain::account::Permission;
use crate::domain::diff::{Change, Paragraph, ParagraphKind, Shown, diff_texts, fold_unchanged};
use crate::domain::draft::{DraftField, DraftText};
use crate::domain::error::AppError;
use crate::domain::time::Instant;
use crate::server::db::desk::draft::{CITIZEN, DecisionRow};
use crate::server::services::draft::{self as service, Own, PastRevision};
use crate::server::state::AppState;
use crate::text::Text;

/// GET: every version and every decision.
pub async fn show(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    let page = async {
        let (own, past, decisions) = service::read_history(&state.store, &desk.actor(), id).await?;
        let t = desk.t();
        let content = html! {
            h1 { (t.history_of(if own.text.title.is_empty() { t.untitled() } else { &own.text.title })) }
            (tabs(&desk, &own))
            (versions(&desk, &own, &past))
            section aria-labelledby="quyet-dinh" {
                h2 id="quyet-dinh" class="section-title" { (t.decisions()) }
                ul class="desk-list" { @for row in &decisions { (decision(&desk, row)) } }
            }
        };
        Ok(desk.page(t.tab_history(), &content))
    };
    desk.end(page.await)
}

/// Who did what, when and why.
pub(super) fn decision(desk: &Desk, row: &DecisionRow) -> Markup {
    let t = desk.t();
    html! {
        li { div { time datetime=(Instant(row.at).rfc3339()) { (Instant(row.at).minute(desk.lang)) } " · " strong { (who_name(&row.who, t)) } " · " (action_name(&row.action, t))
            @if let Some(reason) = &row.reason { ": " q { (reason) } } } }
    }
}

/// Whoever did something: what the server does by itself has a name too.
/// What whoever did something is called: a person by name, the server by what it does.
pub(super) fn who_name(name: &str, t: Text) -> &str {
    match name {
        "schedule" => t.by_schedule(),
        CITIZEN => t.by_citizen(),
        "rules" => t.by_rules(),
        "mode" => t.by_mode(),
        "" => t.by_demonstration(),
        name => name,
    }
}

/// What was done, in words.
fn action_name(action: &str, t: Text) -> &str {
    match action {
        "begin" => t.action_begin(),
        "submit" => t.action_submit(),
        "take-back" => t.action_take_back(),
        "return" => t.action_return(),
        "approve" => t.action_approve(),
        "schedule" => t.action_schedule(),
        "publish" => t.action_publish(),
        "publish-in-emergency" => t.action_publish_in_emergency(),
        "look-at-emergency" => t.action_look_at_emergency(),
        "withdraw" => t.action_withdraw(),
        "archive" => t.action_archive(),
        "unarchive" => t.action_unarchive(),
        "change-slug" => t.action_change_slug(),
        "keep" => t.action_keep(),
        "restore" => t.action_restore(),
        "discard" => t.action_discard(),
        "make-preview-link" => t.action_make_preview_link(),
        "remove-preview-links" => t.action_remove_preview_links(),
        "register" => t.action_register(),
        "change-goals" => t.action_change_goals(),
        "withdraw-registration" => t.action_withdraw_registration(),
        "reinstate-registration" => t.action_reinstate_registration(),
        "send-report" => t.action_send_report(),
        "take-back-report" => t.action_take_back_report(),
        "return-report" => t.action_return_report(),
        "accept-report" => t.action_accept_report(),
        "correct-figure" => t.action_correct_figure(),
        "open-period" => t.action_open_period(),
        "close-period" => t.action_close_period(),
        "begin-review" => t.action_begin_review(),
        "reject" => t.action_reject_comment(),
        "approve-edit" => t.action_approve_edit(),
        "reject-edit" => t.action_reject_edit(),
        "keep-comment" => t.action_keep_comment(),
        "undo" => t.action_undo(),
        "hand-over" => t.action_hand_over(),
        "take-back-handover" => t.action_take_back_handover(),
        "answer" => t.action_answer(),
        "correct-answer" => t.action_correct_answer(),
        "withdraw-answer" => t.action_withdraw_answer(),
        "appeal" => t.action_appeal(),
        "grant-appeal" => t.action_grant_appeal(),
        "refuse-appeal" => t.action_refuse_appeal(),
        "reopen" => t.action_reopen(),
        "erase" => t.action_erase(),
        "set-mode" => t.action_set_mode(),
        "add-rule" => t.action_add_rule(),
        "change-rule" => t.action_change_rule(),
        "switch-on" => t.action_switch_on(),
        "switch-off" => t.action_switch_off(),
        "end-rule" => t.action_end_rule(),
        other => other,
    }
}

fn versions(desk: &Desk, own: &Own, past: &[PastRevision]) -> Markup {
    let t = desk.t();
    let id = own.row.id;
    let restorable = desk.actor().may(Permission::WriteAnnouncements, own.scope());
    let (newest, before) = (past.first().map(|past| past.row.number), past.get(1).map(|past| past.row.number));
    html! {
        section aria-labelledby="phien-ban" {
            h2 id="phien-ban" class="section-title" { (t.versions()) }
            @if past.len() > 1 {
                form method="get" action=(desk.href(&format!("/quan-tri/tin/{id}/so-sanh"))) class="desk-filter" {
                    @for (name, label, chosen) in [("tu", t.compare_from(), before), ("den", t.compare_to(), newest)] {
                        div class="field" {
                            label for=(name) { (label) }
                            select id=(name) name=(name) {
                                @for past in past {
                                    option value=(past.row.number) selected[Some(past.row.number) == chosen] { (t.version_number(usize::try_from(past.row.number).unwrap_or_default())) }
                                }
                            }
                        }
                    }
                    button class="button" type="submit" { (t.compare()) }
                }
            }
            ol class="desk-list" reversed {
                @for past in past {
                    li {
                        div {
                            strong { (t.version_number(usize::try_from(past.row.number).unwrap_or_default())) } " "
                            span class=(format!("badge badge--{}", past.row.state)) { (state_name(past.row.state(), t)) }
                            @if past.row.emergency { " " span class="badge badge--bad" { (t.emergency()) } }
                            @if !past.row.name.is_empty() { " " em { (past.row.name) } }
                            p class="hint" {
                                (past.writer) ", " (Instant(past.row.saved_at.max(past.row.created_at)).minute(desk.lang))
                                @if let Some(at) = past.row.published_at { " · " (t.published_by_at(Instant(at).minute(desk.lang), who_name(&past.publisher, t))) }
                            }
                            @if !past.row.change_note.is_empty() { p { (t.public_note(&past.row.change_note)) } }
                        }
                        @if restorable && !past.row.state().is_open() {
                            form method="post" action=(desk.href(&format!("/quan-tri/tin/{id}/lich-su"))) {
                                (hidden("number", &past.row.number.to_string()))
                                button class="button button--quiet" name="viec" value="khoi-phuc" { (t.restore_version()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// POST: makes an earlier version the draft.
pub async fn take(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let number = fields.number("number").unwrap_or_default();
    match service::restore_revision(&state.store, &desk.actor(), id, number).await {
        Ok(()) => desk.redirect(&format!("/quan-tri/tin/{id}")),
        Err(error) => desk.failure(&error),
    }
}

/// GET: what changed between two versions.
pub async fn compare(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, uri: http::Uri) -> Response {
    let fields = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let page = async {
        let (from, to) = (fields.number("tu").unwrap_or_default(), fields.number("den").unwrap_or_default());
        let (own, old, new) = service::read_two(&state.store, &desk.actor(), id, from, to).await?;
        let t = desk.t();
        let number = |n: i64| usize::try_from(n).unwrap_or_default();
        let title = t.compare_title(number(from), number(to));
        let content = html! {
            h1 { (title) }
            (tabs(&desk, &own))
            (differences(&old, &new, t))
            p { a href=(desk.href(&format!("/quan-tri/tin/{id}/lich-su"))) { (t.tab_history()) } }
        };
        Ok::<_, AppError>(desk.page_with(http::StatusCode::OK, &title, Extra::default(), &content))
    };
    desk.end(page.await)
}

/// What changed from one text to another, field by field, word by word.
pub fn differences(old: &DraftText, new: &DraftText, t: Text) -> Markup {
    let changed: Vec<DraftField> =
        DraftField::ALL.into_iter().filter(|field| old.get(*field) != new.get(*field)).collect();
    html! {
        @if changed.is_empty() { p { (t.no_difference()) } }
        @for field in changed {
            section class="diff" aria-label=(field_name(field, t)) {
                h3 { (field_name(field, t)) }
                @for shown in fold_unchanged(diff_texts(old.get(field), new.get(field)), 1) {
                    @match shown {
                        Shown::Folded(count) => p class="diff-folded" { (t.diff_folded(count)) },
                        Shown::Paragraph(paragraph) => (changed_paragraph(&paragraph)),
                    }
                }
            }
        }
    }
}

fn changed_paragraph(paragraph: &Paragraph) -> Markup {
    let class = match paragraph.kind {
        ParagraphKind::Same => "diff-same",
        ParagraphKind::Changed => "diff-changed",
        ParagraphKind::Added => "diff-added",
        ParagraphKind::Removed => "diff-removed",
    };
    html! {
        p class=(class) {
            @for run in &paragraph.runs {
                @match run.change {
                    Change::Same => (run.text),
                    Change::Added => ins { (run.text) },
                    Change::Removed => del { (run.text) },
                }
            }
        }
    }
}
