//! A text that the user changes in an editor.

use std::fs;
use std::io::{self, Write as _};
use std::process::Command;

/// Opens the text in the editor, by way of a file for its owner alone, and takes what was saved.
///
/// # Errors
///
/// When the file cannot be made or read, or the editor cannot be started or ends with another status than 0.
pub(crate) fn edit(text: &[u8], editor: &str) -> io::Result<Vec<u8>> {
    let named = tempfile::Builder::new()
        .prefix("syncfy-hooks-")
        .suffix(".json")
        .tempfile()?;
    named.as_file().write_all(text)?;
    let path = named.into_temp_path();
    let mut command = if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", editor]);
        command
    } else {
        // The command may have arguments of its own, as a shell reads them.
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{editor} \"$1\""), "sh"]);
        command
    };
    let status = command.arg(&path).status()?;
    if !status.success() {
        return Err(io::Error::other(status.to_string()));
    }
    fs::read(&path)
}
