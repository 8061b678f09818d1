package importer

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// check is one thing that is looked at: the codes of the problems it stands
// for, whoever finds them, and what to do about them. find, which may be nil,
// looks for those that only the whole file or what is held shows.
type check struct {
	stage, name, title string
	codes              []string
	advice             string
	find               func(*checking) []stat.Problem
}

// listedEach is how many problems of one check are listed one by one.
const listedEach = 100

// Needs is what Check compares a file with: all that is held of its measures
// in its areas, and the population their rates are of.
func (im *Importer) Needs(r *Result) stat.Query {
	var q stat.Query
	measures, areas := map[string]bool{}, map[string]bool{}
	for i := range r.Observations {
		measures[r.Observations[i].Measure] = true
		areas[r.Observations[i].Area] = true
	}
	for code := range measures {
		q.Measures = append(q.Measures, code)
		if m, err := im.cat.Measure(code); err == nil && m.Population != "" {
			q.Measures = append(q.Measures, m.Population)
		}
	}
	slices.Sort(q.Measures)
	q.Measures = slices.Compact(q.Measures)
	if len(areas) <= fewAreas {
		for code := range areas {
			q.Areas = append(q.Areas, code)
		}
		slices.Sort(q.Areas)
	}
	return q
}

// fewAreas is how many areas are asked for by name rather than all.
const fewAreas = 20

// Check adds the problems that only the whole file shows, or a comparison with
// what is held, and fills r.Checks. It is called once, after Read and before
// the file is stored, for a refused file too. The stages and what they look
// for follow DfE's data screener (eesyscreener), with checks of the figures
// themselves and of their history. As there, a file of which nothing could be
// read is not looked at beyond the stage that failed.
func (im *Importer) Check(r *Result, held stat.Holding) {
	if len(r.Observations) > 0 {
		c := newChecking(im, r, held)
		for _, ck := range checks {
			if ck.find != nil {
				c.found(ck.find(c))
			}
		}
	}
	r.Checks = outcomes(r)
}

// found adds problems. A row that was read well and has an error now is one
// that is at fault.
func (c *checking) found(problems []stat.Problem) {
	for i, p := range problems {
		if i == listedEach {
			p.At, p.Row = "", nil
			p.Message = fmt.Sprintf("%d more like the %d listed above", len(problems)-i, i)
		}
		if p.Severity == stat.Error && i < listedEach && !c.faulty[rowOf(p.At)] && c.r.Used > 0 {
			c.faulty[rowOf(p.At)] = true
			c.r.Used--
			c.r.Faulty++
		}
		if i <= listedEach {
			c.r.add(p)
		}
	}
}

