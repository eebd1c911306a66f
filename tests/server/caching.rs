//! What is promised of pages that are kept: nobody sees one of yesterday, and many who ask at once cost one rendering.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures::future::join_all;
use thidua::server::demo;
use thidua::server::services::actor::Actor;
use thidua::server::services::announcement::{publish_announcement, withdraw_announcement};
use thidua::server::services::comment::{Verdict, decide_comment};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Barrier;

use crate::harness::{Program, Server, on_both, texts};

fn staff() -> Actor {
    Actor::CommandLine("test".into())
}

/// Paragraphs of which no two are the same.
fn paragraphs(count: usize) -> String {
    let one = |n: usize| {
        format!("Xã thứ {n} giao cho thôn số {n} trồng {} cây, đã làm {} phần trăm.\n\n", n * 7919 % 977, n * 31 % 100)
    };
    (0..count).map(one).collect()
}

impl Server {
    fn renderings(&self) -> u64 {
        self.pages.as_ref().unwrap().counts.renderings.load(Ordering::Relaxed)
    }

    fn hits(&self) -> u64 {
        self.pages.as_ref().unwrap().counts.hits.load(Ordering::Relaxed)
    }
}

on_both! {
    /// A thousand who ask at once for a page that nobody has asked for wait for one rendering.
    async fn who_asks_at_once_waits_for_one_rendering(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let path = format!("/tin/{slug}");
        let pages = join_all((0..1000).map(|number| {
            // Every tenth hangs up.
            let patience = if number % 10 == 0 { Duration::from_micros(number) } else { Duration::from_secs(60) };
            let asked = server.page(&path);
            async move { tokio::time::timeout(patience, asked).await.ok() }
        }))
        .await;
        let answered: Vec<_> = pages.iter().flatten().collect();
        assert!(answered.len() >= 900 && answered.iter().all(|page| *page == answered[0] && page.contains("Đoạn một.")));
        assert_eq!(server.renderings(), 1);
        let hits = server.hits();
        server.page(&format!("{path}?fbclid=x")).await;
        assert_eq!((server.renderings(), server.hits()), (1, hits + 1), "what the page does not look at is nothing");
    }
}

on_both! {
    /// A kept page is the same in every encoding, has a tag of its own in each, and is not sent again to who has it.
    async fn a_kept_page_is_the_same_in_every_form(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let address = format!("{}/tin/{slug}", server.base);
        let ask = async |accepted: &str, known: &str| {
            let asked = server.client.get(&address).header("accept-encoding", accepted).header("if-none-match", known);
            asked.send().await.unwrap()
        };
        let mut tags = Vec::new();
        let whole = ask("identity", "").await.text().await.unwrap();
        for (accepted, sent) in [("identity", None), ("gzip", Some("gzip")), ("gzip, br", Some("br"))] {
            let answer = ask(accepted, "").await;
            let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            assert_eq!(header("content-encoding").as_deref(), sent);
            assert_eq!(header("vary").as_deref(), Some("accept-encoding, cookie"));
            assert_eq!(header("cache-control").as_deref(), Some("no-cache"));
            assert!(header("content-security-policy").unwrap().contains("'sha256-"));
            let tag = header("etag").unwrap();
            let length: usize = header("content-length").unwrap().parse().unwrap();
            let body = answer.bytes().await.unwrap();
            assert_eq!(body.len(), length);
            let mut text = String::new();
            match sent {
                Some("br") => std::io::Read::read_to_string(&mut brotli::Decompressor::new(&body[..], 4096), &mut text).unwrap(),
                Some(_) => std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&body[..]), &mut text).unwrap(),
                None => std::io::Read::read_to_string(&mut &body[..], &mut text).unwrap(),
            };
            assert_eq!(text, whole);
            let again = ask(accepted, &format!("\"other\", {tag}")).await;
            assert_eq!((again.status().as_u16(), again.headers()["etag"].to_str().unwrap()), (304, tag.as_str()));
            assert!(again.bytes().await.unwrap().is_empty());
            tags.push(tag);
        }
        tags.dedup();
        assert_eq!(tags.len(), 3);
        let head = server.client.head(&address).send().await.unwrap();
        assert_eq!(head.headers()["content-length"].to_str().unwrap(), whole.len().to_string());
        // Who has the page of before a change gets the new one.
        let code = server.comment(&slug, "Lan", "Ý kiến").await;
        server.approve(&code).await;
        let answer = ask("gzip, br", &tags[2]).await;
        assert_eq!(answer.status(), 200);
    }
}

