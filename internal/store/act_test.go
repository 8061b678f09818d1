package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// A written is a function that writes: what it does, the act that is, and the
// same refused.
type written struct {
	name    string // of the method
	do      func() error
	act     stat.Act
	refused func() error
}

// allWritten are all of them, in an order in which they can be done, at a
// database that has none.
func allWritten(t *testing.T, db *store.DB) []written {
	ctx, at := t.Context(), morning
	june := day(t, "2026-06-03")
	says := submission("october.csv", stat.Council, "2026-10", cin("2,196", "638.7"))
	says.Measures = []stat.Measure{{Code: "own", Name: "own", Registered: true}}
	says.Batch.At = at
	jo := stat.Person{Name: "jo", Title: "Jo Smith", Role: stat.Administrator, By: "Ann", At: at}
	return []written{
		{"Store", func() error { _, err := db.Store(ctx, says, nil); return err },
			stat.Act{What: "import.store", On: "import 1", Who: "test", Detail: "october.csv"},
			func() error { _, err := db.Store(ctx, says, nil); return err }},
		{"NameMeasure", func() error { return db.NameMeasure(ctx, stat.Measure{Code: "own", Name: "Own things"}, "Ann") },
			stat.Act{What: "measure.name", On: "measure own", Who: "Ann", Detail: "Own things"},
			func() error { return db.NameMeasure(ctx, stat.Measure{Code: "none", Name: "None"}, "Ann") }},
		{"Publish", func() error {
			_, err := db.Publish(ctx, 1, "Bob", "all 412 of them", time.Time{}, at, false)
			return err
		},
			stat.Act{What: "import.publish", On: "import 1", Who: "Bob", Detail: "october.csv"},
			func() error { _, err := db.Publish(ctx, 1, "Bob", "again", time.Time{}, at, false); return err }},
		{"Unpublish", func() error { _, err := db.Unpublish(ctx, 1, "Bob", "not 412", at); return err },
			stat.Act{What: "import.unpublish", On: "import 1", Who: "Bob", Detail: "october.csv"},
			func() error { _, err := db.Unpublish(ctx, 1, "Bob", "again", at); return err }},
		{"SaveSteward", func() error {
			return db.SaveSteward(ctx, stat.Steward{Measure: "cla", Owner: "Head of Safeguarding", Unmeasured: "412 of them", By: "Ann", At: at})
		}, stat.Act{What: "measure.steward", On: "measure cla", Who: "Ann", Detail: "Head of Safeguarding"},
			func() error { return db.SaveSteward(ctx, stat.Steward{By: "Ann"}) }},
		{"Publish", func() error {
			_, err := db.Publish(ctx, 1, "Bob", "412 it is", time.Time{}, at, false)
			return err
		}, stat.Act{What: "import.publish", On: "import 1", Who: "Bob", Detail: "october.csv"},
			func() error { _, err := db.Publish(ctx, 1, "Bob", "", time.Time{}, at, false); return err }},
		{"Unpublish", func() error { _, err := db.Unpublish(ctx, 1, "Bob", "not 412", at); return err },
			stat.Act{What: "import.unpublish", On: "import 1", Who: "Bob", Detail: "october.csv"},
			func() error { _, err := db.Unpublish(ctx, 1, "Bob", "again", at); return err }},
		{"Withdraw", func() error { _, err := db.Withdraw(ctx, 1, "Bob", "of 412 children", at); return err },
			stat.Act{What: "import.withdraw", On: "import 1", Who: "Bob", Detail: "october.csv"},
			func() error { _, err := db.Withdraw(ctx, 1, "Bob", "again", at); return err }},
		{"Store", func() error { _, err := db.Store(ctx, says, nil); return err },
			stat.Act{What: "import.store", On: "import 2", Who: "test", Detail: "october.csv"},
			func() error { _, err := db.Store(ctx, says, nil); return err }},
		{"WithdrawDraft", func() error { _, err := db.WithdrawDraft(ctx, 2, "Ann", "of 412 children", at); return err },
			stat.Act{What: "import.withdraw", On: "import 2", Who: "Ann", Detail: "october.csv"},
			func() error { _, err := db.WithdrawDraft(ctx, 2, "Ann", "again", at); return err }},
		{"SaveGroup", func() error {
			return db.SaveGroup(ctx, stat.Group{Name: "north", Title: "The North", Areas: []string{hartlepool}, By: "Ann", At: at})
		}, stat.Act{What: "group.save", On: "group north", Who: "Ann", Detail: "The North"},
			func() error { return db.SaveGroup(ctx, stat.Group{Name: "region", By: "Ann"}) }},
		{"DeleteGroup", func() error { return db.DeleteGroup(ctx, "north", "Ann", at) },
			stat.Act{What: "group.delete", On: "group north", Who: "Ann"},
			func() error { return db.DeleteGroup(ctx, "north", "Ann", at) }},
		{"SaveMeeting", func() error { return db.SaveMeeting(ctx, stat.Meeting{Date: june, Name: "Panel", By: "Ann", At: at}) },
			stat.Act{What: "meeting.save", On: "meeting 2026-06-03", Who: "Ann", Detail: "Panel"},
			func() error { return db.SaveMeeting(ctx, stat.Meeting{Name: "Panel", By: "Ann"}) }},
		{"DeleteMeeting", func() error { return db.DeleteMeeting(ctx, june, "Panel", "Ann", at) },
			stat.Act{What: "meeting.delete", On: "meeting 2026-06-03", Who: "Ann", Detail: "Panel"},
			func() error { return db.DeleteMeeting(ctx, june, "Panel", "Ann", at) }},
		{"SaveRebase", func() error {
			return db.SaveRebase(ctx, stat.Rebase{Measure: "cla", Area: hartlepool, From: june, Reason: "from 412 to 421", By: "Ann", At: at})
		}, stat.Act{What: "rebase.save", On: "measure cla", Who: "Ann", Detail: hartlepool + " from 2026-06-03"},
			func() error { return db.SaveRebase(ctx, stat.Rebase{Measure: "cla", By: "Ann"}) }},
		{"DeleteRebase", func() error { return db.DeleteRebase(ctx, "cla", hartlepool, june, "Ann", "wrong", at) },
			stat.Act{What: "rebase.delete", On: "measure cla", Who: "Ann", Detail: hartlepool + " from 2026-06-03"},
			func() error { return db.DeleteRebase(ctx, "cla", hartlepool, june, "Ann", "wrong", at) }},
		{"KeepProjection", func() error {
			_, err := db.KeepProjection(ctx, stat.Projection{Measure: "cla", Area: hartlepool, Last: stat.OnDay(march2023), For: stat.OnDay(june),
				Value: 412, Lower: 400, Upper: 421, Method: "a guess", Note: "of 412", By: "Ann", At: at})
			return err
		}, stat.Act{What: "projection.keep", On: "projection 1", Who: "Ann", Detail: "cla of " + hartlepool + " for " + stat.OnDay(june).String()},
			func() error { _, err := db.KeepProjection(ctx, stat.Projection{Measure: "cla", By: "Ann"}); return err }},
		{"SaveComment", func() error {
			return db.SaveComment(ctx, stat.Comment{Place: "council", Head: "cla", Area: hartlepool, Text: "412 of them", By: "Ann", At: at})
		}, stat.Act{What: "comment.save", On: "comment on council", Who: "Ann", Detail: "cla " + hartlepool},
			func() error { return db.SaveComment(ctx, stat.Comment{By: "Ann"}) }},
		{"SaveLayout", func() error { return db.SaveLayout(ctx, stat.SavedLayout{Name: "wards", TOML: "a", By: "Ann", At: at}) },
			stat.Act{What: "layout.save", On: "layout wards", Who: "Ann"},
			func() error { return db.SaveLayout(ctx, stat.SavedLayout{Name: "wards", By: "Ann"}) }},
		{"DeleteLayout", func() error { return db.DeleteLayout(ctx, "wards", "Ann", at) },
			stat.Act{What: "layout.delete", On: "layout wards", Who: "Ann"},
			func() error { return db.DeleteLayout(ctx, "wards", "Ann", at) }},
		{"SaveIssue", func() error {
			_, err := db.SaveIssue(ctx, "Ann", func(int64) (stat.Issue, error) {
				return stat.Issue{Name: "council", Title: "The report", Area: hartlepool, AsOf: june, Dated: june, By: "Ann", At: at,
					Content: []byte("{}"), Files: map[string][]byte{"csv": []byte("a")}}, nil
			})
			return err
		}, stat.Act{What: "report.issue", On: "report issue 1", Who: "Ann", Detail: "The report"},
			func() error {
				_, err := db.SaveIssue(ctx, "Ann", func(int64) (stat.Issue, error) { return stat.Issue{By: "Ann"}, nil })
				return err
			}},
		{"Ask", func() error {
			_, err := db.Ask(ctx, stat.Asked{Area: hartlepool, Meeting: june, Measure: "cla", Text: "why 412?", By: "Ann", At: at})
			return err
		}, stat.Act{What: "question.ask", On: "question 1", Who: "Ann", Detail: hartlepool + " 2026-06-03 cla"},
			func() error { _, err := db.Ask(ctx, stat.Asked{Area: hartlepool, By: "Ann"}); return err }},
		{"Answer", func() error { return db.Answer(ctx, 1, "412 it is", "Ann", at) },
			stat.Act{What: "question.answer", On: "question 1", Who: "Ann"},
			func() error { return db.Answer(ctx, 9, "412 it is", "Ann", at) }},
		{"SaveSteward", func() error {
			return db.SaveSteward(ctx, stat.Steward{Measure: "cla", Owner: "Head of Care", Unmeasured: "412 of them", By: "Ann", At: at})
		}, stat.Act{What: "measure.steward", On: "measure cla", Who: "Ann", Detail: "Head of Care"},
			func() error { return db.SaveSteward(ctx, stat.Steward{By: "Ann"}) }},
		{"SaveSettings", func() error {
			return db.SaveSettings(ctx, stat.Settings{Public: true, Threshold: 7, Thresholds: map[string]int{"cpp": 0, "cla": 9}, By: "Ann", At: at})
		}, stat.Act{What: "settings.save", On: "settings", Who: "Ann",
			Detail: "public on, second person off, viewers masked off, threshold 7, of cla 9, of cpp 0"},
			func() error { return db.SaveSettings(ctx, stat.Settings{Threshold: -1, By: "Ann"}) }},
		{"AddPerson", func() error { _, err := db.AddPerson(ctx, jo); return err },
			stat.Act{What: "person.add", On: "person 1", Who: "Ann", Detail: `Jo Smith, administrator, by the name "jo"`},
			func() error { _, err := db.AddPerson(ctx, jo); return err }},
		{"ChangePerson", func() error {
			_, err := db.ChangePerson(ctx, stat.Person{ID: 1, Title: "Jo Jones", Role: stat.Administrator, By: "Bob", At: at})
			return err
		}, stat.Act{What: "person.change", On: "person 1", Who: "Bob", Detail: "title Jo Jones, was Jo Smith"},
			func() error {
				_, err := db.ChangePerson(ctx, stat.Person{ID: 1, Title: "Jo", Role: stat.Viewer, By: "Bob", At: at})
				return err
			}},
		{"SetPassword", func() error { return db.SetPassword(ctx, 1, "$argon2id$secret", "Jo", at) },
			stat.Act{What: "person.password", On: "person 1", Who: "Jo"},
			func() error { return db.SetPassword(ctx, 1, "", "Jo", at) }},
		{"EnrolTOTP", func() error { return db.EnrolTOTP(ctx, 1, "SECRET", "Jo", at) },
			stat.Act{What: "person.factor", On: "person 1", Who: "Jo", Detail: "set up"},
			func() error { return db.EnrolTOTP(ctx, 1, "SECRET", "Jo", at) }},
		{"SetTOTP", func() error { return db.SetTOTP(ctx, 1, "SECRET", "Jo", at) },
			stat.Act{What: "person.factor", On: "person 1", Who: "Jo", Detail: "set up"},
			func() error { return db.SetTOTP(ctx, 9, "SECRET", "Jo", at) }},
		{"KeepLink", func() error {
			return db.KeepLink(ctx, "secret", store.Link{Purpose: store.LinkPassword, Person: 1, Expires: time.Now().Add(time.Hour), By: "Ann"})
		}, stat.Act{What: "link.make", On: "person 1", Who: "Ann", Detail: "password"},
			func() error {
				return db.KeepLink(ctx, "", store.Link{Purpose: store.LinkPassword, Person: 1, Expires: at, By: "Ann"})
			}},
		{"UseLink", func() error { _, err := db.UseLink(ctx, "secret", at); return err },
			stat.Act{What: "link.use", On: "person 1", Who: "Jo Jones", Detail: "password"},
			func() error { _, err := db.UseLink(ctx, "secret", at); return err }},
		{"KeepLink", func() error {
			return db.KeepLink(ctx, "secret", store.Link{Purpose: store.LinkPassword, Person: 1, Expires: time.Now().Add(time.Hour), By: "Ann"})
		}, stat.Act{What: "link.make", On: "person 1", Who: "Ann", Detail: "password"},
			func() error {
				return db.KeepLink(ctx, "", store.Link{Purpose: store.LinkPassword, Person: 1, Expires: at, By: "Ann"})
			}},
		{"ChoosePassword", func() error { _, err := db.ChoosePassword(ctx, "secret", "$argon2id$secret", at); return err },
			stat.Act{What: "person.password", On: "person 1", Who: "Jo Jones", Detail: "by a one-time link"},
			func() error { _, err := db.ChoosePassword(ctx, "secret", "$argon2id$secret", at); return err }},
		{"Note", func() error { return db.Note(ctx, stat.Act{What: "drill", On: "a.db", Who: "Ann", At: at}) },
			stat.Act{What: "drill", On: "a.db", Who: "Ann"},
			func() error { return db.Note(ctx, stat.Act{What: "drill", On: "a.db"}) }},
	}
}

