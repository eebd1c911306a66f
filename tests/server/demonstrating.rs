//! What whoever loads the demonstration's campaign is promised, and whoever takes it away from among what is real.

use thidua::domain::account::Role;
use thidua::domain::figure::{self, Reading};
use thidua::domain::progress::Standing;
use thidua::domain::time::Instant;
use thidua::server::demo;
use thidua::server::services::result::{ReportStanding, Results, read_results};

use crate::harness::{Server, fields_of, on_both, texts};

const CAMPAIGN: &str = "muc-tieu-kep-2021";
/// What a campaign fills, with how much of it the demonstration has.
const TABLES: [(&str, i64); 14] = [
    ("campaign", 1),
    ("review", 1),
    ("target", 10),
    ("period", 12),
    ("registration", 46),
    ("plan_target", 185),
    ("report", 546),
    ("figure", 2199),
    ("correction", 5),
    ("example", 8),
    ("take_up", 22),
    ("unit", 48),
    ("cluster", 4),
    ("cluster_unit", 48),
];

async fn count(server: &Server, table: &str) -> i64 {
    server.number(&format!("SELECT COUNT(*) FROM {table}")).await
}

async fn results(server: &Server) -> Results {
    read_results(&server.store, CAMPAIGN).await.unwrap().value
}

on_both! {
    /// Loaded twice it is there once, and taken away it leaves nothing.
    async fn the_campaign_of_the_demonstration_is_loaded_once_and_leaves_nothing(server: Server) {
        let added = demo::load_campaigns(&server.store).await.unwrap();
        let amounts = (added.campaigns, added.announcements, added.examples, added.units, added.comments);
        assert_eq!(amounts, (1, 1, 8, 48, 3));
        assert_eq!(demo::load_campaigns(&server.store).await.unwrap(), demo::Amount::default());
        for (table, rows) in TABLES {
            assert_eq!(count(&server, table).await, rows, "{table}");
        }
        assert_eq!(demo::remove(&server.store).await.unwrap(), added);
        for table in TABLES.iter().map(|(table, _)| *table).chain(["announcement", "revision", "comment", "upload", "report_save"]) {
            assert_eq!(count(&server, table).await, 0, "{table}");
        }
        assert_eq!(demo::load_campaigns(&server.store).await.unwrap(), added, "and it can be loaded again");
    }
}

on_both! {
    /// Its final review says what was reached and what was not, and each figure leads to frozen ones.
    async fn the_campaign_of_the_demonstration_is_reviewed(server: Server) {
        demo::load_campaigns(&server.store).await.unwrap();
        let html = server.page("/tin/tong-ket-muc-tieu-kep-2021").await;
        assert!(html.contains("Chỉ tiêu chưa đạt mức đề ra") && html.contains("Đăng lúc 25/01/2022") && !html.contains("[xxx"));
        let results = results(&server).await;
        let missed = results.targets.iter().filter(|target| target.standing != Standing::Reached).count();
        assert_eq!(missed, 4, "as its title says");
        assert!(texts(&html, ".prose li").iter().filter(|line| line.contains("mức đề ra.")).count() == missed, "each is named");
        let page = server.page(&format!("/thi-dua/{CAMPAIGN}/ket-qua")).await;
        assert!(page.contains("Chưa đạt") && !page.contains("Đúng tiến độ"), "at the end nothing is on its way");
        let id = server.number("SELECT id FROM review").await;
        let frozen = format!("/thi-dua/{CAMPAIGN}/so-lieu-chot/{id}");
        assert!(html.matches(&format!("href=\"{frozen}#")).count() > 100);
        assert!(server.page(&frozen).await.contains("chốt lúc 20/01/2022"));
        assert_eq!(server.number("SELECT COUNT(*) FROM announcement WHERE NOT demonstration").await, 0);
    }
}

