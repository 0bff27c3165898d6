//! Everything the program keeps on disk: run folders, study folders and the user's presets; also what
//! a run can start from, such as an exported picture.
//! Trains nothing and opens no window; a run folder becomes a history by replaying its events.

mod error;
mod file_kinds;
mod presets;
mod recorders;
mod run;
mod start_file;
mod study;

pub use error::StoreError;
pub use file_kinds::read_user_text;
pub(crate) use file_kinds::{NO_HEADER, standard_csv};
pub use presets::{OwnPresets, PresetFolder};
pub use recorders::{Place, Recorder, Recording, Sink};
pub use run::{
    Checkpoint, FinalValue, Finals, RunFolder, Summary, Tensor, check_vacant, load, load_readable,
    read_checkpoint, read_config,
};
pub use start_file::{Start, StartFile, StartRun};
pub use study::{Claim, StudyFolder};
