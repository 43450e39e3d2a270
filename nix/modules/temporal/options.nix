# services.temporal-dev-server, as both kinds of system have it: Temporal's own development
# server, for one machine. It leaves out what makes a unit of it.
{ lib, pkgs, ... }:

let
  inherit (lib) mkOption types;
in
{
  options.services.temporal-dev-server = {
    enable = lib.mkEnableOption "Temporal's development server, which is not for production";
    package = lib.mkPackageOption pkgs "temporal-cli" { };
    ip = mkOption {
      type = types.str;
      default = "127.0.0.1";
      description = ''
        Address it listens on. It neither encrypts nor asks who is there: whoever reaches it can
        run what aurad's runners allow.
      '';
    };
    port = mkOption {
      type = types.port;
      default = 7233;
      description = "Port of the server.";
    };
    uiPort = mkOption {
      type = types.port;
      default = 8233;
      description = "Port of its web interface.";
    };
    namespace = mkOption {
      type = types.str;
      default = "default";
      description = "Namespace that is there from the start. The same as settings.aurad.namespace of aurad.";
    };
    dbPath = mkOption {
      type = types.str;
      default = "";
      example = "/srv/temporal/temporal.db";
      description = ''
        File that it keeps everything in, absolute. An empty one is the XDG data path,
        `$XDG_DATA_HOME/aura/plugin/temporal.db`; on NixOS that is below
        /var/lib/temporal-dev-server, and the directory of another file has to be writable by the
        user temporal-dev-server.
      '';
    };
    searchAttributes = mkOption {
      type = types.attrsOf (
        types.enum [
          "Text"
          "Keyword"
          "Int"
          "Double"
          "Bool"
          "Datetime"
          "KeywordList"
        ]
      );
      default = import ./search-attributes.nix;
      description = "Search attributes of the namespace, with their types; those of aura by default.";
    };
    extraArgs = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "--headless" ];
      description = "More arguments of `temporal server start-dev`.";
    };
  };
}
