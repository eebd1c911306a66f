//! Taking part: units register, report, are returned to, accepted and corrected; what came of it is public.

use thidua::domain::account::Role;
use thidua::domain::figure::Figure;
use thidua::server::services::result::{ReportStanding, read_results};

use super::units::communes;
use super::{borrowed, fields_with, launch, register, report, report_path};
use crate::harness::{Browser, Server, attribute, fields_of, on_both, target, texts};

const SLUG: &str = "thi-dua-muc-tieu-kep";

/// An officer, a unit with somebody who reports for it, and a launched campaign.
async fn cast(server: &Server) -> (Browser, Browser, String, String) {
    let officer = server.official("hoa", &[(Role::CampaignOfficer, None)]).await;
    let publisher = server.official("minh", &[(Role::Publisher, None)]).await;
    let unit = server.unit("Xã Suối Trắng", None).await;
    let reporter = server.official("tu", &[(Role::UnitContributor, Some(&unit))]).await;
    let campaign = launch(&officer, &publisher, &[]).await;
    (officer, reporter, campaign, unit)
}

async fn accept(server: &Server, officer: &Browser, campaign: &str) {
    let sent = server.number("SELECT MAX(id) FROM report WHERE state = 'sent'").await;
    let answer = officer.post(&format!("/quan-tri/thi-dua/{campaign}/bao-cao/{sent}"), &[("viec", "nhan")]).await;
    assert_eq!(answer.status(), 303);
}

on_both! {
    /// Registration, report, return, a second sending, acceptance, correction; and what the public reads of each.
    async fn a_report_goes_its_whole_way(server: Server) {
        let (officer, reporter, campaign, unit) = cast(&server).await;
        let path = format!("/quan-tri/tham-gia/{campaign}/{unit}");
        assert!(!reporter.page("/quan-tri/tham-gia").await.contains(&path), "what is over is not offered any longer");
        let registration = register(&server, &reporter, &campaign, &unit).await;
        let own = reporter.page("/quan-tri/tham-gia").await;
        assert!(own.contains(&path) && own.contains("Đã đăng ký"), "and stays for whoever took part");
        assert_eq!(server.number("SELECT COUNT(*) FROM plan_target").await, 2);
        assert!(reporter.page("/quan-tri").await.contains("Báo cáo đến hạn"), "it is reminded of what is due");
        let path = report_path(&server, &registration, "2021-01-01").await;
        let sent = report(&reporter, &path, &[("so-PD1", "1.250,5"), ("so-KT1", "20"), ("noi-dung", "Đã tiêm <b>hai</b> đợt.")]).await;
        assert_eq!(sent.status(), 303, "{}", sent.text().await.unwrap());
        let id = server.number("SELECT id FROM report").await;
        let review = format!("/quan-tri/thi-dua/{campaign}/bao-cao/{id}");
        assert!(officer.page(&format!("/quan-tri/thi-dua/{campaign}")).await.contains(&review));
        assert_eq!(officer.post(&review, &[("viec", "sua"), ("code", "PD1"), ("figure", "5"), ("reason", "Sớm")]).await.status(), 409, "it is not accepted yet");
        assert!(texts(&officer.page(&review).await, ".report-table").concat().contains("1.250,5"));
        assert_eq!(officer.post(&review, &[("viec", "tra-lai"), ("notes", "")]).await.status(), 422, "why is said");
        assert_eq!(officer.post(&review, &[("viec", "tra-lai"), ("notes", "Thiếu đợt ba")]).await.status(), 303);
        assert!(reporter.page(&path).await.contains("Thiếu đợt ba"));
        assert_eq!(report(&reporter, &path, &[("so-PD1", "300")]).await.status(), 303);
        assert_eq!(officer.post(&review, &[("viec", "nhan")]).await.status(), 303);
        assert_eq!(officer.post(&review, &[("viec", "nhan")]).await.status(), 409, "once");
        let results = read_results(&server.store, SLUG).await.unwrap().value;
        assert_eq!(results.targets[0].value, Figure::whole(300));
        assert!(server.page(&format!("/thi-dua/{SLUG}/ket-qua")).await.contains("300"));
        assert!(matches!(results.units[0].reports[0], ReportStanding::Accepted { late: true, .. }), "it came years after its day");
        let correct = |figure: &'static str, reason: &'static str| [("viec", "sua"), ("code", "PD1"), ("figure", figure), ("reason", reason)];
        assert_eq!(officer.post(&review, &correct("1.234", "Nhầm")).await.status(), 422, "which of the two");
        assert_eq!(officer.post(&review, &correct("320", "")).await.status(), 422, "why");
        assert_eq!(officer.post(&review, &correct("320", "Cộng thiếu một điểm tiêm")).await.status(), 303);
        let results = read_results(&server.store, SLUG).await.unwrap().value;
        assert_eq!(results.targets[0].value, Figure::whole(320));
        let page = server.page(&format!("/thi-dua/{SLUG}/ket-qua")).await;
        assert!(page.contains("320") && page.contains("Cộng thiếu một điểm tiêm"), "a kept page is never of yesterday");
        let own_page = server.page(&format!("/thi-dua/{SLUG}/don-vi/{unit}")).await;
        assert!(own_page.contains("&lt;b&gt;hai&lt;/b&gt;"), "what a unit writes stays text");
        let corrected = &results.corrections[0];
        assert_eq!((corrected.old_value, corrected.new_value, corrected.reason.as_str()), (Some(300), Some(320), "Cộng thiếu một điểm tiêm"));
        assert_eq!(corrected.role, "campaign-officer");
        // Who it was in person stands at the desk, and nowhere in public.
        let name = "Người ký của hoa";
        server.run_sql("UPDATE account SET display_name = 'Người ký của hoa' WHERE name = 'hoa'").await;
        let now_shown = texts(&officer.page(&review).await, ".report-table").concat();
        assert!(now_shown.contains("Đã đính chính thành 320"), "what stands now is beside what was sent: {now_shown}");
        let reviewed = texts(&officer.page(&review).await, "section[aria-labelledby=dinh-chinh] li").concat();
        assert!(reviewed.contains(name) && reviewed.contains("300") && reviewed.contains("320"), "{reviewed}");
        let log = texts(&officer.page(&format!("/quan-tri/thi-dua/{campaign}")).await, "section[aria-labelledby=ai-da-lam-gi] li");
        assert!(log.len() == 6 && log[0].contains(name) && log[0].contains("đính chính số liệu") && log[0].contains("Cộng thiếu một điểm tiêm"), "{log:?}");
        for path in ["ket-qua", &format!("don-vi/{unit}")] {
            assert!(!server.page(&format!("/thi-dua/{SLUG}/{path}")).await.contains(name), "{path}");
        }
        assert!(!server.page(&format!("/tai-xuong/thi-dua/{SLUG}/dinh-chinh.csv")).await.contains(name));
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE subject_kind = 'campaign' AND action IN ('register', 'send-report', 'return-report', 'accept-report', 'correct-figure')").await, 6);
    }
}

