//! Campaigns in the desk: the list of them, and what a launch says, as a part of the form in which its page is written.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Input, hidden, input, text_area};
use super::home::public_state_name;
use super::report::unmistakable;
use crate::domain::account::Permission;
use crate::domain::campaign::{
    AnswerKind, COUNTING_WORDS, CampaignKind, DIRECTION_WORDS, PartProblemKind, PhaseKind, REQUIRED_WORD, Reporting,
};
use crate::domain::day::Day;
use crate::domain::draft::{DraftField, DraftText};
use crate::domain::error::AppError;
use crate::domain::figure::{self, Reading};
use crate::server::db::desk::campaign::ListedCampaign;
use crate::server::services::campaign as service;
use crate::server::state::AppState;
use crate::text::Text;

/// GET: every campaign.
pub async fn show(desk: Desk, State(state): State<AppState>) -> Response {
    let page = async {
        let rows = service::list_own_campaigns(&state.store, &desk.actor()).await?;
        let t = desk.t();
        let content = html! {
            h1 { (t.campaigns()) }
            @if desk.may(Permission::ManageCampaigns) {
                form method="post" action=(desk.href("/quan-tri/thi-dua")) { button class="button button--strong" type="submit" { (t.campaign_begin()) } }
            }
            @if rows.is_empty() { p class="desk-empty" { (t.campaigns_none()) } }
            ul class="desk-list" { @for row in &rows { (listed(&desk, row)) } }
        };
        Ok::<_, AppError>(desk.page(t.campaigns(), &content))
    };
    desk.end(page.await)
}

fn listed(desk: &Desk, row: &ListedCampaign) -> Markup {
    let t = desk.t();
    let count = |n: i64| usize::try_from(n).unwrap_or_default();
    let manages = desk.may(Permission::ManageCampaigns);
    let target = if row.launched && manages {
        format!("/quan-tri/thi-dua/{}", row.id)
    } else {
        format!("/quan-tri/tin/{}", row.id)
    };
    html! {
        li {
            div {
                a class="desk-list-title" href=(desk.href(&target)) { @if row.title.is_empty() { (t.untitled()) } @else { (row.title) } }
                p class="hint" {
                    span class="badge" { @if row.launched { (public_state_name(&row.state, t)) } @else { (t.campaign_not_launched()) } }
                    @if row.launched { " " (t.campaign_units(count(row.registered))) }
                    @if row.waiting > 0 { " · " strong { (t.campaign_waiting_reports(count(row.waiting))) } }
                }
            }
            div class="form-actions" {
                a class="button button--quiet" href=(desk.href(&format!("/quan-tri/tin/{}", row.id))) { (t.campaign_write()) }
                @if manages {
                    form method="post" action=(desk.href("/quan-tri/thi-dua")) {
                        (hidden("copy", &row.id.to_string()))
                        button class="button button--quiet" type="submit" { (t.campaign_copy()) }
                    }
                }
            }
        }
    }
}

/// POST: begins a campaign, empty or as a copy.
pub async fn begin(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    let (unit, copy) = (fields.number("unit"), fields.number("copy"));
    match service::begin_campaign(&state.store, &desk.actor(), unit, copy).await {
        Ok(id) => desk.redirect(&format!("/quan-tri/tin/{id}")),
        Err(error) => desk.failure(&error),
    }
}

/// What a part of a campaign is called.
pub fn part_name(field: DraftField, t: Text) -> &'static str {
    match field {
        DraftField::Slogan => t.part_slogan(),
        DraftField::CampaignKind => t.part_kind(),
        DraftField::Launcher => t.campaign_launcher(),
        DraftField::Begins => t.part_begins(),
        DraftField::Ends => t.part_ends(),
        DraftField::Aim => t.campaign_aim(),
        DraftField::Scope => t.campaign_scope(),
        DraftField::Subjects => t.campaign_subjects(),
        DraftField::Contents => t.campaign_contents(),
        DraftField::Criteria => t.campaign_criteria(),
        DraftField::Plan => t.campaign_plan(),
        DraftField::Measures => t.campaign_measures(),
        DraftField::Targets => t.part_targets(),
        DraftField::Phases => t.campaign_phases(),
        DraftField::Legal => t.campaign_legal(),
        DraftField::Reporting => t.part_reporting(),
        DraftField::ReportingDays => t.part_reporting_days(),
        DraftField::Covenant => t.part_covenant(),
        DraftField::Score => t.part_score(),
        DraftField::Form => t.part_form(),
        _ => t.campaign_theme(),
    }
}

