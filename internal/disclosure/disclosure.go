// Package disclosure keeps small counts of children from being read. It knows
// which of the council's own figures an audience may not see, and which others
// would give those away. It refuses to know where figures are kept, who is
// asking, or how anything is shown.
//
// A count from 1 to the measure's threshold is masked in every release, and so
// is each figure it could be worked out from. Where a percentage says how many
// of a group there are, those left of the group are such a count too: 39 of 41
// tells of the 2 who are not. See sums.go for what adds up to what, ties.go for
// what the counts of measures have to do with one another, solve.go and
// bounds.go for what follows from what is shown. What is masked is decided over
// all that the council ever published of a measure, so that no answer depends
// on the question.
package disclosure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"bellwether/internal/stat"
)

// Reader answers a query.
type Reader interface {
	Read(ctx context.Context, q stat.Query) (stat.Holding, error)
}

// Versions is where figures are read whole, with all that was said of each.
type Versions interface {
	Reader
	Releases(ctx context.Context, measure string) ([]stat.Date, error)
	History(ctx context.Context, key stat.Key) ([]stat.Observation, error)
}

// ErrMoving is that figures were stored each time these were to be masked.
var ErrMoving = errors.New("the figures changed while they were being read: try again")

// Source reads published figures as one audience may see them. It is safe for
// concurrent use, and keeps what it found out about one version of the data:
// make one for each audience and keep it until the settings change.
type Source struct {
	from   Versions
	cat    *stat.Catalogue
	rules  stat.Settings
	public bool

	mu      sync.Mutex
	version int64
	groups  map[string]*group // by measure
}

// New is the figures that from holds, for the public or for viewers who have
// signed in. Measures and areas are those of cat.
func New(from Versions, cat *stat.Catalogue, s stat.Settings, public bool) *Source {
	return &Source{from: from, cat: cat, rules: s, public: public}
}

// Read answers a query with what has been published. A masked figure has the
// mark "c", and neither number, text nor cell; its restatements and the
// projections made from it are left out. An audience that has anything masked
// gets no comments, which are written from what is not, no notes of projections,
// and of a change of a process only its day; the public no projections either.
// Nobody gets what was said of periods after the latest published.
func (d *Source) Read(ctx context.Context, q stat.Query) (stat.Holding, error) {
	q.Published = true
	for range tries {
		h, err := d.from.Read(ctx, q)
		if err != nil {
			return stat.Holding{}, err
		}
		still, err := d.said(ctx, &h)
		if err != nil {
			return stat.Holding{}, err
		}
		hides, err := d.hidden(ctx, q.Measures, h.Version)
		if err != nil {
			return stat.Holding{}, err
		}
		if still && hides != nil {
			hides.hide(&h)
			return h, nil
		}
	}
	return stat.Holding{}, ErrMoving
}

// History lists what was published of a key, by every publisher, as Read has
// it: one observation per release, the oldest first.
func (d *Source) History(ctx context.Context, key stat.Key) ([]stat.Observation, error) {
	for range tries {
		version, err := d.at(ctx)
		if err != nil {
			return nil, err
		}
		hides, err := d.hidden(ctx, []string{key.Measure}, version)
		if err != nil {
			return nil, err
		}
		out, err := d.published(ctx, key)
		if err != nil {
			return nil, err
		}
		if now, err := d.at(ctx); err != nil {
			return nil, err
		} else if hides != nil && now == version {
			hides.hide(&stat.Holding{Observations: out})
			return out, nil
		}
	}
	return nil, ErrMoving
}

// tries is how often figures may be stored meanwhile.
const tries = 8

func (d *Source) at(ctx context.Context) (int64, error) {
	h, err := d.from.Read(ctx, stat.Query{Published: true})
	return h.Version, err
}

// published is the history of a key without drafts.
func (d *Source) published(ctx context.Context, key stat.Key) ([]stat.Observation, error) {
	all, err := d.from.History(ctx, key)
	return slices.DeleteFunc(all, func(o stat.Observation) bool { return origin(&o).Draft }), err
}

// origin is that of the first part given.
func origin(o *stat.Observation) *stat.Origin {
	for _, p := range stat.Parts {
		if f := o.Part(p); f.Given() && f.Origin != nil {
			return f.Origin
		}
	}
	return &stat.Origin{}
}

// masks reports whether this audience has anything masked.
func (d *Source) masks() bool { return d.public || d.rules.MaskViewers }

// hidden is what is masked of some measures in one version of the data; nil
// where the data has another by now.
func (d *Source) hidden(ctx context.Context, measures []string, version int64) (hidings, error) {
	out := hidings{}
	if !d.masks() {
		return out, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.groups == nil || d.version != version {
		d.version, d.groups = version, grouped(d.cat.Measures())
	}
	for _, m := range measures {
		g := d.groups[m]
		if g == nil {
			g = &group{measures: []string{m}}
			d.groups[m] = g
		}
		if g.hides == nil {
			hides, err := d.decide(ctx, g)
			if err != nil {
				return nil, fmt.Errorf("mask the figures of %s: %w", m, err)
			}
			if now, err := d.at(ctx); err != nil || now != version {
				return nil, err
			}
			g.hides = hides
		}
		out[m] = g.hides
	}
	return out, nil
}

// hidings are the parts that are masked, by measure and key.
type hidings map[string]map[stat.Key]parts

// parts says which counts of an observation are masked. Its value is as soon
// as either is, for the three give one another.
type parts struct{ count, denominator bool }

func (p parts) has(part stat.Part) bool {
	switch part {
	case stat.PartCount:
		return p.count
	case stat.PartDenominator:
		return p.denominator
	}
	return p.count || p.denominator
}

func (h hidings) of(key stat.Key, publisher string) parts {
	if publisher != stat.Council {
		return parts{}
	}
	return h[key.Measure][key]
}

// hide masks what a holding says. Its observations are its own, the rest is
// shared with others.
func (h hidings) hide(held *stat.Holding) {
	var measure string // of a run of observations in key order
	var keys map[stat.Key]parts
	for i := range held.Observations {
		o := &held.Observations[i]
		if o.Measure != measure {
			measure, keys = o.Measure, h[o.Measure]
		}
		if len(keys) == 0 || o.Publisher() != stat.Council {
			continue
		}
		hides := keys[o.Key]
		for _, p := range stat.Parts {
			if f := o.Part(p); hides.has(p) && f.Known() {
				*f = stat.Figure{Mark: stat.Confidential, Text: stat.Confidential.Letter(), Origin: f.Origin}
			}
		}
	}
	held.Restated = without(held.Restated, func(r stat.Restatement) bool { return h.of(r.Key, r.Publisher).has(r.Part) })
	held.Projections = without(held.Projections, h.made)
}

// without is a list less what is dropped, a copy if anything is.
func without[T any](list []T, dropped func(T) bool) []T {
	if !slices.ContainsFunc(list, dropped) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), dropped)
}

// made reports whether a projection was made from a masked figure.
func (h hidings) made(p stat.Projection) bool {
	for key, hides := range h[p.Measure] {
		if key.Area == p.Area && key.Breakdown == "" && hides.has(stat.PartValue) && key.Period.Compare(p.Last) <= 0 {
			return true
		}
	}
	return false
}
