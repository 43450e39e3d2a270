//! What a handler gets of a request, and a client of an answer.

use std::time::Duration;

use tokio::time::Instant;

use super::*;

#[tokio::test]
async fn bytes_go_to_the_handler_and_back() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let server = Server::start(answering(move |call: Call| {
        tell.send(call.clone()).unwrap();
        async move { Ok(call.body.iter().rev().copied().collect()) }
    }));
    let client = server.client().await;
    let mut request = Request::new(vec![1, 2, 3]);
    let headers = request.metadata_mut();
    headers.insert("client-name", "temporal-rust".parse().unwrap());
    headers.insert("client-version", "1.1.1".parse().unwrap());
    let answer = client.request("/a.b.v1.C/Do", request).await.unwrap();
    assert_eq!(answer.as_ref(), [3, 2, 1]);
    let call = told.recv().await.unwrap();
    assert_eq!(call.service, "a.b.v1.C");
    assert_eq!(call.method, "Do");
    assert_eq!(call.body.as_ref(), [1, 2, 3]);
    assert_eq!(call.deadline, None);
    assert_eq!(call.origin, Origin::Tcp);
    assert!(client.call("/a.b.v1.C/Do", []).await.unwrap().is_empty());
    assert!(told.recv().await.unwrap().body.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn the_callers_limit_is_a_deadline() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let server = Server::start(answering(move |call: Call| {
        tell.send(call.deadline).unwrap();
        async { Ok(Vec::new()) }
    }));
    let mut request = Request::new(Vec::new());
    request.set_timeout(Duration::from_secs(500));
    let before = Instant::now();
    server.client().await.request(ECHO, request).await.unwrap();
    let deadline = told.recv().await.unwrap().unwrap();
    assert!(deadline >= before + Duration::from_secs(500));
    assert!(deadline <= Instant::now() + Duration::from_secs(500));
    server.stop().await;
}

#[tokio::test]
async fn compressed_both_ways() {
    let server = Server::start(echo());
    let client = server.client().await;
    for length in [0, 1, 1023, 1024, 100_000, MAX_REQUEST] {
        let body = vec![7; length];
        assert_eq!(client.gzip(ECHO, body.clone()).await.unwrap(), body);
    }
    // What goes over the wire: asked for, and only where it is worth it.
    let message = |length: usize| {
        let mut body = vec![0];
        body.extend(u32::try_from(length).unwrap().to_be_bytes());
        body.extend(vec![7; length]);
        body
    };
    let ask = |length, accepted| {
        let mut request = post(ECHO, &message(length));
        request.headers_mut().insert(
            "grpc-accept-encoding",
            http::HeaderValue::from_static(accepted),
        );
        client.http(request)
    };
    let answer = ask(100_000, "identity, deflate,gzip").await;
    assert_eq!(answer.headers["grpc-encoding"], "gzip");
    assert!(answer.body.len() < 1000, "{}", answer.body.len());
    for (length, accepted) in [(100_000, "identity"), (100, "gzip")] {
        let answer = ask(length, accepted).await;
        assert_eq!(answer.headers.get("grpc-encoding"), None);
        assert_eq!(answer.body, message(length));
        assert_eq!(answer.code(), Code::Ok);
    }
    server.stop().await;
}

#[tokio::test]
async fn an_error_keeps_its_code_its_words_and_its_details() {
    let server = Server::start(answering(|_| async {
        Err(Status::with_details(
            Code::AlreadyExists,
            "läuft schon: 100% \n",
            Bytes::from_static(&[0, 1, 255]),
        ))
    }));
    let status = server.client().await.call(ECHO, []).await.unwrap_err();
    assert_eq!(status.code(), Code::AlreadyExists);
    assert_eq!(status.message(), "läuft schon: 100% \n");
    assert_eq!(status.details(), [0, 1, 255]);
    server.stop().await;
}

#[tokio::test]
async fn large_requests_are_refused_in_words_that_clients_know() {
    let server = Server::start(echo());
    let client = server.client().await;
    assert_eq!(
        client.call(ECHO, vec![0; MAX_REQUEST]).await.unwrap().len(),
        MAX_REQUEST
    );
    let plain = client.call(ECHO, vec![0; MAX_REQUEST + 1]).await;
    let gzip = client.gzip(ECHO, vec![0; MAX_REQUEST + 1]).await;
    for (answer, words) in [
        (
            plain,
            "grpc: received message larger than max (4194305 vs. 4194304)",
        ),
        (
            gzip,
            "grpc: received message after decompression larger than max 4194304",
        ),
    ] {
        let status = answer.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert_eq!(status.message(), words);
    }
    // The limit is on requests: a history may be larger.
    let server_of_much = Server::start(answering(|_| async { Ok(vec![7; 20_000_000]) }));
    let answer = server_of_much.client().await.gzip(ECHO, []).await.unwrap();
    assert_eq!(answer.len(), 20_000_000);
    server_of_much.stop().await;
    server.stop().await;
}

#[tokio::test]
async fn calls_on_one_connection_do_not_wait_for_each_other() {
    let (handler, mut told) = polls();
    let server = Server::start(handler);
    let client = server.client().await;
    let waiting = {
        let client = client.clone();
        tokio::spawn(async move {
            let polls = (0..500).map(|_| client.call("/any.v1.Service/Poll", []));
            futures::future::join_all(polls).await
        })
    };
    for _ in 0..500 {
        assert!(matches!(told.recv().await, Some(Seen::Began(_))));
    }
    assert_eq!(client.call(ECHO, [1]).await.unwrap().as_ref(), [1]);
    waiting.abort();
    server.stop().await;
}

#[tokio::test]
async fn health() {
    let server = Server::start(answering(|call| async move {
        Err(Status::unimplemented(call.service))
    }));
    let client = server.client().await;
    let check = "/grpc.health.v1.Health/Check";
    let named = |name: &str| {
        let mut message = vec![0x0a, u8::try_from(name.len()).unwrap()];
        message.extend(name.bytes());
        message
    };
    for request in [
        Vec::new(),
        named("temporal.api.workflowservice.v1.WorkflowService"),
    ] {
        assert_eq!(client.call(check, request).await.unwrap().as_ref(), [8, 1]);
    }
    let code = async |path: &str, body: Vec<u8>| client.call(path, body).await.unwrap_err().code();
    assert_eq!(code(check, named("other")).await, Code::NotFound);
    assert_eq!(code(check, vec![0xff]).await, Code::InvalidArgument);
    assert_eq!(
        code("/grpc.health.v1.Health/Watch", Vec::new()).await,
        Code::Unimplemented
    );
    // Not here: the handler says so.
    let reflection = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    assert_eq!(code(reflection, Vec::new()).await, Code::Unimplemented);
    server.stop().await;
}
