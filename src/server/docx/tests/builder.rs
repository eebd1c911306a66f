//! A small maker of Word documents, and a reader of the Markdown that comes of them.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use comrak::{Options, markdown_to_html};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::super::{Document, Limits, Refusal, read_docx};

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
pub const TRANSITIONAL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
pub const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

/// A document in the making.
pub struct Docx {
    parts: Vec<(String, Vec<u8>)>,
    relationships: String,
    body: String,
    kinds: &'static str,
    pub limits: Limits,
}

impl Docx {
    pub fn new(body: &str) -> Self {
        Self {
            parts: Vec::new(),
            relationships: String::new(),
            body: body.to_owned(),
            kinds: TRANSITIONAL,
            limits: Limits::default(),
        }
    }

    /// In the namespaces of the strict form of the format.
    pub fn strict(mut self) -> Self {
        self.kinds = STRICT;
        self
    }

    pub fn part(mut self, name: &str, bytes: &[u8]) -> Self {
        self.parts.push((name.to_owned(), bytes.to_vec()));
        self
    }

    pub fn related(mut self, id: &str, kind: &str, target: &str) -> Self {
        let kinds = self.kinds;
        write!(self.relationships, r#"<Relationship Id="{id}" Type="{kinds}/{kind}" Target="{target}"/>"#).unwrap();
        self
    }

    pub fn external(mut self, id: &str, kind: &str, target: &str) -> Self {
        let kinds = self.kinds;
        write!(
            self.relationships,
            r#"<Relationship Id="{id}" Type="{kinds}/{kind}" Target="{target}" TargetMode="External"/>"#
        )
        .unwrap();
        self
    }

    pub fn styles(self, styles: &str) -> Self {
        let xml = format!(r#"<w:styles xmlns:w="w">{styles}</w:styles>"#);
        self.part("word/styles.xml", xml.as_bytes()).related("styles", "styles", "styles.xml")
    }

    pub fn numbering(self, numbering: &str) -> Self {
        let xml = format!(r#"<w:numbering xmlns:w="w">{numbering}</w:numbering>"#);
        self.part("word/numbering.xml", xml.as_bytes()).related("numbering", "numbering", "numbering.xml")
    }

    /// A picture and its relationship; both have the same name.
    pub fn picture(self, id: &str, bytes: &[u8]) -> Self {
        self.part(&format!("word/media/{id}.png"), bytes).related(id, "image", &format!("media/{id}.png"))
    }

    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    pub fn document_xml(&self) -> String {
        format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="w" xmlns:r="r"><w:body>{}<w:sectPr><w:headerReference r:id="h"/></w:sectPr></w:body></w:document>"#,
            self.body
        )
    }

    pub fn bytes(&self) -> Vec<u8> {
        let root = format!(
            r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{}/officeDocument" Target="word/document.xml"/></Relationships>"#,
            self.kinds
        );
        let own = format!(r#"<Relationships xmlns="{PACKAGE}">{}</Relationships>"#, self.relationships);
        let mut parts = vec![
            ("[Content_Types].xml".to_owned(), b"<Types/>".to_vec()),
            ("_rels/.rels".to_owned(), root.into_bytes()),
            ("word/_rels/document.xml.rels".to_owned(), own.into_bytes()),
        ];
        if self.parts.iter().all(|(name, _)| name != "word/document.xml") {
            parts.push(("word/document.xml".to_owned(), self.document_xml().into_bytes()));
        }
        parts.extend(self.parts.iter().cloned());
        archive(&parts)
    }

    pub fn result(&self) -> Result<Document, Refusal> {
        read_docx(&self.bytes(), &self.limits)
    }

    pub fn read(&self) -> Document {
        self.result().unwrap()
    }

    pub fn markdown(&self) -> String {
        self.read().markdown
    }
}

/// An archive of parts.
pub fn archive(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn xml(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

/// A run; `properties` are elements such as `<w:b/>`.
pub fn run(properties: &str, text: &str) -> String {
    format!(r#"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{}</w:t></w:r>"#, xml(text))
}

/// A paragraph of content; `properties` are elements such as `<w:pStyle w:val="Quote"/>`.
pub fn paragraph(properties: &str, content: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>")
}

/// A paragraph of text.
pub fn p(text: &str) -> String {
    paragraph("", &run("", text))
}

/// A paragraph of text in a style.
pub fn styled(style: &str, text: &str) -> String {
    paragraph(&format!(r#"<w:pStyle w:val="{style}"/>"#), &run("", text))
}

/// An item of a list.
pub fn item(list: u32, level: u32, text: &str) -> String {
    paragraph(&format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>"#), &run("", text))
}

/// A style of paragraphs.
pub fn style(id: &str, name: &str, inner: &str) -> String {
    format!(r#"<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/>{inner}</w:style>"#)
}

/// A cell of a table.
pub fn cell(properties: &str, content: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>")
}

/// A table of rows of texts.
pub fn table(rows: &[&[&str]]) -> String {
    let mut xml = "<w:tbl><w:tblPr/><w:tblGrid/>".to_owned();
    for row in rows {
        xml.push_str("<w:tr>");
        for text in *row {
            xml.push_str(&cell("", &p(text)));
        }
        xml.push_str("</w:tr>");
    }
    xml + "</w:tbl>"
}

/// A picture in a run.
pub fn drawing(id: &str, alt: &str) -> String {
    format!(
        r#"<w:r><w:drawing><wp:inline xmlns:wp="wp"><wp:docPr id="1" name="Picture 1" descr="{}"/>
        <a:graphic xmlns:a="a"><a:graphicData><pic:pic xmlns:pic="pic"><pic:blipFill><a:blip r:embed="{id}"/>
        </pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"#,
        xml(alt)
    )
}

pub fn html(markdown: &str, autolink: bool) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = autolink;
    markdown_to_html(markdown, &options)
}

/// What one reads of HTML, with single blanks.
pub fn words_of_html(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, behind)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, behind) = behind.split_once('>').unwrap();
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        if !["strong", "em", "del", "a"].contains(&name) {
            text.push(' ');
        }
        rest = behind;
    }
    text.push_str(rest);
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    words(&text)
}

pub fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Asserts that readers of Markdown with and without links of bare addresses show this text.
pub fn assert_words(markdown: &str, expected: &str) {
    for autolink in [true, false] {
        let html = html(markdown, autolink);
        assert_eq!(words_of_html(&html), words(expected), "autolink {autolink}\n{markdown}\n{html}");
    }
}
