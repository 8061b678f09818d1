package web

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
)

// problem is one as it is shown.
type problem struct {
	stat.Problem
	Cells []rowCell // of the row it stands in
	More  bool      // the row has others
}

// rowCell is a cell of a row with a problem; Here is the one it stands in.
type rowCell struct {
	Text string
	Here bool
}

// shownCells is how many cells of a row are shown, and shownText how much of
// each.
const (
	shownCells = 10
	shownText  = 40
)

// bySeverity sorts problems into errors, warnings that wait, warnings that
// were accepted, and notes.
func bySeverity(all []stat.Problem) (errors, waiting, accepted, notes []problem) {
	for _, p := range all {
		v := shownProblem(p)
		switch {
		case p.Severity == stat.Error:
			errors = append(errors, v)
		case p.Severity == stat.Warning && p.Accepted == "":
			waiting = append(waiting, v)
		case p.Severity == stat.Warning:
			accepted = append(accepted, v)
		default:
			notes = append(notes, v)
		}
	}
	return errors, waiting, accepted, notes
}

func shownProblem(p stat.Problem) problem {
	v := problem{Problem: p}
	here := columnOf(p.At)
	from := max(0, here-shownCells+2) // a column or so after the one concerned
	for i, text := range p.Row {
		if strings.TrimSpace(text) == "" && i != here || i < from {
			continue
		}
		if len(v.Cells) == shownCells {
			break
		}
		v.Cells = append(v.Cells, rowCell{cut(text, shownText), i == here})
	}
	v.More = len(v.Cells) > 0 && len(p.Row) > from+len(v.Cells)
	return v
}

// columnOf is the column an address names, 0 for A, and -1 where it names
// none.
func columnOf(at string) int {
	cell := at[strings.LastIndexByte(at, '!')+1:]
	letters := strings.TrimRight(cell, "0123456789")
	if letters == cell || letters == "" || len(letters) > 3 {
		return -1
	}
	column := 0
	for _, r := range letters {
		if r < 'A' || r > 'Z' {
			return -1
		}
		column = column*26 + int(r-'A') + 1
	}
	return column - 1
}

// cut is the first runes of a text, with an ellipsis where it has more.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}

// stage is some checks that are made together.
type stage struct {
	Name   string
	Checks []stat.Check
}

// stageWords names the stages of checking.
var stageWords = map[string]string{
	"file": "The file as a whole", "columns": "Columns", "periods": "Periods", "areas": "Areas", "keys": "Completeness and duplicates",
	"figures": "Figures", "history": "Against what is held",
}

func stages(checks []stat.Check) []stage {
	var out []stage
	for _, c := range checks {
		name := cmp.Or(stageWords[c.Stage], c.Stage)
		if n := len(out); n == 0 || out[n-1].Name != name {
			out = append(out, stage{Name: name})
		}
		out[len(out)-1].Checks = append(out[len(out)-1].Checks, c)
	}
	return out
}

// tally says how checks went: "25 checks: 23 passed, 2 warn".
func tally(checks []stat.Check) string {
	n := map[stat.Outcome]int{}
	for _, c := range checks {
		n[c.Outcome]++
	}
	if len(checks) == 0 {
		return ""
	}
	says := many(len(checks), "check") + ": " + count(n[stat.Passed]) + " passed"
	if n[stat.Warned] > 0 {
		says += ", " + count(n[stat.Warned]) + " with warnings"
	}
	if n[stat.Failed] > 0 {
		says += ", " + count(n[stat.Failed]) + " failed"
	}
	if n[stat.NotChecked] > 0 {
		says += ", " + count(n[stat.NotChecked]) + " not made"
	}
	return says
}

// childCode is the code of a problem that says a file is about single
// children.
const childCode = "child_level"

// childLevel reports whether a file was refused for rows about single
// children.
func childLevel(r *importer.Result) bool {
	return slices.ContainsFunc(r.Problems, func(p stat.Problem) bool { return p.Code == childCode })
}

// withhold leaves of the problems of a file about single children those that
// say so, and of them what names no child.
func withhold(problems []stat.Problem) []stat.Problem {
	var out []stat.Problem
	for _, p := range problems {
		if p.Code == childCode {
			p.Row = nil
			out = append(out, p)
		}
	}
	if out == nil {
		out = []stat.Problem{{Severity: stat.Error, Code: childCode, Message: "The file has rows about single children. Upload a file of totals."}}
	}
	return out
}
