//! The JDK that `--jdk` names, in the place of the one that was found. Looks at no other.

use super::{BuildArgs, BuildPlan, Jdk};
use crate::cli::trouble::Trouble;
use crate::host::jdk::home;
use crate::sys::{Kind, System};

/// Takes the JDK that was named.
///
/// # Errors
/// A folder without a compiler.
pub(super) fn choose(
    system: &dyn System,
    args: &BuildArgs,
    plan: &mut BuildPlan,
) -> anyhow::Result<()> {
    let Some(named) = &args.jdk else { return Ok(()) };
    let home = system.real_path(named).unwrap_or_else(|_| named.clone());
    if system.kind(&home.join("bin/javac")) != Some(Kind::File) {
        let what = format!("--jdk {}: there is no bin/javac in it", named.display());
        let remedy = "name the JDK's own folder; `onramp check machine` lists those installed";
        return Err(Trouble::usage(what).remedy(remedy).into());
    }
    let feature = home::read(system, &home).and_then(|jdk| jdk.feature);
    plan.jdk = Jdk { home, feature, why: "named by --jdk".into() };
    // A file that sets another JAVA_HOME must not undo what was asked for.
    plan.skip_rc = true;
    Ok(())
}
