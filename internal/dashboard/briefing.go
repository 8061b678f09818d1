package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// briefingFlows end the codes of the measures that say how many came into a
// measure and left it.
var briefingFlows = []string{"_started", "_ceased"}

// briefing are the questions to expect of each headline, and those that were
// left open.
func (r *reporting) briefing(ctx context.Context, src ReportSource) error {
	r.out.Briefing = []Question{}
	for _, code := range r.headlines() {
		s := r.subject(code)
		for _, ask := range []func(*subject) (Question, bool){r.askAbove, r.askYear, r.askFive, r.askGroups, r.askChance} {
			if q, ok := ask(s); ok {
				q.Measure = code
				r.out.Briefing = append(r.out.Briefing, q)
			}
		}
	}
	asked, err := src.Questions(ctx, r.view.Area.Code)
	if err != nil {
		return fmt.Errorf("listing questions: %w", err)
	}
	for _, a := range asked {
		if q, ok := r.carried(a); ok {
			r.out.Briefing = append(r.out.Briefing, q)
		}
	}
	return nil
}

// carried is a question of an earlier meeting: one still open by the day of
// the report, or answered since the last report.
func (r *reporting) carried(a stat.Asked) (Question, bool) {
	if r.dated.Before(a.Meeting) {
		return Question{}, false
	}
	q := Question{Measure: a.Measure, Text: a.Text, Asked: "at the meeting of " + a.Meeting.Long()}
	answered := stat.DateOf(a.Answered)
	if a.Answer == "" || r.dated.Before(answered) {
		q.Answer = "Still open."
		if s := r.subjects[a.Measure]; s != nil && r.held(a.Measure) {
			o, _ := s.reportLatest()
			q.Answer += fmt.Sprintf(" The newest figure: %s %s.", s.saying(o), benchmark.When(o.Period))
		}
		return q, true
	}
	if last := r.beforeDay(); last.IsZero() || answered.Before(last) {
		return Question{}, false
	}
	q.Answer, q.Known = fmt.Sprintf("Answered on %s: %s", answered.Long(), a.Answer), true
	return q, true
}

// beforeDay is that of the last report, zero for none.
func (r *reporting) beforeDay() stat.Date {
	if r.before == nil {
		return stat.Date{}
	}
	d, _ := stat.ParseDate(r.before.Dated)
	return d
}

// askAbove asks why the area stands where it does beside others.
func (r *reporting) askAbove(s *subject) (Question, bool) {
	if !benchmark.Comparable(s.m) {
		return Question{}, false
	}
	name := benchmark.LowerFirst(s.m.Name)
	c := s.reportCompared()
	if c == nil || c.Neighbours.Mean == nil {
		return Question{Text: s.m.Name + ": how does this compare with others?", Answer: r.alone([]stat.Measure{s.m})}, true
	}
	side := benchmark.Direction(*c.Value, *c.Neighbours.Mean)
	q := Question{Text: fmt.Sprintf("Why is %s %s its neighbours on %s?", benchmark.PlaceName(s.area.Name), side, name), Known: true}
	if s.with.group != "" {
		q.Text = fmt.Sprintf("Why is %s %s %s on %s?", benchmark.PlaceName(s.area.Name), side, s.with.its(), name)
	}
	says := []string{s.besideWords(c), s.nearestWords(c), "The figures say how far apart they are; why has to come from the service."}
	q.Answer = strings.Join(slices.DeleteFunc(says, func(w string) bool { return w == "" }), " ")
	return q, true
}

// nearestWords name those with the nearest values, and how many are higher.
func (s *subject) nearestWords(c *benchmark.Comparison) string {
	with := slices.DeleteFunc(slices.Clone(c.Neighbours.Members), func(p benchmark.Place) bool { return p.Value == nil })
	if len(with) == 0 || c.Value == nil {
		return ""
	}
	higher := 0
	for _, p := range with {
		if *p.Value > *c.Value {
			higher++
		}
	}
	slices.SortStableFunc(with, func(a, b benchmark.Place) int {
		return cmp.Compare(abs(*a.Value-*c.Value), abs(*b.Value-*c.Value))
	})
	var near []string
	for _, p := range with[:min(3, len(with))] {
		near = append(near, fmt.Sprintf("%s (%s)", p.Name, stat.Format(*p.Value, s.m.Decimals)))
	}
	many := fmt.Sprintf("%d of the %s are higher", higher, s.with.count(len(with)))
	switch higher {
	case 0:
		many = fmt.Sprintf("None of the %s is higher", s.with.count(len(with)))
	case 1:
		many = fmt.Sprintf("1 of the %s is higher", s.with.count(len(with)))
	}
	return fmt.Sprintf("%s; the nearest are %s.", many, listed(near))
}

