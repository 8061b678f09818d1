package disclosure

import (
	"context"
	"slices"
	"time"

	"bellwether/internal/stat"
)

// place is what something is said of.
type place struct{ measure, area string }

// said leaves of what the council says what this audience may read, and reports
// whether the data stood still meanwhile. Lists are shared with others, and so
// are copied before they are changed.
func (d *Source) said(ctx context.Context, h *stat.Holding) (still bool, err error) {
	if d.masks() {
		h.Comments, h.Projections, h.Rebases = nil, noteless(h.Projections), wordless(h.Rebases)
	}
	if d.public {
		h.Projections = nil
	}
	ends, version, err := d.ends(ctx, h)
	if err != nil || version != h.Version {
		return false, err
	}
	h.Projections = without(h.Projections, func(p stat.Projection) bool {
		return ends[place{p.Measure, p.Area}].Before(p.Last.End)
	})
	h.Rebases = without(h.Rebases, func(r stat.Rebase) bool {
		return ends[place{r.Measure, r.Area}].Before(r.From)
	})
	return true, nil
}

// wordless are changes of a process without what was said of them, or by whom.
func wordless(rebases []stat.Rebase) []stat.Rebase {
	out := slices.Clone(rebases)
	for i := range out {
		out[i].Reason, out[i].By, out[i].At = "", "", time.Time{}
	}
	return out
}

// noteless are projections without what was noted of them.
func noteless(projections []stat.Projection) []stat.Projection {
	out := slices.Clone(projections)
	for i := range out {
		out[i].Note = ""
	}
	return out
}

// ends are the last days of what is published, of all that a holding has a
// projection or a change of a process of, and the version of the data. What is
// said of days after that was said of a draft.
func (d *Source) ends(ctx context.Context, h *stat.Holding) (map[place]stat.Date, int64, error) {
	q := stat.Query{Published: true}
	for _, p := range h.Projections {
		q.Measures, q.Areas = append(q.Measures, p.Measure), append(q.Areas, p.Area)
	}
	for _, r := range h.Rebases {
		q.Measures, q.Areas = append(q.Measures, r.Measure), append(q.Areas, r.Area)
	}
	if q.Measures == nil {
		return nil, h.Version, nil
	}
	slices.Sort(q.Measures)
	slices.Sort(q.Areas)
	q.Measures, q.Areas = slices.Compact(q.Measures), slices.Compact(q.Areas)
	held, err := d.from.Read(ctx, q)
	ends := map[place]stat.Date{}
	for _, o := range held.Observations {
		if at := (place{o.Measure, o.Area}); o.Breakdown == "" && ends[at].Before(o.Period.End) {
			ends[at] = o.Period.End
		}
	}
	return ends, held.Version, err
}
