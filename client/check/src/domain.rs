//! The rules of the portal that a figure is checked by, from its own sources.

#[path = "../../../src/domain/figure.rs"]
pub mod figure;
#[path = "../../../src/domain/lang.rs"]
pub mod lang;
#[path = "../../../src/domain/number.rs"]
pub mod number;
#[path = "../../../src/domain/progress.rs"]
pub mod progress;
#[path = "../../../src/domain/report.rs"]
pub mod report;
