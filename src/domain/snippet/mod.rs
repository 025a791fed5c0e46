//! Handlers to paste into an app: small, complete programs that receive notifications and check Syncfy's signature.
//!
//! Owns the programs, each a real source file beside this one, and what may be chosen in them. Refuses to know whose
//! choice that is, and which key the app will have.

use super::signature::Algorithm;

/// A language that apps are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// JavaScript on Node.js, with the library `jose`.
    Node,
    /// Python, with `PyJWT` and Flask.
    Python,
    /// PHP, with its standard library alone.
    Php,
    /// Ruby, as a Rack application on Puma.
    Ruby,
    /// Go, with its standard library alone.
    Go,
    /// Java, with the JDK and Jackson.
    Java,
    /// C#, with ASP.NET Core.
    CSharp,
}

/// What a handler is to insist on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The algorithms that a token may be signed with.
    pub algorithms: Vec<Hmac>,
    /// The header that carries the token: a valid header name in lower case.
    pub signature_header: String,
    /// How far the clocks may differ, in seconds.
    pub leeway_seconds: u32,
    /// Whether a token that does not cover the body is refused.
    pub requires_binding: bool,
}

/// HMAC with one of the SHA-2 hashes: the algorithms of the key that Syncfy uses, and all that the handlers can check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hmac {
    algorithm: Algorithm,
    /// The size of the hash in bits, by which every library names it.
    bits: u16,
}

impl Hmac {
    /// All of them, weakest first.
    pub const ALL: [Self; 3] = [
        Self::new(Algorithm::Hs256, 256),
        Self::new(Algorithm::Hs384, 384),
        Self::new(Algorithm::Hs512, 512),
    ];

    const fn new(algorithm: Algorithm, bits: u16) -> Self {
        Self { algorithm, bits }
    }

    /// The algorithm of the token.
    #[must_use]
    pub fn algorithm(self) -> Algorithm {
        self.algorithm
    }
}

impl Language {
    /// Whether a header of this name reaches an app. Python's servers drop those with an underscore, since an app could
    /// not tell it from a hyphen.
    #[must_use]
    pub fn receives(self, header: &str) -> bool {
        self != Self::Python || !header.contains('_')
    }

    fn template(self) -> &'static str {
        match self {
            Self::Node => include_str!("handler.mjs"),
            Self::Python => include_str!("handler.py"),
            Self::Php => include_str!("handler.php"),
            Self::Ruby => include_str!("handler.rb"),
            Self::Go => include_str!("handler.go"),
            Self::Java => include_str!("Handler.java"),
            Self::CSharp => include_str!("Program.cs"),
        }
    }

    /// One entry of the list of what is allowed: the name, and where it is a map what the language calls the hash.
    fn entry(self, Hmac { algorithm, bits }: Hmac) -> String {
        match self {
            Self::Node | Self::Python => format!("\"{algorithm}\""),
            Self::Php => format!("'{algorithm}' => 'sha{bits}'"),
            Self::Ruby => format!("\"{algorithm}\" => \"SHA{bits}\""),
            Self::Go => format!("\"{algorithm}\": crypto.SHA{bits}"),
            Self::Java => format!("\"{algorithm}\", \"HmacSHA{bits}\""),
            Self::CSharp => format!("[\"{algorithm}\"] = HMACSHA{bits}.HashData"),
        }
    }

    /// What stands between two entries: a comma, and a line break where one line would be too long for all of them.
    fn separator(self) -> &'static str {
        match self {
            Self::Go => ",\n\t",
            Self::Java => ",\n            ",
            Self::CSharp => ",\n        ",
            _ => ", ",
        }
    }

    /// The inside of a string literal. The name of a header has neither double quotes nor backslashes, but in double
    /// quotes PHP and Ruby see variables, so there the quotes are single ones.
    fn quoted(self, header: &str) -> String {
        match self {
            Self::Php | Self::Ruby => header.replace('\'', r"\'"),
            _ => header.to_owned(),
        }
    }

    fn truth(self, value: bool) -> &'static str {
        match (self, value) {
            (Self::Python, true) => "True",
            (Self::Python, false) => "False",
            (_, true) => "true",
            (_, false) => "false",
        }
    }
}

