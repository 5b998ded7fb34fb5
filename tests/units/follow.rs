//! A long command that is followed: all it prints comes, and how often onramp wakes for it.

use std::cell::RefCell;
use std::path::Path;
use std::time::Instant;

use onramp::sys::{Command, Ended, Real, Stream, Workbench};

/// What a shell's script printed, in the pieces it came in, and milliseconds until its end.
fn followed(script: &str) -> (Vec<Vec<u8>>, u128) {
    let pieces = RefCell::new(Vec::new());
    let began = Instant::now();
    let command = Command::work(Path::new("/bin/sh")).args(["-c", script]);
    let ended = Real::default().follow(&command, &mut |stream, bytes: &[u8]| {
        assert_eq!(stream, Stream::Out);
        pieces.borrow_mut().push(bytes.to_vec());
    });
    assert_eq!(ended.unwrap(), Ended::Exited(Some(0)));
    (pieces.into_inner(), began.elapsed().as_millis())
}

#[test]
fn many_lines_come_in_few_pieces() {
    let count = "i=0; while [ $i -lt 5000 ]; do echo \"line $i\"; i=$((i + 1)); done";
    let (pieces, took) = followed(count);
    let lines: Vec<String> = (0..5000).map(|number| format!("line {number}\n")).collect();
    assert_eq!(String::from_utf8(pieces.concat()).unwrap(), lines.concat());
    // What is left once it has ended is read at once.
    let most = took / 50 + 8;
    assert!(pieces.len() as u128 <= most, "{} pieces in {took} ms", pieces.len());
}

#[test]
fn what_pours_and_what_is_left_at_the_end_comes_whole() {
    let (pieces, _) = followed("head -c 3000000 /dev/zero; echo; echo end");
    let all = pieces.concat();
    assert_eq!(all.len(), 3_000_005);
    assert!(all.ends_with(b"\0\nend\n"));
}
