//! Addresses and proxies, as git, curl and Maven read them.

use std::collections::BTreeMap;

use onramp::net::proxy::{
    GitProxy, MavenProxy, ProxyKind, exempt, for_git, for_maven, maven_exempt,
};
use onramp::net::target::{NotATarget, Scheme, parse};
use onramp::net::{Proxy, Route, Target};
use proptest::prelude::*;

fn target(address: &str) -> Target {
    parse(address).expect(address)
}

#[test]
fn addresses_of_the_wild() {
    let cases = [
        ("https://github.com/apache/cloudstack.git", Scheme::Https, "github.com", 443),
        ("HTTP://Repo.Example.ORG:8081/maven2?x=1", Scheme::Http, "repo.example.org", 8081),
        ("git@github.com:apache/cloudstack.git", Scheme::Ssh, "github.com", 22),
        ("github.com:apache/cloudstack", Scheme::Ssh, "github.com", 22),
        ("[::1]:cloudstack.git", Scheme::Ssh, "::1", 22),
        ("ada@[::1]:cloudstack.git", Scheme::Ssh, "::1", 22),
        ("ssh://git@ssh.github.com:443/apache/x.git", Scheme::Ssh, "ssh.github.com", 443),
        ("git://example.org/x", Scheme::Git, "example.org", 9418),
        ("https://[2001:db8::1]:8443/x", Scheme::Https, "2001:db8::1", 8443),
        ("https://ada:s%40cret@example.org./x", Scheme::Https, "example.org", 443),
        ("https://ada:p@ss@example.org/x", Scheme::Https, "example.org", 443),
        ("https://example.org", Scheme::Https, "example.org", 443),
    ];
    for (address, scheme, host, port) in cases {
        let read = target(address);
        assert_eq!((read.scheme, read.host.as_str(), read.port), (scheme, host, port), "{address}");
        assert!(!read.shown.contains('@') && !read.shown.contains("cret"), "{}", read.shown);
    }
    assert_eq!(target("https://a:b@[::1]:80/x?key=1#y").shown, "https://[::1]:80/x");
    assert_eq!(target("git@github.com:apache/x.git").shown, "ssh://github.com/apache/x.git");
}

#[test]
fn addresses_that_lead_nowhere() {
    for local in ["/srv/git/x.git", "./x", "../a:b", "file:///srv/x", "x"] {
        assert_eq!(parse(local), Err(NotATarget::Local), "{local}");
    }
    let wrong = [
        ("", "empty"),
        ("https://", "no host"),
        ("https:///path", "no host"),
        ("https://host:99999/", "no port"),
        ("https://host:0/", "no port"),
        ("https://ho st/", "blanks"),
        ("https://host\r\nX: y/", "control"),
        ("https://[::1/", "not closed"),
        ("https://[zz]/", "no IPv6 address"),
        ("https://[::1]x/", "no host with a port"),
        ("s3://bucket/x", "protocol `s3`"),
    ];
    for (address, says) in wrong {
        match parse(address) {
            Err(NotATarget::Malformed(why)) => assert!(why.contains(says), "{address:?}: {why}"),
            other => panic!("{address:?}: {other:?}"),
        }
    }
}

fn git(address: &str, settings: &[GitProxy], variables: &[(&str, &str)]) -> Route {
    let variables: BTreeMap<_, _> = variables.iter().copied().collect();
    for_git(&target(address), settings, &|name| variables.get(name).map(|v| (*v).to_owned()))
}

fn proxy_of(route: Route) -> Proxy {
    match route {
        Route::Through(proxy) => proxy,
        other => panic!("{other:?}"),
    }
}

#[test]
fn variables_as_curl_reads_them() {
    let https = "https://github.com/x";
    let via = |variables: &[(&str, &str)]| proxy_of(git(https, &[], variables));
    let proxy = via(&[("https_proxy", "http://proxy.example.org:3128/")]);
    assert_eq!(
        (proxy.host.as_str(), proxy.port, proxy.kind),
        ("proxy.example.org", 3128, ProxyKind::Http)
    );
    assert_eq!((proxy.named_by.as_str(), proxy.login), ("https_proxy", false));
    assert_eq!(via(&[("HTTPS_PROXY", "upper"), ("https_proxy", "lower")]).host, "lower");
    assert_eq!(via(&[("all_proxy", "socks5h://s:1081")]).kind, ProxyKind::Socks);
    assert_eq!(via(&[("ALL_PROXY", "bare")]).port, 1080);
    assert_eq!(via(&[("https_proxy", "https://t")]).port, 443);
    let login = via(&[("https_proxy", "http://ada:s3cret@p:3128")]);
    assert!(login.login && !format!("{login:?}").contains("s3cret"));

    // Capitals would let a web server choose the proxy.
    assert_eq!(git("http://repo.example.org", &[], &[("HTTP_PROXY", "p")]), Route::Direct);
    assert_eq!(proxy_of(git("http://repo.example.org", &[], &[("http_proxy", "p")])).host, "p");
    assert_eq!(git(https, &[], &[("http_proxy", "p")]), Route::Direct);
    assert_eq!(git("git@github.com:x", &[], &[("all_proxy", "p")]), Route::Direct);
    let unclear = git(https, &[], &[("https_proxy", "ftp://ada:s3cret@p")]);
    let Route::Unclear(why) = unclear else { panic!("{unclear:?}") };
    assert!(why.contains("https_proxy") && !why.contains("s3cret"), "{why}");
}

