//! What is promised to whoever has a page open: new comments are told at once, what waits never is.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures::future::join_all;
use reqwest::Response;
use serde_json::{Value, json};
use thidua::domain::account::Role;
use thidua::server::services::actor::Actor;
use thidua::server::services::announcement::withdraw_announcement;
use thidua::server::services::live::LiveLimits;
use thidua::server::state::Patience;

use crate::harness::{Program, Server, attribute, on_both, target, texts};

/// Far longer than anything here takes.
const LONG: Duration = Duration::from_secs(20);

/// An open stream.
struct Stream {
    answer: Response,
    rest: String,
}

impl Stream {
    fn new(answer: Response) -> Self {
        assert_eq!(answer.status(), 200);
        Self { answer, rest: String::new() }
    }

    /// The next part, whatever it is; none at the end.
    async fn part(&mut self) -> Option<String> {
        loop {
            if let Some((part, rest)) = self.rest.split_once("\n\n") {
                let (part, rest) = (part.to_owned(), rest.to_owned());
                self.rest = rest;
                return Some(part);
            }
            let more = tokio::time::timeout(LONG, self.answer.chunk()).await.expect("something is told");
            self.rest.push_str(std::str::from_utf8(&more.unwrap()?).unwrap());
        }
    }

    /// The next event with its data.
    async fn event(&mut self) -> Option<(String, Value)> {
        loop {
            let part = self.part().await?;
            if let Some((kind, data)) = part.strip_prefix("event: ").and_then(|event| event.split_once("\ndata: ")) {
                return Some((kind.to_owned(), serde_json::from_str(data).unwrap()));
            }
        }
    }

    /// The next event, which tells how a discussion stands.
    async fn told(&mut self) -> Value {
        let (kind, told) = self.event().await.expect("the stream goes on");
        assert_eq!(kind, "phan-hoi");
        told
    }
}

impl Server {
    async fn watch(&self, pages: &str) -> Stream {
        Stream::new(self.get(&format!("/su-kien?trang={pages}")).await)
    }

    async fn id(&self, slug: &str) -> i64 {
        self.number(&format!("SELECT id FROM announcement WHERE slug = '{slug}'")).await
    }

    async fn comment_by(&self, name: &str) -> i64 {
        self.number(&format!("SELECT id FROM comment WHERE author_name = '{name}'")).await
    }

