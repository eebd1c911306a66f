//! Rules of moderation (*quy tắc kiểm duyệt*): kept as data, tried on what came of late, switched on and off.

use std::collections::HashMap;
use std::time::{Duration, Instant as Moment};

use tokio::sync::Semaphore;

use crate::domain::comment::TEXT_MOST;
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::rule::{Condition, Facts, RuleAction, skeleton, test};
use crate::domain::text::{clean_line, compose, count};
use crate::server::clock::now;
use crate::server::db::Session;
use crate::server::db::comment::report::{ReasonRow, list_reasons};
use crate::server::db::desk::draft::{DecisionRow, list_decisions};
use crate::server::db::desk::rule::{self as db, FiredRow, PastComment, RuleColumns, RuleRow};
use crate::server::db::log::{self, Decision};
use crate::server::error::internal;
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::arrival::Words;
use crate::server::state::Store;
use crate::server::thing::Thing;

/// The longest name, in characters.
const NAME_MOST: usize = 120;
/// The longest condition, in characters.
const PARAMETER_MOST: usize = 20_000;
/// So many rules stand at once at most.
const RULES_MOST: i64 = 200;
/// So many of the comments on which a rule would fire are shown.
pub const SHOWN_MOST: usize = 100;
/// One comment is tried by one rule within this time, or the rule holds all of them up.
const ONE_TIME: Duration = Duration::from_millis(250);
/// A thousand are tried within this time.
const WHOLE_TIME: Duration = Duration::from_secs(5);
/// After this nobody waits for it any longer.
const WAIT_TIME: Duration = Duration::from_secs(12);
const DAY: i64 = 24 * 60 * 60_000;

/// So many rules are tried at once: it is work for the processor alone.
static TRYING: Semaphore = Semaphore::const_new(2);

/// A rule as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedRule {
    /// What it is called.
    pub name: String,
    /// The kind of its condition.
    pub kind: String,
    /// What that needs.
    pub parameter: String,
    /// `flag`, `hold` or `reject`.
    pub action: String,
    /// The code of the reason that is given.
    pub reason: String,
}

/// A rule that can be read.
struct Checked {
    name: String,
    condition: Condition,
    action: RuleAction,
    reason_id: Option<i64>,
}

fn require(actor: &Actor) -> Result<(), AppError> {
    actor.require_in(Permission::ModerateComments, Scope::Everywhere)
}

fn read_condition(typed: &TypedRule) -> Result<Condition, Problem> {
    let counted = count(&typed.parameter);
    if counted > PARAMETER_MOST {
        let whole = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        return Err(Problem::TooLong { most: whole(PARAMETER_MOST), counted: whole(counted) });
    }
    Condition::parse(&typed.kind, &compose(&typed.parameter)).map_err(Problem::NoCondition)
}

async fn check(session: &mut Session, typed: &TypedRule) -> Result<Checked, AppError> {
    let name = clean_line(&compose(&typed.name));
    let mut errors = FieldErrors::default();
    let whole = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    match count(&name) {
        0 => errors.0.push((Field::RuleName, Problem::Missing)),
        counted @ NAME_MOST.. if counted > NAME_MOST => {
            errors.0.push((Field::RuleName, Problem::TooLong { most: whole(NAME_MOST), counted: whole(counted) }));
        }
        _ => {}
    }
    let condition = read_condition(typed);
    errors.0.extend(condition.as_ref().err().map(|problem| (Field::Condition, *problem)));
    let action = RuleAction::parse(&typed.action).ok_or(AppError::BadAddress)?;
    let reasons = list_reasons(session).await?;
    // "Another reason" would have to be said each time.
    let reason = reasons.iter().find(|reason| reason.code == typed.reason && reason.code != "other");
    let rejects = action == RuleAction::Reject;
    if rejects && reason.is_none() {
        errors.0.push((Field::Reason, Problem::Missing));
    }
    match condition {
        Ok(condition) if errors.is_empty() => {
            Ok(Checked { name, condition, action, reason_id: reason.filter(|_| rejects).map(|reason| reason.id) })
        }
        _ => Err(AppError::Invalid(errors)),
    }
}

