//! Chance that is the same in every run, for tests.

/// Numbers that follow from a seed, which is not zero.
pub struct Chance(pub u64);

impl Chance {
    /// A number below `below`, or zero if nothing is below it.
    pub fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % below.max(1)
    }

    /// A text of fewer than `most` of the parts.
    pub fn text(&mut self, parts: &[&str], most: usize) -> String {
        let count = self.next(most);
        (0..count).map(|_| parts[self.next(parts.len())]).collect()
    }
}
