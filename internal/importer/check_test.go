package importer_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// tidyBook is a workbook of one tidy sheet, of texts and numbers.
func tidyBook(t testing.TB, header string, rows ...[]any) []byte {
	t.Helper()
	var head []any
	for _, h := range strings.Split(header, ",") {
		head = append(head, h)
	}
	out := [][]workbook.OutCell{cells(head...)}
	for _, r := range rows {
		out = append(out, cells(r...))
	}
	return sheet(t, workbook.OutSheet{Name: "Return", Rows: out})
}

// by is an observation of the home area that is held.
func by(publisher, measure, period string, count, value float64) stat.Observation {
	p, err := stat.ParsePeriod(period)
	if err != nil {
		panic(err)
	}
	o := stat.Observation{Key: stat.Key{Measure: measure, Area: "E06000002", Period: p}}
	origin := &stat.Origin{Publisher: publisher, Released: "2015-01", File: "held"}
	if count >= 0 {
		o.Count = stat.Figure{Number: count, Text: fmt.Sprint(count), Origin: origin}
	}
	if value >= 0 {
		o.Value = stat.Figure{Number: value, Text: fmt.Sprint(value), Origin: origin}
	}
	return o
}

func holds(os ...stat.Observation) stat.Holding { return stat.Holding{Observations: os} }

// outcomeOf is how a check went: "PASS", "WARNING 1".
func outcomeOf(r *importer.Result, name string) string {
	for _, c := range r.Checks {
		if c.Name == name {
			if c.Found == 0 {
				return string(c.Outcome)
			}
			return fmt.Sprint(c.Outcome, " ", c.Found)
		}
	}
	return "not checked"
}

// want is what a check is to find in a file.
type want struct {
	name    string
	data    []byte
	held    stat.Holding
	outcome string
	at      string
	says    []string
}

// try reads and checks each file; check and code are what it is about.
func try(t *testing.T, check, code string, wants []want) {
	im, _ := project(t)
	for _, tt := range wants {
		t.Run(tt.name, func(t *testing.T) {
			r := checked(t, im, "return.xlsx", tt.data, tt.held)
			if got := outcomeOf(r, check); got != tt.outcome {
				t.Fatalf("%s: %s, want %s; %+v", check, got, tt.outcome, r.Problems)
			}
			p := find(r, code)
			if p.At != tt.at {
				t.Errorf("%+v, want it at %q", p, tt.at)
			}
			for _, s := range tt.says {
				if !strings.Contains(p.Message, s) {
					t.Errorf("%q does not say %q", p.Message, s)
				}
			}
			if p.Severity == stat.Warning && !slices.ContainsFunc(r.Batch.Problems, func(q stat.Problem) bool { return q.ID() == p.ID() }) {
				t.Errorf("the batch does not keep %+v", p)
			}
			for _, c := range r.Checks {
				if (c.Outcome == stat.Passed) != (c.Advice == "") {
					t.Errorf("%s is %s, but advises %q", c.Name, c.Outcome, c.Advice)
				}
			}
		})
	}
}

