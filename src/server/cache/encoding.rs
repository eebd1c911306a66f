//! The forms in which a kept page travels: as it is, in gzip, in brotli; quickly made at first, as small as they get
//! once many ask for it.

use std::io::Write;

use bytes::Bytes;
use http::{HeaderMap, header};

/// How the bytes of a page are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As they are.
    Identity,
    /// For browsers that reach us without TLS, and for old ones.
    Gzip,
    /// For the others.
    Brotli,
}

/// How much work goes into an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// About a millisecond.
    Quick,
    /// As small as it gets.
    Most,
}

impl Encoding {
    /// The best one that a request accepts.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let (mut gzip, mut brotli) = (false, false);
        for value in headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()) {
            for part in value.split(',') {
                let (name, parameter) = part.split_once(';').unwrap_or((part, ""));
                let refused = parameter.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
                match name.trim() {
                    "br" => brotli = !refused,
                    "gzip" => gzip = !refused,
                    _ => {}
                }
            }
        }
        match (brotli, gzip) {
            (true, _) => Encoding::Brotli,
            (false, true) => Encoding::Gzip,
            (false, false) => Encoding::Identity,
        }
    }

    /// The value of `Content-Encoding`.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Encoding::Identity => None,
            Encoding::Gzip => Some("gzip"),
            Encoding::Brotli => Some("br"),
        }
    }

    /// Encodes a page.
    pub fn encode(self, page: &Bytes, effort: Effort) -> Bytes {
        match self {
            Encoding::Identity => page.clone(),
            Encoding::Gzip => {
                let level = if effort == Effort::Quick { 5 } else { 9 };
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(level));
                // Writing into memory can't fail.
                let _ = encoder.write_all(page);
                encoder.finish().unwrap_or_default().into()
            }
            Encoding::Brotli => {
                let (quality, window) = if effort == Effort::Quick { (5, 18) } else { (11, 22) };
                let mut encoded = Vec::new();
                {
                    let mut encoder = brotli::CompressorWriter::new(&mut encoded, 4096, quality, window);
                    let _ = encoder.write_all(page);
                }
                encoded.into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_best_accepted_encoding_is_taken() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip, br;q=0", Encoding::Gzip),
            ("br;q=0.1", Encoding::Brotli),
            ("identity", Encoding::Identity),
            ("", Encoding::Identity),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, accepted.parse().expect("a value"))]);
            assert_eq!(Encoding::accepted(&headers), expected, "{accepted}");
        }
        assert_eq!(Encoding::accepted(&HeaderMap::new()), Encoding::Identity);
    }

    #[test]
    fn every_form_is_the_same_page_and_more_effort_is_smaller() {
        let line =
            |n: usize| format!("<p>Thôn {n} trồng {} cây, đã làm {} phần trăm</p>", n * 7919 % 977, n * 31 % 100);
        let page = Bytes::from((0..500).map(line).collect::<String>());
        for effort in [Effort::Quick, Effort::Most] {
            let mut read = Vec::new();
            let gzip = Encoding::Gzip.encode(&page, effort);
            flate2::read::GzDecoder::new(&gzip[..]).read_to_end(&mut read).expect("gzip");
            assert_eq!(read, page);
            read.clear();
            let brotli = Encoding::Brotli.encode(&page, effort);
            brotli::Decompressor::new(&brotli[..], 4096).read_to_end(&mut read).expect("brotli");
            assert_eq!(read, page);
        }
        let size = |effort| Encoding::Brotli.encode(&page, effort).len();
        assert!(size(Effort::Most) < size(Effort::Quick));
    }
}
