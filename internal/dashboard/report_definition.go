package dashboard

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// reportFolder holds the reports' definitions, beside those of the dashboards.
const reportFolder = "reports"

// ReportInfo is what a list of reports shows of one.
type ReportInfo struct {
	Name     string   `json:"name"` // the file's, without .toml
	Title    string   `json:"title"`
	Audience string   `json:"audience"`
	Heads    []string `json:"heads"` // of its commentary, in order
}

// reportDefinition is one report as its file describes it.
type reportDefinition struct {
	Name     string          `toml:"-"`
	Title    string          `toml:"title"` // {area} is the chosen area's name, here and in headings
	Audience string          `toml:"audience"`
	Years    int             `toml:"years"` // that charts and tables go back, 0 for all
	Sections []reportSection `toml:"section"`
}

// reportSection is one [[section]].
type reportSection struct {
	Kind       string   `toml:"kind"`
	Heading    string   `toml:"heading"`
	Measures   []string `toml:"measures"`
	Also       []string `toml:"also"`       // measures that are shown where anything is held of them, and not missed
	Panels     []string `toml:"panels"`     // kinds of panels: of a chart section trends where nothing is said, of neighbours none
	Dimension  string   `toml:"dimension"`  // of a breakdown panel; "" for every one there is
	Scorecard  string   `toml:"scorecard"`  // name of a dashboard with rows
	Commentary []string `toml:"commentary"` // headings that officers write below
}

// all are the section's measures, each once.
func (sec *reportSection) all() []string { return slices.Concat(sec.Measures, sec.Also) }

var reportSections = []string{SectionHeadline, SectionChange, SectionNeighbours, SectionChart, SectionTable,
	SectionScorecard, SectionCommentary, SectionDefinitions, SectionQuality}

// reportCharts are the kinds of panels a chart section may have, and
// reportBeside those of one about neighbours.
var (
	reportCharts = []string{Trend, Bars, Control, Ahead, Shares, Parted, Monthly}
	reportBeside = []string{Bars}
)

// loadReports reads every definition in fsys's reports folder, by name. That
// there is none is no fault. defs are the dashboards that scorecards are of.
func loadReports(fsys fs.FS, cat *stat.Catalogue, defs []*Definition) ([]*reportDefinition, error) {
	files, err := fs.Glob(fsys, reportFolder+"/*.toml")
	if err != nil {
		return nil, fmt.Errorf("listing reports: %w", err)
	}
	var out []*reportDefinition
	var faults []error
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("reading report %s: %w", file, err)
		}
		def, err := parseReport(file, data, cat, defs)
		out, faults = append(out, def), append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b *reportDefinition) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// parseReport decodes one file strictly and checks it.
func parseReport(file string, data []byte, cat *stat.Catalogue, defs []*Definition) (*reportDefinition, error) {
	def := &reportDefinition{Name: strings.TrimSuffix(path.Base(file), ".toml")}
	if err := decode(file, "report", data, def); err != nil {
		return nil, err
	}
	var faults []error
	lines := readLines(data)
	fault := func(i int, key, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s:%d: %s", file, lines.of("section", i, key), fmt.Sprintf(format, args...)))
	}
	if def.Title == "" {
		fault(-1, "title", "the report has no title")
	}
	if def.Audience == "" {
		fault(-1, "audience", "the report has no audience: say who it is for")
	}
	if def.Years < 0 || def.Years > 50 {
		fault(-1, "years", "years is %d: give how many years charts go back, 50 at most, or leave it out for all", def.Years)
	}
	if len(def.Sections) == 0 {
		fault(-1, "title", "the report has no [[section]]")
	}
	heads := map[string]bool{}
	for i := range def.Sections {
		of := func(key, format string, args ...any) { fault(i, key, format, args...) }
		sec := &def.Sections[i]
		sec.check(cat, of)
		sec.checkScorecard(defs, of)
		for _, h := range sec.Commentary {
			if heads[stat.Fold(h)] {
				of("commentary", "there is already commentary headed %q", h)
			}
			heads[stat.Fold(h)] = true
		}
	}
	return def, errors.Join(faults...)
}

