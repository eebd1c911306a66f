//! The library: pictures and documents that are uploaded, found again, described, and given out.

use std::collections::BTreeSet;

use crate::domain::account::Permission;
use crate::domain::draft::DraftText;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::lang::Lang;
use crate::domain::text::{clean_line, compose, fold};
use crate::server::clock::now;
use crate::server::db::desk::library::{self as db, UploadRow};
use crate::server::db::upload::{self, PICTURE_PATH};
use crate::server::docx::{self, Dropped, Limits, Refusal};
use crate::server::error::internal;
use crate::server::image::{self, BadPicture};
use crate::server::secret::sha256_hex;
use crate::server::services::account::invalid;
use crate::server::services::actor::Actor;
use crate::server::state::Store;
use crate::text::Text;

/// The most bytes of a document that are taken.
pub const DOCUMENT_MOST: usize = 20 * 1024 * 1024;
/// Where documents are given out.
pub const DOCUMENT_PATH: &str = "/tai-lieu/";
/// So many pictures are decoded at once: each can take hundreds of megabytes.
static DECODING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(1);

/// A picture that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPicture {
    /// Its upload.
    pub id: i64,
    /// How a text names it.
    pub path: String,
    /// What it shows, if that was said.
    pub alt: String,
}

/// Stores a picture: encoded anew, without what the camera wrote into it.
///
/// # Errors
/// `Forbidden`, or `Invalid` for what is no picture or too large.
pub async fn add_picture(store: &Store, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<StoredPicture, AppError> {
    actor.require(Permission::WriteAnnouncements)?;
    store_picture(store, actor, name, bytes).await
}

async fn prepare_picture(bytes: Vec<u8>) -> Result<image::Prepared, AppError> {
    let _turn = DECODING.acquire().await.map_err(internal)?;
    let prepared = tokio::task::spawn_blocking(move || image::prepare(&bytes)).await.map_err(internal)?;
    prepared.map_err(|why| match why {
        BadPicture::TooLarge => AppError::TooLarge,
        BadPicture::Unreadable => invalid(Field::File, Problem::NoPicture),
    })
}

/// Stores a picture that nobody sees yet but officials: the largest size of it, without what the camera wrote into it.
/// Who may is asked by whoever calls.
pub(super) async fn store_internal_picture(
    store: &Store,
    actor: &Actor,
    name: &str,
    bytes: Vec<u8>,
) -> Result<i64, AppError> {
    let prepared = prepare_picture(bytes).await?;
    let bytes = prepared.largest().map(<[u8]>::to_vec).unwrap_or_default();
    keep_internal(store, actor, name, "image/webp", bytes).await
}

/// Keeps a file apart from what is public, and gives its upload.
async fn keep_internal(
    store: &Store,
    actor: &Actor,
    name: &str,
    media_type: &str,
    bytes: Vec<u8>,
) -> Result<i64, AppError> {
    let (sha256, size) = (sha256_hex(&bytes), i64::try_from(bytes.len()).unwrap_or(i64::MAX));
    let file = store.evidence.join(&sha256);
    tokio::task::spawn_blocking(move || image::write_whole(&file, &bytes)).await.map_err(internal)??;
    let name = plain_name(name);
    let at = now();
    let mut session = store.db.write().await?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let id = db::add_internal(&mut session, &sha256, media_type, size, actor_id, at).await?;
    db::name_upload(&mut session, id, &name, "", &fold(&name)).await?;
    session.commit().await?;
    Ok(id)
}

/// Stores a picture in the library. Who may is asked by whoever calls.
pub(super) async fn store_picture(
    store: &Store,
    actor: &Actor,
    name: &str,
    bytes: Vec<u8>,
) -> Result<StoredPicture, AppError> {
    let prepared = prepare_picture(bytes).await?;
    let written = prepared.clone();
    let own = store.clone();
    tokio::task::spawn_blocking(move || written.write(&own)).await.map_err(internal)??;
    let fallback = prepared.upload.sizes.iter().find(|size| size.media_type == "image/jpeg");
    let fallback = fallback.map(|size| size.sha256.clone()).unwrap_or_default();
    let name = plain_name(name);
    let at = now();
    let mut session = store.db.write().await?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let id = upload::add_public(&mut session, &prepared.upload, actor_id, at).await?;
    db::name_upload(&mut session, id, &name, &fallback, &fold(&name)).await?;
    let alt = db::find_upload(&mut session, id).await?.map(|row| row.alt).unwrap_or_default();
    session.commit().await?;
    Ok(StoredPicture { id, path: format!("{PICTURE_PATH}{fallback}.jpg"), alt })
}

/// A file's name without a path, as people read it.
fn plain_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    clean_line(&compose(name)).chars().take(120).collect()
}

