package workbook_test

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"bellwether/internal/workbook"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func sample() []workbook.OutSheet {
	type cell = workbook.OutCell
	text := func(s string) cell { return cell{Kind: workbook.Text, Text: s} }
	return []workbook.OutSheet{{
		Name:       "Monthly return",
		Merges:     []workbook.Merge{{FirstCol: 0, FirstRow: 1, LastCol: 2, LastRow: 1}},
		ColWidths:  []float64{30, 0, 12},
		FreezeRows: 2,
		Rows: [][]cell{
			{{Kind: workbook.Text, Text: "Sample figures", Bold: true, Fill: "#F3F2F1"}},
			{text("Measure"), {Kind: workbook.Date, Time: day(2024, 4, 1), Format: "mmm-yy"}, {Kind: workbook.Date, Time: day(2024, 5, 1)}},
			{},
			{text("Referrals"), {Kind: workbook.Number, Number: 638.7}, {Kind: workbook.Number, Number: 0.055, Format: "0.0%"}},
			{text("=1+1"), text("638.70000000000005"), {Kind: workbook.Text, Text: "a\nb", Wrap: true}},
			{{Fill: "#FFFF00"}, text("<b>&\"_x0041_x0042_\x01")},
		},
	}, {Name: "Notes", Rows: [][]cell{{text("None")}}}}
}

