package web_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/internal/longtest"
	"bellwether/internal/stat"
)

// toldOf is what a council publishes: months of plans by category of abuse and by
// ward, a percentage, a plain number, a rate alone. small are the counts that
// are masked for themselves; all else is the same whatever they are.
type toldOf struct {
	small [5]float64
}

// hiddenNumbers are what is masked beside the small counts, or follows from
// them: in digits that stand for nothing else.
func (c toldOf) hiddenNumbers() []string {
	return []string{
		"10453", "10,453", "10452", "10,452", // the smallest of the categories not masked, in two sets of counts
		"7.3171", "4.8780", // of 41: the percentage
		"20917", "20,917", "20916", "20,916", // the ward beside the small one
	}
}

const council = "E06000002"

var wardCodes = []string{"E05099001", "E05099002", "E05099003"}

func said(n float64) stat.Figure {
	return stat.Figure{Number: n, Text: strings.TrimSuffix(fmt.Sprintf("%.4f", n), ".0000")}
}

// of is a month of it, the corrected one some children later.
func (c toldOf) of(month time.Month, later float64) []stat.Observation {
	on, in := stat.OnDay(stat.Date{Year: 2026, Month: month, Day: 1}.MonthEnd()), stat.InMonth(2026, month)
	count := func(measure, part, area string, p stat.Period, n float64) stat.Observation {
		return stat.Observation{Key: stat.Key{Measure: measure, Breakdown: part, Area: area, Period: p}, Count: said(n)}
	}
	repeat := count("cpp_repeat_2yrs", "", council, in, c.small[2])
	repeat.Denominator, repeat.Value = said(41), said(100*c.small[2]/41)
	return []stat.Observation{
		count("cpp", "", council, on, 61234+later),
		count("cpp", "category of abuse: Neglect", council, on, 30022+later),
		count("cpp", "category of abuse: Emotional abuse", council, on, 20756),
		count("cpp", "category of abuse: Sexual abuse", council, on, c.small[0]),
		count("cpp", "category of abuse: Multiple", council, on, 10456-c.small[0]),
		count("cpp", "", wardCodes[0], on, c.small[1]),
		count("cpp", "", wardCodes[1], on, 20919-c.small[1]),
		count("cpp", "", wardCodes[2], on, 40315+later),
		repeat,
		{Key: stat.Key{Measure: "uasc", Area: council, Period: on}, Value: said(c.small[3])},
		count("contacts", "", council, in, 900+float64(month)),
		count("contacts", "source: Police", council, in, c.small[4]),
		count("contacts", "source: Health", council, in, 900+float64(month)-c.small[4]),
	}
}

// published stores observations, signed off from a moment; a zero one leaves
// them a draft.
func (s *site) published(name string, from time.Time, released stat.Release, says ...stat.Observation) int64 {
	s.Helper()
	var wards []stat.Area
	for i, code := range wardCodes {
		wards = append(wards, stat.Area{Code: code, Name: fmt.Sprintf("Ward %d", i+1), Level: "Ward", Region: council})
	}
	b := stat.Batch{File: name, SHA256: name, Layout: "tidy", Publisher: stat.Council, Released: released, By: "Jo", At: s.now(), Published: from}
	b, err := s.db.Store(s.Context(), stat.Submission{Batch: b, Observations: says, Areas: wards}, nil)
	if err != nil {
		s.Fatal(err)
	}
	s.server.Stale()
	return b.ID
}

// settle changes the settings.
func (s *site) settle(set stat.Settings) {
	s.Helper()
	set.By, set.At = "test", s.now()
	if err := s.db.SaveSettings(s.Context(), set); err != nil {
		s.Fatal(err)
	}
	s.server.Stale()
}

// told stores it, opens the site to the public and issues a report of it.
func (s *site) told(c toldOf) {
	s.Helper()
	s.settle(stat.Settings{Public: true, MaskViewers: true, Threshold: 5})
	for m := time.January; m <= time.September; m++ {
		s.published(fmt.Sprintf("month-%d.csv", m), s.now(), stat.Release(fmt.Sprintf("2026-%02d-10", m+1)), c.of(m, 0)...)
	}
	s.published("corrected.csv", s.now(), "2026-11-01", c.of(time.August, 7)...)
	s.issue("/reports/council/issue?area=806&as-of=2026-11-21&dated=2026-11-21&by=Jo")
}

