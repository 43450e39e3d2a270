//! Load for `benches/embedded.py`: calls, signals and whole epochs from one process with one
//! connection, so that what is measured is the service and its worker, not the starting of
//! programs; and commits of `SQLite` alone, to compare with. Prints JSON.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aura::client::{Client, Deadline, Delivery, IfExists, NewEpoch};
use aura::contract::epoch::{EpochInput, EpochSettings, PhaseAdvanceSignal, ReviewVoteSignal};
use aura::contract::names::signal;
use aura::protocol::state::State;
use aura::protocol::vote::{ReviewAxis, VoteType};
use aura::protocol::{PhaseId, Word};
use temporalio_client::tonic::Request;
use temporalio_client::{Connection, ConnectionOptions, GrpcCompression, Url};
use temporalio_common::protos::temporal::api::workflowservice::v1::GetSystemInfoRequest;
use tokio::task::JoinSet;

type Answer<T> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "usage: load signals HOST:PORT EPOCH COUNT PAUSE_MS | load calls HOST:PORT \
    COUNT PAUSE_MS | load epochs HOST:PORT PREFIX COUNT DRIVERS LAST_PHASE | load commits FILE \
    COUNT PAUSE_MS";
const LIMIT: Duration = Duration::from_mins(1);
/// About what a signal leaves in the database: its event, the task's, the run's state.
const COMMIT_BYTES: usize = 1000;

// One thread: what a call takes is not to depend on which of several hears the answer.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Answer<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let printed = match words[..] {
        ["signals", address, epoch, count, pause] => {
            let pause = Duration::from_millis(pause.parse()?);
            serde_json::to_string(&signals(address, epoch, count.parse()?, pause).await?)?
        }
        ["calls", address, count, pause] => {
            let pause = Duration::from_millis(pause.parse()?);
            serde_json::to_string(&calls(address, count.parse()?, pause).await?)?
        }
        ["epochs", address, prefix, count, drivers, last] => {
            let last = PhaseId::from_word(last)?;
            let load = Load {
                address: address.to_owned(),
                prefix: prefix.to_owned(),
                last,
                next: AtomicUsize::new(0),
                count: count.parse()?,
            };
            serde_json::to_string(&epochs(load, drivers.parse()?).await?)?
        }
        ["commits", file, count, pause] => {
            let pause = Duration::from_millis(pause.parse()?);
            serde_json::to_string(&commits(file, count.parse()?, pause)?)?
        }
        _ => return Err(USAGE.into()),
    };
    #[expect(clippy::print_stdout, reason = "it is what this program is for")]
    {
        println!("{printed}");
    }
    Ok(())
}

async fn connect(address: &str) -> Answer<Client> {
    let address = address.parse()?;
    Ok(Client::connect(&address, "default", Deadline::after(LIMIT)).await?)
}

/// Seconds until each of these signals was acknowledged. Nobody waits for its effect; with a
/// pause, there is time for it.
async fn signals(address: &str, epoch: &str, count: usize, pause: Duration) -> Answer<Vec<f64>> {
    let mut client = connect(address).await?;
    let mut taken = Vec::with_capacity(count);
    for number in 0..count {
        client = client.with_deadline(Deadline::after(LIMIT));
        let delivery = Delivery {
            request_id: format!("{epoch}/{}/{number}", std::process::id()),
            may_be_known: false,
            actor: None,
            confirm: false,
        };
        let vote = vote(ReviewAxis::Elegance);
        let began = Instant::now();
        let sent = client.send(epoch, signal::SUBMIT_VOTE, vote, &delivery);
        sent.await?;
        taken.push(began.elapsed().as_secs_f64());
        tokio::time::sleep(pause).await;
    }
    Ok(taken)
}

