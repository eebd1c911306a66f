//! What moderators are promised: one queue, decisions with reasons, nothing done twice, and a minute to think again.

use thidua::domain::account::Role;

use crate::harness::{Browser, Server, on_both, target, texts};

/// The ids of what stands in the queue, in its order.
fn items(html: &str) -> Vec<String> {
    let document = scraper::Html::parse_document(html);
    let item = scraper::Selector::parse("[data-item]").unwrap();
    document.select(&item).map(|item| item.value().attr("data-item").unwrap().to_owned()).collect()
}

const QUEUE: &str = "/quan-tri/phan-hoi";

async fn moderator(server: &Server, name: &str) -> Browser {
    server.official(name, &[(Role::Moderator, None)]).await
}

on_both! {
    /// Comments and reports wait in one queue, the oldest first; one that is approved is shown, one that is rejected tells
    /// its sender the published reason and what was added; what was reported can be kept, which is recorded too.
    async fn everything_that_waits_is_decided_in_one_queue(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let lan = moderator(&server, "lan").await;
        assert_eq!(items(&lan.page(QUEUE).await).len(), 0);
        let good = server.comment(&slug, "Bà Tư", "Xin hỏi ngày bắt đầu?").await;
        let bad = server.comment(&slug, "Ông Năm", "Bán đất nền giá rẻ").await;
        let html = lan.page(QUEUE).await;
        assert_eq!(texts(&html, ".queue-item strong"), ["Bà Tư", "Ông Năm"]);
        let ids = items(&html);
        assert_eq!(lan.post(QUEUE, &[("duyet", &ids[0])]).await.status(), 303);
        assert_eq!(texts(&server.page(&page).await, ".comment-author"), ["Bà Tư"]);
        let (reason, note) = (format!("ly-do-{}", ids[1]), format!("ghi-chu-{}", ids[1]));
        let silent = lan.post(QUEUE, &[("tu-choi", &ids[1]), (&note, "Đất nền")]).await;
        assert_eq!(silent.status(), 422);
        assert!(silent.text().await.unwrap().contains("Đất nền"), "what was typed is still there");
        let other = lan.post(QUEUE, &[("tu-choi", &ids[1]), (&reason, "other")]).await;
        assert_eq!(other.status(), 422, "another reason has to be said");
        let done = lan.post(QUEUE, &[("tu-choi", &ids[1]), (&reason, "advertising"), (&note, "Trang này không đăng rao vặt.")]).await;
        assert_eq!(done.status(), 303);
        let tracked = server.page(&format!("/theo-doi/{bad}")).await;
        assert_eq!(texts(&tracked, ".reason p")[1], "Quảng cáo, mua bán hoặc dẫn sang trang lạ. Trang này không đăng rao vặt.");
        assert!(texts(&server.page(&format!("/en/theo-doi/{bad}")).await, ".reason p")[1].starts_with("Advertises, sells"));
        assert!(server.page("/chinh-sach/kiem-duyet").await.contains("Quảng cáo, mua bán hoặc dẫn sang trang lạ"));
        let comment = server.number("SELECT id FROM comment WHERE author_name = 'Bà Tư'").await;
        let (path, reader) = (format!("/phan-hoi/{comment}"), server.browser());
        let empty = reader.post(&path, &[("viec", "bao"), ("ghi-chu", "Chưa chọn lý do")]).await;
        assert_eq!(empty.status(), 422);
        assert!(empty.text().await.unwrap().contains("Chưa chọn lý do"));
        for browser in [&reader, &reader, &server.browser()] {
            let sent = browser.post(&path, &[("viec", "bao"), ("ly-do", "insult"), ("ghi-chu", "Nặng lời")]).await;
            assert_eq!(target(&sent), format!("{path}?xong=bao"));
        }
        let html = lan.page(QUEUE).await;
        assert_eq!((items(&html).len(), texts(&html, ".queue-report").len()), (1, 2), "one item, a report of each browser");
        assert_eq!(texts(&server.page(&page).await, ".comment").len(), 1, "what is reported stays until somebody decides");
        assert_eq!(lan.post(QUEUE, &[("duyet", &items(&html)[0])]).await.status(), 303);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE action = 'keep-comment'").await, 1);
        assert_eq!(items(&lan.page(QUEUE).await).len(), 0);
        let sent = server.browser().post(&path, &[("viec", "bao"), ("ly-do", "insult")]).await;
        assert_eq!(sent.status(), 303);
        let again = items(&lan.page(QUEUE).await)[0].clone();
        let reason = format!("ly-do-{again}");
        assert_eq!(lan.post(QUEUE, &[("tu-choi", &again), (&reason, "insult")]).await.status(), 303);
        assert_eq!(texts(&server.page(&page).await, ".comment").len(), 0);
        assert_eq!(texts(&server.page(&format!("/theo-doi/{good}")).await, ".reason p")[1], "Xúc phạm, đe doạ hoặc kích động chia rẽ");
        assert_eq!(server.get(&path).await.status(), 404);
        assert_eq!(server.browser().post(&path, &[("viec", "bao"), ("ly-do", "insult")]).await.status(), 404);
    }
}

