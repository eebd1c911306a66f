//! Announcements in lists: the pages of everything, of a category, of a tag, of a unit; what is related; the home page's blocks.

use crate::domain::announcement::{Label, Teaser};
use crate::domain::cursor::{Cursor, Step};
use crate::domain::lang::Lang;
use crate::domain::time::Instant;
use crate::server::db::announcement::path_of;
use crate::server::db::upload::stored_picture;
use crate::server::db::{DbResult, Session, fetch_all, fetch_optional};

#[derive(Debug, sqlx::FromRow)]
pub(in crate::server::db) struct TeaserRow {
    id: i64,
    kind: String,
    slug: String,
    title: String,
    lead: String,
    language: String,
    category_slug: String,
    category_name: String,
    first_published_at: i64,
    comments: i64,
    image_alt: String,
    image_sizes: Option<String>,
}

/// A teaser with the place it has in a list.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Its announcement's id and instant.
    pub cursor: Cursor,
    /// The teaser.
    pub teaser: Teaser,
}

impl From<TeaserRow> for Placed {
    fn from(row: TeaserRow) -> Self {
        let published = Instant(row.first_published_at);
        Placed {
            cursor: Cursor { at: published, id: row.id },
            teaser: Teaser {
                path: path_of(&row.kind, &row.slug),
                title: row.title,
                lead: row.lead,
                language: Lang::parse(&row.language).unwrap_or_default(),
                category: Label { slug: row.category_slug, name: row.category_name },
                published,
                comments: u32::try_from(row.comments).unwrap_or_default(),
                picture: row.image_sizes.and_then(|sizes| stored_picture(&sizes, &row.image_alt)),
            },
        }
    }
}

/// The columns of a teaser and where they come from.
macro_rules! select_teaser {
    () => {
        "SELECT a.id, a.kind, a.slug, r.title, r.lead, r.language, c.slug AS category_slug, c.name AS category_name,
                a.first_published_at, COALESCE(d.published_count, 0) AS comments, r.image_alt, u.sizes AS image_sizes
         FROM announcement a
         JOIN revision r ON r.id = a.published_revision_id
         JOIN category c ON c.id = a.category_id
         LEFT JOIN upload u ON u.id = r.image_id
         LEFT JOIN discussion d ON d.subject_kind = 'announcement' AND d.subject_id = a.id "
    };
}
pub(crate) use select_teaser;

fn placed(rows: Vec<TeaserRow>) -> Vec<Placed> {
    rows.into_iter().map(Placed::from).collect()
}

/// What a list is narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Narrowing {
    /// Every published announcement.
    Everything,
    /// Those of a category, by its id.
    Category(i64),
    /// Those with a tag, by its id.
    Tag(i64),
    /// Those of a unit, by its id.
    Unit(i64),
}

/// How many announcements [`list_page`] gives at most: a page of a list, and one that says whether there are more. It is
/// in the statements: PostgreSQL plans for a tenth of everything where it does not know the limit.
pub const PAGE_MOST: usize = 21;

/// Published announcements on one side of a cursor, those next to it first, at most [`PAGE_MOST`].
///
/// # Errors
/// When the database fails.
pub async fn list_page(session: &mut Session, narrowing: Narrowing, step: Step) -> DbResult<Vec<Placed>> {
    /// One list: where its rows come from, the columns that it is ordered by, what it is narrowed to.
    macro_rules! page {
        ($from:literal, $at:literal, $id:literal $(, $narrowed:expr)?) => {
            match step {
                Step::Older(than) => fetch_all!(
                    session,
                    TeaserRow,
                    concat!(
                        select_teaser!(), $from, " AND (", $at, ", ", $id, ") < ($1, $2) ORDER BY ", $at, " DESC, ", $id,
                        " DESC LIMIT 21"
                    ),
                    than.at.0,
                    than.id
                    $(, $narrowed)?
                ),
                Step::Newer(than) => fetch_all!(
                    session,
                    TeaserRow,
                    concat!(
                        select_teaser!(), $from, " AND (", $at, ", ", $id, ") > ($1, $2) ORDER BY ", $at, ", ", $id,
                        " LIMIT 21"
                    ),
                    than.at.0,
                    than.id
                    $(, $narrowed)?
                ),
            }
        };
    }
    let rows = match narrowing {
        Narrowing::Everything => {
            page!("WHERE a.state = 'published' AND a.kind = 'announcement'", "a.first_published_at", "a.id")
        }
        Narrowing::Category(category) => {
            page!(
                "WHERE a.category_id = $3 AND a.state = 'published' AND a.kind = 'announcement'",
                "a.first_published_at",
                "a.id",
                category
            )
        }
        Narrowing::Unit(unit) => {
            page!(
                "WHERE a.unit_id = $3 AND a.state = 'published' AND a.kind = 'announcement'",
                "a.first_published_at",
                "a.id",
                unit
            )
        }
        Narrowing::Tag(tag) => page!(
            "JOIN announcement_tag at ON at.announcement_id = a.id WHERE at.tag_id = $3",
            "at.first_published_at",
            "at.announcement_id",
            tag
        ),
    };
    Ok(placed(rows?))
}

