# services.temporal-dev-server as a service of the machine, with a user of its own.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.services.temporal-dev-server;
  home = "/var/lib/temporal-dev-server";
  common = import ./unit.nix {
    inherit lib pkgs cfg;
    database = if cfg.dbPath == "" then "${home}/aura/plugin/temporal.db" else cfg.dbPath;
  };
in
{
  imports = [ ./options.nix ];

  config = lib.mkIf cfg.enable {
    inherit (common) assertions;
    environment.systemPackages = [ cfg.package ];

    users.users.temporal-dev-server = {
      isSystemUser = true;
      group = "temporal-dev-server";
      inherit home;
      description = "Temporal development server";
    };
    users.groups.temporal-dev-server = { };

    systemd.services.temporal-dev-server = {
      inherit (common) description documentation;
      wantedBy = [ "multi-user.target" ];
      environment = {
        HOME = home;
        XDG_DATA_HOME = home;
      };
      serviceConfig =
        common.service
        // {
          User = "temporal-dev-server";
          Group = "temporal-dev-server";
          StateDirectory = "temporal-dev-server";
          StateDirectoryMode = "0700";
          ProtectSystem = "strict";
          PrivateTmp = true;
          ProtectControlGroups = true;
          ProtectKernelModules = true;
          ProtectKernelTunables = true;
          CapabilityBoundingSet = "";
        }
        // lib.optionalAttrs (cfg.dbPath != "") { ReadWritePaths = [ "-${dirOf cfg.dbPath}" ]; };
    };
  };
}
