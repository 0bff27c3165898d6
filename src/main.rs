//! The program: parses the command line and opens the window or calls the runner.
fn main() {}
