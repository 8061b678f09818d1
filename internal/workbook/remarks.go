package workbook

import "archive/zip"

// Remark is a text that stands in a workbook but in no cell: a comment, a
// defined name, a text box, a value kept from another workbook.
type Remark struct {
	Sheet string // "" where it belongs to none, or to none that is read
	Name  string // the cell's address, or the defined name
	Text  string
}

// remarks gathers them within limits: a text that was left out would go
// unseen, so too many are refused.
type remarks struct {
	list   []Remark
	size   int64
	limits Limits
}

func (r *remarks) add(sheet, name, text string) error {
	if blank(text) {
		return nil
	}
	r.size += int64(len(name) + len(text))
	if len(r.list) >= r.limits.Remarks || r.size > r.limits.RemarkText {
		return r.tooMany(sheet)
	}
	r.list = append(r.list, Remark{sheet, name, text})
	return nil
}

func (r *remarks) tooMany(sheet string) error {
	return tooLarge(sheet, "the workbook has more than %d comments and defined names, or more than %s of them. Take out what is not needed.", r.limits.Remarks, megabytes(r.limits.RemarkText))
}

// remarkPart says which element of a part is one remark, and which elements
// in it hold its text.
type remarkPart struct{ item, holder string }

// remarkParts are known by their root element, whatever they are named.
var remarkParts = map[string]remarkPart{
	"comments":         {"comment", "t"},
	"ThreadedComments": {"threadedComment", "text"},
	"wsDr":             {"sp", "t"},
	"externalLink":     {"cell", "v"},
	"revisions":        {"rcc", "t"},
}

// remarkScan reads the remarks of one part.
type remarkScan struct {
	keep  *remarks
	sheet string
	remarkPart

	depth int // of the item, 0 outside
	name  string
	text  []byte
}

func (s *remarkScan) visit(at []string, t *token) error {
	last := at[max(len(at)-1, 0):]
	switch {
	case len(last) == 0:
	case len(at) == 1 && t.kind == startTag && s.item == "":
		s.remarkPart = remarkParts[t.name.local]
	case s.item == "":
	case t.kind == startTag && s.depth == 0 && last[0] == s.item:
		s.depth, s.text, s.name = len(at), s.text[:0], t.attr("name")+t.attr("ref")+t.attr("r")
	case t.kind == endTag && len(at) == s.depth:
		s.depth = 0
		return s.keep.add(s.sheet, s.name, string(s.text))
	case t.kind == charData && s.depth > 0 && last[0] == s.holder:
		s.text = append(s.text, t.text...)
		if int64(len(s.text)) > s.keep.limits.RemarkText {
			return s.keep.tooMany(s.sheet)
		}
	}
	return nil
}

// remarkSheets says which sheet each comments part belongs to.
func (a *archive) remarkSheets(p *parts) (map[*zip.File]string, error) {
	of := map[*zip.File]string{}
	for i, name := range p.names {
		rels, err := a.rels(name)
		if err != nil {
			return nil, err
		}
		for _, r := range rels {
			if f := a.byName[r.target]; f != nil {
				of[f] = p.sheets[i].Name
			}
		}
	}
	return of, nil
}
