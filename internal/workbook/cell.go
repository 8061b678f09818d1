package workbook

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"
)

// unworked is the Text of a formula whose result was never stored.
const unworked = "formula without a value"

// cell makes a value as stored into a Cell.
func (b *Book) cell(text string, s cellShape) Cell {
	if s.form != formUnworked && blank(text) {
		return Cell{}
	}
	switch s.form {
	case formText, formShared:
		return Cell{Kind: Text, Text: text}
	case formBool:
		return boolCell(text)
	case formNumber:
		return b.numberCell(text, s.style)
	case formISODate:
		return isoCell(text, b.styles.formats[s.style])
	case formUnworked:
		return Cell{Kind: Error, Text: unworked}
	}
	return Cell{Kind: Error, Text: text}
}

func boolCell(text string) Cell {
	switch strings.TrimSpace(text) {
	case "1", "true":
		return Cell{Kind: Bool, Text: "TRUE"}
	case "0", "false":
		return Cell{Kind: Bool, Text: "FALSE"}
	}
	return Cell{Kind: Error, Text: text}
}

func (b *Book) numberCell(text string, style uint16) Cell {
	n, ok := parseNumber(text)
	if !ok {
		return Cell{Kind: Error, Text: text}
	}
	c := Cell{Kind: Number, Text: text, Number: n, Format: b.styles.formats[style]}
	if b.styles.dates[style] {
		if t, ok := serialTime(n, b.date1904); ok {
			c.Kind, c.Time = Date, t
		}
	}
	return c
}

// isoCell reads a date that is stored as text, as OpenDocument and strict
// (ISO) workbooks do.
func isoCell(text, format string) Cell {
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999Z"} {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			t = t.Round(time.Second)
			return Cell{Kind: Date, Text: text, Number: timeSerial(t), Time: t, Format: format}
		}
	}
	return Cell{Kind: Error, Text: text}
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func blankBytes(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }

// parseNumber reads an XML Schema double that is a number: no NaN, no
// infinity, nothing out of range, no Go spelling such as 0x1p4.
func parseNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

var (
	epoch1900 = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	epoch1904 = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
)

const (
	firstSerial = 61        // 1 March 1900: Excel's calendar has a 29 February before it
	lastSerial  = 2_958_466 // the day after 31 December 9999
)

// serialTime is the moment a serial number stands for, to the second; false
// where Excel would show no date, or a wrong one.
func serialTime(n float64, date1904 bool) (time.Time, bool) {
	epoch, first := epoch1900, float64(firstSerial)
	if date1904 {
		epoch, first = epoch1904, 0
	}
	if n < first || n >= lastSerial {
		return time.Time{}, false
	}
	day, part := math.Modf(n)
	return epoch.AddDate(0, 0, int(day)).Add(time.Duration(math.Round(part*86_400)) * time.Second), true
}

// timeSerial is the serial number of a time in the 1900 system.
func timeSerial(t time.Time) float64 {
	days := math.Round(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Sub(epoch1900).Hours() / 24)
	return days + float64(t.Hour()*3600+t.Minute()*60+t.Second())/86_400
}
