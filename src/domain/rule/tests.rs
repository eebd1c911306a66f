//! What the rules see through and what they leave alone.

use super::link::LINK;
use super::pattern::{Changed, fold_sign};
use super::*;
use crate::domain::chance::Chance;
use crate::domain::text::fold;

/// Signs that are hard to cut between or to fold, beside ordinary ones.
const PARTS: [&str; 44] = [
    "a",
    "ng",
    "u",
    "đ",
    "ồ",
    "n",
    "g",
    "cờ",
    "bạc",
    "C",
    "0",
    "1",
    "@",
    "$",
    "*",
    "\"",
    ".",
    "-",
    " ",
    "\n",
    "\t",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "\u{301}",
    "\u{323}",
    "\u{31b}",
    "\u{20dd}",
    "\u{0}",
    "İ",
    "ß",
    "ﬃ",
    "㎏",
    "½",
    "´",
    "한",
    "ｎ",
    "𝐧",
    "👨\u{200d}👩\u{200d}👧",
    "🇻🇳",
    "с",
    "www.",
    ".com",
    "http://",
];

fn words(parameter: &str) -> Condition {
    Condition::parse("words", parameter).unwrap()
}

fn facts(text: &str) -> Facts<'_> {
    Facts { name: "", text, same_text: 1, seconds_since_last: None, length: text.chars().count() }
}

fn try_text(condition: &Condition, text: &str) -> Option<Vec<Hit>> {
    test(condition, &facts(text))
}

/// What is marked in a text; nothing if the rule does not fire.
fn marked<'a>(condition: &Condition, text: &'a str) -> Vec<&'a str> {
    try_text(condition, text).unwrap_or_default().iter().map(|hit| &text[hit.from..hit.to]).collect()
}

fn assert_whole(parameter: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(marked(&words(parameter), text), [*text], "{parameter} in {text:?}");
    }
}

fn assert_left_alone(parameter: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(try_text(&words(parameter), text), None, "{parameter} in {text:?}");
    }
}

fn links(text: &str) -> Vec<&str> {
    marked(&Condition::Links { most: 0 }, text)
}

#[test]
fn words_are_found_where_they_stand() {
    let rule = words("đồng\ncờ bạc");
    assert_eq!(marked(&rule, "Mười đồng, hai mươi ĐỒNG; cờ bạc!"), ["đồng", "ĐỒNG", "cờ bạc"]);
    let facts = Facts { name: "Cờ Bạc", ..facts("Một đồng") };
    let hits = test(&rule, &facts).unwrap();
    assert_eq!(
        hits,
        [Hit { field: HitField::Name, from: 0, to: 10 }, Hit { field: HitField::Text, from: 6, to: "Một đồng".len() }]
    );
}

#[test]
fn spacing_and_spelling_tricks_are_seen_through() {
    assert_whole(
        "đồng",
        &[
            "đồng",
            "Đ Ồ N G",
            "ĐỒNG",
            "dong",
            "d0ng",
            "đ0ng",
            "đ.ồ n g",
            "đ.ồng",
            "đ-ồ-n-g",
            "đ_ồng",
            "đ . ồ n g",
            "đ\u{200b}ồng",
            "đ\u{ad}ồ\u{2060}n\u{feff}g",
            "đo\u{302}\u{300}ng",
            "đo\u{300}\u{302}ng",
            "đồồồnggg",
            "đ😀ồ😀n😀g",
            "đ\u{2800}ồng",
            "đ\u{e0041}ồng",
            "\u{0111}\u{202e}ồng",
            "đ\tồ\nn\u{a0}g",
            "đ 0 n g",
            "đ.0.n.g",
            "đồ/ng",
        ],
    );
    assert_whole("ngu như lợn", &["ng.u nh.ư lợ.n", "n.g.u nh ư lợn", "ng u nh ư l ợ n"]);
    assert_left_alone("như", &["UBND tỉnh, TP Huế", "nh hơn ư"]);
    assert_whole(
        "cờ bạc",
        &[
            "cờ bạc",
            "cobac",
            "c ờ b ạ c",
            "cờ   bạc",
            "cờ\nbạc",
            "cờ-bạc",
            "cờ, bạc",
            "c0 b@c",
            "c0b4c",
            "c.ờ b.ạ.c",
            "CỜ BẠC",
            "cờờờ bạạạc",
            "cờ \u{200b} bạc",
            "c ờ  b ạ c",
        ],
    );
    assert_whole("sex", &["s3x", "$ex", "5ex", "S.E.X", "s e x", "$3x"]);
    assert_whole("ngu", &["nguuuu", "nnnguu", "n g u", "NGU", "n*g*u", "n @ g u"]);
    assert_whole("admin", &["@dmin", "adm1n", "4dmin", "@dm1n"]);
    assert_whole("vcl", &["vc1", "v.c.l", "V C L"]);
    assert_whole("lô đề", &["l0 d3", "lo de", "1ô đề"]);
}

