//! What nobody can do to the portal or to its readers.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use thidua::server::state::Patience;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::harness::{Server, on_both, texts};

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

    let server = Server::start_with("", Patience { head: long, silence: long, write: long, request: short }).await;
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

    let server = Server::start_with("", Patience { head: short, silence: long, write: long, request: long }).await;
    let mut head = connect(&server).await.unwrap();
    head.write_all(b"GET / HTTP/1.1\r\nHost: x").await.unwrap();
    let _ = head.read_to_end(&mut Vec::new()).await;

    let server = Server::start_with("", Patience { head: long, silence: long, write: short, request: long }).await;
    let mut reader = connect(&server).await.unwrap();
    // More answers than any buffer holds are asked for and none is read, until the server has had enough.
    while reader.write_all(b"GET /pkg/0/thidua.css HTTP/1.1\r\nHost: x\r\n\r\n").await.is_ok() {}
    assert_eq!(server.get("/healthz").await.status(), 200);
}

/// What was acknowledged survives the hardest end of the process; the command line decides while the server runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledged_comment_survives_kill_9_and_is_approved_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tin.txt");
    std::fs::write(&file, "Tin một\n\nĐoạn một.").unwrap();
    let data = folder.path().join("data");
    let run = |arguments: &[&str]| {
        let done =
            Command::new(env!("CARGO_BIN_EXE_thidua")).arg("--data").arg(&data).args(arguments).output().unwrap();
        (done.status.success(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let serve = || {
        let mut child = Command::new(env!("CARGO_BIN_EXE_thidua"))
            .arg("--data")
            .arg(&data)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        (child, line.trim().strip_prefix("Listening on ").unwrap().to_owned())
    };
    assert!(run(&["announcement", "import", file.to_str().unwrap(), "--publish"]).0);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let (mut child, base) = serve();
    let answer =
        client.post(format!("{base}/tin/tin-mot")).form(&[("name", "Lan"), ("text", "Còn mãi")]).send().await.unwrap();
    let tracking = answer.headers()["location"].to_str().unwrap().to_owned();
    child.kill().unwrap();
    child.wait().unwrap();

    let (mut child, base) = serve();
    assert!(client.get(format!("{base}{tracking}")).send().await.unwrap().status().is_success());
    let code = tracking.strip_prefix("/theo-doi/").unwrap();
    assert!(run(&["comment", "list"]).1.contains(code));
    assert!(run(&["comment", "approve", code]).0);
    let html = client.get(format!("{base}/tin/tin-mot")).send().await.unwrap().text().await.unwrap();
    assert_eq!(texts(&html, ".comment-text"), ["Còn mãi"]);
    let (done, _, why) = run(&["comment", "approve", "K7QM-3XPA-9RTB"]);
    assert!(!done && why.lines().count() == 1 && why.contains("K7QM-3XPA-9RTB"), "{why}");
    child.kill().unwrap();
    child.wait().unwrap();
}
