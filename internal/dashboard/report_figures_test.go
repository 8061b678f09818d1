package dashboard_test

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

var (
	dates    = regexp.MustCompile(`\d{1,2} (January|February|March|April|May|June|July|August|September|October|November|December) \d{4}|(January|February|March|April|May|June|July|August|September|October|November|December) \d{4}`)
	spoken   = regexp.MustCompile(`per 10,000|It was [^.]* authorities|the \d+ of the \d{4} model|\(\d+ of \d+ with a figure\)|95%|aged 0 to 17`)
	numerals = regexp.MustCompile(`\d[\d,]*(\.\d+)?`)
)

// mayStand are the numbers that may stand in a report, as they are printed: its
// figures, the changes between those of the area, the means of the others' and
// how far the area is from them.
func mayStand(figures []dashboard.ReportFigure) map[string]bool {
	can := map[string]bool{}
	may := func(x float64) {
		for d := range 3 {
			can[stat.Format(math.Abs(x), d)] = true
		}
	}
	type series struct {
		measure, area string
		part          stat.Part
	}
	all, others := map[series][]float64{}, map[string][]float64{}
	at := map[string]map[stat.Part]float64{}
	region := map[string]bool{"E12000001": true, stat.England: true}
	for _, f := range figures {
		if f.Number == nil {
			continue
		}
		may(*f.Number)
		if f.Area == home {
			s := series{f.Measure, f.Area, f.Part}
			all[s] = append(all[s], *f.Number)
			if at[f.Measure+f.Period] == nil {
				at[f.Measure+f.Period] = map[stat.Part]float64{}
			}
			at[f.Measure+f.Period][f.Part] = *f.Number
		} else if !region[f.Area] && f.Part == stat.PartValue {
			others[f.Measure+f.Period] = append(others[f.Measure+f.Period], *f.Number)
		}
	}
	for _, xs := range all {
		for _, x := range xs {
			for _, y := range xs {
				may(x - y)
				may(100 * (x - y) / y)
			}
		}
	}
	for key, xs := range others {
		mean := 0.0
		for _, x := range xs {
			mean += x / float64(len(xs))
		}
		may(mean)
		may(at[key][stat.PartValue] - stat.RoundHalfUp(mean, 1))
		may(stat.RoundHalfUp(mean*at[key][stat.PartDenominator]/10_000, 0) - at[key][stat.PartCount])
	}
	return can
}

// TestEveryNumberIsAFigureOrWorkedOutOfSome takes the sentences of a report
// apart.
func TestEveryNumberIsAFigureOrWorkedOutOfSome(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	db, b := box(t), clock(boards(t, cat), "2026-11-22")
	r, err := b.Report(t.Context(), db, "council", dashboard.ReportSelection{})
	if err != nil {
		t.Fatal(err)
	}
	can := mayStand(r.Figures)
	n := 0
	for _, kind := range []string{dashboard.SectionHeadline, dashboard.SectionChange, dashboard.SectionNeighbours} {
		for _, p := range section(t, r, kind).Paragraphs {
			for _, x := range numerals.FindAllString(spoken.ReplaceAllString(dates.ReplaceAllString(p, ""), ""), -1) {
				if n++; !can[strings.TrimSuffix(x, ",")] {
					t.Errorf("%s is no figure and none is worked out to it: %s", x, p)
				}
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d numbers were found", n)
	}
	last := ""
	for _, f := range r.Figures {
		if f.File == "" || f.At == "" || f.Released == "" || f.Publisher == "" || f.Text == "" {
			t.Fatalf("a figure has no origin: %+v", f)
		}
		if f.Measure < last {
			t.Fatalf("%s comes after %s", f.Measure, last)
		}
		last = f.Measure
	}
}
