//! Who may do what: every route for every role, and no route without a statement.

use std::collections::BTreeMap;

use http::Method;
use thidua::domain::account::Role;
use thidua::server::assets::Site;
use thidua::server::desk::{self, Access};
use thidua::server::router;
use thidua::server::services::actor::Actor;
use thidua::server::services::library::add_picture;

use super::{
    WHOLE, begin, borrowed, examples, launch, register, report, report_path, save, step, submit, try_step, typed,
    uploading,
};
use crate::harness::{Browser, Server, on_both, target, texts};

/// Who is let through to a route of the desk, in the order of [`Role::ALL`]: `1` for yes. Everybody else gets 403, and
/// whoever is signed out is asked to sign in.
const LET_IN: [(&str, &str, &str); 100] = [
    ("GET", "/dang-nhap", "everybody"),
    ("POST", "/dang-nhap", "everybody"),
    ("GET", "/dang-nhap/hai-buoc", "second step"),
    ("POST", "/dang-nhap/hai-buoc", "second step"),
    ("GET", "/dang-nhap/lien-ket/{token}", "secret"),
    ("POST", "/dang-nhap/lien-ket/{token}", "secret"),
    ("POST", "/dang-xuat", "everybody"),
    ("GET", "/xem-truoc/{token}", "secret"),
    // Editor, publisher, moderator, campaign officer, unit contributor, administrator.
    ("GET", "/quan-tri", "111111"),
    ("GET", "/quan-tri/toi", "111111"),
    ("POST", "/quan-tri/toi", "111111"),
    ("GET", "/quan-tri/tin", "110100"),
    ("POST", "/quan-tri/tin", "110100"),
    ("GET", "/quan-tri/sua/{slug}", "110100"),
    ("GET", "/quan-tri/tin/{id}", "110100"),
    ("POST", "/quan-tri/tin/{id}", "110100"),
    ("POST", "/quan-tri/tin/{id}/tu-luu", "110100"),
    ("POST", "/quan-tri/tin/{id}/dang-mo", "110100"),
    ("POST", "/quan-tri/tin/{id}/kiem-tra", "110100"),
    ("GET", "/quan-tri/tin/{id}/xem-truoc", "110100"),
    ("GET", "/quan-tri/tin/{id}/xem-truoc/trang", "110100"),
    ("POST", "/quan-tri/tin/{id}/xem-truoc", "110100"),
    ("GET", "/quan-tri/tin/{id}/xuat-ban", "110100"),
    ("POST", "/quan-tri/tin/{id}/xuat-ban", "110100"),
    ("GET", "/quan-tri/tin/{id}/lich-su", "110100"),
    ("POST", "/quan-tri/tin/{id}/lich-su", "110100"),
    ("GET", "/quan-tri/tin/{id}/so-sanh", "110100"),
    ("GET", "/quan-tri/anh", "110100"),
    ("POST", "/quan-tri/anh", "110100"),
    ("POST", "/quan-tri/anh/tai-len", "110100"),
    ("POST", "/quan-tri/tai-lieu/tai-len", "110100"),
    ("POST", "/quan-tri/word", "110100"),
    ("POST", "/quan-tri/word/tin-moi", "110100"),
    ("POST", "/quan-tri/tin/{id}/word", "110100"),
    ("GET", "/quan-tri/phan-hoi", "001000"),
    ("POST", "/quan-tri/phan-hoi", "001000"),
    ("GET", "/quan-tri/phan-hoi/{id}", "001000"),
    ("GET", "/quan-tri/nhat-ky-kiem-duyet.csv", "001000"),
    ("POST", "/quan-tri/phan-hoi/{id}/dang-mo", "001000"),
    ("GET", "/quan-tri/y-kien", "001000"),
    ("GET", "/quan-tri/y-kien/{id}", "001000"),
    ("POST", "/quan-tri/y-kien/{id}", "001000"),
    ("GET", "/quan-tri/ly-do", "001000"),
    ("POST", "/quan-tri/ly-do", "001000"),
    ("GET", "/quan-tri/tra-loi", "001110"),
    ("GET", "/quan-tri/tra-loi/{id}", "001110"),
    ("POST", "/quan-tri/tra-loi/{id}", "001110"),
    ("GET", "/quan-tri/quy-tac", "001000"),
    ("GET", "/quan-tri/quy-tac/moi", "001000"),
    ("POST", "/quan-tri/quy-tac/moi", "001000"),
    ("GET", "/quan-tri/quy-tac/{id}", "001000"),
    ("POST", "/quan-tri/quy-tac/{id}", "001000"),
    ("GET", "/quan-tri/che-do", "001000"),
    ("POST", "/quan-tri/che-do", "001000"),
    ("GET", "/quan-tri/che-do/{id}", "001000"),
    ("POST", "/quan-tri/che-do/{id}", "001000"),
    ("GET", "/quan-tri/gui-don/{id}", "001000"),
    ("POST", "/quan-tri/gui-don/{id}", "001000"),
    ("GET", "/quan-tri/chan", "001000"),
    ("POST", "/quan-tri/chan", "001000"),
    ("GET", "/quan-tri/trang-chu", "010000"),
    ("POST", "/quan-tri/trang-chu", "010000"),
    ("GET", "/quan-tri/tai-khoan", "000001"),
    ("POST", "/quan-tri/tai-khoan", "000001"),
    ("GET", "/quan-tri/thi-dua", "110100"),
    ("POST", "/quan-tri/thi-dua", "000100"),
    ("GET", "/quan-tri/thi-dua/{id}", "000100"),
    ("POST", "/quan-tri/thi-dua/{id}", "000100"),
    ("POST", "/quan-tri/thi-dua/{id}/so-ket", "000100"),
    ("GET", "/quan-tri/so-ket/{id}", "110100"),
    ("GET", "/quan-tri/thi-dua/{id}/bao-cao/{report}", "000100"),
    ("POST", "/quan-tri/thi-dua/{id}/bao-cao/{report}", "000100"),
    ("GET", "/quan-tri/tham-gia", "000110"),
    ("GET", "/quan-tri/tham-gia/{id}/{slug}", "000110"),
    ("POST", "/quan-tri/tham-gia/{id}/{slug}", "000110"),
    ("GET", "/quan-tri/tham-gia/{id}/{slug}/tep/{question}", "000110"),
    ("POST", "/quan-tri/tham-gia/{id}/{slug}/tep/{question}", "000110"),
    ("GET", "/quan-tri/bao-cao/{id}/{period}", "000110"),
    ("POST", "/quan-tri/bao-cao/{id}/{period}", "000110"),
    ("POST", "/quan-tri/bao-cao/{id}/{period}/tu-luu", "000110"),
    ("GET", "/quan-tri/bao-cao/{id}/{period}/mau", "000110"),
    ("POST", "/quan-tri/bao-cao/{id}/{period}/bang", "000110"),
    ("POST", "/quan-tri/bao-cao/{id}/{period}/tep", "000110"),
    ("GET", "/bang-chung/{id}", "whom the file concerns"),
    ("GET", "/quan-tri/dien-hinh", "001100"),
    ("GET", "/quan-tri/dien-hinh/moi", "001110"),
    ("POST", "/quan-tri/dien-hinh/moi", "001110"),
    ("GET", "/quan-tri/dien-hinh/nhan-rong", "000110"),
    ("POST", "/quan-tri/dien-hinh/nhan-rong", "000110"),
    ("GET", "/quan-tri/dien-hinh/{id}", "001100"),
    ("POST", "/quan-tri/dien-hinh/{id}", "001100"),
    ("GET", "/quan-tri/dien-hinh/{id}/anh/{n}", "001100"),
    ("GET", "/quan-tri/don-vi", "000001"),
    ("POST", "/quan-tri/don-vi", "000001"),
    ("GET", "/quan-tri/don-vi/{slug}", "000001"),
    ("POST", "/quan-tri/don-vi/{slug}", "000001"),
    ("POST", "/quan-tri/nhap-don-vi", "000001"),
    ("GET", "/quan-tri/cum", "000001"),
    ("POST", "/quan-tri/cum", "000001"),
    ("GET", "/quan-tri/khan-cap", "010000"),
];

