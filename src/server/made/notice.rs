//! Notices by e-mail: their part of the tracking page, and the page that links in mails lead to.

use leptos::prelude::use_context;
use maud::{Markup, html};

use super::tracking::own::OpenedComment;
use super::{Asked, made};
use crate::domain::comment::EMAIL_MOST;
use crate::domain::error::AppError;
use crate::domain::site::MadePage;
use crate::domain::tracking::Tracking;
use crate::server::services::notice::{Linked, notice_link, read_linked, read_notice};
use crate::server::thing::Read;
use crate::text::Text;

/// The part of a comment's tracking page: whether its sender is told by e-mail, and the form that asks for that or ends
/// it, by the second code. Nothing where the portal sends no mail and nobody is told.
///
/// # Errors
/// When the database fails.
pub async fn section(asked: &Asked<'_>, tracking: &Tracking, told: &str) -> Result<Markup, AppError> {
    let t = asked.t;
    let store = &asked.state.store;
    let notice = read_notice(store, &tracking.code).await?;
    let offered = store.mail.is_offered() && has_form(tracking);
    if !offered && notice.is_none() {
        return Ok(html! {});
    }
    let opened = use_context::<OpenedComment>().filter(|opened| opened.email.is_some());
    let code = opened.as_ref().map_or(told, |opened| opened.code.as_str());
    let email = opened.as_ref().and_then(|opened| opened.email.as_deref()).unwrap_or_default();
    let wrong = opened.as_ref().and_then(|opened| opened.problem(t));
    let state = match &notice {
        None => t.notice_off().to_owned(),
        Some(notice) if notice.state == "asked" => t.notice_asked(&notice.address),
        Some(notice) => t.notice_on(&notice.address),
    };
    Ok(html! {
        section class="own-comment" id="thu" aria-labelledby="thu-tieu-de" {
            h2 id="thu-tieu-de" { (t.notice_title()) }
            p { (state) }
            @if let Some(wrong) = &wrong { p class="flash flash--bad" { (wrong) } }
            form method="post" action=(t.0.href(&format!("/theo-doi/{}", tracking.code))) data-receipt=(tracking.code.to_string()) {
                @if offered {
                    div class="field field--short" {
                        label for="thu-dia-chi" { (t.notice_email()) }
                        input id="thu-dia-chi" name="email" type="email" autocomplete="email" value=(email) maxlength=(EMAIL_MOST)
                            aria-invalid=[wrong.is_some().then_some("true")];
                    }
                }
                div class="field field--short" {
                    label for="thu-ma" { (t.edit_code_label()) }
                    input id="thu-ma" name="ma-sua" value=(code) autocomplete="off" autocapitalize="characters" spellcheck="false"
                        maxlength="64" aria-describedby="thu-goi-y";
                    p class="hint" id="thu-goi-y" { (t.notice_code()) }
                }
                @if offered { button class="button" type="submit" name="viec" value="thu" { (t.notice_ask()) } }
                @if notice.is_some() { " " button class="button button--quiet" type="submit" name="viec" value="tat-thu" { (t.notice_end()) } }
            }
        }
    })
}

/// Only about a comment that stays somebody is told, not about an example.
fn has_form(tracking: &Tracking) -> bool {
    use crate::domain::tracking::CommentState::{Published, Rejected, Waiting};
    !tracking.path.starts_with("/dien-hinh") && matches!(tracking.state, Waiting | Published { .. } | Rejected { .. })
}

/// `/theo-doi/{receipt}/thu?ma=`: what can be done about a notice. Programs that look into mails follow links; only the
/// buttons change something.
///
/// # Errors
/// `NotFound` for a link that is none.
pub async fn show(asked: &Asked<'_>, code: &str) -> Result<Read<MadePage>, AppError> {
    let token = asked.query.get("ma");
    let linked = read_linked(&asked.state.store, code, token, asked.t.0).await?;
    Ok(Read { value: page(&linked, token, asked.t), things: Vec::new() })
}

fn page(linked: &Linked, token: &str, t: Text) -> MadePage {
    let Linked { code, notice, .. } = linked;
    let shown = code.to_string();
    let (title, text) = match notice.state.as_str() {
        "asked" => (t.notice_confirm_title(), t.notice_confirm_text(&notice.address, &shown)),
        "confirmed" => (t.notice_is_on_title(), t.notice_is_on_text(&notice.address, &shown)),
        _ => (t.notice_is_off_title(), t.notice_is_off_text(&shown)),
    };
    let markup = html! {
        div class="tracking" {
            h1 { (title) }
            p { (text) }
            @if notice.state == "confirmed" { p { (standing(linked, t)) } }
            @if notice.state != "ended" {
                form method="post" action=(t.0.href(&notice_link(code, token))) {
                    @if notice.state == "asked" {
                        button class="button" type="submit" name="viec" value="xac-nhan" { (t.notice_confirm()) }
                        " " button class="button button--quiet" type="submit" name="viec" value="tat" { (t.notice_refuse()) }
                    } @else {
                        button class="button" type="submit" name="viec" value="tat" { (t.notice_end()) }
                    }
                }
            }
            p { a href=(t.0.href(&format!("/theo-doi/{code}"))) { (t.tracking_title()) } }
        }
    };
    MadePage { title: title.to_owned(), hidden: true, markup: made(markup), ..MadePage::default() }
}

/// Where the comment stands now: what was told before somebody wanted to be told is read here.
fn standing(linked: &Linked, t: Text) -> String {
    let at = linked.at.minute(t.0);
    let said = match linked.state.as_str() {
        "published" => t.tracking_published(at),
        "rejected" => t.tracking_rejected(at),
        "withdrawn" => t.tracking_withdrawn(at),
        _ => t.tracking_waiting().to_owned(),
    };
    let reason = &linked.reason;
    if reason.is_empty() { said } else { format!("{said}. {}: {reason}", t.tracking_reason()) }
}
