package dashboard

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
)

// leftovers begin the names of the parts that are read last, in this order.
var leftovers = []string{"other", "any other", "mixed or other", "not stated", "not recorded", "not known", "unknown", "missing", "none recorded"}

func leftover(name string) int {
	f := stat.Fold(name)
	return slices.IndexFunc(leftovers, func(l string) bool { return f == l || strings.HasPrefix(f, l+" ") })
}

var (
	bandNumber = regexp.MustCompile(`\d+(?:\.\d+)?`)
	bandUnit   = regexp.MustCompile(`day|week|month|year`)
	bandDays   = map[string]float64{"day": 1, "week": 7, "month": 30.4, "year": 365, "": 365}
)

// band is where a name such as "10 to 15", "Under 1 year" or "2 years or more"
// stands on the scale it is of.
func band(name string) (float64, bool) {
	f := strings.ToLower(strings.ReplaceAll(name, "_", " "))
	at := bandNumber.FindStringIndex(f)
	if at == nil || at[0] > 20 {
		return 0, false
	}
	x, _ := strconv.ParseFloat(f[at[0]:at[1]], 64)
	x *= bandDays[bandUnit.FindString(f[at[1]:])]
	switch before := strings.TrimSpace(f[:at[0]]); {
	case strings.HasSuffix(before, "under"), strings.HasSuffix(before, "less than"), strings.HasSuffix(before, "below"), before == "<":
		x -= 0.1
	case strings.HasSuffix(before, "over"), strings.HasSuffix(before, "more than"), strings.HasSuffix(before, "above"), before == ">":
		x += 0.1
	}
	return x, true
}

// arrangeParts puts bands of age or time in their own order and any other
// parts highest first; what is left over comes last.
func arrangeParts(names []string, figure func(name string) float64) {
	banded := 0
	for _, n := range names {
		if _, ok := band(n); ok {
			banded++
		}
	}
	scale := 2*banded > len(names)
	slices.SortFunc(names, func(a, b string) int {
		if c := cmp.Compare(leftover(a), leftover(b)); c != 0 {
			return c
		}
		if scale {
			x, xok := band(a)
			y, yok := band(b)
			return cmp.Or(order(!xok)-order(!yok), cmp.Compare(x, y), strings.Compare(a, b))
		}
		return cmp.Or(cmp.Compare(figure(b), figure(a)), strings.Compare(a, b))
	})
}
