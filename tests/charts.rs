//! Charts of studies as pictures: input data are read back from pixels, paths and text.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "common/studies.rs"]
mod studies;

use eoscope::figure::chart::{Chart, LegendPlace};
use eoscope::paint::{Format, Picture, PictureOptions, Theme, png, svg};
use studies::{all_classes, methods, moments, numbers, outcomes, phases, scatter};

const TOML: &str = "[study]\nname = \"warmup & η\"\n\"live.peak_lr\" = [0.05, 0.1]\n";

/// A picture for a slide.
fn wide() -> PictureOptions {
    PictureOptions {
        width_px: 1600,
        height_px: 900,
        dpi: 150.0,
        configuration: Some(TOML.to_owned()),
        ..PictureOptions::default()
    }
}

/// A picture for one column of a paper.
fn column() -> PictureOptions {
    PictureOptions { width_px: 990, height_px: 780, dpi: 300.0, ..wide() }
}

fn charts() -> Vec<(&'static str, Chart)> {
    vec![
        ("phases", phases(outcomes())),
        ("classes", all_classes()),
        ("numbers", numbers()),
        ("scatter", scatter()),
        ("methods", methods()),
    ]
}

/// Saves pictures to the folder in `EOSCOPE_PICTURES`, if set.
fn leave<'a>(name: &str, picture: impl Into<Picture<'a>>, options: &PictureOptions) {
    let picture = picture.into();
    if let Ok(folder) = std::env::var("EOSCOPE_PICTURES") {
        for format in [Format::Png, Format::Svg] {
            let bytes = format.render(picture, options).unwrap();
            std::fs::write(format!("{folder}/{name}.{}", format.ending()), bytes).unwrap();
        }
    }
}

fn svg_of<'a>(picture: impl Into<Picture<'a>>, options: &PictureOptions) -> String {
    String::from_utf8(svg::render(picture, options).unwrap()).unwrap()
}

