//! Figures: exact decimal numbers, as people report them, and how they are read and shown.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::lang::Lang;
use super::number;

/// The decimals that a figure may have.
const MOST_DECIMALS: u8 = 6;
/// What a figure stays below, whatever its sign.
const LIMIT: i128 = 1_000_000_000_000_000;
/// The decimals of a mean, where the sum has no more.
const MEAN_DECIMALS: u8 = 2;
/// How many parts of the ratio are a whole.
const WHOLE_RATIO: i128 = 10_000;
/// What may stand between groups of digits beside `.` and `,`: the space, and those that keep a number in one line.
const SPACES: [char; 5] = [' ', '\u{a0}', '\u{2007}', '\u{2009}', '\u{202f}'];
/// The dashes that stand for no figure.
const DASHES: [&str; 3] = ["-", "–", "—"];

/// An exact decimal number below 10¹⁵, whatever its sign, with at most 6 decimals. One number has one form: decimals
/// do not end in zeros. It goes over the wire as text ([`Figure::plain`]), which no reader rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Figure {
    mantissa: i64,
    scale: u8,
}

impl Figure {
    /// Nothing.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// The number `mantissa / 10^scale`. `None` if it is too large or has too many decimals.
    pub fn new(mantissa: i64, scale: u8) -> Option<Self> {
        Self::of(i128::from(mantissa), scale)
    }

    /// A whole number. `None` if it is too large; one of 32 bits never is, and comes by `From`.
    pub fn whole(number: i64) -> Option<Self> {
        Self::new(number, 0)
    }

    fn of(mut mantissa: i128, mut scale: u8) -> Option<Self> {
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        if scale > MOST_DECIMALS || mantissa.abs() >= LIMIT * power(scale) {
            return None;
        }
        Some(Self { mantissa: i64::try_from(mantissa).ok()?, scale })
    }

    /// The digits, without the decimal sign.
    pub const fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// How many of the digits are decimals: 0 to 6.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// The digits with at least as many decimals as it has: `scale` is not below its own.
    fn at(self, scale: u8) -> i128 {
        i128::from(self.mantissa) * power(scale.saturating_sub(self.scale))
    }

    /// The sum. `None` if it is too large.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        Self::of(self.at(scale) + other.at(scale), scale)
    }

    /// The difference. `None` if it is too large.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        Self::of(self.at(scale) - other.at(scale), scale)
    }

    /// The mean of `count` figures with this sum, with two decimals or as many as the sum has, halves away from zero.
    /// `None` if there are none.
    pub fn mean(sum: Self, count: u32) -> Option<Self> {
        let scale = sum.scale.max(MEAN_DECIMALS);
        Self::of(divide(sum.at(scale), i128::from(count))?, scale)
    }

    /// How much a part is of a whole, in ten-thousandths (12.5 % is 1250), halves away from zero. `None` if the whole
    /// is nothing, or so little that the ratio has no place in 64 bits.
    pub fn ratio(part: Self, whole: Self) -> Option<i64> {
        let scale = part.scale.max(whole.scale);
        i64::try_from(divide(part.at(scale) * WHOLE_RATIO, whole.at(scale))?).ok()
    }

    /// The nearest floating-point number: for drawing only, since sums of those are not exact.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.mantissa as f64 / power(self.scale) as f64
    }

    /// As people read it: `1.234,5` in Vietnamese, `1,234.5` in English.
    pub fn show(self, lang: Lang) -> String {
        let sign = match lang {
            Lang::Vi => ',',
            Lang::En => '.',
        };
        self.write(|whole| number::whole(whole, lang), sign)
    }

    /// As programs read it: `1234.5`.
    pub fn plain(self) -> String {
        self.write(|whole| whole.to_string(), '.')
    }

    fn write(self, whole: impl Fn(u64) -> String, sign: char) -> String {
        let minus = if self.is_negative() { "-" } else { "" };
        let one = 10_u64.pow(u32::from(self.scale));
        let digits = self.mantissa.unsigned_abs();
        let whole = whole(digits / one);
        if self.scale == 0 {
            return format!("{minus}{whole}");
        }
        format!("{minus}{whole}{sign}{:0width$}", digits % one, width = usize::from(self.scale))
    }

    /// Reads what [`Figure::plain`] writes, and nothing looser but zeros at either end. `None` for anything else.
    pub fn parse_plain(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, decimals) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (digits, ""),
        };
        if whole.is_empty() || !is_digits(whole) || !is_digits(decimals) {
            return None;
        }
        figure(negative, whole, decimals).ok()
    }
}

