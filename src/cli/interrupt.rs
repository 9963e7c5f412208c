//! SIGINT and SIGTERM: they end the program at once, except while files are being written.
//!
//! Then they are a wish to stop: the transaction goes back to where it began, says so, and the program ends with the
//! code by which shells know the signal. A second signal changes nothing: the way back takes a moment only.

use crate::transaction::Stop;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::{register, register_conditional_default, register_usize};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is known of the signals so far.
#[derive(Debug)]
pub(super) struct Interrupt {
    stop: Stop,
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Starts to listen. Where the system does not let us, a signal ends the program, and the next command recovers.
    pub fn listen() -> Self {
        let interrupt = Self { stop: Stop::default(), signal: Arc::default() };
        for signal in [SIGINT, SIGTERM] {
            let _ = interrupt.hear(signal);
        }
        interrupt
    }

    fn hear(&self, signal: i32) -> io::Result<()> {
        register_conditional_default(signal, Arc::clone(self.stop.idle()))?;
        register_usize(signal, Arc::clone(&self.signal), signal.unsigned_abs() as usize)?;
        register(signal, Arc::clone(self.stop.wanted())).map(drop)
    }

    /// What the transaction asks.
    pub const fn stop(&self) -> &Stop {
        &self.stop
    }

    /// The exit code of a program that a signal stopped; `None` when there was none.
    pub fn code(&self) -> Option<u8> {
        match u8::try_from(self.signal.load(Ordering::SeqCst)) {
            Ok(signal @ 1..=127) => Some(128 + signal),
            _ => None,
        }
    }
}
