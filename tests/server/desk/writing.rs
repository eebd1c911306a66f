//! What whoever writes is promised: no word is lost, and nobody overwrites anybody.

use thidua::domain::account::Role;

use super::{WHOLE, begin, borrowed, fields_with, keep, public_page, save, step, submit, try_step, two, typed};
use crate::harness::{Browser, Server, attribute, fields_of, on_both, target, texts};

/// What a draft holds, as the editor shows it.
async fn shown(browser: &Browser, editor: &str, name: &str) -> String {
    value(&fields_of(&browser.page(editor).await, "#soan"), name)
}

fn value(fields: &[(String, String)], name: &str) -> String {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// A form with other values, sent with a button.
fn with(form: &[(String, String)], changes: &[(&str, &str)], task: &str) -> Vec<(String, String)> {
    let mut form = form.to_vec();
    for (name, value) in changes {
        form.iter_mut().find(|(field, _)| field == name).unwrap().1 = (*value).to_owned();
    }
    form.push(("viec".into(), task.into()));
    form
}

const LINES: &str = "Đoạn đầu tiên.\n\nĐoạn ở giữa.\n\nĐoạn cuối cùng.";

on_both! {
    /// Begun twice it is the same empty draft; saved, it is there again as it was typed.
    async fn what_is_saved_is_there_again_as_it_was_typed(server: Server) {
        let browser = server.official("lan", &[(Role::Editor, None)]).await;
        let editor = begin(&browser).await;
        assert_eq!(begin(&browser).await, editor, "a second click begins nothing new");
        let long = "một chữ ế ".repeat(62_400);
        assert!((990_000..1_000_000).contains(&long.len()), "{}", long.len());
        for (sent, kept) in [
            ("Dòng một\r\nDòng hai\r\n\r\nDòng ba\r\n", "Dòng một\nDòng hai\n\nDòng ba\n"),
            ("\n\n  giữ khoảng trắng  \n", "\n\n  giữ khoảng trắng  \n"),
            ("</textarea><script>alert(1)</script> &amp; \"'", "</textarea><script>alert(1)</script> &amp; \"'"),
            ("chữ\0 đây", "chữ đây"),
            (&long, &long),
        ] {
            let mut form = typed(&browser, &editor, &[("title", "Tin & <b>một</b>"), ("body", sent), ("tags", "Một, hai"), ("source", "Báo")]).await;
            form.push(("viec".into(), "luu".into()));
            let answer = browser.post(&editor, &borrowed(&form)).await;
            assert_eq!((answer.status().as_u16(), target(&answer)), (303, format!("{editor}?da-luu")));
            let form = fields_of(&browser.page(&editor).await, "#soan");
            assert!(value(&form, "body") == kept, "{:.60}", value(&form, "body"));
            assert_eq!((value(&form, "title").as_str(), value(&form, "tags").as_str()), ("Tin & <b>một</b>", "Một, hai"));
        }
        assert!(begin(&browser).await != editor, "what has words in it is no empty draft");
        assert!(browser.page("/quan-tri").await.contains("Tin &amp; &lt;b&gt;một&lt;/b&gt;"), "it waits on the first page");
        assert!(browser.page("/quan-tri/tin?q=một").await.contains(&editor));
        assert_eq!(server.get("/tin").await.text().await.unwrap().matches("teaser-title").count(), 0, "nothing of it is public");
    }
}

on_both! {
    /// What is too long to be kept comes back whole, with the field named.
    async fn what_is_too_long_comes_back_whole(server: Server) {
        let browser = server.official("lan", &[(Role::Editor, None)]).await;
        let editor = begin(&browser).await;
        let (title, lead, body) = ("ế".repeat(501), "ề".repeat(5001), "a".repeat(1_000_001));
        for (field, text, id) in [("title", &title, "title"), ("lead", &lead, "lead"), ("body", &body, "body"), ("source", &lead, "source"), ("tags", &lead, "tags")] {
            let form = typed(&browser, &editor, &[("title", "Còn đây"), ("body", "Còn đây nữa"), (field, text)]).await;
            let sent = with(&form, &[], "luu");
            let answer = browser.post(&editor, &borrowed(&sent)).await;
            assert_eq!(answer.status(), 422, "{field}");
            let html = answer.text().await.unwrap();
            let back = fields_of(&html, "#soan");
            for (name, sent) in &form {
                assert!(value(&back, name) == *sent, "{field}: {name} is {:.60}", value(&back, name));
            }
            assert_eq!(attribute(&html, ".form-errors a", "href"), Some(format!("#{id}")), "{field}");
            assert_eq!(browser.ask(&format!("{editor}/tu-luu"), &borrowed(&sent)).await.0, 422);
        }
        assert_eq!(shown(&browser, &editor, "title").await, "");
        for slug in ["Viết Hoa", "../x", "tin--hai-", "a/b"] {
            let form = with(&typed(&browser, &editor, &[("title", "Tin một"), ("slug", slug)]).await, &[], "luu");
            let answer = browser.post(&editor, &borrowed(&form)).await;
            assert_eq!(answer.status(), 422, "{slug}");
            let html = answer.text().await.unwrap();
            assert!(!texts(&html, ".form-errors").concat().contains("mật khẩu"), "{:?}", texts(&html, ".form-errors"));
            assert_eq!(value(&fields_of(&html, "#soan"), "slug"), slug, "what was typed is still there");
            assert_eq!(value(&fields_of(&html, "#soan"), "title"), "Tin một");
        }
        server.publish("Tin hai\n\nĐoạn một.").await;
        let form = with(&typed(&browser, &editor, &[("slug", "tin-hai")]).await, &[], "luu");
        assert_eq!(browser.post(&editor, &borrowed(&form)).await.status(), 422, "it is taken");
        let form = with(&typed(&browser, &editor, &[("slug", "tin-rieng")]).await, &[], "luu");
        assert_eq!(browser.post(&editor, &borrowed(&form)).await.status(), 303);
        assert_eq!(shown(&browser, &editor, "slug").await, "tin-rieng");
    }
}

on_both! {
    /// HTML and scripts in a text are never run: not in the editor, not in the preview, not on the public page.
    async fn scripts_in_a_text_are_never_run(server: Server) {
        let (writer, publisher) = two(&server).await;
        let evil = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1)) ![a](javascript:1)\n\n<a href=\"jav&#x61;script:alert(1)\">y</a>\n\n<svg onload=alert(1)><style>*{}</style>\n\n| a |\n|---|\n| <iframe src=//evil> |\n\nCòn lại.";
        let changes = [("title", "Tin <script>alert(2)</script>"), ("lead", "Lời <img src=x onerror=1>"), ("body", evil), ("source", "<b onclick=1>S</b>"), ("author_line", "\"><script>3</script>"), ("tags", "<i>nhãn</i>"), ("image_caption", "<script>4</script>")];
        let editor = submit(&writer, &changes).await;
        let preview = publisher.page(&format!("{editor}/xem-truoc/trang")).await;
        step(&publisher, &editor, "xuat-ban", &[]).await;
        let slug = public_page(&publisher, &editor).await;
        let public = server.page(&slug).await;
        for html in [preview, public, publisher.page(&format!("{editor}/xuat-ban")).await, publisher.page(&format!("{editor}/lich-su")).await, server.page("/").await] {
            assert!(!html.contains("<script>alert") && !html.contains("<script>3") && !html.contains("<script>4"), "{html}");
            for sign in ["onerror=alert", "<svg onload", "<iframe src=//", "<img src=x", "<b onclick", "href=\"javascript", "src=\"javascript"] {
                assert!(!html.contains(sign), "{sign} in {html}");
            }
        }
        assert!(server.page(&slug).await.contains("Còn lại."));
    }
}

