package workbook

import (
	"archive/zip"
	"path"
	"strings"
)

// parts says which part of an archive is what, by the workbook and its
// relationships, never by file name.
type parts struct {
	sheets   []Sheet
	files    []*zip.File // the part of each of sheets
	names    []string    // and its name
	strings  *zip.File   // nil if there is none
	styles   *zip.File   // nil if there is none
	date1904 bool
}

func (a *archive) parts() (*parts, error) {
	root, err := a.rels("")
	if err != nil {
		return nil, err
	}
	book := ""
	for _, r := range root {
		if r.kind == "officeDocument" {
			book = r.target
		}
	}
	if a.byName[book] == nil {
		return nil, damaged("", "it has no workbook part")
	}
	rels, err := a.rels(book)
	if err != nil {
		return nil, err
	}
	p := &parts{}
	if err := p.bind(a, rels); err != nil {
		return nil, err
	}
	return p, p.readWorkbook(a, a.byName[book], rels)
}

// rel is one relationship: kind is the last word of its type.
type rel struct{ id, kind, target string }

// rels reads the relationships of a part, "" being the package itself.
func (a *archive) rels(of string) ([]rel, error) {
	dir, base := path.Split(of)
	f := a.byName[dir+"_rels/"+base+".rels"]
	if f == nil {
		return nil, nil
	}
	var list []rel
	seen := map[string]bool{}
	err := a.walk(f, func(at []string, t *token) error {
		if t.kind != startTag || len(at) != 2 || at[1] != "Relationship" || t.attr("TargetMode") == "External" {
			return nil
		}
		r := rel{t.attr("Id"), path.Base(t.attr("Type")), resolve(dir, t.attr("Target"))}
		switch {
		case seen[r.id]:
			return suspect("%s uses the id %q twice", f.Name, r.id)
		case len(list) == a.limits.Parts || len(r.id)+len(r.kind)+len(r.target) > longestName:
			return suspect("%s names too many parts, or one too long", f.Name)
		}
		seen[r.id] = true
		list = append(list, r)
		return nil
	})
	return list, err
}

func resolve(dir, target string) string {
	if !strings.HasPrefix(target, "/") {
		target = dir + target
	}
	return partName(strings.TrimPrefix(path.Clean(target), "/"))
}

func (p *parts) bind(a *archive, rels []rel) error {
	for _, r := range rels {
		switch r.kind {
		case "sharedStrings":
			if p.strings != nil {
				return suspect("its texts are kept in two places")
			}
			p.strings = a.byName[r.target]
		case "styles":
			p.styles = a.byName[r.target]
		case "vbaProject", "xlMacrosheet", "xlIntlMacrosheet":
			if err := a.macros(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *parts) readWorkbook(a *archive, f *zip.File, rels []rel) error {
	byID := make(map[string]rel, len(rels))
	for _, r := range rels {
		byID[r.id] = r
	}
	names := remarkScan{keep: &a.remarks, remarkPart: remarkPart{"definedName", "definedName"}}
	err := a.walk(f, func(at []string, t *token) error {
		switch {
		case t.kind != startTag:
		case len(at) == 2 && at[1] == "workbookPr":
			p.date1904 = truth(t.bytes("date1904"))
		case len(at) == 3 && at[1] == "sheets" && at[2] == "sheet":
			return p.addSheet(a, t, byID)
		}
		return names.visit(at, t)
	})
	if err == nil && len(p.sheets) == 0 {
		err = fault(EmptyFile, "", "the workbook has no worksheet. Put the figures on a worksheet and save it again.")
	}
	return err
}

// addSheet passes over chart sheets, which have no cells, and macro sheets.
func (p *parts) addSheet(a *archive, t *token, byID map[string]rel) error {
	name, state := t.attr("name"), t.attr("state")
	r, ok := byID[relID(t)]
	switch {
	case len(name) > longestName || len(p.sheets) == a.limits.Sheets:
		return tooLarge("", "the workbook has more than %d sheets, or one whose name is too long. Upload it in parts.", a.limits.Sheets)
	case !ok || name == "":
		return damaged(name, "the workbook lists a sheet that is not there")
	case r.kind == "chartsheet" || r.kind == "dialogsheet" || r.kind == "xlMacrosheet" || r.kind == "xlIntlMacrosheet":
		return nil
	case r.kind != "worksheet" || a.byName[r.target] == nil:
		return damaged(name, "the sheet is not there")
	}
	for i, s := range p.sheets {
		if strings.EqualFold(s.Name, name) || p.files[i] == a.byName[r.target] {
			return suspect("the sheets %q and %q are the same", s.Name, name)
		}
	}
	p.sheets = append(p.sheets, Sheet{Name: name, Hidden: state == "hidden" || state == "veryHidden"})
	p.files = append(p.files, a.byName[r.target])
	p.names = append(p.names, r.target)
	return nil
}

// longestName is the most bytes of any name or target within a workbook.
const longestName = 2048

// relID finds r:id, which must not be taken for an id of no namespace.
func relID(t *token) string {
	for _, a := range t.attrs {
		if a.name.local == "id" && a.name.full != "id" {
			return string(a.value)
		}
	}
	return ""
}
