//! How much one sender may send. Wide, since thousands of phones share one address behind a carrier.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::domain::error::AppError;
use crate::server::sender::Sender;

/// Sendings that one address may make at once.
pub const BURST: u32 = 120;
/// Sendings that one address wins back each minute.
pub const PER_MINUTE: u32 = 60;

/// A bucket for each address, in memory.
#[derive(Debug)]
pub struct SenderLimit {
    buckets: DefaultKeyedRateLimiter<Sender>,
    clock: DefaultClock,
}

impl Default for SenderLimit {
    fn default() -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(PER_MINUTE).unwrap_or(NonZeroU32::MIN))
            .allow_burst(NonZeroU32::new(BURST).unwrap_or(NonZeroU32::MIN));
        Self { buckets: RateLimiter::keyed(quota), clock: DefaultClock::default() }
    }
}

impl SenderLimit {
    /// Takes one sending from the sender's bucket.
    ///
    /// # Errors
    /// `TooMany`, with the seconds until the next one is taken.
    pub fn take(&self, sender: Sender) -> Result<(), AppError> {
        self.buckets.check_key(&sender).map_err(|denied| {
            let wait = denied.wait_time_from(self.clock.now()).as_secs();
            AppError::TooMany { retry_after_seconds: u32::try_from(wait).unwrap_or(u32::MAX).saturating_add(1) }
        })
    }

    /// Forgets senders whose buckets are full again.
    pub fn tidy(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sender_over_the_limit_waits_and_another_does_not() {
        let limit = SenderLimit::default();
        let (one, other) = (Sender([10, 0, 0, 1].into()), Sender([10, 0, 0, 2].into()));
        assert!((0..BURST).all(|_| limit.take(one).is_ok()));
        assert!(matches!(limit.take(one), Err(AppError::TooMany { retry_after_seconds: 1..=2 })));
        assert_eq!(limit.take(other), Ok(()));
    }
}
