package web_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/web"
)

// tidy is a small file of the council's own figures.
func tidy(rows ...string) []byte {
	return []byte("date,measure,count,rate\n" + strings.Join(rows, "\n") + "\n")
}

func TestUploadPreviewConfirm(t *testing.T) {
	s := newSite(t)
	path, preview := s.upload(file{"october.csv", tidy("31/10/2026,Children looked after,487,")})
	preview.want(http.StatusOK).says("Nothing is stored yet", "Import these figures", "Children looked after", "31 October 2026", "487", "C2")
	preview.counts("1 0 0")
	if n := len(batches(s)); strings.Contains(s.get("/measures/cla").body, "31 October 2026") || n == 0 {
		t.Error("the preview has stored its figure")
	}
	before := len(batches(s))
	a := s.post(path + "/confirm").want(http.StatusSeeOther)
	done := s.settled(a.header.Get("Location")).want(http.StatusOK)
	done.says("october.csv", "by analyst", "Children looked after")
	if after := batches(s); len(after) != before+1 || after[0].File != "october.csv" || after[0].New != 1 || after[0].By != "analyst" {
		t.Errorf("the imports are now %+v", after[0])
	}
	measure := s.get("/measures/cla").says("31 October 2026", "487")
	measure.page().Find(`figcaption a[href^="/"]`).Each(func(_ int, a *goquery.Selection) {
		to, _ := a.Attr("href")
		path, _, _ := strings.Cut(to, "#")
		s.get(path).want(http.StatusOK)
	})
	s.get("/").says("487")
	s.get("/imports").says("october.csv")
	again := s.post(path + "/confirm").want(http.StatusSeeOther)
	s.settled(again.header.Get("Location")).want(http.StatusOK)
	if n := len(batches(s)); n != before+1 {
		t.Errorf("confirming twice made %d imports", n-before)
	}
}

// counts checks the numbers of new, revised and unchanged figures on a page.
func (a answer) counts(want string) {
	a.Helper()
	got := a.page().Find(".bw-changes dd").Map(func(_ int, dd *goquery.Selection) string { return dd.Text() })
	if strings.Join(got, " ") != want {
		a.Errorf("the page counts %v, want %s", got, want)
	}
}

type batch struct {
	Batch   int64
	File    string
	SHA256  string
	By      string
	New     int
	Revised int
}

func batches(s *site) (out []batch) {
	s.Helper()
	s.get("/imports.json").want(http.StatusOK).json(&out)
	return out
}

func TestSameBytesAgain(t *testing.T) {
	s := newSite(t)
	f := file{"october.csv", tidy("31/10/2026,Children looked after,487,")}
	path, _ := s.upload(f)
	s.post(path + "/confirm").want(http.StatusSeeOther)
	s.settled(path)
	n := len(batches(s))
	_, page := s.upload(file{"renamed.csv", f.data})
	page.want(http.StatusOK).says("Unchanged.", "october.csv")
	if link, _ := page.page().Find(`main a[href^="/imports/"]`).Attr("href"); !strings.HasPrefix(link, "/imports/") {
		t.Errorf("no link to the earlier import: %s", page.text())
	}
	if len(batches(s)) != n {
		t.Error("the same bytes were stored again")
	}
}

func TestRevisedShowsWhatWas(t *testing.T) {
	s := newSite(t)
	path, _ := s.upload(file{"first.csv", tidy("31/10/2026,Children looked after,487,")})
	s.post(path + "/confirm")
	s.settled(path)
	_, page := s.upload(file{"second.csv", tidy("31/10/2026,Children looked after,489,", "30/09/2026,Children looked after,481,")})
	page.counts("1 1 0")
	row := page.page().Find("tr").FilterFunction(func(_ int, r *goquery.Selection) bool { return strings.Contains(r.Text(), "489") })
	if got := fold(row.Text()); !strings.Contains(got, "487") {
		t.Errorf("the row of the revised figure is %q", got)
	}
}

