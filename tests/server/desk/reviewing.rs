//! Interim and final reviews: assembled from what was accepted up to a day, frozen, written, published.

use thidua::domain::account::Role;

use super::{launch, public_page, register, report, report_path, save, step, try_step};
use crate::harness::{Browser, Server, fields_of, on_both, target, texts};

const SLUG: &str = "thi-dua-muc-tieu-kep";

/// A campaign with two units: who runs it, who publishes, the campaign, the report of the first quarter to correct.
struct Cast {
    officer: Browser,
    publisher: Browser,
    campaign: String,
    first: String,
}

/// Reports of a unit that are accepted.
async fn accepted(
    server: &Server,
    officer: &Browser,
    campaign: &str,
    path: &str,
    reporter: &Browser,
    figures: [&str; 2],
) -> String {
    let cells = [("so-PD1", figures[0]), ("so-KT1", figures[1]), ("ly-do-PD1", "Đúng"), ("ly-do-KT1", "Đúng")];
    let sent = report(reporter, path, &cells).await;
    assert_eq!(sent.status(), 303, "{}", sent.text().await.unwrap());
    let id = server.number("SELECT MAX(id) FROM report WHERE state = 'sent'").await;
    let review = format!("/quan-tri/thi-dua/{campaign}/bao-cao/{id}");
    assert_eq!(officer.post(&review, &[("viec", "nhan")]).await.status(), 303);
    review
}

/// Two units with a quarter each until March, and one that reported the next quarter as well.
async fn cast(server: &Server) -> Cast {
    let officer = server.official("hoa", &[(Role::CampaignOfficer, None)]).await;
    let publisher = server.official("minh", &[(Role::Publisher, None)]).await;
    let (a, b) = (server.unit("Xã Suối [Trắng]", None).await, server.unit("Xã Đá Đen", None).await);
    let campaign = launch(&officer, &publisher, &[("tags", "Mục tiêu kép")]).await;
    let mut first = String::new();
    for (name, unit, figures) in [("tu", &a, ["1.000,5", "20"]), ("sau", &b, ["200", "40"])] {
        let reporter = server.official(name, &[(Role::UnitContributor, Some(unit))]).await;
        let registration = register(server, &reporter, &campaign, unit).await;
        let path = report_path(server, &registration, "2021-01-01").await;
        let review = accepted(server, &officer, &campaign, &path, &reporter, figures).await;
        if first.is_empty() {
            first = review;
            let path = report_path(server, &registration, "2021-04-01").await;
            accepted(server, &officer, &campaign, &path, &reporter, ["7777", "21"]).await;
        }
    }
    Cast { officer, publisher, campaign, first }
}

impl Cast {
    /// Begins a review and gives the path of its editor and the id.
    async fn begin(&self, kind: &str, cut_off: &str) -> (String, String) {
        let answer = self.try_begin(kind, cut_off).await;
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
        let editor = target(&answer);
        let id = editor.rsplit('/').next().unwrap().to_owned();
        (editor, id)
    }

    async fn try_begin(&self, kind: &str, cut_off: &str) -> reqwest::Response {
        let path = format!("/quan-tri/thi-dua/{}/so-ket", self.campaign);
        self.officer.post(&path, &[("kind", kind), ("cut_off", cut_off)]).await
    }

    async fn publish(&self, editor: &str) {
        let body = body_of(&self.officer, editor)
            .await
            .replace("[xxx – ", "")
            .replace("sáng kiến]", "sáng kiến.")
            .replace("tới]", "tới.");
        save(&self.officer, editor, &[("body", &body)]).await;
        step(&self.officer, editor, "gui-duyet", &[]).await;
        step(&self.publisher, editor, "xuat-ban", &[]).await;
    }
}

async fn body_of(browser: &Browser, editor: &str) -> String {
    field(browser, editor, "body").await
}

async fn field(browser: &Browser, editor: &str, name: &str) -> String {
    let fields = fields_of(&browser.page(editor).await, "#soan");
    fields.into_iter().find(|(field, _)| field == name).unwrap().1
}

