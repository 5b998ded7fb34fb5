//! What `onramp build` tells while a build runs, when it says nothing, and afterwards.

use std::fs;
use std::io::{BufRead, BufReader};

use serde_json::Value;

use super::build::{BEGIN, PASS, World, pipe, said};

const ODD: &str = "printf '\\033[33m[WARNING]\\033[m <b>Odd</b> \\377 \\001 thing\\n[WARNING] <b>Odd</b> again\\n[WARNING] <b>Odd</b> again\\n'
echo '[INFO] Downloading from central: https://r.example.org/a/b/1/b-1.jar'
echo '[INFO] Downloaded from central: https://r.example.org/a/b/1/b-1.jar (3.1 kB at 640 B/s)'
echo 'Running org.example.TillTest'
echo 'Tests run: 3, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 1,001.5 sec <<< FAILURE!'
head -c 300000 /dev/zero | tr '\\0' x; echo";

/// What the verb printed, without the first words of the test that it runs in.
fn data(output: &std::process::Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.split_once("running 1 test\n").unwrap().1.to_owned()
}

fn schema(of: &str) -> jsonschema::Validator {
    let text = match of {
        "events" => onramp::report::build::events_schema(),
        _ => onramp::report::build::schema(),
    };
    jsonschema::validator_for(&serde_json::from_str(&text.unwrap()).unwrap()).unwrap()
}

#[test]
fn events_are_lines_of_json_whatever_maven_prints() {
    let world = World::new(&format!("{BEGIN}{ODD}\n{PASS}"));
    let file = world.path("events.jsonl");
    let output = world.run(&format!("--threads 1 --events {}", file.display()));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let schema = schema("events");
    for line in &lines {
        assert!(schema.is_valid(line), "{line}");
        assert_eq!(line["version"], 1);
    }
    let names: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "build-started",
            "order",
            "module-started",
            "goal-started",
            "module-finished",
            "module-started",
            "warning",
            "warning",
            "download-started",
            "download-finished",
            "tests",
            "module-finished",
            "build-finished",
        ]
    );
    assert_eq!(lines[9]["bytes"], 3100);
    assert_eq!(lines[10]["seconds"], 1001.5);
    let end = lines.last().unwrap();
    assert_eq!((&end["ending"], &end["exit"]), (&"passed".into(), &0.into()));
}

#[test]
fn without_a_terminal_each_module_has_its_lines() {
    let said = said(&World::new(&format!("{BEGIN}{PASS}")).run("--threads 1"));
    for line in ["0:00 [1/2] Shop\n", "Shop took 0 s; 1 of 2 done\n", "0:00 [2/2] Shop Till\n"] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains('\r') && !said.contains('\u{1b}'), "{said:?}");
}

