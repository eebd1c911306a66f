//! Comments: the list, and the form, which works without any script.

use leptos::prelude::*;

use crate::components::escape::{CleanHtml, TextArea};
use crate::components::head::use_lang;
use crate::components::teaser::lang_of;
use crate::domain::comment::{Comment, CommentForm, CommentOrder, CommentPage, TEXT_MOST};
use crate::domain::error::{AppError, Field, FieldErrors};
use crate::domain::lang::Lang;
use crate::text::Text;

/// A refused form with why, for the page that is shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RefusedForm {
    /// What was typed.
    pub form: CommentForm,
    /// Why it was not taken.
    pub error: Option<AppError>,
}

/// One comment.
#[component]
fn CommentView(
    /// The comment.
    comment: Comment,
    /// The language of the interface.
    lang: Lang,
) -> impl IntoView {
    let t = Text(lang);
    let id = format!("phan-hoi-{}", comment.id);
    view! {
        <li class="comment" id=id.clone()>
            <p class="comment-head">
                <strong class="comment-author">{comment.author.clone()}</strong>
                " "
                <time datetime=comment.sent.rfc3339()>{comment.sent.minute(lang)}</time>
                " "
                <a class="comment-permalink" href=format!("#{id}") aria-label=format!("{}: {}", t.comment_link(), comment.author)>"#"</a>
            </p>
            <div lang=lang_of(comment.language, lang)><CleanHtml html=comment.html class="comment-text" /></div>
        </li>
    }
    .into_any()
}

/// The discussion of a page: order, comments, more of them, and the form.
#[component]
pub fn Discussion(
    /// The comments.
    comments: CommentPage,
    /// The Vietnamese path of the page.
    path: String,
    /// What was refused, if this page answers a sending.
    refused: RefusedForm,
) -> impl IntoView {
    let lang = use_lang();
    let t = Text(lang);
    let here = lang.href(&path);
    let order = |order: CommentOrder, name: &'static str| {
        let href = match order {
            CommentOrder::Newest => format!("{here}#phan-hoi"),
            CommentOrder::Oldest => format!("{here}?thu-tu={}#phan-hoi", order.code()),
        };
        view! { <li><a href=href aria-current=(comments.order == order).then_some("true")>{name}</a></li> }
    };
    let orders = view! {
        <nav class="discussion-order" aria-label=t.order_label()>
            <ul>{order(CommentOrder::Newest, t.order_newest())}{order(CommentOrder::Oldest, t.order_oldest())}</ul>
            <a href="#gui-phan-hoi">{t.write_comment()}</a>
        </nav>
    };
    let more = comments.next.map(|next| {
        let href = format!("{here}?thu-tu={}&tu={next}#phan-hoi", comments.order.code());
        view! { <a class="more-link" href=href rel="next">{t.more_comments()}</a> }
    });
    let first = (!comments.first)
        .then(|| view! { <a class="more-link" href=format!("{here}#phan-hoi")>{t.first_comments()}</a> });
    let empty = comments.items.is_empty() && comments.first;
    let items: Vec<_> = comments.items.into_iter().map(|comment| view! { <CommentView comment lang /> }).collect();
    view! {
        <section class="discussion" id="phan-hoi" aria-labelledby="phan-hoi-tieu-de">
            <h2 id="phan-hoi-tieu-de">
                {t.comments()} " " <span class="discussion-count">{format!("({})", comments.count)}</span>
            </h2>
            {orders}
            {first}
            {empty.then(|| view! { <p class="hint">{t.comments_none()}</p> })}
            <ol class="comment-list">{items}</ol>
            {more}
            <CommentFormView path refused />
        </section>
    }
    .into_any()
}