/// The rules, and the reasons that they may give.
///
/// # Errors
/// `Forbidden`: rules are the whole portal's.
pub async fn list_rules(store: &Store, actor: &Actor) -> Result<(Vec<RuleRow>, Vec<ReasonRow>), AppError> {
    require(actor)?;
    let mut session = store.db.read().await?;
    Ok((db::list(&mut session).await?, list_reasons(&mut session).await?))
}

/// Everything about a rule.
#[derive(Clone, Debug)]
pub struct RulePage {
    /// It itself.
    pub row: RuleRow,
    /// On what it fired, the latest first.
    pub fired: Vec<FiredRow>,
    /// What was decided about it.
    pub decisions: Vec<DecisionRow>,
    /// The reasons that it may give.
    pub reasons: Vec<ReasonRow>,
}

/// Everything about a rule.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn read_rule(store: &Store, actor: &Actor, id: i64) -> Result<RulePage, AppError> {
    require(actor)?;
    let mut session = store.db.read().await?;
    Ok(RulePage {
        row: db::find(&mut session, id).await?.ok_or(AppError::NotFound)?,
        fired: db::list_fired(&mut session, id).await?,
        decisions: list_decisions(&mut session, "rule", id).await?,
        reasons: list_reasons(&mut session).await?,
    })
}

async fn record(session: &mut Session, actor: &Actor, id: i64, action: &str, said: &str) -> Result<(), AppError> {
    let at = now();
    let actor_id = actor.find_or_add(session, at).await?;
    let reason = (!said.is_empty()).then_some(said);
    let decision = Decision { subject_kind: "rule", subject_id: id, action, reason, reason_id: None };
    Ok(log::add_decision(session, actor_id, at, decision).await?)
}

/// Adds a rule, or changes one, and gives its id: what was on once stays as it was, and the changed one is another. It
/// begins on trial; the one before goes on until this one is switched on.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid`, or `Conflict` for a rule that has ended.
pub async fn save_rule(store: &Store, actor: &Actor, id: Option<i64>, typed: &TypedRule) -> Result<i64, AppError> {
    require(actor)?;
    let mut session = store.db.write().await?;
    let checked = check(&mut session, typed).await?;
    let parameter = checked.condition.parameter();
    let columns = RuleColumns {
        name: &checked.name,
        kind: checked.condition.kind(),
        parameter: &parameter,
        action: checked.action.code(),
        reason_id: checked.reason_id,
    };
    let before = match id {
        Some(id) => Some(db::find(&mut session, id).await?.ok_or(AppError::NotFound)?),
        None => None,
    };
    let at = now();
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let id = match before {
        Some(row) if row.state == "ended" => return Err(AppError::Conflict),
        Some(row) if row.begins.is_none() => {
            if !db::change(&mut session, row.id, columns).await? {
                return Err(AppError::Conflict);
            }
            record(&mut session, actor, row.id, "change-rule", "").await?;
            row.id
        }
        before => {
            if db::count_standing(&mut session).await? >= RULES_MOST {
                return Err(invalid(Field::RuleName, Problem::TooMany));
            }
            let replaces = before.as_ref().map(|row| row.id);
            let id = db::add(&mut session, columns, replaces, actor_id, at).await?;
            let said = replaces.map(|id| format!("#{id}")).unwrap_or_default();
            let action = if replaces.is_some() { "change-rule" } else { "add-rule" };
            record(&mut session, actor, id, action, &said).await?;
            id
        }
    };
    session.commit().await?;
    Ok(id)
}

/// What is done with a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It fires from now on, in the place of the one that it changes.
    On,
    /// It is on trial again.
    Off,
    /// It ends for good.
    End,
}

