//! `thidua comment`: deciding about comments, and taking all of them along or bringing others in.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Read};
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};

use super::counted;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::receipt::ReceiptCode;
use crate::domain::time::Instant;
use crate::server::comment_file::{ForeignKind, is_own_file};
use crate::server::error::Failure;
use crate::server::services::actor::Actor;
use crate::server::services::comment::{Verdict, decide_comment, list_waiting};
use crate::server::services::comment_file::{
    ForeignOptions, PageMap, TransferError, Transferred, export_comments, import_foreign, import_own,
};
use crate::server::services::flood::list_floods;
use crate::server::state::Store;

#[derive(Debug, Subcommand)]
pub(super) enum CommentCommand {
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
    /// Write all comments with everything that belongs to them into a file (docs/comment-file.md)
    Export {
        /// The file, which must not be there yet; - for standard output
        file: PathBuf,
    },
    /// Bring in such a file, or what another system has exported; what is here already is left as it stands
    Import(ImportArguments),
}

#[derive(Debug, clap::Args)]
pub(super) struct ImportArguments {
    /// The file
    file: PathBuf,
    /// What it is; found out by its content if it is not said
    #[arg(long, value_enum)]
    from: Option<From>,
    // In words of the attribute, which may hold an address.
    #[arg(
        long,
        value_name = "ADDRESS=>SLUG",
        help = "A page of another system and the slug of the page here: 'https://old.example/a=>slug'; as often as \
                needed. A page that is not named is the one whose slug is the last part of its address"
    )]
    page: Vec<String>,
    /// A table (CSV) of such pairs: the old address, a comma, the slug
    #[arg(long, value_name = "FILE")]
    pages: Option<PathBuf>,
    /// The language that comments of another system are in
    #[arg(long, value_enum, default_value = "vi")]
    language: Language,
    /// Say only what would be done
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    Vi,
    En,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum From {
    /// A backup of Remark42
    Remark42,
    /// The database of Isso
    Isso,
    /// An export of Disqus
    Disqus,
    #[value(name = "wordpress", help = "An export of WordPress")]
    WordPress,
    /// A file of this portal
    Own,
}

impl From {
    fn kind(self) -> Option<ForeignKind> {
        match self {
            From::Remark42 => Some(ForeignKind::Remark42),
            From::Isso => Some(ForeignKind::Isso),
            From::Disqus => Some(ForeignKind::Disqus),
            From::WordPress => Some(ForeignKind::WordPress),
            From::Own => None,
        }
    }
}

pub(super) async fn run_comment(store: &Store, command: CommentCommand) -> Result<(), Failure> {
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
                let code = ReceiptCode::parse(&row.code).map_or(row.code.clone(), |code| code.to_string());
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
        CommentCommand::Export { file } => export(store, &actor, &file).await?,
        CommentCommand::Import(arguments) => import(store, &actor, arguments).await?,
    }
    Ok(())
}

fn explain(error: TransferError, file: &Path) -> Failure {
    let file = file.display();
    match error {
        TransferError::File(problem) => match problem.line {
            Some(line) => Failure::new(format!("{file}, line {line}: {}.", problem.why)),
            None => Failure::new(format!("{file}: {}.", problem.why)),
        },
        TransferError::Writing(error) => Failure::new(format!("{file} could not be written: {error}.")),
        TransferError::App(error) => error.into(),
    }
}

async fn export(store: &Store, actor: &Actor, file: &Path) -> Result<(), Failure> {
    if file == Path::new("-") {
        let out = BufWriter::with_capacity(1 << 16, std::io::stdout());
        let count = export_comments(store, actor, out).await.map_err(|error| explain(error, file))?;
        eprintln!("Written: {}.", counted(count, "comment"));
        return Ok(());
    }
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let written = write_file(store, actor, file, &part).await;
    if written.is_err() {
        std::fs::remove_file(&part).ok();
    }
    println!("Written: {} to {}.", counted(written?, "comment"), file.display());
    Ok(())
}

