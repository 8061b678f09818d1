package report

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"bellwether/internal/dashboard"
	"bellwether/internal/workbook"
)

func text(s string) workbook.OutCell { return workbook.OutCell{Kind: workbook.Text, Text: s} }

func bold(s string) workbook.OutCell {
	return workbook.OutCell{Kind: workbook.Text, Text: s, Bold: true}
}

func wrapped(s string) workbook.OutCell {
	return workbook.OutCell{Kind: workbook.Text, Text: s, Wrap: true}
}

// typed are the cells of a table's rows: a number, unrounded, where the table
// prints one, and what it prints otherwise, so that a mark stays a mark. The
// row of the chosen area is bold.
func typed(t dashboard.TablePanel) [][]workbook.OutCell {
	out := make([][]workbook.OutCell, len(t.Rows))
	for r, row := range t.Rows {
		out[r] = make([]workbook.OutCell, len(row))
		for i, s := range row {
			var n *float64
			if r < len(t.Numbers) && i < len(t.Numbers[r]) {
				n = t.Numbers[r][i]
			}
			c := cellOf(s, n)
			c.Bold = i == 0 && len(row) > 1 || r == t.Mark
			out[r][i] = c
		}
	}
	alignMarks(out)
	return out
}

const longestMark = 4 // characters

// alignMarks sets marks in a column of numbers to the right, as these are, and
// numbers in a column of texts to the left.
func alignMarks(rows [][]workbook.OutCell) {
	for _, row := range rows {
		for i := 1; i < len(row); i++ {
			switch {
			case row[i].Kind == workbook.Text && len(row[i].Text) <= longestMark && mostlyNumbers(rows, i):
				row[i].Align = "right"
			case row[i].Kind == workbook.Text:
				row[i].Indent = 1 // keeps clear of a number on its left
			case row[i].Kind == workbook.Number && !mostlyNumbers(rows, i):
				row[i].Indent = 1
			}
		}
	}
}

// cellOf is a number shown as s, or the text s where n is nil. A number that
// s does not round to is not what was shown, and gives way to it.
func cellOf(s string, n *float64) workbook.OutCell {
	switch {
	case s == "":
		return workbook.OutCell{}
	case n == nil || !printed.MatchString(s):
		return workbook.OutCell{Kind: workbook.Text, Text: s, Wrap: utf8.RuneCountInString(s) > widest-2}
	}
	shown, err := strconv.ParseFloat(strings.TrimSuffix(cell(s), "%"), 64)
	if err != nil {
		return text(s)
	}
	c := workbook.OutCell{Kind: workbook.Number, Number: *n, Format: formatOf(s, shown)}
	if off := math.Abs(*n - shown); !(off <= math.Pow10(-decimalsOf(s))/2+1e-9*math.Abs(shown)) {
		c.Number = shown
	}
	return c
}

// formatOf is the number format that shows x as s does.
func formatOf(s string, x float64) string {
	whole := "#,##0"
	if math.Abs(x) >= 1000 && !strings.Contains(s, ",") {
		whole = "0"
	}
	format := numberFormat(whole, decimalsOf(s))
	if strings.HasSuffix(s, "%") {
		format += `"%"`
	}
	if strings.HasPrefix(s, "+") {
		format = "+" + format + ";-" + format + ";" + format
	}
	return format
}

func numberFormat(whole string, decimals int) string {
	if decimals == 0 {
		return whole
	}
	return whole + "." + strings.Repeat("0", decimals)
}

// decimalsOf counts those of a printed number.
func decimalsOf(s string) int {
	_, after, _ := strings.Cut(strings.TrimSuffix(s, "%"), ".")
	return len(after)
}

// mostlyNumbers reports whether more cells of a column are numbers than texts
// that are no marks.
func mostlyNumbers(rows [][]workbook.OutCell, col int) bool {
	numbers, texts := 0, 0
	for _, row := range rows {
		switch {
		case col >= len(row):
		case row[col].Kind == workbook.Number:
			numbers++
		case len(row[col].Text) > longestMark:
			texts++
		}
	}
	return numbers > texts
}