/// Pictures by words of their names or of what they show, the newest first, and where the next ones begin.
///
/// # Errors
/// `Forbidden`.
pub async fn list_pictures(
    store: &Store,
    actor: &Actor,
    words: &str,
    before: Option<i64>,
) -> Result<(Vec<UploadRow>, Option<i64>), AppError> {
    actor.require(Permission::WriteAnnouncements)?;
    let words = fold(&clean_line(&compose(words))).chars().take(100).collect::<String>().replace(['%', '_'], "");
    let pattern = if words.is_empty() { String::new() } else { format!("%{words}%") };
    let mut session = store.db.read().await?;
    let mut rows = db::list_pictures(&mut session, &pattern, before.unwrap_or(i64::MAX)).await?;
    let more = (rows.len() > 60).then(|| rows[59].id);
    rows.truncate(60);
    Ok((rows, more))
}

/// Says what a picture shows.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for nothing.
pub async fn describe_picture(store: &Store, actor: &Actor, id: i64, alt: &str) -> Result<(), AppError> {
    actor.require(Permission::WriteAnnouncements)?;
    let alt: String = clean_line(&compose(alt)).chars().take(500).collect();
    if alt.is_empty() {
        return Err(invalid(Field::Image, Problem::Missing));
    }
    let mut session = store.db.write().await?;
    let row = db::find_upload(&mut session, id).await?.ok_or(AppError::NotFound)?;
    db::describe_picture(&mut session, id, &alt, &fold(&format!("{} {alt}", row.name))).await?;
    session.commit().await?;
    Ok(())
}

/// A kind of document that is taken, by its content: what a file is called says nothing. One with macros is not taken.
fn document_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"%PDF-") {
        return Some("application/pdf");
    }
    let archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).ok()?;
    let mut kind = None;
    for name in archive.file_names() {
        match name.ok()?.as_ref() {
            "word/document.xml" => {
                kind = Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document");
            }
            "xl/workbook.xml" => kind = Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            other if other.to_lowercase().ends_with("vbaproject.bin") => return None,
            _ => {}
        }
    }
    kind
}

/// The ending of a document's file.
pub fn document_ending(media_type: &str) -> Option<&'static str> {
    match media_type {
        "application/pdf" => Some("pdf"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => Some("docx"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Some("xlsx"),
        _ => None,
    }
}

/// Stores a document as it is and gives its address. It is only ever given out as a file to keep.
///
/// # Errors
/// `Forbidden`, `TooLarge`, or `Invalid` for what is none of the kinds that are taken.
pub async fn add_document(store: &Store, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<String, AppError> {
    actor.require(Permission::WriteAnnouncements)?;
    if bytes.len() > DOCUMENT_MOST {
        return Err(AppError::TooLarge);
    }
    let reading = tokio::task::spawn_blocking(move || (document_type(&bytes), bytes));
    let (media_type, bytes) = reading.await.map_err(internal)?;
    let media_type = media_type.ok_or_else(|| invalid(Field::File, Problem::NoDocument))?;
    let ending = document_ending(media_type).ok_or_else(|| invalid(Field::File, Problem::NoDocument))?;
    let (sha256, size) = (sha256_hex(&bytes), i64::try_from(bytes.len()).unwrap_or(i64::MAX));
    let file = format!("{sha256}.{ending}");
    let (own, stored) = (store.clone(), file.clone());
    tokio::task::spawn_blocking(move || image::write_file(&own, &stored, &bytes)).await.map_err(internal)??;
    let name = plain_name(name);
    let at = now();
    let mut session = store.db.write().await?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    db::add_document(&mut session, &sha256, media_type, size, actor_id, at).await?;
    if let Some(row) = db::find_document(&mut session, &sha256).await? {
        db::name_upload(&mut session, row.id, &name, "", &fold(&name)).await?;
    }
    session.commit().await?;
    Ok(format!("{DOCUMENT_PATH}{file}"))
}

/// A document that is given out: its row, and its bytes. Permitted to everybody.
///
/// # Errors
/// `NotFound`.
pub async fn read_document(store: &Store, name: &str) -> Result<(UploadRow, Vec<u8>), AppError> {
    let (sha256, ending) = name.split_once('.').ok_or(AppError::NotFound)?;
    if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(AppError::NotFound);
    }
    let row = db::find_document(&mut store.db.read().await?, sha256).await?.ok_or(AppError::NotFound)?;
    if document_ending(&row.media_type) != Some(ending) {
        return Err(AppError::NotFound);
    }
    let bytes = tokio::fs::read(store.picture_file(name)).await.map_err(|_| AppError::NotFound)?;
    Ok((row, bytes))
}

/// A Word document as Markdown with its pictures stored.
#[derive(Clone, Debug, Default)]
pub struct ReadWord {
    /// The title, if it says one.
    pub title: String,
    /// The first paragraph where it reads like the lead, as plain text.
    pub lead: String,
    /// The number and the day of an official document.
    pub number: String,
    /// The picture that it begins with.
    pub image: Option<WordImage>,
    /// The whole text.
    pub markdown: String,
    /// The text without the lead and that picture.
    pub rest: String,
    /// What was left out.
    pub dropped: BTreeSet<Dropped>,
}

/// A stored picture of a Word document with what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordImage {
    /// How a text names it.
    pub path: String,
    /// What it shows.
    pub alt: String,
    /// What stands below it.
    pub caption: String,
}

