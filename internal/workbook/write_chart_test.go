package workbook_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"bellwether/internal/workbook"
	"bellwether/internal/ziptest"
)

// drawing has a chart of a kind over three dates, one figure missing.
func drawing(kind workbook.ChartKind) []workbook.OutSheet {
	type cell = workbook.OutCell
	text := func(s string) cell { return cell{Kind: workbook.Text, Text: s} }
	number := func(n float64) cell { return cell{Kind: workbook.Number, Number: n} }
	date := func(year int) cell { return cell{Kind: workbook.Date, Time: day(year, 3, 31)} }
	zero := 0.0
	return []workbook.OutSheet{{Name: "April's <return>", Rows: [][]cell{
		{text("Date"), text("Here"), text("There & about")},
		{date(2023), number(1), number(4)},
		{date(2024), {}, number(5)},
		{date(2025), number(3), number(6)},
	}, Charts: []workbook.Chart{{
		Kind: kind, Title: "Up & <catAx>", AltText: "It \"rises\".", Col: 4, Row: 2, Width: 640, Height: 400,
		Head: 1, First: 2, Last: 4, Months: 12, Unit: "Rate", Format: "0.0", Min: &zero, Step: 2,
		Series: []workbook.ChartSeries{
			{Col: 1, Color: "#12436D", Width: 2, Symbol: "circle", Size: 6},
			{Col: 2, Color: "#801650", Width: 1, Dash: workbook.Dashed},
		},
	}}}}
}

func TestCharts(t *testing.T) {
	const sheet = `<f>&#39;April&#39;&#39;s &lt;return&gt;&#39;!`
	always := []string{
		`<dispBlanksAs val="gap">`, `<a:t>Up &amp; &lt;catAx&gt;</a:t>`, `<a:t>Rate</a:t>`,
		`<tx><strRef>` + sheet + `$B$1</f>`, `<tx><strRef>` + sheet + `$C$1</f>`,
		`<val><numRef>` + sheet + `$B$2:$B$4</f>`, `<val><numRef>` + sheet + `$C$2:$C$4</f>`,
		`<a:srgbClr val="12436D">`, `<a:srgbClr val="801650">`, `<a:srgbClr val="0B0C0C">`, `<c:min val="0">`,
	}
	for _, tt := range []struct {
		kind        workbook.ChartKind
		has, hasNot []string
	}{
		{workbook.Lines, []string{
			`<lineChart>`, `<dateAx>`, `<cat><numRef>` + sheet + `$A$2:$A$4</f></numRef></cat>`, `<majorUnit val="12"></majorUnit><majorTimeUnit val="months">`,
			`formatCode="mmm yyyy"`, `formatCode="0.0"`, `<a:prstDash val="dash">`, `<symbol val="circle">`, `<symbol val="none">`,
		}, []string{`<catAx>`, `<barChart>`, `val="accent`}},
		{workbook.Bars, []string{`<barDir val="bar">`, `<catAx>`, `<cat><strRef>`, `<overlap val="100">`, `<orientation val="maxMin">`, `<showVal val="1">`}, []string{`<dateAx>`}},
		{workbook.PairedBars, []string{`<barDir val="bar">`, `<gapWidth val="45">`}, []string{`<overlap val="100">`}},
	} {
		data := write(t, drawing(tt.kind))
		chart := string(ziptest.Part(t, data, "xl/charts/chart1.xml"))
		for _, want := range append(tt.has, always...) {
			if !strings.Contains(chart, strings.Replace(want, "<c:", "<", 1)) {
				t.Errorf("kind %d: the chart has no %s", tt.kind, want)
			}
		}
		for _, not := range tt.hasNot {
			if strings.Contains(chart, not) {
				t.Errorf("kind %d: the chart has %s", tt.kind, not)
			}
		}
		if at := string(ziptest.Part(t, data, "xl/drawings/drawing1.xml")); !strings.Contains(at, `descr="It &#34;rises&#34;."`) || !strings.Contains(at, "<xdr:col>4</xdr:col>") || !strings.Contains(at, "<xdr:row>1</xdr:row>") {
			t.Errorf("kind %d: it is drawn as %s", tt.kind, at)
		}
		if !bytes.Equal(data, write(t, drawing(tt.kind))) {
			t.Errorf("kind %d: the same chart gave different bytes", tt.kind)
		}
		mustRead(t, "chart.xlsx", data)
	}
}

// Each sheet's chart has its own dates, whatever stands before it.
func TestChartsOfSheets(t *testing.T) {
	sheets := append(drawing(workbook.Bars), drawing(workbook.Lines)...)
	sheets[0].Name, sheets[1].Name = "Bars", "Lines"
	sheets[1].Charts[0].Months = 24
	data := write(t, sheets)
	if bars := string(ziptest.Part(t, data, "xl/charts/chart1.xml")); !strings.Contains(bars, "<catAx>") {
		t.Error("the bars have no axis of names")
	}
	if lines := string(ziptest.Part(t, data, "xl/charts/chart2.xml")); !strings.Contains(lines, `<majorUnit val="24">`) {
		t.Error("the lines have no axis of dates")
	}
}

func TestChartsRefused(t *testing.T) {
	for _, tt := range []struct {
		what string
		fill func(*workbook.OutSheet)
		says string
	}{
		{"a mark", func(s *workbook.OutSheet) { s.Rows[2][1] = workbook.OutCell{Kind: workbook.Text, Text: "c"} }, `chart "Up & <catAx>": B3 would be drawn as a zero`},
		{"an empty text", func(s *workbook.OutSheet) { s.Rows[3][2] = workbook.OutCell{Kind: workbook.Text} }, "C4 would be drawn as a zero"},
		{"a date", func(s *workbook.OutSheet) { s.Charts[0].Series[0].Col = 0 }, "A2 would be drawn as a zero"},
		{"no series", func(s *workbook.OutSheet) { s.Charts[0].Series = nil }, "no figures"},
		{"rows that are not there", func(s *workbook.OutSheet) { s.Charts[0].Last = 5 }, "no figures in rows 2 to 5 of 4"},
		{"no head", func(s *workbook.OutSheet) { s.Charts[0].Head = 0 }, "no figures"},
	} {
		sheets := drawing(workbook.Lines)
		tt.fill(&sheets[0])
		if err := workbook.Write(io.Discard, sheets); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: error is %v, want one that says %q", tt.what, err, tt.says)
		}
	}
}

func TestPrintedPart(t *testing.T) {
	s := drawing(workbook.Lines)
	s[0].Name, s[0].Landscape, s[0].FreezeRows, s[0].HeadRow, s[0].PrintCols, s[0].RowHeights = "Data", true, 3, 2, 3, []float64{0, 30}
	book, _ := mustRead(t, "a.xlsx", write(t, s))
	want := []workbook.Remark{{Name: "_xlnm.Print_Titles", Text: "Data!$2:$2"}, {Name: "_xlnm.Print_Area", Text: "Data!$A$1:$C$23"}}
	if len(book.Remarks) != 2 || book.Remarks[0] != want[0] || book.Remarks[1] != want[1] {
		t.Errorf("it prints %+v", book.Remarks)
	}
	if sheet := string(ziptest.Part(t, write(t, s), "xl/worksheets/sheet1.xml")); !strings.Contains(sheet, `ht="30"`) {
		t.Error("row 2 has its usual height")
	}
}
