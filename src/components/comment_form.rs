//! The comment form. It works without any script; with the client it checks while one types, and sends without leaving
//! the page. Its inputs are never bound to signals: what was typed before the client had loaded stays.

use std::pin::Pin;

use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use maud::{Markup, html};
use web_sys::{FormData, HtmlElement, HtmlFormElement, SubmitEvent};

use crate::browser::{self, json::Unreadable};
use crate::components::at_once::at_once;
use crate::components::escape::{InertList, TextArea, yes};
use crate::components::head::use_lang;
use crate::domain::comment::{CommentForm, TEXT_MOST};
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::lang::Lang;
use crate::domain::receipt::ReceiptCode;
use crate::domain::text::clean_lines;
use crate::text::Text;

/// How a page sends a comment to an announcement, from an interface in a language.
pub type SendComment = fn(String, Lang, CommentForm) -> Pin<Box<dyn Future<Output = Result<ReceiptCode, AppError>>>>;

/// A refused form with why, for the page that is shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RefusedForm {
    /// What was typed.
    pub form: CommentForm,
    /// Why it was not taken.
    pub error: Option<AppError>,
}

/// As JSON in the document.
impl Encoder<RefusedForm> for RefusedForm {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(form: &RefusedForm) -> Result<String, serde_json::Error> {
        serde_json::to_string(form)
    }
}

impl Decoder<RefusedForm> for RefusedForm {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(json: &str) -> Result<RefusedForm, Unreadable> {
        browser::json::read(json)
    }
}

/// What the form knows of itself while it is used.
#[derive(Clone, Copy)]
struct FormState {
    /// Why it was not sent.
    refusal: RwSignal<Option<AppError>>,
    /// What is wrong with the fields, as far as it is said already.
    errors: RwSignal<FieldErrors>,
    /// How many characters the text has; nothing until somebody types.
    counted: RwSignal<Option<usize>>,
    /// Whether it is under way.
    sending: RwSignal<bool>,
}

impl FormState {
    fn new(error: Option<AppError>) -> Self {
        let errors = match &error {
            Some(AppError::Invalid(errors)) => errors.clone(),
            _ => FieldErrors::default(),
        };
        Self {
            refusal: RwSignal::new(error),
            errors: RwSignal::new(errors),
            counted: RwSignal::new(None),
            sending: RwSignal::new(false),
        }
    }

    fn refuse(self, error: AppError) {
        self.errors.set(match &error {
            AppError::Invalid(errors) => errors.clone(),
            _ => FieldErrors::default(),
        });
        self.refusal.set(Some(error));
        browser::focus_soon("#gui-phan-hoi .form-errors");
    }

    /// Checks while somebody types: what was refused once until it is right, and what is too long at once. That a
    /// field is empty or an address unfinished is not held against who has not come to it yet.
    fn check(self, form: &FormData) {
        let typed = browser::comment_form(form);
        self.counted.set(Some(browser::count(&clean_lines(&typed.text))));
        let found = typed.check(browser::count).err().unwrap_or_default();
        let said = self.errors.get_untracked();
        let tried = self.refusal.with_untracked(Option::is_some);
        let said = |field: Field, problem: Problem| tried || said.of(field).is_some() || problem.is_too_long();
        let shown = FieldErrors(found.0.into_iter().filter(|(field, problem)| said(*field, *problem)).collect());
        if self.errors.with_untracked(|errors| *errors == shown) {
            return;
        }
        // What has been put right is not held against anybody any longer, above the form either.
        if self.refusal.with_untracked(|refusal| matches!(refusal, Some(AppError::Invalid(_)))) {
            self.refusal.set((!shown.is_empty()).then(|| AppError::Invalid(shown.clone())));
        }
        self.errors.set(shown);
    }

    /// Somebody has left the field of the address.
    fn check_address(self, form: &FormData) {
        let Err(found) = browser::comment_form(form).check(browser::count) else { return };
        if let Some(problem) = found.of(Field::Email)
            && self.errors.with_untracked(|errors| errors.of(Field::Email).is_none())
        {
            self.errors.update(|errors| errors.0.push((Field::Email, problem)));
        }
    }

    fn problem(self, t: Text, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || self.errors.with(|errors| errors.of(field)).map(|problem| t.problem(field, problem)))
    }
}

