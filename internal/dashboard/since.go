package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// Since lays out what moved since a meeting, of every measure the area has
// figures of, with one read of src: a panel for each part there is something
// in. Without a meeting in sel it is the last there was; where there was none,
// the View has no panels and its Selection no Since. The error is a
// *ChoiceError for an area or neighbours there are none of.
func (b *Boards) Since(ctx context.Context, src Source, sel Selection) (*View, error) {
	area, err := b.authority(cmp.Or(sel.Area, b.home.Code))
	if err != nil {
		return nil, &ChoiceError{"area", sel.Area, err}
	}
	sel.Area, sel.Neighbours, sel.Show = area.Code, cmp.Or(sel.Neighbours, DefaultModel), ShowValue
	var codes []string
	for _, m := range b.cat.Measures() {
		codes = append(codes, m.Code)
	}
	fs, err := b.read(ctx, src, stat.Query{Areas: []string{area.Code}}, codes...)
	if err != nil {
		return nil, err
	}
	meetings := fs.meetings(b.today())
	sel.Since = cmp.Or(sel.Since, LastMeeting)
	if sel.Since == LastMeeting && len(meetings) == 0 {
		sel.Since = ""
	}
	if err := b.settle(fs, area, &sel); err != nil {
		return nil, err
	}
	v := &View{
		Name: "since", Title: "Since the last meeting", Path: "/since", Area: area, Selection: sel,
		Models: fs.whom(area), Meetings: meetings, Version: fs.version, Panels: []Panel{}, Warnings: []string{},
	}
	v.tellMoves(fs, b.today())
	v.close(fs)
	return v, nil
}

// tellMoves fills a View of what moved since its meeting.
func (v *View) tellMoves(fs *figures, today stat.Date) {
	day, name := fs.meeting(v.Selection.Since)
	if day.IsZero() {
		v.Lead = "No meeting is kept that changes could be told from."
		return
	}
	v.Title = "Since " + day.Long()
	if name != "" {
		v.Title = "Since the meeting of " + day.Long()
	}
	if today.Before(day) {
		v.Warnings = append(v.Warnings, fmt.Sprintf("%s is yet to come, so no figure can be newer.", day.Long()))
	}
	parts := map[string][]Move{}
	credits := map[string]*credit{}
	for _, m := range fs.cat.Measures() {
		s := fs.series(m, v.Area, v.Selection)
		if m.Code == stat.Population || s == nil {
			continue // it is what rates are of, not what a service does
		}
		cr := &credit{}
		if part, move := s.move(day, cr); part != "" {
			parts[part] = append(parts[part], move)
			if credits[part] == nil {
				credits[part] = &credit{}
			}
			credits[part].join(cr)
			v.warnOf(s, move)
		}
	}
	for _, part := range movedParts {
		if moves := parts[part]; len(moves) > 0 {
			if part != MovedNot && part != MovedNone {
				slices.SortStableFunc(moves, moreNotable)
			}
			v.Panels = append(v.Panels, movedPanel(part, moves, credits[part], day))
			if w := byChance(parts); part == MovedBeyond && w != "" {
				v.Panels[0].Warnings = []string{w}
			}
		}
	}
	v.Lead = movedLead(v.Area, name, parts)
}

var movedParts = []string{MovedBeyond, MovedChance, MovedLate, MovedNot, MovedNone}

// series is a measure of an area for its own past alone, nil where nothing is
// held of it.
func (f *figures) series(m stat.Measure, a stat.Area, sel Selection) *subject {
	sel.From, sel.To = 0, 0
	s := &subject{f: f, m: m, area: a, sel: sel, own: f.own[m.Code][a.Code], at: -1}
	s.span = series(m, f.published[m.Code])
	for p, areas := range f.published[m.Code] {
		if _, ok := areas[a.Code]; ok && s.main(p) {
			s.periods = append(s.periods, p)
		}
	}
	if s.local = len(s.periods) == 0; s.local && len(s.own) == 0 {
		return nil
	}
	slices.SortFunc(s.periods, stat.Period.Compare)
	s.periods = fill(s.periods, s.span)
	return s
}

// join adds another's sources.
func (c *credit) join(o *credit) {
	c.derived = c.derived || o.derived
	for _, src := range o.sources {
		if !slices.Contains(c.sources, src) {
			c.sources = append(c.sources, src)
		}
	}
}

// warnOf says once of the page that a rate which moved rests on the
// population of an earlier year.
func (v *View) warnOf(s *subject, m Move) {
	for _, o := range s.own {
		if o.Period.End.String() != m.To.Period || !council(m.Whose) {
			continue
		}
		if year := s.f.provisional(o); year > 0 {
			w := provisionalWarning("from the council's own numbers", year)
			if !slices.Contains(v.Warnings, w) {
				v.Warnings = append(v.Warnings, w)
			}
		}
	}
}

