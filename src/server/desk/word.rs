//! Word files: an announcement that begins with one, one put into a text, and what is said about it.

use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::form::Fields;
use super::frame::{Desk, failure_with_text};
use super::home;
use super::library::{read_upload, told};
use super::writing::{Shown, save, shown_or_text, typed_text};
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::text::fold;
use crate::server::docx::Dropped;
use crate::server::services::draft::{self, Saving};
use crate::server::services::front::list_categories;
use crate::server::services::library::{self as service, ReadWord, WordProblem};
use crate::server::state::AppState;
use crate::text::Text;

/// What says in an address that the lead was taken from the document.
const LEAD: &str = "sapo";
/// What says in an address that the lead picture was taken from the document.
const PICTURE: &str = "anh";

/// What is to be said about a document that was read, as it stands in an address.
fn said(word: &ReadWord, fills: bool) -> String {
    let lead = (fills && !word.lead.is_empty()).then(|| LEAD.to_owned());
    let picture = (fills && word.image.is_some()).then(|| PICTURE.to_owned());
    let dropped = word.dropped.iter().map(|kind| format!("{kind:?}"));
    lead.into_iter().chain(picture).chain(dropped).collect::<Vec<_>>().join(".")
}

/// The sentences about a document that was read.
pub fn notice(said: &str, t: Text) -> String {
    let said: Vec<&str> = said.split('.').collect();
    let mut sentences = vec![t.word_read().to_owned()];
    if said.contains(&LEAD) {
        sentences.push(t.word_lead_taken().to_owned());
    }
    if said.contains(&PICTURE) {
        sentences.push(t.word_picture_taken().to_owned());
    }
    let dropped: Vec<&str> = Dropped::ALL
        .into_iter()
        .filter(|kind| said.contains(&format!("{kind:?}").as_str()))
        .map(|kind| dropped_name(kind, t))
        .collect();
    if !dropped.is_empty() {
        sentences.push(t.word_dropped(dropped.join("; ")));
    }
    sentences.join(" ")
}

/// What a kind of thing is called that a page does not show.
fn dropped_name(kind: Dropped, t: Text) -> &'static str {
    match kind {
        Dropped::Macro => t.word_dropped_macro(),
        Dropped::ExternalPicture => t.word_dropped_external_picture(),
        Dropped::UnreadablePicture => t.word_dropped_unreadable_picture(),
        Dropped::EmbeddedObject => t.word_dropped_embedded_object(),
        Dropped::Drawing => t.word_dropped_drawing(),
        Dropped::Formula => t.word_dropped_formula(),
        Dropped::Comment => t.word_dropped_comment(),
        Dropped::Footnote => t.word_dropped_footnote(),
        Dropped::Endnote => t.word_dropped_endnote(),
        Dropped::DeletedText => t.word_dropped_deleted_text(),
        Dropped::HiddenText => t.word_dropped_hidden_text(),
        Dropped::UnsafeLink => t.word_dropped_unsafe_link(),
        Dropped::Symbol => t.word_dropped_symbol(),
        Dropped::Contents => t.word_dropped_contents(),
        Dropped::PaperFrame => t.word_dropped_paper_frame(),
    }
}

/// Why a Word document is not read, as a sentence.
fn problem_sentence(why: WordProblem, t: Text) -> &'static str {
    match why {
        WordProblem::NotWord => t.no_word(),
        WordProblem::OldWord => t.word_old(),
        WordProblem::Encrypted => t.word_encrypted(),
        WordProblem::Damaged => t.word_damaged(),
        WordProblem::TooLarge => t.file_too_large(),
    }
}

