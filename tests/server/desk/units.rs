//! Units: the tree, what becomes of each, files of units, clusters.

use std::path::Path;

use thidua::domain::account::Role;

use super::{
    WHOLE, begin, borrowed, examples, fields_with, launch, public_page, register, report, report_path, save, step,
    uploading,
};
use crate::harness::{Browser, Program, Server, attribute, fields_of, on_both, target, texts};

async fn administrator(server: &Server) -> Browser {
    server.official("quan", &[(Role::Administrator, None)]).await
}

/// Adds a unit and gives the path of its page.
async fn add(browser: &Browser, name: &str, parent: &str) -> String {
    let added = browser.post("/quan-tri/don-vi", &[("name", name), ("parent", parent)]).await;
    assert_eq!(added.status(), 303, "{name}: {}", added.text().await.unwrap());
    target(&added).trim_end_matches("?xong").to_owned()
}

async fn change(browser: &Browser, page: &str, fields: &[(&str, &str)]) -> u16 {
    browser.post(page, fields).await.status().as_u16()
}

on_both! {
    /// A unit is corrected field by field; what was typed wrongly stays in the form, and no unit stands below itself.
    async fn units_stand_in_a_tree_without_rings(server: Server) {
        let admin = administrator(&server).await;
        let province = add(&admin, "Tỉnh Hồng Lam", "").await;
        let commune = add(&admin, "Xã Đông Hòa", "tinh-hong-lam").await;
        let hamlet = add(&admin, "Thôn Một", "xa-dong-hoa").await;
        assert_eq!((province.as_str(), hamlet.as_str()), ("/quan-tri/don-vi/tinh-hong-lam", "/quan-tri/don-vi/thon-mot"));
        assert_eq!(add(&admin, "Thôn Một", "").await, "/quan-tri/don-vi/thon-mot-2", "elsewhere the name is free");
        let form = fields_of(&admin.page(&commune).await, "#sua-don-vi");
        let typed = |changes: &[(&str, &str)]| fields_with(&form, changes);
        let (circle, own) = (typed(&[("parent", "thon-mot")]), typed(&[("parent", "xa-dong-hoa")]));
        for form in [&circle, &own] {
            let refused = admin.post(&commune, &borrowed(form)).await;
            assert_eq!(refused.status(), 422);
            assert!(texts(&refused.text().await.unwrap(), ".form-errors").concat().contains("không thể thuộc chính nó"));
        }
        let wrong = typed(&[("name", "Xã Đông Hoà mới"), ("begins", "31/02/2025"), ("parent", "khong-co")]);
        let refused = admin.post(&commune, &borrowed(&wrong)).await;
        assert_eq!(refused.status(), 422);
        let html = refused.text().await.unwrap();
        assert_eq!(attribute(&html, "#don-vi", "value").as_deref(), Some("Xã Đông Hoà mới"), "nothing typed is lost");
        let right = typed(&[("code", "04792"), ("level", "Xã"), ("begins", "2025-07-01")]);
        assert_eq!(admin.post(&commune, &borrowed(&right)).await.status(), 303);
        let taken = fields_with(&fields_of(&admin.page(&province).await, "#sua-don-vi"), &[("code", "04792")]);
        assert_eq!(admin.post(&province, &borrowed(&taken)).await.status(), 422, "a code is of one unit");
        let tree = admin.page("/quan-tri/don-vi").await;
        assert_eq!(texts(&tree, ".desk-units > li > details > ul > li").len(), 1);
        assert_eq!(texts(&admin.page("/quan-tri/don-vi?q=dong+hoa").await, ".desk-units li").len(), 1, "found without marks");
        assert_eq!(texts(&admin.page("/quan-tri/don-vi?q=04792").await, ".desk-units li").len(), 1, "and by code");
        assert_eq!(admin.get("/quan-tri/don-vi/khong-co").await.status(), 404);
        assert_eq!(admin.post("/quan-tri/don-vi", &[("name", "<b>—</b>"), ("begins", "x")]).await.status(), 422);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE subject_kind = 'unit'").await, 5);
    }
}

