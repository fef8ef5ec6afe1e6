//! Connections: certificates come in, a [`Caller`](caller::Caller) goes out.
//!
//! Here lives everything that knows about sockets, TLS and X.509. What a caller may do is decided in
//! `service`; which gRPC code a refusal becomes, in `grpc`. A connection that this room lets through has
//! a verified certificate and exactly one identity; every other connection is closed with a log line.
//!
//! Source: TLS 1.3, RFC 8446; certificate profile, RFC 5280; HTTP/2 over TLS, RFC 9113 §9.2.

pub mod caller;
pub mod place;
pub mod quic;
pub mod refusal;
pub mod tcp;
pub mod tls;
