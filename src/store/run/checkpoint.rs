//! Checkpoints: named tensors in one safetensors file, with step and configuration in its metadata.

use std::collections::HashMap;
use std::path::Path;

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype as StoredDtype, TensorView, serialize};

use crate::config::Dtype;
use crate::platform::files;
use crate::store::StoreError;
use crate::store::file_kinds::write_atomically;

const CONFIG_KEY: &str = "config";
const STEP_KEY: &str = "step";

/// One named tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Name, unique in a checkpoint.
    pub name: String,
    /// Shape; the product is the number of elements.
    pub shape: Vec<usize>,
    /// Type of the elements.
    pub dtype: Dtype,
    /// Elements in row-major order, little endian.
    pub bytes: Vec<u8>,
}

impl Tensor {
    /// An f64 tensor of these numbers.
    pub(super) fn of(name: &str, shape: &[usize], numbers: &[f64]) -> Self {
        Self {
            name: name.to_owned(),
            shape: shape.to_vec(),
            dtype: Dtype::F64,
            bytes: numbers.iter().flat_map(|x| x.to_le_bytes()).collect(),
        }
    }
}

/// The contents of a checkpoint file.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Number of updates made before it.
    pub step: u64,
    /// The configuration, as TOML.
    pub config_toml: String,
    /// Tensors, sorted by name.
    pub tensors: Vec<Tensor>,
}

/// Writes `checkpoint-<step>.safetensors` into the folder.
pub(super) fn write(
    folder: &Path,
    step: u64,
    tensors: &[Tensor],
    config_toml: &str,
) -> Result<(), StoreError> {
    let path = folder.join(format!("checkpoint-{step}.safetensors"));
    let refused = |problem: &dyn std::fmt::Display| StoreError::Unreadable {
        path: path.clone(),
        problem: format!("these tensors cannot be stored: {problem}"),
    };
    let views = tensors
        .iter()
        .map(|tensor| {
            TensorView::new(stored(tensor.dtype), tensor.shape.clone(), &tensor.bytes)
                .map(|view| (tensor.name.as_str(), view))
                .map_err(|error| refused(&format!("{}: {error}", tensor.name)))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let metadata = HashMap::from([
        (CONFIG_KEY.to_owned(), config_toml.to_owned()),
        (STEP_KEY.to_owned(), step.to_string()),
    ]);
    let bytes = serialize(views, Some(metadata)).map_err(|error| refused(&error))?;
    write_atomically(&path, &bytes)
}

/// Reads a checkpoint file.
///
/// # Errors
/// The file is missing, not safetensors, or was not written by this program.
pub fn read_checkpoint(path: &Path) -> Result<Checkpoint, StoreError> {
    if !files::exists(path) {
        return Err(StoreError::Missing(path.to_owned()));
    }
    let bytes = files::read(path).map_err(StoreError::read(path))?;
    let unreadable = |problem: String| StoreError::Unreadable { path: path.to_owned(), problem };
    let damaged = |error| unreadable(format!("this is not a complete safetensors file: {error}"));
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(damaged)?;
    let metadata = header.metadata().clone().unwrap_or_default();
    let step = metadata.get(STEP_KEY).and_then(|text| text.parse().ok());
    let (Some(step), Some(config_toml)) = (step, metadata.get(CONFIG_KEY)) else {
        return Err(unreadable(
            "its metadata lacks `step` or `config`; it is not an eoscope checkpoint".to_owned(),
        ));
    };
    let mut tensors = SafeTensors::deserialize(&bytes)
        .map_err(damaged)?
        .tensors()
        .into_iter()
        .map(|(name, view)| match dtype(view.dtype()) {
            Some(dtype) => Ok(Tensor {
                name,
                shape: view.shape().to_vec(),
                dtype,
                bytes: view.data().to_vec(),
            }),
            None => Err(unreadable(format!("tensor `{name}` is neither f32 nor f64"))),
        })
        .collect::<Result<Vec<_>, _>>()?;
    tensors.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Checkpoint { step, config_toml: config_toml.clone(), tensors })
}

fn stored(dtype: Dtype) -> StoredDtype {
    match dtype {
        Dtype::F32 => StoredDtype::F32,
        Dtype::F64 => StoredDtype::F64,
    }
}

fn dtype(stored: StoredDtype) -> Option<Dtype> {
    if stored == StoredDtype::F32 {
        Some(Dtype::F32)
    } else if stored == StoredDtype::F64 {
        Some(Dtype::F64)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn tensor(name: &str, values: &[f64]) -> Tensor {
        Tensor {
            name: name.into(),
            shape: vec![values.len()],
            dtype: Dtype::F64,
            bytes: values.iter().flat_map(|x| x.to_le_bytes()).collect(),
        }
    }

    #[test]
    fn a_checkpoint_comes_back_bit_for_bit() {
        let folder = tempfile::tempdir().unwrap();
        let single = Tensor {
            name: "moment".into(),
            shape: vec![2, 1],
            dtype: Dtype::F32,
            bytes: [1.5f32, -0.0].iter().flat_map(|x| x.to_le_bytes()).collect(),
        };
        let tensors = vec![single, tensor("weights", &[0.1, f64::NAN, -3.0])];
        write(folder.path(), 40, &tensors, "seed = 1\n").unwrap();
        let path = folder.path().join("checkpoint-40.safetensors");
        let back = read_checkpoint(&path).unwrap();
        assert_eq!(back, Checkpoint { step: 40, config_toml: "seed = 1\n".into(), tensors });
        let files = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 1, "no other file is left");
    }

    #[test]
    fn a_shape_that_does_not_fit_the_bytes_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let wrong = Tensor { shape: vec![7], ..tensor("weights", &[0.1]) };
        let error = write(folder.path(), 0, &[wrong], "").unwrap_err().to_string();
        assert!(error.contains("weights"), "{error}");
    }

    #[test]
    fn an_incomplete_checkpoint_is_refused_by_file_name() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 3, &[tensor("weights", &[1.0, 2.0])], "").unwrap();
        let path = folder.path().join("checkpoint-3.safetensors");
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();
        let error = read_checkpoint(&path).unwrap_err().to_string();
        assert!(error.contains("checkpoint-3") && error.contains("complete"), "{error}");
    }
}
