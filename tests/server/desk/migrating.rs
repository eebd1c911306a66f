//! An installation from before there was a desk keeps everything.

use std::path::{Path, PathBuf};

use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection, SqliteConnection};
use thidua::domain::account::Role;

use super::{begin, public_page, save, step, two};
use crate::harness::{Server, fields_of, new_postgres, texts};

/// What stood in a database before the desk: announcements in every state, with drafts, tags, pictures and comments.
const BEFORE: &str = "
INSERT INTO actor (id, kind, name, created_at) VALUES (1, 'command-line', 'root', 1);
INSERT INTO category (id, slug, name, sort_key) VALUES (1, 'tin-tuc', 'Tin tức', 'tin tuc');
INSERT INTO tag (id, slug, name, sort_key) VALUES (1, 'mot-nhan', 'Một nhãn', 'mot nhan');
INSERT INTO upload (id, sha256, visibility, media_type, width, height, bytes, sizes, created_at, actor_id)
    VALUES (1, 'aa', 'public', 'image/png', 10, 10, 99, '[{\"media_type\":\"image/webp\",\"width\":10,\"height\":10,\"sha256\":\"bb\",\"bytes\":1},{\"media_type\":\"image/jpeg\",\"width\":10,\"height\":10,\"sha256\":\"cc\",\"bytes\":1}]', 1, 1);
INSERT INTO announcement (id, slug, state, published_revision_id, category_id, first_published_at, publicly_updated_at, withdrawn_at, withdrawn_reason, created_at) VALUES
    (1, 'tin-cu', 'published', 2, 1, 1700000000000, 1700000000005, NULL, NULL, 1), (2, 'tin-nhap', 'draft', NULL, NULL, NULL, NULL, NULL, NULL, 1),
    (3, 'tin-rut', 'withdrawn', 9, 1, 1700000000000, NULL, 1700000000001, 'Sai số liệu', 1), (4, 'tin-hen', 'scheduled', NULL, NULL, NULL, NULL, NULL, NULL, 1);
INSERT INTO revision (id, announcement_id, number, state, title, lead, body_markdown, body_html, category_id, image_id, language, change_note, scheduled_at, content_hash, actor_id, created_at) VALUES
    (1, 1, 1, 'superseded', 'Tin cũ', 'Lời.', 'Bản một.', '<p>Bản một.</p>', 1, NULL, 'vi', '', NULL, 'h1', 1, 1700000000000),
    (2, 1, 2, 'published', 'Tin cũ', 'Lời.', 'Bản hai.', '<p>Bản hai.</p>', 1, 1, 'vi', 'Sửa lỗi', NULL, 'h2', 1, 1700000000005),
    (3, 1, 3, 'draft', 'Tin cũ', 'Lời.', 'Bản ba, nháp.', '<p>Bản ba.</p>', 1, 1, 'vi', '', NULL, 'h3', 1, 3),
    (4, 1, 4, 'draft', 'Tin cũ', 'Lời.', 'Bản bốn, nháp.', '<p>Bản bốn.</p>', 1, 1, 'vi', '', NULL, 'h4', 1, 4),
    (5, 2, 1, 'draft', 'Tin nháp', 'Lời.', 'Nháp một.', '<p>x</p>', 1, NULL, 'vi', '', NULL, 'h5', 1, 1),
    (6, 2, 2, 'draft', 'Tin nháp', 'Lời.', 'Nháp hai.', '<p>x</p>', 1, NULL, 'vi', '', NULL, 'h6', 1, 1),
    (7, 2, 3, 'draft', 'Tin nháp', 'Lời.', 'Nháp ba.', '<p>x</p>', 1, NULL, 'vi', '', NULL, 'h7', 1, 1),
    (9, 3, 1, 'published', 'Tin rút', 'Lời.', 'Thân.', '<p>x</p>', 1, NULL, 'vi', '', NULL, 'h9', 1, 1),
    (10, 4, 1, 'scheduled', 'Tin hẹn', 'Lời.', 'Thân.', '<p>x</p>', 1, NULL, 'vi', '', 5, 'h10', 1, 1);
INSERT INTO revision_tag (revision_id, tag_id) VALUES (2, 1), (7, 1);
INSERT INTO announcement_tag (announcement_id, tag_id, first_published_at) VALUES (1, 1, 1700000000000);
INSERT INTO revision_picture (revision_id, upload_id) VALUES (2, 1);
INSERT INTO discussion (id, subject_kind, subject_id, published_count, created_at) VALUES (1, 'announcement', 1, 1, 1);
INSERT INTO receipt (id, code, subject_kind, created_at) VALUES (1, 'K7QM3XPA9RTB', 'comment', 1), (2, 'K7QM3XPA9RTC', 'comment', 1);
INSERT INTO comment (discussion_id, receipt_id, state, author_name, text, html, language, created_at, decided_at) VALUES
    (1, 1, 'published', 'Bà Tư', 'Hay', '<p>Hay</p>', 'vi', 1, 2), (1, 2, 'waiting', 'Ông Năm', 'Chờ', '<p>Chờ</p>', 'vi', 1, NULL);
";

const TABLES: [(&str, i64); 12] = [
    ("announcement", 4),
    ("revision", 9),
    ("revision_tag", 2),
    ("announcement_tag", 1),
    ("revision_picture", 1),
    ("discussion", 1),
    ("comment", 2),
    ("receipt", 2),
    ("upload", 1),
    ("actor", 1),
    ("category", 1),
    ("tag", 1),
];

