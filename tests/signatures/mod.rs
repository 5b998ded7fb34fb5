//! The matrix: one commit per way in which a signature can be good, bad or odd. What git says of
//! each, letter and fingerprint, is asked of git; what onramp says stands in the row.

mod forms;
mod hostile;
mod keys;
mod objects;
mod ring;

use std::collections::BTreeMap;
use std::sync::Arc;

use onramp::git::split;
use onramp::pgp::GnuPg;
use onramp::signature::{Signed, Trust, Verdict, Word, judge};

use crate::support::keys::Elsewhere;
use ring::Ring;

/// One commit of the matrix.
struct Row {
    name: String,
    raw: Vec<u8>,
    /// What onramp says.
    word: Word,
    /// Whether the key was valid when the signature says it was made.
    then: Option<bool>,
    /// Why git's letter or fingerprint is not ours, where it is not.
    differs: Option<&'static str>,
    /// git ends at it with an error instead of a letter.
    ends: bool,
}

impl Row {
    fn new(name: &str, raw: Vec<u8>, word: Word) -> Self {
        let then = (word == Word::Good).then_some(true);
        Self { name: name.to_owned(), raw, word, then, differs: None, ends: false }
    }

    fn then(self, then: bool) -> Self {
        Self { then: Some(then), ..self }
    }

    fn differs(self, why: &'static str) -> Self {
        Self { differs: Some(why), ..self }
    }

    fn ends(self) -> Self {
        Self { ends: true, ..self }
    }
}

#[test]
fn the_letter_is_gits_and_the_word_is_ours() {
    let ring = Ring::new();
    let rows: Vec<Row> = [keys::rows(&ring), forms::rows(&ring), objects::rows(&ring)]
        .into_iter()
        .flatten()
        .collect();
    assert!(rows.len() >= 90, "{} rows", rows.len());
    let by_git = ring.asked_of_git(&rows);
    let wrong: Vec<String> = rows
        .iter()
        .zip(ours(&ring, &rows))
        .filter_map(|(row, verdict)| complaint(row, &verdict, by_git.get(&row.name)))
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    ring.home.quiet();
}

fn ours(ring: &Ring, rows: &[Row]) -> Vec<Verdict> {
    let objects: Vec<_> = rows.iter().map(|row| split(row.name.clone(), &row.raw)).collect();
    let signed: Vec<_> = objects
        .iter()
        .map(|object| Signed::new(&object.payload, object.signature.as_deref()))
        .collect();
    let machine = Elsewhere::with(ring.home.path());
    judge(&signed, &GnuPg::live(Arc::new(machine)), Trust::default())
}

/// What is wrong with a row, if anything is.
fn complaint(row: &Row, ours: &Verdict, git: Option<&(char, String)>) -> Option<String> {
    let Verdict { word, git: letter, fingerprint, then, reason, .. } = ours;
    let fingerprint = fingerprint.clone().unwrap_or_default();
    let same = match git {
        None => *letter == '?',
        Some((theirs, theirs_by)) => (letter, &fingerprint) == (theirs, theirs_by),
    };
    let right = *word == row.word && *then == row.then && same == row.differs.is_none();
    (!right).then(|| {
        format!(
            "{}: git {git:?}, ours {letter} {fingerprint}; {word:?}, not {:?}; then {then:?}, not \
             {:?}; {reason:?}",
            row.name, row.word, row.then
        )
    })
}

/// What git said of each commit, by its name.
type Letters = BTreeMap<String, (char, String)>;
