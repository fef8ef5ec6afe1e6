//! One connection: its handshake, its name, its lanes, its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use quinn::{Connection, ConnectionError, Incoming, RecvStream, SendStream};
use rustls::pki_types::CertificateDer;
use samrum_lane::{End, Lane};
use tokio::sync::watch;
use tokio::time::timeout;

use super::{NamedLane, Yielding};
use crate::transport::caller::Caller;
use crate::transport::place::Places;
use crate::transport::refusal::{Refusal, why};
use crate::transport::tcp::AcceptLimits;
use crate::transport::tls::Tls;

/// What a connection needs.
pub(super) struct Attending {
    pub(super) tls: watch::Receiver<Arc<Tls>>,
    pub(super) limits: AcceptLimits,
    pub(super) places: Places,
    pub(super) yielding: Yielding,
    /// Set once the peer is named: its handshake takes no place any more.
    pub(super) named: Arc<AtomicBool>,
}

/// Names the peer and serves its lanes until the connection ends; otherwise says in the log why not.
pub(super) async fn attend(incoming: Incoming, mut attending: Attending) {
    let peer = incoming.remote_address();
    let limit = attending.limits.handshake_timeout;
    let connection = match timeout(limit, shake_hands(incoming)).await {
        Ok(Ok(connection)) => connection,
        Ok(Err(reason)) => return refused(peer, &reason),
        Err(_) => return refused(peer, &Refusal::TimedOut { limit }),
    };
    let (caller, chain) = match name(&connection) {
        Ok(named) => named,
        Err(reason) => {
            connection.close(End::NotNamed.code(), b"");
            return refused(peer, &reason);
        }
    };
    // What came into force during the handshake, or just before the port was told, counts as well.
    let judged = attending.tls.borrow_and_update().judge_again(&chain);
    if let Err(error) = judged {
        return cut_off(&connection, &caller, &error);
    }
    let _place = match attending.places.take(caller.role()) {
        Ok(place) => place,
        Err(reason) => {
            connection.close(End::Full.code(), b"");
            return refused(peer, &reason);
        }
    };
    attending.named.store(true, Ordering::Relaxed);
    let certificate = caller.certificate();
    tracing::debug!(
        %peer,
        role = caller.role().kind(),
        serial = certificate.serial(),
        fingerprint = %certificate.fingerprint(),
        "a caller has connected over QUIC"
    );
    let ended = serve(&connection, &caller, &chain, &mut attending).await;
    tracing::debug!(%peer, %ended, "a QUIC connection has ended");
}

fn refused(peer: std::net::SocketAddr, reason: &Refusal) {
    // Probes come and go all the time.
    if *reason == Refusal::PeerLeft {
        tracing::debug!(%peer, %reason, "a QUIC connection was refused");
    } else {
        tracing::warn!(%peer, %reason, "a QUIC connection was refused");
    }
}

async fn shake_hands(incoming: Incoming) -> Result<Connection, Refusal> {
    let handshake = incoming.accept().map_err(|error| refusal(&error))?;
    handshake.await.map_err(|error| refusal(&error))
}

/// The caller that the finished handshake proves, and its chain.
fn name(connection: &Connection) -> Result<(Caller, Vec<CertificateDer<'static>>), Refusal> {
    let chain = connection.peer_identity().ok_or(Refusal::NoCertificate)?;
    let chain = chain
        .downcast::<Vec<CertificateDer<'static>>>()
        .map_err(|_| Refusal::NoCertificate)?;
    let own = chain.first().ok_or(Refusal::NoCertificate)?;
    Ok((Caller::from_certificate(own)?, *chain))
}

/// Welcomes the peer, and takes its lanes until the connection ends.
async fn serve(
    connection: &Connection,
    caller: &Caller,
    chain: &[CertificateDer<'_>],
    attending: &mut Attending,
) -> ConnectionError {
    // In TLS 1.3 a client is done before the hub has judged its certificate. So that it hears a refusal before it asks
    // for anything, it waits for this: an empty stream that says it is let in.
    match timeout(attending.limits.handshake_timeout, connection.open_uni()).await {
        Ok(Ok(mut welcome)) => {
            // A stream that was just opened is not finished yet.
            let _ = welcome.finish();
        }
        Ok(Err(error)) => return error,
        // It takes no welcome: no client of ours.
        Err(_) => connection.close(End::Done.code(), b""),
    }
    loop {
        tokio::select! {
            Ok(()) = attending.tls.changed() => {
                let judged = attending.tls.borrow_and_update().judge_again(chain);
                if let Err(error) = judged {
                    cut_off(connection, caller, &error);
                    return ConnectionError::LocallyClosed;
                }
            }
            lane = connection.accept_bi() => match lane {
                Ok(ends) => take(connection, caller, ends, &attending.yielding).await,
                Err(error) => return error,
            },
        }
    }
}

/// Gives a lane to `tonic`; refuses it when the hub stops, so that no call hangs on it.
async fn take(connection: &Connection, caller: &Caller, ends: (SendStream, RecvStream), yielding: &Yielding) {
    let (Ok(place), Some(guard)) = (yielding.lanes.reserve().await, yielding.guard.upgrade()) else {
        let (mut send, mut receive) = ends;
        // Gone already where this fails.
        let _ = send.reset(End::Stopping.code());
        let _ = receive.stop(End::Stopping.code());
        return;
    };
    place.send(NamedLane {
        lane: Lane::new(connection.clone(), ends).guarded_by(guard),
        caller: caller.clone(),
    });
}

/// A stolen certificate does not end its calls in order.
fn cut_off(connection: &Connection, caller: &Caller, error: &rustls::Error) {
    let certificate = caller.certificate();
    tracing::warn!(
        role = caller.role().kind(),
        serial = certificate.serial(),
        fingerprint = %certificate.fingerprint(),
        reason = %why(error),
        "an open QUIC connection was cut off"
    );
    connection.close(End::CutOff.code(), b"");
}

/// The reason behind a failed handshake.
fn refusal(error: &ConnectionError) -> Refusal {
    match error {
        // The text is the library's own and could quote a certificate: only its kind is looked at.
        ConnectionError::TransportError(error) => alert(u64::from(error.code)).map_or(Refusal::Failed, ours),
        ConnectionError::ConnectionClosed(close) => {
            alert(u64::from(close.error_code)).map_or(Refusal::PeerLeft, |_| Refusal::HubRefused)
        }
        ConnectionError::TimedOut => Refusal::PeerLeft,
        ConnectionError::VersionMismatch => Refusal::Incompatible,
        _ => Refusal::PeerLeft,
    }
}

/// The TLS alert inside an error code.
///
/// Source: RFC 9001 §4.8.
fn alert(code: u64) -> Option<u8> {
    let alert = code.checked_sub(0x100)?;
    u8::try_from(alert).ok()
}

/// What the hub's own alert tells of the peer.
///
/// Source: RFC 8446 §6.2.
fn ours(alert: u8) -> Refusal {
    match alert {
        116 => Refusal::NoCertificate,
        45 => Refusal::CertificateExpired,
        44 => Refusal::CertificateRevoked,
        48 => Refusal::CertificateForeign,
        43 => Refusal::CertificatePurpose,
        42 | 46 | 51 => Refusal::CertificateInvalid,
        40 | 70 | 71 => Refusal::Incompatible,
        120 => Refusal::NoProtocol,
        _ => Refusal::Failed,
    }
}
