//! XML as this module reads it: elements by their names without prefixes, since the format is in use with two sets of
//! namespaces, and never a document type.

use std::borrow::Cow;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Refusal;

/// The longest identifier, in bytes; Word's end at 253 characters.
const ID_MOST: usize = 512;

/// The bytes of a part as text.
pub(in crate::server) fn decode(bytes: Vec<u8>) -> Result<String, Refusal> {
    let utf16 = |unit: fn([u8; 2]) -> u16, skip: usize| {
        let pairs = bytes.get(skip..).unwrap_or_default().chunks(2);
        let units = pairs.map(|pair| <[u8; 2]>::try_from(pair).map(unit)).collect::<Result<Vec<_>, _>>();
        let units = units.map_err(|_| Refusal::Damaged)?;
        String::from_utf16(&units).map_err(|_| Refusal::Damaged)
    };
    match bytes.as_slice() {
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes, 2),
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes, 2),
        [0, b'<', ..] => utf16(u16::from_be_bytes, 0),
        [b'<', 0, ..] => utf16(u16::from_le_bytes, 0),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).map_err(|_| Refusal::Damaged),
        _ => String::from_utf8(bytes).map_err(|_| Refusal::Damaged),
    }
}

/// One step through a part.
pub(in crate::server) enum Markup<'a> {
    Open(Element<'a>),
    Close,
    Text(Cow<'a, str>),
}

/// The opening of an element.
pub(in crate::server) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of an attribute, named without its prefix.
    pub fn get(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        // The check compares each with each, which a million attributes would make a day's work.
        attributes.with_checks(false);
        let found = attributes.filter_map(Result::ok).find(|found| found.key.local_name().into_inner() == name)?;
        found.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
    }

    /// The attribute `val`, in which the format keeps most of what it says.
    pub fn val(&self) -> Option<String> {
        self.get("val")
    }

    /// The value of an attribute that is a name for something. The names are kept over and over, so no long ones.
    pub fn id(&self, name: &str) -> Option<String> {
        self.get(name).filter(|value| value.len() <= ID_MOST)
    }

    /// The number in `val`.
    pub fn number(&self) -> Option<u32> {
        self.val()?.trim().parse().ok()
    }

    /// The truth of `val`, which is true where it is missing.
    pub fn switch(&self) -> bool {
        !matches!(self.val().as_deref(), Some("0" | "false" | "off"))
    }
}

/// The steps through a part.
pub(in crate::server) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    most: usize,
}

impl<'a> Xml<'a> {
    /// `most` is how deep elements may be nested.
    pub fn new(text: &'a str, most: usize) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, depth: 0, most }
    }

    /// The next step, `None` at the end.
    pub fn next(&mut self) -> Result<Option<Markup<'a>>, Refusal> {
        loop {
            match self.reader.read_event().map_err(|_| Refusal::Damaged)? {
                Event::Start(start) | Event::Empty(start) => {
                    self.depth += 1;
                    if self.depth > self.most {
                        return Err(Refusal::TooLarge);
                    }
                    return Ok(Some(Markup::Open(Element(start))));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Some(Markup::Close));
                }
                Event::Text(text) => return Ok(Some(Markup::Text(text.xml10_content()))),
                Event::CData(text) => return Ok(Some(Markup::Text(text.xml10_content()))),
                Event::GeneralRef(reference) => {
                    let resolved = match reference.resolve_char_ref().map_err(|_| Refusal::Damaged)? {
                        Some(character) => Cow::Owned(character.to_string()),
                        None => Cow::Borrowed(resolve_predefined_entity(&reference).ok_or(Refusal::Damaged)?),
                    };
                    return Ok(Some(Markup::Text(resolved)));
                }
                // The format has none; entities that multiply are declared there.
                Event::DocType(_) => return Err(Refusal::Damaged),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof if self.depth > 0 => return Err(Refusal::Damaged),
                Event::Eof => return Ok(None),
            }
        }
    }
}
