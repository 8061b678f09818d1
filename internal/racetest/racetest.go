// Package racetest runs a test without the race detector where it would be too
// slow or take too much memory with it. It knows nothing of what is tested.
package racetest

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// Apart reports whether this binary has the race detector in it. Where it has,
// it runs the test that calls it in a binary of the same package built without,
// and the test has nothing left to do.
func Apart(t *testing.T) bool {
	t.Helper()
	if !enabled {
		return false
	}
	binary := filepath.Join(t.TempDir(), "apart.test")
	if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("building without the race detector: %v: %s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), binary, "-test.run", "^"+t.Name()+"$").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	return true
}
