package report

import (
	"bytes"
	"encoding/csv"
	"strconv"

	"bellwether/internal/dashboard"
)

// figureColumns head every figure of a report. The first five say the same in
// every row, so that a row taken out of the file still says what it is of.
var figureColumns = []string{
	"report", "issue", "dated", "as_of", "content", "measure", "area_code", "period", "label", "breakdown",
	"part", "number", "text", "derived", "publisher", "released", "file", "at",
}

// CSV is every figure that a report rests on, one to a line, with where it is
// from, in UTF-8 without a byte order mark:
//
//   - report, issue: the report's name and number, "" of a draft
//   - dated, as_of: ISO days of the report and of its figures
//   - content: the Fingerprint
//   - measure, area_code: codes
//   - period: as stat.Period.String has it; label: as it is written out
//   - breakdown: "" for the total
//   - part: count, denominator or value
//   - number: unrounded, "" for a mark; text: as shown, or its mark
//   - derived: "yes" where it was worked out and not published
//   - publisher, released, file, at: who said so, when, and in which cell
func CSV(r *dashboard.Report) ([]byte, error) {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Write(figureColumns)
	print := Fingerprint(r)
	for _, f := range r.Figures {
		number := ""
		if f.Number != nil {
			number = strconv.FormatFloat(*f.Number, 'f', -1, 64)
		}
		out.Write(cells([]string{
			r.Name, issued(r), r.Dated, r.AsOf, print, f.Measure, f.Area, f.Period, f.Label, f.Breakdown,
			string(f.Part), number, f.Text, yes(f.Derived), f.Publisher, f.Released, f.File, f.At,
		}))
	}
	out.Flush()
	return b.Bytes(), wrote(out, r.Title)
}

func issued(r *dashboard.Report) string {
	if r.Number == 0 {
		return ""
	}
	return strconv.FormatInt(r.Number, 10)
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}
