package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bellwether/internal/stat"
)

// Batches lists what has been imported, newest first, withdrawn ones too.
func (db *DB) Batches(ctx context.Context) ([]stat.Batch, error) {
	out, err := batches(ctx, db.read, `true ORDER BY id DESC`)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", plain(err))
	}
	return out, nil
}

// Batch finds an import by its number, withdrawn or not; the error is
// ErrNotFound.
func (db *DB) Batch(ctx context.Context, id int64) (stat.Batch, error) {
	b, err := oneBatch(ctx, db.read, `id = ?`, id)
	if err != nil {
		return stat.Batch{}, fmt.Errorf("import %d: %w", id, plain(err))
	}
	return b, nil
}

// BatchBySHA finds the import of a file by the hash of its bytes, unless it
// was withdrawn; the error is ErrNotFound.
func (db *DB) BatchBySHA(ctx context.Context, sha string) (stat.Batch, error) {
	b, err := batchBySHA(ctx, db.read, sha)
	if err != nil {
		return stat.Batch{}, fmt.Errorf("import of the file with SHA-256 %q: %w", sha, plain(err))
	}
	return b, nil
}

func batchBySHA(ctx context.Context, q querier, sha string) (stat.Batch, error) {
	return oneBatch(ctx, q, `withdrawn IS NULL AND sha256 = ?`, sha)
}

func oneBatch(ctx context.Context, q querier, where string, args ...any) (stat.Batch, error) {
	found, err := batches(ctx, q, where, args...)
	if err != nil {
		return stat.Batch{}, err
	}
	if len(found) == 0 {
		return stat.Batch{}, ErrNotFound
	}
	return found[0], nil
}

func batches(ctx context.Context, q querier, where string, args ...any) ([]stat.Batch, error) {
	var out []stat.Batch
	var b stat.Batch
	var problems, skipped []byte
	dest := []any{&b.ID, &b.File, &b.SHA256, &b.Layout, &b.Publisher, &b.Released, &b.By, &b.Person, (*instant)(&b.At),
		&b.Rows, &b.New, &b.Revised, &b.Unchanged, &b.Superseded, &b.Sample, &problems, &skipped,
		(*milli)(&b.Published), &b.PublishedBy, &b.PublishedWhy,
		(*instant)(&b.Withdrawn), &b.WithdrawnBy, &b.WithdrawnWhy}
	err := each(ctx, q, `
		SELECT id, file, coalesce(sha256, ''), layout, publisher, released, who, coalesce(person, 0), stored,
			rows, added, revised, unchanged, superseded, sample, problems, skipped,
			visible, coalesce(signer, ''), coalesce(reason, ''),
			withdrawn, withdrawn_by, withdrawn_why
		FROM batch LEFT JOIN (
			SELECT batch AS signed, visible, who AS signer, why AS reason
			FROM publication WHERE id IN (SELECT max(id) FROM publication GROUP BY batch)
		) ON signed = id WHERE `+where, args, dest, func() error {
		b.Problems, b.Skipped = nil, nil
		if err := json.Unmarshal(problems, &b.Problems); err != nil {
			return fmt.Errorf("import %d: its problems: %w", b.ID, err)
		}
		if err := json.Unmarshal(skipped, &b.Skipped); err != nil {
			return fmt.Errorf("import %d: its skipped rows: %w", b.ID, err)
		}
		out = append(out, b)
		return nil
	})
	return out, err
}

// instant is a time as the tables hold it; NULL is the zero time.
type instant time.Time

// Scan implements sql.Scanner.
func (i *instant) Scan(cell any) error {
	text, ok := cell.(string)
	if !ok && cell != nil {
		return fmt.Errorf("%v is not a time", cell)
	}
	var t time.Time
	var err error
	if ok {
		t, err = time.Parse(time.RFC3339Nano, text)
	}
	*i = instant(t)
	return err
}

// milli is a time in milliseconds since 1970; NULL is the zero time.
type milli time.Time

// Scan implements sql.Scanner.
func (m *milli) Scan(cell any) error {
	n, ok := cell.(int64)
	if !ok && cell != nil {
		return fmt.Errorf("%v is not a time", cell)
	}
	*m = milli{}
	if ok {
		*m = milli(time.UnixMilli(n).UTC())
	}
	return nil
}

// moment is a time as it is kept, now where it is zero.
func moment(t time.Time) time.Time {
	if t.IsZero() {
		t = time.Now()
	}
	return t.UTC().Round(0)
}

// insertBatch returns the batch's number. It takes observations in order.
func insertBatch(ctx context.Context, tx execer, b stat.Batch, says []stat.Observation) (int64, error) {
	measures := []string{}
	for i := range says {
		if n := len(measures); n == 0 || measures[n-1] != says[i].Measure {
			measures = append(measures, says[i].Measure)
		}
	}
	problems, err := json.Marshal(b.Problems)
	if err != nil {
		return 0, err
	}
	skipped, err := json.Marshal(b.Skipped)
	if err != nil {
		return 0, err
	}
	res, err := tx.ExecContext(ctx, `
		INSERT INTO batch (file, sha256, layout, publisher, released, who, person, stored,
			rows, added, revised, unchanged, superseded, sample, problems, skipped, measures)
		VALUES (?, nullif(?, ''), ?, ?, ?, ?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		b.File, b.SHA256, b.Layout, b.Publisher, string(b.Released), b.By, b.Person, b.At.Format(time.RFC3339Nano),
		b.Rows, b.New, b.Revised, b.Unchanged, b.Superseded, b.Sample, string(problems), string(skipped), list(measures))
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}
