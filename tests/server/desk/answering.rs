//! What becomes of a comment after it was decided: units answer, senders appeal, ask again and rate, the law erases.

use thidua::domain::account::Role;

use crate::harness::{Browser, Server, attribute, on_both, target, texts};

const QUEUE: &str = "/quan-tri/phan-hoi";

/// A comment as its sender has it: the receipt and the second code.
struct Own {
    code: String,
    edit: String,
    id: i64,
}

impl Own {
    fn path(&self) -> String {
        format!("/theo-doi/{}", self.code)
    }
}

async fn sent(server: &Server, slug: &str, name: &str, text: &str) -> Own {
    let form = [("name", name), ("text", text), ("key", "0123456789abcdef0123")];
    let (status, told) = server.browser().ask(&format!("/tin/{slug}"), &form).await;
    assert_eq!(status, 200);
    let id = server.number(&format!("SELECT id FROM comment WHERE author_name = '{name}'")).await;
    Own { code: told["code"].as_str().unwrap().into(), edit: told["edit"].as_str().unwrap().into(), id }
}

async fn own_post(server: &Server, own: &Own, fields: &[(&str, &str)]) -> (u16, String) {
    let mut form = vec![("ma-sua", own.edit.as_str())];
    form.extend_from_slice(fields);
    let answer = server.post(&own.path(), &form).await;
    let status = answer.status().as_u16();
    (status, if status == 303 { target(&answer) } else { answer.text().await.unwrap() })
}

async fn steps(server: &Server, own: &Own) -> Vec<String> {
    texts(&server.page(&own.path()).await, ".timeline .step-name")
}

async fn first_item(official: &Browser) -> String {
    attribute(&official.page(QUEUE).await, "[data-item]", "data-item").expect("something waits")
}

