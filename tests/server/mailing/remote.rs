//! A mail server that says what a test has it say, over TCP.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use thidua::server::clock::now;
use thidua::server::mail::Mailer;
use thidua::server::services::mail::send_due;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::{MINUTE, Mail, comment, post_of, publish};
use crate::harness::{Server, on_both};

/// What it took, and what it will answer when it is told to whom a mail goes.
#[derive(Clone, Default)]
struct Remote {
    taken: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
}

impl Remote {
    /// Starts it and gives the address of the setting.
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let remote = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(remote.clone().talk(stream));
            }
        });
        url
    }

    async fn talk(self, stream: tokio::net::TcpStream) {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 remote\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                "RCPT" => self.answers.lock().unwrap().pop_front().unwrap_or("250 ok").to_owned(),
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.unwrap();
                    let mut text = String::new();
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line == "." {
                            break;
                        }
                        text.push_str(line.strip_prefix('.').unwrap_or(&line));
                        text.push_str("\r\n");
                    }
                    self.taken.lock().unwrap().push(text);
                    "250 taken".to_owned()
                }
                "QUIT" => "221 bye".to_owned(),
                _ => "250 ok".to_owned(),
            };
            if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn taken(&self) -> Vec<Mail> {
        self.taken.lock().unwrap().drain(..).map(|text| Mail::parse(&text)).collect()
    }
}

on_both! {
    /// What a server of mail does not take now is sent later, with longer pauses; what it will never take is given up at
    /// once, and the rest after two days. Whatever it says, no address is kept or logged with it.
    async fn a_mail_is_tried_again_and_given_up_in_the_end(server: Server) {
        server.store.mail.offer();
        let remote = Remote::default();
        let mailer = Mailer::open(&remote.start().await, "Cổng <cong@example.vn>", "Cổng thử").unwrap();
        let slug = publish(&server).await;
        let send = async |ahead: i64| send_due(&server.store, &mailer, &post_of(&server), now().plus_ms(ahead)).await.unwrap();
        let said = |lines: &[&'static str]| remote.answers.lock().unwrap().extend(lines);
        comment(&server, &slug, "Lan", "lan@example.vn", "Ý kiến").await;
        said(&["451 4.2.1 <lan@example.vn> try later"]);
        assert_eq!((send(0).await, remote.taken().len()), (1, 0));
        assert_eq!(server.number("SELECT COUNT(*) FROM mail WHERE fault LIKE '%451%' AND fault NOT LIKE '%@%' AND sent_at IS NULL").await, 1);
        assert_eq!(send(0).await, 0, "not at once");
        assert_eq!(send(2 * MINUTE).await, 1);
        let mail = remote.taken().remove(0);
        assert!(mail.body.contains("/thu?ma=") && mail.head.contains("From: =?utf-8?b?"), "{mail:?}");
        assert_eq!(send(100 * MINUTE).await, 0);
        comment(&server, &slug, "Tư", "tu@example.vn", "Ý kiến").await;
        said(&["550 5.1.1 <tu@example.vn> no such user"]);
        assert_eq!(send(0).await, 1);
        assert_eq!(server.number("SELECT COUNT(*) FROM mail WHERE failed_at IS NOT NULL AND fault LIKE '%550%' AND fault NOT LIKE '%@%'").await, 1);
        assert_eq!(send(10_000 * MINUTE).await, 0, "given up");
        comment(&server, &slug, "Năm", "nam@example.vn", "Ý kiến").await;
        let (mut ahead, mut tries) = (0, 0);
        while server.number("SELECT COUNT(*) FROM mail WHERE failed_at IS NULL AND sent_at IS NULL").await > 0 {
            said(&["421 4.7.0 too much"]);
            tries += i64::try_from(send(ahead).await).unwrap();
            ahead += MINUTE.max(ahead / 8);
            assert!(ahead < 5 * 24 * 60 * MINUTE, "it is never given up");
        }
        assert_eq!((tries, remote.taken().len()), (9, 0));
        assert!(ahead > 24 * 60 * MINUTE, "a server may be away for a day");
    }
}

on_both! {
    /// While the server of mail is away nothing is lost, and when it is back everything is sent.
    async fn a_server_that_is_away_costs_no_mail(server: Server) {
        server.store.mail.offer();
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let away = format!("smtp://{}", closed.local_addr().unwrap());
        drop(closed);
        let slug = publish(&server).await;
        for n in 0..3 {
            comment(&server, &slug, "Lan", &format!("n{n}@example.vn"), &format!("Ý kiến {n}")).await;
        }
        let mailer = Mailer::open(&away, "cong@example.vn", "Cổng thử").unwrap();
        let tried = send_due(&server.store, &mailer, &post_of(&server), now()).await.unwrap();
        assert_eq!(tried, 1, "the others would not get there either");
        let remote = Remote::default();
        let mailer = Mailer::open(&remote.start().await, "cong@example.vn", "Cổng thử").unwrap();
        while send_due(&server.store, &mailer, &post_of(&server), now().plus_ms(2 * MINUTE)).await.unwrap() > 0 {}
        assert_eq!(remote.taken().len(), 3);
    }
}
