//! Accounts: roles, what each permits, and the rules of names and passwords.

use serde::{Deserialize, Serialize};

/// The shortest password, in characters (NIST SP 800-63B-4, 3.1.1.2: 15 where it is the only step; with a list of
/// common ones and slowed guessing 12 is what people keep without writing it down).
pub const PASSWORD_LEAST: usize = 12;
/// The longest password, in characters.
pub const PASSWORD_MOST: usize = 256;
/// The longest account name, in characters.
pub const NAME_MOST: usize = 40;

/// What somebody is in the desk. A person can hold several, each for a unit and those below it or for everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// *Biên tập viên*.
    Editor,
    /// *Người duyệt*.
    Publisher,
    /// *Kiểm duyệt viên*.
    Moderator,
    /// *Cán bộ thi đua*.
    CampaignOfficer,
    /// *Đơn vị*.
    UnitContributor,
    /// *Quản trị*.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 6] = [
        Role::Editor,
        Role::Publisher,
        Role::Moderator,
        Role::CampaignOfficer,
        Role::UnitContributor,
        Role::Administrator,
    ];

    /// As commands, forms and the database write it.
    pub const fn code(self) -> &'static str {
        match self {
            Role::Editor => "editor",
            Role::Publisher => "publisher",
            Role::Moderator => "moderator",
            Role::CampaignOfficer => "campaign-officer",
            Role::UnitContributor => "unit-contributor",
            Role::Administrator => "administrator",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether it permits something.
    pub const fn permits(self, permission: Permission) -> bool {
        match permission {
            Permission::SeeDesk => true,
            Permission::WriteAnnouncements => matches!(self, Role::Editor | Role::Publisher | Role::CampaignOfficer),
            Permission::ManageCampaigns => matches!(self, Role::CampaignOfficer),
            Permission::ReportForUnit => matches!(self, Role::UnitContributor | Role::CampaignOfficer),
            Permission::PublishAnnouncements | Permission::ManageFront => matches!(self, Role::Publisher),
            Permission::ModerateComments => matches!(self, Role::Moderator),
            Permission::AnswerComments => {
                matches!(self, Role::Moderator | Role::CampaignOfficer | Role::UnitContributor)
            }
            Permission::CheckExamples => matches!(self, Role::CampaignOfficer | Role::Moderator),
            Permission::SendExamples => {
                matches!(self, Role::CampaignOfficer | Role::Moderator | Role::UnitContributor)
            }
            Permission::ManageAccounts | Permission::ManageUnits | Permission::MoveComments => {
                matches!(self, Role::Administrator)
            }
        }
    }
}

/// What can be permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// To open the desk and one's own account.
    SeeDesk,
    /// To write announcements, with their pictures and documents, and to send them for checking.
    WriteAnnouncements,
    /// To check, return, approve, schedule, publish and withdraw announcements.
    PublishAnnouncements,
    /// To manage categories, tags and the lead story of the home page.
    ManageFront,
    /// To see waiting comments and to decide about them.
    ModerateComments,
    /// To answer comments in a unit's name.
    AnswerComments,
    /// To add, change and disable accounts.
    ManageAccounts,
    /// To keep the tree of units and the clusters of each year.
    ManageUnits,
    /// To take all comments along as a file, with what nobody else sees, and to bring such files in.
    MoveComments,
    /// To begin campaigns, to check what units send, to correct figures.
    ManageCampaigns,
    /// To register a unit and to report for it.
    ReportForUnit,
    /// To see the examples that were sent in and to decide about them.
    CheckExamples,
    /// To send examples in from the desk: a unit's own, or for somebody who came in person.
    SendExamples,
}

impl Permission {
    /// Whether it is about the portal as a whole: a role in a unit does not give it.
    pub const fn is_of_the_whole(self) -> bool {
        matches!(
            self,
            Permission::ManageFront | Permission::ManageAccounts | Permission::ManageUnits | Permission::MoveComments
        )
    }

    /// Every permission.
    pub const ALL: [Permission; 13] = [
        Permission::SeeDesk,
        Permission::WriteAnnouncements,
        Permission::PublishAnnouncements,
        Permission::ManageFront,
        Permission::ModerateComments,
        Permission::AnswerComments,
        Permission::ManageAccounts,
        Permission::ManageUnits,
        Permission::MoveComments,
        Permission::ManageCampaigns,
        Permission::ReportForUnit,
        Permission::CheckExamples,
        Permission::SendExamples,
    ];
}

