package workbook

import (
	"io"
)

const saveUTF8 = "In Excel, save it as \"CSV UTF-8 (Comma delimited)\"."

// csvLook goes through a text byte by byte, and refuses what is no text or is
// beyond limits. It takes any quotation mark for the start or end of a quoted
// value; where it is neither the library says so later.
type csvLook struct {
	limits  Limits
	comma   byte
	guessed bool // it may be no text at all

	row, col       int // row from 1, col from 0
	field, line    int // bytes so far
	quoted         bool
	feeds, returns bool // has line ends; has carriage returns
	value          bool // has something that is no space
}

func (k *csvLook) through(r io.Reader) error {
	piece := make([]byte, 32<<10)
	for {
		n, err := r.Read(piece)
		if err := k.piece(piece[:n]); err != nil {
			return err
		}
		switch {
		case err == io.EOF:
			return k.end()
		case err != nil:
			return k.badCharacter()
		}
	}
}

// piece takes runs of ordinary bytes at once, all others one by one.
func (k *csvLook) piece(b []byte) error {
	for len(b) > 0 {
		n := 0
		for n < len(b) && ordinaryByte[b[n]] {
			n++
		}
		if n == 0 {
			n = 1
			if err := k.special(b[0]); err != nil {
				return err
			}
		} else {
			k.value = true
		}
		k.field += n
		k.line += n
		if err := k.size(); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// ordinaryByte is what neither ends a value nor is white space.
var ordinaryByte [256]bool

func init() {
	for c := range ordinaryByte {
		ordinaryByte[c] = c > ' ' && c != '"' && c != ',' && c != ';'
	}
}

func (k *csvLook) special(c byte) error {
	switch {
	case c == k.comma && !k.quoted:
		k.col++
		k.field = -1
	case c == '"':
		k.quoted = !k.quoted
	case c == '\n':
		k.feeds = true
		if !k.quoted {
			k.row, k.col, k.field, k.line = k.row+1, 0, -1, -1
		}
	case c == '\r':
		k.returns = true
	case c == ',' || c == ';':
		k.value = true
	case c < ' ' && (c == 0 || k.guessed && c != '\t' && c != '\f' && c != '\v'):
		return fault(NotSpreadsheet, k.at(), "the file holds binary data and is not a spreadsheet. Upload a workbook (.xlsx or .ods) or a CSV file.")
	}
	return nil
}

func (k *csvLook) at() string { return Address("", k.col, k.row) }

func (k *csvLook) size() error {
	const quote = " Shorten it, or look for a quotation mark that is not closed."
	switch l := k.limits; {
	case k.field > l.Cell+2: // with its quotation marks
		return tooLarge(k.at(), "a cell's text is longer than %d bytes."+quote, l.Cell)
	case k.line > l.Line:
		return tooLarge(k.at(), "the row's text is longer than %s."+quote, megabytes(int64(l.Line)))
	case k.col >= lastCol:
		return tooWide(k.at(), l)
	}
	return nil
}

func (k *csvLook) badCharacter() error {
	return fault(Encoding, Address("", 0, k.row), "the row holds a character that cannot be read. "+saveUTF8)
}

func (k *csvLook) end() error {
	switch {
	case !k.value:
		return fault(EmptyFile, "", "the file holds no values. Check that it was saved whole, then upload it again.")
	case k.returns && !k.feeds:
		return fault(Encoding, "", "the file has the line ends of an old Macintosh. "+saveUTF8)
	}
	return nil
}
