//! Rules of the house that no compiler checks, read off the source.

use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// What Leptos and maud write as it is, is used in one file only.
#[test]
fn nothing_unescaped_is_written_outside_the_wrappers() {
    let files = sources(&src());
    assert!(files.len() > 40);
    for (path, text) in files.iter().filter(|(path, _)| !path.ends_with("components/escape.rs")) {
        for word in ["leptos_meta", "<textarea", "inner_html", "PreEscaped"] {
            let used = text.lines().any(|line| line.contains(word) && !line.trim_start().starts_with("//"));
            assert!(!used, "{} uses {word}", path.display());
        }
    }
}

/// The domain knows no framework, and SQL stands in `db` only.
#[test]
fn the_domain_names_no_framework_and_sql_stays_in_its_room() {
    for (path, text) in sources(&src().join("domain")) {
        for word in ["leptos", "sqlx", "axum", "http::"] {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    }
    for (path, text) in sources(&src()) {
        let in_db = path.starts_with(src().join("server/db")) || path.ends_with("server/db.rs");
        for word in ["sqlx::query", "SELECT ", "UPDATE ", "DELETE FROM"] {
            assert!(in_db || !text.contains(word), "{} has {word}", path.display());
        }
    }
}

/// Every file says in its first line what it is for.
#[test]
fn every_file_says_what_it_is_for() {
    for (path, text) in sources(&src()) {
        assert!(text.starts_with("//! "), "{}", path.display());
    }
}

/// What may use what: components fetch nothing, and nothing points back to the pages.
#[test]
fn rooms_use_only_what_lies_below_them() {
    for (room, forbidden) in [
        ("domain", ["crate::api", "crate::pages", "crate::components", "crate::server"].as_slice()),
        ("components", &["crate::api", "crate::pages"]),
        ("api", &["crate::pages", "crate::components", "crate::server::db"]),
        ("server/services", &["crate::pages", "crate::api"]),
        ("server/db", &["crate::pages", "crate::api", "server::services"]),
    ] {
        for (path, text) in sources(&src().join(room)) {
            for word in forbidden {
                assert!(!text.contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

/// Every word of the catalogue is said somewhere.
#[test]
fn no_word_of_the_catalogue_is_left_over() {
    let words: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(include_str!("../../locales/vi.json")).unwrap();
    let code: String = sources(&src()).into_iter().map(|(_, text)| text).collect();
    for key in words.keys() {
        assert!(code.contains(&format!(".{key}(")), "{key} is used nowhere");
    }
}
