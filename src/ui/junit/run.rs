//! The JUnit report of a `listen`: a case for each requirement.

use super::{Suite, document};
use crate::domain::activity::{Arrived, Conclusion, Requirement, RequirementKind};
use crate::ui::finding::DOCUMENT;
use crate::ui::words::plural;
use crate::ui::{requirements, xml};

/// The name of the suite, and of the class of its cases.
const NAME: &str = "listen";

/// The whole document.
pub(crate) fn of_run(run: &Conclusion) -> String {
    let mut suite = Suite {
        name: NAME.into(),
        ..Suite::default()
    };
    for requirement in &run.requirements {
        let why = (!requirement.met).then(|| requirements::shortfall(requirement, DOCUMENT));
        suite.add(&name(requirement), why.as_deref());
    }
    if let Some((within, ran_out)) = &run.within {
        let why = ran_out.then_some("time ran out before everything had come and gone");
        suite.add(&format!("--within {within}"), why);
    }
    let told = xml::text(&what_arrived(run));
    suite.write(format!("    <system-out>{told}</system-out>\n"));
    document(vec![suite])
}

impl Suite {
    /// Adds a case, which fails for this reason.
    fn add(&mut self, name: &str, why: Option<&str>) {
        let head = xml::start("testcase", &[("classname", NAME), ("name", name)]);
        self.tests += 1;
        let Some(why) = why else {
            return self.write(format!("    {head}/>\n"));
        };
        self.failures += 1;
        let failure = xml::start("failure", &[("type", "unmet"), ("message", why)]);
        self.write(format!("    {head}>\n      {failure}/>\n    </testcase>\n"));
    }

    fn write(&mut self, text: String) {
        self.cases.extend([text]);
    }
}

fn name(requirement: &Requirement) -> String {
    match requirement.kind {
        RequirementKind::Events => format!("--expect {}", requirement.expect),
        _ => requirement.expect.clone(),
    }
}

/// How it ended, and a line for each of the first that arrived.
fn what_arrived(run: &Conclusion) -> String {
    let received = plural(run.received, "notification");
    let mut lines = vec![format!("{}; {received} received", run.end)];
    lines.extend(run.arrived.iter().map(line));
    let unlisted = run.received.saturating_sub(run.arrived.len() as u64);
    if unlisted > 0 {
        lines.push(format!("and {unlisted} more"));
    }
    lines.join("\n")
}

fn line(arrived: &Arrived) -> String {
    let events = match arrived.events.as_slice() {
        [] => "(no event)".to_owned(),
        names => names.join(", "),
    };
    let refused = arrived.refused.map(|reason| format!(", refused: {reason}"));
    let refused = refused.unwrap_or_default();
    format!("[{}] {events}{refused}", arrived.id)
}
