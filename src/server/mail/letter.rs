//! The words of mails: plain text, short, with nothing in them that others wrote but the reason for a decision.

use crate::domain::day::Day;
use crate::domain::notice::{Event, Owed};
use crate::domain::time::Instant;
use crate::text::Text;

/// In whose name mails are written, and where their links lead.
#[derive(Clone, Debug)]
pub struct Post {
    /// The address for absolute links, without a slash at its end.
    pub base_url: String,
    /// The portal's name.
    pub site_name: String,
}

/// What a mail says: its subject and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

impl Post {
    /// An absolute link to a Vietnamese path, in a language.
    pub fn link(&self, path: &str, t: Text) -> String {
        format!("{}{}", self.base_url, t.0.href(path))
    }

    fn words(&self, title: &str, parts: &[String]) -> Words {
        let subject = format!("{title} – {}", self.site_name);
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        Words { subject, body: format!("{}\n", parts.join("\n\n")) }
    }
}

/// Asks whoever has an address whether notices about a comment are wanted. Nothing of the comment stands in it.
pub fn confirm(post: &Post, link: &str, t: Text) -> Words {
    let text = format!("{}\n{link}", t.mail_confirm_text(&post.site_name));
    post.words(t.mail_confirm(), &[text, t.mail_confirm_ignore().to_owned()])
}

/// What became of a comment, for its sender.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// What happened.
    pub event: Event,
    /// The reason; the unit, with the day before it where there is one.
    pub detail: &'a str,
    /// The title of the page; empty where it is not public.
    pub title: &'a str,
    /// The receipt code.
    pub code: &'a str,
    /// The tracking page.
    pub link: &'a str,
    /// Where notices are turned off.
    pub off: &'a str,
}

/// Tells of something.
pub fn tell(post: &Post, told: Told<'_>, t: Text) -> Words {
    let Told { event, detail, title, code, link, off } = told;
    let said = match event {
        Event::Published => t.mail_published(),
        Event::Rejected => t.mail_rejected(),
        Event::TakenDown => t.mail_taken_down(),
        Event::EditPublished => t.mail_edit_published(),
        Event::EditRejected => t.mail_edit_rejected(),
        Event::Answered => t.mail_answered(),
        Event::HandedOver => t.mail_handed_over(),
        Event::AppealGranted => t.mail_appeal_granted(),
        Event::AppealRefused => t.mail_appeal_refused(),
    };
    let more = match (event, detail) {
        (_, "") => String::new(),
        (Event::Answered, unit) => t.mail_answered_by(unit),
        (Event::HandedOver, asked) => {
            let (due, unit) = asked.split_once(' ').unwrap_or_default();
            t.mail_handed_over_to(Day::parse(due).map(|day| day.show(t.0)).unwrap_or_default(), unit)
        }
        (_, reason) => t.mail_reason(reason),
    };
    let page = if title.is_empty() { String::new() } else { t.mail_page(title) };
    let follow = format!("{}\n{link}", t.mail_follow(code));
    post.words(said, &[format!("{said}."), more, page, follow, format!("{}\n{off}", t.mail_off())])
}

/// Asks an official whether an address is theirs.
pub fn confirm_account(post: &Post, link: &str, t: Text) -> Words {
    let text = format!("{}\n{link}", t.mail_account_text(&post.site_name));
    post.words(t.mail_account(), &[text, t.mail_account_ignore().to_owned()])
}

/// Reminds a moderator of what waits.
pub fn remind(post: &Post, hours: usize, waiting: usize, since: Instant, t: Text) -> Words {
    let queue = post.link("/quan-tri/phan-hoi", t);
    let own = post.link("/quan-tri/toi", t);
    let text = format!("{}\n{queue}", t.mail_remind_text(waiting, since.minute(t.0)));
    post.words(&t.mail_remind(hours), &[text, format!("{}\n{own}", t.mail_remind_off())])
}

/// Reminds whoever reports for units of what they owe.
pub fn remind_of_reports(post: &Post, owed: &Owed, t: Text) -> Words {
    let work = format!("{}\n{}", t.mail_reports_open(), post.link("/quan-tri", t));
    let own = format!("{}\n{}", t.mail_remind_off(), post.link("/quan-tri/toi", t));
    let some = |n: usize, said: String| if n > 0 { said } else { String::new() };
    let parts = [
        t.mail_reports_text(owed.reports, owed.first.show(t.0)),
        some(owed.late, t.mail_reports_late(owed.late)),
        some(owed.returned, t.mail_reports_returned(owed.returned)),
        work,
        own,
    ];
    post.words(t.mail_reports(), &parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;

    #[test]
    fn mails_are_short_plain_and_lead_where_they_say() {
        let post = Post { base_url: "https://a.vn".into(), site_name: "Cổng A".into() };
        for lang in [Lang::Vi, Lang::En] {
            for event in Event::ALL {
                let detail = if event == Event::HandedOver { "2026-12-01 Phòng A" } else { "Lý do của nó" };
                let told = Told {
                    event,
                    detail,
                    title: "Tin một",
                    code: "K7QM",
                    link: "https://a.vn/x",
                    off: "https://a.vn/y",
                };
                let Words { subject, body } = tell(&post, told, Text(lang));
                assert!(subject.ends_with(" – Cổng A") && !subject.contains("Tin một"), "{subject}");
                assert!(
                    body.contains("Tin một")
                        && body.contains("\nhttps://a.vn/x\n")
                        && body.ends_with("\nhttps://a.vn/y\n"),
                    "{body}"
                );
                assert!(body.len() < 900 && (body.contains("Lý do của nó") || body.contains("Phòng A")), "{body}");
            }
            let Words { body, .. } = remind(&post, 12, 3, Instant(0), Text(lang));
            assert!(body.contains(&Text(lang).0.href("/quan-tri/phan-hoi")), "{body}");
        }
    }
}
