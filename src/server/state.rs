//! What every request and every command shares.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::assets::Site;
use super::cache::PageCache;
use super::config::{DataSettings, TrustedProxies};
use super::db::Db;
use super::error::Failure;
use super::secret::Secret;
use super::services::arrival::RememberedRules;
use super::services::intake::Intake;
use super::services::limit::SenderLimit;
use super::services::live::Live;
use super::services::mail::Outbox;
use super::services::site::RememberedSite;

/// The open data of an installation.
#[derive(Clone, Debug)]
pub struct Store {
    /// The database.
    pub db: Db,
    /// The secret of keyed hashes.
    pub secret: Secret,
    /// The folder of public pictures.
    pub pictures: PathBuf,
    /// The folder of what stands behind reports: given out only to whoever may see it.
    pub evidence: PathBuf,
    /// Where comments are handed in.
    pub intake: Intake,
    /// By which rules they are tried.
    pub rules: RememberedRules,
    /// What is known of mail.
    pub mail: Outbox,
}

impl Store {
    /// Opens the data folder and the database.
    ///
    /// # Errors
    /// A sentence that names what could not be opened.
    pub async fn open(settings: &DataSettings) -> Result<Self, Failure> {
        settings.check()?;
        let pictures = settings.data.join("uploads").join("public");
        std::fs::create_dir_all(&pictures).map_err(|error| {
            Failure::new(format!("THIDUA_DATA: the folder {} could not be made: {error}.", settings.data.display()))
        })?;
        let evidence = settings.data.join("uploads").join("evidence");
        std::fs::create_dir_all(&evidence).map_err(|error| {
            Failure::new(format!("THIDUA_DATA: the folder {} could not be made: {error}.", settings.data.display()))
        })?;
        let secret = Secret::load(&settings.secret_file.clone().unwrap_or_else(|| settings.data.join("secret")))?;
        let db = if settings.database_url.is_empty() {
            Db::open_sqlite(&settings.data.join("thidua.db")).await?
        } else {
            Db::open_postgres(&settings.database_url).await?
        };
        let rules = RememberedRules::default();
        let intake = Intake::start(db.clone(), rules.clone());
        Ok(Self { intake, rules, db, secret, pictures, evidence, mail: Outbox::default() })
    }

    /// Where a public picture's file lies.
    pub fn picture_file(&self, name: &str) -> PathBuf {
        Path::new(&self.pictures).join(name)
    }
}

/// How long the server waits for a slow peer.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the head of a request.
    pub head: Duration,
    /// While nothing at all is sent.
    pub silence: Duration,
    /// While nothing of an answer is taken.
    pub write: Duration,
    /// For a whole request, its body and its page included.
    pub request: Duration,
    /// The same for a request that brings a file.
    pub upload: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { head: seconds(15), silence: seconds(60), write: seconds(20), request: seconds(30), upload: seconds(600) }
    }
}

/// What every request shares, behind one pointer: it is handed on several times for each.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Shared>);

impl AppState {
    /// The state of a server that is about to run.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// What the running server has besides its data.
#[derive(Debug)]
pub struct Shared {
    /// The data.
    pub store: Store,
    /// How long it waits for slow peers.
    pub patience: Patience,
    /// The style sheet, the script and the client.
    pub site: Site,
    /// Finished pages; none where they are not to be kept.
    pub pages: Option<Arc<PageCache>>,
    /// What every page shows of the portal.
    pub remembered_site: RememberedSite,
    /// The portal's name.
    pub site_name: String,
    /// Whom to ask about personal data, as the privacy page says it; empty for nobody named.
    pub contact: String,
    /// The address for absolute links, without a slash at its end.
    pub base_url: String,
    /// Proxies whose forwarding header is believed.
    pub trusted_proxies: TrustedProxies,
    /// How much one sender may send; `None` when limits are off.
    pub sender_limit: Option<SenderLimit>,
    /// Who is told of new comments.
    pub live: Live,
}
