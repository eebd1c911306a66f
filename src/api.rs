//! The wire: server functions, one file for each noun, at addresses that stay. Each body is: who, parse, service, answer.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::client::Client;
use server_fn::codec::{Encoding, FromReq, IntoReq, Post};
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use server_fn::response::{ClientRes, TryRes};
use server_fn::server::Server;
use server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, Protocol};

use crate::browser::json;
use crate::domain::error::AppError;

pub mod announcement;
pub mod site;

/// What a server function answers: on the server the value, in the browser its JSON until a page is made of it. The
/// main chunk of the client so knows nothing of the types of most answers; the chunk that makes the page does.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    #[cfg(feature = "ssr")]
    value: T,
    #[cfg(not(feature = "ssr"))]
    json: Bytes,
    #[cfg(not(feature = "ssr"))]
    of: PhantomData<T>,
}

impl<T: DeserializeOwned> Answer<T> {
    /// The value.
    ///
    /// # Errors
    /// `BadAddress` when the answer holds no such value: it comes from a server of another version.
    pub fn value(self) -> Result<T, AppError> {
        #[cfg(feature = "ssr")]
        return Ok(self.value);
        #[cfg(not(feature = "ssr"))]
        Json::decode(self.json).map_err(|_| AppError::BadAddress)
    }

    fn from_body(body: Bytes) -> Result<Self, AppError> {
        #[cfg(feature = "ssr")]
        return Json::decode(body).map(|value| Self { value }).map_err(|_| AppError::BadAddress);
        #[cfg(not(feature = "ssr"))]
        Ok(Self { json: body, of: PhantomData })
    }
}

impl<T: Serialize> Answer<T> {
    fn into_body(self) -> Result<Bytes, AppError> {
        #[cfg(feature = "ssr")]
        return Json::encode(&self.value).map_err(|error| crate::server::error::internal(error.to_string()));
        #[cfg(not(feature = "ssr"))]
        Ok(self.json)
    }
}

/// How server functions are called: as `server_fn::Http` does it, but that what is the same for all of them is there
/// once in the browser.
#[derive(Clone, Copy, Debug)]
pub struct Wire<In>(PhantomData<In>);

impl<In, Args, T, C, S> Protocol<Args, Answer<T>, C, S, AppError> for Wire<In>
where
    In: Encoding,
    Args: IntoReq<In, C::Request, AppError> + FromReq<In, S::Request, AppError> + Send,
    T: Serialize + DeserializeOwned + Send,
    C: Client<AppError>,
    S: Server<AppError>,
{
    const METHOD: Method = In::METHOD;

    async fn run_server<F, Answering>(request: S::Request, function: F) -> Result<S::Response, AppError>
    where
        F: Fn(Args) -> Answering + Send,
        Answering: Future<Output = Result<Answer<T>, AppError>> + Send,
    {
        let args = Args::from_req(request).await?;
        let answer = function(args).await?;
        S::Response::try_from_bytes(Json::CONTENT_TYPE, answer.into_body()?)
    }

    fn run_client(path: &str, args: Args) -> impl Future<Output = Result<Answer<T>, AppError>> + Send {
        let asked = args.into_req(path, Json::CONTENT_TYPE).map(ask::<C>);
        async move { Answer::from_body(asked?.await?) }
    }
}

fn ask<C: Client<AppError>>(request: C::Request) -> Pin<Box<dyn Future<Output = Result<Bytes, AppError>> + Send>> {
    Box::pin(async move {
        let response = C::send(request).await?;
        let failed = response.status() >= 400;
        let body = response.try_into_bytes().await?;
        if failed { Err(AppError::de(body)) } else { Ok(body) }
    })
}

/// JSON as the body of a request.
pub type JsonBody = Post<Json>;

/// JSON that `serde_json` writes and the reader's browser reads.
#[derive(Clone, Copy, Debug)]
pub struct Json;

impl ContentType for Json {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Json {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Json {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, serde_json::Error> {
        serde_json::to_vec(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Json {
    type Error = json::Unreadable;

    fn decode(json: Bytes) -> Result<T, json::Unreadable> {
        json::read(&String::from_utf8_lossy(&json))
    }
}

impl FromServerFnError for AppError {
    type Encoder = Json;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => AppError::Unreachable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                AppError::BadAddress
            }
            _ => AppError::Internal { reference: String::new() },
        }
    }
}

/// What the bodies share; nothing of it reaches the browser.
#[cfg(feature = "ssr")]
pub(crate) mod answer {
    use leptos::prelude::use_context;

    use super::Answer;
    use crate::domain::error::AppError;
    use crate::server::error::internal;
    use crate::server::state::AppState;
    use crate::server::thing::{Read, Shown};

    /// The server's state.
    pub fn state() -> Result<AppState, AppError> {
        use_context().ok_or_else(|| internal("no state in the context"))
    }

    /// Ends a body that read something: the page that is being rendered, if there is one, shows these things.
    pub fn respond_read<T>(result: Result<Read<T>, AppError>) -> Result<Answer<T>, AppError> {
        respond(result.map(|read| {
            if let Some(shown) = use_context::<Shown>() {
                shown.add(read.things);
            }
            read.value
        }))
    }

    /// Ends a body: an error gives the answer its status, since Leptos alone would answer 500 to every one.
    pub fn respond<T>(result: Result<T, AppError>) -> Result<Answer<T>, AppError> {
        if let Err(error) = &result
            && let Some(options) = use_context::<leptos_axum::ResponseOptions>()
        {
            let mut status =
                http::StatusCode::from_u16(error.status()).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
            if let AppError::Moved { path } = error {
                // A page leads there; an answer to the client says so, or its fetch would follow.
                let lang = use_context::<crate::domain::lang::Lang>();
                match lang.and_then(|lang| lang.href(path).parse().ok()) {
                    Some(target) => options.insert_header(http::header::LOCATION, target),
                    None => status = http::StatusCode::NOT_FOUND,
                }
            }
            options.set_status(status);
            if let AppError::TooMany { retry_after_seconds } = error {
                options.insert_header(http::header::RETRY_AFTER, http::HeaderValue::from(*retry_after_seconds));
            }
        }
        result.map(|value| Answer { value })
    }
}
