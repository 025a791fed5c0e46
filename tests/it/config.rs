//! Where options come from, and which of them wins.

use crate::support::{KEY, Test};

const USER: &str = ".config/syncfy-hooks/config.toml";
const PROJECT: &str = "syncfy-hooks.toml";

/// The path that `listen` answers on tells where its option came from.
#[track_caller]
fn assert_path(test: Test, path: &str) {
    let url = test.listen().url().to_owned();
    assert!(url.ends_with(path), "{url} instead of {path}");
}

#[test]
fn the_nearest_word_wins() {
    let user = || Test::new().home_file(USER, "[listen]\npath = '/user'\n");
    let project = || user().file(PROJECT, "[listen]\npath = '/project'\n");
    let environment = || project().env("SYNCFY_HOOKS_PATH", "/environment");
    assert_path(user(), "/user");
    assert_path(project(), "/project");
    assert_path(environment(), "/environment");
    assert_path(environment().args(["--path", "/flag"]), "/flag");
}

#[test]
fn a_profile_stands_on_top_of_what_holds_for_all() {
    let text = "[listen]\npath = '/all'\n[profile.staging.listen]\npath = '/staging'\n";
    assert_path(Test::new().file(PROJECT, text), "/all");
    assert_path(
        Test::new()
            .file(PROJECT, text)
            .args(["--profile", "staging"]),
        "/staging",
    );
}

#[test]
fn a_named_file_takes_the_place_of_the_project_s() {
    let test = Test::new()
        .file(PROJECT, "[listen]\npath = '/project'\n")
        .file("other.toml", "[listen]\npath = '/other'\n");
    assert_path(test.args(["--config", "other.toml"]), "/other");
}

#[test]
fn a_profile_that_nobody_has_is_a_mistake() {
    Test::new()
        .args(["listen", "--profile", "nowhere"])
        .status(2)
        .stderr(
            "error: no configuration file has the profile `nowhere`\n\n\
             hint: add a table `[profile.nowhere]` to `syncfy-hooks.toml`\n",
        )
        .run();
}

/// A `validate` of something that is wrong.
fn validate() -> Test {
    Test::new()
        .file("a.json", "{}")
        .args(["validate", "a.json"])
}

const FINDING: &str = "a.json:1:1: error[SH101]: not a Syncfy notification: an empty object\n";

#[test]
fn what_is_typed_wins_over_options_that_exclude_it() {
    for (name, value, args) in [
        ("JSON", "1", ["--quiet", "--format=compact"]),
        ("VERBOSE", "yes", ["--quiet", "--color=never"]),
    ] {
        let variable = format!("SYNCFY_HOOKS_{name}");
        let test = validate().env(variable, value).args(args);
        test.status(1).stdout(FINDING).run();
    }
    let output = validate()
        .env("SYNCFY_HOOKS_FORMAT", "compact")
        .arg("--json")
        .output();
    assert_eq!(output.json()[0]["type"], "validation");
    for (name, value, arg) in [
        ("COUNT", "3", "--once"),
        ("CA", "missing.pem", "--insecure"),
    ] {
        let variable = format!("SYNCFY_HOOKS_{name}");
        Test::new().env(variable, value).arg(arg).listen();
    }
    let file = Test::new().file(PROJECT, "[listen]\ncount = 3\n");
    file.arg("--once").listen();
}

#[test]
fn a_switch_that_is_off_excludes_nothing() {
    let file = || validate().file(PROJECT, "quiet = true\n");
    file().status(1).stdout(FINDING).run();
    let test = file().env("SYNCFY_HOOKS_VERBOSE", "off");
    test.status(1).stdout(FINDING).run();
    let test = file().env("SYNCFY_HOOKS_QUIET", "0");
    test.status(1)
        .stdout(FINDING)
        .stderr("1 notification: 1 invalid (1 error)\n")
        .run();
}

