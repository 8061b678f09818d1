package importer

import (
	"strings"

	"bellwether/internal/stat"
)

// gap is where a measure lacks a figure that its layout gives in another row.
type gap struct {
	n     int
	first stat.Observation
}

// wholeness warns, once for each measure, where a layout gives a measure in
// several rows and one of them is missing.
func (r *reading) wholeness() {
	wanted := map[*stat.Origin]map[string][]stat.Part{}
	for of, o := range r.origins {
		wanted[o] = of.layout.itemParts()
	}
	gaps := map[string]*gap{}
	var order []string
	for _, o := range r.res.Observations {
		for _, part := range wanted[firstGiven(o).Origin][o.Measure] {
			if o.Part(part).Given() {
				continue
			}
			id := o.Measure + " " + string(part)
			if gaps[id] == nil {
				gaps[id], order = &gap{first: o}, append(order, id)
			}
			gaps[id].n++
		}
	}
	for _, id := range order {
		measure, part, _ := strings.Cut(id, " ")
		g := gaps[id]
		r.problem(stat.Warning, "half_observation", firstGiven(g.first).At, "%d observations of %s have no %s beside them, first %s, %s: the file gives both in rows of their own",
			g.n, measure, part, r.areaName(g.first.Area), g.first.Period.Label())
	}
}

// itemParts are the parts that rows of their own give, by measure.
func (l *layout) itemParts() map[string][]stat.Part {
	parts := map[string][]stat.Part{}
	for _, it := range l.Items {
		if it.Part != "" {
			parts[it.Measure] = append(parts[it.Measure], partFor(&it.measure, it.Part))
		}
	}
	return parts
}

// firstGiven is the first part that was given, the zero Figure if none.
func firstGiven(o stat.Observation) stat.Figure {
	for _, p := range stat.Parts {
		if f := o.Part(p); f.Given() {
			return *f
		}
	}
	return stat.Figure{}
}
