//! Where new ids come from. They are the caller's, as the clock is: a test that gives the
//! same ones gets the same history.

use std::fmt;

/// A source of run ids and request ids.
pub(in crate::embedded) trait Ids: fmt::Debug + Send {
    /// An id that was never given before.
    fn next(&mut self) -> String;
}

/// Random UUIDs.
#[derive(Debug, Default)]
pub(in crate::embedded) struct Random;

impl Ids for Random {
    fn next(&mut self) -> String {
        uuid::Uuid::new_v4().to_string()
    }
}
