//! What happens once a request is open: who is asked, how it is marked, how long it takes and what
//! to do when somebody asks for changes. Pure; the project's own words come from its profile.

use super::labels::Labels;
use super::owners::Owned;
use crate::profile::Note;
use crate::text::{clean_line, first_few};

/// Most paths or labels named one by one.
const NAMED: usize = 8;

/// Whether somebody contributes for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Newcomer {
    /// No commit of theirs was found; how far was looked, as a phrase.
    First(String),
    /// They have commits, such as the one of this id.
    Known(String),
    /// It cannot be told, and why.
    Unsure(String),
}

/// What is known about a request once it is open.
#[derive(Debug, Clone)]
pub struct Ground<'a> {
    /// Who makes it.
    pub newcomer: &'a Newcomer,
    /// How many files it touches.
    pub files: usize,
    /// The owners of these files and where they stand; the inner `None` for a file nobody can read.
    pub owners: Option<(&'a str, Option<Owned>)>,
    /// What each bot makes of it, by the file it reads; `None` for one that nobody can read.
    pub bots: Vec<(&'a str, Option<Labels>)>,
    /// What the project has people know.
    pub notes: &'a [Note],
}

/// One thing to know: a short word and a phrase.
pub type Row = (String, String);

/// Everything to know, in order.
#[must_use]
pub fn rows(ground: &Ground<'_>) -> Vec<Row> {
    let first = !matches!(ground.newcomer, Newcomer::Known(_));
    let mut rows = vec![("you".to_owned(), newcomer(ground.newcomer))];
    for (file, bot) in &ground.bots {
        rows.extend(bot_says(file, bot.as_ref(), first));
    }
    if let Some((file, owned)) = &ground.owners {
        rows.push(("owners".to_owned(), owners(file, owned.as_ref(), ground.files)));
    }
    let notes = ground.notes.iter().filter(|note| first || !note.first);
    rows.extend(notes.map(|note| (clean_line(&note.about), clean_line(&note.say))));
    rows
}

fn newcomer(newcomer: &Newcomer) -> String {
    match newcomer {
        Newcomer::First(how) => format!("your first change here, as far as can be told: {how}"),
        Newcomer::Known(commit) => {
            let short: String = commit.chars().take(10).collect();
            format!("you have changes here already, such as {}", clean_line(&short))
        }
        Newcomer::Unsure(why) => format!("whether it is your first change cannot be told: {why}"),
    }
}

fn bot_says(file: &str, labels: Option<&Labels>, first: bool) -> Vec<Row> {
    let file = clean_line(file);
    let Some(labels) = labels else {
        return vec![("labels".to_owned(), format!("{file} cannot be read, so none are foreseen"))];
    };
    let mut rows = Vec::new();
    if first && labels.greets {
        let text = format!("a bot greets whoever comes for the first time, in the words of {file}");
        rows.push(("greeting".to_owned(), text));
    }
    let text = match labels.given.as_slice() {
        [] => format!("a bot sets them by path, and none fits the files you touch ({file})"),
        given => format!("{}; a bot sets them by path ({file})", first_few(given, NAMED)),
    };
    rows.push(("labels".to_owned(), text));
    if !labels.unsure.is_empty() {
        let text =
            format!("perhaps {}: not by path alone ({file})", first_few(&labels.unsure, NAMED));
        rows.push((String::new(), text));
    }
    rows
}

fn owners(file: &str, owned: Option<&Owned>, files: usize) -> String {
    let file = clean_line(file);
    let Some(owned) = owned else { return format!("{file} cannot be read") };
    if owned.by_owner.is_empty() {
        return format!("nobody is named for the files you touch ({file})");
    }
    let each: Vec<String> = owned
        .by_owner
        .iter()
        .map(|(owner, theirs)| match theirs.as_slice() {
            [one] => format!("{owner} for {one}"),
            several => format!("{owner} for {} files", several.len()),
        })
        .collect();
    let nobody = match owned.unowned {
        0 => String::new(),
        some => format!("; nobody for {some} of {files}"),
    };
    format!("{}{nobody} ({file})", first_few(&each, NAMED))
}

/// Whether a commit's author is somebody who commits with `email` here and has the account `login`
/// at the forge, which gives private addresses to those who hide theirs.
#[must_use]
pub fn is_theirs(author: &str, email: Option<&str>, login: Option<&str>) -> bool {
    const HIDDEN: &str = "@users.noreply.github.com";
    let same = |known: &str| !known.is_empty() && author.eq_ignore_ascii_case(known);
    let hidden = author.to_ascii_lowercase();
    let account = hidden.strip_suffix(HIDDEN);
    // `ada`, or with the account's number before it `1234+ada`.
    let account = account.map(|name| name.split_once('+').map_or(name, |(_, name)| name));
    email.is_some_and(same)
        || login.zip(account).is_some_and(|(login, account)| login.eq_ignore_ascii_case(account))
}
