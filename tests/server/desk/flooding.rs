//! What is promised against abuse: a flood costs one decision, whoever is honest gets through, a blocked sender costs
//! nothing, and work that was shown once is shown.

use std::collections::HashSet;

use futures::future::join_all;
use futures::stream::{self, StreamExt};
use thidua::domain::account::Role;
use thidua::domain::flood::{BITS, BITS_IN_FLOOD, PAGE_MOST, SENDER_MOST};
use thidua::domain::proof::is_solved;
use thidua::domain::time::Instant;
use thidua::server::clock::now;
use thidua::server::sender::Sender;
use thidua::server::services::comment::challenge_sender;
use thidua::server::services::proof::make_challenge;

use crate::harness::{Browser, Server, on_both, solve, target, texts};

const QUEUE: &str = "/quan-tri/phan-hoi";
const BLOCKS: &str = "/quan-tri/chan";
const DAY: i64 = 24 * 60 * 60_000;

async fn moderator(server: &Server, name: &str) -> Browser {
    server.official(name, &[(Role::Moderator, None)]).await
}

/// Work for a comment on a page, as the form's script does it.
async fn work(server: &Server, slug: &str) -> String {
    server.browser().work(&format!("/tin/{slug}")).await
}

/// Sends a comment from an address and gives its receipt code.
async fn send(server: &Server, slug: &str, address: &str, name: &str, text: &str, proof: &str) -> String {
    let form = [("name", name), ("text", text), ("proof", proof)];
    let answer = server.post_from(address, &format!("/tin/{slug}"), &form).await;
    assert_eq!(answer.status(), 303, "{address} {text}");
    target(&answer).strip_prefix("/theo-doi/").unwrap().to_owned()
}

/// So many comments without work from each of some addresses, many at a time; gives their codes.
async fn spam(server: &Server, slug: &str, addresses: usize, each: usize) -> Vec<String> {
    let all = (0..addresses * each).map(|n| (n, format!("198.51.100.{}", n % addresses + 1)));
    stream::iter(all)
        .map(|(n, address)| async move {
            send(
                server,
                slug,
                &address,
                &format!("Bot {n}"),
                &format!("Mua đất nền {n} ở https://dat-nen.example/{n}"),
                "",
            )
            .await
        })
        .buffer_unordered(32)
        .collect()
        .await
}

/// The paths of the floods that stand in the queue.
fn floods(html: &str) -> Vec<String> {
    let document = scraper::Html::parse_document(html);
    let link = scraper::Selector::parse(".queue-item a[href*=\"/gui-don/\"]").unwrap();
    document.select(&link).map(|link| link.value().attr("href").unwrap().to_owned()).collect()
}

/// What waits has an open item of its own, or is in an open flood that has one; never both, never neither.
async fn nothing_is_lost(server: &Server) {
    let own =
        "EXISTS (SELECT 1 FROM queue_item q WHERE q.kind = 'comment' AND q.subject_id = c.id AND q.decided_at IS NULL)";
    let flood = "EXISTS (SELECT 1 FROM flood f JOIN queue_item q ON q.kind = 'flood' AND q.subject_id = f.id AND q.decided_at IS NULL \
                 WHERE f.id = c.flood_id AND f.decided_at IS NULL)";
    let wrong = format!("SELECT COUNT(*) FROM comment c WHERE c.state = 'waiting' AND {own} = {flood}");
    assert_eq!(server.number(&wrong).await, 0, "what waits is in one place");
}

const REJECT: [(&str, &str); 2] = [("viec", "tu-choi"), ("ly-do", "advertising")];

