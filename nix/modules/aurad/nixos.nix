# services.aurad as a service of the machine, with a user of its own. All that it keeps is in
# /var/lib/aura.
{
  config,
  lib,
  ...
}:

let
  inherit (lib) mkOption types;
  cfg = config.services.aurad;
  checks = import ./checks.nix { inherit config lib; };
  common = import ./unit.nix { inherit lib cfg; };
  written = cfg.written != null;

  # Those below the home are there already.
  repositories = lib.filter (path: path != null && lib.hasPrefix "/" path) (
    lib.mapAttrsToList (_: runner: runner.directory) cfg.settings.runner
  );
in
{
  imports = [ ./options.nix ];

  options.services.aurad = {
    user = mkOption {
      type = types.str;
      default = "aura";
      description = "User of aurad and of its runners. `aura` is made; another has to be there.";
    };
    group = mkOption {
      type = types.str;
      default = "aura";
      description = "Group of aurad. `aura` is made; another has to be there.";
    };
    writablePaths = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "/srv/shop" ];
      description = ''
        Where runners may write, besides /var/lib/aura and the directories of runners: the rest
        of the system is read-only to them.
      '';
    };
  };

  config = lib.mkIf cfg.enable {
    inherit (checks) assertions warnings;

    users.users = lib.mkIf (cfg.user == "aura") {
      aura = {
        isSystemUser = true;
        inherit (cfg) group;
        home = "/var/lib/aura";
        description = "aura daemon";
      };
    };
    users.groups = lib.mkIf (cfg.group == "aura") { aura = { }; };

    environment.systemPackages = [ cfg.package ] ++ lib.optional (cfg.clientPackage != null) cfg.clientPackage;
    environment.etc = lib.mkIf written { "aura/config.toml".source = cfg.written; };

    systemd.services.aurad = {
      inherit (common) description documentation;
      wants = [ "network-online.target" ];
      after = [ "network-online.target" ];
      wantedBy = [ "multi-user.target" ];
      unitConfig = common.unit;
      restartTriggers = lib.optional written cfg.written;
      inherit (cfg) path;
      environment = {
        HOME = "/var/lib/aura";
        XDG_CONFIG_HOME = "/etc";
        XDG_DATA_HOME = "/var/lib";
        XDG_STATE_HOME = "/var/lib";
      }
      // cfg.environment;
      serviceConfig = common.service // {
        User = cfg.user;
        Group = cfg.group;
        StateDirectory = "aura";
        StateDirectoryMode = "0700";
        ProtectSystem = "strict";
        # One that is missing does not keep the service from starting.
        ReadWritePaths = map (path: "-${path}") (lib.unique (cfg.writablePaths ++ repositories));
        PrivateTmp = true;
        ProtectControlGroups = true;
        ProtectKernelModules = true;
        ProtectKernelTunables = true;
        ProtectKernelLogs = true;
        ProtectClock = true;
        ProtectHostname = true;
        RestrictRealtime = true;
        CapabilityBoundingSet = "";
      };
    };
  };
}
