//! The configuration as written, with places kept for messages.