// askYear asks what changed in the year: the stock, and what came and went.
func (r *reporting) askYear(s *subject) (Question, bool) {
	q := Question{Text: s.m.Name + ": what changed in the year?"}
	now, _ := s.reportLatest()
	var says []string
	if c, ok := s.ago(now, 1); ok {
		says, q.Known = append(says, s.movedWords(now, c)), true
	} else {
		says = append(says, r.noFigure([]string{bare(yearsBefore(now.Period, 1))}))
	}
	flows := 0
	for _, flow := range briefingFlows {
		if w := r.flowWords(s.m.Code + flow); w != "" {
			says, flows = append(says, w), flows+1
			q.Known = true
		}
	}
	if s.m.Kind == stat.Snapshot && flows == 0 {
		says = append(says, "How many came in and how many left is not held.")
	}
	q.Answer = strings.Join(says, " ")
	return q, true
}

// movedWords are a change as a sentence that opens with the figure it is to.
func (s *subject) movedWords(now stat.Observation, c reportChange) string {
	if c.to.Period != now.Period {
		return "By published figures: " + s.changeWords(c, now) + "."
	}
	return fmt.Sprintf("%s %s: %s.", s.changeEnd(c, now), benchmark.When(now.Period), s.changeWords(c, now))
}

// flowWords say how many came or went in the latest year held, "" where none
// is held.
func (r *reporting) flowWords(code string) string {
	if _, err := r.b.cat.Measure(code); err != nil || !r.held(code) {
		return ""
	}
	s := r.use(code)
	for _, own := range []bool{false, true} {
		for _, o := range slices.Backward(s.reportSeries(own)) {
			if o.Period.Span != stat.Year || !o.Count.Known() && !o.Value.Known() {
				continue
			}
			out := fmt.Sprintf("%s %s: %s", s.m.Name, benchmark.When(o.Period), s.saying(o))
			if before, ok := s.then(o, 1); ok {
				out += ", " + s.changeWords(s.changed(before, o), o)
			}
			return out + "."
		}
	}
	o, _ := s.reportLatest()
	return fmt.Sprintf("%s %s: %s.", s.m.Name, benchmark.When(o.Period), s.saying(o))
}

// askFive asks how it compares with five years ago.
func (r *reporting) askFive(s *subject) (Question, bool) {
	q := Question{Text: s.m.Name + ": how does this compare with five years ago?"}
	now, _ := s.reportLatest()
	change, ok := s.ago(now, 5)
	if !ok {
		q.Answer = r.noFigure([]string{bare(yearsBefore(now.Period, 5))})
		return q, true
	}
	q.Known, q.Answer = true, s.movedWords(now, change)
	if c := s.headline(); c != nil && !s.local {
		for _, x := range c.Sentences {
			if strings.HasPrefix(x, "Over the ") {
				q.Answer += " " + x
			}
		}
	}
	return q, true
}

// askGroups asks which group drives it.
func (r *reporting) askGroups(s *subject) (Question, bool) {
	q := Question{Text: s.m.Name + ": which group drives the figure?"}
	var says []string
	for _, p := range s.breakdowns("") {
		says = append(says, p.Sentence)
	}
	if len(says) == 0 {
		q.Answer = fmt.Sprintf("No breakdown of %s is held: not by age, sex, ethnicity, need or placement.", benchmark.LowerFirst(s.m.Name))
		return q, true
	}
	r.parted[s.m.Code] = true
	r.use(s.m.Code)
	q.Known, q.Answer = true, strings.Join(says, " ")
	return q, true
}

// askChance asks whether it is chance.
func (r *reporting) askChance(s *subject) (Question, bool) {
	q := Question{Text: s.m.Name + ": is the change chance?"}
	now, _ := s.reportLatest()
	var says []string
	if c, ok := s.ago(now, 1); ok && c.chance != "" {
		says = append(says, fmt.Sprintf("The change from %s to %s: %s.", bare(c.from.Period), bare(c.to.Period), c.chance))
	}
	if c := s.headline(); c != nil && !s.local {
		if w := c.VerdictWords(); w != "" {
			says = append(says, fmt.Sprintf("The figure of %s is %s.", bare(s.periods[s.at]), w))
		}
	}
	if q.Known = len(says) > 0; !q.Known {
		says = []string{"There are not the figures to tell: it needs an earlier figure, or a count with its population."}
	}
	q.Answer = strings.Join(says, " ")
	return q, true
}
