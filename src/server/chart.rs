//! Charts that the server draws as SVG: bars, lines over periods, a map; and the table that stands behind each.

use maud::{Markup, html};

mod bar;
mod line;
mod map;

pub use bar::{Bar, BarState, progress_bar};
pub use line::{LineChart, Series, line_chart};
pub use map::{Area, Outline, Polygons, commune_map, fit, map_legend, outline};

/// How wide every drawing is in its own units: about one to a pixel of a phone.
const WIDTH: f64 = 360.0;

/// The size of letters in a drawing, in its units; `chart.css` says the same.
const LETTER: f64 = 12.5;

/// The numbers behind a chart, closed until somebody opens them. The first cell of a row is its heading.
pub fn data_table(summary: &str, caption: &str, head: &[String], rows: &[Vec<String>]) -> Markup {
    html! {
        details class="chart-data" {
            summary { (summary) }
            section class="table-scroll" aria-label=(caption) tabindex="0" {
                table {
                    caption { (caption) }
                    thead { tr { @for cell in head { th scope="col" { (cell) } } } }
                    tbody { @for row in rows { (table_row(row)) } }
                }
            }
        }
    }
}

fn table_row(row: &[String]) -> Markup {
    html! {
        @if let Some((first, rest)) = row.split_first() {
            tr {
                th scope="row" { (first) }
                @for cell in rest { td { (cell) } }
            }
        }
    }
}

/// A coordinate as an attribute has it: one digit after the point at most, and always a number.
fn coordinate(value: f64) -> String {
    let tenths = (value * 10.0).round();
    if !tenths.is_finite() {
        return "0".to_owned();
    }
    // Adding nothing makes a zero of a negative zero.
    format!("{}", tenths / 10.0 + 0.0)
}

/// About how wide a text is in a drawing: nothing measures letters on the server.
fn text_width(text: &str) -> f64 {
    text.chars().map(letter_width).sum::<f64>() * LETTER
}

fn letter_width(letter: char) -> f64 {
    match letter {
        // Marks that stand on the letter before them.
        '\u{300}'..='\u{36f}' => 0.0,
        ' ' | '.' | ',' | ':' | ';' | '/' | '-' | '(' | ')' | '\'' | 'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' => 0.35,
        'm' | 'w' | 'M' | 'W' | '%' => 0.9,
        letter if letter.is_uppercase() => 0.7,
        _ => 0.58,
    }
}

/// Whether a number can be drawn at all.
fn drawable(value: f64) -> bool {
    value.is_finite() && value.abs() < 1e15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cell_of_a_row_is_its_heading() {
        let head = ["Xã".to_owned(), "Tỷ lệ".to_owned()];
        let table = data_table("Số liệu", "Tỷ lệ", &head, &[vec!["A & B".to_owned(), "5".to_owned()], vec![]]);
        let table = table.into_string();
        assert!(table.contains(r#"<tr><th scope="row">A &amp; B</th><td>5</td></tr></tbody>"#), "{table}");
    }

    #[test]
    fn a_coordinate_is_a_short_number_whatever_it_was() {
        let written = [1.25, 2.0, -0.01, f64::NAN, f64::INFINITY].map(coordinate);
        assert_eq!(written, ["1.3", "2", "0", "0", "0"]);
    }

    #[test]
    fn marks_on_letters_take_no_room() {
        assert_eq!(text_width("e\u{302}\u{301}"), text_width("ế"));
    }
}
