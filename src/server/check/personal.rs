//! What looks like personal data: telephone numbers, citizens' numbers, e-mail addresses, bank accounts.

use std::ops::Range;

use super::{Field, FindingKind, Findings};

/// How far before a number the word may stand that tells what it is, in characters.
const CONTEXT: usize = 40;

/// Looks in a text for what looks like personal data and is not official.
pub(super) fn find_personal(place: (Field, Option<usize>), text: &str, findings: &mut Findings<'_>) {
    let mut finder = linkify::LinkFinder::new();
    finder.kinds(&[linkify::LinkKind::Email]);
    for address in finder.links(text) {
        let key = address.as_str().to_lowercase();
        if !findings.allows_email(&key) {
            findings.add_personal(place, FindingKind::PersonalEmail, address.as_str(), key);
        }
    }
    let groups = list_groups(text);
    let mut at = 0;
    while at < groups.len() {
        let found = find_account(text, &groups, at)
            .map(|end| (FindingKind::PersonalAccount, end))
            .or_else(|| find_citizen_number(text, &groups, at).map(|end| (FindingKind::PersonalNumber, end)))
            .or_else(|| find_phone(text, &groups, at).map(|end| (FindingKind::PersonalPhone, end)));
        let Some((kind, end)) = found else {
            at += 1;
            continue;
        };
        if let (Some(first), Some(last)) = (groups.get(at), groups.get(end.saturating_sub(1))) {
            let from = if before(text, first).ends_with('+') { first.start - 1 } else { first.start };
            let number = text.get(from..last.end).unwrap_or_default();
            let key = plain_number(number);
            if !findings.allows_number(&key) {
                findings.add_personal(place, kind, number, key);
            }
        }
        at = end.max(at + 1);
    }
}

/// The digits of a number, with the trunk zero in place of the country's code.
pub(super) fn plain_number(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("84") {
        Some(rest) if number.trim_start().starts_with('+') => format!("0{}", rest.trim_start_matches('0')),
        _ => digits,
    }
}

/// The places of the runs of digits.
fn list_groups(text: &str) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match groups.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

fn before<'t>(text: &'t str, group: &Range<usize>) -> &'t str {
    text.get(..group.start).unwrap_or_default()
}

/// The groups from one on that may be one number, with at most `widest` signs between two: for each the group after it
/// and the digits up to its end.
fn join_groups<'g>(
    text: &'g str,
    groups: &'g [Range<usize>],
    first: usize,
    widest: usize,
) -> impl Iterator<Item = (usize, String)> + 'g {
    let mut digits = String::new();
    let mut last_end = None;
    groups.iter().enumerate().skip(first).map_while(move |(index, group)| {
        if let Some(end) = last_end.replace(group.end) {
            let between = text.get(end..group.start)?;
            let is_joint = |c: char| matches!(c, ' ' | '\u{a0}' | '.' | '-' | '–' | '(' | ')');
            if between.chars().count() > widest || !between.chars().all(is_joint) {
                return None;
            }
        }
        digits.push_str(text.get(group.clone())?);
        (digits.len() <= 19).then(|| (index + 1, digits.clone()))
    })
}

/// Whether one of the words stands shortly before a number, with no other number between. What was said about an
/// earlier number does not count for a later one.
fn follows_word(text: &str, group: &Range<usize>, words: &[&str]) -> bool {
    let before = before(text, group);
    let start = before.char_indices().rev().nth(CONTEXT).map_or(0, |(at, _)| at);
    let near = before.get(start..).unwrap_or_default();
    let near = near.rsplit(|c: char| c.is_ascii_digit()).next().unwrap_or_default().to_lowercase();
    words.iter().any(|word| {
        near.match_indices(word).any(|(at, _)| {
            let is_inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !is_inner(near.get(..at).and_then(|rest| rest.chars().next_back()))
                && !is_inner(near.get(at + word.len()..).and_then(|rest| rest.chars().next()))
        })
    })
}

