//! Picture files of synthetic runs: SVG files read back as documents, and the options of the export
//! dialog.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "common/synthetic.rs"]
#[expect(dead_code, reason = "shared with the pictures' tests")]
mod synthetic;

use std::path::Path;

use eframe::egui::{self, Key, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use eoscope::config::RunConfig;
use eoscope::export::{NamedRun, provenance};
use eoscope::figure::{Figure, Options, PlottedRun, compose};
use eoscope::history::Run;
use eoscope::paint::{Format, PaintError, PictureOptions, png, svg};
use eoscope::protocol::{Cost, Event, Record, WorkerEnd, link};
use eoscope::ui::App;
use roxmltree::{Document, Node};

fn figure(run: &Run) -> Figure {
    let options = Options {
        title: Some("Edge <of> \"stability\" & more".to_owned()),
        caption: Some("η = 0.1; ‖g‖ clipped at 0.3".to_owned()),
        is_smallest_shown: true,
        ..Options::default()
    };
    compose(&[PlottedRun { run, is_ghost: false, name: "now".to_owned() }], &options)
}

fn drawn(figure: &Figure, options: &PictureOptions) -> String {
    String::from_utf8(svg::render(figure, options).unwrap()).unwrap()
}

fn elements<'a>(document: &'a Document, name: &str) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|node| node.has_tag_name(name)).collect()
}

fn stroked<'a>(document: &'a Document, color: &str) -> Vec<Node<'a, 'a>> {
    let mut paths = elements(document, "path");
    paths.retain(|path| path.attribute("stroke") == Some(color));
    paths
}

#[test]
fn a_vector_picture_is_a_document_whose_words_are_text_and_which_holds_no_pixels() {
    let run = synthetic::run(300, synthetic::clipped);
    let figure = figure(&run);
    let text = drawn(&figure, &PictureOptions::default());
    if let Ok(folder) = std::env::var("EOSCOPE_PICTURES") {
        std::fs::write(format!("{folder}/a-clipped.svg"), &text).unwrap();
    }
    let document = Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!((root.attribute("width"), root.attribute("height")), (Some("6in"), Some("4in")));
    let words: Vec<_> = elements(&document, "text").iter().filter_map(Node::text).collect();
    for line in figure.panels.iter().flat_map(|panel| &panel.lines) {
        assert!(words.contains(&line.name.as_str()), "{} is not in {words:?}", line.name);
    }
    for panel in &figure.panels {
        assert!(words.contains(&panel.kind.title()), "{words:?}");
    }
    let of = |name: &str| elements(&document, name)[0].text().unwrap().to_owned();
    assert_eq!(of("title"), figure.title.clone().unwrap());
    assert_eq!(of("desc"), figure.caption.clone().unwrap());
    for pixels in ["image", "foreignObject"] {
        assert!(elements(&document, pixels).is_empty(), "{pixels}");
    }
    let numbers = elements(&document, "path").into_iter().filter_map(|path| path.attribute("d"));
    for number in
        numbers.flat_map(|d| d.split(|sign: char| !(sign.is_ascii_digit() || sign == '.')))
    {
        assert!(number.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 2), "{number}");
    }
}

#[test]
fn a_line_is_one_path_however_many_steps_it_has() {
    let run = synthetic::run(3000, synthetic::edge);
    let text = drawn(&figure(&run), &PictureOptions::default());
    let document = Document::parse(&text).unwrap();
    // λ₁, L, η and ‖g‖ are blue; each has a sample in a legend.
    assert_eq!(stroked(&document, "#0072b2").len(), 8);
    assert!(text.len() < 1_000_000, "{} bytes", text.len());
    assert!(elements(&document, "path").len() < 120, "{}", elements(&document, "path").len());
}

#[test]
fn every_step_of_a_short_run_is_in_its_path() {
    let run = synthetic::run(50, synthetic::edge);
    let text = drawn(&figure(&run), &PictureOptions::default());
    let document = Document::parse(&text).unwrap();
    let corners = |path: &Node| {
        let relative = path.attribute("d").unwrap().split_once('l').unwrap().1.to_owned();
        relative.replace('-', " -").split_whitespace().count() / 2 + 1
    };
    let most = stroked(&document, "#0072b2").iter().map(corners).max();
    assert_eq!(most, Some(50));
}

#[test]
fn the_same_figure_gives_the_same_bytes() {
    let run = synthetic::run(200, synthetic::edge);
    let figure = figure(&run);
    for format in [Format::Png, Format::Svg] {
        let render = || format.render(&figure, &PictureOptions::default()).unwrap();
        assert!(render() == render(), "{format:?}");
    }
}

