//! The closed vocabularies of the domain: sectors, categories, document kinds, purposes, acts.
//!
//! Every value has a stable `code` (shown to people who program, stored, logged) and a stable `number`
//! (in canonical bytes and on the wire, where the protobuf enums use the same numbers). Values are only
//! ever added at the end. Source: design of record, sections Words, Consent 4 and Acts and kinds.

use core::str::FromStr;

/// A code or number that the vocabulary does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {vocabulary}; known are {known}")]
pub struct UnknownWord {
    /// The vocabulary's name in the glossary.
    pub vocabulary: &'static str,
    /// Every code that it holds, comma separated.
    pub known: String,
}

macro_rules! vocabulary {
    ($($(#[$doc:meta])* $name:ident ($what:literal) { $($(#[$vdoc:meta])* $value:ident = $number:literal $code:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $value,)* }

        impl $name {
            /// Every value, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$value,)*];

            /// The stable code, in capitals.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$value => $code,)* }
            }

            /// The stable number, at least 1; 0 means "unspecified" on the wire and is no value here.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self { $(Self::$value => $number,)* }
            }

            /// The value with this number.
            ///
            /// # Errors
            /// [`UnknownWord`] when there is none.
            pub fn from_number(number: i32) -> Result<Self, UnknownWord> {
                match number { $($number => Ok(Self::$value),)* _ => Err(Self::unknown()) }
            }

            fn unknown() -> UnknownWord {
                let known: Vec<_> = Self::ALL.iter().map(|value| value.code()).collect();
                UnknownWord { vocabulary: $what, known: known.join(", ") }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(code: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|value| value.code() == code).ok_or_else(Self::unknown)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.code())
            }
        }
    )*};
}

