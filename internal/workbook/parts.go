package workbook

import (
	"archive/zip"
	"encoding/xml"
	"path"
	"strings"
)

// parts says which part of an archive is what, by the workbook and its
// relationships, never by file name.
type parts struct {
	sheets   []Sheet
	files    []*zip.File // the part of each of sheets
	strings  *zip.File   // nil if there is none
	styles   *zip.File   // nil if there is none
	date1904 bool
}

// excelize reads shared strings from here whatever the relationships say.
const sharedStringsPart = "xl/sharedstrings.xml"

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
		return nil, damaged("", "%s has no relationships", of)
	}
	var list []rel
	seen := map[string]bool{}
	err := a.walk(f, func(at []string, t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || len(at) != 2 || at[1] != "Relationship" || attr(e, "TargetMode") == "External" {
			return nil
		}
		r := rel{attr(e, "Id"), path.Base(attr(e, "Type")), resolve(dir, attr(e, "Target"))}
		if seen[r.id] {
			return suspect("%s uses the id %q twice", f.Name, r.id)
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
			if r.target != sharedStringsPart {
				return suspect("its texts are kept in %q", r.target)
			}
		case "styles":
			p.styles = a.byName[r.target]
		case "vbaProject", "xlMacrosheet", "xlIntlMacrosheet":
			return forbidden("vbaproject.bin")
		}
	}
	p.strings = a.byName[sharedStringsPart]
	return nil
}

func (p *parts) readWorkbook(a *archive, f *zip.File, rels []rel) error {
	byID := make(map[string]rel, len(rels))
	for _, r := range rels {
		byID[r.id] = r
	}
	err := a.walk(f, func(at []string, t xml.Token) error {
		e, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case len(at) == 2 && at[1] == "workbookPr":
			p.date1904 = truth(attr(e, "date1904"))
		case len(at) == 3 && at[1] == "sheets" && at[2] == "sheet":
			return p.addSheet(a, e, byID)
		}
		return nil
	})
	if err == nil && len(p.sheets) == 0 {
		err = fault(EmptyFile, "", "the workbook has no worksheet. Put the figures on a worksheet and save it again.")
	}
	return err
}

// addSheet passes over chart sheets, which have no cells.
func (p *parts) addSheet(a *archive, e xml.StartElement, byID map[string]rel) error {
	name, state := attr(e, "name"), attr(e, "state")
	r, ok := byID[relID(e)]
	switch {
	case !ok || name == "":
		return damaged(name, "the workbook lists a sheet that is not there")
	case r.kind == "chartsheet" || r.kind == "dialogsheet":
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
	return nil
}

// relID finds r:id, which must not be taken for an id of no namespace.
func relID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}
