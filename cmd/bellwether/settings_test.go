package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var update = flag.Bool("update", false, "write docs/settings.md anew")

const settingsFile = "../../docs/settings.md"

// docs/settings.md has every command with every flag there is, and no other:
// it is written from the commands themselves, with -update.
func TestSettingsWritten(t *testing.T) {
	want := settings(t)
	if *update {
		if err := os.WriteFile(settingsFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(settingsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("docs/settings.md is not what the commands take: go test ./cmd/bellwether -run TestSettingsWritten -update writes it anew")
	}
}

func model(t *testing.T) *kong.Application {
	t.Helper()
	parser, err := kong.New(&cli{}, kong.Name("bellwether"))
	if err != nil {
		t.Fatal(err)
	}
	return parser.Model
}

func settings(t *testing.T) []byte {
	var b bytes.Buffer
	app := model(t)
	fmt.Fprint(&b, "# Commands and settings\n\nEvery command of `bellwether` with what it takes. A setting that names a variable can be given by it instead. `bellwether COMMAND --help` says the same. What the files in `dashboards` and `imports` may say stands at the head of each kind: [`overview.toml`](../dashboards/overview.toml), [`scorecard.toml`](../dashboards/scorecard.toml), [`reports/council.toml`](../dashboards/reports/council.toml), [layouts](../imports/layouts/README.md) and [`measures.toml`](../imports/reference/measures.toml).\n\n## With every command\n\n")
	flags(&b, app.Node)
	for _, leaf := range app.Leaves(true) {
		path := strings.TrimSpace(strings.TrimPrefix(leaf.FullPath(), app.Name))
		for _, p := range leaf.Positional {
			path += " " + p.Summary()
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", path, leaf.Help)
		if len(leaf.Flags) > 0 {
			fmt.Fprintln(&b)
			flags(&b, leaf)
		}
	}
	return b.Bytes()
}

func flags(b *bytes.Buffer, n *kong.Node) {
	fmt.Fprint(b, "| setting | variable | says |\n|---|---|---|\n")
	for _, f := range n.Flags {
		if f.Name == "help" {
			continue
		}
		name, variable := "--"+f.Name, ""
		if !f.IsBool() {
			name += "=" + f.FormatPlaceHolder()
		}
		if len(f.Envs) > 0 {
			variable = "`" + strings.Join(f.Envs, "`, `") + "`"
		}
		says := f.Help
		if f.Required {
			says += " Required."
		}
		if f.HasDefault && f.Default != "" {
			says += " `" + f.Default + "` unless given."
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", name, variable, strings.ReplaceAll(says, "|", "\\|"))
	}
}

// What the other documents call a flag, a variable or a command is one.
func TestSettingsNamed(t *testing.T) {
	known := map[string]bool{"--help": true}
	app := model(t)
	for _, n := range append(app.Leaves(true), app.Node) {
		known["bellwether "+strings.Fields(n.Path() + " -")[0]] = true
		for _, f := range n.Flags {
			known["--"+f.Name] = true
			for _, env := range f.Envs {
				known[env] = true
			}
		}
	}
	for _, n := range app.Children {
		known["bellwether "+n.Name] = true
	}
	named := regexp.MustCompile("(?m)(?:^|[\\s`(])(--[a-z][a-z-]+)|(BELLWETHER_[A-Z_]+)|(?:^ {4}|`)(bellwether [a-z][a-z-]*)")
	for _, file := range documents(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllSubmatch(text, -1) {
			if name := string(slices.Concat(m[1:]...)); !known[name] {
				t.Errorf("%s names %s, which there is not", file, name)
			}
		}
	}
}

func documents(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"../../*.md", "../../docs/*.md", "../../imports/*/*.md", "../../dashboards/*.toml", "../../dashboards/reports/*.toml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("there is no %s", pattern)
		}
		for _, f := range files {
			if filepath.Base(f) != "CHANGELOG.md" { // which tells of what there was
				out = append(out, f)
			}
		}
	}
	return out
}

// A kind of file says at its head, or beside it, everything that may be set in
// it, and nothing that may not.
func TestSettingsOfFiles(t *testing.T) {
	for document, structs := range map[string]map[string][]string{
		"dashboards/overview.toml":        {"internal/dashboard/definition.go": {"PanelDefinition"}},
		"dashboards/scorecard.toml":       {"internal/dashboard/scorecard_definition.go": {"RowDefinition"}},
		"dashboards/reports/council.toml": {"internal/dashboard/report_definition.go": {"reportDefinition", "reportSection"}},
		"imports/layouts/README.md":       {"internal/importer/layout.go": {"layout", "column", "item", "ignore"}},
		"imports/reference/measures.toml": {"internal/stat/measure.go": {"Measure"}, "internal/stat/council.go": {"DefinitionChange"}},
	} {
		text, err := os.ReadFile("../../" + document)
		if err != nil {
			t.Fatal(err)
		}
		there := map[string]bool{"title": true, "lead": true, "cadence": true} // of a dashboard itself, wherever it is told
		for file, names := range structs {
			for _, name := range names {
				for _, key := range keys(t, "../../"+file, name) {
					there[key] = true
					if !regexp.MustCompile(`(?m)^[#|].*\b`+key+`\b`).Match(text) && !strings.Contains(string(text), "`"+key+"`") && !strings.Contains(string(text), "`[["+key+"]]`") {
						t.Errorf("%s does not tell of %q", document, key)
					}
				}
			}
		}
		for _, key := range told(string(text)) {
			if !there[key] {
				t.Errorf("%s tells of %q, which cannot be set; there are %v", document, key, slices.Sorted(maps.Keys(there)))
			}
		}
	}
}

// told are the settings at the start of a comment's line ("# due_days   of a
// headline") or of a table's row ("| `header` | ").
func told(text string) (out []string) {
	line := regexp.MustCompile("(?m)^(?:# {1,3}([a-z_]+(?:, [a-z_]+)*) {2,}|\\| (`[a-z_`, ]+`) \\|)")
	for _, m := range line.FindAllStringSubmatch(text, -1) {
		for key := range strings.SplitSeq(m[1]+strings.ReplaceAll(m[2], "`", ""), ", ") {
			out = append(out, key)
		}
	}
	return out
}

// keys are what a struct takes from TOML.
func keys(t *testing.T, file, name string) (out []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || !strings.EqualFold(spec.Name.Name, name) {
			return true
		}
		for _, field := range spec.Type.(*ast.StructType).Fields.List {
			if field.Tag == nil {
				continue
			}
			key, _, _ := strings.Cut(reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("toml"), ",")
			if key != "" && key != "-" {
				out = append(out, key)
			}
		}
		return false
	})
	if out == nil {
		t.Fatalf("%s has no %s with settings", file, name)
	}
	return out
}
