package chart_test

import (
	"cmp"
	"fmt"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// Referrals to Middlesbrough by month, April 2012 to March 2018, as the
// council published them.
var referred = []float64{
	186, 208, 149, 172, 149, 158, 211, 208, 182, 181, 180, 231,
	188, 198, 165, 258, 193, 215, 231, 247, 166, 249, 172, 174,
	233, 181, 154, 196, 138, 172, 186, 178, 143, 182, 165, 155,
	150, 185, 196, 203, 153, 161, 201, 240, 212, 227, 199, 288,
	238, 205, 226, 165, 150, 254, 210, 261, 193, 163, 222, 210,
	179, 179, 211, 220, 201, 241, 279, 261, 240, 275, 231, 269,
}

// stretch is where limits hold: as many points, and why they begin anew.
type stretch struct {
	points int
	reason string
}

// xmr is a control panel with the textbook's limits, 2.66 mean moving ranges
// about the mean; a point beyond them is high or low, as named.
func xmr(values []float64, decimals int, first stat.Date, step int, high, low string, stretches ...stretch) *dashboard.ControlPanel {
	k := &dashboard.ControlPanel{Decimals: decimals}
	var from int
	for _, s := range stretches {
		part := values[from : from+s.points]
		var sum, moves float64
		for i, v := range part {
			sum += v
			if i > 0 {
				moves += max(v-part[i-1], part[i-1]-v)
			}
		}
		mean, reach := sum/float64(len(part)), 2.66*moves/float64(len(part)-1)
		for i, v := range part {
			p := point(first.AddMonthEnds((from+i)*step).String(), v, decimals)
			x := dashboard.ControlPoint{Point: p, Variation: dashboard.CommonCause}
			if v > mean+reach {
				x.Variation, x.Cause = high, "above the upper limit"
			} else if v < mean-reach {
				x.Variation, x.Cause = low, "below the lower limit"
			}
			k.Points = append(k.Points, x)
		}
		lower, upper := mean-reach, mean+reach
		k.Segments = append(k.Segments, dashboard.ControlSegment{
			From: k.Points[from].Period, To: k.Points[from+s.points-1].Period, Mean: mean, Lower: &lower, Upper: &upper, Reason: s.reason,
		})
		from += s.points
	}
	return k
}

// monthly is a control chart of many points, neither way being good, whose
// limits begin anew.
func monthly() dashboard.Panel {
	k := xmr(referred, 0, stat.Date{Year: 2012, Month: 4, Day: 30}, 1, dashboard.SpecialHigh, dashboard.SpecialLow,
		stretch{44, ""}, stretch{28, "one front door for every contact, with police and health"})
	k.Points[28].Variation, k.Points[28].Cause = dashboard.SpecialLow, "two of three points near the lower limit"
	k.Points[47].Variation, k.Points[47].Cause = dashboard.SpecialHigh, "above the upper limit"
	return dashboard.Panel{
		Kind: dashboard.Control, ID: "referrals-control", Title: "Referrals vary by chance, but for two months",
		Sentence: "In March 2018 Middlesbrough had 269 referrals, within what chance explains.",
		Unit:     stat.Number.Words(), Measure: stat.Measure{Code: "referrals", Name: "Referrals", Polarity: stat.NoPolarity},
		Control: k,
	}
}

// quarterly is a percentage with a target, where high is good, limits beyond
// all, a mark, and a reason that would do harm if it could.
func quarterly() dashboard.Panel {
	values := []float64{91.2, 92.4, 90.8, 91.9, 92.2, 91.1, 92.8, 90.9, 84.2, 91.5, 95.4, 96.8, 95.9, 97.1, 94.2, 99.8, 96.2, 95.1, 96.6, 97.4}
	k := xmr(values, 1, stat.Date{Year: 2021, Month: 3, Day: 31}, 3, dashboard.Improvement, dashboard.Concern, stretch{10, ""}, stretch{10, hostile})
	k.Points[15].Variation, k.Points[15].Cause = dashboard.Improvement, "shift"
	k.Points[3].Number, k.Points[3].Text, k.Points[3].Mark = nil, "c", "c"
	target := 95.0
	k.Target = &target
	return dashboard.Panel{
		Kind: dashboard.Control, ID: "assessments-control", Title: "Assessments in time have improved", Sentence: "They have.",
		Unit: stat.Percent.Words(), Measure: stat.Measure{Name: "Assessments within 45 working days", Polarity: stat.HighIsGood}, Control: k,
	}
}

// coming is a projection of the looked-after rate, with one that was kept and
// one made out again of the same year.
func coming() dashboard.Panel {
	a := &dashboard.AheadPanel{Past: yearly("Middlesbrough", dashboard.RoleArea, 0, area), Method: "A straight line through the latest ten years."}
	for i, x := range [][3]float64{{136, 121, 152}, {134, 116, 155}, {131, 112, 158}} {
		a.Ahead = append(a.Ahead, projection(2026+i, x, "from figures to 31 March 2025"))
	}
	for i, x := range [][3]float64{{196, 170, 225}, {186, 158, 219}, {171, 150, 194}, {160, 140, 183}} {
		p := projection(2022+i, x, fmt.Sprintf("from figures to 31 March %d", 2019+i))
		p.Actual, p.Outcome = &area[6+i], stat.Format(area[6+i], 0)+", "+cmp.Or(map[bool]string{true: "inside the range"}[area[6+i] >= x[1]], "below the range")
		a.Before = append(a.Before, p)
	}
	kept := projection(2025, [3]float64{142, 130, 156}, "by the analyst on 3 June 2023")
	kept.Kept = true
	a.Before = append(a.Before, kept)
	return dashboard.Panel{
		Kind: dashboard.Ahead, ID: "cla-projection", Title: "If the trend went on, 131 by 2028", Sentence: "A projection, not a forecast.",
		Unit: stat.RateOf.Words(), Ahead: a,
	}
}

func projection(year int, x [3]float64, made string) dashboard.Projected {
	p := point(fmt.Sprintf("%d-03-31", year), x[0], 0)
	return dashboard.Projected{
		Period: p.Period, Label: p.Label, Number: &x[0], Lower: &x[1], Upper: &x[2],
		Text: p.Text, Range: stat.Format(x[1], 0) + " to " + stat.Format(x[2], 0), Made: made,
	}
}

// groups are shares by ethnicity: over, under and in line, one withheld, one
// without a population, and one whose name would do harm if it could.
func groups() dashboard.Panel {
	f := func(n float64) *float64 { return &n }
	return dashboard.Panel{
		Kind: dashboard.Shares, ID: "cla-ethnicity", Title: "Mixed heritage children are over-represented", Sentence: "They are 1.6 times their share.",
		Unit: stat.RateOf.Words(), Measure: stat.Measure{Name: "Children looked after", Noun: "children looked after"},
		Shares: &dashboard.SharesPanel{Dimension: "ethnicity", Period: "31 March 2025", Groups: []dashboard.Share{
			{Name: "White", Count: "398", Of: f(80.7), Population: f(75.1), Ratio: f(1.07), Lower: f(1.03), Upper: f(1.12), Words: "over-represented"},
			{Name: "Asian or Asian British", Count: "24", Of: f(4.9), Population: f(14.6), Ratio: f(0.33), Lower: f(0.22), Upper: f(0.49), Words: "under-represented"},
			{Name: "Mixed or multiple ethnic groups", Count: "38", Of: f(7.7), Population: f(4.9), Ratio: f(1.57), Lower: f(1.15), Upper: f(2.11), Words: "over-represented"},
			{Name: "Black, Black British, Caribbean or African", Count: "17", Of: f(3.4), Population: f(3.2), Ratio: f(1.08), Lower: f(0.68), Upper: f(1.7), Words: "in line with its share of the population"},
			{Name: "Other ethnic group", Count: "c", Population: f(2.2), Words: "withheld"},
			{Name: hostile, Count: "5", Of: f(1), Words: ""},
		}},
	}
}
