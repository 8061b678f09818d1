package importer

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"bellwether/internal/stat"
)

// A file of the box has a line for each row of the published file and each
// measure in it:
//
//	row,measure,area,period,count@M,value@N
//	28,cla,E06000002,2025,493,138
//	31,,E06000003,,303,118
//
// The part before @ says what the figure is, the text after it in which column
// it was printed, so that its cell is M28 in the published file. Figures stand
// as printed. An empty measure or period is that of the line above; a period
// that is a year alone is the year ending 31 March, or that day, as the
// measure has it.
var boxHeaders = []string{"row", "measure", "area", "period"}

// boxFile is one file of the box.
type boxFile struct {
	entry   boxEntry
	columns []string // "count@M"
	lines   []boxLine
}

type boxLine struct {
	row   int
	key   stat.Key
	texts map[string]string // by column
}

var cellAt = regexp.MustCompile(`^(.*[A-Z])(\d+)$`)

// boxFiles takes a submission apart by the releases of its figures.
func boxFiles(s stat.Submission) []*boxFile {
	var files []*boxFile
	byRelease := map[stat.Release]*boxFile{}
	at := map[*boxFile]map[lineRef]int{}
	for _, o := range s.Observations {
		for _, part := range stat.Parts {
			f := o.Part(part)
			if !f.Given() {
				continue
			}
			b := byRelease[f.Origin.Released]
			if b == nil {
				b = &boxFile{entry: entryOf(s.Batch, f.Origin)}
				byRelease[f.Origin.Released], at[b] = b, map[lineRef]int{}
				files = append(files, b)
			}
			b.put(at[b], o.Key, part, *f)
		}
	}
	for _, b := range files {
		b.sort()
	}
	return files
}

// lineRef tells the lines of one row apart.
type lineRef struct {
	row int
	key stat.Key
}

func entryOf(b stat.Batch, o *stat.Origin) boxEntry {
	ext := filepath.Ext(o.File)
	return boxEntry{Name: strings.TrimSuffix(o.File, ext) + "." + string(o.Released) + ".csv", File: o.File, Publisher: o.Publisher,
		Released: o.Released, Layout: b.Layout, Licence: licence, SHA256: b.SHA256}
}

func (b *boxFile) put(lines map[lineRef]int, key stat.Key, part stat.Part, f stat.Figure) {
	m := cellAt.FindStringSubmatch(f.At)
	if m == nil {
		m = []string{"", f.At, "0"}
	}
	row, _ := strconv.Atoi(m[2])
	column := string(part) + "@" + m[1]
	if !slices.Contains(b.columns, column) {
		b.columns = append(b.columns, column)
	}
	ref := lineRef{row, key}
	i, ok := lines[ref]
	if !ok {
		i = len(b.lines)
		lines[ref] = i
		b.lines = append(b.lines, boxLine{row, key, map[string]string{}})
	}
	b.lines[i].texts[column] = f.Text
}

func (b *boxFile) sort() {
	slices.Sort(b.columns)
	slices.SortFunc(b.lines, func(x, y boxLine) int { return cmp.Or(cmp.Compare(x.row, y.row), x.key.Compare(y.key)) })
}

func (b *boxFile) write(dir string) error {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	w.Write(slices.Concat(boxHeaders, b.columns))
	var last boxLine
	for _, l := range b.lines {
		period, err := boxPeriod(l.key.Period)
		if err != nil || l.key.Breakdown != "" || l.row == 0 {
			return errors.Join(fmt.Errorf("writing %s: %s, row %d, cannot be put into the box", b.entry.Name, l.key, l.row), err)
		}
		record := []string{strconv.Itoa(l.row), l.key.Measure, l.key.Area, period}
		if l.key.Measure == last.key.Measure {
			record[1] = ""
		}
		if l.key.Period == last.key.Period && l.key.Measure == last.key.Measure {
			record[3] = ""
		}
		for _, c := range b.columns {
			record = append(record, l.texts[c])
		}
		w.Write(record)
		last = l
	}
	w.Flush()
	return os.WriteFile(filepath.Join(dir, b.entry.Name), buf.Bytes(), 0o644)
}

// boxPeriod writes a period so that it reads back as itself.
func boxPeriod(p stat.Period) (string, error) {
	if p.End.Month == time.March && p.End.Day == 31 && (p.Span == stat.Day || p.Span == stat.Year) {
		return strconv.Itoa(p.End.Year), nil
	}
	back, err := stat.ParsePeriod(p.String())
	if err == nil && back != p {
		err = fmt.Errorf("the period %s does not read back", p)
	}
	return p.String(), err
}