/// The pages and machines that are everybody's, and a form: what is added here is meant to be public.
const PUBLIC: [&str; 57] = [
    "/",
    "/tin",
    "/tin/chuyen-muc/{slug}",
    "/tin/{slug}",
    "/nhan/{slug}",
    "/don-vi",
    "/don-vi/{slug}",
    "/tim-kiem",
    "/theo-doi",
    "/theo-doi/{receipt}",
    "/theo-doi/{receipt}/thu",
    "/thi-dua",
    "/thi-dua/{slug}",
    "/dien-hinh",
    "/dien-hinh/{slug}",
    "/dien-hinh/gui",
    "/thi-dua/{slug}/ket-qua",
    "/thi-dua/{slug}/don-vi/{unit}",
    "/thi-dua/{slug}/so-lieu-chot/{id}",
    "/chinh-sach/rieng-tu",
    "/chinh-sach/kiem-duyet",
    "/en",
    "/en/tin",
    "/en/tin/chuyen-muc/{slug}",
    "/en/tin/{slug}",
    "/en/nhan/{slug}",
    "/en/don-vi",
    "/en/don-vi/{slug}",
    "/en/tim-kiem",
    "/en/theo-doi",
    "/en/theo-doi/{receipt}",
    "/en/theo-doi/{receipt}/thu",
    "/en/thi-dua",
    "/en/thi-dua/{slug}",
    "/en/dien-hinh",
    "/en/dien-hinh/{slug}",
    "/en/dien-hinh/gui",
    "/en/thi-dua/{slug}/ket-qua",
    "/en/thi-dua/{slug}/don-vi/{unit}",
    "/tai-xuong/thi-dua/{slug}/{file}",
    "/en/thi-dua/{slug}/so-lieu-chot/{id}",
    "/en/chinh-sach/rieng-tu",
    "/en/chinh-sach/kiem-duyet",
    "/healthz",
    "/readyz",
    "/su-kien",
    "/rss.xml",
    "/sitemap.xml",
    "/robots.txt",
    "/favicon.svg",
    "/pkg/{version}/{*file}",
    "/tep/{name}",
    "/tai-lieu/{name}",
    "/phan-hoi/{id}",
    "/en/phan-hoi/{id}",
    "/tai-xuong/so-lieu-chot/{id}/{file}",
    "/api/{*function}",
];

