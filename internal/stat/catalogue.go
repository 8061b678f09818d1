package stat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
)

// Errors of a look-up; a caller may tell them apart.
var (
	ErrUnknown   = errors.New("not known")
	ErrAmbiguous = errors.New("ambiguous")
)

// England is the country's ONS code; Population the measure of children aged
// 0 to 17; London the region Inner and Outer London fall back on.
const (
	England    = "E92000001"
	London     = "E12000007"
	Population = "population_0_17"
)

// Catalogue knows every measure and area. It may grow while it is read: a
// file can bring measures and areas of its own.
type Catalogue struct {
	known atomic.Pointer[index]
	grow  sync.Mutex
}

// index is one state of a catalogue and never changes.
type index struct {
	measures []Measure
	areas    []Area
	measure  map[string]int
	area     map[string][]int
}

// NewCatalogue indexes measures and areas. It is an error for two measures to
// share a code or a name, or for two areas to share a code or a number.
func NewCatalogue(measures []Measure, areas []Area) (*Catalogue, error) {
	c := &Catalogue{}
	if err := c.set(measures, areas); err != nil {
		return nil, err
	}
	return c, nil
}

// Register adds measures and areas, or replaces those of the same code. With
// an error nothing changes.
func (c *Catalogue) Register(measures []Measure, areas []Area) error {
	c.grow.Lock()
	defer c.grow.Unlock()
	return c.set(
		replaced(c.Measures(), measures, func(m Measure) string { return m.Code }),
		replaced(c.Areas(), areas, func(a Area) string { return a.Code }))
}

// replaced is a copy of held with the added ones in place or at the end.
func replaced[T any](held, added []T, code func(T) string) []T {
	out, at := slices.Clone(held), map[string]int{}
	for i := range out {
		at[code(out[i])] = i
	}
	for _, v := range added {
		if i, ok := at[code(v)]; ok {
			out[i] = v
			continue
		}
		at[code(v)] = len(out)
		out = append(out, v)
	}
	return out
}

// Measures lists them in order. Nobody may change the slice.
func (c *Catalogue) Measures() []Measure { return c.known.Load().measures }

// Areas lists them in order. Nobody may change the slice.
func (c *Catalogue) Areas() []Area { return c.known.Load().areas }

func (c *Catalogue) set(measures []Measure, areas []Area) error {
	x := &index{measures: measures, areas: areas, measure: map[string]int{}, area: map[string][]int{}}
	for i, m := range measures {
		for _, n := range append([]string{m.Code, m.Name}, m.Aliases...) {
			if j, taken := x.measure[Fold(n)]; taken && j != i {
				return fmt.Errorf("measures %s and %s are both called %q", measures[j].Code, m.Code, n)
			}
			x.measure[Fold(n)] = i
		}
	}
	for i, a := range areas {
		for _, n := range append([]string{a.Code, a.Number}, a.OtherCodes...) {
			if n == "" {
				continue
			}
			if len(x.area[Fold(n)]) > 0 {
				return fmt.Errorf("%s and %s are both %q", areas[x.area[Fold(n)][0]].Name, a.Name, n)
			}
			x.area[Fold(n)] = []int{i}
		}
	}
	x.names()
	c.known.Store(x)
	return nil
}

// names indexes areas by name. A ward or another area that is not of the first
// levels is found by its name only where none of those is called the same.
func (x *index) names() {
	for i, a := range x.areas {
		for _, n := range append([]string{a.Name}, a.OtherNames...) {
			x.area[Fold(n)] = append(x.area[Fold(n)], i)
		}
	}
	lower := func(i int) bool {
		l := x.areas[i].Level
		return l != National && l != Regional && l != Authority
	}
	for f, found := range x.area {
		if len(found) > 1 && slices.ContainsFunc(found, func(i int) bool { return !lower(i) }) {
			x.area[f] = slices.DeleteFunc(found, lower)
		}
	}
}

// Fold makes names comparable: letters and digits in lower case, the rest one
// space, "&" as "and".
func Fold(s string) string {
	s = strings.ToLower(strings.ReplaceAll(s, "&", " and "))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '%'
	}), " ")
}

// Measure finds a measure by code, name or alias.
func (c *Catalogue) Measure(name string) (Measure, error) {
	x := c.known.Load()
	if i, ok := x.measure[Fold(name)]; ok {
		return x.measures[i], nil
	}
	return Measure{}, fmt.Errorf("measure %q: %w", name, ErrUnknown)
}

// Area finds an area by any of its codes, its number, or a name that only one
// area has. Otherwise the error is ErrUnknown, or ErrAmbiguous and names them.
func (c *Catalogue) Area(name string) (Area, error) {
	x := c.known.Load()
	found := x.area[Fold(name)]
	switch {
	case len(found) == 0:
		return Area{}, fmt.Errorf("area %q: %w", name, ErrUnknown)
	case len(found) == 1:
		return x.areas[found[0]], nil
	}
	var names []string
	for _, i := range found {
		names = append(names, fmt.Sprintf("%s (%s, %s)", x.areas[i].Name, x.areas[i].Number, x.areas[i].Code))
	}
	return Area{}, fmt.Errorf("area %q may be %s: %w, give its code or number", name, strings.Join(names, " or "), ErrAmbiguous)
}

// ByLevel lists the areas of a level in their order.
func (c *Catalogue) ByLevel(l Level) []Area {
	var out []Area
	for _, a := range c.Areas() {
		if a.Level == l {
			out = append(out, a)
		}
	}
	return out
}