impl ReadWord {
    /// Whether a document may give a text its lead and its lead picture as well: nothing is there yet.
    pub fn fills(text: &DraftText) -> bool {
        [&text.lead, &text.body, &text.image].iter().all(|field| field.trim().is_empty())
    }

    /// Puts the document into a text: what is empty is filled, and what it says goes behind what is there.
    pub fn put_into(self, text: &mut DraftText) {
        if text.title.trim().is_empty() {
            text.title = self.title;
        }
        if text.source.trim().is_empty() && !self.number.is_empty() {
            text.source = Text(Lang::Vi).document_source(&self.number);
        }
        let before = text.body.trim_end();
        if Self::fills(text) {
            (text.lead, text.body) = (self.lead, self.rest);
            if let Some(image) = self.image {
                (text.image, text.image_alt, text.image_caption) = (image.path, image.alt, image.caption);
            }
        } else if before.is_empty() {
            text.body = self.markdown;
        } else {
            text.body = format!("{before}\n\n{}", self.markdown);
        }
    }
}

/// Why a Word document is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordProblem {
    /// It is none.
    NotWord,
    /// It is of the old kind.
    OldWord,
    /// It has a password.
    Encrypted,
    /// It is broken.
    Damaged,
    /// It is too large, packed or unpacked.
    TooLarge,
}