fn number(node: roxmltree::Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

fn words(document: &roxmltree::Document<'_>) -> Vec<String> {
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.filter_map(|node| node.text().map(str::to_owned)).collect()
}

/// Corners of a path of straight lines, for each subpath.
fn corners(path: &str) -> Vec<Vec<[f64; 2]>> {
    let subpath = |text: &str| {
        let text = text.replace('l', " ").replace(['z', 'h'], "").replace('-', " -");
        let numbers: Vec<f64> = text.split_whitespace().map(|n| n.parse().unwrap()).collect();
        let mut at = [0.0, 0.0];
        let steps = numbers.chunks_exact(2);
        steps
            .map(|step| {
                at = [at[0] + step[0], at[1] + step[1]];
                at
            })
            .collect()
    };
    path.split('M').filter(|text| !text.is_empty()).map(subpath).collect()
}

/// Left, top, right and bottom of the plot, found by its outline's unique colour and width.
fn plot(document: &roxmltree::Document<'_>) -> [f64; 4] {
    let is_rect = |d: &str| d.matches('z').count() == 1;
    let outline = document.descendants().find(|node| {
        node.attribute("stroke") == Some("#565f6b") && node.attribute("d").is_some_and(is_rect)
    });
    let corners = corners(outline.unwrap().attribute("d").unwrap()).remove(0);
    let ends = |i: usize| {
        let all = corners.iter().map(|corner| corner[i]);
        all.fold([f64::MAX, f64::MIN], |[low, high], x| [low.min(x), high.max(x)])
    };
    [ends(0)[0], ends(1)[0], ends(0)[1], ends(1)[1]]
}

#[test]
fn every_chart_can_be_drawn_in_every_size_and_theme() {
    for (name, chart) in &charts() {
        leave(&format!("{name}-wide"), chart, &wide());
        leave(&format!("{name}-column"), chart, &column());
        leave(&format!("{name}-dark"), chart, &PictureOptions { theme: Theme::Dark, ..wide() });
        let tiny = PictureOptions { width_px: 64, height_px: 64, ..wide() };
        assert!(png::render(chart, &tiny).is_ok() && svg::render(chart, &tiny).is_ok());
    }
    leave("moments-wide", &moments(), &wide());
    leave(
        "moments-page",
        &moments(),
        &PictureOptions { width_px: 2100, height_px: 840, dpi: 300.0, ..wide() },
    );
    assert!(png::render(&Chart::default(), &wide()).is_ok());
}

#[test]
fn the_boundary_goes_along_the_borders_of_the_cells() {
    let text = svg_of(&phases(outcomes()), &wide());
    let document = roxmltree::Document::parse(&text).unwrap();
    let [left, top, right, bottom] = plot(&document);
    let mut lines = document.descendants().filter(|node| {
        node.attribute("stroke") == Some("#101418") && node.attribute("stroke-width") == Some("3")
    });
    // The first one is in the legend.
    let seen = corners(lines.next_back().unwrap().attribute("d").unwrap()).remove(0);
    // In cells from the lower left: up between 0.1 and 0.2 to T = 64, and so on.
    let wanted = [[2, 0], [2, 2], [3, 2], [3, 3], [5, 3], [5, 5]];
    assert_eq!(seen.len(), wanted.len(), "{seen:?}");
    for (corner, [column, row]) in seen.into_iter().zip(wanted) {
        let x = left + f64::from(column) / 6.0 * (right - left);
        let y = bottom - f64::from(row) / 5.0 * (bottom - top);
        assert!((corner[0] - x).abs() < 0.2 && (corner[1] - y).abs() < 0.2, "{corner:?} {x} {y}");
    }
}

#[test]
fn words_are_text_and_every_curve_is_one_path() {
    let text = svg_of(&methods(), &wide());
    let document = roxmltree::Document::parse(&text).unwrap();
    let said = words(&document);
    for word in ["plain", "warmup 256", "scale ⅓", "at initialization", "best training loss", "0.1"]
    {
        assert!(said.iter().any(|text| text == word), "{word}: {said:?}");
    }
    assert!(!text.contains("<image"));
    for color in ["#0072b2", "#d55e00", "#009e73"] {
        let paths = document.descendants().filter(|node| {
            node.attribute("stroke") == Some(color) && node.attribute("stroke-width") == Some("2")
        });
        // One is in the plot, one in the legend.
        assert_eq!(paths.count(), 2, "{color}");
    }
}

#[test]
fn both_formats_hold_the_words_and_the_settings_of_the_study() {
    let chart = phases(outcomes());
    let text = svg_of(&chart, &wide());
    let document = roxmltree::Document::parse(&text).unwrap();
    let find = |name: &str| {
        let node = document.descendants().find(|node| node.tag_name().name() == name);
        node.and_then(|node| node.text()).map(str::to_owned)
    };
    assert_eq!(find("configuration").as_deref(), Some(TOML));
    assert_eq!(find("title"), chart.title);
    assert_eq!(find("desc"), chart.caption);
    let bytes = png::render(&chart, &wide()).unwrap();
    let reader = ::png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let texts = &reader.info().utf8_text;
    let texts: Vec<_> = texts.iter().map(|t| (t.keyword.clone(), t.get_text().unwrap())).collect();
    assert!(texts.contains(&("Configuration".to_owned(), TOML.to_owned())), "{texts:?}");
    assert!(texts.contains(&("Title".to_owned(), chart.title.unwrap())), "{texts:?}");
    assert_eq!((reader.info().width, reader.info().height), (1600, 900));
}

#[test]
fn what_is_no_number_or_was_not_run_is_told_as_what_it_is() {
    let text = svg_of(&numbers(), &wide());
    let document = roxmltree::Document::parse(&text).unwrap();
    let said = words(&document);
    for word in ["NaN", "∞", "≤ 0", "not run", "0.0045", "0.10", "final training loss"] {
        assert!(said.iter().any(|text| text == word), "{word}: {said:?}");
    }
    let text = svg_of(&scatter(), &wide());
    let said = words(&roxmltree::Document::parse(&text).unwrap());
    assert!(said.iter().any(|text| text == "∞"), "{said:?}");
}

#[test]
fn nothing_is_cut_off_and_no_legend_covers_the_plot() {
    for (name, chart) in charts() {
        for options in [wide(), column()] {
            for legend in [LegendPlace::Fitting, LegendPlace::Beside, LegendPlace::Below] {
                let chart = Chart { legend, ..chart.clone() };
                let text = svg_of(&chart, &options);
                let document = roxmltree::Document::parse(&text).unwrap();
                let names: Vec<_> = chart.legend().into_iter().map(|entry| entry.name).collect();
                check(name, &document, &names);
            }
        }
    }
    let text = svg_of(&moments(), &wide());
    check("moments", &roxmltree::Document::parse(&text).unwrap(), &[]);
}

/// All text is on the page, and the given words are beside or below the plot.
fn check(name: &str, document: &roxmltree::Document<'_>, outside: &[String]) {
    let size = document.root_element().attribute("viewBox").unwrap();
    let size: Vec<f64> = size.split(' ').map(|n| n.parse().unwrap()).collect();
    let [_, _, right, bottom] = plot(document);
    let mut n_outside = 0;
    for text in document.descendants().filter(|node| node.has_tag_name("text")) {
        let (x, y) = (number(text, "x"), number(text, "y"));
        let (length, height) = (number(text, "textLength"), number(text, "font-size"));
        let is_turned = text.attribute("transform").is_some();
        // From its start to the widest extent in any font.
        let before = match text.attribute("text-anchor") {
            Some("middle") => length / 2.0,
            Some("end") => length,
            _ => 0.0,
        };
        let ([x, y], length) = if is_turned {
            ([x, y + before], length)
        } else {
            ([x - before, y], if before == 0.0 { 1.12 * length } else { length })
        };
        let (to_right, up) = if is_turned { (0.0, length) } else { (length, height) };
        let words = text.text().unwrap();
        assert!(x >= 0.0 && x + to_right <= size[2] + 0.01, "{name}: {words} at {x}");
        assert!(y - up >= -1.0 && y <= size[3], "{name}: {words} at {y}");
        if outside.iter().any(|entry| entry == words) && !is_turned {
            assert!(x > right || y - height * 0.8 > bottom, "{name}: {words} at {x} {y}");
            n_outside += 1;
        }
    }
    assert_eq!(n_outside, outside.len(), "{name}: {outside:?}");
}

#[test]
fn a_phase_diagram_and_a_scatter_look_as_they_did() {
    let small = PictureOptions { width_px: 660, height_px: 500, dpi: 150.0, ..wide() };
    for (name, chart) in [("chart-classes", all_classes()), ("chart-scatter", scatter())] {
        let bytes = png::render(&chart, &small).unwrap();
        let image = image::load_from_memory_with_format(&bytes, image::ImageFormat::Png).unwrap();
        egui_kittest::image_snapshot(&image.to_rgba8(), name);
    }
}
