package dashboard

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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

// Errors a caller may tell apart. A name that means nothing, or too much, is
// stat.ErrUnknown or stat.ErrAmbiguous inside a ChoiceError.
var (
	ErrNotFound  = errors.New("no such page")
	ErrNoFigures = errors.New("no figures")
)

// ChoiceError is a choice that cannot be followed; Field is its name in the
// query string.
type ChoiceError struct {
	Field, Value string
	Err          error
}

func (e *ChoiceError) Error() string { return e.Err.Error() }
func (e *ChoiceError) Unwrap() error { return e.Err }

// Boards holds the definitions and makes Views of them. It is safe for
// concurrent use.
type Boards struct {
	cat  *stat.Catalogue
	home stat.Area
	defs []*Definition
}

// New reads the definitions in fsys; home is the council's own area.
func New(fsys fs.FS, cat *stat.Catalogue, home stat.Area) (*Boards, error) {
	defs, err := Load(fsys, cat)
	if err != nil {
		return nil, err
	}
	return &Boards{cat: cat, home: home, defs: defs}, nil
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

func (b *Boards) find(name string) *Definition {
	i := slices.IndexFunc(b.defs, func(d *Definition) bool { return d.Name == name })
	if i < 0 {
		return nil
	}
	return b.defs[i]
}

// Select reads the choices of a query string: area by code, number or name,
// neighbours by model, show, and the first and last reporting year. An empty
// choice is the default one: the home area, DefaultModel, ShowValue, all
// years. Every error is a *ChoiceError.
func (b *Boards) Select(area, neighbours, show, from, to string) (Selection, error) {
	sel := Selection{Area: b.home.Code, Neighbours: DefaultModel, Show: ShowValue}
	if area != "" {
		a, err := b.authority(area)
		if err != nil {
			return Selection{}, &ChoiceError{"area", area, err}
		}
		sel.Area = a.Code
	}
	if neighbours != "" {
		if _, err := year(neighbours); err != nil {
			return Selection{}, &ChoiceError{"neighbours", neighbours, fmt.Errorf("neighbour model %q: %w, models are named by year, such as %s", neighbours, stat.ErrUnknown, DefaultModel)}
		}
		sel.Neighbours = neighbours
	}
	switch show {
	case "", ShowValue:
	case ShowCount:
		sel.Show = ShowCount
	default:
		return Selection{}, &ChoiceError{"show", show, fmt.Errorf("show %q: %w, choose %s or %s", show, stat.ErrUnknown, ShowValue, ShowCount)}
	}
	var err error
	if sel.From, err = year(from); err != nil {
		return Selection{}, &ChoiceError{"from", from, err}
	}
	if sel.To, err = year(to); err != nil {
		return Selection{}, &ChoiceError{"to", to, err}
	}
	if sel.From > 0 && sel.To > 0 && sel.From > sel.To {
		return Selection{}, &ChoiceError{"from", from, fmt.Errorf("the years run from %d back to %d: give the earlier year first", sel.From, sel.To)}
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

// Dashboard lays out the named dashboard for a selection, with one read of
// src. The error is ErrNotFound for an unknown name, and a *ChoiceError for a
// neighbour model there is none of.
func (b *Boards) Dashboard(ctx context.Context, src Source, name string, sel Selection) (*View, error) {
	def := b.find(name)
	if def == nil {
		return nil, fmt.Errorf("dashboard %q: %w", name, ErrNotFound)
	}
	var codes []string
	for _, p := range def.Panels {
		if !slices.Contains(codes, p.Measure) {
			codes = append(codes, p.Measure)
		}
	}
	v, fs, err := b.open(ctx, src, sel, codes...)
	if err != nil {
		return nil, fmt.Errorf("dashboard %s: %w", name, err)
	}
	v.Name, v.Title, v.Path = def.Name, def.Title, "/dashboards/"+def.Name
	v.Lead = strings.ReplaceAll(def.Lead, "{area}", v.Area.Name)
	subjects := map[string]*subject{}
	for _, p := range def.Panels {
		s := subjects[p.Measure]
		if s == nil {
			m, _ := b.cat.Measure(p.Measure) // checked by Load
			s = fs.subject(m, v.Area, v.Selection)
			subjects[p.Measure] = s
		}
		v.add(s.panel(p.Kind))
	}
	v.close(fs)
	return v, nil
}

// Measure lays out the page of one measure, with one read of src. The error
// is ErrNotFound for an unknown measure, and a *ChoiceError for a neighbour
// model there is none of.
func (b *Boards) Measure(ctx context.Context, src Source, code string, sel Selection) (*View, error) {
	m, err := b.cat.Measure(code)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	v, fs, err := b.open(ctx, src, sel, m.Code)
	if err != nil {
		return nil, fmt.Errorf("measure %s: %w", m.Code, err)
	}
	v.Name, v.Title, v.Path, v.Lead = m.Code, m.Name, "/measures/"+m.Code, m.Definition
	s := fs.subject(m, v.Area, v.Selection)
	for _, kind := range []string{Headline, Trend, ownTrend, Bars, Table, About} {
		v.add(s.panel(kind))
	}
	if !s.local {
		v.Links = []Link{
			{v.Path + "/neighbours", "Each statistical neighbour"},
			{v.Path + "/authorities", "All authorities"},
		}
	}
	v.close(fs)
	return v, nil
}

// open reads the figures of some measures and starts a View of them.
func (b *Boards) open(ctx context.Context, src Source, sel Selection, codes ...string) (*View, *figures, error) {
	if sel.Area == "" {
		sel.Area = b.home.Code
	}
	if sel.Neighbours == "" {
		sel.Neighbours = DefaultModel
	}
	if sel.Show == "" {
		sel.Show = ShowValue
	}
	area, err := b.authority(sel.Area)
	if err != nil {
		return nil, nil, &ChoiceError{"area", sel.Area, err}
	}
	fs, err := b.read(ctx, src, stat.Query{}, codes...)
	if err != nil {
		return nil, nil, err
	}
	if err := fs.hasModel(sel.Neighbours); err != nil {
		return nil, nil, err
	}
	sel.Area = area.Code
	v := &View{Area: area, Selection: sel, Models: fs.models, Version: fs.version, Panels: []Panel{}, Warnings: []string{}}
	return v, fs, nil
}

func (v *View) add(p *Panel) {
	if p != nil {
		v.Panels = append(v.Panels, *p)
	}
}

const (
	sampleWarning = "Includes sample figures, made up to try Bellwether with."
	emptyWarning  = "No figures are held yet: import a file."
)

// close adds what is true of the whole page.
func (v *View) close(fs *figures) {
	if fs.empty {
		v.Warnings = append(v.Warnings, emptyWarning)
	}
	v.Warnings = append(v.Warnings, fs.remarks...)
	if v.Sample = fs.sampled; v.Sample {
		v.Warnings = append(v.Warnings, sampleWarning)
	}
	if v.Selection.Show == ShowCount {
		v.Warnings = append(v.Warnings, countWarning)
	}
}

const countWarning = "Showing numbers: they depend on the size of an area, so trends show only the area's own. Choose rates to compare with neighbours, region and England."