on_both! {
    /// Everybody finds every unit that is there today: in a tree, or by its name with or without marks.
    async fn all_units_stand_in_one_list(server: Server) {
        assert!(server.page("/don-vi").await.contains("Chưa có đơn vị nào"));
        let admin = administrator(&server).await;
        add(&admin, "Tỉnh Sông Ngân", "").await;
        add(&admin, "Xã Đông Hòa", "tinh-song-ngan").await;
        let gone = add(&admin, "Xã <b>Ẩn</b>", "tinh-song-ngan").await;
        add(&admin, "Thôn Một", "xa-dong-hoa").await;
        let names = |html: &str| texts(html, ".unit-tree a");
        let html = server.page("/don-vi").await;
        assert_eq!(names(&html), ["Tỉnh Sông Ngân", "Xã <b>Ẩn</b>", "Xã Đông Hòa", "Thôn Một"]);
        assert_eq!(texts(&html, ".unit-tree > li > details > ul > li > details > ul > li").len(), 1);
        assert_eq!(change(&admin, &gone, &[("viec", "giai-the"), ("day", "2025-07-01")]).await, 303);
        assert_eq!(names(&server.page("/don-vi").await), ["Tỉnh Sông Ngân", "Xã Đông Hòa", "Thôn Một"], "at once");
        for (words, found) in [("dong hoa", vec!["Xã Đông Hòa"]), ("b n", vec!["Xã <b>Ẩn</b>"]), ("HÒA", vec!["Xã Đông Hòa"]), ("hoa  xa", vec!["Xã Đông Hòa"]), ("khuất", vec![])] {
            assert_eq!(names(&server.page(&format!("/don-vi?q={words}")).await), found, "{words}");
        }
        let nothing = server.page("/en/don-vi?q=%3Cscript%3E").await;
        assert!(nothing.contains("No unit matches") && nothing.contains("noindex") && !nothing.contains("<script>\""));
        assert_eq!(attribute(&server.page("/don-vi/xa-dong-hoa").await, ".breadcrumb a[href='/don-vi']", "href").as_deref(), Some("/don-vi"));
        assert!(server.page("/sitemap.xml").await.contains("/don-vi</loc>"));
    }
}

on_both! {
    /// What was written by a unit that is merged says so from that moment on, and leads to what goes on with its work,
    /// however often that changes; roles and units below go over.
    async fn pages_of_a_unit_that_is_gone_lead_to_its_successor(server: Server) {
        let admin = administrator(&server).await;
        let (a, b) = (add(&admin, "Xã An Bình", "").await, add(&admin, "Xã An Hòa", "").await);
        add(&admin, "Thôn Một", "xa-an-binh").await;
        let writer = server.official("lan", &[(Role::Editor, Some("xa-an-binh"))]).await;
        let publisher = server.official("minh", &[(Role::Publisher, None)]).await;
        let editor = begin(&writer).await;
        save(&writer, &editor, &WHOLE).await;
        step(&writer, &editor, "gui-duyet", &[]).await;
        step(&publisher, &editor, "xuat-ban", &[]).await;
        let page = public_page(&publisher, &editor).await;
        let html = server.page(&page).await;
        assert!(html.contains("href=\"/don-vi/xa-an-binh\"") && !html.contains("đã kết thúc hoạt động"));
        assert!(server.page("/don-vi/xa-an-binh").await.contains("Tin một"));

        for (fields, why) in [
            (vec![("viec", "gop"), ("new_name", "Xã An"), ("day", "2025-07-01")], "alone"),
            (vec![("viec", "gop"), ("with", "xa-an-hoa"), ("new_name", " "), ("day", "2025-07-01")], "no name"),
            (vec![("viec", "gop"), ("with", "xa-an-hoa"), ("new_name", "Xã An"), ("day", "mai")], "no day"),
            (vec![("viec", "gop"), ("with", "khong-co"), ("new_name", "Xã An"), ("day", "2025-07-01")], "unknown"),
        ] {
            assert_eq!(change(&admin, &a, &fields).await, 422, "{why}");
        }
        assert_eq!(server.number("SELECT COUNT(*) FROM unit WHERE ends IS NOT NULL").await, 0, "nothing was half done");
        let merge = [("viec", "gop"), ("with", "xa-an-hoa"), ("new_name", "Xã An Bình Hòa"), ("day", "2025-07-01")];
        let same = [("viec", "doi-ten"), ("new_name", "Xã An Bình"), ("day", "2025-07-01")];
        assert_eq!(change(&admin, &a, &same).await, 422, "it is called that already");
        assert_eq!(change(&admin, &a, &merge).await, 303);
        assert_eq!(change(&admin, &b, &merge).await, 422, "what is over is not merged again");
        let html = server.page(&page).await;
        assert!(html.contains("Xã An Bình đã kết thúc hoạt động ngày 30/06/2025."), "{html}");
        assert!(html.contains("href=\"/don-vi/xa-an-binh-hoa\""));
        let unit = server.page("/don-vi/xa-an-binh-hoa").await;
        assert!(unit.contains("Được lập từ:") && unit.contains("href=\"/don-vi/xa-an-hoa\""));
        let below = server.number("SELECT COUNT(*) FROM unit u JOIN unit p ON p.id = u.parent_id WHERE p.slug = 'xa-an-binh-hoa'").await;
        assert_eq!(below, 1, "what was below goes over");
        let editor = begin(&writer).await;
        save(&writer, &editor, &[("title", "Tin hai")]).await;

        assert_eq!(change(&admin, "/quan-tri/don-vi/xa-an-binh-hoa", &[("viec", "doi-ten"), ("new_name", "Phường An"), ("day", "2025-08-01")]).await, 303);
        let html = server.page(&page).await;
        assert!(html.contains("href=\"/don-vi/phuong-an\"") && !html.contains("href=\"/don-vi/xa-an-binh-hoa\""), "readers are led to what is there today");
        let renamed = server.page("/don-vi/xa-an-binh-hoa").await;
        assert!(renamed.contains("Từ ngày 01/08/2025, Xã An Bình Hòa mang tên mới:") && !renamed.contains("đã kết thúc"));
        assert!(server.page("/don-vi?q=an+binh+hoa").await.contains("href=\"/don-vi/xa-an-binh-hoa\""), "the old name leads there");
        assert_eq!(change(&admin, "/quan-tri/don-vi/phuong-an", &[("viec", "giai-the"), ("day", "2025-07-15")]).await, 422, "nothing ends before it began");
        for (slug, field, day) in [("phuong-an", "begins", "2025-07-15"), ("xa-an-binh-hoa", "ends", ""), ("xa-an-binh-hoa", "ends", "2025-08-01")] {
            let path = format!("/quan-tri/don-vi/{slug}");
            let form = fields_with(&fields_of(&admin.page(&path).await, "#sua-don-vi"), &[(field, day)]);
            let refused = admin.post(&path, &borrowed(&form)).await;
            assert_eq!(refused.status(), 422, "{slug} {field} {day}");
            assert!(refused.text().await.unwrap().contains("trùng với đơn vị trước hoặc sau"), "{slug} {field} {day}");
        }
        let english = server.page(&format!("/en{page}")).await;
        assert!(english.contains("Xã An Bình ceased to exist on 30 Jun 2025."));
        for path in ["/don-vi/khong-co", "/don-vi/A", "/don-vi/%00"] {
            assert_eq!(server.get(path).await.status(), 404, "{path}");
        }
    }
}

