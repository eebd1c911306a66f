//! What officials at the desk are promised, and the public of what they do.

use thidua::domain::account::Role;

use crate::harness::{Browser, Server, attribute, fields_of, target};

#[path = "desk/answering.rs"]
mod answering;
#[path = "desk/campaigning.rs"]
mod campaigning;
#[path = "desk/commanding.rs"]
mod commanding;
#[path = "desk/examples.rs"]
mod examples;
#[path = "desk/flooding.rs"]
mod flooding;
#[path = "desk/managing.rs"]
mod managing;
#[path = "desk/migrating.rs"]
mod migrating;
#[path = "desk/moderating.rs"]
mod moderating;
#[path = "desk/permitting.rs"]
mod permitting;
#[path = "desk/previewing.rs"]
mod previewing;
#[path = "desk/publishing.rs"]
mod publishing;
#[path = "desk/reminding.rs"]
mod reminding;
#[path = "desk/reporting.rs"]
mod reporting;
#[path = "desk/reviewing.rs"]
mod reviewing;
#[path = "desk/ruling.rs"]
mod ruling;
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

/// A campaign that has everything that a launch needs: two targets, four quarters of 2021.
const CAMPAIGN: [(&str, &str); 22] = [
    ("title", "Thi đua mục tiêu kép"),
    ("lead", "Vừa chống dịch, vừa phát triển."),
    ("body", "Vì sao có phong trào này."),
    ("theme", "Mục tiêu kép"),
    ("slogan", "Cùng nhau vượt qua"),
    ("launcher", "Uỷ ban thử"),
    ("campaign_kind", "thematic"),
    ("begins", "01/01/2021"),
    ("ends", "31/12/2021"),
    ("aim", "Giữ địa bàn **an toàn**."),
    ("scope", "Toàn tỉnh."),
    ("subjects", "Mọi cơ quan."),
    ("contents", "Chống dịch\nPhát triển"),
    ("criteria", "Đúng hạn"),
    ("plan", "Theo quý."),
    ("measures", "Kiểm tra."),
    (
        "targets",
        "PD1 | Phòng dịch | Liều đã tiêm | liều | cộng dồn | 0 | 1000 | tăng | 31/12/2021 | Báo cáo\nKT1 | Kinh tế | Hồ sơ trực tuyến | % | mức đạt | 10 | 50 | tăng | 31/12/2021 | Cổng",
    ),
    ("phases", "đăng ký | Đăng ký | 01/01/2021 | 31/01/2021\nthực hiện | Thực hiện | 01/01/2021 | 31/12/2021"),
    ("legal", "01/QĐ | 01/01/2021 | Quyết định thử | "),
    ("reporting", "quarterly"),
    ("reporting_days", "5"),
    (
        "score",
        "A | Tiêm chủng | 60 | target PD1 | 100\nB | Trực tuyến | 30 | target KT1 | 100\nC | Đúng hạn | 10 | on-time",
    ),
];

/// Writes a campaign as an officer, has a publisher launch it, and gives its id.
async fn launch(officer: &Browser, publisher: &Browser, changes: &[(&str, &str)]) -> String {
    let answer = officer.post("/quan-tri/thi-dua", &[]).await;
    assert_eq!(answer.status(), 303);
    let editor = target(&answer);
    save(officer, &editor, &CAMPAIGN).await;
    save(officer, &editor, changes).await;
    step(officer, &editor, "gui-duyet", &[]).await;
    step(publisher, &editor, "xuat-ban", &[]).await;
    editor.rsplit('/').next().unwrap().to_owned()
}

/// Signs the covenant of a campaign for a unit, with a goal for each target; gives the registration's id.
async fn register(server: &Server, browser: &Browser, campaign: &str, unit: &str) -> String {
    let path = format!("/quan-tri/tham-gia/{campaign}/{unit}");
    let mut form = fields_of(&browser.page(&path).await, "main form.registration-form");
    form = fields_with(
        &form,
        &[
            ("ke-hoach", "Mỗi quý **một** đợt."),
            ("ho-ten", "Bà Tư"),
            ("chuc-vu", "Trưởng phòng"),
            ("dong-y", "1"),
            ("muc-PD1", "400"),
            ("muc-KT1", "50"),
            ("viec", "ky"),
        ],
    );
    let answer = browser.post(&path, &borrowed(&form)).await;
    assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
    // As if it had been signed when the campaign began: what was due before is not owed.
    server.run_sql("UPDATE registration SET signed_at = 1609459200000").await;
    server
        .number(&format!("SELECT g.id FROM registration g JOIN unit u ON u.id = g.unit_id WHERE u.slug = '{unit}'"))
        .await
        .to_string()
}

/// The path of the report of a unit for the period that begins on a day.
async fn report_path(server: &Server, registration: &str, begins: &str) -> String {
    let period = server.number(&format!("SELECT id FROM period WHERE begins = '{begins}'")).await;
    format!("/quan-tri/bao-cao/{registration}/{period}")
}

/// Fills in a report and sends it.
async fn report(browser: &Browser, path: &str, cells: &[(&str, &str)]) -> reqwest::Response {
    let form = fields_of(&browser.page(path).await, "#bao-cao");
    let mut form = fields_with(&form, cells);
    form.push(("viec".into(), "gui".into()));
    browser.post(path, &borrowed(&form)).await
}

/// The path of the public page of an announcement.
async fn public_page(browser: &Browser, editor: &str) -> String {
    attribute(&browser.page(&format!("{editor}/xuat-ban")).await, ".desk-state a", "href").unwrap()
}
