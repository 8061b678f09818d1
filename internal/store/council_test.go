package store_test

import (
	"errors"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

var morning = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)

func day(t testing.TB, s string) stat.Date {
	t.Helper()
	d, err := stat.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// do fails the test where what was done gives an error, or leaves the data at
// the version it had.
func do(t *testing.T, db *store.DB, f func() error) {
	t.Helper()
	before, err := db.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := f(); err != nil {
		t.Fatal(err)
	}
	if after, err := db.Version(t.Context()); err != nil || after <= before {
		t.Errorf("the version went from %d to %d, %v", before, after, err)
	}
}

// holds compares what is listed with what is wanted.
func holds[T any](t *testing.T, list func() ([]T, error), want ...T) {
	t.Helper()
	got, err := list()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// rows is how many rows a table has, at a database that no one writes to.
func rows(t *testing.T, path, table string) int {
	t.Helper()
	return len(texts(t, path, `SELECT who FROM `+table+` WHERE said <> ''`))
}

func TestGroups(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	list := func() ([]stat.Group, error) { return db.Groups(t.Context()) }
	save := func(g stat.Group) {
		t.Helper()
		do(t, db, func() error { return db.SaveGroup(t.Context(), g) })
	}
	holds(t, list)
	north := stat.Group{Name: "north-east", Title: "North East authorities", Areas: []string{middlesbrough, hartlepool}, By: "Ann", At: morning}
	core := stat.Group{Name: "core8", Title: "core cities", Areas: []string{"E08000025"}, By: "Ann", At: morning}
	twice := north
	twice.Title, twice.Areas = "  "+north.Title+" ", []string{middlesbrough, hartlepool, middlesbrough}
	save(twice)
	save(core)
	holds(t, list, core, north)

	wider := north
	wider.Areas, wider.By, wider.At = []string{hartlepool, "E06000003", middlesbrough}, "Bob", morning.Add(time.Hour)
	save(wider)
	holds(t, list, core, wider)
	do(t, db, func() error { return db.DeleteGroup(t.Context(), "core8", "Bob", morning) })
	holds(t, list, wider)
	for name, want := range map[string]error{"core8": store.ErrNotFound, "": store.ErrNotFound} {
		if err := db.DeleteGroup(t.Context(), name, "Bob", morning); !errors.Is(err, want) {
			t.Errorf("delete %q: %v", name, err)
		}
	}
	if err := db.DeleteGroup(t.Context(), "north-east", " ", morning); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("nobody deletes: %v", err)
	}
	save(core)
	holds(t, list, core, wider)
	db.Close()
	if n := rows(t, path, "comparison_group"); n != 5 {
		t.Errorf("%d rows are kept, want all 5", n)
	}
}

func TestGroupsRefused(t *testing.T) {
	db := open(t)
	for name, spoil := range map[string]func(g *stat.Group){
		"no title":         func(g *stat.Group) { g.Title = " \t" },
		"no areas":         func(g *stat.Group) { g.Areas = nil },
		"an area unnamed":  func(g *stat.Group) { g.Areas = []string{middlesbrough, ""} },
		"nobody":           func(g *stat.Group) { g.By = "" },
		"no name":          func(g *stat.Group) { g.Name = "" },
		"capitals":         func(g *stat.Group) { g.Name = "North" },
		"a space":          func(g *stat.Group) { g.Name = "north east" },
		"a slash":          func(g *stat.Group) { g.Name = "north/east" },
		"a hyphen at last": func(g *stat.Group) { g.Name = "north-" },
		"a line after it":  func(g *stat.Group) { g.Name = "north\n" },
		"the region":       func(g *stat.Group) { g.Name = "region" },
		"a year":           func(g *stat.Group) { g.Name = "2025" },
	} {
		g := stat.Group{Name: "north", Title: "North", Areas: []string{middlesbrough}, By: "Ann"}
		spoil(&g)
		if err := db.SaveGroup(t.Context(), g); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	holds(t, func() ([]stat.Group, error) { return db.Groups(t.Context()) })
}

func TestMeetings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	list := func() ([]stat.Meeting, error) { return db.Meetings(t.Context()) }
	save := func(m stat.Meeting) {
		t.Helper()
		do(t, db, func() error { return db.SaveMeeting(t.Context(), m) })
	}
	june := stat.Meeting{Date: day(t, "2025-06-03"), Name: "Scrutiny Panel", By: "Ann", At: morning}
	council := stat.Meeting{Date: day(t, "2025-06-03"), Name: "Council", By: "Ann", At: morning}
	september := stat.Meeting{Date: day(t, "2025-09-02"), Name: "Scrutiny Panel", By: "Ann", At: morning}
	save(june)
	save(council)
	save(september)
	holds(t, list, september, council, june)
	june.Name, june.By = "Scrutiny panel", "Bob" // in place of the other
	save(june)
	holds(t, list, september, council, june)
	do(t, db, func() error { return db.DeleteMeeting(t.Context(), june.Date, " scrutiny PANEL ", "Bob", morning) })
	holds(t, list, september, council)
	for _, name := range []string{"Scrutiny Panel", "nonesuch", ""} {
		if err := db.DeleteMeeting(t.Context(), june.Date, name, "Bob", morning); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("delete %q: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"no day":         db.SaveMeeting(t.Context(), stat.Meeting{Name: "Council", By: "Ann"}),
		"no such day":    db.SaveMeeting(t.Context(), stat.Meeting{Date: stat.Date{Year: 2025, Month: 2, Day: 30}, Name: "Council", By: "Ann"}),
		"a far day":      db.SaveMeeting(t.Context(), stat.Meeting{Date: day(t, "2200-01-01"), Name: "Council", By: "Ann"}),
		"no name":        db.SaveMeeting(t.Context(), stat.Meeting{Date: june.Date, Name: " ", By: "Ann"}),
		"nobody":         db.SaveMeeting(t.Context(), stat.Meeting{Date: june.Date, Name: "Council"}),
		"nobody deletes": db.DeleteMeeting(t.Context(), september.Date, september.Name, "", morning),
	} {
		if !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	holds(t, list, september, council)
	db.Close()
	if n := rows(t, path, "meeting"); n != 5 {
		t.Errorf("%d rows are kept, want all 5", n)
	}
}

func TestRebases(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	list := func(measure string) func() ([]stat.Rebase, error) {
		return func() ([]stat.Rebase, error) { return db.Rebases(t.Context(), measure) }
	}
	save := func(r stat.Rebase) {
		t.Helper()
		do(t, db, func() error { return db.SaveRebase(t.Context(), r) })
	}
	rebase := func(measure, area, from, reason string) stat.Rebase {
		return stat.Rebase{Measure: measure, Area: area, From: day(t, from), Reason: reason, By: "Ann", At: morning}
	}
	late, early := rebase("referrals", middlesbrough, "2023-04-01", "a new front door"), rebase("referrals", middlesbrough, "2019-04-01", "one hub")
	other := rebase("assessments", hartlepool, "2020-01-01", "another system")
	for _, r := range []stat.Rebase{late, other, early} {
		save(r)
	}
	holds(t, list(""), early, other, late)
	holds(t, list("referrals"), early, late)
	holds(t, list("nonesuch"))
	late.Reason, late.By = "the front door moved", "Bob"
	save(late)
	holds(t, list("referrals"), early, late)

	remove := func(by, reason string) error {
		return db.DeleteRebase(t.Context(), "referrals", middlesbrough, late.From, by, reason, morning)
	}
	for name, err := range map[string]error{
		"no reason to remove": remove("Bob", " "), "nobody removes": remove("", "a mistake"),
		"no reason":  db.SaveRebase(t.Context(), rebase("referrals", middlesbrough, "2024-04-01", " ")),
		"no measure": db.SaveRebase(t.Context(), rebase("", middlesbrough, "2024-04-01", "why")),
		"no area":    db.SaveRebase(t.Context(), rebase("referrals", "", "2024-04-01", "why")),
		"no day":     db.SaveRebase(t.Context(), stat.Rebase{Measure: "referrals", Area: middlesbrough, Reason: "why", By: "Ann"}),
		"nobody":     db.SaveRebase(t.Context(), stat.Rebase{Measure: "referrals", Area: middlesbrough, From: late.From, Reason: "why"}),
	} {
		if !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	do(t, db, func() error { return remove("Bob", "a mistake") })
	holds(t, list("referrals"), early)
	if err := remove("Bob", "again"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	save(late)
	holds(t, list("referrals"), early, late)
	db.Close()
	if diff := cmp.Diff([]string{"a mistake"}, texts(t, path, `SELECT reason FROM rebase WHERE removed`)); diff != "" || rows(t, path, "rebase") != 6 {
		t.Errorf("%d rows are kept, want all 6, one saying why it was removed:\n%s", rows(t, path, "rebase"), diff)
	}
}

func TestProjections(t *testing.T) {
	db := open(t)
	list := func(measure string) func() ([]stat.Projection, error) {
		return func() ([]stat.Projection, error) { return db.Projections(t.Context(), measure) }
	}
	cla := stat.Projection{Measure: "cla", Area: middlesbrough, Last: stat.OnDay(day(t, "2025-03-31")), For: stat.OnDay(day(t, "2028-03-31")),
		Value: 131.04, Lower: 111.96, Upper: 150.2, Method: "a line through ten years", Note: "for the budget", By: "Ann", At: morning}
	referrals := cla
	referrals.Measure, referrals.Last, referrals.For = "referrals", stat.ReportingYear(2025), stat.ReportingYear(2026)
	for i, p := range []*stat.Projection{&cla, &referrals, &cla} { // the same again is another
		do(t, db, func() (err error) {
			p.ID, err = db.KeepProjection(t.Context(), *p)
			if p.ID != int64(i+1) {
				t.Errorf("number %d, want %d", p.ID, i+1)
			}
			return err
		})
	}
	first := cla
	first.ID = 1
	holds(t, list(""), first, referrals, cla)
	holds(t, list("cla"), first, cla)
	holds(t, list("nonesuch"))
	for name, spoil := range map[string]func(p *stat.Projection){
		"no measure":              func(p *stat.Projection) { p.Measure = "" },
		"no area":                 func(p *stat.Projection) { p.Area = "" },
		"no last":                 func(p *stat.Projection) { p.Last = stat.Period{} },
		"no period":               func(p *stat.Projection) { p.For = stat.Period{} },
		"no span":                 func(p *stat.Projection) { p.For.Span = "" },
		"a period that is past":   func(p *stat.Projection) { p.For = p.Last },
		"a value below its range": func(p *stat.Projection) { p.Value = p.Lower - 1 },
		"no number":               func(p *stat.Projection) { p.Value = math.NaN() },
		"an open range":           func(p *stat.Projection) { p.Upper = math.Inf(1) },
		"no method":               func(p *stat.Projection) { p.Method = " " },
		"nobody":                  func(p *stat.Projection) { p.By = "" },
	} {
		p := cla
		spoil(&p)
		if _, err := db.KeepProjection(t.Context(), p); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	holds(t, list("cla"), first, cla)
}

func TestComments(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	list := func(place string) func() ([]stat.Comment, error) {
		return func() ([]stat.Comment, error) { return db.Comments(t.Context(), place) }
	}
	save := func(c stat.Comment) {
		t.Helper()
		do(t, db, func() error { return db.SaveComment(t.Context(), c) })
	}
	card := stat.Comment{Place: "scorecard/parenting", Head: "cla", Area: middlesbrough, Date: day(t, "2026-09-30"), Text: "Fewer came in.\n\nMore left.", By: "Ann", At: morning}
	before := card
	before.Date = day(t, "2026-08-31")
	report := stat.Comment{Place: "report/council", Text: "This has been a year.", By: "Ann", At: morning}
	save(card)
	save(before)
	save(report)
	holds(t, list(""), report, before, card)
	holds(t, list("scorecard/parenting"), before, card)
	holds(t, list("nonesuch"))
	card.Text, card.By = "Fewer came in.", "Bob"
	save(stat.Comment{Place: card.Place, Head: card.Head, Area: card.Area, Date: card.Date, Text: " " + card.Text + "\n", By: "Bob", At: morning})
	holds(t, list("scorecard/parenting"), before, card)
	save(stat.Comment{Place: card.Place, Head: card.Head, Area: card.Area, Date: card.Date, Text: " \n", By: "Bob", At: morning})
	holds(t, list("scorecard/parenting"), before)
	save(card)
	holds(t, list("scorecard/parenting"), before, card)
	for name, c := range map[string]stat.Comment{
		"no place":    {Text: "a", By: "Ann"},
		"no such day": {Place: "a", Date: stat.Date{Year: 2025, Month: 2, Day: 30}, Text: "a", By: "Ann"},
		"nobody":      {Place: "a", Text: "a", By: " "},
	} {
		if err := db.SaveComment(t.Context(), c); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	db.Close()
	if n := rows(t, path, "comment"); n != 6 {
		t.Errorf("%d rows are kept, want all 6", n)
	}
}

// A page's one read has all that the council says, and of rebases and
// projections those of its measures.
func TestReadTellsWhatTheCouncilSays(t *testing.T) {
	db := open(t)
	keep(t, db, restated[0].submission(0))
	q := stat.Query{Measures: []string{"cin"}}
	read(t, db, q) // so that something is there to be stale
	group := stat.Group{Name: "north", Title: "North", Areas: []string{hartlepool}, By: "Ann", At: morning}
	meeting := stat.Meeting{Date: day(t, "2025-06-03"), Name: "Council", By: "Ann", At: morning}
	rebase := stat.Rebase{Measure: "cin", Area: middlesbrough, From: day(t, "2020-04-01"), Reason: "why", By: "Ann", At: morning}
	ahead := stat.Projection{ID: 1, Measure: "cin", Area: middlesbrough, Last: stat.OnDay(march2023), For: stat.OnDay(day(t, "2026-03-31")), Value: 600, Lower: 500, Upper: 700, Method: "a line", By: "Ann", At: morning}
	comment := stat.Comment{Place: "scorecard/a", Head: "cla", Text: "a", By: "Ann", At: morning}
	for _, f := range []func() error{
		func() error { return db.SaveGroup(t.Context(), group) },
		func() error { return db.SaveMeeting(t.Context(), meeting) },
		func() error { return db.SaveRebase(t.Context(), rebase) },
		func() error { _, err := db.KeepProjection(t.Context(), ahead); return err },
		func() error { return db.SaveComment(t.Context(), comment) },
	} {
		do(t, db, f)
	}
	h := read(t, db, q)
	want := stat.Holding{Observations: h.Observations, Version: h.Version, Groups: []stat.Group{group}, Meetings: []stat.Meeting{meeting},
		Rebases: []stat.Rebase{rebase}, Projections: []stat.Projection{ahead}, Comments: []stat.Comment{comment}}
	if diff := cmp.Diff(want, h); diff != "" || len(h.Observations) != 1 {
		t.Errorf("%d observations; (-want +got):\n%s", len(h.Observations), diff)
	}
	h = read(t, db, stat.Query{Measures: []string{"cla"}})
	if len(h.Groups) != 1 || len(h.Meetings) != 1 || len(h.Comments) != 1 || len(h.Rebases)+len(h.Projections) != 0 {
		t.Errorf("of another measure: %+v", h)
	}
	do(t, db, func() error { return db.DeleteGroup(t.Context(), "north", "Ann", morning) })
	if h := read(t, db, q); h.Groups != nil {
		t.Errorf("deleted, and still %+v", h.Groups)
	}
}
