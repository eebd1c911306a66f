//! Searching from any page. With the client, the portal's script turns the sending of such a form into a link.

use maud::{Markup, html};

use crate::text::Text;

/// A form that searches, filled in with what was asked for.
pub fn search_form(query: &str, t: Text) -> Markup {
    html! {
        form class="search-form" role="search" aria-label=(t.search_label()) action=(t.0.href("/tim-kiem")) method="get" {
            div class="field" {
                label for="q" { (t.search_label()) }
                input id="q" name="q" type="search" value=(query) autocomplete="off" enterkeyhint="search";
                p class="hint" { (t.search_hint()) }
            }
            button class="button" type="submit" { (t.search_button()) }
        }
    }
}
