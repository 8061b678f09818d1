package store_test

import (
	"database/sql"
	"path/filepath"
	"strconv"
	"testing"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

func open(t testing.TB) *store.DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "figures.db"))
}

func openAt(t testing.TB, path string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// exec reaches into a closed database file, to make what no program of ours
// makes yet.
func exec(t *testing.T, path, query string) {
	t.Helper()
	if err := tryExec(t, path, query); err != nil {
		t.Fatal(err)
	}
}

// tryExec is exec of what may be refused.
func tryExec(t *testing.T, path, query string) error {
	t.Helper()
	h, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	_, err = h.Exec(query)
	return err
}

// texts reads a column of a closed database file.
func texts(t *testing.T, path, query string) []string {
	t.Helper()
	h, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	rows, err := h.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// submission is a file whose SHA-256 is its name and release.
func submission(file, publisher string, released stat.Release, says ...stat.Observation) stat.Submission {
	return stat.Submission{
		Batch: stat.Batch{
			File: file, SHA256: file + "@" + string(released), Layout: "tidy",
			Publisher: publisher, Released: released, By: "test", Rows: len(says),
		},
		Observations: says,
	}
}

// keep stores submissions in turn.
func keep(t testing.TB, db *store.DB, subs ...stat.Submission) stat.Batch {
	t.Helper()
	var b stat.Batch
	var err error
	for _, s := range subs {
		if b, err = db.Store(t.Context(), s, nil); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func read(t testing.TB, db *store.DB, q stat.Query) stat.Holding {
	t.Helper()
	h, err := db.Read(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

const (
	middlesbrough = "E06000002"
	hartlepool    = "E06000001"
)

var march2023 = stat.Date{Year: 2023, Month: 3, Day: 31}

// cin is Middlesbrough's children in need at 31 March 2023, of which the file
// says count and value; "" leaves one unsaid.
func cin(count, value string) stat.Observation {
	return stat.Observation{
		Key:   stat.Key{Measure: "cin", Area: middlesbrough, Period: stat.OnDay(march2023)},
		Count: fig(count, "H7"), Value: fig(value, "I7"),
	}
}

// fig is a figure as printed: a number, a mark, "-" for a gap without a
// reason, or "" for nothing.
func fig(text, at string) stat.Figure {
	if text == "" {
		return stat.Figure{}
	}
	f := stat.Figure{Text: text, At: at}
	if text == "-" {
		f.Mark = stat.Unexplained
	} else if m, ok := stat.ParseMark(text); ok {
		f.Mark = m
	} else {
		f.Number, _ = strconv.ParseFloat(text, 64)
	}
	return f
}
