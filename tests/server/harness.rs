//! Starts the real server on a port of its own, on a new database of either kind.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Once};

use reqwest::{Client, RequestBuilder, Response, redirect};
use scraper::{Html, Selector};
use sqlx::Connection;
use thidua::domain::account::Role;
use thidua::domain::proof::is_solved;
use thidua::server::accept::accept;
use thidua::server::assets::Site;
use thidua::server::cache::PageCache;
use thidua::server::command::import_file;
use thidua::server::config::{DataSettings, TrustedProxies};
use thidua::server::services::account::{AskedRole, add_account, set_password};
use thidua::server::services::actor::Actor;
use thidua::server::services::comment::{Verdict, decide_comment};
use thidua::server::services::import::{ImportOptions, Imported, Revise};
use thidua::server::services::limit::SenderLimit;
use thidua::server::services::live::{Live, LiveLimits};
use thidua::server::services::site::RememberedSite;
use thidua::server::services::unit::{TypedUnit, add_unit};
use thidua::server::state::{AppState, Patience, Shared, Store};
use tokio::net::TcpListener;

/// Runs a test on both databases, as two tests.
macro_rules! on_both {
    ($(#[$doc:meta])* async fn $name:ident($server:ident: Server) $body:block) => {
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn promise($server: Server) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let server = Server::start("").await;
                let folder = server.folder.clone();
                promise(server).await;
                std::fs::remove_dir_all(folder).ok();
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let url = crate::harness::new_postgres().await;
                let server = Server::start(&url).await;
                let folder = server.folder.clone();
                promise(server).await;
                std::fs::remove_dir_all(folder).ok();
                crate::harness::drop_postgres(&url).await;
            }
        }
    };
}
pub(crate) use on_both;

static PANICS: Once = Once::new();

/// A running server with its data.
pub struct Server {
    pub store: Store,
    pub base: String,
    pub client: Client,
    pub folder: PathBuf,
    pub pages: Option<Arc<PageCache>>,
    state: AppState,
    data: DataSettings,
}

impl Server {
    /// Starts a server; an empty address is SQLite.
    pub async fn start(database_url: &str) -> Self {
        Self::start_with(database_url, Patience::default()).await
    }

    /// Starts on what is there: a data folder, a database of an older version.
    pub async fn start_on(folder: PathBuf, database_url: &str) -> Self {
        let data = DataSettings { data: folder, database_url: database_url.to_owned(), secret_file: None };
        Self::open(data, Patience::default(), LiveLimits::default(), Some(8), None, "").await
    }

    /// The same with other patience for slow peers.
    pub async fn start_with(database_url: &str, patience: Patience) -> Self {
        Self::start_live(database_url, patience, LiveLimits::default()).await
    }