on_both! {
    /// A comment is passed to a unit with a day; the unit answers under its own name below the comment; its sender rates
    /// the answer and asks once more; each step stands on the tracking page with its time.
    async fn a_unit_answers_under_its_own_name(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let (page, office) = (format!("/tin/{slug}"), server.unit("Phòng Giáo dục", None).await);
        server.unit("Phòng Y tế", None).await;
        let lan = server.official("lan", &[(Role::Moderator, None)]).await;
        let hoa = server.official("hoa", &[(Role::UnitContributor, Some(&office))]).await;
        let minh = server.official("minh", &[(Role::UnitContributor, Some("phong-y-te"))]).await;
        let own = sent(&server, &slug, "Bà Tư", "Trường nào còn thiếu phòng học?").await;
        let (desk, answers) = (format!("/quan-tri/y-kien/{}", own.id), format!("/quan-tri/tra-loi/{}", own.id));
        assert_eq!(lan.post(&desk, &[("viec", "chuyen"), ("don-vi", &office)]).await.status(), 409, "it is not public yet");
        server.approve(&own.code).await;
        for (unit, due) in [("khong-co", ""), (office.as_str(), "32/13/2026"), (&office, "2020-01-01"), (&office, "2999-01-01")] {
            let refused = lan.post(&desk, &[("viec", "chuyen"), ("don-vi", unit), ("den-ngay", due), ("loi-nhan", "Xin xem giúp")]).await;
            assert_eq!(refused.status(), 422, "{unit} {due}");
            assert!(refused.text().await.unwrap().contains("Xin xem giúp"), "what was typed is still there");
        }
        let passed = lan.post(&desk, &[("viec", "chuyen"), ("don-vi", &office), ("loi-nhan", "Nội bộ: xem công văn 12")]).await;
        assert_eq!(passed.status(), 303);
        let shown = server.page(&page).await;
        let line = texts(&shown, ".comment-passed").concat();
        assert!(line.starts_with("Đã chuyển Phòng Giáo dục, hạn "), "{line}");
        assert!(!shown.contains("công văn 12"), "the note is for the unit alone");
        assert_eq!(minh.get(&answers).await.status(), 403, "another unit has nothing to do with it");
        assert_eq!(minh.post(&answers, &[("viec", "tra-loi"), ("don-vi", &office), ("body", "Chúng tôi")]).await.status(), 403);
        assert!(hoa.page("/quan-tri").await.contains("Trường nào còn thiếu phòng học?"), "it stands on the unit's first page");
        assert!(hoa.page(&answers).await.contains("công văn 12"));
        assert_eq!(hoa.post(&answers, &[("viec", "tra-loi"), ("don-vi", "phong-y-te"), ("body", "Chúng tôi")]).await.status(), 403);
        assert_eq!(hoa.post(&answers, &[("viec", "tra-loi"), ("don-vi", &office), ("body", " \u{200b}")]).await.status(), 422);
        let answer = [("viec", "tra-loi"), ("don-vi", office.as_str()), ("body", "Còn ba trường.\n\nLiên hệ 0210 3846 123.")];
        let (one, two) = tokio::join!(hoa.post(&answers, &answer), hoa.post(&answers, &answer));
        let mut both = [one.status().as_u16(), two.status().as_u16()];
        both.sort_unstable();
        assert_eq!(both, [303, 409], "two who answer at once: one is told");
        let shown = server.page(&page).await;
        assert_eq!(texts(&shown, ".official .comment-author"), ["Phòng Giáo dục"]);
        assert!(shown.contains("0210 3846 123"), "an office's own number is not masked");
        assert_eq!(texts(&shown, ".comment-passed").len(), 0);
        assert_eq!(texts(&server.page(&format!("/phan-hoi/{}", own.id)).await, ".official").len(), 1);

        let html = hoa.page(&answers).await;
        let (id, version) = (attribute(&html, "[name=cau]", "value").unwrap(), attribute(&html, "[name=ban]", "value").unwrap());
        let correct = [("viec", "sua"), ("cau", id.as_str()), ("ban", version.as_str()), ("body", "Còn hai trường.")];
        assert_eq!(hoa.post(&answers, &correct).await.status(), 303);
        assert_eq!(hoa.post(&answers, &[correct[0], correct[1], correct[2], ("body", "Còn một trường.")]).await.status(), 409, "corrected since");
        let shown = server.page(&page).await;
        assert!(shown.contains("Còn hai trường.") && texts(&shown, ".official .comment-edited").len() == 1);
        assert_eq!(server.number("SELECT COUNT(*) FROM official_answer_version WHERE text LIKE 'Còn ba trường.%'").await, 1);

        assert_eq!(own_post(&server, &own, &[("viec", "danh-gia")]).await.0, 422);
        assert_eq!(own_post(&server, &own, &[("viec", "danh-gia"), ("muc", "3")]).await.1, format!("{}?xong=danh-gia", own.path()));
        assert_eq!(own_post(&server, &own, &[("viec", "danh-gia"), ("muc", "1")]).await.0, 303, "one changes one's mind");
        assert_eq!(server.number("SELECT rating FROM official_answer").await, 1);
        let wrong = server.post(&own.path(), &[("viec", "chua-thoa-dang"), ("ma-sua", "SAI"), ("text", "Chưa rõ tên trường")]).await;
        assert_eq!(wrong.status(), 422);
        assert!(wrong.text().await.unwrap().contains("Chưa rõ tên trường"));
        let again = [("viec", "chua-thoa-dang"), ("text", "Chưa rõ tên trường")];
        assert_eq!(own_post(&server, &own, &again).await.0, 303);
        assert_eq!(own_post(&server, &own, &again).await.0, 409, "once");
        assert!(!server.page(&page).await.contains("Chưa rõ tên trường"), "what the sender says is for the unit");
        assert!(hoa.page(&answers).await.contains("Chưa rõ tên trường"));
        assert_eq!(texts(&server.page(&page).await, ".comment-passed").len(), 1);
        assert_eq!(hoa.post(&answers, &answer).await.status(), 303);
        assert_eq!(texts(&server.page(&page).await, ".official").len(), 2);
        let told = steps(&server, &own).await;
        let unit = "Phòng Giáo dục đã trả lời";
        assert_eq!(told[..2], ["Đã nhận".to_owned(), "Đã hiển thị".to_owned()]);
        for step in [unit, "Người gửi thấy chưa thoả đáng", "Người gửi đánh giá: Không hài lòng"] {
            assert!(told.iter().any(|told| told == step), "{step}: {told:?}");
        }
        assert_eq!(told.iter().filter(|step| step.starts_with("Đã chuyển Phòng Giáo dục")).count(), 2);
        assert_eq!(lan.post(&desk, &[("viec", "chuyen"), ("don-vi", &office)]).await.status(), 303);
        assert!(hoa.page("/quan-tri/tra-loi").await.contains("Trường nào còn thiếu phòng học?"));
        let withdrawn = [("viec", "rut"), ("cau", id.as_str()), ("ly-do", "Nhầm phản hồi")];
        assert_eq!(hoa.post(&answers, &withdrawn).await.status(), 303);
        assert_eq!(texts(&server.page(&page).await, ".official").len(), 1);
        assert!(server.page("/chinh-sach/kiem-duyet").await.contains("Các đơn vị đã trả lời 1 phản hồi."), "the policy page counts the answers");
        assert_eq!(own_post(&server, &own, &[("viec", "rut")]).await.0, 303);
        assert!(!hoa.page("/quan-tri/tra-loi").await.contains("Trường nào"), "what was withdrawn is asked of nobody");
        assert_eq!(texts(&server.page(&page).await, ".official").len(), 0);
    }
}

