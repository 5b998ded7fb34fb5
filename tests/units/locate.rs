//! Which Maven `mvn` is, on machines written down here.

use serde_json::{Value, json};

use super::machine::{kept, machine, observe};

fn look(text: &str) -> Value {
    observe(&machine(text), "maven", json!({ "tree": "/work" })).expect("an observation")
}

fn maven(home: &str, version: &str) -> String {
    format!(
        "  {home}/bin/mvn: '#!/bin/sh'\n  {home}/bin/m2.conf: ''\n  \
         {home}/lib/maven-core-{version}.jar: ''\n"
    )
}

#[test]
fn debian_keeps_the_version_inside_the_jar() {
    let found = observe(&kept("healthy"), "maven", json!({})).expect("an observation");
    assert_eq!((&found["version"], &found["how"]), (&json!("3.8.7"), &json!("links")));
}

#[test]
fn homebrew_hides_it_behind_a_script() {
    let found = observe(&kept("macos"), "maven", json!({})).expect("an observation");
    assert_eq!(found["version"], "3.9.11");
    assert_eq!(found["home"], "/opt/homebrew/Cellar/maven/3.9.11/libexec");
}

#[test]
fn version_numbers_in_jar_names_are_enough() {
    for version in ["3.9.11", "4.0.0-rc-4", "3.6.3"] {
        let found =
            look(&format!("env: {{ PATH: /opt/m/bin }}\nfiles:\n{}", maven("/opt/m", version)));
        assert_eq!(found["version"], version);
        assert_eq!(found["how"], Value::Null);
    }
}

#[test]
fn a_shim_leads_to_the_only_maven_or_is_untold() {
    let one = maven("/home/ada/.asdf/installs/maven/3.9.9", "3.9.9");
    let shim = "env: { PATH: /home/ada/.asdf/shims }\nfiles:\n  /home/ada/.asdf/shims/mvn: |\n    \
                #!/bin/sh\n    exec asdf exec mvn\n";
    let found = look(&format!("{shim}{one}"));
    assert_eq!((&found["version"], &found["how"]), (&json!("3.9.9"), &json!("the asdf shim")));
    let two = maven("/home/ada/.asdf/installs/maven/3.8.8", "3.8.8");
    let found = look(&format!("{shim}{one}{two}"));
    assert_eq!(found["version"], Value::Null);
    assert_eq!(found["reason"], "asdf has several Mavens, and no file tells which one it starts");
}

#[test]
fn a_jar_that_is_none_is_a_reason_and_no_end() {
    let found = look(
        "env: { PATH: /opt/m/bin }\nfiles:\n  /opt/m/bin/mvn: '#!/bin/sh'\n  \
         /opt/m/bin/m2.conf: ''\n  /opt/m/lib/maven-core-3.x.jar: not a zip\n",
    );
    assert_eq!((&found["present"], &found["version"]), (&json!(true), &Value::Null));
    assert!(found["reason"].as_str().unwrap().starts_with("/opt/m/lib/maven-core-3.x.jar: "));
}

#[test]
fn scripts_that_start_each_other_come_to_an_end() {
    let found = look(
        "files:\n  /usr/bin/mvn: |\n    #!/bin/sh\n    exec /usr/local/bin/mvn \"$@\"\n  \
         /usr/local/bin/mvn: |\n    #!/bin/sh\n    exec /usr/bin/mvn \"$@\"\n",
    );
    assert_eq!(found["reason"], "/usr/local/bin/mvn leads through too many scripts");
}

#[test]
fn a_wrapper_is_read_but_not_through_links() {
    let address = "distributionUrl=https://example.org/apache-maven-3.9.10-bin.zip";
    let path = "/work/.mvn/wrapper/maven-wrapper.properties";
    let found = look(&format!("files: {{ {path}: '{address}' }}"));
    assert_eq!(found["wrapper"]["version"], "3.9.10");
    let found = look(&format!("files: {{ /away: '{address}' }}\nlinks: {{ {path}: /away }}"));
    assert_eq!(found["wrapper"], Value::Null);
}
