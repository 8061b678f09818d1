package benchmark

import (
	"slices"

	"bellwether/internal/stat"
)

// Input is what one comparison is made of. Published and own figures stay
// apart: the council's own never enter a comparison with other areas.
type Input struct {
	Measure     stat.Measure
	Area        stat.Area
	Period      stat.Period
	Model       string                      // "2025"; of a group its name: "region", "north-east"
	Group       string                      // title of a group that Neighbours are of, "North East authorities"; "" of a model
	Member      bool                        // the area is one of that group; Neighbours are the others
	Neighbours  []stat.Area                 // closest first; none where the area is not in the model
	Regions     []stat.Area                 // in order of preference: the first with a value is taken
	England     stat.Area                   //
	Authorities []stat.Area                 // everyone to be ranked among
	Figures     map[string]stat.Observation // by area code, all of the Period
	Earlier     []stat.Observation          // the area's, from the same publisher, oldest first
	Own         []stat.Observation          // the council's own, oldest first
	Since       stat.Date                   // of a meeting, zero for none
	Meeting     string                      // its name
	Restated    []stat.Restatement          // of the area, in key order
	Whole       stat.Figure                 // of a percentage without a denominator: how many it is of, as another measure has it
}

// here is the area's own figure of the period.
func (in Input) here() stat.Observation {
	o := in.Figures[in.Area.Code]
	o.Period = in.Period
	return o
}

// alone reports whether nobody else has figures of the measure.
func (in Input) alone() bool {
	return len(in.Authorities) == 0 && len(in.Neighbours) == 0 && in.Group == ""
}

// Comparable reports whether areas of different size can be set side by side:
// rates, percentages and averages can, plain numbers cannot.
func Comparable(m stat.Measure) bool { return m.Unit != stat.Number || m.Denominator != "" }

// Compare sets the area's figure of the period beside the others. It never
// fails: what is not there is nil, and the warnings say why.
func Compare(in Input) Comparison {
	here := in.Figures[in.Area.Code]
	c := Comparison{
		Measure:     in.Measure.Code,
		Area:        in.Area,
		Period:      in.Period.End.String(),
		Label:       in.Period.Label(),
		Count:       here.Count.Float(),
		CountMark:   here.Count.Mark.Letter(),
		Denominator: here.Denominator.Float(),
		Value:       here.Value.Float(),
		Mark:        here.Value.Mark.Letter(),
		Derived:     here.Value.Derived,
		Region:      in.region(),
		England:     in.place(in.England),
		Change:      in.change(here),
		Latest:      in.latest(),
		Meeting:     in.sinceMeeting(here),
	}
	c.Neighbours = Neighbours{Model: in.Model, Group: in.Group, Others: in.Member, Members: []Place{}}
	for _, a := range in.Neighbours {
		c.Neighbours.Members = append(c.Neighbours.Members, in.place(a))
	}
	c.Quartiles = []float64{}
	if Comparable(in.Measure) {
		c.Neighbours.summarise()
		c.standing(in.values())
	}
	c.judge(in)
	c.Sentences = c.sentences(in)
	c.Warnings = c.warnings(in)
	return c
}

// standing ranks the value among all values and finds its quarter.
func (c *Comparison) standing(all []float64) {
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	c.Quartiles = []float64{quantile(all, 0.25), quantile(all, 0.5), quantile(all, 0.75)}
	if c.Value != nil && slices.Contains(all, *c.Value) {
		c.Rank = ptr(rank(*c.Value, all))
		c.Quartile = ptr(quarter(*c.Value, c.Quartiles))
	}
}

// values are those of every authority that has one.
func (in Input) values() []float64 {
	var out []float64
	for _, a := range in.Authorities {
		if f := in.Figures[a.Code].Value; f.Known() {
			out = append(out, f.Number)
		}
	}
	return out
}

func (in Input) place(a stat.Area) Place {
	f := in.Figures[a.Code].Value
	return Place{Code: a.Code, Number: a.Number, Name: a.Name, Value: f.Float(), Mark: f.Mark.Letter()}
}

// region is the first of the regions with a value, or else the first.
func (in Input) region() Place {
	for _, a := range in.Regions {
		if p := in.place(a); p.Value != nil {
			return p
		}
	}
	if len(in.Regions) > 0 {
		return in.place(in.Regions[0])
	}
	return Place{}
}

// change is from the figure a year before, or else from the latest earlier
// one of the same span; nil where either value is missing.
func (in Input) change(here stat.Observation) *Change {
	if !here.Value.Known() {
		return nil
	}
	var from *stat.Observation
	for i, o := range in.Earlier {
		if !o.Value.Known() || o.Period.Span != in.Period.Span || o.Period.Compare(in.Period) >= 0 {
			continue
		}
		from = &in.Earlier[i]
		if in.Period.Consecutive(o.Period, stat.Year) {
			break
		}
	}
	if from == nil {
		return nil
	}
	here.Period = in.Period
	return ptr(changeOf(*from, here))
}

// latest is the council's last own figure, if it is of a later day.
func (in Input) latest() *Latest {
	for _, o := range slices.Backward(in.Own) {
		if !in.Period.End.Before(o.Period.End) {
			return nil
		}
		if o.Count.Known() || o.Value.Known() {
			return &Latest{
				Period: o.Period.End.String(), Label: o.Period.Label(),
				Count: o.Count.Float(), Value: o.Value.Float(),
				Mark: o.Value.Mark.Letter(), Derived: o.Value.Derived,
			}
		}
	}
	return nil
}
