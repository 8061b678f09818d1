package dashboard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
)

// DefaultModel is the neighbour model compared with unless another is chosen.
const DefaultModel = "2025"

// What Selection.Show may be.
const (
	ShowValue = "value"
	ShowCount = "count"
)

// What Selection.Axis may be, but for "", which starts an axis at zero unless
// that would press the figures into the top of the chart.
const (
	AxisZero = "zero"
	AxisData = "data"
)

// LastMeeting is the Selection.Since that stands for the latest meeting there
// has been.
const LastMeeting = "last"

// ChoiceError is a choice that cannot be followed; Field is its name in the
// query string.
type ChoiceError struct {
	Field, Value string
	Err          error
}

func (e *ChoiceError) Error() string { return e.Err.Error() }
func (e *ChoiceError) Unwrap() error { return e.Err }

// Select reads the choices of a query string, each by its name in Selection:
// area by code, number or name, neighbours by model, Region or group, show,
// the first and last reporting year, since by an ISO date or LastMeeting,
// the reporting year to project to, a scorecard's cadence, the axis of line
// charts, a neighbour to bring out (an area) and the panels gathered. An empty choice is the default one: the
// home area, DefaultModel, ShowValue, all years, no meeting, no year. Whether
// there is such a model, group or meeting is seen when figures are read. Every
// error is a *ChoiceError.
func (b *Boards) Select(get func(name string) string) (Selection, error) {
	sel := Selection{Area: b.home.Code, Neighbours: DefaultModel, Show: ShowValue}
	if area := get("area"); area != "" {
		a, err := b.authority(area)
		if err != nil {
			return Selection{}, &ChoiceError{"area", area, err}
		}
		sel.Area = a.Code
	}
	if with := get("neighbours"); with != "" {
		sel.Neighbours = with
	}
	switch show := get("show"); show {
	case "", ShowValue:
	case ShowCount:
		sel.Show = ShowCount
	default:
		return Selection{}, &ChoiceError{"show", show, fmt.Errorf("show %q: %w, choose %s or %s", show, stat.ErrUnknown, ShowValue, ShowCount)}
	}
	for _, y := range []struct {
		field string
		into  *int
	}{{"from", &sel.From}, {"to", &sel.To}, {"project", &sel.Project}} {
		var err error
		if *y.into, err = year(get(y.field)); err != nil {
			return Selection{}, &ChoiceError{y.field, get(y.field), err}
		}
	}
	if sel.From > 0 && sel.To > 0 && sel.From > sel.To {
		return Selection{}, &ChoiceError{"from", get("from"), fmt.Errorf("the years run from %d back to %d: give the earlier year first", sel.From, sel.To)}
	}
	if sel.Since = get("since"); sel.Since != "" && sel.Since != LastMeeting {
		if _, err := stat.ParseDate(sel.Since); err != nil {
			return Selection{}, &ChoiceError{"since", sel.Since, fmt.Errorf("%w, nor %q for the last meeting", err, LastMeeting)}
		}
	}
	if sel.Cadence = get("cadence"); sel.Cadence != "" && !slices.Contains(cadences, sel.Cadence) {
		return Selection{}, &ChoiceError{"cadence", sel.Cadence, fmt.Errorf("cadence %q: %w, choose %s", sel.Cadence, stat.ErrUnknown, strings.Join(cadences, ", "))}
	}
	if err := b.look(get, &sel); err != nil {
		return Selection{}, err
	}
	return sel, nil
}

// year reads a reporting year, 0 for none.
func year(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	y, err := strconv.Atoi(s)
	if err != nil || len(s) != 4 || y < 1900 {
		return 0, fmt.Errorf("%q is not a year such as 2025", s)
	}
	return y, nil
}

// authority finds a local authority; a region or the country is not one.
func (b *Boards) authority(name string) (stat.Area, error) {
	a, err := b.cat.Area(name)
	if err != nil {
		return a, err
	}
	if a.Level != stat.Authority {
		return a, fmt.Errorf("%s is not a local authority: %w as an area to compare", a.Name, stat.ErrUnknown)
	}
	return a, nil
}

// today is the day by the Boards' clock.
func (b *Boards) today() stat.Date { return stat.DateOf(b.Now()) }

// settle checks the choices that only what is held can answer, and names them
// as they are held.
func (b *Boards) settle(f *figures, a stat.Area, sel *Selection) error {
	with, err := f.peers(sel.Neighbours, a)
	if err != nil {
		return err
	}
	sel.Neighbours = with.choice
	if sel.Since == LastMeeting {
		last := f.meetings(b.today())
		if len(last) == 0 {
			return &ChoiceError{"since", LastMeeting, fmt.Errorf("the last meeting: %w, none up to %s is kept", stat.ErrUnknown, b.today().Long())}
		}
		sel.Since = last[0].Value
	}
	return nil
}

// meetings are those there have been by a day, latest first; several on one
// day are one.
func (f *figures) meetings(by stat.Date) []Choice {
	var out []Choice
	for _, m := range f.said.Meetings {
		if by.Before(m.Date) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Value == m.Date.String() {
			out[n-1].Label += " and " + m.Name
			continue
		}
		out = append(out, Choice{m.Date.String(), m.Date.Long() + ", " + m.Name})
	}
	return out
}

// meeting is the day that changes are told from, zero for none, and the name of
// the meeting held on it.
func (f *figures) meeting(since string) (stat.Date, string) {
	day, err := stat.ParseDate(since)
	if err != nil {
		return stat.Date{}, ""
	}
	var names []string
	for _, m := range f.said.Meetings {
		if m.Date == day {
			names = append(names, m.Name)
		}
	}
	return day, strings.Join(names, " and ")
}
