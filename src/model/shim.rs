//! A shim as it is told: where it stands, what it does besides, and what still refers to it.

use super::{Form, Location, SymbolPath};
use std::sync::Arc;

/// One module or item that is there only to hand something on.
#[derive(Debug, Clone)]
pub struct ShimStatus {
    /// The path that it makes.
    pub path: SymbolPath,
    /// True for a whole module, false for one name of a module that holds other things as well.
    pub is_module: bool,
    /// Path relative to the project root, with `/`.
    pub file: Arc<str>,
    /// The handed-on name, or the first line of the module.
    pub location: Location,
    /// The ids of the rules that call it legacy, in the order of the configuration; never empty.
    pub rules: Vec<String>,
    /// The day from which it should be gone, as `2027-06-01`.
    pub remove_on: Option<String>,
    /// The version of the project from which on it should be gone; set when all its rules name the same.
    pub removed_in: Option<String>,
    /// What it does besides, and where.
    pub impurities: Vec<(String, Location)>,
    /// What refers to it, by file and place.
    pub references: Vec<ShimReference>,
}

/// A place that refers to a shim.
#[derive(Debug, Clone)]
pub struct ShimReference {
    /// Path relative to the project root, with `/`.
    pub file: Arc<str>,
    /// Where in that file.
    pub location: Location,
    /// How the path is written.
    pub form: Form,
    /// The absolute path that is written.
    pub written: String,
    /// Why `migrate` leaves it, as far as that is known.
    pub refusal: Option<String>,
    /// The other shim that it belongs to.
    pub shim: Option<String>,
}

impl ShimStatus {
    /// True when it only hands on.
    pub const fn is_pure(&self) -> bool {
        self.impurities.is_empty()
    }

    /// True when nothing is lost by deleting it now.
    pub const fn is_deletable(&self) -> bool {
        self.is_pure() && self.references.is_empty()
    }
}
