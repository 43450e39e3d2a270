//! Scripts that ask for ids while somebody types. They are the static ones with a call in
//! the places where ids belong, and a function that makes it.
//!
//! Ids may be any text, so none is ever read as a part of a script: bash gets them quoted,
//! zsh and fish quote by themselves. It leaves out where they come from; that is `ids`.

use clap_complete::Shell;

/// The places, as the generators write a value that stands for one.
const PLACES: [(&str, &str); 2] = [
    ("AURA_EPOCH_IDS", "epoch-ids"),
    ("AURA_SLICE_IDS", "slice-ids"),
];

/// What marks the places of an argument's ids, if it takes ids of what exists.
pub(super) fn place_of(arg: &str, path: &[&str]) -> Option<&'static str> {
    match (arg, path) {
        // These two are about to be new.
        ("epoch_id", [_, "epoch", "start"]) | ("slice_id", [_, "slice", "start"]) => None,
        ("epoch_id", _) => Some(PLACES[0].0),
        ("slice_id", _) | ("after", [_, "slice", "start"]) => Some(PLACES[1].0),
        _ => None,
    }
}

/// What the words of a line are asked from is what was typed before the last word. bash
/// parts it at colons as well, so it is read anew.
const BASH: &str = r#"_aura_msg_ids() {
    local id line="${COMP_LINE:0:COMP_POINT}"
    local -a typed
    COMPREPLY=()
    read -ra typed <<<"${line%"$2"}"
    while IFS= read -r id; do
        printf -v id '%q' "$id"
        COMPREPLY+=("$id")
    done < <(command aura-msg CALL "$1" "$2" "${typed[@]}" 2>/dev/null </dev/null)
    # None is no reason to offer files.
    compopt +o default +o bashdefault 2>/dev/null
    return 0
}

"#;

const ZSH: &str = r#"(( $+functions[_aura-msg_ids] )) ||
_aura-msg_ids() {
    # The kind of ids comes last, behind what describes them.
    local -a ids
    ids=("${(@f)$(command aura-msg CALL $argv[-1] '' "${(@Q)words[1,CURRENT-1]}" 2>/dev/null </dev/null)}")
    ids=("${(@)ids:#}")
    compadd "${(@)argv[1,-2]}" -a ids
}
"#;

const FISH: &str = r"function __aura_msg_ids
    command -q aura-msg
    and command aura-msg CALL $argv[1] '' (commandline -opc) 2>/dev/null </dev/null
end

";

/// The script that asks.
pub(super) fn asking(script: &str, shell: Shell) -> String {
    let called = |text: &str| text.replace("CALL", super::ids::CALL);
    let mut script = script.to_owned();
    for (place, kind) in PLACES {
        let (from, to) = match shell {
            Shell::Bash => (
                format!("COMPREPLY=($(compgen -W \"{place}\" -- \"${{cur}}\"))"),
                format!("_aura_msg_ids {kind} \"${{cur}}\""),
            ),
            Shell::Zsh => (format!("({place})"), format!("_aura-msg_ids {kind}")),
            _ => (
                format!("\"{place}\\t''\""),
                format!("\"(__aura_msg_ids {kind})\""),
            ),
        };
        script = script.replace(&from, &to);
    }
    match shell {
        Shell::Bash => called(BASH) + &script,
        // Its first line says what it completes, and its last ones do it.
        Shell::Zsh => match script.rsplit_once("\nif [ \"$funcstack[1]\"") {
            Some((functions, rest)) => {
                format!("{functions}\n{}\nif [ \"$funcstack[1]\"{rest}", called(ZSH))
            }
            None => script,
        },
        _ => called(FISH) + &script,
    }
}
