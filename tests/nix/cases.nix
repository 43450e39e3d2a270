# Each case: what a person writes, on which kind of system.
let
  everything = {
    aurad = {
      address = "temporal.internal:7233";
      namespace = "team";
      tls = true;
      tls_ca_path = "/srv/aura/ca.pem";
      tls_cert_path = "/srv/aura/client.pem";
      tls_key_path = "/srv/aura/client.key";
      tls_server_name = "temporal.internal";
      api_key_file = "/srv/aura/api-key";
      grpc_meta.x-team = "aura";
      task_queue = [
        "aura"
        "second"
      ];
      embedded = false;
      audit_trail = "sqlite:/srv/aura/audit.db";
      audit_db_path = "/srv/aura/audit.db";
      grace_period = "1m";
      connect_timeout = "unlimited";
      allow_shell = true;
      state_dir = "/srv/aura/state";
      host_timeout = 300;
      max_commands = 4;
      max_cached_workflows = 500;
      max_concurrent_workflow_tasks = 50;
      max_concurrent_activities = 40;
      max_concurrent_local_activities = 30;
      max_concurrent_workflow_task_polls = 8;
      max_concurrent_activity_task_polls = "auto";
      max_activities_per_second = 2.5;
      max_task_queue_activities_per_second = "unlimited";
      deployment_name = "shop";
      build_id = "7";
      verbose = true;
      db = "/srv/aura/embedded.db";
      listen = "127.0.0.1:7300";
      allow_users = [
        "ann"
        "1001"
      ];
      retention = 0;
      synchronous = "normal";
    };
    aura-msg = {
      address = "temporal.internal:7233";
      namespace = "team";
      task_queue = "aura";
      default_format = "json";
      timeout = "5s";
    };
    review = {
      deadline = "4h";
      remind_every = "1h";
      correctness = "claude";
      test_quality = "claude";
      elegance = "claude";
      timeout = "20m";
    };
    runner.claude = {
      argv = [
        "claude"
        "-p"
      ];
      env.LEVEL = "high";
      pass_env = [ "ANTHROPIC_API_KEY" ];
      directory = "/srv/shop";
      timeout = "1h";
      kill_after = 5;
      log_limit = "10MB";
      worktree = true;
      on_shutdown = "leave";
    };
  };
in
{
  # Nothing but `enable`.
  nixos-unset.nixos.services = {
    aurad.enable = true;
    temporal-dev-server.enable = true;
  };
  home-unset.home-manager.services = {
    aurad.enable = true;
    temporal-dev-server.enable = true;
  };
  nixos-disabled.nixos.services = { };
  home-disabled.home-manager.services = { };

  # Every key of the file.
  nixos-settings.nixos.services.aurad = {
    enable = true;
    settings = everything;
  };

  # Every option beside the settings.
  nixos-options.nixos =
    { pkgs, ... }:
    {
      services.aurad = {
        enable = true;
        embedded = true;
        auditTrail = "sqlite";
        clientPackage = null;
        user = "ann";
        group = "users";
        writablePaths = [ "/srv/shop" ];
        environment.RUST_LOG = "aura=debug";
        environmentFile = "/run/secrets/aurad.env";
        path = [ pkgs.hello ];
        extraArgs = [
          "--grace-period"
          "90%s $HOME"
        ];
        runners.claude = {
          argv = [ "claude" ];
          directory = "/srv/shop";
        };
        runners.codex = {
          argv = [ "codex" ];
          directory = "~/work";
        };
        settings.runner.claude.worktree = true;
      };
      services.temporal-dev-server = {
        enable = true;
        ip = "0.0.0.0";
        port = 7300;
        uiPort = 8300;
        namespace = "team";
        dbPath = "/srv/temporal/all.db";
        searchAttributes.Other = "Int";
        extraArgs = [ "--headless" ];
      };
    };
  home-options.home-manager =
    { pkgs, ... }:
    {
      services.aurad = {
        enable = true;
        embedded = true;
        auditTrail = "memory";
        environment.RUST_LOG = "aura=debug";
        environmentFile = "%h/.config/aura/aurad.env";
        path = [ pkgs.hello ];
        extraArgs = [ "--verbose" ];
        runners.claude.argv = [ "claude" ];
        settings.later.key = 1;
      };
      services.temporal-dev-server = {
        enable = true;
        port = 7300;
        dbPath = "/home/ann/50%/temporal.db";
      };
    };

  # What the earlier module called them.
  home-earlier.home-manager.services.aurad = {
    enable = true;
    namespace = "team";
    taskQueue = "second";
    serverAddress = "temporal.internal:7233";
    requireLocalServer = true;
    settings.aura-msg.server_address = "temporal.internal:7233";
  };

  # What is refused, or has no effect.
  nixos-wrong.nixos.services = {
    aurad = {
      enable = true;
      embedded = true;
      auditTrail = "postgres";
      environmentFile = "/nix/store/00000000000000000000000000000000-aurad.env";
      settings.aurad.address = "temporal.internal:7233";
      settings.aurad.api_key_file = "/nix/store/00000000000000000000000000000000-key";
      settings.review.elegance = "nobody";
      runners."-bad" = { };
    };
    temporal-dev-server = {
      enable = true;
      uiPort = 7233;
      dbPath = "temporal.db";
    };
  };
  home-unused.home-manager.services.aurad = {
    enable = true;
    settings.aurad.db = "/srv/aura/embedded.db";
    settings.aurad.server_address = "temporal.internal:7233";
  };
}
