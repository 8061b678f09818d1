package importer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// numerators finds percentages of more than the whole.
func (c *checking) numerators() []stat.Problem {
	var out []stat.Problem
	for i := range c.r.Observations {
		o := &c.r.Observations[i]
		if c.measure(o.Measure).Unit != stat.Percent || !o.Count.Known() || !o.Denominator.Known() || o.Count.Number <= o.Denominator.Number {
			continue
		}
		p := warning(codeNumerator, o.Count.At, "%s: %s of %s is more than the whole: correct the count or, in %s, the denominator",
			c.ofWhat(o), o.Count.Text, o.Denominator.Text, o.Denominator.At)
		p.Severity = stat.Error
		out = append(out, p)
	}
	return out
}

// dimension is the parts of one total.
type dimension struct {
	total stat.Key
	name  string // "placement"
}

// partition sums the parts.
type partition struct {
	dimension
	sum    float64
	n      int
	hidden int  // parts that are marked
	tens   bool // every part is a multiple of ten
	at     string
}

// parts compares the categories of each dimension with the total of the same
// key, in the file or else held. Hidden parts explain a sum that is too small,
// rounding to ten one that is a little off. Where most sums of a dimension are
// off, its categories overlap or are not all there are: that is told once.
func (c *checking) parts() []stat.Problem {
	type family struct{ measure, name string }
	groups, off := map[family]int{}, map[family][]stat.Problem{}
	var order []family
	for _, g := range c.partitions() {
		total, ok := c.totalOf(g.total)
		if !ok || g.n+g.hidden < 2 {
			continue
		}
		f := family{g.total.Measure, g.name}
		if groups[f] == 0 {
			order = append(order, f)
		}
		if groups[f]++; g.addsUp(total.Number) {
			continue
		}
		off[f] = append(off[f], warning(codeParts, g.at, "%s by %s: the %d parts come to %s, but the total in %s is %s: %s",
			c.ofWhat(&stat.Observation{Key: g.total}), g.name, g.n, stat.Format(g.sum, 0), cell1(total.At), total.Text, difference(total.Number-g.sum)))
	}
	var out []stat.Problem
	for _, f := range order {
		if n := len(off[f]); groups[f] >= 5 && n*2 > groups[f] {
			p := off[f][0]
			p.Severity, p.Code = stat.Note, codeOverlap
			p.Message = fmt.Sprintf("%s by %s: the categories do not add up to the total in %d of %d cases, so they overlap or are not all there are", c.measure(f.measure).Name, f.name, n, groups[f])
			out = append(out, p)
			continue
		}
		out = append(out, off[f]...)
	}
	return out
}

// cell1 is a place for a message; a total that is held has one in another file.
func cell1(at string) string { return cmp.Or(at, "what is held") }

func difference(d float64) string {
	if d > 0 {
		return stat.Format(d, 0) + " are missing"
	}
	return stat.Format(-d, 0) + " too many"
}

// partitions collects the parts of each total, in the file's order. Parts by
// two dimensions at once are left out.
func (c *checking) partitions() []*partition {
	at := map[dimension]*partition{}
	var out []*partition
	for i := range c.r.Observations {
		o := &c.r.Observations[i]
		name, _, ok := strings.Cut(o.Breakdown, ": ")
		fig := c.number(o)
		if !ok || strings.Contains(o.Breakdown, "; ") || !fig.Given() {
			continue
		}
		total := o.Key
		total.Breakdown = ""
		d := dimension{total, name}
		if at[d] == nil {
			at[d] = &partition{dimension: d, tens: true, at: fig.At}
			out = append(out, at[d])
		}
		at[d].add(fig)
	}
	return out
}

func (g *partition) add(f stat.Figure) {
	if !f.Known() {
		g.hidden++
		return
	}
	g.n++
	g.sum += f.Number
	g.tens = g.tens && inTens(f.Number)
}

func inTens(x float64) bool { return math.Mod(x, 10) == 0 }

// addsUp allows each rounded number to be five off.
func (g *partition) addsUp(total float64) bool {
	d := g.sum - total
	if g.tens && inTens(total) && total > 0 {
		d = math.Copysign(max(math.Abs(d)-5*float64(g.n+1), 0), d)
	}
	return d == 0 || g.hidden > 0 && d < 0
}

// totalOf is the number of a key in the file, or else held of the same
// publisher.
func (c *checking) totalOf(key stat.Key) (stat.Figure, bool) {
	if o := c.file[key]; o != nil {
		f := c.number(o)
		return f, f.Known()
	}
	if o := c.heldOf(key, c.r.Batch.Publisher); o != nil {
		f := c.number(o)
		f.At = ""
		return f, f.Known()
	}
	return stat.Figure{}, false
}

func (c *checking) heldOf(key stat.Key, publisher string) *stat.Observation {
	for _, o := range c.held[key] {
		if o.Publisher() == publisher {
			return o
		}
	}
	return nil
}

// regions finds a figure of England that is the sum of regions some of which
// lie within others: Inner and Outer London within London.
func (c *checking) regions() []stat.Problem {
	var out []stat.Problem
	for _, key := range c.englands() {
		england := c.number(c.file[key])
		all, top, n, tens := 0.0, 0.0, 0, inTens(england.Number)
		for _, a := range c.cat.ByLevel(stat.Regional) {
			f, ok := c.regional(key, a.Code)
			if !ok {
				continue
			}
			all, n, tens = all+f.Number, n+1, tens && inTens(f.Number)
			if _, within := c.regional(key, a.Region); !within {
				top += f.Number
			}
		}
		slack := 0.0
		if tens {
			slack = 5 * float64(n+1)
		}
		if all != top && math.Abs(england.Number-all) <= slack && math.Abs(england.Number-top) > slack {
			out = append(out, warning(codeRegions, england.At, "%s: %s is the sum of all %d regions, of which some lie within others: counted once, they come to %s",
				c.ofWhat(c.file[key]), england.Text, n, stat.Format(top, 0)))
		}
	}
	return out
}

// englands lists the keys of the file's known figures of England, in order.
func (c *checking) englands() []stat.Key {
	var out []stat.Key
	for key, o := range c.file {
		if key.Area == stat.England && c.number(o).Known() {
			out = append(out, key)
		}
	}
	slices.SortFunc(out, stat.Key.Compare)
	return out
}

// regional is the same figure of another area of the file.
func (c *checking) regional(key stat.Key, area string) (stat.Figure, bool) {
	key.Area = area
	o := c.file[key]
	if o == nil || area == "" {
		return stat.Figure{}, false
	}
	f := c.number(o)
	return f, f.Known()
}