on_both! {
    /// What is accepted of periods up to the day is in the review, what is of later ones is not, and every figure leads
    /// to where it is frozen.
    async fn a_review_is_assembled_from_what_was_accepted_up_to_its_day(server: Server) {
        let cast = cast(&server).await;
        let (editor, id) = cast.begin("interim", "31/03/2021").await;
        let body = body_of(&cast.officer, &editor).await;
        let at = format!("/thi-dua/{SLUG}/so-lieu-chot/{id}#");
        for part in [
            format!("[1.200,5]({at}chi-tieu-PD1)"), format!("[1.000]({at}muc-tieu-PD1)"), format!("[30]({at}chi-tieu-KT1)"),
            format!("[2]({at}tong-don-vi)"), format!("[2]({at}tong-duoc-nhan)"), format!("({at}don-vi-xa-da-den)"),
            "## Phương hướng".to_owned(), "không có số liệu nào phải đính chính".to_owned(),
        ] {
            assert!(body.contains(&part), "{part}: {body}");
        }
        assert!(!body.contains("7.777") && !body.contains("8.777"), "nothing of the second quarter: {body}");
        assert_eq!(field(&cast.officer, &editor, "title").await, "Sơ kết phong trào “Mục tiêu kép”: số liệu đến hết tháng 3/2021");
        assert!(field(&cast.officer, &editor, "lead").await.contains("2 đơn vị"));
        assert_eq!(field(&cast.officer, &editor, "tags").await, "Mục tiêu kép");
        let publication = cast.officer.page(&format!("{editor}/xuat-ban")).await;
        let found = texts(&publication, ".findings").concat();
        assert!(!found.contains("khác số đã chốt"), "{found}");
        let must = texts(&publication, ".finding--must").concat();
        assert_eq!(must.matches("Còn chỗ chưa viết").count(), 2, "what people add is asked for: {must}");
        step(&cast.officer, &editor, "gui-duyet", &[]).await;
        assert_eq!(try_step(&cast.publisher, &editor, "xuat-ban", &[]).await.status(), 422, "nothing half written is published");
        step(&cast.officer, &editor, "lay-lai", &[]).await;
        assert!(cast.officer.page(&editor).await.contains(&format!("/quan-tri/so-ket/{id}")));
        assert_eq!(cast.begin("interim", "2021-03-31").await.1, id, "a second click is the first one");
        let (_, whole) = cast.begin("final", "31/12/2021").await;
        let frozen = cast.officer.page(&format!("/quan-tri/so-ket/{whole}")).await;
        assert!(texts(&frozen, "#chi-tieu-PD1 .review-figure").concat().starts_with("8.977,5"));
        let managed = cast.officer.page(&format!("/quan-tri/thi-dua/{}", cast.campaign)).await;
        assert!(managed.contains("Tổng kết phong trào “Mục tiêu kép”: số liệu đến hết tháng 12/2021"));
        assert_eq!(server.number("SELECT COUNT(*) FROM review").await, 2);
    }
}

on_both! {
    /// A correction changes no frozen figure: it is told beside.
    async fn figures_stay_frozen_and_what_was_corrected_since_is_told(server: Server) {
        let cast = cast(&server).await;
        let correct = |figure: &'static str| [("viec", "sua"), ("code", "PD1"), ("figure", figure), ("reason", "Cộng thiếu")];
        assert_eq!(cast.officer.post(&cast.first, &correct("1100")).await.status(), 303);
        let (editor, id) = cast.begin("interim", "31/03/2021").await;
        assert!(body_of(&cast.officer, &editor).await.contains("[1.300](/thi-dua"), "what was corrected before counts");
        cast.publish(&editor).await;
        let page = format!("/thi-dua/{SLUG}/so-lieu-chot/{id}");
        let before = server.page(&page).await;
        assert!(before.contains("Cộng thiếu") && texts(&before, ".review-since").is_empty());
        assert_eq!(cast.officer.post(&cast.first, &correct("320")).await.status(), 303);
        let after = server.page(&page).await;
        assert_eq!(texts(&after, "#chi-tieu-PD1 > dl .review-figure"), ["1.300"]);
        assert_eq!(texts(&after, "#chi-tieu-PD1 > dl .review-since"), ["đã đính chính sau ngày chốt: 520"]);
        assert_eq!(texts(&after, r"#gia-tri-xa-suoi-trang\.PD1 .review-since"), ["đã đính chính sau ngày chốt: 320"]);
        assert!(texts(&after, "#chi-tieu-KT1 .review-since").is_empty());
        assert!(server.page(&format!("/en{page}")).await.contains("corrected since: 520"));
    }
}

