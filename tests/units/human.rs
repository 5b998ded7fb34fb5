//! The report for people: what a newcomer sees, at two widths, and what several findings share.

use std::sync::Arc;

use clap::Parser;
use onramp::cli::Session;
use onramp::cli::args::Arguments;
use onramp::cli::check::{Looking, examine};
use onramp::cli::terminal::{Terminal, render};
use onramp::cli::workspace::Workspace;
use onramp::finding::{Finding, Outcome, Place};
use onramp::plan::{self, Run};
use onramp::probe::Machine;
use onramp::report::Report;
use onramp::report::human::{Style, write};
use onramp::sys::recorded::Recorded;
use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use super::github::{any_finding, finding};

const STYLE: Style = Style { verbose: false, quiet: false, replayed: false, width: 80 };

/// Enough checks to show every shape of finding; more would only lengthen the page.
const CHOSEN: [&str; 23] = [
    "cores",
    "disk",
    "git",
    "git-host",
    "jdk",
    "jdk-agrees",
    "maven",
    "maven-repositories",
    "memory",
    "git-identity",
    "key-matches-email",
    "openpgp-key",
    "signing-configured",
    "base-branch",
    "clean-tree",
    "fix-base",
    "identity-real",
    "licence-header",
    "no-fixups",
    "no-merges",
    "signed",
    "signer",
    "topic-branch",
];

pub(super) fn newcomer() -> Report {
    let machine = Arc::new(Recorded::read(include_str!("../machines/newcomer.yaml")).unwrap());
    let terminal =
        Terminal { out_colour: false, err_colour: false, live: false, quiet: true, width: 80 };
    let session = Session {
        bench: &*machine,
        machine: Machine::recorded(Arc::<Recorded>::clone(&machine)),
        terminal,
    };
    let global = Arguments::parse_from(["onramp", "--offline"]).global;
    let workspace = Workspace::open(&*machine, &global).unwrap();
    let chosen = plan::select(workspace.all_checks(), &CHOSEN.map(str::to_owned)).unwrap();
    let run = Run { offline: true, ..Run::default() };
    examine(&session, &workspace, run, &chosen, &Looking::start(&session)).unwrap().report
}

fn shown(report: &Report, style: Style) -> String {
    write(report, style).iter().map(|line| render(line, false) + "\n").collect()
}

fn with(findings: Vec<Finding>) -> Report {
    Report { findings, ..newcomer() }
}

