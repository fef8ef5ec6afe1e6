//! Publishing to one stream with file storage, every acknowledgement awaited.

use std::path::Path;

use async_nats::ConnectOptions;
use async_nats::jetstream::context::PublishError;
use async_nats::jetstream::stream::{Config, StorageType};
use async_nats::jetstream::{self, Context};
use prost::Message as _;
use samrum_proto::wire::exchange::v1::SendDocumentRequest;
use samrum_tests::load::{Failed, Peer};

/// The stream, and what is published to it.
const STREAM: &str = "documents";
const SUBJECT: &str = "documents.sent";

/// One connection.
#[derive(Debug, Clone)]
pub(crate) struct Publisher {
    context: Context,
}

/// The same bytes that a send carries.
pub(crate) fn message(request: &SendDocumentRequest) -> Vec<u8> {
    request.encode_to_vec()
}

/// A connection for each of these, with its certificate; and the stream.
pub(crate) async fn connect(
    port: u16,
    certificates: &Path,
    names: impl Iterator<Item = &'static str>,
) -> Result<Vec<Publisher>, Failed> {
    let mut publishers = Vec::new();
    for name in names {
        let certificate = |ending: &str| certificates.join(format!("{name}.{ending}"));
        let client = ConnectOptions::new()
            .require_tls(true)
            .add_root_certificates(certificates.join("ca.pem"))
            .add_client_certificate(certificate("pem"), certificate("key"))
            .connect(format!("tls://localhost:{port}"))
            .await
            .map_err(|error| Failed(format!("no connection to nats-server: {error}")))?;
        let context = jetstream::new(client);
        let stream = Config {
            name: STREAM.to_owned(),
            subjects: vec![format!("{STREAM}.>")],
            storage: StorageType::File,
            ..Config::default()
        };
        let made = context.get_or_create_stream(stream).await;
        made.map_err(|error| Failed(format!("no stream: {error}")))?;
        publishers.push(Publisher { context });
    }
    Ok(publishers)
}

impl Peer for Publisher {
    type Item = Vec<u8>;
    /// The message's place in the stream.
    type Answer = u64;

    async fn ask(&mut self, message: &Vec<u8>) -> Result<(u64, u32), Failed> {
        let failed = |error: PublishError| Failed(format!("a message was not acknowledged: {error}"));
        let published = self.context.publish(SUBJECT, message.clone().into()).await;
        let acknowledged = published.map_err(failed)?.await.map_err(failed)?;
        if acknowledged.sequence == 0 || acknowledged.duplicate {
            return Err(Failed(format!("a message was not kept: {acknowledged:?}")));
        }
        Ok((acknowledged.sequence, 0))
    }
}
