package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// keptProblems is how many problems of one file are shown.
const keptProblems = 1000

// tick is how many rows pass between two reports of progress.
const tick = 1000

// reading is one file while it is read.
type reading struct {
	ctx      context.Context
	im       *Importer
	o        Options
	progress func(rows int)
	res      *Result

	layout    *layout   // of the sheet being read
	used      []*layout // of all sheets so far
	book      *workbook.Book
	child     childScan
	sheet     string
	merged    *merged          // of the sheet
	keys      map[stat.Key]int // into res.Observations
	origins   map[originKey]*stat.Origin
	latest    map[*layout]stat.Date // end of the latest period
	published stat.Release          // that the file's name gives
	areas     map[areaRef]foundArea
	brought   map[string]int // code of an area the file brings, into res.Areas
	periods   map[periodRef]foundPeriod
	skips     map[string]int // reason, into res.Skipped
	asides    asides

	errors  int // all, kept or not
	dropped int // problems beyond keptProblems
	lost    int // errors among them
}

// originKey tells releases apart: a layout's, in a month.
type originKey struct {
	layout *layout
	month  string
}

func newReading(ctx context.Context, im *Importer, name string, data []byte, o Options, progress func(int)) *reading {
	r := &reading{ctx: ctx, im: im, o: o, progress: progress, res: &Result{}}
	r.res.Batch = stat.Batch{File: name, SHA256: sum(data), Released: o.Released}
	r.keys = map[stat.Key]int{}
	r.origins = map[originKey]*stat.Origin{}
	r.latest = map[*layout]stat.Date{}
	r.areas = map[areaRef]foundArea{}
	r.brought = map[string]int{}
	r.skips = map[string]int{}
	return r
}

// file opens, recognises and reads. Its error is the context's or a
// *workbook.Fault.
func (r *reading) file(data []byte) error {
	book, err := workbook.Open(r.res.Batch.File, data, r.o.Limits)
	if err != nil {
		return err
	}
	defer book.Close()
	r.book = book
	for _, note := range book.Notes {
		r.problem(stat.Note, "read_otherwise", "", "%s", note)
	}
	sheets, err := r.recognise()
	if err != nil {
		return err
	}
	for i := range book.Sheets {
		if len(sheets) == 0 { // not recognised, but it may still be refused for what it holds
			err = r.child.wholeSheet(book, i)
		} else {
			err = r.readSheet(i, sheets[i])
		}
		if err != nil {
			return err
		}
	}
	r.child.remarks(book)
	return nil
}

// rowReader reads the rows of one sheet below its header.
type rowReader interface {
	// row adds what the row says, or gives the reason why it was skipped.
	row(workbook.Row) (skipped string)
	// end is told that there are no more.
	end()
}

// readSheet reads one sheet, or skips all of it where no layout was found.
func (r *reading) readSheet(i int, found sheetMatch) error {
	sheet := r.book.Sheets[i]
	r.sheet, r.merged, r.periods = sheet.Name, newMerged(sheet.Merges), map[periodRef]foundPeriod{}
	if r.layout = found.layout; r.layout != nil && !slices.Contains(r.used, r.layout) {
		r.used = append(r.used, r.layout)
	}
	reader, err := found.reader(r, i)
	if err != nil {
		return err
	}
	hidden := 0
	r.child.sheet(r.sheet)
	for row, err := range r.book.Rows(i) {
		if err != nil {
			return err
		}
		r.child.row(row)
		r.merged.keep(row)
		if row.Hidden {
			hidden++
		}
		if row.Number <= found.row {
			continue
		}
		if err := r.count(row, reader); err != nil {
			return err
		}
	}
	reader.end()
	if found.layout != nil {
		r.hidden(sheet, hidden)
	}
	return nil
}

// count keeps the account of rows: each is used, skipped or faulty.
func (r *reading) count(row workbook.Row, reader rowReader) error {
	r.res.Rows++
	if r.res.Rows%tick == 0 {
		r.progress(r.res.Rows)
		if err := r.ctx.Err(); err != nil {
			return err
		}
	}
	before, listed := r.errors, len(r.res.Problems)
	reason := reader.row(row)
	r.show(row, listed)
	switch {
	case r.errors > before:
		r.res.Faulty++
	case reason != "":
		r.skip(reason, workbook.Address(r.sheet, firstCell(row.Cells), row.Number), 1)
	default:
		r.res.Used++
	}
	return nil
}

func firstCell(cells []workbook.Cell) int {
	for i, c := range cells {
		if c.Kind != workbook.Empty {
			return i
		}
	}
	return 0
}

func (r *reading) skip(reason, at string, rows int) {
	i, ok := r.skips[reason]
	if !ok {
		i = len(r.res.Skipped)
		r.skips[reason] = i
		r.res.Skipped = append(r.res.Skipped, stat.Skip{Reason: reason, First: at})
	}
	r.res.Skipped[i].Rows += rows
}

