//! The text of a paragraph with its emphasis and links as Markdown.
//!
//! The signs of emphasis mean something only in the right company: what opens must touch the text it opens, and two
//! words with signs between them are read otherwise than a word and a comma. So blanks and, where it must be, commas
//! are moved out; what is written is then read again by the rules of `CommonMark`, and emphasis that would not be found
//! again is given up.

use super::content::{Look, Piece};
use super::escape::{Edge, Place, escape, escape_address, is_letter};
use super::run::{Kind, Run, runs, stretches};

/// How often emphasis is given up bit by bit before all of it is.
const TRIES: usize = 16;

/// A stretch that emphasis goes around as a whole.
#[derive(Clone, Debug)]
struct Item<'a> {
    content: Content<'a>,
    look: Look,
}

#[derive(Clone, Debug)]
enum Content<'a> {
    Words(&'a str),
    Blank(&'a str),
    /// Finished Markdown.
    Link(String),
    Break,
}

impl Item<'_> {
    fn is_blank(&self) -> bool {
        matches!(self.content, Content::Blank(_) | Content::Break)
    }
}

/// The pieces of a paragraph as Markdown; `links` are the addresses.
pub(super) fn inline(pieces: &[Piece], links: &[String], place: Place) -> String {
    let stretches = stretches(pieces, place.is_one_line());
    let runs = runs(&stretches);
    let mut items: Vec<Item<'_>> = Vec::new();
    let mut rest = runs.as_slice();
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|run| run.link == first.link).count();
        let (group, behind) = rest.split_at(count);
        match first.link.and_then(|link| links.get(link)) {
            Some(address) => {
                let is_word = |run: &&Run<'_>| run.kind == Kind::Words;
                let before = runs.iter().take(runs.len() - rest.len()).rev().find(is_word);
                let after = behind.iter().find(is_word);
                let [before, after] = [before, after].map(|run| run.map(|run| run.look).unwrap_or_default());
                items.push(link(group, address, before.or(after), place));
            }
            None => items.extend(group.iter().map(item_of)),
        }
        rest = behind;
    }
    emphasise(items, place)
}

/// A link as one item: what all of it looks like, and one of its neighbours too, goes around it.
fn link<'a>(runs: &[Run<'a>], address: &str, around: Look, place: Place) -> Item<'a> {
    let words = runs.iter().filter(|run| run.kind == Kind::Words);
    let common = words.fold(around, |look, run| look.and(run.look));
    let inside = runs.iter().map(|run| item_of(&Run { look: run.look.without(common), ..*run })).collect();
    let mut text = format!("[{}](", emphasise(inside, Place { link: true, ..place }));
    escape_address(&mut text, address);
    text.push(')');
    Item { content: Content::Link(text), look: common }
}

fn item_of<'a>(run: &Run<'a>) -> Item<'a> {
    let content = match run.kind {
        Kind::Words => Content::Words(run.text),
        Kind::Blank => Content::Blank(run.text),
        Kind::Break => Content::Break,
    };
    Item { content, look: run.look }
}

/// Items with emphasis around them that is certain to be found again.
fn emphasise(mut items: Vec<Item<'_>>, place: Place) -> String {
    for _ in 0..TRIES {
        blend_looks(&mut items);
        let tokens = tokens(&items);
        let parts = write(&tokens, place);
        let lost = lost(&tokens, &parts, place);
        if lost.is_empty() {
            return parts.concat();
        }
        for (mark, range) in lost {
            for item in items.get_mut(range).unwrap_or_default() {
                mark.clear(&mut item.look);
            }
        }
    }
    for item in &mut items {
        item.look = Look::default();
    }
    write(&tokens(&items), place).concat()
}

/// Blanks look like both of their neighbours do: Word often leaves them out of what is bold, or in.
fn blend_looks(items: &mut [Item<'_>]) {
    let mut next = Look::default();
    for item in items.iter_mut().rev() {
        if item.is_blank() {
            item.look = next;
        } else {
            next = item.look;
        }
    }
    let mut before = Look::default();
    for item in items {
        if item.is_blank() {
            item.look = item.look.and(before);
        } else {
            before = item.look;
        }
    }
}

/// A kind of emphasis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    // Of two that begin and end together the first goes outside: three asterisks are read so, and an asterisk between
    // other signs could as well end what was begun before.
    Italic,
    Bold,
    Strike,
}

