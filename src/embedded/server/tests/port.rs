//! Taking a port.

use crate::embedded::server::listen::Error;
use std::net::TcpListener;

use super::*;

#[tokio::test]
async fn only_loopback() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:7233"] {
        let error = bind(address.parse().unwrap()).unwrap_err();
        assert!(matches!(error, Error::NotLoopback(_)));
        let said = error.to_string();
        assert!(
            said.starts_with(address) && said.contains("127.0.0.1"),
            "{said}"
        );
    }
    for address in ["127.0.0.1:0", "127.0.0.2:0"] {
        let listener = bind(address.parse().unwrap()).unwrap();
        assert_ne!(listener.local_addr().unwrap().port(), 0);
    }
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_busy_port_says_who_has_it() {
    let name = std::fs::read_to_string("/proc/self/comm").unwrap();
    let holder = format!("{} (pid {})", name.trim_end(), std::process::id());
    for taken in ["127.0.0.1:0", "0.0.0.0:0", "[::1]:0"] {
        let Ok(listener) = TcpListener::bind(taken) else {
            // A machine without IPv6.
            continue;
        };
        let mut address = listener.local_addr().unwrap();
        if address.ip().is_unspecified() {
            address.set_ip("127.0.0.1".parse().unwrap());
        }
        let said = bind(address).unwrap_err().to_string();
        assert!(
            said.starts_with(&format!("{address} is in use by {holder}; ")),
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_port_can_be_taken_again_at_once() {
    let server = Server::start(echo());
    let address = server.address;
    let client = server.client().await;
    client.call(ECHO, []).await.unwrap();
    server.stop().await;
    bind(address).unwrap();
}
