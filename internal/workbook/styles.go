package workbook

import (
	"strconv"
	"strings"
)

// styles holds the number format of each cell style, by its index.
type styles struct {
	formats []string // "" is General
	dates   []bool   // the format shows a number as a date
}

// builtin formats are known by number alone: ECMA-376 part 1, 18.8.30. 14 and
// 22 follow the reader's country; these are their British forms.
var builtin = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
	11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
	18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy hh:mm",
	37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}

// longestFormat is far above the 255 characters Excel keeps.
const longestFormat = 2048

func (a *archive) styles(p *parts) (styles, error) {
	if p.styles == nil {
		return newStyles([]int{0}, nil), nil
	}
	own := map[int]string{}
	var ids []int
	err := a.walk(p.styles, func(at []string, t *token) error {
		if t.kind != startTag || len(at) != 3 {
			return nil
		}
		id, _ := strconv.Atoi(t.attr("numFmtId"))
		switch {
		case at[1] == "numFmts" && at[2] == "numFmt":
			if own[id] = t.attr("formatCode"); len(own[id]) > longestFormat {
				return suspect("a number format is %d characters long", len(own[id]))
			}
		case at[1] == "cellXfs" && at[2] == "xf":
			ids = append(ids, id)
		}
		if len(ids) > a.limits.Styles || len(own) > a.limits.Formats {
			return tooLarge("", "the workbook has more than %d cell styles or %d number formats. Copy the figures to a new workbook and save that.", a.limits.Styles, a.limits.Formats)
		}
		return nil
	})
	if len(ids) == 0 {
		ids = []int{0}
	}
	return newStyles(ids, own), err
}

func newStyles(ids []int, own map[int]string) styles {
	s := styles{make([]string, len(ids)), make([]bool, len(ids))}
	shows := map[string]bool{}
	for i, id := range ids {
		format, ok := own[id]
		if !ok {
			format = builtin[id]
		}
		if strings.EqualFold(format, "General") {
			format = ""
		}
		date, ok := shows[format]
		if !ok {
			date = showsDate(format)
			shows[format] = date
		}
		s.formats[i], s.dates[i] = format, date
	}
	return s
}

// showsDate reports whether a number format shows a day, month or year. A
// time of day or a duration alone is no date.
func showsDate(format string) bool {
	var day, month, clock bool
	for _, c := range bareFormat(format) {
		switch c {
		case 'y', 'Y', 'd', 'D':
			day = true
		case 'm', 'M':
			month = true
		case 'h', 'H', 's', 'S':
			clock = true
		}
	}
	return day || month && !clock
}

// bareFormat is the first section of a format without literals: "quoted",
// escaped, padding (_x, *x) and [bracketed], where a lone [h], [m] or [s] is
// elapsed time and stays.
func bareFormat(format string) string {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case ';':
			return b.String()
		case '"':
			i += span(format[i+1:], '"')
		case '[':
			n := span(format[i+1:], ']')
			if inner := format[i+1 : i+1+n]; strings.Trim(strings.ToLower(inner), "hms") == "]" {
				b.WriteString(inner)
			}
			i += n
		case '\\', '_', '*':
			i++
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// span is how far the closing byte is, counting it; to the end if it lacks.
func span(s string, closing byte) int {
	if i := strings.IndexByte(s, closing); i >= 0 {
		return i + 1
	}
	return len(s)
}