// reportNeeds is what a section of a kind must have, and what it may.
var reportNeeds = map[string]struct{ needs, may []string }{
	SectionHeadline:    {[]string{"measures"}, []string{"also"}},
	SectionChange:      {[]string{"measures"}, []string{"also"}},
	SectionNeighbours:  {[]string{"measures"}, []string{"also", "panels"}},
	SectionChart:       {[]string{"measures"}, []string{"also", "panels", "dimension"}},
	SectionTable:       {[]string{"measures"}, []string{"also"}},
	SectionScorecard:   {[]string{"scorecard"}, nil},
	SectionCommentary:  {[]string{"commentary"}, nil},
	SectionDefinitions: {},
	SectionQuality:     {},
}

// check says what is wrong with one section, and names its measures by code.
func (sec *reportSection) check(cat *stat.Catalogue, fault func(key, format string, args ...any)) {
	if !slices.Contains(reportSections, sec.Kind) {
		fault("kind", "section kind %q is none of %s", sec.Kind, strings.Join(reportSections, ", "))
		return
	}
	if sec.Heading == "" {
		fault("heading", "the section has no heading")
	}
	given := []struct {
		key string
		is  bool
	}{
		{"measures", len(sec.Measures) > 0}, {"also", len(sec.Also) > 0}, {"panels", len(sec.Panels) > 0}, {"dimension", sec.Dimension != ""},
		{"scorecard", sec.Scorecard != ""}, {"commentary", len(sec.Commentary) > 0},
	}
	rule := reportNeeds[sec.Kind]
	for _, g := range given {
		switch needed := slices.Contains(rule.needs, g.key); {
		case needed && !g.is:
			fault("kind", "a section of kind %q needs %s", sec.Kind, g.key)
		case g.is && !needed && !slices.Contains(rule.may, g.key):
			fault(g.key, "a section of kind %q has no %s", sec.Kind, g.key)
		}
	}
	sec.checkMeasures(cat, fault)
	sec.checkPanels(fault)
}

func (sec *reportSection) checkMeasures(cat *stat.Catalogue, fault func(key, format string, args ...any)) {
	seen := map[string]bool{}
	for _, list := range []struct {
		key   string
		names []string
	}{{"measures", sec.Measures}, {"also", sec.Also}} {
		for i, name := range list.names {
			m, err := cat.Measure(name)
			switch {
			case err != nil:
				fault(list.key, "measure %q is not in the catalogue", name)
				continue
			case seen[m.Code]:
				fault(list.key, "measure %q stands in the section twice", name)
			}
			list.names[i], seen[m.Code] = m.Code, true
		}
	}
	for _, h := range sec.Commentary {
		if strings.TrimSpace(h) == "" {
			fault("commentary", "a heading of the commentary is blank")
		}
	}
}

func (sec *reportSection) checkPanels(fault func(key, format string, args ...any)) {
	may := reportCharts
	if sec.Kind == SectionNeighbours {
		may = reportBeside
	}
	for _, kind := range sec.Panels {
		if !slices.Contains(may, kind) {
			fault("panels", "panel kind %q is none of %s", kind, strings.Join(may, ", "))
		}
	}
	if sec.Dimension != "" && !slices.Contains(sec.Panels, Parted) {
		fault("dimension", "only a panel of kind %q has a dimension", Parted)
	}
}

func (sec *reportSection) checkScorecard(defs []*Definition, fault func(key, format string, args ...any)) {
	if sec.Scorecard == "" {
		return
	}
	i := slices.IndexFunc(defs, func(d *Definition) bool { return d.Name == sec.Scorecard })
	if i < 0 || len(defs[i].Rows) == 0 {
		fault("scorecard", "scorecard %q is no dashboard with a [[row]]", sec.Scorecard)
	}
}

// heads are all headings of its commentary, in order.
func (def *reportDefinition) heads() []string {
	out := []string{}
	for _, sec := range def.Sections {
		out = append(out, sec.Commentary...)
	}
	return out
}

// Reports lists the reports that are defined, by name.
func (b *Boards) Reports() []ReportInfo {
	out := []ReportInfo{}
	for _, def := range b.reports {
		out = append(out, ReportInfo{Name: def.Name, Title: strings.ReplaceAll(def.Title, "{area}", b.home.Name), Audience: def.Audience, Heads: def.heads()})
	}
	return out
}

func (b *Boards) report(name string) *reportDefinition {
	i := slices.IndexFunc(b.reports, func(d *reportDefinition) bool { return d.Name == name })
	if i < 0 {
		return nil
	}
	return b.reports[i]
}
