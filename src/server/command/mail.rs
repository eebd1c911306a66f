//! `thidua mail`: whether mail leaves.

use clap::Subcommand;

use crate::server::accept::start_log;
use crate::server::config::MailSettings;
use crate::server::error::Failure;
use crate::server::mail::{Letter, is_address};

#[derive(Debug, Subcommand)]
pub(super) enum MailCommand {
    /// Send a mail to an address and say what became of it
    Test {
        /// The address
        address: String,
        #[command(flatten)]
        mail: MailSettings,
        /// The portal's name
        #[arg(long, env = "THIDUA_SITE_NAME", default_value = "Thi Đua")]
        site_name: String,
    },
}

pub(super) async fn run_mail(command: MailCommand) -> Result<(), Failure> {
    let MailCommand::Test { address, mail, site_name } = command;
    let Some(mailer) = mail.mailer(&site_name)? else {
        return Err(Failure::new("THIDUA_SMTP_URL is empty: the portal sends no mail."));
    };
    if !is_address(&address) {
        return Err(Failure::new(format!("{address} is not an e-mail address.")));
    }
    start_log("info");
    let letter = Letter {
        to: address.clone(),
        subject: format!("Thư thử – {site_name}"),
        body: format!("Thư thử của {site_name}: thư gửi đi được.\n\nA test of {site_name}: mail can be sent.\n"),
        off: None,
        id: String::new(),
    };
    mailer.send(&letter).await.map_err(|fault| Failure::new(format!("The mail was not sent: {}.", fault.why)))?;
    println!("The mail to {address} was {}.", mailer.describe());
    Ok(())
}
