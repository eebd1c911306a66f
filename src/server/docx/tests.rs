//! Documents made for the purpose, and what becomes of them.

mod builder;
mod by_hand;
mod hostile;
mod inline;
mod lists;
mod pictures;
mod real;
mod round_trip;
mod structure;
mod tables;
