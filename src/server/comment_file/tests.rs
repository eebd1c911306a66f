//! Files of comments as other systems write them, and as nobody should.

use std::fmt::Write as _;
use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::domain::chance::Chance;
use crate::domain::lang::Lang;

mod own_file;
mod words;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/comments").join(name)).unwrap()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The comments of a file with these bytes, or those that were given before a problem, and this.
async fn try_read(
    bytes: &[u8],
    kind: Option<ForeignKind>,
) -> Result<Vec<ForeignComment>, (Vec<ForeignComment>, FileProblem)> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    read_path(file.path(), kind).await
}

async fn read_path(
    path: &Path,
    kind: Option<ForeignKind>,
) -> Result<Vec<ForeignComment>, (Vec<ForeignComment>, FileProblem)> {
    let mut comments = Vec::new();
    let mut take = |comment| {
        comments.push(comment);
        Ok(())
    };
    match read_foreign(path, kind, &mut take).await {
        Ok(()) => Ok(comments),
        Err(problem) => Err((comments, problem)),
    }
}

async fn read(bytes: &[u8]) -> Vec<ForeignComment> {
    try_read(bytes, None).await.unwrap()
}

/// What is said of a file of which nothing may be given.
async fn refuse(bytes: &[u8], kind: Option<ForeignKind>) -> String {
    let (comments, problem) = try_read(bytes, kind).await.unwrap_err();
    assert_eq!(comments, [], "{problem}");
    problem.to_string()
}

/// The identifiers with those of the parents.
fn threads(comments: &[ForeignComment]) -> Vec<(&str, Option<&str>)> {
    comments.iter().map(|comment| (comment.id.as_str(), comment.parent.as_deref())).collect()
}

fn at(text: &str) -> Instant {
    moment::read_time(text).unwrap()
}

fn comment(id: &str, page: &str, author: &str, text: &str, sent: &str) -> ForeignComment {
    ForeignComment {
        id: id.to_owned(),
        parent: None,
        page: page.to_owned(),
        author: author.to_owned(),
        email: None,
        text: text.to_owned(),
        sent: at(sent),
        edited: None,
        state: ForeignState::Published,
        agreed: 0,
    }
}

fn reply(parent: &str, comment: ForeignComment) -> ForeignComment {
    ForeignComment { parent: Some(parent.to_owned()), ..comment }
}

/// A line of Remark42.
fn line(id: &str, parent: &str, rest: &str) -> String {
    format!(
        r#"{{"id":"{id}","pid":"{parent}","text":"<p>Ý kiến</p>","user":{{"name":"Lan"}},"locator":{{"url":"/a"}},"time":"2021-06-01T08:00:00Z"{rest}}}"#
    ) + "\n"
}

fn remark(lines: &[String]) -> Vec<u8> {
    format!("{{\"version\":1,\"users\":[],\"posts\":[]}}\n{}", lines.concat()).into_bytes()
}

const DISQUS: &str = r#"<?xml version="1.0"?><disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="1"><link>/a</link></thread>
"#;
const WORDPRESS: &str = r#"<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<item><link>/a</link>
"#;

fn post(id: &str, parent: &str, rest: &str) -> String {
    let parent = if parent.is_empty() { String::new() } else { format!("<parent dsq:id=\"{parent}\"/>") };
    format!(
        "<post dsq:id=\"{id}\"><createdAt>2021-06-01T08:00:00Z</createdAt>{rest}<thread dsq:id=\"1\"/>{parent}</post>\n"
    )
}

fn disqus(posts: &[String]) -> Vec<u8> {
    format!("{DISQUS}{}</disqus>", posts.concat()).into_bytes()
}

fn wordpress(comments: &str) -> Vec<u8> {
    format!("{WORDPRESS}{comments}</item></channel></rss>").into_bytes()
}