#[test]
fn letters_of_other_alphabets_are_read_as_what_they_look_like() {
    assert_whole(
        "cờ bạc",
        &[
            "\u{441}\u{43e} b\u{430}\u{441}",
            "\u{421}\u{41e} \u{412}\u{410}\u{421}",
            "c\u{3bf} b\u{3b1}c",
            "ｃờ ｂạｃ",
            "𝐜𝐨 𝐛𝐚𝐜",
            "𝓬𝓸 𝓫𝓪𝓬",
            "ⓒⓞ ⓑⓐⓒ",
            "ᴄᴏ ʙᴀᴄ",
            "🅒🅞 🅑🅐🅒",
            "🅲🅾 🅱🅰🅲",
        ],
    );
    assert_whole("đồng", &["Ðồng", "ðồng", "Ðồng"]);
    assert_eq!(marked(&words("сука"), "эй, СУКА!"), ["СУКА"], "a phrase in Cyrillic finds its own");
    assert_left_alone("сука", &["эта наука", "суккулент"]);
}

#[test]
fn marks_that_follow_belong_to_the_hit() {
    let zalgo = "n\u{336}\u{337}g\u{334}u\u{338}\u{301}\u{489}";
    assert_eq!(marked(&words("ngu"), &format!("đồ {zalgo} vậy")), [zalgo]);
    assert_eq!(marked(&words("ba"), "ba\u{200b}\u{300}."), ["ba\u{200b}\u{300}"]);
    assert_eq!(marked(&words("ba"), "ba\u{200b} ."), ["ba"], "what is not seen and has no mark after it does not");
    assert_eq!(marked(&words("kg"), "5 ㎏ ﬃ"), ["㎏"]);
}

#[test]
fn ordinary_sentences_are_left_alone() {
    assert_left_alone(
        "ngu",
        &[
            "người",
            "nguyên",
            "hon gu",
            "con gụ",
            "đúng uống nước",
            "Nguyễn Văn Ngọ Uyển",
            "ngừng.Ủng hộ",
            "n gu",
            "vàng ủng",
            "ngụm nước",
        ],
    );
    assert_left_alone("đồng", &["đồngchí", "đ ồng", "độ ng", "đo đo ng", "hđồng", "đôn.gà", "đồn g", "Đà Ống"]);
    assert_left_alone("cờ bạc", &["cơ bản", "cờ của Bạch", "cốc bạc", "có ba cây", "cờ bạch kim", "tác co bac1"]);
    assert_left_alone("anh", &["an hoà", "ăn hết", "quan hệ", "Lan.Hà", "tha nhân"]);
    assert_left_alone("cc", &["các cấp", "bậc cao", "cấp C, 5 câu", "c"]);
    assert_left_alone("xongca", &["xong.Các", "xong ca"]);
    assert_left_alone("nguu", &["ngu", "n g u"]);
    assert_left_alone("thi đua", &["có thi, học sinh đua", "thiđuaa1", "nghỉ đua", "thi-đuah"]);
}

