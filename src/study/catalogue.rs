//! The studies that come with the program: their files and the tables they came to.
//! Does not run them.

use super::{Study, StudyError};
use crate::config::{RunConfig, preset};

/// A study that comes with the program.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// What it is called.
    pub name: &'static str,
    /// Its file.
    pub toml: &'static str,
    /// The table that it came to, as CSV.
    pub csv: &'static str,
}

impl Known {
    /// The study.
    ///
    /// # Errors
    /// What is wrong with its file.
    pub fn study(&self) -> Result<Study, StudyError> {
        Study::from_toml(self.toml, &built_in)
    }
}

/// The configuration of a built-in preset, as the `base` of a study, or one sentence.
pub fn built_in(name: &str) -> Result<RunConfig, String> {
    preset(name).map(|preset| preset.config.clone()).map_err(|error| error.to_string())
}

macro_rules! known {
    ($($name:literal),+ $(,)?) => {
        /// All of them.
        pub static KNOWN: &[Known] = &[$(Known {
            name: $name,
            toml: include_str!(concat!("../../assets/studies/", $name, ".toml")),
            csv: include_str!(concat!("../../assets/studies/", $name, ".csv")),
        }),+];
    };
}

known!["claim", "warmup", "plateau", "init-scale", "batch-size", "cdat", "loss"];
