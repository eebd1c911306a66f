//! What a person who comments is promised.

use thidua::domain::error::AppError;
use thidua::server::services::actor::Actor;
use thidua::server::services::comment::{Verdict, decide_comment, list_waiting};

use crate::harness::{Server, attribute, on_both, texts};

fn staff() -> Actor {
    Actor::CommandLine("test".into())
}

on_both! {
    /// The main job: sent, nowhere to be seen, approved, on the page with the next request.
    async fn a_comment_waits_is_approved_and_is_shown_at_once(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let code = server.comment(&slug, "Bà  Tư", "Dòng một\r\n\r\nXem https://example.vn <b>").await;
        let tracking = server.page(&format!("/theo-doi/{code}")).await;
        assert_eq!(texts(&tracking, ".receipt-state"), ["Phản hồi của bạn sẽ hiển thị sau khi được kiểm duyệt."]);
        assert_eq!(texts(&tracking, ".receipt-code").concat(), code);
        assert!(tracking.contains(&format!("href=\"{page}#gui-phan-hoi\"")));
        for path in [page.as_str(), "/", "/tin", "/rss.xml", "/tim-kiem?q=tu"] {
            let html = server.page(path).await;
            assert!(!html.contains("Bà Tư") && !html.contains("1 phản hồi"), "a waiting comment shows on {path}");
        }
        decide_comment(&server.store, &staff(), &code.to_lowercase(), &Verdict::Approve).await.unwrap();
        let html = server.page(&page).await;
        assert_eq!(texts(&html, ".comment-author"), ["Bà Tư"]);
        assert_eq!(texts(&html, ".comment-text p"), ["Dòng một", "Xem https://example.vn <b>"]);
        assert_eq!(attribute(&html, ".comment-text a", "rel").as_deref(), Some("ugc nofollow noopener"));
        assert_eq!(texts(&html, ".discussion-count"), ["(1)"]);
        assert!(server.page("/").await.contains("Bà Tư"));
        assert_eq!(decide_comment(&server.store, &staff(), &code, &Verdict::Approve).await, Err(AppError::Conflict));
    }
}

on_both! {
    /// What looks like personal data is masked wherever others read it; moderators read what was sent.
    async fn personal_data_is_masked_for_readers(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let text = "Gọi tôi 0912 345 678, CCCD 001099012345 hoặc lan.nguyen@gmail.com nhé. Đã hỏi 1.234.567 đồng ngày 23/11/2026.";
        let code = server.comment(&slug, "Lan 0987654321", text).await;
        decide_comment(&server.store, &staff(), &code, &Verdict::Approve).await.unwrap();
        for path in [format!("/tin/{slug}"), "/".to_owned()] {
            let html = server.page(&path).await;
            for hidden in ["345 678", "001099", "lan.nguyen", "0987654"] {
                assert!(!html.contains(hidden), "{hidden} shows on {path}");
            }
            assert!(html.contains("09•• ••• •78"), "{path}");
        }
        assert!(server.page(&format!("/tin/{slug}")).await.contains("Đã hỏi 1.234.567 đồng ngày 23/11/2026."));
        let waiting = server.comment(&slug, "Lan", text).await;
        let rows = list_waiting(&server.store, &staff(), 10).await.unwrap();
        assert!(rows.iter().any(|row| row.code == waiting.replace('-', "") && row.text == text));
    }
}

on_both! {
    /// A rejected comment is nowhere, and its sender reads why.
    async fn a_rejected_comment_tells_its_sender_why(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let code = server.comment(&slug, "Ông Năm", "Bán hàng").await;
        let verdict = Verdict::Reject { reason: "Quảng cáo <không> liên quan".into() };
        let silent = Verdict::Reject { reason: " \u{200b} ".into() };
        let refused = decide_comment(&server.store, &staff(), &code, &silent).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "whoever is refused is told why");
        decide_comment(&server.store, &staff(), &code, &verdict).await.unwrap();
        let tracking = server.page(&format!("/theo-doi/{code}")).await;
        assert!(texts(&tracking, ".reason")[0].contains("Quảng cáo <không> liên quan"));
        assert!(!server.page(&format!("/tin/{slug}")).await.contains("Ông Năm"));
        decide_comment(&server.store, &staff(), &code, &Verdict::Approve).await.unwrap();
        decide_comment(&server.store, &staff(), &code, &verdict).await.unwrap();
        assert_eq!(texts(&server.page(&format!("/tin/{slug}")).await, ".discussion-count"), ["(0)"]);
    }
}