// Every function that writes leaves one act, which gives away no figure, text
// or secret; none where it is refused.
func TestEveryWriteIsAnAct(t *testing.T) {
	db := open(t)
	for _, w := range allWritten(t, db) {
		before := len(trail(t, db))
		if err := w.do(); err != nil {
			t.Fatalf("%s: %v", w.name, err)
		}
		after := trail(t, db)
		if len(after) != before+1 {
			t.Fatalf("%s left %d acts", w.name, len(after)-before)
		}
		got := after[before]
		if w.act.At = morning; w.name == "NameMeasure" || w.name == "KeepLink" {
			w.act.At = got.At // now
		}
		if diff := cmp.Diff(w.act, got, actsBut); diff != "" {
			t.Errorf("%s (-want +got):\n%s", w.name, diff)
		}
		if all := strings.ToLower(fmt.Sprint(got.Who, got.What, got.On, got.Detail)); strings.Contains(all, "412") || strings.Contains(all, "secret") {
			t.Errorf("%s tells %s", w.name, all)
		}
		if err := w.refused(); err == nil {
			t.Errorf("%s was not refused", w.name)
		}
		if n := len(trail(t, db)); n != before+1 {
			t.Errorf("%s, refused, left %d acts", w.name, n-before-1)
		}
	}
	if _, err := db.CheckActs(t.Context()); err != nil {
		t.Error(err)
	}
}

