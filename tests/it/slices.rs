//! Slices as they are asked for, by flags or in a plan: what cannot be carried out, or
//! cannot arrive as it was written, is told before anything is connected, with the flag, or
//! the file, line and key, that it is about.

use crate::commands::{Nowhere, SLICE_ATTACH, SLICE_START, SLICE_WAIVE, accept};
use crate::programs::{Shell, Told};
use crate::support::output::Output;

/// The limit of a prompt.
const LONG: usize = 16 * 1024;

/// So many letters.
fn xs(count: usize) -> Vec<u8> {
    vec![b'x'; count]
}

/// A shell that has no server, so that what is good ends with 2.
fn shell() -> Shell {
    Shell::nowhere()
}

/// What is said of a command that is refused before it is sent.
#[track_caller]
fn refused(output: &Output) -> Told {
    assert_eq!(output.code, 1, "{output}");
    let told = Told::in_text(output);
    assert_eq!(told.category, "validation error", "{output}");
    assert_eq!(told.impact, "nothing was sent", "{output}");
    told
}

const START: &[&str] = &["slice", "start", "--slice-id=s"];

#[test]
fn a_slice_says_how_it_is_carried_out() {
    let nowhere = Nowhere::new();
    let (output, told) = nowhere.refuse(START, "--about", "x");
    assert!(told.what.contains("slice 's'"), "{output}");
    for way in ["--runner", "--mode mock"] {
        assert!(told.fix.contains(way), "{output}");
    }
    for mode in ["subprocess", "tmux"] {
        let (output, told) = nowhere.refuse(START, "--mode", mode);
        assert!(told.what.contains(mode), "{output}");
        assert!(told.fix.contains("--runner"), "{output}");
    }
    let (output, told) = nowhere.refuse(
        &["slice", "start", "--slice-id=s", "--runner=r"],
        "--command",
        "true",
    );
    assert!(told.what.contains("--runner and --command"), "{output}");
    for mode in ["background", "", "Mock!"] {
        let (output, told) = nowhere.refuse(START, "--mode", mode);
        assert!(told.what.contains(&format!("'{mode}'")), "{output}");
        assert!(told.why.contains("tmux, subprocess, mock"), "{output}");
    }
    for ways in [
        &["--runner=r"][..],
        &["--runner=r", "--mode=tmux"],
        &["--runner=r", "--mode=MOCK"],
        &["--command=make check"],
        &["--mode=mock", "--fail-fast", "--wait"],
    ] {
        accept(START, ways);
    }
}

#[test]
fn what_a_slice_waits_for_and_how_long_it_may_take() {
    let nowhere = Nowhere::new();
    for after in ["", "a,", "a,,b", "a-slice-b", "a\n"] {
        let (output, told) = nowhere.refuse(SLICE_START, "--after", after);
        assert!(told.what.starts_with("--after"), "{output}");
    }
    for limit in ["soon", "0", "-1s", "", "169h"] {
        let (output, told) = nowhere.refuse(SLICE_START, "--time-limit", limit);
        assert!(
            told.what.starts_with(&format!("--time-limit '{limit}'")),
            "{output}"
        );
        assert!(told.fix.contains("--time-limit"), "{output}");
    }
    for leaf in ["", "a\tb"] {
        let (output, told) = nowhere.refuse(SLICE_START, "--leaf", leaf);
        assert!(told.what.starts_with("--leaf"), "{output}");
    }
    accept(
        SLICE_START,
        &[
            "--after=a,b",
            "--after",
            "c, d",
            "--leaf=1",
            "--leaf=2",
            "--time-limit=168h",
        ],
    );
}