#[test]
fn the_last_build_is_told_as_text_json_and_a_page() {
    let world = World::new(&format!("{BEGIN}{ODD}\n{PASS}"));
    assert_eq!(world.run("--threads 1").status.code(), Some(0));
    let text = data(&world.run("--last"));
    for part in [
        "built 2 modules in ",
        "downloads      1 file, 3.0 KiB",
        "3 run in 1 class, 1 failed, 0 ended by an error, 1 skipped",
        "failed: org.example.TillTest",
        "3 lines, 2 different texts",
        "2 times: <b>Odd</b> again (till, line ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = data(&world.run("--last json"));
    let record: Value = serde_json::from_str(&json).unwrap();
    assert!(schema("record").is_valid(&record), "{record}");
    assert_eq!(record["modules"][1]["artifact"], "till");
    let file = world.path("page.html");
    let output = world.run(&format!("--last html:{}", file.display()));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let page = fs::read_to_string(file).unwrap();
    for part in ["Content-Security-Policy", "<svg", "&lt;b&gt;Odd&lt;/b&gt; again", "shop"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for part in ["<script", "<b>Odd", "http://", "https://", "@BODY@"] {
        assert!(!page.contains(part), "{part}: {page}");
    }
}

#[test]
fn why_the_last_build_failed_is_told_afterwards_too() {
    let error = "[ERROR] /nowhere/<b>Till</b>.java:[7,1] cannot find symbol";
    let goal = "org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile (default-compile)";
    let end = format!(
        "[INFO] BUILD FAILURE\n[ERROR] Failed to execute goal {goal} on project till: Compilation \
         failure\n{error}\n[ERROR] -> [Help 1]"
    );
    let script =
        format!("{BEGIN}cat <<'END'\n[ERROR] COMPILATION ERROR : \n{error}\n{end}\nEND\nexit 1");
    let world = World::new(&script);
    let said = said(&world.run("--threads 1"));
    let (told, remedy) =
        ("in the change: the code does not compile", "mend the first place named above");
    assert!(said.contains(told) && said.contains(remedy), "{said}");
    let text = data(&world.run("--last"));
    for part in [
        "\nfailed         till, at compiler:compile\n",
        "  /nowhere/<b>Till</b>.java:7:1: cannot find symbol\n",
        &format!("cause   {told}"),
        &format!("remedy  {remedy}"),
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let record: Value = serde_json::from_str(&data(&world.run("--last json"))).unwrap();
    assert!(schema("record").is_valid(&record), "{record}");
    assert_eq!(record["failures"][0]["causes"][0]["kind"], "user", "{record}");
    let file = world.path("page.html");
    world.run(&format!("--last html:{}", file.display()));
    let page = fs::read_to_string(file).unwrap();
    let first = page.find("&lt;b&gt;Till&lt;/b&gt;.java:7:1").unwrap();
    assert!(page.contains(told) && first < page.find("<svg").unwrap(), "{page}");
}

#[test]
fn two_builds_are_compared_the_answer_first() {
    let world = World::new(&format!("{BEGIN}{PASS}"));
    assert_eq!(world.run("").status.code(), Some(0));
    let record = world.path("tree/.git/onramp/build");
    let kept = fs::read_dir(&record).unwrap().map(|entry| entry.unwrap().path());
    let kept = kept.into_iter().find(|path| path.extension().is_some_and(|e| e == "json")).unwrap();
    let mut now: Value = serde_json::from_slice(&fs::read(&kept).unwrap()).unwrap();
    let before = world.run("--compare");
    assert_eq!(before.status.code(), Some(2), "{}", said(&before));
    assert!(said(&before).contains("there is only one build to compare"));
    now["seconds"] = 100.0.into();
    now["modules"][1]["seconds"] = 90.0.into();
    now["warnings"] = serde_json::json!({"lines": 1, "beyond": 0, "different": [
        {"text": "mind the gap", "place": "a/A.java", "count": 1, "module": "till", "line": 7}]});
    let file = world.path("now.json");
    fs::write(&file, now.to_string()).unwrap();
    let name = kept.file_stem().unwrap().to_str().unwrap().to_owned();
    let log = kept.with_extension("log");
    let output = world.run(&format!("--compare {} {}", log.display(), file.display()));
    let text = data(&output);
    let first = text.lines().next().unwrap();
    assert!(first.contains(" slower: 1:40 min, before "), "{text}");
    assert!(text.contains("\nmodules    till: "), "{text}");
    assert!(
        text.contains("\nwarnings   1 new, 0 gone\n           new: mind the gap (a/A.java, line 7"),
        "{text}"
    );
    fs::write(&file, "{\"version\": 99}").unwrap();
    let output = world.run(&format!("--compare {name} {}", file.display()));
    assert!(said(&output).contains("a record of version 99; this onramp reads version 1"));
}

#[test]
fn nothing_recorded_is_told_with_the_way_out() {
    let output = World::new(PASS).run("--last");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("no build has been recorded"), "{}", said(&output));
    let output = World::new(PASS).run("--last pdf");
    assert!(said(&output).contains("`json` or `html`"), "{}", said(&output));
}

#[test]
fn silence_is_told_and_the_build_goes_on() {
    let script = format!("{BEGIN}read line < \"$0.pipe\"\n{PASS}");
    let world = World::new(&script);
    pipe(&world.path("mvn.pipe"));
    let mut child = world.start("--threads 1 --hung-after 1s").spawn().unwrap();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let (mut told, mut line) = (String::new(), String::new());
    while !told.contains("can be asked") {
        line.clear();
        assert!(err.read_line(&mut line).unwrap() > 0, "{told}");
        told.push_str(&line);
    }
    assert!(told.contains("nothing was printed for 1 s at till"), "{told}");
    assert!(told.contains("the build goes on, nothing was ended"), "{told}");
    fs::write(world.path("mvn.pipe"), "go on\n").unwrap();
    std::io::Read::read_to_string(&mut err, &mut told).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{told}");
    assert!(told.contains("something is printed again, after "), "{told}");
    assert!(told.contains("built 2 modules"), "{told}");
    let record = data(&world.run("--last json"));
    assert!(record.contains("none of its processes is a JVM"), "{record}");
}

#[test]
fn only_five_logs_are_kept() {
    let world = World::new(PASS);
    let folder = world.path("tree/.git/onramp/build");
    fs::create_dir_all(&folder).unwrap();
    for day in 1..=7 {
        fs::write(folder.join(format!("2020010{day}-000000.log")), "old").unwrap();
    }
    fs::write(folder.join("notes.txt"), "kept").unwrap();
    assert_eq!(world.run("").status.code(), Some(0));
    let names: Vec<_> =
        world.logs().iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(names.len(), 6);
    assert_eq!(names[0], "20200104-000000.log");
    assert_eq!(names[5], "notes.txt");
}
