//! A JSON array whose entries are made while it is written: a hundred thousand of them need no memory.

use serde::{Serialize, Serializer};

/// The entries of the iterator that the function gives.
pub struct Each<F>(pub F);

impl<F, I> Serialize for Each<F>
where
    F: Fn() -> I,
    I: IntoIterator<Item: Serialize>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}