on_both! {
    /// Two people in one text: changes that don't touch become one text, by the form and by the script.
    async fn changes_of_two_people_that_do_not_touch_are_merged(server: Server) {
        let lan = server.official("lan", &[(Role::Editor, None)]).await;
        let tu = server.official("tu", &[(Role::Editor, None)]).await;
        let editor = begin(&lan).await;
        save(&lan, &editor, &[("title", "Tin một"), ("body", LINES)]).await;
        let (first, second, third) = (typed(&lan, &editor, &[]).await, typed(&tu, &editor, &[]).await, typed(&tu, &editor, &[]).await);
        let answer = lan.post(&editor, &borrowed(&with(&first, &[("body", &LINES.replace("đầu tiên", "đầu tiên của Lan"))], "luu"))).await;
        assert_eq!(target(&answer), format!("{editor}?da-luu"));
        let answer = tu.post(&editor, &borrowed(&with(&second, &[("body", &LINES.replace("cuối cùng", "cuối cùng của Tú").replace('\n', "\r\n")), ("lead", "Lời dẫn của Tú")], "luu"))).await;
        assert_eq!(target(&answer), format!("{editor}?da-tron"));
        let both = "Đoạn đầu tiên của Lan.\n\nĐoạn ở giữa.\n\nĐoạn cuối cùng của Tú.";
        assert_eq!(shown(&lan, &editor, "body").await, both);
        assert_eq!(shown(&lan, &editor, "lead").await, "Lời dẫn của Tú");
        let (status, said) = tu.ask(&format!("{editor}/tu-luu"), &borrowed(&with(&third, &[("title", "Tin một mới")], "luu"))).await;
        assert_eq!((status, said["saved"].as_str()), (200, Some("merged")), "{said}");
        assert_eq!(said["text"]["body"].as_str(), Some(both), "the script gets the merged text");
        assert_eq!(said["text"]["title"].as_str(), Some("Tin một mới"));
        let form = typed(&lan, &editor, &[]).await;
        let (status, said) = lan.ask(&format!("{editor}/tu-luu"), &borrowed(&with(&form, &[("source", "Báo")], "luu"))).await;
        assert_eq!((status, said["saved"].as_str()), (200, Some("done")));
        let (_, again) = lan.ask(&format!("{editor}/tu-luu"), &borrowed(&with(&form, &[("source", "Báo")], "luu"))).await;
        assert_eq!((again["saved"].as_str(), &again["version"]), (Some("done"), &said["version"]), "the same again changes nothing");
    }
}

