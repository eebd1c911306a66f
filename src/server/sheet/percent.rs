//! Which styles of a workbook show a number as a percentage: 0.125 stands there for what people see as 12.5 %.

use std::collections::HashSet;

use crate::server::docx::xml::{Element, Markup, Xml};

use super::SheetProblem;

/// The number formats with a per cent sign that every workbook has.
const BUILT_IN: [u32; 2] = [9, 10];

/// The styles of cells, by their numbers: whether each shows percentages.
#[derive(Default)]
pub(super) struct Percentages(Vec<bool>);

impl Percentages {
    pub(super) fn read(xml: &str, depth: usize) -> Result<Self, SheetProblem> {
        let mut formats = HashSet::from(BUILT_IN);
        let mut styles = Vec::new();
        let mut in_styles = false;
        let mut xml = Xml::new(xml, depth);
        while let Some(markup) = xml.next()? {
            let Markup::Open(element) = markup else { continue };
            match element.name() {
                "numFmt" => {
                    let number = format_number(&element);
                    if element.get("formatCode").is_some_and(|code| is_percentage(&code)) {
                        formats.extend(number);
                    }
                }
                // The styles that styles are made of look the same as those of cells.
                "cellStyleXfs" | "cellStyles" | "dxfs" => in_styles = false,
                "cellXfs" => in_styles = true,
                "xf" if in_styles => {
                    styles.push(format_number(&element).is_some_and(|number| formats.contains(&number)));
                }
                _ => {}
            }
        }
        Ok(Self(styles))
    }

    /// Whether the style with this number shows percentages.
    pub(super) fn shows(&self, style: usize) -> bool {
        self.0.get(style).copied().unwrap_or(false)
    }
}

fn format_number(element: &Element<'_>) -> Option<u32> {
    element.get("numFmtId")?.trim().parse().ok()
}

/// Whether a number format has a per cent sign that is no text, which stands in quotation marks or behind a backslash.
fn is_percentage(code: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    code.chars().any(|c| {
        let plain = !quoted && !escaped;
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && plain;
        c == '%' && plain
    })
}
