//! What moderators are promised of modes and rules: what is shown at once and what waits, which words a rule fired on, and
//! what it would have done before it is switched on.

use futures::future::join_all;
use thidua::domain::account::Role;
use thidua::domain::day::Day;
use thidua::server::clock::now;
use thidua::server::services::comment::forget_expired;
use thidua::server::services::comment_edit::forget_withdrawn;

use super::{WHOLE, launch, public_page, step, submit, two};
use crate::harness::{Browser, Server, attribute, on_both, target, texts};

const QUEUE: &str = "/quan-tri/phan-hoi";
const RULES: &str = "/quan-tri/quy-tac";
const MODES: &str = "/quan-tri/che-do";

async fn moderator(server: &Server) -> Browser {
    server.official("tam", &[(Role::Moderator, None)]).await
}

/// Sets a mode and a closing day for a page by its id; 0 is the portal.
async fn set(moderator: &Browser, id: i64, mode: &str, day: &str) {
    let path = if id == 0 { MODES.to_owned() } else { format!("{MODES}/{id}") };
    let answer = moderator.post(&path, &[("che-do", mode), ("den-ngay", day)]).await;
    assert_eq!(target(&answer), format!("{path}?xong"));
}

/// A rule as it is typed.
fn rule<'a>(kind: &'a str, condition: &'a str, action: &'a str) -> Vec<(&'a str, &'a str)> {
    let name = ("ten", "Quy tắc thử");
    vec![name, ("loai", kind), ("dieu-kien", condition), ("viec-lam", action), ("ly-do", "advertising")]
}

/// Keeps a rule on trial and gives its path.
async fn save(moderator: &Browser, typed: &[(&str, &str)]) -> String {
    let form: Vec<_> = typed.iter().copied().chain([("viec", "luu")]).collect();
    let answer = moderator.post(&format!("{RULES}/moi"), &form).await;
    assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
    target(&answer).strip_suffix("?xong").unwrap().to_owned()
}

async fn turn(moderator: &Browser, rule: &str, how: &str) {
    assert_eq!(target(&moderator.post(rule, &[("viec", how)]).await), format!("{rule}?xong"), "{how}");
}

/// Switches a new rule on and gives its path.
async fn switch_on(moderator: &Browser, kind: &str, condition: &str, action: &str) -> String {
    let path = save(moderator, &rule(kind, condition, action)).await;
    turn(moderator, &path, "bat").await;
    path
}

/// Sends a comment from a browser with a script, which shows work, and gives the path of its tracking page.
async fn send(browser: &Browser, page: &str, name: &str, text: &str) -> String {
    let proof = browser.work(page).await;
    let answer = browser.post(page, &[("name", name), ("text", text), ("proof", &proof)]).await;
    assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
    target(&answer)
}

async fn authors(server: &Server, page: &str) -> Vec<String> {
    texts(&server.page(page).await, ".comment-author")
}

async fn id_of(server: &Server, page: &str) -> i64 {
    server.number(&format!("SELECT id FROM announcement WHERE slug = '{}'", page.rsplit('/').next().unwrap())).await
}

async fn items(moderator: &Browser) -> Vec<String> {
    texts(&moderator.page(QUEUE).await, ".queue-item > p:first-child > strong")
}

async fn item(server: &Server, author: &str) -> String {
    let sql = "SELECT q.id FROM queue_item q JOIN comment c ON c.id = q.comment_id WHERE q.decided_at IS NULL AND c.author_name =";
    server.number(&format!("{sql} '{author}'")).await.to_string()
}

