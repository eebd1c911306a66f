//! The way of a text to the public, and what the public then sees of it.

use std::time::{Duration, Instant as Clock};

use thidua::domain::account::Role;
use thidua::server::accept::publish_on_time;
use thidua::server::clock::now;
use thidua::server::services::publication::publish_due;

use super::{WHOLE, begin, borrowed, keep, public_page, save, step, submit, try_step, two, typed};
use crate::harness::{Browser, Server, attribute, on_both, target, texts};

const HOUR: i64 = 3_600_000;

/// An hour from now, or another time, as browsers write it.
fn local(ms: i64) -> String {
    now().plus_ms(ms).local_minute()
}

/// Opens the public text for a correction and saves it changed.
async fn correct(browser: &Browser, editor: &str, changes: &[(&str, &str)]) {
    assert_eq!(browser.post(editor, &[("viec", "sua")]).await.status(), 303);
    save(browser, editor, changes).await;
}

/// Publishes a whole text and gives the path of its editor and its page.
async fn publish(lan: &Browser, minh: &Browser, changes: &[(&str, &str)]) -> (String, String) {
    let all: Vec<_> = WHOLE
        .iter()
        .copied()
        .filter(|(name, _)| !changes.iter().any(|(other, _)| other == name))
        .chain(changes.iter().copied())
        .collect();
    let editor = submit(lan, &all).await;
    step(minh, &editor, "xuat-ban", &[]).await;
    let page = public_page(minh, &editor).await;
    (editor, page)
}

