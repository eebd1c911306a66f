//! How long an answer may be kept, and by whom. Handlers say it in these words; one middleware writes the header.

use axum::response::Response;
use http::{HeaderValue, header};

/// How long an answer may be kept, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachePolicy {
    /// A public page. We keep it until something that it shows changes; a browser keeps it as well, and asks each time
    /// whether it is still true, which costs a few bytes.
    Page,
    /// Public, but made anew for everybody who asks: search results, errors, what machines read.
    Fresh,
    /// Of one reader only: what they sent, what became of it. Nobody keeps it.
    Private,
    /// Named by the hash of its content, and so never anything else.
    Immutable,
    /// Changes with a new version of the program only, and may be a day old.
    Day,
}

impl CachePolicy {
    /// The value of `Cache-Control`.
    pub const fn header(self) -> &'static str {
        match self {
            CachePolicy::Page | CachePolicy::Fresh => "no-cache",
            CachePolicy::Private => "private, no-store",
            CachePolicy::Immutable => "public, max-age=31536000, immutable",
            CachePolicy::Day => "public, max-age=86400",
        }
    }

    /// Says it of an answer.
    pub fn of(self, mut answer: Response) -> Response {
        answer.extensions_mut().insert(self);
        answer
    }

    /// Writes the header of an answer; one of which nobody said anything is not kept.
    pub fn write(answer: &mut Response) {
        let policy = answer.extensions().get().copied().unwrap_or(CachePolicy::Private);
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(policy.header()));
    }
}
