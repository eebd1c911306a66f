//! Moderators, whoever manages the front, administrators; and what citizens see of the desk: nothing.

use thidua::domain::account::Role;

use super::{WHOLE, begin, public_page, step, submit, two};
use crate::harness::{PASSWORD, Server, attribute, on_both, texts};

on_both! {
    /// Whoever may write finds the way to the editor on the public page, and no page that is kept for others has it.
    async fn the_way_to_the_editor_is_on_no_page_of_a_citizen(server: Server) {
        let (lan, minh) = two(&server).await;
        let moderator = server.official("tu", &[(Role::Moderator, None)]).await;
        let editor = submit(&lan, &WHOLE).await;
        step(&minh, &editor, "xuat-ban", &[]).await;
        let page = public_page(&lan, &editor).await;
        for lang in ["", "/en"] {
            let path = format!("{lang}{page}");
            for _ in 0..2 {
                let answer = lan.get(&path).await;
                assert_eq!(answer.headers()["cache-control"], "private, no-store");
                let html = answer.text().await.unwrap();
                let way = attribute(&html, ".edit-link", "href").unwrap();
                assert_eq!(way, format!("{lang}/quan-tri/sua/tin-mot"));
                assert_eq!(lan.get(&way).await.status(), 303);
                for stranger in [server.page(&path).await, moderator.page(&path).await] {
                    assert!(!stranger.contains("edit-link") && !stranger.contains("/quan-tri"), "{stranger}");
                }
            }
        }
        let kept = server.pages.as_ref().unwrap();
        assert!(kept.weight() > 0, "pages are kept at all");
        lan.post("/dang-xuat", &[]).await;
        assert!(!lan.page(&page).await.contains("edit-link"));
        let second = server.official("hai", &[(Role::Editor, None)]).await;
        second.post("/quan-tri/toi", &[("viec", "hai-buoc")]).await;
        server.run_sql("UPDATE session SET awaits_second_step = TRUE").await;
        assert!(!second.page(&page).await.contains("edit-link"), "the password alone shows nothing");
    }
}

on_both! {
    /// Only moderators see what waits and decide about it; whoever writes or publishes does not.
    async fn a_moderator_decides_about_comments_in_the_desk(server: Server) {
        let (lan, minh) = two(&server).await;
        let editor = submit(&lan, &WHOLE).await;
        step(&minh, &editor, "xuat-ban", &[]).await;
        let moderator = server.official("tu", &[(Role::Moderator, None)]).await;
        server.comment("tin-mot", "Bà Tư", "Ý kiến <b>hay</b>").await;
        let id = server.number("SELECT id FROM queue_item").await.to_string();
        assert!(moderator.page("/quan-tri").await.contains("Hàng chờ kiểm duyệt"));
        assert!(moderator.page("/quan-tri/phan-hoi").await.contains("Ý kiến &lt;b&gt;hay&lt;/b&gt;"));
        for browser in [&lan, &minh] {
            assert_eq!(browser.post("/quan-tri/phan-hoi", &[("duyet", &id)]).await.status(), 403);
            assert!(!browser.page("/quan-tri").await.contains("Hàng chờ kiểm duyệt"));
        }
        let approved = moderator.post("/quan-tri/phan-hoi", &[("duyet", &id), ("tiep", "//evil.example")]).await;
        assert!(crate::harness::target(&approved).starts_with("/quan-tri/phan-hoi?xong="), "{}", crate::harness::target(&approved));
        assert!(server.page("/tin/tin-mot").await.contains("Bà Tư"));
        assert_eq!(moderator.post("/quan-tri/phan-hoi", &[("duyet", &id)]).await.status(), 303, "a second click is no fault");
        assert_eq!(server.number("SELECT COUNT(*) FROM decision d JOIN actor a ON a.id = d.actor_id WHERE a.kind = 'account' AND a.name = 'tu' AND d.subject_kind = 'comment'").await, 1);
    }
}