#[test]
fn numbers_are_no_words() {
    assert_left_alone("cl", &["phòng C1", "c 1", "C-1", "cấp 1"]);
    assert_left_alone("lol", &["10l xăng", "101", "1.0.1", "10 l"]);
    assert_left_alone("số anh", &["50 anh em"]);
    assert_left_alone("so", &["50", "50%", "50 m", "5.0", "50m"]);
    assert_left_alone("sao", &["5@0"]);
    assert_whole("v1", &["v1", "V1", "v.1"]);
    assert_whole("88", &["88", "8.8", "8 8", "888"]);
    assert_whole("k8", &["K8", "k.8"]);
    assert_whole("$$$", &["$$$", "$.$.$"]);
}

#[test]
fn signs_that_are_letters_only_in_disguise_part_words_else() {
    for text in ["@ngu", "ngu@", "$$ngu$$", "ai@ngu.vn", "@ ngu @", "n@g@u"] {
        assert!(try_text(&words("ngu"), text).is_some(), "{text}");
    }
    assert_left_alone("ngu yên", &["ngu@ mà yên"]);
    assert_left_alone("taba", &["ta@ ba", "ta @ ba"]);
}

#[test]
fn a_star_takes_any_ending() {
    assert_whole("đồng*", &["đồng", "đồngchí", "ĐỒNGBÀO", "đ.ồ.n.g"]);
    assert_eq!(marked(&words("đồng*"), "các đồngchí ơi, đồng-chí"), ["đồngchí", "đồng"]);
    assert_left_alone("đồng*", &["hợpđồng", "đô ng"]);
    assert_whole("lừa* đảo*", &["lừa đảo", "lừalọc đảoo", "lừađảo", "lừas đảos"]);
    assert_left_alone("lừa* đảo", &["lừa đảos", "lừa lọc đảo"]);
    assert_whole("đ*m", &["đ*m", "đm", "Đ M"]);
}

#[test]
fn a_phrase_in_quotation_marks_has_its_marks() {
    for parameter in ["\"cờ bạc\"", "“cờ bạc”", "\"CỜ BẠC\"", "\"co\u{31b}\u{300} ba\u{323}c\""] {
        assert_whole(
            parameter,
            &[
                "cờ bạc",
                "Cờ Bạc",
                "co bac",
                "cobac",
                "CO BAC",
                "c ờ b ạ c",
                "c.ờ.b.ạ.c",
                "cờờ bạạc",
                "cơờ bạc",
                "co\u{31b}\u{300} ba\u{323}c",
                "co\u{300}\u{31b} ba\u{323}c",
                "c0 b@c",
                "c0 bạc",
                "cờ b4c",
                "cờ\u{336} bạc",
                "\u{441}ờ bạc",
            ],
        );
        assert_left_alone(parameter, &["có bác", "cơ bạc", "cỡ bạc", "co bạc", "cờ bác", "cổ bậc", "c0 bác", "cò bac"]);
    }
    assert!(try_text(&words("cờ bạc"), "có bác sĩ").is_some());
    assert_left_alone("\"cờ bạc\"", &["có bác sĩ"]);
    assert_whole("\"ngu\"", &["ngu", "NGUUU", "n.g.u"]);
    assert_left_alone("\"ngu\"", &["ngủ", "ngũ", "n g ủ"]);
    assert_whole("\"đá gà\"", &["đá gà", "da ga", "ĐÁ GÀ"]);
    assert_left_alone("\"đá gà\"", &["da gà", "đà gà", "dá gà"]);
    assert_whole("\"đồng*\"", &["đồng", "đồngbào", "dong", "dongbao"]);
    assert_left_alone("\"đồng*\"", &["động", "đôngdu", "dongbào"]);
    assert_whole("\"hòa thuận\"", &["hòa thuận", "hoà thuận", "hoa thuan"]);
    assert_left_alone("\"hòa thuận\"", &["hóa thuận", "hoa thuận", "hoa thuần"]);
}

