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
        assert_eq!(server.import(text, false).await, Ok(Imported::Already(slug.clone(), "draft".into())));
        assert_eq!(server.import(text, true).await, Ok(Imported::DraftPublished(slug.clone())));
        assert_eq!(server.import(text, true).await, Ok(Imported::Already(slug.clone(), "published".into())));
        assert_eq!(server.get(&format!("/tin/{slug}")).await.status(), 200);
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
            ("---\ntitle: A\nlead: L\nimage: https://a.vn/x.jpg\n---\nB", "is an address"),
            ("---\ntitle: A\nlead: L\n\nB", "line --- that ends it"),
            ("---\ntitle: A\nlead: L\npublished: 2999-01-01T08:00\n---\nB", "line 4"),
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
        assert_eq!((added.campaigns, added.units), (1, 48));
        assert_eq!(demo::load(&server.store).await.unwrap(), demo::Amount::default());
        let html = server.page("/").await;
        assert_eq!(texts(&html, ".demo-banner").len(), 1);
        assert_eq!(attribute(&html, "meta[name=robots]", "content").as_deref(), Some("noindex"));
        assert_eq!(texts(&html, ".category-block").len(), 4);
        assert!(server.page("/robots.txt").await.contains("Disallow: /\n"));
        assert!(server.page("/rss.xml").await.contains("<title>Thi Đua (trang minh hoạ)</title>"));
        let picture = attribute(&html, ".lead-story img", "src").unwrap();
        let answer = server.get(&picture).await;
        assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (200, "image/jpeg"));
        assert_eq!(demo::remove(&server.store).await.unwrap(), added);
        assert!(texts(&server.page("/").await, ".teaser-title").is_empty());
        assert_eq!(server.get("/tim-kiem?q=thi+dua").await.status(), 200);
    }
}

on_both! {
    /// A correction keeps the address, tells readers what was corrected, and shows everywhere with the next request.
    async fn a_correction_keeps_its_address_and_is_told(server: Server) {
        let slug = server.publish("---\ntitle: Kết quả\nslug: ket-qua\nlead: L\ncategory: Một\ntags: cũ\n---\nCó 12 xã.").await;
        server.publish("Tin khác\n\nĐoạn một.").await;
        for path in ["/", "/tin/ket-qua", "/tin/chuyen-muc/mot", "/nhan/cu", "/tin/tin-khac"] {
            assert!(server.page(path).await.contains("Kết quả"), "{path}");
        }
        let why = server.import("---\ntitle: Khác hẳn\nslug: ket-qua\nlead: L\n---\nX", true).await.unwrap_err();
        assert!(why.contains("ket-qua is taken") && why.contains("revise"), "{why}");
        let text = "---\ntitle: Kết quả đã sửa\nlead: L\ncategory: Hai\ntags: mới\n---\nCó 13 xã.";
        assert_eq!(server.revise(&slug, text, "Sửa số xã từ 12 thành 13.").await, Ok(Imported::New(slug.clone())));
        let html = server.page("/tin/ket-qua").await;
        assert!(html.contains("Có 13 xã.") && !html.contains("Có 12 xã."));
        assert!(texts(&html, ".change-notes li")[0].ends_with("Sửa số xã từ 12 thành 13."));
        assert_eq!(texts(&html, ".byline time").len(), 2, "published and updated");
        for path in ["/", "/tin", "/tin/chuyen-muc/hai", "/nhan/moi", "/tin/tin-khac"] {
            assert!(server.page(path).await.contains("Kết quả đã sửa"), "{path}");
        }
        for path in ["/tin/chuyen-muc/mot", "/nhan/cu"] {
            assert!(!server.page(path).await.contains("Kết quả"), "{path}");
        }
        let again = server.revise(&slug, text, "").await;
        assert_eq!(again, Ok(Imported::Already(slug, "published".into())));
        assert!(server.revise("khong-co", text, "").await.unwrap_err().contains("khong-co"));
    }
}
