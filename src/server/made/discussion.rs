//! A page's discussion as readers see it: in which order, the comments, more of them, and the form.

use leptos::prelude::use_context;
use maud::{Markup, html};

use crate::components::escape::{beginning, clean_html};
use crate::components::teaser::lang_of;
use crate::domain::answer::{OfficialAnswer, Passed};
use crate::domain::comment::{
    Comment, CommentForm, CommentOrder, CommentPage, CommentsWanted, EMAIL_MOST, NAME_MOST, Standing, TEXT_MOST,
};
use crate::domain::cursor::Cursor;
use crate::domain::error::{AppError, Field};
use crate::domain::number;
use crate::server::desk::form::Fields;
use crate::server::desk::frame::{text_area, text_area_with};
use crate::server::services::comment::draft_of;
use crate::server::state::AppState;
use crate::text::Text;

/// A refused form with why, for the page that is shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusedForm {
    /// What was typed.
    pub form: CommentForm,
    /// Why it was not taken.
    pub error: Option<AppError>,
}

/// What of a discussion a query asks for, and what the refused form was to answer.
///
/// # Errors
/// `BadAddress` for a bad cursor, order or number.
pub fn wanted(query: &Fields) -> Result<CommentsWanted, AppError> {
    let text = |name: &str| Some(query.get(name)).filter(|text| !text.is_empty());
    let order = text("thu-tu").map_or(Some(CommentOrder::default()), CommentOrder::parse);
    let after = text("tu").map_or(Some(None), |text| Cursor::parse(text).map(Some));
    let reply_to = text("tra-loi").map_or(Some(None), |text| text.parse().ok().map(Some));
    let (Some(order), Some(after), Some(reply_to)) = (order, after, reply_to) else { return Err(AppError::BadAddress) };
    let refused = use_context::<RefusedForm>().and_then(|refused| refused.form.reply_to.parse().ok());
    Ok(CommentsWanted { order, after, reply_to: refused.or(reply_to) })
}

/// A discussion and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The Vietnamese path of its page.
    pub path: &'a str,
    /// Its comments.
    pub comments: &'a CommentPage,
    /// The address of the discussion's style sheet.
    pub style: &'a str,
}

/// The whole discussion of a page.
pub fn section(place: &Place<'_>, t: Text) -> Markup {
    let refused = use_context::<RefusedForm>().unwrap_or_default();
    let standing = place.comments.standing;
    html! {
        link rel="stylesheet" href=(place.style);
        section class="discussion" id="phan-hoi" aria-labelledby="phan-hoi-tieu-de" data-live=[live(place.comments, t)] {
            @if standing == Standing::Closed { h2 id="phan-hoi-tieu-de" { (t.comments()) } } @else { (list(place, t)) }
            @if standing.is_open() { (form(place, &refused, t)) } @else { (no_form(standing, &refused, t)) }
        }
    }
}

/// What stands in the place of the form where no comments are taken; what somebody typed nevertheless can be copied.
fn no_form(standing: Standing, refused: &RefusedForm, t: Text) -> Markup {
    let said = match standing {
        Standing::Closed => t.discussion_closed().to_owned(),
        Standing::Over { since: Some(since) } => t.discussion_over_since(since.day(t.0)),
        _ => t.discussion_over().to_owned(),
    };
    let typed = &refused.form.text;
    html! {
        div id="gui-phan-hoi" {
            @if refused.error.is_some() { p class="form-errors" role="alert" tabindex="-1" autofocus { (t.comments_shut()) } }
            p class="empty" { (said) }
            @if !typed.is_empty() {
                div class="field" { label for=(field_id(Field::Text)) { (t.typed_text()) } (text_area(field_id(Field::Text), "text", 6, typed, false)) }
            }
        }
    }
}

/// What the script that watches a discussion knows of it (`client/discussion/live.js`): which one it is, how many comments
/// were published, whether new ones stand on top, and its words.
fn live(comments: &CommentPage, t: Text) -> Option<String> {
    let top = comments.first && comments.order == CommentOrder::Newest;
    let known = serde_json::json!({
        "id": comments.about, "count": comments.count, "top": top,
        "words": [t.live_new("{n}"), t.error(&AppError::Unreachable)],
    });
    (comments.about > 0).then(|| known.to_string())
}

/// So many bytes of text stand there at once; the rest unfolds.
const FOLDED: usize = 1100;

