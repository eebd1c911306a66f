//! What becomes of a comment as it comes in: it waits, is shown at once, or is rejected by a rule.

use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};

use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::mode::{Mode, Reach, Ruling, Setting};
use crate::domain::rule::{Condition, Facts, Hit, HitField, RuleAction, test};
use crate::domain::text::count;
use crate::domain::time::Instant;
use crate::server::db::comment::arrival::SentComment;
use crate::server::db::comment::mode::ModeRow;
use crate::server::db::comment::rule::{self as db, ActiveRow};
use crate::server::db::desk::queue;
use crate::server::db::{Db, DbResult, Session};
use crate::server::error::internal;
use crate::server::services::actor::Actor;
use crate::server::services::comment::{Rejection, settle};

/// What a comment is tried for as it comes in.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The number of the last change of the rules that this knows of.
    version: i64,
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    id: i64,
    condition: Condition,
    action: RuleAction,
    reason: Option<String>,
}

impl Rule {
    /// A rule that can't be read is none; a rejection without a reason holds.
    fn of(row: ActiveRow) -> Option<Self> {
        let condition = Condition::parse(&row.kind, &row.parameter).ok()?;
        let action = match RuleAction::parse(&row.action)? {
            RuleAction::Reject if row.reason.is_none() => RuleAction::Hold,
            action => action,
        };
        Some(Self { id: row.id, condition, action, reason: row.reason })
    }

    /// Whether it asks what came before, which only the database knows.
    const fn asks_the_past(&self) -> bool {
        matches!(self.condition, Condition::Repeats { .. } | Condition::Speed { .. })
    }
}

/// Words on which a rule fired: in the `name` or the `text`, from and to which byte, and they themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words(pub String, pub usize, pub usize, pub String);

impl Words {
    /// What hits are in a comment.
    pub fn of(hits: &[Hit], name: &str, text: &str) -> Vec<Self> {
        let words = |hit: &Hit| {
            let (field, whole) = match hit.field {
                HitField::Name => ("name", name),
                HitField::Text => ("text", text),
            };
            let words = whole.get(hit.from..hit.to)?;
            Some(Self(field.to_owned(), hit.from, hit.to, words.to_owned()))
        };
        hits.iter().filter_map(words).collect()
    }

    /// Reads what is stored.
    pub fn read(json: &str) -> Vec<Self> {
        serde_json::from_str(json).unwrap_or_default()
    }
}

/// That a rule fired on a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    /// The rule.
    pub rule_id: i64,
    /// What it asks for.
    pub action: RuleAction,
    /// The code of the reason that the sender of a rejected comment reads.
    pub reason: Option<String>,
    /// On which words; none where it has no place.
    pub words: Vec<Words>,
}

/// A comment that was tried by the rules for what it says.
#[derive(Clone, Debug, Default)]
pub struct Tried {
    rules: Arc<Rules>,
    fired: Vec<Fired>,
}

/// What is known of a sender and a text before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Past {
    /// How often the same text came within a day, this time counted.
    pub same_text: u32,
    /// How long ago the sender's comment before came.
    pub seconds_since_last: Option<u32>,
    /// Whether one of the sender's comments is published.
    pub known: bool,
}

impl Rules {
    async fn read(session: &mut Session) -> DbResult<Self> {
        // Should they change in between, the number is the older one, and they are read once more.
        let version = db::find_version(session).await?;
        let rows = db::list_active(session).await?;
        Ok(Self { version, rules: rows.into_iter().filter_map(Rule::of).collect() })
    }

    fn fire(&self, name: &str, text: &str, past: Past, which: impl Fn(&Rule) -> bool) -> Vec<Fired> {
        let Past { same_text, seconds_since_last, .. } = past;
        let facts = Facts { name, text, same_text, seconds_since_last, length: count(text) };
        let fire = |rule: &Rule| {
            let hits = test(&rule.condition, &facts)?;
            let words = Words::of(&hits, name, text);
            Some(Fired { rule_id: rule.id, action: rule.action, reason: rule.reason.clone(), words })
        };
        self.rules.iter().filter(|rule| which(rule)).filter_map(fire).collect()
    }
}