    /// And with other limits of streams.
    pub async fn start_live(database_url: &str, patience: Patience, live: LiveLimits) -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        let data = DataSettings { data: folder, database_url: database_url.to_owned(), secret_file: None };
        Self::open(data, patience, live, Some(8), None, "").await
    }

    /// A server of its own on the same data, as another process would be, keeping so many megabytes of pages. Its links
    /// are those of this server.
    pub async fn beside(&self, cache_mb: Option<u64>) -> Self {
        Self::open(self.data.clone(), Patience::default(), LiveLimits::default(), cache_mb, Some(&self.base), "").await
    }

    /// The same behind a proxy of that address, whose forwarding header is believed.
    pub async fn behind(&self, proxy: &str) -> Self {
        let data = self.data.clone();
        Self::open(data, Patience::default(), LiveLimits::default(), Some(8), Some(&self.base), proxy).await
    }

    async fn open(
        data: DataSettings,
        patience: Patience,
        live: LiveLimits,
        cache_mb: Option<u64>,
        links: Option<&str>,
        proxy: &str,
    ) -> Self {
        // Nothing panics in the server, behind an answer neither.
        PANICS.call_once(|| {
            let told = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                told(panic);
                if std::thread::current().name() == Some("tokio-rt-worker") {
                    std::process::abort();
                }
            }));
        });
        let store = Store::open(&data).await.unwrap();
        store.db.migrate().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let pages = cache_mb.map(|megabytes| Arc::new(PageCache::new(megabytes)));
        let state = AppState::new(Shared {
            store: store.clone(),
            patience,
            site: Site::built_in(),
            pages: pages.clone(),
            remembered_site: RememberedSite::default(),
            site_name: "Thi Đua".into(),
            contact: "Văn phòng thử".into(),
            base_url: links.unwrap_or(&base).into(),
            trusted_proxies: TrustedProxies(proxy.parse().into_iter().collect()),
            sender_limit: Some(SenderLimit::default()),
            live: Live::new(live),
        });
        let db = store.db.clone();
        tokio::spawn(async move { db.changes().listen().await });
        tokio::spawn(accept(listener, state.clone(), std::future::pending()));
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { store, base, client, folder: data.data.clone(), pages, state, data }
    }

    /// Does something to the database behind the portal's back.
    pub async fn run_sql(&self, sql: &str) {
        self.try_sql(sql).await.unwrap();
    }

    /// The same, which may fail.
    pub async fn try_sql(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        if self.data.database_url.is_empty() {
            let file = format!("sqlite://{}/thidua.db", self.folder.display());
            sqlx::query(sql).execute(&mut sqlx::SqliteConnection::connect(&file).await?).await?;
        } else {
            let address = &self.data.database_url;
            sqlx::query(sql).execute(&mut sqlx::PgConnection::connect(address).await?).await?;
        }
        Ok(())
    }

    /// What its requests share.
    pub fn state(&self) -> AppState {
        self.state.clone()
    }

    /// A number that the database gives.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        let (number,) = if self.data.database_url.is_empty() {
            let file = format!("sqlite://{}/thidua.db", self.folder.display());
            let mut connection = sqlx::SqliteConnection::connect(&file).await.unwrap();
            sqlx::query_as::<_, (i64,)>(sql).fetch_one(&mut connection).await.unwrap()
        } else {
            let mut connection = sqlx::PgConnection::connect(&self.data.database_url).await.unwrap();
            sqlx::query_as::<_, (i64,)>(sql).fetch_one(&mut connection).await.unwrap()
        };
        number
    }

    /// A browser in which nobody has signed in.
    pub fn browser(&self) -> Browser {
        Browser { client: self.client.clone(), base: self.base.clone(), cookies: Mutex::default() }
    }

    /// Adds an account with the password of all accounts here, its roles in units by their slugs or everywhere.
    pub async fn account(&self, name: &str, roles: &[(Role, Option<&str>)]) {
        let staff = Actor::CommandLine("test".into());
        let asked: Vec<_> =
            roles.iter().map(|(role, unit)| AskedRole { role: *role, unit: unit.map(str::to_owned) }).collect();
        let shown = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        add_account(&self.store, &staff, name, &shown, &asked).await.unwrap();
        set_password(&self.store, &staff, name, PASSWORD).await.unwrap();
    }

    /// The browser of somebody with an account who has just signed in.
    pub async fn official(&self, name: &str, roles: &[(Role, Option<&str>)]) -> Browser {
        self.account(name, roles).await;
        let browser = self.browser();
        assert_eq!(browser.sign_in(name).await.status(), 303);
        browser
    }

    /// Adds a unit and gives its slug.
    pub async fn unit(&self, name: &str, under: Option<&str>) -> String {
        let parent = under.unwrap_or_default().to_owned();
        let typed = TypedUnit { name: name.to_owned(), parent, ..TypedUnit::default() };
        add_unit(&self.store, &Actor::CommandLine("test".into()), &typed).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.base)).send().await.unwrap()
    }

    pub async fn page(&self, path: &str) -> String {
        self.get(path).await.text().await.unwrap()
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.client.post(format!("{}{path}", self.base)).form(form).send().await.unwrap()
    }

    /// Imports and publishes a text as a file, and gives its slug.
    pub async fn publish(&self, text: &str) -> String {
        match self.import(text, true).await {
            Ok(Imported::New(slug)) => slug,
            other => panic!("not imported: {other:?}"),
        }
    }

    pub async fn import(&self, text: &str, publish: bool) -> Result<Imported, String> {
        self.import_with(text, ImportOptions { publish, ..ImportOptions::default() }).await
    }

    /// Corrects an announcement and publishes that.
    pub async fn revise(&self, slug: &str, text: &str, note: &str) -> Result<Imported, String> {
        let revise = Some(Revise { slug: slug.to_owned(), note: note.to_owned() });
        self.import_with(text, ImportOptions { publish: true, revise, ..ImportOptions::default() }).await
    }

    async fn import_with(&self, text: &str, options: ImportOptions) -> Result<Imported, String> {
        let file = self.folder.join("paper.txt");
        std::fs::write(&file, text).unwrap();
        import_file(&self.store, &Actor::CommandLine("test".into()), &file, &options).await.map_err(|why| why.0)
    }

    /// Sends a comment by the form without script and gives its receipt code.
    pub async fn comment(&self, slug: &str, name: &str, text: &str) -> String {
        let answer = self.post(&format!("/tin/{slug}"), &[("name", name), ("text", text)]).await;
        assert_eq!(answer.status(), 303);
        answer.headers()["location"].to_str().unwrap().strip_prefix("/theo-doi/").unwrap().to_owned()
    }

    /// Posts what says that it comes from an address.
    pub async fn post_from(&self, address: &str, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self.client.post(format!("{}{path}", self.base)).header("x-forwarded-for", address);
        request.form(form).send().await.unwrap()
    }

    /// Sends an answer to the comment of that number and gives its receipt code.
    pub async fn send_answer(&self, slug: &str, to: &str, name: &str) -> String {
        let form = [("name", name), ("text", "Xin góp thêm một ý."), ("reply_to", to)];
        target(&self.post(&format!("/tin/{slug}"), &form).await).strip_prefix("/theo-doi/").unwrap().to_owned()
    }

    /// Has a comment approved.
    pub async fn approve(&self, code: &str) {
        decide_comment(&self.store, &Actor::CommandLine("test".into()), code, &Verdict::Approve).await.unwrap();
    }

    /// Has a comment rejected.
    pub async fn reject(&self, code: &str, reason: &str) {
        let verdict = Verdict::Reject { reason: reason.to_owned() };
        decide_comment(&self.store, &Actor::CommandLine("test".into()), code, &verdict).await.unwrap();
    }
}

