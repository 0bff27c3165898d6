//! Sizes and scales of the window, and the sharpness plot in it.

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Rect};
use egui_kittest::kittest::{NodeT, Queryable};

use crate::rig::Rig;

/// Windows in pixels.
pub(crate) const SIZES: [[f32; 2]; 7] = [
    [640.0, 400.0],
    [800.0, 600.0],
    [1024.0, 700.0],
    [1280.0, 720.0],
    [1440.0, 900.0],
    [1920.0, 1080.0],
    [3840.0, 2160.0],
];

/// Interface scales in percent.
pub(crate) const SCALES: [u16; 4] = [100, 150, 200, 275];

/// The sharpness plot without its axes.
pub(crate) fn sharpness(rig: &Rig) -> Rect {
    let images = rig.window.query_all_by_role(Role::Image);
    let is_wanted = |node: &egui_kittest::Node<'_>| {
        node.accesskit_node().label().is_some_and(|label| label.starts_with("Sharpness:"))
    };
    images.into_iter().find(is_wanted).unwrap().rect()
}

/// Shows the window at a size in pixels and a scale in percent.
pub(crate) fn resize(rig: &mut Rig, [width, height]: [f32; 2], scale: u16) -> Rect {
    let size = egui::vec2(width, height) * 100.0 / f32::from(scale);
    rig.window.set_size(size);
    rig.window.run_steps(6);
    Rect::from_min_size(egui::Pos2::ZERO, size)
}

/// The visible height of the sharpness plot as a fraction of the window's.
pub(crate) fn share(rig: &Rig, screen: Rect) -> f32 {
    sharpness(rig).intersect(screen).height().max(0.0) / screen.height()
}

/// Saves a picture of the window for inspection.
pub(crate) fn picture(rig: &mut Rig, name: &str) {
    if let Some(folder) = std::env::var_os("EOSCOPE_PICTURES") {
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        rig.window.render().unwrap().save(path).unwrap();
    }
}
