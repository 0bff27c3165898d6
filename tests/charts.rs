//! Charts of studies as pictures: what was given is read back from pixels, paths and words.
//! Knows no trainer.

#[path = "common/studies.rs"]
mod studies;

use eoscope::figure::chart::Chart;
use eoscope::paint::{Format, PictureOptions, Theme, png, svg};
use studies::{methods, numbers, outcomes, phases, scatter};

/// A slide's picture.
fn wide() -> PictureOptions {
    PictureOptions { width_px: 1600, height_px: 900, dpi: 150.0, ..PictureOptions::default() }
}

/// One column of a paper.
fn column() -> PictureOptions {
    PictureOptions { width_px: 990, height_px: 780, dpi: 300.0, ..PictureOptions::default() }
}

/// With `EOSCOPE_PICTURES` set to a folder, leaves pictures there.
fn leave(name: &str, chart: &Chart, options: &PictureOptions) {
    if let Ok(folder) = std::env::var("EOSCOPE_PICTURES") {
        for format in [Format::Png, Format::Svg] {
            let bytes = format.render(chart, options).unwrap();
            std::fs::write(format!("{folder}/{name}.{}", format.ending()), bytes).unwrap();
        }
    }
}

#[test]
fn every_chart_can_be_drawn_in_every_size_and_theme() {
    let charts =
        [("phases", phases(outcomes())), ("numbers", numbers()), ("scatter", scatter()), ("methods", methods())];
    for (name, chart) in &charts {
        leave(&format!("{name}-wide"), chart, &wide());
        leave(&format!("{name}-column"), chart, &column());
        leave(&format!("{name}-dark"), chart, &PictureOptions { theme: Theme::Dark, ..wide() });
        let tiny = PictureOptions { width_px: 64, height_px: 64, ..wide() };
        assert!(png::render(chart, &tiny).is_ok() && svg::render(chart, &tiny).is_ok());
    }
    assert!(png::render(&Chart::default(), &wide()).is_ok());
}
