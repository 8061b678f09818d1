package importer

import (
	"context"
	"fmt"
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

	layout    *layout
	book      *workbook.Book
	sheet     string
	keys      map[stat.Key]int        // into res.Observations
	origins   map[string]*stat.Origin // by released month
	latest    stat.Date               // end of the latest period
	published stat.Release            // that the file's name gives
	areas     map[areaRef]foundArea
	periods   map[periodRef]foundPeriod
	skips     map[string]int // reason, into res.Skipped

	errors  int // all, kept or not
	dropped int // problems beyond keptProblems
	lost    int // errors among them
}

func newReading(ctx context.Context, im *Importer, name string, data []byte, o Options, progress func(int)) *reading {
	r := &reading{ctx: ctx, im: im, o: o, progress: progress, res: &Result{}}
	r.res.Batch = stat.Batch{File: name, SHA256: sum(data), Released: o.Released}
	r.keys = map[stat.Key]int{}
	r.origins = map[string]*stat.Origin{}
	r.areas = map[areaRef]foundArea{}
	r.periods = map[periodRef]foundPeriod{}
	r.skips = map[string]int{}
	return r
}

// file opens, recognises and reads. Its error is the context's or a
// *workbook.Fault.
func (r *reading) file(data []byte) error {
	book, err := workbook.Open(r.res.Batch.File, data, workbook.DefaultLimits)
	if err != nil {
		return err
	}
	defer book.Close()
	r.book = book
	sheets, err := r.recognise()
	if err != nil {
		return err
	}
	for i := range sheets {
		if err := r.readSheet(i, sheets[i]); err != nil {
			return err
		}
	}
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
	r.sheet = r.book.Sheets[i].Name
	reader := found.reader(r)
	for row, err := range r.book.Rows(i) {
		if err != nil {
			return err
		}
		if row.Number <= found.row {
			continue
		}
		if err := r.count(row, reader); err != nil {
			return err
		}
	}
	reader.end()
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
	before := r.errors
	reason := reader.row(row)
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
	if r.latest.Before(key.Period.End) {
		r.latest = key.Period.End
	}
}

func (r *reading) areaName(code string) string {
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
	o, ok := r.origins[month]
	if !ok {
		o = &stat.Origin{Publisher: r.layout.Publisher, File: r.res.Batch.File}
		r.origins[month] = o
	}
	return o
}

// released is when figures of the layout's month came out.
func (r *reading) released(month string) stat.Release {
	switch m := r.layout.months[month]; {
	case r.o.Released != "":
		return r.o.Released
	case r.published != "":
		return r.published
	case m != 0 && !r.latest.IsZero():
		return stat.Release(fmt.Sprintf("%04d-%02d", r.latest.Year+r.layout.ReleasedLater, m))
	}
	return stat.Release(r.o.Today.String())
}

// finish dates the origins and rounds off the account.
func (r *reading) finish() {
	b := &r.res.Batch
	if r.layout != nil {
		b.Layout, b.Publisher = r.layout.name, r.layout.Publisher
		b.Released = r.released(r.layout.ReleasedMonth)
		r.wholeness()
	}
	for month, o := range r.origins {
		o.Released, o.Sample = r.released(month), b.Sample
	}
	if r.layout != nil && r.res.Used == 0 && r.errors == 0 {
		r.problem(stat.Error, "no_figures", "", "%s has the layout %s, but no figure in any row: check that the cells are filled in, and saved as values", b.File, r.layout.name)
	}
	if r.dropped > 0 {
		r.res.Problems = append(r.res.Problems, stat.Problem{Severity: severityOf(r.lost), Code: "more_problems",
			Message: fmt.Sprintf("%d more problems, %d of them errors, are not listed: correct these first and import again", r.dropped, r.lost)})
	}
	b.Rows, b.Skipped = r.res.Rows, r.res.Skipped
	for _, p := range r.res.Problems {
		if p.Severity == stat.Warning {
			b.Problems = append(b.Problems, p)
		}
	}
	r.progress(r.res.Rows)
}

func severityOf(errors int) stat.Severity {
	if errors > 0 {
		return stat.Error
	}
	return stat.Warning
}

// wholeness warns, once for each measure, where a layout gives a measure in
// several rows and one of them is missing.
func (r *reading) wholeness() {
	wanted := map[string]map[stat.Part]bool{}
	for _, it := range r.layout.Items {
		if it.Part != "" {
			if wanted[it.Measure] == nil {
				wanted[it.Measure] = map[stat.Part]bool{}
			}
			wanted[it.Measure][partFor(&it.measure, it.Part)] = true
		}
	}
	type gap struct {
		n     int
		first stat.Observation
	}
	gaps := map[string]*gap{}
	var order []string
	for _, o := range r.res.Observations {
		for part := range wanted[o.Measure] {
			if o.Part(part).Given() {
				continue
			}
			id := o.Measure + " " + string(part)
			if gaps[id] == nil {
				gaps[id], order = &gap{first: o}, append(order, id)
			}
			gaps[id].n++
		}
	}
	for _, id := range order {
		measure, part, _ := strings.Cut(id, " ")
		g := gaps[id]
		r.problem(stat.Warning, "half_observation", givenAt(g.first), "%d observations of %s have no %s beside them, first %s, %s: the file gives both in rows of their own",
			g.n, measure, part, r.areaName(g.first.Area), g.first.Period.Label())
	}
}

func givenAt(o stat.Observation) string {
	for _, p := range stat.Parts {
		if f := o.Part(p); f.Given() {
			return f.At
		}
	}
	return ""
}

// monthDay is "06-30" as a day of a year.
func monthDay(year int, s string) stat.Date {
	t, _ := time.Parse(time.DateOnly, "2000-"+s)
	return stat.DateOf(time.Date(year, t.Month(), t.Day(), 0, 0, 0, 0, time.UTC))
}
