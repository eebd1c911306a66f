//! What is promised about mail: only who has confirmed an address is told of anything, once, and can end it by one click.

use std::collections::BTreeSet;
use std::path::PathBuf;

use base64::Engine;
use thidua::domain::account::Role;
use thidua::domain::notice::Event;
use thidua::server::clock::now;
use thidua::server::db::mail as outbox;
use thidua::server::mail::Mailer;
use thidua::server::mail::letter::Post;
use thidua::server::services::mail::{CLAIM_TIME, send_due};
use thidua::server::services::notice::{self, tell};
use thidua::server::services::reminder::remind_due;

use crate::harness::{Browser, Program, Server, on_both, target, texts};

#[path = "mailing/remote.rs"]
mod remote;

const MINUTE: i64 = 60_000;
/// When a decision can no longer be taken back.
const LATER: i64 = 2 * MINUTE;

/// A mail as it was written.
#[derive(Debug)]
pub struct Mail {
    head: String,
    pub to: String,
    pub subject: String,
    pub body: String,
}

impl Mail {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let head = head.replace("\r\n ", " ");
        let field = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
            line.unwrap_or_else(|| panic!("no {name} in {head}")).to_owned()
        };
        Self { to: field("To"), subject: words(&field("Subject")), body: unquoted(body), head: head.clone() }
    }

    /// The path of the link in it that has this part.
    pub fn path(&self, server: &Server, part: &str) -> String {
        let link =
            self.body.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("{part}: {}", self.body));
        link.strip_prefix(&server.base).unwrap().to_owned()
    }
}

/// The words of a subject (RFC 2047): between two encoded ones no space is meant.
fn words(text: &str) -> String {
    let (mut out, mut after_encoded) = (Vec::new(), true);
    for word in text.split(' ') {
        let encoded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        if !(out.is_empty() || after_encoded && encoded.is_some()) {
            out.push(b' ');
        }
        match encoded {
            Some(word) => out.extend(base64::engine::general_purpose::STANDARD.decode(word).unwrap()),
            None => out.extend(word.bytes()),
        }
        after_encoded = encoded.is_some();
    }
    String::from_utf8(out).unwrap()
}