on_both! {
    /// Many are decided at once; two moderators who decide the same are told, and it is done once; within a minute whoever
    /// decided takes it back, nobody else does, and the log keeps all of it.
    async fn nothing_is_decided_twice_and_a_minute_is_left(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let (lan, hoa) = (moderator(&server, "lan").await, moderator(&server, "hoa").await);
        for number in 1..=4 {
            server.comment(&slug, &format!("Người {number}"), "Ý kiến").await;
        }
        let ids = items(&lan.page(QUEUE).await);
        let some = [("viec", "duyet"), ("muc", &ids[0]), ("muc", &ids[1]), ("muc", &ids[1])];
        let told = target(&lan.post(QUEUE, &some).await);
        assert_eq!(texts(&lan.page(&told).await, ".queue-undo [role=status]"), ["Đã duyệt: 2."]);
        let late = [("viec", "tu-choi"), ("ly-do", "repeated"), ("muc", &ids[1]), ("muc", &ids[2])];
        let told = target(&hoa.post(QUEUE, &late).await);
        let html = hoa.page(&told).await;
        assert!(html.contains("Đã từ chối: 1.") && html.contains("Đã có quyết định trước đó của Lan"), "{told}");
        assert_eq!(texts(&server.page(&page).await, ".comment").len(), 2);
        let same = [("duyet", ids[3].as_str())];
        let (one, two) = tokio::join!(lan.ask(QUEUE, &same), hoa.ask(QUEUE, &same));
        let done = |answer: &(u16, serde_json::Value)| answer.1["done"].as_array().unwrap().len();
        assert_eq!(done(&one) + done(&two), 1, "{one:?} {two:?}");
        assert_eq!(hoa.post(QUEUE, &[("viec", "hoan-tac"), ("muc", &ids[0])]).await.status(), 410, "another's decision");
        assert_eq!(lan.post(QUEUE, &[("viec", "hoan-tac"), ("muc", &ids[0]), ("muc", &ids[1])]).await.status(), 303);
        assert_eq!(items(&lan.page(QUEUE).await), ids[..2], "as they were, in their order");
        assert_eq!(texts(&server.page(&page).await, ".comment").len(), 1);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE action = 'undo'").await, 2);
        server.run_sql("UPDATE queue_item SET decided_at = decided_at - 61000 WHERE decided_at IS NOT NULL").await;
        assert_eq!(hoa.post(QUEUE, &[("viec", "hoan-tac"), ("muc", &ids[2])]).await.status(), 410, "a minute later");
        let counted = texts(&lan.page(QUEUE).await, ".desk-figures").concat();
        assert!(counted.contains("Lan: ") && counted.contains("Hoa: "), "{counted}");
    }
}

