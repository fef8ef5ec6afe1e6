//! Promises broken on purpose, between the hub and its store: a simulation that cannot fail proves nothing.

/// Which promise is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Sabotage {
    /// Changes commit though the facts they were decided on have changed
    SkipRevisionCheck,
    /// Every fifth change is answered and not kept
    Forget,
    /// A repeated sending is kept as a new one
    Twice,
    /// What was read before a consent ended is read again after it, and nobody looks at revisions
    StaleRead,
    /// Inboxes are not told of every seventh event
    LoseEvent,
    /// Every eleventh entry says something else than was promised
    Rewrite,
}

impl Sabotage {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::SkipRevisionCheck,
        Self::Forget,
        Self::Twice,
        Self::StaleRead,
        Self::LoseEvent,
        Self::Rewrite,
    ];

    /// Whether the store's look at revisions is skipped.
    pub(super) const fn skips_revisions(self) -> bool {
        matches!(self, Self::SkipRevisionCheck | Self::StaleRead)
    }
}
