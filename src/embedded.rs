//! A durable service with Temporal's protocol in this process.

#[cfg_attr(
    not(test),
    expect(
        dead_code,
        unused_imports,
        reason = "the service that uses it comes next"
    )
)]
mod server;
