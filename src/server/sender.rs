//! Who sent a request: an address, believed from a forwarding header only where a configured proxy wrote it.

use std::net::{IpAddr, Ipv6Addr};

use http::HeaderMap;

use super::config::TrustedProxies;

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