on_both! {
    /// A page that many ask for is encoded once more with all effort, under another tag.
    async fn a_page_that_many_ask_for_gets_smaller(server: Server) {
        let slug = server.publish(&format!("Tin một\n\n{}", paragraphs(60))).await;
        let ask = async || {
            let asked = server.client.get(format!("{}/tin/{slug}", server.base)).header("accept-encoding", "br");
            let answer = asked.send().await.unwrap();
            (answer.headers()["etag"].clone(), answer.bytes().await.unwrap().len())
        };
        let (first, quick) = ask().await;
        let (last, most) = loop {
            let (tag, size) = ask().await;
            if tag != first {
                break (tag, size);
            }
        };
        assert!(most < quick && last != first, "{most} of {quick}");
    }
}

on_both! {
    /// What others may see is kept; what is of one reader, or wrong, is not.
    async fn what_is_of_one_reader_is_not_kept(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let code = server.comment(&slug, "Lan", "Ý kiến").await;
        let tracking = format!("/theo-doi/{code}");
        for (path, status, policy) in [
            (tracking.as_str(), 200, "private, no-store"),
            ("/tim-kiem?q=tin", 200, "no-cache"),
            ("/tin/khong-co", 404, "no-cache"),
            ("/tin?truoc=x", 400, "no-cache"),
        ] {
            for _ in 0..2 {
                let answer = server.get(path).await;
                assert_eq!((answer.status().as_u16(), answer.headers()["cache-control"].to_str().unwrap()), (status, policy), "{path}");
            }
        }
        assert_eq!(server.hits(), 0);
        let refused = server.post(&format!("/tin/{slug}"), &[("name", ""), ("text", "Riêng tôi")]).await;
        assert_eq!(refused.headers()["cache-control"].to_str().unwrap(), "private, no-store");
        server.page("/").await;
        let own = server.client.get(&server.base).header("cookie", "__Host-thidua=x").send().await.unwrap();
        assert_eq!((own.status().as_u16(), server.hits()), (200, 0), "whoever is known gets a page of their own");
        assert!(!server.page(&format!("/tin/{slug}")).await.contains("Riêng tôi"));
    }
}

on_both! {
    /// While the change log can't be read, pages are made anew for everybody.
    async fn a_process_that_cannot_follow_keeps_nothing(server: Server) {
        server.publish("Tin một\n\nĐoạn một.").await;
        server.page("/tin").await;
        server.page("/tin").await;
        assert_eq!(server.hits(), 1);
        server.run_sql("ALTER TABLE change_log RENAME TO aside").await;
        // The last look is believed for a moment.
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(600) {
            assert!(server.page("/tin").await.contains("Tin một"));
        }
        let hits = server.hits();
        assert_eq!(server.get("/tin").await.status(), 200);
        assert_eq!(server.hits(), hits);
        server.run_sql("ALTER TABLE aside RENAME TO change_log").await;
        server.page("/tin").await;
        server.page("/tin").await;
        assert!(server.hits() > hits);
    }
}

on_both! {
    /// The memory of kept pages is bounded.
    async fn no_more_is_kept_than_was_allowed(server: Server) {
        let small = server.beside(Some(1)).await;
        for number in 0..60 {
            server.publish(&format!("Tin {number}\n\n{}", paragraphs(60))).await;
        }
        for number in 0..60 {
            let path = format!("/tin/tin-{number}");
            assert!(small.page(&path).await.contains("thôn số 59 "), "{path}");
        }
        let weight = small.pages.as_ref().unwrap().weight();
        assert!(weight > 200_000 && weight <= 1024 * 1024, "{weight}");
    }
}

