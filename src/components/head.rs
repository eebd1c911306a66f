//! What a page says of itself to browsers, search engines and share cards.

use leptos::prelude::*;
use leptos_meta::{Link, Meta};

use crate::components::escape::PageTitle;
use crate::domain::lang::Lang;
use crate::text::Text;

/// The language of the interface, from the layout around a page.
pub fn use_lang() -> Lang {
    use_context::<Lang>().unwrap_or_default()
}

/// The words of that language.
pub fn use_text() -> Text {
    Text(use_lang())
}

/// An absolute address of a path.
pub fn absolute(path: &str) -> String {
    #[cfg(feature = "ssr")]
    let base =
        use_context::<crate::server::state::AppState>().map(|state| state.base_url.to_string()).unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    let base = window().location().origin().unwrap_or_default();
    format!("{base}{path}")
}

/// Title, description, canonical link and share card of a page.
#[component]
pub fn PageHead(
    /// The title as people read it.
    title: String,
    /// One or two sentences.
    #[prop(into, optional)]
    description: String,
    /// The Vietnamese path of the page, which is its canonical address; empty for pages without one.
    #[prop(into, optional)]
    path: String,
    /// An absolute path of a picture for share cards.
    #[prop(into, optional)]
    picture: String,
    /// `article` or `website`.
    #[prop(optional, default = "website")]
    kind: &'static str,
    /// Whether a real translation stands under the other language's address.
    #[prop(optional)]
    translated: bool,
) -> impl IntoView {
    let lang = use_lang();
    let t = Text(lang);
    let full = if title == t.home() { "Thi Đua".to_owned() } else { format!("{title} | Thi Đua") };
    let address = (!path.is_empty()).then(|| absolute(&if translated { lang.href(&path) } else { path.clone() }));
    view! {
        <PageTitle text=full />
        {(!description.is_empty())
            .then(|| view! {
                <Meta name="description" content=description.clone() />
                <Meta property="og:description" content=description.clone() />
            })}
        {address.map(|address| view! {
            <Link rel="canonical" href=address.clone() />
            <Meta property="og:url" content=address />
        })}
        {translated.then(|| view! {
            <Link rel="alternate" hreflang="vi" href=absolute(&path) />
            <Link rel="alternate" hreflang="en" href=absolute(&Lang::En.href(&path)) />
        })}
        <Meta property="og:title" content=title />
        <Meta property="og:type" content=kind />
        <Meta property="og:site_name" content="Thi Đua" />
        {(!picture.is_empty()).then(|| view! { <Meta property="og:image" content=absolute(&picture) /> })}
    }
}
