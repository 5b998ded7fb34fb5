//! Build script: embeds the checks folder, so that the directory is the registry.

use std::fs;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=checks");
    let mut files = Vec::new();
    walk(Path::new("checks"), &mut files);
    files.sort();
    let mut out = String::from("pub(super) static FILES: &[(&str, &str)] = &[\n");
    for f in files {
        let abs = fs::canonicalize(Path::new("checks").join(&f)).unwrap();
        out += &format!("({f:?}, include_str!({:?})),\n", abs);
    }
    out += "];\n";
    fs::write(Path::new(&std::env::var("OUT_DIR").unwrap()).join("checks.rs"), out).unwrap();
}

fn walk(dir: &Path, files: &mut Vec<String>) {
    for e in fs::read_dir(dir).unwrap() {
        let p = e.unwrap().path();
        if p.is_dir() {
            walk(&p, files)
        } else {
            files.push(p.strip_prefix("checks").unwrap().display().to_string());
        }
    }
}
