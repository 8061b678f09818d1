package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// A role is the provider's while it stands as the provider gave it: another
// title or a disabling changes nothing of that, and what somebody else gives is
// theirs.
func TestVouch(t *testing.T) {
	db := open(t)
	add(t, db, "other", "Other", stat.Administrator)
	p, err := db.Vouch(t.Context(), stat.Person{Title: "Ali", Role: stat.Viewer, Issuer: "https://login.example", Subject: "1", By: "Ann", At: morning})
	if err != nil || !p.Vouched {
		t.Fatalf("added: %+v, %v", p, err)
	}
	for i, step := range []struct {
		what string
		by   func(context.Context, stat.Person) (stat.Person, error)
		how  func(*stat.Person)
		want bool
	}{
		{"another title", db.ChangePerson, func(p *stat.Person) { p.Title = "Ali Baker" }, true},
		{"disabled", db.ChangePerson, func(p *stat.Person) { p.Disabled = true }, true},
		{"let in", db.ChangePerson, func(p *stat.Person) { p.Disabled = false }, true},
		{"a role by somebody", db.ChangePerson, func(p *stat.Person) { p.Role = stat.Analyst }, false},
		{"the provider's title", db.Vouch, func(p *stat.Person) { p.Title = "Alison" }, false},
		{"the provider's role", db.Vouch, func(p *stat.Person) { p.Role = stat.Publisher }, true},
		{"what the first said, by somebody", db.ChangePerson, func(p *stat.Person) { p.Role = stat.Viewer }, false},
	} {
		step.how(&p)
		told, err := step.by(t.Context(), p)
		held, missing := db.Person(t.Context(), p.ID)
		if err != nil || missing != nil || told != held || held.Vouched != step.want {
			t.Errorf("%d, %s: told %+v, kept %+v; %v, %v", i, step.what, told, held, err, missing)
		}
		p = held
	}
	asked := p
	p.Disabled = true
	if _, err := db.ChangePerson(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	asked.Title = "Alison B"
	if p, err := db.Vouch(t.Context(), asked); !errors.Is(err, store.ErrShutOut) {
		t.Errorf("disabled since the provider was asked: %+v, %v", p, err)
	}
	if p, err := db.AddPerson(t.Context(), stat.Person{Name: "ali", Title: "A", Role: stat.Viewer, Vouched: true, By: "Ann"}); err != nil || p.Vouched {
		t.Errorf("added by somebody: %+v, %v", p, err)
	}
}

// Whoever is disabled while what they asked for waits does it no longer.
func TestDisabledWhileItWaits(t *testing.T) {
	db := open(t)
	add(t, db, "ada", "Ada", stat.Administrator)
	pat := add(t, db, "pat", "Pat", stat.Publisher)
	b := keep(t, db, restated[0].submission(0))
	ctx := store.As(t.Context(), pat.ID)
	pat.Disabled = true
	_, err := db.ChangePerson(t.Context(), pat)
	must(t, err)
	acts := len(trail(t, db))
	if err := second(db.Publish(ctx, b.ID, "Pat", "", time.Time{}, morning)); !errors.Is(err, store.ErrShutOut) {
		t.Errorf("published: %v", err)
	}
	if n := len(trail(t, db)); n != acts {
		t.Errorf("%d acts, want %d", n, acts)
	}
	pat.Disabled = false
	_, err = db.ChangePerson(t.Context(), pat)
	must(t, err)
	must(t, second(db.Publish(ctx, b.ID, "Pat", "", time.Time{}, morning)))
}