on_both! {
    /// All wait; or those of a known browser are shown at once, however many share its address; or all that no rule is
    /// against; or all, to be looked at afterwards, kept or taken away, and that taken back within the minute.
    async fn each_mode_shows_at_once_what_it_says(server: Server) {
        let page = format!("/tin/{}", server.publish("Tin một\n\nĐoạn một.").await);
        let (tam, lan) = (moderator(&server).await, server.browser());
        let first = send(&lan, &page, "Lan", "Ý đầu tiên").await;
        assert_eq!((authors(&server, &page).await.len(), items(&tam).await), (0, vec!["Lan".to_owned()]));
        set(&tam, 0, "first", "").await;
        send(&lan, &page, "Lan", "Ý thứ hai").await;
        assert_eq!(authors(&server, &page).await.len(), 0, "nothing of hers is shown yet");
        server.approve(first.strip_prefix("/theo-doi/").unwrap()).await;
        let third = send(&lan, &page, "Cô Lan", "Ý thứ ba").await;
        assert_eq!(texts(&lan.page(&third).await, ".receipt--published").len(), 1, "its sender reads it at once");
        let other = server.browser();
        send(&other, &page, "Người lạ", "Cùng một địa chỉ").await;
        assert_eq!(authors(&server, &page).await, ["Cô Lan", "Lan"]);
        set(&tam, 0, "rules", "").await;
        send(&server.browser(), &page, "Bà Tư", "Ý kiến").await;
        let html = server.page(&page).await;
        assert_eq!((texts(&html, ".comment-author")[0].as_str(), texts(&html, ".discussion-count")), ("Bà Tư", vec!["(3)".to_owned()]));
        assert!(server.page("/").await.contains("Bà Tư"), "shown wherever comments are");
        let tu = server.number("SELECT id FROM comment WHERE author_name = 'Bà Tư'").await.to_string();
        let without = target(&server.browser().post(&page, &[("name", "Không máy"), ("text", "Không có kịch bản")]).await);
        assert!(!server.page(&page).await.contains("Không máy"), "what comes without work waits, whatever the mode");
        server.reject(without.strip_prefix("/theo-doi/").unwrap(), "Thử").await;
        let proof = server.browser().work(&page).await;
        let answer = [("name", "Ông Năm"), ("text", "Trả lời"), ("reply_to", tu.as_str()), ("proof", proof.as_str())];
        assert_eq!(server.post(&page, &answer).await.status(), 303);
        assert_eq!(texts(&server.page(&page).await, ".comment-replies .comment-author"), ["Ông Năm"]);
        assert_eq!(items(&tam).await, ["Lan", "Người lạ"], "what is shown by the mode waits no longer");
        assert_eq!(server.number("SELECT COUNT(*) FROM decision d JOIN actor a ON a.id = d.actor_id WHERE a.name = 'mode' AND d.action = 'approve'").await, 3);
        set(&tam, 0, "after", "").await;
        for name in ["Giữ", "Gỡ"] {
            send(&server.browser(), &page, name, "Hiện ngay").await;
        }
        assert_eq!(authors(&server, &page).await[..2], ["Gỡ", "Giữ"]);
        let html = tam.page(QUEUE).await;
        assert_eq!(texts(&html, ".queue-item .badge").iter().filter(|badge| *badge == "đã hiện, xem lại").count(), 2);
        let (kept, gone) = (item(&server, "Giữ").await, item(&server, "Gỡ").await);
        assert_eq!(tam.post(QUEUE, &[("duyet", &kept)]).await.status(), 303);
        let reason = format!("ly-do-{gone}");
        assert_eq!(tam.post(QUEUE, &[("tu-choi", &gone), (&reason, "insult")]).await.status(), 303);
        assert_eq!((authors(&server, &page).await[0].as_str(), items(&tam).await.len()), ("Giữ", 2));
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE action = 'keep-comment'").await, 1);
        assert_eq!(tam.post(QUEUE, &[("viec", "hoan-tac"), ("muc", &kept), ("muc", &gone)]).await.status(), 303);
        assert_eq!((authors(&server, &page).await[..2].concat(), items(&tam).await.len()), ("GỡGiữ".to_owned(), 4), "shown as before, and to be looked at");
        let count = server.number("SELECT published_count FROM discussion").await;
        assert_eq!(count, server.number("SELECT COUNT(*) FROM comment WHERE state = 'published'").await);
    }
}

on_both! {
    /// A read-only page shows what there is and takes nothing; a closed one shows nothing, anywhere. What somebody typed
    /// comes back with a sentence, and what was taken before is taken once.
    async fn what_is_closed_says_so_and_loses_nothing(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let tam = moderator(&server).await;
        let code = server.comment(&slug, "Bà Tư", "Ý kiến").await;
        server.approve(&code).await;
        let comment = format!("/phan-hoi/{}", server.number("SELECT id FROM comment").await);
        let id = id_of(&server, &page).await;
        assert!(server.page("/tin").await.contains("1 phản hồi") && server.page(&page).await.contains("name=\"text\""));
        set(&tam, id, "read-only", "").await;
        let html = server.page(&page).await;
        assert!(html.contains("chỉ để đọc") && !html.contains("name=\"text\"") && !html.contains("tra-loi="));
        assert_eq!(texts(&html, ".comment-author"), ["Bà Tư"]);
        assert!(!server.page(&comment).await.contains("tra-loi="));
        let refused = server.post(&page, &[("name", "Ai đó"), ("text", "Chữ <b>còn</b> đây")]).await;
        assert_eq!(refused.status(), 422);
        let html = refused.text().await.unwrap();
        assert_eq!(texts(&html, "textarea"), ["Chữ <b>còn</b> đây"]);
        assert!(texts(&html, "[role=alert]")[0].contains("không còn nhận phản hồi"));
        let (status, said) = server.browser().ask(&page, &[("name", "Ai đó"), ("text", "Chữ")]).await;
        assert!(status == 422 && said["fields"][0][1].as_str().unwrap().contains("không còn nhận"), "{said}");
        assert_eq!(server.browser().post(&comment, &[("viec", "dong-tinh")]).await.status(), 303, "readers still agree");
        assert_eq!(server.comment(&slug, "Bà Tư", "Ý kiến").await, code, "the same once more was taken before");
        set(&tam, id, "closed", "").await;
        let html = server.page(&page).await;
        assert!(html.contains("không mở phản hồi") && !html.contains("Bà Tư") && texts(&html, ".discussion-count").is_empty());
        for lang in ["", "/en"] {
            assert_eq!(server.get(&format!("{lang}{comment}")).await.status(), 404);
            assert!(!server.page(&format!("{lang}/")).await.contains("Bà Tư"));
        }
        assert_eq!(server.browser().post(&comment, &[("viec", "dong-tinh")]).await.status(), 404);
        for list in ["/tin", "/tim-kiem?q=tin", "/"] {
            assert!(!server.page(list).await.contains("1 phản hồi"), "{list}");
        }
        assert_eq!(server.post(&page, &[("name", "Ai đó"), ("text", "Chữ")]).await.status(), 422);
        set(&tam, id, "", "").await;
        assert_eq!(authors(&server, &page).await, ["Bà Tư"]);
        assert_eq!(server.get(&comment).await.status(), 200);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment").await, 1);
    }
}