/// Whether a number ends here, and is not the beginning of an amount, a code or a document's number (`…/QĐ-UBND`).
fn ends_number(text: &str, end: usize) -> bool {
    let mut after = text.get(end..).unwrap_or_default().chars();
    match (after.next(), after.next()) {
        (Some('.' | ','), Some(next)) => !next.is_ascii_digit(),
        (Some('/'), Some(next)) => !next.is_alphabetic(),
        (Some(next), _) => !next.is_alphanumeric() && next != '_',
        (None, _) => true,
    }
}

/// Whether a number begins here, and is not the end of another one, of a word or of an address.
fn begins_number(text: &str, group: &Range<usize>) -> bool {
    let mut before = before(text, group).chars().rev();
    match (before.next(), before.next()) {
        (Some('.' | ',' | '-'), Some(other)) => !other.is_ascii_digit(),
        (Some('/'), Some(other)) => other.is_ascii_digit() || other.is_whitespace(),
        (Some(other), _) => !other.is_alphanumeric() && !matches!(other, '_' | '=' | '%' | '@'),
        (None, _) => true,
    }
}

/// Eight digits or more after "số tài khoản", unless they are written as an amount. Gives the group after the number.
fn find_account(text: &str, groups: &[Range<usize>], first: usize) -> Option<usize> {
    const WORDS: [&str; 5] = ["stk", "số tài khoản", "tài khoản số", "số tk", "tài khoản ngân hàng"];
    let group = groups.get(first)?;
    if !begins_number(text, group) || !follows_word(text, group, &WORDS) {
        return None;
    }
    let (end, digits) = join_groups(text, groups, first, 1).last()?;
    let numbers = groups.get(first..end)?;
    let whole = text.get(group.start..numbers.last()?.end)?;
    let is_amount = whole.contains('.')
        && group.len() <= 3
        && numbers.iter().skip(1).all(|number| number.len() == 3)
        && whole.chars().all(|c| c == '.' || c.is_ascii_digit());
    (digits.len() >= 8 && !is_amount && !precedes_unit(text, group.start + whole.len())).then_some(end)
}

/// Twelve digits that begin with a province's code, or twelve or nine after a word for such a card.
fn find_citizen_number(text: &str, groups: &[Range<usize>], first: usize) -> Option<usize> {
    const WORDS: [&str; 5] = ["căn cước", "cccd", "cmnd", "chứng minh", "định danh"];
    let group = groups.get(first)?;
    if !begins_number(text, group) {
        return None;
    }
    let is_named = follows_word(text, group, &WORDS);
    let found = join_groups(text, groups, first, 1).find(|(end, digits)| {
        let numbers = groups.get(first..*end).unwrap_or_default();
        let is_even = numbers.iter().all(|number| number.len() == group.len() && number.len() > 2);
        let province = digits.get(..3).and_then(|code| code.parse::<u8>().ok());
        let is_citizen = digits.len() == 12 && is_even && province.is_some_and(|code| (1..=96).contains(&code));
        is_citizen || is_named && matches!(digits.len(), 9 | 12) && ends_group_run(text, groups, *end)
    });
    let (end, _) = found?;
    let is_code = !is_named && follows_code_word(text, group);
    let last = groups.get(end.checked_sub(1)?)?;
    (ends_number(text, last.end) && !is_code && !precedes_unit(text, last.end)).then_some(end)
}

/// Whether what is counted stands after a number.
fn precedes_unit(text: &str, end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default().trim_start();
    let unit: String = after.chars().take_while(|c| c.is_alphanumeric()).take(8).flat_map(char::to_lowercase).collect();
    matches!(
        unit.as_str(),
        "đồng" | "đ" | "vnđ" | "vnd" | "triệu" | "tỷ" | "tỉ" | "người" | "hộ" | "ha" | "m²" | "m2" | "lượt"
    )
}

/// Whether the next digits stand apart: nine digits are an old card's number only if no more of it follows.
fn ends_group_run(text: &str, groups: &[Range<usize>], end: usize) -> bool {
    join_groups(text, groups, end.saturating_sub(1), 1).nth(1).is_none()
}

/// Tax numbers, files and parcels have numbers as long as telephones.
fn follows_code_word(text: &str, group: &Range<usize>) -> bool {
    follows_word(text, group, &["mã số", "mst", "mã hồ sơ", "mã đơn", "mã vận đơn", "mã tra cứu"])
}

