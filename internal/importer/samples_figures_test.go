package importer_test

import (
	"math"
	"testing"
)

// A sampleMeasure is one row of the monthly return, a figure a month from
// April 2025. With an of, the figure is the percentage figures make of it.
// A flow is totalled for the year; a month-end position is not.
type sampleMeasure struct {
	label   string
	figures []int
	of      []int
	flow    bool
}

type sampleSection struct {
	title    string
	measures []sampleMeasure
}

// Made up, to hang together: see TestSampleFigures. Before the first month
// stand the published figures of March 2025.
const (
	sampleCLABefore = 493
	sampleCPPBefore = 353
)

var (
	sampleReferrals = []int{269, 313, 276, 306, 237, 296, 305, 319, 257, 297, 288, 315, 268, 302, 310, 298, 241, 317, 312}
	sampleCIN       = []int{2005, 2009, 2006, 2006, 2002, 1991, 2003, 2010, 2009, 1993, 1993, 2008, 2006, 2024, 2030, 2026, 2037, 2019, 2041}
	sampleCPPStarts = []int{34, 45, 32, 42, 37, 35, 41, 37, 39, 33, 30, 44, 40, 43, 47, 29, 30, 37, 32}
	sampleCPPEnds   = []int{44, 39, 28, 32, 52, 31, 36, 42, 33, 36, 46, 34, 43, 41, 35, 41, 36, 49, 36}
	sampleCPP       = []int{343, 349, 353, 363, 348, 352, 357, 352, 358, 355, 339, 349, 346, 348, 360, 348, 342, 330, 326}
	sampleCLAStarts = []int{12, 14, 12, 15, 16, 15, 10, 15, 12, 18, 10, 19, 15, 16, 15, 14, 15, 13, 16}
	sampleCLAEnds   = []int{23, 16, 12, 11, 17, 8, 11, 21, 15, 10, 19, 15, 15, 12, 16, 15, 15, 20, 14}
	sampleCLA       = []int{482, 480, 480, 484, 483, 490, 489, 483, 480, 488, 479, 483, 483, 487, 486, 485, 485, 478, 480}
)

var sampleReturn = []sampleSection{
	{"Front door", []sampleMeasure{
		{label: "Referrals in month", figures: sampleReferrals, flow: true},
		{label: "Re-referrals within 12 months (%)", flow: true, of: sampleReferrals,
			figures: []int{62, 72, 60, 64, 51, 61, 63, 66, 57, 65, 61, 67, 55, 61, 63, 58, 44, 58, 60}},
		{label: "Assessments within 45 working days (%)", flow: true,
			figures: []int{177, 230, 187, 206, 163, 204, 208, 215, 188, 206, 197, 228, 191, 221, 229, 221, 171, 233, 227},
			of:      []int{224, 271, 222, 248, 197, 245, 241, 253, 224, 243, 227, 269, 224, 251, 265, 252, 190, 269, 260}},
	}},
	{"Children in need", []sampleMeasure{
		{label: "Children in need at month end (all open cases)", figures: sampleCIN},
		{label: "Children in need excluding looked after and child protection", figures: sampleLess(sampleCIN, sampleCLA, sampleCPP)},
	}},
	{"Child protection", []sampleMeasure{
		{label: "Section 47 enquiries started in month", flow: true,
			figures: []int{79, 103, 91, 87, 59, 86, 93, 95, 69, 89, 81, 99, 91, 92, 98, 85, 73, 95, 96}},
		{label: "Initial conferences within 15 working days (%)", flow: true,
			figures: []int{31, 47, 28, 40, 32, 34, 37, 37, 37, 33, 27, 41, 42, 43, 46, 29, 30, 39, 30},
			of:      []int{38, 52, 34, 47, 39, 41, 45, 43, 46, 38, 34, 51, 46, 48, 55, 33, 33, 43, 36}},
		{label: "Child protection plans starting in month", figures: sampleCPPStarts, flow: true},
		{label: "Child protection plans ending in month", figures: sampleCPPEnds, flow: true},
		{label: "Child protection plans at month end", figures: sampleCPP},
	}},
	{"Children looked after", []sampleMeasure{
		{label: "Children starting to be looked after in month", figures: sampleCLAStarts, flow: true},
		{label: "Children ceasing to be looked after in month", figures: sampleCLAEnds, flow: true},
		{label: "Children looked after at month end", figures: sampleCLA},
		{label: "Looked-after reviews on time (%)", flow: true,
			figures: []int{131, 109, 126, 100, 100, 109, 114, 110, 102, 139, 105, 113, 87, 107, 106, 100, 104, 106, 131},
			of:      []int{139, 118, 134, 108, 107, 114, 119, 115, 109, 144, 110, 120, 93, 112, 113, 105, 108, 113, 136}},
	}},
}

// sampleLess takes the others from a, month by month.
func sampleLess(a []int, others ...[]int) []int {
	out := make([]int, len(a))
	for i := range a {
		out[i] = a[i]
		for _, o := range others {
			out[i] -= o[i]
		}
	}
	return out
}

// months is the figure of those months from one up to another: a total, or a
// percentage to one decimal, half up.
func (m sampleMeasure) months(from, to int) float64 {
	n, d := 0, 0
	for i := from; i < to; i++ {
		n += m.figures[i]
		if m.of != nil {
			d += m.of[i]
		}
	}
	if m.of == nil {
		return float64(n)
	}
	return math.Floor(1000*float64(n)/float64(d)+0.5) / 10
}

// The figures hang together: stocks move by what starts and ends, parts add up
// to the whole, and no percentage passes 100.
func TestSampleFigures(t *testing.T) {
	for i := range sampleCLA {
		cla, cpp := sampleCLABefore, sampleCPPBefore
		if i > 0 {
			cla, cpp = sampleCLA[i-1], sampleCPP[i-1]
		}
		if got := cla + sampleCLAStarts[i] - sampleCLAEnds[i]; got != sampleCLA[i] {
			t.Errorf("month %d: children looked after come to %d, not %d", i, got, sampleCLA[i])
		}
		if got := cpp + sampleCPPStarts[i] - sampleCPPEnds[i]; got != sampleCPP[i] {
			t.Errorf("month %d: child protection plans come to %d, not %d", i, got, sampleCPP[i])
		}
	}
	for _, section := range sampleReturn {
		for _, m := range section.measures {
			if len(m.figures) != 19 || m.of != nil && len(m.of) != 19 {
				t.Fatalf("%s has %d months", m.label, len(m.figures))
			}
			for i := range m.figures {
				if v := m.months(i, i+1); v <= 0 || m.of != nil && v > 100 {
					t.Errorf("%s is %v in month %d", m.label, v, i)
				}
			}
		}
	}
}
