package stat

import (
	"fmt"
	"slices"
	"time"
)

// Role is what a person may do: all that those before it may, and more.
type Role string

const (
	Viewer        Role = "viewer"        // reads what is published
	Analyst       Role = "analyst"       // uploads, comments, sees drafts
	Publisher     Role = "publisher"     // signs figures off and issues reports
	Administrator Role = "administrator" // looks after people and settings
)

// Roles are in order of what they may do.
var Roles = []Role{Viewer, Analyst, Publisher, Administrator}

// May reports whether the role is one that may do what needs the other. What
// is no role may nothing.
func (r Role) May(need Role) bool {
	has, wants := slices.Index(Roles, r), slices.Index(Roles, need)
	return wants >= 0 && has >= wants
}

// ParseRole reads a role's name; the error names those there are.
func ParseRole(s string) (Role, error) {
	if r := Role(Fold(s)); slices.Contains(Roles, r) {
		return r, nil
	}
	return "", fmt.Errorf("%q is no role: choose viewer, analyst, publisher or administrator", s)
}

// Person may sign in. One whom a provider vouches for is known by Issuer and
// Subject, never by a name or an address; a local account has neither. Where
// the provider signs them in, Name is only what the command line calls them.
type Person struct {
	ID       int64     `json:"id"`
	Name     string    `json:"name"`  // what a local account signs in with; unique whatever its case
	Title    string    `json:"title"` // as pages and records show it: "Jo Smith"; unique
	Role     Role      `json:"role"`
	Disabled bool      `json:"disabled"`
	Issuer   string    `json:"issuer,omitempty"`
	Subject  string    `json:"subject,omitempty"`
	Password bool      `json:"password"`     // whether it has one
	Factor   bool      `json:"secondFactor"` // whether one-time codes are set up
	Vouched  bool      `json:"-"`            // whether the role is the provider's word
	Stamp    int64     `json:"-"`            // rises by one with each new secret and each disabling: what was proved before it counts no longer
	By       string    `json:"by"`           // who last changed it
	At       time.Time `json:"at"`
}

// Local reports whether they sign in with a name and a password of Bellwether's
// own.
func (p Person) Local() bool { return p.Name != "" && p.Issuer == "" }

// Apart is a title that somebody else has too, told apart by the number of the
// person: records name who did a thing by the title alone.
func Apart(title string, id int64) string { return fmt.Sprintf("%s (%d)", title, id) }

// Secrets are what a local account proves itself by. They are kept apart from
// the person, so that no list holds them.
type Secrets struct {
	Password string // argon2id, encoded; "" for none
	TOTP     string // base32 key of the one-time codes; "" for none
	Step     int64  // time step of the last code that was used; none before or at it counts again
}
