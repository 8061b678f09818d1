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
	out = append(out, chanceMethods()...)
	return append(out, chartMethods()...)
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
			Text:    "The change is from the figure of a year before. Where there is none it is from the latest earlier figure, whose date is then named. Of a rate it is told by the number of children, and as a percentage of that, wherever counts are held: printed rates are rounded, so that a percentage of them is coarse. A fall is called better or worse only where the measure says which way is good.",
			Formula: "this figure − earlier figure; percent: that × 100 ÷ earlier figure",
		},
		{
			ID: "meeting", Title: "Change since a meeting", Fields: []string{"sinceMeeting"}, Functions: []string{"sinceMeeting"},
			Text:    "Where a meeting is chosen, the change is also from the latest figure of a day up to it, which is named: to the figure compared or, where the council's own figures begin nearer the meeting or go on later, between two of those. It goes by the days that figures are of, not those on which they came out. Where the earlier figure is of a day more than three months before the meeting a warning says so, for part of the change may be older than the meeting.",
			Formula: "this figure − latest figure of a day up to the meeting",
		},
		{
			ID: "restated", Title: "Restated figures", Functions: []string{"restated"},
			Text: "Figures are often published again with corrections. The latest is used; where the figure compared, one that its change is from or the council's newest was first given otherwise by the same publisher, a warning gives both and the date of the first, unless both read the same as they are shown. Every version stays in the history.",
		},
		{
			ID: "redefined", Title: "Changed definitions", Functions: []string{"redefined"},
			Text: "Where a measure's definition is known to have changed between the figure and the one it is compared with, or within the years of its trend, a warning says when and how. Projections use no figures from before such a change.",
		},
		{
			ID: "peak", Title: "Peak", Fields: []string{"peak"}, Functions: []string{"Peak"},
			Text: "The peak is the highest value held of the area up to the period, of periods as long as that; of equal ones, the latest. Of figures that are all nothing there is none.",
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
			ID: "neighbours", Title: "Statistical neighbours", Fields: []string{"neighbours"}, Functions: []string{"summarise", "mean", "quantile", "drawn"},
			Text:    "The mean is unweighted, over those of the neighbours that have a value; how many is shown, and the median stands beside it. None is substituted for a neighbour that was abolished or whose value is withheld; figures are withheld because they are small, so a warning then says that the mean is that of the others. A warning also names a neighbour that alone draws the mean away: its value lies beyond Tukey's outer fence, three times the middle half's range from that half, and the mean without it would be a tenth other. The model year is named.",
			Formula: "sum of the neighbours' values ÷ number of neighbours with a value",
			Source:  "DfE, Local Authority Interactive Tool; statistical neighbours of 2021 and 2025; Tukey, Exploratory data analysis, 1977",
		},
		{
			ID: "groups", Title: "Groups of the council's own", Functions: []string{"Of"},
			Text:    "In place of the statistical neighbours a figure can be set against the other authorities of its region, or those of a group that the council has named. All is worked out as for neighbours, the area itself being left out of its own comparison: a region's mean is that of its authorities, each counting the same, and not the region's published value.",
			Formula: "sum of the others' values ÷ number of others with a value",
		},
		{
			ID: "region-england", Title: "Region and England", Fields: []string{"region", "england"},
			Text: "The values of the region and of England are those published; none is added up or averaged from authorities. London's authorities are compared with Inner or Outer London, or with London where that has no value.",
		},
		{
			ID: "rank", Title: "Rank", Fields: []string{"rank"}, Functions: []string{"rank"},
			Text:    "The rank is among the authorities with a value, 1 being the highest. Equal values share the higher rank and are called joint; the least of all is called lowest, or joint lowest. Where more than one authority in twenty has its figure withheld, as small numbers are, a warning says that the rank is that of the others.",
			Formula: "1 + number of authorities with a higher value",
		},
		{
			ID: "quartiles", Title: "Quarters", Fields: []string{"quartile", "quartiles"}, Functions: []string{"quantile", "quarter"},
			Text:   "The authorities with a value are cut into four quarters. A value on a cut belongs to the quarter below it.",
			Source: "R, quantile of type 7; Hyndman and Fan, Sample quantiles in statistical packages, 1996",
		},
		{
			ID: "distance", Title: "Distance from the neighbours' mean", Fields: []string{"distance"}, Functions: []string{"DistanceFrom"},
			Text:    "The distance is the value less the neighbours' mean, also as a percentage of the mean. In children, it is how many more or fewer the area would have with the mean's rate on its own population, to the nearest child. It is not said where chance alone could explain the distance, where rounding would turn its sign, where the figure does not follow from its count, or where the area is already on the good side of the mean.",
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
			Text: fmt.Sprintf("The interval says how far chance alone could have moved the figure; it is given at %g%% and %g%%. For rates it is Byar's approximation for counts of %d and more and the exact Poisson interval below; for percentages it is Wilson's score interval. It takes children to come one by one; referrals and plans come in families, so that theirs is rather too narrow. There is none without a count and a denominator, nor where those do not give the value as printed, to one unit in its last digit, as when a count was restated and its rate was not; a warning then gives both. A rate less than a twentieth off is taken to be of another estimate of the population, and the interval is that of the rate as printed.",
				100*float64(Confidence95), 100*float64(Confidence998), exactBelow),
			Formula: "Byar: O × (1 − 1 ÷ 9O ± z ÷ 3√O)³ × 10,000 ÷ population, with O the count, for the upper end the count + 1",
			Source:  fingertips + "; Breslow and Day, Statistical methods in cancer research, volume II, 1987; Wilson, Probable inference, 1927",
		},
		{
			ID: "verdict", Title: "Higher, similar or lower", Fields: []string{"verdict"}, Functions: []string{"Against"},
			Text:   "A figure is higher or lower than another where its 95% interval lies wholly above or below that; otherwise it is similar, and chance alone could explain the difference. The sentence that sets the figure against the mean says so too. Better and worse are said only of measures that say which way is good.",
			Source: fingertips,
		},
		{
			ID: "trend", Title: "Trend", Fields: []string{"trend"}, Functions: []string{"TrendOf", "RateTrend", "ProportionTrend", "Tempered"},
			Text: fmt.Sprintf("The trend is tested over the latest %s yearly figures, the last of them that of the period. It is increasing or decreasing where chi-squared is above %.4f, which chance alone exceeds twice in a thousand, and the slope has the same sign whichever year is left out; otherwise there is no significant change. Rates are weighted by their intervals; percentages are tested by Cochran and Armitage. The test takes events to be independent, which referrals and plans are not, so where the figures scatter about their line by more than chance alone gives, the test is over-sure. Chi-squared is then divided by that scatter; told from five figures, the quotient is F on one and three degrees of freedom. Where it is not above %.1f, which chance alone exceeds five times in a hundred, the marker stands but is called uneven and uncertain. Beside it stands the change itself.",
				numeral(trendPoints), trendCritical, temperedCritical),
			Formula: "chi-squared = slope² ÷ variance of the slope, each year weighted by (3.92 ÷ width of its interval)²; scatter: what chi-squared of all the years leaves beside the line ÷ 3",
			Source:  fingertips + "; Armitage, Tests for linear trends in proportions and frequencies, 1955; McCullagh and Nelder, Generalized linear models, 1989; Spiegelhalter, Handling over-dispersion of performance indicators, 2005",
		},
		{
			ID: "moved", Title: "Moved by more than chance explains", Functions: []string{"ChangeInterval"},
			Text:    "Of what moved since a meeting, a measure with a control chart is told by that: its latest figure shows special cause the way it moved, and that of the meeting did not yet. Any other is told by the 95% interval of the change, made of the intervals of both figures; it is as much wider as the yearly figures before them scatter about their line by more than chance explains. Where the interval leaves out 0 the change is more than chance explains; chance alone puts about one measure in twenty there. Most children on a date are the same as on the date before, so that for them the test is a cautious one. Without a count and a denominator nothing can be told.",
			Formula: "lower end: change − √((later − its lower end)² + (upper end of the earlier − earlier)²); upper end likewise",
			Source:  "Newcombe, Interval estimation for the difference between independent proportions, 1998; Zou and Donner, Construction of confidence limits about effect measures, 2008",
		},
		{
			ID: "doubts", Title: "Doubts", Fields: []string{"warnings", "sentences"},
			Text: fmt.Sprintf("Warnings travel with the number: a count below %d, a percentage of fewer than %d, a value that does not follow from its count, neighbours without a value, figures withheld, a neighbour that alone draws the mean, a population estimate of an earlier year, a rate worked out here, an authority that was abolished, a council's figure that is not the published one, a figure that was restated, a definition that changed, a meeting since which nothing is known. Sentences say only what the comparison holds.", fewCount, fewWhole),
		},
	}
}

