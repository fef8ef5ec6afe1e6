//! The canonical bytes of the legal basis that a sender names in a slip.

use samrum_consent::vocabulary::Basis;

use crate::canonical::{Limits, Malformed, Reader, Writer};

const CONSENT: u8 = 1;
const DUTY: u8 = 2;
const PROVISION: u8 = 3;

const PROVISION_ID: Limits = Limits { least: 1, most: 64 };
/// The engine, not the encoding, says that a reason is missing.
const REASON: Limits = Limits { least: 0, most: 500 };
const ABSENT: Limits = Limits { least: 0, most: 0 };

/// Three fields: number, provision id, reason; the last two empty unless the basis is a provision.
pub(super) fn write(basis: &Basis, writer: &mut Writer) -> Result<(), Malformed> {
    match basis {
        Basis::Consent => write_parts(writer, CONSENT, ("", ABSENT), ("", ABSENT)),
        Basis::Duty => write_parts(writer, DUTY, ("", ABSENT), ("", ABSENT)),
        Basis::Provision { id, reason } => {
            write_parts(writer, PROVISION, (id, PROVISION_ID), (reason, REASON))
        }
    }
}

fn write_parts(
    writer: &mut Writer,
    number: u8,
    (id, id_limits): (&str, Limits),
    (reason, reason_limits): (&str, Limits),
) -> Result<(), Malformed> {
    writer.array("basis", [number])?;
    writer.line("basis.provision_id", id_limits, id)?;
    writer.text("basis.reason", reason_limits, reason)
}

/// Reads what [`write`] wrote.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Basis, Malformed> {
    let [number] = reader.array("basis")?;
    let (id_limits, reason_limits) = if number == PROVISION {
        (PROVISION_ID, REASON)
    } else {
        (ABSENT, ABSENT)
    };
    let id = reader.line("basis.provision_id", id_limits)?;
    let reason = reader.text("basis.reason", reason_limits)?;
    match number {
        CONSENT => Ok(Basis::Consent),
        DUTY => Ok(Basis::Duty),
        PROVISION => Ok(Basis::Provision { id, reason }),
        _ => Err(Malformed::UnknownNumber {
            field: "basis",
            number: u64::from(number),
        }),
    }
}