/// Quoted-printable as text.
fn unquoted(text: &str) -> String {
    let text = text.replace("=\r\n", "").replace("\r\n", "\n");
    let (mut out, mut bytes) = (Vec::new(), text.bytes());
    while let Some(byte) = bytes.next() {
        if byte == b'=' {
            let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).unwrap()
}

/// A server's mail, which goes into a folder.
pub struct MailBox {
    folder: PathBuf,
    mailer: Mailer,
    post: Post,
}

impl MailBox {
    /// The server offers notices from now on.
    pub fn of(server: &Server) -> Self {
        server.store.mail.offer();
        let folder = server.folder.join("mail");
        let mailer = Mailer::open(&format!("file:{}", folder.display()), "", "Cổng thử").unwrap();
        Self { folder, mailer, post: post_of(server) }
    }

    /// What is sent when the clock shows so many milliseconds more than it does.
    pub async fn sent(&self, server: &Server, ahead: i64) -> Vec<Mail> {
        while send_due(&server.store, &self.mailer, &self.post, now().plus_ms(ahead)).await.unwrap() > 0 {}
        self.taken()
    }

    /// What lies in the folder; it is taken out.
    fn taken(&self) -> Vec<Mail> {
        let mut files: Vec<_> = std::fs::read_dir(&self.folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let read = files.iter().map(|file| Mail::parse(&std::fs::read_to_string(file).unwrap())).collect();
        files.iter().for_each(|file| std::fs::remove_file(file).unwrap());
        read
    }

    /// The one mail that is sent.
    pub async fn one(&self, server: &Server, ahead: i64) -> Mail {
        let mut sent = self.sent(server, ahead).await;
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent.remove(0)
    }
}

fn post_of(server: &Server) -> Post {
    Post { base_url: server.base.clone(), site_name: "Cổng thử".into() }
}

/// Sends a comment with an address and gives the path of its tracking page and the second code.
async fn comment(server: &Server, slug: &str, name: &str, email: &str, text: &str) -> (String, String) {
    let form = [("name", name), ("email", email), ("text", text)];
    let answer = server.post(&format!("/tin/{slug}"), &form).await;
    assert_eq!(answer.status(), 303);
    let path = target(&answer);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    (path, cookie.strip_prefix("ma-sua=").unwrap().split(';').next().unwrap().to_owned())
}

/// The same, and the address is confirmed; gives the path of the link in its mails, too.
async fn followed(server: &Server, mail: &MailBox, slug: &str, name: &str, email: &str) -> (String, String, String) {
    let (path, code) = comment(server, slug, name, email, &format!("Ý kiến của {name}")).await;
    let asked = mail.one(server, 0).await;
    assert_eq!(asked.to, email);
    let link = asked.path(server, "/thu?ma=");
    let confirmed = server.post(&link, &[("viec", "xac-nhan")]).await;
    assert_eq!((confirmed.status().as_u16(), target(&confirmed)), (303, link.clone()));
    (path, code, link)
}

/// The numbers of what waits, the longest first.
async fn waiting(browser: &Browser) -> Vec<String> {
    let form = crate::harness::fields_of(&browser.page("/quan-tri/phan-hoi").await, "form.queue");
    form.iter().filter_map(|(name, _)| name.strip_prefix("ban-").map(str::to_owned)).collect()
}

async fn publish(server: &Server) -> String {
    server.publish("Tin một\n\nĐoạn một.").await
}

on_both! {
    /// Whoever has an address is asked by one mail, which says nothing of the comment; looking at its link changes
    /// nothing, as programs look at every link; and what happened before the button was pressed is not told by mail but
    /// on the page that comes then.
    async fn nothing_is_told_before_an_address_is_confirmed(server: Server) {
        let mail = MailBox::of(&server);
        let slug = publish(&server).await;
        assert!(server.page(&format!("/tin/{slug}")).await.contains("Chúng tôi gửi một thư để bạn xác nhận"));
        let (path, _) = comment(&server, &slug, "Bà Tư", "Tu.Ba@Example.VN", "Bao giờ bắt đầu?").await;
        let asked = mail.one(&server, 0).await;
        assert_eq!((asked.to.as_str(), asked.subject.as_str()), ("Tu.Ba@Example.VN", "Xác nhận đăng ký thông báo qua thư – Cổng thử"));
        for word in ["Bà Tư", "Bao giờ", "Tin một"] {
            assert!(!asked.body.contains(word) && !asked.head.contains(word), "{word}");
        }
        let link = asked.path(&server, "/thu?ma=");
        for _ in 0..2 {
            let html = server.page(&link).await;
            assert_eq!(texts(&html, "h1"), ["Xác nhận đăng ký thông báo qua thư"]);
            assert!(html.contains("T***@E***.VN") && !html.contains("Tu.Ba") && html.contains("noindex"), "{html}");
        }
        assert!(texts(&server.page(&path).await, "#thu p")[0].starts_with("Đang chờ xác nhận (T***@E***.VN)"));
        server.approve(&path[10..]).await;
        assert!(mail.sent(&server, LATER).await.is_empty(), "not confirmed, nothing told");
        for _ in 0..2 {
            assert_eq!(target(&server.post(&link, &[("viec", "xac-nhan")]).await), link);
        }
        let html = server.page(&link).await;
        assert_eq!(texts(&html, "h1"), ["Thông báo qua thư đang bật"]);
        assert!(html.contains("Đã hiển thị lúc"), "where it stands now");
        assert!(mail.sent(&server, LATER).await.is_empty(), "nor afterwards");
        assert!(texts(&server.page(&path).await, "#thu p")[0].starts_with("Đang bật (T***@E***.VN)"));
        server.reject(&path[10..], "Sai trang").await;
        assert!(mail.sent(&server, 0).await.is_empty(), "a decision can be taken back for a minute");
        let told = mail.one(&server, LATER).await;
        assert_eq!(told.subject, "Phản hồi của bạn không còn được hiển thị – Cổng thử");
        assert!(told.body.contains("Lý do: Sai trang") && told.body.contains(&format!("{}{path}\n", server.base)), "{}", told.body);
        assert_eq!(server.number("SELECT COUNT(*) FROM mail WHERE sent_at IS NULL OR detail <> ''").await, 0, "what was sent is forgotten");
    }
}

on_both! {
    /// What is told holds the reason, the page and two links, in the language of the sending; nothing that anybody wrote
    /// in a comment, no name and no other address.
    async fn a_mail_holds_nothing_of_others(server: Server) {
        let mail = MailBox::of(&server);
        let slug = publish(&server).await;
        let moderator = server.official("tu", &[(Role::Moderator, None)]).await;
        followed(&server, &mail, &slug, "Ông Năm", "nam@example.vn").await;
        let (path, ..) = followed(&server, &mail, &slug, "Chị Sáu", "sau@example.vn").await;
        let items = waiting(&moderator).await;
        let (reason, note) = (format!("ly-do-{}", items[1]), format!("ghi-chu-{}", items[1]));
        moderator.post("/quan-tri/phan-hoi", &[("duyet", &items[0])]).await;
        moderator.post("/quan-tri/phan-hoi", &[("tu-choi", &items[1]), (&reason, "insult"), (&note, "Xem lại câu hai")]).await;
        let sent = mail.sent(&server, LATER).await;
        let told = sent.iter().find(|one| one.to == "sau@example.vn").unwrap();
        assert_eq!((sent.len(), told.subject.as_str()), (2, "Phản hồi của bạn không được hiển thị – Cổng thử"));
        assert!(told.body.contains("Xúc phạm") && told.body.contains("Trang: Tin một") && told.body.contains(&path), "{}", told.body);
        for word in ["Ông Năm", "nam@", "Chị Sáu", "Ý kiến của", "Tư"] {
            assert!(!told.body.contains(word) && !told.head.contains(word), "{word}: {}", told.body);
        }
        assert!(told.head.contains(&format!("List-Unsubscribe: <{}{path}/thu?ma=", server.base)), "{}", told.head);
        let answer = server.post(&format!("/en/tin/{slug}"), &[("name", "Ann"), ("email", "ann@example.vn"), ("text", "When?")]).await;
        let path = target(&answer);
        let link = mail.one(&server, 0).await.path(&server, "/thu?ma=");
        assert!(link.starts_with("/en/theo-doi/"), "{link}");
        server.post(&link, &[("viec", "xac-nhan")]).await;
        server.approve(path.rsplit('/').next().unwrap()).await;
        let told = mail.one(&server, LATER).await;
        assert_eq!(told.subject, "Your comment is shown – Cổng thử");
        assert!(told.body.contains(&format!("{}{path}\n", server.base)), "{}", told.body);
    }
}

on_both! {
    /// One click ends it: on the page, and by a mail program that posts without a page; what waits to be sent goes, the
    /// address goes. A browser that another site makes post is refused.
    async fn one_click_ends_it(server: Server) {
        let mail = MailBox::of(&server);
        let slug = publish(&server).await;
        let parts = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        for (name, how) in [("Một", "page"), ("Hai", "program"), ("Ba", "parts"), ("Bốn", "unconfirmed")] {
            let email = "chung@example.vn";
            let (path, link) = if how == "unconfirmed" {
                let (path, _) = comment(&server, &slug, name, "rieng@example.vn", "Ý kiến").await;
                (path, mail.one(&server, 0).await.path(&server, "/thu?ma="))
            } else {
                let (path, _, link) = followed(&server, &mail, &slug, name, email).await;
                (path, link)
            };
            server.approve(&path[10..]).await;
            let request = server.client.post(format!("{}{link}", server.base));
            let evil = request.try_clone().unwrap().header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
            assert_eq!(evil.form(&[("viec", "tat")]).send().await.unwrap().status(), 403);
            let answer = match how {
                "program" => request.form(&[("List-Unsubscribe", "One-Click")]),
                "parts" => request.header("content-type", "multipart/form-data; boundary=x").body(parts),
                _ => request.form(&[("viec", "tat")]),
            };
            let answer = answer.send().await.unwrap();
            assert_eq!(answer.status(), if matches!(how, "program" | "parts") { 200 } else { 303 }, "{how}");
            assert!(mail.sent(&server, LATER).await.is_empty(), "{how}");
            assert_eq!(texts(&server.page(&link).await, "h1"), ["Thông báo qua thư đã tắt"]);
            assert!(texts(&server.page(&path).await, "#thu p")[0].starts_with("Đang tắt"));
            assert_eq!(server.post(&link, &[("viec", "xac-nhan")]).await.status(), 303);
            assert_eq!(texts(&server.page(&link).await, "h1"), ["Thông báo qua thư đã tắt"], "an old link turns nothing on again");
        }
        let left = "SELECT (SELECT COUNT(*) FROM notice WHERE email IS NOT NULL) + (SELECT COUNT(*) FROM comment WHERE email IS NOT NULL)";
        assert_eq!(server.number(left).await, 0);
    }
}

on_both! {
    /// A link leads to its own notice and to no other; a forged one is as good as none.
    async fn links_are_not_guessed(server: Server) {
        let mail = MailBox::of(&server);
        let slug = publish(&server).await;
        let (first, _, link) = followed(&server, &mail, &slug, "Một", "mot@example.vn").await;
        let (second, ..) = followed(&server, &mail, &slug, "Hai", "hai@example.vn").await;
        let token = link.split_once("?ma=").unwrap().1;
        let wrong = [
            format!("{second}/thu?ma={token}"), format!("{first}/thu"), format!("{first}/thu?ma="), format!("{first}/thu?ma=1"),
            format!("{first}/thu?ma={}", token.replacen('1', "2", 1)), format!("{first}/thu?ma={token}0"),
            format!("{first}/thu?ma=-1-{}", "0".repeat(32)), format!("{first}/thu?ma=99999999999999999999-x"),
            format!("/theo-doi/x/thu?ma={token}"), format!("/theo-doi/AAAA-AAAA-AAAA/thu?ma={token}"),
        ];
        for path in wrong {
            assert_eq!(server.get(&path).await.status(), 404, "{path}");
            for what in ["tat", "xac-nhan"] {
                assert_eq!(server.post(&path, &[("viec", what)]).await.status(), 404, "{path}");
            }
        }
        assert_eq!(server.post(&link, &[("viec", "khac")]).await.status(), 400);
        assert_eq!(server.number("SELECT COUNT(*) FROM notice WHERE state = 'confirmed'").await, 2);
    }
}

on_both! {
    /// What is taken back within a minute is never told; what is decided anew is told once, as it stands in the end; a
    /// change is told beside it.
    async fn what_was_taken_back_is_not_told(server: Server) {
        let mail = MailBox::of(&server);
        let slug = publish(&server).await;
        let moderator = server.official("tu", &[(Role::Moderator, None)]).await;
        let (path, code, _) = followed(&server, &mail, &slug, "Lan", "lan@example.vn").await;
        let id = waiting(&moderator).await.remove(0);
        let reason = format!("ly-do-{id}");
        let decide = async |form: &[(&str, &str)]| assert_eq!(moderator.post("/quan-tri/phan-hoi", form).await.status(), 303);
        decide(&[("tu-choi", &id), (&reason, "insult")]).await;
        decide(&[("viec", "hoan-tac"), ("muc", &id)]).await;
        assert!(mail.sent(&server, LATER).await.is_empty());
        decide(&[("duyet", &id)]).await;
        server.reject(&path[10..], "Trùng").await;
        server.approve(&path[10..]).await;
        assert_eq!(mail.one(&server, LATER).await.subject, "Phản hồi của bạn đã được hiển thị – Cổng thử");
        let change = async |text: &str| server.post(&path, &[("viec", "sua"), ("ma-sua", &code), ("text", text)]).await;
        change("Bản hai").await;
        let id = waiting(&moderator).await.remove(0);
        decide(&[("duyet", &id)]).await;
        decide(&[("viec", "hoan-tac"), ("muc", &id)]).await;
        assert!(mail.sent(&server, LATER).await.is_empty());
        let reason = format!("ly-do-{id}");
        decide(&[("tu-choi", &id), (&reason, "advertising")]).await;
        let told = mail.one(&server, LATER).await;
        assert!(told.subject.starts_with("Bản sửa") && told.body.contains("Lý do: Quảng cáo"), "{told:?}");
        change("Bản ba").await;
        decide(&[("duyet", &waiting(&moderator).await.remove(0))]).await;
        assert_eq!(mail.one(&server, LATER).await.subject, "Bản sửa phản hồi của bạn đã được hiển thị – Cổng thử");
        server.post(&path, &[("viec", "rut"), ("ma-sua", &code)]).await;
        assert!(mail.sent(&server, LATER).await.is_empty(), "whoever takes it back knows");
        assert_eq!(server.number("SELECT COUNT(*) FROM notice WHERE email IS NOT NULL").await, 0);
    }
}

on_both! {
    /// A unit's answer, handing over and appeals are told at once or like decisions, with what the database holds.
    async fn answers_and_appeals_are_told(server: Server) {
        let mail = MailBox::of(&server);
        let slug = publish(&server).await;
        server.unit("Phòng Giáo dục", None).await;
        let (path, ..) = followed(&server, &mail, &slug, "Lan", "lan@example.vn").await;
        server.approve(&path[10..]).await;
        mail.one(&server, LATER).await;
        let id = server.number("SELECT id FROM comment").await;
        server.run_sql("INSERT INTO handover (comment_id, unit_id, due, note, created_at, actor_id) SELECT c.id, u.id, '2026-12-01', 'Mật', 1, a.id FROM comment c, unit u, actor a ORDER BY a.id LIMIT 1").await;
        server.run_sql("INSERT INTO official_answer (comment_id, unit_id, actor_id, text, html, created_at) SELECT c.id, u.id, a.id, 'Lời đáp', '', 1 FROM comment c, unit u, actor a ORDER BY a.id LIMIT 1").await;
        server.run_sql("INSERT INTO appeal (comment_id, state, text, rejected_by, reason, created_at) SELECT c.id, 'refused', 'Xin xem lại', a.id, 'Vẫn sai trang', 1 FROM comment c, actor a ORDER BY a.id LIMIT 1").await;
        let happens = async |event: Event| {
            let mut session = server.store.db.write().await.unwrap();
            tell(&mut session, id, event, now()).await.unwrap();
            session.commit().await.unwrap();
        };
        happens(Event::HandedOver).await;
        let told = mail.one(&server, 0).await;
        assert!(told.body.contains("Cơ quan: Phòng Giáo dục, hạn trả lời 01/12/2026") && !told.body.contains("Mật"), "{}", told.body);
        happens(Event::Answered).await;
        let told = mail.one(&server, 0).await;
        assert!(told.body.contains("Cơ quan trả lời: Phòng Giáo dục") && !told.body.contains("Lời đáp"), "{}", told.body);
        happens(Event::AppealRefused).await;
        assert!(mail.sent(&server, 0).await.is_empty());
        assert!(mail.one(&server, LATER).await.body.contains("Lý do: Vẫn sai trang"));
        happens(Event::Published).await;
        happens(Event::AppealGranted).await;
        assert_eq!(mail.one(&server, LATER).await.subject, "Đề nghị xem lại của bạn đã được chấp nhận – Cổng thử", "one mail says both");
    }
}

on_both! {
    /// Nobody's letter box is filled by strangers: an address is asked three times a day in the whole portal, the same
    /// sending asks once, and somebody else's words with another address ask nobody.
    async fn no_letter_box_is_filled(server: Server) {
        let mail = MailBox::of(&server);
        let slug = publish(&server).await;
        let (path, _) = comment(&server, &slug, "Lan", "lan@example.vn", "Ý kiến").await;
        for email in ["lan@example.vn", "ke-la@example.vn", ""] {
            let again = server.post(&format!("/tin/{slug}"), &[("name", "Lan"), ("email", email), ("text", "Ý kiến")]).await;
            assert_eq!(target(&again), path, "the same sending");
        }
        assert_eq!(mail.one(&server, 0).await.to, "lan@example.vn");
        let many = (0..8).map(|n| {
            let (text, email) = (format!("Ý kiến {n}"), if n % 2 == 0 { "Lan@Example.vn" } else { "lan@example.vn" });
            let form = [("name", "Ai đó".to_owned()), ("email", email.to_owned()), ("text", text)];
            server.client.post(format!("{}/tin/{slug}", server.base)).form(&form).send()
        });
        assert!(futures::future::join_all(many).await.iter().all(|sent| sent.as_ref().unwrap().status() == 303), "each is taken");
        assert_eq!(mail.sent(&server, 0).await.len(), 2);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment").await, 9);
        let (path, code) = comment(&server, &slug, "Tư", "", "Không thư").await;
        let refused = server.post(&path, &[("viec", "thu"), ("ma-sua", &code), ("email", "LAN@example.vn")]).await;
        assert_eq!(refused.status(), 422);
        let html = refused.text().await.unwrap();
        assert!(html.contains("Hôm nay đã có đủ thư xác nhận") && html.contains("LAN@example.vn"), "what was typed is still there");
        server.run_sql("UPDATE mail_allowance SET day = '2020-01-01'").await;
        assert_eq!(server.post(&path, &[("viec", "thu"), ("ma-sua", &code), ("email", "LAN@example.vn")]).await.status(), 303);
        assert_eq!(mail.one(&server, 0).await.to, "LAN@example.vn");
        let addresses = server.number("SELECT COUNT(*) FROM mail_allowance WHERE address_hash LIKE '%@%' OR address_hash LIKE '%lan%'").await;
        assert_eq!(addresses, 0, "addresses are counted by their hashes");
    }
}

on_both! {
    /// Notices are asked for later, for another address, and ended, on the tracking page, by the second code alone.
    async fn notices_are_turned_on_and_off_later(server: Server) {
        let mail = MailBox::of(&server);
        let slug = publish(&server).await;
        let (path, code) = comment(&server, &slug, "Lan", "", "Ý kiến").await;
        assert!(mail.sent(&server, 0).await.is_empty());
        assert!(texts(&server.page(&path).await, "#thu p")[0].starts_with("Đang tắt"));
        for wrong in ["", "AAAA-AAAA-AAAA-AAAA", &path[10..]] {
            for what in ["thu", "tat-thu"] {
                let refused = server.post(&path, &[("viec", what), ("ma-sua", wrong), ("email", "lan@example.vn")]).await;
                assert_eq!(refused.status(), 422, "{what} {wrong}");
                assert_eq!(texts(&refused.text().await.unwrap(), "#thu .flash--bad"), ["Mã sửa không đúng với mã biên nhận này."]);
            }
        }
        for wrong in ["", "lan", "lan@example.vn\r\nBcc: a@b.vn", "lan@example.vn, a@b.vn", "<lan@example.vn>", "a\"b@c.vn", ".@b.vn"] {
            let refused = server.post(&path, &[("viec", "thu"), ("ma-sua", &code), ("email", wrong)]).await;
            assert_eq!(refused.status(), 422, "{wrong:?}");
            let sent = server.post(&format!("/tin/{slug}"), &[("name", "Lan\r\nBcc: a@b.vn"), ("email", wrong), ("text", "Ý khác")]).await;
            assert_eq!(sent.status(), if wrong.is_empty() { 303 } else { 422 }, "{wrong:?}");
        }
        let ask = async |email: &str| {
            let answer = server.post(&path, &[("viec", "thu"), ("ma-sua", &code), ("email", email)]).await;
            assert_eq!(target(&answer), format!("{path}?xong=thu"));
        };
        ask("lan@example.vn").await;
        let first = mail.one(&server, 0).await.path(&server, "/thu?ma=");
        ask("lan@example.vn").await;
        assert_eq!(mail.one(&server, 0).await.path(&server, "/thu?ma="), first, "asked again, by the same link");
        ask("khac@example.vn").await;
        let second = mail.one(&server, 0).await;
        assert_eq!(second.to, "khac@example.vn");
        assert_eq!(texts(&server.page(&first).await, "h1"), ["Thông báo qua thư đã tắt"]);
        server.post(&second.path(&server, "/thu?ma="), &[("viec", "xac-nhan")]).await;
        ask("khac@example.vn").await;
        assert!(mail.sent(&server, 0).await.is_empty(), "it is on already");
        let ended = server.post(&path, &[("viec", "tat-thu"), ("ma-sua", &code)]).await;
        assert_eq!(target(&ended), format!("{path}?xong=tat-thu"));
        server.approve(&path[10..]).await;
        assert!(mail.sent(&server, LATER).await.is_empty());
        assert_eq!(server.number("SELECT COUNT(*) FROM notice WHERE email IS NOT NULL").await, 0);
    }
}

on_both! {
    /// An address that nobody confirms goes after a week, one that was told of everything after ninety days; what was sent
    /// is forgotten after a week.
    async fn addresses_are_not_kept(server: Server) {
        let mail = MailBox::of(&server);
        let slug = publish(&server).await;
        let (path, ..) = followed(&server, &mail, &slug, "Lan", "lan@example.vn").await;
        followed(&server, &mail, &slug, "Tư", "tu@example.vn").await;
        let (asked, _) = comment(&server, &slug, "Năm", "nam@example.vn", "Ý kiến").await;
        let link = mail.one(&server, 0).await.path(&server, "/thu?ma=");
        server.approve(&path[10..]).await;
        let days = |n: i64| n * 24 * 60 * MINUTE;
        notice::forget_expired(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM notice WHERE email IS NOT NULL").await, 3);
        server.run_sql(&format!("UPDATE notice SET touched_at = touched_at - {}", days(8))).await;
        notice::forget_expired(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM notice WHERE email IS NOT NULL").await, 2);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE email = 'nam@example.vn'").await, 0);
        assert_eq!(server.post(&link, &[("viec", "xac-nhan")]).await.status(), 303);
        assert_eq!(texts(&server.page(&link).await, "h1"), ["Thông báo qua thư đã tắt"], "too late");
        assert!(texts(&server.page(&asked).await, "#thu p")[0].starts_with("Đang tắt"), "and can be asked for again");
        server.run_sql(&format!("UPDATE notice SET touched_at = touched_at - {}", days(90))).await;
        notice::forget_expired(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM notice WHERE email = 'tu@example.vn'").await, 1, "nothing was decided yet");
        assert_eq!(server.number("SELECT COUNT(*) FROM notice WHERE email = 'lan@example.vn'").await, 0);
        server.run_sql(&format!("UPDATE mail SET created_at = created_at - {}", days(8))).await;
        thidua::server::services::mail::forget_old(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM mail").await, 0);
    }
}

on_both! {
    /// Where the portal sends no mail, none is promised, asked for or written.
    async fn without_mail_nothing_is_offered(server: Server) {
        let slug = publish(&server).await;
        let html = server.page(&format!("/tin/{slug}")).await;
        assert!(html.contains("Không hiển thị với ai.") && !html.contains("Chúng tôi gửi một thư"));
        let (path, code) = comment(&server, &slug, "Lan", "lan@example.vn", "Ý kiến").await;
        assert!(texts(&server.page(&path).await, "#thu").is_empty());
        assert_eq!(server.post(&path, &[("viec", "thu"), ("ma-sua", &code), ("email", "lan@example.vn")]).await.status(), 404);
        let moderator = server.official("tu", &[(Role::Moderator, None)]).await;
        assert!(!moderator.page("/quan-tri/toi").await.contains("Nhắc qua thư"));
        assert_eq!(moderator.post("/quan-tri/toi", &[("viec", "thu"), ("email", "tu@example.vn"), ("hours", "6")]).await.status(), 403);
        let written = "SELECT (SELECT COUNT(*) FROM notice) + (SELECT COUNT(*) FROM mail) + (SELECT COUNT(*) FROM account_mail)";
        assert_eq!(server.number(written).await, 0);
    }
}

on_both! {
    /// Two processes at once send each mail once; one that was claimed by a process which then ended is sent by another
    /// when the claim has run out.
    async fn each_mail_is_sent_by_one_process(server: Server) {
        let mail = MailBox::of(&server);
        let slug = publish(&server).await;
        for n in 0..12 {
            comment(&server, &slug, &format!("Người {n}"), &format!("n{n}@example.vn"), "Ý kiến").await;
        }
        let other = server.beside(None).await;
        let work = async |server: &Server| {
            for _ in 0..40 {
                send_due(&server.store, &mail.mailer, &mail.post, now()).await.unwrap();
            }
        };
        tokio::join!(work(&server), work(&other), work(&server), work(&other));
        let sent = mail.taken();
        let people: BTreeSet<_> = sent.iter().map(|one| one.to.clone()).collect();
        assert_eq!((sent.len(), people.len()), (12, 12));
        comment(&server, &slug, "Lan", "lan@example.vn", "Ý kiến").await;
        let mut session = server.store.db.write().await.unwrap();
        let at = now();
        assert!(outbox::claim(&mut session, at, at.plus_ms(CLAIM_TIME)).await.unwrap().is_some());
        session.commit().await.unwrap();
        assert!(mail.sent(&other, CLAIM_TIME - MINUTE).await.is_empty(), "it is believed to be on its way");
        assert_eq!(mail.one(&other, CLAIM_TIME + MINUTE).await.to, "lan@example.vn");
        assert!(mail.sent(&other, 10 * CLAIM_TIME).await.is_empty());
    }
}

on_both! {
    /// A moderator confirms an address while signed in, by the link in the mail alone, and is reminded once when something
    /// of their own units has waited too long: by one process, not of the same again within a day.
    async fn moderators_are_reminded_of_what_waits_too_long(server: Server) {
        let mail = MailBox::of(&server);
        let slug = publish(&server).await;
        let unit = server.unit("Phòng A", None).await;
        let all = server.official("tu", &[(Role::Moderator, None)]).await;
        let some = server.official("an", &[(Role::Moderator, Some(&unit))]).await;
        let writer = server.official("lan", &[(Role::Editor, None)]).await;
        assert!(!writer.page("/quan-tri/toi").await.contains("Nhắc qua thư"), "only who moderates");
        for (browser, email) in [(&all, "tu@example.vn"), (&some, "an@example.vn")] {
            let wrong = browser.post("/quan-tri/toi", &[("viec", "thu"), ("email", "x@y.vn\nBcc: a@b.vn"), ("hours", "6")]).await;
            assert_eq!(wrong.status(), 422);
            assert_eq!(browser.post("/quan-tri/toi", &[("viec", "thu"), ("email", email), ("hours", "6")]).await.status(), 303);
            let asked = mail.one(&server, 0).await;
            assert_eq!(asked.to, email);
            let path = asked.path(&server, "/quan-tri/toi?thu=");
            let token = path.split_once('=').unwrap().1;
            assert!(target(&server.get(&path).await).contains("/dang-nhap"), "whoever is not signed in is asked to");
            let stranger = if email.starts_with("tu") { &some } else { &all };
            assert!(matches!(stranger.post("/quan-tri/toi", &[("viec", "xac-nhan-thu"), ("token", token)]).await.status().as_u16(), 403 | 410));
            let html = browser.page(&path).await;
            assert!(html.contains("Xác nhận địa chỉ") && !html.contains(email));
            assert_eq!(server.number("SELECT COUNT(*) FROM account_mail WHERE confirmed_at IS NOT NULL").await, i64::from(email.starts_with("an")));
            assert_eq!(browser.post("/quan-tri/toi", &[("viec", "xac-nhan-thu"), ("token", "x")]).await.status(), 410);
            assert_eq!(browser.post("/quan-tri/toi", &[("viec", "xac-nhan-thu"), ("token", token)]).await.status(), 303);
            assert!(browser.page("/quan-tri/toi").await.contains("Địa chỉ đã xác nhận"));
        }
        let hours = |n: i64| n * 60 * MINUTE;
        let code = server.comment(&slug, "Bà Tư", "Chuyện riêng").await;
        assert_eq!(remind_due(&server.store, now().plus_ms(hours(5))).await.unwrap(), 0);
        let other = server.beside(None).await;
        let at = now().plus_ms(hours(7));
        let (one, two) = tokio::join!(remind_due(&server.store, at), remind_due(&other.store, at));
        assert_eq!(one.unwrap() + two.unwrap(), 1, "what belongs to no unit is not theirs who moderate for one");
        let told = mail.one(&server, hours(7)).await;
        assert_eq!((told.to.as_str(), told.subject.as_str()), ("tu@example.vn", "Có mục chờ kiểm duyệt đã quá 6 giờ – Cổng thử"));
        assert!(told.body.contains("1 mục đang chờ bạn xem") && !told.body.contains("riêng") && !told.body.contains("Bà Tư"), "{}", told.body);
        assert_eq!(remind_due(&server.store, now().plus_ms(hours(30))).await.unwrap(), 0, "not of the same within a day");
        assert_eq!(remind_due(&server.store, now().plus_ms(hours(32))).await.unwrap(), 1);
        assert!(mail.sent(&server, hours(39)).await.is_empty(), "a reminder that is late reminds of what was");
        server.run_sql("UPDATE account_mail SET reminded_at = NULL").await;
        server.run_sql("UPDATE announcement SET unit_id = (SELECT id FROM unit)").await;
        assert_eq!(remind_due(&server.store, now().plus_ms(hours(7))).await.unwrap(), 2);
        assert_eq!(mail.sent(&server, hours(7)).await.len(), 2);
        server.run_sql("UPDATE account_mail SET reminded_at = NULL").await;
        all.post("/quan-tri/toi", &[("viec", "thu"), ("email", ""), ("hours", "0")]).await;
        some.post("/quan-tri/toi", &[("viec", "bo-thu")]).await;
        assert_eq!(remind_due(&server.store, now().plus_ms(hours(7))).await.unwrap(), 0, "turned off");
        assert_eq!(server.number("SELECT COUNT(*) FROM account_mail").await, 1);
        all.post("/quan-tri/toi", &[("viec", "thu"), ("email", ""), ("hours", "6")]).await;
        server.approve(&code).await;
        assert_eq!(remind_due(&server.store, now().plus_ms(hours(7))).await.unwrap(), 0, "nothing waits");
    }
}

/// An administrator finds out whether mail leaves; what is wrong is one sentence, without a password.
#[test]
fn the_command_line_says_whether_mail_leaves() {
    let program = Program::new();
    let folder = program.file("x", "").replace("/x", "/letters");
    let run =
        |url: &str, to: &str| program.run(&["mail", "test", to, "--smtp-url", url, "--mail-from", "Cổng <a@b.vn>"]);
    let (done, said, _) = run(&format!("file:{folder}"), "lan@example.vn");
    assert!(done && said == "The mail to lan@example.vn was written into the folder.\n", "{said}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    let (done, said, log) = run("log:", "lan@example.vn");
    assert!(
        done && said.contains("written to the log") && log.contains("l***@e***.vn") && !log.contains("lan@"),
        "{said}{log}"
    );
    for (url, to, sentence) in [
        ("", "lan@example.vn", "THIDUA_SMTP_URL is empty"),
        ("log:", "lan", "lan is not an e-mail address"),
        ("imap://user:sesame@host", "lan@example.vn", "THIDUA_SMTP_URL: write"),
        ("smtp://user:sesame@127.0.0.1:1", "lan@example.vn", "The mail was not sent"),
    ] {
        let (done, _, complaint) = run(url, to);
        assert!(!done && complaint.contains(sentence) && !complaint.contains("sesame"), "{url}: {complaint}");
        assert_eq!(complaint.trim().lines().count(), 1, "{complaint}");
    }
}

/// A server that is told how mail leaves sends what a request of its own writes at once, and after a restart what was
/// left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_server_sends_at_once_and_after_a_restart() {
    let program = Program::new();
    let text = program.file("tin.md", "Tin một\n\nĐoạn một.");
    let letters = text.replace("/tin.md", "/letters");
    program.run(&["announcement", "import", &text, "--publish"]);
    let flags =
        ["--smtp-url", &format!("file:{letters}"), "--base-url", "https://thidua.example.vn", "--site-name", "Cổng"];
    let letter = async || {
        for _ in 0..600 {
            let mut files = std::fs::read_dir(&letters).unwrap().map(|file| file.unwrap().path());
            if let Some(file) = files.next() {
                let text = std::fs::read_to_string(&file).unwrap();
                if text.ends_with("\r\n") {
                    std::fs::remove_file(&file).unwrap();
                    return Mail::parse(&text);
                }
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no mail was sent");
    };
    let send = async |base: &str, email: &str| {
        let form = [("name", "Lan"), ("email", email), ("text", email)];
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        assert_eq!(client.post(format!("{base}/tin/tin-mot")).form(&form).send().await.unwrap().status(), 303);
    };
    let server = program.serve_with(&flags, std::process::Stdio::null());
    send(&server.base, "mot@example.vn").await;
    let first = letter().await;
    assert!(first.to == "mot@example.vn" && first.body.contains("\nhttps://thidua.example.vn/theo-doi/"), "{first:?}");
    assert!(first.head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{}", first.head);
    std::fs::remove_dir(&letters).unwrap();
    std::fs::write(&letters, "").unwrap();
    send(&server.base, "hai@example.vn").await;
    drop(server);
    std::fs::remove_file(&letters).unwrap();
    let file = format!("sqlite://{}", text.replace("/tin.md", "/data/thidua.db"));
    let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect(&file).await.unwrap();
    sqlx::query("UPDATE mail SET next_at = 0 WHERE sent_at IS NULL").execute(&mut connection).await.unwrap();
    let _again = program.serve_with(&flags, std::process::Stdio::null());
    assert_eq!(letter().await.to, "hai@example.vn");
}
