//! Versions as tools really print them.

use onramp::version::{java_feature, read, satisfies};

#[test]
fn versions_of_the_wild() {
    let cases = [
        ("2.39.5", (2, 39, 5)),
        ("2.39.5 (Apple Git-154)", (2, 39, 5)),
        ("2.45.0.windows.1", (2, 45, 0)),
        ("1.8.0_392", (1, 8, 0)),
        ("17.0.15+6", (17, 0, 15)),
        ("25", (25, 0, 0)),
        ("3.9.10", (3, 9, 10)),
        ("4.23.0.0-SNAPSHOT", (4, 23, 0)),
        ("v1.2", (1, 2, 0)),
    ];
    for (text, (major, minor, patch)) in cases {
        let version = read(text).expect(text);
        assert_eq!((version.major, version.minor, version.patch), (major, minor, patch), "{text}");
    }
    for text in ["", "x", "-1", "git", "99999999999999999999"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn java_features() {
    assert_eq!(java_feature("1.8.0_392"), Some(8));
    assert_eq!(java_feature("\"17.0.15\""), Some(17));
    assert_eq!(java_feature("25"), Some(25));
    assert_eq!(java_feature("11.0"), Some(11));
}

#[test]
fn requirements() {
    assert_eq!(satisfies("2.30.0", ">=2.30"), Ok(true));
    assert_eq!(satisfies("2.29.9", ">=2.30"), Ok(false));
    assert_eq!(satisfies("3.9.0-rc-1", ">=3.8"), Ok(true));
    assert!(satisfies("none", ">=3").is_err());
    assert!(satisfies("1", "newer").is_err());
}
