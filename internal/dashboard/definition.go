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
}

// PanelDefinition is one thing to show on a dashboard.
type PanelDefinition struct {
	Kind    string `toml:"kind"`
	Measure string `toml:"measure"`
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
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(def); err != nil {
		return nil, located(file, err)
	}
	var faults []error
	fault := func(line int, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s:%d: %s", file, line, fmt.Sprintf(format, args...)))
	}
	if def.Title == "" {
		fault(1, "the dashboard has no title")
	}
	if len(def.Panels) == 0 {
		fault(1, "the dashboard has no [[panel]]")
	}
	found := panelLines(data)
	lines := func(i int, key string) int {
		if i < len(found) {
			return found[i][key]
		}
		return 1 // the panels are written in one line
	}
	seen := map[PanelDefinition]bool{}
	for i, p := range def.Panels {
		if !slices.Contains(kinds, p.Kind) {
			fault(lines(i, "kind"), "panel kind %q is none of %s", p.Kind, strings.Join(kinds, ", "))
		}
		if m, err := cat.Measure(p.Measure); err != nil {
			fault(lines(i, "measure"), "measure %q is not in the catalogue", p.Measure)
		} else {
			def.Panels[i].Measure = m.Code
		}
		if seen[def.Panels[i]] {
			fault(lines(i, "kind"), "there is already a %s panel of %s", p.Kind, p.Measure)
		}
		seen[def.Panels[i]] = true
	}
	return def, errors.Join(faults...)
}

var kinds = []string{Headline, Trend, Bars, Table, About}

// located puts file and line before what the decoder says.
func located(file string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		var faults []error
		for _, e := range strict.Errors {
			line, _ := e.Position()
			faults = append(faults, fmt.Errorf("%s:%d: %q is not a setting of a dashboard", file, line, strings.Join(e.Key(), ".")))
		}
		return errors.Join(faults...)
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		line, _ := decode.Position()
		return fmt.Errorf("%s:%d: %s", file, line, strings.TrimPrefix(decode.Error(), "toml: "))
	}
	return fmt.Errorf("%s: %w", file, err)
}

// panelLines finds, for each [[panel]], the line of each key; a key that is
// not there has the line of the heading.
func panelLines(data []byte) []map[string]int {
	var out []map[string]int
	var p unstable.Parser
	p.Reset(data)
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.ArrayTable:
			line := firstKeyLine(&p, e)
			out = append(out, map[string]int{"kind": line, "measure": line})
		case unstable.KeyValue:
			if len(out) == 0 {
				continue
			}
			for it := e.Key(); it.Next(); {
				out[len(out)-1][string(it.Node().Data)] = p.Shape(it.Node().Raw).Start.Line
			}
		}
	}
	return out
}

func firstKeyLine(p *unstable.Parser, e *unstable.Node) int {
	if it := e.Key(); it.Next() {
		return p.Shape(it.Node().Raw).Start.Line
	}
	return 1
}