#[tokio::test]
async fn a_remark42_backup_is_read_with_its_threads() {
    let page = "https://cu.thidua.vn/tin/trong-cay/";
    let expected = [
        ForeignComment {
            edited: Some(at("2021-06-01T01:05:00Z")),
            agreed: 4,
            ..comment(
                "a1",
                page,
                "Nguyễn Thị Lan",
                "Xã tôi đã trồng được 1.200 cây. Xem ảnh ở đây (https://xa.vn/anh?a=1&b=2).\n\nMong xã bạn cùng làm!",
                "2021-06-01T01:00:00.123Z",
            )
        },
        reply(
            "a1",
            ForeignComment {
                agreed: 1,
                ..comment(
                    "b2",
                    page,
                    "Tư & Sáu",
                    "> 1.200 cây\n\nChúc mừng bà con:\n\n- thôn Đông\n- thôn Đoài",
                    "2021-06-01T02:00:00Z",
                )
            },
        ),
        reply(
            "a1",
            ForeignComment { state: ForeignState::Deleted, ..comment("c3", page, "", "", "2021-06-01T03:00:00Z") },
        ),
        reply("c3", comment("d4", page, "Lan", "Cảm ơn bác.", "2021-06-01T04:00:00Z")),
        // e5 is deleted and nobody replied to it; what f6 replied to is not in the file.
        comment("f6", "https://cu.thidua.vn/tin/khac/", "Hoà", "Ở trang khác.", "2021-06-02T00:00:00Z"),
    ];
    let bytes = fixture("remark42.jsonl");
    assert_eq!(read(&bytes).await, expected);
    assert_eq!(read(&packed(&bytes)).await, expected);
    let with_mark = ["\u{feff}".as_bytes(), &bytes].concat();
    assert_eq!(read(&with_mark).await, expected);
}

#[tokio::test]
async fn a_disqus_export_is_read_with_its_threads() {
    let page = "https://cu.thidua.vn/tin/trong-cay/?a=1&b=2";
    let expected = [
        comment("101", page, "Trần Văn Bình", "Dòng một\ndòng hai & hết.", "2019-03-04T01:02:03Z"),
        reply(
            "101",
            ForeignComment {
                email: Some("tu@xa.vn".to_owned()),
                ..comment(
                    "102",
                    page,
                    "Bà Tư",
                    "Đồng ý với anh. Xem https://xa.vn/bai-viet/rat-dai/2019",
                    "2019-03-04T02:00:00Z",
                )
            },
        ),
        // Where a page has no address, it is called what the file calls it.
        ForeignComment {
            state: ForeignState::Rejected,
            ..comment("103", "thread 11", "Quảng cáo", "Mua hàng giá rẻ", "2019-03-05T00:00:00Z")
        },
        // 104 went with its page.
        ForeignComment {
            state: ForeignState::Waiting,
            ..comment("105", "thread 1337", "Hoà", "Không thấy trang đâu\nmà vẫn còn ý kiến", "2019-03-07T00:00:00Z")
        },
    ];
    let bytes = fixture("disqus.xml");
    assert_eq!(read(&bytes).await, expected);
    assert_eq!(read(&packed(&bytes)).await, expected);
}

#[tokio::test]
async fn a_wordpress_export_is_read_with_its_threads() {
    let page = "https://cu.thidua.vn/tin/trong-cay/";
    let expected = [
        ForeignComment {
            email: Some("an@xa.vn".to_owned()),
            ..comment(
                "2",
                page,
                "Nguyễn Văn An",
                "Số cây 3 < 5 & hơn.\nDòng hai.\n\nĐoạn hai đậm ]]> nguồn (https://xa.vn) <3",
                "2014-01-14T10:32:12Z",
            )
        },
        // The time in UTC is missing: the time of a clock in Vietnam is taken.
        reply(
            "2",
            ForeignComment {
                state: ForeignState::Waiting,
                ..comment("3", page, "Trả lời", "Đang chờ duyệt.", "2014-01-14T11:00:00Z")
            },
        ),
        // 4 is a pingback.
        comment("5", page, "Bình", "Trả lời trang khác", "2014-01-16T00:00:00Z"),
        ForeignComment {
            state: ForeignState::Rejected,
            ..comment("6", "ban-nhap", "Rác", "Mua ngay", "2014-01-17T00:00:00Z")
        },
        // 7 is in the bin and nobody replied to it.
    ];
    assert_eq!(read(&fixture("wordpress.xml")).await, expected);
}

