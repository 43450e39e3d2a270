//! A server that is reached through TLS only, and asks for a certificate: who has the right
//! ones gets through, daemon and command alike; nobody else does; and no secret is seen.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::support::output::{Output, run_limited};
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);
const KEY: &str = "hush-hush-api-key";

/// Certificates of two authorities, of which the server knows one.
struct Papers {
    folder: PathBuf,
}

impl Papers {
    fn make(folder: PathBuf) -> Self {
        fs::create_dir_all(&folder).unwrap();
        let papers = Self { folder };
        for ca in ["ca", "stranger"] {
            papers.openssl(&format!(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
                 -keyout {ca}.key -out {ca}.pem -subj /CN={ca} \
                 -addext keyUsage=critical,keyCertSign"
            ));
        }
        papers.sign(
            "server",
            "ca",
            "subjectAltName=IP:127.0.0.1,DNS:temporal.test",
        );
        papers.sign("client", "ca", "extendedKeyUsage=clientAuth");
        papers.sign("forged", "stranger", "extendedKeyUsage=clientAuth");
        papers
    }

    fn sign(&self, name: &str, ca: &str, extension: &str) {
        fs::write(self.folder.join("extension"), extension).unwrap();
        self.openssl(&format!(
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout {name}.key \
             -out {name}.csr -subj /CN={name}"
        ));
        self.openssl(&format!(
            "x509 -req -in {name}.csr -CA {ca}.pem -CAkey {ca}.key -CAcreateserial -days 2 \
             -extfile extension -out {name}.pem"
        ));
    }

    fn openssl(&self, words: &str) {
        let mut command = Command::new("openssl");
        command
            .args(words.split_whitespace())
            .current_dir(&self.folder);
        let _ = run_limited(&mut command, "", LIMIT)
            .expect("openssl can be run")
            .ok();
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn certificates(&self, name: &str) -> Vec<CertificateDer<'static>> {
        let found = CertificateDer::pem_file_iter(self.folder.join(name)).unwrap();
        found.map(Result::unwrap).collect()
    }

    /// What the server shows, and asks for.
    fn server(&self) -> ServerConfig {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(self.certificates("ca.pem"));
        let provider = Arc::new(ring::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()
                .unwrap();
        let key = PrivateKeyDer::from_pem_file(self.folder.join("server.key")).unwrap();
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(self.certificates("server.pem"), key)
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        config
    }
}

/// Ends TLS in front of a server that has none. It lives as long as its runtime.
fn terminate_tls(runtime: &Runtime, papers: &Papers, server: &str) -> String {
    let acceptor = TlsAcceptor::from(Arc::new(papers.server()));
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = server.to_owned();
    runtime.spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (acceptor, server) = (acceptor.clone(), server.clone());
            tokio::spawn(async move {
                // Who has no right certificate hears so from the handshake.
                let Ok(mut client) = acceptor.accept(client).await else {
                    return;
                };
                let Ok(mut server) = TcpStream::connect(&server).await else {
                    return;
                };
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    address
}

#[track_caller]
fn keeps_quiet(text: &str) {
    assert!(!text.contains("hush-hush"), "{text}");
}

/// A query with these flags, and with the API key in the environment.
#[track_caller]
fn query(world: &World, flags: &[&str]) -> Output {
    let cli = world.cli().env("TEMPORAL_API_KEY", KEY);
    let words = [
        "query",
        "state",
        "--epoch-id",
        &world.epoch,
        "--timeout=50s",
    ];
    let output = cli.run(words.iter().chain(flags));
    keeps_quiet(&format!("{}{}", output.stdout, output.stderr));
    output
}

#[test]
fn certificates_decide_who_gets_through_and_no_secret_is_seen() {
    let Some(plain) = World::shared() else {
        return;
    };
    let papers = Papers::make(plain.sandbox.path().join("papers"));
    let runtime = Runtime::new().unwrap();
    let world = plain.through(terminate_tls(&runtime, &papers, &plain.address));
    let path = |name: &str| papers.path(name);
    let (ca, stranger) = (path("ca.pem"), path("stranger.pem"));
    let (cert, key) = (path("client.pem"), path("client.key"));
    let (forged, forged_key) = (path("forged.pem"), path("forged.key"));
    let right = [
        "--tls-ca-path",
        &ca,
        "--tls-cert-path",
        &cert,
        "--tls-key-path",
        &key,
    ];

    let daemon = world.daemon_with(
        &[&right[..], &["--verbose"]].concat(),
        &[
            ("TEMPORAL_API_KEY", KEY),
            ("TEMPORAL_GRPC_META_X_TEAM", "hush-hush-team"),
            ("RUST_LOG", "debug"),
        ],
    );
    daemon.wait_ready();
    let start = ["epoch", "start", "--epoch-id", &world.epoch];
    let _ = world.cli().run(start.iter().chain(&right)).ok();
    let _ = query(&world, &right).ok();
    let named = ["--tls-server-name", "temporal.test"];
    let _ = query(&world, &[&right[..], &named].concat()).ok();

    let wrong: [(&str, Vec<&str>); 5] = [
        ("no certificate", vec!["--tls-ca-path", &ca]),
        (
            "a certificate of a stranger",
            vec![
                "--tls-ca-path",
                &ca,
                "--tls-cert-path",
                &forged,
                "--tls-key-path",
                &forged_key,
            ],
        ),
        (
            "an authority that did not sign the server's",
            vec![
                "--tls-ca-path",
                &stranger,
                "--tls-cert-path",
                &cert,
                "--tls-key-path",
                &key,
            ],
        ),
        (
            "the system's authorities",
            vec!["--tls", "--tls-cert-path", &cert, "--tls-key-path", &key],
        ),
        (
            "another name",
            [&right[..], &["--tls-server-name", "other.test"]].concat(),
        ),
    ];
    for (what, flags) in wrong {
        let output = query(&world, &flags).code(2);
        assert!(
            output.stderr.starts_with("connection error: "),
            "{what}: {output}"
        );
    }
    // In the clear, nobody gets through either, and the key is not even tried.
    let output = world.cli().run([
        "query",
        "state",
        "--epoch-id",
        &world.epoch,
        "--timeout=20s",
    ]);
    let _ = output.code(2);
    let clear = format!("http://{}", world.address);
    let output = query(&world, &["--address", &clear]).code(4);
    assert!(output.stderr.contains("in the clear"), "{output}");

    // A key that is not the certificate's own is found before anything is sent.
    let mixed = [
        "--tls-ca-path",
        &ca,
        "--tls-cert-path",
        &cert,
        "--tls-key-path",
        &forged_key,
    ];
    let _ = query(&world, &mixed).code(2);

    let shown = world
        .cli()
        .env("TEMPORAL_API_KEY", KEY)
        .run(["config", "show", "--origin"])
        .ok();
    keeps_quiet(&shown.stdout);
    assert!(
        shown
            .stdout
            .contains("api_key = (set) (env TEMPORAL_API_KEY)"),
        "{shown}"
    );
    let words = fs::read(
        Path::new("/proc")
            .join(daemon.pid().to_string())
            .join("cmdline"),
    );
    keeps_quiet(&String::from_utf8_lossy(&words.unwrap()));
    let logs = daemon.logs().join("\n");
    assert!(logs.contains("api_key = (set)"), "{logs}");
    keeps_quiet(&logs);
}
