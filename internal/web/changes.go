package web

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// changedFigure is a figure before and after a file, as it is shown.
type changedFigure struct {
	Measure, Area, Period string
	What                  string // number, rate per 10,000…
	Was, Now              string // Was is "" for a new figure
	At                    string
	Page, History         string // addresses; "" where there is none
}

// changedLimit is how many changed figures a page shows.
const changedLimit = 50

// captionOf is that of a table of so many changed figures.
func captionOf(shown int) string {
	if shown < changedLimit {
		return "Old and new, revised figures first"
	}
	return "Old and new, the first " + count(changedLimit) + ", revised figures first"
}

// preview is what a file would change.
func (s *Server) preview(ctx context.Context, sub stat.Submission) ([]changedFigure, stat.Changes, error) {
	list, changes, err := s.Store.Preview(ctx, sub, changedLimit)
	if err != nil {
		return nil, changes, err
	}
	brought := map[string]stat.Measure{}
	for _, m := range sub.Measures {
		brought[m.Code] = m
	}
	names := map[string]string{}
	for _, a := range sub.Areas {
		names[a.Code] = a.Name
	}
	var out []changedFigure
	for _, c := range list {
		m, err := s.Catalogue.Measure(c.Measure)
		if err != nil {
			m = brought[c.Measure]
		}
		f := s.changedFigure(c, m)
		f.Area = cmp.Or(names[c.Area], f.Area)
		f.Page, f.History = "", "" // until it is stored there is none
		out = append(out, f)
	}
	return append(out, s.changedLinks(sub.Links)...), changes, nil
}

func (s *Server) changedFigure(c stat.Change, m stat.Measure) changedFigure {
	f := changedFigure{Measure: cmp.Or(m.Name, c.Measure), Area: s.areaName(c.Area), Period: c.Period.Label(), At: c.Now.At}
	if c.Breakdown != "" {
		f.Measure += ", " + c.Breakdown
	}
	f.Page = measurePath(c.Measure)
	f.History = historyPath(c.Key)
	f.What = partWords(m, c.Part)
	f.Was, f.Now = asPrinted(c.Was), asPrinted(c.Now)
	if f.Was == f.Now {
		f.Was, f.Now = c.Was.Text, c.Now.Text // they differ further on
	}
	return f
}

// partWords is what a part of a measure's figures is called.
func partWords(m stat.Measure, p stat.Part) string {
	switch {
	case p == stat.PartCount:
		return "number"
	case p == stat.PartDenominator:
		return "out of"
	case m.Unit == stat.RateOf:
		return "rate per 10,000"
	case m.Unit == "":
		return "value"
	}
	return m.Unit.Words()
}

// excelDigits is how many digits a workbook shows of a number; it stores two
// more, of which 638.70000000000005 is made.
const excelDigits = 15

// asPrinted is a figure as its file has it, every decimal with it, "" where
// there is none.
func asPrinted(f stat.Figure) string {
	if x, err := strconv.ParseFloat(f.Text, 64); err == nil && len(strings.Trim(f.Text, "-0.")) > excelDigits {
		return strconv.FormatFloat(x, 'g', excelDigits, 64)
	}
	return f.Text
}

// written is a figure as it is shown, "" where there is none.
func written(f stat.Figure, decimals int) string {
	switch {
	case !f.Given():
		return ""
	case f.Mark != "":
		return f.Mark.Letter()
	}
	return stat.Format(f.Number, decimals)
}

// changedLinks shows the first neighbours of a file.
func (s *Server) changedLinks(links []stat.Link) []changedFigure {
	var out []changedFigure
	for _, l := range links[:min(len(links), changedLimit)] {
		out = append(out, changedFigure{Measure: "Neighbours, " + l.Model + " model", Area: s.areaName(l.Area), What: benchmark.Ordinal(l.Position) + " closest",
			Now: s.areaName(l.Neighbour), At: l.At})
	}
	return out
}

func (s *Server) areaName(code string) string {
	if a, err := s.Catalogue.Area(code); err == nil {
		return a.Name
	}
	return code
}

// measurePath is the address of a measure's page.
func measurePath(code string) string { return "/measures/" + url.PathEscape(code) }

// historyPath is the address of all that was ever said of a figure.
func historyPath(k stat.Key) string {
	q := url.Values{"area": {k.Area}, "period": {k.Period.String()}}
	if k.Breakdown != "" {
		q.Set("breakdown", k.Breakdown)
	}
	return measurePath(k.Measure) + "/history?" + q.Encode()
}
