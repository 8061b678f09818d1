package web

import (
	"bytes"
	"strings"

	"bellwether/internal/dashboard"
	"bellwether/internal/report"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// xlsxDocument is the whole View as a workbook, or one panel of it.
func xlsxDocument(v *dashboard.View, by order, want string) (*document, error) {
	var b bytes.Buffer
	file, address := downloadName(v), address(v, v.Selection)+by.query()
	if want == "" {
		err := report.WriteXLSX(&b, v, address)
		return newDocument(xlsxType, plainName(file)+".xlsx", b.Bytes()), err
	}
	p, err := chosen(v, want)
	if err != nil {
		return nil, err
	}
	err = report.WritePanelXLSX(&b, v, p, address)
	return newDocument(xlsxType, plainName(file+"-"+p.ID)+".xlsx", b.Bytes()), err
}

// XLSX is where the page can be had as a workbook.
func (p viewPage) XLSX() string { return asWorkbook(p.CSV) }

// XLSX is where the panel can be had as a workbook, "" for nowhere.
func (p panel) XLSX() string { return asWorkbook(p.CSV) }

// asWorkbook is a CSV's address with the other ending. A name in an address
// has no question mark of its own.
func asWorkbook(csv string) string { return strings.Replace(csv, ".csv?", ".xlsx?", 1) }
