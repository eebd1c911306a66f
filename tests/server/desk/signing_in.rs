//! Who signs in, and who does not.

use std::time::{SystemTime, UNIX_EPOCH};

use thidua::domain::account::Role;
use thidua::server::services::account::{disable_account, make_link, set_second_step_roles};
use thidua::server::services::actor::Actor;
use totp_rs::{Builder, Secret};

use super::{begin, borrowed, typed};
use crate::harness::{Browser, PASSWORD, Server, attribute, fields_of, on_both, target, texts};

const EDITOR: [(Role, Option<&str>); 1] = [(Role::Editor, None)];

fn staff() -> Actor {
    Actor::CommandLine("test".into())
}

fn now_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// The code that an authenticator app shows at a moment.
fn code_of(secret: &str, seconds: u64) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    totp.generate(seconds).to_string()
}

async fn try_password(browser: &Browser, name: &str, password: &str) -> (u16, String) {
    let answer = browser.post("/dang-nhap", &[("name", name), ("password", password)]).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Whether a browser is let into the desk.
async fn is_in(browser: &Browser) -> bool {
    browser.get("/quan-tri").await.status() == 200
}

/// Sets up a second step with the code of half a minute ago, and gives its secret, the moment and the recovery codes.
async fn set_up_second_step(browser: &Browser) -> (String, u64, Vec<String>) {
    let at = now_seconds();
    let begun = browser.post("/quan-tri/toi", &[("viec", "hai-buoc")]).await;
    assert_eq!(begun.status(), 303);
    let secret = texts(&browser.page("/quan-tri/toi").await, "code.secret")[0].replace(' ', "");
    let form =
        |code: &str| vec![("viec".to_owned(), "xac-nhan-hai-buoc".to_owned()), ("code".to_owned(), code.to_owned())];
    let wrong = browser.post("/quan-tri/toi", &borrowed(&form("000000"))).await;
    assert_eq!(wrong.status(), 422);
    let confirmed = browser.post("/quan-tri/toi", &borrowed(&form(&code_of(&secret, at - 30)))).await;
    assert_eq!(confirmed.status(), 200);
    let codes = texts(&confirmed.text().await.unwrap(), ".recovery-codes code");
    assert_eq!(codes.len(), 10);
    (secret, at, codes)
}

on_both! {
    /// The right password leads into the desk, with a cookie that no script reads; what the cookie holds is stored nowhere.
    async fn the_right_password_opens_the_desk_and_the_token_is_not_stored(server: Server) {
        server.account("lan", &EDITOR).await;
        let browser = server.browser();
        let asked = browser.get("/quan-tri/tin?q=a").await;
        assert_eq!((asked.status().as_u16(), target(&asked).as_str()), (303, "/dang-nhap?tiep=%2Fquan-tri%2Ftin%3Fq%3Da"));
        let html = browser.page(&target(&asked)).await;
        let mut form = fields_of(&html, "main form");
        form.retain(|(name, _)| !matches!(name.as_str(), "name" | "password"));
        form.extend([("name".to_owned(), " LAN ".to_owned()), ("password".to_owned(), PASSWORD.to_owned())]);
        let answer = browser.post("/dang-nhap", &borrowed(&form)).await;
        assert_eq!((answer.status().as_u16(), target(&answer).as_str()), (303, "/quan-tri/tin?q=a"));
        let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
        let session = cookies.iter().find(|cookie| cookie.starts_with("thidua-phien=")).unwrap();
        assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax") && session.contains("Path=/"), "{session}");
        assert!(!session.contains("Max-Age"), "it ends with the browser: {session}");
        assert_eq!(answer.headers()["cache-control"], "private, no-store");
        assert!(is_in(&browser).await);
        for cookie in ["thidua-phien", "thidua-may"] {
            let token = browser.cookie(cookie).unwrap();
            assert_eq!(token.len(), 64);
            for table in ["session", "known_browser"] {
                let found = server.number(&format!("SELECT COUNT(*) FROM {table} WHERE token_hash = '{token}'")).await;
                assert_eq!(found, 0, "{table} keeps {cookie} as it is");
            }
        }
        assert_eq!(server.number("SELECT COUNT(*) FROM session").await, 1);
        let stored = server.number("SELECT COUNT(*) FROM account WHERE password_hash LIKE '$argon2id$%'").await;
        assert_eq!(stored, 1);
    }
}

on_both! {
    /// Whoever is not let in reads one sentence, whatever was wrong, and the name is still in the form.
    async fn unknown_names_wrong_passwords_and_disabled_accounts_read_alike(server: Server) {
        server.account("lan", &EDITOR).await;
        server.account("tu", &EDITOR).await;
        disable_account(&server.store, &staff(), "tu", true).await.unwrap();
        let mut said = Vec::new();
        for (name, password) in [("lan", "sai mật khẩu rồi"), ("khong-co", PASSWORD), ("tu", PASSWORD), ("<b>", PASSWORD), ("lan", &"x".repeat(5000))] {
            let browser = server.browser();
            let (status, html) = try_password(&browser, name, password).await;
            assert_eq!(status, 422, "{name}");
            assert_eq!(attribute(&html, "#ten-dang-nhap", "value").as_deref(), Some(name));
            assert_eq!(attribute(&html, "#mat-khau", "value").unwrap_or_default(), "", "no page shows a password");
            assert_eq!(browser.cookie("thidua-phien"), None);
            said.push(texts(&html, ".form-errors").concat());
        }
        said.dedup();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("Tên đăng nhập hoặc mật khẩu không đúng"));
        let (status, html) = try_password(&server.browser(), "lan", "").await;
        assert!(status == 422 && texts(&html, ".form-errors")[0].contains("Hãy điền"), "nothing typed is not a wrong password");
        let english = server.browser().post("/en/dang-nhap", &[("name", "lan"), ("password", "wrong")]).await;
        assert_eq!(english.status(), 422);
        assert_eq!(attribute(&english.text().await.unwrap(), "html", "lang").as_deref(), Some("en"));
    }
}