on_both! {
    /// Words may be changed; a figure that is not the frozen one is found and stops the publication.
    async fn a_figure_that_was_changed_by_hand_stops_the_publication(server: Server) {
        let cast = cast(&server).await;
        let (editor, id) = cast.begin("final", "31/03/2021").await;
        let body = body_of(&cast.officer, &editor).await;
        let frozen = format!("[1.200,5](/thi-dua/{SLUG}/so-lieu-chot/{id}#chi-tieu-PD1)");
        for changed in [
            frozen.replace("1.200,5", "1.500"), frozen.replace("1.200,5", "hơn một nghìn"), frozen.replace("chi-tieu-PD1", "chi-tieu-PD9"),
            frozen.replace("(/thi-dua", "(http://may-khac.vn/en/thi-dua"),
        ] {
            let changed = if changed.contains("may-khac") { changed.replace("1.200,5", "9") } else { changed };
            save(&cast.officer, &editor, &[("body", &body.replace(&frozen, &changed))]).await;
            let found = cast.officer.page(&format!("{editor}/xuat-ban")).await;
            assert!(texts(&found, ".finding--must").concat().contains("Số trong bài khác số đã chốt"), "{changed}");
        }
        // A figure that leads nowhere any longer could be any.
        let cell = format!("| {frozen} |");
        assert!(body.contains(&cell), "{body}");
        save(&cast.officer, &editor, &[("body", &body.replace(&cell, "| 9.999 |"))]).await;
        let found = cast.officer.page(&format!("{editor}/xuat-ban")).await;
        assert!(texts(&found, ".finding--must").concat().contains("không dẫn đến số liệu chốt"));
        step(&cast.officer, &editor, "gui-duyet", &[]).await;
        assert_eq!(try_step(&cast.publisher, &editor, "xuat-ban", &[]).await.status(), 422);
        step(&cast.officer, &editor, "lay-lai", &[]).await;
        save(&cast.officer, &editor, &[("body", &body.replace(&frozen, &frozen.replace("1.200,5", "**1.200,5** liều")))]).await;
        cast.publish(&editor).await;
    }
}

on_both! {
    /// The frozen figures and their files are public with the review, and not before; the campaign's page leads there.
    async fn the_figures_are_public_with_the_review_and_can_be_taken_along(server: Server) {
        let cast = cast(&server).await;
        let (editor, id) = cast.begin("interim", "31/03/2021").await;
        let page = format!("/thi-dua/{SLUG}/so-lieu-chot/{id}");
        let files = ["csv", "xlsx"].map(|ending| format!("/tai-xuong/so-lieu-chot/{id}/so-lieu-chot.{ending}"));
        for path in [&page, &files[0], &files[1]] {
            assert_eq!(server.get(path).await.status(), 404, "{path}");
        }
        assert!(!server.page(&format!("/thi-dua/{SLUG}")).await.contains("so-lieu-chot"));
        cast.publish(&editor).await;
        let public = public_page(&cast.officer, &editor).await;
        let text = server.page(&public).await;
        assert!(text.contains(&format!("href=\"{page}#chi-tieu-PD1\"")) && text.contains("data-action=\"print\""));
        let campaign = server.page(&format!("/thi-dua/{SLUG}")).await;
        assert!(campaign.contains(&format!("href=\"{public}\"")) && campaign.contains(&page));
        assert!(texts(&campaign, ".others").concat().contains("Sơ kết phong trào"), "it is news of the campaign");
        let frozen = server.page(&page).await;
        assert!(frozen.contains("data-action=\"print\"") && frozen.contains(&format!("/thi-dua/{SLUG}/don-vi/xa-da-den#bao-cao-")));
        for anchor in ["chi-tieu-PD1", "don-vi-xa-da-den", "gia-tri-xa-da-den.KT1", "tong-don-vi", "diem-xa-da-den"] {
            assert!(frozen.contains(&format!("id=\"{anchor}\"")), "{anchor}");
        }
        let csv = server.page(&files[0]).await;
        assert!(csv.contains("\"Liều đã tiêm\",\"liều\",1200.5,1000,120.05") && csv.contains("Xã Đá Đen"), "{csv}");
        assert!(!csv.contains("minh hoạ"));
        let book = server.get(&files[1]).await;
        assert_eq!(book.status(), 200);
        assert!(book.bytes().await.unwrap().starts_with(b"PK"));
        for path in [format!("/thi-dua/khac/so-lieu-chot/{id}"), format!("/thi-dua/{SLUG}/so-lieu-chot/x"), format!("/tai-xuong/so-lieu-chot/{id}/so-lieu-chot.exe")] {
            assert_eq!(server.get(&path).await.status(), 404, "{path}");
        }
        step(&cast.publisher, &editor, "rut", &[("reason", "Lập nhầm")]).await;
        for path in [&page, &files[0]] {
            assert_eq!(server.get(path).await.status(), 410, "{path}");
        }
        assert!(!server.page(&format!("/thi-dua/{SLUG}")).await.contains("so-lieu-chot"));
    }
}

