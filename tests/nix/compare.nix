# The names of cases that are not as expected; for the flake's checks.
{ lib }:

let
  inherit (import ./. { inherit lib; }) cases;
  expected = name: lib.importJSON (./expected + "/${name}.json");
  # As JSON, so that paths are what they are there.
  seen = value: builtins.fromJSON (builtins.unsafeDiscardStringContext (builtins.toJSON value));
in
lib.filter (name: seen cases.${name} != expected name) (lib.attrNames cases)
