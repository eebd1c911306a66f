//! Reviews at the desk: those of a campaign, the form that begins one, and their frozen figures before they are public.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Input, input};
use super::home::{public_state_name, state_name};
use super::management;
use crate::domain::day::Day;
use crate::domain::draft::RevisionState;
use crate::domain::error::AppError;
use crate::domain::review::ReviewKind;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::campaign::PeriodRow;
use crate::server::db::desk::review::ListedReview;
use crate::server::made::campaign::day;
use crate::server::made::result_style;
use crate::server::made::review::{figures, kind_name, title};
use crate::server::services::review::{self as service, Begun, ReviewProblem};
use crate::server::state::AppState;
use crate::text::Text;

/// The reviews of a campaign with the form that begins one.
#[derive(Clone, Debug, Default)]
pub struct ReviewForm {
    /// What was typed.
    pub typed: Fields,
    /// Why none was begun.
    pub problem: Option<ReviewProblem>,
}

fn problem_sentence(problem: ReviewProblem, t: Text) -> &'static str {
    match problem {
        ReviewProblem::NoDay => t.no_day(),
        ReviewProblem::ToCome => t.review_to_come(),
        ReviewProblem::TooEarly => t.review_too_early(),
        ReviewProblem::NothingAccepted => t.review_nothing_accepted(),
    }
}

/// *Sơ kết, tổng kết* on the page of a campaign.
pub fn section(desk: &Desk, id: i64, reviews: &[ListedReview], periods: &[PeriodRow], form: &ReviewForm) -> Markup {
    let t = desk.t();
    html! {
        section aria-labelledby="so-ket" {
            h2 id="so-ket" class="section-title" { (t.reviews()) }
            @if reviews.is_empty() { p class="desk-empty" { (t.reviews_none()) } }
            ul class="desk-list" { @for review in reviews { li { div { (listed(desk, review)) } } } }
            (begin_form(desk, id, periods, form))
        }
    }
}

fn listed(desk: &Desk, review: &ListedReview) -> Markup {
    let t = desk.t();
    let kind = ReviewKind::parse(&review.kind).map(|kind| kind_name(kind, t));
    html! {
        a class="desk-list-title" href=(desk.href(&format!("/quan-tri/tin/{}", review.id))) {
            @if review.title.is_empty() { (t.untitled()) } @else { (review.title) }
        }
        p class="hint" {
            span class="badge" { (kind.unwrap_or_default()) } " "
            @if !review.open.is_empty() { span class=(format!("badge badge--{}", review.open)) { (state_name(RevisionState::parse(&review.open), t)) } " " }
            span class="badge" { (public_state_name(&review.state, t)) } " "
            (t.review_figures_until(day(&review.cut_off, t), Instant(review.taken_at).minute(desk.lang)))
            " · " a href=(desk.href(&format!("/quan-tri/so-ket/{}", review.id))) { (t.review_frozen_sheet()) }
            @if matches!(review.state.as_str(), "published" | "archived") { " · " a href=(desk.href(&format!("/tin/{}", review.slug))) { (t.see_public_page()) } }
        }
    }
}

fn begin_form(desk: &Desk, id: i64, periods: &[PeriodRow], form: &ReviewForm) -> Markup {
    let t = desk.t();
    let today = Day::of(now()).iso();
    let last = periods.iter().map(|period| &period.ends).filter(|ends| **ends < today).max().cloned();
    let typed = form.typed.has("cut_off").then(|| form.typed.get("cut_off").to_owned());
    let cut_off = typed.unwrap_or_else(|| day(&last.unwrap_or_default(), t));
    html! {
        @if let Some(problem) = form.problem {
            div class="form-errors" role="alert" tabindex="-1" {
                h2 { (t.error_422_title()) }
                ul { li { a href="#chot" { (problem_sentence(problem, t)) } } }
            }
        }
        p class="hint" { (t.review_cut_off_hint()) }
        form class="desk-filter" method="post" action=(desk.href(&format!("/quan-tri/thi-dua/{id}/so-ket"))) {
            div class="field" {
                label for="loai" { (t.review_kind()) }
                select id="loai" name="kind" {
                    @for kind in ReviewKind::ALL { option value=(kind.code()) selected[form.typed.get("kind") == kind.code()] { (kind_name(kind, t)) } }
                }
            }
            (input(&Input { id: "chot", name: "cut_off", label: t.review_cut_off(), value: &cut_off, required: true, invalid: form.problem.is_some(), ..Input::default() }))
            button class="button" type="submit" { (t.review_begin()) }
        }
    }
}

/// POST: freezes the figures and begins the text.
pub async fn begin(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let begun = async {
        let kind = ReviewKind::parse(fields.get("kind")).ok_or(AppError::BadAddress)?;
        service::begin_review(&state.store, &desk.actor(), id, kind, fields.get("cut_off")).await
    };
    match begun.await {
        Ok(Begun::Done(id)) => desk.redirect(&format!("/quan-tri/tin/{id}")),
        Ok(Begun::Refused(problem)) => {
            let review = ReviewForm { typed: fields, problem: Some(problem) };
            let shown = management::Shown { review, ..management::Shown::default() };
            desk.end(management::page(&desk, &state, id, StatusCode::UNPROCESSABLE_ENTITY, &shown).await)
        }
        Err(error) => desk.failure(&error),
    }
}

/// GET: the frozen figures, for whoever writes the review.
pub async fn show(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    let shown = async {
        let page = service::read_own_review(&state.store, &desk.actor(), id).await?;
        let (t, editor) = (desk.t(), desk.href(&format!("/quan-tri/tin/{id}")));
        let content = html! {
            (result_style(&state))
            article class="review" {
                p class="breadcrumb" { a href=(editor) { (t.review_back()) } }
                h1 { (title(&page, t)) }
                (figures(&page, t))
            }
        };
        Ok(desk.page(&title(&page, t), &content))
    };
    desk.end(shown.await)
}