/// A comment with its controls; `path` is its page's, and `open` whether it can be answered.
pub fn comment_view(comment: &Comment, path: &str, open: bool, t: Text) -> Markup {
    let id = format!("phan-hoi-{}", comment.id);
    let own = t.0.href(&format!("/phan-hoi/{}", comment.id));
    html! {
        @if comment.gone {
            div class="comment" id=(id) { p class="comment-gone" { (t.comment_gone()) } }
        } @else {
            div class="comment" id=(id) {
                p class="comment-head" {
                    strong class="comment-author" { (comment.author) }
                    @if let Some(answered) = &comment.answers {
                        " " a class="comment-answers" href={ "#phan-hoi-" (answered.id) } rel="external" { (t.comment_answers(&answered.author)) }
                    }
                    " " time datetime=(comment.sent.rfc3339()) { (comment.sent.minute(t.0)) }
                    @if let Some(at) = comment.edited { " " span class="comment-edited" { (t.comment_edited(at.day(t.0))) } }
                    " " a class="comment-permalink" href=(own) aria-label={ (t.comment_link()) ": " (comment.author) } { "#" }
                }
                (text_of(comment, t))
                @if let Some(passed) = &comment.passed { (passed_line(passed, t)) }
                @for answer in &comment.official { (official_answer(answer, t)) }
                (controls(comment, path, &own, open, t))
            }
        }
    }
}

/// To which unit a comment was passed, and until when that is to answer.
pub fn passed_line(passed: &Passed, t: Text) -> Markup {
    html! { p class="comment-passed" { (t.passed_to(passed.due.show(t.0), &passed.unit)) } }
}

/// What a unit answered, under its own name.
pub fn official_answer(answer: &OfficialAnswer, t: Text) -> Markup {
    html! {
        section class="official" aria-label=(t.official_answer_of(&answer.unit)) id={ "tra-loi-" (answer.id) } {
            p class="comment-head" {
                span class="official-badge" { (t.official_answer()) } " "
                a class="comment-author" href=(t.0.href(&format!("/don-vi/{}", answer.unit_slug))) { (answer.unit) }
                " " time datetime=(answer.at.rfc3339()) { (answer.at.minute(t.0)) }
                @if let Some(at) = answer.edited { " " span class="comment-edited" { (t.comment_edited(at.day(t.0))) } }
            }
            div class="comment-text" lang=[lang_of(crate::domain::lang::Lang::Vi, t.0)] { (clean_html(&answer.html)) }
        }
    }
}

fn text_of(comment: &Comment, t: Text) -> Markup {
    let lang = lang_of(comment.language, t.0);
    if comment.html.as_str().len() <= FOLDED {
        return html! { div class="comment-text" lang=[lang] { (clean_html(&comment.html)) } };
    }
    html! {
        details class="comment-fold" {
            summary {
                span class="comment-text comment-beginning" lang=[lang] { (beginning(&comment.html, 420)) }
                " " span class="comment-unfold" { (t.comment_unfold()) }
            }
            div class="comment-text" lang=[lang] { (clean_html(&comment.html)) }
        }
    }
}

fn controls(comment: &Comment, path: &str, own: &str, open: bool, t: Text) -> Markup {
    html! {
        div class="comment-controls" {
            form method="post" action=(own) {
                button name="viec" value="dong-tinh" {
                    @if comment.agreed == 0 { (t.agree()) } @else { (t.agree_count(number::whole(comment.agreed.into(), t.0))) }
                }
            }
            @if open { a href={ (t.0.href(path)) "?tra-loi=" (comment.id) "#gui-phan-hoi" } rel="nofollow" { (t.reply()) } }
            a href={ (own) "#bao-vi-pham" } rel="nofollow" { (t.report()) }
            button type="button" data-action="copy" data-done=(t.copied()) hidden { (t.comment_copy()) }
        }
    }
}

