//! What readers of a discussion are promised: threads that can be followed, and agreement that counts people.

use thidua::domain::proof::is_solved;
use thidua::server::services::agreement::FREE;

use crate::harness::{Server, attribute, on_both, texts};

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
