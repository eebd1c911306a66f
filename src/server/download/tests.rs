//! Tests of the files of results.

use super::table::tables;
use super::{FILES, book, csv};
use crate::server::db::campaign::CampaignRow;
use crate::server::services::result::Results;
use crate::server::sheet::{Cell, read_csv};

fn results(demonstration: bool) -> Results {
    let gone = String::new;
    let campaign = CampaignRow {
        id: 1,
        slug: "a".to_owned(),
        state: "published".to_owned(),
        title: "A".to_owned(),
        lead: gone(),
        kind: "thematic".to_owned(),
        theme: gone(),
        slogan: gone(),
        launcher: gone(),
        begins: "2021-01-01".to_owned(),
        ends: "2021-12-31".to_owned(),
        sections: gone(),
        covenant: gone(),
        score_table: gone(),
        form: gone(),
        launched_at: 0,
        demonstration,
        registered: 0,
    };
    Results { campaign, periods: vec![], targets: vec![], units: vec![], table: None, corrections: vec![] }
}

#[test]
fn every_file_is_a_table_and_every_column_stands_in_the_dictionary() {
    let results = results(false);
    let names: Vec<&str> = tables(&results).iter().map(|table| table.name).collect();
    assert_eq!(names, FILES.map(|file| file.name));
    let dictionary = tables(&results).pop().unwrap().into_rows();
    for table in tables(&results) {
        let name = Cell::Text(table.name.to_owned());
        for column in &table.into_rows()[0] {
            let told = dictionary.iter().any(|row| row[0] == name && row[1] == *column && row[2] != Cell::Empty);
            assert!(told, "{name:?} {column:?}");
        }
    }
}

#[test]
fn what_is_invented_says_so_before_anything_else() {
    let first = |demonstration: bool| read_csv(&csv(&results(demonstration), "so-lieu")).unwrap().rows.remove(0);
    assert!(matches!(&first(true)[..], [Cell::Text(text)] if text.contains("hư cấu")));
    assert_eq!(first(false)[0], Cell::Text("don_vi".to_owned()));
    let sheets = |demonstration: bool| book(&results(demonstration)).sheets;
    assert_eq!((sheets(true).len(), sheets(false).len()), (FILES.len() + 1, FILES.len()));
    assert_eq!(sheets(true)[0].0, "minh-hoa");
}
