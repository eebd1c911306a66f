//! One's own address and reminders, on the page of one's own account.

use maud::{Markup, html};

use super::frame::{Desk, Input, hidden, input};
use crate::server::services::reminder::{DAYS_BEFORE, HOURS, OwnMail};

/// The section of the page; with the link of a mail the button that confirms the address.
pub fn section(desk: &Desk, own: &OwnMail, token: &str, action: &str) -> Markup {
    let t = desk.t();
    let hint = match (own.address.as_str(), own.confirmed) {
        ("", _) => t.own_mail_hint().to_owned(),
        (address, true) => t.own_mail_confirmed(address),
        (address, false) => t.own_mail_waits(address),
    };
    html! {
        section aria-labelledby="nhac-thu" {
            h2 id="nhac-thu" class="section-title" { (t.own_mail_title()) }
            @if own.moderates { p { (t.own_mail_text()) } }
            @if !own.confirmed && !own.address.is_empty() && !token.is_empty() {
                form method="post" action=(action) {
                    (hidden("viec", "xac-nhan-thu")) (hidden("token", token))
                    div class="form-actions" { button class="button" type="submit" { (t.own_mail_confirm(&own.address)) } }
                }
            }
            form method="post" action=(action) {
                (hidden("viec", "thu"))
                (input(&Input { id: "email", name: "email", label: t.notice_email(), kind: "email", autocomplete: "email", hint: &hint, required: own.address.is_empty(), ..Input::default() }))
                @if own.moderates {
                    div class="field field--short" {
                        label for="gio-nhac" { (t.own_mail_hours()) }
                        select id="gio-nhac" name="hours" {
                            option value="0" selected[own.wanted.hours == 0] { (t.own_mail_never()) }
                            @for hours in HOURS {
                                option value=(hours) selected[own.wanted.hours == hours] { (t.own_mail_after(u32::try_from(hours).unwrap_or_default())) }
                            }
                        }
                    }
                }
                @if own.reports {
                    p { label class="check" { input type="checkbox" name="bao-cao" value="1" checked[own.wanted.reports || own.address.is_empty()]; " " (t.own_mail_reports(u32::try_from(DAYS_BEFORE).unwrap_or_default())) } }
                }
                div class="form-actions" { button class="button" type="submit" { (t.save()) } }
            }
            @if !own.address.is_empty() {
                form method="post" action=(action) {
                    (hidden("viec", "bo-thu"))
                    div class="form-actions" { button class="button button--quiet" type="submit" { (t.own_mail_remove()) } }
                }
            }
        }
    }
}
