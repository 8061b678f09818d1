package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// add adds a person who has what a list of people needs.
func add(t testing.TB, db *store.DB, name, title string, role stat.Role) stat.Person {
	t.Helper()
	p, err := db.AddPerson(t.Context(), stat.Person{Name: name, Title: title, Role: role, By: "Ann", At: morning})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPeople(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	list := func() ([]stat.Person, error) { return db.People(t.Context()) }
	holds(t, list)
	zoe := add(t, db, " Zoë.King ", " Zoë King ", stat.Administrator)
	ali, err := db.AddPerson(t.Context(), stat.Person{Title: "ali Baker", Role: stat.Viewer, Issuer: "https://login.example/t1", Subject: "S-1", By: "Bellwether", At: morning})
	if err != nil {
		t.Fatal(err)
	}
	want := stat.Person{ID: 1, Name: "Zoë.King", Title: "Zoë King", Role: stat.Administrator, Stamp: 1, By: "Ann", At: morning}
	if diff := cmp.Diff(want, zoe); diff != "" {
		t.Errorf("added (-want +got):\n%s", diff)
	}
	holds(t, list, ali, zoe)

	for how, find := range map[string]func() (stat.Person, error){
		"by number":       func() (stat.Person, error) { return db.Person(t.Context(), zoe.ID) },
		"by name":         func() (stat.Person, error) { return db.PersonNamed(t.Context(), "Zoë.King") },
		"by name, folded": func() (stat.Person, error) { return db.PersonNamed(t.Context(), " zOË.kING") },
	} {
		if p, err := find(); p != zoe || err != nil {
			t.Errorf("%s: %+v, %v", how, p, err)
		}
	}
	if p, err := db.PersonOf(t.Context(), ali.Issuer, ali.Subject); p != ali || err != nil {
		t.Errorf("by identity: %+v, %v", p, err)
	}
	for how, find := range map[string]func() (stat.Person, error){
		"no such number":      func() (stat.Person, error) { return db.Person(t.Context(), 9) },
		"no such name":        func() (stat.Person, error) { return db.PersonNamed(t.Context(), "Zoë") },
		"no name":             func() (stat.Person, error) { return db.PersonNamed(t.Context(), " ") },
		"a title":             func() (stat.Person, error) { return db.PersonNamed(t.Context(), "Zoë King") },
		"another issuer":      func() (stat.Person, error) { return db.PersonOf(t.Context(), "https://login.example/t2", "S-1") },
		"a subject's capital": func() (stat.Person, error) { return db.PersonOf(t.Context(), ali.Issuer, "s-1") },
		"no identity":         func() (stat.Person, error) { return db.PersonOf(t.Context(), "", "") },
	} {
		if p, err := find(); !errors.Is(err, store.ErrNotFound) || p != (stat.Person{}) {
			t.Errorf("%s: %+v, %v", how, p, err)
		}
	}

	// What somebody is known by stays, whatever the change says.
	changed, err := db.ChangePerson(t.Context(), stat.Person{ID: ali.ID, Name: "x", Issuer: "y", Subject: "z",
		Title: "Ali Baker", Role: stat.Publisher, Disabled: true, By: "Zoë", At: morning.Add(time.Hour)})
	ali.Title, ali.Role, ali.Disabled, ali.Stamp, ali.By, ali.At = "Ali Baker", stat.Publisher, true, 2, "Zoë", morning.Add(time.Hour)
	if changed != ali || err != nil {
		t.Errorf("changed: %+v, %v", changed, err)
	}
	holds(t, list, ali, zoe)
	if head, _ := db.Head(t.Context()); head.Detail != "title Ali Baker, was ali Baker; publisher, was viewer; disabled on" {
		t.Errorf("the change is told as %q", head.Detail)
	}
	db.Close()
	if n := rows(t, path, "standing"); n != 3 {
		t.Errorf("%d rows are kept, want all 3", n)
	}
}

func TestPeopleRefused(t *testing.T) {
	db := open(t)
	jo := add(t, db, "jo", "Jo", stat.Administrator)
	sso := stat.Person{Title: "Ali", Role: stat.Viewer, Issuer: "https://login.example", Subject: "1", By: "Ann"}
	if _, err := db.AddPerson(t.Context(), sso); err != nil {
		t.Fatal(err)
	}
	both := sso
	both.Name, both.Subject = "JO", "2"
	for name, tc := range map[string]struct {
		p    stat.Person
		want error
	}{
		"no name, no identity": {stat.Person{Title: "A", Role: stat.Viewer, By: "Ann"}, store.ErrInvalid},
		"an issuer alone":      {stat.Person{Name: "a", Title: "A", Issuer: "i", Role: stat.Viewer, By: "Ann"}, store.ErrInvalid},
		"a subject alone":      {stat.Person{Name: "a", Title: "A", Subject: "s", Role: stat.Viewer, By: "Ann"}, store.ErrInvalid},
		"a space in the name":  {stat.Person{Name: "a b", Title: "A", Role: stat.Viewer, By: "Ann"}, store.ErrInvalid},
		"a line in the name":   {stat.Person{Name: "a\nb", Title: "A", Role: stat.Viewer, By: "Ann"}, store.ErrInvalid},
		"a hidden letter":      {stat.Person{Name: "j\u200bo", Title: "A", Role: stat.Viewer, By: "Ann"}, store.ErrInvalid},
		"a long name":          {stat.Person{Name: strings.Repeat("a", 201), Title: "A", Role: stat.Viewer, By: "Ann"}, store.ErrInvalid},
		"a long title":         {stat.Person{Name: "a", Title: strings.Repeat("a", 201), Role: stat.Viewer, By: "Ann"}, store.ErrInvalid},
		"no title":             {stat.Person{Name: "a", Title: " ", Role: stat.Viewer, By: "Ann"}, store.ErrInvalid},
		"no role":              {stat.Person{Name: "a", Title: "A", By: "Ann"}, store.ErrInvalid},
		"no such role":         {stat.Person{Name: "a", Title: "A", Role: "root", By: "Ann"}, store.ErrInvalid},
		"nobody":               {stat.Person{Name: "a", Title: "A", Role: stat.Viewer, By: " "}, store.ErrInvalid},
		"a name that is taken": {stat.Person{Name: "Jo ", Title: "A", Role: stat.Viewer, By: "Ann"}, store.ErrTaken},
		"an identity":          {sso, store.ErrTaken},
		"a name, with another": {both, store.ErrTaken},
	} {
		if p, err := db.AddPerson(t.Context(), tc.p); !errors.Is(err, tc.want) || p != (stat.Person{}) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	for name, tc := range map[string]struct {
		p    stat.Person
		want error
	}{
		"nobody there": {stat.Person{ID: 9, Title: "A", Role: stat.Viewer, By: "Ann"}, store.ErrNotFound},
		"no title":     {stat.Person{ID: jo.ID, Role: stat.Administrator, By: "Ann"}, store.ErrInvalid},
		"no role":      {stat.Person{ID: jo.ID, Title: "Jo", By: "Ann"}, store.ErrInvalid},
		"by nobody":    {stat.Person{ID: jo.ID, Title: "Jo", Role: stat.Administrator}, store.ErrInvalid},
	} {
		if p, err := db.ChangePerson(t.Context(), tc.p); !errors.Is(err, tc.want) || p != (stat.Person{}) {
			t.Errorf("change, %s: %+v, %v", name, p, err)
		}
	}
	if all, err := db.People(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("%+v, %v", all, err)
	}
	jo.Disabled = true
	add(t, db, "other", "Other", stat.Administrator)
	if _, err := db.ChangePerson(t.Context(), jo); err != nil {
		t.Fatal(err)
	}
	if _, err := db.AddPerson(t.Context(), stat.Person{Name: "jo", Title: "A", Role: stat.Viewer, By: "Ann"}); !errors.Is(err, store.ErrTaken) {
		t.Errorf("a name of somebody disabled: %v", err)
	}
}

func TestLastAdministrator(t *testing.T) {
	db := open(t)
	add(t, db, "viewer", "Viewer", stat.Viewer)
	ann, bob := add(t, db, "ann", "Ann", stat.Administrator), add(t, db, "bob", "Bob", stat.Administrator)
	change := func(p stat.Person, role stat.Role, disabled bool) error {
		p.Role, p.Disabled, p.By = role, disabled, "Ann"
		_, err := db.ChangePerson(t.Context(), p)
		return err
	}
	if err := change(ann, stat.Administrator, true); err != nil {
		t.Fatalf("one of two: %v", err)
	}
	for name, err := range map[string]error{
		"demoted":  change(bob, stat.Publisher, false),
		"disabled": change(bob, stat.Administrator, true),
		"both":     change(bob, stat.Viewer, true),
	} {
		if !errors.Is(err, store.ErrLastAdministrator) {
			t.Errorf("the last, %s: %v", name, err)
		}
	}
	bob.Title = "Robert"
	for _, step := range []struct {
		what     string
		p        stat.Person
		role     stat.Role
		disabled bool
	}{
		{"a new title", bob, stat.Administrator, false},
		{"the disabled one, demoted", ann, stat.Viewer, true},
		{"and let back", ann, stat.Administrator, false},
		{"then the other goes", bob, stat.Viewer, false},
	} {
		if err := change(step.p, step.role, step.disabled); err != nil {
			t.Errorf("%s: %v", step.what, err)
		}
	}
	if err := change(ann, stat.Publisher, false); !errors.Is(err, store.ErrLastAdministrator) {
		t.Errorf("now the other is the last: %v", err)
	}
}

// Of two administrators who put each other out at once, one stays.
func TestLastAdministratorAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	one, two := openAt(t, path), openAt(t, path)
	pair := []stat.Person{add(t, one, "ann", "Ann", stat.Administrator), add(t, one, "bob", "Bob", stat.Administrator)}
	var wg sync.WaitGroup
	var refused atomic.Int32
	for i, db := range []*store.DB{one, two} {
		wg.Go(func() {
			p := pair[i]
			p.Disabled = true
			if _, err := db.ChangePerson(t.Context(), p); errors.Is(err, store.ErrLastAdministrator) {
				refused.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if refused.Load() != 1 {
		t.Errorf("%d of two were refused, want one", refused.Load())
	}
}

func TestSecrets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	jo := add(t, db, "jo", "Jo", stat.Analyst)
	check := func(want stat.Secrets) {
		t.Helper()
		if got, err := db.Secrets(t.Context(), jo.ID); got != want || err != nil {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
		p, err := db.Person(t.Context(), jo.ID)
		if err != nil || p.Password != (want.Password != "") || p.Factor != (want.TOTP != "") {
			t.Errorf("%+v, %v, with %+v", p, err, want)
		}
	}
	set := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	step := func(n int64, want bool) {
		t.Helper()
		if got, err := db.UseStep(t.Context(), jo.ID, n); got != want || err != nil {
			t.Errorf("step %d: %v, %v", n, got, err)
		}
	}
	check(stat.Secrets{})
	step(1, false)
	set(db.SetTOTP(t.Context(), jo.ID, "KEY1", "Jo", morning))
	check(stat.Secrets{TOTP: "KEY1"})
	set(db.SetPassword(t.Context(), jo.ID, "$argon2id$hash1", "Jo", morning))
	step(58, true)
	step(58, false)
	step(57, false)
	step(60, true)
	set(db.SetPassword(t.Context(), jo.ID, "$argon2id$hash2", "Jo", morning))
	check(stat.Secrets{Password: "$argon2id$hash2", TOTP: "KEY1", Step: 60})
	set(db.SetTOTP(t.Context(), jo.ID, "KEY2", "Jo", morning))
	check(stat.Secrets{Password: "$argon2id$hash2", TOTP: "KEY2"})
	step(58, true)
	set(db.SetTOTP(t.Context(), jo.ID, "", "Ann", morning))
	check(stat.Secrets{Password: "$argon2id$hash2"})
	step(99, false)
	if head, _ := db.Head(t.Context()); head.Detail != "taken away" {
		t.Errorf("the key's end is told as %q", head.Detail)
	}

	for name, tc := range map[string]struct{ got, want error }{
		"nobody's password":    {db.SetPassword(t.Context(), 9, "x", "Ann", morning), store.ErrNotFound},
		"no password":          {db.SetPassword(t.Context(), jo.ID, "", "Ann", morning), store.ErrInvalid},
		"a password by no one": {db.SetPassword(t.Context(), jo.ID, "x", " ", morning), store.ErrInvalid},
		"nobody's key":         {db.SetTOTP(t.Context(), 9, "x", "Ann", morning), store.ErrNotFound},
		"a key by no one":      {db.SetTOTP(t.Context(), jo.ID, "x", "", morning), store.ErrInvalid},
	} {
		if !errors.Is(tc.got, tc.want) {
			t.Errorf("%s: %v", name, tc.got)
		}
	}
	if _, err := db.Secrets(t.Context(), 9); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nobody's secrets: %v", err)
	}
	check(stat.Secrets{Password: "$argon2id$hash2"})
	db.Close()
	if kept := texts(t, path, `SELECT password FROM secret`); len(kept) != 1 {
		t.Errorf("%d secrets are kept, want the latest", len(kept))
	}
}

// Where there is a second factor no other takes its place at the door, also
// where two are set up at once.
func TestEnrolTOTP(t *testing.T) {
	db := open(t)
	jo := add(t, db, "jo", "Jo", stat.Analyst)
	if err := db.SetPassword(t.Context(), jo.ID, "$hash", "Jo", morning); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var kept atomic.Pointer[string]
	for i := range 4 {
		wg.Go(func() {
			key := fmt.Sprintf("KEY%d", i)
			err := db.EnrolTOTP(t.Context(), jo.ID, key, "Jo", morning)
			if err == nil && !kept.CompareAndSwap(nil, &key) || err != nil && !errors.Is(err, store.ErrTaken) {
				t.Errorf("%s: %v", key, err)
			}
		})
	}
	wg.Wait()
	if s, err := db.Secrets(t.Context(), jo.ID); kept.Load() == nil || s != (stat.Secrets{Password: "$hash", TOTP: *kept.Load()}) || err != nil {
		t.Fatalf("kept are %+v, %v", s, err)
	}
	other := add(t, db, "other", "Other", stat.Analyst)
	for name, tc := range map[string]struct{ got, want error }{
		"nobody's":  {db.EnrolTOTP(t.Context(), 9, "KEY", "Jo", morning), store.ErrNotFound},
		"none":      {db.EnrolTOTP(t.Context(), other.ID, "", "Jo", morning), store.ErrInvalid},
		"by no one": {db.EnrolTOTP(t.Context(), other.ID, "KEY", "", morning), store.ErrInvalid},
	} {
		if !errors.Is(tc.got, tc.want) {
			t.Errorf("%s: %v", name, tc.got)
		}
	}
	if err := db.SetTOTP(t.Context(), jo.ID, "", "Ann", morning); err != nil {
		t.Fatal(err)
	}
	if err := db.EnrolTOTP(t.Context(), jo.ID, "NEW", "Jo", morning); err != nil {
		t.Errorf("after it is taken away: %v", err)
	}
}

// One code serves once, also where two send it at once.
func TestStepAtOnce(t *testing.T) {
	db := open(t)
	jo := add(t, db, "jo", "Jo", stat.Analyst)
	if err := db.SetTOTP(t.Context(), jo.ID, "KEY", "Jo", morning); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var good atomic.Int32
	for range 8 {
		wg.Go(func() {
			ok, err := db.UseStep(t.Context(), jo.ID, 7)
			if err != nil {
				t.Error(err)
			}
			if ok {
				good.Add(1)
			}
		})
	}
	wg.Wait()
	if good.Load() != 1 {
		t.Errorf("one code was good %d times", good.Load())
	}
}

// Records name who did a thing by the title, so no two people share one.
func TestTitlesTellPeopleApart(t *testing.T) {
	db := open(t)
	first, err := db.AddPerson(t.Context(), stat.Person{Name: "jo.smith", Title: "Jo Smith", Role: stat.Analyst, By: "test"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := db.AddPerson(t.Context(), stat.Person{Name: "jo.smith2", Title: "jo smith ", Role: stat.Publisher, By: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if first.Title != "Jo Smith" || second.Title != stat.Apart("jo smith", second.ID) {
		t.Errorf("they are called %q and %q", first.Title, second.Title)
	}
	second.Title, second.By = "Jo Smith", "test"
	if second, err = db.ChangePerson(t.Context(), second); err != nil || second.Title != stat.Apart("Jo Smith", second.ID) {
		t.Errorf("renamed, the second is called %q: %v", second.Title, err)
	}
	first.By = "test"
	if first, err = db.ChangePerson(t.Context(), first); err != nil || first.Title != "Jo Smith" {
		t.Errorf("changed, the first is called %q: %v", first.Title, err)
	}
}

// What somebody has proved counts until one of their secrets is another or they
// are disabled, and never again after it; each of these adds one. Nothing else
// ends it.
func TestStampRises(t *testing.T) {
	db := open(t)
	add(t, db, "other", "Other", stat.Administrator)
	jo := add(t, db, "jo", "Jo", stat.Viewer)
	change := func(how func(*stat.Person)) error {
		p, err := db.Person(t.Context(), jo.ID)
		if err == nil {
			p.By, p.At = "Ann", morning
			how(&p)
			p, err = db.ChangePerson(t.Context(), p)
		}
		if held, err := db.Person(t.Context(), jo.ID); err != nil || held.Stamp != p.Stamp {
			t.Errorf("kept is the stamp %d, told %d, %v", held.Stamp, p.Stamp, err)
		}
		return err
	}
	ctx, id, at := t.Context(), jo.ID, morning
	for i, step := range []struct {
		what string
		do   func() error
		adds int64
	}{
		{"a password", func() error { return db.SetPassword(ctx, id, "$hash", "Jo", at) }, 1},
		{"the same again", func() error { return db.SetPassword(ctx, id, "$hash", "Jo", at) }, 1},
		{"a first key", func() error { return db.EnrolTOTP(ctx, id, "KEY", "Jo", at) }, 1},
		{"a code", func() error { return only(db.UseStep(ctx, id, 7)) }, 0},
		{"another key", func() error { return db.SetTOTP(ctx, id, "KEY2", "Jo", at) }, 1},
		{"none any more", func() error { return db.SetTOTP(ctx, id, "", "Jo", at) }, 1},
		{"another title", func() error { return change(func(p *stat.Person) { p.Title = "Jo Smith" }) }, 0},
		{"another role", func() error { return change(func(p *stat.Person) { p.Role = stat.Analyst }) }, 0},
		{"disabled", func() error { return change(func(p *stat.Person) { p.Disabled = true }) }, 1},
		{"still disabled", func() error { return change(func(p *stat.Person) { p.Title = "Jo" }) }, 0},
		{"let in", func() error { return change(func(p *stat.Person) { p.Disabled = false }) }, 0},
		{"a link", func() error { return db.KeepLink(ctx, "token", hour(store.LinkPassword, id)) }, 0},
		{"a password by it", func() error { return only(db.ChoosePassword(ctx, "token", "$hash", time.Now())) }, 1},
	} {
		before, err := db.Person(ctx, id)
		if err == nil {
			err = step.do()
		}
		after, missing := db.Person(ctx, id)
		if err != nil || missing != nil || after.Stamp != before.Stamp+step.adds || before.Stamp == 0 {
			t.Errorf("%d, %s: the stamp is %d, was %d; %v, %v", i, step.what, after.Stamp, before.Stamp, err, missing)
		}
	}
}

// What goes wrong is told without saying of whom but by number: such an error
// may stand in a log.
func TestErrorsNameNobody(t *testing.T) {
	db := open(t)
	ann := add(t, db, "zebedee", "Zebedee Quartermain", stat.Administrator)
	vouched := stat.Person{Title: "Zebedee", Role: stat.Viewer, Issuer: "https://zebedee.example", Subject: "zebedee-1", By: "Ann"}
	if _, err := db.AddPerson(t.Context(), vouched); err != nil {
		t.Fatal(err)
	}
	ann.Role = stat.Viewer
	gone := func(_ stat.Person, err error) error { return err }
	for what, err := range map[string]error{
		"a name that is taken":      gone(db.AddPerson(t.Context(), stat.Person{Name: "Zebedee", Title: "Zebedee", Role: stat.Viewer, By: "Ann"})),
		"an identity that is taken": gone(db.AddPerson(t.Context(), vouched)),
		"the last administrator":    gone(db.ChangePerson(t.Context(), ann)),
		"no such name":              gone(db.PersonNamed(t.Context(), "zebedee.q")),
		"no such identity":          gone(db.PersonOf(t.Context(), "https://zebedee.example", "zebedee-2")),
	} {
		if err == nil || strings.Contains(strings.ToLower(err.Error()), "zebedee") {
			t.Errorf("%s: %v", what, err)
		}
	}
	db.Close()
	for what, err := range map[string]error{
		"added": gone(db.AddPerson(t.Context(), vouched)), "changed": gone(db.ChangePerson(t.Context(), ann)), "by name": gone(db.PersonNamed(t.Context(), "zebedee")),
		"by identity": gone(db.PersonOf(t.Context(), vouched.Issuer, vouched.Subject)), "a password": db.SetPassword(t.Context(), ann.ID, "$hash", "Zebedee", morning),
	} {
		if err == nil || strings.Contains(strings.ToLower(err.Error()), "zebedee") {
			t.Errorf("with the file closed, %s: %v", what, err)
		}
	}
}
