//! The figures of a report from a table: a file, or what was pasted; what was read is shown before anything is taken.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::html;

use super::{EVIDENCE, PASTED, Shown, TABLE, evidence, page, save_beside, told_error, unmistakable};
use crate::domain::error::{Field, Problem};
use crate::domain::figure::{self, Reading, Unreadable};
use crate::domain::lang::Lang;
use crate::domain::report::figure_name;
use crate::domain::text::fold;
use crate::server::desk::attachment::{XLSX, attachment};
use crate::server::desk::form::Fields;
use crate::server::desk::frame::{Desk, hidden};
use crate::server::desk::library::Uploaded;
use crate::server::desk::participation::{period_name, report_path};
use crate::server::error::internal;
use crate::server::services::account::invalid;
use crate::server::services::report::{self as service, Asked, ReportForm};
use crate::server::sheet::{self, Book, Cell, Sheet, SheetProblem};
use crate::server::state::AppState;
use crate::text::Text;

/// GET: an empty table to fill in, as a workbook.
pub async fn template(desk: Desk, State(state): State<AppState>, Path((id, period)): Path<(i64, i64)>) -> Response {
    let made = async {
        let form = service::read_report(&state.store, &desk.actor(), id, period).await?;
        let t = desk.t();
        let text = |text: &str| Cell::Text(text.to_owned());
        let mut rows = vec![vec![
            text(t.column_code()),
            text(t.column_target()),
            text(t.column_measure()),
            text(t.figure_now()),
            text(t.figure_reason()),
        ]];
        for asked in &form.asked {
            rows.push(vec![
                text(&asked.target.code),
                text(&asked.target.name),
                text(&asked.target.measure),
                Cell::Empty,
                Cell::Empty,
            ]);
        }
        let name = period_name(&form.period, Text(Lang::Vi));
        sheet::write_xlsx(&Book { sheets: vec![(name, rows)] }).map_err(|problem| internal(format!("{problem:?}")))
    };
    match made.await {
        Ok(bytes) => attachment(bytes, XLSX, "mau-bao-cao.xlsx"),
        Err(error) => desk.failure(&error),
    }
}

/// A line of a table that was read.
struct ReadLine {
    /// Which line, from 1.
    line: usize,
    /// What stood in it.
    shown: String,
    /// The target with its figure, as it is to be typed, or what is wrong.
    read: Result<(String, String), String>,
}

/// POST: a table from a file or pasted: what was read is shown before anything is taken.
pub async fn read_table(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, period)): Path<(i64, i64)>,
    mut uploaded: Uploaded,
) -> Response {
    let fields = std::mem::take(&mut uploaded.fields);
    if let Err(answer) = save_beside(&desk, &state, (id, period), &fields).await {
        return *answer;
    }
    if uploaded.has(EVIDENCE)
        && let Err(error) = evidence::take_within(&desk, &state, (id, period), &mut uploaded, &fields).await
    {
        return told_error(&desk, &state, (id, period), error).await;
    }
    read_within(&desk, &state, (id, period), uploaded, &fields).await
}

/// Reads the table that was chosen or pasted.
pub async fn read_within(
    desk: &Desk,
    state: &AppState,
    (id, period): (i64, i64),
    mut uploaded: Uploaded,
    fields: &Fields,
) -> Response {
    let t = desk.t();
    let read = async {
        let bytes = uploaded.take(TABLE)?.bytes;
        let stored = service::read_report(&state.store, &desk.actor(), id, period).await?;
        let pasted = fields.get(PASTED).to_owned();
        if bytes.is_empty() && pasted.trim().is_empty() {
            return Err(invalid(Field::File, Problem::Missing));
        }
        let reading = move || if bytes.is_empty() { sheet::read_pasted(&pasted) } else { sheet::read(&bytes) };
        let sheet = tokio::task::spawn_blocking(reading).await.map_err(internal)?;
        Ok((stored, sheet))
    };
    match read.await {
        Ok((stored, Ok(sheet))) => {
            let lines = read_lines(&stored, &sheet, t);
            preview(desk, &stored, &lines)
        }
        Ok((_, Err(problem))) => {
            let notice = Some((sheet_problem(problem, t).to_owned(), false));
            let shown = Shown { notice, ..Shown::default() };
            desk.end(page(desk, state, id, period, StatusCode::UNPROCESSABLE_ENTITY, &shown).await)
        }
        Err(error) => told_error(desk, state, (id, period), error).await,
    }
}

fn sheet_problem(problem: SheetProblem, t: Text) -> &'static str {
    match problem {
        SheetProblem::TooLarge => t.file_too_large(),
        SheetProblem::NotASheet => t.sheet_none(),
        SheetProblem::Unreadable => t.sheet_unreadable(),
        SheetProblem::Empty => t.sheet_empty(),
        SheetProblem::TooManyRows => t.sheet_too_long(),
    }
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.trim().to_owned(),
        Cell::Number(figure) => unmistakable(*figure),
    }
}

/// The name of a column as spreadsheets have it.
fn column_name(index: usize) -> String {
    let mut name = String::new();
    let mut rest = index + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or_default();
        name.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    name
}

