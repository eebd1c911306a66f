//! Comments as readers see them.

use maud::{Markup, html};

use crate::components::escape::clean_html;
use crate::components::teaser::lang_of;
use crate::domain::comment::{Comment, CommentOrder, CommentPage};
use crate::domain::number;
use crate::text::Text;

fn comment_view(comment: &Comment, t: Text) -> Markup {
    let id = format!("phan-hoi-{}", comment.id);
    html! {
        li class="comment" id=(id) {
            p class="comment-head" {
                strong class="comment-author" { (comment.author) }
                " " time datetime=(comment.sent.rfc3339()) { (comment.sent.minute(t.0)) }
                " " a class="comment-permalink" href={ "#" (id) } rel="external"
                    aria-label={ (t.comment_link()) ": " (comment.author) } { "#" }
            }
            div class="comment-text" lang=[lang_of(comment.language, t.0)] { (clean_html(&comment.html)) }
        }
    }
}

/// The discussion of a page, by its path, but for the form: order, comments, more of them.
pub fn discussion(comments: &CommentPage, path: &str, t: Text) -> Markup {
    let here = t.0.href(path);
    let newest = comments.order == CommentOrder::Newest;
    let mark = |is: bool| is.then_some("true");
    html! {
        h2 id="phan-hoi-tieu-de" {
            (t.comments()) " " span class="discussion-count" { "(" (number::whole(comments.count.into(), t.0)) ")" }
        }
        nav class="discussion-order" aria-label=(t.order_label()) {
            @if comments.count > 1 {
                ul {
                    li { a href={ (here) "#phan-hoi" } aria-current=[mark(newest)] { (t.order_newest()) } }
                    li {
                        a href={ (here) "?thu-tu=" (CommentOrder::Oldest.code()) "#phan-hoi" } aria-current=[mark(!newest)] {
                            (t.order_oldest())
                        }
                    }
                }
            }
            a href="#gui-phan-hoi" rel="external" { (t.write_comment()) }
        }
        @if !comments.first { a class="more-link" href={ (here) "#phan-hoi" } { (t.first_comments()) } }
        @if comments.items.is_empty() && comments.first { p class="empty" { (t.comments_none()) } }
        ol class="comment-list" { @for comment in &comments.items { (comment_view(comment, t)) } }
        @if let Some(next) = &comments.next {
            a class="more-link" href={ (here) "?thu-tu=" (comments.order.code()) "&tu=" (next) "#phan-hoi" } rel="next" {
                (t.more_comments())
            }
        }
    }
}
