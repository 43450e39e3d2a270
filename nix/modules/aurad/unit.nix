# What the units of both kinds of system have in common. In line with dist/systemd, where the
# directives are explained; a test compares the two.
{ lib, cfg }:

let
  quote = import ../quote.nix { inherit lib; };
in
{
  description = "aura, a referee for coding agents";
  documentation = [ "man:aurad(1)" ];

  unit = {
    StartLimitIntervalSec = "5min";
    StartLimitBurst = 10;
  };

  service = {
    Type = "notify";
    NotifyAccess = "main";
    ExecStart = lib.concatStringsSep " " (
      [ "${cfg.package}/bin/aurad" ] ++ map quote cfg.extraArgs
    );
    # It waits for its server's port itself, whatever unit that is, and says so in its status.
    TimeoutStartSec = "infinity";
    # It drains; what the grace period needs it asks for itself.
    TimeoutStopSec = 60;
    KillMode = "mixed";
    WatchdogSec = "2min";
    Restart = "on-failure";
    RestartSec = 2;
    # Settings that are wrong do not mend themselves.
    RestartPreventExitStatus = 64;

    # What runners need stays open: the network, and memory that a JIT makes executable.
    NoNewPrivileges = true;
    LockPersonality = true;
    RestrictSUIDSGID = true;
    UMask = "0077";
    TasksMax = 4096;
  }
  // lib.optionalAttrs (cfg.environmentFile != null) {
    EnvironmentFile = cfg.environmentFile;
  };
}
