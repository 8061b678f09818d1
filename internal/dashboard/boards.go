package dashboard

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// Errors a caller may tell apart. A name that means nothing, or too much, is
// stat.ErrUnknown or stat.ErrAmbiguous inside a ChoiceError.
var (
	ErrNotFound  = errors.New("no such page")
	ErrNoFigures = errors.New("no figures")
)

// Boards holds the definitions and makes Views of them. It is safe for
// concurrent use.
type Boards struct {
	Now func() time.Time // tells which meeting was the last one

	cat  *stat.Catalogue
	home stat.Area
	defs []*Definition
	dues map[string]due // when the council's figures come in, by measure

	reports []*reportDefinition
}

// New reads the definitions in fsys; home is the council's own area.
func New(fsys fs.FS, cat *stat.Catalogue, home stat.Area) (*Boards, error) {
	defs, err := Load(fsys, cat)
	if err != nil {
		return nil, err
	}
	reports, err := loadReports(fsys, cat, defs)
	if err != nil {
		return nil, err
	}
	return &Boards{Now: time.Now, cat: cat, home: home, defs: defs, dues: duesOf(defs), reports: reports}, nil
}

// Names lists the dashboards, overview first.
func (b *Boards) Names() []string {
	var out []string
	for _, d := range b.defs {
		out = append(out, d.Name)
	}
	return out
}

// Title is a dashboard's title, "" for an unknown name.
func (b *Boards) Title(name string) string {
	if d := b.find(name); d != nil {
		return d.Title
	}
	return ""
}

// IsScorecard reports whether a dashboard is rows of measures against targets.
func (b *Boards) IsScorecard(name string) bool {
	d := b.find(name)
	return d != nil && len(d.Rows) > 0
}

func (b *Boards) find(name string) *Definition {
	i := slices.IndexFunc(b.defs, func(d *Definition) bool { return d.Name == name })
	if i < 0 {
		return nil
	}
	return b.defs[i]
}

// Dashboard lays out the named dashboard for a selection, with one read of
// src. The error is ErrNotFound for an unknown name, and a *ChoiceError for
// neighbours or a meeting there are none of.
func (b *Boards) Dashboard(ctx context.Context, src Source, name string, sel Selection) (*View, error) {
	def := b.find(name)
	if def == nil {
		return nil, fmt.Errorf("dashboard %q: %w", name, ErrNotFound)
	}
	if len(def.Panels) == 0 { // a scorecard's rows say themselves what they show
		sel.Show = ShowValue
	}
	if len(def.Rows) == 0 { // only a scorecard is of a day, and read so often
		sel.Period, sel.Cadence = "", ""
	}
	v, fs, err := b.open(ctx, src, sel, def.inOrder()...)
	if err != nil {
		return nil, fmt.Errorf("dashboard %s: %w", name, err)
	}
	v.Name, v.Title, v.Path = def.Name, def.Title, "/dashboards/"+def.Name
	v.Lead = strings.ReplaceAll(def.Lead, "{area}", v.Area.Name) + b.ended(v.Area)
	v.lack(fs, def)
	subjects := map[string]*subject{}
	for _, p := range def.Panels {
		if !fs.empty && fs.lacks(p.Measure, v.Area.Code) {
			continue // v.Missing names it
		}
		s := subjects[p.Measure]
		if s == nil {
			m, _ := b.cat.Measure(p.Measure) // checked by Load
			s = fs.subject(m, v.Area, v.Selection)
			subjects[p.Measure] = s
		}
		if p.Kind == Parted {
			v.add(s.breakdowns(p.Dimension)...)
			continue
		}
		v.add(s.panel(p.Kind))
	}
	card, err := fs.scorecard(def, v)
	if err != nil {
		return nil, fmt.Errorf("dashboard %s: %w", name, err)
	}
	v.add(card)
	v.close(fs)
	return v, nil
}

