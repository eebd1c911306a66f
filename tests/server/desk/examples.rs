//! Examples: sent in without an account or by units, checked, published, taken up by others; nothing shows before.

use image::ImageFormat;
use thidua::domain::account::Role;
use thidua::server::services::example::{forget_expired, list_published_by_unit};

use super::uploading::{photo, picture};
use super::{borrowed, fields_with, launch, register};
use crate::harness::{Browser, Server, attribute, fields_of, on_both, target, texts};

const FORM: &str = "/dien-hinh/gui";

/// An example that can be taken.
pub const WHOLE: [(&str, &str); 7] = [
    ("kind", "person"),
    ("title", "Bà Tư giữ rừng"),
    ("person", "Bà Nguyễn Thị Tư"),
    ("text", "Mỗi sáng bà đi tuần.\nBa mươi năm rừng không cháy."),
    ("consent", "1"),
    ("name", "Lan Người Gửi"),
    ("contact", "0900 000 111"),
];

fn changed(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut fields = WHOLE.to_vec();
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

/// Sends an example without an account and gives the path of its receipt.
async fn send(server: &Server, changes: &[(&'static str, &'static str)], photo: &[u8]) -> String {
    let answer = server.browser().upload(FORM, &changed(changes), "Rừng.jpg", photo).await;
    assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
    target(&answer)
}

/// Decides about an example with the form of its page.
async fn decide(browser: &Browser, id: i64, changes: &[(&str, &str)]) -> reqwest::Response {
    let path = format!("/quan-tri/dien-hinh/{id}");
    let form = fields_of(&browser.page(&path).await, "form.example-check");
    browser.post(&path, &borrowed(&fields_with(&form, changes))).await
}

on_both! {
    /// The main way: sent with a photograph, nowhere to be seen, looked at, published, on the list at once.
    async fn an_example_waits_is_approved_and_is_shown_at_once(server: Server) {
        let moderator = server.official("mai", &[(Role::Moderator, None)]).await;
        assert!(server.page("/dien-hinh").await.contains("Chưa có điển hình"));
        let receipt = send(&server, &[("title", "Bà Tư <b>giữ</b> rừng"), ("text", "Mỗi sáng <script>alert(1)</script>\nđi tuần.")], &photo()).await;
        assert!(receipt.starts_with("/theo-doi/"));
        let tracking = server.page(&receipt).await;
        assert_eq!(texts(&tracking, ".receipt-state"), ["Bài giới thiệu điển hình của bạn sẽ hiển thị sau khi được kiểm duyệt."]);
        assert_eq!(attribute(&tracking, ".receipt", "data-acknowledged").as_deref(), Some(FORM));
        let id = server.number("SELECT id FROM example").await;
        for path in ["/dien-hinh", "/", "/tin", "/rss.xml", "/sitemap.xml", "/tim-kiem?q=rung"] {
            assert!(!server.page(path).await.contains("rừng"), "what waits shows on {path}");
        }
        assert_eq!(server.get("/dien-hinh/ba-tu-b-giu-b-rung").await.status(), 404);
        assert_eq!(std::fs::read_dir(&server.store.pictures).unwrap().count(), 0, "no picture is public");
        assert_eq!(server.number("SELECT COUNT(*) FROM upload WHERE visibility = 'public'").await, 0);
        for file in std::fs::read_dir(&server.store.evidence).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!bytes.windows(4).any(|part| part == b"Exif"), "where it was taken is not kept");
        }
        assert_eq!(texts(&moderator.page("/quan-tri").await, "[aria-labelledby=dien-hinh-cho] .desk-item"), ["Bà Tư <b>giữ</b> rừng"]);
        assert!(moderator.page("/quan-tri/dien-hinh").await.contains("Lan Người Gửi") || moderator.page(&format!("/quan-tri/dien-hinh/{id}")).await.contains("0900 000 111"));
        let shown = moderator.get(&format!("/quan-tri/dien-hinh/{id}/anh/0")).await;
        assert_eq!((shown.status().as_u16(), shown.headers()["content-type"].to_str().unwrap()), (200, "image/webp"));
        assert_eq!(server.get(&format!("/quan-tri/dien-hinh/{id}/anh/0")).await.status(), 303, "who is signed out signs in");
        let decided = decide(&moderator, id, &[("caption-0", "Bà Tư bên suối"), ("credit-0", "Thu"), ("viec", "duyet")]).await;
        assert_eq!(decided.status(), 303, "{}", decided.text().await.unwrap());
        let list = server.page("/dien-hinh").await;
        assert_eq!(texts(&list, ".example-card h2"), ["Bà Tư <b>giữ</b> rừng"]);
        let path = attribute(&list, ".example-card h2 a", "href").unwrap();
        let html = server.page(&path).await;
        assert_eq!(texts(&html, "h1"), ["Bà Tư <b>giữ</b> rừng"]);
        assert!(!html.contains("<script>alert") && texts(&html, ".prose").concat().contains("<script>alert(1)</script>"));
        assert_eq!(texts(&html, ".prose p").len(), 2, "each line is a paragraph");
        assert!(texts(&html, "figcaption").concat().contains("Bà Tư bên suối") && html.contains("/tep/"));
        for private in ["0900 000 111", "Lan Người Gửi"] {
            assert!(!html.contains(private) && !list.contains(private), "{private}");
        }
        let picture = attribute(&html, "article img", "src").unwrap();
        assert_eq!(server.get(&picture).await.status(), 200);
        let tracking = server.page(&receipt).await;
        assert!(texts(&tracking, ".receipt-state").concat().contains("Đã hiển thị") && tracking.contains(&format!("href=\"{path}\"")));
        assert!(server.page("/sitemap.xml").await.contains(&path));
        assert_eq!(decide_again(&moderator, id).await, 409);
        assert!(!moderator.page("/quan-tri").await.contains("dien-hinh-cho"), "it waits no longer");
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE action IN ('approve-example', 'publish')").await, 2);
        assert!(!server.page("/tin").await.contains("rừng"), "it is no announcement");
        assert_eq!(server.page("/dien-hinh?loai=tap-the").await.matches("example-card-kind").count(), 0);
        assert_eq!(server.get("/dien-hinh?loai=x").await.status(), 400);
        assert_eq!(server.get(&path.replace("/dien-hinh/", "/tin/")).await.status(), 308);
    }
}