/// Writes the file under another name first, so that one that is there is whole, and for nobody else to read.
async fn write_file(store: &Store, actor: &Actor, file: &Path, part: &Path) -> Result<usize, Failure> {
    let shown = file.display();
    if file.exists() {
        return Err(Failure::new(format!("{shown} is there already: name a new file.")));
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let failed = |error: std::io::Error| Failure::new(format!("{shown} could not be written: {error}."));
    let out = BufWriter::with_capacity(1 << 16, options.open(part).map_err(failed)?);
    let count = export_comments(store, actor, out).await.map_err(|error| explain(error, file))?;
    File::open(part).and_then(|part| part.sync_all()).map_err(failed)?;
    std::fs::rename(part, file).map_err(failed)?;
    Ok(count)
}

async fn import(store: &Store, actor: &Actor, arguments: ImportArguments) -> Result<(), Failure> {
    let ImportArguments { file, from, page, pages, language, dry_run } = arguments;
    let is_own = match from {
        Some(from) => from == From::Own,
        None => begins_as_own(&file)?,
    };
    let done = if is_own {
        if !page.is_empty() || pages.is_some() {
            return Err(Failure::new(
                "A file of this portal names its pages itself: --page and --pages are for others.",
            ));
        }
        import_own(store, actor, &file, dry_run).await
    } else {
        let mut map = PageMap::default();
        if let Some(table) = pages {
            let shown = table.display();
            let opened = File::open(&table);
            let opened = opened.map_err(|error| Failure::new(format!("{shown} could not be read: {error}.")))?;
            map.add_table(opened).map_err(Failure::new)?;
        }
        for pair in page {
            map.add(&pair).map_err(Failure::new)?;
        }
        let language = match language {
            Language::Vi => Lang::Vi,
            Language::En => Lang::En,
        };
        let options = ForeignOptions { kind: from.and_then(From::kind), pages: map, language, dry_run };
        import_foreign(store, actor, &file, &options).await
    };
    tell(&done.map_err(|error| explain(error, &file))?, dry_run)
}

/// Whether a file is one of this portal. One that can't be read is refused by whoever reads it.
fn begins_as_own(file: &Path) -> Result<bool, Failure> {
    let mut head = Vec::new();
    let read = File::open(file).and_then(|file| file.take(200).read_to_end(&mut head));
    match read {
        Ok(_) => Ok(is_own_file(&head)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Failure::new(format!("There is no file {}.", file.display())))
        }
        Err(error) => Err(Failure::new(format!("{} could not be read: {error}.", file.display()))),
    }
}

/// Says what came of a file.
fn tell(done: &Transferred, dry_run: bool) -> Result<(), Failure> {
    for problem in &done.problems {
        println!("{problem}");
    }
    if done.wrong > done.problems.len() {
        println!("… and {} more.", done.wrong - done.problems.len());
    }
    let shown = |page: &str| page.chars().filter(|c| !c.is_control()).take(200).collect::<String>();
    for (page, count) in &done.pages {
        println!("No page here for {}: {}.", shown(page), counted(*count, "comment"));
    }
    for (why, count) in &done.left_out {
        println!("Left out, {why}: {count}.");
    }
    if done.places > 0 {
        println!("Of those that were left out, {} keep an empty place above their answers.", done.places);
    }
    if done.cut > 0 {
        println!("Cut to 20,000 characters: {}.", done.cut);
    }
    let verb = if dry_run { "Nothing was written. To be added" } else { "Added" };
    println!(
        "{verb}: {} ({} waiting for a moderator); there already: {}; left out: {}.",
        counted(done.added, "comment"),
        done.waiting,
        done.already,
        done.left_out()
    );
    let missed = done.wrong + done.pages.values().sum::<usize>();
    if missed > 0 {
        return Err(Failure::new(format!("{} could not be taken: above it says why.", counted(missed, "comment"))));
    }
    Ok(())
}
