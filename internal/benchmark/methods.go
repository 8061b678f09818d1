package benchmark

import "fmt"

// Method says how something that a Comparison holds is worked out. The page
// of methods prints them, and each number shown links to its own by ID.
type Method struct {
	ID        string   `json:"id"` // the fragment of its address
	Title     string   `json:"title"`
	Text      string   `json:"text"`
	Formula   string   `json:"formula,omitempty"`
	Source    string   `json:"source,omitempty"`
	Fields    []string `json:"fields"` // of the comparison's JSON
	Functions []string `json:"-"`      // that work it out
}

// Methods are all methods in the order in which a reader meets them. Limits
// and levels are those the code uses.
func Methods() []Method {
	var out []Method
	out = append(out, figureMethods()...)
	out = append(out, standingMethods()...)
	return append(out, chanceMethods()...)
}

const fingertips = "Office for Health Improvement and Disparities, Fingertips public health technical guidance"

// figureMethods are of the figure itself and its own past.
func figureMethods() []Method {
	return []Method{
		{
			ID: "figure", Title: "The figure", Fields: []string{"count", "countMark", "value", "mark", "latest"},
			Text:   "A count and a value are shown as they were published; where a later release restates one, the later is shown. A letter in place of a number says why there is none, and is never read as a zero: c is withheld to protect children's identities, x is not available, z is not applicable, u is too unreliable to publish, low rounds to zero but is not zero. The council's own newer figures stand beside published ones and never enter a comparison with other areas.",
			Source: "DfE, open data standards",
		},
		{
			ID: "rate", Title: "Rate and population", Fields: []string{"derived", "denominator"},
			Text:    "A rate that was not published is worked out from the count and the children aged 0 to 17, and says so. The population of a date is ONS's mid-year estimate of the year before the 31 March that ends its financial year, or the latest earlier one while that is not held, which is then named. The rate is rounded half up, once.",
			Formula: "count × 10,000 ÷ children aged 0 to 17",
			Source:  "DfE, Children looked after in England, methodology; ONS, mid-year population estimates",
		},
		{
			ID: "one-in", Title: "About 1 in so many", Fields: []string{"oneIn"}, Functions: []string{"oneIn"},
			Text:    "A rate of children on a date is also said as one child in so many, to the nearest child below a hundred and to two figures above.",
			Formula: "10,000 ÷ rate",
		},
		{
			ID: "change", Title: "Change", Fields: []string{"change"}, Functions: []string{"change"},
			Text:    "The change is from the figure of a year before. Where there is none it is from the latest earlier figure, whose date is then named. A fall is called better or worse only where the measure says which way is good.",
			Formula: "this figure − earlier figure; percent: that × 100 ÷ earlier figure",
		},
		{
			ID: "peak", Title: "Peak", Fields: []string{"peak"}, Functions: []string{"Peak"},
			Text: "The peak is the highest value held of the area up to the period, of periods as long as that; of equal ones, the latest.",
		},
		{
			ID: "crossing", Title: "First time above or below", Fields: []string{"crossed"}, Functions: []string{"crossed", "RoundBetween", "Crossed"},
			Text: fmt.Sprintf("A round number that the figure passed since the year before is named where it had not been passed the same way for %d years or more. Nothing is claimed of years without a figure, and nothing is said of numbers below %d.", leastLapse, leastCount),
		},
	}
}