// The council's report of 26 September 2016.
func TestRatesFollow(t *testing.T) {
	report := func(denominator any) []byte {
		return tidyBook(t, "date,measure,count,denominator,rate", []any{"2016-09-26", "cla", 412, denominator, "128.89"},
			[]any{"2016-09-26", "cpp", 270, denominator, "84.47"}, []any{"2016-09-26", "cin_local", 1267, denominator, "396.38"})
	}
	population := func(n float64) stat.Holding {
		return holds(by(stat.ONS, stat.Population, "2016-06-30", -1, n), by(stat.ONS, stat.Population, "2017-06-30", -1, 99999))
	}
	try(t, "rates_follow", "rate_not_following", []want{
		{"its own denominator, cut off", report(31964), stat.Holding{}, "PASS", "", nil},
		{"the same population held", report(nil), population(31964), "PASS", "", nil},
		{"nothing held", report(nil), stat.Holding{}, "PASS", "", nil},
		{"another vintage held", report(nil), population(31979), "WARNING 1", "Return!E2",
			[]string{"Middlesbrough, 26 September 2016", "412 (128.89), 270 (84.47) and 1267 (396.38)", "31,979 at mid-2016", "128.83", "31,964, cut off and not rounded", "kept as printed"}},
		{"another denominator", report(30000), stat.Holding{}, "WARNING 3", "Return!E2", []string{"a denominator of 30,000 gives 137.33", "follow from"}},
		{"half up", tidyBook(t, "date,measure,count,denominator,rate", []any{"2025-03-31", "cla", 493, 35617, 138}), stat.Holding{}, "PASS", "", nil},
		{"unrounded, by a formula", tidyBook(t, "date,measure,count,denominator,rate", []any{"2025-03-31", "cla", 412, 31964, 412 * 10000. / 31964}), stat.Holding{}, "PASS", "", nil},
		{"a month makes no annual rate", tidyBook(t, "month,measure,count,denominator,rate", []any{"Apr-25", "referrals", 250, 35617, 842.3}), stat.Holding{}, "PASS", "", nil},
		{"a percentage", tidyBook(t, "date,measure,count,denominator,percent", []any{"2025-03-31", "cpp_open_2yrs", 10, 353, 3.8}), stat.Holding{}, "WARNING 1", "Return!E2", []string{"gives 2.8"}},
	})
}

func TestNumerators(t *testing.T) {
	try(t, "numerator_denominator", "numerator_above_denominator", []want{
		{"the whole", tidyBook(t, "date,measure,count,denominator", []any{"2025-03-31", "cpp_open_2yrs", 353, 353}), stat.Holding{}, "PASS", "", nil},
		{"more than the whole", tidyBook(t, "date,measure,count,denominator", []any{"2025-03-31", "cpp_open_2yrs", 354, 353}), stat.Holding{}, "FAIL 1", "Return!C2", []string{"354 of 353", "Return!D2"}},
		{"more referrals than children", tidyBook(t, "month,measure,count,denominator", []any{"2025-04", "referrals", 354, 353}), stat.Holding{}, "PASS", "", nil},
	})
	im, _ := project(t)
	r := checked(t, im, "a.xlsx", tidyBook(t, "date,measure,count,denominator", []any{"2025-03-31", "cpp_open_2yrs", 354, 353}), stat.Holding{})
	if !r.Refused() || r.Faulty != 1 || r.Used != 0 {
		t.Errorf("%d faulty, %d used", r.Faulty, r.Used)
	}
}

// 702 was claimed for August 2019, between 518 and 618.
func TestBeyondHistory(t *testing.T) {
	var annual []stat.Observation
	for year, n := range map[int]float64{2015: 362, 2016: 377, 2017: 444, 2018: 461, 2019: 518, 2020: 618} {
		annual = append(annual, by(stat.DfE, "cla", fmt.Sprint(year, "-03-31"), n, -1))
	}
	var monthly []stat.Observation
	for i, n := range []float64{30, 45, 28, 41, 36, 33} {
		monthly = append(monthly, by(stat.Council, "referrals", fmt.Sprintf("2025-%02d", 4+i), n, -1))
	}
	claim := func(n int) []byte {
		return tidyBook(t, "date,measure,count", []any{"2019-08-31", "cla", n})
	}
	referrals := func(n int) []byte { return tidyBook(t, "month,measure,count", []any{"Oct-25", "referrals", n}) }
	try(t, "within_history", "beyond_history", []want{
		{"702", claim(702), holds(annual...), "WARNING 1", "Return!C2", []string{"702, after 518 on 31 March 2019", "more than 100", "6 are held"}},
		{"a change as there was", claim(600), holds(annual...), "PASS", "", nil},
		{"too few to tell", claim(702), holds(annual[:4]...), "PASS", "", nil},
		{"nothing held", claim(702), stat.Holding{}, "PASS", "", nil},
		{"months: within", referrals(48), holds(monthly...), "PASS", "", nil},
		{"months: noise of small numbers", referrals(52), holds(monthly...), "PASS", "", nil},
		{"months: beyond", referrals(90), holds(monthly...), "WARNING 1", "Return!C2", []string{"90, after 33", "17"}},
		{"years say nothing of months", referrals(90), holds(annual...), "PASS", "", nil},
	})
}

