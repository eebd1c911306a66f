//! What a page asks of the browser it runs in. Compiled for the server too, since event handlers are, but called by
//! events only, which the server has none of.

use leptos::prelude::document;
use web_sys::CustomEvent;

#[cfg(not(feature = "ssr"))]
pub mod json;

/// JSON on the server, which has no browser to ask.
#[cfg(feature = "ssr")]
pub mod json {
    pub use serde_json::{Error as Unreadable, from_str as read};
}

/// Tells the portal's script that the content of a page has been put in place, so that it can move focus and scroll
/// position, announce the title, and see to the forms (`client/loader.js`).
pub fn tell_arrival() {
    // The server renders pages too, and has no document to tell.
    if cfg!(feature = "ssr") {
        return;
    }
    if let Ok(event) = CustomEvent::new("thidua:page") {
        let _ = document().dispatch_event(&event);
    }
}

/// Puts a page's title and what stands in its `<head>` in the place of the page before.
pub fn replace_head(title: &str, elements: &str) {
    let document = document();
    document.set_title(title);
    let Some(head) = document.head() else { return };
    if let Ok(old) = head.query_selector_all("[data-page]") {
        for index in (0..old.length()).rev() {
            if let Some(node) = old.item(index) {
                let _ = head.remove_child(&node);
            }
        }
    }
    let _ = head.insert_adjacent_html("beforeend", elements);
}

/// The portal's name, as the document has it.
pub fn site_name() -> String {
    let name = document().query_selector("meta[name=application-name]").ok().flatten();
    name.and_then(|element| element.get_attribute("content")).unwrap_or_default()
}

/// Says in which language the document's interface is.
pub fn set_language(code: &str) {
    if cfg!(feature = "ssr") {
        return;
    }
    if let Some(element) = document().document_element() {
        let _ = element.set_attribute("lang", code);
    }
}
