//! Opens the page for a new request in the user's browser, or prints its address where there is
//! none. What happens on the page is the author's business.

use std::path::Path;
use std::time::Duration;

use super::hand_over::Parcel;
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::pr::compare::{Route, filled};
use crate::sys::{Command, System};
use crate::text::{Line, Tone};

/// How long a program that opens pages may take to say that it cannot.
const PATIENCE: Duration = Duration::from_secs(3);
/// Variables of which one is set where a browser has a screen to appear on.
const SCREENS: [&str; 4] = ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"];

/// Opens it. `file` has the whole text.
pub(super) fn open(
    session: &Session<'_>,
    route: &Route<'_>,
    parcel: &Parcel<'_>,
    file: &Path,
) -> Result<(), Trouble> {
    let file = parcel.file.unwrap_or(file);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let page = filled(route, parcel.title, parcel.body, &name);
    let opened = opener(session.bench).is_some_and(|program| {
        let command = Command::work(program).args([&page.address]);
        session.bench.launch(&command, PATIENCE).unwrap_or(false)
    });
    if opened {
        say(session, "opened in your browser: a new request, not sent until you press the button");
    } else {
        session.terminal.data(&[Line::plain(&page.address)])?;
        say(session, "no browser could be opened from here: open this address where there is one");
    }
    if page.cut {
        let text = format!("the text is too long for an address: paste {} there", file.display());
        session.terminal.complain(Line::toned(Tone::Warn, text));
    }
    if page.untitled {
        let text = "the title is too long for an address, or missing: write it on the page";
        session.terminal.complain(Line::toned(Tone::Warn, text));
    }
    for (index, left) in parcel.left.iter().enumerate() {
        let name = if index == 0 { "for you" } else { "" };
        let row = Line::toned(Tone::Strong, format!("{name:<10}")).and(Tone::Plain, left);
        session.terminal.say(row);
    }
    Ok(())
}

fn say(session: &Session<'_>, text: &str) {
    session.terminal.say(Line::plain(text));
}

/// The program that opens pages, where there is a screen for them.
fn opener(system: &dyn System) -> Option<std::path::PathBuf> {
    if system.platform().os == "macos" {
        return system.find_program("open");
    }
    SCREENS.iter().find_map(|name| system.env(name))?;
    ["xdg-open", "wslview"].iter().find_map(|name| system.find_program(name))
}