/// A database that such statements make.
async fn database(statements: &str) -> (tempfile::TempDir, PathBuf) {
    use sqlx::{ConnectOptions, Connection};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("comments.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true).foreign_keys(false);
    let mut database = options.connect().await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements.to_owned())).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    (folder, path)
}

async fn isso(more: &str) -> (tempfile::TempDir, PathBuf) {
    database(&(String::from_utf8(fixture("isso.sql")).unwrap() + more)).await
}

async fn refuse_database(statements: &str) -> String {
    let (_folder, path) = database(statements).await;
    let (comments, problem) = read_path(&path, None).await.unwrap_err();
    assert_eq!(comments, [], "{problem}");
    problem.to_string()
}

#[tokio::test]
async fn a_database_of_isso_is_read_with_its_threads() {
    let page = "/tin/trong-cay/";
    let expected = [
        ForeignComment {
            email: Some("tu@xa.vn".to_owned()),
            edited: Some(at("2021-06-01T01:01:00Z")),
            agreed: 7,
            ..comment(
                "1",
                page,
                "Tư & Sáu",
                "Xã tôi có **1.200** cây, hơn 3 < 5.\n\n- thôn Đông\n- <https://xa.vn/anh>",
                "2021-06-01T01:00:00.123Z",
            )
        },
        reply(
            "1",
            ForeignComment { state: ForeignState::Deleted, ..comment("2", page, "", "", "2021-06-01T01:01:40Z") },
        ),
        reply(
            "2",
            ForeignComment {
                state: ForeignState::Waiting,
                ..comment("3", page, "Lan", "Từ Disqus.\n\nĐoạn hai.", "2021-06-01T01:03:20.5Z")
            },
        ),
        // What it replied to is on another page; 5 is deleted and nobody replied to it.
        comment("4", "/tin/khac/", "", "Ở trang khác", "2021-06-01T01:05:00Z"),
        comment("6", "thread 9", "Hoà", "Không còn trang", "2021-06-01T01:08:20Z"),
    ];
    let (_folder, path) = isso("").await;
    assert_eq!(read_path(&path, None).await.unwrap(), expected);
    let before = std::fs::read(&path).unwrap();
    assert_eq!(read_path(&path, Some(ForeignKind::Isso)).await.unwrap(), expected);
    assert_eq!(std::fs::read(&path).unwrap(), before, "nothing is written to it");
}

#[tokio::test]
async fn a_database_with_more_rows_than_are_read_at_once_gives_them_all() {
    let more = "WITH RECURSIVE n(i) AS (select 100 UNION ALL select i + 1 FROM n WHERE i < 1099) \
        INSERT INTO comments select 1, i, 1, 1622509200 + i, NULL, 1, '', 'x', 'y', NULL, NULL, 0, 0, x'', 0 FROM n;";
    let (_folder, path) = isso(more).await;
    let comments = read_path(&path, None).await.unwrap();
    assert_eq!(comments.len(), 1005);
    assert_eq!(comments.last().unwrap().id, "1099");
}

#[tokio::test]
async fn a_database_that_is_not_of_isso_or_computes_is_refused() {
    let other = refuse_database("CREATE TABLE users (id INTEGER);").await;
    assert_eq!(other, "this is no database of Isso: it has not the tables comments and threads");
    let threads = "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri TEXT);";
    let view = "CREATE VIEW comments AS WITH RECURSIVE n(i) AS (select 1 UNION ALL select i + 1 FROM n) \
        select 1 AS tid, i AS id FROM n;";
    assert_eq!(refuse_database(&format!("{threads}{view}")).await, other);
    let computed = "CREATE TABLE comments (id INTEGER PRIMARY KEY, text AS (hex(zeroblob(100000000))));";
    assert_eq!(refuse_database(&format!("{threads}{computed}")).await, other);
    let short = refuse_database(&format!("{threads}CREATE TABLE comments (id INTEGER PRIMARY KEY);")).await;
    assert_eq!(short, "the database can't be read: no such column: parent");
}

