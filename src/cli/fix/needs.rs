//! What a plan is made of: the findings that stand, judged by checks that no work tree brings, and
//! the facts of this machine. Changes nothing.

use std::path::PathBuf;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::remedies;
use crate::cli::workspace::Checks;
use crate::fix::{Facts, Need, Packager, Person, person};
use crate::judge::Remedy;
use crate::report::Report;
use crate::sys::{Command, Kind, System};

/// The findings that stand, in the order of the report.
pub(super) fn needs(
    session: &Session<'_>,
    global: &Global,
    report: &Report,
) -> anyhow::Result<Vec<Need>> {
    let checks = Checks::read(session.bench, global, &[])?;
    Ok(remedies::needs(&checks, report)?)
}

/// What the plan depends on. A replayed report tells about another machine, of which no more is
/// known than it says: there nobody is root, and everything usual is installed.
pub(super) fn facts(session: &Session<'_>, report: &Report, replayed: bool) -> Facts {
    let bench = session.bench;
    let family = report.platform.family.clone();
    let packager = Packager::of(&family);
    let there = |name: &str| bench.find_program(name).is_some();
    let known = Person {
        name: report.run.name.as_deref().and_then(|name| person::name(name).ok()),
        email: report.run.email.as_deref().and_then(|email| person::email(email).ok()),
    };
    let settings = settings_file(bench).map(|file| file.display().to_string());
    let usual = "~/.gitconfig".to_owned();
    if replayed {
        let raise = Some("sudo".to_owned());
        let packager = packager.is_some();
        return Facts { family, packager, raise, known, settings: usual, ..Facts::default() };
    }
    Facts {
        packager: packager.is_some_and(|packager| there(packager.program)),
        family,
        root: is_root(bench),
        raise: raise(bench),
        known,
        settings: settings.unwrap_or(usual),
        ..Facts::default()
    }
}

/// What taking a fix back depends on.
pub(super) fn facts_for_undo(session: &Session<'_>, silent: bool) -> Facts {
    Facts { root: is_root(session.bench), raise: raise(session.bench), silent, ..Facts::default() }
}

/// The program that lends root's rights.
fn raise(system: &dyn System) -> Option<String> {
    let there = |name: &&str| system.find_program(name).is_some();
    ["sudo", "doas"].into_iter().find(there).map(str::to_owned)
}

fn is_root(system: &dyn System) -> bool {
    let words = ["id", "-u"].map(str::to_owned);
    asked(system, &words).is_some_and(|(ok, out)| ok && out.trim() == "0")
}

/// What a short question answers: whether it ended well, and its output.
pub(super) fn asked(system: &dyn System, words: &[String]) -> Option<(bool, String)> {
    let (program, arguments) = words.split_first()?;
    let command = Command::question(system.find_program(program)?).args(arguments);
    let output = system.run(&command).ok()?;
    Some((output.ok(), output.text()))
}

/// Notes which of the packages that the checks want are there already, and which are not known.
pub(super) fn installed(session: &Session<'_>, needs: &[Need], facts: &mut Facts, replayed: bool) {
    let Some(packager) = Packager::of(&facts.family).filter(|_| !replayed && facts.packager) else {
        return;
    };
    let wanted = needs.iter().flat_map(|need| &need.remedies).filter_map(|remedy| match remedy {
        Remedy::Install(packages) => Some(packages),
        _ => None,
    });
    let (there, missing): (Vec<&String>, Vec<&String>) =
        wanted.flatten().partition(|package| is_installed(session.bench, packager, package));
    let known = |package: &str| {
        let question = packager.known(package);
        question.and_then(|words| asked(session.bench, &words)).is_none_or(|(ok, _)| ok)
    };
    facts.unheard = missing.into_iter().filter(|package| !known(package)).cloned().collect();
    facts.installed = there.into_iter().cloned().collect();
}

/// Whether a package is installed; what cannot be asked counts as no.
pub(super) fn is_installed(system: &dyn System, packager: &Packager, package: &str) -> bool {
    asked(system, &packager.installed(package))
        .is_some_and(|(ok, out)| packager.says_installed(ok, &out))
}

/// The file that `git config --global` writes, chosen as git chooses it.
pub(in crate::cli) fn settings_file(system: &dyn System) -> Option<PathBuf> {
    if let Some(named) = system.env("GIT_CONFIG_GLOBAL").map(PathBuf::from) {
        // git reads a relative one from wherever it happens to be started.
        return named.is_absolute().then_some(named);
    }
    let home = system.home()?;
    let usual = home.join(".gitconfig");
    let config = system.env("XDG_CONFIG_HOME").map(PathBuf::from);
    let other = config.unwrap_or_else(|| home.join(".config")).join("git/config");
    let there = |file: &PathBuf| system.kind(file) == Some(Kind::File);
    Some(if !there(&usual) && there(&other) { other } else { usual })
}