/// The password of every account of these tests.
pub const PASSWORD: &str = "con ngựa vằn ăn cỏ";

/// A browser with its cookies.
pub struct Browser {
    client: Client,
    pub base: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    /// Sends a request with the cookies and keeps those that come back.
    async fn send(&self, request: RequestBuilder) -> Response {
        let cookies: Vec<_> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) };
        let answer = request.send().await.unwrap();
        for set in answer.headers().get_all("set-cookie") {
            let (pair, attributes) = set.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if attributes.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// The same cookies at another server.
    pub fn at(&self, server: &Server) -> Self {
        let cookies = Mutex::new(self.cookies.lock().unwrap().clone());
        Self { client: self.client.clone(), base: server.base.clone(), cookies }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.send(self.client.get(format!("{}{path}", self.base))).await
    }

    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.send(self.client.post(format!("{}{path}", self.base)).form(form)).await
    }

    /// As a script of the desk posts.
    pub async fn ask(&self, path: &str, form: &[(&str, &str)]) -> (u16, serde_json::Value) {
        let request = self.client.post(format!("{}{path}", self.base)).header("accept", "application/json");
        let answer = self.send(request.form(form)).await;
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_else(|why| panic!("{path}: {status} {why}: {text}")))
    }

    /// Uploads a file with other fields beside it.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Response {
        let request = self.client.post(format!("{}{path}", self.base)).header("accept", "text/html");
        self.send(multipart(request, fields, "file", name, bytes)).await
    }

    /// Uploads a file in a field of that name.
    pub async fn upload_in(
        &self,
        path: &str,
        field: &str,
        fields: &[(&str, &str)],
        name: &str,
        bytes: &[u8],
    ) -> Response {
        let request = self.client.post(format!("{}{path}", self.base)).header("accept", "text/html");
        self.send(multipart(request, fields, field, name, bytes)).await
    }

    /// The same as a script does it.
    pub async fn ask_upload(&self, path: &str, name: &str, bytes: &[u8]) -> (u16, serde_json::Value) {
        let request = self.client.post(format!("{}{path}", self.base)).header("accept", "application/json");
        let answer = self.send(multipart(request, &[], "file", name, bytes)).await;
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_else(|why| panic!("{path}: {status} {why}: {text}")))
    }

    /// The work that the script of a page's form does before a comment, as it is sent along.
    pub async fn work(&self, page: &str) -> String {
        let asked = self.client.post(format!("{}{page}", self.base)).header("accept", "application/json");
        let answer = self.send(asked.form(&[("viec", "thu-thach")])).await;
        let answer: serde_json::Value = answer.json().await.unwrap();
        let (challenge, bits) = (answer["challenge"].as_str().unwrap(), answer["bits"].as_u64().unwrap());
        solve(challenge, u32::try_from(bits).unwrap())
    }

    /// Signs in with the password of all accounts here.
    pub async fn sign_in(&self, name: &str) -> Response {
        self.post("/dang-nhap", &[("name", name), ("password", PASSWORD)]).await
    }
}

/// The work that a challenge asks for, as a browser sends it.
pub fn solve(challenge: &str, bits: u32) -> String {
    let number = (0_u32..).map(|number| number.to_string()).find(|number| is_solved(challenge, number, bits)).unwrap();
    format!("{challenge}:{number}")
}