func TestCancel(t *testing.T) {
	s := newSite(t)
	n := len(batches(s))
	path, _ := s.upload(file{"october.csv", tidy("31/10/2026,Children looked after,487,")})
	a := s.post(path + "/cancel").want(http.StatusSeeOther)
	s.get(a.header.Get("Location")).want(http.StatusOK).says("You cancelled this upload. Nothing of it was stored.")
	s.post(path + "/confirm").want(http.StatusConflict).says("Nothing was stored")
	if len(batches(s)) != n {
		t.Error("a cancelled upload was stored")
	}
}

func TestUploadExpires(t *testing.T) {
	s := newSite(t)
	path, _ := s.upload(file{"october.csv", tidy("31/10/2026,Children looked after,487,")})
	s.wait(web.Lifetime + time.Minute)
	s.get(path).want(http.StatusNotFound).says("not confirmed within an hour", "upload the file again")
	s.post(path + "/confirm").want(http.StatusNotFound)
	s.get(path + ".json").want(http.StatusNotFound)
}

// The oldest of too many that wait gives way.
func TestUploadsAreFew(t *testing.T) {
	s := newSite(t)
	var paths []string
	for i := range web.MaxPending + 1 {
		path, _ := s.upload(file{"october.csv", tidy("31/10/2026,Children looked after," + string(rune('1'+i)) + ",")})
		paths = append(paths, path)
		s.wait(time.Second)
	}
	s.get(paths[0]).want(http.StatusNotFound)
	for _, path := range paths[1:] {
		s.get(path).want(http.StatusOK)
	}
}

// While a file is read the page says so, with a script and without.
func TestUploadUnderWay(t *testing.T) {
	s := newSite(t)
	release := s.server.Hold()
	var paths []string
	for range web.MaxPending {
		a := s.do(uploadRequest(t, "", file{"october.csv", tidy("31/10/2026,Children looked after,487,")}))
		paths = append(paths, a.want(http.StatusSeeOther).header.Get("Location"))
	}
	page := s.get(paths[0]).want(http.StatusOK).says("Nothing is stored yet").page()
	if url, _ := page.Find("[data-progress-url]").Attr("data-progress-url"); url != paths[0]+".json" {
		t.Errorf("progress is asked for at %q", url)
	}
	if head := page.Find("head noscript").Text(); !strings.Contains(head, `http-equiv="refresh"`) {
		t.Errorf("without a script the page does not load itself again: %q", head)
	}
	var at struct{ State, Next string }
	s.get(paths[0] + ".json").json(&at)
	if !strings.HasPrefix(at.State, "Reading") || at.Next != "" {
		t.Errorf("the progress is %+v", at)
	}
	for _, act := range []string{"/confirm", "/cancel"} {
		s.post(paths[0] + act).want(http.StatusConflict)
	}
	s.do(uploadRequest(t, "", file{"more.csv", tidy()})).want(http.StatusConflict).says("still reading other files", "Nothing of it was stored")
	release()
	for _, path := range paths {
		s.settled(path).says("Import these figures")
	}
}

// A fault of ours is not put down to the file.
func TestStoreFails(t *testing.T) {
	s := newSite(t)
	sent := file{"october.csv", tidy("31/10/2026,Children looked after,487,")}
	path, _ := s.upload(sent)
	s.breaks()
	s.post(path + "/confirm").want(http.StatusSeeOther)
	s.settled(path).want(http.StatusOK).says("Something went wrong in Bellwether, not in your file. Nothing was stored.")
	if log := s.log.String(); !strings.Contains(log, fmt.Sprintf("sha256=%x", sha256.Sum256(sent.data))) || strings.Contains(log, "october") {
		t.Errorf("the log does not have the file's hash, or has its name: %s", log)
	}
}

// What somebody has confirmed is stored before the server stops.
func TestStoredBeforeStopping(t *testing.T) {
	s := newSite(t)
	before := len(batches(s))
	path, _ := s.upload(file{"october.csv", tidy("31/10/2026,Children looked after,487,")})
	release := s.server.Hold()
	s.post(path + "/confirm").want(http.StatusSeeOther)
	time.AfterFunc(100*time.Millisecond, release)
	s.server.Close()
	if list, err := s.db.Batches(t.Context()); err != nil || len(list) != before+1 || list[0].File != "october.csv" {
		t.Errorf("%d imports, %v; want one more than %d", len(list), err, before)
	}
}

