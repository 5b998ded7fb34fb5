//! What is remembered of earlier sums: that it answers the same question and no other, and that
//! nothing done to its files makes it answer wrongly.

use std::cell::Cell;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use onramp::pgp::sums::Sums;
use onramp::signature::Remembered;
use onramp::sys::Real;
use tempfile::TempDir;

struct Folders {
    folder: TempDir,
}

impl Folders {
    fn new() -> Self {
        Self { folder: TempDir::with_prefix("onramp-sums-").unwrap() }
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    fn file(&self) -> PathBuf {
        self.cache().join("sums")
    }

    fn secret(&self) -> PathBuf {
        self.state().join("sums.secret")
    }

    fn open(&self) -> Remembered {
        Remembered::open_in(&Real::default(), &self.cache(), &self.state())
    }

    /// Settles each sum, keeps what was found, and says which had to be worked out.
    fn run(&self, sums: &[(&[&[u8]], bool)]) -> Vec<bool> {
        let remembered = self.open();
        let worked = settle(&remembered, sums);
        remembered.keep(&Real::default()).unwrap();
        worked
    }
}

fn settle(remembered: &Remembered, sums: &[(&[&[u8]], bool)]) -> Vec<bool> {
    let settled = sums.iter().map(|(question, outcome)| {
        let worked = Cell::new(false);
        let answer = remembered.settle(question, &mut || {
            worked.set(true);
            Some(*outcome)
        });
        assert_eq!(answer, Some(*outcome), "{question:?}");
        worked.get()
    });
    settled.collect()
}

const GOOD: (&[&[u8]], bool) = (&[b"key", b"signature", b"content"], true);
const BAD: (&[&[u8]], bool) = (&[b"key", b"signature", b"changed"], false);

#[test]
fn what_was_worked_out_once_is_answered_the_second_time() {
    let folders = Folders::new();
    assert_eq!(folders.run(&[GOOD, BAD]), [true, true]);
    assert_eq!(folders.run(&[GOOD, BAD]), [false, false]);
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(folders.file()), mode(folders.secret())), (0o600, 0o600));
    assert_eq!((mode(folders.cache()), mode(folders.state())), (0o700, 0o700));
}

#[test]
fn another_key_another_signature_and_other_content_are_other_questions() {
    let folders = Folders::new();
    folders.run(&[GOOD]);
    let others: [&[&[u8]]; 5] = [
        &[b"kez", b"signature", b"content"],
        &[b"key", b"signaturf", b"content"],
        &[b"key", b"signature", b"contenu"],
        &[b"keysig", b"nature", b"content"],
        &[b"key", b"signature", b"content", b""],
    ];
    for other in others {
        assert_eq!(folders.run(&[(other, false)]), [true], "{other:?}");
    }
    assert_eq!(folders.run(&[GOOD]), [false]);
}

#[test]
fn what_has_no_outcome_is_not_remembered() {
    let folders = Folders::new();
    let remembered = folders.open();
    assert_eq!(remembered.settle(GOOD.0, &mut || None), None);
    remembered.keep(&Real::default()).unwrap();
    assert!(!folders.file().exists(), "nothing was found, and nothing is written");
}

#[test]
fn no_byte_that_is_changed_turns_bad_into_good() {
    let folders = Folders::new();
    folders.run(&[GOOD, BAD]);
    let whole = fs::read(folders.file()).unwrap();
    for place in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut damaged = whole.clone();
            damaged[place] ^= change;
            fs::write(folders.file(), damaged).unwrap();
            // Each answers as it should, from memory or not.
            settle(&folders.open(), &[GOOD, BAD]);
        }
    }
    for length in 0..whole.len() {
        fs::write(folders.file(), &whole[..length]).unwrap();
        settle(&folders.open(), &[GOOD, BAD]);
    }
    fs::write(folders.file(), &whole).unwrap();
    assert_eq!(folders.run(&[GOOD, BAD]), [false, false]);
}

#[test]
fn the_memory_of_another_account_says_nothing_here() {
    let (folders, other) = (Folders::new(), Folders::new());
    let swapped = (BAD.0, true);
    // There the changed content counts as signed.
    other.run(&[swapped]);
    folders.run(&[GOOD]);
    fs::copy(other.file(), folders.file()).unwrap();
    assert_eq!(folders.run(&[BAD, GOOD]), [true, true]);
}

#[test]
fn files_that_others_could_have_written_count_as_absent() {
    let folders = Folders::new();
    let closed = |path: PathBuf, mode: u32| {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let worked = settle(&folders.open(), &[GOOD]);
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        worked
    };
    folders.run(&[GOOD]);
    for mode in [0o620, 0o602, 0o640, 0o604] {
        assert_eq!(closed(folders.file(), mode), [true], "{mode:o}");
        assert_eq!(closed(folders.secret(), mode), [true], "{mode:o}");
    }
    assert_eq!(settle(&folders.open(), &[GOOD]), [false]);
    let aside = folders.cache().join("aside");
    fs::rename(folders.file(), &aside).unwrap();
    symlink(&aside, folders.file()).unwrap();
    assert_eq!(settle(&folders.open(), &[GOOD]), [true], "a link may lead anywhere");
}

#[test]
fn what_another_run_kept_meanwhile_stays() {
    let folders = Folders::new();
    folders.run(&[BAD]);
    let (one, other) = (folders.open(), folders.open());
    let third: (&[&[u8]], bool) = (&[b"third"], true);
    settle(&one, &[GOOD]);
    settle(&other, &[third]);
    one.keep(&Real::default()).unwrap();
    other.keep(&Real::default()).unwrap();
    assert_eq!(folders.run(&[GOOD, BAD, third]), [false, false, false]);
}

#[test]
fn runs_at_the_same_time_never_leave_a_broken_file() {
    let folders = Folders::new();
    folders.run(&[GOOD]);
    std::thread::scope(|scope| {
        for number in 0_u8..8 {
            let folders = &folders;
            scope.spawn(move || {
                for round in 0_u8..20 {
                    let remembered = folders.open();
                    settle(&remembered, &[(&[&[number, round]], true), GOOD, BAD]);
                    // Two that write in the same moment may both fail to; neither does harm.
                    let _ = remembered.keep(&Real::default());
                }
            });
        }
    });
    assert_eq!(settle(&folders.open(), &[GOOD]), [false]);
}

#[test]
fn it_grows_to_a_bound_and_forgets_what_nobody_asks_for() {
    let folders = Folders::new();
    let numbers = |range: std::ops::Range<u32>| {
        let remembered = folders.open();
        let mut worked = 0;
        for number in range {
            remembered.settle(&[&number.to_le_bytes()], &mut || {
                worked += 1;
                Some(true)
            });
        }
        remembered.keep(&Real::default()).unwrap();
        worked
    };
    let many = 300_000;
    assert_eq!(numbers(0..many), many);
    assert_eq!(numbers(0..1_000), 0, "asked for again, they are of the newer generation");
    for round in 1..=4 {
        assert_eq!(numbers(round * many..(round + 1) * many), many);
        let size = fs::metadata(folders.file()).unwrap().len();
        assert!(size <= 16 << 20, "{size} bytes");
    }
    assert_eq!(numbers(0..10), 10, "long forgotten");
    assert_eq!(numbers(4 * many..4 * many + 10), 0);
}
