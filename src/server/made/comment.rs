//! The page of one comment: its thread, and what a browser without a script does with it.

use leptos::prelude::use_context;
use maud::{Markup, html};

use super::discussion::{agree_words, comment_view};
use super::{Asked, discussion_style, made};
use crate::domain::comment::Comment;
use crate::domain::cursor::Cursor;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::site::MadePage;
use crate::server::db::comment::report::ReasonRow;
use crate::server::desk::frame::{form_errors, text_area};
use crate::server::services::comment::{Thread, read_thread};
use crate::server::services::moderation::read_reasons;
use crate::server::thing::Read;
use crate::text::Text;

/// `/phan-hoi/{id}`.
///
/// # Errors
/// `NotFound`, or `BadAddress` for a bad cursor.
pub async fn show(asked: &Asked<'_>, id: &str) -> Result<Read<MadePage>, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let after = Some(asked.query.get("tu")).filter(|text| !text.is_empty());
    let after = after.map_or(Some(None), |text| Cursor::parse(text).map(Some)).ok_or(AppError::BadAddress)?;
    let Read { value: thread, mut things } = read_thread(&asked.state.store, id, after).await?;
    let Read { value: reasons, things: more } = read_reasons(&asked.state.store).await?;
    things.extend(more);
    Ok(Read {
        value: whole(&thread, &reasons, asked.query.get("xong"), &discussion_style(asked.state), asked.t),
        things,
    })
}

fn whole(thread: &Thread, reasons: &[ReasonRow], done: &str, style: &Markup, t: Text) -> MadePage {
    let page = t.0.href(&thread.path);
    let refused = use_context::<RefusedReport>().unwrap_or_default();
    let author = |comment: &Comment| {
        if comment.gone { t.thread_gone_title().to_owned() } else { t.thread_title(&comment.author) }
    };
    let all = std::iter::once(&thread.first).chain(&thread.replies);
    let title = all.clone().find(|comment| comment.id == thread.id).map_or_else(|| author(&thread.first), author);
    let said = match done {
        "dong-tinh" => Some(t.agree_done()),
        "rut-dong-tinh" => Some(t.agree_taken_back()),
        "bao" => Some(t.report_done()),
        _ => None,
    };
    let markup = html! {
        (style)
        div class="thread discussion" {
            p class="breadcrumb" { (t.thread_of()) " " a href=(page) { (thread.title) } }
            h1 { (title) }
            @if let Some(said) = said { p class="flash flash--good" role="status" { (said) } }
            ol class="comment-list" data-words=(agree_words(t)) {
                li {
                    (comment_view(&thread.first, &thread.path, thread.open, t))
                    @if thread.later {
                        a class="more-replies" href={ (t.0.href(&format!("/phan-hoi/{}", thread.first.id))) } rel="nofollow" { (t.thread_first()) }
                    }
                    @if !thread.replies.is_empty() {
                        ol class="comment-replies" { @for reply in &thread.replies { li { (comment_view(reply, &thread.path, thread.open, t)) } } }
                    }
                    @if let Some(next) = &thread.next {
                        a class="more-link" href={ (t.0.href(&format!("/phan-hoi/{}", thread.first.id))) "?tu=" (next) } rel="next nofollow" { (t.more_comments()) }
                    }
                }
            }
            (take_back(thread, t))
            @let stands = std::iter::once(&thread.first).chain(&thread.replies).any(|comment| comment.id == thread.id && !comment.gone);
            @if stands { (report_form(thread.id, reasons, &refused, t)) }
            p { a href={ (page) "#phan-hoi" } { (t.thread_all()) } }
        }
    };
    MadePage {
        title,
        description: thread.title.clone(),
        path: thread.path.clone(),
        hidden: true,
        markup: made(markup),
        ..MadePage::default()
    }
}

/// A refused report with why, for the page that is shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusedReport {
    /// The reason that was chosen.
    pub code: String,
    /// What was added.
    pub note: String,
    /// Why it was not taken.
    pub error: Option<AppError>,
}

fn report_form(id: i64, reasons: &[ReasonRow], refused: &RefusedReport, t: Text) -> Markup {
    html! {
        section class="report" id="bao-vi-pham" aria-labelledby="bao-vi-pham-tieu-de" {
            h2 class="section-title" id="bao-vi-pham-tieu-de" { (t.report_title()) }
            p { (t.report_text()) }
            (form_errors(refused.error.as_ref(), t))
            form method="post" action=(t.0.href(&format!("/phan-hoi/{id}"))) {
                fieldset {
                    legend { (t.report_reason()) }
                    @for (index, reason) in reasons.iter().enumerate() {
                        label class="check" {
                            input type="radio" name="ly-do" id=[(index == 0).then_some("ly-do")] value=(reason.code) checked[refused.code == reason.code] required;
                            " " (if t.0 == Lang::Vi { &reason.name_vi } else { &reason.name_en })
                        }
                    }
                }
                div class="field" { label for="ghi-chu" { (t.report_note()) } (text_area("ghi-chu", "ghi-chu", 3, &refused.note, false)) }
                button class="button" type="submit" name="viec" value="bao" { (t.report_send()) }
            }
        }
    }
}

/// With a script the button itself takes back; the page can't know who has agreed, since it is the same for everybody.
fn take_back(thread: &Thread, t: Text) -> Markup {
    html! {
        noscript {
            form method="post" action=(t.0.href(&format!("/phan-hoi/{}", thread.id))) {
                button class="button button--quiet" type="submit" name="viec" value="rut-dong-tinh" { (t.agree_take_back()) }
            }
        }
    }
}