on_both! {
    /// Categories, tags and the lead story are managed in the desk, and readers see it with the next page.
    async fn the_front_is_managed_and_shown_at_once(server: Server) {
        let (lan, minh) = two(&server).await;
        let mut editors = Vec::new();
        for title in ["Tin thứ nhất", "Tin thứ hai", "Tin thứ ba"] {
            let editor = submit(&lan, &[("title", title), ("lead", "Lời."), ("body", "Thân."), ("tags", "Môi trường")]).await;
            step(&minh, &editor, "xuat-ban", &[]).await;
            editors.push(editor);
        }
        let front = "/quan-tri/trang-chu";
        let lead = async || texts(&server.page("/").await, ".lead-story .teaser-title, .lead-story h2").concat();
        assert!(lead().await.contains("Tin thứ ba"), "{}", lead().await);
        let chosen = minh.post(front, &[("viec", "tin-chinh"), ("slug", &format!("{}/tin/tin-thu-nhat", server.base))]).await;
        assert_eq!(chosen.status(), 303);
        assert!(lead().await.contains("Tin thứ nhất"));
        assert_eq!(server.page("/").await.matches("Tin thứ nhất").count(), 1, "nobody is told it twice");
        assert_eq!(minh.post(front, &[("viec", "tin-chinh"), ("slug", "khong-co")]).await.status(), 422);
        step(&minh, &editors[0], "rut", &[("reason", "Sai")]).await;
        assert!(lead().await.contains("Tin thứ ba"), "what is withdrawn leads nothing");
        assert_eq!(minh.post(front, &[("viec", "tin-chinh"), ("slug", "")]).await.status(), 303);

        let category = server.number("SELECT category_id FROM revision WHERE title = 'Tin thứ ba'").await.to_string();
        assert_eq!(server.get("/tin/tin-thu-ba").await.status(), 200);
        let rename = |name: &'static str| vec![("loai", "chuyen-muc"), ("id", category.as_str()), ("viec", "doi-ten"), ("name", name)];
        assert_eq!(minh.post(front, &rename("Tin <mới>")).await.status(), 303);
        for page in ["/tin/tin-thu-ba", "/tin", "/"] {
            assert!(server.page(page).await.contains("Tin &lt;mới&gt;"), "{page}");
        }
        assert_eq!(minh.post(front, &rename(" ")).await.status(), 422);
        assert_eq!(minh.post(front, &[("loai", "chuyen-muc"), ("id", &category), ("viec", "bo")]).await.status(), 409, "it is used");
        assert_eq!(minh.post(front, &[("loai", "chuyen-muc"), ("viec", "them"), ("name", "Gương tốt")]).await.status(), 303);
        assert_eq!(minh.post(front, &[("loai", "chuyen-muc"), ("viec", "them"), ("name", "GƯƠNG TỐT")]).await.status(), 422, "it is there");
        assert!(lan.page(&begin(&lan).await).await.contains("Gương tốt"), "whoever writes can choose it");
        let added = server.number("SELECT id FROM category WHERE slug = 'guong-tot'").await.to_string();
        server.run_sql(&format!("UPDATE revision SET category_id = {added} WHERE state = 'draft'")).await;
        assert_eq!(minh.post(front, &[("loai", "chuyen-muc"), ("id", &added), ("viec", "bo")]).await.status(), 409, "a draft has it");
        server.run_sql(&format!("UPDATE revision SET category_id = {category} WHERE state = 'draft'")).await;
        assert_eq!(minh.post(front, &[("loai", "chuyen-muc"), ("id", &added), ("viec", "bo")]).await.status(), 303);
        assert_eq!(minh.post(front, &[("loai", "chuyen-muc"), ("id", "98765"), ("viec", "doi-ten"), ("name", "x")]).await.status(), 404);

        let tag = server.number("SELECT id FROM tag").await.to_string();
        assert!(server.page("/nhan/moi-truong").await.contains("tin-thu-ba"));
        assert_eq!(minh.post(front, &[("loai", "nhan"), ("id", &tag), ("viec", "doi-ten"), ("name", "Xanh")]).await.status(), 303);
        assert!(server.page("/tin/tin-thu-ba").await.contains("Xanh"));
        assert_eq!(minh.post(front, &[("loai", "nhan"), ("id", &tag), ("viec", "bo")]).await.status(), 303);
        assert_eq!(server.get("/nhan/moi-truong").await.status(), 404);
        assert!(!server.page("/tin/tin-thu-ba").await.contains("Xanh"));
    }
}