func write(t testing.TB, sheets []workbook.OutSheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := workbook.Write(&b, sheets); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteReadsBack(t *testing.T) {
	book, all := mustRead(t, "a.xlsx", write(t, sample()))
	wantSheets := []workbook.Sheet{
		{Name: "Monthly return", Merges: sample()[0].Merges, Rows: 5, Cells: 11},
		{Name: "Notes", Rows: 1, Cells: 1},
	}
	if diff := cmp.Diff(wantSheets, book.Sheets); diff != "" {
		t.Error(diff)
	}
	number := func(text string, n float64, format string) workbook.Cell {
		return workbook.Cell{Kind: workbook.Number, Text: text, Number: n, Format: format}
	}
	date := func(text string, n float64, at time.Time, format string) workbook.Cell {
		return workbook.Cell{Kind: workbook.Date, Text: text, Number: n, Time: at, Format: format}
	}
	months := texts(2, "Measure")
	months.Cells = append(months.Cells, date("45383", 45383, day(2024, 4, 1), "mmm-yy"), date("45413", 45413, day(2024, 5, 1), "dd/mm/yyyy"))
	referrals := texts(4, "Referrals")
	referrals.Cells = append(referrals.Cells, number("638.7", 638.7, ""), number("0.055", 0.055, "0.0%"))
	want := [][]workbook.Row{
		{texts(1, "Sample figures"), months, referrals, texts(5, "=1+1", "638.70000000000005", "a\nb"), texts(6, "", "<b>&\"_x0041_x0042_\x01")},
		{texts(1, "None")},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	first := write(t, sample())
	for range 20 {
		if !bytes.Equal(first, write(t, sample())) {
			t.Fatal("the same sheets gave different bytes")
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	one := func(c workbook.OutCell) []workbook.OutSheet {
		return []workbook.OutSheet{{Name: "Data", Rows: [][]workbook.OutCell{{{}, c}}}}
	}
	for _, tt := range []struct {
		what   string
		sheets []workbook.OutSheet
		says   string
	}{
		{"no sheet", nil, "at least one sheet"},
		{"every sheet hidden", []workbook.OutSheet{{Name: "Data", Hidden: true}}, "every sheet is hidden"},
		{"no name", []workbook.OutSheet{{}}, `sheet ""`},
		{"long name", []workbook.OutSheet{{Name: strings.Repeat("a", 32)}}, "31"},
		{"two of a name", []workbook.OutSheet{{Name: "Data"}, {Name: "data"}}, "same name"},
		{"long text", one(workbook.OutCell{Kind: workbook.Text, Text: strings.Repeat("a", 32_768)}), "B1: a text of 32768"},
		{"not a number", one(workbook.OutCell{Kind: workbook.Number, Number: math.NaN()}), "B1: NaN"},
		{"infinite", one(workbook.OutCell{Kind: workbook.Number, Number: math.Inf(1)}), "B1: +Inf"},
		{"date before Excel's", one(workbook.OutCell{Kind: workbook.Date, Time: day(1899, 1, 1)}), "B1: 1899-01-01"},
		{"no such kind", one(workbook.OutCell{Kind: workbook.Error}), "B1: a cell of kind error"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			err := workbook.Write(new(bytes.Buffer), tt.sheets)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error is %v, want one that says %q", err, tt.says)
			}
		})
	}
}

// How sheets look is read back with the library, which wrote it, and the
// order of sheets and names by ours.
func TestWriteLooks(t *testing.T) {
	text := func(s, align, color string) workbook.OutCell {
		return workbook.OutCell{Kind: workbook.Text, Text: s, Align: align, Color: color}
	}
	data := write(t, []workbook.OutSheet{
		{Name: "Raw", Hidden: true, Rows: [][]workbook.OutCell{{text("a", "", "")}}},
		{Name: "April's return", Landscape: true, FreezeRows: 1, FreezeCols: 2, Rows: [][]workbook.OutCell{{text("Total", "right", "#D4351C"), text("b", "center", "")}}},
		{Name: "Left", FreezeCols: 1, Rows: [][]workbook.OutCell{{text("c", "", "")}}},
	})
	book, _ := mustRead(t, "a.xlsx", data)
	if s := book.Sheets; !s[0].Hidden || s[1].Hidden || s[2].Hidden {
		t.Errorf("sheets are %+v, want the first alone hidden", s)
	}
	if want := []workbook.Remark{{Name: "_xlnm.Print_Titles", Text: "'April''s return'!$1:$1"}}; !cmp.Equal(book.Remarks, want) {
		t.Errorf("remarks are %+v", book.Remarks)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.GetActiveSheetIndex() != 1 {
		t.Errorf("it opens on sheet %d", f.GetActiveSheetIndex())
	}
	page, _ := f.GetPageLayout("April's return")
	props, _ := f.GetSheetProps("April's return")
	if *page.Orientation != "landscape" || *page.FitToWidth != 1 || *page.FitToHeight != 0 || !*props.FitToPage {
		t.Errorf("it prints as %+v", page)
	}
	for sheet, want := range map[string]excelize.Panes{
		"April's return": {Freeze: true, XSplit: 2, YSplit: 1, TopLeftCell: "C2", ActivePane: "bottomRight"},
		"Left":           {Freeze: true, XSplit: 1, TopLeftCell: "B1", ActivePane: "topRight"},
	} {
		if got, _ := f.GetPanes(sheet); !cmp.Equal(got, want) {
			t.Errorf("%s is frozen as %+v", sheet, got)
		}
	}
	id, _ := f.GetCellStyle("April's return", "A1")
	style, _ := f.GetStyle(id)
	if style.Alignment.Horizontal != "right" || style.Font.Color != "D4351C" {
		t.Errorf("A1 is aligned %s in %s", style.Alignment.Horizontal, style.Font.Color)
	}
}

func TestSheetNames(t *testing.T) {
	long := strings.Repeat("é", 40)
	got := workbook.SheetNames([]string{"Data", "data", "a/b:c", "", "'Q1'", long, long, "\U0001F600" + strings.Repeat("x", 40), strings.Repeat("a", 29) + " 's"})
	want := []string{"Data", "data (2)", "a_b_c", "Sheet", "Q1", strings.Repeat("é", 31), strings.Repeat("é", 27) + " (2)", "\U0001F600" + strings.Repeat("x", 29), strings.Repeat("a", 29)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var sheets []workbook.OutSheet
	for _, n := range got {
		sheets = append(sheets, workbook.OutSheet{Name: n})
	}
	write(t, sheets)
}
