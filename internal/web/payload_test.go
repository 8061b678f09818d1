package web_test

import (
	"encoding/csv"
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bellwether/internal/longtest"
	"bellwether/internal/stat"
)

// payload is what somebody called a thing who would like to run a script in
// the page of another, or a formula in their spreadsheet.
const payload = `="'/><img src=x onerror=alert(1)><svg onload=alert(2)><script>alert(3)</script>{{7*7}}`

// made are elements of a page that only a payload makes.
const made = `[onerror], [onload], img[src="x"], script:not([src]):not([type="application/json"]), a[href^="javascript:"]`

// poisoned has the payload wherever somebody can put words: in a file's name,
// measures, parts, areas and cells, and in all that people say.
func (s *site) poisoned() {
	s.Helper()
	on := stat.OnDay(stat.Date{Year: 2026, Month: time.September, Day: 30})
	day := stat.Date{Year: 2026, Month: time.September, Day: 30}
	brought := stat.Measure{Code: "brought", Name: payload, Noun: payload, Unit: stat.Number, Kind: stat.Snapshot, Registered: true}
	ward := stat.Area{Code: "E05099009", Name: payload, Level: "Ward", Region: council}
	says := func(measure, part, area string, n float64) stat.Observation {
		figure := said(n)
		figure.At = "'" + payload + "'!A1"
		return stat.Observation{Key: stat.Key{Measure: measure, Breakdown: part, Area: area, Period: on}, Count: figure}
	}
	b, err := s.db.Store(s.Context(), stat.Submission{
		Batch:    stat.Batch{File: payload + ".csv", SHA256: "p", Layout: payload, Publisher: stat.Council, Released: "2026-10-10", By: payload, At: s.now(), Published: s.now()},
		Measures: []stat.Measure{brought}, Areas: []stat.Area{ward},
		Observations: []stat.Observation{says("brought", "", council, 61), says("cla", "", council, 505), says("cla", "placement: "+payload, council, 77), says("cla", "", ward.Code, 44)},
	}, nil)
	must := func(err error) {
		s.Helper()
		if err != nil {
			s.Fatal(err)
		}
	}
	must(err)
	ctx, at := s.Context(), s.now()
	must(s.db.SaveGroup(ctx, stat.Group{Name: "poisoned", Title: payload, Areas: []string{council, "E06000003"}, By: payload, At: at}))
	must(s.db.SaveMeeting(ctx, stat.Meeting{Date: day, Name: payload, By: payload, At: at}))
	must(s.db.SaveRebase(ctx, stat.Rebase{Measure: "cla", Area: council, From: stat.Date{Year: 2024, Month: 4, Day: 1}, Reason: payload, By: payload, At: at}))
	must(s.db.SaveSteward(ctx, stat.Steward{Measure: "cla", Owner: payload, By: payload, At: at}))
	must(s.db.SaveSteward(ctx, stat.Steward{Measure: "care_leavers_suitable", Owner: payload, Unmeasured: payload, By: payload, At: at}))
	must(s.db.SaveComment(ctx, stat.Comment{Place: "scorecard/leadership-team", Head: "cla", Area: council, Date: day, Text: payload, By: payload, At: at}))
	must(s.db.SaveComment(ctx, stat.Comment{Place: "report/council", Head: "Introduction", Area: council, Date: stat.Date{Year: 2026, Month: 11, Day: 21}, Text: payload, By: payload, At: at}))
	id, err := s.db.Ask(ctx, stat.Asked{Area: council, Meeting: day, Measure: "cla", Text: payload, By: payload, At: at})
	must(err)
	must(s.db.Answer(ctx, id, payload, payload, at))
	_, err = s.db.KeepProjection(ctx, stat.Projection{Measure: "cla", Area: council, Last: stat.OnDay(stat.Date{Year: 2025, Month: 3, Day: 31}), For: stat.OnDay(stat.Date{Year: 2027, Month: 3, Day: 31}), Value: 140, Lower: 120, Upper: 160, Method: payload, Note: payload, By: payload, At: at})
	must(err)
	must(s.db.SaveLayout(ctx, stat.SavedLayout{Name: payload, TOML: "name = 'x'", By: payload, At: at}))
	_, err = s.db.AddPerson(ctx, stat.Person{Name: "=evil", Title: payload, Role: stat.Viewer, By: payload, At: at})
	must(err)
	_, err = s.db.AddPerson(ctx, stat.Person{Issuer: "https://" + payload, Subject: payload, Title: payload, Role: stat.Analyst, By: payload, At: at})
	must(err)
	_, err = s.db.Unpublish(ctx, b.ID, payload, payload, at)
	must(err)
	_, err = s.db.Publish(ctx, b.ID, payload, payload, at, at)
	must(err)
	s.server.Stale()
	s.issue("/reports/council/issue?area=806&as-of=2026-11-21&dated=2026-11-21&by=" + url.QueryEscape(payload))
}

