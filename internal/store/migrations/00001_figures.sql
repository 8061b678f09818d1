-- +goose Up

-- "Bell": says whose file this is, before anything is read from it.
PRAGMA application_id = 1113943148;

-- One row: the version of the data. It starts at and never falls behind the
-- clock (milliseconds), so that no two databases, nor a restored backup and
-- what it replaced, share a version with different figures.
CREATE TABLE holding (
	id      INTEGER PRIMARY KEY CHECK (id = 1),
	version INTEGER NOT NULL
) STRICT;
INSERT INTO holding VALUES (1, CAST(unixepoch('subsec') * 1000 AS INTEGER));

-- One imported file. Nothing of a batch is shown once it has been withdrawn.
CREATE TABLE batch (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	file      TEXT    NOT NULL,
	sha256    TEXT    CHECK (sha256 <> ''), -- NULL where a batch was not a file
	layout    TEXT    NOT NULL,
	publisher TEXT    NOT NULL,
	released  TEXT    NOT NULL, -- 2025-10-23, 2025-10 or ''
	who       TEXT    NOT NULL,
	stored    TEXT    NOT NULL, -- RFC 3339, UTC
	rows      INTEGER NOT NULL, -- data rows read
	added     INTEGER NOT NULL,
	revised   INTEGER NOT NULL,
	unchanged INTEGER NOT NULL,
	sample    INTEGER NOT NULL CHECK (sample IN (0, 1)),
	problems  TEXT    NOT NULL CHECK (json_valid(problems)),
	skipped   TEXT    NOT NULL CHECK (json_valid(skipped)),
	withdrawn TEXT             -- RFC 3339, UTC
) STRICT;
CREATE UNIQUE INDEX batch_sha256 ON batch (sha256) WHERE withdrawn IS NULL;

-- Where figures were printed: a batch may hold several releases.
CREATE TABLE origin (
	id        INTEGER PRIMARY KEY, -- rises with the batch
	batch     INTEGER NOT NULL REFERENCES batch (id),
	publisher TEXT    NOT NULL CHECK (publisher <> ''),
	released  TEXT    NOT NULL CHECK (released <> ''),
	file      TEXT    NOT NULL,
	sample    INTEGER NOT NULL CHECK (sample IN (0, 1)),
	UNIQUE (batch, publisher, released, file, sample)
) STRICT;

-- What one origin says of one key, never updated. A part has a number or a
-- mark, or was left unsaid. Text is NULL where it is the number as a computer
-- would write it, or the mark's letter.
CREATE TABLE observation (
	measure          TEXT    NOT NULL CHECK (measure <> ''),
	breakdown        TEXT    NOT NULL,
	area             TEXT    NOT NULL CHECK (area <> ''),
	period_end       INTEGER NOT NULL CHECK (period_end BETWEEN 19000101 AND 21991231), -- 20250331
	span             INTEGER NOT NULL CHECK (span BETWEEN 0 AND 5), -- day, week, month, quarter, half, year
	origin           INTEGER NOT NULL REFERENCES origin (id),
	count            REAL,
	count_mark       TEXT CHECK (count_mark IN ('c', 'x', 'z', 'u', 'low', 'k', 'x?')),
	count_text       TEXT,
	count_at         TEXT,
	denominator      REAL,
	denominator_mark TEXT CHECK (denominator_mark IN ('c', 'x', 'z', 'u', 'low', 'k', 'x?')),
	denominator_text TEXT,
	denominator_at   TEXT,
	value            REAL,
	value_mark       TEXT CHECK (value_mark IN ('c', 'x', 'z', 'u', 'low', 'k', 'x?')),
	value_text       TEXT,
	value_at         TEXT,
	PRIMARY KEY (measure, breakdown, area, period_end, span, origin),
	CHECK (count IS NULL OR count_mark IS NULL),
	CHECK (denominator IS NULL OR denominator_mark IS NULL),
	CHECK (value IS NULL OR value_mark IS NULL),
	CHECK (coalesce(count, count_mark, denominator, denominator_mark, value, value_mark) IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- Statistical neighbours; the latest batch for a model and area is in force.
CREATE TABLE neighbour (
	model     TEXT    NOT NULL CHECK (model <> ''),
	area      TEXT    NOT NULL CHECK (area <> ''),
	batch     INTEGER NOT NULL REFERENCES batch (id),
	position  INTEGER NOT NULL CHECK (position > 0),
	neighbour TEXT    NOT NULL CHECK (neighbour <> ''),
	closeness TEXT    NOT NULL,
	at        TEXT    NOT NULL,
	PRIMARY KEY (model, area, batch, position),
	UNIQUE (model, area, batch, neighbour)
) STRICT, WITHOUT ROWID;
