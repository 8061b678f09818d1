package stat

import (
	"errors"
	"fmt"
	"strings"
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

// Catalogue holds every measure and area that is known, in order.
type Catalogue struct {
	Measures []Measure
	Areas    []Area

	measures map[string]int
	areas    map[string][]int
}

// NewCatalogue indexes measures and areas. It is an error for two measures to
// share a code or a name, or for two areas to share a code or a number.
func NewCatalogue(measures []Measure, areas []Area) (*Catalogue, error) {
	c := &Catalogue{Measures: measures, Areas: areas, measures: map[string]int{}, areas: map[string][]int{}}
	for i, m := range measures {
		for _, n := range append([]string{m.Code, m.Name}, m.Aliases...) {
			if j, taken := c.measures[Fold(n)]; taken && j != i {
				return nil, fmt.Errorf("measures %s and %s are both called %q", measures[j].Code, m.Code, n)
			}
			c.measures[Fold(n)] = i
		}
	}
	for i, a := range areas {
		for _, n := range append([]string{a.Code, a.Number}, a.OtherCodes...) {
			if n == "" {
				continue
			}
			if len(c.areas[Fold(n)]) > 0 {
				return nil, fmt.Errorf("%s and %s are both %q", areas[c.areas[Fold(n)][0]].Name, a.Name, n)
			}
			c.areas[Fold(n)] = []int{i}
		}
	}
	for i, a := range areas {
		for _, n := range append([]string{a.Name}, a.OtherNames...) {
			c.areas[Fold(n)] = append(c.areas[Fold(n)], i)
		}
	}
	return c, nil
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
	if i, ok := c.measures[Fold(name)]; ok {
		return c.Measures[i], nil
	}
	return Measure{}, fmt.Errorf("measure %q: %w", name, ErrUnknown)
}

// Area finds an area by any of its codes, its number, or a name that only one
// area has. Otherwise the error is ErrUnknown, or ErrAmbiguous and names them.
func (c *Catalogue) Area(name string) (Area, error) {
	found := c.areas[Fold(name)]
	switch {
	case len(found) == 0:
		return Area{}, fmt.Errorf("area %q: %w", name, ErrUnknown)
	case len(found) == 1:
		return c.Areas[found[0]], nil
	}
	var names []string
	for _, i := range found {
		names = append(names, fmt.Sprintf("%s (%s, %s)", c.Areas[i].Name, c.Areas[i].Number, c.Areas[i].Code))
	}
	return Area{}, fmt.Errorf("area %q may be %s: %w, give its code or number", name, strings.Join(names, " or "), ErrAmbiguous)
}

// ByLevel lists the areas of a level in their order.
func (c *Catalogue) ByLevel(l Level) []Area {
	var out []Area
	for _, a := range c.Areas {
		if a.Level == l {
			out = append(out, a)
		}
	}
	return out
}
