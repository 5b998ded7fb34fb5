//! Where Python and Node.js lead: version managers, virtual environments, links; no program is ever
//! started for it.

use serde_json::{Value, json};

use super::machine::{machine, observe};

fn python(text: &str, arguments: Value) -> Value {
    observe(&machine(text), "python", arguments).unwrap()
}

#[test]
fn the_nearest_file_chooses_and_a_variable_outweighs_it() {
    let text = |env: &str| {
        format!(
            "env: {{ PATH: '/home/ada/.pyenv/shims:/usr/bin'{env} }}
files:
  /home/ada/.pyenv/shims/python3: ''
  /home/ada/.pyenv/version: \"3.8.20\\n\"
  /home/ada/.pyenv/versions/3.8.20/bin/python3.8: ''
  /home/ada/.pyenv/versions/3.10.9/bin/python3.10: ''
  /home/ada/.pyenv/versions/3.10.14/bin/python3.10: ''
  /home/ada/src/.python-version: \"# ours\\n3.10\\n\"
links:
  /home/ada/.pyenv/versions/3.8.20/bin/python3: python3.8
  /home/ada/.pyenv/versions/3.10.9/bin/python3: python3.10
  /home/ada/.pyenv/versions/3.10.14/bin/python3: python3.10
"
        )
    };
    let near = python(&text(""), json!({ "tree": "/home/ada/src/cloudstack" }));
    assert_eq!(near["version"], "3.10.14", "the newest that begins so: {near}");
    assert_eq!(near["chosen_by"], "pyenv by /home/ada/src/.python-version");
    let far = python(&text(""), json!({ "tree": "/srv/cloudstack" }));
    assert_eq!(far["version"], "3.8.20", "{far}");
    let set = python(&text(", PYENV_VERSION: '2.7:3.8.20'"), json!({ "tree": "/home/ada/src" }));
    assert_eq!(
        (&set["version"], &set["chosen_by"]),
        (&json!("3.8.20"), &json!("pyenv by PYENV_VERSION"))
    );
}

#[test]
fn asdf_and_mise_are_read_as_they_write() {
    let asdf = python(
        "env: { PATH: '/home/ada/.asdf/shims' }
files:
  /home/ada/.asdf/shims/python3: ''
  /home/ada/.tool-versions: \"nodejs 20.1.0\\npython 3.12.3 system\\n\"
  /home/ada/.asdf/installs/python/3.12.3/bin/python3.12: ''
links: { /home/ada/.asdf/installs/python/3.12.3/bin/python3: python3.12 }",
        json!({}),
    );
    assert_eq!(asdf["version"], "3.12.3", "{asdf}");
    let mise = python(
        "env: { PATH: '/home/ada/.local/share/mise/shims:/usr/bin' }
files:
  /home/ada/.local/share/mise/shims/python3: ''
  /usr/bin/python3.11: ''
  /home/ada/x/mise.toml: \"[tools]\\nnode = '16'\\npython = ['3.9', 'system']\\n\"
links: { /usr/bin/python3: python3.11 }",
        json!({ "tree": "/home/ada/x" }),
    );
    assert_eq!((&mise["version"], &mise["chosen_by"]), (&json!("3.11"), &Value::Null), "{mise}");
}

#[test]
fn a_tree_chooses_no_program_of_its_own() {
    let found = python(
        "env: { PATH: '/home/ada/.pyenv/shims' }
files:
  /home/ada/.pyenv/shims/python3: ''
  /home/ada/x/.python-version: \"../../x/evil\\n/home/ada/x/evil\\n\"
  /home/ada/x/evil/bin/python3: ''",
        json!({ "tree": "/home/ada/x" }),
    );
    assert_eq!((&found["home"], &found["version"]), (&Value::Null, &Value::Null), "{found}");
}

#[test]
fn packages_are_found_where_each_system_puts_them() {
    let homes = [
        ("/usr/lib/python3/dist-packages", "/usr/bin/python3.11", "/usr/bin/python3"),
        ("/usr/local/lib/python3.11/dist-packages", "/usr/bin/python3.11", "/usr/bin/python3"),
        (
            "/home/ada/.local/lib/python3.11/site-packages",
            "/usr/bin/python3.11",
            "/usr/bin/python3",
        ),
        ("/usr/lib/python3.13/site-packages", "/usr/bin/python3.13", "/usr/bin/python3"),
        (
            "/opt/homebrew/Cellar/python@3.13/3.13.1/Frameworks/Python.framework/Versions/3.13/lib/python3.13/site-packages",
            "/opt/homebrew/Cellar/python@3.13/3.13.1/Frameworks/Python.framework/Versions/3.13/bin/python3.13",
            "/opt/homebrew/bin/python3",
        ),
    ];
    for (folder, program, link) in homes {
        let text = format!(
            "env: {{ PATH: '/opt/homebrew/bin:/usr/bin' }}
files: {{ '{program}': '', '{folder}/setuptools/__init__.py': '' }}
links: {{ '{link}': '{program}' }}"
        );
        let found = python(&text, json!({ "packages": ["setuptools", "nosuch"] }));
        assert_eq!(found["packages"][0]["path"], format!("{folder}/setuptools"), "{found}");
        assert_eq!(found["missing"], json!(["nosuch"]));
    }
}

#[test]
fn node_tells_its_version_by_folder_header_or_word() {
    let node = |text: &str| {
        let arguments = json!({ "tree": "/home/ada/x", "signs": ["ui"] });
        observe(&machine(&format!("{text}\nfolders: [/home/ada/x/ui]")), "node", arguments).unwrap()
    };
    let fnm = node(
        "env: { PATH: '/run/fnm/1/bin' }
files: { /home/ada/.local/share/fnm/node-versions/v16.20.2/installation/bin/node: '' }
links: { /run/fnm/1/bin: /home/ada/.local/share/fnm/node-versions/v16.20.2/installation/bin }",
    );
    assert_eq!((&fnm["version"], &fnm["major"]), (&json!("16.20.2"), &json!(16)), "{fnm}");
    let unpacked = node(
        "env: { PATH: '/opt/node/bin' }
files:
  /opt/node/bin/node: ''
  /opt/node/include/node/node_version.h: |
    #define NODE_MAJOR_VERSION 14
    #define NODE_MINOR_VERSION 21
    #define NODE_PATCH_VERSION 3",
    );
    assert_eq!(unpacked["version"], "14.21.3");
    assert_eq!(node("run: { node --version: v24.1.0 }")["version"], "24.1.0");
    let volta = node(
        "env: { PATH: '/home/ada/.volta/bin' }
files: { /home/ada/.volta/bin/volta-shim: '' }
links: { /home/ada/.volta/bin/node: volta-shim }",
    );
    assert_eq!(volta["version"], Value::Null);
    assert!(volta["untold"].as_str().unwrap().contains("volta-shim"), "{volta}");
}

#[test]
fn node_is_not_asked_where_nothing_is_made_with_it() {
    let text = "trouble: { node --version: { hangs: true } }";
    let found = observe(&machine(text), "node", json!({ "tree": "/home/ada/x", "signs": ["ui"] }));
    let found = found.unwrap();
    assert_eq!((&found["present"], &found["untold"]), (&json!(true), &Value::Null), "{found}");
}
