//! Files that are written beside their place: what a killed run left of one goes with the next.

use std::fs;
use std::process::Command;

use onramp::sys::{Access, Real, Workbench};

#[test]
fn what_a_killed_run_left_beside_a_private_file_goes_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut child = Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    let dead = child.id();
    let gone = path(&format!(".pr.json.onramp-{dead}"));
    let stays = [
        path(".pr.json.onramp-1"),
        path(".pr.json.onramp-mine"),
        path(&format!(".ci.json.onramp-{dead}")),
        path(&format!("pr.json.onramp-{dead}")),
    ];
    for file in stays.iter().chain([&gone]) {
        fs::write(file, "half").unwrap();
    }
    Real::default().write(&path("pr.json"), b"new", Access::Shared).unwrap();
    assert!(gone.exists(), "beside what is not onramp's own nothing is looked for");
    Real::default().write(&path("pr.json"), b"newer", Access::Private).unwrap();
    assert!(!gone.exists());
    assert!(stays.iter().all(|file| file.exists()));
    assert_eq!(fs::read(path("pr.json")).unwrap(), b"newer");
}
