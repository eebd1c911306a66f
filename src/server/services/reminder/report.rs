//! Reminders by e-mail for whoever reports for units: once when a report is due soon, once when it is late, and whenever it
//! is returned. What is new at one time is one mail, which says all that is owed.

use super::HOUR;
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::notice::{Owed, Purpose};
use crate::domain::time::Instant;
use crate::server::db::desk::account::find_account_by_id;
use crate::server::db::desk::reminder::{self as db, ReportCause};
use crate::server::db::mail::{self, Recipient};
use crate::server::services::account::official_of;
use crate::server::services::actor::{Actor, Official, Permission};
use crate::server::services::registration::{DueReport, list_due_on};
use crate::server::state::Store;

/// So many days before it is due one is reminded of a report.
pub const DAYS_BEFORE: i64 = 3;
/// Nobody is written to before this time of day.
const MORNING: i64 = 7 * HOUR;

/// Whether somebody reports for units by name; whoever may do it for all is not reminded of theirs.
pub(super) fn reports_for_units(official: &Official) -> bool {
    official.units_for(Permission::ReportForUnit).is_some_and(|units| !units.is_empty())
}

/// Why one is reminded of a report on a day, if one is.
fn cause_of(report: &DueReport, today: Day) -> Option<&'static str> {
    let due = Day::parse(&report.period.due)?;
    match report.state.as_str() {
        "returned" => Some("returned"),
        _ if report.late => Some("late"),
        // What was begun and was due before the unit took part is not owed.
        _ => (0..=DAYS_BEFORE).contains(&today.days_until(due)).then_some("soon"),
    }
}

/// Writes a mail to each official whose units owe a report of which they were not reminded, and gives to how many.
///
/// # Errors
/// When the database fails.
pub async fn remind_of_reports(store: &Store, at: Instant) -> Result<usize, AppError> {
    let today = Day::of(at);
    if at.0 - today.begin().0 < MORNING {
        return Ok(0);
    }
    let mut reminded = 0;
    let wanted = db::list_reminded_of_reports(&mut store.db.read().await?).await?;
    for id in wanted {
        let mut session = store.db.read().await?;
        let Some(account) = find_account_by_id(&mut session, id).await? else { continue };
        let official = official_of(&mut session, &account).await?;
        drop(session);
        if !reports_for_units(&official) {
            continue;
        }
        let due = list_due_on(store, &Actor::Account(official), today).await?;
        let owed: Vec<_> = due.iter().filter_map(|report| Some((report, cause_of(report, today)?))).collect();
        let Some(first) = owed.iter().filter_map(|(report, _)| Day::parse(&report.period.due)).min() else { continue };
        if claim(store, id, &owed, first, at).await? {
            store.mail.ring();
            reminded += 1;
        }
    }
    Ok(reminded)
}

/// Writes the mail, if anything in it is new.
async fn claim(
    store: &Store,
    account_id: i64,
    owed: &[(&DueReport, &'static str)],
    first: Day,
    at: Instant,
) -> Result<bool, AppError> {
    let mut session = store.db.write().await?;
    let mut new = false;
    for (report, cause) in owed {
        let (registration_id, period_id) = (report.registration_id, report.period.id);
        let since = match *cause {
            "returned" => {
                let returned = db::list_returned(&mut session, registration_id).await?;
                returned.iter().find(|(period, _)| *period == period_id).map_or(0, |(_, since)| *since)
            }
            _ => 0,
        };
        new |= db::claim_report(&mut session, account_id, ReportCause { registration_id, period_id, cause, since }, at)
            .await?;
    }
    if new {
        let late = owed.iter().filter(|(report, _)| report.late).count();
        let returned = owed.iter().filter(|(_, cause)| *cause == "returned").count();
        let all = Owed { reports: owed.len(), late, returned, first };
        mail::add(&mut session, Purpose::RemindReports, Recipient::Account(account_id), &all.detail(), at, at).await?;
    }
    session.commit().await?;
    Ok(new)
}
