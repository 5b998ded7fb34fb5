//! What a pull request meets, on made trees: every job and step is there, whatever form the
//! workflows have, and hostile ones are told of by name. The counts are the test's own.

use std::collections::{BTreeMap, BTreeSet};

use onramp::ci::jobs::Job;
use onramp::ci::plan::{Change, Plan, plan};
use onramp::ci::rules::{Label, Rules};
use onramp::ci::steps::Step;
use onramp::ci::trigger::Meets;
use onramp::ci::{Sources, node};

/// A tree of texts.
struct Texts(BTreeMap<String, String>);

impl Texts {
    fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self(files.iter().map(file).collect())
    }
}

impl Sources for Texts {
    fn workflows(&self) -> Vec<String> {
        let inside = self.0.keys().filter(|path| path.starts_with(".github/workflows/"));
        inside.cloned().collect()
    }

    fn text(&self, path: &str) -> Result<Option<String>, String> {
        Ok(self.0.get(path).cloned())
    }
}

const APACHE: &str = include_str!("../../checks/apache/ci-steps.yaml");
const CLOUDSTACK: &str = include_str!("../../checks/cloudstack/ci-steps.yaml");

fn rules() -> Rules {
    Rules::read([("cloudstack", CLOUDSTACK), ("apache", APACHE)]).unwrap()
}

fn change(files: &[&str]) -> Change {
    Change {
        base: Some("main".to_owned()),
        files: Ok(files.iter().map(|file| (*file).to_owned()).collect()),
        repository: Some("apache/shop".to_owned()),
    }
}

fn planned(texts: &Texts, change: &Change) -> Plan {
    plan(texts, &rules(), change, &|_, _| true)
}

fn one(workflow: &str) -> Plan {
    planned(&Texts::of(&[(".github/workflows/one.yml", workflow)]), &change(&["a.java"]))
}

fn all_jobs(plan: &Plan) -> Vec<&Job> {
    plan.workflows.iter().flat_map(|workflow| workflow.jobs.iter().flat_map(Job::all)).collect()
}

fn all_steps(plan: &Plan) -> Vec<&Step> {
    all_jobs(plan).into_iter().flat_map(|job| job.steps.iter().flat_map(Step::all)).collect()
}

/// The names `step-…` and `job-…` that stand in a text as `name:`: found without reading YAML.
fn marks(text: &str, kind: &str) -> Vec<String> {
    let names = text.split("name: ").skip(1).filter_map(|rest| rest.split_whitespace().next());
    names.filter(|name| name.starts_with(kind)).map(|name| name.replace(',', "")).collect()
}

const SHAPES: &[(&str, &str)] = &[
    (
        ".github/workflows/text.yml",
        "on: pull_request\njobs:\n  only:\n    name: job-text\n    runs-on: x\n    steps:\n    - name: step-text-1\n      run: ./odd\n    - {name: step-text-2, uses: odd/action@v1}\n",
    ),
    (
        ".github/workflows/list.yaml",
        "'on': [push, pull_request]\nunknown-key: {a: [1, 2]}\njobs:\n  matrix:\n    name: job-matrix\n    mystery: true\n    strategy:\n      matrix:\n        os: [ubuntu-latest, macos-latest]\n        java: [11, 17, 21]\n        exclude: [{os: macos-latest, java: 11}]\n        include: [{os: windows-latest, java: 17}, {java: 21, extra: yes}]\n    runs-on: ${{ matrix.os }}\n    steps:\n    - name: step-matrix-1\n      if: runner.os == 'Linux'\n      run: mvn -B verify\n      odd-key: 7\n",
    ),
    (
        ".github/workflows/anchors.yml",
        "on:\n  pull_request_target: &nothing\n  push: *nothing\njobs:\n  first:\n    name: job-anchor-1\n    steps: &shared\n    - name: step-shared-1\n      run: echo hello\n    - name: step-shared-2\n      uses: ./.github/actions/outer\n  second:\n    name: job-anchor-2\n    needs: first\n    steps: *shared\n",
    ),
    (
        ".github/workflows/calls.yml",
        "true: {pull_request: {}}\njobs:\n  call:\n    name: job-call\n    uses: ./.github/workflows/called.yml\n    with: {deep: 'yes'}\n  far:\n    name: job-far\n    uses: elsewhere/shared/.github/workflows/verify.yml@v4\n",
    ),
    (
        ".github/workflows/called.yml",
        "on:\n  workflow_call:\n    inputs:\n      deep: {default: 'no'}\njobs:\n  inner:\n    name: job-inner\n    steps:\n    - name: step-inner-1\n      if: inputs.deep == 'no'\n      run: make\n    - name: step-inner-2\n      if: inputs.deep == 'yes'\n      run: make\n",
    ),
    (
        ".github/workflows/pushes.yml",
        "on: {push: {branches: [main]}}\njobs: {a: {steps: [{run: never}]}}\n",
    ),
    (
        ".github/actions/outer/action.yml",
        "runs:\n  using: composite\n  steps:\n  - name: step-outer-1\n    uses: ./.github/actions/inner\n  - name: step-outer-2\n    run: ls\n",
    ),
    (
        ".github/actions/inner/action.yaml",
        "runs:\n  using: composite\n  steps:\n  - name: step-inmost-1\n    run: ls\n",
    ),
];

