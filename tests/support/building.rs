//! What builds stand on in tests: a JDK as far as files tell one, and modules as `mvn install` leaves
//! them. Nothing here can compile anything.

use std::path::PathBuf;

use super::world::{TestWorld, write, write_script};

impl TestWorld {
    /// This world with JAVA_HOME leading to a JDK 17, for which this world's home is the home.
    pub(crate) fn with_jdk(self) -> Self {
        let home = self.jdk();
        // Java goes by the account, and so would Maven.
        let own = format!("-Duser.home={}", self.home().display());
        self.with_variable("JAVA_HOME", home).with_variable("MAVEN_OPTS", own)
    }

    /// A JDK 17.
    pub(crate) fn jdk(&self) -> PathBuf {
        let home = self.path("jdk-17");
        write(&home.join("release"), "JAVA_VERSION=\"17.0.9\"\n");
        for program in ["java", "javac"] {
            write_script(&home.join("bin").join(program), "#!/bin/sh\n");
        }
        home
    }

    /// Puts a module of the fixture into the local repository; its pom alone, or with a jar.
    pub(crate) fn install(&self, artifact: &str, jar: bool) {
        let version = "4.23.0.0-SNAPSHOT";
        let group = self.home().join(".m2/repository/org/apache/cloudstack");
        let folder = group.join(artifact).join(version);
        let file = |ending: &str| folder.join(format!("{artifact}-{version}.{ending}"));
        write(&file("pom"), "<project/>");
        if jar {
            write(&file("jar"), b"PK\x05\x06 and eighteen bytes.");
        }
    }
}
