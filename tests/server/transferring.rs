//! What whoever moves comments in and out is promised: nothing is lost, nothing comes twice, and what is wrong is told.

use std::io::Write;
use std::path::{Path, PathBuf};

use thidua::domain::account::Role;
use thidua::domain::error::AppError;
use thidua::server::services::actor::Actor;
use thidua::server::services::comment_file::{
    ForeignOptions, PageMap, TransferError, Transferred, export_comments, import_foreign, import_own,
};

use crate::harness::{Program, Server, attribute, on_both, target, texts};

fn staff() -> Actor {
    Actor::CommandLine("test".into())
}

async fn export(server: &Server) -> Vec<u8> {
    let mut out = Vec::new();
    export_comments(&server.store, &staff(), &mut out).await.unwrap();
    out
}

fn keep(server: &Server, name: &str, bytes: &[u8]) -> PathBuf {
    let path = server.folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

async fn import(server: &Server, bytes: &[u8]) -> Transferred {
    import_own(&server.store, &staff(), &keep(server, "own.json", bytes), false).await.unwrap()
}

/// What is said of a file of which nothing is taken.
async fn refuse(server: &Server, bytes: &[u8]) -> String {
    match import_own(&server.store, &staff(), &keep(server, "own.json", bytes), false).await {
        Err(TransferError::File(problem)) => problem.to_string(),
        other => panic!("{other:?}"),
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/comments").join(name)
}

/// What the parts of a database that follow from others are.
async fn derived(server: &Server) -> Vec<i64> {
    let mut numbers = Vec::new();
    for sql in [
        "SELECT SUM(published_count) FROM discussion",
        "SELECT COUNT(*) FROM comment WHERE shown",
        "SELECT COUNT(*) FROM comment WHERE previewed",
        "SELECT CAST(SUM(replies) AS BIGINT) FROM comment",
        "SELECT CAST(SUM(agreed) AS BIGINT) FROM comment",
        "SELECT COUNT(*) FROM queue_item WHERE decided_at IS NULL AND kind = 'comment'",
        "SELECT COUNT(*) FROM queue_item WHERE decided_at IS NULL AND kind = 'edit'",
        "SELECT COUNT(*) FROM queue_item WHERE decided_at IS NULL AND kind = 'report'",
        "SELECT COUNT(*) FROM queue_item WHERE decided_at IS NULL AND kind = 'appeal'",
        "SELECT CAST(SUM(LENGTH(html)) AS BIGINT) FROM comment",
        "SELECT CAST(SUM(LENGTH(html) + LENGTH(old_html)) AS BIGINT) FROM comment_edit",
    ] {
        let sql = sql.replace("SUM(published_count)", "CAST(SUM(published_count) AS BIGINT)");
        numbers.push(server.number(&sql).await);
    }
    numbers
}

/// Two pages, the same wherever they are made.
async fn pages(server: &Server) {
    server.publish("---\ntitle: Một\nslug: mot\nlead: L\n---\nĐoạn một.").await;
    server.publish("---\ntitle: Hai\nslug: hai\nlead: L\n---\nĐoạn hai.").await;
    server.unit("Xã Đông Hà", None).await;
}

/// Comments of every kind with everything that can belong to them.
async fn fill(server: &Server) {
    pages(server).await;
    let lan = server.official("lan", &[(Role::Moderator, None)]).await;
    let first = server.comment("mot", "Bà Tư", "Gọi tôi số 0912 345 678.\n\nDòng \"hai\" \\ <b>\nhttps://a.vn/x").await;
    server.approve(&first).await;
    let id = server.number("SELECT MAX(id) FROM comment").await;
    for number in 0..5 {
        let code = server.send_answer("mot", &id.to_string(), &format!("Người {number}")).await;
        if number != 1 {
            server.approve(&code).await;
        }
    }
    let reply = server.number("SELECT MAX(id) FROM comment").await;
    let deeper = server.send_answer("mot", &reply.to_string(), "Ông Năm").await;
    server.approve(&deeper).await;
    let rejected = server.comment("hai", "Ông Bảy", "Bán đất nền").await;
    server.reject(&rejected, "Quảng cáo.\nKhông đăng.").await;
    let with_reason = server.comment("hai", "Ông Tám", "Bán xe").await;
    let item = server.number("SELECT MAX(id) FROM queue_item").await.to_string();
    let reason = format!("ly-do-{item}");
    let form = [("tu-choi", item.as_str()), (reason.as_str(), "advertising")];
    assert_eq!(lan.post("/quan-tri/phan-hoi", &form).await.status(), 303);
    server.comment("hai", "Cô Ba 👍🏽", "Đang chờ").await;
    let withdrawn = server.comment("hai", "Cô Út", "Rút lại").await;
    server.approve(&withdrawn).await;
    for _ in 0..3 {
        let browser = server.browser();
        let agreed = browser.post(&format!("/phan-hoi/{id}"), &[("viec", "dong-tinh")]).await;
        assert_eq!(agreed.status(), 303);
        let reported = [("viec", "bao"), ("ly-do", "insult"), ("ghi-chu", "Nặng lời")];
        assert_eq!(browser.post(&format!("/phan-hoi/{reply}"), &reported).await.status(), 303);
    }
    let who = server.number("SELECT MAX(id) FROM actor WHERE kind = 'account'").await;
    let unit = server.number("SELECT MAX(id) FROM unit").await;
    let advertising = server.number("SELECT id FROM moderation_reason WHERE code = 'advertising'").await;
    let last = server.number("SELECT MAX(id) FROM comment").await;
    let appealed = server.number("SELECT id FROM comment WHERE author_name = 'Ông Tám'").await;
    let refused = server.number("SELECT id FROM comment WHERE author_name = 'Ông Bảy'").await;
    for sql in [
        // A change of every state, and the words that went with a comment that was withdrawn.
        format!(
            "INSERT INTO comment_edit (comment_id, state, text, html, old_text, old_html, created_at, decided_at) VALUES ({id}, 'taken', 'b', '<p>b</p>', 'a', '<p>a</p>', 5, 5)"
        ),
        format!(
            "INSERT INTO comment_edit (comment_id, state, text, html, old_text, old_html, reason_id, reason, created_at, decided_at) VALUES ({id}, 'rejected', 'c', '<p>c</p>', 'b', '<p>b</p>', {advertising}, 'Không', 6, 7)"
        ),
        format!(
            "INSERT INTO comment_edit (comment_id, state, text, html, old_text, old_html, created_at) VALUES ({id}, 'waiting', 'd', '<p>d</p>', 'b', '<p>b</p>', 8)"
        ),
        format!(
            "INSERT INTO queue_item (kind, subject_id, comment_id, announcement_id, since) SELECT 'edit', MAX(id), {id}, 1, 8 FROM comment_edit"
        ),
        format!("UPDATE comment SET version = 4, edited_at = 9, email = 'tu@xa.vn', language = 'en' WHERE id = {id}"),
        format!(
            "UPDATE comment SET state = 'withdrawn', text = '', html = '', author_name = '', shown = FALSE WHERE id = {last}"
        ),
        "UPDATE discussion SET published_count = published_count - 1 WHERE subject_id = 2".to_owned(),
        format!(
            "INSERT INTO handover (comment_id, unit_id, due, note, created_at, actor_id, ended_at) VALUES ({id}, {unit}, '2026-12-01', 'Mời xã', 10, {who}, 12)"
        ),
        format!(
            "INSERT INTO handover (comment_id, unit_id, due, note, created_at, actor_id) VALUES ({id}, {unit}, '2026-12-02', '', 13, {who})"
        ),
        format!(
            "INSERT INTO official_answer (comment_id, unit_id, actor_id, version, text, html, created_at, edited_at, rating, rated_at) VALUES ({id}, {unit}, {who}, 2, 'Đã rõ', '<p>Đã rõ</p>', 14, 15, 1, 16)"
        ),
        format!(
            "INSERT INTO official_answer (comment_id, unit_id, actor_id, text, html, created_at, withdrawn_at) VALUES ({id}, {unit}, {who}, 'Hai', '<p>Hai</p>', 17, 18)"
        ),
        format!(
            "INSERT INTO official_answer_version (answer_id, version, text, actor_id, at) SELECT MIN(id), 1, 'Chưa rõ', {who}, 14 FROM official_answer"
        ),
        "UPDATE comment SET followed = TRUE WHERE id IN (SELECT comment_id FROM official_answer)".to_owned(),
        format!("INSERT INTO reopening (comment_id, text, created_at) VALUES ({id}, 'Chưa thoả đáng', 16)"),
        format!(
            "INSERT INTO appeal (comment_id, state, text, rejected_by, created_at) VALUES ({appealed}, 'waiting', 'Xin xem lại', {who}, 19)"
        ),
        format!(
            "INSERT INTO queue_item (kind, subject_id, comment_id, announcement_id, since) SELECT 'appeal', MAX(id), {appealed}, 2, 19 FROM appeal"
        ),
        format!(
            "INSERT INTO appeal (comment_id, state, text, rejected_by, reason_id, reason, created_at, decided_at) VALUES ({refused}, 'refused', 'Xin', {who}, {advertising}, 'Vẫn thế', 20, 21)"
        ),
        "INSERT INTO actor (kind, name, on_behalf_of, created_at) VALUES ('account', 'hoa', 'Bà Tư', 1)".to_owned(),
        format!(
            "INSERT INTO decision (at, actor_id, subject_kind, subject_id, action) SELECT 22, MAX(id), 'comment', {id}, 'keep-comment' FROM actor"
        ),
    ] {
        server.run_sql(&sql).await;
    }
    assert!(!with_reason.is_empty());
}

on_both! {
    /// All comments go to an empty portal with the same pages and back again: the file is the same to the byte, and what
    /// follows from the comments is the same.
    async fn a_portal_is_taken_over_with_all_its_comments(server: Server) {
        fill(&server).await;
        let file = export(&server).await;
        let text = String::from_utf8(file.clone()).unwrap();
        assert_eq!(text.lines().count(), 11 + 2, "{text}");
        for word in ["\"waiting\"", "\"published\"", "\"rejected\"", "\"withdrawn\"", "\"taken\"", "\"insult\"", "\"refused\"",
            "keep-comment", "Bà Tư", "Chưa thoả đáng", "2026-12-02", "tu@xa.vn", "advertising", "\"voter\""] {
            assert!(text.contains(word), "{word}");
        }
        assert!(!text.contains("sender"), "hashes of addresses stay where they are");
        // To the other kind of database, and from there to the first kind.
        let url = crate::harness::new_postgres().await;
        let mut others = Vec::new();
        for address in [url.as_str(), ""] {
            let other = Server::start(address).await;
            pages(&other).await;
            let from = others.last().map_or(&server, |(_, server)| server);
            let done = import(&other, &export(from).await).await;
            assert_eq!((done.added, done.already, done.left_out(), done.waiting), (11, 0, 0, 2), "{:?}", done.problems);
            assert_eq!(String::from_utf8(export(&other).await).unwrap(), text);
            assert_eq!(derived(&other).await, derived(&server).await);
            assert_eq!(texts(&other.page("/tin/mot").await, ".comment-author"), texts(&server.page("/tin/mot").await, ".comment-author"));
            others.push((address, other));
        }
        // Once more changes nothing.
        let (_, other) = others.last().unwrap();
        let before = derived(other).await;
        let done = import(other, &file).await;
        assert_eq!((done.added, done.already, done.left_out()), (0, 11, 0), "{:?}", done.problems);
        assert_eq!((String::from_utf8(export(other).await).unwrap(), derived(other).await), (text, before));
        assert_eq!(other.number("SELECT COUNT(*) FROM decision WHERE subject_kind = 'comment-file'").await, 2);
        let folders: Vec<_> = others.iter().map(|(_, other)| other.folder.clone()).collect();
        drop(others);
        folders.iter().for_each(|folder| { std::fs::remove_dir_all(folder).ok(); });
        crate::harness::drop_postgres(&url).await;
    }
}

on_both! {
    /// Pages that are kept show what was brought in with the next request, and moderators find what waits.
    async fn what_is_brought_in_is_read_and_moderated_at_once(server: Server) {
        pages(&server).await;
        let lan = server.official("lan", &[(Role::Moderator, None)]).await;
        assert!(texts(&server.page("/tin/mot").await, ".comment-author").is_empty());
        let line = |code: &str, rest: &str| format!("{{\"code\":\"{code}\",\"page\":\"/tin/mot\",\"author\":\"{code}\",\"text\":\"Ý kiến\",\"language\":\"vi\",\"version\":1,\"sent\":\"2021-06-01T01:00:00Z\",{rest}}}");
        let published = "\"state\":\"published\",\"decided\":\"2021-06-01T02:00:00Z\"";
        let file = own_file(&[
            line("AAAAAAAAAAAA", "\"state\":\"rejected\",\"decided\":\"2021-06-01T02:00:00Z\""),
            line("BBBBBBBBBBBB", &format!("\"thread\":\"AAAAAAAAAAAA\",\"reply_to\":\"AAAAAAAAAAAA\",{published}")),
            line("CCCCCCCCCCCC", "\"state\":\"waiting\""),
            line("DDDDDDDDDDDD", &format!("{published},\"reports\":[{{\"reason\":\"insult\",\"note\":\"\",\"voter\":\"x\",\"at\":\"2021-06-01T03:00:00Z\"}}]")),
        ]);
        let done = import(&server, &file).await;
        assert_eq!((done.added, done.waiting), (4, 1), "{:?}", done.problems);
        let html = server.page("/tin/mot").await;
        assert_eq!(texts(&html, ".comment-author").join(" "), "DDDDDDDDDDDD BBBBBBBBBBBB", "{html}");
        assert!(server.page("/theo-doi/AAAA-AAAA-AAAA").await.contains("AAAA-AAAA-AAAA"));
        let queue = lan.page("/quan-tri/phan-hoi").await;
        assert_eq!(texts(&queue, ".queue-item strong")[..2], ["CCCCCCCCCCCC", "DDDDDDDDDDDD"]);
        let item = attribute(&queue, "[data-item]", "data-item").unwrap();
        assert_eq!(target(&lan.post("/quan-tri/phan-hoi", &[("duyet", &item)]).await).split('?').next(), Some("/quan-tri/phan-hoi"));
        assert_eq!(texts(&server.page("/tin/mot").await, ".comment-author").len(), 3);
        // What was decided here since stays, and so does a comment that is in the file with other words.
        let again = String::from_utf8(file).unwrap().replacen("\"text\":\"Ý kiến\"", "\"text\":\"Khác\"", 2);
        let done = import(&server, again.as_bytes()).await;
        assert_eq!((done.added, done.already, done.wrong), (0, 2, 2));
        assert_eq!(done.problems[0], "line 2: comment AAAAAAAAAAAA: it is here with another text");
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE text = 'Khác'").await, 0);
    }
}

fn own_file(lines: &[String]) -> Vec<u8> {
    format!("{{\"format\":\"thidua-comments\",\"version\":1,\"comments\":[\n{}\n]}}\n", lines.join(",\n")).into_bytes()
}

on_both! {
    /// What can't be taken is told with its line, and nothing of that comment is written; a dry run says the same.
    async fn what_does_not_fit_is_told_and_left_out_whole(server: Server) {
        pages(&server).await;
        let code = server.comment("hai", "Bà Tư", "Có rồi").await;
        let code = code.replace('-', "");
        let good = "{\"code\":\"AAAAAAAAAAAA\",\"page\":\"/tin/mot\",\"author\":\"A\",\"text\":\"Ý kiến\",\"language\":\"vi\",\"state\":\"published\",\"version\":1,\"sent\":\"2021-06-01T01:00:00Z\",\"decided\":\"2021-06-01T02:00:00Z\"}";
        let by = "{\"kind\":\"account\",\"name\":\"a\",\"on_behalf_of\":\"\"}";
        let at = "\"at\":\"2021-06-01T01:00:00Z\"";
        let with = |rest: &str| format!("{},{rest}}}", good.strip_suffix('}').unwrap()).replace("AAAAAAAAAAAA", "BBBBBBBBBBBB");
        let report = |reason: &str| format!("{{\"reason\":\"{reason}\",\"note\":\"\",\"voter\":\"x\",{at}}}");
        let edit = "{\"state\":\"waiting\",\"text\":\"a\",\"old_text\":\"b\",\"sent\":\"2021-06-01T01:00:00Z\"}";
        let cases = [
            (good.replace("/tin/mot", "/tin/khong-co"), "there is no page /tin/khong-co here"),
            (good.replace("/tin/mot", "/thi-dua/mot"), "there is no page /thi-dua/mot here"),
            (good.replace("/tin/mot", "x\\u001b[31m"), "there is no page x[31m here"),
            (good.replace("AAAAAAAAAAAA", "aaaaaaaaaaaa"), "its code is none"),
            (good.replace("AAAAAAAAAAAA", &code), "its code is that of another comment here"),
            (good.replace("\"decided\":\"2021-06-01T02:00:00Z\"", "\"decided\":null"), "it is decided and does not say when"),
            (with("\"thread\":\"ZZZZZZZZZZZZ\""), "comment ZZZZZZZZZZZZ, which it follows, is neither here nor before it"),
            (with(&format!("\"thread\":\"{code}\"")), "begins no thread of its page"),
            (with("\"reply_to\":\"ZZZZZZZZZZZZ\""), "it replies to something and is in no thread"),
            (with("\"reason\":{\"code\":\"khong-co\",\"note\":null}"), "there is no reason khong-co here"),
            (with(&format!("\"reports\":[{}]", report("khong-co"))), "there is no reason khong-co here"),
            (with(&format!("\"reports\":[{0},{0}]", report("insult"))), "the same browser reported it twice"),
            (with(&format!("\"edits\":[{edit},{edit}]")), "two changes wait"),
            (with(&format!("\"answers\":[{{\"unit\":\"khong-co\",\"by\":{by},\"version\":1,\"text\":\"a\",{at}}}]")), "there is no unit khong-co here"),
            (with(&format!("\"answers\":[{{\"unit\":\"xa-dong-ha\",\"by\":{by},\"version\":1,\"text\":\"a\",{at},\"rating\":4}}]")), "a rating is none of 1, 2 and 3"),
            (with(&format!("\"handovers\":[{{\"unit\":\"xa-dong-ha\",\"due\":\"mai\",\"note\":\"\",{at},\"by\":{by}}}]")), "a day until which"),
            (with(&format!("\"decisions\":[{{{at},\"by\":{},\"action\":\"approve\"}}]", by.replace("account", "king"))), "who did something is nobody"),
            (with(&format!("\"decisions\":[{{{at},\"by\":{by},\"action\":\"DROP\"}}]")), "no word of the log"),
            (with(&format!("\"appeal\":{{\"state\":\"waiting\",\"text\":\"\",\"rejected_by\":{by},{at}}}")), "an appeal waits where nothing is rejected"),
            (good.replace("Ý kiến", &"a".repeat(1024 * 1024 + 1)), "a text has more than 1 MB"),
        ];
        let mut lines = vec![good.to_owned()];
        lines.extend(cases.iter().map(|(line, _)| line.replace("AAAAAAAAAAAA", "BBBBBBBBBBBB")));
        lines.push(good.to_owned());
        let file = keep(&server, "own.json", &own_file(&lines));
        let dry = import_own(&server.store, &staff(), &file, true).await.unwrap();
        assert_eq!(server.number("SELECT COUNT(*) FROM receipt").await, 1, "a dry run writes nothing");
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE subject_kind = 'comment-file'").await, 0);
        let done = import_own(&server.store, &staff(), &file, false).await.unwrap();
        assert_eq!(dry, done);
        assert_eq!((done.added, done.wrong), (1, cases.len() + 1));
        for (number, ((_, why), told)) in cases.iter().zip(&done.problems).enumerate() {
            assert!(told.starts_with(&format!("line {}: comment ", number + 3)) && told.contains(why), "{told}: {why}");
        }
        assert!(done.problems.last().unwrap().ends_with("it is in the file twice"));
        assert_eq!(server.number("SELECT COUNT(*) FROM receipt").await, 2);
        for table in ["comment_report", "comment_edit", "official_answer", "handover", "appeal"] {
            assert_eq!(server.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
    }
}

on_both! {
    /// A file that is broken anywhere is refused before anything of it is written, and nobody without the right moves one.
    async fn a_broken_file_and_a_stranger_are_refused(server: Server) {
        fill(&server).await;
        let file = export(&server).await;
        let before = server.number("SELECT COUNT(*) FROM comment").await;
        let new: Vec<u8> = String::from_utf8(file.clone()).unwrap().replace("\"code\":\"", "\"code\":\"22").into_bytes();
        for length in (0..new.len() - 4).step_by(new.len() / 40) {
            refuse(&server, &new[..length]).await;
        }
        let line = String::from_utf8(file.clone()).unwrap().lines().nth(1).unwrap().trim_end_matches(',').to_owned();
        for (broken, said) in [
            (line.replace("Bà Tư", "Bà\\u0000Tư"), "stands for nothing"),
            (line.replace("\"edits\":[", &format!("\"edits\":{}", "[".repeat(200_000))), "line 2"),
            (line.replace("\"version\":4", "\"version\":4,\"admin\":true"), "unknown field `admin`"),
            ("Ý kiến".to_owned(), "line 2"),
            (format!("{{\"code\":\"{}", "a".repeat(17 * 1024 * 1024)), "16 MB"),
        ] {
            let why = refuse(&server, &own_file(&[broken])).await;
            assert!(why.contains(said), "{why}");
        }
        assert!(refuse(&server, b"{\"format\":\"thidua-comments\",\"version\":9,\"comments\":[\n]}").await.contains("version 9"));
        assert_eq!(server.number("SELECT COUNT(*) FROM comment").await, before);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE subject_kind = 'comment-file'").await, 0);
        let path = keep(&server, "own.json", &file);
        let forbidden = |error| matches!(error, TransferError::App(AppError::Forbidden));
        assert!(forbidden(export_comments(&server.store, &Actor::Citizen, Vec::new()).await.unwrap_err()));
        assert!(forbidden(import_own(&server.store, &Actor::Citizen, &path, true).await.unwrap_err()));
        let options = ForeignOptions { dry_run: true, ..ForeignOptions::default() };
        assert!(forbidden(import_foreign(&server.store, &Actor::Citizen, &path, &options).await.unwrap_err()));
    }
}

/// A database of Isso of the statements in the fixture.
async fn isso(server: &Server) -> PathBuf {
    use sqlx::{ConnectOptions, Connection};
    let path = server.folder.join("isso.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true).foreign_keys(false);
    let mut database = options.connect().await.unwrap();
    let statements = std::fs::read_to_string(fixture("isso.sql")).unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    path
}

on_both! {
    /// What Remark42, Isso, Disqus and `WordPress` have exported comes to the pages here that it belongs to, once: threads of
    /// two levels, times as they were, what waited in the queue, what was deleted or spam not at all.
    async fn comments_of_other_systems_come_in_once(server: Server) {
        server.publish("---\ntitle: Trồng cây\nslug: trong-cay\nlead: L\n---\nĐoạn.").await;
        server.publish("---\ntitle: Khác\nslug: tin-khac\nlead: L\n---\nĐoạn.").await;
        let lan = server.official("lan", &[(Role::Moderator, None)]).await;
        let mut pages = PageMap::default();
        pages.add("https://cu.thidua.vn/tin/khac=>tin-khac").unwrap();
        pages.add("/tin/khac=>/tin/tin-khac").unwrap();
        let options = ForeignOptions { pages, ..ForeignOptions::default() };
        let dry = ForeignOptions { dry_run: true, ..options.clone() };
        let isso = isso(&server).await;
        let mut all = 0;
        // New, waiting, without a page, deleted, spam.
        for (path, [added, waiting, no_page, deleted, spam]) in [
            (fixture("remark42.jsonl"), [4, 0, 0, 2, 0]),
            (isso, [3, 1, 1, 2, 0]),
            (fixture("disqus.xml"), [2, 0, 1, 1, 1]),
            (fixture("wordpress.xml"), [3, 1, 0, 1, 1]),
        ] {
            let told = import_foreign(&server.store, &staff(), &path, &dry).await.unwrap();
            let receipts = server.number("SELECT COUNT(*) FROM receipt").await;
            assert_eq!(receipts, all, "a dry run writes nothing");
            let done = import_foreign(&server.store, &staff(), &path, &options).await.unwrap();
            assert_eq!(told, done, "{}", path.display());
            let left = |why: &str| done.left_out.get(why).copied().unwrap_or_default();
            let counts = [done.added, done.waiting, done.pages.values().sum(), left("deleted"), left("spam")];
            assert_eq!(counts, [added, waiting, no_page, deleted, spam], "{}: {done:?}", path.display());
            all += i64::try_from(added).unwrap();
            let again = import_foreign(&server.store, &staff(), &path, &options).await.unwrap();
            assert_eq!((again.added, again.already, again.places), (0, added, 0), "{}", path.display());
        }
        assert_eq!(server.number("SELECT COUNT(*) FROM comment").await, all);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE agreed > 0 OR email IS NOT NULL").await, 0);
        let html = server.page("/tin/trong-cay?thu-tu=cu").await;
        let names = texts(&html, ".comment-author");
        assert_eq!(names, ["Nguyễn Văn An", "Bình", "Trần Văn Bình", "Bà Tư", "Nguyễn Thị Lan", "Tư & Sáu", "Lan", "Tư & Sáu"]);
        assert!(html.contains("01/06/2021, 08:00") && html.contains("Xã tôi đã trồng được 1.200 cây."));
        assert_eq!(texts(&server.page("/tin/tin-khac").await, ".comment-author"), ["Hoà", "Ẩn danh"]);
        // A reply to what was deleted joins its thread; two answer the first comment of Remark42.
        assert_eq!(server.number("SELECT replies FROM comment WHERE author_name = 'Nguyễn Thị Lan'").await, 2);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE thread_id IN (SELECT id FROM comment WHERE thread_id IS NOT NULL)").await, 0);
        assert_eq!(server.number("SELECT COUNT(*) FROM decision WHERE action = 'import' AND subject_kind = 'comment'").await, 10);
        assert_eq!(texts(&lan.page("/quan-tri/phan-hoi").await, ".queue-item strong").len(), 2);
        let policy = server.page("/chinh-sach/kiem-duyet").await;
        assert!(!policy.contains("Đã quyết định 10"), "what was decided elsewhere is not counted here");
    }
}

on_both! {
    /// What begins a thread and was left out keeps its place, empty, for the answers below it; what is far too long is cut,
    /// and that is told; personal data is masked; markup stays text.
    async fn threads_stay_together_and_texts_stay_whole(server: Server) {
        server.publish("---\ntitle: Một\nslug: mot\nlead: L\n---\nĐoạn.").await;
        let long = "dài ".repeat(1000);
        let line = |id: &str, parent: &str, text: &str, rest: &str| {
            format!("{{\"id\":\"{id}\",\"pid\":\"{parent}\",\"text\":\"{text}\",\"user\":{{\"name\":\"Người {id}\"}},\"locator\":{{\"url\":\"https://cu.vn/mot/\"}},\"time\":\"2021-06-01T08:00:0{id}Z\"{rest}}}")
        };
        let lines = [
            "{\"version\":1,\"users\":[],\"posts\":[]}".to_owned(),
            line("1", "", "", ",\"delete\":true"),
            line("2", "1", "<p>Trả lời, gọi 0912 345 678</p>", ""),
            line("3", "2", "&lt;script&gt;alert(1)&lt;/script&gt;", ""),
            line("4", "", &long, ""),
            line("5", "", &long.repeat(8), ""),
            line("6", "", " ", ""),
        ];
        let path = keep(&server, "remark.jsonl", lines.join("\n").as_bytes());
        let options = ForeignOptions::default();
        for (added, already) in [(4, 0), (0, 4)] {
            let done = import_foreign(&server.store, &staff(), &path, &options).await.unwrap();
            assert_eq!((done.added, done.already, done.left_out["deleted"], done.left_out["without a text"]), (added, already, 1, 1));
            assert_eq!((done.places, done.cut), (added / 4, added / 4));
        }
        let html = server.page("/tin/mot?thu-tu=cu").await;
        assert_eq!(texts(&html, ".comment-author"), ["Người 2", "Người 3", "Người 4", "Người 5"]);
        assert_eq!(texts(&html, ".comment").len(), 5, "and a place for what is gone");
        assert!(html.contains("09•• ••• •78") && html.contains("&lt;script&gt;") && !html.contains("<script>alert"));
        assert_eq!(server.number("SELECT CAST(LENGTH(text) AS BIGINT) FROM comment WHERE author_name = 'Người 4'").await, 3999);
        assert_eq!(server.number("SELECT published_count FROM discussion").await, 4);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE state = 'withdrawn' AND shown AND text = ''").await, 1);
        // They go along with the others.
        let file = export(&server).await;
        let done = import(&server, &file).await;
        assert_eq!((done.added, done.already), (0, 5), "{:?}", done.problems);
    }
}

on_both! {
    /// A large file is written some at a time: it may be stopped anywhere and begun again, and two at once are one.
    async fn a_large_file_may_be_begun_again(server: Server) {
        server.publish("---\ntitle: Một\nslug: mot\nlead: L\n---\nĐoạn.").await;
        let code = |number: usize| format!("{number:0>12}").replace('0', "Y").replace('1', "Z");
        let line = |number: usize| {
            let thread = if number.is_multiple_of(5) { "null".to_owned() } else { format!("\"{}\"", code(number - number % 5)) };
            format!("{{\"code\":\"{}\",\"page\":\"/tin/mot\",\"thread\":{thread},\"author\":\"A\",\"text\":\"Ý kiến {number}\",\"language\":\"vi\",\"state\":\"published\",\"version\":1,\"sent\":\"2021-06-01T01:00:00.{:03}Z\",\"decided\":\"2021-06-01T02:00:00Z\"}}", code(number), number % 1000)
        };
        let lines: Vec<String> = (0..1000).map(line).collect();
        // What a run had written that was stopped.
        assert_eq!(import(&server, &own_file(&lines[..333])).await.added, 333);
        let path = keep(&server, "all.json", &own_file(&lines));
        let actor = staff();
        let (one, two) = tokio::join!(
            import_own(&server.store, &actor, &path, false),
            import_own(&server.store, &actor, &path, false)
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!(one.added + two.added, 667, "{one:?} {two:?}");
        assert_eq!(server.number("SELECT published_count FROM discussion").await, 1000);
        assert_eq!(server.number("SELECT CAST(SUM(replies) AS BIGINT) FROM comment").await, 800);
        assert_eq!(server.number("SELECT COUNT(*) FROM comment WHERE previewed").await, 600);
        assert_eq!(texts(&server.page("/tin/mot").await, ".comment").len(), 200);
    }
}

/// The command line writes a file that nobody else reads, brings it in, and says in a sentence what is wrong.
#[test]
fn comments_are_moved_from_the_command_line() {
    let program = Program::new();
    let done = |arguments: &[&str], said: &str| {
        let (done, output, complaint) = program.run(arguments);
        assert!(done && output.contains(said), "{arguments:?}: {output} {complaint}");
        output
    };
    let refused = |arguments: &[&str], said: &str| {
        let (done, output, complaint) = program.run(arguments);
        assert!(!done && complaint.contains(said), "{arguments:?}: {output} {complaint}");
        assert!(complaint.trim().lines().count() == 1, "{complaint}");
        output
    };
    let paper = program.file("paper.md", "---\ntitle: Trồng cây\nslug: trong-cay\nlead: L\n---\nĐoạn.");
    done(&["announcement", "import", &paper, "--publish"], "trong-cay");
    let disqus = fixture("disqus.xml");
    let disqus = disqus.to_str().unwrap();
    let said = refused(&["comment", "import", disqus, "--dry-run"], "1 comment could not be taken");
    assert!(
        said.contains("No page here for thread 1337: 1 comment.")
            && said.contains("Nothing was written. To be added: 2 comments")
    );
    let table = program.file("pages.csv", "address,slug\nthread 1337,trong-cay\n");
    let said = done(
        &["comment", "import", disqus, "--from", "disqus", "--pages", &table],
        "Added: 3 comments (1 waiting for a moderator); there already: 0; left out: 2.",
    );
    assert!(said.contains("Left out, spam: 1.") && said.contains("Left out, deleted: 1."), "{said}");
    done(
        &["comment", "import", disqus, "--page", "thread 1337=>trong-cay"],
        "Added: 0 comments (0 waiting for a moderator); there already: 3",
    );
    let file = Path::new(&paper).with_file_name("out.json");
    let file = file.to_str().unwrap();
    done(&["comment", "export", file], "Written: 3 comments");
    refused(&["comment", "export", file], "is there already");
    let (_, output, told) = program.run(&["comment", "export", "-"]);
    assert_eq!((output, told.trim()), (std::fs::read_to_string(file).unwrap(), "Written: 3 comments."));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    done(&["comment", "import", file], "there already: 3");
    let elsewhere = Program::new();
    let paper = elsewhere.file("paper.md", "---\ntitle: Trồng cây\nslug: trong-cay\nlead: L\n---\nĐoạn.");
    assert!(elsewhere.run(&["announcement", "import", &paper, "--publish"]).0);
    let (came, output, complaint) = elsewhere.run(&["comment", "import", file]);
    assert!(came && output.contains("Added: 3 comments"), "{output} {complaint}");
    assert_eq!(elsewhere.run(&["comment", "export", "-"]).1, std::fs::read_to_string(file).unwrap());
    let broken = program.file("broken.json", "{\"format\":\"thidua-comments\",\"version\":1,\"comments\":[\n{\"code\"");
    for (arguments, said) in [
        (vec!["comment", "import", broken.as_str()], "broken.json, line 2: "),
        (vec!["comment", "import", "khong-co.json"], "no file khong-co.json"),
        (vec!["comment", "import", disqus, "--from", "remark42"], "disqus.xml, line 1: "),
        (vec!["comment", "import", disqus, "--page", "trong-cay"], "=>slug"),
        (vec!["comment", "import", disqus, "--pages", "khong-co.csv"], "khong-co.csv"),
        (vec!["comment", "import", file, "--page", "a=>b"], "--page"),
        (vec!["comment", "export", "/khong/co/x.json"], "could not be written"),
    ] {
        refused(&arguments, said);
    }
    assert!(!Path::new(&format!("{file}.part")).exists());
    // A file is written and read by streams, and gone through without a trace in memory of what was before.
    let mut large = std::fs::File::create(Path::new(file).with_file_name("large.json")).unwrap();
    writeln!(large, "{{\"format\":\"thidua-comments\",\"version\":1,\"comments\":[\n]}}").unwrap();
    done(&["comment", "import", Path::new(file).with_file_name("large.json").to_str().unwrap()], "Added: 0 comments");
}