#[test]
fn both_formats_keep_the_settings_and_refuse_sizes_that_cannot_be_drawn() {
    let run = synthetic::run(20, synthetic::edge);
    let configuration = provenance(&[NamedRun { name: "now <1>", run: &run }]);
    let options =
        PictureOptions { configuration: Some(configuration.clone()), ..PictureOptions::default() };
    let text = drawn(&figure(&run), &options);
    let document = Document::parse(&text).unwrap();
    assert_eq!(
        elements(&document, "metadata")[0].first_child().unwrap().text(),
        Some(&*configuration)
    );
    let bytes = png::render(&figure(&run), &options).unwrap();
    let reader = ::png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let kept = reader.info().utf8_text.iter().find(|text| text.keyword == "Configuration").unwrap();
    assert_eq!(kept.get_text().unwrap(), configuration);
    let small = PictureOptions { width_px: 1, ..options };
    assert!(svg::render(&figure(&run), &small).is_err());
}

/// Heights of a picture's plots, from their clip rectangles.
fn heights(text: &str) -> Vec<f64> {
    let document = Document::parse(text).unwrap();
    let page = document.root_element().attribute("viewBox").unwrap().to_owned();
    let page: f64 = page.rsplit(' ').next().unwrap().parse().unwrap();
    let clips = elements(&document, "clipPath");
    let height = |clip: &Node| clip.first_element_child()?.attribute("height")?.parse().ok();
    clips.iter().filter_map(height).filter(|height| *height < page).collect()
}

#[test]
fn plots_keep_half_the_height_or_the_picture_is_refused_with_the_height_it_needs() {
    let run = synthetic::run(300, synthetic::clipped);
    let shown =
        |at: usize| PlottedRun { run: &run, is_ghost: at > 0, name: format!("λ₁ of run {at}") };
    let forty: Vec<PlottedRun> = (0..40).map(shown).collect();
    let with = |title: &str| {
        compose(&forty, &Options { title: Some(title.to_owned()), ..Options::default() })
    };
    let slide =
        PictureOptions { width_px: 1600, height_px: 900, dpi: 150.0, ..PictureOptions::default() };
    let text = drawn(&with("forty runs"), &slide);
    assert!(text.contains("and 3"), "the legend is cut short");
    let together: f64 = heights(&text).iter().sum();
    assert!((288.0..400.0).contains(&together), "{:?} of 576", heights(&text));
    let long = with(&"many words ".repeat(300));
    let refused = |figure: &Figure, height_px: u32| {
        svg::render(figure, &PictureOptions { height_px, ..slide.clone() }).map(|_| ())
    };
    let Err(PaintError::Crowded { needed: Some(needed), .. }) = refused(&long, 900) else {
        panic!("a title that leaves the plots little is refused with a height");
    };
    assert!(refused(&long, needed).is_ok() && refused(&long, needed - 4).is_err(), "{needed}");
    let told = refused(&long, 900).unwrap_err().to_string();
    assert!(told.contains(&format!("need 1600 × {needed}")), "{told}");
    let told = refused(&with(&"many words ".repeat(60_000)), 900).unwrap_err().to_string();
    assert!(told.contains("no height is enough"), "{told}");
    // A picture without plots keeps nothing.
    assert!(svg::render(&Figure { panels: Vec::new(), ..long }, &slide).is_ok());
}

#[test]
fn values_that_are_no_numbers_leave_a_document_without_them() {
    let run = synthetic::run(201, synthetic::diverged);
    let text = drawn(&figure(&run), &PictureOptions::default());
    assert!(Document::parse(&text).is_ok());
    assert!(!text.contains("NaN") && !text.contains("inf\"") && !text.contains(" inf "));
}

/// The window with its export dialog open on a run of twenty steps.
fn dialog() -> (Harness<'static, App>, WorkerEnd) {
    let (ui, worker) = link();
    let mut window = Harness::builder()
        .with_size(egui::vec2(1440.0, 900.0))
        .with_max_steps(8)
        .build_eframe(|cc| App::new(cc, ui, RunConfig::default()));
    let record = |step| Record { sample: synthetic::edge(step), cost: Cost::default() };
    let records = (0..20).map(record).collect();
    worker.events.send(Event::Sampled { run: synthetic::RUN, records }).unwrap();
    window.run_ok();
    click(&mut window, "Export…");
    (window, worker)
}

fn click(window: &mut Harness<'static, App>, label: &str) {
    window.get_by_label(label).click();
    window.run_ok();
}

/// Replaces the text of a field.
fn fill(window: &mut Harness<'static, App>, role: Role, label: &str, words: &str) {
    window.get_by_role_and_label(role, label).focus();
    window.run_ok();
    window.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    window.run_ok();
    window.get_by_role_and_label(role, label).type_text(words);
    window.run_ok();
}