vocabulary! {
    /// The secrecy regime a unit works under. Secrecy stands between sectors of one authority (OSL 8:2).
    Sector("sector") {
        /// Health care (OSL 25 kap.).
        HealthCare = 1 "HEALTH_CARE",
        /// Social services (OSL 26 kap.).
        SocialServices = 2 "SOCIAL_SERVICES",
        /// Municipal family counselling (OSL 26:3).
        FamilyCounselling = 3 "FAMILY_COUNSELLING",
        /// Preschool (OSL 23:1).
        Preschool = 4 "PRESCHOOL",
        /// School (OSL 23:2).
        School = 5 "SCHOOL",
        /// The medical part of pupil health (OSL 25:1).
        PupilHealthMedical = 6 "PUPIL_HEALTH_MEDICAL",
        /// Other pupil health: psychological, psychosocial, special needs (OSL 23:2).
        PupilHealthOther = 7 "PUPIL_HEALTH_OTHER",
        /// Any other authority (OSL 21:1).
        OtherAuthority = 8 "OTHER_AUTHORITY",
    }

    /// Who holds the information: an authority under OSL, or a private body under a duty of silence.
    Holder("holder") {
        /// An authority; OSL applies.
        Public = 1 "PUBLIC",
        /// A private principal; a statutory duty of silence applies.
        Private = 2 "PRIVATE",
    }

    /// Where a statement about custody or representation comes from.
    CustodySource("custody source") {
        /// The population register.
        PopulationRegister = 1 "POPULATION_REGISTER",
        /// A court's decision.
        CourtDecision = 2 "COURT_DECISION",
    }

    /// What a professional found of the child's maturity for the matter at hand (OSL 12:3).
    Maturity("maturity") {
        /// The child decides alone.
        Decides = 1 "DECIDES",
        /// The child decides together with the guardians.
        TakesPart = 2 "TAKES_PART",
        /// The guardians decide.
        GuardiansDecide = 3 "GUARDIANS_DECIDE",
    }

    /// In which capacity somebody signs.
    Capacity("capacity") {
        /// Has custody.
        Guardian = 1 "GUARDIAN",
        /// The one it is about.
        Individual = 2 "INDIVIDUAL",
        /// An adult's representative.
        Representative = 3 "REPRESENTATIVE",
        /// The social services board under LVU 11 §.
        Board = 4 "BOARD",
    }

    /// What may be true of the individual, so that a provision applies. Age is read from the register and is
    /// no circumstance that anybody records.
    Circumstance("circumstance") {
        /// Ongoing misuse of alcohol, drugs or the like.
        OngoingSubstanceMisuse = 1 "ONGOING_SUBSTANCE_MISUSE",
        /// Care under LPT or LRV.
        CompulsoryPsychiatricCare = 2 "COMPULSORY_PSYCHIATRIC_CARE",
        /// Cannot consent because of health or another reason.
        CannotConsent = 3 "CANNOT_CONSENT",
        /// What is needed to protect an unborn child.
        ProtectsUnbornChild = 4 "PROTECTS_UNBORN_CHILD",
        /// The social services board has decided on an inquiry and recorded it.
        InquiryDecided = 5 "INQUIRY_DECIDED",
        /// Persecuted or protected (OSL 21:3, 22:1).
        ProtectedPerson = 6 "PROTECTED_PERSON",
        /// Receives measures for older people or people with disabilities (OSL 26:9 c).
        OlderOrDisabilityMeasures = 7 "OLDER_OR_DISABILITY_MEASURES",
        /// Receives measures under LSS (OSL 26:9 c).
        LssMeasures = 8 "LSS_MEASURES",
    }

    /// What information is about.
    Category("category") {
        /// Name, address, telephone.
        IdentityContact = 1 "IDENTITY_CONTACT",
        /// How school goes.
        SchoolSituation = 2 "SCHOOL_SITUATION",
        /// Home and family.
        HomeFamily = 3 "HOME_FAMILY",
        /// Measures by social services.
        SocialSupport = 4 "SOCIAL_SUPPORT",
        /// Bodily health.
        HealthSomatic = 5 "HEALTH_SOMATIC",
        /// Mental health.
        HealthMental = 6 "HEALTH_MENTAL",
        /// Medicines.
        Medication = 7 "MEDICATION",
        /// Alcohol, drugs, gambling.
        SubstanceUse = 8 "SUBSTANCE_USE",
        /// Abuse and violence.
        AbuseViolence = 9 "ABUSE_VIOLENCE",
        /// Disability and support for it.
        DisabilitySupport = 10 "DISABILITY_SUPPORT",
        /// Economy and housing.
        EconomyHousing = 11 "ECONOMY_HOUSING",
        /// Who does what, when and where; nothing about needs.
        PlanCoordination = 12 "PLAN_COORDINATION",
    }

    /// What a document is. SIP documents pass on consent alone; the last five belong to duties.
    Kind("document kind") {
        /// The call to a SIP meeting.
        Summons = 1 "SUMMONS",
        /// The answer to a summons.
        Reply = 2 "REPLY",
        /// The family's or a professional's preparation for the meeting.
        PreMeeting = 3 "PRE_MEETING",
        /// A note.
        Note = 4 "NOTE",
        /// Needs, measures, who is involved, the child's voice.
        Mapping = 5 "MAPPING",
        /// The agreed plan.
        Plan = 6 "PLAN",
        /// Follow-up per goal.
        FollowUp = 7 "FOLLOW_UP",
        /// Evaluation.
        Evaluation = 8 "EVALUATION",
        /// The end of the case.
        Closure = 9 "CLOSURE",
        /// Who pays what.
        CostSplit = 10 "COST_SPLIT",
        /// A one-off disclosure outside the SIP process.
        Information = 11 "INFORMATION",
        /// A child may be at risk (SoL 2025:400 19:1).
        ConcernReport = 12 "CONCERN_REPORT",
        /// Whether an inquiry was opened (SoL 19:6).
        ConcernFeedback = 13 "CONCERN_FEEDBACK",
        /// What may matter to a decided inquiry (SoL 20:6).
        InquiryInformation = 14 "INQUIRY_INFORMATION",
        /// Notice of admission (lag 2017:612 2:1).
        AdmissionNotice = 15 "ADMISSION_NOTICE",
        /// Report of need of care (LVM 6 §).
        LvmReport = 16 "LVM_REPORT",
    }

    /// Why information is shared.
    Purpose("purpose") {
        /// Coordinated individual planning.
        Sip = 1 "SIP",
        /// Planning of discharge from hospital.
        DischargePlanning = 2 "DISCHARGE_PLANNING",
        /// Support for an assessment.
        AssessmentSupport = 3 "ASSESSMENT_SUPPORT",
        /// Placement outside the home.
        Placement = 4 "PLACEMENT",
        /// Follow-up.
        FollowUp = 5 "FOLLOW_UP",
    }

    /// What is consented to: the two are separate acts.
    Act("act") {
        /// That information is shared.
        Share = 1 "SHARE",
        /// That a plan is made.
        Plan = 2 "PLAN",
    }

    /// Which way information may flow under a scope.
    Direction("direction") {
        /// From the sources to the recipients only.
        OneWay = 1 "ONE_WAY",
        /// All named units share with all.
        Circle = 2 "CIRCLE",
    }
}