fn list(place: &Place<'_>, t: Text) -> Markup {
    let (here, comments) = (t.0.href(place.path), place.comments);
    let open = comments.standing.is_open();
    let name = |order: CommentOrder| match order {
        CommentOrder::Newest => t.order_newest(),
        CommentOrder::Oldest => t.order_oldest(),
        CommentOrder::Agreed => t.order_agreed(),
    };
    let address = |order: CommentOrder| {
        if order == CommentOrder::default() {
            format!("{here}#phan-hoi")
        } else {
            format!("{here}?thu-tu={}#phan-hoi", order.code())
        }
    };
    html! {
        h2 id="phan-hoi-tieu-de" {
            (t.comments()) " " span class="discussion-count" { "(" (number::whole(comments.count.into(), t.0)) ")" }
        }
        nav class="discussion-order" aria-label=(t.order_label()) {
            @if comments.count > 1 {
                ul {
                    @for order in CommentOrder::ALL {
                        li { a href=(address(order)) aria-current=[(order == comments.order).then_some("true")] { (name(order)) } }
                    }
                }
            }
            @if open { a href="#gui-phan-hoi" rel="external" { (t.write_comment()) } }
        }
        @if !comments.first { a class="more-link" href={ (here) "#phan-hoi" } { (t.first_comments()) } }
        @if comments.items.is_empty() && comments.first && open { p class="empty" { (t.comments_none()) } }
        ol class="comment-list" data-words=(agree_words(t)) {
            @for comment in &comments.items {
                li {
                    (comment_view(comment, place.path, open, t))
                    @if !comment.first_replies.is_empty() {
                        ol class="comment-replies" {
                            @for reply in &comment.first_replies { li { (comment_view(reply, place.path, open, t)) } }
                        }
                    }
                    @if comment.replies as usize > comment.first_replies.len() {
                        a class="more-replies" href=(t.0.href(&format!("/phan-hoi/{}", comment.id))) rel="nofollow" { (t.more_replies(comment.replies)) }
                    }
                }
            }
        }
        @if let Some(next) = &comments.next {
            a class="more-link" href={ (here) "?thu-tu=" (comments.order.code()) "&tu=" (next) "#phan-hoi" } rel="next" {
                (t.more_comments())
            }
        }
    }
}

/// The words that the script of agreeing says (`client/discussion/agree.js`).
pub fn agree_words(t: Text) -> String {
    serde_json::json!([t.agree(), t.agree_count("{n}"), t.agree_mine("{n}"), t.error(&AppError::Unreachable)])
        .to_string()
}

/// The id of a field of the form.
pub const fn field_id(field: Field) -> &'static str {
    match field {
        Field::Name => "ho-va-ten",
        Field::Email => "e-mail",
        Field::Text => "noi-dung-phan-hoi",
        Field::ReplyTo => "tra-loi",
        // No other field is in this form.
        _ => "ly-do",
    }
}

/// The words that the form's script says (`client/discussion/form.js`), with places for what it counts.
fn script_words(t: Text) -> String {
    let words = serde_json::json!({
        "lang": t.0.code(), "heading": t.form_errors(), "sending": t.sending(), "send": t.send_comment(),
        "unreachable": t.error(&AppError::Unreachable), "noEmail": t.no_email(),
        "missing": { "name": t.name_missing(), "text": t.text_missing() },
        "most": { "name": NAME_MOST, "email": EMAIL_MOST, "text": TEXT_MOST },
        "tooLong": t.too_long("{counted}", "{most}"), "hint": t.text_hint(TEXT_MOST),
        "guard": {
            "heading": t.guard_heading(), "text": t.guard_text(), "edit": t.guard_edit(), "send": t.guard_send(),
            "kinds": {
                "phone": t.guard_phone(), "citizen-number": t.guard_citizen_number(), "email": t.guard_email(),
                "account": t.guard_account(),
            },
        },
        "left": t.text_left("{n}"), "over": t.text_over("{n}"),
    });
    words.to_string()
}

