//! What officials at the desk are promised, and the public of what they do.

use thidua::domain::account::Role;

use crate::harness::{Browser, Server, attribute, fields_of, target};

#[path = "desk/commanding.rs"]
mod commanding;
#[path = "desk/managing.rs"]
mod managing;
#[path = "desk/migrating.rs"]
mod migrating;
#[path = "desk/permitting.rs"]
mod permitting;
#[path = "desk/previewing.rs"]
mod previewing;
#[path = "desk/publishing.rs"]
mod publishing;
#[path = "desk/signing_in.rs"]
mod signing_in;
#[path = "desk/units.rs"]
mod units;
#[path = "desk/uploading.rs"]
mod uploading;
#[path = "desk/writing.rs"]
mod writing;

/// Begins an announcement and gives the path of its editor.
async fn begin(browser: &Browser) -> String {
    let answer = browser.post("/quan-tri/tin", &[]).await;
    assert_eq!(answer.status(), 303);
    target(&answer)
}

/// The editor's form as it stands, with some fields changed.
async fn typed(browser: &Browser, editor: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let html = browser.page(editor).await;
    let fields = fields_of(&html, "#soan");
    assert!(!fields.is_empty(), "no form in {editor}");
    fields_with(&fields, changes)
}

/// Fields with some of them changed.
fn fields_with(fields: &[(String, String)], changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = fields.to_vec();
    for (name, value) in changes {
        match fields.iter_mut().find(|(field, _)| field == name) {
            Some(field) => field.1 = (*value).to_owned(),
            None => fields.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    fields
}

/// Fields as `post` takes them.
fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Saves changes to a draft with the button of the form.
async fn save(browser: &Browser, editor: &str, changes: &[(&str, &str)]) {
    let mut fields = typed(browser, editor, changes).await;
    fields.push(("viec".into(), "luu".into()));
    let answer = browser.post(editor, &borrowed(&fields)).await;
    assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
}

/// Puts the draft aside under a name.
async fn keep(browser: &Browser, editor: &str, name: &str) {
    let mut fields = typed(browser, editor, &[("keep_name", name)]).await;
    fields.push(("viec".into(), "giu-ban".into()));
    let answer = browser.post(editor, &borrowed(&fields)).await;
    assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
}

/// A text that can be published.
const WHOLE: [(&str, &str); 3] = [("title", "Tin một"), ("lead", "Lời dẫn."), ("body", "Đoạn một.\n\nĐoạn hai.")];

/// Writes an announcement and submits it; gives the path of its editor.
async fn submit(browser: &Browser, changes: &[(&str, &str)]) -> String {
    let editor = begin(browser).await;
    save(browser, &editor, changes).await;
    step(browser, &editor, "gui-duyet", &[]).await;
    editor
}

/// Takes a step on the page of publication.
async fn step(browser: &Browser, editor: &str, task: &str, more: &[(&str, &str)]) {
    let answer = try_step(browser, editor, task, more).await;
    assert_eq!(answer.status(), 303, "{task}: {}", answer.text().await.unwrap());
}

async fn try_step(browser: &Browser, editor: &str, task: &str, more: &[(&str, &str)]) -> reqwest::Response {
    let form: Vec<_> = std::iter::once(("viec", task)).chain(more.iter().copied()).collect();
    browser.post(&format!("{editor}/xuat-ban"), &form).await
}

/// Lan, who writes, and Minh, who publishes.
async fn two(server: &Server) -> (Browser, Browser) {
    (server.official("lan", &[(Role::Editor, None)]).await, server.official("minh", &[(Role::Publisher, None)]).await)
}

/// The path of the public page of an announcement.
async fn public_page(browser: &Browser, editor: &str) -> String {
    attribute(&browser.page(&format!("{editor}/xuat-ban")).await, ".desk-state a", "href").unwrap()
}