/// One published announcement as it stands in lists.
///
/// # Errors
/// When the database fails.
pub async fn find_placed(session: &mut Session, id: i64) -> DbResult<Option<Placed>> {
    let row = fetch_optional!(
        session,
        TeaserRow,
        concat!(select_teaser!(), "WHERE a.id = $1 AND a.state = 'published' AND a.kind = 'announcement'"),
        id
    )?;
    Ok(row.map(Placed::from))
}

/// Published announcements that share the category or a tag with one, the newest first, at most ten.
///
/// # Errors
/// When the database fails.
pub async fn list_related(session: &mut Session, id: i64, category_id: i64) -> DbResult<Vec<Placed>> {
    // The latest of each tag one by one, by the index: a tag may have thousands.
    macro_rules! nth {
        ($n:literal) => {
            concat!(
                " UNION SELECT (SELECT x.announcement_id FROM announcement_tag x WHERE x.tag_id = own.tag_id
                                ORDER BY x.first_published_at DESC, x.announcement_id DESC LIMIT 1 OFFSET ",
                $n,
                ") FROM announcement_tag own WHERE own.announcement_id = $2"
            )
        };
    }
    let rows = fetch_all!(
        session,
        TeaserRow,
        concat!(
            select_teaser!(),
            "WHERE a.id <> $2 AND a.id IN (
                 SELECT id FROM (SELECT id FROM announcement WHERE category_id = $1 AND state = 'published' AND kind = 'announcement'
                                 ORDER BY first_published_at DESC, id DESC LIMIT 11) AS same_category",
            nth!("0"),
            nth!("1"),
            nth!("2"),
            nth!("3"),
            nth!("4"),
            nth!("5"),
            nth!("6"),
            nth!("7"),
            nth!("8"),
            nth!("9"),
            nth!("10"),
            ") ORDER BY a.first_published_at DESC, a.id DESC LIMIT 10"
        ),
        category_id,
        id,
    )?;
    Ok(placed(rows))
}

/// The four latest announcements of every category, by category in Vietnamese order.
///
/// # Errors
/// When the database fails.
pub async fn list_category_fronts(session: &mut Session) -> DbResult<Vec<Placed>> {
    macro_rules! nth {
        ($n:literal) => {
            concat!(
                "SELECT (SELECT x.id FROM announcement x WHERE x.category_id = front.id AND x.state = 'published' AND x.kind = 'announcement'
                         ORDER BY x.first_published_at DESC, x.id DESC LIMIT 1 OFFSET ",
                $n,
                ") FROM category front"
            )
        };
    }
    let rows = fetch_all!(
        session,
        TeaserRow,
        concat!(
            select_teaser!(),
            "WHERE a.id IN (",
            nth!("0"),
            " UNION ALL ",
            nth!("1"),
            " UNION ALL ",
            nth!("2"),
            " UNION ALL ",
            nth!("3"),
            ") ORDER BY c.sort_key, a.first_published_at DESC, a.id DESC"
        ),
    )?;
    Ok(placed(rows))
}
