//! Generated messages, clients and servers, one module per package, and their descriptors.
//!
//! Nothing here is written by hand: see `build.rs`.

macro_rules! package {
    ($(#[$doc:meta])* $area:ident = $package:literal) => {
        $(#[$doc])*
        pub mod $area {
            /// Version 1.
            #[expect(
                missing_docs,
                unused_qualifications,
                clippy::too_many_lines,
                clippy::allow_attributes,
                clippy::allow_attributes_without_reason,
                reason = "generated"
            )]
            pub mod v1 {
                tonic::include_proto!($package);
            }
        }
    };
}

package!(
    /// Organisations, units, keys.
    directory = "samrum.directory.v1"
);
package!(
    /// Individuals and their representation.
    individual = "samrum.individual.v1"
);
package!(
    /// Consents.
    consent = "samrum.consent.v1"
);
package!(
    /// "May I share this?"
    decision = "samrum.decision.v1"
);
package!(
    /// Documents.
    exchange = "samrum.exchange.v1"
);
package!(
    /// Proofs.
    ledger = "samrum.ledger.v1"
);
package!(
    /// Audit.
    audit = "samrum.audit.v1"
);

/// What is inside a sealed body; messages only, no service.
pub mod document {
    /// Version 1.
    #[expect(missing_docs, reason = "generated")]
    pub mod v1 {
        tonic::include_proto!("samrum.document.v1");
    }
}

/// Serialised `FileDescriptorSet` of every package, for reflection.
pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("samrum.descriptor");
