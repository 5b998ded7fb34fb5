//! `--events`: what happens in a build as JSON lines, in a file or on standard output. A reader that
//! goes away never stops the build.

use std::io::Write;
use std::path::Path;

use crate::cli::Session;
use crate::cli::progress::Meter;
use crate::cli::terminal::Terminal;
use crate::cli::trouble::Trouble;
use crate::report::build::happening::{Entry, Happening, VERSION};
use crate::text::{Line, Tone};

/// Where the lines go, as long as anybody takes them.
pub(super) struct Emit(Option<Way>);

enum Way {
    Out(Terminal),
    File(Box<dyn Write + Send>),
}

impl Emit {
    /// Opens what `--events` names; nothing where it names nothing.
    pub(super) fn open(session: &Session, file: Option<&Path>) -> Result<Self, Trouble> {
        let Some(file) = file else { return Ok(Self(None)) };
        if file.as_os_str() == "-" {
            return Ok(Self(Some(Way::Out(session.terminal.clone()))));
        }
        let path = session.bench.current_dir().unwrap_or_default().join(file);
        let opened = session.bench.open_log(&path).map_err(|error| {
            Trouble::usage(format!("--events {}: {error}", file.display()))
                .remedy("name a file in a folder that you may write to, or `-`")
        });
        Ok(Self(Some(Way::File(opened?))))
    }

    /// Whether anybody listens: saves making what nobody reads.
    pub(super) fn wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Tells one thing.
    pub(super) fn tell(&mut self, at: f64, what: Happening, meter: &Meter) {
        let Some(way) = &mut self.0 else { return };
        let at = (at * 1000.0).round() / 1000.0;
        // Text and numbers that are finite: nothing that JSON could not hold.
        let Ok(mut line) = serde_json::to_vec(&Entry { version: VERSION, at, what }) else {
            return;
        };
        line.push(b'\n');
        let trouble = match way {
            Way::Out(terminal) => terminal.bytes(&line).err().map(|trouble| trouble.what),
            Way::File(file) => file.write_all(&line).err().map(|error| error.to_string()),
        };
        if let Some(trouble) = trouble {
            self.0 = None;
            let text = format!("no more events are written, the build goes on: {trouble}");
            meter.complain(Line::toned(Tone::Warn, text));
        }
    }
}
