package report

import (
	"bytes"
	"fmt"
	"time"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// DOCX is a council report as a Word document, in the look of the council's
// own template, a .docx or .dotx file, or in a plain one where that is nil. A
// report without a number says DRAFT on every page. The same report and
// template give the same bytes. The error is a *workbook.Fault where the
// template cannot be used.
func DOCX(r *dashboard.Report, template []byte) ([]byte, error) {
	d := document(r, r.Title)
	d.Draft = r.Number == 0
	d.Blocks = blocksOf(r)
	return asWord(d, template)
}

// BriefingDOCX is the questions to expect on a report as a Word document of
// its own, for whoever gives the report.
func BriefingDOCX(r *dashboard.Report, template []byte) ([]byte, error) {
	d := document(r, briefingTitle)
	d.Draft = r.Number == 0
	d.Header = r.Title
	d.Blocks = briefingBlocks(r)
	return asWord(d, template)
}

func document(r *dashboard.Report, title string) Document {
	d := Document{
		Title: title, Author: r.By, Footer: footer(r),
		Subject: fmt.Sprintf("Children's services performance: %s, figures as of %s", r.Area.Name, longDay(r.AsOf)),
	}
	if day, err := stat.ParseDate(r.Dated); err == nil {
		d.Created = day.Time().Add(12 * time.Hour)
	}
	return d
}

// footer says on every page which report it is of.
func footer(r *dashboard.Report) string {
	out := fmt.Sprintf("%s. Report of %s, figures as of %s", r.Area.Name, longDay(r.Dated), longDay(r.AsOf))
	if r.Number != 0 {
		out += fmt.Sprintf(". Issue %d, %s", r.Number, Fingerprint(r))
	}
	return out
}

func asWord(d Document, template []byte) ([]byte, error) {
	var house *Template
	if template != nil {
		var err error
		if house, err = ReadTemplate(template); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := WriteDOCX(&out, d, house); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
