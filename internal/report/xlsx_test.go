package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
	"bellwether/internal/report"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

func n(x float64) *float64 { return &x }

// column gives the points of 31 March 2023 and the years after it.
func column(numbers ...*float64) []dashboard.Point {
	var out []dashboard.Point
	for i, x := range numbers {
		p := dashboard.Point{Period: fmt.Sprintf("%d-03-31", 2023+i), Label: fmt.Sprintf("31 March %d", 2023+i), Number: x, Text: "c", Mark: "c"}
		if x != nil {
			p.Text, p.Mark = stat.Format(*x, 1), ""
		}
		out = append(out, p)
	}
	return out
}

// drawn has a panel of every kind that Excel draws, with marks and gaps.
func drawn() *dashboard.View {
	measure := stat.Measure{Code: "cla", Name: "Children looked after"}
	area, mean := column(n(150), nil, n(138)), column(n(127.44), n(125.9), n(120.37))
	own := append(slices.Clone(area[2:]), dashboard.Point{Period: "2025-09-30", Label: "30 September 2025", Number: n(141), Text: "141"})
	control := &dashboard.ControlPanel{Target: n(7), Segments: []dashboard.ControlSegment{
		{From: "2023-03-31", To: "2024-03-31", Mean: 5, Lower: n(1), Upper: n(9)},
		{From: "2025-03-31", To: "2025-03-31", Mean: 6, Lower: n(2), Upper: n(10), Reason: "New front door"},
	}}
	for i, p := range column(n(4), n(5), n(12)) {
		control.Points = append(control.Points, dashboard.ControlPoint{Point: p, Variation: []string{dashboard.CommonCause, dashboard.CommonCause, dashboard.Concern}[i]})
	}
	return &dashboard.View{
		Name: "cla", Title: "Children looked after", Lead: "Children in the council's care.", Path: "/measures/cla", Version: 12, Sample: true,
		Area:      stat.Area{Code: "E06000002", Number: "806", Name: "Middlesbrough"},
		Selection: dashboard.Selection{Area: "E06000002", Neighbours: "2025", Show: dashboard.ShowValue, From: 2023, Since: "2025-06-03", Project: 2028},
		Models:    []dashboard.Choice{{Value: "2025", Label: "Statistical neighbours, 2025 model"}},
		Meetings:  []dashboard.Choice{{Value: "2025-06-03", Label: "Scrutiny panel, 3 June 2025"}},
		Warnings:  []string{"Two neighbours have no figure."},
		Panels: []dashboard.Panel{
			{Kind: dashboard.Headline, Measure: measure, Code: "cla", Title: "Children looked after", Sentence: "There were 493.", Headline: &dashboard.HeadlinePanel{Count: "493", AsOf: "31 March 2025", Value: "138 per 10,000", Comparison: &benchmark.Comparison{Count: n(493)}}},
			{Kind: dashboard.Trend, ID: "cla-trend", Measure: measure, Code: "cla", Unit: "rate per 10,000", Title: "Children looked after: falling", Subtitle: "Rate", Sentence: "=It fell.", Source: "DfE", Warnings: []string{"Small numbers."},
				Trend: &dashboard.TrendPanel{
					Lines: []dashboard.Line{{Name: "Middlesbrough", Role: dashboard.RoleArea, Points: area}, {Name: "Neighbours' mean", Role: dashboard.RoleNeighbours, Points: mean}, {Name: "Middlesbrough, council's own", Role: dashboard.RoleOwn, Points: own}},
					Band:  []dashboard.BandPoint{{Period: "2023-03-31", Low: n(90), High: n(190)}, {Period: "2025-03-31", Low: n(80), High: n(180)}}, BandName: "Range of the neighbours",
				},
				Table: &dashboard.TablePanel{
					Columns: []string{"Date", "Middlesbrough", "Neighbours' mean", "Middlesbrough, council's own"},
					Rows:    [][]string{{"31 March 2023", "150", "127.4", ""}, {"31 March 2024", "c", "125.9", ""}, {"31 March 2025", "138", "120.4", ""}, {"30 September 2025", "", "", "141"}},
					Numbers: [][]*float64{{nil, n(150), n(127.44), nil}, {nil, nil, n(125.9), nil}, {nil, n(138), n(120.37), nil}, {nil, nil, nil, n(141)}},
					Notes:   []string{"c: confidential"}, Mark: -1,
				}},
			{Kind: dashboard.Bars, ID: "cla-neighbours", Measure: measure, Code: "cla", Title: "Higher than one",
				Bars: &dashboard.BarsPanel{Period: "2025-03-31", Bars: []dashboard.Bar{
					{Name: "Middlesbrough", Role: dashboard.RoleArea, Number: n(138)}, {Name: "Hartlepool", Role: dashboard.RoleNeighbour, Number: n(131)},
					{Name: "Neighbours' mean", Role: dashboard.RoleNeighbours, Number: n(120.37)}, {Name: "=Redcar", Role: dashboard.RoleNeighbour, Text: "x"},
				}},
				Table: &dashboard.TablePanel{Columns: []string{"Area", "Rate"}, Rows: [][]string{{"Middlesbrough", "138"}, {"Hartlepool", "131"}, {"Neighbours' mean", "120.4"}, {"=Redcar", "x"}},
					Numbers: [][]*float64{{nil, n(138)}, {nil, n(131)}, {nil, n(120.37)}, {nil, nil}}}},
			{Kind: dashboard.Control, ID: "cla-control", Measure: measure, Code: "cla", Title: "Of concern", Control: control,
				Table: &dashboard.TablePanel{Columns: []string{"Date", "Figure", "Mean", "Variation"}, Mark: -1,
					Rows:    [][]string{{"31 March 2023", "4", "5.0", "common cause"}, {"31 March 2024", "5", "5.0", "common cause"}, {"31 March 2025", "12", "6.0", "special cause, concern"}},
					Numbers: [][]*float64{{nil, n(4), n(5), nil}, {nil, n(5), n(5), nil}, {nil, n(12), n(6), nil}}}},
			{Kind: dashboard.Ahead, ID: "cla-projection", Measure: measure, Code: "cla", Title: "About 130 by 2026",
				Ahead: &dashboard.AheadPanel{Past: dashboard.Line{Name: "Middlesbrough", Points: area},
					Ahead:  []dashboard.Projected{{Period: "2026-03-31", Label: "31 March 2026", Number: n(130), Lower: n(110), Upper: n(150)}},
					Before: []dashboard.Projected{{Period: "2025-03-31", Label: "31 March 2025", Number: n(145)}}},
				Table: &dashboard.TablePanel{Columns: []string{"Date", "Figure", "Projected"}, Rows: [][]string{{"31 March 2025", "138", ""}, {"31 March 2026", "", "130"}, {"31 March 2025", "", "145"}},
					Numbers: [][]*float64{{nil, n(138), nil}, {nil, nil, n(130)}, {nil, nil, n(145)}}}},
			{Kind: dashboard.Shares, ID: "cla-representation", Measure: measure, Code: "cla", Title: "One group over-represented",
				Shares: &dashboard.SharesPanel{Groups: []dashboard.Share{{Name: "Mixed", Of: n(12.345), Population: n(5.5)}, {Name: "White", Count: "c", Population: n(80)}}},
				Table: &dashboard.TablePanel{Columns: []string{"Ethnicity", "Number", "Share", "Of all"}, Rows: [][]string{{"Mixed", "61", "12.3", "5.5"}, {"White", "c", "", "80.0"}},
					Numbers: [][]*float64{{nil, n(61), n(12.345), n(5.5)}, {nil, nil, nil, n(80)}}}},
			{Kind: dashboard.Table, ID: "cla-table", Measure: measure, Code: "cla", Title: "Every period", Table: &dashboard.TablePanel{Columns: []string{"Date", "Number", "Change", "Rank", "Range"},
				Rows:    [][]string{{"31 March 2025", "1,493", "\u22125.5%", "6th of 151", "+2"}, {"=1+1", "@x", "-1", "", "low"}},
				Numbers: [][]*float64{{n(2025), n(1493), n(-5.49), n(6), n(2.2)}, {nil, nil, n(40), nil, nil}}}},
			{Kind: dashboard.About, ID: "cla-about", Measure: measure, Code: "cla", Title: "About", About: &dashboard.AboutPanel{Facts: [][2]string{{"Definition", "+44 children"}}}},
		},
	}
}

