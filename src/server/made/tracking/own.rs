//! What whoever sent a comment does with its second code: changes it, takes it back, appeals, and says what the answer
//! is worth.

use leptos::prelude::use_context;
use maud::{Markup, html};

use super::rating_name;
use crate::domain::answer::{APPEAL_MOST, Rating};
use crate::domain::error::{AppError, Field};
use crate::domain::tracking::{CommentState, Tracking};
use crate::server::desk::frame::text_area;
use crate::text::Text;

/// What was asked for with a second code and not done, or a comment that its sender has opened, for the page that is
/// shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenedComment {
    /// What was asked for: `mo`, `sua`, `khieu-nai` …
    pub what: String,
    /// The second code as it was typed.
    pub code: String,
    /// The text to change, or what was typed.
    pub text: Option<String>,
    /// The address for notices as it was typed, where these were meant.
    pub email: Option<String>,
    /// Why it was not done.
    pub error: Option<AppError>,
}

impl OpenedComment {
    /// What was wrong, as a sentence.
    pub fn problem(&self, t: Text) -> Option<String> {
        self.error.as_ref().map(|error| match error {
            AppError::Invalid(errors) if errors.of(Field::Code).is_some() => t.edit_wrong_code().to_owned(),
            AppError::Invalid(errors) if errors.of(Field::Reason).is_some() => t.rate_missing().to_owned(),
            AppError::Invalid(errors) => {
                errors.0.iter().map(|(field, problem)| t.problem(*field, *problem)).collect::<Vec<_>>().join(" ")
            }
            error => t.error(error),
        })
    }
}

/// What was asked for and not done, for the top of the page, which is what one sees of it first.
pub fn problem(t: Text) -> Option<String> {
    use_context::<OpenedComment>().and_then(|opened| opened.problem(t))
}

/// What the forms of the page share.
struct Own<'a> {
    tracking: &'a Tracking,
    told: &'a str,
    opened: Option<OpenedComment>,
    t: Text,
}

impl Own<'_> {
    /// What was asked for in one of the forms and not done.
    fn of(&self, whats: &[&str]) -> Option<&OpenedComment> {
        self.opened.as_ref().filter(|opened| whats.contains(&opened.what.as_str()))
    }

    /// A form with its code and why it was not done.
    fn form(&self, suffix: &str, whats: &[&str], within: impl FnOnce(&str) -> Markup) -> Markup {
        let (t, opened) = (self.t, self.of(whats));
        let code = self.opened.as_ref().map_or(self.told, |opened| opened.code.as_str());
        let id = format!("ma-sua{suffix}");
        let text = opened.and_then(|opened| opened.text.as_deref()).unwrap_or_default();
        html! {
            @if let Some(problem) = opened.and_then(|opened| opened.problem(t)) { p class="flash flash--bad" { (problem) } }
            form method="post" action=(t.0.href(&format!("/theo-doi/{}", self.tracking.code))) data-receipt=(self.tracking.code.to_string()) {
                @if opened.is_some_and(|opened| opened.what == "mo" || opened.what == "sua") && opened.is_some_and(|opened| opened.text.is_some()) {
                    input type="hidden" name="ma-sua" value=(code);
                } @else {
                    div class="field field--short" { label for=(id) { (t.edit_code_label()) } input id=(id) name="ma-sua" value=(code) autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="64"; }
                }
                (within(text))
            }
        }
    }
}

/// The forms that its state leaves open.
pub fn section(tracking: &Tracking, told: &str, t: Text) -> Markup {
    let own = Own { tracking, told, opened: use_context::<OpenedComment>(), t };
    let changes = matches!(tracking.state, CommentState::Waiting | CommentState::Published { .. });
    let recourse = tracking.recourse;
    if !changes && !recourse.appeal {
        return html! {};
    }
    html! {
        section class="own-comment" {
            p class="edit-code-line" hidden[told.is_empty()] { (t.edit_code_shown()) " " strong class="edit-code" { (told) } }
            @if recourse.appeal { (appeal(&own)) }
            @if recourse.rate { (rate(&own)) }
            @if recourse.reopen { (reopen(&own)) }
            @if changes { (change(&own)) }
        }
    }
}

fn appeal(own: &Own<'_>) -> Markup {
    let t = own.t;
    html! {
        h2 id="khieu-nai" { (t.appeal_title()) }
        p { (t.appeal_text()) }
        (own.form("-khieu-nai", &["khieu-nai"], |text| html! {
            div class="field" { label for="loi-khieu-nai" { (t.appeal_label(APPEAL_MOST)) } (text_area("loi-khieu-nai", "text", 4, text, false)) }
            button class="button" type="submit" name="viec" value="khieu-nai" { (t.appeal_send()) }
        }))
    }
}

fn rate(own: &Own<'_>) -> Markup {
    let t = own.t;
    html! {
        h2 id="danh-gia" { (t.rate_title()) }
        (own.form("-danh-gia", &["danh-gia"], |_| html! {
            fieldset {
                legend { (t.rate_legend()) }
                @for rating in Rating::ALL {
                    label class="check" { input type="radio" name="muc" value=(rating.number()); " " (rating_name(rating, t)) }
                }
            }
            button class="button" type="submit" name="viec" value="danh-gia" { (t.rate_send()) }
        }))
    }
}

fn reopen(own: &Own<'_>) -> Markup {
    let t = own.t;
    html! {
        h2 id="chua-thoa-dang" { (t.reopen_title()) }
        p { (t.reopen_text()) }
        (own.form("-thoa-dang", &["chua-thoa-dang"], |text| html! {
            div class="field" { label for="vi-sao" { (t.reopen_label(APPEAL_MOST)) } (text_area("vi-sao", "text", 4, text, false)) }
            button class="button" type="submit" name="viec" value="chua-thoa-dang" { (t.reopen_send()) }
        }))
    }
}

fn change(own: &Own<'_>) -> Markup {
    let t = own.t;
    let open = own.of(&["mo", "sua"]).is_some_and(|opened| opened.text.is_some());
    html! {
        h2 id="sua-rut" { (t.edit_title()) }
        @if !open { p class="hint" { (t.edit_text()) } }
        (own.form("", &["mo", "sua", "rut"], |text| html! {
            @if open {
                div class="field" { label for="sua-noi-dung" { (t.text_label()) } (text_area("sua-noi-dung", "text", 6, text, false)) }
                button class="button" type="submit" name="viec" value="sua" { (t.edit_save()) }
            } @else {
                button class="button" type="submit" name="viec" value="mo" { (t.edit_open()) }
            }
            " " button class="button button--quiet" type="submit" name="viec" value="rut" { (t.edit_withdraw()) }
        }))
    }
}
