//! What readers of a discussion are promised: threads that can be followed, and agreement that counts people.

use thidua::domain::account::Role;
use thidua::domain::error::AppError;
use thidua::domain::proof::is_solved;
use thidua::server::services::actor::Actor;
use thidua::server::services::agreement::FREE;
use thidua::server::services::comment::{Verdict, decide_comment};

use crate::harness::{Browser, Server, attribute, on_both, target, texts};

/// The number of the comment of that name on a page.
fn number_of(html: &str, author: &str) -> String {
    let document = scraper::Html::parse_document(html);
    let comments = scraper::Selector::parse(".comment").unwrap();
    let found = document.select(&comments).find(|comment| comment.text().any(|text| text == author)).unwrap();
    found.value().id().unwrap().strip_prefix("phan-hoi-").unwrap().to_owned()
}

/// Sends an answer and has it approved.
async fn answer(server: &Server, slug: &str, to: &str, name: &str) -> String {
    let code = server.send_answer(slug, to, name).await;
    server.approve(&code).await;
    code
}

on_both! {
    /// An answer stands below its thread's first comment, an answer to an answer joins the thread and says whom it
    /// answers, three stand there at once, and all of them on a page of their own.
    async fn answers_stand_in_their_thread(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let code = server.comment(&slug, "Bà Tư", "Bao giờ bắt đầu?").await;
        server.approve(&code).await;
        let first = number_of(&server.page(&page).await, "Bà Tư");
        let form = server.page(&format!("{page}?tra-loi={first}")).await;
        assert_eq!(texts(&form, "#gui-phan-hoi-tieu-de"), ["Trả lời Bà Tư"]);
        assert_eq!(attribute(&form, "input[name=reply_to]", "value").as_deref(), Some(first.as_str()));
        answer(&server, &slug, &first, "Ông Năm").await;
        let html = server.page(&page).await;
        assert_eq!(texts(&html, ".comment-replies .comment-author"), ["Ông Năm"]);
        assert_eq!((texts(&html, ".discussion-count"), texts(&html, ".comment-list > li").len()), (vec!["(2)".to_owned()], 1));
        let second = number_of(&html, "Ông Năm");
        for name in ["Chị Sáu", "Anh Bảy", "Cụ Tám"] {
            answer(&server, &slug, &second, name).await;
        }
        let html = server.page(&page).await;
        assert_eq!(texts(&html, ".comment-replies .comment-author"), ["Ông Năm", "Chị Sáu", "Anh Bảy"]);
        assert_eq!(texts(&html, ".comment-answers")[0], "trả lời Ông Năm");
        assert_eq!(texts(&html, ".more-replies"), ["Xem tất cả 4 trả lời"]);
        let thread = server.page(&format!("/phan-hoi/{first}")).await;
        assert_eq!(texts(&thread, ".comment-author"), ["Bà Tư", "Ông Năm", "Chị Sáu", "Anh Bảy", "Cụ Tám"]);
        let own = server.page(&format!("/phan-hoi/{}", number_of(&thread, "Anh Bảy"))).await;
        assert_eq!(texts(&own, "h1"), ["Phản hồi của Anh Bảy"]);
        assert_eq!(texts(&own, ".comment-author"), ["Bà Tư", "Anh Bảy", "Cụ Tám"]);
        let canonical = attribute(&own, "link[rel=canonical]", "href").unwrap();
        assert!(canonical.ends_with(&page) && own.contains("noindex"));
    }
}