// chartMethods are of what stands in charts of its own.
func chartMethods() []Method {
	return []Method{
		{
			ID: "control", Title: "Control chart", Functions: []string{"XmR", "screened", "twoOfThree", "trendRuns", "assurance"},
			Text: fmt.Sprintf("A control chart tells a change from the ups and downs of every month. The limits stand at the mean plus and minus %g times the mean step from one figure to the next, steps of %g times that mean or more left out once. Special cause is a figure outside the limits, %d in a row that only rise or only fall, two of three near one limit, or %d in a row on one side of the mean; all else is common cause. Where somebody has recorded that the process changed, the limits begin anew and the reason is shown. With fewer than %d figures limits are not to be relied on. It is drawn of what happened in a period and of percentages, never of the number on a date, which is mostly the number of the month before and would raise false alarms.",
				limitsAt, outlyingAt, runLength, runLength, shortBelow),
			Formula: fmt.Sprintf("limits: mean ± %g × mean of |each figure − the one before|", limitsAt),
			Source:  "NHS England, Making Data Count; NHSRplotthedots 0.2.2; Nelson, Control charts for individual measurements, 1982",
		},
		{
			ID: "projection", Title: "Projection", Fields: []string{"projection"}, Functions: []string{"Project"},
			Text: fmt.Sprintf("A projection carries the latest %s to %s yearly figures on for up to %s years. Their average yearly change, which is the last figure less the first by the years between, goes on, half as large with each year ahead, because past trends have seldom lasted; where the latest %s years have a trend the other way, as after a peak, the sentence says so; the %d%% range, which four outcomes in five should fall in, is from the size of their yearly changes and widens with the years. Rates are projected on the scale of their logarithms and percentages on that of their log odds, so that no range goes below nothing or above all. It knows nothing of what the council plans. Tried on six measures' published figures of every authority from 2016 to 2025, such ranges held 76 to 92 in a hundred outcomes three years on, those of a straight line 44 to 71.",
				numeral(projectLeast), numeral(projectMost), numeral(projectAhead), numeral(trendPoints), rangePercent),
			Formula: "middle: latest × e^(average yearly change of the logarithm × (½ + ¼ + …)); range: latest × e^(± t × root mean square of the yearly changes × √years)",
			Source:  "Hyndman and Athanasopoulos, Forecasting: principles and practice, 3rd edition, 2021; Gardner and McKenzie, Forecasting trends in time series, 1985",
		},
		{
			ID: "scorecard", Title: "Scorecards: targets, ratings, direction of travel",
			Text:    "The current figure is the newest held, the council's own or published; the previous one is the latest of at least a month, six weeks, a quarter or a year before, as is chosen. A figure that meets its target is green. One that misses it by no more than the tolerance is amber, and one that misses it by more, or where no tolerance is set, is red; both are taken as they are shown. A target may be a number, a range, or the latest published figure of the statistical neighbours, the region or England, which is named with its date; who set it, the council or government, stands beside it. Without a target there is no rating. Better and worse say only which way the figure moved, not whether by more than chance. Commentary is the service's own; where it states a rating that the target does not bear out, or a number that the row does not hold, it is marked to be checked.",
			Formula: "missed by: figure − target, or target − figure where high is good; amber: missed by no more than the tolerance",
		},
		{
			ID: "representation", Title: "Over- and under-representation", Functions: []string{"Represent"},
			Text:    "A group's share of the children counted is divided by its share of all children aged 0 to 17: 2 is twice its share. It is over- or under-represented where the 95% interval of that ratio does not hold 1. A large group can never have a large ratio, so two groups are compared by their rates and not by their ratios.",
			Formula: "(children of the group ÷ all children counted) ÷ (the group's population ÷ population)",
			Source:  "California Child Welfare Indicators Project, disproportionality; Shaw and others, Measuring racial disparity in child welfare, 2008; Wilson, Probable inference, 1927",
		},
		{
			ID: "breakdown", Title: "Breakdowns",
			Text:    "A measure by categories is shown as the file gave it, never shared out from other figures. A share is of the total the same publisher gives, not of the sum of the categories; where the two differ by more than rounding to ten explains, the difference is told. A letter in place of a number says why there is none, as elsewhere. The shades go by fifths of the highest figure in the table; the small charts have one axis, from zero.",
			Formula: "share: category × 100 ÷ total",
		},
		{
			ID: "monthly", Title: "By month, year to date and twelve months",
			Text:    "A month is set beside the same month of the year before. The year to date is the sum from April, the twelve months that of the month and the eleven before it; neither is given where one of its months is missing or withheld, and months are never averaged. A percentage of several months is worked out from their numerators and denominators, where all are held. The twelve months' sum by the population gives a rate that is comparable with a published year's.",
			Formula: "sum of the months; rate: sum × 10,000 ÷ children aged 0 to 17",
		},
	}
}