on_both! {
    /// What is set for a page goes before what is set for its campaign, and that before the portal's; a campaign's reaches
    /// its own page and the news that carries its tags, as soon as it does.
    async fn what_reaches_less_far_goes_before(server: Server) {
        let (lan, minh) = two(&server).await;
        let officer = server.official("thu", &[(Role::CampaignOfficer, None)]).await;
        let tam = moderator(&server).await;
        let campaign: i64 = launch(&officer, &minh, &[("tags", "Mục tiêu kép")]).await.parse().unwrap();
        let own = public_page(&officer, &format!("/quan-tri/tin/{campaign}")).await;
        let mut pages = Vec::new();
        for (title, tags) in [("Tin của phong trào", "Mục tiêu kép"), ("Tin khác", "Nông thôn")] {
            let editor = submit(&lan, &[WHOLE[0], WHOLE[1], WHOLE[2], ("title", title), ("tags", tags)]).await;
            step(&minh, &editor, "xuat-ban", &[]).await;
            pages.push(public_page(&lan, &editor).await);
        }
        let (news, other) = (pages[0].clone(), pages[1].clone());
        let mut number = 0;
        let mut shown = async |page: &str| {
            number += 1;
            let name = format!("Người {number}");
            send(&server.browser(), page, &name, "Ý kiến").await;
            authors(&server, page).await.contains(&name)
        };
        assert!(!shown(&own).await && !shown(&news).await && !shown(&other).await);
        let narrowed = texts(&tam.page(&format!("{QUEUE}?phong-trao={campaign}")).await, ".queue-item > p:first-child > strong");
        assert_eq!(narrowed, ["Người 1", "Người 2"], "what waits on a campaign and on its news");
        set(&tam, campaign, "rules", "").await;
        assert!(shown(&own).await && shown(&news).await && !shown(&other).await);
        set(&tam, 0, "rules", "").await;
        set(&tam, campaign, "all", "").await;
        assert!(!shown(&own).await && !shown(&news).await && shown(&other).await);
        set(&tam, id_of(&server, &news).await, "after", "").await;
        assert!(!shown(&own).await && shown(&news).await);
        set(&tam, campaign, "closed", "").await;
        set(&tam, id_of(&server, &news).await, "", "").await;
        for page in [&own, &news] {
            assert!(server.page(page).await.contains("không mở phản hồi"), "{page}");
        }
        assert!(server.page(&other).await.contains("name=\"text\""));
        let html = tam.page(MODES).await;
        assert_eq!(texts(&html, "section[aria-labelledby=che-do-rieng] a"), ["Thi đua mục tiêu kép"]);
        assert!(tam.page(&format!("{MODES}/{}", id_of(&server, &news).await)).await.contains("Đóng"));
        assert!(server.page("/chinh-sach/kiem-duyet").await.contains("Theo quy tắc"), "the public reads the portal's mode");
        assert!(server.page("/en/chinh-sach/kiem-duyet").await.contains("By rules"));
        assert!(server.number("SELECT COUNT(*) FROM decision WHERE action = 'set-mode'").await >= 6);
    }
}

