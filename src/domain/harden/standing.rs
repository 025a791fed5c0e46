//! Where an endpoint stands once it was sent a plainly right notification: what else can be told from its answers.

use super::check::{Check, Expect};
use super::checks::control;
use super::probe::Reaction;

/// What an endpoint did with a plainly right notification, at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It took it.
    Accepting,
    /// It was not signed, for want of a key, and was refused for that.
    Guarded,
    /// It did not take it.
    Refusing(Reaction),
}

impl Standing {
    /// The standing by this reaction.
    #[must_use]
    pub fn of(reaction: &Reaction, has_key: bool) -> Self {
        match reaction {
            reaction if reaction.is_accepting() => Self::Accepting,
            Reaction::Status(401 | 403) if !has_key => Self::Guarded,
            reaction => Self::Refusing(reaction.clone()),
        }
    }

    /// Why a check would tell nothing, if so.
    #[must_use]
    pub fn obstacle(&self, check: &Check) -> Option<&'static str> {
        match (self, check.expect) {
            (Self::Accepting, _) | (_, Expect::Survive) | (Self::Guarded, Expect::Refuse) => None,
            (Self::Guarded, Expect::Accept) => {
                Some("it needs a key: the endpoint refuses what is unsigned")
            }
            (Self::Refusing(_), _) if std::ptr::eq(check, control()) => None,
            (Self::Refusing(_), _) => {
                Some("it would tell nothing: a right notification is not accepted")
            }
        }
    }

    /// Whether an endpoint that reacts so to the same notification later on still does its work.
    #[must_use]
    pub fn still_holds(&self, reaction: &Reaction) -> bool {
        match (self, reaction) {
            (Self::Accepting, reaction) => reaction.is_accepting(),
            (Self::Guarded, Reaction::Status(status)) => *status < 500,
            (Self::Guarded, _) => false,
            // What never answered has nothing to lose.
            (Self::Refusing(Reaction::Status(_)), later) => later.status().is_some(),
            (Self::Refusing(_), _) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::*;

    #[test]
    fn what_can_be_told_depends_on_the_control() {
        let obstacle = |standing: &Standing, name| standing.obstacle(find(name).unwrap()).is_some();
        let accepting = Standing::of(&Reaction::Status(204), false);
        let guarded = Standing::of(&Reaction::Status(401), false);
        let refusing = Standing::of(&Reaction::Status(401), true);
        for (name, expected) in [
            ("unsigned", [false, false, true]),
            ("batch", [false, true, true]),
            ("fast", [false, true, true]),
            ("plain", [false, true, false]),
            ("get", [false, false, false]),
        ] {
            let found = [&accepting, &guarded, &refusing].map(|standing| obstacle(standing, name));
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn life_is_doing_as_before() {
        let later = |first: Reaction, later| Standing::of(&first, true).still_holds(&later);
        assert!(later(Reaction::Status(200), Reaction::Status(204)));
        assert!(!later(Reaction::Status(200), Reaction::Status(401)));
        assert!(!later(Reaction::Status(200), Reaction::Closed));
        assert!(later(Reaction::Status(500), Reaction::Status(500)));
        assert!(!later(Reaction::Status(404), Reaction::Closed));
        assert!(later(Reaction::TimedOut, Reaction::TimedOut));
    }
}
