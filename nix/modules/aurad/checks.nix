# What is wrong or without effect in services.aurad, said before anything is built: messages of
# what, why and what to do. aurad itself checks all the rest, with line and key.
{ config, lib }:

let
  cfg = config.services.aurad;
  inherit (cfg) settings;
  daemon = settings.aurad;
  embedded = daemon.embedded == true;
  dev = config.services.temporal-dev-server or { enable = false; };

  address = if daemon.address != null then daemon.address else daemon.server_address;
  trail = daemon.audit_trail;
  listen = if daemon.listen != null then daemon.listen else "127.0.0.1:7233";
  port = lib.last (lib.splitString ":" listen);

  reviewers = lib.filterAttrs (
    axis: runner:
    lib.elem axis [
      "correctness"
      "test_quality"
      "elegance"
    ]
    && runner != null
  ) settings.review;
  strangers = lib.filterAttrs (_: runner: !(settings.runner ? ${runner})) reviewers;

  secrets = {
    environmentFile = cfg.environmentFile;
    "settings.aurad.api_key_file" = daemon.api_key_file;
    "settings.aurad.tls_key_path" = daemon.tls_key_path;
    "settings.aura-msg.api_key_file" = settings.aura-msg.api_key_file;
    "settings.aura-msg.tls_key_path" = settings.aura-msg.tls_key_path;
  };

  engine-keys = lib.filter (key: daemon.${key} != null) [
    "db"
    "listen"
    "allow_users"
    "retention"
    "synchronous"
  ];
  earlier = lib.filter (table: settings.${table}.server_address != null) [
    "aurad"
    "aura-msg"
  ];
in
{
  assertions = [
    {
      assertion = embedded -> address == null;
      message = ''
        services.aurad: `embedded` and the address ${toString address} exclude each other.
        With `embedded`, aurad starts an engine of its own and would ignore the server.
        Remove settings.aurad.address to use the engine, or `embedded` to use the server.'';
    }
    {
      assertion = trail == null || builtins.match "memory|temporal|sqlite(:.+)?" trail != null;
      message = ''
        services.aurad: '${toString trail}' is no audit trail.
        aurad would not start. Valid: memory, sqlite, sqlite:PATH, temporal.'';
    }
    {
      assertion = !(embedded && dev.enable && port == toString dev.port);
      message = ''
        services.aurad: the embedded engine and services.temporal-dev-server would both listen
        on port ${port}, and one of them would not start. Use one of the two, or give
        settings.aurad.listen another port.'';
    }
    {
      assertion = strangers == { };
      message = ''
        services.aurad: ${
          lib.concatStringsSep ", " (
            lib.mapAttrsToList (axis: runner: "review.${axis} names the runner '${runner}'") strangers
          )
        }, which is not among runners.
        aurad would not start. Add it to `runners`, or leave that axis to people.'';
    }
  ]
  ++ lib.mapAttrsToList (option: file: {
    assertion = file == null || !lib.hasPrefix builtins.storeDir file;
    message = ''
      services.aurad: ${option} ${toString file} is in the store, which everybody can read, and
      it is for secrets. Name a file outside, as text: "/run/secrets/aurad", for example.'';
  }) secrets
  ++ lib.mapAttrsToList (name: runner: {
    assertion = runner.argv != null && runner.argv != [ ];
    message = ''
      services.aurad: the runner '${name}' has no program, so aurad would not start.
      Set runners.${name}.argv, for example [ "claude" "-p" ].'';
  }) settings.runner
  ++ lib.mapAttrsToList (name: _: {
    assertion =
      builtins.match "[A-Za-z0-9_][A-Za-z0-9_.-]*" name != null && lib.stringLength name <= 64;
    message = ''
      services.aurad: '${name}' is no runner's name, so aurad would not start.
      A name has 1 to 64 of the characters A-Z a-z 0-9 _ . - and begins with neither . nor -.'';
  }) settings.runner;

  warnings =
    lib.optional (!embedded && engine-keys != [ ]) ''
      services.aurad: ${lib.concatMapStringsSep ", " (key: "settings.aurad.${key}") engine-keys} are
      not used: they are for the embedded engine, and `embedded` is off.''
    ++ map (
      table:
      "services.aurad: settings.${table}.server_address is an earlier name; call it address."
    ) earlier;
}
