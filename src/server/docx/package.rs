//! The archive that a document is: its parts by their names, and what refers to what.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::xml::{Markup, Xml, decode};
use super::{Limits, Refusal};

/// How the files of old Word begin, and those of new Word under a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// How an archive begins that has something in it.
const ZIP: &[u8] = b"PK\x03\x04";
/// How each line begins of an archive's list of what is in it.
const ENTRY: &[u8] = b"PK\x01\x02";

/// An opened archive, and how much of it may still be unpacked.
pub(in crate::server) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// The places of the parts in the archive.
    places: HashMap<String, usize>,
    left: u64,
    xml: u64,
    depth: usize,
}

/// What a part refers to.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::server) struct Relationship {
    /// The last word of its type, which the two namespaces of the format have in common.
    pub kind: String,
    pub target: Target,
}

/// Where a relationship leads.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::server) enum Target {
    /// To a part of this package, by the name that [`Package::read`] takes.
    Part(String),
    /// Out of it.
    External(String),
    /// Nowhere.
    Nowhere,
}

impl Relationship {
    pub fn part(&self) -> Option<&str> {
        match &self.target {
            Target::Part(name) => Some(name),
            _ => None,
        }
    }
}

impl<'a> Package<'a> {
    /// Reads the list of what is in the archive, and nothing of it yet.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Refusal> {
        if bytes.len() > limits.file {
            return Err(Refusal::TooLarge);
        }
        if bytes.starts_with(OLE) {
            return Err(refuse_ole(bytes));
        }
        if !bytes.starts_with(ZIP) {
            return Err(Refusal::NotWord);
        }
        // The list itself could fill the memory, and what it says about its length is not to be trusted.
        if bytes.windows(ENTRY.len()).filter(|window| *window == ENTRY).count() > limits.entries {
            return Err(Refusal::TooLarge);
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged)?;
        let mut places = HashMap::new();
        let mut twice = archive.has_duplicate_names();
        for (place, name) in archive.file_names_raw().enumerate() {
            if let Some(name) = std::str::from_utf8(name).ok().filter(|name| !name.ends_with('/'))
                && let Some(name) = part_name("", name)
            {
                twice |= places.insert(name, place).is_some();
            }
        }
        // Readers disagree about which of two parts of one name counts, so one of them would be shown something else
        // than another has checked.
        if twice {
            return Err(Refusal::Damaged);
        }
        Ok(Self { archive, places, left: limits.unpacked, xml: limits.xml, depth: limits.depth })
    }

    /// The bytes of a part, no more than `most`; `None` if there is no such part.
    pub fn read(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(place) = self.places.get(name) else {
            return Ok(None);
        };
        let file = self.archive.by_index(*place).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Refusal::Encrypted,
            _ => Refusal::Damaged,
        })?;
        let most = most.min(self.left);
        let mut read = Vec::new();
        // One byte more than is allowed tells a part that is too large from one that just fits, whatever size its
        // header claims.
        let result = file.take(most.saturating_add(1)).read_to_end(&mut read);
        let count = u64::try_from(read.len()).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(count);
        if count > most {
            return Err(Refusal::TooLarge);
        }
        match result {
            Ok(_) => Ok(Some(read)),
            Err(_) => Err(Refusal::Damaged),
        }
    }

    /// How many bytes may still be unpacked.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// The text of a part that is XML.
    pub fn xml(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        self.read(name, self.xml)?.map(decode).transpose()
    }

    /// The name of the part that is the text of the document.
    pub fn main_part(&mut self) -> Result<String, Refusal> {
        let relationships = self.relationships("")?;
        let named = relationships.values().find(|found| found.kind == "officeDocument").and_then(|found| found.part());
        let name = named.unwrap_or("word/document.xml");
        if self.places.contains_key(name) { Ok(name.to_owned()) } else { Err(Refusal::NotWord) }
    }

    /// What a part refers to, by the names it has for it.
    pub fn relationships(&mut self, part: &str) -> Result<HashMap<String, Relationship>, Refusal> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let mut found = HashMap::new();
        let Some(text) = self.xml(&format!("{folder}{slash}_rels/{file}.rels"))? else {
            return Ok(found);
        };
        let mut xml = Xml::new(&text, self.depth);
        while let Some(markup) = xml.next()? {
            let Markup::Open(element) = markup else {
                continue;
            };
            if let (Some(id), Some(kind), Some(target)) =
                (element.get("Id"), element.get("Type"), element.get("Target"))
            {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let outside = element.get("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("External"));
                let target = if outside {
                    Target::External(target)
                } else {
                    part_name(folder, &target).map_or(Target::Nowhere, Target::Part)
                };
                found.insert(id, Relationship { kind, target });
            }
        }
        Ok(found)
    }
}

/// The one spelling of a part's name, which is written with either slash and in any case; `None` if it leads out of the
/// package.
fn part_name(folder: &str, target: &str) -> Option<String> {
    let target = target.replace('\\', "/");
    let mut segments: Vec<&str> = Vec::new();
    let folder = if target.starts_with('/') { "" } else { folder };
    for segment in folder.split('/').chain(target.split('/')) {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    if segments.is_empty() { None } else { Some(segments.join("/").to_lowercase()) }
}

/// The compound file of Microsoft is a little file system: the names of its streams tell what it holds.
fn refuse_ole(bytes: &[u8]) -> Refusal {
    let holds = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(name.len()).any(|window| window == name)
    };
    if holds("EncryptedPackage") {
        Refusal::Encrypted
    } else if holds("WordDocument") {
        Refusal::OldWord
    } else {
        Refusal::NotWord
    }
}