on_both! {
    /// Whoever opens an item is told who else has it open; what surrounds it is one click away; the queue is narrowed by
    /// kind, page and age, and pages without losing or repeating anything.
    async fn the_queue_is_worked_through_by_several(server: Server) {
        let (one, two) = (server.publish("Tin một\n\nĐoạn một.").await, server.publish("Tin hai\n\nĐoạn hai.").await);
        let (lan, hoa) = (moderator(&server, "lan").await, moderator(&server, "hoa").await);
        for number in 0..60 {
            server.comment(if number % 2 == 0 { &one } else { &two }, &format!("Người {number}"), "Ý kiến").await;
        }
        let html = lan.page(QUEUE).await;
        let ids = items(&html);
        assert_eq!(ids.len(), 50);
        let next = crate::harness::attribute(&html, "a[rel=next]", "href").unwrap();
        let rest = items(&lan.page(&next).await);
        assert_eq!((rest.len(), rest.iter().any(|id| ids.contains(id))), (10, false));
        let touched = format!("{QUEUE}/{}/dang-mo", ids[0]);
        assert_eq!(lan.ask(&touched, &[]).await.1["who"], serde_json::Value::Null);
        assert_eq!(hoa.ask(&touched, &[]).await.1["who"], "Lan");
        assert_eq!(texts(&hoa.page(QUEUE).await, ".queue-open")[0], "Lan đang xem mục này.");
        assert_eq!(texts(&lan.page(QUEUE).await, ".queue-open")[0], "");
        let context = lan.page(&format!("{QUEUE}/{}", ids[0])).await;
        assert_eq!(texts(&context, "section[aria-labelledby=cung-noi-gui] li").len(), 20, "the latest from the same address");
        let second = server.number("SELECT id FROM announcement WHERE slug = 'tin-hai'").await;
        assert_eq!(items(&lan.page(&format!("{QUEUE}?trang={second}")).await).len(), 30);
        assert_eq!(items(&lan.page(&format!("{QUEUE}?loai=report")).await).len(), 0);
        server.run_sql("UPDATE queue_item SET since = since - 25 * 3600000 WHERE id < 4").await;
        let old = lan.page(&format!("{QUEUE}?tuoi=24")).await;
        assert_eq!((items(&old).len(), texts(&old, ".queue-item .badge--bad")[0].as_str()), (3, "chờ 25 giờ"));
        assert_eq!(texts(&lan.page(QUEUE).await, ".is-late"), ["chờ 25 giờ"]);
        for wrong in ["?trang=x&tuoi=-5&tu=1-2-3&loai=%00", "?tuoi=99999999999", "/99999", "/abc"] {
            assert!(lan.get(&format!("{QUEUE}{wrong}")).await.status().as_u16() < 500, "{wrong}");
        }
        assert_eq!(lan.post(QUEUE, &[("duyet", "99999")]).await.status(), 404);
        assert_eq!(lan.post(QUEUE, &[("viec", "duyet")]).await.status(), 303, "nothing is chosen, nothing is done");
    }
}

on_both! {
    /// Who moderates for a unit sees and decides what waits on its pages only, and the log can't be rewritten.
    async fn a_units_moderator_has_a_queue_of_their_own(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        server.comment(&slug, "Bà Tư", "Ý kiến").await;
        let unit = server.unit("Xã Mường", None).await;
        let of_unit = server.official("mo", &[(Role::Moderator, Some(&unit))]).await;
        let html = of_unit.page(QUEUE).await;
        assert_eq!(items(&html).len(), 0);
        let id = server.number("SELECT id FROM queue_item").await.to_string();
        assert_eq!(of_unit.post(QUEUE, &[("duyet", &id)]).await.status(), 403);
        assert_eq!(of_unit.get(&format!("{QUEUE}/{id}")).await.status(), 403);
        assert_eq!(of_unit.ask(&format!("{QUEUE}/{id}/dang-mo"), &[]).await.0, 403);
        server.run_sql("UPDATE announcement SET unit_id = (SELECT id FROM unit)").await;
        assert_eq!(items(&of_unit.page(QUEUE).await), vec![id.clone()]);
        assert_eq!(of_unit.post(QUEUE, &[("duyet", &id)]).await.status(), 303);
        assert_eq!(of_unit.get("/quan-tri/nhat-ky-kiem-duyet.csv").await.status(), 403, "the log of the whole portal");
        let lan = moderator(&server, "lan").await;
        let log = lan.page("/quan-tri/nhat-ky-kiem-duyet.csv").await;
        assert!(log.contains("\"mo\",\"account\",1,\"approve\"") && !log.contains("Ý kiến"), "{log}");
        let policy = server.page("/chinh-sach/kiem-duyet").await;
        assert!(policy.contains("Đã quyết định 1 phản hồi; một nửa có kết quả trong vòng 0 phút; 0% bị từ chối hoặc gỡ."));
        for rewriting in ["UPDATE decision SET reason = 'khác'", "DELETE FROM decision"] {
            assert!(server.try_sql(rewriting).await.is_err(), "{rewriting}");
        }
    }
}
