package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// originWords say where a figure was printed: "DfE, b1_children_in_need.csv
// R120, October 2025".
func originWords(f stat.Figure) string {
	if f.Origin == nil {
		return ""
	}
	place := strings.TrimSpace(f.Origin.File + " " + f.At)
	parts := []string{whoseWords(f.Origin.Publisher, f)}
	for _, p := range []string{place, f.Origin.Released.Long()} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	out := strings.Join(parts, ", ")
	if f.Derived {
		return "worked out here from the count: " + out
	}
	return out
}

func publisherWords(p string) string {
	if p == stat.Council {
		return "the council's own"
	}
	return p
}

// credit gathers what a panel's figures came from.
type credit struct {
	sources []source
	derived bool
	with    benchmark.Neighbours // of the last that were averaged
	least   int
	most    int
}

type source struct {
	publisher string
	released  stat.Release
	sample    bool
	draft     bool
}

// follows reports whether only the release is another.
func (s source) follows(o source) bool {
	o.released = s.released
	return s == o
}

func (s source) words() string {
	out := publisherWords(s.publisher)
	if s.publisher == stat.Council && s.sample {
		out += " (sample figures)"
	}
	if s.draft {
		out += draftEnd
	}
	return out
}

func (c *credit) figure(f stat.Figure) {
	if f.Origin == nil {
		return
	}
	c.derived = c.derived || f.Derived
	src := source{f.Origin.Publisher, f.Origin.Released, f.Origin.Sample, f.Origin.Draft}
	if !slices.Contains(c.sources, src) {
		c.sources = append(c.sources, src)
	}
}

func (c *credit) neighbours(n benchmark.Neighbours) {
	if n.N == 0 {
		return
	}
	if c.most == 0 || n.N < c.least {
		c.least = n.N
	}
	c.most, c.with = max(c.most, n.N), n
}

// words is a chart's source line.
func (c *credit) words() string {
	slices.SortFunc(c.sources, func(a, b source) int {
		return cmp.Or(order(a.publisher == stat.Council)-order(b.publisher == stat.Council),
			strings.Compare(a.publisher, b.publisher), order(a.draft)-order(b.draft), cmp.Compare(a.released, b.released))
	})
	var parts []string
	for i, src := range c.sources {
		when := src.released.Long()
		if i > 0 && src.follows(c.sources[i-1]) && when != "" {
			parts[len(parts)-1] += " and " + when
			continue
		}
		parts = append(parts, src.words())
		if when != "" {
			parts[len(parts)-1] += ", " + when
		}
	}
	if c.derived {
		parts = append(parts, "some rates worked out here with ONS mid-year population estimates")
	}
	if c.most > 0 {
		of := fmt.Sprint(c.most)
		if c.least < c.most {
			of = fmt.Sprintf("%d to %d", c.least, c.most)
		}
		switch {
		case c.with.Group == "":
			parts = append(parts, fmt.Sprintf("neighbours: unweighted mean of the %s with a figure, %s model", of, c.with.Model))
		case c.with.Others:
			parts = append(parts, fmt.Sprintf("%s: unweighted mean of the %s others with a figure", c.with.Group, of))
		default:
			parts = append(parts, fmt.Sprintf("%s: unweighted mean of the %s with a figure", c.with.Group, of))
		}
	}
	return benchmark.UpperFirst(strings.Join(parts, "; "))
}