impl Mark {
    const ALL: [Self; 3] = [Self::Italic, Self::Bold, Self::Strike];

    fn is_in(self, look: Look) -> bool {
        match self {
            Self::Strike => look.strike,
            Self::Italic => look.italic,
            Self::Bold => look.bold,
        }
    }

    fn clear(self, look: &mut Look) {
        match self {
            Self::Strike => look.strike = false,
            Self::Italic => look.italic = false,
            Self::Bold => look.bold = false,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Strike => "~~",
            Self::Italic => "*",
            Self::Bold => "**",
        }
    }
}

/// Items with the signs between them.
#[derive(Debug)]
enum Token<'a> {
    Text(String),
    Link(&'a str),
    Break,
    /// A sign before or behind the items from `first` to `end`; `partner` is the token that is the other.
    Sign {
        mark: Mark,
        first: usize,
        end: usize,
        partner: usize,
    },
}

/// Puts signs between the items, so that what lasts longer goes around what ends sooner.
fn tokens<'a>(items: &'a [Item<'_>]) -> Vec<Token<'a>> {
    let mut tokens = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        close(&mut tokens, &mut open, index, item.look);
        // What touches a blank opens nothing. Nothing lasts longer than what it is in.
        let most = open.last().map_or(items.len(), |around| around.until);
        let until = |mark: Mark| items.iter().take(most).skip(index).take_while(|item| mark.is_in(item.look)).count();
        let mut new: Vec<(Mark, usize)> = Mark::ALL
            .into_iter()
            .filter(|mark| !item.is_blank() && mark.is_in(item.look) && open.iter().all(|other| other.mark != *mark))
            .map(|mark| (mark, index + until(mark)))
            .collect();
        new.sort_by_key(|(_, until)| std::cmp::Reverse(*until));
        for (mark, until) in new {
            open.push(Open { mark, first: index, until, token: tokens.len() });
            tokens.push(Token::Sign { mark, first: index, end: index, partner: 0 });
        }
        match (&item.content, tokens.last_mut()) {
            (Content::Words(text) | Content::Blank(text), Some(Token::Text(before))) => before.push_str(text),
            (Content::Words(text) | Content::Blank(text), _) => tokens.push(Token::Text((*text).to_owned())),
            (Content::Link(text), _) => tokens.push(Token::Link(text)),
            (Content::Break, _) => tokens.push(Token::Break),
        }
    }
    close(&mut tokens, &mut open, items.len(), Look::default());
    tokens
}

/// Emphasis that has begun: from which item until before which, and at which token.
struct Open {
    mark: Mark,
    first: usize,
    until: usize,
    token: usize,
}

/// Ends the emphasis that the next item has not, and what was begun inside of it.
fn close(tokens: &mut Vec<Token<'_>>, open: &mut Vec<Open>, index: usize, look: Look) {
    let keep = open.iter().take_while(|open| open.mark.is_in(look)).count();
    for Open { mark, first, token, .. } in open.drain(keep..).rev() {
        let last = tokens.len();
        if let Some(Token::Sign { end, partner, .. }) = tokens.get_mut(token) {
            (*end, *partner) = (index, last);
        }
        tokens.push(Token::Sign { mark, first, end: index, partner: token });
    }
}

/// Each token as it is written.
fn write(tokens: &[Token<'_>], place: Place) -> Vec<String> {
    let outer = if place.link { Edge::Markup } else { Edge::Paragraph };
    let edge = |token: Option<&Token<'_>>| match token {
        None => outer,
        Some(Token::Break) => Edge::Line,
        Some(_) => Edge::Markup,
    };
    let one = |(index, token): (usize, &Token<'_>)| match token {
        Token::Text(text) => {
            let before = edge(index.checked_sub(1).and_then(|before| tokens.get(before)));
            let mut written = String::with_capacity(text.len() + 8);
            escape(&mut written, text, before, edge(tokens.get(index + 1)), place);
            written
        }
        Token::Link(text) => (*text).to_owned(),
        Token::Break => "\\\n".to_owned(),
        Token::Sign { mark, .. } => mark.sign().to_owned(),
    };
    tokens.iter().enumerate().map(one).collect()
}

/// What a character is for the rules of emphasis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Blank,
    Sign,
    Letter,
    /// One or the other: the tables of Unicode would tell.
    Unknown,
}

