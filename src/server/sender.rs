//! Who sent a request: an address, believed from a forwarding header only where a configured proxy wrote it.

use std::net::{IpAddr, Ipv6Addr};

use http::HeaderMap;

use super::config::TrustedProxies;
use super::secret::Secret;
use crate::domain::time::Instant;

/// After this time the same address has another hash.
const HASH_PERIOD: i64 = 30 * 24 * 60 * 60_000;
/// A block ends after so many periods at the latest: 90 days touch the one in which it began and three others.
const PERIODS_BACK: i64 = 4;

/// The address that a limit counts: an IPv4 address, or the /64 of an IPv6 one (one line of a household has a whole /64).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sender(pub IpAddr);

impl Sender {
    /// Finds the sender: the last address in `X-Forwarded-For` that no trusted proxy has, if the peer is trusted.
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> Self {
        let mut address = canonical(peer);
        if trusted.0.contains(&address) {
            let forwarded: Vec<&str> = headers
                .get_all("x-forwarded-for")
                .iter()
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .collect();
            for part in forwarded.iter().rev() {
                let Ok(claimed) = part.trim().parse::<IpAddr>() else { break };
                address = canonical(claimed);
                if !trusted.0.contains(&address) {
                    break;
                }
            }
        }
        Self(network(address))
    }

    /// What is stored of the sender: a keyed hash, another one every thirty days, so that nobody can be followed longer.
    pub fn hash(self, secret: &Secret, at: Instant) -> String {
        self.hash_of(secret, at.0.div_euclid(HASH_PERIOD))
    }

    /// That hash, and those of the periods before in which it can have been blocked.
    pub fn hashes(self, secret: &Secret, at: Instant) -> Vec<String> {
        let period = at.0.div_euclid(HASH_PERIOD);
        (0..=PERIODS_BACK).map(|back| self.hash_of(secret, period - back)).collect()
    }

    fn hash_of(self, secret: &Secret, period: i64) -> String {
        secret.keyed_hash("sender", &[&period.to_string(), &self.0.to_string()])
    }
}

fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", http::HeaderValue::from_static(value));
        }
        let trusted =
            TrustedProxies(vec!["10.0.0.1".parse().expect("an address"), "10.0.0.2".parse().expect("an address")]);
        Sender::of(peer.parse().expect("an address"), &headers, &trusted).0.to_string()
    }

    #[test]
    fn the_same_address_has_another_hash_in_the_next_period_and_is_known_by_it_for_a_while() {
        let secret = Secret::load(&tempfile::tempdir().expect("a folder").path().join("secret")).expect("a secret");
        let (one, other) = (Sender([10, 0, 0, 1].into()), Sender([10, 0, 0, 2].into()));
        let at = |period: i64| Instant(period * HASH_PERIOD);
        let first = one.hash(&secret, at(600));
        assert_eq!(first, one.hash(&secret, Instant(at(601).0 - 1)));
        assert_ne!(first, one.hash(&secret, at(601)));
        assert_ne!(first, other.hash(&secret, at(600)));
        assert!(!first.contains("10.0.0.1"));
        for period in 600..=604 {
            assert_eq!(one.hashes(&secret, at(period))[0], one.hash(&secret, at(period)));
            assert!(one.hashes(&secret, at(period)).contains(&first), "{period}");
            assert!(!other.hashes(&secret, at(period)).contains(&first), "{period}");
        }
        assert!(!one.hashes(&secret, at(605)).contains(&first));
        // The longest block, begun at the last moment of a period.
        let ends = Instant(at(601).0 - 1 + 90 * 24 * 60 * 60_000);
        assert!(one.hashes(&secret, ends).contains(&first));
    }

    #[test]
    fn only_configured_proxies_are_believed() {
        assert_eq!(sender("1.2.3.4", &["9.9.9.9"]), "1.2.3.4");
        assert_eq!(sender("10.0.0.1", &["9.9.9.9"]), "9.9.9.9");
        assert_eq!(
            sender("10.0.0.1", &["6.6.6.6, 9.9.9.9, 10.0.0.2"]),
            "9.9.9.9",
            "what a client wrote itself is not believed"
        );
        assert_eq!(sender("10.0.0.1", &["6.6.6.6", "nonsense"]), "10.0.0.1");
        assert_eq!(sender("::ffff:10.0.0.1", &["2001:db8:1:2:3:4:5:6"]), "2001:db8:1:2::");
    }
}
