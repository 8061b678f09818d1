package dashboard

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// reporting is one report being made.
type reporting struct {
	b           *Boards
	f           *figures
	def         *reportDefinition
	view        *View
	asOf, dated stat.Date
	today       bool // asOf is the day by the Boards' clock
	out         *Report
	subjects    map[string]*subject
	used        []string        // codes of the measures, in the order in which they come
	doubts      doubts          // of measures, each once
	remarks     []string        // of the whole report
	before      *Report         // the last issue before this one, nil for none
	parted      map[string]bool // measures whose breakdowns are used
}

// Report makes a council report of the figures known on a day, with one read
// of figures. The error is ErrNotFound for an unknown name and a *ChoiceError
// for an area, neighbours or a day that there cannot be. Its Figures are those
// of the area, of those it is compared with and of its region and England, in
// the years shown; a rank rests besides on all authorities' of its day.
func (b *Boards) Report(ctx context.Context, src ReportSource, name string, sel ReportSelection) (*Report, error) {
	def := b.report(name)
	if def == nil {
		return nil, fmt.Errorf("report %q: %w", name, ErrNotFound)
	}
	r := &reporting{b: b, def: def, subjects: map[string]*subject{}, parted: map[string]bool{}}
	if err := r.days(sel); err != nil {
		return nil, err
	}
	if err := r.open(ctx, src, sel); err != nil {
		return nil, fmt.Errorf("report %s: %w", name, err)
	}
	r.out = &Report{
		Name: def.Name, Title: r.named(def.Title), Audience: def.Audience, Area: r.view.Area,
		AsOf: r.asOf.String(), Dated: r.dated.String(), By: sel.By,
		Selection: r.view.Selection, Model: r.model(),
		Models: r.view.Models, Meetings: r.view.Meetings, Version: r.f.version,
	}
	if err := r.findBefore(ctx, src); err != nil {
		return nil, fmt.Errorf("report %s: %w", name, err)
	}
	if err := r.sections(); err != nil {
		return nil, fmt.Errorf("report %s: %w", name, err)
	}
	r.out.Before = r.predecessor()
	if err := r.briefing(ctx, src); err != nil {
		return nil, fmt.Errorf("report %s: %w", name, err)
	}
	r.out.Figures = r.figures()
	r.flag()
	return r.out, nil
}

// ReadReport is the report that an issue froze.
func ReadReport(content []byte) (*Report, error) {
	r := &Report{}
	if err := json.Unmarshal(content, r); err != nil {
		return nil, fmt.Errorf("reading an issued report: %w", err)
	}
	if r.Name == "" || r.AsOf == "" {
		return nil, errors.New("reading an issued report: the content is no report")
	}
	return r, nil
}

// days reads the day the figures are for and that of the report.
func (r *reporting) days(sel ReportSelection) error {
	now := r.b.today()
	for _, d := range []struct {
		field, text string
		into        *stat.Date
	}{{"as-of", sel.AsOf, &r.asOf}, {"dated", sel.Dated, &r.dated}} {
		*d.into = now
		if d.text == "" {
			continue
		}
		var err error
		if *d.into, err = stat.ParseDate(d.text); err != nil {
			return &ChoiceError{d.field, d.text, err}
		}
	}
	switch {
	case now.Before(r.asOf):
		return &ChoiceError{"as-of", sel.AsOf, fmt.Errorf("%s is yet to come: give the day the figures are for", r.asOf.Long())}
	case r.dated.Before(r.asOf):
		return &ChoiceError{"dated", sel.Dated, fmt.Errorf("a report of %s cannot have figures as of %s: date it that day or later", r.dated.Long(), r.asOf.Long())}
	}
	r.today = r.asOf == now
	return nil
}

// open reads the figures of every measure of the report, and of what answers
// questions about them.
func (r *reporting) open(ctx context.Context, src Source, sel ReportSelection) error {
	chosen := Selection{Area: sel.Area, Neighbours: sel.Neighbours, Show: ShowValue}
	if r.def.Years > 0 {
		chosen.From = r.asOf.FinancialYear() - r.def.Years
	}
	var err error
	r.view, r.f, err = r.b.open(ctx, asOfSource{src, r.asOf, r.today}, chosen, r.codes()...)
	if err != nil {
		return err
	}
	r.f.today = r.asOf
	return nil
}