fn multipart(
    request: RequestBuilder,
    fields: &[(&str, &str)],
    field: &str,
    name: &str,
    bytes: &[u8],
) -> RequestBuilder {
    let line = "----thidua-test-8f2c";
    let mut body = Vec::new();
    for (field, value) in fields {
        write!(body, "--{line}\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").unwrap();
    }
    let name = name.replace('"', "%22");
    write!(body, "--{line}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n").unwrap();
    write!(body, "content-type: application/octet-stream\r\n\r\n").unwrap();
    body.extend_from_slice(bytes);
    write!(body, "\r\n--{line}--\r\n").unwrap();
    request.header("content-type", format!("multipart/form-data; boundary={line}")).body(body)
}

/// Where an answer leads.
pub fn target(answer: &Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// The fields of a form in a page, as a browser would send them without a button.
pub fn fields_of(html: &str, form: &str) -> Vec<(String, String)> {
    let document = Html::parse_document(html);
    let selector = Selector::parse(&format!("{form} input, {form} textarea, {form} select")).unwrap();
    let option = Selector::parse("option").unwrap();
    let mut fields = Vec::new();
    for field in document.select(&selector) {
        let Some(name) = field.attr("name") else { continue };
        let kind = field.attr("type").unwrap_or_default();
        let value = match field.value().name() {
            "textarea" => field.text().collect(),
            "select" => {
                let options: Vec<_> = field.select(&option).collect();
                let chosen = options.iter().find(|one| one.attr("selected").is_some()).or(options.first());
                chosen.and_then(|one| one.attr("value")).unwrap_or_default().to_owned()
            }
            _ if matches!(kind, "checkbox" | "radio") && field.attr("checked").is_none() => continue,
            _ if matches!(kind, "submit" | "file") => continue,
            _ => field.attr("value").unwrap_or_default().to_owned(),
        };
        fields.push((name.to_owned(), value));
    }
    fields
}

/// The built program with a data folder of its own, as an administrator runs it.
pub struct Program {
    folder: tempfile::TempDir,
}

/// A server process; it ends with the test.
pub struct Serving {
    pub child: Child,
    pub base: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A file beside the data.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thidua"));
        command.arg("--data").arg(self.folder.path().join("data")).args(arguments);
        command
    }

    /// Runs a command to its end: whether it succeeded, what it said, what it complained of.
    pub fn run(&self, arguments: &[&str]) -> (bool, String, String) {
        let done = self.command(arguments).output().unwrap();
        (done.status.success(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    }

    /// The same with something typed into it.
    pub fn run_with(&self, arguments: &[&str], typed: &str) -> (bool, String, String) {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that reads nothing may have ended already.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        let done = child.wait_with_output().unwrap();
        (done.status.success(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    }

    /// Serves on a free port; the log goes where it is told to.
    pub fn serve(&self, log: Stdio) -> Serving {
        self.serve_with(&[], log)
    }

    /// The same with further flags.
    pub fn serve_with(&self, flags: &[&str], log: Stdio) -> Serving {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], flags].concat();
        let mut child = self.command(&arguments).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.trim().strip_prefix("Listening on ").unwrap().to_owned();
        Serving { child, base }
    }
}

/// The texts of the elements that a selector finds.
pub fn texts(html: &str, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    Html::parse_document(html)
        .select(&selector)
        .map(|found| found.text().collect::<String>().trim().to_owned())
        .collect()
}

/// An attribute of the first element that a selector finds.
pub fn attribute(html: &str, selector: &str, name: &str) -> Option<String> {
    let selector = Selector::parse(selector).unwrap();
    Html::parse_document(html).select(&selector).next().and_then(|found| found.attr(name)).map(str::to_owned)
}

/// A new, empty database on the PostgreSQL that `make test` starts.
pub async fn new_postgres() -> String {
    let url = std::env::var("THIDUA_TEST_POSTGRES_URL").expect("`make test` sets THIDUA_TEST_POSTGRES_URL");
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).unwrap();
    let name = format!("thidua_{}", hex::encode(bytes));
    let mut admin = sqlx::PgConnection::connect(&url).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
    format!("{}/{name}", url.rsplit_once('/').unwrap().0)
}

/// Takes a database away again that a test has done with: hundreds of them fill a disk.
pub async fn drop_postgres(url: &str) {
    let server = std::env::var("THIDUA_TEST_POSTGRES_URL").unwrap();
    let mut admin = sqlx::PgConnection::connect(&server).await.unwrap();
    let name = url.rsplit_once('/').unwrap().1;
    sqlx::query(sqlx::AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).execute(&mut admin).await.unwrap();
}
