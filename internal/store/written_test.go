package store_test

import (
	"slices"
	"testing"
	"time"

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
	return slices.Concat(writtenImports(t, db), writtenLists(t, db), writtenSayings(t, db), writtenPeople(t, db), writtenLinks(t, db))
}

// only is the error of what gives something besides.
func only[T any](_ T, err error) error { return err }

// writtenImports are what becomes of an import, and of the measures it brings.
func writtenImports(t *testing.T, db *store.DB) []written {
	ctx, at := t.Context(), morning
	october := submission("october.csv", stat.Council, "2026-10", cin("2,196", "638.7"))
	october.Measures = []stat.Measure{{Code: "own", Name: "own", Registered: true}}
	october.Batch.At = at
	stored := func(on string) written {
		do := func() error { return only(db.Store(ctx, october, nil)) }
		return written{"Store", do, stat.Act{What: "import.store", On: on, Who: "test", Detail: "october.csv"}, do}
	}
	published := func(note, again string) written {
		publish := func(note string) func() error {
			return func() error { return only(db.Publish(ctx, 1, "Bob", note, time.Time{}, at)) }
		}
		return written{"Publish", publish(note),
			stat.Act{What: "import.publish", On: "import 1", Who: "Bob", Detail: "october.csv"}, publish(again)}
	}
	unpublished := written{"Unpublish", func() error { return only(db.Unpublish(ctx, 1, "Bob", "not 412", at)) },
		stat.Act{What: "import.unpublish", On: "import 1", Who: "Bob", Detail: "october.csv"},
		func() error { return only(db.Unpublish(ctx, 1, "Bob", "again", at)) }}
	return []written{
		stored("import 1"),
		{"NameMeasure", func() error { return db.NameMeasure(ctx, stat.Measure{Code: "own", Name: "Own things"}, "Ann") },
			stat.Act{What: "measure.name", On: "measure own", Who: "Ann", Detail: "Own things"},
			func() error { return db.NameMeasure(ctx, stat.Measure{Code: "none", Name: "None"}, "Ann") }},
		published("all 412 of them", "again"),
		unpublished,
		writtenSteward(t, db, "Head of Safeguarding"),
		published("412 it is", ""),
		unpublished,
		{"Withdraw", func() error { return only(db.Withdraw(ctx, 1, "Bob", "of 412 children", at)) },
			stat.Act{What: "import.withdraw", On: "import 1", Who: "Bob", Detail: "october.csv"},
			func() error { return only(db.Withdraw(ctx, 1, "Bob", "again", at)) }},
		stored("import 2"),
		{"WithdrawDraft", func() error { return only(db.WithdrawDraft(ctx, 2, "Ann", "of 412 children", at)) },
			stat.Act{What: "import.withdraw", On: "import 2", Who: "Ann", Detail: "october.csv"},
			func() error { return only(db.WithdrawDraft(ctx, 2, "Ann", "again", at)) }},
	}
}

// writtenSteward gives a measure an owner, the first or another.
func writtenSteward(t *testing.T, db *store.DB, owner string) written {
	ctx := t.Context()
	return written{"SaveSteward", func() error {
		return db.SaveSteward(ctx, stat.Steward{Measure: "cla", Owner: owner, Unmeasured: "412 of them", By: "Ann", At: morning})
	}, stat.Act{What: "measure.steward", On: "measure cla", Who: "Ann", Detail: owner},
		func() error { return db.SaveSteward(ctx, stat.Steward{By: "Ann"}) }}
}

// writtenLists are what is kept by name or day beside the figures.
func writtenLists(t *testing.T, db *store.DB) []written {
	ctx, at, june := t.Context(), morning, day(t, "2026-06-03")
	return []written{
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
			return only(db.KeepProjection(ctx, stat.Projection{Measure: "cla", Area: hartlepool, Last: stat.OnDay(march2023), For: stat.OnDay(june),
				Value: 412, Lower: 400, Upper: 421, Method: "a guess", Note: "of 412", By: "Ann", At: at}))
		}, stat.Act{What: "projection.keep", On: "projection 1", Who: "Ann", Detail: "cla of " + hartlepool + " for " + stat.OnDay(june).String()},
			func() error { return only(db.KeepProjection(ctx, stat.Projection{Measure: "cla", By: "Ann"})) }},
	}
}

