//! Settings: from the environment or from flags, checked before anything starts.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::Args;

use super::error::Failure;
use super::mail::Mailer;

/// Where the data is; every command takes it.
#[derive(Args, Clone, Debug)]
pub struct DataSettings {
    /// The folder of the embedded database and of uploads
    #[arg(long, env = "THIDUA_DATA", default_value = "./data", global = true)]
    pub data: PathBuf,
    /// The database: empty for SQLite inside the data folder, or postgres://…
    #[arg(long, env = "THIDUA_DATABASE_URL", default_value = "", hide_env_values = true, global = true)]
    pub database_url: String,
    /// The file of the secret that keys are made of (default: made once inside the data folder)
    #[arg(long, env = "THIDUA_SECRET_FILE", global = true)]
    pub secret_file: Option<PathBuf>,
}

/// What serving takes.
#[derive(Args, Clone, Debug)]
pub struct ServeSettings {
    /// The address to listen on
    #[arg(long, env = "THIDUA_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// The address for absolute links, such as <https://thidua.example.vn>
    #[arg(long, env = "THIDUA_BASE_URL", default_value = "")]
    pub base_url: String,
    /// The portal's name
    #[arg(long, env = "THIDUA_SITE_NAME", default_value = "Thi Đua")]
    pub site_name: String,
    /// Whom to ask about personal data, for the privacy page, such as an office with its address
    #[arg(long, env = "THIDUA_CONTACT", default_value = "")]
    pub contact: String,
    /// How much is logged: off, error, warn, info, debug or trace
    #[arg(long, env = "THIDUA_LOG", default_value = "info", value_parser = ["off", "error", "warn", "info", "debug", "trace"])]
    pub log: String,
    /// `on`, or `off` for load tests on loopback
    #[arg(long, env = "THIDUA_RATE_LIMIT", default_value = "on", value_parser = parse_switch, action = clap::ArgAction::Set)]
    pub rate_limit: bool,
    /// Addresses of proxies whose X-Forwarded-For is believed, with commas between
    #[arg(long, env = "THIDUA_TRUSTED_PROXIES", default_value = "", value_parser = parse_proxies)]
    pub trusted_proxies: TrustedProxies,
    /// How many megabytes of finished pages are kept in memory; 0 for none
    #[arg(long, env = "THIDUA_CACHE_MB", default_value_t = 64)]
    pub cache_mb: u64,
    /// How mail leaves
    #[command(flatten)]
    pub mail: MailSettings,
    /// The folder of the built client (default: site, beside the program)
    #[arg(long, env = "THIDUA_SITE", hide = true)]
    pub site: Option<PathBuf>,
    /// Refuse to start on a database that is not up to date, instead of bringing it up to date
    #[arg(long)]
    pub no_migrate: bool,
}

/// How mail leaves.
#[derive(Args, Clone, Debug, Default)]
pub struct MailSettings {
    /// <smtp://user:password@host:587>, or <smtps://…>; for development <file:/folder> or <log:>; empty for no mail
    #[arg(long, env = "THIDUA_SMTP_URL", default_value = "", hide_env_values = true)]
    pub smtp_url: String,
    /// The address that mail comes from, with a name if it is not to be the portal's: Cổng thi đua <thong-bao@example.vn>
    #[arg(long, env = "THIDUA_MAIL_FROM", default_value = "")]
    pub mail_from: String,
}

impl MailSettings {
    /// What sends mail, under the name of the portal; none where it sends none.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub fn mailer(&self, site_name: &str) -> Result<Option<Mailer>, Failure> {
        let url = self.smtp_url.trim();
        if url.is_empty() {
            return Ok(None);
        }
        Mailer::open(url, self.mail_from.trim(), site_name).map(Some)
    }
}

/// Proxies whose forwarding header is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(pub Vec<IpAddr>);

fn parse_switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("write on or off".to_owned()),
    }
}

fn parse_proxies(text: &str) -> Result<TrustedProxies, String> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().map_err(|_| format!("{part} is not an IP address")))
        .collect::<Result<_, _>>()
        .map(TrustedProxies)
}

impl DataSettings {
    /// Checks that there is a database already.
    ///
    /// # Errors
    /// A sentence that names the folder.
    pub fn check_there(&self) -> Result<(), Failure> {
        if !self.database_url.is_empty() || self.data.join("thidua.db").exists() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "There is no database in the folder {}: name the portal's data folder with THIDUA_DATA or --data, or make one there with `thidua migrate`.",
            self.data.display()
        )))
    }

    /// Checks what clap can't.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub fn check(&self) -> Result<(), Failure> {
        let url = self.database_url.as_str();
        if url.is_empty() || url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(());
        }
        Err(Failure::new("THIDUA_DATABASE_URL: leave it empty for SQLite, or write postgres://user@host/database."))
    }
}

impl ServeSettings {
    /// The address for absolute links: as set, or where the server listens.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub fn base_url(&self, listening: SocketAddr) -> Result<String, Failure> {
        let url = self.base_url.trim_end_matches('/');
        if url.is_empty() {
            return Ok(format!("http://{listening}"));
        }
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
        let plain = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
        if plain {
            Ok(url.to_owned())
        } else {
            Err(Failure::new("THIDUA_BASE_URL: write an address without a path, such as https://thidua.example.vn."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_setting_is_named() {
        assert!(parse_switch("yes").is_err());
        assert!(parse_proxies("10.0.0.1, nonsense").is_err_and(|why| why.contains("nonsense")));
        assert_eq!(parse_proxies(" 10.0.0.1,::1 ").map(|proxies| proxies.0.len()), Ok(2));
        let data = DataSettings { data: "x".into(), database_url: "mysql://a".into(), secret_file: None };
        assert!(data.check().is_err_and(|why| why.0.starts_with("THIDUA_DATABASE_URL")));
    }
}
