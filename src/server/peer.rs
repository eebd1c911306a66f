//! The connection to a peer, with limits of time: whoever sends nothing and takes nothing does not keep it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;

use super::state::Patience;

/// Whether the peer of a connection may be silent: it listens to a stream of events, and has nothing to say. What it
/// does not take still ends the connection.
#[derive(Clone, Debug, Default)]
pub struct Silence(Arc<AtomicBool>);

impl Silence {
    /// The peer may be silent for as long as this is kept.
    pub fn allow(&self) -> AllowedSilence {
        self.0.store(true, Ordering::Relaxed);
        AllowedSilence(self.clone())
    }
}

/// Says for as long as it is there that the peer may be silent.
#[derive(Debug)]
pub struct AllowedSilence(Silence);

impl Drop for AllowedSilence {
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::Relaxed);
    }
}

/// A connection with its limits.
#[derive(Debug)]
pub struct Peer {
    stream: Pin<Box<TimeoutStream<TcpStream>>>,
    patience: Duration,
    silence: Silence,
    /// What `silence` said when it was looked at last.
    allowed: bool,
}

impl Peer {
    /// Takes a connection.
    pub fn new(stream: TcpStream, patience: Patience, silence: Silence) -> Self {
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_read_timeout(Some(patience.silence));
        stream.set_write_timeout(Some(patience.write));
        Self { stream: Box::pin(stream), patience: patience.silence, silence, allowed: false }
    }
}

impl AsyncRead for Peer {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        // Hyper reads whenever it has written: before a limit is over, a stream's heartbeat has it looked at here.
        let allowed = self.silence.0.load(Ordering::Relaxed);
        if allowed != self.allowed {
            self.allowed = allowed;
            let patience = (!allowed).then_some(self.patience);
            self.stream.as_mut().set_read_timeout_pinned(patience);
        }
        self.stream.as_mut().poll_read(cx, buffer)
    }
}

impl AsyncWrite for Peer {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
