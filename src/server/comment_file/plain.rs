//! HTML of comments as plain text: what the tokenizer of html5ever finds, laid out as people write without markup.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::LazyLock;

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::domain::text::{clean_line, clean_lines, compose};

/// The name that a field of HTML or escaped text means.
pub(super) fn plain_name(html: &str) -> String {
    clean_line(&plain_text(html, false))
}

/// The address that a field means, if it has one.
pub(super) fn plain_email(text: &str) -> Option<String> {
    Some(clean_line(text)).filter(|email| !email.is_empty())
}

/// The plain text of HTML: paragraphs with an empty line between them, links as their address, lists as lines, quotes
/// behind `> `. What is no tag of HTML stays. Line breaks are kept if `lines` says so, as in `WordPress`, or if no
/// paragraph is marked up.
pub(super) fn plain_text(html: &str, lines: bool) -> String {
    let plain = Plain { lines: lines || !has_blocks(html), ..Plain::default() };
    let tokenizer = Tokenizer::new(Sink(RefCell::new(plain)), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(guarded(&html.replace("\r\n", "\n"))));
    while let TokenizerResult::Script(()) = tokenizer.feed(&input) {}
    tokenizer.end();
    let mut plain = tokenizer.sink.0.into_inner();
    plain.end_link();
    clean_lines(&compose(&plain.out))
}

fn has_blocks(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    ["<p>", "<p ", "<br", "<div", "<li", "<blockquote"].iter().any(|tag| html.contains(tag))
}

/// A tag with more bytes is left out: it holds a whole picture, or is no tag that anybody wrote.
const MOST_TAG: usize = 8 * 1024;

/// The elements of HTML that comments have or that people paste into them.
static ELEMENTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "a abbr acronym address article aside b bdi bdo big blockquote body br button caption center \
    cite code col dd del details dfn div dl dt em embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 head \
    header hr html i iframe img input ins kbd label legend li link main map mark meta nav noscript object ol p picture \
    pre q s samp script section select small source span strike strong style sub summary sup svg table tbody td \
    textarea tfoot th thead time title tr tt u ul var video wbr"
        .split(' ')
        .collect()
});

/// A text in which what only looks like HTML is marked as text: `3 < 5`, `<3`, `<https://a.vn>`, `a&copy=1`, a tag or a
/// comment that never ends. It is gone through a few times at most, whatever it is.
fn guarded(html: &str) -> String {
    let mut ends = Ends { quoted: true, closed: true, commented: true };
    let mut guarded = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, after) = rest.split_at(at);
        guarded.push_str(before);
        let (kept, instead) = if after.starts_with('&') {
            (entity_length(after), "&amp;")
        } else {
            (ends.comment_length(after).or_else(|| ends.tag_length(after)), "&lt;")
        };
        if let Some(length) = kept {
            let (tag, after) = after.split_at_checked(length).unwrap_or((after, ""));
            guarded.push_str(if tag.len() > MOST_TAG { "" } else { tag });
            rest = after;
        } else {
            guarded.push_str(instead);
            rest = after.get(1..).unwrap_or_default();
        }
    }
    guarded.push_str(rest);
    guarded
}