on_both! {
    /// Signing in leads into the desk and to no other place, and signing out ends the session for good.
    async fn signing_in_leads_into_the_desk_only_and_signing_out_ends_it(server: Server) {
        let browser = server.official("lan", &EDITOR).await;
        for next in ["https://evil.example", "//evil.example/quan-tri/", "/quan-tri.evil", "/\\evil.example", "javascript:1", ""] {
            let answer = browser.post("/dang-nhap", &[("name", "lan"), ("password", PASSWORD), ("tiep", next)]).await;
            assert_eq!((answer.status().as_u16(), target(&answer).as_str()), (303, "/quan-tri"), "{next}");
        }
        let english = browser.post("/en/dang-nhap", &[("name", "lan"), ("password", PASSWORD), ("tiep", "/en/quan-tri/tin")]).await;
        assert_eq!(target(&english), "/en/quan-tri/tin");
        let shown = browser.get("/dang-nhap?tiep=//evil.example").await;
        assert_eq!(target(&shown), "/quan-tri", "who is signed in already is led on");
        let token = browser.cookie("thidua-phien").unwrap();
        assert_eq!(target(&browser.post("/dang-xuat", &[]).await), "/dang-nhap");
        assert_eq!(browser.cookie("thidua-phien"), None);
        let stolen = server.client.get(format!("{}/quan-tri", server.base)).header("cookie", format!("thidua-phien={token}"));
        assert_eq!(stolen.send().await.unwrap().status(), 303, "the token is worth nothing any longer");
    }
}

on_both! {
    /// An account that is disabled is out at once, in every browser.
    async fn a_disabled_account_is_out_at_once(server: Server) {
        let browser = server.official("lan", &EDITOR).await;
        assert!(is_in(&browser).await);
        disable_account(&server.store, &staff(), "lan", true).await.unwrap();
        assert!(!is_in(&browser).await);
        assert_eq!(browser.sign_in("lan").await.status(), 422);
        disable_account(&server.store, &staff(), "lan", false).await.unwrap();
        assert!(!is_in(&browser).await, "its sessions do not come back");
        assert_eq!(browser.sign_in("lan").await.status(), 303);
    }
}

