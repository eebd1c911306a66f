//! Campaigns: begun, refused while something is missing, launched, read by everybody, copied.

use thidua::domain::account::Role;

use super::{CAMPAIGN, borrowed, fields_with, launch, save, step, try_step, typed};
use crate::harness::{Browser, Server, on_both, target, texts};

async fn officer_and_publisher(server: &Server) -> (Browser, Browser) {
    let officer = server.official("hoa", &[(Role::CampaignOfficer, None)]).await;
    (officer, server.official("minh", &[(Role::Publisher, None)]).await)
}

on_both! {
    /// From an empty campaign to its public page, which tells the story in order.
    async fn a_campaign_is_launched_and_read_by_everybody(server: Server) {
        let (officer, publisher) = officer_and_publisher(&server).await;
        launch(&officer, &publisher, &[]).await;
        let html = server.page("/thi-dua/thi-dua-muc-tieu-kep").await;
        let text = texts(&html, "main").concat();
        let mut at = 0;
        for part in ["Thi đua mục tiêu kép", "Mục tiêu kép", "Uỷ ban thử", "01/01/2021", "Cùng nhau vượt qua", "Vì sao", "Mục đích", "an toàn", "Phạm vi", "Đối tượng", "Nội dung thi đua", "Phát triển", "Tiêu chí", "Kế hoạch", "Biện pháp", "Các giai đoạn", "Phản hồi", "Tin về phong trào", "Căn cứ pháp lý", "Quyết định thử"] {
            let found = text[at..].find(part).unwrap_or_else(|| panic!("{part} is missing, or stands before what it follows"));
            at += found;
        }
        assert_eq!(texts(&html, ".campaign-part strong").first().map(String::as_str), Some("an toàn"), "Markdown");
        assert!(server.page("/thi-dua").await.contains("/thi-dua/thi-dua-muc-tieu-kep"));
        assert!(server.page("/").await.contains("/thi-dua/thi-dua-muc-tieu-kep"));
        assert!(server.page("/en/thi-dua/thi-dua-muc-tieu-kep").await.contains("Legal basis"));
        assert!(server.page("/sitemap.xml").await.contains("/thi-dua/thi-dua-muc-tieu-kep<"));
        let lists = server.page("/tin").await;
        assert!(!texts(&lists, ".list-page").concat().contains("Thi đua mục tiêu kép"), "it is no announcement");
        let old = server.get("/tin/thi-dua-muc-tieu-kep").await;
        assert_eq!((old.status().as_u16(), target(&old).as_str()), (308, "/thi-dua/thi-dua-muc-tieu-kep"));
    }
}

on_both! {
    /// What the law asks for is data: what is missing is named, and nothing launches without it, not in an emergency either.
    async fn a_launch_that_lacks_a_part_is_refused_and_told_which(server: Server) {
        let (officer, publisher) = officer_and_publisher(&server).await;
        let editor = target(&officer.post("/quan-tri/thi-dua", &[]).await);
        save(&officer, &editor, &CAMPAIGN).await;
        save(&officer, &editor, &[("criteria", ""), ("targets", "PD1 | A | B | c | sum | 0 | 1.234 | up | 31/12/2021"), ("ends", "31/02/2021"), ("score", "")]).await;
        step(&officer, &editor, "gui-duyet", &[]).await;
        let findings = texts(&officer.page(&format!("{editor}/xuat-ban")).await, ".finding--must").concat();
        for wrong in ["Tiêu chí: còn thiếu", "có thể hiểu hai cách", "Ngày kết thúc: không phải một ngày"] {
            assert!(findings.contains(wrong), "{wrong}: {findings}");
        }
        let preview = texts(&officer.page(&format!("{editor}/xem-truoc/trang")).await, "main").concat();
        assert!(preview.contains("Giữ địa bàn an toàn.") && preview.contains("Toàn tỉnh."), "{preview}");
        for task in ["xuat-ban", "duyet", "khan-cap"] {
            let answer = try_step(&publisher, &editor, task, &[("notes", "Gấp lắm")]).await;
            assert_eq!(answer.status(), 422, "{task}");
        }
        assert_eq!(server.get("/thi-dua/thi-dua-muc-tieu-kep").await.status(), 404);
        // Another law, another list.
        server.run_sql("UPDATE required_part SET ends = '2024-12-31' WHERE part = 'criteria'").await;
        let findings = texts(&officer.page(&format!("{editor}/xuat-ban")).await, ".finding--must").concat();
        assert!(!findings.contains("Tiêu chí"), "{findings}");
        step(&officer, &editor, "lay-lai", &[]).await;
        save(&officer, &editor, &CAMPAIGN).await;
        let preview = texts(&officer.page(&format!("{editor}/xem-truoc/trang")).await, "main").concat();
        for part in ["Liều đã tiêm", "Quyết định thử", "Các giai đoạn"] {
            assert!(preview.contains(part), "{part}");
        }
        step(&officer, &editor, "gui-duyet", &[]).await;
        step(&publisher, &editor, "xuat-ban", &[]).await;
        assert_eq!(server.get("/thi-dua/thi-dua-muc-tieu-kep").await.status(), 200);
    }
}