on_both! {
    /// Hundreds of comments from a few addresses are one thing in the queue, with those that came before it was seen; what
    /// honest people sent before, or send meanwhile with work, waits for itself. One decision rejects it, each sender reads
    /// why, nothing of it was ever public; within a minute it is taken back; what comes after it is another flood.
    async fn hundreds_of_spam_comments_cost_one_decision(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let front = server.behind("127.0.0.1").await;
        let (lan, hoa) = (moderator(&server, "lan").await, moderator(&server, "hoa").await);
        let good = send(&front, &slug, "203.0.113.7", "Bà Tư", "Cổng trường em còn ngập.", "").await;
        let spammed = spam(&front, &slug, 4, 90).await;
        nothing_is_lost(&server).await;
        let proof = work(&front, &slug).await;
        send(&front, &slug, "203.0.113.8", "Ông Năm", "Tôi có mặt ở lễ phát động.", &proof).await;
        let html = lan.page(QUEUE).await;
        assert_eq!(texts(&html, ".queue-item").len(), 3, "one flood, and two honest people");
        assert!(html.contains("Bà Tư") && html.contains("Ông Năm"));
        assert_eq!(texts(&html, ".queue-waiting"), ["3"]);
        let flood = floods(&html)[0].clone();
        assert!(html.contains("360 phản hồi chờ chung một quyết định") && html.contains("4 địa chỉ gửi"), "{html}");
        let item = texts(&html, ".queue-item").into_iter().find(|item| item.contains("360 phản hồi")).unwrap();
        assert_eq!(item.matches("Mua đất nền").count(), 5, "five samples: {item}");
        let about = lan.page(&flood).await;
        assert!(about.contains("dat-nen.example (200)"), "{about}");
        let silent = lan.post(&flood, &[("viec", "tu-choi"), ("ghi-chu", "Đất nền")]).await;
        assert_eq!(silent.status(), 422);
        assert!(silent.text().await.unwrap().contains("Đất nền"), "what was typed is still there");
        let before = std::time::Instant::now();
        let done = target(&lan.post(&flood, &REJECT).await);
        assert!(before.elapsed().as_secs() < 5, "{:?}", before.elapsed());
        assert!(lan.page(&done).await.contains("Đã từ chối cả đợt: 360 phản hồi."));
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE subject_kind = 'flood'").await, 1);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE subject_kind = 'comment' AND action = 'reject'").await, 360);
        for code in [&spammed[0], &spammed[359]] {
            let tracked = front.page(&format!("/theo-doi/{code}")).await;
            assert_eq!(texts(&tracked, ".reason p")[1], "Quảng cáo, mua bán hoặc dẫn sang trang lạ");
        }
        assert!(!front.page(&format!("/theo-doi/{good}")).await.contains("Quảng cáo"));
        for path in [page.as_str(), "/", "/rss.xml", "/tim-kiem?q=dat+nen"] {
            assert!(!front.page(path).await.contains("Mua đất nền"), "{path}");
        }
        assert_eq!(hoa.post(&flood, &[("viec", "hoan-tac")]).await.status(), 410, "another's decision");
        let undone = target(&lan.post(&flood, &[("viec", "hoan-tac")]).await);
        assert!(lan.page(&undone).await.contains("360 phản hồi lại chờ trong đợt."));
        nothing_is_lost(&server).await;
        assert!(!front.page(&format!("/theo-doi/{}", spammed[0])).await.contains("Quảng cáo"));
        assert_eq!(hoa.post(&flood, &REJECT).await.status(), 303);
        server.run_sql("UPDATE flood SET decided_at = decided_at - 61000").await;
        assert_eq!(hoa.post(&flood, &[("viec", "hoan-tac")]).await.status(), 410, "a minute later");
        send(&front, &slug, "198.51.100.1", "Bot", "Mua nữa", "").await;
        let later = floods(&lan.page(QUEUE).await);
        assert!(later.len() == 1 && later[0] != flood, "what comes after the decision is another flood: {later:?}");
        nothing_is_lost(&server).await;
        let log = lan.page("/quan-tri/nhat-ky-kiem-duyet.csv").await;
        assert!(log.contains("\"reject-flood\"") && log.contains("\"flood\"") && !log.contains("đất nền"));
    }
}

