-- The table as the earlier implementation makes it; its files are taken over as they are.
CREATE TABLE IF NOT EXISTS audit_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch_id   TEXT NOT NULL,
    phase      TEXT NOT NULL,
    role       TEXT NOT NULL,
    event_type TEXT NOT NULL,
    payload    TEXT NOT NULL,
    timestamp  TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_epoch_id ON audit_events (epoch_id);
CREATE INDEX IF NOT EXISTS idx_phase ON audit_events (phase);
CREATE INDEX IF NOT EXISTS idx_role ON audit_events (role);

-- What this implementation adds. All of it may be absent: the earlier writer names its six
-- columns when it inserts, and goes on doing so.
ALTER TABLE audit_events ADD COLUMN event_id TEXT;
ALTER TABLE audit_events ADD COLUMN occurred_at TEXT;
ALTER TABLE audit_events ADD COLUMN actor TEXT;
ALTER TABLE audit_events ADD COLUMN workflow_id TEXT;
ALTER TABLE audit_events ADD COLUMN run_id TEXT;
ALTER TABLE audit_events ADD COLUMN prev_hash TEXT;
ALTER TABLE audit_events ADD COLUMN hash TEXT;

CREATE UNIQUE INDEX aura_event_id ON audit_events (event_id) WHERE event_id IS NOT NULL;

-- One row per migration. Not user_version: that one number belongs to the earlier
-- implementation as much as to this one.
CREATE TABLE aura_schema (
    version    INTEGER PRIMARY KEY,
    applied_at TEXT NOT NULL
);
