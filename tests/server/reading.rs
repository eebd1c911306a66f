//! What a reader is promised.

use thidua::server::services::actor::Actor;
use thidua::server::services::announcement::withdraw_announcement;

use crate::harness::{Server, attribute, on_both, texts};

fn paper(number: usize, category: &str, tags: &str) -> String {
    format!(
        "---\ntitle: Tin số {number}\nlead: Lời dẫn của tin {number}\ncategory: {category}\ntags: {tags}\npublished: 2021-06-01T{:02}:{:02}\n---\n\nThân bài {number}.",
        number / 60,
        number % 60
    )
}

on_both! {
    /// An announcement is whole in the HTML, before any script.
    async fn an_announcement_has_title_lead_body_canonical_and_data_for_machines(server: Server) {
        let slug = server.publish("---\ntitle: Kế hoạch “mục tiêu kép”\nlead: Lời dẫn\ncaption: Một góc phố\ncredit: Lan\n---\n\n# Mục\n\nThân **bài**.").await;
        let html = server.page(&format!("/tin/{slug}")).await;
        assert_eq!(texts(&html, "h1"), ["Kế hoạch “mục tiêu kép”"]);
        assert_eq!(texts(&html, ".lead"), ["Lời dẫn"]);
        assert_eq!(texts(&html, ".prose h2"), ["Mục"]);
        assert_eq!(texts(&html, "figcaption"), ["Một góc phố (Ảnh: Lan)"]);
        assert_eq!(texts(&html, "title"), ["Kế hoạch “mục tiêu kép” | Thi Đua"]);
        assert_eq!(attribute(&html, "link[rel=canonical]", "href"), Some(format!("{}/tin/{slug}", server.base)));
        assert_eq!(attribute(&html, "html", "lang").as_deref(), Some("vi"));
        let data = texts(&html, "script[type='application/ld+json']");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&data[0]).unwrap()["@type"], "NewsArticle");
        let english = server.page(&format!("/en/tin/{slug}")).await;
        assert_eq!(attribute(&english, "html", "lang").as_deref(), Some("en"));
        assert_eq!(attribute(&english, "article.announcement", "lang").as_deref(), Some("vi"));
        assert_eq!(attribute(&english, "link[rel=canonical]", "href"), Some(format!("{}/tin/{slug}", server.base)));
    }
}

on_both! {
    /// Every announcement stands on exactly one page of a list, forwards and backwards.
    async fn lists_are_paged_without_a_gap_or_a_repeat(server: Server) {
        for number in 0..45 {
            server.publish(&paper(number, if number % 2 == 0 { "Chẵn" } else { "Lẻ" }, "thi đua, chung")).await;
        }
        let unit = server.unit("Xã Một", None).await;
        server.run_sql("UPDATE announcement SET unit_id = (SELECT id FROM unit)").await;
        let of_unit = format!("/don-vi/{unit}");
        for (path, count) in [("/tin", 45), ("/tin/chuyen-muc/chan", 23), ("/nhan/chung", 45), (&of_unit, 45)] {
            let (mut address, mut seen, mut pages) = (path.to_owned(), Vec::new(), Vec::new());
            loop {
                let html = server.page(&address).await;
                pages.push(texts(&html, "main .teaser-title"));
                seen.extend(texts(&html, "main .teaser-title"));
                let Some(next) = attribute(&html, "a[rel=next]", "href") else { break };
                assert!(attribute(&html, "link[rel=next]", "href").is_some());
                address = next;
                assert!(pages.len() <= count, "{path} leads to itself for ever");
            }
            assert_eq!(seen.len(), count, "{path}");
            let mut unique = seen.clone();
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), count, "{path}");
            let before = attribute(&server.page(&address).await, "a[rel=prev]", "href").unwrap();
            assert_eq!(texts(&server.page(&before).await, "main .teaser-title"), pages[pages.len() - 2]);
        }
    }
}

on_both! {
    /// What is wrong with an address is said with its status, on a whole page.
    async fn wrong_addresses_get_a_page_with_the_right_status(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.\n\nĐoạn hai.").await;
        let long = "a".repeat(2100);
        for (path, status) in [
            ("/tin/khong-co", 404),
            ("/khong/co/gi", 404),
            ("/en/khong-co", 404),
            ("/tin/chuyen-muc/khong-co", 404),
            ("/nhan/khong-co", 404),
            ("/tin?truoc=nonsense", 400),
            ("/tin?truoc=1-1&sau=1-1", 400),
            ("/don-vi/khong-co?truoc=nonsense", 400),
            (&format!("/tin/{slug}?tu=x"), 400),
            (&format!("/tin/{slug}?thu-tu=x"), 400),
            (&format!("/tim-kiem?q={long}"), 414),
        ] {
            let answer = server.get(path).await;
            assert_eq!(answer.status(), status, "{path}");
            let html = answer.text().await.unwrap();
            assert_eq!(texts(&html, "main h1").len(), 1, "{path}");
            assert_eq!(texts(&html, "main form[role=search]").len(), 1, "{path}");
            assert_eq!(texts(&html, "main .teaser-title"), ["Tin một"], "{path}");
        }
        for path in ["/theo-doi/K7QM-3XPA-9RTB", "/theo-doi?ma=x", "/en/theo-doi/%3Cb%3E"] {
            let answer = server.get(path).await;
            assert_eq!(answer.status(), 404, "{path}");
            let html = answer.text().await.unwrap();
            assert_eq!(attribute(&html, "#ma", "aria-invalid").as_deref(), Some("true"), "{path}: asked for again");
        }
        assert_eq!(server.get("/theo-doi").await.status(), 200);
        let answer = server.get("/tin/").await;
        assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (308, "/tin"));
    }
}

