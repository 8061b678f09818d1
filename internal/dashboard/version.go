package dashboard

import (
	"cmp"

	"bellwether/internal/stat"
)

// Version is what one release said of a figure. A number that is not there is
// nil; Mark says why. File and release are those of all its parts, At lists
// their cells.
type Version struct {
	Released    stat.Release `json:"released"`
	Publisher   string       `json:"publisher"`
	Count       *float64     `json:"count"`
	Denominator *float64     `json:"denominator"`
	Value       *float64     `json:"value"`
	Mark        string       `json:"mark"`
	File        string       `json:"file"`
	At          string       `json:"at"`
	Text        string       `json:"text"` // as printed
	Batch       int64        `json:"batch"`
	Sample      bool         `json:"sample"`
	Draft       bool         `json:"draft,omitempty"` // its import has not been published yet
}

// VersionOf is the version that an observation of one release is.
func VersionOf(o stat.Observation) Version {
	v := Version{Count: o.Count.Float(), Denominator: o.Denominator.Float(), Value: o.Value.Float()}
	for _, part := range stat.Parts {
		f := *o.Part(part)
		if !f.Given() {
			continue
		}
		v.Released, v.Publisher, v.File, v.Batch, v.Sample, v.Draft = f.Origin.Released, f.Origin.Publisher, f.Origin.File, f.Origin.Batch, f.Origin.Sample, f.Origin.Draft
		v.Mark = cmp.Or(f.Mark.Letter(), v.Mark)
		if v.At != f.At {
			v.At = withNext(v.At, f.At)
		}
		v.Text = withNext(v.Text, f.Text)
	}
	return v
}

func withNext(texts, next string) string {
	if texts == "" || next == "" {
		return texts + next
	}
	return texts + ", " + next
}
