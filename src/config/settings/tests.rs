//! Tests of the declarations, and of what else a choice sets.

use toml::{Table, Value};

use super::*;
use crate::config::{ConfigError, InitScheme, Loss, ResidualForm, flattened, presets};

fn chosen(config: &RunConfig, key: &str, word: &str) -> Result<RunConfig, ConfigError> {
    Setting::named(key).unwrap().chosen(config, &Value::String(word.to_owned()))
}

fn fits(config: &RunConfig, key: &str, word: &str) -> bool {
    chosen(config, key, word).is_ok()
}

#[test]
fn every_field_of_a_configuration_is_a_setting_with_its_value_and_every_setting_a_field() {
    for preset in presets() {
        let mut table = Table::try_from(&preset.config).unwrap();
        table.remove("changes");
        let row = |setting: &Setting| (setting.key.to_owned(), setting.get(&preset.config));
        assert_eq!(flattened(table), Setting::all().map(row).collect());
    }
}

#[test]
fn declarations_say_live_exactly_for_live_keys_and_explain_themselves() {
    for row in Setting::all() {
        assert!(row.effect != Effect::Live || row.is_live(), "{}", row.key);
        assert!(row.effect != Effect::Restart || !row.is_live(), "{}", row.key);
        assert!(row.tooltip.ends_with('.') && !row.label.is_empty(), "{}", row.key);
        assert!(!row.tooltip.contains("  "), "{}", row.key);
    }
}

#[test]
fn a_new_task_brings_its_size_its_rate_and_a_loss_that_fits() {
    let before = RunConfig { loss: Loss::CrossEntropy, ..RunConfig::default() };
    let after = chosen(&before, "task.name", "chebyshev").unwrap();
    assert_eq!(after.task.n_train, 20);
    assert_eq!(after.live.peak_lr, 0.2);
    assert_eq!(after.loss, Loss::Mse);
}

#[test]
fn another_kind_of_clipping_brings_a_level_in_its_own_units() {
    let set = |config: &RunConfig, mode: &str| chosen(config, "live.clip.mode", mode).unwrap();
    let mut config = RunConfig::default();
    config.live.clip = Clip::at(ClipMode::Absolute, 0.3);
    for (mode, level) in [
        ("relative", 0.3),
        ("absolute", 0.3),
        ("adaptive", 0.01),
        ("value", 0.01),
        ("off", 1.0),
        ("absolute", 1.0),
        ("value", 0.01),
        ("relative", 1.0),
    ] {
        config = set(&config, mode);
        assert_eq!((config.live.clip.mode.word(), config.live.clip.value), (mode, level));
    }
    config.live.clip = Clip::at(ClipMode::Adaptive, 0.2);
    assert_eq!(set(&config, "adaptive").live.clip.value, 0.2);
    assert!(chosen(&config, "live.clip.mode", "hard").is_err());
}

#[test]
fn fixups_scheme_brings_its_form_along_and_goes_with_it() {
    let plain = chosen(&RunConfig::default(), "model.architecture", "residual-mlp");
    let fixup = chosen(&plain.unwrap(), "init.scheme", "fixup").unwrap();
    assert_eq!(fixup.model.residual, ResidualForm::Fixup);
    for (key, value) in
        [("model.residual", "plain"), ("model.architecture", "mlp"), ("task.name", "sorting")]
    {
        let after = chosen(&fixup, key, value).unwrap();
        assert_eq!(after.init.scheme, InitScheme::HeNormal, "{key} = {value}");
    }
    let flat = chosen(&RunConfig::default(), "init.scheme", "fixup");
    assert!(flat.unwrap_err().to_string().contains("residual-mlp"));
}

#[test]
fn cross_entropy_is_not_offered_for_a_regression() {
    let config = presets()[2].config.clone();
    assert!(!fits(&config, "loss", "cross-entropy"));
    assert!(fits(&config, "loss", "mse"));
}

#[test]
fn a_network_is_offered_where_it_can_read_the_task_and_every_task_is() {
    let images = presets()[0].config.clone();
    assert!(fits(&images, "model.architecture", "resnet"));
    assert!(fits(&images, "task.name", "sorting"));
    let plane = chosen(&images, "task.name", "spirals").unwrap();
    assert!(!fits(&plane, "model.architecture", "resnet"));
    assert!(fits(&plane, "model.architecture", "residual-mlp"));
    let strings = chosen(&plane, "task.name", "sorting").unwrap();
    assert_eq!(strings.model.architecture.word(), "transformer");
    assert!(!fits(&strings, "model.architecture", "mlp"));
}

#[test]
fn a_number_becomes_a_value_of_the_type_of_the_setting() {
    let row = &EVERY;
    assert_eq!(row.of_number(0.0), Value::String("off".into()));
    assert_eq!(row.of_number(3.4), Value::Integer(3));
    assert_eq!(PEAK_LR.of_number(0.5), Value::Float(0.5));
}