on_both! {
    /// A unit that is split has several successors, one that joins another goes into it, one that is abolished has none.
    async fn units_are_split_joined_and_abolished(server: Server) {
        let admin = administrator(&server).await;
        let (a, b) = (add(&admin, "Phòng A", "").await, add(&admin, "Phòng B", "").await);
        add(&admin, "Tổ A1", "phong-a").await;
        assert_eq!(change(&admin, &a, &[("viec", "tach"), ("names", "Một mình\r\n \r\n"), ("day", "2026-01-01")]).await, 422);
        assert_eq!(change(&admin, &a, &[("viec", "tach"), ("names", "Phòng A1\r\nPhòng A2\r\n"), ("day", "2026-01-01")]).await, 303);
        let html = server.page("/don-vi/phong-a").await;
        assert!(html.contains("/don-vi/phong-a1") && html.contains("/don-vi/phong-a2"));
        assert_eq!(change(&admin, &b, &[("viec", "vao"), ("into", "phong-b"), ("day", "2026-01-01")]).await, 422, "not into itself");
        assert_eq!(change(&admin, &b, &[("viec", "vao"), ("into", "phong-a"), ("day", "2026-01-01")]).await, 422, "nor into what is over");
        assert_eq!(change(&admin, &b, &[("viec", "vao"), ("into", "phong-a1"), ("day", "2026-02-01")]).await, 303);
        assert!(server.page("/don-vi/phong-b").await.contains("/don-vi/phong-a1"));
        // What stands below is not put below itself when what is above goes into it.
        assert_eq!(change(&admin, "/quan-tri/don-vi/phong-a2", &[("viec", "giai-the"), ("day", "2026-03-01")]).await, 303);
        let gone = server.page("/don-vi/phong-a2").await;
        assert!(gone.contains("đã kết thúc hoạt động ngày 28/02/2026") && !gone.contains("tiếp tục:"));
        add(&admin, "Sở C", "").await;
        add(&admin, "Phòng C1", "so-c").await;
        assert_eq!(change(&admin, "/quan-tri/don-vi/so-c", &[("viec", "vao"), ("into", "phong-c1"), ("day", "2026-03-01")]).await, 303);
        assert_eq!(server.number("SELECT COUNT(*) FROM unit WHERE slug = 'phong-c1' AND parent_id IS NULL").await, 1);
        assert!(!admin.page("/quan-tri/don-vi").await.contains("Phòng A2"), "what is over is shown if it is asked for");
        assert!(admin.page("/quan-tri/don-vi?cu=1").await.contains("Phòng A2"));
    }
}

