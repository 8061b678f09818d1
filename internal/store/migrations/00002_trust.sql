-- +goose Up

-- Who withdrew a batch and why, and the latest batch there was at the time, so
-- that what a batch changed when it was stored can always be worked out again.
ALTER TABLE batch ADD COLUMN withdrawn_by    TEXT NOT NULL DEFAULT '';
ALTER TABLE batch ADD COLUMN withdrawn_why   TEXT NOT NULL DEFAULT '';
ALTER TABLE batch ADD COLUMN withdrawn_after INTEGER;
UPDATE batch SET withdrawn_after = coalesce((SELECT max(b.id) FROM batch b WHERE b.stored < batch.withdrawn), id)
WHERE withdrawn IS NOT NULL;

-- The measures a batch has figures of: its rows are found without reading all.
ALTER TABLE batch ADD COLUMN measures TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(measures));
UPDATE batch SET measures = (
	SELECT json_group_array(measure) FROM (
		SELECT DISTINCT measure FROM observation
		WHERE origin IN (SELECT id FROM origin WHERE batch = batch.id)
	)
);

-- Measures the catalogue lacked, as a batch brought them or as somebody named
-- them since. The latest row of a code is in force; none is ever changed.
CREATE TABLE measure (
	id          INTEGER PRIMARY KEY,
	code        TEXT    NOT NULL CHECK (code <> ''),
	name        TEXT    NOT NULL CHECK (name <> ''),
	noun        TEXT    NOT NULL,
	topic       TEXT    NOT NULL,
	kind        TEXT    NOT NULL,
	unit        TEXT    NOT NULL,
	polarity    TEXT    NOT NULL,
	decimals    INTEGER NOT NULL,
	frequency   TEXT    NOT NULL,
	numerator   TEXT    NOT NULL,
	denominator TEXT    NOT NULL,
	population  TEXT    NOT NULL,
	source      TEXT    NOT NULL,
	definition  TEXT    NOT NULL,
	aliases     TEXT    NOT NULL CHECK (json_valid(aliases)),
	batch       INTEGER REFERENCES batch (id),
	named_by    TEXT,
	named       TEXT, -- RFC 3339, UTC
	CHECK ((batch IS NULL) = (named_by IS NOT NULL AND named IS NOT NULL))
) STRICT;
CREATE INDEX measure_code ON measure (code);

-- Areas the catalogue lacked, as a batch brought them.
CREATE TABLE area (
	id           INTEGER PRIMARY KEY,
	code         TEXT    NOT NULL UNIQUE CHECK (code <> ''),
	number       TEXT    NOT NULL,
	name         TEXT    NOT NULL CHECK (name <> ''),
	level        TEXT    NOT NULL,
	region       TEXT    NOT NULL,
	began        INTEGER NOT NULL, -- 20250331, 0 for open, as below
	ended        INTEGER NOT NULL,
	other_codes  TEXT    NOT NULL CHECK (json_valid(other_codes)),
	other_names  TEXT    NOT NULL CHECK (json_valid(other_names)),
	predecessors TEXT    NOT NULL CHECK (json_valid(predecessors)),
	successors   TEXT    NOT NULL CHECK (json_valid(successors)),
	batch        INTEGER NOT NULL REFERENCES batch (id)
) STRICT;

-- The council's own layouts. The latest row of a name is in force; one without
-- a text says that the layout is no longer used. None is ever changed.
CREATE TABLE layout (
	id    INTEGER PRIMARY KEY,
	name  TEXT NOT NULL CHECK (name <> '') COLLATE NOCASE,
	toml  TEXT CHECK (toml <> ''),
	who   TEXT NOT NULL,
	saved TEXT NOT NULL -- RFC 3339, UTC
) STRICT;
CREATE INDEX layout_name ON layout (name);