/// What `listen` says that it forwards to.
#[track_caller]
fn assert_targets(test: Test, targets: &[&str]) {
    let output = test
        .args(["--listen", "0", "--within", "0s"])
        .status(124)
        .output();
    let found: Vec<String> = output
        .stderr()
        .lines()
        .filter_map(|line| line.trim().strip_prefix("forwarding to "))
        .map(str::to_owned)
        .collect();
    assert_eq!(found, targets, "{}", output.stderr());
}

#[test]
fn targets_are_one_setting() {
    let file = || {
        Test::new()
            .file(PROJECT, "[listen]\nforward-to = ['4999']\n")
            .arg("listen")
    };
    let environment = || file().env("SYNCFY_HOOKS_FORWARD_TO", "4998\n\n documents.*=4997\n");
    assert_targets(file(), &["http://localhost:4999"]);
    assert_targets(file().arg("3000"), &["http://localhost:3000"]);
    assert_targets(
        file().args(["3000", "-f", "3001"]),
        &["http://localhost:3000", "http://localhost:3001"],
    );
    assert_targets(
        environment(),
        &["http://localhost:4998", "documents.*=http://localhost:4997"],
    );
    assert_targets(environment().arg("3000"), &["http://localhost:3000"]);
    let empty = file().env("SYNCFY_HOOKS_FORWARD_TO", "");
    assert_targets(empty, &["http://localhost:4999"]);
}

#[test]
fn what_is_wrong_elsewhere_is_told_with_its_place() {
    let listen = || Test::new().arg("listen").status(2);
    listen()
        .env("SYNCFY_HOOKS_COUNT", "many")
        .env("SYNCFY_HOOKS_PATH", "/fine")
        .stderr(
            "error: invalid value 'many' for '--count <N>': a whole number from 1\n\n\
             hint: try `--help`\nhint: see what `SYNCFY_HOOKS_COUNT` sets\n",
        )
        .run();
    listen()
        .env("SYNCFY_HOOKS_COUNT", "3")
        .env("SYNCFY_HOOKS_ONCE", "1")
        .stderr(
            "error: the argument '--once' cannot be used with '--count <N>'\n\n\
             hint: Usage: syncfy-hooks listen --once [TARGET]\nhint: try `--help`\n\
             hint: see what `SYNCFY_HOOKS_ONCE` and `SYNCFY_HOOKS_COUNT` set\n",
        )
        .run();
    listen()
        .env("SYNCFY_HOOKS_ONCE", "perhaps")
        .stderr(
            "error: `SYNCFY_HOOKS_ONCE`: it is `1`, `true`, `yes` or `on`, else `0`, `false`, `no` or `off`\n",
        )
        .run();
    listen()
        .file(PROJECT, "[listen]\ncount = 0\n")
        .stderr(
            "error: invalid value '0' for '--count <N>': a whole number from 1\n\n\
             hint: try `--help`\nhint: see what `[DIR]/syncfy-hooks.toml` sets\n",
        )
        .run();
}

#[test]
fn options_for_all_commands_may_stand_in_a_file() {
    validate()
        .file(PROJECT, "color = 'always'\nquiet = true\n")
        .status(1)
        .stdout("a.json:1:1: \u{1b}[1;31merror[SH101]\u{1b}[0m: not a Syncfy notification: an empty object\n")
        .run();
}

#[test]
fn errors_of_the_command_line_look_as_they_are_wanted() {
    let json = "{\"type\":\"error\",\"code\":\"usage\",\"message\":\"unexpected argument '--bad' found\",\"hints\":[\
                \"to pass '--bad' as a value, use '-- --bad'\",\"Usage: syncfy-hooks validate [OPTIONS] [PATH]...\",\
                \"try `--help`\"]}\n";
    for (name, value) in [("JSON", "1"), ("FORMAT", "json")] {
        Test::new()
            .env(format!("SYNCFY_HOOKS_{name}"), value)
            .env("SYNCFY_HOOKS_COLOR", "no such colour")
            .args(["validate", "--bad"])
            .status(2)
            .stderr(json)
            .run();
    }
    let output = Test::new()
        .env("SYNCFY_HOOKS_JSON", "1")
        .env("SYNCFY_HOOKS_COLOR", "always")
        .args(["validate", "--format", "compact", "--bad"])
        .output();
    assert!(
        output.stderr().starts_with("\u{1b}[1;31merror:\u{1b}[0m "),
        "{}",
        output.stderr()
    );
}

