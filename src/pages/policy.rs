//! Privacy, and how comments are moderated.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use maud::html;

use crate::api::site::read_policy;
use crate::components::escape::clean_html;
use crate::components::head::Head;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::site::{Policy, PolicyText};
use crate::pages::chunk::{Material, make};
use crate::pages::{MakePage, Page, Wanted, inert_page, page_data};
use crate::text::Text;

/// `/chinh-sach/rieng-tu` and `/chinh-sach/kiem-duyet`.
#[component]
pub fn PolicyPage() -> AnyView {
    let path = use_location().pathname;
    inert_page(page_data(move || [Some(path.get()), None, None], |wanted| Box::pin(read(wanted))))
}

async fn read([path, ..]: Wanted) -> Result<MakePage, AppError> {
    let path = path.unwrap_or_default();
    let policy = if Lang::strip(&path) == Policy::Privacy.path() { Policy::Privacy } else { Policy::Moderation };
    make(Material::Policy(read_policy(policy, Lang::of_path(&path)).await?)).await
}

pub(super) fn page(text: &PolicyText, t: Text) -> Page {
    let title = match text.policy {
        Policy::Privacy => t.privacy_title(),
        Policy::Moderation => t.policy_title(),
    };
    let head =
        Head { title: title.to_owned(), path: text.policy.path().to_owned(), translated: true, ..Head::default() };
    let markup = html! { div class="policy" { h1 { (title) } div class="prose" { (clean_html(&text.html)) } } };
    Page { head: Some(head), parts: vec![markup] }
}
