//! A real build that hangs: a test in a JVM of its own waits for somebody who never writes.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::build::pipe;
use crate::support::maven::Shop;
use crate::support::process::flat;

const TEST: &str = "package org.example;

import org.junit.Test;

public class TillTest {
    @Test
    public void waits() throws Exception {
        new java.io.FileInputStream(\"PIPE\").read();
    }
}
";

/// Asks onramp to end when the test does: it takes the whole build with it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
            let _ = self.0.wait();
        }
    }
}

#[test]
fn the_threads_of_a_test_that_hangs_are_told() {
    let shop = Shop::new();
    let waited_for = shop.world.path("pipe");
    pipe(&waited_for);
    let test = TEST.replace("PIPE", waited_for.to_str().unwrap());
    shop.write("till/src/test/java/org/example/TillTest.java", &test);
    let words = ["--project", "apache", "build", "--hung-after", "8s", "--", "-DskipTests=false"];
    let onramp = Path::new(env!("CARGO_BIN_EXE_onramp"));
    let mut command: Command = shop.world.command(&shop.tree, onramp, &words);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut running = Running(child);
    let mut err = BufReader::new(running.0.stderr.take().unwrap());
    let (mut told, mut line) = (String::new(), String::new());
    while !told.contains("TillTest.waits") || !line.contains("thread dumps: ") {
        line.clear();
        assert!(err.read_line(&mut line).unwrap() > 0, "{told}");
        told.push_str(&line);
    }
    let dumps = line.trim().strip_prefix("thread dumps: ").unwrap();
    assert!(flat(&told).contains("the test TillTest.waits waits for input"), "{told}");
    let (_, silence) = told.split_once("nothing was printed").unwrap();
    let wide = silence.lines().find(|line| line.chars().count() > 80 && !line.contains("/onramp/"));
    assert_eq!(wide, None);
    assert!(told.contains("  Maven (process "), "{told}");
    assert!(fs::read_to_string(dumps).unwrap().contains("org.example.TillTest.waits"));
    assert_eq!(fs::metadata(dumps).unwrap().permissions().mode() & 0o777, 0o600);
    // Whoever reads holds the pipe open, so that this does not wait.
    fs::write(&waited_for, "x").unwrap();
    err.read_to_string(&mut told).unwrap();
    assert_eq!(running.0.wait().unwrap().code(), Some(0), "{told}");
    assert!(told.contains("built 2 modules in "), "{told}");
}
