//! Contents of an exported file: a picture of the plots, or the numbers of one or all runs.

use crate::config::settings::PACE;
use crate::export::{self, Named};
use crate::history::Run;
use crate::ui::session::{Session, plotted_runs};

use super::picture_export::Picture;
use super::saving::MakeContents;

/// Kinds of contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum ExportKind {
    /// A picture of the plots.
    Picture,
    /// A CSV of the current run.
    Current,
    /// A CSV of all runs on the plots.
    All,
}

/// Prepares the contents from the current state of the runs; the closure runs on another thread.
pub(in crate::ui) fn of(what: ExportKind, picture: &Picture, session: &Session) -> MakeContents {
    match what {
        ExportKind::Picture => picture.contents(session),
        ExportKind::Current => {
            let carried = plotted_runs::current_provenance(session);
            let run = session.current().clone();
            Box::new(move || Ok(export::commented(&carried, &export::csv(&run)).into()))
        }
        ExportKind::All => {
            let carried = plotted_runs::provenance(session);
            let runs: Vec<_> = plotted_runs::runs(session)
                .into_iter()
                .map(|shown| (shown.name, settings(shown.run), shown.run.clone()))
                .collect();
            Box::new(move || {
                let named = |(name, settings, run)| Named { name, settings, run };
                let runs: Vec<Named> = runs.into_iter().map(named).collect();
                Ok(export::commented(&carried, &export::csv_many(&runs)).into())
            })
        }
    }
}

/// Settings that differ from the preset, then later changes with their steps: enough to train the run
/// again without its name.
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
    use crate::config::settings::{CLIP_MODE, WARMUP_STEPS};
    use crate::config::{ClipMode, RunConfig, preset};
    use crate::protocol::{Event, RunId, Source};

    #[test]
    fn the_settings_column_lists_differences_from_the_preset_and_later_changes() {
        let mut config = preset("blowup").unwrap().config.clone();
        config.live.warmup.steps = 256;
        let mut run = Run::new(RunId(2), config);
        assert_eq!(settings(&run), format!("blowup {WARMUP_STEPS}=256"));
        let mut live = run.config().live.clone();
        live.clip.mode = ClipMode::Absolute;
        let (run_id, source) = (RunId(2), Source::User(1));
        run.apply(&Event::Tuned { run: run_id, step: 70, live: Box::new(live), source });
        let later = format!("{CLIP_MODE}=\"absolute\"@70");
        assert!(settings(&run).contains(&later), "{}", settings(&run));
        // A user's preset is unknown elsewhere, so it is described by a built-in one.
        let own = RunConfig { name: "mine".to_owned(), seed: 9, ..RunConfig::default() };
        let described = settings(&Run::new(RunId(3), own));
        assert_eq!(described, "fashion-edge name=\"mine\" seed=9");
    }
}