/// Runs frames until the window shows the given text.
fn wait_for(window: &mut Harness<'static, App>, label: &str) {
    let asked_at = std::time::Instant::now();
    while window.query_by_label_contains(label).is_none() {
        assert!(asked_at.elapsed().as_secs() < 60, "“{label}” never appeared");
        window.step();
    }
    window.run_ok();
}

fn fill_path(window: &mut Harness<'static, App>, path: &Path) {
    fill(window, Role::TextInput, "File", path.to_str().unwrap());
}

#[test]
fn the_dialog_writes_a_vector_picture_of_the_plots_and_words_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plots.svg");
    let (mut window, _worker) = dialog();
    click(&mut window, "Picture of the plots (SVG)");
    click(&mut window, "Sharpness");
    fill(&mut window, Role::TextInput, "Title of the picture", "My <title>");
    click(&mut window, "Caption");
    fill_path(&mut window, &path);
    click(&mut window, "Save");
    wait_for(&mut window, "Saved to");
    let text = std::fs::read_to_string(&path).unwrap();
    let document = Document::parse(&text).unwrap();
    assert_eq!(elements(&document, "title")[0].text(), Some("My <title>"));
    assert!(elements(&document, "desc").is_empty());
    let words: Vec<_> = elements(&document, "text").iter().filter_map(Node::text).collect();
    assert!(words.contains(&"Loss") && !words.contains(&"Sharpness"), "{words:?}");
    assert!(elements(&document, "metadata")[0].descendants().any(|node| {
        node.text().is_some_and(|text| RunConfig::from_toml(text) == Ok(RunConfig::default()))
    }));
}

#[test]
fn the_dialog_follows_the_ending_and_refuses_one_that_is_no_picture() {
    let folder = tempfile::tempdir().unwrap();
    let (mut window, _worker) = dialog();
    fill_path(&mut window, &folder.path().join("plots.svg"));
    click(&mut window, "Save");
    wait_for(&mut window, "Saved to");
    let text = std::fs::read_to_string(folder.path().join("plots.svg")).unwrap();
    assert!(Document::parse(&text).is_ok());
    fill_path(&mut window, &folder.path().join("plots.pdf"));
    click(&mut window, "Save");
    wait_for(&mut window, "neither .png nor .svg");
    assert!(!folder.path().join("plots.pdf").exists());
    let path = folder.path().join("crowded.svg");
    fill_path(&mut window, &path);
    fill(&mut window, Role::TextInput, "Title of the picture", &"many words ".repeat(600));
    click(&mut window, "Save");
    wait_for(&mut window, "leaves less than half of 1800 × 1400 pixels for the plots, which need");
    assert!(!path.exists());
}

#[test]
fn the_dialog_names_the_letters_that_its_fonts_lack_in_either_format() {
    let folder = tempfile::tempdir().unwrap();
    for (format, told) in [("PNG", "boxes are shown instead"), ("SVG", "only where a font")] {
        let (mut window, _worker) = dialog();
        window.ctx.set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
        click(&mut window, &format!("Picture of the plots ({format})"));
        fill(&mut window, Role::TextInput, "Title of the picture", "学習率, λ₁, 学");
        fill_path(&mut window, &folder.path().join(format!("a.{}", format.to_lowercase())));
        click(&mut window, "Save");
        wait_for(&mut window, "have no glyph for 学 (U+5B66), 習 (U+7FD2), 率 (U+7387):");
        assert!(window.query_by_label_contains(told).is_some(), "{format}");
        assert!(window.query_by_label_contains("Saved to").is_some(), "it is saved all the same");
        click(&mut window, "Copy picture");
        wait_for(&mut window, "on the clipboard");
        assert!(window.query_by_label_contains("boxes are shown instead").is_some());
        fill(&mut window, Role::TextInput, "Title of the picture", "η = 0.2");
        click(&mut window, "Copy picture");
        wait_for(&mut window, "on the clipboard");
        assert!(window.query_by_label_contains("no letter").is_none(), "{format}");
    }
}

#[test]
fn the_dialog_copies_the_picture_to_the_clipboard() {
    let (mut window, _worker) = dialog();
    click(&mut window, "Picture of the plots (SVG)");
    window.get_by_label("Copy picture").click();
    let asked_at = std::time::Instant::now();
    let copied = loop {
        window.step();
        let commands = &window.output().platform_output.commands;
        let image = commands.iter().find_map(|command| {
            if let egui::OutputCommand::CopyImage(image) = command {
                Some(image.size)
            } else {
                None
            }
        });
        if let Some(size) = image {
            break size;
        }
        assert!(asked_at.elapsed().as_secs() < 60, "nothing was copied");
    };
    assert_eq!(copied, [1800, 1400]);
    wait_for(&mut window, "on the clipboard");
}