on_both! {
    /// A launched campaign is corrected like any text: with a note, a history, and its figures where they were.
    async fn a_launched_campaign_is_corrected_and_keeps_what_hangs_on_it(server: Server) {
        let (officer, publisher) = officer_and_publisher(&server).await;
        let id = launch(&officer, &publisher, &[]).await;
        let pd1 = server.number("SELECT id FROM target WHERE code = 'PD1'").await;
        let editor = format!("/quan-tri/tin/{id}");
        assert_eq!(officer.post(&editor, &[("viec", "sua")]).await.status(), 303);
        let targets = "KT9 | Kinh tế | Mới | % | mức đạt | | 5 | tăng | 31/12/2021\nPD1 | Phòng dịch | Liều vắc xin | liều | cộng dồn | 0 | 2000 | tăng | 31/12/2021";
        let changed = [("targets", targets), ("score", ""), ("reporting", "half-yearly")];
        save(&officer, &editor, &changed).await;
        step(&officer, &editor, "gui-duyet", &[]).await;
        let silent = try_step(&publisher, &editor, "xuat-ban", &[]).await;
        assert_eq!(silent.status(), 422, "what units are measured by changes with a note for readers, or not at all");
        step(&officer, &editor, "lay-lai", &[]).await;
        save(&officer, &editor, &[changed.as_slice(), &[("change_note", "Nâng chỉ tiêu tiêm")]].concat()).await;
        step(&officer, &editor, "gui-duyet", &[]).await;
        step(&publisher, &editor, "xuat-ban", &[]).await;
        assert_eq!(server.number("SELECT id FROM target WHERE code = 'PD1' AND goal = 2000").await, pd1);
        assert_eq!(server.number("SELECT COUNT(*) FROM target WHERE retired").await, 1, "KT1 is asked for no longer");
        assert_eq!(server.number("SELECT COUNT(*) FROM period WHERE NOT retired").await, 2);
        assert!(server.page("/thi-dua/thi-dua-muc-tieu-kep").await.contains("Nâng chỉ tiêu tiêm"));
        let history = officer.page(&format!("{editor}/so-sanh?tu=1&den=2")).await;
        assert!(texts(&history, ".diff h3").concat().contains("Mục tiêu và chỉ tiêu"));
        step(&publisher, &editor, "rut", &[("reason", "Phát động lại sau")]).await;
        for path in ["/thi-dua/thi-dua-muc-tieu-kep", "/thi-dua/thi-dua-muc-tieu-kep/ket-qua"] {
            let answer = server.get(path).await;
            assert_eq!(answer.status(), 410, "{path}");
            assert!(answer.text().await.unwrap().contains("Phát động lại sau"), "{path}");
        }
        assert!(!server.page("/thi-dua").await.contains("thi-dua-muc-tieu-kep"));
        step(&publisher, &editor, "cong-khai-lai", &[]).await;
        assert_eq!(server.get("/thi-dua/thi-dua-muc-tieu-kep/ket-qua").await.status(), 200);
    }
}

