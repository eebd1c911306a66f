//! Data that is fetched before its page is opened, since the pointer or the finger is on the link that leads there.
//! `client/loader.js` says when; nothing is fetched ahead for who saves data, or while nobody points at anything.

use std::cell::RefCell;

use futures::channel::oneshot;
use leptos::task::spawn_local;

use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::pages::chunk::begin_fetching;
use crate::pages::{Fetch, MakePage, Wanted, home, list, made};

/// What was fetched for a page that is not opened within this time (in milliseconds) is asked for anew: it may be of
/// yesterday.
const FRESH: f64 = 5_000.0;

struct Ahead {
    fetch: Fetch,
    wanted: Wanted,
    begun: f64,
    made: oneshot::Receiver<Result<MakePage, AppError>>,
}

thread_local! {
    /// The last one only: there is one pointer.
    static AHEAD: RefCell<Option<Ahead>> = const { RefCell::new(None) };
}

/// Begins to fetch what the page at an address shows, unless that is under way.
pub fn begin(path: &str, query: &str) {
    let Some((fetch, wanted)) = page_at(path, query) else { return };
    let begun = js_sys::Date::now();
    let under_way = |ahead: &Ahead| ahead.is_of(fetch, &wanted) && begun - ahead.begun < FRESH;
    if AHEAD.with_borrow(|ahead| ahead.as_ref().is_some_and(under_way)) {
        return;
    }
    begin_fetching();
    let (done, made) = oneshot::channel();
    let fetched = fetch(wanted.clone());
    AHEAD.set(Some(Ahead { fetch, wanted, begun, made }));
    spawn_local(async move {
        let _ = done.send(fetched.await);
    });
}

/// A page's data: what was fetched ahead, if it was and could be had, or fetched now.
pub(super) async fn take_or_fetch(fetch: Fetch, wanted: Wanted) -> Result<MakePage, AppError> {
    let fresh = |ahead: &Ahead| ahead.is_of(fetch, &wanted) && js_sys::Date::now() - ahead.begun < FRESH;
    let ahead = AHEAD.with_borrow_mut(|ahead| ahead.take_if(|ahead| fresh(ahead)));
    if let Some(ahead) = ahead
        && let Ok(Ok(page)) = ahead.made.await
    {
        return Ok(page);
    }
    fetch(wanted).await
}

impl Ahead {
    fn is_of(&self, fetch: Fetch, wanted: &Wanted) -> bool {
        // Functions that are alike may be one in the program: then they fetch alike.
        std::ptr::fn_addr_eq(self.fetch, fetch) && self.wanted == *wanted
    }
}

/// How the data of the page at an address is fetched. None where there is no page, or one that is of one reader, or
/// whose address says something in signs that would have to be decoded.
fn page_at(address: &str, query: &str) -> Option<(Fetch, Wanted)> {
    if address.contains('%') || query.contains(['%', '+']) {
        return None;
    }
    let asked = |name: &str| {
        let mut parts = query.trim_start_matches('?').split('&').filter_map(|part| part.split_once('='));
        parts.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    };
    let cursor = || [None, asked("truoc"), asked("sau")];
    let mut parts = Lang::strip(address).trim_matches('/').split('/');
    let (fetch, slug, [_, one, other]) = match (parts.next()?, parts.next(), parts.next()) {
        ("", None, _) => return Some((home::FETCH, home::wanted_in(Lang::of_path(address)))),
        ("tin", None, _) => (list::FETCH_ALL, None, cursor()),
        ("tin", Some("chuyen-muc"), Some(slug)) => (list::FETCH_CATEGORY, Some(slug), cursor()),
        ("nhan", Some(slug), None) => (list::FETCH_TAG, Some(slug), cursor()),
        ("tin", Some(_), None) | ("thi-dua" | "dien-hinh" | "don-vi", ..) => {
            let path = Lang::strip(address).trim_matches('/').to_owned();
            return Some((made::FETCH, made::wanted_of(path, query.to_owned(), Lang::of_path(address))));
        }
        _ => return None,
    };
    parts.next().is_none().then(|| (fetch, [slug.map(str::to_owned), one, other]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_what_its_page_asks_for() {
        let some = |text: &str| Some(text.to_owned());
        for (path, query, expected) in [
            ("/", "", Some((home::FETCH, [some("vi"), None, None]))),
            ("/en", "", Some((home::FETCH, [some("en"), None, None]))),
            ("/tin", "?truoc=1622509200000-7", Some((list::FETCH_ALL, [None, some("1622509200000-7"), None]))),
            ("/en/tin/chuyen-muc/ket-qua", "", Some((list::FETCH_CATEGORY, [some("ket-qua"), None, None]))),
            ("/nhan/rung", "?sau=1-2&x=3", Some((list::FETCH_TAG, [some("rung"), None, some("1-2")]))),
            ("/don-vi/xa-a", "", Some((made::FETCH, [some("don-vi/xa-a"), some(""), some("vi")]))),
            (
                "/tin/trong-rung",
                "?thu-tu=cu",
                Some((made::FETCH, [some("tin/trong-rung"), some("?thu-tu=cu"), some("vi")])),
            ),
            ("/en/thi-dua/a/ket-qua", "", Some((made::FETCH, [some("thi-dua/a/ket-qua"), some(""), some("en")]))),
            ("/tin/trong-rung/x", "", None),
            ("/tin/chuyen-muc/a/b", "", None),
            ("/tin/tr%E1%BB%93ng", "", None),
            ("/theo-doi/K7QM-3XPA-9RTB", "", None),
            ("/tim-kiem", "?q=rung", None),
        ] {
            let found = page_at(path, query);
            assert_eq!(found.is_some(), expected.is_some(), "{path}");
            if let (Some((fetch, wanted)), Some((expected_fetch, expected_wanted))) = (found, expected) {
                assert!(std::ptr::fn_addr_eq(fetch, expected_fetch), "{path}");
                assert_eq!(wanted, expected_wanted, "{path}");
            }
        }
    }
}