#[test]
fn no_job_and_no_step_is_missing() {
    let plan = planned(&Texts::of(SHAPES), &change(&["a.java"]));
    assert_eq!(plan.problems, []);
    let texts: String =
        SHAPES.iter().filter(|(path, _)| !path.contains("pushes")).map(|(_, text)| *text).collect();
    let wanted: BTreeSet<String> = marks(&texts, "step-").into_iter().collect();
    let steps = all_steps(&plan);
    let told: BTreeSet<String> = steps.iter().map(|step| step.name.clone()).collect();
    assert_eq!(wanted.len(), 10);
    assert_eq!(wanted.difference(&told).collect::<Vec<_>>(), Vec::<&String>::new());
    let jobs: Vec<String> = all_jobs(&plan).iter().map(|job| job.name.clone()).collect();
    let mut wanted = marks(&texts, "job-");
    wanted.sort();
    let mut told = jobs;
    told.sort();
    assert_eq!(told, wanted);
    // By hand: text 2, matrix 1, anchors twice (2 + 2 + 1), inner 2, far 1.
    assert_eq!(steps.len(), 2 + 1 + 2 * 5 + 2 + 1);
    assert_eq!(plan.totals.steps, steps.len());
    assert_eq!((plan.totals.workflows, plan.totals.on_requests), (6, 4));
    // 2 × 3, one out, one more; all other jobs run once.
    assert_eq!(plan.totals.jobs, 7);
    assert_eq!(plan.totals.runs, 6 + 6);
    let Plan { totals, .. } = plan;
    assert_eq!(totals.exact + totals.approximate + totals.not_here, totals.steps + totals.hooks);
}

#[test]
fn as_many_as_are_written_are_listed() {
    for (files, jobs, steps) in [(1, 1, 1), (3, 4, 5), (12, 7, 3), (2, 1, 90)] {
        let mut texts = Texts(BTreeMap::new());
        for file in 0..files {
            let mut text = String::from("on:\n  pull_request:\njobs:\n");
            for job in 0..jobs {
                text += &format!("  j{job}:\n    runs-on: ubuntu-latest\n    steps:\n");
                for step in 0..steps {
                    text += &match step % 3 {
                        0 => format!("      - run: |\n          one {step}\n          two\n"),
                        1 => format!("      - uses: some/thing@v{step}\n"),
                        _ => "      - {name: nothing at all}\n".to_owned(),
                    };
                }
            }
            texts.0.insert(format!(".github/workflows/w{file}.yml"), text);
        }
        let plan = planned(&texts, &change(&[]));
        assert_eq!(plan.totals.steps, files * jobs * steps);
        assert_eq!(plan.totals.jobs, files * jobs);
        assert_eq!(plan.totals.not_here, files * jobs * steps, "none of these is known");
        assert!(all_steps(&plan).iter().all(|step| !step.why.is_empty()));
    }
}

#[test]
fn a_step_that_no_rule_knows_says_so() {
    let plan = one(
        "on: pull_request\njobs:\n  a:\n    steps:\n    - run: ./rocket launch\n    - run: |\n        cd ui\n        ./rocket launch\n        mvn verify\n    - uses: some/rocket@v1\n",
    );
    let steps = all_steps(&plan);
    let told: Vec<(Label, &str)> = steps.iter().map(|step| (step.label, &*step.why)).collect();
    assert_eq!(told[0], (Label::NotHere, "onramp does not know this step"));
    assert_eq!(told[1], (Label::NotHere, "onramp does not know `./rocket launch`"));
    assert_eq!(told[2], (Label::NotHere, "onramp does not know this action"));
}

