//! Accounts and units from the command line.

use crate::harness::{PASSWORD, Program, texts};

/// An installation gets its first administrator, units and accounts from the command line.
#[test]
fn accounts_and_units_are_managed_from_the_command_line() {
    let program = Program::new();
    let done = |arguments: &[&str], typed: &str, said: &str| {
        let (done, output, complaint) = program.run_with(arguments, typed);
        assert!(done && output.contains(said), "{arguments:?}: {output} {complaint}");
        output
    };
    let refused = |arguments: &[&str], typed: &str, said: &str| {
        let (done, output, complaint) = program.run_with(arguments, typed);
        assert!(!done && complaint.contains(said), "{arguments:?}: {output} {complaint}");
        assert!(!complaint.contains(PASSWORD) && !output.contains(PASSWORD));
    };
    let link = "/dang-nhap/lien-ket/";
    done(&["migrate"], "", "");
    done(&["unit", "add", "Sở Nội vụ"], "", "so-noi-vu");
    done(&["unit", "add", "Phòng Thi đua", "--under", "so-noi-vu"], "", "phong-thi-dua");
    done(&["unit", "list"], "", "phong-thi-dua  Phòng Thi đua  (under so-noi-vu)");
    refused(&["unit", "add", "SỞ NỘI VỤ"], "", "");
    refused(&["unit", "add", "Khác", "--under", "khong-co"], "", "");
    done(
        &["user", "add", "quan", "--role", "administrator", "--display-name", "Anh Quân"],
        &format!("{PASSWORD}\n"),
        "Added: quan",
    );
    let added =
        done(&["user", "add", "lan", "--role", "editor", "--role", "moderator", "--unit", "so-noi-vu"], "", link);
    assert!(added.lines().last().unwrap().trim().rsplit('/').next().unwrap().len() == 64, "{added}");
    refused(&["user", "add", "lan", "--role", "editor"], "", "");
    refused(&["user", "add", "tu", "--role", "king"], "", "unit-contributor");
    refused(&["user", "add", "tu", "--role", "editor"], "ngắn\n", "12");
    refused(&["user", "add", "Có Dấu", "--role", "editor"], "", "");
    refused(&["user", "add", "tu", "--role", "editor", "--unit", "khong-co"], "", "");
    let listed = done(&["user", "list"], "", "2 accounts.");
    assert!(
        listed.contains("quan  Anh Quân  administrator")
            && listed.contains("lan  lan  editor@so-noi-vu moderator@so-noi-vu"),
        "{listed}"
    );
    refused(&["user", "disable", "quan"], "", "administrator");
    refused(&["user", "disable", "khong-co"], "", "khong-co");
    done(&["user", "disable", "lan"], "", "Disabled: lan");
    done(&["user", "list"], "", "(disabled)");
    done(&["user", "disable", "lan", "--undo"], "", "Enabled: lan");
    done(&["user", "passwd", "lan"], "hoa gạo tháng ba nở\n", "lan");
    refused(&["user", "passwd", "lan"], "matkhau123456\n", "");
    refused(&["user", "passwd", "khong-co"], "hoa gạo tháng ba nở\n", "khong-co");
    done(&["user", "passwd", "lan", "--link", "--reset-second-step"], "", link);
}

/// The account of the command line signs in at the server that it was made for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_of_the_command_line_signs_in() {
    let program = Program::new();
    let (done, _, complaint) =
        program.run_with(&["user", "add", "quan", "--role", "administrator"], &format!("{PASSWORD}\n"));
    assert!(done, "a database is made where there is none: {complaint}");
    let serving = program.serve(std::process::Stdio::null());
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = client
        .post(format!("{}/dang-nhap", serving.base))
        .form(&[("name", "quan"), ("password", PASSWORD)])
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page =
        client.get(format!("{}/quan-tri/tai-khoan", serving.base)).header("cookie", cookie).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(texts(&page.text().await.unwrap(), ".desk-list > li").len(), 1);
}

/// What was said to be saved is there after the server was killed in that moment, and so is who is signed in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_saved_survives_kill_9() {
    let program = Program::new();
    let (done, _, _) = program.run_with(&["user", "add", "lan", "--role", "editor"], &format!("{PASSWORD}\n"));
    assert!(done);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut serving = program.serve(std::process::Stdio::null());
    let send = async |base: &str, path: &str, cookie: &str, form: &[(&str, &str)]| {
        client.post(format!("{base}{path}")).header("cookie", cookie).form(form).send().await.unwrap()
    };
    let answer = send(&serving.base, "/dang-nhap", "", &[("name", "lan"), ("password", PASSWORD)]).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let begun = send(&serving.base, "/quan-tri/tin", &cookie, &[]).await;
    let editor = begun.headers()["location"].to_str().unwrap().to_owned();
    let form = [("revision", "1"), ("version", "1"), ("title", "Tin một"), ("body", "Đã lưu."), ("viec", "luu")];
    assert_eq!(send(&serving.base, &editor, &cookie, &form).await.status(), 303);
    serving.child.kill().unwrap();
    let serving = program.serve(std::process::Stdio::null());
    let page = client.get(format!("{}{editor}", serving.base)).header("cookie", cookie).send().await.unwrap();
    assert_eq!(texts(&page.text().await.unwrap(), "#body"), ["Đã lưu."]);
}
