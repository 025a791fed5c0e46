//! `listen`: the file of the history, whatever it is, and wherever it is.
