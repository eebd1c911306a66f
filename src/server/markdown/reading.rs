//! What the server makes of the texts on which the desk's editor is tried: `client/editor/test/reading.json` holds
//! them with their HTML, and the editor's test compares its own reading with that.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{list_figures, render_with_pictures};
use crate::domain::announcement::{Picture, PictureSize};
use crate::domain::lang::Lang;
use crate::text::Text;

#[derive(Serialize, Deserialize)]
struct Reading {
    name: String,
    markdown: String,
    html: String,
}

/// Every picture is there, at the address that the text gives.
fn render_whole(markdown: &str) -> String {
    let pictures: HashMap<String, Picture> = list_figures(markdown)
        .into_iter()
        .map(|figure| {
            let size = PictureSize { width: 480, height: 320, url: figure.path.clone() };
            (figure.path, Picture { alt: figure.alt, webp: vec![size.clone()], fallback: size })
        })
        .collect();
    render_with_pictures(markdown, &pictures, Text(Lang::Vi)).as_str().to_owned()
}

#[test]
fn the_editors_fixture_holds_what_the_server_makes() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("client/editor/test/reading.json");
    let mut readings: Vec<Reading> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    if std::env::var_os("THIDUA_BLESS").is_some() {
        for reading in &mut readings {
            reading.html = render_whole(&reading.markdown);
        }
        let mut written = serde_json::to_string_pretty(&readings).unwrap();
        written.push('\n');
        std::fs::write(&path, written).unwrap();
        return;
    }
    for Reading { name, markdown, html } in readings {
        assert_eq!(
            render_whole(&markdown),
            html,
            "\"{name}\" is rendered otherwise than client/editor/test/reading.json says. If that is meant, write the \
             file anew with THIDUA_BLESS=1 and see whether the editor's test (client/editor/test/reading.test.js) \
             still reads it the same"
        );
    }
}
