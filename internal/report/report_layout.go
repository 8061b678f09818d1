package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// layout is a council report as the blocks of a document, the same ones for
// Word and for the page.
type layout struct {
	r      *dashboard.Report
	blocks []Block
	drawn  []drawnPanel // charts whose tables are yet to come
	tables int          // so far
	wide   bool         // the page lies on its side
}

// drawnPanel is where a chart stands, and its figures.
type drawnPanel struct {
	at    int // in blocks
	table Table
}

// Figure is a Chart with the panel it draws, for those who draw it themselves.
type Figure struct {
	Chart
	Panel dashboard.Panel
}

// blocksOf lays a report out: what it is, its sections, then the figures of
// its charts.
func blocksOf(r *dashboard.Report) []Block {
	l := &layout{r: r}
	l.add(Facts{reportFacts(r)})
	told := r.Before == nil
	for i, s := range r.Sections {
		l.section(s)
		if !told && (s.Kind == dashboard.SectionChange || i == len(r.Sections)-1) {
			l.before()
			told = true
		}
	}
	l.appendix()
	return l.blocks
}

func (l *layout) add(blocks ...Block) { l.blocks = append(l.blocks, blocks...) }

func (l *layout) numbered(text string) { l.add(Paragraph{Runs: Text(text), Number: Numbered}) }

// turn lays the page on its side, or up again, with the headings that what
// comes next stands below.
func (l *layout) turn(wide bool) {
	if l.wide == wide {
		return
	}
	at := len(l.blocks)
	for at > 0 && isHeading(l.blocks[at-1]) {
		at--
	}
	l.blocks = slices.Insert(l.blocks, at, Block(PageBreak{Landscape: wide}))
	l.wide = wide
}

func isHeading(b Block) bool {
	_, ok := b.(Heading)
	return ok
}

// heading begins a part; a level below the first stays on its page.
func (l *layout) heading(level int, text string) {
	if level == 1 {
		l.turn(false)
	}
	l.add(Heading{Level: level, Text: cmp.Or(strings.TrimSpace(text), "Untitled")})
}

// reportFacts say what a report is: to whom, of when, from what.
func reportFacts(r *dashboard.Report) [][2]string {
	facts := [][2]string{
		{"Report to", r.Audience},
		{"Report by", r.By},
		{"Date of report", longDay(r.Dated)},
		{"Figures as of", longDay(r.AsOf)},
		{"Area", r.Area.Name},
		{"Compared with", benchmark.UpperFirst(r.Model)},
		{"Status", status(r)},
	}
	var out [][2]string
	for _, f := range facts {
		if strings.TrimSpace(f[1]) != "" {
			out = append(out, f)
		}
	}
	return out
}

// status says whether a report is issued, and which it is.
func status(r *dashboard.Report) string {
	if r.Number == 0 {
		return "DRAFT. Not issued: its figures and words may still change."
	}
	return fmt.Sprintf("Issue %d, content %s", r.Number, Fingerprint(r))
}

// Fingerprint is the first twelve digits of the SHA-256 of an issued report's
// content, "" of a draft's. A copy that prints another has other content.
func Fingerprint(r *dashboard.Report) string {
	content, err := r.Marshal()
	if r.Number == 0 || err != nil {
		return ""
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])[:12]
}

// longDay is an ISO day in words.
func longDay(iso string) string {
	d, err := stat.ParseDate(iso)
	if err != nil {
		return iso
	}
	return d.Long()
}

// section is a heading with its paragraphs, then what is drawn and listed,
// then what officers wrote. Why there is nothing is a paragraph too, so that a
// meeting can refer to it.
func (l *layout) section(s dashboard.ReportSection) {
	if len(s.Paragraphs) == 0 && len(s.Panels) > 0 && s.Panels[0].Scorecard != nil {
		l.turn(true)
		l.add(Heading{Level: 1, Text: s.Heading})
	} else {
		l.heading(1, s.Heading)
	}
	for _, p := range s.Paragraphs {
		l.numbered(p)
	}
	if s.Empty != "" {
		l.numbered(s.Empty)
	}
	if len(s.Notes) > 0 {
		l.add(Notes{Head: "Take care with these figures", Items: s.Notes})
	}
	for _, p := range s.Panels {
		if t, ok := TableOf(p); ok && s.Kind == dashboard.SectionDefinitions {
			l.add(defined(t))
			continue
		}
		l.panel(p)
	}
	l.comments(s)
}

// defined is a table of words as definitions: a row each, its cells one after
// the other.
func defined(t Table) Definitions {
	var out Definitions
	for _, row := range t.Rows {
		var says []string
		for i, c := range row.Cells[1:] {
			if c.Text != "" {
				says = append(says, t.Columns[i+1].Head+": "+sentence(c.Text))
			}
		}
		out.Items = append(out.Items, [2]string{row.Cells[0].Text, strings.Join(says, " ")})
	}
	return out
}

// panel is a chart or a table with what it shows in words. The doubts about it
// stand in the report's section on them; where it has none, here.
func (l *layout) panel(p dashboard.Panel) {
	switch {
	case p.Scorecard != nil:
		l.scorecard(p)
	case p.About != nil && p.Table == nil:
		l.add(Definitions{p.About.Facts})
	default:
		l.figure(p)
	}
	if len(p.Warnings) > 0 && !l.has(dashboard.SectionQuality) {
		l.add(Notes{Head: "Take care with these figures", Items: p.Warnings})
	}
}