// codes are all measures that are read.
func (r *reporting) codes() []string {
	var out []string
	for _, sec := range r.def.Sections {
		out = append(out, sec.all()...)
		if d := r.b.find(sec.Scorecard); d != nil {
			out = append(out, d.inOrder()...)
		}
	}
	for _, code := range slices.Clone(out) {
		for _, flow := range briefingFlows {
			if m, err := r.b.cat.Measure(code + flow); err == nil {
				out = append(out, m.Code)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// subject is a measure of the report's area; it is used from then on.
func (r *reporting) subject(code string) *subject {
	if s := r.subjects[code]; s != nil {
		return s
	}
	m, _ := r.b.cat.Measure(code) // checked as the report was defined
	s := r.f.subject(m, r.view.Area, r.view.Selection)
	r.subjects[code] = s
	return s
}

func (r *reporting) use(code string) *subject {
	if !slices.Contains(r.used, code) {
		r.used = append(r.used, code)
	}
	return r.subject(code)
}

// sections lays out the sections in order; what is said of the quality of the
// figures comes last, wherever it stands.
func (r *reporting) sections() error {
	make := map[string]func(*reportSection, *ReportSection){
		SectionHeadline: r.headline, SectionChange: r.change, SectionNeighbours: r.neighbours,
		SectionChart: r.charts, SectionTable: r.tables, SectionCommentary: r.commentary,
		SectionDefinitions: r.definitions,
	}
	for i := range r.def.Sections {
		sec := &r.def.Sections[i]
		out := ReportSection{Kind: sec.Kind, Heading: r.named(sec.Heading)}
		if lay := make[sec.Kind]; lay != nil {
			lay(sec, &out)
		}
		if sec.Kind == SectionScorecard {
			if err := r.scorecard(sec, &out); err != nil {
				return err
			}
		}
		r.out.Sections = append(r.out.Sections, out)
	}
	for i := range r.out.Sections {
		if r.out.Sections[i].Kind == SectionQuality {
			r.quality(&r.out.Sections[i])
		}
	}
	return nil
}

func (r *reporting) named(text string) string {
	return strings.ReplaceAll(text, "{area}", r.view.Area.Name)
}

// doubt keeps what a reader is to know of a measure's figures, once.
func (r *reporting) doubt(m stat.Measure, words ...string) {
	for _, w := range words {
		if strings.HasPrefix(w, r.view.Area.Name) { // of the area, whatever the measure
			r.remark(w)
			continue
		}
		known := false
		for _, d := range r.doubts {
			known = known || d.what == w && (slices.Contains(d.of, m.Name) || slices.Contains(d.of, benchmark.LowerFirst(m.Name)))
		}
		if w != "" && w != localWarning && !known && !r.provisional(m, w) {
			r.doubts.add(w, m.Name)
		}
	}
}

// provisional reports whether it has been said of a measure that its rates are
// provisional, which each panel says in its own words.
func (r *reporting) provisional(m stat.Measure, w string) bool {
	if !provisionalForm.MatchString(w) {
		return false
	}
	for _, d := range r.doubts {
		if provisionalForm.MatchString(d.what) && (slices.Contains(d.of, m.Name) || slices.Contains(d.of, benchmark.LowerFirst(m.Name))) {
			return true
		}
	}
	return false
}

var provisionalForm = regexp.MustCompile(`^Rates worked out here .* are provisional`)

// remark keeps what is to be known of the whole report, once.
func (r *reporting) remark(w string) {
	if w != "" && !slices.Contains(r.remarks, w) {
		r.remarks = append(r.remarks, w)
	}
}

// model is whom the report compares with, in words.
func (r *reporting) model() string {
	with, _ := r.f.peers(r.view.Selection.Neighbours, r.view.Area) // checked as it was opened
	switch {
	case with.none():
		return "nobody: " + strings.TrimSuffix(with.absence(r.view.Area), ".")
	case with.group == "":
		return fmt.Sprintf("the %s of the %s model: unweighted mean", plural(len(with.areas), "statistical neighbour"), with.choice)
	}
	return with.its() + ": unweighted mean"
}

// by is up to when figures and releases count: "by 26 September 2016".
func (r *reporting) by() string { return "by " + r.asOf.Long() }

// held reports whether the council or anybody else has a figure of the area.
func (r *reporting) held(code string) bool {
	o, _ := r.subject(code).reportLatest()
	return !o.Period.IsZero()
}

// shown are a section's measures that something is held of, and the names of
// those that nothing is, though the section means to show them.
func (r *reporting) shown(sec *reportSection) (subjects []*subject, missing []stat.Measure) {
	topics := map[string]bool{}
	for _, code := range sec.all() {
		if r.held(code) {
			s := r.use(code)
			subjects = append(subjects, s)
			topics[s.m.Topic] = topics[s.m.Topic] || slices.Contains(sec.Also, code)
		}
	}
	for _, code := range sec.Measures {
		if s := r.subject(code); !r.held(code) && !topics[s.m.Topic] {
			missing = append(missing, s.m)
		}
	}
	return subjects, missing
}

// lacking is the sentence on measures that nothing is held of, "" for none.
func (r *reporting) lacking(missing []stat.Measure) string {
	var names []string
	for _, m := range missing {
		names = append(names, benchmark.LowerFirst(m.Name))
	}
	switch {
	case len(names) == 0:
		return ""
	case r.today:
		return fmt.Sprintf("No figure is held of %s.", listed(names))
	}
	return fmt.Sprintf("No figure known %s is held of %s.", r.by(), listed(names))
}

// reportLatest is the area's newest figure: the council's own where that is of
// a later day than the last published one.
func (s *subject) reportLatest() (o stat.Observation, own bool) {
	var last stat.Observation
	if !s.local {
		for _, p := range s.periods {
			if o := s.observation(s.area.Code, p); o.Count.Known() || o.Value.Known() {
				last = o
			}
		}
	}
	if newest := s.newest(); last.Period.End.Before(newest.Period.End) || last.Period.IsZero() {
		return newest, true
	}
	return last, false
}

// reportOrigin is where the figure of an observation that leads was printed.
func reportOrigin(o stat.Observation) *stat.Origin {
	for _, f := range []stat.Figure{o.Count, o.Value} {
		if f.Given() && f.Origin != nil {
			return f.Origin
		}
	}
	return &stat.Origin{}
}

// whose says who gave an observation: "the council's own figure", "DfE's,
// published in November 2025".
func whose(o stat.Observation) string {
	from := reportOrigin(o)
	if from.Publisher == stat.Council {
		return ownFigure(o.Count, o.Value)
	}
	out := "published by " + from.Publisher
	if when := from.Released.Long(); when != "" {
		out += ", " + when
	}
	if from.Draft {
		out += draftEnd
	}
	return out
}

// whoseShort names the publisher of a figure beside another's.
func whoseShort(o stat.Observation) string {
	if p := reportOrigin(o).Publisher; p != stat.Council {
		return cmp.Or(p, "the publisher")
	}
	return "the council"
}
