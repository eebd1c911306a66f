//! Documents that Word's format and `LibreOffice` really wrote.

use super::super::{Document, Dropped, Limits, read_docx};
use super::builder::{assert_words, html, words, words_of_html};

/// Written by python-docx, whose template is Word's own.
const WORD: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/word.docx"));
const LIBREOFFICE: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/libreoffice.docx"));

fn read(bytes: &[u8]) -> Document {
    read_docx(bytes, &Limits::default()).unwrap()
}

/// The text of the document as it lies in the file, paragraph by paragraph.
fn text_of(bytes: &[u8]) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let xml = std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap();
    let (mut paragraphs, mut rest) = (Vec::new(), xml.as_str());
    let mut current = String::new();
    while let Some((text, behind)) = rest.split_once('<') {
        let (tag, behind) = behind.split_once('>').unwrap();
        match tag.split(' ').next().unwrap() {
            "/w:t" => current.push_str(text),
            "w:br/" | "w:txbxContent" => current.push(' '),
            "/w:p" => paragraphs.push(words(&std::mem::take(&mut current).replace("&amp;", "&"))),
            _ => {}
        }
        rest = behind;
        if tag == "mc:Fallback" {
            rest = rest.split_once("</mc:Fallback>").unwrap().1;
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

#[test]
fn a_document_of_word_is_read() {
    let document = read(WORD);
    assert_eq!(document.title.as_deref(), Some("Phát động thi đua trồng cây đầu xuân"));
    assert_eq!(document.dropped, []);
    assert_eq!(document.pictures.len(), 1);
    assert!(document.pictures[0].bytes.starts_with(b"\x89PNG"));
    assert_eq!(document.pictures[0].alt, "Hàng xoan non bên đường làng");
    assert_eq!(
        document.markdown,
        "\
Đoàn xã mời **tất cả đoàn viên** cùng *trồng ít nhất 3 cây*, mỗi cây 5 - 7 kg phân; giá ~~25.000~~ 20.000 đồng (đã giảm).

Ghi tên tại [trang đăng ký](https://example.vn/dang-ky?nam=2026&ma=*12*) trước ngày 15_02.

## Mục tiêu

- Mỗi thôn trồng 100 cây
- Cây sống trên 90%
- Không để rác lại
  - kể cả túi ni lông

### Các bước

1. Nhận cây tại nhà văn hóa
2. Đào hố sâu 40 cm
3. Tưới \\*đủ\\* nước

> Cây xanh là lời chào gửi tới mai sau.

## Phân công

| STT | Thôn | Số cây \\| Loại |
| --- | --- | --- |
| 1 | Đông Hòa | 100 \\| xoan |
| 2 | Tây Lộc | 120 \\| phượng |

| Tổng cộng |  |
| --- | --- |
| Cây | 220 |

![Hàng xoan non bên đường làng](word:0 \"Hình 1: Hàng cây năm ngoái\")

Liên hệ:\\
Chị Hà, 0900 000 000

1\\. Mục này do người viết tự đánh số
"
    );
}

#[test]
fn a_document_of_libreoffice_is_read() {
    let document = read(LIBREOFFICE);
    assert_eq!(document.title.as_deref(), Some("Thư mời họp dân"));
    assert_eq!(document.dropped, [Dropped::Footnote]);
    assert!(document.pictures[0].bytes.starts_with(b"\x89PNG"));
    assert_eq!(
        document.markdown,
        "\
Kính mời **bà con tổ 5** tới *nhà sinh hoạt*, rộng 120 m², lúc ~~7~~ 8 giờ. Xem [trang của tổ](https://example.vn/to-5).

## Nội dung

- Nghe báo cáo quý I
  - phần thu
  - phần chi
- Bàn việc sửa đường #3

### Thứ tự phát biểu

3. Bác Tư
4. Cô Sáu
   1. về điện

> Việc chung cả xóm cùng lo.

| Khoản | Số tiền |
| --- | --- |
| Cát & đá | 1.200.000 (tạm tính) |

![Đoạn đường lầy trước chợ](word:0 \"Hình 1: Đường tổ 5\")

Nơi nhận:\\
\\- Các hộ trong tổ;\\
\\- Lưu.

Trân trọng.

Mang theo giấy mời này.
"
    );
}

#[test]
fn no_word_of_a_real_document_is_lost_or_added() {
    for (bytes, caption) in [(WORD, "Hình 1: Hàng cây năm ngoái"), (LIBREOFFICE, "Hình 1: Đường tổ 5")] {
        let document = read(bytes);
        let sorted = |text: &str| {
            let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            words.sort();
            words
        };
        let shown = format!("{} {caption} {}", document.title.unwrap(), words_of_html(&html(&document.markdown, true)));
        assert_eq!(sorted(&shown), sorted(&text_of(bytes).join(" ").replace("m2,", "m²,")));
        assert_words(&document.markdown, &words_of_html(&html(&document.markdown, false)));
    }
}

#[test]
fn a_real_document_without_its_end_is_refused() {
    for bytes in [WORD, LIBREOFFICE] {
        for length in (0..bytes.len()).step_by(97) {
            assert!(read_docx(&bytes[..length], &Limits::default()).is_err(), "{length}");
        }
    }
}
