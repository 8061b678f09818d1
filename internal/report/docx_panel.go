package report

import (
	"cmp"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// ChartOf is the chart of a page's panel as Word draws it, with the looks that
// the page and the Excel file give it; false where the panel has none.
func ChartOf(p dashboard.Panel) (Chart, bool) {
	plotted := plotOf(p)
	if plotted == nil {
		return Chart{}, false
	}
	out := Chart{Caption: p.Title, Alt: strings.TrimSpace(p.Title + ". " + p.Sentence), Kind: plotted.kind, Names: plotted.names, Source: sourced(p)}
	if out.Kind == workbook.Lines {
		var axes workbook.Chart
		plotted.axes(&axes)
		out.Unit, out.Format, out.Min, out.Max, out.Step, out.Months = axes.Unit, axes.Format, axes.Min, axes.Max, axes.Step, axes.Months
	} else { // bars begin at zero, and each has its figure at its end
		out.Unit, out.Format = benchmark.UpperFirst(plotted.unit), numberFormat("#,##0", plotted.decimals)
	}
	for _, d := range plotted.columns {
		out.Series = append(out.Series, Series{Name: d.name, Numbers: d.numbers, Look: d.look})
	}
	if out.Kind == workbook.Lines {
		for _, end := range plotted.ends {
			day, err := stat.ParseDate(end)
			if err != nil {
				return Chart{}, false
			}
			out.Ends = append(out.Ends, day)
		}
	}
	return out, true
}

// TableOf is the table of a page's panel, for a card one row; false where the
// panel has none.
func TableOf(p dashboard.Panel) (Table, bool) {
	t := figures(p)
	if t == nil || len(t.Columns) == 0 {
		return Table{}, false
	}
	out := Table{Caption: cmp.Or(p.Title, t.Caption), Notes: append(t.Notes[:len(t.Notes):len(t.Notes)], sourced(p))}
	kinds := typed(*t)
	for i, head := range t.Columns {
		out.Columns = append(out.Columns, Column{Head: head, Number: i > 0 && mostlyNumbers(kinds, i)})
	}
	for i, row := range t.Rows {
		cells := Cells(row[:min(len(row), len(t.Columns))]...)
		out.Rows = append(out.Rows, Row{Cells: cells, Strong: p.Table != nil && i == t.Mark})
	}
	return out, true
}

func sourced(p dashboard.Panel) string {
	if p.Source == "" {
		return ""
	}
	return "Source: " + p.Source
}
