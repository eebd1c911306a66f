//! The text of an announcement while it is written: its fields as they were typed, its way to the public, and how two
//! people's savings become one.

use serde::{Deserialize, Serialize};

use super::merge::{Merge, Piece, Side, merge_text, resolve};

/// Where a revision stands on its way to the public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevisionState {
    /// Being written.
    Draft,
    /// Sent to be checked.
    Submitted,
    /// Sent back with notes.
    Returned,
    /// Checked, to be published or scheduled.
    Approved,
    /// To be published at its hour.
    Scheduled,
    /// What the public reads.
    Published,
    /// What the public read before.
    Superseded,
    /// A draft that was put aside under a name.
    Kept,
}

impl RevisionState {
    /// Every state.
    pub const ALL: [RevisionState; 8] = [
        RevisionState::Draft,
        RevisionState::Submitted,
        RevisionState::Returned,
        RevisionState::Approved,
        RevisionState::Scheduled,
        RevisionState::Published,
        RevisionState::Superseded,
        RevisionState::Kept,
    ];

    /// As the database writes it.
    pub const fn code(self) -> &'static str {
        match self {
            RevisionState::Draft => "draft",
            RevisionState::Submitted => "submitted",
            RevisionState::Returned => "returned",
            RevisionState::Approved => "approved",
            RevisionState::Scheduled => "scheduled",
            RevisionState::Published => "published",
            RevisionState::Superseded => "superseded",
            RevisionState::Kept => "kept",
        }
    }

    /// Reads a code; a word that another version of this program wrote stands for a draft.
    pub fn parse(code: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.code() == code).unwrap_or(RevisionState::Draft)
    }

    /// Whether it is the one text of its announcement that is on its way to the public.
    pub const fn is_open(self) -> bool {
        !matches!(self, RevisionState::Published | RevisionState::Superseded | RevisionState::Kept)
    }

    /// Whether its text may be changed as it stands; one that was sent for checking is taken back first.
    pub const fn is_writable(self) -> bool {
        matches!(self, RevisionState::Draft | RevisionState::Returned)
    }

    /// Where a step leads from here; `None` where it can't be taken.
    pub const fn after(self, step: Step) -> Option<RevisionState> {
        use RevisionState::{Approved, Draft, Published, Returned, Scheduled, Submitted};
        match (self, step) {
            (Draft | Returned, Step::Submit) => Some(Submitted),
            (Submitted | Approved | Scheduled, Step::TakeBack) => Some(Draft),
            (Submitted | Approved | Scheduled, Step::Return) => Some(Returned),
            (Submitted, Step::Approve) => Some(Approved),
            (Submitted | Approved | Scheduled, Step::Schedule) => Some(Scheduled),
            (Submitted | Approved | Scheduled, Step::Publish) => Some(Published),
            (Draft | Returned | Submitted | Approved | Scheduled, Step::PublishInEmergency) => Some(Published),
            _ => None,
        }
    }
}

/// A step on a revision's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// *Gửi duyệt*.
    Submit,
    /// Back to writing, by who wrote it.
    TakeBack,
    /// Sent back with notes.
    Return,
    /// *Duyệt*.
    Approve,
    /// To be published at an hour.
    Schedule,
    /// *Xuất bản*.
    Publish,
    /// Published by one person alone.
    PublishInEmergency,
}

impl Step {
    /// Every step.
    pub const ALL: [Step; 7] = [
        Step::Submit,
        Step::TakeBack,
        Step::Return,
        Step::Approve,
        Step::Schedule,
        Step::Publish,
        Step::PublishInEmergency,
    ];
}