on_both! {
    /// A file is imported whole or not at all, and twice is once; every wrong cell is named.
    async fn files_of_units_are_imported_whole_or_not_at_all(server: Server) {
        let admin = administrator(&server).await;
        add(&admin, "Tỉnh Hồng Lam", "").await;
        let csv = "\u{feff}Tên;Mã;Cấp;Thuộc;Từ ngày\r\nXã Đông Hòa;04792;Xã;;01/07/2025\r\nThôn Một;;Thôn;04792;\r\n";
        let send = async |task: &str, bytes: &[u8]| {
            let fields = [("viec", task), ("parent", "tinh-hong-lam"), ("level", "Đơn vị")];
            let answer = admin.upload("/quan-tri/nhap-don-vi", &fields, "don-vi.csv", bytes).await;
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        let (status, html) = send("thu", csv.as_bytes()).await;
        assert!(status == 200 && texts(&html, "[role=status]").concat().contains("Thêm 2, sửa 0"), "{html}");
        assert_eq!(server.number("SELECT COUNT(*) FROM unit").await, 1, "it was only tried");
        for (counts, what) in [("Thêm 2, sửa 0, giữ nguyên 0", "new"), ("Thêm 0, sửa 0, giữ nguyên 2", "again")] {
            let (_, html) = send("nhap", csv.as_bytes()).await;
            assert!(texts(&html, "[role=status]").concat().contains(counts), "{what}: {:?}", texts(&html, "[role=status]"));
        }
        assert_eq!(server.number("SELECT COUNT(*) FROM unit u JOIN unit p ON p.id = u.parent_id WHERE u.slug = 'thon-mot' AND p.slug = 'xa-dong-hoa'").await, 1);
        let (_, html) = send("nhap", "name,code\nXã Đông Hoà mới,04792\n".as_bytes()).await;
        assert!(texts(&html, "[role=status]").concat().contains("sửa 1"));

        let bad = "name,code,parent,begins\nXã B,1,khong-co,\nXã C,2,,30/02/2025\n,3,,\nXã D,2,,\n";
        let (status, html) = send("nhap", bad.as_bytes()).await;
        let told = texts(&html, ".form-errors li");
        assert_eq!(status, 422);
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].contains("Dòng 3") && told[0].contains("30/02/2025"), "{told:?}");
        let (status, html) = send("nhap", b"name,code,parent\nXa B,1,khong-co\nXa C,2,1\n").await;
        assert!(status == 422 && texts(&html, ".form-errors li").concat().contains("khong-co"));
        let (_, html) = send("nhap", b"name,code,parent\nXa B,1,2\nXa C,2,1\n").await;
        assert!(texts(&html, ".form-errors li").concat().contains("không thể thuộc chính nó"), "a ring in the file");
        assert_eq!(server.number("SELECT COUNT(*) FROM unit").await, 3, "of a wrong file nothing is taken");
        for (bytes, words) in [(&b""[..], "không có dữ liệu"), (b"PK\x03\x04\0\0", "CSV UTF-8"), (b"{\"a\":1}", "GeoJSON")] {
            let (status, html) = send("nhap", bytes).await;
            assert!(status == 422 && texts(&html, ".form-errors li").concat().contains(words), "{words}");
        }
    }
}

/// The communes of a province with their boundaries, or one made up where that file is not there; and how many.
pub fn communes() -> (Vec<u8>, i64) {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/phu-tho-communes.geojson");
    let own = br#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[105.1,20.1],[105.2,20.1],[105.2,20.2],[105.1,20.1]]]},"properties":{"code":"00001","fullName":"X\u00e3 M\u1ed9t"}}]}"#;
    std::fs::read(real).map_or((own.to_vec(), 1), |bytes| (bytes, 148))
}

