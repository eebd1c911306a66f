//! What nobody can do to the portal or to its readers.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

use scraper::{Html, Selector};
use thidua::server::state::Patience;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::harness::{PASSWORD, Program, Server, on_both, texts};

const ATTACK: &str = "</title></textarea><script>alert(1)</script><img src=x onerror=alert(1)>";

on_both! {
    /// Typed text is text everywhere: in titles, fields, bodies, searches, data for machines.
    async fn typed_text_never_becomes_markup(server: Server) {
        let slug = server.publish(&format!("---\ntitle: {ATTACK}\nslug: tan-cong\nlead: {ATTACK}\ncategory: Mục {ATTACK}\ntags: {ATTACK}\nauthor: {ATTACK}\nsource: {ATTACK}\ncaption: {ATTACK}\ncredit: {ATTACK}\n---\n\n{ATTACK}\n\n[x](javascript:alert(1))")).await;
        let search = format!("/tim-kiem?q={}", "%3C/title%3E%3Cscript%3Ealert(1)%3C/script%3E");
        for path in ["/", "/tin", &format!("/tin/{slug}"), &search, "/rss.xml", "/theo-doi/%3Cscript%3E", "/%3Cscript%3Ealert(1)%3C/script%3E"] {
            let html = server.page(path).await;
            assert!(!html.contains("<script>alert") && !html.contains("<img src=x") && !html.contains("javascript:alert"), "{path}");
        }
    }
}

on_both! {
    /// Every page has a policy without unsafe-inline and without a nonce, and the other headers.
    async fn every_answer_has_its_security_headers(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        for path in ["/", &format!("/tin/{slug}"), "/nope", "/rss.xml", "/healthz", "/tin/"] {
            let answer = server.get(path).await;
            let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
            let policy = header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline") && !policy.contains("nonce"), "{path}: {policy}");
            assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(header("referrer-policy"), "same-origin", "{path}");
            assert!(!answer.text().await.unwrap().contains("nonce="), "{path}");
        }
    }
}

on_both! {
    /// Other sites, oversized bodies and strange requests are refused with a page, and nothing panics.
    async fn hostile_requests_are_refused_with_a_page(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let address = format!("{}/tin/{slug}", server.base);
        let foreign = server.client.post(&address).header("origin", "http://evil.example").form(&[("name", "a"), ("text", "b")]).send().await.unwrap();
        assert_eq!(foreign.status(), 403);
        let large = server.client.post(&address).body("a".repeat(300_000)).send().await.unwrap();
        assert_eq!(large.status(), 413);
        let garbage = server.client.post(&address).body(vec![0xff_u8; 100]).send().await.unwrap();
        assert_eq!(garbage.status(), 422);
        let wrong = server.client.delete(&address).send().await.unwrap();
        assert_eq!(wrong.status(), 405);
        for answer in [foreign, large, garbage, wrong] {
            assert!(texts(&answer.text().await.unwrap(), "main h1").len() == 1);
        }
        let worst = "ế".repeat(2000);
        let answer = server.post(&format!("/tin/{slug}"), &[("name", "Lan"), ("text", &worst)]).await;
        assert_eq!(answer.status(), 303, "2,000 characters are taken whatever they weigh on the wire");
        for path in ["/tep/..%2F..%2Fsecret", "/tep/x", "/pkg/x/../../secret", "/api/nope"] {
            assert!(matches!(server.get(path).await.status().as_u16(), 400 | 404), "{path}");
        }
    }
}

/// A server function answers an error with its own status and no word of the database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_database_is_not_shown_to_the_reader() {
    let server = Server::start("").await;
    server.store.db.close().await;
    for path in ["/", "/tin", "/theo-doi/K7QM-3XPA-9RTB", "/api/announcement/home", "/readyz"] {
        let answer = server.get(path).await;
        assert!(answer.status().is_server_error(), "{path}");
        let text = answer.text().await.unwrap().to_lowercase();
        assert!(!text.contains("sqlx") && !text.contains("pool") && !text.contains("select"), "{path}: {text}");
    }
}

/// A peer that sends half a request head does not keep others waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_peer_keeps_nobody_waiting() {
    let server = Server::start("").await;
    let address = server.base.strip_prefix("http://").unwrap();
    let mut slow = Vec::new();
    for _ in 0..200 {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x").await.unwrap();
        slow.push(stream);
    }
    assert_eq!(server.get("/healthz").await.status(), 200);
    let mut raw = tokio::net::TcpStream::connect(address).await.unwrap();
    raw.write_all(b"GARBAGE\0\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    raw.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 400"));
}