on_both! {
    /// Until the evening of its closing day a page takes comments and says so; after it it says since when it does not,
    /// however long the page was kept.
    async fn a_closing_day_ends_in_its_evening(server: Server) {
        let page = format!("/tin/{}", server.publish("Tin một\n\nĐoạn một.").await);
        let tam = moderator(&server).await;
        let today = Day::of(now());
        let (id, lang) = (id_of(&server, &page).await, thidua::domain::lang::Lang::Vi);
        set(&tam, 0, "all", &today.before().show(lang)).await;
        assert!(server.page(&page).await.contains(&format!("từ hết ngày {}", today.before().show(lang))));
        assert_eq!(server.post(&page, &[("name", "Ai đó"), ("text", "Chữ")]).await.status(), 422);
        set(&tam, id, "", &today.show(lang)).await;
        let html = server.page(&page).await;
        assert!(html.contains(&format!("Nhận phản hồi đến hết ngày {}", today.show(lang))));
        send(&server.browser(), &page, "Bà Tư", "Vừa kịp").await;
        assert_eq!(server.page(&page).await, html, "the page is kept");
        // Another day begins.
        server.run_sql(&format!("UPDATE moderation_mode SET closes_on = '{}'", today.before().iso())).await;
        thidua::server::services::site::note_today(&server.store).await.unwrap();
        assert!(server.page(&page).await.contains("từ hết ngày"), "and turns over with the day");
        for (day, status) in [("31/02/2026", 422), ("mai", 422), ("9999-12-31", 303), ("", 303)] {
            let answer = tam.post(&format!("{MODES}/{id}"), &[("che-do", "first"), ("den-ngay", day)]).await;
            assert_eq!(answer.status().as_u16(), status, "{day}");
            if status == 422 {
                let html = answer.text().await.unwrap();
                assert_eq!(attribute(&html, "input[name=den-ngay]", "value").as_deref(), Some(day), "what was typed is still there");
                assert_eq!(attribute(&html, "input[name=che-do][checked]", "value").as_deref(), Some("first"));
            }
        }
    }
}

on_both! {
    /// A rule flags, holds or rejects; moderators read which rule fired on which words, however they were disguised, and
    /// narrow the queue by it; the sender of a rejected comment reads the published reason; nothing that waits is public.
    async fn rules_act_and_say_on_which_words(server: Server) {
        let page = format!("/tin/{}", server.publish("Tin một\n\nĐoạn một.").await);
        let tam = moderator(&server).await;
        set(&tam, 0, "rules", "").await;
        let hold = switch_on(&tam, "words", "đồng nát\ncờ bạc", "hold").await;
        switch_on(&tam, "links", "0", "flag").await;
        switch_on(&tam, "pattern", r"mua \d+ tang \d+", "reject").await;
        send(&server.browser(), &page, "Bà Tư", "Ý kiến lành").await;
        send(&server.browser(), &page, "Giấu", "Thu mua đ.ồ n g  n.á.t <giá> cao,\nvà c0 b@c").await;
        send(&server.browser(), &page, "Dẫn", "Xem ở https://vi-du.vn nhé").await;
        let rejected = send(&server.browser(), &page, "Rao", "MUA 1 TẶNG 1, đồng nát").await;
        assert_eq!(authors(&server, &page).await, ["Dẫn", "Bà Tư"]);
        let html = server.page(&rejected).await;
        assert!(texts(&html, ".reason p")[1].starts_with("Quảng cáo") && texts(&html, ".receipt--rejected").len() == 1);
        let said = "SELECT COUNT(*) FROM decision d JOIN actor a ON a.id = d.actor_id JOIN comment c ON c.id = d.subject_id";
        assert_eq!(server.number(&format!("{said} WHERE a.kind = 'job' AND a.name = 'rules' AND d.action = 'reject' AND c.author_name = 'Rao'")).await, 1);
        let html = tam.page(QUEUE).await;
        assert_eq!(texts(&html, ".desk-comment-text mark"), ["đ.ồ n g  n.á.t", "c0 b@c", "https://vi-du.vn"]);
        assert_eq!(texts(&html, ".queue-rule .badge"), ["Giữ lại chờ duyệt", "Đánh dấu"]);
        assert!(texts(&html, ".queue-rule")[0].contains("Quy tắc thử”: đ.ồ n g  n.á.t, c0 b@c"), "{:?}", texts(&html, ".queue-rule"));
        assert!(html.contains("&lt;giá&gt;"));
        let number = hold.rsplit('/').next().unwrap();
        let narrowed = tam.page(&format!("{QUEUE}?luat={number}")).await;
        assert_eq!(texts(&narrowed, ".queue-item > p:first-child > strong")[0], "Giấu");
        assert_eq!((texts(&narrowed, ".queue-item").len(), texts(&narrowed, ".queue-waiting")), (1, vec!["1".to_owned()]));
        assert_eq!(attribute(&narrowed, "select[name=luat] option[selected]", "value").as_deref(), Some(number));
        assert_eq!(texts(&tam.page(&format!("{QUEUE}?luat=99999")).await, ".queue-item").len(), 0);
        let context = tam.page(&format!("{QUEUE}/{}", item(&server, "Giấu").await)).await;
        assert_eq!(texts(&context, "mark").len(), 2);
        assert_eq!(tam.post(QUEUE, &[("duyet", &item(&server, "Giấu").await)]).await.status(), 303);
        assert!(authors(&server, &page).await.contains(&"Giấu".to_owned()), "a moderator decides, not the rule");
        set(&tam, 0, "all", "").await;
        let again = send(&server.browser(), &page, "Rao 2", "mua 2 tặng 1").await;
        assert_eq!(texts(&server.page(&again).await, ".receipt--rejected").len(), 1, "whatever the mode");
        set(&tam, 0, "after", "").await;
        send(&server.browser(), &page, "Giấu 2", "cờ bạc").await;
        assert!(!server.page(&page).await.contains("Giấu 2"), "what is held waits");
        for public in ["/", &page, "/en/", "/rss.xml", "/tim-kiem?q=gi%E1%BA%A5u"] {
            assert!(!server.page(public).await.contains("Giấu 2"), "{public}");
        }
        assert!(server.page("/chinh-sach/kiem-duyet").await.contains("Có 3 quy tắc"));
    }
}

