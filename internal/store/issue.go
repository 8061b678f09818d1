package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// Issues lists what was issued, the newest first, without Content and Files.
func (db *DB) Issues(ctx context.Context) ([]stat.Issue, error) {
	out, err := issues(ctx, db.read, `true`)
	if err != nil {
		return nil, fmt.Errorf("list the issued reports: %w", plain(err))
	}
	return out, nil
}

// Issue is an issued report, whole, as it was handed out: what is read is
// checked against the hashes it was kept with. The error is ErrNotFound, or
// ErrDamaged.
func (db *DB) Issue(ctx context.Context, number int64) (stat.Issue, error) {
	var out stat.Issue
	err := db.view(ctx, func(tx querier, _ *frame) error {
		held, err := issues(ctx, tx, `number = ?`, number)
		if err := found(held, err); err != nil {
			return err
		}
		out = held[0]
		return whole(ctx, tx, &out)
	})
	if err != nil {
		return stat.Issue{}, fmt.Errorf("read issue %d: %w", number, err)
	}
	return out, nil
}

// SaveIssue keeps a report for good, under the number after the latest issue's.
// What is kept is what makes returns for that number, which it may not itself
// store anything for; nothing is stored meanwhile. Version is that of the data the
// report was made from, which may have been taken back since: then the error is
// ErrChanged. Otherwise it is that of makes, or ErrInvalid for an issue that
// lacks anything, or whose SHA256 is given and is not that of its Content. By is who issues it, for the audit trail, be the
// author who may.
func (db *DB) SaveIssue(ctx context.Context, by string, version int64, makes func(number int64) (stat.Issue, error)) (stat.Issue, error) {
	var out stat.Issue
	err := db.change(ctx, func(tx *sql.Tx) (stat.Act, error) {
		if is, err := versionAt(ctx, tx, db.now()); err != nil {
			return stat.Act{}, err
		} else if is != version {
			return stat.Act{}, fmt.Errorf("what it is made from %w", ErrChanged)
		}
		var number int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) + 1 FROM issue`).Scan(&number); err != nil {
			return stat.Act{}, err
		}
		var err error
		if out, err = makes(number); err != nil {
			return stat.Act{}, err
		}
		if err := sign(&out, number); err != nil {
			return stat.Act{}, err
		}
		if out.Under, err = settings(ctx, tx, `true`); err != nil {
			return stat.Act{}, err
		}
		if err := insertIssue(ctx, tx, out); err != nil {
			return stat.Act{}, err
		}
		return stat.Act{What: "report.issue", On: fmt.Sprintf("report issue %d", number), Who: by, At: out.At, Detail: out.Title}, rise(ctx, tx)
	})
	if err != nil {
		return stat.Issue{}, fmt.Errorf("issue a report: %w", err)
	}
	return out, nil
}

// sign gives an issue its number, hash and moment, where it is whole.
func sign(is *stat.Issue, number int64) error {
	is.By, is.At = strings.TrimSpace(is.By), moment(is.At)
	hash := sum(is.Content)
	sound := needs(
		need{is.Number == 0 || is.Number == number, fmt.Sprintf("the number %d", number)},
		need{is.Name != "" && is.Title != "", "a name and a title"},
		need{is.Area != "", "an area"},
		need{dated(is.AsOf), "the day its figures are for"},
		need{dated(is.Dated) && !is.Dated.Before(is.AsOf), "a date that is not before that day"},
		need{is.By != "", "who issues it"},
		need{len(is.Content) > 0, "its content"},
		need{is.SHA256 == "" || is.SHA256 == hash, "the SHA-256 of its content"},
		need{len(is.Files) > 0, "the files that are handed out"})
	if err := sound(nil); err != nil {
		return err
	}
	is.Number, is.SHA256 = number, hash
	return nil
}

func insertIssue(ctx context.Context, tx execer, is stat.Issue) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO issue (number, name, title, area, as_of, dated, who, said, sha256, content, settings)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM settings))`,
		is.Number, is.Name, is.Title, is.Area, dayNumber(is.AsOf), dayNumber(is.Dated), is.By, said(is.At), is.SHA256, is.Content)
	if err != nil {
		return err
	}
	for _, ending := range slices.Sorted(maps.Keys(is.Files)) {
		content := is.Files[ending]
		if ending == "" || len(content) == 0 {
			return fmt.Errorf("it %w: its file %q is empty", ErrInvalid, ending)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO issue_file (issue, ending, sha256, content) VALUES (?, ?, ?, ?)`,
			is.Number, ending, sum(content), content); err != nil {
			return err
		}
	}
	return nil
}

// sum is the SHA-256 of bytes, as it is kept.
func sum(b []byte) string {
	hash := sha256.Sum256(b)
	return hex.EncodeToString(hash[:])
}

func issues(ctx context.Context, q querier, where string, args ...any) ([]stat.Issue, error) {
	var out []stat.Issue
	var is stat.Issue
	var asOf, date int64
	err := each(ctx, q, `
		SELECT number, name, title, area, as_of, dated, who, said, sha256
		FROM issue WHERE `+where+` ORDER BY number DESC`, args,
		[]any{&is.Number, &is.Name, &is.Title, &is.Area, &asOf, &date, &is.By, (*instant)(&is.At), &is.SHA256},
		func() error {
			is.AsOf, is.Dated = dayOf(asOf), dayOf(date)
			out = append(out, is)
			return nil
		})
	return out, err
}

// whole reads the content and the files of an issue, and what it was issued
// under.
func whole(ctx context.Context, q querier, is *stat.Issue) error {
	var err error
	if is.Under, err = settings(ctx, q, `id = (SELECT settings FROM issue WHERE number = ?)`, is.Number); err != nil {
		return err
	}
	is.Files = map[string][]byte{}
	var ending, hash string
	var content []byte
	return each(ctx, q, `
		SELECT '', sha256, content FROM issue WHERE number = ?1
		UNION ALL
		SELECT ending, sha256, content FROM issue_file WHERE issue = ?1`, []any{is.Number},
		[]any{&ending, &hash, &content},
		func() error {
			if sum(content) != hash {
				return fmt.Errorf("its %s %w: restore the latest backup", cmp.Or(ending, "content"), ErrDamaged)
			}
			if ending == "" {
				is.Content = content
			} else {
				is.Files[ending] = content
			}
			return nil
		})
}
