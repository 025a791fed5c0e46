//! How long answers took: percentiles of any number of latencies in constant memory.
//!
//! Latencies fall into classes that are 2 % wide, so that a percentile is off by 1 % at most.

/// The latencies of many answers.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    classes: Vec<u64>,
    count: u64,
    shortest: f64,
    longest: f64,
}

/// The upper bound of the first class, in milliseconds.
const FINEST: f64 = 0.01;

/// How much wider each class is than the one before.
const GROWTH: f64 = 1.02;

/// As many classes as reach beyond a day.
const CLASSES: usize = 1200;

impl Latencies {
    /// Takes in one more, in milliseconds.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a class is a small whole number"
    )]
    pub fn add(&mut self, millis: f64) {
        let class = (millis / FINEST).max(1.0).log(GROWTH) as usize;
        self.classes.resize(CLASSES, 0);
        if let Some(number) = self.classes.get_mut(class.min(CLASSES - 1)) {
            *number += 1;
        }
        self.shortest = if self.count == 0 {
            millis
        } else {
            self.shortest.min(millis)
        };
        self.longest = self.longest.max(millis);
        self.count += 1;
    }

    /// What `percent` of the answers took no longer than, in milliseconds with two decimals. `None` without answers.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<f64> {
        let rank = (self.count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let class = self.classes.iter().position(|number| {
            seen += number;
            seen >= rank
        })?;
        let middle = FINEST * GROWTH.powf(f64::from(u32::try_from(class).ok()?) + 0.5);
        let millis = middle.clamp(self.shortest, self.longest);
        Some((millis * 100.0).round() / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latencies(millis: impl IntoIterator<Item = f64>) -> Latencies {
        let mut latencies = Latencies::default();
        millis.into_iter().for_each(|millis| latencies.add(millis));
        latencies
    }

    #[test]
    fn one_answer_is_told_exactly() {
        assert_eq!(latencies([12.34]).percentile(50), Some(12.34));
        assert_eq!(latencies([0.0]).percentile(95), Some(0.0));
        assert_eq!(latencies([]).percentile(50), None);
    }

    #[test]
    fn many_are_told_within_a_hundredth() {
        let many = latencies((1..=1000).map(f64::from));
        for (percent, exact) in [(50, 500.0), (95, 950.0), (100, 1000.0)] {
            let told = many.percentile(percent).unwrap();
            assert!((told / exact - 1.0).abs() <= 0.011, "{percent}: {told}");
        }
    }

    #[test]
    fn a_whole_day_still_has_a_class() {
        let long = latencies([1.0, 86_400_000.0]);
        assert_eq!(long.percentile(50), Some(1.0));
        assert!(long.percentile(100).unwrap() > 80_000_000.0);
    }
}
