# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_aura_msg_global_optspecs
    string join \n h/help V/version
end

function __fish_aura_msg_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_aura_msg_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_aura_msg_using_subcommand
    set -l cmd (__fish_aura_msg_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c aura-msg -n "__fish_aura_msg_needs_command" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -s V -l version -d 'Print version'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "query" -d 'Ask for an epoch\'s state'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "epoch" -d 'Start, list, show, watch, cancel, terminate and wait for epochs'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "signal" -d 'Vote in a review, or say how a slice ended'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "phase" -d 'Move an epoch to another phase'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "session" -d 'Announce, list and end agents\' sessions'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "finding" -d 'Record, list and resolve what reviewers find'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "slice" -d 'Declare the slices of the work, and see to them'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "review" -d 'Look at review rounds'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "audit" -d 'List, export and verify the audit trail'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "protocol" -d 'Show the rules, and hold descriptions against them; needs no server'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "constraint" -d 'Tell what the constraints demand; needs no server'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "hook" -d 'Answer coding agents\' hooks, and set them up'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "mcp" -d 'Serve coding agents over the Model Context Protocol, on standard input and output'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "doctor" -d 'Look whether server, workers, settings, files and epochs are as they should be'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "schema" -d 'Print the JSON Schema of a command\'s output; needs no server'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "config" -d 'Show the settings and where they come from, and begin a config file; needs no server'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "completions" -d 'Print the script that lets a shell complete commands'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "man" -d 'Print a manual page, or write them all'
complete -c aura-msg -n "__fish_aura_msg_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and not __fish_seen_subcommand_from state transitions help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and not __fish_seen_subcommand_from state transitions help" -f -a "state" -d 'Show an epoch\'s state'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and not __fish_seen_subcommand_from state transitions help" -f -a "transitions" -d 'Show the steps that would be accepted now'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and not __fish_seen_subcommand_from state transitions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l raw -d 'Print the worker\'s whole answer as it is, in JSON whatever the format'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from state" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from transitions" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from help" -f -a "state" -d 'Show an epoch\'s state'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from help" -f -a "transitions" -d 'Show the steps that would be accepted now'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand query; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -f -a "start" -d 'Start an epoch'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -f -a "list" -d 'List epochs, open ones unless more is asked for'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -f -a "show" -d 'Show all of an epoch, who acts next, and the commands to type'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -f -a "next" -d 'Say who acts next in an epoch, and the commands to type'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -f -a "watch" -d 'Show an epoch as it changes, until it ends'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -f -a "history" -d 'Tell what happened in an epoch, when, by whom and why'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -f -a "cancel" -d 'Cancel an epoch, and wait until it has ended'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -f -a "terminate" -d 'End an epoch and its children at once, without letting them finish anything'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -f -a "wait" -d 'Wait until an epoch has come to a phase; --timeout says for how long'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -f -a "simulate" -d 'Run a scripted epoch in memory and hold it to what is expected; needs no server'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and not __fish_seen_subcommand_from start list show next watch history cancel terminate wait simulate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l description -d 'What is asked for' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l if-exists -d 'What to do if that epoch is open: fail, use it, or restart it (needs --yes)' -r -f -a "fail\t''
use\t''
restart\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l max-rounds -d 'Review rounds allowed in a row without consensus, or none for any number' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l parallel-slices -d 'Slices that may run side by side' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l request-id -d 'Id of this request: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l yes -d 'Let --if-exists restart end the open epoch'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l fail-fast -d 'Cancel the running slices when one fails'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l wait -d 'Wait until it has ended: exit code 0 if it is complete, 3 if not; without --timeout, for as long as it takes'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l phase -d 'Only those in this phase, named as for phase advance' -r -f -a "p1-request\t''
p2-elicit\t''
p3-propose\t''
p4-review\t''
p5-uat\t''
p6-ratify\t''
p7-handoff\t''
p8-impl_plan\t''
p9-slice\t''
p10-code_review\t''
p11-impl_uat\t''
p12-landing\t''
complete\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l status -d 'Only those that are running, complete, cancelled, terminated or failed' -r -f -a "running\t''
complete\t''
cancelled\t''
terminated\t''
failed\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l role -d 'Only those where this role acts next: epoch, architect, reviewer, supervisor or worker' -r -f -a "epoch\t''
architect\t''
reviewer\t''
supervisor\t''
worker\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l limit -d 'How many at most, the latest first' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l all -d 'List closed epochs too, each of their runs for itself'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from next" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l request-id -d 'Id of this request: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l reason -d 'Why; it is kept in the history' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from terminate" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l until -d 'Phase to wait for, named as for phase advance' -r -f -a "p1-request\t''
p2-elicit\t''
p3-propose\t''
p4-review\t''
p5-uat\t''
p6-ratify\t''
p7-handoff\t''
p8-impl_plan\t''
p9-slice\t''
p10-code_review\t''
p11-impl_uat\t''
p12-landing\t''
complete\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l script -d 'The file with the script, or - for standard input' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from simulate" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from help" -f -a "start" -d 'Start an epoch'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from help" -f -a "list" -d 'List epochs, open ones unless more is asked for'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show all of an epoch, who acts next, and the commands to type'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from help" -f -a "next" -d 'Say who acts next in an epoch, and the commands to type'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from help" -f -a "watch" -d 'Show an epoch as it changes, until it ends'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from help" -f -a "history" -d 'Tell what happened in an epoch, when, by whom and why'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from help" -f -a "cancel" -d 'Cancel an epoch, and wait until it has ended'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from help" -f -a "terminate" -d 'End an epoch and its children at once, without letting them finish anything'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from help" -f -a "wait" -d 'Wait until an epoch has come to a phase; --timeout says for how long'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from help" -f -a "simulate" -d 'Run a scripted epoch in memory and hold it to what is expected; needs no server'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand epoch; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and not __fish_seen_subcommand_from vote complete help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and not __fish_seen_subcommand_from vote complete help" -f -a "vote" -d 'Vote in a review: one vote per axis, and the last one counts'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and not __fish_seen_subcommand_from vote complete help" -f -a "complete" -d 'Say how a slice ended: with --output it succeeded, with --error it failed'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and not __fish_seen_subcommand_from vote complete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l axis -d 'What the vote is about: correctness, test_quality or elegance' -r -f -a "correctness\t''
test_quality\t''
elegance\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l vote -d 'The verdict: ACCEPT or REVISE, in upper or lower case' -r -f -a "ACCEPT\t''
REVISE\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l reviewer-id -d 'Who votes' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l comment -d 'What there is to say about the verdict' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l round -d 'Vote only if this review round is open [default: the open one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from vote" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l slice-id -d 'Id of the slice' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l output -d 'It succeeded, with this output' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l error -d 'It failed, with this error' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from complete" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from help" -f -a "vote" -d 'Vote in a review: one vote per axis, and the last one counts'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from help" -f -a "complete" -d 'Say how a slice ended: with --output it succeeded, with --error it failed'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand signal; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and not __fish_seen_subcommand_from advance help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and not __fish_seen_subcommand_from advance help" -f -a "advance" -d 'Move an epoch to another phase, if its rules allow it'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and not __fish_seen_subcommand_from advance help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l to-phase -d 'Where to: 2, p2, elicit or p2-elicit, and so on up to 12, or complete' -r -f -a "p1-request\t''
p2-elicit\t''
p3-propose\t''
p4-review\t''
p5-uat\t''
p6-ratify\t''
p7-handoff\t''
p8-impl_plan\t''
p9-slice\t''
p10-code_review\t''
p11-impl_uat\t''
p12-landing\t''
complete\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l triggered-by -d 'Who moves it' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l condition -d 'What condition is met' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l override -d 'Go beyond the allowed number of review rounds, for this reason' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from advance" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from help" -f -a "advance" -d 'Move an epoch to another phase, if its rules allow it'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand phase; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and not __fish_seen_subcommand_from register list end help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and not __fish_seen_subcommand_from register list end help" -f -a "register" -d 'Announce a session to its epoch'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and not __fish_seen_subcommand_from register list end help" -f -a "list" -d 'List the sessions that have not ended; one not heard of for 30 minutes is stale'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and not __fish_seen_subcommand_from register list end help" -f -a "end" -d 'Say that a session has ended'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and not __fish_seen_subcommand_from register list end help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l session-id -d 'Id of the session' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l role -d 'Its role: epoch, architect, reviewer, supervisor or worker' -r -f -a "epoch\t''
architect\t''
reviewer\t''
supervisor\t''
worker\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l model-harness -d 'Program that runs the agent, such as claude-code' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l model -d 'Model that the agent uses' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from register" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l session-id -d 'Id of the session' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l reason -d 'Why, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from end" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "register" -d 'Announce a session to its epoch'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the sessions that have not ended; one not heard of for 30 minutes is stale'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "end" -d 'Say that a session has ended'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and not __fish_seen_subcommand_from add list resolve help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and not __fish_seen_subcommand_from add list resolve help" -f -a "add" -d 'Record a finding; while a BLOCKER is open, the code review cannot be left for p11'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and not __fish_seen_subcommand_from add list resolve help" -f -a "list" -d 'List the open findings, the gravest first'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and not __fish_seen_subcommand_from add list resolve help" -f -a "resolve" -d 'Resolve a finding'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and not __fish_seen_subcommand_from add list resolve help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l finding-id -d 'Id of the finding, unique in the epoch' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l severity -d 'How much it matters: BLOCKER, IMPORTANT or MINOR, in upper or lower case' -r -f -a "BLOCKER\t''
IMPORTANT\t''
MINOR\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l summary -d 'What was found' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l slice-id -d 'Id of the slice that it concerns' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l reported-by -d 'Who found it' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l all -d 'List the resolved ones too'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l finding-id -d 'Id of the finding' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l resolution -d 'What was done about it' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l resolved-by -d 'Who resolved it' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from resolve" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from help" -f -a "add" -d 'Record a finding; while a BLOCKER is open, the code review cannot be left for p11'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the open findings, the gravest first'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from help" -f -a "resolve" -d 'Resolve a finding'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand finding; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -f -a "start" -d 'Declare one slice; it runs in p9, when what it depends on has succeeded'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -f -a "plan" -d 'Declare all slices of a file, or none if one will not do'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -f -a "list" -d 'List the slices: where each is, how far, and what it waits for'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -f -a "show" -d 'Show all that is known of a slice'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -f -a "progress" -d 'Report how far a leaf task of a slice is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -f -a "cancel" -d 'Stop a slice, or keep it from starting'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -f -a "retry" -d 'Run a failed, cancelled or succeeded slice again'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -f -a "waive" -d 'Decide that a slice need not succeed'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -f -a "attach" -d 'Attach to the terminal of a slice that runs in mode tmux'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -f -a "logs" -d 'Print the log of a slice\'s last run, as it is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and not __fish_seen_subcommand_from start plan list show progress cancel retry waive attach logs help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l slice-id -d 'Id of the slice, new in its epoch' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l after -d 'Slices that must have succeeded before it runs: S1,S2 or the flag several times' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l mode -d 'How it is carried out: subprocess, tmux, or mock, which runs nothing and succeeds at once [default: subprocess, with a runner]' -r -f -a "tmux\t''
subprocess\t''
mock\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l runner -d 'The runner of aurad\'s configuration that carries it out' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l command -d 'A shell command instead; it fails unless aurad\'s configuration has allow_shell' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l prompt -d 'What the runner is told, on its standard input' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l prompt-file -d 'The file with what the runner is told, or - for standard input' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l leaf -d 'A leaf task of the slice, whose progress is shown; may be repeated' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l time-limit -d 'Time that the slice\'s command may take; --timeout is this command\'s own [default: the runner\'s, and 5m for --command]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l about -d 'What the slice is about, in a line' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l fail-fast -d 'From now on, cancel the running slices of this epoch when one fails'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l wait -d 'Wait for its end: exit code 0 if it succeeded, 3 if not; without --timeout, for as long as it takes'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l file -d 'The file with the plan, or - for standard input' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l wait -d 'Wait for its end: exit code 0 if it succeeded, 3 if not; without --timeout, for as long as it takes'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l slice-id -d 'Id of the slice' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l slice-id -d 'Id of the slice' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l leaf -d 'The leaf task that it is about' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l stage -d 'What is being done for it' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l done -d 'It is done'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from progress" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l slice-id -d 'Id of the slice' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l reason -d 'Why it is to stop' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l slice-id -d 'Id of the slice' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l reason -d 'Why it is to run again' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l wait -d 'Wait for its end: exit code 0 if it succeeded, 3 if not; without --timeout, for as long as it takes'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l slice-id -d 'Id of the slice' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l reason -d 'Why it need not succeed; it is kept with the epoch' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l request-id -d 'Id of this message: sent again under it, it takes effect only once [default: a new one]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l actor -d 'Who sends it, for the audit trail' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l no-wait -d 'Return once it is delivered, without waiting for its outcome'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from waive" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l slice-id -d 'Id of the slice' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l exec -d 'Attach, instead of saying how; on a terminal that is the default'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l print -d 'Say how to attach, on a terminal too'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from attach" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l slice-id -d 'Id of the slice' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l follow -d 'Wait for the slice to run, and go on printing until it ends; without --timeout, for as long as it takes'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from help" -f -a "start" -d 'Declare one slice; it runs in p9, when what it depends on has succeeded'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from help" -f -a "plan" -d 'Declare all slices of a file, or none if one will not do'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the slices: where each is, how far, and what it waits for'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show all that is known of a slice'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from help" -f -a "progress" -d 'Report how far a leaf task of a slice is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from help" -f -a "cancel" -d 'Stop a slice, or keep it from starting'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from help" -f -a "retry" -d 'Run a failed, cancelled or succeeded slice again'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from help" -f -a "waive" -d 'Decide that a slice need not succeed'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from help" -f -a "attach" -d 'Attach to the terminal of a slice that runs in mode tmux'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from help" -f -a "logs" -d 'Print the log of a slice\'s last run, as it is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand slice; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and not __fish_seen_subcommand_from show help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and not __fish_seen_subcommand_from show help" -f -a "show" -d 'Show the review rounds: votes, comments, and who is missing'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and not __fish_seen_subcommand_from show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the review rounds: votes, comments, and who is missing'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand review; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and not __fish_seen_subcommand_from list export verify help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and not __fish_seen_subcommand_from list export verify help" -f -a "list" -d 'List the latest events of the trail'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and not __fish_seen_subcommand_from list export verify help" -f -a "export" -d 'Print the trail, or a part of it, as lines of JSON or as CSV'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and not __fish_seen_subcommand_from list export verify help" -f -a "verify" -d 'Recompute the chain of hashes, and compare the trail with what its epochs tell'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and not __fish_seen_subcommand_from list export verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l epoch-id -d 'Only events of this epoch' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l phase -d 'Only events after which the epoch was in this phase, named as for phase advance' -r -f -a "p1-request\t''
p2-elicit\t''
p3-propose\t''
p4-review\t''
p5-uat\t''
p6-ratify\t''
p7-handoff\t''
p8-impl_plan\t''
p9-slice\t''
p10-code_review\t''
p11-impl_uat\t''
p12-landing\t''
complete\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l role -d 'Only events after which this role acts: epoch, architect, reviewer, supervisor or worker' -r -f -a "epoch\t''
architect\t''
reviewer\t''
supervisor\t''
worker\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l type -d 'Only events of this type, such as vote_recorded' -r -f -a "phase_transition\t''
phase_advance\t''
vote_recorded\t''
blocker_recorded\t''
blocker_resolved\t''
constraint_check\t''
advance_refused\t''
finding_recorded\t''
finding_resolved\t''
session_registered\t''
session_ended\t''
slice_started\t''
slice_progress\t''
slice_finished\t''
review_opened\t''
review_closed\t''
epoch_started\t''
epoch_cancelled\t''
epoch_completed\t''
vote_missed\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l since -d 'Only events from this time on: 2h or 7d ago, 2026-01-31, or 2026-01-31T12:00:00Z' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l limit -d 'How many at most: the latest of them, in the order in which they were written' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l db -d 'Read this file [default: as aurad is configured: audit_trail, audit_db_path]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l from-epoch -d 'Ask the epoch itself instead; it needs a server and a worker'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l epoch-id -d 'Only events of this epoch' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l phase -d 'Only events after which the epoch was in this phase, named as for phase advance' -r -f -a "p1-request\t''
p2-elicit\t''
p3-propose\t''
p4-review\t''
p5-uat\t''
p6-ratify\t''
p7-handoff\t''
p8-impl_plan\t''
p9-slice\t''
p10-code_review\t''
p11-impl_uat\t''
p12-landing\t''
complete\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l role -d 'Only events after which this role acts: epoch, architect, reviewer, supervisor or worker' -r -f -a "epoch\t''
architect\t''
reviewer\t''
supervisor\t''
worker\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l type -d 'Only events of this type, such as vote_recorded' -r -f -a "phase_transition\t''
phase_advance\t''
vote_recorded\t''
blocker_recorded\t''
blocker_resolved\t''
constraint_check\t''
advance_refused\t''
finding_recorded\t''
finding_resolved\t''
session_registered\t''
session_ended\t''
slice_started\t''
slice_progress\t''
slice_finished\t''
review_opened\t''
review_closed\t''
epoch_started\t''
epoch_cancelled\t''
epoch_completed\t''
vote_missed\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l since -d 'Only events from this time on: 2h or 7d ago, 2026-01-31, or 2026-01-31T12:00:00Z' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l db -d 'Read this file [default: as aurad is configured: audit_trail, audit_db_path]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l format -d 'Form of the lines: jsonl or csv [default: jsonl]' -r -f -a "jsonl\t''
csv\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l from-epoch -d 'Ask the epoch itself instead; it needs a server and a worker'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l epoch-id -d 'Compare with this epoch only; the chain is that of the whole file all the same' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l db -d 'Verify this file [default: as aurad is configured: audit_trail, audit_db_path]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l offline -d 'Recompute the chain only, without asking any epoch'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the latest events of the trail'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "export" -d 'Print the trail, or a part of it, as lines of JSON or as CSV'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Recompute the chain of hashes, and compare the trail with what its epochs tell'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and not __fish_seen_subcommand_from show check help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and not __fish_seen_subcommand_from show check help" -f -a "show" -d 'Show phases, transitions, gates and handoffs, as text or as a drawing'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and not __fish_seen_subcommand_from show check help" -f -a "check" -d 'Hold a description of titles, tasks and states against the constraints'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and not __fish_seen_subcommand_from show check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l format -d 'Form of the output: text, json, mermaid or dot; errors are text or json [default: text]' -r -f -a "json\t''
text\t''
mermaid\t''
dot\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show phases, transitions, gates and handoffs, as text or as a drawing'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from help" -f -a "check" -d 'Hold a description of titles, tasks and states against the constraints'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand protocol; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and not __fish_seen_subcommand_from list explain help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and not __fish_seen_subcommand_from list explain help" -f -a "list" -d 'List them: how each is checked, whether it blocks, what it means'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and not __fish_seen_subcommand_from list explain help" -f -a "explain" -d 'Explain one: what it looks at, when it is violated, with an example'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and not __fish_seen_subcommand_from list explain help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from help" -f -a "list" -d 'List them: how each is checked, whether it blocks, what it means'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from help" -f -a "explain" -d 'Explain one: what it looks at, when it is violated, with an example'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand constraint; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and not __fish_seen_subcommand_from session-start session-end user-prompt-submit pre-tool-use stop install uninstall test help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and not __fish_seen_subcommand_from session-start session-end user-prompt-submit pre-tool-use stop install uninstall test help" -f -a "session-start" -d 'A session has begun: announce it, and tell the agent where its epoch is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and not __fish_seen_subcommand_from session-start session-end user-prompt-submit pre-tool-use stop install uninstall test help" -f -a "session-end" -d 'A session ends'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and not __fish_seen_subcommand_from session-start session-end user-prompt-submit pre-tool-use stop install uninstall test help" -f -a "user-prompt-submit" -d 'Somebody has typed a prompt: tell the agent where its epoch is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and not __fish_seen_subcommand_from session-start session-end user-prompt-submit pre-tool-use stop install uninstall test help" -f -a "pre-tool-use" -d 'A tool is about to be used'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and not __fish_seen_subcommand_from session-start session-end user-prompt-submit pre-tool-use stop install uninstall test help" -f -a "stop" -d 'The agent is about to stop'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and not __fish_seen_subcommand_from session-start session-end user-prompt-submit pre-tool-use stop install uninstall test help" -f -a "install" -d 'Put the hooks into an agent\'s settings'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and not __fish_seen_subcommand_from session-start session-end user-prompt-submit pre-tool-use stop install uninstall test help" -f -a "uninstall" -d 'Take them out again'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and not __fish_seen_subcommand_from session-start session-end user-prompt-submit pre-tool-use stop install uninstall test help" -f -a "test" -d 'Show what sample events of an agent would be answered now'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and not __fish_seen_subcommand_from session-start session-end user-prompt-submit pre-tool-use stop install uninstall test help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l agent -d 'The agent that calls: claude-code, codex or gemini' -r -f -a "claude-code\t''
codex\t''
gemini\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l on-unreachable -d 'Where the epoch\'s state cannot be known: allow or block' -r -f -a "allow\t''
block\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l enforce -d 'Block what the protocol forbids, instead of only saying so'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-start" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l agent -d 'The agent that calls: claude-code, codex or gemini' -r -f -a "claude-code\t''
codex\t''
gemini\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l on-unreachable -d 'Where the epoch\'s state cannot be known: allow or block' -r -f -a "allow\t''
block\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l enforce -d 'Block what the protocol forbids, instead of only saying so'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from session-end" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l agent -d 'The agent that calls: claude-code, codex or gemini' -r -f -a "claude-code\t''
codex\t''
gemini\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l on-unreachable -d 'Where the epoch\'s state cannot be known: allow or block' -r -f -a "allow\t''
block\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l enforce -d 'Block what the protocol forbids, instead of only saying so'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from user-prompt-submit" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l agent -d 'The agent that calls: claude-code, codex or gemini' -r -f -a "claude-code\t''
codex\t''
gemini\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l on-unreachable -d 'Where the epoch\'s state cannot be known: allow or block' -r -f -a "allow\t''
block\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l enforce -d 'Block what the protocol forbids, instead of only saying so'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from pre-tool-use" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l agent -d 'The agent that calls: claude-code, codex or gemini' -r -f -a "claude-code\t''
codex\t''
gemini\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l on-unreachable -d 'Where the epoch\'s state cannot be known: allow or block' -r -f -a "allow\t''
block\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l enforce -d 'Block what the protocol forbids, instead of only saying so'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l agent -d 'The agent: claude-code, codex or gemini' -r -f -a "claude-code\t''
codex\t''
gemini\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l on-unreachable -d 'Where the epoch\'s state cannot be known: allow or block' -r -f -a "allow\t''
block\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l project -d 'In the settings of the current folder\'s project (the default)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l user -d 'In the user\'s settings, for all projects'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l dry-run -d 'Show what would change, and change nothing'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l enforce -d 'Block what the protocol forbids, instead of only saying so'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l agent -d 'The agent: claude-code, codex or gemini' -r -f -a "claude-code\t''
codex\t''
gemini\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l project -d 'In the settings of the current folder\'s project (the default)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l user -d 'In the user\'s settings, for all projects'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l dry-run -d 'Show what would change, and change nothing'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l epoch-id -d 'Id of the epoch [env: AURA_EPOCH_ID]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l agent -d 'The agent that calls: claude-code, codex or gemini' -r -f -a "claude-code\t''
codex\t''
gemini\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l on-unreachable -d 'Where the epoch\'s state cannot be known: allow or block' -r -f -a "allow\t''
block\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l enforce -d 'Block what the protocol forbids, instead of only saying so'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "session-start" -d 'A session has begun: announce it, and tell the agent where its epoch is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "session-end" -d 'A session ends'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "user-prompt-submit" -d 'Somebody has typed a prompt: tell the agent where its epoch is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "pre-tool-use" -d 'A tool is about to be used'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "stop" -d 'The agent is about to stop'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "install" -d 'Put the hooks into an agent\'s settings'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "uninstall" -d 'Take them out again'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "test" -d 'Show what sample events of an agent would be answered now'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand mcp" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l audit-trail -d 'Audit trail that aurad was started with: memory, sqlite or sqlite:PATH' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l line -d 'Describe one line of --format jsonl instead'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand schema" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and not __fish_seen_subcommand_from show path init help" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and not __fish_seen_subcommand_from show path init help" -f -a "show" -d 'Show every setting of aurad and aura-msg'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and not __fish_seen_subcommand_from show path init help" -f -a "path" -d 'Say which config file is read'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and not __fish_seen_subcommand_from show path init help" -f -a "init" -d 'Write a config file that has every key, commented out'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and not __fish_seen_subcommand_from show path init help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l origin -d 'Say where each value comes from; JSON always does'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l address -l server-address -d 'Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -s n -l namespace -d 'Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l task-queue -d 'Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l format -d 'Form of the output, errors included: text, json or jsonl [default: text]' -r -f -a "json\t''
text\t''
jsonl\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l color -d 'Paint the output: auto, always or never; auto does so on a terminal [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l timeout -d 'Give up after this time, such as 500ms, 30s or 2m [default: 10s]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l config -d 'Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l profile -d 'Profile of temporal.toml [env: TEMPORAL_PROFILE] [default: default]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l tls-ca-path -d 'CA of the server\'s certificate, PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l tls-cert-path -d 'Client certificate, PEM [env: TEMPORAL_TLS_CLIENT_CERT_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l tls-key-path -d 'Its private key, PEM [env: TEMPORAL_TLS_CLIENT_KEY_PATH]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l tls-server-name -d 'Name in the server\'s certificate [env: TEMPORAL_TLS_SERVER_NAME]' -r
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l api-key-file -d 'File with the API key; TEMPORAL_API_KEY has the key itself [env: TEMPORAL_API_KEY_FILE]' -r -F
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l force -d 'Replace the file if there is one'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -l tls -d 'Use TLS [env: TEMPORAL_TLS]'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show every setting of aurad and aura-msg'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'Say which config file is read'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "init" -d 'Write a config file that has every key, commented out'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand completions" -l program -d 'The program whose words are to be completed' -r -f -a "aura-msg\t'The command line client'
aurad\t'The daemon'"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand completions" -l dynamic -d 'Ask a server for the ids of epochs and slices, each time they are completed'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand man" -l dir -d 'Write all pages into this directory, over earlier ones' -r -f -a "(__fish_complete_directories)"
complete -c aura-msg -n "__fish_aura_msg_using_subcommand man" -s h -l help -d 'Print help'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "query" -d 'Ask for an epoch\'s state'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "epoch" -d 'Start, list, show, watch, cancel, terminate and wait for epochs'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "signal" -d 'Vote in a review, or say how a slice ended'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "phase" -d 'Move an epoch to another phase'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "session" -d 'Announce, list and end agents\' sessions'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "finding" -d 'Record, list and resolve what reviewers find'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "slice" -d 'Declare the slices of the work, and see to them'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "review" -d 'Look at review rounds'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "audit" -d 'List, export and verify the audit trail'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "protocol" -d 'Show the rules, and hold descriptions against them; needs no server'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "constraint" -d 'Tell what the constraints demand; needs no server'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "hook" -d 'Answer coding agents\' hooks, and set them up'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "mcp" -d 'Serve coding agents over the Model Context Protocol, on standard input and output'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "doctor" -d 'Look whether server, workers, settings, files and epochs are as they should be'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "schema" -d 'Print the JSON Schema of a command\'s output; needs no server'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "config" -d 'Show the settings and where they come from, and begin a config file; needs no server'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "completions" -d 'Print the script that lets a shell complete commands'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "man" -d 'Print a manual page, or write them all'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and not __fish_seen_subcommand_from query epoch signal phase session finding slice review audit protocol constraint hook mcp doctor schema config completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from query" -f -a "state" -d 'Show an epoch\'s state'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from query" -f -a "transitions" -d 'Show the steps that would be accepted now'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from epoch" -f -a "start" -d 'Start an epoch'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from epoch" -f -a "list" -d 'List epochs, open ones unless more is asked for'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from epoch" -f -a "show" -d 'Show all of an epoch, who acts next, and the commands to type'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from epoch" -f -a "next" -d 'Say who acts next in an epoch, and the commands to type'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from epoch" -f -a "watch" -d 'Show an epoch as it changes, until it ends'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from epoch" -f -a "history" -d 'Tell what happened in an epoch, when, by whom and why'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from epoch" -f -a "cancel" -d 'Cancel an epoch, and wait until it has ended'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from epoch" -f -a "terminate" -d 'End an epoch and its children at once, without letting them finish anything'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from epoch" -f -a "wait" -d 'Wait until an epoch has come to a phase; --timeout says for how long'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from epoch" -f -a "simulate" -d 'Run a scripted epoch in memory and hold it to what is expected; needs no server'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from signal" -f -a "vote" -d 'Vote in a review: one vote per axis, and the last one counts'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from signal" -f -a "complete" -d 'Say how a slice ended: with --output it succeeded, with --error it failed'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from phase" -f -a "advance" -d 'Move an epoch to another phase, if its rules allow it'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "register" -d 'Announce a session to its epoch'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "list" -d 'List the sessions that have not ended; one not heard of for 30 minutes is stale'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "end" -d 'Say that a session has ended'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from finding" -f -a "add" -d 'Record a finding; while a BLOCKER is open, the code review cannot be left for p11'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from finding" -f -a "list" -d 'List the open findings, the gravest first'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from finding" -f -a "resolve" -d 'Resolve a finding'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from slice" -f -a "start" -d 'Declare one slice; it runs in p9, when what it depends on has succeeded'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from slice" -f -a "plan" -d 'Declare all slices of a file, or none if one will not do'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from slice" -f -a "list" -d 'List the slices: where each is, how far, and what it waits for'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from slice" -f -a "show" -d 'Show all that is known of a slice'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from slice" -f -a "progress" -d 'Report how far a leaf task of a slice is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from slice" -f -a "cancel" -d 'Stop a slice, or keep it from starting'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from slice" -f -a "retry" -d 'Run a failed, cancelled or succeeded slice again'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from slice" -f -a "waive" -d 'Decide that a slice need not succeed'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from slice" -f -a "attach" -d 'Attach to the terminal of a slice that runs in mode tmux'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from slice" -f -a "logs" -d 'Print the log of a slice\'s last run, as it is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from review" -f -a "show" -d 'Show the review rounds: votes, comments, and who is missing'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "list" -d 'List the latest events of the trail'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "export" -d 'Print the trail, or a part of it, as lines of JSON or as CSV'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "verify" -d 'Recompute the chain of hashes, and compare the trail with what its epochs tell'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from protocol" -f -a "show" -d 'Show phases, transitions, gates and handoffs, as text or as a drawing'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from protocol" -f -a "check" -d 'Hold a description of titles, tasks and states against the constraints'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from constraint" -f -a "list" -d 'List them: how each is checked, whether it blocks, what it means'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from constraint" -f -a "explain" -d 'Explain one: what it looks at, when it is violated, with an example'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from hook" -f -a "session-start" -d 'A session has begun: announce it, and tell the agent where its epoch is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from hook" -f -a "session-end" -d 'A session ends'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from hook" -f -a "user-prompt-submit" -d 'Somebody has typed a prompt: tell the agent where its epoch is'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from hook" -f -a "pre-tool-use" -d 'A tool is about to be used'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from hook" -f -a "stop" -d 'The agent is about to stop'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from hook" -f -a "install" -d 'Put the hooks into an agent\'s settings'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from hook" -f -a "uninstall" -d 'Take them out again'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from hook" -f -a "test" -d 'Show what sample events of an agent would be answered now'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Show every setting of aurad and aura-msg'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Say which config file is read'
complete -c aura-msg -n "__fish_aura_msg_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "init" -d 'Write a config file that has every key, commented out'
