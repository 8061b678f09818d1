package disclosure_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/imports"
	"bellwether/internal/disclosure"
	"bellwether/internal/importer"
	"bellwether/internal/longtest"
	"bellwether/internal/stat"
)

// boxed is the program's own catalogue, with wards.
func boxed(t testing.TB) *stat.Catalogue {
	t.Helper()
	cat, err := importer.ReadCatalogue(imports.FS)
	if err != nil {
		t.Fatal(err)
	}
	var within []stat.Area
	for _, w := range wards {
		within = append(within, stat.Area{Code: w, Name: "Ward " + w, Level: "Ward", Region: town})
	}
	if err := cat.Register(nil, within); err != nil {
		t.Fatal(err)
	}
	return cat
}

// counts are what a return says, by "measure; dimension: category @ward": a
// number on the last of April 2026 or in that April, or "n/of".
type counts map[string]any

type outOf [2]float64

var april, lastMarch = stat.InMonth(2026, time.April), stat.OnDay(stat.Date{Year: 2026, Month: time.March, Day: 31})

func (c counts) says(t *testing.T, cat *stat.Catalogue) []stat.Observation {
	t.Helper()
	var out []stat.Observation
	for _, name := range slices.Sorted(maps.Keys(c)) {
		o := stat.Observation{Key: stat.Key{Area: town, Period: april}}
		what, ward, _ := strings.Cut(name, " @")
		if ward != "" {
			o.Area = ward
		}
		what, before := strings.CutSuffix(what, " before")
		o.Measure, o.Breakdown, _ = strings.Cut(what, "; ")
		m, err := cat.Measure(o.Measure)
		if err != nil {
			t.Fatal(err)
		}
		if m.Kind == stat.Snapshot {
			o.Period = stat.OnDay(april.End)
		}
		if before {
			o.Period = lastMarch
		}
		switch n := c[name].(type) {
		case int:
			o.Count = number(float64(n))
			if m.Unit == stat.Number {
				o.Count, o.Value = stat.Figure{}, o.Count
			}
		case outOf:
			o.Count, o.Denominator, o.Value = number(n[0]), number(n[1]), number(stat.RoundHalfUp(100*n[0]/n[1], m.Decimals))
		}
		out = append(out, o)
	}
	return out
}

// hidden are those that the public is not shown the count, the denominator or
// both of.
func (c counts) hidden(t *testing.T) []string {
	t.Helper()
	cat := boxed(t)
	says := c.says(t, cat)
	m := (&memory{}).keep(stat.ONS, "2025-01", stat.Observation{Key: stat.Key{Measure: stat.Population, Area: town, Period: stat.OnDay(stat.Date{Year: 2024, Month: 6, Day: 30})}, Value: number(children)}).
		keep(stat.Council, "2026-05", says...)
	src := disclosure.New(m, cat, five, true)
	var out []string
	for i, name := range slices.Sorted(maps.Keys(c)) {
		h, err := src.History(t.Context(), says[i].Key)
		if err != nil || len(h) != 1 {
			t.Fatalf("%s: %v %v", name, h, err)
		}
		o := h[0]
		if o.Count.Mark == stat.Confidential || !o.Count.Given() && o.Value.Mark == stat.Confidential {
			out = append(out, name)
		}
		if o.Denominator.Mark == stat.Confidential {
			out = append(out, name+" (of)")
		}
		if f := o.Value; f.Known() && slices.Contains(out, name) {
			t.Errorf("%s is masked, but its value %s is not", name, f.Text)
		}
	}
	return out
}

