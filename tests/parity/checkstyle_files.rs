//! The Java files that a branch adds for checkstyle to judge. Says nothing of who minds what.

const HOME: &str = "server/src/main/java/org/example/";

/// Below `HOME`: name and text; `@` stands for the package's line.
const MADE: &[(&str, &str)] = &[
    ("Clean.java", "@\nclass Clean {\n}\n"),
    ("Blanks.java", "@ \nclass Blanks {\n    int a;  \n}\t\n"),
    ("FormFeed.java", "@\nclass FormFeed {\x0c\n    // \x0b\n}\n"),
    ("Windows.java", "@\r\nclass Windows { \r\n}\r\n"),
    ("BlankLine.java", "@\n   \nclass BlankLine {\n}"),
    (
        "Tabs.java",
        "@\nclass Tabs {\n\tint a;\n    int\tb;\n    // a\ttab\n    String c = \"\t\";\n}\n",
    ),
    ("TabAtEnd.java", "@\nclass TabAtEnd {\n    int a;\t\n}\n"),
    ("Star.java", "@\nimport java.util.*;\nimport static java.lang.Math.*;\nclass Star {\n}\n"),
    ("StarTwice.java", "@\nimport java.util.*;\nimport java.util.*;\nclass StarTwice {\n}\n"),
    ("StarOwn.java", "@\nimport java.lang.*;\nimport org.example.*;\nclass StarOwn {\n}\n"),
    (
        "Unused.java",
        "@\nimport java.util.List;\nimport java.util.Map;\nclass Unused {\n    List<String> a;\n}\n",
    ),
    (
        "UnusedStatic.java",
        "@\nimport static java.lang.Math.abs;\nimport static java.lang.Math.max;\nclass UnusedStatic {\n    int a = max(1, 2);\n}\n",
    ),
    ("InComment.java", "@\nimport java.util.List;\n// List\n/* List */\nclass InComment {\n}\n"),
    (
        "InString.java",
        "@\nimport java.util.List;\nclass InString {\n    String a = \"List \\\" List\";\n    char b = '\"';\n    String c = \"// List\";\n}\n",
    ),
    (
        "InJavadoc.java",
        "@\nimport java.util.List;\nimport java.util.Map;\nimport java.util.Set;\nimport java.io.IOException;\nimport java.net.URI;\n/**\n * See {@link List} and {@link\n *  Map#get(Object) that}.\n * @see URI#create(Set)\n */\nclass InJavadoc {\n    /** @throws IOException never */\n    void run() { }\n}\n",
    ),
    (
        "InJavadocText.java",
        "@\nimport java.util.List;\nimport java.util.Map;\n/**\n * A List is no Map. {@code List}\n * @param Map none\n */\nclass InJavadocText {\n}\n",
    ),
    (
        "LinkParameters.java",
        "@\nimport java.util.List;\nimport java.util.Map;\n/** {@linkplain Other#a(List, Map) label} {@value #B} */\nclass LinkParameters {\n}\n",
    ),
    (
        "Member.java",
        "@\nimport java.util.List;\nclass Member {\n    java.util.List a;\n    Object b = this.List;\n    int List;\n}\n",
    ),
    (
        "MemberOnly.java",
        "@\nimport java.util.List;\nclass MemberOnly {\n    java.util.List a = other().List();\n}\n",
    ),
    (
        "MethodName.java",
        "@\nimport static java.lang.Math.abs;\nimport static java.lang.Math.max;\nclass MethodName {\n    int abs(int a) { return a; }\n    java.util.List<String> max() throws Error { return null; }\n}\n",
    ),
    (
        "MethodCalled.java",
        "@\nimport static java.lang.Math.abs;\nclass MethodCalled {\n    int a() { return abs(1); }\n}\n",
    ),
    (
        "Nested.java",
        "@\nimport java.util.Map;\nimport java.util.Map.Entry;\nclass Nested {\n    Map.Entry<String, String> a;\n}\n",
    ),
    (
        "NestedPlain.java",
        "@\nimport java.util.Map;\nimport java.util.Map.Entry;\nclass NestedPlain {\n    Map.Entry a;\n}\n",
    ),
    (
        "Annotated.java",
        "@\nimport java.lang.annotation.Retention;\nimport java.lang.annotation.RetentionPolicy;\n@Retention(RetentionPolicy.RUNTIME)\n@interface Annotated {\n}\n",
    ),
    (
        "Reference.java",
        "@\nimport java.util.function.Supplier;\nimport java.util.ArrayList;\nclass Reference {\n    Supplier<Object> a = ArrayList::new;\n}\n",
    ),
    (
        "Thrown.java",
        "@\nimport java.io.IOException;\nimport java.io.EOFException;\nclass Thrown {\n    void a() throws IOException { throw new EOFException(); }\n}\n",
    ),
    (
        "Varargs.java",
        "@\nimport java.util.List;\nclass Varargs {\n    void a(String... List) { }\n}\n",
    ),
    (
        "Generic.java",
        "@\nimport java.util.List;\nimport java.util.Set;\nclass Generic<T extends List<? super Set<T>>> {\n}\n",
    ),
    (
        "Cast.java",
        "@\nimport java.util.List;\nimport java.util.Set;\nclass Cast {\n    boolean a = new Object() instanceof List;\n    Object b = (Set) null;\n}\n",
    ),
    (
        "Twice.java",
        "@\nimport java.util.List;\nimport java.util.List;\nclass Twice {\n    List a;\n}\n",
    ),
    (
        "TwiceUnused.java",
        "@\nimport java.util.List;\nimport java.util.List;\nimport java.util.List;\nclass TwiceUnused {\n}\n",
    ),
    (
        "TwiceStatic.java",
        "@\nimport static java.lang.Math.abs;\nimport static java.lang.Math.abs;\nclass TwiceStatic {\n    int a = abs(1);\n}\n",
    ),
    (
        "Language.java",
        "@\nimport java.lang.String;\nimport java.lang.reflect.Method;\nclass Language {\n    String a;\n    Method b;\n}\n",
    ),
    (
        "Neighbour.java",
        "@\nimport org.example.Clean;\nimport org.example.deep.Below;\nclass Neighbour {\n    Clean a;\n    Below b;\n}\n",
    ),
    (
        "Illegal.java",
        "@\nimport org.apache.commons.lang.StringUtils;\nimport com.google.common.base.Strings;\nclass Illegal {\n    boolean a = StringUtils.isBlank(Strings.nullToEmpty(\"\"));\n}\n",
    ),
    (
        "IllegalUnused.java",
        "@\nimport org.apache.commons.lang.StringUtils;\nclass IllegalUnused {\n}\n",
    ),
    (
        "IllegalLookalikes.java",
        "@\nimport org.apache.commons.lang3.StringUtils;\nimport static org.apache.commons.lang.StringUtils.isBlank;\nclass IllegalLookalikes {\n    boolean a = isBlank(StringUtils.SPACE);\n}\n",
    ),
    (
        "Spaced.java",
        "@\n  import   java.util.List ; // why\nimport java . util . Map;\nclass Spaced {\n}\n",
    ),
    (
        "OneLine.java",
        "@\nimport java.util.List; import java.util.Map;\nclass OneLine {\n    Map a;\n}\n",
    ),
    (
        "CommentedOut.java",
        "@\n/* import java.util.List;\nimport java.util.Map; */\n// import java.util.Set;\nclass CommentedOut {\n}\n",
    ),
    ("WrongPackage.java", "/* A package. */\n\npackage org.other;\nclass WrongPackage {\n}\n"),
    ("deep/Deep.java", "package org.example;\nclass Deep {\n}\n"),
    ("deep/Right.java", "package org.example.deep;\nclass Right {\n}\n"),
    (
        "NoPackage.java",
        "// Nothing.\n\nimport java.util.List;\nclass NoPackage {\n    List a;\n}\n",
    ),
    ("package-info.java", "/** A package. */\npackage org.example;\n"),
];

