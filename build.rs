//! Makes the typed catalogue of every visible word from `locales/vi.json` and `locales/en.json`: one method for each
//! key; a key that one of the files lacks stops the build.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value};

fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=demo");
    let (vi, en) = (read("vi"), read("en"));
    for key in vi.keys().chain(en.keys()) {
        assert!(vi.contains_key(key) && en.contains_key(key), "locales: the key {key} is not in both files");
    }
    let mut code = String::from("impl Text {\n");
    for (key, vi) in &vi {
        method(&mut code, key, vi, &en[key]);
    }
    code.push_str("}\n");
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&out).join("catalogue.rs"), code).expect("OUT_DIR can be written");
}

fn read(language: &str) -> Map<String, Value> {
    let text = std::fs::read_to_string(format!("locales/{language}.json")).expect("the locale file is there");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("locales/{language}.json: {error}"))
}

/// Text, or `{"one": …, "other": …}` chosen by the number `n`. `{name}` is the place of a text, `{#name}` that of a
/// number, which is written as the language writes numbers.
fn forms(value: &Value) -> (String, Option<String>) {
    match value {
        Value::String(text) => (text.clone(), None),
        Value::Object(forms) => {
            let form = |name: &str| forms[name].as_str().expect("a form is text").to_owned();
            (form("other"), Some(form("one")))
        }
        _ => panic!("a locale value is text or an object of forms"),
    }
}

fn parameters(text: &str) -> Vec<String> {
    let mut found: Vec<String> =
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect();
    found.sort();
    found.dedup();
    found
}

fn method(code: &mut String, key: &str, vi: &Value, en: &Value) {
    let (vi, vi_one) = forms(vi);
    let (en, en_one) = forms(en);
    let parameters = parameters(&vi);
    assert_eq!(parameters, self::parameters(&en), "locales: {key} has other parameters in the other language");
    let doc = vi.replace('\n', " ");
    writeln!(code, "    /// {doc:?}").expect("written");
    if parameters.is_empty() {
        writeln!(
            code,
            "    pub fn {key}(self) -> &'static str {{ match self.0 {{ Lang::Vi => {vi:?}, Lang::En => {en:?} }} }}"
        )
        .expect("written");
        return;
    }
    let arguments: Vec<_> = parameters
        .iter()
        .map(|parameter| match parameter.strip_prefix('#') {
            Some(number) => format!("{number}: impl Number"),
            None => format!("{parameter}: impl ToString"),
        })
        .collect();
    writeln!(code, "    pub fn {key}(self, {}) -> String {{", arguments.join(", ")).expect("written");
    for parameter in &parameters {
        match parameter.strip_prefix('#') {
            Some(number) => writeln!(code, "        let {number} = number::whole({number}.number(), self.0);"),
            None => writeln!(code, "        let {parameter} = {parameter}.to_string();"),
        }
        .expect("written");
    }
    let pick = |other: &str, one: Option<&String>| match one {
        Some(one) => format!("if n == \"1\" {{ {one:?} }} else {{ {other:?} }}"),
        None => format!("{other:?}"),
    };
    writeln!(
        code,
        "        let form = match self.0 {{ Lang::Vi => {}, Lang::En => {} }};",
        pick(&vi, vi_one.as_ref()),
        pick(&en, en_one.as_ref())
    )
    .expect("written");
    let pairs: Vec<_> = parameters
        .iter()
        .map(|parameter| format!("(\"{parameter}\", {}.as_str())", parameter.trim_start_matches('#')))
        .collect();
    writeln!(code, "        fill(form, &[{}])\n    }}", pairs.join(", ")).expect("written");
}
