-- +goose Up

-- What tells this database from any other whose file has the same name.
ALTER TABLE holding ADD COLUMN identity TEXT NOT NULL DEFAULT '';
UPDATE holding SET identity = lower(hex(randomblob(16)));

-- Who published an import, or took that back: the latest of a batch is in
-- force, and a batch with none is a draft. Only ever added to.
CREATE TABLE publication (
	id      INTEGER PRIMARY KEY,
	batch   INTEGER NOT NULL REFERENCES batch (id),
	visible INTEGER,          -- from when it counts, milliseconds since 1970; NULL where it was taken back
	embargo INTEGER NOT NULL CHECK (embargo IN (0, 1)), -- that was still to come: the version of the data rises with it
	why     TEXT    NOT NULL,
	who     TEXT    NOT NULL CHECK (who <> ''),
	person  INTEGER REFERENCES person (id), -- who that is; NULL where nobody had signed in
	said    TEXT    NOT NULL, -- RFC 3339, UTC, as below
	CHECK (visible IS NOT NULL OR embargo = 0)
) STRICT;
CREATE INDEX publication_batch ON publication (batch);
CREATE INDEX publication_embargo ON publication (visible) WHERE embargo;

INSERT INTO publication (batch, visible, embargo, why, who, said)
SELECT id, CAST(min(coalesce(unixepoch(stored, 'subsec'), unixepoch('subsec')), unixepoch('subsec')) * 1000 AS INTEGER), 0, -- a clock may have been ahead
	'held before sign-off began', 'Bellwether', strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
FROM batch ORDER BY id;

-- Who imported a file; NULL where nobody had signed in.
ALTER TABLE batch ADD COLUMN person INTEGER REFERENCES person (id);

-- The latest import there was when something was said of a measure: while one
-- by then is a draft, it may have been said of that.
ALTER TABLE rebase ADD COLUMN latest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE projection ADD COLUMN latest INTEGER NOT NULL DEFAULT 0;

-- The settings a report was issued under; 0 for those before anybody's.
ALTER TABLE issue ADD COLUMN settings INTEGER NOT NULL DEFAULT 0;

-- Who answers for a measure. The latest row of a measure is in force.
CREATE TABLE steward (
	id         INTEGER PRIMARY KEY,
	measure    TEXT    NOT NULL CHECK (measure <> ''),
	owner      TEXT    NOT NULL, -- '' for nobody
	review     INTEGER NOT NULL CHECK (review = 0 OR review BETWEEN 19000101 AND 21991231), -- 20270331, 0 for none
	unmeasured TEXT    NOT NULL, -- why it is not measured yet; '' where it is
	who        TEXT    NOT NULL CHECK (who <> ''),
	said       TEXT    NOT NULL
) STRICT;
CREATE INDEX steward_measure ON steward (measure);

-- +goose StatementBegin
CREATE TRIGGER publication_stays BEFORE UPDATE ON publication
BEGIN SELECT raise(ABORT, 'a publication is never changed: it is taken back'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER publication_is_kept BEFORE DELETE ON publication
BEGIN SELECT raise(ABORT, 'a publication is never removed: it is taken back'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER steward_stays BEFORE UPDATE ON steward
BEGIN SELECT raise(ABORT, 'what was said of a measure is never changed: the latest counts'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER steward_is_kept BEFORE DELETE ON steward
BEGIN SELECT raise(ABORT, 'what was said of a measure is never removed: the latest counts'); END;
-- +goose StatementEnd

UPDATE holding SET version = max(version + 1, CAST(unixepoch('subsec') * 1000 AS INTEGER));