/// The form below a discussion. It works without any script; `client/discussion/form.js` checks while one types, and
/// sends without leaving the page.
fn form(place: &Place<'_>, refused: &RefusedForm, t: Text) -> Markup {
    let RefusedForm { form, error } = refused;
    let (path, replying) = (place.path, place.comments.replying.as_ref());
    let draft = replying.map_or_else(|| path.to_owned(), |answered| draft_of(path, answered.id));
    let problem = |field: Field| match error {
        Some(AppError::Invalid(errors)) => errors.of(field).map(|problem| t.problem(field, problem)),
        _ => None,
    };
    html! {
        form class="comment-form" id="gui-phan-hoi" method="post" action=(t.0.href(path)) novalidate
            aria-labelledby="gui-phan-hoi-tieu-de" data-draft=(draft) data-words=(script_words(t)) {
            @if let Some(answered) = replying {
                h3 id="gui-phan-hoi-tieu-de" { (t.replying_to(&answered.author)) }
            } @else { h3 id="gui-phan-hoi-tieu-de" { (t.write_comment()) } }
            @if let Standing::Open { until: Some(until) } = place.comments.standing { p class="hint" { (t.discussion_until(until.day(t.0))) } }
            @if let Some(error) = error {
                div class="form-errors" role="alert" tabindex="-1" autofocus {
                    h4 { (t.form_errors()) }
                    ul class="form-errors-list" { (refusal_lines(error, t)) }
                }
            }
            @if let Some(answered) = replying {
                p { a href={ (t.0.href(path)) "#gui-phan-hoi" } { (t.reply_cancel()) } }
                input type="hidden" id="tra-loi" name="reply_to" value=(answered.id);
            }
            (line(Field::Name, t.name_label(), "", &form.name, problem(Field::Name)))
            (line(Field::Email, t.email_label(), email_hint(t), &form.email, problem(Field::Email)))
            @let wrong = problem(Field::Text);
            div class="field" {
                label for=(field_id(Field::Text)) { (t.text_label()) }
                @if let Some(wrong) = &wrong { p class="field-error" id="noi-dung-phan-hoi-loi" { (wrong) } }
                @let described = if wrong.is_some() { "noi-dung-phan-hoi-goi-y noi-dung-phan-hoi-loi" } else { "noi-dung-phan-hoi-goi-y" };
                (text_area_with(field_id(Field::Text), "text", 6, &form.text, wrong.is_some(), Some(described)))
                p class="counter" id="noi-dung-phan-hoi-goi-y" { (t.text_hint(TEXT_MOST)) }
            }
            div class="leave-empty" aria-hidden="true" {
                label for="website" { (t.website_label()) }
                input id="website" name="website" type="text" tabindex="-1" autocomplete="off";
            }
            input type="hidden" name="key" value=(form.key);
            div class="form-actions" {
                button class="button" type="submit" { (t.send_comment()) }
                a href=(t.0.href("/chinh-sach/kiem-duyet")) { (t.moderation_policy()) }
            }
            p class="privacy-line" { (t.privacy_line()) " " a href=(t.0.href("/chinh-sach/rieng-tu")) { (t.privacy()) } }
        }
    }
}

/// What the address is for, which depends on whether the portal sends mail.
fn email_hint(t: Text) -> &'static str {
    let offered = use_context::<AppState>().is_some_and(|state| state.store.mail.is_offered());
    if offered { t.email_hint_notice() } else { t.email_hint() }
}

/// Why a form was not sent, with links to the fields.
fn refusal_lines(error: &AppError, t: Text) -> Markup {
    html! {
        @if let AppError::Invalid(errors) = error {
            @for (field, problem) in &errors.0 {
                // Not the router's: the browser moves the focus into the field.
                li { a href={ "#" (field_id(*field)) } rel="external" { (t.problem(*field, *problem)) } }
            }
        } @else {
            li { (t.error(error)) }
        }
    }
}

/// Why a form was not sent, for the form's script: the fields' ids with a sentence each, and a sentence for the whole.
pub fn refusal_for_script(error: &AppError, t: Text) -> serde_json::Value {
    let fields: Vec<(&str, String)> = match error {
        AppError::Invalid(errors) => {
            errors.0.iter().map(|(field, problem)| (field_id(*field), t.problem(*field, *problem))).collect()
        }
        _ => Vec::new(),
    };
    serde_json::json!({ "fields": fields, "sentence": t.error(error) })
}

/// A field of one line with its hint and what is wrong with it.
fn line(field: Field, label: &str, hint: &str, value: &str, problem: Option<String>) -> Markup {
    let id = field_id(field);
    let (name, kind, complete) = match field {
        Field::Email => ("email", "email", "email"),
        _ => ("name", "text", "name"),
    };
    let described: Vec<String> =
        [(!hint.is_empty()).then(|| format!("{id}-goi-y")), problem.as_ref().map(|_| format!("{id}-loi"))]
            .into_iter()
            .flatten()
            .collect();
    html! {
        div class="field field--short" {
            label for=(id) { (label) }
            @if !hint.is_empty() { p class="hint" id={ (id) "-goi-y" } { (hint) } }
            @if let Some(problem) = &problem { p class="field-error" id={ (id) "-loi" } { (problem) } }
            input id=(id) name=(name) type=(kind) autocomplete=(complete) required[field == Field::Name] value=(value)
                aria-invalid=[problem.is_some().then_some("true")]
                aria-describedby=[(!described.is_empty()).then(|| described.join(" "))];
        }
    }
}
