//! The issues that a request closes: in a message only a line that says so counts, in a request all
//! of them do.

use super::template::{Role, Template};
pub(super) use crate::base::closing::{Closed, closed, closing_here, states, states_only};

/// The lines of a request that close an issue.
pub(super) fn closing_lines(page: &Template) -> impl Iterator<Item = usize> {
    let lines = page.lines.iter().enumerate();
    let closes =
        lines.filter(|(_, line)| line.role == Role::Text && closed(&line.text).next().is_some());
    closes.map(|(index, _)| index)
}
