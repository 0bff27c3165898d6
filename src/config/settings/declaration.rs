//! The type of a setting's declaration, and its builder methods.

use std::fmt;
use std::ops::Range as Span;

use toml::Value;

use super::super::architectures::Architecture;

/// What changing a setting does to the current run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Takes effect at the next step.
    Live,
    /// Starts a new run from the same seed; the previous one stays visible as a ghost.
    Restart,
    /// Takes effect immediately and changes no number of the run: its name or its pace.
    Cosmetic,
    /// Set by the program along with another setting, never by the user.
    Derived,
}

/// One of the words that a setting can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The word.
    pub word: &'static str,
    /// What it is, in a sentence, in the notation of documentation.
    pub sentence: &'static str,
}

/// The values a setting can take.
#[derive(Clone, Copy, Debug)]
pub enum Range {
    /// A real number in `[min, max]`.
    Real {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
        /// Whether a slider should be logarithmic.
        is_log: bool,
    },
    /// A whole number in `[min, max]`.
    Whole {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
        /// Whether a slider should be logarithmic.
        is_log: bool,
    },
    /// A whole number of at least 1, or this word.
    WholeOr(&'static str),
    /// `true` or `false`.
    Switch,
    /// One of these words.
    Word(fn() -> Vec<Choice>),
    /// A list of layer widths.
    Widths,
    /// A list of factors, one per layer.
    Factors,
    /// Free text.
    Text,
}

/// The group of controls in the window that has a setting's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The learning rate.
    Rate,
    /// The length of warmup.
    WarmupLength,
    /// The form of warmup.
    Warmup,
    /// Clipping of the gradient.
    Clipping,
    /// What determines the rate after warmup.
    Schedule,
    /// The constants of the update rule.
    Rule,
    /// Weight decay.
    Decay,
    /// What is measured, and how often.
    Measurements,
    /// The test set.
    Tests,
    /// The initial weights.
    Initialization,
    /// The initial weights of single layers.
    InitialLayers,
    /// What is done to the initial weights before step 0.
    Tuning,
    /// Seed and length.
    Run,
    /// The data.
    Task,
    /// The loss.
    Loss,
    /// The network.
    Network,
    /// The update rule.
    Optimizer,
    /// The batch size.
    Batch,
    /// The floating point type.
    Precision,
    /// Not in a section of settings.
    Elsewhere,
}

/// The values that a slider offers; others in range can be typed.
#[derive(Debug)]
pub(super) enum SliderRange<C> {
    /// The whole range.
    Range,
    /// No slider.
    None,
    /// From the first to the second number.
    Fixed([f64; 2]),
    /// As `Fixed`, computed from the current configuration and the one that a reset returns to.
    Of(fn(&C, &C) -> [f64; 2]),
}

/// Why a value makes no difference in a range of steps, given the configuration there and the one
/// before it.
pub(super) type Idle<C> = fn(&C, &C, &Span<u64>) -> Option<String>;

/// The declaration of one setting: key, label, tooltip, range, effect and when it is read.
///
/// [`super::group`] makes declarations. Two are equal if their keys are. `C` is the type of the
/// configuration that holds all settings.
#[derive(Debug)]
pub struct Declaration<C: 'static> {
    /// Dotted key in TOML and `--set`.
    pub key: &'static str,
    /// Name on screen.
    pub label: &'static str,
    /// Unit, empty where there is none.
    pub unit: &'static str,
    /// Valid values.
    pub range: Range,
    /// What changing it does to a run.
    pub effect: Effect,
    /// One sentence for a tooltip.
    pub tooltip: &'static str,
    /// Section of the window that has its control.
    pub section: Section,
    /// Whether its control stays visible while nothing reads it, greyed out with the reason.
    pub is_always_shown: bool,
    /// The architectures that read it; empty means all.
    pub architectures: &'static [Architecture],
    /// Its name on an axis of a figure; `None` means the label.
    pub axis_label: Option<&'static str>,
    /// The word shown for 0, for example `none`.
    pub zero: Option<&'static str>,
    pub(super) slider_range: SliderRange<C>,
    pub(super) brief: Option<fn(&C) -> Option<String>>,
    pub(super) limits: Option<fn(&C) -> [f64; 2]>,
    pub(super) unit_of: Option<fn(&C) -> Option<&'static str>>,
    pub(super) unread: Option<fn(&C) -> Option<String>>,
    pub(super) idle: Option<Idle<C>>,
    pub(super) also_sets: Option<fn(&mut C, &C)>,
    pub(super) access: Access<C>,
}

