//! A UDP socket with room: the system's 208 KiB lose packets even on loopback.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use socket2::{Domain, Protocol, Socket, Type};

/// What is asked for in each direction.
pub const BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// A socket bound to this address, and how many bytes of incoming packets the system lets it hold: fewer than
/// [`BUFFER_BYTES`] where `net.core.rmem_max` is smaller, which costs speed and nothing else.
///
/// # Errors
/// When the address cannot be bound.
pub fn socket(address: SocketAddr) -> io::Result<(UdpSocket, usize)> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    // What is granted is read afterwards; a refusal is no other answer.
    let _ = socket.set_recv_buffer_size(BUFFER_BYTES);
    let _ = socket.set_send_buffer_size(BUFFER_BYTES);
    let granted = socket.recv_buffer_size()?;
    socket.bind(&address.into())?;
    Ok((socket.into(), granted))
}
