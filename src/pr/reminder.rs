//! Reminders that a draft leaves for its author: comments, which no reader of the request sees.
//! Written and recognised here alone.

const START: &str = "<!-- onramp: ";
const END: &str = " -->";

/// A reminder as a line.
#[must_use]
pub(super) fn reminder(text: &str) -> String {
    format!("{START}{text}{END}")
}

/// The text of a line that is a reminder.
#[must_use]
pub(super) fn reminder_of(line: &str) -> Option<&str> {
    line.trim().strip_prefix(START)?.strip_suffix(END)
}
