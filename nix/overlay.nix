# aura's packages on top of nixpkgs: `aura` has both programs, the others one each.
final: _prev: {
  aura = final.callPackage ./package.nix { };
  aurad = final.callPackage ./package.nix { programs = [ "aurad" ]; };
  aura-msg = final.callPackage ./package.nix { programs = [ "aura-msg" ]; };
}