on_both! {
    /// Everybody's first page says what waits for them: a unit's, that a campaign is to be registered in; an officer's, that
    /// reports are to be looked at. A unit's public page leads to what it reached.
    async fn first_pages_say_what_waits_and_a_unit_s_own_what_it_does(server: Server) {
        let officer = server.official("hoa", &[(Role::CampaignOfficer, None)]).await;
        let publisher = server.official("minh", &[(Role::Publisher, None)]).await;
        let district = server.unit("Huyện Thung Lau", None).await;
        let unit = server.unit("Xã Suối Trắng", Some(&district)).await;
        let reporter = server.official("tu", &[(Role::UnitContributor, Some(&unit))]).await;
        let public = format!("/don-vi/{unit}");
        assert!(server.page(&public).await.contains("chưa có tin"));
        let campaign = launch(&officer, &publisher, &[("ends", "31/12/2099")]).await;
        let to_register = || async { texts(&reporter.page("/quan-tri").await, "[aria-labelledby=cho-dang-ky] li").concat() };
        assert!(to_register().await.contains("Thi đua mục tiêu kép"));
        assert!(reporter.page("/quan-tri").await.contains(&format!("/quan-tri/tham-gia/{campaign}/{unit}")));
        assert!(reporter.page("/quan-tri/tham-gia").await.contains("Chưa đăng ký"));
        assert!(!server.page(&public).await.contains("mục tiêu kép"));
        let registration = register(&server, &reporter, &campaign, &unit).await;
        assert_eq!(to_register().await, "", "it is registered");
        let html = server.page(&public).await;
        assert!(html.contains(&format!("href=\"/thi-dua/{SLUG}/don-vi/{unit}\"")), "at once, although pages are kept");
        assert!(server.page(&format!("/en/don-vi/{unit}")).await.contains(&format!("href=\"/en/thi-dua/{SLUG}/don-vi/{unit}\"")));
        assert!(texts(&server.page(&format!("/don-vi/{district}")).await, ".unit-members").concat().contains("Xã Suối Trắng"));
        let path = report_path(&server, &registration, "2021-01-01").await;
        assert!(!officer.page("/quan-tri").await.contains("bao-cao-cho"));
        assert_eq!(report(&reporter, &path, &[("so-PD1", "5"), ("so-KT1", "6")]).await.status(), 303);
        let waiting = texts(&officer.page("/quan-tri").await, "[aria-labelledby=bao-cao-cho]").concat();
        assert!(waiting.contains("1 báo cáo chờ xem") && waiting.contains("Thi đua mục tiêu kép"), "{waiting}");
    }
}

on_both! {
    /// A unit that takes part later owes nothing that was due before, and is not late with it; it may report it all the same.
    async fn what_was_due_before_a_unit_took_part_is_not_owed(server: Server) {
        let (officer, reporter, campaign, unit) = cast(&server).await;
        let registration = register(&server, &reporter, &campaign, &unit).await;
        let owed = || async { texts(&reporter.page("/quan-tri").await, "[aria-labelledby=den-han] li").len() };
        assert_eq!(owed().await, 4);
        // On 15 July 2021: two quarters had been due.
        server.run_sql("UPDATE registration SET signed_at = 1626307200000").await;
        assert_eq!(owed().await, 2);
        let path = report_path(&server, &registration, "2021-01-01").await;
        assert_eq!(report(&reporter, &path, &[("so-PD1", "5"), ("so-KT1", "6")]).await.status(), 303);
        assert!(!officer.page(&format!("/quan-tri/thi-dua/{campaign}")).await.contains("nộp muộn"));
        accept(&server, &officer, &campaign).await;
        let standing = texts(&server.page(&format!("/thi-dua/{SLUG}/don-vi/{unit}")).await, ".report-standing");
        let missing = standing.iter().filter(|words| words.contains("chưa nộp")).count();
        assert_eq!((standing.len(), missing), (4, 2), "{standing:?}");
        assert!(!standing.concat().contains("muộn"), "{standing:?}");
        assert!(standing.iter().any(|words| words.contains("không phải báo cáo kỳ này")), "{standing:?}");
        // What is returned, or taken back, waits for the unit whatever its day was.
        let path = report_path(&server, &registration, "2021-04-01").await;
        assert_eq!(report(&reporter, &path, &[("so-PD1", "5"), ("so-KT1", "6")]).await.status(), 303);
        let id = server.number("SELECT id FROM report WHERE state = 'sent'").await;
        let returned = [("viec", "tra-lai"), ("notes", "Thiếu")];
        assert_eq!(officer.post(&format!("/quan-tri/thi-dua/{campaign}/bao-cao/{id}"), &returned).await.status(), 303);
        assert!(texts(&reporter.page("/quan-tri").await, "[aria-labelledby=den-han] li").concat().contains("Bị trả lại"));
        assert_eq!(report(&reporter, &path, &[]).await.status(), 303);
        assert_eq!(owed().await, 2);
        assert_eq!(reporter.post(&path, &[("viec", "rut-lai")]).await.status(), 303);
        assert_eq!(owed().await, 3);
    }
}

on_both! {
    /// What a unit set itself decides about its points: whoever runs the campaign sees what was changed after it was signed.
    /// Who signed stays.
    async fn what_a_unit_changes_after_signing_is_on_record(server: Server) {
        let (officer, reporter, campaign, unit) = cast(&server).await;
        register(&server, &reporter, &campaign, &unit).await;
        let (own, manage) = (format!("/quan-tri/tham-gia/{campaign}/{unit}"), format!("/quan-tri/thi-dua/{campaign}"));
        let log = || async { texts(&officer.page(&manage).await, "section[aria-labelledby=ai-da-lam-gi] li") };
        let change = async |changes: &[(&str, &str)]| {
            let form = fields_with(&fields_of(&reporter.page(&own).await, "main form.registration-form"), changes);
            reporter.post(&own, &borrowed(&form)).await.status().as_u16()
        };
        assert_eq!(change(&[("ke-hoach", "Kế hoạch mới"), ("viec", "luu")]).await, 303);
        assert_eq!(log().await.len(), 1, "a plan is the unit's own");
        assert_eq!(change(&[("muc-PD1", "10"), ("ho-ten", "Người Khác"), ("viec", "luu")]).await, 303);
        let told = log().await;
        assert!(told.len() == 2 && told[0].contains("đổi mức đăng ký") && told[0].contains("Liều đã tiêm: 400 → 10"), "{told:?}");
        assert!(!reporter.page(&own).await.contains("Người Khác"));
        assert_eq!(server.number("SELECT COUNT(*) FROM registration WHERE signer_name = 'Người Khác'").await, 0);
    }
}

