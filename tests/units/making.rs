//! What can be chosen for a new key, and what gpg's status lines say while it is made.

use onramp::fix::key::{expiry, odd_clock};
use onramp::pgp::making::{Passphrase, Told, command, words};
use proptest::prelude::*;

/// 22 November 2026, noon.
const NOW: i64 = 1_795_348_800;

#[test]
fn an_end_is_a_span_a_day_or_never() {
    let day = |text: &str| expiry(text, NOW).map(|expiry| (expiry.gpg, expiry.day));
    let end = |gpg: &str, day: &str| Ok((gpg.to_owned(), Some(day.to_owned())));
    assert_eq!(day("2y"), end("2y", "2028-11-21"));
    assert_eq!(day(" 18M "), end("18m", "2028-05-15"));
    assert_eq!(day("90d"), end("90d", "2027-02-20"));
    assert_eq!(day("1w"), end("1w", "2026-11-29"));
    for text in ["2028-12-31", "20281231"] {
        assert_eq!(day(text), end("2028-12-31", "2028-12-31"));
    }
    for never in ["never", "0", "none"] {
        assert_eq!(day(never), Ok(("never".to_owned(), None)));
    }
    for over in ["2026-11-22", "2001-01-01", "0d", "0y"] {
        assert!(day(over).unwrap_err().contains("over already"), "{over}");
    }
    for beyond in ["80y", "99999999999999999999y", "2106-01-01", "9223372036854775807d"] {
        assert!(day(beyond).unwrap_err().contains("2105"), "{beyond}");
    }
    for odd in ["", "y", "2", "-2y", "2 years", "2y --batch", "20281", "\u{1b}[2J"] {
        assert!(day(odd).unwrap_err().contains("is no time"), "{odd:?}");
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_for_an_end_is_taken_or_refused(text in "\\PC{0,12}") {
        if let Ok(expiry) = expiry(&text, NOW) {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
            prop_assert!(expiry.gpg.chars().all(plain) && !expiry.gpg.starts_with('-'));
        }
    }

    #[test]
    fn status_lines_say_the_same_in_any_pieces(cuts in proptest::collection::vec(0_usize..160, 0..6)) {
        let said = b"[GNUPG:] PINENTRY_LAUNCHED 4711 curses 1.2.1 - -\nnoise KEY_CREATED P 1\n\
                     [GNUPG:] KEY_CREATED P ABCD handle\n[GNUPG:] ERROR genkey 83918950\n";
        let mut told = Told::default();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(said.len())).collect();
        cuts.sort_unstable();
        let mut from = 0;
        for cut in cuts.into_iter().chain([said.len()]) {
            told.hear(&said[from..cut]);
            from = cut;
        }
        prop_assert_eq!((told.asking, told.made.as_deref()), (Some(4711), Some("ABCD")));
        prop_assert!(told.why().unwrap().0.contains("found no terminal"));
    }
}

#[test]
fn an_error_is_told_by_its_number_whichever_part_met_it() {
    let why = |code: &str| {
        let mut told = Told::default();
        told.hear(format!("[GNUPG:] ERROR key_generate {code}\n").as_bytes());
        told.why().map(|(why, _)| why)
    };
    assert!(why("67108949").unwrap().contains("could not be started"));
    assert!(why("33554509").unwrap().contains("agent"));
    assert!(why("83886179").unwrap().contains("cancelled"));
    assert!(why("33554736").unwrap().contains("already"));
    assert_eq!(why("7"), None);
    // Nobody else's process is ever ended.
    for process in ["0", "1", "-1", "x", ""] {
        let mut told = Told::default();
        told.hear(format!("[GNUPG:] PINENTRY_LAUNCHED {process}\n").as_bytes());
        assert_eq!(told.asking, None);
    }
}

#[test]
fn a_passphrase_is_no_argument_and_in_no_variable() {
    let words = words("Ada <ada@calculus.org>", "ed25519", "2y", false);
    let secret = Passphrase::Given(b"correct horse".to_vec());
    let command = command("/usr/bin/gpg".into(), &words, &secret, None);
    assert_eq!(command.input.as_deref(), Some(&b"correct horse\n"[..]));
    assert!(!format!("{:?}{:?}", command.arguments, command.variables).contains("correct"));
    assert!(command.deadline.is_some());
}

#[test]
fn a_clock_that_is_years_behind_is_noticed() {
    assert_eq!(odd_clock(NOW), None);
    assert!(odd_clock(0).unwrap().contains("1970-01-01"));
}