/// The file that `key show` reads, as it names it.
#[track_caller]
fn assert_key_file(test: Test, file: &str) {
    let output = test.args(["key", "show"]).output();
    let named = output.stdout();
    let named = named.split(": ").next();
    assert_eq!(named, Some(file), "{}", output.stderr());
}

#[test]
fn a_path_in_a_file_begins_at_that_file() {
    let settings = "[key.show]\nkey-file = 'my.key'\n";
    let here = Test::new().file("my.key", KEY).file(PROJECT, settings);
    assert_key_file(here, "my.key");
    let named = Test::new()
        .file("etc/my.key", KEY)
        .file("etc/a.toml", settings);
    assert_key_file(named.args(["--config", "etc/a.toml"]), "etc/my.key");
    for (key, config) in [
        ("../my.key", "../syncfy-hooks.toml"),
        (".config/syncfy-hooks/my.key", USER),
    ] {
        let test = Test::new().home_file(key, KEY).home_file(config, settings);
        let root = test.directory().with_file_name("");
        let key = key
            .strip_prefix("../")
            .map_or_else(|| root.join("home").join(key), |key| root.join(key));
        assert_key_file(test, &key.display().to_string());
    }
}

#[test]
fn what_is_no_path_in_a_file_stays() {
    let settings = "[key.show]\nkey-file = '-'\n[sign]\nclaims = '{\"iss\":\"me\"}'\n";
    let test = || {
        Test::new()
            .file("etc/a.toml", settings)
            .args(["--config", "etc/a.toml"])
    };
    assert_key_file(test().stdin(KEY), "<stdin>");
    let output = test()
        .file("a.json", "{}")
        .env("SYNCFY_HOOKS_KEY", KEY)
        .args(["sign", "--json", "a.json"])
        .output();
    assert_eq!(
        output.json()[0]["claims"]["iss"],
        "me",
        "{}",
        output.stderr()
    );
}

#[test]
fn a_shared_file_holds_no_secret() {
    for (option, name) in [
        ("header", "Proxy-Authorization"),
        ("header", "X-Api-Key"),
        ("require-header", "x-syncfy-TOKEN"),
        ("require-header", "Set-Cookie"),
    ] {
        Test::new()
            .file(PROJECT, format!("[listen]\n{option} = ['X-Plain: 1', '{name}: hush']\n"))
            .arg("listen")
            .status(2)
            .stderr(format!(
                "error: `{option}` in `[DIR]/syncfy-hooks.toml`: a shared secret does not belong in a project's file\n\n\
                 hint: set it in the environment, or in your own configuration file\n"
            ))
            .run();
    }
    let plain = "[listen]\nheader = 'X-Plain: my secret key'\nrequire-header = ['X-Tenant: 7']\n";
    Test::new().file(PROJECT, plain).listen();
    let own = "[listen]\nrequire-header = ['X-Secret: hush']\n";
    Test::new().home_file(USER, own).listen();
}

#[test]
fn a_key_in_the_environment_stands_above_the_one_that_a_file_names() {
    let show = || {
        Test::new()
            .file("syncfy-hooks.toml", "key-file = [\"k.txt\"]\n")
            .file("k.txt", "text:the key of the file, which is long enough")
            .args(["key", "show", "--json"])
    };
    assert_eq!(show().output().json()[0]["source"], "k.txt");
    let key = "text:the key of the environment, long enough";
    let output = show().env("SYNCFY_HOOKS_KEY", key).output();
    assert_eq!(output.json()[0]["source"], "SYNCFY_HOOKS_KEY");
    let output = show()
        .env("SYNCFY_HOOKS_KEY", key)
        .args(["--key-file", "k.txt"])
        .output();
    assert_eq!(output.json()[0]["source"], "k.txt");
}
