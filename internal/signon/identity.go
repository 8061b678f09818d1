package signon

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/coreos/go-oidc/v3/oidc"

	"bellwether/internal/stat"
)

// Identity is who the provider says somebody is. Issuer and Subject know a
// person, and nothing else does: names and addresses change hands.
type Identity struct {
	Issuer, Subject string
	Title           string    // the name to show; the subject where the provider gives none
	Role            stat.Role // the highest its claim names; "" where it names none
}

var (
	// ErrUnknown is somebody to whom neither the provider nor Bellwether gives
	// a role.
	ErrUnknown = errors.New("nobody has given this person a role")
	// ErrDisabled is somebody whom an administrator has shut out.
	ErrDisabled = errors.New("this account is disabled")
)

// Admit says what the person is from now on: known with the provider's role
// and title, or as it was where the provider gives no role. Known is the person
// of this issuer and subject, the zero Person for none; the answer differs from
// it where it is to be added (its ID is 0) or changed.
func (i Identity) Admit(known stat.Person) (stat.Person, error) {
	p := known
	switch {
	case known.ID == 0 && i.Role == "":
		return stat.Person{}, fmt.Errorf("%w: ask an administrator to add the subject %s of %s", ErrUnknown, i.Subject, i.Issuer)
	case known.Disabled:
		return stat.Person{}, ErrDisabled
	case known.ID != 0 && (known.Issuer != i.Issuer || known.Subject != i.Subject):
		return stat.Person{}, fmt.Errorf("%w: person %d is not the subject %s of %s", ErrUnknown, known.ID, i.Subject, i.Issuer)
	case known.ID == 0:
		p = stat.Person{Issuer: i.Issuer, Subject: i.Subject, Title: short(i.Title)}
	case i.Title != i.Subject && known.Title != stat.Apart(i.Title, known.ID):
		p.Title = i.Title
	}
	if i.Role != "" {
		p.Role = i.Role
	}
	return p, nil
}

// identity reads a token that has been verified.
func (p *Provider) identity(id *oidc.IDToken) (Identity, error) {
	var claims map[string]json.RawMessage
	if err := id.Claims(&claims); err != nil {
		return Identity{}, fmt.Errorf("%w: reading its claims: %w", ErrRefused, err)
	}
	who := Identity{Issuer: id.Issuer, Subject: id.Subject, Title: id.Subject}
	for _, claim := range []string{"preferred_username", "name"} {
		if title := shown(claims[claim]); title != "" {
			who.Title = title
		}
	}
	for _, value := range texts(claims[p.claim]) {
		if r := p.role(value); who.Role == "" || r.May(who.Role) {
			who.Role = r
		}
	}
	return who, nil
}

// role that a value of the claim stands for, "" for none.
func (p *Provider) role(value string) stat.Role {
	if p.roles != nil {
		return p.roles[value]
	}
	r, _ := stat.ParseRole(value)
	return r
}

// texts of a claim that is one text or a list of them.
func texts(raw json.RawMessage) []string {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}
	}
	var list []any
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	var out []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// shown is a name fit for a page and a log: one line, not too long.
func shown(raw json.RawMessage) string {
	words := strings.FieldsFunc(strings.Join(texts(raw), " "), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
	return short(strings.Join(words, " "))
}

// short cuts a title to a hundred characters.
func short(title string) string {
	runes := []rune(title)
	return string(runes[:min(len(runes), 100)])
}
