//! What a page says of itself to browsers, search engines and share cards.

use leptos::prelude::use_context;
use maud::{Markup, html};

#[cfg(feature = "ssr")]
use crate::components::escape::json_script;
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
    let base = leptos::prelude::window().location().origin().unwrap_or_default();
    format!("{base}{path}")
}

/// The portal's name.
pub fn site_name() -> String {
    #[cfg(feature = "ssr")]
    return use_context::<crate::server::state::AppState>()
        .map(|state| state.site_name.to_string())
        .unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    crate::browser::site_name()
}

/// What stands in the `<head>` of a page.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The title as people read it; the portal's name is added.
    pub title: String,
    /// One or two sentences.
    pub description: String,
    /// The Vietnamese path of the page, which is its canonical address; empty for pages without one.
    pub path: String,
    /// An absolute path of a picture for share cards.
    pub picture: Option<String>,
    /// Whether it is an article.
    pub article: bool,
    /// Whether a real translation stands under the other language's address.
    pub translated: bool,
    /// Whether search engines are asked to leave it out.
    pub hidden: bool,
    /// The path of the page of newer things.
    pub newer: Option<String>,
    /// The path of the page of older things.
    pub older: Option<String>,
    /// schema.org data, for machines, which read what the server sends.
    #[cfg(feature = "ssr")]
    pub data: Option<serde_json::Value>,
}

/// Where a page that the server renders leaves its head for the document around it. Leptos may render a page twice, so
/// what comes later takes the place of what came before.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default)]
pub struct HeadSlot(std::sync::Arc<std::sync::Mutex<HeadParts>>);

/// What has been left there.
#[cfg(feature = "ssr")]
#[derive(Debug, Default)]
pub struct HeadParts {
    /// Of the page.
    pub page: String,
    /// Of what stands around every page.
    pub site: String,
}

#[cfg(feature = "ssr")]
impl HeadSlot {
    /// Changes the head of the page that is being rendered.
    pub fn change(change: impl FnOnce(&mut HeadParts)) {
        if let Some(Self(slot)) = use_context()
            && let Ok(mut parts) = slot.lock()
        {
            change(&mut parts);
        }
    }

    /// The head that was left.
    pub fn html(&self) -> String {
        self.0.lock().map(|parts| format!("{}{}", parts.page, parts.site)).unwrap_or_default()
    }
}

impl Head {
    /// The document's title.
    pub fn document_title(&self) -> String {
        format!("{} | {}", self.title, site_name())
    }

    /// Everything but the title. The elements are marked, so that the next page's can take their place.
    fn elements(&self, lang: Lang) -> Markup {
        let address = |path: &str| absolute(&if self.translated { lang.href(path) } else { path.to_owned() });
        let canonical = (!self.path.is_empty()).then(|| address(&self.path));
        html! {
            @if !self.description.is_empty() {
                meta data-page name="description" content=(self.description);
                meta data-page property="og:description" content=(self.description);
            }
            @if let Some(address) = canonical {
                link data-page rel="canonical" href=(address);
                meta data-page property="og:url" content=(address);
            }
            @if self.translated {
                link data-page rel="alternate" hreflang="vi" href=(absolute(&self.path));
                link data-page rel="alternate" hreflang="en" href=(absolute(&Lang::En.href(&self.path)));
            }
            meta data-page property="og:title" content=(self.title);
            meta data-page property="og:type" content=(if self.article { "article" } else { "website" });
            meta data-page property="og:site_name" content=(site_name());
            @if let Some(picture) = &self.picture { meta data-page property="og:image" content=(absolute(picture)); }
            @if self.hidden { meta data-page name="robots" content="noindex"; }
            @if let Some(path) = &self.newer { link data-page rel="prev" href=(absolute(&lang.href(path))); }
            @if let Some(path) = &self.older { link data-page rel="next" href=(absolute(&lang.href(path))); }
            @if let Some(data) = self.data() { (data) }
        }
    }

    #[cfg(feature = "ssr")]
    fn data(&self) -> Option<Markup> {
        self.data.as_ref().map(json_script)
    }

    #[cfg(not(feature = "ssr"))]
    fn data(&self) -> Option<Markup> {
        None
    }

    /// Puts it into the document.
    pub fn put(&self, lang: Lang) {
        #[cfg(feature = "ssr")]
        {
            let head = html! { title { (self.document_title()) } (self.elements(lang)) };
            HeadSlot::change(|parts| parts.page = head.into_string());
        }
        #[cfg(not(feature = "ssr"))]
        crate::browser::replace_head(&self.document_title(), &self.elements(lang).into_string());
    }
}
