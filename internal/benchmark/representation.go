package benchmark

// Representation is a group's share of a measure beside its share of the
// population.
type Representation struct {
	Share         float64  // of the children counted, 0 to 1
	ShareInterval Interval // of Share
	Population    float64  // the group's share of the population, above 0 to 1
	Ratio         float64  // Share / Population: 2 is twice its share
	Interval      Interval // of Ratio
}

// Represent sets a group's share of a measure (group of all) against its
// share of the population (groupPopulation of population), all counts of
// children at one date.
//
// The ratio is that of the two shares, the disproportionality metric of the
// California Child Welfare Indicators Project. Its interval is Wilson's for
// the share of the measure, divided by the share of the population: a census
// or estimate of many thousands, which is taken as fixed. A group is over- or
// under-represented where that interval does not hold 1.
//
// The ratio cannot exceed 1 / Population, so a large group never has a large
// one: two groups are compared by their rates, not by their ratios (Shaw and
// others, "Measuring racial disparity in child welfare", Child Welfare 87,
// 2008).
//
// It is false where ProportionInterval is, and where the group has no
// population or more than there is.
func Represent(group, all, groupPopulation, population float64, c Confidence) (Representation, bool) {
	i, ok := ProportionInterval(group, all, c)
	if !ok || !positive(groupPopulation) || !positive(population) || groupPopulation > population {
		return Representation{}, false
	}
	r := Representation{Share: group / all, ShareInterval: i, Population: groupPopulation / population}
	r.Ratio, r.Interval = r.Share/r.Population, i.Times(1/r.Population)
	return r, r.Interval.known()
}

// Words are "over-represented", "under-represented" or, where the interval
// holds 1, "in line with its share of the population".
func (r Representation) Words() string {
	switch r.Interval.Against(1) {
	case Higher:
		return "over-represented"
	case Lower:
		return "under-represented"
	}
	return "in line with its share of the population"
}
