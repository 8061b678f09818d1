package importer

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// Fills of a marked cell, by severity. Dark text on each has a contrast of at
// least 7 to 1; the list of problems says the same in words.
var fills = map[stat.Severity]string{stat.Error: "#F8C8BE", stat.Warning: "#FFE8B3", stat.Note: "#D5E5F0"}

var gravest = []stat.Severity{stat.Error, stat.Warning, stat.Note}

// MarkProblems writes a file that was uploaded under name as an .xlsx workbook:
// its sheets as values, with the cells that have a problem filled, and before
// them a sheet that lists the problems. A file about single children gives
// ErrChildLevel, one that is no sound spreadsheet the *workbook.Fault.
func MarkProblems(name string, data []byte, problems []stat.Problem, l workbook.Limits) ([]byte, error) {
	if slices.ContainsFunc(problems, func(p stat.Problem) bool { return p.Code == codeChildLevel }) {
		return nil, ErrChildLevel
	}
	book, err := openTotals(name, data, l)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	marks := marksOf(problems)
	names := sheetNames(book, name)
	sheets := []workbook.OutSheet{problemSheet(base(name), names[len(book.Sheets)], problems)}
	faulty, left := markedRows(marks), 0
	for i, s := range book.Sheets {
		out := workbook.OutSheet{Name: names[i], Merges: s.Merges}
		for row, err := range book.Rows(i) {
			if err != nil {
				return nil, err
			}
			if row.Number > longSheet && !faulty[spot{s.Name, 0, row.Number}] {
				left++
				continue
			}
			for len(out.Rows) < row.Number {
				out.Rows = append(out.Rows, nil)
			}
			out.Rows[row.Number-1] = markedRow(row, s.Name, marks)
		}
		out.ColWidths = widths(out.Rows)
		sheets = append(sheets, markEmpty(out, s.Name, marks))
	}
	if left > 0 {
		sheets[0].Rows[1] = []workbook.OutCell{{Kind: workbook.Text, Text: fmt.Sprintf(
			"The file is long: %s rows without a problem, below row %s of their sheet, are left out here", stat.Format(float64(left), 0), stat.Format(longSheet, 0))}}
	}
	var b bytes.Buffer
	if err := workbook.Write(&b, sheets); err != nil {
		return nil, fmt.Errorf("marking the problems of %s: %w", base(name), err)
	}
	return b.Bytes(), nil
}

// longSheet is the row below which only rows with a problem are written: the
// rest of 100,000 rows would take twenty seconds, and a gigabyte.
const longSheet = 10_000

// markedRows are the first cells of the rows that have a mark.
func markedRows(marks map[spot]stat.Severity) map[spot]bool {
	out := map[spot]bool{}
	for at := range marks {
		out[spot{at.sheet, 0, at.row}] = true
	}
	return out
}

// spot is a cell of a sheet.
type spot struct {
	sheet    string
	col, row int
}

// marksOf is the gravest problem of each cell.
func marksOf(problems []stat.Problem) map[spot]stat.Severity {
	out := map[spot]stat.Severity{}
	for _, p := range problems {
		at, ok := spotAt(p.At)
		if held, taken := out[at]; ok && (!taken || slices.Index(gravest, p.Severity) < slices.Index(gravest, held)) {
			out[at] = p.Severity
		}
	}
	return out
}

var cellAddress = regexp.MustCompile(`^(?:(.*)!)?([A-Z]{1,3})([1-9][0-9]{0,6})$`)

// spotAt reads what workbook.Address writes; false for a sheet or nothing.
func spotAt(at string) (spot, bool) {
	m := cellAddress.FindStringSubmatch(at)
	if m == nil {
		return spot{}, false
	}
	sheet := m[1]
	if n := len(sheet); n > 1 && sheet[0] == '\'' && sheet[n-1] == '\'' {
		sheet = strings.ReplaceAll(sheet[1:n-1], "''", "'")
	}
	col := 0
	for _, c := range m[2] {
		col = col*26 + int(c-'A') + 1
	}
	row, _ := strconv.Atoi(m[3])
	return spot{sheet, col - 1, row}, true
}