on_both! {
    /// The whole way: from a Word file through a second pair of eyes and back, to its hour, to a correction with its note.
    async fn a_word_file_goes_the_whole_way_to_the_public_and_is_corrected(server: Server) {
        let (lan, minh) = two(&server).await;
        let word = include_bytes!("../../fixtures/word.docx");
        let editor = begin(&lan).await;
        // What was typed since it was saved comes along.
        let form = typed(&lan, &editor, &[("author_line", "Ban Biên tập")]).await;
        let read = lan.upload(&format!("{editor}/word"), &borrowed(&form), "Kế hoạch.docx", word).await;
        assert_eq!((read.status().as_u16(), target(&read)), (303, format!("{editor}?tu-word=")));
        let html = lan.page(&editor).await;
        let body = texts(&html, "textarea#body").concat();
        let title = texts(&html, "#title").concat();
        assert!(body.len() > 200, "{body}");
        let (status, said) = lan.ask_upload("/quan-tri/word", "a.docx", word).await;
        assert_eq!((status, said["markdown"].as_str().map(str::trim)), (200, Some(body.trim())), "both ways read the same");
        let picture = body.split("](/tep/").nth(1).map(|rest| format!("/tep/{}", rest.split([')', ' ']).next().unwrap()));
        if let Some(picture) = &picture {
            assert_eq!(server.get(picture).await.status(), 200, "its pictures are stored");
        }
        let title = if title.is_empty() { "Kế hoạch thi đua".to_owned() } else { title };
        save(&lan, &editor, &[("title", &title), ("lead", "Lời dẫn của bài.")]).await;

        let own = try_step(&lan, &editor, "xuat-ban", &[]).await;
        assert_eq!(own.status(), 409, "a draft is not published");
        step(&lan, &editor, "gui-duyet", &[]).await;
        assert_eq!(try_step(&lan, &editor, "xuat-ban", &[]).await.status(), 403, "nor by its writer");
        assert!(lan.page("/quan-tri").await.contains("da-gui") && minh.page("/quan-tri").await.contains("cho-duyet"));
        assert_eq!(try_step(&minh, &editor, "tra-lai", &[("notes", " ")]).await.status(), 422, "whoever sends back says why");
        step(&minh, &editor, "tra-lai", &[("notes", "Bổ sung <số liệu> quý hai.")]).await;
        assert!(texts(&lan.page(&editor).await, "[role=note]").concat().contains("Bổ sung <số liệu> quý hai."));
        assert!(lan.page("/quan-tri").await.contains("tra-lai"));
        save(&lan, &editor, &[("source", "Sở Nội vụ")]).await;
        step(&lan, &editor, "gui-duyet", &[]).await;

        for bad in ["", "2020-01-01T08:00", "2099-01-01T08:00", "hôm nay"] {
            assert_eq!(try_step(&minh, &editor, "hen-gio", &[("hour", bad)]).await.status(), 422, "{bad}");
        }
        step(&minh, &editor, "hen-gio", &[("hour", &local(2 * HOUR))]).await;
        assert_eq!(publish_due(&server.store).await, Ok(0), "its hour has not come");
        assert!(!server.page("/tin").await.contains("teaser-title"));
        server.run_sql("UPDATE revision SET scheduled_at = 1 WHERE state = 'scheduled'").await;
        assert_eq!(publish_due(&server.store).await, Ok(1));
        let page = public_page(&lan, &editor).await;
        let html = server.page(&page).await;
        assert_eq!(texts(&html, "h1"), [title.trim()]);
        assert!(server.page("/tin").await.contains(title.trim()) && html.contains("Sở Nội vụ"));

        correct(&lan, &editor, &[("body", &format!("{body}\n\nĐoạn bổ sung sau cùng.")), ("change_note", "Bổ sung đoạn cuối <b>")]).await;
        step(&lan, &editor, "gui-duyet", &[]).await;
        let still = server.page(&page).await;
        assert!(!still.contains("Đoạn bổ sung") && !still.contains("Bổ sung đoạn"), "the public reads the old text until then");
        assert!(texts(&minh.page(&format!("{editor}/xuat-ban")).await, "ins").concat().contains("bổ sung sau cùng"));
        step(&minh, &editor, "xuat-ban", &[]).await;
        let html = server.page(&page).await;
        assert!(html.contains("Đoạn bổ sung sau cùng."));
        assert!(texts(&html, ".change-notes li").concat().contains("Bổ sung đoạn cuối <b>"));
        assert_eq!(texts(&html, ".update-note"), ["Cập nhật: Bổ sung đoạn cuối <b>"], "and at once above the text");
        let same = begin(&lan).await;
        save(&lan, &same, &[("title", &title), ("lead", "Lời."), ("body", "Chữ.")]).await;
        assert!(lan.page(&format!("{same}/xuat-ban")).await.contains("Đã có một tin cùng tên"));
        // A picture of which nobody says what it shows stops a publication, but not an emergency.
        save(&lan, &same, &[("title", "Tin có ảnh"), ("body", "Chữ.\n\n![](/tep/x.jpg)")]).await;
        step(&lan, &same, "gui-duyet", &[]).await;
        for task in ["xuat-ban", "duyet"] {
            let refused = try_step(&minh, &same, task, &[]).await;
            assert_eq!(refused.status(), 422, "{task}");
            assert!(texts(&refused.text().await.unwrap(), ".form-errors").concat().contains("phải sửa"));
        }
        let history = lan.page(&format!("{editor}/lich-su")).await;
        assert!(history.contains("Bổ sung đoạn cuối &lt;b&gt;") && history.contains("Minh"));
        let diff = lan.page(&format!("{editor}/so-sanh?tu=1&den=2")).await;
        assert!(texts(&diff, "ins").concat().contains("bổ sung sau cùng"), "{:?}", texts(&diff, "ins"));
        assert_eq!(texts(&diff, "del").concat(), "");
        let back = lan.page(&format!("{editor}/so-sanh?tu=2&den=1")).await;
        assert!(texts(&back, "del").concat().contains("bổ sung sau cùng"));
        for missing in ["?tu=1&den=9", "?tu=x", ""] {
            assert_eq!(lan.get(&format!("{editor}/so-sanh{missing}")).await.status(), 404, "{missing}");
        }
    }
}

on_both! {
    /// What is scheduled is published once, whatever number of servers look, also after all of them were away.
    async fn what_is_due_is_published_once_by_however_many_servers(server: Server) {
        let (lan, minh) = two(&server).await;
        let mut pages = Vec::new();
        for number in 0..3 {
            let editor = submit(&lan, &[("title", &*format!("Tin hẹn {number}")), ("lead", "Lời."), ("body", "Thân.")]).await;
            step(&minh, &editor, "duyet", &[]).await;
            step(&minh, &editor, "hen-gio", &[("hour", &local(HOUR))]).await;
            pages.push(format!("/tin/tin-hen-{number}"));
        }
        for page in &pages {
            assert_eq!(server.get(page).await.status(), 404);
        }
        let second = server.beside(Some(8)).await;
        server.run_sql("UPDATE revision SET scheduled_at = 1 WHERE state = 'scheduled'").await;
        let looks = (0..6).map(|number| publish_due(if number % 2 == 0 { &server.store } else { &second.store }));
        let published: usize = futures::future::join_all(looks).await.into_iter().map(Result::unwrap).sum();
        assert_eq!(published, 3);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE action = 'publish'").await, 3);
        for page in &pages {
            assert_eq!(second.get(page).await.status(), 200);
            assert_eq!(server.get(page).await.status(), 200);
        }

        let editor = submit(&lan, &[("title", "Tin đêm"), ("lead", "Lời."), ("body", "Thân.")]).await;
        step(&minh, &editor, "hen-gio", &[("hour", &local(HOUR))]).await;
        server.run_sql(&format!("UPDATE revision SET scheduled_at = {} WHERE state = 'scheduled'", now().0 + 1000)).await;
        let (began, later) = (Clock::now(), server.beside(None).await);
        let jobs = [tokio::spawn(publish_on_time(later.store.clone())), tokio::spawn(publish_on_time(server.store.clone()))];
        while later.get("/tin/tin-dem").await.status() != 200 {
            assert!(began.elapsed() < Duration::from_secs(6), "five seconds are promised");
        }
        jobs.iter().for_each(tokio::task::JoinHandle::abort);
        assert!(began.elapsed() >= Duration::from_millis(900), "not before its hour");
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE action = 'publish'").await, 4);
    }
}