/// POST: an announcement that begins with a Word document.
pub async fn begin(desk: Desk, State(state): State<AppState>, form: Multipart) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let begun = async {
        let mut uploaded = read_upload(form).await?;
        let file = uploaded.take("file")?;
        let word = match service::read_word(store, &actor, &file.name, file.bytes).await? {
            Ok(word) => word,
            Err(why) => return Ok(Err(problem_sentence(why, desk.t()))),
        };
        let id = draft::begin_announcement(store, &actor, uploaded.fields.number("unit")).await?;
        let own = draft::read_own(store, &actor, id).await?;
        let open = own.open.as_ref().ok_or(AppError::Conflict)?;
        let mut text = own.text.clone();
        let told = said(&word, ReadWord::fills(&text));
        word.put_into(&mut text);
        // A launch belongs to the launches: the category whose name the title says, if there is one.
        let title = fold(&text.title);
        let categories = list_categories(store, &actor).await?;
        if let Some(category) = categories.into_iter().find(|category| title.contains(&fold(&category.name))) {
            text.category = category.slug;
        }
        draft::save_draft(store, &actor, id, Saving { revision_id: open.id, version: open.version, base: None, text })
            .await?;
        Ok(Ok(format!("/quan-tri/tin/{id}?tu-word={told}")))
    };
    match begun.await {
        Ok(Ok(target)) => desk.redirect(&target),
        Ok(Err(sentence)) => home::show_problem(&desk, &state, StatusCode::UNPROCESSABLE_ENTITY, sentence).await,
        Err(AppError::TooLarge) => {
            home::show_problem(&desk, &state, StatusCode::PAYLOAD_TOO_LARGE, desk.t().file_too_large()).await
        }
        Err(error) => desk.failure(&error),
    }
}

/// POST: a Word document, without script: its text is put behind what is in the form, or in the draft.
pub async fn put_in(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, form: Multipart) -> Response {
    let mut fields = Fields::default();
    let read = async {
        let mut uploaded = read_upload(form).await?;
        fields = std::mem::take(&mut uploaded.fields);
        let own = draft::read_own(&state.store, &desk.actor(), id).await?;
        if !fields.has("body") {
            let open = own.open.as_ref().ok_or(AppError::Conflict)?;
            fields = Fields::of_text(&own.text, open.id, open.version);
        }
        let file = uploaded.take("file")?;
        service::read_word(&state.store, &desk.actor(), &file.name, file.bytes).await
    };
    let read = read.await;
    let kept = Shown {
        typed: fields.has("body").then(|| typed_text(&fields)),
        version: fields.number("revision").zip(fields.number("version")),
        ..Shown::default()
    };
    match read {
        Ok(Ok(word)) => {
            let mut text = typed_text(&fields);
            let told = said(&word, ReadWord::fills(&text));
            word.put_into(&mut text);
            let (revision, version) = kept.version.unwrap_or_default();
            let slug = fields.get("slug").to_owned();
            let mut fields = Fields::of_text(&text, revision, version);
            fields.0.extend(
                [("viec", "word".to_owned()), ("slug", slug), ("said", told)]
                    .map(|(name, value)| (name.to_owned(), value)),
            );
            save(&desk, &state, id, &fields).await
        }
        Ok(Err(why)) => {
            let shown = Shown { notice: Some(problem_sentence(why, desk.t()).to_owned()), ..kept };
            shown_or_text(&desk, &state, id, StatusCode::UNPROCESSABLE_ENTITY, &shown, &fields).await
        }
        Err(error @ (AppError::Forbidden | AppError::NotFound)) => failure_with_text(&desk, &error, &fields),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            shown_or_text(&desk, &state, id, status, &Shown { error: Some(error), ..kept }, &fields).await
        }
    }
}

/// POST: a Word document, from the editor: its text comes back as Markdown.
pub async fn read(desk: Desk, State(state): State<AppState>, form: Multipart) -> Response {
    let t = desk.t();
    let read = async {
        let file = read_upload(form).await?.take("file")?;
        service::read_word(&state.store, &desk.actor(), &file.name, file.bytes).await
    };
    match read.await {
        Ok(Ok(word)) => {
            let source =
                if word.number.is_empty() { String::new() } else { Text(Lang::Vi).document_source(&word.number) };
            // Which of the two is said depends on what the text holds already: the editor knows.
            let answer = serde_json::json!({
                "title": word.title, "lead": word.lead, "source": source, "markdown": word.markdown, "rest": word.rest,
                "image": word.image.as_ref().map(|image| {
                    serde_json::json!({ "path": image.path, "alt": image.alt, "caption": image.caption })
                }),
                "notice": notice(&said(&word, false), t), "notice_filled": notice(&said(&word, true), t),
            });
            axum::Json(answer).into_response()
        }
        Ok(Err(why)) => {
            let answer = axum::Json(serde_json::json!({ "sentence": problem_sentence(why, t) }));
            (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
        }
        Err(error) => told(&error, t),
    }
}
