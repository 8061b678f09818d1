package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"

	"github.com/pelletier/go-toml/v2"
)

const (
	refAreas      = "reference/areas.csv"
	refMeasures   = "reference/measures.toml"
	refNeighbours = "reference/neighbours.csv"
)

// ReadCatalogue reads reference/areas.csv and reference/measures.toml. The
// error joins every fault found; each names its file and line.
func ReadCatalogue(fsys fs.FS) (*stat.Catalogue, error) {
	areas, areaErr := readAreas(fsys)
	measures, measureErr := readMeasures(fsys)
	if err := errors.Join(areaErr, measureErr); err != nil {
		return nil, err
	}
	cat, err := stat.NewCatalogue(measures, areas)
	if err != nil {
		return nil, fmt.Errorf("reading reference: %w", err)
	}
	return cat, nil
}

// A refFile gathers what is wrong with one reference file.
type refFile struct {
	name   string
	faults []error
}

func (f *refFile) fault(line int, format string, a ...any) {
	f.faults = append(f.faults, fmt.Errorf("%s:%d: %w", f.name, line, fmt.Errorf(format, a...)))
}

func (f *refFile) err() error { return errors.Join(f.faults...) }

// refRows reads a CSV whose header must be exactly columns. Its rows come with
// their lines, and their cells in that order.
func (f *refFile) refRows(fsys fs.FS, columns ...string) (rows [][]string, lines []int, err error) {
	data, err := fs.ReadFile(fsys, f.name)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", f.name, err)
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = len(columns)
	for {
		row, err := r.Read()
		var bad *csv.ParseError
		switch {
		case err == io.EOF:
			if len(lines) == 0 {
				return nil, nil, fmt.Errorf("%s:1: no header: want %s", f.name, strings.Join(columns, ","))
			}
			return rows[1:], lines[1:], nil
		case errors.As(err, &bad):
			return nil, nil, fmt.Errorf("%s:%d: %w, want %d", f.name, bad.Line, bad.Err, len(columns))
		case err != nil:
			return nil, nil, fmt.Errorf("reading %s: %w", f.name, err)
		}
		line, _ := r.FieldPos(0)
		rows, lines = append(rows, row), append(lines, line)
		if len(rows) == 1 && !slices.Equal(row, columns) {
			return nil, nil, fmt.Errorf("%s:%d: header is %s: want %s", f.name, line, strings.Join(row, ","), strings.Join(columns, ","))
		}
	}
}

func readAreas(fsys fs.FS) ([]stat.Area, error) {
	f := &refFile{name: refAreas}
	rows, lines, err := f.refRows(fsys, "code", "number", "name", "level", "region", "began", "ended",
		"other_codes", "other_names", "predecessors", "successors")
	if err != nil {
		return nil, err
	}
	areas := make([]stat.Area, len(rows))
	for i, row := range rows {
		areas[i] = f.readArea(lines[i], row)
	}
	f.checkCodes(areas, lines)
	f.checkTies(areas, lines)
	return areas, f.err()
}

func (f *refFile) readArea(line int, row []string) stat.Area {
	a := stat.Area{
		Code: row[0], Number: row[1], Name: row[2], Level: stat.Level(row[3]), Region: row[4],
		Began: f.day(line, row[5]), Ended: f.day(line, row[6]),
		OtherCodes: bars(row[7]), OtherNames: bars(row[8]), Predecessors: bars(row[9]), Successors: bars(row[10]),
	}
	if a.Code == "" || a.Number == "" || a.Name == "" {
		f.fault(line, "an area wants a code, a number and a name")
	}
	if !slices.Contains([]stat.Level{stat.National, stat.Regional, stat.Authority}, a.Level) {
		f.fault(line, "level %q: want %s, %s or %s", a.Level, stat.National, stat.Regional, stat.Authority)
	}
	if !a.Ended.IsZero() && a.Ended.Before(a.Began) {
		f.fault(line, "%s ended on %s, before it began", a.Name, a.Ended)
	}
	// A name listed twice would make the area ambiguous with itself.
	called := map[string]bool{}
	for _, n := range append([]string{a.Name}, a.OtherNames...) {
		if called[stat.Fold(n)] {
			f.fault(line, "%s is called %q twice: letter case and punctuation do not count", a.Name, n)
		}
		called[stat.Fold(n)] = true
	}
	return a
}

// day reads an ISO day; an empty cell is no day.
func (f *refFile) day(line int, s string) stat.Date {
	if s == "" {
		return stat.Date{}
	}
	d, err := stat.ParseDate(s)
	if err != nil {
		f.fault(line, "%w", err)
	}
	return d
}

