package workbook

import "fmt"

// Codes of a Fault.
const (
	EmptyFile      = "empty_file"         // no bytes, or no cells at all
	NotSpreadsheet = "not_spreadsheet"    // PDF, picture, web page, other archive
	OldXLS         = "old_xls"            // Excel 97-2003
	XLSB           = "xlsb"               // Excel's binary workbook
	ODS            = "ods"                // an OpenDocument file, but no spreadsheet
	Password       = "password_protected" // encrypted
	Macros         = "macros"             // holds code
	PivotCache     = "pivot_cache"        // holds the rows behind a summary
	Embedded       = "embedded"           // holds another spreadsheet
	TooLarge       = "too_large"          // over one of Limits
	Damaged        = "damaged"            // truncated, failed check sum, not well-formed
	Unsafe         = "unsafe"             // built to mislead a reader
	Encoding       = "encoding"           // text in no encoding that is known
	Incomplete     = "incomplete"         // rows came out other than they went in
)

// Fault is what is wrong with a whole file or a place in it, and what to do.
type Fault struct {
	Code    string // one of the constants of this package
	At      string // "Sheet1!F12", a sheet, or "" where it is of the whole
	Message string
}

func (f *Fault) Error() string {
	if f.At == "" {
		return f.Message
	}
	return f.At + ": " + f.Message
}

func fault(code, at, format string, args ...any) *Fault {
	return &Fault{Code: code, At: at, Message: fmt.Sprintf(format, args...)}
}

const saveAgain = "Open it in Excel, save it again as an Excel workbook (.xlsx) and upload that copy."

func damaged(at, format string, args ...any) *Fault {
	return fault(Damaged, at, "the file is damaged: "+format+". "+saveAgain, args...)
}

func suspect(format string, args ...any) *Fault {
	return fault(Unsafe, "", "the file is not built as a spreadsheet program builds one: "+format+". "+saveAgain, args...)
}

func tooLarge(at, format string, args ...any) *Fault {
	return fault(TooLarge, at, format, args...)
}
