//! What the README shows is what onramp does: its table of checks and its picture are made here
//! and compared. `SNAPSHOTS=overwrite ./dev test readme` writes them anew.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use clap::Parser;
use onramp::cli::Session;
use onramp::cli::args::Arguments;
use onramp::cli::journey::road;
use onramp::cli::terminal::{Terminal, render};
use onramp::cli::workspace::vocabulary;
use onramp::finding::Severity;
use onramp::pack::load::{Packs, embedded};
use onramp::pack::{Check, Engine};
use onramp::plan::STAGES;
use onramp::probe::Machine;
use onramp::sys::recorded::Recorded;
use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq};

const BEGIN: &str = "<!-- checks:begin -->\n";
const END: &str = "<!-- checks:end -->";

#[test]
fn the_table_of_checks_is_that_of_the_packs() {
    let packs = Packs::read(embedded(), &Engine::default(), vocabulary);
    let mut table = String::from("| check | what should be true | if not |\n| --- | --- | --- |\n");
    for stage in STAGES {
        for check in packs.checks.values().filter(|check| check.stage() == stage) {
            writeln!(table, "| `{}` | {} | {} |", check.id, check.title, consequence(check))
                .unwrap();
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let start = readme.find(BEGIN).expect("the table's beginning is marked") + BEGIN.len();
    let end = readme.find(END).expect("the table's end is marked");
    let wanted = format!("{}{table}{}", &readme[..start], &readme[end..]);
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&path, &wanted).unwrap();
    }
    let now = std::fs::read_to_string(&path).unwrap();
    assert!(now == wanted, "the table of checks is stale: SNAPSHOTS=overwrite ./dev test readme");
}

fn consequence(check: &Check) -> &'static str {
    match check.severity {
        Severity::Error => "failure",
        Severity::Warn => "warning",
        Severity::Advice => "advice",
    }
}

#[test]
fn the_picture_is_a_newcomers_first_run() {
    let machine = Arc::new(Recorded::read(include_str!("machines/newcomer.yaml")).unwrap());
    let terminal =
        Terminal { out_colour: true, err_colour: false, live: false, quiet: false, width: 84 };
    let session = Session {
        bench: &*machine,
        machine: Machine::recorded(Arc::<Recorded>::clone(&machine)),
        terminal,
    };
    let arguments = Arguments::parse_from(["onramp"]);
    let lines = road(&session, &arguments.global).unwrap();
    let shown: String = lines.iter().map(|line| render(line, true) + "\n").collect();
    let picture = Data::text(format!("$ onramp\n{shown}")).coerce_to(DataFormat::TermSvg);
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/first-run.term.svg");
    assert_data_eq!(picture, Data::read_from(&kept, None));
}