/// The migrations as they were before the desk, in a folder of their own.
async fn migrations_before(folder: &Path, kind: &str) -> Migrator {
    let own = folder.join("migrations");
    std::fs::create_dir(&own).unwrap();
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind)).unwrap() {
        let file = file.unwrap();
        if file.file_name().to_str().unwrap() < "0004" {
            std::fs::copy(file.path(), own.join(file.file_name())).unwrap();
        }
    }
    Migrator::new(own).await.unwrap()
}

async fn everything_is_still_there(server: &Server) {
    for (table, rows) in TABLES {
        assert_eq!(server.number(&format!("SELECT COUNT(*) FROM {table}")).await, rows, "{table}");
    }
    let html = server.page("/tin/tin-cu").await;
    assert!(html.contains("Bản hai.") && html.contains("Sửa lỗi") && html.contains("/tep/cc.jpg"), "{html}");
    assert_eq!(texts(&html, ".comment-author"), ["Bà Tư"]);
    assert!(server.page("/nhan/mot-nhan").await.contains("tin-cu"));
    assert_eq!(server.get("/tin/tin-rut").await.status(), 410);
    for draft in ["tin-nhap", "tin-hen"] {
        assert_eq!(server.get(&format!("/tin/{draft}")).await.status(), 404);
    }
    assert!(server.page("/theo-doi/K7QM-3XPA-9RTC").await.contains("kiểm duyệt"));

    let (lan, minh) = two(server).await;
    for (id, body, open) in [(1, "Bản bốn, nháp.", 1), (2, "Nháp ba.", 1), (4, "Thân.", 1)] {
        let form = fields_of(&lan.page(&format!("/quan-tri/tin/{id}")).await, "#soan");
        assert!(form.contains(&("body".to_owned(), body.to_owned())), "{id}: the newest draft is the one that is open");
        let drafts = server
            .number(&format!("SELECT COUNT(*) FROM revision WHERE announcement_id = {id} AND state = 'draft'"))
            .await;
        assert_eq!(drafts, open);
    }
    assert_eq!(
        server.number("SELECT COUNT(*) FROM revision WHERE state = 'kept'").await,
        3,
        "older ones are put aside"
    );
    assert!(
        fields_of(&lan.page("/quan-tri/tin/2").await, "#soan").contains(&("tags".to_owned(), "Một nhãn".to_owned()))
    );
    assert!(
        fields_of(&lan.page("/quan-tri/tin/1").await, "#soan")
            .contains(&("image".to_owned(), "/tep/cc.jpg".to_owned()))
    );
    let editor = "/quan-tri/tin/1";
    save(&lan, editor, &[("change_note", "Bổ sung"), ("image_alt", "Ảnh cũ")]).await;
    step(&lan, editor, "gui-duyet", &[]).await;
    step(&minh, editor, "xuat-ban", &[]).await;
    let html = server.page(&public_page(&lan, editor).await).await;
    assert!(html.contains("Bản bốn, nháp.") && html.contains("/tep/cc.jpg"), "{html}");
    assert_eq!(texts(&html, ".change-notes li").len(), 2);

    let empty = begin(&lan).await;
    save(&lan, &empty, &[("body", "Sẽ bỏ.")]).await;
    assert_eq!(lan.post(&empty, &[("viec", "bo")]).await.status(), 303);
    let left = "SELECT COUNT(*) FROM draft_save WHERE revision_id NOT IN (SELECT id FROM revision)";
    assert_eq!(server.number(left).await, 0, "what hangs on a row goes with it: the keys are watched again");
    let orphans = "SELECT COUNT(*) FROM revision WHERE announcement_id NOT IN (SELECT id FROM announcement)";
    assert_eq!(server.number(orphans).await, 0);
    assert_eq!(lan.post("/quan-tri/tin", &[("unit", "99")]).await.status(), 422);
    server.official("tu", &[(Role::Moderator, None)]).await;
}

/// A database of SQLite from before the desk: two of its tables are made anew, and nothing that hangs on them goes along.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_before_keeps_everything_on_sqlite() {
    let folder: PathBuf = tempfile::tempdir().unwrap().keep();
    let file = format!("sqlite://{}/thidua.db?mode=rwc", folder.display());
    let mut connection = SqliteConnection::connect(&file).await.unwrap();
    migrations_before(&folder, "sqlite").await.run(&mut connection).await.unwrap();
    sqlx::raw_sql(BEFORE).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let server = Server::start_on(folder, "").await;
    assert_eq!(server.number("SELECT COUNT(*) FROM pragma_foreign_key_check").await, 0);
    everything_is_still_there(&server).await;
    assert_eq!(server.number("SELECT COUNT(*) FROM pragma_foreign_key_check").await, 0);
}

/// The same on PostgreSQL.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_before_keeps_everything_on_postgres() {
    let folder: PathBuf = tempfile::tempdir().unwrap().keep();
    let url = new_postgres().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    migrations_before(&folder, "postgres").await.run(&mut connection).await.unwrap();
    sqlx::raw_sql(BEFORE).execute(&mut connection).await.unwrap();
    for table in ["actor", "category", "tag", "upload", "announcement", "revision", "discussion", "receipt"] {
        let next = format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)");
        sqlx::raw_sql(sqlx::AssertSqlSafe(next)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    everything_is_still_there(&Server::start_on(folder, &url).await).await;
}
