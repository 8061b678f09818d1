package importer

import (
	"errors"

	"bellwether/internal/stat"
)

// areaRef is what a row says of its area; any of it may be empty.
type areaRef struct{ code, number, name string }

// foundArea is a row's area, or what is wrong with what it says.
type foundArea struct {
	area     stat.Area
	fault    *complaint
	fromName bool // the complaint is of the name
}

const areaRemedy = "give an ONS code such as E06000002, a DfE number such as 806, or the authority's full name"

// area finds an area by its code, else its number, else its name; what else
// the row says must agree with that.
func (r *reading) area(ref areaRef) foundArea {
	found, ok := r.areas[ref]
	if !ok {
		found = r.findArea(ref)
		r.areas[ref] = found
	}
	return found
}

func (r *reading) findArea(ref areaRef) foundArea {
	var found foundArea
	for _, said := range []struct {
		text   string
		isName bool
	}{{ref.code, false}, {ref.number, false}, {ref.name, true}} {
		if said.text == "" || !said.isName && unsaid(said.text) {
			continue
		}
		a, err := r.im.cat.Area(said.text)
		switch {
		case found.area.Code == "" && err != nil:
			return foundArea{fault: unknownArea(said.text, err), fromName: said.isName}
		case found.area.Code == "":
			found.area = a
		case !r.agrees(found.area, said.text, a, err):
			return foundArea{fault: disagreement(found.area, said.text, a), fromName: said.isName}
		}
	}
	if found.area.Code == "" {
		found.fault = &complaint{"missing_area", "the row names no area: " + areaRemedy}
	}
	return found
}

// unsaid is DfE's way of leaving a location code out.
func unsaid(code string) bool { _, mark := stat.ParseMark(code); return mark }

// agrees is lenient with a name that nobody has, or that two have: the code
// has said which area is meant.
func (r *reading) agrees(area stat.Area, text string, a stat.Area, err error) bool {
	if errors.Is(err, stat.ErrAmbiguous) {
		for _, n := range append([]string{area.Name}, area.OtherNames...) {
			if stat.Fold(n) == stat.Fold(text) {
				return true
			}
		}
		return false
	}
	return err != nil || a.Code == area.Code
}

func unknownArea(text string, err error) *complaint {
	if errors.Is(err, stat.ErrAmbiguous) {
		return &complaint{"ambiguous_area", err.Error()}
	}
	return &complaint{"unknown_area", "\"" + text + "\" is not an area that is known: " + areaRemedy}
}

func disagreement(by stat.Area, text string, other stat.Area) *complaint {
	says := "\"" + text + "\""
	if other.Code != "" {
		says += ", which is " + other.Name + " (" + other.Code + ")"
	}
	return &complaint{"area_mismatch", "the row's code is that of " + by.Name + " (" + by.Code + "), but it also says " + says + ": correct one of the two"}
}
