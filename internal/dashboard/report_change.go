package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// change says how each measure moved since the last report, in twelve months
// and in five years, each by its dates.
func (r *reporting) change(sec *reportSection, out *ReportSection) {
	subjects, missing := r.shown(sec)
	if r.before == nil && len(subjects) > 0 {
		out.Paragraphs = append(out.Paragraphs, fmt.Sprintf("No earlier report to %s on %s has been issued, so nothing is told since the last one.", r.def.Audience, r.view.Area.Name))
	}
	t := r.changeTable()
	cr := &credit{}
	for _, s := range subjects {
		row := r.changeRow(s, cr)
		out.Paragraphs = append(out.Paragraphs, row.words(r))
		t.add(row.cells())
	}
	if w := r.lacking(missing); w != "" {
		out.Paragraphs = append(out.Paragraphs, w)
	}
	for _, heading := range slices.Clone(t.Columns) {
		t.drop(heading)
	}
	if len(t.Columns) > 3 {
		out.Panels = append(out.Panels, Panel{Kind: Table, ID: "report-change", Title: "The newest figures and earlier ones",
			Subtitle: r.view.Area.Name + ", as of " + r.asOf.Long(), Sentence: "Each figure stands with the date it is of.", Source: cr.words(), Table: t})
	}
}

func (r *reporting) changeTable() *TablePanel {
	return &TablePanel{Mark: -1, Caption: fmt.Sprintf("The newest figures of %s and earlier ones", r.view.Area.Name), Columns: []string{
		"Measure", "Newest", "Of", "At the last report", "Change since the last report",
		"Twelve months before", "Change in twelve months", "Five years before", "Change in five years",
	}}
}

// changeRow is the newest figure of a measure and the changes to it, nil where
// there is nothing to tell one from.
type changeRow struct {
	*subject
	now    stat.Observation
	since  *reportChange // the last report
	before *stat.Observation
	ago    []*reportChange // as reportSteps has it
}

func (r *reporting) changeRow(s *subject, cr *credit) changeRow {
	now, _ := s.reportLatest()
	row := changeRow{subject: s, now: now}
	s.credit(cr, now)
	if o, ok := r.beforeFigure(s); ok {
		row.before = &o
		if s.comparableTo(o, now) {
			c := s.changed(o, now)
			row.since = &c
		}
	}
	for _, step := range reportSteps {
		row.ago = append(row.ago, nil)
		if c, ok := s.ago(now, step.years); ok {
			row.ago[len(row.ago)-1] = &c
			s.credit(cr, c.from)
			r.doubtBetween(s, c)
		}
	}
	return row
}

// doubtBetween keeps what parts two figures: a definition that changed.
func (r *reporting) doubtBetween(s *subject, c reportChange) {
	for _, ch := range s.m.Changed {
		from, err := stat.ParseDate(ch.From)
		if err == nil && c.from.Period.End.Before(from) && !c.to.Period.End.Before(from) {
			r.doubt(s.m, fmt.Sprintf("Figures from %s are not made as those before: %s", from.Long(), ch.What))
		}
	}
}

// words are the row as a paragraph.
func (row changeRow) words(r *reporting) string {
	parts := []string{fmt.Sprintf("%s: %s %s.", row.m.Name, row.saying(row.now), benchmark.When(row.now.Period))}
	if w := row.sinceWords(r); w != "" {
		parts = append(parts, w)
	}
	var missing []string
	for i, step := range reportSteps {
		switch c := row.ago[i]; {
		case c == nil:
			missing = append(missing, bare(yearsBefore(row.now.Period, step.years)))
		case c.to.Period != row.now.Period:
			parts = append(parts, fmt.Sprintf("%s, by published figures: %s.", step.words, row.changeWords(*c, row.now)))
			missing = append(missing, bare(yearsBefore(row.now.Period, step.years)))
		default:
			parts = append(parts, fmt.Sprintf("%s: %s.", step.words, row.changeWords(*c, row.now)))
		}
	}
	if len(missing) > 0 {
		parts = append(parts, r.noFigure(missing))
	}
	return strings.Join(parts, " ")
}

// noFigure says that none is held for some dates.
func (r *reporting) noFigure(dates []string) string {
	if r.today {
		return fmt.Sprintf("No figure for %s is held.", orList(dates))
	}
	return fmt.Sprintf("No figure for %s known %s is held.", orList(dates), r.by())
}

// sinceWords say what became of the figure of the last report.
func (row changeRow) sinceWords(r *reporting) string {
	if r.before == nil {
		return ""
	}
	opening := "Since the last report (" + longISO(r.before.Dated) + "): "
	switch {
	case row.before == nil:
		return opening + "that report had no figure."
	case row.since == nil:
		return opening + fmt.Sprintf("that report's figure of %s cannot be compared.", bare(row.before.Period))
	case row.before.Period == row.now.Period && row.changeWay(*row.since) == 0:
		return opening + "no newer figure."
	case row.before.Period == row.now.Period:
		return opening + fmt.Sprintf("no newer figure, but the one %s has been restated from %s to %s.",
			benchmark.When(row.now.Period), row.changeEnd(*row.since, *row.before), row.changeEnd(*row.since, row.now))
	}
	return opening + row.changeWords(*row.since, row.now) + "."
}

// cells are the row of the table.
func (row changeRow) cells() []entry {
	out := []entry{text(row.m.Name), text(row.saying(row.now)), text(row.now.Period.Label())}
	for _, c := range append([]*reportChange{row.since}, row.ago...) {
		if c == nil {
			out = append(out, entry{}, entry{})
			continue
		}
		by := stat.FormatChange(c.by, row.changeDecimals(*c))
		if row.m.Unit == stat.Percent && !c.counts && by != "no change" {
			by += " percentage points"
		}
		ends := c.from.Period.Label()
		if c.to.Period != row.now.Period {
			ends += " to " + strings.TrimPrefix(c.to.Period.Label(), "year ending ")
		}
		out = append(out, text(fmt.Sprintf("%s (%s)", row.changeEnd(*c, c.from), ends)), entry{by, &c.by})
	}
	return out
}

