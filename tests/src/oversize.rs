//! Letters that no honest client seals: too many recipients, too much text. What the client's own limits
//! would refuse is built here from the envelope's parts, with true signatures, to see that the hub refuses it.

use ring::rand::SystemRandom;
use samrum_proto::envelope::{Recipient, SealedEnvelope, Sealer, sign_slip};

use crate::{Letter, Party};

impl Party {
    /// Seals text of any length for a letter's recipients and whoever else.
    pub async fn seal_whatever(
        &self,
        document: &[u8],
        letter: &Letter<'_>,
        text: &[u8],
        others: &[Recipient],
    ) -> SealedEnvelope {
        let random = SystemRandom::new();
        let draft = self.draft(document, letter);
        let mut sealer = Sealer::start(draft, text.len() as u64, &random).unwrap();
        let mut body = Vec::new();
        sealer.push(text, &mut body).unwrap();
        let content = sealer.finish(&mut body).unwrap();
        let recipients = self.recipients(self, letter).await;
        let slips = recipients
            .iter()
            .chain(others)
            .map(|recipient| sign_slip(&content, recipient, &self.signing, &random).unwrap())
            .collect();
        SealedEnvelope {
            header: content.header.bytes().to_vec(),
            body,
            slips,
        }
    }
}