/// Every route of the whole server says who may use it, and here again: what is new fails until somebody has thought of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_says_who_may_use_it() {
    let server = Server::start("").await;
    let stated: BTreeMap<(&str, &str), &str> =
        LET_IN.iter().map(|(method, path, who)| ((*method, *path), *who)).collect();
    let routes = desk::routes();
    assert_eq!(stated.len(), routes.len(), "a route is stated that is not there, or twice");
    for route in &routes {
        let who = stated
            .get(&(route.method.as_str(), route.path))
            .unwrap_or_else(|| panic!("{} {} has no stated expectation", route.method, route.path));
        let expected = match *who {
            "everybody" | "whom the file concerns" => route.access == Access::Everybody,
            "second step" => route.access == Access::SecondStep,
            "secret" => route.access == Access::SecretLink,
            _ => matches!(route.access, Access::Needs(_)),
        };
        assert!(expected, "{} {}: {:?}", route.method, route.path, route.access);
        assert!(
            route.path.starts_with("/quan-tri") == matches!(route.access, Access::Needs(_)),
            "{}: below /quan-tri is the desk",
            route.path
        );
    }
    for route in router::routes(&server.state()) {
        assert!(PUBLIC.contains(&route.path.as_str()), "{} is not stated to be public", route.path);
        assert_eq!(route.access, Access::Everybody, "{}: what not everybody may use belongs to the desk", route.path);
    }
    let mut functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let mut known: Vec<_> = router::FUNCTIONS.iter().map(|(path, _)| *path).collect();
    functions.sort_unstable();
    known.sort_unstable();
    assert_eq!(functions, known, "every server function says who may call it");
    for (path, access) in router::FUNCTIONS {
        assert!(matches!(access, Access::Everybody | Access::SecretLink), "{path}: the router lets everybody call it");
    }
    assert_eq!(Site::built_in().addresses().client, None);
}