on_both! {
    /// Everybody sees where they are signed in, and ends one session or all the others.
    async fn open_sessions_are_listed_and_ended_from_anywhere(server: Server) {
        let here = server.official("lan", &EDITOR).await;
        let (there, library) = (server.browser(), server.browser());
        there.sign_in("lan").await;
        library.sign_in("lan").await;
        let other = server.official("tu", &EDITOR).await;
        let html = here.page("/quan-tri/toi").await;
        let listed: Vec<_> = texts(&html, "section[aria-labelledby=phien] li");
        assert_eq!(listed.len(), 3);
        let foreign = server.number("SELECT MAX(id) FROM session").await;
        let foreign = here.post("/quan-tri/toi", &[("viec", "ket-thuc"), ("phien", &foreign.to_string())]).await;
        assert_eq!(foreign.status(), 303);
        assert!(is_in(&other).await, "nobody ends another person's session");
        let one = attribute(&html, "input[name=phien]", "value").unwrap();
        here.post("/quan-tri/toi", &[("viec", "ket-thuc"), ("phien", &one)]).await;
        assert!(is_in(&there).await != is_in(&library).await, "one of them has ended");
        let second = server.beside(None).await;
        assert!(is_in(&here.at(&second)).await, "another server of the portal knows who is signed in");
        here.post("/quan-tri/toi", &[("viec", "ket-thuc-het")]).await;
        assert!(!is_in(&there.at(&second)).await);
        assert!(!is_in(&there).await && !is_in(&library).await);
        assert!(is_in(&here).await && is_in(&other).await);
        let changed = here.post("/quan-tri/toi", &[("viec", "mat-khau"), ("old", PASSWORD), ("new", "hoa gạo tháng ba nở")]).await;
        assert_eq!(changed.status(), 303);
        assert!(is_in(&here).await);
        assert_eq!(there.sign_in("lan").await.status(), 422, "the password before is none");
        assert_eq!(try_password(&there, "lan", "hoa gạo tháng ba nở").await.0, 303);
    }
}

on_both! {
    /// A session ends after two hours without use and after a working day with it, and lives on while it is used.
    async fn a_session_ends_when_nobody_uses_it(server: Server) {
        let browser = server.official("lan", &EDITOR).await;
        server.run_sql("UPDATE session SET seen_at = seen_at - 3600000, expires_at = expires_at - 3600000").await;
        let before = server.number("SELECT expires_at FROM session").await;
        assert!(is_in(&browser).await);
        assert!(server.number("SELECT expires_at FROM session").await > before + 3_000_000, "using it prolongs it");
        server.run_sql("UPDATE session SET created_at = created_at - 13 * 3600000, seen_at = seen_at - 3600000").await;
        let created = server.number("SELECT created_at FROM session").await;
        assert!(is_in(&browser).await);
        assert_eq!(server.number("SELECT expires_at FROM session").await, created + 14 * 3_600_000, "never beyond a day");
        server.run_sql("UPDATE session SET expires_at = seen_at - 1").await;
        assert!(!is_in(&browser).await);
        assert_eq!(browser.ask("/quan-tri/tin/1/tu-luu", &[]).await.0, 401, "a script is told so");
    }
}

on_both! {
    /// Whoever guesses is slowed, also with many guesses at once, and the owner still gets in where they have been before.
    async fn guessing_is_slowed_and_the_owner_still_gets_in(server: Server) {
        let owner = server.official("lan", &EDITOR).await;
        owner.post("/dang-xuat", &[]).await;
        let stranger = server.browser();
        let guesses = (0..30).map(|number| {
            let stranger = &stranger;
            async move { try_password(stranger, "lan", &format!("đoán bừa lần thứ {number}")).await.0 }
        });
        let answers = futures::future::join_all(guesses).await;
        let tried = answers.iter().filter(|status| **status == 422).count();
        assert!(tried <= 5, "{tried} of 30 guesses were tried: {answers:?}");
        let refused = stranger.sign_in("lan").await;
        assert_eq!(refused.status(), 429, "not even the right password is tried");
        let seconds: u32 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=900).contains(&seconds));
        let html = refused.text().await.unwrap();
        assert!(texts(&html, ".form-errors").concat().contains("giây"), "{html}");
        assert_eq!(attribute(&html, "#ten-dang-nhap", "value").as_deref(), Some("lan"));
        assert_eq!(owner.sign_in("lan").await.status(), 303, "the owner's own browser is known");
        let known = server.browser();
        server.run_sql("UPDATE sign_in_failure SET blocked_until = 0").await;
        assert_eq!(known.sign_in("lan").await.status(), 303, "after the wait everybody gets in");
    }
}

