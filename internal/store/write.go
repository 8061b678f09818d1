package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bellwether/internal/stat"
)

// Store keeps a submission whole, in one transaction: all of it or, with any
// error, nothing. It returns the batch with its number and what it changed. A
// file that is held already gives ErrUnchanged and the batch that brought it;
// a submission that breaks its own rules gives ErrInvalid, and a full disk
// ErrFull. Rows that change nothing are kept too, so that an earlier batch can
// be withdrawn without loss. Measures and areas the file brings are registered
// unless they are already. The batch is a draft, unless it says from when it
// is published: then it is so at once, by whoever stores it, or with
// ErrSecondPerson not at all; see Publish. Progress, which may be nil, hears how
// many rows are in.
func (db *DB) Store(ctx context.Context, sub stat.Submission, progress func(done, total int)) (stat.Batch, error) {
	says, err := arrange(sub)
	if err != nil {
		return stat.Batch{}, err
	}
	var b stat.Batch
	err = db.change(ctx, func(tx *sql.Tx) (stat.Act, error) {
		switch held, err := batchBySHA(ctx, tx, sub.Batch.SHA256); {
		case err == nil:
			b = held
			return stat.Act{}, fmt.Errorf("%s: %w, as %s (import %d)", sub.Batch.File, ErrUnchanged, held.File, held.ID)
		case !errors.Is(err, ErrNotFound):
			return stat.Act{}, err
		}
		b, err = db.insert(ctx, tx, sub, says, progress)
		act := stat.Act{What: "import.store", On: importNumber(b.ID), Who: b.By, At: b.At, Detail: b.File}
		if err != nil || b.Published.IsZero() {
			return act, err
		}
		if err := record(ctx, tx, act); err != nil {
			return act, err
		}
		if !sub.Bundled {
			if err := alone(ctx, tx); err != nil {
				return act, err
			}
		}
		b.PublishedBy = b.By
		return db.publish(ctx, tx, &b, b.At)
	})
	if err != nil && !errors.Is(err, ErrUnchanged) {
		return stat.Batch{}, fmt.Errorf("store %s: %w", sub.Batch.File, err)
	}
	return b, err
}

func (db *DB) insert(ctx context.Context, tx *sql.Tx, sub stat.Submission, says []stat.Observation, progress func(done, total int)) (stat.Batch, error) {
	b := sub.Batch
	fr, err := db.frame(ctx, tx)
	if err != nil {
		return b, err
	}
	var d differences
	if err := d.against(ctx, tx, fr, says, sub.Links); err != nil {
		return b, err
	}
	b.Changes = d.Changes
	b.At, b.Person = moment(b.At), actor(ctx)
	b.Withdrawn, b.WithdrawnBy, b.WithdrawnWhy = time.Time{}, "", ""
	if b.PublishedBy = ""; b.Published.IsZero() {
		b.PublishedWhy = ""
	}
	if b.ID, err = insertBatch(ctx, tx, b, says); err != nil {
		return b, err
	}
	if err := register(ctx, tx, b.ID, sub.Measures, sub.Areas); err != nil {
		return b, err
	}
	origins, err := insertOrigins(ctx, tx, b.ID, says)
	if err != nil {
		return b, err
	}
	rows := slices.Grow([][]any(nil), len(says))
	for i := range says {
		rows = appendRows(rows, &says[i], origins)
	}
	t := &tally{total: len(rows) + len(sub.Links), tell: progress}
	if err := insertRows(ctx, tx, `observation`, rows, t); err != nil {
		return b, err
	}
	if err := insertRows(ctx, tx, `neighbour`, linkRows(sub.Links, b.ID), t); err != nil {
		return b, err
	}
	return b, rise(ctx, tx)
}

// insertOrigins returns the number of each distinct origin.
func insertOrigins(ctx context.Context, tx execer, batch int64, says []stat.Observation) (map[stat.Origin]int64, error) {
	ids := map[stat.Origin]int64{}
	for i := range says {
		for _, p := range stat.Parts {
			f := says[i].Part(p)
			if !f.Given() {
				continue
			}
			if _, ok := ids[*f.Origin]; ok {
				continue
			}
			res, err := tx.ExecContext(ctx, `INSERT INTO origin (batch, publisher, released, file, sample) VALUES (?, ?, ?, ?, ?)`,
				batch, f.Origin.Publisher, string(f.Origin.Released), f.Origin.File, f.Origin.Sample)
			if err != nil {
				return nil, err
			}
			if ids[*f.Origin], err = res.LastInsertId(); err != nil {
				return nil, err
			}
		}
	}
	return ids, nil
}

// appendRows adds an observation's row; one more for each further origin its
// parts have.
func appendRows(rows [][]any, o *stat.Observation, origins map[stat.Origin]int64) [][]any {
	first := len(rows)
	for i, p := range stat.Parts {
		f := o.Part(p)
		if !f.Given() {
			continue
		}
		id := origins[*f.Origin]
		at := first
		for at < len(rows) && rows[at][5] != any(id) {
			at++
		}
		if at == len(rows) {
			row := make([]any, 6+4*len(stat.Parts))
			row[0], row[1], row[2] = o.Measure, o.Breakdown, o.Area
			row[3], row[4], row[5] = dayNumber(o.Period.End), slices.Index(spans, o.Period.Span), id
			rows = append(rows, row)
		}
		putFigure(rows[at][6+4*i:], f)
	}
	return rows
}

// putFigure is the inverse of figure.
func putFigure(cells []any, f *stat.Figure) {
	plainly := f.Mark.Letter()
	if f.Mark == "" {
		cells[0], plainly = f.Number, written(f.Number)
	} else {
		cells[1] = string(f.Mark)
	}
	if f.Text != plainly {
		cells[2] = f.Text
	}
	if f.At != "" {
		cells[3] = f.At
	}
}

func linkRows(links []stat.Link, batch int64) [][]any {
	rows := make([][]any, len(links))
	for i, l := range links {
		rows[i] = []any{l.Model, l.Area, batch, l.Position, l.Neighbour, l.Closeness, l.At}
	}
	return rows
}

// A tally counts rows as they go in.
type tally struct {
	done, total int
	tell        func(done, total int)
}

func (t *tally) add(n int) {
	t.done += n
	if t.tell != nil {
		t.tell(t.done, t.total)
	}
}

// perStatement is where more rows in one statement stop being faster.
const perStatement = 100

// insertRows fills a table, each row holding all its columns in order.
func insertRows(ctx context.Context, tx *sql.Tx, table string, rows [][]any, t *tally) error {
	var args []any
	var stmt *sql.Stmt
	prepared := 0 // how many rows stmt takes
	for chunk := range slices.Chunk(rows, perStatement) {
		if len(chunk) != prepared {
			marks := "(?" + strings.Repeat(",?", len(chunk[0])-1) + ")"
			var err error
			stmt, err = tx.PrepareContext(ctx, "INSERT INTO "+table+" VALUES "+marks+strings.Repeat(","+marks, len(chunk)-1))
			if err != nil {
				return err
			}
			prepared = len(chunk)
		}
		args = args[:0]
		for _, row := range chunk {
			args = append(args, row...)
		}
		if _, err := stmt.ExecContext(ctx, args...); err != nil {
			return err
		}
		t.add(len(chunk))
	}
	return nil
}
