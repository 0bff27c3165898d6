//! Warnings about factors on the initial weights.

use crate::config::{Architecture, InitScheme, RunConfig, Setting, Tuning, plain, settings};

impl RunConfig {
    /// Warns of factors of layers that start at 0.
    pub(super) fn factors_of_zero(&self) -> Option<String> {
        let at_zero = self.layers_at_zero();
        let factors = self.init.layer_scales.iter().zip(1..);
        let idle = factors.filter(|(factor, layer)| **factor != 1.0 && at_zero.contains(layer));
        let layers: Vec<String> = idle.map(|(_, layer)| layer.to_string()).collect();
        let (which, start) = match layers.len() {
            0 => return None,
            1 => ("layer", "starts"),
            _ => ("layers", "start"),
        };
        let (key, layers) = (settings::LAYER_SCALES.key, layers.join(", "));
        Some(format!("`{key}` has no effect on {which} {layers}, which {start} at 0"))
    }

    /// Warns of factors on initial weights whose size LSUV then sets.
    pub(super) fn factors_before_lsuv(&self) -> Vec<String> {
        let (init, model, base) = (&self.init, &self.model, self.base());
        // LSUV leaves the positions of a transformer and weights that are normalized as drawn.
        let sets_all_weights = init.tuning == Tuning::Lsuv
            && init.tuning_steps >= model.n_weight_layers() as u64
            && model.architecture != Architecture::Transformer
            && !(model.weight_standardisation || model.sigma_reparam);
        if !sets_all_weights {
            return Vec::new();
        }
        // The other schemes start biases at 0.
        let has_biases = init.scheme == InitScheme::Pytorch;
        let acts = if has_biases { "acts on biases only" } else { "does nothing" };
        let is_told = |factor: &&Setting| {
            let is_kept = **factor == settings::LAYER_SCALES && init.layer_scales.contains(&0.0);
            !(is_kept || factor.why_unread(self).is_some() || factor.is_same(self, &base))
        };
        let factors = [&settings::SCALE, &settings::OUTPUT_SCALE, &settings::LAYER_SCALES];
        let told = factors.into_iter().filter(is_told);
        told.map(|factor| {
            let value = plain(&factor.get(self));
            format!("`{factor}` = {value} {acts}: LSUV sets the size of all weights")
        })
        .collect()
    }
}
