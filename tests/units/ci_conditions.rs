//! What an `if:` comes to on a pull request, the words of a command, the patterns of files, and the
//! tables of known steps.

use onramp::ci::condition::{Holds, holds};
use onramp::ci::glob::Globs;
use onramp::ci::known::Surroundings;
use onramp::ci::rules::Rules;
use onramp::ci::shell::{commands, words};
use onramp::pack::Engine;
use onramp::pack::load::{Packs, embedded};

fn known() -> Surroundings {
    Surroundings::of_request("pull_request", Some("apache/cloudstack"), Some("main"))
        .with("inputs", [("python", "true")])
        .on("ubuntu-24.04")
}

#[test]
fn conditions_are_told_as_far_as_they_can_be() {
    let yes = [
        "true",
        "${{ github.repository == 'apache/cloudstack' }}",
        "github.repository_owner == 'APACHE'",
        "github.event_name != 'push' && always()",
        "!(github.event_name == 'push')",
        "${{ !cancelled() && !failure() }}",
        "inputs.python == 'true'",
        "runner.os == 'Linux' || matrix.java == 8",
        "startsWith(github.ref, 'refs/pull/')",
        "contains(github.base_ref, 'ai')",
        "github.event.pull_request.head.repo.fork",
    ];
    for condition in yes {
        assert_eq!(holds(condition, &known()), Holds::Yes, "{condition}");
    }
    let no = [
        "false",
        "failure() || cancelled()",
        "github.repository == 'apache/maven'",
        "github.event.pull_request.head.repo.full_name == github.repository",
        "github.event_name == 'push' && secrets.TOKEN != ''",
        "github.ref == 'refs/heads/main'",
        "runner.os == 'Windows'",
        "github.event_name == 'push' && github.event.inputs.x",
    ];
    for condition in no {
        assert_eq!(holds(condition, &known()), Holds::No, "{condition}");
    }
    let deep = format!("{}true{}", "(".repeat(5000), ")".repeat(5000));
    let depends = [
        "secrets.TOKEN != ''",
        "steps.a.outputs.b == 'c'",
        "matrix.java == 8",
        "github.actor == 'dependabot[bot]'",
        "fromJSON(needs.a.outputs.b)[0].c == 1",
        "contains(github.event.pull_request.labels.*.name, 'x')",
        "(",
        "'open",
        "a ==",
        "${{ a }} and ${{ b }}",
        "true true",
        &deep,
        "\u{1b}[31m",
    ];
    for condition in depends {
        assert_eq!(holds(condition, &known()), Holds::Depends, "{condition}");
    }
}

#[test]
fn a_script_is_taken_apart_and_a_plain_command_read() {
    let script = "# first\ncd ui && npm ci\nmvn -B \\\n  verify\nif [ -f x ]; then\n  ls; pwd\nfi\ncat << 'EOF' > f\nrm -rf /\nEOF\necho \"a; b && c\"\n";
    let wanted = [
        "cd ui",
        "npm ci",
        "mvn -B verify",
        "if [ -f x ]",
        "ls",
        "pwd",
        "cat << 'EOF' > f",
        "echo \"a; b && c\"",
    ];
    assert_eq!(commands(script), wanted);
    let plain = words("mvn -P 'a b' \"-Dx=y\" -T$(nproc) install").unwrap();
    assert_eq!(plain, ["mvn", "-P", "a b", "-Dx=y", "-T$(nproc)", "install"]);
    for odd in ["mvn $X", "mvn | tee", "a > b", "a `b`", "a $(b)", "a &", "a *.x", "a 'b", "~/x"] {
        assert_eq!(words(odd), None, "{odd}");
    }
}

#[test]
fn patterns_choose_as_the_forge_does() {
    let chooses =
        |patterns: &[&str], name: &str| Globs::read(patterns.iter().copied()).unwrap().choose(name);
    for (pattern, name) in [
        ("*", "README.md"),
        ("**", "a/b/c.md"),
        ("*.js", "app.js"),
        ("**.js", "a/b/app.js"),
        ("docs/*", "docs/a.md"),
        ("docs/**", "docs/a/b.md"),
        ("docs/**/*.md", "docs/hello.md"),
        ("**/docs/**", "a/docs/b.md"),
        ("**/README.md", "README.md"),
        ("**/*-post.md", "a/my-post.md"),
        ("4.[0-9]+", "4.22"),
        ("*.jsx?", "page.js"),
    ] {
        assert!(chooses(&[pattern], name), "{pattern} {name}");
    }
    for (pattern, name) in
        [("*", "a/b.md"), ("*.js", "a/b.js"), ("docs/*", "docs/a/b"), ("a.b", "axb")]
    {
        assert!(!chooses(&[pattern], name), "{pattern} {name}");
    }
    assert!(!chooses(&["*.md", "!a.md"], "a.md"));
    assert!(chooses(&["*.md", "!a.md", "a.*"], "a.md"));
    assert!(Globs::read(["[z-a]"]).is_err());
}

#[test]
fn the_tables_of_steps_name_checks_that_are_there() {
    let packs = Packs::read(embedded(), &Engine::default(), onramp::cli::workspace::vocabulary);
    let tables: Vec<_> =
        packs.tables.iter().filter(|(path, _)| path.ends_with("/ci-steps.yaml")).collect();
    assert_eq!(tables.len(), 2);
    let rules = Rules::read(tables.into_iter().map(|(path, text)| (&**path, &**text))).unwrap();
    let of_steps =
        rules.steps.iter().flat_map(|rule| rule.actions.iter().flat_map(|one| &one.otherwise));
    let named: Vec<&String> =
        of_steps.chain(rules.hooks.iter().flat_map(|rule| &rule.checks)).collect();
    assert!(named.len() > 15, "{named:?}");
    for id in named {
        assert!(packs.checks.contains_key(id), "{id}");
    }
}

#[test]
fn a_table_of_steps_is_read_strictly() {
    let wrong = [
        (
            "steps: [{id: a, kind: check, label: exact, why: b}]",
            "one of `uses`, `run` and `script`",
        ),
        ("steps: [{id: a, uses: x, run: y, kind: check, label: exact, why: b}]", "one of"),
        ("steps: [{id: a, uses: '(', kind: check, label: exact, why: b}]", "`a`"),
        ("steps: [{id: a, uses: x, kind: odd, label: exact, why: b}]", "odd"),
        ("steps: [{id: a, uses: x, kind: check, label: exact, why: b, wy: c}]", "wy"),
        (
            "steps: [{id: a, uses: x, kind: check, label: not-here, why: b, do: [{name: n, tool: maven}]}]",
            "has no `do`",
        ),
        (
            "steps: [{id: a, uses: x, kind: check, label: exact, why: b}, {id: a, uses: x, kind: check, label: exact, why: b}]",
            "stands twice",
        ),
    ];
    for (text, what) in wrong {
        let problem = Rules::read([("mine.yaml", text)]).unwrap_err();
        assert!(problem.starts_with("mine.yaml: ") && problem.contains(what), "{problem}");
    }
}
