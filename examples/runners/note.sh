#!/bin/sh
# A slice's work as a plain script: the text of the slice comes on standard input and
# becomes a note. What it prints is the slice's output; exit code 0 is success.
set -eu

name=$(printf %s "$AURA_EPOCH_ID-$AURA_SLICE_ID" | tr -c 'A-Za-z0-9._-' _)
mkdir -p "$NOTES_DIR"
note=$NOTES_DIR/$name.md

{
    echo "# $AURA_SLICE_ID, round $AURA_ROUND"
    cat
    echo
} > "$note.new"
mv "$note.new" "$note"
echo "wrote $note"
