//! Manual pages that stand in the code: the doc comment at the head of a source file, which is Markdown.

/// A manual page.
#[derive(Clone, Copy, Debug)]
pub struct Page(&'static str);

impl Page {
    /// The page at the head of this source.
    pub(in crate::domain) const fn of(source: &'static str) -> Self {
        Self(source)
    }

    /// The whole page in Markdown: a sentence, then sections.
    #[must_use]
    pub fn text(self) -> String {
        self.lines().flat_map(|line| [line, "\n"]).collect()
    }

    /// Its first sentence.
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.lines().next().unwrap_or_default()
    }

    /// The prose of one section, on one line. Empty where there is no such section.
    #[must_use]
    pub fn section(self, heading: &str) -> String {
        let is_heading = |line: &&str| line.strip_prefix("## ") == Some(heading);
        let section = self.lines().skip_while(|line| !is_heading(line)).skip(1);
        let lines: Vec<&str> = section
            .take_while(|line| !line.starts_with("## "))
            .filter(|line| !line.is_empty())
            .collect();
        lines.join(" ")
    }

    fn lines(self) -> impl Iterator<Item = &'static str> {
        let lines = self.0.lines().map_while(|line| line.strip_prefix("//!"));
        lines.map(|line| line.strip_prefix(' ').unwrap_or(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Page = Page::of(
        "//! Sums up.\n//!\n//! ## Why\n//! One\n//! two.\n//!\n//! ## Do\n//! It.\n\nuse x;\n//! No.",
    );

    #[test]
    fn is_the_head_of_a_file() {
        assert_eq!(PAGE.text(), "Sums up.\n\n## Why\nOne\ntwo.\n\n## Do\nIt.\n");
        assert_eq!(PAGE.summary(), "Sums up.");
    }

    #[test]
    fn has_sections() {
        assert_eq!(PAGE.section("Why"), "One two.");
        assert_eq!(PAGE.section("Do"), "It.");
        assert_eq!(PAGE.section("Else"), "");
    }
}