// Measure lays out the page of one measure, with one read of src. The error
// is ErrNotFound for an unknown measure, and a *ChoiceError for neighbours
// or a meeting there are none of.
func (b *Boards) Measure(ctx context.Context, src Source, code string, sel Selection) (*View, error) {
	m, err := b.cat.Measure(code)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	v, fs, err := b.open(ctx, src, sel, m.Code)
	if err != nil {
		return nil, fmt.Errorf("measure %s: %w", m.Code, err)
	}
	v.Name, v.Title, v.Path, v.Lead = m.Code, m.Name, "/measures/"+m.Code, m.Definition+b.ended(v.Area)
	s := fs.subject(m, v.Area, v.Selection)
	for _, kind := range []string{Headline, Trend, ownTrend, Monthly, Control, Bars, Ahead} {
		v.add(s.panel(kind))
	}
	v.add(s.breakdowns("")...)
	for _, kind := range []string{Shares, Table, About} {
		v.add(s.panel(kind))
	}
	if !s.local {
		v.Links = []Link{
			{v.Path + "/neighbours", s.with.each()},
			{v.Path + "/authorities", "All authorities"},
		}
		v.Near = s.closest(3)
	}
	v.close(fs)
	return v, nil
}

// open reads the figures of some measures and starts a View of them.
func (b *Boards) open(ctx context.Context, src Source, sel Selection, codes ...string) (*View, *figures, error) {
	sel.Area = cmp.Or(sel.Area, b.home.Code)
	sel.Neighbours = cmp.Or(sel.Neighbours, DefaultModel)
	sel.Show = cmp.Or(sel.Show, ShowValue)
	area, err := b.authority(sel.Area)
	if err != nil {
		return nil, nil, &ChoiceError{"area", sel.Area, err}
	}
	sel.Area = area.Code
	fs, err := b.read(ctx, src, stat.Query{}, codes...)
	if err != nil {
		return nil, nil, err
	}
	fs.today, fs.dues = b.today(), b.dues
	if err := b.settle(fs, area, &sel); err != nil {
		return nil, nil, err
	}
	return &View{
		Area: area, Selection: sel, Models: fs.whom(area), Meetings: fs.meetings(b.today()),
		Version: fs.version, Panels: []Panel{}, Warnings: []string{},
	}, fs, nil
}

// ended is that an authority is no more, "" of one that is.
func (b *Boards) ended(a stat.Area) string {
	if a.Ended.IsZero() || !a.Ended.Before(b.today()) {
		return ""
	}
	return fmt.Sprintf(" %s was abolished on %s; its figures are of the time before.", benchmark.UpperFirst(benchmark.PlaceName(a.Name)), a.Ended.AddDays(1).Long())
}

func (v *View) add(panels ...*Panel) {
	for _, p := range panels {
		if p != nil {
			v.Panels = append(v.Panels, *p)
		}
	}
}

// SampleWarning is a View's, and a report's, that shows sample figures.
const SampleWarning = "Includes sample figures, made up to try Bellwether with."

// EmptyWarning is a View's where nothing is held of anything.
const EmptyWarning = "No figures are held yet: import a file."

// close adds what is true of the whole page.
func (v *View) close(fs *figures) {
	if fs.empty {
		v.Warnings = append(v.Warnings, EmptyWarning)
	}
	v.look(fs)
	v.Warnings = append(v.Warnings, fs.remarks...)
	if v.Sample = fs.sampled; v.Sample {
		v.Warnings = append(v.Warnings, SampleWarning)
	}
	if v.Drafts = fs.drafts.numbers(); len(v.Drafts) > 0 {
		v.Warnings = append(v.Warnings, fs.drafts.warning())
	}
	if v.Selection.Show == ShowCount {
		v.Warnings = append(v.Warnings, countWarning)
	}
}

const countWarning = "Showing numbers: they depend on the size of an area, so trends show only the area's own. Choose rates to compare with neighbours, region and England."
