//! The checks. One check is one file: its module documentation is its manual page, its constant `CHECK` is its entry.

mod alg_none;
mod batch;
mod chunked;
mod deep_nesting;
mod documents_fail_spellings;
mod duplicate;
mod empty_body;
mod every_event;
mod expect_continue;
mod expired;
mod fast;
mod fifty_at_once;
mod get;
mod huge_body;
mod malformed_json;
mod not_yet_valid;
mod odd_spacing;
mod other_algorithm;
mod other_environment;
mod plain;
mod stale;
mod tampered_body;
mod truncated_token;
mod two_signatures;
mod unknown_event;
mod unsigned;
mod wrong_content_type;
mod wrong_key;

use super::check::Check;

/// Every check, by ascending code.
#[must_use]
pub fn all() -> &'static [Check] {
    CHECKS
}

/// Lists every check once.
macro_rules! checks {
    ($($check:ident),+ $(,)?) => {
        static CHECKS: &[Check] = &[$($check::CHECK),+];
    };
}

checks![
    unsigned,
    wrong_key,
    alg_none,
    other_algorithm,
    expired,
    not_yet_valid,
    stale,
    tampered_body,
    truncated_token,
    two_signatures,
    other_environment,
    plain,
    every_event,
    unknown_event,
    batch,
    duplicate,
    documents_fail_spellings,
    odd_spacing,
    chunked,
    expect_continue,
    malformed_json,
    empty_body,
    huge_body,
    deep_nesting,
    wrong_content_type,
    get,
    fifty_at_once,
    fast,
];

/// The check with that code (in any case) or name.
#[must_use]
pub fn find(code_or_name: &str) -> Option<&'static Check> {
    let is_it = |check: &&Check| {
        check.code.eq_ignore_ascii_case(code_or_name) || check.name == code_or_name
    };
    CHECKS.iter().find(is_it)
}

/// The check that goes first: a plainly right notification, without which the answers to all others prove little.
///
/// # Panics
///
/// Never: it is in the catalogue.
#[must_use]
pub fn control() -> &'static Check {
    find(plain::CHECK.code).expect("the control is in the catalogue")
}

#[cfg(test)]
mod tests {
    use super::super::Expect;
    use super::*;

    #[test]
    fn codes_ascend_and_are_found() {
        assert!(all().is_sorted_by(|left, right| left.code < right.code));
        for check in all() {
            assert!(std::ptr::eq(find(check.code).unwrap(), check));
            assert!(std::ptr::eq(find(check.name).unwrap(), check));
            assert!(std::ptr::eq(
                find(&check.code.to_lowercase()).unwrap(),
                check
            ));
        }
        assert!(find("H999").is_none());
        assert_eq!(control().name, "plain");
    }

    #[test]
    fn the_code_says_what_is_expected() {
        for check in all() {
            let expect = match &check.code[..2] {
                "H1" => Expect::Refuse,
                "H3" => Expect::Survive,
                _ => Expect::Accept,
            };
            assert_eq!(check.expect, expect, "{}", check.name);
        }
    }

    #[test]
    fn every_check_has_a_page_and_a_remedy() {
        for check in all() {
            let page = check.page.text();
            let headings: Vec<&str> = page
                .lines()
                .filter_map(|line| line.strip_prefix("## "))
                .collect();
            assert_eq!(
                headings,
                [
                    "What it sends",
                    "Why",
                    "What a right endpoint answers",
                    "Remedy"
                ],
                "{}",
                check.name
            );
            for heading in headings {
                let section = check.page.section(heading);
                assert!(
                    section.ends_with('.') || section.ends_with("FILE`"),
                    "{}: {section}",
                    check.name
                );
            }
            assert!(page.starts_with(check.page.summary()));
            assert!(check.page.summary().ends_with('.'), "{}", check.name);
            assert!(!page.contains("use crate"), "{page}");
        }
    }
}
