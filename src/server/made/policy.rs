//! Privacy, and how comments are moderated.

use maud::html;

use super::{Asked, made};
use crate::components::escape::clean_html;
use crate::domain::lang::Lang;
use crate::domain::site::MadePage;
use crate::server::markdown;
use crate::server::thing::Read;

/// `/chinh-sach/rieng-tu`. It ends with whom to ask.
pub fn privacy(asked: &Asked<'_>) -> Read<MadePage> {
    let t = asked.t;
    let text = match t.0 {
        Lang::Vi => include_str!("../../../locales/policy/privacy.vi.md"),
        Lang::En => include_str!("../../../locales/policy/privacy.en.md"),
    };
    let contact = &asked.state.contact;
    let contact = if contact.is_empty() { String::new() } else { format!("\n\n{}\n", t.contact(contact)) };
    page(t.privacy_title(), "/chinh-sach/rieng-tu", &format!("{text}{contact}"))
}

/// `/chinh-sach/kiem-duyet`.
pub fn moderation(asked: &Asked<'_>) -> Read<MadePage> {
    let text = match asked.t.0 {
        Lang::Vi => include_str!("../../../locales/policy/moderation.vi.md"),
        Lang::En => include_str!("../../../locales/policy/moderation.en.md"),
    };
    page(asked.t.policy_title(), "/chinh-sach/kiem-duyet", text)
}

fn page(title: &str, path: &str, text: &str) -> Read<MadePage> {
    let text = markdown::render(text);
    let markup = html! { div class="policy" { h1 { (title) } div class="prose" { (clean_html(&text)) } } };
    let value = MadePage {
        title: title.to_owned(),
        path: path.to_owned(),
        translated: true,
        markup: made(markup),
        ..MadePage::default()
    };
    Read { value, things: Vec::new() }
}
