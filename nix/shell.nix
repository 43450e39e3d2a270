# What working on aura takes: Rust, and the programs that its tests call.
{
  mkShell,
  cargo,
  cargo-deny,
  clippy,
  fish,
  git,
  mandoc,
  nix,
  python3,
  rust-analyzer,
  rustc,
  rustfmt,
  shellcheck,
  temporal-cli,
  tmux,
  zsh,
}:

mkShell {
  packages = [
    cargo
    cargo-deny
    clippy
    fish
    git
    mandoc
    nix
    python3
    rust-analyzer
    rustc
    rustfmt
    shellcheck
    temporal-cli
    tmux
    zsh
  ];

  # Tests against a real server use this one instead of building it.
  AURA_TEST_TEMPORAL = "${temporal-cli}/bin/temporal";
}
