//! One accepted connection, and the place it holds among the others.

use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::server::TlsStream;
use tokio_stream::Stream as _;
use tokio_stream::wrappers::WatchStream;
use tonic::transport::server::Connected;

use super::AcceptLimits;
use super::handshake::{Refusal, why};
use crate::transport::caller::{Caller, CallerRole};
use crate::transport::tls::Tls;

/// A connection whose peer is verified and named. Its place among the others is free again when it drops.
#[derive(Debug)]
pub struct Connection<S = TcpStream> {
    // Boxed: the state of TLS is a kilobyte, and connections are moved about while they are accepted.
    stream: Box<TlsStream<S>>,
    caller: Caller,
    _place: Place,
    // What comes into force while the connection is open.
    coming: Option<WatchStream<Arc<Tls>>>,
    cut: bool,
}

impl<S> Connection<S> {
    pub(super) fn new(
        stream: TlsStream<S>,
        caller: Caller,
        place: Place,
        tls: watch::Receiver<Arc<Tls>>,
    ) -> Self {
        Self {
            stream: Box::new(stream),
            caller,
            _place: place,
            coming: Some(WatchStream::from_changes(tls)),
            cut: false,
        }
    }

    /// Judges the caller again when other certificates or revocation lists have come into force. A caller that would
    /// not be let in any more is cut off where it stands: a stolen certificate does not end its calls in order.
    fn stay(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        while let Some(coming) = &mut self.coming {
            match Pin::new(coming).poll_next(context) {
                Poll::Pending => break,
                Poll::Ready(None) => self.coming = None,
                Poll::Ready(Some(tls)) => {
                    let (_, session) = self.stream.get_ref();
                    if let Err(error) = tls.judge_again(session.peer_certificates().unwrap_or_default()) {
                        let certificate = self.caller.certificate();
                        tracing::warn!(
                            role = self.caller.role().kind(),
                            serial = certificate.serial(),
                            fingerprint = %certificate.fingerprint(),
                            reason = %why(&error),
                            "an open connection was cut off"
                        );
                        self.cut = true;
                        self.coming = None;
                    }
                }
            }
        }
        self.whole()
    }

    fn whole(&self) -> io::Result<()> {
        if self.cut {
            Err(io::ErrorKind::ConnectionAborted.into())
        } else {
            Ok(())
        }
    }

    /// Who is at the other end.
    #[must_use]
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl<S> Connected for Connection<S> {
    type ConnectInfo = Caller;

    fn connect_info(&self) -> Caller {
        self.caller.clone()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Connection<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // A connection that serves calls always waits for the next bytes, so that it is woken here.
        self.stay(context)?;
        Pin::new(&mut *self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut *self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut *self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.whole()?;
        Pin::new(&mut *self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.whole()?;
        Pin::new(&mut *self.stream).poll_shutdown(context)
    }
}

/// How many connections are open, in all and by caller.
#[derive(Debug, Clone)]
pub(super) struct Places {
    limits: AcceptLimits,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    // INVARIANT: no entry is zero and the sum of all is `total`, so this is bounded by `connections`.
    by_caller: HashMap<CallerRole, usize>,
}

impl Places {
    pub(super) fn new(limits: AcceptLimits) -> Self {
        Self {
            limits,
            open: Arc::default(),
        }
    }

    /// Takes a place for one connection of `caller`, or says which limit is reached.
    pub(super) fn take(&self, caller: &CallerRole) -> Result<Place, Refusal> {
        let mut open = lock(&self.open);
        let own = open.by_caller.get(caller).copied().unwrap_or_default();
        if own >= self.limits.connections_per_caller {
            return Err(Refusal::CallerLimit {
                limit: self.limits.connections_per_caller,
            });
        }
        if open.total >= self.limits.connections {
            return Err(Refusal::ConnectionLimit {
                limit: self.limits.connections,
            });
        }
        open.total += 1;
        open.by_caller.insert(caller.clone(), own + 1);
        Ok(Place {
            open: Arc::clone(&self.open),
            caller: caller.clone(),
        })
    }
}

/// One connection's place. Given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    open: Arc<Mutex<Open>>,
    caller: CallerRole,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        open.total = open.total.saturating_sub(1);
        if let Some(own) = open.by_caller.get_mut(&self.caller) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                open.by_caller.remove(&self.caller);
            }
        }
    }
}

/// The counts are whole after every statement, so a panic elsewhere does not spoil them.
fn lock(open: &Mutex<Open>) -> std::sync::MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(connections: usize, connections_per_caller: usize) -> Places {
        Places::new(AcceptLimits {
            connections,
            connections_per_caller,
            ..AcceptLimits::default()
        })
    }

    fn unit(last: u8) -> CallerRole {
        let mut id = [0; 16];
        id[15] = last;
        CallerRole::Unit(samrum_consent::id::UnitId::from_bytes(id))
    }

    #[test]
    fn a_caller_at_its_limit_is_refused_and_others_are_not() {
        let places = places(8, 2);
        let first = places.take(&unit(1)).unwrap();
        let _second = places.take(&unit(1)).unwrap();
        assert_eq!(
            places.take(&unit(1)).unwrap_err(),
            Refusal::CallerLimit { limit: 2 }
        );
        let _other = places.take(&unit(2)).unwrap();
        drop(first);
        let _third = places.take(&unit(1)).unwrap();
    }

    #[test]
    fn everybody_is_refused_when_all_places_are_taken() {
        let places = places(2, 2);
        let first = places.take(&unit(1)).unwrap();
        let _second = places.take(&unit(2)).unwrap();
        assert_eq!(
            places.take(&unit(3)).unwrap_err(),
            Refusal::ConnectionLimit { limit: 2 }
        );
        drop(first);
        let _third = places.take(&unit(3)).unwrap();
    }

    #[test]
    fn callers_without_connections_leave_nothing_behind() {
        let places = places(2, 2);
        for last in 0..100 {
            drop(places.take(&unit(last)).unwrap());
        }
        assert_eq!(lock(&places.open).by_caller.len(), 0);
        assert_eq!(lock(&places.open).total, 0);
    }
}
