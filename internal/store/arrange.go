package store

import (
	"fmt"
	"math"
	"slices"

	"bellwether/internal/stat"
)

// arrange checks a submission and returns its observations in the order they
// are held, every figure with an origin: the batch's where it names none.
// Rows inserted in key order go in nearly twice as fast.
func arrange(sub stat.Submission) ([]stat.Observation, error) {
	b := sub.Batch
	if err := sound(sub); err != nil {
		return nil, fmt.Errorf("%s %w: %w", b.File, ErrInvalid, err)
	}
	whole := &stat.Origin{Publisher: b.Publisher, Released: b.Released, File: b.File, Sample: b.Sample}
	out := slices.Clone(sub.Observations)
	for i := range out {
		if err := complete(&out[i], whole); err != nil {
			return nil, invalid(b, &out[i], err)
		}
	}
	slices.SortFunc(out, func(a, b stat.Observation) int { return order(&a, &b) })
	for i := 1; i < len(out); i++ {
		if order(&out[i-1], &out[i]) == 0 {
			return nil, invalid(b, &out[i], fmt.Errorf("%s says it twice, at %s and %s", out[i].Publisher(), cell(&out[i-1]), cell(&out[i])))
		}
	}
	return out, nil
}

// sound checks all but the observations.
func sound(sub stat.Submission) error {
	for _, p := range sub.Batch.Problems {
		if p.Severity == stat.Error {
			return fmt.Errorf("it has an error at %s: %s", p.At, p.Message)
		}
	}
	for _, m := range sub.Measures {
		if m.Code == "" || m.Name == "" {
			return fmt.Errorf("it brings a measure without code or name: %q, %q", m.Code, m.Name)
		}
	}
	for _, a := range sub.Areas {
		if a.Code == "" || a.Name == "" {
			return fmt.Errorf("it brings an area without code or name: %q, %q", a.Code, a.Name)
		}
	}
	return nil
}

func invalid(b stat.Batch, o *stat.Observation, err error) error {
	return fmt.Errorf("%s %w: %s: %w", b.File, ErrInvalid, o.Key, err)
}

func cell(o *stat.Observation) string {
	for _, p := range stat.Parts {
		if f := o.Part(p); f.At != "" {
			return f.At
		}
	}
	return "an unnamed cell"
}

// complete gives every figure an origin and checks what the tables cannot say
// as clearly.
func complete(o *stat.Observation, whole *stat.Origin) error {
	if o.Measure == "" || o.Area == "" || o.Period.End.IsZero() || !slices.Contains(spans, o.Period.Span) {
		return fmt.Errorf("the key is not whole")
	}
	publisher := ""
	for _, p := range stat.Parts {
		f := o.Part(p)
		if !f.Given() {
			*f = stat.Figure{}
			continue
		}
		if f.Origin == nil {
			f.Origin = whole
		}
		if err := check(f); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		if publisher != "" && f.Origin.Publisher != publisher {
			return fmt.Errorf("its parts are from two publishers, %s and %s", publisher, f.Origin.Publisher)
		}
		publisher = f.Origin.Publisher
	}
	if publisher == "" {
		return fmt.Errorf("it says nothing: no part has a publisher")
	}
	return nil
}

func check(f *stat.Figure) error {
	if f.Derived {
		return fmt.Errorf("a figure that was worked out is not one a file gave")
	}
	if math.IsNaN(f.Number) || math.IsInf(f.Number, 0) {
		return fmt.Errorf("%q is not a finite number", f.Text)
	}
	_, err := stat.ParseRelease(string(f.Origin.Released))
	return err
}