on_both! {
    /// A second step asks for a code that counts once, or for a recovery code that counts once; guesses at it are slowed.
    async fn a_second_step_takes_each_code_once(server: Server) {
        let here = server.official("lan", &EDITOR).await;
        let elsewhere = server.browser();
        elsewhere.sign_in("lan").await;
        let (secret, at, codes) = set_up_second_step(&here).await;
        assert!(!is_in(&elsewhere).await, "sessions without the second step have ended");
        assert!(is_in(&here).await);
        assert!(!here.page("/quan-tri/toi").await.contains(&secret), "the secret is shown while it is set up");

        let browser = server.browser();
        let first = browser.post("/dang-nhap", &[("name", "lan"), ("password", PASSWORD), ("tiep", "/quan-tri/tin")]).await;
        assert_eq!(first.status(), 200);
        let mut form = fields_of(&first.text().await.unwrap(), "main form");
        assert!(!is_in(&browser).await, "the password alone opens nothing");
        assert_eq!(browser.ask("/quan-tri/tin/1/tu-luu", &[]).await.0, 401);
        assert_eq!(browser.page("/dang-nhap/hai-buoc").await.matches("name=\"code\"").count(), 1);
        let mut enter = async |browser: &Browser, code: &str| {
            form.iter_mut().find(|(name, _)| name == "code").unwrap().1 = code.to_owned();
            browser.post("/dang-nhap/hai-buoc", &borrowed(&form)).await
        };
        assert_eq!(enter(&browser, "000000").await.status(), 422);
        assert_eq!(enter(&browser, &code_of(&secret, at - 30)).await.status(), 422, "it was taken when this was set up");
        let code = code_of(&secret, at);
        let waiting = browser.cookie("thidua-phien").unwrap();
        let answer = enter(&browser, &format!("{} {}", &code[..3], &code[3..])).await;
        assert_eq!((answer.status().as_u16(), target(&answer).as_str()), (303, "/quan-tri/tin"));
        assert!(is_in(&browser).await);
        assert_ne!(browser.cookie("thidua-phien").unwrap(), waiting, "the session is a new one");

        let thief = server.browser();
        thief.sign_in("lan").await;
        assert_eq!(enter(&thief, &code).await.status(), 422, "a code that somebody saw is worth nothing");
        assert_eq!(enter(&thief, &codes[3].to_lowercase()).await.status(), 303);
        let again = server.browser();
        again.sign_in("lan").await;
        assert_eq!(enter(&again, &codes[3]).await.status(), 422, "a recovery code counts once");
        let mut last = 0;
        for _ in 0..8 {
            last = enter(&again, "123456").await.status().as_u16();
        }
        assert_eq!(last, 429);
        server.run_sql("UPDATE sign_in_failure SET blocked_until = 0").await;
        let removed = here.post("/quan-tri/toi", &[("viec", "bo-hai-buoc"), ("old", "sai rồi nhé bạn")]).await;
        assert_eq!(removed.status(), 422);
        assert_eq!(here.post("/quan-tri/toi", &[("viec", "bo-hai-buoc"), ("old", PASSWORD)]).await.status(), 303);
        assert_eq!(server.browser().sign_in("lan").await.status(), 303);
    }
}

on_both! {
    /// A role that needs a second step permits nothing until its owner has set one up.
    async fn a_role_that_needs_a_second_step_waits_for_it(server: Server) {
        let browser = server.official("lan", &[(Role::Publisher, None), (Role::Moderator, None)]).await;
        assert_eq!(browser.get("/quan-tri/trang-chu").await.status(), 200);
        set_second_step_roles(&server.store, &staff(), &[Role::Publisher]).await.unwrap();
        assert_eq!(browser.get("/quan-tri/trang-chu").await.status(), 403);
        assert_eq!(browser.post("/quan-tri/tin", &[]).await.status(), 403);
        assert_eq!(browser.get("/quan-tri/phan-hoi").await.status(), 200, "the other role stays");
        assert!(browser.page("/quan-tri/phan-hoi").await.contains("/quan-tri/toi#hai-buoc"), "and the way to set it up is shown");
        set_up_second_step(&browser).await;
        assert_eq!(browser.get("/quan-tri/trang-chu").await.status(), 200);
    }
}

