//! Projects for the benchmark of builds, the same every time: modules whose pom has each compiled
//! in a process of its own, as CloudStack's does, with sources of some size that use each other,
//! and modules with nothing in them. Knows nothing of what is measured.

use std::fs;
use std::path::{Path, PathBuf};

use super::history::git;

/// Classes of each module, and of its tests.
const CLASSES: usize = 14;
const TESTS: usize = 4;
/// Methods of each class.
const METHODS: usize = 12;

/// Plug-ins in versions that run on every Maven from 3.6 on.
const PLUGINS: [(&str, &str); 6] = [
    ("clean", "3.2.0"),
    ("resources", "3.3.1"),
    ("compiler", "3.8.1"),
    ("surefire", "2.22.2"),
    ("jar", "3.3.0"),
    ("install", "3.1.1"),
];

/// What the compiler plug-in is told where each module has a compiler of its own.
const FORKED: &str = "<configuration><fork>true</fork>\
                      <meminitial>128m</meminitial><maxmem>512m</maxmem></configuration>";

/// A project in a new git repository; its folder.
pub(crate) fn forked(folder: &Path, modules: usize) -> Result<PathBuf, String> {
    let tree = folder.join("forked");
    lay(&tree, modules, FORKED, &|module| {
        // Layers of four: each module uses two of the layer below, as far as there is one.
        let below = (module / 4).checked_sub(1).map(|layer| layer * 4);
        below.map_or_else(Vec::new, |first| vec![first + module % 4, first + (module + 1) % 4])
    })?;
    for module in 0..modules {
        sources(&tree.join(format!("part{module}")), module)?;
    }
    commit(&tree)?;
    Ok(tree)
}

/// A project of modules without any source.
pub(crate) fn empty(folder: &Path, modules: usize) -> Result<PathBuf, String> {
    let tree = folder.join("empty");
    lay(&tree, modules, "", &|_| Vec::new())?;
    commit(&tree)?;
    Ok(tree)
}

fn lay(
    tree: &Path,
    modules: usize,
    compiler: &str,
    needs: &dyn Fn(usize) -> Vec<usize>,
) -> Result<(), String> {
    let list: String =
        (0..modules).map(|module| format!("<module>part{module}</module>")).collect();
    write(&tree.join("pom.xml"), &root_pom(&list, compiler))?;
    write(&tree.join(".gitignore"), "target/\n")?;
    for module in 0..modules {
        let needs = needs(module);
        write(&tree.join(format!("part{module}/pom.xml")), &module_pom(module, &needs))?;
    }
    // Without a network, and from a local repository that both sides share.
    let repository = repository();
    write(
        &tree.join(".mvn/maven.config"),
        &format!("-Dmaven.repo.local={}\n", repository.display()),
    )?;
    git(tree, &["init", "--quiet", "--initial-branch=main"], b"").map(drop)
}

fn commit(tree: &Path) -> Result<(), String> {
    git(tree, &["add", "--all"], b"")?;
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "gc.auto=0"];
    git(tree, &[&who[..], &["commit", "--quiet", "--message", "The project"]].concat(), b"")
        .map(drop)
}

/// What plug-ins are kept in between runs of the benchmark.
fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench-maven")
}

fn root_pom(modules: &str, compiler: &str) -> String {
    let plugins: String = PLUGINS
        .iter()
        .map(|(name, version)| {
            let more = if *name == "compiler" { compiler } else { "" };
            format!(
                "<plugin><groupId>org.apache.maven.plugins</groupId>\
                 <artifactId>maven-{name}-plugin</artifactId><version>{version}</version>{more}</plugin>"
            )
        })
        .collect();
    format!(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>\
         <groupId>org.example.bench</groupId><artifactId>whole</artifactId><version>1</version>\
         <packaging>pom</packaging><properties>\
         <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>\
         <maven.compiler.source>11</maven.compiler.source>\
         <maven.compiler.target>11</maven.compiler.target></properties>\
         <build><pluginManagement><plugins>{plugins}</plugins></pluginManagement></build>\
         <modules>{modules}</modules></project>\n"
    )
}

fn module_pom(module: usize, needs: &[usize]) -> String {
    let needs: String = needs
        .iter()
        .map(|need| {
            format!(
                "<dependency><groupId>org.example.bench</groupId>\
                 <artifactId>part{need}</artifactId><version>1</version></dependency>"
            )
        })
        .collect();
    format!(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>\
         <parent><groupId>org.example.bench</groupId><artifactId>whole</artifactId>\
         <version>1</version></parent><artifactId>part{module}</artifactId>\
         <dependencies>{needs}</dependencies></project>\n"
    )
}

fn sources(folder: &Path, module: usize) -> Result<(), String> {
    for class in 0..CLASSES {
        let path = format!("src/main/java/org/example/part{module}/Store{class}.java");
        write(&folder.join(path), &java(module, &format!("Store{class}"), class))?;
    }
    for class in 0..TESTS {
        let path = format!("src/test/java/org/example/part{module}/Store{class}Test.java");
        write(&folder.join(path), &java(module, &format!("Store{class}Test"), class))?;
    }
    Ok(())
}

/// A class as they are: fields, generics, loops, streams, an exception, a class inside.
fn java(module: usize, name: &str, class: usize) -> String {
    let other = (class + 1) % CLASSES;
    let mut text = format!(
        "package org.example.part{module};\n\nimport java.util.ArrayList;\nimport java.util.HashMap;\n\
         import java.util.List;\nimport java.util.Map;\nimport java.util.Objects;\n\
         import java.util.function.Function;\nimport java.util.stream.Collectors;\n\n\
         /** Holds what it is given, number {class}. */\npublic class {name} {{\n\
         \x20   private final Map<String, List<Entry>> entries = new HashMap<>();\n\
         \x20   private long changes;\n\n\
         \x20   public static class Entry implements Comparable<Entry> {{\n\
         \x20       private final String key;\n        private final int weight;\n\n\
         \x20       public Entry(String key, int weight) {{\n            this.key = key;\n\
         \x20           this.weight = weight;\n        }}\n\n\
         \x20       public int weight() {{\n            return weight;\n        }}\n\n\
         \x20       @Override\n        public int compareTo(Entry other) {{\n\
         \x20           return Integer.compare(weight, other.weight);\n        }}\n    }}\n"
    );
    for method in 0..METHODS {
        text += &format!(
            "\n    public <T> List<T> take{method}(String name, Function<Entry, T> as) {{\n\
             \x20       List<Entry> found = entries.computeIfAbsent(name, key -> new ArrayList<>());\n\
             \x20       if (found.isEmpty() && changes > {method}L) {{\n\
             \x20           throw new IllegalStateException(\"nothing under \" + name + {class});\n\
             \x20       }}\n\
             \x20       for (int at = 0; at < found.size(); at++) {{\n\
             \x20           Entry entry = found.get(at);\n\
             \x20           if (entry.weight() % {} == 0) {{\n                changes += at;\n\
             \x20           }} else {{\n                changes ^= entry.weight();\n            }}\n\
             \x20       }}\n\
             \x20       Store{other} next = changes == {method} ? null : new Store{other}();\n\
             \x20       return found.stream().filter(Objects::nonNull).sorted()\n\
             \x20               .filter(entry -> next == null || entry.weight() > {method})\n\
             \x20               .map(as).collect(Collectors.toList());\n    }}\n",
            method + 2
        );
    }
    text + "}\n"
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("{}: {error}", path.display()))
}
