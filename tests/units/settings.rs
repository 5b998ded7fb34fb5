//! Which way a request to a repository goes.

use std::path::Path;

use onramp::maven::settings::{Mirror, Proxy, Settings, load, parse};
use onramp::sys::recorded::Recorded;

fn mirror(id: &str, mirror_of: &str) -> Mirror {
    let url = format!("https://{id}.example.org/maven");
    Mirror { id: id.into(), mirror_of: mirror_of.into(), url, blocked: false }
}

fn proxy(protocol: &str, host: &str, direct: &str) -> Proxy {
    Proxy {
        id: host.into(),
        protocol: protocol.into(),
        host: host.into(),
        port: 3128,
        non_proxy_hosts: direct.into(),
        has_credentials: false,
    }
}

#[test]
fn mirror_of_as_maven_reads_it() {
    let cases = [
        ("*", "central", "https://repo.example.org", true),
        ("central", "central", "https://repo.example.org", true),
        ("central", "jboss", "https://repo.example.org", false),
        ("jboss,central", "central", "https://repo.example.org", true),
        ("jboss, central", "central", "https://repo.example.org", true),
        ("*,!central", "central", "https://repo.example.org", false),
        ("!central,*", "central", "https://repo.example.org", false),
        ("*,!central", "jboss", "https://repo.example.org", true),
        ("external:*", "local", "http://localhost:8081/x", false),
        ("external:*", "local", "http://127.0.0.1/x", false),
        ("external:*", "local", "file:///srv/maven", false),
        ("external:*", "far", "https://far.example.org", true),
        ("external:http:*", "far", "https://far.example.org", false),
        ("external:http:*", "far", "http://far.example.org", true),
        ("external:http:*", "near", "http://localhost", false),
        ("", "central", "https://repo.example.org", false),
    ];
    for (mirror_of, id, url, taken) in cases {
        let settings = Settings { mirrors: vec![mirror("m", mirror_of)], ..Settings::default() };
        let route = settings.route(id, url);
        assert_eq!(route.mirror.is_some(), taken, "{mirror_of} for {id}");
        let expected = if taken { "https://m.example.org/maven" } else { url };
        assert_eq!(route.url, expected, "{mirror_of} for {id}");
    }
}

#[test]
fn an_exact_mirror_wins_over_an_earlier_pattern() {
    let mirrors = vec![mirror("all", "*"), mirror("mine", "central")];
    let settings = Settings { mirrors, ..Settings::default() };
    assert_eq!(settings.route("central", "https://x").mirror.as_deref(), Some("mine"));
    assert_eq!(settings.route("other", "https://x").mirror.as_deref(), Some("all"));
}

#[test]
fn proxies_by_protocol_and_host() {
    let proxies = vec![
        proxy("http", "p", "localhost|*.INTERN.example|10.*"),
        proxy("https", "s", "*.direct.example"),
    ];
    let settings = Settings { proxies, ..Settings::default() };
    let via = |url: &str| settings.route("r", url).proxy.map(|proxy| proxy.host);
    assert_eq!(via("https://repo.example.org/x").as_deref(), Some("s"));
    assert_eq!(via("http://repo.example.org/x").as_deref(), Some("p"));
    assert_eq!(via("http://git.intern.example:8080/x"), None);
    assert_eq!(via("http://10.1.2.3"), None);
    assert_eq!(via("http://[::1]:80/x").as_deref(), Some("p"));
    assert_eq!(via("https://a.direct.example").as_deref(), Some("p"), "https falls back to http");
    assert_eq!(via("file:///srv"), None);
}

const USER: &str = r#"<settings>
  <localRepository>${user.home}/maven</localRepository>
  <mirrors><mirror><id>m</id><mirrorOf>*</mirrorOf><url>https://ada:secret@m.example.org/all</url></mirror></mirrors>
  <proxies>
    <proxy><active>false</active><host>old.example.org</host></proxy>
    <proxy><id>p</id><protocol>HTTPS</protocol><host>${env.PROXY_HOST}</host><port>8080</port>
      <username>ada</username><password>secret</password></proxy>
  </proxies>
</settings>"#;

#[test]
fn settings_are_read_without_their_secrets() {
    let lookup = |name: &str| (name == "env.PROXY_HOST").then(|| "proxy.example.org".to_owned());
    let settings = parse(USER.as_bytes(), &lookup).unwrap();
    let route = settings.route("central", "https://repo.maven.apache.org/maven2");
    assert_eq!(route.url, "https://m.example.org/all");
    let proxy = route.proxy.unwrap();
    assert_eq!(
        (proxy.host.as_str(), proxy.port, proxy.has_credentials),
        ("proxy.example.org", 8080, true)
    );
    assert!(!format!("{settings:?}").contains("secret"));
    assert_eq!(settings.proxies.len(), 1, "one is off");
    assert_eq!(Settings::default().route("x", "https://a:b@h/p").url, "https://h/p");
}

#[test]
fn the_users_settings_win_over_the_installations() {
    let machine = format!(
        "env: {{ PROXY_HOST: px }}\nfiles:\n  /home/ada/.m2/settings.xml: {}\n  /opt/maven/conf/settings.xml: {}",
        serde_json::to_string(USER).unwrap(),
        serde_json::to_string("<settings><localRepository>/x</localRepository><mirrors><mirror><id>m</id><mirrorOf>a</mirrorOf><url>http://no</url></mirror><mirror><id>maven-default-http-blocker</id><mirrorOf>external:http:*</mirrorOf><url>http://0.0.0.0/</url><blocked>true</blocked></mirror></mirrors></settings>").unwrap(),
    );
    let machine = Recorded::read(&machine).unwrap();
    let settings = load(&machine, Some(Path::new("/opt/maven"))).unwrap();
    assert_eq!(settings.local_repository.as_deref(), Some(Path::new("/home/ada/maven")));
    let ids: Vec<_> = settings.mirrors.iter().map(|mirror| mirror.id.as_str()).collect();
    assert_eq!(ids, ["m", "maven-default-http-blocker"]);
    assert_eq!(settings.proxies[0].host, "px");
    let blocker = Settings { mirrors: settings.mirrors[1..].to_vec(), ..Settings::default() };
    assert!(blocker.route("old", "http://old.example.org").blocked);
}

#[test]
fn broken_settings_name_file_and_line() {
    let machine = "files:\n  /home/ada/.m2/settings.xml: \"<settings>\\n<mirrors>\"";
    let error = load(&Recorded::read(machine).unwrap(), None).unwrap_err().to_string();
    assert!(error.starts_with("/home/ada/.m2/settings.xml:2: "), "{error}");
    assert_eq!(load(&Recorded::read("cores: 1").unwrap(), None).unwrap(), Settings::default());
    let denied = Recorded::read("denied: [/home/ada/.m2/settings.xml]").unwrap();
    assert!(load(&denied, None).is_err());
}
