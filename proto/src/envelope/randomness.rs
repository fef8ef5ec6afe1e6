//! Where fresh keys come from: an argument, so that tests and vectors can repeat it.

use ring::rand::{SecureRandom, SystemRandom};

/// The source of randomness gave none; nothing was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness; try again")]
pub struct RandomnessUnavailable;

/// A source of bytes that nobody can predict. Outside tests: [`SystemRandom`].
pub trait Randomness: Send + Sync {
    /// Fills the buffer.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`]; the buffer's content is then unspecified.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomnessUnavailable>;
}

impl Randomness for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomnessUnavailable> {
        SecureRandom::fill(self, buffer).map_err(|_| RandomnessUnavailable)
    }
}