on_both! {
    /// A new rule is tried on what came of late before it does anything, with how people decided; one that was on is not
    /// changed but replaced, and what it fired on stays said of it.
    async fn a_rule_is_tried_before_it_is_switched_on(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let tam = moderator(&server).await;
        let mut codes = Vec::new();
        for (number, text) in ["Bán đất nền", "Xin hỏi", "B.á n đ.ấ t", "bán đất <b>rẻ</b>"].into_iter().enumerate() {
            codes.push(server.comment(&slug, &format!("Người {number}"), text).await);
        }
        server.approve(&codes[0]).await;
        server.reject(&codes[2], "Rao vặt").await;
        let typed = rule("words", "bán đất", "hold");
        let form: Vec<_> = typed.iter().copied().chain([("viec", "thu")]).collect();
        let html = tam.post(&format!("{RULES}/moi"), &form).await.text().await.unwrap();
        assert_eq!(texts(&html, ".try-out [role=status]"), ["Khớp 3 trong 4 phản hồi gần nhất. Trong số đó 1 đang hiển thị, 1 đã bị từ chối."]);
        assert_eq!(texts(&html, ".try-out mark"), ["bán đất", "B.á n đ.ấ t", "Bán đất"]);
        assert!(html.contains("bán đất") && html.contains("&lt;b&gt;rẻ") && texts(&html, "textarea") == ["bán đất"]);
        assert_eq!(server.number("SELECT COUNT(*) FROM moderation_rule").await, 0, "nothing is kept of a try");
        let old = save(&tam, &typed).await;
        set(&tam, 0, "rules", "").await;
        send(&server.browser(), &page, "Thử", "Bán đất thử").await;
        assert_eq!(server.number("SELECT COUNT(*) FROM rule_hit").await, 0, "on trial it does nothing");
        assert_eq!(texts(&tam.page(&old).await, ".try-out mark").len(), 4);
        turn(&tam, &old, "bat").await;
        send(&server.browser(), &page, "Giữ", "Bán đất thật").await;
        assert!(!authors(&server, &page).await.contains(&"Giữ".to_owned()));
        let changed: Vec<_> = rule("words", "cá độ", "flag").into_iter().chain([("viec", "luu")]).collect();
        let new = target(&tam.post(&old, &changed).await).strip_suffix("?xong").unwrap().to_owned();
        assert_ne!(new, old);
        send(&server.browser(), &page, "Giữ 2", "Bán đất nữa").await;
        assert!(!authors(&server, &page).await.contains(&"Giữ 2".to_owned()), "the old one goes on");
        let tried: Vec<_> = rule("words", "xin hỏi", "flag").into_iter().chain([("viec", "thu")]).collect();
        let html = tam.post(&new, &tried).await.text().await.unwrap();
        assert_eq!(texts(&html, ".try-out mark"), ["Xin hỏi"]);
        assert!(!html.contains("value=\"bat\""), "what is switched on is what is kept");
        turn(&tam, &new, "bat").await;
        send(&server.browser(), &page, "Qua", "Bán đất").await;
        assert!(authors(&server, &page).await.contains(&"Qua".to_owned()), "and ends with the new one");
        let html = tam.page(&old).await;
        assert_eq!(texts(&html, "section[aria-labelledby=da-bat-loi] mark"), ["Bán đất", "Bán đất"]);
        assert!(html.contains("đã kết thúc") && !html.contains("<form method=\"post\" action=\"/quan-tri/quy-tac"));
        assert_eq!(tam.post(&old, &changed).await.status(), 409);
        assert_eq!(tam.post(&old, &[("viec", "bat")]).await.status(), 409);
        assert_eq!(texts(&tam.page(RULES).await, "details .desk-item").len(), 1);
        turn(&tam, &new, "tat").await;
        send(&server.browser(), &page, "Qua 2", "cá độ").await;
        turn(&tam, &new, "ket-thuc").await;
        assert_eq!(server.number("SELECT COUNT(*) FROM rule_hit").await, 2);
        let log = texts(&tam.page(&new).await, "section[aria-labelledby=quyet-dinh] li").concat();
        for action in ["sửa quy tắc", "bật quy tắc", "tắt quy tắc", "kết thúc quy tắc"] {
            assert!(log.contains(action), "{action}: {log}");
        }
    }
}

