//! The only places that write text into a page as it is: HTML that was cleaned, data for machines, text areas.
//!
//! Markup made by `maud::html!` escapes every text in it, and Leptos does too, but for `<textarea>` and `inner_html`.

use leptos::prelude::*;
use maud::{Markup, PreEscaped};

use crate::domain::html::Html;

/// HTML that the server cleaned.
pub fn clean_html(html: &Html) -> Markup {
    PreEscaped(html.as_str().to_owned())
}

/// The beginning of HTML that the server cleaned, without its elements, cut between words: no sign in it is cut, since
/// what is escaped has no space in it.
#[cfg(feature = "ssr")]
pub fn beginning(html: &Html, most: usize) -> Markup {
    let mut text = String::with_capacity(html.as_str().len());
    let mut inside = false;
    for c in html.as_str().chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    PreEscaped(crate::domain::text::shorten(&text.split_whitespace().collect::<Vec<_>>().join(" "), most))
}

/// Data for machines (schema.org) in a script of data.
#[cfg(feature = "ssr")]
pub fn json_script(json: &serde_json::Value) -> Markup {
    use crate::domain::html::escape_json_script;

    maud::html! { script data-page type="application/ld+json" { (PreEscaped(escape_json_script(&json.to_string()))) } }
}

/// An address as a picture that phones read, with what it is for who can't see it.
#[cfg(feature = "ssr")]
pub fn qr_code(address: &str, label: &str) -> Markup {
    use qrcode::QrCode;
    use qrcode::render::svg;

    let Ok(code) = QrCode::new(address.as_bytes()) else { return Markup::default() };
    let picture = code.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(true).build();
    // The library writes an XML declaration, which has no place inside a page.
    let picture = picture.find("<svg").map_or("", |begin| &picture[begin..]).to_owned();
    maud::html! { div class="qr-code" role="img" aria-label=(label) { (PreEscaped(picture)) } }
}

/// Markup that needs no program, in a `div`. Without markup it is the one that the server has put there already:
/// taking over a page leaves it as it is.
#[component]
pub fn Inert(
    /// The markup, unless it is in place.
    markup: Option<Markup>,
    /// The class of the element around it.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let markup = markup.map(Markup::into_string).unwrap_or_default();
    view! { <div class=class inner_html=markup></div> }
}
