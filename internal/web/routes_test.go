package web_test

import (
	"compress/gzip"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/web"
)

const jsonType, htmlType, docxType = "application/json", "text/html; charset=utf-8", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// visit is how the tests come to a route.
type visit struct {
	path, contentType string
	status            int
}

// visits names every route; a new one has to be added here.
var visits = map[string][]visit{
	"GET /":                             {{"/", htmlType, 200}, {"/?area=383&neighbours=2021&show=count&from=2015&to=2020", htmlType, 200}},
	"GET /dashboards/:name":             {{"/dashboards/overview", htmlType, 200}, {"/dashboards/overview.json", jsonType, 200}, {"/dashboards/overview.csv", "text/csv; charset=utf-8", 200}, {"/dashboards/nothing", htmlType, 404}, {"/dashboards/nothing.json", jsonType, 404}},
	"GET /dashboards":                   {{"/dashboards", htmlType, 200}, {"/dashboards?area=Leeds", htmlType, 200}},
	"POST /dashboards/:name/commentary": {{"/dashboards/scorecard/commentary", htmlType, 404}, {"/dashboards/nothing/commentary", htmlType, 404}},
	"GET /compare":                      {{"/compare", htmlType, 200}, {"/compare?areas=806,807&measures=cla,cpp", htmlType, 200}, {"/compare?areas=806,807,805,808,383", htmlType, 400}, {"/compare?measures=nothing", htmlType, 400}},
	"GET /compare.json":                 {{"/compare.json?areas=806", jsonType, 200}, {"/compare.json?areas=nowhere", jsonType, 400}},
	"GET /compare.csv":                  {{"/compare.csv", "text/csv; charset=utf-8", 200}, {"/compare.csv?chart=pie", htmlType, 404}},
	"GET /compare.xlsx":                 {{"/compare.xlsx", xlsxType, 200}},
	"GET /compare.svg":                  {{"/compare.svg?chart=cla-areas", "image/svg+xml", 200}, {"/compare.svg?chart=side-by-side", htmlType, 404}},
	"GET /build":                        {{"/build", htmlType, 200}, {"/build?panel=cla-trend&title=Mine", htmlType, 200}, {"/build?panel=nothing", htmlType, 400}},
	"GET /build.json":                   {{"/build.json?panel=cla-trend", jsonType, 200}, {"/build.json?panel=nothing", jsonType, 400}},
	"GET /build.csv":                    {{"/build.csv?panel=cla-trend", "text/csv; charset=utf-8", 200}},
	"GET /build.xlsx":                   {{"/build.xlsx?panel=cla-trend", xlsxType, 200}},
	"GET /build.svg":                    {{"/build.svg?panel=cla-neighbours&chart=cla-neighbours", "image/svg+xml", 200}, {"/build.svg", htmlType, 404}},
	"GET /measures":                     {{"/measures", htmlType, 200}, {"/measures?area=Leeds", htmlType, 200}},
	"GET /measures.json":                {{"/measures.json", jsonType, 200}},
	"GET /measures/:name": {{"/measures/cla", htmlType, 200}, {"/measures/cla.json", jsonType, 200}, {"/measures/cla.csv", "text/csv; charset=utf-8", 200},
		{"/measures/cla.svg", "image/svg+xml", 200}, {"/measures/cla.svg?chart=bars", "image/svg+xml", 200}, {"/measures/cla.csv?chart=trend", "text/csv; charset=utf-8", 200},
		{"/measures/cla.svg?chart=pie", htmlType, 404}, {"/measures/cla.exe", htmlType, 404}, {"/measures/nothing", htmlType, 404}, {"/measures/nothing.json", jsonType, 404}},
	"GET /measures/:name/history": {{"/measures/cin/history?area=806&period=2023", htmlType, 200}, {"/measures/cla/history", htmlType, 200}, {"/measures/cla/history?area=E92000001&period=2025-03-31", htmlType, 200},
		{"/measures/cla/history?period=1901", htmlType, 404}, {"/measures/cla/history?period=soon", htmlType, 404}, {"/measures/cla/history?area=Atlantis", htmlType, 404}, {"/measures/nothing/history", htmlType, 404}},
	"GET /measures/:name/history.json": {{"/measures/cin/history.json?area=806&period=2023", jsonType, 200}, {"/measures/cin/history.json?period=1901", jsonType, 404}},
	"GET /measures/:name/:page": {{"/measures/cla/neighbours", htmlType, 200}, {"/measures/cla/neighbours.json", jsonType, 200}, {"/measures/cla/neighbours.csv", "text/csv; charset=utf-8", 200}, {"/measures/cla/neighbours.svg?chart=trend", "image/svg+xml", 200},
		{"/measures/cla/neighbours?area=383&neighbours=2021&from=2018&period=2024-03-31&sort=position&dir=desc", htmlType, 200}, {"/measures/cla/neighbours.csv?chart=bars", "text/csv; charset=utf-8", 200},
		{"/measures/cla/authorities", htmlType, 200}, {"/measures/cla/authorities.json", jsonType, 200}, {"/measures/cla/authorities.csv", "text/csv; charset=utf-8", 200}, {"/measures/cla/authorities.svg", htmlType, 404},
		{"/measures/cla/authorities?period=1901-03-31", htmlType, 400}, {"/measures/cla/authorities?period=soon", htmlType, 400}, {"/measures/cla/authorities?sort=rank&dir=sideways", htmlType, 400},
		{"/measures/nothing/neighbours", htmlType, 404}, {"/measures/nothing/authorities.json", jsonType, 404}, {"/measures/cla/others", htmlType, 404}, {"/measures/cla/neighbours.exe", htmlType, 404}},
	"GET /since":                        {{"/since", htmlType, 200}, {"/since?meeting=2024-06-03", htmlType, 200}, {"/since?meeting=3+June+2024&area=Leeds", htmlType, 200}, {"/since?meeting=soon", htmlType, 400}, {"/since?since=soon", htmlType, 400}, {"/since?area=Atlantis", htmlType, 404}},
	"GET /since.json":                   {{"/since.json?meeting=2024-06-03", jsonType, 200}, {"/since.json?meeting=soon", jsonType, 400}},
	"GET /since.csv":                    {{"/since.csv?meeting=2024-06-03", "text/csv; charset=utf-8", 200}},
	"GET /since.xlsx":                   {{"/since.xlsx?meeting=2024-06-03", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 200}},
	"GET /search":                       {{"/search", htmlType, 200}, {"/search?q=looked+after", htmlType, 200}, {"/search?q=zzzz", htmlType, 200}, {"/search?q=" + strings.Repeat("a", 201), htmlType, 400}},
	"GET /search.json":                  {{"/search.json?q=806", jsonType, 200}, {"/search.json", jsonType, 200}},
	"GET /about/glossary":               {{"/about/glossary", htmlType, 200}},
	"GET /about/glossary.json":          {{"/about/glossary.json", jsonType, 200}},
	"GET /about/methods":                {{"/about/methods", htmlType, 200}},
	"POST /measures/:name/process":      {{"/measures/cla/process", htmlType, 400}, {"/measures/nothing/process", htmlType, 404}},
	"POST /measures/:name/process/undo": {{"/measures/cla/process/undo", htmlType, 404}, {"/measures/nothing/process/undo", htmlType, 404}},
	"POST /measures/:name/projection":   {{"/measures/cla/projection", htmlType, 400}, {"/measures/nothing/projection", htmlType, 404}},
	"GET /council":                      {{"/council", htmlType, 200}},
	"GET /council.json":                 {{"/council.json", jsonType, 200}},
	"GET /groups/new":                   {{"/groups/new", htmlType, 200}},
	"GET /groups/:name":                 {{"/groups/nothing", htmlType, 404}},
	"POST /groups":                      {{"/groups", htmlType, 400}},
	"POST /groups/:name":                {{"/groups/nothing", htmlType, 404}},
	"POST /groups/:name/delete":         {{"/groups/nothing/delete", htmlType, 404}},
	"POST /meetings":                    {{"/meetings", htmlType, 400}},
	"POST /meetings/delete":             {{"/meetings/delete", htmlType, 404}},
	"POST /measures/:name/name":         {{"/measures/cla/name", htmlType, 409}, {"/measures/nothing/name", htmlType, 404}},
	"POST /measures/:name/steward":      {{"/measures/cla/steward", "", 303}, {"/measures/nothing/steward", htmlType, 404}},
	"POST /imports/:name/publish":       {{"/imports/1/publish", htmlType, 409}, {"/imports/999999/publish", htmlType, 404}, {"/imports/x/publish", htmlType, 404}},
	"POST /imports/:name/take-back":     {{"/imports/1/take-back", htmlType, 400}, {"/imports/999999/take-back", htmlType, 404}, {"/imports/x/take-back", htmlType, 404}},
	"POST /imports/:name/withdraw":      {{"/imports/1/withdraw", htmlType, 400}, {"/imports/999999/withdraw", htmlType, 404}, {"/imports/x/withdraw", htmlType, 404}},
	"POST /layouts/delete":              {{"/layouts/delete", htmlType, 404}},
	"GET /uploads/:name/problems.xlsx":  {{"/uploads/NOTHING/problems.xlsx", htmlType, 404}},
	"GET /uploads/:name/columns":        {{"/uploads/NOTHING/columns", htmlType, 404}},
	"POST /uploads/:name/columns":       {{"/uploads/NOTHING/columns", htmlType, 404}},
	"POST /uploads/:name/accept":        {{"/uploads/NOTHING/accept", htmlType, 404}},
	"GET /reports":                      {{"/reports", htmlType, 200}, {"/reports?area=Atlantis", htmlType, 404}},
	"GET /reports.json":                 {{"/reports.json", jsonType, 200}},
	"GET /reports/style.css":            {{"/reports/style.css", "text/css; charset=utf-8", 200}},
	"GET /reports/:name": {{"/reports/council", htmlType, 200}, {"/reports/council?as-of=26+September+2016&dated=19/10/2016&area=Middlesbrough", htmlType, 200}, {"/reports/council.json", jsonType, 200}, {"/reports/council.csv", "text/csv; charset=utf-8", 200},
		{"/reports/council.docx", docxType, 200}, {"/reports/council.xlsx", xlsxType, 200}, {"/reports/council.html", htmlType, 200}, {"/reports/council?as-of=soon", htmlType, 400}, {"/reports/council?dated=2016-01-01", htmlType, 400}, {"/reports/council.json?as-of=2099-01-01", jsonType, 400},
		{"/reports/council?neighbours=1066", htmlType, 400}, {"/reports/council?area=Atlantis", htmlType, 404}, {"/reports/nothing", htmlType, 404}, {"/reports/nothing?as-of=soon", htmlType, 404}, {"/reports/council.pdf", htmlType, 404}},
	"GET /reports/:name/:page": {{"/reports/council/briefing", htmlType, 200}, {"/reports/council/briefing.docx", docxType, 200}, {"/reports/council/briefing.html", htmlType, 200}, {"/reports/council/briefing.json", jsonType, 200},
		{"/reports/council/issue", htmlType, 200}, {"/reports/council/briefing.csv", htmlType, 404}, {"/reports/council/others", htmlType, 404}, {"/reports/nothing/briefing", htmlType, 404}},
	"GET /reports/issues/:number":    {{"/reports/issues/1", htmlType, 404}, {"/reports/issues/1.json", jsonType, 404}, {"/reports/issues/01.docx", htmlType, 404}},
	"POST /reports/:name/commentary": {{"/reports/council/commentary", htmlType, 404}, {"/reports/nothing/commentary", htmlType, 404}},
	"POST /reports/:name/questions":  {{"/reports/council/questions", htmlType, 400}, {"/reports/nothing/questions", htmlType, 404}},
	"POST /reports/:name/answers":    {{"/reports/council/answers", htmlType, 404}, {"/reports/nothing/answers", htmlType, 404}},
	"POST /reports/:name/issue":      {{"/reports/council/issue", htmlType, 400}, {"/reports/council/issue?as-of=soon", htmlType, 400}, {"/reports/nothing/issue", htmlType, 404}},
	"GET /imports":                   {{"/imports", htmlType, 200}},
	"GET /imports.json":              {{"/imports.json", jsonType, 200}},
	"GET /imports/:name":             {{"/imports/1", htmlType, 200}, {"/imports/1.json", jsonType, 200}, {"/imports/999999", htmlType, 404}, {"/imports/999999.json", jsonType, 404}, {"/imports/x", htmlType, 404}},
	"POST /imports":                  {{"/imports", htmlType, 400}},
	"GET /uploads/:name":             {{"/uploads/NOTHING", htmlType, 404}, {"/uploads/NOTHING.json", jsonType, 404}},
	"POST /uploads/:name/confirm":    {{"/uploads/NOTHING/confirm", htmlType, 404}},
	"POST /uploads/:name/cancel":     {{"/uploads/NOTHING/cancel", htmlType, 404}},
	"GET /samples/:name":             {{"/samples/monthly-return.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 200}, {"/samples/nothing.xlsx", htmlType, 404}, {"/samples/..%2fimports.go", htmlType, 404}},
	"GET /about/accessibility":       {{"/about/accessibility", htmlType, 200}},
	"GET /assets/*name":              {{"/assets/LICENCES.txt", "text/plain; charset=utf-8", 200}, {"/assets/ssr.js", htmlType, 404}, {"/assets/../web.go", htmlType, 404}},
	"GET /people":                    {{"/people", htmlType, 200}},
	"GET /people.json":               {{"/people.json", jsonType, 200}},
	"GET /people/:id":                {{"/people/1", htmlType, 200}, {"/people/999999", htmlType, 404}, {"/people/x", htmlType, 404}},
	"POST /people":                   {{"/people", htmlType, 400}},
	"POST /people/:id":               {{"/people/1", htmlType, 400}, {"/people/999999", htmlType, 404}},
	"POST /people/:id/link":          {{"/people/999999/link", htmlType, 404}},
	"POST /people/:id/factor":        {{"/people/1/factor", htmlType, 409}, {"/people/999999/factor", htmlType, 404}},
	"GET /settings":                  {{"/settings", htmlType, 200}},
	"GET /settings.json":             {{"/settings.json", jsonType, 200}},
	"POST /settings":                 {{"/settings", htmlType, 400}},
	"GET /audit":                     {{"/audit", htmlType, 200}, {"/audit?check=yes", htmlType, 200}, {"/audit?before=x", htmlType, 400}},
	"GET /audit.json":                {{"/audit.json", jsonType, 200}, {"/audit.json?before=x", jsonType, 400}},
	"GET /audit.csv":                 {{"/audit.csv", "text/csv; charset=utf-8", 200}},
	"GET /safekeeping":               {{"/safekeeping", htmlType, 200}},
	"GET /safekeeping.json":          {{"/safekeeping.json", jsonType, 200}},
	"POST /safekeeping/backup":       {{"/safekeeping/backup", htmlType, 409}},
	"GET /metrics":                   {{"/metrics", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", 200}},
	"GET /.well-known/security.txt":  {{"/.well-known/security.txt", htmlType, 404}},
	"GET /sign-in":                   {{"/sign-in", htmlType, 303}},
	"POST /sign-in":                  {{"/sign-in", htmlType, 400}},
	"GET /sign-in/code":              {{"/sign-in/code", htmlType, 303}},
	"POST /sign-in/code":             {{"/sign-in/code", "", 303}},
	"GET /sign-in/set-up":            {{"/sign-in/set-up", htmlType, 303}},
	"POST /sign-in/set-up":           {{"/sign-in/set-up", htmlType, 401}},
	"GET /sign-in/provider":          {{"/sign-in/provider", htmlType, 404}},
	"GET /sign-in/callback":          {{"/sign-in/callback?code=x&state=y", htmlType, 400}},
	"POST /sign-out":                 {{"/sign-out", "", 303}},
	"GET /first/:token":              {{"/first/x", htmlType, 404}},
	"POST /first/:token":             {{"/first/x", htmlType, 404}},
	"GET /link/:token":               {{"/link/x", htmlType, 404}},
	"POST /link/:token":              {{"/link/x", htmlType, 404}},
	"GET /account":                   {{"/account", htmlType, 200}},
	"POST /account/password":         {{"/account/password", htmlType, 400}},
	"POST /account/codes":            {{"/account/codes", "", 303}},
	"POST /account/sessions":         {{"/account/sessions", "", 303}},
	"GET /healthz":                   {{"/healthz", "text/plain; charset=utf-8", 200}},
}

func TestRoutes(t *testing.T) {
	s := newSite(t)
	for _, route := range s.server.Routes() {
		if _, ok := visits[strings.Replace(route, "HEAD ", "GET ", 1)]; !ok {
			t.Errorf("no test visits %s", route)
		}
	}
	for _, route := range slices.Sorted(maps.Keys(visits)) { // GETs first
		all := visits[route]
		method, _, _ := strings.Cut(route, " ")
		if !slices.Contains(s.server.Routes(), route) {
			t.Errorf("there is no route %s", route)
		}
		for _, v := range all {
			a := s.do(httptest.NewRequest(method, v.path, nil))
			if a.status != v.status || a.header.Get("Content-Type") != v.contentType {
				t.Errorf("%s %s is %d %s, want %d %s: %.300s", method, v.path, a.status, a.header.Get("Content-Type"), v.status, v.contentType, a.body)
			}
			if method == http.MethodGet {
				if h := s.do(httptest.NewRequest(http.MethodHead, v.path, nil)); h.status != v.status {
					t.Errorf("HEAD %s is %d", v.path, h.status)
				}
			}
		}
	}
}

func TestPageFrame(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/", "/dashboards", "/compare", "/compare?areas=806,805,807,808,383", "/build", "/build?panel=cla-headline&panel=cla-trend&panel=cla-authorities", "/measures", "/measures/cla", "/measures/cla/neighbours", "/measures/cla/authorities", "/imports", "/imports/1", "/council", "/groups/new", "/reports", "/reports/council", "/reports/council/briefing", "/reports/council/issue", "/about/accessibility", "/about/methods", "/nothing"} {
		doc := s.get(path).page()
		if lang, _ := doc.Find("html").Attr("lang"); lang != "en-GB" {
			t.Errorf("%s: lang is %q", path, lang)
		}
		for _, selector := range []string{`a.govuk-skip-link[href="#main-content"]`, "main#main-content", "h1", `.bw-footer a[href="/about/accessibility"]`, `.bw-nav a[href^="/measures"]`, "head title"} {
			if n := doc.Find(selector).Length(); n != 1 {
				t.Errorf("%s: %d of %s, want one", path, n, selector)
			}
		}
		if n := doc.Find(`[style], style, script:not([src]):not([type="application/json"]), [onclick]`).Length(); n != 0 {
			t.Errorf("%s: %d inline styles or scripts, which the policy forbids", path, n)
		}
		ids := map[string]bool{}
		for _, n := range doc.Find("[id]").Nodes {
			for _, a := range n.Attr {
				if a.Key == "id" && ids[a.Val] {
					t.Errorf("%s: two elements have the id %s", path, a.Val)
				} else if a.Key == "id" {
					ids[a.Val] = true
				}
			}
		}
	}
}

// A choice that cannot be followed names what it was.
func TestUnknownChoices(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		query, says string
		status      int
	}{
		{"area=Atlantis", "Atlantis", 404},
		{"area=E12000001", "North East", 404},
		{"neighbours=1066", "1066", 400},
		{"show=everything", "everything", 400},
		{"from=last", "last", 400},
		{"from=2020&to=2015", "2020", 400},
		{"neighbours=no-such-group", "no-such-group", 400},
		{"since=yesterday", "yesterday", 400},
		{"project=soon", "soon", 400},
	} {
		for _, path := range []string{"/", "/dashboards/overview", "/measures/cla"} {
			s.get(path + "?" + c.query).want(c.status).says(c.says)
		}
		var e struct {
			Error struct {
				Status  int
				Message string
			}
		}
		s.get("/measures/cla.json?" + c.query).want(c.status).json(&e)
		if e.Error.Status != c.status || !strings.Contains(e.Error.Message, c.says) {
			t.Errorf("%s: the JSON says %+v", c.query, e)
		}
	}
}

func TestOtherOriginRefused(t *testing.T) {
	s := newSite(t)
	r := uploadRequest(t, "", file{"a.csv", []byte("date,measure,count\n")})
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	s.do(r).want(http.StatusForbidden).says("another site")
	r = uploadRequest(t, "", file{"a.csv", []byte("date,measure,count\n")})
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	s.do(r).want(http.StatusSeeOther)
}

func TestWrongMethod(t *testing.T) {
	s := newSite(t)
	s.post("/measures/cla").want(http.StatusMethodNotAllowed).says("does not take a POST request")
}

// What went wrong inside is in the log, and only there.
func TestMaskedError(t *testing.T) {
	s := newSite(t)
	s.db.Close()
	a := s.get("/").want(http.StatusInternalServerError).says("Sorry, there is a problem", "reference")
	if strings.Contains(a.body, "sql") || strings.Contains(a.body, "database") {
		t.Errorf("the page tells the inside: %s", a.text())
	}
	_, after, _ := strings.Cut(a.text(), "the reference ")
	if reference, _, _ := strings.Cut(after, "."); reference == "" || !strings.Contains(s.log.String(), reference) {
		t.Errorf("the log does not have the reference %q: %s", reference, s.log)
	}
}

func TestPanicIsMasked(t *testing.T) {
	s := newSite(t)
	s.server.Break("/broken")
	s.server.Break("/broken.json")
	for _, path := range []string{"/broken", "/broken.json"} {
		if a := s.get(path).want(http.StatusInternalServerError); strings.Contains(a.body, "the inside of it") || !strings.Contains(a.body, "reference") {
			t.Errorf("%s answers %s", path, a.body)
		}
	}
	if !strings.Contains(s.log.String(), "the inside of it") {
		t.Errorf("the log does not say what happened: %s", s.log)
	}
	s.get("/").want(http.StatusOK)
}

func TestNotModified(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/", "/measures/cla.json", "/measures/cla.csv", "/measures/cla.svg", "/measures"} {
		plain := s.get(path).want(http.StatusOK)
		small := s.get(path, "Accept-Encoding", "gzip").want(http.StatusOK)
		if small.header.Get("Content-Encoding") != "gzip" || plain.header.Get("Content-Encoding") != "" {
			t.Fatalf("%s: encodings %q and %q", path, small.header.Get("Content-Encoding"), plain.header.Get("Content-Encoding"))
		}
		if plain.header.Get("ETag") == small.header.Get("ETag") {
			t.Errorf("%s: two encodings share the tag %s", path, plain.header.Get("ETag"))
		}
		if !strings.Contains(strings.Join(small.header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s: Vary is %v", path, small.header.Values("Vary"))
		}
		z, err := gzip.NewReader(strings.NewReader(small.body))
		if err != nil {
			t.Fatal(err)
		}
		if readAll(t, z) != plain.body {
			t.Errorf("%s: the compressed page is another", path)
		}
		for _, tag := range []string{plain.header.Get("ETag"), small.header.Get("ETag"), "W/" + plain.header.Get("ETag"), `"other", ` + plain.header.Get("ETag")} {
			if a := s.get(path, "If-None-Match", tag).want(http.StatusNotModified); a.body != "" {
				t.Errorf("%s: 304 with a body", path)
			}
		}
		s.get(path, "If-None-Match", `"other"`).want(http.StatusOK)
	}
}

func TestAssets(t *testing.T) {
	s := newSite(t)
	doc := s.get("/").page()
	sheet, _ := doc.Find(`link[rel="stylesheet"]`).Attr("href")
	script, _ := doc.Find(`script[src*="chart"]`).Attr("src")
	for _, path := range []string{sheet, script} {
		for accept, encoding := range map[string]string{"gzip, br": "br", "gzip": "gzip", "": "", "br;q=0": ""} {
			a := s.get(path, "Accept-Encoding", accept).want(http.StatusOK)
			if got := a.header.Get("Content-Encoding"); got != encoding {
				t.Errorf("%s for %q: encoding %q, want %q", path, accept, got, encoding)
			}
			if got := a.header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
				t.Errorf("%s: Cache-Control %q", path, got)
			}
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	held, counted := web.Cached(100, web.CacheLimit/10)
	if held > web.CacheLimit || held < web.CacheLimit/2 || held != counted {
		t.Errorf("%d bytes held, %d counted, the limit is %d", held, counted, web.CacheLimit)
	}
	if held, _ := web.Cached(1, web.CacheLimit+1); held != 0 {
		t.Errorf("a document above the limit is held: %d", held)
	}
}