on_both! {
    /// A period that has not begun takes a draft and no report.
    async fn nobody_reports_of_what_is_to_come(server: Server) {
        let (_, reporter, campaign, unit) = cast(&server).await;
        let registration = register(&server, &reporter, &campaign, &unit).await;
        let path = report_path(&server, &registration, "2021-10-01").await;
        server.run_sql("UPDATE period SET begins = '2999-10-01', ends = '2999-12-31', due = '2999-12-31' WHERE begins = '2021-10-01'").await;
        let refused = report(&reporter, &path, &[("so-PD1", "5"), ("so-KT1", "6")]).await;
        assert_eq!(refused.status(), 409);
        let html = refused.text().await.unwrap();
        assert!(html.contains("Kỳ này chưa bắt đầu") && attribute(&html, "#so-PD1", "value").as_deref() == Some("5"));
        assert_eq!(server.number("SELECT COUNT(*) FROM report WHERE state = 'draft'").await, 1);
    }
}

on_both! {
    /// Figures that can't be read or look absurd are named, the draft is kept, and with a reason they are taken.
    async fn what_is_unclear_or_absurd_is_asked_and_nothing_is_lost(server: Server) {
        let (officer, reporter, campaign, unit) = cast(&server).await;
        let registration = register(&server, &reporter, &campaign, &unit).await;
        let first = report_path(&server, &registration, "2021-01-01").await;
        assert_eq!(report(&reporter, &first, &[("so-PD1", "10"), ("so-KT1", "20")]).await.status(), 303);
        accept(&server, &officer, &campaign).await;
        let second = report_path(&server, &registration, "2021-04-01").await;
        for (typed, said) in [("1.234", "1234"), ("mười", "không phải một số"), ("", "Chưa có số"), ("500", "lần mức trước đây"), ("-5", "Số âm"), ("1234567890123456", "quá lớn")] {
            let answer = report(&reporter, &second, &[("so-PD1", typed), ("so-KT1", "21"), ("noi-dung", "Giữ nguyên chữ này")]).await;
            assert_eq!(answer.status(), 422, "{typed}");
            let html = answer.text().await.unwrap();
            assert!(texts(&html, ".form-errors").concat().contains(said), "{typed}: {}", texts(&html, ".form-errors").concat());
            let kept = fields_of(&reporter.page(&second).await, "#bao-cao");
            assert!(kept.contains(&("so-PD1".into(), typed.into())) && kept.contains(&("noi-dung".into(), "Giữ nguyên chữ này".into())));
        }
        let answer = report(&reporter, &second, &[("so-PD1", "500"), ("ly-do-PD1", "Nhập bù quý trước")]).await;
        assert_eq!(answer.status(), 303, "with a reason it is taken");
        let again = reporter.post(&second, &[("viec", "gui"), ("version", "99"), ("so-PD1", "500")]).await;
        assert_eq!(again.status(), 303, "a second sending is the first one");
        assert_eq!(server.number("SELECT COUNT(*) FROM report").await, 2);
    }
}

on_both! {
    /// A second click sends nothing twice; whoever typed something else meanwhile is told, and it is still there.
    async fn a_report_that_is_sent_twice_is_one(server: Server) {
        let (_, reporter, campaign, unit) = cast(&server).await;
        let registration = register(&server, &reporter, &campaign, &unit).await;
        let path = report_path(&server, &registration, "2021-01-01").await;
        let form = fields_of(&reporter.page(&path).await, "#bao-cao");
        let typed = |figure| {
            let mut typed = fields_with(&form, &[("so-PD1", figure), ("so-KT1", "6")]);
            typed.push(("viec".into(), "gui".into()));
            typed
        };
        let (same, other) = (typed("5"), typed("7"));
        let same = borrowed(&same);
        let (one, two) = tokio::join!(reporter.post(&path, &same), reporter.post(&path, &same));
        assert_eq!((one.status().as_u16(), two.status().as_u16()), (303, 303), "the second click is the first");
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE action = 'send-report'").await, 1);
        assert_eq!(server.number("SELECT COUNT(*) FROM figure").await, 2);
        let late = reporter.post(&path, &borrowed(&other)).await;
        assert_eq!(late.status(), 409);
        assert!(late.text().await.unwrap().contains("so-PD1: 7"), "what was typed is still there");
        assert_eq!(server.number("SELECT value FROM figure ORDER BY target_id LIMIT 1").await, 5);
    }
}

