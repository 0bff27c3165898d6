//! The studies that come with the program: their files and the tables they came to.
//! Does not read them.

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
