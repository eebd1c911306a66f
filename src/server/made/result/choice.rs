//! What a reader chose to see of the results, which stands in the address.

use maud::{Markup, html};

use crate::domain::html::percent_encode;
use crate::domain::slug::Slug;
use crate::domain::text::fold;
use crate::server::desk::form::Fields;
use crate::server::services::result::{Results, UnitResult};
use crate::text::Text;

/// So many units stand on a page; a province with all its communes has less.
pub const UNITS_MOST: usize = 300;

/// In which order units stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By their scores.
    #[default]
    Score,
    /// By their names.
    Name,
    /// Those with the most late reports first.
    Late,
}

impl Order {
    /// Every order.
    pub const ALL: [Self; 3] = [Order::Score, Order::Name, Order::Late];

    /// As it stands in an address.
    pub const fn code(self) -> &'static str {
        match self {
            Order::Score => "diem",
            Order::Name => "ten",
            Order::Late => "muon",
        }
    }
}

/// What a reader chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The code of a cluster; `None` for all.
    pub cluster: Option<String>,
    /// In which order units stand.
    pub order: Order,
    /// Whether only units stand there whose reports came late or did not come.
    pub late: bool,
    /// The code of the target that is shown by unit; `None` for the first.
    pub target: Option<String>,
    /// Which page of units, from 1 on.
    pub page: usize,
}

impl Default for Choice {
    fn default() -> Self {
        Self { cluster: None, order: Order::default(), late: false, target: None, page: 1 }
    }
}

/// The units of one page.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// Them by their clusters.
    pub clusters: Vec<(&'a str, Vec<&'a UnitResult>)>,
    /// How many there are before them.
    pub before: usize,
    /// How many there are in all.
    pub all: usize,
}

impl<'a> Shown<'a> {
    /// Them all.
    pub fn units(&self) -> Vec<&'a UnitResult> {
        self.clusters.iter().flat_map(|(_, units)| units.iter().copied()).collect()
    }
}

impl Choice {
    /// Reads it from the query; `None` for what there is not.
    pub fn read(query: &Fields, results: &Results) -> Option<Self> {
        let asked = |name: &str| Some(query.get(name)).filter(|text| !text.is_empty()).map(str::to_owned);
        let order = match asked("xep") {
            // Without scores names are all there is.
            None if results.table.is_none() => Order::Name,
            None => Order::default(),
            Some(code) => Order::ALL.into_iter().find(|order| order.code() == code)?,
        };
        let late = match asked("loc").as_deref() {
            None | Some("all") => false,
            Some("muon") => true,
            Some(_) => return None,
        };
        let page = match asked("trang") {
            None => 1,
            Some(number) => number.parse().ok().filter(|page| *page > 1)?,
        };
        let choice = Self { cluster: asked("cum"), order, late, target: asked("chi-tieu"), page };
        let has_cluster = |code: &String| results.units.iter().any(|unit| cluster_code(&unit.part.cluster) == *code);
        let has_target = |code: &String| results.targets.iter().any(|result| result.target.code == *code);
        let is_there = choice.cluster.as_ref().is_none_or(has_cluster)
            && choice.target.as_ref().is_none_or(has_target)
            && (page == 1 || !choice.shown(results).clusters.is_empty());
        is_there.then_some(choice)
    }

    /// The address where it is shown, at a place of the page.
    pub fn href(&self, slug: &str, place: &str, t: Text) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.cluster.as_ref().map(|code| ("cum", code.as_str())));
        if self.order != Order::default() {
            pairs.push(("xep", self.order.code()));
        }
        if self.late {
            pairs.push(("loc", "muon"));
        }
        pairs.extend(self.target.as_ref().map(|code| ("chi-tieu", code.as_str())));
        let mut query: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={}", percent_encode(value))).collect();
        query.extend((self.page > 1).then(|| format!("trang={}", self.page)));
        let sign = if query.is_empty() { "" } else { "?" };
        t.0.href(&format!("/thi-dua/{slug}/ket-qua{sign}{}#{place}", query.join("&")))
    }

    /// The units that were asked for, in their order within each cluster; clusters in theirs, units without one last.
    pub fn clusters<'a>(&self, results: &'a Results) -> Vec<(&'a str, Vec<&'a UnitResult>)> {
        let mut units: Vec<&UnitResult> = results.units.iter().filter(|unit| self.shows(unit)).collect();
        // Sorting keeps the order of names among equals.
        match self.order {
            Order::Score => units.sort_by_key(|unit| unit.rank.unwrap_or(u32::MAX)),
            Order::Name => {}
            Order::Late => units.sort_by_key(|unit| std::cmp::Reverse(unit.late())),
        }
        units.sort_by_key(|unit| (unit.part.cluster.is_empty(), &unit.part.cluster_key));
        let mut clusters: Vec<(&str, Vec<&UnitResult>)> = Vec::new();
        for unit in units {
            match clusters.last_mut() {
                Some((name, units)) if *name == unit.part.cluster => units.push(unit),
                _ => clusters.push((&unit.part.cluster, vec![unit])),
            }
        }
        clusters
    }

    /// Of these, the ones of its page.
    pub fn shown<'a>(&self, results: &'a Results) -> Shown<'a> {
        let mut clusters = self.clusters(results);
        let all = clusters.iter().map(|(_, units)| units.len()).sum();
        let before = (self.page - 1).saturating_mul(UNITS_MOST);
        let (mut skipped, mut taken) = (before, UNITS_MOST);
        for (_, units) in &mut clusters {
            let gone = skipped.min(units.len());
            units.drain(..gone);
            units.truncate(taken);
            (skipped, taken) = (skipped - gone, taken - units.len());
        }
        clusters.retain(|(_, units)| !units.is_empty());
        Shown { clusters, before, all }
    }

    fn shows(&self, unit: &UnitResult) -> bool {
        let of_cluster = self.cluster.as_ref().is_none_or(|code| cluster_code(&unit.part.cluster) == *code);
        of_cluster && (!self.late || unit.late() > 0)
    }
}

/// A cluster as it stands in an address; that of units without one has a name no cluster has.
pub fn cluster_code(name: &str) -> String {
    Slug::from_folded(&fold(name)).map_or_else(|| "-".to_owned(), |slug| slug.as_str().to_owned())
}

/// A way to see it otherwise: where it leads, what it says, whether it is so now, whether that is Vietnamese in any case.
#[derive(Clone, Debug)]
pub struct Way {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub text: String,
    /// Whether the page shows just that.
    pub current: bool,
    /// The language of what it says, where it is not the interface's.
    pub lang: Option<&'static str>,
}

/// Links of which one is chosen.
pub fn ways(label: &str, ways: &[Way]) -> Markup {
    html! {
        nav class="choices" aria-label=(label) {
            span class="choices-label" aria-hidden="true" { (label) }
            ul {
                @for way in ways {
                    li { a href=(way.href) aria-current=[way.current.then_some("true")] lang=[way.lang] { (way.text) } }
                }
            }
        }
    }
}