on_both! {
    /// Many savings at the same moment, of several people in several places: every one of them is in the text.
    async fn savings_at_the_same_moment_are_all_kept(server: Server) {
        let lan = server.official("lan", &[(Role::Editor, None)]).await;
        let editor = begin(&lan).await;
        let lines: Vec<_> = (0..6).map(|number| format!("Đoạn số {number} của bài này.")).collect();
        save(&lan, &editor, &[("title", "Tin một"), ("body", &lines.join("\n\n"))]).await;
        let form = typed(&lan, &editor, &[]).await;
        let saving = (0..6).map(|number| {
            let (lan, editor, form, lines) = (&lan, &editor, &form, &lines);
            async move {
                let mut mine = lines.clone();
                mine[number].push_str(" Có thêm.");
                lan.ask(&format!("{editor}/tu-luu"), &borrowed(&with(form, &[("body", &mine.join("\n\n"))], "luu"))).await
            }
        });
        for (status, said) in futures::future::join_all(saving).await {
            assert!(status == 200 && matches!(said["saved"].as_str(), Some("done" | "merged")), "{status} {said}");
        }
        assert_eq!(shown(&lan, &editor, "body").await.matches("Có thêm.").count(), 6);
    }
}

on_both! {
    /// Changes that touch are shown side by side, and what was chosen is saved; nothing is saved before.
    async fn changes_that_touch_are_a_choice(server: Server) {
        let lan = server.official("lan", &[(Role::Editor, None)]).await;
        let tu = server.official("tu", &[(Role::Editor, None)]).await;
        let editor = begin(&lan).await;
        save(&lan, &editor, &[("title", "Tin một"), ("body", LINES)]).await;
        let second = typed(&tu, &editor, &[]).await;
        save(&lan, &editor, &[("title", "Tin của Lan"), ("body", &LINES.replace("Đoạn ở giữa.", "Lan viết lại hẳn câu này."))]).await;
        let touching = [("title", "Tin của Tú"), ("body", &*LINES.replace("Đoạn ở giữa.", "Tú có ý khác <hẳn>.")), ("source", "Nguồn của Tú")];
        let (_, said) = tu.ask(&format!("{editor}/tu-luu"), &borrowed(&with(&second, &touching, "luu"))).await;
        assert_eq!(said["saved"].as_str(), Some("conflict"));
        let answer = tu.post(&editor, &borrowed(&with(&second, &touching, "luu"))).await;
        assert_eq!(answer.status(), 409);
        let html = answer.text().await.unwrap();
        let sides = texts(&html, ".conflict pre");
        for side in ["Lan viết lại hẳn câu này.", "Tú có ý khác <hẳn>.", "Tin của Lan", "Tin của Tú"] {
            assert!(sides.iter().any(|shown| shown.contains(side)), "{side}: {sides:?}");
        }
        assert_eq!(shown(&lan, &editor, "body").await, LINES.replace("Đoạn ở giữa.", "Lan viết lại hẳn câu này."));
        let form = fields_of(&html, "#soan");
        assert_eq!(value(&form, "source"), "Nguồn của Tú");
        assert_eq!(value(&form, "title"), "Tin của Tú");
        // Any button of the form takes the choice along.
        let mut chosen = with(&form, &[], "luu");
        for (name, value) in &mut chosen {
            if name == "chon-body-0" {
                "theirs".clone_into(value);
            }
        }
        assert_eq!(tu.post(&editor, &borrowed(&chosen)).await.status(), 303);
        let merged = fields_of(&lan.page(&editor).await, "#soan");
        assert_eq!(value(&merged, "body"), LINES.replace("Đoạn ở giữa.", "Lan viết lại hẳn câu này."));
        assert_eq!((value(&merged, "title").as_str(), value(&merged, "source").as_str()), ("Tin của Tú", "Nguồn của Tú"));

        save(&lan, &editor, &[("lead", "Lời của Lan")]).await;
        let html = tu.post(&editor, &borrowed(&with(&form, &[("lead", "Lời của Tú"), ("title", "Tin của Tú")], "luu"))).await.text().await.unwrap();
        save(&lan, &editor, &[("source", "Lan thêm trong lúc ấy")]).await;
        let mut chosen = with(&fields_of(&html, "#soan"), &[], "chon");
        chosen.retain(|(name, _)| !name.starts_with("manh-") || name == "manh-lead");
        chosen.push(("manh-title".into(), "no json".into()));
        assert_eq!(tu.post(&editor, &borrowed(&chosen)).await.status(), 303, "what somebody saves while another one chooses is merged");
        assert_eq!(shown(&lan, &editor, "lead").await, "Lời của Tú");
    }
}