impl Tried {
    /// Whether any rule asks what came before.
    pub fn asks_the_past(&self) -> bool {
        self.rules.rules.iter().any(Rule::asks_the_past)
    }

    /// Which rules fired, once it is known what came before.
    pub fn fired(&self, sent: &SentComment, past: Past) -> Vec<Fired> {
        let more = self.rules.fire(&sent.author_name, &sent.text, past, Rule::asks_the_past);
        self.fired.iter().cloned().chain(more).collect()
    }
}

/// The rules that are on, compiled once and kept until they change.
#[derive(Clone, Debug, Default)]
pub struct RememberedRules(Arc<RwLock<Option<Arc<Rules>>>>);

impl RememberedRules {
    fn get(&self) -> Option<Arc<Rules>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn reread(&self, session: &mut Session) -> DbResult<Arc<Rules>> {
        let rules = Arc::new(Rules::read(session).await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(rules.clone());
        Ok(rules)
    }

    /// Tries what a comment says by the rules that were on at last sight; [`Self::renew`] finds out whether that was so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn try_words(&self, db: &Db, name: &str, text: &str) -> Result<Tried, AppError> {
        let rules = match self.get() {
            Some(rules) => rules,
            None => self.reread(&mut db.read().await?).await?,
        };
        if rules.rules.is_empty() {
            return Ok(Tried { rules, fired: Vec::new() });
        }
        let (name, text) = (name.to_owned(), text.to_owned());
        // Others are answered meanwhile, whatever somebody has made a rule of.
        tokio::task::spawn_blocking(move || {
            let fired = rules.fire(&name, &text, Past::default(), |rule| !rule.asks_the_past());
            Tried { rules, fired }
        })
        .await
        .map_err(internal)
    }

    /// The same by the rules that are on now, where these are others: `version` is the number of their last change.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew(
        &self,
        session: &mut Session,
        tried: Tried,
        sent: &SentComment,
        version: i64,
    ) -> DbResult<Tried> {
        if tried.rules.version == version {
            return Ok(tried);
        }
        let rules = match self.get() {
            Some(rules) if rules.version == version => rules,
            _ => self.reread(session).await?,
        };
        let fired = rules.fire(&sent.author_name, &sent.text, Past::default(), |rule| !rule.asks_the_past());
        Ok(Tried { rules, fired })
    }
}

/// What is set, as the database has it.
pub fn read_settings(rows: &[ModeRow]) -> Vec<Setting> {
    let read = |row: &ModeRow| {
        let mode = row.mode.as_deref().and_then(Mode::parse);
        let closes_on = row.closes_on.as_deref().and_then(Day::parse);
        Reach::parse(&row.scope).map(|reach| Setting { reach, mode, closes_on })
    };
    rows.iter().filter_map(read).collect()
}

/// How comments are taken where they come in.
///
/// # Errors
/// When what the database gave can't be read.
pub fn read_ruling(json: Option<&str>) -> Result<Ruling, AppError> {
    let rows: Vec<(String, Option<String>, Option<String>)> =
        json.map(serde_json::from_str).transpose().map_err(internal)?.unwrap_or_default();
    let rows: Vec<_> = rows.into_iter().map(|(scope, mode, closes_on)| ModeRow { scope, mode, closes_on }).collect();
    Ok(Ruling::of(&read_settings(&rows)))
}

/// What becomes of a comment that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It waits for a moderator.
    Waits,
    /// It is shown at once.
    Published {
        /// Whether a moderator looks at it afterwards.
        look: bool,
    },
    /// It is not shown.
    Rejected {
        /// The code of the reason that its sender reads.
        reason: String,
    },
}

/// What becomes of a comment. One that must wait is never shown at once, whatever the mode says.
pub fn judge(mode: Mode, must_wait: bool, known: bool, fired: &[Fired]) -> Fate {
    if let Some(reason) = fired.iter().find_map(|fired| match fired.action {
        RuleAction::Reject => fired.reason.clone(),
        _ => None,
    }) {
        return Fate::Rejected { reason };
    }
    let held = fired.iter().any(|fired| fired.action >= RuleAction::Hold);
    let shown = match mode {
        Mode::After | Mode::Rules => true,
        Mode::First => known,
        Mode::All | Mode::ReadOnly | Mode::Closed => false,
    };
    if must_wait || held || !shown {
        return Fate::Waits;
    }
    Fate::Published { look: mode == Mode::After || !fired.is_empty() }
}

