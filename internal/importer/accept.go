package importer

import (
	"errors"
	"fmt"
	"strings"

	"bellwether/internal/stat"
)

// Errors of accepting a warning.
var (
	ErrNoWarning = errors.New("there is no such warning")
	ErrNoReason  = errors.New("a warning is accepted with a reason: say why the figures are right as they are")
)

// Accept takes a warning as it is, for a reason that is kept with the batch.
// Accepting it again replaces the reason. An unknown id, or one of an error or
// a note, is ErrNoWarning; a blank reason is ErrNoReason.
func (r *Result) Accept(id, reason string) error {
	reason = strings.Join(strings.Fields(reason), " ")
	if reason == "" {
		return ErrNoReason
	}
	if !accept(r.Problems, id, reason) {
		return fmt.Errorf("%w: %q", ErrNoWarning, id)
	}
	accept(r.Batch.Problems, id, reason) // those that are stored
	return nil
}

func accept(problems []stat.Problem, id, reason string) bool {
	found := false
	for i := range problems {
		if p := &problems[i]; p.Severity == stat.Warning && p.ID() == id {
			p.Accepted, found = reason, true
		}
	}
	return found
}

// Waiting lists the warnings that nobody has accepted yet.
func (r *Result) Waiting() []stat.Problem {
	var out []stat.Problem
	for _, p := range r.Problems {
		if p.Severity == stat.Warning && p.Accepted == "" {
			out = append(out, p)
		}
	}
	return out
}
