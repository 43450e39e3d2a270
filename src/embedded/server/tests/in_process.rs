//! The service as the SDK's client in this process calls it.

use prost::Message as _;
use temporalio_client::callback_based::GrpcRequest;
use temporalio_client::{Connection, ConnectionOptions, Url};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeNamespaceRequest, DescribeNamespaceResponse, GetSystemInfoResponse,
};

use super::*;

/// Answers what the SDK's client asks when it connects, and one call more.
fn service() -> Arc<dyn Handler> {
    answering(|call| async move {
        assert_eq!(
            call.service,
            "temporal.api.workflowservice.v1.WorkflowService"
        );
        match call.method.as_str() {
            "GetSystemInfo" => Ok(GetSystemInfoResponse {
                server_version: format!("{:?}", call.origin),
                ..Default::default()
            }
            .encode_to_vec()),
            "DescribeNamespace" => {
                assert!(call.deadline.is_some());
                let request = DescribeNamespaceRequest::decode(call.body).unwrap();
                Ok(DescribeNamespaceResponse {
                    failover_version: i64::try_from(request.namespace.len()).unwrap(),
                    is_global_namespace: call.origin == Origin::InProcess,
                    ..Default::default()
                }
                .encode_to_vec())
            }
            other => Err(Status::unimplemented(other)),
        }
    })
}

async fn describe(connection: &Connection) -> DescribeNamespaceResponse {
    let request = DescribeNamespaceRequest {
        // Large enough to be compressed where that is done.
        namespace: "x".repeat(10_000),
        ..Default::default()
    };
    connection
        .workflow_service()
        .describe_namespace(Request::new(request))
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn the_sdks_client_in_this_process() {
    let options = ConnectionOptions::new("http://nowhere.invalid".parse::<Url>().unwrap())
        .identity("test".to_owned())
        .service_override(callback(service()))
        .dns_load_balancing(None)
        .build();
    let answer = describe(&Connection::connect(options).await.unwrap()).await;
    assert_eq!(answer.failover_version, 10_000);
    assert!(answer.is_global_namespace);
}

#[tokio::test]
async fn the_sdks_client_over_a_connection() {
    let server = Server::start(service());
    let url: Url = format!("http://{}", server.address).parse().unwrap();
    let options = ConnectionOptions::new(url)
        .identity("test".to_owned())
        .build();
    let connection = Connection::connect(options).await.unwrap();
    let answer = describe(&connection).await;
    assert_eq!(answer.failover_version, 10_000);
    assert!(!answer.is_global_namespace);
    drop(connection);
    server.stop().await;
}

fn request(headers: &[(&'static str, &'static str)]) -> GrpcRequest {
    GrpcRequest {
        service: "any.v1.Service".into(),
        rpc: "Poll".into(),
        headers: headers
            .iter()
            .map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, http::HeaderValue::from_static(value))
            })
            .collect(),
        proto: Bytes::new(),
    }
}

#[tokio::test]
async fn a_future_that_the_client_drops_is_a_caller_gone() {
    let (handler, mut told) = polls();
    let mut call = (callback(handler).callback)(request(&[]));
    assert!(futures::poll!(&mut call).is_pending());
    assert_eq!(told.try_recv(), Ok(Seen::Began("Poll".into())));
    drop(call);
    assert_eq!(told.try_recv(), Ok(Seen::Dropped));
}

#[tokio::test]
async fn a_callers_limit_holds_without_a_connection() {
    let (handler, mut told) = polls();
    let call = (callback(handler).callback)(request(&[("grpc-timeout", "50m")]));
    let status = call.await.map(drop).unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!(told.try_recv(), Ok(Seen::Began("Poll".into())));
    assert_eq!(told.try_recv(), Ok(Seen::Dropped));
}

#[tokio::test]
async fn large_and_malformed_requests_are_refused_here_too() {
    let code = async |request| {
        let answer = (callback(echo()).callback)(request).await;
        answer.map(drop).unwrap_err().code()
    };
    let mut large = request(&[]);
    large.proto = vec![0; MAX_REQUEST + 1].into();
    assert_eq!(code(large).await, Code::ResourceExhausted);
    let mut nameless = request(&[]);
    nameless.rpc.clear();
    assert_eq!(code(nameless).await, Code::Unimplemented);
    assert_eq!(
        code(request(&[("grpc-timeout", "soon")])).await,
        Code::Internal
    );
}