on_both! {
    /// What can't be taken comes back in the filled-in form, each field with its own message.
    async fn a_refused_form_keeps_what_was_typed(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let text = format!("\n</textarea><script>alert(1)</script>{}", "ế".repeat(2001));
        for lang in ["", "/en"] {
            let answer = server.post(&format!("{lang}/tin/{slug}"), &[("name", " "), ("email", "a@b"), ("text", &text)]).await;
            assert_eq!(answer.status(), 422);
            let html = answer.text().await.unwrap();
            assert_eq!(texts(&html, "title")[0], format!("{}: Tin một | Thi Đua", if lang.is_empty() { "Lỗi" } else { "Error" }));
            assert_eq!(texts(&html, ".field-error").len(), 3);
            assert_eq!(attribute(&html, "#ho-va-ten", "aria-invalid").as_deref(), Some("true"));
            assert_eq!(attribute(&html, "#e-mail", "value").as_deref(), Some("a@b"));
            assert_eq!(texts(&html, "textarea"), [text.trim()]);
            assert!(!html.contains("</textarea><script>"));
        }
        assert_eq!(list_waiting(&server.store, &staff(), 10).await.unwrap().len(), 0);
    }
}

on_both! {
    /// A doubled click, at once or later, is one comment; another text is another one.
    async fn the_same_sending_is_one_comment(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let path = format!("/tin/{slug}");
        let form = [("name", "Lan"), ("text", "Một ý kiến")];
        let answers = futures::future::join_all((0..8).map(|_| server.post(&path, &form))).await;
        let mut codes: Vec<_> = answers.iter().map(|answer| answer.headers()["location"].to_str().unwrap().to_owned()).collect();
        codes.push(format!("/theo-doi/{}", server.comment(&slug, "Lan", "Một ý kiến").await));
        codes.dedup();
        assert_eq!(codes.len(), 1, "{codes:?}");
        let keyed = [("name", "Lan"), ("text", "Một ý kiến"), ("key", "0123456789abcdef0123")];
        let first = server.post(&path, &keyed).await.headers()["location"].clone();
        assert_eq!(server.post(&path, &keyed).await.headers()["location"], first);
        server.comment(&slug, "Lan", "Ý kiến khác").await;
        assert_eq!(list_waiting(&server.store, &staff(), 10).await.unwrap().len(), 3);
    }
}

on_both! {
    /// A program that fills in what people can't see gets a receipt and nothing else; input in any Unicode form is one.
    async fn programs_are_ignored_and_text_is_composed(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let answer = server.post(&format!("/tin/{slug}"), &[("name", "Bot"), ("text", "Mua"), ("website", "x")]).await;
        assert_eq!(answer.status(), 303);
        server.comment(&slug, "Ye\u{302}\u{301}n\u{200b}", "Ke\u{302}\u{301}t\u{7} qua\u{309}").await;
        let waiting = list_waiting(&server.store, &staff(), 10).await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert_eq!((waiting[0].author_name.as_str(), waiting[0].text.as_str()), ("Yến", "Kết quả"));
    }
}

on_both! {
    /// Comments go on by fifty, in both orders, without a gap or a repeat.
    async fn long_discussions_are_paged_in_both_orders(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        for number in 0..110 {
            let code = server.comment(&slug, "Lan", &format!("Ý kiến {number}")).await;
            decide_comment(&server.store, &staff(), &code, &Verdict::Approve).await.unwrap();
        }
        for order in ["moi", "cu"] {
            let (mut address, mut seen) = (format!("/tin/{slug}?thu-tu={order}"), Vec::new());
            loop {
                let html = server.page(&address).await;
                let shown = texts(&html, ".comment-text");
                assert!(shown.len() <= 50);
                seen.extend(shown);
                let Some(next) = attribute(&html, "a.more-link[rel=next]", "href") else { break };
                address = next;
            }
            if order == "moi" {
                seen.reverse();
            }
            let expected: Vec<_> = (0..110).map(|number| format!("Ý kiến {number}")).collect();
            assert_eq!(seen, expected, "{order}");
        }
    }
}

