package store_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

func TestQuestions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	list := func(area string) func() ([]stat.Asked, error) {
		return func() ([]stat.Asked, error) { return db.Questions(t.Context(), area) }
	}
	late := stat.Asked{Area: middlesbrough, Meeting: day(t, "2026-06-03"), Measure: "cla", Text: "Why above neighbours?", By: "Ann", At: morning}
	early := stat.Asked{Area: middlesbrough, Meeting: day(t, "2025-06-03"), Text: "Who decides?", By: "Ann", At: morning}
	other := stat.Asked{Area: hartlepool, Meeting: day(t, "2025-06-03"), Text: "And ours?", By: "Bob", At: morning}
	holds(t, list(""))
	for i, a := range []*stat.Asked{&late, &early, &other} {
		asked := *a
		asked.Text, asked.By = " "+a.Text+"\n", a.By+" "
		do(t, db, func() (err error) { a.ID, err = db.Ask(t.Context(), asked); return err })
		if a.ID != int64(i+1) {
			t.Errorf("number %d, want %d", a.ID, i+1)
		}
	}
	holds(t, list(""), early, other, late)
	holds(t, list(hartlepool), other)
	holds(t, list("E06000099"))

	noon := morning.Add(3 * time.Hour)
	answer := func(text, by string, at time.Time) {
		t.Helper()
		do(t, db, func() error { return db.Answer(t.Context(), late.ID, text, by, at) })
	}
	open := late
	answer("We do not know.", "Ann", morning)
	answer(" More started. ", "Bob", noon)
	late.Answer, late.Answerer, late.Answered = "More started.", "Bob", noon
	holds(t, list(middlesbrough), early, late)
	answer(" ", "Bob", noon)
	holds(t, list(middlesbrough), early, open)
	answer("Fewer left.", "Ann", noon)
	late.Answer, late.Answerer = "Fewer left.", "Ann"
	holds(t, list(middlesbrough), early, late)

	for name, spoil := range map[string]func(a *stat.Asked){
		"no area":     func(a *stat.Asked) { a.Area = "" },
		"no meeting":  func(a *stat.Asked) { a.Meeting = stat.Date{} },
		"no such day": func(a *stat.Asked) { a.Meeting = stat.Date{Year: 2026, Month: 2, Day: 30} },
		"nothing":     func(a *stat.Asked) { a.Text = " \n" },
		"nobody":      func(a *stat.Asked) { a.By = " " },
	} {
		a := early
		spoil(&a)
		if _, err := db.Ask(t.Context(), a); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := db.Answer(t.Context(), early.ID, "The panel.", " ", noon); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("answered by nobody: %v", err)
	}
	if err := db.Answer(t.Context(), 99, "The panel.", "Ann", noon); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a question that is not there: %v", err)
	}
	holds(t, list(middlesbrough), early, late)
	db.Close()
	if n, m := rows(t, path, "question"), rows(t, path, "answer"); n != 3 || m != 4 {
		t.Errorf("%d questions and %d answers are kept, want all 3 and 4", n, m)
	}
}