// Where the act cannot be written nothing is.
func TestNoWriteWithoutItsAct(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	const refuse = `CREATE TRIGGER refuse BEFORE INSERT ON act BEGIN SELECT raise(ABORT, 'no act today'); END`
	for _, w := range allWritten(t, db) {
		if err := db.OnWriter(t.Context(), refuse); err != nil {
			t.Fatal(err)
		}
		before := contents(t, path)
		if err := w.do(); err == nil || !strings.Contains(err.Error(), "no act today") {
			t.Errorf("%s: %v", w.name, err)
		}
		if diff := cmp.Diff(before, contents(t, path)); diff != "" {
			t.Errorf("%s left something (-want +got):\n%s", w.name, diff)
		}
		if err := db.OnWriter(t.Context(), `DROP TRIGGER refuse`); err != nil {
			t.Fatal(err)
		}
		if err := w.do(); err != nil {
			t.Errorf("%s, with its act: %v", w.name, err)
		}
	}
}

// contents is every row of every table, as text.
func contents(t *testing.T, path string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, table := range texts(t, path, `SELECT name FROM sqlite_schema WHERE type = 'table'`) {
		cells := texts(t, path, `SELECT group_concat('quote(' || name || ')', ' || '','' || ') FROM pragma_table_info('`+table+`')`)
		out[table] = texts(t, path, `SELECT `+cells[0]+` FROM `+table+` ORDER BY 1`)
	}
	return out
}

