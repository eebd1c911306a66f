//! Announcements in lists.

use maud::{Markup, html};

use crate::components::figure::picture_view;
use crate::domain::announcement::Teaser;
use crate::domain::lang::Lang;
use crate::text::Text;

/// The attribute `lang` where content is not in the language of the interface.
pub fn lang_of(content: Lang, interface: Lang) -> Option<&'static str> {
    (content != interface).then(|| content.code())
}

/// How a teaser stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeaserStyle {
    /// Title and day only.
    Small,
    /// With lead, and picture if it has one.
    Full,
    /// The first one of the home page.
    Lead,
}

/// One announcement in a list, with a heading of level 2 or 3.
pub fn teaser_view(teaser: &Teaser, style: TeaserStyle, level: u8, t: Text) -> Markup {
    let lang = t.0;
    let small = style == TeaserStyle::Small;
    let class = match (small, teaser.picture.is_some()) {
        (true, _) => "teaser teaser--small",
        (false, true) => "teaser teaser--pictured",
        (false, false) => "teaser",
    };
    let link = html! { a href=(lang.href(&teaser.path)) { (teaser.title) } };
    let at = teaser.published;
    let eager = style == TeaserStyle::Lead;
    let sizes = if eager {
        "(min-width: 64rem) 49rem, calc(100vw - 2rem)"
    } else {
        "(min-width: 64rem) 23rem, (min-width: 40rem) 13rem, 6.5rem"
    };
    html! {
        article class=(class) lang=[lang_of(teaser.language, lang)] {
            @if level == 2 { h2 class="teaser-title" { (link) } } @else { h3 class="teaser-title" { (link) } }
            @if !small && !teaser.lead.is_empty() { p class="teaser-lead" { (teaser.lead) } }
            p class="teaser-meta" {
                time datetime=(at.rfc3339()) { (if small { at.day(lang) } else { at.minute(lang) }) }
                @if !small {
                    a href=(lang.href(&format!("/tin/chuyen-muc/{}", teaser.category.slug))) { (teaser.category.name) }
                }
                @if teaser.comments > 0 { span lang=(lang.code()) { (t.comment_count(teaser.comments)) } }
            }
            @if let (false, Some(picture)) = (small, &teaser.picture) {
                (picture_view(picture, sizes, Some("teaser-image"), eager))
            }
        }
    }
}

/// A list of announcements, with headings of level 2 or 3.
pub fn teaser_list(items: &[Teaser], style: TeaserStyle, level: u8, t: Text) -> Markup {
    html! {
        ol class="teaser-list" { @for teaser in items { li { (teaser_view(teaser, style, level, t)) } } }
    }
}
