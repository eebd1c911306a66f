//! The secret of an installation, and the keyed hashes made with it.

use std::io::Write;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::error::Failure;

/// 32 random bytes, made once, shared by all processes, part of every backup.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Reads the secret from its file, made with random bytes if it is not there.
    ///
    /// # Errors
    /// A sentence that names the file.
    pub fn load(file: &Path) -> Result<Self, Failure> {
        let explain = |why: &str| Failure::new(format!("THIDUA_SECRET_FILE: {} {why}.", file.display()));
        for _ in 0..2 {
            if let Ok(text) = std::fs::read_to_string(file) {
                let bytes = hex::decode(text.trim()).map_err(|_| explain("does not hold 64 hexadecimal digits"))?;
                let bytes = bytes.try_into().map_err(|_| explain("does not hold 64 hexadecimal digits"))?;
                return Ok(Self(bytes));
            }
            let mut bytes = [0_u8; 32];
            getrandom::fill(&mut bytes).map_err(|_| explain("could not be made: the system gave no random bytes"))?;
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            // If another process made it in between, its secret is read in the second round.
            if let Ok(mut made) = options.open(file) {
                made.write_all(hex::encode(bytes).as_bytes()).map_err(|_| explain("could not be written"))?;
                return Ok(Self(bytes));
            }
        }
        Err(explain("could neither be read nor made"))
    }

    /// A hash of some parts that nobody without the secret can make, in hexadecimal digits.
    pub fn keyed_hash(&self, purpose: &str, parts: &[&str]) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        for part in std::iter::once(&purpose).chain(parts) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        hex::encode(mac.finalize().into_bytes())
    }
}

/// The SHA-256 of bytes in hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_made_once_and_parts_are_kept_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret");
        let (first, second) = (Secret::load(&file).expect("made"), Secret::load(&file).expect("read"));
        assert_eq!(first.0, second.0);
        assert_ne!(first.keyed_hash("a", &["bc", "d"]), first.keyed_hash("a", &["b", "cd"]));
        std::fs::write(&file, "nonsense").expect("written");
        assert!(Secret::load(&file).is_err_and(|why| why.0.contains("THIDUA_SECRET_FILE")));
    }
}
