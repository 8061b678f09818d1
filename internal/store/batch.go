package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bellwether/internal/stat"
)

// Batches lists what has been imported, newest first.
func (db *DB) Batches(ctx context.Context) ([]stat.Batch, error) {
	out, err := batches(ctx, db.read, `withdrawn IS NULL ORDER BY id DESC`)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", plain(err))
	}
	return out, nil
}

// Batch finds an import by its number; the error is ErrNotFound.
func (db *DB) Batch(ctx context.Context, id int64) (stat.Batch, error) {
	b, err := oneBatch(ctx, db.read, `withdrawn IS NULL AND id = ?`, id)
	if err != nil {
		return stat.Batch{}, fmt.Errorf("import %d: %w", id, plain(err))
	}
	return b, nil
}

// BatchBySHA finds the import of a file by the hash of its bytes; the error is
// ErrNotFound.
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
	var stored string
	var problems, skipped []byte
	dest := []any{&b.ID, &b.File, &b.SHA256, &b.Layout, &b.Publisher, &b.Released, &b.By, &stored,
		&b.Rows, &b.New, &b.Revised, &b.Unchanged, &b.Sample, &problems, &skipped}
	err := each(ctx, q, `
		SELECT id, file, coalesce(sha256, ''), layout, publisher, released, who, stored,
			rows, added, revised, unchanged, sample, problems, skipped
		FROM batch WHERE `+where, args, dest, func() (err error) {
		b.Problems, b.Skipped = nil, nil
		if b.At, err = time.Parse(time.RFC3339Nano, stored); err != nil {
			return fmt.Errorf("import %d: %w", b.ID, err)
		}
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

// insertBatch returns the batch's number.
func insertBatch(ctx context.Context, tx execer, b stat.Batch) (int64, error) {
	problems, err := json.Marshal(b.Problems)
	if err != nil {
		return 0, err
	}
	skipped, err := json.Marshal(b.Skipped)
	if err != nil {
		return 0, err
	}
	res, err := tx.ExecContext(ctx, `
		INSERT INTO batch (file, sha256, layout, publisher, released, who, stored,
			rows, added, revised, unchanged, sample, problems, skipped)
		VALUES (?, nullif(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		b.File, b.SHA256, b.Layout, b.Publisher, string(b.Released), b.By, b.At.Format(time.RFC3339Nano),
		b.Rows, b.New, b.Revised, b.Unchanged, b.Sample, string(problems), string(skipped))
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}
