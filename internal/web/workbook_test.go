package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/workbook"
)

// Every page of figures can be had as a workbook, whose first sheet says where
// it is from and whose figures are typed.
func TestWorkbooks(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct{ path, file, sheet string }{
		{"/dashboards/overview.xlsx?area=E06000002", "overview-806.xlsx", "Summary"},
		{"/measures/cla.xlsx?area=E06000002&neighbours=2025", "cla-806.xlsx", "Trend"},
		{"/measures/cla/neighbours.xlsx?area=E06000002", "cla-neighbours-806.xlsx", "Neighbours"},
		{"/measures/cla/authorities.xlsx?area=E06000002", "cla-authorities-806.xlsx", "Table"},
		{"/measures/cla.xlsx?area=E06000002&chart=trend", "cla-806-cla-trend.xlsx", "Trend"},
	} {
		got := s.get(tt.path).want(http.StatusOK)
		if d := got.header.Get("Content-Disposition"); !strings.Contains(d, `"`+tt.file+`"`) {
			t.Errorf("%s is sent as %s", tt.path, d)
		}
		book, err := workbook.Open(tt.file, []byte(got.body), workbook.DefaultLimits)
		if err != nil {
			t.Fatalf("%s: %v", tt.path, err)
		}
		at := slices.IndexFunc(book.Sheets, func(s workbook.Sheet) bool { return s.Name == tt.sheet })
		if at < 1 {
			t.Fatalf("%s has the sheets %+v, none of them %s", tt.path, book.Sheets, tt.sheet)
		}
		numbers := 0
		for row, err := range book.Rows(at) {
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range row.Cells {
				if c.Kind == workbook.Number {
					numbers++
				}
			}
		}
		if numbers == 0 {
			t.Errorf("%s: %s has no numbers", tt.path, tt.sheet)
		}
	}
	page := s.get("/measures/cla?area=E06000002").want(http.StatusOK)
	for _, link := range []string{`href="/measures/cla.xlsx?area=E06000002&amp;`, `&amp;chart=cla-trend" download>Excel`} {
		if !strings.Contains(page.body, link) {
			t.Errorf("the page has no link %s", link)
		}
	}
	s.get("/measures/cla.xlsx?chart=pie").want(http.StatusNotFound)
}