// longISO is an ISO day in words.
func longISO(iso string) string {
	d, err := stat.ParseDate(iso)
	if err != nil {
		return iso
	}
	return d.Long()
}

// reportRate is a measure's figure with the rate its file printed.
type reportRate struct {
	s *subject
	o stat.Observation
}

// printed reports whether the council printed a rate beside the count.
func (x reportRate) printed() bool {
	o := x.o
	annual := x.s.m.Kind == stat.Snapshot || o.Period.Span == stat.Year
	return annual && x.s.m.Unit == stat.RateOf && x.s.m.Population == stat.Population && o.Publisher() == stat.Council &&
		o.Count.Known() && o.Value.Known() && !o.Value.Derived && o.Count.Number > 0 && o.Value.Number > 0
}

// unit is that of the last printed digit.
func (x reportRate) unit() float64 {
	_, decimals, _ := strings.Cut(printed(x.o.Value, x.s.m.Decimals), ".")
	u := 1.0
	for range decimals {
		u /= 10
	}
	return u
}

// populations are the whole numbers of children that give the printed rate:
// rounded half up, or with the rest cut off. None where the least is more than
// the most.
func (x reportRate) populations(cut bool) (least, most int) {
	low, high := x.o.Value.Number-x.unit()/2, x.o.Value.Number+x.unit()/2
	if cut {
		low, high = x.o.Value.Number, x.o.Value.Number+x.unit()
	}
	count := x.o.Count.Number * 10_000
	return int(stat.RoundHalfUp(count/high, 6)) + 1, int(stat.RoundHalfUp(count/low, 6))
}

// rates says where rates that the council printed do not follow from their
// counts: no one population gives all of a day, or the one that is known gives
// others, by more than one in the last digit. They stay as printed.
func (r *reporting) rates(now []reportRate) []string {
	byEnd := map[stat.Period][]reportRate{}
	var days []stat.Period
	for _, x := range now {
		if x.printed() {
			if byEnd[x.o.Period] == nil {
				days = append(days, x.o.Period)
			}
			byEnd[x.o.Period] = append(byEnd[x.o.Period], x)
		}
	}
	var out []string
	for _, day := range days {
		if w := r.ratesOf(day, byEnd[day]); w != "" {
			out = append(out, w)
		}
	}
	return out
}

func (r *reporting) ratesOf(day stat.Period, of []reportRate) string {
	var says []string
	if w := disagreement(of); w != "" {
		says = append(says, w)
	}
	if w := r.otherwise(of); w != "" {
		says = append(says, w)
	}
	if len(says) == 0 {
		return ""
	}
	return fmt.Sprintf("The rates printed for %s do not all follow from their counts. %s They are kept as printed.", bare(day), strings.Join(says, " "))
}

// disagreement says which populations the rates imply where no one of them
// gives all; "" where one does.
func disagreement(of []reportRate) string {
	shared := func(cut bool) (int, int) {
		least, most := 0, int(1e9)
		for _, x := range of {
			a, b := x.populations(cut)
			least, most = max(least, a), min(most, b)
		}
		return least, most
	}
	if least, most := shared(false); least <= most {
		return ""
	}
	var needs []string
	for _, x := range of {
		least, most := x.populations(false)
		needs = append(needs, fmt.Sprintf("%s (%s) needs %s", printed(x.o.Count, 0), printed(x.o.Value, x.s.m.Decimals), populationRange(least, most)))
	}
	out := fmt.Sprintf("Rounded half up, %s, and no one population gives them all.", listed(needs))
	if least, most := shared(true); least <= most {
		out += fmt.Sprintf(" With the last digit cut off instead of rounded, %s do.", populationRange(least, most))
	}
	return out
}

func populationRange(least, most int) string {
	switch {
	case most < least:
		return "no whole number of children"
	case least == most:
		return stat.Format(float64(least), 0) + " children"
	}
	if most == least+1 {
		return fmt.Sprintf("%s or %s children", stat.Format(float64(least), 0), stat.Format(float64(most), 0))
	}
	return fmt.Sprintf("%s to %s children", stat.Format(float64(least), 0), stat.Format(float64(most), 0))
}

// otherwise says what the population that goes with the counts would give; ""
// where that is what was printed, or none is known.
func (r *reporting) otherwise(of []reportRate) string {
	var would []string
	by := ""
	for _, x := range of {
		n := x.o.Denominator
		if !n.Known() || n.Number <= 0 {
			continue
		}
		exact := x.o.Count.Number * 10_000 / n.Number
		if u := x.unit() * (1 + 1e-9); abs(exact-x.o.Value.Number) > u {
			_, decimals, _ := strings.Cut(printed(x.o.Value, x.s.m.Decimals), ".")
			would = append(would, fmt.Sprintf("%s where %s is printed", stat.Format(exact, len(decimals)), printed(x.o.Value, x.s.m.Decimals)))
			by = fmt.Sprintf("A population of %s", stat.Format(n.Number, 0))
			if n.Origin != nil && n.Origin.Publisher != stat.Council {
				by += fmt.Sprintf(" (%s)", strings.Join(slices.DeleteFunc([]string{n.Origin.Publisher, n.Origin.Released.Long()}, func(s string) bool { return s == "" }), ", "))
			}
		}
	}
	if len(would) == 0 {
		return ""
	}
	return fmt.Sprintf("%s would give %s.", by, listed(would))
}
