//! `onramp build` with a real Maven on a real clone: what stand-ins cannot show.

use crate::support::maven::Shop;

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
        "onramp build --resume-from :till\n",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
