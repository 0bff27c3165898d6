//! Scaling of weights in residual branches by Fixup (arXiv 1901.09321).

use std::collections::BTreeMap;

use crate::net::{ParamSpec, Role};

/// Sizes of a network's residual branches.
pub(super) struct Branches {
    /// Per branch, its number of layers and the offset of its last weight.
    layers: BTreeMap<usize, (usize, usize)>,
}

impl Branches {
    pub(super) fn of(table: &[ParamSpec]) -> Self {
        let mut layers: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        let weights = table.iter().filter(|tensor| tensor.role == Role::Weight);
        for (branch, offset) in weights.filter_map(|w| Some((w.branch?, w.offset))) {
            let (n, last) = layers.entry(branch).or_default();
            (*n, *last) = (*n + 1, offset);
        }
        Self { layers }
    }

    /// Factor on a tensor drawn by He's scheme: 0 for the classifier and the last layer of a
    /// branch, L^(−1/(2m−2)) for the other layers of L branches of m layers, 1 outside branches.
    pub(super) fn fixup_factor(&self, tensor: &ParamSpec) -> f64 {
        if tensor.is_output {
            return 0.0;
        }
        let branch = tensor.branch.and_then(|branch| self.layers.get(&branch));
        match branch {
            Some((_, last)) if tensor.offset == *last => 0.0,
            Some((m, _)) => {
                let n_branches = self.layers.len() as f64;
                n_branches.powf(-1.0 / (2.0 * *m as f64 - 2.0))
            }
            None => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Architecture, InitScheme, InitSpec, ModelSpec, ResidualForm};
    use crate::init::initialize;
    use crate::net::never;
    use crate::net::{Interface, ParamSpec, Program, Role};

    fn variance(w: &[f64], tensor: &ParamSpec) -> f64 {
        let w = &w[tensor.offset..][..tensor.len()];
        w.iter().map(|x| x * x).sum::<f64>() / w.len() as f64
    }

    /// Checks that weights have He's variance, times L^(−1/(m−1)) in branches, or are 0, and that
    /// scalars are 0 and 1.
    fn check(model: &ModelSpec, interface: Interface, n_branches: f64, m: f64) {
        let program = Program::of(model, interface);
        let init = InitSpec { scheme: InitScheme::Fixup, ..InitSpec::default() };
        let w = initialize(program.params(), &init, 3, &never).unwrap();
        let mut n_zero = 0;
        for tensor in program.params().iter().filter(|tensor| tensor.role == Role::Weight) {
            let name = tensor.name.as_str();
            let last = [format!("layer{m}"), format!("conv{m}"), "output".to_owned()];
            let is_zero = last.iter().any(|last| name.contains(last.as_str()));
            let in_branch = name.contains("block") && !name.contains("shortcut");
            let he = 2.0 / tensor.fan_in as f64;
            let wanted = match (is_zero, in_branch) {
                (true, _) => 0.0,
                (false, true) => he * n_branches.powf(-1.0 / (m - 1.0)),
                (false, false) => he,
            };
            let found = variance(&w, tensor);
            // Five standard errors.
            let error = 5.0 * wanted * (2.0 / tensor.len() as f64).sqrt();
            assert!((found - wanted).abs() <= error, "{name}: {found}, not {wanted}");
            n_zero += usize::from(is_zero);
        }
        assert_eq!(n_zero as f64, n_branches + 1.0, "one a branch and the classifier");
        for tensor in program.params().iter().filter(|tensor| tensor.shape == [1]) {
            let wanted = if tensor.role == Role::Gain { 1.0 } else { 0.0 };
            assert_eq!(w[tensor.offset], wanted, "{}", tensor.name);
        }
    }

    #[test]
    fn fixup_draws_the_published_variances() {
        let residual = ResidualForm::Fixup;
        let usual = Architecture::ResidualMlp.default_model();
        for (blocks, block_layers) in [(5, 2), (4, 3)] {
            let model = ModelSpec { residual, width: 64, blocks, block_layers, ..usual.clone() };
            check(&model, Interface::flat(20, 3), blocks as f64, block_layers as f64);
        }
        let model =
            ModelSpec { residual, width: 8, blocks: 3, ..Architecture::Resnet.default_model() };
        check(&model, Interface::image([8, 8, 3], 10), 9.0, 2.0);
    }

    #[test]
    fn shortcuts_are_outside_branches_and_every_branch_has_its_number_of_layers() {
        let program =
            Program::of(&Architecture::Resnet.default_model(), Interface::image([8, 8, 1], 10));
        for tensor in program.params() {
            let is_inside = tensor.name.contains(".conv");
            assert_eq!(tensor.branch.is_some(), is_inside, "{}", tensor.name);
        }
    }
}