on_both! {
    /// The communes of a province come in with where they lie.
    async fn communes_are_imported_with_their_boundaries(server: Server) {
        let admin = administrator(&server).await;
        let (bytes, count) = communes();
        let fields = [("viec", "thu"), ("level", "Xã, phường"), ("begins", "2025-07-01")];
        let answer = admin.upload("/quan-tri/nhap-don-vi", &fields, "a.geojson", &bytes).await;
        // What was looked at is imported without being chosen again.
        let kept = fields_with(&fields_of(&answer.text().await.unwrap(), "#nhap-da-xem"), &[("viec", "nhap")]);
        assert_eq!(server.number("SELECT COUNT(*) FROM unit").await, 0);
        let answer = admin.upload("/quan-tri/nhap-don-vi", &borrowed(&kept), "", b"").await;
        let html = answer.text().await.unwrap();
        assert!(!html.contains("nhap-da-xem"), "it is done");
        let told = texts(&html, "[role=status]").concat();
        assert!(told.contains(&format!("Thêm {count},")) && told.contains(&format!("{count} ranh giới mới")), "{told}");
        assert_eq!(server.number("SELECT COUNT(*) FROM unit_boundary").await, count);
        assert_eq!(server.number("SELECT COUNT(*) FROM unit WHERE begins = '2025-07-01' AND level_id IS NOT NULL").await, count);
    }
}

/// The same by the command line; again, it makes none twice, and a wrong line is named.
#[test]
fn units_are_imported_from_the_command_line() {
    let program = Program::new();
    let (bytes, count) = communes();
    let file = program.file("communes.geojson", std::str::from_utf8(&bytes).unwrap());
    assert!(program.run(&["migrate"]).0);
    let (done, said, complaint) =
        program.run(&["unit", "import", &file, "--level", "Xã", "--begins", "1/7/2025", "--dry-run"]);
    assert!(done && said.starts_with("Only tried"), "{said} {complaint}");
    for counts in [format!("{count} unit"), format!("0 units added, 0 changed, {count} left")] {
        let (done, said, complaint) = program.run(&["unit", "import", &file, "--level", "Xã", "--begins", "1/7/2025"]);
        assert!(done && said.contains(&counts), "{said} {complaint}");
    }
    let wrong = program.file("wrong.csv", "name,begins\nXã A,31/02/2025\n");
    let (done, _, complaint) = program.run(&["unit", "import", &wrong]);
    assert!(!done && complaint.contains("Line 2") && complaint.contains("31/02/2025"), "{complaint}");
    let (done, _, complaint) = program.run(&["unit", "import", "/khong/co"]);
    assert!(!done && complaint.contains("could not be read"), "{complaint}");
    assert!(!program.run(&["unit", "import", &file, "--begins", "hôm qua"]).0);
}

on_both! {
    /// Each year has its clusters, and a unit is in one of them.
    async fn a_unit_is_in_one_cluster_a_year(server: Server) {
        let admin = administrator(&server).await;
        for name in ["Sở A", "Sở B"] {
            add(&admin, name, "").await;
        }
        let post = async |fields: &[(&str, &str)]| admin.post("/quan-tri/cum", fields).await.status().as_u16();
        assert_eq!(post(&[("viec", "them"), ("nam", "2026"), ("name", "Khối các sở")]).await, 303);
        assert_eq!(post(&[("viec", "them"), ("nam", "2026"), ("name", "khối các SỞ")]).await, 422, "it is there");
        assert_eq!(post(&[("viec", "them"), ("nam", "2027"), ("name", "Khối các sở")]).await, 303);
        assert_eq!(post(&[("viec", "them"), ("nam", "2026"), ("name", "Cụm số 1")]).await, 303);
        let id = async |name: &str| server.number(&format!("SELECT id FROM cluster WHERE year = 2026 AND name = '{name}'")).await.to_string();
        let (departments, first) = (id("Khối các sở").await, id("Cụm số 1").await);
        let fill = [("viec", "xep"), ("nam", "2026"), ("id", &departments), ("unit", "so-a"), ("unit", "so-b")];
        assert_eq!(post(&fill).await, 303);
        assert_eq!(post(&[("viec", "xep"), ("nam", "2026"), ("id", &first), ("unit", "so-b")]).await, 303);
        let within = async |id: &str| server.number(&format!("SELECT COUNT(*) FROM cluster_unit WHERE cluster_id = {id}")).await;
        assert_eq!((within(&departments).await, within(&first).await), (1, 1), "it has left the other");
        assert_eq!(post(&[("viec", "xep"), ("nam", "2027"), ("id", &first), ("unit", "so-b")]).await, 404, "of another year");
        assert_eq!(post(&[("viec", "xep"), ("nam", "2026"), ("id", &first), ("unit", "khong-co")]).await, 422);
        assert_eq!(within(&first).await, 1, "and stays as it was");
        assert!(admin.page("/quan-tri/cum?nam=2026").await.contains("Cụm số 1"));
        assert_eq!(post(&[("viec", "bo"), ("nam", "2026"), ("id", &first)]).await, 303);
        assert_eq!(post(&[("viec", "bo"), ("nam", "2026"), ("id", &first)]).await, 404);
    }
}

