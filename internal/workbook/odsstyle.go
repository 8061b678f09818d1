package workbook

import "strings"

// odsStyles is what is kept of an OpenDocument spreadsheet's styles: number
// formats, written as Excel writes them, and which table styles hide a sheet.
type odsStyles struct {
	limits Limits
	size   int
	data   map[string]string   // format by data style
	cells  map[string]odsStyle // by cell style
	hidden map[string]bool     // by table style

	name, family string // of the style that is being read
	form         strings.Builder
}

type odsStyle struct{ data, parent string }

func newODSStyles(l Limits) *odsStyles {
	return &odsStyles{limits: l, data: map[string]string{}, cells: map[string]odsStyle{}, hidden: map[string]bool{}}
}

// format is the number format of a cell style; "" is general or unknown.
func (s *odsStyles) format(name string) string {
	for range 16 { // a style may take after another
		style, ok := s.cells[name]
		if !ok {
			break
		}
		if style.data != "" {
			return s.data[style.data]
		}
		name = style.parent
	}
	return ""
}

// visit reads the styles of content.xml and styles.xml alike.
func (s *odsStyles) visit(at []string, t *token) error {
	switch {
	case len(at) < 3:
	case len(at) == 3 && t.kind == startTag:
		return s.start(t)
	case len(at) == 3 && t.kind == endTag && strings.HasSuffix(t.name.local, "-style"):
		s.data[s.name] = s.form.String()
		s.form.Reset()
	case len(at) == 4 && s.family == "table" && t.name.local == "table-properties" && string(t.bytes("display")) == "false":
		s.hidden[s.name] = true
	case len(at) == 4 && s.family == "" && t.kind == startTag:
		s.part(t)
	case len(at) == 4 && at[3] == "text" && t.kind == charData:
		s.literal(string(t.text))
	}
	if s.form.Len() > longestFormat {
		return suspect("a number format is more than %d characters long", longestFormat)
	}
	return nil
}

func (s *odsStyles) start(t *token) error {
	s.name, s.family = t.attr("name"), t.attr("family")
	s.form.Reset()
	style := odsStyle{t.attr("data-style-name"), t.attr("parent-style-name")}
	s.size += len(s.name) + len(style.data) + len(style.parent)
	if len(s.cells)+len(s.data) > s.limits.Styles || int64(s.size) > s.limits.RemarkText {
		return tooLarge("", "the workbook has more than %d cell styles. Copy the figures to a new workbook and save that.", s.limits.Styles)
	}
	if s.family == "table-cell" {
		s.cells[s.name] = style
	}
	return nil
}

// long and short forms of the parts of a date or time.
var odsParts = map[string][2]string{
	"day": {"d", "dd"}, "day-of-week": {"ddd", "dddd"}, "year": {"yy", "yyyy"},
	"hours": {"h", "hh"}, "minutes": {"m", "mm"}, "seconds": {"s", "ss"}, "am-pm": {"AM/PM", "AM/PM"},
}

// part writes one element of a data style.
func (s *odsStyles) part(t *token) {
	long := 0
	if t.attr("style") == "long" {
		long = 1
	}
	switch name := t.name.local; name {
	case "month":
		form := [2]string{"m", "mm"}
		if truth(t.bytes("textual")) {
			form = [2]string{"mmm", "mmmm"}
		}
		s.form.WriteString(form[long])
	case "number":
		if truth(t.bytes("grouping")) {
			s.form.WriteString("#,##")
		}
		s.form.WriteString("0")
		if n, _ := parseCount(t.bytes("decimal-places")); n > 0 && n < 32 {
			s.form.WriteString("." + strings.Repeat("0", n))
		}
	case "currency-symbol":
		s.form.WriteString(`"¤"`)
	default:
		s.form.WriteString(odsParts[name][long])
	}
}

func (s *odsStyles) literal(text string) {
	if strings.Trim(text, " -/,.:%()") == "" {
		s.form.WriteString(text)
		return
	}
	s.form.WriteString(`"` + strings.ReplaceAll(text, `"`, "") + `"`)
}