/// Where a kind of document belongs, and with that what can carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// The SIP process: consent alone, with these acts.
    Sip {
        /// The acts that the consent must hold.
        acts: &'static [Act],
    },
    /// A one-off disclosure: consent to `SHARE`, or a permitting provision.
    Information,
    /// Ordered by a duty.
    Duty,
}

impl Kind {
    /// Where this kind belongs.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::Summons | Self::Reply | Self::PreMeeting | Self::Note => {
                Family::Sip { acts: &[Act::Share] }
            }
            Self::Mapping
            | Self::Plan
            | Self::FollowUp
            | Self::Evaluation
            | Self::Closure
            | Self::CostSplit => Family::Sip {
                acts: &[Act::Share, Act::Plan],
            },
            Self::Information => Family::Information,
            Self::ConcernReport
            | Self::ConcernFeedback
            | Self::InquiryInformation
            | Self::AdmissionNotice
            | Self::LvmReport => Family::Duty,
        }
    }

    /// The acts a consent must hold to carry this kind; `None` when no consent carries it.
    #[must_use]
    pub const fn acts(self) -> Option<&'static [Act]> {
        match self.family() {
            Family::Sip { acts } => Some(acts),
            Family::Information => Some(&[Act::Share]),
            Family::Duty => None,
        }
    }
}

/// The legal basis a sender names for one recipient. The engine judges it and never picks another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// A recorded consent; the engine finds which.
    Consent,
    /// A duty; the engine finds the provision in force that orders this kind of document.
    Duty,
    /// A permitting provision, by its id in the catalogue, with the reason in the sender's words.
    Provision {
        /// The provision's id, such as `OSL-25-12`.
        id: String,
        /// Why it applies, for the ledger.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_numbers_round_trip() {
        for kind in Kind::ALL {
            assert_eq!(kind.code().parse(), Ok(*kind));
            assert_eq!(Kind::from_number(i32::from(kind.number())), Ok(*kind));
        }
    }

    #[test]
    fn unknown_words_list_the_known_ones() {
        let unknown = "LETTER".parse::<Purpose>().unwrap_err();
        assert_eq!(unknown.vocabulary, "purpose");
        assert!(unknown.known.starts_with("SIP, "));
        assert!(Kind::from_number(0).is_err(), "unspecified is no kind");
    }

    #[test]
    fn a_plan_needs_both_acts_and_a_note_one() {
        assert_eq!(Kind::Plan.acts(), Some([Act::Share, Act::Plan].as_slice()));
        assert_eq!(Kind::Note.acts(), Some([Act::Share].as_slice()));
        assert_eq!(Kind::ConcernReport.acts(), None);
    }
}