// asked are the measures the test asks for.
var asked = []string{"cpp", "cpp_repeat_2yrs", "uasc", "contacts"}

// readable are the addresses of each route that the public or a viewer may
// read. Where an address ends in * it is asked for with each ending.
func readable() map[string][]string {
	const ends = ".*"
	beside := "/compare" + ends + "?areas=806,807&measures="
	out := map[string][]string{
		"/": {"/", "/?show=count", "/?since=2026-09-15"}, "/dashboards": {"/dashboards"}, "/measures": {"/measures", "/measures.json"}, "/measures.json": nil,
		"/compare":                     {beside + "cpp,uasc", beside + "cpp_repeat_2yrs&show=count", "/compare.svg?areas=806,807&measures=cpp&chart=cpp-areas"},
		"/since":                       {"/since" + ends + "?meeting=2026-05-15", "/since" + ends + "?meeting=2026-09-15&show=count"},
		"/search":                      {"/search?q=plans", "/search.json?q=ward"},
		methodsPath:                    {methodsPath},
		"/council":                     {"/council", "/council.json"},
		"/reports":                     {"/reports", "/reports.json"},
		"/account":                     {"/account"},
		"/dashboards/:name":            {"/dashboards/overview" + ends + "?show=count", "/dashboards/front-door" + ends, "/dashboards/child-protection" + ends, "/dashboards/corporate-parenting" + ends, "/dashboards/leadership-team" + ends + "?cadence=month"},
		"/reports/issues/:number":      {"/reports/issues/1", "/reports/issues/1.json", "/reports/issues/1.csv", "/reports/issues/1.xlsx", "/reports/issues/1.docx", "/reports/issues/1.html"},
		"/about/glossary":              {"/about/glossary", "/about/glossary.json"},
		"/measures/:name/:page":        {"/measures/cpp/neighbours" + ends, "/measures/cpp/authorities" + ends},
		"/measures/:name/history":      {"/measures/cpp/history?area=" + wardCodes[0] + "&period=2026-09-30"},
		"/measures/:name/history.json": {"/measures/cpp/history.json?area=" + wardCodes[0] + "&period=2026-09-30"},
	}
	for _, twin := range []string{"/compare", "/build", "/since", "/search", "/council", "/reports", "/about/glossary"} {
		for _, end := range []string{".json", ".csv", ".xlsx", ".svg"} {
			out[twin+end] = nil // asked for with the page
		}
	}
	for _, m := range asked {
		panels := url.Values{"panel": {m + "-table", m + "-control", m + "-breakdown", m + "-monthly", m + "-trend"}}.Encode()
		out["/build"] = append(out["/build"], "/build"+ends+"?show=count&"+panels)
		for _, choice := range []string{"", "show=count&from=2024&since=2026-09-15&project=2029"} {
			out["/measures/:name"] = append(out["/measures/:name"], "/measures/"+m+ends+"?"+choice)
		}
		for _, part := range []string{"", "category of abuse: Sexual abuse", "category of abuse: Multiple", "source: Police"} {
			for _, period := range []string{"2026-08-31", "2026-08"} {
				out["/measures/:name/history"] = append(out["/measures/:name/history"], "/measures/"+m+"/history?"+url.Values{"breakdown": {part}, "period": {period}}.Encode(),
					"/measures/"+m+"/history.json?"+url.Values{"breakdown": {part}, "period": {period}}.Encode())
			}
		}
	}
	return out
}

const methodsPath = "/about/methods"