on_both! {
    /// A scheduled text that is taken back or sent back before its hour stays where it is; a broken one keeps no other back.
    async fn what_is_taken_back_is_not_published(server: Server) {
        let (lan, minh) = two(&server).await;
        let taken = submit(&lan, &WHOLE).await;
        step(&minh, &taken, "hen-gio", &[("hour", &local(HOUR))]).await;
        assert_eq!(lan.post(&taken, &[("viec", "lay-lai")]).await.status(), 303);
        let returned = submit(&lan, &WHOLE).await;
        step(&minh, &returned, "hen-gio", &[("hour", &local(HOUR))]).await;
        step(&minh, &returned, "tra-lai", &[("notes", "Chờ số liệu")]).await;
        server.run_sql("UPDATE revision SET scheduled_at = 1 WHERE scheduled_at IS NOT NULL").await;
        assert_eq!(publish_due(&server.store).await, Ok(0));
        let (old, seen) = (submit(&lan, &WHOLE).await, minh.page(&format!("{}/xuat-ban", taken)).await);
        assert!(seen.contains("kiem-tra"));
        let version = attribute(&minh.page(&format!("{old}/xuat-ban")).await, "input[name=version]", "value").unwrap();
        assert_eq!(lan.post(&old, &[("viec", "lay-lai")]).await.status(), 303);
        save(&lan, &old, &[("body", "Đã khác hẳn.")]).await;
        step(&lan, &old, "gui-duyet", &[]).await;
        let answer = try_step(&minh, &old, "xuat-ban", &[("version", &version)]).await;
        assert_eq!(answer.status(), 409, "who decides decides about what they saw");
        let twice = futures::future::join_all((0..4).map(|_| try_step(&minh, &old, "xuat-ban", &[]))).await;
        assert_eq!(twice.iter().filter(|answer| answer.status() == 303).count(), 1);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE action = 'publish'").await, 1);
    }
}

on_both! {
    /// A changed address leads on from the old one, which nobody else gets.
    async fn an_old_address_leads_to_the_new_one(server: Server) {
        let (lan, minh) = two(&server).await;
        let (editor, page) = publish(&lan, &minh, &[]).await;
        assert_eq!(page, "/tin/tin-mot");
        assert_eq!(server.get("/tin").await.status(), 200);
        assert_eq!(try_step(&lan, &editor, "dia-chi", &[("slug", "tin-moi")]).await.status(), 403, "readers know it: a publisher's business");
        let wrong = try_step(&minh, &editor, "dia-chi", &[("slug", "Tin Mới")]).await;
        assert_eq!(wrong.status(), 422);
        step(&minh, &editor, "dia-chi", &[("slug", "tin-moi")]).await;
        step(&minh, &editor, "dia-chi", &[("slug", "tin-moi-hon")]).await;
        for (old, new) in [("/tin/tin-mot", "/tin/tin-moi-hon"), ("/en/tin/tin-moi", "/en/tin/tin-moi-hon")] {
            let answer = server.get(old).await;
            assert_eq!((answer.status().as_u16(), target(&answer).as_str()), (308, new));
        }
        assert!(server.page("/tin").await.contains("/tin/tin-moi-hon"), "lists lead there at once");
        assert!(server.page("/sitemap.xml").await.contains("tin-moi-hon"));
        let api = server.get("/api/announcement/read?slug=tin-mot&order=Newest").await;
        assert!(!api.status().is_redirection(), "the client is told, not led: {}", api.status());
        let (_, other) = publish(&lan, &minh, &[]).await;
        assert_eq!(other, "/tin/tin-mot-2", "the old address is not given away");
        let (editor_of_word, word) = publish(&lan, &minh, &[("title", "Nhập ngũ năm nay")]).await;
        assert_eq!(word, "/tin/nhap-ngu-nam-nay");
        correct(&lan, &editor_of_word, &[("title", "Nhập ngũ năm sau")]).await;
        step(&lan, &editor_of_word, "gui-duyet", &[]).await;
        step(&minh, &editor_of_word, "xuat-ban", &[]).await;
        assert!(server.page(&word).await.contains("Nhập ngũ năm sau"), "a correction does not change the address");
        step(&minh, &editor, "dia-chi", &[("slug", "tin-mot")]).await;
        assert_eq!(server.get("/tin/tin-mot").await.status(), 200, "its own old address it may have back");
        assert_eq!(target(&server.get("/tin/tin-moi").await), "/tin/tin-mot");
        assert_eq!(target(&server.get("/tin/tin-moi-hon").await), "/tin/tin-mot");
    }
}

