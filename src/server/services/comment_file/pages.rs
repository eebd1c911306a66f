//! Which page of this portal a page of another system, or of a file, is.

use std::collections::HashMap;
use std::io::Read;

use crate::domain::slug::Slug;
use crate::server::db::desk::comment_file::add::find_page;
use crate::server::db::{DbResult, Session};

/// Which page here a page of another system is, as whoever imports says it: its address there, and the slug here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageMap(HashMap<String, String>);

/// The bytes that a file of such pairs may have.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

impl PageMap {
    /// Adds a pair: `https://old.example/a=>slug`.
    ///
    /// # Errors
    /// A sentence that says how it is written.
    pub fn add(&mut self, pair: &str) -> Result<(), String> {
        let (address, slug) = pair.rsplit_once("=>").ok_or_else(|| wrong(pair))?;
        self.insert(address, slug).map_err(|()| wrong(pair))
    }

    /// Adds the lines of a table: the address, a comma, the slug. A first line that names the columns is passed over.
    ///
    /// # Errors
    /// A sentence with the line.
    pub fn add_table(&mut self, table: impl Read) -> Result<(), String> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(table.take(MOST_BYTES));
        for (number, record) in reader.records().enumerate() {
            let record = record.map_err(|error| format!("The table of pages can't be read: {error}."))?;
            let line = record.position().map_or(0, csv::Position::line);
            let (address, slug) = (record.get(0).unwrap_or_default(), record.get(1).unwrap_or_default());
            let known = record.len() == 2 && self.insert(address.trim_start_matches('\u{feff}'), slug).is_ok();
            if !known && number > 0 {
                return Err(format!("The table of pages, line {line}: write the old address, a comma, and the slug."));
            }
        }
        Ok(())
    }

    fn insert(&mut self, address: &str, slug: &str) -> Result<(), ()> {
        let slug = slug.trim().trim_end_matches('/').rsplit('/').next().and_then(Slug::parse).ok_or(())?;
        let address = plain(address);
        if address.is_empty() {
            return Err(());
        }
        self.0.insert(address, slug.as_str().to_owned());
        Ok(())
    }

    /// The slug of a page of another system: the one that was said, or the last part of its path.
    pub fn slug(&self, page: &str) -> Option<Slug> {
        let address = plain(page);
        let (path, _) = address.split_once('?').unwrap_or((&address, ""));
        let path = path.trim_end_matches('/');
        if let Some(slug) = self.0.get(&address).or_else(|| self.0.get(path)) {
            return Slug::parse(slug);
        }
        let last = path.rsplit('/').next().unwrap_or_default();
        let last = [".html", ".htm", ".php", ".aspx"].iter().find_map(|end| last.strip_suffix(end)).unwrap_or(last);
        Slug::parse(last)
    }
}

fn wrong(pair: &str) -> String {
    let pair: String = pair.chars().take(100).collect();
    format!("{pair:?} is no pair of pages: write https://old.example/a=>slug")
}

/// An address as addresses are compared: without scheme, `www.`, fragment and the stroke at its end, the host in small
/// letters.
fn plain(address: &str) -> String {
    let address = address.trim();
    let address = address.split_once('#').map_or(address, |(address, _)| address);
    let Some((_, rest)) = address.split_once("://") else { return address.trim_end_matches('/').to_owned() };
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    format!("{}{}", host.strip_prefix("www.").unwrap_or(&host), path.trim_end_matches('/'))
}

/// The pages of this portal that were looked for.
#[derive(Debug, Default)]
pub struct KnownPages(HashMap<String, Option<(i64, String)>>);

impl KnownPages {
    /// The id and the kind of a page, if it is here.
    pub async fn find(&mut self, session: &mut Session, slug: &Slug) -> DbResult<Option<(i64, String)>> {
        if let Some(found) = self.0.get(slug.as_str()) {
            return Ok(found.clone());
        }
        let found = find_page(session, slug.as_str()).await?;
        self.0.insert(slug.as_str().to_owned(), found.clone());
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[&str]) -> PageMap {
        let mut map = PageMap::default();
        pairs.iter().for_each(|pair| map.add(pair).expect(pair));
        map
    }

    fn slug(map: &PageMap, page: &str) -> Option<String> {
        map.slug(page).map(|slug| slug.as_str().to_owned())
    }

    #[test]
    fn a_page_is_found_by_what_was_said_or_by_the_end_of_its_address() {
        let map = map(&["https://Cu.vn/?p=18=>trong-cay", "http://www.cu.vn/a/=>/tin/b", "thread 11=>c"]);
        for (page, found) in [
            ("https://cu.vn/?p=18", Some("trong-cay")),
            ("https://cu.vn/a?x=1#y", Some("b")),
            ("http://CU.vn/a/", Some("b")),
            ("thread 11", Some("c")),
            ("https://khac.vn/2021/06/tin-moi/", Some("tin-moi")),
            ("/tin/tin-moi?x=1", Some("tin-moi")),
            ("https://khac.vn/tin-moi.html", Some("tin-moi")),
            ("https://khac.vn/", None),
            ("thread 12", None),
            ("", None),
        ] {
            assert_eq!(slug(&map, page).as_deref(), found, "{page}");
        }
    }

    #[test]
    fn pairs_and_tables_that_say_nothing_are_refused() {
        for wrong in ["", "a", "=>b", "https://a.vn/b=>", "https://a.vn/b=>Không phải", "https://a.vn=b"] {
            assert!(PageMap::default().add(wrong).is_err_and(|why| why.contains("=>slug")), "{wrong}");
        }
        let mut map = PageMap::default();
        map.add_table("Địa chỉ cũ,Trang\nhttps://a.vn/b , moi\n\"https://a.vn/c,d\",/tin/hai\n".as_bytes())
            .expect("a table");
        assert_eq!(slug(&map, "https://a.vn/b").as_deref(), Some("moi"));
        assert_eq!(slug(&map, "https://a.vn/c,d").as_deref(), Some("hai"));
        let why = PageMap::default().add_table("https://a.vn/b,moi\nhttps://a.vn/c\n".as_bytes()).expect_err("a line");
        assert!(why.contains("line 2"), "{why}");
        assert!(PageMap::default().add_table(b"\xff\xfe,a\n".as_slice()).is_err());
    }
}