on_both! {
    /// What waits, or was taken away, can't be answered and has no page; a thread whose first comment was taken away
    /// keeps its place, and goes with its last answer.
    async fn a_thread_outlives_its_first_comment(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let code = server.comment(&slug, "Bà Tư", "Bao giờ bắt đầu?").await;
        let waiting = server.number("SELECT id FROM comment").await.to_string();
        assert_eq!(server.get(&format!("/phan-hoi/{waiting}")).await.status(), 404);
        let early = server.post(&page, &[("name", "Ai đó"), ("text", "Trả lời sớm"), ("reply_to", &waiting)]).await;
        assert_eq!(early.status(), 422);
        assert!(early.text().await.unwrap().contains("Trả lời sớm"), "what was typed is still there");
        server.approve(&code).await;
        let first = number_of(&server.page(&page).await, "Bà Tư");
        let reply = answer(&server, &slug, &first, "Ông Năm").await;
        server.reject(&code, "Sai trang").await;
        let html = server.page(&page).await;
        assert_eq!((texts(&html, ".comment-gone").len(), texts(&html, ".comment-author")), (1, vec!["Ông Năm".to_owned()]));
        assert!(!html.contains("Bà Tư") && !server.page(&format!("/phan-hoi/{first}")).await.contains("Bà Tư"));
        assert_eq!(texts(&html, ".discussion-count"), ["(1)"]);
        server.reject(&reply, "Sai trang").await;
        let html = server.page(&page).await;
        assert_eq!((texts(&html, ".comment-gone").len(), texts(&html, ".comment").len()), (0, 0));
        assert_eq!(server.get(&format!("/phan-hoi/{first}")).await.status(), 404);
        for wrong in ["0", "-1", "99999999999999999999", "a", "1;2"] {
            assert_eq!(server.get(&format!("/phan-hoi/{wrong}")).await.status(), 404, "{wrong}");
            let sent = server.post(&page, &[("name", "Ai đó"), ("text", "Lạc"), ("reply_to", wrong)]).await;
            assert_eq!(sent.status(), 422, "{wrong}");
        }
    }
}

on_both! {
    /// A browser agrees once, however often it clicks, and takes that back; readers can have those first that most agree
    /// with.
    async fn a_browser_agrees_once_and_takes_it_back(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        for name in ["Một", "Hai", "Ba"] {
            let code = server.comment(&slug, name, "Ý kiến").await;
            server.approve(&code).await;
        }
        let two = number_of(&server.page(&page).await, "Hai");
        let path = format!("/phan-hoi/{two}");
        let (one, other) = (server.browser(), server.browser());
        for _ in 0..2 {
            let answer = one.post(&path, &[("viec", "dong-tinh")]).await;
            assert_eq!(answer.headers()["location"], format!("{path}?xong=dong-tinh").as_str());
        }
        other.post(&path, &[("viec", "dong-tinh")]).await;
        assert_eq!(texts(&server.page(&page).await, ".comment-controls form button")[1], "Đồng tình (2)");
        assert_eq!(texts(&server.page(&format!("{page}?thu-tu=dong-tinh")).await, ".comment-author"), ["Hai", "Ba", "Một"]);
        for _ in 0..2 {
            assert_eq!(one.post(&path, &[("viec", "rut-dong-tinh")]).await.status(), 303);
        }
        assert_eq!(texts(&server.page(&page).await, ".comment-controls form button")[1], "Đồng tình (1)");
        let many = (0..8).map(|_| one.post(&path, &[("viec", "dong-tinh")]));
        assert!(futures::future::join_all(many).await.iter().all(|answer| answer.status() == 303));
        assert_eq!(server.number("SELECT agreed FROM comment WHERE author_name = 'Hai'").await, 2, "eight clicks at once are one");
        for (path, status) in [("/phan-hoi/0", 404), ("/phan-hoi/999", 404)] {
            assert_eq!(one.post(path, &[("viec", "dong-tinh")]).await.status(), status, "{path}");
        }
        assert_eq!(one.post(&path, &[("viec", "khac")]).await.status(), 400);
    }
}

