//! Why ssh-keygen made no signature, told from what git hands on of its complaints. OpenSSH has no
//! codes and no translations, so words are all there is.

use crate::text::{clean_line, shell_path, shell_word};

use super::{Attempt, Ended, Problem};

/// Why there is no signature.
pub(super) fn diagnose(attempt: &Attempt<'_>) -> Problem {
    let git = attempt.git;
    let key = attempt.setup.key.as_deref().map(clean_line).unwrap_or_default();
    if let Ended::Waited(seconds) = attempt.ended {
        return waited(attempt, seconds);
    }
    if git.contains("user.signingkey or gpg.ssh.defaultKeyCommand needs to be configured")
        || git.contains("user.signingKey needs to be set for ssh signing")
    {
        let says = "gpg.format is ssh, and user.signingkey names no SSH key";
        let remedy = "git config --global user.signingkey ~/.ssh/id_ed25519.pub";
        return Problem::new("ssh-no-key", says, remedy);
    }
    if git.contains("Couldn't load public key") {
        let says = format!("user.signingkey names {key}, and no SSH key is there");
        let remedy = "git config --global user.signingkey ~/.ssh/id_ed25519.pub, or another key \
                      that is there: ls ~/.ssh/*.pub";
        return Problem::new("ssh-key-missing", says, remedy);
    }
    if git.contains("incorrect passphrase") || git.contains("Enter passphrase") {
        return locked(attempt, &key);
    }
    if git.contains("No private key found") {
        return without_private(attempt, &key);
    }
    if git.contains("are too open") {
        let says = format!("others may read the private half of {key}, so ssh-keygen refuses it");
        return Problem::new("ssh-key-open", says, format!("chmod 600 {}", private(&key)));
    }
    if git.contains("agent refused operation") {
        let says = "the SSH agent has your key and refused to sign with it";
        let remedy = format!("ssh-add -D && ssh-add {} puts it there anew", private(&key));
        return Problem::new("ssh-agent-refused", says, remedy);
    }
    let program = clean_line(&attempt.setup.program);
    let mut said = git.lines().map(|line| line.trim_start_matches("error:").trim());
    let line = said.find(|line| !line.is_empty() && !line.starts_with("fatal: failed to"));
    let says = match line {
        Some(line) => format!("{program} signed nothing and said: {}", clean_line(line)),
        None => format!("{program} signed nothing and did not say why"),
    };
    let remedy = match &attempt.setup.program_set {
        Some(name) => {
            format!("git config --global --unset {name}, should {program} not be what you want")
        }
        None => format!("echo test | ssh-keygen -Y sign -n git -f {} tells more", private(&key)),
    };
    Problem::new("program-failed", says, remedy)
}

/// Where the private half of a key is looked for.
fn private(key: &str) -> String {
    let path = key.trim_end_matches(".pub");
    if inline(key) { "~/.ssh/id_ed25519".to_owned() } else { shell_path(path) }
}

/// The command that hands a key to the SSH agent, which then asks for its passphrase once.
#[must_use]
pub(super) fn add(key: &str) -> String {
    format!("ssh-add {}", private(&clean_line(key)))
}

fn inline(key: &str) -> bool {
    key.starts_with("key::") || key.starts_with("ssh-")
}

fn locked(attempt: &Attempt<'_>, key: &str) -> Problem {
    let remedy = format!("ssh-add {}, which asks once", private(key));
    if attempt.interactive {
        let says = format!("a passphrase locks {key}, and what was typed did not open it");
        return Problem::new("ssh-locked", says, remedy);
    }
    let says = format!(
        "a passphrase locks {key}, no SSH agent holds it open, and there is no terminal to ask at"
    );
    Problem::new("ssh-locked", says, remedy).perhaps()
}

fn without_private(attempt: &Attempt<'_>, key: &str) -> Problem {
    let remedy = format!("ssh-add {}", private(key));
    if attempt.setup.key.is_none() || inline(key) {
        let says = "user.signingkey holds a public key, and no SSH agent has its private half";
        return Problem::new("ssh-agent-without", says, remedy);
    }
    let says = format!("the private half of {key} is neither beside it nor in an SSH agent");
    Problem::new("ssh-agent-without", says, remedy)
}

fn waited(attempt: &Attempt<'_>, seconds: u64) -> Problem {
    let says = format!(
        "ssh-keygen waited {seconds} s for an agent, a passphrase or the touch of a security key"
    );
    let key = attempt.setup.key.as_deref().unwrap_or_default();
    let remedy = format!("ssh-add {}, then onramp key rehearse again", private(&clean_line(key)));
    Problem::new("waited", says, remedy).perhaps()
}

/// The commands that let git judge the user's SSH signatures here; `file` where git has one.
#[must_use]
pub(super) fn signers_file(key: &str, email: &str, file: Option<&str>) -> String {
    let public = if inline(key) {
        shell_word(key.trim_start_matches("key::"))
    } else {
        format!("\"$(cat {}.pub)\"", private(key))
    };
    let email = shell_word(email);
    match file {
        Some(file) => format!("echo {email} {public} >> {}", shell_path(file)),
        None => format!(
            "echo {email} {public} >> ~/.ssh/allowed_signers\n\
             git config --global gpg.ssh.allowedSignersFile ~/.ssh/allowed_signers"
        ),
    }
}
