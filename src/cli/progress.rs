//! A line that shows how far long work is: moving on a terminal, absent elsewhere. What is told
//! besides goes through it, so that the two never tear each other. Knows nothing of the work.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Terminal;
use crate::text::{Line, clean_line};

/// Shows one piece of work. Dropping it takes the line off the screen.
pub struct Meter {
    terminal: Terminal,
    bar: Option<ProgressBar>,
}

impl Meter {
    /// Begins. `unit` is what is counted, such as `modules`; the total may come later.
    #[must_use]
    pub fn start(terminal: &Terminal, unit: &str) -> Self {
        let bar = terminal.live.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(waiting());
            bar.set_prefix(unit.to_owned());
            // Time goes on while the work is silent.
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        });
        Self { terminal: terminal.clone(), bar }
    }

    /// Whether anything moves; where nothing does, say a plain line per step instead.
    #[must_use]
    pub fn live(&self) -> bool {
        self.bar.is_some()
    }

    /// Shows the state. `message` may hold foreign text.
    pub fn set(&self, done: u64, total: Option<u64>, message: &str) {
        let Some(bar) = &self.bar else { return };
        if let Some(total) = total
            && bar.length() != Some(total)
        {
            bar.set_length(total);
            bar.set_style(counting());
        }
        bar.set_position(done);
        bar.set_message(clean_line(message));
    }

    /// Shows the state with a line for each of several things that go on at a time, all of which
    /// may hold foreign text; what is too wide for the screen is cut. `message` says the time itself.
    pub fn show(&self, done: u64, total: Option<u64>, message: &str, below: &[String]) {
        let Some(bar) = &self.bar else { return };
        if let Some(total) = total
            && bar.length() != Some(total)
        {
            bar.set_length(total);
            bar.set_style(style(COUNTING_LANES));
        } else if total.is_none() {
            bar.set_style(style(WAITING_LANES));
        }
        let room = self.terminal.width.saturating_sub(1);
        let mut text = cut(&clean_line(message), room.saturating_sub(BESIDE));
        for line in below {
            text.push('\n');
            text.push_str(&cut(&clean_line(line), room));
        }
        bar.set_position(done);
        bar.set_message(text);
    }

    /// Tells the person something above the line; silent under `--quiet`.
    pub fn say(&self, line: Line) {
        if !self.terminal.quiet {
            self.complain(line);
        }
    }

    /// Tells the person something that must be seen.
    pub fn complain(&self, line: Line) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.terminal.complain(line)),
            None => self.terminal.complain(line),
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn waiting() -> ProgressStyle {
    style("{spinner} {elapsed}  {wide_msg}")
}

fn counting() -> ProgressStyle {
    style("{bar:20} {pos}/{len} {prefix}  {elapsed}  {wide_msg}")
}

const WAITING_LANES: &str = "{spinner} {msg}";
const COUNTING_LANES: &str = "{bar:20} {pos}/{len} {prefix}  {msg}";
/// Columns that the bar and its numbers take.
const BESIDE: usize = 42;

fn cut(text: &str, room: usize) -> String {
    match text.char_indices().nth(room) {
        Some((end, _)) => text[..end].to_owned(),
        None => text.to_owned(),
    }
}

fn style(template: &str) -> ProgressStyle {
    // The templates are constants; were one wrong, the plain bar would still count.
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("=> ").tick_chars("|/-\\ ")
}
