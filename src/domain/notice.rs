//! Notices by e-mail: what is told of, and how an address is shown.

use super::day::Day;

/// What becomes of a comment, as far as whoever sent it is told by e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It is shown.
    Published,
    /// It is not shown.
    Rejected,
    /// It was shown and no longer is.
    TakenDown,
    /// A change of it is shown.
    EditPublished,
    /// A change of it is not.
    EditRejected,
    /// A unit has answered it.
    Answered,
    /// It was passed to a unit.
    HandedOver,
    /// The rejection was looked at again and taken back.
    AppealGranted,
    /// The rejection was looked at again and stays.
    AppealRefused,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 9] = [
        Self::Published,
        Self::Rejected,
        Self::TakenDown,
        Self::EditPublished,
        Self::EditRejected,
        Self::Answered,
        Self::HandedOver,
        Self::AppealGranted,
        Self::AppealRefused,
    ];

    /// As the database writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Rejected => "rejected",
            Self::TakenDown => "taken-down",
            Self::EditPublished => "edit-published",
            Self::EditRejected => "edit-rejected",
            Self::Answered => "answered",
            Self::HandedOver => "handed-over",
            Self::AppealGranted => "appeal-granted",
            Self::AppealRefused => "appeal-refused",
        }
    }

    /// Whether it is a decision that can be taken back within a minute.
    pub const fn can_be_undone(self) -> bool {
        !matches!(self, Self::Answered | Self::HandedOver)
    }

    /// Whether a mail about the one says all that one about the other, which has not been sent yet, would have said.
    pub const fn replaces(self, other: Self) -> bool {
        self.group() == other.group()
    }

    const fn group(self) -> u8 {
        match self {
            Self::Published | Self::Rejected | Self::TakenDown | Self::AppealGranted | Self::AppealRefused => 0,
            Self::EditPublished | Self::EditRejected => 1,
            Self::Answered => 2,
            Self::HandedOver => 3,
        }
    }
}

/// What a mail is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To ask whoever has an address whether notices are wanted.
    Confirm,
    /// To tell of something.
    Tell(Event),
    /// To ask an official whether an address is theirs.
    ConfirmAccount,
    /// To remind a moderator of what waits.
    Remind,
    /// To remind whoever reports for units of what they owe.
    RemindReports,
}

impl Purpose {
    /// As the database writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Tell(event) => event.code(),
            Self::ConfirmAccount => "confirm-account",
            Self::Remind => "remind",
            Self::RemindReports => "remind-reports",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        let told = Event::ALL.map(Self::Tell);
        let all = [Self::Confirm, Self::ConfirmAccount, Self::Remind, Self::RemindReports].into_iter().chain(told);
        all.into_iter().find(|purpose| purpose.code() == code)
    }
}

/// What the units of an official owe, as a mail about it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// So many reports.
    pub reports: usize,
    /// Of which so many are late.
    pub late: usize,
    /// And so many were returned.
    pub returned: usize,
    /// When the first is or was due.
    pub first: Day,
}

impl Owed {
    /// As it stands with a mail.
    pub fn detail(&self) -> String {
        format!("{} {} {} {}", self.reports, self.late, self.returned, self.first.iso())
    }

    /// Reads that.
    pub fn parse(detail: &str) -> Option<Self> {
        let mut parts = detail.split(' ');
        let mut number = || parts.next()?.parse().ok();
        let (reports, late, returned) = (number()?, number()?, number()?);
        Some(Self { reports, late, returned, first: Day::parse(parts.next()?)? })
    }
}

/// An address as it is shown: whoever knows it recognises it, nobody else learns it (`n***@g***.com`).
pub fn mask_address(address: &str) -> String {
    let first = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
    let Some((local, host)) = address.rsplit_once('@') else { return "***".to_owned() };
    let ending = host.rsplit_once('.').map(|(_, ending)| format!(".{ending}")).unwrap_or_default();
    format!("{}***@{}***{ending}", first(local), first(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_owed_is_read_as_it_was_written() {
        let first = Day::parse("2026-12-03").expect("a day");
        let owed = Owed { reports: 3, late: 1, returned: 0, first };
        assert_eq!(Owed::parse(&owed.detail()), Some(owed));
        for detail in ["", "3 1 0", "3 1 x 2026-12-03", "3 1 0 2026-13-03"] {
            assert_eq!(Owed::parse(detail), None, "{detail}");
        }
    }

    #[test]
    fn an_address_shows_its_first_signs_only() {
        for (address, shown) in [
            ("nguyen.van.a@gmail.com", "n***@g***.com"),
            ("ế@thư.vn", "ế***@t***.vn"),
            ("a@localhost", "a***@l***"),
            ("a@b@c.vn", "a***@c***.vn"),
            ("nothing", "***"),
            ("", "***"),
            ("@", "***@***"),
        ] {
            assert_eq!(mask_address(address), shown, "{address}");
        }
    }

    #[test]
    fn purposes_are_read_back_as_written() {
        let all = Event::ALL.map(Purpose::Tell);
        for purpose in all.into_iter().chain([Purpose::Confirm, Purpose::ConfirmAccount, Purpose::Remind]) {
            assert_eq!(Purpose::parse(purpose.code()), Some(purpose));
        }
        assert_eq!(Purpose::parse("spam"), None);
    }

    #[test]
    fn where_a_comment_stands_is_told_once_and_a_change_is_told_beside_it() {
        assert!(Event::Rejected.replaces(Event::Published) && Event::AppealGranted.replaces(Event::Published));
        assert!(!Event::Rejected.replaces(Event::EditPublished) && !Event::Answered.replaces(Event::Published));
        assert!(!Event::Answered.can_be_undone() && Event::EditRejected.can_be_undone());
    }
}
