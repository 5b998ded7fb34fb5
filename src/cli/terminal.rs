//! The one gate to the screen: everything printed passes here and is cleaned on the way.
//! Standard output is data, standard error is for people.

use std::io::{self, IsTerminal, Write};

use console::Style;

use crate::text::{Line, Tone, clean};

use super::trouble::Trouble;

/// How to talk to the person at the screen, if there is one.
#[derive(Debug, Clone)]
pub struct Terminal {
    /// Colours on standard output.
    pub out_colour: bool,
    /// Colours on standard error.
    pub err_colour: bool,
    /// Standard error is a screen that can show moving progress.
    pub live: bool,
    /// Say only what was asked for and what went wrong.
    pub quiet: bool,
    /// Columns.
    pub width: usize,
}

impl Terminal {
    /// Looks at the standard streams. `plain` is whether NO_COLOR is set or TERM is `dumb`.
    #[must_use]
    pub fn detect(plain: bool, quiet: bool) -> Self {
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        Self {
            out_colour: out && !plain,
            err_colour: err && !plain,
            live: err && !plain && !quiet,
            quiet,
            width: usize::from(console::Term::stderr().size().1).clamp(40, 100),
        }
    }

    /// Prints data: a report for people, a list, an answer.
    ///
    /// # Errors
    /// A standard output that takes nothing, such as a full disk. One that was closed is none: the
    /// reader has seen enough, as `head` has.
    pub fn data(&self, lines: &[Line]) -> Result<(), Trouble> {
        taken(put(&mut io::stdout().lock(), lines, self.out_colour))
    }

    /// Prints a machine format as it is; its writer has escaped what needs it.
    ///
    /// # Errors
    /// As `data`.
    pub fn bytes(&self, bytes: &[u8]) -> Result<(), Trouble> {
        let mut out = io::stdout().lock();
        taken(out.write_all(bytes).and_then(|()| out.flush()))
    }

    /// Whether there is a person who can be asked.
    #[must_use]
    pub fn interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Columns of the screen that standard error is; none where it goes elsewhere, and whole lines
    /// are of more use.
    #[must_use]
    pub fn screen(&self) -> Option<usize> {
        io::stderr().is_terminal().then_some(self.width)
    }

    /// Takes a screen away that a program drew and was cut short before it could do so itself.
    pub fn clear_up(&self) {
        if self.live {
            // Back from the second screen, the cursor shown, no colours.
            let _ = io::stderr().write_all(b"\x1b[?1049l\x1b[?25h\x1b[0m\r\n");
        }
    }

    /// Asks the person, who answers with one line; none where there is no answer any more.
    #[must_use]
    pub fn ask(&self, question: &Line) -> Option<String> {
        let mut err = io::stderr().lock();
        let asked = err.write_all(render(question, self.err_colour).as_bytes());
        asked.and_then(|()| err.flush()).ok()?;
        let mut answer = String::new();
        match io::stdin().read_line(&mut answer) {
            Ok(1..) => Some(answer.trim().to_owned()),
            Ok(0) | Err(_) => None,
        }
    }

    /// Tells the person something in passing; silent under `--quiet`.
    pub fn say(&self, line: Line) {
        if !self.quiet {
            self.complain(line);
        }
    }

    /// Tells the person something that must be seen.
    pub fn complain(&self, line: Line) {
        // With standard error gone there is nobody left to tell.
        let _ = put(&mut io::stderr().lock(), &[line], self.err_colour);
    }
}

fn taken(written: io::Result<()>) -> Result<(), Trouble> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let reason = match error.kind() {
                io::ErrorKind::StorageFull => "there is no room left where it leads".to_owned(),
                _ => error.to_string(),
            };
            Err(Trouble::usage(format!("standard output cannot be written: {reason}"))
                .remedy("make room there, or send the output elsewhere"))
        }
        _ => Ok(()),
    }
}

fn put(stream: &mut dyn Write, lines: &[Line], colour: bool) -> io::Result<()> {
    let mut text = String::new();
    for line in lines {
        text.push_str(&render(line, colour));
        text.push('\n');
    }
    // At once: the stream would write every line by itself.
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// Whether a person sits there: standard input or standard error is a terminal.
#[must_use]
pub fn attended() -> bool {
    io::stdin().is_terminal() || io::stderr().is_terminal()
}

/// One line as bytes for a screen, foreign text cleaned.
#[must_use]
pub fn render(line: &Line, colour: bool) -> String {
    let spans = line.0.iter().map(|(tone, text)| {
        let text = clean(text);
        if colour {
            style(*tone).force_styling(true).apply_to(text).to_string()
        } else {
            text.into_owned()
        }
    });
    spans.collect()
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Good => Style::new().green(),
        Tone::Warn => Style::new().yellow(),
        Tone::Bad => Style::new().red().bold(),
        Tone::Odd => Style::new().magenta(),
        Tone::Dim => Style::new().dim(),
        Tone::Strong => Style::new().bold(),
        Tone::Command => Style::new().cyan(),
    }
}