impl From<u32> for Figure {
    fn from(number: u32) -> Self {
        Self { mantissa: i64::from(number), scale: 0 }
    }
}

impl From<i32> for Figure {
    fn from(number: i32) -> Self {
        Self { mantissa: i64::from(number), scale: 0 }
    }
}

impl From<Figure> for String {
    fn from(figure: Figure) -> Self {
        figure.plain()
    }
}

impl TryFrom<String> for Figure {
    type Error = Unreadable;

    fn try_from(text: String) -> Result<Self, Unreadable> {
        Self::parse_plain(&text).ok_or(Unreadable::NotANumber)
    }
}

impl Ord for Figure {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at(MOST_DECIMALS).cmp(&other.at(MOST_DECIMALS))
    }
}

impl PartialOrd for Figure {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What a person may have meant by a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// Just this.
    One(Figure),
    /// It depends on what the separator means, as in `1.234`: only the person knows.
    Either {
        /// The figure if the separator groups the digits: 1234.
        thousands: Figure,
        /// The figure if decimals come after the separator: 1.234.
        decimal: Figure,
    },
}

impl Reading {
    /// The figure, once it is known whether the separator groups the digits.
    pub const fn chosen(self, thousands: bool) -> Figure {
        match self {
            Self::One(figure) => figure,
            Self::Either { thousands: figure, .. } if thousands => figure,
            Self::Either { decimal, .. } => decimal,
        }
    }
}

/// Why a text is not read as a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unreadable {
    /// Nothing is there, or the dash that says so.
    Empty,
    /// Something else than a number.
    NotANumber,
    /// A number with too many digits: of 10¹⁵ or more, or of more digits than fit in 64 bits.
    TooLarge,
    /// More than 6 decimals, not counting zeros at the end.
    TooPrecise,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "nothing is there",
            Self::NotANumber => "not a number",
            Self::TooLarge => "the number is too large",
            Self::TooPrecise => "the number has too many decimals",
        })
    }
}

impl std::error::Error for Unreadable {}

/// Reads a figure as people and spreadsheets write it: `1.234,5`, `1,234.5`, `1 234 567`, `-5`, `(5)` for -5, `12,5%`
/// for 12.5. Digits are ASCII, and groups have three.
///
/// # Errors
/// Why it is no figure.
pub fn read(text: &str) -> Result<Reading, Unreadable> {
    let text = text.trim();
    // With an apostrophe, spreadsheets keep as text what looks like a number.
    let text = text.strip_prefix('\'').unwrap_or(text).trim();
    if text.is_empty() || DASHES.contains(&text) {
        return Err(Unreadable::Empty);
    }
    let (negative, text) = unsigned(text).ok_or(Unreadable::NotANumber)?;
    let (whole, decimals) = match separated(text).ok_or(Unreadable::NotANumber)? {
        Separated::Known { whole, decimals } => (whole, decimals),
        Separated::Unknown { before, after } => {
            return Ok(Reading::Either {
                thousands: figure(negative, &format!("{before}{after}"), "")?,
                decimal: figure(negative, before, after)?,
            });
        }
    };
    figure(negative, &whole, decimals).map(Reading::One)
}

/// Whether there is a minus sign or the parentheses that mean it to an accountant, and the rest without these and
/// without the per cent sign.
fn unsigned(text: &str) -> Option<(bool, &str)> {
    let percent = |text: &str| text.ends_with('%');
    let outer = text.strip_suffix('%').unwrap_or(text).trim_end();
    if let Some(inner) = outer.strip_prefix('(') {
        let inner = inner.strip_suffix(')')?.trim();
        let bare = inner.strip_suffix('%').unwrap_or(inner).trim_end();
        return (!(percent(text) && percent(inner))).then_some((true, bare));
    }
    let minus = outer.strip_prefix(['-', '\u{2212}']);
    let bare = minus.or_else(|| outer.strip_prefix('+')).unwrap_or(outer);
    Some((minus.is_some(), bare.trim_start()))
}

