package stat

import "time"

// Issue is a report as it was issued: frozen, with the files that were handed
// out. None is ever changed; a later one takes its place.
type Issue struct {
	Number  int64             `json:"number"`
	Name    string            `json:"name"` // of the report's definition: "council"
	Title   string            `json:"title"`
	Area    string            `json:"area"` // code
	AsOf    Date              `json:"asOf"`
	Dated   Date              `json:"dated"`
	By      string            `json:"by"`
	At      time.Time         `json:"at"`
	SHA256  string            `json:"sha256"` // of Content
	Content []byte            `json:"-"`      // the report, as JSON
	Files   map[string][]byte `json:"-"`      // by ending: "docx", "xlsx", "html", "csv"; nil in a list
	Under   Settings          `json:"-"`      // in force when it was issued; those of no masks in a list
}

// Asked is a question of a meeting that is to be answered at a later one.
type Asked struct {
	ID       int64     `json:"id"`
	Area     string    `json:"area"`
	Meeting  Date      `json:"meeting"` // at which it was asked
	Measure  string    `json:"measure,omitempty"`
	Text     string    `json:"text"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Answer   string    `json:"answer,omitempty"` // "" while it is open
	Answered time.Time `json:"answered,omitzero"`
	Answerer string    `json:"answeredBy,omitempty"`
}
