//! A TCP connection to the hub, with TLS and the hub's first words.

use core::fmt;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::failure::ConnectError;
use super::greeted::Greeted;
use super::{CONNECT_TIMEOUT, HubAddress};

#[derive(Clone)]
pub(super) struct Tcp {
    pub(super) address: HubAddress,
    pub(super) tls: TlsConnector,
}

impl fmt::Debug for Tcp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tcp")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Tcp {
    /// A connection whose hub has taken the certificate.
    pub(super) async fn connect(&self) -> Result<Greeted<TlsStream<TcpStream>>, ConnectError> {
        let tcp = |source| ConnectError::Network {
            authority: self.address.authority(),
            source,
        };
        let tls = |source| ConnectError::Tls {
            authority: self.address.authority(),
            source,
        };
        let attempt = async {
            let address = (self.address.host.as_str(), self.address.port);
            let stream = TcpStream::connect(address).await.map_err(tcp)?;
            stream.set_nodelay(true).map_err(tcp)?;
            let stream = self
                .tls
                .connect(self.address.server_name.clone(), stream)
                .await
                .map_err(tls)?;
            Greeted::listen(stream).await.map_err(tls)
        };
        match tokio::time::timeout(CONNECT_TIMEOUT, attempt).await {
            Ok(outcome) => outcome,
            Err(_) => Err(ConnectError::TimedOut {
                authority: self.address.authority(),
            }),
        }
    }
}