on_both! {
    /// What is saved after somebody has submitted is not lost: it comes back with a sentence, and is saved once taken back.
    async fn a_text_that_has_gone_its_way_gives_back_what_was_typed(server: Server) {
        let (lan, minh) = two(&server).await;
        let editor = begin(&lan).await;
        save(&lan, &editor, &WHOLE).await;
        let open = typed(&lan, &editor, &[]).await;
        step(&lan, &editor, "gui-duyet", &[]).await;
        let late = with(&open, &[("body", "Viết thêm quá muộn.")], "luu");
        let (_, said) = lan.ask(&format!("{editor}/tu-luu"), &borrowed(&late)).await;
        assert_eq!((said["saved"].as_str(), said["state"].as_str()), (Some("closed"), Some("submitted")));
        let answer = lan.post(&editor, &borrowed(&late)).await;
        assert_eq!(answer.status(), 409);
        let html = answer.text().await.unwrap();
        assert!(texts(&html, "main [role=status]").concat().contains("Chưa lưu"), "{:?}", texts(&html, "main [role=status]"));
        assert_eq!(value(&fields_of(&html, "#soan"), "body"), "Viết thêm quá muộn.");
        assert!(lan.page(&editor).await.contains("lay-lai"));
        assert_eq!(lan.post(&editor, &[("viec", "lay-lai")]).await.status(), 303);
        assert_eq!(lan.post(&editor, &borrowed(&with(&fields_of(&html, "#soan"), &[], "luu"))).await.status(), 303);
        assert_eq!(shown(&lan, &editor, "body").await, "Viết thêm quá muộn.");
        step(&lan, &editor, "gui-duyet", &[]).await;
        step(&minh, &editor, "xuat-ban", &[]).await;
        let answer = lan.post(&editor, &borrowed(&with(&open, &[("body", "Nữa.")], "luu"))).await;
        assert_eq!(answer.status(), 409);
        assert_eq!(value(&fields_of(&answer.text().await.unwrap(), "#soan"), "body"), "Nữa.");
    }
}

