package workbook

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// OutSheet is a sheet to write.
type OutSheet struct {
	Name       string
	Rows       [][]OutCell // Rows[0] is row 1
	Merges     []Merge
	Charts     []Chart
	ColWidths  []float64 // in characters, column A first; 0 leaves the usual width
	RowHeights []float64 // in points, row 1 first; 0 leaves the usual height
	FreezeRows int       // rows at the top that stay in sight
	FreezeCols int       // columns at the left that stay in sight
	Landscape  bool      // print on landscape paper, one page wide
	PrintCols  int       // columns at the left that print; 0 for all
	HeadRow    int       // row that heads every printed page; 0 for all that are frozen
	Hidden     bool
}

// OutCell is a cell to write: Text, Number or Time by its Kind.
type OutCell struct {
	Kind   Kind // Empty, Text, Number or Date
	Text   string
	Number float64
	Time   time.Time // of Date; the time as its clock shows it
	Format string    // number format; "" is general, and dd/mm/yyyy for a Date
	Bold   bool
	Size   float64 // of the text in points; 0 is 11
	Fill   string  // background, "#F3F2F1"; "" is none
	Wrap   bool    // break lines within the cell
	Align  string  // "right" or "center"; "" is left for text, right for numbers
	Color  string  // of the text, "#D4351C"; "" is black
	Indent int     // of a text from the left
}

// longestText is the most characters, as UTF-16 counts them, Excel keeps.
const longestText = 32_767

const font = "Arial"

// written stands for the time of writing, so that the same sheets give the
// same bytes.
const written = "2000-01-01T00:00:00Z"

// Write writes an .xlsx workbook; the same sheets give the same bytes. Text
// is always stored as text, so none can become a formula. An error names the
// cell that cannot be written.
func Write(w io.Writer, sheets []OutSheet) error {
	if len(sheets) == 0 {
		return fmt.Errorf("writing a workbook: it needs at least one sheet")
	}
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetDefaultFont(font); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	out := writer{file: f, styles: map[excelStyle]int{}}
	for i, s := range sheets {
		if err := out.sheet(i, s); err != nil {
			return fmt.Errorf("writing sheet %q: %w", s.Name, err)
		}
	}
	if err := out.hide(sheets); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "Bellwether", LastModifiedBy: "Bellwether", Created: written, Modified: written}); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	out.forgetPictures()
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	return nil
}

type writer struct {
	file   *excelize.File
	styles map[excelStyle]int
	charts int // written so far
}

// excelStyle is what makes two cells look the same.
type excelStyle struct {
	format, fill, align, color string
	bold, wrap                 bool
	size                       float64
	indent                     int
}

func (w *writer) sheet(i int, s OutSheet) error {
	if err := w.addSheet(i, s.Name); err != nil {
		return err
	}
	if err := w.sizes(s); err != nil {
		return err
	}
	for r, row := range s.Rows {
		for col, c := range row {
			at := Address("", col, r+1)
			if err := w.cell(s.Name, at, c); err != nil {
				return fmt.Errorf("%s: %w", at, err)
			}
		}
	}
	for _, m := range s.Merges {
		if err := w.file.MergeCell(s.Name, Address("", m.FirstCol, m.FirstRow), Address("", m.LastCol, m.LastRow)); err != nil {
			return err
		}
	}
	for _, c := range s.Charts {
		if err := w.chart(s, c); err != nil {
			return fmt.Errorf("chart %q: %w", c.Title, err)
		}
	}
	if err := w.page(s); err != nil {
		return err
	}
	return w.freeze(s)
}

// sizes sets the widths of columns and the heights of rows.
func (w *writer) sizes(s OutSheet) error {
	for col, width := range s.ColWidths {
		if width == 0 {
			continue
		}
		if err := w.file.SetColWidth(s.Name, columnName(col), columnName(col), width); err != nil {
			return err
		}
	}
	for r, height := range s.RowHeights {
		if height == 0 {
			continue
		}
		if err := w.file.SetRowHeight(s.Name, r+1, height); err != nil {
			return err
		}
	}
	return nil
}

// hide opens the workbook on its first sheet that shows: the library hides no
// other than one that is not open.
func (w *writer) hide(sheets []OutSheet) error {
	first := slices.IndexFunc(sheets, func(s OutSheet) bool { return !s.Hidden })
	if first < 0 {
		return fmt.Errorf("every sheet is hidden")
	}
	w.file.SetActiveSheet(first)
	for _, s := range sheets {
		if !s.Hidden {
			continue
		}
		if err := w.file.SetSheetVisible(s.Name, false); err != nil {
			return err
		}
	}
	return nil
}

// page sets how the sheet prints.
func (w *writer) page(s OutSheet) error {
	if !s.Landscape {
		return nil
	}
	landscape, a4, wide, asLongAsItIs, fit := "landscape", 9, 1, 0, true
	if err := w.file.SetPageLayout(s.Name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &wide, FitToHeight: &asLongAsItIs}); err != nil {
		return err
	}
	if s.FreezeRows > 0 {
		if err := w.define(s.Name, "_xlnm.Print_Titles", fmt.Sprintf("$%d:$%d", max(s.HeadRow, 1), cmp.Or(s.HeadRow, s.FreezeRows))); err != nil {
			return err
		}
	}
	if s.PrintCols > 0 {
		if err := w.define(s.Name, "_xlnm.Print_Area", fmt.Sprintf("$A$1:$%s$%d", columnName(s.PrintCols-1), s.lastRow())); err != nil {
			return err
		}
	}
	return w.file.SetSheetProps(s.Name, &excelize.SheetPropsOptions{FitToPage: &fit})
}