/// Reads a Word document: its text as Markdown, its pictures into the library.
///
/// # Errors
/// `Forbidden`; or why it is not read.
pub async fn read_word(
    store: &Store,
    actor: &Actor,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Result<ReadWord, WordProblem>, AppError> {
    actor.require(Permission::WriteAnnouncements)?;
    let turn = DECODING.acquire().await.map_err(internal)?;
    let read = tokio::task::spawn_blocking(move || docx::read_docx(&bytes, &Limits::default())).await;
    drop(turn);
    let document = match read.map_err(internal)? {
        // Nobody brings a file without a word in it: what there is could not be read.
        Ok(document) if document.title.is_none() && document.markdown.trim().is_empty() => {
            return Ok(Err(WordProblem::Damaged));
        }
        Ok(document) => document,
        Err(why) => {
            return Ok(Err(match why {
                Refusal::NotWord => WordProblem::NotWord,
                Refusal::OldWord => WordProblem::OldWord,
                Refusal::Encrypted => WordProblem::Encrypted,
                Refusal::Damaged => WordProblem::Damaged,
                Refusal::TooLarge => WordProblem::TooLarge,
            }));
        }
    };
    let mut dropped: BTreeSet<Dropped> = document.dropped.into_iter().collect();
    let mut texts = [document.markdown, document.rest];
    let (mut image, lead_picture) = (None, document.lead_picture);
    for (number, picture) in document.pictures.into_iter().enumerate() {
        let place = format!("](word:{number}");
        let name = format!("{} {}", plain_name(name), number + 1);
        match add_picture(store, actor, &name, picture.bytes).await {
            Ok(stored) => {
                if let Some(lead) = lead_picture.as_ref().filter(|lead| lead.place == number) {
                    let (alt, caption) = (lead.alt.clone(), lead.caption.clone());
                    image = Some(WordImage { path: stored.path.clone(), alt, caption });
                }
                let address = format!("]({}", stored.path);
                texts = texts.map(|text| replace_reference(&text, &place, &address));
            }
            Err(AppError::Invalid(_) | AppError::TooLarge) => {
                // A drawing that browsers don't show (EMF, WMF), or a broken one: its line goes.
                texts = texts.map(|text| without_line(&text, &place));
                dropped.insert(Dropped::UnreadablePicture);
            }
            Err(error) => return Err(error),
        }
    }
    let [markdown, rest] = texts;
    Ok(Ok(ReadWord {
        title: document.title.unwrap_or_default(),
        lead: document.lead.unwrap_or_default(),
        image,
        number: document.number.unwrap_or_default(),
        markdown,
        rest,
        dropped,
    }))
}

/// Puts an address in the place of a number; `word:1` is not the beginning of `word:12`.
fn replace_reference(markdown: &str, place: &str, address: &str) -> String {
    let mut made = String::with_capacity(markdown.len() + 64);
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once(place) {
        made.push_str(before);
        made.push_str(if after.starts_with([')', ' ']) { address } else { place });
        rest = after;
    }
    made.push_str(rest);
    made
}

fn without_line(markdown: &str, place: &str) -> String {
    let is_named = |line: &str| line.split_once(place).is_some_and(|(_, after)| after.starts_with([')', ' ']));
    let lines: Vec<&str> = markdown.lines().filter(|line| !is_named(line)).collect();
    lines.join("\n") + "\n"
}

/// Stores a file that stands behind a report, apart from what is public: a picture without what the camera wrote into it,
/// a document as it is. Gives its upload. Who may do so is asked by whoever calls.
///
/// # Errors
/// `TooLarge`, or `Invalid` for what is none of the kinds that are taken.
pub(super) async fn store_evidence(store: &Store, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<i64, AppError> {
    if bytes.len() > DOCUMENT_MOST {
        return Err(AppError::TooLarge);
    }
    let _turn = DECODING.acquire().await.map_err(internal)?;
    let reading = tokio::task::spawn_blocking(move || match document_type(&bytes) {
        Some(media_type) => Ok((media_type, bytes)),
        None => image::prepare(&bytes).map(|made| ("image/jpeg", made.jpeg().map(<[u8]>::to_vec).unwrap_or_default())),
    });
    let (media_type, bytes) = reading.await.map_err(internal)?.map_err(|why| match why {
        BadPicture::TooLarge => AppError::TooLarge,
        BadPicture::Unreadable => invalid(Field::File, Problem::NoDocument),
    })?;
    keep_internal(store, actor, name, media_type, bytes).await
}

/// The bytes of a file that stands behind a report.
///
/// # Errors
/// `NotFound`.
pub(super) async fn read_evidence_file(store: &Store, sha256: &str) -> Result<Vec<u8>, AppError> {
    tokio::fs::read(store.evidence.join(sha256)).await.map_err(|_| AppError::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_a_word_document_gets_its_own_address() {
        let text = "![a](word:1 \"A\")\n\n![b](word:12)\n";
        let made = replace_reference(text, "](word:1", "](/tep/x.jpg");
        assert_eq!(made, "![a](/tep/x.jpg \"A\")\n\n![b](word:12)\n");
        assert_eq!(without_line(text, "](word:1"), "\n![b](word:12)\n");
    }

    #[test]
    fn documents_are_known_by_their_content() {
        assert_eq!(document_type(b"%PDF-1.7"), Some("application/pdf"));
        let word = include_bytes!("../../../tests/fixtures/word.docx");
        assert!(document_type(word).is_some_and(|kind| kind.ends_with("wordprocessingml.document")));
        for bytes in [&b"MZ"[..], b"PK\x03\x04", b"<html>", b""] {
            assert_eq!(document_type(bytes), None);
        }
    }

    #[test]
    fn a_name_brings_no_path_along() {
        assert_eq!(plain_name("C:\\fakepath\\Ảnh.jpg"), "Ảnh.jpg");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
    }
}
