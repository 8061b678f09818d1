-- +goose Up

-- Reports as they were issued. What was handed out is never changed and never
-- removed; the numbers have no gaps.
CREATE TABLE issue (
	number  INTEGER PRIMARY KEY CHECK (number > 0),
	name    TEXT    NOT NULL CHECK (name <> ''), -- of the report's definition
	title   TEXT    NOT NULL CHECK (title <> ''),
	area    TEXT    NOT NULL CHECK (area <> ''),
	as_of   INTEGER NOT NULL CHECK (as_of BETWEEN 19000101 AND 21991231), -- 20160926, as below
	dated   INTEGER NOT NULL CHECK (dated BETWEEN as_of AND 21991231),
	who     TEXT    NOT NULL CHECK (who <> ''),
	said    TEXT    NOT NULL, -- RFC 3339, UTC, as below
	sha256  TEXT    NOT NULL CHECK (length(sha256) = 64), -- of the content
	content BLOB    NOT NULL -- JSON; last, so that a list does not read it
) STRICT;

-- The files of an issue, byte for byte.
CREATE TABLE issue_file (
	issue   INTEGER NOT NULL REFERENCES issue (number),
	ending  TEXT    NOT NULL CHECK (ending <> ''), -- docx, xlsx, html, csv
	sha256  TEXT    NOT NULL CHECK (length(sha256) = 64),
	content BLOB    NOT NULL,
	PRIMARY KEY (issue, ending)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER issue_stays BEFORE UPDATE ON issue
BEGIN SELECT raise(ABORT, 'an issued report is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER issue_is_kept BEFORE DELETE ON issue
BEGIN SELECT raise(ABORT, 'an issued report is never removed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER issue_file_stays BEFORE UPDATE ON issue_file
BEGIN SELECT raise(ABORT, 'a file of an issued report is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER issue_file_is_kept BEFORE DELETE ON issue_file
BEGIN SELECT raise(ABORT, 'a file of an issued report is never removed'); END;
-- +goose StatementEnd

-- What was asked at meetings, to be answered at later ones.
CREATE TABLE question (
	id      INTEGER PRIMARY KEY,
	area    TEXT    NOT NULL CHECK (area <> ''),
	day     INTEGER NOT NULL CHECK (day BETWEEN 19000101 AND 21991231), -- of the meeting
	measure TEXT    NOT NULL, -- '' where it is of none
	text    TEXT    NOT NULL CHECK (text <> ''),
	who     TEXT    NOT NULL CHECK (who <> ''),
	said    TEXT    NOT NULL
) STRICT;
CREATE INDEX question_area ON question (area, day);

-- Only ever added to: the latest of a question is in force, and '' says that
-- it is open again.
CREATE TABLE answer (
	id       INTEGER PRIMARY KEY,
	question INTEGER NOT NULL REFERENCES question (id),
	text     TEXT    NOT NULL,
	who      TEXT    NOT NULL CHECK (who <> ''),
	said     TEXT    NOT NULL
) STRICT;
CREATE INDEX answer_question ON answer (question);
