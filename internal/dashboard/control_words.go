package dashboard

import (
	"fmt"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// titleOf is what the latest point says, in a few words.
var titleOf = map[string]string{
	CommonCause: "usual variation",
	Improvement: "improving",
	Concern:     "of concern",
	SpecialHigh: "unusually high",
	SpecialLow:  "unusually low",
	TooEarly:    "too early to say",
}

const tooEarlyWords = "too early to say"

// controlWords are the title, the sentence and the doubts of a control chart.
func (s *subject) controlWords(p *Panel, r run, chart benchmark.Control) {
	c := p.Control
	moved := changed(chart, chart.Points[r.to-1].Segment)
	say := titleOf[c.Variation]
	if moved && c.Variation == CommonCause {
		say = "consider new limits"
	}
	p.Title = fit(fmt.Sprintf("%s by %s: %s", s.m.Name, r.step, say), fmt.Sprintf("%s: %s", s.m.Name, say), fmt.Sprintf("%s by %s", s.m.Name, r.step), s.m.Name)
	p.Subtitle = fmt.Sprintf("%s by %s, %s, %s; control chart", s.m.Name, r.step, p.Unit, s.placeAndTime(c.line()))
	p.Sentence = s.controlSentence(c, r, chart)
	if moved {
		p.Sentence += " So many are more than half of those that these limits are of: the process has most likely changed. Consider new limits from where it did."
	}
	p.Warnings = controlWarnings(r, chart)
	if r.after != "" {
		p.Warnings = append(p.Warnings, fmt.Sprintf("A figure is missing after %s; a control chart needs every one, so this begins after the gap.", r.after))
	}
	if r.own {
		p.Warnings = append(p.Warnings, "These are the council's own figures.")
	}
}

// controlSentence sets the latest figure shown against its limits.
func (s *subject) controlSentence(c *ControlPanel, r run, chart benchmark.Control) string {
	latest, last := chart.Points[r.to-1], c.Points[len(c.Points)-1]
	whose := benchmark.Possessive(s.area.Name) + " figure"
	if r.own {
		whose = "the council's own figure"
	}
	unit := func(x string) string {
		if r.counts {
			return x
		}
		return benchmark.InUnit(s.m, x)
	}
	out := fmt.Sprintf("%s %s was %s", benchmark.UpperFirst(benchmark.When(latest.Period)), whose, unit(last.Text))
	seg, d := c.Segments[len(c.Segments)-1], c.limitDecimals()
	if seg.Lower == nil {
		return out + ": too early to say whether that is unusual." + c.specialWords()
	}
	return out + fmt.Sprintf(", against a mean of %s and limits of %s to %s: %s.", unit(stat.Format(seg.Mean, d)),
		stat.Format(*seg.Lower, d), stat.Format(*seg.Upper, d), c.Words) + c.specialWords()
}

// changed reports whether most of a stretch's points are special causes, which
// limits from before a change make of what is usual now.
func changed(chart benchmark.Control, segment int) bool {
	if !limited(chart.Segments[segment]) {
		return false
	}
	special := 0
	for _, cp := range chart.Points {
		if cp.Segment == segment && variation(cp.Variation) != CommonCause {
			special++
		}
	}
	return 2*special > chart.Segments[segment].N
}

// controlWarnings name what the limits rest on: too few points, or points from
// outside the years shown.
func controlWarnings(r run, chart benchmark.Control) []string {
	var out []string
	for _, seg := range chart.Segments[chart.Points[r.from].Segment : chart.Points[r.to-1].Segment+1] {
		if !limited(seg) {
			out = append(out, fmt.Sprintf("There are no limits from %s yet: they need %d points, and there %s.", seg.From.Label(), fewestInStretch, numbered(seg.N)))
			continue
		}
		out = append(out, benchmark.Control{Segments: []benchmark.Segment{seg}}.Warnings()...)
	}
	if all := len(r.observations); r.to-r.from < all {
		first, last := r.observations[0].Period, r.observations[all-1].Period
		out = append(out, fmt.Sprintf("Means, limits and causes are of all %d points from %s to %s, of which %d are shown.", all, first.Label(), last.Label(), r.to-r.from))
	}
	return out
}

// numbered is "is 1" or "are 3".
func numbered(n int) string {
	if n == 1 {
		return "is 1"
	}
	return fmt.Sprintf("are %d", n)
}

// line is the points as a trend has them.
func (c *ControlPanel) line() *TrendPanel {
	l := Line{Role: RoleArea}
	for _, p := range c.Points {
		l.Points = append(l.Points, p.Point)
	}
	return &TrendPanel{Lines: []Line{l}}
}

// limitDecimals are those of the mean and the limits, as a comparator has them.
func (c *ControlPanel) limitDecimals() int { return max(1, c.Decimals) }

// specialWords count the points shown that are special causes.
func (c *ControlPanel) specialWords() string {
	n := 0
	for _, p := range c.Points {
		if p.Variation != CommonCause && p.Variation != TooEarly {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" More than chance would explain: %d of the %d points.", n, len(c.Points))
}

var variationWords = map[string]string{
	CommonCause: "common cause", Improvement: "special cause, improvement", Concern: "special cause, concern",
	SpecialHigh: "special cause, high", SpecialLow: "special cause, low", TooEarly: tooEarlyWords,
}

func (s *subject) controlTable(c *ControlPanel, r run, chart benchmark.Control) *TablePanel {
	t := &TablePanel{
		Mark: -1, Caption: s.m.Name + ", the figures of the control chart",
		Columns: []string{periodHeading(s.m), "Figure", "Mean", "Lower limit", "Upper limit", "Variation", "Rule", "Limits begin anew"},
	}
	for i, p := range c.Points {
		cp := chart.Points[r.from+i]
		seg, begins := c.Segments[cp.Segment-chart.Points[r.from].Segment], ""
		if cp.Segment > 0 && chart.Segments[cp.Segment].From == cp.Period {
			begins = seg.Reason
		}
		row := []entry{text(benchmark.UpperFirst(p.Label)), {p.Text, p.Number}, numeral(&seg.Mean, c.limitDecimals()),
			numeral(seg.Lower, c.limitDecimals()), numeral(seg.Upper, c.limitDecimals())}
		t.add(append(row, texts(variationWords[p.Variation], p.Cause, begins)...))
	}
	t.drop("Limits begin anew")
	return t
}
