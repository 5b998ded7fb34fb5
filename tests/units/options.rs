//! What Maven is started with: places, order, words that are none.

use std::path::Path;

use onramp::maven::options::{Word, collectors, heap, of_jvm, of_maven, strays};
use onramp::maven::{local, settings};
use serde_json::json;

use super::machine::{machine, observe};

fn words(text: &str) -> Vec<Word> {
    of_jvm(&machine(&format!("env: {{ MAVEN_OPTS: '{text}' }}")), None, None)
}

fn texts(words: &[&Word]) -> Vec<String> {
    words.iter().map(|word| word.text.clone()).collect()
}

#[test]
fn the_last_heap_counts_in_every_unit() {
    for (text, bytes) in [
        ("-Xmx4g", 4 << 30),
        ("-Xmx1G -Xmx512M", 512 << 20),
        ("-Xmx2048k", 2 << 20),
        ("-Xmx1073741824", 1 << 30),
        ("-Xmx1g -Xmxodd", 1 << 30),
    ] {
        assert_eq!(heap(&words(text)).map(|(bytes, _)| bytes), Some(bytes), "{text}");
    }
    assert_eq!(heap(&words("-Xms1g")), None);
}

#[test]
fn words_that_belong_to_the_option_before_are_no_strays() {
    let found = words("--add-opens java.base/java.lang=ALL-UNNAMED -cp a.jar @file -Xmx 4g");
    assert_eq!(texts(&strays(&found)), ["4g"]);
}

#[test]
fn the_same_collector_twice_is_one() {
    let found = words("-XX:+UseG1GC -XX:+UseG1GC -XX:+UseStringDeduplication -XX:+UseZGC");
    assert_eq!(texts(&collectors(&found)), ["-XX:+UseG1GC", "-XX:+UseZGC"]);
}

#[test]
fn a_start_up_file_replaces_the_variable_with_its_last_assignment() {
    let machine = machine(
        "env: { MAVEN_OPTS: -Xmx9g }
files:
  /etc/mavenrc: \"MAVEN_OPTS=-Xmx1g\\n\"
  /home/ada/.mavenrc: \"# a note\\nexport MAVEN_OPTS='-Xmx2g $MORE'\\n\"
  /home/ada/x/.mvn/jvm.config: \"-Xss2m\\n# -Xmx1m\\n\"
  /home/ada/x/.mvn/maven.config: \"-T2\\n-Dmaven.repo.local=/srv/m2\\n\"",
    );
    let tree = Path::new("/home/ada/x");
    let found = of_jvm(&machine, None, Some(tree));
    assert_eq!(texts(&found.iter().collect::<Vec<_>>()), ["-Xss2m", "-Xmx2g"]);
    assert_eq!((found[1].place.as_str(), found[1].line), ("/home/ada/.mavenrc", Some(2)));
    let place =
        local::place(&machine, &settings::Settings::default(), &of_maven(&machine, Some(tree)));
    assert_eq!(place.unwrap().path, Path::new("/srv/m2"));
}

#[test]
fn leftovers_are_counted_beyond_those_named() {
    let files = (0..5).map(|n| format!("  /r/g/a/{n}/a-{n}.pom.lastUpdated: ''\n"));
    let machine =
        machine(&format!("files:\n  /r/g/a/1/a-1.jar: ''\n{}", files.collect::<String>()));
    let (named, total) = local::leftovers(&machine, Path::new("/r"), 2);
    assert_eq!((named.len(), total), (2, 5));
    assert_eq!(local::leftovers(&machine, Path::new("/nowhere"), 2), (Vec::new(), 0));
}

#[test]
fn a_password_among_the_options_is_not_handed_on() {
    let text = "-Dhttp.proxyUser=ada -Dhttp.proxyPassword=CANARY -Djavax.net.ssl.trustStorePassword=CANARY";
    let machine = machine(&format!("env: {{ MAVEN_OPTS: '{text}' }}"));
    let found = observe(&machine, "jvm_options", json!({})).expect("options").to_string();
    assert!(found.contains("\"-Dhttp.proxyPassword=…\""), "{found}");
    assert!(found.contains("-Dhttp.proxyUser=ada") && !found.contains("CANARY"), "{found}");
}
