# The settings that are set, as the file has them: without nulls and empty tables, and the
# earlier name of the address as the present one.
{ lib }:

settings:
let
  without = lib.filterAttrs (_: value: value != null && value != { });
  renamed =
    table:
    removeAttrs table [ "server_address" ]
    // lib.optionalAttrs (table ? server_address) {
      address = table.address or table.server_address;
    };
  tables = lib.mapAttrs (_: table: if lib.isAttrs table then without table else table) settings;
in
without (
  tables
  // {
    aurad = renamed tables.aurad;
    aura-msg = renamed tables.aura-msg;
    runner = lib.mapAttrs (_: without) tables.runner;
  }
)
