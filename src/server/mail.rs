//! Mail on its way out: by SMTP, or for development into a folder or the log.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};
use lettre::message::{Body, Mailbox};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::error::Failure;
use crate::domain::notice::mask_address;

pub mod letter;

/// So long a server of mail may be silent.
const PATIENCE: Duration = Duration::from_secs(30);
/// So long one mail may take in all.
const MOST: Duration = Duration::from_secs(120);
/// What mail in a folder or the log comes from, where nothing else is set.
const NOBODY: &str = "thi-dua@localhost";

/// A mail, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// Where notices are turned off.
    pub off: Option<String>,
    /// The same for every attempt, so that a mail that comes twice is known to be one; empty for a new one.
    pub id: String,
}

/// Why a mail was not sent; no address stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In words.
    pub why: String,
    /// Whether it would be no better the next time.
    pub lasting: bool,
    /// Whether the server was not reached, so that no other mail would get there now.
    pub unreachable: bool,
}

/// How mail leaves.
#[derive(Clone, Debug)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    Log,
}

/// What sends mail.
#[derive(Clone, Debug)]
pub struct Mailer {
    way: Way,
    from: Mailbox,
}

/// Whether a mail can be addressed so.
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

impl Mailer {
    /// Opens the way that a setting names, under the name of the portal where the sender has none of its own.
    ///
    /// # Errors
    /// A sentence that names the setting; the setting itself, which can hold a password, is not in it.
    pub fn open(url: &str, from: &str, site_name: &str) -> Result<Self, Failure> {
        let wrong_from = || {
            let example = "Cổng thi đua <thong-bao@example.vn>";
            Failure::new(format!("THIDUA_MAIL_FROM: write the address that mail comes from, such as {example}."))
        };
        let from = if from.is_empty() && !url.starts_with("smtp") { NOBODY } else { from };
        let mut from: Mailbox = from.parse().map_err(|_| wrong_from())?;
        from.name = Some(one_line(from.name.as_deref().unwrap_or(site_name)));
        let way = if url == "log:" {
            Way::Log
        } else if let Some(folder) = url.strip_prefix("file:").filter(|folder| !folder.is_empty()) {
            let folder = Path::new(folder);
            std::fs::create_dir_all(folder).map_err(|error| {
                Failure::new(format!("THIDUA_SMTP_URL: the folder {} could not be made: {error}.", folder.display()))
            })?;
            Way::Folder(folder.to_owned())
        } else {
            let wrong = || {
                Failure::new(
                    "THIDUA_SMTP_URL: write smtp://user:password@host:587, smtps://user:password@host, file:/path/folder or \
                     log:, with signs such as @ and / in the password as %40 and %2F; or leave it empty for no mail.",
                )
            };
            let url = secured(url).ok_or_else(wrong)?;
            let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(|_| wrong())?;
            let name = ClientId::Domain(from.email.domain().to_owned());
            Way::Smtp(builder.hello_name(name).timeout(Some(PATIENCE)).build())
        };
        Ok(Self { way, from })
    }

    /// Sends a mail, or says why not.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn send(&self, letter: &Letter) -> Result<(), Fault> {
        let message = self.message(letter).map_err(|why| Fault { why, lasting: true, unreachable: false })?;
        match &self.way {
            Way::Smtp(smtp) => match tokio::time::timeout(MOST, smtp.send(message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(fault_of(&error)),
                Err(_) => Err(Fault { why: "the server took too long".to_owned(), lasting: false, unreachable: true }),
            },
            Way::Folder(folder) => {
                let name = format!("{}-{}.eml", super::clock::now().0, random()?);
                let written = tokio::fs::write(folder.join(&name), message.formatted()).await;
                written.map_err(|error| Fault {
                    why: format!("the file could not be written: {error}"),
                    lasting: false,
                    unreachable: true,
                })
            }
            Way::Log => {
                tracing::info!(to = mask_address(&letter.to), subject = letter.subject, "mail");
                tracing::debug!(body = letter.body, "its text");
                Ok(())
            }
        }
    }

