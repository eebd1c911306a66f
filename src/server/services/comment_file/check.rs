//! What must be so within a comment of a file, before anything is looked up.

use std::collections::HashSet;

use crate::domain::day::Day;
use crate::domain::receipt::ReceiptCode;
use crate::server::comment_file::{OwnActor, OwnAppealState, OwnComment, OwnEditState, OwnState};

/// The characters that a name may have: as it is typed it has 80 at most, each of perhaps several signs.
const NAME_MOST: usize = 400;
/// The bytes that a text may have.
const TEXT_MOST: usize = 1024 * 1024;

/// Whether a comment is one that this portal could have written, as far as that shows in it alone.
pub(super) fn check(own: &OwnComment) -> Result<(), String> {
    let must = |good: bool, why: &str| if good { Ok(()) } else { Err(why.to_owned()) };
    must(ReceiptCode::parse(&own.code).is_some_and(|code| code.as_stored() == own.code), "its code is none")?;
    must(own.author.chars().count() <= NAME_MOST, "its author's name is too long")?;
    must(own.version >= 1, "its version is none")?;
    must(own.state == OwnState::Waiting || own.decided.is_some(), "it is decided and does not say when")?;
    let texts = [Some(own.text.as_str()), own.reopening.as_ref().map(|one| one.text.as_str())];
    let edits = own.edits.iter().flat_map(|edit| [Some(edit.text.as_str()), Some(edit.old_text.as_str())]);
    let answers = own.answers.iter().map(|answer| Some(answer.text.as_str()));
    let long = texts.into_iter().chain(edits).chain(answers).flatten().any(|text| text.len() > TEXT_MOST);
    must(!long, "a text has more than 1 MB")?;

    let waiting = own.edits.iter().filter(|edit| edit.state == OwnEditState::Waiting).count();
    must(waiting <= 1, "two changes wait, where there is one at most")?;
    must(waiting == 0 || own.state == OwnState::Published, "a change waits of what is not published")?;
    must(all_differ(own.agreements.iter().map(|one| one.voter.as_str())), "the same browser agreed twice")?;
    must(all_differ(own.reports.iter().map(|one| one.voter.as_str())), "the same browser reported it twice")?;
    let open = own.handovers.iter().filter(|handover| handover.ended.is_none()).count();
    must(open <= 1, "it waits for the answer of two units, where there is one at most")?;
    let days =
        own.handovers.iter().all(|handover| Day::parse(&handover.due).is_some_and(|day| day.iso() == handover.due));
    must(days, "a day until which a unit is to answer is none of the form 2021-06-01")?;
    for answer in &own.answers {
        must(answer.rating.is_none_or(|rating| (1..=3).contains(&rating)), "a rating is none of 1, 2 and 3")?;
        let mut versions = HashSet::new();
        let differ = answer.versions.iter().all(|version| versions.insert(version.version));
        must(differ, "an answer has the same version twice")?;
    }
    let waits = own.appeal.as_ref().is_some_and(|appeal| appeal.state == OwnAppealState::Waiting);
    must(!waits || own.state == OwnState::Rejected, "an appeal waits where nothing is rejected")?;

    let letters = |text: &str| {
        (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    must(own.decisions.iter().all(|decision| letters(&decision.action)), "what was decided is no word of the log")?;
    let mut actors = own.decisions.iter().map(|one| &one.by).chain(own.handovers.iter().map(|one| &one.by));
    let mut others = own
        .answers
        .iter()
        .flat_map(|one| std::iter::once(&one.by).chain(one.versions.iter().map(|version| &version.by)))
        .chain(own.appeal.iter().map(|one| &one.rejected_by));
    must(actors.all(is_actor) && others.all(is_actor), "who did something is nobody that this portal knows of")
}

fn is_actor(actor: &OwnActor) -> bool {
    matches!(actor.kind.as_str(), "account" | "command-line" | "job" | "citizen" | "demonstration")
        && actor.name.chars().count() <= NAME_MOST
        && actor.on_behalf_of.chars().count() <= NAME_MOST
}

/// Whether no two are the same, and none is empty or too long to be a hash.
fn all_differ<'t>(hashes: impl Iterator<Item = &'t str>) -> bool {
    let mut seen = HashSet::new();
    let mut all = hashes;
    all.all(|hash| (1..=128).contains(&hash.len()) && seen.insert(hash))
}
