//! Moving progress on a screen; silent where there is none.

use indicatif::{ProgressBar, ProgressStyle};

use crate::run::Progress;

use super::terminal::Terminal;

/// Shown while probes look.
pub struct Looking(Option<ProgressBar>);

impl Looking {
    /// Starts.
    #[must_use]
    pub fn start(terminal: &Terminal) -> Self {
        let style = ProgressStyle::with_template("  looking around, {pos} of {len}").ok();
        Self(style.filter(|_| terminal.live).map(|style| ProgressBar::new(0).with_style(style)))
    }

    /// Takes the line away.
    pub fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Looking {
    fn answered(&self, done: usize, of: usize) {
        if let Some(bar) = &self.0 {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
    }
}