// What the catalogue ties is not told by the counts of another measure.
func TestTies(t *testing.T) {
	tests := []struct {
		name string
		says counts
		want []string
	}{
		{"adopted, as a share and a number", counts{"cla_adopted": outOf{7, 9}, "cla_ceased": 9, "adoptions": 7}, []string{"adoptions", "cla_adopted"}},
		{"plans of wards, and those that are old", counts{"cpp": 30, "cpp @" + wardA: 3, "cpp @" + wardB: 8, "cpp @" + wardC: 19, "cpp_open_2yrs @" + wardB: outOf{0, 8}, "cpp_open_2yrs @" + wardC: outOf{0, 19}},
			[]string{"cpp @" + wardA, "cpp @" + wardB, "cpp_open_2yrs @" + wardB + " (of)"}},
		{"contacts by source, and those in time", counts{"contacts": 100, "contacts; source: Police": 3, "contacts; source: Health": 40, "contacts; source: School": 57, "contacts_1wd; source: Health": outOf{20, 40}},
			[]string{"contacts; source: Health", "contacts; source: Police", "contacts_1wd; source: Health (of)"}},
		{"assessments in time", counts{"assessments_45wd": outOf{97, 100}, "assessments_completed": 100}, []string{"assessments_45wd"}},
		{"children's homes", counts{"cla": 400, "cla; placement type: Foster carer": 352, "cla; placement type: Children's home or semi-independent": 45, "cla; placement type: Other placement": 3, "cla_residential": 45},
			[]string{"cla; placement type: Children's home or semi-independent", "cla; placement type: Other placement", "cla_residential"}},
		{"children's homes as two categories", counts{"cla": 400, "cla; placement: Foster": 320, "cla; placement: Childrens homes (own)": 20, "cla; placement: Children’s home, other": 25, "cla; placement: Parents": 32, "cla; placement: Other": 3, "cla_residential": 45},
			[]string{"cla; placement: Childrens homes (own)", "cla; placement: Children’s home, other", "cla; placement: Other", "cla; placement: Parents"}},
		{"children's homes that the categories lack", counts{"cla": 49, "cla; placement: Foster": 30, "cla; placement: Other": 15, "cla_residential": 4}, []string{"cla; placement: Other", "cla_residential"}},
		{"homes that have another name among them", counts{"cla": 49, "cla; placement: Foster": 30, "cla; placement: Other": 15, "cla; placement: Hostel": 4, "cla_residential": 4}, []string{"cla; placement: Hostel", "cla; placement: Other", "cla_residential"}},
		{"with parents", counts{"cla": 400, "cla; placement type: Foster": 352, "cla; placement type: Placed with parents": 44, "cla; placement type: Other": 4, "cla_with_parents": outOf{44, 400}},
			[]string{"cla; placement type: Other", "cla; placement type: Placed with parents", "cla_with_parents"}},
		{"with relatives", counts{"cla": 400, "cla; placement: Foster with relative or friend": 45, "cla; placement: Foster other than relative or friend": 352, "cla; placement: Other": 3, "cla_connected_carers": 45},
			[]string{"cla; placement: Foster with relative or friend", "cla; placement: Other", "cla_connected_carers"}},
		{"unaccompanied", counts{"cla": 49, "cla; UASC: Not UASC": 45, "cla; UASC: UASC": 4, "uasc": 4}, []string{"cla; UASC: Not UASC", "cla; UASC: UASC", "uasc"}},
		{"all but a few are unaccompanied", counts{"cla @" + wardA: 12, "uasc @" + wardA: 10}, []string{"uasc @" + wardA}},
		{"all foster care by its name", counts{"cla": 400, "cla; placement: Fostering": 45, "cla; placement: Homes": 352, "cla; placement: Other": 3, "cla_inhouse_foster_share": outOf{30, 45}},
			[]string{"cla; placement: Fostering", "cla; placement: Other", "cla_inhouse_foster_share (of)"}},
		{"guardianship, of those who left", counts{"cla_ceased": 40, "cla_ceased; reason: Special guardianship order": 9, "cla_ceased; reason: Adopted, unopposed": 28, "cla_ceased; reason: Died": 3, "cla_sgo": 9},
			[]string{"cla_ceased; reason: Died", "cla_ceased; reason: Special guardianship order", "cla_sgo"}},
		{"guardianship, and few others", counts{"cla_ceased": 9, "cla_sgo": 7}, []string{"cla_sgo"}},
		{"stock and flow", counts{"cla before": 500, "cla": 492, "cla_started": 4, "cla_ceased": 12}, []string{"cla_ceased", "cla_started"}},
		{"plans begun and ended", counts{"cpp before": 60, "cpp": 70, "cpp_started": 12, "cpp_ceased": 2}, []string{"cpp_ceased", "cpp_started"}},
		{"need begun and ended", counts{"cin before": 900, "cin": 902, "cin_started": 5, "cin_ceased": 3}, []string{"cin_ceased", "cin_started"}},
		{"a stock and flow that do not meet", counts{"cla before": 500, "cla": 492, "cla_started": 4, "cla_ceased": 25}, []string{"cla_ceased", "cla_started"}},
		{"nothing small in stock and flow", counts{"cla before": 500, "cla": 492, "cla_started": 9, "cla_ceased": 25}, nil},
		{"a flow alone", counts{"cla before": 500, "cla": 492, "cla_started": 4}, []string{"cla_started"}},
		{"all who were there", counts{"cla before": 500, "cla_started": 4, "cla_missing": outOf{30, 504}}, []string{"cla_missing (of)", "cla_started"}},
		{"care leavers by age", counts{"care_leavers_in_touch": outOf{50, 60}, "care_leavers_eet": outOf{30, 56}, "care_leavers_eet_17_18": outOf{0, 4}},
			[]string{"care_leavers_eet (of)", "care_leavers_eet_17_18 (of)"}},
		{"plans too new for a review", counts{"cpp": 60, "cpp_reviews_on_time": outOf{40, 57}}, []string{"cpp_reviews_on_time (of)"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.says.hidden(t)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A council's own numbers and those of its flows stay as they are, but for a
// month with few, whether they balance or not.
func TestTiesMaskLittle(t *testing.T) {
	cat := boxed(t)
	for _, off := range []int{0, 1, 7} {
		r, stock := rand.New(rand.NewPCG(1, uint64(off))), 400
		var says []stat.Observation
		for month := range 24 {
			end := stat.Date{Year: 2024, Month: time.Month(4 + month), Day: 1}.MonthEnd()
			in, out := 10+r.IntN(15), 10+r.IntN(15)
			if month == 9 {
				in = 3
			}
			stock += in - out + r.IntN(1+off)
			for measure, n := range map[string]int{"cla": stock, "cla_started": in, "cla_ceased": out} {
				o := stat.Observation{Key: stat.Key{Measure: measure, Area: town, Period: stat.OnDay(end)}, Count: number(float64(n))}
				if measure != "cla" {
					o.Period.Span = stat.Month
				}
				says = append(says, o)
			}
		}
		h := read(t, disclosure.New((&memory{}).keep(stat.Council, "2026-05", says...), cat, five, true), stat.Query{Measures: []string{"cla", "cla_started", "cla_ceased"}})
		var got []string
		for _, o := range h.Observations {
			if !o.Count.Known() {
				got = append(got, o.Measure+" "+o.Period.String())
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff([]string{"cla_ceased 2025-01", "cla_started 2025-01"}, got); diff != "" {
			t.Errorf("off by %d at most:\n%s", off, diff)
		}
	}
}

// tied is a made-up truth of children in care: how many there are of each kind
// (in homes, with parents, others) at the ends of three months, and how many
// came and left between, of whom some were adopted.
type tied struct {
	stock        [3][3]float64 // by month, by kind
	in, out      [2]float64
	adopted, sgo [2]float64
}

func randomTied(r *rand.Rand) *tied {
	w := &tied{}
	for k := range w.stock[0] {
		w.stock[0][k] = few(r)
	}
	for m := range w.in {
		w.in[m] = few(r)
		w.stock[m+1] = w.stock[m]
		w.stock[m+1][r.IntN(3)] += w.in[m]
		for k := range w.stock[m+1] {
			gone := float64(r.IntN(1 + int(w.stock[m+1][k]/4)))
			w.stock[m+1][k] -= gone
			w.out[m] += gone
		}
		w.adopted[m] = float64(r.IntN(1 + int(w.out[m])))
		w.sgo[m] = float64(r.IntN(1 + int(w.out[m]-w.adopted[m])))
	}
	return w
}

// The variables of the attacker: stocks by month and kind, and flows by month.
func (w *tied) variables() (of func(name string, i int) []int, n int, truth []float64) {
	at := map[string]int{}
	put := func(name string, number float64) { at[name], truth = len(truth), append(truth, number) }
	for m := range w.stock {
		for k := range w.stock[m] {
			put(fmt.Sprint("kind", m, k), w.stock[m][k])
		}
	}
	for m := range w.in {
		put(fmt.Sprint("in", m), w.in[m])
		put(fmt.Sprint("adopted", m), w.adopted[m])
		put(fmt.Sprint("sgo", m), w.sgo[m])
		put(fmt.Sprint("other", m), w.out[m]-w.adopted[m]-w.sgo[m])
	}
	return func(name string, i int) []int {
		switch name {
		case "stock":
			return []int{at[fmt.Sprint("kind", i, 0)], at[fmt.Sprint("kind", i, 1)], at[fmt.Sprint("kind", i, 2)]}
		case "homes", "parents", "others":
			return []int{at[fmt.Sprint("kind", i, slices.Index([]string{"homes", "parents", "others"}, name))]}
		case "out":
			return []int{at[fmt.Sprint("adopted", i)], at[fmt.Sprint("sgo", i)], at[fmt.Sprint("other", i)]}
		}
		return []int{at[fmt.Sprint(name, i)]}
	}, len(truth), truth
}

// printed is one figure, with what it is the sum of.
type printed struct {
	stat.Observation
	part  stat.Part
	of    []int
	truth float64
}

func (w *tied) printed(r *rand.Rand) []printed {
	of, _, truth := w.variables()
	var out []printed
	put := func(measure, part string, p stat.Period, vars []int) {
		n := 0.0
		for _, v := range vars {
			n += truth[v]
		}
		o := stat.Observation{Key: stat.Key{Measure: measure, Breakdown: part, Area: town, Period: p}}
		if r.IntN(12) == 0 {
			return
		}
		out = append(out, printed{o, stat.PartCount, vars, n})
	}
	end := func(m int) stat.Date { return stat.Date{Year: 2026, Month: time.Month(3 + m), Day: 1}.MonthEnd() }
	for m := range w.stock {
		day := stat.OnDay(end(m))
		put("cla", "", day, of("stock", m))
		put("cla_residential", "", day, of("homes", m))
		put("cla", "placement type: Children's homes", day, of("homes", m))
		put("cla", "placement type: Placed with parents", day, of("parents", m))
		put("cla", "placement type: Other", day, of("others", m))
	}
	for m := range w.in {
		p := stat.Period{End: end(m + 1), Span: stat.Month}
		put("cla_started", "", p, of("in", m))
		put("cla_ceased", "", p, of("out", m))
		put("adoptions", "", p, of("adopted", m))
		put("cla_sgo", "", p, of("sgo", m))
		put("cla_missing", "", p, slices.Concat(of("stock", m), of("in", m)))
	}
	return out
}

// Nothing masked follows from counts that the catalogue ties, to who knows that
// children in care are those of before, those who came and not those who left.
func TestNothingFollowsFromTies(t *testing.T) {
	if longtest.Apart(t) {
		return
	}
	cat := boxed(t)
	masked, shown, narrowed := 0, 0, 0
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 17))
		w := randomTied(r)
		of, n, _ := w.variables()
		m := &memory{}
		all := w.printed(r)
		var says []stat.Observation
		for i := range all {
			switch m, _ := cat.Measure(all[i].Measure); m.Unit {
			case stat.Number:
				all[i].part = stat.PartValue
			case stat.Percent: // of all who were there none went missing
				all[i].part, all[i].Count = stat.PartDenominator, number(0)
			}
			*all[i].Part(all[i].part) = number(all[i].truth)
			says = append(says, all[i].Observation)
		}
		m.keep(stat.Council, "2026-07", says...)
		src := disclosure.New(m, cat, five, true)
		a := program{n: n}
		for m := range w.in { // who was there, and who came, is who is there, and who left
			a.balance(slices.Concat(of("stock", m), of("in", m)), slices.Concat(of("stock", m+1), of("out", m)))
		}
		var secret []printed
		for _, p := range all {
			h, err := src.History(t.Context(), p.Key)
			if err != nil {
				t.Fatal(err)
			}
			if h[0].Part(p.part).Known() {
				a.equal(p.of, p.truth)
				shown++
				continue
			}
			masked++
			secret = append(secret, p)
			if p.truth > 0 {
				a.atLeast(p.of, 1)
			}
		}
		for _, p := range secret {
			most, least := a.most(p.of, 1), -a.most(p.of, -1)
			if most-least < 0.5 && p.truth > 0 {
				t.Errorf("seed %d: %s can only be %g", seed, p.Key, least)
			}
			if p.truth > 0 && p.truth <= threshold && most < threshold-1e-6 {
				narrowed++
			}
		}
	}
	t.Logf("%d masked, %d shown; %d told to be less than they may be", masked, shown, narrowed)
	if masked < 2000 || shown < 2000 {
		t.Errorf("these tables show nothing: %d masked, %d shown", masked, shown)
	}
	if narrowed > masked/1000 {
		t.Errorf("%d of %d small counts can be told to be less than the threshold", narrowed, masked)
	}
}
