package web_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"bellwether/internal/stat"
)

func (s *site) note(a stat.Act) {
	s.Helper()
	if err := s.db.Note(s.Context(), a); err != nil {
		s.Fatal(err)
	}
}

// The newest acts come first, fifty at a time, each with what it was done to.
func TestAudit(t *testing.T) {
	s := newSite(t)
	for n := range 120 {
		s.note(stat.Act{Who: "Jo Smith", What: "sign-in", On: fmt.Sprintf("person %d", n+1), At: s.now()})
	}
	s.note(stat.Act{Who: attack, What: "report.issue", On: "report issue 3", Detail: "council", At: s.now()})
	page := s.get("/audit").want(http.StatusOK).says("Issued a report: report issue 3", attack, s.lastAct().Hash)
	doc := page.page()
	if rows := doc.Find("tbody tr"); rows.Length() != 50 || rows.First().AttrOr("id", "") != fmt.Sprintf("act-%d", s.lastAct().Number) {
		t.Errorf("%d acts are shown, the first is %s", rows.Length(), rows.First().AttrOr("id", ""))
	}
	if doc.Find(`tbody a[href="/reports/issues/3"]`).Length() != 1 || doc.Find(`tbody a[href="/people/120"]`).Length() != 1 || doc.Find("main img").Length() != 0 {
		t.Error("an act does not lead to what it was done to, or its words are markup")
	}
	seen := map[string]bool{}
	for path := "/audit"; path != ""; {
		doc := s.get(path).want(http.StatusOK).page()
		for _, row := range doc.Find("tbody tr").EachIter() {
			if seen[row.AttrOr("id", "")] {
				t.Errorf("%s is there twice", row.AttrOr("id", ""))
			}
			seen[row.AttrOr("id", "")] = true
		}
		path = doc.Find(`a[rel="next"]`).AttrOr("href", "")
	}
	if len(seen) != int(s.lastAct().Number) {
		t.Errorf("%d acts can be read of %d", len(seen), s.lastAct().Number)
	}
	for _, before := range []string{"0", "-1", "x", "1.5"} {
		s.get("/audit?before=" + before).want(http.StatusBadRequest)
	}
}

// Acts are chosen by who did what to what, and a page that is full leads on
// with the same choice.
func TestAuditFilter(t *testing.T) {
	s := newSite(t)
	for n := range 130 {
		who := "Jo Smith"
		if n%2 == 0 {
			who = "Al Jones"
		}
		s.note(stat.Act{Who: who, What: []string{"sign-in", "import.store"}[n%2], On: fmt.Sprintf("import %d", n), At: s.now()})
	}
	var got struct {
		Acts []stat.Act
		More bool
	}
	for query, want := range map[string]int{"who=smith": 50, "what=import.store": 50, "on=import+12": 1, "on=IMPORT+12": 1, "who=jones&what=import.store": 0, "who=Smith&on=import+13": 1, "what=nothing": 0} {
		s.get("/audit.json?" + query).want(http.StatusOK).json(&got)
		if len(got.Acts) != want || got.More != (want == 50) {
			t.Errorf("%s: %d acts, more %v", query, len(got.Acts), got.More)
		}
		if rows := s.get("/audit?" + query).want(http.StatusOK).page().Find("tbody tr").Length(); rows != want {
			t.Errorf("%s: the page shows %d", query, rows)
		}
	}
	s.get("/audit?who=nobody+at+all").says("Nothing that was done is of that kind")
	next := s.get("/audit?who=smith").page().Find(`a[rel="next"]`).AttrOr("href", "")
	doc := s.get(next).want(http.StatusOK).page()
	if rows := doc.Find("tbody tr").Length(); rows != 15 {
		t.Errorf("%s shows %d acts", next, rows)
	}
	if who := doc.Find("#who").AttrOr("value", ""); who != "smith" {
		t.Errorf("the form has %q", who)
	}
}

// All of it can be downloaded, and no cell is a formula.
func TestAuditCSV(t *testing.T) {
	s := newSite(t)
	s.note(stat.Act{Who: "=cmd|'/c calc'!A0", What: "sign-in", On: "+1", Detail: "-1,\"x\"\nnext", At: s.now()})
	a := s.get("/audit.csv").want(http.StatusOK)
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="audit.csv"` {
		t.Errorf("Content-Disposition is %q", got)
	}
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	head := s.lastAct()
	last := rows[len(rows)-1]
	if len(rows) != int(head.Number)+1 || last[0] != strconv.FormatInt(head.Number, 10) || last[8] != head.Hash || last[7] != head.Before {
		t.Errorf("%d rows, the last is %q", len(rows), last)
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("%s: %s is %q", row[0], rows[0][i], cell)
			}
		}
	}
}

// Whether the chain holds is looked at when that is asked for.
func TestAuditCheck(t *testing.T) {
	s := newSite(t)
	for n := range 5 {
		s.note(stat.Act{Who: "Jo Smith", What: "sign-in", On: fmt.Sprintf("person %d", n), At: s.now()})
	}
	if s.get("/audit").page().Find("#checked").Length() != 0 {
		t.Error("the chain is said to have been checked")
	}
	s.get("/audit?check=yes").want(http.StatusOK).says("The chain holds", s.lastAct().Hash)
	var got struct {
		Head  stat.Act
		Check *struct {
			Holds bool
			Fault string
		}
	}
	s.get("/audit.json?check=yes").json(&got)
	if got.Check == nil || !got.Check.Holds || got.Head.Hash != s.lastAct().Hash {
		t.Errorf("the JSON says %+v", got)
	}
	n := s.lastAct().Number - 2
	s.tampered(fmt.Sprintf(`DROP TRIGGER act_stays; DROP TRIGGER act_is_kept; UPDATE act SET who = 'Bob' WHERE number = %d`, n))
	s.get("/audit?check=yes").want(http.StatusOK).says("The chain does not hold", fmt.Sprintf("act %d is not the one", n))
	s.get("/audit.json?check=yes").json(&got)
	if got.Check == nil || got.Check.Holds || got.Check.Fault == "" {
		t.Errorf("the JSON says %+v", got.Check)
	}
}