/// A row of numbers from a seed.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Everything that readers can open, of so many announcements.
fn addresses(count: usize) -> Vec<String> {
    let fixed = ["/", "/en", "/tin", "/tin/chuyen-muc/mot", "/tin/chuyen-muc/hai", "/nhan/chung", "/nhan/rieng"];
    let mut all: Vec<_> = fixed.map(str::to_owned).into();
    all.extend((0..count).map(|number| format!("/tin/tin-{number}")));
    all.push("/tin/tin-0?thu-tu=cu".to_owned());
    all
}

/// One random write by the commands of an official or the form of a citizen; gives what was done.
async fn write(server: &Server, dice: &mut Dice, count: &mut usize, codes: &mut Vec<String>) -> String {
    let slug = format!("tin-{}", dice.throw((*count).max(1)));
    match dice.throw(7) {
        0 => {
            let category = ["Một", "Hai"][dice.throw(2)];
            let tags = ["chung", "riêng", "chung, riêng"][dice.throw(3)];
            let text =
                format!("---\ntitle: Tin {count}\nlead: L\ncategory: {category}\ntags: {tags}\n---\n\nThân {count}.");
            server.publish(&text).await;
            *count += 1;
            format!("published {}", *count - 1)
        }
        1 => {
            let done = withdraw_announcement(&server.store, &staff(), &slug, "Sai").await;
            format!("withdrew {slug}: {done:?}")
        }
        2 => {
            let done = publish_announcement(&server.store, &staff(), &slug).await;
            format!("published {slug} again: {done:?}")
        }
        3 => {
            let answer =
                server.post(&format!("/tin/{slug}"), &[("name", "Lan"), ("text", &format!("Ý {}", dice.0))]).await;
            if answer.status() == 303 {
                codes.push(answer.headers()["location"].to_str().unwrap()["/theo-doi/".len()..].to_owned());
            }
            format!("commented on {slug}: {}", answer.status())
        }
        6 => {
            let category = ["Một", "Hai"][dice.throw(2)];
            let tags = ["chung", "riêng"][dice.throw(2)];
            let text = format!("---\ntitle: Sửa {}\nlead: L\ncategory: {category}\ntags: {tags}\n---\n\nThân.", dice.0);
            let done = server.revise(&slug, &text, ["", "Sửa"][dice.throw(2)]).await;
            format!("revised {slug}: {done:?}")
        }
        what if codes.is_empty() => format!("nothing ({what})"),
        what => {
            let code = &codes[dice.throw(codes.len())];
            let verdict =
                if what == 4 { Verdict::Approve } else { Verdict::Reject { reason: "Lặp lại".to_owned() } };
            let done = decide_comment(&server.store, &staff(), code, &verdict).await;
            format!("{verdict:?} {code}: {done:?}")
        }
    }
}