on_both! {
    /// Nobody is refused for the address that thousands share; but browsers that are made up by the dozen work for it, and
    /// no work counts twice or for something else.
    async fn browsers_that_are_made_up_have_to_work(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        for name in ["Một", "Hai"] {
            let code = server.comment(&slug, name, "Ý kiến").await;
            server.approve(&code).await;
        }
        let html = server.page(&format!("/tin/{slug}")).await;
        let (path, other) = (format!("/phan-hoi/{}", number_of(&html, "Một")), format!("/phan-hoi/{}", number_of(&html, "Hai")));
        let agree = async |path: &str, proof: &str| {
            server.browser().ask(path, &[("viec", "dong-tinh"), ("proof", proof)]).await.1
        };
        for count in 1..=FREE {
            assert_eq!(agree(&path, "").await["agreed"], count);
        }
        let asked = agree(&path, "").await;
        let (challenge, bits) = (asked["prove"]["challenge"].as_str().unwrap(), asked["prove"]["bits"].as_u64().unwrap());
        let bits = u32::try_from(bits).unwrap();
        let number = (0_u64..).find(|number| is_solved(challenge, &number.to_string(), bits)).unwrap();
        let proof = format!("{challenge}:{number}");
        for (forged, why) in [
            (format!("{challenge}:{}", number + 1), "another number"),
            (format!("f{}:{number}", &challenge[1..]), "another time"),
            ("::::".to_owned(), "nonsense"),
            (format!("{}ế:1", &challenge[..10]), "signs of several bytes"),
        ] {
            assert!(agree(&path, &forged).await["prove"].is_object(), "{why}");
        }
        assert!(agree(&other, &proof).await["prove"].is_object(), "made for another comment");
        assert_eq!(agree(&path, &proof).await["agreed"], FREE + 1);
        assert!(agree(&path, &proof).await["prove"].is_object(), "shown twice");
        let plain = server.browser().post(&path, &[("viec", "dong-tinh")]).await;
        assert_eq!((plain.status().as_u16(), plain.headers()["retry-after"].to_str().unwrap()), (429, "900"));
    }
}

on_both! {
    /// A long comment shows its beginning and unfolds; what it says is all there.
    async fn a_long_comment_folds(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let text = format!("{} & <b>hết</b>", "Ý kiến dài. ".repeat(120));
        let code = server.comment(&slug, "Cụ Chín", &text).await;
        server.approve(&code).await;
        let html = server.page(&format!("/tin/{slug}")).await;
        let beginning = &texts(&html, ".comment-beginning")[0];
        assert!(beginning.ends_with('…') && beginning.chars().count() <= 421, "{beginning}");
        assert!(texts(&html, ".comment-fold > .comment-text")[0].ends_with("& <b>hết</b>"));
    }
}

/// The second code of a sending without a script, as the browser was told it.
async fn send_with_code(server: &Server, browser: &Browser, slug: &str, name: &str, text: &str) -> (String, String) {
    let answer = browser.post(&format!("/tin/{slug}"), &[("name", name), ("text", text)]).await;
    let path = target(&answer);
    let cookie = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
    let cookie = cookie.into_iter().find(|cookie| cookie.starts_with("ma-sua=")).unwrap();
    assert!(cookie.contains(&format!("Path={path}")) && cookie.contains("HttpOnly"), "{cookie}");
    let code = cookie.strip_prefix("ma-sua=").unwrap().split(';').next().unwrap().to_owned();
    let shown = browser.page(&path).await;
    assert_eq!(texts(&shown, ".edit-code").concat(), code, "shown to whoever sent it");
    assert!(!server.page(&path).await.contains(&code), "and to nobody else");
    (path, code)
}