/// What a character is, as far as the rules of emphasis ask.
pub(super) fn class(character: char) -> Class {
    match character {
        _ if character.is_whitespace() => Class::Blank,
        _ if character.is_ascii_punctuation() => Class::Sign,
        _ if is_letter(character) => Class::Letter,
        // Marks on letters, as decomposed Vietnamese has them, and characters without a form.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => Class::Letter,
        '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{bf}' | '×' | '÷' => Class::Sign,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}' => Class::Sign,
        '\u{2190}'..='\u{23ff}' | '\u{2500}'..='\u{2767}' | '\u{2794}'..='\u{2b59}' => Class::Sign,
        _ => Class::Unknown,
    }
}

/// Signs of one kind in a row, which are read together.
struct Delimiters {
    sign: char,
    /// The tokens, from the left.
    tokens: Vec<usize>,
    length: usize,
    opens: bool,
    closes: bool,
}

impl Delimiters {
    /// Whether this may open what the other closes. Signs that could do both must not add up to three.
    fn fits(&self, closer: &Self) -> bool {
        let both = closer.opens || self.closes;
        let threes = self.length.is_multiple_of(3) && closer.length.is_multiple_of(3);
        let three = (self.length + closer.length).is_multiple_of(3) && !threes;
        self.sign == closer.sign && !(both && three) && (self.sign != '~' || self.length == closer.length)
    }
}

/// The emphasis that a reader would not find, as ranges of items. GitHub's readers look through the signs of
/// strikethrough at what is behind them and others do not, so both ways have to lead to it.
fn lost(tokens: &[Token<'_>], parts: &[String], place: Place) -> Vec<(Mark, std::ops::Range<usize>)> {
    let readings = [false, true].map(|through_strike| {
        let all = delimiters(tokens, parts, place, through_strike);
        Reading { tokens, all, fates: vec![Fate::Unfound; tokens.len()] }.read()
    });
    let range = |index: usize| match tokens.get(index) {
        Some(Token::Sign { mark, first, end, .. }) => Some((*mark, *first..*end)),
        _ => None,
    };
    let all = |fate: Fate| {
        let has = |index: &usize| readings.iter().any(|reading| reading.fates.get(*index) == Some(&fate));
        (0..tokens.len()).filter(has).filter_map(range).collect::<Vec<_>>()
    };
    // What came in the way may be all that kept the rest from being found.
    let wrong = all(Fate::Wrong);
    if wrong.is_empty() { all(Fate::Unfound) } else { wrong }
}

fn delimiters(tokens: &[Token<'_>], parts: &[String], place: Place, through_strike: bool) -> Vec<Delimiters> {
    let mut all = Vec::new();
    let sign_of = |index: usize| match tokens.get(index) {
        Some(Token::Sign { mark, .. }) => mark.sign().chars().next(),
        _ => None,
    };
    let outer = |bracket: char| class(if place.link { bracket } else { '\n' });
    let counts = |character: &char| !through_strike || *character != '~';
    let mut index = 0;
    while index < tokens.len() {
        let Some(sign) = sign_of(index) else {
            index += 1;
            continue;
        };
        let end = (index..tokens.len()).find(|next| sign_of(*next) != Some(sign)).unwrap_or(tokens.len());
        let length = parts.get(index..end).unwrap_or_default().iter().map(String::len).sum();
        let mut before = parts.get(..index).unwrap_or_default().iter().rev().flat_map(|part| part.chars().rev());
        let mut after = parts.get(end..).unwrap_or_default().iter().flat_map(|part| part.chars());
        let before = before.find(counts).map_or(outer('['), class);
        let after = after.find(counts).map_or(outer(']'), class);
        let (opens, closes) = flanks(before, after);
        all.push(Delimiters { sign, tokens: (index..end).collect(), length, opens, closes });
        index = end;
    }
    all
}

/// Whether signs between two characters can open and can close; neither if that is not certain.
fn flanks(before: Class, after: Class) -> (bool, bool) {
    let certain = |before: Class, after: Class| {
        let opens = after != Class::Blank && (after != Class::Sign || before != Class::Letter);
        let closes = before != Class::Blank && (before != Class::Sign || after != Class::Letter);
        (opens, closes)
    };
    let cases = |class: Class| match class {
        Class::Unknown => [Class::Sign, Class::Letter],
        class => [class, class],
    };
    let mut results = cases(before).into_iter().flat_map(|before| cases(after).map(|after| certain(before, after)));
    let first = results.next().unwrap_or_default();
    if results.all(|result| result == first) { first } else { (false, false) }
}

/// The signs as a reader takes them.
struct Reading<'a> {
    tokens: &'a [Token<'a>],
    all: Vec<Delimiters>,
    /// What becomes of each token.
    fates: Vec<Fate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is no sign, or found no partner.
    Unfound,
    /// It found the partner it was meant for.
    Found,
    /// It came in the way of others.
    Wrong,
}

