//! The command line: every command does its work through the services that the server uses, also while it runs.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

use super::config::{DataSettings, ServeSettings};
use super::error::Failure;
use super::services::actor::Actor;
use super::services::announcement::{publish_announcement, withdraw_announcement};
use super::services::comment::{Verdict, decide_comment, list_waiting};
use super::services::flood::list_floods;
use super::services::import::{ImportError, ImportOptions, Imported, Revise, import_announcement};
use super::state::Store;
use super::{accept, demo, paper};
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::time::Instant;

mod user;

/// A public portal for emulation campaigns: announcements, comments, results.
#[derive(Debug, Parser)]
#[command(name = "thidua", version, about)]
pub struct CommandLine {
    #[command(flatten)]
    data: DataSettings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal
    Serve(Box<ServeSettings>),
    /// Bring the database up to date
    Migrate,
    /// Load the demonstration content, or take it away again
    Demo {
        /// Take it away
        #[arg(long)]
        remove: bool,
        /// Load it only if there is no announcement yet
        #[arg(long, conflicts_with = "remove")]
        if_empty: bool,
    },
    /// Announcements
    #[command(subcommand)]
    Announcement(AnnouncementCommand),
    /// Comments
    #[command(subcommand)]
    Comment(CommentCommand),
    /// Accounts of officials
    #[command(subcommand)]
    User(user::UserCommand),
    /// Units: offices, departments, communes
    #[command(subcommand)]
    Unit(user::UnitCommand),
}

#[derive(Debug, Subcommand)]
enum AnnouncementCommand {
    /// Import an announcement: text copied from a news page, or Markdown with front matter
    Import {
        /// The file
        file: PathBuf,
        /// The category, by its name; made if it is new
        #[arg(long)]
        category: Option<String>,
        /// Publish it at once instead of keeping it as a draft
        #[arg(long)]
        publish: bool,
    },
    /// Correct an announcement: a file says it anew, under the address that it has
    Revise {
        /// The slug: the last part of its address
        #[arg(value_parser = parse_slug)]
        slug: String,
        /// The file
        file: PathBuf,
        /// What was corrected, for the public
        #[arg(long, default_value = "")]
        note: String,
        /// Publish it at once instead of keeping it as a draft
        #[arg(long)]
        publish: bool,
    },
    /// Publish the newest revision of an announcement
    Publish {
        /// The slug: the last part of its address
        #[arg(value_parser = parse_slug)]
        slug: String,
    },
    /// Take an announcement away from the public; its page says why
    Withdraw {
        /// The slug: the last part of its address
        #[arg(value_parser = parse_slug)]
        slug: String,
        /// Why, as readers will see it
        #[arg(long)]
        reason: String,
    },
}

/// A slug, or the address that ends in it, as commands print it.
#[expect(clippy::unnecessary_wraps, reason = "clap wants a parser that could fail")]
fn parse_slug(text: &str) -> Result<String, String> {
    Ok(text.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned())
}

#[derive(Debug, Subcommand)]
enum CommentCommand {
    /// List the comments that wait, the oldest first
    List,
    /// Show a comment on its page
    Approve {
        /// The receipt code
        code: String,
    },
    /// Do not show a comment; its sender reads why
    Reject {
        /// The receipt code
        code: String,
        /// Why, as its sender will see it
        #[arg(long)]
        reason: String,
    },
}

/// Runs a command.
///
/// # Errors
/// One sentence for the terminal.
pub async fn run(line: CommandLine) -> Result<(), Failure> {
    // What is decided about stands in a database already: a new one in the wrong folder would hide that.
    if matches!(
        line.command,
        Command::Comment(_)
            | Command::Announcement(
                AnnouncementCommand::Publish { .. }
                    | AnnouncementCommand::Withdraw { .. }
                    | AnnouncementCommand::Revise { .. }
            )
    ) {
        line.data.check_there()?;
    }
    let store = Store::open(&line.data).await?;
    match line.command {
        Command::Serve(settings) => return accept::serve(store, &settings).await,
        Command::Migrate => {
            store.db.migrate().await?;
            println!("The database is up to date.");
        }
        Command::Demo { remove, if_empty } => {
            store.db.migrate().await?;
            run_demo(&store, remove, if_empty).await?;
        }
        Command::Announcement(command) => {
            store.db.migrate().await?;
            run_announcement(&store, command).await?;
        }
        Command::User(command) => {
            store.db.migrate().await?;
            user::run_user(&store, command).await?;
        }
        Command::Unit(command) => {
            store.db.migrate().await?;
            user::run_unit(&store, command).await?;
        }
        Command::Comment(command) => {
            store.db.migrate().await?;
            run_comment(&store, command).await?;
        }
    }
    store.db.close().await;
    Ok(())
}

async fn run_demo(store: &Store, remove: bool, if_empty: bool) -> Result<(), Failure> {
    if remove {
        let removed = demo::remove(store).await?;
        println!(
            "Removed {}, {} and {} of the demonstration, {} on them, and {}.",
            counted(removed.announcements, "announcement"),
            counted(removed.campaigns, "campaign"),
            counted(removed.examples, "example"),
            counted(removed.comments, "comment"),
            counted(removed.units, "unit")
        );
    } else if !if_empty || demo::is_empty(store).await? {
        let added = demo::load(store).await?;
        println!(
            "Added {}, {}, {}, {} and {} of the demonstration.",
            counted(added.announcements, "announcement"),
            counted(added.campaigns, "campaign"),
            counted(added.examples, "example"),
            counted(added.units, "unit"),
            counted(added.comments, "comment")
        );
    }
    Ok(())
}