on_both! {
    /// A rejection is appealed once, with the second code; whoever rejected does not decide about it; the other one grants
    /// or refuses it, and takes that back within a minute.
    async fn a_rejection_is_looked_at_again_by_somebody_else(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let (lan, hoa) = (server.official("lan", &[(Role::Moderator, None)]).await, server.official("hoa", &[(Role::Moderator, None)]).await);
        let own = sent(&server, &slug, "Bà Tư", "Vì sao chưa có đường?").await;
        assert_eq!(own_post(&server, &own, &[("viec", "khieu-nai"), ("text", "Xin xem lại")]).await.0, 409, "nothing is rejected yet");
        let item = first_item(&lan).await;
        let reject = |id: &str| vec![("tu-choi".to_owned(), id.to_owned()), (format!("ly-do-{id}"), "off-topic".to_owned())];
        let as_form = |fields: &[(String, String)]| fields.iter().map(|(a, b)| (a.clone(), b.clone())).collect::<Vec<_>>();
        let post = |who, fields: Vec<(String, String)>| async move {
            let who: &Browser = who;
            let fields: Vec<_> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            who.post(QUEUE, &fields).await
        };
        assert_eq!(post(&lan, as_form(&reject(&item))).await.status(), 303);
        let tracked = server.page(&own.path()).await;
        assert!(tracked.contains("khieu-nai"), "how to appeal stands there");
        for empty in ["", " \u{200b}\n"] {
            assert_eq!(own_post(&server, &own, &[("viec", "khieu-nai"), ("text", empty)]).await.0, 422);
        }
        let stranger = [("viec", "khieu-nai"), ("ma-sua", "AAAA-AAAA-AAAA-AAAA"), ("text", "Tôi không có mã")];
        let refused = server.post(&own.path(), &stranger).await;
        assert_eq!(refused.status(), 422);
        let refused = refused.text().await.unwrap();
        assert_eq!(texts(&refused, "h1 + [role=alert]"), ["Mã sửa không đúng với mã biên nhận này."], "at the top");
        let appeal = [("viec", "khieu-nai"), ("text", "Câu hỏi này về đường trong bài.")];
        let (one, two) = tokio::join!(own_post(&server, &own, &appeal), own_post(&server, &own, &appeal));
        assert_eq!([one.0, two.0].iter().sum::<u16>(), 303 + 409, "the second click is no second appeal");
        assert!(!server.page(&page).await.contains("về đường trong bài"));
        let item = first_item(&lan).await;
        let theirs = texts(&lan.page(QUEUE).await, ".queue-item").concat();
        assert!(theirs.contains("Câu hỏi này về đường trong bài.") && theirs.contains("Chính bạn đã từ chối"), "{theirs}");
        let others = hoa.page(QUEUE).await;
        let item_text = texts(&others, ".queue-item").concat();
        assert!(item_text.contains("đã từ chối, với lý do") && item_text.contains("Không liên quan"), "what was decided: {item_text}");
        assert_eq!(texts(&others, ".queue-item button[name=duyet]").len(), 1);
        assert!(texts(&lan.page(QUEUE).await, ".queue-item button").is_empty());
        let (_, told) = lan.ask(QUEUE, &[("duyet", &item)]).await;
        assert_eq!(told["own"].as_array().unwrap().len(), 1, "{told}");
        let sentence = target(&lan.post(QUEUE, &[("duyet", &item)]).await);
        assert!(lan.page(&sentence).await.contains("một người khác phải xem khiếu nại"));
        assert_eq!(post(&hoa, as_form(&reject(&item))).await.status(), 303);
        assert_eq!(steps(&server, &own).await.last().unwrap(), "Khiếu nại không được chấp nhận");
        assert_eq!(hoa.post(QUEUE, &[("viec", "hoan-tac"), ("muc", &item)]).await.status(), 303);
        assert_eq!(first_item(&hoa).await, item, "it waits again");
        assert_eq!(steps(&server, &own).await.last().unwrap(), "Người gửi khiếu nại");
        assert_eq!(hoa.post(QUEUE, &[("duyet", &item)]).await.status(), 303);
        assert_eq!(texts(&server.page(&page).await, ".comment-author"), ["Bà Tư"]);
        assert_eq!(hoa.post(QUEUE, &[("viec", "hoan-tac"), ("muc", &item)]).await.status(), 303);
        assert_eq!(texts(&server.page(&page).await, ".comment").len(), 0);
        let tracked = server.page(&own.path()).await;
        assert_eq!(texts(&tracked, ".reason p")[1], "Không liên quan đến nội dung của trang", "it is rejected as it was");
        assert_eq!(hoa.post(QUEUE, &[("duyet", &item)]).await.status(), 303);
        assert!(steps(&server, &own).await.iter().any(|step| step == "Khiếu nại được chấp nhận"));
        assert_eq!(own_post(&server, &own, &appeal).await.0, 409, "one appeal");
        let log = hoa.page("/quan-tri/nhat-ky-kiem-duyet.csv").await;
        for action in ["appeal", "refuse-appeal", "grant-appeal", "undo"] {
            assert!(log.contains(action), "{action}");
        }
        assert!(!log.contains("về đường trong bài"), "the log goes without what was said");
    }
}

