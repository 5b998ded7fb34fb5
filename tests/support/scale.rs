//! Packs of any size over one shared probe, as text: for showing what a check costs among many.

/// One of many checks that look at the processor cores; its number tells it apart.
pub(crate) fn check(number: usize) -> (String, String) {
    let path = format!("many/machine/c{number:05}.yaml");
    let text = format!(
        "title: there are cores enough for job {number}\n\
         severity: warn\n\
         probe: {{ cores: {{}} }}\n\
         when:\n  - {{ if: platform.os != \"plan9\", say: not on Plan 9 }}\n\
         pass: found.count >= 1 and platform.arch is not matching(\"^pdp-?11$\")\n\
         say: \"{{{{ found.count }}}} cores for job {number}\"\n\
         why: Jobs share the cores, and one of them starves without.\n\
         fix:\n  any: add {{{{ {number} - found.count }}}} cores\n\
         source: a pack made for the test\n"
    );
    (path, text)
}
