//! Which former runs are drawn over the current one, and why the others are not.

use std::cmp::Reverse;

use crate::config::RunConfig;
use crate::figure::N_GHOST_STYLES;

use super::listed_run::{Eye, ListedRun, is_one_family};

/// Whether a former run is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Shown {
    /// It is.
    Drawn,
    /// It waits in the drawer.
    Waiting(Why),
}

/// Why a run is not drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Why {
    /// The user closed its eye.
    Closed,
    /// It has another task, number of examples or loss than the current run.
    OtherFamily,
    /// As many runs are drawn as can be told apart.
    Eight,
    /// The run of this name is drawn in the same colour and dashes.
    SameStyle(String),
}

impl Why {
    /// The reason in a few words.
    pub(in crate::ui) fn words(&self) -> String {
        match self {
            Self::Closed => "not drawn".to_owned(),
            Self::OtherFamily => "other task, size or loss".to_owned(),
            Self::Eight => format!("not drawn: {N_GHOST_STYLES} others are"),
            Self::SameStyle(name) => format!("not drawn: looks like “{name}”"),
        }
    }
}

/// Whether each of these runs is drawn: first those whose eyes were opened, the latest first, then the
/// latest of the family of the current run. Two runs of one style are never drawn at once.
pub(super) fn overlay(former: &[ListedRun], current: &RunConfig) -> Vec<Shown> {
    let is_related = |listed: &ListedRun| is_one_family(listed.run.config(), current);
    let mut shown: Vec<Shown> = Vec::new();
    let mut candidates: Vec<usize> = Vec::new();
    for (at, listed) in former.iter().enumerate() {
        let why = match listed.card.eye {
            Eye::Closed => Some(Why::Closed),
            Eye::Family if !is_related(listed) => Some(Why::OtherFamily),
            Eye::Family | Eye::Opened(_) => None,
        };
        candidates.extend(why.is_none().then_some(at));
        shown.push(Shown::Waiting(why.unwrap_or(Why::Eight)));
    }
    candidates.sort_by_key(|at| match former[*at].card.eye {
        Eye::Opened(n) => (Reverse(n), Reverse(*at)),
        Eye::Family | Eye::Closed => (Reverse(0), Reverse(*at)),
    });
    let mut drawn: Vec<usize> = Vec::new();
    for at in candidates {
        if drawn.len() >= N_GHOST_STYLES {
            break;
        }
        let style = former[at].card.style;
        let alike = drawn.iter().find(|other| former[**other].card.style == style);
        if let Some(other) = alike {
            let name = former[*other].card.name.clone();
            shown[at] = Shown::Waiting(Why::SameStyle(name));
        } else {
            drawn.push(at);
            shown[at] = Shown::Drawn;
        }
    }
    shown
}

/// The style of a new run: one that few other runs have, above all few of its family, and that was
/// given long ago.
pub(super) fn free_style<'a>(
    others: &(impl Iterator<Item = &'a ListedRun> + Clone),
    config: &RunConfig,
) -> usize {
    let crowd = |style: &usize| {
        let alike = others.clone().filter(|other| other.card.style == *style);
        let in_family = alike.clone().filter(|other| is_one_family(other.run.config(), config));
        let newest = alike.clone().map(|other| other.run.id().0).max();
        (in_family.count(), alike.count(), newest)
    };
    (0..N_GHOST_STYLES).min_by_key(crowd).unwrap_or(0)
}