on_both! {
    /// Whoever sees an error in what was sent takes it back, as long as nobody has decided it; it counts from its next
    /// sending.
    async fn a_report_that_nobody_decided_is_taken_back(server: Server) {
        let (officer, reporter, campaign, unit) = cast(&server).await;
        let registration = register(&server, &reporter, &campaign, &unit).await;
        let path = report_path(&server, &registration, "2021-01-01").await;
        let back = [("viec", "rut-lai")];
        let state = |state: &'static str| {
            let server = &server;
            async move { server.number(&format!("SELECT COUNT(*) FROM report WHERE state = '{state}'")).await }
        };
        assert_eq!(reporter.post(&path, &back).await.status(), 409, "nothing was sent");
        assert_eq!(report(&reporter, &path, &[("so-PD1", "5"), ("so-KT1", "6")]).await.status(), 303);
        assert!(reporter.page(&path).await.contains("Rút lại để sửa"));
        assert!(!officer.page(&path).await.contains("Rút lại để sửa"), "it is not the officer's");
        assert_eq!(officer.post(&path, &back).await.status(), 409);
        let (one, two) = tokio::join!(reporter.post(&path, &back), reporter.post(&path, &back));
        assert_eq!((one.status().as_u16(), two.status().as_u16()), (303, 303), "the second click is the first");
        let html = reporter.page(&target(&one)).await;
        assert!(html.contains("nay là bản nháp") && attribute(&html, "#so-PD1", "value").as_deref() == Some("5"), "nothing is lost");
        assert_eq!(server.number("SELECT COUNT(*) FROM report WHERE state = 'draft' AND first_sent_at IS NULL").await, 1);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE action = 'take-back-report'").await, 1);
        let id = server.number("SELECT id FROM report").await;
        let review = format!("/quan-tri/thi-dua/{campaign}/bao-cao/{id}");
        assert_eq!(officer.post(&review, &[("viec", "nhan")]).await.status(), 409, "nobody accepts a draft");
        assert_eq!(report(&reporter, &path, &[("so-PD1", "7")]).await.status(), 303);
        assert_eq!(officer.post(&review, &[("viec", "tra-lai"), ("notes", "Thiếu")]).await.status(), 303);
        assert_eq!(report(&reporter, &path, &[("so-PD1", "8")]).await.status(), 303);
        assert_eq!(reporter.post(&path, &back).await.status(), 303);
        assert_eq!(server.number("SELECT COUNT(*) FROM report WHERE first_sent_at IS NOT NULL").await, 1, "it had been decided once");
        assert_eq!(report(&reporter, &path, &[]).await.status(), 303);
        let (accepted, taken) = (officer.post(&review, &[("viec", "nhan")]), reporter.post(&path, &back));
        let (accepted, taken) = tokio::join!(accepted, taken);
        let won = [accepted.status().as_u16(), taken.status().as_u16()];
        assert!(won == [303, 409] || won == [409, 303], "one of both: {won:?}");
        assert_eq!(state("accepted").await + state("draft").await, 1);
        if won[1] == 303 {
            assert_eq!(report(&reporter, &path, &[]).await.status(), 303);
            assert_eq!(officer.post(&review, &[("viec", "nhan")]).await.status(), 303);
        }
        assert_eq!(reporter.post(&path, &back).await.status(), 409, "what is accepted stays");
        let other = report_path(&server, &registration, "2021-04-01").await;
        assert_eq!(report(&reporter, &other, &[("so-PD1", "5"), ("so-KT1", "6")]).await.status(), 303);
        let period = other.rsplit('/').next().unwrap();
        officer.post(&format!("/quan-tri/thi-dua/{campaign}"), &[("viec", "dong-ky"), ("period", period)]).await;
        assert!(!reporter.page(&other).await.contains("Rút lại để sửa"));
        assert_eq!(reporter.post(&other, &back).await.status(), 409, "nobody could send it again");
        assert_eq!(state("sent").await, 1);
    }
}

on_both! {
    /// A unit's part is ended with a reason that everybody reads; its figures leave the results until it is taken back,
    /// and only whoever ended it does that.
    async fn a_part_in_a_campaign_is_ended_with_a_reason(server: Server) {
        let (officer, reporter, campaign, unit) = cast(&server).await;
        let registration = register(&server, &reporter, &campaign, &unit).await;
        let path = report_path(&server, &registration, "2021-01-01").await;
        assert_eq!(report(&reporter, &path, &[("so-PD1", "5"), ("so-KT1", "6")]).await.status(), 303);
        accept(&server, &officer, &campaign).await;
        let (public, manage) = (format!("/thi-dua/{SLUG}/don-vi/{unit}"), format!("/quan-tri/thi-dua/{campaign}"));
        assert!(server.page(&public).await.contains("Liều đã tiêm"));
        let end = |reason: &'static str| [("viec", "rut"), ("registration", registration.as_str()), ("ly-do", reason)];
        let refused = officer.post(&manage, &end("  ")).await;
        assert_eq!(refused.status(), 422);
        let html = refused.text().await.unwrap();
        assert!(attribute(&html, "textarea#ly-do", "aria-invalid").is_some(), "the error leads to what lacks");
        let long = "a".repeat(3000);
        let too_long = officer.post(&manage, &[("viec", "rut"), ("registration", &registration), ("ly-do", &long)]).await;
        assert_eq!(too_long.status(), 422);
        assert!(too_long.text().await.unwrap().contains(&long), "nothing typed is lost");
        assert_eq!(reporter.post(&manage, &end("Thôi")).await.status(), 403);
        let why = "Sáp nhập vào xã <b>khác</b>";
        assert_eq!(officer.post(&manage, &end(why)).await.status(), 303);
        assert_eq!(officer.post(&manage, &end(why)).await.status(), 409, "once");
        let html = server.page(&public).await;
        assert!(html.contains("đã thôi tham gia phong trào này ngày") && html.contains("Sáp nhập vào xã &lt;b&gt;khác"), "{html}");
        assert!(!html.contains("Liều đã tiêm") && html.contains("noindex"));
        assert!(server.page(&format!("/en{public}")).await.contains("left this campaign on"));
        assert!(!server.page(&format!("/thi-dua/{SLUG}/ket-qua")).await.contains("Xã Suối Trắng"));
        let managed = officer.page(&manage).await;
        assert!(managed.contains("Sáp nhập vào xã") && !managed.contains("1 trên 0"));
        let form = reporter.page(&path).await;
        assert!(form.contains("Sáp nhập vào xã") && !form.contains("chưa đăng ký tham gia"));
        let own = format!("/quan-tri/tham-gia/{campaign}/{unit}");
        let html = reporter.page(&own).await;
        assert!(html.contains("Sáp nhập vào xã") && html.contains("hãy liên hệ cán bộ") && !html.contains("registration-form"));
        assert_eq!(reporter.post(&own, &[("viec", "ky"), ("version", "1"), ("dong-y", "1"), ("ho-ten", "Tú")]).await.status(), 409);
        assert_eq!(report(&reporter, &path, &[]).await.status(), 409);
        let again = [("viec", "nhan-lai"), ("registration", registration.as_str())];
        assert_eq!(reporter.post(&manage, &again).await.status(), 403);
        assert_eq!(officer.post(&manage, &again).await.status(), 303);
        assert_eq!(officer.post(&manage, &again).await.status(), 409, "once");
        assert!(server.page(&public).await.contains("Liều đã tiêm"), "what it reported was kept");
        let log = texts(&officer.page(&manage).await, "section[aria-labelledby=ai-da-lam-gi] li");
        assert!(log[0].contains("cho tham gia lại") && log[1].contains("Sáp nhập vào xã"), "{log:?}");
        assert_eq!(server.get(&format!("/thi-dua/{SLUG}/don-vi/khong-co")).await.status(), 404);
    }
}

