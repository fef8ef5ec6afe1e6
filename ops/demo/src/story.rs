//! The story: seventeen steps in order, each through the processes that would do it in earnest.
//!
//! One file per part. Every step checks what it must before it says that it is so.

mod asking;
mod audit;
mod duty;
mod guardian;
mod ledger;
mod note;
mod summons;

use std::path::{Path, PathBuf};

use futures_util::future::try_join;
use samrum_ui::Language;
use serde_json::Value;

use crate::narration::{Papers, papers};
use crate::process::{Answer, HubProcess, Samrum, text};
use crate::step::{Asked, Decided, StepId};
use crate::teller::Teller;
use crate::trouble::Result;
use crate::world::{Household, Place, Unit, quoted, unit_id};

/// Everything that the steps work with.
pub(crate) struct Scene {
    /// The command.
    pub(crate) samrum: Samrum,
    /// This program.
    pub(crate) program: PathBuf,
    /// Where everything lies.
    pub(crate) place: Place,
    /// The hub.
    pub(crate) hub: HubProcess,
    /// The people.
    pub(crate) household: Household,
    /// The child in social services' case.
    pub(crate) child: String,
}

/// What is left to show once the story has been told.
#[derive(Debug, Clone)]
pub(crate) struct Remains {
    /// The consent that was revoked.
    pub(crate) consent: String,
    /// The decision that refused the late opening.
    pub(crate) late_fetch: String,
}

impl Scene {
    /// The documents in the language of the story.
    pub(crate) const fn papers(&self) -> Papers {
        papers(self.language())
    }

    /// The language of the story.
    pub(crate) const fn language(&self) -> Language {
        self.samrum.language()
    }

    /// A unit runs the command.
    pub(crate) async fn unit(&self, unit: &Unit, arguments: &[&str], input: &str) -> Result<Answer> {
        self.samrum.run(&self.place.unit(unit), arguments, input).await
    }

    /// A command as it works in the world's folder.
    pub(crate) fn again(&self, profile: &Path, command: &str) -> String {
        let profile = profile.strip_prefix(self.place.root()).unwrap_or(profile);
        let rest = command.strip_prefix("samrum ").unwrap_or(command);
        let language = self.language().code();
        format!("./samrum {rest} --lang {language} --profile {}", quoted(profile))
    }

    /// The link by which a guardian logs in.
    pub(crate) fn link(&self, label: &str) -> String {
        format!("http://{}{}", self.hub.web, guardian::login(label))
    }

    /// A unit opens a delivery; answers with the document and the decision that released it.
    async fn open(
        &self,
        reader: &'static Unit,
        delivery: &str,
        sender: &'static Unit,
    ) -> Result<(Value, Decided)> {
        let opened = self
            .unit(reader, &["inbox", "open", delivery], "")
            .await?
            .done()?;
        let decided = Decided {
            id: text(&opened, "/decision_id")?,
            asked: Asked::Fetch,
            permitted: true,
            by: reader,
            sender: Some(sender),
        };
        Ok((opened, decided))
    }
}

/// A sending that was decided.
fn sent(id: String, permitted: bool, by: &'static Unit) -> Decided {
    Decided {
        id,
        asked: Asked::Send,
        permitted,
        by,
        sender: None,
    }
}

/// The delivery to this unit, out of what `send` answered.
fn delivery_to<'a>(sent: &'a Value, unit: &Unit) -> Result<&'a Value> {
    let id = unit_id(unit);
    let deliveries = sent.get("deliveries").and_then(Value::as_array);
    deliveries
        .into_iter()
        .flatten()
        .find(|delivery| delivery.get("recipient_unit_id").and_then(Value::as_str) == Some(&id))
        .ok_or_else(|| {
            crate::trouble::Trouble::unexpected(format!("a delivery to {}", unit.name), sent.to_string())
        })
}

/// Plays the story. Waits for a person at `note-queued` if `pauses`.
pub(crate) async fn play(scene: &Scene, teller: &mut Teller, pauses: bool) -> Result<Remains> {
    teller
        .step(StepId::SummonsWithoutConsent, asking::without_consent(scene))
        .await?;
    let consent = teller
        .step(StepId::ConsentRequested, asking::consent_requested(scene))
        .await?;
    teller
        .step(StepId::FirstGuardianSigns, guardian::first_signs(scene, &consent))
        .await?;
    teller
        .step(StepId::SummonsWithOneSignature, asking::with_one_signature(scene))
        .await?;
    teller
        .step(
            StepId::SecondGuardianSigns,
            guardian::second_signs(scene, &consent),
        )
        .await?;
    let checked = teller.step(StepId::Check, asking::check(scene)).await?;
    let summons = teller.step(StepId::SummonsSent, summons::sent_out(scene)).await?;
    teller
        .step(StepId::SummonsOpened, summons::opened(scene, &summons))
        .await?;
    teller
        .step(StepId::HubCannotRead, summons::hub_cannot_read(scene))
        .await?;
    let note = teller.step(StepId::NoteQueued, note::queued(scene)).await?;
    let in_browser = pauses && note::wait_for_person(scene, teller, &note).await?;
    let revoked = teller
        .step(
            StepId::ConsentRevoked,
            guardian::revokes(scene, &consent, in_browser),
        )
        .await?;
    teller
        .step(StepId::NoteWithheld, note::withheld(scene, &note, &revoked))
        .await?;
    let late_fetch = teller
        .step(StepId::LateFetch, note::late_fetch(scene, &note))
        .await?;
    teller
        .step(StepId::ConcernReportPasses, duty::concern_report(scene))
        .await?;
    let decisions = teller.decisions();
    teller
        .step(StepId::AuditShows, audit::shows(scene, &decisions))
        .await?;
    teller
        .step(StepId::LedgerVerified, ledger::verified(scene))
        .await?;
    teller
        .step(StepId::LedgerTampered, ledger::tampered(scene, &checked))
        .await?;
    Ok(Remains { consent, late_fetch })
}

/// Two futures at once; the first trouble ends both.
async fn both<A, B>(
    one: impl Future<Output = Result<A>>,
    other: impl Future<Output = Result<B>>,
) -> Result<(A, B)> {
    try_join(one, other).await
}