#[test]
fn hosts_without_proxy() {
    let cases = [
        ("github.com", "*", true),
        ("github.com", "github.com", true),
        ("api.github.com", "github.com", true),
        ("api.github.com", ".github.com", true),
        ("github.com", ".github.com", true),
        ("notgithub.com", "github.com", false),
        ("GitHub.com", "example.org, GITHUB.COM", true),
        ("github.com", "a b github.com.", true),
        ("github.com", "*.github.com", false),
        ("github.com", "github.com:443", false),
        ("github.com", "a,*", false),
        ("10.1.2.3", "10.0.0.0/8", true),
        ("11.1.2.3", "10.0.0.0/8", false),
        ("10.1.2.3", "0.0.0.0/0", true),
        ("10.1.2.3", "10.1.2.3", true),
        ("10.1.2.3", "2.3", false),
        ("10.1.2.3", "10.0.0.0/33", false),
        ("2001:db8::5", "2001:db8::/32", true),
        ("2001:db9::5", "[2001:db8::]/32", false),
        ("::1", "[::1]", true),
        ("github.com", "", false),
        ("github.com", ".", false),
    ];
    for (host, list, expected) in cases {
        assert_eq!(exempt(host, list), expected, "{host} in {list:?}");
    }
    let variables = [("https_proxy", "p"), ("no_proxy", "github.com")];
    assert_eq!(git("https://github.com/x", &[], &variables), Route::Direct);
}

#[test]
fn settings_of_git_come_before_variables() {
    let set = |url: Option<&str>, proxy: &str| GitProxy {
        url: url.map(str::to_owned),
        proxy: proxy.to_owned(),
    };
    let settings = [
        set(None, "everywhere:1"),
        set(Some("https://github.com"), "hub:2"),
        set(Some("https://github.com/apache/"), "apache:3"),
        set(Some("https://*.example.org"), "star:4"),
        set(Some("https://off.org"), ""),
    ];
    let host = |address: &str| proxy_of(git(address, &settings, &[("https_proxy", "env:9")])).host;
    assert_eq!(host("https://gitlab.com/x"), "everywhere");
    assert_eq!(host("https://github.com/ada/x"), "hub");
    assert_eq!(host("https://github.com/apache/x"), "apache");
    assert_eq!(host("https://github.com/apachex"), "hub");
    assert_eq!(host("https://a.example.org/x"), "star");
    assert_eq!(host("https://a.b.example.org/x"), "everywhere");
    assert_eq!(git("https://off.org/x", &settings, &[("https_proxy", "env")]), Route::Direct);
    let named = proxy_of(git("https://github.com/x", &settings, &[])).named_by;
    assert_eq!(named, "git's http.https://github.com.proxy");
}

#[test]
fn maven_reads_its_settings_alone() {
    let proxy = |protocol: &str, host: &str, except: Option<&str>| MavenProxy {
        protocol: Some(protocol.to_owned()),
        host: host.to_owned(),
        port: 3128,
        non_proxy_hosts: except.map(str::to_owned),
        ..MavenProxy::default()
    };
    let settings =
        [proxy("http", "plain", Some("*.corp.example|localhost")), proxy("https", "tls", None)];
    let via = |address: &str, settings: &[MavenProxy]| for_maven(&target(address), settings);
    assert_eq!(proxy_of(via("https://repo.example.org", &settings)).host, "tls");
    assert_eq!(proxy_of(via("http://repo.example.org", &settings)).host, "plain");
    assert_eq!(proxy_of(via("https://repo.example.org", &settings[..1])).host, "plain");
    assert_eq!(via("http://repo.corp.example", &settings), Route::Direct);
    assert_eq!(via("http://repo.example.org", &settings[1..]), Route::Direct);
    assert_eq!(via("http://repo.example.org", &[]), Route::Direct);
    assert!(maven_exempt("A.corp.example", "*.CORP.example"));
    assert!(maven_exempt("10.1.2.3", "10.*") && !maven_exempt("110.1.2.3", "10.*"));
    assert!(!maven_exempt("corp.example", "*.corp.example"));
}

proptest! {
    #[test]
    fn nothing_written_breaks_the_reader(text in "\\PC{0,60}", list in "[a-z0-9.*,:/\\[\\] ]{0,40}") {
        let _ = parse(&text);
        for address in [format!("https://{text}"), format!("https://ada:pw@{text}/x")] {
            if let Ok(read) = parse(&address) {
                prop_assert!(!read.host.is_empty() && read.port > 0);
                prop_assert!(!read.host.contains(['\r', '\n', ' ', '@']));
            }
        }
        let _ = exempt("github.com", &list);
        let _ = exempt("10.0.0.1", &list);
        let _ = maven_exempt("github.com", &list);
    }
}
