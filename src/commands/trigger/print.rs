//! Prints what was made.

use jiff::Timestamp;

use super::Form;
use super::supply::{Made, request};
use crate::commands::Context;
use crate::domain::capture::{Capture, Layout};
use crate::domain::curl;
use crate::domain::notification::Outline;
use crate::domain::signature::{DEFAULT_NAMES, KeyRing, SignError, Stamp};
use crate::exit::ExitStatus;
use crate::report::Report;
use crate::ui::{self, Format};

pub(super) fn run(
    made: &Made,
    form: &Form,
    ring: &KeyRing,
    context: &mut Context,
) -> Result<ExitStatus, Report> {
    // Many are one per line; a single one is there to be read.
    let is_single = made.count() == 1;
    let is_indented = is_single && context.ui.format() == Format::Pretty;
    for scene in made.scenes() {
        let scene = scene?;
        let text = match form {
            Form::Body if is_indented => ui::indented(&scene.body).into_bytes(),
            Form::Body if is_single => line(scene.body),
            Form::Body => line(on_one_line(scene.body)),
            Form::Capture => {
                // As if it had been sent at that moment: its times are judged as of then.
                let at = scene.at;
                let (mut capture, outline) = request(scene);
                sign(&mut capture, &outline, ring, at)?;
                line(capture.write(Layout::Line))
            }
            Form::Curl(url) => {
                let (mut capture, outline) = request(scene);
                sign(&mut capture, &outline, ring, context.clock.now())?;
                line(curl::command(url, &capture, &[], None).into_bytes())
            }
        };
        context.ui.foreign_text(&text)?;
    }
    Ok(ExitStatus::Yes)
}

fn line(mut text: Vec<u8>) -> Vec<u8> {
    text.push(b'\n');
    text
}

/// Line breaks of JSON stand between its tokens, where they mean nothing: a string has none.
fn on_one_line(mut body: Vec<u8>) -> Vec<u8> {
    body.retain(|byte| !matches!(byte, b'\n' | b'\r'));
    body
}

/// Signs where there is a key.
fn sign(
    capture: &mut Capture,
    outline: &Outline,
    ring: &KeyRing,
    now: Timestamp,
) -> Result<(), Report> {
    let Some(key) = ring.signer(outline.environments().next()) else {
        let has_none = ring.is_empty();
        return has_none
            .then_some(())
            .ok_or_else(|| SignError::NoKey.into());
    };
    let [header, ..] = DEFAULT_NAMES;
    let stamp = Stamp { key, header, now };
    Ok(stamp.put_on(capture, outline.rid.as_deref())?)
}
