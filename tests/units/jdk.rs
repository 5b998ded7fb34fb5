//! Which JDK the build will use, on machines written down here.

use onramp::host::jdk::rc::{self, Effect};
use serde_json::{Value, json};

use super::machine::{kept, machine, observe};

/// A JDK of this version in `home`, as lines of a recorded machine's `files`.
fn jdk(home: &str, version: &str) -> String {
    format!(
        "  {home}/bin/java: ''\n  {home}/bin/javac: ''\n  {home}/lib/modules: ''\n  \
         {home}/release: 'JAVA_VERSION=\"{version}\"'\n"
    )
}

fn look(text: &str) -> Value {
    look_in(text, "")
}

fn look_in(text: &str, tree: &str) -> Value {
    let tree = if tree.is_empty() { Value::Null } else { json!(tree) };
    observe(&machine(text), "jdk", json!({ "tree": tree })).expect("an observation")
}

#[test]
fn start_up_files_are_read_and_not_run() {
    let set = |value: &str, line| Effect::Set { value: value.into(), line };
    let cases = [
        ("export JAVA_HOME=/opt/jdk", set("/opt/jdk", 1)),
        ("# mine\n\nJAVA_HOME='/opt/my jdk' # old\n", set("/opt/my jdk", 3)),
        ("export JAVA_HOME=\"$HOME/jdks/17\"", set("/home/ada/jdks/17", 1)),
        ("JAVA_HOME=${HOME}/a; export JAVA_HOME", set("/home/ada/a", 1)),
        ("export JAVA_HOME=~/jdk MAVEN_OPTS=\"-Xmx2g -Da=b\"", set("/home/ada/jdk", 1)),
        ("JAVA_HOME=/a\nJAVA_HOME=/b", set("/b", 2)),
        ("JAVA_HOME=$(find-java)\nJAVA_HOME=/b", set("/b", 2)),
        ("if true; then\n  X=1\nfi\nJAVA_HOME=/b", set("/b", 4)),
        ("JAVA_HOME=/opt/\\\njdk", set("/opt/jdk", 1)),
        ("JAVA_HOME=", Effect::Unset { line: 1 }),
        ("unset JAVA_HOME", Effect::Unset { line: 1 }),
        ("export PATH=$JAVA_HOME/bin:$PATH", Effect::None),
        ("JAVA_HOME=/x some-program", Effect::None),
        ("echo JAVA_HOME=/x", Effect::None),
        ("MY_JAVA_HOME=/x", Effect::None),
    ];
    for (text, effect) in cases {
        assert_eq!(rc::read(text, "/home/ada").effect, effect, "{text}");
    }
}

#[test]
fn what_only_a_shell_could_tell_is_untold() {
    let cases = [
        "JAVA_HOME=$(/usr/libexec/java_home -v 17)",
        "JAVA_HOME=`which java`",
        "JAVA_HOME=$JDK17",
        "export JAVA_HOME=${JDK:-/opt/jdk}",
        "if [ -d /opt/jdk ]; then\n  JAVA_HOME=/opt/jdk\nfi",
        "[ -d /opt/jdk ] && export JAVA_HOME=/opt/jdk",
        ": ${JAVA_HOME:=/opt/jdk}",
        "case $(uname) in\n  Linux) JAVA_HOME=/opt/jdk;;\nesac",
        ". ~/.sdkman/bin/sdkman-init.sh",
        "source /etc/profile.d/java.sh",
        "eval \"$(jenv init -)\"",
    ];
    for text in cases {
        let effect = rc::read(text, "/home/ada").effect;
        assert!(matches!(effect, Effect::Untold { .. }), "{text}: {effect:?}");
    }
}

