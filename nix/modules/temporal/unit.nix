# What the units of both kinds of system have in common. Whoever is ordered after the unit
# finds the port open: it counts as started only when the server answers.
{
  lib,
  pkgs,
  cfg,
  database,
}:

let
  quote = import ../quote.nix { inherit lib; };
  temporal = "${cfg.package}/bin/temporal";
  # Where all addresses are listened on, this one is among them.
  here = if cfg.ip == "0.0.0.0" then "127.0.0.1" else cfg.ip;
  arguments = [
    "--ip"
    cfg.ip
    "--port"
    cfg.port
    "--ui-port"
    cfg.uiPort
    "--namespace"
    cfg.namespace
    "--db-filename"
    database
  ]
  ++ lib.concatLists (
    lib.mapAttrsToList (name: type: [
      "--search-attribute"
      "${name}=${type}"
    ]) cfg.searchAttributes
  )
  ++ cfg.extraArgs;

  wait = pkgs.writeShellScript "temporal-dev-server-wait" ''
    until ${temporal} operator cluster health \
      --address ${lib.escapeShellArg "${here}:${toString cfg.port}"} >/dev/null 2>&1; do
      ${pkgs.coreutils}/bin/sleep 0.2
    done
  '';
in
{
  description = "Temporal development server";
  documentation = [ "https://docs.temporal.io/cli/server" ];

  assertions = [
    {
      assertion = cfg.port != cfg.uiPort;
      message = ''
        services.temporal-dev-server: port and uiPort are both ${toString cfg.port}, and the
        server would not start. Give one of them another number.'';
    }
    {
      assertion = cfg.dbPath == "" || lib.hasPrefix "/" cfg.dbPath;
      message = ''
        services.temporal-dev-server: dbPath '${cfg.dbPath}' is relative, and a service has no
        directory that it could be relative to. Write an absolute path, or "" for the XDG data
        path.'';
    }
  ];

  service = {
    Type = "exec";
    # SQLite makes the file, but no directory.
    ExecStartPre = "${pkgs.coreutils}/bin/mkdir -p ${quote (dirOf database)}";
    ExecStart = lib.concatStringsSep " " ([ "${temporal} server start-dev" ] ++ map quote arguments);
    ExecStartPost = "${wait}";
    TimeoutStartSec = "2min";
    TimeoutStopSec = 30;
    Restart = "on-failure";
    RestartSec = 2;

    NoNewPrivileges = true;
    LockPersonality = true;
    RestrictSUIDSGID = true;
    UMask = "0077";
  };
}
