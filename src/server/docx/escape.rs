//! Text as Markdown: each character that would be markup where it stands gets a backslash, and no other.

/// Where text stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// In a cell of a table, whose border is a character.
    pub table: bool,
    /// Between the brackets of a link or a picture.
    pub link: bool,
    /// Behind the sign of a heading, where a line cannot begin with anything.
    pub heading: bool,
}

impl Place {
    /// Whether all must stand on one line.
    pub fn is_one_line(self) -> bool {
        self.table || self.heading
    }
}

/// What text borders on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// The beginning or the end of a paragraph.
    Paragraph,
    /// A break of lines.
    Line,
    /// Markup.
    Markup,
}

/// Adds text to Markdown so that it means itself.
pub(super) fn escape(out: &mut String, text: &str, before: Edge, after: Edge, place: Place) {
    let characters: Vec<char> = text.chars().collect();
    let mut writer = Writer { out, characters: &characters, before, after, place, broken: 0 };
    writer.write();
}

/// The title of a picture, which stands in quotation marks.
pub(super) fn escape_title(out: &mut String, text: &str) {
    escape_entities(out, text, |character| matches!(character, '"' | '\\'));
}

/// An address between the round brackets of a link. Backslashes, brackets and blanks are not in it any more.
pub(super) fn escape_address(out: &mut String, address: &str) {
    escape_entities(out, address, |_| false);
}

/// Where no other markup is read, entities still are, and not every reader lets a backslash stop that.
fn escape_entities(out: &mut String, text: &str, is_special: fn(char) -> bool) {
    let characters: Vec<char> = text.chars().collect();
    for (index, character) in characters.iter().enumerate() {
        match character {
            '&' if is_entity(&characters, index) => out.push_str("&amp;"),
            _ if is_special(*character) => out.extend(['\\', *character]),
            _ => out.push(*character),
        }
    }
}

struct Writer<'a> {
    out: &'a mut String,
    characters: &'a [char],
    before: Edge,
    after: Edge,
    place: Place,
    /// Until here, addresses are broken up.
    broken: usize,
}

impl Writer<'_> {
    fn get(&self, index: usize) -> Option<char> {
        self.characters.get(index).copied()
    }

    fn write(&mut self) {
        let mut index =
            if self.before == Edge::Markup || self.place.is_one_line() { 0 } else { self.write_line_start() };
        while let Some(character) = self.get(index) {
            index = if begins_address(self.characters, index) {
                self.write_address(index)
            } else {
                self.write_character(index, character)
            };
        }
    }

    /// Writes what would begin a block at the beginning of a line, and gives where to go on.
    fn write_line_start(&mut self) -> usize {
        let Some(first) = self.get(0) else {
            return 0;
        };
        let run = self.run_length(0, first);
        let blank_behind = |index: usize| self.get(index).is_none_or(|next| next == ' ');
        let rule = self.after != Edge::Markup && self.characters.iter().all(|character| "-=:| ".contains(*character));
        match first {
            '#' if run <= 6 && blank_behind(run) => self.push_escaped(first),
            '>' => self.push_escaped(first),
            '+' | '-' if blank_behind(1) => self.push_escaped(first),
            // The line under a heading, between the head and the body of a table, or between paragraphs.
            '-' | '=' | ':' | '|' if rule => self.push_escaped(first),
            // Bullets, lines across and fences.
            '*' | '_' | '~' => {
                (0..run).for_each(|_| self.push_escaped(first));
                return run;
            }
            '0'..='9' => {
                let digits = self.characters.iter().take_while(|character| character.is_ascii_digit()).count();
                let item = matches!(self.get(digits), Some('.' | ')')) && blank_behind(digits + 1) && digits <= 9;
                if !item {
                    return 0;
                }
                self.out.extend(self.characters.iter().take(digits));
                if let Some(sign) = self.get(digits) {
                    self.push_escaped(sign);
                }
                return digits + 1;
            }
            _ => return 0,
        }
        1
    }

    /// Writes a character, or a run of one, and gives where to go on.
    fn write_character(&mut self, index: usize, character: char) -> usize {
        let next = self.get(index + 1);
        let special = match character {
            // The bracket around an address is a sign as well.
            '\\' => next.is_none_or(|next| next.is_ascii_punctuation()) || begins_address(self.characters, index + 1),
            // A footnote would begin like that.
            '^' => self.place.link && index == 0,
            '`' | '[' => true,
            ']' => self.place.link,
            '|' => self.place.table,
            '<' => {
                next.is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(next))
                    || self.begins_mail(index + 1)
            }
            '&' => is_entity(self.characters, index),
            // Before the bracket of a link it would make a picture.
            '!' => next.is_none() && self.after == Edge::Markup,
            '#' => self.closes_heading(index),
            '*' | '_' | '~' => return self.write_run(index, character),
            _ => false,
        };
        if special {
            self.push_escaped(character);
        } else {
            self.out.push(character);
        }
        index + 1
    }

    /// Whether the address of a mailbox may begin here, which between angle brackets is a link.
    fn begins_mail(&self, index: usize) -> bool {
        let is_local =
            |character: &&char| character.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(**character);
        let length = self.characters.iter().skip(index).take_while(is_local).count();
        match self.get(index + length) {
            Some(next) => next == '@' && length > 0,
            None => self.after == Edge::Markup,
        }
    }

    /// Signs of emphasis mean nothing between blanks, nor underscores in words.
    fn write_run(&mut self, index: usize, character: char) -> usize {
        let end = index + self.run_length(index, character);
        let before = index.checked_sub(1).and_then(|before| self.get(before));
        let after = self.get(end);
        let blank = |edge: Edge, neighbour: Option<char>| match neighbour {
            Some(neighbour) => neighbour == ' ',
            None => edge != Edge::Markup,
        };
        let blanks = blank(self.before, before) && blank(self.after, after);
        let words = character == '_' && before.is_some_and(is_letter) && after.is_some_and(is_letter);
        for _ in index..end {
            if blanks || words {
                self.out.push(character);
            } else {
                self.push_escaped(character);
            }
        }
        end
    }

    /// Signs at the end of a heading are no part of it if a blank goes before them.
    fn closes_heading(&self, index: usize) -> bool {
        let before = index.checked_sub(1).and_then(|before| self.get(before));
        self.place.heading
            && self.after != Edge::Markup
            && before.is_none_or(|before| before == ' ')
            && index + self.run_length(index, '#') == self.characters.len()
    }

    /// Writes an address of the web, and gives where to go on. Many readers of Markdown make a link of it as it stands,
    /// with backslashes and all, so it cannot have any.
    fn write_address(&mut self, start: usize) -> usize {
        // Within one that is broken up already, the next cannot stay whole either.
        let broken = start < self.broken;
        let end = if broken { self.broken } else { self.address_end(start) };
        let address = self.characters.get(start..end).unwrap_or_default();
        let ends_in_markup = match self.get(end) {
            // Blanks from beyond ASCII do not end an address for every reader.
            Some(next) => next == '<' || !next.is_ascii(),
            None => self.after != Edge::Paragraph,
        };
        if !broken && (self.place.link || !ends_in_markup) {
            let after = if end == self.characters.len() { self.after } else { Edge::Paragraph };
            let plain: String = address.iter().collect();
            let mut written = String::new();
            let mut inner = Writer {
                out: &mut written,
                characters: address,
                before: Edge::Markup,
                after,
                place: self.place,
                broken: 0,
            };
            let mut index = 0;
            while let Some(character) = inner.get(index) {
                index = inner.write_character(index, character);
            }
            if self.place.link || written == plain {
                self.out.push_str(&written);
                return end;
            }
        }
        let sign = address.iter().take("https:".len()).position(|character| *character == ':');
        if !broken
            && sign.is_some()
            && let Some(body) = bracketed(address)
        {
            self.out.push('<');
            self.out.push_str(&if self.place.table { body.replace('|', "\\|") } else { body.clone() });
            self.out.push('>');
            return start + body.chars().count();
        }
        // Broken up it is no link any more, but it keeps its characters.
        self.broken = self.broken.max(end);
        let sign = sign.unwrap_or("www".len());
        self.out.extend(address.iter().take(sign));
        if let Some(sign) = address.get(sign) {
            self.push_escaped(*sign);
        }
        start + sign + 1
    }

    fn address_end(&self, start: usize) -> usize {
        let rest = self.characters.iter().skip(start);
        start + rest.take_while(|character| !character.is_whitespace() && **character != '<').count()
    }

    fn run_length(&self, index: usize, character: char) -> usize {
        self.characters.iter().skip(index).take_while(|next| **next == character).count()
    }

    fn push_escaped(&mut self, character: char) {
        self.out.push('\\');
        self.out.push(character);
    }
}