on_both! {
    /// It reads as if the desk had run it in 2021: launched on its first day, with its picture, tag and comments.
    async fn the_campaign_of_the_demonstration_has_its_page(server: Server) {
        server.publish("---\ntitle: Tin phong trào\nlead: L\ntags: mục tiêu kép\n---\nB").await;
        demo::load_campaigns(&server.store).await.unwrap();
        let html = server.page(&format!("/thi-dua/{CAMPAIGN}")).await;
        assert_eq!(texts(&html, "h1"), ["Chung sức thực hiện “mục tiêu kép”, vì Sông Ngân an toàn và phát triển"]);
        assert_eq!(texts(&html, ".campaign .prose h2").len(), 3);
        assert_eq!(texts(&html, ".phases li").len(), 4);
        assert!(html.contains("/tep/") && html.contains("Lý Thị Mây"), "its picture and a comment");
        let news = texts(&html, ".others .teaser-title");
        assert!(news.len() == 2 && news[0] == "Tin phong trào" && news[1].starts_with("Tổng kết"), "the news that share its tag: {news:?}");
        let launched = server.number(&format!("SELECT first_published_at FROM announcement WHERE slug = '{CAMPAIGN}'")).await;
        assert_eq!(Instant(launched).local_minute(), "2021-01-15T08:00");
        assert_eq!(server.number("SELECT COUNT(*) FROM report WHERE state = 'sent'").await, 3);
        assert_eq!(server.number("SELECT COUNT(*) FROM report WHERE state = 'accepted' AND decided_at >= sent_at").await, 543);
        assert_eq!(server.number("SELECT COUNT(*) FROM report WHERE sent_at > first_sent_at").await, 17, "returned");
        let campaign = results(&server).await;
        let is_late = |report: &&ReportStanding| {
            matches!(report, ReportStanding::Sent { late: true } | ReportStanding::Accepted { late: true, .. })
        };
        assert_eq!(campaign.units.iter().flat_map(|unit| &unit.reports).filter(is_late).count(), 52);
        assert!(campaign.units.iter().all(|unit| unit.score.is_some() && !unit.part.cluster.is_empty()));
        assert_eq!(campaign.corrections.len(), 5);
        assert!(campaign.corrections.iter().all(|correction| correction.role == "campaign-officer"));
    }
}

on_both! {
    /// Each example has its page of that day, and says who took it up.
    async fn the_examples_of_the_demonstration_have_their_pages(server: Server) {
        demo::load_campaigns(&server.store).await.unwrap();
        assert_eq!(texts(&server.page("/dien-hinh").await, ".example-card h2").len(), 8);
        let html = server.page("/dien-hinh/hen-gio-tiem-theo-ngo").await;
        assert_eq!(texts(&html, "h1"), ["Hẹn giờ tiêm theo ngõ, không ai phải chờ cả buổi"]);
        assert!(html.contains("Huyện Mường Sương") && html.contains("Huyện Pù Lim") && !html.contains("Ban Biên tập"));
        let decided = server
            .number("SELECT e.decided_at FROM example e JOIN announcement a ON a.id = e.id WHERE a.slug = 'hen-gio-tiem-theo-ngo'")
            .await;
        assert_eq!(Instant(decided).local_minute(), "2021-09-10T09:00");
    }
}

on_both! {
    /// The campaign's page shows the latest ones, a unit's page its own, which its score counts.
    async fn a_campaign_and_its_units_tell_of_their_examples(server: Server) {
        demo::load_campaigns(&server.store).await.unwrap();
        let path = format!("/thi-dua/{CAMPAIGN}");
        let html = server.page(&path).await;
        assert_eq!(texts(&html, ".example-lines li").len(), 4);
        assert!(html.contains("href=\"/dien-hinh\"") && html.contains(&format!("/dien-hinh/gui?phong-trao={CAMPAIGN}")));
        let unit = format!("{path}/don-vi/huyen-muong-suong");
        let html = server.page(&unit).await;
        let shown = texts(&html, ".example-lines li").concat();
        assert!(shown.contains("Hẹn giờ tiêm") && shown.contains("4 đơn vị"), "{shown}");
        assert!(texts(&html, ".score-lines").concat().contains("Từ các điển hình: Hẹn giờ tiêm"));
        assert!(!server.page(&format!("{path}/don-vi/huyen-tam-sim")).await.contains("example-lines"));
    }
}

on_both! {
    /// A review begins with the examples that were published by its day.
    async fn a_review_names_the_examples(server: Server) {
        demo::load_campaigns(&server.store).await.unwrap();
        let officer = server.official("hoa", &[(Role::CampaignOfficer, None)]).await;
        let id = server.number("SELECT id FROM campaign").await;
        let begun = [("kind", "interim"), ("cut_off", "30/06/2021")];
        assert_eq!(officer.post(&format!("/quan-tri/thi-dua/{id}/so-ket"), &begun).await.status(), 303);
        let editor = server.number("SELECT MAX(id) FROM review").await;
        let body = fields_of(&officer.page(&format!("/quan-tri/tin/{editor}")).await, "#soan");
        let body = &body.iter().find(|(name, _)| name == "body").unwrap().1;
        let named = "](/dien-hinh/goi-truoc-khi-tra-ho-so) (Lều Thị Nhã, Sở Tư pháp tỉnh Sông Ngân)";
        assert!(body.contains(named) && !body.contains("nêu điển hình"), "{body}");
        assert!(!body.contains("/dien-hinh/hen-gio-tiem-theo-ngo"), "that came later");
    }
}

