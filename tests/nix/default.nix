# What the modules make of each case, as JSON can have it.
{ lib }:

let
  stubs = import ./stubs.nix { inherit lib; };
  modules = {
    nixos = ../../nix/modules/nixos.nix;
    home-manager = ../../nix/modules/home-manager.nix;
  };

  # Packages as their paths, and what has been generated with its content.
  plain =
    value:
    if lib.isDerivation value then
      value.content or value.text or value.outPath
    else if lib.isAttrs value then
      lib.mapAttrs (_: plain) value
    else if lib.isList value then
      map plain value
    else
      value;

  evaluate =
    kind: written:
    let
      inherit
        (lib.evalModules {
          modules = [
            { config._module.args.pkgs = stubs.pkgs; }
            stubs.${kind}
            modules.${kind}
            written
          ];
        })
        config
        ;
      failed = map (check: check.message) (lib.filter (check: !check.assertion) config.assertions);
    in
    plain (
      {
        inherit failed;
        inherit (config) warnings;
      }
      # What is refused is not built, so nobody asks what it would have been.
      // lib.optionalAttrs (failed == [ ]) (
        if kind == "nixos" then
          {
            inherit (config.environment) etc systemPackages;
            inherit (config.systemd) services;
            inherit (config.users) users groups;
          }
        else
          {
            inherit (config.home) packages;
            inherit (config.systemd.user) services;
            inherit (config.xdg) configFile;
          }
      )
    );
in
{
  cases = lib.mapAttrs (
    _: case: lib.head (lib.mapAttrsToList evaluate case)
  ) (import ./cases.nix);

  # The names of all keys that are options, by table.
  keys = lib.mapAttrs (_: lib.attrNames) (import ../../nix/modules/aurad/keys.nix { inherit lib; });

  flake = import ./outputs.nix { inherit lib stubs; };

  searchAttributes = import ../../nix/modules/temporal/search-attributes.nix;
}
