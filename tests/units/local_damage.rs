//! What a killed build leaves in a local repository, and what of Maven lies on a machine or in a tree.

use std::fs;
use std::path::{Path, PathBuf};

use onramp::maven::damage::look;
use onramp::maven::{build_cache, locate};
use onramp::sys::Real;
use onramp::sys::recorded::Recorded;

#[test]
fn what_was_cut_short_is_named_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let write = |name: &str, content: &[u8]| {
        let file = root.join("g/a/1").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    };
    let whole = [&[0; 100][..], b"PK\x05\x06", &[0; 18]].concat();
    write("a-1.jar", &whole);
    write("a-1.pom", b"<project/>");
    write("b-1.jar", &whole[..90]);
    write("c-1.jar", b"");
    write("c-1.pom", b"");
    write("d-1.jar.part", b"half");
    write("d-1.jar.12345.tmp", b"half");
    write("e-1.jar.lastUpdated", b"#");
    write("a-1.jar.sha1", b"");
    let found = look(&Real::default(), root, 2);
    let named: Vec<_> = found.broken.iter().filter_map(|file| file.file_name()).collect();
    assert_eq!((named.len(), found.broken_total), (2, 3), "{found:?}");
    assert_eq!((found.unfinished, found.remembered), (2, 1), "{found:?}");
    let all = look(&Real::default(), root, 9).broken;
    let paths = ["g/a/1/b-1.jar", "g/a/1/c-1.jar", "g/a/1/c-1.pom"].map(PathBuf::from);
    assert_eq!(all, paths);
}

#[test]
fn the_maven_that_a_wrapper_downloaded_is_found() {
    let machine = Recorded::read(
        "home: /home/ada
files:
  /home/ada/.m2/wrapper/dists/apache-maven-3.9.9/abc/bin/mvn: '#!/bin/sh'
  /home/ada/.m2/wrapper/dists/apache-maven-3.8.8-bin/def/apache-maven-3.8.8/bin/mvn: '#!/bin/sh'
  /t/.mvn/wrapper/maven-wrapper.properties: 'distributionUrl=https\\://ada:secret@repo.example.org/apache-maven-3.9.9-bin.zip'
  /t/.mvn/extensions.xml: '<extensions><extension><groupId>org.apache.maven.extensions</groupId><artifactId>maven-build-cache-extension</artifactId></extension></extensions>'
",
    )
    .unwrap();
    let found = |version: &str| locate::unpacked(&machine, version);
    assert!(found("3.9.9").unwrap().ends_with("abc/bin/mvn"));
    assert!(found("3.8.8").unwrap().ends_with("def/apache-maven-3.8.8/bin/mvn"));
    assert_eq!(found("3.9"), None);
    let wrapper = locate::wrapper(&machine, Path::new("/t")).unwrap();
    assert_eq!(wrapper.version.as_deref(), Some("3.9.9"));
    let url = wrapper.url.unwrap();
    assert_eq!(url, "https://repo.example.org/apache-maven-3.9.9-bin.zip", "no login is shown");
    assert!(build_cache::brought(&machine, Path::new("/t")));
    assert!(!build_cache::brought(&machine, Path::new("/home/ada")));
}
