# The keys of the configuration file, table by table, as options: what is not set is not
# written, so that the programs' own defaults count. Names, forms and meaning are those of the
# file (README.md); that none is missing is tested against aurad itself.
{ lib }:

let
  inherit (lib) types;

  key =
    type: description:
    lib.mkOption {
      type = types.nullOr type;
      default = null;
      inherit description;
    };

  # A number and a unit, or whole seconds.
  time = types.either types.ints.unsigned types.str;
  size = types.either types.ints.unsigned types.str;
  count = types.either types.ints.positive (types.enum [ "auto" ]);
  rate = types.either types.numbers.positive (types.enum [ "unlimited" ]);
  texts = types.either types.str (types.listOf types.str);
  variables = types.attrsOf types.str;

  connection = {
    namespace = key types.str "Namespace of the server.";
    address = key types.str "The server, as host:port.";
    server_address = key types.str "Earlier name of `address`.";
    profile = key types.str "Profile of Temporal's own configuration file.";
    tls = key types.bool "Whether to use TLS.";
    tls_ca_path = key types.str "File of who has to have signed the server's certificate.";
    tls_cert_path = key types.str "File of the certificate to show.";
    tls_key_path = key types.str "File of its private key. Keep it out of the store.";
    tls_server_name = key types.str "Name that the server's certificate has to have.";
    api_key_file = key types.str "File that has the API key. Keep it out of the store.";
    grpc_meta = key variables "Metadata of each call. It ends in the store: no secrets.";
  };
in
{
  aurad = connection // {
    task_queue = key texts "Task queue to poll, or a list of them.";
    embedded = key types.bool "Whether aurad starts an engine of its own, instead of using a server.";
    db = key types.str "The engine's file.";
    listen = key types.str "Where the engine listens, a loopback address and a port.";
    allow_users = key (types.listOf types.str) "Users besides its own who may connect to the engine: names, or numbers as text.";
    retention = key time "How long the engine keeps closed workflows; 0 is for ever.";
    synchronous = key (types.enum [
      "full"
      "normal"
    ]) "What a commit of the engine waits for.";
    audit_trail = key types.str "Where the audit trail is kept: memory, sqlite, sqlite:PATH or temporal.";
    audit_db_path = key types.str "File of the audit trail where `audit_trail` names none.";
    grace_period = key time "How long activities may go on when aurad stops.";
    connect_timeout = key time "How long to try to reach the server, or unlimited.";
    allow_shell = key types.bool "Whether slices may give shell commands of their own. Whoever can send a message to an epoch can then run anything as the service's user.";
    state_dir = key types.str "Where logs and records of commands are kept.";
    host_timeout = key time "How long a slice waits for the host of its command to come back.";
    max_commands = key types.ints.positive "How many commands run at once.";
    admin = key types.str "Where health and metrics are answered over HTTP, as address and port, or none.";
    admin_expose = key types.bool "Whether `admin` may be an address that other machines reach.";
    max_cached_workflows = key types.ints.positive "How many runs each worker remembers. There is a worker for each task queue.";
    max_concurrent_workflow_tasks = key types.ints.positive "How many workflow tasks a worker does at once, at least 2.";
    max_concurrent_activities = key types.ints.positive "How many activities a worker runs at once.";
    max_concurrent_local_activities = key types.ints.positive "How many activities a worker runs at once inside workflow tasks.";
    max_concurrent_workflow_task_polls = key count "How many polls for workflow tasks wait at once, at least 2, or auto.";
    max_concurrent_activity_task_polls = key count "How many polls for activities wait at once, or auto.";
    max_activities_per_second = key rate "How many activities a worker begins in a second, or unlimited.";
    max_task_queue_activities_per_second = key rate "How many activities of a task queue all workers get in a second, or unlimited.";
    deployment_name = key types.str "What aurad is a part of, as the server shows it.";
    build_id = key types.str "What aurad was built from, as the server shows it.";
    worker_versioning = key (types.enum [
      "off"
      "auto-upgrade"
      "pinned"
    ]) "Whether Temporal decides by `deployment_name` and `build_id` what aurad works on.";
    log_format = key (types.enum [
      "auto"
      "text"
      "json"
      "journald"
    ]) "Form of the log; auto is journald under systemd.";
    otlp_endpoint = key types.str "The collector that spans are sent to, by OTLP over gRPC, or none.";
    verbose = key types.bool "Whether to print all settings at the start.";
  };

  client = connection // {
    task_queue = key types.str "Task queue of epochs that are started.";
    default_format = key (types.enum [
      "text"
      "json"
      "jsonl"
    ]) "How results are printed.";
    timeout = key time "How long to wait for an answer.";
    otlp_endpoint = key types.str "The collector that spans are sent to, by OTLP over gRPC, or none.";
  };

  review = {
    deadline = key time "How long a round of reviews is open, or unlimited.";
    remind_every = key time "How often those who have not voted are reminded, or unlimited.";
    correctness = key types.str "Runner that judges this axis.";
    test_quality = key types.str "Runner that judges this axis.";
    elegance = key types.str "Runner that judges this axis.";
    timeout = key time "How long a reviewer's command may take.";
  };

  runner = {
    argv = key (types.listOf types.str) "The program and its arguments.";
    env = key variables "Variables it gets. They end in the store: no secrets; for those there are `environmentFile` and `pass_env`.";
    pass_env = key (types.listOf types.str) "Variables of aurad that it gets.";
    directory = key types.str "Directory it runs in.";
    timeout = key time "How long a slice's command may take.";
    kill_after = key time "How long after SIGTERM it gets SIGKILL.";
    log_limit = key size "Size of its log file.";
    worktree = key types.bool "Whether each slice gets a worktree of the repository in `directory`.";
    on_shutdown = key (types.enum [
      "kill"
      "leave"
    ]) "What becomes of it when aurad stops.";
  };
}
