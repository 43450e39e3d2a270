# What modules find of a system when they are evaluated here: options that take anything, and
# packages that are names. It leaves out building.
{ lib }:

let
  anything = lib.mkOption {
    type = lib.types.attrsOf lib.types.anything;
    default = { };
  };
  packages = lib.mkOption {
    type = lib.types.listOf lib.types.package;
    default = [ ];
  };
  checks = {
    assertions = lib.mkOption {
      type = lib.types.listOf lib.types.unspecified;
      default = [ ];
    };
    warnings = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
    };
  };

  package = name: {
    type = "derivation";
    inherit name;
    outPath = "/nix/store/00000000000000000000000000000000-${name}";
  };

  value =
    with lib.types;
    nullOr (oneOf [
      bool
      int
      float
      str
      path
      (attrsOf value)
      (listOf value)
    ])
    // {
      description = "TOML value";
    };
in
{
  inherit package;

  pkgs =
    lib.genAttrs [ "aurad" "aura-msg" "bash" "coreutils" "git" "hello" "temporal-cli" "tmux" ] package
    // {
      stdenv.hostPlatform.isLinux = true;
      # Without building there is no file; its content is kept beside its name.
      formats.toml = _: {
        type = value;
        generate = name: content: package name // { inherit content; };
      };
      writeShellScript = name: text: package name // { inherit text; };
    };

  nixos.options = checks // {
    environment.etc = anything;
    environment.systemPackages = packages;
    systemd.services = anything;
    users.users = anything;
    users.groups = anything;
  };

  home-manager = {
    options = checks // {
      home.packages = packages;
      home.profileDirectory = lib.mkOption { default = "/home/ann/.nix-profile"; };
      systemd.user.services = anything;
      xdg.configFile = anything;
      xdg.dataHome = lib.mkOption { default = "/home/ann/.local/share"; };
    };
  };
}
