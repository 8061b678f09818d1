package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bellwether/internal/dashboard"
)

// folder holds the council's own definitions.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const ownBoard = "title = \"Our own\"\n[[panel]]\nkind = \"headline\"\nmeasure = \"cla\"\n"

func TestOwnDashboardsJoinAndReplace(t *testing.T) {
	t.Parallel()
	given, code := answerOf[checked](t, "check")
	if code != done || given.Dashboards < 8 {
		t.Fatalf("exit %d, %d dashboards", code, given.Dashboards)
	}
	dir := folder(t, map[string]string{"ours.toml": ownBoard, "workforce.toml": ownBoard, "notes.txt": "not a definition"})
	if own, code := answerOf[checked](t, "check", "--dashboards", dir); code != done || own.Dashboards != given.Dashboards+1 {
		t.Errorf("exit %d, %d dashboards, want one more than %d", code, own.Dashboards, given.Dashboards)
	}
	p, err := (&cli{Home: "806", Dashboards: dir}).define()
	if err != nil {
		t.Fatal(err)
	}
	for name, title := range map[string]string{"ours": "Our own", "workforce": "Our own", dashboard.Overview: "At a glance", "scorecard": "Scorecard"} {
		if got := p.boards.Title(name); got != title {
			t.Errorf("%s is titled %q, want %q", name, got, title)
		}
	}
	if names := p.boards.Names(); names[0] != dashboard.Overview {
		t.Errorf("names %v", names)
	}
}

func TestFaultsOfOwnDashboards(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"ours.toml": strings.Replace(ownBoard, "headline", "pie", 1),
		"card.toml": "title = \"Card\"\ncadence = \"month\"\n[[row]]\nmeasure = \"cla\"\ntarget = 480\n",
	})
	out, errs, code := bellwether(t, "check", "--dashboards", dir)
	if code != refused || out != "" {
		t.Errorf("exit %d, said %q", code, out)
	}
	for _, want := range []string{dir, "ours.toml:3: panel kind \"pie\"", "card.toml:5: neither high nor low is good of cla"} {
		if !strings.Contains(errs, want) {
			t.Errorf("the fault lacks %q: %s", want, errs)
		}
	}
	if _, errs, code := bellwether(t, "check", "--dashboards", filepath.Join(dir, "nowhere")); code != usage || !strings.Contains(errs, "is not a folder") {
		t.Errorf("exit %d, %s", code, errs)
	}
}
