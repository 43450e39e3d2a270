# services.aurad, as both kinds of system have it. It leaves out what makes a unit of it.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkOption types;
  cfg = config.services.aurad;
  toml = pkgs.formats.toml { };
  keys = import ./keys.nix { inherit lib; };

  table =
    options: description:
    mkOption {
      type = types.submodule {
        freeformType = toml.type;
        inherit options;
      };
      default = { };
      inherit description;
    };
  runners = mkOption {
    type = types.attrsOf (
      types.submodule {
        freeformType = toml.type;
        options = keys.runner;
      }
    );
    default = { };
    example = lib.literalExpression ''
      {
        claude = {
          argv = [ "claude" "-p" ];
          directory = "/srv/shop";
          worktree = true;
        };
      }
    '';
    description = "The commands that slices and reviews may name.";
  };
in
{
  options.services.aurad = {
    enable = lib.mkEnableOption "aurad, the referee for coding agents";
    package = lib.mkPackageOption pkgs "aurad" { };
    clientPackage = lib.mkPackageOption pkgs "aura-msg" { nullable = true; };

    settings = mkOption {
      type = types.submodule {
        freeformType = toml.type;
        options = {
          aurad = table keys.aurad "The daemon's settings.";
          aura-msg = table keys.client "The settings of the command line client.";
          review = table keys.review "Who reviews, and by when.";
          runner = runners;
        };
      };
      default = { };
      example = lib.literalExpression ''
        {
          aurad.grace_period = "1m";
          review.correctness = "claude";
        }
      '';
      description = ''
        The configuration file, config.toml, table by table. Where nothing is set, no file is
        written. It ends in the store, which everybody can read: secrets belong in
        {option}`services.aurad.environmentFile`.
      '';
    };

    embedded = mkOption {
      type = types.bool;
      default = false;
      description = "Whether aurad starts an engine of its own, instead of using a Temporal server.";
    };

    auditTrail = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "sqlite";
      description = ''
        Where the audit trail is kept: memory, sqlite, sqlite:PATH or temporal. Unset it is
        sqlite with an embedded engine, and memory without.
      '';
    };

    runners = runners // {
      description = "${runners.description} The same as `settings.runner`.";
    };

    environment = mkOption {
      type = types.attrsOf types.str;
      default = { };
      description = "Variables of aurad. They end in the store: no secrets.";
    };

    environmentFile = mkOption {
      # No path: one would be copied to the store.
      type = types.nullOr types.str;
      default = null;
      example = "/run/secrets/aurad.env";
      description = ''
        File with variables of aurad, secrets among them, as systemd reads it when it starts
        the service. It stays out of the store.
      '';
    };

    path = mkOption {
      type = types.listOf types.package;
      default = [
        pkgs.bash
        pkgs.coreutils
        pkgs.git
        pkgs.tmux
      ];
      defaultText = lib.literalExpression "[ pkgs.bash pkgs.coreutils pkgs.git pkgs.tmux ]";
      description = "Packages whose programs aurad and its runners find. Add those that runners call.";
    };

    extraArgs = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "--verbose" ];
      description = "Arguments of aurad; they win over settings. Everybody can read them: no secrets.";
    };

    written = mkOption {
      internal = true;
      readOnly = true;
      type = types.nullOr types.raw;
      description = "The configuration file, if anything is set.";
    };
  };

  config.services.aurad = {
    settings = {
      aurad.embedded = lib.mkIf cfg.embedded true;
      aurad.audit_trail = lib.mkIf (cfg.auditTrail != null) cfg.auditTrail;
      runner = lib.mapAttrs (_: lib.filterAttrs (_: value: value != null)) cfg.runners;
    };
    written =
      let
        present = import ./present.nix { inherit lib; } cfg.settings;
      in
      if present == { } then null else toml.generate "aura-config.toml" present;
  };
}