/// Accessors of a setting's field in a configuration.
#[derive(Debug)]
pub(super) struct Access<C> {
    pub(super) get: fn(&C) -> Value,
    /// Sets the field and returns true if the value has the right type; else does nothing.
    pub(super) put: fn(&mut C, Value) -> bool,
    pub(super) is_same: fn(&C, &C) -> bool,
}

/// Writes the key.
impl<C> fmt::Display for Declaration<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key)
    }
}

impl<C> PartialEq for Declaration<C> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<C> Eq for Declaration<C> {}

impl<C> Declaration<C> {
    /// Declares a setting that takes effect at the next step.
    pub(super) const fn live(section: Section, label: &'static str, range: Range) -> Self {
        Self::row(Effect::Live, section, label, range)
    }

    /// Declares a setting whose change restarts the run.
    pub(super) const fn restart(section: Section, label: &'static str, range: Range) -> Self {
        Self::row(Effect::Restart, section, label, range)
    }

    /// Declares a setting without a control in a section.
    pub(super) const fn elsewhere(effect: Effect, label: &'static str, range: Range) -> Self {
        Self::row(effect, Section::Elsewhere, label, range)
    }

    const fn row(effect: Effect, section: Section, label: &'static str, range: Range) -> Self {
        Self {
            key: "",
            label,
            unit: "",
            range,
            effect,
            tooltip: "",
            section,
            is_always_shown: false,
            architectures: &[],
            axis_label: None,
            zero: None,
            slider_range: SliderRange::Range,
            brief: None,
            limits: None,
            unit_of: None,
            unread: None,
            idle: None,
            also_sets: None,
            access: Access {
                get: |_| Value::Boolean(false),
                put: |_, _| false,
                is_same: |_, _| true,
            },
        }
    }

    pub(super) const fn at(
        mut self,
        key: &'static str,
        tooltip: &'static str,
        access: Access<C>,
    ) -> Self {
        self.key = key;
        self.tooltip = tooltip.trim_ascii();
        self.access = access;
        self
    }

    pub(super) const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// The unit as a function of the configuration; `None` means the fixed unit.
    pub(super) const fn unit_of(mut self, unit: fn(&C) -> Option<&'static str>) -> Self {
        self.unit_of = Some(unit);
        self
    }

    /// The reason why nothing reads the setting, or `None` if something does.
    pub(super) const fn unread(mut self, why: fn(&C) -> Option<String>) -> Self {
        self.unread = Some(why);
        self
    }

    /// The reason why the value makes no difference in a range of steps, or `None` if it does, given
    /// the configuration before the value was set. Unlike `unread`, another value may do something.
    pub(super) const fn idle(mut self, why: Idle<C>) -> Self {
        self.idle = Some(why);
        self
    }

    pub(super) const fn always_shown(mut self) -> Self {
        self.is_always_shown = true;
        self
    }

    pub(super) const fn architectures(mut self, architectures: &'static [Architecture]) -> Self {
        self.architectures = architectures;
        self
    }

    /// What else changes when the user sets it: edits the configuration that already has the new
    /// value, given the configuration before.
    pub(super) const fn also_sets(mut self, also_sets: fn(&mut C, &C)) -> Self {
        self.also_sets = Some(also_sets);
        self
    }

    pub(super) const fn slider_range(mut self, slider_range: SliderRange<C>) -> Self {
        self.slider_range = slider_range;
        self
    }

    /// The limits of typed numbers as a function of the configuration, replacing those of the
    /// range.
    pub(super) const fn limits(mut self, limits: fn(&C) -> [f64; 2]) -> Self {
        self.limits = Some(limits);
        self
    }

    /// The value in a few words that need no name beside them, for the line that sums up a section;
    /// `None` for a value that is not worth a word there.
    pub(super) const fn brief(mut self, brief: fn(&C) -> Option<String>) -> Self {
        self.brief = Some(brief);
        self
    }

    pub(super) const fn zero(mut self, word: &'static str) -> Self {
        self.zero = Some(word);
        self
    }

    pub(super) const fn axis_label(mut self, label: &'static str) -> Self {
        self.axis_label = Some(label);
        self
    }
}

pub(super) const fn real(min: f64, max: f64) -> Range {
    Range::Real { min, max, is_log: false }
}

pub(super) const fn log(min: f64, max: f64) -> Range {
    Range::Real { min, max, is_log: true }
}

pub(super) const fn whole(min: u64, max: u64) -> Range {
    Range::Whole { min, max, is_log: false }
}

pub(super) const fn log_whole(min: u64, max: u64) -> Range {
    Range::Whole { min, max, is_log: true }
}
