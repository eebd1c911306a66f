//! What a preview shows, to whom, and for how long.

use thidua::server::clock::now;
use thidua::server::services::sign_in::forget_ended;

use super::{WHOLE, begin, public_page, save, step, two};
use crate::harness::{Browser, Server, on_both, texts};

const HOUR: i64 = 3_600_000;

/// Makes a secret link and gives its path.
async fn link(browser: &Browser, editor: &str, ms: i64) -> String {
    let answer = browser
        .post(&format!("{editor}/xem-truoc"), &[("viec", "tao"), ("until", &now().plus_ms(ms).local_minute())])
        .await;
    assert_eq!(answer.status(), 200);
    let address = texts(&answer.text().await.unwrap(), "code.secret").concat();
    address.strip_prefix(&browser.base).unwrap().to_owned()
}

on_both! {
    /// A secret link shows the draft to whoever has it, until its end or until it is taken back.
    async fn a_secret_link_shows_a_draft_until_its_end(server: Server) {
        let (lan, _) = two(&server).await;
        let editor = begin(&lan).await;
        save(&lan, &editor, &WHOLE).await;
        for bad in ["", "2020-01-01T08:00", "2099-01-01T08:00", "x"] {
            let refused = lan.post(&format!("{editor}/xem-truoc"), &[("viec", "tao"), ("until", bad)]).await;
            assert_eq!(refused.status(), 422, "{bad}");
        }
        let path = link(&lan, &editor, 24 * HOUR).await;
        let token = path.rsplit('/').next().unwrap();
        assert_eq!(server.number(&format!("SELECT COUNT(*) FROM preview_link WHERE token_hash = '{token}'")).await, 0);
        for path in [path.clone(), format!("/en{path}")] {
            let answer = server.get(&path).await;
            assert_eq!(answer.status(), 200);
            let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
            assert!(policy.contains("default-src 'none'") && !policy.contains("script-src") && policy.contains("frame-ancestors 'self'"), "{policy}");
            assert_eq!(answer.headers()["cache-control"], "private, no-store");
            let html = answer.text().await.unwrap();
            assert!(html.contains("Đoạn một.") && html.contains("noindex") && !html.contains("<script") && texts(&html, ".demo-banner").len() == 1);
        }
        save(&lan, &editor, &[("body", "Đoạn đã sửa.")]).await;
        assert!(server.page(&path).await.contains("Đoạn đã sửa."), "it shows what is written now");
        let other = link(&lan, &editor, HOUR).await;
        server.run_sql("UPDATE preview_link SET expires_at = 1 + (SELECT MAX(created_at) FROM preview_link) WHERE id = (SELECT MIN(id) FROM preview_link)").await;
        assert_eq!(server.get(&path).await.status(), 410);
        forget_ended(&server.store).await.unwrap();
        let gone = server.get(&path).await;
        assert_eq!(gone.status(), 410, "it is said that it has run out, not that there is none");
        assert!(!gone.text().await.unwrap().contains("Đoạn đã sửa."));
        assert_eq!(server.get(&other).await.status(), 200);
        assert_eq!(lan.post(&format!("{editor}/xem-truoc"), &[("viec", "thu-hoi")]).await.status(), 200);
        assert_eq!(server.get(&other).await.status(), 404);
        for unknown in ["0".repeat(64), "x".into(), "%00".into()] {
            assert_eq!(server.get(&format!("/xem-truoc/{unknown}")).await.status(), 404, "{unknown}");
        }
    }
}

on_both! {
    /// The desk's own preview is the page as readers would see it, frames itself only, and runs nothing.
    async fn the_preview_is_the_page_and_runs_nothing(server: Server) {
        let (lan, minh) = two(&server).await;
        let editor = begin(&lan).await;
        save(&lan, &editor, &WHOLE).await;
        save(&lan, &editor, &[("tags", "Một nhãn"), ("source", "Sở Nội vụ"), ("author_line", "Lan")]).await;
        let answer = lan.get(&format!("{editor}/xem-truoc/trang")).await;
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("frame-ancestors 'self'") && policy.contains("form-action 'none'") && !policy.contains("script-src"));
        assert_eq!(answer.headers()["cache-control"], "private, no-store");
        let preview = answer.text().await.unwrap();
        assert!(lan.page(&format!("{editor}/xem-truoc")).await.matches("<iframe").count() == 2);
        assert!(server.browser().get(&format!("{editor}/xem-truoc/trang")).await.status() == 303);
        let shown = link(&lan, &editor, HOUR).await;
        step(&lan, &editor, "gui-duyet", &[]).await;
        step(&minh, &editor, "xuat-ban", &[]).await;
        let page = public_page(&lan, &editor).await;
        let public = server.page(&page).await;
        for part in [".prose", ".lead", "h1", ".source", ".tags a", ".author"] {
            assert_eq!(texts(&preview, part), texts(&public, part), "{part}");
        }
        step(&minh, &editor, "rut", &[("reason", "Lộ dữ liệu cá nhân")]).await;
        assert_eq!(server.get(&shown).await.status(), 404, "what was withdrawn is shown by no link");
    }
}
