use std::net::{TcpListener, TcpStream};

use super::*;

/// A listener, and both ends of a connection to it.
struct Pair {
    listener: TcpListener,
    client: TcpStream,
    accepted: TcpStream,
}

fn pair(address: &str) -> Pair {
    let listener = TcpListener::bind(address).unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (accepted, _) = listener.accept().unwrap();
    Pair {
        listener,
        client,
        accepted,
    }
}

fn ways(listener: &TcpListener) -> Vec<Owners> {
    let asked = Owners::new(listener.local_addr().unwrap());
    let mut ways = vec![Owners::Listed(Listing::default())];
    if matches!(asked, Owners::Asked(_)) {
        ways.push(asked);
    }
    ways
}

#[tokio::test]
async fn the_other_end_of_a_connection_has_an_owner() {
    for address in ["127.0.0.1:0", "[::1]:0"] {
        let Ok(_) = TcpListener::bind(address) else {
            // A machine without IPv6.
            continue;
        };
        let pair = pair(address);
        let (peer, ours) = (
            pair.client.local_addr().unwrap(),
            pair.accepted.local_addr().unwrap(),
        );
        for way in ways(&pair.listener) {
            let owner = way.owner(peer, ours).await.unwrap();
            assert_eq!(owner, Some(geteuid().as_raw()), "{way:?} {address}");
        }
    }
}

#[tokio::test]
async fn one_that_its_process_has_closed_has_none() {
    let Pair {
        listener,
        client,
        accepted,
    } = pair("127.0.0.1:0");
    let (peer, ours) = (client.local_addr().unwrap(), accepted.local_addr().unwrap());
    drop(client);
    for way in ways(&listener) {
        assert_eq!(way.owner(peer, ours).await.unwrap(), None, "{way:?}");
    }
}

#[tokio::test]
async fn where_nobody_is_connected_one_that_listens_is_not_taken_for_the_peer() {
    let one = TcpListener::bind("127.0.0.1:0").unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let (peer, ours) = (one.local_addr().unwrap(), other.local_addr().unwrap());
    for way in ways(&other) {
        assert_eq!(way.owner(peer, ours).await.unwrap(), None, "{way:?}");
    }
}

#[tokio::test]
async fn those_who_wait_share_a_reading() {
    let Pair {
        client, accepted, ..
    } = pair("127.0.0.1:0");
    let (peer, ours) = (client.local_addr().unwrap(), accepted.local_addr().unwrap());
    let listing = Listing::default();
    let busy = listing.last.lock().await;
    let mut waiting = Box::pin(futures::future::join_all(
        (0..100).map(|_| listing.since(Instant::now())),
    ));
    assert!(futures::poll!(&mut waiting).is_pending());
    drop(busy);
    let tables: Vec<_> = waiting.await.into_iter().map(Result::unwrap).collect();
    assert!(tables.iter().all(|table| Arc::ptr_eq(table, &tables[0])));
    assert!(tables[0].contains_key(&(peer, ours)));
    let later = listing.since(Instant::now()).await.unwrap();
    assert!(!Arc::ptr_eq(&later, &tables[0]));
}
