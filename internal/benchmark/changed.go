package benchmark

import (
	"fmt"
	"slices"

	"bellwether/internal/stat"
)

// changedBetween are the changes of a measure's definition that part two of
// its periods: from days after the earlier's end, up to the later's.
func changedBetween(m stat.Measure, earlier, later stat.Period) []stat.DefinitionChange {
	var out []stat.DefinitionChange
	for _, ch := range m.Changed {
		from, err := stat.ParseDate(ch.From)
		if err == nil && earlier.End.Before(from) && !later.End.Before(from) {
			out = append(out, ch)
		}
	}
	return out
}

// redefined warns of each change of the definition that parts the compared
// figure from the one it is compared with, or lies within the trend's years.
func (c Comparison) redefined(in Input) []string {
	var out []string
	first := in.Period
	for _, from := range []string{c.changedFrom(), c.Trend.From} {
		if d, err := stat.ParseDate(from); err == nil && d.Before(first.End) {
			first.End = d
		}
	}
	for _, ch := range changedBetween(in.Measure, first, in.Period) {
		from, _ := stat.ParseDate(ch.From)
		out = append(out, fmt.Sprintf("From %s this measure is not made as it was before, so figures from before that day are not strictly comparable: %s", from.Long(), ch.What))
	}
	return out
}

// changedFrom is the ISO end date of the figure that Change is from.
func (c Comparison) changedFrom() string {
	if c.Change == nil {
		return ""
	}
	return c.Change.From
}

// restated warns that the compared figure, the one it is compared with, the
// one that stands for the meeting or the council's own newest was first given
// otherwise. Rates and percentages are named by their value; where only a
// count reads otherwise, by that.
func (c Comparison) restated(in Input) []string {
	publisher := in.publisher()
	given := []printed{{c.Period, publisher}, {c.changedFrom(), publisher}}
	if c.Meeting != nil && c.Meeting.Own {
		given = append(given, printed{c.Meeting.From, stat.Council}, printed{c.Meeting.To, stat.Council})
	} else if c.Meeting != nil {
		given = append(given, printed{c.Meeting.From, publisher})
	}
	if c.Latest != nil {
		given = append(given, printed{c.Latest.Period, stat.Council})
	}
	var out []string
	for _, p := range given {
		if w := in.restatement(p); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// printed is a figure that was used: the ISO day its period ended, and whose.
type printed struct{ end, publisher string }

// restatement says what reads otherwise now: the value before the count.
func (in Input) restatement(p printed) string {
	said := ""
	for _, r := range in.Restated {
		fits := r.Area == in.Area.Code && r.Measure == in.Measure.Code && r.Breakdown == "" &&
			r.Period.End.String() == p.end && r.Publisher == p.publisher && (r.Publisher == stat.Council || r.Period.Span == in.Period.Span)
		if !fits {
			continue
		}
		switch w := in.restatedWords(r); {
		case w == "":
		case r.Part == stat.PartValue:
			return w
		case r.Part == stat.PartCount:
			said = w
		}
	}
	return said
}

// publisher is whose figures are compared.
func (in Input) publisher() string { return in.here().Publisher() }

// restatedWords are "" where both read the same, rounded as they are shown.
func (in Input) restatedWords(r stat.Restatement) string {
	m := in.Measure
	thing, first, now := "figure", shown(m, r.First), shown(m, r.Now)
	if r.Part == stat.PartCount && m.Unit != stat.Number {
		thing, first, now = "count", counted(r.First), counted(r.Now)
	}
	if first == now {
		return ""
	}
	whose, published := "The ", "published"
	if r.Publisher == stat.Council {
		whose, published = "The council's own ", "given"
	}
	return fmt.Sprintf("%s%s %s was first %s as %s%s; it has since been restated as %s.", whose, thing, When(r.Period), published, first, out(r.First), now)
}

// out is when a figure came out, in brackets.
func out(f stat.Figure) string {
	if f.Origin == nil || f.Origin.Released.Long() == "" {
		return ""
	}
	return " (" + f.Origin.Released.Long() + ")"
}

// marked is why a figure is no number.
func marked(f stat.Figure) string { return f.Mark.Letter() + ", " + f.Mark.Meaning() }

// shown is a value as a sentence has it, its unit having been said.
func shown(m stat.Measure, f stat.Figure) string {
	if !f.Known() {
		return marked(f)
	}
	return Quantity(plain(m), f.Number, m.Decimals)
}

func counted(f stat.Figure) string {
	if !f.Known() {
		return marked(f)
	}
	return stat.Format(f.Number, 0)
}
