//! What a page asks of the browser it runs in. Compiled for the server too, since event handlers are, but called by
//! events only, which the server has none of.

use js_sys::{Array, Function, JsString, Object, Reflect};
use leptos::prelude::{document, request_animation_frame};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, FormData, HtmlElement, HtmlFormElement, SubmitEvent};

use crate::domain::comment::CommentForm;

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

/// Puts the focus on the first element that matches, once what is being shown has been put in place.
pub fn focus_soon(selector: &'static str) {
    request_animation_frame(move || {
        if let Ok(Some(element)) = document().query_selector(selector)
            && let Ok(element) = element.dyn_into::<HtmlElement>()
        {
            let _ = element.focus();
        }
    });
}

/// The form that is being sent, and what each of its fields holds.
pub fn form_of(event: &SubmitEvent) -> Option<FormData> {
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    FormData::new_with_form(&form).ok()
}

/// What a field holds; nothing for a field that is not there.
pub fn field(form: &FormData, name: &str) -> String {
    form.get(name).as_string().unwrap_or_default()
}

/// The comment form as it was typed. Inputs are never bound to signals, so that what was typed before this program
/// had loaded is what is read.
pub fn comment_form(form: &FormData) -> CommentForm {
    CommentForm {
        name: field(form, "name"),
        email: field(form, "email"),
        text: field(form, "text"),
        website: field(form, "website"),
        key: field(form, "key"),
    }
}

/// How many characters a person sees, by the browser's own tables, as [`crate::domain::text::count`] does it on the
/// server. A browser without a segmenter counts the composed code points.
pub fn count(text: &str) -> usize {
    let composed = JsString::from(text).normalize("NFC");
    segments(&composed).unwrap_or_else(|| composed.iter().filter(|unit| !(0xdc00..0xe000).contains(unit)).count())
}

fn segments(text: &JsString) -> Option<usize> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let segmenter = Reflect::get(&intl, &"Segmenter".into()).ok()?.dyn_into::<Function>().ok()?;
    let segmenter = Reflect::construct(&segmenter, &Array::of2(&"vi".into(), &Object::new())).ok()?;
    let segment = Reflect::get(&segmenter, &"segment".into()).ok()?.dyn_into::<Function>().ok()?;
    let segments: JsValue = segment.call1(&segmenter, text).ok()?;
    Some(js_sys::try_iter(&segments).ok()??.count())
}