on_both! {
    /// Links, repeats, speed, length and capitals are counted as comments come in: by browser, and by text wherever it is
    /// sent; neighbours behind one address do not count for each other. What they are counted by goes after its time.
    async fn what_came_before_is_counted(server: Server) {
        let page = format!("/tin/{}", server.publish("Tin một\n\nĐoạn một.").await);
        let other = format!("/tin/{}", server.publish("Tin hai\n\nĐoạn hai.").await);
        let tam = moderator(&server).await;
        set(&tam, 0, "rules", "").await;
        for (kind, condition) in [("repeats", "2"), ("speed", "30"), ("capitals", "70 10"), ("length", "5 100")] {
            switch_on(&tam, kind, condition, "hold").await;
        }
        let shown = async |browser: &Browser, page: &str, name: &str, text: &str| {
            send(browser, page, name, text).await;
            authors(&server, page).await.contains(&name.to_owned())
        };
        let lan = server.browser();
        assert!(shown(&lan, &page, "Lan", "Ý thứ nhất").await);
        assert!(!shown(&lan, &page, "Lan 2", "Ý thứ hai").await, "too soon after the one before");
        assert!(shown(&server.browser(), &page, "Hàng xóm", "Ý thứ ba").await, "the same address, another browser");
        send(&server.browser(), &page, "Hàng xóm", "Ý thứ tư, quá nhanh").await;
        assert_eq!(authors(&server, &page).await, ["Hàng xóm", "Lan"], "a browser without a name, but the same address and name");
        server.run_sql("UPDATE comment SET created_at = created_at - 31000").await;
        assert!(shown(&lan, &page, "Lan 3", "Ý thứ năm").await);
        assert!(shown(&server.browser(), &page, "R1", "Mua ngay kẻo lỡ").await);
        assert!(shown(&server.browser(), &other, "R2", "MUA, ngay: kẻo lỡ!").await);
        assert!(!shown(&server.browser(), &other, "R3", "mua ngay kẻo lỡ").await, "the third within a day, wherever");
        assert!(!shown(&server.browser(), &page, "To", "TÔI KHÔNG ĐỒNG Ý").await);
        assert!(!shown(&server.browser(), &page, "Cụt", "ừ").await);
        assert!(!shown(&server.browser(), &page, "Dài", &"dài ".repeat(40)).await);
        let html = tam.page(QUEUE).await;
        assert_eq!(texts(&html, ".queue-rule").len(), texts(&html, ".queue-item").len(), "each says why it was held");
        assert!(server.number("SELECT COUNT(*) FROM comment WHERE author_key IS NOT NULL AND text_key IS NOT NULL").await > 5);
        // What its sender has taken back, the words on which a rule fired go with the others.
        server.run_sql("UPDATE comment SET state = 'withdrawn', decided_at = 1 WHERE author_name = 'To'").await;
        server.run_sql("UPDATE rule_hit SET words = '[[\"text\",0,3,\"TÔ\"]]'").await;
        forget_withdrawn(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM rule_hit WHERE words = '[]'").await, 1);
        server.run_sql("UPDATE comment SET sender_hash_expires_at = 1").await;
        forget_expired(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE author_key IS NOT NULL OR text_key IS NOT NULL").await, 0);
    }
}

on_both! {
    /// A rule that one process switches on, and a mode that it sets, hold for the next comment at another one.
    async fn another_process_knows_at_once(server: Server) {
        let page = format!("/tin/{}", server.publish("Tin một\n\nĐoạn một.").await);
        let tam = moderator(&server).await;
        let other = server.beside(Some(8)).await;
        let state = async |path: &str| {
            let path = path.strip_prefix("/theo-doi/").unwrap().replace('-', "");
            server.number(&format!("SELECT CAST(CASE c.state WHEN 'waiting' THEN 0 WHEN 'published' THEN 1 ELSE 2 END AS BIGINT) FROM comment c JOIN receipt r ON r.id = c.receipt_id WHERE r.code = '{path}'")).await
        };
        let elsewhere = |name: &'static str| {
            let browser = other.browser();
            let page = page.clone();
            async move { send(&browser, &page, name, "Bán đất nền").await }
        };
        assert_eq!(state(&elsewhere("Một").await).await, 0);
        set(&tam, 0, "rules", "").await;
        assert_eq!(state(&elsewhere("Hai").await).await, 1);
        let path = switch_on(&tam, "words", "bán đất", "reject").await;
        assert_eq!(state(&elsewhere("Ba").await).await, 2);
        turn(&tam, &path, "tat").await;
        assert_eq!(state(&elsewhere("Bốn").await).await, 1);
        turn(&tam, &path, "bat").await;
        assert_eq!(state(&elsewhere("Năm").await).await, 2);
    }
}

on_both! {
    /// Comments that come in at once, at two processes, on two pages, some in threads, some held, are each judged once, and
    /// every count is right; two moderators who switch the same rule do it once.
    async fn many_at_once_are_each_judged_once(server: Server) {
        let (one, two) = (server.publish("Tin một\n\nĐoạn một.").await, server.publish("Tin hai\n\nĐoạn hai.").await);
        let tam = moderator(&server).await;
        let tu = server.official("tu", &[(Role::Moderator, None)]).await;
        set(&tam, 0, "rules", "").await;
        let path = save(&tam, &rule("words", "bán đất", "hold")).await;
        let on = [("viec", "bat")];
        let (first, second) = tokio::join!(tam.post(&path, &on), tu.post(&path, &on));
        let mut statuses = [first.status().as_u16(), second.status().as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        send(&server.browser(), &format!("/tin/{one}"), "Đầu chuỗi", "Mở đầu").await;
        let thread = server.number("SELECT id FROM comment").await.to_string();
        let other = server.beside(Some(8)).await;
        let sending = (0..48).map(|number| {
            let (server, slug) = (if number % 2 == 0 { &server } else { &other }, if number % 3 == 0 { &two } else { &one });
            let (browser, thread) = (server.browser(), thread.clone());
            async move {
                let text = if number % 4 == 0 { format!("Bán đất {number}") } else { format!("Ý {number}") };
                let (name, key) = (format!("Người {number}"), format!("khoa-cua-trinh-duyet-{number}"));
                let reply = if slug == "tin-mot" && number % 5 == 0 { thread.as_str() } else { "" };
                let path = format!("/tin/{slug}");
                let proof = browser.work(&path).await;
                let form = [("name", name.as_str()), ("text", &text), ("key", &key), ("reply_to", reply), ("proof", &proof)];
                // The same twice at the same moment.
                let (sent, again) = tokio::join!(browser.post(&path, &form), browser.post(&path, &form));
                assert_eq!((sent.status().as_u16(), target(&sent)), (303, target(&again)));
            }
        });
        join_all(sending).await;
        assert_eq!(server.number("SELECT COUNT(*) FROM comment").await, 49);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE state = 'waiting'").await, 12);
        assert_eq!(server.number("SELECT COUNT(*) FROM rule_hit").await, 12);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE subject_kind = 'comment'").await, 37);
        assert_eq!(server.number("SELECT COUNT(*) FROM queue_item WHERE decided_at IS NULL AND kind <> 'comment'").await, 0);
        assert_eq!(server.number("SELECT COUNT(*) FROM queue_item WHERE decided_at IS NULL").await, 12);
        let wrong = "SELECT COUNT(*) FROM discussion d WHERE published_count <> (SELECT COUNT(*) FROM comment c WHERE c.discussion_id = d.id AND c.state = 'published')";
        assert_eq!(server.number(wrong).await, 0);
        let replies = "SELECT COUNT(*) FROM comment f WHERE f.thread_id IS NULL AND f.replies <> (SELECT COUNT(*) FROM comment c WHERE c.thread_id = f.id AND c.state = 'published')";
        assert_eq!(server.number(replies).await, 0);
        assert_eq!(texts(&server.page(&format!("/tin/{two}")).await, ".discussion-count"), ["(12)"]);
    }
}

on_both! {
    /// Rules and the portal's mode belong to those who moderate all of it; whoever moderates for a unit says how comments
    /// are taken on its pages, and nowhere else.
    async fn a_units_moderator_rules_their_own_pages(server: Server) {
        let (own, other) = (server.publish("Tin một\n\nĐoạn một.").await, server.publish("Tin hai\n\nĐoạn hai.").await);
        let unit = server.unit("Xã Mường", None).await;
        server.run_sql("UPDATE announcement SET unit_id = (SELECT id FROM unit) WHERE slug = 'tin-mot'").await;
        let tam = moderator(&server).await;
        let path = save(&tam, &rule("words", "bán đất", "hold")).await;
        let mo = server.official("mo", &[(Role::Moderator, Some(&unit))]).await;
        let found = mo.get(&format!("{MODES}?trang=http://cong.vn/en/tin/{own}/%3Ftu=1%23phan-hoi")).await;
        let (own, other) = (id_of(&server, &own).await, id_of(&server, &other).await);
        assert_eq!(target(&found), format!("{MODES}/{own}"), "by the address of the page");
        assert_eq!(mo.get(&format!("{MODES}?trang=khong-co")).await.status(), 404);
        assert!(!mo.page(QUEUE).await.contains(&format!("\"{RULES}\"")), "nobody is led to what is not theirs");
        set(&mo, own, "rules", "").await;
        assert_eq!(mo.get(&format!("{MODES}/{own}")).await.status(), 200);
        let (closed, closing) = (format!("{MODES}/{other}"), [("che-do", "closed")]);
        for path in [RULES, &path, MODES, &closed, &format!("{RULES}/moi")] {
            assert_eq!(mo.get(path).await.status(), 403, "{path}");
        }
        assert_eq!(mo.post(MODES, &closing).await.status(), 403);
        assert_eq!(mo.post(&format!("{MODES}/0"), &closing).await.status(), 404);
        assert_eq!(mo.post(&closed, &closing).await.status(), 403);
        let typed = rule("words", "bán đất", "hold");
        for what in ["thu", "luu", "bat", "tat", "ket-thuc"] {
            let form: Vec<_> = typed.iter().copied().chain([("viec", what)]).collect();
            assert_eq!(mo.post(&path, &form).await.status(), 403, "{what}");
        }
        for what in ["thu", "luu"] {
            let form: Vec<_> = typed.iter().copied().chain([("viec", what)]).collect();
            assert_eq!(mo.post(&format!("{RULES}/moi"), &form).await.status(), 403, "{what}");
        }
        let lan = server.official("lan", &[(Role::Editor, None)]).await;
        assert_eq!(lan.get(&format!("{MODES}/{own}")).await.status(), 403);
        assert_eq!(server.number("SELECT COUNT(*) FROM moderation_rule WHERE state = 'trial'").await, 1);
        assert_eq!(server.number("SELECT COUNT(*) FROM moderation_mode").await, 1);
    }
}

on_both! {
    /// Whatever somebody makes a rule or a mode of, a sentence answers, what was typed is still there, and comments are
    /// taken as before.
    async fn what_is_no_rule_is_refused_with_a_sentence(server: Server) {
        let page = format!("/tin/{}", server.publish("Tin một\n\nĐoạn một.").await);
        let tam = moderator(&server).await;
        let new = format!("{RULES}/moi");
        let large = format!("({})", "a{1,500}".repeat(40));
        let long = "từ ".repeat(8000);
        for (kind, condition, sentence) in [
            ("pattern", "(đóng <b>", "biểu thức chính quy"),
            ("pattern", large.as_str(), "quá lớn"),
            ("pattern", r"(?=x)\1", "biểu thức chính quy"),
            ("words", "", "Hãy điền"),
            ("words", "được\n\n...\n", "Dòng 3"),
            ("words", long.as_str(), "20.000"),
            ("links", "nhiều", "số nguyên"),
            ("links", "99999999999999999999", "số nguyên"),
            ("capitals", "100 5", "luôn khớp hoặc không bao giờ"),
            ("moon", "x", "Không có loại"),
        ] {
            for what in ["thu", "luu"] {
                let form: Vec<_> = rule(kind, condition, "hold").into_iter().chain([("viec", what)]).collect();
                let answer = tam.post(&new, &form).await;
                assert_eq!(answer.status(), 422, "{kind} {what}");
                let html = answer.text().await.unwrap();
                assert!(texts(&html, ".form-errors").concat().contains(sentence), "{kind}: {:?}", texts(&html, ".form-errors"));
                let inputs = ["#dieu-kien", "#dieu-kien-2"].map(|id| attribute(&html, id, "value").unwrap_or_default());
                let typed = format!("{}{}", texts(&html, "textarea").concat(), inputs.join(" "));
                assert_eq!(typed.trim(), condition.trim(), "{kind}: what was typed is still there");
            }
        }
        let nameless = [("ten", " \u{200b}"), ("loai", "words"), ("dieu-kien", "x"), ("viec-lam", "hold"), ("viec", "luu")];
        assert_eq!(tam.post(&new, &nameless).await.status(), 422);
        for reason in ["", "other", "khong-co"] {
            let form = [("ten", "A"), ("loai", "words"), ("dieu-kien", "x"), ("viec-lam", "reject"), ("ly-do", reason), ("viec", "luu")];
            assert_eq!(tam.post(&new, &form).await.status(), 422, "{reason}: a rejection says why");
        }
        for form in [vec![("viec", "luu")], vec![("viec", "khac")], vec![], vec![("ten", "A"), ("loai", "words"), ("dieu-kien", "x"), ("viec-lam", "xoá"), ("viec", "luu")]] {
            assert!(matches!(tam.post(&new, &form).await.status().as_u16(), 400 | 422), "{form:?}");
        }
        for path in ["/quan-tri/quy-tac/0", "/quan-tri/quy-tac/999", "/quan-tri/che-do/999"] {
            assert_eq!(tam.get(path).await.status(), 404, "{path}");
        }
        assert_eq!(tam.post("/quan-tri/quy-tac/999", &[("viec", "bat")]).await.status(), 404);
        assert_eq!(tam.post(MODES, &[("che-do", "anarchy")]).await.status(), 400);
        assert_eq!(tam.post(MODES, &[]).await.status(), 400);
        assert_eq!(server.number("SELECT COUNT(*) FROM moderation_rule").await, 0);
        let attack = "<script>alert(1)</script>";
        let hostile: Vec<_> = [("ten", attack), ("loai", "words"), ("dieu-kien", "mua*"), ("viec-lam", "hold")].to_vec();
        let path = save(&tam, &hostile).await;
        turn(&tam, &path, "bat").await;
        send(&server.browser(), &page, attack, &format!("mua{}", "\u{301}".repeat(500))).await;
        for path in [RULES, &path, QUEUE] {
            assert!(!tam.page(path).await.contains(attack), "{path}");
        }
        // A rule that a later version wrote is none for this one.
        server.run_sql("UPDATE moderation_rule SET kind = 'moon'").await;
        server.run_sql("INSERT INTO change_log (at, thing_kind, thing_id) VALUES (1, 'rules', 0)").await;
        send(&server.browser(), &page, "Bà Tư", "mua").await;
        assert_eq!(items(&tam).await.len(), 2);
    }
}
