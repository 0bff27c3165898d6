//! What each command of the program does, one file each, with the picture files that several write.

mod damage_report;
mod find_command;
mod labels;
mod list_commands;
mod picture_file;
mod plot_command;
mod run_command;
mod study_command;
mod sweep_command;

use crate::cli::args::CliCommand;
use crate::cli::error::CliError;
use crate::cli::terminal::print;
use crate::platform::console::complain;
use crate::store::PresetFolder;

/// Runs a command to its end.
pub(super) fn run(command: &CliCommand) -> Result<(), CliError> {
    match command {
        CliCommand::Run(args) => run_command::run(args),
        CliCommand::Plot(args) => plot_command::run(args),
        CliCommand::Find(args) => find_command::run(args),
        CliCommand::Sweep(args) => sweep_command::run(args),
        CliCommand::Merge(args) => sweep_command::merge(args),
        CliCommand::Study(args) => study_command::run(args),
        CliCommand::Presets => {
            let own = PresetFolder::for_user().map(|folder| folder.list()).unwrap_or_default();
            own.skipped.iter().for_each(|sentence| complain(sentence));
            print(&list_commands::presets(&own.configs))
        }
        CliCommand::Data => print(&list_commands::data()),
        CliCommand::Models => print(&list_commands::models()),
        CliCommand::Studies => print(&list_commands::studies()),
    }
}
