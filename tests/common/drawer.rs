//! In-memory storage for the state a window keeps between launches.

#![allow(dead_code, reason = "shared by tests, each of which uses a part of it")]

use std::collections::BTreeMap;

use eframe::{App as _, Storage};
use eoscope::config::RunConfig;
use eoscope::store::PresetFolder;
use eoscope::ui::App;

use crate::rig::Rig;

/// The stored state.
#[derive(Clone, Default)]
pub(crate) struct Drawer(pub(crate) BTreeMap<String, String>);

impl Storage for Drawer {
    fn get_string(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn set_string(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), value);
    }

    fn remove_string(&mut self, key: &str) {
        self.0.remove(key);
    }

    fn flush(&mut self) {}
}

/// A window with the stored state.
pub(crate) fn at_home(drawer: Drawer, folder: &PresetFolder) -> Rig {
    let folder = folder.clone();
    let drawer: &'static Drawer = Box::leak(Box::new(drawer));
    let mut rig = Rig::built(|cc, link| {
        cc.storage = Some(drawer);
        App::with_stored_state(cc, link, RunConfig::default(), Some(folder))
    });
    rig.run(&RunConfig::default(), 20);
    rig
}

/// Closes a window; returns the state it stores.
pub(crate) fn close(rig: &mut Rig) -> Drawer {
    let mut drawer = Drawer::default();
    rig.window.state_mut().save(&mut drawer);
    drawer
}
