//! The configurations of the runs in a picture, for the metadata of its file.

use crate::figure::request::PlottedRun;

/// The configuration of every run as TOML, with its live changes, under a comment with its name and
/// changes. The text of a single run is a configuration file that reproduces it.
#[must_use]
pub fn settings(runs: &[PlottedRun]) -> String {
    let mut text = String::new();
    for shown in runs {
        let config = shown.run.replay();
        text.extend([format!("# {}\n", shown.name.replace('\n', " "))]);
        for marker in shown.run.markers() {
            text.extend([format!("# step {}: {}\n", marker.step, marker.sentence())]);
        }
        text.push_str(&config.to_toml());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::history::Run;
    use crate::protocol::{Event, RunId, Source};

    #[test]
    fn the_settings_in_a_picture_reproduce_the_run() {
        let mut config = RunConfig { seed: 7, ..RunConfig::default() };
        config.live.peak_lr = 0.25;
        let mut run = Run::new(RunId(1), config.clone());
        let text = |run: &Run| {
            settings(&[PlottedRun { run, is_ghost: false, name: "two\nlines".to_owned() }])
        };
        assert_eq!(RunConfig::from_toml(&text(&run)).unwrap(), config);
        config.live.peak_lr = 0.5;
        let (id, source) = (run.id(), Source::User(1));
        run.apply(&Event::Tuned { run: id, step: 9, live: Box::new(config.live), source });
        let again = RunConfig::from_toml(&text(&run)).unwrap();
        assert_eq!((again.changes.len(), again), (1, run.replay()));
    }
}