on_both! {
    /// A decision is reversed later by a new one; an erasure by law takes words and names, of the comment and of all that
    /// hangs on it, and leaves the decisions.
    async fn what_was_decided_is_decided_anew_and_the_law_erases(server: Server) {
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let page = format!("/tin/{slug}");
        let unit = server.unit("Phòng Nội vụ", None).await;
        let lan = server.official("lan", &[(Role::Moderator, None)]).await;
        let hoa = server.official("hoa", &[(Role::Moderator, Some(&unit))]).await;
        let own = sent(&server, &slug, "Bà Tư Kín", "Chuyện riêng của Kín").await;
        let desk = format!("/quan-tri/y-kien/{}", own.id);
        server.approve(&own.code).await;
        server.send_answer(&slug, &own.id.to_string(), "Ông Năm").await;
        let reply = server.number("SELECT id FROM comment WHERE author_name = 'Ông Năm'").await;
        assert_eq!(lan.post(&format!("/quan-tri/y-kien/{reply}"), &[("viec", "duyet")]).await.status(), 303);
        assert_eq!(own_post(&server, &own, &[("viec", "sua"), ("text", "Chuyện Kín đã sửa")]).await.0, 303);
        assert_eq!(server.browser().post(&format!("/phan-hoi/{}", own.id), &[("viec", "bao"), ("ly-do", "personal-data"), ("ghi-chu", "Lộ tên Kín")]).await.status(), 303);
        assert_eq!(lan.post(&desk, &[("viec", "tu-choi")]).await.status(), 422, "a rejection needs a reason");
        let away = [("viec", "tu-choi"), ("ly-do", "personal-data"), ("ghi-chu", "")];
        assert_eq!(lan.post(&desk, &away).await.status(), 303);
        assert_eq!(lan.post(&desk, &away).await.status(), 409, "it is so already");
        assert_eq!(lan.post(&desk, &[("viec", "duyet")]).await.status(), 303);
        assert_eq!(texts(&server.page(&page).await, ".comment-author").len(), 2);
        assert_eq!(server.number(&format!("SELECT COUNT(*) FROM decision WHERE subject_kind = 'comment' AND subject_id = {}", own.id)).await, 3);
        for path in [desk.as_str(), "/quan-tri/ly-do"] {
            assert_eq!(hoa.get(path).await.status(), 403, "{path}: of the whole portal");
        }
        for words in ["kín", "BA TU", "Chuyện", &own.code, "không có đâu", "%"] {
            let found = texts(&lan.page(&format!("/quan-tri/y-kien?q={}", words.replace('%', "%25").replace(' ', "+"))).await, ".desk-item").len();
            assert_eq!(found > 0, !["không có đâu", "%"].contains(&words), "{words}");
        }
        assert_eq!(lan.post(&desk, &[("viec", "xoa"), ("can-cu", " ")]).await.status(), 422, "a basis is needed");
        assert_eq!(hoa.post(&desk, &[("viec", "xoa"), ("can-cu", "Luật")]).await.status(), 403);
        assert_eq!(lan.post(&desk, &[("viec", "xoa"), ("can-cu", "Luật 91/2025/QH15, điều 14")]).await.status(), 303);
        let shown = server.page(&page).await;
        assert!(!shown.contains("Kín") && texts(&shown, ".comment-gone").len() == 1, "its place stays for the answer");
        assert_eq!(texts(&shown, ".comment-author"), ["Ông Năm"]);
        for (table, column) in [("comment", "text"), ("comment", "html"), ("comment", "author_name"), ("comment_edit", "text"), ("comment_report", "note")] {
            let left = server.number(&format!("SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%Kín%'")).await;
            assert_eq!(left, 0, "{table}.{column}");
        }
        assert_eq!(steps(&server, &own).await.last().unwrap(), "Xoá nội dung theo luật");
        assert_eq!(server.number(&format!("SELECT COUNT(*) FROM decision WHERE subject_id = {} AND action IN ('approve', 'reject', 'erase')", own.id)).await, 4);
        for what in ["duyet", "xoa"] {
            assert_eq!(lan.post(&desk, &[("viec", what), ("can-cu", "Luật")]).await.status(), 409, "{what}: it is gone");
        }
        assert_eq!(own_post(&server, &own, &[("viec", "sua"), ("text", "Lại Kín")]).await.0, 422);
    }
}

