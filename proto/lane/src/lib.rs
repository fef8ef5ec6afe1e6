//! QUIC lanes: the same gRPC services over bidirectional streams of one QUIC connection.
//!
//! A lane is one stream that carries HTTP/2, as a TCP connection would; TLS 1.3 with the same certificates is part of
//! QUIC itself. Here is what both ends must agree on: the protocol's name, why a connection or a lane is ended, how long
//! a silent peer is believed in, and how a lane ends without losing what the peer has not read yet.
//!
//! Source: QUIC, RFC 9000; its TLS, RFC 9001; HTTP/2 over a reliable stream, RFC 9113.

mod end;
mod lane;
mod settings;
mod socket;

pub use end::End;
pub use lane::{LINGER, Lane};
pub use settings::{IDLE_LIMIT, KEEP_ALIVE, MAX_LANES, client, server};
pub use socket::{BUFFER_BYTES, socket};

/// The protocol's name in the handshake. Another version is another name.
///
/// Source: ALPN, RFC 7301.
pub const PROTOCOL: &[u8] = b"samrum/1";
