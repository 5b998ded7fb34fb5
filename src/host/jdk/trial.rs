//! Starts a JDK to see whether it is what its files say: asks for its properties, compiles one
//! class and runs one, in a private folder that is removed at once. Only for `--deep`; touches
//! neither the work tree nor the user's environment.

use std::path::Path;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::home::Jdk;
use crate::sys::{Command, Output, System};
use crate::version;

/// What the started JDK showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Trial {
    /// The version it states.
    pub version: Option<String>,
    /// Its feature release.
    pub feature: Option<u64>,
    /// The folder it says it runs from.
    pub home: Option<String>,
    /// Whether `javac` compiled a class; none where it was not tried.
    pub compiles: Option<bool>,
    /// Whether `java` compiled and ran one; none where it was not tried, as on Java 10 and older.
    pub runs: Option<bool>,
    /// What Maven states as the home of its Java; none where Maven did not answer.
    pub maven_home: Option<String>,
    /// Where the started programs contradict the files, and what went wrong.
    pub disagreements: Vec<String>,
}

const LIMIT: Duration = Duration::from_secs(15);
const CLASS: &str = "public class Ready {\n    public static void main(String[] words) {\n        \
                     System.out.println(\"ready\");\n    }\n}\n";

/// Starts `jdk`, and `javac` of the build where it is another one.
#[must_use]
pub fn start(system: &dyn System, jdk: &Jdk, javac: Option<&Path>, mvn: Option<&Path>) -> Trial {
    let java = Path::new(&jdk.home).join("bin/java");
    let mut trial = Trial {
        version: None,
        feature: None,
        home: None,
        compiles: None,
        runs: None,
        maven_home: None,
        disagreements: Vec::new(),
    };
    trial.ask_properties(system, &java, jdk);
    if let Some(javac) = javac {
        let question = Command::question(javac).args(["-d", ".", "Ready.java"]);
        trial.compiles = Some(trial.prove(system, question, "javac did not compile a class", ""));
    }
    if jdk.compiler && trial.feature.is_some_and(|feature| feature >= 11) {
        let question = Command::question(&java).args(["Ready.java"]);
        trial.runs = Some(trial.prove(system, question, "java did not run a class", "ready"));
    }
    if let Some(mvn) = mvn {
        trial.ask_maven(system, mvn, jdk);
    }
    trial
}

impl Trial {
    fn ask_properties(&mut self, system: &dyn System, java: &Path, jdk: &Jdk) {
        let question = Command::question(java).args(["-XshowSettings:properties", "-version"]);
        let text = match answer(system, question) {
            Ok(output) => String::from_utf8_lossy(&[output.err, output.out].concat()).into_owned(),
            Err(reason) => return self.disagreements.push(format!("java: {reason}")),
        };
        let property = |name: &str| {
            let value = text.lines().find_map(|line| line.trim().strip_prefix(name));
            value.and_then(|rest| rest.trim().strip_prefix('=')).map(|it| it.trim().to_owned())
        };
        self.version = property("java.version ");
        self.feature = self.version.as_deref().and_then(version::java_feature);
        self.home = property("java.home ");
        if let (Some(files), Some(version)) = (&jdk.version, &self.version)
            && files != version
        {
            self.disagreements
                .push(format!("its files say {files}, the started java says {version}"));
        }
        self.compare_home(system, jdk, self.home.clone(), "the started java");
    }

    fn compare_home(&mut self, system: &dyn System, jdk: &Jdk, home: Option<String>, who: &str) {
        let Some(home) = home else { return };
        let real = |path: &str| system.real_path(Path::new(path)).ok();
        let (expected, stated) = (real(&jdk.home), real(&home));
        let inside = stated.as_ref().zip(expected.as_ref()).is_some_and(|(s, e)| s.starts_with(e));
        if !inside {
            self.disagreements.push(format!("{who} runs from {home}, not from {}", jdk.home));
        }
    }

    fn prove(&mut self, system: &dyn System, question: Command, wrong: &str, says: &str) -> bool {
        let question = question.scratch_file("Ready.java", CLASS);
        let reason = match answer(system, question) {
            Ok(output) if output.text().trim() == says => return true,
            Ok(output) => first_line(&output.out),
            Err(reason) => reason,
        };
        self.disagreements.push(format!("{wrong}: {reason}"));
        false
    }

    /// `mvn -v` with the user's own start-up files, which is the very thing in question; never
    /// with a work tree's, which `MAVEN_BASEDIR` keeps away.
    fn ask_maven(&mut self, system: &dyn System, mvn: &Path, jdk: &Jdk) {
        let mut question = Command::question(mvn).args(["-v"]).with("MAVEN_BASEDIR", "/");
        for name in ["JAVA_HOME", "MAVEN_SKIP_RC"] {
            if let Some(value) = system.env(name) {
                question = question.with(name, value);
            }
        }
        let Ok(output) = answer(system, question) else { return };
        let text = output.text();
        let runtime = text.lines().find_map(|line| line.split("runtime: ").nth(1));
        self.maven_home = runtime.map(|home| home.trim().to_owned());
        self.compare_home(system, jdk, self.maven_home.clone(), "Maven's Java");
    }
}

fn answer(system: &dyn System, question: Command) -> Result<Output, String> {
    let output = system.run(&question.within(LIMIT)).map_err(|error| error.to_string())?;
    if output.ok() {
        return Ok(output);
    }
    let said = if output.err.is_empty() { &output.out } else { &output.err };
    let code = output.code.map_or("a signal".to_owned(), |code| format!("code {code}"));
    Err(format!("it ended with {code}: {}", first_line(said)))
}

fn first_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("no output").to_owned()
}
