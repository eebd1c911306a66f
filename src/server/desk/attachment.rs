//! Files that a browser keeps instead of showing them.

use axum::response::Response;
use http::{HeaderValue, header};

use crate::domain::slug::Slug;
use crate::domain::text::fold;

/// The type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file to keep.
pub fn attachment(bytes: Vec<u8>, media_type: &'static str, name: &str) -> Response {
    let mut answer = Response::new(axum::body::Body::from(bytes));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    crate::server::policy::CachePolicy::Private.of(answer)
}

/// A stored file to keep, under a name that every system takes.
pub fn stored_file(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let (media_type, ending) = match media_type {
        "application/pdf" => ("application/pdf", "pdf"),
        "image/jpeg" => ("image/jpeg", "jpg"),
        XLSX => (XLSX, "xlsx"),
        _ => ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    };
    let plain = name.rsplit_once('.').map_or(name, |(plain, _)| plain);
    let slug = Slug::from_folded(&fold(plain)).map_or_else(|| "tep".to_owned(), |slug| slug.to_string());
    attachment(bytes, media_type, &format!("{slug}.{ending}"))
}