on_both! {
    /// A unit that is renamed while a campaign runs goes on in it: registration, reports, cluster, the people who report; and
    /// whoever follows an old link comes to the new name. One that is merged stays with what it reported and owes nothing more.
    async fn a_unit_goes_on_in_a_campaign_under_its_new_name(server: Server) {
        let admin = administrator(&server).await;
        let officer = server.official("hoa", &[(Role::CampaignOfficer, None)]).await;
        let publisher = server.official("minh", &[(Role::Publisher, None)]).await;
        add(&admin, "Xã An", "").await;
        let reporter = server.official("tu", &[(Role::UnitContributor, Some("xa-an"))]).await;
        assert_eq!(admin.post("/quan-tri/cum", &[("viec", "them"), ("nam", "2021"), ("name", "Cụm 1")]).await.status(), 303);
        let cluster = server.number("SELECT id FROM cluster").await.to_string();
        assert_eq!(admin.post("/quan-tri/cum", &[("viec", "xep"), ("nam", "2021"), ("id", &cluster), ("unit", "xa-an")]).await.status(), 303);
        let campaign = launch(&officer, &publisher, &[("ends", "31/12/2099")]).await;
        let registration = register(&server, &reporter, &campaign, "xa-an").await;
        let path = report_path(&server, &registration, "2021-01-01").await;
        assert_eq!(report(&reporter, &path, &[("so-PD1", "5"), ("so-KT1", "6")]).await.status(), 303);
        let slug = "thi-dua-muc-tieu-kep";
        let example = [examples::WHOLE.as_slice(), &[("unit", "Xã An"), ("campaign", slug)]].concat();
        assert_eq!(server.browser().upload("/dien-hinh/gui", &example, "a.jpg", &uploading::photo()).await.status(), 303);
        assert!(server.page(&format!("/thi-dua/{slug}/don-vi/xa-an")).await.contains("Xã An"));
        let renamed = [("viec", "doi-ten"), ("new_name", "Phường An"), ("day", "2021-07-01")];
        assert_eq!(change(&admin, "/quan-tri/don-vi/xa-an", &renamed).await, 303);
        let old = server.get(&format!("/thi-dua/{slug}/don-vi/xa-an")).await;
        assert_eq!((old.status().as_u16(), target(&old)), (308, format!("/thi-dua/{slug}/don-vi/phuong-an")));
        let results = server.page(&format!("/thi-dua/{slug}/ket-qua")).await;
        assert!(results.contains("Phường An") && !results.contains("Xã An") && results.contains("Cụm 1"));
        let own = reporter.page("/quan-tri/tham-gia").await;
        assert!(own.contains("Phường An") && own.contains("Đã đăng ký") && own.contains("Quá hạn"));
        assert!(server.page("/don-vi/phuong-an").await.contains(&format!("/thi-dua/{slug}/don-vi/phuong-an")));
        assert_eq!(reporter.get(&path).await.status(), 200, "the report is still theirs");
        let examples = "SELECT COUNT(*) FROM example e JOIN unit u ON u.id = e.unit_id WHERE u.slug = 'phuong-an'";
        assert_eq!(server.number(examples).await, 1, "its score counts them");

        add(&admin, "Phường Bình", "").await;
        let merged = [("viec", "gop"), ("with", "phuong-binh"), ("new_name", "Phường An Bình"), ("day", "2022-01-15")];
        assert_eq!(change(&admin, "/quan-tri/don-vi/phuong-an", &merged).await, 303);
        let page = server.page(&format!("/thi-dua/{slug}/don-vi/phuong-an")).await;
        assert!(page.contains("Phường An") && page.contains("Quá hạn"), "what it owed until then it owes");
    }
}