#[tokio::test]
async fn a_broken_row_of_isso_is_named_by_its_id() {
    for (values, problem) in [
        ("1, 20, NULL, 'khi nào', NULL, 9, '', 'x'", "comment 20: its mode is none of 1, 2 and 4"),
        ("1, 21, NULL, -5, NULL, 1, '', 'x'", "comment 21: the time when it was sent is none"),
        ("1, 22, NULL, 9e99, NULL, 1, '', 'x'", "comment 22: the time when it was sent is none"),
        ("1, 23, NULL, 1, NULL, 1, '', x'ff'", "comment 23: a text is not in UTF-8"),
        ("1, 24, NULL, 1, NULL, 1, '', zeroblob(3000000)", "comment 24: the text has more than 1 MB"),
        ("1, 25, 25, 1, NULL, 1, '', 'x'", "comment 25 replies to itself, directly or by way of what it replies to"),
    ] {
        let more = format!("INSERT INTO comments VALUES ({values}, NULL, NULL, NULL, 0, 0, x'', 0);");
        let (_folder, path) = isso(&more).await;
        let (comments, found) = read_path(&path, None).await.unwrap_err();
        assert_eq!((comments.as_slice(), found.to_string().as_str()), ([].as_slice(), problem));
    }
}

#[tokio::test]
async fn a_damaged_database_is_refused_without_a_panic() {
    let (_folder, path) = isso("").await;
    let bytes = std::fs::read(&path).unwrap();
    assert!(refuse(&bytes[..100], None).await.starts_with("the database can't be read"));
    let mut chance = Chance(7);
    for _ in 0..40 {
        let mut damaged = bytes.clone();
        for _ in 0..1 + chance.next(60) {
            let place = 16 + chance.next(damaged.len() - 16);
            damaged[place] = u8::try_from(chance.next(256)).unwrap();
        }
        // Either is good, as long as it ends.
        let _ = try_read(&damaged, Some(ForeignKind::Isso)).await;
    }
}

#[test]
fn the_beginning_of_a_file_tells_its_system() {
    for (name, kind) in [
        ("remark42.jsonl", Some(ForeignKind::Remark42)),
        ("disqus.xml", Some(ForeignKind::Disqus)),
        ("wordpress.xml", Some(ForeignKind::WordPress)),
        ("own.json", None),
        ("isso.sql", None),
    ] {
        let bytes = fixture(name);
        assert_eq!(ForeignKind::detect(&bytes), kind, "{name}");
        assert_eq!(ForeignKind::detect(&packed(&bytes)), kind, "{name}");
        assert_eq!(ForeignKind::detect(&bytes[..300]), kind, "{name}");
    }
    assert_eq!(ForeignKind::detect(b"SQLite format 3\0\x10"), Some(ForeignKind::Isso));
    for nothing in ["", "{}", "[1]", "<html>", "\u{1f}\u{8b}", "thi đua"] {
        assert_eq!(ForeignKind::detect(nothing.as_bytes()), None, "{nothing}");
    }
    for kind in ForeignKind::ALL {
        assert_eq!(ForeignKind::parse(kind.name()), Some(kind));
    }
    assert_eq!(ForeignKind::parse("WordPress"), Some(ForeignKind::WordPress));
    assert_eq!(ForeignKind::parse("facebook"), None);
}

#[tokio::test]
async fn a_file_of_the_portal_is_not_taken_for_one_of_another_system() {
    assert_eq!(refuse(&fixture("own.json"), None).await, "this is a file of this portal, not of another system");
    let unknown = "this is no file of Remark42, Isso, Disqus or WordPress that can be read";
    for bytes in [b"".as_slice(), b"\0\xff\xfe\x01", "Ý kiến".as_bytes(), b"PK\x03\x04", GZIP] {
        assert_eq!(refuse(bytes, None).await, unknown);
    }
    let folder = tempfile::tempdir().unwrap();
    let (_, problem) = read_path(folder.path(), None).await.unwrap_err();
    assert_eq!(problem.to_string(), "this is no file");
    let (_, problem) = read_path(&folder.path().join("none"), None).await.unwrap_err();
    assert!(problem.to_string().starts_with("the file can't be read"), "{problem}");
}