on_both! {
    /// The next campaign begins with this one's words, without its days.
    async fn a_campaign_is_the_start_of_the_next_one(server: Server) {
        let (officer, publisher) = officer_and_publisher(&server).await;
        let id = launch(&officer, &publisher, &[]).await;
        let copy = target(&officer.post("/quan-tri/thi-dua", &[("copy", &id)]).await);
        let html = officer.page(&copy).await;
        let value = |name: &str| crate::harness::fields_of(&html, "#soan").into_iter().find(|(field, _)| field == name).unwrap().1;
        assert_eq!(value("theme"), "Mục tiêu kép");
        assert!(value("targets").contains("PD1 | Phòng dịch"));
        assert_eq!((value("begins"), value("phases")), (String::new(), String::new()));
        let editor = server.official("lan", &[(Role::Editor, None)]).await;
        assert_eq!(editor.post("/quan-tri/thi-dua", &[]).await.status(), 403, "editors write campaigns, officers begin them");
        assert_eq!(editor.get(&copy).await.status(), 200);
    }
}

on_both! {
    /// Citizens comment on a campaign as on an announcement.
    async fn a_campaign_is_commented_on(server: Server) {
        let (officer, publisher) = officer_and_publisher(&server).await;
        launch(&officer, &publisher, &[]).await;
        let path = "/thi-dua/thi-dua-muc-tieu-kep";
        let refused = server.post(path, &[("name", "Bà Tư"), ("text", "")]).await;
        assert_eq!(refused.status(), 422);
        assert!(refused.text().await.unwrap().contains("Bà Tư"));
        let sent = server.post(path, &[("name", "Bà Tư"), ("text", "Xã tôi đã tiêm xong.")]).await;
        assert_eq!(sent.status(), 303);
        let tracking = server.page(&target(&sent)).await;
        assert!(tracking.contains(path), "it leads back to the campaign");
        assert!(!server.page(path).await.contains("tiêm xong"));
        let moderator = server.official("nga", &[(Role::Moderator, None)]).await;
        assert!(moderator.page("/quan-tri/phan-hoi").await.contains("tiêm xong"));
        let id = server.number("SELECT id FROM queue_item").await.to_string();
        assert_eq!(moderator.post("/quan-tri/phan-hoi", &[("duyet", &id)]).await.status(), 303);
        assert!(server.page(path).await.contains("tiêm xong"));
        assert!(server.page("/").await.contains(&format!("{path}#phan-hoi-")));
    }
}

on_both! {
    /// A script saves a campaign's lists as text, and two people's changes to different rows both stay.
    async fn two_people_write_one_campaign(server: Server) {
        let (officer, _) = officer_and_publisher(&server).await;
        let editor_account = server.official("lan", &[(Role::Editor, None)]).await;
        let editor = target(&officer.post("/quan-tri/thi-dua", &[]).await);
        save(&officer, &editor, &CAMPAIGN).await;
        let mine = typed(&officer, &editor, &[]).await;
        let theirs = typed(&editor_account, &editor, &[("slogan", "Khẩu hiệu khác")]).await;
        let (status, said) = editor_account.ask(&format!("{editor}/tu-luu"), &borrowed(&theirs)).await;
        assert_eq!((status, said["saved"].as_str()), (200, Some("done")));
        let lines = CAMPAIGN.iter().find(|(name, _)| *name == "targets").unwrap().1.replace("| 1000 |", "| 1500 |");
        let mine = fields_with(&mine, &[("targets", &lines)]);
        let (_, said) = officer.ask(&format!("{editor}/tu-luu"), &borrowed(&mine)).await;
        assert_eq!(said["saved"], "merged");
        assert_eq!(said["text"]["slogan"], "Khẩu hiệu khác");
        assert!(said["text"]["targets"].as_str().unwrap().contains("1500"));
    }
}
