//! Pictures, and figures with their captions.

use maud::{Markup, html};

use crate::domain::announcement::Picture;
use crate::text::Text;

/// A picture in its sizes: WebP, and JPEG for browsers without it. `sizes` is how wide it will stand, as the attribute
/// of that name says it; an eager one is on the first screen, the others wait until they are near.
pub fn picture_view(picture: &Picture, sizes: &str, class: Option<&str>, eager: bool) -> Markup {
    let fallback = &picture.fallback;
    html! {
        picture {
            source type="image/webp" srcset=(picture.srcset()) sizes=(sizes);
            img class=[class] src=(fallback.url) alt=(picture.alt) width=(fallback.width) height=(fallback.height)
                loading=(if eager { "eager" } else { "lazy" }) fetchpriority=[eager.then_some("high")] decoding="async";
        }
    }
}

/// A picture with its caption and who made it; a caption stands even where there is no picture. An eager one is on the
/// first screen.
pub fn figure_view(
    picture: Option<&Picture>,
    caption: &str,
    credit: &str,
    class: &str,
    eager: bool,
    t: Text,
) -> Markup {
    // "Tranh minh hoạ: …" says already what it is; a bare name does not.
    let credit = if credit.is_empty() || credit.contains(':') { credit.to_owned() } else { t.credit(credit) };
    html! {
        figure class=[(!class.is_empty()).then_some(class)] {
            @if let Some(picture) = picture { (picture_view(picture, "(min-width: 64rem) 41rem, calc(100vw - 2rem)", None, eager)) }
            @if !caption.is_empty() || !credit.is_empty() {
                figcaption {
                    (caption)
                    @if !credit.is_empty() && !caption.is_empty() { " " span class="credit" { "(" (credit) ")" } }
                    @else if !credit.is_empty() { span class="credit" { (credit) } }
                }
            }
        }
    }
}