/// Random writes by two processes, and readers of both all the while: after each write its own process shows every page
/// as it is from the next request on, the other one within the time that is promised. `THIDUA_SOAK` is how many seconds
/// it goes on, `THIDUA_SEED` repeats a run.
async fn no_page_is_of_yesterday(database_url: &str, promised: Duration) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("THIDUA_SEED").unwrap_or_else(|| {
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).unwrap();
        u64::from_le_bytes(bytes) | 1
    });
    println!("THIDUA_SEED={seed}");
    let (mut dice, begun) = (Dice(seed), Instant::now());
    let time = Duration::from_secs(number("THIDUA_SOAK").unwrap_or(4));
    let one = Server::start(database_url).await;
    let two = one.beside(Some(8)).await;
    // It keeps nothing: what it says is so.
    let truth = one.beside(None).await;
    let mut readers = Vec::new();
    for server in [&one, &two] {
        let (client, base) = (server.client.clone(), server.base.clone());
        readers.push(tokio::spawn(async move {
            loop {
                for path in ["/", "/tin", "/tin/tin-0", "/tin/tin-1"] {
                    let answer = client.get(format!("{base}{path}")).send().await.unwrap();
                    assert!(matches!(answer.status().as_u16(), 200 | 404 | 410), "{path}: {}", answer.status());
                }
            }
        }));
    }
    let (mut count, mut codes, mut rounds) = (0, Vec::new(), 0);
    while begun.elapsed() < time || rounds < 12 {
        rounds += 1;
        let (writer, other) = if dice.throw(2) == 0 { (&one, &two) } else { (&two, &one) };
        let done = write(writer, &mut dice, &mut count, &mut codes).await;
        let written = Instant::now();
        let some: Vec<_> = addresses(count.min(4)).into_iter().filter(|_| dice.throw(2) == 0).collect();
        // The first page that is asked for is asked for at once.
        let shown = join_all(some.iter().map(|path| writer.page(path))).await;
        let truths = join_all(some.iter().map(|path| truth.page(path))).await;
        for ((path, shown), truth) in some.iter().zip(&shown).zip(&truths) {
            assert!(shown == truth, "round {rounds}: {done}: {path} is of yesterday in the process that wrote");
        }
        tokio::time::sleep_until((written + promised).into()).await;
        let shown = join_all(some.iter().map(|path| other.page(path))).await;
        for ((path, shown), truth) in some.iter().zip(&shown).zip(&truths) {
            assert!(shown == truth, "round {rounds}: {done}: {path} is of yesterday in the other process");
        }
    }
    for reader in readers {
        reader.abort();
        assert!(reader.await.is_err_and(|end| end.is_cancelled()), "a reader was let down");
    }
    println!("{rounds} writes, {} and {} pages from memory", one.hits(), two.hits());
    assert!(one.hits() > 0 && two.hits() > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_is_of_yesterday_sqlite() {
    no_page_is_of_yesterday("", Duration::from_millis(100)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_is_of_yesterday_postgres() {
    no_page_is_of_yesterday(&crate::harness::new_postgres().await, Duration::from_secs(1)).await;
}

on_both! {
    /// What the command line approves while the server runs is seen by who asks a tenth of a second later.
    async fn a_decision_of_another_process_is_seen_in_time(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let path = format!("/tin/{slug}");
        let code = server.comment(&slug, "Bà Tư", "Ý kiến").await;
        server.page(&path).await;
        let other = server.beside(None).await;
        decide_comment(&other.store, &staff(), &code, &Verdict::Approve).await.unwrap();
        let decided = Instant::now();
        while texts(&server.page(&path).await, ".comment-author").is_empty() {
            assert!(decided.elapsed() < Duration::from_millis(950), "the comment did not show");
        }
        println!("seen after {} ms", decided.elapsed().as_millis());
    }
}

on_both! {
    /// A page that could not be made is not given to anybody else: who asks next gets what there is then.
    async fn a_page_that_could_not_be_made_is_not_kept(server: Server) {
        server.publish("Tin một\n\nĐoạn một.").await;
        server.run_sql("ALTER TABLE category RENAME TO aside").await;
        assert_eq!(server.get("/tin/tin-mot").await.status(), 500);
        server.run_sql("ALTER TABLE aside RENAME TO category").await;
        let answer = server.get("/tin/tin-mot").await;
        assert_eq!(answer.status(), 200);
        assert!(answer.text().await.unwrap().contains("Đoạn một."));
        assert_eq!(server.get("/tin/tin-hai").await.status(), 404);
        server.publish("Tin hai\n\nĐoạn hai.").await;
        assert_eq!(server.get("/tin/tin-hai").await.status(), 200);
    }
}

on_both! {
    /// A change that nobody was notified of, as when a connection had broken, is seen within the second all the same.
    async fn a_notification_that_was_lost_is_made_up_for(server: Server) {
        server.publish("Tin một\n\nĐoạn một.").await;
        assert!(server.page("/tin/tin-mot").await.contains("Đoạn một."));
        server.run_sql("UPDATE revision SET body_html = '<p>Đoạn mới.</p>'").await;
        assert!(server.page("/tin/tin-mot").await.contains("Đoạn một."));
        server.run_sql("INSERT INTO change_log (at, thing_kind, thing_id) SELECT 0, 'announcement', id FROM announcement").await;
        let written = Instant::now();
        while !server.page("/tin/tin-mot").await.contains("Đoạn mới.") {
            assert!(written.elapsed() < Duration::from_millis(950), "the change did not show");
        }
    }
}

on_both! {
    /// Readers who take nothing of what they asked for hold nothing that others need.
    async fn slow_readers_hold_nothing(server: Server) {
        let slug = server.publish(&format!("Tin một\n\n{}", paragraphs(200))).await;
        let address = server.base.strip_prefix("http://").unwrap();
        let asked = format!("GET /tin/{slug} HTTP/1.1\r\nHost: x\r\n\r\n");
        let mut readers = Vec::new();
        for _ in 0..8 {
            let mut reader = tokio::net::TcpStream::connect(address).await.unwrap();
            // Until neither the server nor the system takes any more.
            while tokio::time::timeout(Duration::from_millis(20), reader.write_all(asked.as_bytes())).await.is_ok() {}
            readers.push(reader);
        }
        let code = server.comment(&slug, "Bà Tư", "Ý kiến").await;
        server.approve(&code).await;
        assert_eq!(texts(&server.page(&format!("/tin/{slug}")).await, ".comment-author"), ["Bà Tư"]);
        drop(readers);
    }
}

/// The morning of a launch: everybody opens the page in the same second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_five_thousand_connections_is_answered() {
    let handles = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    assert!(handles > 5_100, "this machine allows a process {handles} open files");
    let program = Program::new();
    let paper = program.file("paper.txt", "Tin một\n\nĐoạn một.");
    assert!(program.run(&["announcement", "import", &paper, "--publish"]).0);
    let server = program.serve(Stdio::null());
    let address = server.base.strip_prefix("http://").unwrap().to_owned();
    let all = Arc::new(Barrier::new(5_000));
    let readers: Vec<_> = (0..5_000)
        .map(|_| {
            let (address, all) = (address.clone(), all.clone());
            tokio::spawn(async move {
                let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
                all.wait().await;
                stream.write_all(b"GET /tin/tin-mot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
                let mut answer = Vec::new();
                stream.read_to_end(&mut answer).await.unwrap();
                answer.starts_with(b"HTTP/1.1 200 OK")
            })
        })
        .collect();
    for reader in readers {
        assert!(reader.await.unwrap());
    }
}

on_both! {
    /// The page that everybody opens on the day of a launch: a whole text, fifty comments, ten other links and the ten
    /// latest. It is to weigh at most seven kilobytes.
    async fn the_page_of_a_launch_is_light(server: Server) {
        demo::load(&server.store).await.unwrap();
        let paper = include_str!("../../demo/announcements/01-phat-dong-thi-dua-muc-tieu-kep-2021.md");
        let kept = |line: &&str| !["slug:", "image:", "caption:", "credit:", "alt:"].iter().any(|key| line.starts_with(key));
        let paper: Vec<_> = paper.lines().filter(kept).collect();
        let slug = server.publish(&paper.join("\n").replace("title: Phát động", "title: Hưởng ứng")).await;
        for number in 1..=50 {
            let code = server.comment(&slug, &format!("Người dân {number}"), &format!("Góp ý số {number} cho phong trào.")).await;
            server.approve(&code).await;
        }
        let path = format!("/tin/{slug}");
        let html = server.page(&path).await;
        assert_eq!((texts(&html, ".comment").len(), texts(&html, "aside .teaser").len()), (50, 20));
        let brotli = async || {
            let asked = server.client.get(format!("{}{path}", server.base)).header("accept-encoding", "br");
            asked.send().await.unwrap().bytes().await.unwrap().len()
        };
        let quick = brotli().await;
        let mut size = quick;
        while size == quick {
            size = brotli().await;
        }
        println!("{} bytes plain, {quick} in quick brotli, {size} in the best", html.len());
        assert!(size <= 7_100, "{size} bytes");
    }
}

on_both! {
    /// Several servers in one process, as in these tests: one that starts takes no page of another one its data.
    async fn a_page_is_rendered_while_another_server_of_the_process_starts(server: Server) {
        let truth = server.beside(None).await;
        let reading = async {
            for _ in 0..40 {
                assert_eq!(truth.get("/tin").await.status(), 200);
            }
        };
        let starting = async {
            for _ in 0..8 {
                truth.beside(None).await;
            }
        };
        tokio::join!(reading, starting);
    }
}