#[test]
fn the_last_start_up_file_wins_over_the_environment() {
    let files = jdk("/opt/a", "11.0.2") + &jdk("/opt/b", "17.0.1") + &jdk("/opt/c", "21.0.1");
    let text = format!(
        "env: {{ JAVA_HOME: /opt/a }}\nfiles:\n{files}  /etc/mavenrc: JAVA_HOME=/opt/b\n  \
         /home/ada/.mavenrc: \"\\nJAVA_HOME=/opt/c\\n\"\n"
    );
    let found = look(&text);
    assert_eq!(found["chosen_by"], "JAVA_HOME set in ~/.mavenrc line 2");
    assert_eq!((&found["home"], &found["feature"]), (&json!("/opt/c"), &json!(21)));
    assert_eq!(found["set_in"], json!({ "file": "~/.mavenrc", "line": 2 }));
    assert_eq!(found["installed"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_start_up_file_that_changes_path_leaves_java_untold() {
    let found = look(&format!(
        "links: {{ /usr/bin/java: /opt/a/bin/java }}\nfiles:\n{}  /etc/mavenrc: PATH=/x:$PATH\n",
        jdk("/opt/a", "17.0.1")
    ));
    assert_eq!(found["home"], Value::Null);
    assert!(found["untold"].as_str().unwrap().starts_with("/etc/mavenrc line 1 changes PATH"));
}

#[test]
fn a_variable_that_is_not_exported_does_not_reach_the_compiler() {
    let text = |line: &str| {
        format!(
            "links: {{ /usr/bin/javac: /opt/b/bin/javac }}\nfiles:\n{}{}  /etc/mavenrc: {line}\n",
            jdk("/opt/a", "17.0.1"),
            jdk("/opt/b", "25.0.1")
        )
    };
    let compiles_with = |line: &str| look(&text(line))["compiles_with"]["feature"].clone();
    assert_eq!(compiles_with("JAVA_HOME=/opt/a"), 25);
    assert_eq!(compiles_with("export JAVA_HOME=/opt/a"), 17);
}

#[test]
fn homebrew_sets_its_own_jdk_where_none_is_set() {
    let found = observe(&kept("macos"), "jdk", json!({})).expect("an observation");
    assert_eq!(found["feature"], 25);
    assert_eq!(found["chosen_by"], "JAVA_HOME set by /opt/homebrew/bin/mvn itself");
    assert_eq!(found["java_on_path"]["feature"], 21, "the stub takes the newest it knows");
    let homes: Vec<_> =
        found["installed"].as_array().unwrap().iter().map(|it| &it["home"]).collect();
    let kept_link = "/opt/homebrew/opt/openjdk@17/libexec/openjdk.jdk/Contents/Home";
    assert!(homes.contains(&&json!(kept_link)), "{homes:?}");
}

#[test]
fn the_usual_idiom_of_macos_is_told_from_its_folders() {
    let bundle = |name: &str| format!("/Library/Java/JavaVirtualMachines/{name}.jdk/Contents/Home");
    let found = look(&format!(
        "platform: {{ os: macos, family: macos, name: macOS, arch: aarch64 }}\nfiles:\n{}{}  \
         /home/ada/.mavenrc: export JAVA_HOME=$(/usr/libexec/java_home -v 17)\n",
        jdk(&bundle("temurin-17"), "17.0.9"),
        jdk(&bundle("temurin-25"), "25.0.1")
    ));
    assert_eq!((&found["feature"], &found["untold"]), (&json!(17), &Value::Null));
}

#[test]
fn shims_are_seen_through_where_files_tell() {
    let home = "/home/ada";
    let with = |shims: &str, files: &str| {
        format!(
            "env: {{ PATH: {home}/{shims}:/usr/bin }}\nfiles:\n  {home}/{shims}/java: ''\n{files}"
        )
    };
    let jenv =
        |asks: &str| with(".jenv/shims", &(jdk("/home/ada/.jenv/versions/17", "17.0.1") + asks));
    let found = look(&jenv("  /home/ada/.jenv/version: '17'\n"));
    assert_eq!(found["feature"], 17);
    let by = "java on PATH (/home/ada/.jenv/shims/java: jenv, told by ~/.jenv/version)";
    assert_eq!(found["chosen_by"], by);

    let found =
        look_in(&jenv("  /home/ada/.jenv/version: '17'\n  /work/.java-version: '11.0'\n"), "/work");
    assert_eq!(found["present"], false);
    assert!(
        found["problem"].as_str().unwrap().contains("to use `11.0`, which it has not installed")
    );

    let asdf = jdk("/home/ada/.asdf/installs/java/temurin-17.0.9+9", "17.0.9");
    let asks = "  /home/ada/.tool-versions: \"nodejs 20\\njava temurin-17.0.9+9\\n\"\n";
    assert_eq!(look(&with(".asdf/shims", &(asdf + asks)))["feature"], 17);

    let mise = jdk("/home/ada/.local/share/mise/installs/java/17", "17.0.2")
        + &jdk("/home/ada/.local/share/mise/installs/java/21", "21.0.1");
    let found = look(&with(".local/share/mise/shims", &mise));
    assert!(found["untold"].as_str().unwrap().contains("no file says which Java mise uses here"));
    let asks = "  /home/ada/.config/mise/config.toml: \"[tools]\\njava = '21'\\n\"\n";
    assert_eq!(look(&with(".local/share/mise/shims", &(mise + asks)))["feature"], 21);
}

#[test]
fn a_tree_leads_nowhere_outside_of_itself() {
    let text = format!(
        "env: {{ PATH: /home/ada/.jenv/shims }}\nlinks:\n  /work/.java-version: /secret\n  \
         /work/.mvn/jvm.config: /secret\nfiles:\n  /work/pom.xml: ''\n  /secret: '17'\n  \
         /home/ada/.jenv/shims/java: ''\n{}",
        jdk("/home/ada/.jenv/versions/17", "17.0.1")
    );
    let found = look_in(&text, "/work");
    assert_eq!((&found["feature"], &found["jvm_config"]), (&Value::Null, &Value::Null));
}

#[test]
fn sdkman_and_the_old_runtime_folder_are_links_and_folders() {
    let found = look(&format!(
        "env: {{ PATH: /home/ada/.sdkman/candidates/java/current/bin }}\nlinks: {{ \
         /home/ada/.sdkman/candidates/java/current: 17.0.9-tem }}\nfiles:\n{}",
        jdk("/home/ada/.sdkman/candidates/java/17.0.9-tem", "17.0.9")
    ));
    assert_eq!(found["home"], "/home/ada/.sdkman/candidates/java/17.0.9-tem");
    assert_eq!(found["installed"].as_array().map(Vec::len), Some(1), "`current` is the same one");

    let found = look(
        "links: { /usr/bin/java: /usr/lib/jvm/java-8-openjdk-amd64/jre/bin/java }\nfiles:\n  \
         /usr/lib/jvm/java-8-openjdk-amd64/bin/java: ''\n  \
         /usr/lib/jvm/java-8-openjdk-amd64/jre/bin/java: ''\n  \
         /usr/lib/jvm/java-8-openjdk-amd64/jre/lib/rt.jar: ''\n",
    );
    assert_eq!((&found["feature"], &found["compiler"]), (&json!(8), &json!(false)));
    assert_eq!(found["home"], "/usr/lib/jvm/java-8-openjdk-amd64");
}

#[test]
fn a_script_called_java_is_no_jdk() {
    let found = look("files: { /usr/local/bin/java: \"#!/bin/sh\\nexec /opt/x/bin/java\\n\" }");
    assert_eq!(found["present"], true);
    assert_eq!(
        found["untold"],
        "/usr/local/bin/java is a script that does not tell which JDK it starts"
    );
}

#[test]
fn files_that_contradict_each_other_raise_doubt() {
    let doubt = |more: &str, version: &str| {
        let found = look(&format!(
            "env: {{ JAVA_HOME: /opt/j }}\n{more}\nfiles:\n{}",
            jdk("/opt/j", version)
        ));
        found["doubt"].as_str().unwrap_or("").to_owned()
    };
    let manifest = |version: &str| {
        format!(
            "jars: {{ /opt/j/lib/jrt-fs.jar: {{ META-INF/MANIFEST.MF: 'Implementation-Version: \
             {version}' }} }}"
        )
    };
    assert_eq!(doubt(&manifest("17.0.1"), "17.0.1"), "");
    assert!(doubt(&manifest("25.0.1"), "17.0.1").contains("lib/jrt-fs.jar says 25.0.1"));
    assert!(doubt("", "1.8.0_392").contains("lib/modules means 9 or newer"));
}

#[test]
fn toolchains_are_listed_with_what_lies_there() {
    let found = look(&format!(
        "files:\n{}  /home/ada/.m2/toolchains.xml: |\n    <toolchains><toolchain><type>jdk</type>\n    \
         <provides><version>17</version><vendor>x</vendor></provides><configuration>\n    \
         <jdkHome>/opt/j</jdkHome></configuration></toolchain>\n    \
         <toolchain><type>other</type></toolchain></toolchains>\n",
        jdk("/opt/j", "17.0.1")
    ));
    let expected = json!([{ "home": "/opt/j", "version": "17", "vendor": "x", "feature": 17 }]);
    assert_eq!(found["toolchains"], expected);
    let found = look("files: { /home/ada/.m2/toolchains.xml: '<a></b>' }");
    assert!(found["toolchains_problem"].as_str().unwrap().contains("no valid XML"));
}

#[test]
fn a_started_jdk_outweighs_its_files() {
    let found = observe(
        &machine(&format!(
            "env: {{ JAVA_HOME: /opt/j }}\nfiles:\n{}trouble:\n  java -XshowSettings:properties \
             -version:\n    err: \"    java.home = /opt/other\\n    java.version = 25.0.1\\n\"\n",
            jdk("/opt/j", "17.0.1")
        )),
        "jdk",
        json!({ "deep": true }),
    )
    .expect("an observation");
    assert_eq!(
        (&found["feature"], &found["version_from"]),
        (&json!(25), &json!("the started java"))
    );
    let texts = found["deep"]["disagreements"].to_string();
    assert!(texts.contains("its files say 17.0.1, the started java says 25.0.1"), "{texts}");
    assert!(texts.contains("runs from /opt/other, not from /opt/j"), "{texts}");
    assert_eq!(found["deep"]["compiles"], false, "`javac` was not recorded");
}
