//! One check: what it is called, what it sends, and how the answers are judged.

use std::fmt;

use serde::Serialize;

use super::finding::{self, Finding, Terms};
use super::forge::{Forge, Unarmed};
use super::probe::{Attack, Shot};
use crate::domain::page::Page;

/// What a right endpoint does with the requests of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Expect {
    /// It refuses them: 4xx.
    Refuse,
    /// It takes them: 2xx.
    Accept,
    /// It answers them somehow, and lives on.
    Survive,
}

impl fmt::Display for Expect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Refuse => "refuse",
            Self::Accept => "accept",
            Self::Survive => "survive",
        })
    }
}

type Plan = fn(&mut Forge<'_>) -> Result<Attack, Unarmed>;
type Judge = fn(&[Shot], &Terms) -> Finding;

/// One check.
#[derive(Debug)]
#[non_exhaustive]
pub struct Check {
    /// Its stable code, such as `H101`.
    pub code: &'static str,
    /// Its name in kebab-case, such as `unsigned`.
    pub name: &'static str,
    /// What a right endpoint does.
    pub expect: Expect,
    /// Its manual page: a sentence, then What it sends, Why, What a right endpoint answers, Remedy.
    pub page: Page,
    plan: Plan,
    judge: Judge,
}

impl Check {
    pub(super) const fn new(
        code: &'static str,
        name: &'static str,
        expect: Expect,
        source: &'static str,
        plan: Plan,
    ) -> Self {
        Self {
            code,
            name,
            expect,
            page: Page::of(source),
            plan,
            judge: match expect {
                Expect::Refuse => finding::refused,
                Expect::Accept => finding::accepted,
                Expect::Survive => finding::survived,
            },
        }
    }

    /// The same with answers judged in another way.
    pub(super) const fn judged_by(self, judge: Judge) -> Self {
        Self { judge, ..self }
    }

    /// The requests.
    ///
    /// # Errors
    ///
    /// When they need a key that is not there.
    pub fn plan(&self, forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
        (self.plan)(forge)
    }

    /// What the answers prove.
    #[must_use]
    pub fn judge(&self, shots: &[Shot], terms: &Terms) -> Finding {
        let mut finding = (self.judge)(shots, terms);
        if !finding.passes && finding.remedy.is_none() {
            finding.remedy = Some(self.remedy());
        }
        finding
    }

    /// What to do where an endpoint fails.
    #[must_use]
    pub fn remedy(&self) -> String {
        self.page.section("Remedy")
    }
}