// standingMethods are of the place among other areas.
func standingMethods() []Method {
	return []Method{
		{
			ID: "neighbours", Title: "Statistical neighbours", Fields: []string{"neighbours"}, Functions: []string{"summarise", "mean", "quantile"},
			Text:    "The mean is unweighted, over those of the neighbours that have a value; how many is shown, and the median stands beside it. None is substituted for a neighbour that was abolished or whose value is withheld. The model year is named.",
			Formula: "sum of the neighbours' values ÷ number of neighbours with a value",
			Source:  "DfE, Local Authority Interactive Tool; statistical neighbours of 2021 and 2025",
		},
		{
			ID: "region-england", Title: "Region and England", Fields: []string{"region", "england"},
			Text: "The values of the region and of England are those published; none is added up or averaged from authorities. London's authorities are compared with Inner or Outer London, or with London where that has no value.",
		},
		{
			ID: "rank", Title: "Rank", Fields: []string{"rank"}, Functions: []string{"rank"},
			Text:    "The rank is among the authorities with a value, 1 being the highest. Equal values share the better rank and are called joint.",
			Formula: "1 + number of authorities with a higher value",
		},
		{
			ID: "quartiles", Title: "Quarters", Fields: []string{"quartile", "quartiles"}, Functions: []string{"quantile", "quarter"},
			Text:   "The authorities with a value are cut into four quarters. A value on a cut belongs to the quarter below it.",
			Source: "R, quantile of type 7; Hyndman and Fan, Sample quantiles in statistical packages, 1996",
		},
		{
			ID: "distance", Title: "Distance from the neighbours' mean", Fields: []string{"distance"}, Functions: []string{"DistanceFrom"},
			Text:    "The distance is the value less the neighbours' mean, also as a percentage of the mean. In children, it is how many more or fewer the area would have with the mean's rate on its own population, to the nearest child.",
			Formula: "children: mean × denominator ÷ 10,000 (for a percentage ÷ 100) − count",
		},
	}
}

// chanceMethods tell a difference from noise.
func chanceMethods() []Method {
	return []Method{
		{
			ID: "interval", Title: "Confidence interval", Fields: []string{"interval", "interval998"},
			Functions: []string{"IntervalFor", "IntervalOf", "RateInterval", "ProportionInterval"},
			Text: fmt.Sprintf("The interval says how far chance alone could have moved the figure; it is given at %g%% and %g%%. For rates it is Byar's approximation for counts of %d and more and the exact Poisson interval below; for percentages it is Wilson's score interval. There is none without a count and a denominator, nor where it would not hold the value as printed.",
				100*float64(Confidence95), 100*float64(Confidence998), exactBelow),
			Formula: "Byar: O × (1 − 1 ÷ 9O ± z ÷ 3√O)³ × 10,000 ÷ population, with O the count, for the upper end the count + 1",
			Source:  fingertips + "; Breslow and Day, Statistical methods in cancer research, volume II, 1987; Wilson, Probable inference, 1927",
		},
		{
			ID: "verdict", Title: "Higher, similar or lower", Fields: []string{"verdict"}, Functions: []string{"Against"},
			Text:   "A figure is higher or lower than another where its 95% interval lies wholly above or below that; otherwise it is similar, and chance alone could explain the difference. Better and worse are said only of measures that say which way is good.",
			Source: fingertips,
		},
		{
			ID: "trend", Title: "Trend", Fields: []string{"trend"}, Functions: []string{"TrendOf", "RateTrend", "ProportionTrend"},
			Text: fmt.Sprintf("The trend is tested over the latest %s yearly figures, the last of them that of the period. It is increasing or decreasing where chi-squared is above %.4f, which chance alone exceeds twice in a thousand, and the slope has the same sign whichever year is left out; otherwise there is no significant change. Rates are weighted by their intervals; percentages are tested by Cochran and Armitage. It is a cautious test.",
				numeral(trendPoints), trendCritical),
			Formula: "chi-squared = slope² ÷ variance of the slope, each year weighted by (3.92 ÷ width of its interval)²",
			Source:  fingertips + "; Armitage, Tests for linear trends in proportions and frequencies, 1955",
		},
		{
			ID: "doubts", Title: "Doubts", Fields: []string{"warnings", "sentences"},
			Text: fmt.Sprintf("Warnings travel with the number: a count below %d, neighbours without a value, a population estimate of an earlier year, a rate worked out here, an authority that was abolished, a council's figure that is not the published one. Sentences say only what the comparison holds.", fewCount),
		},
	}
}
