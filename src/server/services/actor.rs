//! Who acts, and what each may do.

use crate::domain::error::AppError;
use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, log};

/// Who asks for something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Anybody, without an account.
    Citizen,
    /// Whoever may run the program on the server, by the name of the system account.
    CommandLine(String),
    /// The loading of demonstration content.
    Demonstration,
}

/// What can be permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// To write and publish announcements.
    PublishAnnouncements,
    /// To see waiting comments and to decide about them.
    ModerateComments,
}

impl Actor {
    /// The command line, under the name of the system account.
    pub fn command_line() -> Self {
        Self::CommandLine(std::env::var("USER").unwrap_or_else(|_| "root".to_owned()))
    }

    /// Checks a permission.
    ///
    /// # Errors
    /// `Forbidden` where the actor lacks it.
    pub fn require(&self, permission: Permission) -> Result<(), AppError> {
        match (self, permission) {
            (
                Actor::CommandLine(_) | Actor::Demonstration,
                Permission::PublishAnnouncements | Permission::ModerateComments,
            ) => Ok(()),
            (Actor::Citizen, _) => Err(AppError::Forbidden),
        }
    }

    /// The actor's row, added if it is new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_or_add(&self, session: &mut Session, at: Instant) -> DbResult<i64> {
        let (kind, name) = match self {
            Actor::Citizen => ("citizen", ""),
            Actor::CommandLine(name) => ("command-line", name.as_str()),
            Actor::Demonstration => ("demonstration", ""),
        };
        log::find_or_add_actor(session, kind, name, at).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citizen_publishes_and_moderates_nothing() {
        for permission in [Permission::PublishAnnouncements, Permission::ModerateComments] {
            assert_eq!(Actor::Citizen.require(permission), Err(AppError::Forbidden));
            assert_eq!(Actor::CommandLine("a".into()).require(permission), Ok(()));
        }
    }
}
