//! What is known of gpg's agent, which holds the secret keys: told from the answer to a question
//! that starts none.

/// How it answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agent {
    /// It runs and answers.
    Running,
    /// None runs.
    Absent,
    /// It was there and did not answer in time.
    Silent,
    /// It could not be asked.
    Unknown,
}

impl Agent {
    /// Reads what `gpg-connect-agent` printed: it exits with 0 either way.
    #[must_use]
    pub fn read(answer: &str) -> Self {
        match answer.lines().any(|line| line == "OK" || line.starts_with("OK ")) {
            true => Self::Running,
            false => Self::Absent,
        }
    }
}
