//! Whoever reports for units is reminded by e-mail of what they owe.

use thidua::domain::account::Role;
use thidua::domain::day::Day;
use thidua::domain::time::Instant;
use thidua::server::clock::now;
use thidua::server::services::reminder::remind_of_reports;

use super::{launch, register, report, report_path};
use crate::harness::{Browser, Server, on_both};
use crate::mailing::{Mail, MailBox};

const OWN: &str = "/quan-tri/toi";
const HOUR: i64 = 60 * 60_000;

/// So many hours after the beginning of a day.
fn at(day: &str, hours: i64) -> Instant {
    Day::parse(day).unwrap().begin().plus_ms(hours * HOUR)
}

/// Gives an address and confirms it by the link that is sent to it.
async fn confirm(server: &Server, mail: &MailBox, browser: &Browser, email: &str) {
    let asked = [("viec", "thu"), ("email", email), ("bao-cao", "1")];
    assert_eq!(browser.post(OWN, &asked).await.status(), 303);
    let path = mail.one(server, 0).await.path(server, "/quan-tri/toi?thu=");
    let token = path.split_once('=').unwrap().1;
    assert_eq!(browser.post(OWN, &[("viec", "xac-nhan-thu"), ("token", token)]).await.status(), 303);
}

/// The mails that reminding at a moment brings.
async fn reminded(server: &Server, mail: &MailBox, at: Instant) -> Vec<Mail> {
    let count = remind_of_reports(&server.store, at).await.unwrap();
    let sent = mail.sent(server, at.0 - now().0).await;
    assert_eq!(sent.len(), count);
    sent
}

on_both! {
    /// Once before a report is due, once when it is late, and whenever it is returned; by one process, in one mail, not at
    /// night, to whoever asked for it and reports for the unit by name.
    async fn who_reports_is_reminded_of_what_is_due(server: Server) {
        let mail = MailBox::of(&server);
        let officer = server.official("hoa", &[(Role::CampaignOfficer, None)]).await;
        let publisher = server.official("minh", &[(Role::Publisher, None)]).await;
        let unit = server.unit("Xã Suối Trắng", None).await;
        let reporter = server.official("tu", &[(Role::UnitContributor, Some(&unit))]).await;
        let campaign = launch(&officer, &publisher, &[]).await;
        let registration = register(&server, &reporter, &campaign, &unit).await;

        assert!(!officer.page(OWN).await.contains("Nhắc qua thư"), "who may report for all is not reminded of all");
        let moderator = server.official("an", &[(Role::Moderator, None)]).await;
        assert!(!moderator.page(OWN).await.contains("bao-cao"), "who reports for nobody is not asked");
        let own = reporter.page(OWN).await;
        assert!(own.contains("trước hạn 3 ngày") && !own.contains("gio-nhac"), "{own}");
        confirm(&server, &mail, &reporter, "tu@example.vn").await;

        // The first quarter ends on 31 March and is due on 5 April.
        assert!(reminded(&server, &mail, at("2021-03-31", 8)).await.is_empty(), "five days are left");
        assert!(reminded(&server, &mail, at("2021-04-02", 6)).await.is_empty(), "not before the morning");
        let other = server.beside(None).await;
        let morning = at("2021-04-02", 8);
        let (one, two) = tokio::join!(remind_of_reports(&server.store, morning), remind_of_reports(&other.store, morning));
        assert_eq!(one.unwrap() + two.unwrap(), 1, "by one process");
        let soon = mail.one(&server, morning.0 - now().0).await;
        assert_eq!((soon.to.as_str(), soon.subject.as_str()), ("tu@example.vn", "Báo cáo thi đua cần gửi – Cổng thử"));
        assert!(soon.body.contains("Một báo cáo của đơn vị bạn cần gửi, hạn 05/04/2021."), "{}", soon.body);
        assert!(!soon.body.contains("quá hạn") && soon.body.contains(&format!("{}/quan-tri\n", server.base)), "{}", soon.body);
        assert!(reminded(&server, &mail, at("2021-04-05", 8)).await.is_empty(), "once");
        let late = reminded(&server, &mail, at("2021-04-06", 8)).await;
        assert!(late[0].body.contains("Một báo cáo đã quá hạn."), "{late:?}");
        assert!(reminded(&server, &mail, at("2021-04-20", 8)).await.is_empty(), "once");

        let path = report_path(&server, &registration, "2021-01-01").await;
        for time in ["first", "second"] {
            assert_eq!(report(&reporter, &path, &[("so-PD1", "300"), ("so-KT1", "20")]).await.status(), 303);
            assert!(reminded(&server, &mail, at("2021-04-21", 8)).await.is_empty(), "what was sent is not owed");
            let id = server.number("SELECT id FROM report").await;
            let review = format!("/quan-tri/thi-dua/{campaign}/bao-cao/{id}");
            assert_eq!(officer.post(&review, &[("viec", "tra-lai"), ("notes", "Thiếu đợt ba")]).await.status(), 303);
            let returned = reminded(&server, &mail, at("2021-04-22", 8)).await;
            assert_eq!(returned.len(), 1, "{time}");
            assert!(returned[0].body.contains("Một báo cáo được trả lại để bổ sung.") && !returned[0].body.contains("đợt ba"));
            assert!(reminded(&server, &mail, at("2021-04-23", 8)).await.is_empty(), "once for each time");
        }

        // All of what is owed is in one mail: the returned one and that of the second quarter.
        let both = reminded(&server, &mail, at("2021-07-04", 8)).await;
        assert!(both.len() == 1 && both[0].body.contains("2 báo cáo của đơn vị bạn cần gửi, hạn sớm nhất 05/04/2021."), "{both:?}");
        // A reminder that nobody wants any longer is not sent, and nobody is reminded who has turned it off.
        assert_eq!(remind_of_reports(&server.store, at("2021-07-06", 8)).await.unwrap(), 1);
        assert_eq!(reporter.post(OWN, &[("viec", "thu"), ("email", "")]).await.status(), 303);
        assert!(mail.sent(&server, at("2021-07-06", 8).0 - now().0).await.is_empty());
        assert_eq!(remind_of_reports(&server.store, at("2021-10-06", 8)).await.unwrap(), 0);
    }
}
