-- +goose Up

-- What a council says of its figures. Every table is only ever added to: the
-- latest row of a key is in force, and one that is removed, or has no content,
-- says that there is none any longer.

-- Figures of an import that say otherwise than a later release did already.
ALTER TABLE batch ADD COLUMN superseded INTEGER NOT NULL DEFAULT 0;

-- Authorities to compare with, of the council's own choosing.
CREATE TABLE comparison_group (
	id    INTEGER PRIMARY KEY,
	name  TEXT NOT NULL CHECK (name <> ''),
	title TEXT NOT NULL,
	areas TEXT CHECK (json_array_length(areas) > 0), -- codes; NULL where it is removed
	who   TEXT NOT NULL CHECK (who <> ''),
	said  TEXT NOT NULL -- RFC 3339, UTC, as below
) STRICT;
CREATE INDEX comparison_group_key ON comparison_group (name);

-- Days on which figures are read.
CREATE TABLE meeting (
	id      INTEGER PRIMARY KEY,
	day     INTEGER NOT NULL CHECK (day BETWEEN 19000101 AND 21991231), -- 20250603, as below
	name    TEXT    NOT NULL CHECK (name <> '') COLLATE NOCASE,
	removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
	who     TEXT    NOT NULL CHECK (who <> ''),
	said    TEXT    NOT NULL
) STRICT;
CREATE INDEX meeting_key ON meeting (day, name);

-- Days from which a control chart's limits begin anew. The reason of a removed
-- one is why it was removed.
CREATE TABLE rebase (
	id      INTEGER PRIMARY KEY,
	measure TEXT    NOT NULL CHECK (measure <> ''),
	area    TEXT    NOT NULL CHECK (area <> ''),
	day     INTEGER NOT NULL CHECK (day BETWEEN 19000101 AND 21991231),
	reason  TEXT    NOT NULL CHECK (reason <> ''),
	removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
	who     TEXT    NOT NULL CHECK (who <> ''),
	said    TEXT    NOT NULL
) STRICT;
CREATE INDEX rebase_key ON rebase (measure, area, day);

-- What somebody expected of a figure. None is removed: what was said was said.
CREATE TABLE projection (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	measure   TEXT    NOT NULL CHECK (measure <> ''),
	area      TEXT    NOT NULL CHECK (area <> ''),
	last_end  INTEGER NOT NULL CHECK (last_end BETWEEN 19000101 AND 21991231),
	last_span INTEGER NOT NULL CHECK (last_span BETWEEN 0 AND 5),
	for_end   INTEGER NOT NULL CHECK (for_end BETWEEN 19000101 AND 21991231),
	for_span  INTEGER NOT NULL CHECK (for_span BETWEEN 0 AND 5),
	value     REAL    NOT NULL,
	lower     REAL    NOT NULL,
	upper     REAL    NOT NULL,
	method    TEXT    NOT NULL,
	note      TEXT    NOT NULL,
	who       TEXT    NOT NULL CHECK (who <> ''),
	said      TEXT    NOT NULL,
	CHECK (last_end < for_end),
	CHECK (lower <= value AND value <= upper)
) STRICT;
CREATE INDEX projection_measure ON projection (measure);

-- What the service says of figures; '' says that nothing is said any longer.
CREATE TABLE comment (
	id    INTEGER PRIMARY KEY,
	place TEXT    NOT NULL CHECK (place <> ''),
	head  TEXT    NOT NULL,
	area  TEXT    NOT NULL,
	day   INTEGER NOT NULL CHECK (day = 0 OR day BETWEEN 19000101 AND 21991231), -- 0 for none
	text  TEXT    NOT NULL,
	who   TEXT    NOT NULL CHECK (who <> ''),
	said  TEXT    NOT NULL
) STRICT;
CREATE INDEX comment_key ON comment (place, head, area, day);