// define names cells of a sheet.
func (w *writer) define(sheet, name, cells string) error {
	return w.file.SetDefinedName(&excelize.DefinedName{Name: name, Scope: sheet, RefersTo: quoteSheet(sheet) + "!" + cells})
}

// lastRow is the last that holds a cell or lies under a chart.
func (s OutSheet) lastRow() int {
	last := len(s.Rows)
	for _, c := range s.Charts {
		last = max(last, c.Row+c.Height/rowPixels+1)
	}
	return last
}

// rowPixels is the usual height of a row.
const rowPixels = 20

// addSheet makes use of the sheet a new file has.
func (w *writer) addSheet(i int, name string) error {
	if i == 0 {
		return w.file.SetSheetName(w.file.GetSheetName(0), name)
	}
	if n, err := w.file.GetSheetIndex(name); err == nil && n >= 0 {
		return fmt.Errorf("another sheet has the same name")
	}
	_, err := w.file.NewSheet(name)
	return err
}

func (w *writer) freeze(s OutSheet) error {
	if s.FreezeRows == 0 && s.FreezeCols == 0 {
		return nil
	}
	pane := "bottomRight"
	switch {
	case s.FreezeCols == 0:
		pane = "bottomLeft"
	case s.FreezeRows == 0:
		pane = "topRight"
	}
	return w.file.SetPanes(s.Name, &excelize.Panes{
		Freeze: true, XSplit: s.FreezeCols, YSplit: s.FreezeRows, TopLeftCell: Address("", s.FreezeCols, s.FreezeRows+1), ActivePane: pane,
	})
}

func (w *writer) cell(sheet, at string, c OutCell) error {
	if err := w.value(sheet, at, c); err != nil {
		return err
	}
	style := excelStyle{c.Format, c.Fill, c.Align, c.Color, c.Bold, c.Wrap, c.Size, c.Indent}
	if c.Kind == Date && c.Format == "" {
		style.format = "dd/mm/yyyy"
	}
	if style == (excelStyle{}) {
		return nil
	}
	id, err := w.style(style)
	if err != nil {
		return err
	}
	return w.file.SetCellStyle(sheet, at, at, id)
}

func (w *writer) value(sheet, at string, c OutCell) error {
	switch c.Kind {
	case Empty:
		return nil
	case Text:
		if n := len(utf16.Encode([]rune(c.Text))); n > longestText {
			return fmt.Errorf("a text of %d characters; Excel keeps %d", n, longestText)
		}
		return w.file.SetCellStr(sheet, at, escape(c.Text))
	case Number:
		if math.IsNaN(c.Number) || math.IsInf(c.Number, 0) {
			return fmt.Errorf("%v is not a number a cell can hold", c.Number)
		}
		return w.file.SetCellFloat(sheet, at, c.Number, -1, 64)
	case Date:
		serial := timeSerial(c.Time)
		if serial < firstSerial || serial >= lastSerial {
			return fmt.Errorf("%s is not a date a cell can hold", c.Time.Format(time.DateOnly))
		}
		return w.file.SetCellFloat(sheet, at, serial, -1, 64)
	}
	return fmt.Errorf("a cell of kind %v cannot be written", c.Kind)
}

// SheetNames makes names that Excel takes of any: without : \ / ? * [ ], of 31
// characters at most, none empty, no two alike.
func SheetNames(names []string) []string {
	out := make([]string, len(names))
	taken := map[string]bool{}
	for i, name := range names {
		name = strings.Trim(strings.Map(sheetRune, name), "' ")
		if name == "" {
			name = "Sheet"
		}
		out[i] = cutName(name, longestSheet)
		for n := 2; taken[strings.ToLower(out[i])]; n++ {
			end := fmt.Sprintf(" (%d)", n)
			out[i] = cutName(name, longestSheet-len(end)) + end
		}
		taken[strings.ToLower(out[i])] = true
	}
	return out
}

const longestSheet = 31

func sheetRune(r rune) rune {
	if r < ' ' || strings.ContainsRune(`:\/?*[]`, r) {
		return '_'
	}
	return r
}

// cutName keeps at most n characters as UTF-16 counts them; none ends in an
// apostrophe, which Excel refuses.
func cutName(s string, n int) string {
	for i, r := range s {
		if n -= utf16.RuneLen(r); n < 0 {
			return strings.TrimRight(s[:i], "' ")
		}
	}
	return s
}

// escape writes what a reader would take for an escape, and what XML cannot
// hold, as _xHHHH_ (ECMA-376 part 1, 22.9.2.19); SetCellStr does not.
func escape(s string) string {
	var b strings.Builder
	for i, c := range s {
		switch {
		case c == '_' && escaped.MatchString(s[i:]):
			b.WriteString("_x005F_")
		case c < ' ' && c != '\t' && c != '\n' && c != '\r':
			fmt.Fprintf(&b, "_x%04X_", c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

var escaped = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

func (w *writer) style(s excelStyle) (int, error) {
	if id, ok := w.styles[s]; ok {
		return id, nil
	}
	style := &excelize.Style{Font: &excelize.Font{Bold: s.bold, Family: font, Size: cmp.Or(s.size, 11), Color: s.color}}
	style.Alignment = &excelize.Alignment{WrapText: s.wrap, Vertical: "top", Horizontal: s.align, Indent: s.indent}
	if s.indent > 0 {
		style.Alignment.Horizontal = "left" // an indent has no effect otherwise
	}
	if s.format != "" {
		style.CustomNumFmt = &s.format
	}
	if s.fill != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.fill}}
	}
	id, err := w.file.NewStyle(style)
	if err == nil {
		w.styles[s] = id
	}
	return id, err
}
