//! How many files this process may have open: with an engine, every client's connection
//! is one. The system's soft limit is made for programs that use few.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the soft limit to the hard one. Where that is refused, the daemon goes on with
/// what it has.
pub(super) fn raise_open_files() {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return;
    }
    let before = limit.current;
    limit.current = limit.maximum;
    match setrlimit(Resource::Nofile, limit) {
        Ok(()) => tracing::debug!(?before, now = ?limit.current, "open files"),
        Err(error) => tracing::warn!(
            "the limit of open files stays at {} ({error}): beyond that, connections are refused; \
             raise it with `ulimit -n` before aurad is started",
            before.map_or_else(|| "unlimited".to_owned(), |limit| limit.to_string())
        ),
    }
}