/// The words of which a cell of a list takes one.
fn words_of(field: DraftField) -> Vec<&'static str> {
    match field {
        DraftField::Targets => [COUNTING_WORDS, DIRECTION_WORDS].concat(),
        DraftField::Phases => PhaseKind::ALL.map(PhaseKind::word).to_vec(),
        DraftField::Form => [AnswerKind::ALL.map(|(_, _, word)| word).as_slice(), &[REQUIRED_WORD]].concat(),
        _ => Vec::new(),
    }
}

/// What is wrong with a part, as a sentence; `typed` is the cell in question.
pub fn part_sentence(field: DraftField, kind: PartProblemKind, typed: &str, t: Text) -> String {
    let name = part_name(field, t);
    match kind {
        PartProblemKind::Missing => t.part_problem_missing(name),
        PartProblemKind::NotADay => t.part_problem_day(name),
        PartProblemKind::DaysReversed => t.part_problem_reversed(name),
        PartProblemKind::CellMissing => t.part_problem_cell(name),
        PartProblemKind::NotAFigure => t.part_problem_figure(name),
        PartProblemKind::FigureUnclear => match figure::read(typed) {
            Ok(Reading::Either { thousands, decimal }) => {
                t.part_problem_unclear(unmistakable(decimal), name, unmistakable(thousands))
            }
            _ => t.part_problem_figure(name),
        },
        PartProblemKind::UnknownWord => t.part_problem_word(name, words_of(field).join(", ")),
        PartProblemKind::CodeTwice => t.part_problem_twice(name),
        PartProblemKind::TooMany => t.part_problem_many(name),
        PartProblemKind::ScoreWrong => t.part_problem_score(name),
    }
}

/// What a launch says, below the text of its page.
pub fn part_fields(text: &DraftText, required: &[String], t: Text) -> Markup {
    let form = PartForm { text, required, t };
    html! {
        section class="campaign-fields" aria-labelledby="noi-dung-phat-dong" {
            h2 id="noi-dung-phat-dong" class="section-title" { (t.part_heading()) }
            p class="hint" { (t.part_heading_hint()) }
            (form.line(DraftField::Theme, ""))
            (form.line(DraftField::Slogan, ""))
            (form.line(DraftField::Launcher, ""))
            div class="field-row" {
                div class="field" {
                    label for="campaign_kind" { (form.label(DraftField::CampaignKind)) }
                    select id="campaign_kind" name="campaign_kind" {
                        @for kind in [CampaignKind::Thematic, CampaignKind::Regular] {
                            option value=(kind.code()) selected[text.campaign_kind == kind.code()] {
                                @if kind == CampaignKind::Thematic { (t.campaign_thematic()) } @else { (t.campaign_regular()) }
                            }
                        }
                    }
                }
                (form.day(DraftField::Begins))
                (form.day(DraftField::Ends))
            }
            @for field in [DraftField::Aim, DraftField::Scope, DraftField::Subjects] { (form.area(field, 4, t.part_markdown_hint())) }
            @for field in [DraftField::Contents, DraftField::Criteria] { (form.area(field, 6, t.part_lines_hint())) }
            @for field in [DraftField::Plan, DraftField::Measures] { (form.area(field, 4, t.part_markdown_hint())) }
            (form.grid(DraftField::Targets, 6, t.part_targets_hint(), &[
                t.column_code(), t.column_pillar(), t.column_target(), t.column_measure(), t.column_counting(), t.column_baseline(),
                t.column_goal(), t.column_direction(), t.column_due(), t.column_source(),
            ], &[(4, COUNTING_WORDS), (7, DIRECTION_WORDS)]))
            (form.grid(DraftField::Phases, 5, t.part_phases_hint(), &[t.column_kind(), t.column_name(), t.column_from(), t.column_to()], &[(0, &PhaseKind::ALL.map(PhaseKind::word))]))
            (form.grid(DraftField::Legal, 4, t.part_legal_hint(), &[t.column_number(), t.column_day(), t.column_name(), t.column_file()], &[]))
            div class="field-row" {
                div class="field" {
                    label for="reporting" { (form.label(DraftField::Reporting)) }
                    select id="reporting" name="reporting" {
                        @for reporting in Reporting::ALL { option value=(reporting.code()) selected[text.reporting == reporting.code()] { (reporting_name(reporting, t)) } }
                    }
                }
                (form.line(DraftField::ReportingDays, ""))
            }
            (form.area(DraftField::Covenant, 6, t.part_covenant_hint()))
            (form.grid(DraftField::Score, 5, t.part_score_hint(), &[t.column_code(), t.column_name(), t.column_points(), t.column_rule(), t.column_cap()], &[]))
            (form.grid(DraftField::Form, 4, t.part_form_hint(), &[
                t.column_code(), t.column_question(), t.column_kind(), t.column_required(), t.column_help(), t.column_choices(), t.column_freeze(),
            ], &[(2, &AnswerKind::ALL.map(|(_, _, word)| word)), (3, &[REQUIRED_WORD])]))
        }
    }
}

