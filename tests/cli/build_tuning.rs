//! How a build is tuned, as the program says and does it: explained, with the compiler's class data
//! shared, and calibrated. Maven and the JDK are stand-ins.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::support::maven::Shop;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write, write_script};

/// The root of a project whose modules have compilers of their own.
const POM: &str = "<project><modelVersion>4.0.0</modelVersion>
  <groupId>org.apache.cloudstack</groupId><artifactId>cloudstack</artifactId><version>1</version>
  <packaging>pom</packaging>
  <properties><cs.jdk.version>11</cs.jdk.version></properties>
  <modules><module>api</module><module>utils</module><module>server</module></modules>
  <build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId>
    <configuration><fork>true</fork><maxmem>512m</maxmem></configuration></plugin></plugins></build>
</project>\n";

/// Stands in for javac: writes an archive where it is told to, and says that it was here.
const JAVAC: &str = "#!/bin/sh
echo \"$@\" >> \"$HOME/compiled\"
for word in \"$@\"; do
  case $word in -J-XX:ArchiveClassesAtExit=*) echo archive > \"${word#*=}\" ;; esac
done\n";

/// Stands in for Maven; the parallel collector makes it quick.
const MAVEN: &str = "#!/bin/sh
echo \"$@\" >> \"$HOME/ran\"
echo \"$JAVA_TOOL_OPTIONS\" >> \"$HOME/options\"
took=9.000
case $JAVA_TOOL_OPTIONS in *UseParallelGC*) took=4.000 ;; esac
echo '[INFO] BUILD SUCCESS'
echo \"[INFO] Total time:  $took s\"\n";

fn module(artifact: &str, needs: &[&str]) -> String {
    let needs = needs.iter().map(|need| {
        format!(
            "<dependency><groupId>org.apache.cloudstack</groupId><artifactId>{need}</artifactId>\
             </dependency>"
        )
    });
    format!(
        "<project><parent><groupId>org.apache.cloudstack</groupId>\
         <artifactId>cloudstack</artifactId><version>1</version></parent>\
         <artifactId>{artifact}</artifactId><dependencies>{}</dependencies></project>\n",
        needs.collect::<String>()
    )
}

/// A JDK as far as files tell one.
fn jdk(world: &TestWorld, version: &str) -> PathBuf {
    let home = world.path("jdk-17");
    write(&home.join("release"), format!("JAVA_VERSION=\"{version}\"\n"));
    write(&home.join("lib/server/classes.jsa"), "its own");
    write_script(&home.join("bin/java"), "#!/bin/sh\n");
    write_script(&home.join("bin/javac"), JAVAC);
    home
}

fn world() -> TestWorld {
    let world = TestWorld::new().with_script("mvn", MAVEN);
    let home = jdk(&world, "17.0.9");
    let world = world.with_variable("JAVA_HOME", home);
    let tree = world.cloudstack();
    write(&tree.join("pom.xml"), POM);
    write(&tree.join("api/pom.xml"), module("cloud-api", &[]));
    write(&tree.join("utils/pom.xml"), module("cloud-utils", &[]));
    write(&tree.join("server/pom.xml"), module("cloud-server", &["cloud-api", "cloud-utils"]));
    world.commit(&tree, "Have modules");
    // No test looks for a repository.
    let settings = "<settings><offline>true</offline></settings>";
    write(&world.home().join(".m2/settings.xml"), settings);
    world
}

fn build(world: &TestWorld, arguments: &[&str]) -> Output {
    world.onramp(&world.tree(), &[&["build"], arguments].concat())
}

/// A file of the world's home; empty where there is none.
fn home(world: &TestWorld, name: &str) -> String {
    fs::read_to_string(world.home().join(name)).unwrap_or_default()
}

fn folder(world: &TestWorld) -> PathBuf {
    world.home().join(".cache/onramp/class-data")
}

