//! `thidua user` and `thidua unit`: accounts and units from the command line.

use std::io::IsTerminal;

use clap::Subcommand;

use crate::domain::account::Role;
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::server::desk::unit::{file_sentences, imported_sentence};
use crate::server::error::Failure;
use crate::server::services::account::{self as service, AskedRole};
use crate::server::services::actor::Actor;
use crate::server::services::unit::import::{ImportUnits, import_units};
use crate::server::services::unit::{self, TypedUnit};
use crate::server::state::Store;
use crate::text::Text;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add an account. Its password is read from standard input; without one a one-time link is printed
    Add {
        /// The name to sign in with: letters without marks, digits, dots, hyphens
        name: String,
        /// The name that others see
        #[arg(long, default_value = "")]
        display_name: String,
        /// What it may do; several times for several roles
        #[arg(long, value_parser = parse_role, required = true)]
        role: Vec<Role>,
        /// The unit that its roles are limited to, with those below it, by its slug
        #[arg(long)]
        unit: Option<String>,
    },
    /// List the accounts with their roles
    List,
    /// Disable an account and end its sessions
    Disable {
        /// Its name
        name: String,
        /// Let it in again
        #[arg(long)]
        undo: bool,
    },
    /// Set a password, read from standard input, or print a one-time link to choose one
    Passwd {
        /// The account's name
        name: String,
        /// Print a link instead of reading a password
        #[arg(long)]
        link: bool,
        /// Take the authenticator app away as well, for who has lost it
        #[arg(long)]
        reset_second_step: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum UnitCommand {
    /// Add a unit
    Add {
        /// Its name
        name: String,
        /// The unit that it belongs to, by its slug
        #[arg(long)]
        under: Option<String>,
    },
    /// List the units with their slugs
    List,
    /// Import a CSV or GeoJSON file of units; importing it again makes none twice
    Import {
        /// The file: CSV with a header line (name, code, level, parent, begins, ends), or GeoJSON with boundaries
        file: std::path::PathBuf,
        /// The unit that they belong to, by its slug, where a line says no other
        #[arg(long, default_value = "")]
        under: String,
        /// Their level, where a line says no other
        #[arg(long, default_value = "")]
        level: String,
        /// The first day on which they are there (2025-07-01), where a line says no other
        #[arg(long, value_parser = parse_day)]
        begins: Option<Day>,
        /// Say only what would be done
        #[arg(long)]
        dry_run: bool,
    },
}

fn parse_day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "write a day of the calendar, such as 2025-07-01".to_owned())
}

fn parse_role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| {
        let known: Vec<_> = Role::ALL.iter().map(|role| role.code()).collect();
        format!("write one of {}", known.join(", "))
    })
}

/// The first line of standard input; none where a person sits in front of it and types nothing.
fn read_password() -> Result<Option<String>, Failure> {
    if std::io::stdin().is_terminal() {
        return Ok(None);
    }
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|error| Failure::new(format!("The password could not be read: {error}.")))?;
    let line = line.trim_end_matches(['\r', '\n']);
    Ok((!line.is_empty()).then(|| line.to_owned()))
}

/// Where a one-time link leads, below the portal's own address.
fn link(token: &str) -> String {
    let base = std::env::var("THIDUA_BASE_URL").unwrap_or_default();
    format!("{}/dang-nhap/lien-ket/{token}", base.trim_end_matches('/'))
}

fn explain(error: AppError, name: &str) -> Failure {
    match error {
        AppError::NotFound => Failure::new(format!("There is no account {name}.")),
        AppError::Conflict => Failure::new("Nobody would be administrator any longer."),
        other => other.into(),
    }
}

