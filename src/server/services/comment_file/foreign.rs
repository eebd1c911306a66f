//! Bringing in what another system has exported.

use std::collections::HashMap;
use std::path::Path;

use super::pages::KnownPages;
use super::{Effects, PageMap, TOGETHER, TransferError, Transferred, name_of, record};
use crate::domain::comment::NAME_MOST;
use crate::domain::error::AppError;
use crate::domain::guard::mask;
use crate::domain::lang::Lang;
use crate::domain::receipt::ReceiptCode;
use crate::domain::text::shorten;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::comment_file::{ForeignComment, ForeignFile, ForeignKind, ForeignState};
use crate::server::db::comment::find_or_add_discussion;
use crate::server::db::desk::comment_file::add::{self as db, NewComment, Reason};
use crate::server::db::log::{self, Decision};
use crate::server::db::{DbResult, Session};
use crate::server::error::internal;
use crate::server::markdown::render_comment;
use crate::server::secret::Secret;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::state::Store;

/// The characters that a text of another system may have. What people type here is 2,000 at most; longer ones are kept
/// whole, as far as a page can carry fifty of them.
const TEXT_MOST: usize = 20_000;
/// The name of who gave none.
const NOBODY: &str = "Ẩn danh";

/// How a file of another system is brought in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignOptions {
    /// The system; found by the content if it is not said.
    pub kind: Option<ForeignKind>,
    /// Which pages are which.
    pub pages: PageMap,
    /// The language that the comments are in.
    pub language: Lang,
    /// Whether to look only at what would be done.
    pub dry_run: bool,
}

/// Brings in what another system has exported. What stood on a page there stands on its page here, what waited there
/// waits here; a reply to a reply joins its thread. The same comment is brought in once, however often it comes. Who
/// agreed there does not count here, and e-mail addresses are left where they were given.
///
/// # Errors
/// `Forbidden`: only whoever runs the portal; or what is wrong with the file: then nothing was written.
pub async fn import_foreign(
    store: &Store,
    actor: &Actor,
    path: &Path,
    options: &ForeignOptions,
) -> Result<Transferred, TransferError> {
    actor.require_in(Permission::MoveComments, Scope::Everywhere)?;
    let mut file = ForeignFile::open(path, options.kind).await?;
    let mut import = Import {
        secret: &store.secret,
        actor,
        kind: file.kind(),
        options,
        pages: KnownPages::default(),
        discussions: HashMap::new(),
        known: HashMap::new(),
        done: Transferred::default(),
    };
    import.leave_out("deleted", file.count_deleted());
    loop {
        let mut batch = Vec::with_capacity(TOGETHER);
        while batch.len() < TOGETHER
            && let Some(comment) = file.next_comment().await?
        {
            batch.push(comment);
        }
        if batch.is_empty() {
            break;
        }
        let mut session = if options.dry_run { store.db.read().await? } else { store.db.write().await? };
        let mut effects = Effects::default();
        for comment in batch {
            import.take(&mut session, comment, &mut effects).await?;
        }
        if !options.dry_run {
            effects.follow(&mut session).await?;
            session.commit().await?;
        }
    }
    let done = import.done;
    if !options.dry_run {
        record(store, actor, &name_of(path), &done).await?;
    }
    Ok(done)
}

/// A comment of the file that was come to.
struct Known {
    /// Its id here; none where it was left out.
    id: Option<i64>,
    /// What the file calls the first comment of its thread; nothing for that one.
    first: Option<Box<str>>,
    /// Its code here and when it was sent, for the place that it may have to keep.
    code: ReceiptCode,
    sent: Instant,
}

struct Import<'a> {
    secret: &'a Secret,
    actor: &'a Actor,
    kind: ForeignKind,
    options: &'a ForeignOptions,
    pages: KnownPages,
    discussions: HashMap<i64, i64>,
    /// By what the file calls them.
    known: HashMap<Box<str>, Known>,
    done: Transferred,
}

/// Where a comment is to stand.
#[derive(Clone, Copy)]
struct Place {
    page: i64,
    thread: Option<i64>,
    reply_to: Option<i64>,
}

