//! The two environments of Syncfy, told by the id in `header.user.id_environment`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which side of Syncfy sent a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Test data.
    Sandbox,
    /// Data of real users.
    Production,
}

impl Environment {
    /// Every environment that the documentation names.
    pub const ALL: [Self; 2] = [Self::Sandbox, Self::Production];

    /// The environment with this `id_environment` (Syncfy's documentation, Webhooks V3).
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|environment| environment.id() == id)
    }

    /// Its `id_environment`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Sandbox => "574894bf7848066d138b4570",
            Self::Production => "574894bf7848066d138b4571",
        }
    }

    /// `sandbox` or `production`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Production => "production",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_told_by_its_id() {
        for environment in Environment::ALL {
            assert_eq!(Environment::from_id(environment.id()), Some(environment));
            assert_eq!(
                serde_json::to_string(&environment).unwrap(),
                format!("\"{environment}\"")
            );
        }
        assert_eq!(Environment::from_id("574894BF7848066D138B4570"), None);
    }
}
