//! Where options come from, and which of them wins.

use crate::support::Test;

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