on_both! {
    /// An administrator adds accounts, gives roles and takes them away; the last one can't be lost, and a unit's is none.
    async fn an_administrator_manages_accounts(server: Server) {
        let unit = server.unit("Phòng A", None).await;
        let admin = server.official("quan", &[(Role::Administrator, None)]).await;
        let small = server.official("nho", &[(Role::Administrator, Some(&unit)), (Role::Publisher, Some(&unit))]).await;
        let page = "/quan-tri/tai-khoan";
        for path in [page, "/quan-tri/trang-chu"] {
            assert_eq!(small.get(path).await.status(), 403, "{path}: whoever holds a role in a unit does not hold it everywhere");
        }
        let grab = small.post(page, &[("viec", "sua"), ("name", "nho"), ("administrator", "")]).await;
        assert_eq!(grab.status(), 403);
        assert!(!small.page("/quan-tri").await.contains("href=\"/quan-tri/tai-khoan\""));

        for bad in ["", "có dấu", "a/b", "quan"] {
            let answer = admin.post(page, &[("viec", "them"), ("name", bad), ("display_name", "Còn đây")]).await;
            assert_eq!(answer.status(), 422, "{bad}");
            assert_eq!(attribute(&answer.text().await.unwrap(), "#ten-hien", "value").as_deref(), Some("Còn đây"));
        }
        let added = admin.post(page, &[("viec", "them"), ("name", "Lan"), ("display_name", "Chị <Lan>"), ("editor", &unit), ("publisher", "-")]).await;
        assert_eq!(added.status(), 200);
        let html = added.text().await.unwrap();
        assert!(html.contains("Chị &lt;Lan&gt;"));
        let link = texts(&html, "code.secret").concat();
        let link = link.strip_prefix(&server.base).unwrap();
        let lan = server.browser();
        assert_eq!(lan.sign_in("lan").await.status(), 422, "no password has been chosen yet");
        assert_eq!(lan.post(link, &[("password", PASSWORD)]).await.status(), 200);
        assert_eq!(lan.sign_in("lan").await.status(), 303);
        assert_eq!(lan.get("/quan-tri/tin").await.status(), 200);
        assert_eq!(admin.post(page, &[("viec", "sua"), ("name", "lan"), ("moderator", "")]).await.status(), 303);
        assert_eq!(lan.get("/quan-tri/tin").await.status(), 403, "roles count with the next click");
        assert_eq!(lan.get("/quan-tri/phan-hoi").await.status(), 200);
        assert_eq!(admin.post(page, &[("viec", "khoa"), ("name", "lan")]).await.status(), 303);
        assert_eq!(lan.get("/quan-tri/phan-hoi").await.status(), 303);
        assert_eq!(admin.post(page, &[("viec", "mo"), ("name", "lan")]).await.status(), 303);
        for form in [[("viec", "khoa"), ("name", "quan")], [("viec", "sua"), ("name", "quan")]] {
            assert_eq!(admin.post(page, &form).await.status(), 409, "{form:?}: somebody has to be administrator");
        }
        assert_eq!(admin.post(page, &[("viec", "khoa"), ("name", "khong-co")]).await.status(), 404);
        assert_eq!(admin.post(page, &[("viec", "sua"), ("name", "lan"), ("editor", "khong-co")]).await.status(), 422);
        assert_eq!(admin.post("/quan-tri/don-vi", &[("name", "Tổ A1"), ("parent", &unit)]).await.status(), 303);
        assert_eq!(admin.post("/quan-tri/don-vi", &[("name", "tổ a1"), ("parent", &unit)]).await.status(), 422, "it is there");
        assert_eq!(texts(&admin.page("/quan-tri/don-vi").await, ".desk-units li").len(), 2);
        assert_eq!(admin.post(page, &[("viec", "hai-buoc"), ("role", "administrator")]).await.status(), 303);
        assert_eq!(admin.get(page).await.status(), 403);
        assert_eq!(admin.get("/quan-tri/toi").await.status(), 200, "the way to set it up stays open");
    }
}
