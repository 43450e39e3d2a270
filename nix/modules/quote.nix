# Text as systemd reads it back from a command line or an assignment: in quotes, with
# specifiers and variables switched off.
{ lib }:

text: lib.replaceStrings [ "%" "$" ] [ "%%" "$$" ] (builtins.toJSON (toString text))
