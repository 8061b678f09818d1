package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

// figured are the methods of the store that give figures, or words about them.
var figured = []string{"Read", "History", "Preview", "Changed", "Projections", "Comments", "Releases"}

// direct are the only functions that may ask the store for figures, and why
// they may.
var direct = map[string]string{
	"figures":        "it gives each reader the source that is theirs",
	"readership":     "it makes the sources of viewers and of the public",
	"unpublished":    "it asks only whether anything has been published",
	"saidOfMeasures": "it keeps what was said that the reader's source has",
	"written":        "a report is prepared by analysts, and issued from the viewers' source",
	"draftFault":     "an analyst's form: whether a draft changes the row, beside what is published",
	"keepProjection": "an analyst's form: what is kept rests on published figures, and is not kept already",
	"remarks":        "an analyst's form: what is to be cleared",
	"preview":        "an analyst's upload",
	"read":           "an analyst's upload",
	"batchHTML":      "the page of an import, which analysts read",
}

// counted hand the store on to what reads the audit trail alone.
var counted = []string{"newestFirst", "count"}

// No page has its figures from anywhere but the source of whoever reads it:
// the store, which knows drafts and small counts, is asked for figures by
// nothing but the functions named here.
func TestFiguresComeFromTheReadersSource(t *testing.T) {
	met := map[string]bool{}
	for where, fn := range storeReaders(t) {
		met[fn] = true
		if direct[fn] == "" {
			t.Errorf("%s: %s has figures from the store: it must ask s.figures for its reader's source", where, fn)
		}
	}
	for fn := range direct {
		if !met[fn] {
			t.Errorf("%s does not read the store any longer: take it out of the list", fn)
		}
	}
}

// storeReaders are the places where the field Store is read for figures or
// handed on whole, each with the function that it is in.
func storeReaders(t *testing.T) map[string]string {
	t.Helper()
	files := token.NewFileSet()
	pkgs, err := parser.ParseDir(files, ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(pkgs["web"].Files)) {
		for _, d := range pkgs["web"].Files[name].Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			harmless := map[ast.Node]bool{}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if slices.Contains(counted, called(n.Fun)) {
						for _, arg := range n.Args {
							harmless[arg] = true
						}
					}
				case *ast.SelectorExpr:
					if isStore(n.X) && !slices.Contains(figured, n.Sel.Name) {
						harmless[n.X] = true
					}
					if isStore(n) && !harmless[n] {
						out[files.Position(n.Pos()).String()] = fn.Name.Name
					}
				}
				return true
			})
		}
	}
	return out
}

func called(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func isStore(n ast.Node) bool {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Store" {
		return false
	}
	server, ok := sel.X.(*ast.Ident)
	return ok && server.Name == "s" // as every method of Server calls it
}
