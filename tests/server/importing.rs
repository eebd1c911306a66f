//! What an editor who brings a text is promised, and who loads the demonstration.

use thidua::server::demo;
use thidua::server::services::import::Imported;

use crate::harness::{Server, attribute, on_both, texts};

on_both! {
    /// The same text twice is one announcement; a draft is not public.
    async fn the_same_text_is_imported_once_and_a_draft_is_not_public(server: Server) {
        let text = "Phát động thi đua\nMột góc phố (Ảnh: báo)\n\nMột góc phố (Ảnh: báo)\n\nLời dẫn.\n\nĐoạn hai.\n\nPhản hồi\n\nCác tin khác\n\nMới nhất";
        let Ok(Imported::New(slug)) = server.import(text, false).await else { panic!("not imported") };
        assert_eq!(server.get(&format!("/tin/{slug}")).await.status(), 404);
        assert_eq!(server.import(text, true).await, Ok(Imported::Already(slug)));
        let slug = server.publish("Phát động thi đua\n\nTiêu đề ấy, lời khác.").await;
        assert_eq!(slug, "phat-dong-thi-dua-2", "another text of the same title has an address of its own");
    }
}

on_both! {
    /// What can't be read names the line, and nothing of it is stored.
    async fn an_unreadable_file_names_the_line_and_stores_nothing(server: Server) {
        for (text, said) in [
            ("---\ntitle: A\nkolor: x\n---\nB", "line 3"),
            ("---\ntitle: A\nlead: L\nimage: khong-co.jpg\n---\nB", "line 4"),
            ("", "line 1"),
        ] {
            let why = server.import(text, true).await.unwrap_err();
            assert!(why.contains(said), "{why}");
        }
        std::fs::write(server.folder.join("broken.jpg"), b"\xff\xd8\xff\xe0broken").unwrap();
        let why = server.import("---\ntitle: A\nlead: L\nimage: broken.jpg\n---\nB", true).await.unwrap_err();
        assert!(why.contains("line 4") && why.contains("JPEG"), "{why}");
        assert!(texts(&server.page("/tin").await, "main .teaser-title").is_empty());
    }
}

on_both! {
    /// The demonstration is whole, loaded once, says on every page what it is, and can be taken away.
    async fn the_demonstration_is_loaded_once_marked_and_removable(server: Server) {
        let added = demo::load(&server.store).await.unwrap();
        assert!(added.announcements >= 12 && added.comments >= 60, "{added:?}");
        assert_eq!(demo::load(&server.store).await.unwrap(), demo::Added::default());
        let html = server.page("/").await;
        assert_eq!(texts(&html, ".demo-banner").len(), 1);
        assert_eq!(attribute(&html, "meta[name=robots]", "content").as_deref(), Some("noindex"));
        assert_eq!(texts(&html, ".category-block").len(), 4);
        assert!(server.page("/robots.txt").await.contains("Disallow: /\n"));
        assert!(server.page("/rss.xml").await.contains("<title>Thi Đua (trang minh hoạ)</title>"));
        let picture = attribute(&html, ".lead-story img", "src").unwrap();
        let answer = server.get(&picture).await;
        assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (200, "image/jpeg"));
        assert!(demo::remove(&server.store).await.unwrap() >= 12);
        assert!(texts(&server.page("/").await, ".teaser-title").is_empty());
        assert_eq!(server.get("/tim-kiem?q=thi+dua").await.status(), 200);
    }
}
