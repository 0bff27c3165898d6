//! Estimates a run's memory and time from shapes alone, before data is loaded or weights are drawn.
//! Runs nothing.

mod peak_memory;
mod time;

use thiserror::Error;

pub use peak_memory::{Memory, Part};
pub use time::Time;

use crate::config::{ConfigError, RunConfig};
use crate::net::Program;
use crate::platform::{self, Bound};
use crate::text;

/// Largest allowed number of parameters: with some millions the first measurement already takes
/// minutes.
const MAX_PARAMETERS: usize = 20_000_000;

/// Why a run is too large for this machine.
#[derive(Debug, Error, PartialEq)]
pub enum CostError {
    /// The network has too many parameters to measure its curvature.
    #[error(
        "the network would have {n_params} parameters, but at most {MAX_PARAMETERS} can be measured; \
         use a smaller width, or fewer layers or blocks"
    )]
    TooManyParameters {
        /// Parameters of the network.
        n_params: usize,
    },
    /// The run needs more memory than is available.
    #[error(
        "this run would take about {} of memory, {} of it for {part}, but {bound} {}; {}",
        text::bytes(*all), text::bytes(*of_part), text::bytes(*limit), part.advice()
    )]
    TooMuchMemory {
        /// Estimated total, in bytes.
        all: u64,
        /// The part that takes most.
        part: Part,
        /// Estimated bytes of that part.
        of_part: u64,
        /// Available memory, in bytes.
        limit: u64,
        /// What limits it.
        bound: Bound,
    },
    /// The data file of the task cannot be read.
    #[error("{0}")]
    Task(#[from] ConfigError),
}

/// Estimated cost of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Trainable parameters.
    pub n_params: usize,
    /// Peak memory.
    pub memory: Memory,
    /// Wall time.
    pub time: Time,
}

impl Cost {
    /// Estimates a run of this configuration, which must be valid, with `n_threads` threads.
    ///
    /// # Errors
    /// The data file of the task cannot be read.
    pub fn of(config: &RunConfig, n_threads: usize) -> Result<Self, ConfigError> {
        let info = config.task.info()?;
        let program = Program::of_run(config, &info);
        Ok(Self {
            n_params: program.n_params(),
            memory: Memory::of(&program, config, &info, n_threads),
            time: Time::of(&program, config, n_threads),
        })
    }

    /// Checks the estimate against the available memory; `None` is unknown.
    ///
    /// # Errors
    /// [`CostError`], if the run is too large.
    pub fn check(&self, limit: Option<platform::Memory>) -> Result<(), CostError> {
        if self.n_params > MAX_PARAMETERS {
            return Err(CostError::TooManyParameters { n_params: self.n_params });
        }
        let (all, (part, of_part)) = (self.memory.total(), self.memory.largest());
        match limit {
            Some(platform::Memory { bytes, bound }) if all > bytes => {
                Err(CostError::TooMuchMemory { all, part, of_part, limit: bytes, bound })
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Checks that a run of this configuration fits this machine.
///
/// # Errors
/// See [`Cost::check`].
pub fn check(config: &RunConfig, n_threads: usize) -> Result<(), CostError> {
    Cost::of(config, n_threads)?.check(platform::memory())
}

/// Runs that train at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideBySide {
    /// Their number, at least 1.
    pub n: usize,
    /// Estimated peak memory of the largest in bytes.
    pub largest: u64,
}

/// How many runs of these configurations fit into so many bytes, at most `n`. A run that does not fit
/// alone is ignored: it is refused when it starts.
#[must_use]
pub fn side_by_side<'a>(
    configs: impl IntoIterator<Item = &'a RunConfig>,
    n: usize,
    bytes: u64,
) -> SideBySide {
    let needs =
        configs.into_iter().filter_map(|config| Some(Cost::of(config, 1).ok()?.memory.total()));
    let largest = needs.filter(|need| *need <= bytes).max().unwrap_or(0);
    let fit = bytes.checked_div(largest).and_then(|fit| usize::try_from(fit).ok()).unwrap_or(n);
    SideBySide { n: fit.min(n), largest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{EVERY, TOP_K};
    use crate::config::{Batch, Interval, presets};

    const GIB: u64 = 1 << 30;

    fn wide(width: usize) -> RunConfig {
        let mut config = RunConfig::default();
        config.model.hidden = vec![width, width];
        config
    }

    #[test]
    fn every_preset_fits_into_half_a_gibibyte() {
        for preset in presets() {
            let all = Cost::of(&preset.config, 2).unwrap().memory.total();
            assert!(all < GIB / 2, "{}: {}", preset.config.name, text::bytes(all));
        }
    }

    #[test]
    fn a_run_beyond_the_memory_reports_the_largest_part_and_how_to_lower_it() {
        let limit = |gib| Some(platform::Memory { bytes: gib * GIB, bound: Bound::Machine });
        let large = Cost::of(&wide(3000), 2).unwrap();
        assert_eq!(large.check(limit(32)), Ok(()));
        let error = large.check(limit(4)).unwrap_err().to_string();
        assert!(error.contains("for the eigenvectors of its measurements"), "{error}");
        assert!(error.contains("this machine has 4 GiB"), "{error}");
        assert!(error.contains(TOP_K.key), "{error}");
        assert_eq!(large.check(None), Ok(()), "unknown memory");
    }

    #[test]
    fn a_network_too_large_to_measure_is_refused_whatever_the_memory() {
        let error = Cost::of(&wide(20_000), 2).unwrap().check(None).unwrap_err();
        assert!(
            matches!(error, CostError::TooManyParameters { n_params } if n_params > 400_000_000)
        );
    }

    #[test]
    fn estimates_grow_with_the_cost() {
        let of = |change: &dyn Fn(&mut RunConfig)| {
            let mut config = wide(1000);
            change(&mut config);
            Cost::of(&config, 2).unwrap()
        };
        let base = of(&|_| ());
        let more = of(&|config| config.live.probe.top_k = 6);
        assert!(more.memory.total() > base.memory.total());
        let unmeasured = of(&|config| config.live.probe.every = Interval::Off);
        assert!(unmeasured.memory.total() < base.memory.total() / 2);
        assert!(unmeasured.time.first < base.time.first / 10.0);
        let fewer = of(&|config| config.task.n_probe = Batch::Size(100.try_into().unwrap()));
        assert!(fewer.time.measurement < base.time.measurement / 5.0);
    }

    #[test]
    fn a_later_change_counts() {
        let mut config = wide(1000);
        config.live.probe.every = Interval::Off;
        let before = Cost::of(&config, 2).unwrap().memory.total();
        let text = format!("[[changes]]\nstep = 10\nset = {{ \"{EVERY}\" = 1 }}\n");
        config.add_changes(RunConfig::from_toml(&text).unwrap().changes);
        assert!(Cost::of(&config, 2).unwrap().memory.total() > 2 * before);
    }

    #[test]
    fn as_many_runs_train_as_the_largest_that_fits_leaves_room_for() {
        let config = RunConfig::default();
        let need = Cost::of(&config, 1).unwrap().memory.total();
        let of = |n, bytes| side_by_side([&config], n, bytes).n;
        assert_eq!([of(8, 3 * need), of(2, 3 * need), of(8, need)], [3, 2, 1]);
        // It cannot be run at all.
        assert_eq!(side_by_side([&config], 8, need - 1), SideBySide { n: 8, largest: 0 });
    }
}