on_both! {
    /// One sender over the limit is told when to try again, with the text still there.
    async fn too_many_from_one_sender_get_429_and_keep_their_text(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let path = format!("/tin/{slug}");
        let refused = loop {
            let answer = server.post(&path, &[("name", "Lan"), ("text", "Chữ còn đây")]).await;
            if answer.status() != 303 {
                break answer;
            }
        };
        assert_eq!(refused.status(), 429);
        assert!(refused.headers().contains_key("retry-after"));
        let html = refused.text().await.unwrap();
        assert_eq!(texts(&html, "textarea"), ["Chữ còn đây"]);
        assert!(texts(&html, ".form-errors")[0].contains("giây"));
    }
}

on_both! {
    /// Moderators who decide at the same moment, differently even, leave the count of what is shown right.
    async fn decisions_at_the_same_moment_leave_the_count_right(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let mut codes = Vec::new();
        for number in 0..12 {
            codes.push(server.comment(&slug, "Lan", &format!("Ý kiến {number}")).await);
        }
        let reject = Verdict::Reject { reason: "Lặp lại".into() };
        let (store, staff) = (&server.store, &staff());
        let decisions = codes.iter().flat_map(|code| [(code, &Verdict::Approve), (code, &reject), (code, &Verdict::Approve)]);
        futures::future::join_all(decisions.map(|(code, verdict)| decide_comment(store, staff, code, verdict))).await;
        let html = server.page(&format!("/tin/{slug}")).await;
        let shown = texts(&html, ".comment-text").len();
        assert_eq!(texts(&html, ".discussion-count"), [format!("({shown})")]);
    }
}

on_both! {
    /// Whatever is typed or forged gets a clear answer: nothing is lost, nothing is leaked, and nobody waits long for it.
    async fn what_is_hostile_gets_a_clear_answer(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        for nothing in ["", "   \n\t", "\u{200b}\u{200d}\u{feff}", "\u{202e}\u{202c}"] {
            let answer = server.post(&page, &[("name", "Lan"), ("text", nothing)]).await;
            assert_eq!(answer.status(), 422, "{nothing:?}");
        }
        let quotes = "> ".repeat(10_000);
        let answer = server.post(&page, &[("name", "Lan"), ("text", &format!("{quotes}Chữ còn đây"))]).await;
        assert_eq!(answer.status(), 422);
        assert!(answer.text().await.unwrap().contains("Chữ còn đây"), "what was typed is still there");
        for text in [">".repeat(2000), "> ".repeat(990) + "Lồng nhau", "\u{202e}Chữ ngược\u{202c}".into(), "e\u{302}\u{301}".repeat(2000)] {
            let code = server.comment(&slug, "Lan", &text).await;
            server.approve(&code).await;
        }
        let html = server.page(&page).await;
        assert_eq!(texts(&html, ".comment").len(), 4);
        assert!(!html.contains('\u{202e}') && html.contains("Chữ ngược"), "signs that turn the reading round are taken out");
        let known = server.comment(&slug, "Lan", "Đang chờ duyệt").await;
        for forged in ["AAAA-AAAA-AAAA", "%00", "..%2f..%2fetc", &"A".repeat(500), "' OR 1=1 --"] {
            let answer = server.get(&format!("/theo-doi/{}", forged.replace(' ', "%20"))).await;
            assert!(matches!(answer.status().as_u16(), 400 | 404), "{forged}: {}", answer.status());
        }
        for wrong in ["", "AAAA-AAAA-AAAA-AAAA", "đ".repeat(300).as_str()] {
            for what in ["mo", "sua", "rut", "khieu-nai", "chua-thoa-dang", "danh-gia", "tat-thu"] {
                let form = [("viec", what), ("ma-sua", wrong), ("text", "Chữ khác"), ("muc", "3"), ("email", "a@b.vn")];
                let answer = server.post(&format!("/theo-doi/{known}"), &form).await;
                let status = answer.status().as_u16();
                let said = answer.text().await.unwrap();
                assert!(status == 422 && !said.contains("Đang chờ duyệt"), "{what} {wrong:?}: {status}");
            }
        }
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE state = 'waiting'").await, 1);
    }
}