/// Path and text of every file that the branch adds.
pub(crate) fn made() -> Vec<(String, String)> {
    let below = MADE.iter().map(|(name, text)| (format!("{HOME}{name}"), text.to_string()));
    let with_package = |text: String| match text.strip_prefix('@') {
        Some(rest) => format!("package org.example;{rest}"),
        None => text,
    };
    let mut files: Vec<_> = below.map(|(path, text)| (path, with_package(text))).collect();
    let of = |count: usize, what: &str| what.repeat(count);
    let long = format!(
        "package org.example;\nclass Long {{\n{}\n{}\n    // {}\n}}\n",
        format_args!("    // {}", of(1017, "x")),
        format_args!("    // {}", of(1018, "x")),
        of(1017, "ü"),
    );
    files.push((format!("{HOME}Long.java"), long));
    let import =
        format!("package org.example;\nimport {};\nclass LongImport {{\n}}\n", of(500, "a.") + "Z");
    files.push((format!("{HOME}LongImport.java"), import.replace("a.a.a.", "aaaaaa.")));
    // What the project's checkstyle leaves out, each with a star import.
    for path in [
        "server/src/test/java/org/example/InTest.java",
        "server/deps/org/example/InDeps.java",
        "server/bin/org/example/InBin.java",
        "server/gen/generated-sources/org/example/Generated.java",
        "server/src/main/java/org/example/XmlToHtmlConverterData.java",
    ] {
        let text = "package org.example;\nimport java.util.*;\nclass LeftOut {\n}\n";
        files.push((path.to_owned(), text.to_owned()));
    }
    // A folder whose name only ends in the package's.
    files.push((
        "server/xorg/example/Ends.java".to_owned(),
        "package org.example;\nclass Ends {\n}\n".to_owned(),
    ));
    files
}
