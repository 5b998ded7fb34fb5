//! What is tried, on which modules, what wins, and when that no longer counts.

use onramp::maven::graph::Graph;
use onramp::maven::tuning::calibration::{Key, Record, Run, best, candidates, goals, sample};
use onramp::maven::tuning::{Collector, Machine, Preset, Speed, Work};

fn run(wall: f64, cpu: Option<f64>) -> Run {
    Run { wall, cpu }
}

#[test]
fn the_usual_settings_come_first_and_no_setting_twice() {
    let work = Work { skips_tests: true, ..Work::default() };
    for cores in [1, 2, 8] {
        let machine = Machine { cores, busy: 0, total: 16 << 30, available: 8 << 30, limit: None };
        let all = candidates(&machine, &work, cores);
        assert_eq!(all[0], Preset { threads: Some(cores), ..Preset::usual(&work) });
        for (at, preset) in all.iter().enumerate() {
            assert!(!all[..at].contains(preset), "{preset:?}");
            assert!(preset.threads.is_some_and(|threads| threads >= 1));
        }
        assert!(all.iter().any(|preset| preset.speed == Speed::Full));
        assert!(all.iter().any(|preset| preset.collector == Collector::Parallel));
        let tested = candidates(&machine, &Work::default(), cores);
        assert!(tested.iter().all(|preset| preset.speed == Speed::Full), "tests want full speed");
    }
}

#[test]
fn the_sample_can_be_built_by_itself() {
    // A root, then pairs: each odd module needs the even one before it, all need the root.
    let needs: Vec<Vec<usize>> = (0..20)
        .map(|at| match at {
            0 => Vec::new(),
            at if at % 2 == 0 => vec![0, at - 1],
            _ => vec![0],
        })
        .collect();
    let graph = Graph::new(needs);
    let chosen = sample(&graph, &[[false].as_slice(), &[true; 19]].concat()).unwrap();
    assert!(chosen.len() <= 8 && chosen.contains(&0), "{chosen:?}");
    for module in &chosen {
        assert!(graph.needs(*module).iter().all(|need| chosen.contains(need)), "{chosen:?}");
    }
    assert_eq!(sample(&graph, &[false; 20]), None);
    assert_eq!(sample(&Graph::default(), &[]), None);
    // What needs more than a sample may hold is passed over for what does not.
    let chain = (0..30).map(|at: usize| at.checked_sub(1).into_iter().collect()).collect();
    assert_eq!(sample(&Graph::new(chain), &[true; 30]).map(|chosen| chosen.len()), Some(8));
}

#[test]
fn nothing_is_installed_to_measure() {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(goals(&words("clean install -DskipTests")), words("clean package -DskipTests"));
    assert_eq!(goals(&words("verify install -Pq")), words("package -Pq"));
    assert_eq!(goals(&words("clean compile")), words("clean compile"));
}

#[test]
fn only_what_is_clearly_cheaper_takes_the_place_of_the_usual() {
    // The machine is busy in the second round; both feel it.
    let usual = vec![run(10.0, Some(20.0)), run(30.0, Some(21.0)), run(11.0, Some(20.0))];
    let close = vec![run(9.9, Some(19.5)), run(29.0, Some(20.0)), run(10.8, Some(19.9))];
    let quick = vec![run(8.0, Some(18.0)), run(25.0, Some(18.0)), run(9.0, Some(18.0))];
    // Best in the middle, but not each time.
    let lucky = vec![run(2.0, Some(18.0)), run(9.0, Some(18.0)), run(12.0, Some(21.0))];
    assert_eq!(best(&[usual.clone(), close.clone(), lucky]), Some((0, 1.0)));
    let (winner, share) = best(&[usual.clone(), close, quick.clone()]).unwrap();
    assert_eq!(winner, 2);
    assert!((0.8..0.95).contains(&share), "{share}");
    assert_eq!(best(&[usual.clone(), quick[..1].to_vec()]), None, "one round is chance");
    assert_eq!(best(&[usual, Vec::new()]), None, "not all had their turn");
    let clock = |wall| vec![run(wall, None); 2];
    assert_eq!(best(&[clock(9.0), clock(4.0)]).map(|(at, _)| at), Some(1));
    assert_eq!(best(&[]), None);
}

#[test]
fn a_record_counts_until_something_changes() {
    let key = Key { jdk: "/opt/jdk 17.0.9".into(), cores: 2, ..Key::default() };
    let preset = Preset {
        speed: Speed::Quick,
        collector: Collector::Serial,
        archive: true,
        threads: Some(3),
    };
    let record = Record::new(key.clone(), preset, 1_760_000_000, (3, 8));
    let read = Record::read(&record.write()).unwrap();
    assert_eq!(read, record);
    assert_eq!(read.stale(&key), None);
    let changed = [
        Key { jdk: "/opt/jdk 17.0.10".into(), ..key.clone() },
        Key { maven: "3.9.9".into(), ..key.clone() },
        Key { cores: 4, ..key.clone() },
        Key { memory: 1, ..key.clone() },
        Key { options: "MAVEN_OPTS: -Xmx1g".into(), ..key.clone() },
        Key { skips_tests: true, ..key },
    ];
    for now in changed {
        assert!(read.stale(&now).is_some(), "{now:?}");
    }
    assert_eq!(Record::read(b"{}"), None);
    assert_eq!(Record::read(b"\x00garbage"), None);
    let newer = String::from_utf8(record.write()).unwrap().replacen("1", "2", 1);
    assert_eq!(Record::read(newer.as_bytes()), None, "of a newer onramp");
}