#[test]
fn a_newcomer_reads_it_on_a_common_screen() {
    assert_data_eq!(
        shown(&newcomer(), STYLE),
        str![[r#"
onramp 0.1.0 · Apache CloudStack · Debian GNU/Linux 12 (bookworm)

machine
  ✓ 8 cores
  ✓ 200 GiB free where /home/ada lies
  ✓ git 2.39.5 (/usr/bin/git)
  ✗ the build would use JDK 25.0.3 (/usr/lib/jvm/temurin-25-jdk-amd64), chosen
    by JAVA_HOME; it works with 11 or 17, as Apache CloudStack 4.23 does
    why  Maven starts the JDK that JAVA_HOME names, not always the one `java
         -version` shows. A wrong one often shows up as a confusing failure far
         into the build, such as `Invalid CEN header` in a jar that is in order.
    fix  export JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64
  ✓ Maven 3.8.7 (/usr/share/maven)
  ✓ 16 GiB of memory
  – 2 checks skipped: `--offline` leaves the network alone
  – java and javac on PATH are those of the build – skipped, the build would use
    a JDK that the project does not accept; that comes first

identity
  ? git knows your name and e-mail address – could not be told: a recorded
    machine has no repositories
  ✗ there are no keys yet: no folder /home/ada/.gnupg
    why  Every commit is to be signed, and git signs with a secret key that gpg
         knows. The key is yours alone: gpg makes it on this machine, and nobody
         needs a copy of it.
    note Upstream does not require signed commits; a squash merge drops the
         signature.
    fix  onramp key new, which makes it and has git sign with it
  ! commit.gpgsign is not set
    why  A signature that has to be remembered is forgotten, and a commit cannot
         be signed later without changing it.
    note The project does not ask for signed commits, and squash merges drop the
         signature.
    fix  git config --global user.signingkey KEY && git config --global commit.gpgsign true
  – your key carries the address you commit with – skipped, git knows no address
    of yours yet

patch
  – 10 checks skipped: not inside a clone of Apache CloudStack

5 ok · 2 failed · 1 to look at · 1 could not be told · 14 skipped

"#]]
    );
}

#[test]
fn a_newcomer_reads_it_on_a_narrow_screen() {
    assert_data_eq!(
        shown(&newcomer(), Style { width: 60, ..STYLE }),
        str![[r#"
onramp 0.1.0 · Apache CloudStack · Debian GNU/Linux 12
(bookworm)

machine
  ✓ 8 cores
  ✓ 200 GiB free where /home/ada lies
  ✓ git 2.39.5 (/usr/bin/git)
  ✗ the build would use JDK 25.0.3
    (/usr/lib/jvm/temurin-25-jdk-amd64), chosen by
    JAVA_HOME; it works with 11 or 17, as Apache CloudStack
    4.23 does
    why  Maven starts the JDK that JAVA_HOME names, not
         always the one `java -version` shows. A wrong one
         often shows up as a confusing failure far into the
         build, such as `Invalid CEN header` in a jar that
         is in order.
    fix  export JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64
  ✓ Maven 3.8.7 (/usr/share/maven)
  ✓ 16 GiB of memory
  – 2 checks skipped: `--offline` leaves the network alone
  – java and javac on PATH are those of the build – skipped,
    the build would use a JDK that the project does not
    accept; that comes first

identity
  ? git knows your name and e-mail address – could not be
    told: a recorded machine has no repositories
  ✗ there are no keys yet: no folder /home/ada/.gnupg
    why  Every commit is to be signed, and git signs with a
         secret key that gpg knows. The key is yours alone:
         gpg makes it on this machine, and nobody needs a
         copy of it.
    note Upstream does not require signed commits; a squash
         merge drops the signature.
    fix  onramp key new, which makes it and has
         git sign with it
  ! commit.gpgsign is not set
    why  A signature that has to be remembered is forgotten,
         and a commit cannot be signed later without
         changing it.
    note The project does not ask for signed commits, and
         squash merges drop the signature.
    fix  git config --global user.signingkey KEY && git config --global commit.gpgsign true
  – your key carries the address you commit with – skipped,
    git knows no address of yours yet

patch
  – 10 checks skipped: not inside a clone of Apache
    CloudStack

5 ok · 2 failed · 1 to look at · 1 could not be told
14 skipped

"#]]
    );
}

fn items() -> Vec<Finding> {
    let item = |file: &str, outcome, fix: Option<&str>| Finding {
        place: Some(Place { file: Some(file.into()), ..Place::default() }),
        fix: fix.map(Into::into),
        ..finding(outcome, "no licence header")
    };
    vec![
        item("a.java", Outcome::Fail, Some("add the header")),
        item("b.java", Outcome::Pass, None),
        item("c.java", Outcome::Fail, Some("git rm c.java")),
        item("d.java", Outcome::Fail, Some("add the header")),
    ]
}

#[test]
fn what_several_findings_share_is_said_once() {
    assert_data_eq!(
        shown(&with(items()), STYLE),
        str![[r#"
onramp 0.1.0 · Apache CloudStack · Debian GNU/Linux 12 (bookworm)

patch
  ✗ a.java: no licence header
  ✗ d.java: no licence header
    fix  add the header
  ✗ c.java: no licence header
    why  the licence check of the project refuses them
    fix  git rm c.java
    the other one is fine

1 ok · 3 failed

"#]]
    );
}

#[test]
fn quiet_shows_the_problems_and_nothing_else() {
    assert_data_eq!(
        shown(&with(items()), Style { quiet: true, ..STYLE }),
        str![[r#"
  ✗ a.java: no licence header
  ✗ d.java: no licence header
    fix  add the header
  ✗ c.java: no licence header
    why  the licence check of the project refuses them
    fix  git rm c.java

"#]]
    );
    let well = with(vec![finding(Outcome::Pass, "fine"), finding(Outcome::Skip, "not here")]);
    assert_eq!(shown(&well, Style { quiet: true, ..STYLE }), "");
}

#[test]
fn a_replay_says_so_first() {
    let report = Report { created: 1_767_323_045, ..with(Vec::new()) };
    let shown = shown(&report, Style { replayed: true, ..STYLE });
    let first =
        format!("judged again from a report made on 2026-01-02 on {}", report.platform.name);
    assert_eq!(shown.lines().next(), Some(first.as_str()));
}

proptest! {
    #[test]
    fn no_row_of_words_is_wider_than_the_screen(
        findings in prop::collection::vec(any_finding(), 0..8),
        width in 40_usize..100,
    ) {
        let findings = findings.into_iter().map(|finding| Finding {
            text: "many short words in a row ".repeat(6),
            title: "a title".into(),
            fix: None,
            place: None,
            ..finding
        });
        for line in write(&with(findings.collect()), Style { width, ..STYLE }) {
            prop_assert!(line.width() <= width, "{line:?}");
        }
    }

    #[test]
    fn nothing_bad_is_lost(findings in prop::collection::vec(any_finding(), 0..8)) {
        let bad = [Outcome::Fail, Outcome::Warn, Outcome::Unknown];
        let problems = findings.iter().filter(|finding| bad.contains(&finding.outcome)).count();
        let lines = write(&with(findings), Style { quiet: true, ..STYLE });
        let marks = lines.iter().filter(|line| {
            line.0.get(1).is_some_and(|(_, mark)| ["✗", "!", "?"].contains(&mark.as_str()))
        });
        prop_assert_eq!(marks.count(), problems);
    }
}