/// Asks a route as a browser would, in the most harmless way.
async fn ask(browser: &Browser, method: &str, path: &str, is_upload: bool) -> u16 {
    let answer = match method {
        "GET" => browser.get(path).await,
        _ if is_upload => browser.upload(path, &[], "a.txt", b"no such thing").await,
        _ => browser.post(path, &[("viec", "nothing-of-the-kind"), ("code", "x"), ("tab", "x")]).await,
    };
    answer.status().as_u16()
}

on_both! {
    /// Every route of the desk for every role, and for whoever is signed out, in both languages.
    async fn every_route_lets_in_whom_it_says_and_nobody_else(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let id = server.number("SELECT id FROM announcement").await;
        let mut browsers = Vec::new();
        for role in Role::ALL {
            browsers.push(server.official(&role.code().replace('-', ""), &[(role, None)]).await);
        }
        let stranger = server.browser();
        // A unit under the same slug, so that both kinds of pages are there.
        let unit = server.unit("Tin một", None).await;
        let campaign = launch(&browsers[3], &browsers[1], &[("form", "K1 | Bản đồ | tệp")]).await;
        let registration = register(&server, &browsers[4], &campaign, &unit).await;
        let own_report = report_path(&server, &registration, "2021-01-01").await;
        let plan_file = format!("/quan-tri/tham-gia/{campaign}/{unit}/tep/K1");
        assert_eq!(browsers[4].upload_in(&plan_file, "tep-K1", &[], "a.pdf", b"%PDF-1.4").await.status(), 303);
        report(&browsers[4], &own_report, &[("so-PD1", "10"), ("so-KT1", "-")]).await;
        let (period, sent) = (server.number("SELECT period_id FROM report").await.to_string(), server.number("SELECT id FROM report").await.to_string());
        let decided = browsers[3].post(&format!("/quan-tri/thi-dua/{campaign}/bao-cao/{sent}"), &[("viec", "nhan")]).await;
        assert_eq!(decided.status(), 303);
        let begun = browsers[3].post(&format!("/quan-tri/thi-dua/{campaign}/so-ket"), &[("kind", "interim"), ("cut_off", "31/03/2021")]).await;
        let review = target(&begun).rsplit('/').next().unwrap().to_owned();
        assert_eq!(server.browser().upload("/dien-hinh/gui", &examples::WHOLE, "a.jpg", &uploading::photo()).await.status(), 303);
        let example = server.number("SELECT id FROM example").await.to_string();
        server.approve(&server.comment(&slug, "Bà Tư", "Xin hỏi").await).await;
        let comment = server.number("SELECT id FROM comment").await.to_string();
        let passed = [("viec", "chuyen"), ("don-vi", unit.as_str())];
        assert_eq!(browsers[2].post(&format!("/quan-tri/y-kien/{comment}"), &passed).await.status(), 303);
        let rule = [("ten", "Quy tắc"), ("loai", "words"), ("dieu-kien", "x"), ("viec-lam", "hold"), ("viec", "luu")];
        let rule = target(&browsers[2].post("/quan-tri/quy-tac/moi", &rule).await);
        let rule = rule.strip_suffix("?xong").unwrap().rsplit('/').next().unwrap().to_owned();
        let flood = format!("INSERT INTO flood (id, announcement_id, kind, began_at, last_at) VALUES ({id}, {id}, 'rush', 1, 1)");
        server.run_sql(&flood).await;
        for route in desk::routes() {
            let (method, upload) = (route.method.as_str(), route.most == desk::UPLOAD_MOST);
            let who = LET_IN.iter().find(|(m, p, _)| (*m, *p) == (method, route.path)).unwrap().2;
            let id = match route.path {
                path if path.starts_with("/quan-tri/thi-dua/") || path.starts_with("/quan-tri/tham-gia/") => campaign.clone(),
                path if path.starts_with("/quan-tri/so-ket/") => review.clone(),
                path if path.starts_with("/quan-tri/bao-cao/") => registration.clone(),
                path if path.starts_with("/quan-tri/dien-hinh/") => example.clone(),
                path if path.starts_with("/quan-tri/y-kien/") || path.starts_with("/quan-tri/tra-loi/") => comment.clone(),
                path if path.starts_with("/quan-tri/quy-tac/") => rule.clone(),
                path if path.starts_with("/bang-chung/") => "987654".to_owned(),
                _ => id.to_string(),
            };
            let path = route.path.replace("{period}", &period).replace("{question}", "K1").replace("{report}", &sent).replace("{n}", "0");
            let path = path.replace("{id}", &id).replace("{slug}", &slug).replace("{token}", &"0".repeat(64));
            let path = if route.path.ends_with("so-sanh") { format!("{path}?tu=1&den=1") } else { path };
            for lang in ["", "/en"] {
                let path = format!("{lang}{path}");
                let signed_out = ask(&stranger, method, &path, upload).await;
                match who {
                    "everybody" => assert!(signed_out < 400 || signed_out == 422, "{method} {path}: {signed_out}"),
                    "second step" => assert_eq!(signed_out, 303, "{method} {path}"),
                    "whom the file concerns" => assert_eq!(signed_out, 404, "{method} {path}"),
                    "secret" => assert!(matches!(signed_out, 404 | 410), "{method} {path}: {signed_out}"),
                    _ => assert_eq!(signed_out, if route.method == Method::GET { 303 } else { 401 }, "{method} {path}"),
                }
                if !who.starts_with(['0', '1']) {
                    continue;
                }
                for ((role, browser), let_in) in Role::ALL.iter().zip(&browsers).zip(who.chars()) {
                    let status = ask(browser, method, &path, upload).await;
                    if let_in == '1' {
                        assert!(status != 403 && status != 401 && status < 500, "{method} {path} as {role:?}: {status}");
                        assert!(route.method != Method::GET || matches!(status, 200 | 303), "{method} {path} as {role:?}: {status}");
                    } else {
                        assert_eq!(status, 403, "{method} {path} as {role:?}");
                    }
                }
            }
        }
        assert_eq!(server.browser().get("/quan-tri/nothing").await.status(), 404);
        let photo = vec![0xff; 15 * 1024 * 1024];
        for (browser, status) in [(&stranger, 401), (&browsers[2], 403)] {
            let (said, error) = browser.ask_upload("/quan-tri/anh/tai-len", "a.jpg", &photo).await;
            assert_eq!(said, status, "whoever sends much reads why it is refused: {error}");
            assert_eq!(browser.upload("/quan-tri/anh", &[], "a.jpg", &photo).await.status().as_u16(), status);
        }
    }
}