/// Seconds for each of these calls that change nothing: what a signal cannot be faster than.
async fn calls(address: &str, count: usize, pause: Duration) -> Answer<Vec<f64>> {
    let url: Url = format!("http://{address}").parse()?;
    let options = ConnectionOptions::new(url)
        .grpc_compression(GrpcCompression::None)
        .build();
    let connection = Connection::connect(options).await?;
    let mut taken = Vec::with_capacity(count);
    for _ in 0..count {
        let mut service = connection.workflow_service();
        let began = Instant::now();
        let asked = service.get_system_info(Request::new(GetSystemInfoRequest::default()));
        asked.await?;
        taken.push(began.elapsed().as_secs_f64());
        tokio::time::sleep(pause).await;
    }
    Ok(taken)
}

struct Load {
    address: String,
    prefix: String,
    last: PhaseId,
    next: AtomicUsize,
    count: usize,
}

/// Seconds for all of these epochs, each driven by one of the drivers with every message
/// confirmed, as far as this phase.
async fn epochs(load: Load, drivers: usize) -> Answer<f64> {
    let load = Arc::new(load);
    let began = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..drivers {
        let load = Arc::clone(&load);
        running.spawn(async move {
            let mut client = connect(&load.address).await?;
            loop {
                let number = load.next.fetch_add(1, Ordering::Relaxed);
                if number >= load.count {
                    return Answer::Ok(());
                }
                client = drive(client, format!("{}-{number}", load.prefix), load.last).await?;
            }
        });
    }
    while let Some(driven) = running.join_next().await {
        driven??;
    }
    Ok(began.elapsed().as_secs_f64())
}

async fn drive(client: Client, epoch: String, last: PhaseId) -> Answer<Client> {
    let mut client = client.with_deadline(Deadline::after(LIMIT));
    let new = NewEpoch {
        input: EpochInput {
            epoch_id: epoch.clone(),
            request_description: "to be measured".to_owned(),
            rules_version: State::NEWEST_RULES,
            settings: EpochSettings::for_new_epochs(),
            carried: None,
        },
        task_queue: "aura".to_owned(),
        if_exists: IfExists::Fail,
    };
    client.start(&new, &format!("{epoch}/start")).await?;
    for phase in PhaseId::ALL.iter().copied().skip(1) {
        client = client.with_deadline(Deadline::after(LIMIT));
        if matches!(phase, PhaseId::P5 | PhaseId::P11) {
            for axis in ReviewAxis::ALL {
                let id = format!("{phase}/{axis}");
                send(&client, &epoch, signal::SUBMIT_VOTE, vote(*axis), &id).await?;
            }
        }
        let advance = PhaseAdvanceSignal {
            to_phase: phase,
            triggered_by: "load".to_owned(),
            condition_met: "measured".to_owned(),
            override_reason: None,
        };
        let id = phase.word();
        send(&client, &epoch, signal::ADVANCE_PHASE, advance, id).await?;
        if phase == last {
            break;
        }
    }
    Ok(client)
}

async fn send<T>(client: &Client, epoch: &str, signal: &str, content: T, id: &str) -> Answer<()>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Clone,
{
    let delivery = Delivery {
        request_id: format!("{epoch}/{id}"),
        may_be_known: false,
        actor: None,
        confirm: true,
    };
    client.send(epoch, signal, content, &delivery).await?;
    Ok(())
}

fn vote(axis: ReviewAxis) -> ReviewVoteSignal {
    ReviewVoteSignal {
        axis,
        vote: VoteType::Accept,
        reviewer_id: format!("reviewer-{axis}"),
        comment: None,
        round: None,
        phase: None,
    }
}

/// Seconds for each of these commits of one row, as durable as the engine's; with a pause, as
/// cold a machine as signals find.
fn commits(file: &str, count: usize, pause: Duration) -> Answer<Vec<f64>> {
    let database = rusqlite::Connection::open(file)?;
    database.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE row (data BLOB);",
    )?;
    let row = vec![0x61_u8; COMMIT_BYTES];
    let mut taken = Vec::with_capacity(count);
    for _ in 0..count {
        let began = Instant::now();
        database.execute("INSERT INTO row VALUES (?)", [&row])?;
        taken.push(began.elapsed().as_secs_f64());
        std::thread::sleep(pause);
    }
    Ok(taken)
}