// bars splits a cell that holds several values, "a|b".
func bars(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

// checkCodes finds a code or number that two areas share.
func (f *refFile) checkCodes(areas []stat.Area, lines []int) {
	taken := map[string]int{}
	for i, a := range areas {
		for _, code := range append([]string{a.Code, a.Number}, a.OtherCodes...) {
			if j, ok := taken[stat.Fold(code)]; ok && code != "" {
				f.fault(lines[i], "%s is %q, but so is %s on line %d", a.Name, code, areas[j].Name, lines[j])
			}
			taken[stat.Fold(code)] = i
		}
	}
}

// checkTies finds regions, predecessors and successors that are not known, or
// that only one side of a succession knows of.
func (f *refFile) checkTies(areas []stat.Area, lines []int) {
	byCode := map[string]stat.Area{}
	for _, a := range areas {
		byCode[a.Code] = a
	}
	for i, a := range areas {
		if r, ok := byCode[a.Region]; a.Region != "" && (!ok || r.Level != stat.Regional) {
			f.fault(lines[i], "region %q of %s is no region of this file", a.Region, a.Name)
		} else if a.Region == "" && a.Level == stat.Authority {
			f.fault(lines[i], "%s has no region", a.Name)
		}
		for _, s := range a.Successors {
			if b, ok := byCode[s]; !ok || !slices.Contains(b.Predecessors, a.Code) {
				f.fault(lines[i], "successor %q of %s is no area that has it as predecessor", s, a.Name)
			}
		}
		for _, p := range a.Predecessors {
			if b, ok := byCode[p]; !ok || !slices.Contains(b.Successors, a.Code) {
				f.fault(lines[i], "predecessor %q of %s is no area that has it as successor", p, a.Name)
			}
		}
	}
}

func readMeasures(fsys fs.FS) ([]stat.Measure, error) {
	data, err := fs.ReadFile(fsys, refMeasures)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", refMeasures, err)
	}
	var doc struct {
		Measures []stat.Measure `toml:"measure"`
	}
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&doc); err != nil {
		return nil, tomlError(refMeasures, err)
	}
	m := measureFile{refFile{name: refMeasures}, tableLines(data, "[[measure]]")}
	m.checkNames(doc.Measures)
	for i := range doc.Measures {
		m.check(doc.Measures, i)
		m.checkMeasureTies(doc.Measures, i)
	}
	m.checkWordings(doc.Measures)
	return doc.Measures, m.err()
}

// A tableLine is one line of an array table, with its number.
type tableLine struct {
	number int
	text   string
}

// tableLines are the lines of each table that begins with header, so that a
// fault of meaning can name its line as one of syntax does.
func tableLines(data []byte, header string) (tables [][]tableLine) {
	number := 0
	for text := range strings.Lines(string(data)) {
		number++
		text = strings.TrimSpace(text)
		if strings.HasPrefix(text, header) {
			tables = append(tables, nil)
		}
		if n := len(tables); n > 0 {
			tables[n-1] = append(tables[n-1], tableLine{number, text})
		}
	}
	return tables
}

// measureFile is measures.toml, with the lines of each measure.
type measureFile struct {
	refFile
	tables [][]tableLine
}

// wrong is a fault of one key of measure i, or of the whole measure where the
// key is not there.
func (m *measureFile) wrong(i int, key, format string, a ...any) {
	line := 1
	if i < len(m.tables) {
		line = m.tables[i][0].number
		for _, l := range m.tables[i] {
			if k, _, ok := strings.Cut(l.text, "="); ok && strings.TrimSpace(k) == key {
				line = l.number
				break
			}
		}
	}
	m.fault(line, format, a...)
}

// checkNames finds a code, name or alias that two measures share.
func (m *measureFile) checkNames(measures []stat.Measure) {
	taken := map[string]int{}
	for i, s := range measures {
		for n, name := range append([]string{s.Code, s.Name}, s.Aliases...) {
			key := []string{"code", "name", "aliases"}[min(n, 2)]
			if j, ok := taken[stat.Fold(name)]; ok && j != i {
				m.wrong(i, key, "measures %s and %s are both called %q", measures[j].Code, s.Code, name)
			}
			taken[stat.Fold(name)] = i
		}
	}
}

