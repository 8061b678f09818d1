package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// hour is a link that is good for an hour.
func hour(purpose string, person int64) store.Link {
	return store.Link{Purpose: purpose, Person: person, Expires: time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond), By: "Ann"}
}

func keepLink(t testing.TB, db *store.DB, token string, l store.Link) {
	t.Helper()
	if err := db.KeepLink(t.Context(), token, l); err != nil {
		t.Fatal(err)
	}
}

func TestOneTimeLinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	jo := add(t, db, "jo", "Jo", stat.Administrator)
	l := hour(store.LinkPassword, jo.ID)
	keepLink(t, db, "token-1", l)
	for range 2 {
		if got, err := db.PeekLink(t.Context(), "token-1", l.Expires.Add(-time.Millisecond)); got != l || err != nil {
			t.Errorf("peek: %+v, %v", got, err)
		}
	}
	gone := func(what, token string, at time.Time) {
		t.Helper()
		if got, err := db.PeekLink(t.Context(), token, at); !errors.Is(err, store.ErrNotFound) || got != (store.Link{}) {
			t.Errorf("peek at a link, %s: %+v, %v", what, got, err)
		}
		if got, err := db.UseLink(t.Context(), token, at); !errors.Is(err, store.ErrNotFound) || got != (store.Link{}) {
			t.Errorf("use a link, %s: %+v, %v", what, got, err)
		}
	}
	gone("over", "token-1", l.Expires)
	gone("unknown", "token-2", time.Now())
	gone("empty", "", time.Now())
	if got, err := db.UseLink(t.Context(), "token-1", time.Now()); got != l || err != nil {
		t.Errorf("use: %+v, %v", got, err)
	}
	gone("used", "token-1", time.Now())

	// A new one for a password ends the one before; one to sign in does not.
	keepLink(t, db, "old", l)
	keepLink(t, db, "new", l)
	gone("replaced", "old", time.Now())
	keepLink(t, db, "tab-1", hour(store.LinkSignIn, jo.ID))
	keepLink(t, db, "tab-2", hour(store.LinkSignIn, jo.ID))
	for _, token := range []string{"tab-1", "tab-2", "new"} {
		if _, err := db.PeekLink(t.Context(), token, time.Now()); err != nil {
			t.Errorf("%s: %v", token, err)
		}
	}

	add(t, db, "other", "Other", stat.Administrator)
	jo.Disabled = true
	if _, err := db.ChangePerson(t.Context(), jo); err != nil {
		t.Fatal(err)
	}
	gone("of somebody disabled", "tab-1", time.Now())
	over := hour(store.LinkSignIn, jo.ID)
	over.Expires = time.Now().Add(-time.Minute)
	keepLink(t, db, "token-over", over)
	gone("made too late", "token-over", time.Now())
	keepLink(t, db, "token-kept", hour(store.LinkSignIn, jo.ID))
	db.Close()
	text, err := os.ReadFile(path)
	if err != nil || bytes.Contains(text, []byte("token-")) {
		t.Errorf("the file holds a token, or: %v", err)
	}
	if n := len(texts(t, path, `SELECT hash FROM link`)); n != 1 {
		t.Errorf("%d links are kept, want the one that is not over, made since the disabling", n)
	}
}