impl Reading<'_> {
    /// Reads the signs by the rules of `CommonMark`.
    fn read(mut self) -> Self {
        let mut waiting: Vec<usize> = Vec::new();
        // Before these, openers for such a closer were looked for in vain.
        let mut bottoms = [[[0; 3]; 2]; 2];
        for closer in 0..self.all.len() {
            self.leave_out_wrong(closer);
            while let Some(this) = self.all.get(closer)
                && this.closes
                && !this.tokens.is_empty()
            {
                let of_kind = bottoms.get_mut(usize::from(this.sign == '~'));
                let of_kind = of_kind.and_then(|rest| rest.get_mut(usize::from(this.opens)));
                let Some(bottom) = of_kind.and_then(|rest| rest.get_mut(this.length % 3)) else {
                    break;
                };
                let known = waiting.partition_point(|index| *index < *bottom);
                let searched = waiting.get(known..).unwrap_or_default();
                let fits = |index: &usize| self.all.get(*index).is_some_and(|opener| opener.fits(this));
                let Some(at) = searched.iter().rposition(fits) else {
                    *bottom = closer;
                    break;
                };
                waiting.truncate(known + at + 1);
                let opener = waiting.last().copied().unwrap_or_default();
                self.take_pair(opener, closer);
                self.leave_out_wrong(opener);
                self.leave_out_wrong(closer);
                if self.all.get(opener).is_some_and(|opener| opener.tokens.is_empty()) {
                    waiting.pop();
                }
            }
            if self.all.get(closer).is_some_and(|this| this.opens && !this.tokens.is_empty()) {
                waiting.push(closer);
            }
        }
        self
    }

    /// Pairs the innermost signs of an opener and a closer. If they were not meant for each other, the one that spans
    /// less gives way.
    fn take_pair(&mut self, opener: usize, closer: usize) {
        let remaining = |index: usize| self.all.get(index).map(|run| run.tokens.as_slice()).unwrap_or_default();
        let (left, right) = (remaining(opener).last().copied(), remaining(closer).first().copied());
        let (Some(left), Some(right)) = (left, right) else {
            return;
        };
        let length = |index: usize| remaining(index).iter().map(|token| self.sign_length(*token)).sum::<usize>();
        let used = if length(opener) >= 2 && length(closer) >= 2 { 2 } else { 1 };
        let meant = self.partner(left) == Some(right) && left < right && self.sign_length(left) == used;
        if meant {
            for (run, token) in [(opener, left), (closer, right)] {
                if let Some(run) = self.all.get_mut(run) {
                    run.tokens.retain(|other| *other != token);
                }
                self.note(token, Fate::Found);
            }
        } else {
            let loser = if self.span(left) < self.span(right) { left } else { right };
            self.note(loser, Fate::Wrong);
            if let Some(partner) = self.partner(loser) {
                self.note(partner, Fate::Wrong);
            }
        }
    }

    fn leave_out_wrong(&mut self, run: usize) {
        let fates = &self.fates;
        if let Some(run) = self.all.get_mut(run) {
            run.tokens.retain(|token| fates.get(*token) != Some(&Fate::Wrong));
        }
    }

    fn note(&mut self, token: usize, fate: Fate) {
        if let Some(noted) = self.fates.get_mut(token) {
            *noted = fate;
        }
    }

    fn partner(&self, token: usize) -> Option<usize> {
        match self.tokens.get(token) {
            Some(Token::Sign { partner, .. }) => Some(*partner),
            _ => None,
        }
    }

    fn span(&self, token: usize) -> usize {
        match self.tokens.get(token) {
            Some(Token::Sign { first, end, .. }) => end - first,
            _ => 0,
        }
    }

    fn sign_length(&self, token: usize) -> usize {
        match self.tokens.get(token) {
            Some(Token::Sign { mark, .. }) => mark.sign().len(),
            _ => 0,
        }
    }
}
