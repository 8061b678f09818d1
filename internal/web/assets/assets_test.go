package assets_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"bellwether/internal/web/assets"
)

func file(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

func dist() fstest.MapFS {
	return fstest.MapFS{
		"manifest.json":   file(`{"app.css": "app-1a2b.css", "LICENCES.txt": "LICENCES.txt"}`),
		"app-1a2b.css":    file("a{}"),
		"app-1a2b.css.gz": file("gz"), "app-1a2b.css.br": file("br"),
		"LICENCES.txt": file("MIT"), "LICENCES.txt.gz": file("gz"), "LICENCES.txt.br": file("br"),
		"ssr.js": file("draw"),
	}
}

func TestLoad(t *testing.T) {
	set, err := assets.Load(dist())
	if err != nil {
		t.Fatal(err)
	}
	if got := set.URL("app.css"); got != "/assets/app-1a2b.css" {
		t.Errorf("URL = %q", got)
	}
	if got := set.URL("other.css"); got != "" {
		t.Errorf("URL of an unknown name = %q", got)
	}
	f, ok := set.File("app-1a2b.css")
	if !ok || f.Type != "text/css; charset=utf-8" || !f.Hashed || string(f.Plain) != "a{}" || string(f.Gzip) != "gz" || string(f.Brotli) != "br" {
		t.Errorf("File = %+v, %v", f, ok)
	}
	if f, ok := set.File("LICENCES.txt"); !ok || f.Hashed {
		t.Errorf("the licences = %+v, %v; want them without a hash", f, ok)
	}
	for _, name := range []string{"ssr.js", "manifest.json", "app.css", ""} {
		if _, ok := set.File(name); ok {
			t.Errorf("%q is served", name)
		}
	}
	if string(set.Server) != "draw" {
		t.Errorf("Server = %q", set.Server)
	}
}

func TestLoadErrors(t *testing.T) {
	if _, err := assets.Load(fstest.MapFS{".gitkeep": file("")}); !errors.Is(err, assets.ErrNotBuilt) || !strings.Contains(err.Error(), "run make") {
		t.Errorf("nothing built: %v", err)
	}
	for _, missing := range []string{"app-1a2b.css", "app-1a2b.css.gz", "app-1a2b.css.br", "ssr.js"} {
		d := dist()
		delete(d, missing)
		if _, err := assets.Load(d); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("without %s: %v, want an error that names it", missing, err)
		}
	}
	d := dist()
	d["manifest.json"] = file("{")
	if _, err := assets.Load(d); err == nil || !strings.Contains(err.Error(), "manifest.json") {
		t.Errorf("a broken manifest: %v", err)
	}
}

func embedded(t *testing.T) *assets.Set {
	t.Helper()
	set, err := assets.Embedded()
	if errors.Is(err, assets.ErrNotBuilt) {
		t.Skip("nothing is built: run npm ci in internal/web/assets")
	} else if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestEmbedded(t *testing.T) {
	set := embedded(t)
	for _, name := range []string{"app.css", "app.js", "chart.js", "icon.svg", "LICENCES.txt"} {
		f, ok := set.File(strings.TrimPrefix(set.URL(name), assets.Prefix))
		if !ok || f.Type == "" {
			t.Errorf("%s is not served, or without a type", name)
			continue
		}
		z, err := gzip.NewReader(bytes.NewReader(f.Gzip))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(z); err != nil || !bytes.Equal(plain, f.Plain) {
			t.Errorf("%s and its .gz differ, %v", name, err)
		}
		if len(f.Brotli) == 0 || len(f.Brotli) >= len(f.Plain) {
			t.Errorf("%s: the .br has %d bytes of %d", name, len(f.Brotli), len(f.Plain))
		}
	}
	if _, err := assets.Dist.ReadFile("dist/test/axe.min.js"); err != nil {
		t.Error(err)
	}
}

// No request leaves the host, and nothing of GOV.UK's identity is borrowed.
func TestStyleIsOurs(t *testing.T) {
	css, _ := embedded(t).File(strings.TrimPrefix(embedded(t).URL("app.css"), assets.Prefix))
	for _, foreign := range []string{"@font-face", "GDS Transport", "url(http", "url(//", "@import"} {
		if bytes.Contains(css.Plain, []byte(foreign)) {
			t.Errorf("the styles have %s", foreign)
		}
	}
	for _, class := range []string{".bw-header", ".bw-card", ".bw-chart", ".bw-tablewrap", ".bw-drop", ".govuk-button", "@media print", "forced-colors", "prefers-reduced-motion"} {
		if !bytes.Contains(css.Plain, []byte(class)) {
			t.Errorf("the styles lack %s", class)
		}
	}
}

func TestLicences(t *testing.T) {
	f, _ := embedded(t).File("LICENCES.txt")
	for _, work := range []string{"echarts", "zrender", "govuk-frontend", "Apache License", "BSD 3-Clause", "Crown Copyright"} {
		if !bytes.Contains(f.Plain, []byte(work)) {
			t.Errorf("the licences lack %s", work)
		}
	}
}

// npm ci must work with whatever registry is configured where it runs.
func TestLockNamesNoRegistry(t *testing.T) {
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(lock, []byte(`"resolved"`)) {
		t.Error("package-lock.json names a registry: npm's option omit-lockfile-registry-resolved leaves it out")
	}
}
