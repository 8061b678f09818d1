package importer

import "bellwether/internal/workbook"

// ChecksWith names the checks that a code belongs to.
func ChecksWith(code string) (names []string) {
	for _, ck := range checks {
		for _, c := range ck.codes {
			if c == code {
				names = append(names, ck.name)
			}
		}
	}
	return names
}

// The checks of the numbers people are given.
var ValidUPN, ValidNHS, PersonalIn = validUPN, validNHS, personalIn

// ScanRows looks at rows as an import does.
func ScanRows(rows []workbook.Row) {
	var s childScan
	s.sheet("")
	for _, r := range rows {
		s.row(r)
	}
	s.problems("")
}

// RemarkProblem is what is said of a workbook for one of its remarks.
func RemarkProblem(m workbook.Remark) (at, message string) {
	s, _ := scanBook(&workbook.Book{Remarks: []workbook.Remark{m}})
	for _, p := range s.problems("a.xlsx") {
		at, message = p.At, p.Message
	}
	return at, message
}
