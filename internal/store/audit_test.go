package store_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// trail is every act, the oldest first.
func trail(t testing.TB, db *store.DB) []stat.Act {
	t.Helper()
	var out []stat.Act
	for a, err := range db.AllActs(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

// noted is a database with so many acts, closed again.
func noted(t *testing.T, n int) (path string, acts []stat.Act) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	for i := range n {
		a := stat.Act{At: morning.Add(time.Duration(i) * time.Second), Who: "Ann", What: "sign-in", On: fmt.Sprintf("person %d", i+1), Detail: "by password"}
		if err := db.Note(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	acts = trail(t, db)
	db.Close()
	return path, acts
}

// chained is the hash of an act as the trail is documented, worked out anew.
func chained(a stat.Act) string {
	var all strings.Builder
	for _, s := range []string{strconv.FormatInt(a.Number, 10), a.At.Format(time.RFC3339Nano), a.Who, strconv.FormatInt(a.Person, 10), a.What, a.On, a.Detail, a.Before} {
		all.WriteString(strconv.Itoa(len(s)) + ":" + s + ",")
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(all.String())))
}

func TestTrail(t *testing.T) {
	db := open(t)
	if head, err := db.Head(t.Context()); err != nil || head != (stat.Act{}) {
		t.Fatalf("the head of no trail: %+v, %v", head, err)
	}
	if head, err := db.CheckActs(t.Context()); err != nil || head != (stat.Act{}) {
		t.Fatalf("no trail: %+v, %v", head, err)
	}
	if a, err := db.LastAct(t.Context(), "drill"); err != nil || a != (stat.Act{}) {
		t.Fatalf("no drill: %+v, %v", a, err)
	}
	notes := []stat.Act{
		{At: morning, Who: " Ann ", What: "sign-in", On: "person 1"},
		{At: morning.Add(time.Second / 2), Who: "Bob", What: "drill", On: "bellwether.db", Detail: "1:2,\n\"whole\""},
		{At: morning.Add(-time.Hour).In(time.FixedZone("", 3600)), Who: "Zo\xeb", What: "sign-out", On: "person 2"},
	}
	before := strings.Repeat("0", 64)
	var want []stat.Act
	for i, a := range notes {
		if err := db.Note(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		a.Number, a.Before, a.At = int64(i+1), before, a.At.UTC()
		a.Who = strings.ToValidUTF8(strings.TrimSpace(a.Who), "\uFFFD")
		a.Hash = chained(a)
		before, want = a.Hash, append(want, a)
	}
	if diff := cmp.Diff(want, trail(t, db)); diff != "" {
		t.Errorf("the trail (-want +got):\n%s", diff)
	}
	head, err := db.Head(t.Context())
	checked, wrong := db.CheckActs(t.Context())
	if head != want[2] || checked != head || err != nil || wrong != nil {
		t.Errorf("head %+v, %v; checked %+v, %v", head, err, checked, wrong)
	}
	if a, err := db.LastAct(t.Context(), "drill"); err != nil || a != want[1] {
		t.Errorf("the last drill: %+v, %v", a, err)
	}
	if err := db.Note(t.Context(), stat.Act{Who: "Ann", What: "backup", On: "a.db"}); err != nil {
		t.Fatal(err)
	}
	if a, err := db.Head(t.Context()); err != nil || time.Since(a.At).Abs() > time.Minute {
		t.Errorf("noted now: %+v, %v", a, err)
	}
}

func TestActsByPages(t *testing.T) {
	path, acts := noted(t, 5)
	db := openAt(t, path)
	for _, tc := range []struct {
		before int64
		limit  int
		want   []int64
	}{
		{0, 2, []int64{5, 4}}, {4, 2, []int64{3, 2}}, {2, 9, []int64{1}}, {1, 9, nil}, {0, 0, nil}, {99, 1, []int64{5}},
	} {
		got, err := db.Acts(t.Context(), tc.before, tc.limit)
		var numbers []int64
		for _, a := range got {
			numbers = append(numbers, a.Number)
		}
		if diff := cmp.Diff(tc.want, numbers); diff != "" || err != nil {
			t.Errorf("%d before %d: %v (-want +got):\n%s", tc.limit, tc.before, err, diff)
		}
	}
	for a, err := range db.AllActs(t.Context()) {
		if a != acts[0] || err != nil {
			t.Errorf("the first is %+v, %v", a, err)
		}
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n := 0
	for _, err := range db.AllActs(ctx) {
		if n++; err == nil {
			t.Error("given up, an act came")
		}
	}
	if n != 1 {
		t.Errorf("given up, it yielded %d times", n)
	}
}

func TestNoteRefused(t *testing.T) {
	db := open(t)
	for name, a := range map[string]stat.Act{"nobody": {Who: " ", What: "backup"}, "nothing": {Who: "Ann"}} {
		if err := db.Note(t.Context(), a); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if list := trail(t, db); len(list) > 0 {
		t.Errorf("left %+v", list)
	}
}

func TestTrailIsOnlyAddedTo(t *testing.T) {
	path, acts := noted(t, 3)
	for _, query := range []string{
		`UPDATE act SET who = 'Bob' WHERE number = 2`,
		`UPDATE act SET hash = hash`,
		`DELETE FROM act WHERE number = 3`,
		`DELETE FROM act`,
		`INSERT OR REPLACE INTO act SELECT number, said, 'Bob', person, what, subject, detail, before, hash FROM act WHERE number = 2`,
		`INSERT INTO act SELECT 0, said, 'Bob', person, what, subject, detail, before, hash FROM act WHERE number = 2`,
	} {
		if err := tryExec(t, path, query); err == nil || !strings.Contains(err.Error(), "audit trail") {
			t.Errorf("%s: %v", query, err)
		}
	}
	if diff := cmp.Diff(acts, trail(t, openAt(t, path))); diff != "" {
		t.Errorf("the trail (-want +got):\n%s", diff)
	}
}

const untied = `DROP TRIGGER act_stays; DROP TRIGGER act_is_kept; DROP TRIGGER act_is_new;`

func TestTampering(t *testing.T) {
	for name, tc := range map[string]struct {
		query string
		names string
		head  int64 // the last that fits
	}{
		"who":              {`UPDATE act SET who = 'Bob' WHERE number = 3`, "act 3 ", 2},
		"whose number":     {`UPDATE act SET person = 7 WHERE number = 3`, "act 3 ", 2},
		"when":             {`UPDATE act SET said = '2026-01-01T00:00:00Z' WHERE number = 1`, "act 1 ", 0},
		"no time":          {`UPDATE act SET said = 'noon' WHERE number = 3`, "act 3 ", 2},
		"what":             {`UPDATE act SET what = 'sign-out' WHERE number = 5`, "act 5 ", 4},
		"on":               {`UPDATE act SET subject = 'person 9' WHERE number = 2`, "act 2 ", 1},
		"detail":           {`UPDATE act SET detail = '' WHERE number = 2`, "act 2 ", 1},
		"a border moved":   {`UPDATE act SET who = 'An', what = 'nsign-in' WHERE number = 2`, "act 2 ", 1},
		"the hash before":  {`UPDATE act SET before = '` + strings.Repeat("0", 64) + `' WHERE number = 4`, "act 4 ", 3},
		"the hash":         {`UPDATE act SET hash = '` + strings.Repeat("a", 64) + `' WHERE number = 5`, "act 5 ", 4},
		"one is gone":      {`DELETE FROM act WHERE number = 2`, "act 3 ", 1},
		"the first gone":   {`DELETE FROM act WHERE number = 1`, "act 2 ", 0},
		"the last gone":    {`DELETE FROM act WHERE number = 5`, "act 5 ", 4},
		"all gone":         {`DELETE FROM act`, "act 5 ", 0},
		"renumbered":       {`DELETE FROM act WHERE number = 2; UPDATE act SET number = number - 1 WHERE number > 2`, "act 2 ", 1},
		"two change place": {`UPDATE act SET number = -2 WHERE number = 2; UPDATE act SET number = 2 WHERE number = 3; UPDATE act SET number = 3 WHERE number = -2`, "act 2 ", 1},
		"one between":      {`INSERT INTO act SELECT 6, said, who, person, what, subject, detail, before, hash FROM act WHERE number = 5`, "act 6 ", 5},
		"one before all":   {`INSERT INTO act SELECT 0, said, who, person, what, subject, detail, before, hash FROM act WHERE number = 1`, "act 0 ", 0},
	} {
		t.Run(name, func(t *testing.T) {
			path, _ := noted(t, 5)
			exec(t, path, untied+tc.query)
			db := openAt(t, path)
			for range 2 { // what is written since makes no difference
				head, err := db.CheckActs(t.Context())
				if !errors.Is(err, store.ErrTampered) || !strings.Contains(err.Error(), tc.names) || head.Number != tc.head {
					t.Fatalf("head %d, %v", head.Number, err)
				}
				if err := db.Note(t.Context(), stat.Act{Who: "Bob", What: "backup"}); err != nil {
					t.Fatal(err)
				}
				if tc.query == `DELETE FROM act WHERE number = 5` || tc.query == `DELETE FROM act` {
					tc.names = "act 6 "
				}
			}
		})
	}
}

// Whoever can write the file can write the trail anew from some act on; the
// head that was kept elsewhere gives it away.
func TestTrailWrittenAnew(t *testing.T) {
	path, acts := noted(t, 3)
	forged := acts[2]
	forged.Who = "Bob"
	forged.Hash = chained(forged)
	exec(t, path, untied+`UPDATE act SET who = 'Bob', hash = '`+forged.Hash+`' WHERE number = 3`)
	db := openAt(t, path)
	head, err := db.CheckActs(t.Context())
	if err != nil || head != forged || head.Hash == acts[2].Hash {
		t.Errorf("head %+v, %v", head, err)
	}
}

// The chain is one, whoever writes at once, from one process or two.
func TestTrailOfMany(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	one, two := openAt(t, path), openAt(t, path)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			db := []*store.DB{one, two}[i%2]
			if err := db.Note(t.Context(), stat.Act{Who: "Ann", What: "sign-in", On: fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if _, err := two.CheckActs(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if head, err := one.CheckActs(t.Context()); err != nil || head.Number != 20 {
		t.Errorf("head %+v, %v", head, err)
	}
}

// actsBut compares acts without what the chain gives them.
var actsBut = cmpopts.IgnoreFields(stat.Act{}, "Number", "Before", "Hash")

// Whatever is done, the number of the latest act is another.
func TestActed(t *testing.T) {
	db := open(t)
	acted := func() int64 {
		t.Helper()
		n, err := db.Acted(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := acted(); n != 0 {
		t.Fatalf("before anything is done it is %d", n)
	}
	p, err := db.AddPerson(t.Context(), stat.Person{Name: "jo", Title: "Jo", Role: stat.Viewer, By: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for i, change := range []func() error{
		func() error { return db.SetPassword(t.Context(), p.ID, "encoded", "test", p.At) },
		func() error { return db.SetTOTP(t.Context(), p.ID, "key", "test", p.At) },
		func() error {
			p.Role, p.By = stat.Analyst, "test"
			_, err := db.ChangePerson(t.Context(), p)
			return err
		},
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if n := acted(); n != int64(i+2) {
			t.Errorf("after %d changes it is %d", i+2, n)
		}
	}
}
