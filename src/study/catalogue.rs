//! The studies that ship with the program, with their results.

use super::{Study, StudyError};
use crate::config::{RunConfig, preset};

/// A study that ships with the program.
#[derive(Clone, Copy, Debug)]
pub struct CatalogueStudy {
    /// The study's name on the command line.
    pub name: &'static str,
    /// Its TOML file.
    pub toml: &'static str,
    /// Its results table as CSV.
    pub csv: &'static str,
}

impl CatalogueStudy {
    /// Parses the study.
    ///
    /// # Errors
    /// A mistake in its file.
    pub fn study(&self) -> Result<Study, StudyError> {
        Study::from_toml(self.toml, &built_in)
    }
}

/// Looks up a built-in preset as the `base` of a study; the error is one sentence.
pub fn built_in(name: &str) -> Result<RunConfig, String> {
    preset(name).map(|preset| preset.config.clone()).map_err(|error| error.to_string())
}

macro_rules! known {
    ($($name:literal),+ $(,)?) => {
        /// All studies that ship with the program.
        pub static CATALOGUE: &[CatalogueStudy] = &[$(CatalogueStudy {
            name: $name,
            toml: include_str!(concat!("../../assets/studies/", $name, ".toml")),
            csv: include_str!(concat!("../../assets/studies/", $name, ".csv")),
        }),+];
    };
}

known!["claim", "warmup", "plateau", "init-scale", "batch-size", "cdat", "loss"];