#[test]
fn what_a_script_prepares_does_not_hide_what_it_judges() {
    let plan = one("on: pull_request
jobs:
  rat:
    runs-on: x
    steps:
    - run: |
        git clone https://github.com/shapeblue/cloudstack-nonoss.git nonoss && cd nonoss && bash -x install-non-oss.sh && cd ..
        rm -fr nonoss
        mvn -P developer,systemvm -Dsimulator -Dnoredist -pl . org.apache.rat:apache-rat-plugin:0.12:check
    - run: |
        git clone --depth 1 https://github.com/shapeblue/cloudstack-nonoss.git nonoss
        cd nonoss
        bash -x install-non-oss.sh
");
    let steps = all_steps(&plan);
    assert_eq!(steps[0].label, Label::Exact, "{}", steps[0].why);
    assert_eq!(steps[0].actions.len(), 1);
    assert_eq!(steps[1].label, Label::NotHere, "{}", steps[1].why);
    let judging = plan.totals.judging;
    assert_eq!((judging.exact, judging.approximate, judging.not_here), (1, 0, 0));
}

#[test]
fn what_is_the_same_in_every_row_is_named() {
    let plan = one(
        "on: pull_request\nenv: {JAVA: 17}\njobs:\n  a:\n    strategy: {matrix: {os: [x, y]}}\n    steps:\n    - {name: 'JDK ${{ env.JAVA }}', run: ls}\n    - {name: 'on ${{ matrix.os }}', run: ls}\n",
    );
    let names: Vec<&str> = all_steps(&plan).iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["JDK 17", "on ${{ matrix.os }}"]);
}

#[test]
fn goals_of_plug_ins_are_known_where_they_only_judge() {
    let plan = one(
        "on: pull_request\njobs:\n  a:\n    steps:\n    - run: mvn --batch-mode --no-transfer-progress -P examples javadoc:javadoc\n    - run: mvn -B spotbugs:check -Pall\n    - run: |\n        ls\n        mvn --batch-mode --no-transfer-progress --show-version versions:set -DnewVersion=2\n",
    );
    let told: Vec<_> = all_steps(&plan).iter().map(|step| (step.label, step.why.clone())).collect();
    assert_eq!((told[0].0, told[1].0), (Label::Approximate, Label::Approximate), "{told:?}");
    // It would change the poms; and what it does stands at its end.
    assert_eq!(told[2].0, Label::NotHere);
    assert!(told[2].1.contains("versions:set -DnewVersion=2`"), "{told:?}");
}

#[test]
fn what_starts_is_told_by_branches_and_files() {
    let filters = |filters: &str| {
        one(&format!("on:\n  pull_request:\n    {filters}\njobs: {{}}\n")).workflows[0]
            .starts
            .clone()
    };
    assert_eq!(filters("paths: ['**.java']"), Meets::Yes);
    assert_eq!(filters("paths: ['docs/**']"), no("this branch touches none of docs/**"));
    assert_eq!(
        filters("paths: ['**', '!**.java']"),
        no("this branch touches none of **, !**.java")
    );
    let passed_over = "this branch touches only files that it passes over";
    assert_eq!(filters("paths-ignore: ['*.java']"), no(passed_over));
    assert_eq!(filters("paths-ignore: ['*.md']"), Meets::Yes);
    assert_eq!(filters("branches: [main, '4.*']"), Meets::Yes);
    let elsewhere = "only for base 4.*, and this branch goes to main";
    assert_eq!(filters("branches: ['4.*']"), no(elsewhere));
    assert_eq!(filters("types: [closed]"), no("only when a pull request is closed"));
    assert_eq!(filters("types: [opened, closed]"), Meets::Yes);
    let unknown = Change { files: Err("no base".to_owned()), ..change(&[]) };
    let text = "on: {pull_request: {paths: [a]}}\njobs: {}\n";
    let plan = planned(&Texts::of(&[(".github/workflows/one.yml", text)]), &unknown);
    let why = "the changed files cannot be told: no base".to_owned();
    assert_eq!(plan.workflows[0].starts, Meets::Depends(why));
}

