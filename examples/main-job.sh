#!/usr/bin/env bash
# The main job on a fresh machine: builds aura, starts aurad with its embedded engine,
# takes an epoch from p1 to complete with aura-msg, and stops it again. Needs Rust.
# With --server all of it is on a Temporal dev server instead, which needs Go; with
# TEMPORAL_ADDRESS set, on that server.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
"") on=${TEMPORAL_ADDRESS:+server} ;;
--server) on=server ;;
*) echo "usage: $0 [--server]" >&2; exit 64 ;;
esac

cargo build --release --locked
PATH="$PWD/target/release:$PATH"
work=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT

if [ "$on" = server ] && [ -z "${TEMPORAL_ADDRESS:-}" ]; then
    temporal=target/temporal-server/bin/temporal
    if [ ! -x "$temporal" ] || [ tests/temporal/go.mod -nt "$temporal" ]; then
        (cd tests/temporal && go build -o "../../$temporal" github.com/temporalio/cli/cmd/temporal)
    fi
    "$temporal" server start-dev --headless --log-level error --db-filename "$work/temporal.db" &
    pids+=($!)
fi

# aurad waits for a server by itself, and says when it is ready.
engine=(--embedded --db "$work/engine.db" --listen 127.0.0.1:0)
[ "$on" != server ] || engine=()
aurad "${engine[@]}" --audit-trail "sqlite:$work/audit.db" 2> >(tee "$work/aurad.log" >&2) &
pids+=($!)
until grep -q 'aurad ready' "$work/aurad.log" 2>/dev/null; do
    kill -0 "${pids[-1]}" # no daemon, no readiness
    sleep 0.1
done
if [ "$on" != server ]; then
    TEMPORAL_ADDRESS=$(sed -n 's/.*aurad ready:.* at \([^ ]*\), embedded in .*/\1/p' "$work/aurad.log")
    export TEMPORAL_ADDRESS
fi

run() {
    printf '\n$ %s\n' "$*"
    "$@"
}
refused() {
    printf '\n$ %s\n' "$*"
    local code=0
    "$@" || code=$?
    [ "$code" = 3 ] || { echo "expected exit 3, got $code" >&2; exit 1; }
    echo "(exit 3)"
}
advance() { run aura-msg phase advance --to-phase "$1" --triggered-by example --condition "$2"; }
accept() {
    for axis in correctness test_quality elegance; do
        run aura-msg signal vote --axis "$axis" --vote ACCEPT --reviewer-id "r-$axis"
    done
}

export AURA_EPOCH_ID="fix-login-$$"
run aura-msg epoch start --description "Fix the login page"
advance elicit "classified"
advance propose "requirements written"
advance review "PROPOSAL-1 written"
refused aura-msg phase advance --to-phase uat
run aura-msg signal vote --axis elegance --vote REVISE --reviewer-id r-elegance
advance propose "PROPOSAL-2 begun"
advance review "PROPOSAL-2 written"
accept
advance uat "three reviewers accept"
advance ratify "the user accepts the plan"
advance handoff "ratified"
advance impl_plan "handoff stored"
advance slice "slices planned"
advance code_review "slices done"
run aura-msg finding add --finding-id f1 --severity BLOCKER --summary "no test for logout"
accept
refused aura-msg phase advance --to-phase impl_uat
run aura-msg finding resolve --finding-id f1 --resolution "test added"
advance impl_uat "three reviewers accept, no blockers"
advance landing "the user accepts"
advance complete "pushed"
run aura-msg query state
