//! Presentation only: nothing here fetches.

pub mod comment;
pub mod escape;
pub mod failure;
pub mod head;
pub mod layout;
pub mod teaser;
