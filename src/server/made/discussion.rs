//! A page's discussion as readers see it: in which order, the comments, more of them, and the form.

use leptos::prelude::use_context;
use maud::{Markup, html};

use crate::components::escape::clean_html;
use crate::components::teaser::lang_of;
use crate::domain::comment::{Comment, CommentForm, CommentOrder, CommentPage, EMAIL_MOST, NAME_MOST, TEXT_MOST};
use crate::domain::cursor::Cursor;
use crate::domain::error::{AppError, Field};
use crate::domain::number;
use crate::server::desk::form::Fields;
use crate::server::desk::frame::text_area_with;
use crate::text::Text;

/// A refused form with why, for the page that is shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusedForm {
    /// What was typed.
    pub form: CommentForm,
    /// Why it was not taken.
    pub error: Option<AppError>,
}

/// What of a discussion an address asks for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Which comments come first.
    pub order: CommentOrder,
    /// Those after this one.
    pub after: Option<Cursor>,
}

/// What of a discussion a query asks for.
///
/// # Errors
/// `BadAddress` for a bad cursor or order.
pub fn wanted(query: &Fields) -> Result<Wanted, AppError> {
    let text = |name: &str| Some(query.get(name)).filter(|text| !text.is_empty());
    let order = text("thu-tu").map_or(Some(CommentOrder::default()), CommentOrder::parse);
    let after = text("tu").map_or(Some(None), |text| Cursor::parse(text).map(Some));
    let (Some(order), Some(after)) = (order, after) else { return Err(AppError::BadAddress) };
    Ok(Wanted { order, after })
}

/// A discussion and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The Vietnamese path of its page.
    pub path: &'a str,
    /// Its comments.
    pub comments: &'a CommentPage,
}

/// The whole discussion of a page.
pub fn section(place: &Place<'_>, t: Text) -> Markup {
    let refused = use_context::<RefusedForm>().unwrap_or_default();
    html! {
        section class="discussion" id="phan-hoi" aria-labelledby="phan-hoi-tieu-de" {
            (list(place, t))
            (form(place.path, &refused, t))
        }
    }
}

fn comment_view(comment: &Comment, t: Text) -> Markup {
    let id = format!("phan-hoi-{}", comment.id);
    html! {
        li class="comment" id=(id) {
            p class="comment-head" {
                strong class="comment-author" { (comment.author) }
                " " time datetime=(comment.sent.rfc3339()) { (comment.sent.minute(t.0)) }
                " " a class="comment-permalink" href={ "#" (id) } rel="external"
                    aria-label={ (t.comment_link()) ": " (comment.author) } { "#" }
            }
            div class="comment-text" lang=[lang_of(comment.language, t.0)] { (clean_html(&comment.html)) }
        }
    }
}

fn list(place: &Place<'_>, t: Text) -> Markup {
    let (here, comments) = (t.0.href(place.path), place.comments);
    let newest = comments.order == CommentOrder::Newest;
    let mark = |is: bool| is.then_some("true");
    html! {
        h2 id="phan-hoi-tieu-de" {
            (t.comments()) " " span class="discussion-count" { "(" (number::whole(comments.count.into(), t.0)) ")" }
        }
        nav class="discussion-order" aria-label=(t.order_label()) {
            @if comments.count > 1 {
                ul {
                    li { a href={ (here) "#phan-hoi" } aria-current=[mark(newest)] { (t.order_newest()) } }
                    li {
                        a href={ (here) "?thu-tu=" (CommentOrder::Oldest.code()) "#phan-hoi" } aria-current=[mark(!newest)] {
                            (t.order_oldest())
                        }
                    }
                }
            }
            a href="#gui-phan-hoi" rel="external" { (t.write_comment()) }
        }
        @if !comments.first { a class="more-link" href={ (here) "#phan-hoi" } { (t.first_comments()) } }
        @if comments.items.is_empty() && comments.first { p class="empty" { (t.comments_none()) } }
        ol class="comment-list" { @for comment in &comments.items { (comment_view(comment, t)) } }
        @if let Some(next) = &comments.next {
            a class="more-link" href={ (here) "?thu-tu=" (comments.order.code()) "&tu=" (next) "#phan-hoi" } rel="next" {
                (t.more_comments())
            }
        }
    }
}

/// The id of a field of the form.
pub const fn field_id(field: Field) -> &'static str {
    match field {
        Field::Name => "ho-va-ten",
        Field::Email => "e-mail",
        Field::Text => "noi-dung-phan-hoi",
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
fn form(path: &str, refused: &RefusedForm, t: Text) -> Markup {
    let RefusedForm { form, error } = refused;
    let problem = |field: Field| match error {
        Some(AppError::Invalid(errors)) => errors.of(field).map(|problem| t.problem(field, problem)),
        _ => None,
    };
    html! {
        form class="comment-form" id="gui-phan-hoi" method="post" action=(t.0.href(path)) novalidate
            aria-labelledby="gui-phan-hoi-tieu-de" data-draft=(path) data-words=(script_words(t)) {
            h3 id="gui-phan-hoi-tieu-de" { (t.write_comment()) }
            @if let Some(error) = error {
                div class="form-errors" role="alert" tabindex="-1" autofocus {
                    h4 { (t.form_errors()) }
                    ul class="form-errors-list" { (refusal_lines(error, t)) }
                }
            }
            (line(Field::Name, t.name_label(), "", &form.name, problem(Field::Name)))
            (line(Field::Email, t.email_label(), t.email_hint(), &form.email, problem(Field::Email)))
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