fn no(why: &str) -> Meets {
    Meets::No(why.to_owned())
}

#[test]
fn jobs_that_need_one_that_does_not_run_do_not_run() {
    let plan = one(
        "on: pull_request\njobs:\n  a: {if: github.event_name == 'push', steps: []}\n  b: {needs: a, steps: []}\n  c: {needs: [b], steps: []}\n  d: {needs: [b], if: always(), steps: []}\n",
    );
    let met: Vec<bool> = all_jobs(&plan).iter().map(|job| job.meets.possible()).collect();
    assert_eq!(met, [false, false, false, true]);
}

#[test]
fn hostile_workflows_are_told_of_by_name_and_bounded() {
    let deep = format!("on: pull_request\njobs: {}\n", "[".repeat(5000));
    let wide = {
        let row: Vec<String> = (0..400).map(|row| row.to_string()).collect();
        let row = row.join(", ");
        format!(
            "on: pull_request\njobs:\n  a:\n    strategy: {{matrix: {{a: [{row}], b: [{row}], c: [{row}]}}}}\n    steps: [{{run: ls}}]\n"
        )
    };
    let many = format!("on: pull_request\na: [{}]\n", "x, ".repeat(25_000));
    let laughs = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: [*d, *d, *d, *d, *d, *d]\non: pull_request\n";
    let round = "on: [pull_request, workflow_call]\njobs:\n  again: {uses: ./.github/workflows/round.yml}\n  steps: {steps: [{uses: ./loop}]}\n";
    let heavy = {
        let row: Vec<String> = (0..250).map(|row| row.to_string()).collect();
        let row = row.join(", ");
        let env: String = (0..3000).map(|n| format!("  V{n}: v\n")).collect();
        let steps = "{run: x, env: {A: b}}, ".repeat(500);
        format!(
            "on: pull_request\nenv:\n{env}jobs: {{a: {{strategy: {{matrix: {{r: [{row}]}}}}, steps: [{steps}]}}}}\n"
        )
    };
    let texts = Texts::of(&[
        (".github/workflows/heavy.yml", &heavy),
        (".github/workflows/deep.yml", &deep),
        (".github/workflows/many.yml", &many),
        (".github/workflows/wide.yml", &wide),
        (".github/workflows/laughs.yml", laughs),
        (".github/workflows/round.yml", round),
        (".github/workflows/tabs.yml", "on:\n\t- pull_request\n"),
        (".github/workflows/out.yml", "on: pull_request\njobs: {a: {uses: ./../../x.yml}}\n"),
        ("loop/action.yml", "runs: {using: composite, steps: [{uses: ./loop}]}\n"),
    ]);
    let plan = planned(&texts, &change(&[]));
    let told: BTreeMap<&str, &str> =
        plan.problems.iter().map(|problem| (&*problem.file, &*problem.what)).collect();
    let files: Vec<&&str> = told.keys().collect();
    let names = ["deep", "heavy", "laughs", "many", "out", "round", "tabs"];
    let wanted: Vec<String> =
        names.iter().map(|name| format!(".github/workflows/{name}.yml")).collect();
    assert!(wanted.iter().all(|name| told.contains_key(&**name)), "{files:?}");
    assert!(told[".github/workflows/round.yml"].contains("calls itself"), "{told:?}");
    assert!(told[".github/workflows/many.yml"].contains("than onramp reads"), "{told:?}");
    assert!(told[".github/workflows/heavy.yml"].contains("more steps than"), "{told:?}");
    assert!(told.values().all(|what| !what.contains('\n') && what.len() < 300), "{told:?}");
    let wide = all_jobs(&plan).into_iter().find(|job| job.id == "wide/a").unwrap();
    assert_eq!(wide.runs, Some(256));
}

#[test]
fn yaml_of_any_form_keeps_its_lines() {
    let read = node::read("a: 1\nb:\n  - x\n  - {c: true}\n").unwrap();
    let items = read.get("b").unwrap().items();
    assert_eq!((items[0].line, items[1].line), (3, 4));
    assert_eq!(items[1].text_of("c"), Some("true"));
    assert_eq!(read.text_of("a"), Some("1"));
}