#[test]
fn a_phrase_may_be_written_as_it_is_met() {
    assert_whole("đ.m", &["đm", "đ.m", "đ m", "Đ, M"]);
    assert_whole("ngu-xuẩn", &["ngu xuẩn", "ngu-xuẩn", "nguxuẩn"]);
    assert_whole("  NGU   XUẨN ", &["ngu xuẩn"]);
    assert_whole("an ninh", &["an ninh", "anninh", "a n n i n h", "ann ninh"]);
    assert_left_alone("an ninh", &["aninh", "a ninh"]);
    assert_whole("g@y", &["g@y", "g @ y"]);
}

#[test]
fn hits_do_not_overlap_and_are_in_order() {
    let rule = words("bạc\ncờ bạc\nbạc tỷ\ncờ");
    assert_eq!(marked(&rule, "chơi cờ bạc tỷ, bạc, cờ"), ["cờ bạc", "bạc", "cờ"]);
    assert_eq!(marked(&words("ngu ngu"), "ngu ngu ngu ngu ngu"), ["ngu ngu", "ngu ngu"]);
    let hits = try_text(&words("ngu\nbò"), &"bò ngu ".repeat(100)).unwrap();
    assert_eq!(hits.len(), HITS_MOST);
    assert!(hits.windows(2).all(|pair| pair[0].to <= pair[1].from));
    assert_eq!(hits[49].to, "bò ngu ".len() * 25 - 1);
}