func (m *measureFile) check(measures []stat.Measure, i int) {
	s := measures[i]
	for _, t := range []struct{ key, text string }{
		{"code", s.Code}, {"name", s.Name}, {"noun", s.Noun}, {"topic", s.Topic},
		{"numerator", s.Numerator}, {"source", s.Source}, {"definition", s.Definition},
	} {
		if strings.TrimSpace(t.text) == "" {
			m.wrong(i, t.key, "measure %q has no %s", s.Code, t.key)
		}
	}
	oneOf(m, i, "kind", s.Kind, stat.Snapshot, stat.Flow)
	oneOf(m, i, "unit", s.Unit, stat.Number, stat.RateOf, stat.Percent, stat.Ratio, stat.Days, stat.Pounds)
	oneOf(m, i, "polarity", s.Polarity, stat.HighIsGood, stat.LowIsGood, stat.NoPolarity)
	oneOf(m, i, "frequency", s.Frequency, stat.Month, stat.Quarter, stat.Year)
	if s.Decimals < 0 || s.Decimals > 4 {
		m.wrong(i, "decimals", "decimals %d of measure %q: want 0 to 4", s.Decimals, s.Code)
	}
	if s.Unit != stat.Number && s.Denominator == "" {
		m.wrong(i, "denominator", "measure %q has no denominator: one that is a %s wants it", s.Code, s.Unit.Words())
	}
	if s.Unit == stat.RateOf && s.Population == "" {
		m.wrong(i, "population", "measure %q has no population to work a rate out from", s.Code)
	}
	if s.Control && !s.Controllable() {
		m.wrong(i, "control", "a control chart says nothing of measure %q: only of one that is a flow or a percentage", s.Code)
	}
	m.checkChanged(i, s)
	if s.Population != "" && !slices.ContainsFunc(measures, func(p stat.Measure) bool { return p.Code == s.Population }) {
		m.wrong(i, "population", "population %q of measure %q is no measure of this file", s.Population, s.Code)
	}
}

// checkChanged sees that the changes of a definition have a day and a
// sentence each, and stand oldest first.
func (m *measureFile) checkChanged(i int, s stat.Measure) {
	last := stat.Date{}
	for n, ch := range s.Changed {
		line := m.changedLine(i, n)
		day, err := stat.ParseDate(ch.From)
		switch {
		case err != nil:
			m.fault(line, "a change of measure %q: from %w", s.Code, err)
		case !last.IsZero() && !last.Before(day):
			m.fault(line, "a change of measure %q from %s stands after one from %s: put the oldest first", s.Code, day, last)
		default:
			last = day
		}
		if !strings.HasSuffix(strings.TrimSpace(ch.What), ".") {
			m.fault(line, "a change of measure %q wants in what a sentence that says what changed", s.Code)
		}
	}
}

// changedLine is where the n-th change of measure i begins.
func (m *measureFile) changedLine(i, n int) int {
	line := 1
	if i < len(m.tables) {
		line = m.tables[i][0].number
		for _, l := range m.tables[i] {
			if strings.HasPrefix(l.text, "[[measure.changed]]") {
				if line = l.number; n == 0 {
					break
				}
				n--
			}
		}
	}
	return line
}

func oneOf[T ~string](m *measureFile, i int, key string, got T, want ...T) {
	if !slices.Contains(want, got) {
		m.wrong(i, key, "%s %q is not known: want one of %q", key, got, want)
	}
}

// ReadNeighbours reads reference/neighbours.csv: the statistical neighbours of
// each area in each model, closest first, areas turned into codes. The error
// joins every fault found; each names its file and line.
func ReadNeighbours(fsys fs.FS, cat *stat.Catalogue) ([]stat.Link, error) {
	f := &refFile{name: refNeighbours}
	rows, lines, err := f.refRows(fsys, "model", "area", "position", "neighbour", "closeness")
	if err != nil {
		return nil, err
	}
	type group struct{ model, area string }
	held := map[group][]string{} // neighbours so far, in order
	links := make([]stat.Link, 0, len(rows))
	for i, row := range rows {
		l := f.readLink(lines[i], row, cat)
		g := group{l.Model, l.Area}
		if l.Position != len(held[g])+1 {
			f.fault(lines[i], "position %q: want %d, the next of area %s in model %s", row[2], len(held[g])+1, row[1], l.Model)
		}
		if l.Neighbour == l.Area || slices.Contains(held[g], l.Neighbour) {
			f.fault(lines[i], "area %s has neighbour %s already in model %s, or is it", row[1], row[3], l.Model)
		}
		held[g] = append(held[g], l.Neighbour)
		links = append(links, l)
	}
	return links, f.err()
}

func (f *refFile) readLink(line int, row []string, cat *stat.Catalogue) stat.Link {
	var codes [2]string
	for i, number := range []string{row[1], row[3]} {
		a, err := cat.Area(number)
		if err != nil {
			f.fault(line, "%w", err)
			a.Code = number
		}
		codes[i] = a.Code
	}
	if row[0] == "" || row[4] == "" {
		f.fault(line, "a neighbour wants a model and a closeness")
	}
	position, err := strconv.Atoi(row[2])
	if err != nil {
		f.fault(line, "position %q is not a number", row[2])
	}
	return stat.Link{Model: row[0], Area: codes[0], Neighbour: codes[1], Position: position, Closeness: row[4], At: fmt.Sprintf("A%d", line)}
}