on_both! {
    /// The reasons are a dated list: a changed one is a new one, what was decided keeps the old words, and one that has
    /// ended is offered no longer.
    async fn the_reasons_are_kept_as_a_dated_list(server: Server) {
        const PATH: &str = "/quan-tri/ly-do";
        let slug = server.publish("Tin một\n\nĐoạn một.").await;
        let lan = server.official("lan", &[(Role::Moderator, None)]).await;
        let own = sent(&server, &slug, "Bà Tư", "Bán đất").await;
        let item = first_item(&lan).await;
        assert_eq!(lan.post(QUEUE, &[("tu-choi", &item), (&format!("ly-do-{item}"), "advertising")]).await.status(), 303);
        let id = server.number("SELECT id FROM moderation_reason WHERE code = 'advertising'").await.to_string();
        assert_eq!(lan.post(PATH, &[("viec", "luu"), ("id", &id), ("title", " "), ("body", "Ads")]).await.status(), 422);
        let change = [("viec", "luu"), ("id", id.as_str()), ("title", "Rao vặt"), ("body", "Classified advertising"), ("thu-tu", "1")];
        let (one, two) = tokio::join!(lan.post(PATH, &change), lan.post(PATH, &change));
        assert_eq!(one.status().as_u16() + two.status().as_u16(), 303 + 409);
        let policy = server.page("/chinh-sach/kiem-duyet").await;
        assert!(policy.contains("Rao vặt") && !policy.contains("Quảng cáo, mua bán"));
        assert_eq!(texts(&server.page(&own.path()).await, ".reason p")[1], "Quảng cáo, mua bán hoặc dẫn sang trang lạ");
        assert_eq!(lan.post(PATH, &[("viec", "luu"), ("title", "Sai chỗ"), ("body", "Wrong place")]).await.status(), 303);
        assert!(server.page("/en/chinh-sach/kiem-duyet").await.contains("Wrong place"));
        let other = server.number("SELECT id FROM moderation_reason WHERE code = 'other'").await.to_string();
        assert_eq!(lan.post(PATH, &[("viec", "dung"), ("id", &other)]).await.status(), 409, "there is always another reason");
        let off = server.number("SELECT id FROM moderation_reason WHERE code = 'off-topic'").await.to_string();
        assert_eq!(lan.post(PATH, &[("viec", "dung"), ("id", &off)]).await.status(), 303);
        sent(&server, &slug, "Ông Năm", "Hỏi chuyện khác").await;
        let item = first_item(&lan).await;
        let ended = lan.post(QUEUE, &[("tu-choi", &item), (&format!("ly-do-{item}"), "off-topic")]).await;
        assert_eq!(ended.status(), 422, "it is no longer in force");
        assert_eq!(server.number("SELECT COUNT(*) FROM moderation_reason WHERE ends IS NOT NULL").await, 2);
        let units = texts(&lan.page(&format!("{QUEUE}?don-vi=99999")).await, ".queue-item").len();
        assert_eq!(units, 0, "a unit on whose pages nothing waits");
    }
}