on_both! {
    /// Whoever may no longer write, or whose draft another one has discarded, still has the words on the page.
    async fn a_refused_saving_still_shows_the_words(server: Server) {
        let lan = server.official("lan", &[(Role::Editor, None)]).await;
        let editor = begin(&lan).await;
        let form = with(&typed(&lan, &editor, &[]).await, &[("body", "Công của cả buổi sáng.")], "luu");
        server.run_sql("UPDATE account_role SET role = 'moderator'").await;
        let refused = lan.post(&editor, &borrowed(&form)).await;
        assert_eq!(refused.status(), 403);
        assert_eq!(texts(&refused.text().await.unwrap(), "textarea"), ["Công của cả buổi sáng."]);
        server.run_sql("UPDATE account_role SET role = 'editor'").await;
        assert_eq!(lan.post(&editor, &[("viec", "bo")]).await.status(), 303);
        let gone = lan.post(&editor, &borrowed(&form)).await;
        assert_eq!(gone.status(), 404);
        assert_eq!(texts(&gone.text().await.unwrap(), "textarea"), ["Công của cả buổi sáng."]);
        server.store.db.close().await;
        let broken = lan.post(&editor, &borrowed(&form)).await;
        assert_eq!(broken.status(), 500);
        assert_eq!(texts(&broken.text().await.unwrap(), "textarea"), ["Công của cả buổi sáng."]);
    }
}