#[tokio::test]
async fn the_first_line_of_an_old_backup_may_be_a_comment() {
    let lines = [line("1", "", ""), line("2", "1", "")];
    assert_eq!(threads(&read(lines.concat().as_bytes()).await), [("1", None), ("2", Some("1"))]);
    assert_eq!(read(b"{\"version\":1,\"users\":null,\"posts\":null}\n").await, []);
}

#[tokio::test]
async fn what_is_malformed_is_named_with_its_line() {
    let good = line("1", "", "");
    for (bad, problem) in [
        ("{\"id\":\"2\"}\n", "line 3: comment 2: there is no page (locator)"),
        (
            &line("2", "", "").replace("2021-06-01", "2021-02-30"),
            "line 3: comment 2: there is no time of the form 2021-06-01T08:00:00Z",
        ),
        (&line("2", "", ",\"edit\":{\"time\":\"\"}"), "line 3: comment 2: the time of its change is none"),
        (&line("1", "", ""), "line 3: comment 1 is in the file twice"),
        (&line("", "", ""), "line 3: the comment has no identifier"),
        (&line(&"1".repeat(201), "", ""), "line 3: an identifier of the comment has more than 200 bytes"),
        (&line("2", "", ",\"score\":\"x\""), "line 3: invalid type: string \"x\", expected i64 (column 131)"),
        ("Ý kiến\n", "line 3: expected value (column 1)"),
    ] {
        assert_eq!(refuse(&remark(&[good.clone(), bad.to_owned()]), None).await, problem);
    }
    assert_eq!(refuse(b"{\"version\":2}", None).await, "line 1: the backup is of version 2; known is 1");

    let message = "<message>Ý kiến</message>";
    for (bad, problem) in [
        (
            post("2", "", "").replace("2021-06-01T", ""),
            "line 4: post 2: there is no time of the form 2021-06-01T08:00:00Z",
        ),
        (post("1", "", message), "line 4: comment 1 is in the file twice"),
        ("<post>&nbsp;</post>".to_owned(), "line 4: there is an unknown entity, nbsp"),
        (
            "<post></thread>".to_owned(),
            "line 4: this is no XML: ill-formed document: expected `</post>`, but `</thread>` was found",
        ),
        ("<post".to_owned(), "line 4: the file ends in the middle: it was cut off"),
    ] {
        assert_eq!(refuse(&disqus(&[post("1", "", message), bad]), None).await, problem);
    }

    let time = "<wp:comment_id>5</wp:comment_id><wp:comment_date_gmt>2021-06-01 08:00:00</wp:comment_date_gmt>";
    for (bad, problem) in [
        ("<wp:comment>\n</wp:comment>", "line 3: comment : there is no time of the form 2021-06-01 08:00:00"),
        (
            &format!("<wp:comment>\n{time}</wp:comment>"),
            "line 3: comment 5: comment_approved is \"\", none of 1, 0, spam, trash",
        ),
    ] {
        assert_eq!(refuse(&wordpress(bad), None).await, problem);
    }
    assert_eq!(
        refuse(b"<rss></rss>", Some(ForeignKind::Disqus)).await,
        "line 1: this is no file of this kind: it has no disqus"
    );
    assert_eq!(refuse(b"", Some(ForeignKind::WordPress)).await, "the file is empty");
    assert_eq!(refuse(b"\n\n", Some(ForeignKind::Remark42)).await, "the file is empty");
}

