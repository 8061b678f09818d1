-- +goose Up

-- Who may sign in. What somebody is known by never changes, and none is
-- removed: a name that was used stays theirs.
CREATE TABLE person (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	name    TEXT NOT NULL, -- of a local account; '' where it has none
	folded  TEXT NOT NULL, -- the name in small letters
	issuer  TEXT NOT NULL, -- who vouches for it; '' where nobody does
	subject TEXT NOT NULL, -- what the issuer calls it
	CHECK ((name = '') = (folded = '')),
	CHECK ((issuer = '') = (subject = '')),
	CHECK (name <> '' OR issuer <> '')
) STRICT;
CREATE UNIQUE INDEX person_name ON person (folded) WHERE folded <> '';
CREATE UNIQUE INDEX person_identity ON person (issuer, subject) WHERE issuer <> '';

-- What a person may do. Only ever added to: the latest of a person is in force.
CREATE TABLE standing (
	id       INTEGER PRIMARY KEY,
	person   INTEGER NOT NULL REFERENCES person (id),
	title    TEXT    NOT NULL CHECK (title <> ''),
	role     TEXT    NOT NULL CHECK (role IN ('viewer', 'analyst', 'publisher', 'administrator')),
	disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
	vouched  INTEGER NOT NULL DEFAULT 0 CHECK (vouched IN (0, 1)), -- the role is the provider's word
	who      TEXT    NOT NULL CHECK (who <> ''),
	said     TEXT    NOT NULL -- RFC 3339, UTC, as below
) STRICT;
CREATE INDEX standing_person ON standing (person);

-- What a person proves itself by: a local account, by what is kept here.
-- Overwritten: an old secret is kept by nobody. The stamp rises by one with each
-- new secret and each disabling, and never falls: what was proved before it
-- counts no longer.
CREATE TABLE secret (
	person   INTEGER PRIMARY KEY REFERENCES person (id),
	password TEXT    NOT NULL, -- argon2id, encoded; '' for none
	totp     TEXT    NOT NULL, -- base32; '' for none
	step     INTEGER NOT NULL, -- of the last code that was used
	stamp    INTEGER NOT NULL DEFAULT 1
) STRICT;

-- Links that work once. A used one is removed.
CREATE TABLE link (
	hash    TEXT    PRIMARY KEY CHECK (length(hash) = 64), -- SHA-256 of the token, in hex
	purpose TEXT    NOT NULL CHECK (purpose IN ('first', 'password', 'sign-in')),
	person  INTEGER REFERENCES person (id), -- NULL before there is anybody
	expires INTEGER NOT NULL, -- milliseconds since 1970
	who     TEXT    NOT NULL CHECK (who <> ''),
	CHECK ((purpose = 'first') = (person IS NULL))
) STRICT, WITHOUT ROWID;

-- What an administrator decided for the whole council. Only ever added to: the
-- latest row is in force.
CREATE TABLE settings (
	id            INTEGER PRIMARY KEY,
	public        INTEGER NOT NULL CHECK (public IN (0, 1)),
	second_person INTEGER NOT NULL CHECK (second_person IN (0, 1)),
	mask_viewers  INTEGER NOT NULL CHECK (mask_viewers IN (0, 1)),
	threshold     INTEGER NOT NULL CHECK (threshold >= 0),
	thresholds    TEXT    NOT NULL CHECK (json_valid(thresholds)), -- of measures, by code
	who           TEXT    NOT NULL CHECK (who <> ''),
	said          TEXT    NOT NULL
) STRICT;

-- The audit trail: an act a row, each with the hash of the one before. The
-- sequence remembers the highest number there has been, so that a removed row
-- leaves a gap.
CREATE TABLE act (
	number  INTEGER PRIMARY KEY AUTOINCREMENT,
	said    TEXT    NOT NULL,
	who     TEXT    NOT NULL CHECK (who <> ''),
	person  INTEGER NOT NULL, -- number of who it was; 0 where nobody had signed in
	what    TEXT    NOT NULL CHECK (what <> ''),
	subject TEXT    NOT NULL,
	detail  TEXT    NOT NULL,
	before  TEXT    NOT NULL CHECK (length(before) = 64),
	hash    TEXT    NOT NULL CHECK (length(hash) = 64)
) STRICT;
CREATE INDEX act_what ON act (what);

-- +goose StatementBegin
CREATE TRIGGER act_stays BEFORE UPDATE ON act
BEGIN SELECT raise(ABORT, 'the audit trail is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER act_is_kept BEFORE DELETE ON act
BEGIN SELECT raise(ABORT, 'nothing of the audit trail is removed'); END;
-- +goose StatementEnd
-- Replacing a row removes it without the trigger above.
-- +goose StatementBegin
CREATE TRIGGER act_is_new BEFORE INSERT ON act
WHEN new.number <= (SELECT coalesce(max(number), 0) FROM act)
BEGIN SELECT raise(ABORT, 'the audit trail is only added to'); END;
-- +goose StatementEnd
