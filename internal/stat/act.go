package stat

import (
	"slices"
	"time"
)

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

// ActKind is a thing that can be done, with its words.
type ActKind struct{ What, Words string }

// Acts of safekeeping.
const (
	ActBackup       = "backup"
	ActBackupFailed = "backup.failed"
	ActDrill        = "drill" // a backup was restored and found whole
	ActDrillFailed  = "drill.failed"
)

// ActKinds are all there are, in the order in which lists offer them. The store
// records no others.
var ActKinds = []ActKind{
	{"sign-in", "Signed in"},
	{"sign-in.refused", "Was refused"},
	{"sign-out", "Signed out"},
	{"session.end", "Ended other sessions"},
	{"import.store", "Stored an import"},
	{"import.publish", "Published an import"},
	{"import.unpublish", "Took a publication back"},
	{"import.withdraw", "Withdrew an import"},
	{"report.issue", "Issued a report"},
	{"comment.save", "Wrote commentary"},
	{"question.ask", "Asked a question"},
	{"question.answer", "Answered a question"},
	{"group.save", "Kept a group"},
	{"group.delete", "Deleted a group"},
	{"meeting.save", "Kept a meeting"},
	{"meeting.delete", "Removed a meeting"},
	{"measure.name", "Named a measure"},
	{"measure.steward", "Said who answers for a measure"},
	{"rebase.save", "Marked a changed process"},
	{"rebase.delete", "Removed a changed process"},
	{"projection.keep", "Kept a projection"},
	{"layout.save", "Kept a layout"},
	{"layout.delete", "Deleted a layout"},
	{"person.add", "Added a person"},
	{"person.change", "Changed a person"},
	{"person.password", "Set a password"},
	{"person.factor", "Changed a second factor"},
	{"link.make", "Made a one-time link"},
	{"link.end", "Ended all one-time links"},
	{"link.use", "Used a one-time link"},
	{"settings.save", "Changed the settings"},
	{ActBackup, "Made a backup"},
	{ActBackupFailed, "Failed to make a backup"},
	{ActDrill, "Proved a backup"},
	{ActDrillFailed, "Failed to prove a backup"},
}

// Words say what was done: "Published an import".
func (a Act) Words() string {
	if k, ok := a.kind(); ok {
		return k.Words
	}
	return a.What // of a later program
}

// Known reports whether it is of one of the kinds there are.
func (a Act) Known() bool {
	_, ok := a.kind()
	return ok
}

func (a Act) kind() (ActKind, bool) {
	i := slices.IndexFunc(ActKinds, func(k ActKind) bool { return k.What == a.What })
	if i < 0 {
		return ActKind{}, false
	}
	return ActKinds[i], true
}
