package workbook

// Limits bound what Open and Rows accept. Sizes are bytes.
type Limits struct {
	Upload int64 // the file as it comes
	Part   int64 // one part of a workbook, unpacked
	Total  int64 // all parts together, unpacked
	Text   int64 // all cells of a workbook, each shared string as often as it is used
	Cell   int   // one cell's text
	Parts  int   // parts of a workbook

	Rows, Cols int // row and column number of the last cell with a value
	Cells      int // cells with a value, all sheets together
	Merges     int // merged blocks on a sheet
	Styles     int // cell styles

	Depth, Attrs int // XML elements within one another; attributes of one
	Tag          int // bytes of one XML tag or run of text
}

// DefaultLimits take a sheet of 100,000 rows and 14 columns however its text
// is stored (71 MB with text in the cells), and about twice that with shared
// strings. Reading holds the unpacked parts in memory.
var DefaultLimits = Limits{
	Upload: 20 << 20,
	Part:   128 << 20,
	Total:  160 << 20,
	Text:   256 << 20,
	Cell:   128 << 10, // 32,767 characters, Excel's own limit, of four bytes
	Parts:  2000,
	Rows:   200_000,
	Cols:   1000,
	Cells:  3_000_000,
	Merges: 10_000,
	Styles: 65_536,
	Depth:  64,
	Attrs:  64,
	Tag:    256 << 10,
}

// The edges of any Excel sheet.
const (
	lastRow = 1_048_576
	lastCol = 16_384
)
