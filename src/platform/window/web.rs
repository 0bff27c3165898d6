//! The window as a canvas on a web page, at the size the page gives it.

use eframe::egui::ViewportBuilder;
use eframe::wasm_bindgen::JsCast;
use eframe::web_sys::{self, HtmlCanvasElement};
use eframe::{App, CreationContext, WebOptions, WebRunner};

use super::error::WindowError;
use crate::platform::console;

/// The `id` of the canvas element.
const CANVAS: &str = "eoscope";

pub(super) fn open(
    _: ViewportBuilder,
    create: impl FnOnce(&CreationContext<'_>) -> Box<dyn App> + 'static,
) -> Result<(), WindowError> {
    let document = web_sys::window().and_then(|window| window.document());
    let canvas = document.and_then(|document| document.get_element_by_id(CANVAS));
    let canvas = canvas.and_then(|element| element.dyn_into::<HtmlCanvasElement>().ok());
    let canvas = canvas.ok_or_else(|| {
        WindowError(format!("this page has no canvas element with the id `{CANVAS}`"))
    })?;
    wasm_bindgen_futures::spawn_local(async {
        let create = Box::new(|cc: &CreationContext<'_>| Ok(create(cc)));
        if let Err(error) = WebRunner::new().start(canvas, WebOptions::default(), create).await {
            console::complain(&format!("the window could not be opened: {error:?}"));
        }
    });
    Ok(())
}

/// A page goes away without telling.
pub(super) fn on_lost_display(_: impl FnOnce() + Send + 'static) {}
