//! The text that a review begins with: what the figures say, each leading to where it is frozen, and places for what
//! only people know.

use std::fmt::Write as _;

use crate::domain::day::Day;
use crate::domain::figure::Figure;
use crate::domain::lang::Lang;
use crate::domain::review::{
    CORRECTIONS, FrozenTarget, FrozenUnit, OfAll, OfTarget, OfUnit, ReviewKind, Snapshot, best, unit_anchor,
};
use crate::domain::time::Instant;
use crate::server::db::announcement;
use crate::server::db::example::ExampleRow;
use crate::server::docx::line_as_markdown;
use crate::server::services::draft::TextKind;
use crate::text::Text;

/// Official texts are in Vietnamese.
const T: Text = Text(Lang::Vi);
/// What stands in a table where there is no figure.
const NONE: &str = "–";
/// Below the head of a column: its figures stand at the right.
const FIGURES: &str = "---:";

/// A review that is to be written.
pub(super) struct Written<'a> {
    /// Its figures.
    pub snapshot: &'a Snapshot,
    /// The examples that were published by the last day.
    pub examples: &'a [ExampleRow],
    /// What it is of.
    pub kind: ReviewKind,
    /// The last day whose reports count.
    pub cut_off: Day,
    /// When the figures were taken.
    pub taken_at: Instant,
    /// The path of the page where they stand.
    pub path: String,
}