async fn decide_again(browser: &Browser, id: i64) -> u16 {
    let form = [("viec", "duyet"), ("title", "Tin"), ("lead", "a"), ("body", "b"), ("person", "c"), ("kind", "person")];
    browser.post(&format!("/quan-tri/dien-hinh/{id}"), &form).await.status().as_u16()
}

on_both! {
    /// Whoever is refused reads why; a rejection without a reason is none; nobody else can decide.
    async fn a_rejected_example_tells_its_sender_why(server: Server) {
        let officer = server.official("hoa", &[(Role::CampaignOfficer, None)]).await;
        let unit = server.unit("Xã Suối Trắng", None).await;
        let receipt = send(&server, &[("unit", "xã suối trắng")], &photo()).await;
        let id = server.number("SELECT id FROM example WHERE unit_id IS NOT NULL").await;
        for role in [Role::UnitContributor, Role::Editor, Role::Publisher] {
            let other = server.official(&role.code().replace('-', ""), &[(role, Some(&unit))]).await;
            assert_eq!(decide_again(&other, id).await, 403, "{role:?}");
            assert_eq!(other.get(&format!("/quan-tri/dien-hinh/{id}/anh/0")).await.status(), 403);
            if role == Role::Publisher {
                let path = format!("/quan-tri/tin/{id}/xuat-ban");
                for step in ["khan-cap", "xuat-ban", "duyet", "gui-duyet"] {
                    let answer = other.post(&path, &[("viec", step), ("notes", "Gấp")]).await.status();
                    assert!(answer == 409 || answer == 403, "{step}: {answer}");
                }
                assert!(other.page(&path).await.contains(&format!("/quan-tri/dien-hinh/{id}")));
            }
        }
        assert_eq!(decide(&officer, id, &[("viec", "tu-choi")]).await.status(), 422);
        assert_eq!(decide(&officer, id, &[("viec", "tu-choi"), ("reason", "Chưa <rõ> kết quả")]).await.status(), 303);
        let tracking = server.page(&receipt).await;
        assert!(texts(&tracking, ".reason")[0].contains("Chưa <rõ> kết quả"));
        assert!(!server.page("/dien-hinh").await.contains("Bà Tư"));
        server.run_sql("UPDATE example SET decided_at = 1, sender_hash_expires_at = 1").await;
        server.run_sql("UPDATE upload SET created_at = 1").await;
        forget_expired(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM example WHERE sender_contact IS NOT NULL OR sender_hash IS NOT NULL").await, 0);
        assert_eq!(server.number("SELECT COUNT(*) FROM upload").await, 0, "nor is the picture kept");
        assert_eq!(std::fs::read_dir(&server.store.evidence).unwrap().count(), 0);
        assert_eq!(decide(&officer, id, &[("viec", "duyet")]).await.status(), 303, "one may think again");
        assert!(server.page("/dien-hinh").await.contains("Bà Tư"));
    }
}

on_both! {
    /// A refused form comes back with what was typed and chosen; without consent nothing is taken.
    async fn a_refused_form_keeps_text_and_pictures(server: Server) {
        let browser = server.browser();
        let mut fields = changed(&[("name", "")]);
        fields.retain(|(name, _)| *name != "consent");
        let answer = browser.upload(FORM, &fields, "Rừng.jpg", &photo()).await;
        assert_eq!(answer.status(), 422);
        let html = answer.text().await.unwrap();
        assert_eq!(texts(&html, ".form-errors li").len(), 2, "{:?}", texts(&html, ".form-errors li"));
        assert!(texts(&html, ".form-errors").concat().contains("Cần có sự đồng ý"));
        let mut kept = fields_of(&html, "form.example-form");
        for (name, value) in WHOLE.iter().filter(|(name, _)| !matches!(*name, "consent" | "name" | "kind")) {
            assert!(kept.contains(&((*name).into(), (*value).into())), "{name}: {kept:?}");
        }
        assert!(kept.contains(&("kind".into(), "person".into())));
        let token = kept.iter().find(|(name, _)| name == "anh").unwrap().1.clone();
        assert_eq!(server.number("SELECT COUNT(*) FROM example").await, 0);
        kept = fields_with(&kept, &[("name", "Lan"), ("consent", "1")]);
        // A token of somebody's own making brings no picture along.
        kept.push(("anh".into(), format!("{}-{}", token.split('-').next().unwrap(), "0".repeat(64))));
        let sent = browser.upload(FORM, &borrowed(&kept), "", b"").await;
        assert_eq!(sent.status(), 303, "{}", sent.text().await.unwrap());
        assert_eq!(server.number("SELECT COUNT(*) FROM example_picture").await, 1);

        let bad = browser.upload(FORM, &changed(&[("title", "Khác")]), "a.jpg", b"<svg onload='x'/>").await;
        assert_eq!(bad.status(), 422);
        assert!(texts(&bad.text().await.unwrap(), ".form-errors").concat().contains("JPEG"));
        let large = browser.upload(FORM, &changed(&[("title", "Ảnh lớn")]), "a.jpg", &vec![0xff; 22 * 1024 * 1024]).await;
        assert_eq!(large.status(), 413);
        let html = large.text().await.unwrap();
        assert!(fields_of(&html, "form.example-form").contains(&("title".into(), "Ảnh lớn".into())) && html.contains("20 MB"));
        let english = browser.upload("/en/dien-hinh/gui", &[("title", "A")], "", b"").await;
        assert_eq!(english.status(), 422);
        assert!(english.text().await.unwrap().contains("could not be sent"));
        for (name, value) in [("website", "https://spam"), ("key", "")] {
            let answer = browser.upload(FORM, &changed(&[("title", "Máy"), (name, value)]), "", b"").await;
            assert_eq!(answer.status(), 303, "a program gets a receipt and nothing else");
        }
        assert_eq!(server.number("SELECT COUNT(*) FROM example WHERE person = 'Bà Nguyễn Thị Tư'").await, 2);
        let mut status = 0;
        for _ in 0..140 {
            status = browser.upload(FORM, &[("title", "Nhiều lần")], "", b"").await.status().as_u16();
            if status == 429 {
                break;
            }
        }
        assert_eq!(status, 429);
        let many = browser.upload(FORM, &[("title", "Nhiều lần"), ("anh", &token)], "", b"").await;
        assert!(many.headers().contains_key("retry-after"));
        let kept = fields_of(&many.text().await.unwrap(), "form.example-form");
        assert!(kept.contains(&("title".into(), "Nhiều lần".into())) && kept.contains(&("anh".into(), token)));
    }
}

on_both! {
    /// The same sending twice is one, by key or by sender, one after the other or at once.
    async fn sent_twice_is_once(server: Server) {
        let first = send(&server, &[], &photo()).await;
        assert_eq!(send(&server, &[], &photo()).await, first);
        let keyed: [(&str, &str); 2] = [("key", "0123456789abcdef0123"), ("title", "Có khoá")];
        let two = futures::future::join_all((0..4).map(|_| send(&server, &keyed, b""))).await;
        assert!(two.iter().all(|receipt| *receipt == two[0]) && two[0] != first);
        assert_eq!(server.number("SELECT COUNT(*) FROM example").await, 2);
        assert_eq!(server.number("SELECT COUNT(*) FROM receipt").await, 2);
    }
}

on_both! {
    /// Units send their own, staff enter for others, marked as such; nobody publishes what they entered.
    async fn units_send_and_staff_enter_for_others(server: Server) {
        let officer = server.official("hoa", &[(Role::CampaignOfficer, None)]).await;
        let publisher = server.official("minh", &[(Role::Publisher, None)]).await;
        let moderator = server.official("mai", &[(Role::Moderator, None)]).await;
        let (unit, other) = (server.unit("Xã Suối Trắng", None).await, server.unit("Xã Khác", None).await);
        let reporter = server.official("tu", &[(Role::UnitContributor, Some(&unit))]).await;
        let campaign = launch(&officer, &publisher, &[("begins", "01/01/2021"), ("ends", "31/12/2099")]).await;
        register(&server, &reporter, &campaign, &unit).await;
        assert!(reporter.page("/quan-tri/tham-gia").await.contains(&format!("/quan-tri/dien-hinh/moi?don-vi={unit}")));
        assert!(server.page("/dien-hinh/gui?phong-trao=thi-dua-muc-tieu-kep").await.contains("selected"));
        let new = "/quan-tri/dien-hinh/moi";
        let slug: &'static str = String::leak(unit.clone());
        let of_unit = changed(&[("unit", slug), ("campaign", "thi-dua-muc-tieu-kep"), ("title", "Tổ tự quản"), ("kind", "collective")]);
        assert_eq!(reporter.upload(new, &of_unit, "a.jpg", &photo()).await.status(), 303);
        let slug: &'static str = String::leak(other.clone());
        assert_eq!(reporter.upload(new, &changed(&[("unit", slug)]), "", b"").await.status(), 403, "for no other unit");
        assert_eq!(reporter.upload(new, &changed(&[]), "", b"").await.status(), 422, "nor for nobody");
        assert!(texts(&reporter.page("/quan-tri/tham-gia").await, "main").concat().contains("Tổ tự quản"));
        let entered = moderator.upload(new, &changed(&[("title", "Nhập thay"), ("name", "Ông Năm")]), "", b"").await;
        assert_eq!(entered.status(), 303);
        assert!(target(&entered).starts_with("/theo-doi/"), "the receipt is for whoever came");
        let behalf = server.number("SELECT id FROM example WHERE on_behalf_of = 'Ông Năm'").await;
        let (sent, count) = (server.number("SELECT MIN(id) FROM example").await, "SELECT COUNT(*) FROM example");
        assert_eq!((server.number(count).await, server.number(&format!("{count} WHERE on_behalf_of <> ''")).await), (2, 1));
        assert!(officer.page("/quan-tri/dien-hinh").await.contains("nhập thay: Ông Năm"));
        assert_eq!(decide(&moderator, behalf, &[("viec", "duyet")]).await.status(), 403, "nobody publishes what they entered");
        assert_eq!(decide(&officer, behalf, &[("viec", "duyet")]).await.status(), 303);
        let id = campaign.parse().unwrap();
        assert_eq!(list_published_by_unit(&mut server.store.db.read().await.unwrap(), id, None).await.unwrap(), []);
        assert_eq!(decide(&officer, sent, &[("viec", "duyet")]).await.status(), 303);
        let unit_id = server.number("SELECT id FROM unit WHERE name = 'Xã Suối Trắng'").await;
        assert_eq!(list_published_by_unit(&mut server.store.db.read().await.unwrap(), id, None).await.unwrap(), [(unit_id, sent)]);
        let html = server.page("/dien-hinh/to-tu-quan").await;
        assert!(html.contains(&format!("href=\"/don-vi/{unit}\"")) && html.contains("href=\"/thi-dua/thi-dua-muc-tieu-kep\""));
        // Two people change what waits: what the first saved is not overwritten in silence.
        send(&server, &[("title", "Ba")], b"").await;
        let third = server.number("SELECT MAX(id) FROM example").await;
        let path = format!("/quan-tri/dien-hinh/{third}");
        let form = fields_of(&officer.page(&path).await, "form.example-check");
        assert_eq!(officer.post(&path, &borrowed(&fields_with(&form, &[("title", "Ba của tôi"), ("viec", "luu")]))).await.status(), 303);
        let clash = moderator.post(&path, &borrowed(&fields_with(&form, &[("title", "Ba của chị"), ("viec", "duyet")]))).await;
        assert_eq!(clash.status(), 409);
        assert!(clash.text().await.unwrap().contains("Ba của chị"), "what was typed is still there");
        assert_eq!(server.number("SELECT COUNT(*) FROM example WHERE state = 'published'").await, 2);
    }
}

on_both! {
    /// Taking up counts once for each unit, on the page and on the list at once; a withdrawn example is gone from both.
    async fn taking_up_counts_once_for_each_unit(server: Server) {
        let officer = server.official("hoa", &[(Role::CampaignOfficer, None)]).await;
        let publisher = server.official("minh", &[(Role::Publisher, None)]).await;
        let (unit, other) = (server.unit("Xã Suối Trắng", None).await, server.unit("Xã Khác", None).await);
        let reporter = server.official("tu", &[(Role::UnitContributor, Some(&unit))]).await;
        send(&server, &[("title", "Gửi")], &picture(700, 500, 7, ImageFormat::Png)).await;
        let id = server.number("SELECT id FROM example").await;
        let take = "/quan-tri/dien-hinh/nhan-rong";
        let example = id.to_string();
        assert_eq!(reporter.post(take, &[("example", &example), ("unit", &unit)]).await.status(), 404, "it is not public");
        assert_eq!(decide(&officer, id, &[("viec", "duyet")]).await.status(), 303);
        let path = attribute(&server.page("/dien-hinh").await, ".example-card h2 a", "href").unwrap();
        assert_eq!(path, "/dien-hinh/gui-2", "the form's address is nobody else's");
        assert!(texts(&server.page(&path).await, "#nhan-rong").concat().contains("Đã nhân rộng: 0 đơn vị"));
        assert!(reporter.page(&format!("{take}?dien-hinh={id}")).await.contains("selected"));
        for note in ["Đã làm", "Đã làm <b>xong</b>"] {
            let answer = reporter.post(take, &[("example", &example), ("unit", &unit), ("note", note)]).await;
            assert_eq!((answer.status().as_u16(), target(&answer)), (303, format!("{path}#nhan-rong")));
        }
        assert_eq!(reporter.post(take, &[("example", &example), ("unit", &other)]).await.status(), 403);
        let html = server.page(&path).await;
        assert!(texts(&html, "#nhan-rong").concat().contains("Đã nhân rộng: 1 đơn vị"));
        assert_eq!(texts(&html, ".example-takers li"), ["Xã Suối Trắng: Đã làm <b>xong</b>"]);
        assert!(texts(&server.page("/dien-hinh").await, ".example-card").concat().contains("1 đơn vị đã nhân rộng"));
        let withdrawn = publisher.post(&format!("/quan-tri/tin/{id}/xuat-ban"), &[("viec", "rut"), ("reason", "Sai người")]).await;
        assert_eq!(withdrawn.status(), 303);
        assert_eq!(server.get(&path).await.status(), 410);
        assert!(server.page("/dien-hinh").await.contains("Chưa có điển hình"));
        assert_eq!(server.post("/tin/gui-2", &[("name", "Lan"), ("text", "Hay")]).await.status(), 308, "it has no discussion");
    }
}
