//! What stands around every page of the desk: the document, its head, the navigation, and the words of an error.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use maud::{DOCTYPE, Markup, html};

use super::form::Fields;
use crate::domain::account::Permission;
use crate::domain::draft::DraftField;
use crate::domain::error::{AppError, Field, FieldErrors};
use crate::domain::lang::Lang;
use crate::server::policy::CachePolicy;
use crate::server::services::actor::{Actor, Scope};
use crate::server::services::sign_in::SignedIn;
use crate::server::state::AppState;
use crate::text::Text;

/// A request to the desk: who asks for what in which language.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The server.
    pub state: AppState,
    /// The language of the interface.
    pub lang: Lang,
    /// The path that was asked for.
    pub path: String,
    /// Who asks, if somebody is signed in.
    pub signed_in: Option<SignedIn>,
}

/// What is asked of a page besides its content.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extra {
    /// Whether it takes the whole width, as the editor does.
    pub wide: bool,
}

impl Desk {
    /// The words of the interface.
    pub fn t(&self) -> Text {
        Text(self.lang)
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        self.signed_in.as_ref().map_or(Actor::Citizen, SignedIn::actor)
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// `SignedOut` where nobody is.
    pub fn signed_in(&self) -> Result<&SignedIn, AppError> {
        self.signed_in.as_ref().ok_or(AppError::SignedOut)
    }

    /// A Vietnamese path in the language of the interface.
    pub fn href(&self, path: &str) -> String {
        self.lang.href(path)
    }

    /// Whether whoever asks may do something somewhere.
    pub fn may(&self, permission: Permission) -> bool {
        self.actor().may(permission, Scope::Somewhere)
    }

    /// To another page, after something was done or where something is missing.
    pub fn redirect(&self, path: &str) -> Response {
        let target = if Lang::of_path(path) == Lang::En { path.to_owned() } else { self.href(path) };
        (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response()
    }

    /// A whole page.
    pub fn page(&self, title: &str, content: &Markup) -> Response {
        self.page_with(StatusCode::OK, title, Extra::default(), content)
    }

    /// A whole page with another status, or wide.
    pub fn page_with(&self, status: StatusCode, title: &str, extra: Extra, content: &Markup) -> Response {
        let (assets, (desk_style, desk_script)) = (self.state.site.addresses(), self.state.site.desk_addresses());
        let t = self.t();
        let document = html! {
            (DOCTYPE)
            html lang=(self.lang.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    title { (title) " | " (t.desk()) " " (self.state.site_name) }
                    link rel="stylesheet" href=(assets.style);
                    link rel="stylesheet" href=(desk_style);
                    script type="module" src=(desk_script) {}
                    link rel="icon" href="/favicon.svg" type="image/svg+xml";
                }
                body class="desk" {
                    a class="skip-link" href="#noi-dung" { (t.skip_to_content()) }
                    (self.header())
                    main id="noi-dung" class=(if extra.wide { "page desk-page desk-page--wide" } else { "page desk-page" }) tabindex="-1" {
                        @if self.signed_in.as_ref().is_some_and(|signed_in| signed_in.lacks_second_step) {
                            div class="flash flash--bad" role="note" {
                                p { (t.second_step_needed()) " " a href=(self.href("/quan-tri/toi#hai-buoc")) { (t.second_step_set_up()) } }
                            }
                        }
                        (content)
                    }
                }
            }
        };
        answer(status, document, POLICY)
    }

    fn header(&self) -> Markup {
        let t = self.t();
        let here = Lang::strip(&self.path);
        let other = if self.lang == Lang::Vi { Lang::En } else { Lang::Vi };
        let entries: Vec<(&str, &str, Permission)> = vec![
            ("/quan-tri", t.desk_home(), Permission::SeeDesk),
            ("/quan-tri/tin", t.desk_announcements(), Permission::WriteAnnouncements),
            ("/quan-tri/thi-dua", t.desk_campaigns(), Permission::WriteAnnouncements),
            ("/quan-tri/tham-gia", t.taking_part(), Permission::ReportForUnit),
            ("/quan-tri/anh", t.desk_pictures(), Permission::WriteAnnouncements),
            ("/quan-tri/dien-hinh", t.examples(), Permission::CheckExamples),
            ("/quan-tri/phan-hoi", t.comments(), Permission::ModerateComments),
            ("/quan-tri/tra-loi", t.answers_title(), Permission::AnswerComments),
            ("/quan-tri/quy-tac", t.rules(), Permission::ModerateComments),
            ("/quan-tri/trang-chu", t.desk_front(), Permission::ManageFront),
            ("/quan-tri/don-vi", t.units(), Permission::ManageUnits),
            ("/quan-tri/tai-khoan", t.desk_accounts(), Permission::ManageAccounts),
        ];
        html! {
            header class="desk-header" {
                div class="desk-header-inner" {
                    p class="desk-name" { a href=(self.href("/")) { (self.state.site_name) } " " span { (t.desk()) } }
                    a class="language-switch" href=(other.href(here)) hreflang=(other.code()) lang=(other.code()) { (t.other_language()) }
                    @if let Some(signed_in) = &self.signed_in {
                        a class="desk-me" href=(self.href("/quan-tri/toi")) { (signed_in.official.display_name) }
                        form method="post" action=(self.href("/dang-xuat")) {
                            button class="button button--quiet" type="submit" { (t.sign_out()) }
                        }
                    }
                }
                @if self.signed_in.is_some() {
                    nav class="main-nav" aria-label=(t.main_navigation()) {
                        ul {
                            @for (path, name, permission) in entries {
                                // Rules are the whole portal's.
                                @let everywhere = path != super::rule::PATH || self.actor().may(permission, Scope::Everywhere);
                                @if self.may(permission) && everywhere {
                                    li { a href=(self.href(path)) aria-current=[(here == path).then_some("page")] { (name) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// An error in a page's place.
    pub fn failure(&self, error: &AppError) -> Response {
        failure_page(&self.state, &self.path, self.signed_in.as_ref(), error)
    }

    /// What a handler came to: its page, or the error in its place.
    pub fn end(&self, result: Result<Response, AppError>) -> Response {
        result.unwrap_or_else(|error| self.failure(&error))
    }
}

/// The policy of the desk's pages: nothing inline, nothing from elsewhere. Figures are checked by WebAssembly. Pictures that are about to be uploaded are
/// shown from the browser's memory.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
                      frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A document with its policy.
pub fn answer(status: StatusCode, document: Markup, policy: &'static str) -> Response {
    let mut answer = Response::new(Body::from(document.into_string()));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    CachePolicy::Private.of(answer)
}

/// An error as a page of the desk.
pub fn failure_page(state: &AppState, path: &str, signed_in: Option<&SignedIn>, error: &AppError) -> Response {
    let desk =
        Desk { state: state.clone(), lang: Lang::of_path(path), path: path.to_owned(), signed_in: signed_in.cloned() };
    failure_with_text(&desk, error, &Fields::default())
}

/// The same with what was typed below it: what can't be saved can still be copied.
pub fn failure_with_text(desk: &Desk, error: &AppError, typed: &Fields) -> Response {
    let t = desk.t();
    let kept = [
        (DraftField::Title, t.field_title(), 2),
        (DraftField::Lead, t.field_lead(), 4),
        (DraftField::Body, t.field_body(), 24),
    ];
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let content = html! {
        div class="error-page" {
            p class="error-code" { (error.status()) }
            h1 { (t.error_title(error)) }
            @if *error == AppError::Forbidden && desk.signed_in.is_some() {
                p { (t.desk_forbidden()) }
            } @else {
                p { (t.error(error)) }
            }
            p { a class="button" href=(desk.href(if desk.signed_in.is_some() { "/quan-tri" } else { "/" })) { (t.go_back()) } }
        }
        @for (field, name, rows) in kept {
            @let text = typed.get(field.name());
            @if !text.trim().is_empty() {
                div class="field" { label for=(field.name()) { (name) } (text_area(field.name(), field.name(), rows, text, false)) }
            }
        }
    };
    let mut answer = desk.page_with(status, t.error_title(error), Extra::default(), &content);
    if let AppError::TooMany { retry_after_seconds } = error {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
    }
    answer
}

/// What is wrong with a form, above it: a list of links to its fields.
pub fn form_errors(error: Option<&AppError>, t: Text) -> Markup {
    let none = FieldErrors::default();
    let errors = match error {
        Some(AppError::Invalid(errors)) => errors,
        _ => &none,
    };
    html! {
        @if let Some(error) = error {
            div class="form-errors" role="alert" tabindex="-1" {
                h2 { (t.error_title(error)) }
                @if errors.is_empty() { p { (t.error(error)) } }
                @else {
                    ul {
                        @for (field, problem) in &errors.0 {
                            li { a href=(format!("#{}", field_id(*field))) { @if let Some(name) = field_label(*field, t) { (name) ": " } (t.problem(*field, *problem)) } }
                        }
                    }
                }
            }
        }
    }
}

/// What a field is called, where a sentence about it does not say that.
fn field_label(field: Field, t: Text) -> Option<&'static str> {
    match field {
        Field::Title => Some(t.field_title()),
        Field::Lead => Some(t.field_lead()),
        Field::Body => Some(t.field_body()),
        Field::Slug => Some(t.field_slug()),
        Field::UnitCode => Some(t.unit_code()),
        Field::Level => Some(t.unit_level()),
        Field::Parent => Some(t.unit_above()),
        Field::Begins => Some(t.unit_begins()),
        Field::Ends => Some(t.unit_ends()),
        Field::Due => Some(t.pass_on_due()),
        _ => None,
    }
}

/// The id of a field's input.
pub const fn field_id(field: Field) -> &'static str {
    match field {
        Field::Name => "ho-ten",
        Field::Email => "email",
        Field::Text | Field::Body => "body",
        Field::Reason => "ly-do",
        Field::AccountName => "ten-dang-nhap",
        Field::Password => "mat-khau",
        Field::NewPassword => "mat-khau-moi",
        Field::Code => "ma",
        Field::Unit => "don-vi",
        Field::UnitCode => "ma-don-vi",
        Field::Level => "cap",
        Field::Parent => "thuoc",
        Field::Begins => "tu-ngay",
        Field::Ends | Field::Due => "den-ngay",
        Field::Title => "title",
        Field::Lead => "lead",
        Field::Tags => "tags",
        Field::AuthorLine => "author_line",
        Field::Source => "source",
        Field::Image => "image",
        Field::ChangeNote => "change_note",
        Field::Figure => "so",
        Field::Slug => "dia-chi",
        Field::Hour => "gio",
        Field::File => "tep",
        Field::Kind => "loai",
        Field::Person => "ve-ai",
        Field::Consent => "dong-y",
        Field::Contact => "lien-he",
        Field::ReplyTo => "tra-loi",
        Field::RuleName => "ten-quy-tac",
        Field::Condition => "dieu-kien",
    }
}

/// An input of one line with its label.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name in the form.
    pub name: &'a str,
    /// Its label.
    pub label: &'a str,
    /// What it holds.
    pub value: &'a str,
    /// Its type; text where it is empty.
    pub kind: &'a str,
    /// What browsers fill in.
    pub autocomplete: &'a str,
    /// A sentence below it.
    pub hint: &'a str,
    /// Whether it has to be filled in.
    pub required: bool,
    /// Whether what it holds was refused.
    pub invalid: bool,
}

/// An input of one line with its label.
pub fn input(of: &Input<'_>) -> Markup {
    let described = (!of.hint.is_empty()).then(|| format!("{}-goi-y", of.id));
    html! {
        div class="field" {
            label for=(of.id) { (of.label) }
            input id=(of.id) name=(of.name) type=(if of.kind.is_empty() { "text" } else { of.kind }) value=(of.value)
                required[of.required] autocomplete=(if of.autocomplete.is_empty() { "off" } else { of.autocomplete })
                autocapitalize=[(of.kind.is_empty() && !of.autocomplete.is_empty()).then_some("none")]
                aria-invalid=[of.invalid.then_some("true")] aria-describedby=[described.as_deref()];
            @if let Some(id) = &described { p class="hint" id=(id) { (of.hint) } }
        }
    }
}

/// A text of several lines. The parser drops a line break at its beginning, so one is put before it.
pub fn text_area(id: &str, name: &str, rows: u32, text: &str, invalid: bool) -> Markup {
    text_area_with(id, name, rows, text, invalid, None)
}

/// The same with the ids of what describes it.
pub fn text_area_with(id: &str, name: &str, rows: u32, text: &str, invalid: bool, described: Option<&str>) -> Markup {
    html! {
        textarea id=(id) name=(name) rows=(rows) required[described.is_some()] aria-invalid=[invalid.then_some("true")] aria-describedby=[described] { "\n" (text) }
    }
}

/// A hidden field.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}
