//! What elements say about what they are in, and where links lead.

use std::rc::Rc;

use super::super::field::{Field, hyperlink, safe_address};
use super::super::package::Target;
use super::super::styles::role_named;
use super::super::xml::Element;
use super::super::{Dropped, Refusal};
use super::{Opened, Walker};

impl<'a> Walker<'a, '_> {
    /// Takes note of a property. What is in it is one of its own only for some.
    pub(super) fn take_property(&mut self, parent: Opened, element: &Element<'_>) -> Option<Opened> {
        match parent {
            Opened::ParagraphProperties => return self.take_paragraph_property(element),
            Opened::EndProperties => {
                if let ("del" | "moveFrom", Some(paragraph)) = (element.name(), self.paragraph()) {
                    paragraph.merged = true;
                }
            }
            Opened::ListProperties => {
                if let Some(paragraph) = self.paragraph() {
                    match element.name() {
                        "numId" => paragraph.list = element.id("val").map(Rc::from),
                        "ilvl" => paragraph.level = element.number().and_then(|level| u8::try_from(level).ok()),
                        _ => {}
                    }
                }
            }
            Opened::RunProperties => self.take_run_property(element),
            _ => self.take_table_property(element),
        }
        None
    }

    fn take_paragraph_property(&mut self, element: &Element<'_>) -> Option<Opened> {
        let styles = self.source.styles;
        let paragraph = self.paragraph()?;
        match element.name() {
            "pStyle" => {
                let id = element.id("val").unwrap_or_default();
                match styles.get(&id) {
                    Some(style) => paragraph.style = style,
                    None => paragraph.named = role_named(&id),
                }
                None
            }
            "outlineLvl" => {
                paragraph.outline = element.number().and_then(|level| u8::try_from(level).ok());
                None
            }
            "numPr" => Some(Opened::ListProperties),
            "rPr" => Some(Opened::EndProperties),
            _ => None,
        }
    }

    fn take_run_property(&mut self, element: &Element<'_>) {
        let styles = self.source.styles;
        if let Some(paragraph) = self.paragraph() {
            match element.name() {
                "rStyle" => paragraph.run.style = element.id("val").and_then(|id| styles.get(&id)),
                _ => paragraph.run.marks.take(element),
            }
        }
    }

    fn take_table_property(&mut self, element: &Element<'_>) {
        let count = element.number().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
        let flow = &mut self.flow;
        match element.name() {
            "gridSpan" => flow.span = count,
            "vMerge" | "hMerge" => flow.merged = element.val().is_none_or(|value| value != "restart"),
            name => {
                if let Some(row) = flow.table.as_mut().and_then(|table| table.row.as_mut()) {
                    match name {
                        "gridBefore" => row.before = count,
                        "del" => row.deleted = true,
                        _ => {}
                    }
                }
            }
        }
    }

    pub(super) fn take_field_character(&mut self, element: &Element<'_>) -> Result<(), Refusal> {
        match element.get("fldCharType").as_deref() {
            Some("begin") => self.push_field(Field::default())?,
            Some("separate") => {
                let instruction = self.fields.last_mut().map(|field| std::mem::take(&mut field.instruction));
                let link = instruction.and_then(|instruction| hyperlink(&instruction));
                let link = link.and_then(|address| self.link(&address));
                if let Some(field) = self.fields.last_mut() {
                    field.shown = true;
                    field.link = link;
                }
            }
            Some("end") => {
                self.fields.pop();
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn push_field(&mut self, field: Field) -> Result<(), Refusal> {
        if self.fields.len() >= self.source.limits.depth {
            return Err(Refusal::TooLarge);
        }
        self.fields.push(field);
        Ok(())
    }

    /// Where a hyperlink leads, if it leads out of the document.
    pub(super) fn link_of(&mut self, element: &Element<'_>) -> Option<usize> {
        let id = element.get("id")?;
        let Target::External(address) = &self.source.relationships.get(&id)?.target else {
            return None;
        };
        match element.get("anchor") {
            Some(anchor) if !address.contains('#') => self.link(&format!("{address}#{anchor}")),
            _ => self.link(address),
        }
    }

    pub(super) fn link(&mut self, address: &str) -> Option<usize> {
        let Some(address) = safe_address(address) else {
            self.body.dropped.insert(Dropped::UnsafeLink);
            return None;
        };
        if let Some(known) = self.known_links.get(&address) {
            return Some(*known);
        }
        let index = self.body.links.len();
        self.body.links.push(address.clone());
        self.known_links.insert(address, index);
        Some(index)
    }
}