/// Does what was judged of a comment that was stored as one that waits. Whoever calls holds its discussion.
///
/// # Errors
/// When the database fails.
pub async fn carry_out(
    session: &mut Session,
    comment_id: i64,
    fate: &Fate,
    fired: &[Fired],
    at: Instant,
) -> Result<(), AppError> {
    for fired in fired {
        let words = serde_json::to_string(&fired.words).map_err(internal)?;
        db::add_hit(session, comment_id, fired.rule_id, fired.action.code(), &words).await?;
    }
    match fate {
        Fate::Waits => {}
        Fate::Published { look } => {
            settle(session, &Actor::Job("mode"), comment_id, None, at).await?;
            if *look {
                queue::look_afterwards(session, comment_id).await?;
            }
        }
        Fate::Rejected { reason } => {
            let rejection = Rejection { code: reason.clone(), ..Rejection::default() };
            match settle(session, &Actor::Job("rules"), comment_id, Some(&rejection), at).await {
                // The reason is no longer in force: it waits for a moderator.
                Ok(_) | Err(AppError::Invalid(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fired(action: RuleAction) -> Fired {
        Fired { rule_id: 1, action, reason: Some("insult".to_owned()), words: Vec::new() }
    }

    #[test]
    fn each_mode_has_its_fate_and_rules_go_before() {
        let (flag, hold, reject) = (fired(RuleAction::Flag), fired(RuleAction::Hold), fired(RuleAction::Reject));
        let (at_once, looked) = (Fate::Published { look: false }, Fate::Published { look: true });
        for (mode, known, expected) in [
            (Mode::All, true, Fate::Waits),
            (Mode::First, false, Fate::Waits),
            (Mode::First, true, at_once.clone()),
            (Mode::Rules, false, at_once),
            (Mode::After, false, looked.clone()),
            (Mode::ReadOnly, true, Fate::Waits),
            (Mode::Closed, true, Fate::Waits),
        ] {
            assert_eq!(judge(mode, false, known, &[]), expected, "{mode:?}");
            assert_eq!(judge(mode, true, known, &[]), Fate::Waits, "{mode:?}: what must wait waits");
            assert_eq!(judge(mode, false, known, &[flag.clone(), hold.clone()]), Fate::Waits, "{mode:?}");
            let rejected = judge(mode, false, known, &[hold.clone(), reject.clone()]);
            assert_eq!(rejected, Fate::Rejected { reason: "insult".to_owned() }, "{mode:?}");
        }
        assert_eq!(judge(Mode::Rules, false, false, std::slice::from_ref(&flag)), looked);
        assert_eq!(judge(Mode::All, false, false, &[flag]), Fate::Waits);
    }

    #[test]
    fn words_are_read_as_they_were_written() {
        let hits = [Hit { field: HitField::Text, from: 0, to: 7 }, Hit { field: HitField::Name, from: 90, to: 99 }];
        let words = Words::of(&hits, "Lan", "đ.ồng ý");
        assert_eq!(words, [Words("text".to_owned(), 0, 7, "đ.ồn".to_owned())]);
        let json = serde_json::to_string(&words).expect("JSON");
        assert_eq!((json.as_str(), Words::read(&json)), (r#"[["text",0,7,"đ.ồn"]]"#, words));
        assert_eq!(Words::read("nonsense"), []);
        let json = r#"[["site","rules",null],["announcement",null,"2026-06-01"],["moon","all",null]]"#;
        let ruling = read_ruling(Some(json)).expect("a ruling");
        assert_eq!((ruling.mode, ruling.closes_on.map(Day::iso).as_deref()), (Mode::Rules, Some("2026-06-01")));
        assert!(read_ruling(None).is_ok() && read_ruling(Some("[")).is_err());
    }
}