// rowOf is the row of an address: "Sheet1!12" of "Sheet1!F12".
func rowOf(at string) string {
	sheet, cell := "", at
	if i := strings.LastIndexByte(at, '!'); i >= 0 {
		sheet, cell = at[:i+1], at[i+1:]
	}
	return sheet + strings.TrimLeft(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// outcomes gives every check of the stages that were reached. Those that come
// after a failure in its stage were not made, unless they found something.
func outcomes(r *Result) []stat.Check {
	of := map[string][]stat.Problem{}
	for _, p := range r.Problems {
		name := checkOf(p.Code).name
		of[name] = append(of[name], p)
	}
	var out []stat.Check
	failed, nothing, stage := false, len(r.Observations)+len(r.Links) == 0, ""
	for _, ck := range checks {
		if failed && nothing && ck.stage != stage {
			break
		}
		stage = ck.stage
		o := ck.outcome(of[ck.name])
		if failed && nothing && len(of[ck.name]) == 0 {
			o.Outcome = stat.NotChecked
		}
		failed = failed || o.Outcome == stat.Failed
		out = append(out, o)
	}
	return out
}

// outcome counts the gravest of the problems.
func (ck check) outcome(problems []stat.Problem) stat.Check {
	n := map[stat.Severity]int{}
	for _, p := range problems {
		n[p.Severity]++
	}
	o := stat.Check{Stage: ck.stage, Name: ck.name, Title: ck.title, Outcome: stat.Passed, Found: n[stat.Note]}
	switch {
	case n[stat.Error] > 0:
		o.Outcome, o.Found, o.Advice = stat.Failed, n[stat.Error], ck.advice
	case n[stat.Warning] > 0:
		o.Outcome, o.Found, o.Advice = stat.Warned, n[stat.Warning], ck.advice
	}
	return o
}

// checkOf is the check a problem's code belongs to. One that belongs to none
// is of the file as a whole; a test sees to it that there is none.
func checkOf(code string) check {
	if ck, ok := checkOfCode[code]; ok {
		return ck
	}
	return checks[0]
}

var checkOfCode = indexChecks()

func indexChecks() map[string]check {
	out := map[string]check{}
	for _, ck := range checks {
		for _, code := range ck.codes {
			out[code] = check{stage: ck.stage, name: ck.name}
		}
	}
	return out
}

// checking is a file and what is held, laid out for the checks.
type checking struct {
	cat      *stat.Catalogue
	home     stat.Area
	r        *Result
	council  bool // the file is the council's own
	measures map[string]stat.Measure
	file     map[stat.Key]*stat.Observation
	held     map[stat.Key][]*stat.Observation // one for each publisher
	estimate map[string]map[int]float64       // population of an area at 30 June of a year
	faulty   map[string]bool                  // rows that have an error
}

func newChecking(im *Importer, r *Result, held stat.Holding) *checking {
	c := &checking{cat: im.cat, home: im.home, r: r, council: r.Batch.Publisher == stat.Council, measures: map[string]stat.Measure{},
		file: map[stat.Key]*stat.Observation{}, held: map[stat.Key][]*stat.Observation{}, estimate: map[string]map[int]float64{}, faulty: map[string]bool{}}
	for _, m := range r.Measures { // that the catalogue may not have yet
		c.measures[m.Code] = m
	}
	for i := range r.Observations {
		c.file[r.Observations[i].Key] = &r.Observations[i]
	}
	for i := range held.Observations {
		o := &held.Observations[i]
		c.held[o.Key] = append(c.held[o.Key], o)
		c.addEstimate(o)
	}
	for i := range r.Observations {
		c.addEstimate(&r.Observations[i])
	}
	for _, p := range r.Problems {
		if p.Severity == stat.Error {
			c.faulty[rowOf(p.At)] = true
		}
	}
	return c
}

// addEstimate keeps a published population.
func (c *checking) addEstimate(o *stat.Observation) {
	if o.Measure != stat.Population || o.Breakdown != "" || o.Publisher() == stat.Council || !o.Value.Known() {
		return
	}
	if c.estimate[o.Area] == nil {
		c.estimate[o.Area] = map[int]float64{}
	}
	c.estimate[o.Area][o.Period.End.Year] = o.Value.Number
}

// population is the mid-year estimate of the year before the 31 March that
// ends the date's financial year, or the latest earlier one.
func (c *checking) population(area string, d stat.Date) (float64, int) {
	best := 0
	for year := range c.estimate[area] {
		if year < d.FinancialYear() && year > best {
			best = year
		}
	}
	return c.estimate[area][best], best
}

func (c *checking) measure(code string) stat.Measure {
	m, ok := c.measures[code]
	if !ok {
		m, _ = c.cat.Measure(code)
		c.measures[code] = m
	}
	return m
}

func (c *checking) area(code string) stat.Area {
	if a, err := c.cat.Area(code); err == nil {
		return a
	}
	for _, a := range c.r.Areas {
		if a.Code == code {
			return a
		}
	}
	return stat.Area{Code: code, Name: code}
}

// number is the figure an observation is about: its count, or what stands for
// one where the measure is a plain number.
func (c *checking) number(o *stat.Observation) stat.Figure {
	if o.Count.Given() || c.measure(o.Measure).Unit != stat.Number {
		return o.Count
	}
	return o.Value
}

func warning(code, at, format string, args ...any) stat.Problem {
	return stat.Problem{At: at, Severity: stat.Warning, Code: code, Message: fmt.Sprintf(format, args...)}
}

// ofWhat names what an observation is of: the measure, place and time.
func (c *checking) ofWhat(o *stat.Observation) string {
	what := c.measure(o.Measure).Name
	if o.Breakdown != "" {
		what += " (" + o.Breakdown + ")"
	}
	return fmt.Sprintf("%s, %s, %s", what, c.area(o.Area).Name, o.Period.Label())
}