#[test]
fn a_condition_is_read_and_written_the_same() {
    let parameters = ["cờ bạc\n\"lô đề\"\nđồng*", r"(?:\d{3}\s*){3}|cờ\s+bạc", "2", "3", "30", "5 2000", "70 20"];
    for (kind, parameter) in Condition::KINDS.into_iter().zip(parameters) {
        let condition = Condition::parse(kind, parameter).unwrap();
        assert_eq!((condition.kind(), condition.parameter().as_str()), (kind, parameter));
        let json = serde_json::to_string(&condition).unwrap();
        assert_eq!(serde_json::from_str::<Condition>(&json).unwrap(), condition);
    }
    assert_eq!(Condition::parse("words", "\r\n một \r\n\r\n hai\r\n").unwrap().parameter(), "một\nhai");
    assert_eq!(
        Condition::parse("capitals", " 70%, 20\n").unwrap(),
        Condition::Capitals { share: 70, least_letters: 20 }
    );
    assert!(serde_json::from_str::<Condition>(r#"{"kind":"speed","parameter":"0"}"#).is_err());
}

#[test]
fn what_is_wrong_with_a_condition_is_told() {
    use ConditionProblem::*;
    let long = format!("được\n{}", "a".repeat(PHRASE_MOST + 1));
    let cases = [
        ("word", "a", Kind),
        ("words", " \n\u{a0}", Empty),
        ("words", "một\n\n***", Line(3)),
        ("words", "\"cờ bạc", Line(1)),
        ("words", "\"", Line(1)),
        ("words", "\"\"", Line(1)),
        ("words", "\"cờ\" bạc", Line(1)),
        ("words", "ừ\n\u{301}\u{301}", Line(2)),
        ("words", &long, Line(2)),
        ("pattern", "", Empty),
        ("pattern", "(", Pattern),
        ("pattern", "(?=a)", Pattern),
        ("pattern", r"\w{1000}", TooLarge),
        ("pattern", "((a{100}){100}){100}", TooLarge),
        ("links", "-1", Number),
        ("links", "1 2", Number),
        ("links", "4294967296", Number),
        ("repeats", "ba", Number),
        ("repeats", "0", Range),
        ("speed", "0", Range),
        ("length", "5", Number),
        ("length", "0 0", Range),
        ("length", "9 8", Range),
        ("capitals", "100 5", Range),
        ("capitals", "%", Number),
    ];
    for (kind, parameter, problem) in cases {
        assert_eq!(Condition::parse(kind, parameter).unwrap_err(), problem, "{kind} {parameter}");
    }
}

#[test]
fn actions_are_ordered_by_severity() {
    assert!(RuleAction::Reject > RuleAction::Hold && RuleAction::Hold > RuleAction::Flag);
    for action in RuleAction::ALL {
        assert_eq!(RuleAction::parse(action.code()), Some(action));
    }
    assert_eq!(RuleAction::parse("Reject"), None);
}

#[test]
fn a_pattern_is_tried_on_folded_text_and_marked_in_the_original() {
    let pattern = |text| Condition::parse("pattern", text).unwrap();
    assert_eq!(marked(&pattern(r"0\d{9}"), "Gọi số 0912345678 nhé"), ["0912345678"]);
    assert_eq!(marked(&pattern(r"co\s*bac"), "Mê CỜ  BẠC, cờbạc"), ["CỜ  BẠC", "cờbạc"]);
    assert_eq!(marked(&pattern(r"Cờ\s*Bạc"), "cỜ bẠc"), ["cỜ bẠc"], "its own marks and capitals do not count");
    assert_eq!(marked(&pattern(r"Đ\S+"), "một đồng"), ["đồng"]);
    assert_eq!(marked(&pattern("bac$"), "cơ\u{301} bac\u{323}\u{301}"), ["bac\u{323}\u{301}"]);
    assert_eq!(marked(&pattern("i"), "İ"), ["İ"]);
    assert_eq!(try_text(&pattern("x*"), "không có"), None, "an empty place is none");
    assert_eq!(marked(&pattern("x*"), "xx a x"), ["xx", "x"]);
    assert_eq!(try_text(&pattern("a"), &"a ".repeat(200)).unwrap().len(), HITS_MOST);
    let by_name = Facts { name: "0912345678", ..facts("") };
    assert_eq!(test(&pattern(r"\d{10}"), &by_name), Some(vec![Hit { field: HitField::Name, from: 0, to: 10 }]));
}

#[test]
fn the_folded_text_of_a_pattern_is_that_of_search() {
    for text in ["Đường ĐIỆN Ỷ Nữ", "Đo\u{302}\u{300}ng", "İ ß ﬃ 한 ǅ \u{345} Å"] {
        assert_eq!(Changed::new(text, fold_sign).text, fold(text), "{text}");
    }
}

#[test]
fn links_are_found() {
    assert!(LINK.is_some());
    for text in [
        "http://a.vn",
        "https://vi.wikipedia.org/wiki/Vi%E1%BB%87t_Nam?a=b#c",
        "HTTPS://ABC.COM",
        "hxxps://abc.com",
        "www.abc",
        "WWW.abc.com/x",
        "abc.com",
        "Abc.Com",
        "abc.vn/x",
        "abc.com.vn",
        "dichvucong.gov.vn",
        "a-b.net:8080/c?d",
        "t.me/nhom",
        "bit.ly/3xyz",
        "youtu.be/abc",
        "w88.top",
        "nha-cai88.vip",
        "123.com",
        "nhàcái.com",
        "ａｂｃ.com",
        "abc。com",
        "abc.c\u{200b}om",
        "abc . com",
        "abc .com",
        "abc[.]com",
        "abc (.) com",
        "abc[dot]com",
        "abc(chấm)com",
        "abc chấm com",
        "abc cha\u{302}\u{301}m vn",
        "http://192.168.0.1/a",
    ] {
        assert_eq!(links(text), [text], "{text:?}");
    }
    assert_eq!(links("Xem (https://a.vn/b), abc.com. Và www.x.org!"), ["https://a.vn/b", "abc.com", "www.x.org"]);
    assert_eq!(links("abc.vn.Các bạn"), ["abc.vn"]);
}

#[test]
fn ordinary_sentences_are_no_links() {
    for text in [
        "Tôi đã làm xong.Các anh chị xem giúp",
        "xong.co gi moi khong",
        "xong.Co gi khong",
        "Hay quá.Top 10 luôn",
        "hay.top 10",
        "Đẹp.Me tôi khen",
        "di choi.to qua",
        "1.Co so vat chat 2.net dep 3.vn",
        "Điều 12.com",
        "TP.HCM, Q.1, v.v.",
        "giá 1.000.000đ, 3,5.10",
        "ngày 1.5.2024",
        "ăn xong. Com ngon",
        "xong . Các bạn",
        "nước chấm cơm",
        "Chấm điểm công bằng.Nết na",
        "ten@gmail.com",
        "ho.ten-88@mail.abc.com.vn",
        "info.vn@gmail.com",
        "abc.community abc.vnđ baocao.docx",
        "http:// là gì, www. là gì",
        "xong…vn",
        "",
    ] {
        assert!(links(text).is_empty(), "{text:?}: {:?}", links(text));
    }
}

#[test]
fn links_are_counted_in_name_and_text() {
    let facts = Facts { name: "abc.com", ..facts("xem a.vn và www.b.vn") };
    assert_eq!(test(&Condition::Links { most: 3 }, &facts), None);
    assert_eq!(test(&Condition::Links { most: 2 }, &facts).unwrap().len(), 3);
    let many = "a.vn ".repeat(60);
    assert_eq!(try_text(&Condition::Links { most: 59 }, &many).unwrap().len(), HITS_MOST);
    assert_eq!(try_text(&Condition::Links { most: 60 }, &many), None);
}

#[test]
fn what_has_no_place_fires_without_hits() {
    let facts = Facts { name: "A", text: "b", same_text: 3, seconds_since_last: Some(10), length: 1 };
    let fires = |kind, parameter, facts: &Facts<'_>| {
        let hits = test(&Condition::parse(kind, parameter).unwrap(), facts);
        assert!(hits.as_ref().is_none_or(Vec::is_empty));
        hits.is_some()
    };
    assert!(fires("repeats", "2", &facts) && !fires("repeats", "3", &facts));
    assert!(fires("speed", "11", &facts) && !fires("speed", "10", &facts));
    assert!(!fires("speed", "11", &Facts { seconds_since_last: None, ..facts }));
    assert!(fires("length", "2 0", &facts) && !fires("length", "1 0", &facts));
    let long = Facts { length: 11, ..facts };
    assert!(fires("length", "1 10", &long) && !fires("length", "1 11", &long) && !fires("length", "1 0", &long));
    assert!(fires("length", "0 10", &Facts { length: usize::MAX, ..facts }));
}

#[test]
fn capitals_are_counted_among_letters_that_have_them() {
    let rule = Condition::Capitals { share: 70, least_letters: 10 };
    for text in ["TÔI RẤT GIẬN", "TÔI RẤT GIẬN!!! 123456789", "TO\u{302}I RA\u{302}\u{301}T GIA\u{323}\u{302}N LẮM"]
    {
        assert_eq!(try_text(&rule, text), Some(vec![]), "{text}");
    }
    for text in
        ["TÔI GIẬN", "Tôi Rất Giận Các Anh", "UBND xã đã nhận đơn", "", "1234567890123", "한국어 한국어 한국어 한국어"]
    {
        assert_eq!(try_text(&rule, text), None, "{text}");
    }
    assert_eq!(try_text(&rule, "ABCDEFGhij"), None, "70 of 100 is not more than 70 percent");
    assert!(try_text(&rule, "ABCDEFGHij").is_some());
    assert_eq!(test(&rule, &Facts { name: "NGUYỄN THỊ ÁNH", ..facts("Tôi đồng ý") }), None);
    assert_eq!(try_text(&Condition::Capitals { share: 0, least_letters: 0 }, "1, 2"), None);
}

#[test]
fn the_skeleton_is_letters_and_digits() {
    assert_eq!(skeleton("Đồng bào, 2.000 người!"), "dongbao2000nguoi");
    assert_eq!(skeleton("đo\u{302}\u{300}n\u{200b}g B.À.O ２000 @ngườі $"), "dongbao2000nguoi");
    assert_eq!(skeleton("😀 !? \u{301}"), "");
    assert_ne!(skeleton("nguu"), skeleton("ngu"));
}

/// A text that is made to be slow or strange is dealt with in no time worth a word, in the debug build too.
#[test]
fn hostile_texts_are_no_burden() {
    let long_run = format!("{}b", "a".repeat(100));
    let phrases: Vec<String> = (1..=20).map(|count| format!("{long_run}{}", "c".repeat(count))).collect();
    let rules = [words(&phrases.join("\n")), words("aaaaaaaab\na*\nab*\n\"áa\"\nii\nll"), words("ng\nđồng\ncờ bạc")];
    let pattern = Condition::parse("pattern", r"(a|aa)+$").unwrap();
    let texts = [
        "a ".repeat(2000),
        "a.".repeat(2000),
        "a".repeat(4000),
        "a á ".repeat(1000),
        "a b ".repeat(1000),
        "1 ".repeat(2000) + "a",
        "@".repeat(4000),
        "a@".repeat(2000),
        "a.vn.".repeat(1000),
        "a.vn/".repeat(1000),
        "-a.".repeat(1000),
        format!("a{}", "\u{301}".repeat(10_000)),
        "\u{301}".repeat(10_000),
        "😀".repeat(2000),
        "👨\u{200d}👩\u{200d}👧 ".repeat(500),
        "\u{202e}\u{202d}a\u{202c}".repeat(1000),
        "\u{fdfa}".repeat(2000),
        "한국".repeat(2000),
    ];
    let start = std::time::Instant::now();
    for text in &texts {
        for condition in rules.iter().chain([&pattern, &Condition::Links { most: 0 }]) {
            for hit in try_text(condition, text).unwrap_or_default() {
                assert!(hit.from < hit.to && text.get(hit.from..hit.to).is_some());
            }
        }
        skeleton(text);
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    assert_eq!(marked(&words("a"), &texts[11]), [texts[11].as_str()]);
    assert_eq!(try_text(&rules[2], &texts[13]), None);
}

#[test]
fn chance_texts_break_nothing_and_hits_stand_between_characters() {
    let mut chance = Chance(0x00c0_ffee);
    for _ in 0..1500 {
        let (name, text) = (chance.text(&PARTS, 5), chance.text(&PARTS, 40));
        let parameter = (0..3).map(|_| chance.text(&PARTS, 6)).collect::<Vec<_>>().join("\n");
        let given = Facts { name: &name, ..facts(&text) };
        let mut conditions = vec![words("ng\ncờ bạc*\n\"đồng\""), Condition::Links { most: 0 }];
        conditions.extend(Condition::KINDS.iter().filter_map(|kind| Condition::parse(kind, &parameter).ok()));
        for condition in conditions {
            let mut end = (HitField::Name, 0);
            for hit in test(&condition, &given).unwrap_or_default() {
                let original = if hit.field == HitField::Name { &name } else { &text };
                assert!(!original.get(hit.from..hit.to).unwrap().is_empty());
                assert!(hit.field != end.0 || hit.from >= end.1, "{parameter:?} {text:?}");
                end = (hit.field, hit.to);
            }
        }
        skeleton(&text);
    }
}

#[test]
fn a_phrase_is_found_in_what_it_was_written_as() {
    let mut chance = Chance(7);
    for _ in 0..1500 {
        let line = chance.text(&PARTS, 8).replace(['*', '"', '\n'], "");
        let Some(phrase) = Phrase::parse(&line) else { continue };
        assert!(!find_phrases(&[phrase], &format!("x1 {line} x1")).is_empty(), "{line:?}");
    }
}
