# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_aurad_global_optspecs
    string join \n address= embedded db= listen= allow-user= retention= synchronous= n/namespace= task-queue= audit-trail= audit-db-path= grace-period= connect-timeout= allow-shell state-dir= host-timeout= max-commands= admin= admin-expose log-format= otlp-endpoint= config= verbose check max-cached-workflows= max-concurrent-workflow-tasks= max-concurrent-activities= max-concurrent-local-activities= max-concurrent-workflow-task-polls= max-concurrent-activity-task-polls= max-activities-per-second= max-task-queue-activities-per-second= deployment-name= build-id= worker-versioning= profile= tls tls-ca-path= tls-cert-path= tls-key-path= tls-server-name= api-key-file= h/help V/version
end

function __fish_aurad_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_aurad_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_aurad_using_subcommand
    set -l cmd (__fish_aurad_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c aurad -n "__fish_aurad_needs_command" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l db -d 'File of the embedded engine [env: AURAD_DB] [default: ~/.local/share/aura/embedded.db]' -r -F
complete -c aurad -n "__fish_aurad_needs_command" -l listen -d 'Where the engine listens: loopback; port 0 takes a free one [env: AURAD_LISTEN] [default: 127.0.0.1:7233]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l allow-user -d 'Another user, by name or number, who may connect to the engine; repeat it for several [env: AURAD_ALLOW_USER]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l retention -d 'How long the engine keeps closed workflows; 0 keeps all [env: AURAD_RETENTION] [default: 30d]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l synchronous -d 'What a commit of the engine outlives: full, a power cut; normal, the process only [env: AURAD_SYNCHRONOUS] [default: full]' -r -f -a "full\t''
normal\t''"
complete -c aurad -n "__fish_aurad_needs_command" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l task-queue -d 'Task queue to poll; repeat it for several [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l audit-trail -d 'Where the audit trail is kept: memory, sqlite, sqlite:PATH or temporal [env: AURAD_AUDIT_TRAIL] [default: memory; sqlite with --embedded]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l audit-db-path -d 'File of the sqlite audit trail [env: AURAD_AUDIT_DB_PATH] [default: ~/.local/share/aura/plugin/audit.db]' -r -F
complete -c aurad -n "__fish_aurad_needs_command" -l grace-period -d 'Time for running activities to finish when asked to stop [env: AURAD_GRACE_PERIOD] [default: 30s]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l connect-timeout -d 'Give up if no server answers within this time at the start [env: AURAD_CONNECT_TIMEOUT] [default: unlimited]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l state-dir -d 'Where logs and records of commands are kept [env: AURAD_STATE_DIR] [default: ~/.local/state/aura]' -r -f -a "(__fish_complete_directories)"
complete -c aurad -n "__fish_aurad_needs_command" -l host-timeout -d 'How long a slice waits for the host of its command to come back [env: AURAD_HOST_TIMEOUT] [default: 10m]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l max-commands -d 'How many commands run at once on this host [env: AURAD_MAX_COMMANDS] [default: 8]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l admin -d 'Where health and metrics are answered over HTTP: loopback; port 0 takes a free one [env: AURAD_ADMIN] [default: none]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l log-format -d 'Form of the log: text, json, journald or auto, which is journald where standard error is the journal, else text [env: AURAD_LOG_FORMAT] [default: auto]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l otlp-endpoint -d 'Collector that spans are sent to, by OTLP over gRPC [env: OTEL_EXPORTER_OTLP_ENDPOINT] [default: none]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aurad -n "__fish_aurad_needs_command" -l max-cached-workflows -d 'Runs that are remembered, so that they need not be replayed [env: AURAD_MAX_CACHED_WORKFLOWS] [default: 300; 100 with --embedded]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l max-concurrent-workflow-tasks -d 'Workflow tasks that are worked on at once [env: AURAD_MAX_CONCURRENT_WORKFLOW_TASKS] [default: 100]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l max-concurrent-activities -d 'Activities that run at once; commands have --max-commands [env: AURAD_MAX_CONCURRENT_ACTIVITIES] [default: 100]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l max-concurrent-local-activities -d 'Activities that run at once inside workflow tasks [env: AURAD_MAX_CONCURRENT_LOCAL_ACTIVITIES] [default: 100]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l max-concurrent-workflow-task-polls -d 'Polls for workflow tasks that wait at once, or auto [env: AURAD_MAX_CONCURRENT_WORKFLOW_TASK_POLLS] [default: 5]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l max-concurrent-activity-task-polls -d 'Polls for activities that wait at once, or auto [env: AURAD_MAX_CONCURRENT_ACTIVITY_TASK_POLLS] [default: 5]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l max-activities-per-second -d 'Activities that this worker begins in a second [env: AURAD_MAX_ACTIVITIES_PER_SECOND] [default: unlimited]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l max-task-queue-activities-per-second -d 'Activities that the server hands out in a second, to all workers together [env: AURAD_MAX_TASK_QUEUE_ACTIVITIES_PER_SECOND] [default: unlimited]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l deployment-name -d 'What this daemon is a part of, as the server shows it [env: AURAD_DEPLOYMENT_NAME] [default: aura]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l build-id -d 'What it was built from, as the server shows it [env: AURAD_BUILD_ID] [default: its version]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l worker-versioning -d 'Let Temporal decide by these two what it works on: off, auto-upgrade (open epochs go on with the current version) or pinned (a run stays with the version it began with) [env: AURAD_WORKER_VERSIONING] [default: off]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aurad -n "__fish_aurad_needs_command" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aurad -n "__fish_aurad_needs_command" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aurad -n "__fish_aurad_needs_command" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aurad -n "__fish_aurad_needs_command" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aurad -n "__fish_aurad_needs_command" -l embedded -d 'Start an engine in this process, instead of using a server [env: AURAD_EMBEDDED]'
complete -c aurad -n "__fish_aurad_needs_command" -l allow-shell -d 'Let slices give shell commands of their own, not only name runners: whoever can send a message can then run anything [env: AURAD_ALLOW_SHELL]'
complete -c aurad -n "__fish_aurad_needs_command" -l admin-expose -d 'Let --admin be an address that other machines reach: nobody is asked who they are [env: AURAD_ADMIN_EXPOSE]'
complete -c aurad -n "__fish_aurad_needs_command" -l verbose -d 'Print every setting with its source, and log more'
complete -c aurad -n "__fish_aurad_needs_command" -l check -d 'Read all settings, say what is wrong with them, and start nothing'
complete -c aurad -n "__fish_aurad_needs_command" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aurad -n "__fish_aurad_needs_command" -s h -l help -d 'Print help'
complete -c aurad -n "__fish_aurad_needs_command" -s V -l version -d 'Print version'
complete -c aurad -n "__fish_aurad_needs_command" -f -a "db" -d 'Check, copy or compact the embedded engine\'s file, or export a history from it'
complete -c aurad -n "__fish_aurad_needs_command" -f -a "replay" -d 'Say whether this aurad could go on with what another has begun: replay histories'
complete -c aurad -n "__fish_aurad_using_subcommand db; and not __fish_seen_subcommand_from check backup compact export-history" -l db -d 'File of the embedded engine [env: AURAD_DB] [default: ~/.local/share/aura/embedded.db]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand db; and not __fish_seen_subcommand_from check backup compact export-history" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand db; and not __fish_seen_subcommand_from check backup compact export-history" -s h -l help -d 'Print help'
complete -c aurad -n "__fish_aurad_using_subcommand db; and not __fish_seen_subcommand_from check backup compact export-history" -f -a "check" -d 'Look whether every page and every history is whole; beside a running aurad, too'
complete -c aurad -n "__fish_aurad_using_subcommand db; and not __fish_seen_subcommand_from check backup compact export-history" -f -a "backup" -d 'Copy the file as it is at one moment; beside a running aurad, too'
complete -c aurad -n "__fish_aurad_using_subcommand db; and not __fish_seen_subcommand_from check backup compact export-history" -f -a "compact" -d 'Give free room back to the file system; no aurad may run on the file'
complete -c aurad -n "__fish_aurad_using_subcommand db; and not __fish_seen_subcommand_from check backup compact export-history" -f -a "export-history" -d 'Print a workflow\'s history as JSON, in the form that the SDK replays'
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from check" -l db -d 'File of the embedded engine [env: AURAD_DB] [default: ~/.local/share/aura/embedded.db]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from check" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from backup" -l db -d 'File of the embedded engine [env: AURAD_DB] [default: ~/.local/share/aura/embedded.db]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from backup" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help'
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from compact" -l db -d 'File of the embedded engine [env: AURAD_DB] [default: ~/.local/share/aura/embedded.db]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from compact" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from compact" -s h -l help -d 'Print help'
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from export-history" -l workflow-id -d 'Whose history' -r
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from export-history" -l run-id -d 'Of which run, if not the newest' -r
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from export-history" -s n -l namespace -d 'Its namespace' -r
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from export-history" -l db -d 'File of the embedded engine [env: AURAD_DB] [default: ~/.local/share/aura/embedded.db]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from export-history" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand db; and __fish_seen_subcommand_from export-history" -s h -l help -d 'Print help'
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l file -d 'A history as JSON; several may follow, or repeat the flag' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l format -d 'How the report is written' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aurad -n "__fish_aurad_using_subcommand replay" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l listen -d 'Where that engine listens [env: AURAD_LISTEN] [default: 127.0.0.1:7233]' -r
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l connect-timeout -d 'Give up if no server answers within this time [env: AURAD_CONNECT_TIMEOUT] [default: 10s]' -r
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l open -d 'The histories of all open epochs, reviews and slices of the namespace'
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l embedded -d 'The server is the engine of an aurad that runs here [env: AURAD_EMBEDDED]'
complete -c aurad -n "__fish_aurad_using_subcommand replay" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aurad -n "__fish_aurad_using_subcommand replay" -s h -l help -d 'Print help (see more with \'--help\')'