func xlsx(t *testing.T, v *dashboard.View) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteXLSX(&b, v, "/measures/cla?from=2023"); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cellsOf are a workbook's cells by address: "Trend!B8".
func cellsOf(t *testing.T, data []byte) (names []string, cells map[string]workbook.Cell) {
	t.Helper()
	book, err := workbook.Open("a.xlsx", data, workbook.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	cells = map[string]workbook.Cell{}
	for i, s := range book.Sheets {
		names = append(names, s.Name)
		for row, err := range book.Rows(i) {
			if err != nil {
				t.Fatal(err)
			}
			for col, c := range row.Cells {
				if c.Kind != workbook.Empty {
					cells[workbook.Address(s.Name, col, row.Number)] = c
				}
			}
		}
	}
	return names, cells
}

func TestWorkbook(t *testing.T) {
	names, cells := cellsOf(t, xlsx(t, drawn()))
	want := []string{"About this file", "Summary", "Trend", "Neighbours", "Control chart", "Projection", "Representation", "Table", "About"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	for at, want := range map[string]string{
		"'About this file'!A1": "Children looked after: Middlesbrough", "'About this file'!A2": "Children in the council's care.",
		"Trend!A1": "Children looked after: falling", "Trend!A2": "Rate", "Trend!A3": "=It fell.", "Trend!A4": "Source: DfE", "Trend!A5": "Small numbers.",
		"Trend!B10": "c", "Table!D5": "6th of 151", "Table!A6": "=1+1", "Table!B6": "@x", "Table!E6": "low", "Table!A5": "31 March 2025",
		"Neighbours!A8": "=Redcar", "Neighbours!B8": "x", "About!B5": "+44 children",
	} {
		if c := cells[at]; c.Kind != workbook.Text || c.Text != want {
			t.Errorf("%s is %v %q, want the text %q", at, c.Kind, c.Text, want)
		}
	}
	for at, want := range map[string]workbook.Cell{
		"Trend!B9": {Number: 150, Format: "#,##0"}, "Trend!C11": {Number: 120.37, Format: "#,##0.0"}, "Summary!B7": {Number: 493, Format: "#,##0"},
		"Table!B5": {Number: 1493, Format: "#,##0"}, "Table!C5": {Number: -5.49, Format: `#,##0.0"%"`}, "Table!E5": {Number: 2.2, Format: "+#,##0;-#,##0;#,##0"},
		"Table!C6": {Number: -1, Format: "#,##0"}, // what the page shows, not the 40 that is not shown
	} {
		if c := cells[at]; c.Kind != workbook.Number || c.Number != want.Number || c.Format != want.Format {
			t.Errorf("%s is %v %v as %s, want %v as %s", at, c.Kind, c.Number, c.Format, want.Number, want.Format)
		}
	}
	for _, at := range []string{"Trend!D9", "Trend!B12"} {
		if c, ok := cells[at]; ok {
			t.Errorf("%s is %v %q, want nothing", at, c.Kind, c.Text)
		}
	}
}

func TestCover(t *testing.T) {
	_, cells := cellsOf(t, xlsx(t, drawn()))
	var said []string
	for row := 3; row < 40; row++ {
		a, b := cells[workbook.Address("About this file", 0, row)], cells[workbook.Address("About this file", 1, row)]
		if a.Kind != workbook.Empty {
			said = append(said, strings.TrimSuffix(a.Text+": "+b.Text, ": "))
		}
	}
	for _, want := range []string{
		"Area: Middlesbrough (E06000002)", "Compared with: Statistical neighbours, 2025 model", "Shows: Rates and other values", "Years: From 2023",
		"Changes since: Scrutiny panel, 3 June 2025", "Projected to: 2028", "From: /measures/cla?from=2023", "Version of the data: 12",
		"Two neighbours have no figure.", "DfE", "Trend: Children looked after: falling",
	} {
		if !slices.Contains(said, want) {
			t.Errorf("the cover does not say %q, but %q", want, said)
		}
	}
}

// chart is what a chart's part says of its series.
type chart struct {
	Lines struct {
		Series []series `xml:"ser"`
	} `xml:"chart>plotArea>lineChart"`
	Bars struct {
		Series []series `xml:"ser"`
	} `xml:"chart>plotArea>barChart"`
	Dates *struct{} `xml:"chart>plotArea>dateAx"`
	Blank struct {
		As string `xml:"val,attr"`
	} `xml:"chart>dispBlanksAs"`
}

type series struct {
	Name    string `xml:"tx>strRef>f"`
	Dates   string `xml:"cat>numRef>f"`
	Names   string `xml:"cat>strRef>f"`
	Numbers string `xml:"val>numRef>f"`
}

func chartsOf(t *testing.T, data []byte) []chart {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out []chart
	for i := 1; ; i++ {
		f, err := z.Open(fmt.Sprintf("xl/charts/chart%d.xml", i))
		if err != nil {
			return out
		}
		var c chart
		if err := xml.NewDecoder(f).Decode(&c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
}

var reference = regexp.MustCompile(`^(.*)!\$([A-Z]+)\$(\d+)(?::\$[A-Z]+\$(\d+))?$`)

// refer reads the cells a chart refers to; one that is empty is a zero Cell.
func refer(t *testing.T, cells map[string]workbook.Cell, at string) []workbook.Cell {
	t.Helper()
	m := reference.FindStringSubmatch(at)
	if m == nil {
		t.Fatalf("%q refers to no cells", at)
	}
	first, _ := strconv.Atoi(m[3])
	last := first
	if m[4] != "" {
		last, _ = strconv.Atoi(m[4])
	}
	var out []workbook.Cell
	for row := first; row <= last; row++ {
		out = append(out, cells[fmt.Sprintf("%s!%s%d", m[1], m[2], row)])
	}
	return out
}

// Every chart draws its sheet's own cells, each series' name and numbers as
// they are on the page, and nothing where there is no number.
func TestCharts(t *testing.T) {
	data := xlsx(t, drawn())
	_, cells := cellsOf(t, data)
	var got []string
	for _, c := range chartsOf(t, data) {
		if c.Blank.As != "gap" {
			t.Errorf("a missing figure is drawn as %q", c.Blank.As)
		}
		kind, all := "lines", c.Lines.Series
		if c.Dates == nil {
			kind, all = "bars", c.Bars.Series
		}
		got = append(got, kind)
		for _, s := range all {
			var row []string
			for i, x := range refer(t, cells, s.Numbers) {
				var at string
				if kind == "lines" {
					at = refer(t, cells, s.Dates)[i].Time.Format("2006-01")
				} else {
					at = refer(t, cells, s.Names)[i].Text
				}
				switch x.Kind {
				case workbook.Number:
					row = append(row, at+" "+strconv.FormatFloat(x.Number, 'f', -1, 64))
				case workbook.Empty:
				default:
					t.Errorf("%s draws the %v %q", refer(t, cells, s.Name)[0].Text, x.Kind, x.Text)
				}
			}
			got = append(got, refer(t, cells, s.Name)[0].Text+": "+strings.Join(row, ", "))
		}
	}
	want := []string{
		"lines",
		"Middlesbrough: 2023-03 150, 2025-03 138",
		"Neighbours' mean: 2023-03 127.44, 2024-03 125.9, 2025-03 120.37",
		"Middlesbrough, council's own: 2025-09 141",
		"Range of the neighbours, lowest: 2023-03 90, 2025-03 80",
		"Range of the neighbours, highest: 2023-03 190, 2025-03 180",
		"bars",
		"Middlesbrough: Middlesbrough 138",
		"Neighbours: Hartlepool 131",
		"Neighbours' mean: Neighbours' mean 120.37",
		"lines",
		"Figure: 2023-03 4, 2024-03 5, 2025-03 12",
		"Target: 2023-03 7, 2024-03 7, 2025-03 7",
		"Mean: 2023-03 5, 2024-03 5",
		"Lower limit: 2023-03 1, 2024-03 1",
		"Upper limit: 2023-03 9, 2024-03 9",
		"Mean, from 31 March 2025: 2025-03 6",
		"Lower limit, from 31 March 2025: 2025-03 2",
		"Upper limit, from 31 March 2025: 2025-03 10",
		"Special cause, concern: 2025-03 12",
		"lines",
		"Middlesbrough: 2023-03 150, 2025-03 138",
		"Projection: 2025-03 138, 2026-03 130",
		"Lower end of the range: 2025-03 138, 2026-03 110",
		"Upper end of the range: 2025-03 138, 2026-03 150",
		"Projected before: 2025-03 145",
		"bars",
		"Share: Mixed 12.345",
		"Of all: Mixed 5.5, White 80",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWorkbookOfPanel(t *testing.T) {
	v := drawn()
	var b bytes.Buffer
	if err := report.WritePanelXLSX(&b, v, v.Panels[1], ""); err != nil {
		t.Fatal(err)
	}
	names, cells := cellsOf(t, b.Bytes())
	if diff := cmp.Diff([]string{"About this file", "Trend"}, names); diff != "" {
		t.Error(diff)
	}
	if len(chartsOf(t, b.Bytes())) != 1 {
		t.Error("it has no chart, or several")
	}
	if c := cells["'About this file'!B11"]; c.Text != "/measures/cla" {
		t.Errorf("it is from %q", c.Text)
	}
}

// A page of several measures names each sheet by its measure, in what room
// Excel gives, and has one sheet for all cards.
func TestWorkbookOfDashboard(t *testing.T) {
	v, table := drawn(), &dashboard.TablePanel{Columns: []string{"Date", "Number"}, Rows: [][]string{{"31 March 2025", "1"}}}
	long := stat.Measure{Code: "long", Name: "Children subject to a child protection plan"}
	v.Panels = []dashboard.Panel{
		v.Panels[0],
		{Kind: dashboard.Headline, Measure: long, Code: "long", Headline: &dashboard.HeadlinePanel{Count: "c", Change: "=1"}, Warnings: []string{"Few."}},
		{Kind: dashboard.Trend, Measure: v.Panels[1].Measure, Code: "cla", Table: table},
		{Kind: dashboard.Table, Measure: long, Code: "long", Table: table},
		{Kind: dashboard.Table, Measure: long, Code: "long", Table: table},
		{Kind: "scorecard", Measure: long, Code: "long", Table: table},
	}
	names, cells := cellsOf(t, xlsx(t, v))
	want := []string{"About this file", "Summary", "Trend, Children looked after", "Table, Children subject to a ch", "Table, Children subject to (2)", "Scorecard, Children subject to"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	for at, want := range map[string]string{"Summary!A3": "Children subject to a child protection plan: Few.", "Summary!C6": "Children subject to a child protection plan", "Summary!C8": "c"} {
		if cells[at].Text != want {
			t.Errorf("%s is %q, want %q", at, cells[at].Text, want)
		}
	}
}

func TestWorkbookIsDeterministic(t *testing.T) {
	first := xlsx(t, drawn())
	for range 5 {
		if !bytes.Equal(first, xlsx(t, drawn())) {
			t.Fatal("the same page gave different bytes")
		}
	}
}

// A page without figures is a cover that says what it is.
func TestBareWorkbook(t *testing.T) {
	names, cells := cellsOf(t, xlsx(t, &dashboard.View{Title: "Bare", Path: "/dashboards/bare", Panels: []dashboard.Panel{{Kind: dashboard.Trend}}}))
	if len(names) != 1 || cells["'About this file'!A1"].Text != "Bare" {
		t.Errorf("it has %q, headed %q", names, cells["'About this file'!A1"].Text)
	}
}

func TestNoWorkbook(t *testing.T) {
	if err := report.WriteXLSX(full{}, drawn(), ""); !errors.Is(err, errFull) {
		t.Errorf("to a full disk: %v", err)
	}
}
