//! The private folder of one command, on this machine.

use std::path::Path;

use onramp::sys::{Command, Real, System};

#[test]
fn a_scratch_folder_lives_as_long_as_its_command() {
    let shell = Real::default().find_program("sh").expect("a shell");
    let question = Command::question(shell)
        .args(["-c", "pwd -P; cat Ready.java; ls -ld . | cut -c1-10"])
        .scratch_file("Ready.java", "class Ready {}\n");
    let text = Real::default().run(&question).expect("an answer").text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[1..], ["class Ready {}", "drwx------"]);
    assert!(!Path::new(lines[0]).exists(), "{} is still there", lines[0]);
}

#[test]
fn it_goes_even_where_the_command_cannot_start() {
    let question = Command::question("/nowhere/at-all").scratch_file("a", "b");
    assert!(Real::default().run(&question).is_err());
}