on_both! {
    /// A period that is closed while somebody types keeps the draft and says whom to ask; a unit that is not registered
    /// reports nothing; a stranger sees nothing.
    async fn what_can_not_be_sent_says_why(server: Server) {
        let (officer, reporter, campaign, unit) = cast(&server).await;
        let path = format!("/quan-tri/tham-gia/{campaign}/{unit}");
        let form = fields_of(&reporter.page(&path).await, "main form.registration-form");
        let unsigned = fields_with(&form, &[("ke-hoach", "Nháp"), ("muc-PD1", "1.234"), ("viec", "ky")]);
        let refused = reporter.post(&path, &borrowed(&unsigned)).await;
        assert_eq!(refused.status(), 422);
        let html = refused.text().await.unwrap();
        let errors = texts(&html, ".form-errors").concat();
        for part in ["Người ký", "Tôi thay mặt đơn vị", "Liều đã tiêm: Số này có thể hiểu hai cách. Hãy viết “1234” hoặc “1,2340”."] {
            assert!(errors.contains(part), "{part}: {errors}");
        }
        let draft = server.number("SELECT id FROM registration WHERE state = 'draft'").await.to_string();
        let early = report_path(&server, &draft, "2021-01-01").await;
        assert!(reporter.page(&early).await.contains("chưa đăng ký tham gia"));
        assert_eq!(reporter.post(&early, &[("viec", "gui"), ("version", "0"), ("so-PD1", "5")]).await.status(), 409);
        assert_eq!(server.number("SELECT COUNT(*) FROM report").await, 0);
        let registration = register(&server, &reporter, &campaign, &unit).await;
        let open = report_path(&server, &registration, "2021-01-01").await;
        let period = open.rsplit('/').next().unwrap();
        let manage = format!("/quan-tri/thi-dua/{campaign}");
        assert_eq!(officer.post(&manage, &[("viec", "dong-ky"), ("period", period)]).await.status(), 303);
        let late = report(&reporter, &open, &[("so-PD1", "5"), ("so-KT1", "6")]).await;
        assert_eq!(late.status(), 409);
        let html = late.text().await.unwrap();
        assert!(html.contains("Kỳ báo cáo này đã đóng") && html.contains("value=\"5\""), "what was typed is still there");
        assert_eq!(officer.post(&manage, &[("viec", "mo-ky"), ("period", period)]).await.status(), 303);
        assert_eq!(report(&reporter, &open, &[]).await.status(), 303);
        let stranger_unit = server.unit("Xã Khác", None).await;
        let stranger = server.official("an", &[(Role::UnitContributor, Some(&stranger_unit))]).await;
        for path in [&open, &path] {
            assert_eq!(stranger.get(path).await.status(), 403, "{path}");
            assert_eq!(stranger.post(path, &[("viec", "gui")]).await.status(), 403, "{path}");
        }
        assert_eq!(stranger.get(&manage).await.status(), 403);
    }
}

on_both! {
    /// Two people fill in one report: different cells both stay, the same cell is shown with both.
    async fn two_people_fill_in_one_report(server: Server) {
        let (_, reporter, campaign, unit) = cast(&server).await;
        let registration = register(&server, &reporter, &campaign, &unit).await;
        let other = server.official("nam", &[(Role::UnitContributor, Some(&unit))]).await;
        let path = report_path(&server, &registration, "2021-01-01").await;
        let save = format!("{path}/tu-luu");
        let (_, said) = reporter.ask(&save, &[("version", "0"), ("so-PD1", "1"), ("so-KT1", "")]).await;
        assert_eq!(said["saved"], "done");
        let (_, said) = other.ask(&save, &[("version", "1"), ("so-PD1", "1"), ("so-KT1", "7")]).await;
        assert_eq!(said["saved"], "done");
        let (_, said) = reporter.ask(&save, &[("version", "1"), ("so-PD1", "2"), ("so-KT1", "")]).await;
        assert_eq!((said["saved"].as_str(), said["cells"]["so-KT1"].as_str(), said["cells"]["so-PD1"].as_str()), (Some("merged"), Some("7"), Some("2")));
        let (_, said) = other.ask(&save, &[("version", "2"), ("so-PD1", "9"), ("so-KT1", "7")]).await;
        assert_eq!((said["saved"].as_str(), said["conflicts"][0].as_str()), (Some("conflict"), Some("so-PD1")));
        let page = other.post(&path, &[("viec", "luu"), ("version", "2"), ("so-PD1", "9"), ("so-KT1", "7")]).await;
        assert_eq!(page.status(), 409);
        let html = page.text().await.unwrap();
        assert!(html.contains("người kia ghi “2”") && html.contains("value=\"9\""));
        let savings = (0..6).map(|n| {
            let (save, name) = (save.clone(), format!("ly-do-{n}"));
            let reporter = &reporter;
            async move { reporter.ask(&save, &[("version", "3"), (&name, "cùng lúc")]).await }
        });
        for (status, said) in futures::future::join_all(savings).await {
            assert_eq!(status, 200, "{said}");
        }
        let stored = server.number("SELECT COUNT(*) FROM report WHERE content LIKE '%ly-do-0%' AND content LIKE '%ly-do-5%'").await;
        assert_eq!(stored, 1, "six savings at once all stay");
    }
}

