//! A fuzzer for the way from an armoured signature to a verdict, on stable Rust and by hand, with
//! gpg itself as the judge of what it finds. `./dev test` replays the corpus and fuzzes for a
//! moment; `ONRAMP_FUZZ_MINUTES=30 ./dev test fuzz::` goes on and keeps what is new in
//! `tests/fuzz/corpus`. A finding is written to `target/fuzz`, for a test with a name.

mod chance;
mod corpus;
mod mutate;
mod oracle;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chance::Chance;
use corpus::Corpus;
use oracle::{Bench, Seen};

/// Rounds where nobody asks for minutes: a few seconds.
const ROUNDS: usize = 3_000;
/// No signature is worth a longer look.
const LONGEST: Duration = Duration::from_secs(2);
/// Minutes to go on for.
const MINUTES: &str = "ONRAMP_FUZZ_MINUTES";

#[test]
fn every_signature_of_the_corpus_is_judged_as_gpg_judges_it() {
    let (corpus, bench) = (Corpus::read(), Bench::new());
    let mut letters = BTreeSet::new();
    for (name, signature) in &corpus.signatures {
        let seen = bench.judge(corpus.payload(), signature);
        letters.insert(seen.git);
        if let Some(what) = bench.difference(&corpus, signature, &seen) {
            oracle::finding(name, signature, &what);
        }
    }
    let many = letters.len() >= 4 && corpus.signatures.len() >= 40;
    assert!(many, "a corpus that shows little: {letters:?} in {}", corpus.signatures.len());
}

#[test]
#[expect(clippy::print_stdout, reason = "whoever fuzzes wants the seed and the count")]
fn no_mutation_makes_a_signature_hold_where_gpg_says_it_does_not() {
    let minutes = std::env::var(MINUTES).ok().map(|text| text.parse::<u64>().expect("minutes"));
    let until = minutes.map(|minutes| Instant::now() + Duration::from_secs(60 * minutes));
    let (mut corpus, bench) = (Corpus::read(), Bench::new());
    let mut known: BTreeSet<Seen> =
        corpus.signatures.values().map(|it| bench.judge(corpus.payload(), it)).collect();
    let seed = until.map_or(1, |_| Chance::of_the_day());
    let mut chance = Chance::new(seed);
    let mut rounds = 0_usize;
    while until.map_or(rounds < ROUNDS, |until| Instant::now() < until) {
        rounds += 1;
        let signature = mutate::some(&mut chance, &corpus);
        let payload = mutate::payload(&mut chance, corpus.payload());
        let look = || {
            let started = Instant::now();
            (bench.judge(&payload, &signature), started.elapsed())
        };
        let (seen, took) = look();
        let name = format!("seed {seed}, round {rounds}");
        // A machine with other work may keep us waiting once; what is slow by itself is so again.
        if took > LONGEST && (0..3).all(|_| look().1 > LONGEST) {
            oracle::finding(&name, &signature, &format!("it took {took:?}"));
        }
        if payload != corpus.payload() {
            if seen.holds() {
                oracle::finding(&name, &signature, "it holds for content that nobody signed");
            }
        } else if seen.holds() || known.insert(seen.clone()) {
            if let Some(what) = bench.difference(&corpus, &signature, &seen) {
                oracle::finding(&name, &signature, &what);
            }
            if until.is_some() && !seen.holds() {
                corpus.keep(&seen, &signature);
            }
        }
    }
    println!("{rounds} rounds, {} different outcomes, seed {seed}", known.len());
}
