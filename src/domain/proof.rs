//! Proof of work: a browser shows that it spent a moment on what it sends, so that sending by the thousand costs much.

use sha2::{Digest, Sha256};

/// Whether SHA-256 of the challenge, a colon and the nonce begins with so many zero bits. The browser looks for such a
/// nonce with `client/discussion/proof.js`.
///
/// A nonce has 1 to 20 digits, a challenge 1 to 200 ASCII characters; with any others nothing is solved.
pub fn is_solved(challenge: &str, nonce: &str, bits: u32) -> bool {
    let is_challenge = (1..=200).contains(&challenge.len()) && challenge.is_ascii();
    let is_nonce = (1..=20).contains(&nonce.len()) && nonce.bytes().all(|byte| byte.is_ascii_digit());
    if !is_challenge || !is_nonce {
        return false;
    }
    let hash = Sha256::new().chain_update(challenge).chain_update(":").chain_update(nonce).finalize();
    let zero_bytes = hash.iter().take_while(|byte| **byte == 0).count();
    let zeros = hash.iter().take(zero_bytes + 1).map(|byte| byte.leading_zeros()).sum::<u32>();
    zeros >= bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Case {
        challenge: String,
        nonce: String,
        hash: String,
        zeros: u32,
    }

    #[test]
    fn as_many_zero_bits_as_the_hash_begins_with_are_solved() {
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../client/discussion/test/proof-cases.json")).expect("the cases");
        for Case { challenge, nonce, hash, zeros } in cases {
            assert_eq!(hex::encode(Sha256::digest(format!("{challenge}:{nonce}"))), hash, "{challenge}:{nonce}");
            for bits in 0..=257 {
                assert_eq!(is_solved(&challenge, &nonce, bits), bits <= zeros, "{challenge}:{nonce} {bits}");
            }
        }
    }

    #[test]
    fn nothing_but_a_short_number_is_a_nonce_and_nothing_but_short_ascii_a_challenge() {
        assert!(is_solved("a", "0", 0) && is_solved(&"a".repeat(200), &"9".repeat(20), 0));
        for nonce in ["", " 1", "1 ", "+1", "-1", "0x1", "a", "١", "１", "000000000000000000001"] {
            assert!(!is_solved("a", nonce, 0), "{nonce}");
        }
        for challenge in ["", "ă", "a\u{80}", &"a".repeat(201)] {
            assert!(!is_solved(challenge, "1", 0), "{challenge}");
        }
    }
}
