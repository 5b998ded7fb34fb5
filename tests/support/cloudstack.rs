//! A small work tree in the shape of CloudStack, in our own words: what onramp reads of the real
//! one, and nothing else. Its repositories are on loopback, where nobody answers.

use std::path::{Path, PathBuf};

use super::world::{TestWorld, write};

/// The header of the Apache Software Foundation.
pub(crate) const LICENCE: &str = "Licensed to the Apache Software Foundation (ASF) under one
or more contributor license agreements.  See the NOTICE file
distributed with this work for additional information
regarding copyright ownership.  The ASF licenses this file
to you under the Apache License, Version 2.0 (the
\"License\"); you may not use this file except in compliance
with the License.  You may obtain a copy of the License at

  http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing,
software distributed under the License is distributed on an
\"AS IS\" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY
KIND, either express or implied.  See the License for the
specific language governing permissions and limitations
under the License.";

const POM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.apache.cloudstack</groupId>
  <artifactId>cloudstack</artifactId>
  <version>4.23.0.0-SNAPSHOT</version>
  <packaging>pom</packaging>
  <name>Apache CloudStack</name>
  <properties>
    <project.systemvm.template.version>4.23.0.0</project.systemvm.template.version>
    <cs.jdk.version>11</cs.jdk.version>
  </properties>
  <repositories>
    <repository>
      <id>first-on-loopback</id>
      <url>http://127.0.0.1:1/first</url>
    </repository>
    <repository>
      <id>second-on-loopback</id>
      <url>http://127.0.0.1:1/second</url>
    </repository>
  </repositories>
  <pluginRepositories>
    <pluginRepository>
      <id>plugins-on-loopback</id>
      <url>http://127.0.0.1:1/plugins</url>
    </pluginRepository>
  </pluginRepositories>
  <modules>
    <module>api</module>
    <module>server</module>
  </modules>
</project>
"#;

const MODULE_POM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <artifactId>cloud-MODULE</artifactId>
  <parent>
    <groupId>org.apache.cloudstack</groupId>
    <artifactId>cloudstack</artifactId>
    <version>4.23.0.0-SNAPSHOT</version>
  </parent>
</project>
"#;

const SETUP: &str = "name: 'Setup Environment'
description: 'Sets up the environment'
inputs:
  java-version:
    description: 'The Java version to use'
    required: false
    default: '17'
runs:
  using: 'composite'
  steps: []
";

const BUILD_WORKFLOW: &str = "name: Build
on:
  push:
    branches:
      - main
      - '4.22'
      - '4.20'
  pull_request:
jobs: {}
";

const TEMPLATE: &str = "### Description

This PR...

<!-- Fixes: # -->

### Types of changes

- [ ] Breaking change (what exists behaves differently)
- [ ] New feature (adds something)
- [ ] Bug fix (mends something)
- [ ] Enhancement (makes something better)
- [ ] Cleanup (tidies without a change in behaviour)
- [ ] Build/CI
- [ ] Test (tests alone)

### Feature/Enhancement Scale or Bug Severity

#### Feature/Enhancement Scale

- [ ] Major
- [ ] Minor

#### Bug Severity

- [ ] BLOCKER
- [ ] Critical
- [ ] Major
- [ ] Minor
- [ ] Trivial

### Screenshots (if appropriate):

### How Has This Been Tested?

#### How did you try to break this feature and the system with this change?
";

impl TestWorld {
    /// Makes the tree with two commits on `main`, clean; its folder.
    pub(crate) fn cloudstack(&self) -> PathBuf {
        let tree = self.tree();
        self.git(&self.work(), &["init", "--quiet", tree.to_str().expect("a UTF-8 path")]);
        for (path, text) in files() {
            write(&tree.join(path), text);
        }
        self.commit(&tree, "Lay down the project");
        write(&tree.join("server/src/main/java/Server.java"), java("Server"));
        self.commit(&tree, "server: add a class");
        tree
    }

    /// Commits everything in a tree; the id.
    pub(crate) fn commit(&self, tree: &Path, message: &str) -> String {
        self.git(tree, &["add", "--all"]);
        self.git(tree, &["commit", "--quiet", "--message", message]);
        self.git(tree, &["rev-parse", "HEAD"])
    }
}

fn files() -> Vec<(&'static str, String)> {
    let hashed = |text: &str| format!("# {}\n{text}", LICENCE.replace('\n', "\n# "));
    vec![
        ("pom.xml", POM.to_owned()),
        ("api/pom.xml", MODULE_POM.replace("MODULE", "api")),
        ("server/pom.xml", MODULE_POM.replace("MODULE", "server")),
        ("api/src/main/java/Api.java", java("Api")),
        (".java-version", "11.0\n".to_owned()),
        (".gitignore", hashed("target/\n")),
        (".github/actions/setup-env/action.yml", hashed(SETUP)),
        (".github/workflows/build.yml", hashed(BUILD_WORKFLOW)),
        ("PULL_REQUEST_TEMPLATE.md", TEMPLATE.to_owned()),
    ]
}

/// A class with its licence header.
pub(crate) fn java(name: &str) -> String {
    let header = LICENCE.replace('\n', "\n// ");
    format!("// {header}\npackage org.example;\n\npublic class {name} {{\n}}\n")
}
