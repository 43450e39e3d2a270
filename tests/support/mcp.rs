//! An agent that talks to `aura-msg mcp` line by line, for what no client library would say
//! or show. It deliberately knows only the handshake and how a tool is called.

use std::{
    io::Write,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use super::{lines::Lines, wait::eventually};

/// Nothing that is asked here takes longer, on a loaded machine.
const LIMIT: Duration = Duration::from_mins(1);

/// The first two lines of an agent.
pub fn greeting() -> String {
    let hello = json!({
        "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        },
    });
    let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    format!("{hello}\n{ready}\n")
}

/// The line that calls a tool.
pub fn call(id: u32, tool: &str, arguments: &Value) -> String {
    let params = json!({ "name": tool, "arguments": arguments });
    let call = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params });
    format!("{call}\n")
}

/// A server that was started, and greeted. Dropped, it is killed.
pub struct Agent {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Lines,
    stderr: Lines,
    last: u32,
}

impl Agent {
    /// Starts `aura-msg mcp`, which the caller has put together, and greets it.
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it can be run");
        let (stdout, stderr) = (Lines::default(), Lines::default());
        stdout.collect(child.stdout.take().expect("stdout is piped"));
        stderr.collect(child.stderr.take().expect("stderr is piped"));
        let mut agent = Self {
            stdin: child.stdin.take(),
            child,
            stdout,
            stderr,
            last: 0,
        };
        agent.say(&greeting());
        let hello = agent.answer(0);
        assert_eq!(hello["result"]["serverInfo"]["name"], "aura-msg", "{hello}");
        agent
    }

    /// Says something, whatever it is.
    #[track_caller]
    pub fn say(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().expect("it is open");
        stdin.write_all(text.as_bytes()).expect("it listens");
    }

    /// Asks for something, and does not wait for the answer, which will have this id.
    #[track_caller]
    pub fn ask(&mut self, method: &str, params: &Value) -> u32 {
        self.last += 1;
        let id = self.last;
        let ask = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.say(&format!("{ask}\n"));
        id
    }

    /// The whole answer of this id.
    #[track_caller]
    pub fn answer(&self, id: u32) -> Value {
        let line = self.stdout.wait_for(0, &format!("\"id\":{id},"), LIMIT);
        let line = line.unwrap_or_else(|why| {
            panic!(
                "no answer {id}: {why:?}\n{:#?}\n{:#?}",
                self.stdout.all(),
                self.stderr.all()
            )
        });
        serde_json::from_str(&line).expect("a line is a message")
    }

    /// Calls a tool, and has its result.
    #[track_caller]
    pub fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let id = self.ask(
            "tools/call",
            &json!({ "name": tool, "arguments": arguments }),
        );
        let answer = self.answer(id);
        assert!(answer["error"].is_null(), "{answer}");
        answer["result"].clone()
    }

    /// Closes its input, and has its exit status and all that it has said.
    #[track_caller]
    pub fn close(mut self) -> (ExitStatus, Vec<String>, Vec<String>) {
        self.stdin = None;
        let status = eventually("its end", LIMIT, || {
            self.child.try_wait().expect("it is ours")
        });
        assert!(self.stdout.wait_end(LIMIT) && self.stderr.wait_end(LIMIT));
        (status, self.stdout.all(), self.stderr.all())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It has ended, or is to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The code of a tool's error.
#[track_caller]
pub fn code(result: &Value) -> &str {
    assert_eq!(result["isError"], true, "{result}");
    result["_meta"]["aura/error"]["code"]
        .as_str()
        .expect("an error has a code")
}
