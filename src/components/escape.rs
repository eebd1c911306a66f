//! The only places that hand text to the three ways of Leptos that do not escape it: titles, text areas, inner HTML.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::domain::html::{Html, escape, escape_json_script};

/// The document's title. On the server Leptos writes it as it is, so it is escaped there.
#[component]
pub fn PageTitle(
    /// The title as people read it.
    text: String,
) -> impl IntoView {
    let text = if cfg!(feature = "ssr") { escape(&text) } else { text };
    view! { <Title text=text /> }
}

/// A text area with what was typed. A leading line break needs another one before it, or the parser drops it.
#[component]
pub fn TextArea(
    /// Its id.
    id: &'static str,
    /// Its name in the form.
    name: &'static str,
    /// What was typed.
    content: String,
    /// The ids of what describes it.
    described: Option<String>,
    /// Whether what was typed was refused.
    invalid: bool,
) -> impl IntoView {
    let content = format!("\n{}", escape(&content));
    view! {
        <textarea
            id=id
            name=name
            rows="6"
            required=true
            aria-invalid=invalid.then_some("true")
            aria-describedby=described
            inner_html=content
        ></textarea>
    }
}

/// HTML that the server cleaned, in a `div` of a class.
#[component]
pub fn CleanHtml(
    /// The HTML.
    html: Html,
    /// The class of the element around it.
    class: &'static str,
) -> impl IntoView {
    view! { <div class=class inner_html=html.as_str().to_owned()></div> }
}

/// Data for machines (schema.org) in a script of data.
#[component]
pub fn JsonLd(
    /// JSON.
    json: String,
) -> impl IntoView {
    view! { <script type="application/ld+json" inner_html=escape_json_script(&json)></script> }
}
