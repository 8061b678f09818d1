package main

import (
	"os"
	"os/exec"
	"sort"
	"strings"
	"testing"
)

const module = "bellwether/"

// The README draws the house: a line a package, with what it may import. Here
// it is held against the code.
func TestHouse(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(readme), "```imports\n")
	drawn, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatal("README.md has no block fenced by ```imports")
	}
	if built := house(t); built != drawn {
		t.Errorf("README.md draws\n%s\nbut the code is\n%s", drawn, built)
	}
}

func house(t *testing.T) string {
	var lines []string
	for _, line := range golist(t, "{{.ImportPath}} {{join .Imports \" \"}}") {
		pkg, imports, _ := strings.Cut(line, " ")
		var ours []string
		for _, i := range strings.Fields(imports) {
			if strings.HasPrefix(i, module) {
				ours = append(ours, short(i))
			}
		}
		sort.Strings(ours)
		lines = append(lines, strings.TrimRight(pad(short(pkg))+strings.Join(ours, " "), " "))
	}
	return strings.Join(lines, "\n") + "\n"
}

func short(pkg string) string {
	return strings.TrimPrefix(strings.TrimPrefix(pkg, module), "internal/")
}

func pad(s string) string { return s + strings.Repeat(" ", max(1, 16-len(s))) }

// Each of these lives in one package.
func TestOneHomeEach(t *testing.T) {
	homes := map[string]string{
		"github.com/xuri/excelize/v2":         "workbook",
		"github.com/go-echarts/go-echarts/v2": "chart",
		"github.com/gin-gonic/gin":            "web",
		"github.com/coreos/go-oidc/v3":        "signon",
		"golang.org/x/oauth2":                 "signon",
		"golang.org/x/crypto/argon2":          "credential",
		"github.com/pquerna/otp":              "credential",
		"github.com/alexedwards/scs/v2":       "web",
		"database/sql":                        "store",
		"modernc.org/sqlite":                  "store",
		"modernc.org/quickjs":                 "chart",
		"github.com/alecthomas/kong":          "cmd/bellwether",
		"bellwether/imports":                  "cmd/bellwether",
		"bellwether/dashboards":               "cmd/bellwether",
	}
	seen := map[string]bool{}
	for _, line := range golist(t, "{{.ImportPath}} {{join .Imports \" \"}}") {
		pkg, imports, _ := strings.Cut(line, " ")
		for _, i := range strings.Fields(imports) {
			for lib, home := range homes {
				if i != lib && !strings.HasPrefix(i, lib+"/") {
					continue
				}
				seen[lib] = true
				if short(pkg) != home {
					t.Errorf("%s imports %s, which lives in %s", short(pkg), lib, home)
				}
			}
		}
	}
	for lib := range homes {
		if !seen[lib] {
			t.Errorf("nothing imports %s: is its name still right?", lib)
		}
	}
}

func golist(t *testing.T, format string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", format, "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
