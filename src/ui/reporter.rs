//! The formats of findings for the tools of others: which renderer there is, and when it is given what.

use super::{Format, OutputError, Ui, github, junit, sanitize, sarif, validate};
use crate::domain::activity::{Activity, Checked, Validation, Warning};
use crate::report::Report;

/// A renderer of findings. What it gives back is written at once; what has to wait for the end it holds, without the
/// notifications that it is about.
pub(super) trait Reporter: Send {
    /// Takes what was found in one notification.
    fn validation(&mut self, validation: &Validation) -> String;

    /// Takes what came of a check of an endpoint.
    fn check(&mut self, _: &Checked) {}

    /// Takes what could not be done, such as a file that cannot be read.
    fn failure(&mut self, report: &Report) -> String;

    /// Takes what else the user should know.
    fn warning(&mut self, warning: &Warning);

    /// Nothing more comes.
    fn end(self: Box<Self>) -> String;
}

/// The renderer of a format, where it is one for findings.
pub(super) fn of(format: Format) -> Option<Box<dyn Reporter>> {
    match format {
        Format::Pretty | Format::Compact | Format::Json => None,
        Format::Github => Some(Box::new(github::Annotations)),
        Format::Sarif => Some(Box::<sarif::Log>::default()),
        Format::Junit => Some(Box::<junit::Suites>::default()),
    }
}

impl Ui {
    /// Hands an activity to the renderer of findings, and says whether it is shown by that.
    pub(super) fn report(&mut self, activity: &Activity) -> Result<bool, OutputError> {
        let Some(reporter) = &mut self.reporter else {
            return Ok(false);
        };
        match activity {
            Activity::Validation(validation) | Activity::Sequence(validation) => {
                let text = reporter.validation(validation);
                self.document(&text)?;
                return Ok(true);
            }
            Activity::Warning(warning) => reporter.warning(warning),
            Activity::Fix(repair) => {
                let line = validate::repair(repair, self.err);
                self.note(&line);
                return Ok(true);
            }
            Activity::Checked(checked) => {
                reporter.check(checked);
                return Ok(true);
            }
            Activity::Validated(_) | Activity::Sequenced(_) | Activity::Hardened(_) => {
                self.end_report()?;
            }
            _ => {}
        }
        Ok(false)
    }

    /// Hands a failure to the renderer of findings.
    pub(super) fn report_failure(&mut self, report: &Report) -> Result<(), OutputError> {
        let reporter = self.reporter.as_mut();
        let text = reporter.map(|reporter| reporter.failure(report));
        self.document(&text.unwrap_or_default())
    }

    /// Writes what the renderer of findings held until now, once.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn end_report(&mut self) -> Result<(), OutputError> {
        let text = self.reporter.take().map(Reporter::end);
        self.document(&text.unwrap_or_default())
    }

    /// Writes a part of a document. What a terminal could be misled by is escaped there, which JSON and XML read alike.
    fn document(&mut self, text: &str) -> Result<(), OutputError> {
        if self.out.is_terminal {
            self.data(sanitize::block(text).as_bytes())
        } else {
            self.data(text.as_bytes())
        }
    }
}
