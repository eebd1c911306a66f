//! The server's own accept loop: axum's has no timeouts, and a slow peer must not hold a connection for ever.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use futures::future::{Either, ready};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket};
use tower::ServiceExt;

use super::assets::Site;
use super::cache::PageCache;
use super::clock::now;
use super::config::ServeSettings;
use super::error::Failure;
use super::mail::letter::Post;
use super::peer::{Peer, Silence};
use super::router::{answer_kept, router};
use super::services::account::has_accounts;
use super::services::agreement;
use super::services::comment::forget_expired;
use super::services::comment_edit;
use super::services::draft::forget_old_saves;
use super::services::example;
use super::services::limit::SenderLimit;
use super::services::live::Live;
use super::services::mail;
use super::services::moderation;
use super::services::notice;
use super::services::publication::publish_due;
use super::services::reminder;
use super::services::report;
use super::services::sign_in::forget_ended;
use super::services::site::{RememberedSite, note_today};
use super::state::{AppState, Patience, Shared, Store};
use crate::domain::day::Day;

/// How long running requests may take when the server is asked to stop.
const STOP_TIME: Duration = Duration::from_secs(10);
/// So many connections may wait to be taken, as on the morning of a launch; the system may allow fewer.
const BACKLOG: u32 = 4096;
/// How often expired personal data is taken away.
const TIDY_TIME: Duration = Duration::from_secs(600);
/// How often it is looked whether something is due to be published: what is scheduled is promised within five seconds.
const DUE_TIME: Duration = Duration::from_secs(1);

/// Serves the portal until the process is asked to stop.
///
/// # Errors
/// A sentence that says why it could not start.
pub async fn serve(store: Store, settings: &ServeSettings) -> Result<(), Failure> {
    start_log(&settings.log);
    if settings.no_migrate {
        if store.db.count_pending_migrations().await? > 0 {
            return Err(Failure::new(
                "The database is not up to date: run thidua migrate, or start without --no-migrate.",
            ));
        }
    } else {
        store.db.migrate().await?;
    }
    // One for each connection; the system's usual thousand is for programs of one user.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(fault = %error, "the system keeps its limit of open files");
    }
    let mailer = settings.mail.mailer(&settings.site_name)?;
    let listener = listen(settings.listen)
        .map_err(|error| Failure::new(format!("THIDUA_LISTEN: {} can't be listened on: {error}.", settings.listen)))?;
    let address = listener.local_addr().unwrap_or(settings.listen);
    let state = AppState::new(Shared {
        store,
        patience: Patience::default(),
        site: Site::open(settings.site.as_deref())?,
        pages: (settings.cache_mb > 0).then(|| Arc::new(PageCache::new(settings.cache_mb))),
        remembered_site: RememberedSite::default(),
        site_name: settings.site_name.clone(),
        contact: settings.contact.clone(),
        base_url: settings.base_url(address)?,
        trusted_proxies: settings.trusted_proxies.clone(),
        sender_limit: settings.rate_limit.then(SenderLimit::default),
        live: Live::default(),
    });
    let stop = asked_to_stop().map_err(|error| Failure::new(format!("The system gave no signals: {error}.")))?;
    println!("Listening on http://{address}");
    if !has_accounts(&state.store).await? {
        // Whoever started the program may have read the first line only.
        let hint = "Nobody can sign in to the desk yet: thidua user add NAME --role administrator";
        let _ = writeln!(std::io::stdout(), "{hint}");
    }
    let changes = state.store.db.clone();
    let mut beside = vec![
        tokio::spawn(tidy(state.clone())),
        tokio::spawn(async move { changes.changes().listen().await }),
        tokio::spawn(publish_on_time(state.store.clone())),
    ];
    if let Some(mailer) = mailer {
        let post = Post { base_url: state.base_url.clone(), site_name: state.site_name.clone() };
        state.store.mail.offer();
        beside.push(tokio::spawn(mail::send_on_time(state.store.clone(), mailer, post)));
        beside.push(tokio::spawn(reminder::remind_on_time(state.store.clone())));
    }
    accept(listener, state.clone(), stop).await;
    beside.iter().for_each(tokio::task::JoinHandle::abort);
    state.store.db.close().await;
    Ok(())
}

/// Tells when a day has begun, and publishes what is due, once, for as long as the server runs: a second after its hour, or as soon as a server runs.
pub async fn publish_on_time(store: Store) {
    let mut day = Day::of(now());
    loop {
        if Day::of(now()) != day && note_today(&store).await.is_ok() {
            day = Day::of(now());
        }
        if let Err(error) = publish_due(&store).await {
            tracing::warn!(?error, "what is due could not be published; it is tried again");
        }
        tokio::time::sleep(DUE_TIME).await;
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Lines of JSON on standard error, from this level on.
pub fn start_log(level: &str) {
    let filter = tracing_subscriber::EnvFilter::new(level);
    let log = tracing_subscriber::fmt().json().with_span_list(false).with_writer(std::io::stderr);
    let _ = log.with_env_filter(filter).try_init();
}

/// Listens for the signals that ask the process to stop from now on, and ends with the first of them.
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Takes connections until `stop`, then lets running requests end.
pub async fn accept(listener: TcpListener, state: AppState, stop: impl Future<Output = ()>) {
    let patience = state.patience;
    let app = router(state.clone());
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file handles, most likely: give others time to close.
                    tracing::warn!(fault = %error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let (state, app, silence) = (state.clone(), app.clone(), Silence::default());
        let peer_stream = Peer::new(stream, patience, silence.clone());
        let service = tower::service_fn(move |mut request: http::Request<hyper::body::Incoming>| {
            if let Some(answer) = answer_kept(&state, &request) {
                return Either::Left(ready(Ok(answer)));
            }
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            request.extensions_mut().insert(silence.clone());
            Either::Right(app.clone().oneshot(request.map(axum::body::Body::new)))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(patience.head)
            .serve_connection(TokioIo::new(peer_stream), TowerToHyperService::new(service));
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(fault = %error, "a connection ended early");
            }
        });
    }
    drop(listener);
    // A stream of events is a request that would not end.
    state.live.end();
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(STOP_TIME) => tracing::warn!("some requests did not end in time"),
    }
}

/// Takes away what has expired, for as long as the server runs.
async fn tidy(state: AppState) {
    let mut rounds = tokio::time::interval(TIDY_TIME);
    loop {
        rounds.tick().await;
        if let Some(limit) = &state.sender_limit {
            limit.tidy();
        }
        // A failure is logged where it arises; the next round tries again.
        let _ = forget_expired(&state.store).await;
        let _ = agreement::forget_addresses(&state.store).await;
        let _ = example::forget_expired(&state.store).await;
        let _ = moderation::forget_decided(&state.store).await;
        let _ = comment_edit::forget_withdrawn(&state.store).await;
        let _ = notice::forget_expired(&state.store).await;
        let _ = reminder::forget_unconfirmed(&state.store).await;
        let _ = mail::forget_old(&state.store).await;
        let _ = forget_ended(&state.store).await;
        let _ = forget_old_saves(&state.store).await;
        let _ = report::forget_old_saves(&state.store).await;
    }
}
