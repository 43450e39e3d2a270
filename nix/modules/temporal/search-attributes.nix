# aura's search attributes. aurad registers those that are missing where it may.
{
  AuraEpochId = "Text";
  AuraPhase = "Keyword";
  AuraRole = "Keyword";
  AuraStatus = "Keyword";
  AuraDomain = "Keyword";
  AuraLastEventType = "Keyword";
}