func (r *reading) problem(s stat.Severity, code, at, format string, args ...any) {
	if s == stat.Error {
		r.errors++
	}
	if len(r.res.Problems) >= keptProblems {
		r.dropped++
		if s == stat.Error {
			r.lost++
		}
		return
	}
	r.res.Problems = append(r.res.Problems, stat.Problem{At: at, Severity: s, Code: code, Message: fmt.Sprintf(format, args...)})
}

func (r *reading) fault(f *workbook.Fault) {
	r.problem(stat.Error, f.Code, f.At, "%s: %s", r.res.Batch.File, f.Message)
}

// at is the address of a cell of the sheet being read.
func (r *reading) at(col, row int) string { return workbook.Address(r.sheet, col, row) }

// add puts a figure into the observation of its key. The same part twice is a
// problem, whatever it says: which of the two is right is not for us to guess.
func (r *reading) add(key stat.Key, part stat.Part, f stat.Figure, month string) {
	i, ok := r.keys[key]
	if !ok {
		i = len(r.res.Observations)
		r.keys[key] = i
		r.res.Observations = append(r.res.Observations, stat.Observation{Key: key})
	}
	to := r.res.Observations[i].Part(part)
	if to.Given() {
		r.problem(stat.Error, "duplicate_key", f.At, "the %s of %s for %s, %s, stands here as %s and at %s as %s: keep one of the two",
			part, key.Measure, r.areaName(key.Area), key.Period.Label(), f.Text, to.At, to.Text)
		return
	}
	f.Origin = r.origin(month)
	*to = f
	if r.latest[r.layout].Before(key.Period.End) {
		r.latest[r.layout] = key.Period.End
	}
}

func (r *reading) areaName(code string) string {
	if i, ok := r.brought[code]; ok {
		return r.res.Areas[i].Name
	}
	if a, err := r.im.cat.Area(code); err == nil {
		return a.Name
	}
	return code
}

// origin is shared by all figures of one release; its date is known only when
// the last row has been read.
func (r *reading) origin(month string) *stat.Origin {
	if month == "" {
		month = r.layout.ReleasedMonth
	}
	o, ok := r.origins[originKey{r.layout, month}]
	if !ok {
		o = &stat.Origin{Publisher: r.layout.Publisher, File: r.res.Batch.File}
		r.origins[originKey{r.layout, month}] = o
	}
	return o
}

// released is when figures of a layout's month came out.
func (r *reading) released(of originKey) stat.Release {
	l, latest := of.layout, r.latest[of.layout]
	switch m := l.months[of.month]; {
	case r.o.Released != "":
		return r.o.Released
	case r.published != "" && l.Kind == neighboursKind:
		return r.published
	case m != 0 && !latest.IsZero():
		return stat.Release(fmt.Sprintf("%04d-%02d", latest.Year+l.ReleasedLater, m))
	}
	return stat.Release(r.o.Today.String())
}

// finish dates the origins and rounds off the account.
func (r *reading) finish() {
	b := &r.res.Batch
	if len(r.used) > 0 {
		b.Layout, b.Publisher = r.layoutNames(), r.used[0].Publisher
		b.Released = r.released(originKey{r.used[0], r.used[0].ReleasedMonth})
		r.wholeness()
	}
	for of, o := range r.origins {
		o.Released, o.Sample = r.released(of), b.Sample
	}
	r.asides.tell(r)
	r.tellAreas()
	if len(r.used) > 0 && r.res.Used == 0 && r.errors == 0 {
		r.problem(stat.Error, "no_figures", "", "%s has the layout %s, but no figure in any row: check that the cells are filled in, and saved as values", b.File, b.Layout)
	}
	if r.dropped > 0 {
		r.res.Problems = append(r.res.Problems, stat.Problem{Severity: severityOf(r.lost), Code: "more_problems",
			Message: fmt.Sprintf("%d more problems, %d of them errors, are not listed: correct these first and import again", r.dropped, r.lost)})
	}
	b.Rows, b.Skipped = r.res.Rows, r.res.Skipped
	for _, p := range r.res.Problems {
		if p.Severity != stat.Error {
			b.Problems = append(b.Problems, p)
		}
	}
	r.progress(r.res.Rows)
}

// layoutNames are those of all sheets: "monthly-return + tidy".
func (r *reading) layoutNames() string {
	var names []string
	for _, l := range r.used {
		names = append(names, l.name)
	}
	return strings.Join(names, " + ")
}

func severityOf(errors int) stat.Severity {
	if errors > 0 {
		return stat.Error
	}
	return stat.Warning
}

// monthDay is "06-30" as a day of a year.
func monthDay(year int, s string) stat.Date {
	t, _ := time.Parse(time.DateOnly, "2000-"+s)
	return stat.DateOf(time.Date(year, t.Month(), t.Day(), 0, 0, 0, 0, time.UTC))
}
