package importer_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
)

// sources parses the Go files of a folder that are not tests.
func sources(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	var out []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

// text is the value of a string literal, or of a constant known by name.
func text(e ast.Expr, consts map[string]string) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(e.Value)
		return s
	case *ast.Ident:
		return consts[e.Name]
	}
	return ""
}

func constants(files []*ast.File) map[string]string {
	out := map[string]string{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				for i, name := range v.Names {
					if i < len(v.Values) {
						if s := text(v.Values[i], nil); s != "" {
							out[name.Name] = s
						}
					}
				}
			}
			return true
		})
	}
	return out
}

// codesIn finds what stands where the code of a problem belongs: the argument
// of problem and warning, the first field of a complaint, a field Code.
func codesIn(files []*ast.File) map[string]bool {
	consts, out := constants(files), map[string]bool{}
	take := func(e ast.Expr) {
		if s := text(e, consts); s != "" {
			out[s] = true
		}
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				switch fun := n.Fun.(type) {
				case *ast.SelectorExpr:
					if fun.Sel.Name == "problem" && len(n.Args) > 2 {
						take(n.Args[1])
					}
				case *ast.Ident:
					if fun.Name == "warning" && len(n.Args) > 2 {
						take(n.Args[0])
					}
				}
			case *ast.CompositeLit:
				if id, ok := n.Type.(*ast.Ident); ok && id.Name == "complaint" && len(n.Elts) > 0 {
					take(n.Elts[0])
				}
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok && id.Name == "Code" {
					take(n.Value)
				}
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if s, ok := l.(*ast.SelectorExpr); ok && s.Sel.Name == "Code" && i < len(n.Rhs) {
						take(n.Rhs[i])
					}
				}
			}
			return true
		})
	}
	return out
}

// faultCodes are the constants beside workbook.Fault.
func faultCodes(t *testing.T) []string {
	var out []string
	for name, s := range constants(sources(t, "../workbook")) {
		if ast.IsExported(name) && s == strings.ToLower(s) && !strings.ContainsAny(s, " ./") {
			out = append(out, s)
		}
	}
	return out
}

// Every code that a problem can have belongs to exactly one check.
func TestEveryCodeHasItsCheck(t *testing.T) {
	codes := codesIn(sources(t, "."))
	if len(codes) < 30 {
		t.Fatalf("only %d codes were found in the sources: %v", len(codes), codes)
	}
	faults := faultCodes(t)
	if len(faults) < 10 {
		t.Fatalf("only %v were found in the workbook's sources", faults)
	}
	for _, code := range faults {
		codes[code] = true
	}
	for code := range codes {
		if names := importer.ChecksWith(code); len(names) != 1 {
			t.Errorf("the code %q belongs to %d checks: %v", code, len(names), names)
		}
	}
}

// Of a file that could not be read nothing is said to have passed that was
// never looked at.
func TestNotChecked(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		name, data string
		want       map[string]string
	}{
		{"no spreadsheet", "%PDF-1.7\n", map[string]string{"readable": "FAIL 1", "totals_only": "NOT CHECKED", "nothing_hidden": "NOT CHECKED", "layout": "not checked"}},
		{"no header that is known", "colour,shape\nred,round\n", map[string]string{"readable": "PASS", "totals_only": "PASS", "layout": "FAIL 1", "column_names": "NOT CHECKED"}},
		{"rows of children", "Forename,Date of Birth,UPN\nAda,03/04/2015,\nRupert,05/06/2016,\n", map[string]string{"readable": "PASS", "totals_only": "FAIL 1", "nothing_hidden": "NOT CHECKED"}},
		{"one bad row of two", "date,measure,count\n2026-09-30,cla,480\n2026-08-31,cla,many\n", map[string]string{"totals_only": "PASS", "layout": "PASS", "figures_are_numbers": "not checked"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := checked(t, im, "a.csv", []byte(tt.data), stat.Holding{})
			for name, want := range tt.want {
				if got := outcomeOf(r, name); got != want {
					t.Errorf("%s: %s, want %s; %+v", name, got, want, r.Problems)
				}
			}
		})
	}
}
