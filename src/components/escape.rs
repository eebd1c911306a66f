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

/// The text between the tags of a text area, escaped; a leading line break needs another one, or the parser drops it.
pub fn text_area_content(text: &str) -> String {
    format!("\n{}", escape(text))
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
