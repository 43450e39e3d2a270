{
  description = "aura: a durable referee for work done by several coding agents";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      each = make: lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});

      # A module with this flake's packages, so that nobody needs the overlay.
      with-packages =
        module:
        { lib, pkgs, ... }:
        {
          # Under whichever names it is imported, it is one.
          key = "${toString module}#with-packages";
          imports = [ module ];
          services.aurad =
            let
              packages = self.packages.${pkgs.stdenv.hostPlatform.system};
            in
            {
              package = lib.mkDefault packages.aurad;
              clientPackage = lib.mkDefault packages.aura-msg;
            };
        };
      home-module = with-packages ./nix/modules/home-manager.nix;
      home-modules = {
        default = home-module;
        aurad = home-module;
        temporal-dev-server = ./nix/modules/temporal/home-manager.nix;
        # As the earlier flake called them.
        aurad-service = home-module;
        temporal-service = ./nix/modules/temporal/home-manager.nix;
      };
    in
    {
      packages = each (
        pkgs:
        let
          ours = import ./nix/overlay.nix (pkgs // ours) pkgs;
        in
        {
          inherit (ours) aura aurad aura-msg;
          default = ours.aura;
        }
      );

      overlays.default = import ./nix/overlay.nix;

      nixosModules = rec {
        default = with-packages ./nix/modules/nixos.nix;
        aurad = default;
        temporal-dev-server = ./nix/modules/temporal/nixos.nix;
      };
      homeModules = home-modules;
      homeManagerModules = home-modules;

      devShells = each (pkgs: {
        default = pkgs.callPackage ./nix/shell.nix { };
      });

      checks = each (pkgs: {
        inherit (self.packages.${pkgs.stdenv.hostPlatform.system}) aura;
        # The modules, evaluated, are what they are expected to be.
        modules = pkgs.runCommand "aura-modules" { } (
          let
            wrong = import ./tests/nix/compare.nix { inherit lib; };
          in
          if wrong == [ ] then
            "touch $out"
          else
            throw "not as in tests/nix/expected: ${lib.concatStringsSep ", " wrong}"
        );
      });

      formatter = each (pkgs: pkgs.nixfmt);
    };
}