/// An address as it can stand between angle brackets, where nothing in it is markup. What ends a sentence is no part of
/// it.
fn bracketed(address: &[char]) -> Option<String> {
    let plain: String = address.iter().collect();
    let body = plain.trim_end_matches(|last: char| "?!.,:;*_~'\")]}".contains(last));
    let length = body.chars().count();
    let fits = !body.contains(['<', '>', '\\'])
        && !body.chars().any(char::is_control)
        && !(0..length).any(|index| address.get(index) == Some(&'&') && is_entity(address, index));
    if fits && length > "https://".len() { Some(body.to_owned()) } else { None }
}

/// Whether an address of the web begins here, for readers who look for them.
fn begins_address(characters: &[char], index: usize) -> bool {
    const SCHEMES: [&str; 3] = ["http://", "https://", "ftp://"];
    let rest = characters.get(index..).unwrap_or_default();
    let begins = |start: &str| {
        let mut letters = rest.iter();
        start.chars().all(|expected| letters.next().is_some_and(|letter| letter.eq_ignore_ascii_case(&expected)))
    };
    let before = index.checked_sub(1).and_then(|before| characters.get(before));
    match rest.first() {
        Some('h' | 'H' | 'f' | 'F') => {
            before.is_none_or(|before| !before.is_ascii_alphabetic()) && SCHEMES.into_iter().any(begins)
        }
        Some('w' | 'W') => {
            before.is_none_or(|before| before.is_whitespace() || "*_~([".contains(*before)) && begins("www.")
        }
        _ => false,
    }
}

/// Whether an ampersand here begins an entity.
fn is_entity(characters: &[char], index: usize) -> bool {
    const LONGEST: usize = 33;
    let mut name = characters.iter().skip(index + 1).take(LONGEST);
    let Some(first) = name.next() else {
        return false;
    };
    (first.is_ascii_alphanumeric() || *first == '#')
        && name.find(|next| !next.is_ascii_alphanumeric()).is_some_and(|next| *next == ';')
}

/// Whether a character is neither blank nor a sign, for certain.
pub(super) fn is_letter(character: char) -> bool {
    // Letters in circles and squares count as letters for Rust and as signs for Markdown.
    let enclosed = matches!(u32::from(character), 0x24b6..=0x24e9 | 0x1f130..=0x1f189);
    character.is_alphanumeric() && !enclosed
}