impl Import<'_> {
    fn leave_out(&mut self, why: &'static str, count: usize) {
        if count > 0 {
            *self.done.left_out.entry(why).or_default() += count;
        }
    }

    /// The code of a comment's receipt. It is the same whenever the comment comes, and nobody can guess it.
    fn code(&self, comment: &ForeignComment) -> Result<ReceiptCode, AppError> {
        let sent = comment.sent.0.to_string();
        let hash = self.secret.keyed_hash("foreign comment", &[self.kind.name(), &comment.page, &comment.id, &sent]);
        let bytes = hex::decode(hash).map_err(internal)?;
        let bytes = bytes.first_chunk::<12>().ok_or_else(|| internal("a keyed hash is too short"))?;
        Ok(ReceiptCode::from_random(*bytes))
    }

    async fn take(
        &mut self,
        session: &mut Session,
        comment: ForeignComment,
        effects: &mut Effects,
    ) -> Result<(), AppError> {
        let parent = comment.parent.as_deref();
        let first = parent.and_then(|id| {
            let known = self.known.get(id)?;
            Some(known.first.clone().unwrap_or_else(|| id.into()))
        });
        let code = self.code(&comment)?;
        let id = self.keep(session, &comment, &code, first.as_deref(), effects).await?;
        let known = Known { id, first, code, sent: comment.sent };
        self.known.insert(comment.id.into_boxed_str(), known);
        Ok(())
    }

    /// Adds a comment, if it is one to be added, and gives its id.
    async fn keep(
        &mut self,
        session: &mut Session,
        comment: &ForeignComment,
        code: &ReceiptCode,
        first: Option<&str>,
        effects: &mut Effects,
    ) -> Result<Option<i64>, AppError> {
        let why = match comment.state {
            ForeignState::Deleted => Some("deleted"),
            ForeignState::Rejected => Some("spam"),
            _ if comment.text.is_empty() => Some("without a text"),
            _ => None,
        };
        if let Some(why) = why {
            self.leave_out(why, 1);
            return Ok(None);
        }
        let page = match self.options.pages.slug(&comment.page) {
            Some(slug) => self.pages.find(session, &slug).await?,
            None => None,
        };
        let Some((page, _)) = page else {
            *self.done.pages.entry(comment.page.clone()).or_default() += 1;
            return Ok(None);
        };
        if let Some(known) = db::find_known(session, code.as_stored()).await? {
            self.done.already += 1;
            return Ok(known.id);
        }
        let thread = match first {
            Some(first) => self.thread(session, first, page).await?,
            None => None,
        };
        let answered = comment.parent.as_deref().and_then(|id| self.known.get(id)).and_then(|known| known.id);
        let place = Place { page, thread, reply_to: answered.filter(|_| thread.is_some()) };
        self.done.added += 1;
        self.done.waiting += usize::from(comment.state == ForeignState::Waiting);
        self.add(session, comment, code, place, effects).await.map(Some)
    }

    /// The first comment of a thread. One that was left out keeps its place, empty, so that its answers stay together.
    async fn thread(&mut self, session: &mut Session, first: &str, page: i64) -> Result<Option<i64>, AppError> {
        let Some(Known { id, code, sent, .. }) = self.known.get(first) else { return Ok(None) };
        if id.is_some() {
            return Ok(*id);
        }
        let (code, sent) = (code.clone(), *sent);
        let id = if let Some(known) = db::find_known(session, code.as_stored()).await? {
            known.id
        } else {
            self.done.places += 1;
            let new = NewComment { state: "withdrawn", decided: Some(sent), ..self.blank(sent) };
            let place = Place { page, thread: None, reply_to: None };
            Some(self.insert(session, new, &code, place).await?)
        };
        if let Some(known) = self.known.get_mut(first) {
            known.id = id;
        }
        Ok(id)
    }

    fn blank(&self, sent: Instant) -> NewComment<'static> {
        NewComment {
            discussion_id: 0,
            receipt_id: 0,
            thread_id: None,
            reply_to_id: None,
            state: "waiting",
            version: 1,
            agreed: 0,
            author_name: "",
            email: None,
            text: "",
            html: "",
            language: self.options.language.code(),
            reason: Reason::default(),
            sent,
            decided: None,
            edited: None,
        }
    }

    async fn add(
        &mut self,
        session: &mut Session,
        comment: &ForeignComment,
        code: &ReceiptCode,
        place: Place,
        effects: &mut Effects,
    ) -> Result<i64, AppError> {
        let text = shorten(&comment.text, TEXT_MOST);
        self.done.cut += usize::from(text != comment.text);
        let author = if comment.author.is_empty() { NOBODY } else { comment.author.as_str() };
        let author = mask(&shorten(author, NAME_MOST - 1));
        let html = render_comment(&mask(&text));
        let published = comment.state == ForeignState::Published;
        let new = NewComment {
            state: if published { "published" } else { "waiting" },
            author_name: &author,
            text: &text,
            html: html.as_str(),
            // What was public on that day is not among what was published last.
            decided: published.then_some(comment.sent),
            edited: comment.edited,
            ..self.blank(comment.sent)
        };
        let id = self.insert(session, new, code, place).await?;
        if self.options.dry_run {
            return Ok(id);
        }
        let at = now();
        if published {
            let discussion = self.find_discussion(session, place.page).await?;
            effects.count("published", discussion, place.thread, place.page);
            let actor_id = self.actor.find_or_add(session, at).await?;
            let reason = format!("{} {}", self.kind.name(), comment.id);
            let decision = Decision {
                subject_kind: "comment",
                subject_id: id,
                action: "import",
                reason: Some(&reason),
                reason_id: None,
            };
            log::add_decision(session, actor_id, at, decision).await?;
        } else {
            // It begins to wait here now.
            db::add_waiting(session, "comment", id, id, place.page, at).await?;
        }
        Ok(id)
    }

    async fn insert(
        &mut self,
        session: &mut Session,
        new: NewComment<'_>,
        code: &ReceiptCode,
        place: Place,
    ) -> Result<i64, AppError> {
        if self.options.dry_run {
            // Nobody has such an id.
            return Ok(-1 - i64::try_from(self.known.len()).unwrap_or_default());
        }
        let receipt = db::add_receipt(session, code.as_stored(), new.sent).await?;
        let receipt_id = receipt.ok_or(AppError::Conflict)?;
        let discussion_id = self.find_discussion(session, place.page).await?;
        let (thread_id, reply_to_id) = (place.thread, place.reply_to);
        Ok(db::add_comment(session, &NewComment { discussion_id, receipt_id, thread_id, reply_to_id, ..new }).await?)
    }

    async fn find_discussion(&mut self, session: &mut Session, page: i64) -> DbResult<i64> {
        if let Some(id) = self.discussions.get(&page) {
            return Ok(*id);
        }
        let id = find_or_add_discussion(session, "announcement", page, now()).await?;
        self.discussions.insert(page, id);
        Ok(id)
    }
}
