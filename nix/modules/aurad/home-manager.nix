# services.aurad as a service of one user, whose home, programs and agents it uses.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.services.aurad;
  checks = import ./checks.nix { inherit config lib; };
  common = import ./unit.nix { inherit lib cfg; };
  quote = import ../quote.nix { inherit lib; };
  written = cfg.written != null;

  # What runners call is the user's: after the packages named here, what the user has.
  path = lib.concatStringsSep ":" [
    (lib.makeBinPath cfg.path)
    "${config.home.profileDirectory}/bin"
    "/run/current-system/sw/bin"
    "/usr/local/bin"
    "/usr/bin"
    "/bin"
  ];
  environment = {
    PATH = path;
  }
  // cfg.environment;
in
{
  imports = [
    ./options.nix
    ./earlier.nix
  ];

  config = lib.mkIf cfg.enable {
    assertions = checks.assertions ++ [
      {
        assertion = pkgs.stdenv.hostPlatform.isLinux;
        message = ''
          services.aurad: the service is one of systemd, which this system does not have.
          Install the package and start aurad yourself.'';
      }
    ];
    inherit (checks) warnings;

    home.packages = [ cfg.package ] ++ lib.optional (cfg.clientPackage != null) cfg.clientPackage;
    xdg.configFile = lib.mkIf written { "aura/config.toml".source = cfg.written; };

    systemd.user.services.aurad = {
      Unit = {
        Description = common.description;
        Documentation = common.documentation;
      }
      // common.unit
      // lib.optionalAttrs written { X-Restart-Triggers = [ "${cfg.written}" ]; }
      // lib.optionalAttrs (cfg.requireLocalServer == true) {
        Wants = [ "temporal-dev-server.service" ];
      };
      Service = common.service // {
        Environment = lib.mapAttrsToList (name: value: quote "${name}=${value}") environment;
      };
      Install.WantedBy = [ "default.target" ];
    };
  };
}
