package workbook

import (
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
	ColWidths  []float64 // in characters, column A first; 0 leaves the usual width
	FreezeRows int       // rows at the top that stay in sight
	FreezeCols int       // columns at the left that stay in sight
	Landscape  bool      // print on landscape paper, one page wide
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
	Fill   string // background, "#F3F2F1"; "" is none
	Wrap   bool   // break lines within the cell
	Align  string // "right" or "center"; "" is left for text, right for numbers
	Color  string // of the text, "#D4351C"; "" is black
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
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	return nil
}

type writer struct {
	file   *excelize.File
	styles map[excelStyle]int
}

// excelStyle is what makes two cells look the same.
type excelStyle struct {
	format, fill, align, color string
	bold, wrap                 bool
}

func (w *writer) sheet(i int, s OutSheet) error {
	if err := w.addSheet(i, s.Name); err != nil {
		return err
	}
	for col, width := range s.ColWidths {
		if width == 0 {
			continue
		}
		if err := w.file.SetColWidth(s.Name, columnName(col), columnName(col), width); err != nil {
			return err
		}
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
	if err := w.page(s); err != nil {
		return err
	}
	return w.freeze(s)
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
		if err := w.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.Name, RefersTo: fmt.Sprintf("%s!$1:$%d", quoteSheet(s.Name), s.FreezeRows)}); err != nil {
			return err
		}
	}
	return w.file.SetSheetProps(s.Name, &excelize.SheetPropsOptions{FitToPage: &fit})
}

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
	style := excelStyle{c.Format, c.Fill, c.Align, c.Color, c.Bold, c.Wrap}
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
		out[i] = cutUTF16(name, longestSheet)
		for n := 2; taken[strings.ToLower(out[i])]; n++ {
			end := fmt.Sprintf(" (%d)", n)
			out[i] = cutUTF16(name, longestSheet-len(end)) + end
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

// cutUTF16 keeps at most n characters as UTF-16 counts them.
func cutUTF16(s string, n int) string {
	for i, r := range s {
		if n -= utf16.RuneLen(r); n < 0 {
			return s[:i]
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
	style := &excelize.Style{Font: &excelize.Font{Bold: s.bold, Family: font, Size: 11, Color: s.color}}
	style.Alignment = &excelize.Alignment{WrapText: s.wrap, Vertical: "top", Horizontal: s.align}
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