#[tokio::test]
async fn what_is_told_of_a_file_is_short_and_leaves_the_terminal_alone() {
    let long = line(&"1".repeat(100_000), "", "").replace("2021-", "");
    let problem = refuse(&remark(&[long]), None).await;
    assert!(problem.starts_with("line 2: comment 111") && problem.len() < 600);
    let signs = line("\\u001b[31mđỏ\\n", "", "").replace("2021-", "");
    let problem = refuse(&remark(&[signs]), None).await;
    assert_eq!(problem, "line 2: comment [31mđỏ : there is no time of the form 2021-06-01T08:00:00Z");
}

#[tokio::test]
async fn a_parent_is_given_before_its_replies_whatever_the_order_of_the_file() {
    let lines = ["5 3", "4 2", "3 2", "2 1", "6 5", "1 ", "7 1"].map(|pair| {
        let (id, parent) = pair.split_once(' ').unwrap();
        line(id, parent, "")
    });
    let given = read(&remark(&lines)).await;
    let expected = [
        ("1", None),
        ("2", Some("1")),
        ("4", Some("2")),
        ("3", Some("2")),
        ("5", Some("3")),
        ("6", Some("5")),
        ("7", Some("1")),
    ];
    assert_eq!(threads(&given), expected);
}

#[tokio::test]
async fn any_order_of_any_tree_gives_every_comment_after_its_parent() {
    let mut chance = Chance(42);
    for _ in 0..60 {
        let count = 1 + chance.next(30);
        let parents: Vec<Option<usize>> =
            (0..count).map(|id| if id == 0 { None } else { Some(chance.next(id + 3)).filter(|p| *p < id) }).collect();
        let deleted: Vec<bool> = (0..count).map(|_| chance.next(2) == 0).collect();
        let mut lines: Vec<String> = (0..count)
            .map(|id| {
                let parent = parents[id].map_or(String::new(), |parent| parent.to_string());
                line(&id.to_string(), &parent, if deleted[id] { ",\"delete\":true" } else { "" })
            })
            .collect();
        for place in (1..count).rev() {
            lines.swap(place, chance.next(place + 1));
        }
        let mut kept: Vec<bool> = deleted.iter().map(|deleted| !deleted).collect();
        for id in (0..count).rev() {
            if let Some(parent) = parents[id].filter(|_| kept[id]) {
                kept[parent] = true;
            }
        }
        let given = read(&remark(&lines)).await;
        let mut seen = Vec::new();
        for comment in &given {
            let id: usize = comment.id.parse().unwrap();
            assert_eq!(comment.parent.as_deref().map(|parent| parent.parse().unwrap()), parents[id]);
            assert!(parents[id].is_none_or(|parent| seen.contains(&parent)));
            assert_eq!(comment.state == ForeignState::Deleted, deleted[id]);
            seen.push(id);
        }
        seen.sort_unstable();
        assert_eq!(seen, (0..count).filter(|id| kept[*id]).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn deleted_comments_stay_only_under_what_others_wrote() {
    let gone = ",\"delete\":true";
    let lines = [
        line("1", "", gone),
        line("2", "1", gone),
        line("3", "2", ""),
        line("4", "1", gone),
        line("5", "", gone),
        line("6", "5", gone),
    ];
    let given = read(&remark(&lines)).await;
    assert_eq!(threads(&given), [("1", None), ("2", Some("1")), ("3", Some("2"))]);
    assert!(given[..2].iter().all(|comment| comment.text.is_empty() && comment.author.is_empty()));
}

#[tokio::test]
async fn comments_in_a_circle_are_refused_and_named() {
    let circle = |id| format!("comment {id} replies to itself, directly or by way of what it replies to");
    assert_eq!(refuse(&remark(&[line("1", "1", "")]), None).await, format!("line 2: {}", circle(1)));
    let lines = [line("1", "", ""), line("2", "4", ""), line("3", "2", ""), line("4", "3", ""), line("5", "4", "")];
    assert_eq!(refuse(&remark(&lines), None).await, format!("line 3: {}", circle(2)));
}

#[tokio::test]
async fn a_hundred_thousand_comments_in_one_thread_are_read() {
    // Each replies to the one before; and fewer of them the other way round.
    let chain = |id: usize| line(&id.to_string(), &if id == 1 { String::new() } else { (id - 1).to_string() }, "");
    for (most, lines) in
        [(100_000, (1..=100_000).map(chain).collect::<String>()), (4_000, (1..=4_000).rev().map(chain).collect())]
    {
        let given = read(&remark(&[lines])).await;
        assert_eq!(given.len(), most);
        assert!(given.iter().zip(1..).all(|(comment, id)| comment.id == id.to_string()));
        assert_eq!(given.last().unwrap().parent, Some((most - 1).to_string()));
    }
}

#[tokio::test]
async fn a_file_that_was_cut_off_is_refused_wherever_that_was() {
    for name in ["disqus.xml", "wordpress.xml"] {
        let bytes = fixture(name);
        let kind = ForeignKind::detect(&bytes);
        let end = bytes.len() - b"</disqus>\n".len();
        for length in (0..end).step_by(97) {
            refuse(&bytes[..length], kind).await;
        }
    }
    let bytes = fixture("remark42.jsonl");
    for length in (0..bytes.len()).step_by(61).filter(|length| bytes[..*length].last() != Some(&b'\n')) {
        refuse(&bytes[..length], Some(ForeignKind::Remark42)).await;
    }
    let packed = packed(&bytes);
    for length in 10..packed.len() {
        let problem = refuse(&packed[..length], Some(ForeignKind::Remark42)).await;
        assert!(problem.ends_with("the file ends in the middle: it was cut off"), "{length}: {problem}");
    }
}

#[tokio::test]
async fn nothing_that_is_damaged_makes_a_panic() {
    let mut chance = Chance(11);
    let html =
        ["<p>", "<a href=\"https://a.vn\"", ">", "</a>", "\"", "'", "=", "<!--", "-->", "&#", "&lt;", ";", "ế", "<li>"];
    for name in ["remark42.jsonl", "disqus.xml", "wordpress.xml", "own.json"] {
        let bytes = fixture(name);
        for _ in 0..150 {
            let mut damaged = bytes.clone();
            for _ in 0..1 + chance.next(8) {
                let place = chance.next(damaged.len());
                if chance.next(2) == 0 {
                    damaged[place] = u8::try_from(chance.next(256)).unwrap();
                } else {
                    let piece = chance.text(&html, 5);
                    damaged.splice(place..place, piece.into_bytes());
                }
            }
            for kind in [ForeignKind::Remark42, ForeignKind::Disqus, ForeignKind::WordPress] {
                let _ = try_read(&damaged, Some(kind)).await;
            }
            let _ = OwnReader::new(damaged.as_slice()).map(Iterator::count);
        }
    }
}

#[tokio::test]
async fn binary_files_are_refused_as_every_kind_of_text() {
    let mut chance = Chance(3);
    let bytes: Vec<u8> = (0..5000).map(|_| u8::try_from(chance.next(256)).unwrap()).collect();
    for kind in ForeignKind::ALL {
        refuse(&bytes, Some(kind)).await;
        refuse(&packed(&bytes), Some(kind)).await;
        refuse(&[0; 5000], Some(kind)).await;
    }
    let utf16: Vec<u8> = DISQUS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    refuse(&utf16, Some(ForeignKind::Disqus)).await;
    let old = DISQUS.replace("/a", "/trồng").replace('ồ', "\u{f0}");
    let old: Vec<u8> = old.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(refuse(&old, Some(ForeignKind::Disqus)).await, "line 2: the text is not in UTF-8");
}

#[tokio::test]
async fn a_bomb_ends_in_an_error() {
    let long = packed(&vec![b'a'; MOST_PIECE + 9]);
    assert_eq!(refuse(&long, Some(ForeignKind::Remark42)).await, "line 1: this line or text has more than 2 MB");
    let text = packed(&[DISQUS.as_bytes(), &vec![b' '; MOST_PIECE + 9]].concat());
    assert_eq!(refuse(&text, Some(ForeignKind::Disqus)).await, "line 2: this line or text has more than 2 MB");
    let tag = packed(&[DISQUS.as_bytes(), b"<post ", &vec![b'a'; MOST_PIECE + 9]].concat());
    assert_eq!(refuse(&tag, Some(ForeignKind::Disqus)).await, "line 3: this line or text has more than 2 MB");
    let thread = format!("<thread><link>{}</link></thread>", "a".repeat(99_999)).repeat(12);
    assert_eq!(refuse(&disqus(&[thread]), None).await, "line 3: there are too many threads before this");
    let message = format!("<message>{}</message>", "<![CDATA[thi đua]]>".repeat(200_000));
    assert_eq!(refuse(&disqus(&[post("1", "", &message)]), None).await, "line 3: a text has more than 1 MB");
}

#[test]
fn the_whole_of_a_file_is_bounded() {
    let mut input = Input::new(b"one\n\ntwo\n".as_slice(), 6);
    let mut line = Vec::new();
    assert_eq!(input.next_line(&mut line), Ok(Some(1)));
    assert_eq!(input.next_line(&mut line), Ok(Some(2)));
    let problem = input.next_line(&mut line).unwrap_err();
    assert_eq!(problem.to_string(), "line 3: the file has more than 400 MB");
    let input = Input::new(b"one\n\n".as_slice(), 5);
    assert_eq!(input.lines().count(), 2);
}

#[tokio::test]
async fn deep_nesting_ends_in_an_error() {
    let deep = format!("{DISQUS}{}", "<a>".repeat(100_000));
    assert_eq!(refuse(deep.as_bytes(), None).await, "line 3: the elements are nested more than 64 deep");
    let deep = line("1", "", &format!(",\"pin\":{}", "[".repeat(1_000_000)));
    assert!(refuse(&remark(&[deep]), None).await.starts_with("line 2: "));
    let deep = line("1", "", &format!(",\"user\":{}", "{\"name\":".repeat(100_000)));
    assert!(refuse(&remark(&[deep]), None).await.starts_with("line 2: "));
    let html = "<blockquote><ul><li>".repeat(40_000) + "Ý kiến";
    let comment = line("1", "", "").replace("<p>Ý kiến</p>", &html);
    let given = read(&remark(&[comment])).await;
    assert!(given[0].text.len() < 100 && given[0].text.ends_with("- Ý kiến"), "{}", given[0].text);
}

#[tokio::test]
async fn entities_that_multiply_are_not_declared_here() {
    let bomb = r#"<!DOCTYPE disqus [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>"#;
    let text = DISQUS.replace("?>", &format!("?>{bomb}"));
    assert_eq!(refuse(text.as_bytes(), None).await, "line 1: a document type is not taken");
}

#[tokio::test]
async fn replies_that_stand_too_far_before_their_parents_are_refused_before_anything_is_given() {
    let text = "a".repeat(100_000);
    let mut lines: Vec<String> = (0..12).map(|id| line(&format!("r{id}"), "1", "").replace("Ý kiến", &text)).collect();
    lines.push(line("1", "", ""));
    let problem = refuse(&remark(&lines), None).await;
    assert_eq!(problem, "over 1 MB of replies are in the file before what they reply to");
    lines.rotate_right(1);
    assert_eq!(read(&remark(&lines)).await.len(), 13);
}

#[tokio::test]
async fn who_takes_the_comments_may_stop() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&fixture("remark42.jsonl")).unwrap();
    let mut taken = 0;
    let mut take = |_| {
        taken += 1;
        if taken < 3 { Ok(()) } else { Err("the disk is full".to_owned()) }
    };
    let problem = read_foreign(file.path(), None, &mut take).await.unwrap_err();
    assert_eq!((problem.to_string().as_str(), taken), ("the disk is full", 3));
}

#[tokio::test]
async fn comments_can_be_asked_for_one_by_one() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&fixture("disqus.xml")).unwrap();
    let mut opened = ForeignFile::open(file.path(), None).await.unwrap();
    assert_eq!((opened.kind(), opened.count()), (ForeignKind::Disqus, 4));
    let mut count = 0;
    while opened.next_comment().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!((count, opened.next_comment().await), (4, Ok(None)));
}
