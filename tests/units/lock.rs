//! Locks that a killed run's children keep holding.

use std::io::ErrorKind;
use std::process::{Command, Stdio};
use std::time::Duration;

use onramp::sys::{Real, Workbench};

#[test]
fn a_child_that_outlives_the_holder_still_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/lock");
    let held = Real::default().lock(&path, Duration::ZERO).unwrap();
    let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    drop(held);
    let busy = Real::default().lock(&path, Duration::from_millis(50)).err().expect("still held");
    assert_eq!(busy.kind(), ErrorKind::WouldBlock);
    drop(child.stdin.take());
    child.wait().unwrap();
    Real::default().lock(&path, Duration::from_secs(30)).expect("free once the child is gone");
}
