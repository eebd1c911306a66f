//! Privacy, and how comments are moderated.

use maud::html;

use super::{Asked, made};
use crate::components::escape::clean_html;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::site::MadePage;
use crate::server::markdown;
use crate::server::services::moderation::read_reasons;
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

/// `/chinh-sach/kiem-duyet`: with the reasons that are in force.
///
/// # Errors
/// When the database fails.
pub async fn moderation(asked: &Asked<'_>) -> Result<Read<MadePage>, AppError> {
    let t = asked.t;
    let Read { value: reasons, things } = read_reasons(&asked.state.store).await?;
    let text = match t.0 {
        Lang::Vi => include_str!("../../../locales/policy/moderation.vi.md"),
        Lang::En => include_str!("../../../locales/policy/moderation.en.md"),
    };
    let list =
        reasons.iter().map(|reason| format!("- {}", if t.0 == Lang::Vi { &reason.name_vi } else { &reason.name_en }));
    let list = list.collect::<Vec<_>>().join("\n");
    let page =
        page(t.policy_title(), "/chinh-sach/kiem-duyet", &format!("{text}\n\n## {}\n\n{list}\n", t.policy_reasons()));
    Ok(Read { value: page.value, things })
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