/// Makes the text, the list of its fields and the ways from one to the other, so that no field is forgotten anywhere.
macro_rules! draft_fields {
    ($($(#[doc = $doc:literal])+ $field:ident $name:ident;)+) => {
        /// The fields of a text as they were typed. What is missing in a form is empty, so that a half-finished text
        /// can be kept. Those from `theme` on are a campaign's.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct DraftText {
            $($(#[doc = $doc])+ pub $name: String,)+
        }

        /// A field of a draft.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum DraftField {
            $($(#[doc = $doc])+ $field,)+
        }

        impl DraftField {
            /// Every field, in the order of the form.
            pub const ALL: [DraftField; [$(stringify!($name)),+].len()] = [$(DraftField::$field),+];

            /// Its name in forms.
            pub const fn name(self) -> &'static str {
                match self {
                    $(DraftField::$field => stringify!($name),)+
                }
            }
        }

        impl DraftText {
            /// One field.
            pub fn get(&self, field: DraftField) -> &String {
                match field {
                    $(DraftField::$field => &self.$name,)+
                }
            }

            /// One field, to be changed.
            pub fn get_mut(&mut self, field: DraftField) -> &mut String {
                match field {
                    $(DraftField::$field => &mut self.$name,)+
                }
            }
        }
    };
}

draft_fields! {
    /// The title.
    Title title;
    /// *Sapo*.
    Lead lead;
    /// The body, in Markdown.
    Body body;
    /// The category's slug.
    Category category;
    /// Tags by their names, with commas between.
    Tags tags;
    /// Who wrote it, as readers see it.
    AuthorLine author_line;
    /// Where it comes from.
    Source source;
    /// The address of the lead picture; empty for none.
    Image image;
    /// What stands below it.
    ImageCaption image_caption;
    /// Who made it.
    ImageCredit image_credit;
    /// What it shows.
    ImageAlt image_alt;
    /// The language tag.
    Language language;
    /// What was corrected, for the public.
    ChangeNote change_note;
    /// *Chủ đề*.
    Theme theme;
    /// *Khẩu hiệu*.
    Slogan slogan;
    /// Regular or thematic: a code of [`super::campaign::CampaignKind`].
    CampaignKind campaign_kind;
    /// Which body launches it.
    Launcher launcher;
    /// The first day.
    Begins begins;
    /// The last day.
    Ends ends;
    /// *Mục đích*, in Markdown.
    Aim aim;
    /// *Phạm vi*, in Markdown.
    Scope scope;
    /// *Đối tượng*, in Markdown.
    Subjects subjects;
    /// *Nội dung thi đua*, one a line.
    Contents contents;
    /// *Tiêu chí*, one a line.
    Criteria criteria;
    /// *Kế hoạch*, in Markdown.
    Plan plan;
    /// *Biện pháp*, in Markdown.
    Measures measures;
    /// *Chỉ tiêu*, one a line (see [`super::campaign`]).
    Targets targets;
    /// The phases, one a line.
    Phases phases;
    /// The legal basis, one document a line.
    Legal legal;
    /// How often units report: a code of [`super::campaign::Reporting`].
    Reporting reporting;
    /// So many days after a period its report is due.
    ReportingDays reporting_days;
    /// *Giao ước*: what a unit signs.
    Covenant covenant;
    /// How units are scored, one criterion a line (see [`super::score`]).
    Score score;
    /// What a unit's plan is asked besides, one question a line.
    Form form;
}

/// The fields that only a campaign has.
pub const CAMPAIGN_FIELDS: [DraftField; 21] = {
    let (mut fields, mut at) = ([DraftField::Theme; 21], 0);
    while at < fields.len() {
        fields[at] = DraftField::ALL[DraftField::ALL.len() - fields.len() + at];
        at += 1;
    }
    fields
};

impl DraftText {
    /// Browsers send line breaks as CR LF; the same text has one form.
    #[must_use]
    pub fn with_plain_line_breaks(mut self) -> Self {
        for field in DraftField::ALL {
            let text = self.get_mut(field);
            if text.contains('\r') {
                *text = text.replace("\r\n", "\n").replace('\r', "\n");
            }
        }
        self
    }
}

/// A field that two people changed in the same place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldConflict {
    /// Which.
    pub field: DraftField,
    /// Its text in pieces: those that both agree on, and those to choose between.
    pub pieces: Vec<Piece>,
}

/// What two savings on one base make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergedDraft {
    /// One text with both people's changes.
    Clean(DraftText),
    /// They touch: somebody has to choose. The text has what could be merged, and mine where it could not.
    Conflict(DraftText, Vec<FieldConflict>),
}

/// Merges what I wrote with what was saved in between; both began with `base`.
pub fn merge_drafts(base: &DraftText, mine: &DraftText, theirs: &DraftText) -> MergedDraft {
    let (mut merged, mut conflicts) = (mine.clone(), Vec::new());
    for field in DraftField::ALL {
        match merge_text(base.get(field), mine.get(field), theirs.get(field)) {
            Merge::Clean(text) => *merged.get_mut(field) = text,
            Merge::Conflict(pieces) => {
                let choices = pieces.iter().filter(|piece| matches!(piece, Piece::Choice { .. }));
                let mine: Vec<Side> = choices.map(|_| Side::Mine).collect();
                if let Some(text) = resolve(&pieces, &mine) {
                    *merged.get_mut(field) = text;
                }
                conflicts.push(FieldConflict { field, pieces });
            }
        }
    }
    if conflicts.is_empty() { MergedDraft::Clean(merged) } else { MergedDraft::Conflict(merged, conflicts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_back_as_written_and_only_checked_texts_are_published() {
        for state in RevisionState::ALL {
            assert_eq!(RevisionState::parse(state.code()), state);
            let open = Step::ALL.iter().any(|step| state.after(*step).is_some());
            assert_eq!(open, state.is_open(), "{state:?}");
        }
        for state in [RevisionState::Draft, RevisionState::Returned] {
            assert_eq!(state.after(Step::Publish), None);
            assert_eq!(state.after(Step::Schedule), None);
            assert!(state.is_writable());
        }
    }

    #[test]
    fn the_fields_of_a_campaign_begin_with_its_theme() {
        assert_eq!(CAMPAIGN_FIELDS[0], DraftField::Theme);
        assert_eq!(CAMPAIGN_FIELDS.last(), Some(&DraftField::Form));
        assert!(!CAMPAIGN_FIELDS.contains(&DraftField::ChangeNote));
    }

    #[test]
    fn changes_of_two_people_in_two_fields_both_stay() {
        let base = DraftText { title: "Một".into(), lead: "Hai".into(), ..DraftText::default() };
        let mine = DraftText { title: "Một mới".into(), ..base.clone() };
        let theirs = DraftText { lead: "Hai mới".into(), ..base.clone() };
        let both = DraftText { title: "Một mới".into(), lead: "Hai mới".into(), ..DraftText::default() };
        assert_eq!(merge_drafts(&base, &mine, &theirs), MergedDraft::Clean(both));
    }

    #[test]
    fn changes_in_the_same_place_are_for_somebody_to_choose() {
        let base = DraftText { title: "Một".into(), ..DraftText::default() };
        let mine = DraftText { title: "Một của tôi".into(), ..base.clone() };
        let theirs = DraftText { title: "Một của chị".into(), ..base.clone() };
        let MergedDraft::Conflict(text, conflicts) = merge_drafts(&base, &mine, &theirs) else { panic!("a conflict") };
        assert_eq!(text.title, "Một của tôi");
        assert_eq!(conflicts.len(), 1);
        assert_eq!(conflicts[0].field, DraftField::Title);
    }

    #[test]
    fn line_breaks_of_browsers_are_the_same_text() {
        let sent = DraftText { body: "a\r\nb\rc\n".into(), ..DraftText::default() };
        assert_eq!(sent.with_plain_line_breaks().body, "a\nb\nc\n");
    }
}
