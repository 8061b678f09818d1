package workbook

import "reflect"

// Limits bound what Open and Rows accept. Sizes are bytes; zero is the default.
type Limits struct {
	Upload int64 // the file as it comes
	Part   int64 // one part of a workbook, unpacked
	Total  int64 // all parts together, unpacked
	Parts  int   // parts of a workbook

	Text       int64 // all cells of a workbook, each shared string as often as it is used
	Shared     int64 // the shared strings of a workbook, each once
	RemarkText int64 // comments, defined names and their like, together
	Line       int   // the text of one row
	Cell       int   // one cell's text

	Sheets     int // worksheets, hidden ones too
	Rows, Cols int // row and column number of the last cell with a value
	Cells      int // cells with a value, all sheets together
	Area       int // cells with a value and the empty ones on their left
	Elements   int // XML elements of all parts together
	Strings    int // shared strings
	Merges     int // merged blocks on a sheet
	Remarks    int // comments, defined names and their like
	Styles     int // cell styles
	Formats    int // number formats

	Depth, Attrs int // XML elements within one another; attributes of one
	Tag          int // bytes of one XML tag or run of text
}

// DefaultLimits take a sheet of 100,000 rows and 14 columns however its text
// is stored (71 MB with text in the cells). A workbook is never unpacked into
// memory: what is held is the upload, its shared strings and one row.
var DefaultLimits = Limits{
	Upload: 20 << 20,
	Part:   128 << 20,
	Total:  160 << 20,
	Parts:  2000,

	Text:       256 << 20,
	Shared:     16 << 20,
	RemarkText: 4 << 20,
	Line:       1 << 20,
	Cell:       128 << 10, // 32,767 characters, Excel's own limit, of four bytes

	Sheets:   256,
	Rows:     200_000,
	Cols:     1000,
	Cells:    3_000_000,
	Area:     12_000_000,
	Elements: 12_000_000,
	Strings:  500_000,
	Merges:   10_000,
	Remarks:  50_000,
	Styles:   65_536,
	Formats:  5000,

	Depth: 64,
	Attrs: 64,
	Tag:   256 << 10,
}

// Filled is l with the default for each zero. What bounds the same file grows
// with an Upload or Rows above the default, so that raising one of them is
// enough.
func (l Limits) Filled() Limits {
	out := DefaultLimits
	grown := max(1, times(l.Upload, out.Upload), times(int64(l.Rows), int64(out.Rows)))
	for _, n := range []*int64{&out.Part, &out.Total, &out.Text, &out.Shared} {
		*n *= grown
	}
	for _, n := range []*int{&out.Cells, &out.Area, &out.Elements, &out.Strings} {
		*n *= int(grown)
	}
	given, filled := reflect.ValueOf(l), reflect.ValueOf(&out).Elem()
	for i := range given.NumField() {
		if !given.Field(i).IsZero() {
			filled.Field(i).Set(given.Field(i))
		}
	}
	return out
}

// times is how many times as much n is, rounded up.
func times(n, usual int64) int64 { return (n + usual - 1) / usual }

// Two of the limits are settings of the program; their faults say so.
const (
	raiseUpload = "or ask whoever runs Bellwether to raise the limit (--max-upload)"
	raiseRows   = "or ask whoever runs Bellwether to raise the limit (--max-rows)"
)

// The edges of any Excel sheet.
const (
	lastRow = 1_048_576
	lastCol = 16_384
)