func markedRow(row workbook.Row, sheet string, marks map[spot]stat.Severity) []workbook.OutCell {
	out := make([]workbook.OutCell, len(row.Cells))
	for i, c := range row.Cells {
		out[i] = outCell(c)
		out[i].Fill = fills[marks[spot{sheet, i, row.Number}]]
	}
	return out
}

// outCell is a cell's value. What is neither text, number nor date is written
// as the text it shows.
func outCell(c workbook.Cell) workbook.OutCell {
	switch c.Kind {
	case workbook.Empty:
		return workbook.OutCell{}
	case workbook.Number:
		return workbook.OutCell{Kind: workbook.Number, Number: c.Number, Format: c.Format}
	case workbook.Date:
		if c.Time.Year() > 1900 {
			return workbook.OutCell{Kind: workbook.Date, Time: c.Time, Format: c.Format}
		}
	}
	return workbook.OutCell{Kind: workbook.Text, Text: clip(c.Text)}
}

// clip keeps a text within what a cell of Excel holds.
func clip(s string) string {
	const most = 32_000
	if len(s) <= most {
		return s
	}
	u := utf16.Encode([]rune(s))
	return string(utf16.Decode(u[:min(len(u), most)]))
}

// markEmpty fills cells that hold nothing, where a problem says what is
// missing there.
func markEmpty(s workbook.OutSheet, name string, marks map[spot]stat.Severity) workbook.OutSheet {
	for at, severity := range marks {
		if at.sheet != name || at.row > len(s.Rows) {
			continue
		}
		cells := &s.Rows[at.row-1]
		for len(*cells) <= at.col && at.col < 100 {
			*cells = append(*cells, workbook.OutCell{})
		}
		if at.col < len(*cells) {
			(*cells)[at.col].Fill = fills[severity]
		}
	}
	return s
}

// widths makes columns as wide as the texts at their top, within reason; a
// cell alone in its row, as a title is, runs on over the next ones.
func widths(rows [][]workbook.OutCell) []float64 {
	var out []float64
	for _, row := range rows[:min(len(rows), 200)] {
		full := 0
		for i, c := range row {
			if c.Kind != workbook.Empty {
				full++
			}
			for len(out) <= i {
				out = append(out, 9)
			}
		}
		for i, c := range row {
			if full > 1 {
				out[i] = min(max(out[i], float64(utf8.RuneCountInString(c.Text)+2)), 40)
			}
		}
	}
	return out
}

// sheetNames are those of the sheets as Excel takes them, a CSV's that of its
// file, and last one for the list of problems.
func sheetNames(book *workbook.Book, file string) []string {
	var names []string
	for _, s := range book.Sheets {
		name := s.Name
		if name == "" {
			name, _, _ = strings.Cut(base(file), ".")
		}
		names = append(names, name)
	}
	return workbook.SheetNames(append(names, "Problems"))
}

// problemSheet lists the problems, the gravest first.
func problemSheet(file, name string, problems []stat.Problem) workbook.OutSheet {
	cell := func(text string) workbook.OutCell {
		return workbook.OutCell{Kind: workbook.Text, Text: clip(text), Wrap: true}
	}
	out := workbook.OutSheet{Name: name, ColWidths: []float64{24, 11, 26, 90, 40}, FreezeRows: 3}
	title := cell("Problems of " + file)
	title.Bold, title.Wrap = true, false
	out.Rows = append(out.Rows, []workbook.OutCell{title}, nil)
	var head []workbook.OutCell
	for _, h := range []string{"Cell", "Severity", "Code", "What is wrong, and what to do", "Accepted because"} {
		c := cell(h)
		c.Bold, c.Fill = true, "#F3F2F1"
		head = append(head, c)
	}
	out.Rows = append(out.Rows, head)
	sorted := slices.Clone(problems)
	slices.SortStableFunc(sorted, func(a, b stat.Problem) int {
		return slices.Index(gravest, a.Severity) - slices.Index(gravest, b.Severity)
	})
	for _, p := range sorted {
		row := []workbook.OutCell{cell(cmp.Or(p.At, "whole file")), cell(string(p.Severity)), cell(p.Code), cell(p.Message), cell(p.Accepted)}
		if p.Accepted == "" {
			row = row[:4]
		}
		row[1].Fill = fills[p.Severity]
		out.Rows = append(out.Rows, row)
	}
	return out
}
