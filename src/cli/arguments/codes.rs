//! Options that choose kinds of finding.

use clap::{ArgAction, Args};

/// Which kinds of finding are wanted.
#[derive(Debug, Args)]
pub struct Codes {
    /// Report these codes only: codes, names or beginnings such as SSOT00, separated by commas
    #[arg(long, value_name = "CODES", value_delimiter = ',', action = ArgAction::Append)]
    pub select: Vec<String>,
    /// Report these codes besides; SSOT006 (of the whole project), SSOT007 and SSOT011 read every file and have to be asked for
    #[arg(long, value_name = "CODES", value_delimiter = ',', action = ArgAction::Append)]
    pub extend_select: Vec<String>,
    /// Leave these codes out
    #[arg(long, value_name = "CODES", value_delimiter = ',', action = ArgAction::Append)]
    pub ignore: Vec<String>,
}