/// The digits of a number by what they are.
enum Separated<'t> {
    /// It is clear which the decimals are.
    Known { whole: String, decimals: &'t str },
    /// What follows the separator may be decimals or a group.
    Unknown { before: &'t str, after: &'t str },
}

impl<'t> Separated<'t> {
    fn new(whole: &str, decimals: &'t str) -> Self {
        Self::Known { whole: whole.to_owned(), decimals }
    }
}

fn separated(text: &str) -> Option<Separated<'_>> {
    let spaced = text.contains(SPACES);
    let Some((at, sign)) = text.char_indices().rfind(|(_, c)| matches!(c, '.' | ',')) else {
        let whole = if spaced { grouped(text, &SPACES)? } else { digits(text)?.to_owned() };
        return Some(Separated::Known { whole, decimals: "" });
    };
    let (before, after) = (text.get(..at)?, digits(text.get(at + 1..)?)?);
    let other = if sign == '.' { ',' } else { '.' };
    match (spaced, before.contains(sign), before.contains(other)) {
        (false, false, false) => single(before, after),
        // The same sign several times does not stand before decimals.
        (false, true, false) => Some(Separated::new(&grouped(text, &[sign])?, "")),
        (false, false, true) => Some(Separated::new(&grouped(before, &[other])?, after)),
        (true, false, false) => Some(Separated::new(&grouped(before, &SPACES)?, after)),
        _ => None,
    }
}

/// A number with one separator in it.
fn single<'t>(before: &'t str, after: &'t str) -> Option<Separated<'t>> {
    if before.is_empty() {
        return Some(Separated::new("0", after));
    }
    let before = digits(before)?;
    let unknown = before.len() <= 3 && !before.starts_with('0') && after.len() == 3;
    Some(if unknown { Separated::Unknown { before, after } } else { Separated::new(before, after) })
}

/// The digits of a number in groups of three, of which the first may have less and begins with no zero.
fn grouped(text: &str, separators: &[char]) -> Option<String> {
    let (first, rest) = text.split_at(text.find(separators)?);
    let mut whole = digits(first).filter(|first| first.len() <= 3 && !first.starts_with('0'))?.to_owned();
    for group in rest.split(separators).skip(1) {
        whole.push_str(digits(group).filter(|group| group.len() == 3)?);
    }
    Some(whole)
}

/// The text, if it is digits and nothing else.
fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && is_digits(text)).then_some(text)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The figure of some digits.
fn figure(negative: bool, whole: &str, decimals: &str) -> Result<Figure, Unreadable> {
    let decimals = decimals.trim_end_matches('0');
    let scale = u8::try_from(decimals.len()).ok().filter(|scale| *scale <= MOST_DECIMALS);
    let scale = scale.ok_or(Unreadable::TooPrecise)?;
    let mut mantissa: i64 = 0;
    for byte in whole.bytes().chain(decimals.bytes()) {
        let digit = i64::from(byte.saturating_sub(b'0'));
        let longer = mantissa.checked_mul(10).and_then(|tens| tens.checked_add(digit));
        mantissa = longer.ok_or(Unreadable::TooLarge)?;
    }
    Figure::new(if negative { -mantissa } else { mantissa }, scale).ok_or(Unreadable::TooLarge)
}

/// 10 to the power of a number of decimals.
fn power(scale: u8) -> i128 {
    10_i128.pow(u32::from(scale.min(MOST_DECIMALS)))
}