/// A body that does not arrive is answered with a page; a head that does not, and an answer that nobody takes, end the
/// connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_peers_are_not_waited_for_for_ever() {
    let short = Duration::from_millis(300);
    let long = Duration::from_secs(600);
    let connect =
        |server: &Server| tokio::net::TcpStream::connect(server.base.strip_prefix("http://").unwrap().to_owned());

    let server = Server::start_with(
        "",
        Patience { head: long, silence: long, write: long, request: short, ..Patience::default() },
    )
    .await;
    let slug = server.publish("Tin một\n\nĐoạn một.").await;
    let mut body = connect(&server).await.unwrap();
    let head = format!(
        "POST /tin/{slug} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nname=Lan"
    );
    body.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    body.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("<h1>"), "{answer}");

    let server = Server::start_with(
        "",
        Patience { head: short, silence: long, write: long, request: long, ..Patience::default() },
    )
    .await;
    let mut head = connect(&server).await.unwrap();
    head.write_all(b"GET / HTTP/1.1\r\nHost: x").await.unwrap();
    let _ = head.read_to_end(&mut Vec::new()).await;

    let server = Server::start_with(
        "",
        Patience { head: long, silence: long, write: short, request: long, ..Patience::default() },
    )
    .await;
    let mut reader = connect(&server).await.unwrap();
    // More answers than any buffer holds are asked for and none is read, until the server has had enough.
    while reader.write_all(b"GET /pkg/0/thidua.css HTTP/1.1\r\nHost: x\r\n\r\n").await.is_ok() {}
    assert_eq!(server.get("/healthz").await.status(), 200);
}

/// What was acknowledged survives the hardest end of the process; the command line decides while the server runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledged_comment_survives_kill_9_and_is_approved_from_the_command_line() {
    let program = Program::new();
    assert!(program.run(&["announcement", "import", &program.file("tin.txt", "Tin một\n\nĐoạn một."), "--publish"]).0);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut server = program.serve(Stdio::null());
    let form = [("name", "Lan"), ("text", "Còn mãi")];
    let answer = client.post(format!("{}/tin/tin-mot", server.base)).form(&form).send().await.unwrap();
    let tracking = answer.headers()["location"].to_str().unwrap().to_owned();
    server.child.kill().unwrap();
    server.child.wait().unwrap();

    let server = program.serve(Stdio::null());
    let get = async |path: &str| client.get(format!("{}{path}", server.base)).send().await.unwrap();
    assert!(get(&tracking).await.status().is_success());
    let code = tracking.strip_prefix("/theo-doi/").unwrap();
    assert!(program.run(&["comment", "list"]).1.contains(code));
    assert!(program.run(&["comment", "approve", code]).0);
    let html = get("/tin/tin-mot").await.text().await.unwrap();
    assert_eq!(texts(&html, ".comment-text"), ["Còn mãi"]);
    let (done, _, why) = program.run(&["comment", "approve", "K7QM-3XPA-9RTB"]);
    assert!(!done && why.lines().count() == 1 && why.contains("K7QM-3XPA-9RTB"), "{why}");
}

/// What the desk has acknowledged as saved is there after the hardest end of the process, and so is the session; a
/// saving that the end cut off is sent again by the script as if nothing had been.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_saved_draft_survives_kill_9_and_writing_goes_on() {
    let program = Program::new();
    assert!(program.run_with(&["user", "add", "lan", "--role", "editor"], PASSWORD).0);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut server = program.serve(Stdio::null());
    let signed_in = [("name", "lan"), ("password", PASSWORD)];
    let answer = client.post(format!("{}/dang-nhap", server.base)).form(&signed_in).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let answer = client.post(format!("{}/quan-tri/tin", server.base)).header("cookie", &cookie).send().await.unwrap();
    let editor = answer.headers()["location"].to_str().unwrap().to_owned();
    let html = client.get(format!("{}{editor}", server.base)).header("cookie", &cookie).send().await.unwrap();
    let page = Html::parse_document(&html.text().await.unwrap());
    let field = |name: &str| {
        let selector = Selector::parse(&format!("#soan input[name={name}]")).unwrap();
        page.select(&selector).next().unwrap().attr("value").unwrap().to_owned()
    };
    let (revision, version) = (field("revision"), field("version"));
    let save = async |base: &str, version: &str, lead: &str| {
        let form = [("revision", revision.as_str()), ("version", version), ("title", "Tin"), ("lead", lead)];
        let asked = client.post(format!("{base}{editor}/tu-luu")).header("cookie", &cookie);
        let answer = asked.header("accept", "application/json").form(&form).send().await?;
        answer.json::<serde_json::Value>().await
    };
    assert_eq!(save(&server.base, &version, "Một").await.unwrap()["saved"], "done");
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    assert!(save(&server.base, &version, "Hai").await.is_err(), "nobody is there");

    let server = program.serve(Stdio::null());
    let html = client.get(format!("{}{editor}", server.base)).header("cookie", &cookie).send().await.unwrap();
    assert_eq!(texts(&html.text().await.unwrap(), "#lead"), ["Một"]);
    let next = (version.parse::<i64>().unwrap() + 1).to_string();
    assert_eq!(save(&server.base, &next, "Hai").await.unwrap()["saved"], "done");
}