func TestReleased(t *testing.T) {
	s := newSite(t)
	a := s.do(uploadRequest(t, "5 November 2026", file{"october.csv", tidy("31/10/2026,Children looked after,487,")}))
	s.settled(a.want(http.StatusSeeOther).header.Get("Location")).says("released 5 November 2026")
	s.do(uploadRequest(t, "last Tuesday", file{"october.csv", tidy()})).want(http.StatusBadRequest).says("Write a day, such as 20 November 2026")
}

// maxUpload is how large a file may be where nothing was set.
const maxUpload = 20 << 20

// What is not an upload at all is answered with the form.
func TestNotAnUpload(t *testing.T) {
	s := newSite(t)
	f := file{"a.csv", tidy("31/10/2026,Children looked after,487,")}
	cut := uploadRequest(t, "", f)
	cut.Body = io.NopCloser(io.LimitReader(cut.Body, 300))
	for name, c := range map[string]struct {
		r      *http.Request
		says   string
		status int
	}{
		"no file":        {uploadRequest(t, ""), "No file was chosen", http.StatusBadRequest},
		"two files":      {uploadRequest(t, "", f, f), "do not belong together", http.StatusBadRequest},
		"three files":    {uploadRequest(t, "", f, file{"a.meta.csv", f.data}, f), "More than two files", http.StatusBadRequest},
		"meta alone":     {uploadRequest(t, "", file{"a.meta.csv", f.data}), "Choose a.csv together with it", http.StatusBadRequest},
		"another's meta": {uploadRequest(t, "", f, file{"b.meta.csv", f.data}), "do not belong together", http.StatusBadRequest},
		"cut short":      {cut, "did not arrive whole", http.StatusBadRequest},
		"too large":      {uploadRequest(t, "", file{"large.csv", bytes.Repeat([]byte("a"), maxUpload+1)}), "up to 20 MB", http.StatusRequestEntityTooLarge},
		"huge":           {uploadRequest(t, "", file{"huge.csv", bytes.Repeat([]byte("a"), 8*maxUpload+1)}), "up to 20 MB", http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			page := s.do(c.r).want(c.status).page()
			if got := page.Find(".govuk-error-summary").Text(); !strings.Contains(got, c.says) {
				t.Errorf("the page says %q, want %q", fold(got), c.says)
			}
			if page.Find(`form input[type="file"]`).Length() != 1 {
				t.Error("the form is not there to try again")
			}
		})
	}
}

// The limits are settings: the page, the refusal and the reading follow them.
func TestLimitsAreSettings(t *testing.T) {
	s := newSite(t)
	s.limit(1<<20, 12)
	s.get("/imports").says("up to 1 MB")
	s.do(uploadRequest(t, "", file{"large.csv", bytes.Repeat([]byte("a"), 1<<20+1)})).want(http.StatusRequestEntityTooLarge)
	long := tidy(strings.Repeat("31/10/2025,Children looked after,1,\n", 12))
	_, page := s.upload(file{"long.csv", long})
	page.want(http.StatusUnprocessableEntity).says("goes on below row 12", "--max-rows")
	s.limit(maxUpload+1, 0)
	s.get("/imports").says("up to 20 MB")
}

