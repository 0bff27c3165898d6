//! Tests of the warnings.

use crate::config::settings::{
    BATCH, DECAY_STEPS, EVERY, GHOST_BATCH, N_PROBE, PEAK_LR, SHAPE, TUNING_BATCH, WARMUP_START,
    WARMUP_STEPS,
};
use crate::config::{RunConfig, presets};

fn notices(text: &str) -> Vec<String> {
    RunConfig::from_toml(text).unwrap().notices()
}

#[test]
fn no_preset_has_a_setting_that_cannot_act() {
    for preset in presets() {
        assert_eq!(preset.config.notices(), Vec::<String>::new(), "{}", preset.config.name);
    }
}

const CHEBYSHEV: &str = "n_steps = 400\n[task]\nname = \"chebyshev\"\nn_train = 20\n";

/// A run of 400 steps with these settings has exactly one notice, which contains `wanted`, or
/// none.
fn check(text: &str, wanted: Option<&str>) {
    let found = notices(&format!("{CHEBYSHEV}{text}"));
    assert_eq!(found.len(), usize::from(wanted.is_some()), "{text}: {found:?}");
    assert!(found.iter().all(|notice| notice.contains(wanted.unwrap())), "{text}: {found:?}");
}

/// As [`check`], for dated changes given as (step, assignments).
fn check_changes(changes: &[(u64, &str)], wanted: Option<&str>) {
    let change =
        |(step, set): &(u64, &str)| format!("[[changes]]\nstep = {step}\nset = {{ {set} }}\n");
    check(&changes.iter().map(change).collect::<String>(), wanted);
}

#[test]
fn a_change_after_the_last_step_never_happens() {
    let rate = &format!("\"{PEAK_LR}\" = 0.05");
    check_changes(&[(4000, rate)], Some("step 4000 never happens: the run has 400 steps"));
    check_changes(&[(400, rate)], Some("step 400 never happens"));
    check_changes(&[(399, rate)], None);
}

#[test]
fn a_warmup_or_a_decay_longer_than_the_run_is_cut_off_by_its_end() {
    let cut = "from step 10 on is cut off by the end of the run at step 400; 390 would fit";
    for (warmup, wanted) in [
        ("steps = 400", None),
        ("steps = 401", Some("gets to 0.09975, not to its peak of 0.1")),
        ("steps = 2\nstart = 400", Some("does nothing: warmup begins at step 400 only")),
    ] {
        check(&format!("[live.warmup]\n{warmup}"), wanted);
    }
    for (schedule, wanted) in [
        ("shape = \"cosine\"", Some("cosine schedule of 1000 steps")),
        ("shape = \"cosine\"\nsteps = 400", None),
        ("shape = \"linear\"\nsteps = 391\n[live.warmup]\nsteps = 10", Some(cut)),
        ("shape = \"step\"\nsteps = 401", Some("step schedule")),
        ("shape = \"power\"", None),
        ("shape = \"cosine\"\n[live.rate]\nrule = \"cdat\"", Some("follows no schedule")),
    ] {
        check(&format!("[live.schedule]\n{schedule}"), wanted);
    }
}

#[test]
fn a_schedule_that_stays_at_the_peak_is_reported() {
    for shape in ["linear", "cosine", "step", "cyclic", "restarts"] {
        let schedule = format!("[live.schedule]\nshape = \"{shape}\"\nsteps = 20\nfactor = 1.0");
        check(&schedule, Some("keeps the rate at its peak"));
    }
    let power = "[live.schedule]\nshape = \"power\"\nexponent = 0.0";
    check(power, Some("keeps the rate at its peak"));
    let repeated = "[live.warmup]\nsteps = 5\n[live.schedule]\nshape = \"restarts\"\nsteps = 20\n\
                    factor = 1.0";
    check(repeated, None);
}

#[test]
fn clipping_is_reported_where_it_keeps_what_the_rule_takes() {
    let clipped = |rule: &str, mode: &str, decay: &str| {
        format!(
            "[optimizer]\nrule = \"{rule}\"\n[live]\nweight_decay = {decay}\n\
             [live.clip]\nmode = \"{mode}\"\nvalue = 0.1"
        )
    };
    for (rule, mode, decay, is_told) in [
        ("sign", "absolute", "0.0", true),
        ("sign", "value", "0.0", true),
        ("sign", "absolute", "0.1", false),
        ("normalised", "relative", "0.0", true),
        ("normalised", "value", "0.0", false),
        ("gradient-descent", "absolute", "0.0", false),
    ] {
        check(&clipped(rule, mode, decay), is_told.then_some("changes no step"));
    }
}

