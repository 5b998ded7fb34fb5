//! When the silence of a build is told, and how long it may last is written.

use std::time::Duration;

use onramp::cli::build::hung::{Patience, Quiet};

fn ten_minutes() -> Quiet {
    Quiet::new(Patience::For(Duration::from_secs(600)))
}

#[test]
fn silence_is_told_once_and_then_at_growing_intervals() {
    let mut quiet = ten_minutes();
    assert_eq!(quiet.heard(5.0), None);
    assert_eq!(quiet.patience(5.0), Some(Duration::from_secs(600)));
    let told: Vec<u32> =
        (6..10_000).filter(|at| quiet.due(f64::from(*at), 1.0).is_some()).collect();
    assert_eq!(told, [605, 1805, 4205, 9005]);
    assert_eq!(quiet.heard(10_000.0), Some(9995.0), "it was told, so its end is");
    assert_eq!(quiet.heard(10_001.0), None);
}

#[test]
fn a_machine_that_slept_for_an_hour_does_not_hang() {
    let mut quiet = ten_minutes();
    quiet.heard(0.0);
    assert_eq!(quiet.due(1.0, 1.0), None);
    assert_eq!(quiet.due(3602.0, 1.0), None, "nobody was there to look");
    assert_eq!(quiet.due(3700.0, 98.0), None);
    assert_eq!(quiet.due(4202.0, 502.0), Some(602.0), "sleep does not count, the rest does");
    let mut unlooked = ten_minutes();
    unlooked.heard(0.0);
    assert_eq!(unlooked.due(4200.0, 600.0), Some(600.0), "without ticks as well");
}

#[test]
fn an_endless_patience_says_nothing() {
    let mut quiet = Quiet::new(Patience::Endless);
    assert_eq!((quiet.patience(0.0), quiet.due(1e9, 1.0)), (None, None));
}

#[test]
fn how_patience_is_written() {
    let minutes = |minutes: u64| Ok(Patience::For(Duration::from_secs(minutes * 60)));
    for (text, means) in [("10", minutes(10)), ("10m", minutes(10)), ("1h", minutes(60))] {
        assert_eq!(text.parse(), means);
    }
    assert_eq!("90s".parse(), Ok(Patience::For(Duration::from_secs(90))));
    assert_eq!("never".parse(), Ok(Patience::Endless));
    for text in ["", "0", "-1", "1d", "m", "99999999999999999999", "1.5"] {
        assert!(text.parse::<Patience>().unwrap_err().contains("as `never`"), "{text}");
    }
}
