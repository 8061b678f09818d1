package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// longestMine is the most characters the IDs of gathered panels may take.
const longestMine = 1500

// look reads the choices of how charts are drawn and what was gathered.
func (b *Boards) look(get func(name string) string, sel *Selection) error {
	switch sel.Axis = get("axis"); sel.Axis {
	case "", AxisZero, AxisData:
	default:
		return &ChoiceError{"axis", sel.Axis, fmt.Errorf("axis %q: %w, choose %s or %s", sel.Axis, stat.ErrUnknown, AxisZero, AxisData)}
	}
	if name := get("highlight"); name != "" {
		a, err := b.authority(name)
		if err != nil {
			return &ChoiceError{"highlight", name, err}
		}
		sel.Highlight = a.Code
	}
	if sel.Mine = get("mine"); len(sel.Mine) > longestMine {
		return &ChoiceError{"mine", sel.Mine, fmt.Errorf("the list of panels is longer than %d characters", longestMine)}
	}
	return nil
}

// look lets charts be drawn as the selection has it, and lists the neighbours
// that they can bring out, with the one that was chosen.
func (v *View) look(fs *figures) {
	there := map[string]string{}
	marked := func(role, code, name string) bool {
		if role != RoleNeighbour || code == "" {
			return false
		}
		there[code] = name
		return code == v.Selection.Highlight
	}
	for i := range v.Panels {
		p := &v.Panels[i]
		if p.Trend != nil || p.Control != nil || p.Ahead != nil {
			p.Axis = v.Selection.Axis
		}
		if p.Trend != nil {
			for j := range p.Trend.Lines {
				l := &p.Trend.Lines[j]
				l.Marked = marked(l.Role, l.Code, l.Name)
			}
		}
		if p.Bars != nil {
			for j := range p.Bars.Bars {
				bar := &p.Bars.Bars[j]
				bar.Marked = marked(bar.Role, bar.Code, bar.Name)
			}
		}
	}
	if code := v.Selection.Highlight; code != "" && len(there) > 0 && there[code] == "" {
		there[code] = fs.area(code).Name + " (not among these)"
	}
	for code, name := range there {
		v.Highlights = append(v.Highlights, Choice{code, name})
	}
	slices.SortFunc(v.Highlights, func(a, b Choice) int { return strings.Compare(a.Label, b.Label) })
}

// closest are the codes of the area and the first few it is compared with.
func (s *subject) closest(n int) []string {
	out := []string{s.area.Code}
	for _, a := range s.with.areas[:min(n, len(s.with.areas))] {
		out = append(out, a.Code)
	}
	return out
}