// exposed are the addresses that whoever may go everywhere reads, with the
// payload in each name and choice of an address too.
func exposed() []string {
	out := []string{"/groups/poisoned", "/measures/brought", "/measures/cla?show=count", "/measures/cla?since=2026-09-30&project=2029&neighbours=poisoned", "/measures/cla/history?period=2026-09-30", "/dashboards/leadership-team?cadence=month",
		"/reports/council?area=806&as-of=2026-11-21&dated=2026-11-21", "/reports/council/briefing?area=806", "/reports/issues/1", "/reports/issues/1.html", "/reports/issues/1.csv", "/reports/issues/1.xlsx", "/reports/issues/1.json", "/audit", "/imports/9", "/people/2", "/people/3", "/since?meeting=2026-09-30", "/search?q=img"}
	p := url.QueryEscape(payload)
	for _, at := range []string{"/", "/measures/cla", "/compare", "/since", "/council", "/reports", "/reports/council"} {
		out = append(out, at+"?area="+p)
	}
	for _, at := range []string{"/search?q=", "/build?panel=cla-trend&title=", "/build?panel=", "/compare?measures=", "/compare?areas=", "/since?meeting=", "/measures/cla?neighbours=", "/measures/cla?from=", "/reports/council?by=", "/reports/council?as-of=", "/audit?who=", "/audit?on=", "/audit?before="} {
		out = append(out, at+p)
	}
	for _, at := range []string{"/measures/", "/dashboards/", "/groups/", "/imports/", "/uploads/", "/reports/", "/people/", "/samples/", "/link/", "/first/", "/assets/", "/"} {
		out = append(out, at+url.PathEscape(payload))
	}
	for _, list := range visits {
		for _, v := range list {
			out = append(out, v.path)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// A payload for a label is text on every page, in every twin and download, and
// every answer has the headers that hold if it were not: see checkHeaders, which
// each answer goes through.
func TestPayload(t *testing.T) {
	if longtest.Apart(t) {
		return
	}
	s := newSite(t)
	s.poisoned()
	told := map[string]int{}
	for _, at := range exposed() {
		a := s.get(at)
		if a.status >= http.StatusInternalServerError {
			t.Errorf("%s answers %d", at, a.status)
		}
		kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
		if strings.Contains(inParts(t, a.body), "onerror") {
			told[kind]++
		}
		if breach := breaks(t, kind, a.body); breach != "" {
			t.Errorf("%s: %s", at, breach)
		}
	}
	for _, kind := range []string{"text/html", "text/csv", jsonType, xlsxType} {
		if told[kind] < 3 {
			t.Errorf("only %d answers of %s tell the payload at all: %v", told[kind], kind, told)
		}
	}
	t.Log(told)
}

// formula is in a cell; a chart has its own.
var formula = regexp.MustCompile(`<c r=[^>]*><f`)

// breaks says what a payload has made of an answer, if anything.
func breaks(t *testing.T, kind, body string) string {
	t.Helper()
	switch kind {
	case "text/html":
		page := answer{TB: t, body: body}.page()
		if found := page.Find(made); found.Length() > 0 {
			html, _ := found.First().Parent().Html()
			return "the payload is markup: " + html[:min(len(html), 200)]
		}
	case "image/svg+xml", "application/xml":
		for d := xml.NewDecoder(strings.NewReader(body)); ; {
			token, err := d.Token()
			if err == io.EOF {
				return ""
			}
			e, ok := token.(xml.StartElement)
			if err != nil || ok && (e.Name.Local == "script" || e.Name.Local == "img") {
				return "it is a picture with something else in it"
			}
		}
	case "text/csv":
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
		if err != nil {
			return err.Error()
		}
		for _, row := range rows {
			for _, c := range row {
				if strings.HasPrefix(c, "=") {
					return "a cell is a formula: " + c
				}
			}
		}
	case xlsxType, docxType:
		if parts := inParts(t, body); formula.MatchString(parts) || strings.Contains(parts, "<img") || strings.Contains(parts, "<script") {
			return "the payload is a formula or markup"
		}
	}
	return ""
}

// A browser that reads every page of them sees no dialog, which would keep it
// from going on, breaks no rule of the content security policy, and asks nobody
// else for anything: see tab.
func TestJourneyPayload(t *testing.T) {
	s, server, ctx := open(t, "Failed to load resource: the server responded with a status of 4")
	s.poisoned()
	pages := map[string]string{}
	for _, at := range exposed() {
		if a := s.get(at); strings.Contains(a.body, "onerror") && a.header.Get("Content-Type") == htmlType && a.header.Get("Content-Disposition") == "" {
			path, _, _ := strings.Cut(at, "?")
			pages[path] = at
		}
	}
	if len(pages) < 20 {
		t.Errorf("only %d pages tell the payload: %v", len(pages), slices.Sorted(maps.Keys(pages)))
	}
	for _, at := range slices.Sorted(maps.Values(pages)) {
		do(t, ctx, chromedp.Navigate(server.URL+at))
		if n := run(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll(`+"`"+made+"`"+`).length`)); n > 0 {
			t.Errorf("%s: the payload is markup", at)
		}
	}
}
