package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// Document is a report for Word. The same Document gives the same bytes: the
// clock is never asked.
type Document struct {
	Title   string // heads the first page; a screen reader says it for the file
	Subject string
	Author  string
	Header  string    // at the head of each page; "" for Title. A template's own header is kept instead
	Footer  string    // at the foot of each page, left of "Page 1 of 3"; a template's own is kept instead
	Draft   bool      // DRAFT stands across each page and in its header
	Created time.Time // zero for not told
	Blocks  []Block
}

// Block is one thing in a document: a Heading, Paragraph, List, Facts, Table,
// Chart, Commentary, Definitions, Notes or PageBreak.
type Block interface{ write(*docxBody) error }

// Heading begins a part of the report. Level is 1 to 3; none may be skipped.
type Heading struct {
	Level int
	Text  string
}

// Paragraph is one paragraph. Council reports number theirs, 1, 2, 3, from the
// first to the last, headings between them or not.
type Paragraph struct {
	Runs    []Run
	Number  Numbering
	Restart bool // Numbered begins again at 1
}

// Numbering is how a paragraph is numbered.
type Numbering uint8

const (
	Unnumbered Numbering = iota
	Numbered             // 12.
	Lettered             // (a), below a Numbered one
)

// Run is a piece of text that looks the same throughout. A line end within it
// begins a new line.
type Run struct {
	Text         string
	Bold, Italic bool
	Link         string // http, https or mailto; of any other the text alone is written
}

// Text is plain text as runs.
func Text(s string) []Run { return []Run{{Text: s}} }

// List has a bullet before each item.
type List struct{ Items [][]Run }

// Facts are short facts one below the other, each with its heading at the
// left: "Report of", "Date of figures".
type Facts struct{ Items [][2]string }

// Definitions say what words mean, the word in bold.
type Definitions struct{ Items [][2]string }

// Notes stand in a box apart from the report's own text: doubts about its
// figures, say.
type Notes struct {
	Head  string // "" for none
	Items []string
}

// Commentary is what an officer wrote, in plain text: a blank line ends a
// paragraph, and lines that begin with "- " or "* " are a list.
type Commentary struct {
	Text   string
	Author string
	On     stat.Date // when it was written
	Number Numbering // of its paragraphs
}

// PageBreak begins a new page. From one that is Landscape on the paper lies on
// its side, until one that is not; a landscape template's always does.
type PageBreak struct{ Landscape bool }

// Table has a caption, "Table 1: ...", and a row of headings that is repeated
// on each page. Rows may be shorter than Columns.
type Table struct {
	Caption string
	Columns []Column
	Rows    []Row
	Notes   []string // below it, small: what marks mean, the source
}

// Column is one column of a table.
type Column struct {
	Head   string
	Number bool    // its cells stand at the right
	Width  float64 // against the other columns' where all have one; 0 goes by what is in it
}

// Row is one row of a table.
type Row struct {
	Cells  []Cell
	Strong bool // in bold: the chosen area, a total
}

// Cell is one cell of a table. Fill never says anything that Text does not. A
// no-break space keeps a rating's shape and word together.
type Cell struct {
	Text string
	Fill string // "#F3D6D6", "" for none
}

// Chart is a chart that Word draws itself and whose figures can be edited in
// it, "Figure 1: ...". A nil number breaks a line.
type Chart struct {
	Caption string
	Alt     string // what it shows, for those who do not see it; never ""
	Kind    workbook.ChartKind
	Ends    []stat.Date // of Lines: the day of each point
	Names   []string    // of each point or bar
	Series  []Series
	Unit    string // "Rate per 10,000 children"
	Format  string // of the value axis: "#,##0.0"; "" goes by the figures
	Source  string // below it, small

	Min, Max *float64 // ends of the value axis; nil lets Word choose, bars and a nil Min begin at zero
	Step     float64  // of the value axis; 0 lets Word choose
	Months   int      // of Lines: between dates named; 0 is 12
}

// Series is a line, or the bars of one colour. Look's column counts for nothing.
type Series struct {
	Name    string
	Numbers []*float64 // one for each of Names
	Look    workbook.ChartSeries
}

// WriteDOCX writes a document in the look of a template, or in a plain one of
// its own where t is nil. An error names the block that cannot be written.
func WriteDOCX(w io.Writer, d Document, t *Template) error {
	if strings.TrimSpace(d.Title) == "" {
		return fmt.Errorf("write a Word document: it has no title")
	}
	h := plainHouse()
	if t != nil {
		h = t.house
	}
	b := newBody(h)
	b.par("title", "", b.runs(Text(d.Title)))
	for i, block := range d.Blocks {
		if err := block.write(b); err != nil {
			return fmt.Errorf("write %s as a Word document: block %d: %w", d.Title, i+1, err)
		}
	}
	if err := newPackage(d, h, b).writeTo(w); err != nil {
		return fmt.Errorf("write %s as a Word document: %w", d.Title, err)
	}
	return nil
}