/// Ten digits of a mobile or eleven of a fixed line, in groups as people write them, or the same after +84. Gives the
/// group after the number.
fn find_phone(text: &str, groups: &[Range<usize>], first: usize) -> Option<usize> {
    let group = groups.get(first)?;
    let is_abroad = before(text, group).ends_with('+') && text.get(group.clone())?.starts_with("84");
    // A day or an hour before other numbers has two digits, an area code or a mobile's first group has more.
    if !is_abroad && (group.len() < 3 || !begins_number(text, group) || follows_code_word(text, group)) {
        return None;
    }
    let (end, _) = join_groups(text, groups, first, 3).find(|(end, digits)| {
        let number = if is_abroad { plain_number(&format!("+{digits}")) } else { digits.clone() };
        let shortest = groups.get(first + 1..*end).unwrap_or_default().iter().map(ExactSizeIterator::len).min();
        is_mobile(&number) && shortest.is_none_or(|shortest| shortest > 1 || is_abroad) || is_fixed_line(&number)
    })?;
    ends_number(text, groups.get(end.checked_sub(1)?)?.end).then_some(end)
}

/// Ten digits with a prefix that is given out.
fn is_mobile(number: &str) -> bool {
    let prefix = number.get(1..3).and_then(|prefix| prefix.parse::<u8>().ok());
    number.len() == 10
        && number.starts_with('0')
        && prefix.is_some_and(
            |prefix| matches!(prefix, 32..=39 | 52 | 55..=56 | 58..=59 | 70 | 76..=79 | 81..=89 | 90..=94 | 96..=99),
        )
}

/// Eleven digits: an area code of three or four, and eight or seven of the line.
fn is_fixed_line(number: &str) -> bool {
    number.len() == 11 && number.starts_with("02")
}

#[cfg(test)]
mod tests {
    use super::super::FindingKind::*;
    use super::super::tests::{excerpts, in_body, in_title};

    #[test]
    fn telephone_numbers_are_found_as_people_write_them() {
        for number in [
            "0912345678",
            "0912 345 678",
            "0912.345.678",
            "0912-345-678",
            "091 234 5678",
            "+84 912345678",
            "+84 912 345 678",
            "+84912345678",
            "+84 (0) 912 345 678",
            "0218 3852 123",
            "(0218) 3 852 123",
            "02183852123",
            "0218.3852.123",
            "024 3825 1234",
            "+84 218 3852 123",
            "0912\u{a0}345\u{a0}678",
            "0356 789 012",
        ] {
            for body in [
                format!("Gọi {number}."),
                number.to_owned(),
                format!("(ĐT: {number}, gặp bà Mai)"),
                format!("`{number}`"),
            ] {
                assert_eq!(in_body(&body), [(PersonalPhone, 1)], "{body}");
            }
        }
        assert_eq!(
            in_body("## Gọi 0912345678\n\n- một\n- **0912** 345 678\n\n> ba\n> 0912345679\n"),
            [(PersonalPhone, 1), (PersonalPhone, 4), (PersonalPhone, 7)]
        );
        assert_eq!(in_body("0912345678/0987654321").len(), 2);
        assert_eq!(
            in_body("| Tên | Số |\n|---|---|\n| Mai | 0912345678 |\n\n```\nx\n0912345678\n```\n\n    0912345678\n"),
            [(PersonalPhone, 3), (PersonalPhone, 7), (PersonalPhone, 10)]
        );
        assert_eq!(in_title("Gọi 0912 345 678 để được tư vấn"), [PersonalPhone]);
        assert_eq!(in_body("[gọi bà Mai](tel:+84912345678)"), [(PersonalPhone, 1)]);
        assert_eq!(excerpts("Gọi +84 912 345 678!", &[]), [(PersonalPhone, "+84 912 345 678".to_owned())]);
    }