on_both! {
    /// Figures from a file or pasted are shown first, with each wrong cell by its name; nothing is taken unasked.
    async fn a_table_is_read_with_a_preview(server: Server) {
        let (_, reporter, campaign, unit) = cast(&server).await;
        let registration = register(&server, &reporter, &campaign, &unit).await;
        let path = report_path(&server, &registration, "2021-01-01").await;
        let template = reporter.get(&format!("{path}/mau")).await;
        assert_eq!(template.status(), 200);
        assert!(template.bytes().await.unwrap().starts_with(b"PK"));
        let csv = "Mã;Chỉ tiêu;Số kỳ này\r\nPD1;Liều đã tiêm;1.234,5\r\nkt1;;mười\r\nZZ;Không có;5\r\n";
        let answer = reporter.upload_in(&format!("{path}/bang"), "table", &[], "a.csv", csv.as_bytes()).await;
        assert_eq!(answer.status(), 200);
        let html = answer.text().await.unwrap();
        let table = texts(&html, ".report-table").concat();
        assert!(table.contains("1234,5") && table.contains("Ô C3 (“mười”)") && table.contains("không có mã hoặc tên của chỉ tiêu"), "{table}");
        assert_eq!(server.number("SELECT COUNT(*) FROM report").await, 0);
        let mut form = fields_of(&html, "main form");
        assert!(form.contains(&("so-PD1".into(), "1234,5".into())));
        form.push(("viec".into(), "luu".into()));
        assert_eq!(reporter.post(&path, &borrowed(&form)).await.status(), 303);
        assert!(reporter.page(&path).await.contains("value=\"1234,5\""));
        let pasted = reporter.upload_in(&format!("{path}/bang"), "table", &[("pasted", "Hồ sơ trực tuyến\t%\t45,5")], "", b"").await;
        assert!(texts(&pasted.text().await.unwrap(), ".report-table").concat().contains("45,5"));
        let headed = "Số liệu của xã\nTên\tĐVT\tKết quả\nHồ sơ trực tuyến\t%\t45,5\nCộng\t\t9";
        let pasted = reporter.upload_in(&format!("{path}/bang"), "table", &[("pasted", headed)], "", b"").await;
        let table = texts(&pasted.text().await.unwrap(), ".report-table tbody tr").concat();
        assert!(table.contains("45,5") && table.contains("Cộng") && !table.contains("Số liệu của xã") && !table.contains("ĐVT"), "{table}");
        for (name, bytes) in [("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice()), ("a.xlsx", b"PK\x03\x04 nothing".as_slice()), ("a.csv", b"".as_slice())] {
            let refused = reporter.upload_in(&format!("{path}/bang"), "table", &[], name, bytes).await;
            assert_eq!(refused.status(), 422, "{name}");
            assert!(refused.text().await.unwrap().contains("value=\"1234,5\""), "what was typed is still there");
        }
        assert_eq!(reporter.upload_in(&format!("{path}/bang"), "table", &[], "a.xlsx", &vec![b'x'; 22 * 1024 * 1024]).await.status(), 413);
    }
}

on_both! {
    /// Files behind a report: whom they are for, by their content, and only while the report can be changed.
    async fn evidence_is_for_whom_it_is_meant(server: Server) {
        let (officer, reporter, campaign, unit) = cast(&server).await;
        let registration = register(&server, &reporter, &campaign, &unit).await;
        let path = report_path(&server, &registration, "2021-01-01").await;
        let file = format!("{path}/tep");
        assert_eq!(reporter.upload(&file, &[], "a.pdf", b"%PDF-1.4 internal").await.status(), 303);
        assert_eq!(reporter.upload(&file, &[("public", "1")], "b.pdf", b"%PDF-1.4 public").await.status(), 303);
        assert_eq!(reporter.upload(&file, &[], "virus.exe", b"MZ\x90\x00").await.status(), 422);
        let ids: Vec<i64> = vec![server.number("SELECT MIN(id) FROM evidence").await, server.number("SELECT MAX(id) FROM evidence").await];
        let typed = fields_with(&fields_of(&reporter.page(&path).await, "main form"), &[("so-PD1", "12"), ("noi-dung", "Gõ trước khi chọn tệp")]);
        for (name, bytes, status) in [("x.exe", b"MZ".as_slice(), 422), ("", b"".as_slice(), 422), ("to.pdf", &vec![b'x'; 22 * 1024 * 1024], 413)] {
            let refused = reporter.upload(&file, &borrowed(&typed), name, bytes).await;
            assert_eq!(refused.status(), status, "{name}");
            assert!(refused.text().await.unwrap().contains("Gõ trước khi chọn tệp"), "what was typed is still there");
        }
        let removed = reporter.upload(&file, &[("bo", &ids[0].to_string()), ("version", "0"), ("so-PD1", "13")], "", b"").await;
        assert_eq!(removed.status(), 409, "somebody saved since, in the same cell");
        assert!(removed.text().await.unwrap().contains("value=\"13\""));
        // Whatever button is pressed, the file that is chosen goes along.
        let page = reporter.page(&path).await;
        let saving = fields_with(&fields_of(&page, "main form"), &[("so-PD1", "14"), ("viec", "luu")]);
        assert_eq!(reporter.upload(&path, &borrowed(&saving), "theo.pdf", b"%PDF-1.4 along").await.status(), 303);
        let page = reporter.page(&path).await;
        assert!(page.contains("theo.pdf") && page.contains("value=\"14\""));
        let sending = fields_with(&fields_of(&page, "main form"), &[("so-PD1", "5"), ("so-KT1", "6"), ("viec", "gui")]);
        let refused = reporter.upload(&path, &borrowed(&sending), "virus.exe", b"MZ\x90").await;
        assert_eq!(refused.status(), 422, "it is not sent without the file that was chosen");
        assert_eq!(server.number("SELECT COUNT(*) FROM report WHERE state = 'sent'").await, 0);
        let html = refused.text().await.unwrap();
        let pasted = fields_with(&fields_of(&html, "main form"), &[("viec", "luu")]);
        let with_table = [borrowed(&pasted), vec![("pasted", "PD1\t7")]].concat();
        let preview = reporter.upload(&path, &with_table, "", b"").await.text().await.unwrap();
        assert!(texts(&preview, ".report-table").concat().contains("PD1 | 7"), "a table that was pasted is shown first");
        // A session that has ended keeps what was typed beside a file.
        let gone = server.browser();
        let asked = gone.upload(&path, &borrowed(&sending), "theo.pdf", b"%PDF-1.4").await;
        assert_eq!(asked.status(), 401);
        let kept = fields_of(&asked.text().await.unwrap(), "main form");
        let kept = kept.iter().find(|(name, _)| name == "giu").map(|(_, kept)| kept.clone()).unwrap_or_default();
        assert!(kept.contains("so-PD1=5") && kept.contains("viec=luu") && !kept.contains("viec=gui"), "{kept}");
        let stranger = server.browser();
        for id in &ids {
            assert_eq!(reporter.get(&format!("/bang-chung/{id}")).await.status(), 200);
            assert_eq!(officer.get(&format!("/bang-chung/{id}")).await.status(), 200);
            assert_eq!(stranger.get(&format!("/bang-chung/{id}")).await.status(), 404, "the report is not accepted");
        }
        assert_eq!(report(&reporter, &path, &[("so-PD1", "5"), ("so-KT1", "6")]).await.status(), 303);
        assert_eq!(reporter.upload(&file, &[], "c.pdf", b"%PDF-1.4 late").await.status(), 409);
        accept(&server, &officer, &campaign).await;
        assert_eq!(stranger.get(&format!("/bang-chung/{}", ids[0])).await.status(), 404, "an internal one never");
        let public = stranger.get(&format!("/bang-chung/{}", ids[1])).await;
        assert_eq!(public.status(), 200);
        assert!(public.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    }
}

on_both! {
    /// Staff enters for a unit that came in person, says for whom, and it is marked.
    async fn staff_enters_on_behalf_of_a_unit(server: Server) {
        let (officer, _, campaign, unit) = cast(&server).await;
        let path = format!("/quan-tri/tham-gia/{campaign}/{unit}");
        let go = officer.post(&format!("/quan-tri/thi-dua/{campaign}"), &[("viec", "nhap-thay"), ("unit", &unit)]).await;
        assert_eq!(target(&go), path);
        let form = fields_of(&officer.page(&path).await, "main form.registration-form");
        let signed = [("ke-hoach", "Kế hoạch"), ("ho-ten", "Ông Ba"), ("dong-y", "1"), ("muc-PD1", "400"), ("viec", "ky")];
        let refused = officer.post(&path, &borrowed(&fields_with(&form, &signed))).await;
        assert_eq!(refused.status(), 422);
        assert!(texts(&refused.text().await.unwrap(), ".form-errors").concat().contains("Nhập thay cho"));
        let form = fields_of(&officer.page(&path).await, "main form.registration-form");
        let mut signed = fields_with(&form, &signed);
        signed = fields_with(&signed, &[("dai-dien", "Ông Ba, công văn 12")]);
        let done = officer.post(&path, &borrowed(&signed)).await;
        assert_eq!(done.status(), 303, "{}", done.text().await.unwrap());
        let registration = server.number("SELECT id FROM registration WHERE on_behalf_of LIKE 'Ông Ba%'").await.to_string();
        let own_report = report_path(&server, &registration, "2021-01-01").await;
        assert_eq!(report(&officer, &own_report, &[("so-PD1", "5")]).await.status(), 422);
        assert_eq!(report(&officer, &own_report, &[("so-PD1", "5"), ("dai-dien", "Ông Ba")]).await.status(), 303);
        assert!(officer.page(&format!("/quan-tri/thi-dua/{campaign}")).await.contains("nhập thay: Ông Ba"));
    }
}

on_both! {
    /// Scores by hand: 300 of its goal of 400 are 75 % of 60 points, 45 on the way from 10 to 50 are 87.5 % of 30, and of
    /// four reports none came in time.
    async fn a_score_is_what_one_works_out_by_hand(server: Server) {
        let (officer, reporter, campaign, unit) = cast(&server).await;
        let registration = register(&server, &reporter, &campaign, &unit).await;
        for (begins, doses, level) in [("2021-01-01", "100", "20"), ("2021-04-01", "200", "45")] {
            let path = report_path(&server, &registration, begins).await;
            assert_eq!(report(&reporter, &path, &[("so-PD1", doses), ("so-KT1", level)]).await.status(), 303);
            accept(&server, &officer, &campaign).await;
        }
        let results = read_results(&server.store, SLUG).await.unwrap().value;
        let unit = &results.units[0];
        assert_eq!(unit.shares, [Some(7_500), Some(8_750)]);
        let score = unit.score.as_ref().unwrap();
        assert_eq!(score.total, Figure::new(7_125, 2).unwrap(), "45 + 26.25 + 0");
        assert_eq!(unit.rank, Some(1));
        assert_eq!((unit.accepted(), unit.late()), (2, 4), "two late ones, two that did not come");
    }
}

on_both! {
    /// Where units lie that are there today is a map of a target's results: those that reported are shaded by how far they
    /// are, and lead to their pages.
    async fn communes_are_a_map_of_results(server: Server) {
        let (officer, reporter, campaign, unit) = cast(&server).await;
        let page = format!("/thi-dua/{SLUG}/ket-qua");
        let registration = register(&server, &reporter, &campaign, &unit).await;
        assert!(!server.page(&page).await.contains("commune-map"), "no map where nothing lies anywhere");
        let admin = server.official("ba", &[(Role::Administrator, None)]).await;
        let (bytes, count) = communes();
        let fields = [("viec", "nhap"), ("level", "Xã, phường"), ("begins", "2025-07-01")];
        assert_eq!(admin.upload("/quan-tri/nhap-don-vi", &fields, "a.geojson", &bytes).await.status(), 200);
        let areas = |html: &str| texts(html, ".commune-map g path, .commune-map a path").len();
        assert_eq!(i64::try_from(areas(&server.page(&page).await)).unwrap(), count, "the kept page is not of yesterday");
        let lies = "INSERT INTO unit_boundary (unit_id, geometry) SELECT u.id, (SELECT geometry FROM unit_boundary LIMIT 1) FROM unit u WHERE u.slug = 'xa-suoi-trang'";
        server.run_sql(lies).await;
        let path = report_path(&server, &registration, "2021-01-01").await;
        assert_eq!(report(&reporter, &path, &[("so-PD1", "300"), ("so-KT1", "20")]).await.status(), 303);
        accept(&server, &officer, &campaign).await;
        let html = server.page(&page).await;
        let link = format!("/thi-dua/{SLUG}/don-vi/{unit}");
        assert!(texts(&html, &format!(".commune-map a[href='{link}'] title")).concat().contains("75"), "300 of 400");
        assert!(server.page(&link).await.contains("Mỗi quý"), "it leads to the unit's page");
    }
}

on_both! {
    /// Where more units take part than a page of a telephone should hold, they stand on several, each once; what one asks
    /// for besides begins on the first, and a page that there is not is no address.
    async fn many_units_stand_on_several_pages(server: Server) {
        let (_, reporter, campaign, unit) = cast(&server).await;
        register(&server, &reporter, &campaign, &unit).await;
        let page = format!("/thi-dua/{SLUG}/ket-qua");
        let few = server.page(&page).await;
        assert!(!few.contains("result-pages"));
        server
            .run_sql(
                "INSERT INTO unit (slug, name, sort_key, created_at)
                 WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1649)
                 SELECT 'thon-' || i, 'Thôn ' || i, 'thon ' || i, 0 FROM n",
            )
            .await;
        server
            .run_sql(
                "INSERT INTO registration (campaign_id, unit_id, state, actor_id, created_at)
                 SELECT g.campaign_id, u.id, 'registered', g.actor_id, 0 FROM unit u, registration g WHERE u.slug LIKE 'thon-%'",
            )
            .await;
        server.run_sql("INSERT INTO change_log (at, thing_kind, thing_id) VALUES (0, 'whole', 0)").await;
        let mut seen = Vec::new();
        let mut next = Some(format!("{page}?xep=ten"));
        while let Some(path) = next {
            let html = server.page(&path).await;
            let rows = texts(&html, ".result-table tbody th");
            assert_eq!(texts(&html, ".report-matrix tbody th"), rows, "the same units in both tables");
            seen.extend(rows);
            next = attribute(&html, "section[aria-labelledby=don-vi] .result-pages a[rel=next]", "href");
        }
        assert_eq!((seen.len(), seen[0].as_str(), seen[650].as_str()), (651, "Thôn 1000", "Xã Suối Trắng"));
        let second = server.page(&format!("{page}?xep=ten&trang=2")).await;
        assert!(second.contains("Đơn vị 301 – 600 trong 651 đơn vị"), "{}", texts(&second, ".result-pages").concat());
        let order = attribute(&second, ".choices a[href*='xep=muon']", "href").unwrap();
        assert!(!order.contains("trang="), "{order}");
        assert!(second.len() < 600_000, "{}", second.len());
        for wrong in ["trang=0", "trang=1", "trang=4", "trang=-1", "trang=99999999999999999999", "trang=a"] {
            assert_eq!(server.get(&format!("{page}?{wrong}")).await.status(), 400, "{wrong}");
        }
        let csv = server.page(&format!("/tai-xuong/thi-dua/{SLUG}/xep-hang.csv")).await;
        assert!(csv.lines().count() > 651, "a file has them all");
    }
}

on_both! {
    /// An officer's own questions: required ones are asked, each kind is checked, what is frozen stays as it was.
    async fn the_officers_questions_are_answered(server: Server) {
        let officer = server.official("hoa", &[(Role::CampaignOfficer, None)]).await;
        let publisher = server.official("minh", &[(Role::Publisher, None)]).await;
        let unit = server.unit("Xã Suối Trắng", None).await;
        let reporter = server.official("tu", &[(Role::UnitContributor, Some(&unit))]).await;
        let form = "K1 | Cách làm | chữ | bắt buộc | Nói ngắn\nK2 | Số người | số\nK3 | Hình thức | lựa chọn | | | Họp; Loa\nK4 | Ngày bắt đầu | ngày\nK5 | Phân công | bảng | | | Việc; Ai\nK6 | Bản đồ | tệp | bắt buộc\nK7 | Đã chốt | chữ | | | | 01/02/2021";
        let campaign = launch(&officer, &publisher, &[("form", form)]).await;
        let path = format!("/quan-tri/tham-gia/{campaign}/{unit}");
        let html = reporter.page(&path).await;
        for part in ["Cách làm *", "Nói ngắn", "Việc | Ai", "Không sửa được sau ngày 01/02/2021"] {
            assert!(html.contains(part), "{part}");
        }
        let whole = [("ke-hoach", "Kế hoạch"), ("ho-ten", "Ông Ba"), ("dong-y", "1"), ("viec", "ky")];
        let typed = fields_with(&fields_of(&html, "main form.registration-form"), &whole);
        let wrong = fields_with(&typed, &[("hoi-K2", "1.234"), ("hoi-K3", "Thư"), ("hoi-K4", "31/02/2021"), ("hoi-K7", "Đổi")]);
        let refused = reporter.post(&path, &borrowed(&wrong)).await;
        assert_eq!(refused.status(), 422);
        let html = refused.text().await.unwrap();
        let errors = texts(&html, ".form-errors").concat();
        for part in ["Cách làm", "Bản đồ", "Số người: Số này có thể hiểu hai cách", "Hình thức: Hãy chọn", "Ngày bắt đầu", "Đã chốt: Đã qua ngày"] {
            assert!(errors.contains(part), "{part}: {errors}");
        }
        assert!(html.contains("1.234") && html.contains("31/02/2021"), "what was typed is still there");
        let file = format!("{path}/tep/K6");
        assert_eq!(reporter.upload_in(&file, "tep-K6", &[], "x.exe", b"MZ").await.status(), 422);
        let page = reporter.page(&path).await;
        let beside = fields_with(&fields_of(&page, "main form.registration-form"), &[("hoi-K1", "Gõ trước khi chọn tệp")]);
        assert_eq!(reporter.upload_in(&file, "tep-K6", &borrowed(&beside), "bản đồ.pdf", b"%PDF-1.4").await.status(), 303);
        let page = reporter.page(&path).await;
        assert!(page.contains("Gõ trước khi chọn tệp"), "what was typed beside the file is saved with it");
        let old = reporter.upload_in(&file, "tep-K6", &borrowed(&fields_with(&beside, &[("version", "0"), ("hoi-K1", "Bản cũ")])), "b.pdf", b"%PDF-1.4").await;
        assert_eq!(old.status(), 409);
        assert!(old.text().await.unwrap().contains("Bản cũ"), "what could not be saved is still there");
        let signing = fields_with(&fields_of(&page, "main form.registration-form"), &[("ho-ten", "Ông Ba"), ("muc-PD1", "-5"), ("viec", "ky")]);
        let refused = reporter.upload_in(&path, "tep-K6", &borrowed(&signing), "bản đồ hai.pdf", b"%PDF-1.4 two").await;
        assert_eq!(refused.status(), 422);
        let html = refused.text().await.unwrap();
        let errors = texts(&html, ".form-errors").concat();
        assert!(errors.contains("không thể là số âm") && html.contains("bản đồ hai.pdf"), "the file is there: {errors}");
        let typed = fields_with(&fields_of(&html, "main form.registration-form"), &[whole.as_slice(), &[("muc-PD1", "")]].concat());
        let right = fields_with(&typed, &[("hoi-K1", "Mỗi thôn một tổ"), ("hoi-K2", "1234"), ("hoi-K3", "Loa"), ("hoi-K4", "2021-02-03"), ("hoi-K5", "Tiêm | Trạm y tế")]);
        let done = reporter.post(&path, &borrowed(&right)).await;
        assert_eq!(done.status(), 303, "{}", done.text().await.unwrap());
        assert_eq!(reporter.get(&file).await.headers()["content-disposition"], "attachment; filename=\"ban-do-hai.pdf\"");
        assert_eq!(server.number("SELECT COUNT(*) FROM registration WHERE state = 'registered' AND content LIKE '%Mỗi thôn%'").await, 1);
        server.run_sql("UPDATE registration SET state = 'withdrawn'").await;
        assert_eq!(reporter.upload_in(&file, "tep-K6", &[], "ba.pdf", b"%PDF-1.4 ba").await.status(), 409, "its part was ended");
        assert_eq!(reporter.get(&file).await.headers()["content-disposition"], "attachment; filename=\"ban-do-hai.pdf\"");
    }
}
