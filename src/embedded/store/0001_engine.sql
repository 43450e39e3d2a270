-- Everything the engine must find again after it was killed. Times are nanoseconds since
-- 1970, UTC. Blobs are protobuf.

CREATE TABLE namespace (
    name TEXT PRIMARY KEY,
    id   TEXT NOT NULL,
    -- The engine's own message: how it is described, and settings of its task queues.
    data BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Custom search attributes; `type` is temporal.api.enums.v1.IndexedValueType.
CREATE TABLE search_attribute (
    namespace TEXT NOT NULL,
    name      TEXT NOT NULL,
    type      INTEGER NOT NULL,
    PRIMARY KEY (namespace, name)
) STRICT, WITHOUT ROWID;

-- One row for each run. The columns are what lists are filtered and sorted by; `state` is
-- the engine's own message, and holds all the rest. AUTOINCREMENT, so that the highest key
-- ever used is known after its run was deleted.
CREATE TABLE run (
    key                INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace          TEXT NOT NULL,
    workflow_id        TEXT NOT NULL,
    run_id             TEXT NOT NULL,
    workflow_type      TEXT NOT NULL,
    task_queue         TEXT NOT NULL,
    -- temporal.api.enums.v1.WorkflowExecutionStatus; 1 is running
    status             INTEGER NOT NULL,
    start_time         INTEGER NOT NULL,
    execution_time     INTEGER NOT NULL,
    close_time         INTEGER,
    history_length     INTEGER NOT NULL,
    history_size       INTEGER NOT NULL,
    parent_workflow_id TEXT,
    parent_run_id      TEXT,
    root_workflow_id   TEXT NOT NULL,
    root_run_id        TEXT NOT NULL,
    state              BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX run_by_id ON run (namespace, workflow_id, run_id);
-- Lists show open runs first, then those closed last. Each of these gives that order as it
-- is, for all runs, for those of a status, for those of a type.
CREATE INDEX run_by_listing ON run (
    namespace, coalesce(close_time, 9223372036854775807) DESC, start_time DESC, key DESC);
CREATE INDEX run_by_status ON run (
    namespace, status, coalesce(close_time, 9223372036854775807) DESC, start_time DESC, key DESC);
CREATE INDEX run_by_type ON run (
    namespace, workflow_type, coalesce(close_time, 9223372036854775807) DESC, start_time DESC,
    key DESC);
CREATE INDEX run_by_close ON run (close_time) WHERE close_time IS NOT NULL;
CREATE INDEX run_open ON run (namespace, workflow_id) WHERE status = 1;

-- Histories: a row is what one transaction appended, a temporal.api.history.v1.History.
-- With a rowid: these blobs would take some 60 % more room in an index.
CREATE TABLE event (
    run      INTEGER NOT NULL,
    first_id INTEGER NOT NULL,
    last_id  INTEGER NOT NULL,
    batch    BLOB NOT NULL,
    PRIMARY KEY (run, first_id)
) STRICT;

-- What an open run waits for, or holds back: activities, timers, children and so on. Each
-- is a row of its own, so that a run with many costs no more per change than one with few.
CREATE TABLE item (
    run  INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    id   INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (run, kind, id)
) STRICT, WITHOUT ROWID;

-- Ids of requests that a run has taken: signals (kind 1).
CREATE TABLE dedup (
    run  INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    id   TEXT NOT NULL,
    PRIMARY KEY (run, kind, id)
) STRICT, WITHOUT ROWID;

-- Updates by id, kept for as long as the run: the events with its request and its outcome.
CREATE TABLE workflow_update (
    run          INTEGER NOT NULL,
    id           TEXT NOT NULL,
    accepted_id  INTEGER NOT NULL,
    completed_id INTEGER,
    PRIMARY KEY (run, id)
) STRICT, WITHOUT ROWID;

-- Search attributes of runs, one row for each value, in the column of their type: texts
-- and keywords in `text`, integers, booleans and times in `whole`, doubles in `real`.
CREATE TABLE attribute (
    run   INTEGER NOT NULL,
    name  TEXT NOT NULL,
    n     INTEGER NOT NULL,
    text  TEXT,
    whole INTEGER,
    real  REAL,
    PRIMARY KEY (run, name, n)
) STRICT, WITHOUT ROWID;

CREATE INDEX attribute_by_text ON attribute (name, text, run) WHERE text IS NOT NULL;
CREATE INDEX attribute_by_whole ON attribute (name, whole, run) WHERE whole IS NOT NULL;

-- How many rows there are for one value of the first column of an index, of the first two
-- and so on, in a file of a usual kind. Without it SQLite reads all runs in the order of the
-- list to find the few of one workflow id.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('run', 'run_by_id', '100000 100000 2 1'),
    ('run', 'run_by_listing', '100000 100000 100 1 1'),
    ('run', 'run_by_status', '100000 100000 10000 100 1 1'),
    ('run', 'run_by_type', '100000 100000 10000 100 1 1'),
    ('run', 'run_by_close', '100000 2'),
    ('attribute', 'attribute', '300000 3 1 1'),
    ('attribute', 'attribute_by_text', '200000 50000 50 1'),
    ('attribute', 'attribute_by_whole', '100000 50000 50 1');
ANALYZE sqlite_schema;