/// So many of something, by its name for one.
fn counted(n: usize, name: &str) -> String {
    if n == 1 { format!("1 {name}") } else { format!("{n} {name}s") }
}

async fn run_announcement(store: &Store, command: AnnouncementCommand) -> Result<(), Failure> {
    let actor = Actor::command_line();
    match command {
        AnnouncementCommand::Import { file, category, publish } => {
            let options = ImportOptions { category, publish, ..ImportOptions::default() };
            tell(import_file(store, &actor, &file, &options).await?, publish);
        }
        AnnouncementCommand::Revise { slug, file, note, publish } => {
            let revise = Some(Revise { slug, note });
            let options = ImportOptions { publish, revise, ..ImportOptions::default() };
            tell(import_file(store, &actor, &file, &options).await?, publish);
        }
        AnnouncementCommand::Publish { slug } => {
            publish_announcement(store, &actor, &slug).await.map_err(|error| explain(error, &slug))?;
            println!("Published: /tin/{slug}");
        }
        AnnouncementCommand::Withdraw { slug, reason } => {
            withdraw_announcement(store, &actor, &slug, &reason).await.map_err(|error| explain(error, &slug))?;
            println!("Withdrawn: /tin/{slug}");
        }
    }
    Ok(())
}

/// Says what became of a file.
fn tell(imported: Imported, publish: bool) {
    match imported {
        Imported::New(slug) if publish => println!("Published: /tin/{slug}"),
        Imported::New(slug) => println!("Kept as a draft: {slug} (thidua announcement publish {slug})"),
        Imported::DraftPublished(slug) => println!("The same text was there as a draft. Published: /tin/{slug}"),
        Imported::Already(slug, state) if state == "published" => {
            println!("The same text is there already: /tin/{slug}");
        }
        Imported::Already(slug, state) => {
            println!("The same text is there already ({state}): {slug} (thidua announcement publish {slug})");
        }
    }
}

fn explain(error: AppError, slug: &str) -> Failure {
    match error {
        AppError::NotFound => Failure::new(format!("There is no announcement {slug}.")),
        AppError::Conflict => Failure::new(format!("The announcement {slug} is not public.")),
        other => other.into(),
    }
}

/// Imports a file; a picture's path is relative to the file.
///
/// # Errors
/// A sentence with the line that can't be read.
pub async fn import_file(
    store: &Store,
    actor: &Actor,
    file: &Path,
    options: &ImportOptions,
) -> Result<Imported, Failure> {
    let shown = file.display();
    let bytes = std::fs::read(file).map_err(|error| Failure::new(format!("{shown} could not be read: {error}.")))?;
    let explain = |line: usize, why: &str| Failure::new(format!("{shown}, line {line}: {why}"));
    let paper = paper::read(&bytes).map_err(|why| explain(why.line, &why.why))?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let read_picture = |path: &str| {
        if path.contains("://") {
            return Err(format!("{path} is an address: save the picture beside the text and name the file."));
        }
        let path = folder.join(path);
        std::fs::read(&path).map_err(|error| format!("The picture {} could not be read: {error}.", path.display()))
    };
    import_announcement(store, actor, &paper, &read_picture, options).await.map_err(|error| match error {
        ImportError::Unreadable(why) => explain(why.line, &why.why),
        ImportError::App(AppError::NotFound) => {
            let slug = options.revise.as_ref().map_or("", |revise| revise.slug.as_str());
            Failure::new(format!("There is no announcement {slug}."))
        }
        ImportError::App(error) => error.into(),
    })
}

async fn run_comment(store: &Store, command: CommentCommand) -> Result<(), Failure> {
    let actor = Actor::command_line();
    let explain = |error: AppError, code: &str| match error {
        AppError::NotFound => Failure::new(format!("No comment has the receipt code {code}.")),
        AppError::Conflict => Failure::new(format!("The comment {code} is in that state already.")),
        other => other.into(),
    };
    match command {
        CommentCommand::List => {
            let rows = list_waiting(store, &actor, 1000).await?;
            for row in &rows {
                let code = crate::domain::receipt::ReceiptCode::parse(&row.code)
                    .map_or(row.code.clone(), |code| code.to_string());
                println!("{code}  {}  {}  {}", Instant(row.created_at).minute(Lang::Vi), row.author_name, row.path);
                for text in row.text.lines() {
                    println!("    {text}");
                }
            }
            for flood in list_floods(store, &actor).await? {
                println!(
                    "Flood on {} ({}): {} comments since {} wait for one decision at the desk.",
                    flood.path,
                    flood.kind,
                    flood.waiting,
                    Instant(flood.began_at).minute(Lang::Vi)
                );
            }
            println!("{} waiting.", rows.len());
        }
        CommentCommand::Approve { code } => {
            decide_comment(store, &actor, &code, &Verdict::Approve).await.map_err(|error| explain(error, &code))?;
            println!("Approved: {code}");
        }
        CommentCommand::Reject { code, reason } => {
            decide_comment(store, &actor, &code, &Verdict::Reject { reason })
                .await
                .map_err(|error| explain(error, &code))?;
            println!("Rejected: {code}");
        }
    }
    Ok(())
}
