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
// Subject, never by a name or an address; a local account has neither.
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
	By       string    `json:"by"`           // who last changed it
	At       time.Time `json:"at"`
}

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

// Act is one thing somebody did, as the audit trail keeps it. Each holds the
// hash of the one before, so that a change to any shows in all that follow.
type Act struct {
	Number int64     `json:"number"` // from 1, without gaps
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	Person int64     `json:"person,omitempty"` // the number of who it was; 0 where nobody had signed in
	What   string    `json:"what"`             // "import.publish"
	On     string    `json:"on"`               // "import 12", "report issue 3", "person 4"
	Detail string    `json:"detail,omitempty"` // never a figure, a secret or a token
	Before string    `json:"before"`           // hash of the act before, 64 zeros for the first
	Hash   string    `json:"hash"`             // SHA-256, in hex, of all the above
}

// Settings are what an administrator decides for the whole council.
type Settings struct {
	Public       bool           `json:"public"`       // published figures may be read without signing in
	SecondPerson bool           `json:"secondPerson"` // who stored an import may not publish it
	MaskViewers  bool           `json:"maskViewers"`  // small counts are masked for viewers too, not the public alone
	Threshold    int            `json:"threshold"`    // counts from 1 to this are masked; 0 masks none
	Thresholds   map[string]int `json:"thresholds"`   // of single measures, by code
	By           string         `json:"by"`
	At           time.Time      `json:"at"` // zero where nobody has changed them
}

// DefaultSettings hold until an administrator changes them.
var DefaultSettings = Settings{Threshold: 5}

// ThresholdOf is that of a measure.
func (s Settings) ThresholdOf(measure string) int {
	if n, ok := s.Thresholds[measure]; ok {
		return n
	}
	return s.Threshold
}

// MasksLess reports whether less may be masked for viewers than under other
// settings.
func (s Settings) MasksLess(than Settings) bool {
	if !s.MaskViewers || !than.MaskViewers {
		return than.MaskViewers
	}
	less := s.Threshold < than.Threshold
	for _, own := range []map[string]int{s.Thresholds, than.Thresholds} {
		for measure := range own {
			less = less || s.ThresholdOf(measure) < than.ThresholdOf(measure)
		}
	}
	return less
}

// Steward is who answers for a measure of the council.
type Steward struct {
	Measure    string    `json:"measure"`
	Owner      string    `json:"owner"`           // "Head of Safeguarding"; "" for nobody named
	Review     Date      `json:"review,omitzero"` // day by which its definition is looked at again
	Unmeasured string    `json:"unmeasured"`      // why it is not measured yet; "" where it is
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}
