# The options of the earlier implementation's home-manager module, which go on working and say
# what they are called now.
{ config, lib, ... }:

let
  old = [
    "services"
    "aurad"
  ];
  moved =
    from: to:
    lib.mkRenamedOptionModule (old ++ [ from ]) (
      old
      ++ [
        "settings"
        "aurad"
        to
      ]
    );
in
{
  imports = [
    (moved "namespace" "namespace")
    (moved "taskQueue" "task_queue")
    (moved "serverAddress" "address")
  ];

  # It bound aurad's unit to that of the server. aurad waits for the port now, and outlives a
  # restart of the server; what is left is that the server's unit is started with it.
  options.services.aurad.requireLocalServer = lib.mkOption {
    type = lib.types.nullOr lib.types.bool;
    default = null;
    visible = false;
    description = "Earlier option: whether aurad needs services.temporal-dev-server.";
  };

  config.warnings = lib.mkIf (config.services.aurad.requireLocalServer != null) [
    ''
      services.aurad: requireLocalServer is an earlier option that is no longer needed; remove it.
      aurad waits for its server's port, whatever unit that is, and is not stopped with it. While
      it is true, temporal-dev-server.service is started with aurad.''
  ];
}
