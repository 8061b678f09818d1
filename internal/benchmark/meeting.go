package benchmark

import (
	"fmt"

	"bellwether/internal/stat"
)

// sinceMeeting is the movement since the chosen meeting: to the compared
// figure, or between two of the council's own where those begin nearer the
// meeting or go on later; nil where no figure is newer than the meeting. It
// goes by the days that figures are of, not by those on which they came out.
func (in Input) sinceMeeting(here stat.Observation) *SinceMeeting {
	if in.Since.IsZero() {
		return nil
	}
	here.Period = in.Period
	published, own := in.movement(in.past(here), false), in.movement(in.own(), true)
	nearer := own != nil && published != nil && in.ownCompares() && (own.From > published.From || own.To > published.To)
	if published == nil || nearer {
		return own
	}
	return published
}

// own is the council's series up to its latest known value.
func (in Input) own() []stat.Observation {
	for i := len(in.Own); i > 0; i-- {
		if in.Own[i-1].Value.Known() {
			return in.Own[:i]
		}
	}
	return nil
}

// ownCompares reports whether the council's own movement says what that of
// the published figures would: a month's referrals do not for a year's.
func (in Input) ownCompares() bool {
	own := in.own()
	return in.Measure.Kind == stat.Snapshot || in.Measure.Unit == stat.Percent || own[len(own)-1].Period.Span == in.Period.Span
}

// movement is from the latest known value by the meeting's day to the last of
// the series, which is to be known too and of a later day.
func (in Input) movement(series []stat.Observation, own bool) *SinceMeeting {
	if len(series) == 0 {
		return nil
	}
	last := series[len(series)-1]
	if !last.Value.Known() || !in.Since.Before(last.Period.End) {
		return nil
	}
	for i := len(series) - 2; i >= 0; i-- {
		o := series[i]
		if o.Value.Known() && o.Period.Span == last.Period.Span && !in.Since.Before(o.Period.End) {
			return &SinceMeeting{Date: in.Since.String(), Name: in.Meeting, Figure: date(o.Period), To: last.Period.End.String(), Own: own, Change: changeOf(o, last)}
		}
	}
	return nil
}

// byMeeting says what the earlier figure is to the meeting, and so claims
// nothing of the time between the two.
func (s SinceMeeting) byMeeting() string {
	return "the latest figure by the meeting of " + longDay(s.Date)
}

// movedSince is the change since the meeting as a part of the sentence on the
// compared figure.
func (c Comparison) movedSince(in Input) string {
	s := c.Meeting
	if s == nil || s.Own || c.alsoSince() != "" {
		return ""
	}
	return s.since(in.Measure, in.Period.Span)
}

// since is "12 fewer than on 31 March 2023 (the latest figure by the meeting of
// 3 June 2023)".
func (s SinceMeeting) since(m stat.Measure, span stat.Span) string {
	return fmt.Sprintf("%s (%s)", s.words(m, whenEnded(s.From, span)), s.byMeeting())
}

// alsoSince notes that the change already named is the one to give since the
// meeting, with the date it is from.
func (c Comparison) alsoSince() string {
	if c.Meeting == nil || c.Meeting.Own || c.Change == nil || c.Meeting.From != c.Change.From {
		return ""
	}
	return fmt.Sprintf(" (%s, %s)", c.Meeting.Figure, c.Meeting.byMeeting())
}

// ownSince says how the council's own figures moved since the meeting.
func (c Comparison) ownSince(in Input) string {
	if c.Meeting == nil || !c.Meeting.Own {
		return ""
	}
	own, m := in.own(), in.Measure
	last := own[len(own)-1]
	figure := "the figure was " + Quantity(m, last.Value.Number, m.Decimals)
	if m.Unit == stat.RateOf && last.Count.Known() {
		figure = "it had " + things(last.Count.Number, 0, nounOf(m))
	}
	return fmt.Sprintf("By the council's own figures %s %s, %s.", figure, When(last.Period), c.Meeting.since(m, last.Period.Span))
}

// MeetingWords are the change on a card: "−12 children (−2.4%) since 31 March
// 2023, the latest figure by the meeting of 3 June 2023; rate −4"; "" where
// there is none.
func (c Comparison) MeetingWords(m stat.Measure) string {
	s := c.Meeting
	switch {
	case s == nil:
		return ""
	case s.Own:
		return s.card(m, fmt.Sprintf("since %s by the council's own figures, %s", s.Figure, s.byMeeting()))
	}
	return s.card(m, fmt.Sprintf("since %s, %s", s.Figure, s.byMeeting()))
}

// closeBy is the number of days before a meeting within which a figure tells
// how things stood at it.
const closeBy = 92

// longBefore warns that the figure which stands for the meeting is of a day
// long before it.
func (c Comparison) longBefore(in Input) string {
	if c.Meeting == nil {
		return ""
	}
	from, err := stat.ParseDate(c.Meeting.From)
	if err != nil || !from.AddDays(closeBy).Before(in.Since) {
		return ""
	}
	const month = 30.44 // days
	months := stat.RoundHalfUp(in.Since.Time().Sub(from.Time()).Hours()/24/month, 0)
	return fmt.Sprintf("The change since the meeting of %s is counted from %s, %s months before it, so some of it may have come before the meeting.",
		in.Since.Long(), from.Long(), numeral(int(months)))
}

// unmoved warns that there is nothing to say since the chosen meeting.
func (c Comparison) unmoved(in Input) string {
	switch {
	case in.Since.IsZero() || c.Meeting != nil || c.Value == nil && c.Latest == nil:
		return ""
	case in.Since.Before(in.Period.End):
		return fmt.Sprintf("No change is given since the meeting of %s: there is no earlier figure of a day up to it.", in.Since.Long())
	}
	return fmt.Sprintf("No change is given since the meeting of %s: no figure is of a later day, with one before it to compare.", in.Since.Long())
}

// longDay is an ISO day in words.
func longDay(iso string) string {
	d, err := stat.ParseDate(iso)
	if err != nil {
		return iso
	}
	return d.Long()
}