// addresses are all of them, each chart on its own too, and each history that a
// page leads to.
func (s *site) addresses() []string {
	s.Helper()
	var out []string
	for _, list := range readable() {
		for _, at := range list {
			path, query, _ := strings.Cut(at, "?")
			stem, every := strings.CutSuffix(path, ".*")
			if !every {
				out = append(out, at)
				continue
			}
			for _, end := range []string{"", ".json", ".csv", ".xlsx"} {
				out = append(out, stem+end+"?"+query)
			}
			page := s.get(stem + "?" + query)
			for _, e := range page.page().Find(`main a[href*=".svg?"], main a[href*="chart="], main a[href*="/history?"]`).EachIter() {
				out = append(out, e.AttrOr("href", ""))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// fetched is all that whoever asks gets at the addresses.
func (s *site) fetched(addresses []string) map[string]string {
	s.Helper()
	version, err := s.db.Version(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	out := map[string]string{}
	for _, at := range addresses {
		a := s.get(at)
		if a.status >= 500 {
			s.Errorf("%s answers %d: %.300s", at, a.status, a.body)
		}
		body := strings.ReplaceAll(inParts(s.TB, a.body), fmt.Sprint(version), "the version")
		out[at] = fmt.Sprintln(a.status) + hashes.ReplaceAllString(body, "a hash")
	}
	return out
}

// hashes are of contents that have the version of the data in them, which goes
// by the time.
var hashes = regexp.MustCompile(`[0-9a-f]{64}`)

// inParts is a workbook or document as its parts, or what else there is as it
// is.
func inParts(t testing.TB, body string) string {
	t.Helper()
	if !strings.HasPrefix(body, "PK\x03\x04") {
		return body
	}
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, f.Name)
		if _, err := io.Copy(&out, r); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// tells reports whether a text has a number that is not the end of another one.
func tells(body, number string) bool {
	for from := 0; ; {
		at := strings.Index(body[from:], number)
		if at < 0 {
			return false
		}
		from += at + 1
		if from == 1 || !strings.ContainsRune("0123456789,.", rune(body[from-2])) {
			return true
		}
	}
}

// leaks are the addresses that have one of the numbers.
func leaks(pages map[string]string, numbers []string) map[string][]string {
	out := map[string][]string{}
	for _, n := range numbers {
		for at, body := range pages {
			if tells(body, n) {
				out[at] = append(out[at], n)
			}
		}
	}
	return out
}

// Nothing that is masked, and nothing that gives it away, is in any page or twin
// that the public or a viewer may read. All that they get is the same to the
// last byte whatever the masked numbers are: no sentence, point of a chart,
// length of a bar, cell or word of an alternative text can tell one. The same
// pages of an analyst have them.
func TestNoLeak(t *testing.T) {
	if longtest.Apart(t) {
		return
	}
	t.Parallel()
	counts := []toldOf{{[5]float64{3, 2, 3, 5, 4}}, {[5]float64{4, 3, 2, 4, 3}}}
	pages := [2]map[string]map[string]string{{}, {}}
	t.Run("sites", func(t *testing.T) {
		for i, c := range counts {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				s := newSite(t)
				s.told(c)
				all := readable()
				for _, route := range s.server.Readable() {
					if _, ok := all[route]; !ok {
						t.Errorf("nothing is asked for of %s", route)
					}
				}
				viewer := s.as(stat.Viewer)
				at := viewer.addresses()
				pages[i]["public"] = s.public().fetched(at)
				pages[i]["viewer"] = viewer.fetched(at)
				whole := slices.DeleteFunc(slices.Clone(at), func(at string) bool { return strings.Contains(at, "chart=") })
				pages[i]["analyst"] = s.as(stat.Analyst).fetched(whole)
				for _, who := range []string{"public", "viewer"} {
					for at, found := range leaks(pages[i][who], c.hiddenNumbers()) {
						t.Errorf("%s, for the %s, has %v", at, who, found)
					}
				}
				if n := len(leaks(pages[i]["analyst"], c.hiddenNumbers())); n < 20 {
					t.Errorf("only %d of %d addresses tell an analyst the masked numbers", n, len(at))
				}
			})
		}
	})
	for _, who := range []string{"public", "viewer"} {
		if a, b := slices.Sorted(maps.Keys(pages[0][who])), slices.Sorted(maps.Keys(pages[1][who])); !slices.Equal(a, b) {
			t.Errorf("the %s is led elsewhere", who)
		}
		read := 0
		for at, body := range pages[0][who] {
			if body != pages[1][who][at] {
				t.Errorf("%s, for the %s, tells what is masked: %s", at, who, differs(body, pages[1][who][at]))
			}
			if strings.HasPrefix(body, fmt.Sprintln(http.StatusOK)) {
				read++
			}
		}
		if read < len(pages[0][who])/2 {
			t.Errorf("the %s may read only %d of %d addresses", who, read, len(pages[0][who]))
		}
	}
}

// differs is where two texts begin to.
func differs(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	part := func(s string) string { return s[max(0, min(i, len(s))-120):min(len(s), i+80)] }
	return part(a) + "\n…\n" + part(b)
}