/// The form. It is sent to the page's own address, so that it works without script.
#[component]
fn CommentFormView(path: String, refused: RefusedForm) -> impl IntoView {
    let lang = use_lang();
    let t = Text(lang);
    let errors = match &refused.error {
        Some(AppError::Invalid(errors)) => errors.clone(),
        _ => FieldErrors::default(),
    };
    let problem = |field: Field| errors.of(field).map(|problem| t.problem(field, problem));
    let summary = refused.error.as_ref().map(|error| {
        let lines: Vec<_> = match error {
            AppError::Invalid(errors) => errors
                .0
                .iter()
                .map(|(field, problem)| {
                    view! { <li><a href=format!("#{}", field_id(*field))>{t.problem(*field, *problem)}</a></li> }
                        .into_any()
                })
                .collect(),
            other => vec![view! { <li>{t.error(other)}</li> }.into_any()],
        };
        view! {
            <div class="form-errors" role="alert" tabindex="-1" autofocus=true>
                <h4>{t.form_errors()}</h4>
                <ul class="form-errors-list">{lines}</ul>
            </div>
        }
    });
    let form = refused.form;
    view! {
        <form class="comment-form" id="gui-phan-hoi" method="post" action=lang.href(&path)
            novalidate=true aria-labelledby="gui-phan-hoi-tieu-de" data-draft=path>
            <h3 id="gui-phan-hoi-tieu-de">{t.write_comment()}</h3>
            {summary}
            <TextField field=Field::Name label=t.name_label() hint="" value=form.name problem=problem(Field::Name) />
            <TextField field=Field::Email label=t.email_label() hint=t.email_hint() value=form.email problem=problem(Field::Email) />
            <div class="field">
                <label for=field_id(Field::Text)>{t.text_label()}</label>
                {field_error(Field::Text, problem(Field::Text))}
                <TextArea
                    id=field_id(Field::Text)
                    name="text"
                    content=form.text
                    described=described(Field::Text, true, problem(Field::Text).is_some())
                    invalid=problem(Field::Text).is_some()
                />
                <p class="counter" id="noi-dung-phan-hoi-goi-y">{t.text_hint(TEXT_MOST)}</p>
            </div>
            <div class="leave-empty" aria-hidden="true">
                <label for="website">{t.website_label()}</label>
                <input id="website" name="website" type="text" tabindex="-1" autocomplete="off" />
            </div>
            <input type="hidden" name="key" value=form.key />
            <div class="form-actions">
                <button class="button" type="submit">{t.send_comment()}</button>
                <a href=lang.href("/chinh-sach/kiem-duyet")>{t.moderation_policy()}</a>
            </div>
            <p class="privacy-line">{t.privacy_line()} " " <a href=lang.href("/chinh-sach/rieng-tu")>{t.privacy()}</a></p>
        </form>
    }
    .into_any()
}

const fn field_id(field: Field) -> &'static str {
    match field {
        Field::Name => "ho-va-ten",
        Field::Email => "e-mail",
        Field::Text => "noi-dung-phan-hoi",
    }
}

/// The ids of what describes a field, of what is there of it.
fn described(field: Field, hint: bool, problem: bool) -> Option<String> {
    let id = field_id(field);
    let ids: Vec<_> = [(hint, "goi-y"), (problem, "loi")]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, part)| format!("{id}-{part}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn field_error(field: Field, problem: Option<String>) -> Option<AnyView> {
    problem
        .map(|problem| view! { <p class="field-error" id=format!("{}-loi", field_id(field))>{problem}</p> }.into_any())
}

/// A field of one line with its hint and its error.
#[component]
fn TextField(
    field: Field,
    label: &'static str,
    hint: &'static str,
    value: String,
    problem: Option<String>,
) -> impl IntoView {
    let id = field_id(field);
    let (name, kind, complete) = match field {
        Field::Email => ("email", "email", "email"),
        _ => ("name", "text", "name"),
    };
    let invalid = problem.as_ref().map(|_| "true");
    let described = described(field, !hint.is_empty(), problem.is_some());
    view! {
        <div class="field field--short">
            <label for=id>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-goi-y")>{hint}</p> })}
            {field_error(field, problem)}
            <input id=id name=name type=kind autocomplete=complete required={field == Field::Name} value=value
                aria-invalid=invalid aria-describedby=described />
        </div>
    }
    .into_any()
}