/// The length of the reference to a character that a text begins with.
fn entity_length(text: &str) -> Option<usize> {
    let end = text.bytes().take(34).position(|byte| byte == b';')?;
    let name = text.get(1..end).filter(|name| !name.is_empty())?;
    // What stands for nothing would become a sign that says so.
    let nothing = name.strip_prefix('#').is_some_and(|number| number.trim_start_matches(['x', 'X', '0']).is_empty());
    (!nothing && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')).then_some(end + 1)
}

/// What may still come to an end in the rest of a text.
struct Ends {
    /// Whether the quotation marks of attributes are closed.
    quoted: bool,
    /// Whether there are ends of tags.
    closed: bool,
    /// Whether there are ends of comments.
    commented: bool,
}

impl Ends {
    /// The length of the comment of HTML that a text begins with.
    fn comment_length(&mut self, text: &str) -> Option<usize> {
        if !self.commented || !text.starts_with("<!--") {
            return None;
        }
        let end = text.find("-->").map(|end| end + 3);
        self.commented = end.is_some();
        end
    }

    /// The length of the tag that a text begins with.
    fn tag_length(&mut self, text: &str) -> Option<usize> {
        let inner = text.strip_prefix('<')?;
        let inner = inner.strip_prefix('/').unwrap_or(inner);
        let length = inner.bytes().take(12).take_while(u8::is_ascii_alphanumeric).count();
        let (name, inner) = inner.split_at_checked(length)?;
        if !ELEMENTS.contains(name.to_ascii_lowercase().as_str())
            || !inner.starts_with([' ', '\n', '\t', '\r', '/', '>'])
        {
            return None;
        }
        Some(text.len() - inner.len() + self.tag_end(inner)? + 1)
    }

    /// Where the tag ends whose name is before this.
    fn tag_end(&mut self, inner: &str) -> Option<usize> {
        if self.quoted {
            let (mut quote, mut last) = (None, b' ');
            for (at, byte) in inner.bytes().enumerate() {
                match quote {
                    Some(mark) if mark == byte => quote = None,
                    Some(_) => {}
                    None if byte == b'>' => return Some(at),
                    None if matches!(byte, b'"' | b'\'') && last == b'=' => quote = Some(byte),
                    None => {}
                }
                if !byte.is_ascii_whitespace() {
                    last = byte;
                }
            }
            self.quoted = false;
        }
        // From here on no tag has quotation marks.
        let end = if self.closed { inner.find('>') } else { None };
        self.closed = end.is_some();
        end.filter(|end| !inner.get(..*end).is_some_and(|inner| inner.contains(['"', '\''])))
    }
}

/// The text of an attribute, empty if there is none.
fn attribute(tag: &Tag, name: &str) -> String {
    let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
    found.map(|attribute| attribute.value.to_string()).unwrap_or_default()
}

/// Takes what the tokenizer finds.
struct Sink(RefCell<Plain>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut plain = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => plain.push(&text),
            Token::TagToken(tag) => {
                if let Some(name) = ELEMENTS.get(&*tag.name) {
                    match tag.kind {
                        TagKind::StartTag => plain.open(name, &tag),
                        TagKind::EndTag => plain.close(name),
                    }
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// How deep lists and quotes are shown at most.
const MOST_DEPTH: usize = 8;

/// Plain text that is being made of HTML.
#[derive(Default)]
struct Plain {
    out: String,
    /// Whether line breaks are kept.
    lines: bool,
    /// What is to stand before the next character: a break that an element makes (1 for a line, 2 for a paragraph),
    /// line breaks of the text, `<br>`, a space.
    block: usize,
    ends: usize,
    breaks: usize,
    space: bool,
    /// How many quotes are open, and how many the last line stands in.
    quotes: usize,
    quoted: usize,
    /// The lists that are open, with the last number of those that have numbers.
    lists: Vec<Option<u32>>,
    /// What the next line of a list begins with.
    marker: String,
    /// How many elements are open that keep white space.
    pre: usize,
    /// The element that is open whose text is none.
    hidden: Option<&'static str>,
    /// The address of the link that is open, and its text so far.
    link: Option<(String, String)>,
}

impl Plain {
    fn push(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        if let Some((_, linked)) = &mut self.link {
            return linked.push_str(text);
        }
        for part in text.split_inclusive('\n') {
            let line = part.strip_suffix('\n').unwrap_or(part);
            if self.pre > 0 {
                self.put(line);
            } else {
                self.put_words(line);
            }
            if line.len() == part.len() {
                continue;
            }
            if self.lines || self.pre > 0 {
                self.ends += 1;
            } else {
                self.space = true;
            }
        }
    }

    /// Writes words with single spaces.
    fn put_words(&mut self, text: &str) {
        for part in text.split_inclusive(char::is_whitespace) {
            let word = part.trim_end();
            self.put(word);
            self.space |= word.len() < part.len();
        }
    }

    /// Writes something in one line, behind what is to stand before it.
    fn put(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let level = self.block.max(self.ends).max(self.breaks).min(2);
        let begin = self.out.is_empty();
        if begin || level > 0 {
            if !begin {
                self.out.push('\n');
                if level > 1 {
                    // The empty line belongs to a quote if both its neighbours do.
                    let quoted = self.quoted.min(self.quotes.min(MOST_DEPTH));
                    self.out.push_str(&"> ".repeat(quoted));
                    self.out.push('\n');
                }
            }
            self.quoted = self.quotes.min(MOST_DEPTH);
            self.out.push_str(&"> ".repeat(self.quoted));
            if !self.marker.is_empty() {
                let depth = self.lists.len().saturating_sub(1).min(MOST_DEPTH);
                self.out.push_str(&"  ".repeat(depth));
                self.out.push_str(&std::mem::take(&mut self.marker));
            }
        } else if self.space {
            self.out.push(' ');
        }
        self.out.push_str(text);
        (self.block, self.ends, self.breaks, self.space) = (0, 0, 0, false);
    }

    /// Ends a line or a paragraph.
    fn break_by(&mut self, level: usize) {
        self.end_link();
        // The paragraphs of a list are lines.
        self.block = self.block.max(if self.lists.is_empty() { level } else { 1 });
    }

    fn open(&mut self, name: &'static str, tag: &Tag) {
        if self.hidden.is_some() {
            return;
        }
        match name {
            "script" | "style" | "head" | "select" | "svg" | "textarea" => self.hidden = Some(name),
            "br" => match &mut self.link {
                Some((_, text)) => text.push(' '),
                None => self.breaks += 1,
            },
            "a" => {
                self.end_link();
                self.link = Some((attribute(tag, "href"), String::new()));
            }
            "img" => self.picture(tag),
            "iframe" | "embed" | "video" => {
                self.end_link();
                self.address(&attribute(tag, "src"));
            }
            "td" | "th" => self.push(" "),
            "li" => {
                self.break_by(1);
                self.marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number = number.saturating_add(1);
                        format!("{number}. ")
                    }
                    _ => "- ".to_owned(),
                };
            }
            "ul" | "ol" => {
                self.break_by(2);
                self.lists.push((name == "ol").then_some(0));
            }
            "blockquote" => {
                self.break_by(2);
                self.quotes += 1;
            }
            "pre" => {
                self.break_by(2);
                self.pre += 1;
            }
            _ => self.break_by_name(name),
        }
    }

    fn close(&mut self, name: &'static str) {
        if self.hidden.is_some() {
            if self.hidden == Some(name) {
                self.hidden = None;
            }
            return;
        }
        match name {
            "a" => self.end_link(),
            "ul" | "ol" => {
                self.end_link();
                self.lists.pop();
                self.marker.clear();
                self.break_by(2);
            }
            "blockquote" => {
                self.break_by(2);
                self.quotes = self.quotes.saturating_sub(1);
            }
            "pre" => {
                self.break_by(2);
                self.pre = self.pre.saturating_sub(1);
            }
            "li" => {
                self.marker.clear();
                self.break_by(1);
            }
            // Some write it so.
            "br" => self.breaks += 1,
            _ => self.break_by_name(name),
        }
    }

    fn break_by_name(&mut self, name: &str) {
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "table" | "dl" | "figure" | "details" => {
                self.break_by(2);
            }
            "address" | "article" | "aside" | "caption" | "center" | "dd" | "div" | "dt" | "figcaption" | "footer"
            | "form" | "header" | "li" | "main" | "nav" | "section" | "summary" | "tr" => self.break_by(1),
            _ => {}
        }
    }

    /// Writes the link that is open: its address, behind its text if that says something else.
    fn end_link(&mut self) {
        let Some((address, text)) = self.link.take() else { return };
        self.space |= text.starts_with(char::is_whitespace);
        let shown = text.trim();
        if !is_address(&address) {
            self.put_words(shown);
        } else if shown.is_empty() || is_same(shown, &address) {
            self.address(&address);
        } else {
            self.put_words(shown);
            self.put_words(&format!(" ({})", bare(&address)));
        }
        self.space |= text.ends_with(char::is_whitespace);
    }

    /// Writes an address, if it is one.
    fn address(&mut self, address: &str) {
        if is_address(address) {
            self.put_words(bare(address));
        }
    }

    /// Writes a picture as its address, and one that stands for a sign as this.
    fn picture(&mut self, tag: &Tag) {
        let instead = attribute(tag, "alt");
        let is_sign = !instead.trim().is_empty() && !instead.chars().any(|c| c.is_alphanumeric());
        if is_sign {
            self.push(&instead);
        } else if self.link.is_none() {
            self.space = true;
            self.address(&attribute(tag, "src"));
            self.space = true;
        }
    }
}

fn is_address(address: &str) -> bool {
    let address = address.trim();
    ["http://", "https://", "mailto:"].iter().any(|scheme| {
        let (begin, rest) = address.split_at_checked(scheme.len()).unwrap_or_default();
        begin.eq_ignore_ascii_case(scheme) && !rest.is_empty()
    })
}

/// An address as people write it.
fn bare(address: &str) -> &str {
    let address = address.trim();
    match address.split_at_checked(7) {
        Some((begin, rest)) if begin.eq_ignore_ascii_case("mailto:") => rest,
        _ => address,
    }
}

/// Whether the text of a link is its address, which may be cut off at the end.
fn is_same(text: &str, address: &str) -> bool {
    let short = |text: &str| {
        let text = text.split_once("://").map_or(text, |(_, rest)| rest);
        text.trim_end_matches('/').to_owned()
    };
    let address = short(bare(address));
    match text.strip_suffix("...").or_else(|| text.strip_suffix('…')) {
        Some(begin) => !short(begin).is_empty() && address.starts_with(&short(begin)),
        None => short(text) == address,
    }
}
