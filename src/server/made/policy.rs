//! Privacy, and how comments are moderated.

use maud::html;

use super::{Asked, made};
use crate::components::escape::clean_html;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::number;
use crate::domain::site::MadePage;
use crate::server::db::comment::report::ReasonRow;
use crate::server::desk::mode::{mode_hint, mode_name};
use crate::server::markdown;
use crate::server::services::mode::read_policy;
use crate::server::services::moderation::{read_figures, read_reasons};
use crate::server::thing::{Read, Thing};

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
    let name = |reason: &ReasonRow| if t.0 == Lang::Vi { reason.name_vi.clone() } else { reason.name_en.clone() };
    let figures = read_figures(&asked.state.store).await?;
    let share = |n: usize| number::whole((n * 100 / figures.decided.max(1)) as u64, t.0);
    let list = reasons.iter().map(|reason| {
        let n = figures.by_reason.iter().find(|(id, _)| *id == reason.id).map_or(0, |(_, n)| *n);
        let told = if n > 0 { format!(" ({})", t.policy_share(share(n))) } else { String::new() };
        format!("- {}{told}", name(reason))
    });
    let list = list.collect::<Vec<_>>().join("\n");
    let said = if figures.decided == 0 {
        t.policy_no_figures().to_owned()
    } else {
        let median = match figures.median_minutes {
            minutes @ 0..=119 => t.policy_minutes(minutes),
            minutes => t.policy_hours(minutes / 60),
        };
        t.policy_figures(median, number::whole(figures.decided as u64, t.0), share(figures.rejected))
    };
    let answered = match figures.answered {
        0 => String::new(),
        n if figures.rated == 0 => format!("\n\n{}", t.policy_answered(n)),
        n => {
            let satisfied = number::whole((figures.satisfied * 100 / figures.rated) as u64, t.0);
            format!("\n\n{} {}", t.policy_answered(n), t.policy_rated(figures.rated, satisfied))
        }
    };
    let Read { value: (mode, rules), things: ruling } = read_policy(&asked.state.store).await?;
    let mode = format!("**{}**: {}", mode_name(mode, t), mode_hint(mode, t));
    let rules = if rules == 0 { t.policy_no_rules().to_owned() } else { t.policy_rules(rules) };
    let modes = format!("{}\n\n{mode} {}\n\n{rules}", t.policy_intro(), t.policy_mode_else());
    let text = format!(
        "{modes}\n\n{text}\n\n## {}\n\n{list}\n\n## {}\n\n{said}{answered}\n",
        t.policy_reasons(),
        t.policy_figures_title()
    );
    let page = page(t.policy_title(), "/chinh-sach/kiem-duyet", &text);
    let things = things.into_iter().chain(ruling).chain([Thing::Today, Thing::RecentComments]).collect();
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
