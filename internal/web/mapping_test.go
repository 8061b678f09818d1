package web_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/workbook"
)

// weekly is a workbook no layout fits, with a sheet before the one that
// matters.
func weekly(t testing.TB, sheet string, rows ...[]any) []byte {
	t.Helper()
	out := workbook.OutSheet{Name: sheet}
	for _, row := range append([][]any{{"Front door report"}, {}, {"Mth ended", "Refs rec'd", "LAC @ end", "Said by"}}, rows...) {
		var cells []workbook.OutCell
		for _, v := range row {
			switch v := v.(type) {
			case string:
				cells = append(cells, workbook.OutCell{Kind: workbook.Text, Text: v})
			case int:
				cells = append(cells, workbook.OutCell{Kind: workbook.Number, Number: float64(v)})
			}
		}
		out.Rows = append(out.Rows, cells)
	}
	cover := workbook.OutSheet{Name: "Read me", Rows: [][]workbook.OutCell{{{Kind: workbook.Text, Text: "About this file"}}}}
	var b bytes.Buffer
	if err := workbook.Write(&b, []workbook.OutSheet{cover, out}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func frontDoor(t testing.TB) file {
	return file{"Front door (weekly).xlsx", weekly(t, "Data", []any{"Aug-26", 251, 485, "Sam"}, []any{"Sep-26", 248, 488, "Sam"})}
}

// told is the form of the columns filled in.
func told(name string) []string {
	return []string{"sheet", "1", "row", "3", "kind", "table", "name", name, "title", "Front door, weekly",
		"is-0", "period", "is-1", "count", "measure-1", "referrals", "is-2", "count", "measure-2", "cla", "is-3", "", "measure-3", "", "why-3", "Who filled it in is not kept"}
}

// What no layout fits is told once, kept, and read; next month's file is known.
func TestMapping(t *testing.T) {
	s := newSite(t)
	path, refused := s.upload(frontDoor(t))
	refused.want(http.StatusUnprocessableEntity)
	to := refused.page().Find(`main a[href$="/columns"]`).AttrOr("href", "")
	if to != path+"/columns" {
		t.Fatalf("no way to tell what the columns are: %s", refused.text())
	}
	page := s.get(to+"?sheet=1").want(http.StatusOK).says("What the columns of Front door (weekly).xlsx are", "Refs rec'd", "251 · 248", "Sheet", "Read me")
	doc := page.page()
	for selector, want := range map[string]string{
		"#row option[selected]":          "3",
		"#is-0 option[selected]":         "period",
		`input[name="name"]`:             "front-door-weekly",
		`form[method="post"] [name=row]`: "3",
	} {
		if got := doc.Find(selector).AttrOr("value", ""); got != want {
			t.Errorf("%s is %q, want %q", selector, got, want)
		}
	}
	if n := doc.Find(".bw-top tbody tr").Length(); n != 4 {
		t.Errorf("%d rows are shown, want 4", n)
	}

	// A slip is said, and what was chosen stays.
	wrong := s.post(to, told("Front Door!")...).want(http.StatusBadRequest)
	wrong.says("cannot be a layout's name")
	if got := wrong.page().Find("#why-3").AttrOr("value", ""); got != "Who filled it in is not kept" {
		t.Errorf("the reason given is now %q", got)
	}
	if got := wrong.page().Find("#measure-2 option[selected]").AttrOr("value", ""); got != "cla" {
		t.Errorf("the measure chosen is now %q", got)
	}
	s.post(to, told("tidy")...).want(http.StatusBadRequest).says("tidy")
	s.post(to, "sheet", "9", "row", "3").want(http.StatusBadRequest)

	read := s.settled(s.post(to, told("front-door")...).location()).want(http.StatusOK)
	read.says("Read as front-door", "Children looked after", "31 August 2026", "485")
	again := s.settled(s.post(path + "/confirm").location()).want(http.StatusOK)
	again.says("front-door")

	list := s.get("/imports").says("Layouts of your own", "front-door", "by analyst", "Who filled it in is not kept")
	if list.page().Find(`form[action="/layouts/delete"]`).Length() != 1 {
		t.Error("the layout cannot be deleted")
	}
	s.restart()
	_, next := s.upload(file{"Front door (October).xlsx", weekly(t, "Data", []any{"Oct-26", 250, 490, "Sam"})})
	next.want(http.StatusOK).says("Read as front-door", "490")

	s.post("/layouts/delete", "name", "front-door").want(http.StatusSeeOther)
	if got := s.get("/imports").text(); strings.Contains(got, "Layouts of your own") {
		t.Error("the layout is still listed")
	}
	s.post("/layouts/delete", "name", "front-door").want(http.StatusNotFound)
	_, unknown := s.upload(file{"Front door (November).xlsx", weekly(t, "Data", []any{"Oct-26", 251, 490, "Sam"})})
	unknown.want(http.StatusUnprocessableEntity)
}

// A mapping that does not read the file can be changed; it replaces the first.
func TestMappingAgain(t *testing.T) {
	s := newSite(t)
	path, _ := s.upload(frontDoor(t))
	bad := told("front-door")
	for i, v := range bad {
		if v == "is-3" {
			bad[i+1] = "area" // Sam is no area
		}
	}
	refused := s.settled(s.post(path+"/columns", bad...).location()).want(http.StatusUnprocessableEntity)
	refused.says("Sam", "Change what the columns are")
	if got := s.get(path+"/columns").page().Find("#is-3 option[selected]").AttrOr("value", ""); got != "area" {
		t.Errorf("what was told before is not there: %q", got)
	}
	s.settled(s.post(path+"/columns", told("front-door-2")...).location()).want(http.StatusOK).says("Read as front-door-2")
	names := s.get("/imports").page().Find(".bw-layouts strong").Map(func(_ int, e *goquery.Selection) string { return e.Text() })
	if strings.Join(names, " ") != "front-door-2" {
		t.Errorf("the layouts are %v", names)
	}
	s.get(path + "/columns").want(http.StatusConflict)
}

// Names of sheets, headers and layouts are text.
func TestMappingMarkup(t *testing.T) {
	s := newSite(t)
	data := weekly(t, "<img src=x>", []any{attack, 251, 485, `"><script>alert(1)</script>`})
	path, refused := s.upload(file{attack + ".xlsx", data})
	page := s.get(path + "/columns?sheet=1").want(http.StatusOK).says(attack)
	fields := told(attack)
	wrong := s.post(path+"/columns", fields...).want(http.StatusBadRequest)
	fields = told("safe-name")
	fields[9] = attack + "'''\n[[ignore]]"
	kept := s.settled(s.post(path+"/columns", fields...).location())
	for _, a := range []answer{refused, page, wrong, kept, s.get("/imports")} {
		if a.page().Find("main img, main script, [onerror]").Length() != 0 || strings.Contains(a.body, "<img") {
			t.Errorf("markup came through: %.600s", a.text())
		}
	}
	s.get("/imports").says(attack)
}

// Layouts change under files that are being read.
func TestMappingWhileReading(t *testing.T) {
	s := newSite(t)
	path, _ := s.upload(frontDoor(t))
	s.settled(s.post(path+"/columns", told("front-door")...).location())
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { s.get("/imports").want(http.StatusOK) })
		all.Go(func() { s.upload(file{"a.csv", tidy("31/10/2026,Children looked after,487,")}) })
	}
	all.Go(func() { s.post("/layouts/delete", "name", "front-door").want(http.StatusSeeOther) })
	all.Wait()
}

// A kept layout that no longer works keeps nothing else from working.
func TestBrokenLayout(t *testing.T) {
	s := newSite(t)
	if err := s.db.SaveLayout(t.Context(), brokenLayout); err != nil {
		t.Fatal(err)
	}
	s.restart()
	s.get("/imports").want(http.StatusOK).says("It is not used", "broken.toml")
	_, page := s.upload(file{"october.csv", tidy("31/10/2026,Children looked after,487,")})
	page.want(http.StatusOK)
	s.post("/layouts/delete", "name", "broken").want(http.StatusSeeOther)
}