on_both! {
    /// Drafts are put aside under a name, come back, and are discarded without taking what was put aside along.
    async fn drafts_are_kept_restored_and_discarded(server: Server) {
        let (lan, minh) = two(&server).await;
        let editor = begin(&lan).await;
        save(&lan, &editor, &[("title", "Tin một"), ("lead", "Lời."), ("body", "Bản thứ nhất.")]).await;
        let mut nameless = typed(&lan, &editor, &[("keep_name", " "), ("body", "Bản thứ nhất, chưa lưu.")]).await;
        nameless.push(("viec".into(), "giu-ban".into()));
        assert_eq!(lan.post(&editor, &borrowed(&nameless)).await.status(), 422);
        assert_eq!(shown(&lan, &editor, "body").await, "Bản thứ nhất, chưa lưu.", "what was typed comes along");
        save(&lan, &editor, &[("body", "Bản thứ nhất.")]).await;
        keep(&lan, &editor, "Trước khi <sửa>").await;
        save(&lan, &editor, &[("body", "Bản thứ hai.")]).await;
        let history = lan.page(&format!("{editor}/lich-su")).await;
        assert!(history.contains("Trước khi &lt;sửa&gt;"));
        assert_eq!(lan.post(&format!("{editor}/lich-su"), &[("viec", "khoi-phuc"), ("number", "1")]).await.status(), 303);
        assert_eq!(shown(&lan, &editor, "body").await, "Bản thứ nhất.");
        assert_eq!(lan.post(&format!("{editor}/lich-su"), &[("viec", "khoi-phuc"), ("number", "2")]).await.status(), 303);
        assert_eq!(shown(&lan, &editor, "body").await, "Bản thứ hai.", "what was put aside by a restoring is there as well");
        assert_eq!(lan.post(&format!("{editor}/lich-su"), &[("viec", "khoi-phuc"), ("number", "77")]).await.status(), 404);
        assert_eq!(lan.post(&editor, &[("viec", "bo")]).await.status(), 303);
        assert_eq!(lan.get(&editor).await.status(), 200, "named drafts are not thrown away with the one that was discarded");
        assert_eq!(lan.post(&format!("{editor}/lich-su"), &[("viec", "khoi-phuc"), ("number", "1")]).await.status(), 303);
        step(&lan, &editor, "gui-duyet", &[]).await;
        assert_eq!(lan.post(&format!("{editor}/lich-su"), &[("viec", "khoi-phuc"), ("number", "2")]).await.status(), 409);
        assert_eq!(lan.post(&editor, &[("viec", "bo")]).await.status(), 409, "what is on its way is taken back first");
        step(&minh, &editor, "xuat-ban", &[]).await;
        assert_eq!(lan.post(&editor, &[("viec", "sua")]).await.status(), 303);
        assert_eq!(lan.post(&editor, &[("viec", "sua")]).await.status(), 303, "a second click opens the same draft");
        save(&lan, &editor, &[("body", "Sẽ bỏ.")]).await;
        assert_eq!(lan.post(&editor, &[("viec", "bo")]).await.status(), 303);
        assert!(server.page(&public_page(&lan, &editor).await).await.contains("Bản thứ nhất."));
        let empty = begin(&lan).await;
        assert_eq!(lan.post(&empty, &[("viec", "bo")]).await.status(), 303);
        assert_eq!(lan.get(&empty).await.status(), 404, "an empty draft goes without a trace");
    }
}