/// Finds in each line the target that it names, and its figure: in the column that is called so, or in the first cell
/// after the name that reads like one.
fn read_lines(form: &ReportForm, sheet: &Sheet, t: Text) -> Vec<ReadLine> {
    let named = |row: &[Cell]| row.iter().position(|cell| find_target(form, &cell_text(cell)).is_some());
    let is_heading = |text: &str| {
        let folded = fold(text);
        [t.figure_now(), Text(Lang::Vi).figure_now(), Text(Lang::En).figure_now()]
            .iter()
            .any(|name| fold(name) == folded)
    };
    let heading = sheet.rows.iter().take(10).find_map(|row| row.iter().position(|cell| is_heading(&cell_text(cell))));
    let first = sheet.rows.iter().position(|row| named(row).is_some()).unwrap_or_default();
    let mut lines = Vec::new();
    for (index, row) in sheet.rows.iter().enumerate() {
        // What stands above the first target without a figure is what the table is called, and its columns.
        if index < first && !row.iter().any(reads_like_figure) {
            continue;
        }
        let texts: Vec<String> = row.iter().map(cell_text).collect();
        if texts.iter().all(String::is_empty) || row.iter().any(|cell| is_heading(&cell_text(cell))) {
            continue;
        }
        let shown = texts.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" | ");
        let read = match named(row) {
            None => Err(t.table_no_target().to_owned()),
            Some(at) => {
                let asked = find_target(form, &texts[at]);
                let column = heading.or_else(|| (at + 1..row.len()).find(|column| reads_like_figure(&row[*column])));
                let column = column.unwrap_or(row.len());
                let cell = texts.get(column).map_or("", String::as_str);
                match (asked, figure::read(cell)) {
                    (Some(asked), Ok(Reading::One(figure))) => Ok((asked.target.code.clone(), unmistakable(figure))),
                    (Some(asked), Err(Unreadable::Empty)) if !cell.is_empty() => {
                        Ok((asked.target.code.clone(), "-".to_owned()))
                    }
                    (_, Ok(Reading::Either { thousands, decimal })) => {
                        let sentence = t.unclear_choice(unmistakable(decimal), unmistakable(thousands));
                        Err(t.table_cell(format!("{}{}", column_name(column), index + 1), sentence, cell))
                    }
                    (_, Err(Unreadable::Empty)) => Err(t.table_cell_empty().to_owned()),
                    _ => Err(t.table_cell(format!("{}{}", column_name(column), index + 1), t.no_figure(), cell)),
                }
            }
        };
        let before = |code: &str| {
            lines
                .iter()
                .find(|line: &&ReadLine| line.read.as_ref().is_ok_and(|(known, _)| known == code))
                .map(|line| line.line)
        };
        let read = read.and_then(|(code, typed)| match before(&code) {
            Some(line) => Err(t.table_twice(line.to_string())),
            None => Ok((code, typed)),
        });
        lines.push(ReadLine { line: index + 1, shown, read });
    }
    lines
}

fn reads_like_figure(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => text.chars().any(|c| c.is_ascii_digit()) && !text.chars().any(char::is_alphabetic),
        Cell::Empty => false,
    }
}

fn find_target<'a>(form: &'a ReportForm, text: &str) -> Option<&'a Asked> {
    if text.is_empty() {
        return None;
    }
    let folded = fold(text);
    form.asked.iter().find(|asked| asked.target.code.eq_ignore_ascii_case(text) || fold(&asked.target.name) == folded)
}

fn preview(desk: &Desk, form: &ReportForm, lines: &[ReadLine]) -> Response {
    let t = desk.t();
    let action = desk.href(&report_path(form.registration.id, form.period.id));
    let mut cells = form.cells.clone();
    for (code, typed) in lines.iter().filter_map(|line| line.read.as_ref().ok()) {
        cells.insert(figure_name(code), typed.clone());
    }
    let (good, bad) =
        (lines.iter().filter(|line| line.read.is_ok()).count(), lines.iter().filter(|line| line.read.is_err()).count());
    let version = form.report.as_ref().map_or(0, |report| report.version);
    let name = |code: &str| {
        form.asked.iter().find(|asked| asked.target.code == code).map_or("", |asked| asked.target.name.as_str())
    };
    let content = html! {
        h1 { (t.table_preview()) }
        p { (t.table_counts(bad, good)) }
        div class="table-scroll" tabindex="0" role="region" aria-label=(t.table_preview()) {
            table class="report-table" {
                thead { tr { th scope="col" { (t.table_line()) } th scope="col" { (t.table_content()) } th scope="col" { (t.column_target()) } th scope="col" { (t.figure_now()) } } }
                tbody {
                    @for line in lines {
                        tr {
                            th scope="row" { (line.line) }
                            td { (line.shown) }
                            @match &line.read {
                                Ok((code, typed)) => { td { (name(code)) } td class="number" { (typed) } },
                                Err(problem) => td colspan="2" { span class="cell-said cell-said--bad" { (problem) } },
                            }
                        }
                    }
                }
            }
        }
        form method="post" action=(action) {
            (hidden("version", &version.to_string()))
            @for (name, text) in &cells { (hidden(name, text)) }
            div class="form-actions" {
                @if good > 0 { button class="button button--strong" type="submit" name="viec" value="luu" { (t.table_take(good)) } " " }
                a class="button button--quiet" href=(action) { (t.go_back()) }
            }
        }
    };
    desk.page(t.table_preview(), &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_called_as_spreadsheets_call_them() {
        for (index, name) in [(0, "A"), (3, "D"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_name(index), name);
        }
    }
}
