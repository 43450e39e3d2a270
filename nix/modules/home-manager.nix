# Both services for home-manager.
{
  imports = [
    ./aurad/home-manager.nix
    ./temporal/home-manager.nix
  ];
}
