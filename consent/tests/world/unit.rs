//! The units of the world by name: Exempelby kommun, Region Exempel and one private principal.

use samrum_consent::fact::Unit;
use samrum_consent::id::{AuthorityId, OrganisationId, UnitId};
use samrum_consent::vocabulary::{Holder, Sector};

/// The municipality.
const MUNICIPALITY: u8 = 1;
/// The region.
const REGION: u8 = 2;
/// The private principal.
const PRINCIPAL: u8 = 3;
/// The municipality next to it.
const NEIGHBOUR: u8 = 4;

/// The social services' child unit.
pub(crate) fn social_services() -> Unit {
    public(0x11, MUNICIPALITY, 1, Sector::SocialServices)
}

/// The same board's reception.
pub(crate) fn reception() -> Unit {
    Unit {
        board_reception: true,
        ..public(0x12, MUNICIPALITY, 1, Sector::SocialServices)
    }
}

/// The school board's medical pupil health.
pub(crate) fn pupil_health() -> Unit {
    public(0x13, MUNICIPALITY, 2, Sector::PupilHealthMedical)
}

/// The school board's other pupil health.
pub(crate) fn counsellor() -> Unit {
    public(0x14, MUNICIPALITY, 2, Sector::PupilHealthOther)
}

/// The school itself.
pub(crate) fn school() -> Unit {
    public(0x15, MUNICIPALITY, 2, Sector::School)
}

/// The region's child psychiatry.
pub(crate) fn child_psychiatry() -> Unit {
    public(0x16, REGION, 3, Sector::HealthCare)
}

/// The region's ward for children, under another board than child psychiatry.
pub(crate) fn ward() -> Unit {
    public(0x19, REGION, 5, Sector::HealthCare)
}

/// The social services of another municipality.
pub(crate) fn other_board() -> Unit {
    public(0x1a, NEIGHBOUR, 6, Sector::SocialServices)
}

/// An authority that has nothing to do with care or school.
pub(crate) fn other_authority() -> Unit {
    public(0x1b, MUNICIPALITY, 7, Sector::OtherAuthority)
}

/// A private clinic.
pub(crate) fn private_clinic() -> Unit {
    Unit {
        holder: Holder::Private,
        ..public(0x17, PRINCIPAL, 4, Sector::HealthCare)
    }
}

/// A private home in the social services' sector that calls its front desk a reception.
pub(crate) fn private_home() -> Unit {
    Unit {
        holder: Holder::Private,
        board_reception: true,
        ..public(0x18, PRINCIPAL, 4, Sector::SocialServices)
    }
}

/// Every unit above.
pub(crate) fn all() -> Vec<Unit> {
    vec![
        social_services(),
        reception(),
        pupil_health(),
        counsellor(),
        school(),
        child_psychiatry(),
        ward(),
        other_board(),
        other_authority(),
        private_clinic(),
        private_home(),
    ]
}

fn public(id: u8, organisation: u8, authority: u8, sector: Sector) -> Unit {
    Unit {
        id: UnitId::from_bytes([id; 16]),
        authority: AuthorityId::from_bytes([authority; 16]),
        organisation: OrganisationId::from_bytes([organisation; 16]),
        sector,
        holder: Holder::Public,
        board_reception: false,
    }
}
