//! Who acts for a unit in one call, as the unit itself states it.

use samrum_consent::id::UnitId;

use super::Statement;
use crate::canonical::{Canonical, Label, Limits, Malformed, Reader, Writer};

/// How old an acting statement may be when it arrives: 5 minutes, in microseconds.
pub const ACTING_MAX_AGE_US: i64 = 5 * 60 * 1_000_000;
/// How far in the future it may have been issued, for clocks that differ: 60 seconds, in microseconds.
pub const ACTING_MAX_SKEW_US: i64 = 60 * 1_000_000;

const WORD: Limits = Limits { least: 1, most: 64 };
const METHOD: Limits = Limits { least: 1, most: 128 };
const ASSURANCE_LEAST: u8 = 1;
const ASSURANCE_MOST: u8 = 4;

/// The acting professional. Signed by the unit's current key; logged as "asserted by the organisation".
///
/// **Shape**: version 1; unit (16 bytes), user, role, assurance level (1), method, request (16), issued at (8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActingStatement {
    /// The unit that the call is made for.
    pub unit: UnitId,
    /// The unit's own user id, 1 to 64 characters.
    pub user: String,
    /// The role inside the unit, 1 to 64 characters.
    pub role: String,
    /// Level of assurance of the professional's login, 1 to 4.
    pub assurance_level: u8,
    /// The method called, such as `/samrum.exchange.v1.ExchangeService/SendDocument`; at most 128 characters.
    pub method: String,
    /// The call's own id: request id, document id when sending, delivery id when fetching or answering.
    pub request: [u8; 16],
    /// When it was issued, in microseconds since the epoch.
    pub issued_at_us: i64,
}

impl ActingStatement {
    /// Whether it was issued within [`ACTING_MAX_AGE_US`] before and [`ACTING_MAX_SKEW_US`] after this moment.
    #[must_use]
    pub const fn is_fresh(&self, now_us: i64) -> bool {
        let age_us = now_us.saturating_sub(self.issued_at_us);
        -ACTING_MAX_SKEW_US <= age_us && age_us <= ACTING_MAX_AGE_US
    }
}

impl Canonical for ActingStatement {
    const NAME: &'static str = "acting statement";
    const MAX_BYTES: usize = 2 * 1024;
    const LABEL: Label = Label::ACTING_STATEMENT;

    fn write(&self, writer: &mut Writer) -> Result<(), Malformed> {
        writer.array("unit", *self.unit.as_bytes())?;
        writer.line("user", WORD, &self.user)?;
        writer.line("role", WORD, &self.role)?;
        writer.array("assurance_level", [assurance(self.assurance_level)?])?;
        writer.line("method", METHOD, &self.method)?;
        writer.array("request", self.request)?;
        writer.time("issued_at", self.issued_at_us)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            unit: UnitId::from_bytes(reader.array("unit")?),
            user: reader.line("user", WORD)?,
            role: reader.line("role", WORD)?,
            assurance_level: {
                let [level] = reader.array("assurance_level")?;
                assurance(level)?
            },
            method: reader.line("method", METHOD)?,
            request: reader.array("request")?,
            issued_at_us: reader.time("issued_at")?,
        })
    }
}

impl Statement for ActingStatement {}

fn assurance(level: u8) -> Result<u8, Malformed> {
    if (ASSURANCE_LEAST..=ASSURANCE_MOST).contains(&level) {
        Ok(level)
    } else {
        Err(Malformed::OutOfRange {
            field: "assurance_level",
            least: i64::from(ASSURANCE_LEAST),
            most: i64::from(ASSURANCE_MOST),
        })
    }
}