pub(super) async fn run_user(store: &Store, command: UserCommand) -> Result<(), Failure> {
    let actor = Actor::command_line();
    match command {
        UserCommand::Add { name, display_name, role, unit } => {
            let password = read_password()?;
            if let Some(password) = &password {
                service::require_strong(password, &name)?;
            }
            if let Some(slug) = &unit
                && !service::list_units(store, &actor).await?.iter().any(|known| known.slug == *slug)
            {
                return Err(Failure::new(format!("There is no unit {slug}: `thidua unit list` names them.")));
            }
            let for_all = unit.is_none() && role.contains(&Role::UnitContributor);
            let roles: Vec<_> = role.into_iter().map(|role| AskedRole { role, unit: unit.clone() }).collect();
            let token = service::add_account(store, &actor, &name, &display_name, &roles).await?;
            match password {
                Some(password) => {
                    service::set_password(store, &actor, &name, &password).await?;
                    println!("Added: {name}");
                }
                None => println!("Added: {name}\nOne-time link to choose a password, for two days: {}", link(&token)),
            }
            if for_all {
                println!("Without --unit, {name} reports and answers for every unit.");
            }
        }
        UserCommand::List => {
            let (accounts, units) = service::list_accounts(store, &actor).await?;
            for listed in &accounts {
                let roles: Vec<String> = listed
                    .roles
                    .iter()
                    .map(|role| match units.iter().find(|unit| Some(unit.id) == role.unit_id) {
                        Some(unit) => format!("{}@{}", role.role, unit.slug),
                        None => role.role.clone(),
                    })
                    .collect();
                let disabled = if listed.account.disabled_at.is_some() { "  (disabled)" } else { "" };
                let second = if listed.account.totp_confirmed_at.is_some() { "  (two steps)" } else { "" };
                let (name, shown) = (&listed.account.name, &listed.account.display_name);
                println!("{name}  {shown}  {}{second}{disabled}", roles.join(" "));
            }
            println!("{} accounts.", accounts.len());
        }
        UserCommand::Disable { name, undo } => {
            service::disable_account(store, &actor, &name, !undo).await.map_err(|error| explain(error, &name))?;
            println!("{}: {name}", if undo { "Enabled" } else { "Disabled" });
        }
        UserCommand::Passwd { name, link: by_link, reset_second_step } => {
            if reset_second_step {
                service::reset_second_step(store, &actor, &name).await.map_err(|error| explain(error, &name))?;
            }
            let password = if by_link { None } else { read_password()? };
            match password {
                Some(password) => {
                    let set = service::set_password(store, &actor, &name, &password).await;
                    set.map_err(|error| explain(error, &name))?;
                    println!("The password of {name} is set; its sessions have ended.");
                }
                None => {
                    let token =
                        service::make_link(store, &actor, &name).await.map_err(|error| explain(error, &name))?;
                    println!("One-time link to choose a password, for two days: {}", link(&token));
                }
            }
        }
    }
    Ok(())
}

pub(super) async fn run_unit(store: &Store, command: UnitCommand) -> Result<(), Failure> {
    let actor = Actor::command_line();
    match command {
        UnitCommand::Add { name, under } => {
            let typed = TypedUnit { name, parent: under.unwrap_or_default(), ..TypedUnit::default() };
            let slug = unit::add_unit(store, &actor, &typed).await?;
            println!("Added: {slug}");
        }
        UnitCommand::List => {
            let units = service::list_units(store, &actor).await?;
            for unit in &units {
                let above = units.iter().find(|above| Some(above.id) == unit.parent_id);
                println!(
                    "{}  {}{}",
                    unit.slug,
                    unit.name,
                    above.map(|a| format!("  (under {})", a.slug)).unwrap_or_default()
                );
            }
            println!("{} units.", units.len());
        }
        UnitCommand::Import { file, under, level, begins, dry_run } => {
            let bytes = std::fs::read(&file)
                .map_err(|error| Failure::new(format!("{} could not be read: {error}.", file.display())))?;
            let asked = ImportUnits { under, level, begins, dry_run };
            let t = Text(Lang::En);
            match import_units(store, &actor, bytes, &asked).await? {
                Ok(imported) => println!("{}", imported_sentence(&imported, dry_run, t)),
                Err(problem) => {
                    let sentences = file_sentences(&problem, t).join("\n  ");
                    return Err(Failure::new(format!("Nothing was imported from {}:\n  {sentences}", file.display())));
                }
            }
        }
    }
    Ok(())
}
