//! Fields and addresses: what Word computes, of which the links are taken.

/// The longest address that is taken.
const ADDRESS_MOST: usize = 2048;

/// A field that has begun and not ended.
#[derive(Debug, Default)]
pub(super) struct Field {
    /// What Word is told to compute.
    pub instruction: String,
    /// Whether what comes now is the result, which is the text that one sees.
    pub shown: bool,
    /// The link the result is.
    pub link: Option<usize>,
}

/// The address in the instruction of a field, if that is a link that leads out of the document.
pub(super) fn hyperlink(instruction: &str) -> Option<String> {
    let words = words(instruction);
    let mut words = words.iter();
    if !words.next()?.eq_ignore_ascii_case("HYPERLINK") {
        return None;
    }
    let (mut address, mut anchor) = (None, None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "\\l" => anchor = words.next(),
            // A tip and a frame, which take a word each.
            "\\o" | "\\t" => {
                words.next();
            }
            word if word.starts_with('\\') => {}
            _ => address = address.or(Some(word)),
        }
    }
    address.map(|address| match anchor {
        Some(anchor) => format!("{address}#{anchor}"),
        None => address.clone(),
    })
}

/// The words of an instruction; those with spaces stand in quotation marks.
fn words(instruction: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for character in instruction.chars() {
        match character {
            '"' | '“' | '”' => {
                quoted = !quoted;
                if !quoted {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ if character.is_whitespace() && !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(character),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// An address as it can stand in Markdown, if it leads to a page of the web or to a mailbox.
pub(super) fn safe_address(address: &str) -> Option<String> {
    let address = address.trim();
    let scheme = address.split_once(':')?.0;
    let known = ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    if !known || address.len() > ADDRESS_MOST {
        return None;
    }
    let mut safe = String::with_capacity(address.len());
    for character in address.chars() {
        if character.is_control() || character.is_whitespace() || "<>\"`{}|^\\()".contains(character) {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                safe.push_str(&format!("%{byte:02X}"));
            }
        } else {
            safe.push(character);
        }
    }
    Some(safe)
}