func TestOneTimeLinksRefused(t *testing.T) {
	db := open(t)
	jo := add(t, db, "jo", "Jo", stat.Viewer)
	for name, tc := range map[string]struct {
		token string
		spoil func(*store.Link)
		want  error
	}{
		"no token":         {"", func(l *store.Link) {}, store.ErrInvalid},
		"no end":           {"x", func(l *store.Link) { l.Expires = time.Time{} }, store.ErrInvalid},
		"nobody":           {"x", func(l *store.Link) { l.By = " " }, store.ErrInvalid},
		"for what":         {"x", func(l *store.Link) { l.Purpose = "root" }, store.ErrInvalid},
		"of nobody":        {"x", func(l *store.Link) { l.Person = 0 }, store.ErrInvalid},
		"the first is who": {"x", func(l *store.Link) { l.Purpose = store.LinkFirst }, store.ErrInvalid},
		"of no such":       {"x", func(l *store.Link) { l.Person = 9 }, store.ErrNotFound},
	} {
		l := hour(store.LinkSignIn, jo.ID)
		tc.spoil(&l)
		if err := db.KeepLink(t.Context(), tc.token, l); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A link serves once, also where several use it at once from two processes.
func TestLinkAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	pair := []*store.DB{openAt(t, path), openAt(t, path)}
	jo := add(t, pair[0], "jo", "Jo", stat.Viewer)
	keepLink(t, pair[0], "token", hour(store.LinkSignIn, jo.ID))
	var wg sync.WaitGroup
	var good atomic.Int32
	for i := range 8 {
		wg.Go(func() {
			_, err := pair[i%2].UseLink(t.Context(), "token", time.Now())
			if err == nil {
				good.Add(1)
			} else if !errors.Is(err, store.ErrNotFound) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if good.Load() != 1 {
		t.Errorf("one link was good %d times", good.Load())
	}
}

// A link to choose a password is used up with the password's keeping, or not at
// all.
func TestChoosePassword(t *testing.T) {
	db := open(t)
	jo := add(t, db, "jo", "Jo", stat.Analyst)
	gone := add(t, db, "gone", "Gone", stat.Viewer)
	if err := db.SetTOTP(t.Context(), jo.ID, "KEY", "Jo", morning); err != nil {
		t.Fatal(err)
	}
	keepLink(t, db, "token", hour(store.LinkPassword, jo.ID))
	keepLink(t, db, "other", hour(store.LinkSignIn, jo.ID))
	keepLink(t, db, "barred", hour(store.LinkPassword, gone.ID))
	gone.Disabled = true
	if _, err := db.ChangePerson(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	before := len(trail(t, db))
	for name, tc := range map[string]struct {
		token, password string
		at              time.Time
		want            error
	}{
		"unknown":            {"none", "$hash", time.Now(), store.ErrNotFound},
		"over":               {"token", "$hash", time.Now().Add(2 * time.Hour), store.ErrNotFound},
		"to sign in":         {"other", "$hash", time.Now(), store.ErrNotFound},
		"of somebody barred": {"barred", "$hash", time.Now(), store.ErrNotFound},
		"without a password": {"token", "", time.Now(), store.ErrInvalid},
	} {
		if p, err := db.ChoosePassword(t.Context(), tc.token, tc.password, tc.at); !errors.Is(err, tc.want) || p != (stat.Person{}) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if s, err := db.Secrets(t.Context(), jo.ID); s != (stat.Secrets{TOTP: "KEY"}) || err != nil || len(trail(t, db)) != before {
		t.Errorf("what was refused left %+v, %v", s, err)
	}
	for _, token := range []string{"token", "other"} {
		if _, err := db.PeekLink(t.Context(), token, time.Now()); err != nil {
			t.Errorf("what was refused used %q up: %v", token, err)
		}
	}

	// Where the password cannot be kept the link is still good.
	if err := db.OnWriter(t.Context(), `CREATE TRIGGER refuse BEFORE UPDATE ON secret BEGIN SELECT raise(ABORT, 'not today'); END`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ChoosePassword(t.Context(), "token", "$hash", time.Now()); err == nil {
		t.Error("what was not kept is no error")
	}
	if err := db.OnWriter(t.Context(), `DROP TRIGGER refuse`); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var good atomic.Int32
	for range 4 {
		wg.Go(func() {
			p, err := db.ChoosePassword(t.Context(), "token", "$hash", time.Now())
			if err == nil && p.ID == jo.ID && p.Password && p.Factor {
				good.Add(1)
			} else if !errors.Is(err, store.ErrNotFound) {
				t.Error(p, err)
			}
		})
	}
	wg.Wait()
	if s, err := db.Secrets(t.Context(), jo.ID); good.Load() != 1 || s != (stat.Secrets{Password: "$hash", TOTP: "KEY"}) || err != nil {
		t.Errorf("the link was good %d times, and left %+v, %v", good.Load(), s, err)
	}
}

func TestFirstAdministrator(t *testing.T) {
	db := open(t)
	zoe := stat.Person{Name: "zoe", Title: "Zoë", Role: stat.Viewer, Disabled: true, By: "Zoë"}
	first := func(token string, p stat.Person, password string) (stat.Person, error) {
		return db.FirstAdministrator(t.Context(), token, p, password)
	}
	keepLink(t, db, "before", hour(store.LinkFirst, 0))
	keepLink(t, db, "token", hour(store.LinkFirst, 0))
	late := zoe
	late.At = time.Now().Add(2 * time.Hour)
	for name, tc := range map[string]struct {
		token, password string
		p               stat.Person
		want            error
	}{
		"unknown":     {"other", "$hash", zoe, store.ErrNotFound},
		"replaced":    {"before", "$hash", zoe, store.ErrNotFound},
		"over":        {"token", "$hash", late, store.ErrNotFound},
		"no password": {"token", "", zoe, store.ErrInvalid},
		"no title":    {"token", "$hash", stat.Person{Name: "zoe", By: "Zoë"}, store.ErrInvalid},
	} {
		if p, err := first(tc.token, tc.p, tc.password); !errors.Is(err, tc.want) || p != (stat.Person{}) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if all, err := db.People(t.Context()); err != nil || len(all) != 0 {
		t.Fatalf("left %+v, %v", all, err)
	}

	// What failed did not use the link up; of two at once, one is the first.
	before := len(trail(t, db))
	var wg sync.WaitGroup
	var good atomic.Int32
	for _, name := range []string{"zoe", "yan"} {
		wg.Go(func() {
			p := zoe
			p.Name = name
			got, err := first("token", p, "$hash")
			switch {
			case err == nil:
				good.Add(1)
				held, err := db.Person(t.Context(), got.ID)
				if got.Role != stat.Administrator || got.Disabled || !got.Password || held != got || err != nil {
					t.Errorf("%+v is kept as %+v, %v", got, held, err)
				}
			case !errors.Is(err, store.ErrNotFound):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	after := trail(t, db)
	if good.Load() != 1 || len(after) != before+1 || after[before].What != "person.add" || after[before].On != "person 1" {
		t.Errorf("%d first administrators; %+v", good.Load(), after[before:])
	}
	if s, err := db.Secrets(t.Context(), 1); s != (stat.Secrets{Password: "$hash"}) || err != nil {
		t.Errorf("secrets %+v, %v", s, err)
	}
	keepLink(t, db, "second", hour(store.LinkFirst, 0))
	zoe.Name = "second"
	if _, err := first("second", zoe, "$hash"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("with an administrator there: %v", err)
	}
}

// Whoever else is there, be it an administrator who may not sign in, the first
// who may can still be made: by a name that is nobody's.
func TestFirstAdministratorBesideOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	add(t, db, "jo", "Jo", stat.Publisher)
	gone, other := add(t, db, "gone", "Gone", stat.Administrator), add(t, db, "other", "Other", stat.Administrator)
	gone.Disabled = true
	if _, err := db.ChangePerson(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	administered := func(want bool) {
		t.Helper()
		if there, err := db.Administered(t.Context()); there != want || err != nil {
			t.Errorf("that an administrator may sign in is %v, %v", there, err)
		}
	}
	administered(true)
	exec(t, path, fmt.Sprintf(`UPDATE standing SET role = 'publisher' WHERE person = %d`, other.ID)) // which no program of ours lets happen
	administered(false)
	keepLink(t, db, "token", hour(store.LinkFirst, 0))
	if _, err := db.FirstAdministrator(t.Context(), "token", stat.Person{Name: "JO", Title: "Jo", By: "Jo"}, "$hash"); !errors.Is(err, store.ErrTaken) {
		t.Errorf("by a name that is somebody's: %v", err)
	}
	p, err := db.FirstAdministrator(t.Context(), "token", stat.Person{Name: "zoe", Title: "Zoë", By: "Zoë"}, "$hash")
	if err != nil || p.Role != stat.Administrator || !p.Password {
		t.Errorf("%+v, %v", p, err)
	}
	administered(true)
}

// A link ends with what it could be used in place of: by a new password, and by
// a disabling. Another's, and one of somebody whose second factor or role is
// another, does not.
func TestLinksEnd(t *testing.T) {
	db := open(t)
	ctx := t.Context()
	add(t, db, "other", "Other", stat.Administrator)
	jo, al := add(t, db, "jo", "Jo", stat.Analyst), add(t, db, "al", "Al", stat.Viewer)
	change := func(how func(*stat.Person)) error {
		p, err := db.Person(ctx, jo.ID)
		if err == nil {
			p.By = "Ann"
			how(&p)
			_, err = db.ChangePerson(ctx, p)
		}
		return err
	}
	for what, tc := range map[string]struct {
		do   func() error
		ends bool
	}{
		"a new password": {func() error { return db.SetPassword(ctx, jo.ID, "$hash", "Jo", morning) }, true},
		"another link": {func() error {
			keepLink(t, db, "password", hour(store.LinkPassword, jo.ID))
			return only(db.ChoosePassword(ctx, "password", "$hash", time.Now()))
		}, true},
		"a disabling": {func() error {
			return errors.Join(change(func(p *stat.Person) { p.Disabled = true }), change(func(p *stat.Person) { p.Disabled = false }))
		}, true},
		"a new key":    {func() error { return db.SetTOTP(ctx, jo.ID, "KEY", "Jo", morning) }, false},
		"a role":       {func() error { return change(func(p *stat.Person) { p.Role = stat.Publisher }) }, false},
		"what failed":  {func() error { _ = db.SetPassword(ctx, jo.ID, "$hash", "", morning); return nil }, false},
		"nothing done": {func() error { return nil }, false},
	} {
		keepLink(t, db, "sign-in", hour(store.LinkSignIn, jo.ID))
		keepLink(t, db, "password", hour(store.LinkPassword, jo.ID))
		keepLink(t, db, "another's", hour(store.LinkPassword, al.ID))
		if err := tc.do(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		for token, ends := range map[string]bool{"sign-in": tc.ends, "password": tc.ends, "another's": false} {
			if _, err := db.PeekLink(ctx, token, time.Now()); errors.Is(err, store.ErrNotFound) != ends {
				t.Errorf("%s: the link %q: %v", what, token, err)
			}
		}
		for _, token := range []string{"sign-in", "password", "another's"} {
			_, _ = db.UseLink(ctx, token, time.Now())
		}
	}
}