// About October 2025 the three figures were those of January.
func TestStale(t *testing.T) {
	held := holds(by(stat.Council, "cla", "2025-01-31", 658, -1), by(stat.Council, "cpp", "2025-01-31", 297, -1), by(stat.Council, "cin_local", "2025-01-31", 418, -1),
		by(stat.Council, "uasc", "2025-01-31", -1, 0))
	file := func(a, b, c int) []byte {
		return tidyBook(t, "date,measure,count", []any{"2025-10-31", "cla", a}, []any{"2025-10-31", "cpp", b}, []any{"2025-10-31", "cin_local", c})
	}
	try(t, "not_stale", "stale_figures", []want{
		{"all as in January", file(658, 297, 418), held, "WARNING 1", "Return!C4", []string{"31 October 2025", "31 January 2025", "658", "297", "418"}},
		{"one differs", file(658, 297, 419), held, "PASS", "", nil},
		{"two only", tidyBook(t, "date,measure,count", []any{"2025-10-31", "cla", 658}, []any{"2025-10-31", "cpp", 297}), held, "PASS", "", nil},
		{"zeros say nothing", tidyBook(t, "date,measure,count", []any{"2025-10-31", "cla", 658}, []any{"2025-10-31", "cpp", 297}, []any{"2025-10-31", "uasc", 0}), held, "PASS", "", nil},
		{"the same release again", tidyBook(t, "date,measure,count", []any{"2025-01-31", "cla", 658}, []any{"2025-01-31", "cpp", 297}, []any{"2025-01-31", "cin_local", 418}), held, "PASS", "", nil},
	})
}

func TestMissingMonths(t *testing.T) {
	held := holds(by(stat.Council, "referrals", "2025-04", 250, -1), by(stat.Council, "referrals", "2025-05", 251, -1))
	quarterly := holds(by(stat.Council, "cla", "2025-03-31", 493, -1), by(stat.Council, "cla", "2025-06-30", 490, -1))
	monthly := holds(by(stat.Council, "cla", "2025-04-30", 493, -1), by(stat.Council, "cla", "2025-05-31", 490, -1))
	try(t, "no_month_missing", "missing_month", []want{
		{"a day within a month", tidyBook(t, "date,measure,count", []any{"2016-09-26", "cla", 412}), monthly, "PASS", "", nil},
		{"next", tidyBook(t, "month,measure,count", []any{"Jun-25", "referrals", 260}), held, "PASS", "", nil},
		{"two missing", tidyBook(t, "month,measure,count", []any{"Aug-25", "referrals", 260}), held, "WARNING 1", "Return!C2", []string{"June 2025 and July 2025"}},
		{"a hole in the file", tidyBook(t, "month,measure,count", []any{"Jan-25", "referrals", 260}, []any{"Feb-25", "referrals", 261}, []any{"Apr-25", "referrals", 262}), stat.Holding{}, "WARNING 1", "Return!C4", []string{"March 2025"}},
		{"the hole is held", tidyBook(t, "month,measure,count", []any{"Mar-25", "referrals", 260}, []any{"Jun-25", "referrals", 261}), held, "PASS", "", nil},
		{"quarters miss no months", tidyBook(t, "date,measure,count", []any{"2025-09-30", "cla", 480}), quarterly, "PASS", "", nil},
		{"years miss no months", tidyBook(t, "date,measure,count", []any{"2023-24", "referrals", 3000}, []any{"2025-26", "referrals", 3000}), stat.Holding{}, "PASS", "", nil},
	})
}

func TestRestated(t *testing.T) {
	var held []stat.Observation
	var rows [][]any
	for i := range 12 {
		held = append(held, by(stat.Council, "referrals", fmt.Sprintf("2025-%02d", 1+i), float64(250+i), -1))
		rows = append(rows, []any{fmt.Sprintf("2025-%02d", 1+i), "referrals", 251 + i})
	}
	try(t, "restatement", "restated", []want{
		{"three", tidyBook(t, "month,measure,count", rows[:3]...), holds(held...), "PASS", "", nil},
	})
	im, _ := project(t)
	r := checked(t, im, "a.xlsx", tidyBook(t, "month,measure,count", rows...), holds(held...))
	p := find(r, "restated")
	if p.Severity != stat.Note || p.At != "Return!C2" || !strings.Contains(p.Message, "12 of the 12") || outcomeOf(r, "restatement") != "PASS 1" || len(r.Waiting()) != 0 {
		t.Errorf("%+v %+v", p, r.Checks)
	}
}

