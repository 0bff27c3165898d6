//! Files on disk: the only code that writes or reads run folders.
//! A person's own presets and the folders of studies are kept here too.
//! Does not train, and knows no window; what it reads back becomes a history by its events alone.

mod error;
mod files;
mod presets;
mod record;
mod run;
mod study;

pub use error::StoreError;
pub use files::read_user_text;
pub(crate) use files::{NO_HEADER, standard_csv};
pub use presets::{OwnPresets, PresetFolder};
pub use record::{Place, Recorder, Recording, Sink};
pub use run::{
    Checkpoint, FinalValue, Finals, RunFolder, Summary, Tensor, check_vacant, load, load_readable,
    read_checkpoint, read_config,
};
pub use study::{Claim, StudyFolder};
