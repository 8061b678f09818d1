package benchmark_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/benchmark"
)

// TestMethodsExplainEveryField holds each field of a comparison but its names
// to a method, once.
func TestMethodsExplainEveryField(t *testing.T) {
	by := map[string]string{"measure": "name", "area": "name", "period": "name", "label": "name"}
	ids := map[string]bool{}
	for _, m := range benchmark.Methods() {
		if !regexp.MustCompile(`^[a-z][a-z-]*$`).MatchString(m.ID) || ids[m.ID] || m.Title == "" || !strings.HasSuffix(m.Text, ".") {
			t.Errorf("method %+v", m)
		}
		ids[m.ID] = true
		for _, f := range m.Fields {
			if by[f] != "" {
				t.Errorf("%s is explained by %s and %s", f, by[f], m.ID)
			}
			by[f] = m.ID
		}
	}
	c := reflect.TypeFor[benchmark.Comparison]()
	for i := range c.NumField() {
		name, _, _ := strings.Cut(c.Field(i).Tag.Get("json"), ",")
		if by[name] == "" {
			t.Errorf("no method explains %s", name)
		}
		delete(by, name)
	}
	if len(by) > 0 {
		t.Errorf("methods explain what there is not: %v", by)
	}
}

// TestMethodsNameEveryFunction follows the calls of what pages show through the
// package: each that rests on a source has its entry, and no entry names a
// function that is not used.
func TestMethodsNameEveryFunction(t *testing.T) {
	functions := parse(t)
	reached := map[string]bool{}
	var follow func(name string)
	follow = func(name string) {
		if reached[name] {
			return
		}
		reached[name] = true
		for _, f := range functions[name] {
			ast.Inspect(f.Body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && functions[id.Name] != nil {
					follow(id.Name)
				}
				return true
			})
		}
	}
	for _, entry := range []string{"Compare", "Project", "XmR", "Represent", "ChangeInterval"} {
		follow(entry)
	}
	var named []string
	for _, m := range benchmark.Methods() {
		named = append(named, m.Functions...)
	}
	sourced := 0
	for name := range reached {
		for _, f := range functions[name] {
			if strings.Contains(f.Doc.Text(), "Source:") {
				sourced++
				if !slices.Contains(named, name) {
					t.Errorf("no method names %s, which rests on a source", name)
				}
			}
		}
	}
	if sourced < 5 {
		t.Errorf("only %d functions with a source were reached", sourced)
	}
	for _, name := range named {
		if !reached[name] {
			t.Errorf("a method names %s, which nothing shown uses", name)
		}
	}
}

// parse is the package's functions and methods by name.
func parse(t *testing.T) map[string][]*ast.FuncDecl {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]*ast.FuncDecl{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				out[fn.Name.Name] = append(out[fn.Name.Name], fn)
			}
		}
	}
	return out
}