#[test]
fn a_wait_needs_a_message_that_is_confirmed() {
    let nowhere = Nowhere::new();
    let waiting = |command: &[&'static str]| [command, &["--wait", "--no-wait"]].concat();
    for command in [SLICE_START, &["slice", "retry", "--slice-id=s"]] {
        let (output, told) = nowhere.refuse(&waiting(command), "--actor", "me");
        assert!(told.what.contains("--wait and --no-wait"), "{output}");
    }
}

#[test]
fn a_slice_is_given_up_for_a_reason() {
    let nowhere = Nowhere::new();
    for reason in ["", "  "] {
        let (output, told) = nowhere.refuse(SLICE_WAIVE, "--reason", reason);
        assert_eq!(told.what, "--reason is empty", "{output}");
    }
    let told = refused(&shell().aura_msg(["slice", "waive", "--slice-id=s"]));
    assert!(told.what.contains("--reason"), "{told:?}");
    let told = refused(&shell().aura_msg(SLICE_ATTACH.iter().chain(&["--exec", "--print"])));
    assert!(told.what.contains("--exec") && told.what.contains("--print"));
}

#[test]
fn a_prompt_that_would_not_arrive_as_it_is_is_refused() {
    let shell = shell();
    let write = |name: &str, bytes: &[u8]| {
        let path = shell.sandbox.write(name, "");
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let start = |file: &str| {
        let flag = format!("--prompt-file={file}");
        shell.aura_msg(SLICE_START.iter().copied().chain([flag.as_str()]))
    };
    for (bytes, why) in [
        (&b"do\0it"[..], "it is byte 3"),
        (b"do\xffit", "byte 3 of it is not UTF-8"),
        (&*xs(LONG + 1), "it has more than 16384 bytes"),
        (&*xs(4 * LONG), "it has more than 16384 bytes"),
    ] {
        let file = write("prompt", bytes);
        let output = start(&file);
        let told = refused(&output);
        assert!(told.what.starts_with("--prompt-file"), "{output}");
        assert!(told.why.starts_with(why), "{output}");
    }
    let long = refused(&start(&write("prompt", &xs(LONG + 1))));
    assert!(
        long.fix.contains("file that the runner can read"),
        "{long:?}"
    );

    let told = refused(&start("/nowhere/at/all"));
    assert!(
        told.what.contains("'/nowhere/at/all' cannot be read"),
        "{told:?}"
    );
    let both = ["--prompt=a", "--prompt-file=-"];
    let told = refused(&shell.aura_msg(SLICE_START.iter().chain(&both)));
    assert!(told.what.contains("--prompt-file"), "{told:?}");

    for good in [
        &b""[..],
        b"'\"$(touch x)`\n\xe2\x90\x80\x01\x1b[2J",
        &*xs(LONG),
    ] {
        let _ = start(&write("prompt", good)).code(2);
    }
    let _ = start("-").code(2);
}

/// Runs `slice plan` on a file of this text.
#[track_caller]
fn plan(shell: &Shell, text: &str) -> Output {
    let path = shell.sandbox.write("plans/plan.toml", text);
    shell.aura_msg(["slice", "plan", "--file", &path.display().to_string()])
}

#[test]
fn a_mistake_in_a_plan_is_told_with_its_line_and_key() {
    let shell = shell();
    for (text, place, what) in [
        ("", "1:", "it has no slices"),
        ("fail_fast = true\n", "1:", "it has no slices"),
        ("x = 1\n", "1:", "unknown key 'x'"),
        (
            "[slice]\nid = 'a'\n",
            "1: slice:",
            "it is no list of slices",
        ),
        ("slice = [1]\n", "1: slice:", "it is no list of slices"),
        ("fail_fast = 'no'\n", "1: fail_fast:", "it is a string"),
        ("\n[[slice]\nid = 'a'\n", "2:", "it is no TOML"),
        (
            "\n[[slice]]\nmode = 'mock'\n",
            "2: id:",
            "the slice has no id",
        ),
        (
            "[[slice]]\nid = 'a'\nmode = 'mock'\n\n[[slice]]\nmode = 'mock'\nid = 'a'\n",
            "7: id:",
            "slice 'a' is in the plan twice",
        ),
        (
            "[[slice]]\nid = 'a'\nmod = 'mock'\n",
            "3:",
            "unknown key 'mod'",
        ),
        (
            "[[slice]]\nid = 'a'\n\nmode = 'screen'\n",
            "4: mode:",
            "unknown slice mode 'screen'",
        ),
        (
            "[[slice]]\nid = 'a'\n",
            "2: id:",
            "nothing says how slice 'a' is carried out",
        ),
        ("[[slice]]\nid = 7\n", "2: id:", "it is an integer"),
        (
            "[[slice]]\nid = 'a'\nmode = 'mock'\nafter = ['b', 7]\n",
            "4: after:",
            "it is an integer",
        ),
        (
            "[[slice]]\nid = 'a'\nmode = 'mock'\nafter = ['a-slice-b']\n",
            "4: after:",
            "after 'a-slice-b' is no slice id",
        ),
        (
            "[[slice]]\nid = 'a'\nmode = 'mock'\nleaf = ['']\n",
            "4: leaf:",
            "leaf '' is no leaf task",
        ),
        (
            "[[slice]]\nid = 'a'\nrunner = 'r'\ntimeout = 'soon'\n",
            "4: timeout:",
            "timeout 'soon' is no duration",
        ),
        (
            "[[slice]]\nid = 'a'\nrunner = 'r'\ntimeout = 1.5\n",
            "4: timeout:",
            "it is a float",
        ),
        (
            "[[slice]]\nid = 'a'\nrunner = 'r'\nprompt = 'p'\nprompt_file = 'f'\n",
            "5: prompt_file:",
            "prompt and prompt_file exclude each other",
        ),
        (
            "[[slice]]\nid = 'a'\nrunner = 'r'\nprompt_file = 'missing.md'\n",
            "4: prompt_file:",
            "prompt_file '",
        ),
        (
            "[[slice]]\nid = 'a'\nrunner = 'r'\nprompt = \"a\\u0000b\"\n",
            "4: prompt:",
            "prompt has a NUL byte in it",
        ),
        (
            "[[slice]]\nid = 'a'\nrunner = 'r'\ncommand = 'c'\n",
            "4: command:",
            "runner and command exclude each other",
        ),
    ] {
        let output = plan(&shell, text);
        let told = refused(&output);
        let (file, rest) = told
            .what
            .split_once("plan.toml:")
            .expect("it names the file");
        assert!(file.ends_with("plans/"), "{output}");
        assert!(rest.starts_with(&format!("{place} {what}")), "{output}");
    }
    let long = format!(
        "[[slice]]\nid = 'a'\nrunner = 'r'\nprompt = '{}'\n",
        "x".repeat(LONG + 1)
    );
    let output = plan(&shell, &long);
    let told = refused(&output);
    assert!(
        told.what.ends_with("4: prompt: prompt is too long"),
        "{output}"
    );
    assert!(told.why.contains("at most 16384"), "{output}");
}

#[test]
fn a_plan_may_come_from_standard_input_and_name_files_beside_it() {
    let shell = shell();
    let good = "[[slice]]\nid = 'a'\nrunner = 'r'\nprompt_file = 'a.md'\ntimeout = 90\n\
                [[slice]]\nid = 'b'\nmode = 'mock'\nafter = 'a'\nleaf = 'one'\nabout = 'x'\n";
    let _ = plan(&shell, good).code(1);
    shell.sandbox.write("plans/a.md", "do it");
    let _ = plan(&shell, good).code(2);
    // Nothing is on it, so it has no slices.
    let told = refused(&shell.aura_msg(["slice", "plan", "--file=-"]));
    assert_eq!(told.what, "standard input:1: it has no slices");
    let told = refused(&shell.aura_msg(["slice", "plan", "--file=/nowhere"]));
    assert_eq!(told.what, "--file '/nowhere' cannot be read");
}

#[test]
fn a_plan_that_no_epoch_has_room_for_is_not_sent() {
    let shell = shell();
    let long = "x".repeat(LONG);
    let slice =
        |n| format!("[[slice]]\nid = 's{n}'\nrunner = 'r'\nprompt_file = 'long'\ntimeout = {n}\n");
    shell.sandbox.write("plans/long", &long);
    let plan_of = |count: usize| plan(&shell, &(1..=count).map(slice).collect::<String>());
    let _ = plan_of(10).code(2);
    let output = plan_of(20);
    let told = refused(&output);
    assert!(told.what.ends_with("the plan is too long"), "{output}");
    assert!(told.why.contains("room for 226000"), "{output}");
}
