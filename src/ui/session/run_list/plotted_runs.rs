//! The runs of the session with names, in drawing order, for plots and exports.

use crate::export::{self, NamedRun};
use crate::figure::{self, Figure, Options, PlottedRun, compose, name_seed_groups};
use crate::history::Run;
use crate::ui::session::Session;

use super::listed_run::NamedBy;

/// Composes the figure of all drawn runs.
pub(in crate::ui) fn figure(session: &Session, options: &Options) -> Figure {
    let mut shown = runs(session);
    if options.choices.is_over_seeds {
        name_seed_groups(&mut shown, |run| session.name_of(run));
    }
    let styles = session.drawn().map(|listed| (listed.run.id(), listed.card.style));
    compose(&shown, &Options { styles: styles.collect(), ..options.clone() })
}

/// All drawn runs with their names, former ones first.
pub(in crate::ui) fn runs(session: &Session) -> Vec<PlottedRun<'_>> {
    let former = session.drawn().map(|listed| PlottedRun {
        run: &listed.run,
        is_ghost: true,
        name: listed.card.name.clone(),
    });
    let name = session.current_card().name.clone();
    former.chain([PlottedRun { run: session.current(), is_ghost: false, name }]).collect()
}

/// What an exported picture or table of all drawn runs carries; the current run is the first.
pub(in crate::ui) fn provenance(session: &Session) -> String {
    let runs = runs(session);
    let named = runs.iter().rev().map(|shown| NamedRun { name: &shown.name, run: shown.run });
    export::provenance(&named.collect::<Vec<_>>())
}

/// What an exported table of the current run carries.
pub(in crate::ui) fn current_provenance(session: &Session) -> String {
    let name = &session.current_card().name;
    export::provenance(&[NamedRun { name, run: session.current() }])
}

/// The title of a picture: the name that the user gave the current run, else its differences from its
/// preset. That of a seed group is made from all of its runs.
pub(in crate::ui) fn title(session: &Session, seed_group: &[&Run]) -> String {
    let card = session.current_card();
    match card.named_by {
        NamedBy::User if seed_group.is_empty() => card.name.clone(),
        NamedBy::User | NamedBy::Program => figure::title(session.current(), seed_group),
    }
}
