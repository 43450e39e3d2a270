//! Where a scenario and the activities and workflows it made meet: workers live in the
//! test process, so that a scenario can wait until an activity runs, and let it go on. The
//! names are a scenario's own ids; nothing is shared between two of them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use tokio::sync::watch;

static DESK: LazyLock<Mutex<HashMap<String, watch::Sender<State>>>> = LazyLock::new(Mutex::default);

/// What is known of one name.
#[derive(Debug, Clone, Default)]
struct State {
    arrivals: usize,
    open: bool,
    token: Vec<u8>,
}

fn state(name: &str) -> watch::Sender<State> {
    let mut desk = DESK.lock().unwrap_or_else(PoisonError::into_inner);
    desk.entry(name.to_owned()).or_default().clone()
}

/// An activity says that it has begun.
pub fn arrive(name: &str) {
    state(name).send_modify(|state| state.arrivals += 1);
}

/// An activity leaves its task token for whoever completes it.
pub fn leave_token(name: &str, token: &[u8]) {
    state(name).send_modify(|state| {
        state.token = token.to_vec();
        state.arrivals += 1;
    });
}

/// Waits until an activity has begun for the n-th time.
pub async fn arrived(name: &str, times: usize) {
    let mut watched = state(name).subscribe();
    let waited = watched.wait_for(|state| state.arrivals >= times).await;
    waited.expect("the desk keeps its senders");
}

/// The task token that an activity left, once it has.
pub async fn token(name: &str) -> Vec<u8> {
    arrived(name, 1).await;
    state(name).borrow().token.clone()
}

/// Lets those go on that wait for this name, now and later.
pub fn open(name: &str) {
    state(name).send_modify(|state| state.open = true);
}

/// Whether this name was opened.
pub fn is_open(name: &str) -> bool {
    state(name).borrow().open
}

/// Waits until this name is opened.
pub async fn opened(name: &str) {
    let mut watched = state(name).subscribe();
    let waited = watched.wait_for(|state| state.open).await;
    waited.expect("the desk keeps its senders");
}
