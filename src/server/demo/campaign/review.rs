//! The final review of the demonstration's campaign: its figures frozen as any other's, completed by hand.

use serde::Deserialize;

use super::content::{day, read_json};
use super::{Frame, at, find_or_add_category, free_slug};
use crate::domain::day::Day;
use crate::domain::draft::DraftText;
use crate::domain::lang::Lang;
use crate::domain::review::ReviewKind;
use crate::server::db::desk::demo;
use crate::server::error::Failure;
use crate::server::services::review::publish_demonstration_review;
use crate::server::state::Store;
use crate::text::Text;

/// What people write into the review.
#[derive(Debug, Deserialize)]
struct Review {
    slug: String,
    title: String,
    author_line: String,
    /// The last day whose reports count.
    #[serde(deserialize_with = "day")]
    cut_off: Day,
    /// When the figures were taken.
    #[serde(deserialize_with = "day")]
    taken: Day,
    #[serde(deserialize_with = "day")]
    published: Day,
    category: String,
    /// Stands before the first title.
    opening: String,
    /// Takes the place that is left for it.
    outlook: String,
}

/// Publishes the review, if the campaign has none; gives how many announcements are new.
pub(super) async fn load(store: &Store, frame: &Frame) -> Result<usize, Failure> {
    let review: Review = read_json("campaigns/review.json")?;
    let mut session = store.db.write().await?;
    if demo::has_review(&mut session, frame.campaign.id).await? {
        return Ok(0);
    }
    let category = find_or_add_category(&mut session, &review.category).await?;
    let slug = free_slug(&mut session, &review.slug).await?;
    let (taken, published) = (at(review.taken, 8, 0), at(review.published, 9, 0));
    let write = |begun: DraftText| DraftText {
        title: review.title.clone(),
        author_line: review.author_line.clone(),
        body: format!(
            "{}\n\n{}",
            review.opening,
            begun.body.replace(Text(Lang::Vi).review_outlook_place(), &review.outlook)
        ),
        language: Lang::Vi.code().to_owned(),
        category: category.clone(),
        ..begun
    };
    let (of, when) = ((ReviewKind::Final, review.cut_off), (taken, published));
    publish_demonstration_review(&mut session, frame.campaign.clone(), &slug, of, when, write).await?;
    session.commit().await?;
    Ok(1)
}
