# aura from this tree: one crate with two programs. `programs` picks those that are built and
# installed, each with its manual pages and completions, which are files of the tree: they are
# the same whatever machine they are built for, and a test of the crate keeps them fresh.
{
  lib,
  rustPlatform,
  installShellFiles,
  programs ? [
    "aurad"
    "aura-msg"
  ],
}:

let
  manifest = lib.importTOML ../Cargo.toml;
  one = lib.length programs == 1;
in
rustPlatform.buildRustPackage {
  pname = if one then lib.head programs else manifest.package.name;
  inherit (manifest.package) version;

  # Cargo wants every target that the manifest names, tests and examples too.
  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.difference ../. (
      lib.fileset.unions [
        ./.
        ../flake.nix
        (lib.fileset.maybeMissing ../flake.lock)
        (lib.fileset.maybeMissing ../target)
        (lib.fileset.maybeMissing ../result)
      ]
    );
  };
  cargoLock.lockFile = ../Cargo.lock;

  cargoBuildFlags = lib.concatMap (program: [
    "--bin"
    program
  ]) programs;
  # The other tests start servers, shells and agents.
  cargoTestFlags = [ "--lib" ];

  nativeBuildInputs = [ installShellFiles ];

  postInstall = lib.concatMapStrings (program: ''
    installManPage man/${program}.1 $(find man -name '${program}-*.1')
    installShellCompletion --cmd ${program} \
      --bash completions/${program}.bash \
      --zsh completions/_${program} \
      --fish completions/${program}.fish
  '') programs;

  meta = {
    inherit (manifest.package) description;
    license = lib.licenses.mit;
    platforms = lib.platforms.unix;
    mainProgram = if one then lib.head programs else manifest.package.default-run;
  };
}