    #[test]
    fn years_amounts_and_document_numbers_are_no_telephones() {
        for body in [
            "Kinh phí 1.200.000 đồng, năm 2025 2026.",
            "Tổng 84 912 345 678 đồng",
            "Số 0912/KH-UBND ngày 05/9/2026",
            "Công văn số 0912345678/QĐ-UBND",
            "từ 05.09.2026 15 giờ",
            "Mã số thuế: 0700123456",
            "MST 0312345678-001",
            "Mã hồ sơ 000.00.19.H28-260909-0001",
            "diện tích 0,912345678 ha",
            "gọi 113, 114, 115 hoặc 1900 1234",
            "[tin](/tin/0912345678)",
            "https://a.vn/0912345678/b",
            "mã A0912345678",
            "09123456789",
            "091234567",
            "0951 234 567",
            "giai đoạn 2021-2025, 2026-2030",
            "lúc 07 giờ 30 ngày 02 9 2026",
            "1.0912.345.678",
            "0912.345.678.90",
            "<p>0912345678</p>",
        ] {
            let found: Vec<_> = in_body(body).into_iter().filter(|(kind, _)| *kind != BodyEmpty).collect();
            assert_eq!(found, [], "{body}");
        }
    }

    #[test]
    fn numbers_of_citizens_are_found() {
        for body in [
            "CCCD 017095001234",
            "số 017 095 001 234",
            "017095001234",
            "CMND số 113456789",
            "Chứng minh nhân dân: 113 456 789",
            "thẻ căn cước số 113456789",
            "CMND/CCCD: 113.456.789, cấp năm 2010",
        ] {
            assert_eq!(in_body(body), [(PersonalNumber, 1)], "{body}");
        }
        for body in [
            "113456789",
            "số 113 456 789",
            "120000000000 đồng",
            "899095001234",
            "chứng minh tài chính 120.000.000 đồng",
            "Luật Căn cước số 26/2023/QH15 có hiệu lực từ 01/7/2024",
            "căn cước cho 1.234 người",
            "mã tra cứu 017095001234",
            "đã cấp căn cước cho 250 000 000 lượt",
        ] {
            assert_eq!(in_body(body), [], "{body}");
        }
    }

    #[test]
    fn accounts_are_found_after_their_word() {
        for body in [
            "STK 0123456789 tại ngân hàng",
            "Số tài khoản: 3713.0.1058787.00000",
            "số tài khoản 1020 1234 5678 9",
            "stk: 12345678",
            "| Số tài khoản | 123456789012 |\n|---|---|\n| a | b |",
        ] {
            assert_eq!(in_body(body), [(PersonalAccount, 1)], "{body}");
        }
        assert_eq!(
            excerpts("STK 12345678 - 0912345678", &[]),
            [(PersonalAccount, "12345678".to_owned()), (PersonalPhone, "0912345678".to_owned())]
        );
        for body in [
            "Số tài khoản VNeID đã kích hoạt: 125.000",
            "số tài khoản định danh đã cấp là 12.500.000",
            "tài khoản 12345678",
            "gỗ stkx 123456789",
            "số tài khoản mới 12500000 hộ",
        ] {
            assert_eq!(in_body(body), [], "{body}");
        }
    }

    #[test]
    fn addresses_are_found_unless_they_are_official() {
        let body = "Gửi về mai.nguyen@gmail.com hoặc [hộp thư](mailto:an@yahoo.com), vanthu@xa.example.gov.vn.";
        let found = excerpts(body, &["@XA.example.gov.vn", "AN@yahoo.com"]);
        assert_eq!(found, [(PersonalEmail, "mai.nguyen@gmail.com".to_owned())]);
        assert_eq!(excerpts(body, &[]).len(), 3);
        assert_eq!(excerpts(body, &["@", ""]).len(), 3);
        assert_eq!(in_body("họp @ nhà văn hóa, @xaquangtien, a@b"), []);
    }

    #[test]
    fn official_numbers_are_known_in_any_spelling() {
        let body = "Trực ban: 0218 3852 123 và +84 218 3852 124. Ủng hộ: STK 3713.0.1058787.00000";
        assert_eq!(excerpts(body, &["02183852123", "0218.3852.124", "3713010587870000 0"]), []);
        assert_eq!(excerpts(body, &["0218 3852 123"]).len(), 2);
    }
}
