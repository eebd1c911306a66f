//! Presentation only: nothing here fetches.

pub mod announcement;
pub mod at_once;
pub mod escape;
pub mod failure;
pub mod figure;
pub mod head;
pub mod layout;
pub mod search;
pub mod teaser;
pub mod unit;
