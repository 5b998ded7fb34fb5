//! What the user, or the tree, has decided about a build, and where. Reads words; changes none.

/// What the user, or the tree, has decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// Content of MAVEN_OPTS.
    pub maven_opts: String,
    /// A start-up file of Maven's launcher that sets MAVEN_OPTS, and so replaces the variable, with
    /// what it sets.
    pub start_up: Option<(String, String)>,
    /// Content of JAVA_TOOL_OPTIONS.
    pub java_tool_options: String,
    /// Content of JDK_JAVA_OPTIONS.
    pub jdk_java_options: String,
    /// Content of `.mvn/jvm.config`.
    pub jvm_config: String,
    /// Content of `.mvn/maven.config`.
    pub maven_config: String,
    /// Content of MAVEN_ARGS, which Maven reads from 3.9 on.
    pub maven_args: String,
    /// Whether there is a list of JDKs for poms to choose from.
    pub toolchains: bool,
    /// Arguments for Maven from the command line.
    pub arguments: Vec<String>,
}

impl Own {
    /// Where options of Maven's JVM come from, the later ones winning inside it.
    fn jvm_places(&self) -> [(&str, &str); 4] {
        let (place, last) = match &self.start_up {
            Some((file, options)) => (file.as_str(), options),
            None => ("MAVEN_OPTS", &self.maven_opts),
        };
        [
            ("JAVA_TOOL_OPTIONS", self.java_tool_options.as_str()),
            ("JDK_JAVA_OPTIONS", &self.jdk_java_options),
            (".mvn/jvm.config", &self.jvm_config),
            (place, last),
        ]
    }

    fn jvm_words(&self) -> impl Iterator<Item = (&str, &str)> {
        let places = self.jvm_places().into_iter();
        places.flat_map(|(place, text)| text.split_whitespace().map(move |word| (place, word)))
    }

    /// The option of Maven's JVM that begins so and counts, with its place.
    #[must_use]
    pub fn jvm_option(&self, prefix: &str) -> Option<(&str, &str)> {
        self.jvm_words().filter(|(_, word)| word.starts_with(prefix)).last()
    }

    /// The garbage collector that is chosen, with its place.
    #[must_use]
    pub fn collector(&self) -> Option<(&str, &str)> {
        let collector = |word: &str| word.starts_with("-XX:+Use") && word.ends_with("GC");
        self.jvm_words().find(|(_, word)| collector(word))
    }

    /// Where somebody decided how many modules are built at a time.
    #[must_use]
    pub fn threads(&self) -> Option<&'static str> {
        let sets = |word: &str| {
            word.strip_prefix("-T").is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
                || word.starts_with("--threads")
        };
        if self.arguments.iter().any(|word| sets(word)) {
            return Some("your arguments");
        }
        let places = [(&self.maven_args, "MAVEN_ARGS"), (&self.maven_config, ".mvn/maven.config")];
        let set = places.into_iter().find(|(text, _)| text.split_whitespace().any(sets));
        set.map(|(_, place)| place)
    }

    /// Every place with something in it, as place and content.
    pub fn set(&self) -> impl Iterator<Item = (&str, &str)> {
        let of_maven =
            [("MAVEN_ARGS", self.maven_args.as_str()), (".mvn/maven.config", &self.maven_config)];
        let all = self.jvm_places().into_iter().chain(of_maven);
        all.map(|(place, text)| (place, text.trim())).filter(|(_, text)| !text.is_empty())
    }

    /// How many modules at a time were asked for, where a number was: `2C` is twice the cores.
    pub(super) fn threads_asked(&self, cores: usize) -> Option<usize> {
        let all = self.arguments.iter().map(String::as_str);
        let of_files = [&self.maven_args, &self.maven_config];
        let words: Vec<&str> =
            of_files.into_iter().flat_map(|text| text.split_whitespace()).chain(all).collect();
        let number = |text: &str| match text.strip_suffix('C') {
            Some(times) => {
                let times = times.parse::<f64>().ok().filter(|times| (0.0..=64.0).contains(times));
                times.map(|times| (times * cores as f64) as usize)
            }
            None => text.parse().ok(),
        };
        let beside = words.iter().rev().find_map(|word| {
            let rest = word.strip_prefix("-T").or_else(|| word.strip_prefix("--threads="));
            number(rest?)
        });
        let behind = words.windows(2).rev().find_map(|pair| {
            matches!(pair[0], "-T" | "--threads").then(|| number(pair[1])).flatten()
        });
        beside.or(behind).map(|threads| threads.max(1))
    }
}