on_both! {
    /// A withdrawn announcement says why, and is nowhere else.
    async fn a_withdrawn_announcement_answers_410_and_says_why(server: Server) {
        let slug = server.publish("Tin bị rút\n\nĐoạn một.").await;
        withdraw_announcement(&server.store, &Actor::CommandLine("test".into()), &slug, "Số liệu <chưa> đúng").await.unwrap();
        let answer = server.get(&format!("/tin/{slug}")).await;
        assert_eq!(answer.status(), 410);
        let html = answer.text().await.unwrap();
        assert!(texts(&html, "main")[0].contains("Số liệu <chưa> đúng"));
        for path in ["/", "/tin", "/tim-kiem?q=rut", "/rss.xml", "/sitemap.xml"] {
            assert!(!server.page(path).await.contains(&slug), "{path}");
        }
        let answer = server.post(&format!("/tin/{slug}"), &[("name", "A"), ("text", "B")]).await;
        assert_eq!(answer.status(), 410);
    }
}

on_both! {
    /// Accents may be left out, đ too; what has the very accents comes first.
    async fn search_finds_with_and_without_accents_and_ranks_exact_ones_first(server: Server) {
        server.publish("---\ntitle: Đường điện về bản\nlead: L\npublished: 2021-01-01T00:00\n---\n\nX").await;
        server.publish("---\ntitle: Dương diễn ở phố\nlead: L\npublished: 2021-02-01T00:00\n---\n\nX").await;
        let found = |html: &str| texts(html, "main .teaser-list h2.teaser-title");
        assert_eq!(found(&server.page("/tim-kiem?q=duong+dien").await), ["Dương diễn ở phố", "Đường điện về bản"]);
        assert_eq!(found(&server.page("/tim-kiem?q=%C4%91%C6%B0%E1%BB%9Dng+%C4%91i%E1%BB%87n").await), ["Đường điện về bản", "Dương diễn ở phố"]);
        assert_eq!(found(&server.page("/tim-kiem?q=DUONG+di").await).len(), 2, "the last word may be a beginning");
        for hostile in ["%22", "'", "%25", "a%22+OR+b", "folded%3Ax", "(", "*", "%5C", "a+-b", "%00", "NEAR(a+b)", "!", "%26", "%7C", "%3A*"] {
            assert_eq!(server.get(&format!("/tim-kiem?q={hostile}")).await.status(), 200, "{hostile}");
        }
    }
}

on_both! {
    /// The home page shows the lead story, the latest, the categories, and what people say.
    async fn home_and_machines_are_served(server: Server) {
        let empty = server.page("/").await;
        assert!(texts(&empty, "main")[0].contains("Chưa có tin nào"));
        for number in 0..6 {
            server.publish(&paper(number, if number < 3 { "Đầu" } else { "Ăn" }, "x")).await;
        }
        let html = server.page("/").await;
        assert_eq!(texts(&html, ".lead-story h2"), ["Tin số 5"]);
        assert_eq!(texts(&html, ".latest .teaser-title").len(), 5);
        assert_eq!(texts(&html, ".category-block > h2"), ["Ăn", "Đầu"], "Vietnamese order on both databases");
        assert!(texts(&html, "h2").contains(&"Mới nhất".to_owned()));
        // The interface is there in two languages; an announcement has its own, and is translated only when it is.
        for (path, alternates) in [("/", 2), ("/en", 2), ("/tin/tin-so-5", 0), ("/en/tin/tin-so-5", 0)] {
            let html = server.page(path).await;
            assert_eq!(texts(&html, "link[rel=alternate][hreflang]").len(), alternates, "{path}");
            assert!(attribute(&html, "a.language-switch", "hreflang").is_some(), "{path}");
        }
        assert!(server.page("/rss.xml").await.contains("<title>Tin số 5</title>"));
        assert_eq!(server.page("/sitemap.xml").await.matches("<loc>").count(), 13);
        assert!(server.page("/robots.txt").await.contains("Sitemap: http"));
        assert_eq!(server.get("/healthz").await.status(), 200);
        assert_eq!(server.get("/readyz").await.status(), 200);
    }
}
