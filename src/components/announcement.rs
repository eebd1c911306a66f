//! An announcement as readers see it.

use maud::{Markup, html};

use crate::components::escape::clean_html;
use crate::components::figure::figure_view;
use crate::components::head::absolute;
use crate::components::teaser::lang_of;
use crate::components::unit::{ended_banner, link};
use crate::domain::announcement::{Announcement, ChangeNote, Figure};
use crate::domain::html::percent_encode;
use crate::text::Text;

/// Whoever asks for a page may write announcements.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug)]
pub struct MayEdit;

/// One announcement, as its page and its preview show it; `edit` is the way to the desk, for those who may write.
pub fn article(announcement: &Announcement, edit: Option<Markup>, t: Text) -> Markup {
    let lang = t.0;
    html! {
        article class="announcement" aria-labelledby="tieu-de" lang=[lang_of(announcement.language, lang)] {
            p class="announcement-category" {
                a href=(lang.href(&format!("/tin/chuyen-muc/{}", announcement.category.slug))) {
                    (announcement.category.name)
                }
            }
            h1 id="tieu-de" tabindex="-1" { (announcement.title) }
            @if let Some(edit) = edit { (edit) }
            @if let Some(unit) = &announcement.unit { (ended_banner(unit, t)) }
            @if announcement.archived { p class="archived" lang=(lang.code()) { (t.archived_note()) } }
            p class="lead" { (announcement.lead) }
            p class="byline" lang=(lang.code()) {
                @if !announcement.author_line.is_empty() { span class="author" { (announcement.author_line) } " " }
                @if let Some(unit) = &announcement.unit { span class="author" { (link(&unit.label, t)) } " " }
                time datetime=(announcement.published.rfc3339()) { (t.published_at(announcement.published.minute(lang))) }
                @if let Some(at) = announcement.updated {
                    " " time datetime=(at.rfc3339()) { (t.updated_at(at.minute(lang))) }
                }
            }
            // Whoever comes back sees at once what is other than it was.
            @if let Some(latest) = announcement.changes.first() {
                p class="update-note" lang=(lang.code()) { a href="#dinh-chinh" rel="external" { (t.public_note(&latest.note)) } }
            }
            @if let Some(figure) = &announcement.figure { (lead_figure(figure, t)) }
            div class="prose" { (clean_html(&announcement.html)) }
            @if !announcement.source.is_empty() { p class="source" { (t.source(&announcement.source)) } }
            @if !announcement.changes.is_empty() { (change_notes(&announcement.changes, t)) }
            @if !announcement.tags.is_empty() {
                nav class="tags" aria-label=(t.tags()) {
                    span class="tags-label" aria-hidden="true" { (t.tags()) ": " }
                    @for tag in &announcement.tags {
                        " " a href=(lang.href(&format!("/nhan/{}", tag.slug))) rel="tag" { (tag.name) }
                    }
                }
            }
            (share(&announcement.title, &format!("/tin/{}", announcement.slug), t))
        }
    }
}

/// The picture above a text.
pub fn lead_figure(figure: &Figure, t: Text) -> Markup {
    let class = if figure.picture.is_some() { "lead-figure" } else { "lead-figure lead-figure--caption-only" };
    figure_view(figure.picture.as_ref(), &figure.caption, &figure.credit, class, true, t)
}

/// What was corrected, for readers.
pub fn change_notes(changes: &[ChangeNote], t: Text) -> Markup {
    html! {
        section class="change-notes" aria-labelledby="dinh-chinh" {
            h2 id="dinh-chinh" { (t.changes()) }
            ul {
                @for change in changes {
                    li { time datetime=(change.at.rfc3339()) { (change.at.minute(t.0)) } ": " (change.note) }
                }
            }
        }
    }
}

/// Plain addresses only: nothing here loads another site's script. The phone's share sheet, copying and printing need
/// a script and are shown by it.
pub fn share(title: &str, path: &str, t: Text) -> Markup {
    let address = percent_encode(&absolute(path));
    let mail = format!("mailto:?subject={}&body={address}", percent_encode(title));
    let facebook = format!("https://www.facebook.com/sharer/sharer.php?u={address}");
    html! {
        div class="share" role="group" aria-label=(t.share()) lang=(t.0.code()) {
            button type="button" data-action="share" hidden { (t.share_sheet()) }
            button type="button" data-action="copy" data-done=(t.copied()) hidden { (t.share_copy()) }
            a href=(mail) rel="external" { (t.share_mail()) }
            a href=(facebook) rel="external noopener noreferrer" { (t.share_facebook()) }
            button type="button" data-action="print" hidden { (t.share_print()) }
        }
    }
}