on_both! {
    /// Whoever has the second code changes a comment that waits, at once within a quarter of an hour; the receipt alone
    /// changes nothing and shows no text.
    async fn a_waiting_comment_is_changed_by_its_second_code(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let lan = server.browser();
        let (path, code) = send_with_code(&server, &lan, &slug, "Lan", "Bản đầu tiên").await;
        let stranger = server.browser();
        for (what, wrong) in [("mo", ""), ("mo", "AAAA-AAAA-AAAA-AAAA"), ("sua", "x"), ("rut", &path[10..])] {
            let answer = stranger.post(&path, &[("viec", what), ("ma-sua", wrong), ("text", "Bản của kẻ lạ")]).await;
            assert_eq!(answer.status(), 422, "{what} {wrong}");
            let html = answer.text().await.unwrap();
            assert!(html.contains("Mã sửa không đúng") && !html.contains("Bản đầu tiên"));
        }
        let opened = stranger.post(&path, &[("viec", "mo"), ("ma-sua", &code.to_lowercase().replace('-', " "))]).await;
        assert!(opened.text().await.unwrap().contains("Bản đầu tiên"), "typed as it was written down");
        let empty = lan.post(&path, &[("viec", "sua"), ("ma-sua", &code), ("text", " \u{200b}")]).await;
        assert_eq!(empty.status(), 422);
        let done = lan.post(&path, &[("viec", "sua"), ("ma-sua", &code), ("text", "Bản thứ hai, gọi 0912345678")]).await;
        assert_eq!(target(&done), format!("{path}?xong=sua"));
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE text = 'Bản thứ hai, gọi 0912345678' AND html NOT LIKE '%0912345678%'").await, 1);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment_edit WHERE old_text = 'Bản đầu tiên'").await, 1, "the old text is kept for moderators");
        server.run_sql("UPDATE comment SET created_at = created_at - 16 * 60000").await;
        let late = lan.post(&path, &[("viec", "sua"), ("ma-sua", &code), ("text", "Bản quá muộn")]).await;
        assert_eq!(late.status(), 422);
        let html = late.text().await.unwrap();
        assert!(html.contains("Đã quá 15 phút") && html.contains("Bản quá muộn"), "what was typed is still there");
        // Where the code is wrong nothing tells whether there is such a receipt.
        for (receipt, status) in [("AAAA-AAAA-AAAA", 422), ("x", 404)] {
            let asked = stranger.post(&format!("/theo-doi/{receipt}"), &[("viec", "mo"), ("ma-sua", &code)]).await;
            assert_eq!(asked.status(), status, "{receipt}");
        }
        assert_eq!(lan.post(&path, &[("viec", "khac"), ("ma-sua", &code)]).await.status(), 400);
    }
}

on_both! {
    /// A change of what is published waits while the old text stays; approved it is marked, rejected its sender reads why;
    /// a moderator decides only about the words that were read.
    async fn a_change_of_what_is_published_waits(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let lan = server.browser();
        let moderator = server.official("tu", &[(Role::Moderator, None)]).await;
        let (path, code) = send_with_code(&server, &lan, &slug, "Lan", "Bản đầu tiên").await;
        let item = async || {
            let form = crate::harness::fields_of(&moderator.page("/quan-tri/phan-hoi").await, "form.queue");
            let ban = form.into_iter().find(|(name, _)| name.starts_with("ban-")).unwrap();
            (ban.0.strip_prefix("ban-").unwrap().to_owned(), ban.0.clone(), ban.1)
        };
        let (id, field, version) = item().await;
        lan.post(&path, &[("viec", "sua"), ("ma-sua", &code), ("text", "Bản thứ hai")]).await;
        let told = target(&moderator.post("/quan-tri/phan-hoi", &[("duyet", &id), (&field, &version)]).await);
        assert!(moderator.page(&told).await.contains("Người gửi vừa sửa"), "it was changed since it was read");
        assert_eq!(texts(&server.page(&page).await, ".comment").len(), 0);
        let (id, field, version) = item().await;
        moderator.post("/quan-tri/phan-hoi", &[("duyet", &id), (&field, &version)]).await;
        assert_eq!(texts(&server.page(&page).await, ".comment-text"), ["Bản thứ hai"]);
        let sent = lan.post(&path, &[("viec", "sua"), ("ma-sua", &code), ("text", "Bản thứ ba")]).await;
        assert_eq!(target(&sent), format!("{path}?xong=cho"));
        assert_eq!(texts(&server.page(&page).await, ".comment-text"), ["Bản thứ hai"], "the old text stays");
        assert!(server.page(&path).await.contains("đang chờ duyệt"));
        let (id, field, version) = item().await;
        assert!(moderator.page("/quan-tri/phan-hoi").await.contains("Bản thứ ba"));
        lan.post(&path, &[("viec", "sua"), ("ma-sua", &code), ("text", "Bản thứ tư")]).await;
        let told = target(&moderator.post("/quan-tri/phan-hoi", &[("duyet", &id), (&field, &version)]).await);
        assert!(moderator.page(&told).await.contains("Người gửi vừa sửa"));
        let (id, field, version) = item().await;
        moderator.post("/quan-tri/phan-hoi", &[("duyet", &id), (&field, &version)]).await;
        let html = server.page(&page).await;
        assert_eq!((texts(&html, ".comment-text"), texts(&html, ".comment-edited").len()), (vec!["Bản thứ tư".to_owned()], 1));
        moderator.post("/quan-tri/phan-hoi", &[("viec", "hoan-tac"), ("muc", &id)]).await;
        assert_eq!(texts(&server.page(&page).await, ".comment-text"), ["Bản thứ hai"], "taken back, it waits again");
        let reason = format!("ly-do-{id}");
        moderator.post("/quan-tri/phan-hoi", &[("tu-choi", &id), (&reason, "insult")]).await;
        assert_eq!(texts(&server.page(&page).await, ".comment-text"), ["Bản thứ hai"]);
        assert!(texts(&server.page(&path).await, ".reason").concat().contains("Xúc phạm"));
    }
}

