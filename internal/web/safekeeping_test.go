package web_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/web"
)

// What the page of safekeeping says is what is there.
func TestSafekeeping(t *testing.T) {
	s := newSite(t)
	dir := filepath.Join(t.TempDir(), "backups")
	s.reconfigured(web.Config{Backups: dir})
	s.get("/safekeeping").want(http.StatusOK).says("There is no backup yet", "None yet. A backup is proven", "No backup and no drill has failed", dir)
	s.get(s.post("/safekeeping/backup").location()).says("A copy of the database was made and checked", "just now")
	copies, err := s.db.Copies(t.Context(), dir)
	if err != nil || len(copies) != 1 {
		t.Fatalf("kept are %v, %v", copies, err)
	}
	s.get("/safekeeping").says(copies[0].SHA256, filepath.Base(copies[0].Path), s.lastAct().Hash)
	if act := s.lastAct(); act.What != "backup" || act.Detail != "sha256 "+copies[0].SHA256 || act.Who == "" {
		t.Errorf("the audit trail ends with %+v", act)
	}
	if !strings.Contains(s.log.String(), copies[0].Head) {
		t.Error("the log does not have the head of the audit trail")
	}
	s.note(stat.Act{Who: "Al Jones", What: "drill", On: filepath.Base(copies[0].Path), Detail: "sha256 " + copies[0].SHA256, At: s.now()})
	s.note(stat.Act{Who: "Bellwether", What: "backup.failed", On: "the daily copy", Detail: "the disk is full", At: s.now()})
	s.wait(3 * 24 * time.Hour)
	s.as(stat.Administrator).get("/safekeeping").says("The last backup is older than a day", "3 days ago", "by Al Jones", "the disk is full")
	var twin struct {
		Copies []struct {
			File, SHA256 string
			Bytes        int64
		}
		Drill          *stat.Act
		Failures       []stat.Act
		Bytes, Version int64
	}
	s.as(stat.Administrator).get("/safekeeping.json").want(http.StatusOK).json(&twin)
	if len(twin.Copies) != 1 || twin.Copies[0].SHA256 != copies[0].SHA256 || twin.Copies[0].Bytes == 0 || twin.Drill == nil || len(twin.Failures) != 1 || twin.Bytes == 0 || twin.Version == 0 {
		t.Errorf("the JSON is %+v", twin)
	}
	s.wait(90 * 24 * time.Hour)
	s.as(stat.Administrator).get("/safekeeping").says("No backup and no drill has failed")
}

// A backup that fails says so, and leaves a trace.
func TestBackupFails(t *testing.T) {
	s := newSite(t)
	s.get("/safekeeping").says("No backups are made")
	s.post("/safekeeping/backup").want(http.StatusConflict).says("without a folder for backups")
	file := filepath.Join(t.TempDir(), "backups")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.reconfigured(web.Config{Backups: filepath.Join(file, "daily")})
	s.post("/safekeeping/backup").want(http.StatusInternalServerError).says("There is a problem", "The copies that were kept before are still there")
	if act := s.lastAct(); act.What != "backup.failed" {
		t.Errorf("the audit trail ends with %+v", act)
	}
	if !strings.Contains(s.log.String(), "the backup failed") {
		t.Errorf("the log does not say so: %s", s.log)
	}
}

func TestSecurityText(t *testing.T) {
	s := newSite(t)
	s.get("/.well-known/security.txt").want(http.StatusNotFound)
	s.reconfigured(web.Config{SecurityContact: "mailto:security@example.gov.uk"})
	a := s.public().get("/.well-known/security.txt").want(http.StatusOK)
	for _, line := range []string{"Contact: mailto:security@example.gov.uk\n", "Expires: 2027-05-21T00:00:00Z\n", "Preferred-Languages: en\n"} {
		if !strings.Contains(a.body, line) {
			t.Errorf("it does not say %q: %s", line, a.body)
		}
	}
	if got := a.header.Get("Content-Type"); got != "text/plain; charset=utf-8" {
		t.Errorf("Content-Type is %q", got)
	}
}

func TestReadContact(t *testing.T) {
	for in, want := range map[string]string{
		"security@example.gov.uk": "mailto:security@example.gov.uk", "mailto:a@b.uk": "mailto:a@b.uk", "https://example.gov.uk/report": "https://example.gov.uk/report", "tel:+44-1642-000000": "tel:+44-1642-000000",
		"": "", "@": "", "example": "", "http://example.gov.uk": "", "https://": "", "a@b.uk\nContact: c@d.uk": "", "javascript:alert(1)": "", "mailto:": "",
	} {
		if got, err := web.ReadContact(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v", in, got, err)
		}
	}
}
