// Package longtest is for tests that take long: it runs one without the race
// detector, or as often as make soak asks for. It knows nothing of what is
// tested.
package longtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// Apart reports whether this binary has the race detector in it. Where it has,
// it runs the test that calls it in a binary of the same package built without,
// beside other tests, and the test has nothing left to do.
func Apart(t *testing.T) bool {
	t.Helper()
	if !raceDetector {
		return false
	}
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "apart.test")
	if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("building without the race detector: %v: %s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), binary, "-test.run", "^"+t.Name()+"$").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	return true
}

// Rounds is how often something is done: seldom in make test, and in make soak
// a share of what BELLWETHER_SOAK says.
func Rounds(t *testing.T, seldom int, share float64) int {
	t.Helper()
	s := os.Getenv("BELLWETHER_SOAK")
	if s == "" {
		return seldom
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("BELLWETHER_SOAK, the number of rounds: %v", err)
	}
	return max(seldom, int(float64(n)*share))
}
