//! Who acts, and what each may do.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub use crate::domain::account::Permission;
use crate::domain::account::Role;
use crate::domain::error::AppError;
use crate::domain::time::Instant;
use crate::server::db::desk::account::RoleRow;
use crate::server::db::desk::unit::UnitRow;
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
    /// The server itself, by the name of what it does.
    Job(&'static str),
    /// Whoever is signed in.
    Account(Arc<Official>),
}

/// An account with its roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Official {
    /// Its id.
    pub id: i64,
    /// The name that it signs in with.
    pub name: String,
    /// The name that others read.
    pub display_name: String,
    /// What it may do where.
    pub grants: Vec<Grant>,
}

/// A role, everywhere or in a unit and those below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The units; `None` for everywhere.
    pub units: Option<HashSet<i64>>,
}

impl Grant {
    /// The grants of the roles of an account, with the units below those that they name.
    pub fn of_roles(roles: &[RoleRow], units: &[UnitRow]) -> Vec<Self> {
        let mut children: HashMap<i64, Vec<i64>> = HashMap::new();
        for unit in units {
            if let Some(parent) = unit.parent_id {
                children.entry(parent).or_default().push(unit.id);
            }
        }
        let below = |top: i64| {
            let (mut found, mut open) = (HashSet::from([top]), vec![top]);
            while let Some(unit) = open.pop() {
                // A unit that is met again is not gone through again: not even a ring would hold this up.
                open.extend(children.get(&unit).into_iter().flatten().filter(|child| found.insert(**child)));
            }
            found
        };
        roles
            .iter()
            .filter_map(|row| Some(Self { role: Role::parse(&row.role)?, units: row.unit_id.map(below) }))
            .collect()
    }
}

/// Where something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Anywhere that the actor may: what is looked at has no unit, or its unit is checked later.
    Somewhere,
    /// In the whole portal.
    Everywhere,
    /// In a unit.
    Unit(i64),
}

impl Scope {
    /// Where something is that belongs to a unit, or to the whole portal.
    pub fn of(unit_id: Option<i64>) -> Self {
        unit_id.map_or(Scope::Everywhere, Scope::Unit)
    }
}

impl Official {
    /// Whether it may do something somewhere.
    pub fn may(&self, permission: Permission, scope: Scope) -> bool {
        self.grants.iter().any(|grant| {
            grant.role.permits(permission)
                && match (scope, &grant.units) {
                    (_, None) => true,
                    (Scope::Somewhere, Some(_)) => !permission.is_of_the_whole(),
                    (Scope::Everywhere, Some(_)) => false,
                    (Scope::Unit(unit), Some(units)) => units.contains(&unit),
                }
        })
    }

    /// The units that it may do something in; `None` for everywhere.
    pub fn units_for(&self, permission: Permission) -> Option<HashSet<i64>> {
        let mut all = HashSet::new();
        for grant in self.grants.iter().filter(|grant| grant.role.permits(permission)) {
            all.extend(grant.units.as_ref()?);
        }
        Some(all)
    }
}

impl Actor {
    /// The command line, under the name of the system account.
    pub fn command_line() -> Self {
        Self::CommandLine(std::env::var("USER").unwrap_or_else(|_| "root".to_owned()))
    }

    /// Whether the actor has a permission somewhere.
    pub fn may(&self, permission: Permission, scope: Scope) -> bool {
        match self {
            Actor::CommandLine(_) | Actor::Demonstration | Actor::Job(_) => true,
            Actor::Account(official) => official.may(permission, scope),
            Actor::Citizen => false,
        }
    }

    /// The units in which the actor has a permission, each between commas, as statements take them; empty for everywhere.
    pub fn units_between_commas(&self, permission: Permission) -> String {
        let Actor::Account(official) = self else { return String::new() };
        match official.units_for(permission) {
            None => String::new(),
            Some(units) => units.iter().fold(",".to_owned(), |all, unit| format!("{all}{unit},")),
        }
    }

    /// Checks a permission for what belongs to no unit, or to one that is checked later.
    ///
    /// # Errors
    /// `Forbidden` where the actor lacks it.
    pub fn require(&self, permission: Permission) -> Result<(), AppError> {
        self.require_in(permission, Scope::Somewhere)
    }

    /// Checks a permission where something is to be done.
    ///
    /// # Errors
    /// `Forbidden` where the actor lacks it there.
    pub fn require_in(&self, permission: Permission, scope: Scope) -> Result<(), AppError> {
        if self.may(permission, scope) { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// The actor's row, if it has done anything yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_id(&self, session: &mut Session) -> DbResult<Option<i64>> {
        let (kind, name) = self.stored();
        log::find_actor(session, kind, name).await
    }

    fn stored(&self) -> (&'static str, &str) {
        match self {
            Actor::Citizen => ("citizen", ""),
            Actor::CommandLine(name) => ("command-line", name.as_str()),
            Actor::Demonstration => ("demonstration", ""),
            Actor::Job(name) => ("job", name),
            Actor::Account(official) => ("account", official.name.as_str()),
        }
    }

    /// The actor's row, added if it is new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_or_add(&self, session: &mut Session, at: Instant) -> DbResult<i64> {
        let (kind, name) = self.stored();
        log::find_or_add_actor(session, kind, name, at).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: i64, parent_id: Option<i64>) -> UnitRow {
        UnitRow { id, parent_id, ..UnitRow::default() }
    }

    fn official(roles: &[(Role, Option<i64>)], units: &[UnitRow]) -> Actor {
        let rows: Vec<_> = roles
            .iter()
            .map(|(role, unit_id)| RoleRow { account_id: 1, role: role.code().to_owned(), unit_id: *unit_id })
            .collect();
        let grants = Grant::of_roles(&rows, units);
        Actor::Account(Arc::new(Official { id: 1, name: "lan".into(), display_name: "Lan".into(), grants }))
    }

    #[test]
    fn a_citizen_may_nothing_and_the_command_line_everything() {
        for permission in Permission::ALL {
            assert_eq!(Actor::Citizen.require(permission), Err(AppError::Forbidden));
            assert_eq!(Actor::CommandLine("a".into()).require_in(permission, Scope::Everywhere), Ok(()));
        }
    }

    #[test]
    fn a_role_reaches_the_units_below_and_no_others() {
        let units = [unit(1, None), unit(2, Some(1)), unit(3, Some(2)), unit(4, None)];
        let writer = official(&[(Role::Editor, Some(2))], &units);
        let write = |scope| writer.require_in(Permission::WriteAnnouncements, scope);
        assert_eq!(write(Scope::Unit(2)), Ok(()));
        assert_eq!(write(Scope::Unit(3)), Ok(()));
        assert_eq!(write(Scope::Somewhere), Ok(()));
        for scope in [Scope::Unit(1), Scope::Unit(4), Scope::Everywhere] {
            assert_eq!(write(scope), Err(AppError::Forbidden), "{scope:?}");
        }
        assert_eq!(writer.require(Permission::PublishAnnouncements), Err(AppError::Forbidden));
    }

    #[test]
    fn several_roles_add_up_and_a_ring_of_units_ends() {
        let ring = [unit(1, Some(2)), unit(2, Some(1))];
        let both = official(&[(Role::Editor, Some(1)), (Role::Publisher, None)], &ring);
        assert_eq!(both.require_in(Permission::PublishAnnouncements, Scope::Everywhere), Ok(()));
        assert_eq!(both.require(Permission::ManageAccounts), Err(AppError::Forbidden));
    }
}