on_both! {
    /// What the reports add up to is what their author reckoned.
    async fn the_demonstration_adds_up(server: Server) {
        demo::load_campaigns(&server.store).await.unwrap();
        let campaign = results(&server).await;
        for (code, total) in [("PD1", "957906"), ("KT4", "455320"), ("KT5", "83698"), ("KT3", "641")] {
            let target = campaign.targets.iter().find(|result| result.target.code == code).unwrap();
            let Ok(Reading::One(total)) = figure::read(total) else { panic!("{total}") };
            assert_eq!((target.value, target.series.last()), (Some(total), Some(&Some(total))), "{code}");
        }
    }
}

on_both! {
    /// A unit stays that something real hangs on, and a cluster with a real unit in it; the rest goes.
    async fn what_is_real_outlives_the_demonstration(server: Server) {
        let own = server.publish("Tin thật\n\nĐoạn một.").await;
        let village = server.unit("Xã thật", None).await;
        let added = demo::load_campaigns(&server.store).await.unwrap();
        server.account("lan", &[(Role::UnitContributor, Some("huyen-tam-sim"))]).await;
        server.unit("Xã Khe Thật", Some("huyen-khe-ngan")).await;
        for sql in [
            &format!("UPDATE announcement SET unit_id = (SELECT id FROM unit WHERE slug = 'so-y-te-song-ngan') WHERE slug = '{own}'"),
            "INSERT INTO announcement (kind, slug, state, created_at) VALUES ('campaign', 'that', 'draft', 0)",
            "INSERT INTO campaign (id, kind, theme, slogan, launcher, begins, ends, sections, covenant, score_table, form)
             SELECT id, 'regular', '', '', '', '2026-01-01', '2026-12-31', '{}', '', '', '[]' FROM announcement WHERE slug = 'that'",
            "INSERT INTO registration (campaign_id, unit_id, state, actor_id, created_at)
             SELECT c.id, u.id, 'draft', (SELECT MIN(id) FROM actor), 0 FROM campaign c, unit u
             WHERE c.theme = '' AND u.slug = 'huyen-pu-lim'",
            &format!("INSERT INTO cluster_unit (year, unit_id, cluster_id)
             SELECT 2021, u.id, (SELECT MIN(id) FROM cluster) FROM unit u WHERE u.slug = '{village}'"),
        ] {
            server.run_sql(sql).await;
        }
        let removed = demo::remove(&server.store).await.unwrap();
        assert_eq!(removed, demo::Amount { units: 44, ..added });
        for (table, rows) in
            [("unit", 6), ("cluster", 1), ("campaign", 1), ("registration", 1), ("announcement", 2), ("example", 0), ("report", 0), ("account_role", 1)]
        {
            assert_eq!(count(&server, table).await, rows, "{table}");
        }
        assert_eq!(server.number("SELECT COUNT(*) FROM unit WHERE demonstration").await, 4);
        assert_eq!(server.get(&format!("/tin/{own}")).await.status(), 200);
        assert_eq!(demo::load_campaigns(&server.store).await.unwrap(), removed, "what stayed is used again");
        assert_eq!(results(&server).await.units.len(), 46);
    }
}

on_both! {
    /// What is real keeps its name: the demonstration takes another one.
    async fn the_demonstration_gives_way_to_what_is_real(server: Server) {
        server.publish("---\ntitle: A\nslug: muc-tieu-kep-2021\nlead: L\n---\nB").await;
        let unit = server.unit("Huyện Tam Sim", None).await;
        assert_eq!(unit, "huyen-tam-sim");
        demo::load_campaigns(&server.store).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM unit WHERE slug = 'huyen-tam-sim-2' AND demonstration").await, 1);
        assert_eq!(server.get("/thi-dua/muc-tieu-kep-2021-2").await.status(), 200);
        demo::remove(&server.store).await.unwrap();
        assert_eq!((count(&server, "unit").await, count(&server, "announcement").await), (1, 1));
    }
}
