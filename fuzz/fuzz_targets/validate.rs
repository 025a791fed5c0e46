//! Arbitrary bytes as a body: whatever comes is judged, every place is inside the input and at whole characters, and
//! every format can show it, on a terminal of the width that the first byte chooses.
#![no_main]

use std::io;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use syncfy_hooks::domain::activity::{Activity, Validated, Validation};
use syncfy_hooks::domain::json::Place;
use syncfy_hooks::domain::validation::judge;
use syncfy_hooks::ui::{Format, Options, Streams, Ui};

const FORMATS: [Format; 6] = [
    Format::Pretty,
    Format::Compact,
    Format::Json,
    Format::Github,
    Format::Sarif,
    Format::Junit,
];

fn is_inside(body: &[u8], Place { line, column, span }: &Place) {
    assert!(*line >= 1 && *column >= 1);
    assert!(span.start <= span.end && span.end <= body.len());
    if let Ok(text) = std::str::from_utf8(body) {
        assert!(text.get(span.clone()).is_some());
        let before = &text[..span.start];
        assert_eq!(before.matches('\n').count() + 1, *line);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        // The byte order mark is no character of the text.
        let text = &before[start..];
        let text = if start == 0 { text.trim_start_matches('\u{feff}') } else { text };
        assert!(text.chars().count() + 1 >= *column);
    }
}

fn show(validation: &Validation, format: Format, is_terminal: bool, width: usize) {
    let options = Options {
        format,
        quiet: false,
        verbose: false,
        color_stdout: is_terminal,
        color_stderr: false,
    };
    let streams = Streams {
        stdout: Box::new(io::sink()),
        stderr: Box::new(io::sink()),
        stdout_is_terminal: is_terminal,
        stderr_is_terminal: false,
        width,
    };
    let mut ui = Ui::new(options, streams);
    for activity in [Activity::Validation(validation.clone()), Activity::Validated(Validated::default())] {
        assert!(ui.show(&activity).is_ok());
    }
    assert!(ui.flush().is_ok());
}

fuzz_target!(|data: &[u8]| {
    let Some((width, body)) = data.split_first() else {
        return;
    };
    let judgement = judge(body);
    for found in &judgement.diagnostics {
        let related = found.related.iter().map(|related| &related.place);
        found.place.iter().chain(related).for_each(|place| is_inside(body, place));
    }
    let validation = Validation {
        source: "fuzz.json".into(),
        id: None,
        line: 1,
        valid: judgement.valid,
        version: judgement.outline.version,
        events: judgement.outline.events,
        diagnostics: judgement.diagnostics,
        decoded: false,
        text: Bytes::copy_from_slice(body),
    };
    for format in FORMATS {
        show(&validation, format, *width % 2 == 0, usize::from(*width));
    }
});