on_both! {
    /// A one-time link lets its owner choose a password, once, and not after it ran out; weak ones are refused with why.
    async fn a_one_time_link_works_once_and_not_for_ever(server: Server) {
        server.account("lan", &EDITOR).await;
        let signed_in = server.browser();
        signed_in.sign_in("lan").await;
        let link = format!("/dang-nhap/lien-ket/{}", make_link(&server.store, &staff(), "lan").await.unwrap());
        let browser = server.browser();
        assert!(browser.page(&link).await.contains("lan"));
        for (weak, why) in [("tệ quá", "ít nhất 12"), ("matkhau123456", "phổ biến"), ("lan-lan-1234567", "tên đăng nhập")] {
            let answer = browser.post(&link, &[("password", weak)]).await;
            assert_eq!(answer.status(), 422, "{weak}");
            let html = answer.text().await.unwrap();
            assert!(texts(&html, ".form-errors").concat().contains(why), "{weak}: {:?}", texts(&html, ".form-errors"));
            assert!(!html.contains(weak));
        }
        let chosen = browser.post(&link, &[("password", "hoa gạo tháng ba nở")]).await;
        assert_eq!(chosen.status(), 200);
        assert!(!is_in(&signed_in).await, "older sessions have ended");
        assert_eq!(try_password(&browser, "lan", "hoa gạo tháng ba nở").await.0, 303);
        assert_eq!(browser.get(&link).await.status(), 410);
        assert_eq!(browser.post(&link, &[("password", "hoa gạo tháng ba rơi")]).await.status(), 410);
        let first = make_link(&server.store, &staff(), "lan").await.unwrap();
        let link = format!("/dang-nhap/lien-ket/{}", make_link(&server.store, &staff(), "lan").await.unwrap());
        assert_eq!(browser.get(&format!("/dang-nhap/lien-ket/{first}")).await.status(), 410, "a new link replaces the one before");
        assert_eq!(browser.get(&link).await.status(), 200);
        server.run_sql("UPDATE account_link SET expires_at = 1").await;
        assert_eq!(browser.get(&link).await.status(), 410);
        assert_eq!(browser.post(&link, &[("password", "hoa gạo tháng ba rơi")]).await.status(), 410);
        for nonsense in ["x", &"0".repeat(64), "%00", "..%2f"] {
            assert_eq!(browser.get(&format!("/dang-nhap/lien-ket/{nonsense}")).await.status(), 410, "{nonsense}");
        }
    }
}

on_both! {
    /// A session that ends in the middle of writing loses nothing: the text waits on the sign-in page and is saved after it.
    async fn a_session_that_ends_while_one_writes_keeps_the_text(server: Server) {
        let browser = server.official("lan", &EDITOR).await;
        let editor = begin(&browser).await;
        let body = format!("Dòng một\r\n\r\n\"Trích\" & <b>{}", "chữ có dấu ế ".repeat(30_000));
        let mut form = typed(&browser, &editor, &[("title", "Tin \"dở\" <i>"), ("body", &body)]).await;
        form.push(("viec".into(), "luu".into()));
        browser.post("/dang-xuat", &[]).await;
        let refused = browser.post(&editor, &borrowed(&form)).await;
        assert_eq!(refused.status(), 401);
        let mut html = refused.text().await.unwrap();
        assert!(texts(&html, "main [role=status]").len() == 1, "it is said that the text is kept");
        for (name, password, status) in [("lan", "sai mật khẩu rồi", 422), ("lan", PASSWORD, 200)] {
            let mut sign_in = fields_of(&html, "main form");
            for (field, value) in &mut sign_in {
                match field.as_str() {
                    "name" => name.clone_into(value),
                    "password" => password.clone_into(value),
                    _ => {}
                }
            }
            let answer = browser.post("/dang-nhap", &borrowed(&sign_in)).await;
            assert_eq!(answer.status(), status);
            html = answer.text().await.unwrap();
        }
        assert_eq!(attribute(&html, "main form", "action").as_deref(), Some(editor.as_str()));
        assert_eq!(browser.post(&editor, &borrowed(&fields_of(&html, "main form"))).await.status(), 303);
        let saved = fields_of(&browser.page(&editor).await, "#soan");
        let field = |name: &str| saved.iter().find(|(field, _)| field == name).unwrap().1.clone();
        assert_eq!(field("title"), "Tin \"dở\" <i>");
        assert_eq!(field("body"), body.replace("\r\n", "\n"));
        browser.post("/dang-xuat", &[]).await;
        let upload = browser.upload(&format!("{editor}/word"), &[], "a.docx", b"x").await;
        assert_eq!(upload.status(), 401);
        let mut sign_in = fields_of(&upload.text().await.unwrap(), "main form");
        sign_in.retain(|(name, _)| !matches!(name.as_str(), "name" | "password"));
        sign_in.extend([("name".into(), "lan".into()), ("password".into(), PASSWORD.into())]);
        let back = target(&browser.post("/dang-nhap", &borrowed(&sign_in)).await);
        assert_eq!(browser.get(&back).await.status(), 200, "{back} is a page");
    }
}
