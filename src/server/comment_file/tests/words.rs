//! What becomes of the HTML and the times that files have.

use super::*;

#[test]
fn html_becomes_text_as_it_is_read() {
    for (html, text) in [
        ("<p>Một</p><p>Hai</p>", "Một\n\nHai"),
        ("<p>Một\nhai<br>ba<br/>\nbốn<br><br>năm</p>", "Một hai\nba\nbốn\n\nnăm"),
        ("Không\ncó thẻ\n\nnào", "Không\ncó thẻ\n\nnào"),
        ("<h2>Tên</h2><div>Một</div><div>Hai</div>", "Tên\n\nMột\nHai"),
        ("<ul><li>a</li><li><p>b</p></li></ul><p>c</p>", "- a\n- b\n\nc"),
        ("<p>x</p><ol>\n<li>a<ul><li>b</li><li></li></ul></li>\n<li>c</li></ol>d", "x\n\n1. a\n  - b\n2. c\n\nd"),
        ("<blockquote><p>a</p><p>b</p><blockquote>c</blockquote></blockquote><p>d</p>", "> a\n>\n> b\n>\n> > c\n\nd"),
        ("<blockquote><ul><li>a</li><li>b</li></ul></blockquote>", "> - a\n> - b"),
        ("<p>a</p><pre><code>if a &lt; b {\n    c\n}\n</code></pre>", "a\n\nif a < b {\n    c\n}"),
        ("<p>a<script>alert('</p>')</script>b<style>p { }</style></p>", "ab"),
        ("<p>a<!-- <b> -->b</p>", "ab"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        (
            "C&#417;n c&ocirc; &#x1F44D; &hellip; &nbsp; &khong; &#0; AT&T &amp;lt;",
            "Cơn cô 👍 … &khong; &#0; AT&T &lt;",
        ),
        ("3 < 5, a<b, <3, <ai> <https://a.vn> 5 > 3", "3 < 5, a<b, <3, <ai> <https://a.vn> 5 > 3"),
        ("<B CLASS=x>đậm</B> <o:p></o:p>", "đậm <o:p></o:p>"),
        ("<p>chưa <b đóng", "chưa <b đóng"),
        ("<p title='>'>một</p><p title=\"hai>ba</p>", "một\n\n<p title=\"hai>ba"),
        ("<p>a <!-- b", "a <!-- b"),
        ("", ""),
    ] {
        assert_eq!(plain_text(html, false), text, "{html}");
    }
    let picture = format!("<p>một<img src=\"data:image/png;base64,{}\">hai &copy=3", "a".repeat(20_000));
    assert_eq!(plain_text(&picture, false), "mộthai &copy=3");
    assert_eq!(
        plain_text("<ul>\r\n<li>a</li>\r\n<li>b</li>\r\n</ul>\r\nMột<br />\r\nhai", true),
        "- a\n- b\n\nMột\nhai"
    );
}

#[test]
fn links_become_their_address() {
    for (html, text) in [
        ("<a href=\"https://a.vn/x\">https://a.vn/x</a>", "https://a.vn/x"),
        ("<a href='https://a.vn/x/'>a.vn/x</a>", "https://a.vn/x/"),
        ("<a href=https://a.vn/b/rat-dai>http://a.vn/b/...</a>.", "https://a.vn/b/rat-dai."),
        ("<a href=\"https://a.vn/b/rat-dai\">a.vn/b…</a>", "https://a.vn/b/rat-dai"),
        ("xem<a href=\"https://a.vn?a=1&amp;b=2\"> <b>ở\nđây</b> </a>nhé", "xem ở đây (https://a.vn?a=1&b=2) nhé"),
        ("<a rel=\"x\" href = \"HTTPS://A.vn\">A</a>", "A (HTTPS://A.vn)"),
        ("<a href=\"mailto:lan@xa.vn\">lan@xa.vn</a>", "lan@xa.vn"),
        ("<a href=\"mailto:lan@xa.vn\">Lan</a>", "Lan (lan@xa.vn)"),
        ("<a href=\"javascript:alert(1)\">bấm</a> <a href=\"/tin\">tin</a> <a>không</a>", "bấm tin không"),
        ("<a href=\"https://a.vn/1.jpg\"><img src=\"https://a.vn/nho.jpg\"></a>", "https://a.vn/1.jpg"),
        ("ảnh<img src=\"https://a.vn/1.jpg\" alt=\"Cây\">đây <img src=x>", "ảnh https://a.vn/1.jpg đây"),
        ("hay <img class=\"wp-smiley\" src=\"https://s.vn/1.png\" alt=\"👍\"> quá", "hay 👍 quá"),
        ("<a href=\"https://a.vn\">một<p>hai</p>", "một (https://a.vn)\n\nhai"),
        ("<a href=\"https://a.vn\">chưa đóng", "chưa đóng (https://a.vn)"),
        ("<iframe src=\"https://v.vn/1\"></iframe>", "https://v.vn/1"),
    ] {
        assert_eq!(plain_text(html, false), text, "{html}");
    }
}

#[test]
fn html_of_any_kind_is_gone_through_in_a_moment() {
    let pieces = [
        "<a href=\"",
        "<a x=\">\" ",
        "<b ",
        "<!--",
        "<blockquote><br>a",
        "&",
        "&#1",
        "<li>",
        "<a>",
        "<ol><li>a",
        "<pre>\n",
        "</ul>",
        "<a href='x",
        "< ",
        "<a b=c ",
    ];
    let begun = std::time::Instant::now();
    for piece in pieces {
        let text = plain_text(&piece.repeat(100_000 / piece.len()), false);
        assert!(text.len() <= 1_200_000, "{piece}");
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn times_are_read_in_every_form_that_files_have() {
    for (text, ms) in [
        ("1970-01-01T00:00:00Z", 0),
        ("2021-06-01T08:00:00+07:00", 1_622_509_200_000),
        ("2021-05-31T20:00:00.5-05:00", 1_622_509_200_500),
        ("2021-06-01 01:00:00", 1_622_509_200_000),
        (" 2021-06-01t01:00:00.123999999z\n", 1_622_509_200_123),
        ("2024-02-29T23:59:59.9", 1_709_251_199_900),
    ] {
        assert_eq!(moment::read_time(text), Some(Instant(ms)), "{text}");
    }
    for text in [
        "",
        "0001-01-01T00:00:00Z",
        "0000-00-00 00:00:00",
        "2021-02-29T00:00:00Z",
        "2021-06-01",
        "2021-06-01T25:00:00Z",
        "2021-06-01T00:00:60Z",
        "2021-06-01T00:00Z",
        "2021-06-01T00:00:00+7",
        "2021-06-01T00:00:00+99:00",
        "2021-06-01T00:00:00ZZ",
        "2021-06-01T00:00:00.Z",
        "2021-6-1T00:00:00Z",
        "+021-06-01T00:00:00Z",
        "２０２１-06-01T00:00:00Z",
    ] {
        assert_eq!(moment::read_time(text), None, "{text}");
    }
}
