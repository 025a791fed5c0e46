//! The command line itself: help, and what is wrong with it.

use crate::support::Test;

#[test]
fn nobody_forges_a_line_of_an_error() {
    for (args, stderr) in [
        (
            &["validate", "no\npe\u{1b}.json"][..],
            "error: cannot read `no\\u000ape\\u001b.json`: No such file or directory (os error 2)\n\n\
             hint: check how the path is spelled; `-` stands for standard input\n",
        ),
        (
            &["validate", "--no\n\nhint: pe"],
            "error: unexpected argument '--no\\u000a\\u000ahint: pe' found\n\n\
             hint: Usage: syncfy-hooks validate [OPTIONS] [PATH]...\nhint: try `--help`\n",
        ),
        (
            &["listen", "--count", "1\n\nhint: 2"],
            "error: invalid value '1\\u000a\\u000ahint: 2' for '--count <N>': a whole number from 1\n\n\
             hint: try `--help`\n",
        ),
    ] {
        Test::new().args(args).status(2).stderr(stderr).run();
    }
}

#[test]
fn nothing_is_not_expected() {
    for count in ["0", "-1", "two", ""] {
        Test::new()
            .args(["listen", "--expect", &format!("documents.*={count}")])
            .status(2)
            .stderr(format!(
                "error: invalid value 'documents.*={count}' for '--expect <GLOB[=N]>': \
                 how many to expect is a whole number from 1\n\nhint: try `--help`\n"
            ))
            .run();
    }
}

#[test]
fn a_query_is_no_route() {
    let url = |target: &str| {
        let test = Test::new().file("a.json", "{\"a\":1}");
        let output = test
            .args(["replay", "a.json", "--dry-run", "--json", "--to", target])
            .output();
        assert_eq!(output.code(), Some(0), "{target}: {}", output.stderr());
        output.json().first().map(|request| request["url"].clone())
    };
    for target in ["localhost?x=1", "example.test?x=*&y=2"] {
        assert_eq!(url(target), Some(format!("http://{target}").into()));
    }
}

#[test]
fn help_is_a_command_too() {
    for (command, flag) in [
        (&["help"][..], &["--help"][..]),
        (&["help", "listen"], &["listen", "--help"]),
        (&["key", "help", "new"], &["key", "new", "--help"]),
    ] {
        let help = Test::new().args(flag).output().stdout();
        Test::new().args(command).stdout(help).run();
    }
}
