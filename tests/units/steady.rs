//! One look at a machine sees one state of it.

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::Arc;

use onramp::sys::{Real, Steady, System};
use tempfile::TempDir;

#[test]
fn what_was_read_once_stays_so_for_one_look_and_no_longer() {
    let folder = TempDir::new().unwrap();
    let (file, link) = (folder.path().join("file"), folder.path().join("link"));
    fs::write(&file, "before").unwrap();
    symlink(&file, &link).unwrap();
    let machine: Arc<dyn System> = Arc::new(Real::default());
    let look = Steady::new(Arc::clone(&machine));
    let real = look.real_path(&link).unwrap();
    assert_eq!(look.read(&file, 100).unwrap(), b"before");

    fs::write(&file, "afterwards").unwrap();
    fs::remove_file(&link).unwrap();
    assert_eq!(look.read(&file, 100).unwrap(), b"before");
    assert_eq!(look.real_path(&link).unwrap(), real);
    let again = Steady::new(machine);
    assert_eq!(again.read(&file, 100).unwrap(), b"afterwards");
    again.real_path(&link).unwrap_err();
}

#[test]
fn a_failure_is_not_remembered_and_a_limit_holds() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    let look = Steady::new(Arc::new(Real::default()));
    look.read(&file, 100).unwrap_err();
    fs::write(&file, "four").unwrap();
    assert_eq!(look.read(&file, 4).unwrap(), b"four");
    let error = look.read(&file, 3).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::FileTooLarge);
    assert!(look.find_program("no-such-program-anywhere").is_none());
}
