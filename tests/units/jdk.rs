//! scratch
use super::machine::*;
use serde_json::json;
#[test]
fn print() {
    for m in ["healthy", "bare", "macos"] {
        let s = kept(m);
        for (p, a) in [
            ("jdk", json!({})),
            ("maven", json!({})),
            ("memory", json!({})),
            ("cores", json!({})),
            ("disk", json!({})),
            ("tool", json!({"name":"git"})),
        ] {
            println!("{m} {p} {}", serde_json::to_string_pretty(&observe(&s, p, a)).unwrap());
        }
    }
    let s = onramp::sys::Real;
    println!(
        "{}",
        serde_json::to_string_pretty(&observe(&s, "jdk", json!({"deep":true}))).unwrap()
    );
    println!("{}", serde_json::to_string_pretty(&observe(&s, "maven", json!({}))).unwrap());
    println!("{}", serde_json::to_string_pretty(&observe(&s, "memory", json!({}))).unwrap());
}
