//! Which modules wait for which, and what that does to building several at a time.

use std::path::PathBuf;

use onramp::maven::graph::Graph;
use onramp::maven::pom;
use onramp::maven::project::{Reactor, ReactorModule};
use proptest::prelude::*;

/// Modules from the bodies of their poms; each is a folder of its own.
fn reactor(poms: &[&str]) -> Reactor {
    let modules = poms.iter().map(|body| {
        let text = format!("<project>{body}</project>");
        let pom = pom::parse(text.as_bytes()).unwrap();
        let folder = PathBuf::from(pom.artifact.clone().unwrap_or_default());
        ReactorModule { file: folder.join("pom.xml"), folder, pom }
    });
    Reactor { modules: modules.collect(), problems: Vec::new() }
}

const ROOT: &str = "<groupId>g</groupId><artifactId>root</artifactId>
    <properties><own>g</own></properties>
    <build><plugins><plugin><artifactId>checks</artifactId><dependencies><dependency>
      <groupId>g</groupId><artifactId>rules</artifactId></dependency></dependencies></plugin></plugins>
      <pluginManagement><plugins><plugin><artifactId>p</artifactId><dependencies><dependency>
      <groupId>g</groupId><artifactId>web</artifactId></dependency></dependencies></plugin></plugins>
      </pluginManagement></build>
    <dependencyManagement><dependencies><dependency><groupId>g</groupId>
      <artifactId>web</artifactId></dependency></dependencies></dependencyManagement>";
const PARENT: &str = "<parent><groupId>g</groupId><artifactId>root</artifactId></parent>";

fn needs(artifact: &str) -> String {
    format!(
        "<dependencies><dependency><groupId>g</groupId><artifactId>{artifact}</artifactId>\
         </dependency></dependencies>"
    )
}

#[test]
fn dependencies_plug_ins_and_parents_are_waited_for() {
    let api = format!("{PARENT}<artifactId>api</artifactId>");
    let web = format!("{PARENT}<artifactId>web</artifactId>{}", needs("api"));
    // Only the root's properties tell its group.
    let tool = "<groupId>h</groupId><artifactId>tool</artifactId><dependencies><dependency>\
                <groupId>${own}</groupId><artifactId>web</artifactId></dependency></dependencies>";
    let rules = "<groupId>g</groupId><artifactId>rules</artifactId>";
    let graph = Graph::of(&reactor(&[ROOT, &web, &api, tool, rules]));
    assert_eq!(graph.needs(0), [4], "the root's own plug-in, and nothing that is only managed");
    assert_eq!(graph.needs(1), [0, 2, 4], "and what the parent's plug-ins use");
    assert_eq!(graph.needs(2), [0, 4]);
    assert_eq!(graph.needs(3), [1]);
    assert_eq!(graph.order(), [4, 0, 2, 1, 3]);
    let chain = graph.longest(&[1.0; 5]);
    assert_eq!(chain.modules, [4, 0, 2, 1, 3]);
    assert!((chain.weight - 5.0).abs() < 1e-9);
}

#[test]
fn other_groups_and_scopes_of_the_same_name_are_not_modules() {
    let other = "<groupId>g</groupId><artifactId>a</artifactId><dependencies><dependency>\
                 <groupId>h</groupId><artifactId>b</artifactId></dependency></dependencies>";
    let graph = Graph::of(&reactor(&[other, "<groupId>g</groupId><artifactId>b</artifactId>"]));
    assert_eq!(graph.needs(0), [0; 0]);
}

#[test]
fn a_circle_ends() {
    let graph = Graph::new(vec![vec![1], vec![2], vec![0], vec![3, 9]]);
    let mut order = graph.order().to_vec();
    order.sort_unstable();
    assert_eq!(order, [0, 1, 2, 3]);
    assert!(graph.makespan(&[1.0; 4], 8) >= 1.0);
    assert_eq!(Graph::default().makespan(&[], 4), 0.0);
    assert_eq!(Graph::default().longest(&[]).modules, [0; 0]);
}

#[test]
fn threads_help_as_far_as_modules_need_not_wait() {
    // 0 first, then 1 to 4 beside each other, then 5.
    let graph = Graph::new(vec![vec![], vec![0], vec![0], vec![0], vec![0], vec![1, 2, 3, 4]]);
    let weights = [1.0, 2.0, 2.0, 2.0, 2.0, 1.0];
    let spans = [1, 2, 3, 4, 9].map(|threads| graph.makespan(&weights, threads));
    assert_eq!(spans, [10.0, 6.0, 6.0, 4.0, 4.0]);
    assert_eq!(graph.longest(&weights).weight, 4.0);
}

proptest! {
    #[test]
    fn a_build_takes_no_less_than_its_chain_and_no_longer_than_one_by_one(
        needs in prop::collection::vec(prop::collection::vec(0_usize..40, 0..4), 1..40),
        threads in 1_usize..9,
    ) {
        let weights: Vec<f64> = (0..needs.len()).map(|at| 1.0 + (at % 5) as f64).collect();
        let graph = Graph::new(needs);
        let all: f64 = weights.iter().sum();
        let span = graph.makespan(&weights, threads);
        let chain = graph.longest(&weights).weight;
        prop_assert!(span >= chain - 1e-9 && span <= all + 1e-9);
        // Graham's bound for whoever starts what is ready.
        prop_assert!(span <= all / threads as f64 + chain + 1e-9);
    }
}
