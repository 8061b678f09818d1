package workbook

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// encoding is how the text of a CSV file is stored.
type encoding struct {
	name  string
	mark  int                                              // bytes of the byte order mark
	unit  int                                              // bytes of a code unit
	runes func(dst []byte, src []byte) (out []byte, n int) // nil for UTF-8
}

var bomUTF8 = []byte("\xef\xbb\xbf")

const utf8Name = "UTF-8"

// encodingOf goes by the byte order mark; without one by where the zero bytes
// of UTF-16 stand. What is not UTF-8 throughout is taken for Windows-1252, as
// Excel saves "CSV" in Britain.
func encodingOf(data []byte) encoding {
	little := encoding{"UTF-16", 0, 2, fromUTF16(binary.LittleEndian)}
	big := encoding{"UTF-16", 0, 2, fromUTF16(binary.BigEndian)}
	switch even, odd := zeros(data); {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		little.mark = 2
		return little
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		big.mark = 2
		return big
	case even == 0 && odd > 0:
		return little
	case odd == 0 && even > 0:
		return big
	case bytes.HasPrefix(data, bomUTF8):
		return encoding{utf8Name, len(bomUTF8), 1, nil}
	case utf8.Valid(data):
		return encoding{utf8Name, 0, 1, nil}
	}
	return encoding{"Windows-1252", 0, 1, fromWindows1252}
}

// zeros reports which half of the first code units is mostly zero bytes.
func zeros(data []byte) (even, odd int) {
	head := data[:min(len(data), 1024)&^1]
	for i, c := range head {
		if c != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	if even+odd <= len(head)/4 {
		return 0, 0
	}
	return even, odd
}

// reader gives data as UTF-8 without its byte order mark.
func (e encoding) reader(data []byte) io.Reader {
	if e.runes == nil {
		return bytes.NewReader(data[e.mark:])
	}
	return &decoder{encoding: e, left: data[e.mark:]}
}

// errEncoding is a byte that stands for no character.
var errEncoding = errors.New("no character")

var noCharacter = []byte(string(utf8.RuneError))

// decoder turns text into UTF-8 a piece at a time.
type decoder struct {
	encoding
	left, ready, buf []byte
	bad              bool // what follows stands for no character
}

func (d *decoder) Read(p []byte) (int, error) {
	if len(d.ready) == 0 {
		if d.bad {
			return 0, errEncoding
		}
		if len(d.left) < d.unit {
			return 0, io.EOF
		}
		out, n := d.runes(d.buf[:0], d.left[:min(len(d.left), 4096)])
		d.buf, d.ready, d.left = out, out, d.left[n:]
		if i := bytes.Index(out, noCharacter); i >= 0 {
			d.ready, d.bad = out[:i], true
		}
	}
	n := copy(p, d.ready)
	d.ready = d.ready[n:]
	return n, nil
}

// fromUTF16 takes a pair of surrogates whole; a lone one becomes U+FFFD.
func fromUTF16(order binary.ByteOrder) func(dst, src []byte) ([]byte, int) {
	return func(dst, src []byte) ([]byte, int) {
		i := 0
		for i+2 <= len(src) {
			r, n := rune(order.Uint16(src[i:])), 2
			if utf16.IsSurrogate(r) {
				second := rune(0)
				if i+4 <= len(src) {
					second = rune(order.Uint16(src[i+2:]))
				} else if i > 0 {
					break // it is in the next piece, if anywhere
				}
				if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
					n = 4
				}
			}
			dst = utf8.AppendRune(dst, r)
			i += n
		}
		return dst, i
	}
}

// windows1252 is the characters of the bytes 0x80 to 0x9F; 0 are not used.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

func fromWindows1252(dst, src []byte) ([]byte, int) {
	for _, c := range src {
		r := rune(c)
		if c >= 0x80 && c < 0xA0 {
			if r = windows1252[c-0x80]; r == 0 {
				r = utf8.RuneError
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, len(src)
}