/// Switches a rule on or off, or ends it.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Conflict` where somebody was quicker, `Invalid` for one that takes too long.
pub async fn turn_rule(store: &Store, actor: &Actor, id: i64, turn: Turn) -> Result<(), AppError> {
    require(actor)?;
    let before = db::find(&mut store.db.read().await?, id).await?.ok_or(AppError::NotFound)?;
    if turn == Turn::On {
        let condition = Condition::parse(&before.kind, &before.parameter);
        let condition = condition.map_err(|why| invalid(Field::Condition, Problem::NoCondition(why)))?;
        try_condition(store, condition).await?;
    }
    let mut session = store.db.write().await?;
    let row = db::find(&mut session, id).await?.ok_or(AppError::NotFound)?;
    // What was tried is what is switched on.
    let same = (&row.kind, &row.parameter) == (&before.kind, &before.parameter);
    let (from, to, action) = match turn {
        Turn::On => ("trial", "on", "switch-on"),
        Turn::Off => ("on", "trial", "switch-off"),
        Turn::End => (row.state.as_str(), "ended", "end-rule"),
    };
    let at = now();
    if from == "ended" || !same || !db::turn(&mut session, id, from, to, at).await? {
        return Err(AppError::Conflict);
    }
    record(&mut session, actor, id, action, "").await?;
    if let (Turn::On, Some(old)) = (turn, row.replaces_id) {
        for state in ["on", "trial"] {
            if db::turn(&mut session, old, state, "ended", at).await? {
                record(&mut session, actor, old, "end-rule", &format!("#{id}")).await?;
            }
        }
    }
    session.note_change(Thing::Rules);
    session.commit().await?;
    Ok(())
}

/// What a rule would have done.
#[derive(Clone, Debug, Default)]
pub struct TryOut {
    /// On how many comments it was tried.
    pub looked: usize,
    /// On how many it would have fired.
    pub fired: usize,
    /// How many of those are published.
    pub published: usize,
    /// How many are rejected.
    pub rejected: usize,
    /// The latest of them, with the words.
    pub rows: Vec<(PastComment, Vec<Words>)>,
}

/// Tries a rule on the thousand comments that came last. Nothing of it is stored.
///
/// # Errors
/// `Forbidden`, `Invalid` for what can't be read or takes too long.
pub async fn try_rule(store: &Store, actor: &Actor, typed: &TypedRule) -> Result<TryOut, AppError> {
    require(actor)?;
    let condition = read_condition(typed).map_err(|problem| invalid(Field::Condition, problem))?;
    try_condition(store, condition).await
}

async fn try_condition(store: &Store, condition: Condition) -> Result<TryOut, AppError> {
    let comments = db::list_latest(&mut store.db.read().await?).await?;
    let _turn = TRYING.acquire().await.map_err(internal)?;
    let trying = tokio::task::spawn_blocking(move || try_all(&condition, comments));
    let slow = || invalid(Field::Condition, Problem::TooSlow);
    let done = tokio::time::timeout(WAIT_TIME, trying).await.map_err(|_| slow())?.map_err(internal)?;
    done.ok_or_else(slow)
}

/// Whether a condition is tried on a text in time; a moment at which the machine had other work does not count.
fn is_quick(condition: &Condition, facts: &Facts<'_>) -> bool {
    let quick = || {
        let begun = Moment::now();
        test(condition, facts);
        begun.elapsed()
    };
    let took = quick();
    took <= ONE_TIME || (took < 4 * ONE_TIME && quick() <= ONE_TIME)
}

/// Texts of the longest kind that a pattern may have trouble with: of one letter, of two, and of what it is made of.
fn hard_texts(pattern: &str) -> Vec<String> {
    let repeated = |text: &str| text.chars().cycle().take(TEXT_MOST).collect::<String>();
    let mut letters: Vec<char> = pattern.chars().filter(|sign| sign.is_alphanumeric()).collect();
    letters.sort_unstable();
    letters.dedup();
    let mut texts: Vec<String> = ["a", "a ", "1", "ab", "A.", "ngườ"].into_iter().map(repeated).collect();
    texts.extend(letters.iter().take(8).map(|letter| repeated(&letter.to_string())));
    texts.push(repeated(pattern));
    texts
}

/// What came before a comment, as far as the thousand go.
#[derive(Default)]
struct Before {
    texts: HashMap<String, Vec<i64>>,
    senders: HashMap<String, i64>,
}

