# What the flake has, with packages that are names: how they would be built, and that its
# modules bring them along.
{ lib, stubs }:

let
  system = "x86_64-linux";

  recipes = {
    inherit lib;
    installShellFiles = "installShellFiles";
    rustPlatform.buildRustPackage =
      recipe:
      stubs.package recipe.pname
      // {
        recipe = {
          inherit (recipe)
            pname
            cargoBuildFlags
            cargoTestFlags
            nativeBuildInputs
            postInstall
            ;
          inherit (recipe.meta) mainProgram;
          license = recipe.meta.license.spdxId;
          platforms = lib.elem system recipe.meta.platforms;
        };
      };
    mkShell = recipe: recipe;
    nixfmt = stubs.package "nixfmt";
    runCommand =
      name: _: script:
      stubs.package name // { inherit script; };
    callPackage = lib.callPackageWith recipes;
  }
  // lib.mapAttrs (_: stubs.package) (
    lib.genAttrs (lib.filter (name: name != "mkShell") (
      lib.attrNames (lib.functionArgs (import ../../nix/shell.nix))
    )) (name: name)
  );

  flake = (import ../../flake.nix).outputs {
    self = flake;
    nixpkgs = {
      inherit lib;
      legacyPackages = lib.genAttrs lib.systems.flakeExposed (_: recipes);
    };
  };

  # A person's nixpkgs, which has no aura in it.
  pkgs = lib.recursiveUpdate (removeAttrs stubs.pkgs [
    "aurad"
    "aura-msg"
  ]) { stdenv.hostPlatform.system = system; };
  started =
    kind: modules:
    (lib.evalModules {
      modules = [
        { config._module.args.pkgs = pkgs; }
        stubs.${kind}
        { services.aurad.enable = true; }
      ]
      ++ modules;
    }).config;
in
{
  names = lib.mapAttrs (
    _: output: lib.attrNames (if output ? ${system} then output.${system} else output)
  ) (removeAttrs flake [
    "formatter"
    "overlays"
  ]);
  systems = lib.attrNames flake.packages;
  overlay = lib.mapAttrs (_: package: package.recipe.pname) (flake.overlays.default recipes { });
  packages = lib.mapAttrs (_: package: package.recipe) flake.packages.${system};
  shell = map (package: package.name) flake.devShells.${system}.default.packages;
  nixos = (started "nixos" [ flake.nixosModules.default ]).systemd.services.aurad.serviceConfig.ExecStart;
  # Both of the earlier names together, as somebody may have them.
  home =
    (started "home-manager" [
      flake.homeManagerModules.aurad-service
      flake.homeManagerModules.temporal-service
    ]).systemd.user.services.aurad.Service.ExecStart;
}
