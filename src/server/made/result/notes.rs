//! What stands below results: corrections, how scores are made, downloads.

use maud::{Markup, html};

use super::words::{amount, period_name};
use crate::components::teaser::lang_of;
use crate::domain::account::Role;
use crate::domain::figure::Figure;
use crate::domain::lang::Lang;
use crate::domain::score::{Criterion, Rule};
use crate::domain::time::Instant;
use crate::server::db::result::CorrectionRow;
use crate::server::desk::account::role_name;
use crate::server::download::{FILES, href};
use crate::server::services::report::figure_of;
use crate::server::services::result::Results;
use crate::text::Text;

/// So many corrections stand open.
const OPEN: usize = 20;

/// Accepted figures that were changed, the latest first.
pub fn corrections(results: &Results, shown: &[&CorrectionRow], with_unit: bool, t: Text) -> Markup {
    let (open, rest) = shown.split_at(shown.len().min(OPEN));
    let list = |rows: &[&CorrectionRow]| {
        html! { ol class="corrections" { @for row in rows { (correction(results, row, with_unit, t)) } } }
    };
    html! {
        section class="result-section" aria-labelledby="dinh-chinh" {
            h2 class="section-title" id="dinh-chinh" { (t.result_corrections()) }
            p class="hint" { (t.result_corrections_hint()) }
            @if shown.is_empty() { p { (t.result_no_corrections()) } } @else { (list(open)) }
            @if !rest.is_empty() {
                details class="result-details" { summary { (t.result_more_corrections(rest.len())) } (list(rest)) }
            }
        }
    }
}

fn correction(results: &Results, row: &CorrectionRow, with_unit: bool, t: Text) -> Markup {
    let target = results.targets.iter().find(|result| result.target.id == row.target_id).map(|result| &result.target);
    let unit = results.units.iter().find(|unit| unit.part.registration_id == row.registration_id);
    let lang = lang_of(Lang::Vi, t.0);
    let measure = target.map_or("", |target| target.measure.as_str());
    let written = |value: Option<i64>, scale: Option<i64>| {
        let figure: Option<Figure> = value.zip(scale).and_then(|(value, scale)| figure_of(value, scale));
        figure.map_or_else(|| t.result_unknown().to_owned(), |figure| amount(figure, measure, t))
    };
    let at = Instant(row.at);
    html! {
        li {
            p class="correction-head" {
                time datetime=(at.rfc3339()) { (at.day(t.0)) } " · "
                @if let Some(unit) = unit.filter(|_| with_unit) {
                    a href=(t.0.href(&format!("/thi-dua/{}/don-vi/{}#bao-cao-{}", results.campaign.slug, unit.part.slug, row.report_id))) lang=[lang] { (unit.part.name) } " · "
                }
                (period_name(&row.begins, &row.ends, t))
            }
            p {
                @if let Some(target) = target { span lang=[lang] { (target.name) } ": " }
                span class="visually-hidden" { (t.correction_was()) " " }
                del { (written(row.old_value, row.old_scale)) }
                span aria-hidden="true" { " → " } span class="visually-hidden" { " " (t.correction_is()) " " }
                ins { (written(row.new_value, row.new_scale)) }
            }
            p { (t.correction_why()) " " span lang=[lang] { (row.reason) } }
            p class="correction-by" { (t.correction_by()) " " (by(&row.role, &row.by_unit, t)) }
        }
    }
}

/// Which role in which unit: the person is for officials only.
pub fn by(role: &str, unit: &str, t: Text) -> String {
    let role = Role::parse(role).map(|role| role_name(role, t)).unwrap_or_default();
    [role, unit].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The score table in plain words.
pub fn score_table(results: &Results, t: Text) -> Markup {
    html! {
        @if let Some(table) = &results.table {
            section class="result-section" aria-labelledby="cach-tinh-diem" {
                h2 class="section-title" id="cach-tinh-diem" { (t.result_how_scored()) }
                p { (t.score_intro()) }
                ol class="score-rules" {
                    @for criterion in &table.criteria {
                        li { strong lang=[lang_of(Lang::Vi, t.0)] { (criterion.name) } ": " (rule(results, criterion, t)) }
                    }
                }
            }
        }
    }
}

/// What a line of the score table says.
pub fn rule(results: &Results, criterion: &Criterion, t: Text) -> String {
    let points = criterion.points.show(t.0);
    let cap = criterion.cap.map(|cap| cap.show(t.0));
    match &criterion.rule {
        Rule::Target { code } => {
            let known = results.targets.iter().find(|result| result.target.code == *code);
            let name = known.map_or(code.as_str(), |result| result.target.name.as_str());
            let most = cap.unwrap_or_else(|| "100".to_owned());
            t.score_target(format!("{most}\u{a0}%"), points, name)
        }
        Rule::OnTime => t.score_on_time(points),
        Rule::BonusExample => format!("{}{}", t.score_bonus(points), cap_words(cap, t)),
        Rule::DeductLate => format!("{}{}", t.score_late(points), cap_words(cap, t)),
    }
}

fn cap_words(cap: Option<String>, t: Text) -> String {
    cap.map_or_else(String::new, |cap| format!(" {}", t.score_cap(cap)))
}

/// The section of downloads.
pub fn downloads(results: &Results, t: Text) -> Markup {
    let slug = &results.campaign.slug;
    html! {
        section class="result-section" aria-labelledby="tai-ve" {
            h2 class="section-title" id="tai-ve" { (t.result_downloads()) }
            p { (t.result_downloads_hint()) }
            @if results.campaign.demonstration { p { strong { (t.demo_banner()) } } }
            p { a class="result-more" href=(href(slug, "so-lieu.xlsx")) rel="external" download { (t.download_book()) } }
            ul class="downloads" {
                @for file in FILES {
                    li {
                        a href=(href(slug, &format!("{}.csv", file.name))) rel="external" download { (file.name) ".csv" }
                        " – " ((file.about)(t))
                    }
                }
            }
        }
    }
}