// Each bad file is refused with the cell and a remedy, and stores nothing.
func TestBadFiles(t *testing.T) {
	s := newSite(t)
	n, version := len(batches(s)), s.get("/").header.Get("ETag")
	long := strings.Repeat("31/10/2026,Children looked after,1,\n", 1)
	for name, c := range map[string]struct {
		file file
		says []string
	}{
		"not a spreadsheet":  {file{"photo.xlsx", []byte("\x89PNG\r\n\x1a\nnot a spreadsheet")}, nil},
		"old excel":          {file{"old.xls", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...)}, nil},
		"a zip of something": {file{"zip.xlsx", zipped(t, "hello.txt", "hello")}, nil},
		"empty":              {file{"empty.csv", nil}, nil},
		"unknown layout":     {file{"unknown.csv", []byte("colour,shape\nred,round\n")}, nil},
		"missing column":     {file{"missing.csv", []byte("measure,count\nChildren looked after,12\n")}, nil},
		"unknown area":       {file{"area.csv", []byte("date,measure,area,count\n31/10/2025,Children looked after,Atlantis,12\n")}, []string{"Atlantis", "C2"}},
		"unreadable period":  {file{"period.csv", tidy("someday,Children looked after,12,")}, []string{"someday", "A2"}},
		"negative count":     {file{"negative.csv", tidy("31/10/2025,Children looked after,-3,")}, []string{"C2"}},
		"text for a number":  {file{"text.csv", tidy("31/10/2025,Children looked after,many,")}, []string{"many", "C2"}},
		"spreadsheet error":  {file{"ref.csv", tidy("31/10/2025,Children looked after,#REF!,")}, []string{"#REF!", "C2"}},
		"duplicate key":      {file{"twice.csv", tidy("31/10/2025,Children looked after,3,", "31/10/2025,Children looked after,4,")}, []string{"3"}},
		"future month":       {file{"future.csv", tidy("31/12/2026,Children looked after,3,", long)}, []string{"A2"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, page := s.upload(c.file)
			page.want(http.StatusUnprocessableEntity).says("Nothing of it was stored").says(c.says...)
			if got := fold(page.page().Find("h1").Text()); !strings.Contains(got, c.file.name) {
				t.Errorf("the heading %q does not name the file", got)
			}
			if page.page().Find(".bw-problems__item").Length() == 0 {
				t.Error("no problem is listed")
			}
			if page.page().Find(`form[action$="/confirm"]`).Length() != 0 {
				t.Error("a refused file can be confirmed")
			}
		})
	}
	if len(batches(s)) != n || s.get("/").header.Get("ETag") != version {
		t.Error("a refused file has changed something")
	}
}

func zipped(t *testing.T, name, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	f.Write([]byte(text))
	w.Close()
	return b.Bytes()
}

const attack = `<img src=x onerror=alert(1)>`

// Names and cells are text, whatever is in them.
func TestMarkupIsText(t *testing.T) {
	s := newSite(t)
	_, page := s.upload(file{attack + ".csv", tidy("31/10/2025,Children looked after,"+attack+",", "31/10/2025,"+attack+",1,")})
	page.want(http.StatusUnprocessableEntity).says(attack)
	path, good := s.upload(file{attack + ".csv", tidy("31/10/2026,Children looked after,487,")})
	s.post(path + "/confirm")
	stored := s.settled(path).want(http.StatusOK)
	for _, a := range []answer{page, good, stored, s.get("/imports"), s.get("/measures/cla"), s.get("/measures/cla?area=" + "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")} {
		if n := a.page().Find("img, [onerror]").Length(); n != 0 || strings.Contains(a.body, "<img") {
			t.Errorf("markup came through: %.400s", a.text())
		}
	}
	s.get("/imports").says(attack + ".csv")
}

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{
		"a.csv":                           "a.csv",
		`C:\Users\me\a.csv`:               "a.csv",
		"../../etc/a.csv":                 "a.csv",
		"a\r\nSet-Cookie: x.csv":          "a Set-Cookie: x.csv",
		"fdp\u202evsc.xlsx":               "fdpvsc.xlsx",
		strings.Repeat("é", 300) + ".csv": strings.Repeat("é", 98) + ".csv",
	} {
		if got := web.FileName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("a.csv")
	f.Add("\xff/..\\\u202e")
	f.Fuzz(func(t *testing.T, in string) {
		got := web.FileName(in)
		if len(got) > 200 || strings.ContainsAny(got, "/\\\r\n\x00") && got != "/" || strings.ToValidUTF8(got, "") != got {
			t.Errorf("%q becomes %q", in, got)
		}
	})
}

func TestReadRelease(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " 2025-11-20 ": "2025-11-20", "2025-11": "2025-11", "20/11/2025": "2025-11-20", "November 2025": "2025-11", "20 November 2025": "2025-11-20", "Nov-25": "2025-11",
	} {
		if got, err := web.ReadRelease(in); err != nil || string(got) != want {
			t.Errorf("%q is %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"2025", "soon", "2024-25", "31 February 2025"} {
		if got, err := web.ReadRelease(in); err == nil {
			t.Errorf("%q is taken as %q", in, got)
		}
	}
}