on_both! {
    /// On a busy day people who show work and whose address is quiet are never set aside, however many there are; of those
    /// who show none, the ones over the limit wait together. More work is asked for meanwhile.
    async fn a_rush_of_honest_people_is_no_flood(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let front = server.behind("127.0.0.1").await;
        let lan = moderator(&server, "lan").await;
        let asked = challenge_sender(&server.store, &slug, Sender([203, 0, 113, 9].into())).await.unwrap();
        assert_eq!(asked.bits, BITS);
        let bare: Vec<String> = stream::iter(0..PAGE_MOST + 2)
            .map(|n| { let (front, slug) = (&front, &slug); async move { send(front, slug, &format!("192.0.2.{n}"), "Người", &format!("Ý kiến {n}"), "").await } })
            .buffer_unordered(16).collect().await;
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE flood_id IS NULL").await, PAGE_MOST, "each of another address");
        let flood = floods(&lan.page(&format!("{QUEUE}?loai=flood")).await)[0].clone();
        for n in 0..3 {
            let proof = work(&front, &slug).await;
            send(&front, &slug, &format!("203.0.113.{n}"), "Người có máy", &format!("Ý {n}"), &proof).await;
        }
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE proven AND flood_id IS NULL").await, 3);
        let asked = challenge_sender(&server.store, &slug, Sender([203, 0, 113, 9].into())).await.unwrap();
        assert_eq!(asked.bits, BITS_IN_FLOOD);
        // Released, each waits for itself, as old as it is.
        let released = target(&lan.post(&flood, &[("viec", "tha")]).await);
        assert!(lan.page(&released).await.contains("Đã đưa cả đợt vào hàng chờ: 2 phản hồi."));
        nothing_is_lost(&server).await;
        let late = "SELECT COUNT(*) FROM queue_item q JOIN comment c ON c.id = q.comment_id WHERE q.since <> c.created_at";
        assert_eq!((server.number("SELECT COUNT(*) FROM queue_item WHERE kind = 'comment' AND decided_at IS NULL").await, server.number(late).await), (PAGE_MOST + 5, 0));
        assert!(front.page(&format!("/theo-doi/{}", bare.last().unwrap())).await.contains("sau khi được kiểm duyệt"));
        // Taken back, what nobody has decided meanwhile is in the flood again.
        assert_eq!(lan.post(&flood, &[("viec", "hoan-tac")]).await.status(), 303);
        assert_eq!(server.number("SELECT COUNT(*) FROM queue_item WHERE kind = 'comment' AND decided_at IS NULL").await, PAGE_MOST + 3);
        nothing_is_lost(&server).await;
    }
}

on_both! {
    /// What is good in a flood is taken out and shown before the rest is rejected, or put into the queue; what its sender
    /// has changed since it was read is not shown unread; a moderator of another unit has no part in it.
    async fn what_is_good_in_a_flood_is_taken_out(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let front = server.behind("127.0.0.1").await;
        let lan = moderator(&server, "lan").await;
        let codes = spam(&front, &slug, 1, 90).await;
        let flood = floods(&lan.page(QUEUE).await)[0].clone();
        let unit = server.unit("Xã Mường", None).await;
        let other = server.official("mo", &[(Role::Moderator, Some(&unit))]).await;
        assert_eq!(other.get(&flood).await.status(), 403);
        for what in ["tu-choi", "tha", "duyet", "ra", "hoan-tac"] {
            assert_eq!(other.post(&flood, &[("viec", what), ("ly-do", "insult"), ("muc", "1")]).await.status(), 403, "{what}");
        }
        assert_eq!(floods(&other.page(QUEUE).await).len(), 0);
        let html = lan.page(&flood).await;
        let ids: Vec<String> = {
            let document = scraper::Html::parse_document(&html);
            let box_ = scraper::Selector::parse(".flood-members input[name=muc]").unwrap();
            document.select(&box_).map(|one| one.value().attr("value").unwrap().to_owned()).collect()
        };
        assert_eq!(ids.len(), 50);
        let next = crate::harness::attribute(&html, "a[rel=next]", "href").unwrap();
        assert_eq!(texts(&lan.page(&next).await, ".flood-members .desk-comment").len(), 40, "without a gap or a repeat");
        server.run_sql(&format!("UPDATE comment SET version = 2 WHERE id = {}", ids[1])).await;
        let (first, second) = (format!("ban-{}", ids[0]), format!("ban-{}", ids[1]));
        let some = [("viec", "duyet"), ("muc", &ids[0]), ("muc", &ids[1]), ("muc", "999999"), (&first, "1"), (&second, "1")];
        let told = target(&lan.post(&flood, &some).await);
        let html = lan.page(&told).await;
        assert!(html.contains("Đã đưa 1 phản hồi ra khỏi đợt.") && html.contains("người gửi"), "{told}");
        assert_eq!(texts(&front.page(&page).await, ".comment").len(), 1);
        assert_eq!(lan.post(&flood, &[("viec", "ra"), ("muc", &ids[2])]).await.status(), 303);
        nothing_is_lost(&server).await;
        assert_eq!(texts(&lan.page(&format!("{QUEUE}?loai=comment")).await, ".queue-item").len(), 2, "changed since, and put there");
        let done = target(&lan.post(&flood, &REJECT).await);
        assert!(lan.page(&done).await.contains("87 phản hồi"), "{done}");
        assert_eq!(texts(&front.page(&page).await, ".comment").len(), 1);
        assert_eq!(texts(&front.page(&page).await, ".discussion-count"), ["(1)"]);
        let mut rejected = 0;
        for code in &codes {
            rejected += usize::from(front.page(&format!("/theo-doi/{code}")).await.contains("Quảng cáo, mua bán"));
        }
        assert_eq!(rejected, 87, "each of their senders reads why");
        assert_eq!(lan.post(&flood, &[("viec", "ra"), ("muc", &ids[5])]).await.status(), 303);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE state = 'rejected'").await, 87, "what is decided is decided");
        for wrong in ["/quan-tri/gui-don/99999", "/quan-tri/gui-don/abc"] {
            assert!(matches!(lan.get(wrong).await.status().as_u16(), 404 | 400), "{wrong}");
        }
        assert_eq!(lan.post(&flood, &[("viec", "la-gi")]).await.status(), 400);
    }
}

