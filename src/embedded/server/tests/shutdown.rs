//! The end: what runs is finished, what overstays is cut off, and the limit of connections.

use std::sync::Mutex;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use super::*;

#[tokio::test]
async fn a_call_that_runs_is_finished() {
    let (go, gone) = oneshot::channel::<()>();
    let gone = Mutex::new(Some(gone));
    let (tell, mut told) = mpsc::unbounded_channel();
    let server = Server::start(answering(move |_| {
        let gone = gone.lock().unwrap().take();
        let tell = tell.clone();
        async move {
            tell.send(()).unwrap();
            gone.unwrap().await.unwrap();
            Ok(vec![1])
        }
    }));
    let address = server.address;
    let client = server.client().await;
    let idle = server.client().await;
    let running = tokio::spawn(async move { client.call(ECHO, []).await });
    told.recv().await.unwrap();
    let mut stopping = Box::pin(server.stop());
    assert!(futures::poll!(&mut stopping).is_pending());
    // It listens no more once it has heard; its socket's end is the sign.
    let refused = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    refused.await;
    go.send(()).unwrap();
    assert_eq!(running.await.unwrap().unwrap().as_ref(), [1]);
    stopping.await;
    assert!(idle.call(ECHO, []).await.is_err());
}

#[tokio::test]
async fn what_overstays_the_grace_is_dropped() {
    let (handler, mut told) = polls();
    let options = Options {
        grace: Duration::ZERO,
        ..Options::default()
    };
    let server = Server::with(handler, options);
    let client = server.client().await;
    // One that has not said anything yet must not hold it up either.
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    let poll = tokio::spawn(async move { client.call("/any.v1.Service/Poll", []).await });
    assert_eq!(told.recv().await, Some(Seen::Began("Poll".into())));
    server.stop().await;
    assert_eq!(told.recv().await, Some(Seen::Dropped));
    poll.await.unwrap().unwrap_err();
    assert_eq!(silent.read(&mut [0]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn one_connection_too_many_is_closed() {
    let options = Options {
        connections: 2,
        ..Options::default()
    };
    let server = Server::with(echo(), options);
    let one = server.client().await;
    let other = server.client().await;
    for client in [&one, &other] {
        client.call(ECHO, []).await.unwrap();
    }
    let mut third = TcpStream::connect(server.address).await.unwrap();
    assert_eq!(third.read(&mut [0]).await.unwrap_or(0), 0);
    one.call(ECHO, []).await.unwrap();
    drop((one, other));
    server.stop().await;
}
