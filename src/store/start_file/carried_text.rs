//! Finds the text that an exported file carries: in a text chunk of a PNG, in the metadata of an SVG, in
//! the comments above a CSV table.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::export::{PNG_KEYWORD, SVG_ELEMENT, SVG_NAMESPACE, csv, is_provenance};
use crate::platform::files;
use crate::store::StoreError;
use crate::store::file_kinds::refuse_device;

/// The most bytes that are read of an SVG, or of the comments of a table; a picture of 40 runs has less.
const MAX_TEXT: u64 = 256 << 20;

/// The most bytes of a text in a PNG.
const MAX_CHUNK: usize = 64 << 20;

/// How to get a file that can be read.
const REMEDY: &str = "copy it again, or give the config.toml of the run's folder";

/// A kind of file that carries configurations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Png,
    Svg,
    Csv,
}

impl Carrier {
    /// The kind of a file by its ending; `None` for other files.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?;
        let kinds = [("png", Self::Png), ("svg", Self::Svg), ("csv", Self::Csv)];
        let is = |(known, _): &(&str, Self)| ending.eq_ignore_ascii_case(known);
        kinds.into_iter().find(is).map(|(_, kind)| kind)
    }

    /// The text that a file carries.
    ///
    /// # Errors
    /// The file is missing, damaged or of another kind, or carries none.
    pub(super) fn text(self, path: &Path) -> Result<String, StoreError> {
        let unreadable = |problem| StoreError::Unreadable { path: path.to_owned(), problem };
        if !files::exists(path) {
            return Err(StoreError::Missing(path.to_owned()));
        }
        refuse_device(path)?;
        let file = BufReader::new(files::File::open(path).map_err(StoreError::read(path))?);
        let found = match self {
            Self::Png => of_png(file).map_err(unreadable)?,
            Self::Svg => {
                let mut bytes = Vec::new();
                let read = file.take(MAX_TEXT).read_to_end(&mut bytes);
                read.map_err(StoreError::read(path))?;
                of_svg(&bytes).map_err(unreadable)?
            }
            Self::Csv => of_csv(file).map_err(StoreError::read(path))?,
        };
        found.ok_or_else(|| {
            unreadable(format!(
                "no configuration is in this {}: eoscope did not write it, or another program removed \
                 it; give the config.toml of the run's folder",
                self.word()
            ))
        })
    }

    fn word(self) -> &'static str {
        match self {
            Self::Png | Self::Svg => "picture",
            Self::Csv => "table",
        }
    }
}

/// The text of a PNG. Other programs may have moved it behind the pixels, or compressed it.
fn of_png(file: impl BufRead + std::io::Seek) -> Result<Option<String>, String> {
    let damaged = |error: png::DecodingError| match error {
        png::DecodingError::IoError(_) => format!("this PNG is cut short; {REMEDY}"),
        png::DecodingError::Format(_)
        | png::DecodingError::Parameter(_)
        | png::DecodingError::LimitsExceeded => format!("this is no PNG, or damaged; {REMEDY}"),
    };
    let mut reader = png::Decoder::new(file).read_info().map_err(damaged)?;
    // To the end, so that a file that is cut short is recognised.
    reader.finish().map_err(damaged)?;
    let info = reader.info();
    let is_ours = |keyword: &str| keyword == PNG_KEYWORD;
    if let Some(mut chunk) = info.utf8_text.iter().find(|text| is_ours(&text.keyword)).cloned() {
        chunk.decompress_text_with_limit(MAX_CHUNK).map_err(damaged)?;
        return chunk.get_text().map(Some).map_err(damaged);
    }
    let latin = info.uncompressed_latin1_text.iter().find(|text| is_ours(&text.keyword));
    Ok(latin.map(|chunk| chunk.text.clone()))
}

/// The text in the metadata of an SVG.
fn of_svg(bytes: &[u8]) -> Result<Option<String>, String> {
    let damaged = || format!("this is no SVG, or it is damaged or cut short; {REMEDY}");
    let text = std::str::from_utf8(bytes).map_err(|_| damaged())?;
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(text, options).map_err(|_| damaged())?;
    let mut elements = document.descendants().filter(roxmltree::Node::is_element);
    let found = elements.find(|node| {
        node.tag_name().name() == SVG_ELEMENT && node.tag_name().namespace() == Some(SVG_NAMESPACE)
    });
    Ok(found.map(|node| {
        let texts = node.descendants().filter(roxmltree::Node::is_text);
        texts.filter_map(|text| text.text()).collect()
    }))
}

/// The comments above a table; `None` if they are not of this program.
fn of_csv(file: impl BufRead) -> std::io::Result<Option<String>> {
    let mut text = String::new();
    for line in file.take(MAX_TEXT).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        let line = line.strip_prefix('\u{feff}').unwrap_or(&line);
        let Some(comment) = csv::comment(line.trim_end_matches('\r')) else { break };
        text.extend([comment, "\n"]);
    }
    Ok(is_provenance(&text).then_some(text))
}
