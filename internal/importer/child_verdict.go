package importer

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// scanBook looks at a whole file.
func scanBook(b *workbook.Book) (*childScan, error) {
	s := &childScan{}
	for i := range b.Sheets {
		if err := s.wholeSheet(b, i); err != nil {
			return nil, err
		}
	}
	s.remarks(b)
	return s, nil
}

func (s *childScan) wholeSheet(b *workbook.Book, i int) error {
	s.sheet(b.Sheets[i].Name)
	for row, err := range b.Rows(i) {
		if err != nil {
			return err
		}
		s.row(row)
	}
	return nil
}

// childLevel refuses a file with rows about single children: then nothing is
// left of the result but what refuses it. Less telling signs are warnings.
func (r *reading) childLevel() {
	problems := r.child.problems(r.res.Batch.File)
	for _, p := range problems {
		if p.Severity == stat.Error {
			b := r.res.Batch
			*r.res = Result{Submission: stat.Submission{Batch: stat.Batch{File: b.File, SHA256: b.SHA256, Released: b.Released}}}
			break
		}
	}
	for _, p := range problems {
		if p.Severity == stat.Error || !r.res.Refused() {
			r.res.add(p)
		}
	}
}

// refuses reports whether the file is about single children.
func (s *childScan) refuses() bool {
	for _, p := range s.problems("") {
		if p.Severity == stat.Error {
			return true
		}
	}
	return false
}

// problems are those of a file: one of each code for each sheet.
func (s *childScan) problems(file string) []stat.Problem {
	var out []stat.Problem
	for _, sh := range s.sheets {
		for _, f := range []func(string) (stat.Problem, bool){sh.childLevel, sh.postcodes, sh.birthDates} {
			if p, ok := f(file); ok {
				out = append(out, p)
			}
		}
	}
	return out
}

func (sh *childSheet) childLevel(file string) (stat.Problem, bool) {
	first, signs := -1, []string(nil)
	for i := range sh.cols {
		if why := sh.sign(i); why != "" {
			if signs = append(signs, "column "+columnLetter(i)+" ("+why+")"); first < 0 {
				first = i
			}
		}
	}
	at := cmp.Or(sh.at, sh.name)
	if first >= 0 {
		at = workbook.Address(sh.name, first, max(sh.cols[first].row, 1))
	}
	if signs = append(signs, sh.remark...); len(signs) == 0 {
		return stat.Problem{}, false
	}
	where := strings.Join(signs, ", ")
	if sh.name != "" {
		where = "sheet " + strconv.Quote(sh.name) + ": " + where
	}
	return stat.Problem{At: at, Severity: stat.Error, Code: codeChildLevel, Message: fmt.Sprintf(
		"%s is about single children, and only totals may be held here. Found in %s. Nothing of the file was kept: take these columns out, or upload a file of totals", file, where)}, true
}

// sign says in words why a column is about single children, "" where it is
// not. It names a heading only where that is one of ours.
func (sh *childSheet) sign(i int) string {
	col := &sh.cols[i]
	for p := pupilNumber; p <= insuranceNumber; p++ {
		if p == healthNumber && !col.health() {
			continue
		}
		if col.personal[p] > 0 {
			return "holds " + personalNames[p]
		}
	}
	if col.heading != "" && (col.below > 0 || sh.headed() > 1) {
		return "headed " + strconv.Quote(col.heading)
	}
	if col.ids.telling() {
		if col.row == 0 {
			col.row = col.ids.row
		}
		return "an identifier that is different in nearly every row"
	}
	return ""
}

// health reports whether the numbers of ten digits are NHS numbers: one in
// eleven of any passes the check.
func (col *childColumn) health() bool {
	n := col.personal[healthNumber]
	return n == col.tens && col.numbers == 0 || n >= 3 && n*10 >= col.tens*9 || n > col.tens
}

func (sh *childSheet) headed() (n int) {
	for _, c := range sh.cols {
		if c.heading != "" {
			n++
		}
	}
	return n
}

func (sh *childSheet) postcodes(string) (stat.Problem, bool) {
	for i, c := range sh.cols {
		if c.postcodes > 0 {
			return stat.Problem{At: workbook.Address(sh.name, i, max(c.row, 1)), Severity: stat.Warning, Code: codePostcodes, Message: fmt.Sprintf(
				"column %s holds %d different postcodes one after another: take them out if they are where children live", columnLetter(i), c.postcodes)}, true
		}
	}
	return stat.Problem{}, false
}

func (sh *childSheet) birthDates(string) (stat.Problem, bool) {
	for i, c := range sh.cols {
		if c.births.telling() {
			return stat.Problem{At: workbook.Address(sh.name, i, 1), Severity: stat.Warning, Code: codeBirthDates, Message: fmt.Sprintf(
				"column %s holds days in no order, as dates of birth are: check that its rows are totals, not children", columnLetter(i))}, true
		}
	}
	return stat.Problem{}, false
}

func columnLetter(col int) string {
	return strings.TrimRight(workbook.Address("", col, 1), "1")
}

// remarks looks at the texts that stand in no cell: comments, defined names.
func (s *childScan) remarks(b *workbook.Book) {
	for _, m := range b.Remarks {
		sign := cmp.Or(remarkSign(m.Text), remarkSign(m.Name))
		if sign == "" {
			continue
		}
		s.sheet(m.Sheet)
		s.now.remark = []string{"a comment or defined name (" + sign + ")"}
		if _, ok := spotAt(m.Name); ok && m.Sheet != "" {
			s.now.at = strings.TrimSuffix(workbook.Address(m.Sheet, 0, 1), "A1") + m.Name
		}
	}
}

func remarkSign(text string) string {
	p := personalIn(text)
	for _, m := range nhsBare.FindAllString(text, -1) {
		if p == noPersonal && validNHS(m) {
			p = healthNumber
		}
	}
	switch {
	case p != noPersonal:
		return "holds " + personalNames[p]
	case headingWeights[squeezed(text)] == listed:
		return "names what only single children have"
	}
	return ""
}

// add takes in a problem; warnings go with the batch.
func (r *Result) add(p stat.Problem) {
	r.Problems = append(r.Problems, p)
	if p.Severity == stat.Warning {
		r.Batch.Problems = append(r.Batch.Problems, p)
	}
}
