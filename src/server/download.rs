//! Results to take along: one workbook, or tables as CSV, with a dictionary of every column.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri, header};

use self::table::{Table, tables};
use super::error::internal;
use super::policy::CachePolicy;
use super::render::render_failure;
use super::services::result::{Results, read_results};
use super::sheet::{Book, Cell, write_csv, write_xlsx};
use super::state::AppState;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::text::Text;

mod table;
#[cfg(test)]
mod tests;

/// The name of the workbook that holds all tables.
const BOOK: &str = "so-lieu.xlsx";

/// A table that can be taken along.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Its name without its ending.
    pub name: &'static str,
    /// What stands in it.
    pub about: fn(Text) -> &'static str,
}

/// Every table.
pub const FILES: [File; 7] = [
    File { name: "so-lieu", about: |t| t.file_figures() },
    File { name: "tien-do", about: |t| t.file_progress() },
    File { name: "don-vi", about: |t| t.file_units() },
    File { name: "xep-hang", about: |t| t.file_ranking() },
    File { name: "bao-cao", about: |t| t.file_reports() },
    File { name: "dinh-chinh", about: |t| t.file_corrections() },
    File { name: "tu-dien", about: |t| t.file_dictionary() },
];

/// Where a file of a campaign's results is.
pub fn href(slug: &str, file: &str) -> String {
    format!("/tai-xuong/thi-dua/{slug}/{file}")
}

/// `/tai-xuong/thi-dua/{slug}/{file}`.
pub async fn results(State(state): State<AppState>, uri: Uri, Path((slug, file)): Path<(String, String)>) -> Response {
    match make(&state, &slug, &file).await {
        Ok(answer) => answer,
        // What moved has its files where it is now.
        Err(AppError::Moved { path }) => {
            let slug = path.trim_start_matches("/thi-dua/").trim_end_matches("/ket-qua");
            CachePolicy::Fresh
                .of((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, href(slug, &file))]).into_response())
        }
        Err(error) => render_failure(&state, uri.path(), error).await,
    }
}

async fn make(state: &AppState, slug: &str, file: &str) -> Result<Response, AppError> {
    let name = file.strip_suffix(".csv").filter(|name| FILES.iter().any(|file| file.name == *name));
    if name.is_none() && file != BOOK {
        return Err(AppError::NotFound);
    }
    let results = read_results(&state.store, slug).await?.value;
    let (media_type, bytes) = match name {
        Some(name) => ("text/csv; charset=utf-8", csv(&results, name)),
        None => {
            let book = book(&results);
            // A large workbook takes some time to be packed.
            let written = tokio::task::spawn_blocking(move || write_xlsx(&book)).await.map_err(internal)?;
            let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (media_type, written.map_err(internal)?)
        }
    };
    // Slugs and names of files have no sign that would have to be quoted.
    let disposition = format!("attachment; filename=\"{}-{file}\"", results.campaign.slug);
    let headers = [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    let mut answer = (headers, bytes).into_response();
    if results.campaign.demonstration {
        answer.headers_mut().insert("x-robots-tag", http::HeaderValue::from_static("noindex"));
    }
    Ok(CachePolicy::Fresh.of(answer))
}

/// A table with its first line, before which stands that all is invented where it is.
fn csv(results: &Results, name: &str) -> Vec<u8> {
    let mut rows = Vec::new();
    if results.campaign.demonstration {
        rows.push(vec![warning()]);
    }
    rows.extend(tables(results).into_iter().filter(|table| table.name == name).flat_map(Table::into_rows));
    write_csv(&rows)
}

fn book(results: &Results) -> Book {
    let mut book = Book::default();
    if results.campaign.demonstration {
        book.sheets.push(("minh-hoa".to_owned(), vec![vec![warning()]]));
    }
    book.sheets.extend(tables(results).into_iter().map(|table| (table.name.to_owned(), table.into_rows())));
    book
}

/// That nothing of it is real, in both languages: a file leaves the portal.
fn warning() -> Cell {
    Cell::Text(format!("{} / {}", Text(Lang::Vi).demo_banner(), Text(Lang::En).demo_banner()))
}
