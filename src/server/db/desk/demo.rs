//! Which campaigns, examples, units and clusters belong to the demonstration, and how these are taken away again.

use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// The campaign of the demonstration.
///
/// # Errors
/// When the database fails.
pub async fn find_campaign(session: &mut Session) -> DbResult<Option<i64>> {
    let row = fetch_optional!(
        session,
        (i64,),
        "SELECT id FROM announcement WHERE demonstration AND kind = 'campaign' ORDER BY id LIMIT 1"
    )?;
    Ok(row.map(|(id,)| id))
}

/// How many campaigns belong to the demonstration.
///
/// # Errors
/// When the database fails.
pub async fn count_campaigns(session: &mut Session) -> DbResult<i64> {
    let (count,) =
        fetch_one!(session, (i64,), "SELECT COUNT(*) FROM announcement WHERE demonstration AND kind = 'campaign'")?;
    Ok(count)
}

/// How many examples belong to the demonstration.
///
/// # Errors
/// When the database fails.
pub async fn count_examples(session: &mut Session) -> DbResult<i64> {
    let (count,) =
        fetch_one!(session, (i64,), "SELECT COUNT(*) FROM announcement WHERE demonstration AND kind = 'example'")?;
    Ok(count)
}

/// Whether the demonstration has a review of a campaign.
///
/// # Errors
/// When the database fails.
pub async fn has_review(session: &mut Session, campaign_id: i64) -> DbResult<bool> {
    let (count,) = fetch_one!(
        session,
        (i64,),
        "SELECT COUNT(*) FROM review v JOIN announcement a ON a.id = v.id WHERE v.campaign_id = $1 AND a.demonstration",
        campaign_id
    )?;
    Ok(count > 0)
}

/// The units of the demonstration: slug and id.
///
/// # Errors
/// When the database fails.
pub async fn list_units(session: &mut Session) -> DbResult<Vec<(String, i64)>> {
    fetch_all!(session, (String, i64), "SELECT slug, id FROM unit WHERE demonstration ORDER BY id")
}

/// Says that a unit belongs to the demonstration.
///
/// # Errors
/// When the database fails.
pub async fn mark_unit(session: &mut Session, id: i64) -> DbResult<()> {
    execute!(session, "UPDATE unit SET demonstration = TRUE WHERE id = $1", id)?;
    Ok(())
}

/// Says that a cluster belongs to the demonstration.
///
/// # Errors
/// When the database fails.
pub async fn mark_cluster(session: &mut Session, id: i64) -> DbResult<()> {
    execute!(session, "UPDATE cluster SET demonstration = TRUE WHERE id = $1", id)?;
    Ok(())
}

/// Takes the clusters of the demonstration away, but for those that somebody put another unit into.
///
/// # Errors
/// When the database fails.
pub async fn remove_clusters(session: &mut Session) -> DbResult<u64> {
    execute!(
        session,
        "DELETE FROM cluster WHERE demonstration AND NOT EXISTS (
             SELECT 1 FROM cluster_unit c JOIN unit u ON u.id = c.unit_id
             WHERE c.cluster_id = cluster.id AND NOT u.demonstration)"
    )
}

/// The units of the demonstration that nothing else hangs on.
macro_rules! loose_units {
    () => {
        "(SELECT u.id FROM unit u WHERE u.demonstration
          AND NOT EXISTS (SELECT 1 FROM unit below WHERE below.parent_id = u.id)
          AND NOT EXISTS (SELECT 1 FROM account_role r WHERE r.unit_id = u.id)
          AND NOT EXISTS (SELECT 1 FROM announcement a WHERE a.unit_id = u.id)
          AND NOT EXISTS (SELECT 1 FROM unit_succession s WHERE s.predecessor_id = u.id OR s.successor_id = u.id)
          AND NOT EXISTS (SELECT 1 FROM registration g WHERE g.unit_id = u.id)
          AND NOT EXISTS (SELECT 1 FROM example e WHERE e.unit_id = u.id)
          AND NOT EXISTS (SELECT 1 FROM take_up t WHERE t.unit_id = u.id)
          AND NOT EXISTS (SELECT 1 FROM correction x WHERE x.unit_id = u.id))"
    };
}

/// Takes the units of the demonstration away, but for those that something else hangs on, and gives how many that were.
///
/// # Errors
/// When the database fails.
pub async fn remove_units(session: &mut Session) -> DbResult<u64> {
    let mut removed = 0;
    // One that somebody put above another one goes after that one.
    loop {
        execute!(session, concat!("DELETE FROM cluster_unit WHERE unit_id IN ", loose_units!()))?;
        let gone = execute!(session, concat!("DELETE FROM unit WHERE id IN ", loose_units!()))?;
        if gone == 0 {
            return Ok(removed);
        }
        removed += gone;
    }
}