/// Reads an account's name: letters without marks, digits, dots, dashes; small letters. `None` for another one.
pub fn parse_account_name(text: &str) -> Option<String> {
    let name = text.trim().to_lowercase();
    let taken = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    let starts = name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    (starts && name.len() <= NAME_MOST && name.chars().all(taken)).then_some(name)
}

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WeakPassword {
    /// Under [`PASSWORD_LEAST`].
    TooShort,
    /// Over [`PASSWORD_MOST`].
    TooLong,
    /// It is among those that everybody tries first.
    Common,
    /// It is the account's name, or little more.
    LikeName,
}

/// Passwords, and beginnings of passwords, that everybody tries first, folded; repeated and counted signs are found by
/// rule.
const COMMON: &str = include_str!("common_passwords.txt");

/// Checks a new password by today's advice: length and what is commonly tried, no rule about kinds of signs.
///
/// # Errors
/// Why it is not taken.
pub fn check_password(password: &str, name: &str) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if length < PASSWORD_LEAST {
        return Err(WeakPassword::TooShort);
    }
    if length > PASSWORD_MOST {
        return Err(WeakPassword::TooLong);
    }
    let plain = super::text::fold(password).replace(|c: char| !c.is_alphanumeric(), "");
    let name = name.replace(|c: char| !c.is_alphanumeric(), "");
    let mut signs: Vec<char> = plain.chars().collect();
    signs.sort_unstable();
    signs.dedup();
    let common = |text: &str| COMMON.lines().any(|line| line == text);
    let letters = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    if signs.len() < 5 || common(&plain) || common(letters) || is_repeated(&plain) || is_sequence(&plain) {
        return Err(WeakPassword::Common);
    }
    if name.len() >= 3 && plain.replacen(&name, "", 2).trim_matches(|c: char| c.is_ascii_digit()).len() < 4 {
        return Err(WeakPassword::LikeName);
    }
    Ok(())
}

/// A short piece again and again, such as `thidua1thidua1`.
fn is_repeated(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2).any(|size| chars.chunks(size).all(|piece| chars.starts_with(piece)))
}

/// Rows of the keyboard, of the alphabet or of numbers, forwards or backwards.
fn is_sequence(text: &str) -> bool {
    const ROWS: [&str; 3] =
        ["01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm1234567890qwertyuiop"];
    let backwards: String = text.chars().rev().collect();
    ROWS.iter().any(|row| row.contains(text) || row.contains(&backwards))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_back_as_written() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.code()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }

    #[test]
    fn whoever_writes_does_not_publish_and_nobody_gets_all() {
        assert!(!Role::Editor.permits(Permission::PublishAnnouncements));
        for role in Role::ALL {
            assert!(role.permits(Permission::SeeDesk));
            assert!(!Permission::ALL.into_iter().all(|permission| role.permits(permission)), "{role:?}");
        }
    }

    #[test]
    fn account_names_are_plain() {
        assert_eq!(parse_account_name(" Lan.Anh "), Some("lan.anh".to_owned()));
        for name in ["", ".", "lan anh", "lân", "-a", "a/b", &"a".repeat(41)] {
            assert_eq!(parse_account_name(name), None, "{name}");
        }
    }

    #[test]
    fn long_passwords_are_taken_whatever_they_are_made_of_and_common_ones_are_not() {
        for good in ["con ngựa vằn ăn cỏ", "hoa gạo tháng ba", "correcthorsebattery", "3.14159 là số pi"] {
            assert_eq!(check_password(good, "lan"), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("ngắn", WeakPassword::TooShort),
            ("aaaaaaaaaaaaaaaa", WeakPassword::Common),
            ("1234567890123", WeakPassword::Common),
            ("qwertyuiopasd", WeakPassword::Common),
            ("matkhau123456", WeakPassword::Common),
            ("Mật khẩu 2026!!", WeakPassword::Common),
            ("thidua1thidua1", WeakPassword::Common),
            ("lan.anh.lan.anh1", WeakPassword::LikeName),
        ] {
            assert_eq!(check_password(bad, "lan.anh"), Err(why), "{bad}");
        }
        assert_eq!(check_password(&"ă b ".repeat(100), "lan"), Err(WeakPassword::TooLong));
    }
}