impl Before {
    /// How often its text came within a day, and how long ago its sender's comment before came, in seconds.
    fn note(&mut self, comment: &PastComment) -> (u32, Option<u32>) {
        let letters = skeleton(&comment.text);
        let mut same = 1;
        if !letters.is_empty() {
            let times = self.texts.entry(letters).or_default();
            times.push(comment.created_at);
            same = times.iter().filter(|at| comment.created_at - **at < DAY).count();
        }
        let browser = comment.author_key.as_ref().map(|key| format!("browser {key}"));
        let address = comment.sender_hash.as_ref().map(|hash| format!("address {hash} {}", comment.author_name));
        let names: Vec<String> = [browser, address].into_iter().flatten().collect();
        let last = names.iter().find_map(|name| self.senders.get(name)).copied();
        self.senders.extend(names.into_iter().map(|name| (name, comment.created_at)));
        let since = last.map(|last| u32::try_from((comment.created_at - last) / 1000).unwrap_or_default());
        (u32::try_from(same).unwrap_or(u32::MAX), since)
    }
}

/// Tries a condition on comments, the latest first; `None` where that takes too long.
fn try_all(condition: &Condition, comments: Vec<PastComment>) -> Option<TryOut> {
    let begun = Moment::now();
    if let Condition::Pattern(pattern) = condition {
        for text in hard_texts(pattern.written()) {
            let facts = Facts { name: "", text: &text, same_text: 1, seconds_since_last: None, length: TEXT_MOST };
            if !is_quick(condition, &facts) {
                return None;
            }
        }
    }
    let mut tried = TryOut { looked: comments.len(), ..TryOut::default() };
    let mut before = Before::default();
    let mut fired = Vec::new();
    for comment in comments.into_iter().rev() {
        let (same_text, seconds_since_last) = before.note(&comment);
        let PastComment { author_name, text, .. } = &comment;
        let facts = Facts { name: author_name, text, same_text, seconds_since_last, length: count(text) };
        if begun.elapsed() > WHOLE_TIME {
            return None;
        }
        let Some(hits) = test(condition, &facts) else { continue };
        let words = Words::of(&hits, author_name, text);
        tried.published += usize::from(comment.state == "published");
        tried.rejected += usize::from(comment.state == "rejected");
        fired.push((comment, words));
    }
    tried.fired = fired.len();
    tried.rows = fired.into_iter().rev().take(SHOWN_MOST).collect();
    Some(tried)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(id: i64, created_at: i64, name: &str, text: &str, author_key: Option<&str>) -> PastComment {
        PastComment {
            id,
            state: "published".to_owned(),
            author_name: name.to_owned(),
            text: text.to_owned(),
            created_at,
            author_key: author_key.map(str::to_owned),
            sender_hash: Some("carrier".to_owned()),
            path: "/tin/tin-mot".to_owned(),
        }
    }

    fn fire(kind: &str, parameter: &str, comments: &[PastComment]) -> Vec<i64> {
        let condition = Condition::parse(kind, parameter).expect("a condition");
        let tried = try_all(&condition, comments.to_vec()).expect("in time");
        tried.rows.iter().map(|(comment, _)| comment.id).collect()
    }

    #[test]
    fn what_came_before_counts_by_browser_and_by_text() {
        // The latest first; all behind one carrier's address.
        let comments = [
            comment(5, DAY + 120_000, "Lan", "Mua ngay", Some("b")),
            comment(4, 70_000, "Lan", "Xin hỏi", Some("b")),
            comment(3, 65_000, "Hoa", "MUA  ngay!", Some("a")),
            comment(2, 60_000, "Hoa", "Mua, ngay.", Some("a")),
            comment(1, 1_000, "Tư", "Mua ngay", None),
        ];
        assert_eq!(fire("speed", "10", &comments), [3], "the same browser five seconds later; not the neighbour");
        assert_eq!(fire("repeats", "2", &comments), [3], "the third within a day");
        assert_eq!(fire("words", "mua ngay", &comments), [5, 3, 2, 1]);
    }

    #[test]
    fn a_pattern_that_holds_everything_up_is_found_out() {
        let begun = Moment::now();
        for quick in ["mua *ngay", r"\b0\d{9}\b", ".*", "(a|b)*c", r"[^ ]{30,}"] {
            let condition = Condition::parse("pattern", quick).expect("a condition");
            assert!(try_all(&condition, Vec::new()).is_some(), "{quick}");
        }
        assert!(begun.elapsed() < WHOLE_TIME);
        assert!(hard_texts("mua ngay").iter().all(|text| text.chars().count() == TEXT_MOST));
    }
}