/// The handler in this language.
#[must_use]
pub fn render(language: Language, settings: &Settings) -> String {
    let entries = settings.algorithms.iter().map(|hmac| language.entry(*hmac));
    let entries: Vec<String> = entries.collect();
    let values = [
        ("__ALGORITHMS__", entries.join(language.separator())),
        ("__LEEWAY__", settings.leeway_seconds.to_string()),
        (
            "__REQUIRE_BINDING__",
            language.truth(settings.requires_binding).to_owned(),
        ),
        // Names of headers are in lower case, so this one is no placeholder itself.
        (
            "__SIGNATURE_HEADER__",
            language.quoted(&settings.signature_header),
        ),
    ];
    values
        .iter()
        .fold(language.template().to_owned(), |text, (name, value)| {
            text.replace(name, value)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [Language; 7] = [
        Language::Node,
        Language::Python,
        Language::Php,
        Language::Ruby,
        Language::Go,
        Language::Java,
        Language::CSharp,
    ];

    fn settings() -> Settings {
        Settings {
            algorithms: Hmac::ALL.to_vec(),
            signature_header: "request-signature".into(),
            leeway_seconds: 60,
            requires_binding: false,
        }
    }

    #[test]
    fn each_template_has_each_placeholder_once_and_none_survives() {
        for language in LANGUAGES {
            let parts: Vec<&str> = language.template().split("__").collect();
            let mut names: Vec<&str> = parts.iter().copied().skip(1).step_by(2).collect();
            names.retain(|name| !["name", "main"].contains(name));
            names.sort_unstable();
            let expected = [
                "ALGORITHMS",
                "LEEWAY",
                "REQUIRE_BINDING",
                "SIGNATURE_HEADER",
            ];
            assert_eq!(names, expected, "{language:?}");
            let rendered = render(language, &settings());
            assert!(
                !expected.iter().any(
                    |name| rendered.contains(name) && rendered.contains(&format!("__{name}__"))
                ),
                "{language:?}"
            );
        }
    }

    #[test]
    fn lines_are_short_and_end_well() {
        for language in LANGUAGES {
            let rendered = render(language, &settings());
            let too_long = rendered.lines().find(|line| line.chars().count() > 115);
            assert_eq!(too_long, None, "{language:?}");
            assert!(!rendered.lines().any(|line| line.ends_with([' ', '\t'])));
            assert!(rendered.ends_with('\n') && !rendered.ends_with("\n\n"));
        }
    }

    #[test]
    fn every_language_says_it_in_its_own_way() {
        let settings = Settings {
            algorithms: vec![Hmac::ALL[1]],
            signature_header: "it's$#_".into(),
            leeway_seconds: 5,
            requires_binding: true,
        };
        let (double, single) = (r#""it's$#_""#, r"'it\'s$#_'");
        for (language, algorithms, header) in [
            (Language::Node, r#"["HS384"]"#, double),
            (Language::Python, r#"["HS384"]"#, double),
            (Language::Php, "['HS384' => 'sha384']", single),
            (Language::Ruby, r#"{ "HS384" => "SHA384" }"#, single),
            (Language::Go, "\t\"HS384\": crypto.SHA384,\n", double),
            (Language::Java, r#" "HS384", "HmacSHA384");"#, double),
            (
                Language::CSharp,
                r#"    ["HS384"] = HMACSHA384.HashData"#,
                double,
            ),
        ] {
            let rendered = render(language, &settings);
            let truth = language.truth(true);
            for part in [algorithms, header, &format!(" = {truth}"), " = 5"] {
                assert!(rendered.contains(part), "{language:?}: {part}\n{rendered}");
            }
        }
    }
}
