package importer

import (
	"errors"
	"strings"

	"bellwether/internal/stat"
)

// areaRef is what a row says of its area; any of it may be empty.
type areaRef struct{ code, number, name string }

// foundArea is a row's area, or what is wrong with what it says.
type foundArea struct {
	area     stat.Area
	fault    *complaint
	fromName bool // the complaint is of the name
	byNumber bool // the number is unknown
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
	by := ""
	for _, said := range []struct {
		text, what       string
		isName, isNumber bool
	}{{ref.code, "code", false, false}, {ref.number, "number", false, true}, {ref.name, "name", true, false}} {
		if said.text == "" || !said.isName && unsaid(said.text) {
			continue
		}
		a, err := r.im.cat.Area(said.text)
		switch {
		case found.area.Code == "" && err != nil:
			return foundArea{fault: unknownArea(said.text, err), fromName: said.isName, byNumber: said.isNumber}
		case found.area.Code == "":
			found.area, by = a, said.what
		case !r.agrees(found.area, said.text, a, err):
			return foundArea{fault: disagreement(by, found.area, said.text, a), fromName: said.isName}
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

func disagreement(what string, by stat.Area, text string, other stat.Area) *complaint {
	says := "\"" + text + "\""
	if other.Code != "" {
		says += ", which is " + other.Name + " (" + other.Code + ")"
	}
	return &complaint{"area_mismatch", "the row's " + what + " is that of " + by.Name + " (" + by.Code + "), but it also says " + says + ": correct one of the two"}
}

// notThen is what is wrong with a figure of an area in a period no day of which
// it existed on.
func (r *reading) notThen(a stat.Area, p stat.Period) *complaint {
	switch {
	case !a.Began.IsZero() && p.End.Before(a.Began):
		return &complaint{"area_not_then", a.Name + " (" + a.Code + ") began on " + a.Began.Long() + ", after " + p.Label() + r.instead(a.Predecessors)}
	case !a.Ended.IsZero() && a.Ended.Before(p.Start()):
		return &complaint{"area_not_then", a.Name + " (" + a.Code + ") ended on " + a.Ended.Long() + ", before " + p.Label() + r.instead(a.Successors)}
	}
	return nil
}

// instead names the areas a figure may be of.
func (r *reading) instead(codes []string) string {
	var names []string
	for _, code := range codes {
		names = append(names, r.areaName(code)+" ("+code+")")
	}
	if len(names) == 0 {
		return ": correct the area or the period"
	}
	return ": correct the period, or the area if the figure is of " + strings.Join(names, " or ")
}

// outsideLife tells of a figure of an area that was not there then, and says
// whether it is kept: a publisher's is, for it may restate by later borders, and is
// told of once for each area and period.
func (t *table) outsideLife(fault complaint, fig stat.Figure, col, row int) bool {
	if t.layout.Publisher == stat.Council {
		for _, c := range []int{t.number, t.code, t.name, t.area} {
			if c >= 0 {
				col = c
			}
		}
		t.complain(fault, col, row)
		return false
	}
	if fig.Known() && t.layout.Publisher == stat.DfE && !t.told[fault.message] {
		t.told[fault.message] = true
		t.problem(stat.Warning, fault.code, t.at(col, row), "%s", fault.message)
	}
	return true
}