#[test]
fn a_schedule_is_the_one_in_force_at_the_end() {
    let cosine = &format!("\"{SHAPE}\" = \"cosine\"");
    let short = &format!("\"{DECAY_STEPS}\" = 300, \"{PEAK_LR}\" = 0.2");
    let cut = Some("cosine schedule of 1000 steps from step 0 on is cut off");
    check_changes(&[(200, cosine)], cut);
    // Changes apply in order of step, not of entry.
    let long = &format!("\"{DECAY_STEPS}\" = 1000");
    check_changes(&[(300, long), (200, cosine), (100, short)], cut);
    check_changes(&[(200, cosine), (300, short)], None);
    let constant = &format!("\"{SHAPE}\" = \"constant\"");
    check_changes(&[(200, cosine), (300, constant)], None);
    let warmup = &format!("\"{WARMUP_START}\" = 350, \"{WARMUP_STEPS}\" = 100");
    check_changes(&[(350, warmup)], Some("the warmup of 100 steps is cut off"));
    // A change after the end of the run is not examined.
    let never = Some("never happens");
    check_changes(&[(400, cosine)], never);
}

#[test]
fn fresh_batches_that_are_never_measured_are_reported() {
    let batches = "[live.probe]\nbatches_every = 5";
    check(batches, Some("one batch only"));
    check(&format!("[optimizer]\nbatch = 20\n{batches}"), Some("one batch only"));
    let small = format!("[optimizer]\nbatch = 4\n{batches}\n");
    check(&small, None);
    let off = format!("{small}every = \"off\"\n");
    check(&off, Some(&format!("`{EVERY}` is off")));
    let set = |word: &str| format!("\"{EVERY}\" = {word}");
    let change =
        |text: &str, word| format!("{text}[[changes]]\nstep = 9\nset = {{ {} }}\n", set(word));
    check(&change(&off, "2"), None);
    check(&change(&small, "\"off\""), None);
}

#[test]
fn more_examples_than_there_are_act_as_all() {
    let has_20 = "acts as 20: the run has 20 training examples";
    for (text, key) in [
        ("[optimizer]\nbatch = 50", format!("`{BATCH}` = 50")),
        ("[init]\ntuning = \"lsuv\"\ntuning_batch = 21", format!("`{TUNING_BATCH}` = 21")),
        ("[model]\nnormalization = \"batch\"\nghost_batch = 64", format!("`{GHOST_BATCH}` = 64")),
    ] {
        check(text, Some(has_20));
        check(text, Some(&key));
    }
    let probed = notices("[task]\nn_train = 30\nn_probe = 31\n");
    assert!(probed[0].contains(&format!("`{N_PROBE}` = 31")), "{probed:?}");
    for text in [
        "[optimizer]\nbatch = 20",
        "[init]\ntuning = \"lsuv\"",
        "[init]\ntuning = \"meta-init\"\ntuning_batch = 400",
    ] {
        check(text, None);
    }
}

#[test]
fn factors_on_weights_that_lsuv_sets_are_reported() {
    let tuned = |init: &str, more: &str| {
        check(&format!("[init]\ntuning = \"lsuv\"\n{init}\n"), (!more.is_empty()).then_some(more));
    };
    tuned("scale = 3.0", "= 3 acts on biases only");
    tuned("scale = 3.0\nscheme = \"orthogonal\"", "does nothing: LSUV sets the size");
    tuned("layer_scales = [2.0]", "acts on biases only");
    tuned("output_scale = 2.0", "acts on biases only");
    for acts in ["layer_scales = [0.0]", "scale = 3.0\ntuning_steps = 1", ""] {
        tuned(acts, "");
    }
    let standardised = "[task]\nname = \"digits\"\nn_train = 100\n[model]\narchitecture = \"cnn\"\n\
        weight_standardisation = true\n[init]\ntuning = \"lsuv\"\nscale = 3.0\ntuning_batch = 50";
    assert_eq!(notices(standardised), [""; 0]);
}

#[test]
fn batch_norm_measured_on_other_numbers_of_examples_is_another_function() {
    let of = |more: &str| {
        notices(&format!(
            "[task]\nname = \"digits\"\nn_train = 100\n{}\n[model]\narchitecture = \"resnet\"\n\
             normalization = \"batch\"\n{more}",
            if more.contains("batch = 16\n#half") { "n_probe = 50" } else { "" }
        ))
    };
    let found = of("[optimizer]\nbatch = 16");
    assert!(found[0].contains("of 16 examples in a step and of 100"), "{found:?}");
    assert!(found[0].contains(&format!("`{GHOST_BATCH}` = 16")), "{found:?}");
    assert!(of("ghost_batch = 16\n[optimizer]\nbatch = 16").is_empty());
    assert!(of("").is_empty());
    let off = "[optimizer]\nbatch = 16\n[live.probe]\nevery = \"off\"\n";
    assert!(of(off).is_empty());
    let later = format!("[[changes]]\nstep = 9\nset = {{ \"{EVERY}\" = 2 }}");
    assert_eq!(of(&format!("{off}{later}")).len(), 1);
    assert!(of("[optimizer]\nbatch = 16\n#half")[0].contains("of 50 in a measurement"));
}