on_both! {
    /// Two moderators decide about the same flood while it still comes in: one decision is made, the other one is told, and
    /// every comment is either decided or waits.
    async fn a_flood_is_decided_once_while_it_still_comes_in(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let front = server.behind("127.0.0.1").await;
        let (lan, hoa) = (moderator(&server, "lan").await, moderator(&server, "hoa").await);
        spam(&front, &slug, 1, 70).await;
        let flood = floods(&lan.page(QUEUE).await)[0].clone();
        let more = stream::iter(0..40).map(|n| { let (front, slug) = (&front, &slug); async move { send(front, slug, "198.51.100.1", "Bot", &format!("Thêm {n}"), "").await } });
        let (one, two, codes) = tokio::join!(
            lan.post(&flood, &REJECT),
            hoa.post(&flood, &[("viec", "tha")]),
            more.buffer_unordered(8).collect::<Vec<_>>(),
        );
        let told = [target(&one), target(&two)];
        assert_eq!(told.iter().filter(|to| to.contains("xong=truoc")).count(), 1, "{told:?}");
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE subject_kind = 'flood'").await, 1);
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), 40);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment").await, 110);
        nothing_is_lost(&server).await;
        // What came to a later flood comes along when the first one is taken back.
        send(&front, &slug, "198.51.100.1", "Bot", "Sau quyết định", "").await;
        let who = if told[0].contains("truoc") { &hoa } else { &lan };
        assert_eq!(who.post(&flood, &[("viec", "hoan-tac")]).await.status(), 303);
        assert_eq!(floods(&lan.page(&format!("{QUEUE}?loai=flood")).await), [flood]);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE state = 'waiting' AND flood_id IS NOT NULL").await, 111);
        nothing_is_lost(&server).await;
    }
}

