//! What the tests of this folder share: a recorded machine with a probe run on it.

use std::sync::Arc;

use onramp::pgp::GnuPg;
use onramp::probe::{self, World};
use onramp::sys::System;
use onramp::sys::recorded::Recorded;
use onramp::{git, net};
use serde_json::Value;

/// The machine written down in `text`.
pub(super) fn machine(text: &str) -> Recorded {
    Recorded::read(text).unwrap_or_else(|mistake| panic!("{mistake}\n{text}"))
}

/// One of the machines in `tests/machines`.
pub(super) fn kept(name: &str) -> Recorded {
    let path = format!("{}/tests/machines/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    machine(&std::fs::read_to_string(path).expect("a recorded machine"))
}

/// Runs a probe there.
pub(super) fn observe(system: &dyn System, name: &str, arguments: Value) -> Result<Value, String> {
    let probe = probe::ALL.iter().find(|probe| probe.name == name).expect("a probe");
    let world = World {
        system,
        git: &git::Absent,
        keyring: &GnuPg::live(Arc::new(machine("{}"))),
        net: &net::Absent,
    };
    (probe.observe)(world, arguments).map_err(|unknown| unknown.0)
}
