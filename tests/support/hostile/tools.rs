//! Traps for those who start tools in the tree or with the person's own environment, with stand-ins
//! for Java and Maven that obey what the real ones obey.

use std::ffi::OsString;
use std::os::unix::fs::symlink;

use super::{Ground, Trap, no_variables};
use crate::support::world::{TestWorld, write, write_script};

/// Like a JVM: options come from the environment and the command line, and an agent is code.
const JAVA: &str = r#"#!/bin/sh
for option in $JDK_JAVA_OPTIONS $JAVA_TOOL_OPTIONS "$@"; do
  case $option in
    -javaagent:*) /bin/sh "${option#-javaagent:}" ;;
    -XX:OnOutOfMemoryError=*) /bin/sh "${option#-XX:OnOutOfMemoryError=}" ;;
  esac
done
echo 'openjdk version "17.0.15" 2025-04-15' >&2
"#;

/// Like Maven's start script: the JVM's options lie in the nearest `.mvn` above the pom, or above
/// the current folder; an extension named in `.mvn/maven.config` is code.
pub(super) const MVN: &str = r#"#!/bin/sh
base=$MAVEN_BASEDIR
if [ -z "$base" ]; then
  base=$PWD
  if [ "$1" = -f ]; then base=${2%/*}; fi
  while [ -n "$base" ] && [ ! -d "$base/.mvn" ]; do base=${base%/*}; done
fi
options=
if [ -r "$base/.mvn/jvm.config" ]; then
  while read -r line; do options="$options $line"; done <"$base/.mvn/jvm.config"
fi
java $options $MAVEN_OPTS 2>/dev/null
if [ "$1" != -v ] && [ -r "$base/.mvn/maven.config" ]; then
  while read -r line; do
    case $line in -Dmaven.ext.class.path=*) /bin/sh "${line#*=}" ;; esac
  done <"$base/.mvn/maven.config"
fi
echo 'Apache Maven 3.8.7'
"#;

/// Puts a JDK 17 on the world's PATH, laid out as packages lay them out.
pub(super) fn install_jdk(world: &TestWorld) {
    let home = world.path("jdk-17");
    write(&home.join("release"), "JAVA_VERSION=\"17.0.15\"\nIMPLEMENTOR=\"Nobody\"\n");
    for name in ["java", "javac"] {
        let program = home.join("bin").join(name);
        write_script(&program, JAVA);
        symlink(program, world.programs().join(name)).expect("a new link");
    }
}

/// What Maven reads before it does anything, `mvn -v` included.
pub(super) const MAVEN: Trap = Trap {
    name: "Maven's project options",
    arm: |ground| {
        let run = ground.payload_path();
        let options = format!("-javaagent:{run}\n-XX:OnOutOfMemoryError={run}\n");
        write(&ground.tree.join(".mvn/jvm.config"), options);
        let extension = format!("-Dmaven.ext.class.path={run}\n");
        write(&ground.tree.join(".mvn/maven.config"), extension);
        write_script(&ground.tree.join("mvnw"), &ground.payload_text());
    },
    variables: no_variables,
    naive: &["mvn -v", "cd api && mvn -v", "MAVEN_SKIP_RC=1 mvn validate", "./mvnw -v"],
};

/// Programs with the names of tools, for those whose PATH has the current folder in it.
pub(super) const PROGRAMS_IN_THE_TREE: Trap = Trap {
    name: "programs in the tree",
    arm: |ground| {
        for name in ["git", "gpg", "gpgconf", "java", "javac", "mvn", "ssh-keygen", "uname"] {
            write_script(&ground.tree.join(name), &ground.payload_text());
            write_script(&ground.tree.join("bin").join(name), &ground.payload_text());
        }
    },
    variables: |ground| {
        let mut path = OsString::from(":.:bin:");
        path.push(ground.world.programs());
        // A last empty entry means the current folder, too.
        path.push(":");
        vec![("PATH", path)]
    },
    naive: &["git status", "mvn -v", "java -version", "gpg --list-keys", "ssh-keygen -l"],
};

/// Options in the environment, as a shell that loads `.envrc` has them.
pub(super) const ENVIRONMENT: Trap = Trap {
    name: "options in the environment",
    arm: |ground| {
        let run = ground.payload_path();
        let exported = format!("{run}\nexport JDK_JAVA_OPTIONS=-javaagent:{run}\n");
        write(&ground.tree.join(".envrc"), exported);
        write(&ground.tree.join(".tool-versions"), "java openjdk-17\n");
        write(&ground.tree.join("mise.toml"), format!("[env]\n_.source = \"{run}\"\n"));
        write(&ground.tree.join("api/src/main/java/Api.java"), "class Api {}\n");
    },
    variables: |ground| {
        let agent = format!("-javaagent:{}", ground.payload_path());
        vec![
            ("JDK_JAVA_OPTIONS", agent.clone().into()),
            ("JAVA_TOOL_OPTIONS", agent.clone().into()),
            ("_JAVA_OPTIONS", agent.clone().into()),
            ("MAVEN_OPTS", agent.into()),
            ("GIT_EXTERNAL_DIFF", ground.payload_path().into()),
            ("GIT_SSH_COMMAND", ground.payload_path().into()),
            ("GIT_ASKPASS", ground.payload_path().into()),
        ]
    },
    naive: &[
        "java -version",
        "mvn -v",
        "git --no-pager diff",
        "git ls-remote git@example.org:cloudstack.git",
        ". ./.envrc",
    ],
};

/// Checks and probes that the tree itself brings.
pub(super) const PACK: Trap = Trap {
    name: "a pack in the tree",
    arm: |ground| {
        let probe = ground.payload_text();
        for place in ["", "bin", "probes", "_probes", "cloudstack", "checks/cloudstack"] {
            let folder = ground.tree.join(".onramp").join(place);
            write_script(&folder.join("onramp-probe-canary"), &probe);
        }
        let check = "title: the canary sings\nseverity: error\nprobe: { canary: {} }\n\
                     pass: found.present\nsay: it sang\nwhy: Somebody wanted it to.\n\
                     source: nowhere\n";
        for stage in ["machine", "patch"] {
            write(&ground.tree.join(format!(".onramp/cloudstack/{stage}/canary.yaml")), check);
            let checks = ground.tree.join(".onramp/checks/cloudstack").join(stage);
            write(&checks.join("canary.yaml"), check);
            let tool = check.replace("canary: {}", "tool: onramp-probe-canary");
            write(&checks.join("tool.yaml"), tool);
        }
    },
    variables: |ground: &Ground| {
        let mut path = ground.world.programs().into_os_string();
        // Absolute as well, as tools that load a folder's environment set it.
        path.push(":.onramp/bin:");
        path.push(ground.tree.join(".onramp/bin"));
        vec![("PATH", path)]
    },
    naive: &["onramp-probe-canary", ".onramp/onramp-probe-canary"],
};