/// The form below a discussion.
#[component]
pub fn CommentFormView(
    /// Where its page stands: `/tin/` or `/thi-dua/`.
    place: &'static str,
    /// The announcement or the campaign.
    slug: String,
    /// What was refused, if this page answers a sending.
    refused: RefusedForm,
    /// How it is sent with the client.
    send: SendComment,
) -> impl IntoView {
    let lang = use_lang();
    let t = Text(lang);
    let path = format!("{place}{slug}");
    let state = FormState::new(refused.error);
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(form) = browser::form_of(&event) else { return };
        if state.sending.get_untracked() {
            return;
        }
        let typed = browser::comment_form(&form);
        if let Err(errors) = typed.check(browser::count) {
            state.refuse(AppError::Invalid(errors));
            return;
        }
        state.sending.set(true);
        let (slug, navigate) = (slug.clone(), navigate.clone());
        spawn_local(async move {
            let sent = send(slug, lang, typed).await;
            // Whoever has gone on to another page is not fetched back.
            if state.sending.try_set(false).is_some() {
                return;
            }
            match sent {
                Ok(code) => navigate(&lang.href(&format!("/theo-doi/{code}")), Default::default()),
                Err(error) => state.refuse(error),
            }
        });
    };
    let typing = move |event: leptos::ev::Event| {
        if let Some(form) = event.current_target().and_then(form_data) {
            state.check(&form);
        }
    };
    let left = move |event: leptos::ev::Event| {
        let address = event.target().is_some_and(|target| id_of(target) == field_id(Field::Email));
        if address && let Some(form) = event.current_target().and_then(form_data) {
            state.check_address(&form);
        }
    };
    let form = refused.form;
    at_once(view! {
        <form class="comment-form" id="gui-phan-hoi" method="post" action=lang.href(&path) novalidate=true
            aria-labelledby="gui-phan-hoi-tieu-de" data-draft=path on:submit=submit on:input=typing on:change=left>
            <h3 id="gui-phan-hoi-tieu-de">{t.write_comment()}</h3>
            <Refusal refusal=state.refusal t />
            <TextField field=Field::Name label=t.name_label() hint="" value=form.name problem=state.problem(t, Field::Name) />
            <TextField field=Field::Email label=t.email_label() hint=t.email_hint() value=form.email problem=state.problem(t, Field::Email) />
            <TextBox content=form.text state t />
            <div class="leave-empty" aria-hidden="true">
                <label for="website">{t.website_label()}</label>
                <input id="website" name="website" type="text" tabindex="-1" autocomplete="off" />
            </div>
            <input type="hidden" name="key" value=form.key />
            <div class="form-actions">
                <button class="button" type="submit" aria-disabled=move || yes(state.sending.get())>
                    {move || (if state.sending.get() { t.sending() } else { t.send_comment() }).to_owned()}
                </button>
                <a href=lang.href("/chinh-sach/kiem-duyet")>{t.moderation_policy()}</a>
            </div>
            <p class="privacy-line">{t.privacy_line()} " " <a href=lang.href("/chinh-sach/rieng-tu")>{t.privacy()}</a></p>
        </form>
    })
}

fn form_data(target: web_sys::EventTarget) -> Option<FormData> {
    use wasm_bindgen::JsCast;
    FormData::new_with_form(&target.dyn_into::<HtmlFormElement>().ok()?).ok()
}

fn id_of(target: web_sys::EventTarget) -> String {
    use wasm_bindgen::JsCast;
    target.dyn_into::<HtmlElement>().map(|element| element.id()).unwrap_or_default()
}

/// Why the form was not sent, with links to the fields.
#[component]
fn Refusal(refusal: RwSignal<Option<AppError>>, t: Text) -> impl IntoView {
    move || {
        refusal.get().map(|error| {
            at_once(view! {
                <div class="form-errors" role="alert" tabindex="-1" autofocus=true>
                    <h4>{t.form_errors()}</h4>
                    <InertList markup=refusal_lines(&error, t) class="form-errors-list" />
                </div>
            })
        })
    }
}

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

/// The text, with how much room is left.
#[component]
fn TextBox(content: String, state: FormState, t: Text) -> impl IntoView {
    let problem = state.problem(t, Field::Text);
    let over = move || state.counted.get().is_some_and(|counted| counted > TEXT_MOST);
    let room = move || match state.counted.get() {
        None | Some(0) => t.text_hint(TEXT_MOST),
        Some(counted) if counted <= TEXT_MOST => t.text_left(TEXT_MOST - counted),
        Some(counted) => t.text_over(counted - TEXT_MOST),
    };
    view! {
        <div class="field">
            <label for=field_id(Field::Text)>{t.text_label()}</label>
            {field_error(Field::Text, problem)}
            <TextArea
                id=field_id(Field::Text)
                name="text"
                content
                described=Signal::derive(move || described(Field::Text, true, problem))
                problem
            />
            <p class="counter" class:counter--over=over id="noi-dung-phan-hoi-goi-y">{room}</p>
        </div>
    }
}

const fn field_id(field: Field) -> &'static str {
    match field {
        Field::Name => "ho-va-ten",
        Field::Email => "e-mail",
        Field::Text => "noi-dung-phan-hoi",
        // No other field is in this form.
        _ => "ly-do",
    }
}

/// The ids of what describes a field, of what is there of it.
fn described(field: Field, hint: bool, problem: Signal<Option<String>>) -> Option<String> {
    let id = field_id(field);
    match (hint, problem.with(Option::is_some)) {
        (true, true) => Some(format!("{id}-goi-y {id}-loi")),
        (true, false) => Some(format!("{id}-goi-y")),
        (false, true) => Some(format!("{id}-loi")),
        (false, false) => None,
    }
}

fn field_error(field: Field, problem: Signal<Option<String>>) -> impl IntoView {
    move || {
        problem.get().map(|problem| {
            at_once(view! { <p class="field-error" id=format!("{}-loi", field_id(field))>{problem}</p> })
        })
    }
}

/// A field of one line with its hint and its error.
#[component]
fn TextField(
    field: Field,
    label: &'static str,
    hint: &'static str,
    value: String,
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let id = field_id(field);
    let (name, kind, complete) = match field {
        Field::Email => ("email", "email", "email"),
        _ => ("name", "text", "name"),
    };
    view! {
        <div class="field field--short">
            <label for=id>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-goi-y")>{hint}</p> })}
            {field_error(field, problem)}
            <input id=id name=name type=kind autocomplete=complete required={field == Field::Name} value=value
                aria-invalid=move || yes(problem.with(Option::is_some))
                aria-describedby=move || described(field, !hint.is_empty(), problem) />
        </div>
    }
}
