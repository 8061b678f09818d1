package benchmark_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// row is one line of a golden file, by the names of its columns.
type row struct {
	t     *testing.T
	line  int
	cells map[string]string
}

// golden reads testdata/name, whose first lines say where it comes from, and
// sees that nobody has dropped rows of it.
func golden(t *testing.T, name string, n int) []row {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []row
	for i, line := range lines[1:] {
		cells := map[string]string{}
		for j, cell := range line {
			cells[lines[0][j]] = cell
		}
		out = append(out, row{t, i + 1, cells})
	}
	if len(out) != n {
		t.Fatalf("%s has %d rows, want %d", name, len(out), n)
	}
	return out
}

func (r row) num(column string) float64 {
	r.t.Helper()
	x, err := strconv.ParseFloat(r.cells[column], 64)
	if err != nil {
		r.t.Fatalf("row %d, %s: %v", r.line, column, err)
	}
	return x
}

func (r row) is(column string) bool { return r.cells[column] == "true" }

// same holds got against a column to nine significant digits.
func (r row) same(column string, got float64) {
	r.t.Helper()
	if want := r.num(column); !(math.Abs(got-want) <= 5e-10*math.Abs(want)) {
		r.t.Errorf("row %d, %s: %.12g, want %.12g", r.line, column, got, want)
	}
}

// groups are the rows with the same cells in the given columns, in order.
func groups(rows []row, columns ...string) [][]row {
	var out [][]row
	last := ""
	for _, r := range rows {
		key := ""
		for _, c := range columns {
			key += r.cells[c] + "|"
		}
		if key != last {
			out, last = append(out, nil), key
		}
		out[len(out)-1] = append(out[len(out)-1], r)
	}
	return out
}

var polarities = map[string]stat.Polarity{
	"none": stat.NoPolarity, "high_is_good": stat.HighIsGood, "low_is_good": stat.LowIsGood,
	"high": stat.HighIsGood, "low": stat.LowIsGood,
}

func TestIntervalsAreThoseOfPHEindicatormethods(t *testing.T) {
	for _, r := range golden(t, "confidence.csv", 13) {
		x, n := r.num("count"), r.num("of")
		m, value := stat.Measure{Unit: stat.RateOf}, 10_000*x/n
		if r.cells["kind"] == "percent" {
			m, value = stat.Measure{Unit: stat.Percent}, 100*x/n
		}
		o := stat.Observation{Count: num(x), Denominator: num(n)}
		r.same("value", value)
		for level, c := range map[string]benchmark.Confidence{"95": benchmark.Confidence95, "99.8": benchmark.Confidence998} {
			i, ok := benchmark.IntervalOf(m, o, c)
			if !ok {
				t.Fatalf("row %d: no interval", r.line)
			}
			r.same("lower"+level, i.Lower)
			r.same("upper"+level, i.Upper)
		}
	}
}

func TestTrendsAreThoseOfFingertips(t *testing.T) {
	for _, rows := range groups(golden(t, "trend.csv", 40), "case") {
		var rates []benchmark.Estimate
		var parts []benchmark.Fraction
		var counted []stat.Observation
		for _, r := range rows {
			p := stat.ReportingYear(2020 + int(r.num("year")))
			rates = append(rates, benchmark.Estimate{
				Point:    benchmark.Point{Period: p, Value: r.num("value")},
				Interval: benchmark.Interval{Lower: r.num("lower95"), Upper: r.num("upper95")},
			})
			if r.cells["count"] != "" {
				x, n := r.num("count"), r.num("of")
				parts = append(parts, benchmark.Fraction{Period: p, Count: x, Of: n})
				counted = append(counted, stat.Observation{Key: stat.Key{Period: p}, Count: num(x), Denominator: num(n)})
			}
		}
		got, m := benchmark.RateTrend(rates), stat.Measure{Unit: stat.RateOf}
		if rows[0].cells["method"] == "proportion" {
			got, m = benchmark.ProportionTrend(parts), stat.Measure{Unit: stat.Percent}
		}
		all := []benchmark.Trend{got}
		if counted != nil { // the intervals are our own too
			all = append(all, benchmark.TrendOf(m, counted))
		}
		for _, got := range all {
			for _, r := range rows {
				r.same("slope", got.Slope)
				r.same("chi2", got.ChiSquared)
				if words := got.Words(polarities[r.cells["polarity"]]); got.Agree != r.is("agree") || words != r.cells["marker"] {
					t.Errorf("%s: %q, agree %t; want %q, %s", r.cells["case"], words, got.Agree, r.cells["marker"], r.cells["agree"])
				}
			}
		}
	}
}