    /// How it leaves, for people.
    pub fn describe(&self) -> &'static str {
        match &self.way {
            Way::Smtp(_) => "taken by the mail server",
            Way::Folder(_) => "written into the folder",
            Way::Log => "written to the log",
        }
    }

    /// The message: lettre encodes every part of its head, so that nothing typed can end a line of it.
    fn message(&self, letter: &Letter) -> Result<Message, String> {
        let to: Address = letter.to.parse().map_err(|_| "the address is none".to_owned())?;
        let id = if letter.id.is_empty() { random().map_err(|fault| fault.why)? } else { letter.id.clone() };
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(one_line(&letter.subject))
            .date_now()
            .header(MIME_VERSION_1_0)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()));
        if let Some(off) = &letter.off {
            builder = builder.raw_header(raw("List-Unsubscribe", format!("<{}>", one_line(off))));
            // RFC 8058: only an address that nobody on the way can read is posted to by programs.
            if off.starts_with("https://") {
                let one_click = "List-Unsubscribe=One-Click".to_owned();
                builder = builder.raw_header(raw("List-Unsubscribe-Post", one_click));
            }
        }
        let body = Body::new_with_encoding(letter.body.clone(), ContentTransferEncoding::QuotedPrintable)
            .map_err(|_| "the text can't be encoded".to_owned())?;
        builder.header(ContentType::TEXT_PLAIN).body(body).map_err(|error| error.to_string())
    }
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// A text without anything that ends a line.
fn one_line(text: &str) -> String {
    text.split(char::is_control).collect::<Vec<_>>().join(" ")
}

fn random() -> Result<String, Fault> {
    let mut bytes = [0_u8; 12];
    getrandom::fill(&mut bytes).map_err(|error| Fault {
        why: format!("the system gave no random bytes: {error}"),
        lasting: false,
        unreachable: true,
    })?;
    Ok(hex::encode(bytes))
}

/// What a server said, as what is to be done. A refused password is our fault and not the mail's.
fn fault_of(error: &lettre::transport::smtp::Error) -> Fault {
    let Some(code) = error.status() else {
        return Fault { why: without_addresses(&error.to_string()), lasting: false, unreachable: true };
    };
    let code = code.to_string();
    let own = matches!(code.as_str(), "421" | "454" | "530" | "534" | "535" | "538");
    Fault { why: without_addresses(&error.to_string()), lasting: error.is_permanent() && !own, unreachable: own }
}