/// The quotient as a whole number, halves away from zero. `None` if nothing is divided by.
fn divide(number: i128, by: i128) -> Option<i128> {
    let (half, sign) = (by.abs() / 2, number.signum() * by.signum());
    // With a divisor that is odd there are no halves, and its half rounded down is still the bound.
    (number.abs() + half).checked_div(by.abs()).map(|quotient| quotient * sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Figure {
        Figure::parse_plain(text).unwrap()
    }

    fn one(text: &str) -> Result<Reading, Unreadable> {
        Ok(Reading::One(plain(text)))
    }

    /// Numbers that are the same in every run.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0
        }

        /// A figure of any number of digits.
        fn figure(&mut self) -> Figure {
            loop {
                let mantissa = (self.roll() as i64) >> (self.roll() % 64);
                let scale = (self.roll() % 7) as u8;
                if let Some(figure) = Figure::new(mantissa, scale) {
                    return figure;
                }
            }
        }
    }

    #[test]
    fn figures_are_read_as_people_write_them() {
        for (text, expected) in [
            ("0", "0"),
            ("5", "5"),
            ("007", "7"),
            ("1234", "1234"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1.234,567", "1234.567"),
            ("1,234.567", "1234.567"),
            ("12.345.678,9", "12345678.9"),
            ("1.234.567", "1234567"),
            ("1,234,567", "1234567"),
            ("1 234 567", "1234567"),
            ("1 234", "1234"),
            ("1 234,567", "1234.567"),
            ("1 234.5", "1234.5"),
            ("1\u{a0}234\u{a0}567,5", "1234567.5"),
            ("1\u{202f}234\u{202f}567", "1234567"),
            ("1\u{2009}234", "1234"),
            ("12,5", "12.5"),
            ("12.5", "12.5"),
            ("0,125", "0.125"),
            ("0.125", "0.125"),
            ("00.125", "0.125"),
            (",5", "0.5"),
            (".125", "0.125"),
            ("1234,567", "1234.567"),
            ("1234.567", "1234.567"),
            ("1,2345", "1.2345"),
            ("12,50", "12.5"),
            ("0,123456", "0.123456"),
            ("1.5000000000", "1.5"),
            ("999999999999999", "999999999999999"),
            ("0000000000000000000000000000005", "5"),
        ] {
            assert_eq!(read(text), one(expected), "{text}");
        }
    }

    #[test]
    fn signs_and_what_stands_around_a_figure_are_understood() {
        for (text, expected) in [
            ("+5", "5"),
            ("-5", "-5"),
            ("- 5", "-5"),
            ("−5", "-5"),
            ("(5)", "-5"),
            ("( 1.234,5 )", "-1234.5"),
            ("(5%)", "-5"),
            ("(5)%", "-5"),
            ("12,5%", "12.5"),
            ("12,5 %", "12.5"),
            ("-0", "0"),
            ("'123", "123"),
            ("'-1,5", "-1.5"),
            (" \u{a0}\t5\r\n", "5"),
        ] {
            assert_eq!(read(text), one(expected), "{text}");
        }
    }

    #[test]
    fn one_separator_before_three_digits_is_asked_about() {
        for (text, thousands, decimal) in [
            ("1.234", "1234", "1.234"),
            ("1,234", "1234", "1.234"),
            ("12.500", "12500", "12.5"),
            ("123,000", "123000", "123"),
            ("-1.234", "-1234", "-1.234"),
            ("(1,234)", "-1234", "-1.234"),
            ("'1.234%", "1234", "1.234"),
        ] {
            let reading = read(text).unwrap();
            assert_eq!(reading, Reading::Either { thousands: plain(thousands), decimal: plain(decimal) }, "{text}");
            assert_eq!((reading.chosen(true), reading.chosen(false)), (plain(thousands), plain(decimal)));
        }
        let sure = read("12,5").unwrap();
        assert_eq!((sure.chosen(true), sure.chosen(false)), (plain("12.5"), plain("12.5")));
    }

    #[test]
    fn what_says_nothing_is_empty() {
        for text in ["", " ", "\u{a0}", "-", " – ", "—", "'", "'-"] {
            assert_eq!(read(text), Err(Unreadable::Empty), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_not_read_as_one() {
        for text in [
            "a",
            "5 người",
            "1e5",
            "0x10",
            "NaN",
            "inf",
            "１２",
            "١٢",
            "½",
            "5²",
            "5.",
            "5,",
            ".",
            ",",
            "%",
            "%5",
            "5%%",
            "(5%)%",
            "+",
            "−",
            "--5",
            "+-5",
            "5-",
            "(5",
            "5)",
            "()",
            "(-5)",
            "((5))",
            "-(5)",
            "1.23.456",
            "1.2345.678",
            "1.234.56",
            "1234.567.890",
            "0.123.456",
            "0.123,5",
            "01,234.5",
            "1.234,5,6",
            "1,234.5,6",
            "1.234,567.8",
            "12.34,5",
            ".234,5",
            "1..234",
            "1.,5",
            "1,.5",
            "1 23",
            "1  234",
            "1 2345",
            "12 34,5",
            "0 123",
            "1 234.567,8",
            "1 234.567.890",
            "1 234, 5",
            "1,234 567",
            "1\t234",
            "1\n234",
            "1'234",
            "''5",
            "1_000",
            "$5",
            "5đ",
            "10/2",
            "5:3",
            "#N/A",
        ] {
            assert_eq!(read(text), Err(Unreadable::NotANumber), "{text}");
        }
    }

    #[test]
    fn too_long_figures_are_told_apart() {
        for text in ["1000000000000000", "-1.000.000.000.000.000", "99999999999999,123456", &"9".repeat(100_000)] {
            assert_eq!(read(text), Err(Unreadable::TooLarge));
        }
        for text in ["0,1234567", "0.30000000000000004", "1.234,0000001"] {
            assert_eq!(read(text), Err(Unreadable::TooPrecise), "{text}");
        }
    }

    #[test]
    fn whatever_is_shown_is_read_as_the_same() {
        let mut dice = Dice(20_261_125);
        for _ in 0..20_000 {
            let figure = dice.figure();
            assert_eq!(Figure::parse_plain(&figure.plain()), Some(figure));
            for lang in [Lang::Vi, Lang::En] {
                let shown = figure.show(lang);
                match read(&shown) {
                    Ok(Reading::One(read)) => assert_eq!(read, figure, "{shown}"),
                    Ok(Reading::Either { thousands, decimal }) => {
                        assert!(figure == thousands || figure == decimal, "{shown}");
                    }
                    Err(problem) => panic!("{shown}: {problem}"),
                }
            }
        }
    }

    #[test]
    fn no_text_is_too_strange_to_be_read() {
        let signs: Vec<char> = "0123456789..,,  --+()%'−\u{a0}é１\t".chars().collect();
        let mut dice = Dice(7);
        for _ in 0..50_000 {
            let length = dice.roll() % 12;
            let text: String = (0..length).map(|_| signs[dice.roll() as usize % signs.len()]).collect();
            let _ = (read(&text), Figure::parse_plain(&text));
        }
    }

    #[test]
    fn figures_are_shown_as_each_language_has_them() {
        for (text, vi, en) in [
            ("0", "0", "0"),
            ("-1234.5", "-1.234,5", "-1,234.5"),
            ("1234567", "1.234.567", "1,234,567"),
            ("0.05", "0,05", "0.05"),
            ("-0.000001", "-0,000001", "-0.000001"),
        ] {
            let figure = plain(text);
            assert_eq!((figure.show(Lang::Vi).as_str(), figure.show(Lang::En).as_str()), (vi, en));
            assert_eq!(figure.plain(), text);
        }
    }

    #[test]
    fn the_plain_form_is_read_strictly() {
        for text in ["", "-", "+5", "5.", ".5", "1,5", " 5", "1 234", "1e5", "--5", "1.2.3", "1.1234567", "１"] {
            assert_eq!(Figure::parse_plain(text), None, "{text}");
        }
        assert_eq!(Figure::parse_plain("-05.50"), Figure::new(-55, 1));
    }

    #[test]
    fn one_number_has_one_form() {
        assert_eq!(Figure::new(1500, 3), Figure::new(15, 1));
        assert_eq!(Figure::new(0, 255), Some(Figure::ZERO));
        assert_eq!(Figure::new(10_000_000, 7), Figure::whole(1));
        assert_eq!((plain("1.50").mantissa(), plain("1.50").scale()), (15, 1));
        assert_eq!(Figure::from(7_u32), Figure::from(7_i32));
    }

    #[test]
    fn the_limits_are_kept() {
        assert_eq!(Figure::whole(1_000_000_000_000_000), None);
        assert_eq!(Figure::whole(i64::MIN), None);
        assert_eq!(Figure::new(1, 7), None);
        assert_eq!(Figure::new(1, 255), None);
        let least = Figure::new(i64::MIN, 6).unwrap();
        assert_eq!(least.plain(), "-9223372036854.775808");
        let most = Figure::whole(999_999_999_999_999).unwrap();
        assert_eq!(most.checked_add(Figure::from(1_u32)), None);
        assert_eq!(most.checked_add(plain("0.000001")), None, "more digits than there is place for");
        assert_eq!(least.checked_sub(least), Some(Figure::ZERO));
        assert_eq!(most.checked_sub(plain("-1")), None);
    }

    #[test]
    fn sums_are_exact() {
        assert_eq!(plain("0.1").checked_add(plain("0.2")), Some(plain("0.3")));
        assert_eq!(plain("0.3").checked_sub(plain("0.1")), Some(plain("0.2")));
        assert_eq!(plain("1.5").checked_add(plain("-1.5")), Some(Figure::ZERO));
        assert!(plain("-0.1").is_negative() && !Figure::ZERO.is_negative());
    }

    #[test]
    fn figures_are_ordered_by_value() {
        let mut figures: Vec<Figure> = ["2", "-1.5", "1.25", "1.3", "-2", "0"].map(plain).to_vec();
        figures.sort();
        let sorted: Vec<String> = figures.into_iter().map(Figure::plain).collect();
        assert_eq!(sorted, ["-2", "-1.5", "0", "1.25", "1.3", "2"]);
    }

    #[test]
    fn a_mean_is_rounded_to_two_decimals_or_those_of_the_sum() {
        for (sum, count, expected) in [
            ("10", 4, "2.5"),
            ("10", 3, "3.33"),
            ("20", 3, "6.67"),
            ("0.01", 2, "0.01"),
            ("-0.01", 2, "-0.01"),
            ("1.0005", 2, "0.5003"),
            ("0.000001", 3, "0"),
        ] {
            assert_eq!(Figure::mean(plain(sum), count), Some(plain(expected)), "{sum} / {count}");
        }
        assert_eq!(Figure::mean(plain("1"), 0), None);
    }

    #[test]
    fn a_ratio_is_in_ten_thousandths() {
        for (part, whole, expected) in [
            ("1", "8", Some(1250)),
            ("1", "3", Some(3333)),
            ("2", "3", Some(6667)),
            ("-2", "3", Some(-6667)),
            ("0.00005", "1", Some(1)),
            ("-0.00005", "1", Some(-1)),
            ("0.000049", "1", Some(0)),
            ("1.5", "0.5", Some(30_000)),
            ("1", "0", None),
            ("999999999999999", "0.000001", None),
        ] {
            assert_eq!(Figure::ratio(plain(part), plain(whole)), expected, "{part} / {whole}");
        }
    }

    #[test]
    fn a_figure_goes_over_the_wire_as_text_and_comes_back_checked() {
        let json = serde_json::to_string(&plain("-1234.5")).unwrap();
        assert_eq!(json, "\"-1234.5\"");
        assert_eq!(serde_json::from_str::<Figure>(&json).unwrap(), plain("-1234.5"));
        for forged in ["\"1e5\"", "\"0.1234567\"", "\"1000000000000000\"", "5", "{\"mantissa\":1,\"scale\":255}"] {
            assert!(serde_json::from_str::<Figure>(forged).is_err(), "{forged}");
        }
    }

    #[test]
    fn a_figure_can_be_drawn() {
        assert!((plain("-1234.5").to_f64() + 1234.5).abs() < 1e-9);
    }
}