fn archive(world: &TestWorld) -> PathBuf {
    let mut names = fs::read_dir(folder(world)).unwrap().map(|entry| entry.unwrap().path());
    names.find(|path| path.extension().is_some_and(|it| it == "jsa")).unwrap()
}

fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_tuning_is_explained_and_nothing_runs() {
    let world = world().with_variable("MAVEN_OPTS", "-Dmine=1 -Xmx700m");
    let output = build(&world, &["--explain-tuning"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    let said = unwrapped(&output.stdout());
    for part in [
        "machine cores ",
        "4 modules, each compiled in a JVM of its own with a heap of 512 MiB; no tests run",
        "-Xmx700m kept set in MAVEN_OPTS",
        "of 4 modules 3 wait for each other in a row, ",
        "-XX:TieredStopAtLevel=1 a JVM that lives for seconds",
        "shared class data the compiler's classes",
        "no flag that skips checks or test compilation",
        "yours MAVEN_OPTS: -Dmine=1 -Xmx700m",
        "result MAVEN_OPTS=-Dmine=1 -Xmx700m -XX:MaxMetaspaceSize=800m",
        "JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:SharedArchiveFile=",
        "not there yet; the first build makes them",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert_eq!(output.stderr(), "");
    assert_eq!(home(&world, "ran") + &home(&world, "compiled"), "");
    assert!(!folder(&world).exists() && !world.tree().join(".git/onramp").exists());
}

#[test]
fn class_data_are_made_once_for_a_jdk_and_kept_from_others() {
    let world = world();
    let output = build(&world, &[]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert!(output.stderr().contains("once for this JDK"), "{}", output.stderr());
    let first = archive(&world);
    assert!(
        home(&world, "options").contains(&format!("-XX:SharedArchiveFile={} ", first.display()))
    );
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&first), mode(&folder(&world))), (0o600, 0o700));
    let compiled = home(&world, "compiled");
    assert_eq!(compiled.lines().count(), 2, "made, and proved: {compiled}");
    assert!(compiled.contains(&format!("-J-XX:SharedArchiveFile={}", first.display())));

    let again = build(&world, &[]).stderr();
    assert!(!again.contains("once for this JDK"), "{again}");
    assert_eq!(home(&world, "compiled"), compiled, "nothing was made anew");

    jdk(&world, "17.0.10");
    assert_eq!(build(&world, &[]).code, Some(0));
    assert!(!first.exists(), "that of the JDK before its update is gone");
    assert_ne!(archive(&world), first);
}

#[test]
fn class_data_that_others_could_have_written_are_not_used() {
    let world = world();
    build(&world, &[]);
    let path = archive(&world);
    let length = fs::metadata(&path).unwrap().len();
    // Cut short, as by a full disk: a JVM would crash.
    fs::write(&path, "").unwrap();
    assert!(build(&world, &[]).stderr().contains("once for this JDK"));
    assert_eq!(fs::metadata(&path).unwrap().len(), length);
    // Open to others.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(build(&world, &[]).stderr().contains("once for this JDK"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    // From the work tree.
    let inside = world.tree().join("cache");
    let world = world.with_variable("XDG_CACHE_HOME", inside.clone());
    let said = build(&world, &["--explain-tuning"]).stdout();
    assert!(!said.contains("SharedArchiveFile"), "{said}");
    build(&world, &[]);
    assert!(!inside.exists());
}

#[test]
fn a_build_goes_on_without_class_data() {
    let world = world();
    write_script(&world.path("jdk-17/bin/javac"), "#!/bin/sh\necho no such option >&2\nexit 1\n");
    let output = build(&world, &[]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    let said = unwrapped(&output.stderr());
    assert!(said.contains("the build goes on without: "), "{said}");
    assert!(said.contains("no such option"), "{said}");
    assert_eq!(home(&world, "options"), "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC\n");
    let left = fs::read_dir(folder(&world)).unwrap().count();
    assert_eq!(left, 0, "nothing is left behind");
}

#[test]
fn calibration_remembers_what_was_best_here() {
    let world = world();
    let output = build(&world, &["--calibrate"]);
    let table = output.stderr();
    for begins in ["\nusual      quick compilers, ", "\nbest       quick compilers, parallel "] {
        assert!(table.contains(begins), "{begins}: {table}");
    }
    let (_, rows) = table.split_once("\nusual ").unwrap();
    assert!(rows.lines().all(|row| row.chars().count() <= 80), "{rows}");
    let said = unwrapped(&table);
    assert_eq!(output.code, Some(0), "{said}");
    let runs = "mvn clean package -DskipTests of cloudstack, cloud-api, cloud-utils, cloud-server";
    assert!(said.contains(runs), "{said}");
    assert!(said.contains("below target/ of these modules"), "{said}");
    assert!(said.contains("one run takes 9 s, so this takes about"), "{said}");
    assert!(said.contains("remembered for later builds: quick compilers, parallel"), "{said}");
    let ran = home(&world, "ran");
    let words = "clean package -DskipTests -pl .,api,utils,server";
    assert!(ran.lines().all(|line| line.ends_with(words)), "{ran}");
    assert!(world.git(&world.tree(), &["status", "--porcelain"]).is_empty());

    fs::remove_file(world.home().join("options")).unwrap();
    let later = build(&world, &[]);
    let said = unwrapped(&later.stderr());
    assert!(said.contains("calibrated: quick compilers, parallel collector"), "{said}");
    assert!(said.contains("4 modules, 3 runs: "), "{said}");
    assert!(home(&world, "options").contains("-XX:+UseParallelGC"), "{}", home(&world, "options"));

    let world = world.with_variable("MAVEN_OPTS", "-Dother=1");
    let said = unwrapped(&build(&world, &["--explain-tuning"]).stdout());
    assert!(
        said.contains("no longer counts your options, or the tree's, are other ones"),
        "{said}"
    );
    assert!(said.contains("UseSerialGC"), "{said}");
}

#[test]
fn modules_that_cannot_be_built_are_not_measured() {
    let world = world().with_script("mvn", "#!/bin/sh\necho '[INFO] BUILD FAILURE'\nexit 1\n");
    let output = build(&world, &["--calibrate"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stderr().contains("there is nothing to measure"), "{}", output.stderr());
    assert!(!world.tree().join(".git/onramp/calibration.json").exists());
    write(&world.tree().join("pom.xml"), POM.replace("<module>server</module>", ""));
    write(
        &world.tree().join("utils/pom.xml"),
        module("cloud-utils", &[])
            .replace("<dependencies>", "<packaging>pom</packaging><dependencies>"),
    );
    let output = build(&world, &["--calibrate"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    assert!(output.stderr().contains("too few modules"), "{}", output.stderr());
}

#[test]
fn a_real_compiler_makes_the_same_of_it_with_and_without_shared_class_data() {
    let shop = Shop::new();
    let fork = "<version>3.8.1</version><configuration><fork>true</fork></configuration>";
    shop.replace("pom.xml", "<version>3.8.1</version>", fork);
    shop.commit("Have compilers of their own");
    let class = shop.tree.join("till/target/classes/org/example/Till.class");
    let mut made = Vec::new();
    for options in ["", "-Xshare:off"] {
        let words = ["build", "--", "-DskipTests"];
        let output = shop.onramp_with("JAVA_TOOL_OPTIONS", options, &words);
        assert_eq!(output.code, Some(0), "{}", output.stderr());
        made.push(fs::read(&class).unwrap());
        let shares = shop.onramp_with("JAVA_TOOL_OPTIONS", options, &["build", "--explain-tuning"]);
        let shares = shares.stdout().contains("-XX:SharedArchiveFile=");
        assert_eq!(shares, options.is_empty());
    }
    assert_eq!(made[0], made[1]);
    let archive = archive(&shop.world);
    assert!(fs::metadata(&archive).unwrap().len() > 1 << 20, "{}", archive.display());
}
