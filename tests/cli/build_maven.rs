//! `onramp build` with a real Maven on a real clone: what stand-ins cannot show.

use crate::support::maven::Shop;
use crate::support::process::flat;

#[test]
fn a_project_is_built() {
    let shop = Shop::new();
    let output = shop.onramp(&["build"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert!(output.stderr().contains("built 2 modules in "), "{}", output.stderr());
    assert!(shop.tree.join("till/target/till-1.0.jar").is_file());
    assert!(shop.repository().join("org/example/till/1.0/till-1.0.jar").is_file());
    let status = shop.world.git(&shop.tree, &["status", "--porcelain"]);
    assert_eq!(status, "", "nothing is left in the tree");
}

#[test]
fn code_that_does_not_compile_is_shown_with_its_place() {
    let shop = Shop::new();
    shop.replace("till/src/main/java/org/example/Till.java", "one + other", "one + Rate.of(other)");
    shop.write(
        "till/src/main/java/org/example/Tax.java",
        "package org.example;\n\nclass Tax {\n    int rate = \"high\";\n}\n",
    );
    let output = shop.onramp(&["build"]);
    let said = output.stderr();
    assert_eq!(output.code, Some(1), "{said}");
    for part in [
        "  till/src/main/java/org/example/Till.java:5:22\n    cannot find symbol: variable Rate\n",
        "  till/src/main/java/org/example/Tax.java:4:16\n    incompatible types: ",
        "the code does not compile",
        "build --resume-from :till\n",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

/// A second module that needs the first.
fn with_a_cellar(shop: &Shop) {
    shop.replace(
        "pom.xml",
        "<module>till</module>",
        "<module>till</module><module>cellar</module>",
    );
    let parent = "<parent><groupId>org.example</groupId><artifactId>shop</artifactId><version>1.0</version></parent>";
    let till = "<dependency><groupId>org.example</groupId><artifactId>till</artifactId><version>1.0</version></dependency>";
    shop.write(
        "cellar/pom.xml",
        &format!(
            "<project><modelVersion>4.0.0</modelVersion>{parent}<artifactId>cellar</artifactId>\
             <name>Shop Cellar</name><dependencies>{till}</dependencies></project>"
        ),
    );
}

#[test]
fn the_command_to_go_on_with_works() {
    let shop = Shop::new();
    with_a_cellar(&shop);
    let broken = "cellar/src/main/java/org/example/Cellar.java";
    shop.write(broken, "package org.example;\n\nclass Cellar {\n    int bottles = \"many\";\n}\n");
    let said = shop.onramp(&["build"]).stderr();
    assert!(
        said.contains("then       onramp --project apache build --resume-from :cellar\n"),
        "{said}"
    );
    shop.replace(broken, "\"many\"", "12");
    let output = shop.onramp(&["build", "--resume-from", ":cellar"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());

    // Without the modules before it, going on in the middle would find nothing.
    std::fs::remove_dir_all(shop.repository().join("org/example")).unwrap();
    std::fs::remove_dir_all(shop.tree.join("till/target")).unwrap();
    let output = shop.onramp(&["build", "--resume-from", ":cellar"]);
    let said = output.stderr();
    assert_eq!(output.code, Some(1), "{said}");
    assert!(
        flat(&said).contains("till:jar:1.0 is a module of this project, and it is neither in"),
        "{said}"
    );
    assert!(said.contains("then       onramp --project apache build\n"), "{said}");
    let said = shop.onramp(&["build", "--", "-pl", ":cellar"]).stderr();
    assert!(
        said.contains("then       onramp --project apache build -- -pl :cellar -am\n"),
        "{said}"
    );
    let output = shop.onramp(&["build", "--", "-pl", ":cellar", "-am"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
}

#[test]
fn several_failures_are_told_of_and_what_they_kept_from_being_built() {
    let shop = Shop::new();
    with_a_cellar(&shop);
    shop.replace(
        "pom.xml",
        "<module>cellar</module>",
        "<module>cellar</module><module>attic</module>",
    );
    let attic = "<project><modelVersion>4.0.0</modelVersion><parent><groupId>org.example</groupId><artifactId>shop</artifactId><version>1.0</version></parent><artifactId>attic</artifactId><name>Shop Attic</name></project>";
    shop.write("attic/pom.xml", attic);
    shop.write(
        "attic/src/main/java/org/example/Attic.java",
        "package org.example;\n\nclass Attic {\n",
    );
    shop.replace(
        "till/src/test/java/org/example/TillTest.java",
        "assertEquals(3",
        "assertEquals(4",
    );
    let output = shop.onramp(&["build", "--threads", "1", "--", "-fae", "-DskipTests=false"]);
    let said = output.stderr();
    assert_eq!(output.code, Some(1), "{said}");
    let screen = &said[said.find("the build failed").unwrap()..];
    for part in [
        " in till, at maven-surefire-plugin:2.22.2:test\n  TillTest.sums:10\n    expected:<4> but was:<3>\n",
        "cause      in the change: tests failed\n",
        // To be copied, and so in one piece.
        "`mvn -pl :till -am -Dtest=TillTest -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false test`",
        "and in attic, at maven-compiler-plugin:3.8.1:compile\n  attic/src/main/java/org/example/Attic.java:3:14\n",
        "cause      in the change: the code does not compile\n",
        "not built  Shop Cellar, which needs what failed\n",
    ] {
        assert!(screen.contains(part), "{part}: {screen}");
    }
}

#[test]
fn a_failure_that_maven_is_told_to_ignore_is_one() {
    let shop = Shop::new();
    shop.write("till/src/main/java/org/example/Broken.java", "class Broken {\n");
    let output = shop.onramp(&["build", "--", "-fn"]);
    let said = output.stderr();
    assert_eq!(output.code, Some(1), "{said}");
    assert!(said.contains(", which Maven was told to ignore, in till"), "{said}");
}

#[test]
fn a_mistake_in_ones_own_table_of_failures_is_told_before_anything_is_built() {
    let shop = Shop::new();
    let table = "- id: odd\n  pattern: '(unclosed'\n  kind: user\n  cause: odd\n  remedy: mend it\n  source: seen\n";
    let packs = shop.world.path("packs");
    crate::support::world::write(&packs.join("apache/build-failures.yaml"), table);
    let output = shop.onramp(&["build", "--checks", packs.to_str().unwrap()]);
    let said = output.stderr();
    assert_eq!(output.code, Some(2), "{said}");
    assert!(said.contains("apache/build-failures.yaml: `odd`: "), "{said}");
    assert!(!shop.tree.join("till/target").exists(), "nothing was built");
}
