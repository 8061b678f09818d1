package dashboard

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"bellwether/internal/stat"
)

// Definition is one dashboard as its file describes it.
type Definition struct {
	Name   string            `toml:"-"` // the file's name without .toml
	Title  string            `toml:"title"`
	Lead   string            `toml:"lead"` // {area} is the chosen area's name
	Panels []PanelDefinition `toml:"panel"`

	Cadence string          `toml:"cadence"` // of a scorecard: "month", "six weeks", "quarter" or "year"
	Rows    []RowDefinition `toml:"row"`     // a scorecard, after the panels
}

// inOrder are the measures it shows, each once, as they come.
func (def *Definition) inOrder() []string {
	var out []string
	add := func(code string) {
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	for _, p := range def.Panels {
		add(p.Measure)
	}
	for _, r := range def.Rows {
		add(r.Measure)
	}
	return out
}

// PanelDefinition is one thing to show on a dashboard.
type PanelDefinition struct {
	Kind      string `toml:"kind"`
	Measure   string `toml:"measure"`
	Dimension string `toml:"dimension"` // of a breakdown; "" for every one there is

	DueDays  int    `toml:"due_days"`  // of a headline: how long after a period its own figures come in; 0 where that is not said
	DueEvery string `toml:"due_every"` // the period: "month" where nothing is said
}

// Overview is the name of the dashboard that comes first.
const Overview = "overview"

// Load reads every definition at the root of fsys, overview first and the
// others by name. An error names the file and the line, one to a line.
func Load(fsys fs.FS, cat *stat.Catalogue) ([]*Definition, error) {
	files, err := fs.Glob(fsys, "*.toml")
	if err != nil {
		return nil, fmt.Errorf("listing dashboards: %w", err)
	}
	var defs []*Definition
	var faults []error
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("reading dashboard %s: %w", file, err)
		}
		def, err := parse(file, data, cat)
		defs, faults = append(defs, def), append(faults, err)
	}
	if len(files) == 0 {
		faults = append(faults, errors.New("no dashboard is defined: there is no .toml file"))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	slices.SortStableFunc(defs, func(a, b *Definition) int {
		if (a.Name == Overview) != (b.Name == Overview) {
			if a.Name == Overview {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return defs, nil
}

// parse decodes one file strictly and checks it against the catalogue.
func parse(file string, data []byte, cat *stat.Catalogue) (*Definition, error) {
	def := &Definition{Name: strings.TrimSuffix(path.Base(file), ".toml")}
	if err := decode(file, "dashboard", data, def); err != nil {
		return nil, err
	}
	var faults []error
	fault := func(line int, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s:%d: %s", file, line, fmt.Sprintf(format, args...)))
	}
	if def.Title == "" {
		fault(1, "the dashboard has no title")
	}
	if len(def.Panels) == 0 && len(def.Rows) == 0 {
		fault(1, "the dashboard has no [[panel]] and no [[row]]")
	}
	lines := readLines(data)
	def.checkPanels(cat, func(i int, key string) int { return lines.of("panel", i, key) }, fault)
	def.checkRows(cat, func(i int, key string) int { return lines.of("row", i, key) }, fault)
	return def, errors.Join(faults...)
}

// checkPanels says what is wrong with the panels; line is that of panel i's
// key.
func (def *Definition) checkPanels(cat *stat.Catalogue, line func(i int, key string) int, fault func(line int, format string, args ...any)) {
	seen := map[PanelDefinition]bool{}
	for i, p := range def.Panels {
		if !slices.Contains(kinds, p.Kind) {
			fault(line(i, "kind"), "panel kind %q is none of %s", p.Kind, strings.Join(kinds, ", "))
		}
		if m, err := cat.Measure(p.Measure); err != nil {
			fault(line(i, "measure"), "measure %q is not in the catalogue", p.Measure)
		} else {
			def.Panels[i].Measure = m.Code
		}
		if p.Dimension != "" && p.Kind != Parted {
			fault(line(i, "dimension"), "only a panel of kind %q has a dimension", Parted)
		}
		p.checkDue(func(key, format string, args ...any) { fault(line(i, key), format, args...) })
		same := PanelDefinition{Kind: p.Kind, Measure: def.Panels[i].Measure, Dimension: p.Dimension}
		if seen[same] {
			fault(line(i, "kind"), "there is already a %s panel of %s", p.Kind, p.Measure)
		}
		seen[same] = true
	}
}

var kinds = []string{Headline, Trend, Bars, Table, About, Control, Ahead, Shares, Parted, Monthly}

// decode reads a file strictly; it is of a dashboard or whatever else the file
// describes. Errors name file and line.
func decode(file, of string, data []byte, def any) error {
	err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(def)
	if err == nil {
		return nil
	}
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		var faults []error
		for _, e := range strict.Errors {
			line, _ := e.Position()
			faults = append(faults, fmt.Errorf("%s:%d: %q is not a setting of a %s", file, line, strings.Join(e.Key(), "."), of))
		}
		return errors.Join(faults...)
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		line, _ := wrong.Position()
		return fmt.Errorf("%s:%d: %s", file, line, strings.TrimPrefix(wrong.Error(), "toml: "))
	}
	return fmt.Errorf("%s: %w", file, err)
}

// keyLines are the lines of the keys of each table of an array, the heading's
// under "".
type keyLines map[string][]map[string]int

// of is the line of a key of the i-th table of an array, or of its heading
// where the key is not there; i below 0 asks for a key before all tables.
func (l keyLines) of(array string, i int, key string) int {
	if i < 0 {
		array, i = "", 0
	}
	if i < len(l[array]) {
		for _, k := range []string{key, ""} {
			if line := l[array][i][k]; line > 0 {
				return line
			}
		}
	}
	return 1 // the tables are written in one line
}

// readLines finds the lines of a definition's keys.
func readLines(data []byte) keyLines {
	out := keyLines{"": {{}}}
	keys := out[""][0]
	var p unstable.Parser
	p.Reset(data)
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.ArrayTable:
			name, line := firstKey(&p, e)
			keys = map[string]int{"": line}
			out[name] = append(out[name], keys)
		case unstable.KeyValue:
			name, line := firstKey(&p, e)
			keys[name] = line
		}
	}
	return out
}

func firstKey(p *unstable.Parser, e *unstable.Node) (string, int) {
	if it := e.Key(); it.Next() {
		return string(it.Node().Data), p.Shape(it.Node().Raw).Start.Line
	}
	return "", 1
}
