//! Places where a test can kill the process, or make another program of it, in debug builds
//! only: a release build has none of this. `AURA_FAILPOINT=name:n` aborts at the n-th time
//! that `name` is reached; `AURA_FAILPOINT=name` makes the change of that name.

/// Aborts here if the environment asks for it; nothing in a release build.
#[cfg(debug_assertions)]
pub(crate) fn hit(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static ASKED: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static HITS: AtomicU64 = AtomicU64::new(0);

    let asked = ASKED.get_or_init(|| {
        let text = std::env::var("AURA_FAILPOINT").ok()?;
        let (name, count) = text.split_once(':')?;
        Some((name.to_owned(), count.parse().ok()?))
    });
    if let Some((wanted, count)) = asked
        && wanted == name
        && HITS.fetch_add(1, Ordering::Relaxed) + 1 == *count
    {
        std::process::abort();
    }
}

/// Aborts here if the environment asks for it; nothing in a release build.
#[cfg(not(debug_assertions))]
pub(crate) const fn hit(_name: &str) {}

/// Whether the environment asks for this change of the program; never in a release build.
#[cfg(debug_assertions)]
pub(crate) fn is_changed(name: &str) -> bool {
    use std::sync::OnceLock;

    static ASKED: OnceLock<Option<String>> = OnceLock::new();

    let asked = ASKED.get_or_init(|| std::env::var("AURA_FAILPOINT").ok());
    asked.as_deref() == Some(name)
}

/// Whether the environment asks for this change of the program; never in a release build.
#[cfg(not(debug_assertions))]
pub(crate) const fn is_changed(_name: &str) -> bool {
    false
}
