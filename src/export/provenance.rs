//! What an exported file carries so that its runs can be repeated: the version that wrote it and, for
//! each run, its name, the hash of its data and its configuration with all changes. Written as one
//! text, in which everything but the configurations is a comment, and read back from it.

use crate::history::Run;

/// Version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Keyword of the text in a PNG.
pub const PNG_KEYWORD: &str = "Configuration";

/// Element of the text in the metadata of an SVG.
pub const SVG_ELEMENT: &str = "configuration";

/// XML namespace of that element.
pub const SVG_NAMESPACE: &str = "https://github.com/eoscope/eoscope";

const VERSION_LINE: &str = "# eoscope ";
const STUDY_LINE: &str = "# study ";
const RUN_LINE: &str = "# run ";
const DATA_LINE: &str = "# data ";

/// A run with its name in a picture or table.
#[derive(Clone, Copy, Debug)]
pub struct NamedRun<'a> {
    /// The name.
    pub name: &'a str,
    /// The run.
    pub run: &'a Run,
}

/// The text that a file of these runs carries. That of a single run is a configuration file.
#[must_use]
pub fn provenance(runs: &[NamedRun]) -> String {
    let mut text = format!("{VERSION_LINE}{VERSION}\n");
    for (at, NamedRun { name, run }) in runs.iter().enumerate() {
        text.extend([format!("{RUN_LINE}{} of {}: {}\n", at + 1, runs.len(), one_line(name))]);
        let hash = run.facts().map(|facts| facts.data_hash.as_str());
        if let Some(hash) = hash.filter(|hash| !hash.is_empty()) {
            text.extend([format!("{DATA_LINE}{hash}\n")]);
        }
        for marker in run.markers() {
            let change = one_line(&marker.sentence());
            text.extend([format!("# step {}: {change}\n", marker.step)]);
        }
        text.push_str(&run.replay().to_toml());
        text.push('\n');
    }
    text
}

/// The text that a figure of a study carries: the study as TOML, under its name.
#[must_use]
pub fn study_provenance(name: &str, toml: &str) -> String {
    format!("{VERSION_LINE}{VERSION}\n{STUDY_LINE}{}\n{toml}", one_line(name))
}

/// Whether a text begins as one that [`Provenance::read`] reads.
#[must_use]
pub fn is_provenance(text: &str) -> bool {
    text.starts_with(VERSION_LINE)
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// A text of [`provenance`], read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The version that wrote it; `None` for one that did not yet name itself.
    pub version: Option<String>,
    /// What it carries of each run.
    pub runs: Vec<CarriedRun>,
}

/// What a file carries of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarriedRun {
    /// Its name in the picture or table.
    pub name: String,
    /// Hash of its data, if it had loaded them.
    pub data_hash: Option<String>,
    /// The configuration that repeats it, as TOML.
    pub toml: String,
}

impl Provenance {
    /// Reads the text that a file carries.
    ///
    /// # Errors
    /// The text is of a study, or a run is missing from it.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().peekable();
        let version = lines.next_if(|line| line.starts_with(VERSION_LINE));
        let Some(version) = version.map(|line| line[VERSION_LINE.len()..].trim().to_owned()) else {
            // Earlier versions carried the configurations with nothing to tell several apart.
            let run = CarriedRun { toml: text.to_owned(), ..CarriedRun::default() };
            return Ok(Self { version: None, runs: vec![run] });
        };
        if let Some(study) = lines.peek().and_then(|line| line.strip_prefix(STUDY_LINE)) {
            return Err(format!(
                "this is a figure of the study `{study}`, which is no single run; repeat it with \
                 `eoscope study` and its study.toml"
            ));
        }
        let mut runs: Vec<CarriedRun> = Vec::new();
        let mut n_wanted = 0;
        for line in lines {
            if let Some(heading) = Heading::read(line).filter(|it| it.number == runs.len() + 1) {
                n_wanted = heading.n_runs;
                runs.push(CarriedRun { name: heading.name.to_owned(), ..CarriedRun::default() });
                continue;
            }
            let Some(run) = runs.last_mut() else { continue };
            match line.strip_prefix(DATA_LINE) {
                Some(hash) if run.toml.is_empty() => run.data_hash = Some(hash.trim().to_owned()),
                Some(_) | None => run.toml.extend([line, "\n"]),
            }
        }
        if runs.is_empty() || runs.len() != n_wanted {
            return Err(format!(
                "its configuration is incomplete: it should hold {n_wanted} runs, and {} are there; \
                 copy the file again, or give the config.toml of the run's folder",
                runs.len()
            ));
        }
        Ok(Self { version: Some(version), runs })
    }
}

/// The line above what is carried of a run.
struct Heading<'a> {
    number: usize,
    n_runs: usize,
    name: &'a str,
}

impl<'a> Heading<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (place, name) = line.strip_prefix(RUN_LINE)?.split_once(": ")?;
        let (number, n_runs) = place.split_once(" of ")?;
        Some(Self { number: number.parse().ok()?, n_runs: n_runs.parse().ok()?, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Event, RunId, Source};

    fn changed_run(id: u64, seed: u64) -> Run {
        let mut config = RunConfig { seed, ..RunConfig::default() };
        config.live.peak_lr = 0.25;
        let mut run = Run::new(RunId(id), config.clone());
        config.live.peak_lr = 0.5;
        let (run_id, source) = (run.id(), Source::User(1));
        run.apply(&Event::Tuned { run: run_id, step: 9, live: Box::new(config.live), source });
        run
    }

    #[test]
    fn the_text_of_one_run_is_a_configuration_that_reproduces_it() {
        let run = changed_run(1, 7);
        let text = provenance(&[NamedRun { name: "two\nlines", run: &run }]);
        let again = RunConfig::from_toml(&text).unwrap();
        assert_eq!((again.changes.len(), again), (1, run.replay()));
        assert!(text.contains(VERSION) && text.contains("# step 9: Learning rate 0.25 → 0.5"));
    }

    #[test]
    fn several_runs_are_read_back_with_their_names() {
        let runs = [changed_run(1, 7), changed_run(2, 8)];
        let named =
            [NamedRun { name: "a: 1 of 2", run: &runs[0] }, NamedRun { name: "b", run: &runs[1] }];
        let read = Provenance::read(&provenance(&named)).unwrap();
        assert_eq!(read.version.as_deref(), Some(VERSION));
        assert_eq!(read.runs.len(), 2);
        for (carried, NamedRun { name, run }) in read.runs.iter().zip(named) {
            assert_eq!(carried.name, name);
            assert_eq!(RunConfig::from_toml(&carried.toml).unwrap(), run.replay());
        }
    }

    #[test]
    fn a_text_of_something_else_is_refused_or_left_to_the_configuration() {
        let run = changed_run(1, 7);
        let text = provenance(&[NamedRun { name: "a", run: &run }; 2]);
        let cut = &text[..text.rfind(RUN_LINE).unwrap()];
        let refused = Provenance::read(cut).unwrap_err();
        assert!(refused.contains("2 runs, and 1 are there"), "{refused}");
        let refused = Provenance::read(&study_provenance("rates", "seed = 3\n")).unwrap_err();
        assert!(refused.contains("study `rates`"), "{refused}");
        assert!(Provenance::read("# eoscope 9.9\n").is_err());
        let earlier = Provenance::read("# blowup\nseed = 3\n").unwrap();
        assert_eq!((earlier.version, earlier.runs.len()), (None, 1));
        assert_eq!(RunConfig::from_toml(&earlier.runs[0].toml).unwrap().seed, 3);
    }
}
