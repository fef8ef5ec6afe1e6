//! The invented world of the demo and the tests: three organisations, their authorities and units.
//!
//! Plain data with fixed ids, so that programs, certificates and printed commands agree without asking each
//! other. No people live here. Names, numbers and HSA ids belong to nobody.
//!
//! Source: the shape of organisation numbers is that of lag (1974:174); of HSA ids, `SE`, ten digits,
//! hyphen, local part, at most 31 characters.

use uuid::uuid;

/// The secrecy regime a unit works under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sector {
    /// Hälso- och sjukvård.
    HealthCare,
    /// Socialtjänst.
    SocialServices,
    /// Skola.
    School,
    /// Elevhälsa other than its medical part.
    PupilHealthOther,
}

/// Who holds information: under the secrecy act, or under a duty of silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holder {
    /// An authority.
    Public,
    /// A private body.
    Private,
}

/// A municipality, a region or a private principal.
#[derive(Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Short name for files and commands: lower case, hyphens.
    pub slug: &'static str,
    /// Fixed id. **Shape**: UUID, network order.
    pub id: [u8; 16],
    /// **Shape**: ten digits.
    pub number: &'static str,
    /// The Swedish name.
    pub name: &'static str,
    /// Public or private.
    pub holder: Holder,
}

/// A board of an organisation; for a private principal the provider itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Authority {
    /// Fixed id. **Shape**: UUID, network order.
    pub id: [u8; 16],
    /// The Swedish name.
    pub name: &'static str,
    /// Whose board it is.
    pub organisation: &'static Organisation,
}

/// Where people work and what can be addressed.
#[derive(Debug, PartialEq, Eq)]
pub struct Unit {
    /// Short name for files and commands: lower case, hyphens.
    pub slug: &'static str,
    /// Fixed id. **Shape**: UUID, network order.
    pub id: [u8; 16],
    /// The Swedish name.
    pub name: &'static str,
    /// Under which authority it works.
    pub authority: &'static Authority,
    /// Its secrecy regime.
    pub sector: Sector,
    /// Public or private.
    pub holder: Holder,
    /// Whether it is the social services board's reception, where concern reports go.
    pub board_reception: bool,
    /// Its HSA id, where it has one.
    pub hsa_id: Option<&'static str>,
}

/// The municipality.
pub static EXEMPELBY: Organisation = Organisation {
    slug: "exempelby",
    id: uuid!("0192f000-0001-7000-8000-000000000001").into_bytes(),
    number: "2120009903",
    name: "Exempelby kommun",
    holder: Holder::Public,
};

/// The region.
pub static REGION_EXEMPEL: Organisation = Organisation {
    slug: "region-exempel",
    id: uuid!("0192f000-0001-7000-8000-000000000002").into_bytes(),
    number: "2321009900",
    name: "Region Exempel",
    holder: Holder::Public,
};

/// The private health care provider.
pub static SOLSIDAN: Organisation = Organisation {
    slug: "solsidan",
    id: uuid!("0192f000-0001-7000-8000-000000000003").into_bytes(),
    number: "5599999900",
    name: "Solsidan Vård AB",
    holder: Holder::Private,
};

/// The municipality's social services board.
pub static SOCIAL_SERVICES_BOARD: Authority = Authority {
    id: uuid!("0192f000-0002-7000-8000-000000000001").into_bytes(),
    name: "Socialnämnden",
    organisation: &EXEMPELBY,
};

/// The municipality's board of education.
pub static EDUCATION_BOARD: Authority = Authority {
    id: uuid!("0192f000-0002-7000-8000-000000000002").into_bytes(),
    name: "Barn- och utbildningsnämnden",
    organisation: &EXEMPELBY,
};

/// The region's health care board.
pub static HEALTH_CARE_BOARD: Authority = Authority {
    id: uuid!("0192f000-0002-7000-8000-000000000003").into_bytes(),
    name: "Hälso- och sjukvårdsnämnden",
    organisation: &REGION_EXEMPEL,
};

/// The private provider as its own authority.
pub static SOLSIDAN_PROVIDER: Authority = Authority {
    id: uuid!("0192f000-0002-7000-8000-000000000004").into_bytes(),
    name: "Solsidan Vård AB",
    organisation: &SOLSIDAN,
};

/// The social services' unit for children and young people.
pub static SOCIAL_SERVICES: Unit = Unit {
    slug: "social-services",
    id: uuid!("0192f000-0003-7000-8000-000000000001").into_bytes(),
    name: "Socialtjänsten barn och unga",
    authority: &SOCIAL_SERVICES_BOARD,
    sector: Sector::SocialServices,
    holder: Holder::Public,
    board_reception: false,
    hsa_id: None,
};

/// The social services board's reception.
pub static RECEPTION: Unit = Unit {
    slug: "reception",
    id: uuid!("0192f000-0003-7000-8000-000000000002").into_bytes(),
    name: "Mottagningsenheten socialtjänst",
    authority: &SOCIAL_SERVICES_BOARD,
    sector: Sector::SocialServices,
    holder: Holder::Public,
    board_reception: true,
    hsa_id: None,
};

/// The school's pupil health, other than its medical part.
pub static PUPIL_HEALTH: Unit = Unit {
    slug: "pupil-health",
    id: uuid!("0192f000-0003-7000-8000-000000000003").into_bytes(),
    name: "Elevhälsan Exempelskolan",
    authority: &EDUCATION_BOARD,
    sector: Sector::PupilHealthOther,
    holder: Holder::Public,
    board_reception: false,
    hsa_id: Some("SE2120009903-ELEVHALSA1"),
};

/// The school.
pub static SCHOOL: Unit = Unit {
    slug: "school",
    id: uuid!("0192f000-0003-7000-8000-000000000004").into_bytes(),
    name: "Exempelskolan",
    authority: &EDUCATION_BOARD,
    sector: Sector::School,
    holder: Holder::Public,
    board_reception: false,
    hsa_id: None,
};

/// The region's child and adolescent psychiatry.
pub static CHILD_PSYCHIATRY: Unit = Unit {
    slug: "child-psychiatry",
    id: uuid!("0192f000-0003-7000-8000-000000000005").into_bytes(),
    name: "BUP Exempelstad",
    authority: &HEALTH_CARE_BOARD,
    sector: Sector::HealthCare,
    holder: Holder::Public,
    board_reception: false,
    hsa_id: Some("SE2321009900-BUP1"),
};

/// The private provider's clinic.
pub static PRIVATE_CLINIC: Unit = Unit {
    slug: "private-clinic",
    id: uuid!("0192f000-0003-7000-8000-000000000006").into_bytes(),
    name: "Solsidans mottagning",
    authority: &SOLSIDAN_PROVIDER,
    sector: Sector::HealthCare,
    holder: Holder::Private,
    board_reception: false,
    hsa_id: Some("SE5599999900-MOTTAGNING1"),
};

/// All organisations.
pub static ORGANISATIONS: [&Organisation; 3] = [&EXEMPELBY, &REGION_EXEMPEL, &SOLSIDAN];

/// All authorities.
pub static AUTHORITIES: [&Authority; 4] = [
    &SOCIAL_SERVICES_BOARD,
    &EDUCATION_BOARD,
    &HEALTH_CARE_BOARD,
    &SOLSIDAN_PROVIDER,
];

/// All units.
pub static UNITS: [&Unit; 6] = [
    &SOCIAL_SERVICES,
    &RECEPTION,
    &PUPIL_HEALTH,
    &SCHOOL,
    &CHILD_PSYCHIATRY,
    &PRIVATE_CLINIC,
];

#[cfg(test)]
mod tests;