on_both! {
    /// What a blocked sender sends is taken like anything else and set aside where it costs nobody anything, until the end
    /// date or until the block is ended, whatever hash the address has by then; others are not touched. It is a decision,
    /// with a reason, of whoever moderates the whole portal.
    async fn a_blocked_sender_costs_nothing(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let front = server.behind("127.0.0.1").await;
        let lan = moderator(&server, "lan").await;
        let unit = server.unit("Xã Mường", None).await;
        let of_unit = server.official("mo", &[(Role::Moderator, Some(&unit))]).await;
        send(&front, &slug, "198.51.100.9", "Kẻ phá", "Chửi bới", "").await;
        let comment = server.number("SELECT id FROM comment").await.to_string();
        let form = format!("{BLOCKS}?phan-hoi={comment}");
        let asked = lan.page(&form).await;
        assert!(asked.contains("hàng nghìn thuê bao di động có thể dùng chung một địa chỉ"), "a warning in words");
        assert!(!asked.contains("198.51.100.9"));
        let block = |hours, reason| [("viec", "chan"), ("phan-hoi", comment.as_str()), ("thoi-han", hours), ("ly-do", reason)];
        assert_eq!(of_unit.get(BLOCKS).await.status(), 403);
        assert_eq!(of_unit.get(&form).await.status(), 403);
        assert_eq!(of_unit.post(BLOCKS, &block("24", "Chửi")).await.status(), 403);
        let silent = lan.post(BLOCKS, &block("720", " ")).await;
        assert_eq!(silent.status(), 422);
        assert_eq!(lan.post(BLOCKS, &block("1000000", "Mãi mãi")).await.status(), 400, "every block ends");
        assert_eq!(lan.post(BLOCKS, &[("viec", "chan"), ("phan-hoi", "99999"), ("thoi-han", "24"), ("ly-do", "x")]).await.status(), 404);
        assert_eq!(lan.post(BLOCKS, &block("24", "Chửi bới nhiều lần")).await.status(), 303);
        assert_eq!(lan.post(BLOCKS, &block("2160", "Chửi bới <mãi>")).await.status(), 303, "a longer one takes its place");
        let code = send(&front, &slug, "198.51.100.9", "Kẻ phá", "Lại chửi", "").await;
        send(&front, &slug, "198.51.100.10", "Bà Tư", "Chào", "").await;
        let html = lan.page(QUEUE).await;
        assert_eq!(texts(&html, ".queue-item").len(), 2, "what came before, and another's");
        assert!(!html.contains("Lại chửi"));
        let aside = lan.page(&format!("{QUEUE}?don=1")).await;
        assert!(aside.contains("Lại chửi") && aside.contains("Phản hồi từ người gửi đang bị chặn."));
        assert!(front.page(&format!("/theo-doi/{code}")).await.contains("sau khi được kiểm duyệt"), "its sender sees no difference");
        nothing_is_lost(&server).await;
        let list = lan.page(BLOCKS).await;
        assert!(list.contains("1 phản hồi đã được để riêng") && list.contains("Chửi bới &lt;mãi&gt;"), "{list}");
        assert_eq!(server.number("SELECT COUNT(*) FROM blocked_sender WHERE sender_hash IS NOT NULL").await, 1, "the one that ended is forgotten");
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE subject_kind = 'blocked-sender' AND action = 'block'").await, 2);
        // In two months the address has another hash, and is blocked by the old one.
        let sender = Sender([198, 51, 100, 9].into());
        let old = sender.hash(&server.store.secret, now().plus_ms(-60 * DAY));
        assert_ne!(old, sender.hash(&server.store.secret, now()));
        server.run_sql(&format!("UPDATE blocked_sender SET sender_hash = '{old}' WHERE ended_at IS NULL")).await;
        send(&front, &slug, "198.51.100.9", "Kẻ phá", "Chửi hai tháng sau", "").await;
        assert!(!lan.page(QUEUE).await.contains("Chửi hai tháng sau"));
        // After the end date, and not a moment longer.
        server.run_sql(&format!("UPDATE blocked_sender SET until = {}", now().0)).await;
        send(&front, &slug, "198.51.100.9", "Kẻ phá", "Hết hạn chặn", "").await;
        assert!(lan.page(QUEUE).await.contains("Hết hạn chặn"));
        thidua::server::services::comment::forget_expired(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM blocked_sender WHERE sender_hash IS NOT NULL").await, 0);
        // Ended early, it ends.
        assert_eq!(lan.post(BLOCKS, &block("1", "Lần nữa")).await.status(), 303);
        send(&front, &slug, "198.51.100.9", "Kẻ phá", "Còn chặn", "").await;
        assert!(!lan.page(QUEUE).await.contains("Còn chặn"));
        let id = server.number("SELECT MAX(id) FROM blocked_sender").await.to_string();
        assert_eq!(of_unit.post(BLOCKS, &[("viec", "go"), ("muc", &id)]).await.status(), 403);
        assert_eq!(lan.post(BLOCKS, &[("viec", "go"), ("muc", &id)]).await.status(), 303);
        assert_eq!(lan.post(BLOCKS, &[("viec", "go"), ("muc", &id)]).await.status(), 409, "it is over");
        send(&front, &slug, "198.51.100.9", "Kẻ phá", "Gỡ rồi", "").await;
        assert!(lan.page(QUEUE).await.contains("Gỡ rồi"));
        // What is no longer known can't be blocked.
        server.run_sql("UPDATE comment SET sender_hash = NULL").await;
        assert!(lan.page(&form).await.contains("đã được xoá theo hạn"));
        assert_eq!(lan.post(BLOCKS, &block("24", "Muộn")).await.status(), 410);
        assert_eq!(lan.post(BLOCKS, &[("viec", "gi")]).await.status(), 400);
    }
}

on_both! {
    /// Work counts once, for the page that it was asked for, while its challenge is good. Whatever else is sent in its place
    /// is no reason to refuse a comment: it is taken, and is one without work.
    async fn work_is_shown_once_and_nothing_else_is_work(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let other = server.publish("Tin hai\n\nĐoạn hai.").await;
        let secret = &server.store.secret;
        let proven = || server.number("SELECT COUNT(*) FROM comment WHERE proven");
        let good = work(&server, &slug).await;
        send(&server, &slug, "", "Lan", "Một", &good).await;
        assert_eq!(proven().await, 1);
        send(&server, &slug, "", "Lan", "Một", &good).await;
        assert_eq!(server.number("SELECT COUNT(*) FROM comment").await, 1, "the same sending again is the same comment");
        let of_another = work(&server, &other).await;
        let late = make_challenge(secret, &format!("comment {slug} {BITS}"), BITS, Instant(now().0 - DAY)).unwrap();
        let agreeing = make_challenge(secret, "agree 1", BITS, now()).unwrap();
        let hard = make_challenge(secret, &format!("comment {slug} {BITS_IN_FLOOD}"), BITS_IN_FLOOD, now()).unwrap();
        let (challenge, _) = good.split_once(':').unwrap();
        let unsolved = (0_u32..).map(|n| n.to_string()).find(|n| !is_solved(challenge, n, BITS)).unwrap();
        let forged = format!("{}{}", &challenge[..27], "0".repeat(16));
        let lazy = solve(&hard.challenge, 8);
        let wrong = [
            good.clone(), of_another, solve(&late.challenge, BITS), solve(&agreeing.challenge, BITS), lazy,
            format!("{challenge}:{unsolved}"), solve(&forged, BITS), "x".repeat(20_000), ":".into(), "ế:1".into(), "a:b:c".into(), String::new(),
        ];
        for (n, proof) in wrong.iter().enumerate() {
            send(&server, &slug, "", "Lan", &format!("Ý {n}"), proof).await;
            assert_eq!(proven().await, 1, "{n} {}", proof.get(..40).unwrap_or(proof));
        }
        // At the same moment it counts once, too.
        let again = work(&server, &slug).await;
        join_all((0..6).map(|n| { let (server, slug, again) = (&server, &slug, &again); async move { send(server, slug, "", "Lan", &format!("Cùng lúc {n}"), again).await } })).await;
        assert_eq!(proven().await, 2);
        // Refused for something else, it is not spent.
        let kept = work(&server, &slug).await;
        let refused = server.post(&format!("/tin/{slug}"), &[("name", ""), ("text", "Chưa ghi tên"), ("proof", &kept)]).await;
        assert_eq!(refused.status(), 422);
        send(&server, &slug, "", "Lan", "Chưa ghi tên", &kept).await;
        assert_eq!(proven().await, 3);
        for path in ["/tin/khong%20phai", "/thi-dua/khong-co"] {
            let asked = server.client.post(format!("{}{path}", server.base)).header("accept", "application/json");
            let status = asked.form(&[("viec", "thu-thach")]).send().await.unwrap().status().as_u16();
            assert!(matches!(status, 200 | 404), "{path} {status}");
        }
        thidua::server::services::comment::forget_expired(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM spent_proof").await, 3, "kept while it could be shown again");
        server.run_sql("UPDATE spent_proof SET expires_at = 1").await;
        thidua::server::services::comment::forget_expired(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM spent_proof").await, 0);
    }
}

on_both! {
    /// Where a comment came from is believed of a configured proxy only, and stored as a keyed hash that goes after a while.
    async fn an_address_is_believed_of_a_configured_proxy_only(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        for n in 1..=3 {
            send(&server, &slug, &format!("198.51.100.{n}"), "Lan", &format!("Ý {n}"), "").await;
        }
        let senders = || server.number("SELECT COUNT(DISTINCT sender_hash) FROM comment");
        assert_eq!(senders().await, 1, "whoever asks directly is who asks");
        let front = server.behind("127.0.0.1").await;
        for n in 1..=3 {
            send(&front, &slug, &format!("198.51.100.{n}"), "Lan", &format!("Lại {n}"), "").await;
        }
        send(&front, &slug, "10.9.9.9, 198.51.100.3", "Lan", "Tự khai thêm", "").await;
        assert_eq!(senders().await, 4);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE sender_hash LIKE '%198%.%'").await, 0);
        server.run_sql("UPDATE comment SET sender_hash_expires_at = 1").await;
        thidua::server::services::comment::forget_expired(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE sender_hash IS NOT NULL").await, 0);
    }
}

on_both! {
    /// One address sends much with work, too, as a carrier's does: the first hundred and more wait for themselves.
    async fn a_busy_address_that_works_has_more_room(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        for n in 0..=SENDER_MOST {
            server.comment(&slug, "Người", &format!("Ý kiến {n}")).await;
        }
        // Those are unproven and wait together; with work the same address still gets through.
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE flood_id IS NOT NULL").await, SENDER_MOST + 1);
        let proof = work(&server, &slug).await;
        send(&server, &slug, "", "Cán bộ", "Từ cùng cơ quan", &proof).await;
        assert_eq!(server.number("SELECT COUNT(*) FROM queue_item WHERE kind = 'comment'").await, 1);
        nothing_is_lost(&server).await;
    }
}

on_both! {
    /// A decision about thousands is a few statements, and the queue that shows them is as quick as any other.
    async fn thousands_are_decided_in_a_moment(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let lan = moderator(&server, "lan").await;
        server.comment(&slug, "Bà Tư", "Ý kiến").await;
        let numbers = "WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 5999)";
        let at = now().0;
        for sql in [
            format!("INSERT INTO flood (id, announcement_id, kind, began_at, last_at) SELECT 7, subject_id, 'rush', {at}, {at} FROM discussion"),
            format!("INSERT INTO queue_item (kind, subject_id, announcement_id, since) SELECT 'flood', 7, subject_id, {at} FROM discussion"),
            format!("{numbers} INSERT INTO receipt (id, code, subject_kind, created_at) SELECT i, 'CODE' || i, 'comment', {at} FROM n"),
            format!("{numbers} INSERT INTO comment (id, discussion_id, receipt_id, state, flood_id, author_name, text, html, language, sender_hash, created_at) \
                     SELECT i, (SELECT id FROM discussion), i, 'waiting', 7, 'Bot', 'Mua ' || i, '', 'vi', 'h' || (i % 50), {at} + i FROM n"),
        ] {
            server.run_sql(&sql).await;
        }
        let mut took = Vec::new();
        let mut watch = std::time::Instant::now();
        let mut lap = |what: &'static str| {
            took.push((what, watch.elapsed()));
            watch = std::time::Instant::now();
        };
        assert!(lan.page(QUEUE).await.contains("5.000 phản hồi chờ chung một quyết định"));
        lap("the queue");
        assert!(lan.page("/quan-tri/gui-don/7").await.contains("Bot"));
        lap("the flood");
        assert_eq!(lan.post("/quan-tri/gui-don/7", &REJECT).await.status(), 303);
        lap("rejecting");
        assert_eq!(lan.post("/quan-tri/gui-don/7", &[("viec", "hoan-tac")]).await.status(), 303);
        lap("undoing");
        assert_eq!(lan.post("/quan-tri/gui-don/7", &[("viec", "tha")]).await.status(), 303);
        lap("releasing");
        println!("{took:?}");
        assert!(took.iter().all(|(_, time)| time.as_secs() < 5), "{took:?}");
        assert_eq!(server.number("SELECT COUNT(*) FROM queue_item WHERE decided_at IS NULL").await, 5001);
        nothing_is_lost(&server).await;
    }
}

on_both! {
    /// What is sent once more, as by a phone that got no answer, begins no flood, however much its address has sent.
    async fn what_is_sent_once_more_begins_no_flood(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let codes = spam(&server, &slug, 1, usize::try_from(SENDER_MOST).unwrap()).await;
        assert_eq!(server.number("SELECT COUNT(*) FROM flood").await, 0);
        let text = "Mua đất nền 0 ở https://dat-nen.example/0";
        let again = send(&server, &slug, "198.51.100.1", "Bot 0", text, "").await;
        assert!(codes.contains(&again), "it is the same");
        assert_eq!(server.number("SELECT COUNT(*) FROM flood").await, 0);
        nothing_is_lost(&server).await;
        send(&server, &slug, "198.51.100.1", "Bot 0", "Mua đất nền nữa", "").await;
        assert_eq!(server.number("SELECT COUNT(*) FROM flood").await, 1, "another one does");
    }
}