impl Written<'_> {
    /// What the campaign is called in a sentence: its theme, or else its title.
    fn name(&self) -> &str {
        let theme = self.snapshot.theme.trim();
        if theme.is_empty() { self.snapshot.title.trim() } else { theme }
    }

    /// The time up to which figures count: a month that is over by its name, else the day.
    fn until(&self) -> String {
        let last = self.cut_off;
        if last == last.end_of_stretch(1) {
            T.review_until_month(u32::from(last.month()), last.year().to_string())
        } else {
            T.review_until_day(last.show(T.0))
        }
    }

    /// The title.
    pub fn title(&self) -> String {
        match self.kind {
            ReviewKind::Interim => T.review_title_interim(self.name(), self.until()),
            ReviewKind::Final => T.review_title_final(self.name(), self.until()),
        }
    }

    /// The lead: the figures of all in a sentence.
    pub fn lead(&self) -> String {
        let count = |of: OfAll| of.of(self.snapshot).map(|figure| figure.show(T.0)).unwrap_or_default();
        let (units, accepted) = (count(OfAll::Units), count(OfAll::Accepted));
        let (reached, targets) = (count(OfAll::Reached), count(OfAll::Targets));
        T.review_lead(accepted, reached, targets, units, self.until())
    }

    /// The body in Markdown.
    pub fn body(&self) -> String {
        let mut body = String::new();
        self.add(&mut body, &self.whole());
        self.add(&mut body, &self.targets());
        self.add(&mut body, &self.best());
        self.add(&mut body, &self.behind());
        self.add(&mut body, &self.corrections());
        self.add(&mut body, &format!("## {}\n\n{}\n", T.review_outlook(), T.review_outlook_place()));
        body
    }

    fn add(&self, body: &mut String, part: &str) {
        if !body.is_empty() {
            body.push('\n');
        }
        body.push_str(part);
    }

    /// A link to a place of the frozen figures.
    fn link(&self, text: &str, anchor: &str) -> String {
        format!("[{text}]({}#{anchor})", self.path)
    }

    fn figure(&self, figure: Option<Figure>, anchor: &str) -> String {
        figure.map_or_else(|| NONE.to_owned(), |figure| self.link(&figure.show(T.0), anchor))
    }

    fn of_all(&self, of: OfAll) -> String {
        self.figure(of.of(self.snapshot), of.anchor())
    }

    fn of_target(&self, target: &FrozenTarget, of: OfTarget) -> String {
        self.figure(of.of(target), &of.anchor(target))
    }

    fn of_unit(&self, unit: &FrozenUnit, of: OfUnit) -> String {
        self.figure(of.of(unit), &of.anchor(unit))
    }

    fn unit(&self, unit: &FrozenUnit) -> String {
        self.link(&line_as_markdown(&unit.name), &unit_anchor(unit))
    }

    /// *Kết quả chung*.
    fn whole(&self) -> String {
        let source = format!("[{}]({})", T.review_frozen_page(), self.path);
        let all = T.review_whole(
            self.of_all(OfAll::Accepted),
            self.of_all(OfAll::Reached),
            self.of_all(OfAll::Targets),
            self.of_all(OfAll::Units),
        );
        let begins = T.review_sources(source, self.taken_at.minute(T.0), self.until());
        let campaign = self.path.split("/so-lieu-chot").next().unwrap_or_default();
        let campaign = T.review_campaign(format!("[{}]({campaign})", T.review_campaign_page()));
        format!("## {}\n\n{all}\n\n{begins} {campaign}\n", T.review_results())
    }

    /// *Theo từng mục tiêu*.
    fn targets(&self) -> String {
        let mut part = format!("## {}\n", T.review_by_target());
        for targets in self.snapshot.pillars() {
            let pillar = targets.first().map(|target| line_as_markdown(&target.pillar)).unwrap_or_default();
            let _ = write!(
                part,
                "\n### {pillar}\n\n| {} | {} | {} | {} |\n| --- | {FIGURES} | {FIGURES} | {FIGURES} |\n",
                T.review_target(),
                T.review_value(),
                T.column_goal(),
                T.review_share()
            );
            for target in targets {
                // One column less: a phone has room for four.
                let named = format!("{} ({})", target.name, target.measure);
                let _ = writeln!(
                    part,
                    "| {} | {} | {} | {} |",
                    line_as_markdown(&named),
                    self.of_target(target, OfTarget::Value),
                    self.of_target(target, OfTarget::Goal),
                    self.of_target(target, OfTarget::Share)
                );
            }
        }
        part
    }

    /// *Đơn vị tiêu biểu*: the best of each cluster, and the ranks.
    fn best(&self) -> String {
        let mut part = format!("## {}\n", T.review_best());
        for units in self.snapshot.clusters() {
            if units.iter().all(|unit| unit.rank.is_none()) {
                continue;
            }
            let cluster = units.first().map(|unit| unit.cluster.as_str()).unwrap_or_default();
            let cluster = if cluster.is_empty() { T.review_no_cluster() } else { cluster };
            let _ = writeln!(part, "\n### {}", line_as_markdown(cluster));
            let names: Vec<String> = best(units).map(|unit| self.unit(unit)).collect();
            if !names.is_empty() {
                let _ = writeln!(part, "\n{}", T.review_best_are(names.join(", ")));
            }
            part.push_str(&self.ranks(units));
        }
        part.push_str(&self.examples());
        part
    }

    /// The examples that were published by then. Where there are none, who is held up is for people to say.
    fn examples(&self) -> String {
        if self.examples.is_empty() {
            return format!("\n{}\n", T.review_examples_place());
        }
        let mut list = format!("\n{}\n\n", T.review_examples_are());
        for row in self.examples {
            let path = announcement::path_of(TextKind::Example.code(), &row.slug);
            let unit = if row.unit_name == row.person { "" } else { row.unit_name.as_str() };
            let who: Vec<String> =
                [&row.person, unit].into_iter().filter(|name| !name.is_empty()).map(line_as_markdown).collect();
            let _ = writeln!(list, "- [{}]({path}) ({})", line_as_markdown(&row.title), who.join(", "));
        }
        list
    }

    fn ranks(&self, units: &[FrozenUnit]) -> String {
        let mut table = format!(
            "\n| {} | {} | {} | {} |\n| {FIGURES} | --- | {FIGURES} | {FIGURES} |\n",
            T.review_rank(),
            T.review_unit(),
            T.column_points(),
            T.review_accepted()
        );
        for unit in units {
            let _ = writeln!(
                table,
                "| {} | {} | {} | {} |",
                self.of_unit(unit, OfUnit::Rank),
                self.unit(unit),
                self.of_unit(unit, OfUnit::Score),
                self.of_unit(unit, OfUnit::Accepted)
            );
        }
        table
    }

    /// *Việc còn chậm*: targets behind, reports that came late or did not come.
    fn behind(&self) -> String {
        let mut part = format!("## {}\n", T.review_behind());
        // On the way what counts is the pace; at the end, whether it was reached.
        let (missed, title): (fn(&&FrozenTarget) -> bool, _) = match self.kind {
            ReviewKind::Interim => (|target| target.behind, T.review_targets_behind()),
            ReviewKind::Final => (|target| !target.reached, T.review_targets_unreached()),
        };
        let targets: Vec<&FrozenTarget> = self.snapshot.targets.iter().filter(missed).collect();
        let units: Vec<&FrozenUnit> = self.snapshot.units.iter().filter(|unit| unit.is_behind()).collect();
        if targets.is_empty() && units.is_empty() {
            let _ = writeln!(part, "\n{}", T.review_nothing_behind());
        }
        if !targets.is_empty() {
            let _ = writeln!(part, "\n{title}\n");
        }
        for target in targets {
            let (value, share) = (self.of_target(target, OfTarget::Value), self.of_target(target, OfTarget::Share));
            let measure = line_as_markdown(&target.measure);
            let _ =
                writeln!(part, "- {}", T.review_target_behind(measure, line_as_markdown(&target.name), share, value));
        }
        if !units.is_empty() {
            let (late, missing) = (self.of_all(OfAll::Late), self.of_all(OfAll::Missing));
            let _ = writeln!(part, "\n{}\n", T.review_units_behind(late, missing));
        }
        for unit in units {
            let missing = (unit.missing > 0).then(|| T.review_unit_missing(self.of_unit(unit, OfUnit::Missing)));
            let late = (unit.late > 0).then(|| T.review_unit_late(self.of_unit(unit, OfUnit::Late)));
            let parts: Vec<String> = [missing, late].into_iter().flatten().collect();
            let _ = writeln!(part, "- {}", T.review_unit_behind(parts.join(", "), self.unit(unit)));
        }
        part
    }

    /// *Đính chính*.
    fn corrections(&self) -> String {
        let mut part = format!("## {}\n", T.review_corrections());
        let corrections = &self.snapshot.corrections;
        if corrections.is_empty() {
            let _ = writeln!(part, "\n{}", T.review_no_corrections());
            return part;
        }
        let table = self.link(T.review_corrections_list(), CORRECTIONS);
        let _ = writeln!(part, "\n{}", T.review_corrections_were(corrections.len(), table));
        part
    }
}
