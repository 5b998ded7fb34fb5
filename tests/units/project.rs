//! Poms as data: places, expansion, hostile input, and the walk over modules.

use std::path::Path;

use onramp::maven::pom::{self, memory};
use onramp::maven::project::{reactor, repositories};
use onramp::sys::recorded::Recorded;
use proptest::prelude::*;

const POM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment
     over two lines -->
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>org.example</groupId>
    <artifactId>parent</artifactId>
    <version>7</version>
  </parent>
  <artifactId>shop</artifactId>
  <name>Shop &amp; more</name>
  <packaging>pom</packaging>
  <properties>
    <host>repo.example.org</host>
    <base>https://${host}/maven</base>
    <jdk>11</jdk>
  </properties>
  <modules>
    <module>till</module>
  </modules>
  <repositories>
    <repository><id>here</id><url>${base}/${project.version}/${unknown}</url></repository>
  </repositories>
  <pluginRepositories>
    <pluginRepository>
      <id>tools</id>
      <url>https://tools.example.org</url>
    </pluginRepository>
  </pluginRepositories>
  <build>
    <pluginManagement><plugins><plugin>
      <artifactId>maven-compiler-plugin</artifactId>
      <configuration><fork>true</fork><maxmem>512m</maxmem></configuration>
    </plugin></plugins></pluginManagement>
  </build>
  <profiles>
    <profile>
      <id>extra</id>
      <modules><module>cellar</module></modules>
      <repositories><repository><id>wine</id><url>http://wine.example.org</url></repository></repositories>
    </profile>
    <profile>
      <id>usual</id>
      <activation><property><name>!slim</name></property></activation>
      <modules><module>attic</module></modules>
    </profile>
  </profiles>
</project>
"#;

#[test]
fn a_pom_says_what_and_where() {
    let pom = pom::parse(POM.as_bytes()).unwrap();
    assert_eq!(pom.group.as_deref(), Some("org.example"));
    assert_eq!(pom.artifact.as_deref(), Some("shop"));
    assert_eq!(pom.version.as_deref(), Some("7"));
    assert_eq!((pom.title(), pom.packaging.as_str()), (Some("Shop & more"), "pom"));
    let jdk = pom.property("jdk").unwrap();
    assert_eq!((jdk.value.as_str(), jdk.line), ("11", 16));
    let modules = pom.modules.iter().map(|module| {
        let profile = module.profile.as_ref().map(|profile| (profile.id.as_str(), profile.active));
        (module.path.as_str(), module.line, profile)
    });
    assert_eq!(
        modules.collect::<Vec<_>>(),
        [
            ("till", 19, None),
            ("cellar", 39, Some(("extra", false))),
            ("attic", 45, Some(("usual", true))),
        ]
    );
    let places: Vec<_> =
        pom.repositories.iter().map(|r| (&*r.id, &*r.url, r.line, r.plugins)).collect();
    assert_eq!(
        places,
        [
            ("here", "https://repo.example.org/maven/7/${unknown}", 22, false),
            ("tools", "https://tools.example.org", 25, true),
            ("wine", "http://wine.example.org", 40, false),
        ]
    );
    let compiler = pom.compiler.unwrap();
    assert_eq!((compiler.fork, compiler.memory), (true, Some(512 << 20)));
}

#[test]
fn broken_poms_name_their_line() {
    let deep = format!("<project>{}", "<a>".repeat(300));
    let cases: [(&[u8], u64, &str); 9] = [
        (b"", 1, "ends inside"),
        (b"<project>\n<a></b></project>", 2, "b"),
        (b"<project>\n\n<modules>", 3, "ends inside"),
        (b"<settings/>", 1, "<settings>, not <project>"),
        (b"<project>\n<name>\xe9</name></project>", 2, "not UTF-8"),
        (b"<!DOCTYPE p [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]>\n<project><name>&b;</name></project>", 2, "`&b;`"),
        (deep.as_bytes(), 1, "too deep"),
        (b"<project><name>&#xFFFFFFFF;</name></project>", 1, "entity"),
        (b"plain text", 1, "ends inside"),
    ];
    for (bytes, line, what) in cases {
        let error = pom::parse(bytes).expect_err(what);
        assert_eq!(error.line, line, "{error}");
        assert!(error.what.contains(what), "{what}: {error}");
    }
    let many = format!("<project>{}</project>", "<a/>".repeat(300_000));
    assert!(pom::parse(many.as_bytes()).unwrap_err().what.contains("too many"));
    let latin =
        b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><project><name>caf\xe9</name></project>";
    assert_eq!(pom::parse(latin).unwrap().name.as_deref(), Some("caf\u{e9}"));
}