on_both! {
    /// Taken back, a comment is shown to nobody and waits nowhere; its words go after thirty days, its decisions stay.
    async fn a_comment_is_taken_back(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let lan = server.browser();
        let (path, code) = send_with_code(&server, &lan, &slug, "Lan", "Bản đầu tiên").await;
        server.approve(&path[10..]).await;
        let first = number_of(&server.page(&page).await, "Lan");
        answer(&server, &slug, &first, "Ông Năm").await;
        lan.post(&path, &[("viec", "sua"), ("ma-sua", &code), ("text", "Bản thứ hai")]).await;
        for _ in 0..2 {
            assert_eq!(target(&lan.post(&path, &[("viec", "rut"), ("ma-sua", &code)]).await), format!("{path}?xong=rut"));
        }
        let html = server.page(&page).await;
        assert_eq!((texts(&html, ".comment-gone").len(), texts(&html, ".discussion-count")), (1, vec!["(1)".to_owned()]));
        assert_eq!(texts(&html, ".comment-author"), ["Ông Năm"]);
        assert!(!html.contains("Bản đầu tiên") && !server.page("/").await.contains("Bản đầu tiên"));
        assert_eq!(server.number("SELECT COUNT(*) FROM queue_item WHERE decided_at IS NULL").await, 0);
        assert!(texts(&server.page(&path).await, ".receipt-state")[0].starts_with("Bạn đã rút lại"));
        let again = lan.post(&path, &[("viec", "sua"), ("ma-sua", &code), ("text", "Bản thứ ba")]).await;
        assert_eq!(again.status(), 422);
        let staff = Actor::CommandLine("test".into());
        let approved = decide_comment(&server.store, &staff, &path[10..], &Verdict::Approve).await;
        assert_eq!(approved, Err(AppError::Conflict), "nobody shows it again");
        server.run_sql("UPDATE comment SET decided_at = decided_at - 2678400000 WHERE state = 'withdrawn'").await;
        thidua::server::services::comment_edit::forget_withdrawn(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE state = 'withdrawn' AND text = '' AND author_name = ''").await, 1);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment_edit").await, 0);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE action = 'withdraw'").await, 1);
    }
}

on_both! {
    /// Whoever sends the same words from the same address is led to the same receipt, but not given the code that changes
    /// it; and what its sender took back a moment ago, a moderator does not bring back.
    async fn the_second_code_is_for_the_sender_alone(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let moderator = server.official("tu", &[(Role::Moderator, None)]).await;
        let lan = server.browser();
        let (path, code) = send_with_code(&server, &lan, &slug, "Lan", "Bản đầu tiên").await;
        let form = [("name", "Lan"), ("text", "Bản đầu tiên")];
        let copied = server.browser().post(&format!("/tin/{slug}"), &form).await;
        assert_eq!((target(&copied), copied.headers().get("set-cookie")), (path.clone(), None));
        let (_, told) = server.browser().ask(&format!("/tin/{slug}"), &form).await;
        assert_eq!((told["to"].as_str(), &told["edit"]), (Some(path.as_str()), &serde_json::Value::Null));
        let id = server.number("SELECT id FROM queue_item").await.to_string();
        assert_eq!(moderator.post("/quan-tri/phan-hoi", &[("duyet", &id)]).await.status(), 303);
        lan.post(&path, &[("viec", "rut"), ("ma-sua", &code)]).await;
        let undone = moderator.post("/quan-tri/phan-hoi", &[("viec", "hoan-tac"), ("muc", &id)]).await;
        assert_eq!(undone.status(), 409);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE state = 'withdrawn'").await, 1);
    }
}