// writtenSayings are what is said about the figures.
func writtenSayings(t *testing.T, db *store.DB) []written {
	ctx, at, june := t.Context(), morning, day(t, "2026-06-03")
	return []written{
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
			_, err := db.SaveIssue(ctx, "Ann", versionOf(t, db), func(int64) (stat.Issue, error) {
				return stat.Issue{Name: "council", Title: "The report", Area: hartlepool, AsOf: june, Dated: june, By: "Ann", At: at,
					Content: []byte("{}"), Files: map[string][]byte{"csv": []byte("a")}}, nil
			})
			return err
		}, stat.Act{What: "report.issue", On: "report issue 1", Who: "Ann", Detail: "The report"},
			func() error {
				return only(db.SaveIssue(ctx, "Ann", versionOf(t, db), func(int64) (stat.Issue, error) { return stat.Issue{By: "Ann"}, nil }))
			}},
		{"Ask", func() error {
			return only(db.Ask(ctx, stat.Asked{Area: hartlepool, Meeting: june, Measure: "cla", Text: "why 412?", By: "Ann", At: at}))
		}, stat.Act{What: "question.ask", On: "question 1", Who: "Ann", Detail: hartlepool + " 2026-06-03 cla"},
			func() error { return only(db.Ask(ctx, stat.Asked{Area: hartlepool, By: "Ann"})) }},
		{"Answer", func() error { return db.Answer(ctx, 1, "412 it is", "Ann", at) },
			stat.Act{What: "question.answer", On: "question 1", Who: "Ann"},
			func() error { return db.Answer(ctx, 9, "412 it is", "Ann", at) }},
		writtenSteward(t, db, "Head of Care"),
	}
}

// writtenPeople are the settings of the whole, and what is known of a person.
func writtenPeople(t *testing.T, db *store.DB) []written {
	ctx, at := t.Context(), morning
	jo := stat.Person{Name: "jo", Title: "Jo Smith", Role: stat.Administrator, By: "Ann", At: at}
	return []written{
		{"SaveSettings", func() error {
			return db.SaveSettings(ctx, stat.Settings{Public: true, Threshold: 7, Thresholds: map[string]int{"cpp": 0, "cla": 9}, By: "Ann", At: at})
		}, stat.Act{What: "settings.save", On: "settings", Who: "Ann",
			Detail: "public on, second person off, viewers masked off, threshold 7, of cla 9, of cpp 0"},
			func() error { return db.SaveSettings(ctx, stat.Settings{Threshold: -1, By: "Ann"}) }},
		{"AddPerson", func() error { return only(db.AddPerson(ctx, jo)) },
			stat.Act{What: "person.add", On: "person 1", Who: "Ann", Detail: `Jo Smith, administrator, by the name "jo"`},
			func() error { return only(db.AddPerson(ctx, jo)) }},
		{"ChangePerson", func() error {
			return only(db.ChangePerson(ctx, stat.Person{ID: 1, Title: "Jo Jones", Role: stat.Administrator, By: "Bob", At: at}))
		}, stat.Act{What: "person.change", On: "person 1", Who: "Bob", Detail: "title Jo Jones, was Jo Smith"},
			func() error {
				return only(db.ChangePerson(ctx, stat.Person{ID: 1, Title: "Jo", Role: stat.Viewer, By: "Bob", At: at}))
			}},
		{"Vouch", func() error {
			return only(db.Vouch(ctx, stat.Person{Title: "Al", Role: stat.Viewer, Issuer: "https://login.example", Subject: "7", By: "Bob", At: at}))
		}, stat.Act{What: "person.add", On: "person 2", Who: "Bob", Detail: `Al, viewer, by "7" of https://login.example`},
			func() error {
				return only(db.Vouch(ctx, stat.Person{ID: 9, Title: "Al", Role: stat.Viewer, By: "Bob", At: at}))
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
	}
}

// writtenLinks are one-time links, made, used and used up.
func writtenLinks(t *testing.T, db *store.DB) []written {
	ctx, at := t.Context(), morning
	kept := written{"KeepLink", func() error {
		return db.KeepLink(ctx, "secret", store.Link{Purpose: store.LinkPassword, Person: 1, Expires: time.Now().Add(time.Hour), By: "Ann"})
	}, stat.Act{What: "link.make", On: "person 1", Who: "Ann", Detail: "password"},
		func() error {
			return db.KeepLink(ctx, "", store.Link{Purpose: store.LinkPassword, Person: 1, Expires: at, By: "Ann"})
		}}
	return []written{
		kept,
		{"UseLink", func() error { return only(db.UseLink(ctx, "secret", at)) },
			stat.Act{What: "link.use", On: "person 1", Who: "Jo Jones", Detail: "password"},
			func() error { return only(db.UseLink(ctx, "secret", at)) }},
		kept,
		{"ChoosePassword", func() error { return only(db.ChoosePassword(ctx, "secret", "$argon2id$secret", at)) },
			stat.Act{What: "person.password", On: "person 1", Who: "Jo Jones", Detail: "by a one-time link"},
			func() error { return only(db.ChoosePassword(ctx, "secret", "$argon2id$secret", at)) }},
		kept,
		{"EndLinks", func() error { return db.EndLinks(ctx, "Bellwether", at) },
			stat.Act{What: "link.end", On: "everybody", Who: "Bellwether"},
			func() error { return db.EndLinks(ctx, " ", at) }},
		{"Note", func() error { return db.Note(ctx, stat.Act{What: "drill", On: "a.db", Who: "Ann", At: at}) },
			stat.Act{What: "drill", On: "a.db", Who: "Ann"},
			func() error { return db.Note(ctx, stat.Act{What: "drill", On: "a.db"}) }},
	}
}
