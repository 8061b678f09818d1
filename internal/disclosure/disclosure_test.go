package disclosure_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/disclosure"
	"bellwether/internal/stat"
)

var march = stat.OnDay(stat.Date{Year: 2025, Month: time.March, Day: 31})

// says is a count of children looked after, or of visits in a month.
func says(key stat.Key, n float64) stat.Observation {
	if key.Measure == "visits" {
		return stat.Observation{Key: key, Value: number(n)}
	}
	return stat.Observation{Key: key, Count: number(n)}
}

func cla(part, area string) stat.Key {
	return stat.Key{Measure: "cla", Breakdown: part, Area: area, Period: march}
}

func visits(month int) stat.Key {
	return stat.Key{Measure: "visits", Area: town, Period: stat.InMonth(2025, time.Month(month))}
}

var five = stat.Settings{Threshold: 5}

func read(t *testing.T, src disclosure.Reader, q stat.Query) stat.Holding {
	t.Helper()
	h, err := src.Read(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// shown are the council's counts of an answer as they are printed, by what
// tells them apart.
func shown(h stat.Holding, name func(stat.Key) string) map[string]string {
	out := map[string]string{}
	for _, o := range h.Observations {
		if f := o.Count; o.Publisher() == stat.Council && f.Given() {
			out[name(o.Key)] = f.Text
		} else if o.Publisher() == stat.Council {
			out[name(o.Key)] = o.Value.Text
		}
	}
	return out
}

func place(k stat.Key) string {
	_, part, _ := strings.Cut(k.Breakdown, ": ")
	return strings.Trim(part+" "+strings.TrimPrefix(k.Area, town), " ")
}

// What adds up is masked as far as it must be, and no further.
func TestSums(t *testing.T) {
	quarter := visits(6)
	quarter.Period.Span = stat.Quarter
	span := func(k stat.Key) string { return k.Period.String() }
	tests := []struct {
		name string
		held *memory
		by   func(stat.Key) string
		want map[string]string
	}{
		{"nothing small", (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 100), says(cla("sex: girls", town), 60), says(cla("sex: boys", town), 40)), place,
			map[string]string{"": "100", "girls": "60", "boys": "40"}},
		{"one small category", (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 33), says(cla("age: a", town), 3), says(cla("age: b", town), 10), says(cla("age: c", town), 20)), place,
			map[string]string{"": "33", "a": "c", "b": "c", "c": "20"}},
		{"a zero stays", (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 33), says(cla("age: a", town), 3), says(cla("age: b", town), 0), says(cla("age: c", town), 30)), place,
			map[string]string{"": "33", "a": "c", "b": "0", "c": "c"}},
		{"two that come to more than the threshold", (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 27), says(cla("age: a", town), 3), says(cla("age: b", town), 4), says(cla("age: c", town), 20)), place,
			map[string]string{"": "27", "a": "c", "b": "c", "c": "20"}},
		{"two that come to less", (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 32), says(cla("age: a", town), 1), says(cla("age: b", town), 1), says(cla("age: c", town), 10), says(cla("age: d", town), 20)), place,
			map[string]string{"": "32", "a": "c", "b": "c", "c": "c", "d": "20"}},
		{"two that can only be the threshold each", (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 40), says(cla("age: a", town), 5), says(cla("age: b", town), 5), says(cla("age: c", town), 30)), place,
			map[string]string{"": "40", "a": "c", "b": "c", "c": "c"}},
		{"without a total", (&memory{}).keep(stat.Council, "2025-04", says(cla("age: a", town), 3), says(cla("age: b", town), 10)), place,
			map[string]string{"a": "c", "b": "10"}},
		{"a total that DfE prints", (&memory{}).keep(stat.Council, "2025-04", says(cla("age: a", town), 3), says(cla("age: b", town), 10), says(cla("age: c", town), 20)).keep(stat.DfE, "2025-11", says(cla("", town), 33)), place,
			map[string]string{"a": "c", "b": "c", "c": "20"}},
		{"a category that DfE prints", (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 33), says(cla("age: a", town), 3), says(cla("age: b", town), 10), says(cla("age: c", town), 20)).keep(stat.DfE, "2025-11", says(cla("age: b", town), 10)), place,
			map[string]string{"": "33", "a": "c", "b": "10", "c": "c"}},
		{"two dimensions of one total that nobody prints", (&memory{}).keep(stat.Council, "2025-04", says(cla("age: a", town), 3), says(cla("age: b", town), 30), says(cla("sex: girls", town), 13), says(cla("sex: boys", town), 20)), place,
			map[string]string{"a": "c", "b": "30", "girls": "c", "boys": "20"}},
		{"wards of an authority", (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 60), says(cla("", wardA), 2), says(cla("", wardB), 8), says(cla("", wardC), 50)), place,
			map[string]string{"": "60", wardA: "c", wardB: "c", wardC: "50"}},
		{"months of a quarter", (&memory{}).keep(stat.Council, "2025-07", says(visits(4), 3), says(visits(5), 9), says(visits(6), 12), says(quarter, 24)), span,
			map[string]string{"2025-04": "c", "2025-05": "c", "2025-06": "12", "2025-26-Q1": "24"}},
		{"a quarter that lacks a month", (&memory{}).keep(stat.Council, "2025-07", says(visits(4), 3), says(visits(5), 9), says(quarter, 24)), span,
			map[string]string{"2025-04": "c", "2025-05": "9", "2025-26-Q1": "24"}},
		{"categories within one another", (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 100), says(cla("ethnicity: White", town), 80), says(cla("ethnicity: White British", town), 77), says(cla("ethnicity: White Irish", town), 3), says(cla("ethnicity: Mixed", town), 20)), place,
			map[string]string{"": "100", "White": "c", "White British": "c", "White Irish": "c", "Mixed": "c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := disclosure.New(tt.held, catalogue(t), five, true)
			h := read(t, src, stat.Query{Measures: []string{"cla", "visits"}})
			if diff := cmp.Diff(tt.want, shown(h, tt.by)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A rate goes with its count, and what counts the same goes too.
func TestParts(t *testing.T) {
	april := stat.InMonth(2025, time.April)
	key := func(measure string) stat.Key { return stat.Key{Measure: measure, Area: town, Period: april} }
	day := func(measure string) stat.Key { return stat.Key{Measure: measure, Area: town, Period: march} }
	none := stat.Figure{}
	tests := []struct {
		name string
		says []stat.Observation
		want map[string]string // measure: count/denominator/value
	}{
		{"a rate", []stat.Observation{{Key: day("cla"), Count: number(4), Denominator: number(20000), Value: number(2)}}, map[string]string{"cla": "c/20000/c"}},
		{"a rate alone gives its count", []stat.Observation{{Key: day("cla"), Value: number(2)}}, map[string]string{"cla": "//c"}},
		{"a rate of nobody knows how many", []stat.Observation{{Key: stat.Key{Measure: "cla", Breakdown: "sex: girls", Area: town, Period: march}, Value: number(40)}}, map[string]string{"cla": "//c"}},
		{"a percentage of what another measure counts", []stat.Observation{
			{Key: key("referrals"), Count: number(40)},
			{Key: key("repeats"), Value: number(7.5)},
		}, map[string]string{"referrals": "40//", "repeats": "//c"}},
		{"a percentage of nobody knows what", []stat.Observation{{Key: key("repeats"), Value: number(7.5)}}, map[string]string{"repeats": "//7.5"}},
		{"a rate of more", []stat.Observation{{Key: day("cla"), Count: number(6), Value: number(3)}}, map[string]string{"cla": "6//3"}},
		{"a percentage of many", []stat.Observation{{Key: key("repeats"), Count: number(3), Denominator: number(40), Value: number(7.5)}}, map[string]string{"repeats": "c/40/c"}},
		{"a percentage of few", []stat.Observation{{Key: key("repeats"), Count: number(0), Denominator: number(4), Value: number(0)}}, map[string]string{"repeats": "0/c/c"}},
		{"a percentage whose count follows", []stat.Observation{{Key: key("repeats"), Denominator: number(40), Value: number(7.5)}}, map[string]string{"repeats": "/40/c"}},
		{"a percentage with its count marked", []stat.Observation{{Key: key("repeats"), Count: stat.Figure{Mark: stat.Confidential, Text: "c", At: "A1"}, Denominator: number(40), Value: number(7.5)}}, map[string]string{"repeats": "c/40/c"}},
		{"what a percentage is of", []stat.Observation{
			{Key: key("referrals"), Count: number(4)},
			{Key: key("repeats"), Count: number(0), Denominator: number(4), Value: none},
		}, map[string]string{"referrals": "c//", "repeats": "0/c/"}},
		{"an average is no count", []stat.Observation{{Key: day("caseload"), Value: number(4)}}, map[string]string{"caseload": "//4"}},
		{"a mark stays", []stat.Observation{{Key: day("cla"), Count: stat.Figure{Mark: stat.Low, Text: "low"}}}, map[string]string{"cla": "low//"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			held := (&memory{}).keep(stat.ONS, "2025-01", stat.Observation{Key: stat.Key{Measure: stat.Population, Area: town, Period: stat.OnDay(stat.Date{Year: 2024, Month: 6, Day: 30})}, Value: number(20000)}).
				keep(stat.Council, "2025-05", tt.says...)
			got := map[string]string{}
			for _, o := range read(t, disclosure.New(held, catalogue(t), five, true), stat.Query{Measures: []string{"cla", "referrals", "repeats", "caseload"}}).Observations {
				got[o.Measure] = o.Count.Text + "/" + o.Denominator.Text + "/" + o.Value.Text
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Who sees what.
func TestAudiences(t *testing.T) {
	held := (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 3), says(cla("", wardA), 9)).
		keep(stat.DfE, "2025-11", says(cla("", wardB), 2))
	tests := []struct {
		name     string
		settings stat.Settings
		public   bool
		want     string
	}{
		{"the public", five, true, "c"},
		{"viewers", five, false, "3"},
		{"viewers where that is set", stat.Settings{Threshold: 5, MaskViewers: true}, false, "c"},
		{"no threshold", stat.Settings{}, true, "3"},
		{"the measure's own threshold", stat.Settings{Threshold: 5, Thresholds: map[string]int{"cla": 2}}, true, "3"},
		{"none for the measure", stat.Settings{Threshold: 5, Thresholds: map[string]int{"cla": 0}}, true, "3"},
		{"the measure's alone", stat.Settings{Thresholds: map[string]int{"cla": 3}}, true, "c"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := read(t, disclosure.New(held, catalogue(t), tt.settings, tt.public), stat.Query{Measures: []string{"cla"}, Areas: []string{town}})
			if got := h.Observations[0].Count.Text; got != tt.want || len(h.Observations) != 1 {
				t.Errorf("%q is shown, want %q", got, tt.want)
			}
		})
	}
	h := read(t, disclosure.New(held, catalogue(t), five, true), stat.Query{Measures: []string{"cla"}, Areas: []string{wardB}})
	if h.Observations[0].Count.Text != "2" {
		t.Errorf("what DfE publishes is shown as %q", h.Observations[0].Count.Text)
	}
}

// What is small in one release is masked in all, in every answer about the
// past, and so is what would give it away in one of them.
func TestReleases(t *testing.T) {
	held := (&memory{}).
		keep(stat.Council, "2025-04-10", says(cla("", town), 40), says(cla("age: a", town), 9), says(cla("age: b", town), 31)).
		keep(stat.Council, "2025-05-10", says(cla("", town), 34), says(cla("age: a", town), 3)).
		keep(stat.Council, "2025-05-10", says(cla("", town), 41), says(cla("age: a", town), 10))
	src := disclosure.New(held, catalogue(t), five, true)
	want := map[string]string{"": "", "a": "c", "b": "c"}
	for _, q := range []stat.Query{{}, {AsOf: stat.Date{Year: 2025, Month: 4, Day: 20}}, {AsOf: stat.Date{Year: 2025, Month: 4, Day: 1}, Own: true}} {
		q.Measures = []string{"cla"}
		got := shown(read(t, src, q), place)
		if got[""] == "c" {
			t.Errorf("the total is masked in %+v", q)
		}
		got[""] = ""
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%+v:\n%s", q, diff)
		}
	}
	for part, want := range map[string]string{"": "40 34 41", "age: a": "c c c", "age: b": "c"} {
		all, err := src.History(t.Context(), cla(part, town))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range all {
			got = append(got, o.Count.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("the history of %q is %v, want %s", part, got, want)
		}
	}
}

// What stayed the same in two releases gives what did not.
func TestBetweenReleases(t *testing.T) {
	held := (&memory{}).
		keep(stat.Council, "2025-04-10", says(cla("", town), 60), says(cla("", wardA), 20), says(cla("", wardB), 40)).
		keep(stat.Council, "2025-05-10", says(cla("", town), 64), says(cla("", wardC), 4))
	got := shown(read(t, disclosure.New(held, catalogue(t), five, true), stat.Query{Measures: []string{"cla"}}), place)
	if got[wardC] != "c" || got[""] != "c" {
		t.Errorf("with a total of 60 without the ward and 64 with it, it is shown as %v", got)
	}
}

// A draft counts for nothing, and neither its figures nor words are shown.
func TestDrafts(t *testing.T) {
	held := (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 30)).keep(stat.Council, "2025-05", says(cla("", town), 3))
	held.files[1].origin.Draft = true
	src := disclosure.New(held, catalogue(t), five, true)
	if got := shown(read(t, src, stat.Query{Measures: []string{"cla"}}), place); got[""] != "30" {
		t.Errorf("beside a draft, %v is shown", got)
	}
	if all, err := src.History(t.Context(), cla("", town)); err != nil || len(all) != 1 || all[0].Count.Text != "30" {
		t.Errorf("the history is %v (%v)", all, err)
	}
}

func TestWhatIsSaid(t *testing.T) {
	restated := func(key stat.Key) stat.Restatement {
		return stat.Restatement{Key: key, Publisher: stat.Council, Part: stat.PartCount, First: number(3), Now: number(4)}
	}
	projected := func(area string, year int) stat.Projection {
		return stat.Projection{Measure: "cla", Area: area, Last: stat.OnDay(stat.Date{Year: year, Month: 3, Day: 31}), Value: 4, Note: "there were 3"}
	}
	rebased := func(area string, year, month int) stat.Rebase {
		return stat.Rebase{Measure: "cla", Area: area, From: stat.Date{Year: year, Month: time.Month(month), Day: 1}, Reason: "3 more than we said", By: "Jo", At: time.Unix(1, 0)}
	}
	held := (&memory{}).keep(stat.Council, "2025-04", says(cla("", wardB), 3), says(cla("", wardA), 9))
	held.said = stat.Holding{
		Restated:    []stat.Restatement{restated(cla("", wardB)), restated(cla("", wardA))},
		Projections: []stat.Projection{projected(wardB, 2025), projected(wardB, 2024), projected(wardA, 2025), projected(wardA, 2026), projected(town, 2025)},
		Comments:    []stat.Comment{{Text: "there were 3"}},
		Rebases:     []stat.Rebase{rebased(wardA, 2025, 1), rebased(wardA, 2025, 4), rebased(town, 2024, 1)},
	}
	said := slices.Clone(held.said.Rebases)
	before := slices.Clone(held.said.Restated)
	viewers := read(t, disclosure.New(held, catalogue(t), stat.Settings{Threshold: 5, MaskViewers: true}, false), stat.Query{Measures: []string{"cla"}})
	if len(viewers.Restated) != 1 || viewers.Restated[0].Area != wardA {
		t.Errorf("restated is %v", viewers.Restated)
	}
	noteless := []stat.Projection{projected(wardB, 2024), projected(wardA, 2025)}
	noteless[0].Note, noteless[1].Note = "", ""
	if diff := cmp.Diff(noteless, viewers.Projections); diff != "" {
		t.Error(diff)
	}
	if len(viewers.Comments) > 0 {
		t.Errorf("viewers, to whom 3 is masked, read %v", viewers.Comments)
	}
	wordless := []stat.Rebase{{Measure: "cla", Area: wardA, From: said[0].From}}
	if diff := cmp.Diff(wordless, viewers.Rebases); diff != "" {
		t.Error(diff)
	}
	all := read(t, disclosure.New(held, catalogue(t), five, false), stat.Query{Measures: []string{"cla"}, Areas: []string{}})
	if len(all.Comments) != 1 || len(all.Projections) != 3 || all.Projections[0].Note == "" || len(all.Rebases) != 1 || all.Rebases[0].Reason == "" {
		t.Errorf("viewers, to whom nothing is masked, read %v, %v and %v", all.Comments, all.Projections, all.Rebases)
	}
	public := read(t, disclosure.New(held, catalogue(t), five, true), stat.Query{Measures: []string{"cla"}})
	if len(public.Projections)+len(public.Comments) > 0 {
		t.Errorf("the public is told %v %v", public.Projections, public.Comments)
	}
	if diff := cmp.Diff(wordless, public.Rebases); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(said, held.said.Rebases); diff != "" {
		t.Errorf("what others read has been changed: %s", diff)
	}
	if diff := cmp.Diff(before, held.said.Restated); diff != "" {
		t.Errorf("what others read has been changed: %s", diff)
	}
}

// moving changes each time it is read.
type moving struct{ *memory }

func (m moving) Read(ctx context.Context, q stat.Query) (stat.Holding, error) {
	m.version++
	return m.memory.Read(ctx, q)
}

// What was decided for one version of the data is not used for another.
func TestVersions(t *testing.T) {
	held := (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 30))
	src := disclosure.New(held, catalogue(t), five, true)
	q := stat.Query{Measures: []string{"cla"}}
	if got := shown(read(t, src, q), place); got[""] != "30" {
		t.Fatalf("%v is shown", got)
	}
	held.keep(stat.Council, "2025-05", says(cla("", town), 3))
	if got := shown(read(t, src, q), place); got[""] != "c" {
		t.Errorf("after a small release, %v is shown", got)
	}
	if _, err := disclosure.New(moving{held}, catalogue(t), five, true).Read(t.Context(), q); !errors.Is(err, disclosure.ErrMoving) {
		t.Errorf("figures that never stand still: %v", err)
	}
}