// What reads, or writes nothing that is an act of its own.
var noActs = strings.Fields(`
	Acts Acted AllActs Head LastAct CheckActs LastDrill
	Read Version Releases Batches Batch BatchBySHA Changed Preview Compare Preview History Registered Releases
	Groups Meetings Rebases Projections Comments Layouts Issues Issue Questions Stewards Settings
	People Person PersonNamed PersonOf RoleBy Secrets UseStep PeekLink
	Backup Keep Size Serve Close OnWriter`)

// No function is forgotten in the list above, and none writes past the trail.
func TestNoWriteIsForgotten(t *testing.T) {
	db := open(t)
	known := map[string]bool{"FirstAdministrator": true} // has a test of its own
	for _, name := range noActs {
		known[name] = true
	}
	for _, w := range allWritten(t, db) {
		known[w.name] = true
	}
	for m := range reflect.TypeOf(db).Methods() {
		if !known[m.Name] {
			t.Errorf("%s: is it in allWritten, or does it write nothing?", m.Name)
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for use, homes := range map[string]string{"db.write.": "store.go transaction.go export_test.go", "db.transact(": "transaction.go people.go"} {
			if strings.Contains(string(text), use) && !strings.Contains(homes, file) && file != "act_test.go" {
				t.Errorf("%s uses %s: change leaves an act", file, use)
			}
		}
	}
	if n := strings.Count(readAll(t, "people.go"), "db.transact("); n != 1 {
		t.Errorf("people.go writes %d times without an act, want UseStep alone", n)
	}
}

func readAll(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The file that is held already is no act.
func TestUnchangedIsNoAct(t *testing.T) {
	db := open(t)
	keep(t, db, restated[0].submission(0))
	if _, err := db.Store(t.Context(), restated[0].submission(0), nil); !errors.Is(err, store.ErrUnchanged) {
		t.Fatal(err)
	}
	if n := len(trail(t, db)); n != 1 {
		t.Errorf("%d acts, want 1", n)
	}
}