// England as the sum of all regions, Inner and Outer London among them.
func TestRegionsCountedOnce(t *testing.T) {
	regions := []string{"North East", "North West", "London", "Inner London", "Outer London"}
	counts := []int{5001, 7003, 9007, 4004, 5003}
	file := func(england int, n int) []byte {
		rows := [][]any{{"2025-03-31", "cla", "England", england}}
		for i := range n {
			rows = append(rows, []any{"2025-03-31", "cla", regions[i], counts[i]})
		}
		return tidyBook(t, "date,measure,area,count", rows...)
	}
	try(t, "regions_once", "regions_double_counted", []want{
		{"once", file(21011, 5), stat.Holding{}, "PASS", "", nil},
		{"twice", file(30018, 5), stat.Holding{}, "WARNING 1", "Return!D2", []string{"all 5 regions", "21,011"}},
		{"no region lies within another", file(21011, 3), stat.Holding{}, "PASS", "", nil},
	})
}

// parted is a result as a file with breakdowns gives it.
func parted(total string, parts ...string) *importer.Result {
	r := &importer.Result{}
	r.Batch.Publisher = stat.Council
	origin := &stat.Origin{Publisher: stat.Council}
	add := func(breakdown, text string) {
		o := by(stat.Council, "cla", "2025-01-31", -1, -1)
		o.Breakdown = breakdown
		o.Count = stat.Figure{Text: text, At: fmt.Sprintf("Return!C%d", 2+len(r.Observations)), Origin: origin}
		if m, ok := stat.ParseMark(text); ok {
			o.Count.Mark = m
		} else {
			fmt.Sscan(text, &o.Count.Number)
		}
		r.Observations = append(r.Observations, o)
	}
	add("", total)
	for i, p := range parts {
		add(fmt.Sprintf("placement: kind %d", i), p)
	}
	return r
}

// January 2025: 165, 135, 22 and 77 against 504.
func TestParts(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		name    string
		r       *importer.Result
		outcome string
		says    string
	}{
		{"placements", parted("504", "165", "135", "22", "77"), "WARNING 1", "the 4 parts come to 399, but the total in Return!C2 is 504: 105 are missing"},
		{"they add up", parted("399", "165", "135", "22", "77"), "PASS", ""},
		{"too many", parted("390", "165", "135", "22", "77"), "WARNING 1", "9 too many"},
		{"hidden parts", parted("504", "165", "135", "c", "c"), "PASS", ""},
		{"hidden parts of less than nothing", parted("290", "165", "135", "c"), "WARNING 1", "10 too many"},
		{"rounded to ten", parted("500", "170", "140", "20", "80", "100"), "PASS", ""},
		{"too far for rounding", parted("500", "170", "140", "20", "70"), "WARNING 1", "100 are missing"},
		{"a hidden total", parted("c", "165", "135"), "PASS", ""},
		{"one part is no sum", parted("504", "165"), "PASS", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			im.Check(tt.r, stat.Holding{})
			if got := outcomeOf(tt.r, "parts_total"); got != tt.outcome || !strings.Contains(find(tt.r, "parts_not_total").Message, tt.says) {
				t.Errorf("%s, want %s; %+v", got, tt.outcome, tt.r.Problems)
			}
		})
	}
}

// The same in a file as DfE publishes them, with a filter.
func TestPartsOfFile(t *testing.T) {
	im, _ := project(t)
	var text strings.Builder
	text.WriteString("time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,la_name,new_la_code,placement,children\n")
	for _, p := range []struct {
		name string
		n    int
	}{{"Total", 504}, {"Foster care", 165}, {"Connected carers", 135}, {"Own parents", 22}, {"Residential", 77}} {
		fmt.Fprintf(&text, "2025,Reporting year,Local authority,E92000001,England,E12000001,North East,806,Middlesbrough,E06000002,%s,%d\n", p.name, p.n)
	}
	r := checked(t, im, "placements.csv", []byte(text.String()), stat.Holding{})
	if p := find(r, "parts_not_total"); p.At != "L3" || !strings.Contains(p.Message, "come to 399") || !strings.Contains(p.Message, "L2 is 504: 105 are missing") || r.Refused() {
		t.Errorf("%+v", r.Problems)
	}
}

