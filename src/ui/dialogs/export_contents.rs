//! What an exported file holds: the plots as a picture, or the numbers of one run or of all.
//! Does not know where it is written.

use crate::config::settings::PACE;
use crate::export::{self, Named};
use crate::figure::title;
use crate::history::Run;
use crate::ui::session::Session;
use crate::ui::session::plotted_runs::ghost_name;

use super::picture_export::Picture;
use super::saving::Contents;

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum What {
    /// The plots.
    Picture,
    /// The numbers of the current run.
    Current,
    /// The numbers of all runs on the plots.
    All,
}

/// What the file shall hold, from the runs as they are now, to be made on another thread.
pub(in crate::ui) fn of(what: What, picture: &Picture, session: &Session) -> Contents {
    match what {
        What::Picture => picture.contents(session),
        What::Current => {
            let run = session.current().clone();
            Box::new(move || Ok(export::csv(&run).into()))
        }
        What::All => {
            let current = session.current();
            let ghosts = session.ghosts().iter();
            let runs: Vec<_> = ghosts
                .map(|run| (ghost_name(run, current), run))
                .chain([(title(current, &[]), current)])
                .map(|(name, run)| (name, settings(run), run.clone()))
                .collect();
            Box::new(move || {
                let named = |(name, settings, run)| Named { name, settings, run };
                let runs: Vec<Named> = runs.into_iter().map(named).collect();
                Ok(export::csv_many(&runs).into())
            })
        }
    }
}

/// All that differs from the preset by dotted key, then the changes with their steps: enough to train
/// it again, whatever it is called.
fn settings(run: &Run) -> String {
    let replay = run.replay();
    let base = replay.base();
    let set = base.changes_to(&replay).into_iter().filter(|change| !change.is_of(&PACE));
    let set = set.map(|change| format!("{}={}", change.key, change.to));
    let dated = replay.changes.iter().flat_map(|dated| {
        dated.set.iter().map(|(key, value)| format!("{key}={value}@{}", dated.step))
    });
    std::iter::once(base.name.clone()).chain(set).chain(dated).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ClipMode, RunConfig, preset};
    use crate::protocol::{Event, RunId, Source};

    #[test]
    fn the_settings_beside_the_numbers_of_a_run_tell_how_it_differs_and_what_was_changed() {
        let mut config = preset("blowup").unwrap().config.clone();
        config.live.warmup.steps = 256;
        let mut run = Run::new(RunId(2), config);
        assert_eq!(settings(&run), "blowup live.warmup.steps=256");
        let mut live = run.config().live.clone();
        live.clip.mode = ClipMode::Absolute;
        let (run_id, source) = (RunId(2), Source::User(1));
        run.apply(&Event::Tuned { run: run_id, step: 70, live: Box::new(live), source });
        assert!(settings(&run).contains("live.clip.mode=\"absolute\"@70"), "{}", settings(&run));
        // Nobody else knows a preset of one's own.
        let own = RunConfig { name: "mine".to_owned(), seed: 9, ..RunConfig::default() };
        let described = settings(&Run::new(RunId(3), own));
        assert_eq!(described, "fashion-edge name=\"mine\" seed=9");
    }
}
