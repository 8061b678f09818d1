package workbook

import (
	"bytes"
	"io"
	"path"
	"strings"
)

const (
	formatXLSX = "xlsx"
	formatXLSM = "xlsm"
	formatODS  = "ods"
	formatCSV  = "csv"
)

var (
	magicZip   = []byte("PK\x03\x04")
	magicEntry = []byte("PK\x01\x02")
	magicOLE   = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
)

// strangers are files often uploaded by mistake, by how they begin.
var strangers = []struct{ magic, what string }{
	{"%PDF", "a PDF"},
	{"\x89PNG", "a picture"},
	{"\xff\xd8\xff", "a picture"},
	{"GIF8", "a picture"},
	{"{\\rtf", "a Word (RTF) document"},
	{"\x1f\x8b", "a compressed archive"},
	{"7z\xbc\xaf", "a compressed archive"},
	{"Rar!", "a compressed archive"},
	{"\x7fELF", "a program"},
	{"MZ", "a program"},
}

// sniff tells a zip archive from text by content.
func sniff(name string, data []byte, l Limits) (zipped bool, err error) {
	switch {
	case len(data) == 0:
		return false, fault(EmptyFile, "", "the file is empty (0 bytes). Check that it was saved and copied whole, then upload it again.")
	case int64(len(data)) > l.Upload:
		return false, tooLarge("", "the file is %s and the largest that is read is %s. Take out what is not needed, upload it in parts, "+raiseUpload+".", megabytes(int64(len(data))), megabytes(l.Upload))
	case bytes.HasPrefix(data, magicOLE):
		return false, oleFault(data)
	case bytes.HasPrefix(data, magicZip):
		return true, nil
	}
	const remedy = "Upload a workbook (.xlsx or .ods) or a CSV file."
	for _, s := range strangers {
		if bytes.HasPrefix(data, []byte(s.magic)) {
			return false, fault(NotSpreadsheet, "", "this is %s, not a spreadsheet. "+remedy, s.what)
		}
	}
	if looksLikeMarkup(encodingOf(data), data) {
		return false, fault(NotSpreadsheet, "", "the file is a web page or XML, whatever its name says. Open it in Excel, check it, and save it as an Excel workbook (.xlsx).")
	}
	return false, nameFault(name)
}

// oleFault tells an encrypted workbook, an old one and a document apart by
// the names in the container's directory, which are UTF-16.
func oleFault(data []byte) error {
	holds := func(stream string) bool { return bytes.Contains(data, utf16le(stream)) }
	switch {
	case holds("EncryptedPackage"):
		return fault(Password, "", "the workbook is protected with a password. Open it in Excel, remove the password (File, Info, Protect Workbook, Encrypt with Password) and save it again.")
	case !holds("WordDocument") && (holds("Workbook") || holds("Book")):
		return fault(OldXLS, "", "this is an old Excel workbook (.xls), which cannot be read reliably. Open it in Excel and save it as an Excel workbook (.xlsx).")
	}
	return fault(NotSpreadsheet, "", "this is an old Office document or a saved message, not a spreadsheet. Upload an Excel workbook (.xlsx) or a CSV file.")
}

func utf16le(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

func looksLikeMarkup(e encoding, data []byte) bool {
	head := make([]byte, 256)
	n, _ := io.ReadFull(e.reader(data), head)
	head = bytes.TrimLeft(head[:n], " \t\r\n")
	if len(head) < 2 || head[0] != '<' {
		return false
	}
	return head[1] == '!' || head[1] == '?' || head[1]|0x20 >= 'a' && head[1]|0x20 <= 'z'
}

// nameFault refuses plain text under a name that promises something else.
func nameFault(name string) error {
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case "", ".csv", ".tsv", ".txt":
		return nil
	default:
		return fault(NotSpreadsheet, "", "the name ends in %s but the file holds plain text. If it is a table of values, give it a name ending in .csv; otherwise upload an Excel workbook (.xlsx).", ext)
	}
}

func megabytes(n int64) string {
	return trimFloat(float64(n)/(1<<20)) + " MB"
}
