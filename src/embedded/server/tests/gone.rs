//! A caller that goes away: its handler's future is dropped, and nobody else's.

use super::*;

const POLL: &str = "/any.v1.Service/Poll";

#[tokio::test]
async fn a_call_that_is_given_up_is_dropped() {
    let (handler, mut told) = polls();
    let server = Server::start(handler);
    let client = server.client().await;
    let poll = |name: &str| {
        let (client, path) = (client.clone(), format!("/any.v1.Service/{name}"));
        tokio::spawn(async move { client.call(&path, []).await })
    };
    let one = poll("One");
    assert_eq!(told.recv().await, Some(Seen::Began("One".into())));
    let other = poll("Other");
    assert_eq!(told.recv().await, Some(Seen::Began("Other".into())));
    one.abort();
    assert_eq!(told.recv().await, Some(Seen::Dropped));
    // The connection and the other call go on.
    assert_eq!(client.call(ECHO, [1]).await.unwrap().as_ref(), [1]);
    assert!(told.try_recv().is_err());
    other.abort();
    assert_eq!(told.recv().await, Some(Seen::Dropped));
    server.stop().await;
}

#[tokio::test]
async fn a_call_whose_time_is_over_is_dropped() {
    let (handler, mut told) = polls();
    let server = Server::start(handler);
    let client = server.client().await;
    let mut request = Request::new(Vec::new());
    request.set_timeout(std::time::Duration::from_millis(50));
    client.request(POLL, request).await.unwrap_err();
    assert_eq!(told.recv().await, Some(Seen::Began("Poll".into())));
    assert_eq!(told.recv().await, Some(Seen::Dropped));
    server.stop().await;
}

#[tokio::test]
async fn a_connection_that_breaks_drops_all_its_calls() {
    let (handler, mut told) = polls();
    let server = Server::start(handler);
    // A process of its own would be killed; the kernel closes its socket all the same. So:
    // a proxy that stops in the middle of everything.
    let proxy = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = proxy.local_addr().unwrap();
    let upstream = server.address;
    let pipe = tokio::spawn(async move {
        let (mut down, _) = proxy.accept().await.unwrap();
        let mut up = tokio::net::TcpStream::connect(upstream).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut down, &mut up).await;
    });
    let channel = Endpoint::from_shared(format!("http://{address}"))
        .unwrap()
        .connect()
        .await
        .unwrap();
    let client = Client { channel };
    let polls = tokio::spawn(async move {
        futures::future::join_all((0..10).map(|_| client.call(POLL, []))).await
    });
    for _ in 0..10 {
        assert_eq!(told.recv().await, Some(Seen::Began("Poll".into())));
    }
    pipe.abort();
    for _ in 0..10 {
        assert_eq!(told.recv().await, Some(Seen::Dropped));
    }
    assert!(polls.await.unwrap().iter().all(Result::is_err));
    let other = server.client().await;
    assert_eq!(other.call(ECHO, [1]).await.unwrap().as_ref(), [1]);
    server.stop().await;
}