on_both! {
    /// What is withdrawn says why and what to read instead, or leads there; made public again it is as it was.
    async fn what_is_withdrawn_says_why_and_what_to_read_instead(server: Server) {
        let (lan, minh) = two(&server).await;
        let (editor, page) = publish(&lan, &minh, &[("tags", "Một nhãn")]).await;
        let (_, better) = publish(&lan, &minh, &[("title", "Tin tốt hơn")]).await;
        assert_eq!(server.get(&page).await.status(), 200);
        assert_eq!(try_step(&lan, &editor, "rut", &[("reason", "Sai")]).await.status(), 403);
        for (form, why) in [(vec![("reason", " ")], "no reason"), (vec![("reason", "Sai"), ("replaced_by", "khong-co")], "nothing there"), (vec![("reason", "Sai"), ("replaced_by", &page[5..])], "itself")] {
            assert_eq!(try_step(&minh, &editor, "rut", &form).await.status(), 422, "{why}");
        }
        let published = server.number("SELECT published_at FROM revision WHERE title = 'Tin một'").await;
        let address = format!("{}{better}", server.base);
        step(&minh, &editor, "rut", &[("reason", "Số liệu <sai>"), ("replaced_by", &address)]).await;
        let answer = server.get(&page).await;
        assert_eq!(answer.status(), 410);
        let html = answer.text().await.unwrap();
        assert!(html.contains("Số liệu &lt;sai&gt;") && html.contains(&format!("href=\"{better}\"")), "{html}");
        assert!(!html.contains("Đoạn một"));
        for list in ["/", "/tin", "/rss.xml", "/sitemap.xml", "/tim-kiem?q=doan", "/nhan/mot-nhan"] {
            assert!(!server.get(list).await.text().await.unwrap().contains(&format!("{page}\"")), "{list}");
        }
        assert_eq!(try_step(&minh, &editor, "rut", &[("reason", "Nữa")]).await.status(), 409);
        step(&minh, &editor, "cong-khai-lai", &[]).await;
        assert_eq!(server.get(&page).await.status(), 200);
        assert!(server.page("/nhan/mot-nhan").await.contains(&page));
        assert_eq!(server.number("SELECT published_at FROM revision WHERE title = 'Tin một'").await, published, "it was published when it was");
        step(&minh, &editor, "rut", &[("reason", "Gộp vào tin khác"), ("replaced_by", &better), ("moved", "1")]).await;
        let answer = server.get(&format!("/en{page}")).await;
        assert_eq!((answer.status().as_u16(), target(&answer)), (308, format!("/en{better}")));
        let better_editor = target(&minh.get(&format!("/quan-tri/sua/{}", &better[5..])).await);
        let ring = [("reason", "Vòng tròn"), ("replaced_by", page.as_str()), ("moved", "1")];
        let ring = try_step(&minh, &better_editor, "rut", &ring).await;
        assert_eq!(ring.status(), 422, "two that lead to each other lead nowhere");
        correct(&lan, &editor, &[("body", "Viết lại từ đầu.")]).await;
        step(&lan, &editor, "gui-duyet", &[]).await;
        step(&minh, &editor, "xuat-ban", &[]).await;
        assert!(server.page(&page).await.contains("Viết lại từ đầu."), "a new text makes it public again");
    }
}

