package workbook

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"
)

const (
	formatXLSX = "xlsx"
	formatCSV  = "csv"
)

var (
	magicZip = []byte("PK\x03\x04")
	magicOLE = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	bomUTF8  = []byte("\xef\xbb\xbf")
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

// sniff tells a workbook from text by content, and text that may be read from
// text that may not by name.
func sniff(name string, data []byte, l Limits) (string, error) {
	switch {
	case len(data) == 0:
		return "", fault(EmptyFile, "", "the file is empty (0 bytes). Check that it was saved and copied whole, then upload it again.")
	case int64(len(data)) > l.Upload:
		return "", tooLarge("", "the file is %s and the largest that is read is %s. Take out what is not needed, or upload it in parts.", megabytes(int64(len(data))), megabytes(l.Upload))
	case bytes.HasPrefix(data, magicOLE):
		return "", oleFault(data)
	case bytes.HasPrefix(data, magicZip):
		return formatXLSX, nil
	}
	return formatCSV, textFault(name, data)
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

// textFault is what keeps data from being read as CSV, nil if nothing does.
func textFault(name string, data []byte) error {
	const remedy = "Upload an Excel workbook (.xlsx) or a CSV file."
	for _, s := range strangers {
		if bytes.HasPrefix(data, []byte(s.magic)) {
			return fault(NotSpreadsheet, "", "this is %s, not a spreadsheet. "+remedy, s.what)
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return fault(Encoding, "", "the file is in Unicode text (UTF-16), not UTF-8. In Excel, save it as \"CSV UTF-8 (Comma delimited)\".")
	case bytes.IndexByte(data, 0) >= 0:
		return fault(NotSpreadsheet, "", "the file holds binary data and is not a spreadsheet. "+remedy)
	case looksLikeMarkup(data):
		return fault(NotSpreadsheet, "", "the file is a web page or XML, whatever its name says. Open it in Excel, check it, and save it as an Excel workbook (.xlsx).")
	}
	if err := nameFault(name); err != nil {
		return err
	}
	return encodingFault(data)
}

func looksLikeMarkup(data []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 512)], bomUTF8), " \t\r\n")
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

func encodingFault(data []byte) error {
	if utf8.Valid(data) {
		if bytes.IndexByte(data, '\r') >= 0 && bytes.IndexByte(data, '\n') < 0 {
			return fault(Encoding, "", "the file has the line ends of an old Macintosh. In Excel, save it as \"CSV UTF-8 (Comma delimited)\".")
		}
		return nil
	}
	at := 0
	for at < len(data) {
		r, n := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	return fault(Encoding, "", "line %d holds characters that are not UTF-8. In Excel, save the file as \"CSV UTF-8 (Comma delimited)\".", 1+bytes.Count(data[:at], []byte("\n")))
}

func megabytes(n int64) string {
	return trimFloat(float64(n)/(1<<20)) + " MB"
}