on_both! {
    /// The second person in a text is told who is there, and a tab that closes is forgotten.
    async fn people_in_one_text_are_told_of_each_other(server: Server) {
        let lan = server.official("lan", &[(Role::Editor, None)]).await;
        let tu = server.official("tu", &[(Role::Editor, None)]).await;
        let editor = begin(&lan).await;
        let open = format!("{editor}/dang-mo");
        let others = |said: serde_json::Value| said["others"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert!(others(lan.ask(&open, &[("tab", "a")]).await.1).is_empty());
        assert_eq!(others(tu.ask(&open, &[("tab", "b")]).await.1), ["Lan"]);
        assert_eq!(others(lan.ask(&open, &[("tab", "a")]).await.1), ["Tu"]);
        assert_eq!(others(lan.ask(&open, &[("tab", "c")]).await.1), ["Tu"], "one's own other tab is no other person");
        let html = tu.page(&editor).await;
        assert!(texts(&html, ".editing-others").concat().contains("Lan") && !texts(&html, ".editing-others").concat().contains("Tu"));
        lan.ask(&open, &[("tab", "a"), ("close", "1")]).await;
        lan.ask(&open, &[("tab", "c"), ("close", "1")]).await;
        assert!(others(tu.ask(&open, &[("tab", "b")]).await.1).is_empty());
        // A tab whose text is unchanged learns what others saved, and saving it adds nothing.
        let form = typed(&lan, &editor, &[]).await;
        save(&tu, &editor, &[("title", "Tú đặt tên")]).await;
        let newest = lan.ask(&open, &[("tab", "a")]).await.1["version"].as_i64();
        assert_eq!(newest, Some(2));
        let learned = lan.ask(&format!("{editor}/tu-luu"), &borrowed(&form)).await.1;
        assert_eq!((learned["saved"].as_str(), learned["text"]["title"].as_str()), (Some("merged"), Some("Tú đặt tên")));
        assert_eq!(lan.ask(&open, &[("tab", "a")]).await.1["version"].as_i64(), newest);
        server.run_sql("UPDATE editing SET seen_at = seen_at - 31000").await;
        assert!(others(lan.ask(&open, &[("tab", "a")]).await.1).is_empty(), "who says nothing has gone");
    }
}

on_both! {
    /// A text without what the public needs is not sent on its way, and what is missing is named.
    async fn a_text_without_title_or_lead_is_not_submitted(server: Server) {
        let lan = server.official("lan", &[(Role::Editor, None)]).await;
        let editor = begin(&lan).await;
        let form = with(&typed(&lan, &editor, &[("body", "Chỉ có thân bài.")]).await, &[], "gui-duyet");
        let answer = lan.post(&editor, &borrowed(&form)).await;
        assert_eq!(answer.status(), 422);
        let html = answer.text().await.unwrap();
        assert_eq!(texts(&html, ".form-errors li").len(), 2);
        assert_eq!(value(&fields_of(&html, "#soan"), "body"), "Chỉ có thân bài.");
        assert_eq!(try_step(&lan, &editor, "gui-duyet", &[]).await.status(), 422);
        let (_, found) = lan.ask(&format!("{editor}/kiem-tra"), &[("title", "TIN VIẾT HOA HẾT CẢ"), ("lead", "Lời"), ("body", "# Mục\n\nGọi 0912345678.\n\n![](/tep/x.jpg)\n\n[đây](/tin/khong-co)")]).await;
        let found = found["findings"].as_array().unwrap();
        for said in ["viết hoa", "điện thoại", "mô tả", "hỏng", "kho"] {
            assert!(found.iter().any(|finding| finding["sentence"].as_str().unwrap().contains(said)), "{said}: {found:?}");
        }
        let form = with(&typed(&lan, &editor, &[]).await, &[("title", "Tin một"), ("lead", "Lời.")], "gui-duyet");
        assert_eq!(target(&lan.post(&editor, &borrowed(&form)).await), format!("{editor}/xuat-ban"));
    }
}

on_both! {
    /// A saving that breaks off on its way changes nothing, and the next one is saved.
    async fn a_saving_that_breaks_off_changes_nothing(server: Server) {
        use tokio::io::AsyncWriteExt;
        let lan = server.official("lan", &[(Role::Editor, None)]).await;
        let editor = begin(&lan).await;
        save(&lan, &editor, &WHOLE).await;
        let form = with(&typed(&lan, &editor, &[]).await, &[("body", "Chữ mới.")], "luu");
        let body: String = form.iter().map(|(name, value)| format!("{name}={value}&")).collect();
        let host = server.base.strip_prefix("http://").unwrap();
        let cookie = lan.cookie("thidua-phien").unwrap();
        for path in [editor.clone(), format!("{editor}/tu-luu")] {
            let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
            let head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: thidua-phien={cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n", body.len() + 100);
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(body.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
            drop(stream);
        }
        assert_eq!(shown(&lan, &editor, "body").await, "Đoạn một.\n\nĐoạn hai.");
        assert_eq!(target(&lan.post(&editor, &borrowed(&form)).await), format!("{editor}?da-luu"));
        for garbage in ["%", "\u{0}", "revision=x&version=y&viec=luu", "a=b", "viec=luu&viec=bo&body=%FF%FE"] {
            let answer = server.client.post(format!("{}{editor}", server.base)).header("cookie", format!("thidua-phien={cookie}")).header("content-type", "application/x-www-form-urlencoded").body(garbage).send().await.unwrap();
            assert!(answer.status().as_u16() < 500, "{garbage}: {}", answer.status());
        }
        assert_eq!(shown(&lan, &editor, "body").await, "Chữ mới.", "what knows of no saving overwrites none");
    }
}

on_both! {
    /// The list is searched without regard to capitals and signs, narrowed to a step, and full for whoever may see little.
    async fn the_list_finds_titles_as_people_type_them(server: Server) {
        let unit = server.unit("Phòng A", None).await;
        let lan = server.official("lan", &[(Role::Editor, None)]).await;
        let an = server.official("an", &[(Role::Editor, Some(&unit))]).await;
        let own = begin(&an).await;
        save(&an, &own, &[("title", "TẾT TRỒNG CÂY Ở ĐỀN HÙNG"), ("lead", "Lời dẫn."), ("body", "Chữ.")]).await;
        for number in 0..55 {
            save(&lan, &begin(&lan).await, &[("title", &format!("Tin {number}"))]).await;
        }
        for words in ["đền hùng", "DEN HUNG", "ở Đền"] {
            let html = lan.page(&format!("/quan-tri/tin?q={}", words.replace(' ', "+"))).await;
            assert_eq!(texts(&html, ".desk-item"), ["TẾT TRỒNG CÂY Ở ĐỀN HÙNG"], "{words}");
        }
        assert_eq!(texts(&lan.page("/quan-tri/tin").await, ".desk-item").len(), 50);
        assert_eq!(texts(&an.page("/quan-tri/tin").await, ".desk-item").len(), 1, "however many others there are");
        assert_eq!(texts(&lan.page("/quan-tri/tin?trang-thai=submitted").await, ".desk-item").len(), 0);
        step(&an, &own, "gui-duyet", &[]).await;
        assert_eq!(texts(&lan.page("/quan-tri/tin?trang-thai=submitted").await, ".desk-item").len(), 1);
        assert_eq!(texts(&lan.page("/quan-tri/tin?trang-thai=draft&q=hung").await, ".desk-item").len(), 1);
    }
}

on_both! {
    /// Whoever goes on writing while a saving is merged wrote on what was sent: nothing that others saved is lost.
    async fn writing_on_while_a_saving_is_merged_loses_nothing_of_others(server: Server) {
        let lan = server.official("lan", &[(Role::Editor, None)]).await;
        let tu = server.official("tu", &[(Role::Editor, None)]).await;
        let editor = begin(&lan).await;
        let script = format!("{editor}/tu-luu");
        let sent = typed(&lan, &editor, &[("body", "Một.")]).await;
        save(&tu, &editor, &[("lead", "Sapo của Tú.")]).await;
        let merged = lan.ask(&script, &borrowed(&sent)).await.1;
        assert_eq!((merged["saved"].as_str(), merged["text"]["lead"].as_str()), (Some("merged"), Some("Sapo của Tú.")));
        // The next words come with the version of the merged text, and with what they go on from.
        let base: std::collections::BTreeMap<_, _> = borrowed(&sent).into_iter().collect();
        let base = serde_json::to_string(&base).unwrap();
        let version = merged["version"].to_string();
        let next = fields_with(&sent, &[("body", "Một. Hai."), ("version", &version), ("base", &base)]);
        let said = lan.ask(&script, &borrowed(&next)).await.1;
        assert_eq!((said["saved"].as_str(), said["text"]["body"].as_str()), (Some("merged"), Some("Một. Hai.")));
        let form = fields_of(&lan.page(&editor).await, "#soan");
        assert_eq!((value(&form, "lead").as_str(), value(&form, "body").as_str()), ("Sapo của Tú.", "Một. Hai."));
        // What is no base is none.
        let odd = fields_with(&next, &[("base", "{\"title\":7}"), ("body", "Một. Hai. Ba."), ("version", &said["version"].to_string())]);
        assert!(lan.ask(&script, &borrowed(&odd)).await.0 < 500);
    }
}
