#!/bin/sh
# A reviewer as a plain script: it reads what it is asked, looks, and ends its output with
# one line of JSON. No such line, another exit code than 0, or too much time is no vote.
set -eu

answer() {
    printf '{"vote":"%s","comment":"%s","findings":[%s]}\n' "$1" "$2" "${3:-}"
    exit 0
}

cat > /dev/null
if [ "$AURA_PHASE" = p4 ]; then
    answer ACCEPT "there is only a plan yet"
fi

epoch=$(printf %s "$AURA_EPOCH_ID" | tr -c 'A-Za-z0-9._-' _)
set -- "$NOTES_DIR/$epoch"-*.md
if [ ! -e "$1" ]; then
    answer REVISE "there is no note"
fi
if grep -n TODO "$@"; then
    answer REVISE "a note is unfinished" \
        '{"severity":"IMPORTANT","slice_id":null,"summary":"a note still says TODO"}'
fi
answer ACCEPT "no note is unfinished"