/// A server that is asked to stop answers what it has begun, takes nothing new, and leaves a log of JSON lines.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_asked_to_stop_answers_what_it_has_begun() {
    let program = Program::new();
    assert!(program.run(&["announcement", "import", &program.file("tin.txt", "Tin một\n\nĐoạn một."), "--publish"]).0);
    let mut server = program.serve(Stdio::piped());
    let address = server.base.strip_prefix("http://").unwrap().to_owned();
    let body = "name=Lan&text=Sau+khi+dừng";
    let mut begun = tokio::net::TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /tin/tin-mot HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    begun.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body once it has begun with the request.
    let mut answer = vec![0_u8; 25];
    begun.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 100 Continue\r\n\r\n");
    assert!(Command::new("kill").arg(server.child.id().to_string()).status().unwrap().success());
    while tokio::net::TcpStream::connect(&address).await.is_ok() {}
    begun.write_all(body.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    begun.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let mut log = String::new();
    server.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(server.child.wait().unwrap().success());
    assert!(log.lines().any(|line| line.contains("answered")), "{log}");
    for line in log.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok_and(|line| line["level"].is_string()), "{line}");
    }
    assert!(program.run(&["comment", "list"]).1.contains("/tin/tin-mot"));
}

/// A database that is not up to date is not touched where that was forbidden, and a wrong setting is named.
#[test]
fn a_server_that_cannot_start_says_why_in_one_sentence() {
    let program = Program::new();
    for (arguments, said) in [
        (vec!["serve", "--no-migrate"], "thidua migrate"),
        (vec!["serve", "--listen", "nonsense"], "--listen"),
        (vec!["serve", "--base-url", "portal.vn/x"], "THIDUA_BASE_URL"),
        (vec!["--database-url", "mysql://x", "migrate"], "THIDUA_DATABASE_URL"),
        (vec!["serve", "--log", "loud"], "--log"),
        (vec!["serve", "--rate-limit", "perhaps"], "--rate-limit"),
        (vec!["serve", "--rate-limit", "off", "--listen", "nonsense"], "--listen"),
    ] {
        let (done, _, why) = program.run(&arguments);
        assert!(!done && why.contains(said) && !why.contains("panicked"), "{arguments:?}: {why}");
    }
    assert!(program.run(&["migrate"]).0);
    assert!(program.run(&["migrate"]).0, "twice is nothing");
    let elsewhere = Program::new();
    for arguments in [vec!["comment", "list"], vec!["announcement", "publish", "x"]] {
        let (done, _, why) = elsewhere.run(&arguments);
        assert!(!done && why.contains("There is no database"), "{why}");
    }
    let file = program.file("tin.txt", "Tin một\n\nĐoạn một.");
    assert!(program.run(&["announcement", "import", &file]).0);
    assert!(program.run(&["announcement", "publish", "/tin/tin-mot"]).1.contains("/tin/tin-mot"));
    let (done, _, why) = program.run(&["announcement", "withdraw", "tin-mot", "--reason", " "]);
    assert!(!done && why.contains("reason"), "{why}");
}

on_both! {
    /// An address that nothing of ours could have is an unknown one, to read and to comment on.
    async fn a_slug_of_signs_that_no_database_takes_is_unknown(server: Server) {
        for slug in ["%00", "a%00b", "%F0%9F%8C%B2", "a'b", "%22", "%7B%7D"] {
            assert_eq!(server.get(&format!("/tin/{slug}")).await.status(), 404, "{slug}");
            assert_eq!(server.get(&format!("/tin/chuyen-muc/{slug}")).await.status(), 404, "{slug}");
            assert_eq!(server.get(&format!("/nhan/{slug}")).await.status(), 404, "{slug}");
            let sent = server.post(&format!("/tin/{slug}"), &[("name", "Lan"), ("text", "Ý kiến")]).await;
            assert_eq!(sent.status(), 404, "{slug}");
        }
    }
}
