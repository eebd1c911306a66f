//! Privacy, and how comments are moderated.

use leptos::prelude::*;

use crate::api::site::read_policy;
use crate::components::escape::CleanHtml;
use crate::components::head::{PageHead, use_lang};
use crate::domain::site::Policy;
use crate::pages::loaded;
use crate::text::Text;

/// `/chinh-sach/rieng-tu`.
#[component]
pub fn PrivacyPage() -> impl IntoView {
    policy_page(Policy::Privacy)
}

/// `/chinh-sach/kiem-duyet`.
#[component]
pub fn ModerationPage() -> impl IntoView {
    policy_page(Policy::Moderation)
}

fn policy_page(policy: Policy) -> AnyView {
    let lang = use_lang();
    let t = Text(lang);
    let data = Resource::new(move || (policy, lang), |(policy, lang)| read_policy(policy, lang));
    loaded(data, move |html| {
        let (title, path) = match policy {
            Policy::Privacy => (t.privacy_title(), "/chinh-sach/rieng-tu"),
            Policy::Moderation => (t.policy_title(), "/chinh-sach/kiem-duyet"),
        };
        view! {
            <PageHead title=title.to_owned() path translated=true />
            <div class="policy">
                <h1>{title}</h1>
                <CleanHtml html class="prose" />
            </div>
        }
        .into_any()
    })
}
