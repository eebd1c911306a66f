//! Text that people type: cleaning it, counting it, folding it for search, and putting it into Vietnamese order.

/// Counts what a person would call characters. The server and the browser each bring their own counter.
pub type Counter = fn(&str) -> usize;

/// One line of typed text: invisible signs gone, white space collapsed.
pub fn clean_line(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Typed text of several lines: invisible signs gone, line breaks kept, never more than one empty line in a row.
pub fn clean_lines(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let mut cleaned = String::with_capacity(unified.len());
    let mut empty_lines = 0;
    for line in unified.split('\n') {
        let line: String = line.chars().filter(|c| !is_invisible(*c)).collect();
        let line = line.trim_end();
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        if !cleaned.is_empty() {
            cleaned.push_str(if empty_lines > 0 { "\n\n" } else { "\n" });
        }
        empty_lines = 0;
        cleaned.push_str(line);
    }
    cleaned.trim().to_owned()
}

/// Control signs (but tab and line feed), zero-width signs, direction overrides, soft hyphens, tag signs.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// At most `most` characters of a text, cut between words, with an ellipsis where something is left out.
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let kept = cut.rsplit_once(char::is_whitespace).map_or(cut.as_str(), |(kept, _)| kept);
    format!("{}…", kept.trim_end_matches([',', '.', ';', ':', ' ']))
}

#[cfg(feature = "ssr")]
pub use server::{compose, count, fold, has_words, sort_key};

/// What needs Unicode's tables; the browser has its own and asks it instead.
#[cfg(feature = "ssr")]
mod server {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    use unicode_segmentation::UnicodeSegmentation;

    /// The composed form (NFC), in which everything is stored.
    pub fn compose(text: &str) -> String {
        text.nfc().collect()
    }

    /// How many characters a person sees: extended grapheme clusters.
    pub fn count(text: &str) -> usize {
        text.graphemes(true).count()
    }

    /// Text without its marks and in lower case, for search and slugs: `Đồng bào` gives `dong bao`.
    pub fn fold(text: &str) -> String {
        text.nfd()
            .filter(|c| !is_combining_mark(*c))
            .flat_map(char::to_lowercase)
            .map(|c| if c == 'đ' { 'd' } else { c })
            .collect()
    }

    /// Whether a name has every one of some words, in any order, whatever marks and capitals: the words folded.
    pub fn has_words(name: &str, folded: &str) -> bool {
        let name = fold(name);
        folded.split_whitespace().all(|word| name.contains(word))
    }

    /// A key whose bytes sort as Vietnamese does: letters first (a ă â b c d đ …), then the tones
    /// (ngang, huyền, hỏi, ngã, sắc, nặng), as dictionaries have it.
    pub fn sort_key(text: &str) -> String {
        let mut letters = String::new();
        let mut tones = String::new();
        let lower: String = text.nfc().flat_map(char::to_lowercase).collect();
        for c in lower.chars() {
            let mut variant = if c == 'đ' { '1' } else { '0' };
            let mut tone = '0';
            let mut base = if c == 'đ' { 'd' } else { c };
            for part in c.nfd() {
                match part {
                    '\u{306}' => variant = '1',
                    '\u{302}' => variant = if base == 'a' { '2' } else { '1' },
                    '\u{31b}' => variant = if base == 'o' { '2' } else { '1' },
                    '\u{300}' => tone = '1',
                    '\u{309}' => tone = '2',
                    '\u{303}' => tone = '3',
                    '\u{301}' => tone = '4',
                    '\u{323}' => tone = '5',
                    part if part != 'đ' => base = part,
                    _ => {}
                }
            }
            letters.push(base);
            if base.is_ascii_lowercase() {
                letters.push(variant);
                tones.push(tone);
            }
        }
        format!("{letters}\u{1}{tones}")
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn folding_takes_every_vietnamese_mark_and_the_bar_of_đ() {
        assert_eq!(fold("Đường ĐIỆN, kế hoạch, mở ước, Ỷ Nữ"), "duong dien, ke hoach, mo uoc, y nu");
        assert_eq!(fold("Đo\u{302}\u{300}ng"), "dong", "decomposed input folds the same");
    }

    #[test]
    fn names_sort_as_in_a_vietnamese_dictionary() {
        let mut names = vec![
            "Đà Bắc",
            "Dân Chủ",
            "Âu Cơ",
            "Ăn",
            "An",
            "Bà",
            "Ba",
            "Bã",
            "Bá",
            "Đông",
            "Duy",
            "Ơn",
            "Ôn",
            "On",
            "Ưng",
            "Ung",
        ];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            [
                "An",
                "Ăn",
                "Âu Cơ",
                "Ba",
                "Bà",
                "Bã",
                "Bá",
                "Dân Chủ",
                "Duy",
                "Đà Bắc",
                "Đông",
                "On",
                "Ôn",
                "Ơn",
                "Ung",
                "Ưng"
            ]
        );
    }

    #[test]
    fn people_count_characters_not_code_points() {
        assert_eq!(count("kế hoạch"), 8);
        assert_eq!(count("ke\u{302}\u{301} hoa\u{323}ch"), 8);
        assert_eq!(count("👍🏽"), 1);
    }

    #[test]
    fn invisible_signs_go_and_line_breaks_stay() {
        assert_eq!(clean_line("  Nguyễn\u{200b}  Văn\tA\u{202e}\n"), "Nguyễn Văn A");
        assert_eq!(clean_lines("một\r\n\r\n\r\n\u{feff}hai\u{7}\nba  \n\n"), "một\n\nhai\nba");
        assert_eq!(clean_lines("\u{200b}\n \u{ad}"), "");
    }

    #[test]
    fn text_is_cut_between_words() {
        assert_eq!(shorten("thi đua hoàn thành", 10), "thi đua…");
        assert_eq!(shorten("ngắn", 10), "ngắn");
    }
}