#[test]
fn properties_cannot_run_away() {
    let circle =
        "<project><version>${a}</version><properties><a>${b}</a><b>${a}</b></properties></project>";
    assert!(pom::parse(circle.as_bytes()).unwrap().version.unwrap().contains("${"));
    for last in ["x", ""] {
        let mut text = String::from("<project><version>${p0}</version><properties>");
        for level in 0..14 {
            text += &format!("<p{level}>{}</p{level}>", format!("${{p{}}}", level + 1).repeat(10));
        }
        text += &format!("<p14>{last}</p14></properties></project>");
        let pom = pom::parse(text.as_bytes()).expect("a pom");
        assert!(pom.version.unwrap().len() < 1 << 20);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = pom::parse(&bytes);
    }

    #[test]
    fn no_pieces_of_a_pom_make_it_panic(cut in 0..POM.len(), byte in any::<u8>()) {
        let mut bytes = POM.as_bytes()[..cut].to_vec();
        bytes.push(byte);
        prop_assert!(pom::parse(&bytes).is_err() || cut > POM.len() - 4);
    }
}

#[test]
fn memory_sizes() {
    let cases = [
        ("512m", 512 << 20),
        ("4g", 4 << 30),
        ("4G", 4 << 30),
        ("512", 512 << 20),
        ("2097152", 2 << 20),
    ];
    for (text, bytes) in cases {
        assert_eq!(memory(text), Some(bytes), "{text}");
    }
    assert_eq!((memory("much"), memory(""), memory("99999999999g")), (None, None, None));
}

fn machine(files: &str) -> Recorded {
    Recorded::read(&format!("files:\n{files}")).unwrap()
}

#[test]
fn the_walk_keeps_file_order_and_stays_inside() {
    let machine = machine(
        r#"
  /t/pom.xml: "<project><artifactId>root</artifactId><modules><module>b</module><module>a</module>\n<module>gone</module><module>../other</module><module>link</module><module>broken</module></modules><profiles><profile><id>p</id><modules><module>hidden</module></modules><repositories><repository><id>r1</id><url>https://r1</url></repository></repositories></profile></profiles></project>"
  /t/b/pom.xml: "<project><artifactId>b</artifactId><modules><module>deep/pom.xml</module><module>..</module></modules></project>"
  /t/b/deep/pom.xml: "<project><artifactId>deep</artifactId><repositories>\n<repository><id>r2</id><url>http://r2</url></repository></repositories></project>"
  /t/a/pom.xml: "<project><artifactId>a</artifactId></project>"
  /t/broken/pom.xml: "<project>\n<artifactId>"
  /t/hidden/pom.xml: "<project><artifactId>hidden</artifactId></project>"
  /other/pom.xml: "<project><artifactId>other</artifactId></project>"
links: { /t/link: /other }"#,
    );
    let reactor = reactor(&machine, Path::new("/t")).unwrap();
    let names: Vec<_> =
        reactor.modules.iter().map(|m| (m.artifact(), m.folder.to_str().unwrap())).collect();
    assert_eq!(names, [("root", ""), ("b", "b"), ("deep", "b/deep"), ("a", "a")]);
    let problems: Vec<_> = reactor
        .problems
        .iter()
        .map(|p| (p.file.to_str().unwrap(), p.line, p.what.as_str()))
        .collect();
    assert_eq!(problems.len(), 4, "{problems:?}");
    assert!(problems[0].2.contains("module `gone`"));
    assert_eq!((problems[1].0, problems[1].1), ("pom.xml", Some(2)));
    assert!(problems[1].2.contains("outside the project's folder"));
    assert!(problems[2].2.contains("module `link`") && problems[2].2.contains("outside"));
    assert_eq!((problems[3].0, problems[3].1), ("broken/pom.xml", Some(2)));

    let all = repositories(&machine, Path::new("/t"), None).unwrap();
    let all: Vec<_> =
        all.iter().map(|r| (&*r.id, r.file.as_deref().and_then(Path::to_str), r.line)).collect();
    assert_eq!(
        all,
        [
            ("r1", Some("pom.xml"), Some(2)),
            ("r2", Some("b/deep/pom.xml"), Some(2)),
            ("central", None, None),
        ]
    );
}

#[test]
fn a_missing_root_pom_is_a_problem() {
    let problem = reactor(&machine("  /t/readme: hello"), Path::new("/t")).unwrap_err();
    assert_eq!(problem.file, Path::new("pom.xml"));
    let pom = "  /t/pom.xml: \"<project><repositories><repository><id>central</id><url>https://own</url></repository></repositories></project>\"";
    let own = repositories(&machine(pom), Path::new("/t"), None).unwrap();
    assert_eq!(own.len(), 1, "a pom may stand in for central itself");
}