on_both! {
    /// Without a role an account opens its own page and nothing else; what is forbidden says so in a sentence.
    async fn an_account_without_a_role_opens_its_own_page_only(server: Server) {
        let browser = server.official("lan", &[]).await;
        assert_eq!(browser.get("/quan-tri/toi").await.status(), 200);
        for path in ["/quan-tri", "/quan-tri/tin", "/quan-tri/anh", "/quan-tri/phan-hoi", "/quan-tri/tai-khoan"] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status(), 403, "{path}");
            assert!(texts(&answer.text().await.unwrap(), "main p").concat().contains("vai trò"), "{path}");
        }
        let (status, said) = browser.ask("/quan-tri/tin/1/tu-luu", &[]).await;
        assert_eq!((status, said["error"].as_str()), (403, Some("Forbidden")));
    }
}

on_both! {
    /// Whoever writes or publishes for one unit can't read, change or publish what is another one's.
    async fn what_is_of_another_unit_is_closed(server: Server) {
        let (a, b) = (server.unit("Phòng A", None).await, server.unit("Phòng B", None).await);
        let below = server.unit("Tổ B1", Some(&b)).await;
        let writer = server.official("bich", &[(Role::Editor, Some(&b))]).await;
        let editor = submit(&writer, &WHOLE).await;
        assert_eq!(server.number("SELECT COUNT(*) FROM announcement WHERE unit_id IS NOT NULL").await, 1, "it is of the writer's unit");
        let other = server.official("an", &[(Role::Editor, Some(&a)), (Role::Publisher, Some(&a))]).await;
        let lower = server.official("binh", &[(Role::Publisher, Some(&below))]).await;
        let publisher = server.official("bao", &[(Role::Publisher, Some(&b))]).await;
        let own = begin(&other).await;
        let form = typed(&other, &own, &[("title", "Của A"), ("body", "Chữ của tôi")]).await;
        for stranger in [&other, &lower] {
            for route in desk::routes().iter().filter(|route| route.path.starts_with("/quan-tri/tin/{id}")) {
                let path = route.path.replace("/quan-tri/tin/{id}", &editor);
                let path = if path.ends_with("so-sanh") { format!("{path}?tu=1&den=1") } else { path };
                if route.method == Method::GET {
                    assert_eq!(stranger.get(&path).await.status(), 403, "{path}");
                    continue;
                }
                if route.most == desk::UPLOAD_MOST {
                    let word = include_bytes!("../../fixtures/word.docx");
                    assert_eq!(stranger.upload(&path, &[], "a.docx", word).await.status(), 403, "{path}");
                    continue;
                }
                for task in ["luu", "gui-duyet", "sua", "lay-lai", "giu-ban", "bo", "khoi-phuc", "tao", "thu-hoi", "tra-lai", "duyet", "hen-gio", "xuat-ban", "khan-cap", "da-xem", "dia-chi", "luu-tru", "bo-luu-tru", "rut", "cong-khai-lai"] {
                    let mut fields = form.clone();
                    fields.extend([("viec", task), ("name", "x"), ("number", "1"), ("tab", "x"), ("notes", "Lý do"), ("reason", "Lý do"), ("slug", "chiem-doat"), ("hour", "2099-01-01T08:00"), ("until", "2099-01-01T08:00")].map(|(name, value)| (name.to_owned(), value.to_owned())));
                    let answer = stranger.post(&path, &borrowed(&fields)).await;
                    let allowed = matches!(answer.status().as_u16(), 403 | 400 | 422);
                    assert!(allowed, "{path} {task}: {}", answer.status());
                }
            }
            assert!(!stranger.page("/quan-tri/tin").await.contains("Tin một"));
            assert!(!stranger.page("/quan-tri").await.contains("Tin một"));
        }
        assert_eq!(server.number("SELECT COUNT(*) FROM revision WHERE state = 'submitted' AND title = 'Tin một'").await, 1);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE subject_kind = 'announcement'").await, 3, "begun twice, submitted once");
        let unit_b = server.number("SELECT id FROM unit WHERE slug = 'phong-b'").await.to_string();
        assert_eq!(other.post("/quan-tri/tin", &[("unit", &unit_b)]).await.status(), 403, "nor is anything begun for it");
        step(&publisher, &editor, "xuat-ban", &[]).await;
        assert!(server.page("/tin").await.contains("Tin một"));
        assert_eq!(try_step(&other, &editor, "rut", &[("reason", "Không phải của tôi")]).await.status(), 403);
        let slug = target(&publisher.get("/quan-tri/sua/tin-mot").await);
        assert_eq!(slug, editor);
        assert_eq!(other.get("/quan-tri/sua/tin-mot").await.status(), 403);
        let everywhere = server.official("moi", &[(Role::Editor, None)]).await;
        assert_eq!(everywhere.post("/quan-tri/tin", &[("unit", "987654")]).await.status(), 422, "there is no such unit");
        save(&other, &own, &[("title", "Của A")]).await;
    }
}

/// Citizens may nothing, by whatever way a service is reached.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_citizen_uploads_nothing() {
    let server = Server::start("").await;
    assert!(add_picture(&server.store, &Actor::Citizen, "a.jpg", vec![]).await.is_err());
}
