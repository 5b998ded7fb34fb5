//! Receipts: what stands in one, what never does, and whether its digest holds.

use onramp::finding::{Finding, Outcome, Severity};
use onramp::report::{Observed, Report, receipt};
use serde_json::{Value, json};

use super::github::finding;
use crate::support::report::{report, told};

fn observed(probe: &str, arguments: Value, found: Value) -> Observed {
    Observed { probe: probe.into(), arguments, found: Some(found), unknown: None, millis: 1 }
}

/// A report in which everything that can name a person does.
fn personal() -> Report {
    let canary = "CANARY";
    let named = |outcome, check: &str| Finding {
        check: check.into(),
        text: canary.into(),
        ..finding(outcome, canary)
    };
    let mut own = named(Outcome::Warn, "CANARY/machine/x");
    own.from = Some("/home/CANARY/checks".into());
    let findings = vec![
        named(Outcome::Pass, "apache/patch/signed"),
        named(Outcome::Fail, "apache/patch/signed"),
        named(Outcome::Pass, "apache/machine/git"),
        own,
    ];
    let mut report = report(findings);
    report.run.name = Some(canary.into());
    report.run.email = Some("CANARY@example.org".into());
    report.run.tree = Some("/home/CANARY/cloudstack".into());
    report.run.signing_key = Some(canary.into());
    report.project.version = Some("4.23 built by CANARY".into());
    report.policy = Some("/home/CANARY/policy".into());
    report.platform.name = "the machine of CANARY".into();
    let id = "0123456789012345678901234567890123456789";
    report.observations = vec![
        observed("tool", json!({"name": "git"}), json!({"version": "2.39.5", "path": canary})),
        observed("tool", json!({"name": "gpg"}), json!({"present": false, "version": null})),
        observed("jdk", json!({}), json!({"version": "17-internal+0-adhoc.CANARY.jdk"})),
        observed(
            "commits",
            json!({"tree": canary}),
            json!({
                "base": { "merge_base": id, "name": canary },
                "head": "CANARY",
            }),
        ),
    ];
    report
}

#[test]
fn nothing_personal_gets_in() {
    let (text, _) = told("receipt", &personal(), Severity::Error);
    assert!(!text.contains("CANARY"), "{text}");
    let receipt = receipt::read(serde_json::from_str(&text).unwrap()).unwrap();
    assert_eq!(receipt.tools["git"].as_deref(), Some("2.39.5"));
    assert_eq!(receipt.tools["gpg"], None);
    assert_eq!(receipt.tools["jdk"].as_deref(), Some("17"));
    assert_eq!(receipt.verdicts["apache/patch/signed"], Outcome::Fail);
    assert_eq!(receipt.verdicts.len(), 2);
    assert_eq!(receipt.other_checks[&Outcome::Warn], 1);
    assert_eq!((receipt.exit, receipt.day.as_str()), (1, "2026-09-21"));
    assert!(receipt.base.is_some() && receipt.head.is_none());
}

#[test]
fn a_changed_receipt_is_told() {
    let (text, _) = told("receipt", &personal(), Severity::Error);
    let mut value: Value = serde_json::from_str(&text).unwrap();
    value["verdicts"]["apache/patch/signed"] = json!("pass");
    let trouble = receipt::read(value).unwrap_err();
    assert!(trouble.contains("changed after it was written"), "{trouble}");
    let trouble = receipt::read(json!({ "receipt": 2 })).unwrap_err();
    assert!(trouble.contains("version 1"), "{trouble}");
}
