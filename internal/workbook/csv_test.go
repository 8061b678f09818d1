package workbook_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"bellwether/internal/workbook"

	"github.com/google/go-cmp/cmp"
)

// texts is a row of text cells, "" being an empty one.
func texts(number int, values ...string) workbook.Row {
	r := workbook.Row{Number: number}
	for _, v := range values {
		c := workbook.Cell{Kind: workbook.Text, Text: v}
		if v == "" {
			c = workbook.Cell{}
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}

func TestCSV(t *testing.T) {
	for _, tt := range []struct {
		what, data string
		want       []workbook.Row
	}{
		{"plain", "a,b\n1,2\n", []workbook.Row{texts(1, "a", "b"), texts(2, "1", "2")}},
		{"byte order mark and CRLF", "\xef\xbb\xbfa,b\r\n1,2\r\n", []workbook.Row{texts(1, "a", "b"), texts(2, "1", "2")}},
		{"no last line end", "a,b\n1,2", []workbook.Row{texts(1, "a", "b"), texts(2, "1", "2")}},
		{"quoted and bare empties alike", "a,b,c\n\"\",,3\n", []workbook.Row{texts(1, "a", "b", "c"), texts(2, "", "", "3")}},
		{"empty tail is cut", "a,b,,\n", []workbook.Row{texts(1, "a", "b")}},
		{"text is kept as typed", " 806 ,\"1,234\"\n", []workbook.Row{texts(1, " 806 ", "1,234")}},
		{"rows of uneven length", "a\n1,2,3\n", []workbook.Row{texts(1, "a"), texts(2, "1", "2", "3")}},
		{"blank rows are counted", "\n\na,b\n\n , \n,\n1,2\n\n", []workbook.Row{texts(3, "a", "b"), texts(7, "1", "2")}},
		{"lines within quotes start no row", "\"a\nrate\",\"b\r\nc\r\nd\"\n\n1,2\n", []workbook.Row{texts(1, "a\nrate", "b\nc\nd"), texts(3, "1", "2")}},
		{"semicolons", "a;b\n1,5;2\n", []workbook.Row{texts(1, "a", "b"), texts(2, "1,5", "2")}},
		{"tabs below a title", "Referrals\na\tb\n1\t2\n", []workbook.Row{texts(1, "Referrals"), texts(2, "a", "b"), texts(3, "1", "2")}},
		{"separators within quotes do not count", "\"a;b;c\",d\n1,2\n", []workbook.Row{texts(1, "a;b;c", "d"), texts(2, "1", "2")}},
		{"one column", "month\nApril\n", []workbook.Row{texts(1, "month"), texts(2, "April")}},
		{"separator said", "sep=;\r\na;b,c\r\n1;2,3\r\n", []workbook.Row{texts(1, "a", "b,c"), texts(2, "1", "2,3")}},
		{"separator said, in quotes", "\"sep=\t\"\na\tb\n", []workbook.Row{texts(1, "a", "b")}},
		{"separator said, of no kind that is read", "sep=|\na,b\n", []workbook.Row{texts(1, "sep=|"), texts(2, "a", "b")}},
		{"beyond ASCII", "área,£\n", []workbook.Row{texts(1, "área", "£")}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			book, all := mustRead(t, "a.csv", []byte(tt.data))
			if book.Format != "csv" || len(book.Sheets) != 1 || book.Sheets[0].Name != "" {
				t.Errorf("book is %s with sheets %+v", book.Format, book.Sheets)
			}
			if diff := cmp.Diff([][]workbook.Row{tt.want}, all); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The same rows come out of every encoding.
func TestEncodings(t *testing.T) {
	const text = "área;£ “rate”\r\nSt Helens – north;1,5\r\n"
	want := [][]workbook.Row{{texts(1, "área", "£ “rate”"), texts(2, "St Helens – north", "1,5")}}
	little, big := "", ""
	for _, u := range utf16.Encode([]rune(text)) {
		little += string([]byte{byte(u), byte(u >> 8)})
		big += string([]byte{byte(u >> 8), byte(u)})
	}
	for what, tt := range map[string]struct{ data, note string }{
		"UTF-8":                                {text, ""},
		"UTF-8 with byte order mark":           {"\xef\xbb\xbf" + text, ""},
		"UTF-16 little-endian with mark":       {"\xff\xfe" + little, "UTF-16"},
		"UTF-16 big-endian with mark":          {"\xfe\xff" + big, "UTF-16"},
		"UTF-16 little-endian":                 {little, "UTF-16"},
		"UTF-16 big-endian":                    {big, "UTF-16"},
		"Windows-1252":                         {"\xe1rea;\xa3 \x93rate\x94\r\nSt Helens \x96 north;1,5\r\n", "Windows-1252"},
		"Windows-1252 with the separator said": {"sep=;\r\n\xe1rea;\xa3 \x93rate\x94\r\nSt Helens \x96 north;1,5\r\n", "Windows-1252"},
	} {
		book, all := mustRead(t, "a.csv", []byte(tt.data))
		if diff := cmp.Diff(want, all); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
		if notes := strings.Join(book.Notes, " "); (tt.note == "") != (notes == "") || !strings.Contains(notes, tt.note) {
			t.Errorf("%s: notes are %q", what, notes)
		}
	}
}

// Characters that straddle the pieces a file is decoded in stay whole.
func TestLongUTF16(t *testing.T) {
	var data strings.Builder
	data.WriteString("\xff\xfea\x00")
	for range 3000 {
		data.WriteString("\x3d\xd8\x00\xde,\x00") // U+1F600
	}
	_, all := mustRead(t, "a.csv", []byte(data.String()[:2+2+600*6]))
	_, long := mustRead(t, "a.csv", []byte(strings.ReplaceAll(data.String(), ",\x00", "\n\x00")))
	if len(all[0]) != 1 || len(all[0][0].Cells) != 600 || len(long[0]) != 3000 {
		t.Fatalf("read %d cells and %d rows, want 600 and 3000", len(all[0][0].Cells), len(long[0]))
	}
	for i, r := range long[0] {
		if want := "\U0001F600"; strings.TrimPrefix(r.Cells[0].Text, "a") != want {
			t.Fatalf("row %d is %q, want %q", i+1, r.Cells[0].Text, want)
		}
	}
}

func TestCSVFaults(t *testing.T) {
	small := workbook.DefaultLimits
	small.Rows, small.Cols, small.Cells, small.Cell = 3, 3, 5, 10
	for _, tt := range []struct {
		what, data     string
		limits         workbook.Limits
		code, at, says string
	}{
		{"bare quote", "a,b\n\n1,2\" pipe\n", small, workbook.Damaged, "A3", "line 3"},
		{"text after a quote", "a,b\n\"1\"x,2\n", small, workbook.Damaged, "A2", "line 2"},
		{"quote never closed", "a,b\n\"1,2\n3,4\n", small, workbook.Damaged, "A2", "not closed"},
		{"too many rows", "a\n1\n2\n3\n", small, workbook.TooLarge, "A4", "row 3"},
		{"too many columns", "a,b,c,d\n", small, workbook.TooLarge, "D1", "column C"},
		{"too many cells", "a,b,c\n1,2,3\n", small, workbook.TooLarge, "C2", "5 cells"},
		{"binary", "a,b\n1,\x00\n", small, workbook.NotSpreadsheet, "", "binary"},
		{"binary posing as Windows-1252", "a,b\n1,\xe9\x01\n", small, workbook.NotSpreadsheet, "B2", "binary"},
		{"no character of Windows-1252", "a,b\n1,\x81\n", small, workbook.Encoding, "A2", "cannot be read"},
		{"half a pair in UTF-16", "\xff\xfea\x00\n\x00\x3d\xd8b\x00", small, workbook.Encoding, "A2", "cannot be read"},
		{"nothing but separators", ",,\n,,\n", small, workbook.EmptyFile, "", "no values"},
		{"long cell", "a,bcdefghijklmn\n", small, workbook.TooLarge, "B1", "10 bytes"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			_, _, err := read("a.csv", []byte(tt.data), tt.limits)
			wantFault(t, err, tt.code, tt.at, tt.says)
		})
	}
}

// The name of a good file does not matter where its content is plain.
func TestContentDecides(t *testing.T) {
	xlsx := pack(t, plain(rows(`<row><c><v>1</v></c></row>`))...)
	for name, want := range map[string]string{"a.csv": "xlsx", "a.xls": "xlsx", "": "xlsx"} {
		if book, _ := mustRead(t, name, xlsx); book.Format != want {
			t.Errorf("a workbook named %q is read as %s", name, book.Format)
		}
	}
	for _, name := range []string{"a.csv", "A.CSV", "a.tsv", "a.txt", "extract"} {
		if book, _ := mustRead(t, name, []byte("a,b\n1,2\n")); book.Format != "csv" {
			t.Errorf("text named %q is read as %s", name, book.Format)
		}
	}
}

func TestPublishedCSV(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/data/*/*.csv")
	if len(files) == 0 {
		t.Skip("the published files are not here")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, all := mustRead(t, file, data)
		rows := all[0]
		// None has a line end within quotes, so rows are lines.
		lines := strings.Count(strings.TrimRight(string(data), ",\r\n"), "\n") + 1
		if last := rows[len(rows)-1]; last.Number != lines {
			t.Errorf("%s: the last of %d rows is %d, want %d", filepath.Base(file), len(rows), last.Number, lines)
		}
	}
}
