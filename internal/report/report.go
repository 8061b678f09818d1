// Package report writes a View, a report or the audit trail as a file to take
// away. It knows file formats and how text is made safe in them. It refuses to
// know what a figure means: every number, mark and word it writes stands in what
// it is given.
package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// tidyColumns head what WriteCSV writes.
var tidyColumns = []string{"area_code", "area", "measure", "panel", "period", "row", "column", "text", "source", "sample"}

// WriteCSV writes all figures of a page in tidy form, one to a line, in UTF-8
// without a byte order mark:
//
//   - area_code, area: whose page it is, "" for one of several areas, which
//     the columns name
//   - measure: the measure's code
//   - panel: which part of the page, as its address has it: "cla-trend"
//   - period: the ISO end date, "" where the page names none
//   - row, column: what the page's table has at the side and at the head
//   - text: the figure as shown, or its mark (c, x, z, u, low, k)
//   - source: of the panel
//   - sample: "yes" where sample figures are on the page
//
// A cell without a figure has no line. A card is written as a table of one
// row. What a page says about a measure is not figures, and is left out.
func WriteCSV(w io.Writer, v *dashboard.View) error {
	out := csv.NewWriter(w)
	out.Write(tidyColumns)
	sample := ""
	if v.Sample {
		sample = "yes"
	}
	for _, p := range v.Panels {
		t := figures(p)
		if t == nil {
			continue
		}
		for _, row := range t.Rows {
			for i := 1; i < min(len(row), len(t.Columns)); i++ {
				if row[i] == "" {
					continue
				}
				out.Write(cells([]string{v.Area.Code, v.Area.Name, p.Code, p.ID, period(p, row[0]), row[0], t.Columns[i], row[i], p.Source, sample}))
			}
		}
	}
	out.Flush()
	return wrote(out, v.Title)
}

// WritePanelCSV writes the table of one panel as it is shown: its columns,
// then its rows. For a chart that is every figure drawn.
func WritePanelCSV(w io.Writer, p dashboard.Panel) error {
	t := figures(p)
	if t == nil && p.About != nil {
		t = &dashboard.TablePanel{Columns: []string{"About", "Text"}}
		for _, f := range p.About.Facts {
			t.Rows = append(t.Rows, f[:])
		}
	}
	if t == nil {
		return fmt.Errorf("panel %s has no table to write", p.ID)
	}
	out := csv.NewWriter(w)
	out.Write(cells(t.Columns))
	for _, row := range t.Rows {
		out.Write(cells(row))
	}
	out.Flush()
	return wrote(out, p.ID)
}

// wrote is the first error of a writer; csv.Writer keeps it until asked.
func wrote(out *csv.Writer, what string) error {
	if err := out.Error(); err != nil {
		return fmt.Errorf("write %s as CSV: %w", what, err)
	}
	return nil
}

// figures is a panel's table, for a card one row; nil where it has none.
func figures(p dashboard.Panel) *dashboard.TablePanel {
	h := p.Headline
	if p.Table != nil || h == nil {
		return p.Table
	}
	return &dashboard.TablePanel{
		Columns: []string{"Date", "Number", "Value", "Change", "Against neighbours", "Rank", "Latest"},
		Rows:    [][]string{{h.AsOf, h.Count, h.Value, h.Change, h.Against, h.Rank, h.Latest}},
	}
}

// period is the ISO end date of a row: of its heading where that is a period
// written out, as stat.Period.Label does, with or without a remark after a
// comma; otherwise of the panel.
func period(p dashboard.Panel, heading string) string {
	switch {
	case p.Bars != nil:
		return p.Bars.Period
	case p.Shares != nil:
		return p.Shares.Period
	}
	end, _, _ := strings.Cut(heading, ",")
	for _, before := range []string{"ending ", " to "} {
		if _, after, found := strings.Cut(end, before); found {
			end = after
		}
	}
	read, err := stat.ParsePeriod(end)
	if err != nil {
		return ""
	}
	return read.End.String()
}

// cells makes every cell fit for a spreadsheet and a program alike.
func cells(row []string) []string {
	out := make([]string, len(row))
	for i, s := range row {
		out[i] = cell(s)
	}
	return out
}

// printed is a number as the page prints it, commas between thousands and
// U+2212 for a minus.
var printed = regexp.MustCompile(`^[+\x{2212}-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?%?$`)

// cell writes a number as a program reads it, and any other text as text.
func cell(s string) string {
	if printed.MatchString(s) {
		return strings.ReplaceAll(strings.ReplaceAll(s, ",", ""), "\u2212", "-")
	}
	return CSVText(s)
}

// CSVText is a text for a cell of a CSV: an apostrophe stands before one that a
// spreadsheet would take for a formula.
// Source: OWASP, CSV Injection.
func CSVText(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n\x00", rune(s[0])) {
		return "'" + s
	}
	return s
}