on_both! {
    /// What can't be begun says why and keeps what was typed; strangers begin and see nothing.
    async fn what_can_not_be_begun_says_why(server: Server) {
        let cast = cast(&server).await;
        for (cut_off, said) in [("30/03/2021", "chưa có kỳ báo cáo nào"), ("31/02/2021", "ngày có thật"), ("31/12/2999", "chưa đến")] {
            let answer = cast.try_begin("final", cut_off).await;
            assert_eq!(answer.status(), 422, "{cut_off}");
            let html = answer.text().await.unwrap();
            assert!(texts(&html, ".form-errors").concat().contains(said), "{cut_off}");
            let kept = fields_of(&html, "form[action$='/so-ket']");
            assert_eq!(kept, [("kind".into(), "final".into()), ("cut_off".into(), cut_off.into())]);
        }
        let managed = cast.officer.page(&format!("/quan-tri/thi-dua/{}", cast.campaign)).await;
        assert!(fields_of(&managed, "form[action$='/so-ket']").contains(&("cut_off".into(), "31/12/2021".into())));
        server.run_sql("UPDATE report SET state = 'sent'").await;
        let answer = cast.try_begin("interim", "31/12/2021").await;
        assert!(answer.status() == 422 && answer.text().await.unwrap().contains("chưa có báo cáo nào được duyệt"));
        assert_eq!(server.number("SELECT COUNT(*) FROM review").await, 0);
        server.run_sql("UPDATE report SET state = 'accepted'").await;
        let (_, id) = cast.begin("interim", "31/03/2021").await;
        let elsewhere = server.unit("Phòng khác", None).await;
        let other = server.official("khac", &[(Role::CampaignOfficer, Some(&elsewhere))]).await;
        let path = format!("/quan-tri/thi-dua/{}/so-ket", cast.campaign);
        assert_eq!(other.post(&path, &[("kind", "interim"), ("cut_off", "31/03/2021")]).await.status(), 403);
        assert_eq!(other.get(&format!("/quan-tri/so-ket/{id}")).await.status(), 403);
        assert_eq!(server.browser().post(&path, &[]).await.status(), 401);
    }
}

on_both! {
    /// Who signed after the day of a review is not counted as if it had been there, unless it reported what was before.
    async fn whoever_came_later_is_not_in_a_review(server: Server) {
        let cast = cast(&server).await;
        let late = server.unit("Xã Muộn", None).await;
        let reporter = server.official("muon", &[(Role::UnitContributor, Some(&late))]).await;
        let registration = register(&server, &reporter, &cast.campaign, &late).await;
        // In August 2021.
        server.run_sql(&format!("UPDATE registration SET signed_at = 1630000000000 WHERE id = {registration}")).await;
        let (editor, _) = cast.begin("interim", "30/06/2021").await;
        let body = fields_of(&cast.officer.page(&editor).await, "#soan");
        let body = &body.iter().find(|(name, _)| name == "body").unwrap().1;
        assert!(body.contains("Phong trào có [2](") && !body.contains("Xã Muộn"), "{body}");
    }
}
