package workbook

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type place uint8

const (
	inText place = iota
	inCDATA
	inAttribute
)

var nameByte, plainByte [256]bool

func init() {
	for c := range 128 {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		nameByte[c] = letter || c >= '0' && c <= '9' || strings.IndexByte("_:.-", byte(c)) >= 0
		plainByte[c] = c == '\t' || c == '\n' || c >= ' ' && c != '&' && c != ']'
	}
}

// decode resolves entities and line ends, and refuses what is no character.
func (t *tokens) decode(raw []byte, where place) ([]byte, error) {
	for i, c := range raw {
		if !plainByte[c] {
			return t.decodeFrom(raw, i, where)
		}
	}
	return raw, nil
}

func (t *tokens) decodeFrom(raw []byte, i int, where place) ([]byte, error) {
	start := len(t.scratch)
	t.scratch = append(t.scratch, raw[:i]...)
	for i < len(raw) {
		r, n := utf8.DecodeRune(raw[i:])
		switch {
		case r == '&' && where != inCDATA:
			if r, n = entity(raw[i:]); n == 0 {
				return nil, t.syntax("invalid character entity")
			}
		case r == '\r':
			r = '\n'
			if bytes.HasPrefix(raw[i:], []byte("\r\n")) {
				n = 2
			}
		case r == utf8.RuneError && n == 1:
			return nil, t.syntax("invalid UTF-8")
		case r == ']' && where == inText && bytes.HasPrefix(raw[i:], []byte("]]>")):
			return nil, t.syntax("]]> stands outside CDATA")
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return nil, t.syntax("illegal character code %U", r)
		}
		t.scratch = utf8.AppendRune(t.scratch, r)
		i += n
	}
	return t.scratch[start:], nil
}

// entity reads one of XML's own five or a number; n is 0 if it is neither.
func entity(b []byte) (r rune, n int) {
	end := bytes.IndexByte(b[:min(len(b), 32)], ';')
	if end < 2 {
		return 0, 0
	}
	name := string(b[1:end])
	if known, ok := entities[name]; ok {
		return known, end + 1
	}
	digits, base := strings.TrimPrefix(name, "#"), 10
	if strings.HasPrefix(name, "#x") {
		digits, base = name[2:], 16
	}
	code, err := strconv.ParseUint(digits, base, 32)
	if err != nil || name[0] != '#' || code > unicode.MaxRune {
		return 0, 0
	}
	return rune(code), end + 1
}

var entities = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "apos": '\'', "quot": '"'}