// Where the categories never add up they are no parts, which is told once.
func TestOverlappingCategories(t *testing.T) {
	im, _ := project(t)
	r := &importer.Result{}
	r.Batch.Publisher = stat.DfE
	for year := range 6 {
		for _, o := range parted("100", "90", "80").Observations {
			o.Period.End.Year += year
			r.Observations = append(r.Observations, o)
		}
	}
	im.Check(r, stat.Holding{})
	if p := find(r, "categories_overlap"); p.Severity != stat.Note || !strings.Contains(p.Message, "6 of 6") || len(r.Problems) != 1 || outcomeOf(r, "parts_total") != "PASS 1" {
		t.Errorf("%+v", r.Problems)
	}
}

// A file that cannot be understood is not looked at further.
func TestStagesEndEarly(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		name, file, data string
		last, failed     string
	}{
		{"not a spreadsheet", "report.pdf", "%PDF-1.7\n", "nothing_hidden", "readable"},
		{"child-level", "903.csv", "CHILD,SEX,DOB,UPN\n1,2,01/02/2010,A1\n", "nothing_hidden", "totals_only"},
		{"unknown header", "a.csv", "item,shop\nmilk,corner\n", "measures", "layout"},
		{"bad cells", "a.csv", "date,measure,count\n2025-03-31,cla,many\n2025-03-31,cpp,3\n", "restatement", "numbers"},
	} {
		r := checked(t, im, tt.file, []byte(tt.data), stat.Holding{})
		if got := r.Checks[len(r.Checks)-1].Name; got != tt.last || outcomeOf(r, tt.failed) != "FAIL 1" {
			t.Errorf("%s: ends with %s, %s is %s", tt.name, got, tt.failed, outcomeOf(r, tt.failed))
		}
	}
}

func TestNeeds(t *testing.T) {
	im, _ := project(t)
	r := read(t, im, "a.csv", []byte("date,measure,count\n2025-03-31,cla,3\n2025-03-31,uasc,3\n"), importer.Options{})
	q := im.Needs(r)
	if fmt.Sprint(q.Measures, q.Areas) != "[cla population_0_17 uasc] [E06000002]" || !q.AsOf.IsZero() {
		t.Errorf("%+v", q)
	}
	all := read(t, im, "cla.csv", original(t, "dfe/cla_number_and_rate_per_10k_children.csv"), importer.Options{})
	if q := im.Needs(all); q.Areas != nil {
		t.Errorf("of a file of all areas: %v", q.Areas)
	}
}

func TestAccept(t *testing.T) {
	im, _ := project(t)
	r := checked(t, im, "a.csv", []byte("month,measure,count,mood\nJan-25,referrals,260,good\nFeb-25,referrals,261,\nApr-25,referrals,262,\n"), stat.Holding{})
	waiting := r.Waiting()
	if len(waiting) != 1 || waiting[0].Code != "missing_month" || r.Refused() {
		t.Fatalf("waiting: %+v", r.Problems)
	}
	id := waiting[0].ID()
	note := find(r, "unknown_column").ID()
	for _, tt := range []struct {
		id, reason string
		want       error
	}{{id, "  ", importer.ErrNoReason}, {"nonesuch", "because", importer.ErrNoWarning}, {note, "because", importer.ErrNoWarning}, {id, " no report\n was run in March ", nil}} {
		if err := r.Accept(tt.id, tt.reason); !errors.Is(err, tt.want) {
			t.Errorf("Accept(%q, %q) = %v, want %v", tt.id, tt.reason, err, tt.want)
		}
	}
	if p := find(r, "missing_month"); len(r.Waiting()) != 0 || p.Accepted != "no report was run in March" || !slices.ContainsFunc(r.Batch.Problems, func(q stat.Problem) bool { return q.Accepted == p.Accepted }) {
		t.Errorf("%+v, of the batch %+v", p, r.Batch.Problems)
	}
}