    async fn until_streams(&self, count: usize) {
        let begun = Instant::now();
        while self.state().live.streams() != count {
            assert!(begun.elapsed() < LONG, "{} streams instead of {count}", self.state().live.streams());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

on_both! {
    /// Whoever watches is told of an approval, by this process and by another one on the same database; what is taken away
    /// is no longer counted. A stream begins with how things stand, whatever its reader knew before.
    async fn an_approval_is_told_whoever_made_it(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let id = server.id(&slug).await;
        let page = server.page(&format!("/tin/{slug}")).await;
        let known: Value = serde_json::from_str(&attribute(&page, ".discussion", "data-live").unwrap()).unwrap();
        assert_eq!((&known["id"], &known["count"], &known["top"]), (&json!(id), &json!(0), &json!(true)));
        let mut stream = server.watch(&id.to_string()).await;
        let header = |name: &str| stream.answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((header("content-type").as_str(), header("x-accel-buffering").as_str()), ("text/event-stream", "no"));
        assert!(header("cache-control").contains("no-store"));
        assert_eq!(stream.told().await, json!({ "trang": id, "so": 0, "moi": [] }));
        let code = server.comment(&slug, "Lan", "Ý kiến một").await;
        server.approve(&code).await;
        let lan = server.comment_by("Lan").await;
        assert_eq!(stream.told().await, json!({ "trang": id, "so": 1, "moi": [lan] }));
        let beside = server.beside(None).await;
        let more = server.comment(&slug, "Tư", "Ý kiến hai").await;
        beside.approve(&more).await;
        let tu = server.comment_by("Tư").await;
        assert_eq!(stream.told().await, json!({ "trang": id, "so": 2, "moi": [tu, lan] }));
        server.reject(&code, "Nhầm.").await;
        assert_eq!(stream.told().await, json!({ "trang": id, "so": 1, "moi": [tu] }));
        let address = format!("{}/su-kien?trang={id}", server.base);
        let back = server.client.get(address).header("last-event-id", "99").header("accept-encoding", "gzip, br").send();
        let mut back = Stream::new(back.await.unwrap());
        assert!(!back.answer.headers().contains_key("content-encoding"));
        assert_eq!(back.told().await, json!({ "trang": id, "so": 1, "moi": [tu] }));
        let page = server.page(&format!("/tin/{slug}?thu-tu=cu")).await;
        let known: Value = serde_json::from_str(&attribute(&page, ".discussion", "data-live").unwrap()).unwrap();
        assert_eq!((&known["count"], &known["top"]), (&json!(1), &json!(false)), "new ones do not stand on top");
    }
}

on_both! {
    /// What waits, what is rejected, a change that waits, a report, and what happens elsewhere: of none of it anything is told.
    async fn what_waits_is_not_told(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let other = server.publish("Tin hai\n\nĐoạn một.").await;
        let id = server.id(&slug).await;
        let mut stream = server.watch(&id.to_string()).await;
        assert_eq!(stream.told().await["so"], 0);
        let lan = server.browser();
        let sent = lan.post(&format!("/tin/{slug}"), &[("name", "Lan"), ("text", "Ý kiến một")]).await;
        let path = target(&sent);
        server.approve(&path[10..]).await;
        let first = server.comment_by("Lan").await;
        assert_eq!(stream.told().await, json!({ "trang": id, "so": 1, "moi": [first] }));
        let rejected = server.comment(&slug, "Năm", "Ý kiến hai").await;
        server.reject(&rejected, "Quảng cáo.").await;
        server.comment(&slug, "Sáu", "Ý kiến ba").await;
        let elsewhere = server.comment(&other, "Bảy", "Ý kiến bốn").await;
        server.approve(&elsewhere).await;
        let code = texts(&lan.page(&path).await, ".edit-code").concat();
        let changed = lan.post(&path, &[("viec", "sua"), ("ma-sua", &code), ("text", "Bản thứ hai")]).await;
        assert_eq!(target(&changed), format!("{path}?xong=cho"), "the change waits");
        server.browser().post(&format!("/phan-hoi/{first}"), &[("viec", "bao"), ("ly-do", "insult")]).await;
        server.browser().post(&format!("/phan-hoi/{first}"), &[("viec", "dong-tinh")]).await;
        let moderator = server.official("tu", &[(Role::Moderator, None)]).await;
        assert!(moderator.page("/quan-tri/phan-hoi").await.contains("Sáu"));
        let last = server.comment(&slug, "Tám", "Ý kiến năm").await;
        server.approve(&last).await;
        let eighth = server.comment_by("Tám").await;
        assert_eq!(stream.told().await, json!({ "trang": id, "so": 2, "moi": [eighth, first] }), "the next event is of the next approval");
    }
}

on_both! {
    /// One stream watches several pages. Of a page that is withdrawn it is said that there are no more events, and no word
    /// why; the stream ends with its last page. Unknown, never published and withdrawn are one answer.
    async fn a_withdrawn_page_is_told_no_more(server: Server) {
        let (one, two) = (server.publish("Tin một\n\nĐoạn một.").await, server.publish("Tin hai\n\nĐoạn một.").await);
        let (first, second) = (server.id(&one).await, server.id(&two).await);
        server.import("Tin ba\n\nĐoạn một.", false).await.unwrap();
        let hidden = server.number("SELECT MAX(id) FROM announcement").await;
        let mut stream = server.watch(&format!("{first},{hidden},{second},{first}")).await;
        let mut begun = [stream.event().await.unwrap(), stream.event().await.unwrap(), stream.event().await.unwrap()];
        begun.sort_by_key(|(_, data)| data["trang"].as_i64());
        assert_eq!(begun[0].1["trang"], first);
        assert_eq!(begun[2], ("het".to_owned(), json!({ "trang": hidden })));
        let staff = Actor::CommandLine("test".into());
        withdraw_announcement(&server.store, &staff, &one, "Số liệu chưa đúng").await.unwrap();
        assert_eq!(stream.event().await.unwrap(), ("het".to_owned(), json!({ "trang": first })));
        let code = server.comment(&two, "Lan", "Ý kiến").await;
        server.approve(&code).await;
        assert_eq!(stream.told().await["trang"], second);
        let mut other = server.watch(&second.to_string()).await;
        other.told().await;
        withdraw_announcement(&server.store, &staff, &two, "Số liệu chưa đúng").await.unwrap();
        for stream in [&mut stream, &mut other] {
            assert_eq!(stream.event().await.unwrap(), ("het".to_owned(), json!({ "trang": second })));
            assert_eq!(stream.event().await, None);
        }
        server.until_streams(0).await;
        let mut answers = Vec::new();
        for id in [first, second, hidden, 987_654] {
            let answer = server.get(&format!("/su-kien?trang={id}")).await;
            assert_eq!(answer.status(), 404, "{id}");
            answers.push(answer.text().await.unwrap());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
    }
}

on_both! {
    /// A query that this program would not have written is answered with a sentence.
    async fn a_bad_query_is_answered_with_a_sentence(server: Server) {
        let many = (1..=17).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
        for query in ["", "?", "?trang=", "?trang=x", "?trang=1,", "?trang=-1", "?trang=0", "?trang=1%00", "?trang=99999999999999999999", "?x=1", &format!("?trang={many}"), "?trang=1&trang=2", "?trang=%FF"] {
            let answer = server.get(&format!("/su-kien{query}")).await;
            assert_eq!(answer.status(), 400, "{query}");
            let said: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
            assert!(said["sentence"].as_str().unwrap().contains("trang"), "{query}");
        }
        assert_eq!(server.post("/su-kien?trang=1", &[]).await.status(), 405);
        assert_eq!(server.state().live.streams(), 0);
    }
}

on_both! {
    /// Two hundred who watch are told, and many approvals at once are few events; who has left is no longer counted.
    async fn many_who_watch_are_all_told(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let id = server.id(&slug).await.to_string();
        let mut streams = join_all((0..200).map(|_| server.watch(&id))).await;
        for told in join_all(streams.iter_mut().map(Stream::told)).await {
            assert_eq!(told["so"], 0);
        }
        assert_eq!(server.state().live.streams(), 200);
        let mut codes = Vec::new();
        for number in 0..30 {
            codes.push(server.comment(&slug, &format!("Lan {number}"), "Ý kiến").await);
        }
        for code in &codes {
            server.approve(code).await;
        }
        let until_all = async |stream: &mut Stream| {
            let mut events = 1;
            let mut told = stream.told().await;
            while told["so"] != 30 {
                told = stream.told().await;
                events += 1;
            }
            assert_eq!(told["moi"].as_array().unwrap().len(), 20);
            events
        };
        for events in join_all(streams.iter_mut().map(until_all)).await {
            assert!(events < 30, "{events} events");
        }
        drop(streams);
        server.until_streams(0).await;
    }
}

/// There are so many streams and no more, and one address has half of them; whoever finds none is told when to ask again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_the_limit_of_streams_one_is_told_so() {
    let limits = LiveLimits { streams: 4, ..LiveLimits::default() };
    let server = Server::start_live("", Patience::default(), limits).await;
    let slug = server.publish("Tin một\n\nĐoạn một.").await;
    let id = server.id(&slug).await.to_string();
    let streams = [server.watch(&id).await, server.watch(&id).await];
    let full = server.get(&format!("/su-kien?trang={id}")).await;
    assert_eq!((full.status().as_u16(), full.headers()["retry-after"].to_str().unwrap()), (503, "60"));
    assert!(full.text().await.unwrap().contains("sentence"));
    assert_eq!(server.get(&format!("/tin/{slug}")).await.status(), 200);
    drop(streams);
    server.until_streams(0).await;
    server.watch(&id).await;
}

/// A reader who says nothing is let be for as long as the stream lasts, which ends by itself; on a connection without a
/// stream silence is what it was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_listens_may_be_silent() {
    let (short, beat) = (Duration::from_millis(300), Duration::from_millis(50));
    let patience = Patience { silence: short, head: LONG, ..Patience::default() };
    let limits = LiveLimits { heartbeat: beat, life: Duration::from_secs(2), ..LiveLimits::default() };
    let server = Server::start_live("", patience, limits).await;
    let slug = server.publish("Tin một\n\nĐoạn một.").await;
    let begun = Instant::now();
    let mut stream = server.watch(&server.id(&slug).await.to_string()).await;
    let mut beats = 0;
    while let Some(part) = stream.part().await {
        beats += usize::from(part == ":");
    }
    assert!(begun.elapsed() >= 3 * short && beats > 5, "it ended after {:?} and {beats} beats", begun.elapsed());
    server.until_streams(0).await;
}

/// A server that is asked to stop does not wait for those who only listen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_ends_the_streams() {
    let program = Program::new();
    assert!(program.run(&["announcement", "import", &program.file("tin.txt", "Tin một\n\nĐoạn một."), "--publish"]).0);
    let mut server = program.serve(Stdio::null());
    let answer = reqwest::get(format!("{}/su-kien?trang=1", server.base)).await.unwrap();
    let mut stream = Stream::new(answer);
    assert_eq!(stream.told().await["so"], 0);
    let begun = Instant::now();
    assert!(Command::new("kill").arg(server.child.id().to_string()).status().unwrap().success());
    assert_eq!(stream.event().await, None);
    assert!(server.child.wait().unwrap().success());
    assert!(begun.elapsed() < Duration::from_secs(8), "it took {:?}", begun.elapsed());
}
