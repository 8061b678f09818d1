package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
	"bellwether/internal/workbook"
)

// WriteXLSX writes a page as an Excel workbook: a cover that says whose
// figures these are and what was chosen, then a sheet for each panel with its
// sentence, its source, its table in typed numbers and its chart, which Excel
// draws of the sheet's own cells. Cards share one sheet. address is where the
// page was, "" for its path alone. The same page gives the same bytes.
func WriteXLSX(w io.Writer, v *dashboard.View, address string) error {
	sheets := panelSheets(v)
	names := []string{"About this file"}
	for _, s := range sheets {
		names = append(names, s.name)
	}
	names = workbook.SheetNames(names)
	out := []workbook.OutSheet{cover(v, cmp.Or(address, v.Path), sheets, names[1:])}
	for _, s := range sheets {
		out = append(out, s.out(v.Sample))
	}
	for i := range out {
		out[i].Name = names[i]
	}
	if err := workbook.Write(w, out); err != nil {
		return fmt.Errorf("write %s as a workbook: %w", v.Title, err)
	}
	return nil
}

// WritePanelXLSX writes one panel of a page in the same way.
func WritePanelXLSX(w io.Writer, v *dashboard.View, p dashboard.Panel, address string) error {
	one := *v
	one.Panels = []dashboard.Panel{p}
	return WriteXLSX(w, &one, address)
}

// sheetNames are what a panel's sheet is called on the page of one measure.
var sheetNames = map[string]string{
	dashboard.Headline: "Summary",
	dashboard.Trend:    "Trend",
	dashboard.Bars:     "Neighbours",
	dashboard.Table:    "Table",
	dashboard.About:    "About",
	dashboard.Control:  "Control chart",
	dashboard.Ahead:    "Projection",
	dashboard.Shares:   "Representation",
}

// movedSheets are what the parts of what moved since a meeting are called.
var movedSheets = map[string]string{
	dashboard.MovedBeyond: "More than chance",
	dashboard.MovedChance: "May be chance",
	dashboard.MovedLate:   "Came out since",
	dashboard.MovedNot:    "Unchanged",
	dashboard.MovedNone:   "No newer figures",
}

// sheetName has the measure's name after the kind where a page has several.
func sheetName(p dashboard.Panel, several bool) string {
	if p.Moved != nil {
		return movedSheets[p.Moved.Part]
	}
	kind := cmp.Or(sheetNames[p.Kind], benchmark.UpperFirst(p.Kind), "Panel")
	if measure := cmp.Or(p.Measure.Name, p.Code); several && measure != "" {
		return kind + ", " + measure
	}
	return kind
}

// panelSheets are the sheets of a page in its order, the cards as one.
func panelSheets(v *dashboard.View) []sheet {
	codes := map[string]bool{}
	var cards []dashboard.Panel
	for _, p := range v.Panels {
		codes[p.Code] = true
		if p.Headline != nil {
			cards = append(cards, p)
		}
	}
	var out []sheet
	for _, p := range v.Panels {
		switch {
		case p.Headline != nil && len(cards) > 0:
			out = append(out, cardSheet(v, cards))
			cards = nil
		case p.Headline != nil:
		default:
			if t := written(p); t != nil {
				s := newSheet(p, *t)
				s.name = sheetName(p, len(codes) > 1)
				out = append(out, s)
			}
		}
	}
	return out
}

// cover says what the workbook holds and where it is from.
func cover(v *dashboard.View, address string, sheets []sheet, names []string) workbook.OutSheet {
	o := page{OutSheet: workbook.OutSheet{ColWidths: []float64{26, 100}, Landscape: true}, across: 2}
	o.title(strings.TrimSuffix(v.Title+": "+v.Area.Name, ": "))
	o.prose(v.Lead)
	o.add()
	for _, f := range choices(v, address) {
		o.fact(f[0], f[1])
	}
	if len(v.Warnings) > 0 {
		o.section("Take care", v.Warnings...)
	}
	if sources := sourcesOf(sheets); len(sources) > 0 {
		o.section("Sources", sources...)
	}
	if len(sheets) > 0 {
		o.section("Sheets")
	}
	for i, s := range sheets {
		o.fact(names[i], s.title)
	}
	return o.OutSheet
}

// fact adds a row with a heading and a text, none where there is no text.
func (o *page) fact(head, s string) {
	if s == "" {
		return
	}
	o.add(bold(head), wrapped(s))
	o.heighten(len(o.Rows), o.Rows[len(o.Rows)-1])
}

func (o *page) section(head string, texts ...string) {
	o.add()
	o.add(workbook.OutCell{Kind: workbook.Text, Text: head, Bold: true, Size: 13})
	for _, s := range texts {
		o.prose(s)
	}
}

// choices are what the reader had chosen, in words.
func choices(v *dashboard.View, address string) [][2]string {
	sel := v.Selection
	out := [][2]string{
		{"Area", strings.TrimSpace(v.Area.Name + " " + bracketed(v.Area.Code))},
		{"Compared with", label(v.Models, sel.Neighbours)},
		{"Shows", map[string]string{dashboard.ShowValue: "Rates and other values", dashboard.ShowCount: "Numbers"}[sel.Show]},
		{"Years", years(sel.From, sel.To)},
		{"Period", label(v.Periods, sel.Period)},
		{"Changes since", label(v.Meetings, sel.Since)},
		{"Set against figures of", asBefore(label(v.Cadences, sel.Cadence))},
	}
	if sel.Project != 0 {
		out = append(out, [2]string{"Projected to", fmt.Sprint(sel.Project)})
	}
	if v.Sample {
		out = append(out, [2]string{"Sample", sampleWords})
	}
	return append(out, [2]string{"From", address}, [2]string{"Version of the data", fmt.Sprint(v.Version)},
		[2]string{"Marks", "A letter in place of a figure says why there is none; each sheet says what its letters mean. A mark is never a zero."})
}

const sampleWords = "Sample figures are among those shown. They are made up and describe no real children."

// asBefore says how far back a scorecard's previous figures lie.
func asBefore(cadence string) string {
	if cadence == "" {
		return ""
	}
	return cadence + " before"
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// label is how a chosen value is shown, itself where the page lists none.
func label(of []dashboard.Choice, value string) string {
	i := slices.IndexFunc(of, func(c dashboard.Choice) bool { return c.Value == value })
	if i < 0 || value == "" {
		return value
	}
	return of[i].Label
}

func years(from, to int) string {
	switch {
	case from == 0 && to == 0:
		return "All"
	case to == 0:
		return fmt.Sprintf("From %d", from)
	case from == 0:
		return fmt.Sprintf("To %d", to)
	}
	return fmt.Sprintf("%d to %d", from, to)
}

// sourcesOf names each source once.
func sourcesOf(sheets []sheet) []string {
	var out []string
	for _, s := range sheets {
		for _, source := range s.sources {
			if source != "" && !slices.Contains(out, source) {
				out = append(out, source)
			}
		}
	}
	return out
}
