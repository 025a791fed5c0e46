//! The targets of one run: those that the user named, and those that an earlier run left deliveries for.

use crate::domain::notification::Outline;
use crate::domain::route::Route;
use crate::domain::target::Target;
use crate::report::Report;

/// The targets of one run, by number: several routes may lead to one.
pub(super) struct Targets {
    list: Vec<Target>,
    /// So many of them, the first ones, were named by the user.
    named: usize,
    /// Each route, and the number of its target.
    routes: Vec<(Route, usize)>,
}

impl Targets {
    /// The targets of these routes, and these from the history.
    ///
    /// # Errors
    ///
    /// When the history names a target that cannot be understood.
    pub(super) fn new<'a>(
        routes: &[Route],
        resumed: impl Iterator<Item = &'a str>,
    ) -> Result<Self, Report> {
        let mut targets = Self {
            list: Vec::new(),
            named: 0,
            routes: Vec::new(),
        };
        for route in routes {
            let number = targets.number(&route.target);
            targets.routes.push((route.clone(), number));
        }
        targets.named = targets.list.len();
        for text in resumed {
            targets.number(&Target::parse(text, None)?);
        }
        Ok(targets)
    }

    /// Every target, in order of number.
    pub(super) fn list(&self) -> &[Target] {
        &self.list
    }

    /// Whether the user has named it for this run.
    pub(super) fn is_named(&self, number: usize) -> bool {
        number < self.named
    }

    /// The target of this number.
    pub(super) fn get(&self, number: usize) -> &Target {
        self.list
            .get(number)
            .expect("only targets that exist have numbers")
    }

    /// The numbers of the targets that the notification goes to, each once.
    pub(super) fn taking(&self, outline: &Outline) -> Vec<usize> {
        let mut taking = Vec::new();
        for (route, number) in &self.routes {
            if route.takes(outline) && !taking.contains(number) {
                taking.push(*number);
            }
        }
        taking
    }

    /// The number of a target, which is added when it is new.
    fn number(&mut self, target: &Target) -> usize {
        let known = self.list.iter().position(|known| known == target);
        known.unwrap_or_else(|| {
            self.list.push(target.clone());
            self.list.len() - 1
        })
    }
}