/// A server repeats addresses in what it says; they belong into no log.
fn without_addresses(text: &str) -> String {
    let words = text.split_whitespace().map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

/// The address with encryption required: `smtp` alone would send a password for everybody on the way to read. To this
/// machine itself it is not needed; elsewhere `?tls=none` says that it is meant. `None` for what is no such address.
fn secured(url: &str) -> Option<String> {
    let rest = url.strip_prefix("smtps://").or_else(|| url.strip_prefix("smtp://"))?;
    let place = rest.split(['/', '?']).next().unwrap_or_default();
    let (user, host) = place.rsplit_once('@').map_or((None, place), |(user, host)| (Some(user), host));
    let named =
        user.is_none_or(|user| user.split_once(':').is_some_and(|(name, word)| !name.is_empty() && !word.is_empty()));
    if host.is_empty() || !named {
        return None;
    }
    if let Some(plain) = url.strip_suffix("?tls=none") {
        return url.starts_with("smtp://").then(|| plain.to_owned());
    }
    let own = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|own| host.strip_prefix(own).is_some_and(|port| port.is_empty() || port.starts_with(':')));
    let plain = url.starts_with("smtps://") || own || url.contains("tls=");
    Some(if plain { url.to_owned() } else { format!("{url}?tls=required") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            to: "lan@example.vn".into(),
            subject: "Xác nhận".into(),
            body: "Một dòng.".into(),
            off: Some("https://thidua.example.vn/theo-doi/K7QM-3XPA-9RTB/thu?ma=1-ab".into()),
            id: "7-ab".into(),
        }
    }

    fn formatted(mailer: &Mailer, letter: &Letter) -> String {
        String::from_utf8(mailer.message(letter).expect("a message").formatted()).expect("text")
    }

    #[tokio::test]
    async fn wrong_settings_are_named_and_passwords_are_not() {
        for url in [
            "http://a",
            "smtp://",
            "smtp:/a",
            "smtp://user@host",
            "smtp://:x@host",
            "mail",
            "log",
            "file:",
            "smtp://u:sesame@host:99999",
            "smtps://u:sesame@h?tls=none",
            "smtp://u:sesame@h?tls=maybe",
        ] {
            let failed = Mailer::open(url, "a@b.vn", "Thi Đua").expect_err(url);
            assert!(failed.0.starts_with("THIDUA_SMTP_URL") && !failed.0.contains("sesame"), "{url}: {failed}");
        }
        for from in ["", "a", "a@", "@b.vn", "A <a@b.vn", "a@b.vn\r\nBcc: c@d.vn"] {
            let failed = Mailer::open("smtp://host", from, "Thi Đua").expect_err(from);
            assert!(failed.0.starts_with("THIDUA_MAIL_FROM"), "{from}: {failed}");
        }
        for url in ["log:", "smtp://localhost:2525", "smtps://u:p%40@mail.example.vn", "smtp://u:p@mail.example.vn:587"]
        {
            assert!(Mailer::open(url, "Cổng <a@b.vn>", "Thi Đua").is_ok(), "{url}");
        }
        assert!(Mailer::open("log:", "", "Thi Đua").is_ok());
    }

    #[test]
    fn a_password_never_goes_in_the_clear_over_the_net() {
        for (url, expected) in [
            ("smtp://u:p@mail.example.vn:587", "smtp://u:p@mail.example.vn:587?tls=required"),
            ("smtp://mail.example.vn", "smtp://mail.example.vn?tls=required"),
            ("smtp://localhost.example.vn", "smtp://localhost.example.vn?tls=required"),
            ("smtp://u:p@localhost:25", "smtp://u:p@localhost:25"),
            ("smtp://[::1]:25", "smtp://[::1]:25"),
            ("smtp://10.0.0.7?tls=none", "smtp://10.0.0.7"),
            ("smtp://a?tls=opportunistic", "smtp://a?tls=opportunistic"),
            ("smtps://u:p@a", "smtps://u:p@a"),
        ] {
            assert_eq!(secured(url).as_deref(), Some(expected));
        }
    }

    #[test]
    fn nothing_in_a_mail_can_end_a_line_of_its_head() {
        let mailer = Mailer::open("log:", "a@b.vn", "Cổng\r\nBcc: c@d.vn").expect("a mailer");
        let evil = Letter {
            subject: "Một\r\nBcc: e@f.vn\nX: y\u{2028}z".into(),
            off: Some("https://a.vn/\r\nBcc: g@h.vn".into()),
            body: "Thân\r\n.\r\nMAIL FROM:<x@y.vn>".into(),
            ..letter()
        };
        let text = formatted(&mailer, &evil);
        let (head, _) = text.split_once("\r\n\r\n").expect("head and body");
        let names: Vec<&str> = head
            .lines()
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split(':').next().unwrap_or_default())
            .collect();
        assert_eq!(names.len(), 11, "{head}");
        assert!(!names.contains(&"Bcc") && !names.contains(&"X"), "{head}");
        for to in ["a@b.vn\r\nBcc: c@d.vn", "a b@c.vn", "a@b.vn, c@d.vn", "<a@b.vn>", "a"] {
            assert!(mailer.message(&Letter { to: to.into(), ..letter() }).is_err(), "{to}");
        }
    }

    #[test]
    fn a_mail_says_that_a_machine_wrote_it_and_how_to_stop_it() {
        let mailer = Mailer::open("log:", "a@b.vn", "Thi Đua").expect("a mailer");
        let text = formatted(&mailer, &letter());
        for line in [
            "Auto-Submitted: auto-generated",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Message-ID: <7-ab@b.vn>",
            "Content-Type: text/plain; charset=utf-8",
            "To: lan@example.vn",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
        let plain = Letter { off: Some("http://127.0.0.1/x".into()), ..letter() };
        assert!(!formatted(&mailer, &plain).contains("List-Unsubscribe-Post"), "not without encryption");
    }

    #[test]
    fn what_a_server_says_goes_on_without_addresses() {
        assert_eq!(without_addresses("550 5.1.1 <lan@example.vn>: no such user"), "550 5.1.1 … no such user");
    }
}