// moreNotable puts what is more than chance explains first, then the larger
// change: of percentages by points, of anything else by per cent.
func moreNotable(a, b Move) int {
	if a.Beyond != b.Beyond {
		if a.Beyond {
			return -1
		}
		return 1
	}
	return cmp.Compare(b.size(), a.size())
}

func (m Move) size() float64 {
	switch {
	case m.Absolute == nil:
		return 0
	case m.Unit == stat.Percent.Words():
		return math.Abs(*m.Absolute)
	case m.Percent == nil: // from 0
		return 100
	}
	return math.Abs(*m.Percent)
}

// movedTitles and movedWords are of the parts.
var (
	movedTitles = map[string]string{
		MovedBeyond: "Moved by more than chance explains",
		MovedChance: "Moved, but it may be chance",
		MovedLate:   "Came out since, for an earlier day",
		MovedNot:    "Unchanged",
		MovedNone:   "No newer figures",
	}
	movedWords = map[string]string{
		MovedBeyond: "A control chart or the 95% interval of the change tells these from chance.",
		MovedChance: "Chance alone could explain each of these, or there are no counts to tell it by.",
		MovedLate:   "These figures came out after {day} though they are of an earlier day; each is set against the one before.",
		MovedNot:    "Their newer figures say what the earlier ones did.",
		MovedNone:   "Nothing that could be compared is of a day after {day}.",
	}
)

func movedPanel(part string, moves []Move, cr *credit, day stat.Date) Panel {
	return Panel{
		Kind: Moved, ID: "moved-" + part, Title: movedTitles[part], Subtitle: benchmark.UpperFirst(plural(len(moves), "measure")),
		Sentence: strings.ReplaceAll(movedWords[part], "{day}", day.Long()), Source: cr.words(),
		Moved: &MovedPanel{Part: part, Moves: moves}, Table: movedTable(part, moves),
	}
}

// byChance warns how many of the tested measures chance alone puts among those
// that seem to be beyond it; "" where that is none.
func byChance(parts map[string][]Move) string {
	tested := 0
	for _, m := range slices.Concat(parts[MovedBeyond], parts[MovedChance]) {
		if m.Interval != nil {
			tested++
		}
	}
	n := stat.RoundHalfUp(float64(tested)/20, 0)
	if len(parts[MovedBeyond]) == 0 || n == 0 {
		return ""
	}
	return fmt.Sprintf("%d measures were tested by their intervals: chance alone would put about %s of them here.", tested, stat.Format(n, 0))
}

// movedTable is the moves as rows.
func movedTable(part string, moves []Move) *TablePanel {
	t := &TablePanel{Mark: -1, Caption: movedTitles[part], Columns: []string{
		"Measure", "Unit", "Earlier period", "Earlier figure", "Earlier number", "Newest period", "Newest figure", "Newest number",
		"Change", "Per cent", "More than chance?", "Whose figures", "Notes",
	}}
	for _, m := range moves {
		told := ""
		if m.From.Period != "" {
			told = m.Chance
		}
		t.add([]entry{
			text(m.Name), text(m.Unit),
			text(m.From.Label), {m.From.Text, m.From.Number}, text(m.From.Count),
			text(m.To.Label), {m.To.Text, m.To.Number}, text(m.To.Count),
			text(m.Change), numeral(m.Percent, 1), text(told), text(m.Whose), text(strings.Join(m.Notes, " ")),
		})
	}
	for _, heading := range slices.Clone(t.Columns) {
		t.drop(heading)
	}
	return t
}

// movedLead says in a sentence how much moved.
func movedLead(a stat.Area, name string, parts map[string][]Move) string {
	total := 0
	var counts []string
	for _, part := range []struct{ name, words string }{
		{MovedBeyond, "moved by more than chance explains"},
		{MovedChance, "moved by what may be chance"},
		{MovedLate, "came out since for an earlier day"},
		{MovedNot, "did not change"},
		{MovedNone, "no newer figure"},
	} {
		n := len(parts[part.name])
		total += n
		switch {
		case n == 0:
		case part.name == MovedNone && n == 1:
			counts = append(counts, "1 has "+part.words)
		case part.name == MovedNone:
			counts = append(counts, fmt.Sprintf("%d have %s", n, part.words))
		default:
			counts = append(counts, fmt.Sprintf("%d %s", n, part.words))
		}
	}
	if total == 0 {
		return fmt.Sprintf("No figures are held of %s.", a.Name)
	}
	lead := fmt.Sprintf("Of %s with figures for %s, %s.", plural(total, "measure"), a.Name, strings.Join(counts, ", "))
	if name != "" {
		lead = name + ". " + lead
	}
	return lead
}