var causes = map[string]struct {
	cause benchmark.Cause
	high  bool
}{
	"Common Cause":               {benchmark.NoCause, false},
	"Above UCL":                  {benchmark.OutsideLimits, true},
	"Below LCL":                  {benchmark.OutsideLimits, false},
	"7 Point Trend (Increasing)": {benchmark.TrendRun, true},
	"7 Point Trend (Decreasing)": {benchmark.TrendRun, false},
	"2 in 3 Above CL":            {benchmark.TwoOfThree, true},
	"7 Points Below CL":          {benchmark.ShiftRun, false},
}

var variations = map[string]benchmark.Variation{
	"common_cause": benchmark.CommonCause, "special_cause_improvement": benchmark.Improving, "special_cause_concern": benchmark.Concerning,
}

var assurances = map[string]benchmark.Assurance{
	"consistent_pass": benchmark.ConsistentPass, "consistent_fail": benchmark.ConsistentFail, "inconsistent": benchmark.HitOrMiss,
}

func (r row) month(column string) stat.Period {
	r.t.Helper()
	at, err := time.Parse("2006-01", r.cells[column])
	if err != nil {
		r.t.Fatal(err)
	}
	return stat.InMonth(at.Year(), at.Month())
}

func TestControlChartsAreThoseOfNHSRplotthedots(t *testing.T) {
	for _, rows := range groups(golden(t, "spc.csv", 210), "series", "screened") {
		first := rows[0]
		s := benchmark.ControlSettings{
			KeepOutliers: !first.is("screened"),
			Polarity:     polarities[first.cells["good"]],
			Target:       ptr(first.num("target")),
		}
		if first.cells["rebase"] != "" {
			s.Rebase = []benchmark.Rebase{{From: first.month("rebase").Start(), Reason: "a new front door"}}
		}
		var series []benchmark.Point
		for _, r := range rows {
			series = append(series, benchmark.Point{Period: r.month("month"), Value: r.num("value")})
		}
		c, err := benchmark.XmR(series, s)
		if err != nil {
			t.Fatalf("%s: %v", first.cells["series"], err)
		}
		for i, r := range rows {
			r.point(c, c.Points[i])
		}
	}
}

func (r row) point(c benchmark.Control, p benchmark.ControlPoint) {
	r.t.Helper()
	seg := c.Segments[p.Segment]
	r.same("segment", float64(p.Segment))
	r.same("mean", seg.Mean)
	r.same("lower", seg.Limits.Lower)
	r.same("upper", seg.Limits.Upper)
	r.same("side", float64(p.Side))
	want := causes[r.cells["cause"]]
	if p.Cause != want.cause || p.High != want.high || p.Near != r.is("near") || (p.Cause == benchmark.OutsideLimits) != r.is("outside") {
		r.t.Errorf("row %d: %+v, want %s", r.line, p, r.cells["cause"])
	}
	if p.Variation != variations[r.cells["variation"]] || (p.Cause != benchmark.NoCause) != r.is("flagged") {
		r.t.Errorf("row %d: %s, want %s", r.line, p.Variation, r.cells["variation"])
	}
	if seg.Short != r.is("short") || c.Assurance != assurances[r.cells["assurance"]] {
		r.t.Errorf("row %d: short %t, %s; want %s, %s", r.line, seg.Short, c.Assurance, r.cells["short"], r.cells["assurance"])
	}
}
