package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/stat"
	"bellwether/internal/web"
)

// A preview shows figures as they were printed, however few decimals the
// measure has.
func TestPreviewAsPrinted(t *testing.T) {
	s := newSite(t)
	shown := func(page answer) (before, now string) {
		for _, tr := range page.want(http.StatusOK).page().Find(".bw-changed tbody tr").EachIter() {
			if cells := tr.Children().Map(func(_ int, e *goquery.Selection) string { return fold(e.Text()) }); strings.HasPrefix(cells[3], "rate") {
				return cells[4], cells[5]
			}
		}
		t.Fatalf("no rate is among what would change: %.900s", page.text())
		return "", ""
	}
	path, page := s.upload(file{"october.csv", tidy("31/10/2026,Children looked after,487,128.89")})
	if before, now := shown(page); before != "–" || now != "128.89" {
		t.Errorf("before %q, in the file %q; want –, 128.89", before, now)
	}
	accepted(s, path, page)
	s.settled(s.post(path + "/confirm").location())
	_, page = s.upload(file{"again.csv", tidy("31/10/2026,Children looked after,487,150.89")})
	if before, now := shown(page); before != "128.89" || now != "150.89" {
		t.Errorf("before %q, in the file %q; want 128.89, 150.89", before, now)
	}
}

// accepted gives every warning of an upload a reason.
func accepted(s *site, path string, page answer) {
	s.Helper()
	var fields []string
	for _, input := range page.page().Find(`input[name^="reason:"]`).EachIter() {
		name, _ := input.Attr("name")
		fields = append(fields, name, "It is only a trial")
	}
	if fields != nil {
		s.post(path+"/accept", fields...).want(http.StatusSeeOther)
	}
}

func TestAsPrinted(t *testing.T) {
	for text, want := range map[string]string{
		"128.89": "128.89", "1,267": "1,267", "0.10": "0.10", "12.7%": "12.7%", "c": "c", "": "",
		"638.70000000000005": "638.7", "-0.30000000000000004": "-0.3", "412 (p)": "412 (p)",
	} {
		if got := web.AsPrinted(stat.Figure{Text: text}); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}
