# services.temporal-dev-server as a service of one user.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.services.temporal-dev-server;
  common = import ./unit.nix {
    inherit lib pkgs cfg;
    database =
      if cfg.dbPath == "" then "${config.xdg.dataHome}/aura/plugin/temporal.db" else cfg.dbPath;
  };
in
{
  imports = [ ./options.nix ];

  config = lib.mkIf cfg.enable {
    inherit (common) assertions;
    home.packages = [ cfg.package ];

    systemd.user.services.temporal-dev-server = {
      Unit = {
        Description = common.description;
        Documentation = common.documentation;
      };
      Service = common.service;
      Install.WantedBy = [ "default.target" ];
    };
  };
}
