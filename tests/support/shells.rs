//! Shells that complete what is typed into them, with the scripts of a folder. It
//! deliberately leaves to the tests what they are to offer.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::binary::say;
use super::output::{Output, run_limited};
use super::sandbox::Sandbox;

/// How the file of a program's script is called.
pub type Named = fn(&str) -> String;

/// The shells that there are scripts for, and the file of a program's script in each.
pub const SHELLS: [(&str, Named); 3] = [
    ("bash", |program| format!("{program}.bash")),
    ("zsh", |program| format!("_{program}")),
    ("fish", |program| format!("{program}.fish")),
];

const LIMIT: Duration = Duration::from_mins(1);

/// Whether a program is here. That one is missing never passes in silence, and on a build
/// server not at all.
#[track_caller]
pub fn is_here(program: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .output()
        .is_ok_and(|output| output.status.success());
    assert!(
        found || env::var("CI").as_deref() != Ok("true"),
        "{program} is not installed, and a test needs it"
    );
    if !found {
        say(&format!(
            "SKIPPED: a test needs {program}, which is not installed"
        ));
    }
    found
}

/// What a shell offered, and all that it printed.
pub struct Offered {
    /// The words, in order, each once.
    pub words: Vec<String>,
    /// The process; on standard error is also what was on the terminal, where one was needed.
    pub output: Output,
}

/// Where lines are typed.
pub struct Typing<'a> {
    sandbox: &'a Sandbox,
    scripts: PathBuf,
    env: Vec<(String, String)>,
}

impl<'a> Typing<'a> {
    /// In this sandbox, with the scripts of this folder.
    pub fn new(sandbox: &'a Sandbox, scripts: impl Into<PathBuf>) -> Self {
        Self {
            sandbox,
            scripts: scripts.into(),
            env: Vec::new(),
        }
    }

    /// The same, with one more environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, with a program where shells look for programs.
    #[must_use]
    pub fn with_program(self, program: &str) -> Self {
        let folder = Path::new(program).parent().expect("it is in a folder");
        let rest = env::var("PATH").expect("there is a PATH");
        self.env("PATH", &format!("{}:{rest}", folder.display()))
    }

    /// What one of [`SHELLS`] offers for a line that is typed up to here.
    #[track_caller]
    pub fn complete(&self, shell: &str, line: &str) -> Offered {
        let (args, script): (&[&str], _) = match shell {
            "bash" => (&["--noprofile", "--norc"], self.bash(line)),
            "zsh" => (&["-f"], self.zsh(line)),
            "fish" => (&["--no-config"], self.fish(line)),
            _ => panic!("there are no scripts for {shell}"),
        };
        let path = self.sandbox.write("work/script", &script);
        let mut command = self.sandbox.command(shell);
        command
            .args(args)
            .arg(path)
            .env("TERM", "dumb")
            .envs(self.env.iter().map(|(name, value)| (name, value)));
        let output = run_limited(&mut command, "", LIMIT).unwrap().ok();
        let lines = output.stdout.lines().map(str::trim);
        let mut words: Vec<String> = lines
            // fish says behind each what it means.
            .map(|line| line.split('\t').next().unwrap_or_default().to_owned())
            .filter(|word| !word.is_empty())
            .collect();
        words.sort();
        words.dedup();
        Offered { words, output }
    }

    fn file(&self, shell: &str, line: &str) -> String {
        let program = line.split(' ').next().unwrap_or_default();
        let named = SHELLS.iter().find(|(name, _)| *name == shell);
        let name = named.expect("it is one of them").1(program);
        self.scripts.join(name).display().to_string()
    }

    /// As bash does it: words without quotes, of which the last may be empty.
    fn bash(&self, line: &str) -> String {
        let words: Vec<_> = line.split(' ').collect();
        let quoted: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
        let (program, at) = (words[0], words.len() - 1);
        let (last, before) = (words[at], words[at - 1]);
        format!(
            "set -u; COMP_WORDBREAKS=''; source '{}'\n\
             found=$(complete -p {program}); found=${{found#*-F }}; found=${{found%% *}}\n\
             COMP_WORDS=({}); COMP_CWORD={at}; COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}\n\
             \"$found\" {program} '{last}' '{before}'\n\
             [ ${{#COMPREPLY[@]}} = 0 ] || printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
            self.file("bash", line),
            quoted.join(" "),
        )
    }

    fn fish(&self, line: &str) -> String {
        format!(
            "source '{}'\ncomplete -C '{line}'\n",
            self.file("fish", line)
        )
    }

    fn zsh(&self, line: &str) -> String {
        let inner = ZSH_INNER.replace("FOLDER", &self.scripts.display().to_string());
        self.sandbox.write("work/inner", &inner);
        for old in ["offered", "ready", "done", "seen"] {
            // Of the line before, if there was one.
            let _ = std::fs::remove_file(self.sandbox.path().join("work").join(old));
        }
        ZSH_OUTER.replace("LINE", line)
    }
}

/// What a zsh is told first: where scripts are, to write down what is offered, and to say
/// when it reads what is typed.
const ZSH_INNER: &str = r#"
fpath=(FOLDER $fpath)
autoload -U compinit; compinit -u -D
LISTMAX=1000
compadd() {
  local -a hits
  if [[ -z ${(M)@:#-[OAD]} ]]; then
    builtin compadd -O hits "$@"
    print -rl -- $hits >>$PWD/offered
  fi
  builtin compadd "$@"
}
zle-line-init() { print >$PWD/ready }
zle -N zle-line-init
"#;

/// Types a line into that zsh, on a terminal of its own, since it completes nowhere else.
const ZSH_OUTER: &str = r#"
zmodload zsh/zpty zsh/zselect || exit 3
wait_for() {
  for i in {1..3000}; do
    [[ -e $1 ]] && return
    zpty -r -t z seen && print -rn -- $seen >>seen
    zselect -t 1
  done
  exit 4
}
zpty z 'TERM=dumb zsh -f -i'
zpty -w z "source $PWD/inner"
wait_for ready
zpty -w -n z "LINE"$'\t'
zpty -w z $'\C-u'"print >done"
wait_for done
zpty -d z
cat offered 2>/dev/null
cat seen >&2
exit 0
"#;
