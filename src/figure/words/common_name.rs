//! What the names of several runs have in common.

use crate::history::Run;

/// The part of their names that runs share: of `m: 0.1, 1` and `m: 0.1, 2`, tasks of a study, it is
/// `m: 0.1`. `None` if they share nothing.
pub(super) fn common_name(runs: &[&Run]) -> Option<String> {
    let names = runs.iter().map(|run| run.initial_config().name.as_str());
    let all: Vec<Name> = names.map(Name::of).collect();
    let first = all.first()?;
    if all.iter().any(|other| other.study != first.study) {
        return None;
    }
    let n = first.values.len();
    let has_same_axes = all.iter().all(|other| other.values.len() == n);
    let is_shared = |at: &usize| {
        has_same_axes && all.iter().all(|other| other.values[*at] == first.values[*at])
    };
    let shared: Vec<&str> = (0..n).filter(is_shared).map(|at| first.values[at]).collect();
    Some(match shared.as_slice() {
        [] => first.study.to_owned(),
        shared => format!("{}: {}", first.study, shared.join(", ")),
    })
}

/// The name of a task: its study, and its value on every axis. Other names have no values.
struct Name<'a> {
    study: &'a str,
    values: Vec<&'a str>,
}

impl<'a> Name<'a> {
    fn of(name: &'a str) -> Self {
        match name.split_once(": ") {
            Some((study, values)) => Self { study, values: values.split(", ").collect() },
            None => Self { study: name, values: Vec::new() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::RunId;

    #[test]
    fn tasks_share_their_study_and_the_values_that_are_the_same() {
        let common = |names: &[&str]| {
            let run = |name: &&str| {
                let config = RunConfig { name: (*name).to_owned(), ..RunConfig::default() };
                Run::new(RunId(1), config)
            };
            let runs: Vec<Run> = names.iter().map(run).collect();
            common_name(&runs.iter().collect::<Vec<_>>())
        };
        assert_eq!(common(&["m: 0.1, 1", "m: 0.1, 2"]).as_deref(), Some("m: 0.1"));
        assert_eq!(common(&["m: 1, 0.1, on", "m: 2, 0.1, on"]).as_deref(), Some("m: 0.1, on"));
        assert_eq!(common(&["m: 1", "m: 2"]).as_deref(), Some("m"));
        assert_eq!(common(&["m: 8, 8", "m: 8"]).as_deref(), Some("m"));
        assert_eq!(common(&["mine", "mine"]).as_deref(), Some("mine"));
        assert_eq!(common(&["mine", "yours"]), None);
        assert_eq!(common(&[]), None);
    }
}
