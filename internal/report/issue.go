package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// Endings are those of the files a report is handed out in.
var Endings = []string{"docx", "xlsx", "html", "csv"}

// JSON is the ending of the report itself, as an issue freezes it.
const JSON = "json"

// Briefings are the endings of the questions to expect.
var Briefings = []string{"docx", "html"}

// Paper is what a report is put on.
type Paper struct {
	Template []byte // of Word: the council's own .docx, nil for the built-in one
	Charts   Draw   // for a page
}

// File is a report as a file of an ending, one of Endings or JSON.
func (p Paper) File(r *dashboard.Report, ending string) ([]byte, error) {
	switch ending {
	case "docx":
		return DOCX(r, p.Template)
	case "xlsx":
		return XLSX(r)
	case "html":
		return HTML(r, p.Charts)
	case "csv":
		return CSV(r)
	case JSON:
		return r.Marshal()
	}
	return nil, fmt.Errorf("a report cannot be written as %q: choose %s or %s", ending, strings.Join(Endings, ", "), JSON)
}

// Briefing is the questions to expect of a report with what answers them, as a
// file of an ending, one of Briefings.
func (p Paper) Briefing(r *dashboard.Report, ending string) ([]byte, error) {
	switch ending {
	case "docx":
		return BriefingDOCX(r, p.Template)
	case "html":
		return BriefingHTML(r)
	}
	return nil, fmt.Errorf("a briefing cannot be written as %q: choose %s", ending, strings.Join(Briefings, " or "))
}

// Issue is a report as it is issued under a number, with its files. The report
// itself stays the draft it is. The error is a dashboard.DraftsError where it
// has figures of imports that are not published.
func (p Paper) Issue(r *dashboard.Report, number int64, at time.Time) (stat.Issue, error) {
	if drafts := r.Drafts(); len(drafts) > 0 {
		return stat.Issue{}, dashboard.DraftsError(drafts)
	}
	asOf, err := stat.ParseDate(r.AsOf)
	if err != nil {
		return stat.Issue{}, err
	}
	dated, err := stat.ParseDate(r.Dated)
	if err != nil {
		return stat.Issue{}, err
	}
	frozen := *r
	frozen.Number = number
	is := stat.Issue{Number: number, Name: r.Name, Title: r.Title, Area: r.Area.Code, AsOf: asOf, Dated: dated, By: r.By, At: at, Files: map[string][]byte{}}
	if is.Content, err = frozen.Marshal(); err != nil {
		return stat.Issue{}, err
	}
	hash := sha256.Sum256(is.Content)
	is.SHA256 = hex.EncodeToString(hash[:])
	for _, ending := range Endings {
		if is.Files[ending], err = p.File(&frozen, ending); err != nil {
			return stat.Issue{}, fmt.Errorf("writing issue %d as %s: %w", number, ending, err)
		}
	}
	return is, nil
}
