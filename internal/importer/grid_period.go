package importer

import (
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// columnPeriod is the period a header stands for. A month without a year takes
// it from the rows above.
func (g *grid) columnPeriod(c workbook.Cell, col int) (stat.Period, *complaint) {
	if c.Kind == workbook.Date {
		return wholeMonth(stat.DateOf(c.Time)), nil
	}
	if bare(c.Text) {
		return g.bareMonth(c.Text, col)
	}
	p, err := stat.ParsePeriod(c.Text)
	if err != nil {
		return p, &complaint{"unreadable_period", err.Error()}
	}
	if p.Span == stat.Day {
		p = wholeMonth(p.End)
	}
	return p, nil
}

func (g *grid) bareMonth(text string, col int) (stat.Period, *complaint) {
	for i := len(g.above) - 1; i >= 0; i-- {
		if p, ok := withYear(strings.TrimSpace(text), g.over(&g.above[i], col)); ok {
			return p, nil
		}
	}
	if len(g.years) == 1 {
		if p, ok := withYear(strings.TrimSpace(text), g.years[0]); ok {
			return p, nil
		}
	}
	return stat.Period{}, &complaint{"unreadable_period", strconv.Quote(text) + " has no year: write it as " + strconv.Quote(strings.TrimSpace(text)+" 2024") + ", or put the year, such as 2024/25, in the row above"}
}

// carryYears gives a month without a year the year in which it follows the one
// before it by name: "Nov 25", "Dec", "Jan". A month with a year after them that
// does not follow in time shows that the years were not meant so.
func (g *grid) carryYears(ln *line) {
	for i := 1; i < len(g.months); i++ {
		run := g.following(ln, i)
		if end := i + len(run); len(run) > 0 && end < len(g.months) && g.months[end].fault == nil && !run[len(run)-1].End.Before(g.months[end].period.End) {
			continue
		}
		for n, p := range run {
			g.months[i+n].period, g.months[i+n].fault = p, nil
		}
	}
}

// following are the months of the columns from the i-th on, for as long as
// each follows the one before it.
func (g *grid) following(ln *line, i int) (run []stat.Period) {
	before := g.months[i-1]
	if before.fault != nil || before.period.Span != stat.Month {
		return nil
	}
	end := before.period.End
	for ; i < len(g.months) && g.months[i].fault != nil; i++ {
		end = end.AddMonthEnds(1)
		p, err := stat.ParsePeriod(strings.TrimSpace(ln.cells[g.months[i].col].Text) + " " + strconv.Itoa(end.Year))
		if err != nil || p != stat.InMonth(end.Year, end.Month) {
			break
		}
		run = append(run, p)
	}
	return run
}

// over is the text of a row above that stands over a column: the cell's own,
// or the last one to its left that is a year, as a merged cell is.
func (g *grid) over(ln *line, col int) string {
	for _, m := range g.merges {
		if m.FirstRow <= ln.number && ln.number <= m.LastRow && m.FirstCol <= col && col <= m.LastCol && m.FirstCol < len(ln.cells) {
			return ln.cells[m.FirstCol].Text
		}
	}
	for i := min(col, len(ln.cells)-1); i >= 0; i-- {
		if ln.folded[i] != "" {
			return ln.cells[i].Text
		}
	}
	return ""
}

// withYear joins "Apr" or "Q1" to the year above it: a financial year as in
// 2024/25, or a calendar year.
func withYear(text, year string) (stat.Period, bool) {
	y, err := stat.ParsePeriod(year)
	if err != nil || y.Span != stat.Year {
		return stat.Period{}, false
	}
	year = strings.TrimSpace(year)
	p, err := stat.ParsePeriod(text + " " + year) // a quarter, or a month of a calendar year
	if err == nil {
		return p, true
	}
	first := strconv.Itoa(y.Start().Year)
	if p, err = stat.ParsePeriod(text + " " + first); err == nil && p.End.FinancialYear() != y.End.FinancialYear() {
		p, err = stat.ParsePeriod(text + " " + strconv.Itoa(y.End.Year))
	}
	return p, err == nil
}

// leaps complains of a month without a year that follows the one before it by
// name, but by the year above it is long before: "Apr" after "Mar" under 2025/26.
func (g *grid) leaps(ln *line) {
	for i := 1; i < len(g.months); i++ {
		before, c := g.months[i-1].period, &g.months[i]
		if c.fault != nil || g.months[i-1].fault != nil || c.period.Span != stat.Month || before.Span != stat.Month || !bare(ln.cells[c.col].Text) {
			continue
		}
		if c.period.End.Month == before.End.Month%12+1 && c.period.End.Before(before.End) {
			c.fault = &complaint{"unreadable_period", strconv.Quote(ln.cells[c.col].Text) + " follows " + before.Label() + ", but stands under the year before: put each year over the first of its months, or write the year beside the month"}
		}
	}
}
