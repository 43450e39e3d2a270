# Both services for NixOS.
{
  imports = [
    ./aurad/nixos.nix
    ./temporal/nixos.nix
  ];
}