func (l *layout) has(kind string) bool {
	for _, s := range l.r.Sections {
		if s.Kind == kind {
			return true
		}
	}
	return false
}

// figure is a chart, whose table comes in the appendix, or a table.
func (l *layout) figure(p dashboard.Panel) {
	chart, charted := ChartOf(printedPanel(p))
	table, tabled := TableOf(p)
	table.unbroken()
	if charted {
		if p.Sentence != "" {
			l.numbered(strings.TrimPrefix(p.Measure.Name+": "+p.Sentence, ": "))
		}
		chart.Caption = captioned(p)
		if tabled {
			table.Caption = captioned(p)
			l.drawn = append(l.drawn, drawnPanel{at: len(l.blocks), table: table})
		}
		l.add(Figure{chart, p})
		return
	}
	if !tabled {
		return
	}
	table.Caption = captioned(p)
	if p.Sentence != "" {
		table.Notes = append([]string{p.Sentence}, table.Notes...)
	}
	l.table(table)
}

// longestDate is how long a first cell may be to be kept on one line.
const longestDate = len("30 September 2026")

// unbroken keeps the dates at the head of rows on one line.
func (t *Table) unbroken() {
	for _, row := range t.Rows {
		if len(row.Cells) > 0 && len(row.Cells[0].Text) <= longestDate {
			row.Cells[0].Text = strings.ReplaceAll(row.Cells[0].Text, " ", "\u00a0")
		}
	}
}

// printedPanel leaves out the neighbours' range: on paper its thin lines and
// their names take more room than they say.
func printedPanel(p dashboard.Panel) dashboard.Panel {
	if p.Trend != nil && len(p.Trend.Band) > 0 {
		bare := *p.Trend
		bare.Band = nil
		p.Trend = &bare
	}
	return p
}

// captioned is a panel's title with what, where and when it is of.
func captioned(p dashboard.Panel) string {
	if p.Subtitle == "" || p.Subtitle == p.Title {
		return p.Title
	}
	return strings.TrimSuffix(p.Title, ".") + ". " + p.Subtitle
}

// table adds one, on its side where the page is too narrow for it.
func (l *layout) table(t Table) {
	l.turn(l.wide || !t.fits(plainHouse().section.text()))
	l.add(t)
	l.tables++
}

// unwritten stands in a draft where an officer is still to write.
const unwritten = "To be written."

// printedComments are what officers wrote, by heading: in a draft also the
// headings below which nobody has, which an issue leaves out.
func printedComments(r *dashboard.Report, s dashboard.ReportSection) []dashboard.ReportComment {
	var out []dashboard.ReportComment
	for _, c := range s.Comments {
		if c.Text = strings.TrimSpace(c.Text); c.Text != "" || r.Number == 0 {
			out = append(out, c)
		}
	}
	return out
}

func (l *layout) comments(s dashboard.ReportSection) {
	printed := printedComments(l.r, s)
	for _, c := range printed {
		l.heading(2, c.Head)
		if c.Text == "" {
			l.add(Paragraph{Runs: []Run{{Text: unwritten, Italic: true}}})
			continue
		}
		l.add(commentary(c))
	}
	if len(s.Comments) > len(printed) && len(printed) == 0 {
		l.numbered("Nothing was written for this report.")
	}
}

func commentary(c dashboard.ReportComment) Commentary {
	out := Commentary{Text: c.Text, Author: c.By, Number: Numbered}
	if day, err := stat.ParsePeriod(c.At); err == nil {
		out.On = day.End
	} else if c.At != "" {
		out.Author = strings.TrimPrefix(c.By+", "+c.At, ", ")
	}
	return out
}

// before is what became of the last report.
func (l *layout) before() {
	b := l.r.Before
	l.heading(2, fmt.Sprintf("Since the report of %s (issue %d)", longDay(b.Dated), b.Number))
	var stale []string
	for _, f := range b.Stale {
		stale = append(stale, fmt.Sprintf("\u201c%s\u201d: %s", f.Quote, f.Why))
	}
	said := false
	for _, part := range []struct {
		opening string
		items   []string
	}{
		{fmt.Sprintf("Moved since the figures of %s by more than chance explains, or restated:", longDay(b.AsOf)), b.Moved},
		{"Unchanged, or moved by no more than chance could explain:", b.Noise},
		{"What that report said, and the figures no longer bear out:", stale},
	} {
		if len(part.items) > 0 {
			l.lettered(part.opening, part.items)
			said = true
		}
	}
	if !said {
		l.numbered("No newer figure than that report's is held.")
	}
}

func (l *layout) lettered(opening string, items []string) {
	l.numbered(opening)
	for _, s := range items {
		l.add(Paragraph{Runs: Text(s), Number: Lettered})
	}
}

// appendix lists the figures of the charts, and says below each chart where.
func (l *layout) appendix() {
	if len(l.drawn) == 0 {
		return
	}
	l.add(PageBreak{})
	l.wide = false
	l.heading(1, "Appendix: the figures of the charts")
	for _, d := range l.drawn {
		l.table(d.table)
		f := l.blocks[d.at].(Figure)
		f.Source = strings.TrimSpace(sentence(f.Source) + fmt.Sprintf(" The figures are in Table %d.", l.tables))
		l.blocks[d.at] = f
	}
}

func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