on_both! {
    /// What is archived is still there to read, says so, and stands in no list; put back it stands there as before.
    async fn what_is_archived_is_read_and_not_listed(server: Server) {
        let (lan, minh) = two(&server).await;
        let (editor, page) = publish(&lan, &minh, &[("title", "Tin lưu kho"), ("tags", "Một nhãn")]).await;
        let lists = ["/", "/tin", "/rss.xml", "/sitemap.xml", "/tim-kiem?q=luu+kho", "/nhan/mot-nhan"];
        for list in lists {
            assert!(server.get(list).await.text().await.unwrap().contains(&page), "{list}");
        }
        assert_eq!(try_step(&minh, &editor, "bo-luu-tru", &[]).await.status(), 409);
        step(&minh, &editor, "luu-tru", &[]).await;
        assert_eq!(try_step(&minh, &editor, "luu-tru", &[]).await.status(), 409);
        let html = server.page(&page).await;
        assert!(html.contains("Đoạn một") && texts(&html, ".archived").len() == 1);
        for list in lists {
            assert!(!server.get(list).await.text().await.unwrap().contains(&page), "{list}");
        }
        correct(&lan, &editor, &[("body", "Bí mật chưa công bố.")]).await;
        step(&minh, &editor, "bo-luu-tru", &[]).await;
        for list in lists {
            assert!(server.get(list).await.text().await.unwrap().contains(&page), "{list}");
        }
        let found = async |words: &str| texts(&server.page(&format!("/tim-kiem?q={words}")).await, ".search-count").len();
        assert_eq!((found("bi+mat").await, found("doan+hai").await), (0, 1), "a draft is not found by the public");
    }
}

on_both! {
    /// One person alone may publish in an emergency, with a reason, and it stands in a list until another one has looked.
    async fn an_emergency_stands_in_a_list_until_somebody_has_looked(server: Server) {
        let (_, minh) = two(&server).await;
        let hoa = server.official("hoa", &[(Role::Publisher, None)]).await;
        let editor = begin(&minh).await;
        save(&minh, &editor, &[("title", "Tin khẩn"), ("lead", "Lời."), ("body", "Bão đổi hướng.")]).await;
        step(&minh, &editor, "gui-duyet", &[]).await;
        let refused = try_step(&minh, &editor, "xuat-ban", &[]).await;
        assert_eq!(refused.status(), 403);
        assert!(texts(&refused.text().await.unwrap(), ".form-errors").concat().contains("Bạn đã viết bài này"));
        assert_eq!(try_step(&minh, &editor, "khan-cap", &[("notes", "")]).await.status(), 422);
        step(&minh, &editor, "khan-cap", &[("notes", "Bão, không ai trực")]).await;
        assert!(server.page("/tin").await.contains("Tin khẩn"));
        for page in ["/quan-tri/khan-cap", &format!("{editor}/xuat-ban")] {
            assert!(!minh.page(page).await.contains("da-xem"), "nobody is asked to look at what they did themselves");
            assert!(hoa.page(page).await.contains("da-xem"));
        }
        assert!(hoa.page("/quan-tri").await.contains("Tin khẩn") && hoa.page("/quan-tri/khan-cap").await.contains("Tin khẩn"));
        assert!(hoa.page(&format!("{editor}/lich-su")).await.contains("Bão, không ai trực"));
        assert_eq!(try_step(&minh, &editor, "da-xem", &[]).await.status(), 409, "not by oneself");
        let page = hoa.page(&format!("{editor}/xuat-ban")).await;
        assert!(page.contains("value=\"da-xem\"") && page.contains("Bão, không ai trực"), "who looks finds the button there");
        step(&hoa, &editor, "da-xem", &[]).await;
        assert!(!hoa.page("/quan-tri/khan-cap").await.contains("Tin khẩn"));
        assert_eq!(try_step(&hoa, &editor, "da-xem", &[]).await.status(), 409);
    }
}

on_both! {
    /// Nobody publishes what they wrote a part of, by whatever way it became the present draft.
    async fn nobody_publishes_what_they_wrote(server: Server) {
        let hoa = server.official("hoa", &[(Role::Publisher, None)]).await;
        let minh = server.official("minh", &[(Role::Publisher, None)]).await;
        let editor = begin(&hoa).await;
        save(&hoa, &editor, &WHOLE).await;
        keep(&minh, &editor, "Bản một").await;
        step(&minh, &editor, "gui-duyet", &[]).await;
        for task in ["xuat-ban", "duyet"] {
            assert_eq!(try_step(&hoa, &editor, task, &[]).await.status(), 403, "the words are hers still: {task}");
        }
        assert_eq!(try_step(&hoa, &editor, "hen-gio", &[("hour", &local(HOUR))]).await.status(), 403);
    }
}
