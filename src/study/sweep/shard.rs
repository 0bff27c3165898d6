//! Shards: the parts of a study that several machines compute independently.

use std::fmt;
use std::str::FromStr;

/// Part `part` of `n_parts`, counted from 1: every `n_parts`-th task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    part: usize,
    n_parts: usize,
}

impl Shard {
    /// The whole study.
    pub const WHOLE: Self = Self { part: 1, n_parts: 1 };

    /// Whether it contains the task with this index, from 0: index ≡ part − 1 (mod `n_parts`).
    #[must_use]
    pub const fn has(self, index: usize) -> bool {
        index % self.n_parts == self.part - 1
    }

    /// Name of the file with its rows.
    #[must_use]
    pub fn results_file(self) -> String {
        if self == Self::WHOLE {
            return "results.csv".to_owned();
        }
        format!("results-{}-of-{}.csv", self.part, self.n_parts)
    }

    /// The shard whose rows a file of this name has; `None` if it is no results table.
    pub(super) fn of_file(name: &str) -> Option<Self> {
        let part = name.strip_prefix("results")?.strip_suffix(".csv")?;
        let shard = match part.strip_prefix('-') {
            None if part.is_empty() => Self::WHOLE,
            None => return None,
            Some(part) => part.replacen("-of-", "/", 1).parse().ok()?,
        };
        (shard.results_file() == name).then_some(shard)
    }

    /// Part and number of parts, for the name of a claim file.
    pub(super) const fn parts(self) -> [usize; 2] {
        [self.part, self.n_parts]
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.n_parts)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = text.split_once('/').and_then(|(part, n_parts)| {
            Some(Self { part: part.trim().parse().ok()?, n_parts: n_parts.trim().parse().ok()? })
        });
        read.filter(|shard| (1..=shard.n_parts).contains(&shard.part)).ok_or_else(|| {
            "expected I/N with I from 1 to N, for example 2/4 for the second of four parts"
                .to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;

    #[test]
    fn every_task_is_in_exactly_one_shard() {
        for n in 1..6 {
            let shards: Vec<Shard> = (1..=n).map(|i| format!("{i}/{n}").parse().unwrap()).collect();
            for index in 0..20 {
                assert_eq!(shards.iter().filter(|shard| shard.has(index)).count(), 1);
            }
        }
        let second: Shard = "2/4".parse().unwrap();
        assert!(second.has(1) && second.has(5) && !second.has(2));
        assert_eq!("1/1".parse(), Ok(Shard::WHOLE));
    }

    #[test]
    fn a_table_is_known_by_its_name() {
        for shard in ["1/1", "2/4", "10/12"] {
            let shard: Shard = shard.parse().unwrap();
            assert_eq!(Shard::of_file(&shard.results_file()), Some(shard));
        }
        for name in ["results-5-of-4.csv", "results-of-.csv", "results1.csv", "my-results.csv"] {
            assert_eq!(Shard::of_file(name), None, "{name}");
        }
    }

    #[test]
    fn an_invalid_shard_is_refused_with_an_example() {
        for text in ["", "1", "0/4", "5/4", "a/b", "1/0", "-1/4", "1/4/2"] {
            assert!(text.parse::<Shard>().unwrap_err().contains("2/4"), "{text}");
        }
    }
}