// boxReader reads one file of the box.
type boxReader struct {
	cat     *stat.Catalogue
	name    string
	line    int
	columns []boxColumn
	origin  *stat.Origin
	sub     stat.Submission
	keys    map[stat.Key]int
	measure stat.Measure
	period  stat.Period
	rows    map[string]bool
}

type boxColumn struct {
	part   stat.Part
	letter string
}

func readBoxFile(fsys fs.FS, cat *stat.Catalogue, e boxEntry) (stat.Submission, error) {
	name := path.Join(boxFolder, e.Name)
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return stat.Submission{}, fmt.Errorf("reading published figures: %w", err)
	}
	b := boxReader{cat: cat, name: name, keys: map[stat.Key]int{}, rows: map[string]bool{},
		origin: &stat.Origin{Publisher: e.Publisher, Released: e.Released, File: e.File}}
	if err := b.read(csv.NewReader(bytes.NewReader(data))); err != nil {
		return stat.Submission{}, fmt.Errorf("%s:%d: %w", b.name, b.line, err)
	}
	b.sub.Batch = e.batch(len(b.rows), sum(data))
	return b.sub, nil
}

func (b *boxReader) read(r *csv.Reader) error {
	b.line = 1
	head, err := r.Read()
	if err != nil {
		return err
	}
	if err := b.head(head); err != nil {
		return err
	}
	r.ReuseRecord = true
	for {
		record, err := r.Read()
		if err == io.EOF {
			return nil
		}
		b.line, _ = r.FieldPos(0)
		if err != nil {
			return err
		}
		if err := b.record(record); err != nil {
			return err
		}
	}
}

func (b *boxReader) head(head []string) error {
	if len(head) <= len(boxHeaders) || !slices.Equal(head[:len(boxHeaders)], boxHeaders) {
		return fmt.Errorf("the header does not begin with %s", strings.Join(boxHeaders, ","))
	}
	for _, h := range head[len(boxHeaders):] {
		part, letter, ok := strings.Cut(h, "@")
		if !ok || !slices.Contains(stat.Parts, stat.Part(part)) {
			return fmt.Errorf("%q is not a part and its column, such as count@M", h)
		}
		b.columns = append(b.columns, boxColumn{stat.Part(part), letter})
	}
	return nil
}

func (b *boxReader) record(rec []string) error {
	if err := b.ditto(rec[1], rec[3]); err != nil {
		return err
	}
	area, err := b.cat.Area(rec[2])
	if err != nil {
		return err
	}
	period, err := b.period.For(b.measure.Kind)
	if err != nil {
		return err
	}
	key := stat.Key{Measure: b.measure.Code, Area: area.Code, Period: period}
	i, ok := b.keys[key]
	if !ok {
		i = len(b.sub.Observations)
		b.keys[key] = i
		b.sub.Observations = append(b.sub.Observations, stat.Observation{Key: key})
	}
	b.rows[rec[0]] = true
	for j, c := range b.columns {
		if s := rec[len(boxHeaders)+j]; s != "" {
			if err := b.figure(b.sub.Observations[i].Part(c.part), s, c.letter+rec[0]); err != nil {
				return err
			}
		}
	}
	return nil
}

// ditto takes measure and period from the line above where they are empty.
func (b *boxReader) ditto(measure, period string) (err error) {
	if measure != "" {
		if b.measure, err = b.cat.Measure(measure); err != nil {
			return err
		}
	}
	if period != "" {
		b.period, err = stat.ParsePeriod(period)
	}
	return err
}

func (b *boxReader) figure(to *stat.Figure, text, at string) error {
	if to.Given() {
		return fmt.Errorf("%s and %s are the same figure", to.At, at)
	}
	*to = stat.Figure{Text: text, At: at, Origin: b.origin}
	if mark, ok := boxMark(text); ok {
		to.Mark = mark
		return nil
	}
	n, err := strconv.ParseFloat(text, 64)
	to.Number = n
	return err
}

// boxMark reads a mark; "-" is LAIT's, which gives no reason.
func boxMark(text string) (stat.Mark, bool) {
	if text == "-" {
		return stat.Unexplained, true
	}
	return stat.ParseMark(text)
}