fn reporting_name(reporting: Reporting, t: Text) -> &'static str {
    match reporting {
        Reporting::Never => t.reporting_never(),
        Reporting::Monthly => t.reporting_monthly(),
        Reporting::Quarterly => t.reporting_quarterly(),
        Reporting::HalfYearly => t.reporting_half_yearly(),
        Reporting::Yearly => t.reporting_yearly(),
    }
}

/// The fields as they are written into the form.
struct PartForm<'a> {
    text: &'a DraftText,
    required: &'a [String],
    t: Text,
}

impl PartForm<'_> {
    fn label(&self, field: DraftField) -> String {
        let star = if self.required.iter().any(|name| name == field.name()) { " *" } else { "" };
        format!("{}{star}", part_name(field, self.t))
    }

    fn line(&self, field: DraftField, hint: &str) -> Markup {
        let (name, label) = (field.name(), self.label(field));
        input(&Input { id: name, name, label: &label, value: self.text.get(field), hint, ..Input::default() })
    }

    /// A day: browsers show one only in their own form, so what is none yet stays a text.
    fn day(&self, field: DraftField) -> Markup {
        let (name, label, typed) = (field.name(), self.label(field), self.text.get(field));
        let (value, kind) = match Day::parse(typed) {
            Some(day) => (day.iso(), "date"),
            None if typed.is_empty() => (String::new(), "date"),
            None => (typed.clone(), "text"),
        };
        input(&Input { id: name, name, label: &label, value: &value, kind, ..Input::default() })
    }

    fn area(&self, field: DraftField, rows: u32, hint: &str) -> Markup {
        let name = field.name();
        html! {
            div class="field" {
                label for=(name) { (self.label(field)) }
                (text_area(name, name, rows, self.text.get(field), false))
                p class="hint" { (hint) }
            }
        }
    }

    /// A list that a script shows as a table; without one it is a text with a line for each row. Where a column takes
    /// certain words only, `choices` has them by its place.
    fn grid(&self, field: DraftField, rows: u32, hint: &str, columns: &[&str], choices: &[(usize, &[&str])]) -> Markup {
        let (name, t) = (field.name(), self.t);
        let choices: HashMap<usize, &[&str]> = choices.iter().copied().collect();
        let words = serde_json::json!({
            "columns": columns, "choices": choices, "add": t.part_add_row(), "remove": t.part_remove_row(), "up": t.part_move_up(), "text": t.part_as_text(),
        });
        html! {
            div class="field field--grid" data-grid=(words) {
                label for=(name) { (self.label(field)) }
                (text_area(name, name, rows, self.text.get(field), false))
                p class="hint" { (hint) }
            }
        }
    }
}
