package importer_test

import (
	"math"
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

var (
	rateMeasure    = stat.Measure{Code: "cla", Unit: stat.RateOf}
	numberMeasure  = stat.Measure{Code: "population_0_17", Unit: stat.Number}
	meanMeasure    = stat.Measure{Code: "sw_caseload", Unit: stat.Number, Decimals: 1}
	percentMeasure = stat.Measure{Code: "icpc_15wd", Unit: stat.Percent}
	poundMeasure   = stat.Measure{Code: "unit_cost", Unit: stat.Pounds}
	dashes         = map[string]stat.Mark{"-": stat.Unexplained}
)

// figureTexts are what people write into a cell, and what is read there: a number,
// a mark, nothing, or a complaint.
var figureTexts = []struct {
	text   string
	m      *stat.Measure
	part   stat.Part
	number float64
	mark   stat.Mark
	code   string // of the complaint
}{
	{"493", &rateMeasure, stat.PartCount, 493, "", ""},
	{"1,267", &rateMeasure, stat.PartCount, 1267, "", ""},
	{" 412 ", &rateMeasure, stat.PartCount, 412, "", ""},
	{"405.0", &rateMeasure, stat.PartCount, 405, "", ""},
	{"638.70000000000005", &rateMeasure, stat.PartValue, 638.7, "", ""},
	{"12.7%", &percentMeasure, stat.PartValue, 12.7, "", ""},
	{"12.7 %", &percentMeasure, stat.PartValue, 12.7, "", ""},
	{"1e3", &rateMeasure, stat.PartCount, 1000, "", ""},
	{"15.4", &meanMeasure, stat.PartValue, 15.4, "", ""},
	{"0", &rateMeasure, stat.PartCount, 0, "", ""},
	{"c", &rateMeasure, stat.PartCount, 0, stat.Confidential, ""},
	{"[c]", &rateMeasure, stat.PartCount, 0, stat.Confidential, ""},
	{"LOW", &rateMeasure, stat.PartValue, 0, stat.Low, ""},
	{"z", &rateMeasure, stat.PartValue, 0, stat.NotApplicable, ""},
	{"-", &rateMeasure, stat.PartValue, 0, stat.Unexplained, ""},
	{"<5", &rateMeasure, stat.PartCount, 0, stat.Confidential, ""},
	{"< 10", &rateMeasure, stat.PartCount, 0, stat.Confidential, ""},
	{"fewer than 5", &rateMeasure, stat.PartCount, 0, stat.Confidential, ""},
	{"<0.5%", &percentMeasure, stat.PartValue, 0, stat.Low, ""},
	{"412*", &rateMeasure, stat.PartCount, 412, "", ""},
	{"412 (p)", &rateMeasure, stat.PartCount, 412, "", ""},
	{"412 (provisional)", &rateMeasure, stat.PartCount, 412, "", ""},
	{"1,412 [r][e]", &rateMeasure, stat.PartCount, 1412, "", ""},
	{"331r", &rateMeasure, stat.PartCount, 331, "", ""},
	{"331p", &rateMeasure, stat.PartCount, 331, "", ""},
	{"1,331 R", &rateMeasure, stat.PartCount, 1331, "", ""},
	{"12.5%p", &percentMeasure, stat.PartValue, 12.5, "", ""},
	{"£12.50p", &poundMeasure, stat.PartValue, 0, "", "not_a_number"},
	{"50p", &poundMeasure, stat.PartValue, 0, "", "not_a_number"},
	{"50r", &poundMeasure, stat.PartValue, 50, "", ""},
	{"331x", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"331rd", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"412¹", &rateMeasure, stat.PartCount, 412, "", ""},
	{"12.7%*", &percentMeasure, stat.PartValue, 12.7, "", ""},
	{"1\u00a0267", &rateMeasure, stat.PartCount, 1267, "", ""},
	{"\u00a0412\u00a0", &rateMeasure, stat.PartCount, 412, "", ""},
	{"£1,234", &poundMeasure, stat.PartValue, 1234, "", ""},
	{"£1,234.50", &poundMeasure, stat.PartValue, 1234.5, "", ""},
	{"", &rateMeasure, stat.PartCount, 0, "", ""},
	{"  ", &rateMeasure, stat.PartCount, 0, "", ""},

	{"-5", &rateMeasure, stat.PartCount, 0, "", "negative_count"},
	{"−5", &rateMeasure, stat.PartCount, 0, "", "negative_count"},
	{"-5", &numberMeasure, stat.PartValue, 0, "", "negative_count"},
	{"-5", &rateMeasure, stat.PartValue, 0, "", "negative_value"},
	{"12.5", &rateMeasure, stat.PartCount, 0, "", "not_whole"},
	{"about 40", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"£40", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"12,67", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"412 138", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"412 (138)", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"£1.2m", &poundMeasure, stat.PartValue, 0, "", "not_a_number"},
	{"*", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"£", &poundMeasure, stat.PartValue, 0, "", "not_a_number"},
	{"n/a", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"12.7%", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"NaN", &rateMeasure, stat.PartValue, 0, "", "not_a_number"},
	{"Inf", &rateMeasure, stat.PartValue, 0, "", "not_a_number"},
	{"0x1F", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"1_000", &rateMeasure, stat.PartCount, 0, "", "not_a_number"},
	{"1e400", &rateMeasure, stat.PartValue, 0, "", "number_out_of_range"},
	{"#REF!", &rateMeasure, stat.PartCount, 0, "", "formula_error"},
	{"#DIV/0!", &rateMeasure, stat.PartCount, 0, "", "formula_error"},
}

func TestFigureText(t *testing.T) {
	for _, tt := range figureTexts {
		f, bad := importer.ReadFigure(workbook.Cell{Kind: workbook.Text, Text: tt.text}, tt.m, tt.part, dashes)
		code := ""
		if bad != nil {
			code = importer.CodeOf(bad)
		}
		if f.Number != tt.number || f.Mark != tt.mark || code != tt.code {
			t.Errorf("%q as %s of %s = %+v, complaint %q; want %v %q, complaint %q", tt.text, tt.part, tt.m.Code, f, code, tt.number, tt.mark, tt.code)
		}
		if code == "" && f.Text != strings.TrimSpace(tt.text) {
			t.Errorf("%q is kept as %q", tt.text, f.Text)
		}
	}
}

func TestFigureKinds(t *testing.T) {
	for _, tt := range []struct {
		cell workbook.Cell
		m    *stat.Measure
		part stat.Part
		want stat.Figure
		code string
	}{
		{workbook.Cell{Kind: workbook.Number, Text: "0.127", Number: 0.127, Format: "0.0%"}, &percentMeasure, stat.PartValue, stat.Figure{Number: 12.7, Text: "12.7%"}, ""},
		{workbook.Cell{Kind: workbook.Number, Text: "12.7", Number: 12.7}, &percentMeasure, stat.PartValue, stat.Figure{Number: 12.7, Text: "12.7"}, ""},
		{workbook.Cell{Kind: workbook.Number, Text: "0.5", Number: 0.5, Format: "0%"}, &rateMeasure, stat.PartCount, stat.Figure{}, "not_a_number"},
		{workbook.Cell{Kind: workbook.Error, Text: "#REF!"}, &rateMeasure, stat.PartCount, stat.Figure{}, "formula_error"},
		{workbook.Cell{Kind: workbook.Date, Text: "45382", Number: 45382, Format: "mmm-yy"}, &rateMeasure, stat.PartCount, stat.Figure{}, "not_a_number"},
		{workbook.Cell{Kind: workbook.Bool, Text: "TRUE"}, &rateMeasure, stat.PartCount, stat.Figure{}, "not_a_number"},
		{workbook.Cell{}, &rateMeasure, stat.PartCount, stat.Figure{}, ""},
	} {
		f, bad := importer.ReadFigure(tt.cell, tt.m, tt.part, nil)
		code := ""
		if bad != nil {
			code = importer.CodeOf(bad)
		}
		if f != tt.want || code != tt.code {
			t.Errorf("%+v = %+v, complaint %q; want %+v, %q", tt.cell, f, code, tt.want, tt.code)
		}
	}
}

// Whatever stands in a cell, it is nothing, a mark, a finite number that suits
// the part, or a complaint with a remedy.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1,267", "12.7%", "−5", "[c]", "638.70000000000005", "1e400", "#REF!", "<5", "", ".5", "1e-400", "٣"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fig, bad := importer.ReadFigure(workbook.Cell{Kind: workbook.Text, Text: s}, &rateMeasure, stat.PartCount, nil)
		switch {
		case bad != nil && (fig.Given() || !strings.Contains(bad.Message(), ":")):
			t.Errorf("%q = %+v with the complaint %q", s, fig, bad.Message())
		case bad == nil && !fig.Given() && strings.TrimSpace(s) != "":
			t.Errorf("%q was dropped without a word", s)
		case fig.Known() && (math.IsNaN(fig.Number) || math.IsInf(fig.Number, 0) || fig.Number < 0 || fig.Number != math.Trunc(fig.Number)):
			t.Errorf("%q = %v, which is no count", s, fig.Number)
		}
	})
}
